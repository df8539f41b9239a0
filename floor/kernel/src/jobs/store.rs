//! Every SQL sentence of the queue. Claiming is one of the named places where the two databases differ.

use chrono::{DateTime, Utc};
use kyodo_db::{FromRow, Json};
use serde_json::Value;

use super::{Job, State};

pub(super) const PUT: &str = "
INSERT INTO job (kind, payload, once, run_at, attempts, claim, created_at)
VALUES ($1, $2, $3, $4, 0, 0, $5)
ON CONFLICT (once) DO NOTHING";

pub(super) const IS_ANY_DUE: &str = "
SELECT id AS n
FROM job
WHERE done_at IS NULL AND failed_at IS NULL AND stopped_at IS NULL
  AND run_at <= $1
  AND (claimed_until IS NULL OR claimed_until <= $1)
ORDER BY run_at, id
LIMIT 1";

/// SQLite has one writer, which the transaction is.
pub(super) const CLAIM_SQLITE: &str = "
UPDATE job
SET attempts = attempts + 1, claim = claim + 1, claimed_by = $2, claimed_until = $3
WHERE id = (
    SELECT id
    FROM job
    WHERE done_at IS NULL AND failed_at IS NULL AND stopped_at IS NULL
      AND run_at <= $1
      AND (claimed_until IS NULL OR claimed_until <= $1)
    ORDER BY run_at, id
    LIMIT 1
)
RETURNING id, kind, payload, attempts, claim";

/// Processes do not wait for each other: what another is just claiming is passed over.
pub(super) const CLAIM_POSTGRES: &str = "
UPDATE job
SET attempts = attempts + 1, claim = claim + 1, claimed_by = $2, claimed_until = $3
WHERE id = (
    SELECT id
    FROM job
    WHERE done_at IS NULL AND failed_at IS NULL AND stopped_at IS NULL
      AND run_at <= $1
      AND (claimed_until IS NULL OR claimed_until <= $1)
    ORDER BY run_at, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, kind, payload, attempts, claim";

pub(super) const RENEW: &str = "
UPDATE job
SET claimed_until = $3
WHERE id = $1 AND claim = $2 AND claimed_by IS NOT NULL";

pub(super) const DONE: &str = "
UPDATE job
SET done_at = $3, last_error = NULL, claimed_by = NULL, claimed_until = NULL
WHERE id = $1 AND claim = $2 AND claimed_by IS NOT NULL";

pub(super) const FAIL: &str = "
UPDATE job
SET failed_at = $3, last_error = $4, claimed_by = NULL, claimed_until = NULL
WHERE id = $1 AND claim = $2 AND claimed_by IS NOT NULL";

pub(super) const TRY_AGAIN: &str = "
UPDATE job
SET run_at = $3, last_error = $4, claimed_by = NULL, claimed_until = NULL
WHERE id = $1 AND claim = $2 AND claimed_by IS NOT NULL";

pub(super) const GIVE_BACK: &str = "
UPDATE job
SET attempts = attempts - 1, claimed_by = NULL, claimed_until = NULL
WHERE claimed_by = $1";

/// The attempt stays counted. A job that has ended two processes may be what ends them: it waits for its lease.
pub(super) const FREE: &str = "
UPDATE job
SET claimed_by = NULL, claimed_until = NULL
WHERE claimed_by = $1 AND attempts <= 2";

pub(super) const REPEAT: &str = "
UPDATE job
SET run_at = $2, attempts = 0, done_at = NULL, failed_at = NULL, stopped_at = NULL
WHERE id = $1 AND (done_at IS NOT NULL OR failed_at IS NOT NULL OR stopped_at IS NOT NULL)";

pub(super) const STOP: &str = "
UPDATE job
SET stopped_at = $2, claimed_by = NULL, claimed_until = NULL
WHERE id = $1 AND done_at IS NULL AND stopped_at IS NULL";

pub(super) const SLOTS: &str = "
SELECT name, slot
FROM job_schedule";

pub(super) const TAKE_SLOT: &str = "
INSERT INTO job_schedule (name, slot)
VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET slot = excluded.slot
WHERE job_schedule.slot < excluded.slot";

pub(super) const SWEEP: &str = "
DELETE FROM job
WHERE done_at < $1 OR stopped_at < $1";

pub(super) const COUNTS: &str = "
SELECT
    COUNT(*) FILTER (WHERE done_at IS NULL AND failed_at IS NULL AND stopped_at IS NULL AND claimed_by IS NULL) AS waiting,
    COUNT(*) FILTER (WHERE claimed_by IS NOT NULL) AS running,
    COUNT(*) FILTER (WHERE done_at IS NOT NULL) AS done,
    COUNT(*) FILTER (WHERE failed_at IS NOT NULL AND stopped_at IS NULL) AS failed,
    COUNT(*) FILTER (WHERE stopped_at IS NOT NULL) AS stopped
FROM job";

/// The jobs older than an id, newest first, that a condition lets through.
macro_rules! list {
    ($condition:literal) => {
        concat!(
            "
SELECT id, kind, payload, once, run_at, attempts, claimed_by, claimed_until, done_at, failed_at, stopped_at, last_error, created_at
FROM job
WHERE id < $1",
            $condition,
            "
ORDER BY id DESC
LIMIT $2"
        )
    };
}

pub(super) const ALL: &str = list!("");
pub(super) const WAITING: &str =
    list!("\n  AND done_at IS NULL AND failed_at IS NULL AND stopped_at IS NULL AND claimed_by IS NULL");
pub(super) const RUNNING: &str = list!("\n  AND claimed_by IS NOT NULL");
pub(super) const ENDED: &str = list!("\n  AND done_at IS NOT NULL");
pub(super) const FAILED: &str = list!("\n  AND failed_at IS NOT NULL AND stopped_at IS NULL");
pub(super) const STOPPED: &str = list!("\n  AND stopped_at IS NOT NULL");

pub(super) const JOB: &str = "
SELECT id, kind, payload, once, run_at, attempts, claimed_by, claimed_until, done_at, failed_at, stopped_at, last_error, created_at
FROM job
WHERE id = $1";

/// The jobs of several `once` keys. Lists are read differently by the two databases.
const ONCE_SQLITE: &str = "
SELECT id, kind, payload, once, run_at, attempts, claimed_by, claimed_until, done_at, failed_at, stopped_at, last_error, created_at
FROM job
WHERE once IN (SELECT value FROM json_each($1))";

const ONCE_POSTGRES: &str = "
SELECT id, kind, payload, once, run_at, attempts, claimed_by, claimed_until, done_at, failed_at, stopped_at, last_error, created_at
FROM job
WHERE once IN (SELECT value FROM jsonb_array_elements_text($1))";

pub(super) fn once_any(postgres: bool) -> &'static str {
    if postgres { ONCE_POSTGRES } else { ONCE_SQLITE }
}

