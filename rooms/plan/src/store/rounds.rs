//! The sentences about rounds and the reports in them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Db, FromRow, Json, Result, Tx};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::people::AccountId;

use super::{number, year};
use crate::progress::Progress;
use crate::round::{Act, Content, Round, Route, Stage};

const ROUNDS: &str = "
SELECT id, fiscal_year, opens_on, due_on, decide_on, note, frozen_at
FROM plan_round
WHERE plan = $1
ORDER BY fiscal_year DESC";

const ROUND: &str = "
SELECT id, fiscal_year, opens_on, due_on, decide_on, note, frozen_at
FROM plan_round
WHERE plan = $1 AND fiscal_year = $2";

const MEMBERS: &str = "
SELECT m.round, m.placeholder, m.department
FROM plan_round_member m
JOIN plan_round r ON r.id = m.round
WHERE r.plan = $1
ORDER BY m.round, m.placeholder, m.department";

const PUT_ROUND: &str = "
INSERT INTO plan_round (plan, fiscal_year, opens_on, due_on, decide_on, note)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (plan, fiscal_year) DO NOTHING
RETURNING id AS n";

const CHANGE_ROUND: &str = "
UPDATE plan_round
SET opens_on = $2, due_on = $3, decide_on = $4, note = $5
WHERE id = $1 AND frozen_at IS NULL";

const FREEZE: &str = "
UPDATE plan_round
SET frozen_at = $2
WHERE id = $1 AND frozen_at IS NULL";

const CLEAR_MEMBERS: &str = "
DELETE FROM plan_round_member
WHERE round = $1";

const PUT_MEMBER: &str = "
INSERT INTO plan_round_member (round, placeholder, department)
VALUES ($1, $2, $3)
ON CONFLICT (round, placeholder, department) DO NOTHING";

const PUT_REPORT: &str = "
INSERT INTO plan_report (round, node, version, content)
VALUES ($1, $2, 0, $3)
ON CONFLICT (round, node) DO NOTHING";

/// Every report of a round with the last thing that was done with it.
const REPORTS: &str = "
SELECT r.id, r.node, r.version, r.content, a.act, a.step, a.at, a.note, p.name AS by_name
FROM plan_report r
LEFT JOIN plan_report_act a ON a.id = (SELECT MAX(l.id) FROM plan_report_act l WHERE l.report = r.id)
LEFT JOIN account p ON p.id = a.done_by
WHERE r.round = $1";

const REPORT: &str = "
SELECT r.id, r.node, r.version, r.content, a.act, a.step, a.at, a.note, p.name AS by_name
FROM plan_report r
LEFT JOIN plan_report_act a ON a.id = (SELECT MAX(l.id) FROM plan_report_act l WHERE l.report = r.id)
LEFT JOIN account p ON p.id = a.done_by
WHERE r.round = $1 AND r.node = $2";

/// The last act of every report of every round.
const STAGES: &str = "
SELECT r.round, a.act, a.step
FROM plan_report r
JOIN plan_round o ON o.id = r.round
LEFT JOIN plan_report_act a ON a.id = (SELECT MAX(l.id) FROM plan_report_act l WHERE l.report = r.id)
WHERE o.plan = $1";

const ACTS: &str = "
SELECT a.act, a.step, a.at, a.note, a.content, p.name AS by_name
FROM plan_report_act a
LEFT JOIN account p ON p.id = a.done_by
WHERE a.report = $1
ORDER BY a.id DESC
LIMIT 200";

/// What somebody handed in themselves and is still on its way, the latest first.
const SENT: &str = "
SELECT n.key, n.title, o.fiscal_year, r.id, r.node, r.version, r.content,
       a.act, a.step, a.at, a.note, p.name AS by_name
FROM plan_report r
JOIN plan_round o ON o.id = r.round
JOIN plan_node n ON n.id = r.node
JOIN plan_report_act a ON a.id = (SELECT MAX(l.id) FROM plan_report_act l WHERE l.report = r.id)
LEFT JOIN account p ON p.id = a.done_by
WHERE o.frozen_at IS NULL
  AND EXISTS (SELECT 1 FROM plan_report_act m WHERE m.report = r.id AND m.act = 'submitted' AND m.done_by = $1)
