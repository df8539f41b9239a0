//! A filled-in workbook read back: whose it is, what is wrong with it, and what each row would change.

use std::collections::HashMap;

use chrono::NaiveDate;
use kyodo_jptext::half_width;
use kyodo_kernel::FiscalYear;
use kyodo_kernel::words::Words;
use kyodo_kernel::workbook::{Limits, Row, Sheet, SheetFault, address, sheets};

use super::collected::{Collected, Fault, Figure, Place, Taken, Verdict};
use super::{
    Column, FORMAT, Ground, HEADS, HIDDEN, Item, bare, figure_columns, has_mark, head, is_written, print, print_figure,
    report_columns, seal,
};
use crate::entry::{MOST_SOURCE, ValueFault, read_value};
use crate::plan::Outline;
use crate::round::{Content, ContentFault, MOST_NEXT, MOST_TEXT, Stage};
use crate::store::workbooks::{Brought, Line};

/// No file has more faults that somebody could read.
const MOST_FAULTS: usize = 200;
/// What a spreadsheet shows where it cannot compute.
const ERRORS: [&str; 7] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];

/// A file with its sheets, or why it has none.
pub struct Unpacked {
    /// The name of the file.
    pub name: String,
    sheets: Result<Vec<Sheet>, SheetFault>,
}

/// Takes the sheets out of files, which is most of the work of reading them: away from the threads that answer requests.
#[must_use]
pub fn unpack(files: &[Brought]) -> Vec<Unpacked> {
    let unpacked =
        |file: &Brought| Unpacked { name: file.name.clone(), sheets: sheets(&file.content, &file.name, Limits::TEXTS) };
    files.iter().map(unpacked).collect()
}

/// Reads files: every fault is told at once. `may` says whose workbooks may be taken in.
pub fn read<'g>(
    files: &[Unpacked],
    ground: &'g Ground,
    words: &Words,
    today: NaiveDate,
    may: impl Fn(&str) -> bool,
) -> Collected<'g> {
    let mut all = Collected::default();
    for file in files {
        let mut reader =
            Reader { ground, words, file: &file.name, own: Own::default(), columns: Vec::new(), sheet: String::new() };
        let mut one = Collected::default();
        match &file.sheets {
            Ok(sheets) => reader.file(sheets, today, &may, &mut one),
            Err(fault) => {
                let variables = fault.variables();
                one.faults.push(Fault {
                    file: file.name.clone(),
                    sheet: String::new(),
                    cell: String::new(),
                    message: fault.message(),
                    variables,
                });
            }
        }
        all.faults.append(&mut one.faults);
        merge_reports(&mut all, one.reports);
        merge_figures(&mut all, one.figures);
        all.departments.extend(one.departments);
    }
    let read: Vec<&str> = all.reports.iter().map(|one| one.item.node.key.as_str()).collect();
    let of_one = |item: &&Item| item.departments.iter().any(|key| all.departments.contains(key));
    all.missing = ground.items.iter().filter(|item| of_one(item) && !read.contains(&item.node.key.as_str())).collect();
    if !all.faults.is_empty() {
        all.missing.clear();
    }
    all.departments.sort();
    all.departments.dedup();
    all.faults.truncate(MOST_FAULTS);
    all
}

/// The same of sheets that were read already.
pub(super) fn read_sheets<'g>(sheets: &[Sheet], ground: &'g Ground, words: &Words, today: NaiveDate) -> Collected<'g> {
    let mut reader = Reader { ground, words, file: "", own: Own::default(), columns: Vec::new(), sheet: String::new() };
    let mut all = Collected::default();
    reader.file(sheets, today, &|_: &str| true, &mut all);
    all
}

/// An item of two departments stands in both their files: it may be written in one, or in both alike.
fn merge_reports<'g>(all: &mut Collected<'g>, more: Vec<Taken<'g>>) {
    for one in more {
        let Some(at) = all.reports.iter().position(|known| known.item.node.key == one.item.node.key) else {
            all.reports.push(one);
            continue;
        };
        let known = &all.reports[at];
        if one.verdict == Verdict::Same || (known.verdict != Verdict::Same && known.content == one.content) {
            continue;
        }
        if known.verdict == Verdict::Same {
            all.reports[at] = one;
        } else {
            let fault = twice(&one.place, &known.place);
            all.faults.push(fault);
        }
    }
}

