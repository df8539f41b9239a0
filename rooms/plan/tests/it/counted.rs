//! Figures: entered by hand, or counted from what happened.

use kyodo_testkit::{TestCity, TestHouse, TestPack};
use serde_json::json;

use crate::world::{
    city, city_on, fact, folded, happened, items, keyed, observed, rooms, shown, taken_back, times, word,
};

/// Nine courses in 2025, six of them until 20 November; eight in 2026.
async fn folding() -> TestCity {
    let city = city("mihon").await;
    let mut facts = times(6, "course.held", "2025-11-20");
    facts.extend(times(3, "course.held", "2025-11-21"));
    facts.extend(times(8, "course.held", "2026-11-20"));
    happened(&city, &facts).await;
    city
}

#[tokio::test]
async fn a_counted_figure_shows_the_year_so_far_its_arithmetic_and_where_it_leads() {
    let city = folding().await;
    let page = shown(&city, "/plan/indicators/folding-classes").await;
    page.says("2025年度は9回でした。2030年度の目標まで、あと3回です。");
    page.says("9回2025年度の1年分 8回今年度 11月20日まで 12回2030年度の目標");
    page.says("今年度 11月20日までの記録 8回 今年度ここまで 8回");
    page.says("見込みは、昨年度の同じ日までの数と比べて出しています。");
    page.says("昨年度の1年分 9回 今年度ここまで ÷ 昨年度の同じ日まで 8 ÷ 6 今年度の見込み 12回");
    // 4 in 2021 on the way to 10 in 2026: 8.8 are due in 2025.
    page.says("順調").says("2025年度の線は8.8、実際は9です。").says("道のりの62％");
    let card = shown(&city, "/plan/indicators").await;
    card.says("今年度はここまで8回です。昨年度の同じ日までは6回でした。");
    shown(&city, "/plan/nodes/1-1-1-1").await.says("今年度はここまで8回です。");
}

#[tokio::test]
async fn without_a_year_to_compare_with_the_projection_goes_by_days() {
    let city = city("mihon").await;
    happened(&city, &times(8, "course.held", "2026-06-01")).await;
    let page = shown(&city, "/plan/indicators/folding-classes").await;
    // 234 of 365 days are gone: 8 ÷ 0.641 = 12.5.
    page.says("見込みは、今年度の過ぎた日数の割合から出しています。").says("今年度の見込み 12回");
    page.says("1年分の数字は、まだありません。").says("数字なし");
}

#[tokio::test]
async fn what_is_taken_back_counts_no_more() {
    let city = folding().await;
    taken_back(&city, 17).await;
    let page = shown(&city, "/plan/indicators/folding-classes").await;
    page.says("今年度 11月20日までの記録 8回 取り消した、またはやめた記録 − 1回 今年度ここまで 7回");
    taken_back(&city, 1).await;
    shown(&city, "/plan/indicators/folding-classes").await.says("2025年度は8回でした。").says("7 ÷ 5");
}

#[tokio::test]
async fn what_has_not_happened_yet_does_not_count() {
    for (day, so_far) in [("2026-11-19", None), ("2026-11-20", Some("今年度ここまで 8回"))] {
        let city = city_on(day, "mihon").await;
        happened(&city, &times(8, "course.held", "2026-11-20")).await;
        let page = shown(&city, "/plan/indicators/folding-classes").await;
        match so_far {
            Some(words) => page.says(words),
            None => page.says("今年度ここまで 0回"),
        };
    }
    let before = city_on("2024-05-01", "mihon").await;
    happened(&before, &times(8, "course.held", "2026-11-20")).await;
    shown(&before, "/plan/indicators/folding-classes").await.does_not_say("ここまで");
}

#[tokio::test]
async fn a_year_is_over_on_the_first_of_april() {
    let city = city_on("2026-03-31", "mihon").await;
    happened(&city, &times(9, "course.held", "2025-06-01")).await;
    shown(&city, "/plan/indicators/folding-classes").await.says("今年度ここまで 9回").says("数字なし");
    let city = city_on("2026-04-01", "mihon").await;
    happened(&city, &times(9, "course.held", "2025-06-01")).await;
    let page = shown(&city, "/plan/indicators/folding-classes").await;
    page.says("2025年度は9回でした。").says("今年度ここまで 0回");
    // In the first weeks a year says nothing about its end.
    assert!(!page.texts_of("dl.sum").concat().contains("見込み"), "{page:?}");
}

#[tokio::test]
async fn a_stock_is_its_start_plus_what_came_less_what_went() {
    let city = city("ichinoseki").await;
    let mut facts = times(5, "talent.registered", "2023-07-01");
    facts.extend(times(4, "talent.registered", "2025-07-01"));
    facts.extend(times(1, "talent.withdrawn", "2025-08-01"));
    facts.extend(times(3, "talent.registered", "2026-05-01"));
    facts.extend(times(2, "talent.withdrawn", "2026-06-01"));
    // What happened before the start was counted is in it already.
    facts.extend(times(7, "talent.registered", "2022-05-01"));
    happened(&city, &facts).await;
    let figures = items(&city, "/api/v1/plan/indicators").await;
    let bank = keyed(&figures, "staff-bank");
    let counted = |year: i32, value: f64| json!({"fiscal_year": year, "value": value, "source": "counted"});
    assert_eq!(bank["observations"], json!([counted(2023, 46.0), counted(2024, 46.0), counted(2025, 49.0)]));
    let page = shown(&city, "/plan/indicators/staff-bank").await;
    page.says(
        "前の年度までの数 49人 今年度 11月20日までの記録 3人 取り消した、またはやめた記録 − 2人 今年度ここまで 50人",
    );
    page.says("はじめの数に、登録した人の記録を足し、やめた記録を引いて");
}

