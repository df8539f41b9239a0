//! The plan is revised at the desk: a draft, acts upon it, its difference, its adoption; figures and reports go on.

use kyodo_kernel::FiscalYear;
use kyodo_kernel::audit::{self, Filter};
use kyodo_kernel::notices;
use kyodo_kernel::people::Role;
use kyodo_plan::store;
use kyodo_plan::store::editing as drafts;
use kyodo_testkit::{Page, TestCity, TestPack, Visitor};

use crate::desk::{field, found, writer};
use crate::imports::stands;
use crate::world::{city, items, keyed, report, reported, shown, table, word, words};

pub(crate) const DRAFT: &str = "/desk/plan/draft";
const NEW: &str = "/desk/plan/draft/new";
pub(crate) const ADOPTION: &str = "/desk/plan/draft/adoption";

/// 折り方の会, a measure of 折り鶴課 that is printed again as 2-1-1-1.
pub(crate) const LINE: &str = "/desk/plan/draft/lines/1-1-1-1";

pub(crate) struct Office {
    pub(crate) city: TestCity,
    pub(crate) office: Visitor,
}

/// The office of 見本市 has begun a revision that holds from this year.
pub(crate) async fn revising(from: &str) -> Office {
    let city = city("mihon").await;
    let office = city.holder("田中恵", Role::Coordinator).await;
    let here = Office { city, office };
    here.begins(from).await.is(303);
    here
}

impl Office {
    pub(crate) async fn begins(&self, from: &str) -> Page {
        let page = self.office.gets(DRAFT).await;
        self.office.fills(&page, DRAFT, &[("from", from), ("note", "折り目の見直し")]).await
    }

    /// Does something on the page of a line.
    pub(crate) async fn does(&self, line: &str, what: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.office.gets(line).await;
        page.ok();
        self.office.fills(&page, &format!("{line}{what}"), fields).await
    }

    /// Adds a line below another; its key.
    pub(crate) async fn adds(&self, below: &str, fields: &[(&str, &str)]) -> String {
        let page = self.office.gets(&format!("{NEW}?below={below}")).await;
        page.ok();
        let answer = self.office.fills(&page, NEW, fields).await;
        answer.is(303);
        answer.header("location").rsplit('/').next().expect("it leads to the line").to_owned()
    }

    pub(crate) async fn adopts(&self) -> Page {
        let page = self.office.gets(ADOPTION).await;
        self.office
            .fills(&page, ADOPTION, &[("name", "令和8年度改訂版"), ("reason", "折り目が増えたため"), ("sure", "yes")])
            .await
    }

    pub(crate) async fn noted(&self, action: &str) -> usize {
        let filter = Filter { action: Some(action.to_owned()), ..Filter::default() };
        audit::search(self.city.db(), &filter, None, 100).await.unwrap().len()
    }

    async fn keys(&self) -> Vec<String> {
        let nodes = items(&self.city, "/api/v1/plan/nodes").await;
        nodes.iter().map(|node| word(node, "key").to_owned()).collect()
    }
}