ORDER BY a.id DESC
LIMIT 50";

const TURN: &str = "
UPDATE plan_report
SET version = version + 1, content = $3
WHERE id = $1 AND version = $2";

const PUT_ACT: &str = "
INSERT INTO plan_report_act (report, act, step, done_by, at, note, content)
VALUES ($1, $2, $3, $4, $5, $6, $7)";

const REMIND: &str = "
INSERT INTO plan_reminder (report, account, reminded_by, at)
VALUES ($1, $2, $3, $4)";

/// When the writers of each report were last reminded.
const REMINDED: &str = "
SELECT m.report, MAX(m.at) AS at
FROM plan_reminder m
JOIN plan_report r ON r.id = m.report
WHERE r.round = $1
GROUP BY m.report";

const PUBLIC_NOW: &str = "
SELECT p.id, p.mark, p.grade, p.text, p.next_step, p.published_on
FROM plan_progress p
WHERE p.node = $1 AND p.fiscal_year = $2";

const PUBLISH: &str = "
INSERT INTO plan_progress (node, fiscal_year, mark, grade, text, next_step, published_on, example)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (node, fiscal_year) DO UPDATE SET
    mark = excluded.mark,
    grade = excluded.grade,
    text = excluded.text,
    next_step = excluded.next_step,
    published_on = excluded.published_on";

const KEEP_BEFORE: &str = "
INSERT INTO plan_progress_before (progress, number, content, published_on, reason, corrected_on)
SELECT $1, COUNT(*) + 1, $2, $3, $4, $5
FROM plan_progress_before
WHERE progress = $1";

const BEFORE: &str = "
SELECT p.fiscal_year, b.content, b.published_on, b.reason, b.corrected_on
FROM plan_progress_before b
JOIN plan_progress p ON p.id = b.progress
WHERE p.node = $1
ORDER BY p.fiscal_year, b.number";

/// The sentences about rounds.
pub(super) const SENTENCES: &[&str] = &[
    ROUNDS,
    ROUND,
    MEMBERS,
    PUT_ROUND,
    CHANGE_ROUND,
    FREEZE,
    CLEAR_MEMBERS,
    PUT_MEMBER,
    PUT_REPORT,
    REPORTS,
    REPORT,
    STAGES,
    ACTS,
    SENT,
    TURN,
    PUT_ACT,
    REMIND,
    REMINDED,
    PUBLIC_NOW,
    PUBLISH,
    KEEP_BEFORE,
    BEFORE,
];

// --- rounds ------------------------------------------------------------------------------------------------

#[derive(FromRow)]
struct RoundRow {
    id: i64,
    fiscal_year: i64,
    opens_on: NaiveDate,
    due_on: NaiveDate,
    decide_on: NaiveDate,
    note: String,
    frozen_at: Option<DateTime<Utc>>,
}

/// The days of a round, and what the office says of it.
#[derive(Clone, Debug)]
pub struct RoundPlan {
    /// From which day departments write.
    pub opens_on: NaiveDate,
    /// The last day to hand in.
    pub due_on: NaiveDate,
    /// The last day to agree.
    pub decide_on: NaiveDate,
    /// What the office wants departments to know.
    pub note: String,
    /// Which departments a placeholder stands for, pairs of keys.
    pub members: Vec<(String, String)>,
}

/// Every round of a plan, the latest first. Two sentences.
pub async fn rounds(db: &Db, plan: i64) -> Result<Vec<Round>> {
    let rows = db.ask(ROUNDS).with(plan).all::<RoundRow>().await?;
    let members = members(db.ask(MEMBERS).with(plan).all().await?);
    Ok(rows.into_iter().map(|row| whole(row, &members)).collect())
}

/// The round of a year. Two sentences.
pub async fn round(db: &Db, plan: i64, of: FiscalYear) -> Result<Option<Round>> {
    let Some(row) = db.ask(ROUND).with(plan).with(number(of)).maybe::<RoundRow>().await? else {
        return Ok(None);
    };
    let members = members(db.ask(MEMBERS).with(plan).all().await?);
    Ok(Some(whole(row, &members)))
}

