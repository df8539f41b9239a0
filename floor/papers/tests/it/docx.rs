//! The Word document, as a ZIP of XML.

use std::fs;
use std::path::Path;

use kyodo_papers::{WordFonts, docx, docx_in};
use roxmltree::{Document, Node};

use crate::read::part;
use crate::small::everywhere;
use crate::yearly_report::yearly_report;

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

fn all<'a>(xml: &'a Document<'_>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    xml.descendants().filter(move |node| node.has_tag_name((WORD, name)))
}

fn value<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attribute((WORD, "val"))
}

fn words(node: Node<'_, '_>) -> String {
    node.descendants().filter(|node| node.has_tag_name((WORD, "t"))).filter_map(|node| node.text()).collect()
}

/// The paragraphs with the id of their style.
fn paragraphs(xml: &Document<'_>) -> Vec<(String, String)> {
    all(xml, "p")
        .map(|paragraph| {
            let style = paragraph.descendants().find(|node| node.has_tag_name((WORD, "pStyle"))).and_then(value);
            (style.unwrap_or_default().to_owned(), words(paragraph))
        })
        .collect()
}

#[test]
fn every_thing_has_a_style_that_is_there() {
    let file = docx(&yearly_report(7)).unwrap();
    let document = part(&file, "word/document.xml");
    let document = Document::parse(&document).unwrap();
    let styles = part(&file, "word/styles.xml");
    let styles = Document::parse(&styles).unwrap();
    let there: Vec<&str> = all(&styles, "style").filter_map(|style| style.attribute((WORD, "styleId"))).collect();
    for used in all(&document, "pStyle").chain(all(&document, "tblStyle")).filter_map(value) {
        assert!(there.contains(&used), "{used} is not among {there:?}");
    }
    let shown = paragraphs(&document);
    for (style, words) in [
        ("Heading1", "総括"),
        ("Heading2", "この報告書について"),
        ("Heading3", "事業7 学習機会の提供"),
        ("Quote", "市民センターの夜間の利用時間を延ばしてほしい。"),
        ("Speaker", "市民からの意見（60代）"),
        ("TableCaption", "表2 年次計画と実績"),
        ("CellHeading", "担当課"),
        ("ListBullet", "講座の記録を協働のニュースで公開 8本"),
    ] {
        assert!(shown.contains(&(style.to_owned(), words.to_owned())), "{style} {words}");
    }
    assert!(shown.iter().any(|(style, words)| style == "BodyText" && words.contains("葛󠄀西さん、𠮷田さん、髙橋さん")));
}

#[test]
fn headings_are_words_own() {
    let styles = part(&docx(&yearly_report(1)).unwrap(), "word/styles.xml");
    let styles = Document::parse(&styles).unwrap();
    for level in 1..=3 {
        let id = format!("Heading{level}");
        let style = all(&styles, "style").find(|style| style.attribute((WORD, "styleId")) == Some(&id)).unwrap();
        let child = |name: &'static str| style.descendants().find(|node| node.has_tag_name((WORD, name)));
        assert_eq!(child("name").and_then(value), Some(format!("heading {level}").as_str()));
        assert_eq!(child("outlineLvl").and_then(value), Some((level - 1).to_string().as_str()));
        let fonts = child("rFonts").unwrap();
        assert_eq!(fonts.attribute((WORD, "eastAsia")), Some("游ゴシック"));
    }
    let names: Vec<_> = all(&styles, "name").filter_map(value).collect();
    for name in ["Body Text", "Quote", "caption", "注", "表", "toc 1", "footer"] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
}

