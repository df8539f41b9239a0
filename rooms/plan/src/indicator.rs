//! Indicators: a figure the plan promised, its line to the target, its status and projection.

use chrono::NaiveDate;
use kyodo_kernel::FiscalYear;
use serde::{Deserialize, Serialize};

use kyodo_web::components::Shape;

/// A figure the plan promised.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Indicator {
    /// Its number in this city's database; 0 before it is stored.
    #[serde(skip)]
    pub id: i64,
    /// Its name in addresses.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The key of the node it hangs on; none for the whole plan.
    pub node: Option<String>,
    /// Everything else.
    pub definition: Definition,
}

/// What an indicator is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are explained in cities/README.md")]
pub struct Definition {
    pub short: Option<String>,
    pub unit: String,
    pub decimals: u8,
    pub group: Option<String>,
    pub direction: Direction,
    pub baseline: Option<Value>,
    pub targets: Vec<Value>,
    pub note: String,
    pub about: String,
    pub counted: Option<Counted>,
}

/// Whether more or less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

/// A value of a fiscal year.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// The fiscal year, by the Western year it begins in.
    pub year: i32,
    /// The value, in the indicator's unit.
    pub value: f64,
}

impl Value {
    /// The fiscal year.
    #[must_use]
    pub fn fiscal_year(self) -> FiscalYear {
        FiscalYear::new(self.year)
    }
}

/// How a figure is counted from facts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// The way of counting.
    pub how: How,
    /// The kind of fact.
    pub kind: String,
    /// The kind that is taken away (net).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub less: Option<String>,
    /// Only facts with this tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Only facts with one of these tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Only facts whose subject begins like this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What a share is a share of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Of>,
    /// Divided by the people who live in the city at the year's end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub per_head: bool,
    /// Where a stock began (net).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<f64>,
    /// The year at whose end the start was counted (net).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_year: Option<i32>,
}

/// The ways of counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// How many facts in the year.
    Count,
    /// Their quantities added.
    Sum,
    /// Their different subjects.
    Distinct,
    /// The start, plus one kind, less another, over all years until the year's end.
    Net,
    /// Those with the tags of all of the kind, in per cent.
    Share,
}

/// What a share is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// The facts.
    Count,
    /// Their quantities.
    Sum,
    /// Their different subjects.
    Distinct,
}

/// A year's figure and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The year.
    pub year: FiscalYear,
    /// The figure.
    pub value: f64,
    /// Typed in or counted.
    pub source: Source,
}

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Entered by hand.
    Entered,
    /// Counted from facts.
    Counted,
}

/// An indicator with its figures, ready to be judged and shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Full years, by year.
    pub years: Vec<Observation>,
    /// The running year until today, when it is counted.
    pub so_far: Option<Observation>,
    /// The year before until the same day.
    pub a_year_before: Option<f64>,
    /// Where the running year ends at its pace.
    pub projection: Option<f64>,
    /// How the running figure is made up, for the arithmetic.
    pub parts: Option<Parts>,
}

/// The arithmetic of a counted figure for the running year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Parts {
    /// What was there before (net), 0 otherwise.
    pub before: f64,
    /// What was added.
    pub added: f64,
    /// What was taken back or away.
    pub taken: f64,
    /// What a share is a share of.
    pub whole: Option<f64>,
    /// The people it is divided by, as counted at the end of a year.
    pub heads: Option<Value>,
}

/// How an indicator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// The last target is reached.
    Achieved,
    /// The latest full year reaches the line from baseline to next target.
    OnTrack,
    /// It does not.
    Behind,
    /// No target, or no full year yet.
    NoData,
}

impl Health {
    /// Every status, in the order of filters.
    pub const ALL: [Self; 4] = [Self::Achieved, Self::OnTrack, Self::Behind, Self::NoData];

    /// Its name in JSON and addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Achieved => "achieved",
            Self::OnTrack => "on_track",
            Self::Behind => "behind",
            Self::NoData => "no_data",
        }
    }

    /// The message with its word.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Achieved => "health-achieved",
            Self::OnTrack => "health-on-track",
            Self::Behind => "health-behind",
            Self::NoData => "health-no-data",
        }
    }

    /// Its shape.
    #[must_use]
    pub fn shape(self) -> Shape {
        match self {
            Self::Achieved => Shape::Done,
            Self::OnTrack => Shape::Ok,
            Self::Behind => Shape::Late,
            Self::NoData => Shape::None,
        }
    }
}

/// Why an indicator stands as it does, with the numbers of the rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// How it stands.
    pub health: Health,
    /// The full year it was judged by.
    pub latest: Option<Observation>,
    /// What the line from baseline to target asked of that year.
    pub line: Option<f64>,
    /// The share of the way from baseline to the last target that is gone; 1 is all of it.
    pub way: Option<f64>,
}

impl Definition {
    /// Whether `value` is at least as good as `aim`.
    fn reaches(&self, value: f64, aim: f64) -> bool {
        // Figures are entered with few decimals: what is printed alike is alike.
        let half = 0.5 * 10_f64.powi(-i32::from(self.decimals)) * 1e-6;
        match self.direction {
            Direction::Up => value + half >= aim,
            Direction::Down => value - half <= aim,
        }
    }

    /// The last target.
    #[must_use]
    pub fn aim(&self) -> Option<Value> {
        self.targets.iter().copied().max_by_key(|target| target.year)
    }

    /// What the way from start to targets asks of a year: straight between the points, level after the last.
    fn line(&self, start: Value, year: FiscalYear) -> Option<f64> {
        let mut from = start;
        for target in &self.targets {
            if year <= target.fiscal_year() {
                let whole = f64::from(target.year - from.year).max(1.0);
                let part = f64::from(i32::from(year) - from.year).max(0.0);
                return Some(from.value + (target.value - from.value) * part / whole);
            }
            from = *target;
        }
        self.aim().map(|aim| aim.value)
    }

