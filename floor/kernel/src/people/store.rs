//! Every sentence about people, and one function per question.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{AssertSqlSafe, Db, FromRow, Result, Tx};
use kyodo_jptext::{search_key, sort_key};

use super::{AccountId, Duty, NewAccount, NewDuty, Role, email_key};

const OPEN: &str = "
INSERT INTO account (name, kana, kana_key, name_key, email, staff_number, created_at, example)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id";

const PUT: &str = "
UPDATE account
SET name = $2, kana = $3, kana_key = $4, name_key = $5, staff_number = $6
WHERE id = $1";

const MOVE: &str = "
UPDATE account
SET email = $2
WHERE id = $1";

const CLOSE: &str = "
UPDATE account
SET closed_at = $2, email = NULL, staff_number = NULL
WHERE id = $1 AND closed_at IS NULL";

const CLOSE_DUTIES: &str = "
UPDATE duty
SET ends_on = $2
WHERE account = $1 AND (ends_on IS NULL OR ends_on > $2)";

const GIVE: &str = "
INSERT INTO duty (account, role, department, organisation, starts_on, ends_on, deputy_of, note, given_by, given_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
RETURNING id";

const END_DUTY: &str = "
UPDATE duty
SET ends_on = $2
WHERE (id = $1 OR deputy_of = $1) AND (ends_on IS NULL OR ends_on > $2)";

const ACCOUNT: &str = "
SELECT id, name, kana, email, staff_number, created_at, closed_at
FROM account
WHERE id = $1";

const ACCOUNT_NAMED: &str = "
SELECT id, name, kana, email, staff_number, created_at, closed_at
FROM account
WHERE email = $1 OR staff_number = $2
ORDER BY id
LIMIT 1";

const DUTIES: &str = "
SELECT id, role, department, organisation, starts_on, ends_on, deputy_of
FROM duty
WHERE account = $1
ORDER BY starts_on DESC, id DESC";

const STAND_INS: &str = "
SELECT a.name, d.ends_on
FROM duty own
JOIN duty d ON d.deputy_of = own.id
JOIN account a ON a.id = d.account
WHERE own.account = $1 AND (d.ends_on IS NULL OR d.ends_on >= $2) AND a.closed_at IS NULL
ORDER BY d.id";

const HOLDERS: &str = "
SELECT a.id, a.name, a.email, d.department
FROM duty d
JOIN account a ON a.id = d.account
WHERE d.role = $1 AND d.starts_on <= $2 AND (d.ends_on IS NULL OR d.ends_on >= $2) AND a.closed_at IS NULL
ORDER BY a.kana_key, a.id";

const HOLDERS_IN: &str = "
SELECT a.id, a.name, a.email, d.department
FROM duty d
JOIN account a ON a.id = d.account
WHERE d.role = $1 AND d.department = $3 AND d.starts_on <= $2 AND (d.ends_on IS NULL OR d.ends_on >= $2)
  AND a.closed_at IS NULL
ORDER BY a.kana_key, a.id";

const EVERYBODY: &str = "
SELECT a.id, a.name, a.kana, a.email, a.staff_number, a.created_at, a.closed_at,
       d.id AS duty, d.role, d.department, d.organisation, d.starts_on, d.ends_on, d.deputy_of
FROM duty d
JOIN account a ON a.id = d.account
WHERE (d.ends_on IS NULL OR d.ends_on >= $1) AND a.closed_at IS NULL
ORDER BY a.kana_key, a.id, d.id";

const DUTIES_BETWEEN: &str = "
SELECT d.account, d.role, d.department, d.starts_on, d.ends_on
FROM duty d
WHERE d.account IN (SELECT id FROM account WHERE (kana_key, id) >= ($1, $2) AND (kana_key, id) <= ($3, $4))
  AND (d.ends_on IS NULL OR d.ends_on >= $5)
ORDER BY d.account, d.starts_on, d.id";

const NAMES: [&str; 2] = [
    "
SELECT id, name
FROM account
WHERE id IN (SELECT value FROM json_each($1))",
    "
SELECT id, name
FROM account
WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_array_elements_text($1))",
];

