//! One button makes public what the meeting said, and asks those in charge to answer.

use axum::response::Response;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::city;
use kyodo_web::{Ctx, Error, Faults, Form, KeyPath, Result};
use serde_json::json;

use super::{Open, review, review_name};
use crate::desk::opinions::Telling;
use crate::desk::rounds::day_of;
use crate::evaluation::{Evaluation, Remark};
use crate::store;

/// What the meeting says as it stands, for a form that makes public what was seen.
pub(super) fn seen(said: &Evaluation) -> String {
    format!("{}.{}", said.id, Remark::stored(said.grade.clone(), said.comment.clone()).fingerprint())
}

/// `POST /desk/plan/evaluations/{year}/publication`: what the meeting said when the page was made. What is written or
/// changed after that waits for another look.
pub(super) async fn publish(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    let f = open.frame(&ctx, review_name(&ctx, &open.review));
    let mut found = Vec::new();
    let mut faults = Faults::default();
    let day = day_of(&f, &form, &mut faults, "answer");
    match day {
        None => found.push((
            "answer",
            if form.has("answer") && form.some("answer").is_some() { "round-day-wrong" } else { "round-day-missing" },
        )),
        Some(day) if day < ctx.today => found.push(("answer", "evaluation-answer-past")),
        Some(_) => {}
    }
    if form.text("sure") != "yes" {
        found.push(("sure", "evaluation-publish-unsure"));
    }
    let (Some(day), true) = (day, found.is_empty()) else {
        return review::wrong(&ctx, &open, &form, &found).await;
    };
    let telling = Telling::load(&ctx, open.plan_id, open.review.year).await?;
    let mut change = ctx.change(&form).await?;
    // First, so that those who publish or write at the same time wait.
    city::bump_revision(&mut change.tx).await?;
    store::hold_review(&mut change.tx, open.review.id).await?;
    let (plan, year) = (open.plan_id, open.review.year);
    let review = store::review_now(&mut change.tx, plan, year).await?.ok_or(Error::NotFound)?;
    let read: Vec<&str> = form.all("seen").collect();
    let waiting = store::meeting_now(&mut change.tx, plan, year).await?;
    let waiting: Vec<&Evaluation> = waiting.iter().filter(|said| said.published_on.is_none()).collect();
    let agreed = waiting.iter().filter(|said| read.contains(&seen(said).as_str()));
    let agreed: Vec<i64> = agreed.map(|said| said.id).collect();
    let published = store::publish_opinions(&mut change.tx, &agreed, &review.body, ctx.today, day).await?;
    let left = waiting.len() - published.len();
    if published.is_empty() && left > 0 {
        return change.done(&open.review.address("#publish"), "said-evaluation-overtaken").await;
    }
    if published.is_empty() {
        return change.done(&open.review.address(""), "said-evaluation-nothing").await;
    }
    store::publish_review(&mut change.tx, open.review.id, ctx.now).await?;
    let detail = json!({ "opinions": published.len(), "answer": day });
    ctx.trail().note(&mut change.tx, Entry::new("evaluation.published", open.subject()).detail(detail)).await?;
    let about: Vec<Option<i64>> = published.iter().map(|(_, node)| *node).collect();
    telling.tell(&ctx, &mut change.tx, &about, day).await?;
    let said = if left > 0 { "said-evaluation-published-seen" } else { "said-evaluation-published" };
    change.done(&open.review.address(""), said).await
}