    /// How the indicator stands with these full years.
    #[must_use]
    pub fn judge(&self, years: &[Observation]) -> Judgement {
        let latest = years.last().copied();
        let none = Judgement { health: Health::NoData, latest, line: None, way: None };
        let (Some(latest), Some(aim)) = (latest, self.aim()) else {
            return none;
        };
        // Without a printed baseline the first observed year is where the way begins.
        let first = years.first().map(|first| Value { year: first.year.into(), value: first.value });
        let Some(start) = self.baseline.or(first) else {
            return none;
        };
        let line = self.line(start, latest.year);
        let way = ((aim.value - start.value).abs() > f64::EPSILON)
            .then(|| (latest.value - start.value) / (aim.value - start.value));
        let health = if self.reaches(latest.value, aim.value) {
            Health::Achieved
        } else if line.is_some_and(|line| self.reaches(latest.value, line)) {
            Health::OnTrack
        } else {
            Health::Behind
        };
        Judgement { health, latest: Some(latest), line, way }
    }

    /// Where the last target's year ends when things go on as on average since the baseline.
    #[must_use]
    pub fn projected_at_aim(&self, years: &[Observation]) -> Option<Value> {
        let (latest, aim) = (years.last()?, self.aim()?);
        let first = years.first().map(|first| Value { year: first.year.into(), value: first.value });
        let start = self.baseline.or(first)?;
        let gone = f64::from(i32::from(latest.year) - start.year);
        if gone < 1.0 || latest.year >= aim.fiscal_year() {
            return None;
        }
        let pace = (latest.value - start.value) / gone;
        let left = f64::from(aim.year - i32::from(latest.year));
        Some(Value { year: aim.year, value: latest.value + pace * left })
    }
}

/// Where a running year ends at its pace: as last year went on from the same day, or else by days.
#[must_use]
pub fn project(so_far: f64, a_year_before: Option<f64>, last_year: Option<f64>, today: NaiveDate) -> Option<f64> {
    match (a_year_before, last_year) {
        (Some(before), Some(whole)) if before > 0.0 && whole > 0.0 => Some(so_far * whole / before),
        _ => {
            let gone = FiscalYear::of(today).elapsed(today);
            // In the first weeks a year says nothing about its end.
            (gone > 0.1).then(|| so_far / gone)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(baseline: Option<f64>, targets: &[(i32, f64)], direction: Direction) -> Definition {
        Definition {
            short: None,
            unit: "件".to_owned(),
            decimals: 0,
            group: None,
            direction,
            baseline: baseline.map(|value| Value { year: 2022, value }),
            targets: targets.iter().map(|(year, value)| Value { year: *year, value: *value }).collect(),
            note: String::new(),
            about: String::new(),
            counted: None,
        }
    }

    fn years(values: &[(i32, f64)]) -> Vec<Observation> {
        values
            .iter()
            .map(|(year, value)| Observation { year: FiscalYear::new(*year), value: *value, source: Source::Entered })
            .collect()
    }

    #[test]
    fn an_indicator_is_on_track_when_its_latest_full_year_reaches_the_line() {
        let consultations = definition(Some(2335.0), &[(2028, 2500.0)], Direction::Up);
        let judged = consultations.judge(&years(&[(2025, 2466.0)]));
        assert_eq!(judged.health, Health::OnTrack);
        assert_eq!(judged.line, Some(2417.5));
        assert_eq!(consultations.judge(&years(&[(2025, 2417.0)])).health, Health::Behind);
        assert_eq!(consultations.judge(&years(&[(2025, 2500.0)])).health, Health::Achieved);
    }

    #[test]
    fn a_figure_that_should_fall_is_judged_the_other_way_round() {
        let waste = definition(Some(100.0), &[(2028, 70.0)], Direction::Down);
        assert_eq!(waste.judge(&years(&[(2025, 84.0)])).health, Health::OnTrack);
        assert_eq!(waste.judge(&years(&[(2025, 86.0)])).health, Health::Behind);
        assert_eq!(waste.judge(&years(&[(2025, 60.0)])).health, Health::Achieved);
    }

    #[test]
    fn several_targets_make_a_way_with_corners() {
        let goal = definition(Some(10.0), &[(2024, 20.0), (2028, 40.0)], Direction::Up);
        assert_eq!(goal.judge(&years(&[(2026, 29.0)])).line, Some(30.0));
        assert_eq!(goal.judge(&years(&[(2026, 29.0)])).health, Health::Behind);
    }

    #[test]
    fn without_target_or_full_year_there_is_no_judgement() {
        assert_eq!(definition(Some(1.0), &[], Direction::Up).judge(&years(&[(2025, 5.0)])).health, Health::NoData);
        assert_eq!(definition(Some(1.0), &[(2028, 9.0)], Direction::Up).judge(&[]).health, Health::NoData);
    }

    #[test]
    fn without_a_baseline_the_first_year_begins_the_way() {
        let known = definition(None, &[(2028, 90.0)], Direction::Up);
        assert_eq!(known.judge(&years(&[(2024, 60.0), (2026, 76.0)])).health, Health::OnTrack);
        assert_eq!(known.judge(&years(&[(2024, 60.0), (2026, 70.0)])).health, Health::Behind);
    }

    #[test]
    fn a_running_year_goes_on_as_the_year_before_did() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let projected = project(1604.0, Some(1588.0), Some(2466.0), today).unwrap();
        assert!((projected - 2490.8).abs() < 0.1);
        assert_eq!(project(3.0, None, None, NaiveDate::from_ymd_opt(2026, 4, 10).unwrap()), None);
    }
}
