//! The plan as tables: exactly what the pages show, one row a record.

use kyodo_kernel::FiscalYear;
use kyodo_web::Ctx;
use kyodo_web::sheet::{Cell, Sheet};

use crate::node::{Node, Role, Tag};
use crate::pages::report::Yearly;
use crate::plan::Period;
use crate::schedule::ARROW;
use crate::view::{Seen, Whole};

fn heads(ctx: &Ctx, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| ctx.words().say(key)).collect()
}

fn joined(words: &[String]) -> Cell {
    words.join("・").into()
}

fn departments(ctx: &Ctx, node: &Node) -> Cell {
    let names: Vec<String> = node
        .departments
        .iter()
        .map(|key| ctx.state.department(key).map_or_else(|| key.clone(), |department| department.name.clone()))
        .collect();
    joined(&names)
}

fn name(ctx: &Ctx, whole: &Whole, what: &str) -> String {
    format!("{}_{}_{}", ctx.state.profile.name, whole.plan.title, ctx.words().say(what))
}

/// Everything the plan says of its lines.
pub(crate) fn plan(ctx: &Ctx, whole: &Whole) -> Sheet {
    let mut titles = heads(
        ctx,
        &[
            "sheet-key",
            "sheet-code",
            "sheet-level",
            "sheet-title",
            "sheet-purpose",
            "sheet-situation",
            "sheet-text",
            "sheet-completion",
            "fact-departments",
            "fact-implementers",
            "fact-targets",
            "fact-tag",
            "fact-heading",
            "fact-related",
            "again",
        ],
    );
    let parties = &whole.plan.outline.parties;
    titles.extend(parties.iter().cloned());
    titles.push(ctx.words().say("sheet-standing"));
    let depth = whole.depth();
    let row = |node: &Node| {
        let details = &node.details;
        let mut cells: Vec<Cell> = vec![
            node.key.clone().into(),
            node.code.clone().into(),
            whole.plan.outline.level_name(node.level).into(),
            node.title.clone().into(),
            details.purpose.clone().into(),
            details.situation.clone().into(),
            details.text.clone().into(),
            details.completion.clone().into(),
            departments(ctx, node),
            joined(&details.implementers),
            joined(&node.target_words()),
            details.tag.map(Tag::printed).into(),
            details.heading.clone().into(),
            joined(&details.related),
            node.alias_of.clone().into(),
        ];
        cells.extend(parties.iter().map(|party| details.roles.get(party).map(|role| sign(*role)).into()));
        let standing = (node.level == depth).then(|| ctx.words().say(whole.standing(node).message()));
        cells.push(standing.into());
        cells
    };
    Sheet { name: name(ctx, whole, "sheet-plan"), heads: titles, rows: whole.plan.nodes.iter().map(row).collect() }
}

fn sign(role: Role) -> &'static str {
    match role {
        Role::Lead => "◎",
        Role::Support => "○",
    }
}

/// The year grid of the measures shown: printed, effective and actual mark of each year.
pub(crate) fn schedule(ctx: &Ctx, whole: &Whole, shown: &[&Node]) -> Sheet {
    let years: Vec<FiscalYear> = whole.plan.outline.grid.into_iter().flat_map(Period::years).collect();
    let mut titles = heads(ctx, &["sheet-key", "sheet-code", "sheet-title", "fact-departments", "sheet-standing"]);
    for year in &years {
        let year = ctx.short_year(*year);
        titles.push(ctx.words().with("sheet-planned", [("year", year.clone())]));
        titles.push(ctx.words().with("sheet-actual", [("year", year)]));
    }
    let row = |node: &&Node| {
        let mut cells: Vec<Cell> = vec![
            node.key.clone().into(),
            node.code.clone().into(),
            node.title.clone().into(),
            departments(ctx, node),
            ctx.words().say(whole.standing(node).message()).into(),
        ];
        for year in &years {
            // A sheet is read without its neighbours: an arrow says what it continues.
            let planned = match (node.schedule.cell(*year), node.planned(*year)) {
                (Some(ARROW), Some(mark)) => Some(format!("{ARROW}（{mark}）")),
                (Some(mark), _) => Some(mark.to_owned()),
                _ => None,
            };
            cells.push(planned.into());
            cells.push(whole.report(node, *year).and_then(|report| report.mark.clone()).into());
        }
        cells
    };
    Sheet { name: name(ctx, whole, "schedule-title"), heads: titles, rows: shown.iter().map(row).collect() }
}

/// Who does what, or whom it is for.
pub(crate) fn matrix(ctx: &Ctx, whole: &Whole) -> Sheet {
    let outline = &whole.plan.outline;
    let by_role = !outline.parties.is_empty();
    let columns = if by_role { &outline.parties } else { &outline.targets };
    let mut titles = heads(ctx, &["sheet-key", "sheet-code", "sheet-title"]);
    titles.extend(columns.iter().cloned());
    let row = |node: &Node| {
        let mut cells: Vec<Cell> = vec![node.key.clone().into(), node.code.clone().into(), node.title.clone().into()];
        cells.extend(columns.iter().map(|column| match (by_role, &node.details.other_target) {
            (true, _) => Cell::from(node.details.roles.get(column).map(|role| sign(*role))),
            (false, Some(text)) if column == "その他" && node.details.targets.contains(column) => {
                format!("■（{text}）").into()
            }
            (false, _) => node.details.targets.contains(column).then_some("■").into(),
        }));
        cells
    };
    Sheet { name: name(ctx, whole, "matrix-title"), heads: titles, rows: whole.measures().map(row).collect() }
}

