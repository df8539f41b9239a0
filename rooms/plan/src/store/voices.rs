//! The sentences about what residents say of a year.

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Db, FromRow, Result, Tx};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::people::AccountId;

use super::{number, year};
use crate::voice::{Call, Stage, Voice, Words};

const CALLS: &str = "
SELECT fiscal_year, opens_on, closes_on, question, version
FROM plan_voice_call
WHERE plan = $1
ORDER BY fiscal_year DESC";

const CALL: &str = "
SELECT fiscal_year, opens_on, closes_on, question, version
FROM plan_voice_call
WHERE plan = $1 AND fiscal_year = $2";

const PUT_CALL: &str = "
INSERT INTO plan_voice_call (plan, fiscal_year, opens_on, closes_on, question, version)
VALUES ($1, $2, $3, $4, $5, 1)
ON CONFLICT (plan, fiscal_year) DO UPDATE SET
    opens_on = excluded.opens_on,
    closes_on = excluded.closes_on,
    question = excluded.question,
    version = plan_voice_call.version + 1
WHERE plan_voice_call.version = $6";

const PUT: &str = "
INSERT INTO plan_voice (plan, node, fiscal_year, receipt, comment, name, received_at, stage, shown, shown_as, reason, version,
                        example)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'new', $5, $6, '', 0, $8)
RETURNING id";

const RECEIVED: &str = "
SELECT v.stage, v.node, v.fiscal_year, e.withdrawn_on
FROM plan_voice v
LEFT JOIN plan_evaluation e ON e.id = v.evaluation
WHERE v.receipt = $1";

const PAGE: &str = "
SELECT v.id, v.node, v.fiscal_year, v.receipt, v.comment, v.name, v.received_at, v.stage, v.shown, v.shown_as, v.reason,
       v.merged_into, v.evaluation, v.version, a.name AS decided_by, v.decided_at,
       (SELECT COUNT(*) FROM plan_voice m WHERE m.merged_into = v.id) AS others
FROM plan_voice v
LEFT JOIN account a ON a.id = v.decided_by
WHERE v.plan = $1 AND v.fiscal_year = $2 AND ($3 = '' OR v.stage = $3) AND ($6 < 0 OR COALESCE(v.node, 0) = $6)
  AND v.id > $4
ORDER BY v.id
LIMIT $5";

const ABOUT: &str = "
SELECT DISTINCT COALESCE(node, 0)
FROM plan_voice
WHERE plan = $1 AND fiscal_year = $2";

const ONE: &str = "
SELECT v.id, v.node, v.fiscal_year, v.receipt, v.comment, v.name, v.received_at, v.stage, v.shown, v.shown_as, v.reason,
       v.merged_into, v.evaluation, v.version, a.name AS decided_by, v.decided_at,
       (SELECT COUNT(*) FROM plan_voice m WHERE m.merged_into = v.id) AS others
FROM plan_voice v
LEFT JOIN account a ON a.id = v.decided_by
WHERE v.plan = $1 AND v.fiscal_year = $2 AND v.id = $3";

/// Others about the same thing that could be said in one line with it, and those that are.
const ALIKE: &str = "
SELECT v.id, v.node, v.fiscal_year, v.receipt, v.comment, v.name, v.received_at, v.stage, v.shown, v.shown_as, v.reason,
       v.merged_into, v.evaluation, v.version, a.name AS decided_by, v.decided_at, CAST(0 AS BIGINT) AS others
FROM plan_voice v
LEFT JOIN account a ON a.id = v.decided_by
WHERE v.plan = $1 AND v.fiscal_year = $2 AND COALESCE(v.node, 0) = $3 AND v.id <> $4
  AND (v.merged_into = $4 OR (v.stage IN ('new', 'ready')
       AND NOT EXISTS (SELECT 1 FROM plan_voice m WHERE m.merged_into = v.id)))
ORDER BY v.id
LIMIT 200";

const READY: &str = "
SELECT v.id, v.node, v.fiscal_year, v.receipt, v.comment, v.name, v.received_at, v.stage, v.shown, v.shown_as, v.reason,
       v.merged_into, v.evaluation, v.version, a.name AS decided_by, v.decided_at,
       (SELECT COUNT(*) FROM plan_voice m WHERE m.merged_into = v.id) AS others
