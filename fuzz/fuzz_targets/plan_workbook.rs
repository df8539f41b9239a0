//! Workbooks of a round come back from other people: whatever stands there, reading ends with changes or faults.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kyodo_plan::workbooks::fuzz(bytes));
