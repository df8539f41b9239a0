//! What a file would change, field by field; and doing all of it or nothing.

use std::collections::HashMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::city;
use kyodo_kernel::secret::hex;
use kyodo_web::components::{Field, Wrongs, choice};
use kyodo_web::form::seen_at;
use kyodo_web::sheet::{Cell, Sheet, SheetFormat};
use kyodo_web::{Ctx, Faults, Form, Frame, Page, Result, filters};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{BEGIN, COLUMNS, Open, frame};
use crate::import::{self, Changed, Changes, Difference, What, changes, fingerprint};
use crate::store::{self, Edition, import as files};

/// So many changes of a kind are shown; the rest stand in the file with all of them.
const SHOWN: usize = 200;

/// The texts that departments write at the desk.
const TEXTS: [&str; 4] = ["purpose", "text", "situation", "completion"];

#[derive(Template)]
#[template(path = "desk/import-preview.html")]
struct PreviewPage<'a> {
    f: &'a Frame,
    lead: String,
    wrongs: Wrongs<'a>,
    is_overtaken: bool,
    faults: Vec<(String, String)>,
    has_questions: bool,
    counts: Vec<(String, &'static str, String)>,
    new_departments: Option<String>,
    groups: Vec<Group>,
    is_empty: bool,
    seen: Field,
    version: String,
}

/// Changes of one kind.
struct Group {
    id: &'static str,
    title: String,
    note: Option<String>,
    rows: Vec<Row>,
    more: Option<String>,
}

struct Row {
    code: String,
    title: String,
    /// What everybody should know before it goes.
    note: Option<String>,
    fields: Vec<(String, String, String)>,
}

/// `GET /desk/plan/import/preview`
pub(super) async fn show(ctx: Ctx) -> Result<Response> {
    let Some(open) = Open::load(&ctx).await? else { return Ok(seen_at(BEGIN)) };
    if open.brought.mapping.rest.is_none() {
        return Ok(seen_at(COLUMNS));
    }
    let (f, faults) = (frame(&ctx), Faults::default());
    Ok(Page(page(&f, &open, &faults, false).await?).into_response())
}

/// `GET /desk/plan/import/changes?format=xlsx`: every change as a table.
pub(super) async fn download(ctx: Ctx, params: kyodo_web::Params) -> Result<Response> {
    let Some(open) = Open::load(&ctx).await? else { return Ok(seen_at(BEGIN)) };
    let f = frame(&ctx);
    let all = told(&open);
    let mut rows = Vec::new();
    for (group, changed) in grouped(&all) {
        for one in changed {
            let kind = f.t(&format!("import-group-{group}"));
            let mut add = |field: String, before: &str, after: &str| {
                let cells = [kind.as_str(), one.key.as_str(), one.title.as_str(), field.as_str(), before, after];
                rows.push(cells.map(Cell::from).to_vec());
            };
            if one.fields.is_empty() {
                add(String::new(), "", "");
            }
            for field in &one.fields {
                add(named(&f, field), &field.before, &field.after);
            }
        }
    }
    let heads = [
        "import-head-what",
        "sheet-key",
        "sheet-title",
        "import-head-field",
        "import-head-before",
        "import-head-after",
    ];
    let sheet = Sheet { name: f.t("import-changes-name"), heads: heads.map(|head| f.t(head)).to_vec(), rows };
    Ok(sheet.download(SheetFormat::of(params.get("format")).unwrap_or(SheetFormat::Xlsx))?.into_response())
}

