//! `/desk/plan`: every measure with what is public of it, who is writing, and what is missing; one's own first.

use std::collections::HashMap;

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_jptext::search_key;
use kyodo_kernel::people::Person;
use kyodo_kernel::people::Role;
use kyodo_web::components::{Choice, choice};
use kyodo_web::filters;
use kyodo_web::{Ctx, Frame, Html, Page, Params, Result, format};

use super::departments::assigns;
use super::{address, department_names, has_contact, writes};
use crate::kept;
use crate::node::Node;
use crate::revision::REVISIONS;
use crate::store::{self, Edition, Writing};
use crate::text::Text;
use crate::view::sentence;

#[derive(Template)]
#[template(path = "desk/list.html")]
struct ListPage<'a> {
    f: &'a Frame,
    departments: Vec<Choice>,
    states: Vec<Choice>,
    q: &'a str,
    filtered: bool,
    measure: &'a str,
    groups: Vec<Group>,
    count: String,
    /// What whoever keeps the plan together does with all of it.
    ways: Vec<(&'static str, String)>,
}

/// One's own measures, or those of others.
struct Group {
    title: Option<String>,
    rows: Vec<Row>,
}

struct Row {
    code: String,
    title: Html,
    href: String,
    departments: String,
    stands: Html,
    /// Who is writing.
    writing: Vec<Html>,
    /// What is missing.
    missing: Vec<String>,
    /// What to do there.
    act: String,
}

/// A measure with all that the list tells of it.
struct Line<'a> {
    node: &'a Node,
    edition: Option<&'a Edition>,
    writing: &'a [Writing],
    described: bool,
    contact: bool,
    own: bool,
}

/// The public text of each measure, by its number.
#[derive(Debug, PartialEq)]
struct Editions(HashMap<i64, Edition>);

/// Who is writing about which measure, by its key.
#[derive(Debug, PartialEq)]
struct Writings(HashMap<String, Vec<Writing>>);

/// A state to ask for: its name in the address, its message, and whether a line has it.
type State = (&'static str, &'static str, fn(&Line<'_>) -> bool);

const STATES: [State; 6] = [
    ("edited", "desk-state-edited", |line| line.edition.is_some_and(|edition| edition.by.is_some())),
    ("printed", "desk-state-printed", |line| line.edition.is_none_or(|edition| edition.by.is_none())),
    ("draft", "desk-state-draft", |line| !line.writing.is_empty()),
    ("undescribed", "desk-state-undescribed", |line| !line.described),
    ("no-contact", "desk-state-no-contact", |line| !line.contact),
    ("no-department", "desk-state-no-department", |line| line.node.departments.is_empty()),
];

/// `GET /desk/plan`: a fixed number of sentences, whatever the plan's length.
pub(super) async fn list(ctx: Ctx, params: Params) -> Result<Response> {
    let person = ctx.person()?;
    let (plan_id, plan) = kept::plan(&ctx).await?;
    let editions = async { Ok(Editions(store::editions(&ctx.db, plan_id).await?)) };
    let editions = &ctx.remembered("", editions).await?.0;
    let writings = async { Ok(Writings(store::writings(&ctx.db).await?)) };
    let writings = &ctx.briefly("", writings).await?.0;
    let depth = plan.outline.levels.len();
    let measures: Vec<&Node> = {
        let standing = plan.nodes.iter().filter(|node| !node.is_retired(ctx.fiscal_year()));
        standing.filter(|node| node.level == depth && !node.is_alias()).collect()
    };
    let all: Vec<Line<'_>> = measures.iter().map(|node| line(&ctx, person, node, editions, writings)).collect();

    let text = |name| params.get(name).unwrap_or_default();
    let (department, state, q) = (text("department"), text("state"), text("q"));
    let asked = |line: &&Line<'_>| {
        (department.is_empty() || line.node.departments.iter().any(|key| key == department))
            && STATES.iter().find(|(name, ..)| *name == state).is_none_or(|(_, _, has)| has(line))
            && says(line.node, q)
    };
    let shown: Vec<&Line<'_>> = all.iter().filter(asked).collect();
    let f = ctx.frame(ctx.words().say("nav-desk-plan")).crumb("/desk", "nav-desk").crumb("", "nav-desk-plan").at_desk();
    let measure = plan.outline.level_name(depth);
    let page = ListPage {
        departments: departments(&ctx, &measures, department),
        states: STATES.iter().map(|(name, message, _)| choice(*name, f.t(message), *name == state)).collect(),
        q,
        filtered: !params.has_none_of(&["department", "state", "q"]),
        measure,
        groups: groups(&f, person, &shown),
        count: f.tell("measures-count", &[("n", shown.len().into()), ("level", measure.into())]),
        ways: [
            (assigns(&ctx), "/desk/plan/departments", "assign-many"),
            (true, REVISIONS, "revision-link"),
            (super::editing::edits(&ctx), super::editing::DRAFT, "editing-link"),
            (super::import::brings(&ctx), "/desk/plan/import", "import-link"),
            (super::earlier::keeps(&ctx), super::earlier::EARLIER, "earlier-desk"),
        ]
        .into_iter()
        .filter(|(may, ..)| *may)
        .map(|(_, to, word)| (to, f.t(word)))
        .collect(),
        f: &f,
    };
    Ok(Page(page).into_response())
}

fn line<'a>(
    ctx: &Ctx,
    person: &Person,
    node: &'a Node,
    editions: &'a HashMap<i64, Edition>,
    writings: &'a HashMap<String, Vec<Writing>>,
) -> Line<'a> {
    Line {
        edition: editions.get(&node.id),
        writing: writings.get(&node.key).map_or(&[], Vec::as_slice),
        described: Text::of(node).is_described(),
        contact: has_contact(ctx, node),
        own: node.departments.iter().any(|key| person.departments().any(|own| own == key)),
        node,
    }
}

