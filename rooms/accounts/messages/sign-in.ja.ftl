# Choosing a password: the city's rules, and what is wrong with one.
password-rule-length = { $n }文字以上にしてください。ひらがなや漢字、空白も使えます。
password-rule-classes = 小文字・大文字・数字・そのほかのうち、{ $n }種類以上を使ってください。
password-rule-guess = よく使われる言葉や、名前・メールアドレス・市の名前だけのものは使えません。
password-rule-reuse = 前に使った{ $n }回分のパスワードは使えません。
password-rule-expires = { $n }日ごとに新しくしてください。
password-rule-lock = 続けて{ $n }回まちがえると、しばらくログインできなくなります。
password-rule-lock-minutes = { $n }分たつと、またログインできます。
password-fault-short = { $n }文字以上にしてください。
password-fault-long = { $n }文字までにしてください。
password-fault-classes = 小文字・大文字・数字・そのほかのうち、{ $n }種類以上を使ってください。
password-fault-common = よく使われるパスワードです。ほかの言葉を足すか、別のものにしてください。
password-fault-simple = 同じ文字や並び順の文字が続いています。ほかの言葉を足してください。
password-fault-about = 名前・メールアドレス・市の名前から推測できます。ほかの言葉を足してください。
password-fault-reused = 前に使ったパスワードです。別のものにしてください。

# Passkeys: why none can be used here, and what went wrong with one.
no-passkeys-address = この画面は番号のアドレスで開かれているので、パスキーは使えません。名前のアドレスで開いてください。
no-passkeys-insecure = 通信が暗号化されていないので、パスキーは使えません。https のアドレスで開いてください。
passkey-fault-again = パスキーを確かめられませんでした。もう一度お試しください。
passkey-fault-stale = 時間がたったので、やり直しが必要です。もう一度お試しください。
passkey-fault-unverified = 指紋・顔・暗証番号での確認がありませんでした。端末の画面ロックを設定して、もう一度お試しください。
passkey-fault-known = このパスキーはもう登録されています。
passkey-fault-unknown = このパスキーは登録されていません。ほかの方法でログインしてください。
passkey-fault-copied = このパスキーは写し取られたおそれがあります。ほかの方法でログインして、このパスキーを削除してください。
# Signing in through another's door. Each fault says what to do next.
oidc-fault-expired = はじめてから10分以上たったため、ログインを終えられませんでした。もう一度はじめてください。
oidc-fault-state = この画面ではじめたログインではないため、終えられませんでした。ログインの画面に戻り、もう一度はじめてください。
oidc-fault-issuer = { $provider }とは違うところから返事が届きました。ログインしていません。情報システムの担当者に連絡してください。
oidc-fault-denied = { $provider }での確認が取り消されました。ログインするには、もう一度はじめて、確認を最後まで進めてください。
oidc-fault-refused = { $provider }がこのサイトからの確認を受け付けません。登録の内容を直す必要があります。情報システムの担当者に連絡してください。
oidc-fault-code = { $provider }からの確認が、もう使われたか、古くなっています。もう一度はじめてください。
oidc-fault-client = { $provider }がこのサイトの鍵を認めません。鍵の登録を直す必要があります。情報システムの担当者に連絡してください。
oidc-fault-unreachable = { $provider }につながりません。少し待って、もう一度はじめてください。急ぐときは、ほかの方法でログインしてください。
oidc-fault-trouble = { $provider }が、いま応じられないと答えています。少し待って、もう一度はじめてください。
oidc-fault-answer = { $provider }からの返事を読み取れません。設定を確かめる必要があります。情報システムの担当者に連絡してください。
oidc-fault-clock = { $provider }とこのサイトの時計が合っていません。時計を合わせる必要があります。情報システムの担当者に連絡してください。
oidc-fault-token = { $provider }からの証明が正しくないため、ログインしていません。情報システムの担当者に連絡してください。
oidc-fault-account = { $provider }から、どなたのアカウントかが届きませんでした。情報システムの担当者に連絡してください。
oidc-fault-email = { $provider }で、メールアドレスがまだ確かめられていません。{ $provider }でメールアドレスの確認を済ませてから、もう一度はじめてください。

# What is wrong with a provider in the settings; `file` is the file to mend.
oidc-settings-issuer = issuerはhttps://で始まるアドレスにしてください（この機械の中だけhttp://も使えます）。
oidc-settings-proof = key_fileとclient_secret_fileの、どちらか一方を書いてください。
oidc-settings-file = { $file }を読めません。場所と権限を確かめてください。
oidc-settings-open = { $file }をほかの利用者も読めます。権限を600にしてください（chmod 600）。
oidc-settings-key = { $file }は、使える秘密鍵ではありません。P-256か2048ビット以上のRSAの秘密鍵を、PEM形式で置いてください。
oidc-settings-algorithm = { $file }の鍵は、key_algorithmの方式では署名できません。どちらかを直してください。
oidc-settings-empty = { $file }が空です。
oidc-settings-certificates = 認証局の証明書を読めません。ca_fileかこの機械の証明書を確かめてください。
oidc-settings-chance = 鍵を作れませんでした。この機械の乱数が正しく動いているか確かめてください。

