//! `/desk/plan/import`: a whole plan comes in from a spreadsheet in four steps: choose the file, say which column is what, look at
//! what would change, do all of it or nothing. `/desk/plan/export` writes the plan in the shape that comes in by itself.

mod columns;
mod preview;

use askama::Template;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::people::Role;
use kyodo_kernel::workbook::{Limits, Sheet, SheetFault, sheets};
use kyodo_web::answer::Download;
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::form::seen_at;
use kyodo_web::sheet::{SheetFormat, workbook};
use kyodo_web::{Access, Ctx, DESK, Error, Faults, Form, Frame, Page, Params, Result, Routes, Upload, Wrong, filters};

use crate::import::{self, Known, Mapping, Read, fingerprint, guess, is_documented, json, tables};
use crate::store::import::{self as store, Brought};

/// Who brings plans in.
const BRINGERS: Access = Access::Roles(&[Role::Coordinator, Role::Administrator]);
/// No plan is larger; a workbook of 2,000 lines has a third of a megabyte.
const MOST_BYTES: usize = 10 * 1024 * 1024;

const BEGIN: &str = "/desk/plan/import";
const COLUMNS: &str = "/desk/plan/import/columns";
const PREVIEW: &str = "/desk/plan/import/preview";

/// The addresses of these pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get(BEGIN, BRINGERS, begin)
        .post(BEGIN, BRINGERS, bring)
        .get(COLUMNS, BRINGERS, columns::show)
        .post(COLUMNS, BRINGERS, columns::post)
        .get(PREVIEW, BRINGERS, preview::show)
        .get("/desk/plan/import/changes", BRINGERS, preview::download)
        .post("/desk/plan/import/application", BRINGERS, preview::apply)
        .get("/desk/plan/export", DESK, export)
}

/// Whether whoever asks may bring a plan in.
pub(super) fn brings(ctx: &Ctx) -> bool {
    BRINGERS.admits(&ctx.actor, &axum::http::Method::POST).is_ok()
}

#[derive(Template)]
#[template(path = "desk/import.html")]
struct BeginPage<'a> {
    f: &'a Frame,
    wrongs: Wrongs<'a>,
    field: Field,
    /// The file that was brought before and has not come in yet.
    kept: Option<String>,
}

/// `GET /desk/plan/import`
async fn begin(ctx: Ctx) -> Result<Response> {
    let kept = store::brought(&ctx.db, ctx.person()?.id).await?.map(|brought| brought.name);
    let (f, faults) = (frame(&ctx), Faults::default());
    Ok(Page(page(&f, &faults, kept)).into_response())
}

/// `POST /desk/plan/import`: the file is read; nothing is changed yet.
async fn bring(ctx: Ctx, request: Request) -> Result<Response> {
    let (f, mut faults) = (frame(&ctx), Faults::default());
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let upload: Upload = if kind.starts_with("multipart/") {
        Upload::from_request(request, &ctx.house).await?
    } else {
        // A session that was over sends the form again without its file.
        Upload::default()
    };
    let Some(sent) = upload.files.iter().find(|sent| sent.field == "file" && !sent.content.is_empty()) else {
        faults.add("file", f.t("import-file-missing"));
        return Ok(Wrong(page(&f, &faults, None)).into_response());
    };
    if sent.content.len() > MOST_BYTES {
        faults.add("file", f.n("file-refused-large", MOST_BYTES / (1024 * 1024)));
        return Ok(Wrong(page(&f, &faults, None)).into_response());
    }
    let read = match sheets(&sent.content, &sent.name, Limits::TEXTS) {
        Ok(read) => read,
        Err(fault) => {
            faults.add("file", told(&f, &fault));
            return Ok(Wrong(page(&f, &faults, None)).into_response());
        }
    };
    let known = known(&ctx).await?;
    let (mapping, is_sure) = suggested(&ctx, &read, &known).await?;
    let brought = Brought { name: sent.name.clone(), content: sent.content.to_vec(), mapping };
    let mut tx = ctx.db.begin().await?;
    store::bring(&mut tx, ctx.person()?.id, &brought, ctx.now).await?;
    tx.commit().await?;
    let is_asked = !import::read(&read, &brought.mapping, &known).questions.is_empty();
    Ok(seen_at(if is_sure && !is_asked { PREVIEW } else { COLUMNS }))
}

/// `GET /desk/plan/export?format=xlsx`
async fn export(ctx: Ctx, params: Params) -> Result<Response> {
    let known = known(&ctx).await?;
    let name = format!("{}_{}", ctx.state.profile.name, known.document.plan.title);
    let tables = tables(&known.document, &known.departments);
    let file = match params.get("format") {
        Some("json") => {
            let content = serde_json::to_vec_pretty(&json(&known.document)).map_err(Error::internal)?;
            Download { name: format!("{name}.json"), kind: "application/json", content }
        }
        format => match SheetFormat::of(format) {
            Some(SheetFormat::Csv) => kyodo_web::sheet::Sheet { name, ..tables.whole }.download(SheetFormat::Csv)?,
            _ => workbook(&name, &tables.sheets)?,
        },
    };
    Ok(file.into_response())
}

// --- what the steps share -----------------------------------------------------------------------------------

/// A file on its way, read and compared.
struct Open {
    brought: Brought,
    sheets: Vec<Sheet>,
    known: Known,
    read: Read,
}

impl Open {
    /// The file that whoever asks has brought; none where there is none.
    async fn load(ctx: &Ctx) -> Result<Option<Self>> {
        let Some(brought) = store::brought(&ctx.db, ctx.person()?.id).await? else { return Ok(None) };
        let Ok(sheets) = sheets(&brought.content, &brought.name, Limits::TEXTS) else { return Ok(None) };
        let known = known(ctx).await?;
        let read = import::read(&sheets, &brought.mapping, &known);
        Ok(Some(Self { brought, sheets, known, read }))
    }
}

async fn known(ctx: &Ctx) -> Result<Known> {
    store::known(&ctx.db, &ctx.state.departments).await?.ok_or(Error::NotFound)
}

/// The mapping under which such a file came in before, or what its heads suggest; and whether anybody need look at it.
async fn suggested(ctx: &Ctx, read: &[Sheet], known: &Known) -> Result<(Mapping, bool)> {
    let guessed = guess(read, known);
    let tables = guessed.tables(read);
    match store::remembered(&ctx.db, &fingerprint(&tables)).await? {
        Some(mapping) if mapping.sheets.len() == tables.len() => Ok((mapping, true)),
        _ => Ok((guessed, tables.iter().all(is_documented))),
    }
}

fn told(f: &Frame, fault: &SheetFault) -> String {
    let variables = fault.variables();
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    f.with(fault.message(), &variables)
}

/// The frame of every step.
fn frame(ctx: &Ctx) -> Frame {
    ctx.frame(ctx.words().say("import-title"))
        .at_desk()
        .crumb("/desk", "nav-desk")
        .crumb("/desk/plan", "nav-desk-plan")
        .crumb("", "import-title")
}

fn page<'a>(f: &'a Frame, faults: &'a Faults, kept: Option<String>) -> BeginPage<'a> {
    let field = Field::file("file", f.t("import-file"), ".xlsx,.xls,.ods,.csv,.txt").hint(f.t("import-file-hint"));
    BeginPage { f, wrongs: Wrongs { f, faults }, field: field.need(f).heard(&Form::default(), faults), kept }
}
