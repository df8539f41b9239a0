//! 新庄市協働推進計画: 3 目標, 9 方策, 33 取組事項. The grid lost its bars: a printed word stands in its year, years
//! before it stay empty, 実施 begins the year after it (in H22 where nothing is printed) and runs to H26.

use crate::world::{cells, city, items, keyed, shown, table, word};

const YEARS: [i32; 5] = [2010, 2011, 2012, 2013, 2014];

/// Its number, its 方策, the heading it shares; what the grid still prints, and in which column (H22 = 0).
type Item = (usize, &'static str, &'static str, Option<(usize, &'static str)>);

const ITEMS: [Item; 33] = [
    (1, "1-1", "地域の活動支援", None),
    (2, "1-1", "地域の活動支援", Some((0, "試行"))),
    (3, "1-1", "地域の魅力・課題の再確認", Some((0, "試行"))),
    (4, "1-1", "特色を生かした地域づくり", Some((1, "検討"))),
    (5, "1-2", "世代ごとの担い手育成・仲間づくり", None),
    (6, "1-2", "行政区の見直し", None),
    (7, "1-2", "地域の連携をすすめる", Some((2, "検討"))),
    (8, "1-3", "地域支援の体制づくり", Some((0, "検討"))),
    (9, "1-3", "地域を支援する職員の育成", None),
    (10, "1-4", "学校・家庭・地域の連携による教育", None),
    (11, "1-4", "地域の支えあいの促進", None),
    (12, "1-4", "自主防災組織づくりの推進", None),
    (13, "1-4", "地域による除雪協力のしくみづくり", None),
    (14, "2-1", "市民活動や組織運営などの支援", None),
    (15, "2-1", "ボランティア情報の提供とコーディネート", None),
    (16, "2-2", "協働企画提案制度の推進", None),
    (17, "2-2", "協働企画提案制度の推進", None),
    (18, "2-2", "協働企画提案制度の推進", None),
    (19, "2-2", "職員の協働の意識を高める", None),
    (20, "2-2", "職員の協働の意識を高める", None),
    (21, "2-2", "職員の協働の意識を高める", None),
    (22, "3-1", "広報の充実", None),
    (23, "3-1", "地域に出向く機会を積極的に活用する", None),
    (24, "3-1", "市ホームページの充実", Some((0, "検討"))),
    (25, "3-1", "市ホームページの充実", Some((1, "検討"))),
    (26, "3-1", "市ホームページの充実", Some((0, "検討"))),
    (27, "3-2", "市民アンケートの実施", None),
    (28, "3-2", "各種計画づくりへ意見を反映させる", None),
    (29, "3-2", "審議会・委員会の活性化", None),
    (30, "3-3", "意思決定の過程を公開する", Some((0, "検討"))),
    (31, "3-3", "意思決定の過程を公開する", Some((0, "検討"))),
    (32, "3-3", "市民評価のしくみづくり", None),
    (33, "3-3", "市民評価のしくみづくり", Some((0, "検討"))),
];

/// 目標 and 方策 without the full stops of the page.
const ABOVE: [(&str, &str, &str); 12] = [
    ("1", "目標1", "地域コミュニティの活性化を図り、暮らしの課題を解決する"),
    ("1-1", "方策1", "話し合いの場づくりから地域のつながりを深める"),
    ("1-2", "方策2", "地域の担い手育成と組織の運営・活動を効率的に進める"),
    ("1-3", "方策3", "行政の支援体制を整える"),
    ("1-4", "方策4", "多くの住民が地域に関心・関わりをもち、暮らしの課題を共有し、解決する"),
    ("2", "目標2", "公共サービスを共に担う市民活動を支援する"),
    ("2-1", "方策5", "市民が活動しやすい環境を整える"),
    ("2-2", "方策6", "市民提案、行政提案による協働事業を推進する"),
    ("3", "目標3", "市民が行政へ関心を持ち、参加・協働しやすい環境をつくる"),
    ("3-1", "方策7", "行政情報を市民に分かりやすく公開する"),
    ("3-2", "方策8", "市民の声を市政に反映させる"),
    ("3-3", "方策9", "市民参加のルールづくりを進める"),
];

fn row(printed: Option<(usize, &'static str)>) -> Vec<&'static str> {
    let begins = printed.map_or(0, |(column, _)| column + 1);
    let cell = |column: usize| match printed {
        Some((at, word)) if at == column => word,
        _ if column < begins => "",
        _ if column == begins => "実施",
        _ => "→",
    };
    (0..5).map(cell).collect()
}

#[tokio::test]
async fn every_item_has_its_heading_and_its_years() {
    let city = city("shinjo").await;
    let nodes = items(&city, "/api/v1/plan/nodes").await;
    let sheet = table(&shown(&city, "/plan?format=csv").await);
    for (number, policy, heading, printed) in ITEMS {
        let key = format!("{policy}-{number}");
        let node = keyed(&nodes, &key);
        assert_eq!(word(node, "code"), number.to_string());
        assert_eq!(cells(node, "printed_schedule", &YEARS), row(printed), "{number}");
        let line = sheet.iter().find(|line| line["キー"] == key).expect("every item has its line");
        assert_eq!(line["まとまり"], heading, "{number}");
    }
    let effective = |key| cells(keyed(&nodes, key), "schedule", &YEARS);
    assert_eq!(effective("1-1-2"), ["試行", "実施", "実施", "実施", "実施"]);
    assert_eq!(effective("1-1-4"), ["", "検討", "実施", "実施", "実施"]);
    assert_eq!(effective("1-2-7"), ["", "", "検討", "実施", "実施"]);
    assert_eq!(effective("3-3-32"), ["実施"; 5]);
}

#[tokio::test]
async fn every_aim_and_policy_has_its_title() {
    let nodes = items(&city("shinjo").await, "/api/v1/plan/nodes").await;
    let above: Vec<(&str, &str, &str)> = nodes
        .iter()
        .filter(|node| node["level"] != 3)
        .map(|node| (word(node, "key"), word(node, "code"), word(node, "title")))
        .collect();
    assert_eq!(above, ABOVE);
}

#[tokio::test]
async fn the_plans_named_in_brackets_are_kept() {
    let sheet = table(&shown(&city("shinjo").await, "/plan?format=csv").await);
    let related: Vec<(&str, &str)> = sheet
        .iter()
        .filter(|line| !line["関係する計画"].is_empty())
        .map(|line| (line["番号"].as_str(), line["関係する計画"].as_str()))
        .collect();
    assert_eq!(
        related,
        [
            ("10", "新庄市長期教育プラン"),
            ("11", "高齢者健康福祉計画"),
            ("12", "地域防災計画・高齢者健康福祉計画"),
            ("13", "第2次総合雪対策基本計画"),
        ]
    );
}

#[tokio::test]
async fn the_page_says_that_the_years_were_inferred() {
    let city = city("shinjo").await;
    for address in ["/plan", "/plan/schedule", "/plan/nodes/1-1-2"] {
        shown(&city, address).await.says("線が失われています");
    }
    shown(&city, "/plan/nodes/1-1").await.does_not_say("線が失われています");
}
