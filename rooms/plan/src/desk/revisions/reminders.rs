//! Which proposals are missing, and who should write them.

use axum::response::Response;
use chrono::NaiveDate;
use kyodo_db::Db;
use kyodo_kernel::profile::Department;
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Form, KeyPath, Result};

use super::{Open, under_review};
use crate::desk::reminding::{self, Due, Missing, Of, is_a_day_to_remind, writers};
use crate::desk::rounds::Hands;
use crate::plan::Plan;
use crate::revision::Revision;
use crate::store;
use crate::store::revisions;

/// `POST /desk/plan/revisions/{year}/reminders`: of the proposal that is named, or of all that are missing.
pub(super) async fn remind(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    let back = open.revision.address("");
    if !open.revision.is_open(ctx.today) {
        return Ok(led_to(&back, "said-round-not-open", ctx.house.settings.https));
    }
    let due = missing(&ctx.db, &open.revision, &open.plan, &ctx.state.departments, ctx.today).await?;
    reminding::remind(&ctx, &form, due, &back).await
}

async fn missing(
    db: &Db,
    revision: &Revision,
    plan: &Plan,
    known: &[Department],
    today: NaiveDate,
) -> kyodo_db::Result<Due> {
    let proposals = revisions::proposals(db, revision.id, &plan.outline.route).await?;
    let hands = Hands::load(db, today).await?;
    let items = under_review(revision, plan, proposals).into_iter();
    let missing = items.filter(|(_, proposal)| proposal.stage.is_with_department()).map(|(node, proposal)| {
        let departments: Vec<String> = revision.departments(node, known).into_iter().map(str::to_owned).collect();
        Missing {
            id: proposal.id,
            title: node.title.clone(),
            address: revision.item(node, ""),
            writers: writers(&hands, &departments),
        }
    });
    Ok(Due {
        of: Of::Proposal,
        subject: revision.subject(),
        until: revision.due_on,
        list: revision.address("?stage=mine"),
        missing: missing.collect(),
    })
}

/// What is missing on a day on which people are reminded by themselves.
pub(in crate::desk) async fn due(
    db: &Db,
    (plan_id, plan): (i64, &Plan),
    known: &[Department],
    today: NaiveDate,
) -> kyodo_db::Result<Vec<Due>> {
    let mut due = Vec::new();
    for revision in revisions::revisions(db, plan_id).await? {
        if revision.is_open(today) && is_a_day_to_remind(revision.due_on, today) {
            let plan = plan.with_nodes(store::all_nodes(db, plan_id).await?);
            due.push(missing(db, &revision, &plan, known, today).await?);
        }
    }
    Ok(due)
}