FROM plan_voice v
LEFT JOIN account a ON a.id = v.decided_by
WHERE v.plan = $1 AND v.fiscal_year = $2 AND v.stage = 'ready'
ORDER BY v.id";

const COUNTS: &str = "
SELECT stage, COUNT(*)
FROM plan_voice
WHERE plan = $1 AND fiscal_year = $2
GROUP BY stage";

const WAITING: &str = "
SELECT fiscal_year, COUNT(*)
FROM plan_voice
WHERE plan = $1 AND stage = 'new'
GROUP BY fiscal_year
ORDER BY fiscal_year";

const DECIDE: &str = "
UPDATE plan_voice
SET stage = $3, shown = $4, shown_as = $5, reason = $6, decided_by = $7, decided_at = $8, version = version + 1
WHERE id = $1 AND version = $2 AND stage <> 'published' AND stage <> 'merged'";

const SET_EVALUATION: &str = "
UPDATE plan_voice
SET evaluation = $2
WHERE id = $1";

/// What everybody read of it is withdrawn.
const HIDE: &str = "
UPDATE plan_voice
SET shown = '', shown_as = '', version = version + 1
WHERE evaluation = $1";

const MERGE: &str = "
UPDATE plan_voice
SET stage = 'merged', merged_into = $2, decided_by = $3, decided_at = $4, version = version + 1
WHERE id = $1 AND version = $5 AND stage IN ('new', 'ready')";

/// Whoever spoke for others does no more: they wait again, but for those whose words are forgotten.
const PART: &str = "
UPDATE plan_voice
SET stage = 'new', merged_into = NULL, version = version + 1
WHERE merged_into = $1 AND stage = 'merged' AND forgotten_at IS NULL";

const TO_FORGET: &str = "
SELECT id
FROM plan_voice
WHERE received_at < $1 AND forgotten_at IS NULL";

/// Nobody decides any more on what has no words: it is not shown.
const FORGET: &str = "
UPDATE plan_voice
SET comment = '', name = '', forgotten_at = $2, version = version + 1,
    stage = CASE WHEN stage IN ('new', 'ready') THEN 'aside' ELSE stage END,
    shown = CASE WHEN stage = 'published' THEN shown ELSE '' END,
    shown_as = CASE WHEN stage = 'published' THEN shown_as ELSE '' END
WHERE id = $1";

/// The sentences about residents' comments.
pub(super) const SENTENCES: &[&str] = &[
    CALLS,
    CALL,
    PUT_CALL,
    PUT,
    RECEIVED,
    PAGE,
    ABOUT,
    ONE,
    ALIKE,
    READY,
    COUNTS,
    WAITING,
    DECIDE,
    SET_EVALUATION,
    HIDE,
    MERGE,
    PART,
    TO_FORGET,
    FORGET,
];

#[derive(FromRow)]
struct CallRow {
    fiscal_year: i64,
    opens_on: NaiveDate,
    closes_on: NaiveDate,
    question: String,
    version: i64,
}

impl From<CallRow> for Call {
    fn from(row: CallRow) -> Self {
        Self {
            year: year(row.fiscal_year),
            opens_on: row.opens_on,
            closes_on: row.closes_on,
            question: row.question,
            version: row.version,
        }
    }
}

#[derive(FromRow)]
struct VoiceRow {
    id: i64,
    node: Option<i64>,
    fiscal_year: i64,
    receipt: String,
    comment: String,
    name: String,
    received_at: DateTime<Utc>,
    stage: String,
    shown: String,
    shown_as: String,
    reason: String,
    merged_into: Option<i64>,
    evaluation: Option<i64>,
    version: i64,
    decided_by: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    others: i64,
}

impl From<VoiceRow> for Voice {
    fn from(row: VoiceRow) -> Self {
        Self {
            id: row.id,
            node: row.node,
            year: year(row.fiscal_year),
            receipt: row.receipt,
            words: Words { comment: row.comment, name: row.name },
            received_at: row.received_at,
            // The table knows no other stages.
            stage: Stage::named(&row.stage).unwrap_or(Stage::Aside),
            shown: row.shown,
            shown_as: row.shown_as,
            reason: row.reason,
            merged_into: row.merged_into,
            evaluation: row.evaluation,
            version: row.version,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            others: row.others,
        }
    }
}

