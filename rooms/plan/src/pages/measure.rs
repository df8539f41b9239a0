//! A measure: what it is for, who leads, how far it is, and the way in. Policies have the same page with
//! what stands below them.

use std::sync::Arc;

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use kyodo_kernel::FiscalYear;
use kyodo_kernel::files::File;
use kyodo_kernel::profile::Contact;
use kyodo_web::components::{ContactBlock, Shape, Status};
use kyodo_web::filters;
use kyodo_web::{Ctx, Error, Frame, Html, KeyPath, Page, Result, format};

use super::document::{Document, documents};
use super::opinion::OpinionBlock;
use super::voice::{address_of_node, open_calls};
use super::years::{Planned, YearCell, YearHead, cells, heads};
use super::{MeasureRow, code, earlier, paragraphs, titled};
use crate::earlier::Lineage;
use crate::evaluation::Evaluation;
use crate::kept;
use crate::node::{Node, Role};
use crate::plan::{Outline, Period, Phase};
use crate::progress::{Progress, Standing, of_year};
use crate::round::Content;
use crate::store::editing::{Kin, kin};
use crate::store::{self, Before, Corrections};
use crate::view::{IndicatorCard, Seen, Whole, indicators, sentence, status};
use crate::voice::Call;

#[derive(Template)]
#[template(path = "measure.html")]
pub(crate) struct MeasurePage<'a> {
    f: &'a Frame,
    preview: Option<Preview>,
    node: &'a Node,
    code: String,
    title: Html,
    lead: Vec<Html>,
    contact: ContactBlock<'a>,
    status: Option<Status>,
    standing: String,
    heads: Vec<YearHead>,
    cells: Vec<YearCell>,
    caption: String,
    note: Option<&'a str>,
    sections: Vec<(&'static str, String, Vec<Html>)>,
    rows: Vec<MeasureRow>,
    rows_title: String,
    reports: Vec<Report<'a>>,
    documents: Vec<Document>,
    cards: Vec<IndicatorCard<'a>>,
    facts: Vec<Fact>,
    places: Vec<Place>,
    /// Since when it is in the plan, or not any more.
    stay: Option<String>,
    /// What it goes on in.
    heirs: Vec<Relative>,
    /// What it came from.
    forebears: Vec<Relative>,
    /// What it was in earlier plans.
    before: Vec<earlier::Relative>,
}

/// A line that this one came from, or goes on in.
struct Relative {
    href: String,
    text: String,
}

/// What stands above a measure that is shown before it is public.
pub(crate) struct Preview {
    /// Whose words these are.
    pub(crate) text: String,
    /// Where they are published, where there are any.
    pub(crate) publication: Option<String>,
    /// What publishing, or handing in, is called.
    pub(crate) button: String,
    /// The fields to publish.
    pub(crate) fields: Vec<(String, String)>,
    /// New readings.
    pub(crate) readings: Vec<(String, String)>,
    /// Where they are written.
    pub(crate) edit: String,
}

/// Everything that a measure's page tells, loaded.
pub(crate) struct Measure {
    /// The line; a preview says something else of it.
    pub(crate) node: Node,
    whole: Whole,
    above: Vec<Node>,
    below: Vec<Node>,
    again: Vec<Node>,
    original_code: String,
    original: Vec<Node>,
    reports: Vec<Progress>,
    before: Vec<Before>,
    evaluations: Vec<Evaluation>,
    calls: Vec<Call>,
    corrections: Corrections,
    seen: Vec<Seen>,
    documents: Vec<File>,
    kin: Vec<Kin>,
    lineage: Arc<Lineage>,
}

/// A year's report with what others said of it; what they said stands there without a report, too.
struct Report<'a> {
    year: String,
    so_far: bool,
    status: Option<Status>,
    text: Html,
    next: Html,
    by: String,
    /// Why it was corrected, and what it said before.
    corrections: Vec<(Html, Html)>,
    opinions: Vec<OpinionBlock<'a>>,
    /// Where residents say something of it while they are asked, and until when.
    voice: Option<(String, String)>,
}

/// A name and what stands behind it.
struct Fact {
    name: String,
    lines: Vec<String>,
    note: String,
}

/// Where a 再掲 is printed.
struct Place {
    href: String,
    text: String,
    here: bool,
}

