//! `/plan/reports/{fiscal_year}`: what a year came to, as one document: in short, by policy, by measure, with its figures
//! and what others said. And `/plan/reports`: the years there are.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::FiscalYear;
use kyodo_web::components::{Choice, Shape, Status, choice};
use kyodo_web::filters;
use kyodo_web::form::seen_at;
use kyodo_web::sheet::SheetFormat;
use kyodo_web::{Ctx, Error, Frame, Html, KeyPath, Page, Params, Result};

use super::measure::graded;
use super::opinion::OpinionBlock;
use super::{LocalLink, code, local};
use crate::evaluation::Evaluation;
use crate::node::Node;
use crate::progress::{Progress, Standing, of_year};
use crate::round::Round;
use crate::sheets;
use crate::store::{self, Corrections};
use crate::view::{Counts, Seen, Whole, indicators, status};

#[derive(Template)]
#[template(path = "yearly-report.html")]
struct ReportPage<'a> {
    f: &'a Frame,
    local: Vec<LocalLink>,
    plan: &'a str,
    /// What its measures are called: the heading where there is no policy above them.
    measure: &'a str,
    year: String,
    /// Whether and when the year was frozen, or that it is still being reported.
    state: String,
    line: String,
    counts: Vec<(usize, Status)>,
    years: Vec<(String, Option<String>)>,
    others: Vec<Choice>,
    csv: String,
    xlsx: String,
    /// The year beside it, where one was asked for.
    beside: Option<String>,
    figures: Vec<Figure>,
    policies: Vec<Policy<'a>>,
    /// What was said of the plan as a whole.
    opinions: Vec<OpinionBlock<'a>>,
}

struct Figure {
    name: Html,
    href: String,
    value: String,
    aim: String,
    status: Status,
}

struct Policy<'a> {
    code: String,
    title: Html,
    items: Vec<Item<'a>>,
}

/// A measure in one year, and in the year beside it.
struct Item<'a> {
    code: String,
    title: Html,
    href: String,
    departments: String,
    now: Option<Told<'a>>,
    /// What others said of the year, where nothing was reported.
    opinions: Vec<OpinionBlock<'a>>,
    beside: Option<Told<'a>>,
}

struct Told<'a> {
    status: Option<Status>,
    marks: String,
    grade: String,
    text: Html,
    next: Html,
    opinions: Vec<OpinionBlock<'a>>,
}

/// A report of a year with everything that is printed in it.
pub(crate) struct Yearly {
    pub(crate) whole: Whole,
    pub(crate) year: FiscalYear,
    evaluations: Vec<Evaluation>,
    corrections: Corrections,
    seen: Vec<Seen>,
    round: Option<Round>,
    /// The years of which anything is public, the latest first.
    years: Vec<FiscalYear>,
}

/// `GET /plan/reports`: leads to the latest year.
pub async fn reports(ctx: Ctx) -> Result<Response> {
    let whole = Whole::load(&ctx).await?;
    let latest = whole.reported_years().into_iter().next().ok_or(Error::NotFound)?;
    Ok(seen_at(&address(latest)))
}

/// `GET /plan/reports/{fiscal_year}`
pub async fn report(ctx: Ctx, KeyPath(of): KeyPath, params: Params) -> Result<Response> {
    let year = of.parse::<i32>().map(FiscalYear::new).map_err(|_| Error::NotFound)?;
    let yearly = Yearly::load(&ctx, year).await?;
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheets::report(&ctx, &yearly).download(format)?.into_response());
    }
    let title = ctx.words().with("yearly-title", [("year", ctx.long_year(year))]);
    let f = ctx.frame(title.clone()).crumb("/plan", "nav-plan").crumb_named(address(year), title);
    Ok(Page(page(&f, &yearly, &params)).into_response())
}

/// Where the report of a year is.
pub(crate) fn address(year: FiscalYear) -> String {
    format!("/plan/reports/{}", i32::from(year))
}

