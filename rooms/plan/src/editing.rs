//! The plan under revision, without I/O. A draft is what stood when it was begun and the acts upon it, one after the
//! other: the last act is taken back by doing all others again, and where the plan changed meanwhile the acts are done
//! upon what stands now.

mod difference;
mod field;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::node::{Node, Tree};
use crate::plan::{Outline, Period};
use crate::schedule::{ARROW, Schedule};

pub use difference::{Told, What, difference};
pub use field::{NAMES, changed, get, mark, put, role, told_as};

/// Every line that a plan ever had, in order, and what became of those it left behind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lines {
    /// The lines, parents before children. A 再掲 has nothing of its real node.
    pub nodes: Vec<Node>,
    /// Which line went on in which.
    pub links: Vec<Link>,
}

/// A line that went on in another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The key of the line that was.
    pub from: String,
    /// The key of the line that goes on.
    pub to: String,
    /// How.
    pub kind: Kind,
}

/// How a line goes on in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It became several.
    Split,
    /// It became part of one that was there.
    Merged,
    /// Another takes its place.
    Continued,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Split, Self::Merged, Self::Continued];

    /// Its name in the database and in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Continued => "continued",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What the next plan is called and until when it runs, where a draft is not only a revision of the one that stands. It
/// begins with the year from which the draft's lines come and go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Next {
    /// Its title.
    pub title: String,
    /// Its last fiscal year.
    pub to: i32,
    /// What it is about.
    pub summary: String,
}

impl Next {
    /// What holds for the whole of the next plan: what holds now, but for the years and what is said of them.
    #[must_use]
    pub fn outline(&self, now: &Outline, from: i32) -> Outline {
        let period = Period { from, to: self.to };
        Outline {
            summary: self.summary.clone(),
            period: Some(period),
            action_period: None,
            grid: now.grid.map(|_| period),
            inferred_schedule: false,
            schedule_note: String::new(),
            ..now.clone()
        }
    }
}

/// Something that is done to the lines. What comes has its key from the moment it was thought of, so that the same acts
/// make the same lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named for what they are")]
pub enum Act {
    /// A new line below a line, after one of its siblings or first.
    Add { key: String, place: Place, code: String, title: String },
    /// A line with all below it stands elsewhere on its level.
    Move { key: String, place: Place },
    /// Fields of a line say something else.
    Change { key: String, fields: BTreeMap<String, String> },
    /// A line becomes several; it leaves the plan unless it stays beside them.
    Split { key: String, parts: Vec<Part>, stays: bool },
    /// A line leaves the plan with all below it, and goes on in others or in none.
    Retire { key: String, into: Vec<String>, kind: Kind },
    /// A line that left the plan comes back.
    Restore { key: String },
    /// A line is printed again elsewhere.
    Repeat { key: String, real: String, place: Place, code: String },
    /// A line that this draft brought is taken out again with all below it.
    Remove { key: String },
}

/// Where a line stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The line above it; none at the top.
    pub parent: Option<String>,
    /// The sibling before it; none where it is the first.
    pub after: Option<String>,
}

impl Place {
    /// The keys of the lines that it is told by.
    fn keys(&self) -> impl Iterator<Item = &str> {
        self.parent.iter().chain(&self.after).map(String::as_str)
    }
}

/// One of the lines that a line becomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are named for what they are")]
pub struct Part {
    pub key: String,
    pub code: String,
    pub title: String,
}

/// What holds for a whole draft.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    /// How many levels the plan has.
    pub levels: usize,
    /// The fiscal year from which lines come and go.
    pub from: i32,
    /// The keys of lines that were there before the draft: they leave the plan, and are never taken out.
    pub known: BTreeSet<String>,
}

