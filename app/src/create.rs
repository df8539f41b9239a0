//! How a city comes into being: all of it or nothing. The registration is written last, so that a server
//! never sees a city that is not ready, whenever the power goes.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Db, Migration, Place, Pools, create_schema, drop_schema, migrate};
use kyodo_kernel::pack::Pack;
use kyodo_kernel::pack::part::Reader;
use kyodo_kernel::words::Messages;
use kyodo_kernel::{Chance, City};

use crate::data::{DataFolder, Registration};
use crate::demo;
use crate::failure::{Failure, OrTell, Result};
use crate::settings::Database;

/// A city about to be created.
pub struct Founding<'a> {
    /// Where it will be registered.
    pub data: &'a DataFolder,
    /// Where its database will stand.
    pub database: &'a Database,
    /// Its pack, read and without fault.
    pub reader: &'a Reader,
    /// The tables of the house.
    pub migrations: &'a [Migration],
    /// Host names of its own.
    pub hosts: Vec<String>,
    /// An address of its own.
    pub listen: Option<SocketAddr>,
    /// For a demo: its made-up year and people.
    pub demo: Option<Example<'a>>,
}

/// What makes a city a demo.
pub struct Example<'a> {
    /// The pack with the made-up year.
    pub pack: &'a Pack,
    /// The day until which it runs.
    pub today: NaiveDate,
    /// The words of the house.
    pub messages: Arc<Messages>,
}

/// Creates and registers a city. When anything fails, neither file nor schema is left.
pub async fn create(founding: &Founding<'_>, now: DateTime<Utc>) -> Result<Registration> {
    let slug = &founding.reader.city.profile.slug;
    refuse_taken(founding, slug)?;
    let folder = founding.data.cities();
    fs::create_dir_all(&folder).or_tell(|| format!("{} を作れません。権限を確かめてください。", folder.display()))?;
    let ground = Ground::prepare(founding, slug).await?;
    let created = match furnish(founding, &ground, now).await {
        Ok(()) => ground.settle().and_then(|database| {
            let (hosts, listen) = (founding.hosts.clone(), founding.listen);
            let city = Registration { slug: slug.clone(), database, hosts, listen, sign_in: Vec::new() };
            founding.data.register(&city).map(|()| city)
        }),
        Err(failure) => Err(failure),
    };
    if created.is_err() {
        ground.clear().await;
    }
    created
}

fn refuse_taken(founding: &Founding<'_>, slug: &str) -> Result<()> {
    for city in founding.data.registrations()? {
        if city.slug == slug {
            return Err(Failure::work(format!(
                "「{slug}」はもうあります。内容を変えるときは kyodo city update を使ってください。"
            )));
        }
        if let Some(host) =
            founding.hosts.iter().find(|host| city.hosts.iter().any(|own| own.eq_ignore_ascii_case(host)))
        {
            return Err(Failure::work(format!("ホスト名 {host} は、{} がもう使っています。", city.slug)));
        }
        if founding.listen.is_some() && founding.listen == city.listen {
            return Err(Failure::work(format!("そのアドレスとポート番号は、{} がもう使っています。", city.slug)));
        }
    }
    Ok(())
}

async fn furnish(founding: &Founding<'_>, ground: &Ground, now: DateTime<Utc>) -> Result<()> {
    let db = ground.place().open(Pools::default())?;
    let furnished = move_in(founding, &db, now).await;
    // A SQLite file is whole only after the last connection has folded its log into it.
    db.close().await;
    furnished
}

async fn move_in(founding: &Founding<'_>, db: &Db, now: DateTime<Utc>) -> Result<()> {
    migrate(db, founding.migrations, now).await?;
    founding.reader.install(db, founding.demo.is_some(), now).await?;
    let Some(Example { pack, today, messages }) = &founding.demo else {
        return Ok(());
    };
    demo::fill(db, pack, *today, now).await?;
    let (slug, secret) = (&founding.reader.city.profile.slug, founding.data.secret()?);
    let city = City::new(slug.clone(), db.clone(), Arc::clone(messages), &secret);
    demo::populate(Arc::new(city), pack, *today).await
}

/// Where the database is being built.
enum Ground {
    /// Under another name, until it is whole.
    File {
        building: PathBuf,
        finished: PathBuf,
    },
    Schema {
        administrator: String,
        name: String,
        address: String,
    },
}

impl Ground {
    async fn prepare(founding: &Founding<'_>, slug: &str) -> Result<Self> {
        match founding.database {
            Database::Sqlite => {
                let finished = founding.data.file(slug, "db");
                if finished.exists() {
                    return Err(Failure::work(format!(
                        "登録のないデータベース {} が残っています。要らなければ消し、要るものなら別の場所へ移してから、やり直してください。",
                        finished.display()
                    )));
                }
                let ground = Self::File { building: founding.data.file(slug, "db.new"), finished };
                // What an interrupted attempt left behind.
                ground.clear().await;
                Ok(ground)
            }
            Database::Postgres(administrator) => {
                let name = schema_name(slug, founding.demo.is_some())?;
                let password = format!("{:016x}{:016x}", Chance::Real.number(), Chance::Real.number());
                let address = create_schema(administrator, &name, &password).await.or_tell(|| {
                    format!(
                        "PostgreSQL にロールとスキーマ {name} を作れません。接続先、利用者の権限（CREATEROLE と、データベースの CREATE）、\
                         同じ名前のロールが残っていないかを確かめてください。"
                    )
                })?;
                Ok(Self::Schema { administrator: administrator.clone(), name, address })
            }
        }
    }

    fn place(&self) -> Place {
        match self {
            Self::File { building, .. } => Place::Sqlite(building.clone()),
            Self::Schema { address, .. } => Place::Postgres(address.clone()),
        }
    }

    /// Gives the finished database its name; the answer is what the registration says of it.
    fn settle(&self) -> Result<String> {
        match self {
            Self::File { building, finished } => {
                fs::rename(building, finished)
                    .or_tell(|| format!("{} を置けません。権限を確かめてください。", finished.display()))?;
                Ok(finished.file_name().unwrap_or_default().to_string_lossy().into_owned())
            }
            Self::Schema { address, .. } => Ok(address.clone()),
        }
    }

    async fn clear(&self) {
        match self {
            Self::File { building, finished } => {
                for file in [building, finished] {
                    remove_database(file);
                }
            }
            Self::Schema { administrator, name, .. } => {
                if let Err(error) = drop_schema(administrator, name).await {
                    tracing::warn!(name, %error, "a schema that is not needed could not be removed");
                }
            }
        }
    }
}

/// The role and the schema of a city. Demos have names of their own, so that throwing one away never
/// touches a real city on the same server.
pub fn schema_name(slug: &str, demo: bool) -> Result<String> {
    // PostgreSQL cuts longer names off without a word, and two cities would meet.
    const LONGEST: usize = 63;
    let name = format!("{}{}", if demo { "kyodo_demo_" } else { "kyodo_" }, slug.replace('-', "_"));
    // A registration is a file that people change by hand.
    if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Err(Failure::work(format!("slug「{slug}」には、英小文字・数字・- だけを使ってください。")));
    }
    if name.len() > LONGEST {
        return Err(Failure::work(format!("slug「{slug}」は PostgreSQL には長すぎます。短くしてください。")));
    }
    Ok(name)
}

/// Removes a SQLite database with the two files that stand beside it while it is open.
fn remove_database(file: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(file = %Path::new(&name).display(), %error, "a file that is not needed could not be removed");
            }
            _ => {}
        }
    }
}
