//! Sentences about duties as the pages of people need them: who stands in for whom, who administers, who has come in.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Db, FromRow, Result, Tx};
use kyodo_kernel::people::{AccountId, Listed};

const DEPUTIES: &str = "
SELECT d.id, d.deputy_of AS main, d.account, a.name, d.starts_on, d.ends_on
FROM duty m
JOIN duty d ON d.deputy_of = m.id
JOIN account a ON a.id = d.account
WHERE m.account = $1
ORDER BY d.starts_on, d.id";

const STOOD_IN_FOR: &str = "
SELECT d.id, d.deputy_of AS main, m.account, a.name, d.starts_on, d.ends_on
FROM duty d
JOIN duty m ON m.id = d.deputy_of
JOIN account a ON a.id = m.account
WHERE d.account = $1
ORDER BY d.starts_on, d.id";

/// Whoever changes who administers waits here for whoever else does, so that two administrators cannot remove each
/// other at the same moment.
const LOCK_ADMINISTRATORS: &str = "
UPDATE duty
SET role = role
WHERE role = 'administrator'";

const ADMINISTRATORS: &str = "
SELECT d.id, d.account, d.starts_on, d.ends_on, d.deputy_of
FROM duty d
JOIN account a ON a.id = d.account
WHERE d.role = 'administrator' AND a.closed_at IS NULL
ORDER BY d.id";

const INVITED_BETWEEN: &str = "
SELECT a.id, MAX(l.expires_at) AS until
FROM account a
JOIN mail_link l ON l.account = a.id AND l.kind = 'invitation' AND l.used_at IS NULL
WHERE (a.kana_key, a.id) >= ($1, $2) AND (a.kana_key, a.id) <= ($3, $4)
  AND NOT EXISTS (SELECT 1 FROM session s WHERE s.account = a.id)
GROUP BY a.id";

const SEEN: &str = "
SELECT seen_at
FROM session
WHERE account = $1
ORDER BY seen_at DESC
LIMIT 1";

/// What is about a part of the plan goes on in somebody else's hands; what is about the writer themselves does not.
const DRAFTS: &str = "
SELECT id
FROM draft
WHERE account = $1 AND subject LIKE 'measure:%'
ORDER BY id";

/// What the follower has begun already stays theirs.
const HAND_OVER_DRAFT: &str = "
UPDATE draft
SET account = $2
WHERE id = $1 AND subject NOT IN (SELECT o.subject FROM draft o WHERE o.account = $2)";

const COUNT_DRAFTS: &str = "
SELECT COUNT(*)
FROM draft
WHERE account = $1 AND subject LIKE 'measure:%'";

const NOTE_OF: &str = "
SELECT id, note
FROM duty
WHERE account = $1 AND note <> ''";

/// Every sentence that stands here.
pub const SENTENCES: [&str; 10] = [
    DEPUTIES,
    STOOD_IN_FOR,
    LOCK_ADMINISTRATORS,
    ADMINISTRATORS,
    INVITED_BETWEEN,
    SEEN,
    DRAFTS,
    HAND_OVER_DRAFT,
    COUNT_DRAFTS,
    NOTE_OF,
];

/// Two duties, of which one stands in for the other's holder, as seen from one of them.
#[derive(Clone, Debug, FromRow)]
pub struct Deputy {
    /// The duty of who stands in.
    pub id: i64,
    /// The duty that is stood in for.
    pub main: i64,
    /// The account of the other one.
    pub account: i64,
    /// Their name.
    pub name: String,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
}

/// Who stands in for somebody, past and present.
pub async fn deputies(db: &Db, account: AccountId) -> Result<Vec<Deputy>> {
    db.ask(DEPUTIES).with(account.0).all().await
}

/// For whom somebody stands in, past and present.
pub async fn stood_in_for(db: &Db, account: AccountId) -> Result<Vec<Deputy>> {
    db.ask(STOOD_IN_FOR).with(account.0).all().await
}

/// How long somebody administers.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Term {
    /// The duty.
    pub id: i64,
    /// Whose it is.
    pub account: i64,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
    /// The duty whose holder is stood in for.
    pub deputy_of: Option<i64>,
}

/// Who administers, for a change of it: nobody else changes it until the transaction ends.
pub async fn administrators(tx: &mut Tx) -> Result<Vec<Term>> {
    tx.ask(LOCK_ADMINISTRATORS).run().await?;
    tx.ask(ADMINISTRATORS).all().await
}

/// Until when the invitations are good of those in a page of the list who have not come in yet.
pub async fn invited(db: &Db, page: &[Listed]) -> Result<HashMap<AccountId, DateTime<Utc>>> {
    let (Some(first), Some(last)) = (page.first(), page.last()) else {
        return Ok(HashMap::new());
    };
    let rows = db
        .ask(INVITED_BETWEEN)
        .with(first.kana_key.clone())
        .with(first.account.id.0)
        .with(last.kana_key.clone())
        .with(last.account.id.0)
        .all::<(i64, DateTime<Utc>)>()
        .await?;
    Ok(rows.into_iter().map(|(id, until)| (AccountId(id), until)).collect())
}

/// When somebody was last seen.
pub async fn seen(db: &Db, account: AccountId) -> Result<Option<DateTime<Utc>>> {
    Ok(db.ask(SEEN).with(account.0).maybe::<(DateTime<Utc>,)>().await?.map(|(at,)| at))
}

/// Gives what people were writing about the plan to who follows them, all at once: two who change places change their
/// texts.
pub async fn hand_over_drafts(tx: &mut Tx, passing: &[(AccountId, AccountId)]) -> Result<()> {
    let mut drafts = Vec::new();
    for (from, to) in passing {
        let ids = tx.ask(DRAFTS).with(from.0).all::<(i64,)>().await?;
        drafts.extend(ids.into_iter().map(|(id,)| (id, to.0)));
    }
    for (draft, to) in drafts {
        tx.ask(HAND_OVER_DRAFT).with(draft).with(to).run().await?;
    }
    Ok(())
}

/// How many texts about the plan somebody is writing.
pub async fn drafts(db: &Db, account: AccountId) -> Result<i64> {
    Ok(db.ask(COUNT_DRAFTS).with(account.0).one::<(i64,)>().await?.0)
}

/// What was noted of somebody's duties.
pub async fn notes(db: &Db, account: AccountId) -> Result<HashMap<i64, String>> {
    Ok(db.ask(NOTE_OF).with(account.0).all::<(i64, String)>().await?.into_iter().collect())
}
