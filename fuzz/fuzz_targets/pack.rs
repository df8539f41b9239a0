//! A pack is a foreign file: whatever stands in it, reading it ends with a pack or with a list of faults.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kyodo_kernel::pack::fuzz(bytes));
