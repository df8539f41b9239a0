//! Facts: what happened, once, on a day. Append-only; a mistake is taken back by a reversing fact.
//! Personal data never goes into a fact.

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Result, Tx};

use crate::catalogue::Kind;
use crate::{FiscalYear, store};

/// A fact about to be written.
#[derive(Clone, Debug)]
pub struct NewFact {
    /// What kind of thing happened.
    pub kind: &'static Kind,
    /// On which day, in the city.
    pub day: NaiveDate,
    /// How much of it, in the kind's unit; 1 for things that are merely counted.
    pub quantity: i64,
    /// What it was about, e.g. a page's address or a school's key; never a person.
    pub subject: Option<String>,
    /// A facet that indicators filter by.
    pub tag: Option<String>,
    /// Made up, for the demo.
    pub example: bool,
}

impl NewFact {
    /// One thing of this kind that happened on this day.
    #[must_use]
    pub fn new(kind: &'static Kind, day: NaiveDate) -> Self {
        Self { kind, day, quantity: 1, subject: None, tag: None, example: false }
    }
}

/// Writes facts in the transaction of the change they tell of.
pub async fn append(tx: &mut Tx, facts: &[NewFact], now: DateTime<Utc>) -> Result<()> {
    for fact in facts {
        tx.ask(store::APPEND_FACT)
            .with(fact.kind.name)
            .with(fact.day)
            .with(i64::from(i32::from(FiscalYear::of(fact.day))))
            .with(fact.quantity)
            .with(fact.subject.clone())
            .with(fact.tag.clone())
            .with(fact.example)
            .with(now)
            .run()
            .await?;
    }
    if facts.iter().any(|fact| fact.kind.moves_figures) {
        store::bump_revision(tx).await?;
    }
    Ok(())
}

/// Takes a fact back, on the day it happened, by a fact that says the opposite. False when there is no such
/// fact, when it is itself a reversal, or when it has been reversed before.
pub async fn reverse(tx: &mut Tx, fact: i64, now: DateTime<Utc>) -> Result<bool> {
    let reversed = tx.ask(store::REVERSE_FACT).with(fact).with(now).run().await? == 1;
    if reversed {
        store::bump_revision(tx).await?;
    }
    Ok(reversed)
}
