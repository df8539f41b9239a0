//! Every SQL sentence about what is entered by hand: figures, targets, the people of the city. Nothing is ever
//! overwritten: of a year the highest number stands.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use kyodo_db::{Db, FromRow, Result, Tx};
use kyodo_kernel::people::AccountId;
use kyodo_kernel::{FiscalYear, clock};

use super::{number, year};
use crate::counting::Population;
use crate::indicator::{Observation, Source};
use crate::pack::People;

const ENTRIES: &str = "
SELECT o.id, o.what, o.indicator, o.fiscal_year, o.number, o.value, o.source, o.department, o.entered_by, o.entered_at
FROM observation o
LEFT JOIN indicator i ON i.id = o.indicator
WHERE o.indicator IS NULL OR i.plan = $1
ORDER BY o.what, o.indicator, o.fiscal_year, o.number";

/// Only upon the record that its writer saw; who enters the same number at the same time is refused by the index.
const ENTER: &str = "
INSERT INTO observation (what, indicator, fiscal_year, number, value, source, department, entered_by, entered_at, example)
SELECT $1, CAST($2 AS BIGINT), $3, CAST($4 AS BIGINT) + 1, $5, $6, $7, $8, $9, $10
FROM (
    SELECT COALESCE(MAX(number), 0) AS last
    FROM observation
    WHERE what = $1 AND COALESCE(indicator, 0) = COALESCE(CAST($2 AS BIGINT), 0) AND fiscal_year = $3
) AS known
WHERE known.last = CAST($4 AS BIGINT)
ON CONFLICT DO NOTHING";

const LAST: &str = "
SELECT COALESCE(MAX(number), 0) AS n
FROM observation
WHERE what = $1 AND COALESCE(indicator, 0) = COALESCE(CAST($2 AS BIGINT), 0) AND fiscal_year = $3";

const INDICATOR_ID: &str = "
SELECT id AS n
FROM indicator
WHERE plan = 1 AND key = $1";

/// Its sentences.
pub(super) const SENTENCES: &[&str] = &[ENTRIES, ENTER, LAST, INDICATOR_ID];

/// What is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The figure of an indicator for a year.
    Figure,
    /// The target of an indicator for a year.
    Target,
    /// The people of the city at a year's end.
    Population,
}

impl What {
    /// As the database names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Figure => "figure",
            Self::Target => "target",
            Self::Population => "population",
        }
    }
}

/// Something that was entered, once.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The year.
    pub year: FiscalYear,
    /// The how manieth of its year; the highest stands.
    pub number: i64,
    /// The value; none when it was taken back.
    pub value: Option<f64>,
    /// Where it comes from, in words; may be empty.
    pub source: String,
    /// The department whose people entered it.
    pub department: Option<String>,
    /// Who entered it; none when it came with a document.
    pub by: Option<AccountId>,
    /// When.
    pub at: DateTime<Utc>,
}

#[derive(FromRow)]
struct EntryRow {
    what: String,
    indicator: Option<i64>,
    fiscal_year: i64,
    number: i64,
    value: Option<f64>,
    source: String,
    department: Option<String>,
    entered_by: Option<i64>,
    entered_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Number {
    n: i64,
}

/// Everything that was entered for a plan.
#[derive(Clone, Debug, Default)]
pub struct Entries(BTreeMap<(String, i64), Vec<Entry>>);

impl Entries {
    /// Every record about an indicator (none for the population), by year, the oldest of a year first.
    #[must_use]
    pub fn all(&self, what: What, indicator: Option<i64>) -> &[Entry] {
        self.0.get(&(what.name().to_owned(), indicator.unwrap_or(0))).map_or(&[], Vec::as_slice)
    }

    /// What stands: of each year the last record, where it was not taken back.
    #[must_use]
    pub fn standing(&self, what: What, indicator: Option<i64>) -> Vec<&Entry> {
        let years = self.all(what, indicator).chunk_by(|one, next| one.year == next.year);
        years.filter_map(<[Entry]>::last).filter(|entry| entry.value.is_some()).collect()
    }

    /// The figures of an indicator that stand.
    #[must_use]
    pub fn observations(&self, indicator: i64) -> Vec<Observation> {
        let observed =
            |entry: &Entry| Some(Observation { year: entry.year, value: entry.value?, source: Source::Entered });
        self.standing(What::Figure, Some(indicator)).into_iter().filter_map(observed).collect()
    }

    /// The people of the city as the documents tell them, whatever the desk says since.
    #[must_use]
    pub fn population_of_documents(&self) -> Vec<People> {
        let years = self.all(What::Population, None).chunk_by(|one, next| one.year == next.year);
        let told = years.filter_map(|records| records.iter().rfind(|entry| entry.by.is_none()));
        told.filter_map(People::told).collect()
    }

