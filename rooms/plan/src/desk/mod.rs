//! The plan at the desk: departments write what residents read of their measures. Addresses, and who may do what.

mod conflict;
mod departments;
mod documents;
mod draft;
mod earlier;
mod edit;
pub(crate) mod editing;
mod evaluations;
mod figures;
mod forgetting;
mod import;
mod list;
mod opinions;
mod partners;
mod publication;
mod reminding;
mod revisions;
mod rounds;
mod tasks;
mod texts;
mod voices;
mod year;

use std::sync::Arc;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::http::Method;
use kyodo_kernel::people::{Person, Role};
use kyodo_web::form::seen_at;
use kyodo_web::{Access, Ctx, DESK, DeskItem, Error, Form, Frame, Html, Refusal, Result, Routes};

use self::departments::ASSIGNERS;
use self::rounds::day_of;
use crate::kept;
use crate::node::Node;
use crate::pages::code;
use crate::plan::Plan;
use crate::text::{Piece, Text, diff};

pub(crate) use departments::needs;
pub(crate) use evaluations::{JOB as EVALUATION_JOB, SCHEDULE as EVALUATION_SCHEDULE, wrote};
pub(crate) use forgetting::{JOB as FORGET_JOB, SCHEDULE as FORGET_SCHEDULE};
pub(crate) use partners::{JOB as PARTNER_JOB, SCHEDULE as PARTNER_SCHEDULE};
pub(crate) use reminding::{JOB as REMINDING_JOB, SCHEDULE as REMINDING_SCHEDULE};
pub use rounds::Hands;
pub(crate) use tasks::{sent, tasks};

/// Who writes. Reporters and heads do it for their own department.
const WRITING: &[Role] = &[Role::Coordinator, Role::Reporter, Role::Head];
const WRITERS: Access = Access::Roles(WRITING);

/// Its line in the desk's navigation.
pub(crate) const ITEMS: &[DeskItem] = &[
    rounds::ITEM,
    evaluations::ITEM,
    opinions::ITEM,
    DeskItem { path: "/desk/plan", label: "nav-desk-plan", access: DESK },
    DeskItem { path: figures::LIST, label: "nav-desk-indicators", access: DESK },
];

/// Its addresses.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/desk/plan", DESK, list::list)
        .get("/desk/plan/nodes/{key}", DESK, edit::edit)
        .post("/desk/plan/nodes/{key}/draft", WRITERS, draft::save)
        .post("/desk/plan/nodes/{key}/draft/removal", WRITERS, draft::remove)
        .get("/desk/plan/nodes/{key}/preview", DESK, draft::preview)
        .post("/desk/plan/nodes/{key}/publication", WRITERS, publication::publish)
        .get("/desk/plan/nodes/{key}/texts", DESK, texts::texts)
        .post("/desk/plan/nodes/{key}/restoration", WRITERS, publication::restore)
        .get("/desk/plan/nodes/{key}/departments", ASSIGNERS, departments::form)
        .post("/desk/plan/nodes/{key}/departments", ASSIGNERS, departments::post)
        .get("/desk/plan/nodes/{key}/documents", DESK, documents::list)
        .post("/desk/plan/nodes/{key}/documents", WRITERS, documents::add)
        .post("/desk/plan/nodes/{key}/documents/removal", WRITERS, documents::remove)
        .get(departments::MANY, ASSIGNERS, departments::form_for_many)
        .post(departments::MANY, ASSIGNERS, departments::post_for_many)
        .and(figures::routes())
        .and(rounds::routes())
        .and(revisions::routes())
        .and(partners::routes())
        .and(voices::routes())
        .and(import::routes())
        .and(editing::routes())
        .and(earlier::routes())
        .and(evaluations::routes())
        .and(opinions::routes())
}

/// The field with the fingerprint of the text that a writer began from.
const BASE: &str = "base";

/// A line of the plan on somebody's desk.
struct Open {
    plan_id: i64,
    plan: Arc<Plan>,
    node: Node,
}

impl Open {
    /// The line of a key, or of the one real record behind a 再掲.
    async fn load(ctx: &Ctx, key: &str) -> Result<Self> {
        let (plan_id, plan) = kept::plan(ctx).await?;
        let node = plan.node(key).cloned().ok_or(Error::NotFound)?;
        Ok(Self { plan_id, plan, node })
    }

