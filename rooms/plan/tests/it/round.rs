//! The yearly round: a year is opened, departments report, others agree, the office publishes and freezes.

use kyodo_kernel::notices;
use kyodo_kernel::people::Role;
use kyodo_testkit::{Page, TestCity, Visitor};

use crate::desk::field;
use crate::partners::comes;
use crate::world::{city, shown};

const ROUNDS: &str = "/desk/plan/rounds";
const ROUND: &str = "/desk/plan/rounds/2026";
/// 折り方の会, a measure of 折り鶴課.
const ITEM: &str = "/desk/plan/rounds/2026/1-1-1-1";

/// Whoever runs the plan, the writers of 折り鶴課, and its head.
struct Hall {
    city: TestCity,
    office: Visitor,
    hana: Visitor,
    ken: Visitor,
    head: Visitor,
}

async fn office() -> Hall {
    let city = city("mihon").await;
    Hall {
        office: city.person("田中恵", &[(Role::Coordinator, None)]).await,
        hana: city.person("佐藤花", &[(Role::Reporter, Some("orizuru"))]).await,
        ken: city.person("高橋健", &[(Role::Reporter, Some("orizuru"))]).await,
        head: city.person("鈴木誠", &[(Role::Head, Some("orizuru"))]).await,
        city,
    }
}

const DAYS: [(&str, &str); 4] =
    [("year", "2026"), ("opens", "2026-11-01"), ("due", "令和8年12月11日"), ("decide", "2026/12/25")];

impl Hall {
    /// The office has opened the year.
    async fn opened(self) -> Self {
        let page = self.office.gets(ROUNDS).await;
        self.office.fills(&page, ROUNDS, &DAYS).await.is(303);
        self
    }

    async fn hands_in(&self, who: &Visitor, text: &str) -> Page {
        let page = who.gets(&format!("{ITEM}?write=1")).await;
        let fields = [("mark", "花"), ("grade", "舟"), ("text", text), ("next", "もっと折ります。")];
        who.fills(&page, &format!("{ITEM}/submission"), &fields).await
    }

    async fn agrees(&self, who: &Visitor) -> Page {
        let page = who.gets(ITEM).await;
        who.fills(&page, &format!("{ITEM}/agreement"), &[]).await
    }

    /// Everybody has agreed, and the office has published.
    async fn published(&self, text: &str) {
        self.hands_in(&self.hana, text).await.is(303);
        self.agrees(&self.head).await.is(303);
        self.agrees(&self.office).await.is(303);
        let page = self.office.gets(ITEM).await;
        self.office.fills(&page, &format!("{ITEM}/publication"), &[]).await.is(303);
    }

    async fn told(&self, who: &Visitor) -> Vec<String> {
        let told = notices::told(self.city.db(), who.account(), None, 20).await.expect("notices");
        told.into_iter().map(|notice| notice.message).collect()
    }
}

#[tokio::test]
async fn a_year_goes_from_the_office_to_the_public_page() {
    let here = office().await;
    here.office.gets(ROUNDS).await.ok().says("まだ報告の年度を開いていません").says("年度を開く");
    let here = here.opened().await;
    assert_eq!(here.told(&here.hana).await, ["notice-round-opened"]);
    here.hana.gets(ROUND).await.ok().says("わたしの課の項目").says("未提出");

    let page = here.hana.gets(ITEM).await;
    page.ok().says("あと21日").says("出すと、所属長（鈴木誠さん）が確認します").says("所属長へ出す");
    here.hands_in(&here.hana, "鶴を千羽折りました。").await.is(303);
    here.hana.gets(ITEM).await.says("所属長の確認待ち").says("佐藤花さんが出しました");
    assert_eq!(here.told(&here.head).await, ["notice-report-submitted"]);
    shown(&here.city, "/plan/nodes/1-1-1-1").await.does_not_say("鶴を千羽折りました。");

    here.head.gets(ITEM).await.says("承認して計画の担当課へ進める").says("鶴を千羽折りました。");
    here.agrees(&here.head).await.is(303);
    assert_eq!(here.told(&here.office).await, ["notice-report-submitted"]);
    let page = here.office.gets(ITEM).await;
    page.says("承認して公開する").says("鈴木誠さんが承認しました");
    let agreement = format!("{ITEM}/agreement");
    here.office.fills(&page, &agreement, &[("publish", "1")]).await.is(303);
    shown(&here.city, "/plan/nodes/1-1-1-1").await.says("鶴を千羽折りました。").says("もっと折ります。");
    here.office.gets(&format!("{ROUND}?stage=published")).await.says("公開済み").says("1件の節");
}

