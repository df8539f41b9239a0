//! `/desk/plan/rounds/{year}`: every item of a round with its state, who has it and how late it is; and freezing the year.

use askama::Template;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::city;
use kyodo_kernel::people::Person;
use kyodo_web::components::{Choice, Status, choice};
use kyodo_web::filters;
use kyodo_web::form::led_to;
use kyodo_web::sheet::{Cell, Sheet, SheetFormat};
use kyodo_web::{Access, Ctx, Form, Frame, Html, KeyPath, Page, Params, Result, format};
use serde_json::json;

use super::list::{runs, state};
use super::{Hands, Open, names, round_name, stage_status};
use crate::adoption::Adoption;
use crate::desk::{WRITERS, evaluations, partners, voices};
use crate::node::Node;
use crate::pages::report;
use crate::round::{Hand, STAGES, Stage};
use crate::store::{self, Report};

#[derive(Template)]
#[template(path = "desk/round.html")]
struct RoundPage<'a> {
    f: &'a Frame,
    name: String,
    state: String,
    note: &'a str,
    days: Vec<(String, String)>,
    counts: Vec<(Status, String)>,
    departments: Vec<Choice>,
    stages: Vec<Choice>,
    late: bool,
    filtered: bool,
    clear: String,
    measure: &'a str,
    groups: Vec<Group>,
    count: String,
    csv: String,
    xlsx: String,
    /// What others say of the year, for those who ask them.
    beside: Vec<(String, String)>,
    /// Where reports are collected in Excel, for those who write.
    workbooks: Option<String>,
    /// For whoever runs the round.
    run: Option<Run>,
}

/// What whoever runs a round can do.
struct Run {
    reminders: String,
    /// How many reports are not handed in.
    missing: usize,
    remind_all: String,
    publications: String,
    /// How many reports can be published.
    agreed: usize,
    publish_all: String,
    freeze: Option<String>,
    /// What freezing would leave behind.
    unfinished: String,
    /// Where a frozen year is adopted.
    adoption: Option<String>,
    /// How often it was adopted.
    adopted: Vec<String>,
    /// What residents read.
    public: String,
    days: Option<String>,
}

struct Group {
    title: Option<String>,
    rows: Vec<Row>,
}

struct Row {
    id: i64,
    code: String,
    title: Html,
    href: String,
    departments: String,
    status: Status,
    with: String,
    since: String,
    late: String,
    reminded: String,
    /// Whether its writers can be reminded.
    reminds: bool,
    act: String,
}

/// An item with all that the list tells of it.
struct Line<'a> {
    node: &'a Node,
    report: &'a Report,
    departments: Vec<String>,
    with: Vec<String>,
    own: bool,
    /// Whether it waits for whoever asks.
    mine: bool,
    late: i64,
}

/// `GET /desk/plan/rounds/{year}`: a fixed number of sentences, whatever the plan's length.
pub(super) async fn progress(ctx: Ctx, KeyPath(of): KeyPath, params: Params) -> Result<Response> {
    let person = ctx.person()?;
    let open = Open::load(&ctx, &of).await?;
    let nodes = &open.plan.nodes;
    let reports = store::reports(&ctx.db, open.round.id, &open.plan.outline.route).await?;
    let reminded = store::reminded(&ctx.db, open.round.id).await?;
    let adoptions = store::adoptions(&ctx.db, open.plan_id, open.round.year).await?;
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let items = nodes.iter().filter(|node| !node.is_alias()).filter_map(|node| Some((node, reports.get(&node.id)?)));
    let all: Vec<Line<'_>> = items.map(|(node, report)| line(&ctx, &open, person, node, report, &hands)).collect();
    let text = |name| params.get(name).unwrap_or_default();
    let (department, stage, late) = (text("department"), text("stage"), text("late") == "1");
    let asked = |line: &&Line<'_>| {
        (department.is_empty() || line.departments.iter().any(|key| key == department))
            && (stage.is_empty() || line.report.stage.name() == stage || (stage == "mine" && line.mine))
            && (!late || line.late > 0)
    };
    let shown: Vec<&Line<'_>> = all.iter().filter(asked).collect();
    let name = round_name(&ctx, &open.round);
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheet(&ctx, &open, &name, &shown).download(format)?.into_response());
    }
    let f = open.frame(&ctx, name.clone());
    let count_of = |stage: &str| all.iter().filter(|line| line.report.stage.name() == stage).count();
    let level = open.plan.outline.level_name(open.plan.outline.levels.len());
    let page = RoundPage {
        name,
        state: state(&f, &open.round),
        note: &open.round.note,
        days: vec![(f.t("round-due"), f.day(open.round.due_on)), (f.t("round-decide"), f.day(open.round.decide_on))],
        counts: counts(&f, &all),
        departments: departments(&ctx, &all, department),
        stages: stages(&f, stage),
        late,
        filtered: !params.has_none_of(&["department", "stage", "late"]),
        clear: open.round.address(""),
        measure: level,
        groups: groups(&f, &open, person, &shown, &reminded),
        count: f.tell("measures-count", &[("n", shown.len().into()), ("level", level.into())]),
        csv: format!("?{}", params.with("format", "csv")),
        xlsx: format!("?{}", params.with("format", "xlsx")),
        beside: beside(&f, &open),
        workbooks: super::workbooks::collects(&ctx).then(|| open.round.address("/workbooks")),
        run: runs(&ctx).then(|| run(&f, &open, count_of("agreed"), &all, &adoptions)),
        f: &f,
    };
    Ok(Page(page).into_response())
}

