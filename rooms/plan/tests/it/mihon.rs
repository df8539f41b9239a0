//! A made-up city with four levels, other level names, nine years and marks of its own: nothing else needs code.

use kyodo_testkit::TestCity;

use crate::world::{cells, city, items, keyed, report, reported, shown, word};

async fn mihon() -> TestCity {
    city("mihon").await
}

#[tokio::test]
async fn the_overview_leads_from_the_top_to_every_measure() {
    let city = mihon().await;
    let page = shown(&city, "/plan").await;
    page.says("第1次見本市折り紙計画").says("2022年度から2030年度まで").says("9の節（うち再掲1）");
    // Each of the four levels, in the document's order.
    for title in ["第1柱まちを折る", "1-1項 折る人をふやす", "い目 折り方を習う", "①折り方の会"]
    {
        page.says(title);
    }
    let measures = items(&city, "/api/v1/plan/nodes").await;
    let links = page.links();
    for node in measures.iter().filter(|node| node["level"] == 4) {
        let href = format!("/plan/nodes/{}", word(node, "key"));
        let link = links.iter().find(|link| link.href == href).unwrap_or_else(|| panic!("no link to {href}"));
        assert_eq!(link.text, word(node, "title"));
    }
    page.says("計画を支える会議 折り目を見る会").says("課長の紙相撲");
}

#[tokio::test]
async fn a_code_that_names_its_level_is_not_named_twice() {
    let city = mihon().await;
    for address in ["/plan", "/plan/schedule", "/plan/matrix", "/plan/nodes/1-1-1"] {
        shown(&city, address).await.does_not_say("柱第1柱").does_not_say("項1-1項").does_not_say("目い目");
    }
}

#[tokio::test]
async fn the_schedule_shows_nine_years_with_their_own_marks() {
    let page = shown(&mihon().await, "/plan/schedule").await;
    page.says("節 2022 2023 2024 2025 2026 いま 2027 2028 2029 2030").says("9件の節");
    let rows = page.texts_of("table.years tbody tr:not(.group)");
    assert_eq!(rows.len(), 9);
    // A mark, a combined mark, an arrow, and a year in which nothing is planned.
    assert!(rows[0].contains("予定 葉・花"), "{}", rows[0]);
    assert!(rows[0].contains("予定 花のつづき"), "{}", rows[0]);
    assert!(rows[2].contains("予定 予定なし"), "{}", rows[2]);
    assert_eq!(page.texts_of("table.years thead th.now"), ["2026 いま"]);
}

#[tokio::test]
async fn the_matrix_is_by_role_with_every_level_as_a_heading() {
    let page = shown(&mihon().await, "/plan/matrix").await;
    assert_eq!(page.texts_of("table.matrix thead th"), ["節", "折る人", "見る人", "市"]);
    page.says("① 折り方の会 ◎中心になる ○加わる ○加わる").says("② 色紙引換券 ◎中心になる");
    assert_eq!(page.texts_of("table.matrix tr.group").len(), 12);
    // What a column means stands beside the table, not in its head.
    page.says("手を動かす人です。");
}

#[tokio::test]
async fn a_level_above_shows_what_stands_below_it() {
    let city = mihon().await;
    let page = shown(&city, "/plan/nodes/1").await;
    page.says("平らなまちに、折り目を付けます。").says("1-1項折る人をふやす").says("1-2項紙を集める");
    page.does_not_say("予定と実際").does_not_say("未報告");
    let next = city.visitor("花").follows(&page, "折る人をふやす").await;
    next.ok().says("い目折り方を習う");
}

const SAYS: [&str; 14] = [
    "①折り方の会",
    "だれでも鶴を折れるようにします。",
    "月に一度、折り方の会を開くことにします。",
    "今は鶴を折れる人が、七人しかいないことになっています。",
    "終わりを決めずに続けます。",
    "中心になる人 ◎ 折る人",
    "いっしょに取り組む人 ○ 見る人 ○ 市",
    "担当 折り鶴課",
    "実施する主体 折り鶴課 紙の寄り合い",
    "対象 紙を持つ人 その他（左ききの人）",
    "種類 新規",
    "まとまり はじめの一折り",
    "関係する計画 見本市紙風船計画",
    "2026年度の予定は「花」です。",
];