#[tokio::test]
async fn a_draft_is_begun_changed_looked_at_and_adopted() {
    let here = revising("2026").await;
    let list = here.office.gets("/desk/plan").await;
    let page = here.office.follows(&list, "計画の改訂").await;
    page.ok().says("田中恵さんが").says("折り目の見直し").says("いまの計画と同じです");
    here.does(LINE, "", &[("title", "鶴の会"), ("text", "月に二度、鶴の会を開きます。"), ("mark-2026", "花")])
        .await
        .is(303);
    shown(&here.city, "/plan/nodes/1-1-1-1").await.says("折り方の会").does_not_say("鶴の会を開きます");
    let page = here.office.gets("/desk/plan/draft/difference").await;
    page.ok().says("変更").says("消した：一度").says("加えた：二度").says("名称");
    here.office.gets("/desk/plan/draft/preview").await.ok().says("鶴の会").says("山折りの手引き");
    here.office.gets(DRAFT).await.says("「① 鶴の会」を書き直した");

    let answer = here.adopts().await;
    let page = here.office.is_led(&answer).await;
    page.ok()
        .says("改訂した計画を採用し、公開しました")
        .says("令和8年度改訂版")
        .says("折り目が増えたため")
        .says("はじめの計画");
    shown(&here.city, "/plan/nodes/1-1-1-1").await.says("鶴の会").says("月に二度");
    assert_eq!(found(&here.city, "鶴の会").await, ["/plan/nodes/1-1-1-1"]);
    let overview = shown(&here.city, "/plan").await;
    let visitor = here.city.visitor("花");
    let page = visitor.follows(&overview, "計画の版と変わったところ").await;
    page.ok().says("令和8年度改訂版").says("いまの計画").says("はじめの計画");
    visitor.follows(&page, "令和8年度改訂版").await.ok().says("変更");
    let csv = table(&shown(&here.city, "/plan/versions/2?format=csv").await);
    assert!(csv.iter().all(|row| row["キー"] == "1-1-1-1"), "{csv:?}");
    assert_eq!((here.noted("plan.draft-begun").await, here.noted("plan.adopted").await), (1, 1));
    here.office.gets(DRAFT).await.ok().says("改訂を始める");
}

#[tokio::test]
async fn reports_and_addresses_stay_with_what_moves() {
    let here = revising("2026").await;
    reported(&here.city, &[report("1-1-1-1", 2025, "花").saying("鶴を千羽折りました。")]).await;
    here.does(LINE, "/place", &[("place", "2-2-1|2-2-1-1")]).await.is(303);
    here.adopts().await.is(303);
    let page = shown(&here.city, "/plan/nodes/1-1-1-1").await;
    page.says("鶴を千羽折りました。").says("しわを知らせる");
    let nodes = items(&here.city, "/api/v1/plan/nodes").await;
    assert_eq!(keyed(&nodes, "1-1-1-1")["parent"], "2-2-1");
    let keys = here.keys().await;
    assert_eq!(keys[keys.len() - 2..], ["2-2-1-1", "1-1-1-1"]);
    shown(&here.city, "/plan").await.says("折り方の会");
    shown(&here.city, "/plan/reports/2025").await.says("鶴を千羽折りました。");
    shown(&here.city, "/plan/versions/2").await.says("移動").says("折り方を習う").says("しわの声");
    // What went out as a table with the moved line comes in as nothing new.
    let known = store::import::known(here.city.db(), &[]).await.unwrap().unwrap();
    assert_eq!(known.document.plan.nodes.last().unwrap().parent.as_deref(), Some("2-2-1"));
}

#[tokio::test]
async fn what_leaves_the_plan_keeps_its_page_and_its_years() {
    let here = revising("2026").await;
    reported(&here.city, &[report("1-1-1-1", 2025, "花").saying("鶴を千羽折りました。")]).await;
    here.does(LINE, "/retirement", &[("into", "1-1-1-2"), ("kind", "merged")]).await.is(303);
    here.office.gets(LINE).await.says("2026年度から計画にありません").says("計画に戻す");
    here.adopts().await.is(303);
    let page = shown(&here.city, "/plan/nodes/1-1-1-1").await;
    page.says("この項目は、2026年度から計画にありません。")
        .says("② 山折りの手引き」に統合しました。")
        .says("鶴を千羽折りました。");
    shown(&here.city, "/plan/nodes/1-1-1-2").await.says("① 折り方の会」を統合しました。");
    let keys = here.keys().await;
    assert!(!keys.contains(&"1-1-1-1".to_owned()) && !keys.contains(&"2-1-1-1".to_owned()), "{keys:?}");
    for lists in ["/plan", "/plan/schedule", "/plan/matrix"] {
        let source = shown(&here.city, lists).await.source();
        assert!(!source.contains("/plan/nodes/1-1-1-1\"") && !source.contains("/plan/nodes/2-1-1-1\""), "{lists}");
    }
    shown(&here.city, "/plan/reports/2025").await.says("折り方の会").says("鶴を千羽折りました。");
    // Its key is never given to another, whatever comes after.
    here.begins("2026").await.is(303);
    assert_eq!(here.adds("1-1-1", &[("title", "舟の会")]).await, "1-1-1-3");
    here.does(LINE, "/restoration", &[]).await.is(303);
    here.adopts().await.is(303);
    let keys = here.keys().await;
    assert!(keys.contains(&"1-1-1-1".to_owned()) && keys.contains(&"1-1-1-3".to_owned()));
    shown(&here.city, "/plan/versions/3").await.says("復活").says("追加").says("舟の会");
    shown(&here.city, "/plan/nodes/1-1-1-2").await.does_not_say("を統合しました");
}

