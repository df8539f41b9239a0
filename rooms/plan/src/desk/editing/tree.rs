//! `/desk/plan/draft`: begins a draft; shows its lines with what can be done with each, what was done, and what is
//! different; takes the last act back; throws it all away; lets it go on from a plan that changed meanwhile.

use std::collections::HashMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::city;
use kyodo_web::components::{Field, Wrongs, choice};
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Page, Result, Wrong, filters, format};
use serde_json::json;

use super::difference::counts;
use super::{DRAFT, Open, address, edits, frame, overtaken, seen};
use crate::desk::revisions;
use crate::editing::{Act, Lines, What, difference, replay, told_as};
use crate::node::Node;
use crate::pages::code;
use crate::plan::Plan;
use crate::store;
use crate::store::editing as drafts;

#[derive(Template)]
#[template(path = "desk/editing-begin.html")]
struct BeginPage<'a> {
    f: &'a Frame,
    plan: &'a str,
    wrongs: Wrongs<'a>,
    edits: bool,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "desk/editing.html")]
struct TreePage<'a> {
    f: &'a Frame,
    lead: String,
    /// Which plan the draft is, where it is the next.
    next: Option<String>,
    note: &'a str,
    wrongs: Wrongs<'a>,
    counts: Vec<(String, String)>,
    behind: Option<Behind>,
    rows: Vec<Row>,
    /// What left the plan before this draft, with its page and since when.
    left: Vec<(String, String, String)>,
    edits: bool,
    acts: Vec<(String, String)>,
    /// The last act, which can be taken back.
    last: Option<String>,
    version: i64,
    /// Where a line is added at the top.
    add: String,
    add_label: String,
}

/// What the plan says that the draft does not know.
struct Behind {
    rows: Vec<(String, String, Vec<String>)>,
    /// Acts that could not be done again.
    lost: Vec<String>,
}

struct Row {
    key: String,
    level: usize,
    code: String,
    title: String,
    again: bool,
    departments: String,
    tags: Vec<String>,
    gone: bool,
    edit: String,
    place: String,
    /// One up, one down: what is sent, its sign and its words.
    steps: Vec<(&'static str, &'static str, String)>,
    /// Where a line is added below it, and how the link is called.
    add: Option<(String, String)>,
}

/// `GET /desk/plan/draft`
pub(super) async fn show(ctx: Ctx) -> Result<Response> {
    let faults = Faults::default();
    if let Some(open) = Open::maybe(&ctx).await? {
        return tree(&ctx, &open, &faults, StatusCode::OK).await;
    }
    let (_, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let f = begin_frame(&ctx);
    Ok(Page(begin_page(&f, &plan, &Form::default(), &faults)).into_response())
}

fn begin_frame(ctx: &Ctx) -> Frame {
    let f = ctx.frame(ctx.words().say("editing-title")).crumb("/desk", "nav-desk").crumb("/desk/plan", "nav-desk-plan");
    f.crumb("", "editing-title").at_desk()
}

fn begin_page<'a>(f: &'a Frame, plan: &'a Plan, form: &Form, faults: &'a Faults) -> BeginPage<'a> {
    let now = f.ctx.fiscal_year();
    let years = now.previous().through(FiscalYear::new(i32::from(now) + 3)).skip(1);
    let years = years
        .map(|year| choice(i32::from(year).to_string(), f.ctx.long_year(year), i32::from(year) == i32::from(now) + 1));
    BeginPage {
        plan: &plan.title,
        wrongs: Wrongs { f, faults },
        edits: edits(&f.ctx),
        fields: vec![
            Field::select("from", f.t("editing-from"), years.collect())
                .hint(f.t("editing-from-hint"))
                .heard(form, faults),
            Field::lines("note", f.t("editing-note"), 3).hint(f.t("editing-note-hint")).japanese(f).heard(form, faults),
        ],
        f,
    }
}

