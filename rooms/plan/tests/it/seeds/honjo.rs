//! 本庄市市民協働のまちづくり指針: seven principles, six programmes, no years.

use serde_json::Value;

use crate::world::{city, items, shown, word};

const PROGRAMMES: [&str; 6] = [
    "市民活動団体登録制度",
    "人材育成",
    "推進体制の整備",
    "事業者(企業等)の活動支援",
    "市民提案型協働事業制度",
    "行政提案型協働事業制度",
];

const PRINCIPLES: [&str; 7] =
    ["目的共有", "評価・検証", "情報の公開", "役割分担と責任の明確化", "対等", "相互理解", "自主性・自立性尊重"];

#[tokio::test]
async fn a_guideline_without_years_has_six_programmes_and_seven_principles() {
    let city = city("honjo").await;
    let plan = shown(&city, "/api/v1/plan").await.json();
    assert_eq!(plan["period"], Value::Null);
    assert_eq!(plan["principles"], serde_json::json!(PRINCIPLES));
    let nodes = items(&city, "/api/v1/plan/nodes").await;
    let titles: Vec<&str> = nodes.iter().map(|node| word(node, "title")).collect();
    assert_eq!(titles, PROGRAMMES);
    for node in &nodes {
        assert_eq!(
            (&node["schedule"], &node["parent"], &node["level"]),
            (&serde_json::json!({}), &Value::Null, &serde_json::json!(1))
        );
    }
}

#[tokio::test]
async fn what_has_no_years_is_neither_late_nor_finished() {
    let city = city("honjo").await;
    let page = shown(&city, "/plan").await;
    page.says("6の取組があります。期間や年度ごとの予定は決めていません。").says("7つの原則").says("自主性・自立性尊重");
    page.does_not_say("未報告").does_not_say("遅れ").does_not_say("いま ");
    shown(&city, "/plan/schedule").await.says("年度ごとの予定表がありません");
    shown(&city, "/plan/matrix").await.says("一覧がありません");
    shown(&city, "/plan/indicators").await.says("数字の目標がありません");
    // A single way to look at the plan needs no navigation, and nothing leads to what is not there.
    assert!(!page.links().iter().any(|link| link.href.starts_with("/plan/schedule")));
}
