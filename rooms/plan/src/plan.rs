//! A plan as a whole: its title, years and vocabulary.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kyodo_kernel::FiscalYear;
use serde::{Deserialize, Serialize};

use crate::node::Node;
use crate::round::Route;
use crate::schedule::Mark;

/// A plan with everything that is printed in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Plan {
    /// As printed on its cover.
    pub title: String,
    /// `draft` (案) or `adopted`.
    pub status: String,
    /// Rises when the plan is revised.
    pub version: i64,
    /// What holds for all of it.
    pub outline: Outline,
    /// Its lines in the document's order, parents before children.
    pub nodes: Vec<Node>,
}

impl Plan {
    /// The line of a key.
    #[must_use]
    pub fn node(&self, key: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.key == key)
    }

    /// The same plan with other lines.
    #[must_use]
    pub fn with_nodes(&self, nodes: Vec<Node>) -> Self {
        let (title, status, outline) = (self.title.clone(), self.status.clone(), self.outline.clone());
        Self { title, status, version: self.version, outline, nodes }
    }
}

/// What holds for a whole plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are explained in cities/README.md")]
pub struct Outline {
    pub summary: String,
    pub period: Option<Period>,
    pub action_period: Option<Period>,
    pub levels: Vec<String>,
    pub grid: Option<Period>,
    pub inferred_schedule: bool,
    pub schedule_note: String,
    pub parties: Vec<String>,
    pub targets: Vec<String>,
    pub party_words: BTreeMap<String, String>,
    pub marks: Vec<Mark>,
    pub grades: Vec<Grade>,
    pub bodies: Vec<Body>,
    #[serde(default)]
    pub route: Route,
}

/// Fiscal years, both included, by the Western year they begin in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first.
    pub from: i32,
    /// The last.
    pub to: i32,
}

impl Period {
    /// The first year.
    #[must_use]
    pub fn first(self) -> FiscalYear {
        FiscalYear::new(self.from)
    }

    /// The last year.
    #[must_use]
    pub fn last(self) -> FiscalYear {
        FiscalYear::new(self.to)
    }

    /// Every year.
    #[must_use]
    pub fn years(self) -> impl DoubleEndedIterator<Item = FiscalYear> {
        self.first().through(self.last())
    }

    /// Whether the year lies in it.
    #[must_use]
    pub fn contains(self, year: FiscalYear) -> bool {
        self.first() <= year && year <= self.last()
    }
}

/// How progress is graded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Its letter.
    pub name: String,
    /// What it means.
    pub text: String,
}

/// Who does what in running the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Its name.
    pub name: String,
    /// What it does.
    pub does: Duty,
    /// More about it.
    #[serde(default)]
    pub text: String,
}

/// What a body does for the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// Looks at it from outside.
    Evaluates,
    /// Keeps the departments together.
    Coordinates,
}

/// Where a plan is in its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A guideline without years.
    Timeless,
    /// Its years have not begun.
    Ahead,
    /// This fiscal year is one of its own.
    Running(FiscalYear),
    /// Its years are over; the last one.
    Over(FiscalYear),
}

impl Outline {
    /// The years by which measures are judged: the printed grid, or else the period.
    #[must_use]
    pub fn years(&self) -> Option<Period> {
        self.grid.or(self.period)
    }

    /// The fiscal year whose lines people are shown: the running one, or the plan's first as long as it has not begun.
    #[must_use]
    pub fn shown_year(&self, now: FiscalYear) -> FiscalYear {
        self.years().map_or(now, |years| now.max(years.first()))
    }

    /// Where the plan is on a day.
    #[must_use]
    pub fn phase(&self, today: NaiveDate) -> Phase {
        let now = FiscalYear::of(today);
        match self.years() {
            None => Phase::Timeless,
            Some(years) if now < years.first() => Phase::Ahead,
            Some(years) if now > years.last() => Phase::Over(years.last()),
            Some(_) => Phase::Running(now),
        }
    }

    /// The name of a level, counted from 1.
    #[must_use]
    pub fn level_name(&self, level: usize) -> &str {
        level.checked_sub(1).and_then(|at| self.levels.get(at)).map_or("", String::as_str)
    }

    /// What a grade means.
    #[must_use]
    pub fn grade_text(&self, name: &str) -> &str {
        self.grades.iter().find(|grade| grade.name == name).map_or("", |grade| grade.text.as_str())
    }
}
