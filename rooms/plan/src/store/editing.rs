//! The sentences about the plan under revision, its versions, and which line went on in which.

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Db, FromRow, Json, Result, Tx};
use kyodo_kernel::people::AccountId;
use kyodo_kernel::search;

use super::import::without_borrowed;
use super::{all_nodes, indicators, node_now, put_departments, put_version_of_plan};
use crate::editing::{Act, Ground, Kind, Lines, Link, Next};
use crate::findable;
use crate::node::Node;
use crate::plan::Plan;

const DRAFT: &str = "
SELECT d.version, d.from_year, d.note, d.next, d.base, d.content, d.begun_at, a.name AS by_name
FROM plan_draft d
JOIN account a ON a.id = d.begun_by
WHERE d.plan = $1";

const BEGIN: &str = "
INSERT INTO plan_draft (plan, version, from_year, note, next, base, content, begun_by, begun_at)
VALUES ($1, 1, $2, $3, NULL, $4, $4, $5, $6)
ON CONFLICT (plan) DO NOTHING";

const TURN: &str = "
UPDATE plan_draft
SET version = version + 1, content = $3
WHERE plan = $1 AND version = $2";

const TURN_NEXT: &str = "
UPDATE plan_draft
SET version = version + 1, next = $3
WHERE plan = $1 AND version = $2";

const REBASE: &str = "
UPDATE plan_draft
SET base = $2
WHERE plan = $1";

const ACTS: &str = "
SELECT d.number, d.act, d.title, d.at, a.name AS by_name
FROM plan_draft_act d
JOIN account a ON a.id = d.done_by
WHERE d.plan = $1
ORDER BY d.number";

const PUT_ACT: &str = "
INSERT INTO plan_draft_act (plan, number, act, title, done_by, at)
SELECT d.plan, COALESCE((SELECT MAX(l.number) FROM plan_draft_act l WHERE l.plan = d.plan), 0) + 1, $2, $3, $4, $5
FROM plan_draft d
WHERE d.plan = $1
RETURNING number AS n";

const DROP_ACT: &str = "
DELETE FROM plan_draft_act
WHERE plan = $1 AND number = $2";

const DROP_ACTS: &str = "
DELETE FROM plan_draft_act
WHERE plan = $1";

const DROP_DRAFT: &str = "
DELETE FROM plan_draft
WHERE plan = $1 AND version = $2";

const LINKS: &str = "
SELECT f.key AS from_key, t.key AS to_key, l.kind
FROM plan_lineage l
JOIN plan_node f ON f.id = l.from_node
JOIN plan_node t ON t.id = l.to_node
WHERE f.plan = $1
ORDER BY f.position, t.position";

const KIN: &str = "
SELECT CAST(CASE WHEN l.from_node = $1 THEN 1 ELSE 0 END AS BIGINT) AS is_heir, l.kind, n.key, n.code, n.title
FROM plan_lineage l
JOIN plan_node n ON n.id = CASE WHEN l.from_node = $1 THEN l.to_node ELSE l.from_node END
WHERE l.from_node = $1 OR l.to_node = $1
ORDER BY n.position";

const PUT_LINK: &str = "
INSERT INTO plan_lineage (from_node, to_node, kind, version)
SELECT f.id, t.id, $4, $5
FROM plan_node f
JOIN plan_node t ON t.plan = f.plan AND t.key = $3
WHERE f.plan = $1 AND f.key = $2
ON CONFLICT (from_node, to_node) DO NOTHING";

const DROP_LINK: &str = "
DELETE FROM plan_lineage
WHERE from_node = (SELECT f.id FROM plan_node f WHERE f.plan = $1 AND f.key = $2)
  AND to_node = (SELECT t.id FROM plan_node t WHERE t.plan = $1 AND t.key = $3)";

const VERSIONS: &str = "
SELECT number, name, adopted_on, from_year, reason
FROM plan_version
WHERE plan = $1
ORDER BY number DESC";

const VERSION_LINES: &str = "
SELECT content
FROM plan_version
WHERE plan = $1 AND number = $2";

const PUT_VERSION: &str = "
INSERT INTO plan_version (plan, number, name, adopted_on, from_year, reason, content)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (plan, number) DO NOTHING";

/// The sentences about the plan under revision.
pub(super) const SENTENCES: &[&str] = &[
    DRAFT,
    BEGIN,
    TURN,
    TURN_NEXT,
    REBASE,
    ACTS,
    PUT_ACT,
    DROP_ACT,
    DROP_ACTS,
    DROP_DRAFT,
    LINKS,
    KIN,
    PUT_LINK,
    DROP_LINK,
    VERSIONS,
    VERSION_LINES,
    PUT_VERSION,
];

/// The plan under revision.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Rises with every act.
    pub version: i64,
    /// From which fiscal year lines come and go.
    pub from_year: i32,
    /// Why the plan is revised.
    pub note: String,
    /// What the next plan is, where the draft is one.
    pub next: Option<Next>,
    /// What stood when it was begun.
    pub base: Lines,
    /// What the acts make of it.
    pub lines: Lines,
    /// Who began it.
    pub by: String,
    /// When.
    pub begun_at: DateTime<Utc>,
}

