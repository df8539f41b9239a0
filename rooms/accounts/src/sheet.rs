//! Lists from other people's spreadsheets, Excel or CSV: rows of text that know their cells, as people see them.

use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read};

use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx};
use kyodo_kernel::files::text::decode;
use zip::ZipArchive;

/// No list is longer; cities have some thousand employees.
pub const MOST_ROWS: usize = 20_000;
/// No list is wider.
pub const MOST_COLUMNS: u32 = 200;
/// The most letters of a cell; longer ones are no entry of a list.
const MOST_LETTERS: usize = 1_000;
/// What a workbook may weigh unpacked; 20,000 rows of 20 columns weigh some 30 MB.
const MOST_BYTES: u64 = 128 * 1024 * 1024;

type Book<'b> = Xlsx<Cursor<&'b [u8]>>;

/// The rows of a list. Rows without content and headings over several columns are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The name of the sheet, or of the file where there are no sheets.
    pub name: String,
    /// The rows, in order.
    pub rows: Vec<Row>,
}

/// One row with its cells that are not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number as the spreadsheet counts, from 1.
    pub number: u32,
    cells: BTreeMap<u32, String>,
}

impl Row {
    /// The text of a column, counted from 0; empty where there is none.
    #[must_use]
    pub fn text(&self, column: u32) -> &str {
        self.cells.get(&column).map_or("", String::as_str)
    }

    /// Column and text of each cell that is not empty.
    pub fn cells(&self) -> impl Iterator<Item = (u32, &str)> {
        self.cells.iter().map(|(column, text)| (*column, text.as_str()))
    }

    /// The address of one of its cells, `B7`.
    #[must_use]
    pub fn address(&self, column: u32) -> String {
        address(column, self.number)
    }
}

/// Why a file is no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetFault {
    /// It is neither an Excel workbook nor text.
    NotASheet,
    /// It is an Excel workbook of 2003 or before, or under a password.
    Closed,
    /// It cannot be read, or unpacked it would be far too large.
    Damaged {
        /// The sheet, where it is known.
        sheet: Option<String>,
    },
    /// Nothing stands in it.
    Empty,
    /// It has more than [`MOST_ROWS`].
    TooLong {
        /// The sheet.
        sheet: String,
        /// The first cell beyond.
        cell: String,
    },
    /// It has more than [`MOST_COLUMNS`].
    TooWide {
        /// The sheet.
        sheet: String,
        /// The first cell beyond.
        cell: String,
    },
    /// A cell holds a whole text.
    TooMuch {
        /// The sheet.
        sheet: String,
        /// The cell.
        cell: String,
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
            Self::TooLong { sheet, cell } => at(sheet, cell, MOST_ROWS.to_string()),
            Self::TooWide { sheet, cell } => at(sheet, cell, MOST_COLUMNS.to_string()),
            Self::TooMuch { sheet, cell } => at(sheet, cell, MOST_LETTERS.to_string()),
            Self::NotASheet | Self::Closed | Self::Damaged { .. } | Self::Empty => Vec::new(),
        }
    }
}

/// Reads the first sheet that people see and that has content; of text, the whole. `name` is that of the file.
pub fn rows(bytes: &[u8], name: &str) -> Result<Sheet, SheetFault> {
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook(bytes);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(SheetFault::Closed);
    }
    let text = decode(bytes).ok_or(SheetFault::NotASheet)?;
    listed(&text, name)
}

/// The address of a cell as spreadsheets write it: column 1 of row 7 is `B7`. Columns count from 0, rows from 1.
#[must_use]
pub fn address(column: u32, row: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.into_iter().rev().chain(row.to_string().chars()).collect()
}

// --- rows growing -------------------------------------------------------------------------------------------

/// Cells gathered into rows, within the limits.
struct Growing {
    sheet: String,
    rows: BTreeMap<u32, BTreeMap<u32, String>>,
}

impl Growing {
    fn new(sheet: &str) -> Self {
        Self { sheet: sheet.to_owned(), rows: BTreeMap::new() }
    }

    /// Takes a cell. Row and column count from 0.
    fn take(&mut self, row: u32, column: u32, text: &str) -> Result<(), SheetFault> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        let fault =
            |make: fn(String, String) -> SheetFault| make(self.sheet.clone(), address(column, row.saturating_add(1)));
        if column >= MOST_COLUMNS {
            return Err(fault(|sheet, cell| SheetFault::TooWide { sheet, cell }));
        }
        if text.chars().nth(MOST_LETTERS).is_some() {
            return Err(fault(|sheet, cell| SheetFault::TooMuch { sheet, cell }));
        }
        if self.rows.len() >= MOST_ROWS && !self.rows.contains_key(&row) {
            return Err(fault(|sheet, cell| SheetFault::TooLong { sheet, cell }));
        }
        // What cannot be seen, line ends within a cell among it, is a space.
        let seen = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.rows.entry(row).or_default().insert(column, seen);
        Ok(())
    }

    /// The sheet without the rows in which nothing stands but a heading over several columns.
    fn grown(self, merged: &[Dimensions]) -> Sheet {
        let wide: HashMap<(u32, u32), u32> =
            merged.iter().map(|area| (area.start, area.end.1.saturating_sub(area.start.1))).collect();
        let is_heading = |row: u32, cells: &BTreeMap<u32, String>| {
            let only = if cells.len() == 1 { cells.keys().next() } else { None };
            only.is_some_and(|column| wide.get(&(row, *column)).is_some_and(|more| *more > 0))
        };
        let rows = self.rows.into_iter().filter(|(row, cells)| !is_heading(*row, cells));
        Sheet {
            name: self.sheet,
            rows: rows.map(|(row, cells)| Row { number: row.saturating_add(1), cells }).collect(),
        }
    }
}

