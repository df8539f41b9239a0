//! `/desk/plan/rounds/{year}/workbooks`: departments that do not sign in report in Excel. A workbook for each goes out, and
//! comes back filled in: chosen, looked at, taken in all at once or not at all.

mod preview;

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::Language;
use kyodo_kernel::profile::Department;
use kyodo_web::answer::Download;
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::filters;
use kyodo_web::form::seen_at;
use kyodo_web::{
    Ctx, Error, Faults, Form, Frame, KeyPath, Page, Refusal, Result, Routes, TwoKeys, Upload, Wrong, format,
};
use tokio::task::spawn_blocking;

use super::{round_name, year};
use crate::desk::{WRITERS, WRITING};
use crate::store::workbooks::{self as store, Brought, Moved};
use crate::workbooks::{Ground, archive, write};

/// No department's workbook is larger; one of 200 items has a tenth of a megabyte.
const MOST_BYTES: usize = 5 * 1024 * 1024;
/// So many files at once.
const MOST_FILES: usize = 20;

/// The addresses of these pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/desk/plan/rounds/{year}/workbooks", WRITERS, list)
        .post("/desk/plan/rounds/{year}/workbooks", WRITERS, bring)
        .get("/desk/plan/rounds/{year}/workbooks/files", WRITERS, download_all)
        .get("/desk/plan/rounds/{year}/workbooks/files/{department}", WRITERS, download)
        .get("/desk/plan/rounds/{year}/workbooks/preview", WRITERS, preview::show)
        .post("/desk/plan/rounds/{year}/workbooks/application", WRITERS, preview::apply)
}

/// Whether whoever asks collects for anybody.
pub(super) fn collects(ctx: &Ctx) -> bool {
    WRITERS.admits(&ctx.actor, &axum::http::Method::POST).is_ok()
}

#[derive(Template)]
#[template(path = "desk/workbooks.html")]
struct WorkbooksPage<'a> {
    f: &'a Frame,
    lead: String,
    wrongs: Wrongs<'a>,
    rows: Vec<Row>,
    caption: String,
    /// Where all come at once; none where there is one.
    all: Option<String>,
    /// Where files are sent, while anybody can write.
    form: Option<UploadForm>,
    /// Why nothing can be taken in.
    closed: String,
    back: String,
}

struct UploadForm {
    action: String,
    field: Field,
    /// The files that were brought before and have not been taken in yet.
    kept: Option<(String, String)>,
}

/// A department with its workbook.
struct Row {
    name: String,
    items: String,
    stands: String,
    handed: String,
    taken: String,
    href: String,
}

/// A round as its workbooks need it.
struct Opened {
    ground: Ground,
}

impl Opened {
    async fn load(ctx: &Ctx, of: &str) -> Result<Self> {
        let ground = Ground::gather(&ctx.db, &ctx.state, year(of)?).await?.ok_or(Error::NotFound)?;
        Ok(Self { ground })
    }

    fn address(&self, below: &str) -> String {
        self.ground.round.address(&format!("/workbooks{below}"))
    }

    fn frame(&self, ctx: &Ctx) -> Frame {
        let (round, name) = (&self.ground.round, round_name(ctx, &self.ground.round));
        let f = ctx.frame(ctx.words().with("workbooks-title-of", [("round", name.as_str())]));
        let f = f.crumb("/desk", "nav-desk").crumb("/desk/plan/rounds", "nav-desk-rounds").at_desk();
        f.crumb_named(round.address(""), name).crumb(&self.address(""), "workbooks-title")
    }

    /// The departments whose workbooks whoever asks may hand out and take in.
    fn own(&self, ctx: &Ctx) -> Vec<&Department> {
        self.ground.reporting().filter(|one| may(ctx, &one.key)).collect()
    }
}

/// Whether whoever asks writes for a department.
fn may(ctx: &Ctx, department: &str) -> bool {
    collects(ctx) && ctx.actor.person().is_some_and(|person| person.writes_for(department))
}

/// `GET /desk/plan/rounds/{year}/workbooks`
async fn list(ctx: Ctx, KeyPath(of): KeyPath) -> Result<Response> {
    let opened = Opened::load(&ctx, &of).await?;
    let (f, faults) = (opened.frame(&ctx), Faults::default());
    Ok(Page(page(&f, &opened, &faults).await?).into_response())
}

async fn page<'a>(f: &'a Frame, opened: &Opened, faults: &'a Faults) -> Result<WorkbooksPage<'a>> {
    let (ctx, round) = (&f.ctx, &opened.ground.round);
    let moved = store::moved(&ctx.db, round.id).await?;
    let kept = store::brought(&ctx.db, ctx.person()?.id, round.id).await?;
    let own = opened.own(ctx);
    let names: Vec<&str> = kept.iter().map(|file| file.name.as_str()).collect();
    let form = || UploadForm {
        action: opened.address(""),
        field: Field::file("file", f.t("workbooks-file"), ".xlsx")
            .several()
            .hint(f.n("workbooks-file-hint", MOST_FILES))
            .need(f)
            .heard(&Form::default(), faults),
        kept: (!names.is_empty()).then(|| {
            let label = f.with("workbooks-go-on", &[("names", &names.join(&f.t("list-comma")))]);
            (opened.address("/preview"), label)
        }),
    };
    Ok(WorkbooksPage {
        lead: f.with("workbooks-lead", &[("due", &f.day(round.due_on))]),
        wrongs: Wrongs { f, faults },
        rows: own.iter().map(|one| row(f, opened, one, &moved)).collect(),
        caption: f.t("workbooks-departments"),
        all: (own.len() > 1).then(|| opened.address("/files")),
        form: (round.is_open(ctx.today) && collects(ctx)).then(form),
        closed: if round.is_open(ctx.today) || !collects(ctx) {
            String::new()
        } else {
            f.with("report-closed", &[("state", &super::list::state(f, round))])
        },
        back: round.address(""),
        f,
    })
}

