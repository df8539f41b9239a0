//! An indicator: its chart, this year to date, where the number comes from, and the rule in words.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_web::components::{Chart, Status};
use kyodo_web::filters;
use kyodo_web::sheet::SheetFormat;
use kyodo_web::{Ctx, Error, Frame, Html, KeyPath, Page, Params, Result, format};

use crate::indicator::{Direction, Health, How};
use crate::node::Node;
use crate::plan::Plan;
use crate::view::{Seen, indicator as indicator_seen};
use crate::{sheets, store};

#[derive(Template)]
#[template(path = "indicator.html")]
struct IndicatorPage<'a> {
    f: &'a Frame,
    title: Html,
    status: Status,
    line: String,
    counts: Vec<(String, String, String)>,
    chart: Chart<'a>,
    source: String,
    sums: Vec<Sum>,
    rule: Vec<String>,
    about: &'a str,
    note: &'a str,
    node: Option<(String, String)>,
    unit: String,
    json: &'static str,
}

/// A sum written out: lines and their result.
struct Sum {
    lead: String,
    lines: Vec<(String, String)>,
}

/// `GET /plan/indicators/{key}`
pub async fn indicator(ctx: Ctx, KeyPath(key): KeyPath, params: Params) -> Result<Response> {
    let (plan_id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let seen = &indicator_seen(&ctx, plan_id, &key).await?;
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheets::indicator(&ctx, seen).download(format)?.into_response());
    }
    let node = match &seen.indicator.node {
        Some(key) => store::node(&ctx.db, plan_id, key).await?,
        None => None,
    };
    let f = ctx
        .frame(seen.indicator.name.clone())
        .japanese()
        .crumb("/plan", "nav-plan")
        .crumb("/plan/indicators", "indicators-title")
        .crumb_named(seen.address(), seen.indicator.name.clone());
    Ok(Page(page(&f, &plan, seen, node.as_ref())).into_response())
}

fn page<'a>(f: &'a Frame, plan: &Plan, seen: &'a Seen, node: Option<&Node>) -> IndicatorPage<'a> {
    let definition = &seen.indicator.definition;
    let direction = match definition.direction {
        Direction::Up => "unit-up",
        Direction::Down => "unit-down",
    };
    IndicatorPage {
        title: f.phrases(&seen.indicator.name),
        status: seen.status(f),
        line: line(f, seen),
        counts: counts(f, seen),
        chart: seen.chart(f, true, f.t("figures-how-to-read")),
        source: source(f, seen),
        sums: sums(f, seen),
        rule: rule(f, seen),
        about: &definition.about,
        note: &definition.note,
        node: node.map(|node| {
            let code = super::code(&plan.outline, node);
            (node.address(), [code, node.title.clone()].join(" ").trim().to_owned())
        }),
        unit: f.with(direction, &[("unit", &definition.unit)]),
        json: "/api/v1/plan/indicators?limit=500",
        f,
    }
}

/// The answer first: the latest full year and what is left to the target.
fn line(f: &Frame, seen: &Seen) -> String {
    let Some(latest) = seen.judgement.latest else {
        return f.t("indicator-no-year-yet");
    };
    let (year, value) = (f.ctx.long_year(latest.year), seen.value(latest.value));
    let first = f.with("indicator-latest", &[("year", &year), ("value", &value)]);
    let Some(aim) = seen.indicator.definition.aim() else {
        return first + &f.t("indicator-no-aim");
    };
    let aim_year = f.ctx.long_year(aim.fiscal_year());
    let second = if seen.judgement.health == Health::Achieved {
        f.with("indicator-reached", &[("year", &aim_year), ("aim", &seen.value(aim.value))])
    } else {
        let left = seen.value((aim.value - latest.value).abs());
        // Nothing is left to go once the target's year is over.
        let key = if latest.year >= aim.fiscal_year() { "indicator-missed" } else { "indicator-left" };
        f.with(key, &[("year", &aim_year), ("left", &left)])
    };
    first + &second
}

