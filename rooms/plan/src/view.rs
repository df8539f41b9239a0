//! A plan as pages look at it: everything loaded once, each measure with where it stands.

use std::collections::HashMap;

use chrono::NaiveDate;
use kyodo_kernel::{FiscalYear, Language};
use kyodo_web::components::{Chart, ChartPoint, Shape, Status};
use kyodo_web::{Ctx, Error, Frame, Html, Result};

use crate::ground::Ground;
use crate::indicator::{Figures, Health, Indicator, Judgement, Observation, Value};
use crate::kept;
use crate::node::{Node, Tree};
use crate::plan::{Phase, Plan};
use crate::progress::{Progress, Standing, standing};
use crate::store;
use crate::store::observations::{Entry, What};

/// A plan with its reports.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) id: i64,
    pub(crate) plan: Plan,
    pub(crate) phase: Phase,
    pub(crate) tree: Tree,
    reports: HashMap<i64, Vec<Progress>>,
}

impl Whole {
    /// Loads the city's plan as it is this year, or will be in its first: five sentences, whatever its length.
    pub(crate) async fn load(ctx: &Ctx) -> Result<Self> {
        let (_, kept) = kept::plan(ctx).await?;
        Self::load_of(ctx, kept.outline.shown_year(ctx.fiscal_year())).await
    }

    /// Loads the lines that the plan has in a fiscal year; of a year before it began, the plan that ran here then.
    pub(crate) async fn load_of(ctx: &Ctx, year: FiscalYear) -> Result<Self> {
        let (id, kept) = kept::plan(ctx).await?;
        let nodes = kept.nodes.iter().filter(|node| node.is_in(year)).cloned().collect();
        let mut plan = kept.with_nodes(nodes);
        if let Some(ran) = kept::lineage(ctx).await?.ran_in(year) {
            plan.title.clone_from(&ran.title);
            plan.outline.period = Some(ran.period);
            plan.outline.grid = plan.outline.grid.map(|_| ran.period);
        }
        let reports = store::progress(&ctx.db, id).await?;
        Ok(Self::of(id, plan, ctx.today, reports))
    }

    /// A plan with the reports given: those of one node are enough to say where that node stands.
    pub(crate) fn of(id: i64, plan: Plan, today: NaiveDate, progress: Vec<Progress>) -> Self {
        let mut reports: HashMap<i64, Vec<Progress>> = HashMap::new();
        for report in progress {
            reports.entry(report.node).or_default().push(report);
        }
        let phase = plan.outline.phase(today);
        Self { id, phase, tree: Tree::of(&plan.nodes), plan, reports }
    }

    /// How many levels the plan has: the last is that of the measures.
    pub(crate) fn depth(&self) -> usize {
        self.plan.outline.levels.len()
    }

    /// The name of the measures' level.
    pub(crate) fn measure_name(&self) -> &str {
        self.plan.outline.level_name(self.depth())
    }

    /// The measures, 再掲 among them.
    pub(crate) fn measures(&self) -> impl Iterator<Item = &Node> {
        let depth = self.depth();
        self.plan.nodes.iter().filter(move |node| node.level == depth)
    }

    /// The lines of the top level.
    pub(crate) fn policies(&self) -> impl Iterator<Item = &Node> {
        self.plan.nodes.iter().filter(|node| node.level == 1)
    }

    /// The measures below a line, or the line itself when it is one.
    pub(crate) fn measures_below(&self, key: &str) -> impl Iterator<Item = &Node> {
        let key = key.to_owned();
        self.measures().filter(move |node| node.key == key || self.tree.is_below(&node.key, &key))
    }

    /// The latest year of which any report is public.
    pub(crate) fn last_reported(&self) -> Option<FiscalYear> {
        self.reports.values().flatten().map(|report| report.year).max()
    }

    /// The years of which anything is public, the latest first.
    pub(crate) fn reported_years(&self) -> Vec<FiscalYear> {
        let years: std::collections::BTreeSet<FiscalYear> =
            self.reports.values().flatten().map(|report| report.year).collect();
        years.into_iter().rev().collect()
    }

