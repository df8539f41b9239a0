//! `/desk/plan/voices/{year}`: what residents sent, by where it stands, oldest first.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_jptext::search_key;
use kyodo_web::components::{Choice, Status, choice};
use kyodo_web::filters;
use kyodo_web::{Ctx, Frame, KeyPath, Page, Params, Result, format};

use super::{open, status};
use crate::store::{self, Wanted};
use crate::voice::{Call, Stage, Voice};

/// So many comments stand on a page.
const PER_PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "desk/voices.html")]
struct VoicesPage<'a> {
    f: &'a Frame,
    state: String,
    question: String,
    call: String,
    /// Changing anything is for whoever hears residents, not for whoever audits.
    runs: bool,
    counts: Vec<(Status, String)>,
    stages: Vec<Choice>,
    abouts: Vec<Choice>,
    q: &'a str,
    filtered: bool,
    publications: String,
    publish_all: Option<String>,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
    round: String,
}

struct Row {
    href: String,
    comment: String,
    about: String,
    when: String,
    status: Status,
    others: String,
}

/// `GET /desk/plan/voices/{year}`: a fixed number of sentences, whatever the number of comments.
pub(super) async fn list(ctx: Ctx, KeyPath(of): KeyPath, params: Params) -> Result<Response> {
    let open = open(&ctx, &of).await?;
    let call = store::call(&ctx.db, open.plan_id, open.year).await?;
    let counts = store::voice_counts(&ctx.db, open.plan_id, open.year).await?;
    let of_stage = |stage: Stage| counts.iter().find(|(own, _)| *own == stage).map_or(0, |(_, n)| *n);
    let asked = match params.get("stage") {
        Some("all") => None,
        Some(name) => Stage::named(name).or(Some(Stage::New)),
        None => Some(Stage::New),
    };
    let after = params.get("after").and_then(|after| after.parse().ok()).unwrap_or(0_i64);
    let q = params.get("q").unwrap_or_default();
    let wanted = Wanted { stage: asked, about: params.get("about").and_then(|about| about.parse().ok()) };
    // Whoever looks for words looks through all of them.
    let most = if q.is_empty() { PER_PAGE + 1 } else { i64::MAX };
    let mut voices = store::voices(&ctx.db, open.plan_id, open.year, wanted, after, most).await?;
    voices.retain(|voice| says(voice, q));
    let per_page = usize::try_from(PER_PAGE).unwrap_or_default();
    let more = voices.len() > per_page;
    voices.truncate(per_page);
    let next = voices.last().filter(|_| more).map(|last| format!("?{}", params.with("after", &last.id.to_string())));
    let f = open.frame(&ctx, open.name(&ctx));
    let rows = voices.iter().map(|voice| Row {
        href: open.address(&format!("/{}", voice.id)),
        comment: shortened(if voice.words.comment.is_empty() { &voice.shown } else { &voice.words.comment }),
        about: open.about(&f, voice),
        when: format::moment(voice.received_at, ctx.language),
        status: status(&f, voice.stage),
        others: if voice.others > 0 { f.n("voice-speaks-for", voice.others) } else { String::new() },
    });
    let name = asked.map_or("all", Stage::name);
    let all = choice("all", f.t("filter-all"), name == "all");
    let stages = Stage::ALL.map(|stage| choice(stage.name(), f.t(stage.message()), stage.name() == name));
    let mut abouts = store::voices_about(&ctx.db, open.plan_id, open.year).await?;
    abouts.sort_by_key(|id| open.node(*id).map(|node| node.position));
    let abouts = abouts.into_iter().map(|id| {
        let label = if id == 0 { f.t("voice-whole") } else { open.title(id) };
        choice(id.to_string(), label, wanted.about == Some(id))
    });
    let ready = of_stage(Stage::Ready);
    let round = store::round(&ctx.db, open.plan_id, open.year).await?;
    let page = VoicesPage {
        state: state(&f, call.as_ref()),
        question: call.map(|call| call.question).unwrap_or_default(),
        call: open.address("/call"),
        runs: super::RUNNERS.admits(&ctx.actor, &axum::http::Method::POST).is_ok(),
        counts: Stage::ALL.map(|stage| (status(&f, stage), f.n("count-exact", of_stage(stage)))).into(),
        stages: std::iter::once(all).chain(stages).collect(),
        abouts: abouts.collect(),
        q,
        filtered: !params.has_none_of(&["stage", "about", "q"]),
        publications: open.address("/publications"),
        publish_all: (ready > 0).then(|| f.n("voices-publish-all", ready)),
        rows: rows.collect(),
        first: (after > 0).then(|| format!("?{}", params.with("after", ""))),
        next,
        round: round.map_or_else(|| "/desk/plan/rounds".to_owned(), |round| round.address("")),
        f: &f,
    };
    Ok(Page(page).into_response())
}

/// Whether residents are asked.
fn state(f: &Frame, call: Option<&Call>) -> String {
    let Some(call) = call else { return f.t("voices-off") };
    let days = [("from", f.day(call.opens_on)), ("to", f.day(call.closes_on))];
    let days: Vec<(&str, &str)> = days.iter().map(|(name, day)| (*name, day.as_str())).collect();
    let message = match () {
        () if call.is_open(f.ctx.today) => "voices-open",
        () if f.ctx.today < call.opens_on => "voices-soon",
        () => "voices-over",
    };
    f.with(message, &days)
}

/// Whether a comment has the words somebody looks for, as it was sent or as it is shown, or is the one of a receipt.
fn says(voice: &Voice, q: &str) -> bool {
    let q = search_key(q);
    q.is_empty()
        || [&voice.words.comment, &voice.shown, &voice.receipt].iter().any(|text| search_key(text).contains(&q))
}

/// The beginning of a comment, as much as a line shows.
fn shortened(comment: &str) -> String {
    const MOST: usize = 60;
    let line = comment.replace('\n', " ");
    if line.chars().count() <= MOST { line } else { line.chars().take(MOST).chain(['…']).collect() }
}
