//! Every SQL sentence of the room that reads; one function per question. Those that write stand in `store/put.rs`.

use std::collections::HashMap;

use chrono::NaiveDate;
use kyodo_db::{Db, FromRow, Json, Result, Row};
use kyodo_kernel::FiscalYear;

use crate::indicator::{Definition, Indicator};
use crate::node::{Details, Node};
use crate::plan::{Outline, Plan};
use crate::progress::Progress;
use crate::schedule::Schedule;

mod adoptions;
mod earlier;
pub mod editing;
mod evaluations;
pub mod figures;
pub mod import;
pub mod observations;
mod partners;
mod put;
mod reviews;
pub mod revisions;
mod rounds;
mod texts;
mod voices;
pub mod workbooks;

pub use adoptions::{Adopted, adopt, adopted, adoptions};
pub use earlier::{drop_earlier, earlier_plans, earlier_plans_now, put_earlier, put_earlier_of_pack};
pub use evaluations::{
    Answering, Corrections, Opinion, OpinionBefore, ask_answer, change_opinion, correct_opinion, corrections_in,
    corrections_of, drop_opinion, evaluations_in, evaluations_of, hold_answer, meeting, meeting_now, opinion,
    opinion_now, opinions, opinions_now, publish_answer, publish_opinions, put_evaluation, turn_answer,
    withdraw_opinion,
};
pub use observations::{entries, put_observation, put_population};
pub use partners::{
    NewPartner, answer, asked_in, asked_in_now, asked_now, asked_of, asked_titles, forget_partner, hold_partner,
    move_partner, opinion_published, opinions_waiting, partner, partner_by_link, partner_by_link_now, partner_now,
    partner_reminded, partners, partners_missing_on, partners_now, partners_to_forget, put_partner, revoke_partner,
    set_opinion_aside, take_opinion_up,
};
use put::put_version_of_plan;
pub use put::{departments_now, node_now, put_departments, put_plan, put_plan_of_pack, put_progress, put_text};
pub use reviews::{
    MemberRemark, OwnRemark, ReviewPlan, change_review, hold_review, open_review, publish_review, put_remark,
    remark_of, remarks, remarks_by, review, review_counts, review_items, review_items_now, review_now, reviews,
};
pub use rounds::{
    Before, Doing, Done, Report, RoundPlan, Sent, acts, add_report, before, change_round, freeze, open_round, publish,
    remind, reminded, report_now, report_of, reports, reports_now, round, round_now, rounds, sent, stages, turn,
};
pub use texts::{Edition, Writing, editions, texts_of, writings};
pub use voices::{
    Decision, NewVoice, Received, Wanted, alike, call, call_now, calls, decide, forget_voice, hide_voice, merge, part,
    put_call, put_voice, received, set_evaluation, voice, voice_counts, voice_now, voices, voices_about, voices_ready,
    voices_to_forget, voices_waiting,
};

const PLAN: &str = "
SELECT id, title, status, version, outline
FROM plan
ORDER BY id
LIMIT 1";

/// A line with the record of its real node, which is its own unless it is a 再掲.
const NODES: &str = "
SELECT r.id, n.key, n.parent, n.level, n.position, n.code, n.alias_of, r.title, r.details, n.since, n.retired_from,
       n.away
FROM plan_node n
JOIN plan_node r ON r.plan = n.plan AND r.key = COALESCE(n.alias_of, n.key)
WHERE n.plan = $1
ORDER BY n.position";

const STANDING_NODES: &str = "
SELECT r.id, n.key, n.parent, n.level, n.position, n.code, n.alias_of, r.title, r.details, n.since, n.retired_from,
       n.away
FROM plan_node n
JOIN plan_node r ON r.plan = n.plan AND r.key = COALESCE(n.alias_of, n.key)
WHERE n.plan = $1 AND n.retired_from IS NULL
ORDER BY n.position";

const NODES_AFTER: &str = "
SELECT r.id, n.key, n.parent, n.level, n.position, n.code, n.alias_of, r.title, r.details, n.since, n.retired_from,
       n.away
