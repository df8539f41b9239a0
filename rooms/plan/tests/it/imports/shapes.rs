//! Tables of cities that never heard of the documented shape.

use std::collections::BTreeMap;

use encoding_rs::SHIFT_JIS;
use kyodo_kernel::workbook::Sheet;
use kyodo_plan::import::{self, Field, Known, Mapping, Read, Rest, guess};
use kyodo_plan::node::{Node, Role};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use super::{faults, sheets_of, stands, told};
use crate::world::city;

/// Reads again and again until everything is answered as the table says; what is not in it is left out.
fn answered(sheets: &[Sheet], mapping: &mut Mapping, known: &Known, answers: &[(&str, &str)]) -> Read {
    for _ in 0..3 {
        for question in import::read(sheets, mapping, known).questions {
            let answer = answers.iter().find(|(word, _)| *word == question.word).map_or("-", |(_, answer)| answer);
            assert!(question.choices.iter().any(|choice| choice == answer), "{question:?} cannot be {answer}");
            mapping.words.insert(question.word, answer.to_owned());
        }
    }
    import::read(sheets, mapping, known)
}

fn keys(read: &Read) -> Vec<(&str, &str, &str)> {
    read.document.plan.nodes.iter().map(|node| (node.key.as_str(), node.code.as_str(), node.title.as_str())).collect()
}

fn keyed<'r>(read: &'r Read, key: &str) -> &'r Node {
    read.document.plan.nodes.iter().find(|node| node.key == key).unwrap_or_else(|| panic!("{key} is not there"))
}

fn row(node: &Node) -> Vec<(i32, &str)> {
    node.schedule.printed().map(|(year, mark)| (i32::from(year), mark)).collect()
}

fn merged(sheet: &mut Worksheet, (top, left): (u32, u16), (bottom, right): (u32, u16), text: &str) {
    sheet.merge_range(top, left, bottom, right, text, &Format::new()).unwrap();
}

/// 方向性 and 取組内容 in merged cells, arrows and painted cells over years, an indicator beside each direction.
pub(crate) fn arrows() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("進捗管理表").unwrap();
    let paint = Format::new().set_background_color("#9DC3E6");
    merged(sheet, (0, 0), (0, 9), "見本町　協働の指針　進捗管理表（令和８年度）");
    for (column, head) in [
        (0_u16, "方向性"),
        (1, "取組内容"),
        (2, "担当課（主管）"),
        (7, "指標"),
        (8, "現状値\n（R７）"),
        (9, "目標値\n（R11）"),
    ] {
        merged(sheet, (2, column), (3, column), head);
    }
    merged(sheet, (2, 3), (2, 6), "年次計画");
    for (column, year) in (3_u16..).zip(["令和８年度", "９年度", "１０年度", "１１年度"]) {
        sheet.write(3, column, year).unwrap();
    }
    merged(sheet, (4, 0), (6, 0), "１　多様な主体をつなぐ");
    merged(sheet, (4, 7), (6, 7), "交流会の参加者数");
    merged(sheet, (4, 8), (6, 8), "1,200人");
    merged(sheet, (4, 9), (6, 9), "１，５００人");
    sheet.write(4, 1, "交流の機会をつくる").unwrap().write(4, 2, "折り鶴課\n紙風船課").unwrap();
    merged(sheet, (4, 3), (4, 6), "→");
    sheet.write(5, 1, "団体を引き合わせる").unwrap().write(5, 2, "折り鶴課").unwrap();
    for column in 4..7 {
        sheet.write_blank(5, column, &paint).unwrap();
    }
    sheet.write(6, 1, "窓口を置く").unwrap().write(6, 2, "市民なんでも課").unwrap();
    sheet
        .write(6, 3, "検討")
        .unwrap()
        .write(6, 4, "⇒")
        .unwrap()
        .write(6, 5, "実施→")
        .unwrap()
        .write(6, 6, "－")
        .unwrap();
    sheet.write(7, 0, "２　担い手を支える").unwrap().write(7, 1, "講座をひらく").unwrap();
    sheet.write(7, 2, "関係する課").unwrap().write(7, 7, "講座の数").unwrap().write(7, 8, "—").unwrap();
    sheet.write(7, 9, 12).unwrap().write(7, 5, "実施").unwrap();
    book.save_to_buffer().unwrap()
}

