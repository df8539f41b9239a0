//! `/plan/earlier/{years}`: a plan before the one that stands, with what became of each of its lines; and one line of it.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_jptext::search_key;
use kyodo_web::components::{Choice, choice};
use kyodo_web::sheet::{Cell, Sheet, SheetFormat};
use kyodo_web::{Ctx, Error, Frame, Html, KeyPath, Page, Params, Result, TwoKeys, filters};

use super::versions::VERSIONS;
use super::{paragraphs, titled};
use crate::earlier::{EarlierLine, EarlierPlan, Found, Heir, Lineage, Place, Source, Spot};
use crate::kept;
use crate::node::{Earlier, Node};
use crate::plan::Plan;
use crate::schedule::ARROW;

/// So many lines stand on a page.
const ON_A_PAGE: usize = 100;

#[derive(Template)]
#[template(path = "earlier-plan.html")]
struct PlanPage<'a> {
    f: &'a Frame,
    title: Html,
    /// That it has ended, or will.
    state: String,
    ran: String,
    summary: Html,
    counts: Vec<(String, String)>,
    fates: Vec<Choice>,
    q: &'a str,
    filtered: bool,
    count: String,
    rows: Vec<Row>,
    /// Whether anything is known of who was in charge.
    has_departments: bool,
    first: Option<String>,
    next: Option<String>,
    csv: String,
    xlsx: String,
}

struct Row {
    level: usize,
    code: String,
    title: Html,
    href: String,
    departments: String,
    heirs: Vec<Relative>,
}

/// A line that another came from, or went on in: its page, its title, which plan that is, where not the one that stands,
/// and how it went on there, where it is not simply the same line.
pub(super) struct Relative {
    pub(super) href: Option<String>,
    pub(super) title: String,
    pub(super) plan: String,
    pub(super) how: String,
}

#[derive(Template)]
#[template(path = "earlier-line.html")]
struct LinePage<'a> {
    f: &'a Frame,
    code: String,
    title: Html,
    /// That its plan has ended, or will.
    state: String,
    text: Vec<Html>,
    outcome: Vec<Html>,
    heirs: Vec<Relative>,
    /// What to say where it went on in nothing.
    ended: String,
    forebears: Vec<Relative>,
    /// The page with its reports, where it ran here.
    record: Option<String>,
    facts: Vec<(String, String)>,
}

/// A fate to ask for: its name in the address, its message, and whether a line with so many heirs has it.
type Fate = (&'static str, &'static str, fn(usize) -> bool);

const FATES: [Fate; 2] =
    [("continued", "earlier-continued", |heirs| heirs > 0), ("ended", "earlier-ended", |heirs| heirs == 0)];

/// Everything that a page about an earlier plan asks.
struct Open {
    plan: std::sync::Arc<Plan>,
    lineage: std::sync::Arc<Lineage>,
    at: usize,
}

impl Open {
    async fn load(ctx: &Ctx, key: &str) -> Result<Self> {
        let (_, plan) = kept::plan(ctx).await?;
        let lineage = kept::lineage(ctx).await?;
        let at = lineage.plan(key).ok_or(Error::NotFound)?;
        Ok(Self { plan, lineage, at })
    }

    fn earlier(&self) -> &EarlierPlan {
        &self.lineage.plans[self.at]
    }

    fn frame(&self, ctx: &Ctx, title: String) -> Frame {
        let f = ctx.frame(title).japanese().crumb("/plan", "nav-plan").crumb(VERSIONS, "versions-title");
        f.crumb_named(self.earlier().address(), self.earlier().title.clone())
    }

    fn heirs(&self, f: &Frame, spot: Spot) -> Vec<Relative> {
        self.lineage.heirs(spot).iter().map(|heir| relative(f, &self.plan, &self.lineage, heir)).collect()
    }
}

fn relative(f: &Frame, plan: &Plan, lineage: &Lineage, heir: &Heir) -> Relative {
    let how = heir.kind.map_or_else(String::new, |kind| f.t(&format!("earlier-heir-{}", kind.name())));
    let relative = match &heir.at {
        Place::Standing(key) => {
            let title = plan.node(key).map_or_else(String::new, |node| titled(&plan.outline, node));
            Relative { href: Some(format!("/plan/nodes/{key}")), title, plan: String::new(), how: String::new() }
        }
        Place::Earlier(spot) => forebear(lineage, *spot),
    };
    Relative { how, ..relative }
}

