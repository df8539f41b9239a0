//! Spreadsheets of other people, old and new.

use std::io::{Cursor, Read, Write};

use encoding_rs::SHIFT_JIS;
use kyodo_kernel::workbook::{Area, Limits, Row, Sheet, SheetFault, address, fuzz, list, sheets};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::write::SimpleFileOptions;

/// Every cell that is not empty, with its address.
fn cells(sheet: &Sheet) -> Vec<(String, String)> {
    let of_row = |row: &Row| -> Vec<(String, String)> {
        row.cells().map(|(column, text)| (row.address(column), text.to_owned())).collect()
    };
    sheet.rows.iter().flat_map(of_row).collect()
}

fn told(cells: &[(&str, &str)]) -> Vec<(String, String)> {
    cells.iter().map(|(cell, text)| ((*cell).to_owned(), (*text).to_owned())).collect()
}

fn read(bytes: &[u8]) -> Sheet {
    list(bytes, "名簿.csv").unwrap()
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
fn every_sheet_is_read_with_its_merged_and_painted_cells() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("計画").unwrap();
    let (blue, white) = (Format::new().set_background_color("#9DC3E6"), Format::new().set_background_color("#FFFFFF"));
    sheet.merge_range(1, 0, 3, 0, "目標1", &Format::new()).unwrap();
    sheet.write(1, 1, "総務課\r\n企画課").unwrap().write_blank(1, 2, &blue).unwrap();
    sheet.write_blank(1, 3, &white).unwrap();
    sheet.write_with_format(1, 4, 0.755, &Format::new().set_num_format("0.0%")).unwrap();
    book.add_worksheet().set_name("鍵").unwrap().set_hidden(true).write(0, 0, "v1").unwrap();
    let read = sheets(&book.save_to_buffer().unwrap(), "a", Limits::TEXTS).unwrap();
    let told: Vec<_> = read.iter().map(|sheet| (sheet.name.as_str(), sheet.is_hidden)).collect();
    assert_eq!(told, [("計画", false), ("鍵", true)]);
    assert_eq!(read[0].merges, [Area { top: 2, left: 0, bottom: 4, right: 0 }]);
    assert!(read[0].merges[0].contains(0, 4) && !read[0].merges[0].contains(1, 2));
    let row = &read[0].rows[0];
    assert_eq!((row.text(1), row.text(4)), ("総務課\n企画課", "75.5%"));
    assert_eq!([2, 3, 4].map(|column| row.is_painted(column)), [true, false, false]);
}

#[test]
fn a_workbook_of_excel_2003_is_read_the_same_way() {
    let bytes = include_bytes!("workbook.xls");
    let read = sheets(bytes, "a.xls", Limits::TEXTS).unwrap();
    assert_eq!(
        cells(&read[0]),
        told(&[
            ("A1", "進行管理表"),
            ("A2", "事業"),
            ("B2", "担当課"),
            ("A3", "地域づくり"),
            ("B3", "まちづくり推進課\n総務課"),
            ("C3", "0.5"),
            ("B4", "2"),
            ("B5", "2026-04-01"),
        ])
    );
    assert_eq!(read[0].merges[1], Area { top: 3, left: 0, bottom: 5, right: 0 });
    assert!(read[1].is_hidden);
    assert_eq!(cells(&list(bytes, "a.xls").unwrap())[0], ("A2".to_owned(), "事業".to_owned()));
}

#[test]
fn an_old_workbook_that_lies_about_its_size_is_refused() {
    let whole = include_bytes!("workbook.xls");
    // The record of dimensions: 0200, fourteen bytes long.
    let places: Vec<usize> =
        (0..whole.len() - 8).filter(|at| whole[*at..].starts_with(&[0x00, 0x02, 0x0E, 0x00])).collect();
    assert!(!places.is_empty());
    let mut bytes = whole.to_vec();
    for at in places {
        bytes[at + 8..at + 12].copy_from_slice(&[0xFF; 4]);
    }
    assert_eq!(sheets(&bytes, "a.xls", Limits::TEXTS), Err(SheetFault::Damaged { sheet: None }));
}

