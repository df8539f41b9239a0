//! `/desk/plan/revisions/{year}`: every item under review with what becomes of it, who has it and how late it is; and the
//! end of the revision.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::Person;
use kyodo_web::components::{Choice, Status, choice};
use kyodo_web::form::led_to;
use kyodo_web::sheet::{Cell, Sheet, SheetFormat};
use kyodo_web::{Ctx, Form, Frame, Html, KeyPath, Page, Params, Result, filters, format};
use serde_json::json;

use super::list::state;
use super::{Open, runs, stage_status, verdict_word, with};
use crate::desk::editing::DRAFT;
use crate::desk::editing::difference::label;
use crate::desk::rounds::{Hands, names};
use crate::node::Node;
use crate::revision::{Stage, Verdict};
use crate::round::Hand;
use crate::store::revisions::{self as store, Proposal};

#[derive(Template)]
#[template(path = "desk/revision.html")]
struct RevisionPage<'a> {
    f: &'a Frame,
    name: &'a str,
    state: String,
    from: String,
    note: &'a str,
    days: Vec<(String, String)>,
    counts: Vec<(Status, String)>,
    verdicts: Vec<Choice>,
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
    /// For whoever runs the revision, until it is over.
    run: Option<Run>,
}

/// What whoever runs a revision can do.
struct Run {
    reminders: String,
    missing: usize,
    remind_all: String,
    /// Proposals by which items go on as they are, which are taken over together.
    keeping: String,
    kept: usize,
    keep_all: String,
    days: String,
    draft: &'static str,
    closing: String,
    unfinished: String,
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
    verdict: String,
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
    proposal: &'a Proposal,
    departments: Vec<String>,
    with: Vec<String>,
    own: bool,
    /// Whether it waits for whoever asks.
    mine: bool,
    late: i64,
}

impl Line<'_> {
    /// What the department says becomes of it, once it has said so.
    fn verdict(&self) -> Option<Verdict> {
        self.proposal.content.verdict.filter(|_| self.proposal.stage != Stage::Unwritten)
    }
}

/// `GET /desk/plan/revisions/{year}`: a fixed number of sentences, whatever the plan's length.
pub(super) async fn progress(ctx: Ctx, KeyPath(of): KeyPath, params: Params) -> Result<Response> {
    let person = ctx.person()?;
    let open = Open::load(&ctx, &of).await?;
    let items = open.items(&ctx).await?;
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let all: Vec<Line<'_>> =
        items.iter().map(|(node, proposal)| line(&ctx, &open, person, node, proposal, &hands)).collect();
    let text = |name| params.get(name).unwrap_or_default();
    let (department, verdict, stage) = (text("department"), text("verdict"), text("stage"));
    let late = text("late") == "1";
    let asked = |line: &&Line<'_>| {
        (department.is_empty() || line.departments.iter().any(|key| key == department))
            && (verdict.is_empty() || line.verdict().is_some_and(|own| own.name() == verdict))
            && (stage.is_empty() || line.proposal.stage.name() == stage || (stage == "mine" && line.mine))
            && (!late || line.late > 0)
    };
    let shown: Vec<&Line<'_>> = all.iter().filter(asked).collect();
    let revision = &open.revision;
    let f = open.frame(&ctx, revision.name.clone());
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheet(&f, &open, &shown).download(format)?.into_response());
    }
    let level = open.plan.outline.level_name(open.plan.outline.levels.len());
    let page = RevisionPage {
        name: &revision.name,
        state: state(&f, revision),
        from: f.with("revision-from-year", &[("year", &ctx.long_year(revision.from))]),
        note: &revision.note,
        days: vec![(f.t("round-due"), f.day(revision.due_on)), (f.t("revision-decide"), f.day(revision.decide_on))],
        counts: counts(&f, &all),
        verdicts: choices(&f, Verdict::ALL.map(|one| ("verdict", one.name())), verdict),
        departments: departments(&ctx, &all, department),
        stages: {
            let own = std::iter::once(choice("mine", f.t("stage-mine"), stage == "mine"));
            own.chain(choices(&f, Stage::ALL.map(|one| ("proposal", one.name())), stage)).collect()
        },
        late,
        filtered: !params.has_none_of(&["department", "verdict", "stage", "late"]),
        clear: revision.address(""),
        measure: level,
        groups: groups(&f, &open, person, &shown),
        count: f.tell("measures-count", &[("n", shown.len().into()), ("level", level.into())]),
        csv: format!("?{}", params.with("format", "csv")),
        xlsx: format!("?{}", params.with("format", "xlsx")),
        run: (runs(&ctx) && revision.closed_at.is_none()).then(|| run(&f, &open, &all)),
        f: &f,
    };
    Ok(Page(page).into_response())
}

