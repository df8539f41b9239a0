//! What a handler answers: a page, or exactly what the page shows as a file.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use crate::Error;

/// A page: a struct that renders itself.
#[derive(Debug)]
pub struct Page<T>(pub T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => ([(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
            Err(error) => Error::from(error).into_response(),
        }
    }
}

/// A file to keep.
#[derive(Debug)]
pub struct Download {
    /// Its name, in Japanese too.
    pub name: String,
    /// Its media type.
    pub kind: &'static str,
    /// Its content.
    pub content: Vec<u8>,
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        let mut response = ([(CONTENT_TYPE, self.kind)], self.content).into_response();
        response.headers_mut().insert(CONTENT_DISPOSITION, disposition("attachment", &self.name));
        response
    }
}

/// How a browser treats a file, and what it calls it.
pub(crate) fn disposition(how: &str, name: &str) -> HeaderValue {
    let extension: String = name
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
    // RFC 6266: an ASCII name for the old, the real one for the rest.
    let disposition = format!("{how}; filename=\"kyodo.{extension}\"; filename*=UTF-8''{encoded}");
    HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment"))
}
