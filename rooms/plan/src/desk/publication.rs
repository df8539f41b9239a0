//! A text becomes public: once, in one transaction with everything that belongs to it, and never over what its writer
//! has not seen.

use std::collections::HashSet;

use axum::response::Response;
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::{self, AccountId, Role};
use kyodo_kernel::{city, drafts, notices, search};
use kyodo_web::form::{led_to, seen_at};
use kyodo_web::{Ctx, Error, Form, Frame, KeyPath, Result, format};
use serde_json::json;

use super::conflict::{ConflictPage, Row};
use super::{BASE, Heading, Open, draft, edit, typed};
use crate::findable;
use crate::node::Node;
use crate::store::{self, Edition};
use crate::text::Text;

/// `POST /desk/plan/nodes/{key}/publication`
pub(super) async fn publish(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &key).await?;
    let person = open.writer(&ctx)?;
    match form.text("take") {
        "both" => {
            draft::keep(&ctx, &open, &form).await?;
            return Ok(seen_at(&open.address("")));
        }
        "theirs" => {
            draft::keep(&ctx, &open, &form).await?;
            return Ok(led_to("/desk/plan", "said-text-left", ctx.house.settings.https));
        }
        _ => {}
    }
    let text = typed(&form);
    let faults = text.faults(&open.node.title);
    if !faults.is_empty() {
        return edit::wrong(&ctx, &open, &form, &faults).await;
    }
    let colleagues = colleagues(&ctx, &open.node).await?;
    let mut change = ctx.change(&form).await?;
    let mut node = now(&mut change.tx, &open).await?;
    let public = Text::of(&node);
    if public == text {
        drafts::drop(&mut change.tx, person.id, &node.subject()).await?;
        return change.done(&open.address(""), "said-text-same").await;
    }
    if public.fingerprint() != form.text(BASE) {
        // Nothing of the change stays, only the writer's words.
        drop(change);
        return conflict(&ctx, &open, &form, &text, &public).await;
    }
    let number = store::put_text(&mut change.tx, &mut node, &text, person.id, ctx.now).await?;
    drafts::drop(&mut change.tx, person.id, &node.subject()).await?;
    told(&ctx, &mut change.tx, &node, Told { number, restored: None }, &colleagues).await?;
    change.done(&open.address(""), "said-text-published").await
}

/// `POST /desk/plan/nodes/{key}/restoration`: an older text is published again, as a text of its own.
pub(super) async fn restore(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &key).await?;
    let person = open.writer(&ctx)?;
    let wanted: i64 = form.text("number").parse().map_err(|_| Error::NotFound)?;
    let texts = store::texts_of(&ctx.db, open.node.id).await?;
    let old = texts.into_iter().find(|edition| edition.number == wanted).ok_or(Error::NotFound)?;
    let colleagues = colleagues(&ctx, &open.node).await?;
    let mut change = ctx.change(&form).await?;
    let mut node = now(&mut change.tx, &open).await?;
    let public = Text::of(&node);
    if public.fingerprint() != form.text(BASE) {
        drop(change);
        return Ok(led_to(&open.address("/texts"), "said-text-newer", ctx.house.settings.https));
    }
    if public == old.text {
        return change.done(&open.address("/texts"), "said-text-same").await;
    }
    let number = store::put_text(&mut change.tx, &mut node, &old.text, person.id, ctx.now).await?;
    told(&ctx, &mut change.tx, &node, Told { number, restored: Some(wanted) }, &colleagues).await?;
    change.done(&open.address("/texts"), "said-text-restored").await
}

/// The line as it stands in the transaction. Raising the revision first makes those wait who publish at the same time.
async fn now(tx: &mut Tx, open: &Open) -> Result<Node> {
    city::bump_revision(tx).await?;
    let node = store::node_now(tx, open.plan_id, open.node.real_key()).await?.ok_or(Error::NotFound)?;
    Ok(Node { departments: open.node.departments.clone(), ..node })
}

/// What was done.
struct Told {
    number: i64,
    /// The number of the text that was put back.
    restored: Option<i64>,
}

