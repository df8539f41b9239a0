//! The devices somebody is signed in on, and the end of it.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people;
use kyodo_web::{Ctx, Error, Form, Frame, Page, Result, filters, format};
use serde_json::json;

use super::device::device;
use super::{SESSIONS, Tab, frame, tabs};

#[derive(Template)]
#[template(path = "own-sessions.html")]
struct SessionsPage {
    f: Frame,
    tabs: Vec<Tab>,
    sessions: Vec<Line>,
}

struct Line {
    id: i64,
    device: String,
    seen: String,
    began: String,
    method: String,
    here: bool,
}

/// `GET /account/sessions`
pub(super) async fn sessions(ctx: Ctx) -> Result<Response> {
    let person = ctx.person()?;
    let f = frame(&ctx, "own-sessions-title");
    let line = |session: people::Session| {
        let here = session.id == person.session;
        Line {
            id: session.id,
            device: device(&f, &session.agent),
            seen: if here { f.t("own-session-now") } else { format::moment(session.seen_at, ctx.language) },
            began: format::moment(session.began_at, ctx.language),
            method: f.t(method(&session.method)),
            here,
        }
    };
    let sessions = people::sessions(&ctx.db, person.id, ctx.now).await?.into_iter().map(line).collect();
    Ok(Page(SessionsPage { tabs: tabs(&f, SESSIONS), sessions, f }).into_response())
}

/// The message that names how a session began.
fn method(name: &str) -> &'static str {
    match name {
        "passkey" => "own-method-passkey",
        "provider" => "own-method-provider",
        _ => "own-method-password",
    }
}

/// `POST /account/sessions/endings`: one of one's own, or all but this one. Whoever names one that is over, or somebody
/// else's, is told the same.
pub(super) async fn end(ctx: Ctx, form: Form) -> Result<Response> {
    let person = ctx.person()?;
    let mut change = ctx.change(&form).await?;
    if form.has("others") {
        let ended = people::end_all(&mut change.tx, person.id, Some(person.session), ctx.now).await?;
        let entry = Entry::new("account.sessions-ended", person.id.subject()).detail(json!({ "ended": ended }));
        ctx.trail().note(&mut change.tx, entry).await?;
        return change.done(SESSIONS, "said-own-sessions-ended").await;
    }
    let session: i64 = form.text("session").parse().map_err(|_| Error::NotFound)?;
    if people::end(&mut change.tx, person.id, session, ctx.now).await? {
        let entry = Entry::new("account.session-ended", person.id.subject()).detail(json!({ "session": session }));
        ctx.trail().note(&mut change.tx, entry).await?;
    }
    change.done(SESSIONS, "said-own-session-ended").await
}
