//! Residents' comments: the city asks, residents write, the office reads, covers, puts together and publishes.

use chrono::TimeDelta;
use kyodo_kernel::notices;
use kyodo_kernel::people::Role;
use kyodo_plan::voice::stamp;
use kyodo_testkit::{Page, TestCity, Visitor};

use crate::desk::field;
use crate::partners::comes;
use crate::world::{city, report, reported, shown};

const VOICES: &str = "/desk/plan/voices/2026";
const CALL: &str = "/desk/plan/voices/2026/call";
/// 折り方の会, a measure of 折り鶴課.
const PUBLIC: &str = "/plan/nodes/1-1-1-1";
const VOICE: &str = "/plan/nodes/1-1-1-1/voice?year=2026";

struct Hall {
    city: TestCity,
    office: Visitor,
    resident: Visitor,
}

/// A report of the year is public, and nobody is asked yet.
async fn hall() -> Hall {
    let city = city("mihon").await;
    reported(&city, &[report("1-1-1-1", 2026, "花")]).await;
    Hall {
        office: city.person("田中恵", &[(Role::Coordinator, None)]).await, resident: city.visitor("木村千尋"), city
    }
}

impl Hall {
    async fn opened(self) -> Self {
        let page = self.office.gets(CALL).await;
        let days = [("opens", "2026-11-01"), ("closes", "令和8年12月20日"), ("question", "夜の会はいりますか。")];
        self.office.fills(&page, CALL, &days).await.is(303);
        self
    }

    /// The page on which somebody checks what they wrote.
    async fn checks(&self, who: &Visitor, fields: &[(&str, &str)]) -> Page {
        let page = who.gets(VOICE).await;
        page.ok();
        // People take a while; a test does not.
        let since = self.a_while_ago();
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("since", since.as_str())]).collect();
        who.fills(&page, VOICE, &fields).await
    }

    fn a_while_ago(&self) -> String {
        let now = self.city.house().house().clock.now();
        stamp(&self.city.city().secret, now - TimeDelta::minutes(2))
    }

    /// Somebody has sent a comment.
    async fn sends(&self, who: &Visitor, comment: &str) -> Page {
        let page = self.checks(who, &[("comment", comment)]).await;
        page.ok();
        let answer = who.fills(&page, VOICE, &[("step", "send")]).await;
        who.is_led(&answer).await
    }
}

fn one(n: usize, below: &str) -> String {
    format!("{VOICES}/{n}{below}")
}

#[tokio::test]
async fn a_resident_writes_checks_and_sends_and_the_office_publishes() {
    let here = hall().await;
    let hana = here.city.person("佐藤花", &[(Role::Reporter, Some("orizuru"))]).await;
    shown(&here.city, PUBLIC).await.does_not_say("この取組への意見を書く");
    here.resident.gets(VOICE).await.is(410).says("いまは意見を受け付けていません");
    here.office.gets(VOICES).await.ok().says("この年度への意見は募集していません。");
    let here = here.opened().await;
    let page = shown(&here.city, PUBLIC).await;
    page.says("令和8年12月20日（日）まで受け付けています。");
    here.resident.follows(&page, "この取組への意見を書く").await.ok().says("夜の会はいりますか。");

    let page = here.checks(&here.resident, &[("comment", "夜にも折りたいです。"), ("name", "千尋")]).await;
    page.ok().says("まだ送っていません。").says("夜にも折りたいです。").says("千尋");
    here.office.gets(&format!("{VOICES}?stage=all")).await.does_not_say("夜にも折りたいです。");
    let back = here.resident.fills(&page, VOICE, &[("step", "edit")]).await;
    assert_eq!(field(&back, VOICE, "comment"), "夜にも折りたいです。");
    let answer = here.resident.fills(&page, VOICE, &[("step", "send")]).await;
    let thanks = here.resident.is_led(&answer).await;
    thanks.ok().says("ご意見をありがとうございました").says("担当が読んでいます").does_not_say("夜にも折りたいです。");
    // Sending the same form again leads to the same receipt.
    let again = here.resident.fills(&page, VOICE, &[("step", "send")]).await;
    assert_eq!(again.header("location"), answer.header("location"));

    shown(&here.city, PUBLIC).await.does_not_say("夜にも折りたいです。");
    let page = here.office.follows(&here.office.gets(VOICES).await, "夜にも折りたいです。").await;
    here.office.fills(&page, &one(1, "/readiness"), &[("as", "name")]).await.is(303);
    shown(&here.city, PUBLIC).await.does_not_say("夜にも折りたいです。");
    let page = here.office.gets(VOICES).await;
    here.office.fills(&page, &format!("{VOICES}/publications"), &[]).await.is(303);
    shown(&here.city, PUBLIC).await.says("夜にも折りたいです。").says("千尋");
    // Whoever answers for it is told.
    let told = notices::told(here.city.db(), hana.account(), None, 20).await.expect("notices");
    let told: Vec<&str> = told.iter().map(|notice| notice.message.as_str()).collect();
    assert_eq!(told, ["notice-opinions-published"]);
    here.resident.gets(answer.header("location")).await.says("公開しました。");
}

