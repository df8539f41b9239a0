//! `/desk/plan/population`: how many people live in the city at the end of a year, for figures per head.

use askama::Template;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::FiscalYear;
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Page, Params, Result, Wrong, filters};

use super::entering::{self, Place, YearTold};
use super::{COUNTERS, LIST, POPULATION};
use crate::store;
use crate::store::observations::What;

/// How many years back it can be entered.
const BACK: i32 = 15;

#[derive(Template)]
#[template(path = "desk/population.html")]
struct PopulationPage<'a> {
    f: &'a Frame,
    wrongs: Wrongs<'a>,
    part: Part,
    may: bool,
}

/// As `desk/entries.html` shows it.
struct Part {
    id: &'static str,
    title: String,
    none: String,
    years: Vec<YearTold>,
    correct: String,
    base: String,
    address: String,
    fields: Vec<Field>,
    button: String,
}

/// `GET /desk/plan/population`
pub(super) async fn page(ctx: Ctx, params: Params) -> Result<Response> {
    let (f, place) = (frame(&ctx), place(&ctx).await?);
    let asked = params.get("year").and_then(|year| year.parse().ok()).map(FiscalYear::new);
    Ok(Page(render(&ctx, &f, &place, asked, &Form::default(), &Faults::default()).await?).into_response())
}

/// `POST /desk/plan/population`
pub(super) async fn enter(ctx: Ctx, form: Form) -> Result<Response> {
    let (f, place, mut faults) = (frame(&ctx), place(&ctx).await?, Faults::default());
    match place.heard(&f, &form, &mut faults) {
        Some(typed) => entering::put(&ctx, &f, &place, &form, &typed).await,
        None => Ok(Wrong(render(&ctx, &f, &place, None, &form, &faults).await?).into_response()),
    }
}

/// `POST /desk/plan/population/removal`
pub(super) async fn take_back(ctx: Ctx, form: Form) -> Result<Response> {
    entering::take_back(&ctx, &place(&ctx).await?, &form).await
}

fn frame(ctx: &Ctx) -> Frame {
    let f =
        ctx.frame(ctx.words().say("population-title")).crumb("/desk", "nav-desk").crumb(LIST, "nav-desk-indicators");
    f.crumb("", "population-title").at_desk()
}

async fn place(ctx: &Ctx) -> Result<Place<'static>> {
    let (plan, _) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let now = i32::from(ctx.fiscal_year());
    Ok(Place {
        what: What::Population,
        plan,
        indicator: None,
        subject: "population".to_owned(),
        unit: "人",
        decimals: 0,
        years: (now - BACK..=now).rev().map(FiscalYear::new).collect(),
        entries: store::entries(&ctx.db, plan).await?.all(What::Population, None).to_vec(),
        departments: &[],
        page: POPULATION.to_owned(),
        address: POPULATION.to_owned(),
    })
}

async fn render<'a>(
    ctx: &Ctx,
    f: &'a Frame,
    place: &Place<'_>,
    asked: Option<FiscalYear>,
    form: &Form,
    faults: &'a Faults,
) -> Result<PopulationPage<'a>> {
    Ok(PopulationPage {
        wrongs: Wrongs { f, faults },
        part: Part {
            id: "population",
            title: f.t("population-title"),
            none: f.t("population-none"),
            years: entering::told(f, place).await?,
            correct: "?year=".to_owned(),
            base: place.base(),
            address: place.address.clone(),
            fields: place.fields(f, asked.filter(|year| place.years.contains(year)), form, faults),
            button: f.t("entry-button-population"),
        },
        may: COUNTERS.admits(&ctx.actor, &Method::POST).is_ok(),
        f,
    })
}
