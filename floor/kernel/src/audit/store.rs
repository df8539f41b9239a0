//! Every SQL sentence of the audit trail, and what their rows look like.

use std::fmt::Write;
use std::sync::LazyLock;

use chrono::NaiveDate;
use kyodo_db::FromRow;
use sqlx::{ColumnIndex, Decode, Row, Type};

use super::Stored;

pub(super) const NOTE: &str = "
INSERT INTO audit_entry (key, at, actor, action, subject, request, detail, hashes, personal, mac)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

pub(super) const ERASE_PERSONAL: &str = "
UPDATE audit_entry
SET personal = NULL
WHERE subject = $1 AND personal IS NOT NULL";

/// The fork: on PostgreSQL several processes may want to seal; SQLite has but one writer.
pub(super) const ALONE_POSTGRES: &str = "
SELECT CAST(CASE
    WHEN pg_try_advisory_xact_lock(hashtext('kyodo audit of ' || current_schema())) THEN 1
    ELSE 0
END AS BIGINT) AS n";

pub(super) const TIP: &str = "
SELECT position, hash
FROM audit_seal
ORDER BY position DESC
LIMIT 1";

pub(super) const NEWEST_SEALED: &str = "
SELECT COALESCE(MAX(entry), 0) AS n
FROM audit_seal";

pub(super) const IS_DAY_OPEN: &str = "
SELECT position AS n
FROM audit_day
WHERE day = $1";

/// The second bound is the first one's shadow: without it a merge would walk the index of the seals from its beginning.
pub(super) const UNSEALED: &str = "
SELECT e.id, e.key, e.at, e.actor, e.action, e.subject, e.request, e.detail, e.hashes, e.personal, e.mac
FROM audit_entry e
WHERE e.id > $1
  AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry = e.id AND s.entry > $1)
ORDER BY e.id
LIMIT $2";

/// Bounded like [`UNSEALED`].
pub(super) const WAITING: &str = "
SELECT COUNT(*) AS n
FROM audit_entry e
WHERE e.id > $1
  AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry = e.id AND s.entry > $1)";

pub(super) const SEAL: &str = "
INSERT INTO audit_seal (position, entry, hash, day)
VALUES ($1, $2, $3, $4)";

pub(super) const SEAL_DAY: &str = "
INSERT INTO audit_day (day, position, hash, mac)
VALUES ($1, $2, $3, $4)
ON CONFLICT (day) DO UPDATE SET
    position = excluded.position,
    hash = excluded.hash,
    mac = excluded.mac";

pub(super) const SEALED: &str = "
SELECT s.position, s.entry, s.hash, s.day,
       e.id, e.key, e.at, e.actor, e.action, e.subject, e.request, e.detail, e.hashes, e.personal, e.mac
FROM audit_seal s
LEFT JOIN audit_entry e ON e.id = s.entry
WHERE s.position > $1
ORDER BY s.position
LIMIT $2";

/// The days with the chain's own seal at their position, in one sentence: what is sealed meanwhile cannot disagree.
pub(super) const DAYS_TO_VERIFY: &str = "
SELECT d.position, d.day, d.hash, d.mac, s.hash AS sealed
FROM audit_day d
LEFT JOIN audit_seal s ON s.position = d.position
ORDER BY d.day";

pub(super) const REPEATED_ENTRIES: &str = "
SELECT MAX(id) AS n
FROM audit_entry
GROUP BY key
HAVING COUNT(*) > 1
LIMIT 1000";

pub(super) const REPEATED_SEALS: &str = "
SELECT MAX(position) AS n
FROM audit_seal
GROUP BY entry
HAVING COUNT(*) > 1
LIMIT 1000";

pub(super) const DAYS: &str = "
SELECT day, position, hash
FROM audit_day
WHERE day < $1
ORDER BY day DESC
LIMIT $2";

/// Jumps from one action to the next by index, however many entries there are.
pub(super) const ACTIONS: &str = "
WITH RECURSIVE known (action) AS (
    SELECT MIN(action) FROM audit_entry
    UNION ALL
    SELECT (SELECT MIN(e.action) FROM audit_entry e WHERE e.action > known.action)
    FROM known
    WHERE known.action IS NOT NULL
)
SELECT action
FROM known
WHERE action IS NOT NULL";

pub(super) const TIME_OF: &str = "
SELECT at
FROM audit_entry
WHERE id = $1";

pub(super) const LOOKS_AT: &str = "
SELECT e.id, e.key, e.at, e.actor, e.action, e.subject, e.request, e.detail, e.hashes, e.personal, s.position
FROM audit_entry e
LEFT JOIN audit_seal s ON s.entry = e.id
WHERE (e.at, e.id) < ($1, $2) AND e.subject = $3 AND e.action LIKE '%.looked'
ORDER BY e.at DESC, e.id DESC
LIMIT $4";

const SEARCH: &str = "
SELECT e.id, e.key, e.at, e.actor, e.action, e.subject, e.request, e.detail, e.hashes, e.personal, s.position
FROM audit_entry e
LEFT JOIN audit_seal s ON s.entry = e.id
WHERE (e.at, e.id) < ($1, $2) AND e.at >= $3";

