//! What a file would change, told field by field before anything is done.

use std::collections::{BTreeMap, HashMap};

use kyodo_kernel::profile::Department;

use super::Document;
use super::years::written;
use crate::indicator::{Direction, Indicator, Value};
use crate::node::{Earlier, Node, Role, Tag};
use crate::plan::Outline;

/// Everything a file would change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// What holds for the whole plan.
    pub outline: Vec<Difference>,
    /// Lines, in the order of the plan; those that go at the end.
    pub lines: Vec<Changed>,
    /// Indicators.
    pub indicators: Vec<Changed>,
    /// Figures.
    pub figures: Vec<Changed>,
    /// Reports of past years.
    pub reports: Vec<Changed>,
    /// Whether the same lines stand in another order.
    pub is_reordered: bool,
}

/// Something that changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// How.
    pub what: What,
    /// Its key.
    pub key: String,
    /// Its code and title, or its name.
    pub title: String,
    /// The fiscal year, of figures and reports.
    pub year: Option<i32>,
    /// What is different.
    pub fields: Vec<Difference>,
}

/// How something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It comes.
    New,
    /// It is different.
    Changed,
    /// It goes.
    Gone,
    /// The file says something else, and what is published stays: it is put right at the desk, where it shows.
    Stays,
}

impl What {
    /// Its name in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Gone => "gone",
            Self::Stays => "stays",
        }
    }
}

/// A field before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The field, as messages name it.
    pub field: &'static str,
    /// What it is about: a party, a year.
    pub about: String,
    /// What stands now.
    pub before: String,
    /// What would stand.
    pub after: String,
}

impl Changes {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let moves = |one: &Changed| one.what != What::Stays;
        self.outline.is_empty()
            && self.lines.is_empty()
            && self.indicators.is_empty()
            && !self.figures.iter().any(moves)
            && !self.reports.iter().any(moves)
            && !self.is_reordered
    }

    /// How many things of a list change so.
    #[must_use]
    pub fn count(list: &[Changed], what: What) -> usize {
        list.iter().filter(|one| one.what == what).count()
    }
}

/// What is different between the plan as it stands and as it would be.
#[must_use]
pub fn changes(before: &Document, after: &Document, departments: &[Department]) -> Changes {
    let names: HashMap<&str, &str> = departments.iter().map(|one| (one.key.as_str(), one.name.as_str())).collect();
    let line = |node: &Node| Entry {
        key: node.key.clone(),
        title: format!("{} {}", node.code, node.title).trim().to_owned(),
        fields: of_node(node, &names),
    };
    let indicator =
        |one: &Indicator| Entry { key: one.key.clone(), title: one.name.clone(), fields: of_indicator(one) };
    let order = |document: &Document, other: &Document| -> Vec<String> {
        let known: std::collections::HashSet<&str> = other.plan.nodes.iter().map(|node| node.key.as_str()).collect();
        let nodes = document.plan.nodes.iter().filter(|node| known.contains(node.key.as_str()));
        nodes.map(|node| node.key.clone()).collect()
    };
    Changes {
        outline: differences(of_outline(&before.plan.outline), &of_outline(&after.plan.outline)),
        lines: compare(before.plan.nodes.iter().map(line), after.plan.nodes.iter().map(line)),
        indicators: compare(before.indicators.iter().map(indicator), after.indicators.iter().map(indicator)),
        figures: figures(before, after),
        reports: reports(before, after),
        is_reordered: order(before, after) != order(after, before),
    }
}

/// What a line says that another does not; where there is no other, everything.
pub(crate) fn line_differences(before: Option<&Node>, after: &Node, departments: &[Department]) -> Vec<Difference> {
    let names: HashMap<&str, &str> = departments.iter().map(|one| (one.key.as_str(), one.name.as_str())).collect();
    let before = before.map(|node| of_node(node, &names)).unwrap_or_default();
    let mut fields = differences(before, &of_node(after, &names));
    // Where it stands is told otherwise, and what only programs know is not told.
    fields.retain(|field| !matches!(field.field, "parent" | "alias" | "tools"));
    fields
}

