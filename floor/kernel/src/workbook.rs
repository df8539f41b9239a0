//! Spreadsheets of other people, Excel (new and old), OpenDocument or CSV: sheets with rows of text that know their cells,
//! as people see them, and which cells were merged. A foreign file: whatever stands in it, reading ends with sheets or
//! with a fault, and within the limits.

mod ods;
mod text;
mod xls;
mod xlsx;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use calamine::{Data, DataRef};

use crate::files::text::decode;

/// How much is read of a spreadsheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most rows of a sheet.
    pub rows: usize,
    /// The most columns of a sheet.
    pub columns: u32,
    /// The most letters of a cell.
    pub letters: usize,
}

impl Limits {
    /// A list of short entries; cities have some thousand employees.
    pub const LIST: Self = Self { rows: 20_000, columns: 200, letters: 1_000 };
    /// A table of texts. Excel keeps no more letters in a cell.
    pub const TEXTS: Self = Self { rows: 20_000, columns: 200, letters: 32_767 };
}

/// What a workbook may weigh unpacked; 20,000 rows of 20 columns weigh some 30 MB.
const MOST_BYTES: u64 = 128 * 1024 * 1024;
/// A workbook of a year for each year of a long plan has far fewer sheets.
const MOST_SHEETS: usize = 200;

/// One sheet. Rows in which nothing stands are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The name of the sheet, or of the file where there are no sheets.
    pub name: String,
    /// Whether people do not see it.
    pub is_hidden: bool,
    /// The rows, in order.
    pub rows: Vec<Row>,
    /// Which cells are one.
    pub merges: Vec<Area>,
}

/// One row with its cells that are not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its number as the spreadsheet counts, from 1.
    pub number: u32,
    cells: BTreeMap<u32, String>,
    painted: BTreeSet<u32>,
}

/// Cells that are one, with its content in the first. Rows count from 1, columns from 0, the last ones included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// The first row.
    pub top: u32,
    /// The first column.
    pub left: u32,
    /// The last row.
    pub bottom: u32,
    /// The last column.
    pub right: u32,
}

impl Area {
    fn of(area: &calamine::Dimensions) -> Self {
        let (top, bottom) = (area.start.0.saturating_add(1), area.end.0.saturating_add(1));
        Self { top, left: area.start.1, bottom, right: area.end.1 }
    }

    /// Whether a cell lies in it.
    #[must_use]
    pub fn contains(&self, column: u32, row: u32) -> bool {
        (self.left..=self.right).contains(&column) && (self.top..=self.bottom).contains(&row)
    }
}

impl Row {
    /// A row of these cells: column, text.
    #[must_use]
    pub fn of(number: u32, cells: impl IntoIterator<Item = (u32, String)>) -> Self {
        let cells = cells.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        Self { number, cells, painted: BTreeSet::new() }
    }

    /// The text of a column, counted from 0; empty where there is none.
    #[must_use]
    pub fn text(&self, column: u32) -> &str {
        self.cells.get(&column).map_or("", String::as_str)
    }

    /// Column and text of each cell that is not empty.
    pub fn cells(&self) -> impl Iterator<Item = (u32, &str)> {
        self.cells.iter().map(|(column, text)| (*column, text.as_str()))
    }

    /// Whether a cell has a ground of its own that is not white, whatever stands in it. Known of xlsx only.
    #[must_use]
    pub fn is_painted(&self, column: u32) -> bool {
        self.painted.contains(&column)
    }

    /// The address of one of its cells, `B7`.
    #[must_use]
    pub fn address(&self, column: u32) -> String {
        address(column, self.number)
    }
}

/// Why a file is no spreadsheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetFault {
    /// It is neither a workbook nor text.
    NotASheet,
    /// It is under a password.
    Closed,
    /// It cannot be read, or unpacked it would be far too large.
    Damaged {
        /// The sheet, where it is known.
        sheet: Option<String>,
    },
    /// Nothing stands in it.
    Empty,
    /// It has more rows than the limit.
    TooLong {
        /// The sheet.
        sheet: String,
        /// The first cell beyond.
        cell: String,
        /// The limit.
        most: usize,
    },
    /// It has more columns than the limit.
    TooWide {
        /// The sheet.
        sheet: String,
        /// The first cell beyond.
        cell: String,
        /// The limit.
        most: u32,
    },
    /// A cell holds more letters than the limit.
    TooMuch {
        /// The sheet.
        sheet: String,
        /// The cell.
        cell: String,
        /// The limit.
        most: usize,
    },
}

