//! `/desk/plan/indicators/{key}`: the figures and targets of one indicator, everything that was ever entered, and the way
//! to enter or correct one.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::FiscalYear;
use kyodo_web::components::{Field, Status, Wrongs};
use kyodo_web::{Ctx, Faults, Form, Frame, Html, KeyPath, Page, Params, Result, Wrong, filters};

use super::entering::{self, Place, YearTold};
use super::{LIST, Opened, POPULATION, address, may_enter, names};
use crate::indicator::How;
use crate::store;
use crate::store::observations::What;
use crate::view::{self, Seen};

/// How many years ahead a target may be set where the plan names no end.
const AHEAD: i32 = 10;

#[derive(Template)]
#[template(path = "desk/indicator.html")]
struct IndicatorPage<'a> {
    f: &'a Frame,
    title: Html,
    status: Status,
    line: String,
    wrongs: Wrongs<'a>,
    /// What is counted by itself, and what may then be entered.
    counted: Option<String>,
    who: String,
    parts: [Part; 2],
    may: bool,
    public: String,
    records: Option<String>,
    population: Option<&'static str>,
}

/// Figures, or targets: what was entered, and the form.
struct Part {
    id: &'static str,
    title: String,
    about: String,
    none: String,
    years: Vec<YearTold>,
    /// The page with a year filled in, to correct it.
    correct: String,
    base: String,
    address: String,
    fields: Vec<Field>,
    button: String,
}

/// `GET /desk/plan/indicators/{key}`
pub(super) async fn page(ctx: Ctx, KeyPath(key): KeyPath, params: Params) -> Result<Response> {
    let opened = Opened::load(&ctx, &key).await?;
    let f = frame(&ctx, &opened);
    let asked = Asked::of(&params);
    Ok(Page(render(&ctx, &f, &opened, &asked, &Form::default(), &Faults::default()).await?).into_response())
}

/// `POST /desk/plan/indicators/{key}/figures`
pub(super) async fn enter_figure(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    enter(ctx, &key, form, What::Figure).await
}

/// `POST /desk/plan/indicators/{key}/targets`
pub(super) async fn enter_target(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    enter(ctx, &key, form, What::Target).await
}

/// `POST /desk/plan/indicators/{key}/figures/removal`
pub(super) async fn take_figure_back(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    take_back(ctx, &key, form, What::Figure).await
}

/// `POST /desk/plan/indicators/{key}/targets/removal`
pub(super) async fn take_target_back(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    take_back(ctx, &key, form, What::Target).await
}

async fn enter(ctx: Ctx, key: &str, form: Form, what: What) -> Result<Response> {
    let opened = Opened::load(&ctx, key).await?;
    opened.writer(&ctx)?;
    let (f, mut faults) = (frame(&ctx, &opened), Faults::default());
    let place = place(&ctx, &opened, what).await?;
    match place.heard(&f, &form, &mut faults) {
        Some(typed) => entering::put(&ctx, &f, &place, &form, &typed).await,
        None => Ok(Wrong(render(&ctx, &f, &opened, &Asked::default(), &form, &faults).await?).into_response()),
    }
}

async fn take_back(ctx: Ctx, key: &str, form: Form, what: What) -> Result<Response> {
    let opened = Opened::load(&ctx, key).await?;
    opened.writer(&ctx)?;
    entering::take_back(&ctx, &place(&ctx, &opened, what).await?, &form).await
}

/// The years that somebody wants to correct.
#[derive(Default)]
struct Asked {
    figure: Option<FiscalYear>,
    target: Option<FiscalYear>,
}

impl Asked {
    fn of(params: &Params) -> Self {
        let year = |name| params.get(name).and_then(|year| year.parse().ok()).map(FiscalYear::new);
        Self { figure: year("year"), target: year("target-year") }
    }
}

fn frame(ctx: &Ctx, opened: &Opened) -> Frame {
    let name = opened.indicator.name.as_str();
    let f = ctx.frame(ctx.words().with("entry-title", [("title", name)]));
    let f = f.crumb("/desk", "nav-desk").crumb(LIST, "nav-desk-indicators");
    f.crumb_named(address(&opened.indicator, ""), name).at_desk()
}