fn line<'a>(
    ctx: &Ctx,
    open: &Open,
    person: &Person,
    node: &'a Node,
    proposal: &'a Proposal,
    hands: &Hands,
) -> Line<'a> {
    let departments = open.departments(ctx, node);
    let of: Vec<&str> = departments.iter().map(String::as_str).collect();
    let own = of.iter().any(|key| person.departments().any(|own| own == *key));
    let hand = Hand { person, departments: &of };
    let step = |at: usize| open.plan.outline.route.step(at);
    let mine = match proposal.stage {
        Stage::Unwritten | Stage::Returned => own,
        Stage::Waiting(at) => step(at).is_some_and(|step| hand.takes(step)),
        Stage::HandedIn => runs(ctx),
        Stage::Taken | Stage::Aside => false,
    };
    let is_missing = proposal.stage.is_with_department() && open.revision.closed_at.is_none();
    Line {
        with: names(&with(hands, &open.plan, proposal.stage, &departments)),
        late: if is_missing { open.revision.days_late(ctx.today) } else { 0 },
        departments,
        node,
        proposal,
        own,
        mine,
    }
}

fn department_words(ctx: &Ctx, keys: &[String]) -> String {
    let names = keys.iter().filter_map(|key| ctx.state.department(key)).map(|one| one.name.as_str());
    names.collect::<Vec<_>>().join(&ctx.words().say("list-comma"))
}

