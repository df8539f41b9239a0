//! What of the rounds waits for somebody, and what they handed in.

use kyodo_kernel::people::Role;
use kyodo_web::{Ctx, HandedIn, Result, Task};

use super::{Hands, round_name, stage_status};
use crate::kept;
use crate::plan::Plan;
use crate::round::{Hand, Round, Stage};
use crate::store;

/// What waits for whoever asks, of rounds that departments can write in now.
pub(crate) async fn tasks(ctx: &Ctx, plan_id: i64, plan: &Plan) -> Result<Vec<Task>> {
    let person = ctx.person()?;
    if !person.holds_any(&[Role::Coordinator, Role::Reporter, Role::Head, Role::Administrator]) {
        return Ok(Vec::new());
    }
    let rounds: Vec<Round> =
        store::rounds(&ctx.db, plan_id).await?.into_iter().filter(|round| round.is_open(ctx.today)).collect();
    if rounds.is_empty() {
        return Ok(Vec::new());
    }
    let route = &plan.outline.route;
    let mut tasks = Vec::new();
    for round in &rounds {
        let reports = store::reports(&ctx.db, round.id, route).await?;
        let name = round_name(ctx, round);
        let (mut checks, mut agreed, mut missing) = (0_usize, 0_usize, 0_usize);
        for node in plan.nodes.iter().filter(|node| !node.is_alias()) {
            let Some(report) = reports.get(&node.id) else { continue };
            let departments = round.departments(node, &ctx.state.departments);
            let hand = Hand { person, departments: &departments };
            let own = departments.iter().any(|key| person.departments().any(|own| own == *key));
            let task = |message: &str, due| Task {
                due: Some(due),
                title: ctx.words().with(message, [("title", node.title.as_str())]),
                note: name.clone(),
                address: round.item(node, ""),
            };
            match report.stage {
                Stage::Unwritten if own => tasks.push(task("task-report", round.due_on)),
                Stage::Returned if own => tasks.push(task("task-report-returned", round.due_on)),
                Stage::Unwritten | Stage::Returned => missing += 1,
                Stage::Waiting(at) => {
                    let step = route.step(at).filter(|step| hand.takes(step));
                    match step {
                        // One department's few are told one by one, a whole city's in one line.
                        Some(step) if step.role.role() == Role::Head => {
                            tasks.push(task("task-report-check", round.decide_on));
                        }
                        Some(_) => checks += 1,
                        None => {}
                    }
                }
                Stage::Agreed => agreed += 1,
                Stage::Published => {}
            }
        }
        let many = |message: &str, n: usize, due, filter: &str| Task {
            due: Some(due),
            title: ctx.words().with(message, [("n", i64::try_from(n).unwrap_or(i64::MAX))]),
            note: name.clone(),
            address: round.address(filter),
        };
        if checks > 0 {
            tasks.push(many("task-reports-check", checks, round.decide_on, "?stage=mine"));
        }
        if person.holds(Role::Coordinator) {
            if agreed > 0 {
                tasks.push(many("task-reports-publish", agreed, round.decide_on, "?stage=agreed"));
            }
            if missing > 0 && round.days_late(ctx.today) > 0 {
                tasks.push(many("task-reports-missing", missing, round.due_on, "?late=1"));
            }
        }
    }
    Ok(tasks)
}

/// What whoever asks handed in, and where it stands.
pub(crate) async fn sent(ctx: &Ctx) -> Result<Vec<HandedIn>> {
    let person = ctx.person()?;
    if !person.holds_any(&[Role::Coordinator, Role::Reporter, Role::Head]) {
        return Ok(Vec::new());
    }
    let Some((_, plan)) = kept::maybe_plan(ctx).await? else { return Ok(Vec::new()) };
    let sent = store::sent(&ctx.db, person.id, &plan.outline.route).await?;
    if sent.is_empty() {
        return Ok(Vec::new());
    }
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let f = ctx.frame("");
    let coordinators = super::names(&hands.of(Role::Coordinator).iter().collect::<Vec<_>>());
    let told = sent.into_iter().map(|one| HandedIn {
        at: one.report.last.as_ref().map_or(ctx.now, |done| done.at),
        title: one.title,
        status: stage_status(&f, &plan, one.report.stage),
        note: match one.report.stage {
            Stage::Agreed => f.with("sent-agreed", &[("who", &coordinators.join(&f.t("list-comma")))]),
            Stage::Returned => one.report.last.map(|done| done.note).unwrap_or_default(),
            _ => String::new(),
        },
        address: format!("/desk/plan/rounds/{}/{}", i32::from(one.year), one.key),
    });
    Ok(told.collect())
}
