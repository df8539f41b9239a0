//! `/login`: coming in by password and code, passkey or provider, and going out.

mod come_in;
mod provider;
mod step;

use askama::Template;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::{self, AccountId, Method};
use kyodo_kernel::secret::hex;
use kyodo_kernel::throttle::{self, Limit};
use kyodo_web::components::{ContactBlock, Field, Wrongs};
use kyodo_web::form::{led_to, seen_at};
use kyodo_web::{Access, Ctx, Error, Faults, Form, Frame, Page, Params, Result, Routes, Wrong, filters};
use serde_json::{Value, json};

use self::come_in::{Proof, come_in};
use super::here::passkeys_here;
use crate::codes::{TotpKey, recovery_mark};
use crate::oidc::{Gate, OidcFault};
use crate::passkeys::{Handle, KeptPasskey, Passkeys, Using};
use crate::password::{self, Kept, two_at_a_time};
use crate::rules::Rules;
use crate::store;

/// The addresses of these pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/login", Access::Public, login)
        .post("/login", Access::Public, enter)
        .get("/login/code", Access::Public, code)
        .post("/login/code", Access::Public, enter_code)
        .post("/login/passkey/options", Access::Public, passkey_options)
        .post("/login/passkey", Access::Public, enter_with_passkey)
        .post("/login/provider/{at}", Access::Public, provider::leave)
        .get("/login/provider/{at}/answer", Access::Public, provider::come_back)
        .post("/logout", Access::Public, go_out)
}

/// So many tries from one place: a whole city hall may sit behind one address.
const FROM_ONE_PLACE: Limit = Limit { most: 300, minutes: 15 };

/// The steps of one sign-in, by what is remembered between two requests.
const CODE: &str = "code";
const PASSKEY: &str = "passkey";

/// The page to come in.
#[derive(Template)]
#[template(path = "sign-in.html")]
pub(super) struct SignInPage {
    f: Frame,
    faults: Faults,
    name: Field,
    password: Field,
    to: String,
    /// Whether passkeys can be used under this address.
    passkeys: bool,
    /// The buttons of the city's providers.
    providers: Vec<(usize, String)>,
    demo: bool,
}

impl SignInPage {
    pub(super) fn new(ctx: &Ctx, headers: &HeaderMap, form: &Form, faults: Faults, to: &str) -> Self {
        let mut f = ctx.frame(ctx.words().say("sign-in")).with_script("passkey.js");
        f.unlisted = true;
        ctx.is_personal();
        Self {
            name: Field::line("name", f.t("sign-in-name")).autocomplete("username webauthn").heard(form, &faults),
            password: Field::line("password", f.t("sign-in-password"))
                .kind("password")
                .autocomplete("current-password")
                .heard(form, &faults),
            to: to.to_owned(),
            passkeys: passkeys_here(ctx, headers).is_ok(),
            providers: gates(ctx).iter().map(|gate| gate.provider().name.clone()).enumerate().collect(),
            demo: ctx.state.demo,
            faults,
            f,
        }
    }

    fn wrongs(&self) -> Wrongs<'_> {
        Wrongs { f: &self.f, faults: &self.faults }
    }

    fn contact(&self) -> ContactBlock<'_> {
        ContactBlock {
            f: &self.f,
            id: "help",
            title: self.f.t("sign-in-help"),
            name: self.f.contact_name(),
            contact: self.f.contact().clone(),
        }
    }
}

async fn login(ctx: Ctx, headers: HeaderMap, params: Params) -> Response {
    let to = params.get("to").unwrap_or_default();
    if ctx.actor.person().is_some() {
        return seen_at(if to.is_empty() { "/account" } else { to });
    }
    Page(SignInPage::new(&ctx, &headers, &Form::default(), Faults::default(), to)).into_response()
}

