//! Every public page of the five cities, in every way of reading: each passes the inspector, no link is dead, and
//! no other city speaks.

use kyodo_testkit::every_public_page;

use super::strangers::strangers;
use super::{CITIES, every_page, lively};

/// Somebody walks through a city in each language, and with furigana, from the front page to every last page.
async fn can_be_read_by_everybody(slug: &str, at_least: usize) {
    let city = lively(slug).await;
    // The others are visited too, so that whatever could be mixed up is there.
    for other in CITIES {
        city.house().city(other).visitor("たび人").gets("/plan").await.ok();
    }
    every_public_page(&city).await;
    let readers = [
        city.visitor("花"),
        city.visitor("はな").with_furigana(),
        city.visitor("リン").in_easy_japanese(),
        city.visitor("John").in_english(),
    ];
    let strangers = strangers(slug);
    let mut known: Option<Vec<String>> = None;
    for reader in &readers {
        let pages = every_page(reader, &city).await;
        assert!(pages.len() >= at_least, "{slug} has only {} pages: {:?}", pages.len(), pages.keys());
        for (address, page) in &pages {
            let source = page.source();
            let stray: Vec<_> = strangers.iter().filter(|word| source.contains(word.as_str())).collect();
            assert!(stray.is_empty(), "{address} of {slug} has words of another city: {stray:?}");
        }
        let addresses: Vec<String> = pages.into_keys().collect();
        // Whatever one can read, all can read.
        assert_eq!(known.get_or_insert_with(|| addresses.clone()), &addresses, "{slug}");
    }
}

#[tokio::test]
async fn honjo_can_be_read_by_everybody() {
    can_be_read_by_everybody("honjo", 6 + 4).await;
}

#[tokio::test]
async fn ichinoseki_can_be_read_by_everybody() {
    can_be_read_by_everybody("ichinoseki", 31 + 9 + 7).await;
}

#[tokio::test]
async fn kikugawa_can_be_read_by_everybody() {
    can_be_read_by_everybody("kikugawa", 15 + 10 + 5).await;
}

#[tokio::test]
async fn shinjo_can_be_read_by_everybody() {
    can_be_read_by_everybody("shinjo", 45 + 5).await;
}

#[tokio::test]
async fn yamaguchi_can_be_read_by_everybody() {
    can_be_read_by_everybody("yamaguchi", 73 + 5 + 7).await;
}
