//! Spreadsheets come from other people: whatever the file holds, reading it ends with sheets or with a fault.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kyodo_kernel::workbook::fuzz(bytes));