nav-people = 人と役割
nav-audit = 記録
nav-jobs = 自動の仕事

# Letters. What changed: said in letter-changed-text.
letter-invitation-subject = { -site }への招待
letter-invitation-text = { $name } さま

    { -city }の{ -site }に、あなたのアカウントが用意されました。
    次のリンクを開いて、パスワードを決めてください。

    { $link }

    このリンクは { $until } まで、1回だけ使えます。
    心当たりがないときは、このメールを消してください。
letter-reset-subject = パスワードの決め直し
letter-reset-text = { $name } さま

    パスワードを決め直すためのリンクです。

    { $link }

    このリンクは { $until } まで、1回だけ使えます。
    心当たりがないときは、このメールを消してください。パスワードは変わりません。
letter-address-subject = 新しいメールアドレスの確認
letter-address-text = { $name } さま

    このアドレスに変えるには、次のリンクを開いて確かめてください。

    { $link }

    このリンクは { $until } まで、1回だけ使えます。
    心当たりがないときは、このメールを消してください。
letter-changed-subject = アカウントの変更のお知らせ
letter-changed-text = { $name } さま

    { $when } に、あなたのアカウントで次の変更がありました。

    { $what }

    心当たりがないときは、すぐにパスワードを変え、{ -office }へ連絡してください。

    { $link }
changed-password = パスワードを変えました。
changed-passkey-made = パスキーを加えました。
changed-passkey-gone = パスキーを消しました。
changed-codes-made = 確認コードを使うようにしました。
changed-codes-gone = 確認コードを使わないようにしました。
changed-address = メールアドレスを変えました。
changed-closed = アカウントを閉じました。

# Signing in.
sign-in-lead = 職員、委員、センターの方、登録した市民の方の入り口です。
sign-in-name = メールアドレスか職員番号
sign-in-password = パスワード
sign-in-wrong = ログインできませんでした。メールアドレスかパスワードを確かめて、もう一度入れてください。
sign-in-forgotten = パスワードを忘れたとき
sign-in-ways = ほかの入り方
sign-in-passkey = パスキーでログイン
sign-in-passkey-script = パスキーを使うには、ブラウザーの JavaScript を有効にしてください。
sign-in-provider = { $provider }でログイン
sign-in-first = はじめての方
sign-in-first-text = { -city }から招待のメールが届きます。メールのリンクを開いて、パスワードを決めてください。
sign-in-demo = 見本のアカウントは、見本を始めたときの画面に出ています。
sign-in-help = お困りのとき
passkey-cancelled = パスキーの確認をやめました。もう一度押すと、やり直せます。
provider-away = { $provider }へ移ります
provider-away-text = 画面が変わらないときは、次のボタンを押してください。
provider-away-link = 移る
provider-unknown = { $provider }の利用者にあたるアカウントがありません。{ -office }へお問い合わせください。
code-title = 確認コードを入れてください
code-lead = スマートフォンの認証アプリに出ている、6けたの数字です。
code-label = 確認コード
code-hint = 30秒ごとに変わります。全角でも半角でもかまいません。
code-wrong = 確認コードが合いません。新しい数字に変わるのを待って、もう一度入れてください。
code-button = 続ける
code-again = はじめからやり直す
code-lost = アプリが使えないとき
code-lost-text = 設定のときに控えた予備のコードを、同じ欄に入れてください。予備のコードもないときは、{ -office }へお電話ください。
said-step-over = 時間がたったので、はじめからやり直してください。
said-signed-out = ログアウトしました。
said-second-proof = 職員のログインには、確認コードかパスキーも必要です。ここで設定してください。
said-password-old = パスワードの期限が過ぎました。新しいパスワードを決めてください。
said-password-set = パスワードを決めました。ログインしてください。
said-address-changed = メールアドレスを変えました。

# Links that come by mail.
invitation-title = ようこそ。パスワードを決めてください
reset-title = 新しいパスワードを決めてください
set-password-lead = { $name }さんのアカウントです。
new-password = 新しいパスワード
set-password-button = 決める
reset-ask-title = パスワードを忘れたとき
reset-lead = 登録してあるメールアドレスに、決め直すためのリンクを送ります。
reset-email = メールアドレス
reset-button = リンクを送る
reset-back = ログインへ戻る
reset-sent-title = メールを確かめてください
reset-sent-text = そのアドレスが登録してあれば、リンクを送りました。1時間のうちに開いてください。
reset-sent-more = 届かないときは、迷惑メールの中と、アドレスの打ちまちがいを確かめてください。
address-title = 新しいメールアドレスの確認
address-lead = これからは { $email } を使います。
address-button = このアドレスに変える
