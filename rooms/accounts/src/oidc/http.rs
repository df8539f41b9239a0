//! Talking to a provider: no redirects, ten seconds, answers of a sensible size, JSON.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Duration;

use http::StatusCode;
use http::header::{ACCEPT, AUTHORIZATION};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, RequestBuilder, Response};
use serde::de::DeserializeOwned;

use super::fault::{OidcFault, SettingsFault};
use super::provider::{Provider, is_on_this_machine};

/// How long one answer may take. People are waiting for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest answer we read, in bytes: keys with certificates are long, but not that long.
const LONGEST: usize = 512 * 1024;

/// Speaks to one provider.
#[derive(Clone, Debug)]
pub(super) struct Http(Client);

/// What came back: a status below 500, and a body of a sensible size.
pub(super) struct Reply {
    status: StatusCode,
    body: Vec<u8>,
}

impl Http {
    /// With the certificates of the operating system, and the provider's own (`ca_file`).
    pub(super) fn new(provider: &Provider, folder: &Path) -> Result<Self, SettingsFault> {
        // The house installs it at start; in tests we may come first. A second call changes nothing.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut client = Client::builder()
            .timeout(PATIENCE)
            .redirect(Policy::none())
            .user_agent(concat!("Kyodo/", env!("CARGO_PKG_VERSION")));
        if is_on_this_machine(&provider.issuer) {
            // No certificates are needed, which a bare machine may not have, nor a way around.
            client = client.no_proxy().tls_certs_only([]);
        } else if let Some(file) = &provider.ca_file {
            let file = folder.join(file);
            let pem = fs::read(&file).map_err(|error| SettingsFault::File { file, error })?;
            let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| certificates(&error))?;
            if certificates.is_empty() {
                return Err(SettingsFault::Certificates("ca_file holds none".to_owned()));
            }
            client = client.tls_certs_merge(certificates);
        }
        client.build().map(Self).map_err(|error| certificates(&error))
    }

    pub(super) async fn get(&self, address: &str, bearer: Option<&str>) -> Result<Reply, OidcFault> {
        let request = self.0.get(address);
        ask(match bearer {
            Some(token) => request.bearer_auth(token),
            None => request,
        })
        .await
    }

    pub(super) async fn post(
        &self,
        address: &str,
        form: &[(&str, &str)],
        authorization: Option<&str>,
    ) -> Result<Reply, OidcFault> {
        let request = self.0.post(address).form(form);
        ask(match authorization {
            Some(value) => request.header(AUTHORIZATION, value),
            None => request,
        })
        .await
    }
}

impl Reply {
    pub(super) fn is_success(&self) -> bool {
        self.status.is_success()
    }

    pub(super) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, OidcFault> {
        // The error's text would quote the body, tokens included.
        serde_json::from_slice(&self.body)
            .map_err(|error| OidcFault::Answer(format!("not the JSON it should be ({:?})", error.classify())))
    }

    /// The body of an answer that has to be a success.
    pub(super) fn document<T: DeserializeOwned>(&self) -> Result<T, OidcFault> {
        if self.is_success() { self.json() } else { Err(OidcFault::Answer(format!("status {}", self.status))) }
    }
}

async fn ask(request: RequestBuilder) -> Result<Reply, OidcFault> {
    let mut response = request.header(ACCEPT, "application/json").send().await.map_err(unreachable)?;
    let status = response.status();
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(OidcFault::Trouble(format!("status {status}")));
    }
    Ok(Reply { status, body: body(&mut response).await? })
}

async fn body(response: &mut Response) -> Result<Vec<u8>, OidcFault> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(unreachable)? {
        if body.len() + piece.len() > LONGEST {
            return Err(OidcFault::Answer(format!("longer than {LONGEST} bytes")));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// The innermost reason: the outer ones say no more than that a request failed.
fn unreachable(error: reqwest::Error) -> OidcFault {
    if error.is_timeout() {
        return OidcFault::Unreachable("no answer within ten seconds".to_owned());
    }
    OidcFault::Unreachable(innermost(&error.without_url()))
}

fn certificates(error: &reqwest::Error) -> SettingsFault {
    SettingsFault::Certificates(innermost(error))
}

fn innermost(error: &reqwest::Error) -> String {
    let mut reason: &dyn Error = error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    reason.to_string()
}
