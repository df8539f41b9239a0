//! `/plan/reports/{fiscal_year}`: what a year came to, as one document: in short, by policy, by measure, with its figures
//! and what others said. And `/plan/reports`: the years there are.

mod paper;
mod press;

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use kyodo_db::Tx;
use kyodo_kernel::audit::{Entry, Trail};
use kyodo_kernel::people::AccountId;
use kyodo_kernel::{FiscalYear, Language, city};
use kyodo_papers::Paper;
use kyodo_wareki::long_date;
use kyodo_web::components::{Choice, Status, choice};
use kyodo_web::filters;
use kyodo_web::form::seen_at;
use kyodo_web::sheet::{Sheet, SheetFormat};
use kyodo_web::{Ctx, Error, Frame, Html, KeyPath, Page, Params, Result};
use serde_json::json;
use sha2::{Digest, Sha256};

use self::press::PaperFormat;
use super::measure::graded;
use super::opinion::OpinionBlock;
use super::voice::address_of_year;
use super::{LocalLink, code, local};
use crate::adoption::{Adoption, Document};
use crate::evaluation::Evaluation;
use crate::indicator::Value;
use crate::node::Node;
use crate::progress::{Progress, Standing, of_year};
use crate::round::Round;
use crate::sheets;
use crate::store::{self, Corrections};
use crate::view::{Counts, Seen, Whole, in_japanese, indicators, status_in};
use crate::voice::Call;

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
    pdf: String,
    docx: String,
    /// Where residents say something of the year while they are asked, what that is called, and until when.
    voice: Option<(String, String, String)>,
    /// What was adopted, the latest first.
    adoptions: Vec<AdoptedReport>,
    /// Whether what stands is not what was adopted last.
    differs: bool,
    /// The year beside it, where one was asked for.
    beside: Option<String>,
    figures: Vec<Figure>,
    policies: Vec<Policy<'a>>,
    /// What was said of the plan as a whole.
    opinions: Vec<OpinionBlock<'a>>,
}

/// A report that was adopted.
struct AdoptedReport {
    told: String,
    reason: String,
    /// Its files: what each is, and where.
    files: Vec<(String, String)>,
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
    /// What others said of the year beside it, where nothing was reported.
    opinions_beside: Vec<OpinionBlock<'a>>,
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
    call: Option<Call>,
    round: Option<Round>,
    /// How often it was adopted, the first first.
    pub(crate) adoptions: Vec<Adoption>,
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
    let edition = params.get("edition").map(|n| n.parse::<i64>().map_err(|_| Error::NotFound)).transpose()?;
    if let (Some(n), Some(format)) = (edition, params.get("format")) {
        return download(&ctx, year, n, format).await;
    }
    let yearly = Yearly::load(&ctx, year).await?;
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheets::report(&ctx, &yearly).download(format)?.into_response());
    }
    if let Some(format) = PaperFormat::of(params.get("format")) {
        let name = sheets::report(&ctx, &yearly).name;
        return Ok(press::download(&ctx, &name, paper::paper(&ctx, &yearly, None), format).await?.into_response());
    }
    let title = ctx.words().with("yearly-title", [("year", ctx.long_year(year))]);
    let f = ctx.frame(title.clone()).crumb("/plan", "nav-plan").crumb_named(address(year), title);
    Ok(Page(page(&f, &yearly, &params)).into_response())
}

/// What was adopted as this number, exactly as it was adopted.
async fn download(ctx: &Ctx, year: FiscalYear, n: i64, format: &str) -> Result<Response> {
    let (plan, _) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let adopted = store::adopted(&ctx.db, plan, year, n).await?.ok_or(Error::NotFound)?;
    let mut sheet: Sheet = serde_json::from_str(&adopted.sheet).map_err(Error::internal)?;
    let words = ctx.state.words(Language::Japanese);
    let day = long_date(adopted.adopted_on);
    sheet.name = format!("{}_{}", sheet.name, words.with("paper-adopted", [("day", day.as_str())]));
    if let Some(format) = SheetFormat::of(Some(format)) {
        return Ok(sheet.download(format)?.into_response());
    }
    let format = PaperFormat::of(Some(format)).ok_or(Error::NotFound)?;
    let paper: Paper = serde_json::from_str(&adopted.paper).map_err(Error::internal)?;
    Ok(press::download(ctx, &sheet.name, paper, format).await?.into_response())
}

/// The document that is kept when the year's report is adopted as it stands.
pub(crate) fn document(ctx: &Ctx, yearly: &Yearly, adoption: &Adoption) -> Document {
    Document { paper: paper::paper(ctx, yearly, Some(adoption)), sheet: sheets::report(&in_japanese(ctx), yearly) }
}