#[tokio::test]
async fn what_leaves_next_year_is_there_until_then_and_what_comes_is_not_there_yet() {
    let here = revising("2027").await;
    here.does(LINE, "/retirement", &[]).await.is(303);
    let key = here.adds("1-1-1", &[("title", "舟の会"), ("code", "③")]).await;
    here.adopts().await.is(303);
    let keys = here.keys().await;
    assert!(keys.contains(&"1-1-1-1".to_owned()) && !keys.contains(&key), "{keys:?}");
    shown(&here.city, "/plan/nodes/1-1-1-1").await.says("2027年度に計画からなくなります");
    shown(&here.city, &format!("/plan/nodes/{key}")).await.says("舟の会").says("2027年度から計画に加わります");
    let next = kyodo_kernel::FiscalYear::new(2027);
    let nodes = store::nodes_after(here.city.db(), 1, next, 0, 500).await.unwrap();
    let keys: Vec<String> = nodes.into_iter().map(|node| node.key).collect();
    assert!(!keys.contains(&"1-1-1-1".to_owned()) && keys.contains(&key), "{keys:?}");
}

#[tokio::test]
async fn a_line_becomes_several_and_both_ways_are_told() {
    let here = revising("2026").await;
    let parts = [("parts", "①／鶴の会\n②／舟の会")];
    here.does("/desk/plan/draft/lines/1-1-2-1", "/split", &parts).await.is(303);
    here.adopts().await.is(303);
    let page = shown(&here.city, "/plan/nodes/1-1-2-1").await;
    page.says("① 鶴の会」に分かれました").says("② 舟の会」に分かれました");
    shown(&here.city, "/plan/nodes/1-1-2-2").await.says("鶴の会").says("① 折り名人の登録」から分かれました");
    let nodes = items(&here.city, "/api/v1/plan/nodes").await;
    assert_eq!(words(keyed(&nodes, "1-1-2-3"), "departments"), words(keyed(&nodes, "1-1-2-2"), "departments"));
    shown(&here.city, "/plan/versions/2").await.says("分割").says("分けて追加");
    // A document that leaves one of them out says what it would break.
    let before = stands(&here.city).await;
    assert!(before.held.contains("1-1-2-2") && before.held.contains("1-1-2-3"), "{:?}", before.held);
}

#[tokio::test]
async fn what_stays_beside_its_parts_is_told_apart_from_what_they_came_from() {
    let here = revising("2026").await;
    let line = "/desk/plan/draft/lines/1-1-2-1";
    here.does(line, "", &[("title", "折り手の登録")]).await.is(303);
    here.does(line, "/split", &[("parts", "②／舟の会"), ("stays", "yes")]).await.is(303);
    let difference = "/desk/plan/draft/difference";
    here.office
        .gets(difference)
        .await
        .says("分けてできた項目：② 舟の会")
        .says("元の項目：① 折り手の登録")
        .does_not_say("元の項目：② 舟の会");
    let lines = table(&here.office.gets(&format!("{difference}?format=csv")).await);
    let told = |key: &str, field: &str| lines.iter().find(|row| row["キー"] == key && row["項目"] == field).cloned();
    assert_eq!(told("1-1-2-1", "先の項目").expect("it says where it goes")["改訂後"], "② 舟の会");
    assert_eq!(told("1-1-2-2", "元の項目").expect("it says where it comes from")["改訂前"], "① 折り手の登録");
}