/// `GET /plan/nodes/{key}`
pub async fn measure(ctx: Ctx, KeyPath(key): KeyPath) -> Result<Response> {
    let measure = Measure::load(&ctx, &key).await?;
    let f = measure.frame(&ctx);
    Ok(Page(measure.page(&f, None)).into_response())
}

impl Measure {
    /// Loads a line with all that hangs on it: a fixed number of sentences.
    pub(crate) async fn load(ctx: &Ctx, key: &str) -> Result<Self> {
        let (plan_id, plan) = kept::plan(ctx).await?;
        let node = plan.node(key).cloned().ok_or(Error::NotFound)?;
        let above = store::above(&ctx.db, plan_id, key).await?;
        let mut below = store::below(&ctx.db, plan_id, key).await?;
        // What the plan left behind stands below what it left behind with it.
        let year = plan.outline.shown_year(ctx.fiscal_year());
        below.retain(|line| line.is_in(year) || node.is_retired(year));
        let mut again = store::again(&ctx.db, plan_id, node.real_key()).await?;
        again.retain(|line| line.is_in(year) || line.key == node.key);
        let (original_code, original) = match &node.alias_of {
            Some(real) => {
                (store::printed_code(&ctx.db, plan_id, real).await?, store::above(&ctx.db, plan_id, real).await?)
            }
            None => (node.code.clone(), above.clone()),
        };
        let reports = store::progress_of(&ctx.db, node.id).await?;
        let before = store::before(&ctx.db, node.id).await?;
        let evaluations = store::evaluations_of(&ctx.db, node.id).await?;
        let calls = store::calls(&ctx.db, plan_id).await?;
        // Of most lines nobody has said anything.
        let corrections = match evaluations.as_slice() {
            [] => Corrections::new(),
            _ => store::corrections_of(&ctx.db, node.id).await?,
        };
        let seen = indicators(ctx, plan_id).await?;
        let documents = documents(ctx, &node).await?;
        let kin = kin(&ctx.db, node.id).await?;
        let lineage = kept::lineage(ctx).await?;
        let whole = Whole::of(plan_id, plan.with_nodes(Vec::new()), ctx.today, reports.clone());
        Ok(Self {
            node,
            whole,
            above,
            below,
            again,
            original_code,
            original,
            reports,
            before,
            evaluations,
            calls,
            corrections,
            seen,
            documents,
            kin,
            lineage,
        })
    }

    /// Puts a report in the place of what is public of a year.
    pub(crate) fn report(&mut self, year: FiscalYear, content: &Content, published_on: NaiveDate) {
        let report = Progress {
            node: self.node.id,
            year,
            mark: content.mark.clone(),
            grade: content.grade.clone(),
            text: content.text.clone(),
            next_step: content.next.clone(),
            published_on,
        };
        self.reports.retain(|other| other.year != year);
        self.reports.push(report);
        self.reports.sort_by_key(|report| report.year);
        let whole = std::mem::take(&mut self.whole.plan);
        self.whole = Whole::of(self.whole.id, whole, published_on, self.reports.clone());
    }

    fn frame(&self, ctx: &Ctx) -> Frame {
        let mut f = ctx.frame(self.node.title.clone()).japanese().crumb("/plan", "nav-plan");
        for line in &self.above {
            f = f.crumb_named(line.address(), line.title.clone());
        }
        let own = code(&self.whole.plan.outline, &self.node);
        let name = if own.is_empty() { self.node.title.clone() } else { own };
        f.crumb_named(self.node.address(), name)
    }

    fn has(&self, seen: &Seen) -> bool {
        let (real, leaf) = (self.node.real_key(), self.node.level == self.whole.depth());
        let is_above = |key: &str| self.original.iter().any(|line| line.key == key);
        seen.indicator.node.as_deref().is_some_and(|key| key == real || (leaf && is_above(key)))
    }

