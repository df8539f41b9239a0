//! A sheet as a table: the rows of its heads, its columns with all that stands above them, and its lines, with merged cells
//! filled downwards and to the right.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use kyodo_jptext::search_key;
use kyodo_kernel::secret::hex;
use kyodo_kernel::workbook::{self, Area, Row, Sheet};
use sha2::{Digest, Sha256};

use super::words::{Meaning, meaning};
use super::years::{is_bare, year_in, year_of};

/// The heads stand in one of the first rows, below titles and dates.
const HEADS_WITHIN: usize = 30;
/// No head has more rows.
const MOST_HEADS: u32 = 4;

/// A sheet as a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The name of the sheet.
    pub name: String,
    /// The first and the last row of the heads, as the spreadsheet counts.
    pub head: (u32, u32),
    /// The columns in which anything stands.
    pub columns: Vec<Column>,
    /// The rows below the heads.
    pub lines: Vec<Line>,
}

/// A column with its heads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its place, counted from 0.
    pub at: u32,
    /// What stands above it, from the top, each once.
    pub heads: Vec<String>,
    /// Its first content, for whoever says what it is.
    pub example: String,
}

impl Column {
    /// As spreadsheets name it: `B`.
    #[must_use]
    pub fn letters(&self) -> String {
        workbook::letters(self.at)
    }

    /// All its heads in one line.
    #[must_use]
    pub fn head(&self) -> String {
        self.heads.join("／").replace('\n', "")
    }
}

/// A row below the heads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Its number.
    pub row: u32,
    cells: BTreeMap<u32, Cell>,
}

/// A cell with its content, which may stand in another that it is merged with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The text; empty where only the ground is painted.
    pub text: String,
    /// Where the content stands.
    pub address: String,
    /// It belongs to a cell to the left.
    pub from_left: bool,
    /// It has a ground of its own.
    pub is_painted: bool,
}

impl Line {
    /// A cell, if anything stands there.
    #[must_use]
    pub fn cell(&self, column: u32) -> Option<&Cell> {
        self.cells.get(&column)
    }

    /// The text of a column.
    #[must_use]
    pub fn text(&self, column: u32) -> &str {
        self.cells.get(&column).map_or("", |cell| cell.text.as_str())
    }

    /// The address of one of its cells: where its content stands.
    #[must_use]
    pub fn address(&self, column: u32) -> String {
        self.cells
            .get(&column)
            .filter(|cell| !cell.address.is_empty())
            .map_or_else(|| workbook::address(column, self.row), |cell| cell.address.clone())
    }
}

/// The table of a sheet; `head` are the rows of its heads where somebody said so.
#[must_use]
pub fn table(sheet: &Sheet, head: Option<(u32, u32)>) -> Table {
    let merged = Merged::of(sheet);
    let head = head.unwrap_or_else(|| heads(sheet, &merged));
    let heads: Vec<&Row> = sheet.rows.iter().filter(|row| (head.0..=head.1).contains(&row.number)).collect();
    let below = || sheet.rows.iter().filter(|row| row.number > head.1);
    let mut used: BTreeSet<u32> = below().flat_map(|row| row.cells().map(|(column, _)| column)).collect();
    used.extend(heads.iter().flat_map(|row| row.cells().map(|(column, _)| column)));
    // A head or a line may reach over columns in which nothing else stands.
    let most = used.iter().next_back().copied().unwrap_or_default();
    for area in sheet.merges.iter().filter(|area| area.bottom >= head.0) {
        let holds = merged.text(area.left, area.top).is_some_and(|(text, _)| !text.is_empty());
        if holds && area.right > area.left && area.bottom <= head.1 {
            used.extend(area.left..=area.right.min(most.saturating_add(40)));
        }
    }
    let mut columns: Vec<Column> =
        used.iter().map(|at| Column { at: *at, heads: heads_of(*at, head, &merged), example: String::new() }).collect();
    let lines: Vec<Line> = below().map(|row| line(row, &used, head.1, &merged)).collect();
    for column in &mut columns {
        let texts = lines.iter().map(|line| line.text(column.at));
        column.example = texts.filter(|text| !text.is_empty()).map(str::to_owned).next().unwrap_or_default();
    }
    columns.retain(|column| !column.heads.is_empty() || !column.example.is_empty());
    Table { name: sheet.name.clone(), head, columns, lines }
}

/// What names a file by its heads, so that what its columns are is remembered.
#[must_use]
pub fn fingerprint(tables: &[Table]) -> String {
    let mut text = String::new();
    for table in tables.iter().filter(|table| !table.columns.is_empty()) {
        for column in &table.columns {
            let heads: Vec<String> = column.heads.iter().map(|head| search_key(head)).collect();
            let _ = write!(text, "{}={};", column.at, heads.join("/"));
        }
        text.push('\n');
    }
    hex(&Sha256::digest(text))
}

// --- heads --------------------------------------------------------------------------------------------------