/// `POST /desk/plan/draft`
pub(super) async fn begin(ctx: Ctx, form: Form) -> Result<Response> {
    let (_, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let now = i32::from(ctx.fiscal_year());
    let from = form.text("from").parse::<i32>().ok().filter(|year| (now..=now + 3).contains(year));
    let Some(from) = from else {
        let (f, mut faults) = (begin_frame(&ctx), Faults::default());
        faults.add("from", f.t("editing-from-missing"));
        return Ok(Wrong(begin_page(&f, &plan, &form, &faults)).into_response());
    };
    let mut change = ctx.change(&form).await?;
    let note: String = form.text("note").trim().chars().take(1000).collect();
    let begun = Open::begin(&ctx, &mut change.tx, from, &note).await?;
    change.done(DRAFT, if begun.is_some() { "said-editing-begun" } else { "said-editing-begun-already" }).await
}

/// The page of the draft.
pub(super) async fn tree(ctx: &Ctx, open: &Open, faults: &Faults, status: StatusCode) -> Result<Response> {
    let f = super::frame(ctx, ctx.words().say("editing-title"));
    let acts = drafts::draft_acts(&ctx.db, open.id).await?;
    let all: Vec<Act> = acts.iter().map(|done| done.act.clone()).collect();
    let current = drafts::lines(&ctx.db, open.id).await?;
    let departments = &ctx.state.departments;
    let told = difference(&open.draft.base, open.lines(), departments);
    let what: HashMap<&str, &[What]> = told.iter().map(|one| (one.key.as_str(), one.what.as_slice())).collect();
    let say = |what: &What| f.t(&format!("editing-what-{}", what.name()));
    let done = |act: &drafts::DoneAct| f.with(&format!("editing-did-{}", act.act.name()), &[("title", &act.title)]);
    let level_of = |at: usize| open.outline().level_name(at).to_owned();
    let page = TreePage {
        lead: f.with(
            "editing-lead",
            &[
                ("who", &open.draft.by),
                ("when", &format::moment(open.draft.begun_at, ctx.language)),
                ("year", &ctx.long_year(FiscalYear::new(open.draft.from_year))),
            ],
        ),
        next: next_plan(&f, open),
        note: &open.draft.note,
        wrongs: Wrongs { f: &f, faults },
        counts: counts(&f, &told),
        behind: (current.bare() != open.draft.base.bare()).then(|| behind(&f, open, &current, &all)),
        rows: open
            .lines()
            .nodes
            .iter()
            .filter(|node| !left_before(open, node))
            .map(|node| {
                let gone = node.retired_from.is_some();
                let real = open.lines().get(node.real_key()).unwrap_or(node);
                let below = node.level + 1;
                let can_add = !gone && !node.is_alias() && below <= open.ground.levels;
                let names: Vec<&str> = node
                    .departments
                    .iter()
                    .filter_map(|key| ctx.state.department(key))
                    .map(|one| one.name.as_str())
                    .collect();
                Row {
                    level: node.level,
                    code: code(open.outline(), node),
                    title: real.title.clone(),
                    again: node.is_alias(),
                    departments: names.join(&f.t("list-comma")),
                    tags: what.get(node.key.as_str()).into_iter().copied().flatten().map(say).collect(),
                    gone,
                    edit: address(&node.key, ""),
                    place: address(&node.key, "/place"),
                    steps: [("up", "↑", "editing-up"), ("down", "↓", "editing-down")]
                        .into_iter()
                        .filter(|(to, ..)| !gone && open.lines().beside(&node.key, *to == "down").is_some())
                        .map(|(to, sign, word)| (to, sign, f.t(word)))
                        .collect(),
                    add: can_add.then(|| {
                        let to = format!("{DRAFT}/new?below={}", node.key);
                        (to, f.with("editing-add-below", &[("level", &level_of(below))]))
                    }),
                    key: node.key.clone(),
                }
            })
            .collect(),
        left: open
            .lines()
            .nodes
            .iter()
            .filter(|node| left_before(open, node))
            .map(|node| {
                let year = FiscalYear::new(node.retired_from.unwrap_or_default());
                let since = f.with("editing-is-gone", &[("year", &ctx.long_year(year))]);
                (open.named(node), address(&node.key, ""), since)
            })
            .collect(),
        edits: edits(ctx),
        acts: acts
            .iter()
            .rev()
            .take(20)
            .map(|act| {
                let when = format::moment(act.at, ctx.language);
                (done(act), f.with("editing-act-by", &[("who", &act.by), ("when", &when)]))
            })
            .collect(),
        last: acts.last().map(done),
        version: open.draft.version,
        add: format!("{DRAFT}/new"),
        add_label: f.with("editing-add-top", &[("level", &level_of(1))]),
        f: &f,
    };
    let mut response = Page(page).into_response();
    *response.status_mut() = status;
    Ok(response)
}

/// Which plan the draft is, where it is the next.
fn next_plan(f: &Frame, open: &Open) -> Option<String> {
    let next = open.draft.next.as_ref()?;
    let years = [open.draft.from_year, next.to].map(|year| f.ctx.long_year(FiscalYear::new(year)));
    Some(f.with("editing-is-next", &[("plan", &next.title), ("from", &years[0]), ("to", &years[1])]))
}

/// Whether a line left the plan before this draft.
fn left_before(open: &Open, node: &Node) -> bool {
    let stood = || open.draft.base.get(&node.key).is_some_and(|was| was.retired_from.is_none());
    node.retired_from.is_some() && !stood()
}

/// What changed in the plan since the draft was begun, and what of the draft cannot be done upon it.
fn behind(f: &Frame, open: &Open, current: &Lines, acts: &[Act]) -> Behind {
    let told = difference(&open.draft.base, current, &f.ctx.state.departments);
    let (_, refused) = replay(current, acts, &open.ground_of(current));
    // A field that was changed on both sides says in the end what the draft says.
    let both = |key: &str, told: (&str, &str)| {
        acts.iter().any(|act| match act {
            Act::Change { key: own, fields } if own == key => fields.keys().any(|name| {
                let (field, about) = told_as(name);
                (field, about.as_str()) == told
            }),
            _ => false,
        })
    };
    let rows = told.into_iter().map(|one| {
        let what: Vec<String> = one.what.iter().map(|what| f.t(&format!("editing-what-{}", what.name()))).collect();
        let fields = one.fields.iter().map(|field| {
            let name = super::difference::named(f, field);
            if both(&one.key, (field.field, field.about.as_str())) {
                f.with("editing-both", &[("field", &name)])
            } else {
                name
            }
        });
        (one.title.clone(), what.join(&f.t("list-comma")), fields.collect())
    });
    let lost = refused.into_iter().filter_map(|(at, why)| {
        let act = acts.get(at)?;
        let title = open.named_key(act.key());
        let did = f.with(&format!("editing-did-{}", act.name()), &[("title", &title)]);
        Some(f.with("editing-lost", &[("did", &did), ("why", &f.t(why.message()))]))
    });
    Behind { rows: rows.collect(), lost: lost.collect() }
}

/// The page with what somebody else did meanwhile.
pub(super) async fn conflict(ctx: &Ctx) -> Result<Response> {
    let open = match Open::load(ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let f = frame(ctx, String::new());
    let mut faults = Faults::default();
    faults.add("version", overtaken(ctx, &f, &open).await?);
    tree(ctx, &open, &faults, StatusCode::CONFLICT).await
}

/// `POST /desk/plan/draft/removal`
pub(super) async fn remove(ctx: Ctx, form: Form) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if form.text("sure") != "yes" {
        return Ok(led_to(&format!("{DRAFT}#removal"), "said-editing-unsure", ctx.house.settings.https));
    }
    let mut change = ctx.change(&form).await?;
    if !drafts::drop_draft(&mut change.tx, open.id, seen(&form)).await? {
        drop(change);
        return conflict(&ctx).await;
    }
    revisions::reopen(&ctx, &mut change.tx, open.id, None).await?;
    let entry = Entry::new("plan.draft-removed", "draft").detail(json!({ "number": open.draft.version }));
    ctx.trail().note(&mut change.tx, entry).await?;
    change.done("/desk/plan", "said-editing-removed").await
}

/// `POST /desk/plan/draft/undo`: all acts but the last are done again.
pub(super) async fn undo(ctx: Ctx, form: Form) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut acts = drafts::draft_acts(&ctx.db, open.id).await?;
    let mut change = ctx.change(&form).await?;
    let Some(last) = acts.pop() else { return change.done(DRAFT, "said-editing-nothing").await };
    let acts: Vec<Act> = acts.into_iter().map(|done| done.act).collect();
    let (lines, _) = replay(&open.draft.base, &acts, &open.ground);
    if !drafts::turn_draft(&mut change.tx, open.id, seen(&form), &lines).await? {
        drop(change);
        return conflict(&ctx).await;
    }
    drafts::drop_draft_act(&mut change.tx, open.id, last.number).await?;
    revisions::reopen(&ctx, &mut change.tx, open.id, Some(&[last.number])).await?;
    let detail = json!({ "act": last.act.name(), "key": last.act.key() });
    ctx.trail().note(&mut change.tx, Entry::new("plan.draft-undone", "draft").detail(detail)).await?;
    change.done(DRAFT, "said-editing-undone").await
}

