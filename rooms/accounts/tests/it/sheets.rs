//! Lists from other people's spreadsheets.

use std::io::{Cursor, Read, Write};

use encoding_rs::SHIFT_JIS;
use kyodo_accounts::sheet::{MOST_COLUMNS, MOST_ROWS, Sheet, SheetFault, address, rows};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::write::SimpleFileOptions;

/// Every cell that is not empty, with its address.
fn cells(sheet: &Sheet) -> Vec<(String, String)> {
    let of_row = |row: &kyodo_accounts::sheet::Row| -> Vec<(String, String)> {
        row.cells().map(|(column, text)| (row.address(column), text.to_owned())).collect()
    };
    sheet.rows.iter().flat_map(of_row).collect()
}

fn told(cells: &[(&str, &str)]) -> Vec<(String, String)> {
    cells.iter().map(|(cell, text)| ((*cell).to_owned(), (*text).to_owned())).collect()
}

fn read(bytes: &[u8]) -> Sheet {
    rows(bytes, "名簿.csv").unwrap()
}

#[test]
fn a_workbook_is_read_as_people_see_it() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("隠し").unwrap().set_hidden(true).write(0, 0, "見えない").unwrap();
    book.add_worksheet().set_name("白紙").unwrap();
    let sheet = book.add_worksheet().set_name("職員").unwrap().set_active(true);
    let (number, day) = (Format::new().set_num_format("00000"), Format::new().set_num_format("yyyy/m/d"));
    sheet.merge_range(0, 0, 0, 4, "令和8年度　職員名簿", &Format::new()).unwrap();
    sheet.write(2, 0, "00123").unwrap().write(2, 1, "髙橋　花\n").unwrap().write(2, 2, 123.0).unwrap();
    sheet.write_with_format(3, 0, 45, &number).unwrap().write(3, 1, 0.5).unwrap().write(3, 2, true).unwrap();
    let april = ExcelDateTime::from_ymd(2026, 4, 1).unwrap();
    sheet.write_with_format(4, 0, &april, &day).unwrap();
    let noon = april.clone().and_hms(12, 30, 0).unwrap();
    sheet.write_with_format(4, 1, &noon, &Format::new().set_num_format("yyyy/m/d h:mm")).unwrap();
    sheet.write(4, 2, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write(4, 27, 123_456_789_012_345_f64).unwrap();
    let sheet = read(&book.save_to_buffer().unwrap());
    assert_eq!(sheet.name, "職員");
    assert_eq!(
        cells(&sheet),
        told(&[
            ("A3", "00123"),
            ("B3", "髙橋　花"),
            ("C3", "123"),
            ("A4", "00045"),
            ("B4", "0.5"),
            ("C4", "TRUE"),
            ("A5", "2026-04-01"),
            ("B5", "2026-04-01 12:30:00"),
            ("C5", "2"),
            ("AB5", "123456789012345"),
        ])
    );
    assert_eq!(sheet.rows[0].text(9), "");
}

#[test]
fn text_is_read_in_every_usual_encoding_with_the_rows_that_excel_counts() {
    let text = "職員番号,氏名,備考\r\n\r\n00123,髙橋 花,\"二\r\n行\"\r\n,,\r\n7,田中\r\n";
    let expected = told(&[
        ("A1", "職員番号"),
        ("B1", "氏名"),
        ("C1", "備考"),
        ("A3", "00123"),
        ("B3", "髙橋 花"),
        ("C3", "二 行"),
        ("A5", "7"),
        ("B5", "田中"),
    ]);
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{FEFF}{text}").into_bytes(),
        SHIFT_JIS.encode(text).0.into_owned(),
        text.replace("\r\n", "\n").into_bytes(),
        utf16,
    ] {
        let sheet = read(&bytes);
        assert_eq!((cells(&sheet), sheet.name.as_str()), (expected.clone(), "名簿.csv"));
    }
}

