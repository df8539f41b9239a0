//! `/desk/plan/draft/next`: the draft is not only a revision of the plan that stands, but the plan after it. Adopted, it
//! takes the place of the one that stands, which is kept among the earlier plans.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::audit::Entry;
use kyodo_web::components::{Field, Wrongs, choice};
use kyodo_web::{Ctx, Faults, Form, Frame, Page, Result, filters};
use serde_json::json;

use super::acts::{MOST_TITLE, single};
use super::{DRAFT, Open, edits, seen, tree};
use crate::earlier::{EarlierPlan, Source, key_of, lines_of};
use crate::editing::{Lines, Next};
use crate::kept;
use crate::plan::Period;
use crate::store::editing as drafts;

/// No plan runs longer.
const MOST_YEARS: i32 = 30;
/// No summary is longer.
const MOST_SUMMARY: usize = 1000;

#[derive(Template)]
#[template(path = "desk/editing-next.html")]
struct NextPage<'a> {
    f: &'a Frame,
    lead: String,
    /// Why no plan can follow yet.
    too_early: bool,
    wrongs: Wrongs<'a>,
    fields: Vec<Field>,
    edits: bool,
    version: i64,
    /// Whether the draft is the next plan already.
    is_next: bool,
}

/// `GET /desk/plan/draft/next`
pub(super) async fn show(ctx: Ctx) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    Ok(page(&ctx, &open, &Form::default(), &Faults::default(), StatusCode::OK))
}

fn page(ctx: &Ctx, open: &Open, form: &Form, faults: &Faults, status: StatusCode) -> Response {
    let f = super::frame(ctx, ctx.words().say("editing-next")).crumb("", "editing-next");
    let year = ctx.long_year(FiscalYear::new(open.draft.from_year));
    let page = NextPage {
        lead: f.with("editing-next-lead", &[("plan", &open.plan.title), ("year", &year)]),
        too_early: ended_period(open).is_none(),
        wrongs: Wrongs { f: &f, faults },
        fields: fields(&f, open, form, faults),
        edits: edits(ctx),
        version: open.draft.version,
        is_next: open.draft.next.is_some(),
        f: &f,
    };
    let mut response = Page(page).into_response();
    *response.status_mut() = status;
    response
}

fn fields(f: &Frame, open: &Open, form: &Form, faults: &Faults) -> Vec<Field> {
    let next = open.draft.next.as_ref();
    let first = FiscalYear::new(open.draft.from_year);
    let last = next.map_or(open.draft.from_year + 4, |next| next.to);
    let years = first.through(FiscalYear::new(open.draft.from_year + MOST_YEARS - 1));
    let years = years.map(|year| choice(i32::from(year).to_string(), f.ctx.long_year(year), i32::from(year) == last));
    vec![
        Field::line("title", f.t("editing-next-title"))
            .need(f)
            .hint(f.t("editing-next-title-hint"))
            .most(MOST_TITLE)
            .value(next.map(|next| next.title.clone()).unwrap_or_default())
            .japanese(f)
            .heard(form, faults),
        Field::select("to", f.t("editing-next-to"), years.collect()).need(f).heard(form, faults),
        Field::lines("summary", f.t("editing-next-summary"), 3)
            .hint(f.t("editing-next-summary-hint"))
            .counted(MOST_SUMMARY)
            .value(next.map(|next| next.summary.clone()).unwrap_or_default())
            .japanese(f)
            .heard(form, faults),
    ]
}

/// `POST /desk/plan/draft/next`
pub(super) async fn save(ctx: Ctx, form: Form) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (f, mut faults) = (super::frame(&ctx, String::new()), Faults::default());
    let next = heard(&f, &open, &form, &mut faults);
    let taken = async |period: Period| -> Result<bool> {
        Ok(kept::lineage(&ctx).await?.plans.iter().any(|plan| plan.key() == key_of(period)))
    };
    match ended_period(&open) {
        None => faults.add("to", f.t("editing-next-early")),
        Some(period) if taken(period).await? => faults.add("to", f.t("earlier-years-taken")),
        Some(_) => {}
    }
    if !faults.is_empty() {
        return Ok(page(&ctx, &open, &form, &faults, StatusCode::UNPROCESSABLE_ENTITY));
    }
    turn(&ctx, &form, &open, Some(&next), "said-editing-next").await
}

/// `POST /desk/plan/draft/next/removal`: the draft is a revision of the plan that stands again.
pub(super) async fn remove(ctx: Ctx, form: Form) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    turn(&ctx, &form, &open, None, "said-editing-not-next").await
}

async fn turn(ctx: &Ctx, form: &Form, open: &Open, next: Option<&Next>, said: &'static str) -> Result<Response> {
    let mut change = ctx.change(form).await?;
    if !drafts::turn_next(&mut change.tx, open.id, seen(form), next).await? {
        drop(change);
        return tree::conflict(ctx).await;
    }
    let detail = next.map_or_else(|| json!({}), |next| json!({ "name": next.title, "to": next.to }));
    ctx.trail().note(&mut change.tx, Entry::new("plan.draft-next", "draft").detail(detail)).await?;
    change.done(DRAFT, said).await
}

fn heard(f: &Frame, open: &Open, form: &Form, faults: &mut Faults) -> Next {
    let title = single(form.text("title"));
    if title.is_empty() {
        faults.add("title", f.t("editing-next-title-missing"));
    } else if title.chars().count() > MOST_TITLE {
        faults.add("title", f.n("editing-title-long", MOST_TITLE));
    } else if title == open.plan.title {
        faults.add("title", f.t("editing-next-title-same"));
    }
    let years = open.draft.from_year..open.draft.from_year + MOST_YEARS;
    let to = form.text("to").parse().ok().filter(|year| years.contains(year));
    if to.is_none() {
        faults.add("to", f.t("editing-next-to-missing"));
    }
    let summary = form.text("summary").to_owned();
    if summary.chars().count() > MOST_SUMMARY {
        faults.add("summary", f.n("editing-title-long", MOST_SUMMARY));
    }
    Next { title, to: to.unwrap_or_default(), summary }
}

/// The years in which the plan that stands will have run when the draft takes its place; none where the draft begins no
/// later than the plan itself. A plan without years is said to have run in the last year before.
fn ended_period(open: &Open) -> Option<Period> {
    let last = open.draft.from_year - 1;
    let own = open.plan.outline.period.or(open.plan.outline.grid).unwrap_or(Period { from: last, to: last });
    (own.from <= last).then(|| Period { from: own.from, to: own.to.min(last) })
}

/// The plan that ends when the draft is adopted; none where the draft revises it.
pub(super) fn ended(ctx: &Ctx, open: &Open, current: &Lines) -> Option<EarlierPlan> {
    open.draft.next.as_ref()?;
    let period = ended_period(open)?;
    let name = |key: &str| ctx.state.department(key).map(|department| department.name.clone());
    Some(EarlierPlan {
        title: open.plan.title.clone(),
        period,
        summary: open.plan.outline.summary.clone(),
        lines: lines_of(&current.nodes, period, name),
        source: Source::Adopted,
    })
}
