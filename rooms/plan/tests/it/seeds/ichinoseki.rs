//! 第3次一関市協働推進計画: 3 基本方針, 10 施策, 18 事業, 9 成果指標.

use serde_json::json;

use crate::world::{cells, city, items, keyed, shown, word, words};

const YEARS: [i32; 5] = [2024, 2025, 2026, 2027, 2028];

/// The sheets (7 主要な施策・事業) with the signs of the 体系図: 市民等, 協働体, 市.
const PROJECTS: [(&str, &str, &str, &str); 18] = [
    ("1-1-1", "情報発信機能及び体制の強化", "拡充", "○○◎"),
    ("1-1-2", "地域協働体職員等情報交換会、活動成果報告会の開催", "拡充", "○○◎"),
    ("1-2-3", "学習機会の提供", "新規", "○○◎"),
    ("1-2-4", "市政への参画", "新規", "◎○○"),
    ("1-3-5", "職員研修の実施", "継続", "　　◎"),
    ("1-3-6", "職員意識調査の実施", "新規", "　　◎"),
    ("2-1-7", "市民がつながる交流の場の充実", "新規", "○◎○"),
    ("2-1-8", "事業者との連携", "継続", "○○◎"),
    ("2-2-9", "自治会等活動費総合補助金の活用", "継続", "◎　○"),
    ("2-2-10", "話し合いの促進", "新規", "○◎○"),
    ("3-1-11", "「地域づくり計画」の市政への反映", "継続", "　○◎"),
    ("3-1-12", "「地域協働体と行政との意見交換の場」の設置", "継続", "　○◎"),
    ("3-2-13", "地域づくり交付金などによる支援", "継続", "　○◎"),
    ("3-2-14", "職員による活動支援", "継続", "　○◎"),
    ("3-3-15", "中間支援組織による支援", "継続", "○○◎"),
    ("3-4-16", "事業形態の活用", "継続", "○○◎"),
    ("3-5-17", "地域協働体の組織づくり", "継続", "○○◎"),
    ("3-5-18", "地域による市民センターの管理", "継続", "○◎○"),
];

const POLICIES: [(&str, &str); 13] = [
    ("1", "協働のための人づくり"),
    ("1-1", "市民意識の啓発"),
    ("1-2", "地域の人材育成"),
    ("1-3", "市職員の意識高揚"),
    ("2", "協働のための環境づくり"),
    ("2-1", "協働の主体の充実"),
    ("2-2", "協働を進めるための場づくり"),
    ("3", "協働のための仕組みづくり"),
    ("3-1", "情報の共有と意見の反映"),
    ("3-2", "行政等の支援"),
    ("3-3", "中間支援組織による支援"),
    ("3-4", "事業形態の選択活用"),
    ("3-5", "地域協働の仕組みづくり"),
];