/// Tells everybody whom it concerns: the trail, search, furigana, colleagues.
async fn told(ctx: &Ctx, tx: &mut Tx, node: &Node, done: Told, colleagues: &[AccountId]) -> Result<()> {
    let subject = node.subject();
    let (action, detail) = match done.restored {
        None => ("measure.published", json!({ "number": done.number })),
        Some(old) => ("measure.restored", json!({ "number": done.number, "restored": old })),
    };
    ctx.trail().note(tx, Entry::new(action, &*subject).detail(detail)).await?;
    search::update(tx, "plan", &findable::document(node)).await?;
    city::put_readings(tx, &subject, &node.details.readings, ctx.now).await?;
    let who = ctx.person()?.name.as_str();
    let message = if done.restored.is_some() { "notice-text-restored" } else { "notice-text-published" };
    let said = [("who", who), ("title", node.title.as_str())];
    for colleague in colleagues {
        notices::tell(tx, *colleague, message, &said, &super::address(node, "/texts"), ctx.now).await?;
    }
    Ok(())
}

/// Who else writes for the line's departments.
async fn colleagues(ctx: &Ctx, node: &Node) -> Result<Vec<AccountId>> {
    let own = ctx.person()?.id;
    let mut colleagues = Vec::new();
    for role in [Role::Reporter, Role::Head] {
        let holders = people::holders(&ctx.db, role, None, ctx.today).await?;
        let here = |key: &Option<String>| key.as_ref().is_some_and(|key| node.departments.contains(key));
        colleagues.extend(holders.into_iter().filter(|holder| here(&holder.department)).map(|one| AccountId(one.id)));
    }
    let mut seen = HashSet::from([own]);
    colleagues.retain(|one| seen.insert(*one));
    Ok(colleagues)
}

// --- two people in one text --------------------------------------------------------------------------------

/// Shows both texts. The writer's own is kept as their draft first.
async fn conflict(ctx: &Ctx, open: &Open, form: &Form, mine: &Text, public: &Text) -> Result<Response> {
    let open = &Open::load(ctx, open.node.real_key()).await?;
    draft::keep(ctx, open, form).await?;
    let theirs = store::texts_of(&ctx.db, open.node.id).await?.into_iter().next();
    let f = open.frame(ctx, "desk-conflict-title", Some("desk-conflict"));
    let own = ctx.person()?.name.as_str();
    let who = theirs.as_ref().and_then(|edition| edition.by.as_deref());
    let page = ConflictPage {
        words: "desk",
        heading: Heading::of(&f, open),
        lead: match who {
            Some(who) => f.with("desk-conflict-lead", &[("who", who), ("own", own)]),
            None => f.with("desk-conflict-lead-document", &[("own", own)]),
        },
        mine: f.with("desk-text-of", &[("who", own)]),
        theirs: who.map_or_else(|| f.t("desk-the-document"), |who| f.with("desk-text-of", &[("who", who)])),
        since: theirs.as_ref().map(|edition| published(&f, edition)).unwrap_or_default(),
        rows: rows(&f, mine, public),
        action: open.address("/publication"),
        later: "/desk/plan",
        base: public.fingerprint(),
        fields: mine.fields().map(|(name, value)| (name.to_owned(), value)).collect(),
        f: &f,
    };
    Ok(page.answer())
}

fn rows(f: &Frame, mine: &Text, theirs: &Text) -> Vec<Row> {
    let both = mine.fields().zip(theirs.fields());
    both.filter_map(|((name, mine), (_, theirs))| Row::of(edit::label(f, name), &mine, &theirs)).collect()
}

/// When a text became public, and by whom.
pub(super) fn published(f: &Frame, edition: &Edition) -> String {
    let when = edition.published_at.map(|at| format::long_moment(at, f.ctx.language));
    match (when, &edition.by) {
        (None, _) => f.t("desk-from-document"),
        (Some(when), None) => f.with("desk-from-document-at", &[("when", &when)]),
        (Some(when), Some(who)) => f.with("desk-published-by", &[("when", &when), ("who", who)]),
    }
}
