//! Giving a duty, ending it, and naming who stands in for its holder.

use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use kyodo_db::Tx;
use kyodo_kernel::people::{self, Account, AccountId, Duty, NewDuty, Place, Role};
use kyodo_kernel::{Language, audit, notices};
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::{Ctx, Error, Faults, Form, Frame, KeyPath, Page, Params, Result, Wrong};
use serde_json::json;

use super::{
    FormPage, address, administration, day_field, day_of, department_name, departments, frame_of, held, needed_day_of,
    roles, somebody_open, term,
};
use crate::store::people::{Deputy, administrators, deputies};

/// Notes are not longer.
const MOST: usize = 200;

/// `GET /desk/people/{id}/duties`
pub(super) async fn form(ctx: Ctx, KeyPath(id): KeyPath) -> Result<Response> {
    let account = somebody_open(&ctx, &id).await?;
    let f = frame_of(&ctx, &account, "duty-give-title");
    Ok(Page(page(&f, &account, &Form::default(), &Faults::default())).into_response())
}

/// `POST /desk/people/{id}/duties`
pub(super) async fn post(ctx: Ctx, KeyPath(id): KeyPath, form: Form) -> Result<Response> {
    let account = somebody_open(&ctx, &id).await?;
    let mut change = ctx.change(&form).await?;
    let (f, mut faults) = (frame_of(&ctx, &account, "duty-give-title"), Faults::default());
    let new = heard(&f, &form, &mut faults);
    if let Some(new) = &new
        && let Some(same) = people::duties(&ctx.db, account.id).await?.iter().find(|duty| overlaps(duty, new))
    {
        faults.add("role", f.with("duty-same", &[("term", &term(&f, same.starts_on, same.ends_on))]));
    }
    let Some(new) = new.filter(|_| faults.is_empty()) else {
        return Ok(Wrong(page(&f, &account, &form, &faults)).into_response());
    };
    give(&ctx, &mut change.tx, &account, &new).await?;
    change.done(&address(account.id), "said-duty-given").await
}

/// `GET /desk/people/{id}/endings?duty=3`
pub(super) async fn ending_form(ctx: Ctx, KeyPath(id): KeyPath, params: Params) -> Result<Response> {
    let account = somebody_open(&ctx, &id).await?;
    let duty = duty_of(&ctx, account.id, params.get("duty")).await?;
    let f = frame_of(&ctx, &account, "duty-end-title");
    Ok(Page(ending_page(&f, &account, &duty, &Form::default(), &Faults::default())).into_response())
}

/// `POST /desk/people/{id}/endings`
pub(super) async fn post_ending(ctx: Ctx, KeyPath(id): KeyPath, form: Form) -> Result<Response> {
    let account = somebody_open(&ctx, &id).await?;
    let mut change = ctx.change(&form).await?;
    let duty = duty_of(&ctx, account.id, form.some("duty")).await?;
    let (f, mut faults) = (frame_of(&ctx, &account, "duty-end-title"), Faults::default());
    let last = last_day(&f, &form, &mut faults, &duty);
    if let Some(last) = last
        && duty.role == Role::Administrator
        && !goes_on(&mut change.tx, &[duty.id], last.succ_opt().unwrap_or(last).max(ctx.today)).await?
    {
        faults.add("last", f.t("administrator-last"));
    }
    let Some(last) = last.filter(|_| faults.is_empty()) else {
        return Ok(Wrong(ending_page(&f, &account, &duty, &form, &faults)).into_response());
    };
    end(&ctx, &mut change.tx, &account, &duty, last).await?;
    change.done(&address(account.id), "said-duty-ended").await
}

/// `GET /desk/people/{id}/deputies?duty=3`
pub(super) async fn deputy_form(ctx: Ctx, KeyPath(id): KeyPath, params: Params) -> Result<Response> {
    let account = somebody_open(&ctx, &id).await?;
    let duty = duty_of(&ctx, account.id, params.get("duty")).await?;
    let f = frame_of(&ctx, &account, "deputy-title");
    Ok(Page(deputy_page(&f, &account, &duty, &Form::default(), &Faults::default())).into_response())
}

