//! The plan reviewed midway, as a round of its own: every department says what becomes of its items and why; the office
//! takes that into the draft of the plan, or sets it aside. Nouns and rules; no I/O.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::profile::Department;
use kyodo_web::components::Shape;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::editing::{self, Kind, put};
use crate::node::Node;
use crate::plan::Outline;
use crate::round::{Route, StepRole, departments, tidied};

/// Where the revisions lie.
pub const REVISIONS: &str = "/desk/plan/revisions";

/// A review of the whole plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its number in this city's database.
    pub id: i64,
    /// From which fiscal year what it decides holds.
    pub from: FiscalYear,
    /// What it is called: 計画の中間見直し.
    pub name: String,
    /// From which day departments write.
    pub opens_on: NaiveDate,
    /// The last day for departments to hand in.
    pub due_on: NaiveDate,
    /// The day by which the office decides.
    pub decide_on: NaiveDate,
    /// What the office wants departments to know.
    pub note: String,
    /// When it was over: the plan was adopted, or the office ended it.
    pub closed_at: Option<DateTime<Utc>>,
    /// Which departments a placeholder such as 関係課 stands for: those of the last round.
    pub members: HashMap<String, Vec<String>>,
}

impl Revision {
    /// Whether departments can write.
    #[must_use]
    pub fn is_open(&self, today: NaiveDate) -> bool {
        self.closed_at.is_none() && self.opens_on <= today
    }

    /// The address of its page, or of something below it.
    #[must_use]
    pub fn address(&self, below: &str) -> String {
        format!("{REVISIONS}/{}{below}", i32::from(self.from))
    }

    /// The address of an item in it, or of something below it.
    #[must_use]
    pub fn item(&self, node: &Node, below: &str) -> String {
        self.address(&format!("/{}{below}", node.real_key()))
    }

    /// As the trail names it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("revision:{}", i32::from(self.from))
    }

    /// By how many days a proposal is late that is not handed in yet; 0 until the day itself is over.
    #[must_use]
    pub fn days_late(&self, today: NaiveDate) -> i64 {
        (today - self.due_on).num_days().max(0)
    }

    /// The departments that say what becomes of an item.
    #[must_use]
    pub fn departments<'a>(&'a self, node: &'a Node, known: &[Department]) -> Vec<&'a str> {
        departments(node, &self.members, known)
    }

    /// Whether an item is reviewed: a measure that is still in the plan in the year from which the revision holds.
    #[must_use]
    pub fn takes(&self, node: &Node, outline: &Outline) -> bool {
        node.level == outline.levels.len() && !node.is_alias() && node.is_in(self.from)
    }
}

/// What becomes of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It goes on as it is.
    Keep,
    /// It goes on and says something else.
    Change,
    /// It becomes part of another.
    Merge,
    /// It leaves the plan: it is done, or not wanted any more.
    End,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 4] = [Self::Keep, Self::Change, Self::Merge, Self::End];

    /// Its name in forms, addresses and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Change => "change",
            Self::Merge => "merge",
            Self::End => "end",
        }
    }

    /// The verdict of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }
}

/// What a department proposes for an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// What becomes of it.
    pub verdict: Option<Verdict>,
    /// The fields that say something else than the item does, where it changes.
    pub fields: BTreeMap<String, String>,
    /// The key of the item of which it becomes part, where it merges.
    pub into: Option<String>,
    /// Why.
    pub why: String,
}

/// How many characters the reason takes.
pub const MOST_WHY: usize = 600;

/// Whether departments propose what a field says, where a revision holds from a year. Who is in charge and for whom it
/// is, the office decides.
#[must_use]
pub fn is_proposed(field: &str, from: FiscalYear) -> bool {
    let is_ahead = |year: &str| year.parse::<i32>().is_ok_and(|year| year >= i32::from(from));
    ["title", "purpose", "situation", "text", "completion", "tag"].contains(&field)
        || field.strip_prefix("mark-").is_some_and(is_ahead)
}

/// Why a proposal cannot be handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was chosen.
    NoVerdict,
    /// It changes, but every field says what it said.
    NothingChanged,
    /// Fields were rewritten, but it does not change.
    Rewritten,
    /// It merges, but nobody said with what.
    NoInto,
    /// There is no reason.
    NoWhy,
    /// The reason has more characters than it takes; by how many.
    LongWhy(usize),
}

impl Fault {
    /// The field it belongs to.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::NoVerdict | Self::NothingChanged | Self::Rewritten => "verdict",
            Self::NoInto => "into",
            Self::NoWhy | Self::LongWhy(_) => "why",
        }
    }
}