/// `POST /desk/plan/draft/renewal`: the acts are done upon the plan as it stands now; those that cannot be are left out.
pub(super) async fn renew(ctx: Ctx, form: Form) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let acts = drafts::draft_acts(&ctx.db, open.id).await?;
    let mut change = ctx.change(&form).await?;
    // First, so that whoever changes the plan meanwhile waits.
    city::bump_revision(&mut change.tx).await?;
    let current = drafts::lines(&ctx.db, open.id).await?;
    let all: Vec<Act> = acts.iter().map(|done| done.act.clone()).collect();
    let (lines, refused) = replay(&current, &all, &open.ground_of(&current));
    if !drafts::turn_draft(&mut change.tx, open.id, seen(&form), &lines).await? {
        drop(change);
        return conflict(&ctx).await;
    }
    drafts::rebase_draft(&mut change.tx, open.id, &current).await?;
    let gone: Vec<i64> = refused.iter().map(|(at, _)| acts[*at].number).collect();
    for number in &gone {
        drafts::drop_draft_act(&mut change.tx, open.id, *number).await?;
    }
    revisions::reopen(&ctx, &mut change.tx, open.id, Some(&gone)).await?;
    let entry = Entry::new("plan.draft-renewed", "draft").detail(json!({ "gone": refused.len() }));
    ctx.trail().note(&mut change.tx, entry).await?;
    change.done(DRAFT, "said-editing-renewed").await
}
