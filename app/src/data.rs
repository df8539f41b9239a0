//! The data folder: one registration per city, and the databases that are files.
//!
//! ```text
//! DATA/kyodo.toml                settings, when somebody writes them
//! DATA/cities/ichinoseki.toml    the registration
//! DATA/cities/ichinoseki.db      the database
//! DATA/files/ichinoseki/         the files people sent, unless they lie elsewhere (`files`)
//! ```

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use kyodo_db::Place;
use serde::Deserialize;

use crate::config::line_of;
use crate::failure::{Failure, OrTell, Result};
use crate::platform;

/// A data folder, which need not exist yet.
#[derive(Clone, Debug)]
pub struct DataFolder {
    root: PathBuf,
}

/// What a server must know of a city before it can ask the city's database.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Its name in addresses, and the name of its files.
    pub slug: String,
    /// A SQLite file beside the registration, or the address of its own role on a PostgreSQL server.
    pub database: String,
    /// The host names it answers to beside `<slug>.localhost`.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// An address and port of its own, for networks without names.
    pub listen: Option<SocketAddr>,
}

/// The registration as a file that a person may change.
impl fmt::Display for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A JSON string is a TOML string.
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let hosts: Vec<String> = self.hosts.iter().map(|host| quoted(host)).collect();
        writeln!(f, "# この自治体の登録。変えたあとは kyodo serve を起動し直してください。")?;
        writeln!(f, "slug = {}", quoted(&self.slug))?;
        writeln!(f, "database = {}", quoted(&self.database))?;
        writeln!(f, "# この自治体につながるホスト名（{}.localhost のほかに）", self.slug)?;
        writeln!(f, "hosts = [{}]", hosts.join(", "))?;
        writeln!(f, "# 名前の引けない網で使う、この自治体だけのアドレスとポート番号")?;
        match self.listen {
            Some(address) => writeln!(f, "listen = \"{address}\""),
            None => writeln!(f, "# listen = \"0.0.0.0:8081\""),
        }
    }
}

impl DataFolder {
    /// The data folder of this path.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Where the cities are.
    #[must_use]
    pub fn cities(&self) -> PathBuf {
        self.root.join("cities")
    }

    /// Where the files lie that people send.
    #[must_use]
    pub fn files(&self) -> PathBuf {
        self.root.join("files")
    }

    /// A file of a city: its registration (`toml`), its database (`db`).
    #[must_use]
    pub fn file(&self, slug: &str, ending: &str) -> PathBuf {
        self.cities().join(format!("{slug}.{ending}"))
    }

    /// Where a registered city's database stands.
    pub fn place(&self, city: &Registration) -> Result<Place> {
        let place = city.database.parse().or_tell(|| {
            let file = self.file(&city.slug, "toml");
            format!("{}: database には、ファイル名か postgres:// で始まる接続先を書いてください。", file.display())
        })?;
        Ok(match place {
            Place::Sqlite(file) => Place::Sqlite(self.cities().join(file)),
            Place::Postgres(address) => Place::Postgres(address),
        })
    }

