//! The plan is reviewed midway: departments say what becomes of their items, the office takes that into the draft.

use kyodo_kernel::audit::{self, Filter};
use kyodo_kernel::notices;
use kyodo_kernel::people::Role;
use kyodo_testkit::{Page, TestCity, Visitor};

use crate::desk::field;
use crate::world::{city, report, reported, shown};

const REVISIONS: &str = "/desk/plan/revisions";
const REVISION: &str = "/desk/plan/revisions/2027";
/// 折り方の会, a measure of 折り鶴課.
const ITEM: &str = "/desk/plan/revisions/2027/1-1-1-1";
/// 山折りの手引き, of 折り鶴課 and 紙風船課.
const OTHER: &str = "/desk/plan/revisions/2027/1-1-1-2";
const DRAFT: &str = "/desk/plan/draft";

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

const DAYS: [(&str, &str); 5] = [
    ("from", "2027"),
    ("name", "折り目の中間見直し"),
    ("opens", "2026-11-01"),
    ("due", "令和8年12月11日"),
    ("decide", "2026/12/25"),
];

impl Hall {
    /// The office has begun the review.
    async fn opened(self) -> Self {
        let page = self.office.gets(REVISIONS).await;
        self.office.fills(&page, REVISIONS, &DAYS).await.is(303);
        self
    }

    async fn proposes(&self, who: &Visitor, item: &str, fields: &[(&str, &str)]) -> Page {
        let page = who.gets(&format!("{item}?write=1")).await;
        who.fills(&page, &format!("{item}/submission"), fields).await
    }

    /// A department has proposed, and its head has agreed.
    async fn handed_in(&self, item: &str, fields: &[(&str, &str)]) {
        self.proposes(&self.hana, item, fields).await.is(303);
        self.does(&self.head, item, "/agreement", &[]).await.is(303);
    }

    /// Presses a button on the page of an item.
    async fn does(&self, who: &Visitor, item: &str, what: &str, fields: &[(&str, &str)]) -> Page {
        let page = who.gets(item).await;
        who.fills(&page, &format!("{item}{what}"), fields).await
    }

    /// The office says why it does not take a proposal over.
    async fn sets_aside(&self, item: &str, note: &str) -> Page {
        let page = self.office.gets(item).await;
        let back = format!("{item}/return");
        let (once, base) = (field(&page, &back, "once"), field(&page, &back, "base"));
        let fields = [("once", once.as_str()), ("base", base.as_str()), ("note", note)];
        self.office.posts(&format!("{item}/setting-aside"), &fields).await
    }

    async fn told(&self, who: &Visitor) -> Vec<String> {
        let told = notices::told(self.city.db(), who.account(), None, 20).await.expect("notices");
        told.into_iter().map(|notice| notice.message).collect()
    }

    async fn noted(&self, action: &str) -> usize {
        let filter = Filter { action: Some(action.to_owned()), ..Filter::default() };
        audit::search(self.city.db(), &filter, None, 100).await.expect("the trail").len()
    }
}

const CHANGE: [(&str, &str); 4] =
    [("verdict", "change"), ("title", "鶴の会"), ("mark-2028", "実"), ("why", "鶴を折る人がふえたため。")];

#[tokio::test]
async fn a_review_goes_from_the_office_to_the_next_version_of_the_plan() {
    let here = office().await;
    reported(&here.city, &[report("1-1-1-1", 2025, "花").saying("鶴を千羽折りました。")]).await;
    here.office.gets(REVISIONS).await.ok().says("まだ見直しを始めていません");
    let here = here.opened().await;
    assert_eq!(here.told(&here.hana).await, ["notice-revision-opened"]);
    here.hana.gets(REVISION).await.ok().says("わたしの課の項目").says("未提出");

    let page = here.hana.gets(ITEM).await;
    page.ok().says("あと21日").says("鶴を千羽折りました。").says("月に一度、折り方の会").says("所属長へ出す");
    here.proposes(&here.hana, ITEM, &CHANGE).await.is(303);
    here.hana.gets(ITEM).await.says("所属長の確認待ち").says("加えた：鶴");
    assert_eq!(here.told(&here.head).await, ["notice-proposal-submitted"]);
    here.does(&here.head, ITEM, "/agreement", &[]).await.is(303);
    assert_eq!(here.told(&here.office).await, ["notice-proposal-submitted"]);

    let answer = here.does(&here.office, ITEM, "/taking", &[]).await;
    here.office.is_led(&answer).await.says("改訂の案に取り込みました").says("取り込み済み");
    assert!(here.told(&here.hana).await.contains(&"notice-proposal-taken".to_owned()));
    here.office.gets(DRAFT).await.says("「① 鶴の会」を書き直した").says("折り目の中間見直し");
    shown(&here.city, "/plan/nodes/1-1-1-1").await.says("折り方の会").does_not_say("鶴の会");

    let adoption = format!("{DRAFT}/adoption");
    let page = here.office.gets(&adoption).await;
    page.says("まだ決まっていない項目が");
    let fields = [("name", "令和9年度改訂版"), ("reason", "中間の見直し"), ("sure", "yes")];
    here.office.fills(&page, &adoption, &fields).await.is(303);
    shown(&here.city, "/plan/nodes/1-1-1-1").await.says("鶴の会").says("鶴を千羽折りました。");
    here.office.gets(REVISION).await.says("終わりました");
    here.hana.gets(OTHER).await.says("この見直しは終わりました").does_not_say("所属長へ出す");
    assert_eq!((here.noted("revision.opened").await, here.noted("proposal.taken").await), (1, 1));
    assert_eq!(here.noted("revision.closed").await, 1);
}

