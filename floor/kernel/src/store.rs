//! Every SQL sentence of the kernel, and the few functions that only ask one of them.

use kyodo_db::{FromRow, Json, Result, Tx};

use crate::profile::{Department, Profile, Terms};

pub(crate) const REVISION: &str = "
SELECT revision AS n
FROM city";

/// The revision, how far the trail has come (entries are only ever added, one after the other), and a text that is another
/// one as soon as anybody has written anything: <https://www.sqlite.org/pragma.html#pragma_data_version>.
pub(crate) const LOOK: &str = "
SELECT
    c.revision,
    (SELECT COALESCE(MAX(id), 0) FROM audit_entry) AS newest,
    0 AS recent,
    (SELECT CAST(data_version AS TEXT) FROM pragma_data_version) AS written
FROM city c";

/// The fork: on PostgreSQL an entry may appear below the newest number, when its transaction began earlier. The count tells
/// it, as long as it is not far behind; and then the next entry does. Under two snapshots that read alike the same is seen.
pub(crate) const LOOK_POSTGRES: &str = "
SELECT
    c.revision,
    m.newest,
    (SELECT COUNT(*) FROM audit_entry e WHERE e.id > m.newest - 256) AS recent,
    CAST(pg_current_snapshot() AS TEXT) AS written
FROM city c
CROSS JOIN (SELECT COALESCE(MAX(id), 0) AS newest FROM audit_entry) m";

pub(crate) const CITY: &str = "
SELECT profile, terms, revision, demo
FROM city";

pub(crate) const PUT_CITY: &str = "
INSERT INTO city (id, slug, profile, terms, revision, demo)
VALUES (1, $1, $2, $3, 1, $4)
ON CONFLICT (id) DO UPDATE SET
    slug = excluded.slug,
    profile = excluded.profile,
    terms = excluded.terms,
    revision = city.revision + 1";

pub(crate) const BUMP_REVISION: &str = "
UPDATE city
SET revision = revision + 1";

pub(crate) const DEPARTMENTS: &str = "
SELECT key, name, placeholder, address, phone, fax, email, hours, own
FROM department
ORDER BY own, position";

pub(crate) const PUT_DEPARTMENT: &str = "
INSERT INTO department (key, position, name, placeholder, address, phone, fax, email, hours, own)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (key) DO UPDATE SET
    position = excluded.position,
    name = excluded.name,
    placeholder = excluded.placeholder,
    address = COALESCE(excluded.address, department.address),
    phone = COALESCE(excluded.phone, department.phone),
    fax = COALESCE(excluded.fax, department.fax),
    email = COALESCE(excluded.email, department.email),
    hours = COALESCE(excluded.hours, department.hours),
    own = excluded.own";

/// From the desk: a new one stands last, one that is there keeps its place and whose it is.
pub(crate) const PUT_DEPARTMENT_AT_DESK: &str = "
INSERT INTO department (key, position, name, placeholder, address, phone, fax, email, hours, own)
SELECT $1, COALESCE(MAX(position), -1) + 1, $2, $3, $4, $5, $6, $7, $8, $9
FROM department
WHERE 1 = 1
ON CONFLICT (key) DO UPDATE SET
    name = excluded.name,
    address = excluded.address,
    phone = excluded.phone,
    fax = excluded.fax,
    email = excluded.email,
    hours = excluded.hours";

/// One that people work in, or worked in, stays: the records of their duties name it.
pub(crate) const DROP_OWN_DEPARTMENT: &str = "
DELETE FROM department
WHERE key = $1 AND own
  AND NOT EXISTS (SELECT 1 FROM duty WHERE duty.department = department.key)";

pub(crate) const DROP_DEPARTMENT: &str = "
DELETE FROM department
WHERE key = $1";

/// The later reading of a word holds, so the pack's come first.
pub(crate) const READINGS: &str = "
SELECT surface, reading
FROM reading
ORDER BY written_at NULLS FIRST, source, surface";

pub(crate) const READINGS_OF: &str = "
SELECT surface, reading
FROM reading
WHERE source = $1
ORDER BY surface";

pub(crate) const CLEAR_READINGS: &str = "
DELETE FROM reading
WHERE source = $1";

pub(crate) const PUT_READING: &str = "
INSERT INTO reading (surface, source, reading, written_at)
VALUES ($1, $2, $3, $4)";

