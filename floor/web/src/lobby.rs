//! The bare host: which cities are here.

use std::sync::Arc;

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};

use crate::assets::{ADDRESSES, Addresses};
use crate::{House, Page};

#[derive(Template)]
#[template(path = "lobby.html")]
struct LobbyPage {
    assets: &'static Addresses,
    cities: Vec<CityLink>,
    missing: bool,
}

struct CityLink {
    href: String,
    name: String,
    prefecture: String,
    plan: String,
}

/// Lists the cities, each with the address it answers to on this server.
pub(crate) async fn lobby(house: &Arc<House>, headers: &HeaderMap, path: &str) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let port = host.rsplit_once(':').map(|(_, port)| format!(":{port}")).unwrap_or_default();
    let mut cities = Vec::new();
    for city in house.cities.iter() {
        match city.state().await {
            Ok(state) => cities.push(CityLink {
                href: house
                    .addresses
                    .get(&city.slug)
                    .cloned()
                    .unwrap_or_else(|| format!("http://{}.localhost{port}/", city.slug)),
                name: state.profile.name.clone(),
                prefecture: state.profile.prefecture.clone(),
                plan: state.words(kyodo_kernel::Language::Japanese).say("plan-name"),
            }),
            Err(error) => tracing::error!(city = city.slug, %error, "a city cannot be listed"),
        }
    }
    let missing = path != "/";
    let mut response = Page(LobbyPage { assets: &ADDRESSES, cities, missing }).into_response();
    if missing {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
