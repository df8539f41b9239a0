//! The sentences about texts: which were public when, and who is writing.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kyodo_db::{Db, FromRow, Json, Result};
use kyodo_kernel::people::AccountId;

use crate::node::{AFTER_SUBJECTS, SUBJECT};
use crate::text::Text;

/// The text that stands, of every node that a department ever changed.
pub(super) const EDITIONS: &str = "
SELECT t.node, t.number, t.content, t.published_at, a.name AS by_name
FROM plan_text t
JOIN plan_node n ON n.id = t.node
LEFT JOIN account a ON a.id = t.published_by
WHERE n.plan = $1 AND t.number = (SELECT MAX(o.number) FROM plan_text o WHERE o.node = t.node)";

const TEXTS_OF: &str = "
SELECT t.node, t.number, t.content, t.published_at, a.name AS by_name
FROM plan_text t
LEFT JOIN account a ON a.id = t.published_by
WHERE t.node = $1
ORDER BY t.number DESC
LIMIT 200";

/// Who is writing about a node: between the first and the last of their subjects. `LIKE` with a parameter would be planned
/// anew each time.
const WRITINGS: &str = "
SELECT d.subject, d.account, a.name, d.saved_at
FROM draft d
JOIN account a ON a.id = d.account
WHERE d.subject >= $1 AND d.subject < $2
ORDER BY d.subject, d.saved_at DESC";

/// The sentences about texts.
pub(super) const SENTENCES: &[&str] = &[EDITIONS, TEXTS_OF, WRITINGS];

/// A text that is or was public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// 1 is the plan's own.
    pub number: i64,
    /// What it said.
    pub text: Text,
    /// When it became public; none for the plan's own.
    pub published_at: Option<DateTime<Utc>>,
    /// Who published it; none when it came with the plan's document.
    pub by: Option<String>,
}

#[derive(FromRow)]
pub(super) struct EditionRow {
    pub(super) node: i64,
    number: i64,
    content: Json<Text>,
    published_at: Option<DateTime<Utc>>,
    by_name: Option<String>,
}

impl From<EditionRow> for Edition {
    fn from(row: EditionRow) -> Self {
        Self { number: row.number, text: row.content.0, published_at: row.published_at, by: row.by_name }
    }
}

/// Somebody who is writing about a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writing {
    /// Whose draft it is.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
}

/// The texts that stand, by node: of those nodes only that a department ever changed.
pub async fn editions(db: &Db, plan: i64) -> Result<HashMap<i64, Edition>> {
    let rows = db.ask(EDITIONS).with(plan).all::<EditionRow>().await?;
    Ok(rows.into_iter().map(|row| (row.node, row.into())).collect())
}

/// Every text that a node had since a department first changed it, the newest first.
pub async fn texts_of(db: &Db, node: i64) -> Result<Vec<Edition>> {
    Ok(db.ask(TEXTS_OF).with(node).all::<EditionRow>().await?.into_iter().map(Into::into).collect())
}

/// Who is writing about which node, by the nodes' keys.
pub async fn writings(db: &Db) -> Result<HashMap<String, Vec<Writing>>> {
    let rows =
        db.ask(WRITINGS).with(SUBJECT).with(AFTER_SUBJECTS).all::<(String, i64, String, DateTime<Utc>)>().await?;
    let mut writings: HashMap<String, Vec<Writing>> = HashMap::new();
    for (subject, account, name, saved_at) in rows {
        let key = subject.strip_prefix(SUBJECT).unwrap_or_default().to_owned();
        writings.entry(key).or_default().push(Writing { account: AccountId(account), name, saved_at });
    }
    Ok(writings)
}
