//! Where a city's database stands, and how connections to it are made.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection};

use crate::db::Pool;
use crate::readers::Readers;
use crate::{Db, PATIENCE, Result};

/// Where a city's database stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// One file of the embedded database.
    Sqlite(PathBuf),
    /// A role of a PostgreSQL server whose `search_path` names its schema, or a database of its own.
    Postgres(String),
}

/// An address that names no database Kyodo knows.
#[derive(Debug, thiserror::Error)]
#[error("「{0}」 is neither a SQLite file nor a postgres:// address")]
pub struct PlaceError(pub String);

/// How many connections one city may hold open; they open on demand and close when idle.
#[derive(Clone, Copy, Debug)]
pub struct Pools {
    /// Readers on SQLite; on PostgreSQL one half reads and one half changes, at least one each.
    pub most: u32,
}

impl Default for Pools {
    fn default() -> Self {
        Self { most: 4 }
    }
}

impl Place {
    /// Opens the database lazily: nothing is connected before the first sentence.
    pub fn open(&self, pools: Pools) -> Result<Db> {
        let idle = Some(Duration::from_mins(1));
        let pool = match self {
            Self::Sqlite(file) => {
                let options = sqlite(file);
                let reading = options.clone().pragma("query_only", "ON");
                Pool::Sqlite {
                    readers: Readers::new(reading.clone(), pools.most),
                    lookout: Readers::new(reading, 1),
                    writer: SqlitePoolOptions::new()
                        .max_connections(1)
                        .idle_timeout(idle)
                        .test_before_acquire(false)
                        .connect_lazy_with(options.journal_mode(SqliteJournalMode::Wal).create_if_missing(true)),
                }
            }
            Self::Postgres(url) => {
                let options = PgConnectOptions::from_str(url)?;
                let of = |most: u32| {
                    PgPoolOptions::new()
                        .max_connections(most.max(1))
                        .idle_timeout(idle)
                        .acquire_timeout(PATIENCE)
                        // One that was just in use is alive; asking it would double the way of every sentence.
                        .test_before_acquire(false)
                        .before_acquire(|connection, seen| {
                            Box::pin(async move {
                                if seen.idle_for >= Duration::from_secs(1) {
                                    connection.ping().await?;
                                }
                                Ok(true)
                            })
                        })
                        .connect_lazy_with(options.clone())
                };
                Pool::Postgres { readers: of(pools.most - pools.most / 2), writers: of(pools.most / 2) }
            }
        };
        Ok(Db::new(pool))
    }
}

/// What readers and writer have in common. Only the writer sets the journal: a file keeps it, and who only reads waits
/// for nobody then.
fn sqlite(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // Without it INSERT OR REPLACE deletes a row behind the back of its triggers.
        .pragma("recursive_triggers", "ON")
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(256)
}

/// Creates a role of its own with a schema of its own on a PostgreSQL server, and gives back the address
/// under which only that schema can be reached.
///
/// The role compiles no sentence (`jit`): it takes longer than it saves even where ten million facts are counted.
///
/// `administrator` is an address that may create roles; `name` and `password` must already be plain
/// (`a-z`, `0-9`, `_`), because identifiers cannot be parameters.
pub async fn create_schema(administrator: &str, name: &str, password: &str) -> Result<String> {
    assert_plain(name);
    assert_plain(password);
    let mut server = PgConnection::connect(administrator).await?;
    let sentences = format!(
        "CREATE ROLE {name} LOGIN PASSWORD '{password}' NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT;
         GRANT {name} TO CURRENT_USER;
         CREATE SCHEMA {name} AUTHORIZATION {name};
         ALTER ROLE {name} SET search_path = {name};
         ALTER ROLE {name} SET default_transaction_read_only = on;
         ALTER ROLE {name} SET jit = off;"
    );
    sqlx::raw_sql(AssertSqlSafe(sentences)).execute(&mut server).await?;
    server.close().await?;
    Ok(with_login(administrator, name, password))
}

/// Removes what [`create_schema`] made, with everything in it.
pub async fn drop_schema(administrator: &str, name: &str) -> Result<()> {
    assert_plain(name);
    let mut server = PgConnection::connect(administrator).await?;
    let sentences = format!("DROP SCHEMA IF EXISTS {name} CASCADE; DROP ROLE IF EXISTS {name};");
    sqlx::raw_sql(AssertSqlSafe(sentences)).execute(&mut server).await?;
    server.close().await?;
    Ok(())
}

fn assert_plain(word: &str) {
    assert!(
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
        "an SQL identifier is made of a-z, 0-9 and _ only"
    );
}

/// The same server address with another login.
fn with_login(url: &str, user: &str, password: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(authority_end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{user}:{password}@{host}{tail}")
}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> std::result::Result<Self, PlaceError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Ok(Self::Postgres(text.to_owned()))
        } else if text.contains("://") || text.is_empty() {
            Err(PlaceError(text.to_owned()))
        } else {
            Ok(Self::Sqlite(PathBuf::from(text)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_login_keeps_server_and_options() {
        assert_eq!(
            with_login("postgres://root:pw@db:5432/kyodo?host=%2Ftmp", "city", "secret"),
            "postgres://city:secret@db:5432/kyodo?host=%2Ftmp"
        );
        assert_eq!(with_login("postgres://db/kyodo", "c", "s"), "postgres://c:s@db/kyodo");
    }
}
