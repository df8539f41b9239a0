//! The sentences about the committee's yearly list, and what its members say of what is on it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Db, FromRow, Result, Tx};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::people::AccountId;

use super::{number, year};
use crate::evaluation::{Remark, Review};

const REVIEWS: &str = "
SELECT id, fiscal_year, body, opens_on, due_on, note, published_at
FROM plan_review
WHERE plan = $1
ORDER BY fiscal_year DESC";

const REVIEW: &str = "
SELECT id, fiscal_year, body, opens_on, due_on, note, published_at
FROM plan_review
WHERE plan = $1 AND fiscal_year = $2";

const PUT_REVIEW: &str = "
INSERT INTO plan_review (plan, fiscal_year, body, opens_on, due_on, note, turn)
VALUES ($1, $2, $3, $4, $5, $6, 0)
ON CONFLICT (plan, fiscal_year) DO NOTHING
RETURNING id AS n";

const CHANGE_REVIEW: &str = "
UPDATE plan_review
SET body = $2, opens_on = $3, due_on = $4, note = $5
WHERE id = $1 AND published_at IS NULL";

/// Whoever writes down what the meeting said waits here for whoever does the same.
const HOLD_REVIEW: &str = "
UPDATE plan_review
SET turn = turn + 1
WHERE id = $1";

const PUBLISH_REVIEW: &str = "
UPDATE plan_review
SET published_at = COALESCE(published_at, $2)
WHERE id = $1";

const ITEMS: &str = "
SELECT node, id
FROM plan_review_item
WHERE review = $1";

const PUT_ITEM: &str = "
INSERT INTO plan_review_item (review, node)
VALUES ($1, $2)
ON CONFLICT (review, node) DO NOTHING";

/// Takes an item off the list of which nobody has said anything.
const DROP_ITEM: &str = "
DELETE FROM plan_review_item
WHERE review = $1 AND node = $2
  AND NOT EXISTS (SELECT 1 FROM plan_review_remark m WHERE m.item = plan_review_item.id)
  AND NOT EXISTS (SELECT 1 FROM plan_evaluation e
                  WHERE e.node = $2 AND e.fiscal_year = $3 AND e.kind = 'third_party')";

/// How many items the lists of a plan have, and of how many somebody has written.
const COUNTS: &str = "
SELECT i.review, COUNT(*) AS items, COUNT(m.item) AS own
FROM plan_review_item i
JOIN plan_review r ON r.id = i.review
LEFT JOIN plan_review_remark m ON m.item = i.id AND m.account = $2
WHERE r.plan = $1
GROUP BY i.review";

const REMARKS: &str = "
SELECT i.node, m.account, p.name, m.version, m.grade, m.comment, m.written_at
FROM plan_review_item i
JOIN plan_review_remark m ON m.item = i.id
JOIN account p ON p.id = m.account
WHERE i.review = $1
ORDER BY i.node, m.account";

const REMARK_OF: &str = "
SELECT i.node, m.account, p.name, m.version, m.grade, m.comment, m.written_at
FROM plan_review_item i
JOIN plan_review_remark m ON m.item = i.id
JOIN account p ON p.id = m.account
WHERE i.id = $1 AND m.account = $2";

const REMARKS_BY: &str = "
SELECT r.fiscal_year, n.key, m.grade, m.comment, m.written_at
FROM plan_review_remark m
JOIN plan_review_item i ON i.id = m.item
JOIN plan_review r ON r.id = i.review
JOIN plan_node n ON n.id = i.node
WHERE m.account = $1
ORDER BY r.fiscal_year, i.id";

const PUT_REMARK: &str = "
INSERT INTO plan_review_remark (item, account, version, grade, comment, written_at)
VALUES ($1, $2, 1, $3, $4, $5)
ON CONFLICT (item, account) DO NOTHING";

const CHANGE_REMARK: &str = "
UPDATE plan_review_remark
SET version = version + 1, grade = $4, comment = $5, written_at = $6
WHERE item = $1 AND account = $2 AND version = $3";

