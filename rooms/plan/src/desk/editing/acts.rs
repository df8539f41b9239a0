//! What is done with whole lines: added, moved, split, retired, brought back, printed again, taken out.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kyodo_web::components::{Choice, Field, Wrongs, choice};
use kyodo_web::{Ctx, Error, Faults, Form, Frame, KeyPath, Page, Params, Result, Wrong, filters};

use super::{DRAFT, Open, Outcome, act, address, edits, line, seen, tree};
use crate::editing::{Act, Kind, Part, Place, next_code};
use crate::node::{Node, Tree};

/// No title of a line is longer.
pub(in crate::desk) const MOST_TITLE: usize = 200;
/// No code is longer.
pub(super) const MOST_CODE: usize = 30;
/// A line becomes at most so many.
const MOST_PARTS: usize = 20;

#[derive(Template)]
#[template(path = "desk/editing-new.html")]
struct NewPage<'a> {
    f: &'a Frame,
    heading: String,
    above: String,
    wrongs: Wrongs<'a>,
    version: i64,
    below: String,
    edits: bool,
    fields: Vec<Field>,
}

/// A place as a form sends it: the line above, and the sibling before.
pub(super) fn written(place: &Place) -> String {
    format!("{}|{}", place.parent.as_deref().unwrap_or_default(), place.after.as_deref().unwrap_or_default())
}

fn read(text: &str) -> Option<Place> {
    let (parent, after) = text.split_once('|')?;
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Some(Place { parent: some(parent), after: some(after) })
}

/// Every place of a level, but those in and after a line itself.
pub(super) fn places(f: &Frame, open: &Open, level: usize, own: Option<&Node>) -> Vec<Choice> {
    let tree = Tree::of(&open.lines().nodes);
    let is_own = |node: &Node| own.is_some_and(|own| own.key == node.key || tree.is_below(&node.key, &own.key));
    let now = own.and_then(|own| {
        let siblings: Vec<&Node> = open.lines().children(own.parent.as_deref()).collect();
        let at = siblings.iter().position(|node| node.key == own.key)?;
        let after = at.checked_sub(1).map(|at| siblings[at].key.clone());
        Some(written(&Place { parent: own.parent.clone(), after }))
    });
    let mut places = Vec::new();
    let mut add = |place: &Place, label: String| {
        let value = written(place);
        let chosen = now.as_ref() == Some(&value);
        places.push(choice(value, label, chosen));
    };
    let parents: Vec<Option<&Node>> = if level == 1 {
        vec![None]
    } else {
        let above = open.lines().all_standing().filter(|node| node.level + 1 == level && !node.is_alias());
        above.filter(|node| !is_own(node)).map(Some).collect()
    };
    for parent in parents {
        let key = parent.map(|node| node.key.as_str());
        let first = match parent {
            Some(parent) => f.with("editing-place-first", &[("title", &open.named(parent))]),
            None => f.t("editing-place-top"),
        };
        add(&Place { parent: key.map(str::to_owned), after: None }, first);
        for sibling in open.lines().children(key).filter(|node| !is_own(node)) {
            let place = Place { parent: key.map(str::to_owned), after: Some(sibling.key.clone()) };
            add(&place, f.with("editing-place-after", &[("title", &open.named(sibling))]));
        }
    }
    places
}

// --- a new line ---------------------------------------------------------------------------------------------

/// `GET /desk/plan/draft/new?below=…`
pub(super) async fn form(ctx: Ctx, params: Params) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let f = super::frame(&ctx, ctx.words().say("editing-new")).crumb("", "editing-new");
    let below = params.get("below").unwrap_or_default().to_owned();
    Ok(Page(new_page(&f, &open, &below, &Form::default(), &Faults::default())?).into_response())
}

