//! A year's activity as facts, spread over its days.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use kyodo_db::Tx;
use kyodo_kernel::FiscalYear;
use kyodo_kernel::catalogue::kind_named;
use kyodo_kernel::facts::{NewFact, OnFacts, append};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

use crate::failure::{Failure, Result};

/// So much of one kind in one year.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FactsEntry {
    pub(super) kind: String,
    pub(super) year: i32,
    /// For the whole year; the running one is cut off at today.
    count: u32,
    quantity: Option<(i64, i64)>,
    #[serde(default)]
    subjects: Vec<String>,
    tag: Option<String>,
}

/// Writes what happened until today.
pub(super) async fn tell(
    tx: &mut Tx,
    entry: &FactsEntry,
    hearers: &[OnFacts],
    today: NaiveDate,
    now: DateTime<Utc>,
    chance: &mut ChaCha8Rng,
) -> Result<()> {
    let Some(kind) = kind_named(&entry.kind) else {
        return Err(Failure::work(format!("demo.toml: 記録の種類「{}」はありません。", entry.kind)));
    };
    let year = FiscalYear::new(entry.year);
    let days = u64::try_from((year.last_day() - year.first_day()).num_days()).unwrap_or(364);
    let mut facts = Vec::new();
    for _ in 0..entry.count {
        let day = working_day(year.first_day() + Days::new(chance.random_range(0..=days)));
        let (least, most) = entry.quantity.unwrap_or((1, 1));
        let quantity = chance.random_range(least..=most.max(least));
        let subject = match entry.subjects.len() {
            0 => None,
            n => entry.subjects.get(chance.random_range(0..n)).cloned(),
        };
        // Chance is asked for every fact, so that another day changes nothing of the days before it.
        if day <= today {
            facts.push(NewFact { quantity, subject, tag: entry.tag.clone(), example: true, ..NewFact::new(kind, day) });
        }
    }
    facts.sort_by_key(|fact| fact.day);
    Ok(append(tx, &facts, hearers, now).await?)
}

/// Offices are closed on Sundays: what would fall there happens on the day before.
fn working_day(day: NaiveDate) -> NaiveDate {
    if day.weekday() == Weekday::Sun && FiscalYear::of(day) == FiscalYear::of(day - Days::new(1)) {
        day - Days::new(1)
    } else {
        day
    }
}
