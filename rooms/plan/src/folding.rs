//! Figures kept current as facts arrive: appended with them, folded behind them, recounted when somebody asks.
//!
//! A total that every fact adds to would be one row for which all writers wait. So a fact appends its increment in its
//! own transaction ([`on_facts`]), a job folds the increments into days and years ([`fold`]), and whoever reads adds up
//! what is folded and what is not yet. Different subjects cannot be added up: the job counts those again that the
//! increments concern. [`check`] and [`recount`] set all of it beside the facts themselves.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Db, Result, Tx};
use kyodo_kernel::catalogue::kind_named;
use kyodo_kernel::city;
use kyodo_kernel::facts::Fact;
use kyodo_kernel::jobs::{Claim, Every, Kind, Later, Outcome, Schedule, Work};
use serde_json::Value;

use crate::counting::{ALL, Series, beginning};
use crate::indicator::{Counted, Indicator};
use crate::store::figures::{self as store, DaySum, Subjects, YearSum};

/// Adds what came in to the folded figures.
pub(crate) const FOLD: Kind =
    Kind { name: "fold-figures", label: "job-fold-figures", attempts: 5, repeatable: true, run: fold_job };

/// Counts every figure from the facts and mends what differs.
pub(crate) const CHECK: Kind =
    Kind { name: "check-figures", label: "job-check-figures", attempts: 5, repeatable: true, run: check_job };

/// When the folding comes.
pub(crate) const OFTEN: Schedule =
    Schedule { name: "fold-figures", label: "schedule-fold-figures", every: Every::Minutes(10), job: "fold-figures" };

/// The check comes at night because it reads every fact.
pub(crate) const NIGHTLY: Schedule = Schedule {
    name: "check-figures",
    label: "schedule-check-figures",
    every: Every::Daily { hour: 3, minute: 50 },
    job: "check-figures",
};

/// How many increments one transaction folds: so long others wait for it at the most.
const AT_ONCE: i64 = 5_000;

// --- as facts arrive ---------------------------------------------------------------------------------------

/// Appends what these facts add, in their own transaction.
pub fn on_facts<'t>(tx: &'t mut Tx, facts: &'t [Fact]) -> Later<'t, Result<()>> {
    Box::pin(async move {
        for sum in summed(facts.iter().map(|fact| (fact, ALL.to_owned()))) {
            store::append(tx, &sum).await?;
        }
        if facts.iter().any(|fact| fact.subject.is_some()) {
            let prefixes = store::prefixes(tx).await?;
            let begins = facts.iter().flat_map(|fact| {
                let subject = fact.subject.as_deref().unwrap_or_default();
                let counted =
                    prefixes.iter().filter(|(kind, prefix)| *kind == fact.kind && subject.starts_with(prefix));
                counted.map(move |(_, prefix)| (fact, beginning(prefix)))
            });
            for sum in summed(begins) {
                store::append(tx, &sum).await?;
            }
        }
        // Whoever counts what nobody shows pays for no new pages.
        let quiet: BTreeSet<&str> = facts.iter().map(|fact| fact.kind.as_str()).filter(|kind| is_quiet(kind)).collect();
        for kind in quiet {
            if store::is_counted(tx, kind).await? {
                return city::bump_revision(tx).await;
            }
        }
        Ok(())
    })
}

/// Whether facts of a kind raise no revision by themselves.
fn is_quiet(kind: &str) -> bool {
    kind_named(kind).is_some_and(|kind| !kind.moves_figures)
}

/// What facts add up to by kind, part, tag and day.
fn summed<'f>(facts: impl Iterator<Item = (&'f Fact, String)>) -> Vec<DaySum> {
    let mut sums: BTreeMap<(String, String, String, NaiveDate), DaySum> = BTreeMap::new();
    for (fact, part) in facts {
        let tag = fact.tag.clone().unwrap_or_default();
        let key = (fact.kind.clone(), part.clone(), tag.clone(), fact.day);
        let sum = sums.entry(key).or_insert_with(|| DaySum {
            kind: fact.kind.clone(),
            part,
            tag,
            fiscal_year: fact.fiscal_year,
            day: fact.day,
            n: 0,
            reversed: 0,
            quantity: 0,
            taken: 0,
        });
        sum.n += if fact.takes_back { -1 } else { 1 };
        sum.reversed += i64::from(fact.takes_back);
        sum.quantity += fact.quantity;
        sum.taken += if fact.takes_back { -fact.quantity } else { 0 };
    }
    sums.into_values().collect()
}

// --- folding -----------------------------------------------------------------------------------------------

