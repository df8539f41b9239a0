//! Rows become the plan as it would be: everything the file does not speak of stays as it is, every cell that cannot be used is
//! named, and every word that nobody knows is asked about.

mod figures;
mod lines;
mod node;
mod said;

use std::collections::BTreeMap;

use kyodo_jptext::search_key;
use kyodo_kernel::personal::holds_my_number;
use kyodo_kernel::profile::Department;
use kyodo_kernel::secret::hex;
use kyodo_kernel::workbook::Sheet;
use sha2::{Digest, Sha256};

use super::field::{self, Field};
use super::mapping::{Kind, Mapping, Rest, SheetMapping};
use super::table::{Line, Table};
use super::{Document, Fault, Known, MOST_FAULTS};
use crate::plan::Outline;

pub use said::Said;
use said::{Piece, Sayings};

/// What a file says under a mapping.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// The plan as it would be. Means nothing while there are faults or questions.
    pub document: Document,
    /// Departments that the city does not have yet.
    pub departments: Vec<Department>,
    /// Cells that cannot be used.
    pub faults: Vec<Fault>,
    /// Words that nobody knows.
    pub questions: Vec<Question>,
}

/// A word that the plan does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What the mapping keeps the answer under: `mark:○`.
    pub word: String,
    /// What it is about: `mark`, `department`, `grade`, `target`.
    pub about: &'static str,
    /// The word itself; `→` is an arrow with nothing before it, `■` a painted cell.
    pub said: String,
    /// Where it stands first: sheet and cell.
    pub at: (String, String),
    /// In how many cells it stands.
    pub times: usize,
    /// What can be answered.
    pub choices: Vec<String>,
}

/// The answer that takes a word as it is; of a stage, its rank follows.
pub(super) const TAKE: &str = "+";
/// The answer that leaves a word out.
pub(super) const LEAVE: &str = "-";
/// What stands for a painted cell among the words.
pub(super) const PAINT: &str = "■";

/// Reads the sheets of a file.
#[must_use]
pub fn read(sheets: &[Sheet], mapping: &Mapping, known: &Known) -> Read {
    let mut reading = Reading {
        known,
        mapping,
        outline: known.document.plan.outline.clone(),
        read: Read::default(),
        asked: BTreeMap::new(),
    };
    let tables = mapping.tables(sheets);
    reading.widen(&tables);
    let mut sayings = Sayings::default();
    for (table, sheet) in tables.iter().zip(&mapping.sheets) {
        for line in &table.lines {
            reading.gather(table, sheet, line, &mut sayings);
        }
    }
    reading.document(sayings);
    reading.read.faults.truncate(MOST_FAULTS);
    reading.read.questions = reading.asked.into_values().collect();
    reading.read
}

/// A file under way.
struct Reading<'a> {
    known: &'a Known,
    mapping: &'a Mapping,
    /// The outline as it would be.
    outline: Outline,
    read: Read,
    asked: BTreeMap<String, Question>,
}