const ROLES: [&str; 2] = [
    "
SELECT DISTINCT account, role
FROM duty
WHERE account IN (SELECT value FROM json_each($1)) AND starts_on <= $2 AND (ends_on IS NULL OR ends_on >= $2)
ORDER BY account, role",
    "
SELECT DISTINCT account, role
FROM duty
WHERE account IN (SELECT CAST(value AS BIGINT) FROM jsonb_array_elements_text($1))
  AND starts_on <= $2 AND (ends_on IS NULL OR ends_on >= $2)
ORDER BY account, role",
];

pub(super) const BEGIN_SESSION: &str = "
INSERT INTO session (token, account, method, agent, began_at, seen_at, proved_at, idle_minutes, expires_at, half)
VALUES ($1, $2, $3, $4, $5, $5, $5, $6, $7, $8)
RETURNING id";

pub(super) const SESSION: &str = "
SELECT s.id AS session, s.account, a.name, s.seen_at, s.proved_at, s.expires_at, s.idle_minutes, s.half,
       (s.ended_at IS NOT NULL OR a.closed_at IS NOT NULL) AS is_over,
       d.id AS duty, d.role, d.department, d.organisation, d.starts_on, d.ends_on, d.deputy_of
FROM session s
JOIN account a ON a.id = s.account
LEFT JOIN duty d ON d.account = a.id AND d.starts_on <= $2 AND (d.ends_on IS NULL OR d.ends_on >= $2)
WHERE s.token = $1
ORDER BY d.id";

pub(super) const SAW_SESSION: &str = "
UPDATE session
SET seen_at = $2
WHERE id = $1 AND seen_at < $2";

pub(super) const PROVE_SESSION: &str = "
UPDATE session
SET token = $2, proved_at = $3, seen_at = $3
WHERE id = $1";

pub(super) const COMPLETE_SESSIONS: &str = "
UPDATE session
SET half = $2
WHERE account = $1";

pub(super) const END_SESSION: &str = "
UPDATE session
SET ended_at = $3
WHERE id = $1 AND account = $2 AND ended_at IS NULL";

pub(super) const END_SESSIONS: &str = "
UPDATE session
SET ended_at = $3
WHERE account = $1 AND id <> $2 AND ended_at IS NULL";

pub(super) const SESSIONS: &str = "
SELECT id, method, agent, began_at, seen_at, expires_at
FROM session
WHERE account = $1 AND ended_at IS NULL AND expires_at > $2
ORDER BY seen_at DESC, id DESC";

pub(super) const SWEEP_SESSIONS: &str = "
DELETE FROM session
WHERE expires_at < $1";

/// The parts of the list's condition; `#` stands for the number of its one parameter.
const ALIVE: &str = "a.closed_at IS NULL";
const CLOSED: &str = "a.closed_at IS NOT NULL";
const IDLE: &str = "a.closed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM duty d WHERE d.account = a.id AND (d.ends_on IS NULL OR d.ends_on >= #))";
const SAYS: &str = "(a.name_key LIKE # OR a.email LIKE @ OR LOWER(a.staff_number) LIKE @)";
const IS_NAMED: &str = "a.name_key LIKE #";
const AT_DESK: &str = "EXISTS (SELECT 1 FROM duty d WHERE d.account = a.id AND d.role <> 'resident'
      AND (d.ends_on IS NULL OR d.ends_on >= #))";
const HOLDS: &str = "EXISTS (SELECT 1 FROM duty d WHERE d.account = a.id AND d.role = #
      AND (d.ends_on IS NULL OR d.ends_on >= @))";
const IN: &str = "EXISTS (SELECT 1 FROM duty d WHERE d.account = a.id AND d.department = #
      AND (d.ends_on IS NULL OR d.ends_on >= @))";
