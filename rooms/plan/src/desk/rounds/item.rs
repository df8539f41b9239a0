//! `/desk/plan/rounds/{year}/{key}`: an item is reported on one screen, beside what was planned, what was said last year
//! and what was counted; or it is agreed to.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::drafts::{self, Draft};
use kyodo_web::components::{Choice, Field, Status, Wrongs, choice};
use kyodo_web::filters;
use kyodo_web::form::seen_at;
use kyodo_web::{Ctx, Faults, Form, Frame, Html, Page, Result, TwoKeys, Wrong, format};

use super::attachments::{Attachments, attachments};
use super::list::{runs, state};
use super::{Item, names, stage_status, step_name};
use crate::desk::BASE;
use crate::evaluation::Evaluation;
use crate::node::Node;
use crate::pages::measure::graded;
use crate::pages::opinion::OpinionBlock;
use crate::plan::Outline;
use crate::progress::{Progress, Standing, of_year};
use crate::round::{Content, ContentFault, MOST_NEXT, MOST_TEXT, Stage, handed_in, wants_mark};
use crate::store::{self, Corrections, Done};
use crate::view::{self, Seen, status};

#[derive(Template)]
#[template(path = "desk/report.html")]
struct ReportPage<'a> {
    f: &'a Frame,
    code: String,
    title: Html,
    status: Status,
    /// Until when, who is next.
    head: Vec<String>,
    note: &'a str,
    wrongs: Wrongs<'a>,
    beside: Beside<'a>,
    /// What it says, for those who read.
    content: Vec<(String, Vec<String>)>,
    form: Option<WriteForm>,
    decision: Option<DecideForm>,
    /// Where the report is taken back.
    withdrawal: Option<String>,
    /// What whoever runs the round does with a report that everybody agreed to.
    publication: Option<String>,
    /// Where what is public is corrected.
    correction: Option<String>,
    /// Why nobody can write now, for those who otherwise could.
    closed: String,
    attachments: Attachments,
    history: Vec<Told>,
    links: Vec<(String, String)>,
}

/// What a writer looks at while writing.
struct Beside<'a> {
    planned: String,
    planned_text: Vec<String>,
    last: Option<LastYear>,
    opinions: Vec<OpinionBlock<'a>>,
    figures: Vec<(String, String, String)>,
}

/// What was said a year before.
pub(in crate::desk) struct LastYear {
    pub(in crate::desk) title: String,
    pub(in crate::desk) status: Option<Status>,
    pub(in crate::desk) lines: Vec<(String, String)>,
}

/// The form, for those who write.
struct WriteForm {
    submission: String,
    draft: String,
    removal: String,
    base: String,
    /// When the draft that fills it in was saved.
    restored: Option<String>,
    /// Whether somebody else wrote since the draft was begun.
    overtaken: bool,
    fields: Vec<Field>,
    saved: String,
    button: String,
}

/// What whoever is asked to agree can do.
struct DecideForm {
    agreement: String,
    returning: String,
    base: i64,
    button: String,
    /// Whether agreeing may publish at once.
    publishes: bool,
    note: Field,
}

/// Something that was done with the report.
struct Told {
    when: String,
    text: String,
    note: String,
}

/// `GET /desk/plan/rounds/{year}/{key}`
pub(super) async fn item(ctx: Ctx, keys: TwoKeys) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    if item.node.is_alias() {
        return Ok(seen_at(&item.address("")));
    }
    let (f, faults) = (item.frame(&ctx, "report-title"), Faults::default());
    Ok(Page(page(&item, &f, None, &faults).await?).into_response())
}

/// The same page with what is wrong with what was handed in.
pub(super) async fn wrong(ctx: &Ctx, item: &Item, form: &Form, found: &[ContentFault]) -> Result<Response> {
    let f = item.frame(ctx, "report-title");
    let mut faults = Faults::default();
    for fault in found {
        faults.add(fault.field(), told_fault(&f, fault));
    }
    Ok(Wrong(page(item, &f, Some(form), &faults).await?).into_response())
}

/// The same page with something else that is wrong: a note or a file.
pub(super) async fn faulty(ctx: &Ctx, item: &Item, field: &str, message: String) -> Result<Response> {
    let f = item.frame(ctx, "report-title");
    let mut faults = Faults::default();
    faults.add(field, message);
    Ok(Wrong(page(item, &f, None, &faults).await?).into_response())
}