// --- whether residents are asked ---------------------------------------------------------------------------

/// When residents are asked about which year, the latest first.
pub async fn calls(db: &Db, plan: i64) -> Result<Vec<Call>> {
    Ok(db.ask(CALLS).with(plan).all::<CallRow>().await?.into_iter().map(Into::into).collect())
}

/// When they are asked about one year.
pub async fn call(db: &Db, plan: i64, of: FiscalYear) -> Result<Option<Call>> {
    Ok(db.ask(CALL).with(plan).with(number(of)).maybe::<CallRow>().await?.map(Into::into))
}

/// The same as it stands in this transaction.
pub async fn call_now(tx: &mut Tx, plan: i64, of: FiscalYear) -> Result<Option<Call>> {
    Ok(tx.ask(CALL).with(plan).with(number(of)).maybe::<CallRow>().await?.map(Into::into))
}

/// Sets the days, over the version that somebody has seen; 0 where there was none. False when it changed meanwhile.
pub async fn put_call(tx: &mut Tx, plan: i64, call: &Call) -> Result<bool> {
    let put = tx.ask(PUT_CALL).with(plan).with(number(call.year)).with(call.opens_on).with(call.closes_on);
    Ok(put.with(call.question.clone()).with(call.version).run().await? == 1)
}

// --- what they say -----------------------------------------------------------------------------------------

/// A comment that comes in.
#[derive(Clone, Debug)]
pub struct NewVoice<'a> {
    /// The node; none for the whole year.
    pub node: Option<i64>,
    /// The year.
    pub year: FiscalYear,
    /// What its writer is given.
    pub receipt: &'a str,
    /// The words.
    pub words: &'a Words,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it is made up.
    pub example: bool,
}

/// Keeps a comment. Its number.
pub async fn put_voice(tx: &mut Tx, plan: i64, new: &NewVoice<'_>) -> Result<i64> {
    let (id,): (i64,) = tx
        .ask(PUT)
        .with(plan)
        .with(new.node)
        .with(number(new.year))
        .with(new.receipt.to_owned())
        .with(new.words.comment.clone())
        .with(new.words.name.clone())
        .with(new.at)
        .with(new.example)
        .one()
        .await?;
    Ok(id)
}

/// Where a comment stands, for whoever sent it.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its stage.
    pub stage: Stage,
    /// Whether it was public and is withdrawn.
    pub withdrawn: bool,
    /// The number of the node it is about; none where it is about the whole year.
    pub node: Option<i64>,
    /// The year.
    pub year: FiscalYear,
}

/// Where the comment of a receipt stands, and what it is about.
pub async fn received(db: &Db, receipt: &str) -> Result<Option<Received>> {
    type Row = (String, Option<i64>, i64, Option<NaiveDate>);
    let row: Option<Row> = db.ask(RECEIVED).with(receipt.to_owned()).maybe().await?;
    Ok(row.map(|(stage, node, of, withdrawn_on)| Received {
        stage: Stage::named(&stage).unwrap_or(Stage::Aside),
        withdrawn: withdrawn_on.is_some(),
        node,
        year: year(of),
    }))
}

/// Which comments on a year somebody wants to see.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Where they stand; none for everywhere.
    pub stage: Option<Stage>,
    /// The number of the node they are about, 0 for the whole year; none for all.
    pub about: Option<i64>,
}

/// Comments on a year after a number, oldest first.
pub async fn voices(db: &Db, plan: i64, of: FiscalYear, wanted: Wanted, after: i64, most: i64) -> Result<Vec<Voice>> {
    let asked = db.ask(PAGE).with(plan).with(number(of)).with(wanted.stage.map_or("", Stage::name));
    let asked = asked.with(after).with(most).with(wanted.about.unwrap_or(-1));
    Ok(asked.all::<VoiceRow>().await?.into_iter().map(Into::into).collect())
}

/// The numbers of the nodes that comments on a year are about, 0 for the whole year.
pub async fn voices_about(db: &Db, plan: i64, of: FiscalYear) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = db.ask(ABOUT).with(plan).with(number(of)).all().await?;
    Ok(rows.into_iter().map(|(node,)| node).collect())
}

