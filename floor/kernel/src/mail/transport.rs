//! How letters leave: by SMTP, into a folder, or, in tests, into memory.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use tokio::time::timeout;
use url::Url;

use super::{Address, bounce};

/// How long a server may take until it is ready to listen.
const TO_CONNECT: Duration = Duration::from_secs(30);
/// How long a farewell is waited for.
const FOR_FAREWELL: Duration = Duration::from_secs(2);
/// How long one letter may take.
const TO_SEND: Duration = Duration::from_mins(2);
/// How long the others do not even try after a server could not be reached.
const REST: TimeDelta = TimeDelta::minutes(1);

/// How letters leave.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Through a mail server.
    Smtp(Arc<Server>),
    /// Into a folder, a file `<key>.eml` each: for trying out, and for systems that take mail from a folder.
    Folder(PathBuf),
    /// Into memory, for tests.
    Memory(Arc<Mutex<Vec<Sent>>>),
}

/// A letter as it left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its name in the Message-ID.
    pub key: String,
    /// The envelope's reader, as people write the address.
    pub to: Address,
    /// The message.
    pub message: Vec<u8>,
}

/// A mail server.
#[derive(Debug)]
pub struct Server {
    host: String,
    port: u16,
    protection: Protection,
    login: Option<Credentials>,
    hello: ClientId,
    away_until: Mutex<Option<DateTime<Utc>>>,
}

/// When the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protection {
    Never,
    /// `STARTTLS`, or nothing is said.
    AfterGreeting,
    FromTheStart,
}

/// Why a letter did not leave.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The server refused this letter for good.
    #[error("{}", .0.text)]
    Refused(Refusal),
    /// The server cannot be reached, or does not take mail from us now.
    #[error("{0}")]
    Away(String),
}

/// What the server said when it refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// In its own words.
    pub text: String,
}

impl Refusal {
    /// Whether the address itself is what is wrong.
    #[must_use]
    pub fn is_about_the_address(&self) -> bool {
        bounce::status_in(&self.text).is_some_and(|status| bounce::is_about_the_address(&status))
    }
}

impl Transport {
    /// A mail server by its address: `smtp://host`, `smtp://name:password@host?tls=required`, `smtps://…`. A path is
    /// the name by which Kyodo introduces itself. None where it cannot be read, or a password would go out in clear.
    #[must_use]
    pub fn smtp(address: &str) -> Option<Self> {
        let url = Url::parse(address).ok()?;
        let host = url.host_str().filter(|host| !host.is_empty())?.trim_matches(['[', ']']).to_owned();
        let options: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let options: Vec<(&str, &str)> = options.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let (protection, port) = match (url.scheme(), options.as_slice()) {
            ("smtp", []) => (Protection::Never, 25),
            ("smtp", [("tls", "required")]) => (Protection::AfterGreeting, 587),
            ("smtps", []) => (Protection::FromTheStart, 465),
            _ => return None,
        };
        let login = match (url.username(), url.password()) {
            ("", None) => None,
            (name, Some(password)) => Some(Credentials::new(decoded(name)?, decoded(password)?)),
            (_, None) => return None,
        };
        let is_here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if login.is_some() && protection == Protection::Never && !is_here {
            return None;
        }
        let hello = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        let port = url.port().unwrap_or(port);
        Some(Self::Smtp(Arc::new(Server { host, port, protection, login, hello, away_until: Mutex::default() })))
    }

    /// A transport into memory, and what it will have sent.
    #[must_use]
    pub fn memory() -> (Self, Arc<Mutex<Vec<Sent>>>) {
        let sent = Arc::<Mutex<Vec<Sent>>>::default();
        (Self::Memory(Arc::clone(&sent)), sent)
    }

    /// Lets a message leave. Sending the same key again is recognisable by whoever receives it.
    pub async fn send(
        &self,
        key: &str,
        from: &Address,
        to: &Address,
        message: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(), TransportError> {
        match self {
            Self::Smtp(server) => server.send(from, to, message, now).await,
            Self::Folder(folder) => {
                let (folder, key, message) = (folder.clone(), key.to_owned(), message.to_vec());
                let written = tokio::task::spawn_blocking(move || write(&folder, &key, &message)).await;
                written
                    .map_err(|error| TransportError::Away(error.to_string()))?
                    .map_err(|error| TransportError::Away(format!("the folder for mail: {error}")))
            }
            Self::Memory(sent) => {
                let sent_now = Sent { key: key.to_owned(), to: to.clone(), message: message.to_vec() };
                sent.lock().unwrap_or_else(PoisonError::into_inner).push(sent_now);
                Ok(())
            }
        }
    }
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Into::into)
}

/// Whoever reads the folder sees the whole letter or none; a repetition overwrites it.
fn write(folder: &Path, key: &str, message: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let (growing, file) = (folder.join(format!("{key}.new")), folder.join(format!("{key}.eml")));
    let mut out = fs::File::create(&growing)?;
    out.write_all(message)?;
    out.sync_all()?;
    fs::rename(growing, file)
}

