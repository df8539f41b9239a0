//! The list of people, with what is asked for kept in its address, and the same as a file.

use std::collections::HashMap;

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use kyodo_kernel::audit;
use kyodo_kernel::people::{self, Account, AccountFilter, AccountId, Listed, Role, Standing};
use kyodo_web::components::{Choice, choice};
use kyodo_web::sheet::{Cell, Sheet, SheetFormat};
use kyodo_web::{Ctx, Error, Frame, Page, Params, Refusal, Result, filters};
use serde_json::json;

use super::{address, departments, held, keeps, roles, sees_contacts, term};
use crate::{KEEPERS, store};

/// How many stand on a page.
const PER_PAGE: i64 = 50;
/// How many are read at a time for a file.
const PER_READ: i64 = 500;

#[derive(Template)]
#[template(path = "people-list.html")]
struct ListPage<'a> {
    f: &'a Frame,
    roles: Vec<Choice>,
    departments: Vec<Choice>,
    standings: Vec<Choice>,
    q: &'a str,
    is_filtered: bool,
    keeps: bool,
    sees_contacts: bool,
    count: String,
    rows: Vec<Row>,
    csv: String,
    xlsx: String,
    first: Option<String>,
    next: Option<String>,
}

/// Somebody, as the list shows them.
struct Row {
    href: String,
    name: String,
    kana: String,
    /// Role and place, and the term of each duty.
    duties: Vec<(String, String)>,
    status: &'static str,
    standing: String,
}

/// Who was looked for: those of a page and one more, and how many there are.
#[derive(Debug, PartialEq)]
struct Found {
    listed: Vec<Listed>,
    count: i64,
}

/// Until when the invitation of each is good who has not come in yet.
#[derive(Debug, PartialEq)]
struct Invited(HashMap<AccountId, DateTime<Utc>>);

/// `GET /desk/people`
pub(super) async fn list(ctx: Ctx, params: Params) -> Result<Response> {
    let filter = filter(&ctx, &params);
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return export(&ctx, &filter, format).await;
    }
    let after = params.get("after").and_then(place_of);
    let begins = after.is_none();
    let asked = format!("{filter:?} {after:?}");
    let found = async {
        let count = people::count(&ctx.db, &filter).await?;
        Ok(Found { listed: people::list(&ctx.db, &filter, after, PER_PAGE + 1).await?, count })
    };
    let found = ctx.remembered(&asked, found).await?;
    let most = usize::try_from(PER_PAGE).unwrap_or_default();
    let (listed, more) = (&found.listed[..found.listed.len().min(most)], found.listed.len() > most);
    let invited = async { Ok(Invited(store::people::invited(&ctx.db, listed).await?)) };
    let invited = &ctx.briefly(&asked, invited).await?.0;
    let next = listed.last().filter(|_| more).map(|last| format!("{}~{}", last.kana_key, last.account.id.0));
    let title = ctx.words().say("nav-people");
    let f = ctx.frame(title).at_desk().crumb("/desk", "nav-desk").crumb("", "nav-people");
    let page = ListPage {
        roles: roles(&f, filter.role, "people-filter-all"),
        departments: departments(&f, filter.department.as_deref(), "people-filter-all"),
        standings: standings(&f, filter.standing),
        q: params.get("q").unwrap_or_default(),
        is_filtered: !params.has_none_of(&["role", "department", "standing", "q"]),
        keeps: keeps(&ctx),
        sees_contacts: filter.keeper,
        count: how_many(&f, found.count),
        rows: rows(&f, listed, invited),
        csv: format!("?{}", params.with("format", "csv")),
        xlsx: format!("?{}", params.with("format", "xlsx")),
        first: (!begins).then(|| format!("?{}", params.with("after", ""))),
        next: next.map(|next| format!("?{}", params.with("after", &next))),
        f: &f,
    };
    Ok(Page(page).into_response())
}

fn how_many(f: &Frame, n: i64) -> String {
    if n > kyodo_kernel::search::COUNTED_TO { f.t("people-count-many") } else { f.n("people-count", n) }
}

/// Where the page before ended: the key of the list, then the number.
fn place_of(text: &str) -> Option<(String, i64)> {
    let (key, id) = text.rsplit_once('~')?;
    Some((key.to_owned(), id.parse().ok()?))
}

const STANDINGS: [(&str, &str, Standing); 3] = [
    ("open", "people-standing-open", Standing::Open),
    ("idle", "people-standing-idle", Standing::WithoutDuty),
    ("closed", "people-standing-closed", Standing::Closed),
];