    /// The reports of a node, oldest first.
    pub(crate) fn reports(&self, node: &Node) -> &[Progress] {
        self.reports.get(&node.id).map_or(&[], Vec::as_slice)
    }

    /// The report of a node for a year.
    pub(crate) fn report(&self, node: &Node, year: FiscalYear) -> Option<&Progress> {
        self.reports(node).iter().find(|report| report.year == year)
    }

    /// Where a measure stands.
    pub(crate) fn standing(&self, node: &Node) -> Standing {
        standing(node, &self.plan.outline, self.phase, self.reports(node).iter())
    }

    /// How many measures stand where; a 再掲 is counted with its node only.
    pub(crate) fn counts(&self) -> Counts {
        Counts::of(self.measures().filter(|node| !node.is_alias()).map(|node| self.standing(node)))
    }
}

/// How many measures stand where.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts(HashMap<Standing, usize>);

impl Counts {
    pub(crate) fn of(standings: impl Iterator<Item = Standing>) -> Self {
        let mut counts = HashMap::new();
        for standing in standings {
            *counts.entry(standing).or_default() += 1;
        }
        Self(counts)
    }

    pub(crate) fn get(&self, standing: Standing) -> usize {
        self.0.get(&standing).copied().unwrap_or(0)
    }

    pub(crate) fn total(&self) -> usize {
        self.0.values().sum()
    }

    /// The counts worth showing, in a stable order.
    pub(crate) fn shown(&self) -> impl Iterator<Item = (Standing, usize)> {
        Standing::ALL.into_iter().map(|standing| (standing, self.get(standing))).filter(|(_, n)| *n > 0)
    }
}

/// A standing with its word.
pub(crate) fn status(f: &Frame, standing: Standing) -> Status {
    Status { shape: standing.shape(), word: f.t(standing.message()) }
}

/// A standing in a year that may be over: what fell short of its plan is not late any more.
pub(crate) fn status_in(f: &Frame, year: FiscalYear, standing: Standing) -> Status {
    match standing {
        Standing::Late if year < f.ctx.fiscal_year() => Status { shape: Shape::Late, word: f.t("standing-short") },
        _ => status(f, standing),
    }
}

/// The request as one who reads Japanese: what it writes down for others, documents and notices, is in the language of
/// the plan.
pub(crate) fn in_japanese(ctx: &Ctx) -> Ctx {
    let mut ctx = ctx.clone();
    ctx.language = Language::Japanese;
    ctx
}

/// The plan in one honest line.
pub(crate) fn in_one_line(f: &Frame, whole: &Whole) -> String {
    let counts = whole.counts();
    let level = whole.measure_name();
    let n = counts.total();
    let tell = |key: &str, of: usize| f.tell(key, &[("n", n.into()), ("of", of.into()), ("level", level.into())]);
    let told = |key: &str, standing: Standing| {
        let of = counts.get(standing);
        (of > 0).then(|| tell(key, of))
    };
    let sentences: Vec<Option<String>> = match whole.phase {
        Phase::Timeless => vec![Some(tell("plan-line-timeless", n))],
        Phase::Ahead => vec![Some(tell("plan-line-ahead", n))],
        Phase::Running(_) if whole.plan.outline.grid.is_none() => vec![
            Some(tell("plan-line-reported", counts.get(Standing::Reported))),
            told("plan-line-unreported", Standing::Unreported),
        ],
        Phase::Running(_) => vec![
            Some(tell("plan-line-on-schedule", counts.get(Standing::OnSchedule))),
            told("plan-line-late", Standing::Late),
            told("plan-line-unreported", Standing::Unreported),
            told("plan-line-not-yet", Standing::NotYet),
            // Measures that ended before the plan does.
            told("plan-line-finished", Standing::Done),
            told("plan-line-partly", Standing::Partly),
            told("plan-line-not-done", Standing::NotDone),
            told("plan-line-unknown", Standing::Unknown),
        ],
        Phase::Over(_) => vec![
            Some(tell("plan-line-done", counts.get(Standing::Done))),
            told("plan-line-partly", Standing::Partly),
            told("plan-line-not-done", Standing::NotDone),
            told("plan-line-unknown", Standing::Unknown),
        ],
    };
    sentences.into_iter().flatten().collect::<Vec<_>>().join(&f.t("sentence-gap"))
}

