//! Every setting in one table: the command line, the file, the environment, `kyodo config` and the
//! documentation all read it. What nothing uses is not a setting.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use kyodo_kernel::mail::{Address, Transport};
use url::Url;

use crate::proxy::Network;

mod table;

pub use table::SETTINGS;

/// What is in force for one run.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder with the cities.
    pub data: PathBuf,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The day Kyodo believes it is; none is the machine's.
    pub today: Option<NaiveDate>,
    /// What is logged.
    pub log: String,
    /// How it is written.
    pub log_format: LogFormat,
    /// Where a new city's database is made.
    pub database: Database,
    /// Where files lie that people send.
    pub files: Files,
    /// The most bytes of one of them.
    pub upload_limit: usize,
    /// The most connections all cities together hold open.
    pub max_connections: u32,
    /// The address people use, where a proxy stands in front.
    pub public_url: Option<Url>,
    /// The proxies whose word on the host counts.
    pub trusted_proxies: Vec<Network>,
    /// The certificate chain, as PEM.
    pub tls_certificate: Option<PathBuf>,
    /// Its key, as PEM.
    pub tls_key: Option<PathBuf>,
    /// How letters leave.
    pub mail: Mail,
    /// Whom letters are from.
    pub mail_from: Address,
    /// Whether public pages are kept in memory.
    pub keep_pages: bool,
    /// Whether tries are limited.
    pub rate_limits: bool,
    /// Whether answers tell what developers want to know.
    pub development: bool,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For log collectors: one object a line.
    Json,
}

/// Where a new city's database is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file in the data folder.
    Sqlite,
    /// A schema of its own on the server at this address, whose login may create roles.
    Postgres(String),
}

/// How letters leave.
#[derive(Clone, Debug)]
pub enum Mail {
    /// Into the data folder, to be looked at.
    Folder,
    /// Through a mail server.
    Server(Transport),
}

/// Where files lie that people send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Files {
    /// In the data folder.
    Folder,
    /// In a bucket of S3, below a prefix that may be empty. Keys, region and endpoint are in the environment (`AWS_…`).
    S3 {
        /// The bucket.
        bucket: String,
        /// The prefix, without slashes at its ends.
        prefix: String,
    },
}

/// What a command does that a setting is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Every command that opens the data folder.
    Always,
    /// Those that create cities.
    Creating,
    /// Those that answer requests.
    Serving,
}

/// One line of the table.
#[derive(Debug)]
pub struct Setting {
    /// Its name in the file; the flag and the environment variable follow from it.
    pub name: &'static str,
    /// What stands for its value in the help.
    pub value: &'static str,
    /// What is in force when nobody says anything; empty where there is none.
    pub default: &'static str,
    /// What it is, in one sentence.
    pub help: &'static str,
    /// Whether its value may hold a password.
    pub secret: bool,
    /// Which commands use it.
    pub used: Use,
    /// Reads a value into the configuration; relative paths start at the folder given. The refusal says what to write.
    pub read: fn(&mut Config, &str, &Path) -> Result<(), String>,
}

impl Setting {
    /// Its flag, without the dashes.
    #[must_use]
    pub fn flag(&self) -> String {
        self.name.replace('_', "-")
    }

    /// Its environment variable.
    #[must_use]
    pub fn environment(&self) -> String {
        format!("KYODO_{}", self.name.to_ascii_uppercase())
    }

    /// Whether it is either on or off.
    #[must_use]
    pub fn is_switch(&self) -> bool {
        self.value == table::ON_OFF
    }

    /// A value as it may be shown: of an address with a password only where it leads.
    #[must_use]
    pub fn shown(&self, text: &str) -> String {
        if self.secret { without_login(text) } else { text.to_owned() }
    }
}

/// The setting of a name.
#[must_use]
pub fn setting(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

impl Config {
    /// Nothing said yet: every line of the table is read into it before anybody sees it.
    pub(crate) fn blank() -> Self {
        Self {
            data: PathBuf::new(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            today: None,
            log: String::new(),
            log_format: LogFormat::Text,
            database: Database::Sqlite,
            files: Files::Folder,
            upload_limit: 0,
            max_connections: 1,
            public_url: None,
            trusted_proxies: Vec::new(),
            tls_certificate: None,
            tls_key: None,
            mail: Mail::Folder,
            mail_from: Address::nobody(),
            keep_pages: true,
            rate_limits: true,
            development: false,
        }
    }
}

/// Reads an address with its port.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "127.0.0.1:8080 のように、IPアドレスとポート番号で書いてください。".to_owned())
}

/// The address of a database or a mail server without its login and its options, which may hold passwords.
#[must_use]
pub fn without_login(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let place = rest.split('?').next().unwrap_or_default();
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    format!("{scheme}://{place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_database_address_only_the_place_is_shown() {
        assert_eq!(without_login("postgres://root:p%40w@db:5432/kyodo?password=x"), "postgres://db:5432/kyodo");
        assert_eq!(without_login("smtps://kyodo:p%40w@relay:465/name?tls=x"), "smtps://relay:465/name");
        assert_eq!(without_login("sqlite"), "sqlite");
    }
}