/// Every sentence of the queue on one of the databases.
pub(crate) fn sentences(postgres: bool) -> Vec<&'static str> {
    let claim = if postgres { CLAIM_POSTGRES } else { CLAIM_SQLITE };
    vec![
        PUT,
        IS_ANY_DUE,
        claim,
        RENEW,
        DONE,
        FAIL,
        TRY_AGAIN,
        GIVE_BACK,
        FREE,
        REPEAT,
        STOP,
        SLOTS,
        TAKE_SLOT,
        SWEEP,
        COUNTS,
        ALL,
        WAITING,
        RUNNING,
        ENDED,
        FAILED,
        STOPPED,
        JOB,
        once_any(postgres),
    ]
}

/// The list of the jobs in a state.
pub(super) fn list_of(state: Option<State>) -> &'static str {
    match state {
        None => ALL,
        Some(State::Waiting) => WAITING,
        Some(State::Running) => RUNNING,
        Some(State::Done) => ENDED,
        Some(State::Failed) => FAILED,
        Some(State::Stopped) => STOPPED,
    }
}

#[derive(FromRow)]
pub(super) struct ClaimRow {
    pub(super) id: i64,
    pub(super) kind: String,
    pub(super) payload: Json<Value>,
    pub(super) attempts: i64,
    pub(super) claim: i64,
}

#[derive(FromRow)]
pub(super) struct SlotRow {
    pub(super) name: String,
    pub(super) slot: DateTime<Utc>,
}

#[derive(FromRow)]
pub(super) struct JobRow {
    id: i64,
    kind: String,
    payload: Json<Value>,
    once: Option<String>,
    run_at: DateTime<Utc>,
    attempts: i64,
    claimed_by: Option<String>,
    claimed_until: Option<DateTime<Utc>>,
    done_at: Option<DateTime<Utc>>,
    failed_at: Option<DateTime<Utc>>,
    stopped_at: Option<DateTime<Utc>>,
    last_error: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            payload: row.payload.0,
            once: row.once,
            run_at: row.run_at,
            attempts: row.attempts,
            claimed_by: row.claimed_by,
            claimed_until: row.claimed_until,
            done_at: row.done_at,
            failed_at: row.failed_at,
            stopped_at: row.stopped_at,
            last_error: row.last_error,
            created_at: row.created_at,
        }
    }
}
