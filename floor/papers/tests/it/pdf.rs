//! The PDF, as other programs see it.

use std::fs;
use std::path::Path;

use kyodo_papers::{Block, Cell, Error, Level, Paper, Table, TableFault, pdf};
use lopdf::Object;

use crate::read::Pdf;
use crate::yearly_report::yearly_report;

fn report() -> Pdf {
    Pdf::of(&pdf(&yearly_report(7)).unwrap())
}

fn with(blocks: Vec<Block>) -> Paper {
    Paper::new("題", "見本市", "令和8年11月20日").upright(blocks)
}

#[test]
fn the_text_comes_out_as_it_went_in() {
    let text = report().text();
    for words in [
        "第3次一関市協働推進計画",
        "令和6年度進捗状況報告書",
        "7の事業のうち5が計画どおりに進みました。",
        "葛󠄀西さん、𠮷田さん、髙橋さんら登録者への聞き取りでは、",
        "一部実施（遅れ）",
        "市の考え方（まちづくり推進課）",
        "※この報告書についてのお問い合わせは、まちづくり推進課（電話0191-21-0000）まで。",
    ] {
        assert!(text.contains(words), "{words} is missing in {text}");
    }
}

#[test]
fn headings_are_bookmarks() {
    let bookmarks = report().bookmarks();
    let first: Vec<&str> = bookmarks.iter().filter(|(level, _)| *level == 1).map(|(_, title)| title.as_str()).collect();
    assert_eq!(
        first,
        [
            "目次",
            "第1章\u{3000}総括",
            "第2章\u{3000}年次計画と実績",
            "第3章\u{3000}事業ごとの報告",
            "第4章\u{3000}成果指標",
            "第5章\u{3000}協働推進会議の意見と市の考え方",
            "第6章\u{3000}令和7年度に向けて",
        ]
    );
    assert!(bookmarks.contains(&(3, "事業7 学習機会の提供".to_owned())), "{bookmarks:?}");
}

#[test]
fn it_says_what_it_is() {
    let pdf = report();
    assert_eq!(pdf.says(&["Lang"]).and_then(|lang| lang.as_str().ok()), Some(&b"ja"[..]));
    assert_eq!(pdf.says(&["MarkInfo", "Marked"]), Some(&Object::Boolean(true)));
    assert_eq!(pdf.says(&["ViewerPreferences", "DisplayDocTitle"]), Some(&Object::Boolean(true)));
    assert!(pdf.says(&["StructTreeRoot"]).is_some());
    let metadata = pdf.metadata();
    assert!(metadata.contains("第3次一関市協働推進計画") && metadata.contains("一関市"), "{metadata}");
    assert!(metadata.contains("<pdfuaid:part>1</pdfuaid:part>"), "{metadata}");
    assert!(metadata.contains("<pdfaid:part>2</pdfaid:part>"), "{metadata}");
    assert!(metadata.contains("<pdfaid:conformance>A</pdfaid:conformance>"), "{metadata}");
}

#[test]
fn a_paper_without_a_day_is_no_archive_but_can_be_listened_to() {
    let metadata = Pdf::of(&pdf(&with(vec![Block::heading(Level::First, "章")])).unwrap()).metadata();
    assert!(metadata.contains("<pdfuaid:part>1</pdfuaid:part>"), "{metadata}");
    assert!(!metadata.contains("pdfaid:part"), "{metadata}");
}

#[test]
fn tables_are_tables() {
    let pdf = report();
    // Three tables with captions, and the names and values of the first chapter and of each measure.
    assert_eq!(pdf.count("Table"), 3 + 1 + 7);
    let scope = |wanted: &[u8]| {
        let says = |dictionary: &lopdf::Dictionary| {
            dictionary.get(b"Scope").and_then(Object::as_name).is_ok_and(|name| name == wanted)
        };
        let within = |attributes: &Object| match attributes {
            Object::Dictionary(dictionary) => says(dictionary),
            Object::Array(all) => all.iter().filter_map(|one| one.as_dict().ok()).any(says),
            _ => false,
        };
        pdf.dictionaries().filter(|dictionary| dictionary.get(b"A").is_ok_and(within)).count()
    };
    assert!(scope(b"Column") > 10 && scope(b"Row") > 10 && scope(b"Both") >= 3, "heads of columns and rows");
    assert_eq!(pdf.count("Figure"), 2);
    assert_eq!(pdf.count("BlockQuote"), 2);
}

#[test]
fn fonts_are_in_the_file() {
    let pdf = report();
    let descriptors: Vec<_> = pdf
        .dictionaries()
        .filter(|dictionary| {
            dictionary.get(b"Type").and_then(Object::as_name).is_ok_and(|name| name == b"FontDescriptor")
        })
        .collect();
    assert!(descriptors.len() >= 3, "{}", descriptors.len());
    assert!(descriptors.iter().all(|font| font.has(b"FontFile2") || font.has(b"FontFile3")));
}

