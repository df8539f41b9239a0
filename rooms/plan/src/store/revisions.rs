//! The sentences about revisions and the proposals in them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Db, FromRow, Json, Result, Tx};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::people::AccountId;

use super::{number, rounds, year};
use crate::revision::{Act, Content, Revision, Stage};
use crate::round::Route;

const REVISIONS: &str = "
SELECT id, from_year, name, opens_on, due_on, decide_on, note, closed_at
FROM plan_revision
WHERE plan = $1
ORDER BY from_year DESC";

const REVISION: &str = "
SELECT id, from_year, name, opens_on, due_on, decide_on, note, closed_at
FROM plan_revision
WHERE plan = $1 AND from_year = $2";

const PUT_REVISION: &str = "
INSERT INTO plan_revision (plan, from_year, name, opens_on, due_on, decide_on, note)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (plan, from_year) DO NOTHING
RETURNING id AS n";

const CHANGE_REVISION: &str = "
UPDATE plan_revision
SET name = $2, opens_on = $3, due_on = $4, decide_on = $5, note = $6
WHERE id = $1 AND closed_at IS NULL";

const CLOSE: &str = "
UPDATE plan_revision
SET closed_at = $3
WHERE plan = $1 AND from_year = $2 AND closed_at IS NULL";

const PUT_PROPOSAL: &str = "
INSERT INTO plan_proposal (revision, node, version, content)
VALUES ($1, $2, 0, $3)
ON CONFLICT (revision, node) DO NOTHING";

/// Every proposal of a revision with the last thing that was done with it.
const PROPOSALS: &str = "
SELECT r.id, r.node, r.version, r.content, r.draft_act, r.reminded_at, a.act, a.step, a.at, a.note, p.name AS by_name
FROM plan_proposal r
LEFT JOIN plan_proposal_act a ON a.id = (SELECT MAX(l.id) FROM plan_proposal_act l WHERE l.proposal = r.id)
LEFT JOIN account p ON p.id = a.done_by
WHERE r.revision = $1";

const PROPOSAL: &str = "
SELECT r.id, r.node, r.version, r.content, r.draft_act, r.reminded_at, a.act, a.step, a.at, a.note, p.name AS by_name
FROM plan_proposal r
LEFT JOIN plan_proposal_act a ON a.id = (SELECT MAX(l.id) FROM plan_proposal_act l WHERE l.proposal = r.id)
LEFT JOIN account p ON p.id = a.done_by
WHERE r.revision = $1 AND r.node = $2";

/// Where the proposals of every revision stand.
const STAGES: &str = "
SELECT r.revision, a.act, a.step
FROM plan_proposal r
JOIN plan_revision o ON o.id = r.revision
LEFT JOIN plan_proposal_act a ON a.id = (SELECT MAX(l.id) FROM plan_proposal_act l WHERE l.proposal = r.id)
WHERE o.plan = $1";

const ACTS: &str = "
SELECT a.act, a.at, a.note, p.name AS by_name
FROM plan_proposal_act a
LEFT JOIN account p ON p.id = a.done_by
WHERE a.proposal = $1
ORDER BY a.id DESC
LIMIT 200";

/// What somebody handed in themselves in revisions that are not over, the latest first.
const SENT: &str = "
SELECT n.key, n.title, o.from_year, r.id, r.node, r.version, r.content, r.draft_act, r.reminded_at,
       a.act, a.step, a.at, a.note, p.name AS by_name
FROM plan_proposal r
JOIN plan_revision o ON o.id = r.revision
JOIN plan_node n ON n.id = r.node
JOIN plan_proposal_act a ON a.id = (SELECT MAX(l.id) FROM plan_proposal_act l WHERE l.proposal = r.id)
LEFT JOIN account p ON p.id = a.done_by
WHERE o.closed_at IS NULL
  AND EXISTS (SELECT 1 FROM plan_proposal_act m WHERE m.proposal = r.id AND m.act = 'submitted' AND m.done_by = $1)
ORDER BY a.id DESC
LIMIT 50";

const TURN: &str = "
UPDATE plan_proposal
SET version = version + 1, content = $3, draft_act = $4
WHERE id = $1 AND version = $2";

const PUT_ACT: &str = "
INSERT INTO plan_proposal_act (proposal, act, step, done_by, at, note, content)
VALUES ($1, $2, $3, $4, $5, $6, $7)";

const REMIND: &str = "
UPDATE plan_proposal
SET reminded_at = $2
WHERE id = $1";

