//! Being signed in, at the door: what the browser holds, who it is, and how it begins and ends.

use std::sync::Arc;

use axum::response::Response;
use cookie::{Cookie, SameSite};
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use kyodo_db::Tx;
use kyodo_kernel::city::Until;
use kyodo_kernel::people::{self, AccountId, Lasts, Method, NewSession, Person, Sight};
use kyodo_kernel::secret::hex;
use sha2::{Digest, Sha256};

use crate::{Ctx, House, Result};

/// How often a session that is in use is written down as seen.
const SEEN: chrono::Duration = chrono::Duration::minutes(1);

/// How long a session lasts.
#[derive(Clone, Copy, Debug)]
pub struct Lasting {
    /// Unused.
    pub idle: chrono::Duration,
    /// At most.
    pub most: chrono::Duration,
}

/// On https the browser itself sees to it that no other host and no plain connection can set or read it.
fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-kyodo" } else { "kyodo_session" }
}

/// Whether a browser shows a token at all.
pub(crate) fn is_shown(house: &House, headers: &HeaderMap) -> bool {
    crate::door::cookie(headers, cookie_name(house.settings.https)).is_some()
}

/// A session as it was read once.
#[derive(Debug)]
struct Seen(Arc<Person>, Lasts);

/// Who holds the token that a browser shows. Sessions and duties change with an entry in the trail, so that one is read
/// again after the next entry only; one in use is written down as seen, once a minute at most.
pub(crate) async fn sight(ctx: &Ctx, headers: &HeaderMap) -> Result<Sight> {
    let Some(token) = crate::door::cookie(headers, cookie_name(ctx.house.settings.https)) else {
        return Ok(Sight::Unknown);
    };
    let token = fingerprint(&token);
    let noted = ctx.record().await?.kept(Until::Noted);
    let known = noted.get::<Seen>(&token).filter(|known| ctx.now < known.1.until && ctx.now - known.1.seen_at < SEEN);
    if let Some(known) = &known
        && !ctx.house.settings.doubting
    {
        return Ok(Sight::Live(Arc::clone(&known.0), known.1));
    }
    let sight = people::session_of(&ctx.db, &token, ctx.now, ctx.today).await?;
    if let Sight::Live(person, lasts) = &sight {
        if known.is_some_and(|known| known.0 != *person) {
            ctx.doubt(Until::Noted, "a session").await?;
        }
        if ctx.now - lasts.seen_at >= SEEN {
            // Remembered first, so that of many requests at once one writes.
            let just_seen = noted.get::<Seen>(&token).is_some_and(|known| ctx.now - known.1.seen_at < SEEN);
            noted.put(&token, &Arc::new(Seen(Arc::clone(person), Lasts { seen_at: ctx.now, ..*lasts })));
            if just_seen {
                return Ok(sight);
            }
            let mut tx = ctx.db.begin().await?;
            people::saw(&mut tx, person.session, ctx.now).await?;
            tx.commit().await?;
        } else {
            noted.put(&token, &Arc::new(Seen(Arc::clone(person), *lasts)));
        }
    } else if known.is_some() {
        ctx.doubt(Until::Noted, "a session").await?;
    }
    Ok(sight)
}

/// A token that nobody can guess. The browser holds it; the database only its fingerprint.
fn fingerprint(token: &str) -> String {
    hex(&Sha256::digest(token))
}

/// A session that has begun, to be given to the browser with the answer.
#[derive(Debug)]
pub struct Begun {
    /// Its number.
    pub id: i64,
    cookie: String,
}

impl Begun {
    /// Gives the token to the browser.
    #[must_use]
    pub fn with(self, response: Response) -> Response {
        with_cookie(response, &self.cookie)
    }
}

impl Ctx {
    /// Signs somebody in: always with a new token, whatever the browser held before. A session that is `half` opens no
    /// desk before the proof that the city asks for is given.
    pub async fn sign_in(
        &self,
        tx: &mut Tx,
        account: AccountId,
        method: Method,
        agent: &str,
        lasting: Lasting,
        half: bool,
    ) -> kyodo_db::Result<Begun> {
        let token = hex(&self.house.chance.bytes());
        if let Some(person) = self.actor.person() {
            people::end(tx, person.id, person.session, self.now).await?;
        }
        let new = NewSession {
            account,
            token: fingerprint(&token),
            method,
            agent: agent.chars().take(300).collect(),
            idle: lasting.idle,
            lasts: lasting.most,
            half,
        };
        let id = people::begin(tx, &new, self.now).await?;
        Ok(Begun { id, cookie: cookie(&token, self.house.settings.https).to_string() })
    }

    /// Gives the session a new token, because who it is was just proved again.
    pub async fn prove(&self, tx: &mut Tx) -> kyodo_db::Result<Option<Begun>> {
        let Some(person) = self.actor.person() else {
            return Ok(None);
        };
        let token = hex(&self.house.chance.bytes());
        people::prove(tx, person.session, &fingerprint(&token), self.now).await?;
        Ok(Some(Begun { id: person.session, cookie: cookie(&token, self.house.settings.https).to_string() }))
    }

    /// Takes the token from the browser.
    #[must_use]
    pub fn sign_out(&self, response: Response) -> Response {
        let mut gone = cookie("", self.house.settings.https);
        gone.make_removal();
        with_cookie(response, &gone.to_string())
    }
}

/// What a browser holds when it is signed in with a token: name and value of the cookie, and what the database keeps.
/// For tests and benchmarks, which sign people in without a page.
#[must_use]
pub fn held(token: &str, https: bool) -> (String, String, String) {
    (cookie_name(https).to_owned(), token.to_owned(), fingerprint(token))
}

fn cookie(token: &str, https: bool) -> Cookie<'static> {
    Cookie::build((cookie_name(https), token.to_owned()))
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .build()
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
