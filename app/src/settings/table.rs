//! The settings themselves, and how their values are read.

use kyodo_kernel::mail::Transport;
use url::Url;

use super::{Database, Files, LogFormat, Mail, Setting, Use, address};
use crate::logs;

/// What stands for the value of a setting that is on or off.
pub(super) const ON_OFF: &str = "true|false";

/// Every setting there is.
pub static SETTINGS: &[Setting] = &[
    Setting {
        name: "data",
        value: "DIR",
        default: "./data",
        help: "データフォルダ。自治体の登録とデータベースを置きます",
        secret: false,
        used: Use::Always,
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
        used: Use::Serving,
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
        used: Use::Always,
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
        used: Use::Creating,
        read: |config, text, _| {
            config.database = database(text)?;
            Ok(())
        },
    },
    Setting {
        name: "files",
        value: "folder|s3://…",
        default: "folder",
        help: "送られたファイルの置き場所。folder はデータフォルダの files、s3://バケット/接頭辞 はS3（鍵などは AWS_… の環境変数）",
        secret: false,
        used: Use::Serving,
        read: |config, text, _| {
            config.files = files(text)?;
            Ok(())
        },
    },
    Setting {
        name: "upload_limit_mb",
        value: "N",
        default: "10",
        help: "受け取るファイル1つの大きさの上限（MB）",
        secret: false,
        used: Use::Serving,
        read: |config, text, _| {
            let megabytes: usize =
                text.parse().ok().filter(|n| (1..=1000).contains(n)).ok_or("1から1000までの整数で書いてください。")?;
            config.upload_limit = megabytes * 1024 * 1024;
            Ok(())
        },
    },
    Setting {
        name: "max_connections",
        value: "N",
        default: "20",
        help: "すべての自治体を合わせて、データベースに開く接続の上限（どの自治体にも、読むためと書くために少なくとも1つずつ）",
        secret: false,
        used: Use::Serving,
        read: |config, text, _| {
            config.max_connections = text.parse().ok().filter(|n| *n > 0).ok_or("1以上の整数で書いてください。")?;
            Ok(())
        },
    },
    Setting {
        name: "public_url",
        value: "URL",
        default: "",
        help: "プロキシの後ろで動かすとき、利用者から見えるアドレス。自治体には <名前>.<このホスト名> でもつながります",
        secret: false,
        used: Use::Serving,
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
        used: Use::Serving,
        read: |config, text, _| {
            config.trusted_proxies = text.split(',').map(|network| network.trim().parse()).collect::<Result<_, _>>()?;
            Ok(())
        },
    },
    Setting {
        name: "tls_certificate",
        value: "FILE",
        default: "",
        help: "プロキシなしで https にするときの証明書（PEM、中間証明書を続けて）",
        secret: false,
        used: Use::Serving,
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
        used: Use::Serving,
        read: |config, text, base| {
            config.tls_key = Some(base.join(text));
            Ok(())
        },
    },
    Setting {
        name: "mail",
        value: "folder|smtp://…",
        default: "folder",
        help: "メールの送り先。folder ならデータフォルダの mail に置くだけで送りません。smtps://利用者:パスワード@ホスト、smtp://…?tls=required、暗号化しない smtp://ホスト も書けます",
        secret: true,
        used: Use::Serving,
        read: |config, text, _| {
            config.mail = mail(text)?;
            Ok(())
        },
    },
    Setting {
        name: "mail_from",
        value: "ADDR",
        default: "kyodo@localhost",
        help: "差出人のメールアドレス。戻ってきたメールもここに届きます（kyodo mail bounce）",
        secret: false,
        used: Use::Serving,
        read: |config, text, _| {
            config.mail_from = text
                .parse()
                .map_err(|_| "kyodo@city.example.jp のように、メールアドレスを書いてください。".to_owned())?;
            Ok(())
        },
    },
    Setting {
        name: "keep_pages",
        value: ON_OFF,
        default: "true",
        help: "公開のページをメモリに置いておくか",
        secret: false,
        used: Use::Serving,
        read: |config, text, _| {
            config.keep_pages = on(text)?;
            Ok(())
        },
    },
    Setting {
        name: "rate_limits",
        value: ON_OFF,
        default: "true",
        help: "ログインなどを試せる回数を限るか。外すのは、速さを測るときだけにしてください",
        secret: false,
        used: Use::Serving,
        read: |config, text, _| {
            config.rate_limits = on(text)?;
            Ok(())
        },
    },
    Setting {
        name: "development",
        value: ON_OFF,
        default: "false",
        help: "開発者のための情報（ページごとのSQLの数）を応答に付けるか",
        secret: false,
        used: Use::Serving,
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
        used: Use::Always,
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
        used: Use::Always,
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

fn mail(text: &str) -> Result<Mail, String> {
    if text == "folder" {
        return Ok(Mail::Folder);
    }
    Transport::smtp(text).map(Mail::Server).ok_or_else(|| {
        "folder か、smtp:// または smtps:// で始まる接続先を書いてください。パスワードを書くときは smtps:// か ?tls=required が要ります。"
            .to_owned()
    })
}

fn files(text: &str) -> Result<Files, String> {
    if text == "folder" {
        return Ok(Files::Folder);
    }
    let place = text.strip_prefix("s3://").map(|rest| rest.split_once('/').unwrap_or((rest, "")));
    match place {
        Some((bucket, prefix)) if !bucket.is_empty() => {
            Ok(Files::S3 { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() })
        }
        _ => Err("folder か s3://バケット/接頭辞 と書いてください。".to_owned()),
    }
}

fn public_url(text: &str) -> Result<Url, String> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .filter(|url| url.path() == "/" && url.query().is_none() && url.username().is_empty())
        .ok_or_else(|| "https://kyodo.example.jp のように、道筋（/…）を付けずに書いてください。".to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::settings::Config;

    #[test]
    fn every_default_is_a_value_that_its_setting_accepts() {
        for setting in SETTINGS.iter().filter(|setting| !setting.default.is_empty()) {
            (setting.read)(&mut Config::blank(), setting.default, Path::new("")).unwrap();
        }
    }

    #[test]
    fn files_lie_in_a_folder_or_in_a_bucket() {
        let s3 = |bucket: &str, prefix: &str| Files::S3 { bucket: bucket.to_owned(), prefix: prefix.to_owned() };
        assert_eq!(files("folder"), Ok(Files::Folder));
        assert_eq!(files("s3://kyodo-files"), Ok(s3("kyodo-files", "")));
        assert_eq!(files("s3://kyodo-files/cities/all/"), Ok(s3("kyodo-files", "cities/all")));
        for wrong in ["./files", "s3://", "s3:///a", "https://bucket"] {
            assert!(files(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_public_address_is_a_scheme_and_a_host() {
        assert!(public_url("https://kyodo.example.jp").is_ok());
        assert!(public_url("https://kyodo.example.jp:8443/").is_ok());
        for wrong in ["kyodo.example.jp", "ftp://kyodo.example.jp", "https://kyodo.example.jp/sub/", "https://u@h/"] {
            assert!(public_url(wrong).is_err(), "{wrong}");
        }
    }
}
