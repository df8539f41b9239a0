#![doc = include_str!("../README.md")]

use std::time::Duration;

mod db;
mod migrate;
mod place;
mod query;
mod readers;
mod tx;

pub use db::Db;
pub use migrate::{Migration, migrate, schema};
pub use place::{Place, PlaceError, Pools, create_schema, drop_schema};
pub use query::{Param, Query, Row, Target};
pub use sqlx::types::Json;
pub use sqlx::{AssertSqlSafe, FromRow, SqlSafeStr};
pub use tx::Tx;

/// How long somebody waits for a database that others keep busy.
const PATIENCE: Duration = Duration::from_secs(10);

/// What can go wrong between Kyodo and a database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused a sentence or could not be reached.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration that has already run reads differently now.
    #[error("migration {room}/{name} has changed since it ran; a migration is only ever followed by another")]
    MigrationChanged {
        /// The room the migration belongs to.
        room: String,
        /// The migration's name.
        name: String,
    },
    /// A migration failed; nothing of it was applied.
    #[error("migration {room}/{name}: {source}")]
    Migration {
        /// The room the migration belongs to.
        room: String,
        /// The migration's name.
        name: String,
        /// What the database said.
        source: sqlx::Error,
    },
}

impl Error {
    /// Whether the database is away or has no room, as opposed to having refused something.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::Database(refusal)) => refusal.code().is_some_and(|code| is_away(&code)),
            Self::Database(error) => matches!(
                error,
                sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Tls(_)
            ),
            _ => false,
        }
    }
}

/// SQLite's primary code for a file that somebody else holds.
const BUSY: u32 = 5;

/// The primary code of one of SQLite's: its lowest byte.
fn primary(code: &str) -> Option<u32> {
    Some(code.parse::<u32>().ok()? & 0xff)
}

/// SQLSTATE has five letters, SQLite's codes fewer.
fn is_away(code: &str) -> bool {
    if code.len() == 5 {
        // No connection, no resources, ended by the operator, trouble with the disk.
        ["08", "53", "57P", "58"].iter().any(|class| code.starts_with(class))
    } else {
        // Busy, locked, trouble with the disk, full, cannot be opened.
        matches!(primary(code), Some(BUSY | 6 | 10 | 13 | 14))
    }
}

/// The result of asking a database.
pub type Result<T> = std::result::Result<T, Error>;
