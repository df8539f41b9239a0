//! The committee's evaluation: the office opens a year, members work through their list, the meeting speaks, the office
//! publishes, and those in charge answer.

use kyodo_kernel::notices;
use kyodo_kernel::people::Role;
use kyodo_testkit::{Page, TestCity, TestPack, Visitor};

use crate::desk::field;
use crate::desk_list::with_waiting;
use crate::partners::comes;
use crate::world::{evaluated, report, reported, shown, table};

const REVIEWS: &str = "/desk/plan/evaluations";
pub(crate) const REVIEW: &str = "/desk/plan/evaluations/2025";
/// 折り方の会, a measure of 折り鶴課.
pub(crate) const ITEM: &str = "/desk/plan/evaluations/2025/1-1-1-1";
const OTHER: &str = "/desk/plan/evaluations/2025/1-1-1-2";
pub(crate) const OPINIONS: &str = "/desk/plan/opinions";
pub(crate) const PUBLIC: &str = "/plan/nodes/1-1-1-1";

/// The office, two members, and those who write for 折り鶴課.
pub(crate) struct Hall {
    pub(crate) city: TestCity,
    pub(crate) office: Visitor,
    pub(crate) second: Visitor,
    pub(crate) hana: Visitor,
    pub(crate) ken: Visitor,
    pub(crate) writer: Visitor,
}

/// A year of which two items are reported.
pub(crate) async fn hall() -> Hall {
    let city = with_waiting(TestPack::named("mihon")).await;
    let year = [
        report("1-1-1-1", 2025, "花").graded("舟").saying("鶴を千羽折りました。").then("次は舟を折ります。"),
        report("1-1-1-2", 2025, "葉").graded("丸め").saying("手引きを書き始めました。"),
        report("1-1-1-1", 2024, "葉").graded("鶴").saying("紙を配りました。"),
    ];
    reported(&city, &year).await;
    Hall {
        office: city.person("田中恵", &[(Role::Coordinator, None)]).await,
        second: city.person("伊藤誠", &[(Role::Coordinator, None)]).await,
        hana: city.person("佐藤花", &[(Role::CommitteeMember, None)]).await,
        ken: city.person("高橋健", &[(Role::CommitteeMember, None)]).await,
        writer: city.person("鈴木彩", &[(Role::Reporter, Some("orizuru"))]).await,
        city,
    }
}

pub(crate) const DAYS: [(&str, &str); 3] = [("opens", "2026-11-01"), ("due", "令和8年12月11日"), ("which", "all")];
const CLOSED: [(&str, &str); 3] = [("opens", "2026-11-01"), ("due", "2026-11-19"), ("which", "all")];

impl Hall {
    /// The office has opened the year.
    pub(crate) async fn opened(self) -> Self {
        let page = self.office.gets(REVIEW).await;
        self.office.fills(&page, REVIEW, &DAYS).await.is(303);
        self
    }

    /// The members' day is over.
    async fn closes(&self) {
        let days = format!("{REVIEW}/days");
        let page = self.office.gets(&days).await;
        self.office.fills(&page, &days, &CLOSED).await.is(303);
    }

    async fn writes(&self, who: &Visitor, item: &str, grade: &str, comment: &str) -> Page {
        let page = who.gets(item).await;
        who.fills(&page, item, &[("grade", grade), ("comment", comment), ("then", "next")]).await
    }

    /// The office writes down what the meeting said of an item.
    pub(crate) async fn says(&self, item: &str, grade: &str, comment: &str) -> Page {
        let page = self.office.gets(item).await;
        self.office.fills(&page, &format!("{item}/opinion"), &[("grade", grade), ("comment", comment)]).await
    }

    /// The meeting has said something of 折り方の会 and of the year, and all of it is public.
    pub(crate) async fn published(&self) {
        self.says(ITEM, "舟", "羽の角をそろえてください。").await.is(303);
        let whole = format!("{REVIEW}/whole/new");
        let page = self.office.gets(&whole).await;
        self.office.fills(&page, &whole, &[("comment", "紙の色を増やしてください。")]).await.is(303);
        let page = self.office.gets(REVIEW).await;
        let fields = [("sure", "yes"), ("answer", "2026-12-18")];
        self.office.fills(&page, &format!("{REVIEW}/publication"), &fields).await.is(303);
    }

