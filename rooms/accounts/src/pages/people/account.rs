//! Somebody new: an account, its first duty, and the letter that invites them.

use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit;
use kyodo_kernel::mail::Address;
use kyodo_kernel::people::{self, Account, NewAccount, email_key};
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::{Ctx, Faults, Form, Frame, KeyPath, Page, Result, Wrong};
use serde_json::json;

use super::{FormPage, address, duty, frame, somebody_open};
use crate::letters;
use crate::store::LinkKind;

/// Names are not longer.
const MOST: usize = 100;

/// `GET /desk/people/new`
pub(super) async fn form(ctx: Ctx) -> Result<Response> {
    let f = new_frame(&ctx);
    Ok(Page(page(&f, &Form::default(), &Faults::default())).into_response())
}

/// `POST /desk/people`
pub(super) async fn open(ctx: Ctx, form: Form) -> Result<Response> {
    // First, so that whoever sends it twice is led on instead of being told that the address is taken: by themselves.
    let mut change = ctx.change(&form).await?;
    let (f, mut faults) = (new_frame(&ctx), Faults::default());
    let new = new_account(&f, &form, &mut faults).await?;
    let (Some(duty), true) = (duty::heard(&f, &form, &mut faults), faults.is_empty()) else {
        return Ok(Wrong(page(&f, &form, &faults)).into_response());
    };
    let account = opened(&ctx, &mut change.tx, &new).await?;
    duty::give(&ctx, &mut change.tx, &account, &duty).await?;
    send(&ctx, &mut change.tx, &account).await?;
    change.done(&address(account.id), "said-invited").await
}

/// `POST /desk/people/{id}/invitation`: once more.
pub(super) async fn invite(ctx: Ctx, KeyPath(id): KeyPath, form: Form) -> Result<Response> {
    let account = somebody_open(&ctx, &id).await?;
    let mut change = ctx.change(&form).await?;
    let said = if send(&ctx, &mut change.tx, &account).await? { "said-invited-again" } else { "said-no-address" };
    change.done(&address(account.id), said).await
}

/// Opens an account and tells the trail.
pub(in crate::pages) async fn opened(ctx: &Ctx, tx: &mut kyodo_db::Tx, new: &NewAccount) -> Result<Account> {
    let id = people::open(tx, new, ctx.now).await?;
    let account = Account {
        id,
        name: new.name.clone(),
        kana: new.kana.clone(),
        email: new.email.as_deref().map(email_key),
        staff_number: new.staff_number.clone(),
        created_at: ctx.now,
        closed_at: None,
    };
    let mut entry = audit::Entry::new("account.opened", id.subject()).personal("name", &account.name);
    for (field, value) in [("email", &account.email), ("staff_number", &account.staff_number)] {
        if let Some(value) = value {
            entry = entry.personal(field, value);
        }
    }
    ctx.trail().note(tx, entry).await?;
    Ok(account)
}

/// Sends the invitation and tells the trail. False when there is no address to send it to.
pub(in crate::pages) async fn send(ctx: &Ctx, tx: &mut kyodo_db::Tx, account: &Account) -> Result<bool> {
    let Some(email) = account.email.as_deref() else {
        return Ok(false);
    };
    let sent = letters::send(ctx, tx, LinkKind::Invitation, account, email).await?;
    let entry = audit::Entry::new("account.invited", account.id.subject()).detail(json!({ "sent": sent }));
    ctx.trail().note(tx, entry.personal("email", email)).await?;
    Ok(sent)
}

fn new_frame(ctx: &Ctx) -> Frame {
    frame(ctx, ctx.words().say("people-new-title")).crumb("", "people-new-title")
}

fn page<'a>(f: &'a Frame, form: &Form, faults: &'a Faults) -> FormPage<'a> {
    let line = |name: &'static str, label: &str| Field::line(name, f.t(label)).most(MOST);
    let mut fields = vec![
        line("name", "people-name").need(f).hint(f.t("people-name-hint")).japanese(f),
        line("kana", "people-kana").hint(f.t("people-kana-hint")).japanese(f),
        Field::line("email", f.t("people-email")).kind("email").need(f).hint(f.t("people-email-hint")),
        line("number", "people-number").hint(f.t("people-number-hint")),
    ];
    fields.extend(duty::fields(f, None));
    FormPage {
        f,
        lead: f.t("people-new-lead"),
        facts: Vec::new(),
        wrongs: Wrongs { f, faults },
        action: "/desk/people".to_owned(),
        hidden: Vec::new(),
        fields: fields.into_iter().map(|field| field.heard(form, faults)).collect(),
        button: f.t("people-new-button"),
        is_dangerous: false,
        back: "/desk/people".to_owned(),
    }
}

async fn new_account(f: &Frame, form: &Form, faults: &mut Faults) -> Result<NewAccount> {
    let tidy = |name: &str| form.text(name).split_whitespace().collect::<Vec<_>>().join(" ");
    let (name, kana) = (tidy("name"), tidy("kana"));
    if name.is_empty() {
        faults.add("name", f.t("people-name-missing"));
    }
    for (field, value) in [("name", &name), ("kana", &kana)] {
        if value.chars().count() > MOST {
            faults.add(field, f.n("people-too-long", MOST));
        }
    }
    let email = form.text("email");
    if email.parse::<Address>().is_err() {
        faults.add("email", f.t(if email.is_empty() { "people-email-missing" } else { "people-email-wrong" }));
    }
    let number = number_of(form.text("number"));
    if number.len() > 20 || !number.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        faults.add("number", f.t("people-number-wrong"));
    }
    for (field, value, message) in [("email", email, "people-email-taken"), ("number", &number, "people-number-taken")]
    {
        if let Some(other) = taken(&f.ctx, value).await? {
            faults.add(field, f.with(message, &[("name", &other.name)]));
        }
    }
    let number = Some(number).filter(|number| !number.is_empty());
    Ok(NewAccount { name, kana, email: Some(email.to_owned()), staff_number: number, ..NewAccount::default() })
}

async fn taken(ctx: &Ctx, value: &str) -> Result<Option<Account>> {
    if value.is_empty() {
        return Ok(None);
    }
    Ok(people::account_named(&ctx.db, value).await?)
}

/// A staff number as it is kept: half-width, without spaces.
fn number_of(text: &str) -> String {
    kyodo_jptext::half_width(text).chars().filter(|c| !c.is_whitespace()).collect()
}
