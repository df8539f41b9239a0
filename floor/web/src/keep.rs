//! Public pages kept in memory. The key holds the city's revision, which every public change raises in its
//! own transaction, so that a kept page is never stale; old revisions simply fall out. To somebody who is signed in such
//! a page says more, of drafts perhaps: theirs is kept for them alone, until anybody writes anything.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body_util::BodyExt;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::assets::fingerprint;
use crate::room::Shown;
use crate::{Ctx, House};

/// All kept pages together hold at most this many bytes.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// A page larger than this is made anew each time.
const LARGEST: usize = 512 * 1024;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    city: String,
    revision: i64,
    /// The session of somebody who is signed in, and the records as they stand.
    reader: Option<(i64, u64)>,
    day: chrono::NaiveDate,
    language: &'static str,
    furigana: bool,
    encoding: &'static str,
    address: String,
}

#[derive(Clone)]
struct KeptPage {
    kind: HeaderValue,
    encoding: Option<HeaderValue>,
    etag: HeaderValue,
    body: Bytes,
}

#[derive(Clone)]
struct ByBytes;
impl Weighter<Key, KeptPage> for ByBytes {
    fn weight(&self, key: &Key, page: &KeptPage) -> u64 {
        (key.address.len() + page.body.len() + 256) as u64
    }
}

pub(crate) struct Kept(Cache<Key, KeptPage, ByBytes>);

impl Default for Kept {
    fn default() -> Self {
        Self(Cache::with_weighter(1024, MOST_BYTES, ByBytes))
    }
}

/// Answers from memory what was answered before, and remembers what can be.
pub(crate) async fn keep(State(house): State<Arc<House>>, request: Request, next: Next) -> Response {
    let Some(ctx) = request.extensions().get::<Ctx>() else {
        return next.run(request).await;
    };
    let path = request.uri().path();
    let lasting = path.starts_with("/assets/") || path.starts_with("/accent/");
    if request.method() != Method::GET || lasting || ctx.said.is_some() {
        return next.run(request).await;
    }
    let reader = match ctx.actor.person() {
        None => None,
        Some(person) => match ctx.record().await {
            Ok(record) => Some((person.session, record.number)),
            Err(error) => return error.into_response(),
        },
    };
    let key = Key {
        city: ctx.city.slug.clone(),
        revision: ctx.state.revision,
        reader,
        day: ctx.today,
        language: ctx.language.code(),
        furigana: ctx.furigana,
        encoding: encoding(request.headers()),
        address: request.uri().to_string(),
    };
    let known = request.headers().get(IF_NONE_MATCH).cloned();
    if !house.settings.keep_pages {
        return made(request, next).await.map_or_else(|other| other, |page| answer(page, known.as_ref()));
    }
    // A visitor who asks for a page that is just being made waits for it, so that a change of the city makes each page
    // once. Of somebody signed in most pages are kept for nobody, and would be made one after the other.
    let pages = &house.kept.0;
    let found = if key.reader.is_some() {
        pages.get(&key).ok_or(None)
    } else {
        pages.get_value_or_guard_async(&key).await.map_err(Some)
    };
    let place = match found {
        Ok(page) => return answer(page, known.as_ref()),
        Err(place) => place,
    };
    match made(request, next).await {
        Ok(page) => {
            if page.body.len() <= LARGEST {
                match place {
                    Some(place) => drop(place.insert(page.clone())),
                    None => pages.insert(key, page.clone()),
                }
            }
            answer(page, known.as_ref())
        }
        Err(other) => other,
    }
}

/// A page made by its handler, or an answer that is no page to keep.
async fn made(request: Request, next: Next) -> Result<KeptPage, Response> {
    let ctx = request.extensions().get::<Ctx>().map(|ctx| (Arc::clone(&ctx.personal), ctx.db.clone()));
    let response = next.run(request).await;
    // A look that is written down is written down each time.
    let once = ctx.is_some_and(|(personal, db)| personal.load(Ordering::Relaxed) || db.has_begun());
    if response.status() != StatusCode::OK || !is_page(&response) || !is_shown(&response) || once {
        return Err(response);
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
        return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
    };
    let etag = format!("\"{}\"", fingerprint(&body));
    Ok(KeptPage {
        kind: parts.headers.get(CONTENT_TYPE).cloned().unwrap_or(HeaderValue::from_static("text/html")),
        encoding: parts.headers.get(CONTENT_ENCODING).cloned(),
        etag: HeaderValue::from_str(&etag).unwrap_or(HeaderValue::from_static("\"\"")),
        body,
    })
}

fn is_shown(response: &Response) -> bool {
    response.extensions().get::<Shown>().is_some()
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/html") || kind.starts_with("application/json")
}

fn answer(page: KeptPage, known: Option<&HeaderValue>) -> Response {
    let mut response = if known == Some(&page.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(page.body).into_response()
    };
    response.extensions_mut().insert(Shown);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, page.kind);
    headers.insert(ETAG, page.etag);
    headers.insert(VARY, HeaderValue::from_static("accept-encoding, cookie"));
    if let Some(encoding) = page.encoding {
        headers.insert(CONTENT_ENCODING, encoding);
    }
    response
}

/// The encodings a browser takes, reduced to what the compression layer would choose.
fn encoding(headers: &HeaderMap) -> &'static str {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepted.contains("q=") {
        // Weighed preferences are rare; such answers are kept apart from the plain ones.
        if accepted.contains("br") { "weighed-br" } else { "weighed" }
    } else if accepted.contains("br") {
        "br"
    } else if accepted.contains("gzip") {
        "gzip"
    } else {
        ""
    }
}
