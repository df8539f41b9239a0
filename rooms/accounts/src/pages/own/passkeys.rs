//! Passkeys: those somebody has, one more, one less.

use askama::Template;
use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::Duration;
use http::HeaderMap;
use http::header::USER_AGENT;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::{self, Account};
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::{Ctx, Error, Faults, Form, Frame, KeyPath, Page, Result, Wrong, filters, format};

use super::super::here::passkeys_here;
use super::device::device;
use super::{Tab, WAYS, Ways, frame, needs_two, owner, proof_first, sign_in_name, step_key, tabs};
use crate::letters;
use crate::passkeys::{Handle, KeptPasskey, Making, PATIENCE, PasskeyFault};
use crate::store::{self, Step};

const HERE: &str = "/account/passkeys";
const MAKING: &str = "passkey-making";

/// The longest name of a passkey, in characters.
const LONGEST: usize = 60;

#[derive(Template)]
#[template(path = "own-passkeys.html")]
struct PasskeysPage {
    f: Frame,
    tabs: Vec<Tab>,
    faults: Faults,
    passkeys: Vec<Line>,
    /// Why the last one cannot go.
    kept: Option<String>,
    /// Why none can be made under this address.
    none_here: Option<String>,
    name: Field,
}

struct Line {
    id: i64,
    name: String,
    made_at: String,
    used_at: String,
}

impl PasskeysPage {
    async fn new(ctx: &Ctx, headers: &HeaderMap, account: &Account, form: &Form, faults: Faults) -> Result<Self> {
        let f = frame(ctx, "own-passkeys-title").with_script("passkey.js");
        let ways = Ways::of(ctx, account.id).await?;
        let rules = store::rules(&ctx.db).await?;
        let line = |own: &store::StoredPasskey| Line {
            id: own.id,
            name: own.name.clone(),
            made_at: f.day(kyodo_kernel::clock::local(own.made_at).date()),
            used_at: own.used_at.map_or_else(|| f.t("own-passkey-unused"), |at| format::long_moment(at, ctx.language)),
        };
        Ok(Self {
            tabs: tabs(&f, WAYS),
            kept: ways.keeps_passkey(needs_two(ctx, &rules)?).map(|message| f.t(message)),
            passkeys: ways.passkeys.iter().map(line).collect(),
            none_here: passkeys_here(ctx, headers).err().map(|why| f.t(why.message())),
            name: Field::line("name", f.t("own-passkey-name"))
                .hint(f.t("own-passkey-name-hint"))
                .most(LONGEST)
                .value(device(&f, agent(headers)))
                .heard(form, &faults),
            faults,
            f,
        })
    }

    fn wrongs(&self) -> Wrongs<'_> {
        Wrongs { f: &self.f, faults: &self.faults }
    }
}

/// `GET /account/passkeys`
pub(super) async fn passkeys(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, HERE)? {
        return Ok(first);
    }
    let account = owner(&ctx).await?;
    let page = PasskeysPage::new(&ctx, &headers, &account, &Form::default(), Faults::default()).await?;
    Ok(Page(page).into_response())
}

/// `POST /account/passkeys/options`: what the browser needs to make one.
pub(super) async fn options(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, HERE)? {
        return Ok(first);
    }
    let account = owner(&ctx).await?;
    let Ok(passkeys) = passkeys_here(&ctx, &headers) else {
        return Err(Error::NotFound);
    };
    let known = Ways::of(&ctx, account.id).await?.kept_passkeys();
    let handle = Handle::of(&ctx.city.secret.derive("passkeys"), account.id.0);
    let (options, state) =
        passkeys.start_making(handle, sign_in_name(&account), &account.name, &known).map_err(Error::internal)?;
    let kept = serde_json::to_value(&state).map_err(Error::internal)?;
    let step = Step { account: Some(account.id), kept, leads_to: String::new() };
    let until = ctx.now + Duration::seconds(i64::try_from(PATIENCE).unwrap_or_default());
    let mut tx = ctx.db.begin().await?;
    store::put_step(&mut tx, &step_key(MAKING, account.id), MAKING, &step, until).await?;
    tx.commit().await?;
    Ok(Json(options).into_response())
}