/// The rows of the heads: the one in which most is known, those into which it is merged, and years above or below.
fn heads(sheet: &Sheet, merged: &Merged<'_>) -> (u32, u32) {
    let known = |row: &Row| row.cells().filter(|(_, text)| is_known(text)).count();
    let first: Vec<&Row> = sheet.rows.iter().take(HEADS_WITHIN).collect();
    // Of equals the first: lines hold words of heads too.
    let best = first.iter().copied().enumerate().max_by_key(|(at, row)| (known(row), std::cmp::Reverse(*at)));
    let Some((at, best)) = best.filter(|(_, row)| known(row) > 1) else {
        let top = sheet.rows.first().map_or(1, |row| row.number);
        return (top, top);
    };
    let (mut top, mut bottom) = (best.number, best.number);
    for area in sheet.merges.iter().filter(|area| area.top <= best.number && area.bottom >= best.number) {
        let is_head = merged.text(area.left, area.top).is_some_and(|(text, _)| is_known(text));
        if is_head && area.bottom - area.top < MOST_HEADS {
            (top, bottom) = (top.min(area.top), bottom.max(area.bottom));
        }
    }
    // Years stand below a head that reaches over them, or the head above them.
    for row in first.iter().skip(at + 1).take(2) {
        let years = row.cells().filter(|(_, text)| is_year(text)).count();
        let only = row.cells().all(|(column, text)| is_known(text) || merged.area(column, row.number).is_some());
        if row.number == bottom + 1 && years > 1 && only {
            bottom = row.number;
        }
    }
    for row in first.iter().take(at).rev().filter(|row| row.number < best.number) {
        let over =
            |(column, _): (u32, &str)| merged.area(column, row.number).is_some_and(|area| area.right > area.left);
        let several = row.cells().count() > 1;
        if row.number + 1 == top && row.cells().any(over) && (several || row.cells().any(|(_, text)| is_known(text))) {
            top = row.number;
        }
    }
    (top, bottom)
}

fn is_year(text: &str) -> bool {
    year_of(text).is_some() || is_bare(text)
}

fn is_known(text: &str) -> bool {
    // A sentence in a cell holds words of heads.
    let short = text.chars().count() <= 30;
    short && (meaning(text).is_some() || is_year(text) || (year_in(text, None).0.is_some() && text.contains('度')))
        || super::mapping::documented(text).is_some()
}

fn heads_of(column: u32, head: (u32, u32), merged: &Merged<'_>) -> Vec<String> {
    let mut heads: Vec<String> = Vec::new();
    for row in head.0..=head.1 {
        let Some((text, _)) = merged.text(column, row) else { continue };
        if !text.is_empty() && heads.last().is_none_or(|last| last != text) {
            heads.push(text.to_owned());
        }
    }
    heads
}

// --- lines --------------------------------------------------------------------------------------------------

fn line(row: &Row, used: &BTreeSet<u32>, head: u32, merged: &Merged<'_>) -> Line {
    let mut cells = BTreeMap::new();
    for column in used {
        let area = merged.area(*column, row.number).filter(|area| area.top > head);
        let (text, from) = match area {
            Some(area) => merged.text(*column, row.number).map_or(("", (*column, row.number)), |(text, at)| {
                (text, if text.is_empty() { (area.left, area.top) } else { at })
            }),
            None => (row.text(*column), (*column, row.number)),
        };
        let is_painted = row.is_painted(*column);
        if !text.is_empty() || is_painted {
            let address = workbook::address(from.0, from.1);
            cells.insert(*column, Cell { text: text.to_owned(), address, from_left: from.0 < *column, is_painted });
        }
    }
    Line { row: row.number, cells }
}

/// Cells by place, merged ones with the content of their first.
struct Merged<'s> {
    rows: BTreeMap<u32, &'s Row>,
    /// The areas that touch a row.
    areas: BTreeMap<u32, Vec<Area>>,
}

impl<'s> Merged<'s> {
    fn of(sheet: &'s Sheet) -> Self {
        let rows: BTreeMap<u32, &Row> = sheet.rows.iter().map(|row| (row.number, row)).collect();
        let mut areas: BTreeMap<u32, Vec<Area>> = BTreeMap::new();
        for area in sheet.merges.iter().filter(|area| area.bottom > area.top || area.right > area.left) {
            // An area may reach to the end of the sheet; only rows with content matter.
            for (row, _) in rows.range(area.top..=area.bottom.max(area.top)) {
                areas.entry(*row).or_default().push(*area);
            }
        }
        Self { rows, areas }
    }

    fn area(&self, column: u32, row: u32) -> Option<Area> {
        self.areas.get(&row)?.iter().find(|area| area.contains(column, row)).copied()
    }

    /// The text of a cell, and where it stands.
    fn text(&self, column: u32, row: u32) -> Option<(&'s str, (u32, u32))> {
        let own = self.rows.get(&row).map_or("", |own| own.text(column));
        match self.area(column, row) {
            Some(area) if own.is_empty() => {
                let first = self.rows.get(&area.top)?;
                Some((first.text(area.left), (area.left, area.top)))
            }
            _ => Some((own, (column, row))),
        }
    }
}

/// The meaning of a column by its lowest head, or by all of them together.
pub(super) fn meaning_of(column: &Column, rest: &str) -> Option<Meaning> {
    let last = column.heads.last().map(String::as_str).unwrap_or_default();
    meaning(rest).or_else(|| meaning(last)).or_else(|| column.heads.iter().rev().find_map(|head| meaning(head)))
}