const AFTER: &str = "(a.kana_key, a.id) > (#, ";

/// Who is looked for in the list of people.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    /// Words of the name or the kana; for a keeper, of the address or the number too.
    pub q: String,
    /// Whether the list is for somebody who keeps people. Others find only those who work with the plan, and never by
    /// an address.
    pub keeper: bool,
    /// A role held today or later.
    pub role: Option<Role>,
    /// The department it is held in.
    pub department: Option<String>,
    /// Whose accounts.
    pub standing: Standing,
    /// The day that counts as today.
    pub today: NaiveDate,
}

/// How an account stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Open.
    #[default]
    Open,
    /// Open, and without any duty.
    WithoutDuty,
    /// Closed.
    Closed,
}

impl Standing {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Open, Self::WithoutDuty, Self::Closed];
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of NewAccount")]
pub struct Account {
    pub id: AccountId,
    pub name: String,
    pub kana: String,
    pub email: Option<String>,
    pub staff_number: Option<String>,
    pub created_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
}

/// Somebody who holds a role.
#[derive(Clone, Debug, FromRow)]
pub struct Holder {
    /// The number of the account.
    pub id: i64,
    /// Their name.
    pub name: String,
    /// Where mail reaches them.
    pub email: Option<String>,
    /// The department they hold it in.
    pub department: Option<String>,
}

/// A line of the list of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The account.
    pub account: Account,
    /// By what the list is sorted: where the next page begins.
    pub kana_key: String,
    /// Role, department, first and last day of the duties held now or later.
    pub duties: Vec<(Role, Option<String>, NaiveDate, Option<NaiveDate>)>,
}

#[derive(FromRow)]
struct AccountRow {
    id: i64,
    name: String,
    kana: String,
    email: Option<String>,
    staff_number: Option<String>,
    created_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self {
            id: AccountId(row.id),
            name: row.name,
            kana: row.kana,
            email: row.email,
            staff_number: row.staff_number,
            created_at: row.created_at,
            closed_at: row.closed_at,
        }
    }
}

#[derive(FromRow)]
pub(super) struct SightRow {
    pub(super) session: i64,
    pub(super) account: i64,
    pub(super) name: String,
    pub(super) seen_at: DateTime<Utc>,
    pub(super) proved_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) idle_minutes: i64,
    pub(super) half: bool,
    pub(super) is_over: bool,
    pub(super) duty: Option<i64>,
    pub(super) role: Option<String>,
    pub(super) department: Option<String>,
    pub(super) organisation: Option<i64>,
    pub(super) starts_on: Option<NaiveDate>,
    pub(super) ends_on: Option<NaiveDate>,
    pub(super) deputy_of: Option<i64>,
}

#[derive(FromRow)]
struct DutyRow {
    id: i64,
    role: String,
    department: Option<String>,
    organisation: Option<i64>,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    deputy_of: Option<i64>,
}

impl DutyRow {
    /// A role that this version does not know gives nobody anything.
    fn duty(self) -> Option<Duty> {
        Some(Duty {
            id: self.id,
            role: Role::named(&self.role)?,
            department: self.department,
            organisation: self.organisation,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            deputy_of: self.deputy_of,
        })
    }
}

#[derive(FromRow)]
struct HolderRow {
    #[sqlx(flatten)]
    account: AccountRow,
    duty: i64,
    role: String,
    department: Option<String>,
    organisation: Option<i64>,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    deputy_of: Option<i64>,
}

#[derive(FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    account: AccountRow,
    kana_key: String,
}

/// Opens an account. The address and the number must be free, which the caller has asked before: the database refuses
/// what was taken meanwhile.
pub async fn open(tx: &mut Tx, new: &NewAccount, now: DateTime<Utc>) -> Result<AccountId> {
    let row: (i64,) = tx
        .ask(OPEN)
        .with(new.name.clone())
        .with(new.kana.clone())
        .with(kana_key(new))
        .with(name_key(new))
        .with(new.email.as_deref().map(email_key))
        .with(new.staff_number.clone())
        .with(now)
        .with(new.example)
        .one()
        .await?;
    Ok(AccountId(row.0))
}

