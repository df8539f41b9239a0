//! A department writes what becomes of its item: drafts that keep themselves, handing in, taking back.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use axum::response::Response;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::Role;
use kyodo_kernel::{drafts, notices};
use kyodo_web::form::{led_to, seen_at};
use kyodo_web::{Ctx, Faults, Form, Frame, Result, TwoKeys, format};
use serde_json::json;

use super::{Item, item, verdict_word};
use crate::desk::conflict::{ConflictPage, Row};
use crate::desk::editing::difference::{label, said};
use crate::desk::editing::fields;
use crate::desk::evaluations::saved_by_itself;
use crate::desk::rounds::{others, step_name};
use crate::desk::{BASE, Heading};
use crate::editing::{changed, get};
use crate::revision::{Act, Content, REVISIONS, Stage, Verdict, is_proposed};
use crate::round::{Step, StepRole, handed_in};
use crate::store::revisions::{Doing, turn};

impl Item {
    /// At which step of the way of reports it is when whoever asks hands it in.
    fn next_step(&self, ctx: &Ctx) -> usize {
        let route = &self.open.plan.outline.route;
        let can = |step: &Step| self.can(step);
        match ctx.actor.person() {
            Some(person) => self.hand(person, |hand| handed_in(route, hand, can)),
            None => route.next(0, can),
        }
    }

    /// The step of a head, where it has to be taken next.
    fn head_step(&self, at: usize) -> Option<&Step> {
        self.open.plan.outline.route.step(at).filter(|step| step.role == StepRole::Head)
    }

    /// To whom it goes when it is handed in.
    pub(super) fn next_word(&self, f: &Frame) -> String {
        self.head_step(self.next_step(&f.ctx)).map_or_else(|| f.t("proposal-office"), |step| step_name(f, step))
    }

    /// Tells those who have it next, at a step.
    pub(super) async fn tell_next(&self, ctx: &Ctx, tx: &mut kyodo_db::Tx, at: usize) -> Result<()> {
        let next = match self.head_step(at) {
            Some(step) => self.hands.of_step(step, &self.departments),
            None => self.hands.of(Role::Coordinator).iter().collect(),
        };
        let said = [("who", ctx.person()?.name.as_str()), ("title", self.node.title.as_str())];
        for one in others(ctx, next) {
            notices::tell(tx, one, "notice-proposal-submitted", &said, &self.address(""), ctx.now).await?;
        }
        Ok(())
    }
}

/// What was typed into the fields that departments propose, where it is something else than the item says.
fn typed_fields(item: &Item, form: &Form) -> BTreeMap<String, String> {
    let mut typed = fields::typed(form, &item.open.plan.outline, &item.node);
    typed.retain(|name, _| is_proposed(name, item.open.revision.from));
    changed(&item.node, typed)
}

pub(super) fn typed(item: &Item, form: &Form) -> Content {
    Content::typed(|name| form.raw(name), typed_fields(item, form))
}

/// What a draft keeps, exactly as it was typed.
fn words(item: &Item, form: &Form) -> Vec<(String, String)> {
    let is_own = |name: &str| ["verdict", "into", "why"].contains(&name) || is_proposed(name, item.open.revision.from);
    form.0.iter().filter(|(name, _)| is_own(name)).cloned().collect()
}

async fn keep(ctx: &Ctx, item: &Item, form: &Form) -> Result<()> {
    let (account, subject, base) = (ctx.person()?.id, item.subject(), form.text(BASE));
    let mut tx = ctx.db.begin().await?;
    if typed(item, form) == item.proposal.content && base == item.proposal.version.to_string() {
        drafts::drop(&mut tx, account, &subject).await?;
    } else {
        drafts::save(&mut tx, account, &subject, base, &words(item, form), ctx.now).await?;
    }
    Ok(tx.commit().await?)
}

/// `POST …/draft`: by itself while somebody writes, or with a button.
pub(super) async fn save(ctx: Ctx, keys: TwoKeys, headers: HeaderMap, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let person = item.writer(&ctx)?;
    let https = ctx.house.settings.https;
    if form.has("drop") {
        let mut tx = ctx.db.begin().await?;
        drafts::drop(&mut tx, person.id, &item.subject()).await?;
        tx.commit().await?;
        return Ok(led_to(&item.address(""), "said-draft-removed", https));
    }
    keep(&ctx, &item, &form).await?;
    if let Some(answer) = saved_by_itself(&ctx, &headers) {
        return Ok(answer);
    }
    Ok(led_to(&item.address("?write=1"), "said-draft-saved", https))
}

