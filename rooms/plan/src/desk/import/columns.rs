//! Which column says what: what the heads suggest, to be confirmed or altered, and the words that nobody knows.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_web::components::{Choice, Field as Control, Wrongs, choice};
use kyodo_web::form::seen_at;
use kyodo_web::{Ctx, Faults, Form, Frame, Page, Result, Wrong, filters};

use super::{BEGIN, COLUMNS, Open, PREVIEW, frame};
use crate::import::{Field, Kind, Mapping, Part, Question, Rest, SheetMapping, Table, read, table};
use crate::store::import as store;

/// The fields that a column is asked about, in the order of the list: those with a detail end in `:`.
const OFFERED: &[&str] = &[
    "level:",
    "code",
    "title",
    "key",
    "parent",
    "departments",
    "implementers",
    "text",
    "purpose",
    "situation",
    "completion",
    "tag",
    "heading",
    "related",
    "targets",
    "target:",
    "other-target",
    "role:",
    "mark:",
    "alias",
    "done-mark:",
    "done-grade:",
    "done-text:",
    "done-next:",
    "year",
    "indicator",
    "unit",
    "base",
    "base:",
    "base-year",
    "aim",
    "aim:",
    "figure:",
    "direction",
    "note",
    "short",
    "group",
    "decimals",
    "tools",
    "level",
    "kind",
];

#[derive(Template)]
#[template(path = "desk/import-columns.html")]
struct ColumnsPage<'a> {
    f: &'a Frame,
    lead: String,
    wrongs: Wrongs<'a>,
    sheets: Vec<SheetPart>,
    questions: Vec<(String, Control)>,
    rest: Control,
}

/// A sheet with what it is asked about.
struct SheetPart {
    name: String,
    id: usize,
    kind: Control,
    top: Control,
    bottom: Control,
    years: Vec<Control>,
    columns: Vec<ColumnPart>,
    is_read: bool,
}

struct ColumnPart {
    letters: String,
    head: String,
    example: String,
    what: String,
    more: String,
    choices: Vec<Choice>,
    detail: String,
    is_wrong: bool,
}

/// `GET /desk/plan/import/columns`
pub(super) async fn show(ctx: Ctx) -> Result<Response> {
    let Some(open) = Open::load(&ctx).await? else { return Ok(seen_at(BEGIN)) };
    let (f, faults) = (frame(&ctx), Faults::default());
    Ok(Page(page(&f, &open, &Form::default(), &faults)).into_response())
}

/// `POST /desk/plan/import/columns`
pub(super) async fn post(ctx: Ctx, form: Form) -> Result<Response> {
    let Some(mut open) = Open::load(&ctx).await? else { return Ok(seen_at(BEGIN)) };
    let (f, mut faults) = (frame(&ctx), Faults::default());
    let mapping = heard(&f, &open, &form, &mut faults);
    if !faults.is_empty() {
        return Ok(Wrong(page(&f, &open, &form, &faults)).into_response());
    }
    let mut tx = ctx.db.begin().await?;
    store::map(&mut tx, ctx.person()?.id, &mapping).await?;
    tx.commit().await?;
    open.read = read(&open.sheets, &mapping, &open.known);
    // New columns may bring new words, and another row of heads other columns.
    let same_heads = mapping.sheets.iter().zip(&open.brought.mapping.sheets).all(|(one, other)| one.head == other.head);
    Ok(seen_at(if open.read.questions.is_empty() && mapping.rest.is_some() && same_heads { PREVIEW } else { COLUMNS }))
}

// --- hearing ------------------------------------------------------------------------------------------------