/// Why something cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The line is not there, or has left the plan.
    Gone,
    /// The key belongs to another line.
    Taken,
    /// It cannot stand there: no such line, another level, itself.
    NoPlace,
    /// A 再掲 has nothing of its own.
    Again,
    /// There is something below it.
    HasBelow,
    /// It was in the plan before: it can only leave it.
    WasThere,
    /// It stands below something that has left the plan, or repeats it.
    AboveGone,
    /// It cannot go on there.
    NoHeir,
    /// A field that no line has, or that cannot say this.
    NoField,
    /// A line becomes at least one other.
    NoParts,
}

impl Refusal {
    /// Every refusal.
    pub const ALL: [Self; 10] = [
        Self::Gone,
        Self::Taken,
        Self::NoPlace,
        Self::Again,
        Self::HasBelow,
        Self::WasThere,
        Self::AboveGone,
        Self::NoHeir,
        Self::NoField,
        Self::NoParts,
    ];

    /// The message that says it.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Gone => "editing-refused-gone",
            Self::Taken => "editing-refused-taken",
            Self::NoPlace => "editing-refused-place",
            Self::Again => "editing-refused-again",
            Self::HasBelow => "editing-refused-below",
            Self::WasThere => "editing-refused-was-there",
            Self::AboveGone => "editing-refused-above-gone",
            Self::NoHeir => "editing-refused-heir",
            Self::NoField => "editing-refused-field",
            Self::NoParts => "editing-refused-parts",
        }
    }
}

impl Act {
    /// The line that it is about.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Add { key, .. }
            | Self::Move { key, .. }
            | Self::Change { key, .. }
            | Self::Split { key, .. }
            | Self::Retire { key, .. }
            | Self::Restore { key }
            | Self::Repeat { key, .. }
            | Self::Remove { key } => key,
        }
    }

    /// The keys of the lines that it brings.
    fn brings(&self) -> Vec<&str> {
        match self {
            Self::Add { key, .. } | Self::Repeat { key, .. } => vec![key.as_str()],
            Self::Split { parts, .. } => parts.iter().map(|part| part.key.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// The keys of the lines that must be there for it.
    fn needs(&self) -> Vec<&str> {
        match self {
            Self::Add { place, .. } => place.keys().collect(),
            Self::Move { key, place } => place.keys().chain([key.as_str()]).collect(),
            Self::Repeat { real, place, .. } => place.keys().chain([real.as_str()]).collect(),
            Self::Retire { key, into, .. } => into.iter().chain([key]).map(String::as_str).collect(),
            Self::Change { key, .. } | Self::Split { key, .. } | Self::Restore { key } | Self::Remove { key } => {
                vec![key.as_str()]
            }
        }
    }

    /// Its name in messages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Add { .. } => "add",
            Self::Move { .. } => "move",
            Self::Change { .. } => "change",
            Self::Split { .. } => "split",
            Self::Retire { .. } => "retire",
            Self::Restore { .. } => "restore",
            Self::Repeat { .. } => "repeat",
            Self::Remove { .. } => "remove",
        }
    }
}

/// The names of all acts.
pub const ACTS: [&str; 8] = ["add", "move", "change", "split", "retire", "restore", "repeat", "remove"];

/// Every message that is put together from a name.
#[must_use]
pub fn messages() -> Vec<String> {
    let acts = ACTS.iter().flat_map(|act| [format!("editing-did-{act}"), format!("said-editing-{act}")]);
    let what = What::ALL.map(|what| format!("editing-what-{}", what.name()));
    let of_kind = |kind: Kind| {
        ["editing-kind", "kin-heir", "kin-from", "earlier-heir"].map(|stem| format!("{stem}-{}", kind.name()))
    };
    let kinds = Kind::ALL.into_iter().flat_map(of_kind);
    acts.chain(what).chain(kinds).chain(Refusal::ALL.map(|why| why.message().to_owned())).collect()
}

