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