/// `POST …/submission`: hands the proposal in, once, and never over what its writer has not seen.
pub(super) async fn submit(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let person = item.writer(&ctx)?;
    let https = ctx.house.settings.https;
    match form.text("take") {
        "both" => {
            keep(&ctx, &item, &form).await?;
            return Ok(seen_at(&item.address("?write=1")));
        }
        "theirs" => {
            keep(&ctx, &item, &form).await?;
            return Ok(led_to(&item.address(""), "said-proposal-left", https));
        }
        _ => {}
    }
    let content = typed(&item, &form);
    let faults = faults(&item, &item.frame(&ctx, "proposal-title"), &form, &content);
    if !faults.is_empty() {
        return item::faulty(&ctx, &item, &form, &faults).await;
    }
    let step = item.next_step(&ctx);
    let mut change = ctx.change(&form).await?;
    let now = item.now(&mut change.tx).await?;
    if !now.is_writable(&ctx) {
        drop(change);
        keep(&ctx, &item, &form).await?;
        return Ok(led_to(&item.address(""), "said-proposal-closed", https));
    }
    let doing = Doing { step, ..Doing::only(Act::Submitted, person.id, &content) };
    if form.text(BASE) != now.proposal.version.to_string()
        || !turn(&mut change.tx, now.proposal.id, now.proposal.version, &doing, ctx.now).await?
    {
        // Nothing of the change stays, only the writer's words.
        drop(change);
        return conflict(&ctx, &keys, &form, &content).await;
    }
    drafts::drop(&mut change.tx, person.id, &item.subject()).await?;
    let detail = json!({ "verdict": content.verdict, "content": content.fingerprint() });
    ctx.trail().note(&mut change.tx, Entry::new(Act::Submitted.action(), item.subject()).detail(detail)).await?;
    item.tell_next(&ctx, &mut change.tx, step).await?;
    change.done(&item.address(""), "said-proposal-submitted").await
}

/// What cannot be handed in, beside its fields.
fn faults(item: &Item, f: &Frame, form: &Form, content: &Content) -> Faults {
    let mut faults = Faults::default();
    for fault in content.faults(&item.node, &item.open.plan.nodes) {
        faults.add(fault.field(), item::told_fault(f, fault));
    }
    if content.verdict == Some(Verdict::Change) {
        let outline = &item.open.plan.outline;
        let mut all = fields::typed(form, outline, &item.node);
        for (name, value) in &mut all {
            if !is_proposed(name, item.open.revision.from) {
                *value = get(&item.node, name);
            }
        }
        for (field, said) in fields::faults_of(f, outline, &item.node, &all).iter() {
            faults.add(field, said);
        }
    }
    faults
}

/// `POST …/withdrawal`: the department takes its proposal back before the office decided.
pub(super) async fn withdraw(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let person = item.writer(&ctx)?;
    let mut change = ctx.change(&form).await?;
    let now = item.now(&mut change.tx).await?;
    let content = now.proposal.content.clone();
    let doing = Doing::only(Act::Withdrawn, person.id, &content);
    if !now.is_writable(&ctx)
        || !matches!(now.proposal.stage, Stage::Waiting(_) | Stage::HandedIn)
        || !turn(&mut change.tx, now.proposal.id, now.proposal.version, &doing, ctx.now).await?
    {
        drop(change);
        return Ok(led_to(&item.address(""), "said-proposal-elsewhere", ctx.house.settings.https));
    }
    ctx.trail().note(&mut change.tx, Entry::new(Act::Withdrawn.action(), item.subject())).await?;
    change.done(&item.address(""), "said-proposal-withdrawn").await
}

/// Shows both proposals. The writer's own is kept as their draft first.
async fn conflict(ctx: &Ctx, keys: &TwoKeys, form: &Form, mine: &Content) -> Result<Response> {
    let item = Item::load(ctx, keys).await?;
    keep(ctx, &item, form).await?;
    let f = item.frame(ctx, "proposal-conflict");
    let own = ctx.person()?.name.as_str();
    let last = item.proposal.last.as_ref();
    let who = last.and_then(|done| done.by.clone()).unwrap_or_else(|| f.t("report-by-import"));
    let theirs = &item.proposal.content;
    let mut rows: Vec<Row> = Vec::new();
    rows.extend(Row::of(f.t("revision-verdict"), &verdict_word(&f, mine.verdict), &verdict_word(&f, theirs.verdict)));
    let title = |into: &Option<String>| {
        into.as_deref().and_then(|key| item.open.plan.node(key)).map(|node| node.title.clone()).unwrap_or_default()
    };
    rows.extend(Row::of(f.t("proposal-into"), &title(&mine.into), &title(&theirs.into)));
    let mut names: Vec<&String> = mine.fields.keys().chain(theirs.fields.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let value = |content: &Content| {
            said(&f, name, &content.fields.get(name).cloned().unwrap_or_else(|| get(&item.node, name)))
        };
        rows.extend(Row::of(label(&f, name), &value(mine), &value(theirs)));
    }
    rows.extend(Row::of(f.t("proposal-why"), &mine.why, &theirs.why));
    let page = ConflictPage {
        words: "proposal",
        heading: Heading { code: item.code(), title: f.phrases(&item.node.title) },
        lead: f.with("proposal-conflict-lead", &[("who", &who), ("own", own)]),
        mine: f.with("desk-text-of", &[("who", own)]),
        theirs: f.with("desk-text-of", &[("who", &who)]),
        since: last.map(|done| format::long_moment(done.at, ctx.language)).unwrap_or_default(),
        rows,
        action: item.address("/submission"),
        later: REVISIONS,
        base: item.proposal.version.to_string(),
        fields: words(&item, form),
        f: &f,
    };
    Ok(page.answer())
}