fn merge_figures<'g>(all: &mut Collected<'g>, more: Vec<Figure<'g>>) {
    for one in more {
        let Some(at) = all.figures.iter().position(|known| known.field() == one.field()) else {
            all.figures.push(one);
            continue;
        };
        let known = &all.figures[at];
        let alike = known.value.to_bits() == one.value.to_bits() && known.source == one.source;
        if one.verdict == Verdict::Same || (known.verdict != Verdict::Same && alike) {
            continue;
        }
        if known.verdict == Verdict::Same {
            all.figures[at] = one;
        } else {
            let fault = twice(&one.place, &known.place);
            all.faults.push(fault);
        }
    }
}

fn twice(place: &Place, known: &Place) -> Fault {
    let other = format!("{} {} {}", known.file, known.sheet, known.cell);
    Fault {
        file: place.file.clone(),
        sheet: place.sheet.clone(),
        cell: place.cell.clone(),
        message: "workbook-fault-twice",
        variables: vec![("other", other)],
    }
}

/// What a file says of itself.
#[derive(Default)]
struct Own {
    department: String,
    copy: String,
}

struct Reader<'g, 'a> {
    ground: &'g Ground,
    words: &'a Words,
    file: &'a str,
    own: Own,
    columns: Vec<Column>,
    sheet: String,
}

