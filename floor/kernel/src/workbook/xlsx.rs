//! Excel since 2007 (ISO/IEC 29500), cell by cell.

use std::io::Cursor;

use calamine::{DataRef, Fill, Reader, SheetType, SheetVisible, Style, Xlsx};

use super::{Area, Growing, Limits, MOST_SHEETS, Sheet, SheetFault, as_seen};

type Book<'b> = Xlsx<Cursor<&'b [u8]>>;

pub(super) fn read(bytes: &[u8], limits: Limits) -> Result<Vec<Sheet>, SheetFault> {
    let damaged = |_| SheetFault::Damaged { sheet: None };
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let known: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .take(MOST_SHEETS)
        .collect();
    known.into_iter().map(|(name, is_hidden)| worksheet(&mut book, &name, is_hidden, limits)).collect()
}

/// What a style says of how its cells are read.
#[derive(Clone, Copy, Default)]
struct Look {
    /// A format of noughts only (`00000`): numbers are shown with so many figures.
    figures: usize,
    /// Numbers are shown as percentages.
    is_percent: bool,
    /// A ground that is not white.
    is_painted: bool,
}

impl Look {
    fn of(style: &Style) -> Self {
        let code = style.number_format.as_ref().map_or("", |format| format.format_code.as_str());
        let figures = if code.len() <= 20 && code.bytes().all(|b| b == b'0') { code.len() } else { 0 };
        let painted = style.fill.as_ref().filter(|fill| fill.is_visible()).and_then(Fill::get_color);
        let is_percent = code.trim_end_matches(['_', ' ', ')']).ends_with('%');
        Self { figures, is_percent, is_painted: painted.is_some_and(|colour| !colour.is_white()) }
    }
}

fn worksheet(book: &mut Book<'_>, name: &str, is_hidden: bool, limits: Limits) -> Result<Sheet, SheetFault> {
    let damaged = || SheetFault::Damaged { sheet: Some(name.to_owned()) };
    let areas = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    // Cell by cell: a sheet with one cell far below is no table of a million rows.
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| damaged())?;
    let looks: Vec<Look> = cells.styles().iter().map(Look::of).collect();
    let mut growing = Growing::new(name, limits);
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|_| damaged())? {
        let (row, column) = cell.get_position();
        let look = looks.get(style).copied().unwrap_or_default();
        let text = match cell.get_value() {
            // What is typed as 75% is kept as 0.75, with a tail that nobody typed.
            DataRef::Float(share) if look.is_percent => format!("{}%", (share * 1e12).round() / 1e10),
            value => as_seen(value, look.figures),
        };
        growing.take(row, column, &text)?;
        if look.is_painted {
            growing.paint(row, column);
        }
    }
    Ok(growing.grown(is_hidden, areas.iter().map(Area::of).collect()))
}