/// Keeps a year's report as it stands, with its entry in the trail. False when somebody else has adopted this number;
/// nothing was done then.
pub(crate) async fn adopt(
    ctx: &Ctx,
    tx: &mut Tx,
    yearly: &Yearly,
    adoption: &Adoption,
    (by, trail): (AccountId, &Trail),
) -> Result<bool> {
    let document = document(ctx, yearly, adoption);
    let kept = (
        serde_json::to_string(&document.paper).map_err(Error::internal)?,
        serde_json::to_string(&document.sheet).map_err(Error::internal)?,
    );
    // First, so that those who adopt at the same time wait.
    city::bump_revision(tx).await?;
    if !store::adopt(tx, yearly.whole.id, yearly.year, adoption, kept, (by, trail.now)).await? {
        return Ok(false);
    }
    let detail = json!({ "number": adoption.number, "content": adoption.content });
    let entry = Entry::new("round.adopted", format!("round:{}", i32::from(yearly.year))).detail(detail);
    trail.note(tx, entry).await?;
    Ok(true)
}

/// Adopts a year's report for the first time without anybody having looked at it: for the demo.
pub async fn adopt_unseen(
    ctx: &Ctx,
    tx: &mut Tx,
    (year, on): (FiscalYear, NaiveDate),
    body: String,
    by: (AccountId, &Trail),
) -> Result<bool> {
    let yearly = Yearly::load(ctx, year).await?;
    let adoption = Adoption { number: 1, on, body, reason: String::new(), content: yearly.fingerprint() };
    adopt(ctx, tx, &yearly, &adoption, by).await
}

/// That a year's report was adopted, in one line.
pub(crate) fn adopted_on(f: &Frame, adoption: &Adoption) -> String {
    let (n, day) = (f.n("adoption-edition", adoption.number), f.day(adoption.on));
    if adoption.body.is_empty() {
        f.with("adoption-told", &[("n", &n), ("day", &day)])
    } else {
        f.with("adoption-told-by", &[("n", &n), ("day", &day), ("who", &adoption.body)])
    }
}

/// Where the report of a year is.
pub(crate) fn address(year: FiscalYear) -> String {
    format!("/plan/reports/{}", i32::from(year))
}

impl Yearly {
    async fn load(ctx: &Ctx, year: FiscalYear) -> Result<Self> {
        let yearly = Self::of_round(ctx, year).await?;
        if yearly.is_public() { Ok(yearly) } else { Err(Error::NotFound) }
    }

    /// The report of a year that has a round, even if nothing of it is public.
    pub(crate) async fn of_round(ctx: &Ctx, year: FiscalYear) -> Result<Self> {
        let whole = Whole::load_of(ctx, year).await?;
        let years = whole.reported_years();
        let evaluations = store::evaluations_in(&ctx.db, whole.id).await?;
        let corrections = store::corrections_in(&ctx.db, whole.id).await?;
        let seen = indicators(ctx, whole.id).await?;
        let call = store::call(&ctx.db, whole.id, year).await?.filter(|call| call.is_open(ctx.today));
        let round = store::round(&ctx.db, whole.id, year).await?;
        let adoptions = store::adoptions(&ctx.db, whole.id, year).await?;
        Ok(Self { whole, year, evaluations, corrections, seen, call, round, adoptions, years })
    }

    /// Whether residents have a page of it.
    pub(crate) fn is_public(&self) -> bool {
        self.years.contains(&self.year)
    }

    /// What a reader saw, in a few letters: a report with another text, opinion, answer, figure or aim has another. Names
    /// of departments, how a year is judged as time goes by and what it came to so far are not part of it.
    pub(crate) fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let mut tell = |parts: &[&str]| {
            for part in parts {
                hash.update(part.len().to_le_bytes());
                hash.update(part);
            }
        };
        for node in self.measures() {
            let planned = node.planned(self.year).unwrap_or_default();
            tell(&["measure", &node.key, &node.code, &node.title, planned]);
            if let Some(report) = self.of(node) {
                let (mark, grade) = (report.mark.as_deref(), report.grade.as_deref());
                tell(&[mark.unwrap_or_default(), grade.unwrap_or_default(), &report.text, &report.next_step]);
            }
        }
        for said in self.evaluations.iter().filter(|said| said.year == self.year) {
            let answer = said.answer.as_ref().map(|answer| answer.text.as_str()).unwrap_or_default();
            let grade = said.grade.as_deref().unwrap_or_default();
            tell(&["opinion", &said.id.to_string(), said.kind.name(), &said.evaluator, grade, &said.comment, answer]);
        }
        for seen in &self.seen {
            let definition = &seen.indicator.definition;
            let of = |value: Option<Value>| value.map_or_else(String::new, |one| format!("{} {}", one.year, one.value));
            // A figure that is counted on while the year runs would make another report of every day.
            let stands =
                |year| seen.figures.years.iter().find(|one| one.year == year).map(|one| seen.number(one.value));
            let (before, now) = (stands(self.year.previous()), stands(self.year));
            if now.is_some() || definition.counted.is_some() {
                let (before, now) = (before.unwrap_or_default(), now.unwrap_or_default());
                let (baseline, aim) = (of(definition.baseline), of(definition.aim()));
                tell(&["figure", &seen.indicator.key, &now, &before, &baseline, &aim]);
            }
        }
        kyodo_kernel::secret::hex(&hash.finalize()[..12])
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