impl Draft {
    /// What holds for all of its acts.
    #[must_use]
    pub fn ground(&self, plan: &Plan) -> Ground {
        Ground {
            levels: plan.outline.levels.len(),
            from: self.from_year,
            known: self.base.nodes.iter().map(|node| node.key.clone()).collect(),
        }
    }
}

/// Something that was done in a draft.
#[derive(Clone, Debug)]
pub struct DoneAct {
    /// Its number.
    pub number: i64,
    /// What.
    pub act: Act,
    /// The line that it is about, as it was called then.
    pub title: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A version of a plan.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its number.
    pub number: i64,
    /// As printed; empty for the first.
    pub name: String,
    /// When it was adopted.
    pub adopted_on: Option<NaiveDate>,
    /// From which fiscal year lines come and go.
    pub from_year: Option<i32>,
    /// Why.
    pub reason: String,
}

/// A line that another went on in, or came from.
#[derive(Clone, Debug)]
pub struct Kin {
    /// Whether this line went on in it; else it came from it.
    pub is_heir: bool,
    /// How.
    pub kind: Kind,
    /// Its key.
    pub key: String,
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
}

#[derive(FromRow)]
struct DraftRow {
    version: i64,
    from_year: i64,
    note: String,
    next: Option<Json<Next>>,
    base: Json<Lines>,
    content: Json<Lines>,
    begun_at: DateTime<Utc>,
    by_name: String,
}

#[derive(FromRow)]
struct ActRow {
    number: i64,
    act: Json<Act>,
    title: String,
    at: DateTime<Utc>,
    by_name: String,
}

#[derive(FromRow)]
struct LinkRow {
    from_key: String,
    to_key: String,
    kind: String,
}

#[derive(FromRow)]
struct KinRow {
    is_heir: i64,
    kind: String,
    key: String,
    code: String,
    title: String,
}

#[derive(FromRow)]
struct VersionRow {
    number: i64,
    name: String,
    adopted_on: Option<NaiveDate>,
    from_year: Option<i64>,
    reason: String,
}

// --- drafts -------------------------------------------------------------------------------------------------

/// The lines of a plan as they stand, with what became of those it left behind. Four sentences.
pub async fn lines(db: &Db, plan: i64) -> Result<Lines> {
    let nodes = all_nodes(db, plan).await?.into_iter().map(without_borrowed).collect();
    Ok(Lines { nodes, links: links(db, plan).await? })
}

/// Which lines went on in which.
pub async fn links(db: &Db, plan: i64) -> Result<Vec<Link>> {
    let link = |row: LinkRow| Some(Link { from: row.from_key, to: row.to_key, kind: Kind::named(&row.kind)? });
    Ok(db.ask(LINKS).with(plan).all::<LinkRow>().await?.into_iter().filter_map(link).collect())
}

/// The draft of a plan.
pub async fn draft(db: &Db, plan: i64) -> Result<Option<Draft>> {
    let row = db.ask(DRAFT).with(plan).maybe::<DraftRow>().await?;
    Ok(row.map(|row| Draft {
        version: row.version,
        from_year: i32::try_from(row.from_year).unwrap_or_default(),
        note: row.note,
        next: row.next.map(|next| next.0),
        base: row.base.0,
        lines: row.content.0,
        by: row.by_name,
        begun_at: row.begun_at,
    }))
}

/// Begins a draft from what stands. False when there is one.
pub async fn begin_draft(
    tx: &mut Tx,
    plan: i64,
    (from_year, note): (i32, &str),
    base: &Lines,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let begun = tx
        .ask(BEGIN)
        .with(plan)
        .with(i64::from(from_year))
        .with(note.to_owned())
        .with(Json(base.clone()))
        .with(by.0)
        .with(now)
        .run()
        .await?;
    Ok(begun == 1)
}

/// Everything that was done in the draft of a plan, in order.
pub async fn draft_acts(db: &Db, plan: i64) -> Result<Vec<DoneAct>> {
    let rows = db.ask(ACTS).with(plan).all::<ActRow>().await?;
    let done =
        |row: ActRow| DoneAct { number: row.number, act: row.act.0, title: row.title, by: row.by_name, at: row.at };
    Ok(rows.into_iter().map(done).collect())
}

/// Puts other lines into a draft. False when somebody else did since `version`.
pub async fn turn_draft(tx: &mut Tx, plan: i64, version: i64, lines: &Lines) -> Result<bool> {
    Ok(tx.ask(TURN).with(plan).with(version).with(Json(lines.clone())).run().await? == 1)
}

/// Says whether a draft is the next plan. False when somebody else did something since `version`.
pub async fn turn_next(tx: &mut Tx, plan: i64, version: i64, next: Option<&Next>) -> Result<bool> {
    Ok(tx.ask(TURN_NEXT).with(plan).with(version).with(next.cloned().map(Json)).run().await? == 1)
}