/// Does acts one after the other; those that cannot be done are left out, with their place and why. What would have been
/// done with a line that was not brought is not done with another that has its key.
#[must_use]
pub fn replay(base: &Lines, acts: &[Act], ground: &Ground) -> (Lines, Vec<(usize, Refusal)>) {
    let (mut lines, mut refused, mut missing) = (base.clone(), Vec::new(), BTreeSet::new());
    for (at, act) in acts.iter().enumerate() {
        let done = if act.needs().iter().any(|key| missing.contains(key)) {
            Err(Refusal::Gone)
        } else {
            lines.apply(act, ground)
        };
        match done {
            Ok(next) => {
                lines = next;
                for key in act.brings() {
                    missing.remove(key);
                }
            }
            Err(why) => {
                missing.extend(act.brings());
                refused.push((at, why));
            }
        }
    }
    (lines, refused)
}

impl Lines {
    /// The line of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.key == key)
    }

    /// The line of a key, as long as it is in the plan.
    fn standing(&self, key: &str) -> Result<&Node, Refusal> {
        self.get(key).filter(|node| node.retired_from.is_none()).ok_or(Refusal::Gone)
    }

    /// The lines that are in the plan.
    pub fn all_standing(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| node.retired_from.is_none())
    }

    /// The lines in the plan directly below a line, or at the top.
    pub fn children<'l>(&'l self, parent: Option<&'l str>) -> impl Iterator<Item = &'l Node> {
        self.all_standing().filter(move |node| node.parent.as_deref() == parent)
    }

    /// A key that no line has or had, below a line.
    #[must_use]
    pub fn fresh_key(&self, parent: Option<&str>) -> String {
        self.fresh_keys(parent, 1).pop().unwrap_or_default()
    }

    /// Keys that no line has or had, below a line: their numbers go on after the highest.
    #[must_use]
    pub fn fresh_keys(&self, parent: Option<&str>, n: usize) -> Vec<String> {
        let prefix = parent.map(|key| format!("{key}-")).unwrap_or_default();
        let number = |node: &Node| node.key.strip_prefix(&prefix)?.parse::<u32>().ok();
        let last = self.nodes.iter().filter_map(number).max().unwrap_or_default();
        (last + 1..).take(n).map(|n| format!("{prefix}{n}")).collect()
    }

    /// Where a line goes that is moved among its siblings: one up, or one down. None at the end.
    #[must_use]
    pub fn beside(&self, key: &str, down: bool) -> Option<Place> {
        let node = self.get(key)?;
        let siblings: Vec<&str> = self.children(node.parent.as_deref()).map(|node| node.key.as_str()).collect();
        let at = siblings.iter().position(|own| *own == key)?;
        let after = if down {
            Some((*siblings.get(at + 1)?).to_owned())
        } else {
            let before = at.checked_sub(1)?;
            before.checked_sub(1).map(|at| siblings[at].to_owned())
        };
        Some(Place { parent: node.parent.clone(), after })
    }

    /// The lines as they are after an act.
    ///
    /// # Errors
    ///
    /// Why the act cannot be done; nothing of it is.
    pub fn apply(&self, act: &Act, ground: &Ground) -> Result<Self, Refusal> {
        let mut lines = self.clone();
        match act {
            Act::Add { key, place, code, title } => lines.add(key, place, code, title, ground)?,
            Act::Move { key, place } => lines.shift(key, place)?,
            Act::Change { key, fields } => lines.change(key, fields)?,
            Act::Split { key, parts, stays } => lines.split(key, parts, *stays, ground)?,
            Act::Retire { key, into, kind } => lines.retire(key, into, *kind, ground)?,
            Act::Restore { key } => lines.restore(key, ground)?,
            Act::Repeat { key, real, place, code } => lines.repeat(key, real, place, code, ground)?,
            Act::Remove { key } => lines.remove(key, ground)?,
        }
        Ok(lines)
    }

    fn add(&mut self, key: &str, place: &Place, code: &str, title: &str, ground: &Ground) -> Result<(), Refusal> {
        let level = self.level_at(place, ground)?;
        self.insert(
            key,
            place,
            Node { code: code.to_owned(), title: title.to_owned(), level, ..Node::default() },
            ground,
        )
    }

    fn repeat(&mut self, key: &str, real: &str, place: &Place, code: &str, ground: &Ground) -> Result<(), Refusal> {
        let level = self.level_at(place, ground)?;
        let original = self.standing(real)?;
        if original.is_alias() {
            return Err(Refusal::Again);
        }
        if original.level != level {
            return Err(Refusal::NoPlace);
        }
        let alias_of = Some(real.to_owned());
        self.insert(key, place, Node { code: code.to_owned(), alias_of, level, ..Node::default() }, ground)
    }

    /// The level of what would stand there.
    fn level_at(&self, place: &Place, ground: &Ground) -> Result<usize, Refusal> {
        let level = match &place.parent {
            None => 1,
            Some(parent) => {
                let parent = self.standing(parent).map_err(|_| Refusal::NoPlace)?;
                if parent.is_alias() {
                    return Err(Refusal::NoPlace);
                }
                parent.level + 1
            }
        };
        if level > ground.levels { Err(Refusal::NoPlace) } else { Ok(level) }
    }

    fn insert(&mut self, key: &str, place: &Place, node: Node, ground: &Ground) -> Result<(), Refusal> {
        if key.is_empty() || self.get(key).is_some() {
            return Err(Refusal::Taken);
        }
        let at = self.index_of(place)?;
        let node = Node { key: key.to_owned(), parent: place.parent.clone(), since: Some(ground.from), ..node };
        self.nodes.insert(at, node);
        Ok(())
    }

    /// Where in the order a place is.
    fn index_of(&self, place: &Place) -> Result<usize, Refusal> {
        let before = match (&place.after, &place.parent) {
            (Some(after), parent) => {
                self.get(after).filter(|node| node.parent == *parent).ok_or(Refusal::NoPlace)?;
                let tree = Tree::of(&self.nodes);
                let below = |node: &Node| node.key == *after || tree.is_below(&node.key, after);
                self.nodes.iter().rposition(below)
            }
            (None, Some(parent)) => {
                Some(self.nodes.iter().position(|node| node.key == *parent).ok_or(Refusal::NoPlace)?)
            }
            (None, None) => None,
        };
        Ok(before.map_or(0, |at| at + 1))
    }

    fn shift(&mut self, key: &str, place: &Place) -> Result<(), Refusal> {
        let node = self.standing(key)?.clone();
        let ground = Ground { levels: usize::MAX, ..Ground::default() };
        let tree = Tree::of(&self.nodes);
        let inside = |other: &str| other == key || tree.is_below(other, key);
        if self.level_at(place, &ground)? != node.level
            || place.parent.as_deref().is_some_and(inside)
            || place.after.as_deref().is_some_and(inside)
        {
            return Err(Refusal::NoPlace);
        }
        let (mut block, rest): (Vec<Node>, Vec<Node>) =
            self.nodes.drain(..).partition(|other| other.key == key || tree.is_below(&other.key, key));
        self.nodes = rest;
        for line in block.iter_mut().filter(|line| line.key == key) {
            line.parent.clone_from(&place.parent);
        }
        let at = self.index_of(place)?;
        self.nodes.splice(at..at, block);
        Ok(())
    }

    fn change(&mut self, key: &str, fields: &BTreeMap<String, String>) -> Result<(), Refusal> {
        let mut node = self.standing(key)?.clone();
        for (name, value) in fields {
            if node.is_alias() && name != "code" {
                return Err(Refusal::Again);
            }
            put(&mut node, name, value).ok_or(Refusal::NoField)?;
        }
        self.replace(node);
        Ok(())
    }

    fn replace(&mut self, node: Node) {
        if let Some(own) = self.nodes.iter_mut().find(|own| own.key == node.key) {
            *own = node;
        }
    }

    fn split(&mut self, key: &str, parts: &[Part], stays: bool, ground: &Ground) -> Result<(), Refusal> {
        let node = self.standing(key)?.clone();
        if node.is_alias() {
            return Err(Refusal::Again);
        }
        if parts.is_empty() || (!stays && parts.len() < 2) {
            return Err(Refusal::NoParts);
        }
        if !stays && self.children(Some(key)).next().is_some() {
            return Err(Refusal::HasBelow);
        }
        let mut after = key.to_owned();
        for part in parts {
            let place = Place { parent: node.parent.clone(), after: Some(after.clone()) };
            let new = Node {
                id: 0,
                code: part.code.clone(),
                title: part.title.clone(),
                schedule: from_year(&node.schedule, ground.from),
                retired_from: None,
                away: Vec::new(),
                ..node.clone()
            };
            self.insert(&part.key, &place, new, ground)?;
            self.links.push(Link { from: key.to_owned(), to: part.key.clone(), kind: Kind::Split });
            after.clone_from(&part.key);
        }
        if !stays {
            self.leave(key, ground);
        }
        Ok(())
    }

    fn retire(&mut self, key: &str, into: &[String], kind: Kind, ground: &Ground) -> Result<(), Refusal> {
        let node = self.standing(key)?;
        if !ground.known.contains(key) {
            return Err(Refusal::Gone);
        }
        if node.is_alias() && !into.is_empty() {
            return Err(Refusal::Again);
        }
        let tree = Tree::of(&self.nodes);
        for heir in into {
            let is_one = self.standing(heir).is_ok_and(|heir| !heir.is_alias());
            if !is_one || heir == key || tree.is_below(heir, key) {
                return Err(Refusal::NoHeir);
            }
        }
        for heir in into {
            self.links.retain(|link| !(link.from == key && link.to == *heir));
            self.links.push(Link { from: key.to_owned(), to: heir.clone(), kind });
        }
        self.leave(key, ground);
        Ok(())
    }

    /// A line leaves the plan with all below it, and wherever any of it is printed again.
    fn leave(&mut self, key: &str, ground: &Ground) {
        let tree = Tree::of(&self.nodes);
        let own: BTreeSet<String> = self
            .nodes
            .iter()
            .filter(|node| node.key == key || tree.is_below(&node.key, key))
            .map(|node| node.key.clone())
            .collect();
        let goes =
            |node: &Node| own.contains(&node.key) || node.alias_of.as_ref().is_some_and(|real| own.contains(real));
        // What this draft brought was never there, so that nothing remembers it.
        self.nodes.retain(|node| ground.known.contains(&node.key) || !goes(node));
        for node in self.nodes.iter_mut().filter(|node| goes(node) && node.retired_from.is_none()) {
            node.leave(ground.from);
        }
        let keys: BTreeSet<&str> = self.nodes.iter().map(|node| node.key.as_str()).collect();
        self.links.retain(|link| keys.contains(link.from.as_str()) && keys.contains(link.to.as_str()));
    }

    fn restore(&mut self, key: &str, ground: &Ground) -> Result<(), Refusal> {
        let node = self.get(key).filter(|node| node.retired_from.is_some()).ok_or(Refusal::Gone)?;
        let stands = |key: &String| self.standing(key).is_ok();
        if !node.parent.iter().all(stands) || !node.alias_of.iter().all(stands) {
            return Err(Refusal::AboveGone);
        }
        let mut node = node.clone();
        node.come_back(ground.from);
        self.links.retain(|link| link.from != key);
        self.replace(node);
        Ok(())
    }

    fn remove(&mut self, key: &str, ground: &Ground) -> Result<(), Refusal> {
        self.standing(key)?;
        let tree = Tree::of(&self.nodes);
        let below = |node: &&Node| node.key == key || tree.is_below(&node.key, key);
        if self.nodes.iter().filter(below).any(|node| ground.known.contains(&node.key)) {
            return Err(Refusal::WasThere);
        }
        self.leave(key, ground);
        Ok(())
    }

    /// What is not as it must be: nothing, after whatever acts.
    #[must_use]
    pub fn faults(&self, levels: usize) -> Vec<String> {
        let mut faults = Vec::new();
        let mut seen: HashMap<&str, &Node> = HashMap::new();
        for node in &self.nodes {
            let key = node.key.as_str();
            let above = node.parent.as_deref().map(|parent| seen.get(parent));
            match above {
                None if node.level != 1 => faults.push(format!("{key} stands at the top of level {}", node.level)),
                Some(None) => faults.push(format!("nothing stands above {key} before it")),
                Some(Some(above)) if above.level + 1 != node.level => {
                    faults.push(format!("{key} is of another level than what is above it"));
                }
                Some(Some(above)) if above.retired_from.is_some() && node.retired_from.is_none() => {
                    faults.push(format!("{key} stands below what left the plan"));
                }
                _ => {}
            }
            if node.level > levels {
                faults.push(format!("{key} lies too deep"));
            }
            if seen.insert(key, node).is_some() {
                faults.push(format!("{key} is there twice"));
            }
        }
        for node in &self.nodes {
            let Some(real) = &node.alias_of else { continue };
            match seen.get(real.as_str()) {
                Some(real) if real.is_alias() => faults.push(format!("{} repeats what repeats another", node.key)),
                Some(real) if real.retired_from.is_some() && node.retired_from.is_none() => {
                    faults.push(format!("{} repeats what left the plan", node.key));
                }
                Some(_) => {}
                None => faults.push(format!("{} repeats nothing", node.key)),
            }
        }
        let known = |key: &String| seen.contains_key(key.as_str());
        for link in self.links.iter().filter(|link| !known(&link.from) || !known(&link.to) || link.from == link.to) {
            faults.push(format!("{} cannot go on in {}", link.from, link.to));
        }
        faults
    }

    /// The same without what no draft says: numbers of the database, and what departments write beside the plan.
    #[must_use]
    pub fn bare(&self) -> Self {
        let bare = |node: &Node| {
            let mut node = Node { id: 0, position: 0, assigned: false, ..node.clone() };
            node.details.contact = crate::text::Contact::default();
            node.details.readings = Vec::new();
            node
        };
        let mut links = self.links.clone();
        links.sort_by(|one, other| (&one.from, &one.to).cmp(&(&other.from, &other.to)));
        Self { nodes: self.nodes.iter().map(bare).collect(), links }
    }
}