    /// The address of its editor, or of something beside it.
    fn address(&self, beside: &str) -> String {
        address(&self.node, beside)
    }

    /// Somebody who may change it.
    fn writer<'c>(&self, ctx: &'c Ctx) -> Result<&'c Person> {
        let person = ctx.person()?;
        let refused = Error::Forbidden(Refusal { roles: WRITING });
        if writes(ctx, &self.node) { Ok(person) } else { Err(refused) }
    }

    fn code(&self) -> String {
        code(&self.plan.outline, &self.node)
    }

    /// The frame of a page about it; `last` names the page, where it is not the editor.
    fn frame(&self, ctx: &Ctx, title: &str, last: Option<&str>) -> Frame {
        let title = ctx.words().with(title, [("title", self.node.title.as_str())]);
        let f = ctx.frame(title).crumb("/desk", "nav-desk").crumb("/desk/plan", "nav-desk-plan");
        let f = f.crumb_named(self.address(""), self.node.title.clone()).at_desk();
        match last {
            Some(last) => f.crumb("", last),
            None => f,
        }
    }
}

/// Where a line is written, or something beside it.
fn address(node: &Node, beside: &str) -> String {
    format!("/desk/plan/nodes/{}{beside}", node.real_key())
}

/// The editor of the one real record, for the address of a 再掲.
fn elsewhere(node: &Node) -> Option<axum::response::Response> {
    node.is_alias().then(|| seen_at(&address(node, "")))
}

/// Whether whoever asks may change what is said of a line.
fn writes(ctx: &Ctx, node: &Node) -> bool {
    let Some(person) = ctx.actor.person() else { return false };
    WRITERS.admits(&ctx.actor, &Method::POST).is_ok()
        && (person.holds(Role::Coordinator) || node.departments.iter().any(|key| person.writes_for(key)))
}

/// What was typed into a form.
fn typed(form: &Form) -> Text {
    Text::typed(|name| form.raw(name))
}

/// The names of a line's departments.
fn department_names(ctx: &Ctx, node: &Node) -> Vec<String> {
    let known = node.departments.iter().filter_map(|key| ctx.state.department(key));
    known.map(|department| department.name.clone()).collect()
}

/// Whether a line's page tells how to reach somebody of its own: whoever was named, or one of its departments.
fn has_contact(ctx: &Ctx, node: &Node) -> bool {
    let office = &ctx.state.profile.contact;
    let known = |key: &String| {
        ctx.state.department(key).is_some_and(|department| department.contact().is_known())
            || (office.is_known() && office.department.as_ref() == Some(key))
    };
    node.details.contact.is_known() || node.departments.iter().any(known)
}

/// Two texts, or one beside another, line by line, so that a page can break them.
#[derive(Template)]
#[template(path = "desk/difference.html")]
pub(crate) struct Difference {
    lines: Vec<Vec<Piece>>,
    /// What is said before a piece that went, and one that came; none where pieces are only marked.
    said: Option<(String, String)>,
}
impl HtmlSafe for Difference {}

impl Difference {
    /// What went and what came, both at once.
    pub(crate) fn between(f: &Frame, before: &str, after: &str) -> Self {
        Self { lines: lines(diff(before, after)), said: Some((f.t("desk-gone"), f.t("desk-come"))) }
    }

    /// A text with what another has not.
    fn marked(other: &str, text: &str) -> Self {
        let mut pieces = diff(other, text);
        pieces.retain(|piece| !matches!(piece, Piece::Gone(_)));
        Self { lines: lines(pieces), said: None }
    }
}

fn lines(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in pieces {
        let (text, make): (String, fn(String) -> Piece) = match piece {
            Piece::Same(text) => (text, Piece::Same),
            Piece::Gone(text) => (text, Piece::Gone),
            Piece::New(text) => (text, Piece::New),
        };
        for (at, part) in text.split('\n').enumerate() {
            if at > 0 {
                lines.push(Vec::new());
            }
            if let Some(line) = lines.last_mut().filter(|_| !part.is_empty()) {
                line.push(make(part.to_owned()));
            }
        }
    }
    lines
}

/// A title with its code before it, as headings show it.
struct Heading {
    code: String,
    title: Html,
}

impl Heading {
    fn of(f: &Frame, open: &Open) -> Self {
        Self { code: open.code(), title: f.phrases(&open.node.title) }
    }
}
