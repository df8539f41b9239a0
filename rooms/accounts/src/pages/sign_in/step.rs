//! What is remembered between two requests of one sign-in: in the database, found by what the browser holds for ten
//! minutes. Nobody is signed in by it.

use axum::response::Response;
use chrono::Duration;
use cookie::{Cookie, SameSite};
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use kyodo_db::Tx;
use kyodo_kernel::secret::hex;
use kyodo_web::{Ctx, Result};

use crate::letters::fingerprint;
use crate::store::{self, Step};

const PATIENCE: Duration = Duration::minutes(10);

fn name(https: bool) -> &'static str {
    if https { "__Host-kyodo-step" } else { "kyodo_step" }
}

/// What the browser is given to hold.
pub(super) struct Held(String);

impl Held {
    /// Gives it to the browser.
    pub(super) fn with(self, mut response: Response) -> Response {
        if let Ok(cookie) = HeaderValue::from_str(&self.0) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

/// Remembers a step.
pub(super) async fn begin(ctx: &Ctx, tx: &mut Tx, kind: &'static str, step: &Step) -> Result<Held> {
    let (token, https) = (hex(&ctx.house.chance.bytes()), ctx.house.settings.https);
    store::put_step(tx, &fingerprint(&token), kind, step, ctx.now + PATIENCE).await?;
    // Lax: a provider leads back here from another site.
    let cookie = Cookie::build((name(https), token)).path("/").http_only(true).secure(https).same_site(SameSite::Lax);
    Ok(Held(cookie.build().to_string()))
}

/// The step the browser holds, with its fingerprint, if it is of this kind and not too old.
pub(super) async fn of(ctx: &Ctx, headers: &HeaderMap, kind: &'static str) -> Result<Option<(String, Step)>> {
    let wanted = name(ctx.house.settings.https);
    let cookies = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let held = cookies.flat_map(Cookie::split_parse).flatten().find(|cookie| cookie.name() == wanted);
    let Some(held) = held else {
        return Ok(None);
    };
    let token = fingerprint(held.value());
    Ok(store::step(&ctx.db, &token, kind, ctx.now).await?.map(|step| (token, step)))
}
