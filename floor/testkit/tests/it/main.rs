//! The testkit tested: it must not let through what it is there to find.

use axum::response::Html;
use http::Method;
use kyodo_db::Pools;
use kyodo_kernel::MIGRATIONS;
use kyodo_testkit::{RunningHouse, TestDatabase, TestHouse, TestPack, every_public_page, public_paths};
use kyodo_web::{Access, Ctx, Params, Room, Routes};

/// A room whose pages say what their address says: `/say?content=…`.
fn room() -> Room {
    Room {
        name: "echo",
        always_on: true,
        routes: Routes::new().get("/say", Access::Public, say).get("/good", Access::Public, good).get(
            "/text",
            Access::Public,
            || async { "⟨not a page⟩" },
        ),
        ..Room::default()
    }
}

async fn say(params: Params) -> Html<String> {
    page(params.get("content").unwrap_or_default())
}

/// The address of a page with this content.
fn saying(content: &str) -> String {
    format!("/say?content={}", url::form_urlencoded::byte_serialize(content.as_bytes()).collect::<String>())
}

async fn good(ctx: Ctx) -> Html<String> {
    page(&format!("<p id=\"here\">よい<wbr>こと　<b>だけ</b></p><p>{}</p>", ctx.language.code()))
}

fn page(content: &str) -> Html<String> {
    Html(format!("<!DOCTYPE html><html lang=\"ja\"><title>題</title><body><h1>題</h1>{content}</body></html>"))
}

async fn house() -> RunningHouse {
    TestHouse::new(vec![room()]).with_city("mihon").build().await
}

async fn says(content: &str) {
    house().await.city("mihon").visitor("花").gets(&saying(content)).await.ok();
}

#[tokio::test]
async fn a_good_link_passes() {
    let house = house().await;
    let hana = house.city("mihon").visitor("花");
    for link in ["/good", "/good#here", "/good?a=1#here", "#x", "http://example.jp/none", "tel:110", "?format=csv"] {
        hana.gets(&saying(&format!("<a id=x href='{link}'>先</a>"))).await.ok();
    }
}

#[tokio::test]
#[should_panic(expected = "「先」 leads to http://mihon.localhost/none (404)")]
async fn a_link_to_nowhere_is_found() {
    says("<a href='/none'>先</a>").await;
}

#[tokio::test]
#[should_panic(expected = "#there is missing")]
async fn a_link_to_a_place_that_the_other_page_lacks_is_found() {
    says("<a href='/good#there'>先</a>").await;
}

#[tokio::test]
#[should_panic(expected = "leads to #there, which is not on the page")]
async fn a_link_to_a_place_that_the_page_itself_lacks_is_found() {
    says("<a href='#there'>先</a>").await;
}

#[tokio::test]
#[should_panic(expected = "「img」 leads to")]
async fn a_picture_that_is_not_there_is_found() {
    says("<img alt='' src='/none.png'>").await;
}

#[tokio::test]
#[should_panic(expected = "the link says nothing")]
async fn a_page_behind_a_link_is_inspected_too() {
    says(&format!("<a href='{}'>先</a>", saying("<a href='/good'></a>"))).await;
}

#[tokio::test]
#[should_panic(expected = "an untranslated message: ⟨plan-title⟩")]
async fn a_missing_message_is_found() {
    says("<p>⟨plan-title⟩").await;
}

#[tokio::test]
#[should_panic(expected = "does not say 「わるいこと」")]
async fn a_page_that_does_not_say_it_fails() {
    house().await.city("mihon").visitor("花").gets("/good").await.says("わるいこと");
}

#[tokio::test]
async fn a_page_is_read_as_people_read_it() {
    let page = house().await.city("mihon").visitor("花").gets("/good").await;
    page.ok().says("よいこと だけ").does_not_say("⟨");
    assert_eq!((page.title().as_str(), page.texts_of("b")), ("題", vec!["だけ".to_owned()]));
    let ruby = house().await.city("mihon").visitor("花");
    let ruby = ruby.gets(&saying("<ruby>協働<rp>（</rp><rt>きょうどう</rt><rp>）</rp></ruby>の紙")).await;
    ruby.ok().says("協働の紙");
    assert_eq!(ruby.reading_of("協働").as_deref(), Some("きょうどう"));
}

#[tokio::test]
async fn people_keep_their_cookies_and_nobody_elses() {
    let house = house().await;
    let (hana, ken) = (house.city("mihon").visitor("花"), house.city("mihon").visitor("健").in_easy_japanese());
    hana.gets("/good").await.says("ja");
    hana.gets("/good?lang=en").await.says("en");
    hana.gets("/good").await.says("en");
    ken.gets("/good").await.says("ja-easy");
    house.city("mihon").visitor("John").in_english().gets("/good").await.says("en");
}

#[tokio::test]
async fn following_links_is_not_counted_as_reading() {
    let house = house().await;
    house.city("mihon").visitor("花").gets(&saying("<a href='/good'>先</a>")).await.ok();
    let views = house.house().views.take().remove("mihon").unwrap();
    assert_eq!(views.len(), 1);
    assert_eq!(views[0].0.path, "/say");
}

#[tokio::test]
async fn what_is_no_page_is_not_inspected() {
    let hana = house().await.city("mihon").visitor("花");
    assert_eq!(hana.gets("/text").await.ok().text(), "⟨not a page⟩");
    assert!(hana.sends(Method::HEAD, "/good", &[]).await.ok().bytes().is_empty());
}

#[tokio::test]
async fn walking_visits_every_address_without_variables() {
    let city = house().await.city("mihon");
    assert_eq!(public_paths(&city).await, ["/say", "/good", "/text"]);
    assert_eq!(every_public_page(&city).await.len(), 3);
}

#[tokio::test]
#[should_panic(expected = "the pack of mihon has faults:\ncity.toml:")]
async fn a_pack_with_faults_builds_no_house() {
    let pack = TestPack::named("mihon").replacing("city.toml", "998001", "998002");
    TestHouse::new(Vec::new()).with_city(pack).build().await;
}

#[tokio::test]
async fn a_database_is_gone_with_its_test() {
    let database = TestDatabase::with(MIGRATIONS).await;
    let place = database.place().clone();
    let again = || place.open(Pools::default()).unwrap();
    again().prepare("SELECT revision FROM city").await.unwrap();
    drop(database);
    again().prepare("SELECT revision FROM city").await.unwrap_err();
}
