//! Errors of a request. Each is an answer with a way out: a page, or problem details under `/api`.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use kyodo_kernel::drafts::Fields;
use kyodo_kernel::people::Role;

/// What can stand in a request's way.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing at this address.
    #[error("nothing is at this address")]
    NotFound,
    /// The address is for people who are signed in.
    #[error("nobody is signed in")]
    SignIn,
    /// The city asks for one more proof of who it is before the desk opens.
    #[error("one more proof is wanted")]
    Half,
    /// Somebody's session was over when they sent a form. The number of the draft their words were kept as.
    #[error("the session is over")]
    Over(Option<i64>),
    /// Nobody is signed in, and something was written: it stands on the answer, to be sent again after signing in.
    #[error("nobody is signed in to send this form")]
    Unsent(Arc<Fields>),
    /// The address exists, but not for this actor.
    #[error("the actor may not do this")]
    Forbidden(Refusal),
    /// The form came from a page that is not ours.
    #[error("the request comes from another site")]
    Foreign,
    /// It was tried too often. From when on it may be tried again.
    #[error("too many tries until {0}")]
    TooMany(DateTime<Utc>),
    /// More was sent than is taken.
    #[error("the content is too large")]
    TooLarge,
    /// A link that was good once, or is not any more.
    #[error("this link has had its time")]
    Gone,
    /// This form was sent before; what it did is seen there.
    #[error("this was done before: {0}")]
    Done(String),
    /// The address is read, not written to.
    #[error("this address does not take that method")]
    MethodNotAllowed,
    /// A parameter of the API cannot be used.
    #[error("parameter {field}: {reason}")]
    Invalid {
        /// The parameter's name.
        field: &'static str,
        /// The message that says what to do.
        reason: &'static str,
    },
    /// The database does not answer just now.
    #[error("the database is away: {0}")]
    Away(Arc<kyodo_db::Error>),
    /// Our own fault.
    #[error("internal: {0}")]
    Internal(Arc<dyn std::error::Error + Send + Sync>),
}

/// Why somebody was refused: whose work it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Who may.
    pub roles: &'static [Role],
}

/// The result of a handler.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error that is our fault, whatever it is.
    pub fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Internal(Arc::new(error))
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn | Self::Half | Self::Done(_) => StatusCode::SEE_OTHER,
            Self::Over(_) | Self::Unsent(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) | Self::Foreign => StatusCode::FORBIDDEN,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Gone => StatusCode::GONE,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Away(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stem of its messages: `error-<stem>-title`, `-text`, `-way`.
    #[must_use]
    pub(crate) fn stem(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::SignIn | Self::Half | Self::Over(_) | Self::Unsent(_) | Self::Done(_) => "over",
            Self::Forbidden(_) => "forbidden",
            Self::Foreign => "foreign",
            Self::TooMany(_) => "too-many",
            Self::TooLarge => "too-large",
            Self::Gone => "gone",
            Self::MethodNotAllowed => "method",
            Self::Invalid { .. } => "invalid",
            Self::Away(_) => "away",
            Self::Internal(_) => "internal",
        }
    }

    /// The error a bare status stands for, for answers that the router makes itself.
    pub(crate) fn of_status(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::NOT_FOUND => Some(Self::NotFound),
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::MethodNotAllowed),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            _ => None,
        }
    }
}

impl From<kyodo_db::Error> for Error {
    fn from(error: kyodo_db::Error) -> Self {
        let away = error.is_unreachable();
        let error = Arc::new(error);
        if away { Self::Away(error) } else { Self::Internal(error) }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

/// Only the status goes out here; the door, which knows city and language, dresses it.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
