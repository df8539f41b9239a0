//! A file that people sent, on its way out: as a download, under a policy that lets nothing in it run.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG};
use http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version};
use kyodo_kernel::files::{self, Audience, Content, File, Shelf};

use crate::answer::disposition;
use crate::{Ctx, Error, Result};

/// Nothing in the file runs or loads, and nobody frames it.
const POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

impl Ctx {
    /// Where the files of this city lie.
    #[must_use]
    pub fn shelf(&self) -> Shelf {
        self.house.files.of(&self.city.slug)
    }
}

/// A file to keep or, if it is a picture, to show. Whoever makes one has asked whether the actor may see it.
#[derive(Debug)]
pub struct FileAnswer {
    file: File,
    /// None when the browser has it already.
    content: Option<Content>,
    in_page: bool,
}

impl FileAnswer {
    /// The answer with a file's content. `asked` are the headers of the request, which may say that the browser has it.
    pub async fn of(ctx: &Ctx, file: File, asked: &HeaderMap) -> Result<Self> {
        let known = file.audience == Audience::Public && has(asked, &etag(&file));
        let content = if known { None } else { Some(ctx.shelf().open(&file.hash).await.map_err(Error::internal)?) };
        Ok(Self { file, content, in_page: false })
    }

    /// Lets a browser show it where it is a picture; anything else stays a download.
    #[must_use]
    pub fn shown_in_page(mut self) -> Self {
        self.in_page = self.file.kind.picture;
        self
    }
}

impl IntoResponse for FileAnswer {
    fn into_response(self) -> Response {
        let Self { file, content, in_page } = self;
        let size = content.as_ref().map(|content| content.size);
        let mut response = match content {
            Some(content) => Body::from_stream(content.bytes.inspect(|part| {
                if let Err(error) = part {
                    tracing::error!(%error, "a file broke off on its way out");
                }
            }))
            .into_response(),
            None => StatusCode::NOT_MODIFIED.into_response(),
        };
        response.extensions_mut().insert(Unpacked);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.kind.media));
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(CONTENT_DISPOSITION, disposition(if in_page { "inline" } else { "attachment" }, &file.name));
        if let Some(size) = size {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(size));
        }
        match file.audience {
            Audience::Public => {
                headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
                headers.insert(ETAG, etag(&file));
            }
            Audience::Desk => {
                headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
            }
        }
        response
    }
}

impl From<files::Error> for Error {
    fn from(error: files::Error) -> Self {
        match error {
            files::Error::Database(error) => error.into(),
            other => Self::internal(other),
        }
    }
}

/// Marks an answer that leaves as it is: packed files do not shrink, and people want to know how long they wait.
#[derive(Clone, Copy)]
struct Unpacked;

/// Whether an answer may be compressed.
pub(crate) fn may_be_packed(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<Unpacked>().is_none()
}

fn etag(file: &File) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{}\"", file.hash.as_str())).unwrap_or(HeaderValue::from_static("\"\""))
}

fn has(asked: &HeaderMap, etag: &HeaderValue) -> bool {
    let tags = asked.get_all(http::header::IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    tags.flat_map(|tags| tags.split(',')).any(|tag| tag.trim().trim_start_matches("W/").as_bytes() == etag.as_bytes())
}