/// `POST /desk/people/{id}/deputies`
pub(super) async fn post_deputy(ctx: Ctx, KeyPath(id): KeyPath, form: Form) -> Result<Response> {
    let account = somebody_open(&ctx, &id).await?;
    let mut change = ctx.change(&form).await?;
    let duty = duty_of(&ctx, account.id, form.some("duty")).await?;
    let (f, mut faults) = (frame_of(&ctx, &account, "deputy-title"), Faults::default());
    let deputy = deputy(&f, &form, &mut faults, &account).await?;
    let days = deputy_days(&f, &form, &mut faults, &duty);
    if let (Some(deputy), Some((from, to))) = (&deputy, days) {
        let known = deputies(&ctx.db, account.id).await?;
        let same = |one: &&Deputy| {
            one.main == duty.id && one.account == deputy.id.0 && meet((one.starts_on, one.ends_on), (from, Some(to)))
        };
        if let Some(same) = known.iter().find(same) {
            faults.add("who", f.with("deputy-same", &[("term", &term(&f, same.starts_on, same.ends_on))]));
        }
    }
    let (Some(deputy), Some((from, to)), true) = (deputy, days, faults.is_empty()) else {
        return Ok(Wrong(deputy_page(&f, &account, &duty, &form, &faults)).into_response());
    };
    let new = NewDuty {
        department: duty.department.clone(),
        organisation: duty.organisation,
        ends_on: Some(to),
        deputy_of: Some(duty.id),
        given_by: Some(ctx.person()?.id),
        ..NewDuty::new(duty.role, from)
    };
    give(&ctx, &mut change.tx, &deputy, &new).await?;
    change.done(&address(account.id), "said-deputy-named").await
}

/// Gives somebody a duty, tells them and the trail.
pub(in crate::pages) async fn give(ctx: &Ctx, tx: &mut Tx, account: &Account, new: &NewDuty) -> Result<i64> {
    let id = people::give(tx, account.id, new, ctx.now).await?;
    let message = if new.deputy_of.is_some() { "notice-deputy-named" } else { "notice-duty-given" };
    tell(ctx, tx, account.id, message, (new.role, new.department.as_deref()), new.starts_on).await?;
    let detail = json!({
        "duty": id,
        "role": new.role.name(),
        "department": new.department,
        "from": new.starts_on,
        "to": new.ends_on,
        "deputy_of": new.deputy_of,
    });
    let entry = audit::Entry::new("duty.given", account.id.subject()).detail(detail).personal("name", &account.name);
    ctx.trail().note(tx, entry).await?;
    Ok(id)
}

/// Ends a duty, and with it those of who stands in; tells all of them and the trail.
pub(in crate::pages) async fn end(
    ctx: &Ctx,
    tx: &mut Tx,
    account: &Account,
    duty: &Duty,
    last: NaiveDate,
) -> Result<()> {
    people::end_duty(tx, duty.id, last).await?;
    let what = (duty.role, duty.department.as_deref());
    let standing_in = deputies(&ctx.db, account.id).await?;
    let standing_in = standing_in.iter().filter(|one| one.main == duty.id && one.ends_on.is_none_or(|own| own > last));
    let told = standing_in.map(|one| AccountId(one.account)).chain([account.id]);
    for one in told {
        tell(ctx, tx, one, "notice-duty-ended", what, last).await?;
    }
    let detail = json!({
        "duty": duty.id,
        "role": duty.role.name(),
        "department": duty.department,
        "last": last,
    });
    let entry = audit::Entry::new("duty.ended", account.id.subject()).detail(detail).personal("name", &account.name);
    ctx.trail().note(tx, entry).await?;
    Ok(())
}

/// The values of a notice are the city's own words and dates, in Japanese as everything the city writes.
async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    account: AccountId,
    message: &'static str,
    (role, department): (Role, Option<&str>),
    day: NaiveDate,
) -> Result<()> {
    let words = ctx.state.words(Language::Japanese);
    let role_name = words.say(role.message());
    let place = department.map_or_else(|| words.say("city-name"), |key| department_name(ctx, key).to_owned());
    let day = kyodo_wareki::long_date(day);
    let said = [("role", role_name.as_str()), ("place", place.as_str()), ("day", day.as_str())];
    notices::tell(tx, account, message, &said, "/desk", ctx.now).await?;
    Ok(())
}

