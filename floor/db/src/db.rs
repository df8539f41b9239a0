//! A city's database for reading, and the door to its transactions.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use sqlx::error::DatabaseError;
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteArguments, SqlitePool};
use sqlx::{AssertSqlSafe, Executor, SqlSafeStr, Sqlite, Transaction};

use crate::query::{Query, Target};
use crate::readers::{Readers, leaves_alive};
use crate::{BUSY, PATIENCE, Result, Row, Tx, primary};

/// One city's database. Cloning is cheap and shares the connections.
#[derive(Clone, Debug)]
pub struct Db {
    pub(crate) pool: Pool,
    asked: Arc<AtomicU32>,
    begun: Arc<AtomicU32>,
}

#[derive(Clone, Debug)]
pub(crate) enum Pool {
    /// Several readers that cannot write, one more that only looks, and the one writer SQLite allows.
    Sqlite { readers: Readers, lookout: Readers, writer: SqlitePool },
    /// Two pools here too: who holds a transaction and asks something besides waits only for those who read, never
    /// for others who hold one and wait in turn.
    Postgres { readers: PgPool, writers: PgPool },
}

impl Db {
    pub(crate) fn new(pool: Pool) -> Self {
        Self { pool, asked: Arc::default(), begun: Arc::default() }
    }

    /// The same database with a count of its own, so that a request can say how many sentences it asked.
    #[must_use]
    pub fn counted(&self) -> Self {
        Self::new(self.pool.clone())
    }

    /// How many sentences were asked through this handle since [`Db::counted`].
    #[must_use]
    pub fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Whether a transaction was begun through this handle since [`Db::counted`]: something may have been written.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.begun.load(Ordering::Relaxed) > 0
    }

    /// A sentence that reads.
    pub fn ask(&self, sql: impl SqlSafeStr) -> Query<'_> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let target = match &self.pool {
            Pool::Sqlite { readers, .. } => Target::Sqlite(readers),
            Pool::Postgres { readers, .. } => Target::Postgres(readers),
        };
        Query::new(target, sql)
    }

    /// A sentence about the database as a whole, always asked of one connection, and the number of that connection: SQLite
    /// counts what others wrote for each connection apart, and one that had to be opened anew counts from the start. On
    /// PostgreSQL, which needs no such connection, the number is always 0.
    pub async fn look<R: Row>(&self, sql: &'static str) -> Result<(u64, R)> {
        let Pool::Sqlite { lookout, .. } = &self.pool else {
            return Ok((0, self.ask(sql).one().await?));
        };
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mut reader = lookout.take().await?;
        let number = reader.opened();
        let answer = sqlx::query_with(sql, SqliteArguments::default()).fetch_one(reader.connection()?).await;
        if answer.as_ref().err().is_none_or(leaves_alive) {
            reader.give_back();
        }
        Ok((number, R::from_row(&answer?)?))
    }

    /// Begins a transaction. On SQLite it waits for the one writer, so that it never fails half-way.
    pub async fn begin(&self) -> Result<Tx> {
        self.begun.fetch_add(1, Ordering::Relaxed);
        Ok(match &self.pool {
            Pool::Sqlite { writer, .. } => Tx::Sqlite(begin_alone(writer).await?),
            // Reading is the rule of a city's role, as with SQLite's readers; a transaction says that it writes.
            Pool::Postgres { writers, .. } => Tx::Postgres(writers.begin_with("BEGIN READ WRITE").await?),
        })
    }

    /// Whether this is PostgreSQL: for the few named places where the two databases differ.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        matches!(self.pool, Pool::Postgres { .. })
    }

    /// Checks a sentence without running it: the test that prepares every sentence of every room uses it.
    pub async fn prepare(&self, sql: &str) -> Result<()> {
        let sql = AssertSqlSafe(sql).into_sql_str();
        match &self.pool {
            Pool::Sqlite { writer, .. } => {
                writer.prepare(sql).await?;
            }
            Pool::Postgres { readers, .. } => {
                readers.prepare(sql).await?;
            }
        }
        Ok(())
    }

    /// Closes every connection; a SQLite database then stands complete in its one file.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite { readers, lookout, writer } => {
                readers.close().await;
                lookout.close().await;
                writer.close().await;
            }
            Pool::Postgres { readers, writers } => {
                readers.close().await;
                writers.close().await;
            }
        }
    }
}

/// Waits for the one writer. When somebody else holds the file SQLite waits itself, but for one case: of several that
/// open a new file, all but one are refused at once as they set its journal.
async fn begin_alone(writer: &SqlitePool) -> sqlx::Result<Transaction<'static, Sqlite>> {
    let begun = Instant::now();
    loop {
        match writer.begin_with("BEGIN IMMEDIATE").await {
            Err(error) if is_busy(&error) && begun.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            answer => return answer,
        }
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| primary(&code) == Some(BUSY))
}
