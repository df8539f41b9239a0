//! The plan reviewed midway, at the desk: the office opens a revision, departments say what becomes of their items, their
//! heads agree, the office takes it over into the draft or sets it aside. Addresses, and what the pages share.

mod decision;
mod item;
mod list;
mod progress;
pub(super) mod reminders;
mod waiting;
mod writing;

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::Method;
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::{Holder, Person, Role};
use kyodo_web::components::Status;
use kyodo_web::{Access, Ctx, DESK, Error, Frame, Refusal, Result, Routes, TwoKeys};
use serde_json::json;

use super::rounds::list::runs;
use super::rounds::{Hands, RUNNERS, year};
use super::{WRITERS, WRITING};
use crate::kept;
use crate::node::Node;
use crate::pages::code;
use crate::plan::Plan;
use crate::revision::{REVISIONS, Revision, Stage, Verdict};
use crate::round::{Hand, Step};
use crate::store::revisions::{self as store, Proposal};

pub(super) use waiting::{sent, tasks};

/// Who agrees for a department.
const HEADS: Access = Access::Roles(&[Role::Head]);

/// Who sends a proposal back.
const DECIDING: &[Role] = &[Role::Head, Role::Coordinator];
const DECIDERS: Access = Access::Roles(DECIDING);

/// Its addresses.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get(REVISIONS, DESK, list::list)
        .post(REVISIONS, RUNNERS, list::open)
        .get("/desk/plan/revisions/{year}", DESK, progress::progress)
        .post("/desk/plan/revisions/{year}", RUNNERS, list::change)
        .get("/desk/plan/revisions/{year}/days", RUNNERS, list::days)
        .post("/desk/plan/revisions/{year}/reminders", RUNNERS, reminders::remind)
        .post("/desk/plan/revisions/{year}/keeping", RUNNERS, decision::keep_all)
        .post("/desk/plan/revisions/{year}/closing", RUNNERS, progress::close)
        .get("/desk/plan/revisions/{year}/{key}", DESK, item::item)
        .post("/desk/plan/revisions/{year}/{key}/draft", WRITERS, writing::save)
        .post("/desk/plan/revisions/{year}/{key}/submission", WRITERS, writing::submit)
        .post("/desk/plan/revisions/{year}/{key}/withdrawal", WRITERS, writing::withdraw)
        .post("/desk/plan/revisions/{year}/{key}/agreement", HEADS, decision::agree)
        .post("/desk/plan/revisions/{year}/{key}/return", DECIDERS, decision::send_back)
        .post("/desk/plan/revisions/{year}/{key}/taking", RUNNERS, decision::take)
        .post("/desk/plan/revisions/{year}/{key}/setting-aside", RUNNERS, decision::set_aside)
        .post("/desk/plan/revisions/{year}/{key}/reopening", RUNNERS, decision::reopen)
}

/// A revision with its plan.
#[derive(Clone)]
struct Open {
    plan_id: i64,
    plan: Arc<Plan>,
    revision: Revision,
}

impl Open {
    async fn load(ctx: &Ctx, of: &str) -> Result<Self> {
        let (plan_id, plan) = kept::plan(ctx).await?;
        let revision = store::revision(&ctx.db, plan_id, year(of)?).await?.ok_or(Error::NotFound)?;
        Ok(Self { plan_id, plan, revision })
    }

    /// The frame of a page about it.
    fn frame(&self, ctx: &Ctx, title: String) -> Frame {
        let f = frame(ctx, title);
        f.crumb_named(self.revision.address(""), self.revision.name.clone())
    }

    /// The items under review with their proposals, in the plan's order.
    async fn items(&self, ctx: &Ctx) -> Result<Vec<(&Node, Proposal)>> {
        let proposals = store::proposals(&ctx.db, self.revision.id, &self.plan.outline.route).await?;
        Ok(under_review(&self.revision, &self.plan, proposals))
    }

    /// The departments that say what becomes of an item.
    fn departments(&self, ctx: &Ctx, node: &Node) -> Vec<String> {
        self.revision.departments(node, &ctx.state.departments).into_iter().map(str::to_owned).collect()
    }
}