impl Reading<'_> {
    /// Parties, targets, levels and years that columns bring.
    fn widen(&mut self, tables: &[Table]) {
        let (mut years, mut deepest): (Vec<i32>, Vec<String>) = (Vec::new(), Vec::new());
        for (table, sheet) in tables.iter().zip(&self.mapping.sheets) {
            let mut levels: BTreeMap<u8, String> = BTreeMap::new();
            for (at, field) in &sheet.columns {
                match field {
                    Field::Target(name) if !self.outline.targets.contains(name) => {
                        self.outline.targets.push(name.clone());
                    }
                    Field::Role(name) if !self.outline.parties.contains(name) => {
                        self.outline.parties.push(name.clone());
                    }
                    Field::Mark(year) if sheet.kind == Kind::Plan => years.push(*year),
                    Field::Level(level) if sheet.kind == Kind::Plan => {
                        let head = table.columns.iter().find(|column| column.at == *at);
                        let head = head.and_then(|column| column.heads.last().cloned()).unwrap_or_default();
                        levels.insert(*level, said::single(&head));
                    }
                    _ => {}
                }
            }
            if levels.len() > deepest.len() {
                deepest = levels.into_values().collect();
            }
        }
        // The names of levels stay where their number is the same; they are the plan's own.
        let removes = self.mapping.rest == Some(Rest::Remove);
        if deepest.len() > self.outline.levels.len()
            || (removes && !deepest.is_empty() && deepest.len() < self.outline.levels.len())
        {
            self.outline.levels = deepest;
        }
        let own = self.outline.grid.filter(|_| !removes || years.is_empty());
        let all = years.iter().copied().chain(own.into_iter().flat_map(|grid| [grid.from, grid.to]));
        if let (Some(from), Some(to)) = (all.clone().min(), all.max()) {
            if to - from > 30 {
                self.fault_of(tables, "import-years-apart", vec![("from", from.to_string()), ("to", to.to_string())]);
            } else {
                self.outline.grid = Some(crate::plan::Period { from, to });
            }
        }
    }

    fn fault_of(&mut self, tables: &[Table], message: &'static str, variables: Vec<(&'static str, String)>) {
        let sheet = tables.first().map(|table| table.name.clone()).unwrap_or_default();
        self.read.faults.push(Fault { sheet, cell: String::new(), message, variables });
    }

    /// Tells what is wrong with a cell.
    fn fault(&mut self, piece: &Piece, message: &'static str, variables: Vec<(&'static str, String)>) {
        // One too many, so that the end can say that there are more.
        if self.read.faults.len() <= MOST_FAULTS {
            let (sheet, cell) = (piece.sheet.clone(), piece.cell.clone());
            self.read.faults.push(Fault { sheet, cell, message, variables });
        }
    }

    /// The columns of a row, each where it belongs.
    fn gather(&mut self, table: &Table, sheet: &SheetMapping, line: &Line, sayings: &mut Sayings) {
        let kind_column = sheet.columns.iter().find(|(_, field)| matches!(field, Field::Plain(field::KIND)));
        let kind = match kind_column {
            Some((at, _)) => match Kind::worded(line.text(*at)) {
                Some(kind) => kind,
                None if sheet.columns.keys().all(|at| line.text(*at).is_empty()) => return,
                None => {
                    let piece = Piece::of(table, line, *at);
                    self.fault(&piece, "import-kind-unknown", vec![("said", piece.text.clone())]);
                    return;
                }
            },
            None => sheet.kind,
        };
        if kind == Kind::Ignored || sheet.columns.keys().all(|at| line.cell(*at).is_none()) {
            return;
        }
        for at in sheet.columns.keys() {
            let piece = Piece::of(table, line, *at);
            if holds_my_number(&piece.text) {
                self.fault(&piece, "import-my-number", Vec::new());
            } else if matches!(
                piece.text.as_str(),
                "#N/A" | "#REF!" | "#VALUE!" | "#NAME?" | "#DIV/0!" | "#NUM!" | "#NULL!"
            ) {
                self.fault(&piece, "import-cell-error", vec![("said", piece.text.clone())]);
            }
        }
        match kind {
            Kind::Plan => lines::gather(self, table, sheet, line, sayings),
            Kind::Indicators => figures::gather_indicator(self, table, sheet, line, sayings),
            Kind::Reports => figures::gather_report(self, table, sheet, line, sayings),
            Kind::Ignored => {}
        }
    }

    fn document(&mut self, mut sayings: Sayings) {
        let nodes = lines::nodes(self, &mut sayings);
        let before = &self.known.document;
        self.read.document.plan = crate::plan::Plan { nodes, outline: Outline::default(), ..before.plan.clone() };
        figures::indicators(self, &sayings);
        figures::reports(self, &sayings);
        self.read.document.plan.outline = self.outline.clone();
        self.held(&sayings.first_sheet);
        if self.read.document.plan.nodes.is_empty() && self.read.faults.is_empty() && self.asked.is_empty() {
            let sheet = sayings.first_sheet.clone();
            self.read.faults.push(Fault {
                sheet,
                cell: String::new(),
                message: "import-nothing",
                variables: Vec::new(),
            });
        }
    }

    /// Lines and indicators that would go and cannot, because something hangs on them.
    fn held(&mut self, sheet: &str) {
        let before = &self.known.document;
        let after = &self.read.document;
        let mut faults = Vec::new();
        for node in before.plan.nodes.iter().filter(|node| self.known.held.contains(&node.key)) {
            if !after.plan.nodes.iter().any(|own| own.key == node.key) {
                faults.push(("import-held", format!("{} {}", node.code, node.title), node.key.clone()));
            }
        }
        for one in before.indicators.iter().filter(|one| before.figures.keys().any(|(key, _)| *key == one.key)) {
            if !after.indicators.iter().any(|own| own.key == one.key) {
                faults.push(("import-indicator-held", one.name.clone(), one.key.clone()));
            }
        }
        let told = faults.into_iter().map(|(message, title, key)| Fault {
            sheet: sheet.to_owned(),
            cell: String::new(),
            message,
            variables: vec![("title", title.trim().to_owned()), ("key", key)],
        });
        self.read.faults.extend(told);
    }

    /// The answer to a question that was given before, or asks it now.
    fn ask(
        &mut self,
        about: &'static str,
        said: &str,
        piece: &Piece,
        choices: impl FnOnce() -> Vec<String>,
    ) -> Option<String> {
        let word = format!("{about}:{said}");
        if let Some(answer) = self.mapping.words.get(&word).filter(|answer| !answer.is_empty()) {
            return Some(answer.clone());
        }
        let at = (piece.sheet.clone(), piece.cell.clone());
        let question = self.asked.entry(word.clone());
        question
            .or_insert_with(|| Question { word, about, said: said.to_owned(), at, times: 0, choices: choices() })
            .times += 1;
        None
    }

    /// The keys of the departments of a text, in its order.
    fn departments(&mut self, piece: &Piece) -> Vec<String> {
        let mut keys = Vec::new();
        for name in self.names(&piece.text) {
            let key = self.department(&name, piece);
            keys.extend(key.filter(|key| !keys.contains(key)));
        }
        keys
    }

    /// The names of a text: whole if a department is called so, else parted by line ends and commas, then by middle dots.
    fn names(&self, text: &str) -> Vec<String> {
        let mut names = Vec::new();
        let whole = said::single(text);
        if self.key_of(&whole).is_some() {
            return vec![whole];
        }
        for part in said::parts(text, &['\n', '、', '，', ',', '／', '/', '；', ';']) {
            if self.key_of(&part).is_some() {
                names.push(part);
            } else {
                names.extend(said::parts(&part, &['・', '･']));
            }
        }
        names
    }

    fn key_of(&self, name: &str) -> Option<String> {
        let known = self.known.departments.iter().chain(&self.read.departments);
        known.into_iter().find(|one| one.is_named(name) && !search_key(name).is_empty()).map(|one| one.key.clone())
    }

    fn department(&mut self, name: &str, piece: &Piece) -> Option<String> {
        if let Some(key) = self.key_of(name) {
            return Some(key);
        }
        if name.chars().count() > 60 {
            self.fault(piece, "import-department-long", vec![("said", name.to_owned())]);
            return None;
        }
        let known = self.known;
        let choices = || {
            let own = known.departments.iter().map(|one| one.key.clone());
            [TAKE.to_owned(), LEAVE.to_owned()].into_iter().chain(own).collect()
        };
        match self.ask("department", name, piece, choices)?.as_str() {
            LEAVE => None,
            TAKE => {
                // The same name makes the same key, so that looking twice shows the same.
                let key = format!("ka-{}", &hex(&Sha256::digest(search_key(name)))[..12]);
                let new = Department { key: key.clone(), name: name.to_owned(), own: true, ..Department::default() };
                self.read.departments.push(new);
                Some(key)
            }
            key if known.departments.iter().any(|one| one.key == key) => Some(key.to_owned()),
            _ => {
                self.fault(piece, "import-answer-gone", vec![("said", name.to_owned())]);
                None
            }
        }
    }

    /// A stage in the plan's own words; none when it is left out or not known yet.
    fn mark(&mut self, said: &str, piece: &Piece) -> Option<String> {
        let exactly = |said: &str, outline: &Outline| {
            let key = search_key(said);
            outline
                .marks
                .iter()
                .find(|mark| mark.name == said || (!key.is_empty() && search_key(&mark.name) == key))
                .map(|mark| mark.name.clone())
        };
        if let Some(mark) = exactly(said, &self.outline) {
            return Some(mark);
        }
        let parts: Vec<String> = said::parts(said, &['・', '･', '、', '，', '／', '/', '\n']);
        let known: Vec<Option<String>> = parts.iter().map(|part| exactly(part, &self.outline)).collect();
        if known.len() > 1 && known.iter().all(Option::is_some) {
            return Some(known.into_iter().flatten().collect::<Vec<_>>().join("・"));
        }
        if said.chars().count() > 20 || said.contains('・') && said.chars().count() > 12 {
            self.fault(piece, "import-mark-long", vec![("said", said::short(said))]);
            return None;
        }
        let marks: Vec<String> = self.outline.marks.iter().map(|mark| mark.name.clone()).collect();
        let choices = || {
            let ranks = [3, 2, 1].map(|rank| format!("{TAKE}{rank}"));
            let own = marks.clone().into_iter().chain(ranks);
            if said == PAINT || said == crate::schedule::ARROW {
                marks
                    .clone()
                    .into_iter()
                    .chain([DONE.to_owned(), LEAVE.to_owned()])
                    .collect::<std::collections::BTreeSet<_>>()
                    .into_iter()
                    .collect()
            } else {
                own.chain([LEAVE.to_owned()]).collect()
            }
        };
        let answer = self.ask("mark", said, piece, choices)?;
        match answer.strip_prefix(TAKE).and_then(|rank| rank.parse::<u8>().ok()).filter(|rank| (1..=3).contains(rank)) {
            Some(rank) => {
                let name = said::single(said).replace(['・', '→'], "");
                self.outline.marks.push(crate::schedule::Mark { name: name.clone(), rank, ends: false });
                Some(name)
            }
            None if answer == LEAVE => None,
            None if self.outline.marks.iter().any(|mark| mark.name == answer) => Some(answer),
            None if answer == DONE => {
                self.outline.marks.push(crate::schedule::Mark { name: DONE.to_owned(), rank: 3, ends: false });
                Some(answer)
            }
            None => {
                self.fault(piece, "import-answer-gone", vec![("said", said.to_owned())]);
                None
            }
        }
    }

    /// A grade in the plan's own words.
    fn grade(&mut self, piece: &Piece) -> Option<String> {
        let said = said::single(&piece.text);
        let known =
            self.outline.grades.iter().find(|grade| grade.name == said || search_key(&grade.name) == search_key(&said));
        if let Some(grade) = known {
            return Some(grade.name.clone());
        }
        let grades: Vec<String> = self.outline.grades.iter().map(|grade| grade.name.clone()).collect();
        let choices = || grades.clone().into_iter().chain([TAKE.to_owned(), LEAVE.to_owned()]).collect();
        if said.chars().count() > 20 {
            self.fault(piece, "import-grade-long", vec![("said", said::short(&said))]);
            return None;
        }
        match self.ask("grade", &said, piece, choices)?.as_str() {
            LEAVE => None,
            TAKE => {
                self.outline.grades.push(crate::plan::Grade { name: said.clone(), text: String::new() });
                Some(said)
            }
            own if grades.iter().any(|grade| grade == own) => Some(own.to_owned()),
            _ => {
                self.fault(piece, "import-answer-gone", vec![("said", said)]);
                None
            }
        }
    }

    /// A target in the plan's own words; その他 may carry its text in brackets.
    fn target(&mut self, said: &str, piece: &Piece) -> Option<String> {
        if self.outline.targets.iter().any(|target| target == said) {
            return Some(said.to_owned());
        }
        let own = self.outline.targets.clone();
        let choices = || own.clone().into_iter().chain([TAKE.to_owned(), LEAVE.to_owned()]).collect();
        match self.ask("target", said, piece, choices)?.as_str() {
            LEAVE => None,
            TAKE => {
                self.outline.targets.push(said.to_owned());
                Some(said.to_owned())
            }
            other if own.iter().any(|target| target == other) => Some(other.to_owned()),
            _ => {
                self.fault(piece, "import-answer-gone", vec![("said", said.to_owned())]);
                None
            }
        }
    }
}

/// The stage that painted cells and arrows without a beginning stand for where the plan has none of its own.
pub(super) const DONE: &str = "実施";
