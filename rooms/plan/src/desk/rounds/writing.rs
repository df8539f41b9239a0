//! A department writes: drafts that keep themselves, the page as residents will see it, handing in, taking back.

use axum::Json;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::drafts::{self, Fields};
use kyodo_kernel::notices;
use kyodo_web::form::{led_to, seen_at};
use kyodo_web::{Ctx, Form, Frame, Page, Result, TwoKeys, format};
use serde_json::json;

use super::{Item, item, others};
use crate::desk::conflict::{ConflictPage, Row};
use crate::desk::{BASE, Heading};
use crate::pages::measure::{Measure, Preview};
use crate::round::{Act, Content, Stage, handed_in};
use crate::store::{self, Doing};
use crate::workbooks::is_written;

/// `POST …/draft`: by itself while somebody writes, or with a button that may lead to the preview.
pub(super) async fn save(ctx: Ctx, keys: TwoKeys, headers: HeaderMap, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    item.writer(&ctx)?;
    keep(&ctx, &item, &form).await?;
    let accepted = headers.get(ACCEPT).and_then(|kinds| kinds.to_str().ok()).unwrap_or_default();
    if accepted.starts_with("application/json") {
        let when = format::moment(ctx.now, ctx.language);
        return Ok(Json(json!({ "said": ctx.words().with("desk-saved", [("when", when.as_str())]) })).into_response());
    }
    Ok(match form.text("then") {
        "preview" => seen_at(&item.address("/preview")),
        _ => led_to(&item.address("?write=1"), "said-draft-saved", ctx.house.settings.https),
    })
}

/// Keeps the words of a form as its writer's draft. What the report says already is no draft.
async fn keep(ctx: &Ctx, item: &Item, form: &Form) -> Result<()> {
    let (account, subject, base) = (ctx.person()?.id, item.subject(), form.text(BASE));
    let mut tx = ctx.db.begin().await?;
    if typed(form) == item.report.content && base == item.report.version.to_string() {
        drafts::drop(&mut tx, account, &subject).await?;
    } else {
        drafts::save(&mut tx, account, &subject, base, &words(form), ctx.now).await?;
    }
    Ok(tx.commit().await?)
}

/// What was typed, exactly, without what is no field of a report.
fn words(form: &Form) -> Fields {
    let names: Vec<&str> = Content::default().fields().map(|(name, _)| name).collect();
    form.0.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned().collect()
}

pub(super) fn typed(form: &Form) -> Content {
    Content::typed(|name| form.raw(name))
}

/// `POST …/draft/removal`
pub(super) async fn remove(ctx: Ctx, keys: TwoKeys) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let person = item.writer(&ctx)?;
    let mut tx = ctx.db.begin().await?;
    drafts::drop(&mut tx, person.id, &item.subject()).await?;
    tx.commit().await?;
    Ok(led_to(&item.address(""), "said-draft-removed", ctx.house.settings.https))
}

/// `GET …/preview`: the measure's page as residents will see it with this report.
pub(super) async fn preview(ctx: Ctx, keys: TwoKeys) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let mut measure = Measure::load(&ctx, item.node.real_key()).await?;
    let f = item.frame(&ctx, "report-preview-title");
    let draft = drafts::of(&ctx.db, ctx.person()?.id, &item.subject()).await?;
    let (content, fields) = match draft {
        Some(draft) => (typed(&Form(draft.fields.clone())), Some((draft.fields, draft.based_on))),
        None => (item.report.content.clone(), None),
    };
    measure.report(item.open.round.year, &content, ctx.today);
    let mut preview = Preview {
        text: f.t("report-preview-text"),
        publication: None,
        button: String::new(),
        fields: Vec::new(),
        readings: Vec::new(),
        edit: item.address(if item.report.stage.is_with_department() { "" } else { "?write=1" }),
    };
    if let Some((fields, based_on)) = fields.filter(|_| item.writes(&ctx) && item.is_writable(&ctx)) {
        let next =
            item.hand(ctx.person()?, |hand| handed_in(&item.open.plan.outline.route, hand, |step| item.can(step)));
        preview.publication = Some(item.address("/submission"));
        preview.button = f.with("report-submit", &[("step", &item.step_name(&f, next))]);
        preview.fields = fields;
        preview.fields.push((BASE.to_owned(), based_on));
    }
    Ok(Page(measure.page(&f, Some(preview))).into_response())
}