/// The round of a year as it stands in this transaction, without its members.
pub async fn round_now(tx: &mut Tx, plan: i64, of: FiscalYear) -> Result<Option<Round>> {
    let row = tx.ask(ROUND).with(plan).with(number(of)).maybe::<RoundRow>().await?;
    Ok(row.map(|row| whole(row, &HashMap::new())))
}

type Members = HashMap<i64, HashMap<String, Vec<String>>>;

fn members(rows: Vec<(i64, String, String)>) -> Members {
    let mut members = Members::new();
    for (round, placeholder, department) in rows {
        members.entry(round).or_default().entry(placeholder).or_default().push(department);
    }
    members
}

fn whole(row: RoundRow, members: &Members) -> Round {
    Round {
        id: row.id,
        year: year(row.fiscal_year),
        opens_on: row.opens_on,
        due_on: row.due_on,
        decide_on: row.decide_on,
        note: row.note,
        frozen_at: row.frozen_at,
        members: members.get(&row.id).cloned().unwrap_or_default(),
    }
}

/// Opens the round of a year with a report for every item. None when the year has its round already.
pub async fn open_round(
    tx: &mut Tx,
    plan: i64,
    of: FiscalYear,
    days: &RoundPlan,
    nodes: &[i64],
) -> Result<Option<i64>> {
    let id = tx
        .ask(PUT_ROUND)
        .with(plan)
        .with(number(of))
        .with(days.opens_on)
        .with(days.due_on)
        .with(days.decide_on)
        .with(days.note.clone())
        .maybe::<(i64,)>()
        .await?;
    let Some((id,)) = id else { return Ok(None) };
    put_members(tx, id, &days.members).await?;
    for node in nodes {
        add_report(tx, id, *node).await?;
    }
    Ok(Some(id))
}

/// Takes an item into a round, empty, unless it is there.
pub async fn add_report(tx: &mut Tx, round: i64, node: i64) -> Result<()> {
    tx.ask(PUT_REPORT).with(round).with(node).with(Json(Content::default())).run().await?;
    Ok(())
}

/// Changes the days of a round. False when it is frozen.
pub async fn change_round(tx: &mut Tx, round: i64, days: &RoundPlan) -> Result<bool> {
    let changed = tx
        .ask(CHANGE_ROUND)
        .with(round)
        .with(days.opens_on)
        .with(days.due_on)
        .with(days.decide_on)
        .with(days.note.clone())
        .run()
        .await?;
    if changed == 0 {
        return Ok(false);
    }
    tx.ask(CLEAR_MEMBERS).with(round).run().await?;
    put_members(tx, round, &days.members).await?;
    Ok(true)
}

async fn put_members(tx: &mut Tx, round: i64, members: &[(String, String)]) -> Result<()> {
    for (placeholder, department) in members {
        tx.ask(PUT_MEMBER).with(round).with(placeholder.clone()).with(department.clone()).run().await?;
    }
    Ok(())
}

/// Freezes a round. False when it is frozen already.
pub async fn freeze(tx: &mut Tx, round: i64, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.ask(FREEZE).with(round).with(now).run().await? == 1)
}

// --- reports -----------------------------------------------------------------------------------------------

#[derive(FromRow)]
struct ReportRow {
    id: i64,
    node: i64,
    version: i64,
    content: Json<Content>,
    act: Option<String>,
    step: Option<i64>,
    at: Option<DateTime<Utc>>,
    note: Option<String>,
    by_name: Option<String>,
}

/// A report in a round, and where it stands.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its number.
    pub id: i64,
    /// The number of the node it is about.
    pub node: i64,
    /// Rises with every change.
    pub version: i64,
    /// What it says.
    pub content: Content,
    /// Where it stands.
    pub stage: Stage,
    /// The last thing that was done with it.
    pub last: Option<Done>,
}

/// Something that was done with a report.
#[derive(Clone, Debug)]
pub struct Done {
    /// What.
    pub act: Act,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; none when it came by import.
    pub by: Option<String>,
    /// Why, in their words.
    pub note: String,
    /// What the report said then; empty on lists.
    pub content: Content,
}

