//! `/desk/plan/partners/{year}/new`: naming a partner, which sends them a letter with their link.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{Days, NaiveDate};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::city;
use kyodo_kernel::mail::Address;
use kyodo_kernel::secret::hex;
use kyodo_web::components::{Field, Wrongs, choice};
use kyodo_web::filters;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, KeyPath, Page, Refusal, Result, Wrong};
use serde_json::json;

use super::letters::{About, Desk};
use super::open;
use crate::desk::year::Open;
use crate::desk::{WRITING, day_of};
use crate::pages::titled;
use crate::partner::{Asked, MOST_NAME, MOST_NOTE, Partner, fingerprint, over, subject, token};
use crate::store::{self, NewPartner};

#[derive(Template)]
#[template(path = "desk/partner-new.html")]
struct AskPage<'a> {
    f: &'a Frame,
    wrongs: Wrongs<'a>,
    action: String,
    fields: Vec<Field>,
    back: String,
}

/// `GET /desk/plan/partners/{year}/new`
pub(super) async fn form(ctx: Ctx, KeyPath(of): KeyPath) -> Result<Response> {
    let open = asker(&ctx, &of).await?;
    let (f, faults) = (frame(&ctx, &open), Faults::default());
    Ok(Page(page(&f, &open, &Form::default(), &faults)).into_response())
}

/// The year, for somebody who may name partners for anything in it.
async fn asker(ctx: &Ctx, of: &str) -> Result<Open> {
    let open = open(ctx, of).await?;
    if open.offered(ctx).is_empty() { Err(Error::Forbidden(Refusal { roles: WRITING })) } else { Ok(open) }
}

fn frame(ctx: &Ctx, open: &Open) -> Frame {
    open.frame(ctx, ctx.words().say("partner-new")).crumb("", "partner-new")
}

fn page<'a>(f: &'a Frame, open: &Open, form: &Form, faults: &'a Faults) -> AskPage<'a> {
    let items = open.offered(&f.ctx);
    let only = items.len() == 1;
    let items = items.into_iter().map(|node| choice(&node.key, titled(&open.plan.outline, node), only)).collect();
    AskPage {
        wrongs: Wrongs { f, faults },
        action: open.address(""),
        fields: vec![
            Field::line("organisation", f.t("partner-organisation"))
                .hint(f.t("partner-organisation-hint"))
                .need(f)
                .japanese(f)
                .heard(form, faults),
            Field::line("name", f.t("partner-name")).hint(f.t("partner-name-hint")).japanese(f).heard(form, faults),
            Field::line("email", f.t("partner-email")).kind("email").need(f).heard(form, faults),
            Field::ticks("item", f.t("partner-items"), items).need(f).japanese(f).heard(form, faults),
            due_field(f, f.ctx.today + Days::new(21), form, faults),
            Field::lines("note", f.t("partner-note"), 3)
                .hint(f.n("partner-note-hint", MOST_NOTE))
                .counted(MOST_NOTE)
                .japanese(f)
                .heard(form, faults),
        ],
        back: open.address(""),
        f,
    }
}

/// The last day to answer.
pub(super) fn due_field(f: &Frame, day: NaiveDate, form: &Form, faults: &Faults) -> Field {
    Field::line("due", f.t("partner-due"))
        .hint(f.t("partner-due-hint"))
        .need(f)
        .value(kyodo_wareki::short_date(day))
        .heard(form, faults)
}

/// A mail address that was typed, if letters can go there.
pub(super) fn email_of(f: &Frame, form: &Form, faults: &mut Faults) -> Option<String> {
    let Ok(address) = form.text("email").parse::<Address>() else {
        faults.add("email", f.t("partner-email-wrong"));
        return None;
    };
    Some(address.to_string())
}

/// The last day that was typed, if it is still to come.
pub(super) fn due_of(f: &Frame, form: &Form, faults: &mut Faults) -> Option<NaiveDate> {
    let day = day_of(f, form, faults, "due")?;
    if day < f.ctx.today {
        faults.add("due", f.t("partner-due-past"));
        return None;
    }
    Some(day)
}

/// The first of these lines that somebody is asked about already.
fn asked_already(known: &[Partner], asked: &[Asked], nodes: &[i64]) -> Option<i64> {
    let again = |one: &&Asked| nodes.contains(&one.node) && known.iter().any(|known| known.id == one.partner);
    asked.iter().find(again).map(|one| one.node)
}

/// `POST /desk/plan/partners/{year}`: keeps the partner and writes to them at once.
pub(super) async fn ask(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = asker(&ctx, &of).await?;
    let person = ctx.person()?;
    let (f, mut faults) = (frame(&ctx, &open), Faults::default());
    let (organisation, name, note) = (form.text("organisation"), form.text("name"), form.text("note"));
    if organisation.is_empty() {
        faults.add("organisation", f.t("partner-organisation-missing"));
    }
    for (field, text, most) in
        [("organisation", organisation, MOST_NAME), ("name", name, MOST_NAME), ("note", note, MOST_NOTE)]
    {
        if let Some(over) = over(text, most) {
            faults.add(field, f.n("partner-long", over));
        }
    }
    let email = email_of(&f, &form, &mut faults);
    let chosen: Vec<&str> = form.all("item").collect();
    let offered = open.offered(&ctx);
    let nodes: Vec<i64> =
        offered.iter().filter(|node| chosen.contains(&node.key.as_str())).map(|node| node.id).collect();
    if nodes.is_empty() {
        faults.add("item", f.t("partner-items-missing"));
    }
    let due = due_of(&f, &form, &mut faults);
    let (Some(email), Some(due_on), true) = (email, due, faults.is_empty()) else {
        return Ok(Wrong(page(&f, &open, &form, &faults)).into_response());
    };
    let seed = hex(&ctx.house.chance.bytes()[..16]);
    let link = fingerprint(&token(&ctx.city.secret, &seed));
    let mut change = ctx.change(&form).await?;
    // First, so that a colleague who asks the same at the same time waits.
    city::bump_revision(&mut change.tx).await?;
    // Two letters about the same thing would only confuse.
    let mut known = store::partners_now(&mut change.tx, open.plan_id, open.year).await?;
    known.retain(|one| one.is_open(ctx.today) && one.email.eq_ignore_ascii_case(&email));
    let asked = store::asked_in_now(&mut change.tx, open.plan_id, open.year).await?;
    if let Some(again) = asked_already(&known, &asked, &nodes) {
        drop(change);
        faults.add("email", f.with("partner-asked-already", &[("item", &open.title(again))]));
        return Ok(Wrong(page(&f, &open, &form, &faults)).into_response());
    }
    let new = NewPartner {
        organisation,
        name,
        email: &email,
        due_on,
        note,
        seed: &seed,
        link: &link,
        by: Some(person.id),
        at: ctx.now,
        example: false,
        nodes: &nodes,
    };
    let id = store::put_partner(&mut change.tx, open.plan_id, open.year, &new).await?;
    let partner = store::partner_now(&mut change.tx, open.plan_id, open.year, id).await?.ok_or(Error::NotFound)?;
    Desk::of(&ctx).write(&mut change.tx, &partner, About::Asked).await?;
    let detail = json!({ "year": i32::from(open.year), "items": nodes.len(), "due": due_on });
    let entry = Entry::new("partner.asked", subject(id)).detail(detail);
    let entry = entry.personal("organisation", organisation).personal("name", name).personal("email", email);
    ctx.trail().note(&mut change.tx, entry).await?;
    change.done(&open.address(&format!("/{id}")), "said-partner-asked").await
}
