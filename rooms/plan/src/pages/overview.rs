//! The plan overview: what was promised and how far it is.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::profile::Entry;
use kyodo_web::components::{Shape, Status};
use kyodo_web::filters;
use kyodo_web::sheet::SheetFormat;
use kyodo_web::{Ctx, Frame, Html, Page, Params, Result, format};

use super::versions::VERSIONS;
use super::{LocalLink, MeasureRow, code, heading, local};
use crate::indicator::Health;
use crate::kept;
use crate::node::Node;
use crate::plan::Phase;
use crate::progress::Standing;
use crate::schedule::rank;
use crate::sheets;
use crate::view::{Counts, IndicatorCard, Seen, Whole, in_one_line, indicators, status};

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage<'a> {
    f: &'a Frame,
    years: Option<String>,
    title: Html,
    line: String,
    note: Option<String>,
    counts: Vec<(usize, Status)>,
    counts_label: String,
    bar: Vec<YearSegment>,
    local: Vec<LocalLink>,
    about: &'a kyodo_kernel::profile::About,
    aim_title: String,
    principles: &'a [Entry],
    cards: Vec<IndicatorCard<'a>>,
    all_indicators: String,
    measures_title: String,
    policies: Vec<Policy>,
    rule: Option<String>,
    news: Vec<News>,
    bodies: &'a [crate::plan::Body],
    /// Where its versions and the plans before it are, when there are any; what the link says.
    versions: Option<(&'static str, String)>,
}

/// A year of the year bar: how much of it is gone, in months.
struct YearSegment {
    label: String,
    months: String,
    now: bool,
}

struct Policy {
    id: String,
    code: String,
    title: Html,
    bar: Html,
    line: String,
    groups: Vec<Group>,
}

struct Group {
    /// Whether it lies deeper than directly below the policy.
    deep: bool,
    code: String,
    title: Option<Html>,
    rows: Vec<MeasureRow>,
}

struct News {
    day: String,
    date: String,
    href: String,
    title: String,
    text: String,
}

/// `GET /plan`
pub async fn overview(ctx: Ctx, params: Params) -> Result<Response> {
    let whole = Whole::load(&ctx).await?;
    let seen = indicators(&ctx, whole.id).await?;
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheets::plan(&ctx, &whole).download(format)?.into_response());
    }
    let f = ctx.frame(whole.plan.title.clone()).japanese().crumb("/plan", "nav-plan");
    let has_earlier = !kept::lineage(&ctx).await?.plans.is_empty();
    Ok(Page(page(&f, &whole, &seen, has_earlier)).into_response())
}

fn page<'a>(f: &'a Frame, whole: &'a Whole, seen: &[Seen], has_earlier: bool) -> OverviewPage<'a> {
    let outline = &whole.plan.outline;
    let about = &f.ctx.state.profile.about;
    let measures = whole.measures().count();
    let again = whole.measures().filter(|node| node.is_alias()).count();
    let title_key = if again > 0 { "overview-measures-again" } else { "overview-measures" };
    let over = matches!(whole.phase, Phase::Over(_));
    OverviewPage {
        f,
        years: years(f, whole),
        title: f.phrases(&whole.plan.title),
        line: in_one_line(f, whole),
        note: outline.inferred_schedule.then(|| outline.schedule_note.clone()).filter(|note| !note.is_empty()),
        counts: whole
            .counts()
            .shown()
            .filter(|(standing, _)| *standing != Standing::Timeless)
            .map(|(standing, n)| (n, status(f, standing)))
            .collect(),
        counts_label: f.t(if over { "overview-outcome" } else { "overview-progress" }),
        bar: year_bar(f, whole),
        local: local(f, outline, !seen.is_empty(), whole.last_reported()),
        about,
        aim_title: f.t(if over { "overview-aim-past" } else { "overview-aim" }),
        principles: if whole.phase == Phase::Timeless { &about.principles } else { &[] },
        cards: featured(seen).into_iter().map(|seen| seen.card(f)).collect(),
        all_indicators: f.n("overview-all-indicators", seen.len()),
        measures_title: f.tell(
            title_key,
            &[("n", measures.into()), ("again", again.into()), ("level", whole.measure_name().into())],
        ),
        policies: policies(f, whole),
        rule: rule(f, whole),
        news: news(f, whole),
        bodies: &outline.bodies,
        versions: match (whole.plan.version, has_earlier) {
            (1, false) => None,
            (1, true) => Some((VERSIONS, f.t("earlier-link"))),
            _ => Some((VERSIONS, f.t("versions-link"))),
        },
    }
}

