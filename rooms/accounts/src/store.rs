//! Every sentence about what proves who somebody is; one function per question. Accounts and duties themselves are the
//! kernel's (`kyodo_kernel::people`).

pub mod departments;
pub mod people;

use chrono::{DateTime, Utc};
use kyodo_db::{Db, FromRow, Json, Result, Tx};
use kyodo_kernel::people::AccountId;
use serde_json::Value;

use crate::rules::Rules;

const RULES: &str = "
SELECT rules
FROM account_rules";

const PUT_RULES: &str = "
INSERT INTO account_rules (id, rules)
VALUES (1, $1)
ON CONFLICT (id) DO UPDATE SET rules = excluded.rules";

const PASSWORD: &str = "
SELECT kept, set_at
FROM password
WHERE account = $1";

const PUT_PASSWORD: &str = "
INSERT INTO password (account, kept, set_at)
VALUES ($1, $2, $3)
ON CONFLICT (account) DO UPDATE SET kept = excluded.kept, set_at = excluded.set_at";

const REHASH: &str = "
UPDATE password
SET kept = $3
WHERE account = $1 AND kept = $2";

const REMEMBER_PASSWORD: &str = "
INSERT INTO former_password (account, kept, set_at)
SELECT account, kept, set_at
FROM password
WHERE account = $1";

const FORMER_PASSWORDS: &str = "
SELECT kept
FROM former_password
WHERE account = $1
ORDER BY id DESC
LIMIT $2";

const PASSKEYS: &str = "
SELECT id, kept, name, made_at, used_at
FROM passkey
WHERE account = $1
ORDER BY id";

const PASSKEY_OF: &str = "
SELECT account, id, kept
FROM passkey
WHERE credential = $1";

const PUT_PASSKEY: &str = "
INSERT INTO passkey (account, credential, kept, name, made_at)
VALUES ($1, $2, $3, $4, $5)";

const USED_PASSKEY: &str = "
UPDATE passkey
SET kept = $2, used_at = $3
WHERE id = $1";

const DROP_PASSKEY: &str = "
DELETE FROM passkey
WHERE account = $1 AND id = $2";

const CODE_APP: &str = "
SELECT locked, last_step, since
FROM code_app
WHERE account = $1";

const PUT_CODE_APP: &str = "
INSERT INTO code_app (account, locked, since, last_step)
VALUES ($1, $2, $3, $4)
ON CONFLICT (account) DO UPDATE SET locked = excluded.locked, since = excluded.since, last_step = excluded.last_step";

const USED_STEP: &str = "
UPDATE code_app
SET last_step = $2
WHERE account = $1 AND (last_step IS NULL OR last_step < $2)";

const DROP_CODE_APP: &str = "
DELETE FROM code_app
WHERE account = $1";

const RECOVERY_CODES: &str = "
SELECT kept
FROM recovery_code
WHERE account = $1 AND used_at IS NULL
ORDER BY kept";

const PUT_RECOVERY_CODE: &str = "
INSERT INTO recovery_code (account, kept)
VALUES ($1, $2)";

const USED_RECOVERY_CODE: &str = "
UPDATE recovery_code
SET used_at = $3
WHERE account = $1 AND kept = $2 AND used_at IS NULL";

const DROP_RECOVERY_CODES: &str = "
DELETE FROM recovery_code
WHERE account = $1";

const IDENTITY: &str = "
SELECT account
FROM outside_identity
WHERE issuer = $1 AND subject = $2";

const PUT_IDENTITY: &str = "
INSERT INTO outside_identity (issuer, subject, account, since)
VALUES ($1, $2, $3, $4)";

const DROP_IDENTITIES: &str = "
DELETE FROM outside_identity
WHERE account = $1";

const IDENTITIES: &str = "
SELECT issuer, since
FROM outside_identity
WHERE account = $1
ORDER BY since, issuer";

const PUT_LINK: &str = "
INSERT INTO mail_link (token, kind, account, address, made_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)";

const LINK: &str = "
SELECT l.account, l.address, l.expires_at, l.used_at, a.closed_at
FROM mail_link l
JOIN account a ON a.id = l.account
WHERE l.token = $1 AND l.kind = $2";

const USE_LINK: &str = "
UPDATE mail_link
SET used_at = $2
WHERE token = $1 AND used_at IS NULL";

/// A newer link makes the older ones worthless.
const END_LINKS: &str = "
UPDATE mail_link
SET used_at = $3
WHERE account = $1 AND kind = $2 AND used_at IS NULL";

const LAST_LINK: &str = "
SELECT made_at, expires_at, used_at
FROM mail_link
WHERE account = $1 AND kind = $2
ORDER BY id DESC
LIMIT 1";

const AWAITED: &str = "
SELECT address, expires_at
FROM mail_link
WHERE account = $1 AND kind = 'address' AND used_at IS NULL AND expires_at > $2
ORDER BY id DESC
LIMIT 1";