/// `POST /login`: a name and a password. Whoever is unknown waits as long as whoever mistyped.
async fn enter(ctx: Ctx, headers: HeaderMap, form: Form) -> Result<Response> {
    let (name, to) = (form.text("name"), form.text("to"));
    let rules = store::rules(&ctx.db).await?;
    count_try(&ctx, &rules, name).await?;
    let account = people::account_named(&ctx.db, name).await?.filter(|account| account.closed_at.is_none());
    let kept = match &account {
        Some(account) => store::password(&ctx.db, account.id).await?,
        None => None,
    };
    let set_at = kept.as_ref().map(|(_, set_at)| *set_at);
    let (typed, kept) = (form.raw("password").to_owned(), kept.map(|(kept, _)| Kept::new(kept)));
    let (fits, better) = two_at_a_time(move || match kept {
        Some(kept) if password::fits(&kept, &typed) => (true, kept.needs_rehash().then_some((kept, typed))),
        Some(_) => (false, None),
        None => {
            password::waste(&typed);
            (false, None)
        }
    })
    .await;
    let Some(account) = account.filter(|_| fits) else {
        refuse(&ctx, name, "password").await?;
        return Ok(wrong(&ctx, &headers, &form, "name", ctx.words().say("sign-in-wrong")));
    };
    if let Some((old, typed)) = better {
        keep_better(&ctx, account.id, old, typed).await?;
    }
    let is_old = set_at.is_some_and(|set_at| rules.password.is_expired(set_at, ctx.now));
    if store::code_app(&ctx.db, account.id).await?.is_some() {
        let step = store::Step { account: Some(account.id), kept: json!({ "old": is_old }), leads_to: to.to_owned() };
        let mut tx = ctx.db.begin().await?;
        let cookie = step::begin(&ctx, &mut tx, CODE, &step).await?;
        tx.commit().await?;
        return Ok(cookie.with(seen_at("/login/code")));
    }
    let to = if is_old { "/account/password" } else { to };
    come_in(&ctx, &headers, account.id, Proof::new(Method::Password, &rules).named(name), to).await
}

/// What is wrong stands on the same page, beside what was typed.
fn wrong(ctx: &Ctx, headers: &HeaderMap, form: &Form, field: &str, text: String) -> Response {
    let mut faults = Faults::default();
    faults.add(field, text);
    Wrong(SignInPage::new(ctx, headers, form, faults, form.text("to"))).into_response()
}

/// A provider could not say who it is: the page says why, and the other ways in stay open.
pub(super) fn stopped(ctx: &Ctx, headers: &HeaderMap, gate: &Gate, fault: &OidcFault) -> Response {
    let text = ctx.words().with(fault.message(), [("provider", gate.provider().name.as_str())]);
    wrong(ctx, headers, &Form::default(), "name", text)
}

/// What throttling counts by: a fingerprint, because an address is personal.
fn mark(ctx: &Ctx, kind: &str, name: &str) -> String {
    let signed = ctx.city.secret.derive("throttle").sign(people::email_key(name).as_bytes());
    format!("{kind}:{}", hex(&signed[..12]))
}

/// Counts a try before it is made, so that a thousand at once are a thousand.
async fn count_try(ctx: &Ctx, rules: &Rules, name: &str) -> Result<()> {
    let own = Limit { most: rules.password.lock_after.into(), minutes: rules.password.lock_minutes.into() };
    limited(ctx, &[(mark(ctx, "sign-in", name), own), (from(ctx, "sign-in"), FROM_ONE_PLACE)]).await
}

/// Where a request comes from, as throttling counts it.
pub(super) fn from(ctx: &Ctx, kind: &str) -> String {
    let place = ctx.client.map(|client| client.to_string()).unwrap_or_default();
    mark(ctx, &format!("{kind}-from"), &place)
}

/// Counts a try at each of these limits; one that was reached refuses it.
pub(super) async fn limited(ctx: &Ctx, limits: &[(String, Limit)]) -> Result<()> {
    if !ctx.house.settings.limits_tries() {
        return Ok(());
    }
    let mut tx = ctx.db.begin().await?;
    let mut until = None;
    for (key, limit) in limits {
        until = until.max(throttle::count(&mut tx, key, *limit, ctx.now).await?);
    }
    tx.commit().await?;
    until.map_or(Ok(()), |until| Err(Error::TooMany(until)))
}

/// Writes down that somebody could not come in.
async fn refuse(ctx: &Ctx, name: &str, how: &str) -> Result<()> {
    let account = people::account_named(&ctx.db, name).await?;
    let subject = account.map_or_else(|| "account:unknown".to_owned(), |account| account.id.subject());
    let mut tx = ctx.db.begin().await?;
    ctx.trail().note(&mut tx, Entry::new("sign-in.refused", subject).detail(json!({ "by": how }))).await?;
    Ok(tx.commit().await?)
}

