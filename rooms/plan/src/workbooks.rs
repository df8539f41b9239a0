//! The round on paper that computes: a workbook for each department that does not sign in. What stands in it, what comes
//! back in it, and what would change. What is written into a row is compared with what the row said when it went out and
//! with what stands now, so that nobody overwrites what they have not seen.

mod applying;
mod collected;
mod fuzzing;
mod reading;
mod writing;

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, Utc};
use kyodo_db::{Db, Result};
use kyodo_kernel::profile::{Department, FiscalYearLook};
use kyodo_kernel::secret::hex;
use kyodo_kernel::{CityState, FiscalYear};
use sha2::{Digest, Sha256};

use crate::indicator::Indicator;
use crate::node::Node;
use crate::plan::{Outline, Plan};
use crate::progress::Progress;
use crate::round::{Content, Round, Stage, wants_mark};
use crate::store::observations::{Entry, What};
use crate::store::workbooks::{Line, lines};
use crate::store::{self, Report};

pub use crate::desk::Hands;
pub use applying::{Applied, Sender, apply};
pub use collected::{Collected, Fault, Figure, Overtaking, Place, Taken, Verdict};
pub use fuzzing::fuzz;
pub use reading::{Unpacked, read, unpack};
pub use writing::{archive, file_name, write};

/// Everything that the workbooks of a round are made of and compared with: a fixed number of sentences.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The city's name in addresses.
    pub city: String,
    /// The city's name.
    pub city_name: String,
    /// The year as the city writes it.
    pub year: String,
    /// How it writes years.
    pub years: FiscalYearLook,
    /// The number of the plan.
    pub plan_id: i64,
    /// The plan, without its lines.
    pub plan: Plan,
    /// The round.
    pub round: Round,
    /// The departments of the city.
    pub departments: Vec<Department>,
    /// What is reported, in the plan's order.
    pub items: Vec<Item>,
    /// What workbooks last said, by subject.
    lines: HashMap<String, Line>,
}

/// An item of the round.
#[derive(Clone, Debug)]
pub struct Item {
    /// The line of the plan.
    pub node: Node,
    /// The departments that report it.
    pub departments: Vec<String>,
    /// What is written, and where it stands.
    pub report: Report,
    /// What was said of the last year before.
    pub before: Option<Progress>,
    /// The indicators that hang on it and are entered by hand.
    pub figures: Vec<Entered>,
}

/// An indicator that is entered by hand.
#[derive(Clone, Debug)]
pub struct Entered {
    /// The indicator.
    pub indicator: Indicator,
    /// Everything that was entered for it, by year, the oldest of a year first.
    pub entries: Vec<Entry>,
}

impl Ground {
    /// What the workbooks of a year are made of; none where the city has no plan or the year no round.
    pub async fn gather(db: &Db, state: &CityState, of: FiscalYear) -> Result<Option<Self>> {
        let Some((plan_id, plan)) = store::plan(db).await? else { return Ok(None) };
        let Some(round) = store::round(db, plan_id, of).await? else { return Ok(None) };
        let nodes = store::all_nodes(db, plan_id).await?;
        let mut reports = store::reports(db, round.id, &plan.outline.route).await?;
        let mut before: HashMap<i64, Progress> = HashMap::new();
        // Oldest first: the last one that is put in stays.
        for one in store::progress(db, plan_id).await?.into_iter().filter(|one| one.year < of) {
            before.insert(one.node, one);
        }
        let entries = store::entries(db, plan_id).await?;
        let mut figures: HashMap<String, Vec<Entered>> = HashMap::new();
        for indicator in store::indicators(db, plan_id).await? {
            if let (Some(node), None) = (&indicator.node, &indicator.definition.counted) {
                let entries = entries.all(What::Figure, Some(indicator.id)).to_vec();
                figures.entry(node.clone()).or_default().push(Entered { indicator, entries });
            }
        }
        let items = nodes.into_iter().filter(|node| !node.is_alias()).filter_map(|node| {
            let report = reports.remove(&node.id)?;
            let departments = round.departments(&node, &state.departments);
            Some(Item {
                departments: departments.into_iter().map(str::to_owned).collect(),
                report,
                before: before.remove(&node.id),
                figures: figures.remove(&node.key).unwrap_or_default(),
                node,
            })
        });
        Ok(Some(Self {
            city: state.profile.slug.clone(),
            city_name: state.profile.name.clone(),
            year: state.profile.fiscal_year.long(of),
            years: state.profile.fiscal_year.clone(),
            items: items.collect(),
            lines: lines(db, round.id).await?,
            departments: state.departments.clone(),
            plan_id,
            plan,
            round,
        }))
    }