#[tokio::test]
async fn merged_directions_with_arrows_and_paint_over_the_years_come_in() {
    let known = stands(&city("honjo").await).await;
    let sheets = sheets_of(&arrows(), "進捗管理表.xlsx");
    let mut mapping = guess(&sheets, &known);
    let columns: Vec<String> = mapping.sheets[0].columns.values().map(ToString::to_string).collect();
    assert_eq!(mapping.sheets[0].head, (3, 4));
    assert_eq!(
        columns,
        [
            "level:1",
            "level:2",
            "departments",
            "mark:2026",
            "mark:2027",
            "mark:2028",
            "mark:2029",
            "indicator",
            "base:2025",
            "aim:2029"
        ]
    );
    mapping.rest = Some(Rest::Remove);
    let words: Vec<String> =
        import::read(&sheets, &mapping, &known).questions.into_iter().map(|one| one.word).collect();
    for word in ["mark:→", "mark:■", "mark:検討", "department:折り鶴課", "department:関係する課"] {
        assert!(words.contains(&word.to_owned()), "{word} is not asked: {words:?}");
    }
    let answers = [
        ("mark:→", "実施"),
        ("mark:■", "実施"),
        ("mark:検討", "+1"),
        ("mark:実施", "+3"),
        ("department:折り鶴課", "+"),
        ("department:紙風船課", "+"),
        ("department:市民なんでも課", "+"),
    ];
    let read = answered(&sheets, &mut mapping, &known, &answers);
    assert_eq!((faults(&read), read.questions.len()), (vec![], 0));
    assert_eq!(
        keys(&read),
        [
            ("1", "１", "多様な主体をつなぐ"),
            ("1-1", "", "交流の機会をつくる"),
            ("1-2", "", "団体を引き合わせる"),
            ("1-3", "", "窓口を置く"),
            ("2", "２", "担い手を支える"),
            ("2-1", "", "講座をひらく"),
        ]
    );
    assert_eq!(row(keyed(&read, "1-1")), [(2026, "実施"), (2027, "→"), (2028, "→"), (2029, "→")]);
    assert_eq!(row(keyed(&read, "1-2")), [(2027, "実施"), (2028, "→"), (2029, "→")]);
    assert_eq!(row(keyed(&read, "1-3")), [(2026, "検討"), (2027, "→"), (2028, "実施")]);
    assert_eq!(keyed(&read, "1-1").departments.len(), 2);
    assert_eq!(
        read.departments.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["折り鶴課", "紙風船課", "市民なんでも課"]
    );
    assert_eq!(read.document.plan.outline.levels, ["方向性", "取組内容"]);
    let told: Vec<_> = read.document.indicators.iter().filter(|one| one.key.starts_with("shihyo")).collect();
    assert_eq!(
        (told[0].name.as_str(), told[0].definition.baseline.map(|base| base.value)),
        ("交流会の参加者数", Some(1200.0))
    );
    assert_eq!((told[0].definition.targets[0].year, told[0].definition.targets[0].value), (2029, 1500.0));
    assert_eq!((told[1].definition.baseline, told[1].node.as_deref()), (None, Some("2-1")));
}

