//! What is public of an opinion is taken back, because its writer asks for it or because it must not stand there: its words
//! go, with what was answered and what it said before; that it is withdrawn, when and why stands in their place.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::{city, notices};
use kyodo_web::components::{Field, Wrongs, choice};
use kyodo_web::filters;
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Html, KeyPath, Page, Result, Wrong, format};

use super::Asked;
use super::answer::writers;
use super::correction::seen;
use crate::desk::BASE;
use crate::desk::rounds::Hands;
use crate::desk::rounds::list::runs;
use crate::desk::year::reason_of;
use crate::evaluation::Kind;
use crate::pages::opinion::OpinionBlock;
use crate::store;
use crate::view::in_japanese;

#[derive(Template)]
#[template(path = "desk/withdrawal.html")]
struct WithdrawalPage<'a> {
    f: &'a Frame,
    code: String,
    title: Html,
    wrongs: Wrongs<'a>,
    opinion: OpinionBlock<'a>,
    action: String,
    base: String,
    fields: Vec<Field>,
    withdraws: bool,
    back: String,
}

/// `GET …/withdrawal`
pub(super) async fn form(ctx: Ctx, KeyPath(id): KeyPath) -> Result<Response> {
    let asked = Asked::load(&ctx, &id).await?;
    if asked.opinion.withdrawn_on.is_some() {
        return Err(Error::NotFound);
    }
    let (f, faults) = (frame(&ctx, &asked), Faults::default());
    Ok(Page(page(&asked, &f, &Form::default(), &faults).await?).into_response())
}

fn frame(ctx: &Ctx, asked: &Asked) -> Frame {
    asked.frame(ctx).crumb("", "withdrawal")
}

async fn page<'a>(asked: &Asked, f: &'a Frame, form: &Form, faults: &'a Faults) -> Result<WithdrawalPage<'a>> {
    let said = &asked.opinion.said;
    let corrections = store::corrections_in(&f.ctx.db, asked.plan_id).await?;
    let reason = Field::lines("reason", f.t("withdrawal-reason"), 2).need(f).hint(f.t("withdrawal-reason-hint"));
    let sure = vec![choice("yes", f.t("withdrawal-sure"), false)];
    Ok(WithdrawalPage {
        code: asked.code(),
        title: f.phrases(&f.with("withdrawal-title", &[("title", &asked.title(&f.ctx))])),
        wrongs: Wrongs { f, faults },
        opinion: OpinionBlock::of(f, &asked.plan.outline, said, &corrections),
        action: asked.address("/withdrawal"),
        base: if form.has(BASE) { form.text(BASE).to_owned() } else { seen(said) },
        fields: vec![
            reason.japanese(f).heard(form, faults),
            Field::ticks("sure", f.t("withdrawal-check"), sure).need(f).heard(form, faults),
        ],
        withdraws: runs(&f.ctx),
        back: asked.address(""),
        f,
    })
}

/// `POST …/withdrawal`
pub(super) async fn withdraw(ctx: Ctx, KeyPath(id): KeyPath, form: Form) -> Result<Response> {
    let asked = Asked::load(&ctx, &id).await?;
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    // First, so that a form sent twice leads to where the first one led.
    let mut change = ctx.change(&form).await?;
    let (f, mut faults) = (frame(&ctx, &asked), Faults::default());
    let reason = reason_of(&f, &form, &mut faults, "reason", "withdrawal-reason-missing").unwrap_or_default();
    if form.text("sure") != "yes" {
        faults.add("sure", f.t("withdrawal-unsure"));
    }
    if !faults.is_empty() {
        drop(change);
        return Ok(Wrong(page(&asked, &f, &form, &faults).await?).into_response());
    }
    city::bump_revision(&mut change.tx).await?;
    let now = store::opinion_now(&mut change.tx, asked.plan_id, asked.opinion.said.id).await?.ok_or(Error::NotFound)?;
    // What everybody reads stays as it is written here: in the city's own language.
    let own = in_japanese(&ctx);
    let day = format::day(ctx.today, own.language);
    let told = own.words().with("opinion-withdrawn", [("day", day.as_str()), ("reason", reason)]);
    let nobody = own.words().say("voice-anonymous");
    let who = if now.said.kind == Kind::Resident { &nobody } else { &now.said.evaluator };
    if form.text(BASE) != seen(&now.said)
        || !store::withdraw_opinion(&mut change.tx, &now.said, (&told, who), ctx.today).await?
    {
        drop(change);
        return Ok(led_to(&asked.address(""), "said-answer-elsewhere", ctx.house.settings.https));
    }
    store::hide_voice(&mut change.tx, now.said.id).await?;
    ctx.trail().note(&mut change.tx, Entry::new("opinion.withdrawn", asked.subject())).await?;
    let title = asked.title(&own);
    let said = [("who", ctx.person()?.name.as_str()), ("title", title.as_str()), ("note", reason)];
    for one in writers(&ctx, &hands, &asked.departments) {
        notices::tell(&mut change.tx, one, "notice-opinion-withdrawn", &said, &asked.address(""), ctx.now).await?;
    }
    change.done(&asked.address(""), "said-opinion-withdrawn").await
}
