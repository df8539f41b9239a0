# The page frame.
site-title = { -site }
city-name = { -city }
plan-name = { -plan }
office-name = { -office }
skip = 本文へ進む
menu = メニュー
demo-notice = これは例です。数字や文章は見本としてつくったものです。
nav-main = おもなページ
nav-foot = ページの一覧
nav-tools = 表示とことば
nav-tools-foot = 表示とことば（下）
nav-crumbs = いまいる場所
nav-api = 公開データ（API）
crumb-home = トップ
furigana-on = ふりがなをつける
furigana-off = ふりがなをはずす
contact-fax = ファクス
contact-unknown = 連絡先はまだ登録されていません。市役所の代表電話でおたずねください。
contact-address = 窓口
year-western = { $year }年度

# Lists.
count-exact = { NUMBER($n) }件
count-many = 1万件以上
pager-label = ページ送り
pager-next = 次を見る
pager-first = はじめから見る
download-csv = CSV
download-xlsx = Excel
download-json = JSON

# Search, also on error pages.
search-label = さがしたいことば
search-button = さがす

# Errors.
error-home = トップへ戻る
error-request = 受付番号 { $id }。お問い合わせのときにお知らせください。
error-not-found-title = ページが見つかりません
error-not-found-text = ページの名前が変わったか、なくなったようです。ことばでさがすか、トップから入り直してください。
error-forbidden-title = この役割では使えません
error-forbidden-text = あなたの今の役割では、このページを使えません。必要なときは { -office } へご連絡ください。
error-too-large-title = 大きすぎて受け取れません
error-too-large-text = 文字を短くするか、小さいファイルにして、もう一度お試しください。
error-method-title = この操作はできません
error-method-text = このページは見るためのものです。前のページに戻って、もう一度お試しください。
error-invalid-title = 入力を直してください
error-invalid-text = 使えない値があります。下に示した項目を直してください。
error-away-title = ただいま表示できません
error-away-text = 記録につながりません。しばらくしてから、もう一度開いてください。
error-internal-title = 申し訳ありません。表示できませんでした
error-internal-text = こちらの不具合です。記録に残しましたので、確かめて直します。
api-limit = limit は1から500までの数で書いてください。
api-after = after には、前の答えの next をそのまま書いてください。

# Charts.
chart-title = { $name }のグラフ
chart-target = 目標 { $value }
chart-table = 数字の表
chart-year = 年度
chart-line = 目標までの線
chart-value = 実際
chart-kind = 種類
chart-kind-baseline = はじめの値
chart-kind-year = 実績
chart-kind-so-far = 今年度ここまで
chart-says-baseline = はじめは{ $year }の{ $value }。
chart-says-latest = 一番新しい1年分は{ $year }の{ $value }。
chart-says-so-far = { $year }はここまで{ $value }。
chart-says-projection = このまま進むと{ $year }は{ $value }の見込み。
chart-says-target = 目標は{ $year }に{ $value }。

# Signing in, and errors that have to do with it.
sign-in = ログイン
sign-out = ログアウト
sign-in-again = ログインして続ける
nav-desk = 机
error-forbidden-roles = この操作ができる人
error-forbidden-helpers = 権限について相談できる人
error-over-title = ログインの時間が切れました
error-over-text = 入力した内容は、とってあります。ログインすると続きから送れます。
error-over-lost = もう一度ログインしてください。
error-over-unsent = 入力した内容は、まだ送られていません。この画面を閉じずに、次の順に進めてください。
resend-sign-in = 新しい画面でログインする
resend-text = この画面に戻って、もう一度送ります。
resend-send = もう一度送る
error-foreign-title = 送信を受け付けられません
error-foreign-text = 別のサイトの画面から送られたようです。この画面を開き直して、もう一度お試しください。
error-too-many-title = 少し時間をおいてください
error-too-many-text = 短い間に何度も試したため、{ $time }まで受け付けを止めています。
error-gone-title = このリンクは使えません
error-gone-text = 期限が過ぎたか、もう使われたリンクです。必要なときは、もう一度手続きをしてください。
form-kind = 画面から送り直してください。
form-token = 画面を開き直してから送ってください。

# Forms.
field-need = ※必須
form-wrong = { NUMBER($n) }か所を直してください
said-saved = 保存しました。

# Roles.
role-administrator = 管理者
role-coordinator = 計画の担当課
role-reporter = 協働推進員
role-head = 所属長
role-committee-member = 委員
role-centre-staff = センターの職員
role-auditor = 監査
role-resident = 市民
# Letters and jobs.
mail-unsubscribe = このお知らせが要らなくなったら、次のページで止められます。
job-mail = メールを送る
job-sweep = 古い記録を片づける
schedule-sweep = 古い記録の片づけ
job-sweep-files = いらなくなったファイルを消す
schedule-sweep-files = いらなくなったファイルの片づけ
# Why a file is not taken.
file-refused-empty = 空のファイルです。内容のあるファイルを選んでください。
file-refused-large = { $n }MBまで受け取れます。小さくするか、分けて送ってください。
file-refused-kind = この種類のファイルは受け取れません。PDF、Word（docx）、Excel（xlsx）、PowerPoint（pptx）、ODT、ODS、CSV、テキスト、PNG、JPEGのどれかにしてください。
file-refused-closed = 古い形式か、パスワードの付いたファイルです。docx、xlsx、pptxなどの今の形式で、パスワードを付けずに保存し直してください。
file-refused-ending = ファイルの名前と内容が合いません。名前の終わりを { $ending } にするか、正しいファイルを選んでください。
file-refused-macros = マクロの入ったファイルは受け取れません。マクロのない形式で保存し直してください。
file-refused-damaged = ファイルが壊れているようです。開いて確かめ、保存し直してください。
file-refused-my-number = マイナンバーと思われる12桁の番号が入っています。消してから送ってください。
# Why a file is no spreadsheet.
sheet-not-a-sheet = Excel（xlsx、xls）、ODS、CSVのファイルを選んでください。
sheet-closed = パスワードが付いています。パスワードなしで保存し直してください。
sheet-damaged = ファイルを読めません。開いて保存し直してください。
sheet-empty = 表に何も書かれていません。
sheet-too-long = シート「{ $sheet }」の{ $cell }から先が多すぎます。{ $most }行までにしてください。
sheet-too-wide = シート「{ $sheet }」の{ $cell }から先は読めません。{ $most }列までにしてください。
sheet-too-much = シート「{ $sheet }」の{ $cell }が長すぎます。{ $most }字までです。
