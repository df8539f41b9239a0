//! How often a page was read: counted in memory, written once a minute, without following anyone.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Db, Result};

use crate::catalogue::kind_named;
use crate::facts::{self, NewFact, OnFacts};

/// A page of a city on a day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct View {
    /// The city's slug.
    pub city: String,
    /// The day in the city.
    pub day: NaiveDate,
    /// The page's path, without query.
    pub path: String,
}

/// Views not yet written.
#[derive(Debug, Default)]
pub struct Views {
    counts: Mutex<HashMap<View, i64>>,
}

impl Views {
    /// Counts one view.
    pub fn count(&self, view: View) {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner).entry(view).or_default() += 1;
    }

    /// Takes what was counted since the last time, a city at a time.
    #[must_use]
    pub fn take(&self) -> HashMap<String, Vec<(View, i64)>> {
        let counts = std::mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner));
        let mut cities: HashMap<String, Vec<(View, i64)>> = HashMap::new();
        for (view, n) in counts {
            cities.entry(view.city.clone()).or_default().push((view, n));
        }
        cities
    }

    /// Puts back what could not be written, so that the next minute tries again.
    pub fn give_back(&self, views: Vec<(View, i64)>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for (view, n) in views {
            *counts.entry(view).or_default() += n;
        }
    }
}

/// Appends one fact per page and day.
pub async fn write(db: &Db, views: &[(View, i64)], hearers: &[OnFacts], now: DateTime<Utc>) -> Result<()> {
    let Some(kind) = kind_named("page.viewed") else {
        return Ok(());
    };
    let facts: Vec<NewFact> = views
        .iter()
        .map(|(view, n)| NewFact { quantity: *n, subject: Some(view.path.clone()), ..NewFact::new(kind, view.day) })
        .collect();
    let mut tx = db.begin().await?;
    facts::append(&mut tx, &facts, hearers, now).await?;
    tx.commit().await
}
