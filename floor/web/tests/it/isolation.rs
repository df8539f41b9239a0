//! Two cities in one house: nothing of one can be reached through the other.

use http::Method;
use kyodo_db::{AssertSqlSafe, FromRow};
use kyodo_testkit::{RunningHouse, TestHouse};

use crate::rooms::{kagami, mihon, rooms, writes};

/// What only one of them knows.
const SECRET: &str = "鏡の裏";

async fn two_cities(house: TestHouse) -> RunningHouse {
    let house = house.with_city(mihon()).with_city(kagami()).build().await;
    writes(&house.city("mihon"), "crane", "折り鶴の話").await;
    writes(&house.city("kagami"), "mirror", SECRET).await;
    house
}

/// Every address of the house, with the keys of the other city put in.
fn every_address(house: &RunningHouse) -> Vec<String> {
    let routes = house.house().rooms.iter().flat_map(|room| room.routes.iter());
    let mut addresses: Vec<String> = routes.map(|route| route.path.replace("{key}", "mirror")).collect();
    addresses.extend(
        [
            "/search?q=鏡",
            "/search?q=裏",
            "/api/v1/notes?after=mirror",
            "/kagami/notes",
            "/nothing",
            "/notes/",
            "//kagami/notes",
        ]
        .map(str::to_owned),
    );
    addresses
}

#[tokio::test]
async fn nothing_of_one_city_is_reached_through_the_others_host() {
    for house in [TestHouse::new(rooms()), TestHouse::new(rooms()).keeping_pages()] {
        let house = two_cities(house).await;
        let (hana, ken) = (house.city("mihon").visitor("花"), house.city("kagami").visitor("健"));
        for address in every_address(&house) {
            // Ken has just been there, so what can be kept is kept.
            ken.gets(&address).await;
            let asked = [
                hana.gets(&address).await,
                hana.gets_with(&address, &[("x-forwarded-host", "kagami.localhost")]).await,
                hana.gets_with(&address, &[("forwarded", "host=kagami.localhost")]).await,
                hana.sends(Method::POST, &address, &[]).await,
            ];
            for page in asked {
                for word in [SECRET, "鏡市", "mirror\"", "kagami"] {
                    let said = page.source();
                    assert!(!said.contains(word) || address.contains(word), "{page} tells 「{word}」:\n{said}");
                }
            }
        }
        ken.gets("/notes/mirror").await.ok().says(SECRET);
        ken.gets("/search?q=鏡の裏").await.ok().says("1件").says(SECRET);
        hana.gets("/notes/mirror").await.is(404);
        hana.gets("/search?q=鏡の裏").await.ok().says("0件");
        hana.gets("/api/v1/notes").await.ok().says("折り鶴の話").does_not_say(SECRET);
    }
}

#[tokio::test]
async fn a_change_in_one_city_leaves_the_other_untouched() {
    let house = two_cities(TestHouse::new(rooms())).await;
    let revision = async |city: &str| house.city(city).city().state().await.unwrap().revision;
    let before = revision("kagami").await;
    writes(&house.city("mihon"), "boat", "舟の話").await;
    assert_eq!(revision("kagami").await, before);
    house.city("kagami").visitor("健").gets("/notes").await.ok().does_not_say("舟の話");
}

#[derive(FromRow, Debug)]
struct Word {
    word: String,
}

#[tokio::test]
async fn a_citys_role_cannot_read_another_citys_schema() {
    let house = two_cities(TestHouse::new(rooms())).await;
    let (own, other) = (house.city("mihon"), house.city("kagami"));
    if !own.db().is_postgres() {
        // Two files: one connection knows nothing of the other.
        let files = own.db().ask("SELECT name AS word FROM pragma_database_list").all::<Word>().await.unwrap();
        assert_eq!(files.len(), 1);
        return;
    }
    let schema = other.db().ask("SELECT current_schema()::text AS word").one::<Word>().await.unwrap().word;
    let refused = [
        format!("SELECT text AS word FROM {schema}.note"),
        format!("SELECT slug AS word FROM {schema}.city"),
        format!("INSERT INTO {schema}.note (key, text) VALUES ('x', 'x') RETURNING key AS word"),
        format!("CREATE TABLE {schema}.mine (word text)"),
        format!("SET ROLE {schema}"),
        format!("DROP SCHEMA {schema} CASCADE"),
    ];
    for sentence in refused {
        let mut tx = own.db().begin().await.unwrap();
        let error = tx.ask(AssertSqlSafe(sentence.clone())).run().await.expect_err(&sentence).to_string();
        assert!(error.contains("permission denied") || error.contains("must be owner"), "{sentence}: {error}");
    }
}
