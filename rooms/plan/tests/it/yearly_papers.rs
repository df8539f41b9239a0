//! The yearly report as a document: PDF and Word say what the page says, for every city.

use std::io::{Cursor, Read as _};

use kyodo_kernel::FiscalYear;
use kyodo_plan::evaluation::{Answer, Evaluation, Kind};
use kyodo_plan::store;
use kyodo_testkit::{Page, TestCity};
use lopdf::Document;

use crate::world::{city, day, items, observed, report, reported, shown, word};

const REPORT: &str = "/plan/reports/2025";

/// What somebody said of a node, or of the whole plan, and what was answered.
async fn said(city: &TestCity, key: Option<&str>, kind: Kind, who: &str, comment: &str, answer: Option<&str>) {
    let mut tx = city.db().begin().await.expect("a transaction begins");
    let node = match key {
        Some(key) => store::node_now(&mut tx, 1, key).await.expect("it can be read").map(|node| node.id),
        None => None,
    };
    let said = Evaluation {
        id: 0,
        node,
        year: FiscalYear::new(2025),
        kind,
        evaluator: who.to_owned(),
        grade: None,
        comment: comment.to_owned(),
        published_on: Some(day("2026-10-01")),
        answer: answer.map(|text| Answer { text: text.to_owned(), on: day("2026-11-01") }),
    };
    store::put_evaluation(&mut tx, 1, &said, false).await.expect("it can be stored");
    tx.commit().await.expect("the transaction ends well");
}

async fn told() -> TestCity {
    let city = city("mihon").await;
    reported(
        &city,
        &[report("1-1-1-1", 2025, "花").saying("鶴を千羽折りました。").graded("鶴").then("もっと折ります。")],
    )
    .await;
    observed(&city, "wrinkles", &[(2024, 700.0), (2025, 650.5)]).await;
    let answer = Some("来年は市民にも配ります。");
    said(&city, Some("1-1-1-1"), Kind::ThirdParty, "折り目を見る会", "角がそろっています。", answer).await;
    said(&city, None, Kind::Resident, "市民", "計画は読みやすいです。", None).await;
    city
}

/// The text of all pages without white space, which lines and columns change.
fn text_of(pdf: &Document) -> String {
    let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
    let text = pdf.extract_text(&pages).expect("the text can be read");
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

fn pdf(page: &Page) -> Document {
    assert_eq!(page.header("content-type"), "application/pdf");
    Document::load_mem(page.bytes()).expect("it is a PDF")
}

/// A part of a Word document.
fn part(page: &Page, name: &str) -> String {
    assert!(page.header("content-type").ends_with("wordprocessingml.document"), "{page}");
    let mut archive = zip::ZipArchive::new(Cursor::new(page.bytes())).expect("it is a ZIP");
    let mut text = String::new();
    archive.by_name(name).expect("the part is there").read_to_string(&mut text).expect("it is text");
    text
}

const SAID: [&str; 9] = [
    "第1次見本市折り紙計画",
    "2025年度進捗状況報告書",
    "鶴を千羽折りました。",
    "もっと折ります。",
    "角がそろっています。",
    "第三者評価折り目を見る会",
    "来年は市民にも配ります。",
    "計画は読みやすいです。",
    "この年度の報告はありません。",
];

#[tokio::test]
async fn the_pdf_says_what_the_page_says_and_can_be_listened_to() {
    let city = told().await;
    let page = shown(&city, REPORT).await;
    for ending in ["pdf", "docx"] {
        assert!(page.links().iter().any(|link| link.href == format!("?format={ending}")), "{ending}");
    }
    let file = shown(&city, &format!("{REPORT}?format=pdf")).await;
    assert!(file.header("content-disposition").contains("filename=\"kyodo.pdf\""), "{file}");
    let pdf = pdf(&file);
    let text = text_of(&pdf);
    for words in SAID {
        assert!(text.contains(words), "{words} is missing in {text}");
    }
    assert!(text.contains("令和8年11月20日現在"), "{text}");
    let catalog = pdf.catalog().expect("it has a catalog");
    assert!(catalog.has(b"MarkInfo") && catalog.has(b"StructTreeRoot") && catalog.has(b"Lang"));
    let bookmarks = pdf.get_toc().expect("it has bookmarks").toc;
    let of = |level: usize| -> Vec<&str> {
        bookmarks.iter().filter(|mark| mark.level == level).map(|mark| mark.title.as_str()).collect()
    };
    assert_eq!(
        of(1),
        [
            "目次",
            "第1章\u{3000}総括",
            "第2章\u{3000}成果指標",
            "第3章\u{3000}節ごとの報告",
            "第4章\u{3000}計画全体への意見"
        ]
    );
    assert!(of(3).iter().any(|title| title.ends_with("折り方の会")), "{bookmarks:?}");
}

#[tokio::test]
async fn the_word_file_has_headings_that_a_clerk_can_go_on_with() {
    let city = told().await;
    let file = shown(&city, &format!("{REPORT}?format=docx")).await;
    let xml = part(&file, "word/document.xml");
    let document = roxmltree::Document::parse(&xml).expect("it is XML");
    let text: String = document.descendants().filter(roxmltree::Node::is_text).filter_map(|node| node.text()).collect();
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    for words in SAID {
        assert!(text.contains(words), "{words} is missing in {text}");
    }
    for style in ["Heading1", "Heading2", "Heading3"] {
        assert!(xml.contains(&format!("w:val=\"{style}\"")), "{style} is not used");
    }
    assert!(part(&file, "word/styles.xml").contains("heading 1"));
}

#[tokio::test]
async fn the_document_is_the_same_in_every_language_and_made_once() {
    let city = told().await;
    let address = format!("{REPORT}?format=pdf");
    let first = shown(&city, &address).await;
    for language in ["en", "ja-easy"] {
        let again = shown(&city, &format!("{address}&lang={language}")).await;
        assert!(again.bytes() == first.bytes(), "{language}");
    }
    city.visitor("花").gets("/plan/reports/2023?format=pdf").await.is(404);
}

async fn every_measure_is_printed(slug: &str) {
    let city = city(slug).await;
    let nodes = items(&city, "/api/v1/plan/nodes").await;
    let keys: Vec<String> = nodes.iter().map(|node| word(node, "key").to_owned()).collect();
    let is_measure = |key: &&String| !keys.iter().any(|other| other.starts_with(&format!("{key}-")));
    let measures = keys.iter().filter(is_measure).map(|key| report(key.clone().leak(), 2025, "x").without_mark());
    let measures: Vec<_> = measures.take(12).collect();
    reported(&city, &measures).await;
    let text = text_of(&pdf(&shown(&city, &format!("{REPORT}?format=pdf")).await));
    assert!(text.contains("2025年度のようすです。"), "{text}");
    assert!(!text.contains('〓'), "a letter has no shape: {text}");
    let xml = part(&shown(&city, &format!("{REPORT}?format=docx")).await, "word/document.xml");
    roxmltree::Document::parse(&xml).expect("it is XML");
}

#[tokio::test]
async fn ichinoseki_is_printed() {
    every_measure_is_printed("ichinoseki").await;
}

#[tokio::test]
async fn kikugawa_is_printed() {
    every_measure_is_printed("kikugawa").await;
}

#[tokio::test]
async fn yamaguchi_is_printed() {
    every_measure_is_printed("yamaguchi").await;
}

#[tokio::test]
async fn shinjo_is_printed() {
    every_measure_is_printed("shinjo").await;
}

#[tokio::test]
async fn honjo_is_printed() {
    every_measure_is_printed("honjo").await;
}
