//! `/desk/audit` and `/seals`: who did what, and who looked at whom.

mod asked;
mod export;
mod lines;
mod seals;

use std::collections::BTreeSet;

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::{self, Entry, Row};
use kyodo_web::sheet::SheetFormat;
use kyodo_web::{Access, Ctx, Frame, Page, Params, Result, Routes, filters};
use serde_json::{Value, json};

use crate::actions::account_in;
use crate::{KEEPERS, actions};
use asked::Asked;
use lines::Day;

/// The addresses of these pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/desk/audit", Access::Roles(KEEPERS), search)
        .get("/desk/audit/chain", Access::Roles(KEEPERS), export::chain)
        .get("/seals", Access::Public, seals::seals)
}

/// So many entries stand on a page.
const PER_PAGE: i64 = 50;

/// The search.
#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    f: Frame,
    asked: Asked,
    whats: Vec<Whats>,
    standing: Standing,
    days: Vec<Day>,
    csv: String,
    xlsx: String,
    first: Option<String>,
    next: Option<String>,
}

/// The actions of one noun, to choose from.
struct Whats {
    noun: String,
    choices: Vec<kyodo_web::components::Choice>,
}

/// How far the sealing is.
struct Standing {
    last: Option<String>,
    waiting: i64,
}

/// `GET /desk/audit`
async fn search(ctx: Ctx, params: Params) -> Result<Response> {
    let f = ctx.frame(ctx.words().say("nav-audit")).at_desk().crumb("/desk", "nav-desk").crumb("", "nav-audit");
    let asked = Asked::read(&f, &params).await?;
    if let (Some(format), true) = (SheetFormat::of(params.get("format")), asked.is_clear()) {
        return export::export(ctx, asked, format).await;
    }
    let after = params.get("after").and_then(|id| id.parse().ok());
    let mut rows = Vec::new();
    if asked.is_clear() {
        rows = audit::search(&ctx.db, &asked.filter, after, PER_PAGE + 1).await?;
    }
    let next = more(&mut rows).map(|last| format!("?{}", params.with("after", &last.to_string())));
    let page = AuditPage {
        whats: whats(&f, audit::actions(&ctx.db).await?, asked.filter.action.as_deref()),
        standing: standing(&f).await?,
        days: lines::days(&f, &rows, asked.personal).await?,
        csv: format!("?{}", params.with("format", "csv")),
        xlsx: format!("?{}", params.with("format", "xlsx")),
        first: after.map(|_| format!("?{}", params.with("after", ""))),
        next,
        asked,
        f,
    };
    if page.asked.is_clear() {
        note(&ctx, "audit.searched", &page.asked, json!({}), &rows).await?;
    }
    Ok(Page(page).into_response())
}

/// One row more than a page was asked for; the number of the page's last when there is more.
fn more(rows: &mut Vec<Row>) -> Option<i64> {
    let most = usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    let is_more = rows.len() > most;
    rows.truncate(most);
    rows.last().filter(|_| is_more).map(|row| row.id)
}

/// Tells the trail who searched it for what, and those whose personal values were shown who saw them.
async fn note(ctx: &Ctx, action: &'static str, asked: &Asked, more: Value, rows: &[Row]) -> Result<()> {
    let mut detail = asked.detail();
    if let (Value::Object(detail), Value::Object(more)) = (&mut detail, more) {
        detail.extend(more);
    }
    let mut entry = Entry::new(action, "audit").detail(detail);
    // Whatever somebody looks for in the text may be a name.
    if let Some(text) = &asked.filter.text {
        entry = entry.personal("text", text);
    }
    let mut tx = ctx.db.begin().await?;
    ctx.trail().note(&mut tx, entry).await?;
    for subject in looked_at(ctx, asked, rows) {
        ctx.trail().note(&mut tx, Entry::new("account.looked", subject).detail(json!({ "at": "audit" }))).await?;
    }
    Ok(tx.commit().await?)
}

/// The people whose personal values stand on a page, but for the reader.
fn looked_at(ctx: &Ctx, asked: &Asked, rows: &[Row]) -> BTreeSet<String> {
    let shown = rows.iter().filter(|row| asked.personal && row.personal.values().any(Option::is_some));
    let people = shown.filter(|row| account_in(&row.subject).is_some() && row.subject != ctx.actor.subject());
    people.map(|row| row.subject.clone()).collect()
}

/// What can be asked for: the actions that occur, under their nouns.
fn whats(f: &Frame, occurring: Vec<String>, chosen: Option<&str>) -> Vec<Whats> {
    let mut whats: Vec<(String, Whats)> = Vec::new();
    for action in occurring {
        let noun = action.split('.').next().unwrap_or_default().to_owned();
        if whats.last().is_none_or(|(last, _)| *last != noun) {
            let (value, name) = (format!("{noun}."), actions::noun(f, &noun));
            let all = f.with("audit-what-all", &[("noun", &name)]);
            let choices = vec![kyodo_web::components::choice(value.clone(), all, chosen == Some(&value))];
            whats.push((noun, Whats { noun: name, choices }));
        }
        if let Some((_, whats)) = whats.last_mut() {
            let is_chosen = chosen == Some(&action);
            whats.choices.push(kyodo_web::components::choice(&action, actions::action(f, &action), is_chosen));
        }
    }
    whats.into_iter().map(|(_, whats)| whats).collect()
}

async fn standing(f: &Frame) -> Result<Standing> {
    let last = audit::days(&f.ctx.db, None, 1).await?.pop();
    let last = last.map(|day| {
        let (on, position) = (f.day(day.day), f.whole(day.position));
        f.with("audit-sealed", &[("day", &on), ("position", &position)])
    });
    Ok(Standing { last, waiting: audit::waiting(&f.ctx.db).await? })
}
