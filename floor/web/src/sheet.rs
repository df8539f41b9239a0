//! A table as a file: CSV as Excel opens it, and Excel itself. Both carry exactly what the page shows.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use serde::{Deserialize, Serialize};

use crate::answer::{Download, disposition};
use crate::{Error, Result};

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const BOM: &[u8] = "\u{feff}".as_bytes();

/// A cell. As JSON it is what it holds: a text, a number or null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number without unit.
    Number(f64),
    /// Nothing.
    Empty,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}
impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}
impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}
impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// A table with one row of heads; one row is one record, no cell is merged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// The file's name without ending.
    pub name: String,
    /// The heads.
    pub heads: Vec<String>,
    /// The records.
    pub rows: Vec<Vec<Cell>>,
}

/// The two table formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetFormat {
    /// UTF-8 with BOM and CRLF, which Excel opens right.
    Csv,
    /// Excel.
    Xlsx,
}

impl SheetFormat {
    /// The format of `?format=…`.
    #[must_use]
    pub fn of(text: Option<&str>) -> Option<Self> {
        match text {
            Some("csv") => Some(Self::Csv),
            Some("xlsx") => Some(Self::Xlsx),
            _ => None,
        }
    }
}

impl Sheet {
    /// The table as a file.
    pub fn download(&self, format: SheetFormat) -> Result<Download> {
        Ok(match format {
            SheetFormat::Csv => Download {
                name: format!("{}.csv", self.name),
                kind: CSV,
                content: self.csv().map_err(Error::internal)?,
            },
            SheetFormat::Xlsx => Download {
                name: format!("{}.xlsx", self.name),
                kind: XLSX,
                content: self.xlsx().map_err(Error::internal)?,
            },
        })
    }

    fn csv(&self) -> std::result::Result<Vec<u8>, csv::Error> {
        let heads: Vec<Cell> = self.heads.iter().map(|head| head.as_str().into()).collect();
        lines(BOM.to_vec(), std::iter::once(&heads).chain(&self.rows))
    }

    fn xlsx(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        self.write(book.add_worksheet())?;
        book.save_to_buffer()
    }

    fn write(&self, sheet: &mut Worksheet) -> std::result::Result<(), XlsxError> {
        // Text stays text when somebody goes on typing in Excel: 1-2 is no day.
        let text =
            Format::new().set_font_name("Yu Gothic").set_align(FormatAlign::Top).set_text_wrap().set_num_format("@");
        let number = Format::new().set_font_name("Yu Gothic").set_align(FormatAlign::Top);
        let head = Format::new().set_font_name("Yu Gothic").set_bold().set_text_wrap().set_align(FormatAlign::Top);
        for (column, title) in (0_u16..).zip(&self.heads) {
            sheet.write_with_format(0, column, title, &head)?;
        }
        for column in 0_u16..u16::try_from(self.heads.len()).unwrap_or_default() {
            let of_column = self.rows.iter().filter_map(|row| row.get(usize::from(column)));
            if !of_column.clone().any(|cell| matches!(cell, Cell::Number(_))) {
                sheet.set_column_format(column, &text)?;
            }
        }
        for (row, cells) in (1_u32..).zip(&self.rows) {
            for (column, cell) in (0_u16..).zip(cells) {
                match cell {
                    Cell::Text(value) => sheet.write_string_with_format(row, column, value, &text)?,
                    Cell::Number(value) => sheet.write_number_with_format(row, column, *value, &number)?,
                    Cell::Empty => sheet,
                };
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_autofit_max_width(360).autofit();
        if let (Ok(rows), Ok(columns)) = (u32::try_from(self.rows.len()), u16::try_from(self.heads.len()))
            && columns > 0
        {
            sheet.autofilter(0, 0, rows, columns - 1)?;
        }
        Ok(())
    }
}

/// Several tables as one workbook; each sheet is called as its table.
pub fn workbook(name: &str, sheets: &[Sheet]) -> Result<Download> {
    let written = || {
        let mut book = Workbook::new();
        for sheet in sheets {
            let own = book.add_worksheet().set_name(&sheet.name)?;
            sheet.write(own)?;
        }
        book.save_to_buffer()
    };
    Ok(Download { name: format!("{name}.xlsx"), kind: XLSX, content: written().map_err(Error::internal)? })
}

/// A table too long to be held, as a CSV that is made page by page while it is sent. `next` is given where the page before
/// ended, and answers the next records with where they end, or nothing at the end. An error in the middle breaks the
/// download off, so that nobody takes half a file for the whole.
pub fn streamed_csv<S, F, A>(name: &str, heads: &[String], begin: S, next: F) -> Result<Response>
where
    S: Send + 'static,
    F: FnMut(S) -> A + Send + 'static,
    A: Future<Output = Result<Option<(Vec<Vec<Cell>>, S)>>> + Send + 'static,
{
    let heads: Vec<Cell> = heads.iter().map(|head| head.as_str().into()).collect();
    let first = lines(BOM.to_vec(), [&heads]).map_err(Error::internal)?;
    let pages = stream::try_unfold((begin, next), |(place, mut next)| async move {
        let Some((rows, place)) = next(place).await? else { return Ok::<_, Error>(None) };
        let page = lines(Vec::new(), &rows).map_err(Error::internal)?;
        Ok(Some((page, (place, next))))
    });
    let whole = stream::StreamExt::chain(stream::once(async { Ok(first) }), pages);
    let mut response = ([(CONTENT_TYPE, CSV)], Body::from_stream(whole)).into_response();
    response.headers_mut().insert(CONTENT_DISPOSITION, disposition("attachment", &format!("{name}.csv")));
    Ok(response)
}

/// Records as lines of CSV behind what is written already.
fn lines<'r>(
    written: Vec<u8>,
    rows: impl IntoIterator<Item = &'r Vec<Cell>>,
) -> std::result::Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(written);
    for row in rows {
        writer.write_record(row.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text),
            Cell::Number(number) => number.to_string(),
            Cell::Empty => String::new(),
        }))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// Excel runs a cell that begins like a formula; an apostrophe makes it text (OWASP, CSV injection).
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        Sheet {
            name: "計画".to_owned(),
            heads: vec!["番号".to_owned(), "件".to_owned()],
            rows: vec![vec!["事業1".into(), 2335.0.into()], vec!["=SUM(A1)".into(), Cell::Empty]],
        }
    }

    #[test]
    fn csv_opens_in_excel_and_runs_nothing() {
        let text = String::from_utf8(sheet().csv().unwrap()).unwrap();
        assert_eq!(text, "\u{feff}番号,件\r\n事業1,2335\r\n'=SUM(A1),\r\n");
    }

    #[tokio::test]
    async fn a_long_table_is_sent_page_by_page_as_the_same_csv() {
        let heads = sheet().heads;
        let pages = |at: usize| async move { Ok(sheet().rows.get(at).cloned().map(|row| (vec![row], at + 1))) };
        let response = streamed_csv("計画", &heads, 0, pages).unwrap();
        assert!(response.headers()[CONTENT_DISPOSITION].to_str().unwrap().ends_with("%E8%A8%88%E7%94%BB.csv"));
        let bytes = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
        assert_eq!(bytes, sheet().csv().unwrap());
    }

    #[test]
    fn excel_is_a_zip_of_xml() {
        assert!(sheet().xlsx().unwrap().starts_with(b"PK"));
    }
}