const PUT_STEP: &str = "
INSERT INTO sign_in_step (token, kind, account, kept, leads_to, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (token) DO UPDATE SET
    kind = excluded.kind,
    account = excluded.account,
    kept = excluded.kept,
    leads_to = excluded.leads_to,
    expires_at = excluded.expires_at";

const STEP: &str = "
SELECT account, kept, leads_to
FROM sign_in_step
WHERE token = $1 AND kind = $2 AND expires_at > $3";

const DROP_STEP: &str = "
DELETE FROM sign_in_step
WHERE token = $1";

const SWEEP_STEPS: &str = "
DELETE FROM sign_in_step
WHERE expires_at <= $1";

/// Every sentence of the room that stands here.
#[must_use]
pub fn sentences() -> Vec<&'static str> {
    let mut all = vec![
        RULES,
        PUT_RULES,
        PASSWORD,
        PUT_PASSWORD,
        REHASH,
        REMEMBER_PASSWORD,
        FORMER_PASSWORDS,
        PASSKEYS,
        PASSKEY_OF,
        PUT_PASSKEY,
        USED_PASSKEY,
        DROP_PASSKEY,
        CODE_APP,
        PUT_CODE_APP,
        USED_STEP,
        DROP_CODE_APP,
        RECOVERY_CODES,
        PUT_RECOVERY_CODE,
        USED_RECOVERY_CODE,
        DROP_RECOVERY_CODES,
        IDENTITY,
        PUT_IDENTITY,
        DROP_IDENTITIES,
        IDENTITIES,
        PUT_LINK,
        LINK,
        USE_LINK,
        END_LINKS,
        LAST_LINK,
        AWAITED,
        PUT_STEP,
        STEP,
        DROP_STEP,
        SWEEP_STEPS,
    ];
    all.extend(FORGET);
    all.extend(people::SENTENCES);
    all.extend(departments::SENTENCES);
    all
}

/// The city's rules; those of a city that says nothing are the defaults.
pub async fn rules(db: &Db) -> Result<Rules> {
    let row = db.ask(RULES).maybe::<(Json<Rules>,)>().await?;
    Ok(row.map(|(Json(rules),)| rules).unwrap_or_default())
}

/// Stores the city's rules.
pub async fn put_rules(tx: &mut Tx, rules: &Rules) -> Result<()> {
    tx.ask(PUT_RULES).with(Json(rules.clone())).run().await?;
    Ok(())
}

/// A password as it is kept, and since when.
pub async fn password(db: &Db, account: AccountId) -> Result<Option<(String, DateTime<Utc>)>> {
    db.ask(PASSWORD).with(account.0).maybe().await
}

/// Sets a password; the one before is remembered among the former ones.
pub async fn put_password(tx: &mut Tx, account: AccountId, kept: &str, now: DateTime<Utc>) -> Result<()> {
    tx.ask(REMEMBER_PASSWORD).with(account.0).run().await?;
    tx.ask(PUT_PASSWORD).with(account.0).with(kept.to_owned()).with(now).run().await?;
    // A link to set another is worthless now.
    tx.ask(END_LINKS).with(account.0).with(LinkKind::Reset.name()).with(now).run().await?;
    Ok(())
}

/// Keeps the same password at today's cost, unless it was changed meanwhile.
pub async fn rehash(tx: &mut Tx, account: AccountId, old: &str, new: &str) -> Result<()> {
    tx.ask(REHASH).with(account.0).with(old.to_owned()).with(new.to_owned()).run().await?;
    Ok(())
}

/// The latest passwords before this one, as they are kept.
pub async fn former_passwords(db: &Db, account: AccountId, most: i64) -> Result<Vec<String>> {
    let rows = db.ask(FORMER_PASSWORDS).with(account.0).with(most).all::<(String,)>().await?;
    Ok(rows.into_iter().map(|(kept,)| kept).collect())
}

