//! What a pack says of a city, and the city's own record of it.

use kyodo_wareki::{FiscalYear, Style};
use serde::{Deserialize, Serialize};

use crate::language::Language;

/// A city as its `city.toml` describes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The host name's first label.
    pub slug: String,
    /// 全国地方公共団体コード, six digits with its check digit.
    pub code: String,
    /// The city's name.
    pub name: String,
    /// The name in hiragana.
    pub kana: String,
    /// The name in Latin letters.
    pub romaji: String,
    /// The prefecture it lies in.
    pub prefecture: String,
    /// The city's colour on white, `#rrggbb`.
    pub accent: String,
    /// The same on the dark ground.
    pub accent_dark: String,
    /// The rooms switched on.
    pub rooms: Vec<String>,
    /// How the city's document writes fiscal years.
    pub fiscal_year: FiscalYearLook,
    /// Who answers for the plan.
    #[serde(default)]
    pub contact: Contact,
    /// What 協働 means in the city.
    #[serde(default)]
    pub about: About,
    /// Where the plan stands among the city's plans.
    #[serde(default)]
    pub position: Position,
}

/// The two ways a city writes fiscal years, each by the example of 2024.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiscalYearLook {
    /// In running text.
    pub long: String,
    /// In grids and charts.
    pub short: String,
}

impl FiscalYearLook {
    /// A fiscal year in running text.
    #[must_use]
    pub fn long(&self, year: FiscalYear) -> String {
        Style::from_example(&self.long).map_or_else(|| year.to_string(), |style| style.write(year))
    }

    /// A fiscal year in a grid.
    #[must_use]
    pub fn short(&self, year: FiscalYear) -> String {
        Style::from_example(&self.short).map_or_else(|| year.to_string(), |style| style.write(year))
    }
}

/// How to reach somebody.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The key of the department that answers for the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Its telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Its fax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fax: Option<String>,
    /// Its mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// When the counter is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
}

impl Contact {
    /// Whether there is any way to reach somebody here.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.phone.is_some() || self.email.is_some() || self.address.is_some()
    }
}

/// A department of the city.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Its name in packs and addresses.
    pub key: String,
    /// Its name for people.
    pub name: String,
    /// Stands for a set of departments named each year (関係課, 全所属).
    #[serde(default)]
    pub placeholder: bool,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Its telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Its fax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fax: Option<String>,
    /// Its mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// When its counter is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
    /// Made at the desk: no pack says so, and no update of a pack removes it.
    #[serde(skip_deserializing, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
}

impl Department {
    /// Whether people call it so: width, case and spaces make no difference.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        kyodo_jptext::search_key(&self.name) == kyodo_jptext::search_key(name)
    }

    /// Leaves out of a stored department what an update that says nothing of it does not change.
    pub(crate) fn forget_what_stays(&mut self, next: &Self) {
        for (kept, said) in [
            (&mut self.address, &next.address),
            (&mut self.phone, &next.phone),
            (&mut self.fax, &next.fax),
            (&mut self.email, &next.email),
            (&mut self.hours, &next.hours),
        ] {
            if said.is_none() {
                *kept = None;
            }
        }
    }

    /// How to reach it.
    #[must_use]
    pub fn contact(&self) -> Contact {
        Contact {
            department: Some(self.key.clone()),
            address: self.address.clone(),
            phone: self.phone.clone(),
            fax: self.fax.clone(),
            email: self.email.clone(),
            hours: self.hours.clone(),
        }
    }
}

/// What 協働 means in the city: every list may be empty, because a document may not hold it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the fields are the headings of the page, see cities/README.md")]
pub struct About {
    pub vision: String,
    pub vision_text: String,
    pub definition: String,
    pub why: String,
    pub subsidiarity: String,
    pub sdgs: Vec<u8>,
    pub standards: Vec<Entry>,
    pub principles: Vec<Entry>,
    pub actors: Vec<Entry>,
    pub roles: Vec<Entry>,
    pub effects: Vec<Entry>,
    pub suited: Vec<Entry>,
    pub zones: Vec<Entry>,
    pub forms: Vec<Entry>,
    pub steps: Vec<Entry>,
    pub programmes: Vec<Entry>,
    pub wishes: Vec<Entry>,
    pub glossary: Vec<Entry>,
}

/// One thing with a name and a few words about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// As the document prints it.
    pub name: String,
    /// What it is, in plain words.
    #[serde(default)]
    pub text: String,
    /// What kind of actor or programme it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// A figure the document gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<String>,
    /// Points to watch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<String>,
    /// Examples.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    /// Cases the document tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Case>,
    /// Keys of the plan nodes that serve it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<String>,
}

/// A case: a name and a few words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it is called.
    pub name: String,
    /// What happens there.
    #[serde(default)]
    pub text: String,
}

/// 位置付け: the plans, ordinances and dates around the plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Position {
    /// Plans above it.
    pub upper: Vec<String>,
    /// The ordinance it rests on.
    pub ordinance: Option<String>,
    /// Other plans it goes with.
    pub related: Vec<String>,
    /// Plans before and after it.
    pub plans: Vec<PlanBeside>,
    /// What happened until now.
    pub history: Vec<Event>,
}

/// A plan before or after.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanBeside {
    /// Its title.
    pub title: String,
    /// Its years, as printed.
    #[serde(default)]
    pub period: String,
}

/// A dated step of the history.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When, as printed.
    pub when: String,
    /// What happened.
    pub text: String,
}

/// The city's own words as Fluent terms, by language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// `terms.ftl`
    pub ja: String,
    /// `terms.ja-easy.ftl`
    #[serde(default)]
    pub ja_easy: Option<String>,
    /// `terms.en.ftl`
    #[serde(default)]
    pub en: Option<String>,
}

impl Terms {
    pub(crate) fn of(&self, language: Language) -> Option<&str> {
        match language {
            Language::Japanese => Some(&self.ja),
            Language::EasyJapanese => self.ja_easy.as_deref(),
            Language::English => self.en.as_deref(),
        }
    }
}
