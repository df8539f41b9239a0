//! What departments reported, and where a measure stands.

use chrono::NaiveDate;
use kyodo_kernel::FiscalYear;
use kyodo_web::components::Shape;

use crate::node::Node;
use crate::plan::{Outline, Phase};
use crate::schedule::rank;

/// A report of a node for a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// The node's number.
    pub node: i64,
    /// The year reported on.
    pub year: FiscalYear,
    /// How far it really is.
    pub mark: Option<String>,
    /// How the department grades it.
    pub grade: Option<String>,
    /// What was done.
    pub text: String,
    /// What comes next.
    pub next_step: String,
    /// When it was published.
    pub published_on: NaiveDate,
}

/// Where a measure stands. The rule: this year's actual mark reaches the planned one, by rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// The actual mark reaches the planned one.
    OnSchedule,
    /// It does not.
    Late,
    /// There is no report yet.
    Unreported,
    /// The plan has nothing for this year yet.
    NotYet,
    /// A report exists, where the plan has no grid to hold it against.
    Reported,
    /// Over: the last planned mark was reached.
    Done,
    /// Over: something was carried out, but not what was planned last.
    Partly,
    /// Over: it never came to be carried out.
    NotDone,
    /// Over, and nothing was reported.
    Unknown,
    /// The plan has no years to judge by.
    Timeless,
}

impl Standing {
    /// Every standing, in the order in which counts are shown.
    pub const ALL: [Self; 10] = [
        Self::OnSchedule,
        Self::Late,
        Self::Reported,
        Self::Unreported,
        Self::NotYet,
        Self::Done,
        Self::Partly,
        Self::NotDone,
        Self::Unknown,
        Self::Timeless,
    ];

    /// Its shape.
    #[must_use]
    pub fn shape(self) -> Shape {
        match self {
            Self::OnSchedule | Self::Reported => Shape::Ok,
            Self::Late => Shape::Late,
            Self::Unreported | Self::NotYet | Self::Unknown | Self::Timeless => Shape::None,
            Self::Done => Shape::Done,
            Self::Partly => Shape::Part,
            Self::NotDone => Shape::Not,
        }
    }

    /// The message with its word.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::OnSchedule => "standing-on-schedule",
            Self::Late => "standing-late",
            Self::Unreported => "standing-unreported",
            Self::NotYet => "standing-not-yet",
            Self::Reported => "standing-reported",
            Self::Done => "standing-done",
            Self::Partly => "standing-partly",
            Self::NotDone => "standing-not-done",
            Self::Unknown => "standing-unknown",
            Self::Timeless => "standing-timeless",
        }
    }
}

/// How one year of a measure went: its actual mark against the planned one.
#[must_use]
pub fn of_year(planned: Option<&str>, actual: Option<&str>, outline: &Outline) -> Option<Standing> {
    let (planned, actual) = (planned?, actual?);
    let reached = rank(actual, &outline.marks) >= rank(planned, &outline.marks);
    Some(if reached { Standing::OnSchedule } else { Standing::Late })
}

/// Where a measure stands in the plan's phase. `reports` are the node's own.
#[must_use]
pub fn standing<'p>(
    node: &Node,
    outline: &Outline,
    phase: Phase,
    reports: impl Iterator<Item = &'p Progress> + Clone,
) -> Standing {
    let of = |year: FiscalYear| reports.clone().find(|report| report.year == year);
    match phase {
        Phase::Timeless => Standing::Timeless,
        Phase::Ahead => Standing::NotYet,
        Phase::Running(now) if node.schedule.is_empty() => {
            if of(now).is_some() {
                Standing::Reported
            } else {
                Standing::Unreported
            }
        }
        Phase::Running(now) => match node.planned(now) {
            None if node.schedule.last().is_some_and(|last| last < now) => outcome(node, outline, reports),
            None => Standing::NotYet,
            Some(planned) => match of(now) {
                None => Standing::Unreported,
                Some(report) => of_year(Some(planned), report.mark.as_deref(), outline).unwrap_or(Standing::Unreported),
            },
        },
        Phase::Over(_) => outcome(node, outline, reports),
    }
}

/// What became of a measure whose years are over: its last report against the last planned mark.
fn outcome<'p>(node: &Node, outline: &Outline, reports: impl Iterator<Item = &'p Progress>) -> Standing {
    let Some(last) = reports.max_by_key(|report| report.year) else {
        return Standing::Unknown;
    };
    let Some(planned) = node.schedule.last().and_then(|year| node.planned(year)) else {
        return Standing::Reported;
    };
    let reached = rank(last.mark.as_deref().unwrap_or_default(), &outline.marks);
    // 検討 alone is rank 1: thinking about a thing is not carrying it out.
    match reached {
        reached if reached >= rank(planned, &outline.marks) => Standing::Done,
        2.. => Standing::Partly,
        _ => Standing::NotDone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::{Mark, Schedule};

    fn outline() -> Outline {
        Outline {
            marks: [("検討", 1), ("一部実施", 2), ("実施", 3)]
                .map(|(name, rank)| Mark { name: name.to_owned(), rank, ends: false })
                .to_vec(),
            ..Outline::default()
        }
    }

    fn node(cells: &[(i32, &str)]) -> Node {
        let cells = cells.iter().map(|(year, mark)| (FiscalYear::new(*year), (*mark).to_owned()));
        Node { schedule: Schedule::of_printed(cells), ..Node::default() }
    }

    fn report(year: i32, mark: &str) -> Progress {
        Progress {
            node: 0,
            year: FiscalYear::new(year),
            mark: Some(mark.to_owned()),
            grade: None,
            text: String::new(),
            next_step: String::new(),
            published_on: NaiveDate::default(),
        }
    }

    fn stands(node: &Node, phase: Phase, reports: &[Progress]) -> Standing {
        standing(node, &outline(), phase, reports.iter())
    }

    #[test]
    fn a_measure_is_on_schedule_when_the_actual_mark_reaches_the_planned_one() {
        let node = node(&[(2024, "検討"), (2025, "→"), (2026, "実施")]);
        let running = |year| Phase::Running(FiscalYear::new(year));
        assert_eq!(stands(&node, running(2025), &[report(2025, "検討")]), Standing::OnSchedule);
        assert_eq!(stands(&node, running(2025), &[report(2025, "実施")]), Standing::OnSchedule);
        assert_eq!(stands(&node, running(2026), &[report(2026, "一部実施")]), Standing::Late);
        assert_eq!(stands(&node, running(2026), &[report(2025, "実施")]), Standing::Unreported);
    }

    #[test]
    fn what_is_planned_for_later_has_not_begun() {
        let node = node(&[(2026, "検討"), (2027, "実施")]);
        assert_eq!(stands(&node, Phase::Running(FiscalYear::new(2025)), &[]), Standing::NotYet);
    }

    #[test]
    fn a_plan_that_is_over_shows_what_became_of_it() {
        let node = node(&[(2010, "検討"), (2011, "実施"), (2012, "→")]);
        let over = Phase::Over(FiscalYear::new(2012));
        assert_eq!(stands(&node, over, &[report(2010, "検討"), report(2012, "実施")]), Standing::Done);
        assert_eq!(stands(&node, over, &[report(2012, "一部実施")]), Standing::Partly);
        assert_eq!(stands(&node, over, &[report(2012, "検討")]), Standing::NotDone);
        assert_eq!(stands(&node, over, &[]), Standing::Unknown);
    }
}