fn heard(f: &Frame, open: &Open, form: &Form, faults: &mut Faults) -> Mapping {
    let before = &open.brought.mapping;
    let seen: Vec<_> = open.sheets.iter().filter(|sheet| !sheet.is_hidden).collect();
    let mut sheets = Vec::new();
    for (at, (own, sheet)) in before.sheets.iter().zip(&seen).enumerate() {
        let number = |name: &str, or: u32| form.text(&format!("{name}-{at}")).parse::<u32>().unwrap_or(or);
        let (top, bottom) = (number("top", own.head.0), number("bottom", own.head.1));
        if top > bottom || bottom - top > 9 {
            faults.add(format!("bottom-{at}"), f.t("import-head-wrong"));
        }
        let kind = Kind::named(form.text(&format!("kind-{at}"))).unwrap_or(own.kind);
        if (top, bottom) != own.head {
            let table = table(sheet, Some((top, bottom.max(top))));
            let fresh = crate::import::of_table(&table, &open.known);
            sheets.push(SheetMapping { kind: if fresh.kind == Kind::Ignored { kind } else { fresh.kind }, ..fresh });
            continue;
        }
        let table = table(sheet, Some(own.head));
        let columns = columns(f, (&table, at), form, faults);
        let mut year = |name: &str| {
            let field = format!("{name}-{at}");
            let text = form.text(&field);
            let year = crate::import::year_of(text);
            if year.is_none() && !text.is_empty() {
                faults.add(field, f.with("import-year-wrong", &[("said", text)]));
            }
            year
        };
        let (report_year, aim_year, base_year) = (year("report"), year("aim"), year("base"));
        sheets.push(SheetMapping { kind, head: own.head, columns, report_year, aim_year, base_year });
    }
    let mut words: BTreeMap<String, String> = before.words.clone();
    for at in 0..open.read.questions.len().max(form.0.len()) {
        let word = form.raw(&format!("asked-{at}"));
        let answer = form.text(&format!("word-{at}"));
        if !word.is_empty() && !answer.is_empty() {
            words.insert(word.to_owned(), answer.to_owned());
        }
    }
    let rest = match form.text("rest") {
        "keep" => Some(Rest::Keep),
        "remove" => Some(Rest::Remove),
        _ => before.rest,
    };
    if rest.is_none() {
        faults.add("rest", f.t("import-rest-missing"));
    }
    Mapping { sheets, rest, words }
}

fn columns(f: &Frame, (table, at): (&Table, usize), form: &Form, faults: &mut Faults) -> BTreeMap<u32, Field> {
    let mut columns = BTreeMap::new();
    for column in &table.columns {
        let (what, detail) =
            (form.text(&format!("what-{at}-{}", column.at)), form.text(&format!("more-{at}-{}", column.at)));
        let field = match what.strip_suffix(':') {
            None => what.parse().ok(),
            Some(name @ ("done-mark" | "done-grade" | "done-text" | "done-next")) if detail.is_empty() => {
                name.parse().ok()
            }
            Some(name @ ("target" | "role")) => {
                let detail = if detail.is_empty() { column.heads.last().map_or("", String::as_str) } else { detail };
                format!("{name}:{detail}").parse().ok()
            }
            Some("level") => format!("level:{}", kyodo_jptext::half_width(detail).trim()).parse().ok(),
            Some(name) => crate::import::year_of(detail).and_then(|year| format!("{name}:{year}").parse().ok()),
        };
        match field {
            Some(Field::Ignored) => {}
            Some(field) => drop(columns.insert(column.at, field)),
            None => {
                let message = if what == "level:" { "import-level-wrong" } else { "import-year-wrong" };
                faults.add(format!("more-{at}-{}", column.at), f.with(message, &[("said", detail)]));
            }
        }
    }
    columns
}

// --- showing ------------------------------------------------------------------------------------------------

fn page<'a>(f: &'a Frame, open: &Open, form: &Form, faults: &'a Faults) -> ColumnsPage<'a> {
    let mapping = &open.brought.mapping;
    let tables = mapping.tables(&open.sheets);
    let sheets = tables
        .iter()
        .zip(&mapping.sheets)
        .enumerate()
        .map(|(at, (table, own))| sheet(f, (table, own, at), form, faults));
    let questions = open
        .read
        .questions
        .iter()
        .enumerate()
        .map(|(at, question)| (question.word.clone(), asked(f, open, at, question).heard(form, faults)));
    let rests = [("remove", Rest::Remove), ("keep", Rest::Keep)];
    let rests = rests.map(|(name, rest)| choice(name, f.t(&format!("import-rest-{name}")), mapping.rest == Some(rest)));
    ColumnsPage {
        lead: f.with("import-columns-lead", &[("name", &open.brought.name)]),
        wrongs: Wrongs { f, faults },
        sheets: sheets.collect(),
        questions: questions.collect(),
        rest: Control::radios("rest", f.t("import-rest"), rests.to_vec())
            .need(f)
            .hint(f.t("import-rest-hint"))
            .heard(form, faults),
        f,
    }
}

