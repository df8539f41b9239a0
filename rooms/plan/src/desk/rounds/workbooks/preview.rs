//! What filled-in workbooks would change, item by item; and doing all of it or nothing.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::{Language, city};
use kyodo_web::components::{Field, Shape, Status, Wrongs, choice};
use kyodo_web::filters;
use kyodo_web::form::seen_at;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Html, KeyPath, Page, Result, format};
use tokio::task::spawn_blocking;

use super::{Opened, may};
use crate::desk::Difference;
use crate::desk::conflict::Row as Both;
use crate::desk::rounds::{Hands, item};
use crate::round::ContentFault;
use crate::store::round_now;
use crate::store::workbooks as store;
use crate::workbooks::{
    Collected, Fault, Figure, Overtaking, Sender, Taken, Unpacked, Verdict, apply as take_in, read, unpack,
};

#[derive(Template)]
#[template(path = "desk/workbooks-preview.html")]
struct PreviewPage<'a> {
    f: &'a Frame,
    title: String,
    lead: String,
    is_overtaken: bool,
    wrongs: Wrongs<'a>,
    faults: Vec<(String, String)>,
    counts: Vec<(String, String)>,
    conflicts: Vec<Conflict>,
    reports: Vec<Row>,
    figures: Vec<Row>,
    missing: Vec<String>,
    is_empty: bool,
    /// Whether to hand in; none where nothing is complete.
    then: Option<Field>,
    version: String,
    action: String,
    back: String,
}

/// Something that would change.
struct Row {
    code: String,
    title: Html,
    place: String,
    status: Option<Status>,
    note: String,
    fields: Vec<(String, Difference)>,
}

/// Something that somebody else wrote after the file went out: both, and the choice.
struct Conflict {
    title: Html,
    place: String,
    since: String,
    rows: Vec<Both>,
    field: Field,
}

/// The files of whoever asks. Taking their sheets out holds up nobody else's request.
async fn files(ctx: &Ctx, opened: &Opened) -> Result<Vec<Unpacked>> {
    let brought = store::brought(&ctx.db, ctx.person()?.id, opened.ground.round.id).await?;
    spawn_blocking(move || unpack(&brought)).await.map_err(Error::internal)
}

fn collected<'g>(ctx: &Ctx, opened: &'g Opened, files: &[Unpacked]) -> Collected<'g> {
    read(files, &opened.ground, ctx.state.words(Language::Japanese), ctx.today, |key| may(ctx, key))
}

/// `GET …/workbooks/preview`
pub(super) async fn show(ctx: Ctx, KeyPath(of): KeyPath) -> Result<Response> {
    let opened = Opened::load(&ctx, &of).await?;
    let files = files(&ctx, &opened).await?;
    if files.is_empty() {
        return Ok(seen_at(&opened.address("")));
    }
    let (f, faults) = (opened.frame(&ctx).crumb("", "workbooks-preview-title"), Faults::default());
    let collected = collected(&ctx, &opened, &files);
    Ok(Page(page(&f, &opened, &files, &collected, &Form::default(), &faults, false)).into_response())
}

