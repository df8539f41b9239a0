//! Page views are counted, robots are not, nobody is followed.

use http::Method;
use kyodo_db::FromRow;
use kyodo_testkit::{RunningHouse, TestHouse};

use crate::rooms::{kagami, mihon, rooms, writes};

#[derive(FromRow, Debug, PartialEq)]
struct Viewed {
    path: String,
    n: i64,
}

/// Writes down what was counted, as the process does once a minute, and reads it again.
async fn viewed(house: &RunningHouse, city: &str) -> Vec<(String, i64)> {
    let now = "2026-11-20T03:00:00Z".parse().unwrap();
    for (slug, views) in house.house().views.take() {
        kyodo_kernel::views::write(house.city(&slug).db(), &views, &[], now).await.unwrap();
    }
    let sql = "SELECT subject AS path, CAST(SUM(quantity) AS BIGINT) AS n FROM fact
               WHERE kind = 'page.viewed' AND day = $1 GROUP BY subject ORDER BY subject";
    let day: chrono::NaiveDate = "2026-11-20".parse().unwrap();
    let rows = house.city(city).db().ask(sql).with(day).all::<Viewed>().await.unwrap();
    rows.into_iter().map(|row| (row.path, row.n)).collect()
}

fn told(views: &[(&str, i64)]) -> Vec<(String, i64)> {
    views.iter().map(|(path, n)| ((*path).to_owned(), *n)).collect()
}

#[tokio::test]
async fn people_are_counted_and_robots_are_not() {
    let house = TestHouse::new(rooms()).with_city(mihon()).with_city(kagami()).build().await;
    let city = house.city("mihon");
    writes(&city, "a", "鶴の話").await;
    let hana = city.visitor("花");
    for path in [
        "/notes",
        "/notes?lang=en",
        "/notes/a",
        "/notes/none",
        "/mishaps/broken",
        "/api/v1/notes",
        "/assets/mark.svg/0",
    ] {
        hana.gets(path).await;
    }
    hana.sends(Method::HEAD, "/notes", &[]).await;
    hana.sends(Method::POST, "/notes", &[]).await;
    for robot in [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "curl/8.5.0",
        "python-requests/2.32",
        "",
    ] {
        city.visitor("機械").as_agent(robot).gets("/notes").await.ok();
    }
    assert_eq!(viewed(&house, "mihon").await, told(&[("/notes", 2), ("/notes/a", 1)]));
    assert_eq!(viewed(&house, "kagami").await, told(&[]));
    house.city("kagami").visitor("健").gets("/notes").await.ok();
    assert_eq!(viewed(&house, "kagami").await, told(&[("/notes", 1)]));
    assert_eq!(viewed(&house, "mihon").await, told(&[("/notes", 2), ("/notes/a", 1)]));
}

#[tokio::test]
async fn a_page_from_memory_is_a_view_too() {
    let house = TestHouse::new(rooms()).with_city(mihon()).keeping_pages().build().await;
    let hana = house.city("mihon").visitor("花");
    for _ in 0..3 {
        hana.gets("/notes").await.ok();
    }
    assert_eq!(viewed(&house, "mihon").await, told(&[("/notes", 3)]));
}

#[tokio::test]
async fn who_has_the_page_already_reads_it_again_all_the_same() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    let hana = house.city("mihon").visitor("花");
    let first = hana.gets("/notes").await;
    hana.gets_with("/notes", &[("if-none-match", first.header("etag"))]).await.is(304);
    assert_eq!(viewed(&house, "mihon").await, told(&[("/notes", 2)]));
}