/// Name, unit, 令和4年度, 令和10年度, the 基本方針 it hangs on.
type Figure = (&'static str, &'static str, Option<f64>, f64, Option<&'static str>);

/// 6 成果指標.
const FIGURES: [Figure; 9] = [
    ("市民1人当たりの市民センター利用回数", "回/年", Some(3.77), 4.23, None),
    ("輪っしょい!!WEBへの年間アクセス数", "件", Some(7033.0), 10000.0, Some("1")),
    ("まちづくりスタッフバンクの登録者数", "人", Some(41.0), 61.0, Some("1")),
    ("市職員の協働に対する認知度", "%", None, 90.0, Some("1")),
    ("地域協働体の活動件数", "件", Some(466.0), 486.0, Some("2")),
    ("いちのせき市民活動センターによる話し合い支援の件数", "件", Some(138.0), 150.0, Some("2")),
    ("チーム会議の開催数", "回", Some(125.0), 170.0, Some("3")),
    ("いちのせき市民活動センター年間相談件数", "件", Some(2335.0), 2500.0, Some("3")),
    ("地域協働体の設立件数", "件", Some(33.0), 34.0, Some("3")),
];

#[tokio::test]
async fn every_project_stands_as_its_sheet_and_the_outline_print_it() {
    let nodes = items(&city("ichinoseki").await, "/api/v1/plan/nodes").await;
    for (n, (key, title, tag, signs)) in (1..).zip(PROJECTS) {
        let node = keyed(&nodes, key);
        assert_eq!(word(node, "code"), format!("事業{n}"));
        assert_eq!((word(node, "title"), word(node, "status")), (title, tag), "事業{n}");
        let mut roles = serde_json::Map::new();
        for (party, sign) in ["市民等", "協働体", "市"].into_iter().zip(signs.chars()) {
            match sign {
                '◎' => drop(roles.insert(party.to_owned(), json!("lead"))),
                '○' => drop(roles.insert(party.to_owned(), json!("support"))),
                _ => {}
            }
        }
        assert_eq!(node["roles"], json!(roles), "事業{n}");
        let printed =
            if n == 11 { ["検討", "→", "実施", "→", "→"] } else { ["実施", "→", "→", "→", "→"] };
        assert_eq!(cells(node, "printed_schedule", &YEARS), printed, "事業{n}");
        assert!(words(node, "departments").is_empty(), "the document names no departments");
    }
    let resolved = cells(keyed(&nodes, "3-1-11"), "schedule", &YEARS);
    assert_eq!(resolved, ["検討", "検討", "実施", "実施", "実施"]);
}

#[tokio::test]
async fn every_policy_has_its_title() {
    let nodes = items(&city("ichinoseki").await, "/api/v1/plan/nodes").await;
    let above: Vec<(&str, &str)> =
        nodes.iter().filter(|node| node["level"] != 3).map(|node| (word(node, "key"), word(node, "title"))).collect();
    assert_eq!(above, POLICIES);
}

#[tokio::test]
async fn the_nine_figures_stand_as_printed() {
    let city = city("ichinoseki").await;
    let figures = items(&city, "/api/v1/plan/indicators").await;
    assert_eq!(figures.len(), FIGURES.len());
    for (figure, (name, unit, baseline, target, node)) in figures.iter().zip(FIGURES) {
        assert_eq!((word(figure, "name"), word(figure, "unit"), word(figure, "direction")), (name, unit, "up"));
        let baseline = baseline.map(|value| json!({"fiscal_year": 2022, "value": value}));
        assert_eq!(figure["baseline"], json!(baseline), "{name}");
        assert_eq!(figure["targets"], json!([{"fiscal_year": 2028, "value": target}]), "{name}");
        assert_eq!(figure["node"], json!(node), "{name}");
        // Nothing has been entered and nothing has happened: nothing is known.
        assert_eq!((&figure["observations"], word(figure, "status")), (&json!([]), "no_data"), "{name}");
    }
    let page = shown(&city, "/plan/indicators").await;
    for printed in ["3.77（4年度）", "4.23（10年度）", "7,033（4年度）", "10,000（10年度）", "2,335（4年度）"]
    {
        page.says(printed);
    }
    page.says("一関市総合計画の指標").says("基本方針1 協働のための人づくり").does_not_say("遅れている が");
}

#[tokio::test]
async fn the_matrix_shows_who_leads_and_who_takes_part() {
    let city = city("ichinoseki").await;
    let matrix = shown(&city, "/plan/matrix").await;
    matrix.says("事業4 市政への参画 ◎中心になる ○加わる ○加わる");
    matrix.says("事業9 自治会等活動費総合補助金の活用 ◎中心になる ○加わる");
    let measure = shown(&city, "/plan/nodes/1-2-4").await;
    measure.says("中心になる人 ◎ 市民等").says("いっしょに取り組む人 ○ 協働体 ○ 市");
    measure.says("新規 この計画で始めた取組").says("基本方針1 協働のための人づくり");
}