/// What may be added to [`SEARCH`], in this order; `{}` is the next placeholder.
const CONDITIONS: [&str; 5] = [
    "e.subject = {}",
    "e.actor = {}",
    "e.action = {}",
    // No range over the index: the rows would have to be sorted before the first could be shown.
    "SUBSTR(e.action, 1, LENGTH({})) = {}",
    "LOWER(e.subject || ' ' || e.request || ' ' || e.detail) LIKE {} ESCAPE '\\'",
];

/// So many of [`CONDITIONS`] have an index, the narrowest first. Only the first that is wanted may use its own:
/// SQLite, which counts no values, would take any, and walk through every look of the city for one person's.
const INDEXED: usize = 3;

/// Every combination of [`CONDITIONS`], by the bits of its number.
static SEARCHES: LazyLock<Vec<String>> = LazyLock::new(|| (0..1 << CONDITIONS.len()).map(search_of).collect());

/// The sentence that searches by these conditions, each there or not.
pub(super) fn search(wanted: [bool; CONDITIONS.len()]) -> &'static str {
    let number: usize = wanted.iter().enumerate().map(|(bit, wanted)| usize::from(*wanted) << bit).sum();
    &SEARCHES[number]
}

fn search_of(number: usize) -> String {
    let mut sql = SEARCH.to_owned();
    let wanted = (0..CONDITIONS.len()).filter(|bit| number >> bit & 1 == 1);
    let mut placeholder = 4;
    for bit in wanted {
        let mut condition = CONDITIONS[bit].replace("{}", &format!("${placeholder}"));
        if placeholder > 4 && bit < INDEXED {
            condition = condition.replace(" =", " || '' =");
        }
        let _ = write!(sql, "\n  AND {condition}");
        placeholder += 1;
    }
    let _ = write!(sql, "\nORDER BY e.at DESC, e.id DESC\nLIMIT ${placeholder}");
    sql
}

/// So many seals go with one sentence while there are enough of them.
pub(super) const TOGETHER: usize = 50;

/// [`SEAL`] for [`TOGETHER`] seals.
pub(super) static SEAL_TOGETHER: LazyLock<String> = LazyLock::new(|| {
    let mut sql = SEAL.to_owned();
    for first in (5..=TOGETHER * 4).step_by(4) {
        let _ = write!(sql, ",\n       (${}, ${}, ${}, ${})", first, first + 1, first + 2, first + 3);
    }
    sql
});

/// Every sentence of the audit trail, for the test that prepares them all on both databases.
#[must_use]
pub fn sentences(postgres: bool) -> Vec<&'static str> {
    let mut all = vec![
        NOTE,
        ERASE_PERSONAL,
        TIP,
        NEWEST_SEALED,
        IS_DAY_OPEN,
        UNSEALED,
        WAITING,
        SEAL,
        SEAL_TOGETHER.as_str(),
        SEAL_DAY,
        SEALED,
        DAYS_TO_VERIFY,
        REPEATED_ENTRIES,
        REPEATED_SEALS,
        DAYS,
        ACTIONS,
        TIME_OF,
        LOOKS_AT,
    ];
    all.extend(SEARCHES.iter().map(String::as_str));
    if postgres {
        all.push(ALONE_POSTGRES);
    }
    all
}

/// The chain's end.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Tip {
    pub(super) position: i64,
    pub(super) hash: String,
}

/// A row whose values may have been made unreadable: then its first column is all there is to say. SQLite keeps a
/// time as text, in which an attacker can write anything.
#[derive(Clone, Debug)]
pub(super) enum Legible<T> {
    Yes(T),
    No(i64),
}

impl<'r, R, T> FromRow<'r, R> for Legible<T>
where
    R: Row,
    T: FromRow<'r, R>,
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        T::from_row(row).map(Self::Yes).or_else(|_| row.try_get(0).map(Self::No))
    }
}

/// A seal with the entry it seals.
#[derive(Clone, Debug)]
pub(super) struct Sealed {
    pub(super) position: i64,
    pub(super) entry: i64,
    /// The seal's hash and day, when they can be read.
    pub(super) seal: Option<(String, NaiveDate)>,
    /// The entry, when it is there.
    pub(super) stored: Option<Legible<Stored>>,
}

impl<'r, R> FromRow<'r, R> for Sealed
where
    R: Row,
    Stored: FromRow<'r, R>,
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    NaiveDate: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        let there: Option<i64> = row.try_get("id")?;
        let hash = row.try_get::<String, _>("hash");
        let day = row.try_get::<NaiveDate, _>("day");
        Ok(Self {
            position: row.try_get("position")?,
            entry: row.try_get("entry")?,
            seal: hash.ok().zip(day.ok()),
            stored: there.map(|id| Stored::from_row(row).map_or(Legible::No(id), Legible::Yes)),
        })
    }
}

/// A day's seal with the chain's own at its position.
#[derive(Clone, Debug, FromRow)]
pub(super) struct DayToVerify {
    pub(super) position: i64,
    pub(super) day: NaiveDate,
    pub(super) hash: String,
    pub(super) mac: String,
    pub(super) sealed: Option<String>,
}