impl<'g> Reader<'g, '_> {
    fn fault(&self, cell: String, message: &'static str, variables: Vec<(&'static str, String)>) -> Fault {
        Fault { file: self.file.to_owned(), sheet: self.sheet.clone(), cell, message, variables }
    }

    fn place(&self, row: &Row, id: &str) -> Place {
        Place { file: self.file.to_owned(), sheet: self.sheet.clone(), cell: row.address(self.column(id)) }
    }

    fn file(&mut self, sheets: &[Sheet], today: NaiveDate, may: &impl Fn(&str) -> bool, all: &mut Collected<'g>) {
        let reports = self.words.say("workbook-sheet-reports");
        let Some(hidden) = sheets.iter().find(|sheet| sheet.name == HIDDEN) else {
            all.faults.push(self.fault(String::new(), "workbook-fault-foreign", Vec::new()));
            return;
        };
        self.sheet.clone_from(&reports);
        if let Some(fault) = self.whose(hidden, today, may) {
            all.faults.push(fault);
            return;
        }
        all.departments.push(self.own.department.clone());
        let Some(sheet) = sheets.iter().find(|sheet| sheet.name == reports) else {
            all.faults.push(self.fault(String::new(), "workbook-fault-sheet", vec![("sheet", reports)]));
            return;
        };
        self.columns = report_columns(&self.ground.plan.outline);
        if self.heads(sheet, all) {
            self.reports(sheet, all);
        }
        let figures = self.words.say("workbook-sheet-figures");
        if let Some(sheet) = sheets.iter().find(|sheet| sheet.name == figures) {
            self.sheet = figures;
            self.columns = figure_columns();
            if self.heads(sheet, all) {
                self.figures(sheet, all);
            }
        }
    }

    /// Whose workbook it is, and of which year; the first thing that is wrong is enough.
    fn whose(&mut self, hidden: &Sheet, today: NaiveDate, may: &impl Fn(&str) -> bool) -> Option<Fault> {
        let ground = self.ground;
        let told = |row: u32| hidden.rows.iter().find(|one| one.number == row).map_or("", |row| row.text(0)).to_owned();
        let cell = || "A1".to_owned();
        if told(1) != FORMAT {
            return Some(self.fault(cell(), "workbook-fault-format", Vec::new()));
        }
        if told(2) != ground.city {
            return Some(self.fault(cell(), "workbook-fault-city", vec![("city", ground.city_name.clone())]));
        }
        if told(3) != i32::from(ground.round.year).to_string() {
            let variables = vec![("year", ground.year.clone()), ("other", self.year_of(&told(3)))];
            return Some(self.fault(cell(), "workbook-fault-year", variables));
        }
        let department = told(4);
        let cell = || "A2".to_owned();
        if ground.of(&department).next().is_none() {
            let name = ground.name(&department).to_owned();
            return Some(self.fault(cell(), "workbook-fault-department", vec![("department", name)]));
        }
        if !may(&department) {
            let name = ground.name(&department).to_owned();
            return Some(self.fault(cell(), "workbook-fault-not-yours", vec![("department", name)]));
        }
        if !ground.round.is_open(today) {
            let message =
                if ground.round.frozen_at.is_some() { "workbook-fault-frozen" } else { "workbook-fault-early" };
            return Some(self.fault(cell(), message, vec![("year", ground.year.clone())]));
        }
        self.own = Own { department, copy: told(5) };
        None
    }

    /// A year as the city writes it, where it is one.
    fn year_of(&self, told: &str) -> String {
        let of = told.parse::<i32>().ok().filter(|year| (1900..=2999).contains(year));
        of.map_or_else(|| told.to_owned(), |year| self.ground.years.long(FiscalYear::new(year)))
    }

    fn column(&self, id: &str) -> u32 {
        let at = self.columns.iter().position(|column| column.id == id).unwrap_or_default();
        u32::try_from(at).unwrap_or_default()
    }

    fn has(&self, id: &str) -> bool {
        self.columns.iter().any(|column| column.id == id)
    }

    fn text<'r>(&self, row: &'r Row, id: &str) -> &'r str {
        if self.has(id) { row.text(self.column(id)) } else { "" }
    }

    /// Whether the heads are those that went out. A column too many or too few moves everything behind it.
    fn heads(&self, sheet: &Sheet, all: &mut Collected<'g>) -> bool {
        let row = sheet.rows.iter().find(|row| row.number == HEADS);
        let mut wrong = Vec::new();
        for (at, column) in (0_u32..).zip(&self.columns) {
            let wanted = self.words.say(&head(column.id));
            let said = row.map_or("", |row| row.text(at));
            if squeezed(said) != squeezed(&wanted) {
                let message = if said.is_empty() { "workbook-fault-head-gone" } else { "workbook-fault-head" };
                let variables = vec![("said", said.to_owned()), ("wanted", wanted)];
                wrong.push(self.fault(address(at, HEADS), message, variables));
            }
        }
        if wrong.len() == self.columns.len() {
            wrong = vec![self.fault(address(0, HEADS), "workbook-fault-heads", vec![("row", HEADS.to_string())])];
        }
        let is_right = wrong.is_empty();
        all.faults.append(&mut wrong);
        is_right
    }

    /// The rows with their keys. A row without a key, or with one twice, is a fault.
    fn rows<'s>(&self, sheet: &'s Sheet, all: &mut Collected<'g>) -> Vec<&'s Row> {
        let mut seen: HashMap<&str, String> = HashMap::new();
        let mut rows = Vec::new();
        for row in sheet.rows.iter().filter(|row| row.number > HEADS) {
            let key = self.text(row, "key");
            let first = || row.cells().next().map_or(0, |(column, _)| column);
            if key.is_empty() {
                let message = "workbook-fault-no-key";
                all.faults.push(self.fault(row.address(first()), message, Vec::new()));
            } else if let Some(other) = seen.get(key) {
                let cell = row.address(self.column("code"));
                all.faults.push(self.fault(cell, "workbook-fault-double", vec![("other", other.clone())]));
            } else {
                seen.insert(key, row.address(self.column("code")));
                rows.push(row);
            }
        }
        rows
    }

    /// Whether key, code and title of a row are those that went out together.
    fn is_sealed(&self, row: &Row, title: &str) -> bool {
        let (department, text) = (self.own.department.as_str(), |id| self.text(row, id));
        let parts = [&self.ground.city, department, text("key"), text("seen"), text("code"), text(title)];
        seal(&parts) == text("seal")
    }

    /// The fingerprint of what whoever writes in this copy knows of a row: what it said when it was taken in last, or else
    /// what it said when it went out.
    fn known<'k>(&self, row: &'k Row, line: Option<&'k Line>) -> &'k str {
        match line {
            Some(line) if line.copy == self.own.copy => &line.content,
            _ => self.text(row, "seen"),
        }
    }

    // --- reports ------------------------------------------------------------------------------------------

    fn reports(&self, sheet: &Sheet, all: &mut Collected<'g>) {
        for row in self.rows(sheet, all) {
            match self.report(row) {
                Ok(taken) => all.reports.push(taken),
                Err(mut faults) => all.faults.append(&mut faults),
            }
        }
    }

    fn report(&self, row: &Row) -> Result<Taken<'g>, Vec<Fault>> {
        let (ground, key) = (self.ground, self.text(row, "key"));
        let code = || row.address(self.column("code"));
        let said = || [self.text(row, "code"), self.text(row, "title")].join(" ").trim().to_owned();
        let Some(item) = ground.items.iter().find(|item| item.node.key == key) else {
            return Err(vec![self.fault(
                code(),
                "workbook-fault-unknown",
                vec![("said", said()), ("key", key.to_owned())],
            )]);
        };
        if !item.departments.contains(&self.own.department) {
            let names: Vec<&str> = item.departments.iter().map(|key| ground.name(key)).collect();
            let variables = vec![("said", item.title()), ("departments", names.join("、"))];
            return Err(vec![self.fault(code(), "workbook-fault-other-department", variables)]);
        }
        if !self.is_sealed(row, "title") {
            return Err(vec![self.fault(
                code(),
                "workbook-fault-seal",
                vec![("said", said()), ("wanted", item.title())],
            )]);
        }
        let text = |id: &str| Some(tidied(self.text(row, id))).filter(|text| !text.is_empty());
        let raw = Content {
            mark: text("mark"),
            grade: text("grade"),
            text: text("text").unwrap_or_default(),
            next: text("next").unwrap_or_default(),
        };
        let stands = bare(&item.report.content);
        let line = ground.lines.get(&item.subject(&ground.round));
        let known = self.known(row, line);
        let outline = &ground.plan.outline;
        let mut taken = Taken {
            item,
            content: item.report.content.clone(),
            verdict: Verdict::Same,
            lacks: lacks(&item.report.content, item, outline),
            is_written: is_written(line, &stands),
            place: self.place(row, if self.has("mark") && has_mark(item, outline) { "mark" } else { "text" }),
            department: self.own.department.clone(),
            copy: self.own.copy.clone(),
        };
        if raw == stands || print(&raw) == known {
            return Ok(taken);
        }
        let mut faults: Vec<Fault> = ["mark", "grade", "text", "next"]
            .into_iter()
            .filter(|id| self.has(id) && ERRORS.contains(&self.text(row, id)))
            .map(|id| {
                self.fault(
                    row.address(self.column(id)),
                    "workbook-fault-error",
                    vec![("said", self.text(row, id).to_owned())],
                )
            })
            .collect();
        let mine = Content {
            mark: raw.mark.map(|mark| known_mark(&mark, outline).unwrap_or(mark)),
            grade: raw.grade.map(|grade| known_grade(&grade, outline).unwrap_or(grade)),
            ..raw
        };
        if faults.is_empty() && (mine == stands || print(&mine) == known) {
            return Ok(taken);
        }
        if !item.is_writable() {
            let stage = self.words.say(&format!("stage-{}", item.report.stage.name()));
            let (is, cell) = (stands.in_one_line(), self.first_changed(row, &mine, &stands));
            return Err(vec![self.fault(cell, "workbook-fault-closed", vec![("stage", stage), ("is", is)])]);
        }
        let waiting = matches!(item.report.stage, Stage::Waiting(_));
        for fault in mine.faults(&item.node, outline) {
            let is_missing = matches!(fault, ContentFault::NoMark | ContentFault::NoGrade | ContentFault::NoText);
            let cell = row.address(self.column(fault.field()));
            let is_error = faults.iter().any(|known| known.cell == cell);
            // What is handed in already stays whole; a draft may have gaps.
            if !is_error && (!is_missing || waiting) {
                let (message, variables) = explained(&fault, &self.choices(&fault));
                faults.push(self.fault(cell, message, variables));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        taken.verdict = if print(&stands) == known { Verdict::Changed } else { Verdict::Overtaken };
        taken.place.cell = self.first_changed(row, &mine, &stands);
        taken.lacks = lacks(&mine, item, outline);
        taken.content = mine;
        Ok(taken)
    }

    /// The first cell that says something else than what stands.
    fn first_changed(&self, row: &Row, mine: &Content, stands: &Content) -> String {
        let mut both = mine.fields().zip(stands.fields());
        let field =
            both.find(|((id, mine), (_, stands))| self.has(id) && mine != stands).map_or("text", |((id, _), _)| id);
        row.address(self.column(field))
    }

    /// What a cell may say.
    fn choices(&self, fault: &ContentFault) -> String {
        let outline = &self.ground.plan.outline;
        match fault {
            ContentFault::UnknownMark(_) => self.ground.marks().join("、"),
            ContentFault::UnknownGrade(_) => {
                outline.grades.iter().map(|grade| grade.name.as_str()).collect::<Vec<_>>().join("、")
            }
            _ => String::new(),
        }
    }

    // --- figures ------------------------------------------------------------------------------------------

    fn figures(&self, sheet: &Sheet, all: &mut Collected<'g>) {
        for row in self.rows(sheet, all) {
            match self.figure(row) {
                Ok(figure) => all.figures.extend(figure),
                Err(fault) => all.faults.push(fault),
            }
        }
    }

    fn figure(&self, row: &Row) -> Result<Option<Figure<'g>>, Fault> {
        let (ground, key) = (self.ground, self.text(row, "key"));
        let cell = |id: &str| row.address(self.column(id));
        let said = || self.text(row, "indicator").to_owned();
        let of_own = |item: &&Item| item.departments.contains(&self.own.department);
        let mut known =
            ground.items.iter().filter(of_own).flat_map(|item| item.figures.iter().map(move |one| (item, one)));
        let Some((item, entered)) = known.find(|(_, one)| one.indicator.key == key) else {
            return Err(self.fault(cell("indicator"), "workbook-fault-indicator", vec![("said", said())]));
        };
        if !self.is_sealed(row, "indicator") {
            let variables = vec![("said", said()), ("wanted", entered.indicator.name.clone())];
            return Err(self.fault(cell("indicator"), "workbook-fault-seal", variables));
        }
        let definition = &entered.indicator.definition;
        let (typed, source) = (self.text(row, "value"), tidied(self.text(row, "source")));
        let standing = entered.standing(ground.round.year);
        let known = self.known(row, ground.lines.get(&entered.subject()));
        if typed.is_empty() {
            return match (standing, source.is_empty()) {
                (Some(_), _) if !known.is_empty() => {
                    Err(self.fault(cell("value"), "workbook-fault-cleared", Vec::new()))
                }
                (_, true) => Ok(None),
                _ => Err(self.fault(cell("value"), "workbook-fault-value", Vec::new())),
            };
        }
        let value = match computed(typed, definition.decimals, &definition.unit) {
            Ok(value) => value,
            Err(fault) => {
                let (message, variables) = explained_value(fault, typed, definition.decimals);
                return Err(self.fault(cell("value"), message, variables));
            }
        };
        let mine = Some((value, source.as_str()));
        let place = self.place(row, "value");
        let (department, copy) = (self.own.department.clone(), self.own.copy.clone());
        let figure = |verdict, value, source: &str| {
            Ok(Some(Figure { item, entered, value, source: source.to_owned(), verdict, place, department, copy }))
        };
        match standing {
            Some((value, own)) if print_figure(mine) == print_figure(standing) || print_figure(mine) == known => {
                return figure(Verdict::Same, value, own);
            }
            // It was taken back since; the row was not touched.
            None if print_figure(mine) == known => return Ok(None),
            _ => {}
        }
        if source.is_empty() {
            return Err(self.fault(cell("source"), "workbook-fault-source", Vec::new()));
        }
        if source.chars().count() > MOST_SOURCE {
            let variables = vec![("n", MOST_SOURCE.to_string())];
            return Err(self.fault(cell("source"), "workbook-fault-source-long", variables));
        }
        let is_upon = print_figure(standing) == known;
        figure(if is_upon { Verdict::Changed } else { Verdict::Overtaken }, value, &source)
    }
}