/// `POST /desk/plan/import/application`: all of it in one transaction, exactly as it was shown.
pub(super) async fn apply(ctx: Ctx, form: Form) -> Result<Response> {
    let mut change = ctx.change(&form).await?;
    // First, so that whoever changes the plan meanwhile waits.
    city::bump_revision(&mut change.tx).await?;
    let Some(open) = Open::load(&ctx).await? else { return Ok(seen_at(BEGIN)) };
    let all = told(&open);
    if form.text("version") != version(&open, &all) {
        drop(change);
        return again(&ctx, &open, &Faults::default(), StatusCode::CONFLICT).await;
    }
    let mut faults = Faults::default();
    if !is_ready(&open) || all.is_empty() || !form.has("seen") {
        drop(change);
        faults.add("seen", ctx.words().say(if is_ready(&open) { "import-not-seen" } else { "import-not-ready" }));
        return again(&ctx, &open, &faults, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    files::put_document(&mut change.tx, &open.known.document, &open.read, ctx.now, ctx.today).await?;
    let tables = open.brought.mapping.tables(&open.sheets);
    files::remember(&mut change.tx, &fingerprint(&tables), &open.brought.mapping, ctx.now).await?;
    files::drop_brought(&mut change.tx, ctx.person()?.id).await?;
    let entry = Entry::new("plan.imported", "plan").detail(import::detail(&all, &open.read, &open.brought.content));
    // The name of a file is free text: it may name somebody, and then it must be erasable.
    ctx.trail().note(&mut change.tx, entry.personal("name", open.brought.name.as_str())).await?;
    change.done("/desk/plan", "said-plan-imported").await
}

fn is_ready(open: &Open) -> bool {
    open.read.faults.is_empty() && open.read.questions.is_empty() && open.brought.mapping.rest.is_some()
}

async fn again(ctx: &Ctx, open: &Open, faults: &Faults, status: StatusCode) -> Result<Response> {
    let f = frame(ctx);
    let mut response = Page(page(&f, open, faults, status == StatusCode::CONFLICT).await?).into_response();
    *response.status_mut() = status;
    Ok(response)
}

fn told(open: &Open) -> Changes {
    let departments: Vec<_> = open.known.departments.iter().chain(&open.read.departments).cloned().collect();
    changes(&open.known.document, &open.read.document, &departments)
}

/// Names what is shown, so that what is confirmed is what was seen.
fn version(open: &Open, all: &Changes) -> String {
    let mapping = json!(open.brought.mapping);
    let mut seen = Sha256::new();
    seen.update(&open.brought.content);
    seen.update(format!("{mapping}{all:?}{:?}", open.read.departments));
    hex(&seen.finalize())
}

/// The changes in the order in which they are shown.
fn grouped(all: &Changes) -> Vec<(&'static str, Vec<Changed>)> {
    let of = |list: &[Changed], what: What| -> Vec<Changed> {
        list.iter().filter(|one| one.what == what).cloned().collect()
    };
    let stays = [of(&all.figures, What::Stays), of(&all.reports, What::Stays)].concat();
    let whole = Changed {
        what: What::Changed,
        key: String::new(),
        title: String::new(),
        year: None,
        fields: all.outline.clone(),
    };
    vec![
        ("gone", of(&all.lines, What::Gone)),
        ("changed", of(&all.lines, What::Changed)),
        ("new", of(&all.lines, What::New)),
        ("outline", if all.outline.is_empty() { Vec::new() } else { vec![whole] }),
        ("indicators", all.indicators.clone()),
        ("figures", of(&all.figures, What::New)),
        ("reports", of(&all.reports, What::New)),
        ("stays", stays),
    ]
}

async fn page<'a>(f: &'a Frame, open: &Open, faults: &'a Faults, is_overtaken: bool) -> Result<PreviewPage<'a>> {
    let all = told(open);
    let id = store::plan(&f.ctx.db).await?.map_or(0, |(id, _)| id);
    let editions = store::editions(&f.ctx.db, id).await?;
    let groups = grouped(&all);
    let counts = groups
        .iter()
        .filter(|(id, list)| !list.is_empty() && *id != "outline")
        .map(|(id, list)| (f.whole(list.len()), *id, f.t(&format!("import-group-{id}"))));
    let counts = counts.collect();
    let is_ready = is_ready(open);
    let groups = groups
        .into_iter()
        .filter(|(_, list)| is_ready && !list.is_empty())
        .map(|(id, list)| group(f, open, id, &list, &editions));
    let names: Vec<&str> = open.read.departments.iter().map(|one| one.name.as_str()).collect();
    let told = open.read.faults.iter().map(|fault| {
        let variables: Vec<(&str, &str)> =
            fault.variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let place = if fault.cell.is_empty() {
            fault.sheet.clone()
        } else {
            f.with("import-cell", &[("sheet", &fault.sheet), ("cell", &fault.cell)])
        };
        (place, f.with(fault.message, &variables))
    });
    Ok(PreviewPage {
        lead: f.with("import-preview-lead", &[("name", &open.brought.name)]),
        wrongs: Wrongs { f, faults },
        is_overtaken,
        faults: told.collect(),
        has_questions: !open.read.questions.is_empty(),
        counts,
        new_departments: (!names.is_empty()).then(|| f.with("import-new-departments", &[("names", &names.join("、"))])),
        groups: groups.collect(),
        is_empty: all.is_empty(),
        seen: Field::ticks("seen", f.t("import-confirm"), vec![choice("yes", f.t("import-seen"), false)])
            .heard(&Form::default(), faults),
        version: version(open, &all),
        f,
    })
}

fn group(f: &Frame, open: &Open, id: &'static str, list: &[Changed], editions: &HashMap<i64, Edition>) -> Group {
    let rows = list.iter().take(SHOWN).map(|one| Row {
        code: one.year.map(|year| f.ctx.short_year(kyodo_kernel::FiscalYear::new(year))).unwrap_or_default(),
        title: if one.title.is_empty() { f.t("import-whole-plan") } else { one.title.clone() },
        note: note(f, open, one, editions),
        fields: one.fields.iter().map(|field| (named(f, field), field.before.clone(), field.after.clone())).collect(),
    });
    let note = match id {
        "gone" => Some(f.t("import-gone-note")),
        "stays" => Some(f.t("import-stays-note")),
        _ => None,
    };
    let more = list.len().checked_sub(SHOWN).filter(|more| *more > 0).map(|more| f.n("import-more", more));
    Group { id, title: f.t(&format!("import-group-{id}")), note, rows: rows.collect(), more }
}

/// What somebody wrote or decided at the desk, and what becomes of it.
fn note(f: &Frame, open: &Open, one: &Changed, editions: &HashMap<i64, Edition>) -> Option<String> {
    let node = open.known.document.plan.nodes.iter().find(|node| node.key == one.key && one.what == What::Changed)?;
    let edition = editions.get(&node.id).and_then(|edition| edition.by.clone());
    if let Some(who) = edition.filter(|_| one.fields.iter().any(|field| TEXTS.contains(&field.field))) {
        return Some(f.with("import-over-text", &[("who", &who)]));
    }
    let over = node.assigned && one.fields.iter().any(|field| field.field == "departments");
    over.then(|| f.t("import-over-departments"))
}

/// A field with what it is about.
fn named(f: &Frame, field: &Difference) -> String {
    let name = f.t(&format!("import-field-{}", field.field));
    if field.about.is_empty() {
        name
    } else {
        f.with("import-field-about", &[("field", &name), ("about", &field.about)])
    }
}