fn new_page<'a>(f: &'a Frame, open: &Open, below: &str, form: &Form, faults: &'a Faults) -> Result<NewPage<'a>> {
    let parent = match below {
        "" => None,
        key => {
            let parent = open.lines().get(key).filter(|node| node.retired_from.is_none() && !node.is_alias());
            Some(parent.ok_or(Error::NotFound)?)
        }
    };
    let level = parent.map_or(1, |node| node.level + 1);
    if level > open.ground.levels {
        return Err(Error::NotFound);
    }
    let siblings: Vec<&Node> = open.lines().children(parent.map(|node| node.key.as_str())).collect();
    let mut places = vec![(None, f.t("editing-place-begin"))];
    places.extend(
        siblings
            .iter()
            .map(|node| (Some(node.key.clone()), f.with("editing-place-after", &[("title", &open.named(node))]))),
    );
    let last = places.len() - 1;
    let places = places.into_iter().enumerate().map(|(at, (after, label))| {
        choice(written(&Place { parent: parent.map(|node| node.key.clone()), after }), label, at == last)
    });
    let code = siblings.last().map(|node| next_code(&node.code)).unwrap_or_default();
    let name = open.outline().level_name(level);
    Ok(NewPage {
        heading: f.with("editing-new-of", &[("level", name)]),
        above: parent.map(|node| open.named(node)).unwrap_or_default(),
        wrongs: Wrongs { f, faults },
        version: open.draft.version,
        below: below.to_owned(),
        edits: edits(&f.ctx),
        fields: vec![
            Field::line("title", f.t("import-field-title")).need(f).most(MOST_TITLE).japanese(f).heard(form, faults),
            Field::line("code", f.t("import-field-code"))
                .hint(f.t("editing-code-hint"))
                .most(MOST_CODE)
                .value(code)
                .japanese(f)
                .heard(form, faults),
            Field::select("place", f.t("editing-place"), places.collect()).japanese(f).heard(form, faults),
        ],
        f,
    })
}

/// `POST /desk/plan/draft/new`
pub(super) async fn add(ctx: Ctx, form: Form) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (title, code) = (single(form.text("title")), single(form.text("code")));
    let f = super::frame(&ctx, ctx.words().say("editing-new")).crumb("", "editing-new");
    let mut faults = Faults::default();
    title_faults(&f, &title, &code, &mut faults);
    let place = read(form.text("place"));
    if place.is_none() {
        faults.add("place", f.t("editing-place-missing"));
    }
    let Some(place) = place.filter(|_| faults.is_empty()) else {
        return Ok(Wrong(new_page(&f, &open, form.text("below"), &form, &faults)?).into_response());
    };
    let key = open.lines().fresh_key(place.parent.as_deref());
    let to = address(&key, "");
    match act(&ctx, &form, &open, Act::Add { key, place, code, title }, seen(&form), &to).await? {
        Outcome::Done(response) => Ok(response),
        Outcome::Overtaken => {
            // What was typed stays in the form, upon the draft as it is now.
            faults.add("title", super::overtaken(&ctx, &f, &open).await?);
            let mut response = Page(new_page(&f, &open, form.text("below"), &form, &faults)?).into_response();
            *response.status_mut() = StatusCode::CONFLICT;
            Ok(response)
        }
        Outcome::Refused(why) => {
            faults.add("place", f.t(why.message()));
            Ok(Wrong(new_page(&f, &open, form.text("below"), &form, &faults)?).into_response())
        }
    }
}