fn fold_job<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        fold(work.db(), work.now()).await?;
        let mut tx = work.db().begin().await?;
        claim.done(&mut tx, work.now()).await?;
        tx.commit().await?;
        Ok(())
    })
}

/// Folds every increment there is into its day and its year, and counts those subjects again that they concern. How
/// many were folded.
pub async fn fold(db: &Db, now: DateTime<Utc>) -> Result<usize> {
    let mut folded = 0;
    loop {
        let mut tx = db.begin().await?;
        store::keep(&mut tx, now).await?;
        let taken = store::take(&mut tx, AT_ONCE).await?;
        if taken.is_empty() {
            return Ok(folded);
        }
        add(&mut tx, &taken).await?;
        let moved: BTreeSet<(&str, i64)> = taken.iter().map(|sum| (sum.kind.as_str(), sum.fiscal_year)).collect();
        let indicators = store::indicators_now(&mut tx).await?;
        let mut counted_again = false;
        for series in distinct(&indicators) {
            for (_, year) in moved.iter().filter(|(kind, _)| *kind == series.kind) {
                store::count_distinct(&mut tx, &series, *year).await?;
                counted_again = true;
            }
        }
        if counted_again {
            city::bump_revision(&mut tx).await?;
        }
        tx.commit().await?;
        folded += taken.len();
        if taken.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX) {
            return Ok(folded);
        }
    }
}

/// Adds increments to their days and years; many of a day go there as one.
async fn add(tx: &mut Tx, taken: &[DaySum]) -> Result<()> {
    let mut days: BTreeMap<(&str, &str, &str, NaiveDate), DaySum> = BTreeMap::new();
    let mut years: BTreeMap<(&str, &str, &str, i64), YearSum> = BTreeMap::new();
    for sum in taken {
        let (kind, part, tag) = (sum.kind.as_str(), sum.part.as_str(), sum.tag.as_str());
        let day = days.entry((kind, part, tag, sum.day)).or_insert_with(|| DaySum {
            n: 0,
            reversed: 0,
            quantity: 0,
            taken: 0,
            ..sum.clone()
        });
        day.n += sum.n;
        day.reversed += sum.reversed;
        day.quantity += sum.quantity;
        day.taken += sum.taken;
        let year = years.entry((kind, part, tag, sum.fiscal_year)).or_insert_with(|| nothing_of(sum));
        year.n += sum.n;
        year.reversed += sum.reversed;
        year.quantity += sum.quantity;
        year.taken += sum.taken;
    }
    for sum in days.values() {
        store::add_to_day(tx, sum).await?;
    }
    for sum in years.values() {
        store::add_to_year(tx, sum).await?;
    }
    Ok(())
}

fn nothing_of(sum: &DaySum) -> YearSum {
    YearSum {
        kind: sum.kind.clone(),
        part: sum.part.clone(),
        tag: sum.tag.clone(),
        fiscal_year: sum.fiscal_year,
        n: 0,
        reversed: 0,
        quantity: 0,
        taken: 0,
    }
}

fn nothing(sum: &YearSum) -> YearSum {
    YearSum { n: 0, reversed: 0, quantity: 0, taken: 0, ..sum.clone() }
}

/// What is counted by different subjects, each once.
fn distinct(indicators: &[Indicator]) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    let rules = indicators.iter().filter_map(|indicator| indicator.definition.counted.as_ref());
    for series in rules.flat_map(Counted::series).filter(Series::counts_subjects) {
        if !all.contains(&series) {
            all.push(series);
        }
    }
    all
}

// --- recounting --------------------------------------------------------------------------------------------

/// What is kept of a year, beside what the facts say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The kind of facts.
    pub kind: String,
    /// Which of them: the tag, the beginning of the subjects; empty for all.
    pub which: String,
    /// The year.
    pub fiscal_year: i64,
    /// How many facts, or different subjects, were missing; below zero when there were too many.
    pub n: i64,
    /// How much of their quantity was missing.
    pub quantity: i64,
}

fn check_job<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        // Looking does not need the one writer that SQLite has.
        if !is_right(work.db()).await? {
            let found = recount(work.db(), work.now()).await?;
            tracing::warn!(city = work.city.slug, differences = found.len(), "figures were recounted from the facts");
        }
        let mut tx = work.db().begin().await?;
        claim.done(&mut tx, work.now()).await?;
        tx.commit().await?;
        Ok(())
    })
}

/// Whether what is kept of the facts is what they say. Different subjects are left to the job that counts them.
pub async fn is_right(db: &Db) -> Result<bool> {
    Ok(store::differences(db).await?.is_empty() && store::years_that_differ(db).await?.is_empty())
}

