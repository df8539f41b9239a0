//! What is different between two versions, as a page and as a table: at the desk before a draft is adopted, in public
//! after.

use askama::Template;
use askama::filters::HtmlSafe;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::FiscalYear;
use kyodo_web::sheet::{Cell, Sheet, SheetFormat};
use kyodo_web::{Ctx, Frame, Page, Params, Result, filters};

use super::Open;
use crate::desk::Difference as Pieces;
use crate::editing::{Told, What, difference};
use crate::import::Difference;

/// What is different, line by line.
#[derive(Template)]
#[template(path = "desk/editing-told.html")]
pub(crate) struct DifferenceList<'a> {
    f: &'a Frame,
    counts: Vec<(String, String)>,
    rows: Vec<Row>,
}
impl HtmlSafe for DifferenceList<'_> {}

struct Row {
    title: String,
    /// Its page, where it has one in public.
    href: Option<String>,
    what: Vec<String>,
    /// Where it stood and stands, in what it goes on or what it came from.
    lines: Vec<String>,
    fields: Vec<(String, Pieces)>,
}

#[derive(Template)]
#[template(path = "desk/editing-difference.html")]
struct DifferencePage<'a> {
    f: &'a Frame,
    lead: String,
    list: DifferenceList<'a>,
    is_empty: bool,
    csv: String,
    xlsx: String,
}

/// What a field is called.
pub(crate) fn label(f: &Frame, name: &str) -> String {
    if let Some(party) = name.strip_prefix("role-") {
        return f.with("editing-role", &[("party", party)]);
    }
    if let Some(year) = name.strip_prefix("mark-").and_then(|year| year.parse::<i32>().ok()) {
        return f.with("editing-mark", &[("year", &f.ctx.long_year(FiscalYear::new(year)))]);
    }
    f.t(&format!("import-field-{name}"))
}

/// What a field says, as people read it.
pub(in crate::desk) fn said(f: &Frame, name: &str, value: &str) -> String {
    if name == "departments" {
        let names = value.lines().map(|key| f.ctx.state.department(key).map_or(key, |one| one.name.as_str()));
        return names.collect::<Vec<_>>().join("、");
    }
    match (name.strip_prefix("role-"), value) {
        (Some(_), "lead") => f.t("role-leads"),
        (Some(_), "support") => f.t("role-supports"),
        _ => value.to_owned(),
    }
}

/// A field that is different, with what it is about.
pub(crate) fn named(f: &Frame, field: &Difference) -> String {
    let name = f.t(&format!("import-field-{}", field.field));
    if field.about.is_empty() {
        name
    } else {
        f.with("import-field-about", &[("field", &name), ("about", &field.about)])
    }
}

fn words(f: &Frame, what: &[What]) -> Vec<String> {
    what.iter().map(|what| f.t(&format!("editing-what-{}", what.name()))).collect()
}

fn lines(f: &Frame, one: &Told) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((from, to)) = &one.place {
        let top = || f.t("editing-place-top");
        let or_top = |title: &String| if title.is_empty() { top() } else { title.clone() };
        lines.push(f.with("editing-moved", &[("from", &or_top(from)), ("to", &or_top(to))]));
    }
    let leaves = [What::Retired, What::Split, What::Merged].iter().any(|what| one.what.contains(what));
    // What stays goes on in itself: from it others came.
    let into = if leaves { "editing-heirs" } else { "editing-parted" };
    for (key, titles) in [("editing-came-from", &one.from), (into, &one.into)] {
        if !titles.is_empty() {
            lines.push(f.with(key, &[("titles", &titles.join(&f.t("list-comma")))]));
        }
    }
    lines
}

/// How many lines are different in which way.
pub(super) fn counts(f: &Frame, told: &[Told]) -> Vec<(String, String)> {
    let count = |what: &What| {
        let n = told.iter().filter(|one| one.what.contains(what)).count();
        (n > 0).then(|| (f.whole(n), f.t(&format!("editing-what-{}", what.name()))))
    };
    What::ALL.iter().filter_map(count).collect()
}

/// The list of what is different. In public every line leads to its page.
pub(crate) fn list<'a>(f: &'a Frame, told: &[Told], is_public: bool) -> DifferenceList<'a> {
    DifferenceList {
        counts: counts(f, told),
        rows: told
            .iter()
            .map(|one| Row {
                title: one.title.clone(),
                href: (is_public && !one.what.contains(&What::Dropped)).then(|| format!("/plan/nodes/{}", one.key)),
                what: words(f, &one.what),
                lines: lines(f, one),
                fields: one
                    .fields
                    .iter()
                    .map(|field| (named(f, field), Pieces::between(f, &field.before, &field.after)))
                    .collect(),
            })
            .collect(),
        f,
    }
}

/// The same as a table.
pub(crate) fn sheet(f: &Frame, name: String, told: &[Told]) -> Sheet {
    let mut rows = Vec::new();
    for one in told {
        let what = words(f, &one.what).join(&f.t("list-comma"));
        let mut add = |field: String, before: &str, after: &str| {
            let cells = [one.key.as_str(), one.title.as_str(), what.as_str(), field.as_str(), before, after];
            rows.push(cells.map(Cell::from).to_vec());
        };
        if let Some((from, to)) = &one.place {
            add(f.t("import-field-parent"), from, to);
        }
        if !one.from.is_empty() {
            add(f.t("editing-sheet-from"), &one.from.join("、"), "");
        }
        if !one.into.is_empty() {
            add(f.t("editing-sheet-into"), "", &one.into.join("、"));
        }
        if one.place.is_none() && one.fields.is_empty() && one.from.is_empty() && one.into.is_empty() {
            add(String::new(), "", "");
        }
        for field in &one.fields {
            add(named(f, field), &field.before, &field.after);
        }
    }
    let heads = [
        "sheet-key",
        "sheet-title",
        "editing-head-what",
        "import-head-field",
        "editing-sheet-before",
        "editing-sheet-after",
    ];
    Sheet { name, heads: heads.map(|head| f.t(head)).to_vec(), rows }
}

/// `GET /desk/plan/draft/difference`
pub(super) async fn show(ctx: Ctx, params: Params) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let f = super::frame(&ctx, ctx.words().say("editing-difference")).crumb("", "editing-difference");
    let told = difference(&open.draft.base, open.lines(), &ctx.state.departments);
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheet(&f, f.t("editing-difference"), &told).download(format)?.into_response());
    }
    let page = DifferencePage {
        lead: f.with("editing-difference-lead", &[("n", &open.plan.version.to_string())]),
        is_empty: told.is_empty(),
        list: list(&f, &told, false),
        csv: format!("?{}", params.with("format", "csv")),
        xlsx: format!("?{}", params.with("format", "xlsx")),
        f: &f,
    };
    Ok(Page(page).into_response())
}
