//! What an ID token must say to be believed, and what it says about the person.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::Deserialize;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;

use super::fault::{OidcFault, TokenFault};
use super::flow::{Kept, Metadata, SKEW};
use super::provider::Provider;
use super::signatures;

/// The longest name of an account that we look up.
const LONGEST_ACCOUNT: usize = 255;

/// Who came back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    /// Which provider says so.
    pub issuer: String,
    /// The provider's own, lasting name for the person; together with `issuer` it is nobody else's, ever.
    pub subject: String,
    /// What names the account here, as the settings' `claim_account` says.
    pub account: String,
    /// The person's name as the provider writes it.
    pub name: Option<String>,
    /// The mail address, if the provider verified it or the settings trust it.
    pub email: Option<String>,
    /// How strongly the person proved themselves, in the provider's words.
    pub acr: Option<String>,
    /// When they did.
    pub auth_time: Option<DateTime<Utc>>,
}

/// The claims of an ID token (`OpenID` Connect Core, section 2).
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    pub(super) sub: String,
    aud: Readers,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    at_hash: Option<String>,
    acr: Option<String>,
    auth_time: Option<i64>,
    #[serde(flatten)]
    person: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Readers {
    One(String),
    More(Vec<String>),
}

/// What an ID token is held against.
pub(super) struct Expected<'a> {
    pub(super) provider: &'a Provider,
    pub(super) metadata: &'a Metadata,
    pub(super) kept: &'a Kept,
    pub(super) access_token: Option<&'a str>,
    pub(super) now: DateTime<Utc>,
}

/// The claims of a token signed by one of these keys, for us, in this sign-in, now.
pub(super) fn read(token: &str, keys: &JwkSet, expected: &Expected<'_>) -> Result<Claims, TokenFault> {
    signatures::install();
    let header = jsonwebtoken::decode_header(token).map_err(|error| fault_of(error.kind()))?;
    if !is_believed(&header, expected.metadata) {
        return Err(TokenFault::Algorithm);
    }
    let key = DecodingKey::from_jwk(find(keys, &header)?).map_err(|_| TokenFault::UnknownKey)?;

    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[&expected.metadata.issuer]);
    validation.set_audience(&[&expected.provider.client_id]);
    validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    // Times are checked below, by the clock that was handed in.
    validation.validate_exp = false;
    let claims: Claims = jsonwebtoken::decode(token, &key, &validation).map_err(|error| fault_of(error.kind()))?.claims;
    claims.check(header.alg, expected).map(|()| claims)
}

impl Claims {
    fn check(&self, algorithm: Algorithm, expected: &Expected<'_>) -> Result<(), TokenFault> {
        let us = &expected.provider.client_id;
        let is_ours_alone = match (&self.azp, &self.aud) {
            (Some(party), _) => party == us,
            (None, Readers::One(reader)) => reader == us,
            (None, Readers::More(readers)) => readers.len() == 1,
        };
        if !is_ours_alone {
            return Err(TokenFault::Audience);
        }
        let nonce = self.nonce.as_deref().unwrap_or_default();
        if !bool::from(nonce.as_bytes().ct_eq(expected.kept.nonce.as_bytes())) {
            return Err(TokenFault::Nonce);
        }
        let (now, skew) = (expected.now.timestamp(), SKEW.num_seconds());
        if self.exp.saturating_add(skew) <= now {
            return Err(TokenFault::Expired);
        }
        if self.iat.max(self.nbf.unwrap_or(i64::MIN)).saturating_sub(skew) > now {
            return Err(TokenFault::Future);
        }
        match (&self.at_hash, expected.access_token) {
            (Some(hash), Some(token)) if *hash != half_hash(algorithm, token) => Err(TokenFault::AccessToken),
            _ => Ok(()),
        }
    }

    /// Whether the ID token alone says too little, so that the provider has to be asked about the person.
    pub(super) fn is_silent(&self, provider: &Provider) -> bool {
        self.account(provider).is_none() || !self.person.contains_key("name")
    }

    /// Adds what the provider's other answer says, which must be about the same person (`OpenID` Connect Core, section 5.3.2).
    pub(super) fn add(&mut self, more: Map<String, Value>) -> Result<(), OidcFault> {
        if more.get("sub").and_then(Value::as_str) != Some(&self.sub) {
            return Err(OidcFault::Token(TokenFault::Subject));
        }
        // A mail address and whether it is verified belong together: both from one answer.
        let has_email = self.person.contains_key("email");
        for (claim, value) in more {
            if !(has_email && claim == "email_verified") {
                self.person.entry(claim).or_insert(value);
            }
        }
        Ok(())
    }

