# 相互評価：いっしょに取り組んだ相手に、メールのリンクで評価をたのむことば。
partners-title = { $year }の相互評価
partners-lead = いっしょに取り組んだ団体に、メールで評価をお願いします。相手はアカウントがなくても、メールのリンクから書けます。
partners-none = まだだれにもお願いしていません
partners-none-text = お願いする相手を入れると、リンクの付いたメールがすぐに送られます。
partners-count = { $n }団体にお願いしています
partners-publish-all = 届いた評価{ $n }件を公開する
partners-remind-all = まだの{ $n }団体に知らせる
partner-new = 評価をお願いする
partner-new-lead = 送ると、相手にメールが届きます。メールのリンクは期限の1週間後まで使えます。
partner-organisation = 団体の名前
partner-organisation-hint = 公開するときの名前の候補になります。
partner-organisation-missing = 団体の名前を書いてください。
partner-name = 担当の人
partner-name-hint = 分かるときだけ。メールの宛名に使い、公開しません。
partner-email = メールアドレス
partner-email-hint = 変えると、新しいリンクのメールを送り、前のリンクは使えなくなります。
partner-email-wrong = このメールアドレスには送れません。例：kyodo@example.jp
partner-items = お願いする項目
partner-items-missing = お願いする項目を選んでください。
partner-asked-already = この人には、もう「{ $item }」をお願いしています。
partner-due = 回答の期限
partner-due-hint = 3日前に、まだの相手へ自動で知らせます。
partner-due-past = 期限が過ぎた日になっています。
partner-note = 相手への連絡
partner-note-hint = メールと回答の画面に出ます。{ $n }字まで。
partner-long = { $n }字減らしてください。
partner-send = メールを送る
partner-state = 状態
partner-stage-asked = 回答待ち
partner-stage-answered = 評価が届いています
partner-stage-aside = 公開しない
partner-stage-published = 公開済み
partner-ended = リンクを止めました
partner-late = 期限を過ぎています
partner-answered-of = { $of }件のうち{ $n }件に回答
partner-answers = 回答
partner-forgotten = 期限から1年たったので消しました
partner-asked-at = お願いした日時
partner-asked-by = お願いした人
partner-reminded-at = 最後に知らせた日時
partner-ended-at = リンクを止めた日時
partner-publish = 公開する
partner-set-aside = 公開しない場合
partner-set-aside-button = 公開しない
partner-reason = 公開しないわけ
partner-reason-hint = 机だけに残ります。相手にも市民にも見せません。
partner-reason-missing = 公開しないわけを書いてください。
partner-take-up = 公開できる状態に戻す
partner-letters = メール
partner-letters-text = リンクを知っている人は、だれでも回答を書けます。ちがう人に届いたときは、リンクを止めるか、アドレスを変えてください。
partner-remind = 知らせる
partner-send-again = 同じメールをもう一度送る
partner-revoke = リンクを止める
partner-change = アドレスか期限を変える
partner-change-button = 変える
partner-to-list = 相手の一覧
round-partners = 相互評価
said-partner-asked = メールを送りました。
said-partner-sent = 同じメールをもう一度送りました。
said-partner-moved = 新しいアドレスへ、新しいリンクのメールを送りました。前のリンクは使えません。
said-partner-changed = 期限を変えました。
said-partner-revoked = リンクを止めました。届いた評価は残っています。
said-partner-reminded = 知らせるメールを送りました。
said-partners-reminded = まだの相手に、知らせるメールを送りました。
said-partner-published = 評価を公開しました。
said-partners-published = 届いた評価を公開しました。
said-partners-none = 公開できる評価がありませんでした。
said-partner-aside = 公開しないことにしました。
said-partner-taken-up = 公開できる状態に戻しました。
said-partner-elsewhere = このあいだに内容が変わったか、もう知らせてあります。いまのようすを確かめてください。
task-partners = 届いた相互評価{ $n }件を読んで公開する
job-partner-reminders = 相互評価がまだの相手に知らせる
schedule-partner-reminders = 相互評価の知らせ（期限の3日前）
job-plan-forgetting = 用の済んだ連絡先を消す
schedule-plan-forgetting = 用の済んだ連絡先を消す
partner-whom = { $organisation } 御中
partner-whom-named = { $organisation } { $name } 様
letter-partner-item = ・{ $item }
letter-partner-phone = 電話 { $phone }
letter-partner-asked-subject = { -plan-short }の評価のお願い（{ $year }）
letter-partner-asked-text = { $who }

    { -city }の{ -office }です。
    { $year }にいっしょに取り組んでいただいた次の項目について、ご意見と評価をお聞かせください。

    { $items }

    下のリンクを開くと、そのまま書けます。登録やパスワードはいりません。

    { $link }

    期限は { $due } です。公開されるまでは何度でも書き直せます。
    お書きいただいた評価は、団体のお名前とともに公開することがあります。
    リンクはあなたの団体だけのものです。ほかの人に渡さないでください。

    心当たりがないとき、分からないことがあるときは、{ -city } { -office }へお知らせください。
    { $phone }
