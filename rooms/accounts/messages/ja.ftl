# Signing in through another's door. Each fault says what to do next.
oidc-fault-expired = はじめてから10分以上たったため、サインインを終えられませんでした。もう一度はじめてください。
oidc-fault-state = この画面ではじめたサインインではないため、終えられませんでした。サインインの画面に戻り、もう一度はじめてください。
oidc-fault-issuer = { $provider }とは違うところから返事が届きました。サインインしていません。情報システムの担当者に連絡してください。
oidc-fault-denied = { $provider }での確認が取り消されました。サインインするには、もう一度はじめて、確認を最後まで進めてください。
oidc-fault-refused = { $provider }がこのサイトからの確認を受け付けません。登録の内容を直す必要があります。情報システムの担当者に連絡してください。
oidc-fault-code = { $provider }からの確認が、もう使われたか、古くなっています。もう一度はじめてください。
oidc-fault-client = { $provider }がこのサイトの鍵を認めません。鍵の登録を直す必要があります。情報システムの担当者に連絡してください。
oidc-fault-unreachable = { $provider }につながりません。少し待って、もう一度はじめてください。急ぐときは、ほかの方法でサインインしてください。
oidc-fault-trouble = { $provider }が、いま応じられないと答えています。少し待って、もう一度はじめてください。
oidc-fault-answer = { $provider }からの返事を読み取れません。設定を確かめる必要があります。情報システムの担当者に連絡してください。
oidc-fault-clock = { $provider }とこのサイトの時計が合っていません。時計を合わせる必要があります。情報システムの担当者に連絡してください。
oidc-fault-token = { $provider }からの証明が正しくないため、サインインしていません。情報システムの担当者に連絡してください。
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