/// Whether somebody still administers when these duties have ended before a day.
pub(super) async fn goes_on(tx: &mut Tx, ended: &[i64], from: NaiveDate) -> Result<bool> {
    Ok(administration::goes_on(&administrators(tx).await?, ended, from))
}

/// The fields of a duty: role, department, first and last day.
pub(super) fn fields(f: &Frame, role: Option<Role>) -> Vec<Field> {
    vec![
        Field::select("role", f.t("people-role"), roles(f, role, "people-choose")).need(f),
        Field::select("department", f.t("people-department"), departments(f, None, "people-no-department"))
            .hint(f.t("people-department-hint"))
            .japanese(f),
        day_field(f, "from", "people-from", "people-from-hint"),
        day_field(f, "to", "people-to", "people-to-hint"),
    ]
}

/// The duty that these fields say.
pub(super) fn heard(f: &Frame, form: &Form, faults: &mut Faults) -> Option<NewDuty> {
    let role = Role::named(form.text("role")).filter(|role| *role != Role::Resident);
    if role.is_none() {
        faults.add("role", f.t("people-role-missing"));
    }
    let department =
        form.some("department").filter(|key| f.ctx.state.department(key).is_some_and(|own| !own.placeholder));
    let department = match role.map(Role::place) {
        Some(Place::Department) if department.is_none() => {
            faults.add("department", f.t("people-department-missing"));
            None
        }
        Some(Place::Department) => department,
        // The role is held in the city as a whole, whatever stands in the other field.
        _ => None,
    };
    let from = day_of(f, form, faults, "from").unwrap_or(f.ctx.today);
    let to = day_of(f, form, faults, "to");
    if to.is_some_and(|to| to < from) {
        faults.add("to", f.t("people-to-early"));
    }
    let note = form.text("note");
    if note.chars().count() > MOST {
        faults.add("note", f.n("people-too-long", MOST));
    }
    if !faults.is_empty() {
        return None;
    }
    Some(NewDuty {
        department: department.map(str::to_owned),
        ends_on: to,
        note: note.to_owned(),
        given_by: f.ctx.actor.person().map(|person| person.id),
        ..NewDuty::new(role?, from)
    })
}

/// The same duty over some of the same days.
fn overlaps(duty: &Duty, new: &NewDuty) -> bool {
    duty.deputy_of.is_none()
        && (duty.role, &duty.department, duty.organisation) == (new.role, &new.department, new.organisation)
        && meet((duty.starts_on, duty.ends_on), (new.starts_on, new.ends_on))
}

type Days = (NaiveDate, Option<NaiveDate>);

fn meet((from, to): Days, (begins, ends): Days) -> bool {
    let is_real = to.is_none_or(|to| to >= from);
    is_real && to.is_none_or(|to| to >= begins) && ends.is_none_or(|ends| ends >= from)
}

async fn duty_of(ctx: &Ctx, account: AccountId, id: Option<&str>) -> Result<Duty> {
    let id: i64 = id.and_then(|id| id.parse().ok()).ok_or(Error::NotFound)?;
    let duties = people::duties(&ctx.db, account).await?;
    duties.into_iter().find(|duty| duty.id == id).ok_or(Error::NotFound)
}

/// The last day of a duty: not before its first, unless it has not begun and never shall.
fn last_day(f: &Frame, form: &Form, faults: &mut Faults, duty: &Duty) -> Option<NaiveDate> {
    let last = needed_day_of(f, form, faults, "last")?;
    if last < duty.starts_on && duty.starts_on <= f.ctx.today {
        faults.add("last", f.with("duty-end-early", &[("from", &f.day(duty.starts_on))]));
    }
    if let Some(ends) = duty.ends_on.filter(|ends| last >= *ends) {
        faults.add("last", f.with("duty-end-late", &[("last", &f.day(ends))]));
    }
    Some(last)
}

