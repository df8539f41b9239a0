//! Sentences about the people of departments.

use std::collections::HashMap;

use chrono::NaiveDate;
use kyodo_db::{Db, Result};

const PEOPLE: &str = "
SELECT d.department, COUNT(DISTINCT d.account)
FROM duty d
JOIN account a ON a.id = d.account
WHERE d.department IS NOT NULL AND a.closed_at IS NULL
  AND d.starts_on <= $1 AND (d.ends_on IS NULL OR d.ends_on >= $1)
GROUP BY d.department";

const DUTIES: &str = "
SELECT COUNT(*), COUNT(CASE WHEN ends_on IS NULL OR ends_on >= $2 THEN 1 END)
FROM duty
WHERE department = $1";

/// Every sentence that stands here.
pub const SENTENCES: [&str; 2] = [PEOPLE, DUTIES];

/// How many people hold a duty in each department on a day.
pub async fn people(db: &Db, day: NaiveDate) -> Result<HashMap<String, i64>> {
    let rows = db.ask(PEOPLE).with(day).all::<(String, i64)>().await?;
    Ok(rows.into_iter().collect())
}

/// How many duties there ever were in a department, and how many go on after today or begin later.
pub async fn duties(db: &Db, department: &str, day: NaiveDate) -> Result<(i64, i64)> {
    db.ask(DUTIES).with(department.to_owned()).with(day).one().await
}
