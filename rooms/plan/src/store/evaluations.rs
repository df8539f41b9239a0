//! The sentences about what others say of a year, and what the departments in charge answer.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use kyodo_db::{Db, FromRow, Result, Tx};
use kyodo_kernel::people::AccountId;
use kyodo_kernel::{FiscalYear, clock};

use super::{number, year};
use crate::evaluation::{Answer, AnswerStage, DAYS_TO_ANSWER, Evaluation, Kind, Remark};

/// What is public of a node.
const PUBLIC_OF: &str = "
SELECT id, node, fiscal_year, kind, evaluator, grade, comment, published_on, answer, answered_on
FROM plan_evaluation
WHERE node = $1 AND published_on IS NOT NULL
ORDER BY fiscal_year, id";

/// What is public of a plan and its nodes.
const PUBLIC_IN: &str = "
SELECT id, node, fiscal_year, kind, evaluator, grade, comment, published_on, answer, answered_on
FROM plan_evaluation
WHERE plan = $1 AND published_on IS NOT NULL
ORDER BY fiscal_year, id";

const PUT: &str = "
INSERT INTO plan_evaluation (plan, node, fiscal_year, kind, evaluator, grade, comment, published_on, answer,
                             answered_on, example)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id AS n";

/// What the committee said of a year, public or not yet.
const MEETING: &str = "
SELECT id, node, fiscal_year, kind, evaluator, grade, comment, published_on, answer, answered_on
FROM plan_evaluation
WHERE plan = $1 AND fiscal_year = $2 AND kind = 'third_party'
ORDER BY id";

const CHANGE: &str = "
UPDATE plan_evaluation
SET grade = $2, comment = $3
WHERE id = $1 AND published_on IS NULL";

const DROP: &str = "
DELETE FROM plan_evaluation
WHERE id = $1 AND published_on IS NULL";

const PUBLISH: &str = "
UPDATE plan_evaluation
SET published_on = $2, evaluator = $3
WHERE id = $1 AND kind = 'third_party' AND published_on IS NULL
RETURNING id, node";

/// What is public of a plan, with the answer on its way.
const OPINIONS: &str = "
SELECT e.id, e.node, e.fiscal_year, e.kind, e.evaluator, e.grade, e.comment, e.published_on, e.answer, e.answered_on,
       e.withdrawn_on, n.key, a.due_on, a.version, a.text, a.sent_at, a.sent_by, a.note, p.name
FROM plan_evaluation e
LEFT JOIN plan_node n ON n.id = e.node
LEFT JOIN plan_answer a ON a.evaluation = e.id
LEFT JOIN account p ON p.id = a.sent_by
WHERE e.plan = $1 AND e.published_on IS NOT NULL
ORDER BY e.fiscal_year DESC, COALESCE(n.position, 0), e.id";

const OPINION: &str = "
SELECT e.id, e.node, e.fiscal_year, e.kind, e.evaluator, e.grade, e.comment, e.published_on, e.answer, e.answered_on,
       e.withdrawn_on, n.key, a.due_on, a.version, a.text, a.sent_at, a.sent_by, a.note, p.name
FROM plan_evaluation e
LEFT JOIN plan_node n ON n.id = e.node
LEFT JOIN plan_answer a ON a.evaluation = e.id
LEFT JOIN account p ON p.id = a.sent_by
WHERE e.plan = $1 AND e.id = $2 AND e.published_on IS NOT NULL";

const PUT_ANSWER: &str = "
INSERT INTO plan_answer (evaluation, due_on, version, text, note)
VALUES ($1, $2, 0, '', '')
ON CONFLICT (evaluation) DO NOTHING";

const TURN_ANSWER: &str = "
UPDATE plan_answer
SET version = version + 1, text = $3, sent_at = $4, sent_by = $5, note = $6
WHERE evaluation = $1 AND version = $2
  AND EXISTS (SELECT 1 FROM plan_evaluation e WHERE e.id = $1 AND e.answered_on IS NULL)";

