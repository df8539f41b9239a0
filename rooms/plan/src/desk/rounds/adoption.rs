//! `/desk/plan/rounds/{year}/adoption`: what stands of a frozen year is adopted as a document that stays as it was.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::filters;
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Faults, Form, Frame, KeyPath, Page, Result, Wrong};

use super::list::runs;
use super::{Open, day_of};
use crate::adoption::{Adoption, Fault, MOST_BODY, MOST_REASON, faults};
use crate::desk::BASE;
use crate::pages::report::{self, Yearly, adopted_on};

#[derive(Template)]
#[template(path = "desk/adoption.html")]
struct AdoptionPage<'a> {
    f: &'a Frame,
    wrongs: Wrongs<'a>,
    lead: String,
    /// What stands now, to be looked at before.
    now: String,
    /// How many are without a report.
    unreported: String,
    /// What was adopted before.
    before: Vec<String>,
    /// Whether what stands is what was adopted last.
    same: String,
    action: String,
    base: String,
    fields: Vec<Field>,
    adopts: bool,
    back: String,
}

/// `GET …/adoption`
pub(super) async fn adoption(ctx: Ctx, KeyPath(of): KeyPath) -> Result<Response> {
    let (open, yearly) = load(&ctx, &of).await?;
    if let Some(elsewhere) = elsewhere(&ctx, &open, &yearly) {
        return Ok(elsewhere);
    }
    let (f, faults) = (frame(&ctx, &open), Faults::default());
    Ok(Page(page(&f, &open, &yearly, &Form::default(), &faults)).into_response())
}

/// `POST …/adoption`: the document as it stands is kept, and residents read that it was adopted.
pub(super) async fn adopt(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let (open, yearly) = load(&ctx, &of).await?;
    let person = ctx.person()?;
    if let Some(elsewhere) = elsewhere(&ctx, &open, &yearly) {
        return Ok(elsewhere);
    }
    // First, so that a form sent twice leads to where the first one led and is not held against what the first one did.
    let mut change = ctx.change(&form).await?;
    let (f, mut wrong) = (frame(&ctx, &open), Faults::default());
    let (body, reason) = (form.text("body"), form.text("reason"));
    let before = yearly.adoptions.last();
    let on = day_of(&f, &form, &mut wrong, "on");
    if let Some(on) = on {
        for fault in faults(open.round.year, ctx.today, before, (on, body, reason)) {
            wrong.add(fault.field(), told(&f, fault));
        }
    }
    let (Some(on), true) = (on, wrong.is_empty()) else {
        return Ok(Wrong(page(&f, &open, &yearly, &form, &wrong)).into_response());
    };
    let content = yearly.fingerprint();
    if form.text(BASE) != base(&yearly, &content) {
        // What is adopted is what somebody has looked at.
        drop(change);
        wrong.add("on", f.t("adoption-overtaken"));
        let fresh: Form = Form(form.0.iter().filter(|(name, _)| name != BASE).cloned().collect());
        let page = page(&f, &open, &yearly, &fresh, &wrong);
        return Ok((axum::http::StatusCode::CONFLICT, Page(page)).into_response());
    }
    let adoption = Adoption {
        number: before.map_or(1, |before| before.number + 1),
        on,
        body: body.to_owned(),
        reason: reason.to_owned(),
        content,
    };
    if !report::adopt(&ctx, &mut change.tx, &yearly, &adoption, (person.id, &ctx.trail())).await? {
        drop(change);
        return Ok(led_to(&open.round.address("/adoption"), "said-adopted-already", ctx.house.settings.https));
    }
    change.done(&open.round.address(""), "said-adopted").await
}

async fn load(ctx: &Ctx, of: &str) -> Result<(Open, Yearly)> {
    let open = Open::load(ctx, of).await?;
    let yearly = Yearly::of_round(ctx, open.round.year).await?;
    Ok((open, yearly))
}

/// Where a year leads that cannot be adopted: before it is frozen, or where residents have nothing to read of it.
fn elsewhere(ctx: &Ctx, open: &Open, yearly: &Yearly) -> Option<Response> {
    let said = match open.round.frozen_at {
        None => "said-adoption-not-frozen",
        Some(_) if !yearly.is_public() => "said-adoption-nothing-public",
        Some(_) => return None,
    };
    Some(led_to(&open.round.address(""), said, ctx.house.settings.https))
}

fn frame(ctx: &Ctx, open: &Open) -> Frame {
    open.frame(ctx, ctx.words().with("adoption-title", [("year", ctx.long_year(open.round.year))]))
        .crumb("", "adoption")
}

/// What somebody has looked at: the content, and how often it was adopted before.
fn base(yearly: &Yearly, content: &str) -> String {
    format!("{}-{content}", yearly.adoptions.len())
}

fn told(f: &Frame, fault: Fault) -> String {
    match fault {
        Fault::Ahead => f.t("adoption-ahead"),
        Fault::BeforeTheYear => f.t("round-opens-early"),
        Fault::BeforeTheLast => f.t("adoption-before-the-last"),
        Fault::LongBody(over) | Fault::LongReason(over) => f.n("report-note-long", over),
        Fault::NoReason => f.t("adoption-reason-missing"),
    }
}

fn page<'a>(f: &'a Frame, open: &Open, yearly: &Yearly, form: &Form, wrong: &'a Faults) -> AdoptionPage<'a> {
    let content = yearly.fingerprint();
    let unreported = yearly.measures().filter(|node| yearly.of(node).is_none()).count();
    let last = yearly.adoptions.last();
    let mut fields = vec![
        Field::line("on", f.t("adoption-on"))
            .hint(f.t("adoption-on-hint"))
            .need(f)
            .value(kyodo_wareki::short_date(f.ctx.today))
            .heard(form, wrong),
        Field::line("body", f.t("adoption-body"))
            .hint(f.t("adoption-body-hint"))
            .most(MOST_BODY)
            .value(last.map(|last| last.body.clone()).unwrap_or_default())
            .japanese(f)
            .heard(form, wrong),
    ];
    if last.is_some() {
        fields.push(
            Field::lines("reason", f.t("adoption-reason"), 2)
                .need(f)
                .hint(f.t("adoption-reason-hint"))
                .most(MOST_REASON)
                .japanese(f)
                .heard(form, wrong),
        );
    }
    AdoptionPage {
        wrongs: Wrongs { f, faults: wrong },
        lead: f.t(if last.is_some() { "adoption-again-lead" } else { "adoption-lead" }),
        now: report::address(open.round.year),
        unreported: if unreported > 0 { f.n("adoption-unreported", unreported) } else { String::new() },
        before: yearly.adoptions.iter().map(|one| adopted_on(f, one)).collect(),
        same: match last {
            Some(last) if last.content == content => f.t("adoption-same"),
            Some(_) => f.t("adoption-differs"),
            None => String::new(),
        },
        action: open.round.address("/adoption"),
        base: form.some(BASE).map_or_else(|| base(yearly, &content), str::to_owned),
        fields,
        adopts: runs(&f.ctx),
        back: open.round.address(""),
        f,
    }
}