/// A row of the grid from a year on: what continued a mark before begins with it.
fn from_year(schedule: &Schedule, from: i32) -> Schedule {
    let mut first = true;
    let cells = schedule.printed().filter(|(year, _)| i32::from(*year) >= from).map(|(year, cell)| {
        let begins = first && cell == ARROW;
        first = false;
        let cell = if begins { schedule.effective(year).unwrap_or(cell) } else { cell };
        (year, cell.to_owned())
    });
    Schedule::of_printed(cells.collect::<Vec<_>>())
}

/// The code that follows a code in its own way of counting: ① is followed by ②, 事業9 by 事業10, (2) by (3).
#[must_use]
pub fn next_code(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let Some(end) = letters.iter().rposition(|c| c.is_ascii_digit() || counted(*c).is_some()) else {
        return String::new();
    };
    if let Some(next) = counted(letters[end]) {
        let mut next_letters = letters.clone();
        next_letters[end] = next;
        return next_letters.into_iter().collect();
    }
    let begin = letters[..end].iter().rposition(|c| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    let number: String = letters[begin..=end].iter().collect();
    let Ok(number) = number.parse::<u64>() else { return String::new() };
    let (before, after): (String, String) = (letters[..begin].iter().collect(), letters[end + 1..].iter().collect());
    format!("{before}{}{after}", number.saturating_add(1))
}

/// The sign after a sign that counts by itself.
fn counted(sign: char) -> Option<char> {
    let follows = |first: char, last: char| (first..last).contains(&sign);
    let counts = follows('①', '⑳') || follows('Ⅰ', 'Ⅻ') || follows('ⅰ', 'ⅻ') || follows('０', '９');
    if counts { char::from_u32(u32::from(sign) + 1) } else { None }
}

#[cfg(test)]
mod tests;
