//! The public pages of the plan.

pub(crate) mod document;
pub(crate) mod earlier;
mod filter;
mod front;
pub(crate) mod indicator;
mod indicators;
mod matrix;
pub(crate) mod measure;
pub(crate) mod opinion;
mod overview;
pub(crate) mod partner;
pub(crate) mod report;
mod schedule;
pub(crate) mod versions;
pub(crate) mod voice;
mod years;

pub use document::document;
pub use earlier::{earlier_line, earlier_plan};
pub use front::front;
pub use indicator::indicator;
pub use indicators::indicators;
pub use matrix::matrix;
pub use measure::measure;
pub use overview::overview;
pub use report::{adopt_unseen, report, reports};
pub use schedule::schedule;
pub use versions::{version, versions};

use kyodo_kernel::FiscalYear;
use kyodo_web::{Frame, Html};

use crate::node::Node;
use crate::plan::Outline;

/// The plan's own navigation.
struct LocalLink {
    href: String,
    label: String,
    current: bool,
}

/// The ways to look at the plan: those that have something to show.
fn local(f: &Frame, outline: &Outline, has_indicators: bool, reported: Option<FiscalYear>) -> Vec<LocalLink> {
    let way = |href: &str, label, shown| (href.to_owned(), label, shown);
    let ways = [
        way("/plan", "local-overview", true),
        way("/plan/schedule", "local-schedule", outline.grid.is_some()),
        way("/plan/matrix", "local-matrix", has_matrix(outline)),
        way("/plan/indicators", "local-indicators", has_indicators),
        (reported.map(report::address).unwrap_or_default(), "local-reports", reported.is_some()),
    ];
    let here = f.ctx.uri.path();
    // The reports lie beside each other, a year each.
    let is_here = |href: &str, label| here == href || (label == "local-reports" && here.starts_with("/plan/reports/"));
    let links: Vec<LocalLink> = ways
        .into_iter()
        .filter(|(href, label, shown)| *shown || is_here(href, *label))
        .map(|(href, label, _)| LocalLink { current: is_here(&href, label), label: f.t(label), href })
        .collect();
    // A single way needs no navigation.
    if links.len() > 1 { links } else { Vec::new() }
}

fn has_matrix(outline: &Outline) -> bool {
    !outline.parties.is_empty() || !outline.targets.is_empty()
}

/// A measure as a line that opens its page.
struct MeasureRow {
    code: String,
    href: String,
    title: Html,
    tag: Option<&'static str>,
    again: bool,
    status: Option<kyodo_web::components::Status>,
    note: Html,
}

/// A text as paragraphs, one for each of its lines.
fn paragraphs(f: &Frame, text: &str) -> Vec<Html> {
    text.lines().filter(|line| !line.is_empty()).map(|line| f.prose(line)).collect()
}

/// A code and a title, as a heading shows them.
fn heading(f: &Frame, outline: &Outline, node: &Node) -> (String, Html) {
    let code = code(outline, node);
    (code, f.phrases(&node.title))
}

/// Code and title of a line, in one line.
pub(crate) fn titled(outline: &Outline, node: &Node) -> String {
    [code(outline, node), node.title.clone()].join(" ").trim().to_owned()
}

/// The code as printed, with the level's name before a bare number: 目標1, 推進方針Ⅰ, but 事業4 and 第1柱.
pub(crate) fn code(outline: &Outline, node: &Node) -> String {
    let level = outline.level_name(node.level);
    if node.code.is_empty() || node.code.contains(level) || node.level == outline.levels.len() && node.code.len() > 2 {
        node.code.clone()
    } else {
        format!("{level}{}", node.code)
    }
}