#[tokio::test]
async fn what_somebody_wants_to_be_forgotten_is_erased_and_withdrawn() {
    let here = hall().await.opened().await;
    let thanks = here.sends(&here.resident, "夜にも折りたいです。").await;
    let page = here.office.gets(&one(1, "")).await;
    here.office.fills(&page, &one(1, "/readiness"), &[("publish", "1")]).await.is(303);
    let page = here.office.gets(&one(1, "")).await;
    here.office.is_led(&here.office.fills(&page, &one(1, "/erasure"), &[]).await).await.says("印を付けてください");
    for _ in 0..2 {
        here.office.fills(&page, &one(1, "/erasure"), &[("sure", "yes")]).await.is(303);
    }
    let page = here.office.gets(&one(1, "")).await;
    page.says("届いた文章は消しました。").does_not_say("消すことを確かめました");
    // What is public stays until it is withdrawn.
    shown(&here.city, PUBLIC).await.says("夜にも折りたいです。");
    let opinion = here.office.follows(&page, "答え、訂正、取り下げ").await;
    let page = here.office.follows(&opinion, "公開したものを取り下げる").await;
    let address = page.url().path().to_owned();
    let sure = [("reason", "書いた方から申し出がありました。"), ("sure", "yes")];
    here.office.fills(&page, &address, &sure).await.is(303);
    shown(&here.city, PUBLIC).await.does_not_say("夜にも折りたいです。");
    here.office.gets(&one(1, "")).await.does_not_say("夜にも折りたいです。");
    here.resident.gets(thanks.url().path()).await.says("一度公開しましたが、取り下げました。");
}

#[tokio::test]
async fn the_office_finds_comments_by_what_they_are_about_and_by_their_words() {
    let here = hall().await.opened().await;
    let thanks = here.sends(&here.resident, "夜のＰＣ教室がほしいです。").await;
    let whole = "/plan/reports/2026/voice";
    let since = here.a_while_ago();
    let page = here.resident.gets(whole).await;
    let fields = [("comment", "表紙が明るい。"), ("since", since.as_str())];
    let page = here.resident.fills(&page, whole, &fields).await;
    here.resident.fills(&page, whole, &[("step", "send")]).await.is(303);
    let seen = async |query: &str| {
        let page = here.office.gets(&format!("{VOICES}?{query}")).await;
        page.ok();
        page.texts_of("tbody th a")
    };
    assert_eq!(seen("stage=new").await, ["夜のＰＣ教室がほしいです。", "表紙が明るい。"]);
    assert_eq!(seen("stage=all&about=0").await, ["表紙が明るい。"]);
    assert_eq!(seen("stage=all&q=pc教室").await, ["夜のＰＣ教室がほしいです。"]);
    let receipt = thanks.texts_of(".key").concat();
    assert_eq!(seen(&format!("stage=all&q={receipt}")).await, ["夜のＰＣ教室がほしいです。"]);
    here.office.gets(&format!("{VOICES}?q=舟")).await.says("当てはまる意見はありません。").says("しぼりこみをやめる");
}

