//! What the stories of this room share: a city on a day, what departments wrote, what happened, what lists say.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::Tx;
use kyodo_kernel::FiscalYear;
use kyodo_kernel::catalogue::kind_named;
use kyodo_kernel::facts::{self, NewFact, OnFacts};
use kyodo_plan::evaluation::{Evaluation, Kind};
use kyodo_plan::progress::Progress;
use kyodo_plan::{folding, store};
use kyodo_testkit::{Page, TestCity, TestHouse, TestPack};
use kyodo_web::Room;
use serde_json::Value;

/// The day of the demo.
pub(crate) const TODAY: &str = "2026-11-20";

pub(crate) fn rooms() -> Vec<Room> {
    vec![kyodo_plan::room()]
}

/// The city of a pack, on the day of the demo.
pub(crate) async fn city(pack: impl Into<TestPack>) -> TestCity {
    city_on(TODAY, pack).await
}

/// The city of a pack on another day.
pub(crate) async fn city_on(day: &str, pack: impl Into<TestPack>) -> TestCity {
    let pack = pack.into();
    let slug = pack.slug();
    TestHouse::new(rooms()).on(day).with_city(pack).build().await.city(&slug)
}

/// A page as somebody who reads Japanese is shown it; it must be there.
pub(crate) async fn shown(city: &TestCity, address: &str) -> Page {
    let page = city.visitor("花").gets(address).await;
    page.ok();
    page
}

/// Every item of a list.
pub(crate) async fn items(city: &TestCity, address: &str) -> Vec<Value> {
    let page = shown(city, &format!("{address}?limit=500")).await;
    let list = page.json();
    assert_eq!(list["next"], Value::Null, "{address} has more than 500 items");
    list["items"].as_array().expect("a list has items").clone()
}

/// A field of an item that holds words.
pub(crate) fn word<'v>(item: &'v Value, field: &str) -> &'v str {
    item[field].as_str().unwrap_or_else(|| panic!("{field} is no text: {item}"))
}

/// A field of an item that lists words.
pub(crate) fn words<'v>(item: &'v Value, field: &str) -> Vec<&'v str> {
    let list = item[field].as_array().unwrap_or_else(|| panic!("{field} is no list: {item}"));
    list.iter().map(|word| word.as_str().expect("the list holds words")).collect()
}

/// The item with this key.
#[track_caller]
pub(crate) fn keyed<'v>(items: &'v [Value], key: &str) -> &'v Value {
    items.iter().find(|item| item["key"] == key).unwrap_or_else(|| panic!("nothing has the key {key}"))
}

/// A schedule as the grid shows it: a cell for each year, empty where the item has none.
pub(crate) fn cells<'v>(item: &'v Value, field: &str, years: &[i32]) -> Vec<&'v str> {
    let schedule = item[field].as_object().unwrap_or_else(|| panic!("{field} is no schedule: {item}"));
    let known = |year: &String| years.iter().any(|known| known.to_string() == *year);
    assert!(schedule.keys().all(known), "the grid has other years: {item}");
    years.iter().map(|year| schedule.get(&year.to_string()).map_or("", |mark| mark.as_str().unwrap_or("?"))).collect()
}

/// A downloaded table, each line by its heads.
pub(crate) fn table(page: &Page) -> Vec<BTreeMap<String, String>> {
    let text = page.source();
    let text = text.strip_prefix('\u{feff}').expect("a table begins with a byte order mark");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().expect("a table has heads").clone();
    let line =
        |record: csv::StringRecord| heads.iter().zip(&record).map(|(h, c)| (h.to_owned(), c.to_owned())).collect();
    reader.records().map(|record| line(record.expect("every line can be read"))).collect()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day is written 2026-11-20")
}

pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-20T01:00:00Z".parse().expect("a moment")
}

// --- what departments and others wrote ---------------------------------------------------------------------

/// A report about to be put into the database.
#[derive(Clone)]
pub(crate) struct Report {
    key: &'static str,
    progress: Progress,
}

/// A report of a node for a year, with the mark it really reached.
pub(crate) fn report(key: &'static str, year: i32, mark: &str) -> Report {
    let progress = Progress {
        node: 0,
        year: FiscalYear::new(year),
        mark: Some(mark.to_owned()),
        grade: None,
        text: format!("{key}の{year}年度のようすです。"),
        next_step: String::new(),
        published_on: day(&format!("{year}-10-15")),
    };
    Report { key, progress }
}

