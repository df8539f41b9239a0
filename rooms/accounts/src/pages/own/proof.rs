//! Proving once more who it is, before something is changed that a stranger at an open screen must not change.

use askama::Template;
use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::Duration;
use http::HeaderMap;
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::AccountId;
use kyodo_kernel::throttle::{self, Limit};
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::form::seen_at;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Page, Params, Result, Wrong, filters};
use serde_json::{Value, json};

use super::super::here::passkeys_here;
use super::super::sign_in::{Code, code_of, limited};
use super::{ME, Ways, frame, owner, proof_first, step_key};
use crate::passkeys::{Handle, KeptPasskey, PasskeyFault, Passkeys, Using};
use crate::password::{self, Kept, two_at_a_time};
use crate::rules::Rules;
use crate::store::{self, Step};

const PASSKEY: &str = "passkey-proof";
const PATIENCE: Duration = Duration::minutes(5);

#[derive(Template)]
#[template(path = "own-proof.html")]
struct ProofPage {
    f: Frame,
    faults: Faults,
    to: String,
    password: Option<Field>,
    code: Option<Field>,
    passkeys: bool,
}

impl ProofPage {
    fn new(ctx: &Ctx, headers: &HeaderMap, ways: &Ways, to: &str, faults: Faults) -> Self {
        let f = frame(ctx, "own-proof-title").with_script("passkey.js");
        let password = Field::line("password", f.t("sign-in-password"))
            .kind("password")
            .autocomplete("current-password")
            .heard(&Form::default(), &faults);
        let code = Field::line("code", f.t("code-label"))
            .hint(f.t("code-hint"))
            .autocomplete("one-time-code")
            .most(40)
            .heard(&Form::default(), &faults);
        Self {
            password: ways.password.map(|_| password),
            code: ways.app.as_ref().map(|_| code),
            passkeys: !ways.passkeys.is_empty() && passkeys_here(ctx, headers).is_ok(),
            to: to.to_owned(),
            faults,
            f,
        }
    }

    fn wrongs(&self) -> Wrongs<'_> {
        Wrongs { f: &self.f, faults: &self.faults }
    }
}

/// `GET /account/proof`
pub(super) async fn ask(ctx: Ctx, headers: HeaderMap, params: Params) -> Result<Response> {
    let to = params.get("to").unwrap_or(ME);
    if proof_first(&ctx, to)?.is_none() {
        return Ok(seen_at(to));
    }
    let ways = Ways::of(&ctx, ctx.person()?.id).await?;
    Ok(Page(ProofPage::new(&ctx, &headers, &ways, to, Faults::default())).into_response())
}

/// What proved who it is, and must not do so again.
enum Proof {
    Password,
    Code(Code),
    Passkey(i64, Value),
}

/// `POST /account/proof`
pub(super) async fn prove(ctx: Ctx, headers: HeaderMap, form: Form) -> Result<Response> {
    let account = ctx.person()?.id;
    let to = form.some("to").unwrap_or(ME);
    count_try(&ctx, &store::rules(&ctx.db).await?, account).await?;
    let proof = match proof_of(&ctx, &headers, account, &form).await? {
        Ok(proof) => proof,
        Err((field, message)) => return refused(&ctx, &headers, to, field, message).await,
    };
    let mut change = ctx.change(&form).await?;
    if !is_used_up(&ctx, &mut change.tx, account, &proof).await? {
        drop(change);
        return refused(&ctx, &headers, to, "code", "code-wrong").await;
    }
    throttle::forget(&mut change.tx, &key(account)).await?;
    let begun = ctx.prove(&mut change.tx).await?.ok_or(Error::SignIn)?;
    let by = match proof {
        Proof::Password => "password",
        Proof::Code(_) => "code",
        Proof::Passkey(..) => "passkey",
    };
    let entry = Entry::new("account.proved", account.subject()).detail(json!({ "by": by }));
    ctx.trail().note(&mut change.tx, entry).await?;
    Ok(begun.with(change.done(to, "said-own-proved").await?))
}

/// `POST /account/proof/options`: what the browser needs to ask for one of the account's passkeys.
pub(super) async fn options(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    let account = ctx.person()?.id;
    let ways = Ways::of(&ctx, account).await?;
    let (Ok(passkeys), false) = (passkeys_here(&ctx, &headers), ways.passkeys.is_empty()) else {
        return Err(Error::NotFound);
    };
    let (options, state) = passkeys.start_using(&ways.kept_passkeys()).map_err(Error::internal)?;
    let kept = serde_json::to_value(&state).map_err(Error::internal)?;
    let step = Step { account: Some(account), kept, leads_to: String::new() };
    let mut tx = ctx.db.begin().await?;
    store::put_step(&mut tx, &step_key(PASSKEY, account), PASSKEY, &step, ctx.now + PATIENCE).await?;
    tx.commit().await?;
    Ok(Json(options).into_response())
}