/// Keeps a password at today's cost, now that we know it.
async fn keep_better(ctx: &Ctx, account: AccountId, old: Kept, typed: String) -> Result<()> {
    let salt = salt(ctx);
    let new = two_at_a_time(move || password::keep(&typed, salt)).await;
    let mut tx = ctx.db.begin().await?;
    store::rehash(&mut tx, account, old.as_str(), new.as_str()).await?;
    Ok(tx.commit().await?)
}

/// Sixteen bytes of chance.
pub(super) fn salt(ctx: &Ctx) -> [u8; 16] {
    let mut salt = [0; 16];
    salt.copy_from_slice(&ctx.house.chance.bytes()[..16]);
    salt
}

/// The page that asks for a code.
#[derive(Template)]
#[template(path = "sign-in-code.html")]
struct CodePage {
    f: Frame,
    faults: Faults,
    code: Field,
}

impl CodePage {
    fn new(ctx: &Ctx, faults: Faults) -> Self {
        let mut f = ctx.frame(ctx.words().say("code-title"));
        f.unlisted = true;
        ctx.is_personal();
        let code = Field::line("code", f.t("code-label"))
            .hint(f.t("code-hint"))
            .autocomplete("one-time-code")
            .most(40)
            .heard(&Form::default(), &faults);
        Self { f, faults, code }
    }

    fn wrongs(&self) -> Wrongs<'_> {
        Wrongs { f: &self.f, faults: &self.faults }
    }
}

async fn code(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    match step::of(&ctx, &headers, CODE).await? {
        Some(_) => Ok(Page(CodePage::new(&ctx, Faults::default())).into_response()),
        None => Ok(seen_at("/login")),
    }
}

/// `POST /login/code`: the six figures of the app, or one of the recovery codes.
async fn enter_code(ctx: Ctx, headers: HeaderMap, form: Form) -> Result<Response> {
    let Some((token, step)) = step::of(&ctx, &headers, CODE).await? else {
        return Ok(led_to("/login", "said-step-over", ctx.house.settings.https));
    };
    let account = step.account.ok_or(Error::NotFound)?;
    let rules = store::rules(&ctx.db).await?;
    let limit = Limit { most: rules.password.lock_after.into(), minutes: rules.password.lock_minutes.into() };
    limited(&ctx, &[(mark(&ctx, "code", &account.subject()), limit)]).await?;
    let typed = form.text("code");
    let Some(code) = code_of(&ctx, account, typed).await? else {
        let mut tx = ctx.db.begin().await?;
        let entry = Entry::new("sign-in.refused", account.subject()).detail(json!({ "by": "code" }));
        ctx.trail().note(&mut tx, entry).await?;
        tx.commit().await?;
        let mut faults = Faults::default();
        faults.add("code", ctx.words().say("code-wrong"));
        return Ok(Wrong(CodePage::new(&ctx, faults)).into_response());
    };
    let is_old = step.kept.get("old").and_then(Value::as_bool).unwrap_or_default();
    let to = if is_old { "/account/password".to_owned() } else { step.leads_to };
    let proof = Proof::new(Method::Password, &rules).with_code(code).after(token);
    come_in(&ctx, &headers, account, proof, &to).await
}

/// A code that is good, and what must be written so that it is not good again.
pub(super) enum Code {
    /// Of the app: its step.
    App(i64),
    /// A recovery code: its mark.
    Recovery(String),
}

/// The code that was typed, if it is somebody's.
pub(super) async fn code_of(ctx: &Ctx, account: AccountId, typed: &str) -> Result<Option<Code>> {
    let Some(app) = store::code_app(&ctx.db, account).await? else {
        return Ok(None);
    };
    let secret = ctx.city.secret.derive("codes");
    if let Ok(key) = TotpKey::open(&secret, account.0, &app.locked)
        && let Some(step) = key.matches(typed, code_clock(ctx), app.last_step)
    {
        return Ok(Some(Code::App(step)));
    }
    let Some(mark) = recovery_mark(&secret, account.0, typed) else {
        return Ok(None);
    };
    let left = store::recovery_codes(&ctx.db, account).await?;
    Ok(left.contains(&mark).then_some(Code::Recovery(mark)))
}

