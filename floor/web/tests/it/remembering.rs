//! What is read once between two entries of the trail, or until anybody writes anything.

use axum::Json;
use kyodo_kernel::people::{self, Role};
use kyodo_testkit::{TestCity, TestHouse, Visitor};
use kyodo_web::{Access, Ctx, Result, Room, Routes};

use crate::rooms::{mihon, rooms};

#[derive(Debug, PartialEq)]
struct Notes(i64);

/// Two pages that count the notes, and remember how many there were until the next entry, or until anybody writes.
fn counting() -> Room {
    async fn notes(ctx: &Ctx) -> Result<Notes> {
        Ok(Notes(ctx.db.ask("SELECT COUNT(*) FROM note").one::<(i64,)>().await?.0))
    }
    async fn count(ctx: Ctx) -> Result<Json<i64>> {
        Ok(Json(ctx.remembered("", notes(&ctx)).await?.0))
    }
    async fn count_now(ctx: Ctx) -> Result<Json<i64>> {
        Ok(Json(ctx.briefly("", notes(&ctx)).await?.0))
    }
    let routes = Routes::new().get("/desk/notes/count", Access::SignedIn, count).get(
        "/desk/notes/count-now",
        Access::SignedIn,
        count_now,
    );
    Room { name: "counting", always_on: true, routes, ..Room::default() }
}

fn house() -> TestHouse {
    TestHouse::new(rooms().into_iter().chain([counting()]).collect()).with_city(mihon()).development()
}

async fn counts(who: &Visitor) -> i64 {
    who.gets("/desk/notes/count").await.ok().json().as_i64().expect("a number")
}

async fn sentences(who: &Visitor) -> String {
    who.gets("/desk/notes/count").await.ok().header("x-kyodo-queries").to_owned()
}

/// A note that nobody notes.
async fn writes(city: &TestCity, key: &str) {
    let mut tx = city.db().begin().await.unwrap();
    tx.ask("INSERT INTO note (key, text) VALUES ($1, '折り鶴')").with(key.to_owned()).run().await.unwrap();
    tx.commit().await.unwrap();
}

async fn hana(city: &TestCity) -> Visitor {
    city.holder("佐藤花", Role::Coordinator).await
}

#[tokio::test]
async fn what_was_read_stands_until_the_next_entry() {
    let city = house().trusting().build().await.city("mihon");
    let hana = hana(&city).await;
    assert_eq!(counts(&hana).await, 0);
    writes(&city, "a").await;
    assert_eq!(counts(&hana).await, 0, "nobody noted it");
    city.changes(async |_| Ok(())).await;
    assert_eq!(counts(&hana).await, 1);
    // Again it costs the one look that all share, and neither the session nor the count.
    assert_eq!(sentences(&hana).await, "1");
}

#[tokio::test]
async fn what_is_remembered_briefly_stands_until_anybody_writes_anything() {
    for house in [house(), house().trusting()] {
        let house = house.build().await;
        let city = house.city("mihon");
        let hana = hana(&city).await;
        for n in 0..3 {
            let page = hana.gets("/desk/notes/count-now").await;
            assert_eq!(page.ok().json(), n);
            let again = hana.gets("/desk/notes/count-now").await;
            assert_eq!(again.ok().json(), n);
            // On a server that other tests write to at the same time, it may be asked again.
            let asks = house.house().settings.doubting || city.db().is_postgres();
            assert!(asks || again.header("x-kyodo-queries") == "1", "{}", again.header("x-kyodo-queries"));
            writes(&city, &format!("n{n}")).await;
        }
    }
}

#[tokio::test]
async fn a_change_that_nobody_noted_is_found_where_doubt_is_on() {
    let city = house().build().await.city("mihon");
    let hana = hana(&city).await;
    assert_eq!(counts(&hana).await, 0);
    writes(&city, "a").await;
    hana.gets("/desk/notes/count").await.is(500);
}

#[tokio::test]
async fn a_session_that_ended_opens_nothing_more_and_a_new_duty_counts_at_once() {
    let city = house().trusting().build().await.city("mihon");
    let hana = city.person("佐藤花", &[]).await;
    hana.gets("/desk/notes/new").await.is(403);
    let first = kyodo_kernel::FiscalYear::of("2026-11-20".parse().unwrap()).first_day();
    let duty = people::NewDuty::new(Role::Coordinator, first);
    let now = city.house().house().clock.now();
    city.changes(async |tx| people::give(tx, hana.account(), &duty, now).await).await;
    hana.gets("/desk/notes/new").await.ok();
    city.changes(async |tx| people::end_all(tx, hana.account(), None, now).await).await;
    let led = hana.gets("/desk/notes/count").await;
    assert!(led.is(303).header("location").starts_with("/login"));
}
