//! A whole plan in and out of spreadsheets.

pub(crate) mod shapes;

use kyodo_kernel::workbook::{Limits, Sheet, sheets};
use kyodo_plan::import::{self, Changed, Changes, Document, Known, Read, changes, guess, tables};
use kyodo_plan::store::import::{known, put_document};
use kyodo_testkit::{TestCity, TestPack};
use kyodo_web::sheet::{SheetFormat, workbook};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::world::{city, day, evaluated, items, now, observed, report, reported, shown};

/// The city's plan as it stands.
pub(crate) async fn stands(city: &TestCity) -> Known {
    let departments = &city.city().state().await.expect("its state").departments;
    known(city.db(), departments).await.expect("it can be read").expect("the city has a plan")
}

/// A file read under the mapping that its heads suggest.
pub(crate) fn comes(known: &Known, bytes: &[u8], name: &str) -> Read {
    let sheets = sheets(bytes, name, Limits::TEXTS).expect("it is a spreadsheet");
    import::read(&sheets, &guess(&sheets, known), known)
}

/// The faults as clerks would look for them: cell and message.
pub(crate) fn faults(read: &Read) -> Vec<(&str, &str)> {
    read.faults.iter().map(|fault| (fault.cell.as_str(), fault.message)).collect()
}

pub(crate) fn told(known: &Known, read: &Read) -> Changes {
    changes(&known.document, &read.document, &known.departments)
}

