//! An indicator: its chart, this year to date, where the number comes from, and the rule in words.

use askama::Template;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::catalogue::kind_named;
use kyodo_kernel::clock;
use kyodo_web::components::{Chart, Status};
use kyodo_web::filters;
use kyodo_web::sheet::SheetFormat;
use kyodo_web::{Ctx, DESK, Error, Frame, Html, KeyPath, Page, Params, Result, format};

use crate::indicator::{Counted, Direction, Health, How, Parts};
use crate::node::Node;
use crate::plan::Plan;
use crate::store::observations::Entry;
use crate::view::{self, Seen};
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
    /// Figures and targets that were entered, where there are any: each with its message.
    entered: Vec<(&'static str, Vec<Entered>)>,
    sums: Vec<Sum>,
    records: Option<String>,
    rule: Vec<String>,
    about: &'a str,
    note: &'a str,
    node: Option<(String, String)>,
    unit: String,
    json: &'static str,
}

/// Something that was entered for a year, as everybody may know it.
struct Entered {
    year: String,
    value: String,
    source: String,
    who: String,
    when: String,
    /// What it was before it was corrected.
    before: Option<String>,
}

/// A sum written out: lines and their result.
struct Sum {
    lead: String,
    lines: Vec<(String, String)>,
}

/// `GET /plan/indicators/{key}`
pub async fn indicator(ctx: Ctx, KeyPath(key): KeyPath, params: Params) -> Result<Response> {
    let (plan_id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let seen = &view::indicator(&ctx, plan_id, &key).await?;
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
        entered: [("entered-figures", &seen.entered), ("entered-aims", &seen.aims)]
            .into_iter()
            .map(|(caption, entries)| (caption, entered(f, seen, entries)))
            .filter(|(_, entries)| !entries.is_empty())
            .collect(),
        sums: sums(f, seen),
        records: records(f, seen),
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
pub(crate) fn line(f: &Frame, seen: &Seen) -> String {
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

pub(crate) fn source(f: &Frame, seen: &Seen) -> String {
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

/// What was entered, by year, the newest first: the value that stands, and what it was before.
fn entered(f: &Frame, seen: &Seen, entries: &[Entry]) -> Vec<Entered> {
    let mut years: Vec<Entered> = Vec::new();
    for records in entries.chunk_by(|one, next| one.year == next.year) {
        let Some((last, before)) = records.split_last() else { continue };
        let Some(value) = last.value else { continue };
        let before =
            before.iter().rev().find_map(|entry| entry.value).filter(|before| (before - value).abs() > f64::EPSILON);
        years.push(Entered {
            year: f.ctx.long_year(last.year),
            value: seen.value(value),
            source: if last.by.is_none() && last.source.is_empty() {
                f.t("entered-document")
            } else {
                last.source.clone()
            },
            who: view::department(&f.ctx, last),
            when: f.day(clock::day_of(last.at)),
            before: before.map(|before| f.with("entered-before", &[("value", &seen.value(before))])),
        });
    }
    years.reverse();
    years
}

/// Where those who have a desk see the records behind a counted figure.
fn records(f: &Frame, seen: &Seen) -> Option<String> {
    let is_counted = seen.indicator.definition.counted.is_some();
    (is_counted && DESK.admits(&f.ctx.actor, &Method::GET).is_ok())
        .then(|| format!("/desk/plan/indicators/{}/records", seen.indicator.key))
}

/// The arithmetic, written out.
fn sums(f: &Frame, seen: &Seen) -> Vec<Sum> {
    let mut sums = Vec::new();
    if let (Some(parts), Some(so_far), Some(rule)) =
        (seen.figures.parts, seen.figures.so_far, &seen.indicator.definition.counted)
    {
        sums.push(so_far_sum(f, seen, rule, parts, so_far.value));
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

/// How this year's figure comes about: what was added and taken back, and what it is divided by.
fn so_far_sum(f: &Frame, seen: &Seen, rule: &Counted, parts: Parts, so_far: f64) -> Sum {
    let day = format::day_and_month(f.ctx.today, f.ctx.language);
    // What is divided has a unit of its own: that of the facts.
    let is_divided = parts.whole.is_some() || parts.heads.is_some();
    let kind_unit = kind_named(&rule.kind).map_or("", |kind| kind.unit);
    let amount = |value: f64| {
        if is_divided { format!("{}{kind_unit}", format::number(value, 0)) } else { seen.value(value) }
    };
    let mut lines = Vec::new();
    if parts.before != 0.0 {
        lines.push((f.t("sum-before"), amount(parts.before)));
    }
    let added = if parts.whole.is_some() { "sum-fitting" } else { "sum-added" };
    lines.push((f.with(added, &[("day", &day)]), amount(parts.added)));
    if parts.taken != 0.0 {
        lines.push((f.t("sum-taken"), format!("− {}", amount(parts.taken))));
    }
    if let Some(whole) = parts.whole {
        lines.push((f.with("sum-whole", &[("day", &day)]), format!("÷ {}", amount(whole))));
    }
    if let Some(heads) = parts.heads {
        let year = f.ctx.long_year(heads.fiscal_year());
        let people = f.with("sum-people", &[("n", &format::number(heads.value, 0))]);
        lines.push((f.with("sum-heads", &[("year", &year)]), format!("÷ {people}")));
    }
    lines.push((f.t("sum-so-far"), seen.value(so_far)));
    let lead = if parts.taken != 0.0 && !is_divided && rule.how != How::Net {
        let (added, taken) = (amount(parts.added), amount(parts.taken));
        f.with("sum-words", &[("added", &added), ("taken", &taken), ("value", &seen.value(so_far))])
    } else if parts.whole.is_some() {
        f.t("sum-words-share")
    } else if parts.heads.is_some() {
        f.t("sum-words-heads")
    } else if rule.how == How::Distinct {
        f.t("sum-words-distinct")
    } else {
        String::new()
    };
    Sum { lead, lines }
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
