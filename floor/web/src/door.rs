//! The door: every request passes here once. Host → city, language, request id; headers, log and views.

use std::any::Any;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use askama::Template;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cookie::Cookie;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, REFERRER_POLICY, SET_COOKIE,
    STRICT_TRANSPORT_SECURITY, USER_AGENT, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use kyodo_kernel::people::{self, Role, Sight};
use kyodo_kernel::views::View;
use kyodo_kernel::{Actor, City, Language, Seat};
use tokio::sync::OnceCell;

use crate::error::{Error, Refusal};
use crate::form::seen_at;
use crate::room::Shown;
use crate::{Ctx, Frame, House, Page, api, filters, format, lobby, session};

/// The city of the address and port a request came in by, where a city has one of its own.
#[derive(Clone, Debug)]
pub struct Entrance(pub Arc<City>);

/// No script or style but our own files; nobody may frame a page or take its forms elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const LANGUAGE_COOKIE: &str = "kyodo_lang";
const FURIGANA_COOKIE: &str = "kyodo_furigana";
const SAID_COOKIE: &str = "kyodo_said";

/// Where a request comes from, told by a proxy that is trusted.
#[derive(Clone, Copy, Debug)]
pub struct Client(pub IpAddr);

/// Resolves the request's surroundings, lets it pass, and sees it out.
pub(crate) async fn enter(State(house): State<Arc<House>>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id: Arc<str> = format!("{:016x}", house.chance.number()).into();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let seat = match request.extensions().get::<Entrance>() {
        Some(Entrance(city)) => Seat::City(Arc::clone(city)),
        None => house.cities.seat(host(request.headers())),
    };
    let mut response = match &seat {
        Seat::Lobby if path.starts_with("/assets/") => next.run(request).await,
        Seat::Lobby => lobby::lobby(&house, request.headers(), &path).await,
        Seat::City(city) => {
            match ctx(&house, city, request.uri().clone(), request.headers(), client(&request), &id).await {
                Ok(ctx) => {
                    let counted = countable(&request);
                    let choice = chosen(request.uri());
                    request.extensions_mut().insert(ctx.clone());
                    let mut response = if is_foreign(&request) && !takes_from_elsewhere(&house, &path) {
                        dressed(&ctx, &Error::Foreign).await
                    } else {
                        next.run(request).await
                    };
                    remember(&choice, house.settings, &mut response);
                    see_out(&house, &ctx, &mut response);
                    // Who has the page already reads it again all the same.
                    let read = matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED);
                    let shown = response.extensions().get::<Shown>().is_some();
                    // A page for one reader may have a secret in its address, which stands in no list of views.
                    let personal = ctx.personal.load(Ordering::Relaxed);
                    if counted && read && shown && !personal && is_html(&response) {
                        house.views.count(View { city: city.slug.clone(), day: ctx.today, path: path.clone() });
                    }
                    response
                }
                Err(error) => bare(&error, &path, &id),
            }
        }
    };
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    let city = match &seat {
        Seat::City(city) => city.slug.as_str(),
        Seat::Lobby => "",
    };
    note(&id, city, &method, &path, response.status(), began);
    response
}

