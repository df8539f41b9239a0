//! What stands in an address. Unknown parameters are ignored; a broken one is the same as none.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

use crate::Error;

/// The parameters behind the question mark.
#[derive(Clone, Debug, Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// A parameter's text without surrounding space; none when it is absent or empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The same parameters with one changed, as the part of an address behind the question mark.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> String {
        let kept = self.0.iter().filter(|(key, value)| key != name && !value.trim().is_empty());
        let pairs = kept.map(|(key, value)| (key.as_str(), value.as_str())).chain([(name, value)]);
        serde_urlencoded(pairs.filter(|(_, value)| !value.is_empty()))
    }

    /// Whether nothing was asked for, of the names given.
    #[must_use]
    pub fn has_none_of(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.get(name).is_none())
    }
}

fn serde_urlencoded<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned();
        Ok(Self(pairs.filter(|(_, value)| is_text(value)).collect()))
    }
}

/// PostgreSQL keeps no NUL in a text, and nobody types one.
fn is_text(value: &str) -> bool {
    !value.contains('\0')
}

/// The first variable of a path, e.g. the key of `/plan/nodes/{key}`. What is not text is not found.
#[derive(Clone, Debug)]
pub struct KeyPath(pub String);

impl<S: Send + Sync> FromRequestParts<S> for KeyPath {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Ok(Self(variables(parts, state).await?.next().ok_or(Error::NotFound)?))
    }
}

/// The two variables of a path, e.g. year and key of `/desk/plan/rounds/{year}/{key}`.
#[derive(Clone, Debug)]
pub struct TwoKeys(pub String, pub String);

impl<S: Send + Sync> FromRequestParts<S> for TwoKeys {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let mut values = variables(parts, state).await?;
        values.next().zip(values.next()).map(|(first, second)| Self(first, second)).ok_or(Error::NotFound)
    }
}

async fn variables<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<std::vec::IntoIter<String>, Error> {
    let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Error::NotFound)?;
    let values: Vec<String> = params.iter().map(|(_, value)| value.to_owned()).filter(|value| is_text(value)).collect();
    Ok(values.into_iter())
}