fn frame(ctx: &Ctx, title: String) -> Frame {
    let f = ctx.frame(title).crumb("/desk", "nav-desk").crumb("/desk/plan", "nav-desk-plan");
    f.crumb(REVISIONS, "revisions-title").at_desk()
}

/// An item under review.
#[derive(Clone)]
struct Item {
    open: Open,
    node: Node,
    proposal: Proposal,
    departments: Vec<String>,
    hands: Hands,
}

impl Item {
    async fn load(ctx: &Ctx, TwoKeys(of, key): &TwoKeys) -> Result<Self> {
        let open = Open::load(ctx, of).await?;
        let node = open.plan.node(key).cloned().ok_or(Error::NotFound)?;
        let proposal = store::proposal_of(&ctx.db, open.revision.id, node.id, &open.plan.outline.route).await?;
        let proposal = proposal.ok_or(Error::NotFound)?;
        let departments = open.departments(ctx, &node);
        let hands = Hands::load(&ctx.db, ctx.today).await?;
        Ok(Self { open, node, proposal, departments, hands })
    }

    /// The same as it stands in a transaction. Whoever changes the same proposal waits at its version.
    async fn now(&self, tx: &mut Tx) -> Result<Self> {
        let open = &self.open;
        let revision = store::revision_now(tx, open.plan_id, open.revision.from).await?;
        let proposal = store::proposal_now(tx, open.revision.id, self.node.id, &open.plan.outline.route).await?;
        let (Some(revision), Some(proposal)) = (revision, proposal) else { return Err(Error::NotFound) };
        let revision = Revision { members: open.revision.members.clone(), ..revision };
        Ok(Self { open: Open { revision, ..open.clone() }, proposal, ..self.clone() })
    }

    /// Its address, or of something below it.
    fn address(&self, below: &str) -> String {
        self.open.revision.item(&self.node, below)
    }

    /// As drafts and the trail name it.
    fn subject(&self) -> String {
        subject(i32::from(self.open.revision.from), self.node.real_key())
    }

    fn code(&self) -> String {
        code(&self.open.plan.outline, &self.node)
    }

    fn frame(&self, ctx: &Ctx, title: &str) -> Frame {
        let values = [("name", self.open.revision.name.as_str()), ("title", self.node.title.as_str())];
        let name = match self.code() {
            code if code.is_empty() => self.node.title.clone(),
            code => code,
        };
        self.open.frame(ctx, ctx.words().with(title, values)).crumb_named(self.address(""), name)
    }

    /// Whether anybody can take a step of the way of reports for this item.
    fn can(&self, step: &Step) -> bool {
        !self.hands.of_step(step, &self.departments).is_empty()
    }

    /// What somebody may do here.
    fn hand<T>(&self, person: &Person, then: impl FnOnce(Hand<'_>) -> T) -> T {
        let departments: Vec<&str> = self.departments.iter().map(String::as_str).collect();
        then(Hand { person, departments: &departments })
    }

    /// Whether whoever asks writes for the item.
    fn writes(&self, ctx: &Ctx) -> bool {
        let Some(person) = ctx.actor.person() else { return false };
        let departments: Vec<&str> = self.departments.iter().map(String::as_str).collect();
        let hand = Hand { person, departments: &departments };
        WRITERS.admits(&ctx.actor, &Method::POST).is_ok() && hand.writes()
    }

    /// Somebody who may write for the item.
    fn writer<'c>(&self, ctx: &'c Ctx) -> Result<&'c Person> {
        let person = ctx.person()?;
        if self.writes(ctx) { Ok(person) } else { Err(Error::Forbidden(Refusal { roles: WRITING })) }
    }

    /// Whether departments can write now.
    fn is_writable(&self, ctx: &Ctx) -> bool {
        self.open.revision.is_open(ctx.today) && self.proposal.stage.is_undecided()
    }

    /// Whether whoever asks is the head it waits for.
    fn agrees(&self, ctx: &Ctx) -> bool {
        let step = match self.proposal.stage {
            Stage::Waiting(at) => self.open.plan.outline.route.step(at),
            _ => None,
        };
        let (Some(person), Some(step)) = (ctx.actor.person(), step) else { return false };
        HEADS.admits(&ctx.actor, &Method::POST).is_ok() && self.hand(person, |hand| hand.takes(step))
    }

    /// Whether whoever asks decides on it now.
    fn decides(&self, ctx: &Ctx) -> bool {
        self.proposal.stage == Stage::HandedIn && runs(ctx)
    }
}

