//! Walking through a city: every address that has no variable in it.

use http::{Method, StatusCode};
use kyodo_web::Access;

use crate::corridor::CORRIDOR;
use crate::{Page, TestCity, Visitor};

/// The addresses without variables that the rooms of a city offer to everybody.
pub async fn public_paths(city: &TestCity) -> Vec<&'static str> {
    let state = city.city().state().await.expect("the city can be read");
    let rooms = city.house().house().rooms_of(&state.profile).filter(|room| room.name != CORRIDOR);
    rooms
        .flat_map(|room| room.routes.iter())
        .filter(|route| route.method == Method::GET && route.access == Access::Public && !route.path.contains('{'))
        .map(|route| route.path)
        .collect()
}

/// Opens every public page of a city in every language, and with furigana; each must be there and pass the
/// inspector. Gives back the pages as a Japanese reader sees them.
pub async fn every_public_page(city: &TestCity) -> Vec<Page> {
    let readers = [
        city.visitor("John").in_english(),
        city.visitor("リン").in_easy_japanese(),
        city.visitor("はな").with_furigana(),
    ];
    let hana = city.visitor("花");
    let mut pages = Vec::new();
    for path in public_paths(city).await {
        for reader in &readers {
            shown(reader, path).await;
        }
        let page = shown(&hana, path).await;
        pages.push(page);
    }
    pages
}

/// The page at an address, or where it leads those who come without what it asks for.
async fn shown(reader: &Visitor, path: &str) -> Page {
    let page = reader.gets(path).await;
    let page = if page.status() == StatusCode::SEE_OTHER { reader.is_led(&page).await } else { page };
    page.ok();
    page
}