#[tokio::test]
async fn what_goes_on_as_it_is_is_confirmed_at_once() {
    let here = office().await.opened().await;
    for item in [ITEM, OTHER] {
        here.handed_in(item, &[("verdict", "keep")]).await;
    }
    let page = here.office.gets(REVISION).await;
    page.says("続ける2件をまとめて確認");
    here.office.fills(&page, &format!("{REVISION}/keeping"), &[]).await.is(303);
    here.office.gets(&format!("{REVISION}?stage=taken")).await.says("折り方の会").says("山折りの手引き");
    here.office.gets(DRAFT).await.says("改訂を始める");
    here.office.gets(&format!("{REVISION}?verdict=change")).await.says("あてはまるものがありません");
}

#[tokio::test]
async fn an_item_ends_or_becomes_part_of_another() {
    let here = office().await.opened().await;
    here.handed_in(OTHER, &[("verdict", "merge"), ("into", "1-1-1-1"), ("why", "一つの会で足りるため。")]).await;
    here.office.gets(OTHER).await.says("ほかの項目に統合する").says("折り方の会");
    here.does(&here.office, OTHER, "/taking", &[]).await.is(303);
    here.office.gets("/desk/plan/draft/difference").await.says("統合").says("山折りの手引き");
    // What was to become part of an item that itself ends cannot: the office is told why, and nothing is done.
    here.handed_in(ITEM, &[("verdict", "merge"), ("into", "1-1-1-2"), ("why", "逆でもよいため。")]).await;
    here.does(&here.office, ITEM, "/taking", &[]).await.is(422).says("その項目には引き継げません");
    here.office.gets(ITEM).await.says("事務局へ提出済み");
}

#[tokio::test]
async fn what_the_draft_takes_back_is_to_be_decided_again() {
    let here = office().await.opened().await;
    here.handed_in(ITEM, &CHANGE).await;
    here.does(&here.office, ITEM, "/taking", &[]).await.is(303);
    let page = here.office.gets(REVISION).await;
    let closing = format!("{REVISION}/closing");
    let answer = here.office.fills(&page, &closing, &[("sure", "yes")]).await;
    here.office.is_led(&answer).await.says("改訂の案に取り込んだ提案があります");
    let page = here.office.gets(DRAFT).await;
    here.office.fills(&page, &format!("{DRAFT}/undo"), &[]).await.is(303);
    here.office.gets(ITEM).await.says("事務局へ提出済み").says("決め直すことにしました");
    here.does(&here.office, ITEM, "/taking", &[]).await.is(303);
    let page = here.office.gets(DRAFT).await;
    here.office.fills(&page, &format!("{DRAFT}/removal"), &[("sure", "yes")]).await.is(303);
    here.office.gets(ITEM).await.says("事務局へ提出済み");
    assert_eq!(here.noted("proposal.reopened").await, 2);
    let page = here.office.gets(REVISION).await;
    here.office.fills(&page, &closing, &[("sure", "yes")]).await.is(303);
    here.office.gets(REVISION).await.says("終わりました");
}

