# Choosing a password: the city's rules, and what is wrong with one.
password-rule-length = { $n }文字より 長く してください（{ $n }文字でも いいです）。ひらがなや 漢字も 使うことが できます。
password-rule-classes = 「小さい 英語の 文字」「大きい 英語の 文字」「数字」「ほかの 文字」の 中から、{ $n }種類より 多く 使ってください（{ $n }種類でも いいです）。
password-rule-guess = みんなが よく 使う ことばは 使えません。名前・メールアドレス・市の 名前だけの ことばも 使えません。
password-rule-reuse = 前に 使った { $n }回の パスワードは 使えません。
password-rule-expires = { $n }日に 1回、新しい パスワードに してください。
password-rule-lock = { $n }回 続けて まちがえると、少しの 間 入ることが できません。
password-rule-lock-minutes = { $n }分 待つと、また 入ることが できます。
password-fault-short = もっと 長い パスワードに してください。{ $n }文字 必要です。
password-fault-long = パスワードが 長いです。{ $n }文字までに してください。
password-fault-classes = 「小さい 英語の 文字」「大きい 英語の 文字」「数字」「ほかの 文字」の 中から、{ $n }種類 使ってください。
password-fault-common = みんなが よく 使う パスワードです。ほかの ことばを 足してください。
password-fault-simple = 同じ 文字や、順番の 文字が 続いています。ほかの ことばを 足してください。
password-fault-about = 名前・メールアドレス・市の 名前と 似ています。ほかの ことばを 足してください。
password-fault-reused = 前に 使った パスワードです。ほかの パスワードに してください。

# Passkeys: why none can be used here, and what went wrong with one.
no-passkeys-address = ここでは パスキーを 使うことが できません。ページの アドレスが 数字だからです。名前の アドレスで 開いてください。
no-passkeys-insecure = ここでは パスキーを 使うことが できません。安全な アドレス（https）で 開いてください。
passkey-fault-again = パスキーを 調べることが できませんでした。もう 一度 してください。
passkey-fault-stale = 時間が たちました。もう 一度 してください。
passkey-fault-unverified = 指・顔・番号の 確認が ありませんでした。スマートフォンや パソコンの ロックを 決めてから、もう 一度 してください。
passkey-fault-known = この パスキーは もう 登録してあります。
passkey-fault-unknown = この パスキーは 登録していません。ほかの 方法で 入ってください。
passkey-fault-copied = ほかの 人が この パスキーを 使っているかも しれません。ほかの 方法で 入って、この パスキーを 消してください。
oidc-fault-expired = 10分より 長く かかったので、ログインが できませんでした。もう一度 はじめから して ください。
oidc-fault-state = この 画面で はじめた ログインでは ありません。ログインの 画面に もどって、もう一度 はじめから して ください。
oidc-fault-issuer = { $provider }では ない ところから 返事が 来ました。ログインして いません。情報システムの 担当の 人に 連絡して ください。
oidc-fault-denied = { $provider }で 「やめる」に なりました。ログインしたい ときは、もう一度 はじめから して ください。
oidc-fault-refused = { $provider }が この サイトを 受けつけません。登録を なおす 必要が あります。情報システムの 担当の 人に 連絡して ください。
oidc-fault-code = { $provider }からの 返事は、もう 使ったか、古く なって います。もう一度 はじめから して ください。
oidc-fault-client = { $provider }が この サイトの かぎを みとめません。かぎの 登録を なおす 必要が あります。情報システムの 担当の 人に 連絡して ください。
oidc-fault-unreachable = { $provider }に つながりません。少し 待ってから、もう一度 はじめから して ください。急ぐ ときは、ほかの 方法で ログインして ください。
oidc-fault-trouble = { $provider }は 今 使えません。少し 待ってから、もう一度 はじめから して ください。
oidc-fault-answer = { $provider }の 返事を 読むことが できません。設定を なおす 必要が あります。情報システムの 担当の 人に 連絡して ください。
oidc-fault-clock = { $provider }と この サイトの 時計が ちがいます。時計を なおす 必要が あります。情報システムの 担当の 人に 連絡して ください。
oidc-fault-token = { $provider }からの 証明が 正しく ありません。ログインして いません。情報システムの 担当の 人に 連絡して ください。
oidc-fault-account = { $provider }から、だれの アカウントか 教えて もらえませんでした。情報システムの 担当の 人に 連絡して ください。
oidc-fault-email = { $provider }が メールアドレスを まだ 確かめて いません。{ $provider }で メールアドレスを 確かめてから、もう一度 はじめから して ください。

