//! `/desk/plan/indicators`: every indicator with its latest figure, who enters it, and what is missing.

use std::sync::Arc;

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_jptext::search_key;
use kyodo_kernel::FiscalYear;
use kyodo_kernel::people::Role;
use kyodo_web::components::{Choice, Status, choice};
use kyodo_web::sheet::{Sheet, SheetFormat};
use kyodo_web::{Ctx, Error, Frame, Html, Page, Params, Result, Task, filters};

use super::{COUNTERS, LIST, POPULATION, address, in_charge, last_full_year, may_enter, names};
use crate::indicator::Indicator;
use crate::node::Node;
use crate::plan::Plan;
use crate::store;
use crate::view::{self, Seen};

#[derive(Template)]
#[template(path = "desk/indicators.html")]
struct ListPage<'a> {
    f: &'a Frame,
    departments: Vec<Choice>,
    states: Vec<Choice>,
    q: &'a str,
    filtered: bool,
    count: String,
    missing: String,
    csv: String,
    xlsx: String,
    rows: Vec<Row>,
    population: bool,
}

struct Row {
    name: Html,
    href: String,
    departments: String,
    latest: String,
    status: Status,
    /// Who enters it, or that it is counted.
    how: String,
    missing: Option<String>,
    act: String,
}

/// An indicator with all that the list tells of it.
struct Line {
    seen: Seen,
    departments: Vec<String>,
    /// The year whose figure nobody has entered.
    missing: Option<FiscalYear>,
}

/// A state to ask for: its name in the address, its message, and whether a line has it.
type State = (&'static str, &'static str, fn(&Line) -> bool);

const STATES: [State; 4] = [
    ("missing", "figures-state-missing", |line| line.missing.is_some()),
    ("entered", "figures-state-entered", |line| !is_counted(line)),
    ("counted", "figures-state-counted", is_counted),
    ("corrected", "figures-state-corrected", |line| line.seen.entered.iter().any(|entry| entry.number > 1)),
];

fn is_counted(line: &Line) -> bool {
    line.seen.indicator.definition.counted.is_some()
}

/// `GET /desk/plan/indicators`: six sentences, whatever the number of indicators.
pub(super) async fn list(ctx: Ctx, params: Params) -> Result<Response> {
    let (plan_id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let nodes = store::all_nodes(&ctx.db, plan_id).await?;
    let all = lines(&ctx, plan_id, &plan, &nodes).await?;
    let text = |name| params.get(name).unwrap_or_default();
    let (department, state, q) = (text("department"), text("state"), text("q"));
    let asked = |line: &&Line| {
        (department.is_empty() || line.departments.iter().any(|key| key == department))
            && STATES.iter().find(|(name, ..)| *name == state).is_none_or(|(_, _, has)| has(line))
            && says(line, q)
    };
    let shown: Vec<&Line> = all.iter().filter(asked).collect();
    let f = ctx.frame(ctx.words().say("nav-desk-indicators")).crumb("/desk", "nav-desk").at_desk();
    let f = f.crumb("", "nav-desk-indicators");
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheet(&f, &shown).download(format)?.into_response());
    }
    let missing = all.iter().filter(|line| line.missing.is_some()).count();
    let page = ListPage {
        departments: departments(&ctx, &all, department),
        states: STATES.iter().map(|(name, message, _)| choice(*name, f.t(message), *name == state)).collect(),
        q,
        filtered: !params.has_none_of(&["department", "state", "q"]),
        count: f.n("indicators-count", shown.len()),
        missing: match missing {
            0 => f.t("figures-lead"),
            n => f.n("figures-lead-missing", n),
        },
        csv: format!("?{}", params.with("format", "csv")),
        xlsx: format!("?{}", params.with("format", "xlsx")),
        rows: shown.iter().map(|line| row(&f, line)).collect(),
        population: COUNTERS.admits(&ctx.actor, &axum::http::Method::GET).is_ok(),
        f: &f,
    };
    Ok(Page(page).into_response())
}

async fn lines(ctx: &Ctx, plan_id: i64, plan: &Plan, nodes: &[Node]) -> Result<Vec<Line>> {
    let last = last_full_year(ctx, plan);
    let all = view::indicators(ctx, plan_id).await?.into_iter().map(|seen| Line {
        departments: in_charge(&seen.indicator, &plan.outline, nodes),
        missing: missing(&seen, last),
        seen,
    });
    Ok(all.collect())
}

/// The last full year, when somebody should have entered its figure and nobody has. What the plan printed as its
/// beginning is known.
fn missing(seen: &Seen, last: FiscalYear) -> Option<FiscalYear> {
    let definition = &seen.indicator.definition;
    let is_known = seen.figures.years.iter().any(|observation| observation.year == last)
        || definition.baseline.is_some_and(|baseline| baseline.fiscal_year() >= last);
    (definition.counted.is_none() && !is_known).then_some(last)
}

