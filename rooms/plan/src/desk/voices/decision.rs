//! What becomes of a comment: it is made ready, perhaps with parts blacked out, and published; or set aside; or another one
//! speaks for it; or it goes back to the queue.

use axum::response::{IntoResponse, Response};
use chrono::Days;
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::{Language, city};
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Faults, Form, KeyPath, Result, TwoKeys, Wrong};
use serde_json::json;

use super::one::{One, page};
use super::open;
use crate::desk::BASE;
use crate::desk::opinions::Telling;
use crate::desk::year::{Open, reason_of};
use crate::evaluation::{DAYS_TO_ANSWER, Evaluation, Kind};
use crate::store::{self, Decision};
use crate::voice::{Stage, Voice, is_blacked_out};

/// The comment as it stands in the transaction, if it is what somebody has seen.
async fn seen(tx: &mut Tx, one: &One, form: &Form) -> Result<Option<Voice>> {
    let now = store::voice_now(tx, one.open.plan_id, one.open.year, one.voice.id).await?;
    Ok(now.filter(|now| form.text(BASE) == now.version.to_string()))
}

/// Somebody was faster: the page shows how things are now.
fn elsewhere(ctx: &Ctx, one: &One) -> Response {
    led_to(&one.address(""), "said-voice-elsewhere", ctx.house.settings.https)
}

/// `POST …/readiness`: what is shown of it, and under which name; with a button, at once.
pub(super) async fn make_ready(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let one = One::load(&ctx, &keys).await?;
    let person = ctx.person()?;
    let shown = form.text("shown");
    if !is_blacked_out(&one.voice.words.comment, shown) {
        let (f, mut faults) = (one.frame(&ctx), Faults::default());
        faults.add("shown", f.t("voice-shown-wrong"));
        return Ok(Wrong(page(&f, &one, &form, &faults)).into_response());
    }
    let telling =
        if form.has("publish") { Some(Telling::load(&ctx, one.open.plan_id, one.open.year).await?) } else { None };
    let mut change = ctx.change(&form).await?;
    if telling.is_some() {
        city::bump_revision(&mut change.tx).await?;
    }
    let Some(now) = seen(&mut change.tx, &one, &form).await? else {
        drop(change);
        return Ok(elsewhere(&ctx, &one));
    };
    let shown_as = if form.text("as") == "name" { now.words.name.as_str() } else { "" };
    let decision = Decision { stage: Stage::Ready, shown, shown_as, reason: "", by: Some(person.id) };
    let open = matches!(now.stage, Stage::New | Stage::Ready);
    if !open || !store::decide(&mut change.tx, now.id, now.version, &decision, ctx.now).await? {
        drop(change);
        return Ok(elsewhere(&ctx, &one));
    }
    let covered = shown != now.words.comment;
    let entry = Entry::new("voice.made-ready", now.subject()).detail(json!({ "covered": covered }));
    ctx.trail().note(&mut change.tx, entry).await?;
    let Some(telling) = telling else {
        return change.done(&one.open.address(""), "said-voice-ready").await;
    };
    let ready = Voice {
        stage: Stage::Ready,
        shown: shown.to_owned(),
        shown_as: shown_as.to_owned(),
        version: now.version + 1,
        ..now
    };
    // In the same transaction nobody else can have changed it.
    make_public(&ctx, &mut change.tx, &one.open, &ready).await?;
    telling.tell(&ctx, &mut change.tx, &[ready.node], ctx.today + Days::new(DAYS_TO_ANSWER)).await?;
    change.done(&one.open.address(""), "said-voice-published").await
}

/// `POST /desk/plan/voices/{year}/publications`: everything that was made ready.
pub(super) async fn publish_all(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = open(&ctx, &of).await?;
    let telling = Telling::load(&ctx, open.plan_id, open.year).await?;
    let mut change = ctx.change(&form).await?;
    city::bump_revision(&mut change.tx).await?;
    let mut published = Vec::new();
    for voice in store::voices_ready(&mut change.tx, open.plan_id, open.year).await? {
        if make_public(&ctx, &mut change.tx, &open, &voice).await? {
            published.push(voice.node);
        }
    }
    telling.tell(&ctx, &mut change.tx, &published, ctx.today + Days::new(DAYS_TO_ANSWER)).await?;
    let said = if published.is_empty() { "said-voices-none" } else { "said-voices-published" };
    change.done(&open.address(""), said).await
}

/// Makes a comment public: what residents read, and the trail. False when it changed meanwhile.
async fn make_public(ctx: &Ctx, tx: &mut Tx, open: &Open, voice: &Voice) -> Result<bool> {
    let by = ctx.person()?.id;
    let decision =
        Decision { stage: Stage::Published, shown: &voice.shown, shown_as: &voice.shown_as, reason: "", by: Some(by) };
    if !store::decide(tx, voice.id, voice.version, &decision, ctx.now).await? {
        return Ok(false);
    }
    // What everybody reads stays as it is written here: in the city's own language.
    let words = ctx.state.words(Language::Japanese);
    let who = if voice.shown_as.is_empty() { words.say("voice-anonymous") } else { voice.shown_as.clone() };
    let evaluator = if voice.others > 0 {
        let n = (voice.others + 1).to_string();
        words.with("voice-by-many", [("who", who.as_str()), ("n", n.as_str())])
    } else {
        who
    };
    let said = Evaluation {
        id: 0,
        node: voice.node,
        year: voice.year,
        kind: Kind::Resident,
        evaluator,
        grade: None,
        comment: voice.shown.clone(),
        published_on: Some(ctx.today),
        answer: None,
    };
    let evaluation = store::put_evaluation(tx, open.plan_id, &said, false).await?;
    store::set_evaluation(tx, voice.id, evaluation).await?;
    ctx.trail().note(tx, Entry::new("voice.published", voice.subject())).await?;
    Ok(true)
}

