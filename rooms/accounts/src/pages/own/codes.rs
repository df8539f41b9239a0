//! Codes from an app on the phone: beginning with a picture to take, proved by a first code, recovery codes shown once.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::Duration;
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::{self, Account};
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Html, Page, Result, Wrong, filters};
use serde_json::{Value, json};

use super::super::sign_in::code_clock;
use super::{Tab, WAYS, Ways, frame, needs_two, owner, proof_first, sign_in_name, step_key, tabs};
use crate::codes::{RECOVERY_CODES, TotpKey, picture, recovery_codes, recovery_mark};
use crate::letters;
use crate::store::{self, Step};

const HERE: &str = "/account/codes";
const STEP: &str = "codes";

/// Until when a key that nobody has proved yet is kept: an app may have to be fetched first.
const PATIENCE: Duration = Duration::minutes(30);

#[derive(Template)]
#[template(path = "own-codes.html")]
struct CodesPage {
    f: Frame,
    tabs: Vec<Tab>,
    faults: Faults,
    /// Since when there is an app.
    since: Option<String>,
    recovery: usize,
    /// Why the app cannot go.
    kept: Option<String>,
    /// A key that waits for its first code.
    begun: Option<BegunKey>,
}

struct BegunKey {
    picture: Html,
    spelled: String,
    code: Field,
}

impl CodesPage {
    async fn new(ctx: &Ctx, account: &Account, faults: Faults) -> Result<Self> {
        let f = frame(ctx, "own-codes-title");
        let ways = Ways::of(ctx, account.id).await?;
        let rules = store::rules(&ctx.db).await?;
        let begun = begun(ctx, account).await?.map(|(key, _)| BegunKey {
            picture: Html(picture(&key.address(&ctx.state.profile.name, sign_in_name(account))).unwrap_or_default()),
            spelled: key.spelled(),
            code: Field::line("code", f.t("own-codes-first"))
                .inputmode("numeric")
                .autocomplete("one-time-code")
                .need(&f)
                .heard(&Form::default(), &faults),
        });
        Ok(Self {
            tabs: tabs(&f, WAYS),
            since: ways.app.as_ref().map(|app| f.day(kyodo_kernel::clock::local(app.since).date())),
            recovery: ways.recovery,
            kept: ways.keeps_app(needs_two(ctx, &rules)?).map(|message| f.t(message)),
            begun,
            faults,
            f,
        })
    }

    fn wrongs(&self) -> Wrongs<'_> {
        Wrongs { f: &self.f, faults: &self.faults }
    }
}

/// Recovery codes, on the one page that ever shows them.
#[derive(Template)]
#[template(path = "own-recovery.html")]
struct RecoveryPage {
    f: Frame,
    done: String,
    codes: [String; RECOVERY_CODES],
    has_desk: bool,
}

impl RecoveryPage {
    fn new(ctx: &Ctx, done: &str, codes: [String; RECOVERY_CODES]) -> Result<Self> {
        let f = frame(ctx, "own-recovery-title");
        Ok(Self { done: f.t(done), codes, has_desk: ctx.person()?.has_desk(), f })
    }
}

/// `GET /account/codes`
pub(super) async fn codes(ctx: Ctx) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, HERE)? {
        return Ok(first);
    }
    let account = owner(&ctx).await?;
    Ok(Page(CodesPage::new(&ctx, &account, Faults::default()).await?).into_response())
}

/// `POST /account/codes`: a new key, which waits for its first code. An app that is there stays until then.
pub(super) async fn begin(ctx: Ctx, form: Form) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, HERE)? {
        return Ok(first);
    }
    let account = ctx.person()?.id;
    let (mut bytes, mut nonce) = ([0; 20], [0; 24]);
    bytes.copy_from_slice(&ctx.house.chance.bytes()[..20]);
    nonce.copy_from_slice(&ctx.house.chance.bytes()[..24]);
    let locked = TotpKey::new(bytes).lock(&ctx.city.secret.derive("codes"), nonce, account.0);
    let step = Step { account: Some(account), kept: json!({ "locked": locked }), leads_to: String::new() };
    let mut change = ctx.change(&form).await?;
    store::put_step(&mut change.tx, &step_key(STEP, account), STEP, &step, ctx.now + PATIENCE).await?;
    change.done(HERE, "said-own-codes-begun").await
}