/// Lets a draft begin from other lines.
pub async fn rebase_draft(tx: &mut Tx, plan: i64, base: &Lines) -> Result<()> {
    tx.ask(REBASE).with(plan).with(Json(base.clone())).run().await?;
    Ok(())
}

/// Writes down what was done in a draft, about a line called so; its number.
pub async fn put_draft_act(
    tx: &mut Tx,
    plan: i64,
    act: &Act,
    title: &str,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<i64> {
    let put = tx.ask(PUT_ACT).with(plan).with(Json(act.clone())).with(title.to_owned()).with(by.0).with(now);
    Ok(put.one::<(i64,)>().await?.0)
}

/// Something was taken back.
pub async fn drop_draft_act(tx: &mut Tx, plan: i64, number: i64) -> Result<()> {
    tx.ask(DROP_ACT).with(plan).with(number).run().await?;
    Ok(())
}

/// Throws a draft away, or ends it. False when it changed since `version`.
pub async fn drop_draft(tx: &mut Tx, plan: i64, version: i64) -> Result<bool> {
    tx.ask(DROP_ACTS).with(plan).run().await?;
    Ok(tx.ask(DROP_DRAFT).with(plan).with(version).run().await? == 1)
}

// --- versions -----------------------------------------------------------------------------------------------

/// The versions of a plan, the latest first; none as long as there is only the first.
pub async fn versions(db: &Db, plan: i64) -> Result<Vec<Version>> {
    let rows = db.ask(VERSIONS).with(plan).all::<VersionRow>().await?;
    let version = |row: VersionRow| Version {
        number: row.number,
        name: row.name,
        adopted_on: row.adopted_on,
        from_year: row.from_year.and_then(|year| i32::try_from(year).ok()),
        reason: row.reason,
    };
    Ok(rows.into_iter().map(version).collect())
}

/// The lines of a version.
pub async fn version_lines(db: &Db, plan: i64, number: i64) -> Result<Option<Lines>> {
    let row = db.ask(VERSION_LINES).with(plan).with(number).maybe::<(Json<Lines>,)>().await?;
    Ok(row.map(|(lines,)| lines.0))
}

/// Which lines went on in which, around one line.
pub async fn kin(db: &Db, node: i64) -> Result<Vec<Kin>> {
    let kin = |row: KinRow| {
        let kind = Kind::named(&row.kind)?;
        Some(Kin { is_heir: row.is_heir == 1, kind, key: row.key, code: row.code, title: row.title })
    };
    Ok(db.ask(KIN).with(node).all::<KinRow>().await?.into_iter().filter_map(kin).collect())
}

/// Puts lines in the place of the plan as its next version. Who was put in charge at the desk stays so where the draft
/// leaves it; what departments wrote beside the plan stays as well.
pub async fn adopt(
    tx: &mut Tx,
    db: &Db,
    (id, plan): (i64, &Plan),
    (before, after): (&Lines, &Lines),
    version: &Version,
    now: DateTime<Utc>,
) -> Result<()> {
    let nodes = (1_i64..).zip(&after.nodes).map(|(position, node)| {
        let was = before.get(&node.key);
        let stays = was.is_some_and(|was| was.assigned && was.departments == node.departments);
        let departments = if stays { Vec::new() } else { node.departments.clone() };
        Node { position, departments, ..node.clone() }
    });
    let next = Plan { version: version.number, nodes: nodes.collect(), ..plan.clone() };
    let indicators = indicators(db, id).await?;
    put_version_of_plan(tx, &next, &indicators, now).await?;
    for node in after.nodes.iter().filter(|node| !node.is_alias() && is_other(before, node)) {
        if let Some(stored) = node_now(tx, id, &node.key).await? {
            put_departments(tx, stored.id, &node.departments).await?;
        }
    }
    for link in before.links.iter().filter(|link| !after.links.contains(link)) {
        tx.ask(DROP_LINK).with(id).with(link.from.clone()).with(link.to.clone()).run().await?;
    }
    for link in &after.links {
        tx.ask(PUT_LINK)
            .with(id)
            .with(link.from.clone())
            .with(link.to.clone())
            .with(link.kind.name())
            .with(version.number)
            .run()
            .await?;
    }
    let first = Version {
        number: version.number - 1,
        name: String::new(),
        adopted_on: None,
        from_year: None,
        reason: String::new(),
    };
    put_version(tx, id, &first, before).await?;
    put_version(tx, id, version, after).await?;
    search::replace(tx, "plan", &findable::documents(&next, &indicators)).await
}

/// Whether others are in charge of a line than before.
fn is_other(before: &Lines, node: &Node) -> bool {
    before.get(&node.key).is_some_and(|was| was.departments != node.departments)
}

async fn put_version(tx: &mut Tx, plan: i64, version: &Version, lines: &Lines) -> Result<()> {
    tx.ask(PUT_VERSION)
        .with(plan)
        .with(version.number)
        .with(version.name.clone())
        .with(version.adopted_on)
        .with(version.from_year.map(i64::from))
        .with(version.reason.clone())
        .with(Json(lines.bare()))
        .run()
        .await?;
    Ok(())
}