impl Content {
    /// What was typed, with the fields that say something else than the item does.
    pub fn typed<'f>(field: impl Fn(&str) -> &'f str, changed: BTreeMap<String, String>) -> Self {
        let verdict = Verdict::named(field("verdict").trim());
        let into = Some(field("into").trim().to_owned()).filter(|key| !key.is_empty());
        Self {
            verdict,
            fields: changed,
            into: into.filter(|_| verdict == Some(Verdict::Merge)),
            why: tidied(field("why")),
        }
    }

    /// Why it cannot be handed in for an item of a plan with these lines.
    #[must_use]
    pub fn faults(&self, node: &Node, lines: &[Node]) -> Vec<Fault> {
        let mut faults = Vec::new();
        match self.verdict {
            None => faults.push(Fault::NoVerdict),
            Some(Verdict::Change) if self.fields.is_empty() => faults.push(Fault::NothingChanged),
            Some(Verdict::Change) => {}
            Some(_) if !self.fields.is_empty() => faults.push(Fault::Rewritten),
            Some(_) => {}
        }
        let heir = |key: &String| lines.iter().any(|line| line.key == *key && is_heir(line, node));
        if self.verdict == Some(Verdict::Merge) && !self.into.as_ref().is_some_and(heir) {
            faults.push(Fault::NoInto);
        }
        if self.why.is_empty() && self.verdict.is_some_and(|verdict| verdict != Verdict::Keep) {
            faults.push(Fault::NoWhy);
        }
        faults.extend(self.why.chars().count().checked_sub(MOST_WHY).filter(|over| *over > 0).map(Fault::LongWhy));
        faults
    }

    /// The item as it would be.
    #[must_use]
    pub fn upon(&self, node: &Node) -> Node {
        let mut node = node.clone();
        for (name, value) in &self.fields {
            // A field that cannot say this was refused when the proposal was handed in.
            let _ = put(&mut node, name, value);
        }
        node
    }

    /// What is done in a draft of the plan to carry it out; nothing where the line of the draft says all of it.
    #[must_use]
    pub fn act(&self, line: &Node) -> Option<editing::Act> {
        let key = line.key.clone();
        match self.verdict? {
            Verdict::Keep => None,
            Verdict::Change => {
                let fields = editing::changed(line, self.fields.clone());
                (!fields.is_empty()).then_some(editing::Act::Change { key, fields })
            }
            Verdict::Merge => {
                Some(editing::Act::Retire { key, into: self.into.iter().cloned().collect(), kind: Kind::Merged })
            }
            Verdict::End => Some(editing::Act::Retire { key, into: Vec::new(), kind: Kind::Continued }),
        }
    }

    /// What a reader saw, in a few letters: another content has another.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(serde_json::to_vec(self).unwrap_or_default());
        kyodo_kernel::secret::hex(&hash.finalize()[..12])
    }
}

/// Whether an item can become part of a line.
#[must_use]
pub fn is_heir(line: &Node, item: &Node) -> bool {
    line.level == item.level && line.key != item.key && !line.is_alias() && line.retired_from.is_none()
}

/// What somebody did with a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The department handed it in.
    Submitted,
    /// Its head agreed.
    Agreed,
    /// Somebody sent it back to the department.
    Returned,
    /// The department took it back before the office decided.
    Withdrawn,
    /// The office took it over, into the draft where it changes anything.
    Taken,
    /// The office set it aside.
    Aside,
    /// What the office decided was undone: it has to decide again.
    Reopened,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 7] =
        [Self::Submitted, Self::Agreed, Self::Returned, Self::Withdrawn, Self::Taken, Self::Aside, Self::Reopened];

    /// Its name in the database and in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Agreed => "agreed",
            Self::Returned => "returned",
            Self::Withdrawn => "withdrawn",
            Self::Taken => "taken",
            Self::Aside => "aside",
            Self::Reopened => "reopened",
        }
    }

    /// As the trail names it.
    #[must_use]
    pub fn action(self) -> &'static str {
        match self {
            Self::Submitted => "proposal.submitted",
            Self::Agreed => "proposal.agreed",
            Self::Returned => "proposal.returned",
            Self::Withdrawn => "proposal.withdrawn",
            Self::Taken => "proposal.taken",
            Self::Aside => "proposal.aside",
            Self::Reopened => "proposal.reopened",
        }
    }

    /// The act of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.name() == name)
    }

    /// Where a proposal stands after it, when it then is at the step `at` of the way of reports: with the heads as far as
    /// the way asks them first, and then with the office, which decides.
    #[must_use]
    pub fn leads_to(self, at: usize, route: &Route) -> Stage {
        match self {
            Self::Submitted | Self::Agreed => match route.step(at) {
                Some(step) if step.role == StepRole::Head => Stage::Waiting(at),
                _ => Stage::HandedIn,
            },
            Self::Returned => Stage::Returned,
            Self::Withdrawn => Stage::Unwritten,
            Self::Taken => Stage::Taken,
            Self::Aside => Stage::Aside,
            Self::Reopened => Stage::HandedIn,
        }
    }
}

/// Where a proposal stands; follows from the last thing that was done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Nobody has handed anything in, or it was taken back.
    Unwritten,
    /// The department must write once more.
    Returned,
    /// It waits for a head at this step of the way of reports.
    Waiting(usize),
    /// The office decides.
    HandedIn,
    /// The office took it over.
    Taken,
    /// The office set it aside.
    Aside,
}

