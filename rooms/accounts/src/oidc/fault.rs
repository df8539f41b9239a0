//! What can go wrong at the provider's: as a sentence for who wants in, with a detail for the log, and whether trying again helps.

use std::io;
use std::path::{Path, PathBuf};

/// Why nobody was signed in.
///
/// The message's only variable is `provider`, the provider's name. `Display` is for the log: it holds no code, token or key.
#[derive(Debug, thiserror::Error)]
pub enum OidcFault {
    /// The sign-in was begun too long ago.
    #[error("the sign-in was begun more than ten minutes ago")]
    Expired,
    /// The answer does not belong to the sign-in that this browser began.
    #[error("the state is missing or another's")]
    State,
    /// The answer comes from another provider than the one that was asked (RFC 9207).
    #[error("the answer is another issuer's")]
    Issuer,
    /// The person, or the provider for them, said no.
    #[error("access denied")]
    Denied,
    /// The provider does not take what we ask; the registration there or here is wrong.
    #[error("the provider refuses: {0}")]
    Refused(String),
    /// The code is used up, too old or another client's.
    #[error("the code is not good")]
    Code,
    /// The provider does not accept our key or secret.
    #[error("the provider does not accept our key or secret: {0}")]
    Client(String),
    /// Nobody answers, or not in time.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    /// The provider says that it is in trouble.
    #[error("the provider is in trouble: {0}")]
    Trouble(String),
    /// The provider's answer is none that the standard knows: too long, moved, not JSON, or at odds with its registration.
    #[error("the provider's answer makes no sense: {0}")]
    Answer(String),
    /// The ID token is not what we asked for.
    #[error("the ID token: {0}")]
    Token(TokenFault),
    /// The provider does not say whose account it is.
    #[error("claim {0} is missing")]
    Account(String),
    /// The account is named by a mail address that the provider has not verified.
    #[error("the mail address is not verified")]
    Email,
    /// Our own key signs nothing; it was good when the gate was opened.
    #[error("our key does not sign")]
    Key,
}

/// Why an ID token is not believed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TokenFault {
    /// It is not a signed token with the claims that must be there.
    #[error("is not one")]
    Shape,
    /// Its algorithm is one that proves nothing, or that the provider does not announce.
    #[error("has an algorithm that we do not take")]
    Algorithm,
    /// No key of the provider's has this name.
    #[error("is signed by a key that the provider does not show")]
    UnknownKey,
    /// It was not signed by the key it names, or changed since.
    #[error("has a wrong signature")]
    Signature,
    /// It is another provider's.
    #[error("is another issuer's")]
    Issuer,
    /// It is for another client.
    #[error("is for another client")]
    Audience,
    /// It answers another sign-in.
    #[error("has another nonce")]
    Nonce,
    /// It is no longer good, by our clock.
    #[error("has expired")]
    Expired,
    /// It is not good yet, by our clock.
    #[error("comes from the future")]
    Future,
    /// It belongs to another access token.
    #[error("belongs to another access token")]
    AccessToken,
    /// What the provider tells about the person is about somebody else.
    #[error("is about another person than the provider's other answer")]
    Subject,
}

impl OidcFault {
    /// The message that says it to who wanted in; its variable is `provider`.
    #[must_use]
    pub fn message(&self) -> &'static str {
        match self {
            Self::Expired => "oidc-fault-expired",
            Self::State => "oidc-fault-state",
            Self::Issuer => "oidc-fault-issuer",
            Self::Denied => "oidc-fault-denied",
            Self::Refused(_) => "oidc-fault-refused",
            Self::Code => "oidc-fault-code",
            Self::Client(_) | Self::Key => "oidc-fault-client",
            Self::Unreachable(_) => "oidc-fault-unreachable",
            Self::Trouble(_) => "oidc-fault-trouble",
            Self::Answer(_) => "oidc-fault-answer",
            Self::Token(TokenFault::Expired | TokenFault::Future) => "oidc-fault-clock",
            Self::Token(_) => "oidc-fault-token",
            Self::Account(_) => "oidc-fault-account",
            Self::Email => "oidc-fault-email",
        }
    }

    /// Whether the same person may get in by trying again; if not, somebody has to mend something first.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Expired
            | Self::State
            | Self::Denied
            | Self::Code
            | Self::Unreachable(_)
            | Self::Trouble(_)
            | Self::Token(TokenFault::Nonce) => true,
            Self::Issuer
            | Self::Refused(_)
            | Self::Client(_)
            | Self::Answer(_)
            | Self::Token(_)
            | Self::Account(_)
            | Self::Email
            | Self::Key => false,
        }
    }
}

/// Why a provider of the registration file cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum SettingsFault {
    /// The issuer is not an https address (http only on this machine).
    #[error("issuer 「{0}」 is not an https address")]
    Issuer(String),
    /// Neither a key nor a secret is named, or both.
    #[error("one of key_file and client_secret_file is needed, and one only")]
    Proof,
    /// A file cannot be read.
    #[error("{file}: {error}", file = file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A secret file that others on this machine could read.
    #[error("{file}: others may read it (mode {mode:03o}); it must be 600", file = file.display())]
    OpenToOthers {
        /// Which.
        file: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The file holds no private key that we can sign with.
    #[error("{file}: not a PEM private key of P-256 or RSA with 2,048 bits or more", file = file.display())]
    Key {
        /// Which.
        file: PathBuf,
    },
    /// The file's key cannot sign by the algorithm that the settings name.
    #[error("{file}: the key does not fit key_algorithm", file = file.display())]
    Algorithm {
        /// Which.
        file: PathBuf,
    },
    /// The secret is empty.
    #[error("{file}: empty", file = file.display())]
    Empty {
        /// Which.
        file: PathBuf,
    },
    /// The file holds no certificates, or the system has none and needs some.
    #[error("certificates: {0}")]
    Certificates(String),
    /// Chance gave no key in many tries: it is broken.
    #[error("chance gives no key")]
    Chance,
}

impl SettingsFault {
    /// The message that says it to who keeps the settings; its variable is `file`, empty where no file is concerned.
    #[must_use]
    pub fn message(&self) -> &'static str {
        match self {
            Self::Issuer(_) => "oidc-settings-issuer",
            Self::Proof => "oidc-settings-proof",
            Self::File { .. } => "oidc-settings-file",
            Self::OpenToOthers { .. } => "oidc-settings-open",
            Self::Key { .. } => "oidc-settings-key",
            Self::Algorithm { .. } => "oidc-settings-algorithm",
            Self::Empty { .. } => "oidc-settings-empty",
            Self::Certificates(_) => "oidc-settings-certificates",
            Self::Chance => "oidc-settings-chance",
        }
    }

    /// The file that has to be mended.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File { file, .. }
            | Self::OpenToOthers { file, .. }
            | Self::Key { file }
            | Self::Algorithm { file }
            | Self::Empty { file } => Some(file),
            Self::Issuer(_) | Self::Proof | Self::Certificates(_) | Self::Chance => None,
        }
    }
}
