nav-plan = 計画と進み具合
now = いま
so-far = ここまで
again = 再掲
sentence-gap = {""}
list-comma = 、

# The plan in one line.
plan-line-on-schedule = { $n }の{ $level }のうち、{ $of }が予定どおりです。
plan-line-late = 遅れているのは{ $of }です。
plan-line-unreported = まだ今年度の報告がないのは{ $of }です。
plan-line-not-yet = これから始めるのは{ $of }です。
plan-line-finished = 終わったのは{ $of }です。
plan-line-reported = { $n }の{ $level }のうち、{ $of }から今年度の報告が出ています。
plan-line-done = { $n }の{ $level }のうち、{ $of }を予定どおり実施しました。
plan-line-partly = 一部だけ実施したのは{ $of }です。
plan-line-not-done = 実施までいかなかったのは{ $of }です。
plan-line-unknown = 記録のないものが{ $of }あります。
plan-line-timeless = { $n }の{ $level }があります。期間や年度ごとの予定は決めていません。
plan-line-ahead = { $n }の{ $level }に、これから取り組みます。

# Where a measure stands.
standing-on-schedule = 予定どおり
standing-late = 遅れている
standing-short = 届かなかった
standing-unreported = 未報告
standing-not-yet = これから
standing-reported = 報告あり
standing-done = 実施した
standing-partly = 一部実施した
standing-not-done = 実施に至らず
standing-unknown = 記録なし
standing-timeless = 予定の年度なし

# How an indicator stands.
health-achieved = 達成
health-on-track = 順調
health-behind = 遅れている
health-missed = 届かなかった
health-no-data = 数字なし

# Ways to look at the plan.
local-label = 計画の見かた
local-overview = 全体
local-schedule = 年次計画
local-matrix = 体系図
local-indicators = 指標
to-overview = 計画の全体を見る

# Overview.
overview-years = { $from }から{ $to }まで
overview-years-over = { $from }から{ $to }まで（終わった計画）
overview-progress = 今年度の進み具合
overview-outcome = 計画の結果
overview-yearbar = 計画の期間
overview-aim = 目指す姿
overview-aim-past = 目指した姿
overview-definition = 協働とは
overview-about = 協働についてくわしく見る
overview-principles = { $n }つの原則
overview-figures = 約束した数字
overview-all-indicators = { $n }の指標をすべて見る
overview-measures = { $n }の{ $level }
overview-measures-again = { $n }の{ $level }（うち再掲{ $again }）
overview-news = 今年度に変わったこと
overview-bodies = 計画を支える会議
overview-data = 計画のデータ
overview-data-text = 取組、予定、担当などを、そのまま使える形で公開しています。
policy-count = { $n }の{ $level }。
policy-part = { $word }{ $n }　
news-moved = 「{ $from }」から「{ $to }」に進みました。
rule-on-schedule = 「予定どおり」は、今年度の実際の段階が、予定した段階に届いていることです。報告がまだのものは「未報告」とします。
rule-outcome = 「実施した」は、最後の年度の段階が予定に届いたこと、「一部実施した」は、始めたものの届かなかったことです。
rule-reported = 年度ごとの段階を決めていない計画なので、今年度の報告があるかどうかを示しています。
figures-how-to-read = 点線は目標までの道のり、濃い点はこれまでの数字、白い点は今年度の見込みです。

# Front page.
front-plan = 計画は、いま
front-plan-past = 計画の結果
front-plan-button = 計画と進み具合を見る

# Schedule.
schedule-title = 年次計画
schedule-lead = どの取組を、いつ、どの段階まで進めるか。計画の予定と実際を、年度ごとにならべています。
schedule-none = この計画には、年度ごとの予定表がありません。
schedule-caption = { $level }ごとの、{ $from }から{ $to }までの予定と実際
schedule-rule = 予定の矢印は、前の年度の段階を続けることです。実際の段階が予定に届いていれば「予定どおり」とします。
schedule-rule-past = 予定の矢印は、前の年度の段階を続けることです。この予定表の年度は、すべて終わっています。
print-a3 = A3で印刷する
print-a4 = A4で印刷する
lane = 段
lane-planned = 予定
lane-actual = 実際
planned-nothing = 予定なし
planned-goes-on = { $mark }のつづき

# Filters.
filter-label = しぼりこみ
filter-department = 担当
filter-actor = 主体
filter-mark = 段階
filter-words = ことば
filter-late = 遅れだけ
filter-late-past = 届かなかったものだけ
filter-all = すべて
filter-button = しぼりこむ
filter-clear = しぼりこみをやめる
filter-nothing = あてはまるものがありません。条件をへらすか、ことばを短くしてみてください。
measures-count = { $n }件の{ $level }