/// The items under review with their proposals, in the plan's order. What left the plan before anybody said anything of it
/// is under review no more.
fn under_review<'p>(
    revision: &Revision,
    plan: &'p Plan,
    mut proposals: HashMap<i64, Proposal>,
) -> Vec<(&'p Node, Proposal)> {
    let nodes = plan.nodes.iter().filter(|node| !node.is_alias());
    let items = nodes.filter_map(|node| Some((node, proposals.remove(&node.id)?)));
    items.filter(|(node, one)| one.last.is_some() || revision.takes(node, &plan.outline)).collect()
}

/// As drafts and the trail name the proposal for an item.
fn subject(from: i32, key: &str) -> String {
    format!("proposal:{from}/{key}")
}

/// Who has to do something with a proposal that stands there.
fn with<'h>(hands: &'h Hands, plan: &Plan, stage: Stage, departments: &[String]) -> Vec<&'h Holder> {
    match stage {
        Stage::Unwritten | Stage::Returned => hands.writers(departments),
        Stage::Waiting(at) => {
            plan.outline.route.step(at).map(|step| hands.of_step(step, departments)).unwrap_or_default()
        }
        Stage::HandedIn => hands.of(Role::Coordinator).iter().collect(),
        Stage::Taken | Stage::Aside => Vec::new(),
    }
}

/// Where a proposal stands, with its word.
fn stage_status(f: &Frame, stage: Stage) -> Status {
    Status { shape: stage.shape(), word: f.t(&format!("proposal-{}", stage.name())) }
}

/// What becomes of an item, in words; nothing where nobody has said it.
fn verdict_word(f: &Frame, verdict: Option<Verdict>) -> String {
    verdict.map(|verdict| f.t(&format!("verdict-{}", verdict.name()))).unwrap_or_default()
}

/// Acts of the draft were taken back, all of them where none is named: on what they carried out the office has to decide
/// again.
pub(super) async fn reopen(ctx: &Ctx, tx: &mut Tx, plan_id: i64, acts: Option<&[i64]>) -> Result<()> {
    for (from, key) in store::reopen(tx, plan_id, acts, ctx.person()?.id, ctx.now).await? {
        ctx.trail().note(tx, Entry::new("proposal.reopened", subject(from, &key))).await?;
    }
    Ok(())
}

/// The draft was adopted: what it carried out is done, and the revision from which it came is over.
pub(super) async fn adopted(ctx: &Ctx, tx: &mut Tx, plan_id: i64, from: i32) -> Result<()> {
    store::leave_draft(tx, plan_id).await?;
    if store::close_revision(tx, plan_id, kyodo_kernel::FiscalYear::new(from), ctx.now).await? {
        let entry = Entry::new("revision.closed", format!("revision:{from}")).detail(json!({ "adopted": true }));
        ctx.trail().note(tx, entry).await?;
    }
    Ok(())
}

/// How many proposals of the revision that holds from a year nobody has decided on, with the revision; none where there is
/// no such revision, or it is over.
pub(super) async fn undecided(ctx: &Ctx, plan_id: i64, from: i32) -> Result<Option<(Revision, usize)>> {
    let from = kyodo_kernel::FiscalYear::new(from);
    let Some(revision) = store::revision(&ctx.db, plan_id, from).await?.filter(|one| one.closed_at.is_none()) else {
        return Ok(None);
    };
    let (_, plan) = kept::plan(ctx).await?;
    let proposals = store::proposals(&ctx.db, revision.id, &plan.outline.route).await?;
    let items = under_review(&revision, &plan, proposals);
    let n = items.iter().filter(|(_, proposal)| proposal.stage.is_undecided()).count();
    Ok(Some((revision, n)))
}
