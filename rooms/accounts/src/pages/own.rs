//! `/account`: what somebody sees and changes of their own account. Whoever changes how they sign in, or leaves, proves
//! once more who they are.

mod address;
mod closing;
mod codes;
mod device;
mod looks;
mod overview;
mod passkeys;
mod password;
mod proof;
mod record;
mod sessions;
mod ways;

use axum::response::Response;
use chrono::Duration;
use kyodo_kernel::people::{self, Account, AccountId};
use kyodo_web::form::seen_at;
use kyodo_web::{Access, Ctx, Error, Frame, Result, Routes};

use self::ways::Ways;

/// The addresses of these pages. Everybody has them, whatever they may do otherwise: an account is its owner's.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/account", Access::SignedIn, overview::overview)
        .get("/account/data.json", Access::SignedIn, record::record)
        .get("/account/proof", Access::SignedIn, proof::ask)
        .post("/account/proof", Access::SignedIn, proof::prove)
        .post("/account/proof/options", Access::SignedIn, proof::options)
        .get("/account/password", Access::SignedIn, password::ask)
        .post("/account/password", Access::SignedIn, password::set)
        .get("/account/codes", Access::SignedIn, codes::codes)
        .post("/account/codes", Access::SignedIn, codes::begin)
        .post("/account/codes/confirmation", Access::SignedIn, codes::confirm)
        .post("/account/codes/recovery", Access::SignedIn, codes::recover)
        .post("/account/codes/removal", Access::SignedIn, codes::remove)
        .get("/account/passkeys", Access::SignedIn, passkeys::passkeys)
        .post("/account/passkeys", Access::SignedIn, passkeys::make)
        .post("/account/passkeys/options", Access::SignedIn, passkeys::options)
        .post("/account/passkeys/{id}/removal", Access::SignedIn, passkeys::remove)
        .get("/account/sessions", Access::SignedIn, sessions::sessions)
        .post("/account/sessions/endings", Access::SignedIn, sessions::end)
        .get("/account/address", Access::SignedIn, address::ask)
        .post("/account/address", Access::SignedIn, address::change)
        .get("/account/looks", Access::SignedIn, looks::looks)
        .get("/account/closing", Access::SignedIn, closing::ask)
        .post("/account/closing", Access::SignedIn, closing::close)
}

/// How long a proof lasts for what is worth a second look.
const PROVED: Duration = Duration::minutes(10);

/// The account of whoever asks.
async fn owner(ctx: &Ctx) -> Result<Account> {
    people::account(&ctx.db, ctx.person()?.id).await?.ok_or(Error::SignIn)
}

/// Where whoever asks must go before they go on here: to prove who they are, unless they just did.
fn proof_first(ctx: &Ctx, here: &str) -> Result<Option<Response>> {
    let proved = ctx.now - ctx.person()?.proved_at < PROVED;
    Ok((!proved).then(|| seen_at(&format!("/account/proof?to={here}"))))
}

/// Whether the city wants more of somebody than a password: of its staff, where its rules say so.
fn needs_two(ctx: &Ctx, rules: &crate::rules::Rules) -> Result<bool> {
    let staff = ctx.person()?.duties.iter().any(|duty| duty.role.is_staff());
    // The demo's accounts and passwords are printed for everybody to try.
    Ok(staff && rules.password.staff_second_factor && !ctx.state.demo)
}

/// What an authenticator files the account under: what its owner signs in with.
fn sign_in_name(account: &Account) -> &str {
    account.email.as_deref().or(account.staff_number.as_deref()).unwrap_or(&account.name)
}

/// Under what a step of one account is found: it belongs to the account, and needs no cookie of its own.
fn step_key(kind: &str, account: AccountId) -> String {
    crate::letters::fingerprint(&format!("{kind}:{}", account.0))
}

/// A page's frame, on the way from the account.
fn frame(ctx: &Ctx, title: &str) -> Frame {
    let f = ctx.frame(ctx.words().say(title)).at_desk().crumb("/account", TITLE);
    if title == TITLE { f } else { f.crumb("", title) }
}

const TITLE: &str = "own-title";

/// A line of the account's own navigation.
pub(super) struct Tab {
    pub(super) href: &'static str,
    pub(super) label: String,
    pub(super) current: bool,
}

const ME: &str = "/account";
const WAYS: &str = "/account#ways";
const SESSIONS: &str = "/account/sessions";
const LOOKS: &str = "/account/looks";
const ADDRESS: &str = "/account/address";
/// What is written to somebody: the page stands in `pages/mail.rs`.
pub(super) const MAIL: &str = "/account/mail";

const TABS: [(&str, &str); 5] = [
    (ME, "own-tab-me"),
    (WAYS, "own-tab-ways"),
    (SESSIONS, "own-tab-sessions"),
    (LOOKS, "own-tab-looks"),
    (MAIL, "own-tab-mail"),
];

/// The account's own navigation as a page shows it.
pub(super) fn tabs(f: &Frame, here: &str) -> Vec<Tab> {
    TABS.into_iter().map(|(href, label)| Tab { href, label: f.t(label), current: href == here }).collect()
}