letter-partner-reminded-subject = { $due }まで：{ -plan-short }の評価のお願い（{ $year }）
letter-partner-reminded-text = { $who }

    { -city }の{ -office }です。
    先にお願いした{ $year }の評価の期限が近づきました。まだの項目がありましたら、お聞かせください。

    { $items }

    下のリンクを開くと、そのまま書けます。登録やパスワードはいりません。

    { $link }

    期限は { $due } です。
    行きちがいでしたらお許しください。分からないことは、{ -city } { -office }へお知らせください。
    { $phone }
partner-closed-title = このリンクは使えません
partner-closed-text = 次のどれかが考えられます。
partner-closed-over = 回答の期限が過ぎた
partner-closed-new = 新しいリンクのメールが届いている
partner-closed-cut = メールの中でリンクが途中で切れている。リンクの最後までを写してください
partner-closed-ask = まだ書きたいことがあるときは、メールをお送りした担当か、このページの下の連絡先へお知らせください。新しいリンクをお送りします。
partner-to-plan = 計画を見る
partner-ask-title = 評価をお聞かせください
partner-ask-text = { $year }にいっしょに取り組んだ項目について、うまくいったこと、直したほうがよいことをお書きください。1項目は5分ほどで書けます。
partner-until = 期限は{ $day }です。公開されるまで、何度でも書き直せます。
partner-begin = 書き始める
partner-next = 次の項目を書く
partner-thanks = ありがとうございました
partner-thanks-text = お願いした{ $year }の項目すべてに回答をいただきました。
partner-thanks-then = 事務局が読んで、公開の準備をします。公開した評価には担当課が答え、次の年度の取り組みに生かします。
partner-items-title = お聞きする項目
partner-item = 項目
partner-not-yet = まだ
partner-done = 書きました
partner-write = 書く
partner-rewrite = 書き直す
partner-look = 見る
partner-reported = { $year }に市がしたこと
partner-planned = 予定
partner-reached = 実際
partner-unreported = 市の報告はまだできていません。いっしょに取り組んで見えたことを、そのままお書きください。
partner-to-public = この項目のくわしいページ
partner-opinion = あなたの評価
partner-grade = 進み具合をどう見ますか
partner-grade-none = 進み具合は選ばない
partner-grade-unknown = 進み具合を選び直してください。
partner-comment = ご意見
partner-comment-hint = うまくいったこと、直したほうがよいこと。{ $n }字まで。
partner-comment-missing = ご意見を書いてください。
partner-comment-long = ご意見は{ $most }字までです。{ $over }字減らしてください。
partner-my-number = マイナンバーと思われる12桁の番号があります。消してください。
partner-shown = 公開するときの名前
partner-shown-hint = 団体の名前など。個人の名前を出したくないときは書かないでください。
partner-shown-missing = 公開するときの名前を書いてください。
partner-consent = 公開について
partner-consent-text = 市がこの評価を、上の名前とともに公開することに同意します。
partner-consent-missing = 同意いただけるときに、印を付けてください。同意できないときは、担当へご連絡ください。
partner-keep = この内容で送る
partner-back = 項目の一覧に戻る
partner-public-now = この評価は公開されています。直したいときは、担当へご連絡ください。
partner-theirs = ほかの人がさきに書いています
partner-theirs-text = 書いているあいだに、同じリンクから次の内容が送られました。あなたの文章は下にそのまま残っています。見くらべて、よければもう一度送ってください。
partner-mine = 書いていた内容
partner-mine-text = 送る前にさきの評価が公開されたため、受け取れませんでした。書いた内容は次のとおりです。直したいときは、これを写して担当へお送りください。
said-partner-kept = 受け取りました。公開されるまでは書き直せます。