#[tokio::test]
async fn a_proposal_comes_back_with_a_note_or_is_set_aside_with_a_reason() {
    let here = office().await.opened().await;
    here.handed_in(ITEM, &[("verdict", "end"), ("why", "みんな折れるようになったため。")]).await;
    let back = format!("{ITEM}/return");
    let page = here.office.gets(ITEM).await;
    here.office.fills(&page, &back, &[]).await.is(422).says("わけを書いてください。");
    here.office.fills(&page, &back, &[("note", "何人折れるかを書いてください。")]).await.is(303);
    assert!(here.told(&here.hana).await.contains(&"notice-proposal-returned".to_owned()));
    here.hana.gets(ITEM).await.says("差し戻し").says("何人折れるかを書いてください。");

    here.handed_in(ITEM, &[("why", "百人折れるため。")]).await;
    here.sets_aside(ITEM, "").await.is(422).says("わけを書いてください。");
    here.sets_aside(ITEM, "もう少し続けます。").await.is(303);
    here.hana.gets(ITEM).await.says("見送り").says("もう少し続けます。");
    here.does(&here.office, ITEM, "/reopening", &[]).await.is(303);
    here.office.gets(ITEM).await.says("事務局へ提出済み");
    let page = here.hana.gets(ITEM).await;
    here.hana.fills(&page, &format!("{ITEM}/withdrawal"), &[]).await.is(303);
    here.hana.gets(ITEM).await.says("未提出").says("佐藤花さんが取り戻しました");
}

#[tokio::test]
async fn what_is_missing_stands_beside_its_field_and_nothing_is_lost() {
    let here = office().await.opened().await;
    here.proposes(&here.hana, ITEM, &[]).await.is(422).says("今後の扱いを選んでください。");
    here.proposes(&here.hana, ITEM, &[("verdict", "end")]).await.is(422).says("そう考えるわけを書いてください。");
    let page = here.proposes(&here.hana, ITEM, &[("verdict", "change"), ("why", "なんとなく")]).await;
    page.is(422).says("内容が変わっていません");
    let page = here.proposes(&here.hana, ITEM, &[("verdict", "keep"), ("title", "鶴の会")]).await;
    page.is(422).says("内容が書き換えられています");
    assert_eq!(field(&page, &format!("{ITEM}/submission"), "title"), "鶴の会");
    here.proposes(&here.hana, ITEM, &[("verdict", "merge"), ("why", "一つで足りるため")])
        .await
        .is(422)
        .says("統合する先の項目を選んでください。");
    here.proposes(&here.hana, ITEM, &[("verdict", "change"), ("title", ""), ("why", "名前はいらないため")])
        .await
        .is(422)
        .says("名称を書いてください。");
    assert_eq!(here.noted("proposal.submitted").await, 0);
}

#[tokio::test]
async fn whoever_comes_second_sees_both_proposals() {
    let here = office().await.opened().await;
    let (of_hana, submission) = (here.hana.gets(ITEM).await, format!("{ITEM}/submission"));
    here.proposes(&here.ken, ITEM, &[("verdict", "end"), ("why", "もう折れるため。")]).await.is(303);
    let page = here.hana.fills(&of_hana, &submission, &CHANGE).await;
    page.is(409).says("ほかの人がさきに出しています").says("もう折れるため。").says("鶴を折る人がふえたため。");
    let again = here.hana.fills(&page, &submission, &[("take", "both")]).await;
    let again = here.hana.is_led(&again).await;
    assert_eq!(field(&again, &submission, "title"), "鶴の会");
    here.hana.fills(&page, &submission, &[("take", "mine")]).await.is(303);
    here.head.gets(ITEM).await.says("内容を変えて続ける").does_not_say("もう折れるため。");
    // Nobody agrees to what they have not seen.
    let seen = here.head.gets(ITEM).await;
    here.proposes(&here.ken, ITEM, &[("title", "鶴と舟の会")]).await.is(303);
    let answer = here.head.fills(&seen, &format!("{ITEM}/agreement"), &[]).await;
    here.head.is_led(&answer).await.says("ほかの人がさきに進めました").says("所属長の確認待ち");
}

#[tokio::test]
async fn a_draft_that_holds_from_another_year_is_not_mixed_with_the_review() {
    let here = office().await.opened().await;
    let page = here.office.gets(DRAFT).await;
    here.office.fills(&page, DRAFT, &[("from", "2026")]).await.is(303);
    here.handed_in(ITEM, &CHANGE).await;
    here.does(&here.office, ITEM, "/taking", &[]).await.is(422).says("別の年度から適用する改訂の案があります");
    here.office.gets(ITEM).await.says("事務局へ提出済み");
}

#[tokio::test]
async fn others_read_and_change_nothing() {
    let here = office().await.opened().await;
    let other = here.city.person("小林舟", &[(Role::Reporter, Some("kamifusen"))]).await;
    let auditor = here.city.person("山本翔", &[(Role::Auditor, None)]).await;
    other.gets(ITEM).await.ok().does_not_say("所属長へ出す");
    for who in [&other, &auditor] {
        who.posts(&format!("{ITEM}/submission"), &[("verdict", "keep"), ("once", "a")]).await.is(403);
        who.posts(&format!("{ITEM}/taking"), &[("base", "0"), ("once", "b")]).await.is(403);
    }
    here.handed_in(ITEM, &[("verdict", "keep")]).await;
    here.hana.posts(&format!("{ITEM}/taking"), &[("base", "2"), ("once", "c")]).await.is(403);
    here.hana.posts(&format!("{REVISION}/keeping"), &[("once", "d")]).await.is(403);
    auditor.gets(REVISION).await.ok().does_not_say("まとめて確認").does_not_say("見直しを終える");
    here.city.visitor("花").gets(ITEM).await.is(303);
}