/// The proposals that acts of the draft carry out.
const IN_DRAFT: &str = "
SELECT r.id, r.version, r.content, r.draft_act, o.from_year, n.key
FROM plan_proposal r
JOIN plan_revision o ON o.id = r.revision
JOIN plan_node n ON n.id = r.node
WHERE o.plan = $1 AND r.draft_act IS NOT NULL
ORDER BY r.id";

const LEAVE_DRAFT: &str = "
UPDATE plan_proposal
SET draft_act = NULL
WHERE draft_act IS NOT NULL AND revision IN (SELECT o.id FROM plan_revision o WHERE o.plan = $1)";

/// The sentences about revisions.
pub(super) const SENTENCES: &[&str] = &[
    REVISIONS,
    REVISION,
    PUT_REVISION,
    CHANGE_REVISION,
    CLOSE,
    PUT_PROPOSAL,
    PROPOSALS,
    PROPOSAL,
    STAGES,
    ACTS,
    SENT,
    TURN,
    PUT_ACT,
    REMIND,
    IN_DRAFT,
    LEAVE_DRAFT,
];

// --- revisions ----------------------------------------------------------------------------------------------

#[derive(FromRow)]
struct RevisionRow {
    id: i64,
    from_year: i64,
    name: String,
    opens_on: NaiveDate,
    due_on: NaiveDate,
    decide_on: NaiveDate,
    note: String,
    closed_at: Option<DateTime<Utc>>,
}

impl RevisionRow {
    fn whole(self, members: &HashMap<String, Vec<String>>) -> Revision {
        Revision {
            id: self.id,
            from: year(self.from_year),
            name: self.name,
            opens_on: self.opens_on,
            due_on: self.due_on,
            decide_on: self.decide_on,
            note: self.note,
            closed_at: self.closed_at,
            members: members.clone(),
        }
    }
}

/// What the office says of a revision.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of a revision")]
pub struct RevisionPlan {
    pub name: String,
    pub opens_on: NaiveDate,
    pub due_on: NaiveDate,
    pub decide_on: NaiveDate,
    pub note: String,
}

/// For whom placeholders stand: what the last round says. Two sentences.
async fn members(db: &Db, plan: i64) -> Result<HashMap<String, Vec<String>>> {
    Ok(rounds::rounds(db, plan).await?.into_iter().next().map(|round| round.members).unwrap_or_default())
}

/// The revisions of a plan, the latest first. Three sentences.
pub async fn revisions(db: &Db, plan: i64) -> Result<Vec<Revision>> {
    let rows = db.ask(REVISIONS).with(plan).all::<RevisionRow>().await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let members = members(db, plan).await?;
    Ok(rows.into_iter().map(|row| row.whole(&members)).collect())
}

/// The revision that holds from a year. Three sentences.
pub async fn revision(db: &Db, plan: i64, from: FiscalYear) -> Result<Option<Revision>> {
    let Some(row) = db.ask(REVISION).with(plan).with(number(from)).maybe::<RevisionRow>().await? else {
        return Ok(None);
    };
    Ok(Some(row.whole(&members(db, plan).await?)))
}

/// The same as it stands in this transaction, without those for whom placeholders stand.
pub async fn revision_now(tx: &mut Tx, plan: i64, from: FiscalYear) -> Result<Option<Revision>> {
    let row = tx.ask(REVISION).with(plan).with(number(from)).maybe::<RevisionRow>().await?;
    Ok(row.map(|row| row.whole(&HashMap::new())))
}

/// Opens a revision with a proposal for every item. None when there is one for this year.
pub async fn open_revision(
    tx: &mut Tx,
    plan: i64,
    from: FiscalYear,
    new: &RevisionPlan,
    nodes: &[i64],
) -> Result<Option<i64>> {
    let id = tx
        .ask(PUT_REVISION)
        .with(plan)
        .with(number(from))
        .with(new.name.clone())
        .with(new.opens_on)
        .with(new.due_on)
        .with(new.decide_on)
        .with(new.note.clone())
        .maybe::<(i64,)>()
        .await?;
    let Some((id,)) = id else { return Ok(None) };
    for node in nodes {
        add_proposal(tx, id, *node).await?;
    }
    Ok(Some(id))
}

/// Takes an item into a revision, unless it is there.
pub async fn add_proposal(tx: &mut Tx, revision: i64, node: i64) -> Result<()> {
    tx.ask(PUT_PROPOSAL).with(revision).with(node).with(Json(Content::default())).run().await?;
    Ok(())
}

