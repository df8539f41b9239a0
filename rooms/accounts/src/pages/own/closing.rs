//! Leaving: what goes at once, what stays and why, and the one who cannot leave yet.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::{self, Entry};
use kyodo_kernel::people::{self, Role};
use kyodo_kernel::{drafts, mail, notices};
use kyodo_web::components::Wrongs;
use kyodo_web::{Ctx, Faults, Form, Frame, Page, Result, Wrong, filters};

use super::{ME, Tab, frame, owner, proof_first, tabs};
use crate::{letters, store};

const HERE: &str = "/account/closing";

#[derive(Template)]
#[template(path = "own-closing.html")]
struct ClosingPage {
    f: Frame,
    tabs: Vec<Tab>,
    faults: Faults,
    /// Whether nobody else could keep the accounts.
    is_last: bool,
    worked: bool,
    email: Option<String>,
}

impl ClosingPage {
    async fn new(ctx: &Ctx, faults: Faults) -> Result<Self> {
        let f = frame(ctx, "own-closing-title");
        Ok(Self {
            tabs: tabs(&f, ME),
            faults,
            is_last: is_last(ctx).await?,
            worked: has_worked(ctx).await?,
            email: owner(ctx).await?.email,
            f,
        })
    }

    fn wrongs(&self) -> Wrongs<'_> {
        Wrongs { f: &self.f, faults: &self.faults }
    }
}

/// `GET /account/closing`
pub(super) async fn ask(ctx: Ctx) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, HERE)? {
        return Ok(first);
    }
    Ok(Page(ClosingPage::new(&ctx, Faults::default()).await?).into_response())
}

/// `POST /account/closing`
pub(super) async fn close(ctx: Ctx, form: Form) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, HERE)? {
        return Ok(first);
    }
    let account = owner(&ctx).await?;
    let mut change = ctx.change(&form).await?;
    let mut faults = Faults::default();
    if is_last(&ctx).await? {
        faults.add("closing", ctx.words().say("own-closing-last"));
    } else if !form.has("sure") {
        faults.add("sure", ctx.words().say("own-closing-unsure"));
    }
    if !faults.is_empty() {
        drop(change);
        return Ok(Wrong(ClosingPage::new(&ctx, faults).await?).into_response());
    }
    let (tx, id) = (&mut change.tx, account.id);
    people::close(tx, id, ctx.today, ctx.now).await?;
    store::forget_proofs(tx, id, ctx.now).await?;
    mail::forget(tx, id.0).await?;
    drafts::forget(tx, id).await?;
    notices::forget(tx, id).await?;
    // What somebody did at work is the city's record, kept as long as its rules say; a resident's words are their own.
    if !has_worked(&ctx).await? {
        audit::erase_personal(tx, &id.subject()).await?;
    }
    letters::tell(&ctx, tx, &account, "closed").await?;
    ctx.trail().note(tx, Entry::new("account.closed", id.subject())).await?;
    Ok(ctx.sign_out(change.done("/", "said-account-closed").await?))
}

/// Whether whoever asks keeps the accounts, and nobody else does.
async fn is_last(ctx: &Ctx) -> Result<bool> {
    let person = ctx.person()?;
    if !person.holds(Role::Administrator) {
        return Ok(false);
    }
    let keepers = people::holders(&ctx.db, Role::Administrator, None, ctx.today).await?;
    Ok(keepers.iter().all(|keeper| keeper.id == person.id.0))
}

/// Whether whoever asks has ever worked for the city here.
async fn has_worked(ctx: &Ctx) -> Result<bool> {
    let duties = people::duties(&ctx.db, ctx.person()?.id).await?;
    Ok(duties.iter().any(|duty| duty.role != Role::Resident))
}
