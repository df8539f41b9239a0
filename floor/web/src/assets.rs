//! The files every page needs: embedded, named by their content, kept by browsers for ever.

use std::fmt::Write;
use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use kyodo_kernel::profile::Profile;
use sha2::{Digest, Sha256};

use crate::{Ctx, Error, KeyPath};

#[derive(rust_embed::RustEmbed)]
#[folder = "assets"]
struct Files;

const FOREVER: &str = "public, max-age=31536000, immutable";

/// The addresses of the frame's own files.
#[derive(Debug)]
pub struct Addresses {
    /// The stylesheet.
    pub style: String,
    /// The mark of the site.
    pub mark: String,
}

/// The stylesheet is the tokens and the house's own rules in one file: one request fewer on a phone.
static STYLE: LazyLock<String> = LazyLock::new(|| text("dads-tokens.css") + &text("kyodo.css"));

pub(crate) static ADDRESSES: LazyLock<Addresses> = LazyLock::new(|| Addresses {
    style: format!("/assets/kyodo.css/{}", fingerprint(STYLE.as_bytes())),
    mark: format!("/assets/mark.svg/{}", fingerprint(text("mark.svg").as_bytes())),
});

/// Small modules that make pages handier; every page works without.
const SCRIPTS: [&str; 2] = ["desk.js", "passkey.js"];

/// The address of a script.
pub(crate) fn script_address(name: &str) -> String {
    format!("/assets/{name}/{}", fingerprint(text(name).as_bytes()))
}

fn text(name: &str) -> String {
    Files::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default()
}

/// The first twelve hexadecimal digits of the SHA-256 of a content.
pub(crate) fn fingerprint(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(6).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// `/assets/{name}/{fingerprint}`: the name comes first, what stands behind it only tells versions apart.
pub(crate) async fn asset(KeyPath(name): KeyPath) -> Response {
    let (kind, body) = match name.as_str() {
        "kyodo.css" => ("text/css; charset=utf-8", STYLE.clone()),
        "mark.svg" => ("image/svg+xml", text("mark.svg")),
        script if SCRIPTS.contains(&script) => ("text/javascript; charset=utf-8", text(script)),
        _ => return Error::NotFound.into_response(),
    };
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, FOREVER)], body).into_response()
}

fn accent_text(profile: &Profile) -> String {
    format!(
        ":root{{--accent:{}}}@media (prefers-color-scheme:dark){{:root{{--accent:{}}}}}",
        profile.accent, profile.accent_dark
    )
}

/// The address of the city's colour: a stylesheet of its own, because inline style is forbidden.
pub(crate) fn accent_address(profile: &Profile) -> String {
    format!("/accent/{}.css", fingerprint(accent_text(profile).as_bytes()))
}

/// `/accent/{fingerprint}.css`
pub(crate) async fn accent(ctx: Ctx) -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, FOREVER)], accent_text(&ctx.state.profile))
        .into_response()
}