    /// The departments that report something, in the city's order.
    pub fn reporting(&self) -> impl Iterator<Item = &Department> {
        self.departments.iter().filter(|one| self.of(&one.key).next().is_some())
    }

    /// The items that a department reports.
    pub fn of<'g>(&'g self, department: &'g str) -> impl Iterator<Item = &'g Item> {
        self.items.iter().filter(move |item| item.departments.iter().any(|key| key == department))
    }

    /// The name of a department.
    #[must_use]
    pub fn name<'g>(&'g self, department: &'g str) -> &'g str {
        self.departments.iter().find(|one| one.key == department).map_or(department, |one| one.name.as_str())
    }

    /// What may be chosen as a mark: the plan's marks, and the combinations that its grid prints.
    #[must_use]
    pub fn marks(&self) -> Vec<String> {
        let mut marks: Vec<String> = self.plan.outline.marks.iter().map(|mark| mark.name.clone()).collect();
        for (_, mark) in self.items.iter().flat_map(|item| item.node.schedule.resolved()) {
            if !marks.iter().any(|known| known == mark) && crate::round::is_mark(mark, &self.plan.outline) {
                marks.push(mark.to_owned());
            }
        }
        marks
    }
}

impl Item {
    /// As the trail names its report.
    #[must_use]
    pub fn subject(&self, round: &Round) -> String {
        format!("report:{}/{}", i32::from(round.year), self.node.key)
    }

    /// Code and title in one.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.node.code, self.node.title).trim().to_owned()
    }

    /// Whether a department can still write it.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.report.stage.is_with_department() || matches!(self.report.stage, Stage::Waiting(_))
    }
}

impl Entered {
    /// As the trail names it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("indicator:{}", self.indicator.key)
    }

    /// The last record of a year, also one that takes back.
    #[must_use]
    pub fn last(&self, of: FiscalYear) -> Option<&Entry> {
        self.entries.iter().rfind(|entry| entry.year == of)
    }

    /// What stands for a year.
    #[must_use]
    pub fn standing(&self, of: FiscalYear) -> Option<(f64, &str)> {
        self.last(of).and_then(|entry| Some((entry.value?, entry.source.as_str())))
    }

    /// The figure of the last year before one that has any.
    fn before(&self, of: FiscalYear) -> Option<(FiscalYear, f64)> {
        let years = self.entries.chunk_by(|one, next| one.year == next.year).filter_map(<[Entry]>::last);
        years.filter(|entry| entry.year < of).filter_map(|entry| Some((entry.year, entry.value?))).next_back()
    }
}

// --- the shape of a workbook --------------------------------------------------------------------------------

/// The shape of these workbooks; another number is not read.
const FORMAT: &str = "kyodo-workbook-2";
/// The sheet that nobody sees, with what a file must know of itself.
const HIDDEN: &str = "_kyodo";
/// The row of the heads as spreadsheets count.
const HEADS: u32 = 5;

/// A column of a sheet. Its head is the message `workbook-head-…`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Column {
    id: &'static str,
    /// In letters of the alphabet; Japanese ones take two.
    width: f64,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Printed; nobody changes it.
    Printed,
    /// To be filled in.
    Entry,
    /// For the way back; nobody sees it.
    Hidden,
}

