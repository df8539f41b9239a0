//! The sentences about what others say of a year.

use chrono::NaiveDate;
use kyodo_db::{Db, FromRow, Result, Tx};

use super::{number, year};
use crate::evaluation::{Answer, Evaluation, Kind};

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
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

/// The sentences about evaluations.
pub(super) const SENTENCES: &[&str] = &[PUBLIC_OF, PUBLIC_IN, PUT];

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

/// Stores what somebody said.
pub async fn put_evaluation(tx: &mut Tx, plan: i64, said: &Evaluation, example: bool) -> Result<()> {
    let (answer, answered_on) = match &said.answer {
        Some(answer) => (answer.text.clone(), Some(answer.on)),
        None => (String::new(), None),
    };
    tx.ask(PUT)
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
        .run()
        .await?;
    Ok(())
}
