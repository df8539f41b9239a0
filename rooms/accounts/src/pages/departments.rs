//! `/desk/departments`: the city's departments. Those that the plan's document names come from its pack; others are made
//! here, by whoever keeps people or the plan.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::Method;
use kyodo_db::Tx;
use kyodo_jptext::half_width;
use kyodo_kernel::mail::Address;
use kyodo_kernel::people::Role;
use kyodo_kernel::profile::Department;
use kyodo_kernel::secret::hex;
use kyodo_kernel::{audit, city};
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::{Access, Ctx, DESK, Error, Faults, Form, Frame, KeyPath, Page, Result, Routes, Wrong, filters};
use serde_json::json;

use crate::store;

/// Who keeps the departments.
const MAKERS: Access = Access::Roles(&[Role::Administrator, Role::Coordinator]);

const LIST: &str = "/desk/departments";

/// Names and the rest are not longer.
const MOST: usize = 100;

/// The addresses of these pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get(LIST, DESK, list)
        .get("/desk/departments/new", MAKERS, form_for_new)
        .post("/desk/departments/new", MAKERS, make)
        .get("/desk/departments/{key}", MAKERS, form)
        .post("/desk/departments/{key}", MAKERS, change)
        .post("/desk/departments/{key}/removal", MAKERS, remove)
}

// --- the list ----------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "departments.html")]
struct ListPage<'a> {
    f: &'a Frame,
    rows: Vec<Row>,
    count: String,
    makes: bool,
}

/// A department as the list shows it.
struct Row {
    name: String,
    href: String,
    /// What is there to reach it by.
    contact: String,
    people: String,
    /// Who works there.
    people_href: String,
    from: String,
}

/// `GET /desk/departments`
async fn list(ctx: Ctx) -> Result<Response> {
    let people = store::departments::people(&ctx.db, ctx.today).await?;
    let title = ctx.words().say("departments-title");
    let f = ctx.frame(title).at_desk().crumb("/desk", "nav-desk").crumb("", "departments-title");
    let rows: Vec<Row> = ctx
        .state
        .departments
        .iter()
        .filter(|one| !one.placeholder)
        .map(|one| Row {
            name: one.name.clone(),
            href: address(&one.key),
            contact: contact(&f, one),
            people: f.n("people-count", people.get(&one.key).copied().unwrap_or_default()),
            people_href: format!("/desk/people?department={}", one.key),
            from: f.t(if one.own { "departments-from-desk" } else { "departments-from-plan" }),
        })
        .collect();
    let count = f.n("departments-count", rows.len());
    Ok(Page(ListPage { f: &f, rows, count, makes: makes(&ctx) }).into_response())
}

fn makes(ctx: &Ctx) -> bool {
    MAKERS.admits(&ctx.actor, &Method::POST).is_ok()
}

fn address(key: &str) -> String {
    format!("{LIST}/{key}")
}

/// How to reach a department, in a few words. The one that answers for the plan is reached as the whole office is.
fn contact(f: &Frame, department: &Department) -> String {
    let office = &f.ctx.state.profile.contact;
    let own = department.contact();
    let known = if office.department.as_ref() == Some(&department.key) && !own.is_known() { office } else { &own };
    let ways = [&known.phone, &known.email, &known.address];
    ways.into_iter().flatten().next().cloned().unwrap_or_else(|| f.t("departments-no-contact"))
}

// --- one of them -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "departments-one.html")]
struct OnePage<'a> {
    f: &'a Frame,
    lead: String,
    wrongs: Wrongs<'a>,
    action: String,
    fields: Vec<Field>,
    button: String,
    makes: bool,
    /// Where it is removed.
    removal: Option<String>,
    /// Why it cannot be.
    kept: Option<String>,
}

/// `GET /desk/departments/new`
async fn form_for_new(ctx: Ctx) -> Result<Response> {
    let f = frame(&ctx, None);
    Ok(Page(new_page(&f, &Form::default(), &Faults::default())).into_response())
}