async fn page<'a>(item: &'a Item, f: &'a Frame, form: Option<&Form>, faults: &'a Faults) -> Result<ReportPage<'a>> {
    let (ctx, report) = (&f.ctx, &item.report);
    let person = ctx.person()?;
    let writes = item.writes(ctx);
    let writable = writes && item.is_writable(ctx);
    // Who is asked to agree reads; they change the text only when they send it back and write themselves.
    let decides = item.decides(ctx) && item.open.round.is_open(ctx.today);
    let past = store::progress_of(&ctx.db, item.node.id).await?;
    let evaluations = store::evaluations_of(&ctx.db, item.node.id).await?;
    let corrections = store::corrections_of(&ctx.db, item.node.id).await?;
    let seen = view::indicators(ctx, item.open.plan_id).await?;
    let acts = store::acts(&ctx.db, report.id).await?;
    let about = drafts::about(&ctx.db, person.id, &item.subject()).await?;
    let shows_form = writable && (report.stage.is_with_department() || form.is_some() || asks_to_write(ctx));
    let write = shows_form.then(|| filled(item, f, form, about.own, faults));
    let mut head = vec![head_day(f, item)];
    head.extend(who_is_next(f, item));
    head.extend(
        about.others.iter().map(|(name, at)| {
            f.with("desk-other-writes", &[("who", name), ("when", &format::moment(*at, ctx.language))])
        }),
    );
    let rewrites = writable && !shows_form;
    let mut links =
        vec![(item.open.round.address(""), f.t("report-to-round")), (item.node.address(), f.t("desk-to-public"))];
    if rewrites {
        links.insert(0, (format!("{}?write=1", item.address("")), f.t("report-rewrite")));
    }
    let frozen = item.open.round.frozen_at.is_some();
    Ok(ReportPage {
        code: item.code(),
        title: f.phrases(&item.node.title),
        status: stage_status(f, &item.open.plan, report.stage),
        head,
        note: &item.open.round.note,
        wrongs: Wrongs { f, faults },
        beside: beside(f, item, &past, (&evaluations, &corrections), &seen),
        content: content(f, item, &report.content),
        form: write,
        decision: decides.then(|| decision(f, item, faults)),
        withdrawal: (writes && item.is_writable(ctx) && matches!(report.stage, Stage::Waiting(_)))
            .then(|| item.address("/withdrawal")),
        publication: (runs(ctx) && report.stage == Stage::Agreed && !frozen).then(|| item.address("/publication")),
        correction: (runs(ctx) && report.stage == Stage::Published).then(|| item.address("/correction")),
        closed: if writes && report.stage.is_with_department() && !writable {
            f.with("report-closed", &[("state", &state(f, &item.open.round))])
        } else {
            String::new()
        },
        attachments: attachments(f, item, writable, faults).await?,
        history: acts.iter().map(|done| told(f, item, done)).collect(),
        links,
        f,
    })
}

/// Whether a writer wants to change what is handed in already.
fn asks_to_write(ctx: &Ctx) -> bool {
    ctx.uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "write=1"))
}

/// Until when, in days.
fn head_day(f: &Frame, item: &Item) -> String {
    let (round, today) = (&item.open.round, f.ctx.today);
    let day = f.day(round.due_on);
    if round.frozen_at.is_some() {
        return f.t("round-frozen");
    }
    let left = (round.due_on - today).num_days();
    if !item.report.stage.is_with_department() {
        return f.with("report-due", &[("day", &day)]);
    }
    match left {
        ..0 => f.tell("report-late", &[("day", (&day).into()), ("n", (-left).into())]),
        0 => f.with("report-today", &[("day", &day)]),
        _ => f.tell("report-left", &[("day", (&day).into()), ("n", left.into())]),
    }
}

/// Who has it now, or who gets it next.
fn who_is_next(f: &Frame, item: &Item) -> Option<String> {
    let gap = f.t("list-comma");
    let stage = item.report.stage;
    let (at, message) = match stage {
        Stage::Unwritten | Stage::Returned => (next_step(f, item), "report-next-checks"),
        Stage::Waiting(at) => (at, "report-now-checks"),
        Stage::Agreed | Stage::Published => return None,
    };
    let step = item.open.plan.outline.route.step(at)?;
    let who = names(&item.hands.of_step(step, &item.departments));
    let name = step_name(f, step);
    Some(if who.is_empty() {
        f.with("report-step-nobody", &[("step", &name)])
    } else {
        f.with(message, &[("step", &name), ("who", &who.join(&gap))])
    })
}

