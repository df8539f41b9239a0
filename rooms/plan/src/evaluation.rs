//! What others say of a year of the plan, and what the departments in charge answer. Nouns and rules; no I/O.

use chrono::NaiveDate;
use kyodo_kernel::FiscalYear;
use serde::{Deserialize, Serialize};

/// Whose view it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 第三者評価: the committee's.
    ThirdParty,
    /// 相互評価: of somebody who worked on it with the city.
    Mutual,
    /// What a resident wrote.
    Resident,
}

impl Kind {
    /// Every kind, as pages order them.
    pub const ALL: [Self; 3] = [Self::ThirdParty, Self::Mutual, Self::Resident];

    /// As databases, files and message keys write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ThirdParty => "third_party",
            Self::Mutual => "mutual",
            Self::Resident => "resident",
        }
    }

    /// The kind that is written so.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What somebody said of a year: of one node, or of the whole plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Its number in this city's database; 0 before it is stored.
    pub id: i64,
    /// The number of the node; none where it is said of the whole plan.
    pub node: Option<i64>,
    /// The year it is about.
    pub year: FiscalYear,
    /// Whose view it is.
    pub kind: Kind,
    /// Who said it, as the public reads it.
    pub evaluator: String,
    /// The grade they gave.
    pub grade: Option<String>,
    /// What they said.
    pub comment: String,
    /// Since when it is public.
    pub published_on: Option<NaiveDate>,
    /// What the departments in charge say to it.
    pub answer: Option<Answer>,
}

/// What the departments in charge say to an evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The words.
    pub text: String,
    /// When they were said in public.
    pub on: NaiveDate,
}
