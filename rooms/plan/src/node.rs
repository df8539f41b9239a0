//! A line of a plan at any level: policy, measure, item.

use std::collections::BTreeMap;

use kyodo_kernel::FiscalYear;
use serde::{Deserialize, Serialize};

use crate::schedule::Schedule;
use crate::text::Contact;

/// Every subject that is a node begins so; its key follows.
pub const SUBJECT: &str = "measure:";

/// A line of a plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Node {
    /// Its number in this city's database; 0 before it is stored.
    #[serde(skip)]
    pub id: i64,
    /// The ordinals of its levels joined by `-`, e.g. `1-2-4`.
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
    #[serde(serialize_with = "by_year")]
    pub schedule: Schedule,
}

fn by_year<S: serde::Serializer>(schedule: &Schedule, to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(schedule.printed().map(|(year, mark)| (year.to_string(), mark)))
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
    /// Written at the desk; no pack has it.
    #[serde(skip_serializing_if = "Contact::is_empty")]
    pub contact: Contact,
    /// Written at the desk; no pack has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<(String, String)>,
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

/// The key of the line above a key.
#[must_use]
pub fn parent_key(key: &str) -> Option<&str> {
    key.rsplit_once('-').map(|(parent, _)| parent)
}

/// How deep a key lies, from 1.
#[must_use]
pub fn level_of(key: &str) -> usize {
    key.split('-').count()
}
