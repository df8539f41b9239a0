//! Counting facts: from what happened to a year's figure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kyodo_db::FromRow;
use kyodo_kernel::FiscalYear;

use crate::indicator::{Counted, Figures, How, Indicator, Observation, Of, Parts, Source, Value, project};

/// The part that is all facts of a kind.
pub const ALL: &str = "";

/// The part that is the facts whose subject begins like this.
#[must_use]
pub fn beginning(prefix: &str) -> String {
    if prefix.is_empty() { ALL.to_owned() } else { format!("^{prefix}") }
}

/// What happened in a year, of one kind, part and tag: one row of the one sentence that reads everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Tally {
    /// The kind of fact.
    pub kind: String,
    /// All of them, those whose subject begins alike, or their different subjects.
    pub part: String,
    /// The tag; empty for none.
    pub tag: String,
    /// The year it belongs to.
    pub fiscal_year: i64,
    /// Facts, less those that were taken back; or different subjects.
    pub n: i64,
    /// Quantities, less what was taken back.
    pub quantity: i64,
    /// Facts until the same day of that year as today's.
    pub n_by_today: i64,
    /// Those that took back, until then.
    pub reversed_by_today: i64,
    /// Quantities until then.
    pub quantity_by_today: i64,
    /// What was taken back until then.
    pub taken_by_today: i64,
}

/// Which facts a rule counts, and what of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Their kind.
    pub kind: String,
    /// Only those with one of these tags; all when there are none.
    pub tags: Vec<String>,
    /// Only those whose subject begins like this.
    pub prefix: String,
    /// What of them.
    pub of: Of,
}

impl Series {
    /// Whether different subjects are counted, which cannot be added up.
    #[must_use]
    pub fn counts_subjects(&self) -> bool {
        self.of == Of::Distinct
    }

    /// The part under which it is kept. The pack's reader takes care that tags have none of these signs.
    #[must_use]
    pub fn part(&self) -> String {
        let beginning = beginning(&self.prefix);
        if self.counts_subjects() { format!("={}{beginning}", self.tags.join(",")) } else { beginning }
    }

    /// Whether a tally belongs to it.
    fn has(&self, tally: &Tally) -> bool {
        let tagged = self.counts_subjects() || self.tags.is_empty() || self.tags.contains(&tally.tag);
        tally.kind == self.kind && tagged && tally.part == self.part()
    }