/// A passkey in somebody's own list.
#[derive(Clone, Debug)]
pub struct StoredPasskey {
    /// Its number.
    pub id: i64,
    /// What the library keeps of it.
    pub kept: Value,
    /// The name its owner gave it.
    pub name: String,
    /// Since when.
    pub made_at: DateTime<Utc>,
    /// When it was last used.
    pub used_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct PasskeyRow {
    id: i64,
    kept: Json<Value>,
    name: String,
    made_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
}

/// Somebody's passkeys.
pub async fn passkeys(db: &Db, account: AccountId) -> Result<Vec<StoredPasskey>> {
    let rows = db.ask(PASSKEYS).with(account.0).all::<PasskeyRow>().await?;
    let stored = rows.into_iter().map(|row| StoredPasskey {
        id: row.id,
        kept: row.kept.0,
        name: row.name,
        made_at: row.made_at,
        used_at: row.used_at,
    });
    Ok(stored.collect())
}

/// Whose passkey has this credential, its number, and what is kept of it.
pub async fn passkey_of(db: &Db, credential: &str) -> Result<Option<(AccountId, i64, Value)>> {
    let row = db.ask(PASSKEY_OF).with(credential.to_owned()).maybe::<(i64, i64, Json<Value>)>().await?;
    Ok(row.map(|(account, id, Json(kept))| (AccountId(account), id, kept)))
}

/// Adds a passkey.
pub async fn put_passkey(
    tx: &mut Tx,
    account: AccountId,
    credential: &str,
    kept: &Value,
    name: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.ask(PUT_PASSKEY)
        .with(account.0)
        .with(credential.to_owned())
        .with(Json(kept.clone()))
        .with(name.to_owned())
        .with(now)
        .run()
        .await?;
    Ok(())
}

/// A passkey was used; its counter may have moved.
pub async fn used_passkey(tx: &mut Tx, id: i64, kept: &Value, now: DateTime<Utc>) -> Result<()> {
    tx.ask(USED_PASSKEY).with(id).with(Json(kept.clone())).with(now).run().await?;
    Ok(())
}

/// Takes a passkey away. False when somebody has no such passkey.
pub async fn drop_passkey(tx: &mut Tx, account: AccountId, id: i64) -> Result<bool> {
    Ok(tx.ask(DROP_PASSKEY).with(account.0).with(id).run().await? == 1)
}

/// The app that shows somebody's codes.
#[derive(Clone, Debug, FromRow)]
pub struct CodeApp {
    /// Its secret, locked with the city's key.
    pub locked: String,
    /// The step of the last code that was used.
    pub last_step: Option<i64>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// The app that shows somebody's codes, if they have one.
pub async fn code_app(db: &Db, account: AccountId) -> Result<Option<CodeApp>> {
    db.ask(CODE_APP).with(account.0).maybe().await
}

/// Sets the app that shows somebody's codes; `step` is that of the code that proved it.
pub async fn put_code_app(tx: &mut Tx, account: AccountId, locked: &str, step: i64, now: DateTime<Utc>) -> Result<()> {
    tx.ask(PUT_CODE_APP).with(account.0).with(locked.to_owned()).with(now).with(Some(step)).run().await?;
    Ok(())
}

/// Uses a code's step. False when it, or a later one, was used before.
pub async fn used_step(tx: &mut Tx, account: AccountId, step: i64) -> Result<bool> {
    Ok(tx.ask(USED_STEP).with(account.0).with(step).run().await? == 1)
}

/// Takes the app and the recovery codes away.
pub async fn drop_codes(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.ask(DROP_CODE_APP).with(account.0).run().await?;
    tx.ask(DROP_RECOVERY_CODES).with(account.0).run().await?;
    Ok(())
}

/// The recovery codes somebody has left, as they are kept.
pub async fn recovery_codes(db: &Db, account: AccountId) -> Result<Vec<String>> {
    let rows = db.ask(RECOVERY_CODES).with(account.0).all::<(String,)>().await?;
    Ok(rows.into_iter().map(|(kept,)| kept).collect())
}

/// Gives somebody new recovery codes instead of the old.
pub async fn put_recovery_codes(tx: &mut Tx, account: AccountId, kept: &[String]) -> Result<()> {
    tx.ask(DROP_RECOVERY_CODES).with(account.0).run().await?;
    for code in kept {
        tx.ask(PUT_RECOVERY_CODE).with(account.0).with(code.clone()).run().await?;
    }
    Ok(())
}

/// Uses a recovery code. False when there is no such code left.
pub async fn used_recovery_code(tx: &mut Tx, account: AccountId, kept: &str, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.ask(USED_RECOVERY_CODE).with(account.0).with(kept.to_owned()).with(now).run().await? == 1)
}

/// Whose identity at a provider this is.
pub async fn identity(db: &Db, issuer: &str, subject: &str) -> Result<Option<AccountId>> {
    let row = db.ask(IDENTITY).with(issuer.to_owned()).with(subject.to_owned()).maybe::<(i64,)>().await?;
    Ok(row.map(|(account,)| AccountId(account)))
}

/// Remembers whose identity at a provider it is.
pub async fn put_identity(
    tx: &mut Tx,
    issuer: &str,
    subject: &str,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.ask(PUT_IDENTITY).with(issuer.to_owned()).with(subject.to_owned()).with(account.0).with(now).run().await?;
    Ok(())
}

/// The providers that know somebody, and since when.
pub async fn identities(db: &Db, account: AccountId) -> Result<Vec<(String, DateTime<Utc>)>> {
    db.ask(IDENTITIES).with(account.0).all().await
}

/// Takes away everything that proves who somebody is: their account is being closed.
pub async fn forget_proofs(tx: &mut Tx, account: AccountId, now: DateTime<Utc>) -> Result<()> {
    drop_codes(tx, account).await?;
    tx.ask(DROP_IDENTITIES).with(account.0).run().await?;
    for kind in LinkKind::ALL {
        tx.ask(END_LINKS).with(account.0).with(kind.name()).with(now).run().await?;
    }
    for sentence in FORGET {
        tx.ask(sentence).with(account.0).run().await?;
    }
    Ok(())
}

const FORGET: [&str; 3] = [
    "
DELETE FROM passkey
WHERE account = $1",
    "
DELETE FROM password
WHERE account = $1",
    "
DELETE FROM former_password
WHERE account = $1",
];

/// What a link that was sent by mail is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// Coming in for the first time.
    Invitation,
    /// A new password.
    Reset,
    /// A new address.
    Address,
}