FROM plan_node n
JOIN plan_node r ON r.plan = n.plan AND r.key = COALESCE(n.alias_of, n.key)
WHERE n.plan = $1 AND n.position > $2
  AND (n.retired_from IS NULL OR n.retired_from > $4) AND (n.since IS NULL OR n.since <= $4)
  AND n.away NOT LIKE '% ' || CAST($4 AS TEXT) || ' %'
ORDER BY n.position
LIMIT $3";

const NODE: &str = "
SELECT r.id, n.key, n.parent, n.level, n.position, n.code, n.alias_of, r.title, r.details, n.since, n.retired_from,
       n.away
FROM plan_node n
JOIN plan_node r ON r.plan = n.plan AND r.key = COALESCE(n.alias_of, n.key)
WHERE n.plan = $1 AND n.key = $2";

/// The lines above a line. Not in order, because asked for in order SQLite walks the whole plan along the index of the
/// order; `lines` sorts the few there are.
const ABOVE: &str = "
WITH RECURSIVE up (key, parent, height) AS (
    SELECT f.key, f.parent, 0
    FROM plan_node f
    WHERE f.plan = $1 AND f.key = $2
    UNION ALL
    SELECT u.key, u.parent, up.height + 1
    FROM up
    JOIN plan_node u ON u.plan = $1 AND u.key = up.parent
    WHERE up.height < 20
)
SELECT r.id, n.key, n.parent, n.level, n.position, n.code, n.alias_of, r.title, r.details, n.since, n.retired_from,
       n.away
FROM up
JOIN plan_node n ON n.plan = $1 AND n.key = up.key
JOIN plan_node r ON r.plan = n.plan AND r.key = COALESCE(n.alias_of, n.key)
WHERE up.height > 0";

const BELOW: &str = "
SELECT r.id, n.key, n.parent, n.level, n.position, n.code, n.alias_of, r.title, r.details, n.since, n.retired_from,
       n.away
FROM plan_node n
JOIN plan_node r ON r.plan = n.plan AND r.key = COALESCE(n.alias_of, n.key)
WHERE n.plan = $1 AND n.parent = $2
ORDER BY n.position
LIMIT 500";

/// Where else a node is printed.
const AGAIN: &str = "
SELECT r.id, n.key, n.parent, n.level, n.position, n.code, n.alias_of, r.title, r.details, n.since, n.retired_from,
       n.away
FROM plan_node n
JOIN plan_node r ON r.plan = n.plan AND r.key = COALESCE(n.alias_of, n.key)
WHERE n.plan = $1 AND n.alias_of = $2";

const DEPARTMENTS: &str = "
SELECT d.node, d.department, d.own
FROM plan_node_department d
JOIN plan_node n ON n.id = d.node
WHERE n.plan = $1
ORDER BY d.node, d.position";

const DEPARTMENTS_BETWEEN: &str = "
SELECT d.node, d.department, d.own
FROM plan_node n
JOIN plan_node r ON r.plan = n.plan AND r.key = COALESCE(n.alias_of, n.key)
JOIN plan_node_department d ON d.node = r.id
WHERE n.plan = $1 AND n.position BETWEEN $2 AND $3
ORDER BY d.node, d.position";

const DEPARTMENTS_OF: &str = "
SELECT node, department, own
FROM plan_node_department
WHERE node = $1
ORDER BY position";

const MEASURES_OF: &str = "
SELECT COUNT(DISTINCT node)
FROM plan_node_department
WHERE department = $1";

const MARKS: &str = "
SELECT m.node, m.fiscal_year, m.mark
FROM plan_mark m
JOIN plan_node n ON n.id = m.node
WHERE n.plan = $1";

const MARKS_BETWEEN: &str = "
SELECT m.node, m.fiscal_year, m.mark
FROM plan_node n
JOIN plan_node r ON r.plan = n.plan AND r.key = COALESCE(n.alias_of, n.key)
JOIN plan_mark m ON m.node = r.id
WHERE n.plan = $1 AND n.position BETWEEN $2 AND $3";

