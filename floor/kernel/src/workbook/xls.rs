//! Excel 97 to 2003, which city halls still keep. The whole workbook is held by the crate that reads it, and it believes what
//! the file says of its own size: that is looked at first.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Reader, SheetType, SheetVisible, Xls, XlsError};

use super::{Area, Growing, Limits, MOST_SHEETS, Sheet, SheetFault, as_held};

/// Cells that one sheet may span, empty ones too.
const MOST_CELLS: u64 = 4_000_000;

pub(super) fn read(bytes: &[u8], limits: Limits) -> Result<Vec<Sheet>, SheetFault> {
    measure(bytes)?;
    // The format is old and its reader may stumble over a damaged file; that is the file's fault, not the server's end.
    catch_unwind(AssertUnwindSafe(|| opened(bytes, limits))).unwrap_or(Err(SheetFault::Damaged { sheet: None }))
}

fn opened(bytes: &[u8], limits: Limits) -> Result<Vec<Sheet>, SheetFault> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => SheetFault::Closed,
        _ => SheetFault::Damaged { sheet: None },
    })?;
    let known = book.sheets_metadata().to_vec();
    let mut sheets = Vec::new();
    for sheet in known.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).take(MOST_SHEETS) {
        let damaged = |_| SheetFault::Damaged { sheet: Some(sheet.name.clone()) };
        let range = book.worksheet_range(&sheet.name).map_err(damaged)?;
        let (top, left) = range.start().unwrap_or_default();
        let mut growing = Growing::new(&sheet.name, limits);
        for (row, column, value) in range.used_cells() {
            let at = |offset: usize, start: u32| u32::try_from(offset).unwrap_or(u32::MAX).saturating_add(start);
            growing.take(at(row, top), at(column, left), &as_held(value))?;
        }
        let areas = book.merge_cells_by_sheet_name(&sheet.name).unwrap_or_default();
        sheets.push(growing.grown(sheet.visible != SheetVisible::Visible, areas.iter().map(Area::of).collect()));
    }
    Ok(sheets)
}

/// Looks at the records of the workbook's stream ([MS-XLS] 2.1.4: type, length, data) that say how much there is.
fn measure(bytes: &[u8]) -> Result<(), SheetFault> {
    const PLACED: [u16; 9] = [0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x0207, 0x027E];
    let damaged = || SheetFault::Damaged { sheet: None };
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| damaged())?;
    if file.exists("/EncryptedPackage") {
        return Err(SheetFault::Closed);
    }
    let place = ["/Workbook", "/Book"].into_iter().find(|place| file.exists(place)).ok_or(SheetFault::NotASheet)?;
    let mut stream = Vec::new();
    let read = file.open_stream(place).map_err(|_| damaged())?;
    read.take(super::MOST_BYTES).read_to_end(&mut stream).map_err(|_| damaged())?;
    let number =
        |data: &[u8], at: usize| data.get(at..at + 2).map_or(0, |two| u64::from(u16::from_le_bytes([two[0], two[1]])));
    let mut rest = stream.as_slice();
    // Rows and columns between which the cells of a sheet lie; a beginning (0809) begins a new one.
    let mut span: Option<[u64; 4]> = None;
    while let Some((head, after)) = rest.split_at_checked(4) {
        let kind = u16::from_le_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let Some((data, next)) = after.split_at_checked(length) else { break };
        rest = next;
        if kind == 0x0809 {
            span = None;
        }
        if kind == 0x0200 && length >= 14 {
            let long = |at: usize| number(data, at) | number(data, at + 2) << 16;
            let (first, last, left, right) = (long(0), long(4), number(data, 8), number(data, 10));
            if first > 65_536 || last > 65_536 || left > 256 || right > 256 || last < first || right < left {
                return Err(damaged());
            }
        }
        if PLACED.contains(&kind) && length >= 4 {
            let (row, column) = (number(data, 0), number(data, 2));
            let known = span.unwrap_or([row, row, column, column]);
            let [top, bottom, left, right] =
                [known[0].min(row), known[1].max(row), known[2].min(column), known[3].max(column)];
            if (bottom - top + 1) * (right - left + 1) > MOST_CELLS {
                return Err(damaged());
            }
            span = Some([top, bottom, left, right]);
        }
    }
    Ok(())
}