/// Phones know no chosen day: codes go by the machine's own clock.
pub(super) fn code_clock(_: &Ctx) -> chrono::DateTime<chrono::Utc> {
    kyodo_kernel::Clock::Real.now()
}

/// `POST /login/passkey/options`: what the browser needs to ask for a passkey.
async fn passkey_options(ctx: Ctx, headers: HeaderMap, form: Form) -> Result<Response> {
    let Ok(passkeys) = passkeys_here(&ctx, &headers) else {
        return Err(Error::NotFound);
    };
    limited(&ctx, &[(from(&ctx, "passkey"), FROM_ONE_PLACE)]).await?;
    let Ok((options, state)) = passkeys.start_using(&[]) else {
        return Err(Error::NotFound);
    };
    let kept = serde_json::to_value(&state).map_err(Error::internal)?;
    let mut tx = ctx.db.begin().await?;
    let step = store::Step { account: None, kept, leads_to: form.text("to").to_owned() };
    let cookie = step::begin(&ctx, &mut tx, PASSKEY, &step).await?;
    tx.commit().await?;
    Ok(cookie.with(Json(options).into_response()))
}

/// `POST /login/passkey`: the browser's answer.
async fn enter_with_passkey(ctx: Ctx, headers: HeaderMap, form: Form) -> Result<Response> {
    let fault = |ctx: &Ctx, message: &str| wrong(ctx, &headers, &Form::default(), "name", ctx.words().say(message));
    let Some((token, step)) = step::of(&ctx, &headers, PASSKEY).await? else {
        return Ok(fault(&ctx, "passkey-fault-stale"));
    };
    let answer = form.raw("answer");
    let Ok(passkeys) = passkeys_here(&ctx, &headers) else {
        return Err(Error::NotFound);
    };
    let found = match Passkeys::which(answer) {
        Ok(credential) => store::passkey_of(&ctx.db, &credential).await?,
        Err(error) => return Ok(fault(&ctx, error.message())),
    };
    let Some((account, id, kept)) = found else {
        return Ok(fault(&ctx, "passkey-fault-unknown"));
    };
    let (Ok(mut kept), Ok(state)) =
        (serde_json::from_value::<KeptPasskey>(kept), serde_json::from_value::<Using>(step.kept.clone()))
    else {
        return Ok(fault(&ctx, "passkey-fault-again"));
    };
    let handle = Handle::of(&ctx.city.secret.derive("passkeys"), account.0);
    if let Err(error) = passkeys.finish_using(answer, state, handle, &mut kept) {
        refuse_passkey(&ctx, account).await?;
        return Ok(fault(&ctx, error.message()));
    }
    let rules = store::rules(&ctx.db).await?;
    let kept = serde_json::to_value(&kept).map_err(Error::internal)?;
    let proof = Proof::new(Method::Passkey, &rules).with_passkey(id, kept).after(token);
    come_in(&ctx, &headers, account, proof, &step.leads_to).await
}

async fn refuse_passkey(ctx: &Ctx, account: AccountId) -> Result<()> {
    let mut tx = ctx.db.begin().await?;
    let entry = Entry::new("sign-in.refused", account.subject()).detail(json!({ "by": "passkey" }));
    ctx.trail().note(&mut tx, entry).await?;
    Ok(tx.commit().await?)
}

/// `POST /logout`
async fn go_out(ctx: Ctx) -> Result<Response> {
    if let Some(person) = ctx.actor.person() {
        let mut tx = ctx.db.begin().await?;
        people::end(&mut tx, person.id, person.session, ctx.now).await?;
        ctx.trail().note(&mut tx, Entry::new("sign-in.ended", person.id.subject())).await?;
        tx.commit().await?;
    }
    Ok(ctx.sign_out(led_to("/", "said-signed-out", ctx.house.settings.https)))
}

/// The city's providers, opened at the start.
pub(super) fn gates(ctx: &Ctx) -> &[Gate] {
    let gates = ctx.house.extensions.get::<crate::Gates>().and_then(|gates| gates.0.get(&ctx.city.slug));
    gates.map_or(&[], Vec::as_slice)
}