fn filter(ctx: &Ctx, params: &Params) -> AccountFilter {
    let keeper = sees_contacts(ctx);
    let standing = STANDINGS.iter().find(|(name, ..)| params.get("standing") == Some(name));
    AccountFilter {
        q: params.get("q").unwrap_or_default().to_owned(),
        keeper,
        role: params.get("role").and_then(Role::named),
        department: params.get("department").map(str::to_owned),
        standing: standing.map(|(_, _, standing)| *standing).filter(|_| keeper).unwrap_or_default(),
        today: ctx.today,
    }
}

fn standings(f: &Frame, chosen: Standing) -> Vec<Choice> {
    STANDINGS.iter().map(|(name, message, own)| choice(*name, f.t(message), *own == chosen)).collect()
}

fn rows(f: &Frame, listed: &[Listed], invited: &HashMap<AccountId, DateTime<Utc>>) -> Vec<Row> {
    let rows = listed.iter().map(|one| {
        let until = invited.get(&one.account.id);
        let (status, standing) = standing(f, one, until.map(|until| *until > f.ctx.now));
        Row {
            href: address(one.account.id),
            name: one.account.name.clone(),
            kana: one.account.kana.clone(),
            duties: duties(f, one),
            status,
            standing: f.t(standing),
        }
    });
    rows.collect()
}

fn duties(f: &Frame, one: &Listed) -> Vec<(String, String)> {
    // What was called off before it began stands there with an end before its beginning.
    let real = one.duties.iter().filter(|(.., from, to)| to.is_none_or(|to| to >= *from));
    real.map(|(role, department, from, to)| (held(f, *role, department.as_deref()), term(f, *from, *to))).collect()
}

/// How somebody stands: a colour and a message. `invitation` says of somebody who has not come in yet whether the
/// invitation is good.
fn standing(f: &Frame, one: &Listed, invitation: Option<bool>) -> (&'static str, &'static str) {
    let today = f.ctx.today;
    let begun = one.duties.iter().any(|(.., from, _)| *from <= today);
    match (one.account.closed_at, invitation) {
        (Some(_), _) => ("not", "people-stands-closed"),
        (None, Some(true)) => ("none", "people-stands-invited"),
        (None, Some(false)) => ("late", "people-stands-late"),
        (None, None) if one.duties.is_empty() => ("none", "people-stands-idle"),
        (None, None) if !begun => ("part", "people-stands-soon"),
        (None, None) => ("ok", "people-stands-ok"),
    }
}

/// Everybody of the list as a file, which is a look at all of them.
async fn export(ctx: &Ctx, filter: &AccountFilter, format: SheetFormat) -> Result<Response> {
    if !sees_contacts(ctx) {
        return Err(Error::Forbidden(Refusal { roles: KEEPERS }));
    }
    let f = ctx.frame("");
    let heads = ["people-name", "people-kana", "people-duties", "people-term-head", "people-standing"];
    let mut sheet =
        Sheet { name: f.t("nav-people"), heads: heads.iter().map(|head| f.t(head)).collect(), rows: Vec::new() };
    let (mut after, mut read) = (None, 0);
    loop {
        let listed = people::list(&ctx.db, filter, after, PER_READ).await?;
        read += listed.len();
        let invited = store::people::invited(&ctx.db, &listed).await?;
        sheet.rows.extend(rows(&f, &listed, &invited).into_iter().flat_map(cells));
        after = listed.last().map(|Listed { account: Account { id, .. }, kana_key, .. }| (kana_key.clone(), id.0));
        if listed.len() < usize::try_from(PER_READ).unwrap_or_default() {
            break;
        }
    }
    let mut tx = ctx.db.begin().await?;
    let asked = json!({
        "people": read,
        "role": filter.role.map(Role::name),
        "department": filter.department,
        "standing": STANDINGS.iter().find(|(.., own)| *own == filter.standing).map(|(name, ..)| name),
    });
    ctx.trail().note(&mut tx, audit::Entry::new("people.exported", "people").detail(asked)).await?;
    tx.commit().await?;
    Ok(sheet.download(format)?.into_response())
}

/// One record for each duty, one for somebody who has none.
fn cells(row: Row) -> Vec<Vec<Cell>> {
    let Row { name, kana, mut duties, standing, .. } = row;
    if duties.is_empty() {
        duties.push(Default::default());
    }
    let records = duties.into_iter().map(|(duty, term)| {
        vec![name.clone().into(), kana.clone().into(), duty.into(), term.into(), standing.clone().into()]
    });
    records.collect()
}
