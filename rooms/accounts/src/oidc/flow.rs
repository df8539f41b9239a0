//! The way there and the way back, as values: what the browser is sent with, what is kept meanwhile, what it comes back with.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use kyodo_kernel::Chance;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use url::Url;

use super::fault::OidcFault;
use super::provider::{Provider, is_trustworthy};

/// How long a sign-in may take: looking for one's card, its reader and its number included.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// How far a provider's clock, or another of our machines', may differ from ours.
pub(super) const SKEW: TimeDelta = TimeDelta::seconds(60);

/// What a provider says about itself (`OpenID` Connect Discovery 1.0, section 3; RFC 8414), as far as we need it.
#[derive(Clone, Debug, Deserialize)]
pub struct Metadata {
    /// Its name; the same as in the settings.
    pub issuer: String,
    /// Where browsers are sent.
    pub authorization_endpoint: String,
    /// Where codes are exchanged.
    pub token_endpoint: String,
    /// Where its public keys stand.
    pub jwks_uri: String,
    /// Where it tells more about the person.
    pub userinfo_endpoint: Option<String>,
    /// How it signs ID tokens.
    #[serde(default)]
    pub id_token_signing_alg_values_supported: Vec<String>,
    /// How clients may prove themselves; without a word, by `client_secret_basic`.
    #[serde(default)]
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// Whether its answers name it (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

/// A sign-in begun.
#[derive(Debug)]
pub struct Begin {
    /// Where to send the browser.
    pub address: Url,
    /// What must be there when it comes back.
    pub kept: Kept,
}

/// What is kept while the browser is away, once, for this very browser: the keeper ties it to a cookie and takes it out on return.
#[derive(Clone, Deserialize, Serialize)]
pub struct Kept {
    /// The provider's name in the settings.
    pub provider: String,
    /// Comes back in the address.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Proves that who exchanges the code began the sign-in (PKCE, RFC 7636).
    pub verifier: String,
    /// Our address that the browser comes back to.
    pub redirect_uri: String,
    /// When it began.
    pub issued_at: DateTime<Utc>,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kept for {} since {}", self.provider, self.issued_at)
    }
}

/// The parameters a browser comes back with.
#[derive(Clone, Default, Deserialize)]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct Answer {
    pub code: Option<String>,
    pub state: Option<String>,
    pub error: Option<String>,
    pub iss: Option<String>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.error.is_some() { "Answer with an error" } else { "Answer" })
    }
}

/// Sends a browser to a provider; it is to come back to `redirect_uri`, which is registered there.
///
/// # Errors
/// When the provider's address for browsers is none.
pub fn begin(
    provider: &Provider,
    metadata: &Metadata,
    redirect_uri: &str,
    chance: Chance,
    now: DateTime<Utc>,
) -> Result<Begin, OidcFault> {
    let kept = Kept {
        provider: provider.name.clone(),
        state: token(chance),
        nonce: token(chance),
        verifier: token(chance),
        redirect_uri: redirect_uri.to_owned(),
        issued_at: now,
    };
    let mut address = Url::parse(&metadata.authorization_endpoint)
        .map_err(|_| OidcFault::Answer("authorization_endpoint is no address".to_owned()))?;
    address
        .query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &provider.client_id)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("scope", &scope(provider))
        .append_pair("state", &kept.state)
        .append_pair("nonce", &kept.nonce)
        .append_pair("code_challenge", &challenge(&kept.verifier))
        .append_pair("code_challenge_method", "S256");
    if let Some(acr) = &provider.acr_values {
        address.query_pairs_mut().append_pair("acr_values", acr);
    }
    Ok(Begin { address, kept })
}

impl Kept {
    /// The code, if the answer belongs to this sign-in and brings one.
    pub(super) fn code<'a>(
        &self,
        provider: &Provider,
        metadata: &Metadata,
        answer: &'a Answer,
        now: DateTime<Utc>,
    ) -> Result<&'a str, OidcFault> {
        let age = now - self.issued_at;
        if age > PATIENCE || age < -SKEW {
            return Err(OidcFault::Expired);
        }
        let state = answer.state.as_deref().unwrap_or_default();
        if self.provider != provider.name || !bool::from(state.as_bytes().ct_eq(self.state.as_bytes())) {
            return Err(OidcFault::State);
        }
        match &answer.iss {
            Some(issuer) if *issuer != metadata.issuer => return Err(OidcFault::Issuer),
            None if metadata.authorization_response_iss_parameter_supported => return Err(OidcFault::Issuer),
            _ => {}
        }
        match (answer.error.as_deref(), answer.code.as_deref()) {
            (Some("access_denied"), _) => Err(OidcFault::Denied),
            (Some(error @ ("server_error" | "temporarily_unavailable")), _) => {
                Err(OidcFault::Trouble(error.to_owned()))
            }
            (Some(error), _) => Err(OidcFault::Refused(error_name(error))),
            (None, Some(code)) if !code.is_empty() => Ok(code),
            (None, _) => Err(OidcFault::Answer("neither a code nor an error came back".to_owned())),
        }
    }
}

impl Metadata {
    /// Whether these are the documents of the provider in the settings, and lead nowhere that secrets may not go.
    pub(super) fn check(&self, provider: &Provider) -> Result<(), OidcFault> {
        if self.issuer != provider.issuer {
            return Err(OidcFault::Answer(format!("it calls itself {:?}", self.issuer)));
        }
        let endpoints = [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri];
        match endpoints.into_iter().chain(&self.userinfo_endpoint).find(|a| !is_trustworthy(a, &provider.issuer)) {
            Some(address) => Err(OidcFault::Answer(format!("{address:?} is not an https address"))),
            None => Ok(()),
        }
    }
}

/// The name of an error as the standards allow it (RFC 6749, section 4.1.2.1), short enough for a log.
pub(super) fn error_name(error: &str) -> String {
    error.chars().filter(|c| matches!(c, ' '..='~') && !matches!(c, '"' | '\\')).take(80).collect()
}

/// SHA-256 in the letters of an address: what a code challenge is made of (RFC 7636, section 4.2).
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes()))
}

fn token(chance: Chance) -> String {
    URL_SAFE_NO_PAD.encode(chance.bytes())
}

fn scope(provider: &Provider) -> String {
    let others = provider.scopes.iter().map(String::as_str).filter(|scope| *scope != "openid");
    std::iter::once("openid").chain(others).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_the_standards() {
        // RFC 7636, appendix B.
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn an_errors_name_cannot_write_lines_into_a_log() {
        assert_eq!(error_name("invalid_request\r\nroot signed in"), "invalid_requestroot signed in");
    }
}
