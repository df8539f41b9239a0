# Choosing a password: the city's rules, and what is wrong with one.
password-rule-length = { $n }文字以上にしてください。ひらがなや漢字、空白も使えます。
password-rule-classes = 小文字・大文字・数字・そのほかのうち、{ $n }種類以上を使ってください。
password-rule-guess = よく使われる言葉や、名前・メールアドレス・市の名前だけのものは使えません。
password-rule-reuse = 前に使った{ $n }回分のパスワードは使えません。
password-rule-expires = { $n }日ごとに新しくしてください。
password-rule-lock = 続けて{ $n }回まちがえると、しばらくサインインできなくなります。
password-rule-lock-minutes = { $n }分たつと、またサインインできます。
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
passkey-fault-unknown = このパスキーは登録されていません。ほかの方法でサインインしてください。
passkey-fault-copied = このパスキーは写し取られたおそれがあります。ほかの方法でサインインして、このパスキーを削除してください。
