//! What every answer carries.

use http::Method;
use kyodo_testkit::{Page, TestHouse};

use crate::rooms::{kagami, mihon, rooms, writes};

const GUARDS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=()"),
    ("content-security-policy", "default-src 'none'"),
];

fn assert_guarded(page: &Page) {
    for (name, part) in GUARDS {
        assert!(page.header(name).contains(part), "{page}: {name} is 「{}」", page.header(name));
    }
    let policy = page.header("content-security-policy");
    assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!page.header("cache-control").is_empty(), "{page}");
}

#[tokio::test]
async fn security_headers_stand_on_every_answer() {
    let house = TestHouse::new(rooms()).with_city(mihon()).with_city(kagami()).build().await;
    writes(&house.city("mihon"), "a", "あ").await;
    let (hana, visitor) = (house.city("mihon").visitor("花"), house.visitor_at("localhost", "健"));
    let etag = hana.gets("/notes").await.header("etag").to_owned();
    let answers = [
        hana.gets("/notes").await,
        hana.gets("/notes/a").await,
        hana.gets("/notes/none").await,
        hana.gets_with("/notes", &[("if-none-match", &etag)]).await,
        hana.gets_with("/notes", &[("accept-encoding", "br")]).await,
        hana.gets("/api/v1/notes").await,
        hana.gets("/api/v1/none").await,
        hana.gets("/api/v1/notes?limit=0").await,
        hana.gets("/mishaps/broken").await,
        hana.gets("/mishaps/panic").await,
        hana.gets("/mishaps/forbidden").await,
        hana.gets("/assets/mark.svg/0").await,
        hana.gets("/assets/none.js/0").await,
        hana.sends(Method::HEAD, "/notes", &[]).await,
        hana.sends(Method::POST, "/notes", &[]).await,
        hana.sends(Method::OPTIONS, "/notes", &[]).await,
        visitor.gets("/").await,
        visitor.gets("/none").await,
        visitor.gets("/healthz").await,
        visitor.gets("/readyz").await,
        visitor.gets("/metrics").await,
    ];
    for answer in &answers {
        assert_guarded(answer);
        assert!(!answer.headers().contains_key("strict-transport-security"), "{answer}");
        assert!(!answer.headers().contains_key("server"), "{answer}");
    }
}

#[tokio::test]
async fn browsers_are_told_to_stay_on_https_where_there_is_https() {
    let house = TestHouse::new(rooms()).with_city(mihon()).behind_https().build().await;
    let page = house.city("mihon").visitor("花").gets("/notes?lang=en").await;
    assert!(page.ok().header("strict-transport-security").starts_with("max-age="));
    assert!(page.header("set-cookie").contains("Secure"));
}

#[tokio::test]
async fn every_request_has_a_name_of_its_own() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    let hana = house.city("mihon").visitor("花");
    let (one, two) = (hana.gets("/notes").await, hana.gets("/notes").await);
    assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
    assert!([one, two].iter().all(|page| page.header("x-request-id").len() == 16));
}

#[tokio::test]
async fn only_developers_see_how_many_sentences_a_page_asked() {
    let house = TestHouse::new(rooms()).with_city(mihon()).development().build().await;
    let hana = house.city("mihon").visitor("花");
    hana.gets("/notes").await.ok();
    // The city's revision, the notes, the courses.
    assert_eq!(hana.gets("/notes").await.header("x-kyodo-queries"), "3");
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    let page = house.city("mihon").visitor("花").gets("/notes").await;
    assert!(!page.headers().contains_key("x-kyodo-queries"));
}

#[tokio::test]
async fn a_head_request_tells_the_same_without_the_page() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    let hana = house.city("mihon").visitor("花");
    let head = hana.sends(Method::HEAD, "/notes", &[]).await;
    assert!(head.ok().bytes().is_empty());
    assert_eq!(head.header("content-type"), "text/html; charset=utf-8");
}

#[tokio::test]
async fn pages_are_compressed_for_browsers_that_ask_for_it() {
    for house in [TestHouse::new(rooms()), TestHouse::new(rooms()).keeping_pages()] {
        let house = house.with_city(mihon()).build().await;
        let hana = house.city("mihon").visitor("花");
        let plain = hana.gets("/notes").await;
        for _ in 0..2 {
            for (accepted, encoding) in
                [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("identity", ""), ("", "")]
            {
                let page = hana.gets_with("/notes", &[("accept-encoding", accepted)]).await;
                assert_eq!(page.ok().header("content-encoding"), encoding, "{accepted}");
                assert!(page.header("vary").contains("accept-encoding"), "{}", page.header("vary"));
                assert_eq!(page.bytes().len() < plain.bytes().len(), !encoding.is_empty());
            }
        }
    }
}