oidc-settings-issuer = issuerは https://で 始まる アドレスに して ください（この 機械の 中だけ http://も 使えます）。
oidc-settings-proof = key_fileか client_secret_fileの どちらか 一つを 書いて ください。
oidc-settings-file = { $file }を 読むことが できません。場所と 権限を 確かめて ください。
oidc-settings-open = { $file }を ほかの 人も 読むことが できます。権限を 600に して ください（chmod 600）。
oidc-settings-key = { $file }は 使える ひみつの かぎでは ありません。P-256か 2048ビット以上の RSAの かぎを PEMの 形で 置いて ください。
oidc-settings-algorithm = { $file }の かぎは key_algorithmの 方法では 使えません。どちらかを なおして ください。
oidc-settings-empty = { $file }に 何も 書いて ありません。
oidc-settings-certificates = 認証局の 証明書を 読むことが できません。ca_fileか この 機械の 証明書を 確かめて ください。
oidc-settings-chance = かぎを 作ることが できませんでした。この 機械の 乱数を 確かめて ください。

nav-people = 人と 役割
nav-audit = 記録
nav-jobs = 自動の しごと

# Letters. What changed: said in letter-changed-text.
letter-invitation-subject = { -site }への 招待
letter-invitation-text = { $name } さま

    { -city }の { -site }に、あなたの アカウントが できました。
    つぎの リンクを ひらいて、パスワードを きめてください。

    { $link }

    このリンクは { $until }まで、1回だけ つかえます。
    しらない ときは、このメールを けしてください。
letter-reset-subject = パスワードを きめなおす
letter-reset-text = { $name } さま

    パスワードを きめなおす リンクです。

    { $link }

    このリンクは { $until }まで、1回だけ つかえます。
    しらない ときは、このメールを けしてください。パスワードは かわりません。
letter-address-subject = あたらしい メールアドレス
letter-address-text = { $name } さま

    このアドレスに かえるときは、つぎの リンクを ひらいてください。

    { $link }

    このリンクは { $until }まで、1回だけ つかえます。
    しらない ときは、このメールを けしてください。
letter-changed-subject = アカウントが かわりました
letter-changed-text = { $name } さま

    { $when }に、あなたの アカウントが かわりました。

    { $what }

    しらない ときは、すぐに パスワードを かえて、{ -office }に れんらくしてください。

    { $link }
changed-password = パスワードを かえました。
changed-passkey-made = パスキーを くわえました。
changed-passkey-gone = パスキーを けしました。
changed-codes-made = 確認コードを つかうように しました。
changed-codes-gone = 確認コードを つかわないように しました。
changed-address = メールアドレスを かえました。
changed-closed = アカウントを とじました。

# Signing in.
sign-in-lead = 職員、委員、センターの人、登録した市民の 入り口です。
sign-in-name = メールアドレスか 職員番号
sign-in-password = パスワード
sign-in-wrong = ログインできませんでした。メールアドレスと パスワードを たしかめて、もういちど 書いてください。
sign-in-forgotten = パスワードを わすれたとき
sign-in-ways = ほかの 入りかた
sign-in-passkey = パスキーで ログイン
sign-in-passkey-script = パスキーを つかうには、ブラウザーの JavaScript が いります。
sign-in-provider = { $provider }で ログイン
sign-in-first = はじめての人
sign-in-first-text = { -city }から メールが とどきます。メールの リンクを ひらいて、パスワードを きめてください。
sign-in-demo = 見本の アカウントは、見本を はじめた 画面に 出ています。
sign-in-help = こまったとき
passkey-cancelled = パスキーを やめました。もういちど おすと、やりなおせます。
provider-away = { $provider }へ うつります
provider-away-text = 画面が かわらないときは、ボタンを おしてください。
provider-away-link = うつる
provider-unknown = { $provider }の 人の アカウントが ありません。{ -office }に 聞いてください。
code-title = 確認コードを 書いてください
code-lead = スマートフォンの 認証アプリに 出ている 6つの 数字です。
code-label = 確認コード
code-hint = 30秒ごとに かわります。
code-wrong = 確認コードが ちがいます。あたらしい 数字を まって、もういちど 書いてください。
code-button = つづける
code-again = はじめから
code-lost = アプリが つかえないとき
code-lost-text = 紙に 書いておいた 予備の コードを 書いてください。ないときは { -office }に 電話してください。
said-step-over = 時間が たちました。はじめから してください。
said-signed-out = ログアウトしました。
said-second-proof = 職員の ログインには、確認コードか パスキーも いります。ここで きめてください。
said-password-old = パスワードの 期限が すぎました。あたらしい パスワードを きめてください。
said-password-set = パスワードを きめました。ログインしてください。
said-address-changed = メールアドレスを かえました。

# Links that come by mail.
invitation-title = ようこそ。パスワードを きめてください
reset-title = あたらしい パスワードを きめてください
set-password-lead = { $name }さんの アカウントです。
new-password = あたらしい パスワード
set-password-button = きめる
reset-ask-title = パスワードを わすれたとき
reset-lead = メールアドレスに リンクを おくります。
reset-email = メールアドレス
reset-button = リンクを おくる
reset-back = ログインへ もどる
reset-sent-title = メールを 見てください
reset-sent-text = そのアドレスが あれば、リンクを おくりました。1時間の うちに ひらいてください。
reset-sent-more = とどかないときは、迷惑メールの中と アドレスを たしかめてください。
address-title = あたらしい メールアドレス
address-lead = これからは { $email } を つかいます。
address-button = このアドレスに かえる
