//! Drafts: kept while somebody writes, looked at as residents will see them, thrown away.

use axum::Json;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::drafts::{self, Fields};
use kyodo_web::form::{led_to, seen_at};
use kyodo_web::{Ctx, Form, KeyPath, Page, Result, format};
use serde_json::json;

use super::{BASE, Open, elsewhere, typed, writes};
use crate::pages::measure::{Measure, Preview};
use crate::text::Text;

/// `POST /desk/plan/nodes/{key}/draft`: by itself while somebody writes, or with a button that may lead to the preview.
pub(super) async fn save(ctx: Ctx, KeyPath(key): KeyPath, headers: HeaderMap, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &key).await?;
    open.writer(&ctx)?;
    keep(&ctx, &open, &form).await?;
    let accepted = headers.get(ACCEPT).and_then(|kinds| kinds.to_str().ok()).unwrap_or_default();
    if accepted.starts_with("application/json") {
        let when = format::moment(ctx.now, ctx.language);
        return Ok(Json(json!({ "said": ctx.words().with("desk-saved", [("when", when.as_str())]) })).into_response());
    }
    Ok(match form.text("then") {
        "preview" => seen_at(&open.address("/preview")),
        _ => led_to(&open.address(""), "said-draft-saved", ctx.house.settings.https),
    })
}

/// Keeps the words of a form as its writer's draft. What is already public is no draft.
pub(super) async fn keep(ctx: &Ctx, open: &Open, form: &Form) -> Result<()> {
    let (account, subject, public) = (ctx.person()?.id, open.node.subject(), Text::of(&open.node));
    let base = form.text(BASE);
    let mut tx = ctx.db.begin().await?;
    if typed(form) == public && base == public.fingerprint() {
        drafts::drop(&mut tx, account, &subject).await?;
    } else {
        drafts::save(&mut tx, account, &subject, base, &words(form), ctx.now).await?;
    }
    Ok(tx.commit().await?)
}

/// What was typed, exactly, without what is no field of a text.
fn words(form: &Form) -> Fields {
    let names = Text::default().fields().map(|(name, _)| name).collect::<Vec<_>>();
    form.0.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned().collect()
}

/// `POST /desk/plan/nodes/{key}/draft/removal`
pub(super) async fn remove(ctx: Ctx, KeyPath(key): KeyPath) -> Result<Response> {
    let open = Open::load(&ctx, &key).await?;
    let person = open.writer(&ctx)?;
    let mut tx = ctx.db.begin().await?;
    drafts::drop(&mut tx, person.id, &open.node.subject()).await?;
    tx.commit().await?;
    Ok(led_to(&open.address(""), "said-draft-removed", ctx.house.settings.https))
}

/// `GET /desk/plan/nodes/{key}/preview`: the page that residents will see.
pub(super) async fn preview(ctx: Ctx, KeyPath(key): KeyPath) -> Result<Response> {
    let mut measure = Measure::load(&ctx, &key).await?;
    if let Some(elsewhere) = elsewhere(&measure.node) {
        return Ok(elsewhere);
    }
    let open = Open::load(&ctx, &key).await?;
    let f = open.frame(&ctx, "desk-preview-title", Some("desk-preview"));
    let draft = drafts::of(&ctx.db, ctx.person()?.id, &measure.node.subject()).await?;
    let mut preview = Preview {
        text: f.t("preview-same"),
        publication: None,
        button: f.t("desk-publish"),
        fields: Vec::new(),
        readings: Vec::new(),
        edit: open.address(""),
    };
    if let Some(draft) = draft {
        let text = typed(&Form(draft.fields.clone()));
        preview.text = f.t("preview-text");
        preview.publication = writes(&ctx, &open.node).then(|| open.address("/publication"));
        preview.fields = draft.fields;
        preview.fields.push((BASE.to_owned(), draft.based_on));
        preview.readings.clone_from(&text.readings);
        text.put_into(&mut measure.node);
    }
    Ok(Page(measure.page(&f, Some(preview))).into_response())
}
