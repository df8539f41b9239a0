//! Language and furigana: chosen by an address, remembered for the next page.

use kyodo_testkit::{TestHouse, every_public_page, every_sentence_is_understood};

use crate::rooms::{mihon, rooms, writes};

#[tokio::test]
async fn a_language_is_chosen_once_and_stays() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    let hana = house.city("mihon").visitor("花");
    hana.gets("/notes").await.ok().says("見本市の協働の覚え書き");
    let page = hana.gets("/notes?lang=en").await;
    page.ok().says("Notes of Mihon City");
    let cookie = page.header("set-cookie");
    for part in ["kyodo_lang=en", "Path=/", "HttpOnly", "SameSite=Lax", "Max-Age="] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");
    let next = hana.gets("/notes").await;
    next.ok().says("Notes of Mihon City");
    assert!(!next.headers().contains_key("set-cookie"), "what has not changed is not set again");
    assert!(next.source().contains("<html lang=\"en\">"));
    hana.gets("/notes?lang=ja-easy").await.ok().says("メモ");
    hana.gets("/notes").await.ok().says("メモ");
    house.city("mihon").visitor("健").gets("/notes").await.says("覚え書き");
}

#[tokio::test]
async fn a_language_that_nobody_speaks_here_is_ignored() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    let hana = house.city("mihon").visitor("花").in_english();
    for code in ["fr", "", "en-GB", "ja%00", "../en"] {
        let page = hana.gets(&format!("/notes?lang={code}")).await;
        page.ok().says("Notes of Mihon City");
        assert!(!page.headers().contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn furigana_are_switched_on_and_off() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    let hana = house.city("mihon").visitor("花");
    let page = hana.gets("/notes?furigana=on").await;
    assert_eq!(page.ok().reading_of("協働").as_deref(), Some("きょうどう"));
    page.says("見本市の協働の覚え書き").says("ふりがなをはずす");
    assert!(hana.gets("/notes").await.reading_of("協働").is_some());
    hana.gets("/notes?furigana=off").await.says("ふりがなをつける");
    assert_eq!(hana.gets("/notes").await.reading_of("協働"), None);
}

#[tokio::test]
async fn the_switches_keep_what_else_the_address_says() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    let city = house.city("mihon");
    writes(&city, "a", "鶴と亀").await;
    let hana = city.visitor("花");
    let page = hana.gets("/search?q=鶴&lang=ja").await;
    let english = hana.follows(&page, "English").await;
    english.ok().says("1 item").says("鶴と亀");
    assert_eq!(english.url().query_pairs().filter(|(name, _)| name == "lang").count(), 1);
}

#[tokio::test]
async fn every_page_passes_the_inspector_in_every_language() {
    let house = TestHouse::new(rooms()).with_city("mihon").as_demo().build().await;
    writes(&house.city("mihon"), "a", "鶴の話").await;
    let pages = every_public_page(&house.city("mihon")).await;
    assert_eq!(pages.len(), 3);
    assert!(pages.iter().any(|page| page.text().contains("これは例です")));
}

#[tokio::test]
async fn every_sentence_of_the_house_is_understood() {
    every_sentence_is_understood(&rooms()).await;
}

#[test]
fn the_frame_and_the_rooms_say_the_same_in_every_language() {
    kyodo_testkit::every_message_is_in_every_language(&rooms());
}
