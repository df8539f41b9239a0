//! `/plan/nodes/{key}/voice` and `/plan/reports/{fiscal_year}/voice`: what residents want to say of a year, while the city asks;
//! and `/plan/voices/{receipt}`: what became of it. Nobody signs in.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use kyodo_db::Tx;
use kyodo_kernel::audit::{Entry, Trail};
use kyodo_kernel::secret::hex;
use kyodo_kernel::throttle::{self, Limit};
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::filters;
use kyodo_web::{Access, Ctx, Error, Faults, Form, Frame, Html, KeyPath, Page, Params, Result, Routes, Wrong, format};
use serde_json::json;

use super::{report, titled};
use crate::node::Node;
use crate::progress::Progress;
use crate::store::{self, NewVoice, Received};
use crate::voice::{Call, MOST_COMMENT, MOST_NAME, Stage, Words, WordsFault, receipt, stamp, subject, was_shown};

/// So many comments come in from one place: a community centre's few machines are let through, a program is not.
const FROM_ONE_PLACE: Limit = Limit { most: 20, minutes: 60 };

/// The field that stays empty: people do not see it, programs fill it in.
const TRAP: &str = "homepage";

/// Its addresses.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/plan/nodes/{key}/voice", Access::Public, form_of_node)
        .post("/plan/nodes/{key}/voice", Access::Public, post_of_node)
        .get("/plan/reports/{fiscal_year}/voice", Access::Public, form_of_year)
        .post("/plan/reports/{fiscal_year}/voice", Access::Public, post_of_year)
        .get("/plan/voices/{receipt}", Access::Public, received)
}

/// Where something is said of a node's year.
pub(crate) fn address_of_node(node: &Node, call: &Call) -> String {
    format!("/plan/nodes/{}/voice?year={}", node.real_key(), i32::from(call.year))
}

/// Where something is said of a whole year.
pub(crate) fn address_of_year(call: &Call) -> String {
    format!("{}/voice", report::address(call.year))
}

/// What a comment is about.
struct About {
    plan_id: i64,
    node: Option<Node>,
    /// Code and title, or the name of the year's report.
    title: String,
    /// None while the city does not ask.
    call: Option<Call>,
    action: String,
    back: String,
}

impl About {
    /// A node's year: the one that is asked for, or else the latest of which there is a report.
    async fn of_node(ctx: &Ctx, key: &str, asked: Option<&str>) -> Result<Self> {
        let (plan_id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
        let node = store::node(&ctx.db, plan_id, key).await?.ok_or(Error::NotFound)?;
        let reports = store::progress_of(&ctx.db, node.id).await?;
        let calls = store::calls(&ctx.db, plan_id).await?;
        let wanted = |call: &Call| asked.is_none_or(|asked| asked == i32::from(call.year).to_string());
        let call = open_calls(ctx, &calls, &reports).find(|call| wanted(call)).cloned();
        let year = call.as_ref().map(|call| format!("?year={}", i32::from(call.year))).unwrap_or_default();
        Ok(Self {
            plan_id,
            title: titled(&plan.outline, &node),
            call,
            action: format!("/plan/nodes/{}/voice{year}", node.real_key()),
            back: node.address(),
            node: Some(node),
        })
    }

    /// A whole year.
    async fn of_year(ctx: &Ctx, of: &str) -> Result<Self> {
        let (plan_id, _) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
        let year = of.parse::<i32>().map(kyodo_kernel::FiscalYear::new).map_err(|_| Error::NotFound)?;
        let reported = store::progress(&ctx.db, plan_id).await?.iter().any(|report| report.year == year);
        if !reported {
            return Err(Error::NotFound);
        }
        let call = store::call(&ctx.db, plan_id, year).await?.filter(|call| call.is_open(ctx.today));
        Ok(Self {
            plan_id,
            node: None,
            title: ctx.words().with("yearly-title", [("year", ctx.long_year(year))]),
            call,
            action: format!("{}/voice", report::address(year)),
            back: report::address(year),
        })
    }

    fn frame(&self, ctx: &Ctx) -> Frame {
        ctx.is_personal();
        let message = if self.call.is_some() { "voice-title" } else { "voice-closed" };
        let mut f = ctx.frame(ctx.words().say(message)).crumb("/plan", "nav-plan");
        f = f.crumb_named(self.back.clone(), self.title.clone()).crumb("", "voice-crumb");
        f.unlisted = true;
        f
    }
}

/// The calls that are open for years of which something is public, the latest first.
pub(crate) fn open_calls<'c>(ctx: &Ctx, calls: &'c [Call], reports: &[Progress]) -> impl Iterator<Item = &'c Call> {
    let (today, years): (_, Vec<_>) = (ctx.today, reports.iter().map(|report| report.year).collect());
    calls.iter().filter(move |call| call.is_open(today) && years.contains(&call.year))
}