/// The sentences about the committee's lists.
pub(super) const SENTENCES: &[&str] = &[
    REVIEWS,
    REVIEW,
    PUT_REVIEW,
    CHANGE_REVIEW,
    HOLD_REVIEW,
    PUBLISH_REVIEW,
    ITEMS,
    PUT_ITEM,
    DROP_ITEM,
    COUNTS,
    REMARKS,
    REMARKS_BY,
    REMARK_OF,
    PUT_REMARK,
    CHANGE_REMARK,
];

#[derive(FromRow)]
struct ReviewRow {
    id: i64,
    fiscal_year: i64,
    body: String,
    opens_on: NaiveDate,
    due_on: NaiveDate,
    note: String,
    published_at: Option<DateTime<Utc>>,
}

impl From<ReviewRow> for Review {
    fn from(row: ReviewRow) -> Self {
        Self {
            id: row.id,
            year: year(row.fiscal_year),
            body: row.body,
            opens_on: row.opens_on,
            due_on: row.due_on,
            note: row.note,
            published_at: row.published_at,
        }
    }
}

/// What the office says of a year's evaluation.
#[derive(Clone, Debug)]
pub struct ReviewPlan {
    /// The committee's name, as the public reads it.
    pub body: String,
    /// From which day members write.
    pub opens_on: NaiveDate,
    /// The last day on which they do.
    pub due_on: NaiveDate,
    /// What the office wants members to know.
    pub note: String,
    /// The numbers of the nodes on the list.
    pub nodes: Vec<i64>,
}

/// Every evaluation of a plan by the committee, the latest year first.
pub async fn reviews(db: &Db, plan: i64) -> Result<Vec<Review>> {
    Ok(db.ask(REVIEWS).with(plan).all::<ReviewRow>().await?.into_iter().map(Into::into).collect())
}

/// The evaluation of a year.
pub async fn review(db: &Db, plan: i64, of: FiscalYear) -> Result<Option<Review>> {
    Ok(db.ask(REVIEW).with(plan).with(number(of)).maybe::<ReviewRow>().await?.map(Into::into))
}

/// The same as it stands in this transaction.
pub async fn review_now(tx: &mut Tx, plan: i64, of: FiscalYear) -> Result<Option<Review>> {
    Ok(tx.ask(REVIEW).with(plan).with(number(of)).maybe::<ReviewRow>().await?.map(Into::into))
}

/// Opens the evaluation of a year. None when the year has one already.
pub async fn open_review(tx: &mut Tx, plan: i64, of: FiscalYear, new: &ReviewPlan) -> Result<Option<i64>> {
    let id = tx
        .ask(PUT_REVIEW)
        .with(plan)
        .with(number(of))
        .with(new.body.clone())
        .with(new.opens_on)
        .with(new.due_on)
        .with(new.note.clone())
        .maybe::<(i64,)>()
        .await?;
    let Some((id,)) = id else { return Ok(None) };
    for node in &new.nodes {
        tx.ask(PUT_ITEM).with(id).with(*node).run().await?;
    }
    Ok(Some(id))
}

/// Changes the evaluation of a year and its list; an item of which somebody said something stays on it. False when it is
/// public.
pub async fn change_review(tx: &mut Tx, review: &Review, new: &ReviewPlan) -> Result<bool> {
    let changed = tx
        .ask(CHANGE_REVIEW)
        .with(review.id)
        .with(new.body.clone())
        .with(new.opens_on)
        .with(new.due_on)
        .with(new.note.clone())
        .run()
        .await?;
    if changed == 0 {
        return Ok(false);
    }
    for (node, _) in tx.ask(ITEMS).with(review.id).all::<(i64, i64)>().await? {
        if !new.nodes.contains(&node) {
            tx.ask(DROP_ITEM).with(review.id).with(node).with(number(review.year)).run().await?;
        }
    }
    for node in &new.nodes {
        tx.ask(PUT_ITEM).with(review.id).with(*node).run().await?;
    }
    Ok(true)
}

/// Waits for everybody else who writes down what the meeting said.
pub async fn hold_review(tx: &mut Tx, review: i64) -> Result<()> {
    tx.ask(HOLD_REVIEW).with(review).run().await?;
    Ok(())
}

