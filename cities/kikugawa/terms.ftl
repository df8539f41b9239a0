-city = 菊川市
-site = 菊川市 協働のひろば
-plan = 菊川市 協働の指針
-plan-short = 協働の指針
# The document names no department; this is a neutral name for whoever runs the guideline at city hall.
-office = 協働推進担当
# The document names no committee either.
-committee = 推進の会議
-area-council = コミュニティ協議会
-centre = 市民協働センター
-residents = 市民