pub(crate) const APPEND_FACT: &str = "
INSERT INTO fact (kind, day, fiscal_year, quantity, subject, tag, example, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

pub(crate) const REVERSE_FACT: &str = "
INSERT INTO fact (kind, day, fiscal_year, quantity, area, party, subject, tag, reverses, example, recorded_at)
SELECT kind, day, fiscal_year, -quantity, area, party, subject, tag, id, example, $2
FROM fact
WHERE id = $1 AND reverses IS NULL
ON CONFLICT (reverses) DO NOTHING
RETURNING kind, day, fiscal_year, quantity, subject, tag, reverses IS NOT NULL AS takes_back";

pub(crate) const FORGET_ROOM: &str = "
DELETE FROM search_document
WHERE room = $1";

pub(crate) const FORGET_ROOM_INDEX: &str = "
DELETE FROM search_index
WHERE rowid IN (SELECT id FROM search_document WHERE room = $1)";

pub(crate) const REMEMBER_SQLITE: &str = "
INSERT INTO search_document (room, address, kind, title, body)
VALUES ($1, $2, $3, $4, $5)
RETURNING id AS n";

pub(crate) const REMEMBER_INDEX_SQLITE: &str = "
INSERT INTO search_index (rowid, title, body)
VALUES ($1, $2, $3)";

pub(crate) const REMEMBER_POSTGRES: &str = "
INSERT INTO search_document (room, address, kind, title, body, title_words, body_words)
VALUES ($1, $2, $3, $4, $5, CAST(CAST($6 AS text) AS tsvector), CAST(CAST($7 AS text) AS tsvector))";

pub(crate) const UPDATE_SQLITE: &str = "
UPDATE search_document
SET title = $3, body = $4
WHERE room = $1 AND address = $2
RETURNING id AS n";

pub(crate) const UPDATE_INDEX_SQLITE: &str = "
UPDATE search_index
SET title = $2, body = $3
WHERE rowid = $1";

pub(crate) const UPDATE_POSTGRES: &str = "
UPDATE search_document
SET title = $3, body = $4,
    title_words = CAST(CAST($5 AS text) AS tsvector), body_words = CAST(CAST($6 AS text) AS tsvector)
WHERE room = $1 AND address = $2";

pub(crate) const FIND_TITLES_SQLITE: &str = "
SELECT d.id, d.address, d.kind, d.title, d.body
FROM search_index i
JOIN search_document d ON d.id = i.rowid
WHERE search_index MATCH '{title} : (' || $1 || ')' AND i.rowid > $2
ORDER BY i.rowid
LIMIT $3";

pub(crate) const FIND_BODIES_SQLITE: &str = "
SELECT d.id, d.address, d.kind, d.title, d.body
FROM search_index i
JOIN search_document d ON d.id = i.rowid
WHERE search_index MATCH '(' || $1 || ') NOT {title} : (' || $1 || ')' AND i.rowid > $2
ORDER BY i.rowid
LIMIT $3";

pub(crate) const COUNT_SQLITE: &str = "
SELECT COUNT(*) AS n
FROM (SELECT 1 FROM search_index WHERE search_index MATCH $1 LIMIT $2) AS hits";

pub(crate) const FIND_TITLES_POSTGRES: &str = "
SELECT id, address, kind, title, body
FROM search_document
WHERE title_words @@ CAST(CAST($1 AS text) AS tsquery) AND id > $2
ORDER BY id
LIMIT $3";

pub(crate) const FIND_BODIES_POSTGRES: &str = "
SELECT id, address, kind, title, body
FROM search_document
WHERE (title_words || body_words) @@ CAST(CAST($1 AS text) AS tsquery)
  AND NOT title_words @@ CAST(CAST($1 AS text) AS tsquery) AND id > $2
ORDER BY id
LIMIT $3";

pub(crate) const COUNT_POSTGRES: &str = "
SELECT COUNT(*) AS n
FROM (
    SELECT 1
    FROM search_document
    WHERE (title_words || body_words) @@ CAST(CAST($1 AS text) AS tsquery)
    LIMIT $2
) AS hits";

/// Every sentence of the kernel, for the test that prepares them all on both databases.
#[must_use]
pub fn sentences(postgres: bool) -> Vec<&'static str> {
    let mut all = vec![
        REVISION,
        if postgres { LOOK_POSTGRES } else { LOOK },
        CITY,
        PUT_CITY,
        BUMP_REVISION,
        DEPARTMENTS,
        PUT_DEPARTMENT,
        DROP_DEPARTMENT,
        PUT_DEPARTMENT_AT_DESK,
        DROP_OWN_DEPARTMENT,
        READINGS,
        READINGS_OF,
        CLEAR_READINGS,
        PUT_READING,
        APPEND_FACT,
        REVERSE_FACT,
        FORGET_ROOM,
    ];
    all.extend(crate::people::store::sentences(postgres));
    all.extend(crate::drafts::sentences());
    all.extend(crate::notices::sentences());
    all.extend(crate::once::sentences());
    all.extend(crate::throttle::sentences());
    all.extend(crate::files::sentences());
    all.extend(if postgres {
        vec![REMEMBER_POSTGRES, UPDATE_POSTGRES, FIND_TITLES_POSTGRES, FIND_BODIES_POSTGRES, COUNT_POSTGRES]
    } else {
        vec![
            FORGET_ROOM_INDEX,
            REMEMBER_SQLITE,
            REMEMBER_INDEX_SQLITE,
            UPDATE_SQLITE,
            UPDATE_INDEX_SQLITE,
            FIND_TITLES_SQLITE,
            FIND_BODIES_SQLITE,
            COUNT_SQLITE,
        ]
    });
    all.extend(crate::audit::sentences(postgres));
    all.extend(crate::jobs::sentences(postgres));
    all.extend(crate::mail::sentences());
    all
}

/// A single whole number.
#[derive(FromRow)]
pub(crate) struct Number {
    pub(crate) n: i64,
}

#[derive(FromRow)]
pub(crate) struct CityRow {
    pub(crate) profile: Json<Profile>,
    pub(crate) terms: Json<Terms>,
    pub(crate) revision: i64,
    pub(crate) demo: bool,
}

#[derive(FromRow)]
pub(crate) struct DepartmentRow {
    key: String,
    name: String,
    placeholder: bool,
    address: Option<String>,
    phone: Option<String>,
    fax: Option<String>,
    email: Option<String>,
    hours: Option<String>,
    own: bool,
}

impl From<DepartmentRow> for Department {
    fn from(row: DepartmentRow) -> Self {
        Self {
            key: row.key,
            name: row.name,
            placeholder: row.placeholder,
            address: row.address,
            phone: row.phone,
            fax: row.fax,
            email: row.email,
            hours: row.hours,
            own: row.own,
        }
    }
}

#[derive(FromRow)]
pub(crate) struct ReadingRow {
    pub(crate) surface: String,
    pub(crate) reading: String,
}

/// Marks a public change, so that every kept page of the city is made anew.
pub async fn bump_revision(tx: &mut Tx) -> Result<()> {
    tx.ask(BUMP_REVISION).run().await?;
    Ok(())
}