/// What the meeting said is public since a moment.
pub async fn publish_review(tx: &mut Tx, review: i64, now: DateTime<Utc>) -> Result<()> {
    tx.ask(PUBLISH_REVIEW).with(review).with(now).run().await?;
    Ok(())
}

/// What is on a list: the numbers of nodes, each with that of its item.
pub async fn review_items(db: &Db, review: i64) -> Result<HashMap<i64, i64>> {
    Ok(db.ask(ITEMS).with(review).all::<(i64, i64)>().await?.into_iter().collect())
}

/// The same as it stands in this transaction.
pub async fn review_items_now(tx: &mut Tx, review: i64) -> Result<HashMap<i64, i64>> {
    Ok(tx.ask(ITEMS).with(review).all::<(i64, i64)>().await?.into_iter().collect())
}

/// How many items each list of a plan has, and of how many somebody has written, by review.
pub async fn review_counts(db: &Db, plan: i64, account: AccountId) -> Result<HashMap<i64, (i64, i64)>> {
    let rows = db.ask(COUNTS).with(plan).with(account.0).all::<(i64, i64, i64)>().await?;
    Ok(rows.into_iter().map(|(review, items, own)| (review, (items, own))).collect())
}

// --- remarks -----------------------------------------------------------------------------------------------

/// What a member said of an item.
#[derive(Clone, Debug)]
pub struct MemberRemark {
    /// The number of the node.
    pub node: i64,
    /// Who.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Rises with every change.
    pub version: i64,
    /// What.
    pub remark: Remark,
    /// When.
    pub at: DateTime<Utc>,
}

#[derive(FromRow)]
struct RemarkRow {
    node: i64,
    account: i64,
    name: String,
    version: i64,
    grade: Option<String>,
    comment: String,
    written_at: DateTime<Utc>,
}

impl From<RemarkRow> for MemberRemark {
    fn from(row: RemarkRow) -> Self {
        Self {
            node: row.node,
            account: AccountId(row.account),
            name: row.name,
            version: row.version,
            remark: Remark::stored(row.grade, row.comment),
            at: row.written_at,
        }
    }
}

/// What members said of everything on a list.
pub async fn remarks(db: &Db, review: i64) -> Result<Vec<MemberRemark>> {
    Ok(db.ask(REMARKS).with(review).all::<RemarkRow>().await?.into_iter().map(Into::into).collect())
}

/// What one member said of an item.
pub async fn remark_of(db: &Db, item: i64, account: AccountId) -> Result<Option<MemberRemark>> {
    Ok(db.ask(REMARK_OF).with(item).with(account.0).maybe::<RemarkRow>().await?.map(Into::into))
}

/// What somebody said as a member, of any year.
#[derive(Clone, Debug, FromRow)]
pub struct OwnRemark {
    /// The year that was evaluated.
    pub fiscal_year: i64,
    /// The key of the node.
    pub key: String,
    /// The grade they chose.
    pub grade: Option<String>,
    /// Their words.
    pub comment: String,
    /// When.
    pub written_at: DateTime<Utc>,
}

/// Everything somebody said as a member, the oldest year first.
pub async fn remarks_by(db: &Db, account: AccountId) -> Result<Vec<OwnRemark>> {
    db.ask(REMARKS_BY).with(account.0).all().await
}

/// Keeps what a member says of an item in the place of the version they saw, 0 where there was none. False when it changed
/// meanwhile.
pub async fn put_remark(
    tx: &mut Tx,
    item: i64,
    account: AccountId,
    seen: i64,
    remark: &Remark,
    now: DateTime<Utc>,
) -> Result<bool> {
    let (grade, comment) = (remark.given().map(str::to_owned), remark.comment.clone());
    let changed = if seen == 0 {
        tx.ask(PUT_REMARK).with(item).with(account.0).with(grade).with(comment).with(now).run().await?
    } else {
        tx.ask(CHANGE_REMARK).with(item).with(account.0).with(seen).with(grade).with(comment).with(now).run().await?
    };
    Ok(changed == 1)
}