/// Changes what an account says of somebody, except the address.
pub async fn put(tx: &mut Tx, id: AccountId, new: &NewAccount) -> Result<()> {
    tx.ask(PUT)
        .with(id.0)
        .with(new.name.clone())
        .with(new.kana.clone())
        .with(kana_key(new))
        .with(name_key(new))
        .with(new.staff_number.clone())
        .run()
        .await?;
    Ok(())
}

/// Whose kana nobody knows is sorted by the name.
fn kana_key(new: &NewAccount) -> String {
    sort_key(if new.kana.is_empty() { &new.name } else { &new.kana })
}

/// By what somebody is found: the name and its reading.
fn name_key(new: &NewAccount) -> String {
    format!("{} {}", search_key(&new.name), search_key(&new.kana))
}

/// Changes the address of an account.
pub async fn move_to(tx: &mut Tx, id: AccountId, email: Option<&str>) -> Result<()> {
    tx.ask(MOVE).with(id.0).with(email.map(email_key)).run().await?;
    Ok(())
}

/// Closes an account: nobody signs in with it any more, its sessions and duties end, and its address and number are
/// free again. False when it was closed before.
pub async fn close(tx: &mut Tx, id: AccountId, today: NaiveDate, now: DateTime<Utc>) -> Result<bool> {
    let closed = tx.ask(CLOSE).with(id.0).with(now).run().await? == 1;
    tx.ask(CLOSE_DUTIES).with(id.0).with(today).run().await?;
    tx.ask(END_SESSIONS).with(id.0).with(0_i64).with(now).run().await?;
    Ok(closed)
}

/// Gives somebody a duty; its number.
pub async fn give(tx: &mut Tx, id: AccountId, duty: &NewDuty, now: DateTime<Utc>) -> Result<i64> {
    let row: (i64,) = tx
        .ask(GIVE)
        .with(id.0)
        .with(duty.role.name())
        .with(duty.department.clone())
        .with(duty.organisation)
        .with(duty.starts_on)
        .with(duty.ends_on)
        .with(duty.deputy_of)
        .with(duty.note.clone())
        .with(duty.given_by.map(|by| by.0))
        .with(now)
        .one()
        .await?;
    Ok(row.0)
}

/// Ends a duty on its last day, and with it the duties of those who stand in for its holder. What would have begun
/// later never begins. How many duties ended.
pub async fn end_duty(tx: &mut Tx, duty: i64, last: NaiveDate) -> Result<u64> {
    tx.ask(END_DUTY).with(duty).with(last).run().await
}

/// An account by its number.
pub async fn account(db: &Db, id: AccountId) -> Result<Option<Account>> {
    Ok(db.ask(ACCOUNT).with(id.0).maybe::<AccountRow>().await?.map(Account::from))
}

/// The account that is found by an address or a staff number.
pub async fn account_named(db: &Db, name: &str) -> Result<Option<Account>> {
    let number = kyodo_jptext::half_width(name.trim());
    Ok(db.ask(ACCOUNT_NAMED).with(email_key(name)).with(number).maybe::<AccountRow>().await?.map(Account::from))
}

/// Every duty of somebody, past ones too, the newest first.
pub async fn duties(db: &Db, id: AccountId) -> Result<Vec<Duty>> {
    let rows = db.ask(DUTIES).with(id.0).all::<DutyRow>().await?;
    Ok(rows.into_iter().filter_map(DutyRow::duty).collect())
}

/// Who stands in for somebody on a day or later: their names, and the last day where there is one.
pub async fn stand_ins(db: &Db, id: AccountId, day: NaiveDate) -> Result<Vec<(String, Option<NaiveDate>)>> {
    db.ask(STAND_INS).with(id.0).with(day).all().await
}

