//! The list of indicators: each with its chart, then all in one table.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::FiscalYear;
use kyodo_web::components::Status;
use kyodo_web::filters;
use kyodo_web::sheet::SheetFormat;
use kyodo_web::{Ctx, Error, Frame, Html, Page, Params, Result};

use super::{LocalLink, local};
use crate::indicator::Health;
use crate::plan::{Phase, Plan};
use crate::view::{IndicatorCard, MISSED, Seen, indicators as all_indicators};
use crate::{sheets, store};

#[derive(Template)]
#[template(path = "indicators.html")]
struct IndicatorsPage<'a> {
    f: &'a Frame,
    local: Vec<LocalLink>,
    line: String,
    any: bool,
    q: String,
    filtered: bool,
    statuses: Vec<(&'static str, String, bool)>,
    count: String,
    csv: String,
    xlsx: String,
    groups: Vec<Group<'a>>,
    years: Vec<(String, bool)>,
    aims: bool,
    rows: Vec<Row>,
}

struct Group<'a> {
    title: Html,
    cards: Vec<IndicatorCard<'a>>,
}

struct Row {
    href: String,
    name: Html,
    unit: String,
    baseline: String,
    values: Vec<(String, String)>,
    aim: String,
    status: Status,
}

/// `GET /plan/indicators`
pub async fn indicators(ctx: Ctx, params: Params) -> Result<Response> {
    let (plan_id, mut plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    plan.nodes = store::all_nodes(&ctx.db, plan_id).await?;
    let all = all_indicators(&ctx, plan_id).await?;
    let shown: Vec<&Seen> = all.iter().filter(|seen| asked_for(seen, &params)).collect();
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheets::indicators(&ctx, &shown).download(format)?.into_response());
    }
    let f = ctx.frame(ctx.words().say("indicators-title")).crumb("/plan", "nav-plan").crumb("", "indicators-title");
    let reported = store::last_reported(&ctx.db, plan_id).await?;
    Ok(Page(page(&f, &plan, &params, &all, &shown, reported)).into_response())
}

fn asked_for(seen: &Seen, params: &Params) -> bool {
    let status = params.get("status").is_none_or(|status| status == seen.judgement.health.name());
    let name = kyodo_jptext::search_key(&seen.indicator.name);
    let words = params.get("q").unwrap_or_default();
    status && words.split_whitespace().all(|word| name.contains(&kyodo_jptext::search_key(word)))
}

fn page<'a>(
    f: &'a Frame,
    plan: &Plan,
    params: &Params,
    all: &[Seen],
    shown: &[&Seen],
    reported: Option<FiscalYear>,
) -> IndicatorsPage<'a> {
    let status = params.get("status").unwrap_or_default();
    let years = years(f.ctx.fiscal_year(), shown);
    IndicatorsPage {
        f,
        local: local(f, &plan.outline, !all.is_empty(), reported),
        line: line(f, plan, all),
        any: !all.is_empty(),
        q: params.get("q").unwrap_or_default().to_owned(),
        filtered: !params.has_none_of(&["q", "status"]),
        statuses: Health::ALL.map(|health| (health.name(), word(f, plan, health), health.name() == status)).into(),
        count: f.n("indicators-count", shown.len()),
        csv: format!("?{}", params.with("format", "csv")),
        xlsx: format!("?{}", params.with("format", "xlsx")),
        groups: groups(f, plan, shown),
        years: years.iter().map(|year| (f.ctx.short_year(*year), *year == f.ctx.fiscal_year())).collect(),
        aims: shown.iter().any(|seen| seen.indicator.definition.aim().is_some()),
        rows: shown.iter().map(|seen| row(f, seen, &years)).collect(),
    }
}

/// The words of a status, in the order in which they are told.
const WORDS: [&str; 5] = ["health-achieved", "health-on-track", "health-behind", MISSED, "health-no-data"];

fn is_over(f: &Frame, plan: &Plan) -> bool {
    matches!(plan.outline.phase(f.ctx.today), Phase::Over(_))
}

/// How the figures stand, in one line.
fn line(f: &Frame, plan: &Plan, all: &[Seen]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for word in WORDS {
        let n = all.iter().filter(|seen| seen.word() == word).count();
        if n > 0 {
            parts.push(f.tell("indicators-part", &[("n", n.into()), ("word", (&f.t(word)).into())]));
        }
    }
    let parts = parts.join(&f.t("list-comma"));
    let key = if is_over(f, plan) { "indicators-line-past" } else { "indicators-line" };
    f.tell(key, &[("n", all.len().into()), ("parts", (&parts).into())])
}

/// What a choice of the filter says: of a plan that is over nothing is late.
fn word(f: &Frame, plan: &Plan, health: Health) -> String {
    f.t(if health == Health::Behind && is_over(f, plan) { MISSED } else { health.message() })
}

fn groups<'a>(f: &'a Frame, plan: &Plan, shown: &[&Seen]) -> Vec<Group<'a>> {
    let mut groups: Vec<(String, Group<'a>)> = Vec::new();
    for seen in shown {
        let title = match (&seen.indicator.definition.group, &seen.indicator.node) {
            (Some(group), _) => group.clone(),
            (None, Some(key)) => plan.nodes.iter().find(|node| node.key == *key).map_or_else(String::new, |node| {
                let code = super::code(&plan.outline, node);
                if code.is_empty() { node.title.clone() } else { format!("{code} {}", node.title) }
            }),
            (None, None) => f.t("indicators-whole-plan"),
        };
        match groups.iter_mut().find(|(known, _)| *known == title) {
            Some((_, group)) => group.cards.push(seen.card(f)),
            None => groups.push((title.clone(), Group { title: f.phrases(&title), cards: vec![seen.card(f)] })),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The latest years worth a column: at the most three full ones and the running one.
fn years(now: FiscalYear, shown: &[&Seen]) -> Vec<FiscalYear> {
    let mut full: Vec<FiscalYear> =
        shown.iter().flat_map(|seen| seen.figures.years.iter().map(|observation| observation.year)).collect();
    full.sort_unstable();
    full.dedup();
    let mut years = full.split_off(full.len().saturating_sub(3));
    if shown.iter().any(|seen| seen.figures.so_far.is_some()) {
        years.push(now);
    }
    years
}

fn row(f: &Frame, seen: &Seen, years: &[FiscalYear]) -> Row {
    let none = || "－".to_owned();
    let definition = &seen.indicator.definition;
    let dated = |value: crate::indicator::Value| {
        format!("{}（{}）", seen.number(value.value), f.ctx.short_year(value.fiscal_year()))
    };
    let value = |year: &FiscalYear| {
        let full = seen.figures.years.iter().chain(&seen.figures.so_far).find(|observation| observation.year == *year);
        (f.ctx.short_year(*year), full.map_or_else(none, |observation| seen.number(observation.value)))
    };
    Row {
        href: seen.address(),
        name: f.phrases(&seen.indicator.name),
        unit: definition.unit.clone(),
        baseline: definition.baseline.map_or_else(none, dated),
        values: years.iter().map(value).collect(),
        aim: definition.aim().map_or_else(none, dated),
        status: seen.status(f),
    }
}