#[derive(Template)]
#[template(path = "voice.html")]
struct VoicePage<'a> {
    f: &'a Frame,
    about: &'a str,
    year: String,
    question: &'a str,
    until: String,
    wrongs: Wrongs<'a>,
    action: &'a str,
    since: String,
    fields: Vec<Field>,
    /// Shown only to whoever filled it in.
    trap: Field,
    trapped: bool,
    back: &'a str,
}

#[derive(Template)]
#[template(path = "voice-check.html")]
struct CheckPage<'a> {
    f: &'a Frame,
    about: &'a str,
    year: String,
    wrongs: Wrongs<'a>,
    comment: Vec<Html>,
    name: String,
    contact: bool,
    action: &'a str,
    fields: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "voice-closed.html")]
struct ClosedPage<'a> {
    f: &'a Frame,
    about: &'a str,
    /// What was written meanwhile, so that nobody loses it.
    words: Vec<String>,
    back: &'a str,
}

async fn form_of_node(ctx: Ctx, KeyPath(key): KeyPath, params: Params) -> Result<Response> {
    let about = About::of_node(&ctx, &key, params.get("year")).await?;
    Ok(form(&ctx, &about, &Form::default(), &Faults::default()))
}

async fn form_of_year(ctx: Ctx, KeyPath(of): KeyPath) -> Result<Response> {
    let about = About::of_year(&ctx, &of).await?;
    Ok(form(&ctx, &about, &Form::default(), &Faults::default()))
}

async fn post_of_node(ctx: Ctx, KeyPath(key): KeyPath, params: Params, form: Form) -> Result<Response> {
    let about = About::of_node(&ctx, &key, params.get("year")).await?;
    post(&ctx, &about, &form).await
}

async fn post_of_year(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let about = About::of_year(&ctx, &of).await?;
    post(&ctx, &about, &form).await
}

/// The form, with what was typed into it before.
fn form(ctx: &Ctx, about: &About, typed: &Form, faults: &Faults) -> Response {
    let f = about.frame(ctx);
    let Some(call) = &about.call else { return closed(&f, about, typed) };
    let since = match typed.text("since") {
        "" => stamp(&ctx.city.secret, ctx.now),
        since => since.to_owned(),
    };
    let page = VoicePage {
        about: &about.title,
        year: ctx.long_year(call.year),
        question: &call.question,
        until: f.with("voice-until", &[("day", &f.day(call.closes_on))]),
        wrongs: Wrongs { f: &f, faults },
        action: &about.action,
        since,
        fields: vec![
            Field::lines("comment", f.t("voice-comment"), 7)
                .hint(f.n("voice-comment-hint", MOST_COMMENT))
                .counted(MOST_COMMENT)
                .need(&f)
                .heard(typed, faults),
            Field::line("name", f.t("voice-name")).hint(f.t("voice-name-hint")).heard(typed, faults),
        ],
        trap: Field::line(TRAP, f.t("voice-trap")).autocomplete("off").heard(typed, faults),
        trapped: faults.of(TRAP).is_some(),
        back: &about.back,
        f: &f,
    };
    if faults.is_empty() { Page(page).into_response() } else { Wrong(page).into_response() }
}

fn closed(f: &Frame, about: &About, typed: &Form) -> Response {
    let words = typed.text("comment").lines().map(str::to_owned).collect();
    let page = ClosedPage { about: &about.title, words, back: &about.back, f };
    let mut response = Page(page).into_response();
    *response.status_mut() = StatusCode::GONE;
    response
}

/// First the words are shown once more, then they are sent.
async fn post(ctx: &Ctx, about: &About, typed: &Form) -> Result<Response> {
    let f = about.frame(ctx);
    let Some(call) = &about.call else { return Ok(closed(&f, about, typed)) };
    let words = Words::typed(|name| typed.raw(name));
    let mut faults = Faults::default();
    for fault in words.faults() {
        faults.add(fault.field(), told(&f, fault));
    }
    if typed.some(TRAP).is_some() {
        faults.add(TRAP, f.t("voice-trap-filled"));
    }
    if !faults.is_empty() || typed.text("step") == "edit" {
        return Ok(form(ctx, about, typed, &faults));
    }
    if typed.text("step") != "send" {
        return Ok(Page(check(&f, about, call, typed, &words, &faults)).into_response());
    }
    if !was_shown(&ctx.city.secret, typed.text("since"), ctx.now) {
        faults.add("send", f.t("voice-again"));
        return Ok(Wrong(check(&f, about, call, typed, &words, &faults)).into_response());
    }
    let receipt = receipt(ctx.house.chance);
    let mut change = ctx.change(typed).await?;
    if let Some(until) = one_too_many(ctx, &mut change.tx).await? {
        drop(change);
        faults.add("send", f.with("voice-too-many", &[("time", &format::time(until))]));
        let page = check(&f, about, call, typed, &words, &faults);
        return Ok((StatusCode::TOO_MANY_REQUESTS, Page(page)).into_response());
    }
    let now = store::call_now(&mut change.tx, about.plan_id, call.year).await?;
    if now.is_none_or(|now| !now.is_open(ctx.today)) {
        drop(change);
        return Ok(closed(&f, about, typed));
    }
    let new = NewVoice {
        node: about.node.as_ref().map(|node| node.id),
        year: call.year,
        receipt: &receipt,
        words: &words,
        at: ctx.now,
        example: false,
    };
    let id = store::put_voice(&mut change.tx, about.plan_id, &new).await?;
    let item = about.node.as_ref().map(Node::real_key);
    let entry = Entry::new("voice.received", subject(id)).detail(json!({ "year": i32::from(call.year), "item": item }));
    // Who is signed in may still speak as one of the residents.
    let trail = Trail { actor: "visitor".to_owned(), ..ctx.trail() };
    trail.note(&mut change.tx, entry).await?;
    change.done(&format!("/plan/voices/{receipt}"), "said-voice-received").await
}