    /// The page, as everybody sees it or before it is public.
    pub(crate) fn page<'a>(&'a self, f: &'a Frame, preview: Option<Preview>) -> MeasurePage<'a> {
        let Self { node, whole, above, .. } = self;
        let leaf = node.level == whole.depth();
        let standing = leaf.then(|| whole.standing(node)).filter(|standing| *standing != Standing::Timeless);
        let outline = &whole.plan.outline;
        MeasurePage {
            preview,
            code: code(outline, node),
            title: f.phrases(&node.title),
            lead: paragraphs(f, lead(node)),
            contact: contact(f, node),
            status: standing.map(|standing| status(f, standing)),
            standing: standing.map(|standing| stands(f, whole, node, standing)).unwrap_or_default(),
            heads: if node.schedule.is_empty() { Vec::new() } else { heads(f, whole) },
            cells: if node.schedule.is_empty() { Vec::new() } else { cells(f, whole, node) },
            caption: f.with("measure-caption", &[("title", &node.title)]),
            note: Some(outline.schedule_note.as_str()).filter(|note| outline.inferred_schedule && !note.is_empty()),
            sections: sections(f, node, whole.phase),
            rows: self.below.iter().map(|node| plain_row(f, node)).collect(),
            rows_title: f.with("measure-below", &[("level", outline.level_name(node.level + 1))]),
            reports: reported(f, self),
            documents: self.documents.iter().map(|file| Document::of(f, file)).collect(),
            cards: self.seen.iter().filter(|seen| self.has(seen)).map(|seen| seen.card(f)).collect(),
            facts: facts(f, outline, node, above),
            stay: stay(f, node),
            heirs: relatives(f, &self.kin, true),
            forebears: relatives(f, &self.kin, false),
            before: earlier::before(&self.lineage, node),
            places: places(f, outline, node, &self.again, (&self.original_code, &self.original), above),
            node,
            f,
        }
    }
}

/// Since when it is in the plan, or not any more, where that is worth saying.
fn stay(f: &Frame, node: &Node) -> Option<String> {
    let now = f.ctx.fiscal_year();
    let long = |year: i32| f.ctx.long_year(FiscalYear::new(year));
    if node.away.contains(&i32::from(now)) {
        let back = (i32::from(now)..).take(node.away.len() + 1).find(|year| !node.away.contains(year))?;
        return Some(f.with("kin-returns", &[("year", &long(back))]));
    }
    match (node.retired_from, node.since) {
        (Some(from), _) if node.is_retired(now) => Some(f.with("kin-retired", &[("year", &long(from))])),
        (Some(from), _) => Some(f.with("kin-retires", &[("year", &long(from))])),
        (None, Some(since)) if since > i32::from(now) => Some(f.with("kin-since", &[("year", &long(since))])),
        _ if !node.away.is_empty() => {
            let years: Vec<String> = node.away.iter().map(|year| long(*year)).collect();
            Some(f.with("kin-away", &[("years", &years.join(&f.t("list-comma")))]))
        }
        _ => None,
    }
}

fn relatives(f: &Frame, kin: &[Kin], heirs: bool) -> Vec<Relative> {
    let stem = if heirs { "kin-heir" } else { "kin-from" };
    let relative = |one: &Kin| {
        let title = format!("{} {}", one.code, one.title);
        let text = f.with(&format!("{stem}-{}", one.kind.name()), &[("title", title.trim())]);
        Relative { href: format!("/plan/nodes/{}", one.key), text }
    };
    kin.iter().filter(|one| one.is_heir == heirs).map(relative).collect()
}

/// What it is for, in the shortest words the plan has.
fn lead(node: &Node) -> &str {
    let details = &node.details;
    if details.purpose.is_empty() { &details.text } else { &details.purpose }
}

/// The way in: until the room that carries a measure out exists, whoever the department named answers, or else the
/// department.
fn contact<'a>(f: &'a Frame, node: &Node) -> ContactBlock<'a> {
    let state = &f.ctx.state;
    let departments = || node.departments.iter().filter_map(|key| state.department(key)).filter(|d| !d.placeholder);
    let own = departments().find(|department| department.contact().is_known());
    let named = &node.details.contact;
    let (name, contact): (Html, Contact) = match (own, departments().next()) {
        (_, first) if named.is_known() => {
            let name = Some(named.name.as_str()).filter(|name| !name.is_empty());
            let name = name.or(first.map(|department| department.name.as_str()));
            (name.map_or_else(|| f.contact_name(), |name| f.own_words(name)), named.shown())
        }
        (Some(department), _) => (f.own_words(&department.name), department.contact()),
        (None, Some(department)) => (f.own_words(&department.name), state.profile.contact.clone()),
        (None, None) => (f.contact_name(), state.profile.contact.clone()),
    };
    ContactBlock { f, id: "way-in", title: f.t("measure-way-in"), name, contact }
}

