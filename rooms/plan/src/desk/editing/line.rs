//! `/desk/plan/draft/lines/{key}`: everything that is printed of a line, in one form, and beside it what can be done with
//! the line as a whole. Two people in one line: the second is shown both.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::FiscalYear;
use kyodo_web::components::{Choice, Field, Wrongs, choice};
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Html, KeyPath, Page, Result, filters};

use super::acts::{MOST_CODE, MOST_TITLE, places, single, title_faults};
use super::difference::label;
use super::{DRAFT, Open, Outcome, act, address, edits, fingerprint, overtaken};
use crate::desk::conflict::{ConflictPage, Row};
use crate::desk::departments::in_order;
use crate::desk::{BASE, Heading};
use crate::editing::{Act, Kind, changed, mark, role};
use crate::node::{Earlier, Node, Tag};
use crate::pages::code;
use crate::plan::Period;
use crate::schedule::{ARROW, RowFault, Schedule};
use crate::text::{PARTS, Text};

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

/// The form.
struct Fields {
    words: Vec<Field>,
    charge: Vec<Field>,
    marks: Vec<Field>,
    lists: Vec<Field>,
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
    let fields = open.fields(node);
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
        fields: stands.then(|| form_of(&f, open, node, &fields, &typed, faults)),
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

fn form_of(
    f: &Frame,
    open: &Open,
    node: &Node,
    says: &BTreeMap<String, String>,
    form: &Form,
    faults: &Faults,
) -> Fields {
    let value = |name: &str| says.get(name).cloned().unwrap_or_default();
    let done = |field: Field| field.japanese(f).heard(form, faults);
    let line = |name: &str, most: usize| done(Field::line(name, label(f, name)).most(most).value(value(name)));
    let lines = |name: &str, rows: u8, hint: &str| {
        done(Field::lines(name, label(f, name), rows).hint(f.t(hint)).value(value(name)))
    };
    if node.is_alias() {
        let words = vec![line("code", MOST_CODE)];
        return Fields { words, charge: Vec::new(), marks: Vec::new(), lists: Vec::new() };
    }
    let mut words = vec![
        done(Field::line("title", label(f, "title")).need(f).most(MOST_TITLE).value(value("title"))),
        line("code", MOST_CODE),
    ];
    for part in PARTS.iter().filter(|part| part.rows > 1) {
        let field = Field::lines(part.name, label(f, part.name), part.rows).counted(part.most);
        words.push(done(field.value(value(part.name))));
    }
    let outline = open.outline();
    let is_measure = node.level == outline.levels.len();
    if !is_measure {
        return Fields {
            words,
            charge: Vec::new(),
            marks: Vec::new(),
            lists: vec![lines("earlier", 2, "editing-earlier-hint")],
        };
    }
    let tags = [Tag::New, Tag::Continued, Tag::Expanded];
    let untagged = std::iter::once(choice("", f.t("editing-none"), node.details.tag.is_none()));
    let tags = untagged.chain(tags.map(|tag| choice(tag.printed(), tag.printed(), node.details.tag == Some(tag))));
    words.push(done(Field::radios("tag", label(f, "tag"), tags.collect())));
    let marks = outline.grid.into_iter().flat_map(Period::years).map(|year| {
        let name = mark(year.into());
        done(Field::select(&name, f.ctx.short_year(year), marks_of(f, open, &value(&name))))
    });
    Fields {
        words,
        charge: charge(f, open, node, form, faults),
        marks: marks.collect(),
        lists: [
            ("implementers", 2, "editing-lines-hint"),
            ("related", 2, "editing-lines-hint"),
            ("earlier", 2, "editing-earlier-hint"),
        ]
        .into_iter()
        .map(|(name, rows, hint)| lines(name, rows, hint))
        .collect(),
    }
}

/// Who is in charge, for whom it is, and who does what.
fn charge(f: &Frame, open: &Open, node: &Node, form: &Form, faults: &Faults) -> Vec<Field> {
    let done = |field: Field| field.japanese(f).heard(form, faults);
    let outline = open.outline();
    let known = &f.ctx.state.departments;
    let first = node.departments.first().map_or("", String::as_str);
    let nobody = std::iter::once(choice("", f.t("assign-nobody"), node.departments.is_empty()));
    let leads = nobody.chain(known.iter().map(|one| choice(&one.key, &one.name, one.key == first))).collect();
    let others = known.iter();
    let others = others
        .map(|one| choice(&one.key, &one.name, node.departments.iter().skip(1).any(|key| *key == one.key)))
        .collect();
    let mut fields = Vec::new();
    if !known.is_empty() {
        fields.push(done(Field::select("lead", f.t("assign-lead"), leads)));
        fields.push(done(Field::ticks("others", f.t("assign-others"), others)));
    }
    if !outline.targets.is_empty() {
        let targets = outline.targets.iter().map(|one| choice(one, one, node.details.targets.contains(one))).collect();
        fields.push(done(Field::ticks("targets", label(f, "targets"), targets)));
        if outline.targets.iter().any(|one| one == "その他") {
            let other = node.details.other_target.clone().unwrap_or_default();
            fields.push(done(Field::line("other-target", label(f, "other-target")).most(100).value(other)));
        }
    }
    for party in &outline.parties {
        let now = crate::editing::get(node, &role(party));
        let says = [("", "editing-none"), ("lead", "role-leads"), ("support", "role-supports")];
        let choices = says.map(|(value, word)| choice(value, f.t(word), value == now)).to_vec();
        fields.push(done(Field::select(role(party), f.with("editing-role", &[("party", party)]), choices)));
    }
    fields
}

/// What a cell of the grid can say; one that says several words keeps them.
fn marks_of(f: &Frame, open: &Open, now: &str) -> Vec<Choice> {
    let mut words = vec![(String::new(), f.t("editing-mark-none")), (ARROW.to_owned(), f.t("editing-mark-arrow"))];
    words.extend(open.outline().marks.iter().map(|mark| (mark.name.clone(), mark.name.clone())));
    if !words.iter().any(|(word, _)| word == now) {
        words.push((now.to_owned(), now.to_owned()));
    }
    words.into_iter().map(|(word, label)| choice(&word, label, word == now)).collect()
}

// --- writing ------------------------------------------------------------------------------------------------

/// What was typed, field by field; a field that the form does not have stays as it is.
fn typed(form: &Form, open: &Open, node: &Node) -> BTreeMap<String, String> {
    let tidied = Text::typed(|name| form.raw(name));
    let tidy: BTreeMap<&str, String> = tidied.fields().collect();
    let mut fields = open.fields(node);
    for (name, value) in &mut fields {
        let name = name.as_str();
        match name {
            "departments" if form.has("lead") => {
                let (lead, ticked) = (form.text("lead"), form.all("others").collect::<Vec<_>>());
                *value = in_order(lead, &ticked, &node.departments).join("\n");
                if lead.is_empty() && !value.is_empty() {
                    // None leads: the first line is empty, and none of the others takes its place.
                    value.insert(0, '\n');
                }
            }
            "departments" => {}
            // Boxes that are not ticked send nothing.
            "targets" if node.level == open.ground.levels && !open.outline().targets.is_empty() => {
                let ticked: Vec<&str> = form.all("targets").collect();
                let known = open.outline().targets.iter().filter(|one| ticked.contains(&one.as_str()));
                *value = known.cloned().collect::<Vec<_>>().join("\n");
            }
            _ if !form.has(name) => {}
            "implementers" | "related" | "earlier" => {
                let lines = form.raw(name).lines().map(single).filter(|line| !line.is_empty());
                *value = lines.collect::<Vec<_>>().join("\n");
            }
            "purpose" | "text" | "situation" | "completion" => {
                *value = tidy.get(name).cloned().unwrap_or_default();
            }
            _ => *value = single(form.raw(name)),
        }
    }
    if let Some(earlier) = fields.get_mut("earlier") {
        // Written in one way, so that what reads the same is the same.
        let lines: Vec<String> = earlier
            .lines()
            .map(|line| Earlier::read(line).map_or_else(|| line.to_owned(), |one| one.written()))
            .collect();
        *earlier = lines.join("\n");
    }
    fields
}

fn faults_of(f: &Frame, open: &Open, node: &Node, fields: &BTreeMap<String, String>) -> Faults {
    let mut faults = Faults::default();
    let says = |name: &str| fields.get(name).map_or("", String::as_str);
    if node.is_alias() {
        title_faults(f, "-", says("code"), &mut faults);
        return faults;
    }
    title_faults(f, says("title"), says("code"), &mut faults);
    for part in PARTS.iter().filter(|part| part.rows > 1) {
        let over = says(part.name).chars().count().saturating_sub(part.most);
        if over > 0 {
            let name = label(f, part.name);
            let values = [("part", (&name).into()), ("most", part.most.into()), ("over", over.into())];
            faults.add(part.name, f.tell("fault-too-long", &values));
        }
    }
    let departments: Vec<&str> = says("departments").lines().collect();
    let unknown = |key: &&str| f.ctx.state.department(key).is_none() && !node.departments.iter().any(|own| own == key);
    if departments.first().is_some_and(|lead| lead.is_empty()) {
        faults.add("lead", f.t("assign-lead-missing"));
    } else if departments.iter().any(unknown) {
        faults.add("lead", f.t("assign-gone"));
    }
    if let Some(line) = says("earlier").lines().find(|line| Earlier::read(line).is_none()) {
        faults.add("earlier", f.with("import-earlier-bad", &[("said", line)]));
    }
    if !says("other-target").is_empty() && !says("targets").lines().any(|one| one == "その他") {
        faults.add("other-target", f.t("editing-other-target"));
    }
    let years: Vec<FiscalYear> = open.outline().grid.into_iter().flat_map(Period::years).collect();
    let cells: Vec<String> = years.iter().map(|year| says(&mark((*year).into())).to_owned()).collect();
    // A word that stood there before may stay, whatever the plan calls its marks now.
    let mut marks = open.outline().marks.clone();
    marks.extend(node.schedule.printed().map(|(_, cell)| crate::schedule::Mark {
        name: cell.to_owned(),
        rank: 0,
        ends: false,
    }));
    for wrong in Schedule::read(&years, &cells, &marks).err().into_iter().flatten() {
        match wrong {
            RowFault::ArrowWithoutMark(year) => {
                let said = f.with("editing-arrow-alone", &[("year", &f.ctx.long_year(year))]);
                faults.add(mark(year.into()), said);
            }
            RowFault::UnknownMark(year, word) => {
                let said = f.with("editing-mark-unknown", &[("year", &f.ctx.long_year(year)), ("said", &word)]);
                faults.add(mark(year.into()), said);
            }
            RowFault::Length { .. } => {}
        }
    }
    faults
}

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
    let now = open.fields(node);
    let fields = typed(&form, &open, node);
    let f = super::frame(&ctx, String::new());
    let faults = faults_of(&f, &open, node, &fields);
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