/// Who holds a role on a day, in a department where one is named: whom to ask, whom to tell.
pub async fn holders(db: &Db, role: Role, department: Option<&str>, day: NaiveDate) -> Result<Vec<Holder>> {
    match department {
        None => db.ask(HOLDERS).with(role.name()).with(day).all().await,
        Some(key) => db.ask(HOLDERS_IN).with(role.name()).with(day).with(key.to_owned()).all().await,
    }
}

/// Every duty that is held on a day or begins later, with whose it is: for the handover.
pub async fn everybody(db: &Db, day: NaiveDate) -> Result<Vec<(Account, Duty)>> {
    let rows = db.ask(EVERYBODY).with(day).all::<HolderRow>().await?;
    let told = rows.into_iter().filter_map(|row| {
        let duty = DutyRow {
            id: row.duty,
            role: row.role,
            department: row.department,
            organisation: row.organisation,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            deputy_of: row.deputy_of,
        };
        Some((Account::from(row.account), duty.duty()?))
    });
    Ok(told.collect())
}

/// A page of the list of people, by kana; `after` is where the page before ended.
pub async fn list(db: &Db, filter: &AccountFilter, after: Option<(String, i64)>, limit: i64) -> Result<Vec<Listed>> {
    let mut sentence = Sentence::new(filter);
    if let Some((kana_key, id)) = after {
        sentence.add(AFTER, kana_key);
        sentence.number(id);
    }
    let sql = format!(
        "\nSELECT a.id, a.name, a.kana, a.email, a.staff_number, a.created_at, a.closed_at, a.kana_key\nFROM account a\nWHERE {}\nORDER BY a.kana_key, a.id\nLIMIT {limit}",
        sentence.condition()
    );
    let rows = sentence.ask(db, sql).all::<ListedRow>().await?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(Vec::new());
    };
    let held = db
        .ask(DUTIES_BETWEEN)
        .with(first.kana_key.clone())
        .with(first.account.id)
        .with(last.kana_key.clone())
        .with(last.account.id)
        .with(filter.today)
        .all::<(i64, String, Option<String>, NaiveDate, Option<NaiveDate>)>()
        .await?;
    let mut duties: HashMap<i64, Vec<_>> = HashMap::new();
    for (account, role, department, starts_on, ends_on) in held {
        if let Some(role) = Role::named(&role) {
            duties.entry(account).or_default().push((role, department, starts_on, ends_on));
        }
    }
    let listed = rows.into_iter().map(|row| Listed {
        duties: duties.remove(&row.account.id).unwrap_or_default(),
        kana_key: row.kana_key,
        account: row.account.into(),
    });
    Ok(listed.collect())
}

/// How many people a filter finds.
pub async fn count(db: &Db, filter: &AccountFilter) -> Result<i64> {
    let sentence = Sentence::new(filter);
    let sql = format!("\nSELECT COUNT(*)\nFROM account a\nWHERE {}", sentence.condition());
    Ok(sentence.ask(db, sql).one::<(i64,)>().await?.0)
}

/// The names of accounts, for lists that point at people.
pub async fn names(db: &Db, ids: &[AccountId]) -> Result<HashMap<AccountId, String>> {
    let wanted = kyodo_db::Json(ids.iter().map(|id| id.0).collect::<Vec<_>>());
    let rows = db.ask(NAMES[usize::from(db.is_postgres())]).with(wanted).all::<(i64, String)>().await?;
    Ok(rows.into_iter().map(|(id, name)| (AccountId(id), name)).collect())
}

/// The roles that accounts hold on a day, for lists that point at people.
pub async fn roles(db: &Db, ids: &[AccountId], day: NaiveDate) -> Result<HashMap<AccountId, Vec<Role>>> {
    let wanted = kyodo_db::Json(ids.iter().map(|id| id.0).collect::<Vec<_>>());
    let sql = ROLES[usize::from(db.is_postgres())];
    let rows = db.ask(sql).with(wanted).with(day).all::<(i64, String)>().await?;
    let mut roles: HashMap<AccountId, Vec<Role>> = HashMap::new();
    for (account, role) in rows {
        if let Some(role) = Role::named(&role) {
            roles.entry(AccountId(account)).or_default().push(role);
        }
    }
    Ok(roles)
}

