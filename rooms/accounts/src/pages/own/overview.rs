//! What the city knows of somebody, and how they come in.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use kyodo_kernel::mail::{self, Address, Undeliverable};
use kyodo_kernel::people::{self, Account, Duty};
use kyodo_web::{Ctx, Frame, Page, Result, filters, format};

use super::{ME, Tab, Ways, frame, owner, tabs};
use kyodo_kernel::clock::local;

#[derive(Template)]
#[template(path = "own.html")]
struct OverviewPage {
    f: Frame,
    tabs: Vec<Tab>,
    name: String,
    kana: String,
    email: Option<String>,
    /// Since when mail comes back, and why.
    undeliverable: Option<(String, String)>,
    staff_number: Option<String>,
    duties: Vec<DutyLine>,
    /// Since when there is a password.
    password: Option<String>,
    passkeys: usize,
    app: Option<String>,
    recovery: usize,
    providers: Vec<(String, String)>,
    has_desk: bool,
}

struct DutyLine {
    role: String,
    department: Option<String>,
    deputy: bool,
    from: String,
    to: Option<String>,
    standing: &'static str,
}

/// What is known of somebody, and since when they can come in which way.
#[derive(Debug, PartialEq)]
struct Known {
    account: Account,
    duties: Vec<Duty>,
    password: Option<DateTime<Utc>>,
    passkeys: usize,
    app: Option<DateTime<Utc>>,
    recovery: usize,
    providers: Vec<(String, DateTime<Utc>)>,
}

/// Why letters do not reach somebody, if they do not.
#[derive(Debug, PartialEq)]
struct Reached(Option<Undeliverable>);

/// `GET /account`
pub(super) async fn overview(ctx: Ctx) -> Result<Response> {
    let known = ctx.remembered(&ctx.reader()?, known(&ctx)).await?;
    let account = known.account.clone();
    let reached = async {
        Ok(Reached(match account.email.as_deref().and_then(|email| email.parse::<Address>().ok()) {
            Some(address) => mail::undeliverable(&ctx.db, &address).await?,
            None => None,
        }))
    };
    let reached = ctx.briefly(&ctx.reader()?, reached).await?;
    let f = frame(&ctx, super::TITLE);
    let since = |at| f.day(local(at).date());
    let page = OverviewPage {
        tabs: tabs(&f, ME),
        undeliverable: reached.0.as_ref().map(|it| (format::long_moment(it.since, ctx.language), it.reason.clone())),
        duties: known.duties.iter().map(|duty| line(&f, duty)).collect(),
        password: known.password.map(since),
        passkeys: known.passkeys,
        app: known.app.map(since),
        recovery: known.recovery,
        providers: known.providers.iter().map(|(name, at)| (name.clone(), since(*at))).collect(),
        has_desk: ctx.person()?.has_desk(),
        name: account.name,
        kana: account.kana,
        email: account.email,
        staff_number: account.staff_number,
        f,
    };
    Ok(Page(page).into_response())
}

async fn known(ctx: &Ctx) -> Result<Known> {
    let account = owner(ctx).await?;
    let ways = Ways::of(ctx, account.id).await?;
    Ok(Known {
        duties: people::duties(&ctx.db, account.id).await?,
        password: ways.password,
        passkeys: ways.passkeys.len(),
        app: ways.app.map(|app| app.since),
        recovery: ways.recovery,
        providers: ways.providers,
        account,
    })
}

fn line(f: &Frame, duty: &Duty) -> DutyLine {
    let today = f.ctx.today;
    DutyLine {
        role: f.t(duty.role.message()),
        department: duty.department.as_deref().map(|key| {
            f.ctx.state.department(key).map_or_else(|| key.to_owned(), |department| department.name.clone())
        }),
        deputy: duty.deputy_of.is_some(),
        from: f.day(duty.starts_on),
        to: duty.ends_on.map(|last| f.day(last)),
        standing: match duty {
            duty if duty.starts_on > today => "own-duty-later",
            duty if duty.is_in_force(today) => "own-duty-now",
            _ => "own-duty-over",
        },
    }
}
