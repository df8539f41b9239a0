//! `/desk/people`: who may do what, since when, until when.

pub(super) mod account;
mod administration;
mod closure;
pub(super) mod duty;
mod list;
mod person;

use askama::Template;
use chrono::NaiveDate;
use http::Method;
use kyodo_kernel::Language;
use kyodo_kernel::people::{self, Account, AccountId, Role};
use kyodo_web::components::{Choice, Field, Wrongs, choice};
use kyodo_web::{Access, Ctx, DESK, Error, Faults, Form, Frame, Result, Routes, filters};

use crate::KEEPERS;

/// The addresses of these pages.
pub(super) fn routes() -> Routes {
    let keepers = Access::Roles(KEEPERS);
    Routes::new()
        .get("/desk/people", DESK, list::list)
        .post("/desk/people", keepers, account::open)
        .get("/desk/people/new", keepers, account::form)
        .get("/desk/people/{id}", DESK, person::show)
        .get("/desk/people/{id}/duties", keepers, duty::form)
        .post("/desk/people/{id}/duties", keepers, duty::post)
        .get("/desk/people/{id}/endings", keepers, duty::ending_form)
        .post("/desk/people/{id}/endings", keepers, duty::post_ending)
        .get("/desk/people/{id}/deputies", keepers, duty::deputy_form)
        .post("/desk/people/{id}/deputies", keepers, duty::post_deputy)
        .post("/desk/people/{id}/invitation", keepers, account::invite)
        .get("/desk/people/{id}/closure", keepers, closure::form)
        .post("/desk/people/{id}/closure", keepers, closure::post)
        .post("/desk/people/{id}/sessions/end", keepers, closure::end_sessions)
}

/// A page that is one form: what it is about, its fields, its button.
#[derive(Template)]
#[template(path = "people-form.html")]
struct FormPage<'a> {
    f: &'a Frame,
    lead: String,
    /// What is known already: label and text.
    facts: Vec<(String, String)>,
    wrongs: Wrongs<'a>,
    action: String,
    hidden: Vec<(&'static str, String)>,
    fields: Vec<Field>,
    button: String,
    is_dangerous: bool,
    back: String,
}

/// Whether the reader is shown addresses and numbers, and those who have no duty at a desk.
fn sees_contacts(ctx: &Ctx) -> bool {
    Access::Roles(KEEPERS).admits(&ctx.actor, &Method::GET).is_ok()
}

/// Whether the reader may change who does what.
fn keeps(ctx: &Ctx) -> bool {
    Access::Roles(KEEPERS).admits(&ctx.actor, &Method::POST).is_ok()
}

/// The frame of a page below the list.
fn frame(ctx: &Ctx, title: impl Into<String>) -> Frame {
    ctx.frame(title).at_desk().crumb("/desk", "nav-desk").crumb("/desk/people", "nav-people")
}

/// The frame of a page below the page of somebody.
fn frame_of(ctx: &Ctx, account: &Account, message: &str) -> Frame {
    frame(ctx, ctx.words().say(message)).crumb_named(address(account.id), &account.name).crumb("", message)
}

/// The page of somebody.
pub(super) fn address(id: AccountId) -> String {
    format!("/desk/people/{}", id.0)
}

/// The account of an address.
async fn somebody(ctx: &Ctx, id: &str) -> Result<Account> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    people::account(&ctx.db, AccountId(id)).await?.ok_or(Error::NotFound)
}

/// The account of an address, which is still open.
async fn somebody_open(ctx: &Ctx, id: &str) -> Result<Account> {
    Some(somebody(ctx, id).await?).filter(|account| account.closed_at.is_none()).ok_or(Error::Gone)
}

/// A role with the department it is held in.
pub(super) fn held(f: &Frame, role: Role, department: Option<&str>) -> String {
    let role = f.t(role.message());
    match department {
        Some(key) => f.with("people-role-in", &[("role", &role), ("department", department_name(&f.ctx, key))]),
        None => role,
    }
}

/// A department's name; the key of one that is gone.
pub(super) fn department_name<'k>(ctx: &'k Ctx, key: &'k str) -> &'k str {
    ctx.state.department(key).map_or(key, |department| department.name.as_str())
}

/// From which day to which.
pub(super) fn term(f: &Frame, from: NaiveDate, to: Option<NaiveDate>) -> String {
    match to {
        Some(to) if to < from => f.with("people-term-never", &[("from", &f.day(from))]),
        Some(to) => f.with("people-term", &[("from", &f.day(from)), ("to", &f.day(to))]),
        None => f.with("people-term-open", &[("from", &f.day(from))]),
    }
}

/// The roles that are given here: nobody is made a resident.
fn roles(f: &Frame, chosen: Option<Role>, none: &str) -> Vec<Choice> {
    let given = Role::ALL.into_iter().filter(|role| *role != Role::Resident);
    let first = std::iter::once(choice("", f.t(none), chosen.is_none()));
    first.chain(given.map(|role| choice(role.name(), f.t(role.message()), chosen == Some(role)))).collect()
}

/// The departments that people work in.
fn departments(f: &Frame, chosen: Option<&str>, none: &str) -> Vec<Choice> {
    let real = f.ctx.state.departments.iter().filter(|department| !department.placeholder);
    let first = std::iter::once(choice("", f.t(none), chosen.is_none()));
    first.chain(real.map(|own| choice(&own.key, &own.name, chosen == Some(own.key.as_str())))).collect()
}

/// A field for a day, as people write it.
pub(super) fn day_field(f: &Frame, name: &'static str, label: &str, hint: &str) -> Field {
    Field::line(name, f.t(label)).hint(f.with(hint, &[("day", &kyodo_wareki::short_date(f.ctx.today))]))
}

/// The day that was written into a field; none when the field is empty, or wrong, which is told.
pub(super) fn day_of(f: &Frame, form: &Form, faults: &mut Faults, name: &str) -> Option<NaiveDate> {
    match kyodo_wareki::parse_date(form.some(name)?) {
        Ok(day) => Some(day),
        // The sentences of the calendar are Japanese.
        Err(fault) if f.ctx.language == Language::Japanese => {
            faults.add(name, fault.to_string());
            None
        }
        Err(_) => {
            faults.add(name, f.t("people-day-wrong"));
            None
        }
    }
}

/// The same, of a field that must not be empty.
pub(super) fn needed_day_of(f: &Frame, form: &Form, faults: &mut Faults, name: &str) -> Option<NaiveDate> {
    if form.some(name).is_none() {
        faults.add(name, f.t("people-day-missing"));
    }
    day_of(f, form, faults, name)
}