    /// What happened of it, year by year.
    #[expect(clippy::cast_precision_loss, reason = "a city's yearly counts stay far below 2^53")]
    fn by_year(&self, tallies: &[Tally]) -> Years {
        let mut years: BTreeMap<FiscalYear, Year> = BTreeMap::new();
        for tally in tallies.iter().filter(|tally| self.has(tally)) {
            let year = years.entry(FiscalYear::new(i32::try_from(tally.fiscal_year).unwrap_or(0))).or_default();
            let (whole, by_today, taken) = match self.of {
                Of::Sum => (tally.quantity, tally.quantity_by_today, tally.taken_by_today),
                Of::Count | Of::Distinct => (tally.n, tally.n_by_today, tally.reversed_by_today),
            };
            year.whole += whole as f64;
            year.by_today += by_today as f64;
            year.taken += taken as f64;
        }
        Years(years)
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Year {
    whole: f64,
    by_today: f64,
    taken: f64,
}

#[derive(Debug, Default)]
struct Years(BTreeMap<FiscalYear, Year>);

impl Years {
    fn at(&self, year: FiscalYear) -> Year {
        self.0.get(&year).copied().unwrap_or_default()
    }
}

impl Counted {
    /// The tags it asks for, in order.
    #[must_use]
    pub fn all_tags(&self) -> Vec<String> {
        let mut tags: Vec<String> = self.tag.iter().chain(&self.tags).cloned().collect();
        tags.sort();
        tags.dedup();
        tags
    }

    fn of(&self) -> Of {
        match self.how {
            How::Count | How::Net => Of::Count,
            How::Sum => Of::Sum,
            How::Distinct => Of::Distinct,
            How::Share => self.of.unwrap_or(Of::Count),
        }
    }

    /// The facts it adds up; of a share, those above the line.
    #[must_use]
    pub fn added(&self) -> Series {
        let (kind, prefix) = (self.kind.clone(), self.subject.clone().unwrap_or_default());
        Series { kind, tags: self.all_tags(), prefix, of: self.of() }
    }

    /// The facts it takes away (net).
    #[must_use]
    pub fn taken(&self) -> Option<Series> {
        self.less.as_ref().map(|less| Series { kind: less.clone(), ..self.added() })
    }

    /// The facts below the line of a share: without its tags, or where there are none without its subjects.
    #[must_use]
    pub fn whole(&self) -> Option<Series> {
        let added = self.added();
        (self.how == How::Share).then(|| {
            if added.tags.is_empty() {
                Series { prefix: String::new(), ..added }
            } else {
                Series { tags: Vec::new(), ..added }
            }
        })
    }

    /// All of them.
    pub fn series(&self) -> impl Iterator<Item = Series> {
        std::iter::once(self.added()).chain(self.taken()).chain(self.whole())
    }

    /// Whether a year's facts belong to a stock that began with a counted start.
    fn counts(&self, year: FiscalYear) -> bool {
        self.start_year.is_none_or(|start| i32::from(year) > start)
    }
}

/// How many people live in the city at the ends of years.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Population(pub BTreeMap<i32, f64>);

impl Population {
    /// The last one known for a year: its own, or that of a year before.
    #[must_use]
    pub fn of(&self, year: FiscalYear) -> Option<Value> {
        let known = self.0.range(..=i32::from(year)).next_back();
        known.map(|(year, value)| Value { year: *year, value: *value }).filter(|known| known.value > 0.0)
    }
}

/// The figures of an indicator from its entered observations, the tallies of all facts, and the people of the city.
#[must_use]
pub fn figures(
    indicator: &Indicator,
    entered: &[Observation],
    tallies: &[Tally],
    population: &Population,
    today: NaiveDate,
) -> Figures {
    let now = FiscalYear::of(today);
    let years = || entered.iter().copied().filter(|observation| observation.year < now);
    let Some(rule) = &indicator.definition.counted else {
        let so_far = entered.iter().copied().find(|observation| observation.year == now);
        return Figures { years: years().collect(), so_far, a_year_before: None, projection: None, parts: None };
    };
    let mut figures = counted(rule, indicator.definition.baseline, tallies, population, today);
    // Years before the counting began are known from elsewhere.
    let first = figures.years.first().or(figures.so_far.as_ref()).map_or(now, |first| first.year);
    let before: Vec<Observation> = years().filter(|observation| observation.year < first).collect();
    figures.years.splice(0..0, before);
    figures
}

fn counted(
    rule: &Counted,
    baseline: Option<Value>,
    tallies: &[Tally],
    population: &Population,
    today: NaiveDate,
) -> Figures {
    let now = FiscalYear::of(today);
    let added = rule.added().by_year(tallies);
    let taken = rule.taken().map(|series| series.by_year(tallies)).unwrap_or_default();
    let whole = rule.whole().map(|series| series.by_year(tallies));
    // A net figure stands on everything before it; the others begin anew each year.
    let before = |year: FiscalYear| match rule.how {
        How::Net => {
            let since = |years: &Years| -> f64 {
                years.0.iter().filter(|(y, _)| rule.counts(**y) && **y < year).map(|(_, n)| n.whole).sum()
            };
            rule.start.unwrap_or(0.0) + since(&added) - since(&taken)
        }
        _ => 0.0,
    };
    // What was counted as people read it: a share in per cent, a sum per head; none where nothing can be divided.
    let read = |value: f64, whole: Option<f64>, year: FiscalYear| -> Option<f64> {
        let value = match whole {
            Some(whole) if whole > 0.0 => value * 100.0 / whole,
            Some(_) => return None,
            None => value,
        };
        if rule.per_head { population.of(year).map(|heads| value / heads.value) } else { Some(value) }
    };
    // Until something has happened nobody counts: a stock's start alone is no figure of a later year.
    let of_all = whole.as_ref().unwrap_or(&added);
    let has_facts = of_all.0.keys().chain(taken.0.keys()).any(|year| *year <= now);
    let first = match (rule.how, rule.start_year) {
        _ if !has_facts => None,
        (How::Net, Some(start)) => Some(FiscalYear::new(start).next()),
        _ => of_all.0.keys().next().copied(),
    };
    let observed = |year: FiscalYear, value: f64| Observation { year, value, source: Source::Counted };
    let full = |year: FiscalYear| {
        let value = before(year) + added.at(year).whole - taken.at(year).whole;
        read(value, whole.as_ref().map(|whole| whole.at(year).whole), year)
    };
    let years: Vec<Observation> = match first {
        Some(first) if first < now => first
            .through(now.previous())
            // The baseline is what the plan printed; what facts say of that year does not replace it.
            .filter(|year| baseline.is_none_or(|baseline| *year > baseline.fiscal_year()))
            .filter_map(|year| full(year).map(|value| observed(year, value)))
            .collect(),
        _ => Vec::new(),
    };
    let has_begun = first.is_some_and(|first| first <= now);
    let by_today = |year: FiscalYear| whole.as_ref().map(|whole| whole.at(year).by_today);
    let this = (added.at(now), taken.at(now));
    let grown = this.0.by_today - this.1.by_today;
    let so_far = has_begun.then(|| read(before(now) + grown, by_today(now), now)).flatten();
    let so_far = so_far.map(|value| observed(now, value));
    let last = now.previous();
    let known_last = years.last().is_some_and(|observation| observation.year == last);
    let last_grown = added.at(last).by_today - taken.at(last).by_today;
    let last_whole = added.at(last).whole - taken.at(last).whole;
    let comparable = known_last && rule.of() != Of::Distinct;
    // Neither different subjects nor a share grow with the days.
    let moves_on = rule.of() != Of::Distinct && rule.how != How::Share;
    let projection = so_far.filter(|_| moves_on).and_then(|_| {
        project(grown, comparable.then_some(last_grown), comparable.then_some(last_whole), today)
            .and_then(|grown| read(before(now) + grown, None, now))
    });
    Figures {
        years,
        so_far,
        a_year_before: (comparable && rule.how != How::Net).then(|| read(last_grown, by_today(last), last)).flatten(),
        projection,
        parts: so_far.map(|_| Parts {
            before: before(now),
            added: this.0.by_today + this.0.taken,
            taken: this.1.by_today + this.0.taken,
            whole: by_today(now),
            heads: rule.per_head.then(|| population.of(now)).flatten(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::{Definition, Direction};

    fn tally(kind: &str, year: i64, n: i64, by_today: i64) -> Tally {
        Tally {
            kind: kind.to_owned(),
            fiscal_year: year,
            n,
            quantity: n,
            n_by_today: by_today,
            quantity_by_today: by_today,
            ..Tally::default()
        }
    }

    fn indicator(how: How, less: Option<&str>, start: Option<f64>) -> Indicator {
        let counted = Counted {
            how,
            kind: "talent.registered".to_owned(),
            less: less.map(str::to_owned),
            tag: None,
            tags: Vec::new(),
            subject: None,
            of: None,
            per_head: false,
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
        let figures = figures(
            &indicator(How::Net, Some("talent.withdrawn"), Some(41.0)),
            &[],
            &facts,
            &Population::default(),
            today(),
        );
        let values: Vec<(i32, f64)> = figures.years.iter().map(|o| (o.year.into(), o.value)).collect();
        assert_eq!(values, [(2023, 44.0), (2024, 44.0), (2025, 46.0)]);
        assert_eq!(figures.so_far.map(|o| o.value), Some(51.0));
        assert_eq!(figures.parts, Some(Parts { before: 46.0, added: 5.0, ..Parts::default() }));
    }

    #[test]
    fn a_yearly_count_begins_anew_and_is_compared_with_the_same_day_last_year() {
        let facts = [tally("talent.registered", 2025, 2466, 1588), tally("talent.registered", 2026, 1604, 1604)];
        let figures = figures(&indicator(How::Count, None, None), &[], &facts, &Population::default(), today());
        assert_eq!(figures.so_far.map(|o| o.value), Some(1604.0));
        assert_eq!(figures.a_year_before, Some(1588.0));
        assert!((figures.projection.unwrap() - 2490.8).abs() < 0.1);
    }

    #[test]
    fn a_year_without_facts_is_a_zero_once_counting_has_begun() {
        let facts = [tally("talent.registered", 2023, 3, 3), tally("talent.registered", 2025, 1, 1)];
        let figures = figures(&indicator(How::Count, None, None), &[], &facts, &Population::default(), today());
        assert_eq!(figures.years.iter().map(|o| o.value).collect::<Vec<_>>(), [3.0, 0.0, 1.0]);
    }

    fn tagged(tag: &str, year: i64, n: i64, by_today: i64) -> Tally {
        Tally { tag: tag.to_owned(), ..tally("survey.answered", year, n, by_today) }
    }

    fn with(rule: impl FnOnce(&mut Counted)) -> Indicator {
        let mut indicator = indicator(How::Share, None, None);
        let counted = indicator.definition.counted.as_mut().unwrap();
        "survey.answered".clone_into(&mut counted.kind);
        rule(counted);
        indicator
    }

    fn values(figures: &Figures) -> Vec<(i32, f64)> {
        figures.years.iter().map(|o| (o.year.into(), o.value)).collect()
    }

    #[test]
    fn a_share_is_what_has_the_tag_of_all_there_is() {
        let facts = [
            tagged("yes", 2024, 30, 30),
            tagged("no", 2024, 90, 90),
            tagged("", 2025, 5, 5),
            tagged("yes", 2026, 60, 50),
            tagged("no", 2026, 40, 30),
        ];
        let knows = with(|rule| rule.tag = Some("yes".to_owned()));
        let figures = figures(&knows, &[], &facts, &Population::default(), today());
        // Nobody knew it in 2025, but somebody was asked.
        assert_eq!(values(&figures), [(2024, 25.0), (2025, 0.0)]);
        assert_eq!(figures.so_far.map(|o| o.value), Some(62.5));
        assert_eq!(figures.parts, Some(Parts { added: 50.0, whole: Some(80.0), ..Parts::default() }));
        assert_eq!(figures.projection, None, "a share does not grow with the days");
    }

    #[test]
    fn several_tags_count_as_one() {
        let facts = [tagged("yes", 2025, 3, 3), tagged("perhaps", 2025, 2, 2), tagged("no", 2025, 5, 5)];
        let tags = vec!["yes".to_owned(), "perhaps".to_owned()];
        let open = with(|rule| (rule.how, rule.tags) = (How::Count, tags));
        let figures = figures(&open, &[], &facts, &Population::default(), today());
        assert_eq!(values(&figures), [(2025, 5.0)]);
    }

    #[test]
    fn per_head_divides_by_the_people_at_the_end_of_the_year_or_the_last_known() {
        let facts =
            [tagged("", 2023, 50, 50), tagged("", 2024, 60, 60), tagged("", 2025, 90, 60), tagged("", 2026, 80, 80)];
        let population = Population(BTreeMap::from([(2024, 20.0), (2025, 30.0)]));
        let per_head = with(|rule| (rule.how, rule.per_head) = (How::Sum, true));
        let figures = figures(&per_head, &[], &facts, &population, today());
        assert_eq!(values(&figures), [(2024, 3.0), (2025, 3.0)], "of 2023 nobody knows how many there were");
        assert_eq!(figures.so_far.map(|o| o.value), Some(80.0 / 30.0));
        assert_eq!(figures.a_year_before, Some(2.0));
        assert_eq!(figures.parts.and_then(|parts| parts.heads), Some(Value { year: 2025, value: 30.0 }));
        assert_eq!(figures.projection, Some(4.0));
    }

    #[test]
    fn years_before_the_counting_began_are_those_that_were_entered() {
        let entered = |year, value| Observation { year: FiscalYear::new(year), value, source: Source::Entered };
        let facts = [tally("talent.registered", 2025, 4, 1)];
        let counted = indicator(How::Count, None, None);
        let known = [entered(2023, 7.0), entered(2024, 8.0), entered(2025, 9.0)];
        let figures = figures(&counted, &known, &facts, &Population::default(), today());
        assert_eq!(values(&figures), [(2023, 7.0), (2024, 8.0), (2025, 4.0)]);
    }
}
