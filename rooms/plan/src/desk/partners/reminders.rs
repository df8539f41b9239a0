//! Reminding partners who have not answered: one, all of a year, and by itself a few days before the day.

use axum::response::Response;
use chrono::TimeDelta;
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::jobs::{Claim, Every, Kind, Later, Outcome, Schedule, Work};
use kyodo_web::{Ctx, Form, KeyPath, Result, TwoKeys};
use serde_json::{Value, json};

use super::letters::{About, Desk};
use super::one::elsewhere;
use super::{One, by_partner, open};
use crate::desk::reminding::DAYS_BEFORE;
use crate::desk::year::Open;
use crate::partner::{Asked, Partner, Stage};
use crate::store;

/// Two reminders on one day would be one too many.
const APART: TimeDelta = TimeDelta::hours(12);

/// Reminds a partner as they stand in this transaction. False when they need no reminding any more.
async fn remind_now(ctx: &Ctx, tx: &mut Tx, open: &Open, id: i64) -> Result<bool> {
    // First, so that whoever changes the address or ends the link at the same time waits.
    store::hold_partner(tx, id).await?;
    let now = store::partner_now(tx, open.plan_id, open.year, id).await?;
    let asked = store::asked_now(tx, id).await?;
    let Some(now) = now.filter(|now| wants_reminding(now, &asked, ctx)) else { return Ok(false) };
    if !store::partner_reminded(tx, now.id, APART, ctx.now).await? {
        return Ok(false);
    }
    Desk::of(ctx).write(tx, &now, About::Reminded).await?;
    ctx.trail().note(tx, Entry::new("partner.reminded", now.subject())).await?;
    Ok(true)
}

fn wants_reminding(partner: &Partner, asked: &[Asked], ctx: &Ctx) -> bool {
    partner.is_reachable(ctx.today)
        && asked.iter().any(|one| one.stage == Stage::Asked)
        && partner.reminded_at.is_none_or(|at| ctx.now - at >= APART)
}

/// `POST …/{id}/reminder`
pub(super) async fn remind(ctx: Ctx, TwoKeys(of, id): TwoKeys, form: Form) -> Result<Response> {
    let one = One::managed(&ctx, &of, &id).await?;
    let mut change = ctx.change(&form).await?;
    if !remind_now(&ctx, &mut change.tx, &one.open, one.partner.id).await? {
        drop(change);
        return Ok(elsewhere(&ctx, &one));
    }
    change.done(&one.address(""), "said-partner-reminded").await
}

/// `POST /desk/plan/partners/{year}/reminders`: everybody who has not answered.
pub(super) async fn remind_all(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = open(&ctx, &of).await?;
    let partners = store::partners(&ctx.db, open.plan_id, open.year).await?;
    let asked = by_partner(store::asked_in(&ctx.db, open.plan_id, open.year).await?);
    let mut change = ctx.change(&form).await?;
    let mut told = 0_usize;
    for partner in partners.iter().filter(|one| asked.get(&one.id).is_some_and(|of| wants_reminding(one, of, &ctx))) {
        // Somebody may have answered since, or has another address by now.
        if remind_now(&ctx, &mut change.tx, &open, partner.id).await? {
            told += 1;
        }
    }
    let said = if told == 0 { "said-reminded-nobody" } else { "said-partners-reminded" };
    change.done(&open.address(""), said).await
}

// --- by itself ---------------------------------------------------------------------------------------------

/// The job that reminds by itself.
pub(crate) const JOB: Kind = Kind {
    name: "partner-reminders",
    label: "job-partner-reminders",
    attempts: 5,
    repeatable: false,
    run: remind_by_itself,
};

/// When it comes.
pub(crate) const SCHEDULE: Schedule = Schedule {
    name: "partner-reminders",
    label: "schedule-partner-reminders",
    every: Every::Daily { hour: 6, minute: 40 },
    job: "partner-reminders",
};

/// Writes to everybody who has three days left. The letters and the end of the job are one transaction: all of it happens
/// once, or none does and the job comes again.
fn remind_by_itself<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        let (now, today) = (work.now(), work.clock.today());
        let state = work.city.state().await?;
        let desk = Desk::of_job(work, &state);
        let mut tx = work.db().begin().await?;
        for partner in store::partners_missing_on(&mut tx, today + TimeDelta::days(DAYS_BEFORE)).await? {
            if store::partner_reminded(&mut tx, partner.id, APART, now).await? {
                desk.write(&mut tx, &partner, About::Reminded).await?;
                let entry = Entry::new("partner.reminded", partner.subject()).detail(json!({ "due": partner.due_on }));
                work.trail(claim).note(&mut tx, entry).await?;
            }
        }
        claim.done(&mut tx, now).await?;
        tx.commit().await?;
        Ok(())
    })
}
