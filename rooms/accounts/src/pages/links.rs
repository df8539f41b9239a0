//! Links that come by mail: an invitation, a new password, a new address. Each is good once.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::mail;
use kyodo_kernel::people::{self, Account};
use kyodo_kernel::throttle::Limit;
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::{Access, Ctx, Error, Faults, Form, Frame, KeyPath, Page, Result, Routes, Wrong, filters};

use super::sign_in::{from, limited, salt};
use crate::letters::{self, fingerprint};
use crate::password::{self, Kept, two_at_a_time};
use crate::rules::Rules;
use crate::store::{self, Link, LinkKind};

/// The addresses of these pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/invitation/{token}", Access::Public, invited)
        .post("/invitation/{token}", Access::Public, accept)
        .get("/reset", Access::Public, forgotten)
        .post("/reset", Access::Public, ask)
        .get("/reset/{token}", Access::Public, reset)
        .post("/reset/{token}", Access::Public, set)
        .get("/address/{token}", Access::Public, moving)
        .post("/address/{token}", Access::Public, move_in)
}

/// So many letters may be asked for.
const LETTERS: Limit = Limit { most: 5, minutes: 60 };
const LETTERS_FROM_ONE_PLACE: Limit = Limit { most: 60, minutes: 60 };

/// A link that is good, and whose it is.
async fn good(ctx: &Ctx, token: &str, kind: LinkKind) -> Result<(Link, Account)> {
    let link = store::link(&ctx.db, &fingerprint(token), kind, ctx.now).await?.ok_or(Error::Gone)?;
    let account = people::account(&ctx.db, link.account).await?.ok_or(Error::Gone)?;
    Ok((link, account))
}

/// The page where a password is chosen.
#[derive(Template)]
#[template(path = "set-password.html")]
struct SetPasswordPage {
    f: Frame,
    faults: Faults,
    action: String,
    name: String,
    email: String,
    rules: Vec<String>,
    password: Field,
}

impl SetPasswordPage {
    fn new(ctx: &Ctx, kind: LinkKind, token: &str, account: &Account, rules: &Rules, faults: Faults) -> Self {
        let mut f = ctx.frame(ctx.words().say(&format!("{}-title", kind.name())));
        f.unlisted = true;
        ctx.is_personal();
        Self {
            action: format!("/{}/{token}", kind.name()),
            name: account.name.clone(),
            email: account.email.clone().or_else(|| account.staff_number.clone()).unwrap_or_default(),
            rules: rules.password.sentences().into_iter().map(|(message, n)| f.n(message, n)).collect(),
            password: Field::line("password", f.t("new-password"))
                .kind("password")
                .autocomplete("new-password")
                .need(&f)
                .heard(&Form::default(), &faults),
            faults,
            f,
        }
    }

    fn wrongs(&self) -> Wrongs<'_> {
        Wrongs { f: &self.f, faults: &self.faults }
    }
}

async fn invited(ctx: Ctx, KeyPath(token): KeyPath) -> Result<Response> {
    choose(&ctx, LinkKind::Invitation, &token).await
}

async fn accept(ctx: Ctx, KeyPath(token): KeyPath, form: Form) -> Result<Response> {
    chosen(&ctx, LinkKind::Invitation, &token, &form).await
}

async fn reset(ctx: Ctx, KeyPath(token): KeyPath) -> Result<Response> {
    choose(&ctx, LinkKind::Reset, &token).await
}

async fn set(ctx: Ctx, KeyPath(token): KeyPath, form: Form) -> Result<Response> {
    chosen(&ctx, LinkKind::Reset, &token, &form).await
}

async fn choose(ctx: &Ctx, kind: LinkKind, token: &str) -> Result<Response> {
    let (_, account) = good(ctx, token, kind).await?;
    let rules = store::rules(&ctx.db).await?;
    Ok(Page(SetPasswordPage::new(ctx, kind, token, &account, &rules, Faults::default())).into_response())
}

async fn chosen(ctx: &Ctx, kind: LinkKind, token: &str, form: &Form) -> Result<Response> {
    let (link, account) = good(ctx, token, kind).await?;
    let rules = store::rules(&ctx.db).await?;
    let typed = form.raw("password").to_owned();
    let faults = faults_of(ctx, &rules, &account, &typed).await?;
    if !faults.is_empty() {
        return Ok(Wrong(SetPasswordPage::new(ctx, kind, token, &account, &rules, faults)).into_response());
    }
    let salt = salt(ctx);
    let kept = two_at_a_time(move || password::keep(&typed, salt)).await;
    let mut change = ctx.change(form).await?;
    if !store::use_link(&mut change.tx, &fingerprint(token), ctx.now).await? {
        return Err(Error::Gone);
    }
    store::put_password(&mut change.tx, link.account, kept.as_str(), ctx.now).await?;
    // Whoever knew the old password is out.
    people::end_all(&mut change.tx, link.account, None, ctx.now).await?;
    letters::tell(ctx, &mut change.tx, &account, "password").await?;
    ctx.trail().note(&mut change.tx, Entry::new("account.password-set", link.account.subject())).await?;
    change.done("/login", "said-password-set").await
}

