//! What others say of a year of the plan, and what the departments in charge answer. Nouns and rules; no I/O.

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_kernel::FiscalYear;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::plan::{Duty, Outline};
use crate::round::tidied;

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

// --- the committee's list ----------------------------------------------------------------------------------

/// A year's evaluation by the committee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its number in this city's database.
    pub id: i64,
    /// The year that is evaluated.
    pub year: FiscalYear,
    /// The committee's name, as the public reads it.
    pub body: String,
    /// From which day members write.
    pub opens_on: NaiveDate,
    /// The last day on which they do.
    pub due_on: NaiveDate,
    /// What the office wants members to know.
    pub note: String,
    /// When the meeting's opinions became public.
    pub published_at: Option<DateTime<Utc>>,
}

/// Where an evaluation by the committee stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewStage {
    /// Its first day has not come.
    Ahead,
    /// Members write.
    Open,
    /// Their day is over: the office reads what they wrote, and the meeting speaks.
    Meeting,
    /// What the meeting said is public.
    Published,
}

impl ReviewStage {
    /// Every stage, in the order of the year.
    pub const ALL: [Self; 4] = [Self::Ahead, Self::Open, Self::Meeting, Self::Published];

    /// As message keys write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ahead => "ahead",
            Self::Open => "open",
            Self::Meeting => "meeting",
            Self::Published => "published",
        }
    }
}

impl Review {
    /// Where it stands on a day.
    #[must_use]
    pub fn stage(&self, today: NaiveDate) -> ReviewStage {
        match self.published_at {
            Some(_) => ReviewStage::Published,
            None if today < self.opens_on => ReviewStage::Ahead,
            None if today <= self.due_on => ReviewStage::Open,
            None => ReviewStage::Meeting,
        }
    }

    /// Whether members may write.
    #[must_use]
    pub fn is_open(&self, today: NaiveDate) -> bool {
        self.stage(today) == ReviewStage::Open
    }

    /// Whether the office reads what members wrote. Not while they write: nobody's first word sways the next.
    #[must_use]
    pub fn is_told(&self, today: NaiveDate) -> bool {
        matches!(self.stage(today), ReviewStage::Meeting | ReviewStage::Published)
    }

    /// The address of its page, or of something below it.
    #[must_use]
    pub fn address(&self, below: &str) -> String {
        format!("{REVIEWS}/{}{below}", i32::from(self.year))
    }

    /// The address of an item on its list, or of something below it.
    #[must_use]
    pub fn item(&self, key: &str, below: &str) -> String {
        self.address(&format!("/{key}{below}"))
    }
}

/// Where the committee's evaluations are.
pub const REVIEWS: &str = "/desk/plan/evaluations";

/// Where what was said of the plan is answered.
pub const OPINIONS: &str = "/desk/plan/opinions";

/// The committee that looks at the plan from outside, as the plan names it.
#[must_use]
pub fn committee(outline: &Outline) -> Option<&str> {
    outline.bodies.iter().find(|body| body.does == Duty::Evaluates).map(|body| body.name.as_str())
}

// --- a grade with words ------------------------------------------------------------------------------------

/// What stands in the field of a grade when somebody cannot judge an item.
pub const CANNOT_SAY: &str = "-";

/// How many characters a member's words, the meeting's opinion and an answer take.
pub const MOST_REMARK: usize = 600;

/// What somebody says of an item: a member for the meeting, or the meeting for the public.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remark {
    /// The grade that was chosen, [`CANNOT_SAY`], or nothing.
    pub grade: String,
    /// The words.
    pub comment: String,
}

/// Why a remark cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemarkFault {
    /// No grade was chosen.
    NoGrade,
    /// The plan has no such grade.
    UnknownGrade,
    /// Nothing is said.
    NoComment,
    /// There are more characters than it takes; by how many.
    LongComment(usize),
}

impl RemarkFault {
    /// The field it belongs to.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::NoGrade | Self::UnknownGrade => "grade",
            Self::NoComment | Self::LongComment(_) => "comment",
        }
    }
}

impl Remark {
    /// What was typed into the fields of a form.
    pub fn typed<'f>(field: impl Fn(&str) -> &'f str) -> Self {
        Self { grade: field("grade").trim().to_owned(), comment: tidied(field("comment")) }
    }

    /// As it was stored.
    #[must_use]
    pub fn stored(grade: Option<String>, comment: String) -> Self {
        Self { grade: grade.unwrap_or_else(|| CANNOT_SAY.to_owned()), comment }
    }

    /// The grade, where one was given.
    #[must_use]
    pub fn given(&self) -> Option<&str> {
        Some(self.grade.as_str()).filter(|grade| !grade.is_empty() && *grade != CANNOT_SAY)
    }

    /// Every field with what stands in it, in the order of the form.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, String)> {
        [("grade", self.grade.clone()), ("comment", self.comment.clone())].into_iter()
    }

    /// What a reader saw, in a few letters: another remark has another.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&[self.given().unwrap_or_default(), &self.comment])
    }

    /// Why a member's remark cannot be taken: it needs a grade, or words where the plan has no grades.
    #[must_use]
    pub fn faults(&self, outline: &Outline) -> Vec<RemarkFault> {
        let mut faults = Vec::new();
        if outline.grades.is_empty() {
            if self.comment.is_empty() {
                faults.push(RemarkFault::NoComment);
            }
        } else if self.grade.is_empty() {
            faults.push(RemarkFault::NoGrade);
        }
        faults.extend(self.odd_grade(outline));
        faults.extend(long(&self.comment));
        faults
    }

    /// Why the meeting's opinion cannot be taken: the public reads its words, a grade alone tells a department nothing.
    #[must_use]
    pub fn opinion_faults(&self, outline: &Outline) -> Vec<RemarkFault> {
        let mut faults: Vec<RemarkFault> = self.odd_grade(outline).into_iter().collect();
        if self.comment.is_empty() {
            faults.push(RemarkFault::NoComment);
        }
        faults.extend(long(&self.comment));
        faults
    }

    fn odd_grade(&self, outline: &Outline) -> Option<RemarkFault> {
        let grade = self.given()?;
        (!outline.grades.iter().any(|one| one.name == grade)).then_some(RemarkFault::UnknownGrade)
    }
}

fn long(text: &str) -> Option<RemarkFault> {
    text.chars().count().checked_sub(MOST_REMARK).filter(|over| *over > 0).map(RemarkFault::LongComment)
}

/// Texts in a few letters: others have other letters.
#[must_use]
pub fn fingerprint(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    kyodo_kernel::secret::hex(&hash.finalize()[..12])
}

// --- answers -----------------------------------------------------------------------------------------------

/// How long departments have to answer where nobody named a day.
pub const DAYS_TO_ANSWER: u64 = 28;

/// Where the answer to an opinion stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerStage {
    /// Nobody has written one.
    Missing,
    /// The office sent it back.
    Returned,
    /// The office has it.
    Sent,
    /// It is public.
    Public,
    /// There is none, because what was said is withdrawn.
    Withdrawn,
}

impl AnswerStage {
    /// Every stage, in the order of the way.
    pub const ALL: [Self; 5] = [Self::Missing, Self::Returned, Self::Sent, Self::Public, Self::Withdrawn];

    /// As message keys and addresses write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Returned => "returned",
            Self::Sent => "sent",
            Self::Public => "public",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether nobody writes an answer any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Public | Self::Withdrawn)
    }

    /// Whether the department has to do something.
    #[must_use]
    pub fn is_with_department(self) -> bool {
        matches!(self, Self::Missing | Self::Returned)
    }
}
