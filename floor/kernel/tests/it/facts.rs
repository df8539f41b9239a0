//! Facts: what happened, once, on a day.

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Db, FromRow, Result, Tx};
use kyodo_kernel::catalogue::{Kind, kind_named};
use kyodo_kernel::facts::{self, NewFact, append, reverse};
use kyodo_kernel::pack::part::Later;
use kyodo_testkit::{RunningHouse, TestHouse};

async fn house() -> RunningHouse {
    TestHouse::new(Vec::new()).with_city("mihon").build().await
}

fn course() -> &'static Kind {
    kind_named("course.held").unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-20T01:00:00Z".parse().unwrap()
}

async fn happened(db: &Db, facts: &[NewFact]) {
    let mut tx = db.begin().await.unwrap();
    append(&mut tx, facts, &[], now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn takes_back(db: &Db, fact: i64) -> bool {
    let mut tx = db.begin().await.unwrap();
    let done = reverse(&mut tx, fact, &[], now()).await.unwrap();
    tx.commit().await.unwrap();
    done
}

#[derive(FromRow, Debug, PartialEq)]
struct Fact {
    id: i64,
    kind: String,
    day: NaiveDate,
    fiscal_year: i64,
    quantity: i64,
    subject: Option<String>,
    tag: Option<String>,
    reverses: Option<i64>,
    example: bool,
}

async fn facts(db: &Db) -> Vec<Fact> {
    let sql = "SELECT id, kind, day, fiscal_year, quantity, subject, tag, reverses, example FROM fact ORDER BY id";
    db.ask(sql).all().await.unwrap()
}

#[derive(FromRow)]
struct Number {
    n: i64,
}

async fn number(db: &Db, sql: &'static str) -> i64 {
    db.ask(sql).one::<Number>().await.unwrap().n
}

async fn revision(db: &Db) -> i64 {
    number(db, "SELECT revision AS n FROM city").await
}

#[tokio::test]
async fn a_fact_falls_into_the_fiscal_year_of_its_day() {
    let house = house().await;
    let city = house.city("mihon");
    let on = |text| NewFact { subject: Some("折り方の会".to_owned()), ..NewFact::new(course(), day(text)) };
    happened(city.db(), &[on("2026-03-31"), on("2026-04-01")]).await;
    let facts = facts(city.db()).await;
    let years: Vec<i64> = facts.iter().map(|fact| fact.fiscal_year).collect();
    assert_eq!(years, [2025, 2026]);
    assert_eq!(facts[0].subject.as_deref(), Some("折り方の会"));
}

#[tokio::test]
async fn a_fact_is_never_changed_and_never_deleted() {
    let house = house().await;
    let city = house.city("mihon");
    happened(city.db(), &[NewFact::new(course(), day("2026-05-01"))]).await;
    let before = facts(city.db()).await;
    let mut attempts = vec![
        "UPDATE fact SET quantity = 2",
        "UPDATE fact SET day = day",
        "DELETE FROM fact",
        "DELETE FROM fact WHERE id = 1",
        "INSERT INTO fact (id, kind, day, fiscal_year, quantity, example, recorded_at)
         SELECT id, 'table.held', day, fiscal_year, quantity, example, recorded_at FROM fact WHERE id = 1
         ON CONFLICT (id) DO UPDATE SET kind = excluded.kind",
    ];
    if city.db().is_postgres() {
        attempts.push("TRUNCATE fact");
    } else {
        attempts.push(
            "INSERT OR REPLACE INTO fact (id, kind, day, fiscal_year, quantity, example, recorded_at)
             SELECT id, 'table.held', day, fiscal_year, quantity, example, recorded_at FROM fact WHERE id = 1",
        );
    }
    for sql in attempts {
        let mut tx = city.db().begin().await.unwrap();
        let error = tx.ask(sql).run().await.expect_err(sql).to_string();
        assert!(error.contains("a fact is never"), "{sql}: {error}");
    }
    assert_eq!(facts(city.db()).await, before);
}

#[tokio::test]
async fn the_schema_shows_what_guards_the_facts() {
    let schema = kyodo_testkit::schema_of(&[]).await;
    for guard in ["fact_is_never_changed", "fact_by_kind", "search_document", "UNIQUE"] {
        assert!(schema.contains(guard), "{guard}:\n{schema}");
    }
    assert!(!schema.contains("kyodo_test"), "nothing of the test's own name:\n{schema}");
    assert_eq!(schema, kyodo_testkit::schema_of(&[]).await);
}

#[tokio::test]
async fn a_reversal_says_the_opposite_on_the_same_day() {
    let house = house().await;
    let city = house.city("mihon");
    let attended = NewFact {
        quantity: 30,
        tag: Some("centre".to_owned()),
        example: true,
        ..NewFact::new(kind_named("course.attended").unwrap(), day("2026-05-01"))
    };
    happened(city.db(), &[attended]).await;
    let told = facts(city.db()).await.remove(0);
    assert!(takes_back(city.db(), told.id).await);
    let back = facts(city.db()).await.remove(1);
    assert_eq!(back, Fact { id: back.id, quantity: -30, reverses: Some(told.id), ..told });
    assert_eq!(number(city.db(), "SELECT CAST(SUM(quantity) AS BIGINT) AS n FROM fact").await, 0);
}

#[tokio::test]
async fn a_reversal_counts_once_and_cannot_be_reversed() {
    let house = house().await;
    let city = house.city("mihon");
    happened(city.db(), &[NewFact::new(course(), day("2026-05-01"))]).await;
    let fact = facts(city.db()).await[0].id;
    let before = revision(city.db()).await;
    assert!(takes_back(city.db(), fact).await);
    assert_eq!(revision(city.db()).await, before + 1);
    let reversal = facts(city.db()).await[1].id;
    assert!(!takes_back(city.db(), fact).await, "a second time");
    assert!(!takes_back(city.db(), reversal).await, "the reversal itself");
    assert!(!takes_back(city.db(), 4711).await, "nothing at all");
    assert_eq!(facts(city.db()).await.len(), 2);
    assert_eq!(revision(city.db()).await, before + 1, "what did not happen changes nothing");
}

#[tokio::test]
async fn two_people_who_take_the_same_fact_back_do_it_once() {
    let house = house().await;
    let city = house.city("mihon");
    happened(city.db(), &[NewFact::new(course(), day("2026-05-01"))]).await;
    let fact = facts(city.db()).await[0].id;
    let people = (0..4).map(|_| {
        let db = city.db().clone();
        tokio::spawn(async move { takes_back(&db, fact).await })
    });
    let mut done = 0;
    for person in people.collect::<Vec<_>>() {
        done += i64::from(person.await.unwrap());
    }
    assert_eq!((done, facts(city.db()).await.len()), (1, 2));
}

#[tokio::test]
async fn the_revision_rises_with_what_moves_figures_only() {
    let house = house().await;
    let city = house.city("mihon");
    let begin = revision(city.db()).await;
    let view = NewFact::new(kind_named("page.viewed").unwrap(), day("2026-05-01"));
    happened(city.db(), &[view.clone(), view.clone()]).await;
    assert_eq!(revision(city.db()).await, begin, "page views move nothing");
    happened(city.db(), &[]).await;
    assert_eq!(revision(city.db()).await, begin, "nothing moves nothing");
    let held = NewFact::new(course(), day("2026-05-01"));
    happened(city.db(), &[view, held.clone(), held]).await;
    assert_eq!(revision(city.db()).await, begin + 1, "once for all that is told together");
}

/// Writes down what it hears, as a room does that keeps figures: in the same transaction.
fn hears<'t>(tx: &'t mut Tx, facts: &'t [facts::Fact]) -> Later<'t, Result<()>> {
    Box::pin(async move {
        for fact in facts {
            let told = format!("{} {} {} {}", fact.kind, fact.day, fact.quantity, fact.takes_back);
            let note = tx.ask("INSERT INTO submission (token, answer, sent_at) VALUES ($1, $2, $3)");
            note.with(format!("heard {told}")).with(told).with(now()).run().await?;
        }
        Ok(())
    })
}

#[tokio::test]
async fn who_keeps_figures_hears_of_facts_in_their_own_transaction() {
    let house = house().await;
    let city = house.city("mihon");
    let heard = "SELECT COUNT(*) AS n FROM submission WHERE token LIKE 'heard course.held 2026-05-01%'";
    let held = NewFact { quantity: 3, ..NewFact::new(course(), day("2026-05-01")) };
    let mut tx = city.db().begin().await.unwrap();
    append(&mut tx, std::slice::from_ref(&held), &[hears], now()).await.unwrap();
    drop(tx);
    assert_eq!(number(city.db(), heard).await, 0, "what did not happen is heard by nobody");
    let mut tx = city.db().begin().await.unwrap();
    append(&mut tx, &[held], &[hears], now()).await.unwrap();
    tx.commit().await.unwrap();
    let id = facts(city.db()).await[0].id;
    let mut tx = city.db().begin().await.unwrap();
    assert!(reverse(&mut tx, id, &[hears], now()).await.unwrap());
    assert!(!reverse(&mut tx, id, &[hears], now()).await.unwrap(), "a second time");
    tx.commit().await.unwrap();
    let back = "SELECT COUNT(*) AS n FROM submission WHERE answer = 'course.held 2026-05-01 -3 true'";
    assert_eq!((number(city.db(), heard).await, number(city.db(), back).await), (2, 1));
}

#[tokio::test]
async fn facts_of_a_dropped_transaction_did_not_happen() {
    let house = house().await;
    let city = house.city("mihon");
    let begin = revision(city.db()).await;
    let mut tx = city.db().begin().await.unwrap();
    append(&mut tx, &[NewFact::new(course(), day("2026-05-01"))], &[], now()).await.unwrap();
    drop(tx);
    assert_eq!((facts(city.db()).await.len(), revision(city.db()).await), (0, begin));
}