/// `POST /account/passkeys`: the browser's answer.
pub(super) async fn make(ctx: Ctx, headers: HeaderMap, form: Form) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, HERE)? {
        return Ok(first);
    }
    let account = owner(&ctx).await?;
    let step = step_key(MAKING, account.id);
    // The lock comes first: who sends the form twice is led on, and does not hear that the question is over.
    let mut change = ctx.change(&form).await?;
    let made = match made(&ctx, &headers, &account, form.raw("answer")).await? {
        Ok(made) if store::drop_step(&mut change.tx, &step).await? => made,
        other => {
            drop(change);
            let fault = other.err().unwrap_or(PasskeyFault::Stale);
            let mut tx = ctx.db.begin().await?;
            // A question is answered once, also wrongly.
            store::drop_step(&mut tx, &step).await?;
            tx.commit().await?;
            let mut faults = Faults::default();
            faults.add("make", ctx.words().say(fault.message()));
            return Ok(Wrong(PasskeysPage::new(&ctx, &headers, &account, &form, faults).await?).into_response());
        }
    };
    let kept = serde_json::to_value(&made).map_err(Error::internal)?;
    let name: String = form.text("name").chars().take(LONGEST).collect();
    let name = if name.is_empty() { device(&frame(&ctx, super::TITLE), agent(&headers)) } else { name };
    store::put_passkey(&mut change.tx, account.id, &made.id(), &kept, &name, ctx.now).await?;
    people::complete(&mut change.tx, account.id).await?;
    letters::tell(&ctx, &mut change.tx, &account, "passkey-made").await?;
    ctx.trail().note(&mut change.tx, Entry::new("account.passkey-made", account.id.subject())).await?;
    change.done(HERE, "said-own-passkey-made").await
}

/// `POST /account/passkeys/{id}/removal`
pub(super) async fn remove(ctx: Ctx, headers: HeaderMap, KeyPath(id): KeyPath, form: Form) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, HERE)? {
        return Ok(first);
    }
    let account = owner(&ctx).await?;
    let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
    let rules = store::rules(&ctx.db).await?;
    let mut change = ctx.change(&form).await?;
    let ways = Ways::of(&ctx, account.id).await?;
    if !ways.passkeys.iter().any(|own| own.id == id) {
        return Err(Error::NotFound);
    }
    if let Some(message) = ways.keeps_passkey(needs_two(&ctx, &rules)?) {
        drop(change);
        let mut faults = Faults::default();
        faults.add("passkeys", ctx.words().say(message));
        let page = PasskeysPage::new(&ctx, &headers, &account, &Form::default(), faults).await?;
        return Ok(Wrong(page).into_response());
    }
    store::drop_passkey(&mut change.tx, account.id, id).await?;
    letters::tell(&ctx, &mut change.tx, &account, "passkey-gone").await?;
    ctx.trail().note(&mut change.tx, Entry::new("account.passkey-removed", account.id.subject())).await?;
    change.done(HERE, "said-own-passkey-gone").await
}

/// The passkey that the browser's answer makes, if it holds.
async fn made(
    ctx: &Ctx,
    headers: &HeaderMap,
    account: &Account,
    answer: &str,
) -> Result<std::result::Result<KeptPasskey, PasskeyFault>> {
    let Ok(passkeys) = passkeys_here(ctx, headers) else {
        return Err(Error::NotFound);
    };
    let Some(step) = store::step(&ctx.db, &step_key(MAKING, account.id), MAKING, ctx.now).await? else {
        return Ok(Err(PasskeyFault::Stale));
    };
    let Ok(state) = serde_json::from_value::<Making>(step.kept) else {
        return Ok(Err(PasskeyFault::Stale));
    };
    let made = match passkeys.finish_making(answer, &state) {
        Ok(made) => made,
        Err(fault) => return Ok(Err(fault)),
    };
    let known = store::passkey_of(&ctx.db, &made.id()).await?.is_some();
    Ok(if known { Err(PasskeyFault::Known) } else { Ok(made) })
}

fn agent(headers: &HeaderMap) -> &str {
    headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default()
}