// --- text ---------------------------------------------------------------------------------------------------

fn listed(text: &str, name: &str) -> Result<Sheet, SheetFault> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let first = text.lines().find(|line| !line.trim().is_empty()).ok_or(SheetFault::Empty)?;
    // Excel saves "Unicode text" with tabs, and the rest with commas.
    let parting = if first.matches('\t').count() > first.matches(',').count() { b'\t' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(parting).from_reader(text.as_bytes());
    let mut growing = Growing::new(name);
    let mut row: u32 = 0;
    for record in reader.records() {
        let record = record.map_err(|_| SheetFault::Damaged { sheet: Some(name.to_owned()) })?;
        // The reader passes over empty lines, which spreadsheets count.
        let start = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or_default();
        let empty = text.as_bytes().get(start..).unwrap_or_default().iter().take_while(|byte| **byte == b'\n').count();
        row = row.saturating_add(u32::try_from(empty).unwrap_or(u32::MAX));
        for (column, text) in (0_u32..).zip(&record) {
            growing.take(row, column, text)?;
        }
        row = row.saturating_add(1);
    }
    let sheet = growing.grown(&[]);
    if sheet.rows.is_empty() { Err(SheetFault::Empty) } else { Ok(sheet) }
}

// --- workbooks ----------------------------------------------------------------------------------------------

fn workbook(bytes: &[u8]) -> Result<Sheet, SheetFault> {
    let damaged = |_| SheetFault::Damaged { sheet: None };
    weigh(bytes)?;
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let seen: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    for name in seen {
        let sheet = worksheet(&mut book, &name)?;
        if !sheet.rows.is_empty() {
            return Ok(sheet);
        }
    }
    Err(SheetFault::Empty)
}

/// Unpacks everything once without keeping it: what a package says of its own size need not be so.
fn weigh(bytes: &[u8]) -> Result<(), SheetFault> {
    const MOST_PARTS: usize = 2_000;
    let damaged = || SheetFault::Damaged { sheet: None };
    let mut package = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
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

fn worksheet(book: &mut Book<'_>, name: &str) -> Result<Sheet, SheetFault> {
    let damaged = || SheetFault::Damaged { sheet: Some(name.to_owned()) };
    let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    let noughts = noughts(book, name).ok_or_else(damaged)?;
    // Cell by cell: a sheet with one cell far below is no table of a million rows.
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| damaged())?;
    let mut growing = Growing::new(name);
    while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
        let (row, column) = cell.get_position();
        let figures = noughts.get(&(row, column)).copied().unwrap_or_default();
        growing.take(row, column, &as_seen(cell.get_value(), figures))?;
    }
    Ok(growing.grown(&merged))
}

/// The cells whose format is noughts only (`00000`), with how many: their numbers are shown with so many figures.
fn noughts(book: &mut Book<'_>, name: &str) -> Option<HashMap<(u32, u32), usize>> {
    let mut cells = book.worksheet_cells_reader(name).ok()?;
    let of_style: Vec<usize> = cells
        .styles()
        .iter()
        .map(|style| {
            let code = style.number_format.as_ref().map_or("", |format| format.format_code.as_str());
            if code.len() <= 20 && code.bytes().all(|b| b == b'0') { code.len() } else { 0 }
        })
        .collect();
    let mut noughts = HashMap::new();
    while let Some((row, column, style)) = cells.next_style_id().ok()? {
        let figures = of_style.get(style).copied().unwrap_or_default();
        // Whole columns are formatted; beyond the limits nothing is read anyway.
        if figures > 1 && column < MOST_COLUMNS && noughts.len() < MOST_ROWS * 10 {
            noughts.insert((row, column), figures);
        }
    }
    Some(noughts)
}

/// A value as people see it in the cell.
fn as_seen(value: &DataRef<'_>, figures: usize) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => format!("{number:0figures$}"),
        // Excel keeps fifteen figures; a whole number has no point.
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:0figures$.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(moment) => moment.as_datetime().map_or_else(
            || moment.as_f64().to_string(),
            |moment| {
                if moment.time() == chrono::NaiveTime::MIN {
                    moment.date().to_string()
                } else {
                    moment.format("%Y-%m-%d %H:%M:%S").to_string()
                }
            },
        ),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
