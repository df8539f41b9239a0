# いっしょに した 人に 意見を きく ことば。
partners-title = { $year }に いっしょに した 人の 意見
partners-lead = いっしょに した 団体に、メールで 意見を ききます。アカウントは いりません。
partners-none = まだ だれにも きいて いません
partners-none-text = 相手を 入れると、リンクの ある メールが とどきます。
partners-count = { $n }の 団体に きいて います
partners-publish-all = とどいた 意見 { $n }件を みんなに 見せる
partners-remind-all = まだの { $n }の 団体に しらせる
partner-new = 意見を きく
partner-new-lead = おくると、相手に メールが とどきます。
partner-organisation = 団体の 名前
partner-organisation-hint = みんなに 見せる ときの 名前に なります。
partner-organisation-missing = 団体の 名前を 書いてください。
partner-name = 団体の 人
partner-name-hint = わかる ときだけ 書きます。みんなには 見せません。
partner-email = メールアドレス
partner-email-hint = かえると、あたらしい リンクを おくります。前の リンクは つかえません。
partner-email-wrong = このアドレスには おくる ことが できません。
partner-items = きく 項目
partner-items-missing = きく 項目を えらんでください。
partner-asked-already = この人には もう「{ $item }」を ききました。
partner-due = いつまで
partner-due-hint = 3日 前に もう一度 しらせます。
partner-due-past = もう すぎた 日です。
partner-note = 相手への れんらく
partner-note-hint = メールに 書きます。{ $n }字まで。
partner-long = { $n }字 少なく してください。
partner-send = メールを おくる
partner-state = ようす
partner-stage-asked = まって います
partner-stage-answered = 意見が とどきました
partner-stage-aside = 見せません
partner-stage-published = みんなに 見せた
partner-ended = リンクを とめました
partner-late = おくれて います
partner-answered-of = { $of }件の うち { $n }件 書きました
partner-answers = 書いた もの
partner-forgotten = 1年 すぎたので けしました
partner-asked-at = きいた 日
partner-asked-by = きいた 人
partner-reminded-at = さいごに しらせた 日
partner-ended-at = リンクを とめた 日
partner-publish = みんなに 見せる
partner-set-aside = 見せない とき
partner-set-aside-button = 見せない
partner-reason = 見せない わけ
partner-reason-hint = 市役所の 人だけが 見ます。
partner-reason-missing = 見せない わけを 書いてください。
partner-take-up = もとに もどす
partner-letters = メール
partner-letters-text = リンクを しって いる 人は だれでも 書けます。ちがう 人に とどいた ときは リンクを とめてください。
partner-remind = しらせる
partner-send-again = もう一度 おくる
partner-revoke = リンクを とめる
partner-change = アドレスか 日を かえる
partner-change-button = かえる
partner-to-list = みんなの 一覧
round-partners = いっしょに した 人の 意見
said-partner-asked = メールを おくりました。
said-partner-sent = もう一度 おくりました。
said-partner-moved = あたらしい アドレスに おくりました。前の リンクは つかえません。
said-partner-changed = 日を かえました。
said-partner-revoked = リンクを とめました。
said-partner-reminded = しらせました。
said-partners-reminded = まだの 人に しらせました。
said-partner-published = 意見を みんなに 見せました。
said-partners-published = とどいた 意見を みんなに 見せました。
said-partners-none = 見せる 意見は ありませんでした。
said-partner-aside = 見せない ことに しました。
said-partner-taken-up = もとに もどしました。
said-partner-elsewhere = 内容が かわったか、もう しらせて あります。たしかめてください。
task-partners = とどいた 意見 { $n }件を 読む
job-partner-reminders = 意見が まだの 人に しらせる
schedule-partner-reminders = 意見が まだの 人に しらせる
job-plan-forgetting = いらなく なった アドレスを けす
schedule-plan-forgetting = いらなく なった アドレスを けす
partner-whom = { $organisation } さま
partner-whom-named = { $organisation } { $name } さま
letter-partner-item = ・{ $item }
letter-partner-phone = 電話 { $phone }
letter-partner-asked-subject = 意見を おしえてください（{ -plan-short }、{ $year }）
letter-partner-asked-text = { $who }

    { -city }の { -office }です。
    { $year }に いっしょに した ことの 意見を おしえてください。

    { $items }

    この リンクを ひらくと 書けます。パスワードは いりません。

    { $link }

    { $due }までに 書いてください。みんなに 見せる 前なら、なんども 書きなおせます。
    意見は 団体の 名前と いっしょに みんなに 見せる ことが あります。
    わからない ことは { -city } { -office }に きいてください。
    { $phone }