#[test]
fn an_open_document_is_read_the_same_way() {
    let content = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-content><office:automatic-styles><style:style style:name="ta2"><style:table-properties
table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>
<table:table table:name="計画"><table:table-row table:number-rows-repeated="2"><table:table-cell
table:number-columns-repeated="1024"/></table:table-row><table:table-row><table:table-cell
table:number-columns-spanned="2" table:number-rows-spanned="3"><text:p>目標<text:s text:c="2"/>1 &amp; 2</text:p><text:p>二行目</text:p></table:table-cell>
<table:covered-table-cell/><table:table-cell office:value-type="float" office:value="1604"><office:annotation><text:p>注</text:p>
</office:annotation><text:p>1,604</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="12"
table:number-columns-repeated="2"><text:p>00012</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table>
<table:table table:name="隠し" table:style-name="ta2"><table:table-row><table:table-cell><text:p>鍵</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#;
    let read = sheets(&open_document(content), "a.ods", Limits::TEXTS).unwrap();
    assert_eq!(
        cells(&read[0]),
        told(&[("A3", "目標  1 & 2\n二行目"), ("C3", "1604"), ("D3", "00012"), ("E3", "00012")])
    );
    assert_eq!(read[0].merges, [Area { top: 3, left: 0, bottom: 5, right: 1 }]);
    assert!(read[1].is_hidden);
    let endless =
        content.replace("table:number-columns-repeated=\"2\"", "table:number-columns-repeated=\"4000000000\"");
    let beyond = SheetFault::TooWide { sheet: "計画".to_owned(), cell: address(200, 3), most: 200 };
    assert_eq!(sheets(&open_document(&endless), "a.ods", Limits::TEXTS), Err(beyond));
}

fn open_document(content: &str) -> Vec<u8> {
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, part) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest/>"),
        ("content.xml", content),
    ] {
        packed.start_file(name, stored).unwrap();
        packed.write_all(part.as_bytes()).unwrap();
    }
    packed.finish().unwrap().into_inner()
}

/// A workbook under a password: a compound file with one encrypted part.
fn locked() -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/EncryptedPackage").unwrap().write_all(&[7; 64]).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn what_is_no_list_is_told_by_its_fault() {
    let mut wide = Workbook::new();
    wide.add_worksheet().set_name("横").unwrap().write(1, 200, "x").unwrap();
    let mut deep = Workbook::new();
    let sheet = deep.add_worksheet();
    for row in 0..=u32::try_from(Limits::LIST.rows).unwrap() {
        sheet.write(row, 0, 1).unwrap();
    }
    let long = "長".repeat(1_001);
    let at = |sheet: &str, cell: &str| (sheet.to_owned(), cell.to_owned());
    let (sheet, cell) = at("横", &address(Limits::LIST.columns, 2));
    let too_wide = SheetFault::TooWide { sheet, cell, most: 200 };
    let (sheet, cell) = at("Sheet1", "A20001");
    let too_long = SheetFault::TooLong { sheet, cell, most: 20_000 };
    let (sheet, cell) = at("名簿.csv", "B1");
    let too_much = SheetFault::TooMuch { sheet, cell, most: 1_000 };
    for (bytes, fault) in [
        (wide.save_to_buffer().unwrap(), too_wide),
        (deep.save_to_buffer().unwrap(), too_long),
        (format!("a,{long}").into_bytes(), too_much),
        (Workbook::new().save_to_buffer().unwrap(), SheetFault::Empty),
        (b"\r\n , ,\n".to_vec(), SheetFault::Empty),
        (Vec::new(), SheetFault::Empty),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), SheetFault::Damaged { sheet: None }),
        (locked(), SheetFault::Closed),
        (b"%PDF-1.7\n\0\0".to_vec(), SheetFault::NotASheet),
        (b"PK\x03\x04 and no more".to_vec(), SheetFault::Damaged { sheet: None }),
    ] {
        assert_eq!(list(&bytes, "名簿.csv"), Err(fault));
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
    assert_eq!(list(&bytes, "a.xlsx"), Err(SheetFault::Damaged { sheet: None }));
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
    fn a_spoilt_old_workbook_is_sheets_or_a_fault(flips in vec((any::<Index>(), any::<u8>()), 1..20)) {
        let mut bytes = include_bytes!("workbook.xls").to_vec();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        fuzz(&bytes);
    }

    #[test]
    fn a_spoilt_open_document_is_sheets_or_a_fault(
        cuts in vec((any::<Index>(), 0..40_usize, "[a-zA-Z0-9<>/\"= :&;-]{0,12}"), 0..6)
    ) {
        let mut content = String::from("<t><table:table table:name='a'><table:table-row><table:table-cell table:number-rows-spanned='2'><text:p>b</text:p></table:table-cell></table:table-row></table:table></t>");
        for (place, length, piece) in &cuts {
            let from = place.index(content.len() + 1);
            let to = (from + length).min(content.len());
            content.replace_range(from..to, piece);
        }
        fuzz(&open_document(&content));
    }

    #[test]
    fn any_bytes_are_a_list_or_a_fault(start in 0..6_usize, bytes in vec(any::<u8>(), 0..600)) {
        let starts: [&[u8]; 6] = [b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"\"", b"a,b\n"];
        fuzz(&[starts[start], &bytes].concat());
    }

    #[test]
    fn a_spoilt_workbook_is_a_list_or_a_fault(flips in vec((any::<Index>(), any::<u8>()), 1..20)) {
        let mut bytes = book();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        fuzz(&bytes);
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
        fuzz(&bytes);
    }
}