/// The years of figures reach from where the indicator began to the running one, those of targets to the plan's end.
fn years(ctx: &Ctx, opened: &Opened, what: What) -> Vec<FiscalYear> {
    let now = i32::from(ctx.fiscal_year());
    let definition = &opened.indicator.definition;
    let period = opened.plan.outline.period;
    let begins = definition.baseline.map(|value| value.year).into_iter().chain(period.map(|period| period.from)).min();
    let first = begins.unwrap_or(now - AHEAD).min(now);
    let last = match what {
        What::Target => period.map_or(now + AHEAD, |period| period.to.max(now)),
        What::Figure | What::Population => now,
    };
    let printed = |year: &i32| definition.targets.iter().any(|target| target.year == *year);
    let open = (first..=last).rev().filter(|year| what != What::Target || !printed(year));
    open.map(FiscalYear::new).collect()
}

async fn place<'o>(ctx: &Ctx, opened: &'o Opened, what: What) -> Result<Place<'o>> {
    let entries = store::entries(&ctx.db, opened.plan_id).await?;
    Ok(placed(ctx, opened, what, entries.all(what, Some(opened.indicator.id)).to_vec()))
}

fn placed<'o>(ctx: &Ctx, opened: &'o Opened, what: What, entries: Vec<store::observations::Entry>) -> Place<'o> {
    let indicator = &opened.indicator;
    let beside = if what == What::Target { "/targets" } else { "/figures" };
    Place {
        what,
        plan: opened.plan_id,
        indicator: Some(indicator.id),
        subject: format!("indicator:{}", indicator.key),
        unit: &indicator.definition.unit,
        decimals: indicator.definition.decimals,
        years: years(ctx, opened, what),
        entries,
        departments: &opened.departments,
        page: address(indicator, ""),
        address: address(indicator, beside),
    }
}

async fn render<'a>(
    ctx: &Ctx,
    f: &'a Frame,
    opened: &Opened,
    asked: &Asked,
    form: &Form,
    faults: &'a Faults,
) -> Result<IndicatorPage<'a>> {
    let indicator = &opened.indicator;
    let ground = view::ground_of(ctx, opened.plan_id, indicator.id).await?;
    let seen = Seen::of(ctx, &ground, indicator.clone());
    let all = |what| ground.entries.all(what, Some(indicator.id)).to_vec();
    let rule = indicator.definition.counted.as_ref();
    let parts = [
        part(f, &placed(ctx, opened, What::Figure, all(What::Figure)), asked.figure, form, faults).await?,
        part(f, &placed(ctx, opened, What::Target, all(What::Target)), asked.target, form, faults).await?,
    ];
    let who = names(ctx, &opened.departments).join(&f.t("list-comma"));
    Ok(IndicatorPage {
        title: f.phrases(&indicator.name),
        status: seen.status(f),
        line: crate::pages::indicator::line(f, &seen),
        wrongs: Wrongs { f, faults },
        counted: rule.map(|_| crate::pages::indicator::source(f, &seen)),
        who: f.with("entry-who", &[("department", &who)]),
        parts,
        may: may_enter(ctx, &opened.departments),
        public: seen.address(),
        records: rule.map(|_| address(indicator, "/records")),
        population: rule.filter(|rule| rule.per_head && rule.how != How::Share).map(|_| POPULATION),
        f,
    })
}

async fn part(f: &Frame, place: &Place<'_>, asked: Option<FiscalYear>, form: &Form, faults: &Faults) -> Result<Part> {
    let [title, about, none, button] = if place.what == What::Target {
        ["entry-part-target", "entry-about-target", "entry-none-target", "entry-button-target"]
    } else {
        ["entry-part-figure", "entry-about-figure", "entry-none-figure", "entry-button-figure"]
    };
    Ok(Part {
        id: place.what.name(),
        title: f.t(title),
        about: f.t(about),
        none: f.t(none),
        years: entering::told(f, place).await?,
        correct: format!("?{}=", place.field("year")),
        base: place.base(),
        address: place.address.clone(),
        fields: place.fields(f, asked.filter(|year| place.years.contains(year)), form, faults),
        button: f.t(button),
    })
}