/// Whoever publishes what was sent turns it first, so that nobody sends another answer meanwhile.
const HOLD_ANSWER: &str = "
UPDATE plan_answer
SET version = version + 1
WHERE evaluation = $1 AND version = $2";

const PUBLISH_ANSWER: &str = "
UPDATE plan_evaluation
SET answer = $2, answered_on = $3
WHERE id = $1 AND answered_on IS NULL";

const KEEP_BEFORE: &str = "
INSERT INTO plan_evaluation_before (evaluation, number, grade, comment, answer, reason, corrected_on)
SELECT $1, COUNT(*) + 1, $2, $3, $4, $5, $6
FROM plan_evaluation_before
WHERE evaluation = $1";

/// Nobody corrects what they have not seen.
const CORRECT: &str = "
UPDATE plan_evaluation
SET grade = $2, comment = $3, answer = $4
WHERE id = $1 AND published_on IS NOT NULL AND withdrawn_on IS NULL
  AND comment = $5 AND answer = $6 AND COALESCE(grade, '') = $7";

/// Nobody withdraws what they have not seen.
const WITHDRAW: &str = "
UPDATE plan_evaluation
SET grade = NULL, comment = $2, evaluator = $3, answer = '', answered_on = NULL, withdrawn_on = $4
WHERE id = $1 AND published_on IS NOT NULL AND withdrawn_on IS NULL AND comment = $5";

/// Why it was corrected stays.
const EMPTY_BEFORE: &str = "
UPDATE plan_evaluation_before
SET grade = NULL, comment = '', answer = ''
WHERE evaluation = $1";

const DROP_ANSWER: &str = "
DELETE FROM plan_answer
WHERE evaluation = $1";

const BEFORE_OF: &str = "
SELECT b.evaluation, b.grade, b.comment, b.answer, b.reason, b.corrected_on
FROM plan_evaluation_before b
JOIN plan_evaluation e ON e.id = b.evaluation
WHERE e.node = $1
ORDER BY b.evaluation, b.number";

const BEFORE_IN: &str = "
SELECT b.evaluation, b.grade, b.comment, b.answer, b.reason, b.corrected_on
FROM plan_evaluation_before b
JOIN plan_evaluation e ON e.id = b.evaluation
WHERE e.plan = $1
ORDER BY b.evaluation, b.number";

/// The sentences about evaluations.
pub(super) const SENTENCES: &[&str] = &[
    PUBLIC_OF,
    PUBLIC_IN,
    PUT,
    MEETING,
    CHANGE,
    DROP,
    PUBLISH,
    OPINIONS,
    OPINION,
    PUT_ANSWER,
    TURN_ANSWER,
    HOLD_ANSWER,
    PUBLISH_ANSWER,
    KEEP_BEFORE,
    CORRECT,
    WITHDRAW,
    EMPTY_BEFORE,
    DROP_ANSWER,
    BEFORE_OF,
    BEFORE_IN,
];

#[derive(FromRow)]
struct Row {
    id: i64,
    node: Option<i64>,
    fiscal_year: i64,
    kind: String,
    evaluator: String,
    grade: Option<String>,
    comment: String,
    published_on: Option<NaiveDate>,
    answer: String,
    answered_on: Option<NaiveDate>,
}

impl From<Row> for Evaluation {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            node: row.node,
            year: year(row.fiscal_year),
            // The table knows no other kinds.
            kind: Kind::of(&row.kind).unwrap_or(Kind::ThirdParty),
            evaluator: row.evaluator,
            grade: row.grade,
            comment: row.comment,
            published_on: row.published_on,
            answer: row.answered_on.map(|on| Answer { text: row.answer, on }),
        }
    }
}

/// What is public of a node, oldest first.
pub async fn evaluations_of(db: &Db, node: i64) -> Result<Vec<Evaluation>> {
    Ok(db.ask(PUBLIC_OF).with(node).all::<Row>().await?.into_iter().map(Into::into).collect())
}

