//! What somebody is writing: kept by itself while they write, until it is sent or thrown away. A draft remembers what
//! its writer saw when they began, so that two people in one text are noticed.

use chrono::{DateTime, Utc};
use kyodo_db::{Db, FromRow, Json, Result, Tx};

use crate::people::AccountId;

/// Names and values of a form, in its order; a name may stand more than once.
pub type Fields = Vec<(String, String)>;

const SAVE: &str = "
INSERT INTO draft (account, subject, based_on, fields, saved_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account, subject) DO UPDATE SET
    based_on = excluded.based_on,
    fields = excluded.fields,
    saved_at = excluded.saved_at";

const OF: &str = "
SELECT id, subject, based_on, fields, saved_at
FROM draft
WHERE account = $1 AND subject = $2";

const BY_ID: &str = "
SELECT id, subject, based_on, fields, saved_at
FROM draft
WHERE account = $1 AND id = $2";

const MINE: &str = "
SELECT id, subject, based_on, fields, saved_at
FROM draft
WHERE account = $1
ORDER BY saved_at DESC, id DESC
LIMIT 100";

/// One's own comes first.
const ABOUT: &str = "
SELECT d.account, a.name, d.id, d.subject, d.based_on, d.fields, d.saved_at
FROM draft d
JOIN account a ON a.id = d.account
WHERE d.subject = $1
ORDER BY d.account <> $2, d.saved_at DESC
LIMIT 6";

const DROP: &str = "
DELETE FROM draft
WHERE account = $1 AND subject = $2";

const FORGET: &str = "
DELETE FROM draft
WHERE account = $1";

/// What somebody was writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its number.
    pub id: i64,
    /// What it is about.
    pub subject: String,
    /// What its writer saw when they began.
    pub based_on: String,
    /// What they wrote.
    pub fields: Fields,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    subject: String,
    based_on: String,
    fields: Json<Fields>,
    saved_at: DateTime<Utc>,
}

impl From<Row> for Draft {
    fn from(row: Row) -> Self {
        let Row { id, subject, based_on, fields: Json(fields), saved_at } = row;
        Self { id, subject, based_on, fields, saved_at }
    }
}

/// Keeps what somebody has written so far, instead of what they had before.
pub async fn save(
    tx: &mut Tx,
    account: AccountId,
    subject: &str,
    based_on: &str,
    fields: &Fields,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.ask(SAVE)
        .with(account.0)
        .with(subject.to_owned())
        .with(based_on.to_owned())
        .with(Json(fields.clone()))
        .with(now)
        .run()
        .await?;
    Ok(())
}

/// What somebody was writing about a subject.
pub async fn of(db: &Db, account: AccountId, subject: &str) -> Result<Option<Draft>> {
    Ok(db.ask(OF).with(account.0).with(subject.to_owned()).maybe::<Row>().await?.map(Draft::from))
}

/// A draft of somebody's own, by its number.
pub async fn draft(db: &Db, account: AccountId, id: i64) -> Result<Option<Draft>> {
    Ok(db.ask(BY_ID).with(account.0).with(id).maybe::<Row>().await?.map(Draft::from))
}

/// Everything somebody was writing, the latest first.
pub async fn mine(db: &Db, account: AccountId) -> Result<Vec<Draft>> {
    Ok(db.ask(MINE).with(account.0).all::<Row>().await?.into_iter().map(Draft::from).collect())
}

/// What is being written about a subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// What whoever asks was writing.
    pub own: Option<Draft>,
    /// Who else is writing, and when they last did.
    pub others: Vec<(String, DateTime<Utc>)>,
}

#[derive(FromRow)]
struct AboutRow {
    account: i64,
    name: String,
    #[sqlx(flatten)]
    draft: Row,
}

/// What somebody and others are writing about a subject.
pub async fn about(db: &Db, account: AccountId, subject: &str) -> Result<About> {
    let mut about = About::default();
    for row in db.ask(ABOUT).with(subject.to_owned()).with(account.0).all::<AboutRow>().await? {
        if row.account == account.0 {
            about.own = Some(row.draft.into());
        } else {
            about.others.push((row.name, row.draft.saved_at));
        }
    }
    Ok(about)
}

/// Throws a draft away: it was sent, or is not wanted any more.
pub async fn drop(tx: &mut Tx, account: AccountId, subject: &str) -> Result<()> {
    tx.ask(DROP).with(account.0).with(subject.to_owned()).run().await?;
    Ok(())
}

/// Forgets everything somebody was writing: their account is closed.
pub async fn forget(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.ask(FORGET).with(account.0).run().await?;
    Ok(())
}

pub(crate) fn sentences() -> Vec<&'static str> {
    vec![SAVE, OF, BY_ID, MINE, ABOUT, DROP, FORGET]
}
