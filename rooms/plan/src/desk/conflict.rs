//! Two people wrote the same thing: whoever comes second is shown both, and decides.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kyodo_web::{Frame, Page, filters};

use super::{Difference, Heading};

/// What the page says of a conflict, in the words of what is written: every message begins with `words`.
#[derive(Template)]
#[template(path = "desk/conflict.html")]
pub(super) struct ConflictPage<'a> {
    pub(super) f: &'a Frame,
    /// How the messages begin: `desk`, `round`.
    pub(super) words: &'static str,
    pub(super) heading: Heading,
    pub(super) lead: String,
    pub(super) mine: String,
    pub(super) theirs: String,
    pub(super) since: String,
    pub(super) rows: Vec<Row>,
    /// Where the decision is sent.
    pub(super) action: String,
    /// Where whoever decides later goes.
    pub(super) later: &'static str,
    pub(super) base: String,
    pub(super) fields: Vec<(String, String)>,
}

/// A field as both wrote it.
pub(super) struct Row {
    pub(super) label: String,
    pub(super) differs: bool,
    pub(super) mine: Difference,
    pub(super) theirs: Difference,
}

impl Row {
    /// A field of both; none where neither wrote anything.
    pub(super) fn of(label: String, mine: &str, theirs: &str) -> Option<Self> {
        if mine.is_empty() && theirs.is_empty() {
            return None;
        }
        Some(Self {
            label,
            differs: mine != theirs,
            mine: Difference::marked(theirs, mine),
            theirs: Difference::marked(mine, theirs),
        })
    }
}

impl ConflictPage<'_> {
    /// A message about what is written.
    fn own(&self, key: &str) -> String {
        self.f.t(&format!("{}-{key}", self.words))
    }

    pub(super) fn answer(self) -> Response {
        (StatusCode::CONFLICT, Page(self)).into_response()
    }
}
