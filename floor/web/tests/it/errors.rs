//! An error is an answer with a way out.

use http::Method;
use kyodo_testkit::TestHouse;

use crate::rooms::{mihon, rooms};

#[tokio::test]
async fn what_is_not_found_is_a_page_with_a_way_out() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    let hana = house.city("mihon").visitor("花");
    for path in ["/nothing", "/notes/none", "/notes/a/b", "/notes/", "/assets/none.css/0", "/notes/%ff", "/notes/%00"] {
        let page = hana.gets(path).await;
        page.is(404).says("ページが見つかりません").says("トップへ戻る");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.title(), "ページが見つかりません｜見本市 折り紙広場");
        assert!(page.source().contains("noindex"));
    }
    let page = hana.gets("/nothing").await;
    hana.follows(&page, "トップへ戻る").await.ok();
}

#[tokio::test]
async fn under_api_it_is_problem_details_with_the_requests_name() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    let hana = house.city("mihon").visitor("花");
    let answer = hana.gets("/api/v1/nothing").await;
    assert_eq!(answer.is(404).header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["type"], "about:blank");
    assert_eq!(problem["status"], 404);
    assert_eq!(problem["title"], "ページが見つかりません");
    assert_eq!(problem["request_id"], answer.header("x-request-id"));
    assert!(problem.get("errors").is_none());
    let problem = house.city("mihon").visitor("John").in_english().gets("/api/v1/nothing").await.json();
    assert_eq!(problem["title"], "Page not found");
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    let hana = house.city("mihon").visitor("花");
    for limit in ["0", "501", "-1", "many", "1e3", "99999999999999999999"] {
        let problem = hana.gets(&format!("/api/v1/notes?limit={limit}")).await.is(422).json();
        assert_eq!(problem["errors"][0]["field"], "limit");
        assert!(problem["errors"][0]["detail"].as_str().unwrap().contains("500"));
    }
    for query in ["limit=%00", "limit=1", "limit=500", "limit=", "limit=%201%20", "colour=red&colour=%ff"] {
        hana.gets(&format!("/api/v1/notes?{query}")).await.ok();
    }
}

#[tokio::test]
async fn our_own_fault_is_an_apology_with_the_requests_name() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    let hana = house.city("mihon").visitor("花");
    for path in ["/mishaps/broken", "/mishaps/panic"] {
        let page = hana.gets(path).await;
        page.is(500).says("申し訳ありません。表示できませんでした").says(page.header("x-request-id"));
        page.does_not_say("no_table_of_ours").does_not_say("panick");
        let answer = hana.gets(&format!("/api/v1{path}")).await;
        assert_eq!(answer.is(500).header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["request_id"], answer.header("x-request-id"));
        answer.does_not_say("no_table_of_ours").does_not_say("panick");
    }
    hana.gets("/notes").await.ok();
}

#[tokio::test]
async fn what_may_not_be_seen_or_done_says_so() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    let hana = house.city("mihon").visitor("花");
    hana.gets("/mishaps/forbidden").await.is(403).says("この役割では使えません").says("折り鶴課");
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        let page = hana.sends(method, "/notes", &[]).await;
        page.is(405).says("この操作はできません");
        assert!(page.header("allow").contains("GET"), "{page}");
    }
    let answer = hana.sends(Method::POST, "/api/v1/notes", &[]).await;
    assert_eq!(answer.is(405).header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn a_room_that_is_switched_off_is_not_there() {
    let house = TestHouse::new(rooms()).with_city("mihon").build().await;
    house.city("mihon").visitor("花").gets("/mishaps/forbidden").await.is(404);
}

#[tokio::test]
async fn a_city_whose_database_is_away_says_so_and_names_the_request() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    let hana = house.city("mihon").visitor("花");
    hana.gets("/notes").await.ok();
    house.city("mihon").db().close().await;
    let page = hana.gets("/notes").await;
    page.is(503).says("ただいま表示できません").says(page.header("x-request-id"));
    let answer = hana.gets("/api/v1/notes").await;
    assert_eq!(answer.is(503).header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["request_id"], answer.header("x-request-id"));
    hana.gets("/readyz").await.is(503).says("mihon");
    hana.gets("/healthz").await.ok();
}