fn years(f: &Frame, whole: &Whole) -> Option<String> {
    let outline = &whole.plan.outline;
    let period = outline.period.or(outline.grid)?;
    let (from, to) = (f.ctx.long_year(period.first()), f.ctx.long_year(period.last()));
    let over = period.last() < f.ctx.fiscal_year();
    let key = if over { "overview-years-over" } else { "overview-years" };
    Some(f.with(key, &[("from", &from), ("to", &to)]))
}

fn year_bar(f: &Frame, whole: &Whole) -> Vec<YearSegment> {
    let now = f.ctx.fiscal_year();
    let Some(period) = whole.plan.outline.period.or(whole.plan.outline.grid) else {
        return Vec::new();
    };
    period
        .years()
        .map(|year| YearSegment {
            label: f.ctx.short_year(year),
            months: match year.cmp(&now) {
                std::cmp::Ordering::Less => "12".to_owned(),
                std::cmp::Ordering::Equal => format!("{:.1}", year.elapsed(f.ctx.today) * 12.0),
                std::cmp::Ordering::Greater => "0".to_owned(),
            },
            now: year == now,
        })
        .collect()
}

/// Up to three figures that say most: counted and judged ones first, different parts of the plan.
pub(super) fn featured(seen: &[Seen]) -> Vec<&Seen> {
    let mut ranked: Vec<(u8, usize, &Seen)> = seen
        .iter()
        .enumerate()
        .map(|(at, seen)| {
            let judged = seen.judgement.health != Health::NoData;
            let counted = seen.figures.so_far.is_some();
            let worth = match (judged, counted) {
                (true, true) => 0,
                (true, false) => 1,
                (false, true) => 2,
                (false, false) => 3,
            };
            (worth, at, seen)
        })
        .collect();
    ranked.sort_by_key(|(worth, at, _)| (*worth, *at));
    let mut chosen: Vec<(usize, &Seen)> = Vec::new();
    // First one for each part of the plan, then whatever comes.
    for fresh in [true, false] {
        for (_, at, seen) in &ranked {
            let known = chosen.iter().any(|(chosen_at, _)| chosen_at == at);
            let same_part = chosen.iter().any(|(_, other)| other.indicator.node == seen.indicator.node);
            if chosen.len() < 3 && !known && !(fresh && same_part) {
                chosen.push((*at, seen));
            }
        }
    }
    chosen.sort_by_key(|(at, _)| *at);
    chosen.into_iter().map(|(_, seen)| seen).collect()
}

fn policies(f: &Frame, whole: &Whole) -> Vec<Policy> {
    let outline = &whole.plan.outline;
    if whole.depth() == 1 {
        // A plan of one level has no policies: its measures stand alone.
        let rows = whole.measures().map(|node| row(f, whole, node, true)).collect();
        return vec![Policy {
            id: "measures".to_owned(),
            code: String::new(),
            title: Html::default(),
            bar: Html::default(),
            line: String::new(),
            groups: vec![Group { deep: false, code: String::new(), title: None, rows }],
        }];
    }
    whole
        .policies()
        .map(|policy| {
            let (code, title) = heading(f, outline, policy);
            let standings: Vec<Standing> = whole
                .measures_below(&policy.key)
                .filter(|node| !node.is_alias())
                .map(|node| whole.standing(node))
                .collect();
            Policy {
                id: format!("policy-{}", policy.key),
                code,
                title,
                bar: bar(&standings),
                line: policy_line(f, whole, &standings),
                groups: groups(f, whole, policy),
            }
        })
        .collect()
}

fn groups(f: &Frame, whole: &Whole, policy: &Node) -> Vec<Group> {
    let outline = &whole.plan.outline;
    if whole.depth() == 2 {
        let rows = whole.measures_below(&policy.key).map(|node| row(f, whole, node, false)).collect();
        return vec![Group { deep: false, code: String::new(), title: None, rows }];
    }
    let above_measures = whole.depth() - 1;
    whole
        .plan
        .nodes
        .iter()
        .filter(|node| node.level <= above_measures && whole.tree.is_below(&node.key, &policy.key))
        .map(|group| {
            // What lies between policy and measures is a heading; the measures stand below the lowest one.
            let measures = whole.measures_below(&group.key).filter(|_| group.level == above_measures);
            Group {
                deep: group.level > 2,
                code: code(outline, group),
                title: Some(f.phrases(&group.title)),
                rows: measures.map(|node| row(f, whole, node, false)).collect(),
            }
        })
        .collect()
}