#[tokio::test]
async fn a_measure_says_everything_that_is_printed_of_it() {
    let page = shown(&mihon().await, "/plan/nodes/1-1-1-1").await;
    for words in SAYS {
        page.says(words);
    }
    // The way in: no room carries it out yet, so the department answers.
    page.says("聞きたいとき、加わりたいとき 折り鶴課 000-000-0000 平日 9時から16時");
    // The indicator that hangs on it.
    page.says("関係する数字 折り方の会の回数");
}

#[tokio::test]
async fn a_measure_without_a_telephone_sends_people_to_whoever_runs_the_plan() {
    let city = mihon().await;
    // 紙風船課 has neither telephone nor address of its own; 全課 is no desk at all.
    shown(&city, "/plan/nodes/1-2-1-1").await.says("聞きたいとき、加わりたいとき 紙風船課 000-000-0000");
    shown(&city, "/plan/nodes/1-1-2-1").await.says("聞きたいとき、加わりたいとき 折り鶴課 000-000-0000");
}

#[tokio::test]
async fn a_measure_printed_twice_has_two_places_and_one_record() {
    let city = mihon().await;
    reported(&city, &[report("1-1-1-1", 2026, "花").saying("鶴を百羽折りました。")]).await;
    let (real, again) = (shown(&city, "/plan/nodes/1-1-1-1").await, shown(&city, "/plan/nodes/2-1-1-1").await);
    for page in [&real, &again] {
        page.says("鶴を百羽折りました。").says("記録は一つだけです。").says("もとの場所 ① 折り方を習う").says("再掲 ①");
    }
    again.says("計画の中の場所 第2柱 まちをひらく");
    let leads_to = |page: &kyodo_testkit::Page, href: &str| page.links().iter().any(|link| link.href == href);
    assert!(leads_to(&again, "/plan/nodes/1-1-1-1") && leads_to(&real, "/plan/nodes/2-1-1-1"));
    let nodes = items(&city, "/api/v1/plan/nodes").await;
    let years: Vec<i32> = (2022..=2030).collect();
    let (real, again) = (keyed(&nodes, "1-1-1-1"), keyed(&nodes, "2-1-1-1"));
    assert_eq!(cells(again, "schedule", &years), cells(real, "schedule", &years));
    assert_eq!(cells(real, "schedule", &years), ["芽", "葉・花", "花", "花", "花", "実", "実", "実", "実"]);
}

#[tokio::test]
async fn a_gap_in_a_row_stays_a_gap() {
    let nodes = items(&mihon().await, "/api/v1/plan/nodes").await;
    let years: Vec<i32> = (2022..=2030).collect();
    let row = cells(keyed(&nodes, "1-1-2-1"), "schedule", &years);
    assert_eq!(row, ["芽", "芽", "", "", "葉", "葉", "花", "花", "花"]);
}

#[tokio::test]
async fn indicators_stand_in_their_groups_each_group_once() {
    let page = shown(&mihon().await, "/plan/indicators").await;
    page.says("3件の指標");
    let groups: Vec<String> = page.texts_of("main h2").into_iter().filter(|head| head != "数字の一覧").collect();
    assert_eq!(groups, ["見本の指標", "計画全体の指標"]);
    page.says("広場の紙のしわの数 本 900（2021）").says("90（2030）").says("3.25（2030）");
}

#[tokio::test]
async fn an_indicator_page_says_what_is_good_and_what_is_missing() {
    let city = mihon().await;
    shown(&city, "/plan/indicators/wrinkles").await.says("本（少ないほどよい）").says("900").says("目標 90本");
    let page = shown(&city, "/plan/indicators/cranes-per-person").await;
    page.says("羽（多いほどよい）").says("数字なし").says("はじめの値は、数える前に鶴が飛んでいったのでありません。");
    let page = shown(&city, "/plan/indicators/folding-classes").await;
    page.says("開いた講座の記録を、コンピューターが1件ずつ数えています。").says("計画の中の場所 ① 折り方の会");
}

#[tokio::test]
async fn there_are_no_dead_ends() {
    let city = mihon().await;
    // The visitor follows every link of every page; here every node's page is opened once.
    for node in items(&city, "/api/v1/plan/nodes").await {
        shown(&city, &format!("/plan/nodes/{}", word(&node, "key"))).await.says(word(&node, "title"));
    }
}
