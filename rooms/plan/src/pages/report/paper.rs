//! A year's report as a document for print: what the page says, in the order in which a committee reads it.

use kyodo_papers::{Accent, Answer, Block, Cell, Contents, Level, Numbering, Paper, Quotation, Table, Text};
use kyodo_wareki::long_date;
use kyodo_web::{Ctx, Frame};

use super::{Yearly, departments};
use crate::adoption::Adoption;
use crate::evaluation::{Evaluation, Kind};
use crate::indicator::Value;
use crate::node::Node;
use crate::pages::code;
use crate::pages::measure::graded;
use crate::plan::Grade;
use crate::progress::Standing;
use crate::view::{Counts, Seen, in_japanese, status_in};

/// From how many measures on a document has a cover and a table of contents.
const LONG: usize = 6;

/// The document of a year as it stands, or as it is adopted. It is Japanese in every language of the frame, as the plan is.
pub(super) fn paper(ctx: &Ctx, yearly: &Yearly, adoption: Option<&Adoption>) -> Paper {
    let ctx = in_japanese(ctx);
    let f = ctx.frame("");
    let (profile, plan) = (&ctx.state.profile, &yearly.whole.plan);
    let day = adoption.map_or(ctx.today, |adoption| adoption.on);
    let dated = if adoption.is_some() { "paper-adopted" } else { "paper-as-of" };
    let date = f.with(dated, &[("day", &long_date(day))]);
    let mut paper = Paper::new(plan.title.as_str(), profile.name.as_str(), date);
    paper.subtitle = Some(f.with("paper-subtitle", &[("year", &ctx.long_year(yearly.year))]));
    paper.day = Some(day);
    paper.accent = Accent::read(&profile.accent).unwrap_or_default();
    paper.numbering = Numbering::new(&f.with("paper-chapter", &[("n", "{1}")]), "", "");
    let long = yearly.measures().nth(LONG).is_some();
    paper.cover = long;
    if long {
        let contents = Contents { title: f.t("paper-contents"), depth: Level::Third };
        paper = paper.upright(vec![Block::Contents(contents)]);
    }
    let parts = [summary(&f, yearly, adoption), figures(&f, yearly)].concat();
    let opinions = of_the_whole(&f, yearly);
    // What is said of the whole plan is short beside the measures, and follows them on the same page.
    paper.upright(parts).upright([measures(&f, yearly), opinions].concat())
}

// --- in short ----------------------------------------------------------------------------------------------

fn summary(f: &Frame, yearly: &Yearly, adoption: Option<&Adoption>) -> Vec<Block> {
    let counts = Counts::of(yearly.measures().map(|node| yearly.standing(node)));
    let reported = counts.total() - counts.get(Standing::Unreported);
    let level = yearly.whole.measure_name();
    let line = f.tell("yearly-line", &[("n", counts.total().into()), ("of", reported.into()), ("level", level.into())]);
    let mut blocks = vec![
        Block::numbered(Level::First, f.t("paper-summary")),
        Block::paragraph(line),
        Block::fields(about(f, yearly, adoption)),
        standings(f, yearly, &counts),
    ];
    if counts.get(Standing::OnSchedule) + counts.get(Standing::Late) > 0 {
        blocks.push(Block::note(f.t("paper-rule")));
    }
    blocks.extend(grades(f, yearly));
    blocks
}

/// What the document is about, in names and values.
fn about(f: &Frame, yearly: &Yearly, adoption: Option<&Adoption>) -> Vec<(String, String)> {
    let (profile, outline) = (&f.ctx.state.profile, &yearly.whole.plan.outline);
    let year = yearly.year;
    let days = f.with(
        "paper-year-days",
        &[
            ("year", &f.ctx.long_year(year)),
            ("from", &long_date(year.first_day())),
            ("to", &long_date(year.last_day())),
        ],
    );
    let period = outline.period.map(|period| {
        let (from, to) = (f.ctx.long_year(period.first()), f.ctx.long_year(period.last()));
        f.with("paper-years", &[("from", &from), ("to", &to)])
    });
    let frozen = yearly.round.as_ref().map(|round| match round.frozen_at {
        Some(at) => f.with("paper-frozen", &[("day", &long_date(kyodo_kernel::clock::day_of(at)))]),
        None => f.t("yearly-open"),
    });
    let adopted = adoption.map(|adoption| {
        let day = long_date(adoption.on);
        let named = (!adoption.body.is_empty()).then_some(("who", adoption.body.as_str()));
        let told = named.map_or_else(|| day.clone(), |who| f.with("paper-adopted-by", &[("day", &day), who]));
        let anew = (adoption.number > 1).then(|| f.tell("adoption-edition", &[("n", adoption.number.into())]));
        [Some(told), anew, Some(adoption.reason.clone())]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("\u{3000}")
    });
    let contact = &profile.contact;
    let office = contact.department.as_deref().and_then(|key| f.ctx.state.department(key));
    let office = office.map(|office| match &contact.phone {
        Some(phone) => f.with("paper-contact", &[("who", &office.name), ("phone", phone)]),
        None => office.name.clone(),
    });
    [
        ("paper-year", Some(days)),
        ("paper-period", period),
        ("paper-state", frozen),
        ("paper-adopted-row", adopted),
        ("paper-office", office),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((f.t(name), value?)))
    .collect()
}