impl Report {
    pub(crate) fn saying(mut self, text: &str) -> Self {
        text.clone_into(&mut self.progress.text);
        self
    }

    pub(crate) fn graded(mut self, grade: &str) -> Self {
        self.progress.grade = Some(grade.to_owned());
        self
    }

    pub(crate) fn then(mut self, next: &str) -> Self {
        next.clone_into(&mut self.progress.next_step);
        self
    }

    pub(crate) fn on(mut self, published: &str) -> Self {
        self.progress.published_on = day(published);
        self
    }

    /// Where the plan has no grid there are no marks.
    pub(crate) fn without_mark(mut self) -> Self {
        self.progress.mark = None;
        self
    }
}

/// Departments have published these reports.
pub(crate) async fn reported(city: &TestCity, reports: &[Report]) {
    let mut tx = begin(city).await;
    for report in reports {
        let known = store::put_progress(&mut tx, report.key, &report.progress, false).await.expect("it can be stored");
        assert!(known, "the plan has no {}", report.key);
    }
    commit(tx).await;
}

/// Somebody has said this of a node's year.
pub(crate) async fn evaluated(city: &TestCity, key: &str, year: i32, by: &str, grade: Option<&str>, comment: &str) {
    let mut tx = begin(city).await;
    let node = store::node_now(&mut tx, 1, key).await.expect("it can be read");
    let said = Evaluation {
        id: 0,
        node: Some(node.unwrap_or_else(|| panic!("the plan has no {key}")).id),
        year: FiscalYear::new(year),
        kind: Kind::ThirdParty,
        evaluator: by.to_owned(),
        grade: grade.map(str::to_owned),
        comment: comment.to_owned(),
        published_on: Some(FiscalYear::new(year + 1).first_day()),
        answer: None,
    };
    store::put_evaluation(&mut tx, 1, &said, false).await.expect("it can be stored");
    commit(tx).await;
}

/// Somebody has entered these figures.
pub(crate) async fn observed(city: &TestCity, indicator: &str, figures: &[(i32, f64)]) {
    let mut tx = begin(city).await;
    for (year, value) in figures {
        let year = FiscalYear::new(*year);
        let known = store::put_observation(&mut tx, indicator, year, *value, day(TODAY), false).await;
        assert!(known.expect("it can be stored"), "the plan has no indicator {indicator}");
    }
    commit(tx).await;
}

// --- what happened -----------------------------------------------------------------------------------------

/// Something of this kind happened on this day.
pub(crate) fn fact(kind: &str, on: &str) -> NewFact {
    NewFact::new(kind_named(kind).unwrap_or_else(|| panic!("there is no kind {kind}")), day(on))
}

/// So many things of a kind happened on a day.
pub(crate) fn times(n: usize, kind: &str, on: &str) -> Vec<NewFact> {
    vec![fact(kind, on); n]
}

/// Who hears of what happens.
fn hearers(city: &TestCity) -> Vec<OnFacts> {
    city.house().house().hearers()
}

pub(crate) async fn happened(city: &TestCity, facts: &[NewFact]) {
    let mut tx = begin(city).await;
    facts::append(&mut tx, facts, &hearers(city), now()).await.expect("facts can be written");
    commit(tx).await;
}

/// Takes back the fact that was written n-th.
pub(crate) async fn taken_back(city: &TestCity, n: i64) {
    let mut tx = begin(city).await;
    assert!(
        facts::reverse(&mut tx, n, &hearers(city), now()).await.expect("a fact can be reversed"),
        "there is no fact {n}"
    );
    commit(tx).await;
}

/// The job that folds has come.
pub(crate) async fn folded(city: &TestCity) -> usize {
    folding::fold(city.db(), now()).await.expect("increments can be folded")
}

async fn begin(city: &TestCity) -> Tx {
    city.db().begin().await.expect("a transaction begins")
}

async fn commit(tx: Tx) {
    tx.commit().await.expect("the transaction ends well");
}

// --- what is missing ---------------------------------------------------------------------------------------

/// The city loses its plan, as if it had none yet.
pub(crate) async fn without_plan(city: &TestCity) {
    let mut tx = begin(city).await;
    for sentence in [
        "DELETE FROM indicator_kind",
        "DELETE FROM indicator",
        "DELETE FROM plan_mark",
        "DELETE FROM plan_node_department",
        "DELETE FROM plan_node",
        "DELETE FROM plan",
    ] {
        tx.ask(sentence).run().await.expect("a table can be emptied");
    }
    commit(tx).await;
}
