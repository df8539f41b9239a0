//! Others decide on a report: they agree, send it back with a note, publish it, or correct what is public.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::{AccountId, Person};
use kyodo_kernel::{city, notices};
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::filters;
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Html, KeyPath, Page, Result, TwoKeys, Wrong};
use serde_json::json;

use super::writing::{note, now, typed};
use super::{DECIDING, Hands, Item, Open, item, others};
use crate::desk::BASE;
use crate::round::{Act, Content, Stage};
use crate::store::{self, Doing, Report};

/// How many characters a reason takes.
const MOST_NOTE: usize = 500;

/// `POST …/agreement`: whoever is asked agrees; the last one may publish at once.
pub(super) async fn agree(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let person = ctx.person()?;
    let mut change = ctx.change(&form).await?;
    if form.has("publish") {
        city::bump_revision(&mut change.tx).await?;
    }
    let now = now(&mut change.tx, &item).await?;
    let Stage::Waiting(at) = now.report.stage else {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    };
    // First: whoever was asked, and somebody else agreed meanwhile, is told so.
    if form.text(BASE) != now.report.version.to_string() || !now.open.round.is_open(ctx.today) {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    if !now.decides(&ctx) {
        return Err(Error::Forbidden(kyodo_web::Refusal { roles: DECIDING }));
    }
    let route = &item.open.plan.outline.route;
    let next = route.next(at + 1, |step| item.can(step));
    let content = now.report.content.clone();
    let doing = Doing { act: Act::Agreed, step: next, by: Some(person.id), note: "", content: &content };
    if !store::turn(&mut change.tx, now.report.id, now.report.version, &doing, ctx.now).await? {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    note(&ctx, &mut change.tx, &item, "report.agreed", next).await?;
    let (said, to) = ([("who", person.name.as_str()), ("title", item.node.title.as_str())], item.address(""));
    if let Some(step) = route.step(next) {
        for one in others(&ctx, item.hands.of_step(step, &item.departments)) {
            notices::tell(&mut change.tx, one, "notice-report-submitted", &said, &to, ctx.now).await?;
        }
        return change.done(&to, "said-report-agreed").await;
    }
    for one in item.writers(&ctx) {
        notices::tell(&mut change.tx, one, "notice-report-agreed", &said, &to, ctx.now).await?;
    }
    if form.has("publish") && super::list::runs(&ctx) {
        let report = Report { version: now.report.version + 1, stage: Stage::Agreed, ..now.report.clone() };
        // In the same transaction nobody else can have changed it.
        make_public(&ctx, &mut change.tx, (&item.open, item.node.id, item.subject()), &report, person.id).await?;
        return change.done(&to, "said-report-published").await;
    }
    change.done(&to, "said-report-agreed").await
}

/// `POST …/return`: back to the department, with the reason.
pub(super) async fn send_back(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let person = ctx.person()?;
    let reason = form.text("note");
    if reason.is_empty() {
        return item::faulty(&ctx, &item, "note", ctx.words().say("report-return-missing")).await;
    }
    if reason.chars().count() > MOST_NOTE {
        let over = reason.chars().count() - MOST_NOTE;
        return item::faulty(&ctx, &item, "note", ctx.words().with("report-note-long", [("n", over.to_string())]))
            .await;
    }
    let mut change = ctx.change(&form).await?;
    let now = now(&mut change.tx, &item).await?;
    let may = now.decides(&ctx) || (now.report.stage == Stage::Agreed && super::list::runs(&ctx));
    if !matches!(now.report.stage, Stage::Waiting(_) | Stage::Agreed)
        || form.text(BASE) != now.report.version.to_string()
        || !now.open.round.is_open(ctx.today)
    {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    if !may {
        return Err(Error::Forbidden(kyodo_web::Refusal { roles: DECIDING }));
    }
    let content = now.report.content.clone();
    let doing = Doing { act: Act::Returned, step: 0, by: Some(person.id), note: reason, content: &content };
    if !store::turn(&mut change.tx, now.report.id, now.report.version, &doing, ctx.now).await? {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    note(&ctx, &mut change.tx, &item, "report.returned", 0).await?;
    let said = [("who", person.name.as_str()), ("title", item.node.title.as_str()), ("note", reason)];
    for one in item.writers(&ctx) {
        notices::tell(&mut change.tx, one, "notice-report-returned", &said, &item.address(""), ctx.now).await?;
    }
    change.done(&item.address(""), "said-report-returned").await
}

/// Somebody was faster: the page shows how things are now.
fn elsewhere(ctx: &Ctx, item: &Item) -> Response {
    led_to(&item.address(""), "said-report-elsewhere", ctx.house.settings.https)
}

// --- publishing --------------------------------------------------------------------------------------------

/// `POST …/publication`
pub(super) async fn publish(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let person = ctx.person()?;
    let mut change = ctx.change(&form).await?;
    let now = now(&mut change.tx, &item).await?;
    if now.report.stage != Stage::Agreed || now.open.round.frozen_at.is_some() {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    let place = (&item.open, item.node.id, item.subject());
    if !make_public(&ctx, &mut change.tx, place, &now.report, person.id).await? {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    change.done(&item.address(""), "said-report-published").await
}

/// Makes one report public: what residents read, the act, the trail. False when somebody changed it meanwhile; nothing was
/// done then.
async fn make_public(
    ctx: &Ctx,
    tx: &mut Tx,
    (open, node, subject): (&Open, i64, String),
    report: &Report,
    by: AccountId,
) -> Result<bool> {
    let over = open.plan.outline.route.0.len();
    let doing = Doing { act: Act::Published, step: over, by: Some(by), note: "", content: &report.content };
    // First the city, then its reports: whoever takes in workbooks goes the same way, so that nobody waits in a circle.
    city::bump_revision(tx).await?;
    if !store::turn(tx, report.id, report.version, &doing, ctx.now).await? {
        return Ok(false);
    }
    store::publish(tx, node, open.round.year, &report.content, None, ctx.today).await?;
    let detail = json!({ "content": report.content.fingerprint() });
    ctx.trail().note(tx, Entry::new("report.published", subject).detail(detail)).await?;
    Ok(true)
}

/// `POST /desk/plan/rounds/{year}/publications`: everything that everybody has agreed to, at once.
pub(super) async fn publish_all(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    let person = ctx.person()?;
    let nodes = store::all_nodes(&ctx.db, open.plan_id).await?;
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let mut change = ctx.change(&form).await?;
    // First, so that those who publish at the same time wait.
    city::bump_revision(&mut change.tx).await?;
    let round = store::round_now(&mut change.tx, open.plan_id, open.round.year).await?.ok_or(Error::NotFound)?;
    if round.frozen_at.is_some() {
        return change.done(&open.round.address(""), "said-round-frozen-already").await;
    }
    let reports = store::reports_now(&mut change.tx, open.round.id, &open.plan.outline.route).await?;
    let mut published = 0_usize;
    for node in nodes.iter().filter(|node| !node.is_alias()) {
        let Some(report) = reports.get(&node.id).filter(|report| report.stage == Stage::Agreed) else { continue };
        let subject = super::subject(&open.round, &node.key);
        if !make_public(&ctx, &mut change.tx, (&open, node.id, subject), report, person.id).await? {
            continue;
        }
        let departments: Vec<String> =
            open.round.departments(node, &ctx.state.departments).into_iter().map(str::to_owned).collect();
        let said = [("title", node.title.as_str())];
        for one in others(&ctx, hands.writers(&departments)) {
            let to = open.round.item(node, "");
            notices::tell(&mut change.tx, one, "notice-report-published", &said, &to, ctx.now).await?;
        }
        published += 1;
    }
    let said = if published == 0 { "said-reports-none" } else { "said-reports-published" };
    change.done(&open.round.address(""), said).await
}

// --- corrections -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "desk/correction.html")]
struct CorrectionPage<'a> {
    f: &'a Frame,
    code: String,
    title: Html,
    wrongs: Wrongs<'a>,
    action: String,
    base: String,
    fields: Vec<Field>,
    corrects: bool,
    back: String,
}

/// `GET …/correction`
pub(super) async fn correction(ctx: Ctx, keys: TwoKeys) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    if item.report.stage != Stage::Published {
        return Ok(elsewhere(&ctx, &item));
    }
    let (f, faults) = (item.frame(&ctx, "correction-title").crumb("", "correction"), Faults::default());
    Ok(Page(correction_page(&item, &f, None, &faults)).into_response())
}

/// `POST …/correction`: what was public stays to be seen, with the reason.
pub(super) async fn correct(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let person = ctx.person()?;
    // First, so that a form sent twice is not held against what the first one did.
    let mut change = ctx.change(&form).await?;
    let (f, mut faults) = (item.frame(&ctx, "correction-title").crumb("", "correction"), Faults::default());
    let (content, reason) = (typed(&form), form.text("reason"));
    for fault in content.faults(&item.node, &item.open.plan.outline) {
        faults.add(fault.field(), item::told_fault(&f, &fault));
    }
    if reason.is_empty() {
        faults.add("reason", f.t("correction-reason-missing"));
    } else if reason.chars().count() > MOST_NOTE {
        faults.add("reason", f.n("report-note-long", reason.chars().count() - MOST_NOTE));
    } else if content == item.report.content {
        faults.add("reason", f.t("correction-same"));
    }
    if !faults.is_empty() {
        return Ok(Wrong(correction_page(&item, &f, Some(&form), &faults)).into_response());
    }
    let now = now(&mut change.tx, &item).await?;
    if now.report.stage != Stage::Published || form.text(BASE) != now.report.version.to_string() {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    if !correct_it(&ctx, &mut change.tx, &now, &content, reason, person).await? {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    change.done(&item.address(""), "said-report-corrected").await
}

/// False when somebody changed it meanwhile; nothing was done then.
async fn correct_it(
    ctx: &Ctx,
    tx: &mut Tx,
    item: &Item,
    content: &Content,
    reason: &str,
    person: &Person,
) -> Result<bool> {
    let over = item.open.plan.outline.route.0.len();
    let doing = Doing { act: Act::Corrected, step: over, by: Some(person.id), note: reason, content };
    city::bump_revision(tx).await?;
    if !store::turn(tx, item.report.id, item.report.version, &doing, ctx.now).await? {
        return Ok(false);
    }
    store::publish(tx, item.node.id, item.open.round.year, content, Some(reason), ctx.today).await?;
    let detail = json!({ "content": content.fingerprint(), "before": item.report.content.fingerprint() });
    ctx.trail().note(tx, Entry::new("report.corrected", item.subject()).detail(detail)).await?;
    let said = [("who", person.name.as_str()), ("title", item.node.title.as_str()), ("note", reason)];
    for one in item.writers(ctx) {
        notices::tell(tx, one, "notice-report-corrected", &said, &item.address(""), ctx.now).await?;
    }
    Ok(true)
}

fn correction_page<'a>(item: &Item, f: &'a Frame, form: Option<&Form>, faults: &'a Faults) -> CorrectionPage<'a> {
    let stands = || {
        let fields = item.report.content.fields().map(|(name, value)| (name.to_owned(), value));
        Form(fields.collect())
    };
    let typed = form.cloned().unwrap_or_else(stands);
    let mut fields = item::fields(item, f, &typed, faults);
    fields.push(
        Field::lines("reason", f.t("correction-reason"), 2)
            .need(f)
            .hint(f.t("correction-reason-hint"))
            .japanese(f)
            .heard(&typed, faults),
    );
    CorrectionPage {
        code: item.code(),
        title: f.phrases(&item.node.title),
        wrongs: Wrongs { f, faults },
        action: item.address("/correction"),
        base: form.map_or_else(|| item.report.version.to_string(), |form| form.text(BASE).to_owned()),
        fields,
        corrects: super::list::runs(&f.ctx),
        back: item.address(""),
        f,
    }
}