/// The value of a field, with what it is about.
type Told = (&'static str, String, String);

struct Entry {
    key: String,
    title: String,
    fields: Vec<Told>,
}

fn compare(before: impl Iterator<Item = Entry>, after: impl Iterator<Item = Entry>) -> Vec<Changed> {
    let before: Vec<Entry> = before.collect();
    let mut old: BTreeMap<&str, &Entry> = before.iter().map(|entry| (entry.key.as_str(), entry)).collect();
    let mut changed = Vec::new();
    for Entry { key, title, fields } in after {
        let (what, fields) = match old.remove(key.as_str()) {
            None => (What::New, differences(Vec::new(), &fields)),
            Some(entry) => (What::Changed, differences(entry.fields.clone(), &fields)),
        };
        if what == What::New || !fields.is_empty() {
            changed.push(Changed { what, key, title, year: None, fields });
        }
    }
    let gone = before.iter().filter(|entry| old.contains_key(entry.key.as_str()));
    changed.extend(gone.map(|entry| Changed {
        what: What::Gone,
        key: entry.key.clone(),
        title: entry.title.clone(),
        year: None,
        fields: Vec::new(),
    }));
    changed
}

fn differences(before: Vec<Told>, after: &[Told]) -> Vec<Difference> {
    let mut old: BTreeMap<(&'static str, String), String> =
        before.into_iter().map(|(field, about, value)| ((field, about), value)).collect();
    let mut found = Vec::new();
    for (field, about, value) in after {
        let before = old.remove(&(*field, about.clone())).unwrap_or_default();
        if before != *value {
            found.push(Difference { field, about: about.clone(), before, after: value.clone() });
        }
    }
    let gone = old.into_iter().filter(|(_, value)| !value.is_empty());
    found.extend(gone.map(|((field, about), before)| Difference { field, about, before, after: String::new() }));
    found
}

fn of_node(node: &Node, names: &HashMap<&str, &str>) -> Vec<Told> {
    let details = &node.details;
    let name = |key: &String| names.get(key.as_str()).map_or_else(|| key.clone(), |name| (*name).to_owned());
    let departments: Vec<String> = node.departments.iter().map(name).collect();
    let mut fields: Vec<Told> = [
        ("code", node.code.clone()),
        ("title", node.title.clone()),
        ("parent", node.parent.clone().unwrap_or_default()),
        ("alias", node.alias_of.clone().unwrap_or_default()),
        ("heading", details.heading.clone()),
        ("purpose", details.purpose.clone()),
        ("situation", details.situation.clone()),
        ("text", details.text.clone()),
        ("completion", details.completion.clone()),
        ("tag", details.tag.map(Tag::printed).unwrap_or_default().to_owned()),
        ("departments", departments.join("、")),
        ("implementers", details.implementers.join("、")),
        ("targets", node.target_words().join("、")),
        ("related", details.related.join("、")),
        ("tools", details.tools.join("、")),
        ("earlier", details.earlier.iter().map(Earlier::written).collect::<Vec<_>>().join("\n")),
    ]
    .map(|(field, value)| (field, String::new(), value))
    .to_vec();
    fields.extend(details.roles.iter().map(|(party, role)| ("role", party.clone(), sign(*role).to_owned())));
    let years = node.schedule.printed();
    fields.extend(years.map(|(year, mark)| ("mark", written(year.into()), mark.to_owned())));
    fields
}

pub(super) fn sign(role: Role) -> &'static str {
    match role {
        Role::Lead => "◎",
        Role::Support => "○",
    }
}

fn of_indicator(one: &Indicator) -> Vec<Told> {
    let definition = &one.definition;
    let value = |value: &Value| format!("{}（{}）", value.value, written(value.year));
    let mut fields: Vec<Told> = [
        ("title", one.name.clone()),
        ("parent", one.node.clone().unwrap_or_default()),
        ("short", definition.short.clone().unwrap_or_default()),
        ("unit", definition.unit.clone()),
        ("decimals", definition.decimals.to_string()),
        ("group", definition.group.clone().unwrap_or_default()),
        ("direction", direction(definition.direction).to_owned()),
        ("base", definition.baseline.as_ref().map(value).unwrap_or_default()),
        ("text", definition.about.clone()),
        ("note", definition.note.clone()),
    ]
    .map(|(field, value)| (field, String::new(), value))
    .to_vec();
    let targets = definition.targets.iter();
    fields.extend(targets.map(|target| ("aim-of", written(target.year), target.value.to_string())));
    fields
}

pub(super) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "増やす",
        Direction::Down => "減らす",
    }
}

fn of_outline(outline: &Outline) -> Vec<Told> {
    let grid = outline.grid.map(|grid| format!("{}〜{}", written(grid.from), written(grid.to))).unwrap_or_default();
    let mut fields: Vec<Told> = [
        ("levels", outline.levels.join("、")),
        ("grid", grid),
        ("all-targets", outline.targets.join("、")),
        ("parties", outline.parties.join("、")),
    ]
    .map(|(field, value)| (field, String::new(), value))
    .to_vec();
    let marks: Vec<&str> = outline.marks.iter().map(|mark| mark.name.as_str()).collect();
    let grades: Vec<&str> = outline.grades.iter().map(|grade| grade.name.as_str()).collect();
    fields.push(("marks", String::new(), marks.join("、")));
    fields.push(("grades", String::new(), grades.join("、")));
    fields
}

fn figures(before: &Document, after: &Document) -> Vec<Changed> {
    let name =
        |key: &str| after.indicators.iter().find(|one| one.key == key).map_or_else(String::new, |one| one.name.clone());
    let told = after.figures.iter().filter_map(|((key, year), value)| {
        let old = before.figures.get(&(key.clone(), *year));
        let what = match old {
            None => What::New,
            Some(old) if (old - value).abs() < f64::EPSILON * old.abs().max(1.0) => return None,
            Some(_) => What::Stays,
        };
        let before = old.map(ToString::to_string).unwrap_or_default();
        let fields = vec![Difference { field: "figure", about: written(*year), before, after: value.to_string() }];
        Some(Changed { what, key: key.clone(), title: name(key), year: Some(*year), fields })
    });
    told.collect()
}

fn reports(before: &Document, after: &Document) -> Vec<Changed> {
    let nodes: HashMap<&str, &Node> = after.plan.nodes.iter().map(|node| (node.key.as_str(), node)).collect();
    let title = |key: &str| {
        nodes.get(key).map_or_else(String::new, |node| format!("{} {}", node.code, node.title).trim().to_owned())
    };
    let told = after.reports.iter().filter_map(|((key, year), report)| {
        let old = before.reports.get(&(key.clone(), *year));
        let what = match old {
            None => What::New,
            Some(old) if old == report => return None,
            Some(_) => What::Stays,
        };
        let of = |report: &super::Report| -> Vec<Told> {
            [
                ("done-mark", report.mark.clone().unwrap_or_default()),
                ("done-grade", report.grade.clone().unwrap_or_default()),
                ("done-text", report.text.clone()),
                ("done-next", report.next_step.clone()),
            ]
            .map(|(field, value)| (field, String::new(), value))
            .to_vec()
        };
        let fields = differences(old.map(of).unwrap_or_default(), &of(report));
        Some(Changed { what, key: key.clone(), title: title(key), year: Some(*year), fields })
    });
    told.collect()
}
