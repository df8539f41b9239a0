-city = 本庄市
-site = 本庄市 協働のひろば
-plan = 本庄市市民協働のまちづくり指針
-plan-short = 市民協働のまちづくり指針
# The document names neither a department nor a committee; these are neutral names for them.
-office = 市民協働の担当課
-committee = 意見を聴く場
-area-council = 地域コミュニティ団体
-centre = 市民活動交流センター
-residents = 市民
