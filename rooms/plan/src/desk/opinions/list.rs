//! `/desk/plan/opinions`: everything public that others said, with where its answer stands.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::FiscalYear;
use kyodo_web::components::{Choice, Status, choice};
use kyodo_web::filters;
use kyodo_web::sheet::{Cell, Sheet, SheetFormat};
use kyodo_web::{Ctx, Error, Frame, Html, Page, Params, Result};

use super::{in_charge, opinion_status, seen, stage_status, waits_for};
use crate::desk::rounds::Hands;
use crate::desk::rounds::list::runs;
use crate::evaluation::{AnswerStage, OPINIONS};
use crate::node::Node;
use crate::pages::opinion::by;
use crate::plan::Plan;
use crate::store::{self, Opinion};

/// So many characters of what was said stand on the list.
const EXCERPT: usize = 60;

#[derive(Template)]
#[template(path = "desk/opinions.html")]
struct OpinionsPage<'a> {
    f: &'a Frame,
    counts: Vec<(Status, String)>,
    years: Vec<Choice>,
    departments: Vec<Choice>,
    states: Vec<Choice>,
    filtered: bool,
    any: bool,
    rows: Vec<Row>,
    count: String,
    csv: String,
    xlsx: String,
    /// What the office publishes with one button.
    publish: Option<String>,
    /// The answers that wait for it, as they stood when the page was made.
    seen: Vec<String>,
}

struct Row {
    code: String,
    title: Html,
    name: String,
    href: String,
    year: String,
    by: String,
    excerpt: String,
    departments: String,
    status: Status,
    late: String,
    due: String,
    act: String,
}

/// An opinion with what the list asks of it.
struct Line<'a> {
    opinion: &'a Opinion,
    node: Option<&'a Node>,
    departments: Vec<String>,
    mine: bool,
    late: i64,
}

/// `GET /desk/plan/opinions`
pub(super) async fn list(ctx: Ctx, params: Params) -> Result<Response> {
    let person = ctx.person()?;
    let (plan_id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let opinions = store::opinions(&ctx.db, plan_id).await?;
    let nodes = store::all_nodes(&ctx.db, plan_id).await?;
    let rounds = store::rounds(&ctx.db, plan_id).await?;
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let all: Vec<Line<'_>> = opinions
        .iter()
        .map(|opinion| {
            let node = opinion.key.as_ref().and_then(|key| nodes.iter().find(|node| node.key == *key));
            let round = rounds.iter().find(|round| round.year == opinion.said.year);
            let departments = in_charge(round, node, &ctx.state.departments);
            let mine = waits_for(person, opinion, &departments, &hands);
            Line { opinion, node, mine, late: opinion.days_late(ctx.today), departments }
        })
        .collect();
    let text = |name| params.get(name).unwrap_or_default();
    let (year, department, wanted) = (text("year"), text("department"), text("state"));
    let own = |line: &Line<'_>| line.departments.iter().any(|key| person.departments().any(|own| own == key));
    let asked = |line: &&Line<'_>| {
        let stage = line.opinion.stage();
        (year.is_empty() || i32::from(line.opinion.said.year).to_string() == year)
            && match department {
                "" => true,
                "own" => own(line),
                key => line.departments.iter().any(|one| one == key),
            }
            && match wanted {
                "" => true,
                "mine" => line.mine,
                "unanswered" => line.opinion.due_on.is_some() && !stage.is_over(),
                "late" => line.late > 0,
                "missing" => line.opinion.due_on.is_some() && stage == AnswerStage::Missing,
                name => stage.name() == name,
            }
    };
    let shown: Vec<&Line<'_>> = all.iter().filter(asked).collect();
    let title = ctx.words().say("nav-desk-opinions");
    let f = ctx.frame(title).crumb("/desk", "nav-desk").crumb("", "nav-desk-opinions").at_desk();
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheet(&f, &plan, &shown).download(format)?.into_response());
    }
    let sent: Vec<&Opinion> =
        all.iter().map(|line| line.opinion).filter(|opinion| opinion.stage() == AnswerStage::Sent).collect();
    let page = OpinionsPage {
        counts: AnswerStage::ALL
            .into_iter()
            .map(|stage| {
                let asked = all.iter().filter(|line| line.opinion.due_on.is_some() || stage.is_over());
                (stage, asked.filter(|line| line.opinion.stage() == stage).count())
            })
            // Hardly anything ever is.
            .filter(|(stage, n)| *stage != AnswerStage::Withdrawn || *n > 0)
            .map(|(stage, n)| (stage_status(&f, stage), f.n("count-exact", n)))
            .collect(),
        years: years(&ctx, &all, year),
        departments: departments(&f, &all, department),
        states: states(&f, wanted),
        filtered: !params.has_none_of(&["year", "department", "state"]),
        any: !all.is_empty(),
        rows: shown.iter().map(|line| row(&f, &plan, line)).collect(),
        count: f.n("count-exact", shown.len()),
        csv: format!("?{}", params.with("format", "csv")),
        xlsx: format!("?{}", params.with("format", "xlsx")),
        publish: (runs(&ctx) && !sent.is_empty()).then(|| f.n("answers-publish-all", sent.len())),
        seen: sent.into_iter().map(seen).collect(),
        f: &f,
    };
    Ok(Page(page).into_response())
}

