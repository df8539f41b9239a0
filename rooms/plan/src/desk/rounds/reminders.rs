//! Which reports are missing, and who should write them.

use std::collections::HashMap;

use axum::response::Response;
use chrono::NaiveDate;
use kyodo_db::Db;
use kyodo_kernel::profile::Department;
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Form, KeyPath, Result};

use super::{Hands, Open};
use crate::desk::reminding::{self, Due, Missing, Of, is_a_day_to_remind, writers};
use crate::node::Node;
use crate::plan::Plan;
use crate::round::Round;
use crate::store::{self, Report};

/// `POST /desk/plan/rounds/{year}/reminders`: of the report that is named, or of all that are missing.
pub(super) async fn remind(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    let back = open.round.address("");
    if !open.round.is_open(ctx.today) {
        return Ok(led_to(&back, "said-round-not-open", ctx.house.settings.https));
    }
    let nodes = store::all_nodes(&ctx.db, open.plan_id).await?;
    let reports = store::reports(&ctx.db, open.round.id, &open.plan.outline.route).await?;
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let due = missing(&open.round, &nodes, &reports, &hands, &ctx.state.departments);
    reminding::remind(&ctx, &form, due, &back).await
}

fn missing(round: &Round, nodes: &[Node], reports: &HashMap<i64, Report>, hands: &Hands, known: &[Department]) -> Due {
    let items = nodes.iter().filter(|node| !node.is_alias());
    let items = items.filter_map(|node| Some((node, reports.get(&node.id)?)));
    let missing = items.filter(|(_, report)| report.stage.is_with_department()).map(|(node, report)| {
        let departments: Vec<String> = round.departments(node, known).into_iter().map(str::to_owned).collect();
        Missing {
            id: report.id,
            title: node.title.clone(),
            address: round.item(node, ""),
            writers: writers(hands, &departments),
        }
    });
    Due {
        of: Of::Report,
        subject: format!("round:{}", i32::from(round.year)),
        until: round.due_on,
        list: round.address("?stage=mine"),
        missing: missing.collect(),
    }
}

/// What is missing on a day on which people are reminded by themselves.
pub(in crate::desk) async fn due(
    db: &Db,
    (plan_id, plan): (i64, &Plan),
    known: &[Department],
    today: NaiveDate,
) -> kyodo_db::Result<Vec<Due>> {
    let mut due = Vec::new();
    for round in store::rounds(db, plan_id).await? {
        if round.is_open(today) && is_a_day_to_remind(round.due_on, today) {
            let nodes = store::all_nodes(db, plan_id).await?;
            let reports = store::reports(db, round.id, &plan.outline.route).await?;
            let hands = Hands::load(db, today).await?;
            due.push(missing(&round, &nodes, &reports, &hands, known));
        }
    }
    Ok(due)
}