#[tokio::test]
async fn what_is_pressed_twice_is_done_once() {
    let here = revising("2026").await;
    let page = here.office.gets(LINE).await;
    for _ in 0..2 {
        here.office.fills(&page, LINE, &[("title", "鶴の会")]).await.is(303);
    }
    let second = "/desk/plan/draft/lines/1-1-1-2";
    let page = here.office.gets(DRAFT).await;
    for _ in 0..2 {
        here.office.fills(&page, &format!("{second}/place"), &[("to", "up")]).await.is(303);
    }
    assert_eq!(here.noted("plan.draft-changed").await, 2);
    // What came with the draft and became several is there no more.
    let key = here.adds("1-1-1", &[("title", "舟の会")]).await;
    let line = format!("{DRAFT}/lines/{key}");
    let page = here.office.gets(&line).await;
    for _ in 0..2 {
        here.office.fills(&page, &format!("{line}/split"), &[("parts", "小舟\n大舟")]).await.is(303);
    }
    assert_eq!(here.noted("plan.draft-changed").await, 4);
}

#[tokio::test]
async fn what_left_with_an_earlier_version_is_listed_and_comes_back() {
    let here = revising("2026").await;
    here.does(LINE, "/retirement", &[]).await.is(303);
    here.office.gets(DRAFT).await.does_not_say("計画から外れた項目");
    here.adopts().await.is(303);
    here.begins("2027").await.is(303);
    let page = here.office.gets(DRAFT).await;
    page.says("計画から外れた項目").says("2026年度から計画にありません");
    let line = here.office.follows(&page, "① 折り方の会").await;
    here.office.fills(&line, &format!("{LINE}/restoration"), &[]).await.is(303);
    let page = here.office.gets(DRAFT).await;
    page.says("復活");
    assert_eq!(page.texts_of("#left ~ ul a").len(), 1, "where it was printed again it is not yet");
    // Until the revision begins it stays away, and that it was away is told for ever.
    here.adopts().await.is(303);
    shown(&here.city, "/plan/nodes/1-1-1-1").await.says("この項目は、2027年度から計画に戻ります。");
    assert!(!here.keys().await.contains(&"1-1-1-1".to_owned()));
    assert!(!shown(&here.city, "/plan").await.source().contains("/plan/nodes/1-1-1-1\""));
    let node = store::node(here.city.db(), 1, "1-1-1-1").await.unwrap().unwrap();
    let years = (2025..2029).filter(|year| node.is_in(FiscalYear::new(*year)));
    assert_eq!(years.collect::<Vec<_>>(), [2025, 2027, 2028]);
}

#[tokio::test]
async fn who_leads_is_said_and_nobody_is_made_to() {
    let here = revising("2026").await;
    let page = here.does(LINE, "", &[("lead", ""), ("others", "zenka"), ("title", "鶴の会")]).await;
    page.is(422).says("中心になる課を選んでください。");
    assert_eq!(field(&page, LINE, "title"), "鶴の会");
    here.does(LINE, "", &[("lead", "kamifusen"), ("others", "zenka")]).await.is(303);
    let draft = drafts::draft(here.city.db(), 1).await.unwrap().unwrap();
    assert_eq!(draft.lines.get("1-1-1-1").unwrap().departments, ["kamifusen", "zenka"]);
}

