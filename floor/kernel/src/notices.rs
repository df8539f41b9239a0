//! Things somebody should know. A notice is a message with values, so that it is said in its reader's language and in the
//! city's own words.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kyodo_db::{Db, FromRow, Json, Result, Tx};

use crate::people::AccountId;

const TELL: &str = "
INSERT INTO notice (account, message, said, address, told_at)
VALUES ($1, $2, $3, $4, $5)";

const LATEST: &str = "
SELECT id, message, said, address, told_at, read_at
FROM notice
WHERE account = $1
ORDER BY id DESC
LIMIT $2";

const OLDER: &str = "
SELECT id, message, said, address, told_at, read_at
FROM notice
WHERE account = $1 AND id < $3
ORDER BY id DESC
LIMIT $2";

const UNREAD: &str = "
SELECT COUNT(*)
FROM notice
WHERE account = $1 AND read_at IS NULL";

const READ: &str = "
UPDATE notice
SET read_at = $3
WHERE account = $1 AND id <= $2 AND read_at IS NULL";

const FORGET: &str = "
DELETE FROM notice
WHERE account = $1";

/// Something somebody should know.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its number.
    pub id: i64,
    /// The message that says it.
    pub message: String,
    /// The message's values.
    pub said: BTreeMap<String, String>,
    /// Where it leads.
    pub address: String,
    /// When it was told.
    pub told_at: DateTime<Utc>,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    message: String,
    said: Json<BTreeMap<String, String>>,
    address: String,
    told_at: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
}

/// Tells somebody something, in the transaction of the change it is about.
pub async fn tell(
    tx: &mut Tx,
    account: AccountId,
    message: &'static str,
    said: &[(&str, &str)],
    address: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let said: BTreeMap<String, String> =
        said.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    tx.ask(TELL).with(account.0).with(message).with(Json(said)).with(address.to_owned()).with(now).run().await?;
    Ok(())
}

/// What somebody was told, the latest first.
pub async fn told(db: &Db, account: AccountId, before: Option<i64>, limit: i64) -> Result<Vec<Notice>> {
    let rows: Vec<Row> = match before {
        None => db.ask(LATEST).with(account.0).with(limit).all().await?,
        Some(id) => db.ask(OLDER).with(account.0).with(limit).with(id).all().await?,
    };
    Ok(rows
        .into_iter()
        .map(|row| Notice {
            id: row.id,
            message: row.message,
            said: row.said.0,
            address: row.address,
            told_at: row.told_at,
            read_at: row.read_at,
        })
        .collect())
}

/// How much of it they have not read.
pub async fn unread(db: &Db, account: AccountId) -> Result<i64> {
    Ok(db.ask(UNREAD).with(account.0).one::<(i64,)>().await?.0)
}

/// Somebody has read everything up to a notice.
pub async fn read(tx: &mut Tx, account: AccountId, up_to: i64, now: DateTime<Utc>) -> Result<u64> {
    tx.ask(READ).with(account.0).with(up_to).with(now).run().await
}

/// Forgets everything somebody was told: their account is closed.
pub async fn forget(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.ask(FORGET).with(account.0).run().await?;
    Ok(())
}

pub(crate) fn sentences() -> Vec<&'static str> {
    vec![TELL, LATEST, OLDER, UNREAD, READ, FORGET]
}