/// What is public of a plan and of any of its nodes, oldest first.
pub async fn evaluations_in(db: &Db, plan: i64) -> Result<Vec<Evaluation>> {
    Ok(db.ask(PUBLIC_IN).with(plan).all::<Row>().await?.into_iter().map(Into::into).collect())
}

/// Stores what somebody said; its number. Where it is public and nothing is answered, those in charge are asked to
/// answer; of an example nobody is asked anything by itself.
pub async fn put_evaluation(tx: &mut Tx, plan: i64, said: &Evaluation, example: bool) -> Result<i64> {
    let (answer, answered_on) = match &said.answer {
        Some(answer) => (answer.text.clone(), Some(answer.on)),
        None => (String::new(), None),
    };
    let (id,): (i64,) = tx
        .ask(PUT)
        .with(plan)
        .with(said.node)
        .with(number(said.year))
        .with(said.kind.name())
        .with(said.evaluator.clone())
        .with(said.grade.clone())
        .with(said.comment.clone())
        .with(said.published_on)
        .with(answer)
        .with(answered_on)
        .with(example)
        .one()
        .await?;
    if let (Some(on), None, false) = (said.published_on, &said.answer, example) {
        ask_answer(tx, id, on + Days::new(DAYS_TO_ANSWER)).await?;
    }
    Ok(id)
}

// --- what the meeting says ---------------------------------------------------------------------------------

/// What the committee said of a year, public or not yet, in the order in which it was written down.
pub async fn meeting(db: &Db, plan: i64, of: FiscalYear) -> Result<Vec<Evaluation>> {
    Ok(db.ask(MEETING).with(plan).with(number(of)).all::<Row>().await?.into_iter().map(Into::into).collect())
}

/// The same as it stands in this transaction.
pub async fn meeting_now(tx: &mut Tx, plan: i64, of: FiscalYear) -> Result<Vec<Evaluation>> {
    Ok(tx.ask(MEETING).with(plan).with(number(of)).all::<Row>().await?.into_iter().map(Into::into).collect())
}

/// Changes what is not public yet. False when it is.
pub async fn change_opinion(tx: &mut Tx, id: i64, said: &Remark) -> Result<bool> {
    let grade = said.given().map(str::to_owned);
    Ok(tx.ask(CHANGE).with(id).with(grade).with(said.comment.clone()).run().await? == 1)
}

/// Takes back what is not public yet. False when it is.
pub async fn drop_opinion(tx: &mut Tx, id: i64) -> Result<bool> {
    Ok(tx.ask(DROP).with(id).run().await? == 1)
}

/// Makes public what the committee said, under its name; departments have until a day to answer. The nodes it is about,
/// none for the whole plan.
pub async fn publish_opinions(
    tx: &mut Tx,
    said: &[i64],
    body: &str,
    today: NaiveDate,
    answer_by: NaiveDate,
) -> Result<Vec<(i64, Option<i64>)>> {
    let mut published = Vec::new();
    for id in said {
        let now = tx.ask(PUBLISH).with(*id).with(today).with(body.to_owned()).maybe::<(i64, Option<i64>)>().await?;
        if now.is_some() {
            ask_answer(tx, *id, answer_by).await?;
        }
        published.extend(now);
    }
    Ok(published)
}

// --- answers -----------------------------------------------------------------------------------------------

#[derive(FromRow)]
struct OpinionRow {
    #[sqlx(flatten)]
    said: Row,
    withdrawn_on: Option<NaiveDate>,
    key: Option<String>,
    due_on: Option<NaiveDate>,
    version: Option<i64>,
    text: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    sent_by: Option<i64>,
    note: Option<String>,
    name: Option<String>,
}

/// Something public that others said, with the answer on its way.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// What was said.
    pub said: Evaluation,
    /// The key of the node; none for the whole plan.
    pub key: Option<String>,
    /// Until when those in charge answer; none where nobody was asked, as in years before this was kept here.
    pub due_on: Option<NaiveDate>,
    /// Rises with every change of the answer.
    pub version: i64,
    /// What they answer, as far as it is written.
    pub text: String,
    /// When it was sent to the office, and by whom.
    pub sent: Option<(DateTime<Utc>, String)>,
    /// The account of whoever sent it.
    pub sent_by: Option<AccountId>,
    /// Why the office sent it back.
    pub note: String,
    /// Since when its words are gone.
    pub withdrawn_on: Option<NaiveDate>,
}

