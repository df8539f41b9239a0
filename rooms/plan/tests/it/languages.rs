//! The frame speaks three languages; plan texts stay Japanese and are marked. Furigana on demand.

use kyodo_testkit::{Page, TestCity};
use scraper::{ElementRef, Html, Node};

use crate::world::{city, evaluated, happened, observed, report, reported, times};

async fn lively() -> TestCity {
    let city = city("mihon").await;
    let reports = [
        report("1-1-1-1", 2025, "花").saying("計画の三回目です。").graded("舟").then("折り紙を配ります。"),
        report("1-1-1-1", 2026, "花").saying("協働で折りました。"),
        report("1-2-1-1", 2026, "芽"),
        report("2-1-1-2", 2025, "花"),
        report("2-1-1-2", 2026, "実"),
    ];
    reported(&city, &reports).await;
    evaluated(&city, "1-1-1-1", 2025, "折り目を見る会", Some("鶴"), "市民が四人そろいました。").await;
    observed(&city, "wrinkles", &[(2025, 650.0)]).await;
    happened(&city, &times(8, "course.held", "2026-06-01")).await;
    city
}

const PAGES: [&str; 11] = [
    "/plan",
    "/plan/schedule",
    "/plan/schedule?q=zzz",
    "/plan/matrix",
    "/plan/nodes/1",
    "/plan/nodes/1-1-1-1",
    "/plan/nodes/2-1-1-1",
    "/plan/indicators",
    "/plan/indicators/wrinkles",
    "/plan/indicators/cranes-per-person",
    "/plan/indicators/folding-classes",
];

fn is_japanese(c: char) -> bool {
    matches!(c, 'ぁ'..='ヿ' | '一'..='鿿' | '々')
}

/// Japanese words that nothing marks as Japanese. Inside a picture words cannot be marked.
pub(crate) fn unmarked(page: &Page) -> Vec<String> {
    let html = Html::parse_document(&page.source());
    let mut found = Vec::new();
    for node in html.tree.nodes() {
        let Node::Text(words) = node.value() else { continue };
        let above: Vec<ElementRef<'_>> = node.ancestors().filter_map(ElementRef::wrap).collect();
        let drawn = above.iter().any(|element| ["svg", "figcaption", "head"].contains(&element.value().name()));
        let language = above.iter().find_map(|element| element.attr("lang"));
        if words.chars().any(is_japanese) && language != Some("ja") && !drawn {
            found.push(words.trim().to_owned());
        }
    }
    found
}

#[tokio::test]
async fn on_english_pages_plan_texts_are_marked_as_japanese() {
    let city = lively().await;
    let john = city.visitor("John").in_english();
    for address in PAGES {
        let page = john.gets(address).await;
        page.ok();
        assert_eq!(page.source().matches("<html lang=\"en\">").count(), 1);
        assert_eq!(unmarked(&page), Vec::<String>::new(), "{page}");
    }
    let page = john.gets("/plan/nodes/1-1-1-1").await;
    assert_eq!(page.texts_of("h1[lang=ja]"), ["①折り方の会"]);
    assert_eq!(page.texts_of("p.lead[lang=ja]"), ["だれでも鶴を折れるようにします。"]);
    page.says("on schedule").says("FY 2026").says("Department");
}

#[tokio::test]
async fn easy_japanese_is_japanese_and_says_things_simply() {
    let city = lively().await;
    let linh = city.visitor("リン").in_easy_japanese();
    for address in PAGES {
        let page = linh.gets(address).await;
        page.ok();
        // The whole page is Japanese, plan texts included.
        assert!(page.source().contains("<html lang=\"ja\">"), "{page}");
        assert_eq!(unmarked(&page), Vec::<String>::new(), "{page}");
    }
    let page = linh.gets("/plan").await;
    page.says("第1次見本市折り紙計画").says("予定の とおり").does_not_say("予定どおり");
}

#[tokio::test]
async fn furigana_comes_only_when_it_is_wanted() {
    let city = lively().await;
    let hana = city.visitor("花");
    for address in PAGES {
        assert!(hana.gets(address).await.texts_of("ruby").is_empty(), "{address}");
    }
    let page = hana.gets("/plan/nodes/1-1-1-1?furigana=on").await;
    assert_eq!(page.reading_of("協働").as_deref(), Some("きょうどう"));
    assert_eq!(page.reading_of("四人").as_deref(), Some("よにん"));
    // The choice is remembered until it is taken back.
    assert!(!hana.gets("/plan").await.texts_of("ruby").is_empty());
    assert!(hana.gets("/plan?furigana=off").await.texts_of("ruby").is_empty());
}

#[tokio::test]
async fn the_longest_word_gets_its_reading_and_what_has_none_gets_none() {
    let city = lively().await;
    let page = city.visitor("はな").with_furigana().gets("/plan").await;
    // 折り紙計画 stands in the readings, and so do 折り紙 and 計画.
    let page2 = city.visitor("はな").with_furigana().gets("/plan/nodes/1-1-1-1").await;
    assert_eq!(page2.reading_of("折り紙").as_deref(), Some("おりがみ"));
    assert_eq!(page2.reading_of("計画").as_deref(), Some("けいかく"));
    assert_eq!(page.reading_of("見本市").as_deref(), Some("みほんし"));
    assert!(!page.texts_of("ruby").contains(&"見本".to_owned()), "見本市 is one word");
    assert!(!page.texts_of("ruby").iter().any(|word| word.contains("角")), "角 has no reading");
}

#[tokio::test]
async fn furigana_never_stands_in_headings_buttons_labels_titles_or_pictures() {
    let city = lively().await;
    let hana = city.visitor("はな").with_furigana();
    for address in PAGES {
        let page = hana.gets(address).await;
        for place in ["h1", "h2", "h3", "h4", "h5", "h6", "button", "label", "title", "svg", "option", "summary"] {
            assert!(page.texts_of(&format!("{place} ruby")).is_empty(), "{page} has furigana in {place}");
        }
        assert!(!page.title().contains("（おりがみ"), "{}", page.title());
    }
}