    /// Who it is, in the terms of the settings.
    pub(super) fn identity(self, provider: &Provider) -> Result<Identity, OidcFault> {
        let account = self
            .account(provider)
            .filter(|account| account.len() <= LONGEST_ACCOUNT)
            .ok_or_else(|| OidcFault::Account(provider.claim_account.clone()))?;
        let email = self.text("email").filter(|_| provider.trust_email || self.is_email_verified());
        if provider.claim_account == "email" && email.is_none() {
            return Err(OidcFault::Email);
        }
        Ok(Identity {
            issuer: provider.issuer.clone(),
            account,
            name: self.text("name"),
            email,
            auth_time: self.auth_time.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
            acr: self.acr,
            subject: self.sub,
        })
    }

    fn account(&self, provider: &Provider) -> Option<String> {
        if provider.claim_account == "sub" { Some(self.sub.clone()) } else { self.text(&provider.claim_account) }
    }

    /// A claim in words; staff numbers are numbers at some providers.
    fn text(&self, claim: &str) -> Option<String> {
        let text = match self.person.get(claim)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    fn is_email_verified(&self) -> bool {
        match self.person.get("email_verified") {
            Some(Value::Bool(verified)) => *verified,
            // Some providers write it as a word.
            Some(Value::String(word)) => word == "true",
            _ => false,
        }
    }
}

/// Whether we take this algorithm: one that needs the provider's private key, and one that the provider announces.
fn is_believed(header: &Header, metadata: &Metadata) -> bool {
    let announced = &metadata.id_token_signing_alg_values_supported;
    // Extensions that must be understood (`crit`) are none that we understand.
    header.crit.is_none()
        && signatures::BELIEVED.contains(&header.alg)
        && (announced.is_empty() || announced.iter().any(|name| name.parse() == Ok(header.alg)))
}

/// The key that a token names; a token that names none is believed when one key alone comes into question.
fn find<'a>(keys: &'a JwkSet, header: &Header) -> Result<&'a Jwk, TokenFault> {
    let mut fitting = keys
        .keys
        .iter()
        .filter(|key| fits(key, header.alg) && (header.kid.is_none() || key.common.key_id == header.kid));
    match (fitting.next(), fitting.next()) {
        (Some(key), None) => Ok(key),
        _ => Err(TokenFault::UnknownKey),
    }
}

fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let is_for_signatures = matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let is_for_this = key.common.key_algorithm.is_none_or(|own| own == algorithm.into());
    let is_of_the_kind = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::EllipticCurve(key), Algorithm::ES256) => key.curve == EllipticCurve::P256,
        (AlgorithmParameters::EllipticCurve(key), Algorithm::ES384) => key.curve == EllipticCurve::P384,
        (AlgorithmParameters::OctetKeyPair(key), Algorithm::EdDSA) => key.curve == EllipticCurve::Ed25519,
        (AlgorithmParameters::RSA(_), _) => algorithm.family() == jsonwebtoken::AlgorithmFamily::Rsa,
        _ => false,
    };
    is_for_signatures && is_for_this && is_of_the_kind
}

/// The left half of an access token's hash, by the hash of the signature (`OpenID` Connect Core, section 3.1.3.6).
fn half_hash(algorithm: Algorithm, access_token: &str) -> String {
    let hash = match algorithm {
        Algorithm::ES384 | Algorithm::PS384 | Algorithm::RS384 => &ring::digest::SHA384,
        // Ed25519 signs by SHA-512.
        Algorithm::EdDSA | Algorithm::PS512 | Algorithm::RS512 => &ring::digest::SHA512,
        _ => &ring::digest::SHA256,
    };
    let hashed = ring::digest::digest(hash, access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(&hashed.as_ref()[..hash.output_len() / 2])
}

fn fault_of(error: &ErrorKind) -> TokenFault {
    match error {
        ErrorKind::InvalidSignature => TokenFault::Signature,
        ErrorKind::InvalidIssuer => TokenFault::Issuer,
        ErrorKind::InvalidAudience => TokenFault::Audience,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName | ErrorKind::UnsupportedAlgorithm => {
            TokenFault::Algorithm
        }
        _ => TokenFault::Shape,
    }
}
