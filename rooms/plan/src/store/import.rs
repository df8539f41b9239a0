//! The sentences about plans that come in from spreadsheets, and the plan as one document.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kyodo_db::{Db, FromRow, Json, Result, Tx};
use kyodo_kernel::people::AccountId;
use kyodo_kernel::profile::Department;
use kyodo_kernel::{FiscalYear, city, search};

use super::observations::What;
use super::{all_nodes, entries, indicators, plan, progress, put_observation, put_plan, put_progress};
use crate::findable;
use crate::import::{Document, Known, Mapping, Read, Report};
use crate::node::{Details, Node};
use crate::progress::Progress;
use crate::schedule::Schedule;

/// So long a file lies around that nobody goes on with.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Lines on which something hangs that a document does not bring back.
const HELD: &str = "
SELECT n.key
FROM plan_node n
WHERE n.plan = $1
  AND (EXISTS (SELECT 1 FROM plan_progress p WHERE p.node = n.id)
    OR EXISTS (SELECT 1 FROM plan_evaluation e WHERE e.node = n.id)
    OR EXISTS (SELECT 1 FROM plan_report r WHERE r.node = n.id)
    OR EXISTS (SELECT 1 FROM plan_proposal q WHERE q.node = n.id)
    OR EXISTS (SELECT 1 FROM plan_partner_item i WHERE i.node = n.id)
    OR EXISTS (SELECT 1 FROM plan_voice v WHERE v.node = n.id)
    OR EXISTS (SELECT 1 FROM plan_review_item i WHERE i.node = n.id)
    OR EXISTS (SELECT 1 FROM plan_lineage l WHERE l.from_node = n.id OR l.to_node = n.id)
    OR EXISTS (SELECT 1 FROM plan_earlier_line e WHERE e.plan = n.plan AND e.node = n.key)
    OR EXISTS (SELECT 1 FROM plan_text t WHERE t.node = n.id))";

const BROUGHT: &str = "
SELECT name, content, mapping
FROM plan_import
WHERE account = $1";

const BRING: &str = "
INSERT INTO plan_import (account, name, content, mapping, brought_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account) DO UPDATE SET
    name = excluded.name,
    content = excluded.content,
    mapping = excluded.mapping,
    brought_at = excluded.brought_at";

const MAP: &str = "
UPDATE plan_import
SET mapping = $2
WHERE account = $1";

const DROP: &str = "
DELETE FROM plan_import
WHERE account = $1";

const SWEEP: &str = "
DELETE FROM plan_import
WHERE brought_at < $1";

const REMEMBERED: &str = "
SELECT mapping
FROM plan_mapping
WHERE fingerprint = $1";

const REMEMBER: &str = "
INSERT INTO plan_mapping (fingerprint, mapping, used_at)
VALUES ($1, $2, $3)
ON CONFLICT (fingerprint) DO UPDATE SET
    mapping = excluded.mapping,
    used_at = excluded.used_at";

/// The sentences about plans that come in.
pub(super) const SENTENCES: &[&str] = &[HELD, BROUGHT, BRING, MAP, DROP, SWEEP, REMEMBERED, REMEMBER];

/// A spreadsheet that somebody is about to bring in.
#[derive(Clone, Debug)]
pub struct Brought {
    /// The name of the file.
    pub name: String,
    /// Its content.
    pub content: Vec<u8>,
    /// Which column says what, as far as somebody said.
    pub mapping: Mapping,
}

#[derive(FromRow)]
struct BroughtRow {
    name: String,
    content: String,
    mapping: Json<Mapping>,
}

// --- the plan as one document -------------------------------------------------------------------------------

/// What the city knows, to compare a file with; `departments` are all of the city, those that came at the desk as well.
pub async fn known(db: &Db, departments: &[Department]) -> Result<Option<Known>> {
    let Some((id, mut plan)) = plan(db).await? else { return Ok(None) };
    let (retired, standing): (Vec<Node>, Vec<Node>) =
        all_nodes(db, id).await?.into_iter().partition(|node| node.retired_from.is_some());
    plan.nodes = standing.into_iter().map(without_borrowed).collect();
    let retired = retired.into_iter().map(|node| node.key).collect();
    let indicators = indicators(db, id).await?;
    let entered = entries(db, id).await?;
    let mut figures = BTreeMap::new();
    for indicator in &indicators {
        let standing = entered.standing(What::Figure, Some(indicator.id));
        let told = standing.into_iter().filter_map(|one| Some((i32::from(one.year), one.value?)));
        figures.extend(told.map(|(year, value)| ((indicator.key.clone(), year), value)));
    }
    let keys: HashMap<i64, &str> =
        plan.nodes.iter().filter(|node| !node.is_alias()).map(|node| (node.id, node.key.as_str())).collect();
    let mut reports = BTreeMap::new();
    for one in progress(db, id).await? {
        let Some(key) = keys.get(&one.node) else { continue };
        let report = Report { mark: one.mark, grade: one.grade, text: one.text, next_step: one.next_step };
        reports.insert(((*key).to_owned(), i32::from(one.year)), report);
    }
    let held = db.ask(HELD).with(id).all::<(String,)>().await?;
    let held: BTreeSet<String> = held.into_iter().map(|(key,)| key).collect();
    let document = Document { plan, indicators, figures, reports };
    Ok(Some(Known { document, departments: departments.to_vec(), held, retired }))
}

