//! Reminding members of what is left on their list, and departments of what they have not answered: by the office, and by
//! itself three days before the day.

use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Db, Tx};
use kyodo_kernel::Language;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::jobs::{Claim, Every, Kind, Later, Outcome, Schedule, Work};
use kyodo_kernel::notices;
use kyodo_kernel::people::AccountId;
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Form, KeyPath, Result, format};
use serde_json::{Value, json};

use super::{Open, sitting, subject};
use crate::desk::opinions::unanswered;
use crate::desk::reminding::DAYS_BEFORE;
use crate::evaluation::{OPINIONS, Review};
use crate::store;

/// `POST /desk/plan/evaluations/{year}/reminders`: everybody who has something left.
pub(super) async fn remind(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    let review = &open.review;
    if !review.is_open(ctx.today) {
        return Ok(led_to(&review.address(""), "said-round-not-open", ctx.house.settings.https));
    }
    let behind = behind(&ctx.db, review, ctx.today).await?;
    let mut change = ctx.change(&form).await?;
    let due = format::day(review.due_on, Language::Japanese);
    tell(&mut change.tx, review, &behind, &due, ctx.now).await?;
    if behind.is_empty() {
        return change.done(&review.address(""), "said-reminded-nobody").await;
    }
    let detail = json!({ "people": behind.len() });
    ctx.trail().note(&mut change.tx, Entry::new("evaluation.reminded", open.subject()).detail(detail)).await?;
    change.done(&review.address(""), "said-reminded").await
}

/// Every member with how many items are left to them, if any are.
async fn behind(db: &Db, review: &Review, today: NaiveDate) -> kyodo_db::Result<Vec<(AccountId, usize)>> {
    let items = store::review_items(db, review.id).await?.len();
    let remarks = store::remarks(db, review.id).await?;
    let members = sitting(db, today).await?;
    let left = members.iter().map(|member| (member.account, member.left(&remarks, items)));
    Ok(left.filter(|(_, left)| *left > 0).collect())
}

async fn tell(
    tx: &mut Tx,
    review: &Review,
    behind: &[(AccountId, usize)],
    due: &str,
    now: DateTime<Utc>,
) -> kyodo_db::Result<()> {
    for (member, left) in behind {
        let n = left.to_string();
        let said = [("n", n.as_str()), ("due", due)];
        let to = review.address("?state=todo");
        notices::tell(tx, *member, "notice-evaluation-reminder", &said, &to, now).await?;
    }
    Ok(())
}

// --- by itself ---------------------------------------------------------------------------------------------

/// The job that reminds by itself.
pub(crate) const JOB: Kind = Kind {
    name: "evaluation-reminders",
    label: "job-evaluation-reminders",
    attempts: 5,
    repeatable: false,
    run: remind_by_itself,
};

/// When it comes.
pub(crate) const SCHEDULE: Schedule = Schedule {
    name: "evaluation-reminders",
    label: "schedule-evaluation-reminders",
    every: Every::Daily { hour: 6, minute: 40 },
    job: "evaluation-reminders",
};

/// Reminds everybody who has something left. The notices and the end of the job are one transaction.
fn remind_by_itself<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        let (now, today) = (work.now(), work.clock.today());
        let state = work.city.state().await?;
        let near = |day: NaiveDate| (day - today).num_days() == DAYS_BEFORE;
        let (mut members, mut departments) = (Vec::new(), Vec::new());
        if let Some((plan_id, _)) = store::plan(work.db()).await? {
            for review in store::reviews(work.db(), plan_id).await? {
                if review.is_open(today) && near(review.due_on) {
                    let behind = behind(work.db(), &review, today).await?;
                    members.push((review, behind));
                }
            }
            departments = unanswered(work.db(), plan_id, &state.departments, today, near).await?;
        }
        let mut tx = work.db().begin().await?;
        for (review, behind) in members.iter().filter(|(_, behind)| !behind.is_empty()) {
            let due = format::day(review.due_on, Language::Japanese);
            tell(&mut tx, review, behind, &due, now).await?;
            let detail = json!({ "people": behind.len() });
            let entry = Entry::new("evaluation.reminded", subject(review)).detail(detail);
            work.trail(claim).note(&mut tx, entry).await?;
        }
        for (writer, n, due) in &departments {
            let (n, due) = (n.to_string(), format::day(*due, Language::Japanese));
            let said = [("n", n.as_str()), ("due", due.as_str())];
            let to = format!("{OPINIONS}?state=mine");
            notices::tell(&mut tx, *writer, "notice-opinions-reminder", &said, &to, now).await?;
        }
        claim.done(&mut tx, now).await?;
        tx.commit().await?;
        Ok(())
    })
}