/// The message for a target that was not reached in time.
pub(crate) const MISSED: &str = "health-missed";

/// An indicator with its figures and how it stands.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Whether the year of its last target is over.
    pub(crate) is_over: bool,
    pub(crate) indicator: Indicator,
    pub(crate) figures: Figures,
    pub(crate) judgement: Judgement,
    /// Every figure that was entered, corrected ones too, by year.
    pub(crate) entered: Vec<Entry>,
    /// The targets that were set at the desk and stand, by year.
    pub(crate) aims: Vec<Entry>,
}

/// Every indicator of a plan, judged. Three sentences, whatever their number.
pub(crate) async fn indicators(ctx: &Ctx, plan: i64) -> Result<Vec<Seen>> {
    let indicators = store::indicators(&ctx.db, plan).await?;
    let ground = Ground::load(&ctx.db, plan, ctx.today).await?;
    Ok(indicators.into_iter().map(|indicator| Seen::of(ctx, &ground, indicator)).collect())
}

/// One indicator of a plan, judged. Three sentences.
pub(crate) async fn indicator(ctx: &Ctx, plan: i64, key: &str) -> Result<Seen> {
    let indicator = store::indicator(&ctx.db, plan, key).await?.ok_or(Error::NotFound)?;
    let ground = ground_of(ctx, plan, indicator.id).await?;
    Ok(Seen::of(ctx, &ground, indicator))
}

/// What the figures of one indicator are made of.
pub(crate) async fn ground_of(ctx: &Ctx, plan: i64, indicator: i64) -> Result<Ground> {
    Ok(Ground::load_for(&ctx.db, plan, indicator, ctx.today).await?)
}

/// The department whose people entered something, as everybody may know it; the office where none is named, and nothing
/// where it came with a document.
pub(crate) fn department(ctx: &Ctx, entry: &Entry) -> String {
    let known = entry.department.as_deref().and_then(|key| ctx.state.department(key));
    match (known, entry.by) {
        (Some(department), _) => department.name.clone(),
        (None, Some(_)) => ctx.words().say("office-name"),
        (None, None) => String::new(),
    }
}

/// A sentence of the frame with words of the plan in it: on English pages those are marked as Japanese.
pub(crate) fn sentence(f: &Frame, text: &str) -> Html {
    if f.ctx.language != Language::English {
        return f.prose(text);
    }
    let mut html = String::new();
    for run in text.chars().collect::<Vec<_>>().chunk_by(|a, b| is_japanese(*a) == is_japanese(*b)) {
        let words = f.prose(&run.iter().collect::<String>()).0;
        if is_japanese(run[0]) {
            html.extend(["<span lang=\"ja\">", &words, "</span>"]);
        } else {
            html.push_str(&words);
        }
    }
    Html(html)
}

