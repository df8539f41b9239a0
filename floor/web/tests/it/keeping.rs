//! Pages kept in memory are never stale, and browsers need not fetch what they have.

use kyodo_kernel::people::Role;
use kyodo_testkit::{Page, TestHouse};

use crate::rooms::{holds_a_course, mihon, rooms, writes};

fn queries(page: &Page) -> u32 {
    page.header("x-kyodo-queries").parse().unwrap()
}

#[tokio::test]
async fn what_a_browser_has_already_is_not_sent_again() {
    for house in [TestHouse::new(rooms()), TestHouse::new(rooms()).keeping_pages()] {
        let house = house.with_city(mihon()).build().await;
        let (city, hana) = (house.city("mihon"), house.city("mihon").visitor("花"));
        for path in ["/notes", "/api/v1/notes"] {
            let first = hana.gets(path).await;
            let etag = first.ok().header("etag").to_owned();
            assert!(!etag.is_empty());
            let again = hana.gets_with(path, &[("if-none-match", &etag)]).await;
            assert!(again.is(304).bytes().is_empty());
            assert_eq!(again.header("etag"), etag);
            hana.gets_with(path, &[("if-none-match", "\"another\"")]).await.ok();
            writes(&city, if path == "/notes" { "a" } else { "b" }, "新しい話").await;
            hana.gets_with(path, &[("if-none-match", &etag)]).await.ok().says("新しい話");
        }
    }
}

#[tokio::test]
async fn a_kept_page_asks_for_the_revision_only_and_is_refreshed_by_a_fact() {
    let house = TestHouse::new(rooms()).with_city(mihon()).keeping_pages().development().build().await;
    let (city, hana) = (house.city("mihon"), house.city("mihon").visitor("花"));
    hana.gets("/notes").await.ok().says("講座0回");
    let kept = hana.gets("/notes").await;
    assert_eq!(queries(kept.says("講座0回")), 1);
    holds_a_course(&city).await;
    let fresh = hana.gets("/notes").await;
    assert!(queries(fresh.says("講座1回")) > 1);
    assert_eq!(queries(hana.gets("/notes").await.says("講座1回")), 1);
}

#[tokio::test]
async fn a_public_page_is_kept_for_each_session_until_anybody_writes_anything() {
    let house = TestHouse::new(rooms()).with_city(mihon()).keeping_pages().development().build().await;
    let city = house.city("mihon");
    let hana = city.holder("佐藤花", Role::Coordinator).await;
    let ken = city.holder("田中健", Role::Coordinator).await;
    hana.gets("/notes").await.ok().says("佐藤花");
    let again = hana.gets("/notes").await;
    again.ok().says("佐藤花");
    // The look, and the session while tests doubt; a server that other tests write to may be asked again.
    assert!(queries(&again) <= 2 || city.db().is_postgres(), "{}", queries(&again));
    ken.gets("/notes").await.ok().says("田中健").does_not_say("佐藤花");
    city.visitor("だれか").gets("/notes").await.ok().does_not_say("佐藤花");
    // Neither a new revision nor an entry: only the database says it.
    let mut tx = city.db().begin().await.unwrap();
    tx.ask("INSERT INTO note (key, text) VALUES ('a', '静かな話')").run().await.unwrap();
    tx.commit().await.unwrap();
    hana.gets("/notes").await.ok().says("静かな話");
    city.visitor("だれか").gets("/notes").await.ok().does_not_say("静かな話");
}

#[tokio::test]
async fn page_views_refresh_nothing() {
    let house = TestHouse::new(rooms()).with_city(mihon()).keeping_pages().development().build().await;
    let (city, hana) = (house.city("mihon"), house.city("mihon").visitor("花"));
    hana.gets("/notes").await.ok();
    let views = house.house().views.take().remove("mihon").unwrap();
    kyodo_kernel::views::write(city.db(), &views, &[], "2026-11-20T00:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(queries(&hana.gets("/notes").await), 1);
}

#[tokio::test]
async fn kept_pages_are_kept_apart_by_language_furigana_and_query() {
    let house = TestHouse::new(rooms()).with_city(mihon()).keeping_pages().build().await;
    let city = house.city("mihon");
    writes(&city, "a", "鶴の話").await;
    let (hana, john) = (city.visitor("花"), city.visitor("John").in_english());
    let (lin, ken) = (city.visitor("リン").in_easy_japanese(), city.visitor("健").with_furigana());
    for _ in 0..2 {
        assert_eq!(hana.gets("/notes").await.ok().says("覚え書き").reading_of("協働"), None);
        john.gets("/notes").await.ok().says("Notes of Mihon City");
        lin.gets("/notes").await.ok().says("メモ");
        assert_eq!(ken.gets("/notes").await.ok().reading_of("協働").as_deref(), Some("きょうどう"));
        hana.gets("/search?q=鶴").await.ok().says("1件");
        hana.gets("/search?q=舟").await.ok().says("0件");
    }
}

#[tokio::test]
async fn what_failed_is_not_kept() {
    let house = TestHouse::new(rooms()).with_city(mihon()).keeping_pages().build().await;
    let (city, hana) = (house.city("mihon"), house.city("mihon").visitor("花"));
    hana.gets("/notes/a").await.is(404);
    let mut tx = city.db().begin().await.unwrap();
    // Without a new revision, so that only forgetting helps.
    tx.ask("INSERT INTO note (key, text) VALUES ('a', '静かな話')").run().await.unwrap();
    tx.commit().await.unwrap();
    hana.gets("/notes/a").await.ok().says("静かな話");
}

#[tokio::test]
async fn a_cookie_that_is_set_is_not_kept_with_the_page() {
    let house = TestHouse::new(rooms()).with_city(mihon()).keeping_pages().build().await;
    let city = house.city("mihon");
    let english = city.visitor("花").gets("/notes?lang=en").await;
    assert!(english.ok().header("set-cookie").contains("kyodo_lang=en"));
    assert!(!city.visitor("健").gets("/notes").await.headers().contains_key("set-cookie"));
    let again = city.visitor("John").gets("/notes?lang=en").await;
    assert!(again.header("set-cookie").contains("kyodo_lang=en"));
}
