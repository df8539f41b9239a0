//! `/seals`: the chain's end as of each day, for everybody. Who has written one down knows later whether the chain is the
//! same.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use kyodo_kernel::audit;
use kyodo_web::sheet::{SheetFormat, streamed_csv};
use kyodo_web::{Ctx, Frame, Page, Params, Result, filters};

const PER_PAGE: i64 = 31;
const PER_READ: i64 = 366;

#[derive(Template)]
#[template(path = "seals.html")]
struct SealsPage {
    f: Frame,
    days: Vec<Seal>,
    first: Option<&'static str>,
    next: Option<String>,
}

/// A day's seal.
struct Seal {
    day: String,
    position: String,
    /// The hash in groups of four, which the eye can compare.
    groups: String,
}

/// `GET /seals`
pub(super) async fn seals(ctx: Ctx, params: Params) -> Result<Response> {
    // Sealing raises no revision of the city, so a kept page would be stale.
    ctx.is_personal();
    let f = ctx.frame(ctx.words().say("seals-title")).crumb("", "seals-title");
    if SheetFormat::of(params.get("format")) == Some(SheetFormat::Csv) {
        return csv(&f);
    }
    let after = params.get("after").and_then(|day| day.parse::<NaiveDate>().ok());
    let mut days = audit::days(&ctx.db, after, PER_PAGE + 1).await?;
    let most = usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    let is_more = days.len() > most;
    days.truncate(most);
    let next = days.last().filter(|_| is_more).map(|day| format!("?after={}", day.day));
    let days = days.into_iter().map(|day| Seal {
        day: f.day(day.day),
        position: f.whole(day.position),
        groups: in_groups(&day.hash),
    });
    Ok(Page(SealsPage { days: days.collect(), first: after.map(|_| "/seals"), next, f }).into_response())
}

fn csv(f: &Frame) -> Result<Response> {
    let heads = ["audit-head-day", "audit-head-position", "audit-head-seal"].map(|head| f.t(head));
    let db = f.ctx.db.clone();
    streamed_csv(&f.t("seals-title"), &heads, None, move |after| {
        let db = db.clone();
        async move {
            let days = audit::days(&db, after, PER_READ).await?;
            let Some(last) = days.last().map(|day| day.day) else {
                return Ok(None);
            };
            let rows = days
                .into_iter()
                .map(|day| vec![day.day.to_string().into(), day.position.to_string().into(), day.hash.into()]);
            Ok(Some((rows.collect(), Some(last))))
        }
    })
}

fn in_groups(hash: &str) -> String {
    let letters: Vec<char> = hash.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
