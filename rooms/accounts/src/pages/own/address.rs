//! A new address for mail: it counts once somebody has read there what was sent there.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::mail::{self, Address, Undeliverable};
use kyodo_kernel::people::{self, Account};
use kyodo_kernel::secret::hex;
use kyodo_kernel::throttle::Limit;
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::{Ctx, Faults, Form, Frame, Page, Result, Wrong, filters, format};

use super::super::sign_in::limited;
use super::{ADDRESS, ME, Tab, frame, owner, proof_first, tabs};
use crate::letters::{self, fingerprint};
use crate::store::{self, Link, LinkKind};

/// So many letters may be asked for.
const LETTERS: Limit = Limit { most: 5, minutes: 60 };

#[derive(Template)]
#[template(path = "own-address.html")]
struct AddressPage {
    f: Frame,
    tabs: Vec<Tab>,
    faults: Faults,
    current: Option<String>,
    /// Since when mail comes back, and why.
    undeliverable: Option<(String, String)>,
    /// The address that waits to be confirmed, and until when.
    awaited: Option<(String, String)>,
    email: Field,
}

impl AddressPage {
    async fn new(ctx: &Ctx, account: Account, form: &Form, faults: Faults) -> Result<Self> {
        let f = frame(ctx, "own-address-title");
        let moment = |at| format::long_moment(at, ctx.language);
        let awaited = store::awaited_address(&ctx.db, account.id, ctx.now).await?;
        Ok(Self {
            tabs: tabs(&f, ME),
            undeliverable: undeliverable(ctx, &account).await?.map(|since| (moment(since.since), since.reason)),
            awaited: awaited.map(|(address, until)| (address, moment(until))),
            current: account.email,
            email: Field::line("email", f.t("own-address-new"))
                .kind("email")
                .autocomplete("email")
                .hint(f.t("own-address-hint"))
                .need(&f)
                .heard(form, &faults),
            faults,
            f,
        })
    }

    fn wrongs(&self) -> Wrongs<'_> {
        Wrongs { f: &self.f, faults: &self.faults }
    }
}

/// `GET /account/address`
pub(super) async fn ask(ctx: Ctx) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, ADDRESS)? {
        return Ok(first);
    }
    let account = owner(&ctx).await?;
    Ok(Page(AddressPage::new(&ctx, account, &Form::default(), Faults::default()).await?).into_response())
}

/// `POST /account/address`
pub(super) async fn change(ctx: Ctx, form: Form) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, ADDRESS)? {
        return Ok(first);
    }
    let account = owner(&ctx).await?;
    let wrong = |ctx: &Ctx, message: &str| {
        let mut faults = Faults::default();
        faults.add("email", ctx.words().say(message));
        faults
    };
    let Ok(address) = form.text("email").parse::<Address>() else {
        let faults = wrong(&ctx, "own-address-wrong");
        return Ok(Wrong(AddressPage::new(&ctx, account, &form, faults).await?).into_response());
    };
    if account.email.as_deref() == Some(address.key().as_str()) {
        if undeliverable(&ctx, &account).await?.is_none() {
            let faults = wrong(&ctx, "own-address-same");
            return Ok(Wrong(AddressPage::new(&ctx, account, &form, faults).await?).into_response());
        }
        let mut change = ctx.change(&form).await?;
        mail::try_again(&mut change.tx, &address).await?;
        ctx.trail().note(&mut change.tx, Entry::new("account.address-trusted", account.id.subject())).await?;
        return change.done(ADDRESS, "said-own-address-again").await;
    }
    limited(&ctx, &[(format!("address:{}", account.id.0), LETTERS)]).await?;
    let mut change = ctx.change(&form).await?;
    let to = address.to_string();
    let known = people::account_named(&ctx.db, &to).await?;
    if known.is_some() {
        // Nobody learns here whose an address is: all looks the same, only that no letter leaves.
        let link = Link { account: account.id, address: to.clone() };
        let token = fingerprint(&hex(&ctx.house.chance.bytes()));
        let until = ctx.now + letters::lasting(LinkKind::Address);
        store::put_link(&mut change.tx, &token, LinkKind::Address, &link, ctx.now, until).await?;
    } else {
        // Its owner says that it works, whatever came back from there before.
        mail::try_again(&mut change.tx, &address).await?;
        letters::send(&ctx, &mut change.tx, LinkKind::Address, &account, &to).await?;
    }
    letters::tell(&ctx, &mut change.tx, &account, "address-asked").await?;
    let entry = Entry::new("account.address-asked", account.id.subject()).personal("email", to);
    ctx.trail().note(&mut change.tx, entry).await?;
    change.done(ADDRESS, "said-own-address-asked").await
}

async fn undeliverable(ctx: &Ctx, account: &Account) -> Result<Option<Undeliverable>> {
    match account.email.as_deref().and_then(|email| email.parse::<Address>().ok()) {
        Some(address) => Ok(mail::undeliverable(&ctx.db, &address).await?),
        None => Ok(None),
    }
}
