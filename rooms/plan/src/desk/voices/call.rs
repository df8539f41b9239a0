//! `/desk/plan/voices/{year}/call`: whether the city asks residents for comments on a year, from when to when, and what.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::Days;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::city;
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::filters;
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Faults, Form, Frame, KeyPath, Page, Result, Wrong};
use serde_json::json;

use super::open;
use crate::desk::year::Open;
use crate::desk::{BASE, day_of};
use crate::partner::over;
use crate::store;
use crate::voice::{Call, MOST_QUESTION};

#[derive(Template)]
#[template(path = "desk/voice-call.html")]
struct CallPage<'a> {
    f: &'a Frame,
    wrongs: Wrongs<'a>,
    action: String,
    base: String,
    fields: Vec<Field>,
    back: String,
}

/// `GET /desk/plan/voices/{year}/call`
pub(super) async fn form(ctx: Ctx, KeyPath(of): KeyPath) -> Result<Response> {
    let open = open(&ctx, &of).await?;
    let call = store::call(&ctx.db, open.plan_id, open.year).await?;
    let (f, faults) = (frame(&ctx, &open), Faults::default());
    Ok(Page(page(&f, &open, call.as_ref(), &Form::default(), &faults)).into_response())
}

fn frame(ctx: &Ctx, open: &Open) -> Frame {
    open.frame(ctx, ctx.words().say("voice-call")).crumb("", "voice-call")
}

fn page<'a>(f: &'a Frame, open: &Open, call: Option<&Call>, form: &Form, faults: &'a Faults) -> CallPage<'a> {
    let today = f.ctx.today;
    let days = call.map_or((today, today + Days::new(30)), |call| (call.opens_on, call.closes_on));
    let day = |name: &'static str, label: &str, day| {
        Field::line(name, f.t(label)).need(f).value(kyodo_wareki::short_date(day)).heard(form, faults)
    };
    CallPage {
        wrongs: Wrongs { f, faults },
        action: open.address("/call"),
        base: form.some(BASE).map_or_else(|| call.map_or(0, |call| call.version).to_string(), str::to_owned),
        fields: vec![
            day("opens", "voice-opens", days.0),
            day("closes", "voice-closes", days.1),
            Field::lines("question", f.t("voice-question"), 3)
                .hint(f.n("voice-question-hint", MOST_QUESTION))
                .counted(MOST_QUESTION)
                .value(call.map(|call| call.question.clone()).unwrap_or_default())
                .japanese(f)
                .heard(form, faults),
        ],
        back: open.address(""),
        f,
    }
}

/// `POST /desk/plan/voices/{year}/call`
pub(super) async fn post(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = open(&ctx, &of).await?;
    let (f, mut faults) = (frame(&ctx, &open), Faults::default());
    let opens = day_of(&f, &form, &mut faults, "opens");
    let closes = day_of(&f, &form, &mut faults, "closes");
    let question = form.text("question");
    if let Some(over) = over(question, MOST_QUESTION) {
        faults.add("question", f.n("partner-long", over));
    }
    if opens.zip(closes).is_some_and(|(opens, closes)| closes < opens) {
        faults.add("closes", f.t("voice-closes-early"));
    }
    let (Some(opens_on), Some(closes_on), true) = (opens, closes, faults.is_empty()) else {
        let call = store::call(&ctx.db, open.plan_id, open.year).await?;
        return Ok(Wrong(page(&f, &open, call.as_ref(), &form, &faults)).into_response());
    };
    let version = form.text(BASE).parse().unwrap_or(-1);
    let call = Call { year: open.year, opens_on, closes_on, question: question.to_owned(), version };
    let mut change = ctx.change(&form).await?;
    if !store::put_call(&mut change.tx, open.plan_id, &call).await? {
        drop(change);
        return Ok(led_to(&open.address("/call"), "said-voice-elsewhere", ctx.house.settings.https));
    }
    // The way to write stands on public pages.
    city::bump_revision(&mut change.tx).await?;
    let detail = json!({ "year": i32::from(open.year), "from": opens_on, "to": closes_on });
    let entry = Entry::new("voices.opened", format!("voices:{}", i32::from(open.year))).detail(detail);
    ctx.trail().note(&mut change.tx, entry).await?;
    change.done(&open.address(""), "said-voice-call").await
}