/// The pages about what others say of the year, as far as whoever asks may go there.
fn beside(f: &Frame, open: &Open) -> Vec<(String, String)> {
    let of = open.round.year;
    let ways = [
        (evaluations::ITEM.access, evaluations::ITEM.path.to_owned(), evaluations::ITEM.label),
        (WRITERS, partners::address(of, ""), "round-partners"),
        (voices::RUNNERS, voices::address(of, ""), "round-voices"),
    ];
    let open_to = |(access, href, label): (Access, String, &str)| {
        access.admits(&f.ctx.actor, &Method::GET).is_ok().then(|| (href, f.t(label)))
    };
    ways.into_iter().filter_map(open_to).collect()
}

fn line<'a>(ctx: &Ctx, open: &Open, person: &Person, node: &'a Node, report: &'a Report, hands: &Hands) -> Line<'a> {
    let of = open.round.departments(node, &ctx.state.departments);
    let hand = Hand { person, departments: &of };
    let own = of.iter().any(|key| person.departments().any(|own| own == *key));
    let mine = match report.stage {
        Stage::Unwritten | Stage::Returned => own,
        Stage::Waiting(at) => open.plan.outline.route.step(at).is_some_and(|step| hand.takes(step)),
        Stage::Agreed => runs(ctx),
        Stage::Published => false,
    };
    let departments: Vec<String> = of.iter().map(|key| (*key).to_owned()).collect();
    Line {
        with: names(&hands.with(report.stage, &open.plan, &departments)),
        late: if report.stage.is_with_department() && open.round.frozen_at.is_none() {
            open.round.days_late(ctx.today)
        } else {
            0
        },
        departments,
        node,
        report,
        own,
        mine,
    }
}

fn department_words(ctx: &Ctx, keys: &[String]) -> String {
    let names: Vec<&str> =
        keys.iter().filter_map(|key| ctx.state.department(key)).map(|one| one.name.as_str()).collect();
    names.join(&ctx.words().say("list-comma"))
}

