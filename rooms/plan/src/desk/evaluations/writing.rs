//! A member writes what they think of an item: a draft that keeps itself, and what the meeting will read.

use axum::http::HeaderMap;
use axum::response::Response;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::drafts;
use kyodo_web::form::{led_to, seen_at};
use kyodo_web::{Ctx, Form, Result, TwoKeys, format};
use serde_json::json;

use super::{Item, item, keep, saved_by_itself, typed};
use crate::desk::conflict::{ConflictPage, Row};
use crate::desk::{BASE, Heading};
use crate::evaluation::Remark;
use crate::store;

/// `POST …/draft`: by itself while a member writes, or with a button.
pub(super) async fn save(ctx: Ctx, keys: TwoKeys, headers: HeaderMap, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    keep(&ctx, &item.subject(), form.text(BASE), &typed(&form)).await?;
    if let Some(answer) = saved_by_itself(&ctx, &headers) {
        return Ok(answer);
    }
    Ok(led_to(&item.address(""), "said-draft-saved", ctx.house.settings.https))
}

/// `POST …/draft/removal`
pub(super) async fn remove(ctx: Ctx, keys: TwoKeys) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let mut tx = ctx.db.begin().await?;
    drafts::drop(&mut tx, ctx.person()?.id, &item.subject()).await?;
    tx.commit().await?;
    Ok(led_to(&item.address(""), "said-draft-removed", ctx.house.settings.https))
}

/// `POST /desk/plan/evaluations/{year}/{key}`: what a member thinks of an item, and on to the next.
pub(super) async fn write(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let person = ctx.person()?;
    let remark = typed(&form);
    let https = ctx.house.settings.https;
    match form.text("take") {
        "both" => {
            keep(&ctx, &item.subject(), form.text(BASE), &remark).await?;
            return Ok(seen_at(&item.address("")));
        }
        "theirs" => {
            keep(&ctx, &item.subject(), form.text(BASE), &remark).await?;
            return Ok(led_to(&item.open.review.address(""), "said-evaluation-left", https));
        }
        _ => {}
    }
    let faults = remark.faults(&item.open.plan.outline);
    if item.open.review.is_open(ctx.today) && !faults.is_empty() {
        return item::wrong(&ctx, &item, &form, &faults).await;
    }
    let next = next(&ctx, &item).await?;
    let mut change = ctx.change(&form).await?;
    let review = store::review_now(&mut change.tx, item.open.plan_id, item.open.review.year).await?;
    if review.is_none_or(|review| !review.is_open(ctx.today)) {
        drop(change);
        // Their words are not lost, even if nobody will read them.
        keep(&ctx, &item.subject(), form.text(BASE), &remark).await?;
        return Ok(led_to(&item.address(""), "said-evaluation-closed", https));
    }
    let seen = form.text(BASE).parse().unwrap_or(-1);
    if !store::put_remark(&mut change.tx, item.id, person.id, seen, &remark, ctx.now).await? {
        drop(change);
        return conflict(&ctx, &item, &remark).await;
    }
    drafts::drop(&mut change.tx, person.id, &item.subject()).await?;
    // What a member thinks is for the meeting; the trail knows that they wrote, not what.
    let entry = Entry::new("evaluation.written", item.subject()).detail(json!({ "version": seen + 1 }));
    ctx.trail().note(&mut change.tx, entry).await?;
    match (form.text("then"), next) {
        ("next", Some(next)) => change.done(&item.open.review.item(&next, ""), "said-evaluation-next").await,
        ("next", None) => change.done(&item.open.review.address(""), "said-evaluation-all").await,
        _ => change.done(&item.address(""), "said-evaluation-written").await,
    }
}

/// The key of the next item of which the member has said nothing, behind this one or from the beginning.
async fn next(ctx: &Ctx, item: &Item) -> Result<Option<String>> {
    let own = ctx.person()?.id;
    let items = item.open.items(ctx).await?;
    let done = store::remarks(&ctx.db, item.open.review.id).await?;
    let here = items.iter().position(|(node, _)| node.id == item.node.id).unwrap_or_default();
    let open = |(node, _): &&(crate::node::Node, i64)| {
        node.id != item.node.id && !done.iter().any(|one| one.node == node.id && one.account == own)
    };
    let (before, after) = items.split_at(here);
    Ok(after.iter().chain(before).find(open).map(|(node, _)| node.real_key().to_owned()))
}

/// Shows both: what was saved in another window, and what was typed in this one, which is kept as a draft first.
async fn conflict(ctx: &Ctx, item: &Item, mine: &Remark) -> Result<Response> {
    let person = ctx.person()?;
    let stored = store::remark_of(&ctx.db, item.id, person.id).await?;
    let version = stored.as_ref().map_or(0, |one| one.version).to_string();
    let since = stored.as_ref().map(|one| format::long_moment(one.at, ctx.language)).unwrap_or_default();
    let theirs = stored.map(|one| one.remark).unwrap_or_default();
    keep(ctx, &item.subject(), &version, mine).await?;
    let f = item.frame(ctx);
    let rows = |name: &str, label: &str| {
        let of = |remark: &Remark| remark.fields().find(|(own, _)| *own == name).map(|(_, text)| text);
        Row::of(f.t(label), &of(mine).unwrap_or_default(), &of(&theirs).unwrap_or_default())
    };
    let page = ConflictPage {
        words: "evaluation",
        heading: Heading { code: item.code(), title: f.phrases(&item.node.title) },
        lead: f.t("evaluation-conflict-own"),
        mine: f.t("evaluation-this-window"),
        theirs: f.t("evaluation-other-window"),
        since,
        rows: [rows("grade", "evaluation-grade"), rows("comment", "evaluation-comment")]
            .into_iter()
            .flatten()
            .collect(),
        action: item.address(""),
        later: "/desk",
        base: version,
        fields: mine.fields().map(|(name, value)| (name.to_owned(), value)).collect(),
        f: &f,
    };
    Ok(page.answer())
}