/// What the answer carries because of who asked and what happened.
fn see_out(house: &House, ctx: &Ctx, response: &mut Response) {
    // The page's own sentences, and the look at the revision that it shares with others.
    if house.settings.development
        && let Ok(asked) = HeaderValue::from_str(&(ctx.db.asked() + 1).to_string())
    {
        response.headers_mut().insert(HeaderName::from_static("x-kyodo-queries"), asked);
    }
    let lasting = response.headers().get(CACHE_CONTROL).is_some_and(|kept| kept.as_bytes().ends_with(b"immutable"));
    if !lasting && (ctx.actor.person().is_some() || ctx.personal.load(Ordering::Relaxed)) {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    if ctx.said.is_some() && response.status() == StatusCode::OK && is_html(response) {
        let mut heard = Cookie::build((SAID_COOKIE, "")).path("/").build();
        heard.make_removal();
        if let Ok(heard) = HeaderValue::from_str(&heard.to_string()) {
            response.headers_mut().append(SET_COOKIE, heard);
        }
    }
    if ctx.db.has_begun() {
        ctx.city.bell.notify_one();
    }
}

/// Whether a request that may change something was sent by a page of another site, or by one that hides where it comes
/// from. Browsers say so themselves (Fetch Metadata); older ones name the page's origin.
fn is_foreign(request: &Request) -> bool {
    if request.method().is_safe() {
        return false;
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let own = |address: &str| {
        let authority = address.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
        authority.eq_ignore_ascii_case(host(request.headers()))
    };
    match (header("sec-fetch-site"), header("origin"), header("referer")) {
        (Some(site), origin, _) => {
            site != "same-origin" || origin.is_some_and(|origin| origin != "null" && !own(origin))
        }
        (None, Some(origin), _) => !own(origin),
        (None, None, Some(referer)) => !own(referer),
        (None, None, None) => true,
    }
}

/// Mail programs end a subscription with one click, and they are no page of ours (RFC 8058).
fn takes_from_elsewhere(house: &House, path: &str) -> bool {
    house.rooms.iter().flat_map(|room| room.from_elsewhere).any(|prefix| path.starts_with(prefix))
}

/// Where a request comes from: what a trusted proxy says, or else whoever is connected.
fn client(request: &Request) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    request.extensions().get::<Client>().map(|client| client.0).or(peer)
}

async fn ctx(
    house: &Arc<House>,
    city: &Arc<City>,
    uri: Uri,
    headers: &HeaderMap,
    client: Option<IpAddr>,
    request_id: &Arc<str>,
) -> Result<Ctx, Error> {
    let db = city.db.counted();
    let today = house.clock.today();
    // Whoever has a session is asked for it in the records.
    let (state, record) = if session::is_shown(house, headers) {
        let (state, record) = city.standing(today).await?;
        (state, OnceCell::new_with(Some(record)))
    } else {
        (city.state().await?, OnceCell::new())
    };
    let cookie = |name| cookie(headers, name);
    let choice = chosen(&uri);
    let language = cookie(LANGUAGE_COOKIE).and_then(|code| Language::of_code(&code));
    let furigana = cookie(FURIGANA_COOKIE).as_deref() == Some("on");
    let mut ctx = Ctx {
        house: Arc::clone(house),
        city: Arc::clone(city),
        state,
        db,
        actor: Actor::Visitor,
        over: None,
        said: cookie(SAID_COOKIE).filter(|said| is_said(said)),
        client,
        now: house.clock.now(),
        today,
        language: choice.language.or(language).unwrap_or_default(),
        furigana: choice.furigana.unwrap_or(furigana),
        uri,
        request_id: Arc::clone(request_id),
        personal: Arc::default(),
        record: Arc::new(record),
    };
    let sight = session::sight(&ctx, headers).await?;
    ctx.actor = sight.actor();
    ctx.over = if let Sight::Over(account) = sight { Some(account) } else { None };
    Ok(ctx)
}

/// A message that tells what was done is named so, and no cookie names another.
fn is_said(message: &str) -> bool {
    message.starts_with("said-") && message.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The cookie that lets the next page say what was done.
pub(crate) fn said_cookie(said: &str, https: bool) -> String {
    Cookie::build((SAID_COOKIE, said))
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(cookie::SameSite::Lax)
        .build()
        .to_string()
}

/// What the address itself chooses: `?lang=` and `?furigana=`, remembered in cookies for the next page.
#[derive(Debug, Default)]
struct Choice {
    language: Option<Language>,
    furigana: Option<bool>,
}

fn chosen(uri: &Uri) -> Choice {
    let Some(query) = uri.query() else {
        return Choice::default();
    };
    let mut choice = Choice::default();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match (name.as_ref(), value.as_ref()) {
            ("lang", code) => choice.language = Language::of_code(code),
            ("furigana", "on") => choice.furigana = Some(true),
            ("furigana", "off") => choice.furigana = Some(false),
            _ => {}
        }
    }
    choice
}

fn remember(choice: &Choice, settings: crate::Settings, response: &mut Response) {
    let language = choice.language.map(|language| (LANGUAGE_COOKIE, language.code()));
    let furigana = choice.furigana.map(|on| (FURIGANA_COOKIE, if on { "on" } else { "off" }));
    for (name, value) in [language, furigana].into_iter().flatten() {
        let cookie = Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(settings.https)
            .same_site(cookie::SameSite::Lax)
            .permanent();
        if let Ok(header) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(SET_COOKIE, header);
        }
    }
}

pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(Cookie::split_parse)
        .flatten()
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

fn host(headers: &HeaderMap) -> &str {
    headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default()
}

/// Pages that people read count as views; robots and programs do not.
fn countable(request: &Request) -> bool {
    let agent = request.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    request.method() == Method::GET && !agent.is_empty() && !is_robot(agent)
}

fn is_robot(agent: &str) -> bool {
    static BOTS: std::sync::LazyLock<isbot::Bots> = std::sync::LazyLock::new(isbot::Bots::default);
    BOTS.is_bot(agent)
}

fn is_html(response: &Response) -> bool {
    response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html"))
}

/// What every answer carries, whoever made it.
pub(crate) async fn guard(State(house): State<Arc<House>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // A file that people sent brings a stricter one.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    );
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    if house.settings.https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

fn note(id: &str, city: &str, method: &Method, path: &str, status: StatusCode, began: Instant) {
    let took = began.elapsed();
    metrics::counter!("kyodo_requests_total", "city" => city.to_owned(), "status" => status.as_u16().to_string())
        .increment(1);
    metrics::histogram!("kyodo_request_seconds").record(took.as_secs_f64());
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    if status.is_server_error() {
        tracing::error!(id, city, %method, path, status = status.as_u16(), micros, "request");
    } else {
        tracing::debug!(id, city, %method, path, status = status.as_u16(), micros, "request");
    }
}

// --- errors ------------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    f: Frame,
    text: String,
    search: bool,
    request_id: Option<Arc<str>>,
    sign_in: Option<String>,
    /// What was typed, to be sent again from this very page.
    unsent: Vec<(String, String)>,
    action: String,
    roles: Vec<String>,
    helpers: Vec<String>,
}

