# An account in the hands of its owner.
own-title = わたしの こと
own-tabs = わたしの 設定
own-tab-me = わたしの こと
own-tab-ways = ログインの しかた
own-tab-sessions = ログインしている 機械
own-tab-looks = 見られた きろく
own-tab-mail = メール
own-none = ありません
own-change = かえる
own-change-what = ：{ $what }
own-stop = やめる
own-act = すること
own-and = 、
own-to-desk = 机へ すすむ
own-to-account = わたしの ことへ

# What the city knows.
own-me = わかっている こと
own-name = 名前
own-kana = ふりがな
own-email = メールアドレス
own-number = 職員番号
own-me-wrong = 名前や 職員番号が ちがうときは、{ -office }に おしえてください。
own-duties = 役割と 期間
own-duties-none = いま、役割は ありません。
own-duty-role = 役割
own-duty-from = はじまる日
own-duty-to = おわる日
own-duty-open = きまっていません
own-duty-standing = いま
own-duty-now = しています
own-duty-later = これから
own-duty-over = おわりました
own-duty-deputy = （かわりの人）
own-ways = ログインの しかた
own-way-password = パスワード
own-way-passkeys = パスキー
own-way-codes = 確認コード
own-since = { $day }から
own-passkeys-count = { $n }こ
own-recovery-left = 予備の コードは あと { $n }こ
own-seen = ほかの人に 見えること
own-seen-public = だれでも 見られる ページに、あなたの アカウントのことは 出ません。
own-seen-desk = ここで はたらく人は、おたがいの 名前と 役割と 期間を 見ることができます。
own-seen-resident = アカウントの 管理者と 監査の人だけが 見ることができます。
own-seen-keeper = 管理者と 監査の人は、連絡先も 見ることができます。見ると きろくが のこります。あなたも きろくを 見ることができます。
own-data = わたしの データ
own-data-text = { -city }が あなたについて もっているものを、1つの ファイル（JSON）で もらえます。
own-data-take = データを もらう
own-data-file = わたしのデータ

# Proving once more.
own-proof-title = もういちど、あなたか たしかめます
own-proof-lead = だいじなことを かえるまえに、たしかめます。10分に 1回だけです。
own-proof-either = どちらか 1つを 書いてください。
own-proof-button = たしかめる
own-proof-passkey = パスキーで たしかめる
own-proof-none = ここでは たしかめることが できません。ログアウトして、もういちど ログインしてください。
own-password-wrong = パスワードが ちがいます。もういちど 書いてください。
said-own-proved = たしかめました。つづけてください。

# Password.
own-password-title = パスワードを かえる
own-password-lead = かえると、ほかの 機械は ぜんぶ ログアウトします。
own-password-current = いまの パスワード
own-password-same = いまと おなじ パスワードです。ちがうものに してください。
own-password-button = かえる
said-own-password = パスワードを かえました。ほかの 機械は ログアウトしました。

# Codes.
own-codes-title = 確認コード
own-codes-lead = パスワードを しられても、ほかの人は 入れません。3分くらいで おわります。
own-codes-need-app = スマートフォンの 認証アプリを つかいます。
own-codes-need-once = ログインのとき、パスワードの あとで 6つの 数字を 書きます。
own-codes-need-recovery = スマートフォンが つかえないときのために、予備の コードを 10こ わたします。
own-codes-begin = はじめる
own-codes-take = 認証アプリで よみとる
own-codes-apps = Google Authenticator、Microsoft Authenticator などが つかえます。
own-codes-spelled = よみとれないときは、アプリの「キーを入力」に つぎの 文字を 書いてください。
own-codes-type = 出てきた 数字を 書く
own-codes-first = 6つの 数字（確認コード）
own-codes-set = きめる
own-codes-done = 確認コードを つかうように しました。つぎの ログインから つかいます。
own-codes-since = { $day }から つかっています。
own-codes-other = ほかの スマートフォンに うつす
own-codes-other-text = あたらしいほうが おわるまで、いまの アプリも つかえます。
own-codes-other-button = うつす
own-codes-remove = 確認コードを やめる
own-codes-remove-text = やめると、パスワードだけで 入れます。予備の コードも つかえません。
own-codes-needed = 職員の ログインには、パスワードの ほかに もう1つ いります。パスキーを つくると、やめることが できます。
own-recovery-title = 予備の コード
own-recovery-text = なくしたとき、少なくなったときは、つくりなおしてください。まえの コードは つかえなくなります。
own-recovery-new = つくりなおす
own-recovery-done = 予備の コードを つくりなおしました。まえの コードは つかえません。
own-recovery-once = 認証アプリが つかえないときの コードです。いま 1回だけ 見ることができます。
own-recovery-keep = 紙に 書くか、印刷してください。人に 見せないでください。
own-recovery-single = 1つの コードは 1回だけ つかえます。
said-own-codes-begun = 下の 2つを すると、おわります。
said-own-codes-stopped = やめました。
said-own-codes-gone = 確認コードを やめました。
changed-recovery = 予備の コードを つくりなおしました。