fn years(ctx: &Ctx, all: &[Line<'_>], chosen: &str) -> Vec<Choice> {
    let years: BTreeSet<FiscalYear> = all.iter().map(|line| line.opinion.said.year).collect();
    let years = years.into_iter().rev();
    years
        .map(|year| {
            let value = i32::from(year).to_string();
            let is_chosen = value == chosen;
            choice(value, ctx.long_year(year), is_chosen)
        })
        .collect()
}

fn departments(f: &Frame, all: &[Line<'_>], chosen: &str) -> Vec<Choice> {
    let answers = |key: &str| all.iter().any(|line| line.departments.iter().any(|own| own == key));
    let known = f.ctx.state.departments.iter().filter(|one| answers(&one.key));
    let own = f.ctx.actor.person().is_some_and(|person| person.departments().next().is_some());
    let own = own.then(|| choice("own", f.t("opinions-own"), chosen == "own"));
    own.into_iter().chain(known.map(|one| choice(&one.key, &one.name, one.key == chosen))).collect()
}

fn states(f: &Frame, chosen: &str) -> Vec<Choice> {
    let own = ["mine", "unanswered", "late"].map(|name| choice(name, f.t(&format!("opinions-{name}")), chosen == name));
    let stages = AnswerStage::ALL
        .map(|stage| choice(stage.name(), f.t(&format!("answer-stage-{}", stage.name())), chosen == stage.name()));
    own.into_iter().chain(stages).collect()
}

fn title(f: &Frame, line: &Line<'_>) -> String {
    line.node.map_or_else(|| f.t("yearly-opinions"), |node| node.title.clone())
}

fn department_names(f: &Frame, line: &Line<'_>) -> String {
    let known = line.departments.iter().filter_map(|key| f.ctx.state.department(key));
    let names: Vec<&str> = known.map(|department| department.name.as_str()).collect();
    if names.is_empty() { f.t("office-name") } else { names.join(&f.t("list-comma")) }
}

fn row(f: &Frame, plan: &Plan, line: &Line<'_>) -> Row {
    let (opinion, stage) = (line.opinion, line.opinion.stage());
    let comment = &opinion.said.comment;
    let short: String = comment.chars().take(EXCERPT).collect();
    let act = match stage {
        AnswerStage::Missing | AnswerStage::Returned if line.mine => "opinion-act-answer",
        AnswerStage::Sent if line.mine => "opinion-act-publish",
        _ => "desk-look",
    };
    Row {
        code: line.node.map(|node| node.code.clone()).unwrap_or_default(),
        name: title(f, line),
        title: f.phrases(&title(f, line)),
        href: format!("{OPINIONS}/{}", opinion.said.id),
        year: f.ctx.long_year(opinion.said.year),
        by: by(f, &plan.outline, &opinion.said),
        excerpt: if comment.chars().count() > EXCERPT { format!("{short}…") } else { short },
        departments: department_names(f, line),
        status: opinion_status(f, opinion),
        late: if line.late > 0 { f.n("round-days-late", line.late) } else { String::new() },
        due: opinion
            .due_on
            .filter(|_| stage.is_with_department())
            .map(|due| f.with("answer-due", &[("day", &f.day(due))]))
            .unwrap_or_default(),
        act: f.t(act),
    }
}

/// Exactly what the list shows, with all that was said and answered in public.
fn sheet(f: &Frame, plan: &Plan, shown: &[&Line<'_>]) -> Sheet {
    let heads = [
        "round-year",
        "sheet-key",
        "round-sheet-title",
        "opinions-kind",
        "opinions-who",
        "evaluation-grade",
        "opinions-said",
        "fact-departments",
        "round-stage",
        "opinions-due",
        "opinions-answer",
        "opinions-answered",
    ];
    let row = |line: &&Line<'_>| -> Vec<Cell> {
        let said = &line.opinion.said;
        let title = line.node.map(|node| [node.code.as_str(), node.title.as_str()].join(" ").trim().to_owned());
        vec![
            f.ctx.long_year(said.year).into(),
            line.node.map(|node| node.key.clone()).into(),
            title.unwrap_or_else(|| f.t("yearly-opinions")).into(),
            f.t(&format!("opinion-kind-{}", said.kind.name().replace('_', "-"))).into(),
            said.evaluator.clone().into(),
            said.grade.clone().filter(|grade| plan.outline.grades.iter().any(|one| one.name == *grade)).into(),
            said.comment.clone().into(),
            department_names(f, line).into(),
            opinion_status(f, line.opinion).word.into(),
            line.opinion.due_on.map(|due| due.to_string()).into(),
            said.answer.as_ref().map(|answer| answer.text.clone()).into(),
            said.answer.as_ref().map(|answer| answer.on.to_string()).into(),
        ]
    };
    Sheet {
        name: format!("{}_{}", f.ctx.state.profile.name, f.t("nav-desk-opinions")),
        heads: heads.iter().map(|head| f.t(head)).collect(),
        rows: shown.iter().map(row).collect(),
    }
}
