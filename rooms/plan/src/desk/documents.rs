//! `/desk/plan/nodes/{key}/documents`: a department adds documents to its measure, and takes them away for good.

use std::sync::LazyLock;

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::city;
use kyodo_kernel::files::{self, Audience, File, Place};
use kyodo_kernel::people::{self, AccountId};
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::filters;
use kyodo_web::form::seen_at;
use kyodo_web::{Ctx, Faults, Form, Frame, KeyPath, Page, Result, Upload, Wrong, format};
use serde_json::json;

use super::{Heading, Open, writes};
use crate::node::Node;
use crate::pages::document::Document;

/// The field with a file, or with a file's number.
const FILE: &str = "file";

/// What the input of a browser offers.
static ACCEPTED: LazyLock<String> = LazyLock::new(files::kind::accepted);

#[derive(Template)]
#[template(path = "desk/documents.html")]
struct DocumentsPage<'a> {
    f: &'a Frame,
    heading: Heading,
    wrongs: Wrongs<'a>,
    count: String,
    rows: Vec<Row>,
    /// For those who may add and remove.
    form: Option<AddForm>,
    edit: String,
    public: String,
}

struct AddForm {
    addition: String,
    removal: String,
    field: Field,
}

struct Row {
    id: i64,
    document: Document,
    /// Who added it; empty when nobody knows any more.
    who: String,
    when: String,
}

/// `GET /desk/plan/nodes/{key}/documents`
pub(super) async fn list(ctx: Ctx, KeyPath(key): KeyPath) -> Result<Response> {
    let open = Open::load(&ctx, &key).await?;
    if open.node.is_alias() {
        return Ok(seen_at(&open.address("/documents")));
    }
    let (f, faults) = (frame(&ctx, &open), Faults::default());
    Ok(Page(page(&open, &f, &faults).await?).into_response())
}

/// `POST /desk/plan/nodes/{key}/documents`
pub(super) async fn add(ctx: Ctx, KeyPath(key): KeyPath, upload: Upload) -> Result<Response> {
    let open = Open::load(&ctx, &key).await?;
    let person = open.writer(&ctx)?;
    let incoming = match upload.file(FILE) {
        Some(Ok(incoming)) => incoming,
        Some(Err(refusal)) => {
            let said = ctx.words().with(refusal.message(), refusal.variables());
            return wrong(&ctx, &open, said).await;
        }
        None => return wrong(&ctx, &open, ctx.words().say("documents-file-missing")).await,
    };
    // The content is safe before anything refers to it; if the change does not happen it is swept.
    let kept = files::keep(&ctx.db, &ctx.shelf(), incoming, ctx.now).await?;
    let mut change = ctx.change(&Form(upload.fields)).await?;
    city::bump_revision(&mut change.tx).await?;
    let subject = open.node.subject();
    let place = Place { subject: &subject, audience: Audience::Public, uploaded_by: Some(person.id.0) };
    let file = files::attach(&mut change.tx, &kept, &place, ctx.house.chance, ctx.now).await?;
    ctx.trail().note(&mut change.tx, noted("measure.document-added", &file)).await?;
    change.done(&open.address("/documents"), "said-document-added").await
}

/// `POST /desk/plan/nodes/{key}/documents/removal`
pub(super) async fn remove(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &key).await?;
    open.writer(&ctx)?;
    let own = files::of_subject(&ctx.db, &open.node.subject()).await?;
    let file = own.iter().find(|file| file.id.to_string() == form.text(FILE));
    let mut change = ctx.change(&form).await?;
    city::bump_revision(&mut change.tx).await?;
    let said = match file {
        // A colleague may have been faster.
        Some(file) if files::erase(&mut change.tx, file.id, ctx.now).await? => {
            ctx.trail().note(&mut change.tx, noted("measure.document-removed", file)).await?;
            "said-document-removed"
        }
        _ => "said-document-gone",
    };
    change.done(&open.address("/documents"), said).await
}

/// Where the documents of a line are kept, and how the link is called.
pub(super) fn way(f: &Frame, node: &Node, n: usize) -> (String, String) {
    let message = if writes(&f.ctx, node) { "documents-link" } else { "documents-look" };
    (super::address(node, "/documents"), f.n(message, n))
}

/// How many documents a measure has.
pub(super) async fn count(ctx: &Ctx, node: &Node) -> Result<usize> {
    Ok(files::of_subject(&ctx.db, &node.subject()).await?.len())
}

/// What the trail keeps of a document. Its name is free text: it may name somebody, and then it must be erasable.
fn noted(action: &'static str, file: &File) -> Entry {
    let detail = json!({ "kind": file.kind.name, "size": file.size, "hash": file.hash.as_str() });
    Entry::new(action, file.subject.as_str()).detail(detail).personal("name", file.name.as_str())
}

fn frame(ctx: &Ctx, open: &Open) -> Frame {
    open.frame(ctx, "documents-title", Some("documents"))
}

/// The same page with why a file is not taken.
async fn wrong(ctx: &Ctx, open: &Open, said: String) -> Result<Response> {
    let (f, mut faults) = (frame(ctx, open), Faults::default());
    faults.add(FILE, said);
    Ok(Wrong(page(open, &f, &faults).await?).into_response())
}

async fn page<'a>(open: &Open, f: &'a Frame, faults: &'a Faults) -> Result<DocumentsPage<'a>> {
    let ctx = &f.ctx;
    let files = files::of_subject(&ctx.db, &open.node.subject()).await?;
    let mut senders: Vec<AccountId> = files.iter().filter_map(|file| file.uploaded_by).map(AccountId).collect();
    senders.sort_unstable();
    senders.dedup();
    let names = people::names(&ctx.db, &senders).await?;
    let row = |file: &File| Row {
        id: file.id,
        document: Document::of(f, file),
        who: file.uploaded_by.and_then(|id| names.get(&AccountId(id)).cloned()).unwrap_or_default(),
        when: format::long_moment(file.created_at, ctx.language),
    };
    let form = || AddForm {
        addition: open.address("/documents"),
        removal: open.address("/documents/removal"),
        field: field(f).heard(&Form::default(), faults),
    };
    Ok(DocumentsPage {
        heading: Heading::of(f, open),
        wrongs: Wrongs { f, faults },
        count: f.n("documents-count", files.len()),
        rows: files.iter().map(row).collect(),
        form: writes(ctx, &open.node).then(form),
        edit: open.address(""),
        public: open.node.address(),
        f,
    })
}

fn field(f: &Frame) -> Field {
    let endings = ACCEPTED.replace('.', "").replace(',', &f.t("list-comma"));
    let megabytes = f.ctx.house.files.limit() / (1024 * 1024);
    let hint = f.tell("documents-file-hint", &[("endings", (&endings).into()), ("n", megabytes.into())]);
    Field::file(FILE, f.t("documents-file"), ACCEPTED.as_str()).need(f).hint(hint)
}
