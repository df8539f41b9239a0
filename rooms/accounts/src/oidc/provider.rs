//! An identity provider as the city's registration file names it (`[[sign_in]]`), and what is wrong with such an entry.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::{Host, Url};

use super::fault::SettingsFault;

/// An identity provider that people of this city may sign in through.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// What stands on the button, such as 「職員認証」. It also tells the city's providers apart.
    pub name: String,
    /// The provider's own name for itself, an address. Its documents stand below `.well-known`.
    pub issuer: String,
    /// The name under which the provider knows us.
    pub client_id: String,
    /// The private key that proves it is us: PEM, P-256 or RSA of at least 2,048 bits. Beside the
    /// registration, unless the path is a whole one.
    pub key_file: Option<PathBuf>,
    /// The algorithm for that key, where the provider wants another than the usual one.
    pub key_algorithm: Option<KeyAlgorithm>,
    /// What the provider calls that key (`kid`), where it does not take our name for it, the thumbprint (RFC 7638).
    pub key_id: Option<String>,
    /// Whom our proof names as its reader.
    #[serde(default)]
    pub assertion_audience: Audience,
    /// A password instead of a key, for providers that know no better: a file with one line.
    pub client_secret_file: Option<PathBuf>,
    /// What we ask to be told; `openid` is always asked for.
    #[serde(default = "usual_scopes")]
    pub scopes: Vec<String>,
    /// How strongly people must prove themselves, in the provider's words, such as `aal3`.
    pub acr_values: Option<String>,
    /// The claim that names the account: `email`, `preferred_username`, a staff number's claim, or `sub`.
    #[serde(default = "usual_claim")]
    pub claim_account: String,
    /// Whether mail addresses are believed although the provider does not say that it verified them.
    #[serde(default)]
    pub trust_email: bool,
    /// A certificate authority of the city's own (PEM), besides those of the operating system.
    pub ca_file: Option<PathBuf>,
    /// Who signs in here.
    pub for_role: ForRole,
}

/// Who signs in through a provider.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum ForRole {
    /// Those who work for the city.
    Staff,
    /// Everyone else.
    Residents,
}

/// How our key signs (RFC 7518, section 3.1).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[expect(missing_docs, reason = "the names are the standard's")]
pub enum KeyAlgorithm {
    ES256,
    RS256,
    PS256,
}

/// Whom a client assertion names as its reader: `OpenID` Connect Core, section 9, says the token endpoint; the update of
/// RFC 7523 says the issuer.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The address where codes are exchanged.
    #[default]
    TokenEndpoint,
    /// The provider.
    Issuer,
}

/// How we prove to the provider that it is us: a path to a key, or to a password.
pub(super) enum Proof<'a> {
    Key(&'a Path),
    Secret(&'a Path),
}

impl Provider {
    /// What cannot work, found without asking the provider.
    pub(super) fn check(&self) -> Result<Proof<'_>, SettingsFault> {
        if !is_trustworthy(&self.issuer, &self.issuer) {
            return Err(SettingsFault::Issuer(self.issuer.clone()));
        }
        match (&self.key_file, &self.client_secret_file) {
            (Some(key), None) => Ok(Proof::Key(key)),
            (None, Some(secret)) => Ok(Proof::Secret(secret)),
            _ => Err(SettingsFault::Proof),
        }
    }
}

/// Whether secrets may be sent to this address: https, or plain http while the provider stands on this very machine.
pub(super) fn is_trustworthy(address: &str, issuer: &str) -> bool {
    is_on_this_machine(address) && is_on_this_machine(issuer)
        || Url::parse(address).is_ok_and(|url| url.scheme() == "https" && url.host().is_some())
}

/// Whether an address is plain http to this machine itself.
pub(super) fn is_on_this_machine(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    url.scheme() == "http"
        && match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
}

/// The text of a file that nobody but us may read.
pub(super) fn read_secret(path: &Path) -> Result<String, SettingsFault> {
    let unreadable = |error| SettingsFault::File { file: path.to_owned(), error };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let mode = fs::metadata(path).map_err(unreadable)?.mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(SettingsFault::OpenToOthers { file: path.to_owned(), mode });
        }
    }
    fs::read_to_string(path).map_err(unreadable)
}

fn usual_scopes() -> Vec<String> {
    ["openid", "profile", "email"].map(str::to_owned).into()
}

fn usual_claim() -> String {
    "email".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for good in
            ["https://login.example.jp/t", "http://127.0.0.1:4000", "http://localhost:4000", "http://[::1]:4000"]
        {
            assert!(is_trustworthy(good, good), "{good}");
        }
        for bad in ["http://login.example.jp", "http://127.0.0.1.example.jp", "ftp://127.0.0.1", "login", ""] {
            assert!(!is_trustworthy(bad, bad), "{bad}");
        }
        assert!(!is_trustworthy("http://127.0.0.1:4000/token", "https://login.example.jp"));
    }
}
