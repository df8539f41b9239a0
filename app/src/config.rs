//! What is in force, and where each value comes from: the command line before the environment, that before
//! the file, that before what stands in the table.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use toml::de::{DeTable, DeValue};

use crate::failure::{Failure, OrTell, Result};
use crate::settings::{Config, Mail, SETTINGS, Setting, setting};

/// The name of the configuration file in the data folder.
pub const FILE: &str = "kyodo.toml";
/// The environment variable that names another file.
pub const FILE_ENVIRONMENT: &str = "KYODO_CONFIG";

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The table of settings, or the command's own default.
    Default,
    /// A line of the configuration file.
    File(PathBuf, usize),
    /// An environment variable.
    Environment(String),
    /// A flag.
    Flag(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("既定"),
            Self::File(file, line) => write!(f, "{}:{line}", file.display()),
            Self::Environment(variable) => write!(f, "環境変数 {variable}"),
            Self::Flag(flag) => write!(f, "--{flag}"),
        }
    }
}

/// A value as somebody said it.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its text.
    pub text: String,
    /// Who said it.
    pub source: Source,
}

/// The configuration with its origins.
#[derive(Debug)]
pub struct InForce {
    /// What is in force.
    pub config: Config,
    /// The file that was read, if there was one.
    pub file: Option<PathBuf>,
    /// What was said about each setting, in the order of the table.
    pub said: Vec<(&'static Setting, Said)>,
}

/// Defaults of one command that differ from the table, by setting.
pub type Defaults = &'static [(&'static str, &'static str)];

/// Gathers what is in force for a command with these flags.
pub fn in_force(flags: &ArgMatches, defaults: Defaults) -> Result<InForce> {
    let flag = |name: &str| flags.try_get_one::<String>(name).ok().flatten().cloned();
    gather(&flag, &environment, defaults)
}

fn environment(variable: &str) -> Option<String> {
    std::env::var_os(variable).map(|value| value.to_string_lossy().into_owned())
}

type Lookup<'l> = &'l dyn Fn(&str) -> Option<String>;

fn gather(flag: Lookup<'_>, environment: Lookup<'_>, defaults: Defaults) -> Result<InForce> {
    // A variable that is set to nothing is how service managers unset one.
    let environment = |variable: &str| environment(variable).filter(|value| !value.is_empty());
    let outside = |setting: &Setting| {
        flag(setting.name).map(|text| Said { text, source: Source::Flag(setting.flag()) }).or_else(|| {
            let variable = setting.environment();
            environment(&variable).map(|text| Said { text, source: Source::Environment(variable) })
        })
    };
    let default = |setting: &Setting| {
        let own = defaults.iter().find(|(name, _)| *name == setting.name);
        Said { text: own.map_or(setting.default, |(_, text)| text).to_owned(), source: Source::Default }
    };
    let named = flag("config").or_else(|| environment(FILE_ENVIRONMENT)).map(PathBuf::from);
    let data = setting("data").map(|data| outside(data).unwrap_or_else(|| default(data)));
    let beside = Path::new(data.as_ref().map_or("", |data| &data.text)).join(FILE);
    let (file, mut in_file) = match named {
        Some(file) => (Some(file.clone()), open(&file, true)?),
        None if beside.exists() => (Some(beside.clone()), open(&beside, false)?),
        None => (None, HashMap::new()),
    };
    let mut config = Config::blank();
    let mut said = Vec::with_capacity(SETTINGS.len());
    for setting in SETTINGS {
        let word = outside(setting).or_else(|| in_file.remove(setting.name)).unwrap_or_else(|| default(setting));
        if !word.text.is_empty() {
            let base = match &word.source {
                Source::File(file, _) => file.parent().unwrap_or(Path::new("")),
                _ => Path::new(""),
            };
            (setting.read)(&mut config, &word.text, base).map_err(|reason| refusal(setting, &word, &reason))?;
        }
        said.push((setting, word));
    }
    if config.tls_certificate.is_some() != config.tls_key.is_some() {
        return Err(Failure::work("tls_certificate と tls_key は、両方を指定するか、どちらも指定しないでください。"));
    }
    // Another mail system would take such a letter for forged, or could not return it.
    if matches!(config.mail, Mail::Server(_)) && config.mail_from.domain() == "localhost" {
        return Err(Failure::work("mail に接続先を書くときは、mail_from に差出人のメールアドレスも書いてください。"));
    }
    Ok(InForce { config, file, said })
}

fn open(file: &Path, named: bool) -> Result<HashMap<&'static str, Said>> {
    let text = std::fs::read_to_string(file)
        .or_tell(|| format!("設定ファイル {} を読めません。名前と権限を確かめてください。", file.display()))?;
    read(file, &text, named)
}