impl Opinion {
    /// Where its answer stands.
    #[must_use]
    pub fn stage(&self) -> AnswerStage {
        if self.withdrawn_on.is_some() {
            return AnswerStage::Withdrawn;
        }
        match (&self.said.answer, &self.sent) {
            (Some(_), _) => AnswerStage::Public,
            (None, Some(_)) => AnswerStage::Sent,
            (None, None) if self.note.is_empty() => AnswerStage::Missing,
            (None, None) => AnswerStage::Returned,
        }
    }

    /// By how many days the answer is late that is not sent yet.
    #[must_use]
    pub fn days_late(&self, today: NaiveDate) -> i64 {
        let due = self.due_on.filter(|_| self.stage().is_with_department());
        due.map_or(0, |due| (today - due).num_days().max(0))
    }
}

impl From<OpinionRow> for Opinion {
    fn from(row: OpinionRow) -> Self {
        let said: Evaluation = row.said.into();
        Self {
            due_on: row.due_on,
            key: row.key,
            version: row.version.unwrap_or_default(),
            text: row.text.unwrap_or_default(),
            sent: row.sent_at.map(|at| (at, row.name.unwrap_or_default())),
            sent_by: row.sent_by.map(AccountId),
            note: row.note.unwrap_or_default(),
            withdrawn_on: row.withdrawn_on,
            said,
        }
    }
}

/// What is public of a plan with the answers on their way: the latest year first, within it in the plan's order.
pub async fn opinions(db: &Db, plan: i64) -> Result<Vec<Opinion>> {
    Ok(db.ask(OPINIONS).with(plan).all::<OpinionRow>().await?.into_iter().map(Into::into).collect())
}

/// One of them.
pub async fn opinion(db: &Db, plan: i64, id: i64) -> Result<Option<Opinion>> {
    Ok(db.ask(OPINION).with(plan).with(id).maybe::<OpinionRow>().await?.map(Into::into))
}

/// The same as they stand in this transaction.
pub async fn opinions_now(tx: &mut Tx, plan: i64) -> Result<Vec<Opinion>> {
    Ok(tx.ask(OPINIONS).with(plan).all::<OpinionRow>().await?.into_iter().map(Into::into).collect())
}

/// The same as it stands in this transaction.
pub async fn opinion_now(tx: &mut Tx, plan: i64, id: i64) -> Result<Option<Opinion>> {
    Ok(tx.ask(OPINION).with(plan).with(id).maybe::<OpinionRow>().await?.map(Into::into))
}

/// Asks those in charge to answer until a day, unless they were asked before.
pub async fn ask_answer(tx: &mut Tx, id: i64, due: NaiveDate) -> Result<()> {
    tx.ask(PUT_ANSWER).with(id).with(due).run().await?;
    Ok(())
}

/// What an answer becomes.
#[derive(Clone, Debug)]
pub struct Answering<'a> {
    /// Its words.
    pub text: &'a str,
    /// Who sends it to the office; none when it goes back to the department.
    pub sent_by: Option<AccountId>,
    /// Why it goes back.
    pub note: &'a str,
}

/// Turns the answer to an opinion that somebody has seen. False when it changed meanwhile, or is public.
pub async fn turn_answer(tx: &mut Tx, seen: &Opinion, answering: &Answering<'_>, now: DateTime<Utc>) -> Result<bool> {
    ask_answer(tx, seen.said.id, clock::day_of(now) + Days::new(DAYS_TO_ANSWER)).await?;
    let changed = tx
        .ask(TURN_ANSWER)
        .with(seen.said.id)
        .with(seen.version)
        .with(answering.text.to_owned())
        .with(answering.sent_by.map(|_| now))
        .with(answering.sent_by.map(|by| by.0))
        .with(answering.note.to_owned())
        .run()
        .await?;
    Ok(changed == 1)
}

