//! What of the committee's evaluations waits for somebody.

use kyodo_kernel::people::Role;
use kyodo_web::{Ctx, Result, Task};

use super::{is_member, review_name};
use crate::evaluation::ReviewStage;
use crate::store;

/// A member's list until it is done; for the office what the meeting has to say, and what can be published.
pub(crate) async fn tasks(ctx: &Ctx, plan_id: i64) -> Result<Vec<Task>> {
    let person = ctx.person()?;
    if !person.holds_any(&[Role::CommitteeMember, Role::Coordinator]) {
        return Ok(Vec::new());
    }
    let reviews = store::reviews(&ctx.db, plan_id).await?;
    if reviews.iter().all(|review| review.published_at.is_some()) {
        return Ok(Vec::new());
    }
    let counts = store::review_counts(&ctx.db, plan_id, person.id).await?;
    let mut tasks = Vec::new();
    for review in &reviews {
        let (items, own) = counts.get(&review.id).copied().unwrap_or_default();
        let name = review_name(ctx, review);
        match review.stage(ctx.today) {
            ReviewStage::Open if is_member(ctx) && own < items => tasks.push(Task {
                due: Some(review.due_on),
                title: ctx.words().with("task-evaluation", [("n", items - own)]),
                note: name,
                address: review.address("?state=todo"),
            }),
            ReviewStage::Meeting if person.holds(Role::Coordinator) => tasks.push(Task {
                due: None,
                title: ctx.words().say("task-evaluation-meeting"),
                note: name,
                address: review.address(""),
            }),
            _ => {}
        }
    }
    Ok(tasks)
}
