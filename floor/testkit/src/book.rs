//! A downloaded workbook, changed as somebody would in Excel: cell by cell, the rest stays byte by byte.

use std::fmt::Write as _;
use std::io::{Cursor, Read, Write};

use kyodo_kernel::workbook::{Limits, Row, Sheet, sheets};

/// The row of the heads in the workbooks of a round.
const HEADS: u32 = 5;

/// A workbook with its parts unpacked.
#[derive(Clone, Debug)]
pub struct Book {
    parts: Vec<(String, Vec<u8>)>,
}

impl Book {
    /// A file, unpacked.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is an archive");
        let names: Vec<String> = archive.file_names().map(|name| name.expect("it has a name").into_owned()).collect();
        let parts = names.into_iter().map(|name| {
            let mut content = Vec::new();
            archive.by_name(&name).expect("it is there").read_to_end(&mut content).expect("it can be read");
            (name, content)
        });
        Self { parts: parts.collect() }
    }

    /// As a file again.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in &self.parts {
            archive.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("it can be written");
            archive.write_all(content).expect("it can be written");
        }
        archive.finish().expect("it can be written").into_inner()
    }

    /// The sheets as they are read.
    #[must_use]
    pub fn sheets(&self) -> Vec<Sheet> {
        sheets(&self.bytes(), "課.xlsx", Limits::TEXTS).expect("it is a workbook")
    }

    /// The XML of a sheet, counted from 1.
    #[must_use]
    pub fn xml(&self, sheet: usize) -> String {
        let name = format!("xl/worksheets/sheet{sheet}.xml");
        let part = self.parts.iter().find(|(own, _)| *own == name).expect("the sheet is there");
        String::from_utf8(part.1.clone()).expect("XML is text")
    }

    /// Other XML for a sheet, counted from 1.
    #[must_use]
    pub fn put_xml(mut self, sheet: usize, xml: String) -> Self {
        let name = format!("xl/worksheets/sheet{sheet}.xml");
        let part = self.parts.iter_mut().find(|(own, _)| *own == name).expect("the sheet is there");
        part.1 = xml.into_bytes();
        self
    }

    /// The row below the heads in which this text stands.
    #[track_caller]
    #[must_use]
    pub fn row(&self, sheet: &str, key: &str) -> Row {
        let sheets = self.sheets();
        let sheet = sheets.iter().find(|own| own.name == sheet).expect("the sheet is there");
        let is_it = |row: &&Row| row.number > HEADS && row.cells().any(|(_, text)| text == key);
        sheet.rows.iter().find(is_it).unwrap_or_else(|| panic!("no row has {key}")).clone()
    }

    /// The cell of a sheet with another content.
    #[track_caller]
    fn put(self, sheet: usize, cell: &str, kind: &str, content: &str) -> Self {
        let xml = self.xml(sheet);
        let from = xml.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("there is no cell {cell}"));
        let head = &xml[from..from + xml[from..].find('>').expect("it ends")];
        let style = head.split("s=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("0").to_owned();
        let to = if head.ends_with('/') {
            from + head.len() + 1
        } else {
            from + xml[from..].find("</c>").expect("it ends") + "</c>".len()
        };
        let mut changed = xml[..from].to_owned();
        let _ = write!(changed, "<c r=\"{cell}\" s=\"{style}\"{kind}>{content}</c>");
        changed.push_str(&xml[to..]);
        self.put_xml(sheet, changed)
    }

    /// Writes text into a cell.
    #[track_caller]
    #[must_use]
    pub fn says(self, sheet: usize, cell: &str, text: &str) -> Self {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        let content = format!("<is><t xml:space=\"preserve\">{text}</t></is>");
        self.put(sheet, cell, " t=\"inlineStr\"", &content)
    }

    /// Writes a number into a cell.
    #[track_caller]
    #[must_use]
    pub fn counts(self, sheet: usize, cell: &str, number: f64) -> Self {
        self.put(sheet, cell, "", &format!("<v>{number}</v>"))
    }

    /// Takes a row away.
    #[track_caller]
    #[must_use]
    pub fn without(self, sheet: usize, row: u32) -> Self {
        let (from, to, xml) = self.span(sheet, row);
        let changed = format!("{}{}", &xml[..from], &xml[to..]);
        self.put_xml(sheet, changed)
    }

    /// Copies a row to another place below.
    #[track_caller]
    #[must_use]
    pub fn copied(self, sheet: usize, row: u32, below: u32) -> Self {
        let (from, to, xml) = self.span(sheet, row);
        let mut copy = xml[from..to].replace(&format!("<row r=\"{row}\""), &format!("<row r=\"{below}\""));
        for letter in 'A'..='Z' {
            copy = copy.replace(&format!("r=\"{letter}{row}\""), &format!("r=\"{letter}{below}\""));
        }
        let end = xml.find("</sheetData>").expect("it ends");
        let changed = format!("{}{copy}{}", &xml[..end], &xml[end..]);
        self.put_xml(sheet, changed)
    }

    #[track_caller]
    fn span(&self, sheet: usize, row: u32) -> (usize, usize, String) {
        let xml = self.xml(sheet);
        let from = xml.find(&format!("<row r=\"{row}\"")).unwrap_or_else(|| panic!("there is no row {row}"));
        let to = from + xml[from..].find("</row>").expect("it ends") + "</row>".len();
        (from, to, xml)
    }
}
