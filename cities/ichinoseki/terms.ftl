-city = 一関市
-site = 一関市 協働のひろば
-plan = 第3次一関市協働推進計画
-plan-short = 協働推進計画
# The document names no department; this is a neutral name for whoever runs the plan at city hall.
-office = 協働推進担当
-committee = 協働推進会議
-area-council = 地域協働体
-centre = いちのせき市民活動センター
-residents = 市民
