//! Reminding those who have not handed in: one by one, all at once, and by itself three days before the day and on the
//! morning after it.

use std::collections::HashMap;

use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::Tx;
use kyodo_kernel::Language;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::jobs::{Claim, Every, Kind, Later, Outcome, Schedule, Work};
use kyodo_kernel::notices;
use kyodo_kernel::people::AccountId;
use kyodo_kernel::profile::Department;
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Form, KeyPath, Result, format};
use serde_json::{Value, json};

use super::{Hands, Open};
use crate::node::Node;
use crate::round::Round;
use crate::store::{self, Report};

/// `POST /desk/plan/rounds/{year}/reminders`: of the report that is named, or of all that are missing.
pub(super) async fn remind(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    let person = ctx.person()?;
    if !open.round.is_open(ctx.today) {
        return Ok(led_to(&open.round.address(""), "said-round-not-open", ctx.house.settings.https));
    }
    let nodes = store::all_nodes(&ctx.db, open.plan_id).await?;
    let reports = store::reports(&ctx.db, open.round.id, &open.plan.outline.route).await?;
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let asked: Option<i64> = form.some("report").map(|text| text.parse().unwrap_or(-1));
    let missing = missing(&open.round, &nodes, &reports, &hands, &ctx.state.departments);
    let missing = missing.into_iter().filter(|one| asked.is_none_or(|id| one.report == id)).collect::<Vec<_>>();
    let mut change = ctx.change(&form).await?;
    let due = format::day(open.round.due_on, ctx.language);
    let told = tell(&mut change.tx, &open.round, &missing, &due, Some(person.id), ctx.now).await?;
    if told == 0 {
        return change.done(&open.round.address(""), "said-reminded-nobody").await;
    }
    let subject = format!("round:{}", i32::from(open.round.year));
    let detail = json!({ "items": missing.len(), "people": told });
    ctx.trail().note(&mut change.tx, Entry::new("round.reminded", subject).detail(detail)).await?;
    change.done(&open.round.address(""), "said-reminded").await
}

/// A report that is not handed in, and who should.
struct Missing {
    report: i64,
    title: String,
    address: String,
    writers: Vec<AccountId>,
}

fn missing(
    round: &Round,
    nodes: &[Node],
    reports: &HashMap<i64, Report>,
    hands: &Hands,
    known: &[Department],
) -> Vec<Missing> {
    let items = nodes.iter().filter(|node| !node.is_alias());
    let items = items.filter_map(|node| Some((node, reports.get(&node.id)?)));
    items
        .filter(|(_, report)| report.stage.is_with_department())
        .map(|(node, report)| {
            let departments: Vec<String> = round.departments(node, known).into_iter().map(str::to_owned).collect();
            let mut writers: Vec<AccountId> =
                hands.writers(&departments).into_iter().map(|holder| AccountId(holder.id)).collect();
            writers.sort_unstable();
            writers.dedup();
            Missing { report: report.id, title: node.title.clone(), address: round.item(node, ""), writers }
        })
        .collect()
}

/// Tells everybody once: of their one report, or of how many. How many people were told.
async fn tell(
    tx: &mut Tx,
    round: &Round,
    missing: &[Missing],
    due: &str,
    by: Option<AccountId>,
    now: DateTime<Utc>,
) -> kyodo_db::Result<usize> {
    let mut own: Vec<(AccountId, Vec<&Missing>)> = Vec::new();
    for one in missing {
        for writer in &one.writers {
            store::remind(tx, one.report, *writer, by, now).await?;
            match own.iter_mut().find(|(known, _)| known == writer) {
                Some((_, list)) => list.push(one),
                None => own.push((*writer, vec![one])),
            }
        }
    }
    for (writer, list) in &own {
        if let [only] = list.as_slice() {
            let said = [("title", only.title.as_str()), ("due", due)];
            notices::tell(tx, *writer, "notice-reminder", &said, &only.address, now).await?;
        } else {
            let n = list.len().to_string();
            let said = [("n", n.as_str()), ("due", due)];
            let to = round.address("?stage=mine");
            notices::tell(tx, *writer, "notice-reminder-many", &said, &to, now).await?;
        }
    }
    Ok(own.len())
}

// --- by itself ---------------------------------------------------------------------------------------------

/// The job that reminds by itself.
pub(crate) const JOB: Kind = Kind {
    name: "round-reminders",
    label: "job-round-reminders",
    attempts: 5,
    repeatable: false,
    run: remind_by_itself,
};

/// When it comes.
pub(crate) const SCHEDULE: Schedule = Schedule {
    name: "round-reminders",
    label: "schedule-round-reminders",
    every: Every::Daily { hour: 6, minute: 30 },
    job: "round-reminders",
};

/// Three days before the day, and on the morning after it.
fn is_a_day_to_remind(round: &Round, today: NaiveDate) -> bool {
    let left = (round.due_on - today).num_days();
    round.is_open(today) && (left == 3 || left == -1)
}

/// Reminds everybody whose reports are missing. The notices and the end of the job are one transaction: all of it happens
/// once, or none does and the job comes again.
fn remind_by_itself<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        let (now, today) = (work.now(), work.clock.today());
        let state = work.city.state().await?;
        let mut due = Vec::new();
        if let Some((plan_id, plan)) = store::plan(work.db()).await? {
            for round in store::rounds(work.db(), plan_id).await? {
                if is_a_day_to_remind(&round, today) {
                    let nodes = store::all_nodes(work.db(), plan_id).await?;
                    let reports = store::reports(work.db(), round.id, &plan.outline.route).await?;
                    let hands = Hands::load(work.db(), today).await?;
                    let missing = missing(&round, &nodes, &reports, &hands, &state.departments);
                    due.push((round, missing));
                }
            }
        }
        let mut tx = work.db().begin().await?;
        for (round, missing) in &due {
            let day = format::day(round.due_on, Language::Japanese);
            let told = tell(&mut tx, round, missing, &day, None, now).await?;
            if told > 0 {
                let subject = format!("round:{}", i32::from(round.year));
                let detail = json!({ "items": missing.len(), "people": told });
                work.trail(claim).note(&mut tx, Entry::new("round.reminded", subject).detail(detail)).await?;
            }
        }
        claim.done(&mut tx, now).await?;
        tx.commit().await?;
        Ok(())
    })
}
