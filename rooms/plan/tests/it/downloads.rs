//! Downloads: exactly what the page shows, as Excel opens it.

use kyodo_testkit::{Page, TestCity, TestPack};

use crate::world::{city, happened, observed, report, reported, shown, table, times};

async fn lively() -> TestCity {
    let city = city("mihon").await;
    reported(&city, &[report("1-2-1-1", 2026, "芽"), report("1-1-1-1", 2025, "葉・花")]).await;
    observed(&city, "wrinkles", &[(2024, 700.0), (2025, 650.5)]).await;
    happened(&city, &times(9, "course.held", "2025-06-01")).await;
    happened(&city, &times(4, "course.held", "2026-06-01")).await;
    city
}

/// The name under which a browser keeps it.
fn name(page: &Page) -> String {
    let (_, encoded) = page.header("content-disposition").split_once("filename*=UTF-8''").expect("it has a name");
    let mut bytes = Vec::new();
    let mut rest = encoded;
    while let Some(first) = rest.chars().next() {
        if first == '%' {
            bytes.push(u8::from_str_radix(&rest[1..3], 16).expect("two hexadecimal digits"));
            rest = &rest[3..];
        } else {
            bytes.push(u8::try_from(first).expect("ASCII"));
            rest = &rest[1..];
        }
    }
    String::from_utf8(bytes).expect("the name is UTF-8")
}