#[tokio::test]
async fn what_is_erased_before_anybody_decided_is_not_published_and_what_it_spoke_for_waits_again() {
    let here = hall().await.opened().await;
    for comment in ["夜にも折りたいです。", "夜も折りたい。"] {
        here.sends(&here.resident, comment).await;
    }
    let page = here.office.gets(&one(1, "")).await;
    here.office.fills(&page, &one(1, "/merging"), &[("other", "2.0")]).await.is(303);
    let page = here.office.gets(&one(1, "")).await;
    here.office.fills(&page, &one(1, "/erasure"), &[("sure", "yes")]).await.is(303);
    here.office.gets(&one(1, "")).await.says("公開しない").does_not_say("夜にも折りたいです。");
    here.office.gets(VOICES).await.says("夜も折りたい。");
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_nothing_is_lost() {
    let here = hall().await.opened().await;
    let long = "折".repeat(401);
    let page = here.checks(&here.resident, &[("comment", &long)]).await;
    page.is(422).says("1字減らしてください。");
    assert_eq!(field(&page, VOICE, "comment"), long);
    here.checks(&here.resident, &[]).await.is(422).says("意見を書いてください。");
    let number = [("comment", "1234-5678-9018です")];
    here.checks(&here.resident, &number).await.is(422).says("マイナンバーと思われる");
    let filled = [("comment", "よいです。"), ("homepage", "http://example.jp")];
    here.checks(&here.resident, &filled).await.is(422).says("この欄は空のままにしてください。");
    let phone = [("comment", "0191-21-2111に電話をください。")];
    here.checks(&here.resident, &phone).await.ok().says("電話番号かメールアドレスのようなものがあります");
}

#[tokio::test]
async fn a_program_that_sends_at_once_is_asked_once_more() {
    let here = hall().await.opened().await;
    let page = here.resident.gets(VOICE).await;
    let page = here.resident.fills(&page, VOICE, &[("comment", "よいです。")]).await;
    let answer = here.resident.fills(&page, VOICE, &[("step", "send")]).await;
    answer.is(422).says("もう一度「送る」を押してください。").says("よいです。");
    // Without ever having seen the form it goes no further.
    let fields = [("comment", "よいです。"), ("step", "send"), ("once", "a"), ("since", "1.2")];
    here.resident.posts(VOICE, &fields).await.is(422);
    here.office.gets(&format!("{VOICES}?stage=all")).await.says("当てはまる意見はありません。");
}

#[tokio::test]
async fn so_many_comments_come_from_one_place_and_no_more() {
    let here = hall().await.opened().await;
    for n in 0..20 {
        let once = format!("token-{n}");
        let since = here.a_while_ago();
        let fields = [("comment", "よいです。"), ("step", "send"), ("once", once.as_str()), ("since", since.as_str())];
        // Pressed twice, it is one comment.
        for _ in 0..2 {
            here.resident.posts(VOICE, &fields).await.is(303);
        }
    }
    let since = here.a_while_ago();
    let fields = [("comment", "夜も開けて。"), ("step", "send"), ("once", "more"), ("since", since.as_str())];
    let page = here.resident.posts(VOICE, &fields).await;
    page.is(429).says("受け付けを止めています").says("夜も開けて。");
    assert_eq!(field(&page, VOICE, "comment"), "夜も開けて。");
}

#[tokio::test]
async fn parts_are_covered_and_nothing_is_reworded() {
    let here = hall().await.opened().await;
    here.sends(&here.resident, "課長の佐藤さんに聞きました。夜にも開いてください。").await;
    let page = here.office.gets(&one(1, "")).await;
    let readiness = one(1, "/readiness");
    let reworded = [("shown", "課長に聞きました。夜にも開いてください。")];
    here.office.fills(&page, &readiness, &reworded).await.is(422).says("届いた意見にない言葉になっています。");
    let covered = [("shown", "課長の●●さんに聞きました。夜にも開いてください。"), ("publish", "1")];
    here.office.fills(&page, &readiness, &covered).await.is(303);
    let public = shown(&here.city, PUBLIC).await;
    public.says("課長の●●さんに聞きました。").does_not_say("佐藤さん").says("紙を持つ人");
    // The office still has the words, and what is public is decided on no more.
    let page = here.office.gets(&one(1, "")).await;
    page.says("課長の佐藤さんに聞きました。").does_not_say("公開待ちにする");
}

#[tokio::test]
async fn comments_that_say_the_same_are_published_as_one() {
    let here = hall().await.opened().await;
    for comment in ["夜にも折りたいです。", "夜の会がほしい。", "夜もやって。"] {
        here.sends(&here.resident, comment).await;
    }
    let page = here.office.gets(&one(1, "")).await;
    let merging = one(1, "/merging");
    here.office.fills(&page, &merging, &[]).await.is(422).says("まとめる意見を選んでください。");
    let once = field(&page, &merging, "once");
    let fields = [("base", "0"), ("once", once.as_str()), ("other", "2.0"), ("other", "3.0")];
    here.office.posts(&merging, &fields).await.is(303);
    here.office.gets(VOICES).await.says("ほか2件をまとめています").does_not_say("夜の会がほしい。");
    // Back in the queue, each stands for itself again.
    let page = here.office.gets(&one(1, "")).await;
    here.office.fills(&page, &one(1, "/return"), &[]).await.is(303);
    here.office.gets(VOICES).await.says("夜の会がほしい。");
    let page = here.office.gets(&one(1, "")).await;
    let (once, base) = (field(&page, &merging, "once"), field(&page, &merging, "base"));
    let fields = [("base", base.as_str()), ("once", once.as_str()), ("other", "2.2")];
    here.office.posts(&merging, &fields).await.is(303);
    let page = here.office.gets(&one(1, "")).await;
    here.office.fills(&page, &one(1, "/readiness"), &[("publish", "1")]).await.is(303);
    shown(&here.city, PUBLIC)
        .await
        .says("夜にも折りたいです。")
        .says("同じ趣旨の意見 2件")
        .does_not_say("夜の会がほしい。");
}

#[tokio::test]
async fn what_is_set_aside_never_shows_and_can_come_back() {
    let here = hall().await.opened().await;
    here.sends(&here.resident, "広告です。").await;
    let page = here.office.gets(&one(1, "")).await;
    let aside = one(1, "/setting-aside");
    here.office.fills(&page, &aside, &[]).await.is(422).says("公開しないわけを書いてください。");
    here.office.fills(&page, &aside, &[("reason", "宣伝のため。")]).await.is(303);
    // Whoever has an older page is told.
    let answer = here.office.fills(&page, &one(1, "/readiness"), &[("publish", "1")]).await;
    here.office.is_led(&answer).await.says("このあいだに内容が変わりました。").says("宣伝のため。");
    shown(&here.city, PUBLIC).await.does_not_say("広告です。");
    let page = here.office.gets(&one(1, "")).await;
    here.office.fills(&page, &one(1, "/return"), &[]).await.is(303);
    here.office.gets(VOICES).await.says("広告です。").does_not_say("宣伝のため。");
}

#[tokio::test]
async fn a_whole_year_is_commented_on_too_and_only_while_it_is_open() {
    let here = hall().await.opened().await;
    let page = shown(&here.city, "/plan/reports/2026").await;
    let page = here.resident.follows(&page, "2026年度の取り組みへの意見を書く").await;
    page.ok().says("夜の会はいりますか。");
    // A node without a public report of the year is not asked about.
    here.resident.gets("/plan/nodes/1-2-1-1/voice?year=2026").await.is(410);
    here.resident.gets("/plan/reports/2023/voice").await.is(404);
    let check = here.checks(&here.resident, &[("comment", "間に合いますか。")]).await;
    let call = here.office.gets(CALL).await;
    let over = [("opens", "2026-11-01"), ("closes", "2026-11-19")];
    here.office.fills(&call, CALL, &over).await.is(303);
    // Whoever was writing when it ended keeps the words.
    here.resident.fills(&check, VOICE, &[("step", "send")]).await.is(410).says("間に合いますか。");
    shown(&here.city, PUBLIC).await.does_not_say("この取組への意見を書く");
    // Two people cannot set the days over each other.
    let answer = here.office.fills(&call, CALL, &[("closes", "2026-12-31"), ("once", "other")]).await;
    here.office.is_led(&answer).await.says("このあいだに内容が変わりました。");
    let page = here.office.fills(&call, CALL, &[("opens", "2026-12-01"), ("closes", "2026-11-30")]).await;
    // Who is told what is wrong sets them over nobody's either.
    let answer = here.office.fills(page.is(422), CALL, &[("closes", "2026-12-31")]).await;
    here.office.is_led(&answer).await.says("このあいだに内容が変わりました。");
}

#[tokio::test]
async fn words_are_forgotten_a_year_after_they_came_in_wherever_they_stand() {
    let here = hall().await.opened().await;
    for comment in ["夜にも折りたいです。", "夜の会がほしい。", "朝も開けて。", "昼がよいです。"]
    {
        here.sends(&here.resident, comment).await;
    }
    let page = here.office.gets(&one(1, "")).await;
    here.office.fills(&page, &one(1, "/merging"), &[("other", "2.0")]).await.is(303);
    let page = here.office.gets(&one(3, "")).await;
    let stale = here.office.gets(&one(4, "")).await;
    here.office.fills(&page, &one(3, "/readiness"), &[]).await.is(303);
    comes(&here.city, "plan-forgetting", "2027-11-19").await;
    here.office.gets(VOICES).await.says("昼がよいです。");
    comes(&here.city, "plan-forgetting", "2027-11-22").await;
    let kept: Vec<(String, String, String)> =
        here.city.db().ask("SELECT stage, comment, shown FROM plan_voice ORDER BY id").all().await.expect("a list");
    assert!(kept.iter().all(|(_, comment, shown)| comment.is_empty() && shown.is_empty()), "{kept:?}");
    let stages: Vec<&str> = kept.iter().map(|(stage, ..)| stage.as_str()).collect();
    assert_eq!(stages, ["aside", "merged", "aside", "aside"]);
    // Nobody publishes nothing, and nothing waits.
    here.office.gets(VOICES).await.does_not_say("公開待ちの");
    here.office.gets(&one(3, "")).await.ok().says("届いた文章は消しました。").does_not_say("列に戻す");
    let answer = here.office.fills(&stale, &one(4, "/readiness"), &[("shown", "")]).await;
    answer.is(422);
}

#[tokio::test]
async fn only_whoever_runs_the_plan_reads_them_and_the_desk_says_that_they_wait() {
    let here = hall().await.opened().await;
    here.sends(&here.resident, "夜にも折りたいです。").await;
    let hana = here.city.person("佐藤花", &[(Role::Reporter, Some("orizuru"))]).await;
    let auditor = here.city.person("山本翔", &[(Role::Auditor, None)]).await;
    hana.gets(VOICES).await.is(403);
    hana.gets(&one(1, "")).await.is(403);
    auditor.gets(&one(1, "")).await.ok().does_not_say("公開待ちにする");
    for who in [&hana, &auditor] {
        who.posts(&one(1, "/readiness"), &[("base", "0"), ("shown", "夜にも折りたいです。"), ("once", "a")])
            .await
            .is(403);
        who.posts(CALL, &[("once", "b")]).await.is(403);
    }
    here.city.visitor("通りがかり").gets(VOICES).await.is(303);
    here.resident.gets("/plan/voices/ABCD-EFGH").await.is(404);
    // A signed-in writer is as unknown as anybody else.
    here.sends(&hana, "職員ですが、夜は開けません。").await;
    let actors: Vec<(String,)> = here
        .city
        .db()
        .ask("SELECT actor FROM audit_entry WHERE action = 'voice.received'")
        .all()
        .await
        .expect("the trail can be read");
    assert!(actors.len() == 2 && actors.iter().all(|(actor,)| actor == "visitor"), "{actors:?}");
}