/// The plan as files of both kinds.
fn files(document: &Document, known: &Known) -> [(&'static str, Vec<u8>); 2] {
    let tables = tables(document, &known.departments);
    let book = workbook("計画", &tables.sheets).expect("it can be written");
    let csv = tables.whole.download(SheetFormat::Csv).expect("it can be written");
    [("計画.xlsx", book.content), ("計画.csv", csv.content)]
}

async fn lively(name: &str) -> TestCity {
    let city = city(TestPack::named(name)).await;
    let plan = stands(&city).await.document;
    let key: &'static str =
        Box::leak(plan.plan.nodes.iter().rfind(|node| !node.is_alias()).unwrap().key.clone().into_boxed_str());
    let mark = plan.plan.outline.marks.first().map(|mark| mark.name.clone());
    let one = report(key, 2023, mark.as_deref().unwrap_or_default()).saying("一行目\n二行目、=SUM(A1)").then("=次");
    let one = if mark.is_some() { one } else { one.without_mark() };
    reported(&city, &[one]).await;
    if let Some(indicator) = plan.indicators.first() {
        observed(&city, &indicator.key, &[(2023, 12.5), (2024, 1_234.0)]).await;
    }
    city
}

#[tokio::test]
async fn what_goes_out_comes_in_again_and_changes_nothing() {
    let names = TestPack::shipped();
    for name in names.iter().map(String::as_str).chain(["mihon"]) {
        let city = lively(name).await;
        let known = stands(&city).await;
        for (file, bytes) in files(&known.document, &known) {
            let read = comes(&known, &bytes, file);
            assert_eq!(faults(&read), [], "{name} {file}");
            assert_eq!(read.questions, [], "{name} {file}");
            assert_eq!(told(&known, &read), Changes::default(), "{name} {file}");
            assert_eq!(read.document, known.document, "{name} {file}");
        }
        let read = comes(&known, &files(&known.document, &known)[0].1, "計画.xlsx");
        let mut tx = city.db().begin().await.unwrap();
        put_document(&mut tx, &known.document, &read, now(), day("2026-11-20")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(stands(&city).await.document, known.document, "{name}, put again");
    }
}

#[tokio::test]
async fn an_empty_plan_takes_in_the_plan_of_another_city() {
    let (from, to) = (stands(&lively("ichinoseki").await).await, city("mihon").await);
    let bytes = &files(&from.document, &from)[0].1;
    let there = stands(&to).await;
    let read = comes(&there, bytes, "計画.xlsx");
    let mut asked: Vec<&str> = read.questions.iter().map(|question| question.about).collect();
    asked.dedup();
    assert_eq!(asked, ["grade", "mark"].iter().filter(|about| asked.contains(about)).copied().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_changed_file_is_told_field_by_field_and_then_stands() {
    let city = city("mihon").await;
    evaluated(&city, "1-1-1-1", 2024, "折り目を見る会", None, "よい。").await;
    let before = stands(&city).await;
    let mut document = before.document.clone();
    let node = document.plan.nodes.iter_mut().find(|node| node.key == "1-1-1-2").unwrap();
    node.title = "谷折りの手引き".to_owned();
    node.departments = vec!["kamifusen".to_owned()];
    document.reports.insert(
        ("1-1-1-1".to_owned(), 2024),
        import::Report { text: "会を開きました。".to_owned(), ..Default::default() },
    );
    document.figures.insert(("wrinkles".to_owned(), 2023), 7.0);
    for (file, bytes) in files(&document, &before) {
        let read = comes(&before, &bytes, file);
        assert_eq!(faults(&read), []);
        let told = told(&before, &read);
        let [Changed { key, fields, .. }] = &told.lines[..] else { panic!("{file}: {told:#?}") };
        let fields: Vec<_> = fields.iter().map(|one| (one.field, one.before.as_str(), one.after.as_str())).collect();
        assert_eq!(key, "1-1-1-2");
        assert_eq!(fields[0], ("title", "山折りの手引き", "谷折りの手引き"));
        assert_eq!(fields[1].0, "departments");
        assert_eq!((told.reports.len(), told.figures.len()), (1, 1));
    }
    let read = comes(&before, &files(&document, &before)[1].1, "計画.csv");
    let mut tx = city.db().begin().await.unwrap();
    put_document(&mut tx, &before.document, &read, now(), day("2026-11-20")).await.unwrap();
    kyodo_kernel::city::bump_revision(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    shown(&city, "/plan/nodes/1-1-1-1").await.says("会を開きました。").says("よい。");
    shown(&city, "/plan/nodes/1-1-1-2").await.says("谷折りの手引き");
    assert!(items(&city, "/api/v1/plan/nodes").await.len() > 10);
}

#[tokio::test]
async fn a_line_with_opinions_on_it_cannot_be_left_out() {
    let city = city("mihon").await;
    evaluated(&city, "2-2-1-1", 2024, "折り目を見る会", None, "よい。").await;
    let before = stands(&city).await;
    let mut document = before.document.clone();
    document.plan.nodes.retain(|node| node.key != "2-2-1-1");
    document.indicators.retain(|one| one.node.as_deref() != Some("2-2-1-1"));
    let read = comes(&before, &files(&document, &before)[0].1, "計画.xlsx");
    assert!(faults(&read).contains(&("", "import-held")), "{:?}", read.faults);
}

/// The sheets of a workbook.
pub(crate) fn sheets_of(bytes: &[u8], name: &str) -> Vec<Sheet> {
    sheets(bytes, name, Limits::TEXTS).expect("it is a spreadsheet")
}

proptest! {
    #[test]
    fn any_bytes_are_a_plan_or_faults(bytes in vec(any::<u8>(), 0..400)) {
        import::fuzz(&bytes);
    }

    #[test]
    fn any_table_is_a_plan_or_faults(rows in vec(vec(select(&WORDS[..]), 0..9), 0..14)) {
        let text: Vec<String> = rows.iter().map(|row| row.join("\t")).collect();
        import::fuzz(text.join("\n").as_bytes());
    }
}

/// Words that mean something somewhere in a table.
const WORDS: [&str; 44] = [
    "",
    "",
    "",
    "種別",
    "キー",
    "番号",
    "段",
    "名称",
    "目標",
    "方策",
    "取組",
    "大項目",
    "担当課",
    "対象：市民",
    "役割：市",
    "令和6年度",
    "R7",
    "8年度",
    "H21",
    "平成32年度",
    "年次計画",
    "実績",
    "評価",
    "指標",
    "単位",
    "目標値",
    "基準値",
    "基準年度",
    "再掲のもと",
    "年度",
    "報告",
    "→",
    "⇒",
    "実施",
    "検討・実施",
    "1",
    "1-1",
    "1-1-1",
    "計画",
    "進捗",
    "◎",
    "－",
    "総務課、教育課",
    "出前講座【再掲】",
];
