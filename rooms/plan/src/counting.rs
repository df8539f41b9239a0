//! Counting facts: from what happened to a year's figure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kyodo_db::FromRow;
use kyodo_kernel::FiscalYear;

use crate::indicator::{Counted, Figures, How, Indicator, Observation, Parts, Source, Value, project};

/// What happened in a year, of one kind and tag: one row of the one sentence that counts everything.
#[derive(Clone, Debug, FromRow)]
pub struct Tally {
    /// The kind of fact.
    pub kind: String,
    /// Its tag.
    pub tag: Option<String>,
    /// The year it belongs to.
    pub fiscal_year: i64,
    /// Facts, reversals taken away.
    pub n: i64,
    /// Reversals.
    pub reversed: i64,
    /// Quantities added.
    pub quantity: i64,
    /// Different subjects with this tag.
    pub subjects: i64,
    /// The same until the same day of that year as today's.
    pub subjects_by_today: i64,
    /// Different subjects, each under one of its tags only, so that the tags can be added.
    pub subjects_of_any_tag: i64,
    /// The same until the same day of that year as today's.
    pub subjects_of_any_tag_by_today: i64,
    /// Facts until the same day of that year as today's.
    pub n_by_today: i64,
    /// Quantities until the same day of that year as today's.
    pub quantity_by_today: i64,
}

/// The figures of an indicator from its entered observations and the tallies of all facts.
#[must_use]
pub fn figures(indicator: &Indicator, entered: &[Observation], tallies: &[Tally], today: NaiveDate) -> Figures {
    let now = FiscalYear::of(today);
    match &indicator.definition.counted {
        None => {
            let years = entered.iter().copied().filter(|observation| observation.year < now).collect();
            let so_far = entered.iter().copied().find(|observation| observation.year == now);
            Figures { years, so_far, a_year_before: None, projection: None, parts: None }
        }
        Some(rule) => counted(rule, indicator.definition.baseline, tallies, today),
    }
}

