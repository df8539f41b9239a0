//! What the writers do, and what was answered: the memory that the database is held against.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

/// A kind of change that is accepted with 303 today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// The text of a measure becomes public.
    Text,
    /// A document is added to a measure.
    Document,
    /// Somebody is invited, by a letter.
    Invitation,
    /// The office opens the yearly round.
    Round,
    /// A department hands in a report of the round, for the first time or once more.
    Report,
    /// A head agrees to a report.
    Agreement,
}

impl Kind {
    /// Every kind, with what so many of them are called.
    pub(super) const ALL: [(Self, &'static str); 6] = [
        (Self::Text, "texts"),
        (Self::Document, "documents"),
        (Self::Invitation, "invitations"),
        (Self::Round, "rounds"),
        (Self::Report, "reports"),
        (Self::Agreement, "agreements"),
    ];
}

/// How a change was answered in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Accepted,
    /// Somebody else was faster: nothing of it may be there.
    Refused,
}

/// One change. Everything it says follows from its token, so that it is known again.
#[derive(Clone, Debug)]
pub(super) struct Deed {
    pub(super) city: &'static str,
    pub(super) kind: Kind,
    /// The measure that it is about; the year of a round.
    pub(super) line: String,
    pub(super) token: String,
    /// What its writer had seen: the fingerprint of a text, the version of a report.
    pub(super) base: String,
    /// How often it was posted, until it was answered.
    pub(super) posts: u32,
    /// None before it was answered.
    pub(super) fate: Option<Fate>,
}

/// What the purpose of a text and the next step of a report begin with; its token follows.
const PURPOSE: &str = "強制終了の試験 ";
const SENTENCE: &str = "協働の取組を、少しずつ進めます。";
/// Where nobody reads.
const HOST: &str = "@torture.example";
const ENDING: &str = ".pdf";
/// The grades of the city whose round is open.
const GRADES: [&str; 3] = ["A", "B", "C"];

pub(super) fn purpose(token: &str) -> String {
    format!("{PURPOSE}{token}")
}

/// The token of a text by its purpose, or of a report by its next step.
pub(super) fn token_of_purpose(purpose: &str) -> Option<&str> {
    purpose.strip_prefix(PURPOSE)
}

pub(super) fn text(token: &str) -> String {
    long(token, 100)
}

/// What a report says, as it is stored.
pub(super) fn report(token: &str) -> Value {
    let grade = GRADES[below(token, GRADES.len())];
    json!({ "mark": null, "grade": grade, "text": long(token, 30), "next": purpose(token) })
}

/// Fewer sentences than this, and the token.
fn long(token: &str, most: usize) -> String {
    format!("{}{token}", SENTENCE.repeat(below(token, most)))
}

pub(super) fn email(token: &str) -> String {
    format!("{token}{HOST}")
}

/// The token of somebody invited by their address.
pub(super) fn token_of_email(email: &str) -> Option<&str> {
    email.strip_suffix(HOST)
}

pub(super) fn document(token: &str) -> String {
    format!("{token}{ENDING}")
}

/// The token of a document by its name.
pub(super) fn token_of_document(name: &str) -> Option<&str> {
    name.strip_suffix(ENDING)
}

/// A document of up to half a megabyte, so that a crash finds the middle of its writing.
pub(super) fn content(token: &str) -> Vec<u8> {
    let line = format!("% {token} {:016x}\n", weight(token));
    let mut content = b"%PDF-1.7\n".to_vec();
    for _ in 0..below(token, 12_000) {
        content.extend_from_slice(line.as_bytes());
    }
    content.extend_from_slice(b"%%EOF\n");
    content
}

/// A number below another, that follows from a token.
fn below(token: &str, end: usize) -> usize {
    usize::try_from(weight(token) % end as u64).unwrap_or_default()
}

/// A number that follows from a token (FNV-1a).
fn weight(token: &str) -> u64 {
    token.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Every change so far, shared by those who write and those who check.
#[derive(Clone, Default)]
pub(super) struct Deeds(Arc<Mutex<Vec<Deed>>>);

impl Deeds {
    pub(super) fn all(&self) -> Vec<Deed> {
        self.locked().clone()
    }

    /// Writes down what is about to be posted, before it is; its number.
    pub(super) fn begin(&self, deed: Deed) -> usize {
        let mut deeds = self.locked();
        deeds.push(deed);
        deeds.len() - 1
    }

    pub(super) fn change(&self, number: usize, change: impl FnOnce(&mut Deed)) {
        if let Some(deed) = self.locked().get_mut(number) {
            change(deed);
        }
    }

    fn locked(&self) -> MutexGuard<'_, Vec<Deed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deed_is_known_again_by_what_it_left() {
        let token = "text-3-14";
        assert_eq!(report(token)["next"].as_str().and_then(token_of_purpose), Some(token));
        assert_eq!(token_of_purpose(&purpose(token)), Some(token));
        assert_eq!(token_of_email(&email(token)), Some(token));
        assert_eq!(token_of_document(&document(token)), Some(token));
        assert!(token_of_purpose("目的").is_none() && token_of_email("hana@city.example").is_none());
    }

    #[test]
    fn texts_and_documents_fit_into_their_forms_and_differ() {
        for n in 0..500 {
            let token = format!("text-1-{n}");
            assert!(text(&token).chars().count() <= 2000);
            assert!(content(&token).len() < 1024 * 1024);
            assert!(report(&token)["text"].as_str().is_some_and(|text| text.chars().count() <= 600), "{token}");
            assert!(GRADES.iter().any(|grade| report(&token)["grade"] == *grade), "{token}");
        }
        assert_ne!(text("text-1-1"), text("text-1-2"));
        assert_ne!(report("report-1-1"), report("report-1-2"));
        assert_ne!(content("document-1-1"), content("document-1-2"));
    }
}
