//! `/desk/plan/draft/lines/{key}`: everything that is printed of a line, in one form, and beside it what can be done with
//! the line as a whole. Two people in one line: the second is shown both.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::FiscalYear;
use kyodo_web::components::{Field, Wrongs, choice};
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Html, KeyPath, Page, Result, filters};

use super::acts::{MOST_CODE, places};
use super::difference::label;
use super::fields::{Fields, faults_of, form_of, says, typed, unknown_faults};
use super::{DRAFT, Open, Outcome, act, address, edits, fingerprint, overtaken};
use crate::desk::conflict::{ConflictPage, Row};
use crate::desk::{BASE, Heading};
use crate::editing::{Act, Kind, changed};
use crate::kept;
use crate::node::Node;
use crate::pages::code;

#[derive(Template)]
#[template(path = "desk/editing-line.html")]
struct LinePage<'a> {
    f: &'a Frame,
    code: String,
    title: Html,
    standing: Vec<String>,
    wrongs: Wrongs<'a>,
    version: i64,
    base: String,
    action: String,
    /// Whether whoever looks can do anything here.
    edits: bool,
    /// None for what has left the plan.
    fields: Option<Fields>,
    /// Where it can stand.
    place: Option<Field>,
    /// What it becomes.
    split: Option<[Field; 2]>,
    /// In what it goes on when it leaves the plan.
    retire: Option<Vec<Field>>,
    /// Where it is printed again.
    again: Option<[Field; 2]>,
    restores: bool,
    removes: bool,
    from: String,
}

/// `GET /desk/plan/draft/lines/{key}`
pub(super) async fn show(ctx: Ctx, KeyPath(key): KeyPath) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    page(&ctx, &open, &key, &Form::default(), &Faults::default(), StatusCode::OK)
}

/// The same page with what is wrong.
pub(super) async fn again(ctx: &Ctx, open: &Open, key: &str, form: &Form, faults: &Faults) -> Result<Response> {
    page(ctx, open, key, form, faults, StatusCode::UNPROCESSABLE_ENTITY)
}

fn page(ctx: &Ctx, open: &Open, key: &str, form: &Form, faults: &Faults, status: StatusCode) -> Result<Response> {
    let node = open.lines().get(key).ok_or(Error::NotFound)?;
    let title = open.named(node);
    let f = super::frame(ctx, ctx.words().with("editing-line-title", [("title", title.as_str())]));
    let f = f.crumb_named(address(key, ""), title);
    let real = open.lines().get(node.real_key()).unwrap_or(node);
    let stands = node.retired_from.is_none();
    let fields = says(open.outline(), node);
    // Only the form of the fields gives back what was typed there.
    let typed = if form.has(BASE) { form.clone() } else { Form::default() };
    let page = LinePage {
        code: code(open.outline(), node),
        title: f.phrases(&real.title),
        standing: standing(&f, open, node),
        wrongs: Wrongs { f: &f, faults },
        version: open.draft.version,
        base: if form.has(BASE) { form.text(BASE).to_owned() } else { fingerprint(&fields) },
        action: address(key, ""),
        edits: edits(ctx),
        fields: stands.then(|| form_of(&f, open.outline(), node, |_| true, &typed, faults)),
        place: stands.then(|| {
            let places = places(&f, open, node.level, Some(node));
            Field::select("place", f.t("editing-place"), places).japanese(&f).heard(&Form::default(), faults)
        }),
        split: (stands && !node.is_alias()).then(|| split(&f, form, faults)),
        retire: (stands && !open.is_new(key)).then(|| retire(&f, open, node, form, faults)),
        again: (stands && !node.is_alias() && node.level > 1).then(|| {
            let places = places(&f, open, node.level, None);
            [
                Field::select("again", f.t("editing-again-place"), places).japanese(&f).heard(form, faults),
                Field::line("again-code", f.t("import-field-code")).most(MOST_CODE).japanese(&f).heard(form, faults),
            ]
        }),
        restores: !stands,
        removes: stands && open.is_new(key),
        from: ctx.long_year(FiscalYear::new(open.draft.from_year)),
        f: &f,
    };
    let mut response = Page(page).into_response();
    *response.status_mut() = status;
    Ok(response)
}

/// Where it stands in the draft.
fn standing(f: &Frame, open: &Open, node: &Node) -> Vec<String> {
    let mut standing = Vec::new();
    if open.is_new(&node.key) {
        let year = f.ctx.long_year(FiscalYear::new(node.since.unwrap_or(open.draft.from_year)));
        standing.push(f.with("editing-is-new", &[("year", &year)]));
    }
    if let Some(from) = node.retired_from {
        standing.push(f.with("editing-is-gone", &[("year", &f.ctx.long_year(FiscalYear::new(from)))]));
    }
    for link in open.lines().links.iter().filter(|link| link.from == node.key) {
        let title = open.named_key(&link.to);
        standing.push(f.with(&format!("kin-heir-{}", link.kind.name()), &[("title", &title)]));
    }
    for link in open.lines().links.iter().filter(|link| link.to == node.key) {
        let title = open.named_key(&link.from);
        standing.push(f.with(&format!("kin-from-{}", link.kind.name()), &[("title", &title)]));
    }
    if node.is_alias() {
        standing.push(f.t("editing-is-again"));
    }
    standing
}

