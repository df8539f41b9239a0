//! Every SQL sentence of the room that writes.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use kyodo_db::{FromRow, Json, Result, Tx};
use kyodo_kernel::people::AccountId;

use super::earlier::earlier_plans_now;
use super::texts::{EDITIONS, Edition, EditionRow};
use super::{DEPARTMENTS_OF, DepartmentRow, INDICATORS, IndicatorRow, NODE, NodeRow, number};
use crate::earlier::Source;
use crate::folding;
use crate::indicator::Indicator;
use crate::node::{Details, Node};
use crate::plan::Plan;
use crate::progress::Progress;
use crate::text::Text;

const PUT_PLAN: &str = "
INSERT INTO plan (id, title, status, version, outline)
VALUES (1, $1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET
    title = excluded.title,
    status = excluded.status,
    version = CASE WHEN excluded.version > plan.version THEN excluded.version ELSE plan.version END,
    outline = excluded.outline";

const PUT_NODE: &str = "
INSERT INTO plan_node (plan, key, parent, level, position, code, alias_of, title, details, since, retired_from, away)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (plan, key) DO UPDATE SET
    parent = excluded.parent,
    level = excluded.level,
    position = excluded.position,
    code = excluded.code,
    alias_of = excluded.alias_of,
    title = excluded.title,
    details = excluded.details,
    since = COALESCE(excluded.since, plan_node.since),
    retired_from = excluded.retired_from,
    away = CASE WHEN excluded.away = '' THEN plan_node.away ELSE excluded.away END
RETURNING id AS n";

const VERSION: &str = "
SELECT version
FROM plan
WHERE id = 1";

const KNOWN_NODES: &str = "
SELECT id, key, details, retired_from
FROM plan_node
WHERE plan = $1";

const PUT_DETAILS: &str = "
UPDATE plan_node
SET details = $2
WHERE id = $1";

const LAST_TEXT: &str = "
SELECT COALESCE(MAX(number), 0) AS n
FROM plan_text
WHERE node = $1";

const PUT_TEXT: &str = "
INSERT INTO plan_text (node, number, content, published_at, published_by)
VALUES ($1, $2, $3, $4, $5)";

const DROP_NODE: &str = "
DELETE FROM plan_node
WHERE id = $1";

const CLEAR_DEPARTMENTS: &str = "
DELETE FROM plan_node_department
WHERE node = $1";

/// What was decided at the desk stays where the pack names nobody, as long as the city has the department.
const CLEAR_PRINTED_DEPARTMENTS: &str = "
DELETE FROM plan_node_department
WHERE node = $1 AND (NOT own OR department NOT IN (SELECT key FROM department))";

const PUT_DEPARTMENT: &str = "
INSERT INTO plan_node_department (node, position, department, own)
VALUES ($1, $2, $3, $4)";

const CLEAR_MARKS: &str = "
DELETE FROM plan_mark
WHERE node = $1";

const PUT_MARK: &str = "
INSERT INTO plan_mark (node, fiscal_year, mark)
VALUES ($1, $2, $3)";

const PUT_INDICATOR: &str = "
INSERT INTO indicator (plan, key, node, position, name, definition)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (plan, key) DO UPDATE SET
    node = excluded.node,
    position = excluded.position,
    name = excluded.name,
    definition = excluded.definition
RETURNING id AS n";

const CLEAR_KINDS: &str = "
DELETE FROM indicator_kind
WHERE indicator = $1";

const PUT_KIND: &str = "
INSERT INTO indicator_kind (indicator, kind)
VALUES ($1, $2)
ON CONFLICT (indicator, kind) DO NOTHING";

const DROP_INDICATOR: &str = "
DELETE FROM indicator
WHERE id = $1";

const PUT_PROGRESS: &str = "
INSERT INTO plan_progress (node, fiscal_year, mark, grade, text, next_step, published_on, example)
SELECT id, $2, $3, $4, $5, $6, $7, $8
FROM plan_node
WHERE plan = 1 AND key = $1";

/// The sentences that write.
pub(super) const SENTENCES: &[&str] = &[
    PUT_PLAN,
    PUT_NODE,
    VERSION,
    KNOWN_NODES,
    PUT_DETAILS,
    LAST_TEXT,
    PUT_TEXT,
    DROP_NODE,
    CLEAR_DEPARTMENTS,
    CLEAR_PRINTED_DEPARTMENTS,
    PUT_DEPARTMENT,
    CLEAR_MARKS,
    PUT_MARK,
    PUT_INDICATOR,
    CLEAR_KINDS,
    PUT_KIND,
    DROP_INDICATOR,
    PUT_PROGRESS,
];

#[derive(FromRow)]
struct Number {
    n: i64,
}

#[derive(FromRow)]
struct KnownRow {
    id: i64,
    key: String,
    details: Json<Details>,
    retired_from: Option<i64>,
}

/// Stores a plan with its nodes and indicators. What has the same key stays the same thing. The plan's texts take the
/// place of those from the desk, which stay in the list of texts; contacts and readings from the desk stay, and so does
/// who was put in charge there, where the plan names nobody.
pub async fn put_plan(tx: &mut Tx, plan: &Plan, indicators: &[Indicator], now: DateTime<Utc>) -> Result<()> {
    put(tx, plan, indicators, now, false).await
}

/// Stores what a pack says of a plan. Once the plan was revised at the desk its lines are the desk's, and a pack says only
/// what holds for the whole; then false.
pub async fn put_plan_of_pack(tx: &mut Tx, plan: &Plan, indicators: &[Indicator], now: DateTime<Utc>) -> Result<bool> {
    let version = tx.ask(VERSION).maybe::<(i64,)>().await?.map_or(0, |(version,)| version);
    if version <= plan.version {
        put_plan(tx, plan, indicators, now).await?;
        return Ok(true);
    }
    // A pack that still tells of a plan that ended here has nothing to say of the one that stands.
    let ended = earlier_plans_now(tx, 1).await?;
    if !ended.iter().any(|ended| ended.source == Source::Adopted && ended.title == plan.title) {
        put_outline(tx, plan).await?;
    }
    put_indicators(tx, indicators, now).await?;
    Ok(false)
}

async fn put_outline(tx: &mut Tx, plan: &Plan) -> Result<()> {
    tx.ask(PUT_PLAN)
        .with(plan.title.clone())
        .with(plan.status.clone())
        .with(plan.version)
        .with(Json(plan.outline.clone()))
        .run()
        .await?;
    Ok(())
}

/// Stores a plan that was revised, which says of every line whether it is still there.
pub(super) async fn put_version_of_plan(
    tx: &mut Tx,
    plan: &Plan,
    indicators: &[Indicator],
    now: DateTime<Utc>,
) -> Result<()> {
    put(tx, plan, indicators, now, true).await
}

async fn put(tx: &mut Tx, plan: &Plan, indicators: &[Indicator], now: DateTime<Utc>, is_version: bool) -> Result<()> {
    put_outline(tx, plan).await?;
    let known = tx.ask(KNOWN_NODES).with(1_i64).all::<KnownRow>().await?;
    let editions = tx.ask(EDITIONS).with(1_i64).all::<EditionRow>().await?;
    let editions: HashMap<i64, Edition> = editions.into_iter().map(|row| (row.node, row.into())).collect();
    let named: HashSet<&str> = plan.nodes.iter().map(|node| node.key.as_str()).collect();
    // What the plan left behind stays as it was: no document brings it back, and none takes its years away.
    let retired = |key: &str| !is_version && known.iter().any(|row| row.retired_from.is_some() && row.key == key);
    for gone in known.iter().filter(|row| row.retired_from.is_none() && !named.contains(row.key.as_str())) {
        tx.ask(CLEAR_DEPARTMENTS).with(gone.id).run().await?;
        tx.ask(CLEAR_MARKS).with(gone.id).run().await?;
        // A node with reports or texts cannot go: the foreign key says so and nothing of the update is applied.
        tx.ask(DROP_NODE).with(gone.id).run().await?;
    }
    for node in plan.nodes.iter().filter(|node| !retired(&node.key)) {
        let mut node = node.clone();
        if let Some(before) = known.iter().find(|row| row.key == node.key && !node.is_alias()) {
            node.details.contact = before.details.contact.clone();
            node.details.readings = before.details.readings.clone();
        }
        let id = put_node(tx, &node).await?;
        let text = Text::of(&node);
        if let Some(edition) = editions.get(&id).filter(|edition| !node.is_alias() && edition.text != text) {
            put_edition(tx, id, edition.number + 1, &text, Some(now), None).await?;
        }
    }
    put_indicators(tx, indicators, now).await
}

async fn put_indicators(tx: &mut Tx, indicators: &[Indicator], now: DateTime<Utc>) -> Result<()> {
    let stored: Vec<Indicator> =
        tx.ask(INDICATORS).with(1_i64).all::<IndicatorRow>().await?.into_iter().map(Into::into).collect();
    for gone in stored.iter().filter(|old| !indicators.iter().any(|new| new.key == old.key)) {
        tx.ask(CLEAR_KINDS).with(gone.id).run().await?;
        tx.ask(DROP_INDICATOR).with(gone.id).run().await?;
    }
    for (position, indicator) in (1_i64..).zip(indicators) {
        put_indicator(tx, position, indicator).await?;
    }
    folding::follow(tx, indicators, now).await
}

/// A line as it stands in this transaction, without its departments and marks.
pub async fn node_now(tx: &mut Tx, plan: i64, key: &str) -> Result<Option<Node>> {
    Ok(tx.ask(NODE).with(plan).with(key.to_owned()).maybe::<NodeRow>().await?.map(Node::from))
}

/// The departments in charge of a line as they stand in this transaction, the leading one first.
pub async fn departments_now(tx: &mut Tx, node: i64) -> Result<Vec<String>> {
    let rows = tx.ask(DEPARTMENTS_OF).with(node).all::<DepartmentRow>().await?;
    Ok(rows.into_iter().map(|row| row.department).collect())
}

/// Puts departments in charge of a line at the desk, the leading one first.
pub async fn put_departments(tx: &mut Tx, node: i64, departments: &[String]) -> Result<()> {
    tx.ask(CLEAR_DEPARTMENTS).with(node).run().await?;
    write_departments(tx, node, departments, true).await
}

/// Puts a text in the place of what a node says. What it said before stays in the list of texts. The text's number.
pub async fn put_text(tx: &mut Tx, node: &mut Node, text: &Text, by: AccountId, now: DateTime<Utc>) -> Result<i64> {
    let mut last = tx.ask(LAST_TEXT).with(node.id).one::<Number>().await?.n;
    if last == 0 {
        last = 1;
        put_edition(tx, node.id, last, &Text::of(node), None, None).await?;
    }
    put_edition(tx, node.id, last + 1, text, Some(now), Some(by)).await?;
    text.put_into(node);
    tx.ask(PUT_DETAILS).with(node.id).with(Json(node.details.clone())).run().await?;
    Ok(last + 1)
}

async fn put_edition(
    tx: &mut Tx,
    node: i64,
    number: i64,
    text: &Text,
    at: Option<DateTime<Utc>>,
    by: Option<AccountId>,
) -> Result<()> {
    tx.ask(PUT_TEXT).with(node).with(number).with(Json(text.clone())).with(at).with(by.map(|by| by.0)).run().await?;
    Ok(())
}

/// Years as the table keeps them, so that a sentence finds each.
fn between_spaces(years: &[i32]) -> String {
    let all = years.iter().map(i32::to_string).collect::<Vec<_>>().join(" ");
    if all.is_empty() { all } else { format!(" {all} ") }
}

async fn put_node(tx: &mut Tx, node: &Node) -> Result<i64> {
    let id = tx
        .ask(PUT_NODE)
        .with(1_i64)
        .with(node.key.clone())
        .with(node.parent.clone())
        .with(i64::try_from(node.level).unwrap_or(1))
        .with(node.position)
        .with(node.code.clone())
        .with(node.alias_of.clone())
        .with(node.title.clone())
        .with(Json(node.details.clone()))
        .with(node.since.map(i64::from))
        .with(node.retired_from.map(i64::from))
        .with(between_spaces(&node.away))
        .one::<Number>()
        .await?
        .n;
    let keeps_desk = node.departments.is_empty() && !node.is_alias();
    let clear = if keeps_desk { CLEAR_PRINTED_DEPARTMENTS } else { CLEAR_DEPARTMENTS };
    tx.ask(clear).with(id).run().await?;
    tx.ask(CLEAR_MARKS).with(id).run().await?;
    if node.is_alias() {
        return Ok(id);
    }
    write_departments(tx, id, &node.departments, false).await?;
    for (year, mark) in node.schedule.printed() {
        tx.ask(PUT_MARK).with(id).with(number(year)).with(mark.to_owned()).run().await?;
    }
    Ok(id)
}

async fn write_departments(tx: &mut Tx, node: i64, departments: &[String], own: bool) -> Result<()> {
    for (position, department) in (1_i64..).zip(departments) {
        tx.ask(PUT_DEPARTMENT).with(node).with(position).with(department.clone()).with(own).run().await?;
    }
    Ok(())
}

async fn put_indicator(tx: &mut Tx, position: i64, indicator: &Indicator) -> Result<()> {
    let id = tx
        .ask(PUT_INDICATOR)
        .with(1_i64)
        .with(indicator.key.clone())
        .with(indicator.node.clone())
        .with(position)
        .with(indicator.name.clone())
        .with(Json(indicator.definition.clone()))
        .one::<Number>()
        .await?
        .n;
    tx.ask(CLEAR_KINDS).with(id).run().await?;
    if let Some(rule) = &indicator.definition.counted {
        for kind in std::iter::once(&rule.kind).chain(&rule.less) {
            tx.ask(PUT_KIND).with(id).with(kind.clone()).run().await?;
        }
    }
    Ok(())
}

/// Stores a report. False when the plan has no such node.
pub async fn put_progress(tx: &mut Tx, key: &str, report: &Progress, example: bool) -> Result<bool> {
    let stored = tx
        .ask(PUT_PROGRESS)
        .with(key.to_owned())
        .with(number(report.year))
        .with(report.mark.clone())
        .with(report.grade.clone())
        .with(report.text.clone())
        .with(report.next_step.clone())
        .with(report.published_on)
        .with(example)
        .run()
        .await?;
    Ok(stored == 1)
}