/// Changes what the office says of a revision. False when it is over.
pub async fn change_revision(tx: &mut Tx, revision: i64, new: &RevisionPlan) -> Result<bool> {
    let changed = tx
        .ask(CHANGE_REVISION)
        .with(revision)
        .with(new.name.clone())
        .with(new.opens_on)
        .with(new.due_on)
        .with(new.decide_on)
        .with(new.note.clone())
        .run()
        .await?;
    Ok(changed == 1)
}

/// Ends the revision that holds from a year. False when there is none, or it is over.
pub async fn close_revision(tx: &mut Tx, plan: i64, from: FiscalYear, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.ask(CLOSE).with(plan).with(number(from)).with(now).run().await? == 1)
}

// --- proposals ----------------------------------------------------------------------------------------------

#[derive(FromRow)]
struct ProposalRow {
    id: i64,
    node: i64,
    version: i64,
    content: Json<Content>,
    draft_act: Option<i64>,
    reminded_at: Option<DateTime<Utc>>,
    act: Option<String>,
    step: Option<i64>,
    at: Option<DateTime<Utc>>,
    note: Option<String>,
    by_name: Option<String>,
}

/// What a department proposes for an item, and where that stands.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Its number.
    pub id: i64,
    /// The number of the node it is about.
    pub node: i64,
    /// Rises with every change.
    pub version: i64,
    /// What it says.
    pub content: Content,
    /// The act of the draft that carries it out, as long as the draft is not adopted.
    pub draft_act: Option<i64>,
    /// When its writers were last reminded.
    pub reminded_at: Option<DateTime<Utc>>,
    /// Where it stands.
    pub stage: Stage,
    /// The last thing that was done with it.
    pub last: Option<Done>,
}

/// Something that was done with a proposal.
#[derive(Clone, Debug)]
pub struct Done {
    /// What.
    pub act: Act,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; none when it came with the demo.
    pub by: Option<String>,
    /// Why, in their words.
    pub note: String,
}

fn proposal(row: ProposalRow, route: &Route) -> Proposal {
    let act = row.act.as_deref().and_then(Act::named);
    let last = act.zip(row.at);
    let last = last.map(|(act, at)| Done { act, at, by: row.by_name, note: row.note.unwrap_or_default() });
    Proposal {
        id: row.id,
        node: row.node,
        version: row.version,
        content: row.content.0,
        draft_act: row.draft_act,
        reminded_at: row.reminded_at,
        stage: stage(act, row.step, route),
        last,
    }
}

fn stage(act: Option<Act>, step: Option<i64>, route: &Route) -> Stage {
    let at = step.and_then(|step| usize::try_from(step).ok()).unwrap_or_default();
    act.map_or(Stage::Unwritten, |act| act.leads_to(at, route))
}

/// The proposals of a revision, by node.
pub async fn proposals(db: &Db, revision: i64, route: &Route) -> Result<HashMap<i64, Proposal>> {
    let rows = db.ask(PROPOSALS).with(revision).all::<ProposalRow>().await?;
    Ok(rows.into_iter().map(|row| (row.node, proposal(row, route))).collect())
}

/// The same as they stand in this transaction.
pub async fn proposals_now(tx: &mut Tx, revision: i64, route: &Route) -> Result<HashMap<i64, Proposal>> {
    let rows = tx.ask(PROPOSALS).with(revision).all::<ProposalRow>().await?;
    Ok(rows.into_iter().map(|row| (row.node, proposal(row, route))).collect())
}

/// The proposal for a node.
pub async fn proposal_of(db: &Db, revision: i64, node: i64, route: &Route) -> Result<Option<Proposal>> {
    let row = db.ask(PROPOSAL).with(revision).with(node).maybe::<ProposalRow>().await?;
    Ok(row.map(|row| proposal(row, route)))
}

/// The same as it stands in this transaction.
pub async fn proposal_now(tx: &mut Tx, revision: i64, node: i64, route: &Route) -> Result<Option<Proposal>> {
    let row = tx.ask(PROPOSAL).with(revision).with(node).maybe::<ProposalRow>().await?;
    Ok(row.map(|row| proposal(row, route)))
}

/// Where the proposals of every revision of a plan stand.
pub async fn proposal_stages(db: &Db, plan: i64, route: &Route) -> Result<HashMap<i64, Vec<Stage>>> {
    let mut stages: HashMap<i64, Vec<Stage>> = HashMap::new();
    for (revision, act, step) in db.ask(STAGES).with(plan).all::<(i64, Option<String>, Option<i64>)>().await? {
        stages.entry(revision).or_default().push(stage(act.as_deref().and_then(Act::named), step, route));
    }
    Ok(stages)
}

