//! Mutual evaluation: who worked on the plan with the city is asked by mail what they think of a year. Nouns and rules;
//! no I/O.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kyodo_kernel::personal::holds_my_number;
use kyodo_kernel::secret::hex;
use kyodo_kernel::{FiscalYear, Secret};
use kyodo_web::components::Shape;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::plan::Outline;

/// So long after the last day a link still takes an answer: whoever is a few days late is not turned away.
const GRACE: TimeDelta = TimeDelta::days(7);

/// A year after the last day nobody needs a partner's address any more.
pub const KEPT: TimeDelta = TimeDelta::days(365);

/// How many characters an opinion takes.
pub const MOST_COMMENT: usize = 600;

/// How many characters a name takes, of an organisation or a person.
pub const MOST_NAME: usize = 60;

/// How many characters a note to a partner takes.
pub const MOST_NOTE: usize = 300;

/// Somebody who is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Partner {
    /// Their number.
    pub id: i64,
    /// The year they are asked about.
    pub year: FiscalYear,
    /// Their organisation.
    pub organisation: String,
    /// Whom in it; may be nobody in particular.
    pub name: String,
    /// Where the letter goes; empty once it is forgotten.
    pub email: String,
    /// The last day to answer.
    pub due_on: NaiveDate,
    /// What the office wants them to know.
    pub note: String,
    /// What their link follows from, with the city's key.
    pub seed: String,
    /// Who asked them, where that is known.
    pub asked_by: Option<String>,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// When they were last reminded.
    pub reminded_at: Option<DateTime<Utc>>,
    /// When their link was ended.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Partner {
    /// As the trail names them.
    #[must_use]
    pub fn subject(&self) -> String {
        subject(self.id)
    }

    /// Whether their link opens.
    #[must_use]
    pub fn is_open(&self, today: NaiveDate) -> bool {
        self.revoked_at.is_none() && today <= self.due_on + GRACE
    }

    /// Whether somebody can be written to.
    #[must_use]
    pub fn is_reachable(&self, today: NaiveDate) -> bool {
        self.is_open(today) && !self.email.is_empty()
    }
}

/// As the trail names a partner.
#[must_use]
pub fn subject(id: i64) -> String {
    format!("partner:{id}")
}

/// The secret part of a link: whoever reads the database alone cannot make it.
#[must_use]
pub fn token(city: &Secret, seed: &str) -> String {
    hex(&city.derive("plan-partner").sign(seed.as_bytes())[..16])
}

/// What the database keeps of it.
#[must_use]
pub fn fingerprint(token: &str) -> String {
    hex(&Sha256::digest(token))
}

/// What a partner says of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Opinion {
    /// Under which name it will be shown.
    pub shown_as: String,
    /// The grade they give, where the plan has grades and they want to.
    pub grade: Option<String>,
    /// Their words.
    pub comment: String,
}

/// Why an opinion cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpinionFault {
    /// Under no name.
    NoName,
    /// The name is too long; by how many characters.
    LongName(usize),
    /// The plan has no such grade.
    UnknownGrade,
    /// Nothing is said.
    NoComment,
    /// The words are too many; by how many characters.
    LongComment(usize),
    /// This field holds what looks like somebody's individual number.
    MyNumber(&'static str),
}

impl OpinionFault {
    /// The field it belongs to.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::NoName | Self::LongName(_) => "shown",
            Self::UnknownGrade => "grade",
            Self::NoComment | Self::LongComment(_) => "comment",
            Self::MyNumber(field) => field,
        }
    }
}

/// By how many characters a text is longer than it may be.
#[must_use]
pub fn over(text: &str, most: usize) -> Option<usize> {
    text.chars().count().checked_sub(most).filter(|over| *over > 0)
}