impl Yearly {
    async fn load(ctx: &Ctx, year: FiscalYear) -> Result<Self> {
        let whole = Whole::load(ctx).await?;
        let years = whole.reported_years();
        if !years.contains(&year) {
            return Err(Error::NotFound);
        }
        let evaluations = store::evaluations_in(&ctx.db, whole.id).await?;
        let corrections = store::corrections_in(&ctx.db, whole.id).await?;
        let seen = indicators(ctx, whole.id).await?;
        let round = store::round(&ctx.db, whole.id, year).await?;
        Ok(Self { whole, year, evaluations, corrections, seen, round, years })
    }

    /// The measures that had something to do in the year, or of which something was reported.
    pub(crate) fn measures(&self) -> impl Iterator<Item = &Node> {
        self.whole.measures().filter(|node| {
            !node.is_alias()
                && (node.schedule.is_empty()
                    || node.planned(self.year).is_some()
                    || self.whole.report(node, self.year).is_some()
                    || self.opinions(node, self.year).next().is_some())
        })
    }

    pub(crate) fn of(&self, node: &Node) -> Option<&Progress> {
        self.whole.report(node, self.year)
    }

    /// How a measure's year went.
    pub(crate) fn standing(&self, node: &Node) -> Standing {
        match self.of(node) {
            None => Standing::Unreported,
            Some(report) => of_year(node.planned(self.year), report.mark.as_deref(), &self.whole.plan.outline)
                .unwrap_or(Standing::Reported),
        }
    }

    /// What others said of a measure's year.
    pub(crate) fn opinions(&self, node: &Node, year: FiscalYear) -> impl Iterator<Item = &Evaluation> {
        self.evaluations.iter().filter(move |one| one.node == Some(node.id) && one.year == year)
    }

    /// What others said of the year as a whole.
    pub(crate) fn opinions_on_whole(&self) -> impl Iterator<Item = &Evaluation> {
        self.evaluations.iter().filter(|one| one.node.is_none() && one.year == self.year)
    }
}

fn page<'a>(f: &'a Frame, yearly: &'a Yearly, params: &Params) -> ReportPage<'a> {
    let (whole, outline) = (&yearly.whole, &yearly.whole.plan.outline);
    let counts = Counts::of(yearly.measures().map(|node| yearly.standing(node)));
    let asked = params.get("with").and_then(|year| year.parse::<i32>().ok()).map(FiscalYear::new);
    let beside = asked.filter(|year| *year != yearly.year && yearly.years.contains(year));
    let others = yearly.years.iter().filter(|year| **year != yearly.year);
    ReportPage {
        f,
        local: local(f, outline, !yearly.seen.is_empty(), yearly.years.first().copied()),
        plan: &whole.plan.title,
        measure: whole.measure_name(),
        year: f.ctx.long_year(yearly.year),
        state: state(f, yearly),
        line: f.tell(
            "yearly-line",
            &[
                ("n", counts.total().into()),
                ("of", (counts.total() - counts.get(Standing::Unreported)).into()),
                ("level", whole.measure_name().into()),
            ],
        ),
        counts: counts.shown().map(|(standing, n)| (n, past(f, yearly, standing))).collect(),
        years: yearly
            .years
            .iter()
            .map(|year| (f.ctx.long_year(*year), (*year != yearly.year).then(|| address(*year))))
            .collect(),
        others: others
            .map(|year| choice(i32::from(*year).to_string(), f.ctx.long_year(*year), Some(*year) == beside))
            .collect(),
        csv: format!("?{}", params.with("format", "csv")),
        xlsx: format!("?{}", params.with("format", "xlsx")),
        figures: figures(f, yearly),
        policies: policies(f, yearly, beside),
        opinions: yearly.opinions_on_whole().map(|one| opinion(f, yearly, one)).collect(),
        beside: beside.map(|year| f.ctx.long_year(year)),
    }
}

/// A standing in a year that may be over: what fell short of its plan is not late any more.
fn past(f: &Frame, yearly: &Yearly, standing: Standing) -> Status {
    match standing {
        Standing::Late if yearly.year < f.ctx.fiscal_year() => {
            Status { shape: Shape::Late, word: f.t("standing-short") }
        }
        _ => status(f, standing),
    }
}

