//! Every type that rooms use, there and back.

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{FromRow, Json, Migration};
use kyodo_testkit::TestDatabase;
use serde_json::{Value, json};

const TABLE: Migration = Migration {
    room: "test",
    name: "0001_thing",
    sql: "CREATE TABLE thing (
              id {id},
              day {date},
              moment {time},
              {bool open},
              extra {json},
              n {int},
              share {real},
              name {text}
          ){strict};",
};

const PUT: &str = "
INSERT INTO thing (day, moment, open, extra, n, share, name)
VALUES ($1, $2, $3, $4, $5, $6, $7)";

const ALL: &str = "
SELECT day, moment, open, extra, n, share, name
FROM thing
ORDER BY id";

#[derive(Clone, Debug, Default, PartialEq, FromRow)]
struct Thing {
    day: Option<NaiveDate>,
    moment: Option<DateTime<Utc>>,
    open: Option<bool>,
    extra: Option<Json<Value>>,
    n: Option<i64>,
    share: Option<f64>,
    name: Option<String>,
}

async fn there_and_back(things: &[Thing]) -> Vec<Thing> {
    let database = TestDatabase::with(&[TABLE]).await;
    let mut tx = database.db().begin().await.unwrap();
    for thing in things.iter().cloned() {
        let put = tx.ask(PUT).with(thing.day).with(thing.moment).with(thing.open).with(thing.extra);
        let touched = put.with(thing.n).with(thing.share).with(thing.name).run().await.unwrap();
        assert_eq!(touched, 1);
    }
    tx.commit().await.unwrap();
    database.db().ask(ALL).all::<Thing>().await.unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_value_of_every_type_comes_back_as_it_went() {
    let thing = Thing {
        day: Some(day("2026-11-20")),
        moment: Some(moment("2026-11-20T03:04:05.678901Z")),
        open: Some(true),
        extra: Some(Json(json!({"名": "𠮷", "n": [1, 2.5, null, true], "": {}}))),
        n: Some(42),
        share: Some(0.1),
        name: Some("一関市".to_owned()),
    };
    assert_eq!(there_and_back(std::slice::from_ref(&thing)).await, [thing]);
}

#[tokio::test]
async fn an_absent_value_of_every_type_comes_back_absent() {
    assert_eq!(there_and_back(&[Thing::default()]).await, [Thing::default()]);
}

#[tokio::test]
async fn names_with_rare_letters_and_selectors_survive() {
    let names =
        ["𠮷田", "葛\u{e0100}飾区", "辻\u{e0101}", "が\u{3099}", "ﾃｰﾌﾞﾙ", "👨‍👩‍👧", "", " 空 ", "'; --", "a\\b\"c\n\t"];
    let things = names.map(|name| Thing { name: Some(name.to_owned()), ..Thing::default() });
    assert_eq!(there_and_back(&things).await, things);
}

#[tokio::test]
async fn numbers_keep_their_last_figure() {
    let whole = [0, 1, -1, i64::MAX, i64::MIN, 1 << 53, (1 << 53) + 1];
    let parts = [0.0, -0.5, 3.0, 0.1 + 0.2, f64::MAX, f64::MIN_POSITIVE, 1e-300];
    let things = whole.map(|n| Thing { n: Some(n), ..Thing::default() });
    assert_eq!(there_and_back(&things).await, things);
    let things = parts.map(|share| Thing { share: Some(share), ..Thing::default() });
    assert_eq!(there_and_back(&things).await, things);
}

#[tokio::test]
async fn days_and_moments_keep_their_order_and_their_microseconds() {
    let days = ["0001-01-01", "1868-01-25", "2024-02-29", "2026-11-20", "9999-12-31"].map(day);
    let things = days.map(|day| Thing { day: Some(day), ..Thing::default() });
    assert_eq!(there_and_back(&things).await, things);

    let moments = [
        "1969-12-31T23:59:59.999999Z",
        "2026-11-20T00:00:00Z",
        "2026-11-20T00:00:00.000001Z",
        "2026-11-20T00:00:00.000010Z",
        "2026-11-20T00:00:00.001Z",
        "2026-11-20T00:00:00.999Z",
        "2026-11-20T00:00:00.999001Z",
        "2026-11-20T00:00:01Z",
    ]
    .map(moment);
    let things = moments.map(|moment| Thing { moment: Some(moment), ..Thing::default() });
    let database = TestDatabase::with(&[TABLE]).await;
    let mut tx = database.db().begin().await.unwrap();
    for thing in things.iter().rev() {
        tx.ask("INSERT INTO thing (moment) VALUES ($1)").with(thing.moment).run().await.unwrap();
    }
    tx.commit().await.unwrap();
    let sorted = "SELECT day, moment, open, extra, n, share, name FROM thing ORDER BY moment";
    assert_eq!(database.db().ask(sorted).all::<Thing>().await.unwrap(), things);
    let later = "SELECT day, moment, open, extra, n, share, name FROM thing WHERE moment > $1 ORDER BY moment";
    let later = database.db().ask(later).with(moments[2]).all::<Thing>().await.unwrap();
    assert_eq!(later, things[3..]);
}

#[tokio::test]
async fn text_is_sorted_by_bytes_on_both_databases() {
    let sorted = ["", " ", "A", "Z", "a", "~", "あ", "ア", "一", "葛", "葛\u{e0100}", "ｱ", "𠮷"];
    let database = TestDatabase::with(&[TABLE]).await;
    let mut tx = database.db().begin().await.unwrap();
    for name in sorted.iter().rev() {
        tx.ask("INSERT INTO thing (name) VALUES ($1)").with(*name).run().await.unwrap();
    }
    tx.commit().await.unwrap();
    let things = "SELECT day, moment, open, extra, n, share, name FROM thing ORDER BY name";
    let things = database.db().ask(things).all::<Thing>().await.unwrap();
    let names: Vec<String> = things.into_iter().filter_map(|thing| thing.name).collect();
    assert_eq!(names, sorted);
}

#[tokio::test]
async fn a_truth_is_true_or_false_and_nothing_else() {
    let database = TestDatabase::with(&[TABLE]).await;
    let mut tx = database.db().begin().await.unwrap();
    assert!(tx.ask("INSERT INTO thing (open) VALUES (2)").run().await.is_err());
}