/// `POST …/submission`: hands the report in, once, and never over what its writer has not seen.
pub(super) async fn submit(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let person = item.writer(&ctx)?;
    match form.text("take") {
        "both" => {
            keep(&ctx, &item, &form).await?;
            return Ok(seen_at(&item.address("?write=1")));
        }
        "theirs" => {
            keep(&ctx, &item, &form).await?;
            return Ok(led_to(&item.address(""), "said-report-left", ctx.house.settings.https));
        }
        _ => {}
    }
    let content = typed(&form);
    let faults = content.faults(&item.node, &item.open.plan.outline);
    if !faults.is_empty() {
        return item::wrong(&ctx, &item, &form, &faults).await;
    }
    let route = &item.open.plan.outline.route;
    let step = item.hand(person, |hand| handed_in(route, hand, |step| item.can(step)));
    let mut change = ctx.change(&form).await?;
    let now = now(&mut change.tx, &item).await?;
    if !now.open.round.is_open(ctx.today) || !now.is_writable(&ctx) {
        drop(change);
        keep(&ctx, &item, &form).await?;
        return Ok(led_to(&item.address(""), "said-report-closed", ctx.house.settings.https));
    }
    if form.text(BASE) != now.report.version.to_string() {
        // Nothing of the change stays, only the writer's words.
        drop(change);
        return conflict(&ctx, &item, &form, &content).await;
    }
    let doing = Doing { act: Act::Submitted, step, by: Some(person.id), note: "", content: &content };
    if !store::turn(&mut change.tx, now.report.id, now.report.version, &doing, ctx.now).await? {
        drop(change);
        return conflict(&ctx, &item, &form, &content).await;
    }
    drafts::drop(&mut change.tx, person.id, &item.subject()).await?;
    note(&ctx, &mut change.tx, &item, "report.submitted", step).await?;
    if let Some(next) = route.step(step) {
        let said = [("who", person.name.as_str()), ("title", item.node.title.as_str())];
        for one in others(&ctx, item.hands.of_step(next, &item.departments)) {
            let to = item.address("");
            notices::tell(&mut change.tx, one, "notice-report-submitted", &said, &to, ctx.now).await?;
        }
    }
    change.done(&item.address(""), "said-report-submitted").await
}

/// `POST …/withdrawal`: the department takes its report back before anybody decided.
pub(super) async fn withdraw(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let person = item.writer(&ctx)?;
    let mut change = ctx.change(&form).await?;
    let now = now(&mut change.tx, &item).await?;
    if !matches!(now.report.stage, Stage::Waiting(_)) || !now.is_writable(&ctx) {
        drop(change);
        return Ok(led_to(&item.address(""), "said-report-elsewhere", ctx.house.settings.https));
    }
    let content = now.report.content.clone();
    let doing = Doing { act: Act::Withdrawn, step: 0, by: Some(person.id), note: "", content: &content };
    if !store::turn(&mut change.tx, now.report.id, now.report.version, &doing, ctx.now).await? {
        drop(change);
        return Ok(led_to(&item.address(""), "said-report-elsewhere", ctx.house.settings.https));
    }
    note(&ctx, &mut change.tx, &item, "report.withdrawn", 0).await?;
    change.done(&item.address(""), "said-report-withdrawn").await
}

/// The item as it stands in the transaction. Whoever changes the same report waits at its version.
pub(super) async fn now(tx: &mut kyodo_db::Tx, item: &Item) -> Result<Item> {
    let route = &item.open.plan.outline.route;
    let round = store::round_now(tx, item.open.plan_id, item.open.round.year).await?;
    let report = store::report_now(tx, item.open.round.id, item.node.id, route).await?;
    let (Some(round), Some(report)) = (round, report) else { return Err(kyodo_web::Error::NotFound) };
    let round = crate::round::Round { members: item.open.round.members.clone(), ..round };
    Ok(item.with(round, report))
}

/// Tells the trail what was done with the report.
pub(super) async fn note(
    ctx: &Ctx,
    tx: &mut kyodo_db::Tx,
    item: &Item,
    action: &'static str,
    step: usize,
) -> Result<()> {
    let entry = Entry::new(action, item.subject()).detail(json!({ "step": step }));
    Ok(ctx.trail().note(tx, entry).await?)
}

/// Shows both reports. The writer's own is kept as their draft first.
async fn conflict(ctx: &Ctx, before: &Item, form: &Form, mine: &Content) -> Result<Response> {
    let keys = TwoKeys(i32::from(before.open.round.year).to_string(), before.node.key.clone());
    let item = Item::load(ctx, &keys).await?;
    keep(ctx, &item, form).await?;
    let f = item.frame(ctx, "round-conflict-title");
    let own = ctx.person()?.name.as_str();
    let lines = store::workbooks::lines(&ctx.db, item.open.round.id).await?;
    // What a workbook only wrote down is nobody's act.
    let is_written = is_written(lines.get(&item.subject()), &item.report.content);
    let last = item.report.last.as_ref().filter(|_| !is_written);
    let who = last.and_then(|done| done.by.clone()).unwrap_or_else(|| f.t("report-by-import"));
    let (lead, theirs) = if is_written {
        (f.with("workbooks-conflict-lead", &[("own", own)]), f.t("workbooks-conflict-theirs"))
    } else {
        (f.with("round-conflict-lead", &[("who", &who), ("own", own)]), f.with("desk-text-of", &[("who", &who)]))
    };
    let page = ConflictPage {
        f: &f,
        words: "round",
        heading: Heading { code: item.code(), title: f.phrases(&item.node.title) },
        lead,
        mine: f.with("desk-text-of", &[("who", own)]),
        theirs,
        since: last.map(|done| format::long_moment(done.at, ctx.language)).unwrap_or_default(),
        rows: rows(&f, mine, &item.report.content),
        action: item.address("/submission"),
        later: "/desk",
        base: item.report.version.to_string(),
        fields: mine.fields().map(|(name, value)| (name.to_owned(), value)).collect(),
    };
    Ok(page.answer())
}

fn rows(f: &Frame, mine: &Content, theirs: &Content) -> Vec<Row> {
    let both = mine.fields().zip(theirs.fields());
    both.filter_map(|((name, mine), (_, theirs))| Row::of(item::label(f, name), &mine, &theirs)).collect()
}