#[tokio::test]
async fn a_report_comes_back_with_a_note_and_goes_again() {
    let here = office().await.opened().await;
    here.hands_in(&here.hana, "折りました。").await.is(303);
    let page = here.head.gets(ITEM).await;
    let back = format!("{ITEM}/return");
    here.head.fills(&page, &back, &[]).await.is(422).says("差し戻すわけを書いてください。");
    here.head.fills(&page, &back, &[("note", "何羽かを書いてください。")]).await.is(303);
    assert!(here.told(&here.hana).await.contains(&"notice-report-returned".to_owned()));
    here.hana.gets(ITEM).await.says("差し戻し").says("何羽かを書いてください。");
    here.hands_in(&here.hana, "千羽折りました。").await.is(303);
    here.head.gets(ITEM).await.says("千羽折りました。").says("承認して");
    // Taking it back is for those who wrote it, while nobody has decided.
    let page = here.hana.gets(ITEM).await;
    here.hana.fills(&page, &format!("{ITEM}/withdrawal"), &[]).await.is(303);
    here.hana.gets(ITEM).await.says("未提出").says("佐藤花さんが取り戻しました");
}

#[tokio::test]
async fn whoever_comes_second_sees_both_reports() {
    let here = office().await.opened().await;
    let (of_hana, submission) = (here.hana.gets(ITEM).await, format!("{ITEM}/submission"));
    here.hands_in(&here.ken, "舟を折りました。").await.is(303);
    let mine = [("mark", "花"), ("grade", "鶴"), ("text", "鶴を折りました。")];
    let page = here.hana.fills(&of_hana, &submission, &mine).await;
    page.is(409).says("ほかの人がさきに出しています").says("高橋健さんがこの報告を出しました。");
    page.says("舟を折りました。").says("鶴を折りました。");
    let again = here.hana.fills(&page, &submission, &[("take", "both")]).await;
    let again = here.hana.is_led(&again).await;
    assert_eq!(field(&again, &submission, "text"), "鶴を折りました。");
    here.hana.fills(&page, &submission, &[("take", "mine")]).await.is(303);
    here.head.gets(ITEM).await.says("鶴を折りました。").does_not_say("舟を折りました。");
}

#[tokio::test]
async fn nobody_agrees_to_what_they_have_not_seen() {
    let here = office().await.opened().await;
    here.hands_in(&here.hana, "折りました。").await.is(303);
    let seen = here.head.gets(ITEM).await;
    here.hands_in(&here.ken, "ちがう折り方をしました。").await.is(303);
    let answer = here.head.fills(&seen, &format!("{ITEM}/agreement"), &[]).await;
    here.head.is_led(&answer).await.says("ほかの人がさきに進めました").says("所属長の確認待ち");
}

#[tokio::test]
async fn of_two_who_may_agree_the_second_is_told_that_somebody_was_faster() {
    let here = office().await.opened().await;
    let other = here.city.person("渡辺翼", &[(Role::Head, Some("orizuru"))]).await;
    here.hands_in(&here.hana, "折りました。").await.is(303);
    let seen = other.gets(ITEM).await;
    here.agrees(&here.head).await.is(303);
    let (agreement, back) = (format!("{ITEM}/agreement"), format!("{ITEM}/return"));
    let answer = other.fills(&seen, &agreement, &[]).await;
    other.is_led(&answer).await.says("ほかの人がさきに進めました").says("計画の担当課の確認待ち");
    let answer = other.fills(&seen, &back, &[("note", "何羽かを書いてください。")]).await;
    other.is_led(&answer).await.says("ほかの人がさきに進めました").says("計画の担当課の確認待ち");
    // What they have seen and is not theirs any more, they may not.
    other.posts(&agreement, &[("base", "2"), ("once", "a")]).await.is(403);
    other.posts(&back, &[("base", "2"), ("once", "b"), ("note", "何羽かを書いてください。")]).await.is(403);
}

#[tokio::test]
async fn what_is_missing_stands_beside_its_field_and_nothing_is_lost() {
    let here = office().await.opened().await;
    let page = here.hana.gets(ITEM).await;
    let long = "折".repeat(601);
    let submission = format!("{ITEM}/submission");
    let page = here.hana.fills(&page, &submission, &[("text", &long)]).await;
    page.is(422)
        .says("この年度の段階を選んでください。")
        .says("進み具合を選んでください。")
        .says("1字減らしてください。");
    assert_eq!(field(&page, &submission, "text"), long);
}