/// Where it stands, in a sentence with both marks.
fn stands(f: &Frame, whole: &Whole, node: &Node, standing: Standing) -> String {
    let latest = whole.reports(node).last();
    let year = match whole.phase {
        Phase::Running(now) => Some(now),
        Phase::Ahead => whole.plan.outline.years().map(Period::first),
        Phase::Timeless | Phase::Over(_) => node.schedule.last(),
    };
    let Some((year, planned)) = year.and_then(|year| Some((year, node.planned(year)?))) else { return String::new() };
    let said_year = f.ctx.long_year(year);
    let actual = latest.and_then(|report| report.mark.as_deref());
    match (standing, actual) {
        (Standing::Unreported | Standing::Unknown | Standing::NotYet, _) | (_, None) => {
            f.with("stands-planned-only", &[("year", &said_year), ("planned", planned)])
        }
        (Standing::OnSchedule | Standing::Late, Some(actual)) => {
            f.with("stands-now", &[("year", &said_year), ("planned", planned), ("actual", actual)])
        }
        (_, Some(actual)) => f.with("stands-over", &[("year", &said_year), ("planned", planned), ("actual", actual)]),
    }
}

fn sections(f: &Frame, node: &Node, phase: Phase) -> Vec<(&'static str, String, Vec<Html>)> {
    let details = &node.details;
    // The purpose is the page's lead; where there is none the text is, and need not stand twice.
    let text = if details.purpose.is_empty() { "" } else { details.text.as_str() };
    let situation = if matches!(phase, Phase::Over(_)) { "measure-situation-past" } else { "measure-situation" };
    let completion = if details.completion == "継続" { f.t("measure-no-end") } else { details.completion.clone() };
    [
        ("what", "measure-what", text),
        ("why", situation, details.situation.as_str()),
        ("end", "measure-completion", completion.as_str()),
    ]
    .into_iter()
    .filter(|(_, _, text)| !text.is_empty())
    .map(|(id, title, text)| (id, f.t(title), paragraphs(f, text)))
    .collect()
}

fn plain_row(f: &Frame, node: &Node) -> MeasureRow {
    MeasureRow {
        code: node.code.clone(),
        href: node.address(),
        title: f.phrases(&node.title),
        tag: node.details.tag.map(crate::node::Tag::printed),
        again: node.is_alias(),
        status: None,
        note: Html::default(),
    }
}

/// Every year of which something was reported or said, the latest first.
fn reported<'a>(f: &'a Frame, measure: &Measure) -> Vec<Report<'a>> {
    let mut years: Vec<FiscalYear> = measure.reports.iter().map(|report| report.year).collect();
    years.extend(measure.evaluations.iter().map(|said| said.year));
    years.sort_unstable();
    years.dedup();
    let of = |year: FiscalYear| match measure.reports.iter().find(|report| report.year == year) {
        Some(report) => told(f, measure, report),
        None => Report {
            year: f.ctx.long_year(year),
            so_far: year == f.ctx.fiscal_year(),
            status: None,
            text: Html::default(),
            next: Html::default(),
            by: f.t("yearly-none"),
            corrections: Vec::new(),
            voice: None,
            opinions: opinions(f, measure, year),
        },
    };
    years.into_iter().rev().map(of).collect()
}

fn opinions<'a>(f: &'a Frame, measure: &Measure, year: FiscalYear) -> Vec<OpinionBlock<'a>> {
    let of_year = measure.evaluations.iter().filter(|said| said.year == year);
    of_year.map(|said| OpinionBlock::of(f, &measure.whole.plan.outline, said, &measure.corrections)).collect()
}