fn counts(f: &Frame, all: &[Line<'_>]) -> Vec<(Status, String)> {
    let shown = [Stage::Unwritten, Stage::Returned, Stage::Waiting(0), Stage::Agreed, Stage::Published];
    let of = |stage: Stage| all.iter().filter(|line| line.report.stage.name() == stage.name()).count();
    shown
        .into_iter()
        .map(|stage| {
            let word = f.t(&format!("stage-{}", stage.name()));
            (Status { shape: stage.shape(), word }, f.n("count-exact", of(stage)))
        })
        .collect()
}

fn departments(ctx: &Ctx, all: &[Line<'_>], chosen: &str) -> Vec<Choice> {
    let reports = |key: &str| all.iter().any(|line| line.departments.iter().any(|own| own == key));
    let known = ctx.state.departments.iter().filter(|one| reports(&one.key));
    known.map(|one| choice(&one.key, &one.name, one.key == chosen)).collect()
}

fn stages(f: &Frame, chosen: &str) -> Vec<Choice> {
    let own = std::iter::once(choice("mine", f.t("stage-mine"), chosen == "mine"));
    own.chain(STAGES.into_iter().map(|name| choice(name, f.t(&format!("stage-{name}")), chosen == name))).collect()
}

fn groups(
    f: &Frame,
    open: &Open,
    person: &Person,
    shown: &[&Line<'_>],
    reminded: &std::collections::HashMap<i64, chrono::DateTime<chrono::Utc>>,
) -> Vec<Group> {
    let group = |title: Option<String>, own: Option<bool>| Group {
        title,
        rows: shown
            .iter()
            .filter(|line| own.is_none_or(|own| line.own == own))
            .map(|line| row(f, open, line, reminded.get(&line.report.id).copied()))
            .collect(),
    };
    let groups = if runs(&f.ctx) || person.departments().next().is_none() {
        vec![group(None, None)]
    } else {
        vec![group(Some(f.t("round-own")), Some(true)), group(Some(f.t("round-others")), Some(false))]
    };
    groups.into_iter().filter(|group| !group.rows.is_empty()).collect()
}

fn row(f: &Frame, open: &Open, line: &Line<'_>, reminded: Option<chrono::DateTime<chrono::Utc>>) -> Row {
    let ctx = &f.ctx;
    let stage = line.report.stage;
    let act = match stage {
        Stage::Unwritten | Stage::Returned if line.own => "round-write",
        Stage::Waiting(_) if line.mine => "round-check",
        _ => "desk-look",
    };
    Row {
        id: line.report.id,
        code: line.node.code.clone(),
        title: f.phrases(&line.node.title),
        href: open.round.item(line.node, ""),
        departments: department_words(ctx, &line.departments),
        status: stage_status(f, &open.plan, stage),
        with: if line.with.is_empty() && stage != Stage::Published {
            f.t("round-with-nobody")
        } else {
            line.with.join(&f.t("list-comma"))
        },
        since: line.report.last.as_ref().map(|done| format::moment(done.at, ctx.language)).unwrap_or_default(),
        late: if line.late > 0 { f.n("round-days-late", line.late) } else { String::new() },
        reminded: reminded
            .map(|at| f.with("round-reminded", &[("when", &format::moment(at, ctx.language))]))
            .unwrap_or_default(),
        reminds: runs(ctx) && open.round.is_open(ctx.today) && stage.is_with_department() && !line.with.is_empty(),
        act: f.t(act),
    }
}

fn run(f: &Frame, open: &Open, agreed: usize, all: &[Line<'_>], adoptions: &[Adoption]) -> Run {
    let missing = all.iter().filter(|line| line.report.stage.is_with_department()).count();
    let unfinished = all.iter().filter(|line| line.report.stage != Stage::Published).count();
    let is_open = open.round.is_open(f.ctx.today);
    let frozen = open.round.frozen_at.is_some();
    Run {
        reminders: open.round.address("/reminders"),
        missing: if is_open { missing } else { 0 },
        remind_all: f.n("round-remind-all", missing),
        publications: open.round.address("/publications"),
        agreed: if frozen { 0 } else { agreed },
        publish_all: f.n("round-publish-all", agreed),
        freeze: (!frozen).then(|| open.round.address("/freeze")),
        unfinished: if unfinished > 0 { f.n("round-freeze-unfinished", unfinished) } else { f.t("round-freeze-ready") },
        adoption: frozen.then(|| open.round.address("/adoption")),
        adopted: adoptions.iter().map(|one| report::adopted_on(f, one)).collect(),
        public: report::address(open.round.year),
        days: (!frozen).then(|| open.round.address("/days")),
    }
}

fn sheet(ctx: &Ctx, open: &Open, name: &str, shown: &[&Line<'_>]) -> Sheet {
    let f = ctx.frame("");
    let words = ctx.words();
    let heads = [
        "sheet-key",
        "round-sheet-title",
        "filter-department",
        "round-sheet-stage",
        "round-sheet-with",
        "round-sheet-late",
        "round-mark",
        "round-grade",
        "round-text",
        "round-next",
    ];
    let row = |line: &&Line<'_>| -> Vec<Cell> {
        let content = &line.report.content;
        vec![
            line.node.key.clone().into(),
            [line.node.code.as_str(), line.node.title.as_str()].join(" ").trim().to_owned().into(),
            department_words(ctx, &line.departments).into(),
            stage_status(&f, &open.plan, line.report.stage).word.into(),
            line.with.join(&words.say("list-comma")).into(),
            i32::try_from(line.late).ok().filter(|late| *late > 0).map(f64::from).into(),
            content.mark.clone().into(),
            content.grade.clone().into(),
            content.text.clone().into(),
            content.next.clone().into(),
        ]
    };
    Sheet {
        name: format!("{}_{name}", ctx.state.profile.name),
        heads: heads.iter().map(|head| words.say(head)).collect(),
        rows: shown.iter().map(row).collect(),
    }
}

/// `POST /desk/plan/rounds/{year}/freeze`: nothing of the year changes after this but by a visible correction.
pub(super) async fn freeze(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    if form.text("sure") != "yes" {
        return Ok(led_to(&open.round.address("#freeze"), "said-round-freeze-unsure", ctx.house.settings.https));
    }
    let mut change = ctx.change(&form).await?;
    if !store::freeze(&mut change.tx, open.round.id, ctx.now).await? {
        return change.done(&open.round.address(""), "said-round-frozen-already").await;
    }
    let reports = store::reports(&ctx.db, open.round.id, &open.plan.outline.route).await?;
    let public = reports.values().filter(|report| report.stage == Stage::Published).count();
    // Residents read on the report's page that the year is frozen.
    city::bump_revision(&mut change.tx).await?;
    let entry = Entry::new("round.frozen", format!("round:{}", i32::from(open.round.year)));
    ctx.trail().note(&mut change.tx, entry.detail(json!({ "items": reports.len(), "public": public }))).await?;
    change.done(&open.round.address(""), "said-round-frozen").await
}
