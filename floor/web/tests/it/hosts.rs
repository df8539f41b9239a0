//! Which host leads where.

use kyodo_testkit::TestHouse;
use kyodo_web::Entrance;
use tower::ServiceExt;

use crate::rooms::{kagami, mihon, rooms, writes};

#[tokio::test]
async fn each_city_answers_on_its_own_host_with_or_without_port() {
    let house = TestHouse::new(rooms()).with_city(mihon()).with_city(kagami()).build().await;
    for (host, city) in [
        ("mihon.localhost", "見本市"),
        ("kagami.localhost", "鏡市"),
        ("kagami.localhost:8080", "鏡市"),
        ("Kagami.Localhost", "鏡市"),
    ] {
        house.visitor_at(host, "花").gets("/notes").await.ok().says(&format!("{city}の協働の覚え書き"));
    }
}

#[tokio::test]
async fn an_unknown_host_shows_the_list_of_cities() {
    let house = TestHouse::new(rooms()).with_city(mihon()).with_city(kagami()).build().await;
    for host in ["localhost:8080", "www.example.jp:8080", "nobody.localhost:8080", "127.0.0.1:8080", "[::1]:8080"] {
        let page = house.visitor_at(host, "花").gets("/").await;
        page.ok().says("2つの市").says("見本市").says("鏡市").says("第1次鏡市折り紙計画");
        let links: Vec<String> = page.links().into_iter().map(|link| link.href).collect();
        for city in ["http://mihon.localhost:8080/", "http://kagami.localhost:8080/"] {
            assert!(links.iter().any(|link| link == city), "{host}: {links:?}");
        }
    }
    let hana = house.visitor_at("localhost", "花");
    hana.follows(&hana.gets("/").await, "鏡市").await.ok();
}

#[tokio::test]
async fn a_page_of_a_city_is_not_found_on_the_bare_host() {
    let house = TestHouse::new(rooms()).with_city(mihon()).with_city(kagami()).build().await;
    let hana = house.visitor_at("localhost", "花");
    for path in ["/notes", "/search?q=鏡", "/api/v1/notes", "/accent/0.css", "/nothing"] {
        hana.gets(path).await.is(404).says("ページが見つかりません");
    }
}

#[tokio::test]
async fn a_single_city_answers_on_every_host() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    for host in ["mihon.localhost", "localhost", "www.city.example.jp", "192.168.0.7:8080", "kagami.localhost"] {
        house.visitor_at(host, "花").gets("/notes").await.ok().says("見本市の協働の覚え書き");
    }
}

#[tokio::test]
async fn a_city_bound_to_an_entrance_answers_there_whatever_the_host_says() {
    let house = TestHouse::new(rooms()).with_city(mihon()).with_city(kagami()).build().await;
    writes(&house.city("kagami"), "a", "鏡の話").await;
    let entrance = Entrance(house.city("kagami").city().clone());
    let request = http::Request::get("/api/v1/notes").header("host", "mihon.localhost").extension(entrance);
    let response = house.router().oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    assert!(String::from_utf8_lossy(&body).contains("鏡の話"));
}

#[tokio::test]
async fn a_request_without_a_host_is_answered_too() {
    let house = TestHouse::new(rooms()).with_city(mihon()).with_city(kagami()).build().await;
    let request = http::Request::get("/").body(axum::body::Body::empty()).unwrap();
    assert_eq!(house.router().oneshot(request).await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_lobby_has_its_stylesheet() {
    let house = TestHouse::new(rooms()).with_city(mihon()).with_city(kagami()).build().await;
    let hana = house.visitor_at("localhost", "花");
    let source = hana.gets("/").await.source();
    let (_, style) = source.split_once("rel=\"stylesheet\" href=\"").unwrap();
    let style = hana.gets(style.split('"').next().unwrap()).await;
    assert!(style.ok().header("content-type").starts_with("text/css"));
    assert!(style.header("cache-control").contains("immutable"));
}