# Passkeys.
own-passkeys-title = パスキー
own-passkeys-lead = ゆびや 顔、機械の 暗証番号で ログインできます。パスワードより 安全です。
own-passkeys-mine = あなたの パスキー
own-passkeys-none = まだ ありません。
own-passkey-name = 名前
own-passkey-name-hint = あなたが わかる 名前を つけてください。60字まで
own-passkey-made = つくった日
own-passkey-used = さいごに つかった
own-passkey-unused = まだ つかっていません
own-passkey-remove = けす
own-passkey-new = パスキーを くわえる
own-passkey-make = この機械で つくる
own-passkey-failed = パスキーを つくれませんでした。この ページを もういちど ひらいてください。
own-passkey-last = ログインの しかたが これだけなので、けせません。さきに パスワードを きめるか、パスキーを くわえてください。
own-passkey-needed = 職員の ログインには、パスワードの ほかに もう1つ いります。確認コードか べつの パスキーが あると、けせます。
said-own-passkey-made = パスキーを くわえました。
said-own-passkey-gone = パスキーを けしました。

# Sessions.
own-sessions-title = ログインしている 機械
own-sessions-lead = しらない 機械が あったら、とめて、パスワードを かえてください。
own-sessions-count = { $n }台
own-session-device = 機械
own-session-here = いま つかっている 機械
own-session-seen = さいごに つかった
own-session-now = いま
own-session-began = ログインした
own-session-method = しかた
own-session-end = とめる
own-sessions-end = ほかの 機械を ぜんぶ とめる
own-method-password = パスワード
own-method-passkey = パスキー
own-method-provider = ほかの しくみ
own-device = { $system } の { $browser }
own-device-unknown = ブラウザー
said-own-session-ended = 機械を とめました。
said-own-sessions-ended = ほかの 機械を ぜんぶ とめました。

# Address.
own-address-title = メールアドレス
own-address-change = メールアドレスを かえる
own-address-now = いまの アドレス
own-address-awaited = たしかめている アドレス
own-address-until = { $until } までに、メールの リンクを ひらいてください。
own-address-new = あたらしい アドレス
own-address-hint = たしかめる メールを おくります。メールの リンクを ひらくと かわります。
own-address-button = メールを おくる
own-address-wrong = メールアドレスの かたちでは ありません。hana@example.jp のように 書いてください。
own-address-same = いまと おなじ アドレスです。
own-undeliverable = メールが とどいていません
own-undeliverable-text = { $since } に、メールが もどってきました。
own-undeliverable-again = とどくように なったときは、おなじ アドレスを もういちど 書いてください。
said-own-address-asked = あたらしい アドレスを たしかめています。メールの リンクを ひらいてください。
said-own-address-again = この アドレスへ、また メールを おくります。
changed-address-asked = メールアドレスを かえる てつづきが はじまりました。たしかめると かわります。

# Looks.
own-looks-title = 見られた きろく
own-looks-lead = あなたの 連絡先などを、しごとで 見た人の きろくです。
own-looks-none = まだ だれも 見ていません
own-looks-none-text = だれかが 見ると、ここに 出ます。
own-look-at = いつ
own-look-who = 見た人
own-look-what = 見たところ
own-look-system = システム
own-look-people = 人と 役割
own-look-handover = 4月の ひきつぎ
own-look-audit = きろくの 検査
own-look-mail = メールの きろく
own-look-account = アカウントの こと
own-looks-doubt = わからないものが あるときは、{ -office }に 聞いてください。
own-looks-sealed = この きろくは、あとで かえると わかります。
own-looks-seals = きろくの 封印

# Closing.
own-closing-title = アカウントを とじる
own-closing-what = とじると、こう なります
own-closing-out = すぐに ログアウトします。もう ログインできません。役割も きょうで おわります。
own-closing-gone = メールアドレス、パスワード、パスキー、確認コード、下書き、お知らせ、メールの ひかえを けします。
own-closing-kept-work = 名前と、しごとで したことの きろくは、{ -city }の きまった 期間、のこります。
own-closing-kept = 名前と、いつ なにを したかの きろくは のこります。きろくの 中の 連絡先などは けします。
own-closing-letter = とじたことを { $email } へ しらせます。
own-closing-data = もとには もどせません。いるときは、さきに データを もらってください。
own-closing-last = アカウントの 管理者が あなただけなので、とじることが できません。さきに、ほかの人を 管理者に してください。
own-closing-unsure = とじて よければ、しるしを つけてください。
own-closing-sure = わかりました。とじます
own-closing-button = アカウントを とじる
said-account-closed = アカウントを とじました。ありがとうございました。
