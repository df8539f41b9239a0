//! What partners say becomes public, one by one or all of it, or is kept back with a reason.

use axum::response::{IntoResponse, Response};
use chrono::Days;
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::city;
use kyodo_web::{Ctx, Faults, Form, KeyPath, Result, TwoKeys, Wrong};
use serde_json::json;

use super::one::{elsewhere, frame, page};
use super::{One, open};
use crate::desk::opinions::Telling;
use crate::desk::year::{Open, reason_of};
use crate::evaluation::{DAYS_TO_ANSWER, Evaluation, Kind};
use crate::partner::{Asked, subject};
use crate::store;

/// The opinion that a form names, as it stands in this transaction, and the version that was seen.
async fn named(tx: &mut Tx, one: &One, form: &Form) -> Result<Option<Asked>> {
    let asked = store::asked_now(tx, one.partner.id).await?;
    let seen =
        |asked: &Asked| form.text("item") == asked.id.to_string() && form.text("base") == asked.version.to_string();
    Ok(asked.into_iter().find(seen))
}

/// `POST …/{id}/publication`
pub(super) async fn publish(ctx: Ctx, TwoKeys(of, id): TwoKeys, form: Form) -> Result<Response> {
    let one = One::load(&ctx, &of, &id).await?;
    let telling = Telling::load(&ctx, one.open.plan_id, one.open.year).await?;
    let mut change = ctx.change(&form).await?;
    city::bump_revision(&mut change.tx).await?;
    let asked = named(&mut change.tx, &one, &form).await?;
    let published = match &asked {
        Some(asked) => make_public(&ctx, &mut change.tx, &one.open, asked).await?.then_some(asked.node),
        None => None,
    };
    if published.is_none() {
        drop(change);
        return Ok(elsewhere(&ctx, &one));
    }
    telling.tell(&ctx, &mut change.tx, &[published], ctx.today + Days::new(DAYS_TO_ANSWER)).await?;
    change.done(&one.address(""), "said-partner-published").await
}

/// `POST /desk/plan/partners/{year}/publications`: every opinion that stood there when the page was made.
pub(super) async fn publish_all(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = open(&ctx, &of).await?;
    let seen: Vec<&str> = form.all("seen").collect();
    let telling = Telling::load(&ctx, open.plan_id, open.year).await?;
    let mut change = ctx.change(&form).await?;
    city::bump_revision(&mut change.tx).await?;
    let mut published = Vec::new();
    for asked in store::asked_in_now(&mut change.tx, open.plan_id, open.year).await? {
        if seen.contains(&format!("{}.{}", asked.id, asked.version).as_str())
            && make_public(&ctx, &mut change.tx, &open, &asked).await?
        {
            published.push(Some(asked.node));
        }
    }
    telling.tell(&ctx, &mut change.tx, &published, ctx.today + Days::new(DAYS_TO_ANSWER)).await?;
    let said = if published.is_empty() { "said-partners-none" } else { "said-partners-published" };
    change.done(&open.address(""), said).await
}

/// Makes an opinion public: what residents read, and the trail. False when it changed meanwhile.
async fn make_public(ctx: &Ctx, tx: &mut Tx, open: &Open, asked: &Asked) -> Result<bool> {
    if !store::opinion_published(tx, asked.id, asked.version, ctx.now).await? {
        return Ok(false);
    }
    let said = Evaluation {
        id: 0,
        node: Some(asked.node),
        year: open.year,
        kind: Kind::Mutual,
        evaluator: asked.opinion.shown_as.clone(),
        grade: asked.opinion.grade.clone(),
        comment: asked.opinion.comment.clone(),
        published_on: Some(ctx.today),
        answer: None,
    };
    store::put_evaluation(tx, open.plan_id, &said, false).await?;
    let key = open.node(asked.node).map_or("", |node| node.key.as_str());
    let entry = Entry::new("partner.published", subject(asked.partner)).detail(json!({ "item": key }));
    ctx.trail().note(tx, entry).await?;
    Ok(true)
}

/// `POST …/{id}/setting-aside`: residents never see it; why is for the desk alone.
pub(super) async fn set_aside(ctx: Ctx, TwoKeys(of, id): TwoKeys, form: Form) -> Result<Response> {
    let one = One::load(&ctx, &of, &id).await?;
    let field = format!("reason-{}", form.text("item"));
    let (f, mut faults) = (frame(&ctx, &one), Faults::default());
    let Some(reason) = reason_of(&f, &form, &mut faults, &field, "partner-reason-missing") else {
        return Ok(Wrong(page(&f, &one, &form, &faults)).into_response());
    };
    let mut change = ctx.change(&form).await?;
    let asked = named(&mut change.tx, &one, &form).await?;
    let done = match &asked {
        Some(asked) => store::set_opinion_aside(&mut change.tx, asked.id, asked.version, reason, ctx.now).await?,
        None => false,
    };
    if !done {
        drop(change);
        return Ok(elsewhere(&ctx, &one));
    }
    note(&ctx, &mut change.tx, &one, "partner.set-aside", asked.as_ref()).await?;
    change.done(&one.address(""), "said-partner-aside").await
}

/// `POST …/{id}/taking-up`: what was kept back waits again.
pub(super) async fn take_up(ctx: Ctx, TwoKeys(of, id): TwoKeys, form: Form) -> Result<Response> {
    let one = One::load(&ctx, &of, &id).await?;
    let mut change = ctx.change(&form).await?;
    let asked = named(&mut change.tx, &one, &form).await?;
    let done = match &asked {
        Some(asked) => store::take_opinion_up(&mut change.tx, asked.id, asked.version).await?,
        None => false,
    };
    if !done {
        drop(change);
        return Ok(elsewhere(&ctx, &one));
    }
    note(&ctx, &mut change.tx, &one, "partner.taken-up", asked.as_ref()).await?;
    change.done(&one.address(""), "said-partner-taken-up").await
}

async fn note(ctx: &Ctx, tx: &mut Tx, one: &One, action: &'static str, asked: Option<&Asked>) -> Result<()> {
    let key = asked.and_then(|asked| one.open.node(asked.node)).map_or("", |node| node.key.as_str());
    ctx.trail().note(tx, Entry::new(action, one.partner.subject()).detail(json!({ "item": key }))).await?;
    Ok(())
}