impl Opinion {
    /// What was typed into the fields of a form.
    pub fn typed<'f>(field: impl Fn(&str) -> &'f str) -> Self {
        Self {
            shown_as: field("shown").trim().to_owned(),
            grade: Some(field("grade").trim().to_owned()).filter(|grade| !grade.is_empty()),
            comment: field("comment").trim().to_owned(),
        }
    }

    /// Why it cannot be kept.
    #[must_use]
    pub fn faults(&self, outline: &Outline) -> Vec<OpinionFault> {
        let mut faults = Vec::new();
        if self.shown_as.is_empty() {
            faults.push(OpinionFault::NoName);
        }
        faults.extend(over(&self.shown_as, MOST_NAME).map(OpinionFault::LongName));
        if self.grade.as_ref().is_some_and(|grade| !outline.grades.iter().any(|one| one.name == *grade)) {
            faults.push(OpinionFault::UnknownGrade);
        }
        if self.comment.is_empty() {
            faults.push(OpinionFault::NoComment);
        }
        faults.extend(over(&self.comment, MOST_COMMENT).map(OpinionFault::LongComment));
        for (field, text) in [("comment", &self.comment), ("shown", &self.shown_as)] {
            if holds_my_number(text) {
                faults.push(OpinionFault::MyNumber(field));
            }
        }
        faults
    }

    /// What a reader saw, in a few letters: another opinion has another.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for part in [&self.shown_as, self.grade.as_ref().unwrap_or(&String::new()), &self.comment] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        hex(&hash.finalize()[..12])
    }
}

/// An item that a partner is asked about, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Its number.
    pub id: i64,
    /// The number of the partner.
    pub partner: i64,
    /// The number of the node.
    pub node: i64,
    /// Rises with every change.
    pub version: i64,
    /// What they say; empty before they do.
    pub opinion: Opinion,
    /// Where it stands.
    pub stage: Stage,
    /// When they last said it.
    pub answered_at: Option<DateTime<Utc>>,
    /// Why the office keeps it back.
    pub reason: String,
}

/// Where an item stands that a partner is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// They have said nothing yet.
    Asked,
    /// They have; the office may publish it.
    Answered,
    /// The office keeps it back.
    Aside,
    /// It is public.
    Published,
}

impl Stage {
    /// The message that names it.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Asked => "partner-stage-asked",
            Self::Answered => "partner-stage-answered",
            Self::Aside => "partner-stage-aside",
            Self::Published => "partner-stage-published",
        }
    }

    /// Its shape.
    #[must_use]
    pub fn shape(self) -> Shape {
        match self {
            Self::Asked => Shape::None,
            Self::Answered => Shape::Part,
            Self::Aside => Shape::Not,
            Self::Published => Shape::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partner() -> Partner {
        Partner {
            id: 1,
            year: FiscalYear::new(2026),
            organisation: "紙の会".to_owned(),
            name: String::new(),
            email: "kami@example.jp".to_owned(),
            due_on: "2026-12-11".parse().unwrap(),
            note: String::new(),
            seed: "a".to_owned(),
            asked_by: None,
            asked_at: "2026-11-20T00:00:00Z".parse().unwrap(),
            reminded_at: None,
            revoked_at: None,
        }
    }

    #[test]
    fn a_link_opens_until_a_week_after_its_day_or_until_it_is_ended() {
        let partner = partner();
        assert!(partner.is_open("2026-12-18".parse().unwrap()));
        assert!(!partner.is_open("2026-12-19".parse().unwrap()));
        let ended = Partner { revoked_at: Some(partner.asked_at), ..partner };
        assert!(!ended.is_open("2026-11-20".parse().unwrap()));
    }

    #[test]
    fn a_link_follows_from_its_seed_and_the_city() {
        let (one, other) = (Secret::new([7; 32]), Secret::new([8; 32]));
        assert_eq!(token(&one, "a"), token(&one, "a"));
        assert_ne!(token(&one, "a"), token(&one, "b"));
        assert_ne!(token(&one, "a"), token(&other, "a"));
        assert!(!fingerprint(&token(&one, "a")).contains(&token(&one, "a")));
    }
}