/// `POST …/setting-aside`: residents never see it; why is for the desk alone.
pub(super) async fn set_aside(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let one = One::load(&ctx, &keys).await?;
    let person = ctx.person()?;
    let (f, mut faults) = (one.frame(&ctx), Faults::default());
    let Some(reason) = reason_of(&f, &form, &mut faults, "reason", "voice-reason-missing") else {
        return Ok(Wrong(page(&f, &one, &form, &faults)).into_response());
    };
    let stage = Stage::Aside;
    turn(&ctx, &one, &form, stage, reason, Some(person.id), ("voice.set-aside", "said-voice-aside")).await
}

/// `POST …/return`: it waits in the queue again, and so does whatever it spoke for.
pub(super) async fn put_back(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let one = One::load(&ctx, &keys).await?;
    turn(&ctx, &one, &form, Stage::New, "", None, ("voice.returned", "said-voice-returned")).await
}

/// `POST …/erasure`: the words as they were sent, because somebody asks for it. What is public stays until it is withdrawn.
pub(super) async fn erase(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let one = One::load(&ctx, &keys).await?;
    if form.text("sure") != "yes" {
        let to = format!("{}#erasure", one.address(""));
        return Ok(led_to(&to, "said-editing-unsure", ctx.house.settings.https));
    }
    let mut change = ctx.change(&form).await?;
    let Some(now) = seen(&mut change.tx, &one, &form).await? else {
        drop(change);
        return Ok(elsewhere(&ctx, &one));
    };
    if matches!(now.stage, Stage::New | Stage::Ready) {
        store::part(&mut change.tx, now.id).await?;
    }
    store::forget_voice(&mut change.tx, now.id, ctx.now).await?;
    ctx.trail().note(&mut change.tx, Entry::new("voice.erased", now.subject())).await?;
    change.done(&one.address(""), "said-voice-erased").await
}

async fn turn(
    ctx: &Ctx,
    one: &One,
    form: &Form,
    stage: Stage,
    reason: &str,
    by: Option<kyodo_kernel::people::AccountId>,
    (action, said): (&'static str, &'static str),
) -> Result<Response> {
    let mut change = ctx.change(form).await?;
    let Some(now) = seen(&mut change.tx, one, form).await? else {
        drop(change);
        return Ok(elsewhere(ctx, one));
    };
    let decision = Decision { stage, shown: &now.words.comment, shown_as: &now.words.name, reason, by };
    if now.words.comment.is_empty() || !store::decide(&mut change.tx, now.id, now.version, &decision, ctx.now).await? {
        drop(change);
        return Ok(elsewhere(ctx, one));
    }
    if stage == Stage::New {
        store::part(&mut change.tx, now.id).await?;
    }
    ctx.trail().note(&mut change.tx, Entry::new(action, now.subject())).await?;
    change.done(&one.open.address(""), said).await
}

/// `POST …/merging`: this comment speaks for others that say the same.
pub(super) async fn merge(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let one = One::load(&ctx, &keys).await?;
    let person = ctx.person()?;
    let chosen: Vec<&str> = form.all("other").collect();
    let others: Vec<&Voice> =
        one.alike.iter().filter(|other| chosen.contains(&format!("{}.{}", other.id, other.version).as_str())).collect();
    if others.is_empty() {
        let (f, mut faults) = (one.frame(&ctx), Faults::default());
        faults.add("other", f.t("voice-alike-missing"));
        return Ok(Wrong(page(&f, &one, &form, &faults)).into_response());
    }
    let mut change = ctx.change(&form).await?;
    let Some(now) = seen(&mut change.tx, &one, &form).await? else {
        drop(change);
        return Ok(elsewhere(&ctx, &one));
    };
    // Its version rises, so that nobody lets another speak for it at the same time.
    let decision =
        Decision { stage: now.stage, shown: &now.shown, shown_as: &now.shown_as, reason: "", by: Some(person.id) };
    let open = matches!(now.stage, Stage::New | Stage::Ready);
    let mut done = open && store::decide(&mut change.tx, now.id, now.version, &decision, ctx.now).await?;
    for other in &others {
        done = done && store::merge(&mut change.tx, other.id, other.version, now.id, person.id, ctx.now).await?;
    }
    if !done {
        drop(change);
        return Ok(elsewhere(&ctx, &one));
    }
    let numbers: Vec<i64> = others.iter().map(|other| other.id).collect();
    let entry = Entry::new("voice.merged", now.subject()).detail(json!({ "voices": numbers }));
    ctx.trail().note(&mut change.tx, entry).await?;
    change.done(&one.address(""), "said-voice-merged").await
}
