//! OpenDocument spreadsheets (ISO/IEC 26300), cell by cell: rows and columns say how often they are repeated, and a reader
//! that writes all of them out fills the memory with nothing.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{BufReader, Cursor, Read};

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use super::{Area, Growing, Limits, MOST_SHEETS, Sheet, SheetFault};

type Package<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Whether a package says of itself that it is one.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    let rest = bytes.get(30..).and_then(|rest| rest.strip_prefix(b"mimetype"));
    rest.is_some_and(|rest| rest.starts_with(b"application/vnd.oasis.opendocument.spreadsheet"))
}

pub(super) fn read(bytes: &[u8], limits: Limits) -> Result<Vec<Sheet>, SheetFault> {
    let damaged = || SheetFault::Damaged { sheet: None };
    let mut package: Package<'_> = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut manifest = String::new();
    if let Ok(part) = package.by_name("META-INF/manifest.xml") {
        part.take(1024 * 1024).read_to_string(&mut manifest).map_err(|_| damaged())?;
    }
    if manifest.contains("encryption-data") {
        return Err(SheetFault::Closed);
    }
    let content = package.by_name("content.xml").map_err(|_| damaged())?;
    let mut reader = Reader::from_reader(BufReader::new(content));
    reader.config_mut().expand_empty_elements = true;
    let mut book = Book { limits, hidden: HashSet::new(), style: String::new(), sheets: Vec::new(), growing: None };
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(|_| damaged())? {
            Event::Start(start) => book.begin(&start),
            Event::End(end) => book.end(end.name().as_ref())?,
            Event::Text(text) => book.say(&text.xml10_content()),
            Event::CData(text) => book.say(&text.xml10_content()),
            Event::GeneralRef(name) => match name.resolve_char_ref() {
                Ok(Some(letter)) => book.say(letter.encode_utf8(&mut [0; 4])),
                _ => book.say(resolve_predefined_entity(&name).unwrap_or_default()),
            },
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    Ok(book.sheets)
}

/// What has been read so far.
struct Book {
    limits: Limits,
    /// The styles of tables that nobody sees.
    hidden: HashSet<String>,
    /// The style that is being read.
    style: String,
    sheets: Vec<Sheet>,
    growing: Option<Table>,
}

/// A sheet that is being read.
struct Table {
    growing: Growing,
    is_hidden: bool,
    merges: Vec<Area>,
    row: u32,
    rows: u32,
    column: u32,
    cell: Option<Cell>,
    /// The cells of the row, which may be repeated: column, text.
    said: Vec<(u32, String)>,
    /// Annotations and drawings within a cell are not its content.
    aside: usize,
}

/// A cell that is being read.
#[derive(Default)]
struct Cell {
    columns: u32,
    wide: u32,
    high: u32,
    value: Option<String>,
    lines: Vec<String>,
}

impl Book {
    fn begin(&mut self, start: &BytesStart<'_>) {
        let value = |name: &str| {
            let found = start.attributes().flatten().find(|one| one.key.as_ref() == name)?;
            found.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
        };
        let number = |name: &str| value(name).and_then(|text| text.parse::<u32>().ok()).unwrap_or(1).max(1);
        match (start.name().as_ref(), &mut self.growing) {
            ("style:style", _) => self.style = value("style:name").unwrap_or_default(),
            ("style:table-properties", _) if value("table:display").as_deref() == Some("false") => {
                self.hidden.insert(self.style.clone());
            }
            ("table:table", None) if self.sheets.len() < MOST_SHEETS => {
                let is_hidden = value("table:style-name").is_some_and(|style| self.hidden.contains(&style));
                let name = value("table:name").unwrap_or_default();
                self.growing = Some(Table::new(Growing::new(&name, self.limits), is_hidden));
            }
            ("table:table-row", Some(table)) => {
                table.rows = number("table:number-rows-repeated");
                table.column = 0;
            }
            ("table:table-cell" | "table:covered-table-cell", Some(table)) if table.aside == 0 => {
                // What is seen is the text; dates and numbers carry their value beside it.
                let kept = match value("office:value-type").as_deref() {
                    Some("date") => value("office:date-value"),
                    Some("float" | "currency") => value("office:value"),
                    _ => None,
                };
                table.cell = Some(Cell {
                    columns: number("table:number-columns-repeated"),
                    wide: number("table:number-columns-spanned"),
                    high: number("table:number-rows-spanned"),
                    value: kept,
                    lines: Vec::new(),
                });
            }
            ("office:annotation" | "draw:frame" | "table:shapes", Some(table)) => table.aside += 1,
            ("text:p", Some(Table { cell: Some(cell), aside: 0, .. })) => cell.lines.push(String::new()),
            ("text:s", Some(table)) => {
                let many = number("text:c").min(100);
                table.say(&" ".repeat(many as usize));
            }
            ("text:line-break", Some(table)) => table.say("\n"),
            ("text:tab", Some(table)) => table.say(" "),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) -> Result<(), SheetFault> {
        let Some(table) = &mut self.growing else { return Ok(()) };
        match name {
            "office:annotation" | "draw:frame" | "table:shapes" => table.aside = table.aside.saturating_sub(1),
            "table:table-cell" | "table:covered-table-cell" if table.aside == 0 => table.end_cell()?,
            "table:table-row" => table.end_row()?,
            "table:table" => {
                if let Some(table) = self.growing.take() {
                    self.sheets.push(table.growing.grown(table.is_hidden, table.merges));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn say(&mut self, text: &str) {
        if let Some(table) = &mut self.growing {
            table.say(text);
        }
    }
}

impl Table {
    fn new(growing: Growing, is_hidden: bool) -> Self {
        let (merges, said) = (Vec::new(), Vec::new());
        Self { growing, is_hidden, merges, row: 0, rows: 1, column: 0, cell: None, said, aside: 0 }
    }

    fn say(&mut self, text: &str) {
        if let Some(line) = self.cell.as_mut().filter(|_| self.aside == 0).and_then(|cell| cell.lines.last_mut()) {
            line.push_str(text);
        }
    }

    fn end_cell(&mut self) -> Result<(), SheetFault> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let shown = cell.lines.join("\n");
        // A number shown with noughts before it (00123) is a code.
        let is_code = shown.starts_with('0') && shown.len() > 1 && shown.bytes().all(|byte| byte.is_ascii_digit());
        let text = cell.value.filter(|_| !is_code).unwrap_or(shown);
        if !text.trim().is_empty() {
            // A cell that is repeated beyond the limit is told of by the first cell beyond it.
            for column in self.column..self.column.saturating_add(cell.columns) {
                self.growing.check(self.row, column, &text)?;
                self.said.push((column, text.clone()));
            }
        }
        if cell.wide > 1 || cell.high > 1 {
            self.merges.push(Area {
                top: self.row.saturating_add(1),
                left: self.column,
                bottom: self.row.saturating_add(cell.high),
                right: self.column.saturating_add(cell.wide - 1),
            });
        }
        self.column = self.column.saturating_add(cell.columns);
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), SheetFault> {
        if !self.said.is_empty() {
            for row in self.row..self.row.saturating_add(self.rows) {
                for (column, text) in &self.said {
                    self.growing.take(row, *column, text)?;
                }
            }
        }
        self.said.clear();
        self.row = self.row.saturating_add(self.rows);
        Ok(())
    }
}