fn state(f: &Frame, yearly: &Yearly) -> String {
    match yearly.round.as_ref().map(|round| round.frozen_at) {
        Some(Some(at)) => f.with("yearly-frozen", &[("day", &f.day(kyodo_kernel::clock::day_of(at)))]),
        Some(None) => f.t("yearly-open"),
        None => String::new(),
    }
}

fn figures(f: &Frame, yearly: &Yearly) -> Vec<Figure> {
    let of_year = |seen: &&Seen| {
        let mut known = seen.figures.years.iter().chain(&seen.figures.so_far);
        known.any(|observation| observation.year == yearly.year)
    };
    yearly
        .seen
        .iter()
        .filter(of_year)
        .map(|seen| {
            let mut known = seen.figures.years.iter().chain(&seen.figures.so_far);
            let value = known.find(|observation| observation.year == yearly.year).map(|observation| observation.value);
            Figure {
                name: f.phrases(&seen.indicator.name),
                href: seen.address(),
                value: value.map(|value| seen.value(value)).unwrap_or_default(),
                aim: seen
                    .indicator
                    .definition
                    .aim()
                    .map(|aim| {
                        let of = f.ctx.long_year(aim.fiscal_year());
                        f.with("report-figure-of", &[("year", &of), ("value", &seen.value(aim.value))])
                    })
                    .unwrap_or_default(),
                status: seen.status(f),
            }
        })
        .collect()
}

fn opinion<'a>(f: &'a Frame, yearly: &Yearly, said: &Evaluation) -> OpinionBlock<'a> {
    OpinionBlock::of(f, &yearly.whole.plan.outline, said, &yearly.corrections)
}

fn policies<'a>(f: &'a Frame, yearly: &Yearly, beside: Option<FiscalYear>) -> Vec<Policy<'a>> {
    let (whole, outline) = (&yearly.whole, &yearly.whole.plan.outline);
    let mut policies: Vec<(String, Policy<'a>)> = Vec::new();
    for node in yearly.measures() {
        let top = node.key.split('-').next().unwrap_or_default();
        if policies.last().is_none_or(|(key, _)| key != top) {
            let policy = whole.policies().find(|policy| policy.key == top && whole.depth() > 1);
            let (code, title) = policy.map_or_else(Default::default, |p| (code(outline, p), f.phrases(&p.title)));
            policies.push((top.to_owned(), Policy { code, title, items: Vec::new() }));
        }
        let item = Item {
            code: node.code.clone(),
            title: f.phrases(&node.title),
            href: node.address(),
            departments: departments(f, node),
            now: yearly.of(node).map(|report| told(f, yearly, node, report)),
            opinions: yearly.opinions(node, yearly.year).map(|one| opinion(f, yearly, one)).collect(),
            beside: beside.and_then(|year| whole.report(node, year)).map(|report| told(f, yearly, node, report)),
        };
        if let Some((_, policy)) = policies.last_mut() {
            policy.items.push(item);
        }
    }
    policies.into_iter().map(|(_, policy)| policy).collect()
}

fn departments(f: &Frame, node: &Node) -> String {
    let known = node.departments.iter().filter_map(|key| f.ctx.state.department(key));
    known.map(|department| department.name.as_str()).collect::<Vec<_>>().join(&f.t("list-comma"))
}

fn told<'a>(f: &'a Frame, yearly: &Yearly, node: &Node, report: &Progress) -> Told<'a> {
    let outline = &yearly.whole.plan.outline;
    let (planned, actual) = (node.planned(report.year), report.mark.as_deref());
    let standing = of_year(planned, actual, outline);
    let marks = match (planned, actual) {
        (Some(planned), Some(actual)) => f.with("yearly-marks", &[("planned", planned), ("actual", actual)]),
        (None, Some(actual)) => actual.to_owned(),
        _ => String::new(),
    };
    let next = if report.next_step.is_empty() {
        Html::default()
    } else {
        f.prose(&f.with("report-next", &[("next", &report.next_step)]))
    };
    Told {
        status: standing.map(|standing| past(f, yearly, standing)),
        marks,
        grade: report.grade.as_deref().map(|grade| graded(f, outline, grade)).unwrap_or_default(),
        text: f.prose(&report.text),
        next,
        opinions: yearly.opinions(node, report.year).map(|one| opinion(f, yearly, one)).collect(),
    }
}