#[test]
fn wide_tables_lie_on_their_side() {
    let sizes = report().sizes();
    let (upright, sideways) = ("595×842", "842×595");
    assert_eq!(sizes.first().map(String::as_str), Some(upright));
    assert!(sizes.iter().any(|size| size == sideways), "{sizes:?}");
    assert_eq!(sizes.last().map(String::as_str), Some(upright));
}

#[test]
fn a_measure_stays_on_one_page_of_the_grid() {
    let rows = (1..=50).flat_map(|number| {
        // Titles of one line and of two, so that pages end at different heights.
        let title = format!("事業{number}{}", "長い題".repeat(number % 4));
        [vec![Cell::heading(title).over_rows(2), Cell::new("予定")], vec![Cell::new("結果")]]
    });
    let head = vec![vec![Cell::heading("事業"), Cell::new("令和8年度")]];
    let table = Table { caption: Some("表".into()), columns: vec![1.0, 6.0], head, rows: rows.collect() };
    let pdf = Pdf::of(&pdf(&with(vec![Block::Table(table)])).unwrap());
    let pages = pdf.sizes().len();
    assert!(pages > 1);
    for page in (1..).take(pages) {
        let text = pdf.0.extract_text(&[page]).unwrap();
        assert!(text.contains("予定"), "{text}");
        assert_eq!(text.matches("予定").count(), text.matches("結果").count(), "{text}");
    }
}

#[test]
fn rows_that_a_cell_joins_may_still_be_higher_than_a_page() {
    let long = "長い文です。".repeat(800);
    let table = Table {
        caption: None,
        columns: vec![1.0, 1.0],
        head: vec![],
        rows: vec![vec![Cell::heading("題").over_rows(2), Cell::new(long)], vec![Cell::new("終わりの行")]],
    };
    let pdf = Pdf::of(&pdf(&with(vec![Block::Table(table)])).unwrap());
    assert!(pdf.sizes().len() > 1);
    assert!(pdf.text().matches("長い文です。").count() >= 780 && pdf.text().contains("終わりの行"));
}

#[test]
fn the_same_paper_is_the_same_file() {
    assert!(pdf(&yearly_report(2)).unwrap() == pdf(&yearly_report(2)).unwrap());
}

#[test]
fn a_paper_without_headings_is_found_by_its_title() {
    let pdf = Pdf::of(&pdf(&with(vec![Block::paragraph("本文")])).unwrap());
    assert_eq!(pdf.bookmarks(), [(1, "題".to_owned())]);
}

#[test]
fn what_fits_on_the_page_of_the_title_stands_there() {
    let upright = with(vec![Block::heading(Level::First, "章"), Block::paragraph("本文")]);
    assert_eq!(Pdf::of(&pdf(&upright).unwrap()).sizes(), ["595×842"]);
    let sideways = Paper::new("題", "見本市", "令和8年11月20日").sideways(vec![Block::paragraph("本文")]);
    assert_eq!(Pdf::of(&pdf(&sideways).unwrap()).sizes(), ["842×595"]);
}

#[test]
fn an_empty_paper_is_a_paper() {
    assert_eq!(Pdf::of(&pdf(&with(vec![])).unwrap()).sizes().len(), 1);
    let empty = Paper::new("", "", "");
    assert_eq!(Pdf::of(&pdf(&empty).unwrap()).sizes().len(), 1);
}

#[test]
fn headings_that_jump_or_say_nothing_do_no_harm() {
    let paper = with(vec![
        Block::heading(Level::Third, "深い"),
        Block::heading(Level::First, " \u{7}"),
        Block::heading(Level::Third, "もっと深い"),
    ]);
    let bookmarks = Pdf::of(&pdf(&paper).unwrap()).bookmarks();
    assert_eq!(bookmarks, [(1, "深い".to_owned()), (2, "もっと深い".to_owned())]);
}

#[test]
fn a_table_whose_cells_do_not_fit_is_refused_by_name() {
    let table = Table {
        caption: Some("表1".into()),
        columns: vec![1.0],
        head: vec![],
        rows: vec![vec![Cell::new("一"), Cell::new("二")]],
    };
    let fault = pdf(&with(vec![Block::Table(table)])).unwrap_err();
    assert!(
        matches!(fault, Error::Table { ref caption, fault: TableFault::TooWide(1) } if caption == "表1"),
        "{fault}"
    );
}

#[test]
fn a_paper_is_kept_as_json_and_comes_back() {
    let paper = yearly_report(3);
    let kept = serde_json::to_string(&paper).unwrap();
    assert_eq!(serde_json::from_str::<Paper>(&kept).unwrap(), paper);
}

/// Lies in `target/tmp` afterwards, for the eye.
#[test]
fn a_report_of_52_measures_is_made_whole() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = pdf(&yearly_report(52)).unwrap();
    fs::write(folder.join("yearly-report.pdf"), &file).unwrap();
    assert!(Pdf::of(&file).text().contains("事業52"));
}
