//! A transaction: the only way to change anything. Dropped without `commit`, it leaves no trace.

use sqlx::{Postgres, SqlSafeStr, Sqlite, Transaction};

use crate::Result;
use crate::query::{Query, Target};

/// A running transaction on a city's database.
#[derive(Debug)]
#[expect(missing_docs, reason = "the two databases name themselves")]
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// A sentence that reads or changes within the transaction.
    pub fn ask(&mut self, sql: impl SqlSafeStr) -> Query<'_> {
        let target = match self {
            Self::Sqlite(tx) => Target::SqliteTx(tx),
            Self::Postgres(tx) => Target::PostgresTx(tx),
        };
        Query::new(target, sql)
    }

    /// Whether this is PostgreSQL: for the few named places where the two databases differ.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Makes everything asked so far permanent.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