fn counts(f: &Frame, all: &[Line<'_>]) -> Vec<(Status, String)> {
    let of = |stage: Stage| all.iter().filter(|line| line.proposal.stage.name() == stage.name()).count();
    Stage::ALL.into_iter().map(|stage| (stage_status(f, stage), f.n("count-exact", of(stage)))).collect()
}

fn choices<const N: usize>(f: &Frame, names: [(&str, &str); N], chosen: &str) -> Vec<Choice> {
    names.into_iter().map(|(of, name)| choice(name, f.t(&format!("{of}-{name}")), name == chosen)).collect()
}

fn departments(ctx: &Ctx, all: &[Line<'_>], chosen: &str) -> Vec<Choice> {
    let writes = |key: &str| all.iter().any(|line| line.departments.iter().any(|own| own == key));
    let known = ctx.state.departments.iter().filter(|one| writes(&one.key));
    known.map(|one| choice(&one.key, &one.name, one.key == chosen)).collect()
}

/// One's own first. Whoever runs the revision, or belongs to no department, sees one list.
fn groups(f: &Frame, open: &Open, person: &Person, shown: &[&Line<'_>]) -> Vec<Group> {
    let group = |title: Option<String>, own: Option<bool>| Group {
        title,
        rows: shown
            .iter()
            .filter(|line| own.is_none_or(|own| line.own == own))
            .map(|line| row(f, open, line))
            .collect(),
    };
    let groups = if runs(&f.ctx) || person.departments().next().is_none() {
        vec![group(None, None)]
    } else {
        vec![group(Some(f.t("round-own")), Some(true)), group(Some(f.t("round-others")), Some(false))]
    };
    groups.into_iter().filter(|group| !group.rows.is_empty()).collect()
}

fn row(f: &Frame, open: &Open, line: &Line<'_>) -> Row {
    let (ctx, stage) = (&f.ctx, line.proposal.stage);
    let act = match stage {
        _ if open.revision.closed_at.is_some() => "desk-look",
        Stage::Unwritten | Stage::Returned if line.own => "revision-write",
        Stage::Waiting(_) if line.mine => "round-check",
        Stage::HandedIn if line.mine => "revision-decide-act",
        _ => "desk-look",
    };
    let when = |at| format::moment(at, ctx.language);
    let is_missing = stage.is_with_department() && open.revision.is_open(ctx.today);
    Row {
        id: line.proposal.id,
        code: line.node.code.clone(),
        title: f.phrases(&line.node.title),
        href: open.revision.item(line.node, ""),
        departments: department_words(ctx, &line.departments),
        status: stage_status(f, stage),
        verdict: verdict_word(f, line.verdict()),
        with: if line.with.is_empty() && stage.is_undecided() {
            f.t("round-with-nobody")
        } else {
            line.with.join(&f.t("list-comma"))
        },
        since: line.proposal.last.as_ref().map(|done| when(done.at)).unwrap_or_default(),
        late: if line.late > 0 { f.n("round-days-late", line.late) } else { String::new() },
        reminded: line
            .proposal
            .reminded_at
            .filter(|_| is_missing)
            .map(|at| f.with("round-reminded", &[("when", &when(at))]))
            .unwrap_or_default(),
        reminds: runs(ctx) && is_missing && !line.with.is_empty(),
        act: f.t(act),
    }
}

fn run(f: &Frame, open: &Open, all: &[Line<'_>]) -> Run {
    let revision = &open.revision;
    let count = |is: &dyn Fn(&Line<'_>) -> bool| all.iter().filter(|line| is(line)).count();
    let missing = count(&|line| line.proposal.stage.is_with_department());
    let kept = count(&|line| line.proposal.stage == Stage::HandedIn && line.verdict() == Some(Verdict::Keep));
    let undecided = count(&|line| line.proposal.stage.is_undecided());
    Run {
        reminders: revision.address("/reminders"),
        missing: if revision.is_open(f.ctx.today) { missing } else { 0 },
        remind_all: f.n("revision-remind-all", missing),
        keeping: revision.address("/keeping"),
        kept,
        keep_all: f.n("revision-keep-all", kept),
        days: revision.address("/days"),
        draft: DRAFT,
        closing: revision.address("/closing"),
        unfinished: if undecided > 0 { f.n("revision-undecided", undecided) } else { f.t("revision-all-decided") },
    }
}

fn sheet(f: &Frame, open: &Open, shown: &[&Line<'_>]) -> Sheet {
    let heads = [
        "sheet-key",
        "round-sheet-title",
        "filter-department",
        "round-sheet-stage",
        "round-sheet-with",
        "round-sheet-late",
        "revision-verdict",
        "proposal-into",
        "proposal-changes",
        "proposal-why",
    ];
    let named = |key: &String| open.plan.node(key).map_or_else(|| key.clone(), |node| node.title.clone());
    let row = |line: &&Line<'_>| -> Vec<Cell> {
        let content = &line.proposal.content;
        let said = line.verdict().is_some();
        let changes = content.fields.iter().map(|(name, value)| format!("{}：{value}", label(f, name)));
        let changes = changes.collect::<Vec<_>>().join("\n");
        let late = i32::try_from(line.late).ok().filter(|late| *late > 0).map(f64::from);
        vec![
            line.node.key.clone().into(),
            [line.node.code.as_str(), line.node.title.as_str()].join(" ").trim().to_owned().into(),
            department_words(&f.ctx, &line.departments).into(),
            stage_status(f, line.proposal.stage).word.into(),
            line.with.join(&f.t("list-comma")).into(),
            late.into(),
            verdict_word(f, line.verdict()).into(),
            content.into.as_ref().filter(|_| said).map(named).into(),
            Some(changes).filter(|text| said && !text.is_empty()).into(),
            Some(content.why.clone()).filter(|text| said && !text.is_empty()).into(),
        ]
    };
    Sheet {
        name: format!("{}_{}", f.ctx.state.profile.name, open.revision.name),
        heads: heads.iter().map(|head| f.t(head)).collect(),
        rows: shown.iter().map(row).collect(),
    }
}

/// `POST /desk/plan/revisions/{year}/closing`: the revision is over without a version of the plan, or after what it
/// decided was adopted.
pub(super) async fn close(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    let back = open.revision.address("");
    let https = ctx.house.settings.https;
    if form.text("sure") != "yes" {
        return Ok(led_to(&open.revision.address("#closing"), "said-revision-unsure", https));
    }
    let mut change = ctx.change(&form).await?;
    let proposals = store::proposals_now(&mut change.tx, open.revision.id, &open.plan.outline.route).await?;
    if proposals.values().any(|proposal| proposal.draft_act.is_some()) {
        drop(change);
        return Ok(led_to(&back, "said-revision-in-draft", https));
    }
    if !store::close_revision(&mut change.tx, open.plan_id, open.revision.from, ctx.now).await? {
        return change.done(&back, "said-revision-over").await;
    }
    let undecided = proposals.values().filter(|proposal| proposal.stage.is_undecided()).count();
    let detail = json!({ "adopted": false, "undecided": undecided });
    ctx.trail().note(&mut change.tx, Entry::new("revision.closed", open.revision.subject()).detail(detail)).await?;
    change.done(&back, "said-revision-closed").await
}