    /// The address of the opinion of 折り方の会.
    pub(crate) async fn opinion(&self) -> String {
        let page = self.office.gets(ITEM).await;
        let link = page.links().into_iter().find(|link| link.href.starts_with(OPINIONS) && link.href != OPINIONS);
        link.expect("the item leads to its opinion").href
    }

    pub(crate) async fn answers(&self, who: &Visitor, opinion: &str, text: &str) -> Page {
        let page = who.gets(opinion).await;
        who.fills(&page, &format!("{opinion}/answer"), &[("text", text)]).await
    }

    /// What stands on somebody's desk, but for figures that are missing.
    pub(crate) async fn waits_for(&self, who: &Visitor) -> Vec<String> {
        let told = who.gets("/waiting").await.json();
        let told = told.as_array().expect("a list").iter().filter_map(|task| task[0].as_str().map(str::to_owned));
        told.filter(|title| title.contains("意見") || title.contains("評価") || title.contains("答え")).collect()
    }

    pub(crate) async fn told(&self, who: &Visitor) -> Vec<String> {
        let told = notices::told(self.city.db(), who.account(), None, 20).await.expect("notices");
        told.into_iter().map(|notice| notice.message).collect()
    }
}

#[tokio::test]
async fn members_work_through_their_list() {
    let here = hall().await;
    here.hana.gets(REVIEWS).await.ok().says("まだ評価を開いていません");
    here.hana.gets(REVIEW).await.is(404);
    here.office.gets(REVIEWS).await.says("2025年度の評価を開く");
    let page = here.office.gets(REVIEW).await;
    assert_eq!(field(&page, REVIEW, "body"), "折り目を見る会", "the plan names its committee");
    let here = here.opened().await;
    assert_eq!(here.told(&here.hana).await, ["notice-evaluation-opened"]);
    assert_eq!(here.waits_for(&here.hana).await, ["取組を評価する：残り2件"]);

    let page = here.hana.gets(REVIEW).await;
    page.ok().says("折り目を見る会").says("2件のうち0件を記入しました").says("未記入").says("評価を始める");
    page.says("期限の次の日からです");
    let page = here.hana.gets(ITEM).await;
    page.ok().says("2件のうち1件目").says("鶴を千羽折りました。").says("次は舟を折ります。").says("2024年度");
    page.says("紙を配りました。");
    let answer = here.writes(&here.hana, ITEM, "鶴", "羽がそろっています。").await;
    let next = here.hana.is_led(&answer).await;
    assert_eq!(next.url().path(), OTHER);
    next.says("次の項目です");
    let page = here.hana.gets(&format!("{REVIEW}?state=todo")).await;
    page.says("2件のうち1件を記入しました").says("山折りの手引き").does_not_say("折り方の会");
    let answer = here.writes(&here.hana, OTHER, "-", "").await;
    here.hana.is_led(&answer).await.says("すべての項目を記入しました").says("記入済み");
    assert!(here.waits_for(&here.hana).await.is_empty());
    let sheet = here.hana.gets(&format!("{REVIEW}?format=csv")).await;
    let lines = table(&sheet);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["意見"], "羽がそろっています。");
    assert_eq!(lines[1]["評価"], "判断できない");
}

#[tokio::test]
async fn what_members_write_is_theirs_until_their_day_is_over() {
    let here = hall().await.opened().await;
    here.writes(&here.hana, ITEM, "鶴", "羽がそろっています。").await.is(303);
    here.ken.gets(ITEM).await.ok().does_not_say("羽がそろっています。");
    let page = here.office.gets(ITEM).await;
    page.says("いま2人のうち1人が記入しています").does_not_say("羽がそろっています。");
    let comments = format!("{REVIEW}/comments");
    let answer = here.office.gets(&comments).await;
    here.office.is_led(&answer).await.says("期限の次の日から読めます");
    for format in ["csv", "xlsx"] {
        here.office.gets(&format!("{comments}?format={format}")).await.is(303);
    }
    for outside in [&here.writer, &here.city.person("小林舟", &[(Role::CentreStaff, None)]).await] {
        outside.gets(ITEM).await.is(403);
        outside.gets(REVIEW).await.is(403);
    }
    here.city.visitor("花").gets(ITEM).await.is(303);

    here.closes().await;
    assert_eq!(here.waits_for(&here.office).await, ["会議の意見をまとめて公開する"]);
    let page = here.office.gets(ITEM).await;
    page.says("羽がそろっています。")
        .says("佐藤花")
        .says("鶴（きれいに折れた）")
        .says("1人")
        .says("記入していない委員：高橋健");
    here.office.gets(&comments).await.ok().says("羽がそろっています。").says("この項目に書いた委員はいません");
    let sheet = here.office.gets(&format!("{comments}?format=csv")).await;
    assert_eq!(table(&sheet)[0]["委員"], "佐藤花");
    here.ken.gets(ITEM).await.does_not_say("羽がそろっています。");
    here.hana.gets(ITEM).await.says("羽がそろっています。").says("もう書けません");
    here.ken.gets(&comments).await.is(403);
}

