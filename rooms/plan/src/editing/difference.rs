//! What is different between two versions of a plan, line by line.

use std::collections::{HashMap, HashSet};

use kyodo_kernel::profile::Department;

use super::{Kind, Lines, Link};
use crate::import::{Difference, line_differences};
use crate::node::Node;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It is new.
    Added,
    /// It came from another.
    Parted,
    /// It is printed again.
    Repeated,
    /// It stands elsewhere.
    Moved,
    /// It says something else.
    Changed,
    /// It takes the place of another, or has another in it.
    Inherits,
    /// It left the plan.
    Retired,
    /// It left the plan and became several.
    Split,
    /// It left the plan and became part of another.
    Merged,
    /// It came back.
    Restored,
    /// A document took it out.
    Dropped,
}

impl What {
    /// Every one.
    pub const ALL: [Self; 11] = [
        Self::Added,
        Self::Parted,
        Self::Repeated,
        Self::Moved,
        Self::Changed,
        Self::Inherits,
        Self::Split,
        Self::Merged,
        Self::Retired,
        Self::Restored,
        Self::Dropped,
    ];

    /// Its name in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Parted => "parted",
            Self::Repeated => "repeated",
            Self::Moved => "moved",
            Self::Changed => "changed",
            Self::Inherits => "inherits",
            Self::Retired => "retired",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Restored => "restored",
            Self::Dropped => "dropped",
        }
    }
}

/// A line of which something is different.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Its key.
    pub key: String,
    /// Its code and title.
    pub title: String,
    /// What became of it.
    pub what: Vec<What>,
    /// Where it stood and where it stands, where it moved to another line.
    pub place: Option<(String, String)>,
    /// What it says now.
    pub fields: Vec<Difference>,
    /// The lines it came from, by code and title.
    pub from: Vec<String>,
    /// The lines in which it goes on, or which came from it.
    pub into: Vec<String>,
    /// The departments in charge of it before and after.
    pub departments: Vec<String>,
}

/// What is different, in the order of the plan as it is after.
#[must_use]
pub fn difference(before: &Lines, after: &Lines, departments: &[Department]) -> Vec<Told> {
    let old: HashMap<&str, &Node> = before.nodes.iter().map(|node| (node.key.as_str(), node)).collect();
    let new: HashMap<&str, &Node> = after.nodes.iter().map(|node| (node.key.as_str(), node)).collect();
    let moved = moved(before, after);
    let known: HashSet<(&str, &str)> = before.links.iter().map(|link| (link.from.as_str(), link.to.as_str())).collect();
    let links: Vec<&Link> =
        after.links.iter().filter(|link| !known.contains(&(link.from.as_str(), link.to.as_str()))).collect();
    let told = |key: &String| {
        new.get(key.as_str()).or(old.get(key.as_str())).map_or_else(|| key.clone(), |node| named(node, &new))
    };
    let mut all = Vec::new();
    for node in &after.nodes {
        let was = old.get(node.key.as_str()).copied();
        let stands = node.retired_from.is_none();
        let from: Vec<&&Link> = links.iter().filter(|link| link.to == node.key).collect();
        let into: Vec<&&Link> = links.iter().filter(|link| link.from == node.key).collect();
        let (mut what, mut fields, mut place) = (Vec::new(), Vec::new(), None);
        match was {
            None if node.is_alias() => what.push(What::Repeated),
            None if from.iter().any(|link| link.kind == Kind::Split) => what.push(What::Parted),
            None => what.push(What::Added),
            Some(was) => match (was.retired_from.is_none(), stands) {
                (true, false) => what.push(left(&into)),
                (false, true) => what.push(What::Restored),
                _ => {}
            },
        }
        if let Some(was) = was.filter(|_| stands) {
            if moved.contains(node.key.as_str()) {
                what.push(What::Moved);
                let above = |parent: &Option<String>| parent.as_ref().map(&told).unwrap_or_default();
                place = (was.parent != node.parent).then(|| (above(&was.parent), above(&node.parent)));
            }
            fields = line_differences(Some(was), node, departments);
            if !fields.is_empty() {
                what.push(What::Changed);
            }
        } else if stands && !node.is_alias() {
            fields = line_differences(None, node, departments);
            fields.retain(|field| !matches!(field.field, "title" | "code"));
        }
        if was.is_some() && !from.is_empty() {
            what.push(What::Inherits);
        }
        if what.is_empty() {
            continue;
        }
        let from = from.iter().map(|link| told(&link.from)).collect();
        let into = into.iter().map(|link| told(&link.to)).collect();
        let mut in_charge = was.map(|was| was.departments.clone()).unwrap_or_default();
        in_charge.extend(node.departments.iter().filter(|own| !in_charge.contains(own)).cloned().collect::<Vec<_>>());
        let title = named(node, &new);
        all.push(Told { key: node.key.clone(), title, what, place, fields, from, into, departments: in_charge });
    }
    for node in before.nodes.iter().filter(|node| !new.contains_key(node.key.as_str())) {
        all.push(Told {
            key: node.key.clone(),
            title: named(node, &old),
            what: vec![What::Dropped],
            place: None,
            fields: Vec::new(),
            from: Vec::new(),
            into: Vec::new(),
            departments: node.departments.clone(),
        });
    }
    all
}

fn left(into: &[&&Link]) -> What {
    match into.first().map(|link| link.kind) {
        Some(Kind::Split) => What::Split,
        Some(Kind::Merged) => What::Merged,
        Some(Kind::Continued) | None => What::Retired,
    }
}

/// A line by its code and title; a 再掲 by that of its node.
fn named(node: &Node, nodes: &HashMap<&str, &Node>) -> String {
    let real = nodes.get(node.real_key()).copied().unwrap_or(node);
    format!("{} {}", node.code, real.title).trim().to_owned()
}

/// The lines that stand elsewhere: below another line, or not where their siblings left them. Of those that changed their
/// order as few as can be are called moved.
fn moved<'l>(before: &'l Lines, after: &'l Lines) -> HashSet<&'l str> {
    let place = |lines: &'l Lines| -> HashMap<&'l str, (usize, Option<&'l str>)> {
        let of = |(at, node): (usize, &'l Node)| (node.key.as_str(), (at, node.parent.as_deref()));
        lines.nodes.iter().enumerate().map(of).collect()
    };
    let old = place(before);
    let mut moved = HashSet::new();
    let mut families: HashMap<Option<&str>, Vec<(usize, &str)>> = HashMap::new();
    for node in &after.nodes {
        match old.get(node.key.as_str()) {
            Some((at, parent)) if *parent == node.parent.as_deref() => {
                families.entry(*parent).or_default().push((*at, node.key.as_str()));
            }
            Some(_) => {
                moved.insert(node.key.as_str());
            }
            None => {}
        }
    }
    for family in families.values() {
        let stay = longest_rise(&family.iter().map(|(at, _)| *at).collect::<Vec<_>>());
        moved.extend(family.iter().enumerate().filter(|(at, _)| !stay.contains(at)).map(|(_, (_, key))| *key));
    }
    moved
}

/// The places of a longest run of numbers that rises.
fn longest_rise(numbers: &[usize]) -> HashSet<usize> {
    // The end of the best run of each length, and what stood before each number in its run.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    for (at, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers[*end] < *number);
        before.push(length.checked_sub(1).map(|last| ends[last]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    std::iter::successors(ends.last().copied(), |at| before[*at]).collect()
}