/// `POST /desk/departments/new`
async fn make(ctx: Ctx, form: Form) -> Result<Response> {
    let mut change = ctx.change(&form).await?;
    // Read in the transaction, so that two people do not make the same one.
    let known = city::departments(&mut change.tx).await?;
    let (f, mut faults) = (frame(&ctx, None), Faults::default());
    let key = format!("ka-{}", hex(&ctx.house.chance.bytes()[..6]));
    let new = heard(&f, &form, Department { key, own: true, ..Department::default() }, &known, &mut faults);
    if !faults.is_empty() {
        return Ok(Wrong(new_page(&f, &form, &faults)).into_response());
    }
    city::put_department(&mut change.tx, &new).await?;
    note(&ctx, &mut change.tx, "department.made", &new).await?;
    change.done(LIST, "said-department-made").await
}

/// `GET /desk/departments/{key}`
async fn form(ctx: Ctx, KeyPath(key): KeyPath) -> Result<Response> {
    let department = find(&ctx.state.departments, &key)?;
    let f = frame(&ctx, Some(department));
    Ok(Page(page(&f, department, &Form::default(), &Faults::default()).await?).into_response())
}

/// `POST /desk/departments/{key}`
async fn change(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    let mut change = ctx.change(&form).await?;
    let known = city::departments(&mut change.tx).await?;
    let before = find(&known, &key)?;
    let (f, mut faults) = (frame(&ctx, Some(before)), Faults::default());
    let after = heard(&f, &form, before.clone(), &known, &mut faults);
    if !faults.is_empty() {
        return Ok(Wrong(page(&f, before, &form, &faults).await?).into_response());
    }
    if after == *before {
        return change.done(LIST, "said-department-same").await;
    }
    city::put_department(&mut change.tx, &after).await?;
    note(&ctx, &mut change.tx, "department.changed", &after).await?;
    change.done(LIST, "said-department-changed").await
}

/// `POST /desk/departments/{key}/removal`
async fn remove(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    let mut change = ctx.change(&form).await?;
    let known = city::departments(&mut change.tx).await?;
    let department = find(&known, &key)?;
    let f = frame(&ctx, Some(department));
    let mut faults = Faults::default();
    match kept(&f, department).await? {
        Some(reason) => faults.add("removal", reason),
        None if city::drop_department(&mut change.tx, &key).await? => {
            note(&ctx, &mut change.tx, "department.removed", department).await?;
            return change.done(LIST, "said-department-removed").await;
        }
        // Somebody began to work there at this very moment.
        None => faults.add("removal", f.t("departments-kept-duty")),
    }
    drop(change);
    Ok(Wrong(page(&f, department, &Form::default(), &faults).await?).into_response())
}

fn find<'d>(known: &'d [Department], key: &str) -> Result<&'d Department> {
    known.iter().find(|one| one.key == key && !one.placeholder).ok_or(Error::NotFound)
}

fn frame(ctx: &Ctx, department: Option<&Department>) -> Frame {
    let title = department.map_or_else(|| ctx.words().say("departments-new"), |one| one.name.clone());
    let f = ctx.frame(title).at_desk().crumb("/desk", "nav-desk").crumb(LIST, "departments-title");
    match department {
        Some(department) => f.japanese().crumb_named(String::new(), &department.name),
        None => f.crumb("", "departments-new"),
    }
}

fn new_page<'a>(f: &'a Frame, form: &Form, faults: &'a Faults) -> OnePage<'a> {
    let department = Department { own: true, ..Department::default() };
    OnePage {
        lead: f.t("departments-new-lead"),
        wrongs: Wrongs { f, faults },
        action: format!("{LIST}/new"),
        fields: fields(f, &department, form, faults),
        button: f.t("departments-make"),
        makes: makes(&f.ctx),
        removal: None,
        kept: None,
        f,
    }
}

async fn page<'a>(f: &'a Frame, department: &Department, form: &Form, faults: &'a Faults) -> Result<OnePage<'a>> {
    let makes = makes(&f.ctx);
    let kept = if makes { kept(f, department).await? } else { None };
    let own = address(&department.key);
    Ok(OnePage {
        lead: f.t(if department.own { "departments-lead-desk" } else { "departments-lead-plan" }),
        wrongs: Wrongs { f, faults },
        action: own.clone(),
        fields: fields(f, department, form, faults),
        button: f.t("departments-save"),
        removal: (makes && kept.is_none()).then(|| format!("{own}/removal")),
        makes,
        kept,
        f,
    })
}