const MARKS_OF: &str = "
SELECT node, fiscal_year, mark
FROM plan_mark
WHERE node = $1";

const PROGRESS: &str = "
SELECT p.node, p.fiscal_year, p.mark, p.grade, p.text, p.next_step, p.published_on
FROM plan_progress p
JOIN plan_node n ON n.id = p.node
WHERE n.plan = $1
ORDER BY p.fiscal_year, p.node";

const LAST_REPORTED: &str = "
SELECT MAX(p.fiscal_year)
FROM plan_progress p
JOIN plan_node n ON n.id = p.node
WHERE n.plan = $1";

const PROGRESS_OF: &str = "
SELECT node, fiscal_year, mark, grade, text, next_step, published_on
FROM plan_progress
WHERE node = $1
ORDER BY fiscal_year";

const INDICATORS: &str = "
SELECT id, key, name, node, definition
FROM indicator
WHERE plan = $1
ORDER BY position";

const INDICATORS_AFTER: &str = "
SELECT id, key, name, node, definition
FROM indicator
WHERE plan = $1 AND position > $2
ORDER BY position
LIMIT $3";

const INDICATOR: &str = "
SELECT id, key, name, node, definition
FROM indicator
WHERE plan = $1 AND key = $2";

/// Every sentence of the room.
#[must_use]
pub fn sentences() -> Vec<&'static str> {
    let reading = [
        PLAN,
        NODES,
        STANDING_NODES,
        NODES_AFTER,
        NODE,
        ABOVE,
        BELOW,
        AGAIN,
        DEPARTMENTS,
        DEPARTMENTS_BETWEEN,
        DEPARTMENTS_OF,
        MEASURES_OF,
        MARKS,
        MARKS_BETWEEN,
        MARKS_OF,
        PROGRESS,
        LAST_REPORTED,
        PROGRESS_OF,
        INDICATORS,
        INDICATORS_AFTER,
        INDICATOR,
    ];
    let others = [
        editing::SENTENCES,
        adoptions::SENTENCES,
        earlier::SENTENCES,
        evaluations::SENTENCES,
        texts::SENTENCES,
        figures::SENTENCES,
        import::SENTENCES,
        observations::SENTENCES,
        partners::SENTENCES,
        put::SENTENCES,
        reviews::SENTENCES,
        revisions::SENTENCES,
        rounds::SENTENCES,
        voices::SENTENCES,
        workbooks::SENTENCES,
    ];
    reading.into_iter().chain(others.into_iter().flatten().copied()).collect()
}

// --- rows --------------------------------------------------------------------------------------------------

#[derive(FromRow)]
struct PlanRow {
    id: i64,
    title: String,
    status: String,
    version: i64,
    outline: Json<Outline>,
}

#[derive(FromRow)]
struct NodeRow {
    id: i64,
    key: String,
    parent: Option<String>,
    level: i64,
    position: i64,
    code: String,
    alias_of: Option<String>,
    title: String,
    details: Json<Details>,
    since: Option<i64>,
    retired_from: Option<i64>,
    away: String,
}

impl From<NodeRow> for Node {
    fn from(row: NodeRow) -> Self {
        Self {
            id: row.id,
            level: usize::try_from(row.level).unwrap_or(1),
            key: row.key,
            parent: row.parent,
            position: row.position,
            code: row.code,
            alias_of: row.alias_of,
            title: row.title,
            details: row.details.0,
            departments: Vec::new(),
            assigned: false,
            schedule: Schedule::default(),
            since: row.since.and_then(|year| i32::try_from(year).ok()),
            retired_from: row.retired_from.and_then(|year| i32::try_from(year).ok()),
            away: row.away.split_whitespace().filter_map(|year| year.parse().ok()).collect(),
        }
    }
}

#[derive(FromRow)]
struct DepartmentRow {
    node: i64,
    department: String,
    own: bool,
}

#[derive(FromRow)]
struct MarkRow {
    node: i64,
    fiscal_year: i64,
    mark: String,
}