fn split(f: &Frame, form: &Form, faults: &Faults) -> [Field; 2] {
    let stays = vec![choice("yes", f.t("editing-stays"), false)];
    [
        Field::lines("parts", f.t("editing-parts"), 4).hint(f.t("editing-parts-hint")).japanese(f).heard(form, faults),
        Field::ticks("stays", f.t("editing-stays-label"), stays).heard(form, faults),
    ]
}

fn retire(f: &Frame, open: &Open, node: &Node, form: &Form, faults: &Faults) -> Vec<Field> {
    if node.is_alias() {
        return Vec::new();
    }
    let heirs = open
        .lines()
        .all_standing()
        .filter(|other| other.level == node.level && other.key != node.key && !other.is_alias());
    let nothing = std::iter::once(choice("", f.t("editing-into-none"), true));
    let heirs = nothing.chain(heirs.map(|other| choice(&other.key, open.named(other), false)));
    let kind = |kind: Kind| choice(kind.name(), f.t(&format!("editing-kind-{}", kind.name())), kind == Kind::Merged);
    vec![
        Field::select("into", f.t("editing-into"), heirs.collect()).japanese(f).heard(form, faults),
        Field::radios("kind", f.t("editing-kind"), vec![kind(Kind::Merged), kind(Kind::Continued)]).heard(form, faults),
    ]
}

// --- writing ------------------------------------------------------------------------------------------------

/// `POST /desk/plan/draft/lines/{key}`
pub(super) async fn change(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let node = open.lines().get(&key).filter(|node| node.retired_from.is_none()).ok_or(Error::NotFound)?;
    let to = format!("{DRAFT}#line-{key}");
    match form.text("take") {
        "both" => return page(&ctx, &open, &key, &form, &Faults::default(), StatusCode::OK),
        "theirs" => return Ok(led_to(&to, "said-editing-left", ctx.house.settings.https)),
        _ => {}
    }
    // A form sent twice leads to where the first one led, and is not held against what the first one did.
    drop(ctx.change(&form).await?);
    let now = says(open.outline(), node);
    let fields = typed(&form, open.outline(), node);
    let f = super::frame(&ctx, String::new());
    let mut faults = faults_of(&f, open.outline(), node, &fields);
    let lineage = kept::lineage(&ctx).await?;
    unknown_faults(&f, &lineage, &fields, &mut faults);
    if !faults.is_empty() {
        return again(&ctx, &open, &key, &form, &faults).await;
    }
    if form.text(BASE) != fingerprint(&now) {
        return conflict(&ctx, &open, node, &form, (&fields, &now)).await;
    }
    let fields = changed(node, fields);
    if fields.is_empty() {
        return Ok(led_to(&to, "said-editing-same", ctx.house.settings.https));
    }
    // What others did with other lines meanwhile is no matter here.
    let what = Act::Change { key: key.clone(), fields };
    match act(&ctx, &form, &open, what, open.draft.version, &to).await? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => {
            let mut faults = Faults::default();
            faults.add("title", f.t(why.message()));
            again(&ctx, &open, &key, &form, &faults).await
        }
        Outcome::Overtaken => {
            let mut faults = Faults::default();
            faults.add("title", overtaken(&ctx, &f, &open).await?);
            page(&ctx, &open, &key, &form, &faults, StatusCode::CONFLICT)
        }
    }
}

/// Shows what both wrote.
async fn conflict(
    ctx: &Ctx,
    open: &Open,
    node: &Node,
    form: &Form,
    (mine, theirs): (&BTreeMap<String, String>, &BTreeMap<String, String>),
) -> Result<Response> {
    let f = super::frame(ctx, ctx.words().say("editing-conflict"));
    let own = ctx.person()?.name.clone();
    let both = mine.iter().filter_map(|(name, mine)| {
        let theirs = theirs.get(name).map_or("", String::as_str);
        let said = |value: &str| super::difference::said(&f, name, value);
        Row::of(label(&f, name), &said(mine), &said(theirs))
    });
    let hidden = form.0.iter().filter(|(name, _)| !matches!(name.as_str(), "once" | "take" | "base"));
    let page = ConflictPage {
        words: "editing",
        heading: Heading { code: code(open.outline(), node), title: f.phrases(&node.title) },
        lead: overtaken(ctx, &f, open).await?,
        mine: f.with("desk-text-of", &[("who", &own)]),
        theirs: f.t("editing-theirs"),
        since: String::new(),
        rows: both.collect(),
        action: address(&node.key, ""),
        later: DRAFT,
        base: fingerprint(theirs),
        fields: hidden.cloned().collect(),
        f: &f,
    };
    Ok(page.answer())
}