/// Gives a bare error its page, or its problem details under `/api`.
pub(crate) async fn dress(request: Request, next: Next) -> Response {
    let ctx = request.extensions().get::<Ctx>().cloned();
    let response = next.run(request).await;
    let (Some(ctx), Some(error)) = (ctx, fault_of(&response)) else {
        return response;
    };
    dressed(&ctx, &error).await
}

async fn dressed(ctx: &Ctx, error: &Error) -> Response {
    if let Error::Internal(cause) = error {
        tracing::error!(id = %ctx.request_id, city = ctx.city.slug, %cause, "internal error");
    }
    match error {
        Error::Done(address) => return seen_at(address),
        Error::SignIn => return seen_at(&sign_in_address(ctx)),
        Error::Half => return seen_at("/account/codes"),
        _ if ctx.uri.path().starts_with("/api/") => return api::problem(ctx, error),
        _ => {}
    }
    ctx.is_personal();
    let stem = error.stem();
    let mut frame = ctx.frame(ctx.words().say(&format!("error-{stem}-title")));
    frame.unlisted = true;
    let (roles, helpers) = match error {
        Error::Forbidden(refusal) => helpers(ctx, *refusal).await,
        _ => Default::default(),
    };
    let page = ErrorPage {
        text: said_text(&frame, error, &format!("error-{stem}-text")),
        search: matches!(error, Error::NotFound),
        request_id: matches!(error, Error::Internal(_)).then(|| Arc::clone(&ctx.request_id)),
        sign_in: match error {
            Error::Over(draft) => Some(resume_address(*draft)),
            Error::Unsent(_) => Some("/login".to_owned()),
            _ => None,
        },
        unsent: if let Error::Unsent(fields) = error { fields.to_vec() } else { Vec::new() },
        action: ctx.uri.to_string(),
        roles,
        helpers,
        f: frame,
    };
    let mut dressed = Page(page).into_response();
    *dressed.status_mut() = error.status();
    dressed
}

/// The page to sign in, which leads back here.
fn sign_in_address(ctx: &Ctx) -> String {
    let here = ctx.uri.path_and_query().map_or("/desk", |here| here.as_str());
    let to = url::form_urlencoded::Serializer::new(String::new()).append_pair("to", here).finish();
    format!("/login?{to}")
}

/// The page to sign in, which leads to what was not sent.
fn resume_address(draft: Option<i64>) -> String {
    draft.map_or_else(|| "/login".to_owned(), |id| format!("/login?to=%2Fdesk%2Funsent%2F{id}"))
}

fn said_text(frame: &Frame, error: &Error, key: &str) -> String {
    match error {
        Error::TooMany(until) => frame.with(key, &[("time", &format::time(*until))]),
        Error::Over(None) => frame.t("error-over-lost"),
        Error::Unsent(_) => frame.t("error-over-unsent"),
        _ => frame.t(key),
    }
}

/// The roles that may, and the names of those who can give them: names only for people who have a desk themselves.
async fn helpers(ctx: &Ctx, refusal: Refusal) -> (Vec<String>, Vec<String>) {
    let roles = refusal.roles.iter().map(|role| ctx.words().say(role.message())).collect();
    if !ctx.actor.person().is_some_and(kyodo_kernel::people::Person::has_desk) {
        return (roles, Vec::new());
    }
    let found = people::holders(&ctx.db, Role::Administrator, None, ctx.today).await;
    let names = found.map(|found| found.into_iter().map(|holder| holder.name).collect());
    (roles, names.unwrap_or_default())
}

fn fault_of(response: &Response) -> Option<Error> {
    let bare = !response.headers().contains_key(CONTENT_TYPE);
    response
        .extensions()
        .get::<Error>()
        .cloned()
        .or_else(|| bare.then(|| Error::of_status(response.status())).flatten())
}

/// A handler that panics is our fault like any other.
#[derive(Debug, thiserror::Error)]
#[error("a handler panicked: {0}")]
struct Panicked(String);

pub(crate) fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let words = match cause.downcast::<String>() {
        Ok(words) => *words,
        Err(cause) => cause.downcast_ref::<&str>().copied().unwrap_or("without a word").to_owned(),
    };
    Error::internal(Panicked(words)).into_response()
}

/// When not even the city can be read, there are no words of its own: a plain answer says so.
fn bare(error: &Error, path: &str, id: &str) -> Response {
    const TITLE: &str = "ただいま表示できません";
    const TEXT: &str = "データベースにつながりません。しばらくしてから、もう一度開いてください。";
    tracing::error!(id, %error, "the city cannot be read");
    if path.starts_with("/api/") {
        return api::Problem::new(StatusCode::SERVICE_UNAVAILABLE, TITLE, TEXT, id).into_response();
    }
    let html = format!(
        "<!DOCTYPE html><html lang=\"ja\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{TITLE}</title><main><h1>{TITLE}</h1><p>{TEXT}</p><p>受付番号 {id}</p></main></html>"
    );
    (StatusCode::SERVICE_UNAVAILABLE, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}