/// `POST …/workbooks/application`: all of it in one transaction, exactly as it was shown. Everything is read before it
/// begins; whoever changes a report or a figure meanwhile is noticed by its version.
pub(super) async fn apply(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let opened = Opened::load(&ctx, &of).await?;
    let files = files(&ctx, &opened).await?;
    if files.is_empty() {
        return Ok(seen_at(&opened.address("")));
    }
    let collected = collected(&ctx, &opened, &files);
    if form.text("version") != collected.version() {
        return again(&ctx, &of, &form, &Faults::default(), StatusCode::CONFLICT).await;
    }
    let faults = undecided(&ctx, &collected, &form);
    if !faults.is_empty() {
        return again(&ctx, &of, &form, &faults, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let person = ctx.person()?;
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let trail = ctx.trail();
    let fields = collected.overtaken().map(|one| one.field());
    let sender = Sender {
        by: Some(person),
        hands_in: form.text("then") == "submit",
        taken: fields.filter(|field| form.text(field) == "file").collect(),
        hands: &hands,
        trail: &trail,
        words: ctx.state.words(Language::Japanese),
        now: ctx.now,
    };
    let mut change = ctx.change(&form).await?;
    // First, so that whoever freezes the year at the same time waits.
    city::bump_revision(&mut change.tx).await?;
    let round = round_now(&mut change.tx, opened.ground.plan_id, opened.ground.round.year).await?;
    if !round.is_some_and(|round| round.is_open(ctx.today)) {
        drop(change);
        return again(&ctx, &of, &form, &Faults::default(), StatusCode::CONFLICT).await;
    }
    let Some(applied) = take_in(&mut change.tx, &opened.ground, &collected, &sender).await? else {
        // Nothing of the change stays; whoever sent it looks once more.
        drop(change);
        return again(&ctx, &of, &form, &Faults::default(), StatusCode::CONFLICT).await;
    };
    store::drop_brought(&mut change.tx, person.id).await?;
    let said = if applied.submitted > 0 { "said-workbooks-submitted" } else { "said-workbooks-written" };
    change.done(&opened.address(""), said).await
}

/// What must be right before anything is taken in.
fn undecided(ctx: &Ctx, collected: &Collected<'_>, form: &Form) -> Faults {
    let (words, mut faults) = (ctx.words(), Faults::default());
    if !collected.faults.is_empty() || collected.is_same() {
        faults.add("then", words.say("workbooks-not-ready"));
        return faults;
    }
    for one in collected.overtaken() {
        if !matches!(form.text(&one.field()), "file" | "stands") {
            faults.add(one.field(), words.say("workbooks-take-missing"));
        }
    }
    if !matches!(form.text("then"), "submit" | "write") {
        faults.add("then", words.say("workbooks-then-missing"));
    }
    faults
}

/// The preview once more, with what stands by now.
async fn again(ctx: &Ctx, of: &str, form: &Form, faults: &Faults, status: StatusCode) -> Result<Response> {
    let opened = Opened::load(ctx, of).await?;
    let files = files(ctx, &opened).await?;
    let f = opened.frame(ctx).crumb("", "workbooks-preview-title");
    let collected = collected(ctx, &opened, &files);
    let is_overtaken = status == StatusCode::CONFLICT;
    let page = page(&f, &opened, &files, &collected, form, faults, is_overtaken);
    let mut response = Page(page).into_response();
    *response.status_mut() = status;
    Ok(response)
}

fn page<'a>(
    f: &'a Frame,
    opened: &Opened,
    files: &[Unpacked],
    collected: &Collected<'_>,
    form: &Form,
    faults: &'a Faults,
    is_overtaken: bool,
) -> PreviewPage<'a> {
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let is_changed =
        |one: &&Taken<'_>| one.verdict == Verdict::Changed || (one.verdict == Verdict::Same && one.can_go());
    let reports: Vec<Row> = collected.reports.iter().filter(is_changed).map(|one| report(f, one)).collect();
    let changed = collected.figures.iter().filter(|one| one.verdict == Verdict::Changed);
    let figures: Vec<Row> = changed.map(|one| figure(f, opened, one)).collect();
    let conflicts: Vec<Conflict> = collected.overtaken().map(|one| conflict(f, opened, &one, form, faults)).collect();
    let same = collected.reports.iter().filter(|one| one.verdict == Verdict::Same && !one.can_go()).count();
    let ready = collected.reports.iter().filter(|one| one.can_go()).count();
    let counts = [
        ("workbooks-count-reports", reports.len()),
        ("workbooks-count-figures", figures.len()),
        ("workbooks-count-overtaken", conflicts.len()),
        ("workbooks-count-same", same),
        ("workbooks-count-missing", collected.missing.len()),
    ];
    let counts = counts.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| (f.whole(n), f.t(key)));
    let choices = vec![
        choice("submit", f.n("workbooks-then-submit", ready), false),
        choice("write", f.t("workbooks-then-write"), false),
    ];
    let lead = if collected.faults.is_empty() { "workbooks-preview-lead" } else { "workbooks-faults-lead" };
    PreviewPage {
        title: f.t("workbooks-preview-title"),
        lead: f.with(lead, &[("names", &names.join(&f.t("list-comma")))]),
        is_overtaken,
        wrongs: Wrongs { f, faults },
        faults: collected.faults.iter().map(|fault| told(f, fault)).collect(),
        counts: counts.collect(),
        is_empty: collected.faults.is_empty() && collected.is_same(),
        conflicts,
        reports,
        figures,
        missing: collected.missing.iter().map(|item| item.title()).collect(),
        then: (ready > 0).then(|| {
            let field = Field::radios("then", f.t("workbooks-then"), choices).hint(f.t("workbooks-then-hint"));
            field.need(f).heard(form, faults)
        }),
        version: collected.version(),
        action: opened.address("/application"),
        back: opened.address(""),
        f,
    }
}

/// Where something is wrong, and what.
fn told(f: &Frame, fault: &Fault) -> (String, String) {
    let variables: Vec<(&str, &str)> = fault.variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    (place(f, &fault.file, &fault.sheet, &fault.cell), f.with(fault.message, &variables))
}

fn place(f: &Frame, file: &str, sheet: &str, cell: &str) -> String {
    match (sheet, cell) {
        ("", _) => file.to_owned(),
        (_, "") => f.with("workbooks-sheet", &[("file", file), ("sheet", sheet)]),
        _ => f.with("workbooks-cell", &[("file", file), ("sheet", sheet), ("cell", cell)]),
    }
}