/// Counts everything again from the facts themselves, and puts right what differs. What differed.
pub async fn recount(db: &Db, now: DateTime<Utc>) -> Result<Vec<Difference>> {
    let mut tx = db.begin().await?;
    let found = recount_now(&mut tx, now).await?;
    tx.commit().await?;
    Ok(found)
}

/// Forgets everything that is kept and counts it again from nothing.
pub async fn rebuild(db: &Db, now: DateTime<Utc>) -> Result<()> {
    let mut tx = db.begin().await?;
    store::keep(&mut tx, now).await?;
    store::forget_sums(&mut tx).await?;
    recount_now(&mut tx, now).await?;
    tx.commit().await
}

/// The same within a transaction: a plan that counts something new begins so.
pub(crate) async fn recount_now(tx: &mut Tx, now: DateTime<Utc>) -> Result<Vec<Difference>> {
    store::keep(tx, now).await?;
    let mut found: BTreeMap<(String, String, i64), Difference> = BTreeMap::new();
    let mut note = |kind: &str, which: String, fiscal_year: i64, (n, quantity): (i64, i64)| {
        let one = found.entry((kind.to_owned(), which.clone(), fiscal_year)).or_insert_with(|| Difference {
            kind: kind.to_owned(),
            which,
            fiscal_year,
            n: 0,
            quantity: 0,
        });
        one.n += n;
        one.quantity += quantity;
    };
    let days = store::differences_now(tx).await?;
    for sum in &days {
        note(&sum.kind, which(&sum.part, &sum.tag), sum.fiscal_year, (sum.n, sum.quantity));
    }
    // Readers see days, years and increments as of one moment, so that they may be put right without them.
    add(tx, &days).await?;
    let years = store::years_that_differ_now(tx).await?;
    for sum in &years {
        store::add_to_year(tx, sum).await?;
        // Where the days were wrong, they tell what was.
        if !days.iter().any(|day| nothing_of(day) == nothing(sum)) {
            note(&sum.kind, which(&sum.part, &sum.tag), sum.fiscal_year, (sum.n, sum.quantity));
        }
    }
    let indicators = store::indicators_now(tx).await?;
    let mut subjects_differ = false;
    for series in distinct(&indicators) {
        let before = store::distinct_of(tx, &series).await?;
        let known = before.iter().map(|row| row.fiscal_year);
        let years: BTreeSet<i64> = store::years_of_kind(tx, &series.kind).await?.into_iter().chain(known).collect();
        for year in &years {
            store::count_distinct(tx, &series, *year).await?;
        }
        let after = store::distinct_of(tx, &series).await?;
        for year in years {
            let of = |rows: &[Subjects]| rows.iter().find(|row| row.fiscal_year == year).map_or(0, |row| row.n);
            let missing = of(&after) - of(&before);
            if missing != 0 {
                subjects_differ = true;
                note(&series.kind, series.part(), year, (missing, 0));
            }
        }
    }
    if subjects_differ || !days.is_empty() || !years.is_empty() {
        city::bump_revision(tx).await?;
    }
    Ok(found.into_values().collect())
}

/// Which facts of a kind, in a few letters.
fn which(part: &str, tag: &str) -> String {
    [part, tag].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Keeps what a plan counts by: beginnings of subjects, and different subjects. What is new is counted at once; all else
/// is there already, whatever a plan counts. Where several write at the same time, a change that began before may not know
/// a new beginning yet: the check at night puts that right.
pub(crate) async fn follow(tx: &mut Tx, indicators: &[Indicator], now: DateTime<Utc>) -> Result<()> {
    let rules = indicators.iter().filter_map(|indicator| indicator.definition.counted.as_ref());
    let wanted: BTreeSet<(String, String)> = rules
        .flat_map(Counted::series)
        .filter(|series| !series.counts_subjects() && !series.prefix.is_empty())
        .map(|series| (series.kind, series.prefix))
        .collect();
    let known: BTreeSet<(String, String)> = store::prefixes(tx).await?.into_iter().collect();
    let mut is_new = known != wanted;
    if is_new {
        store::put_prefixes(tx, &wanted.into_iter().collect::<Vec<_>>()).await?;
    }
    for series in distinct(indicators) {
        is_new |= store::distinct_of(tx, &series).await?.is_empty()
            && !store::years_of_kind(tx, &series.kind).await?.is_empty();
    }
    if is_new {
        recount_now(tx, now).await?;
    }
    Ok(())
}