    /// The measures of the year below their policies; no policy where a plan has one level only.
    fn policies(&self) -> Vec<(Option<&Node>, Vec<&Node>)> {
        let whole = &self.whole;
        let mut policies: Vec<(&str, Option<&Node>, Vec<&Node>)> = Vec::new();
        for node in self.measures() {
            let top = whole.tree.top(&node.key);
            match policies.last_mut() {
                Some((key, _, nodes)) if *key == top || whole.depth() == 1 => nodes.push(node),
                _ => {
                    let policy = whole.policies().find(|policy| policy.key == top && whole.depth() > 1);
                    policies.push((top, policy, vec![node]));
                }
            }
        }
        policies.into_iter().map(|(_, policy, nodes)| (policy, nodes)).collect()
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
    let adoption = yearly.adoptions.last();
    let stands = adoption.is_some_and(|adoption| adoption.content == yearly.fingerprint());
    // While nothing differs, the document of the year is the one that was adopted.
    let file = |format: &str| match adoption.filter(|_| stands) {
        Some(adoption) => format!("?edition={}&format={format}", adoption.number),
        None => format!("?format={format}"),
    };
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
        counts: counts.shown().map(|(standing, n)| (n, status_in(f, yearly.year, standing))).collect(),
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
        voice: yearly.call.as_ref().map(|call| {
            let label = f.with("voice-link-year", &[("year", &f.ctx.long_year(call.year))]);
            (address_of_year(call), label, f.with("voice-link-until", &[("day", &f.day(call.closes_on))]))
        }),
        pdf: file("pdf"),
        docx: file("docx"),
        adoptions: yearly.adoptions.iter().rev().map(|one| adopted(f, one)).collect(),
        differs: adoption.is_some() && !stands,
        figures: figures(f, yearly),
        policies: policies(f, yearly, beside),
        opinions: yearly.opinions_on_whole().map(|one| opinion(f, yearly, one)).collect(),
        beside: beside.map(|year| f.ctx.long_year(year)),
    }
}

fn adopted(f: &Frame, adoption: &Adoption) -> AdoptedReport {
    let files = ["pdf", "docx", "csv", "xlsx"]
        .map(|format| (f.t(&format!("download-{format}")), format!("?edition={}&format={format}", adoption.number)));
    AdoptedReport { told: adopted_on(f, adoption), reason: adoption.reason.clone(), files: files.to_vec() }
}

fn state(f: &Frame, yearly: &Yearly) -> String {
    if let Some(adoption) = yearly.adoptions.last() {
        return f.with("yearly-adopted", &[("day", &f.day(adoption.on))]);
    }
    match yearly.round.as_ref().map(|round| round.frozen_at) {
        Some(Some(at)) => f.with("yearly-frozen", &[("day", &f.day(kyodo_kernel::clock::day_of(at)))]),
        Some(None) => f.t("yearly-open"),
        None => String::new(),
    }
}

fn figures(f: &Frame, yearly: &Yearly) -> Vec<Figure> {
    let known = yearly.seen.iter().filter_map(|seen| Some((seen, seen.of_year(yearly.year)?)));
    let figure = |(seen, value): (&Seen, f64)| Figure {
        name: f.phrases(&seen.indicator.name),
        href: seen.address(),
        value: seen.value(value),
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
    };
    known.map(figure).collect()
}

fn opinion<'a>(f: &'a Frame, yearly: &Yearly, said: &Evaluation) -> OpinionBlock<'a> {
    OpinionBlock::of(f, &yearly.whole.plan.outline, said, &yearly.corrections)
}

fn policies<'a>(f: &'a Frame, yearly: &Yearly, beside: Option<FiscalYear>) -> Vec<Policy<'a>> {
    let (whole, outline) = (&yearly.whole, &yearly.whole.plan.outline);
    let item = |node: &Node| Item {
        code: node.code.clone(),
        title: f.phrases(&node.title),
        href: node.address(),
        departments: departments(f, node),
        now: yearly.of(node).map(|report| told(f, yearly, node, report)),
        opinions: yearly.opinions(node, yearly.year).map(|one| opinion(f, yearly, one)).collect(),
        beside: beside.and_then(|year| whole.report(node, year)).map(|report| told(f, yearly, node, report)),
        opinions_beside: beside
            .map(|year| yearly.opinions(node, year).map(|one| opinion(f, yearly, one)).collect())
            .unwrap_or_default(),
    };
    let policy = |(policy, nodes): (Option<&Node>, Vec<&Node>)| {
        let (code, title) = policy.map_or_else(Default::default, |p| (code(outline, p), f.phrases(&p.title)));
        Policy { code, title, items: nodes.into_iter().map(item).collect() }
    };
    yearly.policies().into_iter().map(policy).collect()
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
        status: standing.map(|standing| status_in(f, report.year, standing)),
        marks,
        grade: report.grade.as_deref().map(|grade| graded(f, outline, grade)).unwrap_or_default(),
        text: f.prose(&report.text),
        next,
        opinions: yearly.opinions(node, report.year).map(|one| opinion(f, yearly, one)).collect(),
    }
}