impl SheetFault {
    /// The message that says it; its variables are `$sheet`, `$cell` and `$most`.
    #[must_use]
    pub fn message(&self) -> &'static str {
        match self {
            Self::NotASheet => "sheet-not-a-sheet",
            Self::Closed => "sheet-closed",
            Self::Damaged { .. } => "sheet-damaged",
            Self::Empty => "sheet-empty",
            Self::TooLong { .. } => "sheet-too-long",
            Self::TooWide { .. } => "sheet-too-wide",
            Self::TooMuch { .. } => "sheet-too-much",
        }
    }

    /// The variables of the message.
    #[must_use]
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let at = |sheet: &String, cell: &String, most: String| {
            vec![("sheet", sheet.clone()), ("cell", cell.clone()), ("most", most)]
        };
        match self {
            Self::TooLong { sheet, cell, most } | Self::TooMuch { sheet, cell, most } => {
                at(sheet, cell, most.to_string())
            }
            Self::TooWide { sheet, cell, most } => at(sheet, cell, most.to_string()),
            Self::NotASheet | Self::Closed | Self::Damaged { .. } | Self::Empty => Vec::new(),
        }
    }
}

/// Reads every sheet in which something stands, hidden ones too. `name` is that of the file. Line ends within a cell stay.
pub fn sheets(bytes: &[u8], name: &str, limits: Limits) -> Result<Vec<Sheet>, SheetFault> {
    let mut sheets = if bytes.starts_with(b"PK\x03\x04") {
        weigh(bytes)?;
        if ods::is_one(bytes) { ods::read(bytes, limits)? } else { xlsx::read(bytes, limits)? }
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        xls::read(bytes, limits)?
    } else {
        let content = decode(bytes).ok_or(SheetFault::NotASheet)?;
        vec![text::read(&content, name, limits)?]
    };
    sheets.retain(|sheet| !sheet.rows.is_empty());
    if sheets.is_empty() { Err(SheetFault::Empty) } else { Ok(sheets) }
}

/// Reads a list: the first sheet that people see and that has content. Headings over several columns are left out, and
/// line ends within a cell are spaces.
pub fn list(bytes: &[u8], name: &str) -> Result<Sheet, SheetFault> {
    let sheets = sheets(bytes, name, Limits::LIST)?;
    let mut seen = sheets.into_iter().filter(|sheet| !sheet.is_hidden).map(Sheet::listed);
    seen.find(|sheet| !sheet.rows.is_empty()).ok_or(SheetFault::Empty)
}

impl Sheet {
    /// The sheet without the rows in which nothing stands but a heading over several columns.
    fn listed(mut self) -> Self {
        let wide: HashMap<(u32, u32), u32> =
            self.merges.iter().map(|area| ((area.top, area.left), area.right.saturating_sub(area.left))).collect();
        let is_heading = |row: &Row| {
            let only = if row.cells.len() == 1 { row.cells.keys().next() } else { None };
            only.is_some_and(|column| wide.get(&(row.number, *column)).is_some_and(|more| *more > 0))
        };
        self.rows.retain(|row| !row.cells.is_empty() && !is_heading(row));
        for text in self.rows.iter_mut().flat_map(|row| row.cells.values_mut()).filter(|text| text.contains('\n')) {
            *text = text.replace('\n', " ");
        }
        self
    }
}

/// The address of a cell as spreadsheets write it: column 1 of row 7 is `B7`. Columns count from 0, rows from 1.
#[must_use]
pub fn address(column: u32, row: u32) -> String {
    format!("{}{row}", letters(column))
}

/// A column as spreadsheets name it: 1 is `B`.
#[must_use]
pub fn letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.into_iter().rev().collect()
}

/// Reads arbitrary bytes as a spreadsheet. Run by `fuzz/` and, on stable, by the test suite.
pub fn fuzz(bytes: &[u8]) {
    let read = sheets(bytes, "fuzz", Limits::TEXTS).unwrap_or_default();
    let _ =
        read.iter().flat_map(|sheet| &sheet.rows).flat_map(|row| row.cells().map(|(at, _)| row.address(at))).count();
}