async fn deputy(f: &Frame, form: &Form, faults: &mut Faults, account: &Account) -> Result<Option<Account>> {
    let Some(who) = form.some("who") else {
        faults.add("who", f.t("deputy-missing"));
        return Ok(None);
    };
    let found = people::account_named(&f.ctx.db, who).await?.filter(|found| found.closed_at.is_none());
    match &found {
        None => faults.add("who", f.t("deputy-unknown")),
        Some(found) if found.id == account.id => faults.add("who", f.t("deputy-self")),
        Some(_) => {}
    }
    Ok(found)
}

/// From when to when: both are needed, within the duty's own term.
fn deputy_days(f: &Frame, form: &Form, faults: &mut Faults, duty: &Duty) -> Option<(NaiveDate, NaiveDate)> {
    let from = needed_day_of(f, form, faults, "from");
    let to = needed_day_of(f, form, faults, "to");
    let (from, to) = (from?, to?);
    let whole = term(f, duty.starts_on, duty.ends_on);
    if to < from {
        faults.add("to", f.t("people-to-early"));
    }
    if from < duty.starts_on {
        faults.add("from", f.with("deputy-outside", &[("term", &whole)]));
    }
    if duty.ends_on.is_some_and(|last| to > last) {
        faults.add("to", f.with("deputy-outside", &[("term", &whole)]));
    }
    Some((from, to))
}

fn page<'a>(f: &'a Frame, account: &Account, form: &Form, faults: &'a Faults) -> FormPage<'a> {
    let mut fields = fields(f, None);
    fields.push(Field::line("note", f.t("people-note")).hint(f.t("people-note-hint")).most(MOST).japanese(f));
    let facts = vec![(f.t("people-name"), account.name.clone())];
    form_page(f, account, "duty-give", facts, fields, (form, faults))
}

fn ending_page<'a>(f: &'a Frame, account: &Account, duty: &Duty, form: &Form, faults: &'a Faults) -> FormPage<'a> {
    let today = kyodo_wareki::long_date(f.ctx.today);
    let fields = vec![day_field(f, "last", "duty-end-last", "duty-end-last-hint").need(f).value(today)];
    let page = form_page(f, account, "duty-end", facts(f, account, duty), fields, (form, faults));
    FormPage { hidden: vec![("duty", duty.id.to_string())], is_dangerous: true, ..page }
}

fn deputy_page<'a>(f: &'a Frame, account: &Account, duty: &Duty, form: &Form, faults: &'a Faults) -> FormPage<'a> {
    let fields = vec![
        Field::line("who", f.t("deputy-who")).need(f).hint(f.t("deputy-who-hint")),
        day_field(f, "from", "people-from", "people-day-hint").need(f),
        day_field(f, "to", "people-to", "people-day-hint").need(f),
    ];
    let page = form_page(f, account, "deputy", facts(f, account, duty), fields, (form, faults));
    FormPage { hidden: vec![("duty", duty.id.to_string())], ..page }
}

fn facts(f: &Frame, account: &Account, duty: &Duty) -> Vec<(String, String)> {
    vec![
        (f.t("people-name"), account.name.clone()),
        (f.t("people-duty"), held(f, duty.role, duty.department.as_deref())),
        (f.t("people-term-head"), term(f, duty.starts_on, duty.ends_on)),
    ]
}

/// The page of a form whose messages begin with a stem.
fn form_page<'a>(
    f: &'a Frame,
    account: &Account,
    stem: &str,
    facts: Vec<(String, String)>,
    fields: Vec<Field>,
    (form, faults): (&Form, &'a Faults),
) -> FormPage<'a> {
    FormPage {
        f,
        lead: f.t(&format!("{stem}-lead")),
        facts,
        wrongs: Wrongs { f, faults },
        action: f.ctx.uri.path().to_owned(),
        hidden: Vec::new(),
        fields: fields.into_iter().map(|field| field.heard(form, faults)).collect(),
        button: f.t(&format!("{stem}-button")),
        is_dangerous: false,
        back: address(account.id),
    }
}