/// Under what wrong tries of an account that is signed in are counted.
fn key(account: AccountId) -> String {
    format!("proof:{}", account.0)
}

/// Counts a try to prove who it is, before it is made.
pub(super) async fn count_try(ctx: &Ctx, rules: &Rules, account: AccountId) -> Result<()> {
    let limit = Limit { most: rules.password.lock_after.into(), minutes: rules.password.lock_minutes.into() };
    limited(ctx, &[(key(account), limit)]).await
}

/// Forgets the tries, because one succeeded.
pub(super) async fn forget_tries(tx: &mut Tx, account: AccountId) -> Result<()> {
    Ok(throttle::forget(tx, &key(account)).await?)
}

/// Whether this is the account's password. One that has none is proved by nothing typed.
pub(super) async fn is_password(ctx: &Ctx, account: AccountId, typed: &str) -> Result<bool> {
    let Some((kept, _)) = store::password(&ctx.db, account).await? else {
        return Ok(false);
    };
    let (kept, typed) = (Kept::new(kept), typed.to_owned());
    Ok(two_at_a_time(move || password::fits(&kept, &typed)).await)
}

/// Writes down that somebody who is signed in could not prove who they are.
pub(super) async fn note_refusal(ctx: &Ctx, account: AccountId, by: &str) -> Result<()> {
    let mut tx = ctx.db.begin().await?;
    let entry = Entry::new("account.proof-refused", account.subject()).detail(json!({ "by": by }));
    ctx.trail().note(&mut tx, entry).await?;
    Ok(tx.commit().await?)
}

/// What the form proves, or the field and the message of what is wrong.
async fn proof_of(
    ctx: &Ctx,
    headers: &HeaderMap,
    account: AccountId,
    form: &Form,
) -> Result<std::result::Result<Proof, (&'static str, &'static str)>> {
    if let Some(answer) = form.some("answer") {
        let found = passkey_of(ctx, headers, account, answer).await?;
        return Ok(found.map_err(|fault| ("passkey", fault.message())));
    }
    if let Some(typed) = form.some("code") {
        let code = code_of(ctx, account, typed).await?;
        return Ok(code.map(Proof::Code).ok_or(("code", "code-wrong")));
    }
    let right = is_password(ctx, account, form.raw("password")).await?;
    Ok(if right { Ok(Proof::Password) } else { Err(("password", "own-password-wrong")) })
}

async fn passkey_of(
    ctx: &Ctx,
    headers: &HeaderMap,
    account: AccountId,
    answer: &str,
) -> Result<std::result::Result<Proof, PasskeyFault>> {
    let Some(step) = store::step(&ctx.db, &step_key(PASSKEY, account), PASSKEY, ctx.now).await? else {
        return Ok(Err(PasskeyFault::Stale));
    };
    let Ok(passkeys) = passkeys_here(ctx, headers) else {
        return Err(Error::NotFound);
    };
    let credential = match Passkeys::which(answer) {
        Ok(credential) => credential,
        Err(fault) => return Ok(Err(fault)),
    };
    let found = store::passkey_of(&ctx.db, &credential).await?.filter(|(whose, ..)| *whose == account);
    let Some((_, id, kept)) = found else {
        return Ok(Err(PasskeyFault::Unknown));
    };
    let (Ok(mut kept), Ok(state)) =
        (serde_json::from_value::<KeptPasskey>(kept), serde_json::from_value::<Using>(step.kept))
    else {
        return Ok(Err(PasskeyFault::Refused));
    };
    let handle = Handle::of(&ctx.city.secret.derive("passkeys"), account.0);
    if let Err(fault) = passkeys.finish_using(answer, state, handle, &mut kept) {
        return Ok(Err(fault));
    }
    let kept = serde_json::to_value(&kept).map_err(Error::internal)?;
    Ok(Ok(Proof::Passkey(id, kept)))
}

/// Uses up what was proved with. False when somebody was faster with the same.
async fn is_used_up(ctx: &Ctx, tx: &mut Tx, account: AccountId, proof: &Proof) -> Result<bool> {
    Ok(match proof {
        Proof::Password => true,
        Proof::Code(Code::App(step)) => store::used_step(tx, account, *step).await?,
        Proof::Code(Code::Recovery(mark)) => store::used_recovery_code(tx, account, mark, ctx.now).await?,
        Proof::Passkey(id, kept) => {
            store::used_passkey(tx, *id, kept, ctx.now).await?;
            store::drop_step(tx, &step_key(PASSKEY, account)).await?
        }
    })
}

async fn refused(
    ctx: &Ctx,
    headers: &HeaderMap,
    to: &str,
    field: &'static str,
    message: &'static str,
) -> Result<Response> {
    let account = owner(ctx).await?;
    note_refusal(ctx, account.id, field).await?;
    let mut faults = Faults::default();
    faults.add(field, ctx.words().say(message));
    let ways = Ways::of(ctx, account.id).await?;
    Ok(Wrong(ProofPage::new(ctx, headers, &ways, to, faults)).into_response())
}