// --- rows growing -------------------------------------------------------------------------------------------

/// Cells gathered into rows, within the limits. Rows and columns count from 0.
struct Growing {
    sheet: String,
    limits: Limits,
    rows: BTreeMap<u32, Row>,
}

impl Growing {
    fn new(sheet: &str, limits: Limits) -> Self {
        Self { sheet: sheet.to_owned(), limits, rows: BTreeMap::new() }
    }

    /// Takes a cell.
    fn take(&mut self, row: u32, column: u32, text: &str) -> Result<(), SheetFault> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        self.check(row, column, text)?;
        // What cannot be seen is a space, but for line ends.
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let seen = text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
        self.row(row).cells.insert(column, seen);
        Ok(())
    }

    /// Whether a cell lies within the limits.
    fn check(&self, row: u32, column: u32, text: &str) -> Result<(), SheetFault> {
        let (sheet, cell) = (|| self.sheet.clone(), || address(column, row.saturating_add(1)));
        let Limits { rows, columns, letters } = self.limits;
        if column >= columns {
            return Err(SheetFault::TooWide { sheet: sheet(), cell: cell(), most: columns });
        }
        if text.trim().chars().nth(letters).is_some() {
            return Err(SheetFault::TooMuch { sheet: sheet(), cell: cell(), most: letters });
        }
        if self.rows.len() >= rows && !self.rows.contains_key(&row) {
            return Err(SheetFault::TooLong { sheet: sheet(), cell: cell(), most: rows });
        }
        Ok(())
    }

    /// Notes a cell with a ground of its own. Whole columns are painted; beyond the limits nothing is noted.
    fn paint(&mut self, row: u32, column: u32) {
        if column < self.limits.columns && (self.rows.len() < self.limits.rows || self.rows.contains_key(&row)) {
            self.row(row).painted.insert(column);
        }
    }

    fn row(&mut self, row: u32) -> &mut Row {
        self.rows.entry(row).or_insert_with(|| Row { number: row.saturating_add(1), ..Row::default() })
    }

    fn grown(self, is_hidden: bool, mut merges: Vec<Area>) -> Sheet {
        merges.sort_unstable_by_key(|area| (area.top, area.left));
        let rows = self.rows.into_values().filter(|row| !row.cells.is_empty());
        Sheet { name: self.sheet, is_hidden, rows: rows.collect(), merges }
    }
}

/// Unpacks everything once without keeping it: what a package says of its own size need not be so.
fn weigh(bytes: &[u8]) -> Result<(), SheetFault> {
    use std::io::{Cursor, Read};
    const MOST_PARTS: usize = 2_000;
    let damaged = || SheetFault::Damaged { sheet: None };
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if package.len() > MOST_PARTS {
        return Err(damaged());
    }
    let mut left = MOST_BYTES;
    for at in 0..package.len() {
        let part = package.by_index(at).map_err(|_| damaged())?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| damaged())?;
        left = left.checked_sub(unpacked).ok_or_else(damaged)?;
    }
    Ok(())
}

/// A value as people see it in the cell. `figures` is the least number of figures of a number (`00000`).
fn as_seen(value: &DataRef<'_>, figures: usize) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => format!("{number:0figures$}"),
        DataRef::Float(number) => of_number(*number, figures),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(moment) => of_moment(moment),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// The same of a workbook that is held whole.
fn as_held(value: &Data) -> String {
    match value {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => of_number(*number, 0),
        Data::Bool(true) => "TRUE".to_owned(),
        Data::Bool(false) => "FALSE".to_owned(),
        Data::DateTime(moment) => of_moment(moment),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

/// Excel keeps fifteen figures; a whole number has no point.
fn of_number(number: f64, figures: usize) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:0figures$.0}") } else { number.to_string() }
}

fn of_moment(moment: &calamine::ExcelDateTime) -> String {
    moment.as_datetime().map_or_else(
        || moment.as_f64().to_string(),
        |moment| {
            if moment.time() == chrono::NaiveTime::MIN {
                moment.date().to_string()
            } else {
                moment.format("%Y-%m-%d %H:%M:%S").to_string()
            }
        },
    )
}