    /// The people of the city, by year.
    #[must_use]
    pub fn population(&self) -> Population {
        let known = self.standing(What::Population, None);
        Population(known.into_iter().filter_map(|entry| Some((i32::from(entry.year), entry.value?))).collect())
    }
}

/// Everything that was entered for a plan: one sentence.
pub async fn entries(db: &Db, plan: i64) -> Result<Entries> {
    Ok(gathered(db.ask(ENTRIES).with(plan).all::<EntryRow>().await?))
}

/// The same in a transaction.
pub async fn entries_now(tx: &mut Tx, plan: i64) -> Result<Entries> {
    Ok(gathered(tx.ask(ENTRIES).with(plan).all::<EntryRow>().await?))
}

fn gathered(rows: Vec<EntryRow>) -> Entries {
    let mut all: BTreeMap<(String, i64), Vec<Entry>> = BTreeMap::new();
    for row in rows {
        let entry = Entry {
            year: year(row.fiscal_year),
            number: row.number,
            value: row.value,
            source: row.source,
            department: row.department,
            by: row.entered_by.map(AccountId),
            at: row.entered_at,
        };
        all.entry((row.what, row.indicator.unwrap_or(0))).or_default().push(entry);
    }
    Entries(all)
}

/// Something about to be entered.
#[derive(Clone, Debug)]
pub struct NewEntry<'e> {
    /// What it is.
    pub what: What,
    /// Of which indicator; none for the population.
    pub indicator: Option<i64>,
    /// Of which year.
    pub year: FiscalYear,
    /// The value; none takes back what stands.
    pub value: Option<f64>,
    /// Where it comes from, in words.
    pub source: &'e str,
    /// Whose people enter it.
    pub department: Option<&'e str>,
    /// Who enters it.
    pub by: Option<AccountId>,
    /// When.
    pub at: DateTime<Utc>,
    /// Made up, for the demo.
    pub example: bool,
}

/// Enters a record upon the one with this number (0 for the first). False when another stands there by now.
pub async fn enter(tx: &mut Tx, new: &NewEntry<'_>, upon: i64) -> Result<bool> {
    let stored = tx
        .ask(ENTER)
        .with(new.what.name())
        .with(new.indicator)
        .with(number(new.year))
        .with(upon)
        .with(new.value)
        .with(new.source.to_owned())
        .with(new.department.map(str::to_owned))
        .with(new.by.map(|by| by.0))
        .with(new.at)
        .with(new.example)
        .run()
        .await?;
    Ok(stored == 1)
}

/// The number of the record that stands; 0 when there is none.
pub async fn last(tx: &mut Tx, what: What, indicator: Option<i64>, of: FiscalYear) -> Result<i64> {
    Ok(tx.ask(LAST).with(what.name()).with(indicator).with(number(of)).one::<Number>().await?.n)
}

/// Stores a figure that came with a document. False when the plan has no such indicator.
pub async fn put_observation(
    tx: &mut Tx,
    key: &str,
    observed: FiscalYear,
    value: f64,
    entered_on: NaiveDate,
    example: bool,
) -> Result<bool> {
    let Some(indicator) = tx.ask(INDICATOR_ID).with(key.to_owned()).maybe::<Number>().await? else {
        return Ok(false);
    };
    let new = NewEntry {
        what: What::Figure,
        indicator: Some(indicator.n),
        year: observed,
        value: Some(value),
        source: "",
        department: None,
        by: None,
        at: clock::at(entered_on, NaiveTime::MIN),
        example,
    };
    let upon = last(tx, new.what, new.indicator, observed).await?;
    enter(tx, &new, upon).await
}

impl People {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "people are whole and not too many")]
    fn told(entry: &Entry) -> Option<Self> {
        let people = entry.value.filter(|people| (0.0..=f64::from(u32::MAX)).contains(people))? as u32;
        Some(Self { year: entry.year.into(), people, source: entry.source.clone() })
    }
}

/// Stores the people of the city as a document tells them: where it says something new. What it leaves out is taken back.
pub async fn put_population(tx: &mut Tx, population: &[People], now: DateTime<Utc>) -> Result<()> {
    let known = entries_now(tx, 1).await?.population_of_documents();
    let gone = known.iter().filter(|old| !population.iter().any(|new| new.year == old.year));
    let gone = gone.map(|old| (old.year, None, ""));
    let told = population.iter().filter(|new| !known.contains(new));
    let told = told.map(|new| (new.year, Some(f64::from(new.people)), new.source.as_str()));
    for (of, value, source) in gone.chain(told) {
        let new = NewEntry {
            what: What::Population,
            indicator: None,
            year: FiscalYear::new(of),
            value,
            source,
            department: None,
            by: None,
            at: now,
            example: false,
        };
        let upon = last(tx, new.what, None, new.year).await?;
        enter(tx, &new, upon).await?;
    }
    Ok(())
}
