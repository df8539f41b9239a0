//! What the figures of indicators are made of: what was entered, what happened, how many live in the city.

use chrono::NaiveDate;
use kyodo_db::{Db, Result};

use crate::counting::{self, Population, Tally};
use crate::indicator::{Figures, Indicator, Value};
use crate::store;
use crate::store::figures::{tallies, tallies_of};
use crate::store::observations::{Entries, What};

/// Everything that figures are made of.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) entries: Entries,
    tallies: Vec<Tally>,
    population: Population,
}

impl Ground {
    /// For every indicator of a plan: two sentences.
    pub(crate) async fn load(db: &Db, plan: i64, today: NaiveDate) -> Result<Self> {
        Ok(Self::of(store::entries(db, plan).await?, tallies(db, today).await?))
    }

    /// For one indicator.
    pub(crate) async fn load_for(db: &Db, plan: i64, indicator: i64, today: NaiveDate) -> Result<Self> {
        Ok(Self::of(store::entries(db, plan).await?, tallies_of(db, indicator, today).await?))
    }

    fn of(entries: Entries, tallies: Vec<Tally>) -> Self {
        Self { population: entries.population(), entries, tallies }
    }

    /// The indicator with the targets that were set at the desk. What the plan printed for a year is never replaced.
    pub(crate) fn aimed(&self, mut indicator: Indicator) -> Indicator {
        let targets = &mut indicator.definition.targets;
        for entry in self.entries.standing(What::Target, Some(indicator.id)) {
            let year = i32::from(entry.year);
            if let Some(value) = entry.value
                && !targets.iter().any(|target| target.year == year)
            {
                targets.push(Value { year, value });
            }
        }
        targets.sort_by_key(|target| target.year);
        indicator
    }

    /// Its figures.
    pub(crate) fn figures(&self, indicator: &Indicator, today: NaiveDate) -> Figures {
        let entered = self.entries.observations(indicator.id);
        counting::figures(indicator, &entered, &self.tallies, &self.population, today)
    }
}
