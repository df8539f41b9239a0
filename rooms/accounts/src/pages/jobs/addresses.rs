//! `/desk/jobs/addresses`: where letters came back from, until somebody says that an address works again.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::Method;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::mail::{self, Address};
use kyodo_kernel::people::{self, AccountId};
use kyodo_web::{Access, Ctx, Error, Form, Frame, Page, Result, filters, format};
use serde_json::json;

use super::{may_change, words};
use crate::{KEEPERS, actions};

/// So many addresses are shown; the others follow when these are tried again.
const SHOWN: i64 = 200;

#[derive(Template)]
#[template(path = "jobs-addresses.html")]
struct AddressesPage {
    f: Frame,
    rows: Vec<Row>,
    may: bool,
}

/// An address at which nobody is reached.
struct Row {
    address: String,
    name: Option<String>,
    href: Option<String>,
    since: String,
    trouble: String,
    reason: String,
}

/// `GET /desk/jobs/addresses`
pub(super) async fn list(ctx: Ctx) -> Result<Response> {
    let found = mail::undeliverables(&ctx.db, SHOWN).await?;
    let whose = |account: Option<i64>| account.map_or("undeliverable".to_owned(), |id| AccountId(id).subject());
    let shown: BTreeSet<String> = found.iter().map(|one| whose(one.account)).collect();
    let mut tx = ctx.db.begin().await?;
    for whose in shown.into_iter().filter(|own| *own != ctx.actor.subject()) {
        ctx.trail().note(&mut tx, Entry::new("account.looked", whose).detail(json!({ "at": "addresses" }))).await?;
    }
    tx.commit().await?;
    let f = ctx.frame(ctx.words().say("addresses-title")).at_desk().crumb("/desk", "nav-desk");
    let f = f.crumb("/desk/jobs", "nav-jobs").crumb("", "addresses-title");
    // Others may not see every account's page.
    let may_follow = Access::Roles(KEEPERS).admits(&ctx.actor, &Method::GET).is_ok();
    let rows = found.into_iter().map(|one| Row {
        href: one.account.filter(|_| may_follow).and_then(|id| actions::address(&ctx, &AccountId(id).subject())),
        since: format::long_moment(one.since, ctx.language),
        trouble: f.t(words::of_trouble(&one.reason)),
        address: one.address,
        name: one.name,
        reason: one.reason,
    });
    Ok(Page(AddressesPage { rows: rows.collect(), may: may_change(&ctx), f }).into_response())
}

/// `POST /desk/jobs/addresses/trial`
pub(super) async fn try_again(ctx: Ctx, form: Form) -> Result<Response> {
    // The page sends it as it stands in the list.
    let address: Address = form.text("address").parse().map_err(|_| Error::NotFound)?;
    let account = people::account_named(&ctx.db, &address.key()).await?;
    let mut change = ctx.change(&form).await?;
    mail::try_again(&mut change.tx, &address).await?;
    let subject = account.map_or_else(|| "undeliverable".to_owned(), |account| account.id.subject());
    let entry = Entry::new("address.tried", subject).personal("email", address.key());
    ctx.trail().note(&mut change.tx, entry).await?;
    change.done("/desk/jobs/addresses", "said-address-tried").await
}
