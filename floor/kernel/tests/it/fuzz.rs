//! Packs are foreign files: whatever stands in them, reading ends with a pack or with faults. The same
//! functions are run by cargo-fuzz (`fuzz/`).

use std::collections::HashSet;

use kyodo_kernel::pack::part::Reader;
use kyodo_kernel::pack::{Faults, fuzz, fuzz_readings, readings};
use kyodo_kernel::words::Messages;
use kyodo_testkit::TestPack;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Pieces that mean something in one of the formats.
const PIECES: [&str; 28] = [
    "[[",
    "]]",
    "[",
    "]",
    "{",
    "}",
    "=",
    "\"",
    "\"\"\"",
    "'",
    "\\u{110000}",
    "\\",
    "\n",
    "\r\n",
    "\r",
    "\u{feff}",
    ",",
    "#",
    "-city = ",
    "{ -city }",
    "{ $n -> *[other] a }",
    "surface,reading",
    "9999999999999999999999",
    "1979-13-99",
    "𠮷",
    "葛\u{e0100}",
    "\0",
    "\u{202e}",
];

/// One way in which a file is spoilt.
#[derive(Clone, Debug)]
enum Spoil {
    Cut(Index, usize),
    Put(Index, Vec<u8>),
    Repeat(Index, usize, usize),
    Flip(Index, u8),
}

fn spoil() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        (any::<Index>(), 0..200_usize).prop_map(|(at, length)| Spoil::Cut(at, length)),
        (any::<Index>(), vec(any::<u8>(), 0..8)).prop_map(|(at, bytes)| Spoil::Put(at, bytes)),
        (any::<Index>(), select(&PIECES[..])).prop_map(|(at, piece)| Spoil::Put(at, piece.as_bytes().to_vec())),
        (any::<Index>(), 1..100_usize, 1..5_usize).prop_map(|(at, length, times)| Spoil::Repeat(at, length, times)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Spoil::Flip(at, byte)),
    ]
}

fn spoilt(mut bytes: Vec<u8>, spoils: &[Spoil]) -> Vec<u8> {
    for spoil in spoils {
        let place = |at: &Index| at.index(bytes.len() + 1);
        match spoil {
            Spoil::Cut(at, length) => {
                let from = place(at);
                let to = (from + length).min(bytes.len());
                bytes.drain(from..to);
            }
            Spoil::Put(at, piece) => {
                let at = place(at);
                bytes.splice(at..at, piece.iter().copied());
            }
            Spoil::Repeat(at, length, times) => {
                let from = place(at);
                let piece = bytes[from..(from + length).min(bytes.len())].repeat(*times);
                bytes.splice(from..from, piece);
            }
            Spoil::Flip(at, byte) => {
                let at = place(at);
                if let Some(old) = bytes.get_mut(at) {
                    *old ^= byte;
                }
            }
        }
    }
    bytes
}

/// A real pack of which one file is spoilt.
fn spoilt_pack() -> impl Strategy<Value = TestPack> {
    let mut packs: Vec<TestPack> = TestPack::shipped().iter().map(|name| TestPack::named(name)).collect();
    packs.push(TestPack::named("mihon"));
    (select(packs), any::<Index>(), vec(spoil(), 1..6)).prop_map(|(pack, which, spoils)| {
        let files: Vec<(String, Vec<u8>)> = pack.files().collect();
        let (name, bytes) = &files[which.index(files.len())];
        let bytes = spoilt(bytes.clone(), &spoils);
        pack.file(name, bytes)
    })
}

proptest! {
    #[test]
    fn any_bytes_are_a_pack_or_faults(data in vec(any::<u8>(), 0..2000)) {
        fuzz(&data);
        fuzz_readings(&data);
    }

    #[test]
    fn any_mixture_of_meaningful_pieces_is_a_pack_or_faults(selector: u8, pieces in vec(select(&PIECES[..]), 0..60)) {
        let text = pieces.concat();
        let mut data = vec![selector];
        data.extend_from_slice(text.as_bytes());
        fuzz(&data);
        fuzz_readings(text.as_bytes());
    }

    #[test]
    fn a_spoilt_pack_is_a_pack_or_faults_that_name_a_line(pack in spoilt_pack()) {
        let mut faults = Faults::default();
        let files = pack.read(&mut faults);
        Reader::read(&files, &[], &Messages::default(), &mut faults);
        for fault in faults.sorted() {
            let lines = pack.files().find(|(name, _)| *name == fault.file).map_or(0, |(_, bytes)| bytes.split(|b| *b == b'\n').count());
            prop_assert!(fault.line <= lines, "{} of {} lines", fault, lines);
            prop_assert!(!fault.text.is_empty());
        }
    }

    #[test]
    fn readings_that_are_taken_are_hiragana_and_stand_once(spoils in vec(spoil(), 0..6)) {
        let pack = TestPack::named("ichinoseki");
        let (_, bytes) = pack.files().find(|(name, _)| name == "readings.csv").unwrap();
        let mut faults = Faults::default();
        let files = TestPack::default().file("readings.csv", spoilt(bytes, &spoils)).read(&mut faults);
        let rows = readings(&files, &mut faults);
        let surfaces: HashSet<&str> = rows.iter().map(|(surface, _)| surface.as_str()).collect();
        prop_assert_eq!(surfaces.len(), rows.len());
        for (surface, reading) in &rows {
            prop_assert!(!surface.is_empty());
            prop_assert!(reading.chars().all(|c| matches!(c, 'ぁ'..='ゖ' | 'ー' | '・')), "{}", reading);
        }
    }
}

#[test]
fn endless_nesting_is_a_fault_and_not_an_overflow() {
    for selector in 0..5_u8 {
        for (open, close) in
            [("{", "}"), ("[", "]"), ("-a = {", "}"), ("a.", "= 1"), ("a = [", "]"), ("a = {b = ", "}")]
        {
            let mut data = vec![selector];
            data.extend_from_slice(open.repeat(20_000).as_bytes());
            data.extend_from_slice(close.repeat(20_000).as_bytes());
            fuzz(&data);
            let mut data = vec![selector];
            data.extend_from_slice(b"-city = ");
            data.extend_from_slice(open.repeat(20_000).as_bytes());
            fuzz(&data);
        }
    }
}
