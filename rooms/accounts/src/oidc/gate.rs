//! A provider made ready: our key read, its documents fetched and kept for an hour, codes exchanged for people.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::JwkSet;
use kyodo_kernel::Chance;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::claims::{self, Claims, Expected, Identity};
use super::fault::{OidcFault, SettingsFault, TokenFault};
use super::flow::{self, Answer, Begin, Kept, Metadata, error_name};
use super::http::{Http, Reply};
use super::keys::ClientKey;
use super::provider::{Audience, Proof, Provider, read_secret};

/// How long a provider's documents are good without asking again.
const FRESH: TimeDelta = TimeDelta::hours(1);

/// The kind of proof that a key makes (RFC 7523, section 2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A provider that people can be sent to. One for each `[[sign_in]]`, for as long as the house stands.
#[derive(Debug)]
pub struct Gate {
    provider: Provider,
    proof: ClientProof,
    http: Http,
    metadata: Shelf<Metadata>,
    keys: Shelf<JwkSet>,
}

enum ClientProof {
    Key(Box<ClientKey>, Algorithm),
    Secret(String),
}

/// One document of the provider's, and when it was fetched.
type Shelf<T> = Mutex<Option<(DateTime<Utc>, Arc<T>)>>;

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl Gate {
    /// Reads the provider's key and certificates, whose paths start at `folder`. Asks nobody.
    ///
    /// # Errors
    /// When an entry of the settings, or a file it names, cannot be used.
    pub fn open(provider: Provider, folder: &Path) -> Result<Self, SettingsFault> {
        let proof = match provider.check()? {
            Proof::Key(file) => {
                let file = folder.join(file);
                let key = ClientKey::read(&file)?.called(provider.key_id.as_deref());
                let algorithm = key.algorithm(provider.key_algorithm).ok_or(SettingsFault::Algorithm { file })?;
                ClientProof::Key(Box::new(key), algorithm)
            }
            Proof::Secret(file) => {
                let file = folder.join(file);
                let secret = read_secret(&file)?.trim().to_owned();
                if secret.is_empty() {
                    return Err(SettingsFault::Empty { file });
                }
                ClientProof::Secret(secret)
            }
        };
        let http = Http::new(&provider, folder)?;
        Ok(Self { provider, proof, http, metadata: Mutex::default(), keys: Mutex::default() })
    }

    /// The settings.
    #[must_use]
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// What the provider says about itself, at most an hour old.
    ///
    /// # Errors
    /// When it cannot be reached, or is not the provider of the settings.
    pub async fn metadata(&self, now: DateTime<Utc>) -> Result<Arc<Metadata>, OidcFault> {
        if let Some(metadata) = fresh(&self.metadata, now) {
            return Ok(metadata);
        }
        let address = format!("{}/.well-known/openid-configuration", self.provider.issuer.trim_end_matches('/'));
        let metadata: Metadata = self.fetch(&address).await?;
        metadata.check(&self.provider)?;
        Ok(put(&self.metadata, metadata, now))
    }

    /// Sends a browser to the provider; it is to come back to `redirect_uri`, which is registered there.
    ///
    /// # Errors
    /// When the provider's documents cannot be had.
    pub async fn begin(&self, redirect_uri: &str, chance: Chance, now: DateTime<Utc>) -> Result<Begin, OidcFault> {
        flow::begin(&self.provider, &*self.metadata(now).await?, redirect_uri, chance, now)
    }

    /// Who came back. `kept` is what this browser's sign-in began with, and must not be used again, whatever comes out.
    ///
    /// # Errors
    /// When anything is not as it should be: see [`OidcFault`].
    pub async fn finish(
        &self,
        kept: &Kept,
        answer: &Answer,
        chance: Chance,
        now: DateTime<Utc>,
    ) -> Result<Identity, OidcFault> {
        let metadata = self.metadata(now).await?;
        let code = kept.code(&self.provider, &metadata, answer, now)?;
        let tokens = self.exchange(&metadata, kept, code, chance, now).await?;
        let access_token = tokens.access_token.as_deref();
        let expected = Expected { provider: &self.provider, metadata: &metadata, kept, access_token, now };
        let mut claims = self.believe(&tokens.id_token, &expected).await?;
        if let (true, Some(address), Some(token)) =
            (claims.is_silent(&self.provider), &metadata.userinfo_endpoint, access_token)
        {
            claims.add(self.http.get(address, Some(token)).await?.document::<Map<String, Value>>()?)?;
        }
        claims.identity(&self.provider)
    }

    async fn exchange(
        &self,
        metadata: &Metadata,
        kept: &Kept,
        code: &str,
        chance: Chance,
        now: DateTime<Utc>,
    ) -> Result<Tokens, OidcFault> {
        let client = self.provider.client_id.as_str();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &kept.redirect_uri),
            ("code_verifier", &kept.verifier),
            ("client_id", client),
        ];
        let (assertion, mut authorization) = (self.assertion(metadata, chance, now)?, None);
        match (&self.proof, &assertion) {
            (ClientProof::Key(..), assertion) => {
                let assertion = assertion.as_deref().unwrap_or_default();
                form.extend([("client_assertion_type", ASSERTION_TYPE), ("client_assertion", assertion)]);
            }
            (ClientProof::Secret(secret), _) if metadata.takes_secrets_in_forms_only() => {
                form.push(("client_secret", secret));
            }
            (ClientProof::Secret(secret), _) => authorization = Some(basic(client, secret)),
        }
        let reply = self.http.post(&metadata.token_endpoint, &form, authorization.as_deref()).await?;
        if reply.is_success() { reply.json() } else { Err(refusal(&reply)) }
    }

    fn assertion(&self, metadata: &Metadata, chance: Chance, now: DateTime<Utc>) -> Result<Option<String>, OidcFault> {
        let ClientProof::Key(key, algorithm) = &self.proof else { return Ok(None) };
        let audience = match self.provider.assertion_audience {
            Audience::TokenEndpoint => &metadata.token_endpoint,
            Audience::Issuer => &metadata.issuer,
        };
        key.prove(*algorithm, &self.provider.client_id, audience, chance, now).map(Some)
    }

    /// Reads an ID token; a key that is not among the known ones may be new, so they are fetched again, once.
    async fn believe(&self, token: &str, expected: &Expected<'_>) -> Result<Claims, OidcFault> {
        let (now, address) = (expected.now, &expected.metadata.jwks_uri);
        if let Some(keys) = fresh(&self.keys, now) {
            match claims::read(token, &keys, expected) {
                Err(TokenFault::UnknownKey) => {}
                verdict => return verdict.map_err(OidcFault::Token),
            }
        }
        let keys = put(&self.keys, self.fetch(address).await?, now);
        claims::read(token, &keys, expected).map_err(OidcFault::Token)
    }

    async fn fetch<T: DeserializeOwned>(&self, address: &str) -> Result<T, OidcFault> {
        self.http.get(address, None).await?.document()
    }
}