#[tokio::test]
async fn every_download_has_a_japanese_name_and_opens() {
    const FILES: [(&str, &str); 5] = [
        ("/plan", "見本市_第1次見本市折り紙計画_取組一覧"),
        ("/plan/schedule", "見本市_第1次見本市折り紙計画_年次計画"),
        ("/plan/matrix", "見本市_第1次見本市折り紙計画_体系図"),
        ("/plan/indicators", "見本市_指標"),
        ("/plan/indicators/wrinkles", "見本市_広場の紙のしわの数"),
    ];
    let city = lively().await;
    for (address, wanted) in FILES {
        let page = shown(&city, address).await;
        let links = page.links();
        for format in ["csv", "xlsx"] {
            let link = links.iter().find(|link| link.href.contains(&format!("format={format}")));
            assert!(link.is_some(), "{address} offers {format}");
            let file = shown(&city, &format!("{address}?format={format}")).await;
            assert_eq!(name(&file), format!("{wanted}.{format}"));
            assert!(file.header("content-disposition").starts_with("attachment; filename=\"kyodo."), "{file}");
        }
        let csv = shown(&city, &format!("{address}?format=csv")).await;
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert!(csv.bytes().starts_with(b"\xef\xbb\xbf"), "{address} begins with a byte order mark");
        let text = csv.source();
        assert!(text.ends_with("\r\n") && text.matches('\n').count() == text.matches("\r\n").count(), "{address}");
        assert!(!table(&csv).is_empty(), "{address}");
        let excel = shown(&city, &format!("{address}?format=xlsx")).await;
        assert_eq!(excel.header("content-type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        assert!(excel.bytes().starts_with(b"PK\x03\x04"), "{address}");
    }
}

#[tokio::test]
async fn the_table_holds_what_the_filtered_page_shows() {
    let city = lively().await;
    for query in ["", "department=kamifusen", "mark=葉&late=1", "q=紙", "q=だれもいない"] {
        let page = shown(&city, &format!("/plan/schedule?{query}")).await;
        let link = page.links().into_iter().find(|link| link.href.contains("format=csv")).expect("it offers a table");
        let rows = table(&shown(&city, &format!("/plan/schedule{}", link.href)).await);
        let titles: Vec<&str> = rows.iter().map(|row| row["名前"].as_str()).collect();
        assert_eq!(titles, page.texts_of("table.years tbody tr:not(.group) th a"), "{query}");
    }
}

#[tokio::test]
async fn the_schedule_gives_planned_and_actual_of_each_year() {
    let rows = table(&shown(&lively().await, "/plan/schedule?format=csv").await);
    let folding = &rows[0];
    assert_eq!((folding["キー"].as_str(), folding["番号"].as_str()), ("1-1-1-1", "①"));
    assert_eq!((folding["担当"].as_str(), folding["進み具合"].as_str()), ("折り鶴課", "未報告"));
    assert_eq!(folding["2023 予定"], "葉・花");
    // An arrow is read without its neighbours: it says what it continues.
    assert_eq!((folding["2025 予定"].as_str(), folding["2025 実際"].as_str()), ("→（花）", "葉・花"));
    assert_eq!((folding["2030 予定"].as_str(), folding["2030 実際"].as_str()), ("→（実）", ""));
    let boxes = rows.iter().find(|row| row["キー"] == "1-2-1-1").expect("every measure has its line");
    assert_eq!((boxes["2022 予定"].as_str(), boxes["進み具合"].as_str()), ("", "遅れている"));
}

const CELLS: [(&str, &str); 15] = [
    ("段", "節"),
    ("名前", "折り方の会"),
    ("目的", "だれでも鶴を折れるようにします。"),
    ("現状と課題", "今は鶴を折れる人が、七人しかいないことになっています。"),
    ("内容", "月に一度、折り方の会を開くことにします。"),
    ("完了の目安", "継続"),
    ("担当", "折り鶴課"),
    ("実施する主体", "折り鶴課・紙の寄り合い"),
    ("対象", "紙を持つ人・その他（左ききの人）"),
    ("種類", "新規"),
    ("まとまり", "はじめの一折り"),
    ("関係する計画", "見本市紙風船計画"),
    ("折る人", "◎"),
    ("見る人", "○"),
    ("再掲", ""),
];

#[tokio::test]
async fn the_plan_gives_every_line_with_everything_printed() {
    let rows = table(&shown(&lively().await, "/plan?format=csv").await);
    assert_eq!(rows.len(), 21);
    let folding = rows.iter().find(|row| row["キー"] == "1-1-1-1").expect("every line is there");
    for (head, cell) in CELLS {
        assert_eq!(folding[head], cell, "{head}");
    }
    let again = rows.iter().find(|row| row["キー"] == "2-1-1-1").expect("every line is there");
    assert_eq!((again["名前"].as_str(), again["再掲"].as_str()), ("折り方の会", "1-1-1-1"));
}

#[tokio::test]
async fn figures_come_one_line_a_year_with_their_source() {
    let rows = table(&shown(&lively().await, "/plan/indicators/wrinkles?format=csv").await);
    let lines: Vec<[&str; 6]> = rows
        .iter()
        .map(|row| ["年度（西暦）", "はじめ", "目標", "実際", "出どころ", "進み具合"].map(|head| row[head].as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            ["2021", "900", "", "", "", "遅れている"],
            ["2024", "", "", "700", "入力", "遅れている"],
            ["2025", "", "", "650.5", "入力", "遅れている"],
            ["2026", "", "500", "", "", "遅れている"],
            ["2030", "", "90", "", "", "遅れている"],
        ]
    );
    let all = table(&shown(&lively().await, "/plan/indicators?format=csv").await);
    let counted: Vec<&str> =
        all.iter().filter(|row| row["出どころ"] == "自動で数えた").map(|row| row["実際"].as_str()).collect();
    assert_eq!(counted, ["9", "4"]);
}

#[tokio::test]
async fn the_matrix_gives_the_signs() {
    let rows = table(&shown(&lively().await, "/plan/matrix?format=csv").await);
    let signs = |key: &str| {
        let row = rows.iter().find(|row| row["キー"] == key).expect("every measure has its line");
        ["折る人", "見る人", "市"].map(|party| row[party].clone())
    };
    assert_eq!(signs("1-1-1-1"), ["◎", "○", "○"]);
    assert_eq!(signs("1-2-1-1"), ["○", "◎", ""]);
    let yamaguchi = table(&shown(&city("yamaguchi").await, "/plan/matrix?format=csv").await);
    let reader = yamaguchi.iter().find(|row| row["番号"] == "Ⅱ-(2)-⑤").expect("every measure has its line");
    assert_eq!((reader["その他"].as_str(), reader["市民"].as_str()), ("■（小学4年生）", ""));
}

#[tokio::test]
async fn a_cell_that_looks_like_a_formula_is_text() {
    const SPOILT: [&str; 5] = ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "\\t=1"];
    for words in SPOILT {
        let pack =
            TestPack::named("mihon").replacing("plan.toml", "title = \"しわ箱\"", &format!("title = \"{words}\""));
        let rows = table(&shown(&city(pack).await, "/plan/schedule?format=csv").await);
        let cell = rows.last().map(|row| row["名前"].clone()).unwrap_or_default();
        assert_eq!(cell, format!("'{}", words.replace("\\t", "\t")));
    }
    let pack =
        TestPack::named("mihon").replacing("plan.toml", "title = \"しわ箱\"", "title = \"しわ,箱\\n\\\"大\\\"\"");
    let rows = table(&shown(&city(pack).await, "/plan/schedule?format=csv").await);
    assert_eq!(rows.last().map(|row| row["名前"].as_str()), Some("しわ,箱\n\"大\""));
}
