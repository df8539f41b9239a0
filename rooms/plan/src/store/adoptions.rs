//! The sentences about what was adopted of a year.

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Db, FromRow, Result, Tx};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::people::AccountId;

use super::number;
use crate::adoption::Adoption;

/// Without the documents themselves, which only a download needs.
const ADOPTIONS: &str = "
SELECT number, adopted_on, body, reason, content
FROM plan_yearly
WHERE plan = $1 AND fiscal_year = $2
ORDER BY number";

const DOCUMENT: &str = "
SELECT adopted_on, paper, sheet
FROM plan_yearly
WHERE plan = $1 AND fiscal_year = $2 AND number = $3";

const ADOPT: &str = "
INSERT INTO plan_yearly (plan, fiscal_year, number, adopted_on, body, reason, done_by, at, content, paper, sheet)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (plan, fiscal_year, number) DO NOTHING";

/// The sentences about adoptions.
pub(super) const SENTENCES: &[&str] = &[ADOPTIONS, DOCUMENT, ADOPT];

#[derive(FromRow)]
struct Row {
    number: i64,
    adopted_on: NaiveDate,
    body: String,
    reason: String,
    content: String,
}

/// What was adopted, as it is stored: document and table as JSON.
#[derive(FromRow)]
pub struct Adopted {
    /// The day.
    pub adopted_on: NaiveDate,
    /// The document.
    pub paper: String,
    /// Its table.
    pub sheet: String,
}

/// Every adoption of a year's report, the first first.
pub async fn adoptions(db: &Db, plan: i64, of: FiscalYear) -> Result<Vec<Adoption>> {
    let rows = db.ask(ADOPTIONS).with(plan).with(number(of)).all::<Row>().await?;
    let adoption = |row: Row| Adoption {
        number: row.number,
        on: row.adopted_on,
        body: row.body,
        reason: row.reason,
        content: row.content,
    };
    Ok(rows.into_iter().map(adoption).collect())
}

/// What was adopted as this number.
pub async fn adopted(db: &Db, plan: i64, of: FiscalYear, n: i64) -> Result<Option<Adopted>> {
    db.ask(DOCUMENT).with(plan).with(number(of)).with(n).maybe().await
}

/// Keeps what was adopted. False when somebody else has adopted this number; nothing was done then.
pub async fn adopt(
    tx: &mut Tx,
    plan: i64,
    of: FiscalYear,
    adoption: &Adoption,
    (paper, sheet): (String, String),
    (by, now): (AccountId, DateTime<Utc>),
) -> Result<bool> {
    let put = tx
        .ask(ADOPT)
        .with(plan)
        .with(number(of))
        .with(adoption.number)
        .with(adoption.on)
        .with(adoption.body.clone())
        .with(adoption.reason.clone())
        .with(by.0)
        .with(now)
        .with(adoption.content.clone())
        .with(paper)
        .with(sheet)
        .run()
        .await?;
    Ok(put == 1)
}
