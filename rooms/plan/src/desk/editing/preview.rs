//! `/desk/plan/draft/preview`: the plan as it would be printed, from the first line to the last.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::FiscalYear;
use kyodo_web::{Ctx, Frame, Html, Page, Result, filters};

use super::Open;
use super::difference::label;
use crate::editing::{Lines, get};
use crate::pages::code;

#[derive(Template)]
#[template(path = "desk/editing-preview.html")]
struct PreviewPage<'a> {
    f: &'a Frame,
    plan: Html,
    years: Vec<(FiscalYear, String)>,
    lines: Vec<Line>,
    /// What leaves the plan, with what it goes on in.
    gone: Vec<(String, String)>,
}

struct Line {
    level: usize,
    code: String,
    title: Html,
    again: bool,
    texts: Vec<(String, Vec<String>)>,
    facts: Vec<(String, String)>,
    cells: Vec<String>,
}

/// `GET /desk/plan/draft/preview`
pub(super) async fn show(ctx: Ctx) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let f = super::frame(&ctx, ctx.words().say("editing-preview")).crumb("", "editing-preview");
    let years: Vec<FiscalYear> = open.outline().grid.into_iter().flat_map(crate::plan::Period::years).collect();
    let lines = open.lines();
    let page = PreviewPage {
        plan: f.phrases(&open.after().title),
        years: years.iter().map(|year| (*year, ctx.short_year(*year))).collect(),
        lines: lines
            .all_standing()
            .map(|node| {
                let real = lines.get(node.real_key()).unwrap_or(node);
                let text = |name: &str| {
                    let said = get(node, name);
                    (!said.is_empty()).then(|| (label(&f, name), said.lines().map(str::to_owned).collect()))
                };
                let fact = |name: &str| {
                    let said = super::difference::said(&f, name, &get(node, name)).replace('\n', "、");
                    (!said.is_empty()).then(|| (label(&f, name), said))
                };
                Line {
                    level: node.level.min(4),
                    code: code(open.outline(), node),
                    title: f.phrases(&real.title),
                    again: node.is_alias(),
                    texts: ["purpose", "text", "situation", "completion"].into_iter().filter_map(text).collect(),
                    facts: ["departments", "implementers", "targets", "tag", "related", "earlier"]
                        .into_iter()
                        .filter_map(fact)
                        .collect(),
                    cells: if node.schedule.is_empty() {
                        Vec::new()
                    } else {
                        years.iter().map(|year| node.schedule.cell(*year).unwrap_or_default().to_owned()).collect()
                    },
                }
            })
            .collect(),
        gone: gone(&open, lines),
        f: &f,
    };
    Ok(Page(page).into_response())
}

fn gone(open: &Open, lines: &Lines) -> Vec<(String, String)> {
    let now = lines.nodes.iter().filter(|node| {
        node.retired_from.is_some() && open.draft.base.get(&node.key).is_some_and(|was| was.retired_from.is_none())
    });
    now.map(|node| {
        let into = lines.links.iter().filter(|link| link.from == node.key);
        let into: Vec<String> = into.map(|link| open.named_key(&link.to)).collect();
        (open.named(node), into.join("、"))
    })
    .collect()
}