    /// Every registered city, by slug. No folder yet means no cities yet.
    pub fn registrations(&self) -> Result<Vec<Registration>> {
        let folder = self.cities();
        let unreadable = || format!("{} を読めません。権限を確かめてください。", folder.display());
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Failure::work(unreadable()).because(error)),
        };
        let mut cities = Vec::new();
        for entry in entries {
            let file = entry.or_tell(unreadable)?.path();
            if file.extension().is_some_and(|ending| ending == "toml") {
                cities.push(registration(&file)?);
            }
        }
        cities.sort_by(|one, other| one.slug.cmp(&other.slug));
        self.refuse_shared_hosts(&cities)?;
        Ok(cities)
    }

    /// The registration of one city.
    pub fn registered(&self, slug: &str) -> Result<Registration> {
        let cities = self.registrations()?;
        let names: Vec<&str> = cities.iter().map(|city| city.slug.as_str()).collect();
        let refusal = if names.is_empty() {
            format!("{} には、まだ自治体がありません。", self.root.display())
        } else {
            format!(
                "「{slug}」という自治体は {} にありません。あるのは {} です。",
                self.root.display(),
                names.join(" ")
            )
        };
        cities.iter().find(|city| city.slug == slug).cloned().ok_or_else(|| Failure::work(refusal))
    }

    /// Registers a city; from then on it is served.
    pub fn register(&self, city: &Registration) -> Result<()> {
        let file = self.file(&city.slug, "toml");
        let growing = self.file(&city.slug, "toml.new");
        // What an interrupted attempt left behind.
        drop(fs::remove_file(&growing));
        // The address of a database holds its password.
        let written = platform::create_private(&growing).and_then(|mut out| {
            out.write_all(city.to_string().as_bytes())?;
            out.sync_all()?;
            // Whoever reads the folder meanwhile sees the whole registration or none.
            fs::rename(&growing, &file)
        });
        written.or_tell(|| format!("{} を書けません。空き容量と権限を確かめてください。", file.display())).inspect_err(
            |_| {
                drop(fs::remove_file(&growing));
            },
        )
    }

    fn refuse_shared_hosts(&self, cities: &[Registration]) -> Result<()> {
        let mut owners: HashMap<String, &str> = HashMap::new();
        for city in cities {
            for host in &city.hosts {
                if let Some(other) = owners.insert(host.to_ascii_lowercase(), &city.slug)
                    && other != city.slug
                {
                    return Err(Failure::work(format!(
                        "{}: ホスト名 {host} は、{other} も使っています。どちらかから消してください。",
                        self.file(&city.slug, "toml").display()
                    )));
                }
            }
        }
        Ok(())
    }
}

fn registration(file: &Path) -> Result<Registration> {
    let text =
        fs::read_to_string(file).or_tell(|| format!("{} を読めません。権限を確かめてください。", file.display()))?;
    let city: Registration = toml::from_str(&text).map_err(|error| {
        let line = line_of(&text, error.span().map_or(0, |span| span.start));
        Failure::work(format!("{}:{line}: 自治体の登録として読めません。", file.display())).because(error.message())
    })?;
    if file.file_stem().is_none_or(|stem| stem != city.slug.as_str()) {
        return Err(Failure::work(format!(
            "{}: slug「{}」がファイル名と違います。どちらかに合わせてください。",
            file.display(),
            city.slug
        )));
    }
    Ok(city)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn city(slug: &str, hosts: &[&str]) -> Registration {
        Registration {
            slug: slug.to_owned(),
            database: format!("{slug}.db"),
            hosts: hosts.iter().map(ToString::to_string).collect(),
            listen: None,
        }
    }

    fn folder() -> (tempfile::TempDir, DataFolder) {
        let temporary = tempfile::tempdir().unwrap();
        let folder = DataFolder::new(temporary.path());
        fs::create_dir_all(folder.cities()).unwrap();
        (temporary, folder)
    }

    #[test]
    fn a_registration_is_read_as_it_was_written() {
        let (_kept, folder) = folder();
        let own_port = Registration { listen: "0.0.0.0:8081".parse().ok(), ..city("mihon", &["kyodo.mihon.example"]) };
        for city in [own_port, city("other", &[])] {
            folder.register(&city).unwrap();
            assert_eq!(folder.registered(&city.slug).unwrap(), city);
        }
    }

    #[test]
    fn two_cities_cannot_answer_to_one_host() {
        let (_kept, folder) = folder();
        folder.register(&city("one", &["kyodo.example"])).unwrap();
        folder.register(&city("two", &["KYODO.example"])).unwrap();
        assert!(folder.registrations().unwrap_err().to_string().contains("KYODO.example"));
    }

    #[test]
    fn a_broken_registration_is_named_by_file_and_line() {
        let (_kept, folder) = folder();
        fs::write(folder.file("mihon", "toml"), "slug = 'mihon'\ndatabase = 'mihon.db'\nport = 1\n").unwrap();
        assert!(folder.registrations().unwrap_err().to_string().contains("mihon.toml:3:"));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_a_registration() {
        use std::os::unix::fs::PermissionsExt;
        let (_kept, folder) = folder();
        folder.register(&city("mihon", &[])).unwrap();
        let mode = fs::metadata(folder.file("mihon", "toml")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
