//! Every setting in one table: the command line, the file, the environment, `kyodo config` and the
//! documentation all read it. What nothing uses is not a setting.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use url::Url;

use crate::logs;
use crate::proxy::Network;

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
    /// Whether public pages are kept in memory.
    pub keep_pages: bool,
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
    /// Whether only a server uses it.
    pub serving: bool,
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
        self.value == ON_OFF
    }

    /// A value as it may be shown: of an address with a password only where it leads.
    #[must_use]
    pub fn shown(&self, text: &str) -> String {
        if self.secret {
            without_login(text)
        } else {
            text.to_owned()
        }
    }
}

const ON_OFF: &str = "true|false";

/// Every setting there is.
pub static SETTINGS: &[Setting] = &[
    Setting {
        name: "data",
        value: "DIR",
        default: "./data",
        help: "データフォルダ。自治体の登録とデータベースを置きます",
        secret: false,
        serving: false,
        read: |config, text, base| {
            config.data = base.join(text);
            Ok(())
        },
    },
    Setting {
        name: "listen",
        value: "ADDR",
        default: "127.0.0.1:8080",
        help: "待ち受けるアドレスとポート番号",
        secret: false,
        serving: true,
        read: |config, text, _| {
            config.listen = address(text)?;
            Ok(())
        },
    },
    Setting {
        name: "today",
        value: "YYYY-MM-DD",
        default: "",
        help: "この日が今日であるとして動きます（見本、予行、試験のため）。和暦でも書けます",
        secret: false,
        serving: false,
        read: |config, text, _| {
            config.today = Some(kyodo_wareki::parse_date(text).map_err(|error| error.to_string())?);
            Ok(())
        },
    },
    Setting {
        name: "database",
        value: "sqlite|postgres://…",
        default: "sqlite",
        help: "自治体を追加するときのデータベース。postgres:// のときは、ロールを作れる利用者の接続先",
        secret: true,
        serving: false,
        read: |config, text, _| {
            config.database = database(text)?;
            Ok(())
        },
    },
    Setting {
        name: "max_connections",
        value: "N",
        default: "20",
        help: "すべての自治体を合わせて、データベースに開く接続の上限（どの自治体にも少なくとも1つ）",
        secret: false,
        serving: true,
        read: |config, text, _| {
            config.max_connections = text
                .parse()
                .ok()
                .filter(|n| *n > 0)
                .ok_or("1以上の整数で書いてください。")?;
            Ok(())
        },
    },
    Setting {
        name: "public_url",
        value: "URL",
        default: "",
        help: "プロキシの後ろで動かすとき、利用者から見えるアドレス。自治体には <名前>.<このホスト名> でもつながります",
        secret: false,
        serving: true,
        read: |config, text, _| {
            config.public_url = Some(public_url(text)?);
            Ok(())
        },
    },
    Setting {
        name: "trusted_proxies",
        value: "ADDR,…",
        default: "",
        help: "X-Forwarded-Host を信じてよいプロキシのアドレス。10.0.0.0/8 のような範囲も書けます",
        secret: false,
        serving: true,
        read: |config, text, _| {
            config.trusted_proxies = text
                .split(',')
                .map(|network| network.trim().parse())
                .collect::<Result<_, _>>()?;
            Ok(())
        },
    },
    Setting {
        name: "tls_certificate",
        value: "FILE",
        default: "",
        help: "プロキシなしで https にするときの証明書（PEM、中間証明書を続けて）",
        secret: false,
        serving: true,
        read: |config, text, base| {
            config.tls_certificate = Some(base.join(text));
            Ok(())
        },
    },
    Setting {
        name: "tls_key",
        value: "FILE",
        default: "",
        help: "その秘密鍵（PEM）",
        secret: false,
        serving: true,
        read: |config, text, base| {
            config.tls_key = Some(base.join(text));
            Ok(())
        },
    },
    Setting {
        name: "keep_pages",
        value: ON_OFF,
        default: "true",
        help: "公開のページをメモリに置いておくか",
        secret: false,
        serving: true,
        read: |config, text, _| {
            config.keep_pages = on(text)?;
            Ok(())
        },
    },
    Setting {
        name: "development",
        value: ON_OFF,
        default: "false",
        help: "開発者のための情報（ページごとのSQLの数）を応答に付けるか",
        secret: false,
        serving: true,
        read: |config, text, _| {
            config.development = on(text)?;
            Ok(())
        },
    },
    Setting {
        name: "log",
        value: "LEVEL",
        default: "info",
        help: "ログの細かさ。off error warn info debug trace",
        secret: false,
        serving: false,
        read: |config, text, _| {
            text.clone_into(&mut config.log);
            logs::filter(text).map(drop)
        },
    },
    Setting {
        name: "log_format",
        value: "text|json",
        default: "text",
        help: "ログの形",
        secret: false,
        serving: false,
        read: |config, text, _| {
            config.log_format = match text {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                _ => return Err("text か json と書いてください。".to_owned()),
            };
            Ok(())
        },
    },
];

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
            max_connections: 1,
            public_url: None,
            trusted_proxies: Vec::new(),
            tls_certificate: None,
            tls_key: None,
            keep_pages: true,
            development: false,
        }
    }
}

/// Reads an address with its port.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "127.0.0.1:8080 のように、IPアドレスとポート番号で書いてください。".to_owned())
}

fn on(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "on" | "yes" => Ok(true),
        "false" | "0" | "off" | "no" => Ok(false),
        _ => Err("true か false と書いてください。".to_owned()),
    }
}

fn database(text: &str) -> Result<Database, String> {
    if text == "sqlite" {
        Ok(Database::Sqlite)
    } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        Ok(Database::Postgres(text.to_owned()))
    } else {
        Err("sqlite か postgres:// で始まる接続先を書いてください。".to_owned())
    }
}

fn public_url(text: &str) -> Result<Url, String> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .filter(|url| url.path() == "/" && url.query().is_none() && url.username().is_empty())
        .ok_or_else(|| {
            "https://kyodo.example.jp のように、道筋（/…）を付けずに書いてください。".to_owned()
        })
}

/// A database address without its login and its options, which may hold passwords.
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
    fn every_default_is_a_value_that_its_setting_accepts() {
        for setting in SETTINGS
            .iter()
            .filter(|setting| !setting.default.is_empty())
        {
            (setting.read)(&mut Config::blank(), setting.default, Path::new("")).unwrap();
        }
    }

    #[test]
    fn of_a_database_address_only_the_place_is_shown() {
        assert_eq!(
            without_login("postgres://root:p%40w@db:5432/kyodo?password=x"),
            "postgres://db:5432/kyodo"
        );
        assert_eq!(without_login("sqlite"), "sqlite");
    }

    #[test]
    fn a_public_address_is_a_scheme_and_a_host() {
        assert!(public_url("https://kyodo.example.jp").is_ok());
        assert!(public_url("https://kyodo.example.jp:8443/").is_ok());
        for wrong in [
            "kyodo.example.jp",
            "ftp://kyodo.example.jp",
            "https://kyodo.example.jp/sub/",
            "https://u@h/",
        ] {
            assert!(public_url(wrong).is_err(), "{wrong}");
        }
    }
}