letter-partner-reminded-subject = { $due }まで：意見を おしえてください（{ -plan-short }、{ $year }）
letter-partner-reminded-text = { $who }

    { -city }の { -office }です。
    { $year }の 意見の 日が 近く なりました。

    { $items }

    この リンクを ひらくと 書けます。

    { $link }

    { $due }までに 書いてください。
    { $phone }
partner-closed-title = このリンクは つかえません
partner-closed-text = わけは つぎの どれかです。
partner-closed-over = 書く 日が おわった
partner-closed-new = あたらしい リンクの メールが とどいて いる
partner-closed-cut = リンクが とちゅうで きれて いる。さいごまで うつしてください
partner-closed-ask = 書きたい ときは、このページの 下の 連絡先に きいてください。
partner-to-plan = 計画を 見る
partner-ask-title = 意見を おしえてください
partner-ask-text = { $year }に いっしょに した ことで、よかった ことと なおした ほうが いい ことを 書いてください。5分くらいで 書けます。
partner-until = { $day }までに 書いてください。みんなに 見せる 前なら、なんども 書きなおせます。
partner-begin = 書く
partner-next = つぎを 書く
partner-thanks = ありがとうございました
partner-thanks-text = { $year }の ぜんぶに 意見を もらいました。
partner-thanks-then = 市役所の 人が 読みます。そして みんなに 見せて、意見に こたえます。
partner-items-title = きく 項目
partner-item = 項目
partner-not-yet = まだ
partner-done = 書きました
partner-write = 書く
partner-rewrite = 書きなおす
partner-look = 見る
partner-reported = { $year }に 市が した こと
partner-planned = する つもりだった こと
partner-reached = した こと
partner-unreported = 市の ほうこくは まだ ありません。いっしょに して わかった ことを 書いてください。
partner-to-public = もっと くわしい ページ
partner-opinion = あなたの 意見
partner-grade = どのくらい すすんだと おもいますか
partner-grade-none = えらばない
partner-grade-unknown = もう一度 えらんでください。
partner-comment = 意見
partner-comment-hint = よかった こと、なおした ほうが いい こと。{ $n }字まで。
partner-comment-missing = 意見を 書いてください。
partner-comment-long = { $most }字までです。{ $over }字 少なく してください。
partner-my-number = マイナンバーが あります。けしてください。
partner-shown = みんなに 見せる 名前
partner-shown-hint = 団体の 名前などです。自分の 名前を 見せたく ない ときは 書かないでください。
partner-shown-missing = みんなに 見せる 名前を 書いてください。
partner-consent = みんなに 見せる こと
partner-consent-text = 市が この意見を 名前と いっしょに みんなに 見せて いいです。
partner-consent-missing = いい ときは しるしを つけてください。だめな ときは 市役所に きいてください。
partner-keep = おくる
partner-back = もどる
partner-public-now = この意見は みんなが 見て います。なおしたい ときは 市役所に きいてください。
partner-theirs = ほかの 人が さきに 書きました
partner-theirs-text = 同じ リンクで ほかの 人が 書きました。あなたの 文は 下に あります。よければ もう一度 おくってください。
partner-mine = あなたが 書いた こと
partner-mine-text = さきの 意見を もう みんなに 見せたので、うけとる ことが できませんでした。なおしたい ときは、これを 市役所に おくってください。
said-partner-kept = うけとりました。みんなに 見せる 前なら 書きなおせます。
