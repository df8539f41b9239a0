//! The trail as a file: exactly what the search finds, and the chain to recount.

use std::collections::BTreeSet;

use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::{self, Entry, Row};
use kyodo_web::sheet::{Cell, Sheet, SheetFormat, streamed_csv};
use kyodo_web::{Ctx, Error, Frame, Result};
use serde_json::json;

use super::asked::Asked;
use super::{lines, looked_at, note};
use crate::actions::Pair;

/// So many entries are read at a time.
const PER_READ: i64 = 1000;
/// An Excel file is made in memory: it ends here, a CSV does not.
pub(super) const MOST_IN_EXCEL: usize = 50_000;

/// The entries that a search finds, as a file.
pub(super) async fn export(ctx: Ctx, asked: Asked, format: SheetFormat) -> Result<Response> {
    let f = ctx.frame("");
    let kind = if format == SheetFormat::Csv { "csv" } else { "xlsx" };
    note(&ctx, "audit.exported", &asked, json!({ "format": kind }), &[]).await?;
    let (name, heads) = (f.t("audit-file"), heads(&f, asked.personal));
    let reading = Reading { f, asked, after: None, looked: BTreeSet::new() };
    if format == SheetFormat::Csv {
        return streamed_csv(&name, &heads, reading, Reading::page);
    }
    let (mut sheet, mut reading) = (Sheet { name, heads, rows: Vec::new() }, reading);
    while let Some((rows, rest)) = reading.page().await? {
        sheet.rows.extend(rows);
        if sheet.rows.len() >= MOST_IN_EXCEL {
            sheet.rows.truncate(MOST_IN_EXCEL);
            break;
        }
        reading = rest;
    }
    let made = tokio::task::spawn_blocking(move || sheet.download(format)).await.map_err(Error::internal)?;
    Ok(made?.into_response())
}

const HEADS: [&str; 11] = [
    "audit-head-number",
    "audit-head-moment",
    "audit-head-who",
    "audit-head-actor",
    "audit-head-what",
    "audit-head-action",
    "audit-head-about",
    "audit-head-subject",
    "audit-head-details",
    "audit-head-request",
    "audit-head-position",
];

fn heads(f: &Frame, personal: bool) -> Vec<String> {
    let last = personal.then_some("audit-head-personal");
    HEADS.into_iter().chain(last).map(|head| f.t(head)).collect()
}

/// Where an export is.
struct Reading {
    f: Frame,
    asked: Asked,
    after: Option<i64>,
    /// Those whose personal values were written and who were told.
    looked: BTreeSet<String>,
}

impl Reading {
    /// The next records, and where they end.
    async fn page(mut self) -> Result<Option<(Vec<Vec<Cell>>, Self)>> {
        let rows = audit::search(&self.f.ctx.db, &self.asked.filter, self.after, PER_READ).await?;
        let Some(last) = rows.last() else {
            return Ok(None);
        };
        self.after = Some(last.id);
        self.tell(&rows).await?;
        let lines = lines::lines(&self.f, &rows, self.asked.personal).await?;
        let cells = rows.iter().zip(lines).map(|(row, line)| cells(row, line, self.asked.personal)).collect();
        Ok(Some((cells, self)))
    }

    /// Tells the trail whose personal values are on this page, before they are sent.
    async fn tell(&mut self, rows: &[Row]) -> Result<()> {
        let ctx = &self.f.ctx;
        let new: Vec<String> = looked_at(ctx, &self.asked, rows)
            .into_iter()
            .filter(|subject| self.looked.insert(subject.clone()))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let mut tx = ctx.db.begin().await?;
        for subject in new {
            ctx.trail().note(&mut tx, Entry::new("account.looked", subject).detail(json!({ "at": "audit" }))).await?;
        }
        Ok(tx.commit().await?)
    }
}

fn cells(row: &Row, line: lines::Line, personal: bool) -> Vec<Cell> {
    let mut cells: Vec<Cell> = vec![
        row.id.to_string().into(),
        line.moment.into(),
        line.actor.into(),
        row.actor.as_str().into(),
        line.action.into(),
        row.action.as_str().into(),
        line.about.into(),
        row.subject.as_str().into(),
        in_one_line(&line.pairs).into(),
        row.request.as_str().into(),
        row.position.map(|position| position.to_string()).into(),
    ];
    if personal {
        cells.push(in_one_line(&line.personal).into());
    }
    cells
}

fn in_one_line(pairs: &[Pair]) -> String {
    pairs.iter().map(|(name, value)| format!("{name}：{value}")).collect::<Vec<_>>().join("、")
}

const CHAIN_HEADS: [&str; 5] =
    ["audit-head-position", "audit-head-number", "audit-head-day", "audit-head-seal", "audit-head-text"];

/// `GET /desk/audit/chain`: every link of the chain with its canonical text, so that whoever audits recounts it with
/// their own means. Nothing personal is in it.
pub(super) async fn chain(ctx: Ctx) -> Result<Response> {
    let f = ctx.frame("");
    let mut tx = ctx.db.begin().await?;
    ctx.trail().note(&mut tx, Entry::new("audit.exported", "audit").detail(json!({ "format": "chain" }))).await?;
    tx.commit().await?;
    let heads = CHAIN_HEADS.map(|head| f.t(head));
    streamed_csv(&f.t("audit-chain"), &heads, 0_i64, move |after| {
        let db = ctx.db.clone();
        async move {
            let links = audit::chain(&db, after, PER_READ).await?;
            let Some(last) = links.last().map(|link| link.position) else {
                return Ok(None);
            };
            let rows = links.into_iter().map(|link| {
                let (hash, day) = link.seal.map(|(hash, day)| (hash, day.to_string())).unzip();
                vec![
                    link.position.to_string().into(),
                    link.entry.to_string().into(),
                    day.into(),
                    hash.into(),
                    link.text.into(),
                ]
            });
            Ok(Some((rows.collect(), last)))
        }
    })
}