fn forebear(lineage: &Lineage, spot: Spot) -> Relative {
    let (plan, title) =
        lineage.line(spot).map_or_else(Default::default, |(plan, line)| (plan.title.clone(), line.titled()));
    Relative { href: Some(lineage.address(spot)), title, plan, how: String::new() }
}

/// What a line came from: lines of earlier plans that are kept here, and what is only named.
fn forebears(lineage: &Lineage, place: &Place, named: &[Earlier]) -> Vec<Relative> {
    let known = lineage.forebears(place).iter().map(|spot| forebear(lineage, *spot));
    let unknown = lineage.unknown(named).map(|one| {
        let title = format!("{} {}", one.code, one.title).trim().to_owned();
        let href = match lineage.find(one) {
            Found::NoSuchLine(at) => lineage.plans.get(at).map(EarlierPlan::address),
            Found::Line(_) | Found::NoSuchPlan => None,
        };
        Relative { href, title, plan: one.plan.clone(), how: String::new() }
    });
    known.chain(unknown).collect()
}

/// What a line of the plan that stands was in the plans before it.
pub(super) fn before(lineage: &Lineage, node: &Node) -> Vec<Relative> {
    forebears(lineage, &Place::Standing(node.real_key().to_owned()), &node.details.earlier)
}

/// In which years a plan ran.
pub(crate) fn ran(f: &Frame, plan: &EarlierPlan) -> String {
    let years = [plan.period.first(), plan.period.last()].map(|year| f.ctx.long_year(year));
    f.with("earlier-ran", &[("from", &years[0]), ("to", &years[1])])
}

/// That a plan has ended; or when it will, where the next was adopted before its last year is over.
fn state(f: &Frame, plan: &EarlierPlan, over: &str, ending: &str) -> String {
    let last = plan.period.last();
    if last < f.ctx.fiscal_year() { f.t(over) } else { f.with(ending, &[("year", &f.ctx.long_year(last))]) }
}

/// `GET /plan/earlier/{period}`
pub async fn earlier_plan(ctx: Ctx, KeyPath(key): KeyPath, params: Params) -> Result<Response> {
    let open = Open::load(&ctx, &key).await?;
    let f = open.frame(&ctx, open.earlier().title.clone());
    let own = open.earlier();
    let (fate, q) = (params.get("fate").unwrap_or_default(), params.get("q").unwrap_or_default());
    let wanted = FATES.iter().find(|(name, ..)| *name == fate);
    let heirs = |at: usize| open.lineage.heirs((open.at, at)).len();
    let asked: Vec<(usize, &EarlierLine)> = own
        .lines
        .iter()
        .enumerate()
        .filter(|(at, line)| wanted.is_none_or(|(_, _, has)| has(heirs(*at))) && says(line, q))
        .collect();
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheet(&f, &open, &asked).download(format)?.into_response());
    }
    let after = params.get("after").and_then(|after| after.parse::<usize>().ok());
    let mut shown = asked.iter().filter(|(at, _)| after.is_none_or(|after| *at > after));
    let rows: Vec<(usize, &EarlierLine)> = shown.by_ref().take(ON_A_PAGE).copied().collect();
    let is_more = shown.next().is_some();
    let all = choice("", f.t("filter-all"), wanted.is_none());
    let page = PlanPage {
        title: f.phrases(&own.title),
        state: state(&f, own, "earlier-over", "earlier-ending"),
        ran: ran(&f, own),
        summary: f.prose(&own.summary),
        counts: FATES
            .iter()
            .map(|(_, message, has)| (f.whole((0..own.lines.len()).filter(|at| has(heirs(*at))).count()), f.t(message)))
            .filter(|_| !own.lines.is_empty())
            .collect(),
        fates: std::iter::once(all)
            .chain(FATES.iter().map(|(name, message, _)| choice(*name, f.t(message), *name == fate)))
            .collect(),
        q,
        filtered: !params.has_none_of(&["fate", "q"]),
        count: f.n("earlier-count", asked.len()),
        next: rows.last().filter(|_| is_more).map(|(at, _)| format!("?{}", params.with("after", &at.to_string()))),
        first: after.map(|_| format!("?{}", params.with("after", ""))),
        has_departments: own.lines.iter().any(|line| !line.said.departments.is_empty()),
        rows: rows.into_iter().map(|(at, line)| row(&f, &open, at, line)).collect(),
        csv: format!("?{}", params.with("format", "csv")),
        xlsx: format!("?{}", params.with("format", "xlsx")),
        f: &f,
    };
    Ok(Page(page).into_response())
}

