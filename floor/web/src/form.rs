//! Forms: what was sent, what is wrong with it, and a change that happens once.

use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use http::{HeaderValue, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use kyodo_db::Tx;
use kyodo_kernel::drafts::{self, Fields};
use kyodo_kernel::once;
use kyodo_kernel::people::AccountId;

use crate::unsent::{self, FROM_KEPT};
use crate::{Ctx, Error, Result};

/// The name of the field that carries a form's token.
pub const TOKEN: &str = "once";

/// No form of ours is longer.
const MOST_BYTES: usize = 512 * 1024;

/// The fields of a form, as they were sent.
#[derive(Clone, Debug, Default)]
pub struct Form(pub Fields);

impl Form {
    /// A field's text without surrounding space; empty when it is absent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// A field's text exactly as it was typed, for passwords.
    #[must_use]
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// A field's text; none when it is absent or empty.
    #[must_use]
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Every value of a field that may stand more than once.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// Whether a box was ticked or a button pressed.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// The fields without those that are not the writer's words: the token, and whatever is secret.
    #[must_use]
    pub fn words(&self) -> Fields {
        let is_word =
            |name: &str| ![TOKEN, FROM_KEPT].contains(&name) && !name.contains("password") && !name.contains("code");
        self.0.iter().filter(|(name, _)| is_word(name)).cloned().collect()
    }

    pub(crate) async fn read(request: Request) -> Result<Self> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Error::Invalid { field: "body", reason: "form-kind" });
        }
        let body = Limited::new(request.into_body(), MOST_BYTES).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                Error::TooLarge
            } else {
                Error::Invalid { field: "body", reason: "form-kind" }
            }
        })?;
        let pairs = url::form_urlencoded::parse(&body.to_bytes()).into_owned().collect::<Fields>();
        // PostgreSQL keeps no NUL in a text, and browsers send line ends of two letters.
        let tidy = |value: String| value.replace('\0', "").replace("\r\n", "\n");
        Ok(Self(pairs.into_iter().map(|(name, value)| (name, tidy(value))).collect()))
    }
}

impl<S: Sync> FromRequest<S> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        Self::read(request).await
    }
}

/// What is wrong with a form: each fault stands beside its field, and all of them on top.
#[derive(Clone, Debug, Default)]
pub struct Faults(Vec<(String, String)>);

impl Faults {
    /// Says what is wrong with a field, in the reader's language. Only the first fault of a field is told.
    pub fn add(&mut self, field: impl Into<String>, text: impl Into<String>) {
        let field = field.into();
        if self.of(&field).is_none() {
            self.0.push((field, text.into()));
        }
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, text)| text.as_str())
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Field and text of every fault, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, text)| (field.as_str(), text.as_str()))
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// A page that shows what is wrong with the form on it: 422, so that nobody takes it for a success.
#[derive(Debug)]
pub struct Wrong<T>(pub T);

impl<T: askama::Template> IntoResponse for Wrong<T> {
    fn into_response(self) -> Response {
        let mut response = crate::Page(self.0).into_response();
        if response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        }
        response
    }
}

/// A change under way: one transaction, to which everything that belongs to the change is told.
#[derive(Debug)]
pub struct Change {
    /// The transaction.
    pub tx: Tx,
    token: String,
    /// Whose kept copy of this form goes with the change, and what it is about.
    kept: Option<(AccountId, String)>,
    https: bool,
}

impl Ctx {
    /// Begins a change, once per form: who sends the same form again is led to where the first one led.
    pub async fn change(&self, form: &Form) -> Result<Change> {
        let mut tx = self.db.begin().await?;
        let token = form.text(TOKEN).to_owned();
        if token.is_empty() {
            return Err(Error::Invalid { field: TOKEN, reason: "form-token" });
        }
        if let Some(answer) = once::take(&mut tx, &token, self.now).await? {
            return Err(Error::Done(answer));
        }
        let sender = self.actor.person().filter(|_| form.has(FROM_KEPT));
        let kept = sender.map(|person| (person.id, unsent::subject(&self.uri)));
        Ok(Change { tx, token, kept, https: self.house.settings.https })
    }
}

impl Change {
    /// Makes the change permanent and leads to a page, which says once what was done.
    pub async fn done(mut self, address: &str, said: &'static str) -> Result<Response> {
        once::settle(&mut self.tx, &self.token, address).await?;
        if let Some((account, subject)) = &self.kept {
            drafts::drop(&mut self.tx, *account, subject).await?;
        }
        self.tx.commit().await?;
        Ok(led_to(address, said, self.https))
    }
}

/// Leads to a page that says once what was done.
#[must_use]
pub fn led_to(address: &str, said: &'static str, https: bool) -> Response {
    let mut response = seen_at(address);
    let cookie = crate::door::said_cookie(said, https);
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Leads to a page.
#[must_use]
pub fn seen_at(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    // Only ever an address of this city: anything else leads home.
    let local = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    let address = HeaderValue::from_str(if local { address } else { "/" });
    response.headers_mut().insert(LOCATION, address.unwrap_or(HeaderValue::from_static("/")));
    response
}