/// At which step a report waits when whoever asks hands it in.
fn next_step(f: &Frame, item: &Item) -> usize {
    let route = &item.open.plan.outline.route;
    match f.ctx.actor.person() {
        Some(person) => item.hand(person, |hand| handed_in(route, hand, |step| item.can(step))),
        None => route.next(0, |step| item.can(step)),
    }
}

fn beside<'a>(
    f: &'a Frame,
    item: &Item,
    past: &[Progress],
    (evaluations, corrections): (&[Evaluation], &Corrections),
    seen: &[Seen],
) -> Beside<'a> {
    let (outline, node, year) = (&item.open.plan.outline, &item.node, item.open.round.year);
    let before = past.iter().rev().find(|report| report.year < year);
    let text = if node.details.text.is_empty() { &node.details.purpose } else { &node.details.text };
    // What was promised in answer to the last that was said, even of a year that was not reported.
    let last_opinions = evaluations.iter().map(|said| said.year).filter(|said| *said < year).max();
    Beside {
        planned: node.planned(year).map(str::to_owned).unwrap_or_default(),
        planned_text: text.lines().map(str::to_owned).collect(),
        last: before.map(|report| last_year(f, node, outline, report)),
        opinions: evaluations
            .iter()
            .filter(|evaluation| Some(evaluation.year) == last_opinions)
            .map(|evaluation| OpinionBlock::of(f, outline, evaluation, corrections))
            .collect(),
        figures: figures(f, node, seen, year),
    }
}

/// The indicators of an item with what they count in a year, or counted last, and where they are shown.
pub(in crate::desk) fn figures(
    f: &Frame,
    node: &Node,
    seen: &[Seen],
    year: FiscalYear,
) -> Vec<(String, String, String)> {
    let own = |seen: &&Seen| seen.indicator.node.as_deref() == Some(node.real_key());
    let told = |seen: &Seen| {
        let value = match (seen.figures.so_far, seen.judgement.latest) {
            (Some(so_far), _) if so_far.year == year => seen.value(so_far.value),
            (_, Some(latest)) => {
                let of = f.ctx.long_year(latest.year);
                f.with("report-figure-of", &[("year", &of), ("value", &seen.value(latest.value))])
            }
            _ => f.t("indicator-no-figures"),
        };
        (seen.indicator.name.clone(), value, seen.address())
    };
    seen.iter().filter(own).map(told).collect()
}

pub(in crate::desk) fn last_year(f: &Frame, node: &Node, outline: &Outline, report: &Progress) -> LastYear {
    let standing = of_year(node.planned(report.year), report.mark.as_deref(), outline);
    let status = standing.map(|standing| match standing {
        Standing::Late => Status { shape: standing.shape(), word: f.t("standing-short") },
        _ => status(f, standing),
    });
    let lines = [
        ("round-mark", report.mark.clone().unwrap_or_default()),
        ("round-grade", report.grade.as_deref().map(|grade| graded(f, outline, grade)).unwrap_or_default()),
        ("round-text", report.text.clone()),
        ("round-next", report.next_step.clone()),
    ];
    LastYear {
        title: f.with("report-last-year", &[("year", &f.ctx.long_year(report.year))]),
        status,
        lines: lines.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (f.t(name), text)).collect(),
    }
}

/// What a report says, field by field.
pub(super) fn content(f: &Frame, item: &Item, content: &Content) -> Vec<(String, Vec<String>)> {
    let outline = &item.open.plan.outline;
    content
        .fields()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| {
            let value = if name == "grade" { graded(f, outline, &value) } else { value };
            (label(f, name), value.lines().map(str::to_owned).collect())
        })
        .collect()
}

/// The words of a field.
pub(super) fn label(f: &Frame, name: &str) -> String {
    f.t(&format!("round-{name}"))
}

/// The form with what was just typed, or the draft, or what the report says.
fn filled(item: &Item, f: &Frame, form: Option<&Form>, draft: Option<Draft>, faults: &Faults) -> WriteForm {
    let (ctx, report) = (&f.ctx, &item.report);
    let draft = draft.filter(|_| form.is_none());
    let restored = draft.as_ref().map(|draft| format::moment(draft.saved_at, ctx.language));
    let version = report.version.to_string();
    let (base, typed) = match (form, draft) {
        (Some(form), _) => (form.text(BASE).to_owned(), form.clone()),
        (None, Some(draft)) => (draft.based_on, Form(draft.fields)),
        (None, None) => {
            let fields = report.content.fields().map(|(name, value)| (name.to_owned(), value));
            (version.clone(), Form(fields.collect()))
        }
    };
    let saved = restored.as_ref().map(|when| f.with("desk-saved", &[("when", when)]));
    let next = next_step(f, item);
    WriteForm {
        submission: item.address("/submission"),
        draft: item.address("/draft"),
        removal: item.address("/draft/removal"),
        overtaken: base != version,
        base,
        saved: saved.unwrap_or_default(),
        restored,
        fields: fields(item, f, &typed, faults),
        button: f.with("report-submit", &[("step", &item.step_name(f, next))]),
    }
}

