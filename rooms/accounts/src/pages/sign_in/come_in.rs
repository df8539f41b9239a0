//! The last step of every way in: the session begins in one transaction with everything that proved who it is, so that
//! no proof is good twice.

use axum::response::Response;
use http::HeaderMap;
use http::header::USER_AGENT;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::{self, AccountId, Method, Role};
use kyodo_kernel::throttle;
use kyodo_web::form::{led_to, seen_at};
use kyodo_web::{Ctx, Error, Result};
use serde_json::{Value, json};

use super::{Code, mark};
use crate::rules::Rules;
use crate::store;

/// What proved who somebody is.
pub(super) struct Proof<'a> {
    method: Method,
    rules: &'a Rules,
    name: Option<&'a str>,
    code: Option<Code>,
    passkey: Option<(i64, Value)>,
    step: Option<String>,
}

impl<'a> Proof<'a> {
    pub(super) fn new(method: Method, rules: &'a Rules) -> Self {
        Self { method, rules, name: None, code: None, passkey: None, step: None }
    }

    /// By the name that was typed, whose tries are forgotten now.
    pub(super) fn named(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    pub(super) fn with_code(mut self, code: Code) -> Self {
        self.code = Some(code);
        self
    }

    pub(super) fn with_passkey(mut self, id: i64, kept: Value) -> Self {
        self.passkey = Some((id, kept));
        self
    }

    /// The step that led here, which is over now.
    pub(super) fn after(mut self, step: String) -> Self {
        self.step = Some(step);
        self
    }
}

/// Signs somebody in and leads on.
pub(super) async fn come_in(
    ctx: &Ctx,
    headers: &HeaderMap,
    account: AccountId,
    proof: Proof<'_>,
    to: &str,
) -> Result<Response> {
    let known = people::account(&ctx.db, account).await?.filter(|account| account.closed_at.is_none());
    if known.is_none() {
        return Err(Error::Gone);
    }
    let duties = people::duties(&ctx.db, account).await?;
    let held = || duties.iter().filter(|duty| duty.is_in_force(ctx.today));
    let staff = held().any(|duty| duty.role.is_staff());
    let has_desk = held().any(|duty| duty.role != Role::Resident);
    let wants_more = staff
        && proof.method == Method::Password
        && proof.code.is_none()
        && proof.rules.password.staff_second_factor
        // The demo's accounts and passwords are printed for everybody to try.
        && !ctx.state.demo;
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let mut tx = ctx.db.begin().await?;
    if !proof.is_used_up(ctx, &mut tx, account).await? {
        return Ok(led_to("/login", "said-step-over", ctx.house.settings.https));
    }
    let lasting = proof.rules.sessions.lasting(staff);
    let begun = ctx.sign_in(&mut tx, account, proof.method, agent, lasting, wants_more).await?;
    let entry = Entry::new("sign-in.done", account.subject()).detail(json!({ "by": proof.method.name() }));
    ctx.trail().note(&mut tx, entry).await?;
    tx.commit().await?;
    let https = ctx.house.settings.https;
    let led = match to {
        _ if wants_more => led_to("/account/codes", "said-second-proof", https),
        "/account/password" => led_to(to, "said-password-old", https),
        "" if has_desk => seen_at("/desk"),
        "" => seen_at("/account"),
        to => seen_at(to),
    };
    Ok(begun.with(led))
}

impl Proof<'_> {
    /// Uses up what proved who it is. False when somebody was faster with the same code or step.
    async fn is_used_up(&self, ctx: &Ctx, tx: &mut kyodo_db::Tx, account: AccountId) -> Result<bool> {
        let mut first = true;
        if let Some(step) = &self.step {
            first &= store::drop_step(tx, step).await?;
        }
        first &= match &self.code {
            Some(Code::App(step)) => store::used_step(tx, account, *step).await?,
            Some(Code::Recovery(mark)) => store::used_recovery_code(tx, account, mark, ctx.now).await?,
            None => true,
        };
        if let Some((id, kept)) = &self.passkey {
            store::used_passkey(tx, *id, kept, ctx.now).await?;
        }
        if let Some(name) = self.name {
            throttle::forget(tx, &mark(ctx, "sign-in", name)).await?;
        }
        if self.code.is_some() {
            throttle::forget(tx, &mark(ctx, "code", &account.subject())).await?;
        }
        Ok(first)
    }
}
