//! Facts: what happened, once, on a day. Append-only; a mistake is taken back by a reversing fact.
//! Personal data never goes into a fact.

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{FromRow, Result, Tx};

use crate::catalogue::Kind;
use crate::pack::part::Later;
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

/// A fact that was just written, as those hear of it who keep something current.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Fact {
    /// The name of its kind.
    pub kind: String,
    /// The day it happened.
    pub day: NaiveDate,
    /// The year that the day belongs to, by the Western year it begins in.
    pub fiscal_year: i64,
    /// How much of it; what takes back says the opposite of what it takes back.
    pub quantity: i64,
    /// What it was about.
    pub subject: Option<String>,
    /// Its facet.
    pub tag: Option<String>,
    /// Whether it takes another one back.
    pub takes_back: bool,
}

/// Hears of facts in the transaction that writes them, so that what is kept of them is never behind.
pub type OnFacts = for<'t> fn(&'t mut Tx, &'t [Fact]) -> Later<'t, Result<()>>;

/// Writes facts in the transaction of the change they tell of, and lets those hear of them who keep figures.
pub async fn append(tx: &mut Tx, facts: &[NewFact], hearers: &[OnFacts], now: DateTime<Utc>) -> Result<()> {
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
    let told: Vec<Fact> = facts.iter().map(Fact::from).collect();
    tell(tx, &told, hearers).await?;
    // Last, because from here on those wait who change the city at the same time.
    if facts.iter().any(|fact| fact.kind.moves_figures) {
        store::bump_revision(tx).await?;
    }
    Ok(())
}

/// Takes a fact back, on the day it happened, by a fact that says the opposite. False when there is no such
/// fact, when it is itself a reversal, or when it has been reversed before.
pub async fn reverse(tx: &mut Tx, fact: i64, hearers: &[OnFacts], now: DateTime<Utc>) -> Result<bool> {
    let Some(reversal) = tx.ask(store::REVERSE_FACT).with(fact).with(now).maybe::<Fact>().await? else {
        return Ok(false);
    };
    tell(tx, &[reversal], hearers).await?;
    store::bump_revision(tx).await?;
    Ok(true)
}

async fn tell(tx: &mut Tx, facts: &[Fact], hearers: &[OnFacts]) -> Result<()> {
    if facts.is_empty() {
        return Ok(());
    }
    for hears in hearers {
        hears(tx, facts).await?;
    }
    Ok(())
}

impl From<&NewFact> for Fact {
    fn from(fact: &NewFact) -> Self {
        Self {
            kind: fact.kind.name.to_owned(),
            day: fact.day,
            fiscal_year: i64::from(i32::from(FiscalYear::of(fact.day))),
            quantity: fact.quantity,
            subject: fact.subject.clone(),
            tag: fact.tag.clone(),
            takes_back: false,
        }
    }
}