fn counted(rule: &Counted, baseline: Option<Value>, tallies: &[Tally], today: NaiveDate) -> Figures {
    let now = FiscalYear::of(today);
    let added = by_year(&rule.kind, rule, tallies);
    let taken = rule.less.as_deref().map(|less| by_year(less, rule, tallies)).unwrap_or_default();
    let at = |years: &BTreeMap<FiscalYear, Year>, year| years.get(&year).copied().unwrap_or_default();
    // A net figure stands on everything before it; the others begin anew each year.
    let before = |year: FiscalYear| match rule.how {
        How::Net => {
            let start = rule.start.unwrap_or(0.0);
            let since = |years: &BTreeMap<FiscalYear, Year>| -> f64 {
                years.iter().filter(|(y, _)| rule.counts(**y) && **y < year).map(|(_, n)| n.whole).sum()
            };
            start + since(&added) - since(&taken)
        }
        _ => 0.0,
    };
    // Until something has happened nobody counts: a stock's start alone is no figure of a later year.
    let has_facts = added.keys().chain(taken.keys()).any(|year| *year <= now);
    let first = match (rule.how, rule.start_year) {
        _ if !has_facts => None,
        (How::Net, Some(start)) => Some(FiscalYear::new(start).next()),
        _ => added.keys().next().copied(),
    };
    let observed = |year: FiscalYear, value: f64| Observation { year, value, source: Source::Counted };
    let years: Vec<Observation> = match first {
        Some(first) if first < now => first
            .through(now.previous())
            // The baseline is what the plan printed; what facts say of that year does not replace it.
            .filter(|year| baseline.is_none_or(|baseline| *year > baseline.fiscal_year()))
            .map(|year| observed(year, before(year) + at(&added, year).whole - at(&taken, year).whole))
            .collect(),
        _ => Vec::new(),
    };
    let has_begun = first.is_some_and(|first| first <= now);
    let this = (at(&added, now), at(&taken, now));
    let grown = this.0.by_today - this.1.by_today;
    let so_far = has_begun.then(|| observed(now, before(now) + grown));
    let last = now.previous();
    let known_last = years.last().is_some_and(|observation| observation.year == last);
    let last_grown = at(&added, last).by_today - at(&taken, last).by_today;
    let last_whole = at(&added, last).whole - at(&taken, last).whole;
    let comparable = known_last && rule.how != How::Distinct;
    let projection = so_far.filter(|_| rule.how != How::Distinct).and_then(|_| {
        project(grown, comparable.then_some(last_grown), comparable.then_some(last_whole), today)
            .map(|grown| before(now) + grown)
    });
    Figures {
        years,
        so_far,
        a_year_before: (comparable && rule.how != How::Net).then_some(last_grown),
        projection,
        parts: so_far.map(|_| Parts {
            before: before(now),
            added: this.0.by_today + this.0.reversed,
            taken: this.1.by_today + this.0.reversed,
        }),
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Year {
    whole: f64,
    by_today: f64,
    reversed: f64,
}

/// What happened of one kind, year by year.
#[expect(clippy::cast_precision_loss, reason = "a city's yearly counts stay far below 2^53")]
fn by_year(kind: &str, rule: &Counted, tallies: &[Tally]) -> BTreeMap<FiscalYear, Year> {
    let mut years: BTreeMap<FiscalYear, Year> = BTreeMap::new();
    let wanted = |tally: &&Tally| tally.kind == kind && (rule.tag.is_none() || tally.tag == rule.tag);
    for tally in tallies.iter().filter(wanted) {
        let year = years.entry(FiscalYear::new(i32::try_from(tally.fiscal_year).unwrap_or(0))).or_default();
        let (whole, by_today, reversed) = match rule.how {
            How::Count | How::Net => (tally.n, tally.n_by_today, tally.reversed),
            How::Sum => (tally.quantity, tally.quantity_by_today, 0),
            How::Distinct if rule.tag.is_some() => (tally.subjects, tally.subjects_by_today, 0),
            How::Distinct => (tally.subjects_of_any_tag, tally.subjects_of_any_tag_by_today, 0),
        };
        year.whole += whole as f64;
        year.by_today += by_today as f64;
        year.reversed += reversed as f64;
    }
    years
}

impl Counted {
    /// Whether a year's facts belong to a stock that began with a counted start.
    fn counts(&self, year: FiscalYear) -> bool {
        self.start_year.is_none_or(|start| i32::from(year) > start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::{Definition, Direction};

    fn tally(kind: &str, year: i64, n: i64, by_today: i64) -> Tally {
        Tally {
            kind: kind.to_owned(),
            tag: None,
            fiscal_year: year,
            n,
            reversed: 0,
            quantity: n,
            subjects: 0,
            subjects_by_today: 0,
            subjects_of_any_tag: 0,
            subjects_of_any_tag_by_today: 0,
            n_by_today: by_today,
            quantity_by_today: by_today,
        }
    }

    fn indicator(how: How, less: Option<&str>, start: Option<f64>) -> Indicator {
        let counted = Counted {
            how,
            kind: "talent.registered".to_owned(),
            less: less.map(str::to_owned),
            tag: None,
            start,
            start_year: start.map(|_| 2022),
        };
        let baseline = start.map(|value| Value { year: 2022, value });
        Indicator {
            id: 1,
            key: "k".to_owned(),
            name: "n".to_owned(),
            node: None,
            definition: Definition {
                short: None,
                unit: "人".to_owned(),
                decimals: 0,
                group: None,
                direction: Direction::Up,
                baseline,
                targets: Vec::new(),
                note: String::new(),
                about: String::new(),
                counted: Some(counted),
            },
        }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
    }

    #[test]
    fn a_stock_is_its_start_plus_what_came_less_what_went() {
        let facts = [
            tally("talent.registered", 2023, 3, 2),
            tally("talent.registered", 2025, 4, 1),
            tally("talent.withdrawn", 2025, 2, 2),
            tally("talent.registered", 2026, 5, 5),
        ];
        let figures = figures(&indicator(How::Net, Some("talent.withdrawn"), Some(41.0)), &[], &facts, today());
        let values: Vec<(i32, f64)> = figures.years.iter().map(|o| (o.year.into(), o.value)).collect();
        assert_eq!(values, [(2023, 44.0), (2024, 44.0), (2025, 46.0)]);
        assert_eq!(figures.so_far.map(|o| o.value), Some(51.0));
        assert_eq!(figures.parts, Some(Parts { before: 46.0, added: 5.0, taken: 0.0 }));
    }

    #[test]
    fn a_yearly_count_begins_anew_and_is_compared_with_the_same_day_last_year() {
        let facts = [tally("talent.registered", 2025, 2466, 1588), tally("talent.registered", 2026, 1604, 1604)];
        let figures = figures(&indicator(How::Count, None, None), &[], &facts, today());
        assert_eq!(figures.so_far.map(|o| o.value), Some(1604.0));
        assert_eq!(figures.a_year_before, Some(1588.0));
        assert!((figures.projection.unwrap() - 2490.8).abs() < 0.1);
    }

    #[test]
    fn a_year_without_facts_is_a_zero_once_counting_has_begun() {
        let facts = [tally("talent.registered", 2023, 3, 3), tally("talent.registered", 2025, 1, 1)];
        let figures = figures(&indicator(How::Count, None, None), &[], &facts, today());
        assert_eq!(figures.years.iter().map(|o| o.value).collect::<Vec<_>>(), [3.0, 0.0, 1.0]);
    }
}
