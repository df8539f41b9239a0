//! The public JSON API: lists with cursors, problem details (RFC 9457), and its description.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Ctx, Error, Params, Result};

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T: ToSchema> {
    /// The items.
    pub items: Vec<T>,
    /// What to put into `after` for the next page; null on the last.
    pub next: Option<String>,
}

/// A problem in the form of RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says what it is.
    #[schema(example = "about:blank")]
    pub r#type: &'static str,
    /// What it is, for people.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do.
    pub detail: String,
    /// Names the request in the logs.
    pub request_id: String,
    /// Which parameters are wrong, for validation errors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
}

/// A wrong parameter.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// Its name.
    pub field: &'static str,
    /// What to do.
    pub detail: String,
}

/// How many items a page of a list holds: `?limit=`, 50 by default, 500 at most.
pub fn limit(params: &Params) -> Result<i64> {
    match params.get("limit") {
        None => Ok(50),
        Some(text) => match text.parse() {
            Ok(limit @ 1..=500) => Ok(limit),
            _ => Err(Error::Invalid { field: "limit", reason: "api-limit" }),
        },
    }
}

pub(crate) fn problem(ctx: &Ctx, error: &Error) -> Response {
    let (words, stem) = (ctx.words(), error.stem());
    let title = words.say(&format!("error-{stem}-title"));
    let text = words.say(&format!("error-{stem}-text"));
    let mut problem = Problem::new(error.status(), title, text, &*ctx.request_id);
    if let Error::Invalid { field, reason } = error {
        problem.errors.push(ProblemField { field, detail: words.say(reason) });
    }
    problem.into_response()
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        title: impl Into<String>,
        detail: impl Into<String>,
        request_id: impl Into<String>,
    ) -> Self {
        Self {
            r#type: "about:blank",
            title: title.into(),
            status: status.as_u16(),
            detail: detail.into(),
            request_id: request_id.into(),
            errors: Vec::new(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
