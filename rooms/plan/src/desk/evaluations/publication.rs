//! One button makes public what the meeting said, and asks those in charge to answer.

use axum::response::Response;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::city;
use kyodo_web::{Ctx, Faults, Form, KeyPath, Result};
use serde_json::json;

use super::{Open, review, review_name};
use crate::desk::opinions::Telling;
use crate::desk::rounds::day_of;
use crate::store;

/// `POST /desk/plan/evaluations/{year}/publication`
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
    let body = open.review.body.as_str();
    let published = store::publish_opinions(&mut change.tx, plan, year, body, ctx.today, day).await?;
    if published.is_empty() {
        return change.done(&open.review.address(""), "said-evaluation-nothing").await;
    }
    store::publish_review(&mut change.tx, open.review.id, ctx.now).await?;
    let detail = json!({ "opinions": published.len(), "answer": day });
    ctx.trail().note(&mut change.tx, Entry::new("evaluation.published", open.subject()).detail(detail)).await?;
    let about: Vec<Option<i64>> = published.iter().map(|(_, node)| *node).collect();
    telling.tell(&ctx, &mut change.tx, &about, day).await?;
    change.done(&open.review.address(""), "said-evaluation-published").await
}
