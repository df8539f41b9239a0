# An account in the hands of its owner.
own-title = わたしの情報
own-tabs = わたしの設定
own-tab-me = わたしの情報
own-tab-ways = ログインの方法
own-tab-sessions = ログイン中の端末
own-tab-looks = 見られた記録
own-tab-mail = メール
own-none = なし
own-change = 変える
own-change-what = ：{ $what }
own-stop = やめる
own-act = 操作
own-and = 、
own-to-desk = 机へ進む
own-to-account = わたしの情報へ

# What the city knows.
own-me = 登録していること
own-name = お名前
own-kana = ふりがな
own-email = メールアドレス
own-number = 職員番号
own-me-wrong = お名前や職員番号が違うときは、{ -office }へご連絡ください。
own-duties = 役割と期間
own-duties-none = いまは役割がありません。
own-duty-role = 役割
own-duty-from = はじまり
own-duty-to = おわり
own-duty-open = 決まっていません
own-duty-standing = いま
own-duty-now = 担当中
own-duty-later = これから
own-duty-over = 終わりました
own-duty-deputy = （代理）
own-ways = ログインの方法
own-way-password = パスワード
own-way-passkeys = パスキー
own-way-codes = 確認コード
own-since = { $day }から
own-passkeys-count = { $n }個
own-recovery-left = 予備のコードの残り { $n }個
own-seen = ほかの人に見えること
own-seen-public = だれでも見られるページに、あなたのアカウントのことは出ません。
own-seen-desk = ここで働く人どうしは、お名前と役割と期間を見られます。
own-seen-resident = ここで働く人のうち、アカウントの管理者と監査のほかには見えません。
own-seen-keeper = 管理者と監査は、連絡先も見られます。見ると記録が残り、あなたも確かめられます。
own-data = わたしのデータ
own-data-text = { -city }があなたについて持っているものを、1つのファイル（JSON）で受け取れます。
own-data-take = データを受け取る
own-data-file = わたしのデータ

# Proving once more.
own-proof-title = もう一度、ご本人の確認をします
own-proof-lead = 大事な設定を変える前に、10分に1回だけ確かめます。
own-proof-either = どちらか1つを入れてください。
own-proof-button = 確認する
own-proof-passkey = パスキーで確認する
own-proof-none = このアカウントは、ここでは確かめられません。ログアウトして、もう一度ログインしてから変えてください。
own-password-wrong = パスワードが違います。確かめて、もう一度入れてください。
said-own-proved = 確認しました。続けてください。

# Password.
own-password-title = パスワードを変える
own-password-lead = 変えると、ほかの端末はすべてログアウトします。
own-password-current = いまのパスワード
own-password-same = いまと同じパスワードです。別のものにしてください。
own-password-button = 変える
said-own-password = パスワードを変えました。ほかの端末はログアウトしました。

# Codes.
own-codes-title = 確認コード
own-codes-lead = パスワードがもれても、ほかの人が入れなくなります。3分ほどで終わります。
own-codes-need-app = スマートフォンの認証アプリを使います。
own-codes-need-once = ログインのたびに、パスワードのあとで6けたの数字を入れます。
own-codes-need-recovery = スマートフォンが使えないときのために、予備のコードを10個お渡しします。
own-codes-begin = 設定をはじめる
own-codes-take = 認証アプリで読み取る
own-codes-apps = Google Authenticator、Microsoft Authenticator などが使えます。
own-codes-spelled = 読み取れないときは、アプリの「キーを入力」に次の文字を入れてください。
own-codes-type = 出てきた数字を入れる
own-codes-first = 6けたの確認コード
own-codes-set = 設定する
own-codes-done = 確認コードを設定しました。次のログインから使います。
own-codes-since = { $day }から使っています。
own-codes-other = 別のスマートフォンに移す
own-codes-other-text = 新しいほうで設定が終わるまで、いまのアプリも使えます。
own-codes-other-button = 移す
own-codes-remove = 確認コードをやめる
own-codes-remove-text = やめると、パスワードだけで入れるようになります。予備のコードも使えなくなります。
own-codes-needed = 職員のログインには、パスワードのほかにもう1つの確認が必要です。パスキーを登録すると、確認コードをやめられます。
own-recovery-title = 予備のコード
own-recovery-text = なくしたときや、残りが少ないときは、作り直してください。前のコードは使えなくなります。
own-recovery-new = 作り直す
own-recovery-done = 予備のコードを作り直しました。前のコードは使えません。
own-recovery-once = 認証アプリが使えないときのためのコードです。ここを離れると、もう見られません。
own-recovery-keep = 印刷するか、書き写して、かぎのかかる所にしまってください。
own-recovery-single = 1つのコードは1回だけ使えます。
said-own-codes-begun = 下の2つを済ませると、設定が終わります。
said-own-codes-stopped = 設定をやめました。
said-own-codes-gone = 確認コードをやめました。
changed-recovery = 予備のコードを作り直しました。

