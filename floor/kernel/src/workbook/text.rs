//! CSV, or text with tabs as Excel saves "Unicode text".

use super::{Growing, Limits, Sheet, SheetFault};

pub(super) fn read(text: &str, name: &str, limits: Limits) -> Result<Sheet, SheetFault> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let first = text.lines().find(|line| !line.trim().is_empty()).ok_or(SheetFault::Empty)?;
    let parting = if first.matches('\t').count() > first.matches(',').count() { b'\t' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(parting).from_reader(text.as_bytes());
    let mut growing = Growing::new(name, limits);
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
    Ok(growing.grown(false, Vec::new()))
}