fn told<'a>(f: &'a Frame, measure: &Measure, report: &Progress) -> Report<'a> {
    let Measure { whole, node, .. } = measure;
    let outline = &whole.plan.outline;
    let now = f.ctx.fiscal_year();
    let of_year = of_year(node.planned(report.year), report.mark.as_deref(), outline);
    let status = match of_year {
        Some(Standing::Late) if report.year < now => Some(Status { shape: Shape::Late, word: f.t("standing-short") }),
        Some(standing) => Some(status(f, standing)),
        None => None,
    };
    let department = node.departments.first().and_then(|key| f.ctx.state.department(key)).map(|d| d.name.clone());
    let department = department.unwrap_or_else(|| f.t("office-name"));
    let day = format::day_and_month(report.published_on, f.ctx.language);
    let grade = report.grade.as_deref().map(|grade| graded(f, outline, grade));
    let by = match &grade {
        Some(grade) => f.with("report-by-graded", &[("who", &department), ("day", &day), ("grade", grade)]),
        None => f.with("report-by", &[("who", &department), ("day", &day)]),
    };
    let next = if report.next_step.is_empty() {
        Html::default()
    } else {
        f.prose(&f.with("report-next", &[("next", &report.next_step)]))
    };
    Report {
        year: f.ctx.long_year(report.year),
        so_far: report.year == now,
        status,
        text: f.prose(&report.text),
        next,
        by,
        corrections: measure
            .before
            .iter()
            .filter(|before| before.year == report.year)
            .map(|b| corrected(f, b))
            .collect(),
        opinions: opinions(f, measure, report.year),
        voice: open_calls(&f.ctx, &measure.calls, std::slice::from_ref(report))
            .next()
            .map(|call| (address_of_node(node, call), f.with("voice-link-until", &[("day", &f.day(call.closes_on))]))),
    }
}

/// Why a report was corrected and when, and what it said before.
fn corrected(f: &Frame, before: &Before) -> (Html, Html) {
    let day = f.day(before.corrected_on);
    let reason = f.with("corrected-on", &[("day", &day), ("reason", &before.reason)]);
    let content = &before.content;
    let said: Vec<&str> = content.mark.iter().map(String::as_str).chain([content.text.as_str()]).collect();
    (sentence(f, &reason), f.prose(&said.join("　")))
}

/// A grade with its meaning.
pub(crate) fn graded(f: &Frame, outline: &Outline, grade: &str) -> String {
    let text = outline.grade_text(grade);
    if text.is_empty() { grade.to_owned() } else { f.with("grade", &[("name", grade), ("text", text)]) }
}

fn facts(f: &Frame, outline: &Outline, node: &Node, above: &[Node]) -> Vec<Fact> {
    let details = &node.details;
    let named = |sign: &str, role| -> Vec<String> {
        node.parties(&outline.parties, role).into_iter().map(|p| format!("{sign} {p}")).collect()
    };
    let departments: Vec<String> = node
        .departments
        .iter()
        .filter_map(|key| f.ctx.state.department(key))
        .map(|department| department.name.clone())
        .collect();
    let tag: Vec<String> = details.tag.iter().map(|tag| tag.printed().to_owned()).collect();
    let tag_note = details.tag.map(|tag| f.t(tag.message())).unwrap_or_default();
    let heading: Vec<String> =
        Some(details.heading.clone()).filter(|heading| !heading.is_empty()).into_iter().collect();
    let path: Vec<String> = above.iter().map(|line| titled(outline, line)).collect();
    [
        ("fact-leads", named("◎", Role::Lead), String::new()),
        ("fact-supports", named("○", Role::Support), String::new()),
        ("fact-departments", departments, String::new()),
        ("fact-implementers", details.implementers.clone(), String::new()),
        ("fact-targets", node.target_words(), String::new()),
        ("fact-tag", tag, tag_note),
        ("fact-heading", heading, String::new()),
        ("fact-place", path, String::new()),
        ("fact-related", details.related.clone(), String::new()),
    ]
    .into_iter()
    .filter(|(_, lines, _)| !lines.is_empty())
    .map(|(name, lines, note)| Fact { name: f.t(name), lines, note })
    .collect()
}

/// Both places of a 再掲: the one real record, and where else it is printed.
fn places(
    f: &Frame,
    outline: &Outline,
    node: &Node,
    again: &[Node],
    (code_of_original, above_original): (&str, &[Node]),
    above: &[Node],
) -> Vec<Place> {
    if again.is_empty() && !node.is_alias() {
        return Vec::new();
    }
    let text = |code: &str, above: &[Node]| {
        let line = above.last().map(|line| line.title.clone()).unwrap_or_default();
        [code.to_owned(), line].join(" ")
    };
    let real = node.real_key();
    let mut places = vec![Place {
        href: format!("/plan/nodes/{real}"),
        text: f.with("place-real", &[("place", &text(code_of_original, above_original))]),
        here: !node.is_alias(),
    }];
    for other in again {
        let here = other.key == node.key;
        let parents = if here { above } else { &[] };
        let place = f.with("place-again", &[("place", text(&code(outline, other), parents).trim())]);
        places.push(Place { href: other.address(), text: place, here });
    }
    places
}