fn report(row: ReportRow, route: &Route) -> Report {
    let act = row.act.as_deref().and_then(Act::named);
    let last = act.zip(row.at).map(|(act, at)| Done {
        act,
        at,
        by: row.by_name,
        note: row.note.unwrap_or_default(),
        content: Content::default(),
    });
    Report {
        id: row.id,
        node: row.node,
        version: row.version,
        content: row.content.0,
        stage: stage(act, row.step, route),
        last,
    }
}

/// The reports of a round, by node.
pub async fn reports(db: &Db, round: i64, route: &Route) -> Result<HashMap<i64, Report>> {
    let rows = db.ask(REPORTS).with(round).all::<ReportRow>().await?;
    Ok(rows.into_iter().map(|row| (row.node, report(row, route))).collect())
}

/// The same as they stand in this transaction.
pub async fn reports_now(tx: &mut Tx, round: i64, route: &Route) -> Result<HashMap<i64, Report>> {
    let rows = tx.ask(REPORTS).with(round).all::<ReportRow>().await?;
    Ok(rows.into_iter().map(|row| (row.node, report(row, route))).collect())
}

/// The report of a node in a round.
pub async fn report_of(db: &Db, round: i64, node: i64, route: &Route) -> Result<Option<Report>> {
    let row = db.ask(REPORT).with(round).with(node).maybe::<ReportRow>().await?;
    Ok(row.map(|row| report(row, route)))
}

/// The same as it stands in this transaction.
pub async fn report_now(tx: &mut Tx, round: i64, node: i64, route: &Route) -> Result<Option<Report>> {
    let row = tx.ask(REPORT).with(round).with(node).maybe::<ReportRow>().await?;
    Ok(row.map(|row| report(row, route)))
}

/// Where the reports of every round of a plan stand.
pub async fn stages(db: &Db, plan: i64, route: &Route) -> Result<HashMap<i64, Vec<Stage>>> {
    let mut stages: HashMap<i64, Vec<Stage>> = HashMap::new();
    for (round, act, step) in db.ask(STAGES).with(plan).all::<(i64, Option<String>, Option<i64>)>().await? {
        stages.entry(round).or_default().push(stage(act.as_deref().and_then(Act::named), step, route));
    }
    Ok(stages)
}

fn stage(act: Option<Act>, step: Option<i64>, route: &Route) -> Stage {
    let at = step.and_then(|step| usize::try_from(step).ok()).unwrap_or_default();
    act.map_or(Stage::Unwritten, |act| act.leads_to(at, route))
}

/// What was done with a report, the latest first.
pub async fn acts(db: &Db, report: i64) -> Result<Vec<Done>> {
    #[derive(FromRow)]
    struct ActRow {
        act: String,
        at: DateTime<Utc>,
        note: String,
        content: Json<Content>,
        by_name: Option<String>,
    }
    let rows = db.ask(ACTS).with(report).all::<ActRow>().await?;
    let done = rows.into_iter().filter_map(|row| {
        let act = Act::named(&row.act)?;
        Some(Done { act, at: row.at, by: row.by_name, note: row.note, content: row.content.0 })
    });
    Ok(done.collect())
}

/// A report that somebody handed in.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The key of the item.
    pub key: String,
    /// Its title.
    pub title: String,
    /// The year that is reported on.
    pub year: FiscalYear,
    /// The report.
    pub report: Report,
}

/// What somebody handed in in rounds that are not frozen, the latest first.
pub async fn sent(db: &Db, account: AccountId, route: &Route) -> Result<Vec<Sent>> {
    #[derive(FromRow)]
    struct SentRow {
        key: String,
        title: String,
        fiscal_year: i64,
        #[sqlx(flatten)]
        report: ReportRow,
    }
    let rows = db.ask(SENT).with(account.0).all::<SentRow>().await?;
    let sent = rows.into_iter().map(|row| Sent {
        key: row.key,
        title: row.title,
        year: year(row.fiscal_year),
        report: report(row.report, route),
    });
    Ok(sent.collect())
}

/// What is done with a report.
#[derive(Clone, Debug)]
pub struct Doing<'a> {
    /// What.
    pub act: Act,
    /// The step of the route at which it waits from then on.
    pub step: usize,
    /// By whom.
    pub by: Option<AccountId>,
    /// Why.
    pub note: &'a str,
    /// What it says from then on.
    pub content: &'a Content,
}