/// What is wrong with a new password, beside its field.
pub(super) async fn faults_of(ctx: &Ctx, rules: &Rules, account: &Account, typed: &str) -> Result<Faults> {
    let mut faults = Faults::default();
    let profile = &ctx.state.profile;
    let email = account.email.clone().unwrap_or_default();
    let about = [&account.name, &account.kana, &email, &profile.name, &profile.kana, &profile.romaji, &profile.slug];
    for fault in rules.password.faults(typed, &about.map(String::as_str)) {
        let said = ctx.words().with(fault.message(), [("n", i64::from(fault.number()))]);
        faults.add("password", said);
    }
    if faults.is_empty() && rules.password.refuse_reuse > 0 {
        let mut before = store::former_passwords(&ctx.db, account.id, rules.password.refuse_reuse.into()).await?;
        before.extend(store::password(&ctx.db, account.id).await?.map(|(kept, _)| kept));
        let before: Vec<Kept> = before.into_iter().map(Kept::new).collect();
        let typed = typed.to_owned();
        if two_at_a_time(move || password::is_reused(&before, &typed)).await {
            faults.add("password", ctx.words().say("password-fault-reused"));
        }
    }
    Ok(faults)
}

/// The page that asks for the address a link is sent to.
#[derive(Template)]
#[template(path = "reset.html")]
struct ResetPage {
    f: Frame,
    email: Field,
    sent: bool,
}

impl ResetPage {
    fn new(ctx: &Ctx, sent: bool) -> Self {
        let mut f = ctx.frame(ctx.words().say("reset-ask-title"));
        f.unlisted = true;
        ctx.is_personal();
        let email = Field::line("email", f.t("reset-email")).kind("email").autocomplete("email").need(&f);
        Self { f, email, sent }
    }
}

async fn forgotten(ctx: Ctx) -> Response {
    Page(ResetPage::new(&ctx, false)).into_response()
}

/// `POST /reset`: the same answer for everybody, whether there is an account or not.
async fn ask(ctx: Ctx, form: Form) -> Result<Response> {
    let email = people::email_key(form.text("email"));
    let own = format!("reset:{}", fingerprint(&email));
    limited(&ctx, &[(own, LETTERS), (from(&ctx, "reset"), LETTERS_FROM_ONE_PLACE)]).await?;
    let account = people::account_named(&ctx.db, &email).await?.filter(|account| account.closed_at.is_none());
    if let Some(account) = account
        && let Some(to) = account.email.clone()
    {
        let mut tx = ctx.db.begin().await?;
        letters::send(&ctx, &mut tx, LinkKind::Reset, &account, &to).await?;
        ctx.trail().note(&mut tx, Entry::new("account.reset-asked", account.id.subject())).await?;
        tx.commit().await?;
    }
    Ok(Page(ResetPage::new(&ctx, true)).into_response())
}

/// The page that confirms a new address.
#[derive(Template)]
#[template(path = "address.html")]
struct AddressPage {
    f: Frame,
    action: String,
    email: String,
}

async fn moving(ctx: Ctx, KeyPath(token): KeyPath) -> Result<Response> {
    let (link, _) = good(&ctx, &token, LinkKind::Address).await?;
    let mut f = ctx.frame(ctx.words().say("address-title"));
    f.unlisted = true;
    ctx.is_personal();
    Ok(Page(AddressPage { f, action: format!("/address/{token}"), email: link.address }).into_response())
}

async fn move_in(ctx: Ctx, KeyPath(token): KeyPath, form: Form) -> Result<Response> {
    let (link, account) = good(&ctx, &token, LinkKind::Address).await?;
    let holder = people::account_named(&ctx.db, &link.address).await?;
    if holder.is_some_and(|other| other.id != account.id) {
        return Err(Error::Gone);
    }
    let mut change = ctx.change(&form).await?;
    if !store::use_link(&mut change.tx, &fingerprint(&token), ctx.now).await? {
        return Err(Error::Gone);
    }
    // The old address hears of it.
    letters::tell(&ctx, &mut change.tx, &account, "address").await?;
    people::move_to(&mut change.tx, account.id, Some(&link.address)).await?;
    if let Ok(address) = link.address.parse() {
        mail::try_again(&mut change.tx, &address).await?;
    }
    let entry = Entry::new("account.moved", account.id.subject()).personal("email", link.address.clone());
    ctx.trail().note(&mut change.tx, entry).await?;
    let led = if ctx.actor.person().is_some() { "/account" } else { "/login" };
    change.done(led, "said-address-changed").await
}
