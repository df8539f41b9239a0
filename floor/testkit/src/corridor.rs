//! Stand-ins for the addresses that every page links to but no single room keeps (`contract.md`), so that a
//! room can be tested alone. In a house that has the real ones they stay away.

use axum::response::Html;
use kyodo_web::{Access, Ctx, Result, Room, Routes};

const ADDRESSES: [&str; 9] =
    ["/", "/about", "/search", "/api/docs", "/api/openapi.json", "/desk", "/desk/departments", "/account", "/login"];

/// The rooms, followed by the corridor they lack.
pub(crate) fn with_corridor(mut rooms: Vec<Room>) -> Vec<Room> {
    let missing = |path: &&str| !rooms.iter().any(|room| room.routes.iter().any(|route| route.path == *path));
    let routes = ADDRESSES.iter().copied().filter(missing).fold(Routes::new(), |routes, path| match path {
        "/" => routes.get(path, Access::Public, front),
        _ => routes.get(path, Access::Public, elsewhere),
    });
    rooms.push(Room { name: CORRIDOR, always_on: true, routes, ..Room::default() });
    rooms
}

pub(crate) const CORRIDOR: &str = "testkit";

/// The front page: what the rooms add to it, and nothing else.
async fn front(ctx: Ctx) -> Result<Html<String>> {
    let mut blocks = String::new();
    let fronts: Vec<_> = ctx.house.rooms_of(&ctx.state.profile).filter_map(|room| room.front).collect();
    for block in fronts {
        blocks.push_str(&block(&ctx).await?);
    }
    let heading = if blocks.contains("<h1") { "" } else { "<h1>トップ</h1>" };
    Ok(page(&ctx, &format!("{heading}{blocks}")))
}

async fn elsewhere(ctx: Ctx) -> Html<String> {
    page(&ctx, "<h1>別の部屋</h1>")
}

fn page(ctx: &Ctx, content: &str) -> Html<String> {
    let language = ctx.language.html();
    Html(format!(
        "<!DOCTYPE html><html lang=\"{language}\"><title>廊下</title><main id=\"main\">{content}</main></html>"
    ))
}
