//! `/desk/plan/nodes/{key}`: a text is written beside what residents see now.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::drafts::{self, Draft};
use kyodo_kernel::people::{self, Role};
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::filters;
use kyodo_web::{Ctx, Faults, Form, Frame, KeyPath, Page, Result, Wrong, format};

use super::{Heading, Open, department_names, departments, documents, elsewhere, writes};
use crate::store::{self, Edition};
use crate::text::{Fault, PARTS, READINGS, Text};

#[derive(Template)]
#[template(path = "desk/edit.html")]
struct EditPage<'a> {
    f: &'a Frame,
    heading: Heading,
    wrongs: Wrongs<'a>,
    standing: Vec<String>,
    now: Vec<(String, Vec<String>)>,
    public: String,
    texts: String,
    /// Where it is decided who is in charge.
    departments: Option<String>,
    /// Where its documents are, and how the link is called.
    documents: (String, String),
    form: Option<EditForm>,
    /// Who writes it, for those who may not.
    helpers: String,
}

/// The form, for those who may write.
struct EditForm {
    publication: String,
    draft: String,
    removal: String,
    base: String,
    /// When the draft that fills it in was saved.
    restored: Option<String>,
    /// Whether something else was published since the draft was begun.
    overtaken: bool,
    words: Vec<Field>,
    contact: Vec<Field>,
    readings: Field,
    saved: String,
}

/// What the editor tells of a line beside its text.
#[derive(Debug, PartialEq)]
struct Beside {
    edition: Option<Edition>,
    documents: usize,
}

/// `GET /desk/plan/nodes/{key}`
pub(super) async fn edit(ctx: Ctx, KeyPath(key): KeyPath) -> Result<Response> {
    let open = Open::load(&ctx, &key).await?;
    if let Some(elsewhere) = elsewhere(&open.node) {
        return Ok(elsewhere);
    }
    let faults = Faults::default();
    let f = open.frame(&ctx, "desk-edit-title", None);
    Ok(Page(page(&open, &f, None, &faults).await?).into_response())
}

/// The same page with what is wrong.
pub(super) async fn wrong(ctx: &Ctx, open: &Open, form: &Form, found: &[Fault]) -> Result<Response> {
    let f = open.frame(ctx, "desk-edit-title", None);
    let mut faults = Faults::default();
    for fault in found {
        faults.add(fault.field(), told(&f, fault));
    }
    Ok(Wrong(page(open, &f, Some(form), &faults).await?).into_response())
}

async fn page<'a>(open: &Open, f: &'a Frame, form: Option<&Form>, faults: &'a Faults) -> Result<EditPage<'a>> {
    let (ctx, node) = (&f.ctx, &open.node);
    let person = ctx.person()?;
    let beside = async {
        let edition = store::texts_of(&ctx.db, node.id).await?.into_iter().next();
        Ok(Beside { edition, documents: documents::count(ctx, node).await? })
    };
    let beside = ctx.remembered(&node.key, beside).await?;
    let subject = node.subject();
    let about = async { Ok(drafts::about(&ctx.db, person.id, &subject).await?) };
    let about = ctx.briefly(&format!("{} {subject}", person.id.0), about).await?;
    let writes = writes(ctx, node);
    let mut standing = vec![stands(f, beside.edition.as_ref())];
    standing.extend(
        about.others.iter().map(|(name, at)| {
            f.with("desk-other-writes", &[("who", name), ("when", &format::moment(*at, ctx.language))])
        }),
    );
    let form = writes.then(|| filled(open, f, form, about.own.clone(), faults));
    let helpers = if writes { String::new() } else { helpers(open, f).await? };
    Ok(EditPage {
        heading: Heading::of(f, open),
        wrongs: Wrongs { f, faults },
        standing,
        now: now(f, &Text::of(node)),
        public: node.address(),
        texts: open.address("/texts"),
        departments: departments::way(ctx, node),
        documents: documents::way(f, node, beside.documents),
        form,
        helpers,
        f,
    })
}

/// What is public, and since when.
pub(super) fn stands(f: &Frame, edition: Option<&Edition>) -> String {
    match edition {
        None => f.t("desk-stands-printed"),
        Some(edition) => f.tell("desk-stands-edition", &[("n", edition.number.into())]),
    }
}

/// What residents see now, field by field.
fn now(f: &Frame, text: &Text) -> Vec<(String, Vec<String>)> {
    let told = text.fields().filter(|(_, value)| !value.is_empty());
    told.map(|(name, value)| (label(f, name), value.lines().map(str::to_owned).collect())).collect()
}