# Matrix.
matrix-title = 体系図
matrix-lead = どの取組を、だれが中心になり、だれが加わって進めるかの一覧です。
matrix-lead-targets = どの取組が、だれに向けたものかの一覧です。■が対象です。
matrix-none = この計画には、主体や対象ごとの一覧がありません。
matrix-caption = { $level }ごとの主体の役割
matrix-caption-targets = { $level }ごとの対象
matrix-words = ことばの説明
matrix-target = 対象
role-leads = 中心になる
role-supports = 加わる

# A measure.
measure-way-in = 聞きたいとき、加わりたいとき
measure-years = 予定と実際
measure-caption = { $title }の予定と実際
measure-what = すること
measure-situation = いまの様子と課題
measure-situation-past = 計画をつくったときの様子と課題
measure-completion = 終わりの目安
measure-no-end = 終わりを決めずに続けます。
measure-below = { $level }
measure-reports = 年度ごとの報告
measure-figures = 関係する数字
measure-facts = だれが進めるか
stands-now = { $year }は「{ $planned }」の予定で、いまは「{ $actual }」です。
stands-planned-only = { $year }の予定は「{ $planned }」です。
stands-over = 最後の予定は{ $year }の「{ $planned }」、実際は「{ $actual }」まででした。
report-by = { $who }の報告（{ $day }）
report-by-graded = { $who }の報告（{ $day }）　自己評価 { $grade }
report-next = 次にすること　{ $next }
opinion-by = { $who }
opinion-by-graded = { $who }の評価 { $grade }
grade = { $name }（{ $text }）
fact-leads = 中心になる人
fact-supports = いっしょに取り組む人
fact-departments = 担当
fact-implementers = 実施する主体
fact-targets = 対象
fact-tag = 種類
fact-heading = まとまり
fact-place = 計画の中の場所
fact-related = 関係する計画
plan-tag-new = この計画で始めた取組
plan-tag-continued = 前から続けている取組
plan-tag-expanded = 前より広げる取組
again-text = この取組は計画の2か所以上にのっています。記録は一つだけです。
place-real = もとの場所　{ $place }
place-again = 再掲　{ $place }

# Indicators.
indicators-title = 指標
indicators-line = 計画が約束した{ $n }の数字です。いまは{ $parts }です。
indicators-line-past = 計画が約束した{ $n }の数字です。結果は{ $parts }です。
indicators-part = { $word }が{ $n }
indicators-none = この計画には、数字の目標がありません。進み具合は、それぞれの取組の報告で見られます。
indicators-count = { $n }件の指標
indicators-whole-plan = 計画全体の指標
indicators-table = 数字の一覧
indicators-caption = 指標のはじめの値、これまでの数字、目標、進み具合
indicators-name = 指標
indicators-unit = 単位
indicators-baseline = はじめ
indicators-aim = 目標
indicators-status = 進み具合
indicator-so-far = 今年度はここまで{ $value }です。
indicator-so-far-compared = 今年度はここまで{ $value }です。昨年度の同じ日までは{ $before }でした。
indicator-no-figures = まだ数字がありません。
indicator-no-target-no-figures = 目標の数字は決められていません。これから数えます。
indicator-aim = 目標は{ $year }に{ $value }です。
indicator-latest = { $year }は{ $value }でした。
indicator-no-aim = 目標の数字は決められていません。
indicator-reached = { $year }の目標{ $aim }に届いています。
indicator-left = { $year }の目標まで、あと{ $left }です。
indicator-missed = { $year }の目標には、{ $left }届きませんでした。
indicator-no-year-yet = 1年分の数字は、まだありません。
indicator-full-year = { $year }の1年分
indicator-until = 今年度 { $day }まで
indicator-aim-of = { $year }の目標
indicator-chart = これまでと、これから
indicator-source = この数字はどこから来るか
indicator-rule = 進み具合の決めかた
indicator-meaning = この数字が表すもの
indicator-node = 計画の中の場所
indicator-note = 注
indicator-data = データ
unit-up = { $unit }（多いほどよい）
unit-down = { $unit }（少ないほどよい）
source-entered = 調査や集計の結果を、担当の課が年度ごとに入力しています。
source-count = { $what }を、コンピューターが1件ずつ数えています。手で書き写した数字ではありません。
source-sum = { $what }の数を、コンピューターが足し合わせています。手で書き写した数字ではありません。
source-distinct = { $what }を、同じものは一度だけにして、コンピューターが数えています。
source-net = はじめの数に、{ $what }を足し、やめた記録を引いて、コンピューターが数えています。
sum-before = 前の年度までの数
sum-added = 今年度 { $day }までの記録
sum-taken = 取り消した、またはやめた記録
sum-so-far = 今年度ここまで
sum-projection-compared = 見込みは、昨年度の同じ日までの数と比べて出しています。
sum-projection-days = 見込みは、今年度の過ぎた日数の割合から出しています。
sum-last-year = 昨年度の1年分
sum-ratio = 今年度ここまで ÷ 昨年度の同じ日まで
sum-projection = 今年度の見込み
health-rule = 一番新しい1年分の数字が最後の目標に届いていれば「達成」、はじめの値と目標を結ぶ線に届いていれば「順調」、届いていなければ「遅れている」とします。目標か1年分の数字がないときは「数字なし」です。
health-rule-past = 一番新しい1年分の数字が最後の目標に届いていれば「達成」、はじめの値と目標を結ぶ線に届いていれば「順調」とします。目標の年度は終わったので、届いていなければ「届かなかった」です。目標か1年分の数字がないときは「数字なし」です。
health-line = { $year }の線は{ $line }、実際は{ $value }です。
health-way = はじめの値から目標までの道のりの{ $share }％に来ています。
health-projected = これまでの平均の進みかたが続くと、{ $year }は{ $value }の見込みです。