impl Server {
    async fn send(
        &self,
        from: &Address,
        to: &Address,
        message: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(), TransportError> {
        if self.rests(now) {
            return Err(TransportError::Away(format!("{} could not be reached just now", self.host)));
        }
        let connecting = timeout(TO_CONNECT, self.connect()).await;
        let connected = match connecting {
            Ok(connected) => connected.map_err(|error| away("connecting", &error)),
            Err(_) => Err(self.slow()),
        };
        let mut connection = connected.inspect_err(|_| {
            *self.away_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(now + REST);
        })?;
        let sent = timeout(TO_SEND, converse(&mut connection, from, to, message)).await;
        // What was taken is taken: whether the farewell is heard changes nothing.
        drop(timeout(FOR_FAREWELL, connection.abort()).await);
        sent.unwrap_or_else(|_| Err(self.slow()))
    }

    fn slow(&self) -> TransportError {
        TransportError::Away(format!("{} took too long", self.host))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let place = (self.host.as_str(), self.port);
        let tls = || TlsParameters::new_rustls(self.host.clone());
        let from_the_start = if self.protection == Protection::FromTheStart { Some(tls()?) } else { None };
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(place, Some(TO_CONNECT), &self.hello, from_the_start, None).await?;
        if self.protection == Protection::AfterGreeting {
            connection.starttls(tls()?, &self.hello).await?;
        }
        if let Some(login) = &self.login {
            connection.auth(DEFAULT_MECHANISMS, login).await?;
        }
        Ok(connection)
    }

    /// A server that is away is not asked for every single letter.
    fn rests(&self, now: DateTime<Utc>) -> bool {
        let away_until = *self.away_until.lock().unwrap_or_else(PoisonError::into_inner);
        away_until.is_some_and(|until| now < until && until - now <= REST)
    }
}

/// The conversation is led step by step, because only the answers to `RCPT` and to the message are about this letter: a
/// refused login or sender is our own affair, and no letter may be lost for it.
async fn converse(
    connection: &mut AsyncSmtpConnection,
    from: &Address,
    to: &Address,
    message: &[u8],
) -> Result<(), TransportError> {
    let mail = Mail::new(Some(from.on_the_wire()), Vec::new());
    connection.command(mail).await.map_err(|error| away("the sender", &error))?;
    let rcpt = Rcpt::new(to.on_the_wire(), Vec::new());
    connection.command(rcpt).await.map_err(|error| about_the_letter(&error))?;
    connection.command(Data).await.map_err(|error| away("the message", &error))?;
    connection.message(message).await.map_err(|error| about_the_letter(&error))?;
    Ok(())
}

fn away(step: &str, error: &Error) -> TransportError {
    TransportError::Away(format!("{step}: {}", told(error)))
}

fn about_the_letter(error: &Error) -> TransportError {
    if error.is_permanent() {
        TransportError::Refused(Refusal { text: told(error) })
    } else {
        away("the letter", error)
    }
}

/// An error with what caused it, on one line.
fn told(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(address: &str) -> Option<Arc<Server>> {
        match Transport::smtp(address) {
            Some(Transport::Smtp(server)) => Some(server),
            _ => None,
        }
    }

    #[test]
    fn the_address_of_a_mail_server_says_how_to_speak_to_it() {
        for (address, host, port, protection) in [
            ("smtp://relay.example.jp", "relay.example.jp", 25, Protection::Never),
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, Protection::Never),
            ("smtp://[::1]:2525", "::1", 2525, Protection::Never),
            ("smtp://u:p@relay.example.jp?tls=required", "relay.example.jp", 587, Protection::AfterGreeting),
            ("smtps://u:p%40w@relay.example.jp/kyodo.example.jp", "relay.example.jp", 465, Protection::FromTheStart),
            ("smtp://u:p@localhost", "localhost", 25, Protection::Never),
        ] {
            let server = server(address).unwrap_or_else(|| panic!("{address}"));
            assert_eq!((server.host.as_str(), server.port, server.protection), (host, port, protection));
        }
        let named = server("smtps://u:p%40w@relay.example.jp/kyodo.example.jp").unwrap();
        assert_eq!(named.login, Some(Credentials::new("u".to_owned(), "p@w".to_owned())));
        assert_eq!(named.hello, ClientId::Domain("kyodo.example.jp".to_owned()));
    }

    #[test]
    fn no_password_goes_out_in_clear() {
        for wrong in [
            "smtp://u:p@relay.example.jp",
            "smtp://u@localhost",
            "smtp://relay?tls=maybe",
            "smtp://",
            "relay.example.jp",
            "http://relay",
            "smtps://relay?tls=required",
        ] {
            assert!(server(wrong).is_none(), "{wrong}");
        }
        let shown = format!("{:?}", server("smtps://name:geheim@relay").unwrap());
        assert!(!shown.contains("geheim"), "{shown}");
    }
}