/// The three numbers people look for: a full year, this year so far, the target.
fn counts(f: &Frame, seen: &Seen) -> Vec<(String, String, String)> {
    let definition = &seen.indicator.definition;
    let unit = definition.unit.split('/').next().unwrap_or_default().to_owned();
    let mut counts = Vec::new();
    if let Some(latest) = seen.judgement.latest {
        let label = f.with("indicator-full-year", &[("year", &f.ctx.long_year(latest.year))]);
        counts.push((seen.number(latest.value), unit.clone(), label));
    }
    if let Some(so_far) = seen.figures.so_far {
        let day = format::day_and_month(f.ctx.today, f.ctx.language);
        counts.push((seen.number(so_far.value), unit.clone(), f.with("indicator-until", &[("day", &day)])));
    }
    if let Some(aim) = definition.aim() {
        let label = f.with("indicator-aim-of", &[("year", &f.ctx.long_year(aim.fiscal_year()))]);
        counts.push((seen.number(aim.value), unit, label));
    }
    counts
}

fn source(f: &Frame, seen: &Seen) -> String {
    match &seen.indicator.definition.counted {
        None => f.t("source-entered"),
        Some(rule) => {
            let what = f.t(&format!("fact-{}", rule.kind.replace(['.', '_'], "-")));
            let how = match rule.how {
                How::Count => "source-count",
                How::Sum => "source-sum",
                How::Distinct => "source-distinct",
                How::Net => "source-net",
                How::Share => "source-share",
            };
            f.with(how, &[("what", &what)])
        }
    }
}

/// The arithmetic, written out.
fn sums(f: &Frame, seen: &Seen) -> Vec<Sum> {
    let mut sums = Vec::new();
    let day = format::day_and_month(f.ctx.today, f.ctx.language);
    if let (Some(parts), Some(so_far)) = (seen.figures.parts, seen.figures.so_far) {
        let mut lines = Vec::new();
        if parts.before != 0.0 {
            lines.push((f.t("sum-before"), seen.value(parts.before)));
        }
        lines.push((f.with("sum-added", &[("day", &day)]), seen.value(parts.added)));
        if parts.taken != 0.0 {
            lines.push((f.t("sum-taken"), format!("− {}", seen.value(parts.taken))));
        }
        lines.push((f.t("sum-so-far"), seen.value(so_far.value)));
        sums.push(Sum { lead: String::new(), lines });
    }
    if let (Some(projection), Some(so_far)) = (seen.figures.projection, seen.figures.so_far) {
        let whole = seen.figures.years.last().map(|last| last.value);
        match (seen.figures.a_year_before, whole) {
            (Some(before), Some(whole)) => sums.push(Sum {
                lead: f.t("sum-projection-compared"),
                lines: vec![
                    (f.t("sum-last-year"), seen.value(whole)),
                    (f.t("sum-ratio"), format!("{} ÷ {}", seen.number(so_far.value), seen.number(before))),
                    (f.t("sum-projection"), seen.value(projection)),
                ],
            }),
            _ => sums.push(Sum {
                lead: f.t("sum-projection-days"),
                lines: vec![(f.t("sum-projection"), seen.value(projection))],
            }),
        }
    }
    sums
}

/// How the status was found, with the numbers.
fn rule(f: &Frame, seen: &Seen) -> Vec<String> {
    let mut rule = vec![f.t(if seen.is_over { "health-rule-past" } else { "health-rule" })];
    let judgement = &seen.judgement;
    if let (Some(latest), Some(line)) = (judgement.latest, judgement.line) {
        let year = f.ctx.long_year(latest.year);
        let decimals = seen.indicator.definition.decimals.max(1);
        let line = kyodo_web::format::number(line, decimals);
        rule.push(f.with("health-line", &[("year", &year), ("line", &line), ("value", &seen.number(latest.value))]));
    }
    if let Some(way) = judgement.way {
        rule.push(f.with("health-way", &[("share", &kyodo_web::format::number(way * 100.0, 0))]));
    }
    if let Some(projected) = seen.indicator.definition.projected_at_aim(&seen.figures.years) {
        let year = f.ctx.long_year(projected.fiscal_year());
        rule.push(f.with("health-projected", &[("year", &year), ("value", &seen.value(projected.value))]));
    }
    rule
}