fn report(f: &Frame, taken: &Taken<'_>) -> Row {
    let item = taken.item;
    let lacks: Vec<String> = taken.lacks.iter().map(|fault| f.t(lacking(fault))).collect();
    let (status, note) = if taken.goes_again() {
        (Some(Status { shape: Shape::Part, word: f.t("workbooks-goes-again") }), String::new())
    } else if taken.can_go() {
        (Some(Status { shape: Shape::Ok, word: f.t("workbooks-ready") }), String::new())
    } else {
        let lacks = lacks.join(&f.t("list-comma"));
        let status = Status { shape: Shape::None, word: f.t("workbooks-begun") };
        (Some(status), f.with("workbooks-lacks", &[("fields", &lacks)]))
    };
    let both = item.report.content.fields().zip(taken.content.fields());
    let fields = both
        .filter(|((_, before), (_, after))| before != after)
        .map(|((name, before), (_, after))| (item::label(f, name), Difference::between(f, &before, &after)));
    Row {
        code: item.node.code.clone(),
        title: f.phrases(&item.node.title),
        place: place(f, &taken.place.file, &taken.place.sheet, &taken.place.cell),
        status,
        note,
        fields: fields.collect(),
    }
}

/// The message that names a field which is still empty.
fn lacking(fault: &ContentFault) -> &'static str {
    match fault.field() {
        "mark" => "round-mark",
        "grade" => "round-grade",
        _ => "round-text",
    }
}

/// A figure in words, with its source.
fn figure_words(figure: &Figure<'_>, value: f64) -> String {
    let definition = &figure.entered.indicator.definition;
    let unit = definition.unit.split('/').next().unwrap_or_default();
    format!("{}{unit}", format::number(value, definition.decimals))
}

fn figure(f: &Frame, opened: &Opened, figure: &Figure<'_>) -> Row {
    let standing = figure.entered.standing(opened.ground.round.year);
    let before = standing.map(|(value, _)| figure_words(figure, value)).unwrap_or_default();
    let source = standing.map_or("", |(_, source)| source);
    let mut fields =
        vec![(f.t("entry-value-figure"), Difference::between(f, &before, &figure_words(figure, figure.value)))];
    if source != figure.source {
        fields.push((f.t("entry-source"), Difference::between(f, source, &figure.source)));
    }
    Row {
        code: String::new(),
        title: f.phrases(&figure.entered.indicator.name),
        place: place(f, &figure.place.file, &figure.place.sheet, &figure.place.cell),
        status: None,
        note: String::new(),
        fields,
    }
}

fn conflict(f: &Frame, opened: &Opened, one: &Overtaking<'_, '_>, form: &Form, faults: &Faults) -> Conflict {
    let choices = || {
        vec![choice("stands", f.t("workbooks-take-stands"), false), choice("file", f.t("workbooks-take-file"), false)]
    };
    let (title, at, last, rows) = match one {
        Overtaking::Report(taken) => {
            let both = taken.content.fields().zip(taken.item.report.content.fields());
            let rows = both.filter_map(|((name, mine), (_, theirs))| Both::of(item::label(f, name), &mine, &theirs));
            let last = taken.item.report.last.as_ref().map(|done| (done.by.clone(), done.at));
            (taken.item.title(), &taken.place, last, rows.collect())
        }
        Overtaking::Figure(figure) => {
            let standing = figure.entered.standing(opened.ground.round.year);
            let stands = standing.map(|(value, _)| figure_words(figure, value)).unwrap_or_default();
            let mine = figure_words(figure, figure.value);
            let source = standing.map_or("", |(_, source)| source);
            let rows = [
                Both::of(f.t("entry-value-figure"), &mine, &stands),
                Both::of(f.t("entry-source"), &figure.source, source),
            ];
            (figure.entered.indicator.name.clone(), &figure.place, None, rows.into_iter().flatten().collect())
        }
    };
    let since = if one.is_written() {
        Some(f.t("workbooks-since-written"))
    } else {
        last.map(|(by, at)| {
            let who = by.unwrap_or_else(|| f.t("report-by-import"));
            f.with("workbooks-since", &[("who", &who), ("when", &format::moment(at, f.ctx.language))])
        })
    };
    let name = one.field();
    Conflict {
        field: Field::radios(name, f.with("workbooks-take", &[("title", &title)]), choices())
            .need(f)
            .heard(form, faults),
        title: f.phrases(&title),
        place: place(f, &at.file, &at.sheet, &at.cell),
        since: since.unwrap_or_default(),
        rows,
    }
}
