//! A sentence on its way to a database: the text, its parameters, and what is wanted back.

use sqlx::encode::Encode;
use sqlx::postgres::{PgArguments, PgConnection, PgPool, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::types::Type;
use sqlx::{Arguments, FromRow, Postgres, SqlSafeStr, SqlStr, Sqlite};

use crate::Result;
use crate::readers::{Readers, leaves_alive};

/// A value that both databases accept as a parameter.
pub trait Param: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> {}
impl<T> Param for T where T: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> {}

/// A value that can be read from a row of either database; `#[derive(sqlx::FromRow)]` gives it.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// Where a sentence runs: on some connection (reading) or inside a transaction.
#[derive(Debug)]
#[expect(missing_docs, reason = "the four combinations name themselves")]
pub enum Target<'c> {
    Sqlite(&'c Readers),
    Postgres(&'c PgPool),
    SqliteTx(&'c mut SqliteConnection),
    PostgresTx(&'c mut PgConnection),
}

enum Values {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

/// A sentence with its parameters, not yet sent.
#[must_use = "a sentence does nothing until it is sent with all, one, maybe or run"]
pub struct Query<'c> {
    target: Target<'c>,
    sql: SqlStr,
    values: std::result::Result<Values, sqlx::error::BoxDynError>,
}

/// Rows of either database, not yet read.
enum Rows {
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

/// Sends the sentence to whichever of the four targets it was made for.
macro_rules! send {
    ($query:expr, $method:ident, $of_sqlite:expr, $of_postgres:expr) => {{
        let Query { target, sql, values } = $query;
        let values = values.map_err(sqlx::Error::Encode)?;
        match (target, values) {
            (Target::Sqlite(readers), Values::Sqlite(v)) => {
                let mut reader = readers.take().await?;
                let answer = sqlx::query_with(sql, v).$method(reader.connection()?).await.map($of_sqlite);
                if answer.as_ref().err().is_none_or(leaves_alive) {
                    reader.give_back();
                }
                answer
            }
            (Target::Postgres(on), Values::Postgres(v)) => sqlx::query_with(sql, v).$method(on).await.map($of_postgres),
            (Target::SqliteTx(on), Values::Sqlite(v)) => sqlx::query_with(sql, v).$method(on).await.map($of_sqlite),
            (Target::PostgresTx(on), Values::Postgres(v)) => {
                sqlx::query_with(sql, v).$method(on).await.map($of_postgres)
            }
            _ => unreachable!("values are made for their target in Query::new"),
        }
    }};
}

impl<'c> Query<'c> {
    pub(crate) fn new(target: Target<'c>, sql: impl SqlSafeStr) -> Self {
        let values = match target {
            Target::Sqlite(_) | Target::SqliteTx(_) => Values::Sqlite(SqliteArguments::default()),
            Target::Postgres(_) | Target::PostgresTx(_) => Values::Postgres(PgArguments::default()),
        };
        Self { target, sql: sql.into_sql_str(), values: Ok(values) }
    }

    /// Gives the next placeholder its value: the first call is `$1`.
    pub fn with(mut self, value: impl Param) -> Self {
        self.values = self.values.and_then(|mut values| {
            match &mut values {
                Values::Sqlite(v) => v.add(value)?,
                Values::Postgres(v) => v.add(value)?,
            }
            Ok(values)
        });
        self
    }

    /// Every row.
    pub async fn all<R: Row>(self) -> Result<Vec<R>> {
        Ok(match self.rows().await? {
            Rows::Sqlite(rows) => rows.iter().map(R::from_row).collect::<sqlx::Result<_>>()?,
            Rows::Postgres(rows) => rows.iter().map(R::from_row).collect::<sqlx::Result<_>>()?,
        })
    }

    /// The one row there must be.
    pub async fn one<R: Row>(self) -> Result<R> {
        Ok(self.maybe().await?.ok_or(sqlx::Error::RowNotFound)?)
    }

    /// The row, if there is one.
    pub async fn maybe<R: Row>(self) -> Result<Option<R>> {
        Ok(match self.first().await? {
            Rows::Sqlite(rows) => rows.first().map(R::from_row).transpose()?,
            Rows::Postgres(rows) => rows.first().map(R::from_row).transpose()?,
        })
    }

    /// Changes something; the number of rows it touched.
    pub async fn run(self) -> Result<u64> {
        Ok(send!(self, execute, |done| done.rows_affected(), |done| done.rows_affected())?)
    }

    // What is sent does not depend on what is read from it: these two are compiled once and not for each kind of row.

    async fn rows(self) -> sqlx::Result<Rows> {
        send!(self, fetch_all, Rows::Sqlite, Rows::Postgres)
    }

    /// No row or one.
    async fn first(self) -> sqlx::Result<Rows> {
        send!(self, fetch_optional, |row| Rows::Sqlite(row.into_iter().collect()), |row| Rows::Postgres(
            row.into_iter().collect()
        ))
    }
}
