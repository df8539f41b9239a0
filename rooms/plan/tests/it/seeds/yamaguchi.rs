//! 山口市協働推進プラン: 52 yearly sheets (`yamaguchi.tsv`, typed from them) and five goals.

use kyodo_testkit::TestCity;

use crate::world::{cells, city, items, keyed, shown, table, word, words};

/// The sheets, one a line: where the overview list says otherwise, the sheets count.
const SHEETS: &str = include_str!("yamaguchi.tsv");

const YEARS: [i32; 5] = [2008, 2009, 2010, 2011, 2012];

struct Sheet {
    key: &'static str,
    code: &'static str,
    title: &'static str,
    departments: Vec<&'static str>,
    implementers: Vec<&'static str>,
    targets: Vec<&'static str>,
    cells: Vec<&'static str>,
    again: bool,
    related: &'static str,
}

fn sheets() -> Vec<Sheet> {
    let list = |text: &'static str| text.split('・').collect();
    let sheet = |line: &'static str| {
        let parts: Vec<&str> = line.split('\t').collect();
        let [key, code, title, departments, implementers, targets, cells, again, related] = parts[..] else {
            panic!("a sheet has nine columns: {line}");
        };
        Sheet {
            key,
            code,
            title,
            departments: list(departments),
            implementers: list(implementers),
            targets: list(targets),
            cells: cells.split('|').collect(),
            again: again == "再掲",
            related,
        }
    };
    SHEETS.lines().skip(1).map(sheet).collect()
}

async fn yamaguchi() -> TestCity {
    city("yamaguchi").await
}

#[tokio::test]
async fn every_item_stands_as_its_sheet_prints_it() {
    let city = yamaguchi().await;
    let nodes = items(&city, "/api/v1/plan/nodes").await;
    let sheets = sheets();
    assert_eq!(sheets.len(), 52);
    for sheet in &sheets {
        let node = keyed(&nodes, sheet.key);
        let code = sheet.code;
        assert_eq!(word(node, "code"), code);
        assert_eq!(word(node, "title"), sheet.title, "{code}");
        assert_eq!(words(node, "departments"), sheet.departments, "{code}");
        assert_eq!(words(node, "implementers"), sheet.implementers, "{code}");
        assert_eq!(words(node, "targets"), sheet.targets, "{code}");
        assert_eq!(cells(node, "printed_schedule", &YEARS), sheet.cells, "{code}");
        assert_eq!(node["alias_of"].is_string(), sheet.again, "{code}");
    }
}

#[tokio::test]
async fn an_item_printed_twice_is_one_item() {
    const AGAIN: [(&str, &str); 5] =
        [("3-2-2", "2-4-1"), ("4-2-1", "1-2-5"), ("4-2-3", "2-4-2"), ("5-1-2", "1-4-3"), ("5-2-2", "2-2-3")];
    let nodes = items(&yamaguchi().await, "/api/v1/plan/nodes").await;
    let printed_again: Vec<(&str, &str)> = nodes
        .iter()
        .filter(|node| node["alias_of"].is_string())
        .map(|node| (word(node, "key"), word(node, "alias_of")))
        .collect();
    assert_eq!(printed_again, AGAIN);
    for (again, real) in AGAIN {
        let (again, real) = (keyed(&nodes, again), keyed(&nodes, real));
        for field in ["title", "departments", "implementers", "targets", "schedule", "printed_schedule", "status"] {
            assert_eq!(again[field], real[field], "{again}");
        }
        assert_ne!(again["code"], real["code"]);
        assert_ne!(again["parent"], real["parent"]);
    }
}

#[tokio::test]
async fn an_arrow_is_the_mark_it_continues() {
    let nodes = items(&yamaguchi().await, "/api/v1/plan/nodes").await;
    let of = |key: &str| cells(keyed(&nodes, key), "schedule", &YEARS);
    assert_eq!(of("1-2-2"), ["実施", "実施", "実施", "見直し・実施", "実施"]);
    // Two years only: what is empty before and after stays empty.
    assert_eq!(of("1-3-3"), ["", "実施", "実施", "", ""]);
    assert_eq!(of("1-1-1"), ["検討", "実施・完了予定", "", "", ""]);
    assert_eq!(of("5-2-1"), ["検討・実施", "検討・実施", "実施", "実施", "実施"]);
}