/// What is still missing in a report.
fn lacks(content: &Content, item: &Item, outline: &Outline) -> Vec<ContentFault> {
    let mut faults = content.faults(&item.node, outline);
    faults.retain(|fault| matches!(fault, ContentFault::NoMark | ContentFault::NoGrade | ContentFault::NoText));
    faults
}

fn explained(fault: &ContentFault, choices: &str) -> (&'static str, Vec<(&'static str, String)>) {
    let choices = ("choices", choices.to_owned());
    match fault {
        ContentFault::NoMark => ("round-fault-no-mark", Vec::new()),
        ContentFault::UnknownMark(mark) => ("workbook-fault-mark", vec![("said", mark.clone()), choices]),
        ContentFault::NoGrade => ("round-fault-no-grade", Vec::new()),
        ContentFault::UnknownGrade(grade) => ("workbook-fault-grade", vec![("said", grade.clone()), choices]),
        ContentFault::NoText => ("round-fault-no-text", Vec::new()),
        ContentFault::LongText(over) => {
            ("workbook-fault-long", vec![("over", over.to_string()), ("most", MOST_TEXT.to_string())])
        }
        ContentFault::LongNext(over) => {
            ("workbook-fault-long", vec![("over", over.to_string()), ("most", MOST_NEXT.to_string())])
        }
    }
}