/// `POST /account/codes/confirmation`: the first code proves that the app shows the right ones.
pub(super) async fn confirm(ctx: Ctx, form: Form) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, HERE)? {
        return Ok(first);
    }
    let account = owner(&ctx).await?;
    let step = step_key(STEP, account.id);
    if form.has("stop") {
        let mut change = ctx.change(&form).await?;
        store::drop_step(&mut change.tx, &step).await?;
        return change.done(HERE, "said-own-codes-stopped").await;
    }
    let over = || led_to(HERE, "said-step-over", ctx.house.settings.https);
    // The lock comes first: who sends the form twice is led on, and does not hear that the key is gone.
    let mut change = ctx.change(&form).await?;
    let Some((key, locked)) = begun(&ctx, &account).await? else {
        return Ok(over());
    };
    let Some(first) = key.matches(form.text("code"), code_clock(&ctx), None) else {
        drop(change);
        let mut faults = Faults::default();
        faults.add("code", ctx.words().say("code-wrong"));
        return Ok(Wrong(CodesPage::new(&ctx, &account, faults).await?).into_response());
    };
    if !store::drop_step(&mut change.tx, &step).await? {
        return Ok(over());
    }
    store::put_code_app(&mut change.tx, account.id, &locked, first, ctx.now).await?;
    let codes = new_recovery_codes(&ctx, &mut change.tx, &account).await?;
    people::complete(&mut change.tx, account.id).await?;
    letters::tell(&ctx, &mut change.tx, &account, "codes-made").await?;
    ctx.trail().note(&mut change.tx, Entry::new("account.codes-set", account.id.subject())).await?;
    // What is shown once is shown by the answer itself: nothing of it is kept for a page after.
    change.done(HERE, "said-saved").await?;
    Ok(Page(RecoveryPage::new(&ctx, "own-codes-done", codes)?).into_response())
}

/// `POST /account/codes/recovery`: new recovery codes; the old are worthless.
pub(super) async fn recover(ctx: Ctx, form: Form) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, HERE)? {
        return Ok(first);
    }
    let account = owner(&ctx).await?;
    if store::code_app(&ctx.db, account.id).await?.is_none() {
        return Err(Error::NotFound);
    }
    let mut change = ctx.change(&form).await?;
    let codes = new_recovery_codes(&ctx, &mut change.tx, &account).await?;
    letters::tell(&ctx, &mut change.tx, &account, "recovery").await?;
    ctx.trail().note(&mut change.tx, Entry::new("account.recovery-codes-made", account.id.subject())).await?;
    change.done(HERE, "said-saved").await?;
    Ok(Page(RecoveryPage::new(&ctx, "own-recovery-done", codes)?).into_response())
}

/// `POST /account/codes/removal`
pub(super) async fn remove(ctx: Ctx, form: Form) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, HERE)? {
        return Ok(first);
    }
    let account = owner(&ctx).await?;
    let rules = store::rules(&ctx.db).await?;
    let mut change = ctx.change(&form).await?;
    let ways = Ways::of(&ctx, account.id).await?;
    if let Some(message) = ways.keeps_app(needs_two(&ctx, &rules)?) {
        drop(change);
        let mut faults = Faults::default();
        faults.add("removal", ctx.words().say(message));
        return Ok(Wrong(CodesPage::new(&ctx, &account, faults).await?).into_response());
    }
    store::drop_codes(&mut change.tx, account.id).await?;
    if ways.app.is_some() {
        letters::tell(&ctx, &mut change.tx, &account, "codes-gone").await?;
        ctx.trail().note(&mut change.tx, Entry::new("account.codes-removed", account.id.subject())).await?;
    }
    change.done(HERE, "said-own-codes-gone").await
}

/// The key that waits for its first code, and how it lies locked.
async fn begun(ctx: &Ctx, account: &Account) -> Result<Option<(TotpKey, String)>> {
    let Some(step) = store::step(&ctx.db, &step_key(STEP, account.id), STEP, ctx.now).await? else {
        return Ok(None);
    };
    let locked = step.kept.get("locked").and_then(Value::as_str).unwrap_or_default().to_owned();
    let key = TotpKey::open(&ctx.city.secret.derive("codes"), account.id.0, &locked).ok();
    Ok(key.map(|key| (key, locked)))
}

async fn new_recovery_codes(ctx: &Ctx, tx: &mut Tx, account: &Account) -> Result<[String; RECOVERY_CODES]> {
    let codes = recovery_codes(ctx.house.chance.bytes());
    let secret = ctx.city.secret.derive("codes");
    let marks: Vec<String> = codes.iter().filter_map(|code| recovery_mark(&secret, account.id.0, code)).collect();
    store::put_recovery_codes(tx, account.id, &marks).await?;
    Ok(codes)
}