#[derive(FromRow)]
struct ProgressRow {
    node: i64,
    fiscal_year: i64,
    mark: Option<String>,
    grade: Option<String>,
    text: String,
    next_step: String,
    published_on: NaiveDate,
}

#[derive(FromRow)]
struct IndicatorRow {
    id: i64,
    key: String,
    name: String,
    node: Option<String>,
    definition: Json<Definition>,
}

impl From<IndicatorRow> for Indicator {
    fn from(row: IndicatorRow) -> Self {
        Self { id: row.id, key: row.key, name: row.name, node: row.node, definition: row.definition.0 }
    }
}

fn year(n: i64) -> FiscalYear {
    FiscalYear::new(i32::try_from(n).unwrap_or_default())
}

fn number(year: FiscalYear) -> i64 {
    i64::from(i32::from(year))
}

// --- reading -----------------------------------------------------------------------------------------------

/// The city's plan without its nodes, and its number.
pub async fn plan(db: &Db) -> Result<Option<(i64, Plan)>> {
    let row = db.ask(PLAN).maybe::<PlanRow>().await?;
    Ok(row.map(|row| {
        let plan = Plan {
            title: row.title,
            status: row.status,
            version: row.version,
            outline: row.outline.0,
            nodes: Vec::new(),
        };
        (row.id, plan)
    }))
}

/// Every line that the plan has not left behind, complete. Three sentences, whatever its length.
pub async fn nodes(db: &Db, plan: i64) -> Result<Vec<Node>> {
    whole(db, plan, STANDING_NODES).await
}

/// Every line that a plan ever had, complete: those it left behind stand where they stood. Three sentences, whatever its
/// length.
pub async fn all_nodes(db: &Db, plan: i64) -> Result<Vec<Node>> {
    whole(db, plan, NODES).await
}

async fn whole(db: &Db, plan: i64, sentence: &'static str) -> Result<Vec<Node>> {
    let nodes = db.ask(sentence).with(plan).all::<NodeRow>().await?;
    let departments = db.ask(DEPARTMENTS).with(plan).all::<DepartmentRow>().await?;
    let marks = db.ask(MARKS).with(plan).all::<MarkRow>().await?;
    Ok(complete(nodes, departments, marks))
}

/// Up to `most` lines after a place that are in the plan in a year, complete.
pub async fn nodes_after(db: &Db, plan: i64, of: FiscalYear, after: i64, most: i64) -> Result<Vec<Node>> {
    let query = db.ask(NODES_AFTER).with(plan).with(after).with(most).with(number(of));
    let nodes = query.all::<NodeRow>().await?;
    let (first, last) = (nodes.first().map_or(0, |n| n.position), nodes.last().map_or(0, |n| n.position));
    let departments = db.ask(DEPARTMENTS_BETWEEN).with(plan).with(first).with(last).all::<DepartmentRow>().await?;
    let marks = db.ask(MARKS_BETWEEN).with(plan).with(first).with(last).all::<MarkRow>().await?;
    Ok(complete(nodes, departments, marks))
}

/// One line, complete.
pub async fn node(db: &Db, plan: i64, key: &str) -> Result<Option<Node>> {
    let Some(row) = db.ask(NODE).with(plan).with(key.to_owned()).maybe::<NodeRow>().await? else {
        return Ok(None);
    };
    let departments = db.ask(DEPARTMENTS_OF).with(row.id).all::<DepartmentRow>().await?;
    let marks = db.ask(MARKS_OF).with(row.id).all::<MarkRow>().await?;
    Ok(complete(vec![row], departments, marks).pop())
}