fn explained_value(fault: ValueFault, typed: &str, decimals: u8) -> (&'static str, Vec<(&'static str, String)>) {
    let said = ("said", typed.to_owned());
    match fault {
        ValueFault::Missing | ValueFault::NotANumber => ("workbook-fault-number", vec![said]),
        ValueFault::TooExact => ("workbook-fault-exact", vec![said, ("n", decimals.to_string())]),
        ValueFault::TooLarge => ("workbook-fault-large", vec![said]),
    }
}

/// A figure of a cell. What a formula computes has a tail that nobody typed: 0.1 + 0.2.
fn computed(typed: &str, decimals: u8, unit: &str) -> Result<f64, ValueFault> {
    match read_value(typed, decimals, unit) {
        Err(ValueFault::TooExact) => {
            let value: f64 = typed.parse().map_err(|_| ValueFault::TooExact)?;
            let scale = 10_f64.powi(i32::from(decimals));
            let rounded = (value * scale).round() / scale;
            let is_tail = (rounded - value).abs() <= 1e-12 * value.abs().max(1.0);
            if is_tail { Ok(rounded) } else { Err(ValueFault::TooExact) }
        }
        read => read,
    }
}

// --- words in cells -----------------------------------------------------------------------------------------

/// A text as a spreadsheet gives it back: no space at the ends of lines, nothing that cannot be seen.
pub(super) fn tidied(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let seen: String = text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
    let lines: Vec<&str> = seen.trim().lines().map(str::trim_end).collect();
    lines.join("\n")
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A word without what people type in different ways.
fn folded(word: &str) -> String {
    squeezed(&half_width(word))
}

/// A mark as the plan writes it, or a combination of marks.
fn known_mark(said: &str, outline: &Outline) -> Option<String> {
    let parts = said.split(['・', '･', '、', '，', ',', '／', '/', '\n']).map(folded).filter(|part| !part.is_empty());
    let known =
        |part: String| outline.marks.iter().find(|mark| folded(&mark.name) == part).map(|mark| mark.name.as_str());
    let parts: Option<Vec<&str>> = parts.map(known).collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| parts.join("・"))
}

/// A grade as the plan writes it.
fn known_grade(said: &str, outline: &Outline) -> Option<String> {
    let said = folded(said);
    outline.grades.iter().find(|grade| folded(&grade.name) == said).map(|grade| grade.name.clone())
}