/// The indicators shown, one row for each year of each.
pub(crate) fn indicators(ctx: &Ctx, shown: &[&Seen]) -> Sheet {
    let titles = heads(
        ctx,
        &[
            "sheet-key",
            "indicators-name",
            "indicators-unit",
            "chart-year",
            "sheet-fiscal-year",
            "indicators-baseline",
            "indicators-aim",
            "chart-value",
            "sheet-source",
            "indicators-status",
        ],
    );
    let rows = shown.iter().flat_map(|seen| indicator_rows(ctx, seen)).collect();
    let name = format!("{}_{}", ctx.state.profile.name, ctx.words().say("indicators-title"));
    Sheet { name, heads: titles, rows }
}

/// One indicator, one row a year.
pub(crate) fn indicator(ctx: &Ctx, seen: &Seen) -> Sheet {
    let mut sheet = indicators(ctx, &[seen]);
    sheet.name = format!("{}_{}", ctx.state.profile.name, seen.indicator.name);
    sheet
}

fn indicator_rows(ctx: &Ctx, seen: &Seen) -> Vec<Vec<Cell>> {
    let definition = &seen.indicator.definition;
    let observed = seen.figures.years.iter().chain(&seen.figures.so_far);
    let mut years: Vec<FiscalYear> = observed
        .clone()
        .map(|observation| observation.year)
        .chain(definition.baseline.iter().map(|value| value.fiscal_year()))
        .chain(definition.targets.iter().map(|value| value.fiscal_year()))
        .collect();
    years.sort_unstable();
    years.dedup();
    let of = |year: FiscalYear| {
        let observation = observed.clone().find(|observation| observation.year == year);
        let source = observation.map(|observation| match observation.source {
            crate::indicator::Source::Entered => "sheet-entered",
            crate::indicator::Source::Counted => "sheet-counted",
        });
        vec![
            seen.indicator.key.clone().into(),
            seen.indicator.name.clone().into(),
            definition.unit.clone().into(),
            ctx.long_year(year).into(),
            f64::from(i32::from(year)).into(),
            definition.baseline.filter(|value| value.fiscal_year() == year).map(|value| value.value).into(),
            definition.targets.iter().find(|value| value.fiscal_year() == year).map(|value| value.value).into(),
            observation.map(|observation| observation.value).into(),
            source.map(|key| ctx.words().say(key)).into(),
            ctx.words().say(seen.word()).into(),
        ]
    };
    years.into_iter().map(of).collect()
}

/// A year's report, one row a measure.
pub(crate) fn report(ctx: &Ctx, yearly: &Yearly) -> Sheet {
    let titles = heads(
        ctx,
        &[
            "sheet-key",
            "sheet-code",
            "sheet-title",
            "fact-departments",
            "yearly-planned",
            "round-mark",
            "round-grade",
            "sheet-standing",
            "round-text",
            "round-next",
            "report-opinions",
            "opinion-answers",
        ],
    );
    let row = |node: &Node| -> Vec<Cell> {
        let report = yearly.of(node);
        let opinions: Vec<String> =
            yearly.opinions(node, yearly.year).map(|one| format!("{}（{}）", one.comment, one.evaluator)).collect();
        let answers = yearly.opinions(node, yearly.year).filter_map(|one| one.answer.as_ref());
        let answers: Vec<&str> = answers.map(|answer| answer.text.as_str()).collect();
        vec![
            node.key.clone().into(),
            node.code.clone().into(),
            node.title.clone().into(),
            departments(ctx, node),
            node.planned(yearly.year).map(str::to_owned).into(),
            report.and_then(|report| report.mark.clone()).into(),
            report.and_then(|report| report.grade.clone()).into(),
            ctx.words().say(yearly.standing(node).message()).into(),
            report.map(|report| report.text.clone()).into(),
            report.map(|report| report.next_step.clone()).into(),
            opinions.join("\n").into(),
            answers.join("\n").into(),
        ]
    };
    // What was said of the whole year stands below its measures.
    let whole = yearly.opinions_on_whole().map(|one| -> Vec<Cell> {
        let mut row = vec![Cell::Empty; titles.len()];
        row[2] = ctx.words().say("yearly-opinions").into();
        row[titles.len() - 2] = format!("{}（{}）", one.comment, one.evaluator).into();
        row[titles.len() - 1] = one.answer.as_ref().map(|answer| answer.text.clone()).into();
        row
    });
    let rows = yearly.measures().map(row).chain(whole).collect();
    let title = ctx.words().with("yearly-title", [("year", ctx.long_year(yearly.year))]);
    Sheet { name: format!("{}_{title}", ctx.state.profile.name), heads: titles, rows }
}
