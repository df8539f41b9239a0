//! What holds for all five: how many there are of what, how keys are made of codes, how years are written.

use kyodo_testkit::TestHouse;
use serde_json::{Value, json};

use crate::world::{TODAY, items, keyed, rooms, shown, word};

struct Document {
    slug: &'static str,
    title: &'static str,
    period: Option<(i32, i32)>,
    levels: &'static [(&'static str, usize)],
    again: usize,
    indicators: usize,
}

const DOCUMENTS: [Document; 5] = [
    Document {
        slug: "shinjo",
        title: "新庄市協働推進計画",
        period: Some((2010, 2014)),
        levels: &[("目標", 3), ("方策", 9), ("取組事項", 33)],
        again: 0,
        indicators: 0,
    },
    Document {
        slug: "yamaguchi",
        title: "山口市協働推進プラン",
        period: Some((2009, 2017)),
        levels: &[("推進方針", 5), ("推進施策", 16), ("推進項目", 52)],
        again: 5,
        indicators: 5,
    },
    Document {
        slug: "ichinoseki",
        title: "第3次一関市協働推進計画",
        period: Some((2024, 2028)),
        levels: &[("基本方針", 3), ("施策", 10), ("事業", 18)],
        again: 0,
        indicators: 9,
    },
    Document {
        slug: "honjo",
        title: "本庄市市民協働のまちづくり指針",
        period: None,
        levels: &[("取組", 6)],
        again: 0,
        indicators: 0,
    },
    Document {
        slug: "kikugawa",
        title: "菊川市 協働の指針",
        period: Some((2026, 2033)),
        levels: &[("方向性", 5), ("取組内容", 10)],
        again: 0,
        indicators: 10,
    },
];

#[tokio::test]
async fn the_plans_have_the_levels_and_numbers_of_their_documents() {
    let house = DOCUMENTS.iter().fold(TestHouse::new(rooms()).on(TODAY), |house, d| house.with_city(d.slug));
    let house = house.build().await;
    for document in &DOCUMENTS {
        let city = house.city(document.slug);
        let plan = shown(&city, "/api/v1/plan").await.json();
        assert_eq!(word(&plan, "title"), document.title);
        assert_eq!(plan["period"], json!(document.period.map(|(from, to)| json!({"from": from, "to": to}))));
        let names: Vec<&str> = document.levels.iter().map(|(name, _)| *name).collect();
        assert_eq!(plan["levels"], json!(names), "{}", document.slug);
        let nodes = items(&city, "/api/v1/plan/nodes").await;
        for (level, (name, number)) in (1..).zip(document.levels) {
            let found = nodes.iter().filter(|node| node["level"] == json!(level)).count();
            assert_eq!(found, *number, "{} {name}", document.slug);
        }
        let again = nodes.iter().filter(|node| node["alias_of"] != Value::Null).count();
        assert_eq!(again, document.again, "{}", document.slug);
        let indicators = items(&city, "/api/v1/plan/indicators").await;
        assert_eq!(indicators.len(), document.indicators, "{}", document.slug);
        stand_in_order(&nodes);
    }
}

/// A key is that of the line above with one ordinal more; parents stand before their children.
#[track_caller]
fn stand_in_order(nodes: &[Value]) {
    let mut known: Vec<&str> = Vec::new();
    for node in nodes {
        let key = word(node, "key");
        assert_eq!(node["level"], json!(key.split('-').count()), "{key}");
        match key.rsplit_once('-') {
            Some((above, _)) => assert!(node["parent"] == above && known.contains(&above), "{node}"),
            None => assert_eq!(node["parent"], Value::Null),
        }
        assert!(!known.contains(&key), "{key} stands twice");
        known.push(key);
    }
}

#[tokio::test]
async fn a_key_is_made_of_the_ordinals_that_are_printed() {
    const PRINTED: [(&str, &str, &str); 8] = [
        ("ichinoseki", "1-2-4", "事業4"),
        ("ichinoseki", "3-5-18", "事業18"),
        ("shinjo", "2-1-14", "14"),
        ("shinjo", "3-3-33", "33"),
        ("shinjo", "2-2", "方策6"),
        ("yamaguchi", "1-1-1", "Ⅰ-(1)-①"),
        ("yamaguchi", "5-3-1", "Ⅴ-(3)-①"),
        ("yamaguchi", "4-2", "Ⅳ-(2)"),
    ];
    let house = TestHouse::new(rooms()).on(TODAY).with_city("ichinoseki").with_city("shinjo").with_city("yamaguchi");
    let house = house.build().await;
    for (slug, key, code) in PRINTED {
        let nodes = items(&house.city(slug), "/api/v1/plan/nodes").await;
        assert_eq!(word(keyed(&nodes, key), "code"), code, "{slug} {key}");
    }
}

#[tokio::test]
async fn every_city_writes_its_years_as_its_document_does() {
    const YEARS: [(&str, &str, &str); 3] = [
        ("shinjo", "平成22年度から平成26年度まで", "取組事項 22 23 24 25 26"),
        ("yamaguchi", "平成21年度から平成29年度まで", "推進項目 H20 H21 H22 H23 H24"),
        ("ichinoseki", "令和6年度から令和10年度まで", "事業 6年度 7年度 8年度 いま 9年度 10年度"),
    ];
    for (slug, long, grid) in YEARS {
        let city = crate::world::city(slug).await;
        shown(&city, "/plan").await.says(long);
        shown(&city, "/plan/schedule").await.says(grid);
    }
}