fn check<'a>(
    f: &'a Frame,
    about: &'a About,
    call: &Call,
    typed: &Form,
    words: &Words,
    faults: &'a Faults,
) -> CheckPage<'a> {
    let ctx = &f.ctx;
    // Whoever let a form lie for a day is shown it anew; whoever was quick waits a moment and sends it as it is.
    let secret = &ctx.city.secret;
    let since = match typed.text("since") {
        since if was_shown(secret, since, ctx.now + TimeDelta::seconds(10)) => since.to_owned(),
        _ => stamp(secret, ctx.now),
    };
    CheckPage {
        about: &about.title,
        year: ctx.long_year(call.year),
        wrongs: Wrongs { f, faults },
        comment: words.comment.lines().map(|line| f.prose(line)).collect(),
        name: if words.name.is_empty() { f.t("voice-anonymous") } else { words.name.clone() },
        contact: words.holds_contact(),
        action: &about.action,
        fields: vec![("comment", words.comment.clone()), ("name", words.name.clone()), ("since", since)],
        f,
    }
}

fn told(f: &Frame, fault: WordsFault) -> String {
    match fault {
        WordsFault::NoComment => f.t("voice-comment-missing"),
        WordsFault::LongComment(over) => {
            f.tell("voice-comment-long", &[("most", MOST_COMMENT.into()), ("over", over.into())])
        }
        WordsFault::LongName(over) => f.tell("voice-name-long", &[("most", MOST_NAME.into()), ("over", over.into())]),
        WordsFault::MyNumber => f.t("voice-my-number"),
    }
}

/// Counts a comment from one place, by a fingerprint, because an address is personal. Until when nothing more is taken from
/// there, if it is one too many: only what is taken counts.
async fn one_too_many(ctx: &Ctx, tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    if !ctx.house.settings.limits_tries() {
        return Ok(None);
    }
    let place = ctx.client.map(|client| client.to_string()).unwrap_or_default();
    let mark = hex(&ctx.city.secret.derive("throttle").sign(place.as_bytes())[..12]);
    Ok(throttle::count(tx, &format!("voice-from:{mark}"), FROM_ONE_PLACE, ctx.now).await?)
}

// --- what became of it -------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "voice-received.html")]
struct ReceivedPage {
    f: Frame,
    receipt: String,
    state: String,
    next: Option<String>,
    back: String,
}

/// `GET /plan/voices/{receipt}`: thanks, and later where it stands. What was written does not stand there.
async fn received(ctx: Ctx, KeyPath(receipt): KeyPath) -> Result<Response> {
    let receipt = receipt.to_ascii_uppercase();
    let Received { stage, withdrawn, node, year } = store::received(&ctx.db, &receipt).await?.ok_or(Error::NotFound)?;
    let (plan_id, _) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let nodes = if node.is_some() { store::all_nodes(&ctx.db, plan_id).await? } else { Vec::new() };
    let node = nodes.iter().find(|one| Some(one.id) == node && !one.is_alias());
    ctx.is_personal();
    let mut f = ctx.frame(ctx.words().say("voice-received"));
    f.unlisted = true;
    let (message, next) = match stage {
        Stage::New | Stage::Ready => ("voice-is-new", Some(f.t("voice-next"))),
        Stage::Merged => ("voice-is-merged", None),
        Stage::Aside => ("voice-is-aside", None),
        Stage::Published if withdrawn => ("voice-is-withdrawn", None),
        Stage::Published => ("voice-is-public", None),
    };
    let page = ReceivedPage {
        receipt,
        state: f.t(message),
        next,
        back: node.map_or_else(|| report::address(year), Node::address),
        f,
    };
    Ok(Page(page).into_response())
}
