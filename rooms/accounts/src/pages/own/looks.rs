//! Who looked at somebody's data: everybody may know that of themselves.

use std::collections::HashMap;

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::{self, Row};
use kyodo_kernel::people::{self, AccountId, Role};
use kyodo_web::{Ctx, Frame, Page, Params, Result, filters, format};
use serde_json::Value;

use super::{LOOKS, Tab, frame, tabs};

/// How many stand on a page.
const PAGE: usize = 30;

/// Where somebody was looked at, as the trail names it (`at`), and the message that says it.
const PLACES: [(&str, &str); 7] = [
    ("people", "own-look-people"),
    ("person", "own-look-people"),
    ("handover", "own-look-handover"),
    ("audit", "own-look-audit"),
    ("jobs", "own-look-mail"),
    ("mail", "own-look-mail"),
    ("addresses", "own-look-mail"),
];

#[derive(Template)]
#[template(path = "own-looks.html")]
struct LooksPage {
    f: Frame,
    tabs: Vec<Tab>,
    looks: Vec<Line>,
    first: Option<&'static str>,
    next: Option<String>,
}

struct Line {
    at: String,
    who: String,
    roles: String,
    place: String,
    why: String,
}

/// Somebody who looked: by name and roles where they have an account.
pub(super) struct Lookers {
    names: HashMap<AccountId, String>,
    roles: HashMap<AccountId, Vec<Role>>,
}

impl Lookers {
    pub(super) async fn of(ctx: &Ctx, rows: &[Row]) -> Result<Self> {
        let mut ids: Vec<AccountId> = rows.iter().filter_map(|row| account_of(&row.actor)).collect();
        ids.sort_unstable();
        ids.dedup();
        let names = people::names(&ctx.db, &ids).await?;
        let roles = people::roles(&ctx.db, &ids, ctx.today).await?;
        Ok(Self { names, roles })
    }

    pub(super) fn name(&self, f: &Frame, actor: &str) -> String {
        let known = account_of(actor).and_then(|id| self.names.get(&id)).cloned();
        known.unwrap_or_else(|| f.t("own-look-system"))
    }

    pub(super) fn roles(&self, f: &Frame, actor: &str) -> String {
        let roles = account_of(actor).and_then(|id| self.roles.get(&id));
        let named = roles.into_iter().flatten().map(|role| f.t(role.message()));
        named.collect::<Vec<_>>().join(&f.t("own-and"))
    }
}

/// `GET /account/looks`
pub(super) async fn looks(ctx: Ctx, params: Params) -> Result<Response> {
    let subject = ctx.person()?.id.subject();
    let after = params.get("after").and_then(|after| after.parse().ok());
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = audit::looks_at(&ctx.db, &subject, after, limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let lookers = Lookers::of(&ctx, &rows).await?;
    let f = frame(&ctx, "own-looks-title");
    let line = |row: &Row| {
        let detail: Value = serde_json::from_str(&row.detail).unwrap_or_default();
        Line {
            at: format::long_moment(row.at, ctx.language),
            who: lookers.name(&f, &row.actor),
            roles: lookers.roles(&f, &row.actor),
            place: f.t(place(detail.get("at").and_then(Value::as_str))),
            why: detail.get("why").and_then(Value::as_str).unwrap_or_default().to_owned(),
        }
    };
    let page = LooksPage {
        tabs: tabs(&f, LOOKS),
        looks: rows.iter().map(line).collect(),
        first: after.map(|_| "/account/looks"),
        next: rows.last().filter(|_| more).map(|row| format!("?after={}", row.id)),
        f,
    };
    Ok(Page(page).into_response())
}

fn place(at: Option<&str>) -> &'static str {
    let found = at.and_then(|at| PLACES.iter().find(|(name, _)| *name == at));
    found.map_or("own-look-account", |(_, message)| message)
}

fn account_of(actor: &str) -> Option<AccountId> {
    actor.strip_prefix("account:")?.parse().ok().map(AccountId)
}