#[test]
fn what_is_no_list_is_told_by_its_fault() {
    let mut wide = Workbook::new();
    wide.add_worksheet().set_name("横").unwrap().write(1, 200, "x").unwrap();
    let mut deep = Workbook::new();
    let sheet = deep.add_worksheet();
    for row in 0..=u32::try_from(MOST_ROWS).unwrap() {
        sheet.write(row, 0, 1).unwrap();
    }
    let long = "長".repeat(1_001);
    let at = |sheet: &str, cell: &str| (sheet.to_owned(), cell.to_owned());
    let (sheet, cell) = at("横", &address(MOST_COLUMNS, 2));
    let too_wide = SheetFault::TooWide { sheet, cell };
    let (sheet, cell) = at("Sheet1", "A20001");
    let too_long = SheetFault::TooLong { sheet, cell };
    let (sheet, cell) = at("名簿.csv", "B1");
    let too_much = SheetFault::TooMuch { sheet, cell };
    for (bytes, fault) in [
        (wide.save_to_buffer().unwrap(), too_wide),
        (deep.save_to_buffer().unwrap(), too_long),
        (format!("a,{long}").into_bytes(), too_much),
        (Workbook::new().save_to_buffer().unwrap(), SheetFault::Empty),
        (b"\r\n , ,\n".to_vec(), SheetFault::Empty),
        (Vec::new(), SheetFault::Empty),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), SheetFault::Closed),
        (b"%PDF-1.7\n\0\0".to_vec(), SheetFault::NotASheet),
        (b"PK\x03\x04 and no more".to_vec(), SheetFault::Damaged { sheet: None }),
    ] {
        assert_eq!(rows(&bytes, "名簿.csv"), Err(fault));
    }
}

#[test]
fn one_cell_far_away_is_no_table_of_millions() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "職員番号").unwrap().write(1_048_575, 0, "末").unwrap();
    assert_eq!(cells(&read(&book.save_to_buffer().unwrap())), told(&[("A1", "職員番号"), ("A1048576", "末")]));
}

#[test]
fn what_grows_without_measure_when_unpacked_is_refused() {
    let bytes =
        repacked(
            &book(),
            |name, part| {
                if name == "xl/worksheets/sheet1.xml" { vec![b' '; 160 * 1024 * 1024] } else { part }
            },
        );
    assert!(bytes.len() < 1024 * 1024);
    assert_eq!(rows(&bytes, "a.xlsx"), Err(SheetFault::Damaged { sheet: None }));
}

#[test]
fn addresses_are_those_of_the_spreadsheet() {
    for (column, row, cell) in
        [(0, 1, "A1"), (1, 7, "B7"), (25, 1, "Z1"), (26, 2, "AA2"), (701, 3, "ZZ3"), (702, 3, "AAA3")]
    {
        assert_eq!(address(column, row), cell);
    }
    assert!(!address(u32::MAX, u32::MAX).is_empty());
}

fn book() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..5 {
        sheet.write(row, 0, "職員番号").unwrap().write(row, 1, 12.5).unwrap().write(row, 2, true).unwrap();
    }
    sheet.merge_range(6, 0, 6, 3, "見出し", &Format::new().set_num_format("000")).unwrap();
    book.save_to_buffer().unwrap()
}

/// The package with its parts changed, so that what is wrong is seen behind the packing.
fn repacked(bytes: &[u8], change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..package.len() {
        let mut part = package.by_index(at).unwrap();
        let (name, mut content) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut content).unwrap();
        packed.start_file(name.clone(), SimpleFileOptions::default()).unwrap();
        packed.write_all(&change(&name, content)).unwrap();
    }
    packed.finish().unwrap().into_inner()
}

proptest! {
    #[test]
    fn any_bytes_are_a_list_or_a_fault(start in 0..6_usize, bytes in vec(any::<u8>(), 0..600)) {
        let starts: [&[u8]; 6] = [b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"\"", b"a,b\n"];
        let _ = rows(&[starts[start], &bytes].concat(), "a");
    }

    #[test]
    fn a_spoilt_workbook_is_a_list_or_a_fault(flips in vec((any::<Index>(), any::<u8>()), 1..20)) {
        let mut bytes = book();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = rows(&bytes, "a.xlsx");
    }

    #[test]
    fn a_workbook_with_a_spoilt_part_is_a_list_or_a_fault(
        which in any::<Index>(), cuts in vec((any::<Index>(), 0..40_usize, "[a-zA-Z0-9<>/\"= :&;-]{0,12}"), 1..6)
    ) {
        let whole = book();
        let many = zip::ZipArchive::new(Cursor::new(&whole)).unwrap().len();
        let spoilt = which.index(many);
        let at = std::cell::Cell::new(0);
        let bytes = repacked(&whole, |_, mut part| {
            if at.replace(at.get() + 1) == spoilt {
                for (place, length, piece) in &cuts {
                    let from = place.index(part.len() + 1);
                    let to = (from + length).min(part.len());
                    part.splice(from..to, piece.bytes());
                }
            }
            part
        });
        let _ = rows(&bytes, "a.xlsx");
    }
}