/// One line without space at its ends.
pub(in crate::desk) fn single(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is wrong with a title and a code.
pub(super) fn title_faults(f: &Frame, title: &str, code: &str, faults: &mut Faults) {
    if title.is_empty() {
        faults.add("title", f.t("editing-title-missing"));
    } else if title.chars().count() > MOST_TITLE {
        faults.add("title", f.n("editing-title-long", MOST_TITLE));
    }
    if code.chars().count() > MOST_CODE {
        faults.add("code", f.n("editing-code-long", MOST_CODE));
    }
}

// --- lines that are there -----------------------------------------------------------------------------------

/// Does something with a line: shows its page again with what is wrong, or the draft with what somebody else did.
async fn with_line(ctx: &Ctx, form: &Form, open: &Open, what: Act, to: &str, field: &'static str) -> Result<Response> {
    let key = what.key().to_owned();
    match act(ctx, form, open, what, seen(form), to).await? {
        Outcome::Done(response) => Ok(response),
        Outcome::Overtaken => tree::conflict(ctx).await,
        Outcome::Refused(why) => {
            let mut faults = Faults::default();
            faults.add(field, ctx.words().say(why.message()));
            line::again(ctx, open, &key, form, &faults).await
        }
    }
}

async fn wrong(ctx: &Ctx, open: &Open, key: &str, form: &Form, field: &'static str, message: &str) -> Result<Response> {
    let mut faults = Faults::default();
    faults.add(field, ctx.words().say(message));
    line::again(ctx, open, key, form, &faults).await
}

/// `POST /desk/plan/draft/lines/{key}/place`: one up, one down, or to a place that was chosen.
pub(super) async fn place(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    // A form sent twice leads to where the first one led: what was at the top then may be there no more.
    drop(ctx.change(&form).await?);
    let place = match form.text("to") {
        "up" => open.lines().beside(&key, false),
        "down" => open.lines().beside(&key, true),
        _ => read(form.text("place")),
    };
    let Some(place) = place else {
        if open.draft.version != seen(&form) {
            return tree::conflict(&ctx).await;
        }
        return wrong(&ctx, &open, &key, &form, "place", "editing-place-missing").await;
    };
    let to = format!("{DRAFT}#line-{key}");
    with_line(&ctx, &form, &open, Act::Move { key, place }, &to, "place").await
}

/// `POST /desk/plan/draft/lines/{key}/split`: one line for each part, a code and a title.
pub(super) async fn split(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    // The same: what became several may be there no more.
    drop(ctx.change(&form).await?);
    let node = open.lines().get(&key).ok_or(Error::NotFound)?;
    let written: Vec<(String, String)> = form
        .raw("parts")
        .lines()
        .map(single)
        .filter(|line| !line.is_empty())
        .map(|line| match line.split_once(['／', '|', '｜']) {
            Some((code, title)) => (single(code), single(title)),
            None => (String::new(), line),
        })
        .collect();
    let fits = |(code, title): &(String, String)| {
        !title.is_empty() && title.chars().count() <= MOST_TITLE && code.chars().count() <= MOST_CODE
    };
    if written.is_empty() || written.len() > MOST_PARTS || !written.iter().all(fits) {
        return wrong(&ctx, &open, &key, &form, "parts", "editing-parts-missing").await;
    }
    let keys = open.lines().fresh_keys(node.parent.as_deref(), written.len());
    let parts = keys.into_iter().zip(written).map(|(key, (code, title))| Part { key, code, title }).collect();
    let stays = form.text("stays") == "yes";
    let to = format!("{DRAFT}#line-{key}");
    with_line(&ctx, &form, &open, Act::Split { key, parts, stays }, &to, "parts").await
}

/// `POST /desk/plan/draft/lines/{key}/retirement`
pub(super) async fn retire(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let into: Vec<String> = form.some("into").map(str::to_owned).into_iter().collect();
    let kind = Kind::named(form.text("kind")).filter(|kind| *kind != Kind::Split).unwrap_or(Kind::Continued);
    let to = format!("{DRAFT}#line-{key}");
    with_line(&ctx, &form, &open, Act::Retire { key, into, kind }, &to, "into").await
}

/// `POST /desk/plan/draft/lines/{key}/restoration`
pub(super) async fn restore(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let to = format!("{DRAFT}#line-{key}");
    with_line(&ctx, &form, &open, Act::Restore { key }, &to, "restore").await
}

/// `POST /desk/plan/draft/lines/{key}/repetition`: the line is printed again elsewhere.
pub(super) async fn repeat(ctx: Ctx, KeyPath(real): KeyPath, form: Form) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let Some(place) = read(form.text("again")) else {
        return wrong(&ctx, &open, &real, &form, "again", "editing-place-missing").await;
    };
    let code: String = single(form.text("again-code")).chars().take(MOST_CODE).collect();
    let key = open.lines().fresh_key(place.parent.as_deref());
    let to = format!("{DRAFT}#line-{key}");
    let what = Act::Repeat { key, real: real.clone(), place, code };
    match act(&ctx, &form, &open, what, seen(&form), &to).await? {
        Outcome::Done(response) => Ok(response),
        Outcome::Overtaken => tree::conflict(&ctx).await,
        Outcome::Refused(why) => wrong(&ctx, &open, &real, &form, "again", why.message()).await,
    }
}

/// `POST /desk/plan/draft/lines/{key}/removal`
pub(super) async fn remove(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    with_line(&ctx, &form, &open, Act::Remove { key }, DRAFT, "remove").await
}