# Passkeys.
own-passkeys-title = パスキー
own-passkeys-lead = 指紋や顔、端末の暗証番号でログインできます。パスワードより安全で、覚えるものがありません。
own-passkeys-mine = 登録したパスキー
own-passkeys-none = まだありません。
own-passkey-name = 名前
own-passkey-name-hint = 自分で見分けるための名前です。60字まで
own-passkey-made = 登録した日
own-passkey-used = 最後に使った
own-passkey-unused = まだ使っていません
own-passkey-remove = 消す
own-passkey-new = パスキーを加える
own-passkey-make = この端末で作る
own-passkey-failed = パスキーを作れませんでした。このページを開き直して、もう一度お試しください。
own-passkey-last = ログインの方法がこれしかないので、消せません。先にパスワードを決めるか、別のパスキーを加えてください。
own-passkey-needed = 職員のログインには、パスワードのほかにもう1つの確認が必要です。確認コードを設定するか、別のパスキーを加えると、消せます。
said-own-passkey-made = パスキーを加えました。
said-own-passkey-gone = パスキーを消しました。

# Sessions.
own-sessions-title = ログイン中の端末
own-sessions-lead = 知らない端末があったら、止めてからパスワードを変えてください。
own-sessions-count = { $n }台
own-session-device = 端末
own-session-here = いま使っている端末
own-session-seen = 最後に使った
own-session-now = いま
own-session-began = ログインした
own-session-method = 方法
own-session-end = 止める
own-sessions-end = ほかの端末をすべて止める
own-method-password = パスワード
own-method-passkey = パスキー
own-method-provider = ほかのしくみ
own-device = { $system } の { $browser }
own-device-unknown = ブラウザー
said-own-session-ended = 端末を止めました。
said-own-sessions-ended = ほかの端末をすべて止めました。

# Address.
own-address-title = メールアドレス
own-address-change = メールアドレスを変える
own-address-now = いまのアドレス
own-address-awaited = 確認を待っているアドレス
own-address-until = { $until } までに、届いたメールのリンクを開いてください。
own-address-new = 新しいアドレス
own-address-hint = 確かめるためのメールを送ります。届いたメールのリンクを開くと変わります。
own-address-button = 確認のメールを送る
own-address-wrong = メールアドレスの形になっていません。hana@example.jp のように入れてください。
own-address-same = いまと同じアドレスです。
own-undeliverable = メールが届いていません
own-undeliverable-text = { $since } に、このアドレスへ送ったメールが戻ってきました。
own-undeliverable-again = 届くようになったときは、同じアドレスをもう一度入れてください。
said-own-address-asked = 新しいアドレスを確かめています。届いたメールのリンクを開いてください。
said-own-address-again = このアドレスへ、またメールを送ります。
changed-address-asked = メールアドレスを変える手続きがはじまりました。新しいアドレスが確かめられると変わります。

# Looks.
own-looks-title = 見られた記録
own-looks-lead = あなたの連絡先などを、仕事で見た人の記録です。
own-looks-none = まだだれも見ていません
own-looks-none-text = だれかが仕事であなたの情報を見ると、ここに出ます。
own-look-at = 日時
own-look-who = 見た人
own-look-what = 見たところ
own-look-system = システム
own-look-people = 人と役割
own-look-handover = 年度がわりの引き継ぎ
own-look-audit = 記録の検査
own-look-mail = メールの送信の記録
own-look-account = アカウントの情報
own-looks-doubt = 心当たりのないものがあるときは、{ -office }へおたずねください。
own-looks-sealed = この記録は、あとから書きかえると分かるようになっています。
own-looks-seals = 記録の封印

# Closing.
own-closing-title = アカウントを閉じる
own-closing-what = 閉じると、こうなります
own-closing-out = すぐにログアウトし、もうログインできません。役割も今日で終わります。
own-closing-gone = メールアドレス、パスワード、パスキー、確認コード、下書き、お知らせ、届いたメールの控えを消します。
own-closing-kept-work = お名前と、仕事でしたことの記録は、{ -city }の文書として決められた期間残ります。
own-closing-kept = お名前と、いつ何をしたかの記録は残ります。記録に書かれた連絡先などは消します。
own-closing-letter = 閉じたことを { $email } へお知らせします。
own-closing-data = 元には戻せません。必要なときは、先にデータを受け取ってください。
own-closing-last = アカウントの管理者があなただけなので、閉じられません。先に、ほかの人を管理者にしてください。
own-closing-unsure = 閉じてよければ、印をつけてください。
own-closing-sure = 分かりました。閉じます
own-closing-button = アカウントを閉じる
said-account-closed = アカウントを閉じました。ご利用ありがとうございました。