/// A 再掲 without what it borrows from its node.
pub(super) fn without_borrowed(node: Node) -> Node {
    if !node.is_alias() {
        return node;
    }
    Node {
        title: String::new(),
        details: Details::default(),
        departments: Vec::new(),
        schedule: Schedule::default(),
        ..node
    }
}

/// Puts what a file says in the place of the plan: lines and indicators as they would be, and the figures and reports that
/// nobody has published yet. What is published is put right at the desk, where it shows.
pub async fn put_document(
    tx: &mut Tx,
    before: &Document,
    read: &Read,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<()> {
    for department in &read.departments {
        city::put_department(tx, department).await?;
    }
    let document = &read.document;
    let mut plan = document.plan.clone();
    for node in plan.nodes.iter_mut().filter(|node| node.assigned) {
        // Nobody is named: who was put in charge at the desk stays.
        node.departments = Vec::new();
    }
    put_plan(tx, &plan, &document.indicators, now).await?;
    for ((key, year), value) in &document.figures {
        if !before.figures.contains_key(&(key.clone(), *year)) {
            put_observation(tx, key, FiscalYear::new(*year), *value, today, false).await?;
        }
    }
    for ((key, year), report) in &document.reports {
        if !before.reports.contains_key(&(key.clone(), *year)) {
            let report = Progress {
                node: 0,
                year: FiscalYear::new(*year),
                mark: report.mark.clone(),
                grade: report.grade.clone(),
                text: report.text.clone(),
                next_step: report.next_step.clone(),
                published_on: today,
            };
            put_progress(tx, key, &report, false).await?;
        }
    }
    search::replace(tx, "plan", &findable::documents(&plan, &document.indicators)).await
}

// --- files on their way -------------------------------------------------------------------------------------

/// The file that somebody is about to bring in.
pub async fn brought(db: &Db, by: AccountId) -> Result<Option<Brought>> {
    let row = db.ask(BROUGHT).with(by.0).maybe::<BroughtRow>().await?;
    Ok(row.and_then(|row| {
        let content = STANDARD.decode(row.content).ok()?;
        Some(Brought { name: row.name, content, mapping: row.mapping.0 })
    }))
}

/// Keeps a file instead of what its person brought before.
pub async fn bring(tx: &mut Tx, by: AccountId, brought: &Brought, now: DateTime<Utc>) -> Result<()> {
    tx.ask(SWEEP).with(now - KEPT).run().await?;
    tx.ask(BRING)
        .with(by.0)
        .with(brought.name.clone())
        .with(STANDARD.encode(&brought.content))
        .with(Json(brought.mapping.clone()))
        .with(now)
        .run()
        .await?;
    Ok(())
}

/// Keeps which column says what.
pub async fn map(tx: &mut Tx, by: AccountId, mapping: &Mapping) -> Result<()> {
    tx.ask(MAP).with(by.0).with(Json(mapping.clone())).run().await?;
    Ok(())
}

/// The file has come in, or is not wanted any more.
pub async fn drop_brought(tx: &mut Tx, by: AccountId) -> Result<()> {
    tx.ask(DROP).with(by.0).run().await?;
    Ok(())
}

/// The mapping under which a plan with these heads came in last.
pub async fn remembered(db: &Db, fingerprint: &str) -> Result<Option<Mapping>> {
    Ok(db.ask(REMEMBERED).with(fingerprint.to_owned()).maybe::<(Json<Mapping>,)>().await?.map(|(mapping,)| mapping.0))
}

/// Remembers a mapping by its heads.
pub async fn remember(tx: &mut Tx, fingerprint: &str, mapping: &Mapping, now: DateTime<Utc>) -> Result<()> {
    tx.ask(REMEMBER).with(fingerprint.to_owned()).with(Json(mapping.clone())).with(now).run().await?;
    Ok(())
}