/// The fields of a report.
pub(super) fn fields(item: &Item, f: &Frame, typed: &Form, faults: &Faults) -> Vec<Field> {
    let (outline, node) = (&item.open.plan.outline, &item.node);
    let mut fields = Vec::new();
    if wants_mark(node, outline) {
        fields.push(Field::radios("mark", label(f, "mark"), marks(item, typed)).need(f));
    }
    if !outline.grades.is_empty() {
        let grades = outline.grades.iter().map(|grade| choice(&grade.name, graded(f, outline, &grade.name), false));
        fields.push(Field::radios("grade", label(f, "grade"), grades.collect()).need(f));
    }
    fields.push(
        Field::lines("text", label(f, "text"), 6).need(f).hint(f.n("round-text-hint", MOST_TEXT)).counted(MOST_TEXT),
    );
    fields.push(Field::lines("next", label(f, "next"), 3).hint(f.t("round-next-hint")).counted(MOST_NEXT));
    fields.into_iter().map(|field| field.japanese(f).heard(typed, faults)).collect()
}

/// The marks of the plan, and the combinations that this item's row uses.
fn marks(item: &Item, typed: &Form) -> Vec<Choice> {
    let outline = &item.open.plan.outline;
    let mut names: Vec<&str> = outline.marks.iter().map(|mark| mark.name.as_str()).collect();
    let printed = item.node.schedule.resolved().map(|(_, mark)| mark);
    for mark in printed.chain(typed.some("mark")) {
        if !names.contains(&mark) && crate::round::is_mark(mark, outline) {
            names.push(mark);
        }
    }
    names.into_iter().map(|name| choice(name, name, false)).collect()
}

fn decision(f: &Frame, item: &Item, faults: &Faults) -> DecideForm {
    let route = &item.open.plan.outline.route;
    let at = match item.report.stage {
        Stage::Waiting(at) => at,
        _ => 0,
    };
    let next = route.next(at + 1, |step| item.can(step));
    let last = route.is_over(at + 1);
    DecideForm {
        agreement: item.address("/agreement"),
        returning: item.address("/return"),
        base: item.report.version,
        button: if last {
            f.t("report-agree-last")
        } else {
            f.with("report-agree", &[("step", &item.step_name(f, next))])
        },
        publishes: last && runs(&f.ctx),
        note: Field::lines("note", f.t("report-return-note"), 3)
            .hint(f.t("report-return-hint"))
            .japanese(f)
            .heard(&Form::default(), faults),
    }
}

fn told(f: &Frame, item: &Item, done: &Done) -> Told {
    let who = done.by.clone().unwrap_or_else(|| f.t("report-by-import"));
    Told {
        when: format::long_moment(done.at, f.ctx.language),
        text: f.with(&format!("act-{}", done.act.name()), &[("who", &who)]),
        note: if done.note.is_empty() {
            String::new()
        } else {
            f.with("act-note", &[("note", &done.note), ("title", &item.node.title)])
        },
    }
}

/// What is wrong, in words.
pub(super) fn told_fault(f: &Frame, fault: &ContentFault) -> String {
    match fault {
        ContentFault::NoMark => f.t("round-fault-no-mark"),
        ContentFault::UnknownMark(mark) => f.with("round-fault-unknown-mark", &[("mark", mark)]),
        ContentFault::NoGrade => f.t("round-fault-no-grade"),
        ContentFault::UnknownGrade(grade) => f.with("round-fault-unknown-grade", &[("grade", grade)]),
        ContentFault::NoText => f.t("round-fault-no-text"),
        ContentFault::LongText(over) => {
            f.tell("round-fault-long-text", &[("over", (*over).into()), ("most", MOST_TEXT.into())])
        }
        ContentFault::LongNext(over) => {
            f.tell("round-fault-long-next", &[("over", (*over).into()), ("most", MOST_NEXT.into())])
        }
    }
}