fn says(line: &Line, q: &str) -> bool {
    let name = search_key(&line.seen.indicator.name);
    q.split_whitespace().map(search_key).all(|word| name.contains(&word))
}

fn departments(ctx: &Ctx, lines: &[Line], chosen: &str) -> Vec<Choice> {
    let known = ctx.state.departments.iter().filter(|one| lines.iter().any(|line| line.departments.contains(&one.key)));
    known.map(|department| choice(&department.key, &department.name, department.key == chosen)).collect()
}

fn row(f: &Frame, line: &Line) -> Row {
    let (ctx, seen) = (&f.ctx, &line.seen);
    Row {
        name: f.phrases(&seen.indicator.name),
        href: address(&seen.indicator, ""),
        departments: names(ctx, &line.departments).join(&f.t("list-comma")),
        latest: latest(f, seen),
        status: seen.status(f),
        how: f.t(if is_counted(line) { "figures-state-counted" } else { "figures-state-entered" }),
        missing: line.missing.map(|year| f.with("figures-missing", &[("year", &ctx.long_year(year))])),
        act: f.t(if is_counted(line) || !may_enter(ctx, &line.departments) { "desk-look" } else { "figures-enter" }),
    }
}

/// The latest full year's figure, or what is known of the running one.
fn latest(f: &Frame, seen: &Seen) -> String {
    let told = |observation: &crate::indicator::Observation| {
        format!("{}　{}", f.ctx.long_year(observation.year), seen.value(observation.value))
    };
    seen.figures.years.last().or(seen.figures.so_far.as_ref()).map_or_else(|| "－".to_owned(), told)
}

fn sheet(f: &Frame, shown: &[&Line]) -> Sheet {
    let heads = ["sheet-key", "indicators-name", "filter-department", "chart-year", "chart-value", "indicators-unit"];
    let heads = heads.into_iter().chain(["indicators-status", "sheet-source", "figures-open"]).map(|head| f.t(head));
    let row = |line: &&Line| {
        let (seen, told) = (&line.seen, row(f, line));
        let latest = seen.figures.years.last().or(seen.figures.so_far.as_ref());
        vec![
            seen.indicator.key.clone().into(),
            seen.indicator.name.clone().into(),
            told.departments.into(),
            latest.map(|one| f.ctx.long_year(one.year)).into(),
            latest.map(|one| one.value).into(),
            seen.indicator.definition.unit.clone().into(),
            f.t(seen.word()).into(),
            told.how.into(),
            told.missing.into(),
        ]
    };
    let name = format!("{}_{}", f.ctx.state.profile.name, f.t("nav-desk-indicators"));
    Sheet { name, heads: heads.collect(), rows: shown.iter().map(row).collect() }
}

/// The indicators of which nobody has entered a year's figure, with the departments that would.
struct Unentered {
    year: FiscalYear,
    indicators: Vec<(Indicator, Vec<String>)>,
}

async fn unentered(ctx: &Ctx, plan_id: i64, plan: &Plan) -> Result<Unentered> {
    let year = last_full_year(ctx, plan);
    let open = lines(ctx, plan_id, plan, &plan.nodes).await?.into_iter().filter(|line| line.missing.is_some());
    Ok(Unentered { year, indicators: open.map(|line| (line.seen.indicator, line.departments)).collect() })
}

/// That figures of the last full year are missing which whoever asks would enter.
pub(crate) async fn missing_task(ctx: &Ctx, plan_id: i64, plan: &Plan) -> Result<Option<Task>> {
    let person = ctx.person()?;
    let keeps_all = person.holds(Role::Coordinator);
    let own = |departments: &[String]| match departments {
        [] => keeps_all,
        some => some.iter().any(|key| person.departments().any(|own| own == key)),
    };
    let mut kept = ctx.state.once(unentered(ctx, plan_id, plan)).await?;
    // A year ends without any change of the plan.
    if kept.year != last_full_year(ctx, plan) {
        kept = Arc::new(unentered(ctx, plan_id, plan).await?);
    }
    let mine = |(_, departments): &&(Indicator, Vec<String>)| own(departments) && may_enter(ctx, departments);
    let open: Vec<&Indicator> = kept.indicators.iter().filter(mine).map(|(indicator, _)| indicator).collect();
    let Some(first) = open.first() else { return Ok(None) };
    let year = ctx.long_year(kept.year);
    let (n, words) = (open.len(), ctx.words());
    Ok(Some(Task {
        due: None,
        title: words.with("task-figures", [("year", year.as_str())]),
        note: words.with("indicators-count", [("n", i64::try_from(n).unwrap_or(0))]),
        address: if n == 1 { address(first, "") } else { format!("{LIST}?state=missing") },
    }))
}