const fn printed(id: &'static str, width: f64) -> Column {
    Column { id, width, kind: Kind::Printed }
}
const fn entry(id: &'static str, width: f64) -> Column {
    Column { id, width, kind: Kind::Entry }
}
const fn hidden(id: &'static str) -> Column {
    Column { id, width: 8.0, kind: Kind::Hidden }
}

/// The columns of the reports. A plan without marks or grades does without theirs.
fn report_columns(outline: &Outline) -> Vec<Column> {
    let all = [
        printed("code", 9.0),
        printed("title", 24.0),
        printed("planned", 9.0),
        printed("stage", 10.0),
        printed("before", 30.0),
        entry("mark", 11.0),
        entry("grade", 9.0),
        entry("text", 38.0),
        entry("next", 26.0),
        hidden("key"),
        hidden("seen"),
        hidden("seal"),
    ];
    let wanted = |column: &Column| match column.id {
        "planned" | "mark" => !outline.marks.is_empty(),
        "grade" => !outline.grades.is_empty(),
        _ => true,
    };
    all.into_iter().filter(wanted).collect()
}

/// The columns of the figures.
fn figure_columns() -> Vec<Column> {
    vec![
        printed("code", 9.0),
        printed("title", 24.0),
        printed("indicator", 30.0),
        printed("last", 24.0),
        printed("target", 20.0),
        entry("value", 14.0),
        printed("unit", 10.0),
        entry("source", 34.0),
        hidden("key"),
        hidden("seen"),
        hidden("seal"),
    ]
}

/// Every message that is put together from a column or a stage.
#[must_use]
pub fn messages() -> Vec<String> {
    let whole = Outline {
        marks: vec![crate::schedule::Mark { name: String::new(), rank: 1, ends: false }],
        grades: vec![crate::plan::Grade { name: String::new(), text: String::new() }],
        ..Outline::default()
    };
    let mut messages: Vec<String> =
        report_columns(&whole).iter().chain(&figure_columns()).map(|column| head(column.id)).collect();
    messages.sort();
    messages.dedup();
    messages
}

/// The message of a column's head.
fn head(id: &str) -> String {
    format!("workbook-head-{id}")
}

/// The moment at which a copy was written names it.
fn copy_of(now: DateTime<Utc>) -> String {
    now.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// What a row said when it went out, in a few letters; nobody may exchange key, code or title of it.
fn seal(of: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in of {
        let bare: String = part.chars().filter(|c| !c.is_whitespace()).collect();
        hash.update(bare.len().to_le_bytes());
        hash.update(bare);
    }
    hex(&hash.finalize()[..8])
}

/// The fingerprint of a content as a spreadsheet gives it back.
fn print(content: &Content) -> String {
    bare(content).fingerprint()
}

/// Whether what stands was only written down from a workbook: no act of the round tells of it.
pub(crate) fn is_written(line: Option<&Line>, stands: &Content) -> bool {
    line.is_some_and(|line| !line.submitted && line.content == print(stands))
}

/// A content without what spreadsheets do not keep.
fn bare(content: &Content) -> Content {
    let text = |text: &str| reading::tidied(text);
    Content {
        mark: content.mark.as_deref().map(text).filter(|mark| !mark.is_empty()),
        grade: content.grade.as_deref().map(text).filter(|grade| !grade.is_empty()),
        text: text(&content.text),
        next: text(&content.next),
    }
}

/// The fingerprint of a figure with its source.
fn print_figure(standing: Option<(f64, &str)>) -> String {
    match standing {
        Some((value, source)) => seal(&[&value.to_string(), source]),
        None => String::new(),
    }
}

/// Whether a row has a cell for the mark that is to be filled in.
fn has_mark(item: &Item, outline: &Outline) -> bool {
    wants_mark(&item.node, outline) || item.report.content.mark.is_some()
}
