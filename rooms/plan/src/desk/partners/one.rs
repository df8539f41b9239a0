//! `/desk/plan/partners/{year}/{id}`: one partner, what they say, and their letters.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::secret::hex;
use kyodo_web::components::{Field, Status, Wrongs};
use kyodo_web::filters;
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Faults, Form, Frame, Page, Result, TwoKeys, Wrong, format};
use serde_json::json;

use super::asking::{due_field, due_of, email_of};
use super::letters::{About, Desk};
use super::{One, answered, runs, standing};
use crate::pages::measure::graded;
use crate::partner::{Asked, Partner, Stage, fingerprint, token};
use crate::store;

#[derive(Template)]
#[template(path = "desk/partner.html")]
pub(super) struct PartnerPage<'a> {
    f: &'a Frame,
    organisation: String,
    status: Status,
    facts: Vec<(String, String)>,
    note: String,
    wrongs: Wrongs<'a>,
    items: Vec<Item>,
    /// For whoever publishes.
    run: Option<Run>,
    /// For whoever writes to them.
    letters: Option<Letters>,
    back: String,
}

struct Item {
    id: i64,
    version: i64,
    title: String,
    href: String,
    status: Status,
    when: String,
    shown_as: String,
    grade: String,
    comment: Vec<String>,
    reason: String,
    can_be_decided: bool,
    is_aside: bool,
    aside_reason: Option<Field>,
}

struct Run {
    publication: String,
    setting_aside: String,
    taking_up: String,
}

struct Letters {
    again: String,
    reminder: Option<String>,
    revocation: String,
    change: String,
    base: String,
    fields: Vec<Field>,
}

/// `GET /desk/plan/partners/{year}/{id}`: shows somebody's address, which the trail tells of.
pub(super) async fn show(ctx: Ctx, TwoKeys(of, id): TwoKeys) -> Result<Response> {
    let one = One::load(&ctx, &of, &id).await?;
    if !one.partner.email.is_empty() {
        let mut tx = ctx.db.begin().await?;
        ctx.trail().note(&mut tx, Entry::new("partner.looked", one.partner.subject())).await?;
        tx.commit().await?;
    }
    let (f, faults) = (frame(&ctx, &one), Faults::default());
    Ok(Page(page(&f, &one, &Form::default(), &faults)).into_response())
}

pub(super) fn frame(ctx: &Ctx, one: &One) -> Frame {
    let title = one.partner.organisation.clone();
    one.open.frame(ctx, title.clone()).crumb_named(String::new(), title)
}

pub(super) fn page<'a>(f: &'a Frame, one: &One, form: &Form, faults: &'a Faults) -> PartnerPage<'a> {
    let (ctx, partner) = (&f.ctx, &one.partner);
    let moment = |at| format::moment(at, ctx.language);
    let facts = [
        ("partner-name", partner.name.clone()),
        ("partner-email", if partner.email.is_empty() { f.t("partner-forgotten") } else { partner.email.clone() }),
        ("partner-due", f.day(partner.due_on)),
        ("partner-answers", answered(f, &one.asked)),
        ("partner-asked-at", moment(partner.asked_at)),
        ("partner-asked-by", partner.asked_by.clone().unwrap_or_default()),
        ("partner-reminded-at", partner.reminded_at.map(moment).unwrap_or_default()),
        ("partner-ended-at", partner.revoked_at.map(moment).unwrap_or_default()),
    ];
    let manages = one.open.manages(ctx, &one.asked) && partner.is_reachable(ctx.today);
    PartnerPage {
        organisation: partner.organisation.clone(),
        status: standing(f, partner, &one.asked),
        facts: facts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (f.t(name), text)).collect(),
        note: partner.note.clone(),
        wrongs: Wrongs { f, faults },
        items: one.asked.iter().map(|asked| item(f, one, asked, form, faults)).collect(),
        run: runs(ctx).then(|| Run {
            publication: one.address("/publication"),
            setting_aside: one.address("/setting-aside"),
            taking_up: one.address("/taking-up"),
        }),
        letters: manages.then(|| Letters {
            again: one.address("/letter"),
            reminder: one.asked.iter().any(|one| one.stage == Stage::Asked).then(|| one.address("/reminder")),
            revocation: one.address("/revocation"),
            change: one.address(""),
            base: base(partner),
            fields: vec![
                Field::line("email", f.t("partner-email"))
                    .kind("email")
                    .hint(f.t("partner-email-hint"))
                    .need(f)
                    .value(partner.email.clone())
                    .heard(form, faults),
                due_field(f, partner.due_on, form, faults),
            ],
        }),
        back: one.open.address(""),
        f,
    }
}

/// What somebody saw of address and day: another has another.
fn base(partner: &Partner) -> String {
    fingerprint(&format!("{}/{}", partner.email, partner.due_on))[..16].to_owned()
}

