//! Reminding departments of what they have not handed in: one by one, all at once, and by itself three days before the
//! day and on the morning after it.

use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::Tx;
use kyodo_kernel::Language;
use kyodo_kernel::audit::{Entry, Trail};
use kyodo_kernel::jobs::{self, Claim, Every, Later, Outcome, Schedule, Work};
use kyodo_kernel::notices;
use kyodo_kernel::people::AccountId;
use kyodo_web::{Ctx, Form, Result, format};
use serde_json::{Value, json};

use super::rounds::Hands;
use super::{revisions, rounds};
use crate::store;

/// So many days before the last day people are reminded by themselves.
pub(super) const DAYS_BEFORE: i64 = 3;

/// What departments hand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// The report of an item's year.
    Report,
    /// What becomes of an item in a revision.
    Proposal,
}

impl Of {
    /// As the trail names it, the notice of one, and the notice of several.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Report => ("round.reminded", "notice-reminder", "notice-reminder-many"),
            Self::Proposal => ("revision.reminded", "notice-proposal-reminder", "notice-proposal-reminder-many"),
        }
    }
}

/// What is not handed in until a day.
pub(super) struct Due {
    pub(super) of: Of,
    /// As the trail names what it belongs to.
    pub(super) subject: String,
    pub(super) until: NaiveDate,
    /// Where somebody finds all that is theirs.
    pub(super) list: String,
    pub(super) missing: Vec<Missing>,
}

/// What is missing of an item, and who should write it.
pub(super) struct Missing {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) address: String,
    pub(super) writers: Vec<AccountId>,
}

/// Everybody who writes for these departments, each once.
pub(super) fn writers(hands: &Hands, departments: &[String]) -> Vec<AccountId> {
    let mut writers: Vec<AccountId> =
        hands.writers(departments).into_iter().map(|holder| AccountId(holder.id)).collect();
    writers.sort_unstable();
    writers.dedup();
    writers
}

/// Whether people are reminded by themselves: three days before the last day, and on the morning after it.
pub(super) fn is_a_day_to_remind(due_on: NaiveDate, today: NaiveDate) -> bool {
    matches!((due_on - today).num_days(), DAYS_BEFORE | -1)
}

/// Reminds of the one item that a form names, or of all that are missing, and leads back.
pub(super) async fn remind(ctx: &Ctx, form: &Form, mut due: Due, back: &str) -> Result<Response> {
    if let Some(asked) = form.some("item") {
        due.missing.retain(|one| one.id.to_string() == asked);
    }
    let mut change = ctx.change(form).await?;
    let told = tell(&mut change.tx, &ctx.trail(), &due, Some(ctx.person()?.id), ctx.now).await?;
    change.done(back, if told == 0 { "said-reminded-nobody" } else { "said-reminded" }).await
}

/// Tells everybody once: of the one thing that is missing, or of how many. How many people were told.
async fn tell(
    tx: &mut Tx,
    trail: &Trail,
    due: &Due,
    by: Option<AccountId>,
    now: DateTime<Utc>,
) -> kyodo_db::Result<usize> {
    let (action, one, several) = due.of.words();
    let day = format::day(due.until, Language::Japanese);
    let mut own: Vec<(AccountId, Vec<&Missing>)> = Vec::new();
    for missing in &due.missing {
        for writer in &missing.writers {
            if due.of == Of::Report {
                store::remind(tx, missing.id, *writer, by, now).await?;
            }
            match own.iter_mut().find(|(known, _)| known == writer) {
                Some((_, list)) => list.push(missing),
                None => own.push((*writer, vec![missing])),
            }
        }
        if due.of == Of::Proposal && !missing.writers.is_empty() {
            store::revisions::remind(tx, missing.id, now).await?;
        }
    }
    for (writer, list) in &own {
        if let [only] = list.as_slice() {
            let said = [("title", only.title.as_str()), ("due", day.as_str())];
            notices::tell(tx, *writer, one, &said, &only.address, now).await?;
        } else {
            let n = list.len().to_string();
            let said = [("n", n.as_str()), ("due", day.as_str())];
            notices::tell(tx, *writer, several, &said, &due.list, now).await?;
        }
    }
    if !own.is_empty() {
        let detail = json!({ "items": due.missing.len(), "people": own.len() });
        trail.note(tx, Entry::new(action, due.subject.as_str()).detail(detail)).await?;
    }
    Ok(own.len())
}

// --- by itself ---------------------------------------------------------------------------------------------

/// The job that reminds by itself.
pub(crate) const JOB: jobs::Kind = jobs::Kind {
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

/// Reminds everybody who is behind today. The notices and the end of the job are one transaction: all of it happens once,
/// or none does and the job comes again.
fn remind_by_itself<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        let (now, today) = (work.now(), work.clock.today());
        let state = work.city.state().await?;
        let mut all = Vec::new();
        if let Some((plan_id, plan)) = store::plan(work.db()).await? {
            all = rounds::reminders::due(work.db(), (plan_id, &plan), &state.departments, today).await?;
            all.extend(revisions::reminders::due(work.db(), (plan_id, &plan), &state.departments, today).await?);
        }
        let mut tx = work.db().begin().await?;
        for due in &all {
            tell(&mut tx, &work.trail(claim), due, None, now).await?;
        }
        claim.done(&mut tx, now).await?;
        tx.commit().await?;
        Ok(())
    })
}