fn sheet(f: &Frame, (table, own, at): (&Table, &SheetMapping, usize), form: &Form, faults: &Faults) -> SheetPart {
    let kinds =
        Kind::ALL.map(|kind| choice(kind.name(), f.t(&format!("import-kind-{}", kind.name())), kind == own.kind));
    let number = |name: &str, message: &str, value: u32| {
        let field = Control::line(format!("{name}-{at}"), f.t(message)).inputmode("numeric").value(value.to_string());
        field.heard(form, faults)
    };
    let year = |name: &str, message: &str, value: Option<i32>| {
        let value = value.map(|year| f.ctx.long_year(kyodo_kernel::FiscalYear::new(year))).unwrap_or_default();
        Control::line(format!("{name}-{at}"), f.t(message))
            .hint(f.t("import-year-hint"))
            .value(value)
            .heard(form, faults)
    };
    let has = |is: &dyn Fn(&Field) -> bool| own.columns.values().any(is);
    let plain = |name: &str| Field::plain(name).is_some_and(|field| has(&|own| *own == field));
    let mut years = Vec::new();
    if has(&|field| matches!(field, Field::Done(_, None))) && !plain("year") {
        years.push(year("report", "import-report-year-label", own.report_year));
    }
    if plain("aim") {
        years.push(year("aim", "import-aim-year-label", own.aim_year));
    }
    if plain("base") && !plain("base-year") {
        years.push(year("base", "import-base-year-label", own.base_year));
    }
    let columns = table.columns.iter().map(|column| {
        let field = own.columns.get(&column.at).cloned().unwrap_or_default();
        let (what, more) = (format!("what-{at}-{}", column.at), format!("more-{at}-{}", column.at));
        let (name, detail) = parted(f, &field);
        let name = if form.has(&what) { form.text(&what).to_owned() } else { name };
        ColumnPart {
            letters: column.letters(),
            head: column.head(),
            example: column.example.chars().take(40).collect(),
            choices: choices(f, &name),
            detail: if form.has(&more) { form.text(&more).to_owned() } else { detail },
            is_wrong: faults.of(&more).is_some(),
            what,
            more,
        }
    });
    SheetPart {
        name: table.name.clone(),
        id: at,
        kind: Control::select(format!("kind-{at}"), f.t("import-kind"), kinds.to_vec()).heard(form, faults),
        top: number("top", "import-head-top", own.head.0),
        bottom: number("bottom", "import-head-bottom", own.head.1),
        years,
        columns: columns.collect(),
        is_read: own.kind != Kind::Ignored || !own.columns.is_empty(),
    }
}

/// A field as the list offers it, and its detail.
fn parted(f: &Frame, field: &Field) -> (String, String) {
    let text = field.to_string();
    if let Some(year) = field.year() {
        let name = text.split(':').next().unwrap_or_default();
        return (format!("{name}:"), f.ctx.long_year(kyodo_kernel::FiscalYear::new(year)));
    }
    match text.split_once(':') {
        Some((name, detail)) => (format!("{name}:"), detail.to_owned()),
        None if Part::ALL.iter().any(|part| part.name() == text) => (format!("{text}:"), String::new()),
        None => (text, String::new()),
    }
}

fn choices(f: &Frame, chosen: &str) -> Vec<Choice> {
    let none = choice("", f.t("import-field-ignored"), chosen.is_empty());
    let label = |name: &str| {
        let message = match name {
            "level:" => "level-title".to_owned(),
            "base:" => "base-of".to_owned(),
            "aim:" => "aim-of".to_owned(),
            name => name.trim_end_matches(':').to_owned(),
        };
        f.t(&format!("import-field-{message}"))
    };
    std::iter::once(none).chain(OFFERED.iter().map(|name| choice(*name, label(name), *name == chosen))).collect()
}

fn asked(f: &Frame, open: &Open, at: usize, question: &Question) -> Control {
    let name = |answer: &String| {
        let label = match (answer.as_str(), question.about) {
            ("-", _) => f.t("import-answer-leave"),
            ("+", about) => f.with(&format!("import-answer-take-{about}"), &[("said", &question.said)]),
            (rank @ ("+1" | "+2" | "+3"), _) => {
                f.with(&format!("import-answer-rank-{}", &rank[1..]), &[("said", &question.said)])
            }
            (key, "department") => open
                .known
                .departments
                .iter()
                .find(|one| one.key == key)
                .map_or_else(|| key.to_owned(), |one| one.name.clone()),
            (own, _) => own.to_owned(),
        };
        choice(answer, label, false)
    };
    let none = choice("", f.t("import-answer-none"), true);
    let own: BTreeSet<&String> = question.choices.iter().collect();
    let mut choices: Vec<Choice> = question.choices.iter().filter(|answer| own.contains(answer)).map(name).collect();
    choices.insert(0, none);
    let message = match (question.about, question.said.as_str()) {
        ("mark", "→") => "import-asks-arrow".to_owned(),
        ("mark", "■") => "import-asks-paint".to_owned(),
        (about, _) => format!("import-asks-{about}"),
    };
    let label = f.with(&message, &[("said", &question.said)]);
    let (sheet, cell) = (question.at.0.as_str(), question.at.1.as_str());
    let hint = f.tell(
        "import-asks-where",
        &[("sheet", sheet.into()), ("cell", cell.into()), ("n", i64::try_from(question.times).unwrap_or(1).into())],
    );
    Control::select(format!("word-{at}"), label, choices).hint(hint)
}