#[test]
fn fonts_are_a_setting() {
    let fonts = WordFonts { text: "ＭＳ 明朝".to_owned(), heading: "ＭＳ ゴシック".to_owned() };
    let styles = part(&docx_in(&yearly_report(1), &fonts).unwrap(), "word/styles.xml");
    assert!(styles.contains(r#"w:eastAsia="ＭＳ 明朝""#) && styles.contains(r#"w:eastAsia="ＭＳ ゴシック""#));
    assert!(!styles.contains("游"));
    assert!(styles.contains(r#"<w:lang w:val="ja" w:eastAsia="ja" />"#));
}

#[test]
fn numbers_of_headings_are_counted_by_word() {
    let file = docx(&yearly_report(1)).unwrap();
    let numbering = part(&file, "word/numbering.xml");
    for pattern in ["第%1章\u{3000}", "%1-%2\u{3000}", "(%3)\u{3000}"] {
        assert!(numbering.contains(&format!(r#"<w:lvlText w:val="{pattern}" />"#)), "{pattern}: {numbering}");
    }
    let document = part(&file, "word/document.xml");
    let document = Document::parse(&document).unwrap();
    let heading = all(&document, "p").find(|paragraph| words(*paragraph) == "総括").unwrap();
    assert!(heading.descendants().any(|node| node.has_tag_name((WORD, "numPr"))));
}

#[test]
fn the_contents_are_a_field_that_leads_to_the_headings() {
    let document = part(&docx(&yearly_report(1)).unwrap(), "word/document.xml");
    let xml = Document::parse(&document).unwrap();
    let fields: Vec<_> = all(&xml, "instrText").filter_map(|field| field.text()).collect();
    assert!(fields[0].starts_with(r#"TOC \o "1-2""#), "{fields:?}");
    let marks: Vec<_> = all(&xml, "bookmarkStart").filter_map(|mark| mark.attribute((WORD, "name"))).collect();
    let links: Vec<_> = all(&xml, "hyperlink").filter_map(|link| link.attribute((WORD, "anchor"))).collect();
    assert!(links.len() > 6 && links.iter().all(|link| marks.contains(link)), "{links:?} {marks:?}");
    let entries = paragraphs(&xml);
    assert!(entries.contains(&("ToC1".to_owned(), "第1章\u{3000}総括".to_owned())), "{entries:?}");
}

#[test]
fn heads_of_tables_repeat_and_cells_reach_over_rows() {
    let document = part(&docx(&yearly_report(7)).unwrap(), "word/document.xml");
    let xml = Document::parse(&document).unwrap();
    // One row at the head of the first two tables, two at the third.
    assert_eq!(all(&xml, "tblHeader").count(), 4);
    let merges: Vec<_> = all(&xml, "vMerge").filter_map(value).collect();
    assert_eq!(merges.iter().filter(|merge| **merge == "restart").count(), 7 * 2 + 2);
    assert_eq!(merges.iter().filter(|merge| **merge == "continue").count(), 7 * 2 + 2);
    for table in all(&xml, "tbl") {
        let columns = table.descendants().filter(|node| node.has_tag_name((WORD, "gridCol"))).count();
        for row in table.children().filter(|node| node.has_tag_name((WORD, "tr"))) {
            let span = |cell: Node<'_, '_>| {
                let span = cell.descendants().find(|node| node.has_tag_name((WORD, "gridSpan"))).and_then(value);
                span.map_or(1, |span| span.parse::<usize>().unwrap())
            };
            let wide: usize = row.children().filter(|node| node.has_tag_name((WORD, "tc"))).map(span).sum();
            assert_eq!(wide, columns, "{}", words(row));
        }
    }
}

#[test]
fn pages_are_a4_and_numbered_and_wide_tables_lie_on_their_side() {
    let file = docx(&yearly_report(1)).unwrap();
    let document = part(&file, "word/document.xml");
    let xml = Document::parse(&document).unwrap();
    let sizes: Vec<_> = all(&xml, "pgSz")
        .map(|size| (size.attribute((WORD, "w")).unwrap(), size.attribute((WORD, "h")).unwrap()))
        .collect();
    let (upright, sideways) = (("11906", "16838"), ("16838", "11906"));
    assert_eq!(sizes, [upright, upright, upright, sideways, upright, upright]);
    assert_eq!(all(&xml, "footerReference").count(), 1, "the cover has none, the others take it over");
    let footer = part(&file, "word/footer1.xml");
    assert!(footer.contains("PAGE") && footer.contains("NUMPAGES"), "{footer}");
}

#[test]
fn pictures_say_what_they_show() {
    let file = docx(&yearly_report(1)).unwrap();
    let document = part(&file, "word/document.xml");
    assert_eq!(document.matches("descr=").count(), 2);
    assert!(document.contains("登録者数の折れ線グラフ。令和4年度41人"));
    let archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    assert_eq!(archive.file_names().flatten().filter(|name| name.ends_with(".png")).count(), 2);
}

#[test]
fn it_says_what_it_is() {
    let core = part(&docx(&yearly_report(1)).unwrap(), "docProps/core.xml");
    Document::parse(&core).unwrap();
    assert!(core.contains("<dc:title>第3次一関市協働推進計画</dc:title>"), "{core}");
    assert!(core.contains("<dc:creator>一関市</dc:creator>") && !core.contains("unknown"), "{core}");
}

#[test]
fn the_same_paper_is_the_same_file() {
    let here = docx(&yearly_report(2)).unwrap();
    let there = std::thread::spawn(|| docx(&yearly_report(2)).unwrap()).join().unwrap();
    assert!(here == there && here == docx(&yearly_report(2)).unwrap());
}

#[test]
fn a_small_paper_is_written_so() {
    let document = part(&docx(&everywhere("語")).unwrap(), "word/document.xml");
    let document = document.split_once("<w:body>").unwrap().1.replace("<w:p>", "\n<w:p>").replace("<w:t", "\n  <w:t");
    insta::assert_snapshot!("small_document", document);
}

/// Lies in `target/tmp` afterwards, for the eye.
#[test]
fn a_report_of_52_measures_is_made_whole() {
    let file = docx(&yearly_report(52)).unwrap();
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("yearly-report.docx"), &file).unwrap();
    assert!(part(&file, "word/document.xml").contains("事業52"));
}