/// What was done with a proposal, the latest first.
pub async fn acts(db: &Db, proposal: i64) -> Result<Vec<Done>> {
    #[derive(FromRow)]
    struct ActRow {
        act: String,
        at: DateTime<Utc>,
        note: String,
        by_name: Option<String>,
    }
    let rows = db.ask(ACTS).with(proposal).all::<ActRow>().await?;
    let done = rows
        .into_iter()
        .filter_map(|row| Some(Done { act: Act::named(&row.act)?, at: row.at, by: row.by_name, note: row.note }));
    Ok(done.collect())
}

/// A proposal that somebody handed in.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The key of the item.
    pub key: String,
    /// Its title.
    pub title: String,
    /// From which year the revision holds.
    pub from: FiscalYear,
    /// The proposal.
    pub proposal: Proposal,
}

/// What somebody handed in in revisions that are not over, the latest first.
pub async fn sent(db: &Db, account: AccountId, route: &Route) -> Result<Vec<Sent>> {
    #[derive(FromRow)]
    struct SentRow {
        key: String,
        title: String,
        from_year: i64,
        #[sqlx(flatten)]
        proposal: ProposalRow,
    }
    let rows = db.ask(SENT).with(account.0).all::<SentRow>().await?;
    let sent = rows.into_iter().map(|row| Sent {
        key: row.key,
        title: row.title,
        from: year(row.from_year),
        proposal: proposal(row.proposal, route),
    });
    Ok(sent.collect())
}

/// What is done with a proposal.
#[derive(Clone, Debug)]
pub struct Doing<'a> {
    /// What.
    pub act: Act,
    /// The step of the way of reports at which it is from then on.
    pub step: usize,
    /// By whom.
    pub by: Option<AccountId>,
    /// Why.
    pub note: &'a str,
    /// What it says from then on.
    pub content: &'a Content,
    /// The act of the draft that carries it out.
    pub draft_act: Option<i64>,
}

impl<'a> Doing<'a> {
    /// Something that only says where a proposal stands from then on.
    #[must_use]
    pub fn only(act: Act, by: AccountId, content: &'a Content) -> Self {
        Self { act, step: 0, by: Some(by), note: "", content, draft_act: None }
    }
}

/// Does something with the version of a proposal that somebody has seen. False when it changed meanwhile.
pub async fn turn(tx: &mut Tx, proposal: i64, seen: i64, doing: &Doing<'_>, now: DateTime<Utc>) -> Result<bool> {
    let turned = tx.ask(TURN).with(proposal).with(seen).with(Json(doing.content.clone())).with(doing.draft_act);
    if turned.run().await? == 0 {
        return Ok(false);
    }
    tx.ask(PUT_ACT)
        .with(proposal)
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

/// Writes down that the writers of a proposal were reminded.
pub async fn remind(tx: &mut Tx, proposal: i64, now: DateTime<Utc>) -> Result<()> {
    tx.ask(REMIND).with(proposal).with(now).run().await?;
    Ok(())
}

// --- with the draft -----------------------------------------------------------------------------------------

/// Acts of the draft were taken back, all of them where none is named: the office has to decide again on what they carried
/// out. Those items, each with the year from which its revision holds and its key.
pub async fn reopen(
    tx: &mut Tx,
    plan: i64,
    acts: Option<&[i64]>,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<Vec<(i32, String)>> {
    #[derive(FromRow)]
    struct InDraft {
        id: i64,
        version: i64,
        content: Json<Content>,
        draft_act: i64,
        from_year: i64,
        key: String,
    }
    let mut keys = Vec::new();
    for row in tx.ask(IN_DRAFT).with(plan).all::<InDraft>().await? {
        if acts.is_none_or(|acts| acts.contains(&row.draft_act)) {
            turn(tx, row.id, row.version, &Doing::only(Act::Reopened, by, &row.content.0), now).await?;
            keys.push((i32::from(year(row.from_year)), row.key));
        }
    }
    Ok(keys)
}

/// The draft was adopted: what it carried out is no act of a draft any more.
pub async fn leave_draft(tx: &mut Tx, plan: i64) -> Result<()> {
    tx.ask(LEAVE_DRAFT).with(plan).run().await?;
    Ok(())
}