/// The name of a department is the document's where it names it; how to reach it is known best here.
fn fields(f: &Frame, department: &Department, form: &Form, faults: &Faults) -> Vec<Field> {
    let line = |name: &'static str, label: &str, value: &Option<String>| {
        Field::line(name, f.t(label)).most(MOST).value(value.clone().unwrap_or_default())
    };
    let mut fields = Vec::new();
    if department.own {
        let name = Field::line("name", f.t("departments-name")).most(MOST).value(&department.name);
        fields.push(name.need(f).hint(f.t("departments-name-hint")).japanese(f));
    }
    fields.extend([
        line("phone", "departments-phone", &department.phone).kind("tel").hint(f.t("departments-phone-hint")),
        line("email", "departments-email", &department.email).kind("email"),
        line("fax", "departments-fax", &department.fax).kind("tel"),
        line("address", "departments-address", &department.address).japanese(f),
        line("hours", "departments-hours", &department.hours).hint(f.t("departments-hours-hint")).japanese(f),
    ]);
    fields.into_iter().map(|field| field.heard(form, faults)).collect()
}

/// What was written of a department, and what is wrong with it.
fn heard(f: &Frame, form: &Form, before: Department, known: &[Department], faults: &mut Faults) -> Department {
    let mut said = |field: &str| {
        let text = form.text(field).split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() > MOST {
            faults.add(field, f.n("people-too-long", MOST));
        }
        Some(text).filter(|text| !text.is_empty())
    };
    let name = if before.own { said("name").unwrap_or_default() } else { before.name.clone() };
    let half = |text: Option<String>| text.map(|text| half_width(&text));
    let after = Department {
        name,
        phone: half(said("phone")),
        email: half(said("email")),
        fax: half(said("fax")),
        address: said("address"),
        hours: said("hours"),
        ..before
    };
    if after.name.is_empty() {
        faults.add("name", f.t("departments-name-missing"));
    } else if let Some(other) = known.iter().find(|one| one.key != after.key && one.is_named(&after.name)) {
        faults.add("name", f.with("departments-name-taken", &[("name", &other.name)]));
    }
    for (field, number) in [("phone", &after.phone), ("fax", &after.fax)] {
        if number.as_ref().is_some_and(|number| number.chars().filter(char::is_ascii_digit).count() < 3) {
            faults.add(field, f.t("departments-number-wrong"));
        }
    }
    if after.email.as_ref().is_some_and(|email| email.parse::<Address>().is_err()) {
        faults.add("email", f.t("people-email-wrong"));
    }
    after
}

/// Why a department cannot be removed.
async fn kept(f: &Frame, department: &Department) -> Result<Option<String>> {
    let ctx = &f.ctx;
    if !department.own {
        return Ok(Some(f.t("departments-kept-plan")));
    }
    match store::departments::duties(&ctx.db, &department.key, ctx.today).await? {
        (0, _) => {}
        (_, 0) => return Ok(Some(f.t("departments-kept-past"))),
        (_, _) => return Ok(Some(f.t("departments-kept-duty"))),
    }
    for needs in ctx.house.rooms_of(&ctx.state.profile).filter_map(|room| room.needs).collect::<Vec<_>>() {
        if let Some(reason) = needs(ctx, &department.key).await? {
            return Ok(Some(reason));
        }
    }
    Ok(None)
}

async fn note(ctx: &Ctx, tx: &mut Tx, action: &'static str, department: &Department) -> Result<()> {
    let contact = department.contact();
    let detail = json!({
        "name": department.name,
        "phone": contact.phone,
        "email": contact.email,
        "fax": contact.fax,
        "address": contact.address,
        "hours": contact.hours,
    });
    let subject = format!("department:{}", department.key);
    Ok(ctx.trail().note(tx, audit::Entry::new(action, subject).detail(detail)).await?)
}