/// One of them.
pub async fn voice(db: &Db, plan: i64, of: FiscalYear, id: i64) -> Result<Option<Voice>> {
    Ok(db.ask(ONE).with(plan).with(number(of)).with(id).maybe::<VoiceRow>().await?.map(Into::into))
}

/// The same as it stands in this transaction.
pub async fn voice_now(tx: &mut Tx, plan: i64, of: FiscalYear, id: i64) -> Result<Option<Voice>> {
    Ok(tx.ask(ONE).with(plan).with(number(of)).with(id).maybe::<VoiceRow>().await?.map(Into::into))
}

/// Other comments about the same thing that it speaks for or could.
pub async fn alike(db: &Db, plan: i64, voice: &Voice) -> Result<Vec<Voice>> {
    let asked = db.ask(ALIKE).with(plan).with(number(voice.year)).with(voice.node.unwrap_or_default()).with(voice.id);
    Ok(asked.all::<VoiceRow>().await?.into_iter().map(Into::into).collect())
}

/// What can be published of a year.
pub async fn voices_ready(tx: &mut Tx, plan: i64, of: FiscalYear) -> Result<Vec<Voice>> {
    Ok(tx.ask(READY).with(plan).with(number(of)).all::<VoiceRow>().await?.into_iter().map(Into::into).collect())
}

/// How many comments on a year stand where.
pub async fn voice_counts(db: &Db, plan: i64, of: FiscalYear) -> Result<Vec<(Stage, i64)>> {
    let rows: Vec<(String, i64)> = db.ask(COUNTS).with(plan).with(number(of)).all().await?;
    Ok(rows.into_iter().filter_map(|(stage, n)| Some((Stage::named(&stage)?, n))).collect())
}

/// How many comments nobody has decided on, by year.
pub async fn voices_waiting(db: &Db, plan: i64) -> Result<Vec<(FiscalYear, i64)>> {
    let rows: Vec<(i64, i64)> = db.ask(WAITING).with(plan).all().await?;
    Ok(rows.into_iter().map(|(of, n)| (year(of), n)).collect())
}

/// What is decided on a comment.
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    /// Where it stands from then on.
    pub stage: Stage,
    /// What is shown.
    pub shown: &'a str,
    /// Under which name.
    pub shown_as: &'a str,
    /// Why it is not.
    pub reason: &'a str,
    /// Who decides.
    pub by: Option<AccountId>,
}

/// Decides on the version of a comment that somebody has seen. False when it changed meanwhile.
pub async fn decide(tx: &mut Tx, id: i64, seen: i64, decision: &Decision<'_>, now: DateTime<Utc>) -> Result<bool> {
    let decided = tx
        .ask(DECIDE)
        .with(id)
        .with(seen)
        .with(decision.stage.name())
        .with(decision.shown.to_owned())
        .with(decision.shown_as.to_owned())
        .with(decision.reason.to_owned())
        .with(decision.by.map(|by| by.0))
        .with(now)
        .run()
        .await?;
    Ok(decided == 1)
}

/// Remembers what everybody reads of a comment.
pub async fn set_evaluation(tx: &mut Tx, id: i64, evaluation: i64) -> Result<()> {
    tx.ask(SET_EVALUATION).with(id).with(evaluation).run().await?;
    Ok(())
}

/// Nothing is shown any more of the comment that became this opinion, if it was one.
pub async fn hide_voice(tx: &mut Tx, evaluation: i64) -> Result<()> {
    tx.ask(HIDE).with(evaluation).run().await?;
    Ok(())
}

/// Lets one comment speak for another, of which somebody has seen this version. False when it changed meanwhile.
pub async fn merge(tx: &mut Tx, id: i64, seen: i64, into: i64, by: AccountId, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.ask(MERGE).with(id).with(into).with(by.0).with(now).with(seen).run().await? == 1)
}

/// Whatever a comment spoke for waits again. How many.
pub async fn part(tx: &mut Tx, from: i64) -> Result<u64> {
    tx.ask(PART).with(from).run().await
}

/// Comments that came in before this moment, whose words are still kept.
pub async fn voices_to_forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = tx.ask(TO_FORGET).with(before).all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Forgets the words as they were sent. What is public stays.
pub async fn forget_voice(tx: &mut Tx, id: i64, now: DateTime<Utc>) -> Result<()> {
    tx.ask(FORGET).with(id).with(now).run().await?;
    Ok(())
}