/// A matrix of ○ and ◎ with years of 平成, three levels beside each other and codes in a column of their own.
fn matrix() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("別表").unwrap();
    merged(sheet, (0, 5), (0, 7), "対象");
    merged(sheet, (0, 8), (0, 9), "取組主体");
    merged(sheet, (0, 10), (0, 13), "実施時期");
    let heads = [
        "No.",
        "基本目標",
        "施策",
        "事業名",
        "所管",
        "市民",
        "団体",
        "その他",
        "市民等",
        "市",
        "H21",
        "H22",
        "H23",
        "H24",
        "区分",
        "電話",
    ];
    for (column, head) in (0_u16..).zip(heads) {
        sheet.write(1, column, head).unwrap();
    }
    let rows: [[&str; 16]; 4] = [
        [
            "1",
            "Ⅰ ともに知る",
            "(1) 伝える",
            "広報を変える",
            "総務課",
            "○",
            "",
            "○（転入者）",
            "○",
            "◎",
            "◎",
            "",
            "○",
            "",
            "新規",
            "1111",
        ],
        ["2", "", "", "出前講座", "総務課・教育課", "○", "○", "", "◎", "○", "", "◎", "→", "→", "継続", "2222"],
        ["3", "", "(2) 聞く", "意見箱", "教育課", "○", "", "", "", "◎", "○", "→", "", "", "【拡充】", ""],
        ["4", "Ⅱ ともに動く", "(1) 集まる", "出前講座（再掲）", "教育課", "", "", "", "", "", "", "", "", "", "", ""],
    ];
    for (line, cells) in (2_u32..).zip(rows) {
        for (column, text) in (0_u16..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            sheet.write(line, column, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[tokio::test]
async fn a_matrix_of_circles_with_years_of_heisei_comes_in() {
    let known = stands(&city("honjo").await).await;
    let sheets = sheets_of(&matrix(), "別表.xlsx");
    let mut mapping = guess(&sheets, &known);
    assert_eq!(mapping.sheets[0].head, (1, 2));
    let columns: BTreeMap<u32, String> =
        mapping.sheets[0].columns.iter().map(|(at, field)| (*at, field.to_string())).collect();
    assert_eq!(columns.get(&7).map(String::as_str), Some("target:その他"));
    assert_eq!(columns.get(&9).map(String::as_str), Some("role:市"));
    assert_eq!(columns.get(&15), None, "what nobody knows is left out until somebody says");
    mapping.rest = Some(Rest::Remove);
    let answers = [("mark:◎", "+3"), ("mark:○", "+2"), ("department:総務課", "+"), ("department:教育課", "+")];
    let read = answered(&sheets, &mut mapping, &known, &answers);
    assert_eq!(faults(&read), []);
    assert_eq!(
        keys(&read),
        [
            ("1", "Ⅰ", "ともに知る"),
            ("1-1", "(1)", "伝える"),
            ("1-1-1", "1", "広報を変える"),
            ("1-1-2", "2", "出前講座"),
            ("1-2", "(2)", "聞く"),
            ("1-2-3", "3", "意見箱"),
            ("2", "Ⅱ", "ともに動く"),
            ("2-1", "(1)", "集まる"),
            ("2-1-4", "4", ""),
        ],
        "the lowest level is numbered through"
    );
    let first = keyed(&read, "1-1-1");
    assert_eq!(first.target_words(), ["市民", "その他（転入者）"]);
    assert_eq!(first.details.roles.get("市"), Some(&Role::Lead));
    assert_eq!(
        (row(first), row(keyed(&read, "1-1-2"))),
        (vec![(2009, "◎"), (2011, "○")], vec![(2010, "◎"), (2011, "→"), (2012, "→")])
    );
    assert_eq!(keyed(&read, "1-1-2").departments.len(), 2);
    assert_eq!(keyed(&read, "1-2-3").details.tag.map(kyodo_plan::node::Tag::printed), Some("拡充"));
    assert_eq!(keyed(&read, "2-1-4").alias_of.as_deref(), Some("1-1-2"));
}

/// A list with the reports of past years, under names of eras as they were printed, saved by an old Excel.
const REPORTS: &str = "新庄市協働推進計画　進行管理,,,,,,,,,\r\n\
目標,方策,取組事項,担当,平成３０年度,３１年度,平成３２年度,平成３０年度実績,評価（H30）,今後の課題\r\n\
１ 知る,方策1 伝える,1 広報を変える,総務課,検討,実施,→,\"見直しの案を\r\n作りました。\",Ｂ,写真を増やす\r\n\
,,2 出前講座,\"総務課、教育課\",実施,→,→,12回ひらきました。,A,\r\n\
,方策2 聞く,3 意見箱,教育課,,検討,実施,,,\r\n";

#[tokio::test]
async fn a_list_of_an_old_excel_with_reports_of_past_years_comes_in() {
    let known = stands(&city("honjo").await).await;
    let (bytes, _, lost) = SHIFT_JIS.encode(REPORTS);
    assert!(!lost);
    let sheets = sheets_of(&bytes, "進行管理.csv");
    let mut mapping = guess(&sheets, &known);
    let columns: Vec<String> = mapping.sheets[0].columns.values().map(ToString::to_string).collect();
    assert_eq!(
        columns,
        [
            "level:1",
            "level:2",
            "level:3",
            "departments",
            "mark:2018",
            "mark:2019",
            "mark:2020",
            "done-text:2018",
            "done-grade:2018",
            "done-next"
        ]
    );
    mapping.rest = Some(Rest::Remove);
    let unsaid = import::read(&sheets, &mapping, &known);
    assert!(faults(&unsaid).contains(&("J3", "import-report-year")), "{:?}", faults(&unsaid));
    mapping.sheets[0].columns.insert(9, "done-next:2018".parse::<Field>().unwrap());
    let marks = ["検討", "実施"].map(|mark| format!("mark:{mark}"));
    let answers =
        [(marks[0].as_str(), "+1"), (marks[1].as_str(), "+3"), ("department:総務課", "+"), ("department:教育課", "+")];
    let read = answered(&sheets, &mut mapping, &known, &answers);
    assert_eq!(faults(&read), []);
    let lowest: Vec<_> = keys(&read).into_iter().filter(|(key, ..)| key.len() == 5).collect();
    assert_eq!(lowest, [("1-1-1", "1", "広報を変える"), ("1-1-2", "2", "出前講座"), ("1-2-3", "3", "意見箱")]);
    assert_eq!(row(keyed(&read, "1-1-2")), [(2018, "実施"), (2019, "→"), (2020, "→")]);
    let report = &read.document.reports[&("1-1-1".to_owned(), 2018)];
    assert_eq!(
        (report.text.as_str(), report.grade.as_deref(), report.next_step.as_str()),
        ("見直しの案を\n作りました。", Some("B"), "写真を増やす")
    );
    assert!(!read.document.reports.contains_key(&("1-2-3".to_owned(), 2018)), "who said nothing has no report");
}

#[tokio::test]
async fn lines_keep_their_keys_by_title_and_a_part_leaves_the_rest_alone() {
    let known = stands(&city("mihon").await).await;
    let nodes = &known.document.plan.nodes;
    let lowest: Vec<&Node> = nodes.iter().filter(|node| node.level == 4 && !node.is_alias()).collect();
    let (last, first) = (lowest[lowest.len() - 1], lowest[0]);
    let above = |node: &Node| -> Vec<String> {
        let mut keys: Vec<&str> =
            (1..4).filter_map(|n| node.key.match_indices('-').nth(n - 1).map(|(at, _)| &node.key[..at])).collect();
        keys.sort_by_key(|key| key.len());
        keys.iter().map(|key| nodes.iter().find(|other| other.key == **key).unwrap().title.clone()).collect()
    };
    let line = |node: &Node, title: &str, tag: &str| format!("{},{title},{tag}\n", above(node).join(","));
    let csv = format!("柱,項,目,節,区分\n{}{}", line(last, &last.title, "拡充"), line(first, "新しい節", "新規"));
    let sheets = sheets_of(csv.as_bytes(), "一部.csv");
    let mut mapping = guess(&sheets, &known);
    mapping.rest = Some(Rest::Keep);
    let read = import::read(&sheets, &mapping, &known);
    assert_eq!(faults(&read), []);
    let changed = told(&known, &read);
    let lines: Vec<_> = changed.lines.iter().map(|one| (one.what.name(), one.key.as_str())).collect();
    assert!(lines.contains(&("changed", last.key.as_str())), "{lines:?}");
    assert_eq!(lines.iter().filter(|(what, _)| *what == "new").count(), 1, "{lines:?}");
    assert_eq!(lines.len(), 2, "nothing else changes: {changed:#?}");
}

#[tokio::test]
async fn bad_cells_are_named_and_nothing_is_guessed() {
    let known = stands(&city("mihon").await).await;
    let csv = "種別,キー,番号,名称,区分,令和4年度,令和5年度,担当課,対象：紙を持つ人\n\
        計画,1,第1柱,まちを折る,,,,,\n\
        計画,1-1,1-1項,,,,,,\n\
        計画,2026-01-02,x,日付,,,,,\n\
        計画,1-1-1,い目,折り方を習う,旧,→,,,×？\n\
        計画,1-9-1,は目,迷子,,,芽,,\n\
        指標,WRINKLES,,しわ,,,,,\n\
        進捗,9-9,,,,,,,\n\
        雑談,1,,,,,,,\n\
        計画,1-2,,123456789018,,,,,\n";
    let sheets = sheets_of(csv.as_bytes(), "計画.csv");
    let read = import::read(&sheets, &guess(&sheets, &known), &known);
    let told = faults(&read);
    for fault in [
        ("B4", "import-key-day"),
        ("E5", "import-tag-unknown"),
        ("I5", "import-sign-unknown"),
        ("B6", "import-parent-missing"),
        ("B7", "import-indicator-key"),
        ("A9", "import-kind-unknown"),
        ("D10", "import-my-number"),
    ] {
        assert!(told.contains(&fault), "{fault:?} is not among {told:?}");
    }
    assert!(
        read.questions.iter().any(|question| question.word == "mark:→" && question.at.1 == "F5"),
        "{:?}",
        read.questions
    );
}