fn item(f: &Frame, one: &One, asked: &Asked, form: &Form, faults: &Faults) -> Item {
    let outline = &one.open.plan.outline;
    Item {
        id: asked.id,
        version: asked.version,
        title: one.open.title(asked.node),
        href: one.open.node(asked.node).map(crate::node::Node::address).unwrap_or_default(),
        status: Status { shape: asked.stage.shape(), word: f.t(asked.stage.message()) },
        when: asked.answered_at.map(|at| format::moment(at, f.ctx.language)).unwrap_or_default(),
        shown_as: asked.opinion.shown_as.clone(),
        grade: asked.opinion.grade.as_deref().map(|grade| graded(f, outline, grade)).unwrap_or_default(),
        comment: asked.opinion.comment.lines().map(str::to_owned).collect(),
        reason: asked.reason.clone(),
        can_be_decided: asked.stage == Stage::Answered,
        is_aside: asked.stage == Stage::Aside,
        aside_reason: (asked.stage == Stage::Answered).then(|| {
            Field::line(format!("reason-{}", asked.id), f.t("partner-reason"))
                .hint(f.t("partner-reason-hint"))
                .japanese(f)
                .heard(form, faults)
        }),
    }
}

/// `POST …`: another address, which gets a link of its own, or another last day.
pub(super) async fn change(ctx: Ctx, TwoKeys(of, id): TwoKeys, form: Form) -> Result<Response> {
    let one = One::managed(&ctx, &of, &id).await?;
    let (f, mut faults) = (frame(&ctx, &one), Faults::default());
    let email = email_of(&f, &form, &mut faults);
    let due = due_of(&f, &form, &mut faults);
    let (Some(email), Some(due_on)) = (email, due) else {
        return Ok(Wrong(page(&f, &one, &form, &faults)).into_response());
    };
    let mut change = ctx.change(&form).await?;
    let now = store::partner_now(&mut change.tx, one.open.plan_id, one.open.year, one.partner.id).await?;
    let now = now.filter(|now| base(now) == form.text(crate::desk::BASE) && now.is_reachable(ctx.today));
    let Some(now) = now else {
        drop(change);
        return Ok(elsewhere(&ctx, &one));
    };
    let moves = email != now.email;
    let seed = if moves { hex(&ctx.house.chance.bytes()[..16]) } else { now.seed.clone() };
    let link = fingerprint(&token(&ctx.city.secret, &seed));
    if !store::move_partner(&mut change.tx, now.id, &email, due_on, (&seed, &link)).await? {
        drop(change);
        return Ok(elsewhere(&ctx, &one));
    }
    if moves {
        let partner = Partner { email: email.clone(), due_on, seed, ..now };
        Desk::of(&ctx).write(&mut change.tx, &partner, About::Asked).await?;
    }
    let entry = Entry::new("partner.changed", one.partner.subject()).detail(json!({ "due": due_on }));
    ctx.trail().note(&mut change.tx, entry.personal("email", email)).await?;
    change.done(&one.address(""), if moves { "said-partner-moved" } else { "said-partner-changed" }).await
}

/// Somebody was faster: the page shows how things are now.
pub(super) fn elsewhere(ctx: &Ctx, one: &One) -> Response {
    led_to(&one.address(""), "said-partner-elsewhere", ctx.house.settings.https)
}

/// `POST …/letter`: the same letter with the same link once more.
pub(super) async fn send_again(ctx: Ctx, TwoKeys(of, id): TwoKeys, form: Form) -> Result<Response> {
    let one = One::managed(&ctx, &of, &id).await?;
    let mut change = ctx.change(&form).await?;
    let now = store::partner_now(&mut change.tx, one.open.plan_id, one.open.year, one.partner.id).await?;
    let Some(now) = now.filter(|now| now.is_reachable(ctx.today)) else {
        drop(change);
        return Ok(elsewhere(&ctx, &one));
    };
    Desk::of(&ctx).write(&mut change.tx, &now, About::Asked).await?;
    ctx.trail().note(&mut change.tx, Entry::new("partner.sent", now.subject())).await?;
    change.done(&one.address(""), "said-partner-sent").await
}

/// `POST …/revocation`: their link opens nothing any more. What they said stays.
pub(super) async fn revoke(ctx: Ctx, TwoKeys(of, id): TwoKeys, form: Form) -> Result<Response> {
    let one = One::managed(&ctx, &of, &id).await?;
    let mut change = ctx.change(&form).await?;
    if !store::revoke_partner(&mut change.tx, one.partner.id, ctx.now).await? {
        drop(change);
        return Ok(elsewhere(&ctx, &one));
    }
    ctx.trail().note(&mut change.tx, Entry::new("partner.revoked", one.partner.subject())).await?;
    change.done(&one.address(""), "said-partner-revoked").await
}
