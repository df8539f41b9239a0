//! The data folder: one registration per city, and the databases that are files.
//!
//! ```text
//! DATA/kyodo.toml                settings, when somebody writes them
//! DATA/secrets.toml              the key of the house, which nobody else may read
//! DATA/cities/ichinoseki.toml    the registration
//! DATA/cities/ichinoseki.db      the database
//! DATA/mail/                     letters, unless a mail server takes them
//! DATA/files/ichinoseki/         the files people sent, unless they lie elsewhere (`files`)
//! DATA/running/                  a file of each process that serves, locked while it lives
//! ```

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use kyodo_accounts::oidc::Provider;
use kyodo_db::Place;
use kyodo_kernel::secret::hex;
use kyodo_kernel::{Chance, Secret};
use serde::Deserialize;

use crate::config::line_of;
use crate::failure::{Failure, OrTell, Result};
use crate::platform;

/// A data folder, which need not exist yet.
#[derive(Clone, Debug)]
pub struct DataFolder {
    root: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Secrets {
    key: String,
}

/// 64 hexadecimal digits.
fn bytes_of(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let whole = text.is_ascii() && text.len() == 64;
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    whole.then_some(bytes)
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
    /// The identity providers through which its people may come in.
    #[serde(default)]
    pub sign_in: Vec<Provider>,
}

/// How a provider is written, for whoever opens the file.
const SIGN_IN: &str = "
# 職員や市民が使う認証サービス（OpenID Connect）。鍵は kyodo key FILE で作り、表示される公開鍵を認証サービスに登録します。
# [[sign_in]]
# name = \"職員アカウント\"
# issuer = \"https://login.example.jp\"
# client_id = \"kyodo\"
# key_file = \"kyodo-key.pem\"
# claim_account = \"email\"
# for_role = \"staff\"
";

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
        }?;
        f.write_str(SIGN_IN)
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

    /// The key of the house, made when it is first asked for. Keys of cities and purposes come from it.
    pub fn secret(&self) -> Result<Secret> {
        let file = self.root.join("secrets.toml");
        let unreadable = || {
            format!(
                "{} を読めません。持ち主だけが読める権限になっているか、内容が変わっていないかを確かめてください。",
                file.display()
            )
        };
        match self.make_secret(&file) {
            Ok(()) => {}
            // Another process was first, or it has been there for long.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Failure::work(unreadable()).because(error)),
        }
        if !platform::is_private(&file) {
            return Err(Failure::work(format!(
                "{} をほかの利用者も読めます。持ち主だけが読めるようにしてください（chmod 600）。",
                file.display()
            )));
        }
        let text = fs::read_to_string(&file).or_tell(unreadable)?;
        let kept: Secrets = toml::from_str(&text).or_tell(unreadable)?;
        bytes_of(&kept.key).map(Secret::new).ok_or_else(|| Failure::work(unreadable()))
    }

    fn make_secret(&self, file: &Path) -> std::io::Result<()> {
        if file.exists() {
            return Ok(());
        }
        fs::create_dir_all(&self.root)?;
        // Whole or not at all: a second process must never read half a key.
        let growing = self.root.join(format!("secrets.toml.{:016x}", Chance::Real.number()));
        let text = format!(
            "# この Kyodo の鍵です。失うと、ログインの確認コードと記録の封印を確かめられなくなります。控えを安全な所に置いてください。\nkey = \"{}\"\n",
            hex(&Chance::Real.bytes())
        );
        let written = platform::create_private(&growing).and_then(|mut out| {
            out.write_all(text.as_bytes())?;
            out.sync_all()?;
            fs::hard_link(&growing, file)
        });
        drop(fs::remove_file(&growing));
        written
    }

    /// Where the cities are.
    #[must_use]
    pub fn cities(&self) -> PathBuf {
        self.root.join("cities")
    }

    /// Where letters are put when no mail server takes them.
    #[must_use]
    pub fn mail(&self) -> PathBuf {
        self.root.join("mail")
    }

    /// Where the files lie that people send.
    #[must_use]
    pub fn files(&self) -> PathBuf {
        self.root.join("files")
    }

    /// Where processes show that they live.
    #[must_use]
    pub fn running(&self) -> PathBuf {
        self.root.join("running")
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
            sign_in: Vec::new(),
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

    #[test]
    fn the_key_is_made_once_and_stays() {
        let (_kept, folder) = folder();
        let first = folder.secret().unwrap();
        assert_eq!(folder.secret().unwrap().sign(b""), first.sign(b""));
        fs::write(folder.path().join("secrets.toml"), "key = 'zz'").unwrap();
        assert!(folder.secret().is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let (_kept, folder) = folder();
        folder.secret().unwrap();
        let file = folder.path().join("secrets.toml");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(folder.secret().unwrap_err().to_string().contains("chmod 600"));
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
