//! `/desk/plan/indicators/{key}/records`: the facts behind a counted figure, a page at a time, or all of a year as CSV.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use kyodo_kernel::FiscalYear;
use kyodo_kernel::catalogue::kind_named;
use kyodo_web::components::{Choice, choice};
use kyodo_web::sheet::{Cell, streamed_csv};
use kyodo_web::{Ctx, Error, Frame, Html, KeyPath, Page, Params, Result, filters, format};

use super::{LIST, Opened, address};
use crate::counting::Series;
use crate::indicator::{Counted, How, Of};
use crate::store::figures::{Record, records as stored};

/// So many records stand on a page.
const PER_PAGE: i64 = 50;
/// So many are read at a time for a file.
const AT_ONCE: i64 = 1_000;

#[derive(Template)]
#[template(path = "desk/records.html")]
struct RecordsPage<'a> {
    f: &'a Frame,
    title: Html,
    lead: String,
    years: Vec<Choice>,
    sets: Vec<Choice>,
    csv: String,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
    back: String,
}

struct Row {
    id: i64,
    day: String,
    subject: String,
    tag: String,
    quantity: String,
    state: String,
    recorded: String,
}

/// The records that can be asked for: their name in the address, their message, and which they are.
fn sets(rule: &Counted) -> Vec<(&'static str, &'static str, Series)> {
    let added = (if rule.how == How::Share { "records-fitting" } else { "records-added" }, rule.added());
    let mut sets = vec![("added", added.0, added.1)];
    sets.extend(rule.taken().map(|series| ("taken", "records-taken", series)));
    sets.extend(rule.whole().map(|series| ("whole", "records-whole", series)));
    sets
}

/// `GET /desk/plan/indicators/{key}/records`
pub(super) async fn records(ctx: Ctx, KeyPath(key): KeyPath, params: Params) -> Result<Response> {
    let opened = Opened::load(&ctx, &key).await?;
    let indicator = &opened.indicator;
    // What is entered by hand has no records behind it.
    let rule = indicator.definition.counted.as_ref().ok_or(Error::NotFound)?;
    let now = ctx.fiscal_year();
    let year = params.get("year").and_then(|year| year.parse().ok()).map_or(now, FiscalYear::new);
    let sets = sets(rule);
    let asked = params.get("set").unwrap_or_default();
    let (set, _, series) = sets.iter().find(|(name, ..)| *name == asked).unwrap_or(&sets[0]).clone();
    let f = ctx.frame(ctx.words().with("records-title", [("title", indicator.name.as_str())]));
    let f = f.crumb("/desk", "nav-desk").crumb(LIST, "nav-desk-indicators");
    let f = f.crumb_named(address(indicator, ""), indicator.name.clone()).crumb("", "records").at_desk();
    if params.get("format") == Some("csv") {
        let name = format!("{}_{}_{}", ctx.state.profile.name, indicator.name, ctx.long_year(year));
        return csv(ctx, &name, series, year);
    }
    let after = params.get("after").and_then(place);
    let mut found = stored(&ctx.db, &series, year, after, PER_PAGE + 1).await?;
    let most = usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    let is_more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| is_more).map(|last| params.with("after", &format!("{}_{}", last.day, last.id)));
    let first_year = indicator.definition.baseline.map_or(i32::from(now) - 5, |value| value.year);
    let years = (first_year.min(i32::from(now))..=i32::from(now)).rev().map(FiscalYear::new);
    let page = RecordsPage {
        title: f.phrases(&indicator.name),
        lead: lead(&f, &series),
        years: years.map(|one| choice(one.to_string(), ctx.long_year(one), one == year)).collect(),
        sets: sets.iter().map(|(name, message, _)| choice(*name, f.t(message), *name == set)).collect(),
        csv: format!("?{}", params.with("format", "csv")),
        rows: found.iter().map(|record| row(&f, record)).collect(),
        first: after.map(|_| format!("?{}", params.with("after", ""))),
        next: next.map(|next| format!("?{next}")),
        back: address(indicator, ""),
        f: &f,
    };
    Ok(Page(page).into_response())
}

/// A place in the list, as addresses write it: `2026-05-01_12`.
fn place(text: &str) -> Option<(NaiveDate, i64)> {
    let (day, id) = text.split_once('_')?;
    Some((day.parse().ok()?, id.parse().ok()?))
}

/// Which records these are, in words.
fn lead(f: &Frame, series: &Series) -> String {
    let what = f.t(&format!("fact-{}", series.kind.replace(['.', '_'], "-")));
    let mut parts = vec![f.with("records-lead", &[("what", &what)])];
    if !series.tags.is_empty() {
        parts.push(f.with("records-tags", &[("tags", &series.tags.join(&f.t("list-comma")))]));
    }
    if !series.prefix.is_empty() {
        parts.push(f.with("records-prefix", &[("prefix", &series.prefix)]));
    }
    if series.of == Of::Distinct {
        parts.push(f.t("records-distinct"));
    }
    parts.join(&f.t("sentence-gap"))
}

fn row(f: &Frame, record: &Record) -> Row {
    let unit = kind_named(&record.kind).map_or("", |kind| kind.unit);
    Row {
        id: record.id,
        day: f.day(record.day),
        subject: record.subject.clone().unwrap_or_default(),
        tag: record.tag.clone().unwrap_or_default(),
        quantity: format!("{}{unit}", format::whole(record.quantity)),
        state: state(f, record),
        recorded: format::long_moment(record.recorded_at, f.ctx.language),
    }
}

/// Whether it stands, was taken back, or takes another back.
fn state(f: &Frame, record: &Record) -> String {
    match (record.reverses, record.reversed_by) {
        (Some(other), _) => f.with("records-takes-back", &[("id", &other.to_string())]),
        (_, Some(other)) => f.with("records-taken-back", &[("id", &other.to_string())]),
        _ => String::new(),
    }
}

/// All of a year, read as it is sent.
fn csv(ctx: Ctx, name: &str, series: Series, year: FiscalYear) -> Result<Response> {
    let heads = ["records-id", "records-day", "records-kind", "records-subject", "records-tag", "records-quantity"];
    let heads = heads.into_iter().chain(["records-reverses", "records-reversed", "records-recorded"]);
    let heads: Vec<String> = heads.map(|head| ctx.words().say(head)).collect();
    streamed_csv(name, &heads, Some(None), move |place: Option<Option<(NaiveDate, i64)>>| {
        let (db, series) = (ctx.db.clone(), series.clone());
        async move {
            let Some(place) = place else { return Ok(None) };
            let found = stored(&db, &series, year, place, AT_ONCE).await?;
            let more = i64::try_from(found.len()).is_ok_and(|n| n == AT_ONCE);
            let next = found.last().filter(|_| more).map(|last| Some((last.day, last.id)));
            Ok(Some((found.iter().map(cells).collect(), next)))
        }
    })
}

#[expect(clippy::cast_precision_loss, reason = "numbers of records stay far below 2^53")]
fn cells(record: &Record) -> Vec<Cell> {
    let number = |id: Option<i64>| Cell::from(id.map(|id| id as f64));
    vec![
        number(Some(record.id)),
        record.day.to_string().into(),
        record.kind.clone().into(),
        record.subject.clone().into(),
        record.tag.clone().into(),
        number(Some(record.quantity)),
        number(record.reverses),
        number(record.reversed_by),
        record.recorded_at.to_rfc3339().into(),
    ]
}
