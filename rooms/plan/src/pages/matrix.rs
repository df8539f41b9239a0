//! The matrix 体系図: policies down, actors across, each with its words.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_web::filters;
use kyodo_web::sheet::SheetFormat;
use kyodo_web::{Ctx, Frame, Html, Page, Params, Result};

use super::filter::count;
use super::{LocalLink, code, has_matrix, local};
use crate::node::{Node, Role};
use crate::view::Whole;
use crate::{sheets, store};

#[derive(Template)]
#[template(path = "matrix.html")]
struct MatrixPage<'a> {
    f: &'a Frame,
    local: Vec<LocalLink>,
    has_matrix: bool,
    by_role: bool,
    count: String,
    caption: String,
    measure: &'a str,
    columns: Vec<Html>,
    groups: Vec<Group>,
    words: Vec<(&'a String, Html)>,
}

struct Group {
    top: bool,
    code: String,
    title: Html,
    rows: Vec<Row>,
}

struct Row {
    code: String,
    href: String,
    title: Html,
    again: bool,
    cells: Vec<Cell>,
}

struct Cell {
    label: String,
    sign: Option<Sign>,
}

/// What stands in a cell: a sign and its word.
struct Sign {
    shape: &'static str,
    word: String,
    leads: bool,
    /// Whether the word is for the ear only, where the column's head says it to the eye.
    quiet: bool,
}

/// `GET /plan/matrix`
pub async fn matrix(ctx: Ctx, params: Params) -> Result<Response> {
    let whole = Whole::load(&ctx).await?;
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheets::matrix(&ctx, &whole).download(format)?.into_response());
    }
    let has_indicators = !store::indicators_after(&ctx.db, whole.id, 0, 1).await?.is_empty();
    let f = ctx.frame(ctx.words().say("matrix-title")).crumb("/plan", "nav-plan").crumb("", "matrix-title");
    Ok(Page(page(&f, &whole, has_indicators)).into_response())
}

fn page<'a>(f: &'a Frame, whole: &'a Whole, has_indicators: bool) -> MatrixPage<'a> {
    let outline = &whole.plan.outline;
    let by_role = !outline.parties.is_empty();
    let columns = if by_role { &outline.parties } else { &outline.targets };
    MatrixPage {
        f,
        local: local(f, outline, has_indicators, whole.last_reported()),
        has_matrix: has_matrix(outline),
        by_role,
        count: count(f, whole, whole.measures().count()),
        caption: f.with(
            if by_role { "matrix-caption" } else { "matrix-caption-targets" },
            &[("level", whole.measure_name())],
        ),
        measure: whole.measure_name(),
        columns: columns.iter().map(|column| f.phrases(column)).collect(),
        groups: groups(f, whole, by_role),
        words: columns.iter().filter_map(|column| Some((column, f.prose(outline.party_words.get(column)?)))).collect(),
    }
}

fn groups(f: &Frame, whole: &Whole, by_role: bool) -> Vec<Group> {
    let outline = &whole.plan.outline;
    let mut groups: Vec<Group> = Vec::new();
    for node in &whole.plan.nodes {
        if node.level < whole.depth() {
            let (code, title) = (code(outline, node), f.phrases(&node.title));
            groups.push(Group { top: node.level == 1, code, title, rows: Vec::new() });
        } else {
            if groups.is_empty() {
                groups.push(Group { top: true, code: String::new(), title: Html::default(), rows: Vec::new() });
            }
            if let Some(group) = groups.last_mut() {
                group.rows.push(row(f, whole, node, by_role));
            }
        }
    }
    groups
}

fn row(f: &Frame, whole: &Whole, node: &Node, by_role: bool) -> Row {
    let outline = &whole.plan.outline;
    let cells = if by_role {
        let cell = |party: &String| Cell {
            label: party.clone(),
            sign: node.details.roles.get(party).map(|role| match role {
                Role::Lead => Sign { shape: "◎", word: f.t("role-leads"), leads: true, quiet: false },
                Role::Support => Sign { shape: "○", word: f.t("role-supports"), leads: false, quiet: false },
            }),
        };
        outline.parties.iter().map(cell).collect()
    } else {
        let cell = |target: &String| Cell {
            label: target.clone(),
            sign: node.details.targets.contains(target).then(|| target_sign(f, node, target)),
        };
        outline.targets.iter().map(cell).collect()
    };
    Row { code: node.code.clone(), href: node.address(), title: f.phrases(&node.title), again: node.is_alias(), cells }
}

fn target_sign(f: &Frame, node: &Node, target: &str) -> Sign {
    match &node.details.other_target {
        Some(text) if target == "その他" => {
            Sign { shape: "■", word: format!("（{text}）"), leads: false, quiet: false }
        }
        _ => Sign { shape: "■", word: f.t("matrix-target"), leads: false, quiet: true },
    }
}