/// Reads the file: every line must be a setting with a value. All faults are named at once.
fn read(file: &Path, text: &str, named: bool) -> Result<HashMap<&'static str, Said>> {
    let line = |at| line_of(text, at);
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut faults: Vec<(usize, String)> = errors
        .iter()
        .map(|error| {
            (line(error.span().map_or(0, |span| span.start)), format!("TOMLとして読めません（{}）。", error.message()))
        })
        .collect();
    let mut said = HashMap::new();
    for (key, value) in table.get_ref() {
        let at = line(key.span().start);
        let Some(setting) = setting(key.get_ref()) else {
            faults.push((at, unknown(key.get_ref())));
            continue;
        };
        // The folder in which the file was found cannot be elsewhere.
        if setting.name == "data" && !named {
            faults.push((
                at,
                "data は、このファイルでは決められません。--data か KYODO_DATA で指定してください。".to_owned(),
            ));
            continue;
        }
        let word = plain(value.get_ref()).map(|text| Said { text, source: Source::File(file.to_owned(), at) });
        let Some(word) = word else {
            faults.push((at, format!("{} は、文字列、数、true か false で書いてください。", setting.name)));
            continue;
        };
        let checked =
            if word.text.is_empty() { Ok(()) } else { (setting.read)(&mut Config::blank(), &word.text, Path::new("")) };
        match checked {
            Ok(()) => drop(said.insert(setting.name, word)),
            Err(reason) => {
                faults
                    .push((at, format!("{} に「{}」は使えません。{reason}", setting.name, setting.shown(&word.text))));
            }
        }
    }
    if faults.is_empty() {
        return Ok(said);
    }
    faults.sort();
    let lines: Vec<String> = faults.iter().map(|(line, text)| format!("{}:{line}: {text}", file.display())).collect();
    Err(Failure::work(lines.join("\n")))
}

fn unknown(name: &str) -> String {
    let names: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    format!("「{name}」という設定はありません。書けるのは {} です。", names.join(" "))
}

/// The line of a byte of a text, counted from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].split(|byte| *byte == b'\n').count()
}

/// A TOML value as the text that a flag would have.
fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Boolean(on) => Some(on.to_string()),
        DeValue::Datetime(day) => Some(day.to_string()),
        DeValue::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| plain(item.get_ref())).collect();
            items.map(|items| items.join(","))
        }
        DeValue::Float(_) | DeValue::Table(_) => None,
    }
}

fn refusal(setting: &Setting, word: &Said, reason: &str) -> Failure {
    let text = format!("{}: {} に「{}」は使えません。{reason}", word.source, setting.name, setting.shown(&word.text));
    match word.source {
        Source::Flag(_) => Failure::usage(text),
        _ => Failure::work(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(_: &str) -> Option<String> {
        None
    }

    fn source_of<'f>(found: &'f InForce, name: &str) -> &'f Source {
        &found.said.iter().find(|(setting, _)| setting.name == name).unwrap().1.source
    }

    #[test]
    fn the_command_line_speaks_before_the_environment_and_that_before_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("other.toml");
        std::fs::write(&file, "log = 'warn'\nmax_connections = 7\nlisten = '127.0.0.1:1'\n").unwrap();
        let flag = |name: &str| match name {
            "config" => Some(file.display().to_string()),
            "listen" => Some("127.0.0.1:3".to_owned()),
            _ => None,
        };
        let environment = |name: &str| match name {
            "KYODO_LISTEN" => Some("127.0.0.1:2".to_owned()),
            "KYODO_LOG" => Some("error".to_owned()),
            "KYODO_TODAY" => Some(String::new()),
            _ => None,
        };
        let found = gather(&flag, &environment, &[("today", "R8.11.20")]).unwrap();
        assert_eq!(found.config.listen.port(), 3);
        assert_eq!(found.config.log, "error");
        assert_eq!(found.config.max_connections, 7);
        assert_eq!(found.config.today.unwrap().to_string(), "2026-11-20");
        assert_eq!(*source_of(&found, "listen"), Source::Flag("listen".to_owned()));
        assert_eq!(*source_of(&found, "log"), Source::Environment("KYODO_LOG".to_owned()));
        assert_eq!(*source_of(&found, "max_connections"), Source::File(file.clone(), 2));
        assert_eq!(*source_of(&found, "today"), Source::Default);
    }

    #[test]
    fn every_fault_of_a_file_is_named_with_its_line() {
        let text = "log = 'loud'\n\nlisen = '127.0.0.1:1'\ndata = './x'\nkeep_pages = 1.5\ntoday = 2026-02-30\n";
        let told = read(Path::new("kyodo.toml"), text, false).unwrap_err().to_string();
        for line in [
            "kyodo.toml:1:",
            "kyodo.toml:3: 「lisen」",
            "kyodo.toml:4: data",
            "kyodo.toml:5: keep_pages",
            "kyodo.toml:6:",
        ] {
            assert!(told.contains(line), "{line} is missing in\n{told}");
        }
    }

    #[test]
    fn relative_paths_in_a_file_start_at_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kyodo.toml");
        std::fs::write(
            &file,
            "tls_certificate = 'cert.pem'\ntls_key = 'key.pem'\ntrusted_proxies = ['10.0.0.0/8', '::1']\n",
        )
        .unwrap();
        let flag = |name: &str| (name == "config").then(|| file.display().to_string());
        let found = gather(&flag, &none, &[]).unwrap();
        assert_eq!(found.config.tls_key, Some(folder.path().join("key.pem")));
        assert_eq!(found.config.trusted_proxies.len(), 2);
    }

    #[test]
    fn a_certificate_without_its_key_is_refused() {
        let flag = |name: &str| (name == "tls_key").then(|| "key.pem".to_owned());
        assert!(gather(&flag, &none, &[]).unwrap_err().to_string().contains("tls_certificate"));
    }

    #[test]
    fn a_bad_flag_is_wrong_usage_and_a_bad_variable_is_not() {
        let bad = |name: &str| name.to_ascii_lowercase().ends_with("listen").then(|| "8080".to_owned());
        assert_eq!(gather(&bad, &none, &[]).unwrap_err().code(), 2);
        assert_eq!(gather(&none, &bad, &[]).unwrap_err().code(), 1);
    }
}