#[tokio::test]
async fn others_read_and_change_nothing() {
    let here = office().await.opened().await;
    let other = here.city.person("小林舟", &[(Role::Reporter, Some("kamifusen"))]).await;
    let auditor = here.city.person("山本翔", &[(Role::Auditor, None)]).await;
    other.gets(ITEM).await.ok().does_not_say("所属長へ出す");
    for who in [&other, &auditor] {
        who.posts(&format!("{ITEM}/submission"), &[("text", "x"), ("once", "a")]).await.is(403);
        who.posts(&format!("{ITEM}/agreement"), &[("base", "0"), ("once", "b")]).await;
    }
    here.hands_in(&here.hana, "折りました。").await.is(303);
    here.hana.posts(&format!("{ITEM}/agreement"), &[("base", "1"), ("once", "c")]).await.is(403);
    here.head.gets(ITEM).await.says("所属長の確認待ち");
    here.city.visitor("花").gets(ITEM).await.is(303);
}

#[tokio::test]
async fn a_frozen_year_changes_only_by_a_correction_that_everybody_sees() {
    let here = office().await.opened().await;
    here.published("鶴を百羽折りました。").await;
    let page = here.office.gets(ROUND).await;
    page.says("まだ公開していない報告が");
    let freeze = format!("{ROUND}/freeze");
    let unsure = here.office.fills(&page, &freeze, &[]).await;
    here.office.is_led(&unsure).await.says("確かめの欄に印を付けてください");
    let page = here.office.gets(ROUND).await;
    here.office.fills(&page, &freeze, &[("sure", "yes")]).await.is(303);
    here.hana.gets("/desk/plan/rounds/2026/1-1-1-2").await.does_not_say("所属長へ出す");

    let address = format!("{ITEM}/correction");
    let page = here.office.gets(&address).await;
    here.office
        .fills(&page, &address, &[("text", "鶴を千羽折りました。")])
        .await
        .is(422)
        .says("訂正の理由を書いてください。");
    let fields = [("text", "鶴を千羽折りました。"), ("reason", "数え直しました。")];
    here.office.fills(&page, &address, &fields).await.is(303);
    let public = shown(&here.city, "/plan/nodes/1-1-1-1").await;
    public.says("鶴を千羽折りました。").says("数え直しました。").says("鶴を百羽折りました。");
    here.hana.posts(&address, &[("once", "x")]).await.is(403);
}

#[tokio::test]
async fn the_days_of_a_round_must_be_in_order() {
    let here = office().await;
    let page = here.office.gets(ROUNDS).await;
    let wrong = [("opens", "2026-03-31"), ("due", "2026-03-01"), ("decide", "きのう")];
    let page = here.office.fills(&page, ROUNDS, &wrong).await;
    page.is(422);
    assert_eq!(field(&page, ROUNDS, "decide"), "きのう");
    let wrong = [("opens", "2026-03-31"), ("due", "2026-03-01"), ("decide", "2026-02-01")];
    let page = here.office.fills(&page, ROUNDS, &wrong).await;
    page.is(422).says("報告する年度が始まる前の日です。").says("書き始めの日より前です。").says("提出期限より前です。");
}

#[tokio::test]
async fn those_who_are_missing_are_reminded_once() {
    let here = office().await.opened().await;
    here.hands_in(&here.hana, "折りました。").await.is(303);
    let page = here.office.gets(ROUND).await;
    let reminders = format!("{ROUND}/reminders");
    here.office.posts(&reminders, &[("once", &field(&page, &reminders, "once"))]).await.is(303);
    let told = here.told(&here.ken).await;
    assert_eq!(told.iter().filter(|message| message.starts_with("notice-reminder")).count(), 1, "{told:?}");
    here.office.gets(ROUND).await.says("に知らせました");
}

#[tokio::test]
async fn who_is_behind_is_reminded_by_itself_three_days_before_and_on_the_morning_after() {
    let here = office().await.opened().await;
    let days = [("12-07", 0), ("12-08", 1), ("12-09", 1), ("12-11", 1), ("12-12", 2), ("12-13", 2)];
    for (day, times) in days {
        comes(&here.city, "round-reminders", &format!("2026-{day}")).await;
        let told = here.told(&here.ken).await;
        assert_eq!(
            told.iter().filter(|message| message.starts_with("notice-reminder")).count(),
            times,
            "{day} {told:?}"
        );
    }
    assert!(!here.told(&here.head).await.iter().any(|message| message.starts_with("notice-reminder")));
}
