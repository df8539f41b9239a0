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

const LATEST_AND_UNREAD: &str = "
SELECT n.id, n.message, n.said, n.address, n.told_at, n.read_at,
       (SELECT COUNT(*) FROM notice u WHERE u.account = $1 AND u.read_at IS NULL) AS unread
FROM notice n
WHERE n.account = $1
ORDER BY n.id DESC
LIMIT $2";

const READ: &str = "
UPDATE notice
SET read_at = $3
WHERE account = $1 AND id <= $2 AND read_at IS NULL";

/// What nobody has read or been written to about, by account.
const UNMAILED: &str = "
SELECT n.id, n.account, a.name, a.email, n.message, n.said, n.address
FROM notice n
JOIN account a ON a.id = n.account
WHERE n.read_at IS NULL AND n.mailed_at IS NULL AND a.closed_at IS NULL
ORDER BY n.account, n.id
LIMIT $1";

const MAILED: &str = "
UPDATE notice
SET mailed_at = $3
WHERE account = $1 AND id <= $2 AND mailed_at IS NULL";

const FORGET: &str = "
DELETE FROM notice
WHERE account = $1";

/// Something somebody should know.
#[derive(Clone, Debug, PartialEq, Eq)]
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

#[derive(FromRow)]
struct RowAndUnread {
    #[sqlx(flatten)]
    row: Row,
    unread: i64,
}

impl From<Row> for Notice {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            message: row.message,
            said: row.said.0,
            address: row.address,
            told_at: row.told_at,
            read_at: row.read_at,
        }
    }
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
    Ok(rows.into_iter().map(Notice::from).collect())
}

/// The latest that somebody was told, and how much of everything they have not read.
pub async fn latest(db: &Db, account: AccountId, limit: i64) -> Result<(Vec<Notice>, i64)> {
    let rows: Vec<RowAndUnread> = db.ask(LATEST_AND_UNREAD).with(account.0).with(limit).all().await?;
    let unread = rows.first().map_or(0, |row| row.unread);
    Ok((rows.into_iter().map(|row| row.row.into()).collect(), unread))
}

/// Somebody has read everything up to a notice.
pub async fn read(tx: &mut Tx, account: AccountId, up_to: i64, now: DateTime<Utc>) -> Result<u64> {
    tx.ask(READ).with(account.0).with(up_to).with(now).run().await
}

/// What somebody has not read, and was not written to about.
#[derive(Clone, Debug)]
pub struct Unmailed {
    /// Whose it is.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Where mail reaches them.
    pub email: Option<String>,
    /// The number of the newest notice.
    pub newest: i64,
    /// The message of each notice with its values, and where it leads; the oldest first.
    pub notices: Vec<(String, BTreeMap<String, String>, String)>,
}

/// What was told and neither read nor mailed, by account; at the most `limit` notices.
pub async fn unmailed(db: &Db, limit: i64) -> Result<Vec<Unmailed>> {
    #[derive(FromRow)]
    struct UnmailedRow {
        id: i64,
        account: i64,
        name: String,
        email: Option<String>,
        message: String,
        said: Json<BTreeMap<String, String>>,
        address: String,
    }
    let mut all: Vec<Unmailed> = Vec::new();
    for row in db.ask(UNMAILED).with(limit).all::<UnmailedRow>().await? {
        let told = (row.message, row.said.0, row.address);
        match all.last_mut().filter(|one| one.account.0 == row.account) {
            Some(one) => {
                one.newest = row.id;
                one.notices.push(told);
            }
            None => all.push(Unmailed {
                account: AccountId(row.account),
                name: row.name,
                email: row.email,
                newest: row.id,
                notices: vec![told],
            }),
        }
    }
    Ok(all)
}

/// Somebody was written to about everything up to a notice. None of it goes out again.
pub async fn mailed(tx: &mut Tx, account: AccountId, up_to: i64, now: DateTime<Utc>) -> Result<u64> {
    tx.ask(MAILED).with(account.0).with(up_to).with(now).run().await
}

/// Forgets everything somebody was told: their account is closed.
pub async fn forget(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.ask(FORGET).with(account.0).run().await?;
    Ok(())
}

pub(crate) fn sentences() -> Vec<&'static str> {
    vec![TELL, LATEST, OLDER, LATEST_AND_UNREAD, READ, UNMAILED, MAILED, FORGET]
}