fn row(f: &Frame, opened: &Opened, department: &Department, moved: &HashMap<String, Moved>) -> Row {
    let items: Vec<_> = opened.ground.of(&department.key).collect();
    let missing = items.iter().filter(|item| item.report.stage.is_with_department()).count();
    let moved = moved.get(&department.key).copied().unwrap_or_default();
    let told = |at: Option<_>| at.map_or_else(|| f.t("workbooks-never"), |at| format::moment(at, f.ctx.language));
    Row {
        name: department.name.clone(),
        items: f.n("workbooks-items", items.len()),
        stands: if missing == 0 { f.t("workbooks-all-in") } else { f.n("workbooks-missing", missing) },
        handed: told(moved.handed_at),
        taken: told(moved.taken_at),
        href: opened.address(&format!("/files/{}", department.key)),
    }
}

/// `GET …/files/{department}`
async fn download(ctx: Ctx, TwoKeys(of, department): TwoKeys) -> Result<Response> {
    let opened = Opened::load(&ctx, &of).await?;
    if !opened.ground.reporting().any(|one| one.key == department) {
        return Err(Error::NotFound);
    }
    if !may(&ctx, &department) {
        return Err(Error::Forbidden(Refusal { roles: WRITING }));
    }
    let files = hand_out(&ctx, opened.ground, vec![department]).await?;
    files.into_iter().next().map(IntoResponse::into_response).ok_or(Error::NotFound)
}

/// `GET …/files`: the workbooks of all departments as one archive.
async fn download_all(ctx: Ctx, KeyPath(of): KeyPath) -> Result<Response> {
    let opened = Opened::load(&ctx, &of).await?;
    let own: Vec<String> = opened.own(&ctx).into_iter().map(|department| department.key.clone()).collect();
    if own.is_empty() {
        return Err(Error::NotFound);
    }
    let name = format!("{}_{}.zip", opened.ground.city_name, i32::from(opened.ground.round.year));
    let files = hand_out(&ctx, opened.ground, own).await?;
    let file = spawn_blocking(move || archive(name, &files)).await.map_err(Error::internal)?;
    Ok(file.map_err(Error::internal)?.into_response())
}

/// The workbooks of departments, written where that holds up nobody else's request, and noted as handed out.
async fn hand_out(ctx: &Ctx, ground: Ground, departments: Vec<String>) -> Result<Vec<Download>> {
    let (round, now) = (ground.round.id, ctx.now);
    let (state, keys) = (Arc::clone(&ctx.state), departments.clone());
    let made = spawn_blocking(move || {
        let words = state.words(Language::Japanese);
        keys.iter().map(|key| write(&ground, key, words, now)).collect::<std::result::Result<Vec<_>, _>>()
    });
    let files = made.await.map_err(Error::internal)?.map_err(Error::internal)?;
    let mut tx = ctx.db.begin().await?;
    for department in &departments {
        store::hand_out(&mut tx, round, department, now).await?;
    }
    tx.commit().await?;
    ctx.is_personal();
    Ok(files)
}

/// `POST …/workbooks`: files are kept and looked at; nothing is changed yet.
async fn bring(ctx: Ctx, KeyPath(of): KeyPath, request: Request) -> Result<Response> {
    let opened = Opened::load(&ctx, &of).await?;
    let (f, mut faults) = (opened.frame(&ctx), Faults::default());
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let upload: Upload<MOST_FILES> = if kind.starts_with("multipart/") {
        Upload::from_request(request, &ctx.house).await?
    } else {
        // A session that was over sends the form again without its files.
        Upload::default()
    };
    let sent = upload.files.iter().filter(|sent| sent.field == "file" && !sent.content.is_empty());
    let files: Vec<Brought> =
        sent.map(|sent| Brought { name: sent.name.clone(), content: sent.content.to_vec() }).collect();
    if files.is_empty() {
        faults.add("file", f.t("import-file-missing"));
    } else if let Some(large) = files.iter().find(|file| file.content.len() > MOST_BYTES) {
        let most = (MOST_BYTES / (1024 * 1024)).to_string();
        faults.add("file", f.with("workbooks-file-large", &[("name", &large.name), ("n", &most)]));
    }
    if !faults.is_empty() {
        return Ok(Wrong(page(&f, &opened, &faults).await?).into_response());
    }
    let mut tx = ctx.db.begin().await?;
    store::bring(&mut tx, ctx.person()?.id, opened.ground.round.id, &files, ctx.now).await?;
    tx.commit().await?;
    Ok(seen_at(&opened.address("/preview")))
}