#[tokio::test]
async fn a_draft_that_changed_nothing_ends_with_a_trace_and_no_version_comes_before_the_last() {
    let here = revising("2026").await;
    let page = here.office.gets(LINE).await;
    here.office.fills(&page, LINE, &[("title", "鶴の会")]).await.is(303);
    let adoption = here.office.gets(ADOPTION).await;
    let page = here.office.gets(DRAFT).await;
    here.office.fills(&page, "/desk/plan/draft/undo", &[]).await.is(303);
    let version = drafts::draft(here.city.db(), 1).await.unwrap().unwrap().version.to_string();
    let once = field(&adoption, ADOPTION, "once");
    let sent = [("once", once.as_str()), ("version", version.as_str()), ("name", "改訂版"), ("on", "2026-11-20")];
    let sent = [&sent[..], &[("reason", "わけ"), ("sure", "yes")]].concat();
    let answer = here.office.posts(ADOPTION, &sent).await;
    here.office.is_led(&answer).await.says("版はつくりませんでした");
    assert_eq!(here.noted("plan.draft-removed").await, 1);

    here.begins("2026").await.is(303);
    here.does(LINE, "", &[("title", "鶴の会")]).await.is(303);
    here.adopts().await.is(303);
    here.begins("2026").await.is(303);
    here.does(LINE, "", &[("title", "舟の会")]).await.is(303);
    let page = here.office.gets(ADOPTION).await;
    let early = [("name", "改訂版"), ("on", "2026-11-19"), ("reason", "わけ"), ("sure", "yes")];
    here.office.fills(&page, ADOPTION, &early).await.is(422).says("前の版を採用した日より前です。");
}

#[tokio::test]
async fn a_line_is_printed_again_and_not_any_more() {
    let here = revising("2026").await;
    let again = [("again", "2-2-1|2-2-1-1"), ("again-code", "②")];
    here.does("/desk/plan/draft/lines/1-1-2-1", "/repetition", &again).await.is(303);
    here.does("/desk/plan/draft/lines/2-1-1-1", "/retirement", &[]).await.is(303);
    here.adopts().await.is(303);
    let nodes = items(&here.city, "/api/v1/plan/nodes").await;
    assert_eq!(keyed(&nodes, "2-2-1-2")["alias_of"], "1-1-2-1");
    assert!(!nodes.iter().any(|node| node["key"] == "2-1-1-1"));
    shown(&here.city, "/plan/nodes/2-2-1-2").await.says("再掲").says("折り名人の登録");
    shown(&here.city, "/plan/nodes/1-1-1-1").await.does_not_say("計画にありません");
}

#[tokio::test]
async fn whoever_comes_second_in_one_line_sees_both() {
    let here = revising("2026").await;
    let ken = here.city.holder("高橋健", Role::Coordinator).await;
    let of_ken = ken.gets(LINE).await;
    here.does(LINE, "", &[("title", "鶴の会")]).await.is(303);
    let page = ken.fills(&of_ken, LINE, &[("title", "舟の会")]).await;
    page.is(409).says("ほかの人がさきに書いています").says("田中恵さん").says("鶴の会").says("舟の会");
    let both = ken.fills(&page, LINE, &[("take", "both")]).await;
    assert_eq!(field(both.ok(), LINE, "title"), "舟の会");
    let left = ken.fills(&page, LINE, &[("take", "theirs")]).await;
    ken.is_led(&left).await.says("あなたの書いたことは残っていません");
    ken.fills(&page, LINE, &[("take", "mine")]).await.is(303);
    ken.gets(DRAFT).await.says("舟の会").says("高橋健さん");
    // Another line is nobody's conflict.
    let other = "/desk/plan/draft/lines/1-1-1-2";
    let of_ken = ken.gets(other).await;
    here.does(LINE, "", &[("title", "紙風船の会")]).await.is(303);
    ken.fills(&of_ken, other, &[("title", "谷折りの手引き")]).await.is(303);
}

#[tokio::test]
async fn nobody_moves_what_they_have_not_seen_and_the_last_act_is_taken_back() {
    let here = revising("2026").await;
    let ken = here.city.holder("高橋健", Role::Coordinator).await;
    let of_ken = ken.gets(DRAFT).await;
    let place = "/desk/plan/draft/lines/1-1-1-1/place";
    let down = here.office.gets(DRAFT).await;
    here.office.fills(&down, place, &[("to", "down")]).await.is(303);
    ken.fills(&of_ken, place, &[("to", "down")]).await.is(409).says("田中恵さんがさきに").says("動かした");
    let page = here.office.gets(DRAFT).await;
    page.says("移動");
    // Pressed twice, it is taken back once.
    for _ in 0..2 {
        here.office.fills(&page, "/desk/plan/draft/undo", &[]).await.is(303);
    }
    here.office.gets(DRAFT).await.says("いまの計画と同じです");
    assert_eq!(here.noted("plan.draft-undone").await, 1);
}

