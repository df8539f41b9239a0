//! One row of the year grid: what was planned and what really was, in each year.

use kyodo_kernel::FiscalYear;
use kyodo_web::Frame;
use kyodo_web::components::Shape;

use crate::node::Node;
use crate::progress::{Standing, of_year};
use crate::schedule::ARROW;
use crate::view::Whole;

/// A year of a measure: planned above actual.
pub(super) struct YearCell {
    pub(super) label: String,
    pub(super) now: bool,
    pub(super) planned: Planned,
    pub(super) actual: Option<Actual>,
}

/// The upper half of a cell.
pub(super) enum Planned {
    /// Nothing is planned.
    Nothing,
    /// A mark begins here.
    Mark(String),
    /// The mark before goes on.
    Arrow(String),
}

/// The lower half of a cell.
pub(super) struct Actual {
    pub(super) class: &'static str,
    pub(super) mark: String,
    /// Whether the mark is the plan's own word, which stays Japanese.
    pub(super) japanese: bool,
    pub(super) word: String,
}

/// A column head.
pub(super) struct YearHead {
    pub(super) label: String,
    pub(super) now: bool,
}

/// The heads of the grid.
pub(super) fn heads(f: &Frame, whole: &Whole) -> Vec<YearHead> {
    let now = f.ctx.fiscal_year();
    let years = whole.plan.outline.grid.into_iter().flat_map(crate::plan::Period::years);
    years.map(|year| YearHead { label: f.ctx.short_year(year), now: year == now }).collect()
}

/// The cells of a measure.
pub(super) fn cells(f: &Frame, whole: &Whole, node: &Node) -> Vec<YearCell> {
    let now = f.ctx.fiscal_year();
    let grid = whole.plan.outline.grid;
    let years = grid.into_iter().flat_map(crate::plan::Period::years);
    years
        .map(|year| YearCell {
            label: f.ctx.short_year(year),
            now: year == now,
            planned: planned(node, year, grid.is_some_and(|grid| grid.first() == year)),
            actual: actual(f, whole, node, year, now),
        })
        .collect()
}

fn planned(node: &Node, year: FiscalYear, is_first: bool) -> Planned {
    match (node.schedule.cell(year), node.planned(year)) {
        // What goes on from the plan before has nothing before it on this grid.
        (Some(ARROW), Some(mark)) if !is_first => Planned::Arrow(mark.to_owned()),
        (Some(ARROW), Some(mark)) | (Some(mark), _) => Planned::Mark(mark.to_owned()),
        (None, _) => Planned::Nothing,
    }
}

fn actual(f: &Frame, whole: &Whole, node: &Node, year: FiscalYear, now: FiscalYear) -> Option<Actual> {
    let planned = node.planned(year);
    let report = whole.report(node, year).and_then(|report| report.mark.clone());
    match report {
        Some(mark) => {
            let standing = of_year(planned, Some(&mark), &whole.plan.outline).unwrap_or(Standing::OnSchedule);
            // What is over is not late any more: it fell short.
            let late = standing == Standing::Late;
            let word = if late && year < now { f.t("standing-short") } else { f.t(standing.message()) };
            Some(Actual {
                class: if late { Shape::Late.class() } else { Shape::Ok.class() },
                mark,
                japanese: true,
                word,
            })
        }
        None if planned.is_some() && year <= now => {
            let word = f.t(Standing::Unreported.message());
            Some(Actual { class: Shape::None.class(), mark: word, japanese: false, word: String::new() })
        }
        None => None,
    }
}