impl LinkKind {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Invitation, Self::Reset, Self::Address];

    /// Where it leads, before the token; and its name in the database and in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
            Self::Address => "address",
        }
    }
}

/// A link that is good now.
#[derive(Clone, Debug)]
pub struct Link {
    /// Whose it is.
    pub account: AccountId,
    /// The address it was sent to.
    pub address: String,
}

/// Makes a link; older ones of its kind are worthless from now on. `token` is a fingerprint of what the mail carries.
pub async fn put_link(
    tx: &mut Tx,
    token: &str,
    kind: LinkKind,
    link: &Link,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    tx.ask(END_LINKS).with(link.account.0).with(kind.name()).with(now).run().await?;
    tx.ask(PUT_LINK)
        .with(token.to_owned())
        .with(kind.name())
        .with(link.account.0)
        .with(link.address.clone())
        .with(now)
        .with(expires_at)
        .run()
        .await?;
    Ok(())
}

/// The link of a token, if it is still good.
pub async fn link(db: &Db, token: &str, kind: LinkKind, now: DateTime<Utc>) -> Result<Option<Link>> {
    type Row = (i64, String, DateTime<Utc>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
    let row = db.ask(LINK).with(token.to_owned()).with(kind.name()).maybe::<Row>().await?;
    let good = row
        .filter(|(_, _, expires_at, used_at, closed_at)| now < *expires_at && used_at.is_none() && closed_at.is_none());
    Ok(good.map(|(account, address, ..)| Link { account: AccountId(account), address }))
}

/// Uses a link. False when somebody was faster.
pub async fn use_link(tx: &mut Tx, token: &str, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.ask(USE_LINK).with(token.to_owned()).with(now).run().await? == 1)
}

/// When the last link of a kind was made, until when it is good, and when it was used.
pub async fn last_link(
    db: &Db,
    account: AccountId,
    kind: LinkKind,
) -> Result<Option<(DateTime<Utc>, DateTime<Utc>, Option<DateTime<Utc>>)>> {
    db.ask(LAST_LINK).with(account.0).with(kind.name()).maybe().await
}

/// The new address that somebody has not confirmed yet, and until when they can.
pub async fn awaited_address(
    db: &Db,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<Option<(String, DateTime<Utc>)>> {
    db.ask(AWAITED).with(account.0).with(now).maybe().await
}

/// What is remembered between two requests of one sign-in.
#[derive(Clone, Debug)]
pub struct Step {
    /// Who it is about, when that is known.
    pub account: Option<AccountId>,
    /// What the next request needs.
    pub kept: Value,
    /// Where the sign-in leads.
    pub leads_to: String,
}

/// Remembers a step.
pub async fn put_step(tx: &mut Tx, token: &str, kind: &'static str, step: &Step, until: DateTime<Utc>) -> Result<()> {
    tx.ask(PUT_STEP)
        .with(token.to_owned())
        .with(kind)
        .with(step.account.map(|account| account.0))
        .with(Json(step.kept.clone()))
        .with(step.leads_to.clone())
        .with(until)
        .run()
        .await?;
    Ok(())
}

/// The step of a token, if it is not too old.
pub async fn step(db: &Db, token: &str, kind: &'static str, now: DateTime<Utc>) -> Result<Option<Step>> {
    let row =
        db.ask(STEP).with(token.to_owned()).with(kind).with(now).maybe::<(Option<i64>, Json<Value>, String)>().await?;
    Ok(row.map(|(account, Json(kept), leads_to)| Step { account: account.map(AccountId), kept, leads_to }))
}

/// A step was taken. False when somebody was faster.
pub async fn drop_step(tx: &mut Tx, token: &str) -> Result<bool> {
    Ok(tx.ask(DROP_STEP).with(token.to_owned()).run().await? == 1)
}

/// Forgets steps that are too old.
pub async fn sweep_steps(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64> {
    tx.ask(SWEEP_STEPS).with(now).run().await
}