# What is counted.
fact-case-opened = 受けた相談の記録
fact-support-given = 支援をした記録
fact-match-made = 人や団体をつないだ記録
fact-talent-registered = 登録した人の記録
fact-area-council-founded = 設立された団体の記録
fact-team-meeting-held = 開いた会議の記録
fact-area-activity-done = 地域で行った活動の記録
fact-exchange-held = 開いた交流会などの記録
fact-message-sent = 知らせを送った記録
fact-course-held = 開いた講座の記録
fact-proposal-adopted = 採択した提案の記録
fact-youth-support-given = 支援した学校の記録
fact-place-used = 施設を使った人の記録
fact-page-viewed = ページが見られた記録
fact-organisation-registered = 登録した団体の記録
fact-organisation-withdrawn = 登録をやめた団体の記録
fact-talent-withdrawn = 登録をやめた人の記録
fact-intermediary-registered = 登録した中間支援の団体の記録
fact-dispatch-done = 人を派遣した記録
fact-help-hours = 助け合いの時間の記録
fact-project-started = 始まった協働事業の記録
fact-project-finished = 終わった協働事業の記録
fact-proposal-submitted = 受け付けた提案の記録
fact-agreement-signed = 結んだ協定の記録
fact-evaluation-done = 評価をした記録
fact-grant-decided = 決まった交付金・補助金の記録
fact-grant-paid = 支払った交付金・補助金の記録
fact-grant-settled = 額が確定した交付金・補助金の記録
fact-application-received = 受け付けた申請の記録
fact-opinion-received = 届いた意見の記録
fact-opinion-answered = 答えた意見の記録
fact-survey-answered = アンケートに答えた記録
fact-meeting-held = 開いた話し合いの記録
fact-comment-received = 意見公募に出された意見の記録
fact-council-met = 開いた審議会などの記録
fact-minutes-published = 公開した会議録の記録
fact-member-appointed = 選ばれた委員の記録
fact-table-held = 開いた円卓の話し合いの記録
fact-request-answered = 答えた要望の記録
fact-booking-made = 施設の予約の記録
fact-course-attended = 講座に参加した人の記録
fact-post-published = 載せた記事の記録

# Sheets.
sheet-plan = 取組一覧
sheet-key = キー
sheet-code = 番号
sheet-level = 段
sheet-title = 名前
sheet-purpose = 目的
sheet-situation = 現状と課題
sheet-text = 内容
sheet-completion = 完了の目安
sheet-standing = 進み具合
sheet-planned = { $year } 予定
sheet-actual = { $year } 実際
sheet-fiscal-year = 年度（西暦）
sheet-source = 出どころ
sheet-entered = 入力
sheet-counted = 自動で数えた

# The description of the public data.
docs-path-plan = 計画の題名、期間、段の名前、原則
docs-path-plan-nodes = 計画のすべての段と取組。段階の予定つき
docs-path-plan-indicators = 指標。はじめの値、目標、これまでの数字つき
