//! A whole plan in and out of spreadsheets, without I/O: sheets become tables, a mapping says which column is what, rows
//! become the plan as it would be, and what is different is told before anything is done. The pages and the command line
//! ask the same functions.

mod changes;
mod document;
mod field;
mod mapping;
mod reading;
mod table;
mod words;
mod years;

use std::collections::{BTreeMap, BTreeSet};

use kyodo_kernel::profile::Department;
use kyodo_kernel::secret::hex;
use serde::Serialize;
use sha2::{Digest, Sha256};

pub(crate) use changes::line_differences;
pub use changes::{Changed, Changes, Difference, What, changes};
pub use document::{Export, json, tables};
pub use field::{Field, Part};
pub(crate) use mapping::of_table;
pub use mapping::{Kind, Mapping, Rest, SheetMapping, guess, is_documented};
pub use reading::{Question, Read, Said, read};
pub use table::{Column, Table, fingerprint, table};
pub(crate) use years::{written, year_of};

use crate::indicator::Indicator;
use crate::plan::Plan;

/// A plan with everything a spreadsheet may say of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Document {
    /// The plan. A 再掲 has nothing of its real node.
    pub plan: Plan,
    /// Its indicators.
    pub indicators: Vec<Indicator>,
    /// Figures by indicator and fiscal year.
    #[serde(serialize_with = "document::figures")]
    pub figures: BTreeMap<(String, i32), f64>,
    /// Published reports by node and fiscal year.
    #[serde(serialize_with = "document::reports")]
    pub reports: BTreeMap<(String, i32), Report>,
}

/// What was reported of a node for a year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How far it really was.
    pub mark: Option<String>,
    /// How it was graded.
    pub grade: Option<String>,
    /// What was done.
    pub text: String,
    /// What came next.
    pub next_step: String,
}

impl Report {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What the city knows, to compare a file with.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The plan as it stands.
    pub document: Document,
    /// The city's departments.
    pub departments: Vec<Department>,
    /// Lines that cannot go, because reports, opinions or texts hang on them.
    pub held: BTreeSet<String>,
    /// Keys of lines that the plan left behind; nothing else can have them.
    pub retired: BTreeSet<String>,
}

/// Something in a cell that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The sheet.
    pub sheet: String,
    /// The address of the cell, `B7`; of a row or nothing where it is about more.
    pub cell: String,
    /// The message that says it.
    pub message: &'static str,
    /// The variables of the message.
    pub variables: Vec<(&'static str, String)>,
}

/// No file has more faults that somebody could read.
const MOST_FAULTS: usize = 200;

/// Every message that is put together from a field, a kind, a question or a group of changes.
#[must_use]
pub fn messages() -> Vec<String> {
    const OTHERS: [&str; 14] = [
        "ignored",
        "level-title",
        "target",
        "role",
        "mark",
        "aim-of",
        "figure",
        "base-of",
        "levels",
        "grid",
        "all-targets",
        "parties",
        "marks",
        "grades",
    ];
    let fields = field::PLAIN.iter().map(|(name, _)| *name).chain(Part::ALL.map(Part::name)).chain(OTHERS);
    let fields = fields.map(|name| format!("import-field-{name}"));
    let kinds = Kind::ALL.iter().map(|kind| format!("import-kind-{}", kind.name()));
    let asked = ["mark", "department", "grade", "target"].map(|about| format!("import-asks-{about}"));
    let taken = ["department", "grade", "target"].map(|about| format!("import-answer-take-{about}"));
    let ranks = [1, 2, 3].map(|rank| format!("import-answer-rank-{rank}"));
    let groups = ["gone", "changed", "new", "outline", "indicators", "figures", "reports", "stays"];
    let groups = groups.map(|group| format!("import-group-{group}"));
    let rests = ["keep", "remove"].map(|rest| format!("import-rest-{rest}"));
    fields.chain(kinds).chain(asked).chain(taken).chain(ranks).chain(groups).chain(rests).collect()
}

/// What the trail keeps of a plan that came in.
#[must_use]
pub fn detail(all: &Changes, read: &Read, content: &[u8]) -> serde_json::Value {
    let count = |list: &[Changed], what: What| Changes::count(list, what);
    serde_json::json!({
        "file": hex(&Sha256::digest(content)),
        "new": count(&all.lines, What::New),
        "changed": count(&all.lines, What::Changed),
        "gone": count(&all.lines, What::Gone),
        "indicators": all.indicators.len(),
        "figures": count(&all.figures, What::New),
        "reports": count(&all.reports, What::New),
        "departments": read.departments.len(),
    })
}

/// Reads arbitrary bytes as a plan and tells what it would change. Run by `fuzz/` and, on stable, by the test suite.
pub fn fuzz(bytes: &[u8]) {
    use kyodo_kernel::workbook::{Limits, sheets};
    let Ok(sheets) = sheets(bytes, "fuzz", Limits::TEXTS) else { return };
    let known = Known::default();
    let mut mapping = guess(&sheets, &known);
    mapping.rest = Some(Rest::Remove);
    // Whatever is asked is answered: the file's own words are taken.
    for question in read(&sheets, &mapping, &known).questions {
        mapping.words.insert(question.word.clone(), question.choices.first().cloned().unwrap_or_default());
    }
    let read = read(&sheets, &mapping, &known);
    let _ = changes(&known.document, &read.document, &known.departments);
    let _ = tables(&read.document, &known.departments);
}
