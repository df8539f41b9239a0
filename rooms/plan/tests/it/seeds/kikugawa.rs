//! 菊川市 協働の指針: five directions, ten activities, ten indicators without targets, R8–R15.

use serde_json::{Value, json};

use crate::world::{city, items, shown, word};

/// 方向性, its two 取組内容, and the two 指標 printed beside them.
const DIRECTIONS: [(&str, [&str; 2], [&str; 2]); 5] = [
    (
        "多様な主体をつなぐコーディネート",
        ["多様な主体の交流機会の創出", "地域活動団体等のマッチング 等"],
        ["市民協働センターによる交流機会の創出事業の実施回数", "市民協働センターによるコーディネート件数"],
    ),
    (
        "協働の担い手の支援",
        ["常設的な相談窓口の設置", "1%地域づくり活動交付金の制度運用と活用促進 等"],
        ["市民協働センターによる情報発信件数", "市民協働センターによるレベルアップ講座の開催回数"],
    ),
    (
        "協働への参画機会の拡充",
        ["人材育成関連講座等の開催", "市民への啓発及び身近な活動情報の発信の充実 等"],
        ["市民協働センターによる人材育成講座のラインナップ数", "コミュニティ協議会による地域課題解決に係る活動数"],
    ),
    (
        "新しい取組・チャレンジを生み出すための支援",
        ["提案型協働事業交付金の制度運用と活用促進", "新たなチャレンジに対する包括的支援 等"],
        ["提案型協働事業交付金の採択件数", "資金調達に関する相談件数"],
    ),
    (
        "こども・若者のまちづくりへの参画支援",
        ["こども・若者参画支援交付金の制度運用と活用促進", "こども・若者参画協議会の運営 等"],
        ["こども・若者参画支援交付金の採択件数", "ユースワーカーが支援した市内の学校数"],
    ),
];

#[tokio::test]
async fn the_five_directions_have_their_activities_and_indicators() {
    let city = city("kikugawa").await;
    let nodes = items(&city, "/api/v1/plan/nodes").await;
    let figures = items(&city, "/api/v1/plan/indicators").await;
    let (mut nodes, mut figures) = (nodes.iter(), figures.iter());
    for (n, (title, activities, indicators)) in (1..).zip(DIRECTIONS) {
        let direction = nodes.next().expect("there is a direction");
        assert_eq!((word(direction, "key"), word(direction, "title")), (n.to_string().as_str(), title));
        for (m, title) in (1..).zip(activities) {
            let activity = nodes.next().expect("there is an activity");
            assert_eq!((word(activity, "key"), word(activity, "title")), (format!("{n}-{m}").as_str(), title));
        }
        for name in indicators {
            let figure = figures.next().expect("there is an indicator");
            // They stand beside a row but belong to the direction.
            assert_eq!((word(figure, "name"), word(figure, "node")), (name, n.to_string().as_str()));
            assert_eq!((&figure["baseline"], &figure["targets"]), (&Value::Null, &json!([])), "{name}");
            assert_eq!(word(figure, "status"), "no_data", "{name}");
        }
    }
    assert!(nodes.next().is_none() && figures.next().is_none());
}

#[tokio::test]
async fn years_stand_as_the_document_writes_them() {
    let city = city("kikugawa").await;
    let page = shown(&city, "/plan").await;
    page.says("令和8年度から令和15年度まで").says("R8 いま R9 R10 R11 R12 R13 R14 R15");
    assert_eq!(shown(&city, "/api/v1/plan").await.json()["period"], json!({"from": 2026, "to": 2033}));
}

#[tokio::test]
async fn an_indicator_without_target_says_so() {
    let city = city("kikugawa").await;
    let page = shown(&city, "/plan/indicators/youthworker-schools").await;
    page.says("数字なし").says("1年分の数字は、まだありません。").says("同じものは一度だけ");
    shown(&city, "/plan/indicators").await.says("10件の指標").says("数字なしが10");
}