/// How many measures stand where, below each policy.
fn standings(f: &Frame, yearly: &Yearly, counts: &Counts) -> Block {
    let (whole, shown) = (&yearly.whole, counts.shown().map(|(standing, _)| standing).collect::<Vec<_>>());
    let outline = &whole.plan.outline;
    let row = |name: String, counts: &Counts| -> Vec<Cell> {
        let mut cells = vec![Cell::heading(name), Cell::number(f.whole(counts.total()))];
        cells.extend(shown.iter().map(|standing| Cell::number(f.whole(counts.get(*standing)))));
        cells
    };
    let mut rows: Vec<Vec<Cell>> = yearly
        .policies()
        .into_iter()
        .filter_map(|(policy, nodes)| {
            let counts = Counts::of(nodes.into_iter().map(|node| yearly.standing(node)));
            Some(row(named(&code(outline, policy?), &policy?.title), &counts))
        })
        .collect();
    rows.push(row(f.t("paper-total"), counts));
    let first = if whole.depth() > 1 { outline.level_name(1) } else { whole.measure_name() };
    let mut head = vec![Cell::heading(first), Cell::new(f.t("paper-count")).centre()];
    head.extend(shown.iter().map(|standing| Cell::new(status_in(f, yearly.year, *standing).word).centre()));
    let columns = [vec![4.0], vec![1.2; shown.len() + 1]].concat();
    Block::Table(Table { caption: Some(f.t("paper-standings").into()), columns, head: vec![head], rows })
}

/// How departments graded themselves, where the plan has grades.
fn grades(f: &Frame, yearly: &Yearly) -> Option<Block> {
    let outline = &yearly.whole.plan.outline;
    let given: Vec<&str> =
        yearly.measures().filter_map(|node| yearly.of(node)).filter_map(|report| report.grade.as_deref()).collect();
    if given.is_empty() {
        return None;
    }
    let head = ["paper-grade", "paper-meaning", "paper-count"].map(|name| Cell::heading(f.t(name)).centre());
    let row = |grade: &Grade| {
        let n = given.iter().filter(|given| **given == grade.name).count();
        vec![Cell::heading(grade.name.as_str()).centre(), Cell::new(grade.text.as_str()), Cell::number(f.whole(n))]
    };
    Some(Block::Table(Table {
        caption: Some(f.t("paper-grades").into()),
        columns: vec![1.4, 4.4, 1.2],
        head: vec![head.to_vec()],
        rows: outline.grades.iter().map(row).collect(),
    }))
}

// --- figures -----------------------------------------------------------------------------------------------

fn figures(f: &Frame, yearly: &Yearly) -> Vec<Block> {
    let seen: Vec<&Seen> = yearly.seen.iter().filter(|seen| seen.of_year(yearly.year).is_some()).collect();
    if seen.is_empty() {
        return Vec::new();
    }
    let before = yearly.year.previous();
    let said = |seen: &Seen, value: Option<f64>| value.map_or_else(|| f.t("paper-nothing"), |value| seen.number(value));
    // The years of baselines and targets differ from figure to figure, so that each stands with its own.
    let of = |seen: &Seen, value: Option<Value>| match value {
        Some(value) => format!("{}\n{}", f.ctx.short_year(value.fiscal_year()), seen.number(value.value)),
        None => f.t("paper-nothing"),
    };
    let row = |seen: &&Seen| {
        let definition = &seen.indicator.definition;
        vec![
            Cell::heading(seen.indicator.name.as_str()),
            Cell::new(definition.unit.as_str()).centre(),
            Cell::number(of(seen, definition.baseline)),
            Cell::number(said(seen, seen.of_year(before))),
            Cell::number(said(seen, seen.of_year(yearly.year))).tinted(),
            Cell::number(of(seen, definition.aim())),
            Cell::new(seen.status(f).word).centre(),
        ]
    };
    // The figure of a year that is not over is what it is so far.
    let this = if yearly.year == f.ctx.fiscal_year() {
        format!("{}\n{}", f.ctx.short_year(yearly.year), f.t("so-far"))
    } else {
        f.ctx.short_year(yearly.year)
    };
    let head = vec![
        Cell::heading(f.t("indicators-name")),
        Cell::new(f.t("indicators-unit")).centre(),
        Cell::new(f.t("indicators-baseline")).centre(),
        Cell::new(f.ctx.short_year(before)).centre(),
        Cell::new(this).centre(),
        Cell::new(f.t("indicators-aim")).centre(),
        Cell::new(f.t("indicators-status")).centre(),
    ];
    vec![
        Block::numbered(Level::First, f.t("paper-figures")),
        Block::Table(Table {
            caption: Some(f.t("paper-figures-table").into()),
            columns: vec![4.0, 1.0, 1.3, 1.3, 1.3, 1.3, 1.5],
            head: vec![head],
            rows: seen.iter().map(row).collect(),
        }),
        Block::note(f.t("paper-figures-rule")),
    ]
}