#[tokio::test]
async fn nobody_writes_before_the_first_day_or_after_the_last() {
    let here = hall().await;
    let page = here.office.gets(REVIEW).await;
    let days = [("opens", "2026-11-25"), ("due", "2026-12-11"), ("which", "all")];
    here.office.fills(&page, REVIEW, &days).await.is(303);
    here.hana.gets(ITEM).await.says("から書けます").does_not_say("記入して次へ");
    assert!(here.waits_for(&here.hana).await.is_empty());
    let posted = [("grade", "鶴"), ("comment", "早い声"), ("base", "0"), ("once", "a")];
    let answer = here.hana.posts(ITEM, &posted).await;
    here.hana.is_led(&answer).await.says("いまは書けません");
    let days = format!("{REVIEW}/days");
    let page = here.office.gets(&days).await;
    here.office.fills(&page, &days, &DAYS).await.is(303);
    let page = here.hana.gets(ITEM).await;
    page.says("早い声").says("下書きを開いています");
    here.closes().await;
    let answer = here.hana.fills(&page, ITEM, &[("grade", "鶴"), ("comment", "遅い声")]).await;
    // What came too late is the member's alone, and can be thrown away.
    let page = here.hana.is_led(&answer).await;
    page.says("いまは書けません").says("出していない下書き").says("遅い声");
    here.office.gets(ITEM).await.does_not_say("遅い声").does_not_say("早い声");
    here.hana.posts(&format!("{ITEM}/draft/removal"), &[]).await.is(303);
    here.hana.gets(ITEM).await.does_not_say("遅い声");
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_nothing_is_lost() {
    let here = hall().await;
    let page = here.office.gets(REVIEW).await;
    let past = [("opens", "2026-11-01"), ("due", "2026-11-19"), ("which", "all")];
    here.office.fills(&page, REVIEW, &past).await.is(422).says("きょうより前の日です");
    let wrong = [("body", ""), ("opens", "2025-03-31"), ("due", "きのう"), ("which", "chosen"), ("note", "紙を")];
    let page = here.office.fills(&page, REVIEW, &wrong).await;
    page.is(422).says("会議の名前を書いてください").says("年度が始まる前の日").says("評価する項目を選んでください");
    assert_eq!(field(&page, REVIEW, "note"), "紙を");
    assert_eq!(field(&page, REVIEW, "due"), "きのう");
    let here = here.opened().await;
    let page = here.hana.gets(ITEM).await;
    let long = "折".repeat(601);
    let page = here.hana.fills(&page, ITEM, &[("comment", &long)]).await;
    page.is(422).says("評価を選んでください").says("1字減らしてください");
    assert_eq!(field(&page, ITEM, "comment"), long);
    let page = here.hana.fills(&page, ITEM, &[("comment", "よい"), ("grade", "飛行機")]).await;
    page.is(422).says("この計画にない評価です");
    here.hana.gets("/desk/plan/evaluations/2025/1-2-1-1").await.is(404);
    here.hana.gets("/desk/plan/evaluations/2025/9").await.is(404);
    here.hana.gets("/desk/plan/evaluations/1999/1-1-1-1").await.is(404);
    here.hana.posts("/desk/plan/evaluations/2025/1-2-1-1", &[("grade", "鶴"), ("once", "a")]).await.is(404);
    here.office.gets("/desk/plan/evaluations/2020").await.is(404);
}

#[tokio::test]
async fn two_windows_of_one_member_are_noticed() {
    let here = hall().await.opened().await;
    let (one, other) = (here.hana.gets(ITEM).await, here.hana.gets(ITEM).await);
    here.hana.fills(&one, ITEM, &[("grade", "鶴"), ("comment", "一つ目の窓")]).await.is(303);
    let sent_twice = here.hana.fills(&one, ITEM, &[("grade", "丸め"), ("comment", "もう一度")]).await;
    sent_twice.is(303);
    let page = here.hana.fills(&other, ITEM, &[("grade", "舟"), ("comment", "二つ目の窓")]).await;
    page.is(409)
        .says("別の画面で同じ項目を記入しています")
        .says("一つ目の窓")
        .says("二つ目の窓")
        .does_not_say("もう一度");
    here.hana.fills(&page, ITEM, &[("take", "mine")]).await.is(303);
    let page = here.hana.gets(ITEM).await;
    assert_eq!(field(&page, ITEM, "comment"), "二つ目の窓");
    here.hana.saves(&format!("{ITEM}/draft"), &[("grade", "鶴"), ("comment", "書きかけ"), ("base", "2")]).await.ok();
    let page = here.hana.gets(ITEM).await;
    page.says("下書きを開いています");
    assert_eq!(field(&page, ITEM, "comment"), "書きかけ");
    here.hana.posts(&format!("{ITEM}/draft/removal"), &[]).await.is(303);
    assert_eq!(field(&here.hana.gets(ITEM).await, ITEM, "comment"), "二つ目の窓");
}

#[tokio::test]
async fn the_list_can_be_a_choice_and_keeps_what_was_written_of() {
    let here = hall().await;
    let page = here.office.gets(REVIEW).await;
    let chosen = [("opens", "2026-11-01"), ("due", "2026-12-11"), ("which", "chosen"), ("item", "1-1-1-1")];
    here.office.fills(&page, REVIEW, &chosen).await.is(303);
    here.hana.gets(OTHER).await.is(404);
    here.hana.gets(REVIEW).await.says("1件のうち0件");
    here.writes(&here.hana, ITEM, "鶴", "").await.is(303);
    let days = format!("{REVIEW}/days");
    let page = here.office.gets(&days).await;
    let other = [("opens", "2026-11-01"), ("due", "2026-12-11"), ("which", "chosen"), ("item", "1-1-1-2")];
    here.office.fills(&page, &days, &other).await.is(303);
    here.hana.gets(REVIEW).await.says("2件のうち1件");
    // Once more, with a double click.
    let again = here.office.fills(&page, &days, &other).await;
    again.is(303);
    let page = here.office.gets(&days).await;
    here.office.fills(&page, &days, &DAYS).await.is(303);
    here.hana.gets(REVIEW).await.says("2件のうち1件");
}

#[tokio::test]
async fn what_a_member_wrote_is_theirs_to_take_away() {
    let here = hall().await.opened().await;
    here.writes(&here.hana, ITEM, "鶴", "羽がそろっています。").await.is(303);
    let wrote = async |who: &Visitor| who.gets("/wrote").await.ok().json()[0]["evaluation_remarks"].clone();
    let own = wrote(&here.hana).await;
    assert_eq!((&own[0]["measure"], &own[0]["year"]), (&"1-1-1-1".into(), &2025.into()));
    assert_eq!((&own[0]["grade"], &own[0]["comment"]), (&"鶴".into(), &"羽がそろっています。".into()));
    assert!(own[1].is_null() && wrote(&here.ken).await[0].is_null(), "nothing that others wrote");
}

#[tokio::test]
async fn the_office_reminds_those_who_are_not_done() {
    let here = hall().await.opened().await;
    here.writes(&here.hana, ITEM, "鶴", "").await.is(303);
    here.writes(&here.hana, OTHER, "鶴", "").await.is(303);
    let page = here.office.gets(REVIEW).await;
    page.says("まだの1人に知らせる").says("佐藤花").says("2件のうち2件を記入しました");
    here.office.fills(&page, &format!("{REVIEW}/reminders"), &[]).await.is(303);
    assert_eq!(here.told(&here.ken).await, ["notice-evaluation-reminder", "notice-evaluation-opened"]);
    assert_eq!(here.told(&here.hana).await, ["notice-evaluation-opened"]);
    here.hana.posts(&format!("{REVIEW}/reminders"), &[("once", "a")]).await.is(403);
}

#[tokio::test]
async fn who_is_not_done_is_reminded_by_itself_three_days_before() {
    const REMINDED: &str = "notice-evaluation-reminder";
    const ASKED: &str = "notice-opinions-reminder";
    let here = hall().await.opened().await;
    here.writes(&here.hana, ITEM, "鶴", "").await.is(303);
    here.writes(&here.hana, OTHER, "鶴", "").await.is(303);
    let times = async |who, message| here.told(who).await.iter().filter(|told| *told == message).count();
    for (day, reminded) in [("2026-12-07", 0), ("2026-12-08", 1), ("2026-12-09", 1)] {
        comes(&here.city, "evaluation-reminders", day).await;
        assert_eq!((times(&here.ken, REMINDED).await, times(&here.hana, REMINDED).await), (reminded, 0), "{day}");
    }
    // What is asked of departments has a day of its own, and so have their reminders.
    here.published().await;
    for (day, reminded) in [("2026-12-14", 0), ("2026-12-15", 1), ("2026-12-16", 1)] {
        comes(&here.city, "evaluation-reminders", day).await;
        assert_eq!((times(&here.writer, ASKED).await, times(&here.hana, ASKED).await), (reminded, 0), "{day}");
    }
}

#[tokio::test]
async fn the_meeting_speaks_with_what_members_said_at_hand() {
    let here = hall().await.opened().await;
    here.writes(&here.hana, ITEM, "鶴", "羽がそろっています。").await.is(303);
    here.closes().await;
    let (page, stale) = (here.office.gets(ITEM).await, here.second.gets(ITEM).await);
    let (speech, draft) = (format!("{ITEM}/opinion"), format!("{ITEM}/opinion/draft"));
    let account = here.hana.account().0.to_string();
    let taken = [("comment", "会議では："), ("grade", "舟"), ("base", ""), ("add", account.as_str())];
    let answer = here.office.posts(&draft, &taken).await;
    let page_with = here.office.is_led(&answer).await;
    assert_eq!(field(&page_with, &speech, "comment"), "会議では：\n羽がそろっています。");
    here.office.fills(&page, &speech, &[("comment", "")]).await.is(422).says("意見を書いてください");
    here.says(ITEM, "舟", "羽の角をそろえてください。").await.is(303);
    here.office.gets(REVIEW).await.says("2件のうち1件の意見をまとめました");

    let page = here.second.fills(&stale, &speech, &[("grade", "鶴"), ("comment", "そのままでよい。")]).await;
    page.is(409).says("羽の角をそろえてください。").says("そのままでよい。");
    here.second.fills(&page, &speech, &[("take", "theirs")]).await.is(303);
    here.office.gets(ITEM).await.says("羽の角をそろえてください。").does_not_say("そのままでよい。");
    let page = here.office.gets(ITEM).await;
    here.office.fills(&page, &speech, &[("removal", "1")]).await.is(303);
    here.office.gets(REVIEW).await.says("2件のうち0件の意見");
    here.hana.posts(&speech, &[("comment", "わたし"), ("once", "a")]).await.is(403);
}

#[tokio::test]
async fn nothing_is_public_before_the_office_publishes_all() {
    let here = hall().await.opened().await;
    here.writes(&here.hana, ITEM, "鶴", "委員のことば。").await.is(303);
    here.closes().await;
    here.says(ITEM, "舟", "羽の角をそろえてください。").await.is(303);
    let whole = format!("{REVIEW}/whole/new");
    let page = here.office.gets(&whole).await;
    here.office.fills(&page, &whole, &[("comment", "")]).await.is(422);
    here.office.fills(&page, &whole, &[("comment", "紙の色を増やしてください。")]).await.is(303);
    let places = [
        PUBLIC,
        "/plan/reports/2025",
        "/plan/reports/2025?format=csv",
        "/plan/reports/2024?with=2025",
        "/api/v1/plan/nodes?limit=500",
        "/api/v1/plan",
        "/plan?format=csv",
    ];
    let silent = async |said: &[&str]| {
        for place in places {
            let page = shown(&here.city, place).await;
            for words in said {
                assert!(!page.source().contains(words), "{place} says {words}");
            }
        }
    };
    silent(&["羽の角を", "紙の色を", "委員のことば"]).await;
    here.writer.gets(OPINIONS).await.ok().does_not_say("羽の角を");

    let page = here.office.gets(REVIEW).await;
    page.says("公開する意見は2件です").says("意見のない項目が1件あります");
    let publication = format!("{REVIEW}/publication");
    let wrong = here.office.fills(&page, &publication, &[("answer", "2026-11-01")]).await;
    wrong.is(422).says("確かめの欄に印を付けてください").says("きょうより前の日です");
    here.office.fills(&page, &publication, &[("answer", "あした"), ("sure", "yes")]).await.is(422);
    let fields = [("sure", "yes"), ("answer", "2026-12-18")];
    here.office.fills(&page, &publication, &fields).await.is(303);
    here.office.fills(&page, &publication, &fields).await.is(303);
    shown(&here.city, PUBLIC).await.says("羽の角をそろえてください。").says("折り目を見る会の評価 舟");
    let yearly = shown(&here.city, "/plan/reports/2025").await;
    yearly.says("羽の角をそろえてください。").says("計画全体への意見").says("紙の色を増やしてください。");
    let lines = table(&shown(&here.city, "/plan/reports/2025?format=csv").await);
    assert!(lines.iter().any(|line| line["寄せられた意見"].contains("羽の角を")));
    assert!(lines.iter().any(|line| line["寄せられた意見"].contains("紙の色を")));
    silent(&["委員のことば"]).await;
    assert_eq!(here.told(&here.writer).await, ["notice-opinions-published"]);
    // Whoever comes with an old form finds it public.
    let page = here.hana.gets(ITEM).await;
    page.does_not_say("記入して次へ");
}

#[tokio::test]
async fn those_in_charge_answer_and_the_office_publishes() {
    let here = hall().await.opened().await;
    here.published().await;
    assert_eq!(here.waits_for(&here.writer).await, ["意見に答える：折り方の会"]);
    assert_eq!(here.waits_for(&here.office).await, ["意見に答える：計画全体への意見"]);
    let opinion = here.opinion().await;
    let list = here.writer.gets(&format!("{OPINIONS}?state=mine&department=own")).await;
    list.ok().says("折り方の会").says("答え待ち").does_not_say("紙の色を");
    here.writer
        .gets(&opinion)
        .await
        .says("羽の角をそろえてください。")
        .says("鶴を千羽折りました。")
        .says("事務局へ出す");
    here.answers(&here.writer, &opinion, "").await.is(422).says("答えを書いてください");
    here.answers(&here.writer, &opinion, "春の会で角の折り方を習います。").await.is(303);
    assert_eq!(here.told(&here.office).await, ["notice-answer-sent"]);
    shown(&here.city, PUBLIC).await.does_not_say("春の会で");
    let stranger = here.city.person("小林舟", &[(Role::Reporter, Some("kamifusen"))]).await;
    stranger.gets(&opinion).await.ok().does_not_say("春の会で").does_not_say("事務局へ出す");
    here.answers_refused(&stranger, &opinion).await;

    let page = here.office.gets(&opinion).await;
    let back = format!("{opinion}/return");
    here.office.fills(&page, &back, &[("note", "")]).await.is(422).says("差し戻すわけを書いてください");
    here.office.fills(&page, &back, &[("note", "いつの春かを書いてください。")]).await.is(303);
    here.writer.gets(&opinion).await.says("いつの春かを書いてください。").says("春の会で角の折り方を習います。");
    let (one, other) = (here.writer.gets(&opinion).await, here.writer.gets(&opinion).await);
    let answer = format!("{opinion}/answer");
    here.writer.fills(&one, &answer, &[("text", "来年の春に習います。")]).await.is(303);
    let page = here.writer.fills(&other, &answer, &[("text", "再来年の春に習います。")]).await;
    page.is(409).says("来年の春に習います。").says("再来年の春に習います。");
    let page = here.office.gets(OPINIONS).await;
    page.says("公開待ちの答え1件を公開する");
    here.office.fills(&page, "/desk/plan/opinions/publications", &[]).await.is(303);
    shown(&here.city, PUBLIC).await.says("来年の春に習います。").says("担当課の答え");
    shown(&here.city, "/plan/reports/2025").await.says("来年の春に習います。");
    assert!(here.told(&here.writer).await.contains(&"notice-answer-published".to_owned()));
    here.office.gets(&format!("{OPINIONS}?state=unanswered")).await.says("計画全体への意見").does_not_say("折り方の会");
    here.writer.fills(&one, &answer, &[("text", "遅れて"), ("once", "z")]).await.is(303);
    shown(&here.city, PUBLIC).await.does_not_say("遅れて");
}

impl Hall {
    async fn answers_refused(&self, who: &Visitor, opinion: &str) {
        who.posts(&format!("{opinion}/answer"), &[("text", "よその課"), ("base", "1"), ("once", "a")]).await.is(403);
        who.posts(&format!("{opinion}/draft"), &[("text", "よその課"), ("base", "1")]).await.is(403);
        who.posts(&format!("{opinion}/return"), &[("note", "x"), ("once", "b")]).await.is(403);
        self.hana.posts(&format!("{opinion}/answer"), &[("text", "委員"), ("once", "c")]).await.is(403);
    }
}

#[tokio::test]
async fn the_office_answers_for_the_plan_as_a_whole_at_once() {
    let here = hall().await.opened().await;
    here.published().await;
    let page = here.office.gets(&format!("{OPINIONS}?state=mine")).await;
    let link = page.links().into_iter().find(|link| link.href.starts_with("/desk/plan/opinions/"));
    let opinion = link.expect("one waits for the office").href;
    let page = here.office.gets(&opinion).await;
    page.says("答えを公開する").does_not_say("担当課へ差し戻す");
    let fields = [("text", "十二色にします。"), ("publish", "1")];
    here.office.fills(&page, &format!("{opinion}/answer"), &fields).await.is(303);
    shown(&here.city, "/plan/reports/2025").await.says("十二色にします。");
    here.office.gets("/desk/plan/opinions/9999").await.is(404);
    here.office.gets("/desk/plan/opinions/x").await.is(404);
}

#[tokio::test]
async fn what_is_public_changes_only_by_a_correction_that_everybody_sees() {
    let here = hall().await.opened().await;
    here.published().await;
    let opinion = here.opinion().await;
    let address = format!("{opinion}/correction");
    let page = here.office.gets(&address).await;
    here.office.fills(&page, &address, &[("reason", "なし")]).await.is(422).says("公開中のものと同じです");
    let fields = [("comment", "羽と尾の角をそろえてください。"), ("grade", "丸め")];
    here.office.fills(&page, &address, &fields).await.is(422).says("訂正の理由を書いてください");
    let fields = [fields[0], fields[1], ("reason", "尾が抜けていました。")];
    here.office.fills(&page, &address, &fields).await.is(303);
    let public = shown(&here.city, PUBLIC).await;
    public.says("羽と尾の角をそろえてください。").says("尾が抜けていました。").says("羽の角をそろえてください。");
    shown(&here.city, "/plan/reports/2025").await.says("尾が抜けていました。");
    // Nobody corrects what they have not seen.
    let old = here.second.fills(&page, &address, &[fields[0], fields[2], ("once", "b"), ("grade", "鶴")]).await;
    here.second.is_led(&old).await.says("ほかの人がさきに進めました");
    here.writer.posts(&address, &[("once", "c")]).await.is(403);
}

#[tokio::test]
async fn what_was_said_and_promised_stands_beside_the_next_report() {
    let here = hall().await.opened().await;
    here.published().await;
    let opinion = here.opinion().await;
    here.answers(&here.writer, &opinion, "来年の春に習います。").await.is(303);
    let page = here.office.gets(OPINIONS).await;
    here.office.fills(&page, "/desk/plan/opinions/publications", &[]).await.is(303);
    let page = here.office.gets("/desk/plan/rounds").await;
    let days = [("year", "2026"), ("opens", "2026-11-01"), ("due", "2026-12-11"), ("decide", "2026-12-25")];
    here.office.fills(&page, "/desk/plan/rounds", &days).await.is(303);
    let page = here.writer.gets("/desk/plan/rounds/2026/1-1-1-1").await;
    page.ok().says("羽の角をそろえてください。").says("来年の春に習います。");
}

#[tokio::test]
async fn the_committee_sees_what_was_said_before() {
    let here = hall().await;
    evaluated(&here.city, "1-1-1-1", 2024, "折り目を見る会", Some("舟"), "折り目が甘い。").await;
    let here = here.opened().await;
    here.hana.gets(ITEM).await.says("折り目が甘い。").says("これまでの意見と答え");
    // What was said of a year that nobody reported is seen all the same.
    evaluated(&here.city, "1-1-1-1", 2022, "折り目を見る会", None, "だれも折らなかった年。").await;
    shown(&here.city, PUBLIC).await.says("だれも折らなかった年。").says("この年度の報告はありません");
}