/// Kana, kanji, and the numbers and signs that stand among them.
fn is_japanese(c: char) -> bool {
    matches!(c, '\u{2150}'..='\u{218b}' | '\u{2460}'..='\u{24ff}' | '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// An indicator as a small picture with its status.
pub(crate) struct IndicatorCard<'a> {
    pub(crate) href: String,
    pub(crate) name: Html,
    pub(crate) status: Status,
    pub(crate) chart: Chart<'a>,
}

impl Seen {
    /// An indicator upon the ground of its figures.
    pub(crate) fn of(ctx: &Ctx, ground: &Ground, indicator: Indicator) -> Self {
        let entered = ground.entries.all(What::Figure, Some(indicator.id)).to_vec();
        let printed = |entry: &Entry| indicator.definition.targets.iter().any(|own| own.year == i32::from(entry.year));
        let aims = ground.entries.standing(What::Target, Some(indicator.id));
        let aims = aims.into_iter().filter(|entry| !printed(entry)).cloned().collect();
        let indicator = ground.aimed(indicator);
        let figures = ground.figures(&indicator, ctx.today);
        let judgement = indicator.definition.judge(&figures.years);
        let is_over = indicator.definition.aim().is_some_and(|aim| aim.fiscal_year() < ctx.fiscal_year());
        Self { is_over, indicator, figures, judgement, entered, aims }
    }

    pub(crate) fn status(&self, f: &Frame) -> Status {
        Status { shape: self.judgement.health.shape(), word: f.t(self.word()) }
    }

    /// The message with its word: once the target's year is over, what is behind is not late but fell short.
    pub(crate) fn word(&self) -> &'static str {
        match self.judgement.health {
            Health::Behind if self.is_over => MISSED,
            health => health.message(),
        }
    }

    pub(crate) fn address(&self) -> String {
        format!("/plan/indicators/{}", self.indicator.key)
    }

    /// The figure of a year, or of the year so far.
    pub(crate) fn of_year(&self, year: FiscalYear) -> Option<f64> {
        let mut known = self.figures.years.iter().chain(&self.figures.so_far);
        known.find(|observation| observation.year == year).map(|observation| observation.value)
    }

    /// A value with its unit: 回/年 is 回 beside a number.
    pub(crate) fn value(&self, value: f64) -> String {
        let definition = &self.indicator.definition;
        let unit = definition.unit.split('/').next().unwrap_or_default();
        format!("{}{unit}", self.number(value))
    }

    pub(crate) fn number(&self, value: f64) -> String {
        kyodo_web::format::number(value, self.indicator.definition.decimals)
    }

    pub(crate) fn chart<'a>(&self, f: &'a Frame, large: bool, caption: String) -> Chart<'a> {
        let point = |value: &Value| ChartPoint { year: value.fiscal_year(), value: value.value };
        let seen = |observation: &Observation| ChartPoint { year: observation.year, value: observation.value };
        let definition = &self.indicator.definition;
        let so_far = self.figures.so_far.as_ref().map(seen);
        Chart {
            f,
            id: format!("chart-{}", self.indicator.key),
            name: self.indicator.name.clone(),
            unit: definition.unit.clone(),
            decimals: definition.decimals,
            baseline: definition.baseline.as_ref().map(point),
            targets: definition.targets.iter().map(point).collect(),
            years: self.figures.years.iter().map(seen).collect(),
            projection: self.figures.projection.and_then(|value| {
                so_far.map(|so_far| ChartPoint { year: so_far.year, value: rounded(value, definition.decimals) })
            }),
            so_far,
            large,
            caption,
        }
    }

    pub(crate) fn card<'a>(&self, f: &'a Frame) -> IndicatorCard<'a> {
        IndicatorCard {
            href: self.address(),
            name: f.phrases(&self.indicator.name),
            status: self.status(f),
            chart: self.chart(f, false, self.caption(f)),
        }
    }

    /// What a small chart says under its picture: this year so far, or how far the target is.
    pub(crate) fn caption(&self, f: &Frame) -> String {
        if let Some(so_far) = self.figures.so_far {
            let value = self.value(so_far.value);
            return match self.figures.a_year_before {
                Some(before) => {
                    f.with("indicator-so-far-compared", &[("value", &value), ("before", &self.value(before))])
                }
                None => f.with("indicator-so-far", &[("value", &value)]),
            };
        }
        match (self.judgement.latest, self.indicator.definition.aim()) {
            (None, Some(_)) => f.t("indicator-no-figures"),
            (None, None) => f.t("indicator-no-target-no-figures"),
            (Some(latest), Some(aim)) if (aim.value - latest.value).abs() > f64::EPSILON => {
                let year = f.ctx.long_year(aim.fiscal_year());
                f.with("indicator-aim", &[("year", &year), ("value", &self.value(aim.value))])
            }
            _ => String::new(),
        }
    }
}

/// A projection is no more exact than the figure it projects.
fn rounded(value: f64, decimals: u8) -> f64 {
    let power = 10_f64.powi(i32::from(decimals));
    (value * power).round() / power
}