#[tokio::test]
async fn what_cannot_be_done_is_said_and_nothing_is_lost() {
    let here = revising("2026").await;
    let page = here.does(LINE, "", &[("title", ""), ("text", "残る文章です。"), ("mark-2022", "→")]).await;
    page.is(422).says("名称を書いてください").says("2022年度の「→」の前の年度に");
    assert_eq!(field(&page, LINE, "text"), "残る文章です。");
    let page = here.does(LINE, "", &[("earlier", "前の計画")]).await;
    page.is(422).says("「計画の名前／番号／項目の名前」");
    here.does(LINE, "/split", &[("parts", "一つだけ")]).await.is(422).says("2つ以上に分けてください");
    here.does(LINE, "/place", &[("place", "1|")]).await.is(422).says("そこには置けません");
    let page = here.office.gets(&format!("{NEW}?below=1-1-1")).await;
    assert_eq!(field(&page, NEW, "code"), "③");
    here.office.fills(&page, NEW, &[("title", " ")]).await.is(422).says("名称を書いてください");
    let page = here.office.gets(ADOPTION).await;
    page.says("いまの計画と同じです");
    here.does(LINE, "", &[("earlier", "第0次折り紙計画／3／鶴の練習")]).await.is(303);
    let page = here.office.gets(ADOPTION).await;
    let wrong = here.office.fills(&page, ADOPTION, &[("name", ""), ("on", "令和30年1月1日"), ("reason", "")]).await;
    wrong.is(422).says("版の名前を").says("改訂のわけを").says("今日までの日").says("印を付けて");
    here.adopts().await.is(303);
    shown(&here.city, "/plan/nodes/1-1-1-1").await.says("3 鶴の練習").says("第0次折り紙計画");
}

#[tokio::test]
async fn a_plan_that_changed_meanwhile_is_shown_and_taken_in_before_anything_is_adopted() {
    let here = revising("2026").await;
    let hana = writer(&here.city, "佐藤花").await;
    here.does(LINE, "", &[("title", "鶴の会")]).await.is(303);
    crate::desk::publishes(&hana, &[("text", "課が書いた文です。")]).await.is(303);
    let page = here.office.gets(DRAFT).await;
    page.says("始めたあとに、公開の計画が変わりました").says("内容");
    here.office.gets(ADOPTION).await.says("始めたあとに、公開の計画が変わりました");
    here.office.fills(&page, "/desk/plan/draft/renewal", &[]).await.is(303);
    here.office.gets(DRAFT).await.does_not_say("始めたあとに").says("鶴の会");
    here.adopts().await.is(303);
    shown(&here.city, "/plan/nodes/1-1-1-1").await.says("鶴の会").says("課が書いた文です。");
}

#[tokio::test]
async fn a_pack_says_nothing_of_lines_that_were_revised_at_the_desk() {
    let here = revising("2026").await;
    here.does(LINE, "/retirement", &[]).await.is(303);
    let key = here.adds("1-1-1", &[("title", "舟の会")]).await;
    here.adopts().await.is(303);
    let before = drafts::lines(here.city.db(), 1).await.unwrap();
    let pack = TestPack::named("mihon").replacing("plan.toml", "第1次見本市折り紙計画", "第1次見本市紙計画");
    crate::update::install(&here.city, &pack).await.expect("it can be installed");
    assert_eq!(drafts::lines(here.city.db(), 1).await.unwrap(), before);
    shown(&here.city, "/plan").await.says("第1次見本市紙計画").says("舟の会");
    assert_eq!(found(&here.city, "舟の会").await, [format!("/plan/nodes/{key}")]);
    assert_eq!(store::plan(here.city.db()).await.unwrap().unwrap().1.version, 2);
}