#[tokio::test]
async fn only_facts_with_the_tag_are_counted_where_a_tag_is_asked_for() {
    let city = city("ichinoseki").await;
    let tagged = |tag: Option<&str>| {
        let tag = tag.map(str::to_owned);
        kyodo_kernel::facts::NewFact { tag, ..fact("support.given", "2025-05-01") }
    };
    happened(&city, &[tagged(Some("talk")), tagged(Some("talk")), tagged(Some("other")), tagged(None)]).await;
    let figures = items(&city, "/api/v1/plan/indicators").await;
    assert_eq!(keyed(&figures, "talk-support")["observations"][0]["value"], json!(2.0));
}

#[tokio::test]
async fn the_same_subject_counts_once_a_year_whatever_its_tags() {
    let city = city("kikugawa").await;
    let visit = |school: &str, tag: Option<&str>, on: &str| {
        let (subject, tag) = (Some(school.to_owned()), tag.map(str::to_owned));
        kyodo_kernel::facts::NewFact { subject, tag, ..fact("youth_support.given", on) }
    };
    happened(
        &city,
        &[
            visit("中学校", Some("授業"), "2026-05-01"),
            visit("中学校", Some("部活"), "2026-06-01"),
            visit("中学校", None, "2026-07-01"),
            visit("高校", Some("授業"), "2026-05-02"),
            visit("小学校", None, "2026-12-01"),
        ],
    )
    .await;
    let address = "/plan/indicators/youthworker-schools";
    folded(&city).await;
    shown(&city, address).await.says("今年度 11月20日までの記録 2校 今年度ここまで 2校");
    taken_back(&city, 4).await;
    folded(&city).await;
    shown(&city, address).await.says("今年度ここまで 1校");
    // Taken back under one tag, the school was still visited under another.
    taken_back(&city, 1).await;
    folded(&city).await;
    shown(&city, address).await.says("今年度ここまで 1校");
}

#[tokio::test]
async fn a_sum_adds_the_quantities() {
    let counted = "counted = { how = \"sum\", kind = \"course.attended\" }";
    let old = "counted = { how = \"count\", kind = \"course.held\" }";
    let city = city(TestPack::named("mihon").replacing("indicators.toml", old, counted)).await;
    let visitors = |n, on| kyodo_kernel::facts::NewFact { quantity: n, ..fact("course.attended", on) };
    happened(&city, &[visitors(4, "2025-05-01"), visitors(6, "2025-12-01"), visitors(5, "2026-05-01")]).await;
    let page = shown(&city, "/plan/indicators/folding-classes").await;
    page.says("2025年度は10回でした。").says("今年度ここまで 5回").says("5 ÷ 4");
    taken_back(&city, 2).await;
    shown(&city, "/plan/indicators/folding-classes").await.says("2025年度は4回でした。");
}

#[tokio::test]
async fn a_kept_page_is_made_anew_when_something_happens() {
    let house = TestHouse::new(rooms()).on("2026-11-20").keeping_pages().with_city("mihon").build().await;
    let city = house.city("mihon");
    happened(&city, &times(1, "course.held", "2026-05-01")).await;
    let address = "/plan/indicators/folding-classes";
    shown(&city, address).await.says("今年度ここまで 1回");
    happened(&city, &times(1, "course.held", "2026-05-02")).await;
    shown(&city, address).await.says("今年度ここまで 2回");
    taken_back(&city, 1).await;
    shown(&city, address).await.says("今年度ここまで 1回");
}

#[tokio::test]
async fn every_status_has_its_word() {
    // The way leads from 900 in 2021 over 500 in 2026 to 90 in 2030: 580 are due in 2025.
    const FIGURES: [(f64, &str, &str); 4] = [
        (580.0, "on_track", "順調"),
        (580.1, "behind", "遅れている"),
        (90.0, "achieved", "達成"),
        (91.0, "on_track", "順調"),
    ];
    for (value, status, said) in FIGURES {
        let city = city("mihon").await;
        observed(&city, "wrinkles", &[(2025, value)]).await;
        let figures = items(&city, "/api/v1/plan/indicators").await;
        assert_eq!(word(keyed(&figures, "wrinkles"), "status"), status, "{value}");
        let page = shown(&city, "/plan/indicators/wrinkles").await;
        assert!(page.texts_of("p.lead")[0].starts_with(said), "{value}: {:?}", page.texts_of("p.lead"));
    }
}

#[tokio::test]
async fn a_figure_that_just_reaches_the_line_is_on_track() {
    // 3.77 in 2022 to 4.23 in 2028: exactly 4.00 in 2025.
    for (value, status) in [(4.0, "on_track"), (3.99, "behind"), (4.23, "achieved"), (4.22, "on_track")] {
        let city = city("ichinoseki").await;
        observed(&city, "center-use", &[(2024, 3.8), (2025, value)]).await;
        let figures = items(&city, "/api/v1/plan/indicators").await;
        assert_eq!(word(keyed(&figures, "center-use"), "status"), status, "{value}");
    }
}

#[tokio::test]
async fn a_figure_of_the_running_year_is_not_judged() {
    let city = city("ichinoseki").await;
    observed(&city, "center-use", &[(2026, 5.0)]).await;
    let figures = items(&city, "/api/v1/plan/indicators").await;
    assert_eq!(word(keyed(&figures, "center-use"), "status"), "no_data");
    shown(&city, "/plan/indicators/center-use").await.says("今年度 11月20日まで").says("数字なし");
}
