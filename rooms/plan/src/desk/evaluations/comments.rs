//! `/desk/plan/evaluations/{year}/comments`: everything that members said, to be printed for the meeting or taken as a table.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_web::filters;
use kyodo_web::form::led_to;
use kyodo_web::sheet::{Cell, Sheet, SheetFormat};
use kyodo_web::{Ctx, Frame, Html, KeyPath, Page, Params, Result};

use super::item::spread;
use super::{Item, Open, by_node, grade_words, review_name};
use crate::node::Node;
use crate::pages::code;
use crate::pages::measure::graded;
use crate::store::{self, MemberRemark};

#[derive(Template)]
#[template(path = "desk/evaluation-comments.html")]
struct CommentsPage<'a> {
    f: &'a Frame,
    lead: String,
    csv: String,
    xlsx: String,
    items: Vec<Said>,
}

struct Said {
    code: String,
    title: Html,
    /// What the department says of itself.
    reported: String,
    text: Html,
    spread: Vec<(String, String)>,
    remarks: Vec<(String, String, Html)>,
}

/// `GET …/comments`
pub(super) async fn comments(ctx: Ctx, KeyPath(of): KeyPath, params: Params) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    if !open.review.is_told(ctx.today) {
        return Ok(led_to(&open.review.address(""), "said-evaluation-hidden", ctx.house.settings.https));
    }
    let items = open.items(&ctx).await?;
    let remarks = store::remarks(&ctx.db, open.review.id).await?;
    let reports = store::progress(&ctx.db, open.plan_id).await?;
    let here = by_node(&remarks);
    let said = |node: &Node| here.get(&node.id).cloned().unwrap_or_default();
    let title = ctx.words().with("evaluation-comments-title", [("evaluation", review_name(&ctx, &open.review))]);
    let f = open.frame(&ctx, title).crumb("", "evaluation-comments");
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheet(&f, &open, &items, &said).download(format)?.into_response());
    }
    let outline = &open.plan.outline;
    let told = |(node, id): &(Node, i64)| {
        let report = reports.iter().find(|report| report.node == node.id && report.year == open.review.year);
        let item = Item { open: open.clone(), node: node.clone(), id: *id };
        let own = said(node);
        Said {
            code: code(outline, node),
            title: f.phrases(&node.title),
            reported: report
                .map(|report| {
                    let grade = report.grade.as_deref().map(|grade| graded(&f, outline, grade));
                    let parts: Vec<String> = report.mark.iter().cloned().chain(grade).collect();
                    parts.join("　")
                })
                .unwrap_or_default(),
            text: report.map(|report| f.prose(&report.text)).unwrap_or_default(),
            spread: spread(&f, &item, &own),
            remarks: own
                .iter()
                .map(|one| (one.name.clone(), grade_words(&f, outline, &one.remark), f.prose(&one.remark.comment)))
                .collect(),
        }
    };
    let page = CommentsPage {
        lead: f.tell("evaluation-comments-lead", &[("n", remarks.len().into()), ("of", items.len().into())]),
        csv: format!("?{}", params.with("format", "csv")),
        xlsx: format!("?{}", params.with("format", "xlsx")),
        items: items.iter().map(told).collect(),
        f: &f,
    };
    Ok(Page(page).into_response())
}

/// One row for each thing a member said.
fn sheet<'r>(f: &Frame, open: &Open, items: &[(Node, i64)], said: &impl Fn(&Node) -> Vec<&'r MemberRemark>) -> Sheet {
    let heads = ["sheet-key", "round-sheet-title", "evaluation-sheet-member", "evaluation-grade", "evaluation-comment"];
    let rows = items.iter().flat_map(|(node, _)| {
        said(node).into_iter().map(|one| -> Vec<Cell> {
            vec![
                node.key.clone().into(),
                [node.code.as_str(), node.title.as_str()].join(" ").trim().to_owned().into(),
                one.name.clone().into(),
                grade_words(f, &open.plan.outline, &one.remark).into(),
                one.remark.comment.clone().into(),
            ]
        })
    });
    Sheet {
        name: format!("{}_{}", f.ctx.state.profile.name, f.title),
        heads: heads.iter().map(|head| f.t(head)).collect(),
        rows: rows.collect(),
    }
}