fn says(node: &Node, q: &str) -> bool {
    if q.is_empty() {
        return true;
    }
    let text = Text::of(node);
    let words: Vec<String> = text.fields().map(|(_, value)| value).collect();
    let all = search_key(&format!("{} {} {}", node.code, node.title, words.join(" ")));
    q.split_whitespace().map(search_key).all(|word| all.contains(&word))
}

fn departments(ctx: &Ctx, measures: &[&Node], chosen: &str) -> Vec<Choice> {
    let in_charge = |key: &str| measures.iter().any(|node| node.departments.iter().any(|own| own == key));
    let known = ctx.state.departments.iter().filter(|department| in_charge(&department.key));
    known.map(|department| choice(&department.key, &department.name, department.key == chosen)).collect()
}

/// One's own first. Whoever keeps all departments together, or belongs to none, sees one list.
fn groups(f: &Frame, person: &Person, shown: &[&Line<'_>]) -> Vec<Group> {
    let group = |title: Option<String>, own: Option<bool>| Group {
        title,
        rows: shown
            .iter()
            .filter(|line| own.is_none_or(|own| line.own == own))
            .map(|line| row(f, person, line))
            .collect(),
    };
    let groups = if person.holds(Role::Coordinator) || person.departments().next().is_none() {
        vec![group(None, None)]
    } else {
        vec![group(Some(f.t("desk-list-own")), Some(true)), group(Some(f.t("desk-list-others")), Some(false))]
    };
    groups.into_iter().filter(|group| !group.rows.is_empty()).collect()
}

fn row(f: &Frame, person: &Person, line: &Line<'_>) -> Row {
    let (ctx, node) = (&f.ctx, line.node);
    let moment = |at| format::moment(at, ctx.language);
    let stands = match line.edition {
        None => f.t("desk-from-document"),
        Some(edition) => {
            let when = edition.published_at.map(moment).unwrap_or_default();
            let who = edition.by.clone().unwrap_or_else(|| f.t("desk-the-document"));
            f.tell(
                "desk-list-edition",
                &[("n", edition.number.into()), ("when", (&when).into()), ("who", (&who).into())],
            )
        }
    };
    let writing = |one: &Writing| {
        let when = moment(one.saved_at);
        let own = one.account == person.id;
        let message = if own { "desk-list-draft-own" } else { "desk-list-draft" };
        sentence(f, &f.with(message, &[("who", &one.name), ("when", &when)]))
    };
    let missing = [(line.described, "desk-state-undescribed"), (line.contact, "desk-state-no-contact")];
    Row {
        code: node.code.clone(),
        title: f.phrases(&node.title),
        href: address(node, ""),
        departments: department_names(ctx, node).join(&f.t("list-comma")),
        stands: sentence(f, &stands),
        writing: line.writing.iter().map(writing).collect(),
        missing: missing.into_iter().filter(|(there, _)| !there).map(|(_, message)| f.t(message)).collect(),
        act: f.t(if writes(ctx, node) { "desk-write" } else { "desk-look" }),
    }
}
