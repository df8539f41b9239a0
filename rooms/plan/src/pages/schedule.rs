//! The schedule: the year grid as the city prints it, planned above actual.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_web::components::{Shape, Status};
use kyodo_web::filters;
use kyodo_web::sheet::SheetFormat;
use kyodo_web::{Ctx, Frame, Html, Page, Paper, Params, Result};

use super::filter::{Choice, Filter, count};
use super::years::{Planned, YearCell, YearHead, cells, heads};
use super::{LocalLink, code, local};
use crate::node::Node;
use crate::plan::Phase;
use crate::progress::Standing;
use crate::view::{Whole, status};
use crate::{sheets, store};

#[derive(Template)]
#[template(path = "schedule.html")]
struct SchedulePage<'a> {
    f: &'a Frame,
    local: Vec<LocalLink>,
    has_grid: bool,
    caption: String,
    filter: Filter,
    filtered: bool,
    departments: Vec<Choice>,
    actors: Vec<Choice>,
    marks: Vec<Choice>,
    count: String,
    csv: String,
    xlsx: String,
    other_paper: (String, String),
    legend: Vec<Status>,
    late: String,
    rule: String,
    note: Option<&'a str>,
    heads: Vec<YearHead>,
    measure: &'a str,
    groups: Vec<Group>,
}

struct Group {
    code: String,
    title: Html,
    rows: Vec<Row>,
}

struct Row {
    code: String,
    href: String,
    title: Html,
    again: bool,
    cells: Vec<YearCell>,
}

/// `GET /plan/schedule`
pub async fn schedule(ctx: Ctx, params: Params) -> Result<Response> {
    let whole = Whole::load(&ctx).await?;
    let filter = Filter::of(&params);
    let shown: Vec<&Node> = whole.measures().filter(|node| filter.admits(&whole, node)).collect();
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheets::schedule(&ctx, &whole, &shown).download(format)?.into_response());
    }
    let has_indicators = !store::indicators_after(&ctx.db, whole.id, 0, 1).await?.is_empty();
    let f = ctx.frame(ctx.words().say("schedule-title")).crumb("/plan", "nav-plan").crumb("", "schedule-title");
    let f = f.on_paper(if params.get("paper") == Some("a4") { Paper::A4 } else { Paper::A3 });
    Ok(Page(page(&f, &whole, filter, &params, &shown, has_indicators)).into_response())
}

fn page<'a>(
    f: &'a Frame,
    whole: &'a Whole,
    filter: Filter,
    params: &Params,
    shown: &[&Node],
    has_indicators: bool,
) -> SchedulePage<'a> {
    let outline = &whole.plan.outline;
    let (from, to) = outline
        .grid
        .map_or_else(Default::default, |grid| (f.ctx.long_year(grid.first()), f.ctx.long_year(grid.last())));
    let over = matches!(whole.phase, Phase::Over(_));
    SchedulePage {
        f,
        local: local(f, outline, has_indicators, whole.last_reported()),
        has_grid: outline.grid.is_some(),
        caption: f.with("schedule-caption", &[("from", &from), ("to", &to), ("level", whole.measure_name())]),
        departments: filter.departments(&f.ctx, whole),
        actors: filter.actors(whole),
        marks: filter.marks(whole),
        filter,
        filtered: Filter::is_active(params),
        count: count(f, whole, shown.len()),
        csv: format!("?{}", params.with("format", "csv")),
        xlsx: format!("?{}", params.with("format", "xlsx")),
        other_paper: match f.paper {
            Some(Paper::A4) => (format!("?{}", params.with("paper", "")), f.t("print-a3")),
            _ => (format!("?{}", params.with("paper", "a4")), f.t("print-a4")),
        },
        legend: legend(f, over),
        late: f.t(if over { "filter-late-past" } else { "filter-late" }),
        rule: f.t(if over { "schedule-rule-past" } else { "schedule-rule" }),
        note: Some(outline.schedule_note.as_str()).filter(|note| outline.inferred_schedule && !note.is_empty()),
        heads: heads(f, whole),
        measure: whole.measure_name(),
        groups: groups(f, whole, shown),
    }
}

/// What the shapes of the lower lane say; of a plan that is over nothing is late.
fn legend(f: &Frame, over: bool) -> Vec<Status> {
    let late = Status { shape: Shape::Late, word: f.t(if over { "standing-short" } else { Standing::Late.message() }) };
    vec![status(f, Standing::OnSchedule), late, status(f, Standing::Unreported)]
}

fn groups(f: &Frame, whole: &Whole, shown: &[&Node]) -> Vec<Group> {
    let outline = &whole.plan.outline;
    let mut groups: Vec<(String, Group)> = Vec::new();
    for node in shown {
        let top = whole.tree.top(&node.key);
        if groups.last().is_none_or(|(key, _)| key != top) {
            let policy = whole.policies().find(|policy| policy.key == top && whole.depth() > 1);
            let (code, title) = policy.map_or_else(Default::default, |p| (code(outline, p), f.phrases(&p.title)));
            groups.push((top.to_owned(), Group { code, title, rows: Vec::new() }));
        }
        let row = Row {
            code: node.code.clone(),
            href: node.address(),
            title: f.phrases(&node.title),
            again: node.is_alias(),
            cells: cells(f, whole, node),
        };
        if let Some((_, group)) = groups.last_mut() {
            group.rows.push(row);
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