impl Stage {
    /// One of each, in the order of lists.
    pub const ALL: [Self; 6] =
        [Self::Unwritten, Self::Returned, Self::Waiting(0), Self::HandedIn, Self::Taken, Self::Aside];

    /// Whether the department has to write.
    #[must_use]
    pub fn is_with_department(self) -> bool {
        matches!(self, Self::Unwritten | Self::Returned)
    }

    /// Whether the department can still change what it says.
    #[must_use]
    pub fn is_undecided(self) -> bool {
        !matches!(self, Self::Taken | Self::Aside)
    }

    /// Its name in addresses and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unwritten => "unwritten",
            Self::Returned => "returned",
            Self::Waiting(_) => "waiting",
            Self::HandedIn => "handed-in",
            Self::Taken => "taken",
            Self::Aside => "aside",
        }
    }

    /// Its shape.
    #[must_use]
    pub fn shape(self) -> Shape {
        match self {
            Self::Unwritten => Shape::None,
            Self::Returned | Self::Aside => Shape::Not,
            Self::Waiting(_) => Shape::Part,
            Self::HandedIn => Shape::Ok,
            Self::Taken => Shape::Done,
        }
    }
}

/// Every message that is put together from a name.
#[must_use]
pub fn messages() -> Vec<String> {
    let verdicts = Verdict::ALL.iter().map(|one| format!("verdict-{}", one.name()));
    let acts = Act::ALL.iter().map(|one| format!("proposal-did-{}", one.name()));
    let stages = Stage::ALL.iter().map(|one| format!("proposal-{}", one.name()));
    verdicts.chain(acts).chain(stages).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(key: &str) -> Node {
        Node { key: key.to_owned(), level: 3, title: format!("項目{key}"), ..Node::default() }
    }

    fn says(verdict: Verdict) -> Content {
        Content { verdict: Some(verdict), why: "成果が出たため".to_owned(), ..Content::default() }
    }

    #[test]
    fn what_is_missing_in_a_proposal_is_named() {
        let (own, other) = (item("1-1-1"), item("1-1-2"));
        let lines = [own.clone(), other];
        assert_eq!(Content::default().faults(&own, &lines), [Fault::NoVerdict]);
        let keep = Content { why: String::new(), ..says(Verdict::Keep) };
        assert_eq!(keep.faults(&own, &lines), [], "what goes on as it is needs no reason");
        let end = Content { why: String::new(), ..says(Verdict::End) };
        assert_eq!(end.faults(&own, &lines), [Fault::NoWhy]);
        assert_eq!(says(Verdict::Change).faults(&own, &lines), [Fault::NothingChanged]);
        let fields = BTreeMap::from([("title".to_owned(), "新しい名称".to_owned())]);
        let rewritten = Content { fields: fields.clone(), ..says(Verdict::Keep) };
        assert_eq!(rewritten.faults(&own, &lines), [Fault::Rewritten], "nothing that was written is lost");
        assert_eq!(Content { fields, ..says(Verdict::Change) }.faults(&own, &lines), []);
        assert_eq!(says(Verdict::Merge).faults(&own, &lines), [Fault::NoInto]);
        let into = |key: &str| Content { into: Some(key.to_owned()), ..says(Verdict::Merge) };
        assert_eq!(into("1-1-1").faults(&own, &lines), [Fault::NoInto], "nothing merges with itself");
        assert_eq!(into("1-1-2").faults(&own, &lines), []);
        let long = Content { why: "折".repeat(MOST_WHY + 3), ..says(Verdict::End) };
        assert_eq!(long.faults(&own, &lines), [Fault::LongWhy(3)]);
    }

    #[test]
    fn a_proposal_is_an_act_of_the_draft() {
        let own = item("1-1-1");
        assert_eq!(says(Verdict::Keep).act(&own), None);
        let fields = BTreeMap::from([("title".to_owned(), "新しい名称".to_owned())]);
        let change = Content { fields: fields.clone(), ..says(Verdict::Change) };
        assert_eq!(change.act(&own), Some(editing::Act::Change { key: "1-1-1".to_owned(), fields }));
        assert_eq!(change.act(&change.upon(&own)), None, "the draft says it already");
        let end = editing::Act::Retire { key: "1-1-1".to_owned(), into: Vec::new(), kind: Kind::Continued };
        assert_eq!(says(Verdict::End).act(&own), Some(end));
    }

    #[test]
    fn a_proposal_goes_by_the_heads_to_the_office() {
        let route = Route::default();
        assert_eq!(Act::Submitted.leads_to(0, &route), Stage::Waiting(0));
        assert_eq!(Act::Agreed.leads_to(1, &route), Stage::HandedIn, "the office decides, it does not agree");
        assert_eq!(Act::Submitted.leads_to(2, &route), Stage::HandedIn);
        assert_eq!(Act::Reopened.leads_to(0, &route), Stage::HandedIn);
        for act in Act::ALL {
            assert_eq!(Act::named(act.name()), Some(act));
        }
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::named(verdict.name()), Some(verdict));
        }
    }
}