/// A condition put together from constant parts, so that what is not asked for does not spoil the plan.
struct Sentence {
    parts: Vec<String>,
    values: Vec<Value>,
}

enum Value {
    Text(String),
    Day(NaiveDate),
    Number(i64),
}

impl Sentence {
    fn new(filter: &AccountFilter) -> Self {
        let mut sentence = Self { parts: Vec::new(), values: Vec::new() };
        match filter.standing {
            Standing::Open => sentence.parts.push(ALIVE.to_owned()),
            Standing::Closed => sentence.parts.push(CLOSED.to_owned()),
            Standing::WithoutDuty => {
                sentence.values.push(Value::Day(filter.today));
                sentence.parts.push(IDLE.replace('#', "$1"));
            }
        }
        if !filter.keeper {
            sentence.values.push(Value::Day(filter.today));
            sentence.parts.push(AT_DESK.replace('#', &format!("${}", sentence.values.len())));
        }
        for word in filter.q.split_whitespace() {
            // An address is compared with its signs, which a key has not.
            let text = email_key(word).replace('%', "");
            let key = Some(search_key(word).replace(['%', '_'], "")).filter(|key| !key.is_empty());
            let key = key.unwrap_or_else(|| text.clone());
            if filter.keeper {
                sentence.values.push(Value::Text(format!("%{text}%")));
                let word = format!("${}", sentence.values.len());
                sentence.add(&SAYS.replace('@', &word), format!("%{key}%"));
            } else {
                sentence.add(IS_NAMED, format!("%{key}%"));
            }
        }
        for (part, value) in [(HOLDS, filter.role.map(|role| role.name().to_owned())), (IN, filter.department.clone())]
        {
            if let Some(value) = value {
                sentence.values.push(Value::Day(filter.today));
                let today = format!("${}", sentence.values.len());
                sentence.add(&part.replace('@', &today), value);
            }
        }
        sentence
    }

    fn add(&mut self, part: &str, value: String) {
        self.values.push(Value::Text(value));
        self.parts.push(part.replace('#', &format!("${}", self.values.len())));
    }

    /// The second half of a pair that `add` began.
    fn number(&mut self, n: i64) {
        self.values.push(Value::Number(n));
        if let Some(part) = self.parts.last_mut() {
            *part = format!("{part}${})", self.values.len());
        }
    }

    fn condition(&self) -> String {
        self.parts.join("\n  AND ")
    }

    fn ask(self, db: &Db, sql: String) -> kyodo_db::Query<'_> {
        self.values.into_iter().fold(db.ask(AssertSqlSafe(sql)), |query, value| match value {
            Value::Text(text) => query.with(text),
            Value::Day(day) => query.with(day),
            Value::Number(n) => query.with(n),
        })
    }
}

/// Every sentence about people that is a constant.
pub(crate) fn sentences(postgres: bool) -> Vec<&'static str> {
    vec![
        OPEN,
        PUT,
        MOVE,
        CLOSE,
        CLOSE_DUTIES,
        GIVE,
        END_DUTY,
        ACCOUNT,
        ACCOUNT_NAMED,
        DUTIES,
        STAND_INS,
        HOLDERS,
        HOLDERS_IN,
        EVERYBODY,
        DUTIES_BETWEEN,
        NAMES[usize::from(postgres)],
        ROLES[usize::from(postgres)],
        BEGIN_SESSION,
        SESSION,
        SAW_SESSION,
        PROVE_SESSION,
        COMPLETE_SESSIONS,
        END_SESSION,
        END_SESSIONS,
        SESSIONS,
        SWEEP_SESSIONS,
    ]
}
