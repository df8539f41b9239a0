//! A line of a plan at any level: policy, measure, item.

use std::collections::{BTreeMap, HashMap};

use kyodo_kernel::FiscalYear;
use serde::{Deserialize, Serialize};

use crate::schedule::Schedule;
use crate::text::Contact;

/// Every subject that is a node begins so; its key follows.
pub const SUBJECT: &str = "measure:";
/// The first text behind all of them.
pub const AFTER_SUBJECTS: &str = "measure;";

/// A line of a plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Node {
    /// Its number in this city's database; 0 before it is stored.
    #[serde(skip)]
    pub id: i64,
    /// Its own for ever, e.g. `1-2-4`: the ordinals of its levels where it first stood. What moves keeps it.
    pub key: String,
    /// The key of the line above it.
    pub parent: Option<String>,
    /// 1 is the top.
    pub level: usize,
    /// Its place in the document, from 1.
    #[serde(skip)]
    pub position: i64,
    /// As printed: Ⅰ-(1)-①, 事業1.
    pub code: String,
    /// The key of the real node, for a 再掲.
    pub alias_of: Option<String>,
    /// Its title; a 再掲 repeats its node's.
    pub title: String,
    /// Everything else that is printed of it.
    pub details: Details,
    /// Keys of the departments in charge, the leading one first.
    pub departments: Vec<String>,
    /// Whether they were put in charge at the desk; no pack says so.
    #[serde(skip)]
    pub assigned: bool,
    /// The year grid as printed.
    #[serde(with = "by_year")]
    pub schedule: Schedule,
    /// The first fiscal year in which it is in the plan, where it came later than the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<i32>,
    /// The first fiscal year in which it is not in the plan any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_from: Option<i32>,
    /// The fiscal years for which it had left the plan before it came back, the first first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub away: Vec<i32>,
}

pub(crate) mod by_year {
    use std::collections::BTreeMap;

    use kyodo_kernel::FiscalYear;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::schedule::Schedule;

    pub(crate) fn serialize<S: Serializer>(schedule: &Schedule, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(schedule.printed().map(|(year, mark)| (year.to_string(), mark)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Schedule, D::Error> {
        let printed = BTreeMap::<String, String>::deserialize(from)?;
        let cell = |(year, mark): (String, String)| Some((FiscalYear::new(year.parse().ok()?), mark));
        Ok(Schedule::of_printed(printed.into_iter().filter_map(cell)))
    }
}

/// What is printed of a node besides its place and title.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are explained in cities/README.md")]
pub struct Details {
    pub heading: String,
    pub text: String,
    pub purpose: String,
    pub situation: String,
    pub completion: String,
    pub tag: Option<Tag>,
    pub implementers: Vec<String>,
    pub targets: Vec<String>,
    pub other_target: Option<String>,
    pub roles: BTreeMap<String, Role>,
    pub related: Vec<String>,
    pub tools: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Earlier>,
    /// Written at the desk; no pack has it.
    #[serde(skip_serializing_if = "Contact::is_empty")]
    pub contact: Contact,
    /// Written at the desk; no pack has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<(String, String)>,
}

/// What an item was in a plan before this one, as it is written; `Lineage::find` says which line that is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Earlier {
    /// The title of that plan.
    pub plan: String,
    /// The code it had there.
    pub code: String,
    /// Its title there.
    pub title: String,
}

impl Earlier {
    /// As people write it in a line: plan／code／title, or plan／title.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        let mut parts = line.split(['／', '|', '｜']).map(str::trim);
        let (plan, second, third) = (parts.next()?, parts.next(), parts.next());
        let (code, title) = match (second, third) {
            (Some(code), Some(title)) => (code, title),
            (Some(title), None) => ("", title),
            _ => return None,
        };
        let is_whole = !plan.is_empty() && !title.is_empty() && parts.next().is_none();
        is_whole.then(|| Self { plan: plan.to_owned(), code: code.to_owned(), title: title.to_owned() })
    }

    /// The line that is read again.
    #[must_use]
    pub fn written(&self) -> String {
        let parts = [&self.plan, &self.code, &self.title];
        parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("／")
    }
}

/// Whether a measure is new in this plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tag {
    /// 新規
    #[serde(rename = "新規")]
    New,
    /// 継続
    #[serde(rename = "継続")]
    Continued,
    /// 拡充
    #[serde(rename = "拡充")]
    Expanded,
}