// --- by measure --------------------------------------------------------------------------------------------

fn named(code: &str, title: &str) -> String {
    if code.is_empty() { title.to_owned() } else { format!("{code}\u{3000}{title}") }
}

fn measures(f: &Frame, yearly: &Yearly) -> Vec<Block> {
    let (outline, level) = (&yearly.whole.plan.outline, yearly.whole.measure_name());
    let mut blocks = vec![Block::numbered(Level::First, f.with("paper-measures", &[("level", level)]))];
    for (policy, nodes) in yearly.policies() {
        if let Some(policy) = policy {
            blocks.push(Block::heading(Level::Second, named(&code(outline, policy), &policy.title)));
        }
        for node in nodes {
            blocks.push(Block::heading(Level::Third, named(&node.code, &node.title)));
            blocks.extend(measure(f, yearly, node));
        }
    }
    blocks
}

fn measure(f: &Frame, yearly: &Yearly, node: &Node) -> Vec<Block> {
    let (outline, report) = (&yearly.whole.plan.outline, yearly.of(node));
    let (planned, mark) = (node.planned(yearly.year), report.and_then(|report| report.mark.as_deref()));
    let word = status_in(f, yearly.year, yearly.standing(node)).word;
    let marks = match (planned, mark) {
        (Some(planned), Some(mark)) => {
            Some(f.with("paper-marks-of", &[("planned", planned), ("actual", mark), ("word", &word)]))
        }
        (None, Some(mark)) => Some(mark.to_owned()),
        (Some(planned), None) => Some(planned.to_owned()),
        (None, None) => None,
    };
    let marks_are = if mark.is_some() { "paper-marks" } else { "yearly-planned" };
    let grade = report.and_then(|report| report.grade.as_deref()).map(|grade| graded(f, outline, grade));
    let fields: Vec<(String, Text)> = [
        ("fact-departments", Some(departments(f, node)).filter(|names| !names.is_empty())),
        (marks_are, marks),
        ("paper-grade", grade),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((f.t(name), Text::from(value?))))
    .collect();
    let mut blocks = Vec::new();
    if !fields.is_empty() {
        blocks.push(Block::fields(fields));
    }
    match report {
        Some(report) => {
            blocks.extend(paragraphs(&report.text).map(Block::Paragraph));
            if !report.next_step.is_empty() {
                let head = Text::bold(format!("{}\u{3000}", f.t("round-next")));
                blocks.push(Block::Paragraph(head.and(report.next_step.as_str())));
            }
        }
        None => blocks.push(Block::paragraph(f.t("yearly-none"))),
    }
    let office = departments(f, node);
    blocks.extend(yearly.opinions(node, yearly.year).map(|said| quotation(f, yearly, said, &office)));
    blocks
}

/// A text by its paragraphs, one for each of its lines.
fn paragraphs(text: &str) -> impl Iterator<Item = Text> {
    text.lines().filter(|line| !line.trim().is_empty()).map(Text::from)
}

// --- what others said --------------------------------------------------------------------------------------

fn of_the_whole(f: &Frame, yearly: &Yearly) -> Vec<Block> {
    let said: Vec<Block> =
        yearly.opinions_on_whole().map(|said| quotation(f, yearly, said, &f.t("office-name"))).collect();
    if said.is_empty() {
        return Vec::new();
    }
    [vec![Block::numbered(Level::First, f.t("paper-opinions"))], said].concat()
}

/// What somebody said, whose view it is, and what the departments in charge answer.
fn quotation(f: &Frame, yearly: &Yearly, said: &Evaluation, office: &str) -> Block {
    let kind = f.t(match said.kind {
        Kind::ThirdParty => "paper-third-party",
        Kind::Mutual => "paper-mutual",
        Kind::Resident => "paper-resident",
    });
    let who = match &said.grade {
        Some(grade) => {
            let grade = graded(f, &yearly.whole.plan.outline, grade);
            f.with("paper-said-graded", &[("kind", &kind), ("who", &said.evaluator), ("grade", &grade)])
        }
        None => f.with("paper-said", &[("kind", &kind), ("who", &said.evaluator)]),
    };
    let answer = said.answer.as_ref().map(|answer| Answer {
        who: f.with("paper-answer", &[("who", office)]),
        said: paragraphs(&answer.text).collect(),
    });
    Block::Quotation(Quotation { who, said: paragraphs(&said.comment).collect(), answer })
}
