//! The search over the real plans: words as people type them, and where they lead.

use kyodo_testkit::TestHouse;

use super::TODAY;

/// A city, what somebody types, and an address that must be among the first hits.
const QUESTIONS: [(&str, &str, &str); 10] = [
    ("yamaguchi", "ラウンドテーブル", "/plan/nodes/2-4-2"),
    ("yamaguchi", "ﾗｳﾝﾄﾞﾃｰﾌﾞﾙ", "/plan/nodes/2-4-2"),
    ("yamaguchi", "らうんどてーぶる", "/plan/nodes/2-4-2"),
    ("yamaguchi", "保険", "/plan/nodes/1-2-4"),
    ("ichinoseki", "スタッフバンク", "/plan/indicators/staff-bank"),
    ("ichinoseki", "補助金 自治会", "/plan/nodes/2-2-9"),
    ("shinjo", "雪", "/plan/nodes/1-4-13"),
    ("shinjo", "ボランティア", "/plan/nodes/2-1-15"),
    ("honjo", "登録", "/plan/nodes/1"),
    ("kikugawa", "若者", "/plan/nodes/5-2"),
];

#[tokio::test]
async fn people_find_what_they_type() {
    let house = TestHouse::new(kyodo::rooms()).on(TODAY);
    let house = super::CITIES.iter().fold(house, |house, city| house.with_city(*city)).build().await;
    for (slug, question, wanted) in QUESTIONS {
        let page = house.city(slug).visitor("花").gets(&format!("/search?q={question}")).await;
        page.ok();
        let found = page.links().iter().any(|link| link.href == wanted);
        assert!(found, "{slug} does not find {wanted} by 「{question}」:\n{}", page.text());
    }
    // What another city has is not found here.
    for (slug, question) in [("honjo", "ラウンドテーブル"), ("kikugawa", "流雪溝"), ("shinjo", "輪っしょい")]
    {
        let page = house.city(slug).visitor("花").gets(&format!("/search?q={question}")).await;
        assert!(!page.links().iter().any(|link| link.href.starts_with("/plan/nodes/")), "{page:?}");
    }
}