impl Tag {
    /// As printed.
    #[must_use]
    pub fn printed(self) -> &'static str {
        match self {
            Self::New => "新規",
            Self::Continued => "継続",
            Self::Expanded => "拡充",
        }
    }

    /// The message that explains it.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::New => "plan-tag-new",
            Self::Continued => "plan-tag-continued",
            Self::Expanded => "plan-tag-expanded",
        }
    }
}

/// What a party does in a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// ◎ leads
    Lead,
    /// ○ takes part
    Support,
}

impl Node {
    /// Whether it is a 再掲 of another.
    #[must_use]
    pub fn is_alias(&self) -> bool {
        self.alias_of.is_some()
    }

    /// Whether the plan has left it behind in a fiscal year, for ever or until it comes back.
    #[must_use]
    pub fn is_retired(&self, year: FiscalYear) -> bool {
        let year = i32::from(year);
        self.retired_from.is_some_and(|from| from <= year) || self.away.contains(&year)
    }

    /// Whether it is in the plan in a fiscal year.
    #[must_use]
    pub fn is_in(&self, year: FiscalYear) -> bool {
        !self.is_retired(year) && self.since.is_none_or(|since| since <= i32::from(year))
    }

    /// Takes it out of the plan from a fiscal year on. Had it just come back, it never did.
    pub(crate) fn leave(&mut self, from: i32) {
        let since = self.away.iter().rev().fold(from, |from, year| if *year + 1 == from { *year } else { from });
        self.away.retain(|year| *year < since);
        self.retired_from = Some(since);
    }

    /// Brings it back from a fiscal year on.
    pub(crate) fn come_back(&mut self, from: i32) {
        let Some(since) = self.retired_from.take() else { return };
        self.away.retain(|year| *year < since);
        self.away.extend(since..from);
    }

    /// The key under which its one real record is kept.
    #[must_use]
    pub fn real_key(&self) -> &str {
        self.alias_of.as_deref().unwrap_or(&self.key)
    }

    /// The address of its page.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/plan/nodes/{}", self.key)
    }

    /// As drafts, notices and the trail name its one real record.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("{SUBJECT}{}", self.real_key())
    }

    /// A target as printed: その他 carries its text in brackets.
    #[must_use]
    pub fn target_words(&self) -> Vec<String> {
        let other = |target: &String| match &self.details.other_target {
            Some(text) if target == "その他" => format!("{target}（{text}）"),
            _ => target.clone(),
        };
        self.details.targets.iter().map(other).collect()
    }

    /// The parties with this role, in the plan's order.
    #[must_use]
    pub fn parties<'p>(&self, parties: &'p [String], role: Role) -> Vec<&'p str> {
        parties.iter().filter(|party| self.details.roles.get(*party) == Some(&role)).map(String::as_str).collect()
    }

    /// The mark effective in a year.
    #[must_use]
    pub fn planned(&self, year: FiscalYear) -> Option<&str> {
        self.schedule.effective(year)
    }
}

/// Which line stands below which: where a line stands is not told by its key.
#[derive(Clone, Debug, Default)]
pub struct Tree(HashMap<String, String>);

impl Tree {
    /// The tree of these lines.
    #[must_use]
    pub fn of<'n>(nodes: impl IntoIterator<Item = &'n Node>) -> Self {
        let above = |node: &Node| Some((node.key.clone(), node.parent.clone()?));
        Self(nodes.into_iter().filter_map(above).collect())
    }

    /// The keys above a line, the nearest first.
    pub fn above<'t>(&'t self, key: &'t str) -> impl Iterator<Item = &'t str> {
        // No plan is so deep; what is broken ends.
        std::iter::successors(Some(key), |key| self.0.get(*key).map(String::as_str)).skip(1).take(20)
    }

    /// The line at the top above a line, or itself.
    #[must_use]
    pub fn top<'t>(&'t self, key: &'t str) -> &'t str {
        self.above(key).last().unwrap_or(key)
    }

    /// Whether a line stands somewhere below another.
    #[must_use]
    pub fn is_below(&self, key: &str, above: &str) -> bool {
        self.above(key).any(|own| own == above)
    }
}

/// The key of the line above a key, as documents number them.
#[must_use]
pub fn parent_key(key: &str) -> Option<&str> {
    key.rsplit_once('-').map(|(parent, _)| parent)
}

/// How deep a key lies, from 1, as documents number them.
#[must_use]
pub fn level_of(key: &str) -> usize {
    key.split('-').count()
}
