//! Readings come from spreadsheets: whatever the file holds, reading it ends with readings or with faults.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kyodo_kernel::pack::fuzz_readings(bytes));
