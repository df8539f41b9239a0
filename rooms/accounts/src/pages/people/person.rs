//! The page of somebody: who it is, which duties they held and hold, and what may be done about it.

use std::collections::HashMap;

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit;
use kyodo_kernel::people::{self, Account, Duty, Role};
use kyodo_web::{Ctx, Error, Frame, KeyPath, Page, Result, filters, format};

use super::{address, frame, held, keeps, sees_contacts, somebody, term};
use crate::store::people::Deputy;
use crate::store::{self, LinkKind};

#[derive(Template)]
#[template(path = "people-person.html")]
struct PersonPage<'a> {
    f: &'a Frame,
    name: &'a str,
    kana: &'a str,
    href: String,
    standing: Vec<String>,
    duties: Vec<Held>,
    past: Vec<Held>,
    contact: Option<Contact>,
    /// Whether the reader may change something about somebody whose account is open.
    keeps: bool,
}

/// A duty with what may be done about it.
struct Held {
    role: String,
    term: String,
    note: String,
    /// Who stands in, or for whom.
    deputies: Vec<String>,
    ending: Option<String>,
    deputy: Option<String>,
}

/// What only those who keep people see.
struct Contact {
    number: String,
    email: String,
    invitation: String,
    can_be_invited: bool,
    seen: String,
    sessions: String,
    has_sessions: bool,
}

/// `GET /desk/people/{id}`
pub(super) async fn show(ctx: Ctx, KeyPath(id): KeyPath) -> Result<Response> {
    let account = somebody(&ctx, &id).await?;
    let duties = people::duties(&ctx.db, account.id).await?;
    let works_here = duties.iter().any(|duty| duty.role != Role::Resident && is_left(&ctx, duty));
    let is_own = ctx.person()?.id == account.id;
    if !sees_contacts(&ctx) && !works_here && !is_own {
        return Err(Error::NotFound);
    }
    if !is_own {
        let mut tx = ctx.db.begin().await?;
        ctx.trail().note(&mut tx, audit::Entry::new("account.looked", account.id.subject())).await?;
        tx.commit().await?;
    }
    let f = frame(&ctx, &account.name).crumb_named(String::new(), &account.name);
    Ok(Page(page(&f, &account, &duties).await?).into_response())
}

async fn page<'a>(f: &'a Frame, account: &'a Account, duties: &[Duty]) -> Result<PersonPage<'a>> {
    let ctx = &f.ctx;
    let keeps = keeps(ctx) && account.closed_at.is_none();
    let contact = if sees_contacts(ctx) { Some(contact(f, account).await?) } else { None };
    let (left, past): (Vec<_>, Vec<_>) = duties.iter().partition(|duty| is_left(ctx, duty));
    let told = Told {
        f,
        keeps,
        account,
        deputies: store::people::deputies(&ctx.db, account.id).await?,
        stood_in_for: store::people::stood_in_for(&ctx.db, account.id).await?,
        notes: if contact.is_some() { store::people::notes(&ctx.db, account.id).await? } else { HashMap::new() },
    };
    let mut standing: Vec<String> = left
        .iter()
        .filter(|duty| duty.is_in_force(ctx.today))
        .map(|duty| held(f, duty.role, duty.department.as_deref()))
        .collect();
    if let Some(closed) = account.closed_at {
        standing
            .push(f.with("person-closed", &[("day", &format::day(kyodo_kernel::clock::day_of(closed), ctx.language))]));
    } else if standing.is_empty() {
        standing.push(f.t("people-stands-idle"));
    }
    Ok(PersonPage {
        name: &account.name,
        kana: &account.kana,
        href: address(account.id),
        standing,
        duties: left.into_iter().map(|duty| told.duty(duty)).collect(),
        past: past.into_iter().map(|duty| told.duty(duty)).collect(),
        contact,
        keeps,
        f,
    })
}

/// Whether a duty is held now or later.
fn is_left(ctx: &Ctx, duty: &Duty) -> bool {
    duty.ends_on.is_none_or(|last| last >= ctx.today && last >= duty.starts_on)
}

/// What is told of somebody's duties.
struct Told<'a> {
    f: &'a Frame,
    keeps: bool,
    account: &'a Account,
    deputies: Vec<Deputy>,
    stood_in_for: Vec<Deputy>,
    notes: HashMap<i64, String>,
}

impl Told<'_> {
    fn duty(&self, duty: &Duty) -> Held {
        let (f, href) = (self.f, address(self.account.id));
        let can_change = self.keeps && is_left(&f.ctx, duty);
        let named = |message: &str, one: &Deputy| {
            f.with(message, &[("name", &one.name), ("term", &term(f, one.starts_on, one.ends_on))])
        };
        let stands_in = self.stood_in_for.iter().filter(|one| one.id == duty.id);
        let deputies = self.deputies.iter().filter(|one| one.main == duty.id);
        Held {
            role: held(f, duty.role, duty.department.as_deref()),
            term: term(f, duty.starts_on, duty.ends_on),
            note: self.notes.get(&duty.id).cloned().unwrap_or_default(),
            deputies: stands_in
                .map(|one| f.with("person-stands-in-for", &[("name", &one.name)]))
                .chain(deputies.map(|one| named("person-deputy", one)))
                .collect(),
            ending: can_change.then(|| format!("{href}/endings?duty={}", duty.id)),
            deputy: (can_change && duty.deputy_of.is_none()).then(|| format!("{href}/deputies?duty={}", duty.id)),
        }
    }
}

async fn contact(f: &Frame, account: &Account) -> Result<Contact> {
    let ctx = &f.ctx;
    let seen = store::people::seen(&ctx.db, account.id).await?;
    let sessions = people::sessions(&ctx.db, account.id, ctx.now).await?.len();
    let invitation = store::last_link(&ctx.db, account.id, LinkKind::Invitation).await?;
    let (message, at) = match invitation {
        _ if seen.is_some() => ("invitation-done", None),
        None => ("invitation-none", None),
        Some((_, _, Some(_))) => ("invitation-used", None),
        Some((_, until, None)) if until <= ctx.now => ("invitation-over", Some(until)),
        Some((_, until, None)) => ("invitation-waits", Some(until)),
    };
    let at = at.map(|at| format::long_moment(at, ctx.language)).unwrap_or_default();
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| f.t("people-none"));
    Ok(Contact {
        number: or_none(&account.staff_number),
        email: or_none(&account.email),
        invitation: f.with(message, &[("until", &at)]),
        can_be_invited: seen.is_none() && account.email.is_some(),
        sessions: f.n("person-sessions-count", sessions),
        has_sessions: sessions > 0,
        seen: seen.map_or_else(|| f.t("person-never-seen"), |at| format::long_moment(at, ctx.language)),
    })
}
