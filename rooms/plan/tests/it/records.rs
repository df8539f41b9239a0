//! The records behind a counted figure, and a figure that is counted live.

use kyodo_kernel::facts::NewFact;
use kyodo_kernel::people::Role;
use kyodo_testkit::{TestCity, TestHouse, TestPack};

use crate::desk::writer;
use crate::world::{city, fact, happened, rooms, shown, table, taken_back, times};

const RECORDS: &str = "/desk/plan/indicators/folding-classes/records";

#[tokio::test]
async fn whoever_has_a_desk_sees_what_a_figure_is_counted_from() {
    let city = city("mihon").await;
    let named = |name: &str, on| NewFact {
        subject: Some(name.to_owned()),
        tag: Some("夜".to_owned()),
        ..fact("course.held", on)
    };
    happened(&city, &[named("鶴の会", "2026-05-01"), named("舟の会", "2026-06-01")]).await;
    happened(&city, &times(1, "course.held", "2025-06-01")).await;
    taken_back(&city, 1).await;
    let hana = writer(&city, "佐藤花").await;
    let page = hana.follows(&hana.gets("/plan/indicators/folding-classes").await, "もとの記録を見る").await;
    page.ok().says("開いた講座の記録を、新しい順に出しています。");
    let rows = page.texts_of("tbody tr");
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[0].starts_with("2 令和8年6月1日（月） 舟の会 夜 1回"), "{rows:?}");
    assert!(rows[1].contains("−1回 1番を取り消す記録"), "{rows:?}");
    assert!(rows[2].contains("鶴の会") && rows[2].contains("4番で取り消し"), "{rows:?}");
    hana.gets(&format!("{RECORDS}?year=2025")).await.says("令和7年6月1日").does_not_say("鶴の会");
    hana.gets(&format!("{RECORDS}?year=2024")).await.says("この年度の記録はありません。");
    // Residents are not led there, and are not let in.
    shown(&city, "/plan/indicators/folding-classes").await.does_not_say("もとの記録を見る");
    city.visitor("通りがかり").gets(RECORDS).await.is(303);
    city.holder("市民", Role::Resident).await.gets(RECORDS).await.is(403);
    hana.gets("/desk/plan/indicators/wrinkles/records").await.is(404);
    let rows = table(&hana.gets(&format!("{RECORDS}?format=csv")).await);
    assert_eq!(rows.len(), 3);
    assert_eq!((rows[1]["数"].as_str(), rows[1]["取り消した記録の番号"].as_str()), ("-1", "1"));
}

#[tokio::test]
async fn many_records_stand_on_several_pages_and_in_one_file() {
    let city = city("mihon").await;
    let mut facts = times(70, "course.held", "2026-05-01");
    facts.extend(times(55, "course.held", "2026-05-02"));
    happened(&city, &facts).await;
    let hana = writer(&city, "佐藤花").await;
    let (mut page, mut seen) = (hana.gets(RECORDS).await, Vec::new());
    loop {
        let rows = page.ok().texts_of("tbody th");
        assert!(rows.len() <= 50);
        seen.extend(rows);
        if !page.source().contains("rel=\"next\"") {
            break;
        }
        page = hana.follows(&page, "次").await;
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (125, 125));
    assert_eq!((seen[0].as_str(), seen[124].as_str()), ("125", "1"), "the newest first");
    assert_eq!(table(&hana.gets(&format!("{RECORDS}?format=csv")).await).len(), 125);
}

#[tokio::test]
async fn each_side_of_a_figure_has_its_own_records() {
    let city = city("ichinoseki").await;
    let mut facts = times(3, "talent.registered", "2026-05-01");
    facts.extend(times(2, "talent.withdrawn", "2026-06-01"));
    let tagged = |tag: &str| NewFact { tag: Some(tag.to_owned()), ..fact("support.given", "2026-05-01") };
    facts.extend([tagged("talk"), tagged("other")]);
    happened(&city, &facts).await;
    let all = city.holder("山本折", Role::Coordinator).await;
    let rows = async |address: &str| all.gets(address).await.ok().texts_of("tbody tr").len();
    assert_eq!(rows("/desk/plan/indicators/staff-bank/records").await, 3);
    assert_eq!(rows("/desk/plan/indicators/staff-bank/records?set=taken").await, 2);
    assert_eq!(rows("/desk/plan/indicators/talk-support/records").await, 1, "only those with the tag");
}

// --- counted live ------------------------------------------------------------------------------------------

/// What happens once a minute.
async fn a_minute_later(city: &TestCity) {
    let house = city.house().house();
    for (slug, views) in house.views.take() {
        let own = house.cities.named(&slug).expect("the city is there");
        kyodo_kernel::views::write(&own.db, &views, &house.hearers(), house.clock.now())
            .await
            .expect("views are written");
    }
}

#[tokio::test]
async fn a_page_that_is_read_is_in_the_figure_a_minute_later() {
    let house = TestHouse::new(rooms()).on("2026-11-20").keeping_pages().with_city("ichinoseki").build().await;
    let city = house.city("ichinoseki");
    let address = "/plan/indicators/web-access";
    let before = city.visitor("花").gets(address).await;
    before.ok().does_not_say("ここまで");
    a_minute_later(&city).await;
    // The page before was the first view of all.
    city.visitor("健").gets(address).await.says("今年度ここまで 1件");
    for _ in 0..3 {
        city.visitor("舟").gets("/plan").await.ok();
    }
    city.visitor("健").gets(address).await.says("今年度ここまで 1件");
    a_minute_later(&city).await;
    city.visitor("健").gets(address).await.says("今年度ここまで 6件");
}

#[tokio::test]
async fn nobody_makes_pages_anew_for_views_that_no_indicator_counts() {
    let house = TestHouse::new(rooms()).on("2026-11-20").with_city("mihon").build().await;
    let city = house.city("mihon");
    let before = city.city().state().await.unwrap().revision;
    city.visitor("花").gets("/plan").await.ok();
    a_minute_later(&city).await;
    assert_eq!(city.city().state().await.unwrap().revision, before);
}

#[tokio::test]
async fn a_share_shows_both_sides_of_its_line() {
    let old = "counted = { how = \"count\", kind = \"course.held\" }";
    let share = "counted = { how = \"share\", kind = \"survey.answered\", tag = \"yes\" }";
    let city = city(TestPack::named("mihon").replacing("indicators.toml", old, share)).await;
    let answers = |tag: &str, n, on| vec![NewFact { tag: Some(tag.to_owned()), ..fact("survey.answered", on) }; n];
    let all = [
        answers("yes", 3, "2025-05-01"),
        answers("no", 1, "2025-05-01"),
        answers("yes", 1, "2026-05-01"),
        answers("no", 4, "2026-05-01"),
    ];
    happened(&city, &all.concat()).await;
    let page = shown(&city, "/plan/indicators/folding-classes").await;
    page.says("2025年度は75回でした。").says("あてはまる記録を、すべての記録で割って、100をかけています。");
    page.says(
        "今年度 11月20日までの、あてはまる記録 1件 今年度 11月20日までの、すべての記録 ÷ 5件 今年度ここまで 20回",
    );
    let hana = writer(&city, "佐藤花").await;
    assert_eq!(hana.gets(&format!("{RECORDS}?set=whole")).await.ok().texts_of("tbody tr").len(), 5);
}