fn complete(rows: Vec<NodeRow>, departments: Vec<DepartmentRow>, marks: Vec<MarkRow>) -> Vec<Node> {
    let mut in_charge: HashMap<i64, (Vec<String>, bool)> = HashMap::new();
    for row in departments {
        let (of_node, assigned) = in_charge.entry(row.node).or_default();
        *assigned = row.own;
        // A node printed twice on one page of a list brings its departments twice.
        if !of_node.contains(&row.department) {
            of_node.push(row.department);
        }
    }
    let mut cells: HashMap<i64, Vec<(FiscalYear, String)>> = HashMap::new();
    for row in marks {
        cells.entry(row.node).or_default().push((year(row.fiscal_year), row.mark));
    }
    rows.into_iter()
        .map(|row| {
            let mut node = Node::from(row);
            (node.departments, node.assigned) = in_charge.get(&node.id).cloned().unwrap_or_default();
            node.schedule = Schedule::of_printed(cells.get(&node.id).cloned().unwrap_or_default());
            node
        })
        .collect()
}

async fn lines<R: Row + Into<Node>>(query: kyodo_db::Query<'_>) -> Result<Vec<Node>> {
    let mut lines: Vec<Node> = query.all::<R>().await?.into_iter().map(Into::into).collect();
    lines.sort_by_key(|line| line.position);
    Ok(lines)
}

/// How many lines a department is in charge of.
pub async fn measures_of(db: &Db, department: &str) -> Result<i64> {
    Ok(db.ask(MEASURES_OF).with(department.to_owned()).one::<(i64,)>().await?.0)
}

/// The code of a line as printed.
pub async fn printed_code(db: &Db, plan: i64, key: &str) -> Result<String> {
    let row = db.ask(NODE).with(plan).with(key.to_owned()).maybe::<NodeRow>().await?;
    Ok(row.map(|row| row.code).unwrap_or_default())
}

/// The lines above a line, from the top.
pub async fn above(db: &Db, plan: i64, key: &str) -> Result<Vec<Node>> {
    lines::<NodeRow>(db.ask(ABOVE).with(plan).with(key.to_owned())).await
}

/// The lines directly below a line.
pub async fn below(db: &Db, plan: i64, key: &str) -> Result<Vec<Node>> {
    lines::<NodeRow>(db.ask(BELOW).with(plan).with(key.to_owned())).await
}

/// The 再掲 lines of a node.
pub async fn again(db: &Db, plan: i64, key: &str) -> Result<Vec<Node>> {
    lines::<NodeRow>(db.ask(AGAIN).with(plan).with(key.to_owned())).await
}

impl From<ProgressRow> for Progress {
    fn from(row: ProgressRow) -> Self {
        Self {
            node: row.node,
            year: year(row.fiscal_year),
            mark: row.mark,
            grade: row.grade,
            text: row.text,
            next_step: row.next_step,
            published_on: row.published_on,
        }
    }
}

/// Every report of a plan, oldest first.
pub async fn progress(db: &Db, plan: i64) -> Result<Vec<Progress>> {
    let rows = db.ask(PROGRESS).with(plan).all::<ProgressRow>().await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The latest year of which any report of a plan is public.
pub async fn last_reported(db: &Db, plan: i64) -> Result<Option<FiscalYear>> {
    Ok(db.ask(LAST_REPORTED).with(plan).one::<(Option<i64>,)>().await?.0.map(year))
}

/// The reports of a node, oldest first.
pub async fn progress_of(db: &Db, node: i64) -> Result<Vec<Progress>> {
    let rows = db.ask(PROGRESS_OF).with(node).all::<ProgressRow>().await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Every indicator of a plan.
pub async fn indicators(db: &Db, plan: i64) -> Result<Vec<Indicator>> {
    Ok(db.ask(INDICATORS).with(plan).all::<IndicatorRow>().await?.into_iter().map(Into::into).collect())
}

/// One indicator.
pub async fn indicator(db: &Db, plan: i64, key: &str) -> Result<Option<Indicator>> {
    Ok(db.ask(INDICATOR).with(plan).with(key.to_owned()).maybe::<IndicatorRow>().await?.map(Into::into))
}

/// Up to `most` indicators after a place.
pub async fn indicators_after(db: &Db, plan: i64, after: i64, most: i64) -> Result<Vec<Indicator>> {
    let rows = db.ask(INDICATORS_AFTER).with(plan).with(after).with(most).all::<IndicatorRow>().await?;
    Ok(rows.into_iter().map(Into::into).collect())
}
