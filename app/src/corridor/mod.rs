//! The corridor: the city's own pages, which gather what all rooms contribute.
//!
//! Front page, what 協働 means here, search, the description of the public data, and everybody's own desk. It knows no
//! room by name; it asks the house what the rooms of a city offer.

mod about;
mod api_docs;
mod desk;
mod front;
mod search;
mod unsent;

use kyodo_kernel::Language;
use kyodo_kernel::profile::Entry;
use kyodo_kernel::words::MessageFile;
use kyodo_web::{Access, Ctx, DESK, DeskItem, NavItem, Room, Routes};

/// The corridor as a room that every city has.
#[must_use]
pub fn room() -> Room {
    Room {
        name: NAME,
        always_on: true,
        messages: MESSAGES,
        routes: Routes::new()
            .get("/", Access::Public, front::front)
            .get("/about", Access::Public, about::about)
            .get("/search", Access::Public, search::search)
            .get("/desk", Access::SignedIn, desk::desk)
            .post("/desk/notices/reading", Access::SignedIn, desk::read)
            .get("/desk/unsent/{id}", Access::SignedIn, unsent::unsent)
            .post("/desk/unsent/{id}/removal", Access::SignedIn, unsent::remove)
            .get("/api/openapi.json", Access::Public, api_docs::description)
            .get("/api/docs", Access::Public, api_docs::docs),
        navigation: &[NavItem { path: "/about", label: "nav-about" }, NavItem { path: "/search", label: "nav-search" }],
        desk: &[DeskItem { path: "/desk", label: "nav-desk", access: DESK }],
        pack: Some(&about::AboutPart),
        ..Room::default()
    }
}

const NAME: &str = "corridor";

const MESSAGES: &[MessageFile] = &[
    MessageFile { language: Language::Japanese, text: include_str!("../../messages/ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../../messages/ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../../messages/en.ftl") },
];

/// Whether a room of this city answers at a path, so that no page leads to a dead end.
fn is_answered(ctx: &Ctx, path: &str) -> bool {
    ctx.house.rooms_of(&ctx.state.profile).any(|room| room.routes.iter().any(|route| route.path == path))
}

/// Where a wish leads: to the first plan node that serves it.
fn way_of(ctx: &Ctx, wish: &Entry) -> Option<String> {
    let node = wish.nodes.first()?;
    is_answered(ctx, "/plan/nodes/{key}").then(|| format!("/plan/nodes/{node}"))
}