fn row(f: &Frame, whole: &Whole, node: &Node, with_text: bool) -> MeasureRow {
    let standing = whole.standing(node);
    let behind = matches!(standing, Standing::Late | Standing::Partly | Standing::NotDone);
    let latest = whole.reports(node).last();
    let remark = match latest {
        _ if with_text => f.prose(&node.details.text),
        Some(report) if behind => f.prose(&report.text),
        _ => Html::default(),
    };
    MeasureRow {
        code: node.code.clone(),
        href: node.address(),
        title: f.phrases(&node.title),
        tag: node.details.tag.map(crate::node::Tag::printed),
        again: node.is_alias(),
        status: (standing != Standing::Timeless).then(|| status(f, standing)),
        note: remark,
    }
}

fn policy_line(f: &Frame, whole: &Whole, standings: &[Standing]) -> String {
    if whole.phase == Phase::Timeless {
        return String::new();
    }
    let counts = Counts::of(standings.iter().copied());
    let level = whole.measure_name();
    let mut line = f.tell("policy-count", &[("n", counts.total().into()), ("level", level.into())]);
    for (standing, n) in counts.shown() {
        line.push_str(&f.tell("policy-part", &[("n", n.into()), ("word", (&f.t(standing.message())).into())]));
    }
    line
}

/// A row of shapes, one for each measure: what the words beside it say, to be seen at a glance.
fn bar(standings: &[Standing]) -> Html {
    if standings.iter().all(|standing| *standing == Standing::Timeless) {
        return Html::default();
    }
    let width = standings.len() * 22;
    let shapes: String = standings.iter().enumerate().map(|(at, standing)| shape(at * 22, standing.shape())).collect();
    Html(format!(
        "<svg class=\"bar\" width=\"{width}\" height=\"16\" viewBox=\"0 0 {width} 16\" aria-hidden=\"true\">{shapes}</svg>"
    ))
}

fn shape(x: usize, shape: Shape) -> String {
    let center = x + 8;
    match shape {
        Shape::Ok => format!("<circle class=\"seg-ok\" cx=\"{center}\" cy=\"8\" r=\"7\"/>"),
        Shape::Late => format!("<path class=\"seg-late\" d=\"M{x} 15L{center} 1L{} 15z\"/>", x + 16),
        Shape::None => format!("<circle class=\"seg-none\" cx=\"{center}\" cy=\"8\" r=\"6\"/>"),
        Shape::Done => format!("<path class=\"seg-done\" d=\"M{} 8l4 5l8-10\"/>", x + 2),
        Shape::Part => format!(
            "<circle class=\"seg-part\" cx=\"{center}\" cy=\"8\" r=\"7\"/><path class=\"seg-ok\" d=\"M{center} 1a7 7 0 0 0 0 14z\"/>"
        ),
        Shape::Not => format!("<path class=\"seg-not\" d=\"M{} 8h12\"/>", x + 2),
    }
}

fn rule(f: &Frame, whole: &Whole) -> Option<String> {
    match whole.phase {
        Phase::Timeless | Phase::Ahead => None,
        Phase::Running(_) if whole.plan.outline.grid.is_none() => Some(f.t("rule-reported")),
        Phase::Running(_) => Some(f.t("rule-on-schedule")),
        Phase::Over(_) => Some(f.t("rule-outcome")),
    }
}

/// What changed this year: measures whose stage moved on, the latest first. A step back is told where the measure
/// stands, not as news.
fn news(f: &Frame, whole: &Whole) -> Vec<News> {
    let Phase::Running(now) = whole.phase else {
        return Vec::new();
    };
    let outline = &whole.plan.outline;
    let mut moved: Vec<(chrono::NaiveDate, News)> = whole
        .measures()
        .filter(|node| !node.is_alias())
        .filter_map(|node| {
            let report = whole.report(node, now)?;
            let before = whole.report(node, now.previous())?;
            let (from, to) = (before.mark.as_deref()?, report.mark.as_deref()?);
            let went_on = from != to && rank(to, &outline.marks) >= rank(from, &outline.marks);
            went_on.then(|| {
                let news = News {
                    day: format::day_and_month(report.published_on, f.ctx.language),
                    date: report.published_on.to_string(),
                    href: node.address(),
                    title: node.title.clone(),
                    text: f.with("news-moved", &[("from", from), ("to", to)]),
                };
                (report.published_on, news)
            })
        })
        .collect();
    moved.sort_by_key(|(day, _)| std::cmp::Reverse(*day));
    moved.truncate(5);
    moved.into_iter().map(|(_, news)| news).collect()
}