impl std::fmt::Debug for ClientProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(key, algorithm) => write!(f, "{key:?} by {algorithm:?}"),
            Self::Secret(_) => f.write_str("Secret"),
        }
    }
}

impl Metadata {
    fn takes_secrets_in_forms_only(&self) -> bool {
        let methods = &self.token_endpoint_auth_methods_supported;
        methods.iter().any(|method| method == "client_secret_post")
            && !methods.iter().any(|method| method == "client_secret_basic")
    }
}

/// What a token endpoint means by an error (RFC 6749, section 5.2).
fn refusal(reply: &Reply) -> OidcFault {
    let Ok(Refusal { error }) = reply.json() else {
        return OidcFault::Answer(format!("status {} without an error's name", reply.status()));
    };
    match error.as_str() {
        "invalid_grant" => OidcFault::Code,
        "invalid_client" | "unauthorized_client" => OidcFault::Client(error),
        "server_error" | "temporarily_unavailable" => OidcFault::Trouble(error),
        _ => OidcFault::Refused(error_name(&error)),
    }
}

/// `client_secret_basic`: both halves are encoded as in a form first (RFC 6749, section 2.3.1).
fn basic(client: &str, secret: &str) -> String {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(client), encode(secret))))
}

fn fresh<T>(shelf: &Shelf<T>, now: DateTime<Utc>) -> Option<Arc<T>> {
    let shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
    let (fetched_at, document) = shelf.as_ref()?;
    (*fetched_at <= now && now - *fetched_at < FRESH).then(|| document.clone())
}

fn put<T>(shelf: &Shelf<T>, document: T, now: DateTime<Utc>) -> Arc<T> {
    let document = Arc::new(document);
    *shelf.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, document.clone()));
    document
}