#[tokio::test]
async fn those_who_are_missing_are_reminded_and_the_days_must_be_in_order() {
    let here = office().await;
    let page = here.office.gets(REVISIONS).await;
    let wrong = [("name", ""), ("opens", "2026-11-10"), ("due", "2026-11-01"), ("decide", "2026-10-01")];
    let page = here.office.fills(&page, REVISIONS, &wrong).await;
    page.is(422).says("見直しの名前を書いてください。").says("書き始めの日より前です。").says("提出期限より前です。");
    let here = here.opened().await;
    here.office.gets(REVISIONS).await.says("折り目の中間見直し").does_not_say("見直しは1つずつ");
    here.handed_in(ITEM, &[("verdict", "keep")]).await;
    let page = here.office.gets(REVISION).await;
    let reminders = format!("{REVISION}/reminders");
    here.office.posts(&reminders, &[("once", &field(&page, &reminders, "once"))]).await.is(303);
    let told = here.told(&here.ken).await;
    assert_eq!(told.iter().filter(|message| message.starts_with("notice-proposal-reminder")).count(), 1, "{told:?}");
    here.office.gets(REVISION).await.says("に知らせました");
    let days = format!("{REVISION}/days");
    let page = here.office.gets(&days).await;
    here.office.fills(&page, REVISION, &[("due", "2026-12-20")]).await.is(303);
    here.hana.gets(OTHER).await.says("あと30日");
}

#[tokio::test]
async fn what_somebody_writes_is_kept_as_their_draft() {
    let here = office().await.opened().await;
    let draft = format!("{ITEM}/draft");
    here.hana.gets(ITEM).await.ok();
    here.hana.saves(&draft, &[("base", "0"), ("verdict", "end"), ("why", "途中まで書いた")]).await;
    let page = here.hana.gets(ITEM).await;
    page.says("保存した下書き");
    assert_eq!(field(&page, &format!("{ITEM}/submission"), "why"), "途中まで書いた");
    here.ken.gets(ITEM).await.says("佐藤花さん").does_not_say("途中まで書いた");
    here.hana.fills(&page, &draft, &[("drop", "1")]).await.is(303);
    here.hana.gets(ITEM).await.does_not_say("保存した下書き");
}

#[tokio::test]
async fn what_was_being_written_when_the_review_ended_stays_with_its_writer() {
    let here = office().await.opened().await;
    here.hana.saves(&format!("{ITEM}/draft"), &[("base", "0"), ("verdict", "end"), ("why", "途中まで書いた")]).await;
    let page = here.office.gets(REVISION).await;
    here.office.fills(&page, &format!("{REVISION}/closing"), &[("sure", "yes")]).await.is(303);
    let page = here.hana.gets(ITEM).await;
    page.says("出していない下書き").says("途中まで書いた").says("終える（完了・廃止）").does_not_say("所属長へ出す");
    here.ken.gets(ITEM).await.does_not_say("途中まで書いた");
    here.hana.fills(&page, &format!("{ITEM}/draft"), &[("drop", "1")]).await.is(303);
    here.hana.gets(ITEM).await.does_not_say("出していない下書き");
}

#[tokio::test]
async fn what_leaves_the_plan_meanwhile_is_under_review_no_more() {
    let here = office().await.opened().await;
    here.handed_in(ITEM, &[("verdict", "keep")]).await;
    let page = here.office.gets(DRAFT).await;
    here.office.fills(&page, DRAFT, &[("from", "2026")]).await.is(303);
    for key in ["1-1-1-1", "1-1-1-2"] {
        let line = format!("{DRAFT}/lines/{key}");
        let page = here.office.gets(&line).await;
        here.office.fills(&page, &format!("{line}/retirement"), &[]).await.is(303);
    }
    let adoption = format!("{DRAFT}/adoption");
    let page = here.office.gets(&adoption).await;
    let fields = [("name", "令和8年度改訂版"), ("reason", "一つにまとめたため"), ("sure", "yes")];
    here.office.fills(&page, &adoption, &fields).await.is(303);
    here.office.gets(REVISION).await.says("受付中").says("折り方の会").does_not_say("山折りの手引き");
}
