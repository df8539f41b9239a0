//! The fields of a line as a form: what is printed of it, what was typed, and what of that cannot be.

use std::collections::BTreeMap;

use kyodo_kernel::FiscalYear;
use kyodo_web::components::{Choice, Field, choice};
use kyodo_web::{Faults, Form, Frame};

use super::acts::{MOST_CODE, MOST_TITLE, single, title_faults};
use super::difference::label;
use crate::desk::departments::in_order;
use crate::earlier::{Found, Lineage};
use crate::editing::{NAMES, get, mark, role};
use crate::node::{Earlier, Node, Tag};
use crate::plan::{Outline, Period};
use crate::schedule::{ARROW, RowFault, Schedule};
use crate::text::{PARTS, Text};

/// The fields of a line, as its form groups them.
pub(in crate::desk) struct Fields {
    pub(in crate::desk) words: Vec<Field>,
    pub(in crate::desk) charge: Vec<Field>,
    pub(in crate::desk) marks: Vec<Field>,
    pub(in crate::desk) lists: Vec<Field>,
}

/// The fields of a line that people fill in, each with what it says.
pub(in crate::desk) fn says(outline: &Outline, node: &Node) -> BTreeMap<String, String> {
    let names = NAMES.iter().map(|name| (*name).to_owned());
    let roles = outline.parties.iter().map(|party| role(party));
    let years = outline.grid.into_iter().flat_map(Period::years);
    let all = names.chain(roles).chain(years.map(|year| mark(year.into())));
    all.map(|name| (name.clone(), get(node, &name))).collect()
}

/// The form of a line: the fields that are asked for, of those that a line of its level has.
pub(in crate::desk) fn form_of(
    f: &Frame,
    outline: &Outline,
    node: &Node,
    asks: impl Fn(&str) -> bool,
    form: &Form,
    faults: &Faults,
) -> Fields {
    let done = |field: Field| field.japanese(f).heard(form, faults);
    let value = |name: &str| get(node, name);
    let line = |name: &str, most: usize| done(Field::line(name, label(f, name)).most(most).value(value(name)));
    let (mut words, mut in_charge, mut marks, mut lists) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let is_measure = node.level == outline.levels.len();
    let (is_real, is_item) = (!node.is_alias(), !node.is_alias() && is_measure);
    if is_real && asks("title") {
        words.push(done(Field::line("title", label(f, "title")).need(f).most(MOST_TITLE).value(value("title"))));
    }
    if asks("code") {
        words.push(line("code", MOST_CODE));
    }
    for part in PARTS.iter().filter(|part| is_real && part.rows > 1 && asks(part.name)) {
        let field = Field::lines(part.name, label(f, part.name), part.rows).counted(part.most);
        words.push(done(field.value(value(part.name))));
    }
    if is_item && asks("tag") {
        let tags = [Tag::New, Tag::Continued, Tag::Expanded];
        let untagged = std::iter::once(choice("", f.t("editing-none"), node.details.tag.is_none()));
        let tags = untagged.chain(tags.map(|tag| choice(tag.printed(), tag.printed(), node.details.tag == Some(tag))));
        words.push(done(Field::radios("tag", label(f, "tag"), tags.collect())));
    }
    if is_item && asks("departments") {
        in_charge = charge(f, outline, node, form, faults);
    }
    for year in outline.grid.into_iter().flat_map(Period::years).filter(|year| is_item && asks(&mark((*year).into()))) {
        let name = mark(year.into());
        marks.push(done(Field::select(&name, f.ctx.short_year(year), marks_of(f, outline, &value(&name)))));
    }
    let several = [
        ("implementers", is_item, "editing-lines-hint"),
        ("related", is_item, "editing-lines-hint"),
        ("earlier", is_real, "editing-earlier-hint"),
    ];
    for (name, _, hint) in several.into_iter().filter(|(name, is_its, _)| *is_its && asks(name)) {
        lists.push(done(Field::lines(name, label(f, name), 2).hint(f.t(hint)).value(value(name))));
    }
    Fields { words, charge: in_charge, marks, lists }
}

/// Who is in charge, for whom it is, and who does what.
fn charge(f: &Frame, outline: &Outline, node: &Node, form: &Form, faults: &Faults) -> Vec<Field> {
    let done = |field: Field| field.japanese(f).heard(form, faults);
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
fn marks_of(f: &Frame, outline: &Outline, now: &str) -> Vec<Choice> {
    let mut words = vec![(String::new(), f.t("editing-mark-none")), (ARROW.to_owned(), f.t("editing-mark-arrow"))];
    words.extend(outline.marks.iter().map(|mark| (mark.name.clone(), mark.name.clone())));
    if !words.iter().any(|(word, _)| word == now) {
        words.push((now.to_owned(), now.to_owned()));
    }
    words.into_iter().map(|(word, label)| choice(&word, label, word == now)).collect()
}

// --- what was typed ----------------------------------------------------------------------------------------

/// What was typed, field by field; a field that the form does not have stays as it is.
pub(in crate::desk) fn typed(form: &Form, outline: &Outline, node: &Node) -> BTreeMap<String, String> {
    let tidied = Text::typed(|name| form.raw(name));
    let tidy: BTreeMap<&str, String> = tidied.fields().collect();
    let mut fields = says(outline, node);
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
            "targets" if node.level == outline.levels.len() && !outline.targets.is_empty() => {
                let ticked: Vec<&str> = form.all("targets").collect();
                let known = outline.targets.iter().filter(|one| ticked.contains(&one.as_str()));
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

/// What cannot be said of a line.
pub(in crate::desk) fn faults_of(
    f: &Frame,
    outline: &Outline,
    node: &Node,
    fields: &BTreeMap<String, String>,
) -> Faults {
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
    let mut years: Vec<FiscalYear> = outline.grid.into_iter().flat_map(Period::years).collect();
    let mut cells: Vec<String> = years.iter().map(|year| says(&mark((*year).into())).to_owned()).collect();
    // In the next plan a mark may go on from the last year of the plan before.
    let before = years.first().map(|first| first.previous());
    if let Some((before, mark)) = before.and_then(|year| Some((year, node.planned(year)?))) {
        years.insert(0, before);
        cells.insert(0, mark.to_owned());
    }
    // A word that stood there before may stay, whatever the plan calls its marks now.
    let mut marks = outline.marks.clone();
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

/// What is said to have been in an earlier plan that is kept here, and is not there.
pub(super) fn unknown_faults(f: &Frame, lineage: &Lineage, fields: &BTreeMap<String, String>, faults: &mut Faults) {
    let named = fields.get("earlier").map_or("", String::as_str).lines().filter_map(Earlier::read);
    for one in named {
        if let Found::NoSuchLine(at) = lineage.find(&one) {
            let said = [("plan", lineage.plans[at].title.as_str()), ("said", &one.written())];
            faults.add("earlier", f.with("earlier-field-unknown", &said));
        }
    }
}
