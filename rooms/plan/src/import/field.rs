//! What a column can say, with the name under which a mapping keeps it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a column says.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Nothing that is read.
    #[default]
    Ignored,
    /// One of the plain fields.
    Plain(&'static str),
    /// The title of the line at this level, merged or filled down; 1 is the top.
    Level(u8),
    /// Whether it is for this target.
    Target(String),
    /// What this party does.
    Role(String),
    /// The stage planned for a fiscal year.
    Mark(i32),
    /// A target of an indicator for a fiscal year.
    Aim(i32),
    /// A figure of a fiscal year.
    Figure(i32),
    /// The baseline of a fiscal year.
    Base(i32),
    /// A part of the report on a fiscal year; none where the row or the sheet says which.
    Done(Part, Option<i32>),
}

/// A part of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// How far it is.
    Mark,
    /// Its grade.
    Grade,
    /// What was done.
    Text,
    /// What comes next.
    Next,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 4] = [Self::Mark, Self::Grade, Self::Text, Self::Next];

    /// Its name in a mapping.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mark => "done-mark",
            Self::Grade => "done-grade",
            Self::Text => "done-text",
            Self::Next => "done-next",
        }
    }
}

/// The plain fields, with the head of the documented shape.
pub(super) const PLAIN: [(&str, &str); 31] = [
    (KIND, "種別"),
    (KEY, "キー"),
    (CODE, "番号"),
    (LEVEL, "段"),
    (TITLE, "名称"),
    (PARENT, "上位のキー"),
    (DEPARTMENTS, "担当課"),
    (IMPLEMENTERS, "実施主体"),
    (TARGETS, "対象"),
    (OTHER_TARGET, "対象その他"),
    (HEADING, "見出し"),
    (PURPOSE, "目的"),
    (SITUATION, "現状と課題"),
    (TEXT, "内容"),
    (COMPLETION, "完了の目安"),
    (TAG, "区分"),
    (RELATED, "関連計画"),
    (TOOLS, "受け持つ機能"),
    (EARLIER, "前の計画"),
    (ALIAS, "再掲のもと"),
    (INDICATOR, "指標"),
    (UNIT, "単位"),
    (DECIMALS, "小数のけた"),
    (GROUP, "まとまり"),
    (SHORT, "略称"),
    (NOTE, "注"),
    (DIRECTION, "向き"),
    (BASE, "基準値"),
    (BASE_YEAR, "基準年度"),
    (AIM, "目標値"),
    (YEAR, "年度"),
];

pub(super) const KIND: &str = "kind";
pub(super) const KEY: &str = "key";
pub(super) const CODE: &str = "code";
pub(super) const LEVEL: &str = "level";
pub(super) const TITLE: &str = "title";
pub(super) const PARENT: &str = "parent";
pub(super) const DEPARTMENTS: &str = "departments";
pub(super) const IMPLEMENTERS: &str = "implementers";
pub(super) const TARGETS: &str = "targets";
pub(super) const OTHER_TARGET: &str = "other-target";
pub(super) const HEADING: &str = "heading";
pub(super) const PURPOSE: &str = "purpose";
pub(super) const SITUATION: &str = "situation";
pub(super) const TEXT: &str = "text";
pub(super) const COMPLETION: &str = "completion";
pub(super) const TAG: &str = "tag";
pub(super) const RELATED: &str = "related";
pub(super) const TOOLS: &str = "tools";
pub(super) const EARLIER: &str = "earlier";
pub(super) const ALIAS: &str = "alias";
pub(super) const INDICATOR: &str = "indicator";
pub(super) const UNIT: &str = "unit";
pub(super) const DECIMALS: &str = "decimals";
pub(super) const GROUP: &str = "group";
pub(super) const SHORT: &str = "short";
pub(super) const NOTE: &str = "note";
pub(super) const DIRECTION: &str = "direction";
pub(super) const BASE: &str = "base";
pub(super) const BASE_YEAR: &str = "base-year";
pub(super) const AIM: &str = "aim";
pub(super) const YEAR: &str = "year";

/// The heads of a report in the documented shape.
pub(super) const DONE: [(Part, &str); 4] =
    [(Part::Mark, "実際の段階"), (Part::Grade, "評価"), (Part::Text, "報告"), (Part::Next, "次の取組")];

impl Field {
    /// A plain field.
    #[must_use]
    pub fn plain(name: &str) -> Option<Self> {
        PLAIN.iter().find(|(known, _)| *known == name).map(|(known, _)| Self::Plain(known))
    }

    /// The message that names it, and what it is about: a level, a party, a year.
    #[must_use]
    pub fn message(&self) -> (String, String) {
        let message = match self {
            Self::Ignored => "ignored",
            Self::Plain(name) => name,
            Self::Level(_) => "level-title",
            Self::Target(_) => "target",
            Self::Role(_) => "role",
            Self::Mark(_) => "mark",
            Self::Aim(_) => "aim-of",
            Self::Figure(_) => "figure",
            Self::Base(_) => "base-of",
            Self::Done(part, _) => part.name(),
        };
        let about = match self {
            Self::Level(level) => level.to_string(),
            Self::Target(name) | Self::Role(name) => name.clone(),
            Self::Mark(year) | Self::Aim(year) | Self::Figure(year) | Self::Base(year) => year.to_string(),
            Self::Done(_, year) => year.map(|year| year.to_string()).unwrap_or_default(),
            Self::Ignored | Self::Plain(_) => String::new(),
        };
        (format!("import-field-{message}"), about)
    }

    /// The fiscal year it is about.
    #[must_use]
    pub fn year(&self) -> Option<i32> {
        match self {
            Self::Mark(year) | Self::Aim(year) | Self::Figure(year) | Self::Base(year) => Some(*year),
            Self::Done(_, year) => *year,
            _ => None,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ignored => Ok(()),
            Self::Plain(name) => f.write_str(name),
            Self::Level(level) => write!(f, "level:{level}"),
            Self::Target(name) => write!(f, "target:{name}"),
            Self::Role(name) => write!(f, "role:{name}"),
            Self::Mark(year) => write!(f, "mark:{year}"),
            Self::Aim(year) => write!(f, "aim:{year}"),
            Self::Figure(year) => write!(f, "figure:{year}"),
            Self::Base(year) => write!(f, "base:{year}"),
            Self::Done(part, None) => f.write_str(part.name()),
            Self::Done(part, Some(year)) => write!(f, "{}:{year}", part.name()),
        }
    }
}

impl FromStr for Field {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || format!("no column says {text}");
        let done = |name: &str| Part::ALL.into_iter().find(|part| part.name() == name);
        if text.is_empty() {
            return Ok(Self::Ignored);
        }
        let Some((name, about)) = text.split_once(':') else {
            return done(text).map(|part| Self::Done(part, None)).or_else(|| Self::plain(text)).ok_or_else(unknown);
        };
        let year = || about.parse::<i32>().ok().filter(|year| (1868..=2200).contains(year)).ok_or_else(unknown);
        Ok(match name {
            "level" => Self::Level(about.parse().ok().filter(|n| (1..=6).contains(n)).ok_or_else(unknown)?),
            "target" if !about.is_empty() => Self::Target(about.to_owned()),
            "role" if !about.is_empty() => Self::Role(about.to_owned()),
            "mark" => Self::Mark(year()?),
            "aim" => Self::Aim(year()?),
            "figure" => Self::Figure(year()?),
            "base" => Self::Base(year()?),
            _ => Self::Done(done(name).ok_or_else(unknown)?, Some(year()?)),
        })
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}
