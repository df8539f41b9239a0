//! Files beside a report, for those who agree and evaluate: residents do not see them.

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::response::Response;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::files::{self, Audience, File, Place};
use kyodo_web::components::Field;
use kyodo_web::{Ctx, Error, Faults, FileAnswer, Form, Frame, KeyPath, Result, TwoKeys, Upload};
use serde_json::json;

use super::{Item, REPORTS, item};
use crate::pages::document::Document;

/// The field with a file, or with a file's number.
const FILE: &str = "file";

/// What the input of a browser offers.
static ACCEPTED: LazyLock<String> = LazyLock::new(files::kind::accepted);

/// The files of a report, as its page shows them.
pub(super) struct Attachments {
    pub(super) files: Vec<(i64, Document)>,
    /// For those who may add and remove.
    pub(super) field: Option<Field>,
    pub(super) addition: String,
    pub(super) removal: String,
}

/// The files of a report. One sentence.
pub(super) async fn attachments(f: &Frame, item: &Item, writable: bool, faults: &Faults) -> Result<Attachments> {
    let files = files::of_subject(&f.ctx.db, &item.subject()).await?;
    let shown = |file: &File| {
        let mut document = Document::of(f, file);
        document.address = format!("/desk/plan/attachments/{}", file.key);
        (file.id, document)
    };
    let megabytes = f.ctx.house.files.limit() / (1024 * 1024);
    let field = || {
        Field::file(FILE, f.t("attachments-file"), ACCEPTED.as_str())
            .hint(f.n("attachments-hint", megabytes))
            .heard(&Form::default(), faults)
    };
    Ok(Attachments {
        files: files.iter().map(shown).collect(),
        field: writable.then(field),
        addition: item.address("/attachments"),
        removal: item.address("/attachments/removal"),
    })
}

/// `POST …/attachments`
pub(super) async fn add(ctx: Ctx, keys: TwoKeys, upload: Upload) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let person = item.writer(&ctx)?;
    if !item.is_writable(&ctx) {
        return Ok(kyodo_web::form::led_to(&item.address(""), "said-report-closed", ctx.house.settings.https));
    }
    let incoming = match upload.file(FILE) {
        Some(Ok(incoming)) => incoming,
        Some(Err(refusal)) => {
            let said = ctx.words().with(refusal.message(), refusal.variables());
            return item::faulty(&ctx, &item, FILE, said).await;
        }
        None => return item::faulty(&ctx, &item, FILE, ctx.words().say("documents-file-missing")).await,
    };
    // The content is safe before anything refers to it; if the change does not happen it is swept.
    let kept = files::keep(&ctx.db, &ctx.shelf(), incoming, ctx.now).await?;
    let mut change = ctx.change(&Form(upload.fields)).await?;
    let subject = item.subject();
    let place = Place { subject: &subject, audience: Audience::Desk, uploaded_by: Some(person.id.0) };
    let file = files::attach(&mut change.tx, &kept, &place, ctx.house.chance, ctx.now).await?;
    ctx.trail().note(&mut change.tx, noted("report.attachment-added", &file)).await?;
    change.done(&item.address(""), "said-attachment-added").await
}

/// `POST …/attachments/removal`
pub(super) async fn remove(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    item.writer(&ctx)?;
    if !item.is_writable(&ctx) {
        return Ok(kyodo_web::form::led_to(&item.address(""), "said-report-closed", ctx.house.settings.https));
    }
    let own = files::of_subject(&ctx.db, &item.subject()).await?;
    let file = own.iter().find(|file| file.id.to_string() == form.text(FILE));
    let mut change = ctx.change(&form).await?;
    let said = match file {
        // A colleague may have been faster.
        Some(file) if files::erase(&mut change.tx, file.id, ctx.now).await? => {
            ctx.trail().note(&mut change.tx, noted("report.attachment-removed", file)).await?;
            "said-attachment-removed"
        }
        _ => "said-document-gone",
    };
    change.done(&item.address(""), said).await
}

/// `GET /desk/plan/attachments/{key}`
pub(super) async fn download(ctx: Ctx, KeyPath(key): KeyPath, headers: HeaderMap) -> Result<FileAnswer> {
    let file = files::by_key(&ctx.db, &key).await?.filter(|file| file.subject.starts_with(REPORTS));
    FileAnswer::of(&ctx, file.ok_or(Error::NotFound)?, &headers).await
}

/// What the trail keeps of a file. Its name is free text: it may name somebody, and then it must be erasable.
fn noted(action: &'static str, file: &File) -> Entry {
    let detail = json!({ "kind": file.kind.name, "size": file.size, "hash": file.hash.as_str() });
    Entry::new(action, file.subject.as_str()).detail(detail).personal("name", file.name.as_str())
}
