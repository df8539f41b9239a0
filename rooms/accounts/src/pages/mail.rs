//! Mail that somebody does not want any more, ended with one click; and what mail somebody gets.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::mail::{self, Mail, Subscription};
use kyodo_kernel::people::AccountId;
use kyodo_web::components::{Field, choice};
use kyodo_web::form::led_to;
use kyodo_web::{Access, Ctx, Error, Form, Frame, KeyPath, Page, Params, Result, Routes, filters, format};
use serde_json::json;

use super::jobs::became;

use super::own::{MAIL, Tab, tabs};

/// The addresses of these pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/subscriptions/{token}", Access::Public, show)
        .post("/subscriptions/{token}", Access::Public, set)
        .get("/account/mail", Access::SignedIn, own)
        .post("/account/mail", Access::SignedIn, choose)
}

/// What a letter leads to that can be ended.
#[derive(Template)]
#[template(path = "mail-subscription.html")]
struct SubscriptionPage {
    f: Frame,
    action: String,
    topic: String,
    ended: Option<String>,
}

/// `GET /subscriptions/{token}`
async fn show(ctx: Ctx, KeyPath(token): KeyPath) -> Result<Response> {
    let subscription = mail::subscribed(&ctx.db, &token).await?.ok_or(Error::Gone)?;
    Ok(page(&ctx, &token, &subscription))
}

/// `POST /subscriptions/{token}`: from the page, which says what is wanted, or from a mail program, which says so in its
/// own way (RFC 8058) and takes no redirect for an answer. Whoever has the token has the letter.
async fn set(ctx: Ctx, KeyPath(token): KeyPath, form: Result<Form>) -> Result<Response> {
    // A mail program may send its one field as multipart, which our forms never are.
    let form = form.unwrap_or_default();
    let subscription = mail::subscribed(&ctx.db, &token).await?.ok_or(Error::Gone)?;
    let (account, resumes) = (subscription.account, form.text("wanted") == "yes");
    let mut tx = ctx.db.begin().await?;
    if resumes {
        mail::choose(&mut tx, account, &subscription.topic, true, ctx.now, ctx.house.chance).await?;
    } else {
        mail::unsubscribe(&mut tx, &token, ctx.now).await?;
    }
    // Ending what has ended changes nothing, and says nothing to the trail.
    if resumes != subscription.ended_at.is_none() {
        let action = if resumes { "subscription.resumed" } else { "subscription.ended" };
        let entry = Entry::new(action, AccountId(account).subject()).detail(json!({ "topic": subscription.topic }));
        ctx.trail().note(&mut tx, entry).await?;
    }
    tx.commit().await?;
    if form.has("wanted") {
        let said = if resumes { "said-mail-resumed" } else { "said-mail-ended" };
        return Ok(led_to(&mail::subscription_path(&token), said, ctx.house.settings.https));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn page(ctx: &Ctx, token: &str, subscription: &Subscription) -> Response {
    // The address is a key: nobody keeps the page, and no search engine lists it.
    ctx.is_personal();
    let mut f = ctx.frame(ctx.words().say("mails-end-title"));
    f.unlisted = true;
    Page(SubscriptionPage {
        action: mail::subscription_path(token),
        topic: topic(&f, &subscription.topic),
        ended: subscription.ended_at.map(|at| format::long_moment(at, ctx.language)),
        f,
    })
    .into_response()
}

/// What letters can be about that their readers may end, and the message that names it.
const TOPICS: &[(&str, &str)] = &[("notices", "topic-notices")];

/// What a topic is called; its own name where the table has none.
fn topic(f: &Frame, topic: &str) -> String {
    let known = TOPICS.iter().find(|(name, _)| *name == topic);
    known.map_or_else(|| topic.to_owned(), |(_, message)| f.t(message))
}

/// So many letters stand on a page.
const PER_PAGE: i64 = 50;

/// The mail that somebody gets.
#[derive(Template)]
#[template(path = "mail-own.html")]
struct OwnMailPage {
    f: Frame,
    tabs: Vec<Tab>,
    topics: Option<Field>,
    letters: Vec<LetterRow>,
    first: Option<&'static str>,
    next: Option<String>,
}

/// A letter.
struct LetterRow {
    subject: String,
    when: String,
    address: String,
    became: String,
}

/// `GET /account/mail`
async fn own(ctx: Ctx, params: Params) -> Result<Response> {
    let account = ctx.person()?.id.0;
    let f = ctx.frame(ctx.words().say("mails-title")).at_desk().crumb("/account", "own-title");
    let f = f.crumb("", "mails-title");
    let after = params.get("after").and_then(|id| id.parse().ok());
    let subscriptions = mail::subscriptions(&ctx.db, account).await?;
    let mut letters = mail::mails_of(&ctx.db, account, after, PER_PAGE + 1).await?;
    let most = usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    let is_more = letters.len() > most;
    letters.truncate(most);
    let next = letters.last().filter(|_| is_more).map(|letter| format!("?after={}", letter.id));
    let choices = subscriptions.iter().map(|one| choice(&one.topic, topic(&f, &one.topic), one.ended_at.is_none()));
    let topics = Field::ticks("topic", f.t("mails-topics"), choices.collect()).hint(f.t("mails-topics-hint"));
    Ok(Page(OwnMailPage {
        tabs: tabs(&f, MAIL),
        topics: (!subscriptions.is_empty()).then_some(topics),
        letters: letters.iter().map(|letter| row(&f, letter)).collect(),
        first: after.map(|_| "/account/mail"),
        next,
        f,
    })
    .into_response())
}

fn row(f: &Frame, letter: &Mail) -> LetterRow {
    LetterRow {
        subject: letter.subject.clone(),
        when: format::long_moment(letter.created_at, f.ctx.language),
        address: letter.address.clone(),
        became: became(f, letter),
    }
}

/// `POST /account/mail`: of the topics that somebody is written to about, those they want.
async fn choose(ctx: Ctx, form: Form) -> Result<Response> {
    let id = ctx.person()?.id;
    let mut change = ctx.change(&form).await?;
    for one in mail::subscriptions(&ctx.db, id.0).await? {
        let wanted = form.all("topic").any(|topic| topic == one.topic);
        if wanted == one.ended_at.is_some() {
            mail::choose(&mut change.tx, id.0, &one.topic, wanted, ctx.now, ctx.house.chance).await?;
            let detail = json!({ "topic": one.topic, "wanted": wanted });
            ctx.trail().note(&mut change.tx, Entry::new("subscription.chosen", id.subject()).detail(detail)).await?;
        }
    }
    change.done("/account/mail", "said-mail-chosen").await
}
