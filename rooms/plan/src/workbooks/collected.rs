//! What filled-in workbooks say, and what each row would change. Nouns and rules; no I/O.

use kyodo_kernel::secret::hex;
use sha2::{Digest, Sha256};

use super::{Entered, Item};
use crate::round::{Content, ContentFault, Stage};

/// Something that keeps files from being taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The sheet; empty where it is about the whole file.
    pub sheet: String,
    /// The address of the cell, `B7`; empty where it is about more.
    pub cell: String,
    /// The message that says it.
    pub message: &'static str,
    /// The variables of the message.
    pub variables: Vec<(&'static str, String)>,
}

/// What a row would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: it says what stands, or it was not touched.
    Same,
    /// It says something new upon what its writer saw.
    Changed,
    /// It says something new, and so did somebody else after it went out.
    Overtaken,
}

/// Where something was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The address of a cell.
    pub cell: String,
}

/// The report of a row.
#[derive(Clone, Debug)]
pub struct Taken<'g> {
    /// The item.
    pub item: &'g Item,
    /// What it says from then on.
    pub content: Content,
    /// What it would do.
    pub verdict: Verdict,
    /// What is still missing before it can be handed in.
    pub lacks: Vec<ContentFault>,
    /// Whether what stands was only written down from a workbook.
    pub is_written: bool,
    /// Where it was read.
    pub place: Place,
    /// The department whose workbook it was.
    pub department: String,
    /// The copy of the workbook.
    pub copy: String,
}

/// The figure of a row.
#[derive(Clone, Debug)]
pub struct Figure<'g> {
    /// The item on which it hangs.
    pub item: &'g Item,
    /// The indicator.
    pub entered: &'g Entered,
    /// The value.
    pub value: f64,
    /// Where it comes from, in words.
    pub source: String,
    /// What it would do.
    pub verdict: Verdict,
    /// Where it was read.
    pub place: Place,
    /// The department whose workbook it was.
    pub department: String,
    /// The copy of the workbook.
    pub copy: String,
}

/// What files say.
#[derive(Clone, Debug, Default)]
pub struct Collected<'g> {
    /// What is wrong with them; nothing is taken in as long as anything is.
    pub faults: Vec<Fault>,
    /// The reports in them.
    pub reports: Vec<Taken<'g>>,
    /// The figures in them.
    pub figures: Vec<Figure<'g>>,
    /// Items of their departments that stand in none of them.
    pub missing: Vec<&'g Item>,
    /// The departments whose workbooks they are.
    pub departments: Vec<String>,
}

/// Something that somebody else wrote after the file went out.
#[derive(Clone, Copy, Debug)]
pub enum Overtaking<'c, 'g> {
    /// A report.
    Report(&'c Taken<'g>),
    /// A figure.
    Figure(&'c Figure<'g>),
}

impl Overtaking<'_, '_> {
    /// The name of the field in which somebody decides.
    #[must_use]
    pub fn field(&self) -> String {
        match self {
            Self::Report(taken) => taken.field(),
            Self::Figure(figure) => figure.field(),
        }
    }

    /// Whether what stands was only written down from a workbook, by nobody in particular.
    #[must_use]
    pub fn is_written(&self) -> bool {
        matches!(self, Self::Report(taken) if taken.is_written)
    }
}

impl<'g> Collected<'g> {
    /// Whether nothing would change, whatever somebody chooses.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.reports.iter().all(|one| one.verdict == Verdict::Same && !one.can_go())
            && self.figures.iter().all(|one| one.verdict == Verdict::Same)
    }

    /// What somebody has to decide.
    pub fn overtaken(&self) -> impl Iterator<Item = Overtaking<'_, 'g>> {
        let reports = self.reports.iter().filter(|one| one.verdict == Verdict::Overtaken).map(Overtaking::Report);
        reports.chain(self.figures.iter().filter(|one| one.verdict == Verdict::Overtaken).map(Overtaking::Figure))
    }

    /// Names what is shown, so that what is confirmed is what was seen.
    #[must_use]
    pub fn version(&self) -> String {
        let mut seen = Sha256::new();
        for one in &self.reports {
            let report = &one.item.report;
            seen.update(format!("{}{}{:?}{:?}{:?}", report.id, report.version, report.stage, one.verdict, one.content));
        }
        for one in &self.figures {
            let last = one.entered.entries.last().map(|entry| entry.number);
            seen.update(format!("{}{last:?}{:?}{}{}", one.entered.indicator.key, one.verdict, one.value, one.source));
        }
        seen.update(format!("{:?}{:?}", self.faults, self.departments));
        hex(&seen.finalize()[..16])
    }
}

impl Taken<'_> {
    /// Whether it can be handed in: everything is there, it is the department's turn, and it is new, or came from a
    /// workbook before and was only written down.
    #[must_use]
    pub fn can_go(&self) -> bool {
        self.lacks.is_empty()
            && self.item.report.stage.is_with_department()
            && (self.verdict != Verdict::Same || self.is_written)
    }

    /// Whether it is handed in already, so that it goes again when it changes.
    #[must_use]
    pub fn goes_again(&self) -> bool {
        self.verdict != Verdict::Same && matches!(self.item.report.stage, Stage::Waiting(_))
    }

    /// The name of the field in which somebody decides.
    #[must_use]
    pub fn field(&self) -> String {
        format!("take-{}", self.item.node.key)
    }
}

impl Figure<'_> {
    /// The name of the field in which somebody decides.
    #[must_use]
    pub fn field(&self) -> String {
        format!("figure-{}", self.entered.indicator.key)
    }
}