/// The words of a field.
pub(super) fn label(f: &Frame, name: &str) -> String {
    f.t(&format!("text-{name}"))
}

/// The form with what was just typed, or the draft, or what is public.
fn filled(open: &Open, f: &Frame, form: Option<&Form>, draft: Option<Draft>, faults: &Faults) -> EditForm {
    let (ctx, public) = (&f.ctx, Text::of(&open.node));
    let draft = draft.filter(|_| form.is_none());
    let restored = draft.as_ref().map(|draft| format::moment(draft.saved_at, ctx.language));
    let (base, fields) = match (form, draft) {
        (Some(form), _) => (form.text(super::BASE).to_owned(), form.clone()),
        (None, Some(draft)) => (draft.based_on, Form(draft.fields)),
        (None, None) => {
            let fields = public.fields().map(|(name, value)| (name.to_owned(), value));
            (public.fingerprint(), Form(fields.collect()))
        }
    };
    let saved = restored.as_ref().map(|when| f.with("desk-saved", &[("when", when)]));
    let (words, contact) = PARTS.iter().partition::<Vec<_>, _>(|part| part.rows > 1);
    let field = |field: Field, name: &str, most: usize| {
        let hint = format!("text-{name}-hint");
        let hint = if ctx.words().has(&hint) { f.n(&hint, most) } else { String::new() };
        field.hint(hint).japanese(f).heard(&fields, faults)
    };
    EditForm {
        publication: open.address("/publication"),
        draft: open.address("/draft"),
        removal: open.address("/draft/removal"),
        overtaken: base != public.fingerprint(),
        base,
        saved: saved.unwrap_or_default(),
        restored,
        words: words
            .iter()
            .map(|part| {
                let lines = Field::lines(part.name, label(f, part.name), part.rows).counted(part.most);
                field(lines, part.name, part.most)
            })
            .collect(),
        contact: contact
            .iter()
            .map(|part| {
                let kind = match part.name {
                    "phone" | "fax" => "tel",
                    "email" => "email",
                    _ => "text",
                };
                field(Field::line(part.name, label(f, part.name)).kind(kind), part.name, part.most)
            })
            .collect(),
        readings: field(Field::lines(READINGS, label(f, READINGS), 4), READINGS, 0),
    }
}

/// Whose work it is: those who write for the line's departments, or else whoever keeps all departments together.
async fn helpers(open: &Open, f: &Frame) -> Result<String> {
    let (ctx, node) = (&f.ctx, &open.node);
    let mut names = Vec::new();
    for role in [Role::Reporter, Role::Head, Role::Coordinator] {
        let holders = people::holders(&ctx.db, role, None, ctx.today).await?;
        let own = |key: &Option<String>| key.as_ref().is_some_and(|key| node.departments.contains(key));
        let everywhere = role == Role::Coordinator && names.is_empty();
        for holder in holders.into_iter().filter(|holder| everywhere || own(&holder.department)) {
            if !names.contains(&holder.name) {
                names.push(holder.name);
            }
        }
    }
    let gap = f.t("list-comma");
    let departments = department_names(ctx, node).join(&gap);
    Ok(match (departments.is_empty(), names.is_empty()) {
        (true, true) => f.t("desk-nobody-writes"),
        (true, false) => f.with("desk-they-write", &[("who", &names.join(&gap))]),
        (false, true) => f.with("desk-department-writes", &[("department", &departments)]),
        (false, false) => {
            f.with("desk-they-of-department-write", &[("department", &departments), ("who", &names.join(&gap))])
        }
    })
}

/// What is wrong, in words.
fn told(f: &Frame, fault: &Fault) -> String {
    let word = |key: &str, word: &String| f.with(key, &[("word", word)]);
    match fault {
        Fault::Nothing => f.t("fault-nothing"),
        Fault::TooLong { part, most, now } => f.tell(
            "fault-too-long",
            &[("part", (&label(f, part)).into()), ("most", (*most).into()), ("over", (now - most).into())],
        ),
        Fault::NoWay => f.t("fault-no-way"),
        Fault::NotANumber(part) => f.with("fault-not-a-number", &[("part", &label(f, part))]),
        Fault::NotAnAddress => f.t("fault-not-an-address"),
        Fault::TooManyReadings => f.t("fault-too-many-readings"),
        Fault::NoReading(of) => word("fault-no-reading", of),
        Fault::NoKanji(of) => word("fault-no-kanji", of),
        Fault::NotHiragana(of) => word("fault-not-hiragana", of),
        Fault::Nowhere(of) => word("fault-nowhere", of),
        Fault::Twice(of) => word("fault-twice", of),
        Fault::LongReading(of) => word("fault-long-reading", of),
    }
}
