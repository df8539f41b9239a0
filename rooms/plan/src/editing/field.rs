//! The fields of a line as people write them: one text for each, so that a form, an act and a comparison say the same.

use std::collections::BTreeMap;

use kyodo_kernel::FiscalYear;

use crate::import::written;
use crate::node::{Earlier, Node, Role, Tag};
use crate::schedule::Schedule;

/// The fields that every line has.
pub const NAMES: [&str; 14] = [
    "code",
    "title",
    "heading",
    "purpose",
    "situation",
    "text",
    "completion",
    "tag",
    "departments",
    "implementers",
    "targets",
    "other-target",
    "related",
    "earlier",
];

/// The field of a party's role.
#[must_use]
pub fn role(party: &str) -> String {
    format!("role-{party}")
}

/// The field of a year's cell of the grid.
#[must_use]
pub fn mark(year: i32) -> String {
    format!("mark-{year}")
}

/// How a difference tells a field: by its name, with what it is about.
#[must_use]
pub fn told_as(name: &str) -> (&str, String) {
    if let Some(party) = name.strip_prefix("role-") {
        return ("role", party.to_owned());
    }
    match name.strip_prefix("mark-").and_then(|year| year.parse().ok()) {
        Some(year) => ("mark", written(year)),
        // What is meant by その他 stands among the targets.
        None if name == "other-target" => ("targets", String::new()),
        None => (name, String::new()),
    }
}

fn lines(list: &[String]) -> String {
    list.join("\n")
}

fn list(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// What a field of a line says; nothing where it has no such field.
#[must_use]
pub fn get(node: &Node, name: &str) -> String {
    let details = &node.details;
    match name {
        "code" => node.code.clone(),
        "title" => node.title.clone(),
        "heading" => details.heading.clone(),
        "purpose" => details.purpose.clone(),
        "situation" => details.situation.clone(),
        "text" => details.text.clone(),
        "completion" => details.completion.clone(),
        "tag" => details.tag.map(Tag::printed).unwrap_or_default().to_owned(),
        "departments" => lines(&node.departments),
        "implementers" => lines(&details.implementers),
        "targets" => lines(&details.targets),
        "other-target" => details.other_target.clone().unwrap_or_default(),
        "related" => lines(&details.related),
        "earlier" => details.earlier.iter().map(Earlier::written).collect::<Vec<_>>().join("\n"),
        _ => {
            if let Some(party) = name.strip_prefix("role-") {
                let role = details.roles.get(party).map(|role| match role {
                    Role::Lead => "lead",
                    Role::Support => "support",
                });
                return role.unwrap_or_default().to_owned();
            }
            let year = name.strip_prefix("mark-").and_then(|year| year.parse::<i32>().ok()).map(FiscalYear::new);
            year.and_then(|year| node.schedule.cell(year)).unwrap_or_default().to_owned()
        }
    }
}

/// Puts a text into a field of a line. None where there is no such field, or it cannot say this.
#[must_use]
pub fn put(node: &mut Node, name: &str, value: &str) -> Option<()> {
    let details = &mut node.details;
    let own = || value.to_owned();
    match name {
        "code" => node.code = own(),
        "title" => node.title = Some(own()).filter(|title| !title.trim().is_empty())?,
        "heading" => details.heading = own(),
        "purpose" => details.purpose = own(),
        "situation" => details.situation = own(),
        "text" => details.text = own(),
        "completion" => details.completion = own(),
        "tag" if value.is_empty() => details.tag = None,
        "tag" => {
            let tags = [Tag::New, Tag::Continued, Tag::Expanded];
            details.tag = Some(tags.into_iter().find(|tag| tag.printed() == value)?);
        }
        "departments" => node.departments = list(value),
        "implementers" => details.implementers = list(value),
        "targets" => details.targets = list(value),
        "other-target" => details.other_target = Some(own()).filter(|text| !text.is_empty()),
        "related" => details.related = list(value),
        "earlier" => details.earlier = list(value).iter().map(|line| Earlier::read(line)).collect::<Option<_>>()?,
        _ => return put_counted(node, name, value),
    }
    Some(())
}

/// A field of which there is one for each party or year.
fn put_counted(node: &mut Node, name: &str, value: &str) -> Option<()> {
    if let Some(party) = name.strip_prefix("role-") {
        let roles = &mut node.details.roles;
        match value {
            "lead" => roles.insert(party.to_owned(), Role::Lead),
            "support" => roles.insert(party.to_owned(), Role::Support),
            "" => roles.remove(party),
            _ => return None,
        };
        return Some(());
    }
    let year = FiscalYear::new(name.strip_prefix("mark-")?.parse().ok()?);
    let cells = node.schedule.printed().filter(|(own, _)| *own != year).map(|(own, cell)| (own, cell.to_owned()));
    let new = (!value.is_empty()).then(|| (year, value.to_owned()));
    node.schedule = Schedule::of_printed(cells.chain(new).collect::<Vec<_>>());
    Some(())
}

/// The fields that say something else than a line does.
#[must_use]
pub fn changed(node: &Node, fields: BTreeMap<String, String>) -> BTreeMap<String, String> {
    fields.into_iter().filter(|(name, value)| get(node, name) != *value).collect()
}