/// Whether a line says what somebody looks for.
fn says(line: &EarlierLine, q: &str) -> bool {
    let q = search_key(q);
    let texts = [&line.code, &line.title, &line.said.text, &line.said.outcome];
    q.is_empty() || texts.into_iter().chain(&line.said.departments).any(|text| search_key(text).contains(&q))
}

fn row(f: &Frame, open: &Open, at: usize, line: &EarlierLine) -> Row {
    Row {
        level: line.said.level.clamp(1, 4),
        code: line.code.clone(),
        title: f.phrases(&line.title),
        href: open.lineage.address((open.at, at)),
        departments: line.said.departments.join(&f.t("list-comma")),
        heirs: open.heirs(f, (open.at, at)),
    }
}

fn sheet(f: &Frame, open: &Open, lines: &[(usize, &EarlierLine)]) -> Sheet {
    let row = |(at, line): &(usize, &EarlierLine)| {
        let heirs: Vec<String> = open.heirs(f, (open.at, *at)).into_iter().map(|heir| told(&heir)).collect();
        let said = &line.said;
        let cells = [
            line.key.as_str(),
            line.code.as_str(),
            line.title.as_str(),
            &said.departments.join("、"),
            said.text.as_str(),
            said.outcome.as_str(),
            &heirs.join("\n"),
        ];
        cells.map(Cell::from).to_vec()
    };
    let heads = [
        "sheet-key",
        "sheet-code",
        "sheet-title",
        "filter-department",
        "earlier-text",
        "earlier-outcome",
        "earlier-after",
    ];
    Sheet {
        name: open.earlier().title.clone(),
        heads: heads.map(|head| f.t(head)).to_vec(),
        rows: lines.iter().map(row).collect(),
    }
}

fn told(relative: &Relative) -> String {
    let parts = [&relative.plan, &relative.title, &relative.how];
    parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// `GET /plan/earlier/{period}/{key}`
pub async fn earlier_line(ctx: Ctx, TwoKeys(period, key): TwoKeys) -> Result<Response> {
    let open = Open::load(&ctx, &period).await?;
    let own = open.earlier();
    let at = own.lines.iter().position(|line| line.key == key).ok_or(Error::NotFound)?;
    let line = &own.lines[at];
    let f = open.frame(&ctx, line.title.clone()).crumb_named(open.lineage.address((open.at, at)), line.title.clone());
    let said = &line.said;
    let heirs = open.heirs(&f, (open.at, at));
    let next = open.lineage.plans.get(open.at + 1).map_or(&open.plan.title, |next| &next.title);
    // What ran here is known to have ended; of others only what somebody wrote down is known.
    let ended = if own.source == Source::Adopted { "earlier-ended-text" } else { "earlier-unlinked-text" };
    let ended = f.with(ended, &[("plan", next)]);
    let fact = |name: &str, text: String| (!text.is_empty()).then(|| (f.t(name), text));
    let facts = [
        fact("earlier-plan", own.title.clone()),
        fact("earlier-years", ran(&f, own)),
        fact("filter-department", said.departments.join(&f.t("list-comma"))),
        fact("fact-place", above(own, at).join(" ＞ ")),
        fact("earlier-planned", planned(&f, line)),
    ];
    let page = LinePage {
        code: line.code.clone(),
        title: f.phrases(&line.title),
        state: state(&f, own, "earlier-line-over", "earlier-line-ending"),
        text: paragraphs(&f, &said.text),
        outcome: paragraphs(&f, &said.outcome),
        heirs,
        ended,
        forebears: forebears(&open.lineage, &Place::Earlier((open.at, at)), &said.earlier),
        record: line.node.as_ref().map(|key| format!("/plan/nodes/{key}")),
        facts: facts.into_iter().flatten().collect(),
        f: &f,
    };
    Ok(Page(page).into_response())
}

/// What was planned, with the year from which on.
fn planned(f: &Frame, line: &EarlierLine) -> String {
    let marks = line.said.schedule.printed().filter(|(_, mark)| *mark != ARROW);
    let marks = marks.map(|(year, mark)| f.with("earlier-mark", &[("year", &f.ctx.short_year(year)), ("mark", mark)]));
    marks.collect::<Vec<_>>().join(" → ")
}

/// The lines above a line, the top first.
fn above(plan: &EarlierPlan, at: usize) -> Vec<String> {
    let mut level = plan.lines[at].said.level;
    let mut above = Vec::new();
    for line in plan.lines[..at].iter().rev() {
        if line.said.level < level {
            level = line.said.level;
            above.push(line.titled());
        }
    }
    above.reverse();
    above
}
