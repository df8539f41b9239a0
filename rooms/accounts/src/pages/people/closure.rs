//! Closing somebody's account, and ending their sessions.

use axum::response::{IntoResponse, Response};
use kyodo_kernel::people::{self, Account};
use kyodo_kernel::{audit, drafts, mail, notices};
use kyodo_web::components::Wrongs;
use kyodo_web::{Ctx, Faults, Form, Frame, KeyPath, Page, Result, Wrong};
use serde_json::json;

use super::{FormPage, address, duty, frame_of, somebody_open};
use crate::store;

/// `GET /desk/people/{id}/closure`
pub(super) async fn form(ctx: Ctx, KeyPath(id): KeyPath) -> Result<Response> {
    let account = somebody_open(&ctx, &id).await?;
    let f = frame_of(&ctx, &account, "closure-title");
    Ok(Page(page(&f, &account, &Faults::default())).into_response())
}

/// `POST /desk/people/{id}/closure`
pub(super) async fn post(ctx: Ctx, KeyPath(id): KeyPath, form: Form) -> Result<Response> {
    let mut change = ctx.change(&form).await?;
    let account = somebody_open(&ctx, &id).await?;
    let duties = people::duties(&ctx.db, account.id).await?;
    let ended: Vec<i64> = duties.iter().map(|duty| duty.id).collect();
    if !duty::goes_on(&mut change.tx, &ended, ctx.today).await? {
        let (f, mut faults) = (frame_of(&ctx, &account, "closure-title"), Faults::default());
        faults.add("close", f.t("administrator-last"));
        return Ok(Wrong(page(&f, &account, &faults)).into_response());
    }
    // Those who stand in are told and end with the duty, which the closing itself would not do.
    for duty in duties.iter().filter(|duty| duty.ends_on.is_none_or(|last| last > ctx.today)) {
        duty::end(&ctx, &mut change.tx, &account, duty, ctx.today).await?;
    }
    people::close(&mut change.tx, account.id, ctx.today, ctx.now).await?;
    store::forget_proofs(&mut change.tx, account.id, ctx.now).await?;
    mail::forget(&mut change.tx, account.id.0).await?;
    drafts::forget(&mut change.tx, account.id).await?;
    notices::forget(&mut change.tx, account.id).await?;
    let entry = audit::Entry::new("account.closed", account.id.subject()).personal("name", &account.name);
    ctx.trail().note(&mut change.tx, entry).await?;
    change.done(&address(account.id), "said-closed").await
}

/// `POST /desk/people/{id}/sessions/end`
pub(super) async fn end_sessions(ctx: Ctx, KeyPath(id): KeyPath, form: Form) -> Result<Response> {
    let account = somebody_open(&ctx, &id).await?;
    let mut change = ctx.change(&form).await?;
    // One's own session, in which this is read, goes on.
    let own = ctx.person()?;
    let but = (own.id == account.id).then_some(own.session);
    let ended = people::end_all(&mut change.tx, account.id, but, ctx.now).await?;
    let entry = audit::Entry::new("session.ended", account.id.subject()).detail(json!({ "sessions": ended }));
    ctx.trail().note(&mut change.tx, entry).await?;
    change.done(&address(account.id), "said-sessions-ended").await
}

fn page<'a>(f: &'a Frame, account: &Account, faults: &'a Faults) -> FormPage<'a> {
    FormPage {
        f,
        lead: f.t("closure-lead"),
        facts: vec![(f.t("people-name"), account.name.clone())],
        wrongs: Wrongs { f, faults },
        action: format!("{}/closure", address(account.id)),
        hidden: Vec::new(),
        fields: Vec::new(),
        button: f.t("closure-button"),
        is_dangerous: true,
        back: address(account.id),
    }
}