#[tokio::test]
async fn adoption_happens_once_and_tells_those_whose_items_are_others() {
    let here = revising("2026").await;
    let hana = writer(&here.city, "佐藤花").await;
    let other = here.city.person("鈴木舟", &[(Role::Reporter, Some("kamifusen"))]).await;
    here.does(LINE, "", &[("title", "鶴の会")]).await.is(303);
    let page = here.office.gets(ADOPTION).await;
    let sent = [("name", "改訂版"), ("reason", "わけ"), ("sure", "yes")];
    for _ in 0..2 {
        here.office.fills(&page, ADOPTION, &sent).await.is(303);
    }
    assert_eq!(here.noted("plan.adopted").await, 1);
    assert_eq!(drafts::versions(here.city.db(), 1).await.unwrap().len(), 2);
    let told = notices::told(here.city.db(), hana.account(), None, 10).await.unwrap();
    assert_eq!(told.iter().map(|one| one.message.as_str()).collect::<Vec<_>>(), ["notice-plan-adopted"]);
    assert!(notices::told(here.city.db(), other.account(), None, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_draft_is_thrown_away_only_by_somebody_who_is_sure() {
    let here = revising("2026").await;
    let removal = "/desk/plan/draft/removal";
    let page = here.office.gets(DRAFT).await;
    here.office.is_led(&here.office.fills(&page, removal, &[]).await).await.says("印を付けてください");
    here.does(LINE, "", &[("title", "鶴の会")]).await.is(303);
    here.office.fills(&page, removal, &[("sure", "yes")]).await.is(409).says("田中恵さんがさきに");
    let page = here.office.gets(DRAFT).await;
    here.office.fills(&page, removal, &[("sure", "yes")]).await.is(303);
    here.office.gets(DRAFT).await.says("改訂を始める");
    here.office.gets(LINE).await.is(303);
    shown(&here.city, "/plan/nodes/1-1-1-1").await.says("折り方の会");
}

#[tokio::test]
async fn who_does_not_revise_the_plan_sees_no_draft() {
    let here = revising("2026").await;
    let hana = writer(&here.city, "佐藤花").await;
    for address in [DRAFT, LINE, "/desk/plan/draft/difference", "/desk/plan/draft/preview", ADOPTION] {
        hana.gets(address).await.is(403);
    }
    hana.gets("/desk/plan").await.does_not_say("計画の改訂");
    here.city.visitor("花").gets("/plan/versions/2").await.is(404);
    here.city.visitor("花").gets("/plan/versions").await.ok().says("はじめの計画");
}

#[tokio::test]
async fn the_plans_of_the_cities_adopted_unchanged_stay_what_they_are() {
    for slug in ["yamaguchi", "honjo", "ichinoseki", "shinjo", "kikugawa"] {
        let city = city(TestPack::named(slug)).await;
        let office = city.holder("田中恵", Role::Coordinator).await;
        let here = Office { city, office };
        let before = drafts::lines(here.city.db(), 1).await.unwrap();
        assert_eq!(before.faults(9), Vec::<String>::new(), "{slug}");
        here.begins("2027").await.is(303);
        here.office.gets(DRAFT).await.ok().says("いまの計画と同じです");
        here.office.gets("/desk/plan/draft/preview").await.ok();
        let draft = drafts::draft(here.city.db(), 1).await.unwrap().unwrap();
        assert_eq!(draft.lines.bare(), before.bare(), "{slug}");
        let node = before.nodes.iter().rev().find(|node| !node.is_alias()).unwrap();
        let line = format!("{DRAFT}/lines/{}", node.key);
        // What stands there is what the form sends: nothing is changed by looking at it.
        here.does(&line, "", &[]).await.is(303);
        here.office.gets(DRAFT).await.says("いまの計画と同じです");
        here.does(&line, "", &[("title", "新しい題")]).await.is(303);
        here.adopts().await.is(303);
        let mut after = drafts::lines(here.city.db(), 1).await.unwrap();
        for own in after.nodes.iter_mut().filter(|own| own.key == node.key) {
            own.title.clone_from(&node.title);
        }
        assert_eq!(after.bare(), before.bare(), "{slug}: nothing but the title is another");
    }
}
