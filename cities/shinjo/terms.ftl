-city = 新庄市
-site = 新庄市 協働のひろば
-plan = 新庄市協働推進計画
-plan-short = 協働推進計画
# The document names neither a department nor a committee; these are neutral names for them.
-office = 協働推進の担当課
-committee = 市民の評価の場
-area-council = 町内会や自治会
-centre = 市民活動交流ひろば「ぷらっと」
-residents = 市民