#[tokio::test]
async fn the_five_goals_stand_as_printed() {
    const GOALS: [(&str, f64, f64, f64); 5] = [
        ("地域活動に参加している市民の割合", 37.5, 45.0, 50.0),
        ("市民活動を行っている市民の割合", 10.8, 13.0, 15.0),
        ("まちづくりや市民参画の活動に参加している市民の割合", 18.8, 23.0, 30.0),
        ("市政に市民の声が反映されていると思う市民の割合", 26.0, 30.0, 35.0),
        ("協働ということを説明できる職員の割合", 26.0, 100.0, 100.0),
    ];
    let city = yamaguchi().await;
    let goals = items(&city, "/api/v1/plan/indicators").await;
    assert_eq!(goals.len(), GOALS.len());
    for (goal, (name, baseline, first, last)) in goals.iter().zip(GOALS) {
        assert_eq!((word(goal, "name"), word(goal, "unit"), word(goal, "direction")), (name, "％", "up"));
        assert_eq!(goal["baseline"], serde_json::json!({"fiscal_year": 2006, "value": baseline}), "{name}");
        let targets = serde_json::json!([{"fiscal_year": 2012, "value": first}, {"fiscal_year": 2017, "value": last}]);
        assert_eq!(goal["targets"], targets, "{name}");
        assert_eq!(goal["node"], serde_json::Value::Null, "{name} belongs to the whole plan");
    }
    // Goal ⑤ repeats ④'s baseline; the page says what the text of the document gives.
    let page = shown(&city, &format!("/plan/indicators/{}", word(&goals[4], "key"))).await;
    page.says("26.0").says("19.2%");
}

#[tokio::test]
async fn what_the_sheets_say_beside_it_is_on_the_page() {
    let city = yamaguchi().await;
    let rows = table(&shown(&city, "/plan?format=csv").await);
    for sheet in sheets().iter().filter(|sheet| !sheet.again) {
        let row = rows.iter().find(|row| row["キー"] == sheet.key).expect("every item has its line");
        assert_eq!(row["関係する計画"], sheet.related, "{}", sheet.code);
        for part in ["目的", "現状と課題", "内容", "完了の目安"] {
            assert!(!row[part].is_empty(), "{} has no {part}", sheet.code);
        }
    }
    let endless: Vec<&str> =
        rows.iter().filter(|row| row["完了の目安"] == "継続").map(|row| row["キー"].as_str()).collect();
    assert_eq!(endless, ["1-2-4"]);
    shown(&city, "/plan/nodes/1-2-4").await.says("コミュニティ活動保険").says("終わりを決めずに続けます。");
}

#[tokio::test]
async fn a_pasted_text_is_not_repeated() {
    // The sheet of Ⅳ-(1)-③ carries the content of Ⅰ-(2)-①.
    let city = yamaguchi().await;
    let page = shown(&city, "/plan/nodes/4-1-3").await;
    page.says("市政への参画機会の推進").says("パブリック・コメント").says("移動市長室").does_not_say("交付金");
}

#[tokio::test]
async fn departments_named_each_year_stand_for_themselves() {
    let city = yamaguchi().await;
    let page = shown(&city, "/plan/nodes/5-1-3").await;
    page.says("担当 協働推進課 全所属");
    // Whoever has a question is sent to a department that exists.
    page.says("聞きたいとき、加わりたいとき 協働推進課 083-934-2965");
    let shared = items(&city, "/api/v1/plan/nodes").await;
    let with_others = shared.iter().filter(|node| words(node, "departments").contains(&"関係課")).count();
    assert_eq!(with_others, sheets().iter().filter(|sheet| sheet.departments.contains(&"関係課")).count());
}