/// Keeps the answer that somebody has seen from being turned by others. False when it changed meanwhile.
pub async fn hold_answer(tx: &mut Tx, seen: &Opinion) -> Result<bool> {
    Ok(tx.ask(HOLD_ANSWER).with(seen.said.id).with(seen.version).run().await? == 1)
}

/// Makes an answer public. False when there is one already.
pub async fn publish_answer(tx: &mut Tx, id: i64, text: &str, today: NaiveDate) -> Result<bool> {
    Ok(tx.ask(PUBLISH_ANSWER).with(id).with(text.to_owned()).with(today).run().await? == 1)
}

// --- corrections -------------------------------------------------------------------------------------------

/// What was public of an opinion before it was corrected.
#[derive(Clone, Debug)]
pub struct OpinionBefore {
    /// The grade.
    pub grade: Option<String>,
    /// What was said.
    pub comment: String,
    /// What was answered.
    pub answer: String,
    /// Why it was corrected.
    pub reason: String,
    /// When.
    pub corrected_on: NaiveDate,
}

/// Corrects what is public, and keeps what was. False when it changed since somebody saw it.
pub async fn correct_opinion(
    tx: &mut Tx,
    seen: &Evaluation,
    said: &Remark,
    answer: &str,
    reason: &str,
    today: NaiveDate,
) -> Result<bool> {
    let answered = seen.answer.as_ref().map(|answer| answer.text.clone()).unwrap_or_default();
    let changed = tx
        .ask(CORRECT)
        .with(seen.id)
        .with(said.given().map(str::to_owned))
        .with(said.comment.clone())
        .with(answer.to_owned())
        .with(seen.comment.clone())
        .with(answered.clone())
        .with(seen.grade.clone().unwrap_or_default())
        .run()
        .await?;
    if changed == 0 {
        return Ok(false);
    }
    tx.ask(KEEP_BEFORE)
        .with(seen.id)
        .with(seen.grade.clone())
        .with(seen.comment.clone())
        .with(answered)
        .with(reason.to_owned())
        .with(today)
        .run()
        .await?;
    Ok(true)
}

/// Takes back what somebody said and what was answered, with all that was public of it before: `told` stands in its place,
/// said by `who`. False when it changed since somebody saw it.
pub async fn withdraw_opinion(
    tx: &mut Tx,
    seen: &Evaluation,
    (told, who): (&str, &str),
    today: NaiveDate,
) -> Result<bool> {
    let withdraw = tx.ask(WITHDRAW).with(seen.id).with(told.to_owned()).with(who.to_owned());
    if withdraw.with(today).with(seen.comment.clone()).run().await? == 0 {
        return Ok(false);
    }
    tx.ask(EMPTY_BEFORE).with(seen.id).run().await?;
    tx.ask(DROP_ANSWER).with(seen.id).run().await?;
    Ok(true)
}

/// What was public before corrections, by opinion, the oldest first.
pub type Corrections = HashMap<i64, Vec<OpinionBefore>>;

/// What was public of what is said of a node before corrections.
pub async fn corrections_of(db: &Db, node: i64) -> Result<Corrections> {
    Ok(corrections(db.ask(BEFORE_OF).with(node).all().await?))
}

/// What was public of what is said of a plan before corrections.
pub async fn corrections_in(db: &Db, plan: i64) -> Result<Corrections> {
    Ok(corrections(db.ask(BEFORE_IN).with(plan).all().await?))
}

type BeforeRow = (i64, Option<String>, String, String, String, NaiveDate);

fn corrections(rows: Vec<BeforeRow>) -> Corrections {
    let mut corrections = Corrections::new();
    for (id, grade, comment, answer, reason, corrected_on) in rows {
        let before = OpinionBefore { grade, comment, answer, reason, corrected_on };
        corrections.entry(id).or_default().push(before);
    }
    corrections
}
