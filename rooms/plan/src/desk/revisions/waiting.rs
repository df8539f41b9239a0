//! What of the revisions waits for somebody, and what they handed in.

use kyodo_kernel::people::Role;
use kyodo_web::{Ctx, HandedIn, Result, Task};

use super::{stage_status, under_review};
use crate::kept;
use crate::node::Node;
use crate::plan::Plan;
use crate::revision::{Revision, Stage};
use crate::round::Hand;
use crate::store::revisions as store;

/// What waits for whoever asks, of revisions that departments can write in now.
pub(crate) async fn tasks(ctx: &Ctx, plan_id: i64, plan: &Plan) -> Result<Vec<Task>> {
    let person = ctx.person()?;
    if !person.holds_any(&[Role::Coordinator, Role::Reporter, Role::Head]) {
        return Ok(Vec::new());
    }
    let mut tasks = Vec::new();
    for revision in store::revisions(&ctx.db, plan_id).await?.iter().filter(|one| one.is_open(ctx.today)) {
        let proposals = store::proposals(&ctx.db, revision.id, &plan.outline.route).await?;
        let (mut decisions, mut missing) = (0_usize, 0_usize);
        for (node, proposal) in under_review(revision, plan, proposals) {
            let departments = revision.departments(node, &ctx.state.departments);
            let hand = Hand { person, departments: &departments };
            let own = departments.iter().any(|key| person.departments().any(|own| own == *key));
            match proposal.stage {
                Stage::Unwritten if own => tasks.push(task(ctx, revision, node, "task-proposal")),
                Stage::Returned if own => tasks.push(task(ctx, revision, node, "task-proposal-returned")),
                Stage::Unwritten | Stage::Returned => missing += 1,
                Stage::Waiting(at) if plan.outline.route.step(at).is_some_and(|step| hand.takes(step)) => {
                    tasks.push(task(ctx, revision, node, "task-proposal-check"));
                }
                Stage::HandedIn => decisions += 1,
                Stage::Waiting(_) | Stage::Taken | Stage::Aside => {}
            }
        }
        if person.holds(Role::Coordinator) {
            let many = |message: &str, n: usize, due, filter: &str| Task {
                due: Some(due),
                title: ctx.words().with(message, [("n", i64::try_from(n).unwrap_or(i64::MAX))]),
                note: revision.name.clone(),
                address: revision.address(filter),
            };
            if decisions > 0 {
                tasks.push(many("task-proposals-decide", decisions, revision.decide_on, "?stage=handed-in"));
            }
            if missing > 0 && revision.days_late(ctx.today) > 0 {
                tasks.push(many("task-proposals-missing", missing, revision.due_on, "?late=1"));
            }
        }
    }
    Ok(tasks)
}

fn task(ctx: &Ctx, revision: &Revision, node: &Node, message: &str) -> Task {
    Task {
        due: Some(revision.due_on),
        title: ctx.words().with(message, [("title", node.title.as_str())]),
        note: revision.name.clone(),
        address: revision.item(node, ""),
    }
}

/// What whoever asks handed in, and where it stands.
pub(crate) async fn sent(ctx: &Ctx) -> Result<Vec<HandedIn>> {
    let person = ctx.person()?;
    if !person.holds_any(&[Role::Coordinator, Role::Reporter, Role::Head]) {
        return Ok(Vec::new());
    }
    let Some((_, plan)) = kept::maybe_plan(ctx).await? else { return Ok(Vec::new()) };
    let f = ctx.frame("");
    let sent = store::sent(&ctx.db, person.id, &plan.outline.route).await?.into_iter().map(|one| HandedIn {
        at: one.proposal.last.as_ref().map_or(ctx.now, |done| done.at),
        title: f.with("sent-proposal", &[("title", &one.title)]),
        status: stage_status(&f, one.proposal.stage),
        note: match one.proposal.stage {
            Stage::Returned | Stage::Aside => one.proposal.last.map(|done| done.note).unwrap_or_default(),
            _ => String::new(),
        },
        address: format!("{}/{}/{}", crate::revision::REVISIONS, i32::from(one.from), one.key),
    });
    Ok(sent.collect())
}
