//! Our private key: made here, read from its file, shown to a provider as a public JWK, and used to prove that it is us.

use std::fmt;
use std::path::Path;

use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, AlgorithmFamily, EncodingKey, Header};
use kyodo_kernel::Chance;
use p256::ecdsa::SigningKey;
use p256::pkcs8::{EncodePrivateKey, LineEnding};
use serde::Serialize;

use super::fault::{OidcFault, SettingsFault};
use super::provider::{KeyAlgorithm, read_secret};
use super::signatures;

/// How long a proof is good, in seconds: long enough for clocks that differ.
const PROOF_LASTS: i64 = 120;

/// A key just made.
pub struct NewKey {
    /// The private half: for a file of mode 600, and for nobody's eyes.
    pub pem: String,
    /// The public half as a JWK: to be registered at the provider.
    pub jwk: String,
}

/// A key pair on the curve P-256.
///
/// # Errors
/// When chance is broken: almost every number of 256 bits is a key.
pub fn new_key(chance: Chance) -> Result<NewKey, SettingsFault> {
    let key = (0..16).find_map(|_| SigningKey::from_slice(&chance.bytes()).ok()).ok_or(SettingsFault::Chance)?;
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| SettingsFault::Chance)?.to_string();
    let jwk = ClientKey::from_pem(&pem).ok_or(SettingsFault::Chance)?.jwk();
    Ok(NewKey { pem, jwk })
}

/// Our private key, ready to sign.
#[derive(Clone)]
pub struct ClientKey {
    key: EncodingKey,
    public: Jwk,
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientKey {}", self.name())
    }
}

impl ClientKey {
    /// The key of a PEM file that nobody else may read.
    ///
    /// # Errors
    /// When the file is missing, open to others, or not a key we can sign with.
    pub fn read(file: &Path) -> Result<Self, SettingsFault> {
        Self::from_pem(&read_secret(file)?).ok_or_else(|| SettingsFault::Key { file: file.to_owned() })
    }

    /// The public half as a JWK, in one line, with its thumbprint (RFC 7638) for a name.
    #[must_use]
    pub fn jwk(&self) -> String {
        serde_json::to_string(&self.public).unwrap_or_default()
    }

    pub(super) fn from_pem(pem: &str) -> Option<Self> {
        signatures::install();
        let pem = pem.as_bytes();
        let (key, algorithm) = match EncodingKey::from_ec_pem(pem) {
            Ok(key) => (key, Algorithm::ES256),
            Err(_) => (EncodingKey::from_rsa_pem(pem).ok()?, Algorithm::RS256),
        };
        let mut public = Jwk::from_encoding_key(&key, algorithm).ok()?;
        public.common.key_id = Some(public.thumbprint(ThumbprintHash::SHA256).ok()?);
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        if algorithm == Algorithm::RS256 {
            // An RSA key serves two algorithms; naming one would close the other.
            public.common.key_algorithm = None;
        }
        Some(Self { key, public })
    }

    /// The key by another name.
    pub(super) fn called(mut self, name: Option<&str>) -> Self {
        if let Some(name) = name {
            self.public.common.key_id = Some(name.to_owned());
        }
        self
    }

    /// The algorithm to sign with, or none when the key cannot do what is wished.
    pub(super) fn algorithm(&self, wished: Option<KeyAlgorithm>) -> Option<Algorithm> {
        match (self.key.family(), wished) {
            (AlgorithmFamily::Ec, None | Some(KeyAlgorithm::ES256)) => Some(Algorithm::ES256),
            (AlgorithmFamily::Rsa, None | Some(KeyAlgorithm::RS256)) => Some(Algorithm::RS256),
            (AlgorithmFamily::Rsa, Some(KeyAlgorithm::PS256)) => Some(Algorithm::PS256),
            _ => None,
        }
    }

    /// A client assertion (RFC 7523): who we are, for whom, good for two minutes and once.
    pub(super) fn prove(
        &self,
        algorithm: Algorithm,
        client: &str,
        audience: &str,
        chance: Chance,
        now: DateTime<Utc>,
    ) -> Result<String, OidcFault> {
        #[derive(Serialize)]
        struct Assertion<'a> {
            iss: &'a str,
            sub: &'a str,
            aud: &'a str,
            jti: String,
            iat: i64,
            exp: i64,
        }
        let (jti, iat) = (kyodo_kernel::secret::hex(&chance.bytes()), now.timestamp());
        let assertion = Assertion { iss: client, sub: client, aud: audience, jti, iat, exp: iat + PROOF_LASTS };
        let header = Header { kid: Some(self.name().to_owned()), ..Header::new(algorithm) };
        jsonwebtoken::encode(&header, &assertion, &self.key).map_err(|_| OidcFault::Key)
    }

    fn name(&self) -> &str {
        self.public.common.key_id.as_deref().unwrap_or_default()
    }
}