/// Does something with the version of a report that somebody has seen. False when it changed meanwhile.
pub async fn turn(tx: &mut Tx, report: i64, seen: i64, doing: &Doing<'_>, now: DateTime<Utc>) -> Result<bool> {
    if tx.ask(TURN).with(report).with(seen).with(Json(doing.content.clone())).run().await? == 0 {
        return Ok(false);
    }
    tx.ask(PUT_ACT)
        .with(report)
        .with(doing.act.name())
        .with(i64::try_from(doing.step).unwrap_or_default())
        .with(doing.by.map(|by| by.0))
        .with(now)
        .with(doing.note.to_owned())
        .with(Json(doing.content.clone()))
        .run()
        .await?;
    Ok(true)
}

// --- reminders ---------------------------------------------------------------------------------------------

/// Writes down that somebody was reminded of a report.
pub async fn remind(
    tx: &mut Tx,
    report: i64,
    whom: AccountId,
    by: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.ask(REMIND).with(report).with(whom.0).with(by.map(|by| by.0)).with(now).run().await?;
    Ok(())
}

/// When anybody was last reminded of each report of a round, by report.
pub async fn reminded(db: &Db, round: i64) -> Result<HashMap<i64, DateTime<Utc>>> {
    Ok(db.ask(REMINDED).with(round).all::<(i64, DateTime<Utc>)>().await?.into_iter().collect())
}

// --- what is public ----------------------------------------------------------------------------------------

/// Something that was public of a node's year before it was corrected.
#[derive(Clone, Debug)]
pub struct Before {
    /// The year.
    pub year: FiscalYear,
    /// What it said.
    pub content: Content,
    /// When that was published.
    pub published_on: NaiveDate,
    /// Why it was corrected.
    pub reason: String,
    /// When.
    pub corrected_on: NaiveDate,
}

/// Makes a report public in the place of what was public of that node's year. A correction says why, and what was public
/// before stays to be seen.
pub async fn publish(
    tx: &mut Tx,
    node: i64,
    of: FiscalYear,
    content: &Content,
    correction: Option<&str>,
    today: NaiveDate,
) -> Result<()> {
    #[derive(FromRow)]
    struct NowRow {
        id: i64,
        mark: Option<String>,
        grade: Option<String>,
        text: String,
        next_step: String,
        published_on: NaiveDate,
    }
    if let Some(reason) = correction
        && let Some(row) = tx.ask(PUBLIC_NOW).with(node).with(number(of)).maybe::<NowRow>().await?
    {
        let before = Content { mark: row.mark, grade: row.grade, text: row.text, next: row.next_step };
        tx.ask(KEEP_BEFORE)
            .with(row.id)
            .with(Json(before))
            .with(row.published_on)
            .with(reason.to_owned())
            .with(today)
            .run()
            .await?;
    }
    tx.ask(PUBLISH)
        .with(node)
        .with(number(of))
        .with(content.mark.clone())
        .with(content.grade.clone())
        .with(content.text.clone())
        .with(content.next.clone())
        .with(today)
        .with(false)
        .run()
        .await?;
    Ok(())
}

/// What was public of a node before corrections, oldest first.
pub async fn before(db: &Db, node: i64) -> Result<Vec<Before>> {
    #[derive(FromRow)]
    struct BeforeRow {
        fiscal_year: i64,
        content: Json<Content>,
        published_on: NaiveDate,
        reason: String,
        corrected_on: NaiveDate,
    }
    let rows = db.ask(BEFORE).with(node).all::<BeforeRow>().await?;
    let before = rows.into_iter().map(|row| Before {
        year: year(row.fiscal_year),
        content: row.content.0,
        published_on: row.published_on,
        reason: row.reason,
        corrected_on: row.corrected_on,
    });
    Ok(before.collect())
}

impl From<&Progress> for Content {
    fn from(progress: &Progress) -> Self {
        Self {
            mark: progress.mark.clone(),
            grade: progress.grade.clone(),
            text: progress.text.clone(),
            next: progress.next_step.clone(),
        }
    }
}
