//! Plans come from spreadsheets of any shape: whatever stands there, reading ends with a plan, questions or faults.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kyodo_plan::import::fuzz(bytes));
