//! What residents say of a year, if their city wants to hear it: when it is open, what can be sent, what is shown of it.
//! Nouns and rules; no I/O.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kyodo_jptext::half_width;
use kyodo_kernel::personal::{holds_my_number, parts_figures};
use kyodo_kernel::secret::hex;
use kyodo_kernel::{Chance, FiscalYear, Secret};
use kyodo_web::components::Shape;

use crate::partner::over;

/// A year after it came in, nobody needs the words as they were sent any more.
pub const KEPT: TimeDelta = TimeDelta::days(365);

/// How many characters a comment takes.
pub const MOST_COMMENT: usize = 400;

/// How many characters a name takes.
pub const MOST_NAME: usize = 30;

/// How many characters the question takes.
pub const MOST_QUESTION: usize = 300;

/// What covers words that are not shown.
pub const BLACK: char = '●';

/// When residents are asked about a year, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The year.
    pub year: FiscalYear,
    /// The first day.
    pub opens_on: NaiveDate,
    /// The last day.
    pub closes_on: NaiveDate,
    /// What the city would like to know; empty for nothing in particular.
    pub question: String,
    /// Rises with every change.
    pub version: i64,
}

impl Call {
    /// Whether comments are taken.
    #[must_use]
    pub fn is_open(&self, today: NaiveDate) -> bool {
        (self.opens_on..=self.closes_on).contains(&today)
    }
}

/// What somebody wants to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The comment.
    pub comment: String,
    /// The name they want to stand under; empty for none.
    pub name: String,
}

/// Why words cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordsFault {
    /// Nothing is said.
    NoComment,
    /// The comment is too long; by how many characters.
    LongComment(usize),
    /// The name is too long; by how many characters.
    LongName(usize),
    /// They hold what looks like somebody's individual number.
    MyNumber,
}

impl WordsFault {
    /// The field it belongs to.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::LongName(_) => "name",
            Self::NoComment | Self::LongComment(_) | Self::MyNumber => "comment",
        }
    }
}

impl Words {
    /// What was typed into the fields of a form.
    pub fn typed<'f>(field: impl Fn(&str) -> &'f str) -> Self {
        Self { comment: field("comment").trim().to_owned(), name: field("name").trim().to_owned() }
    }

    /// Why they cannot be sent.
    #[must_use]
    pub fn faults(&self) -> Vec<WordsFault> {
        let mut faults = Vec::new();
        if self.comment.is_empty() {
            faults.push(WordsFault::NoComment);
        }
        faults.extend(over(&self.comment, MOST_COMMENT).map(WordsFault::LongComment));
        faults.extend(over(&self.name, MOST_NAME).map(WordsFault::LongName));
        if holds_my_number(&self.comment) || holds_my_number(&self.name) {
            faults.push(WordsFault::MyNumber);
        }
        faults
    }

    /// Whether they hold what looks like a telephone number or a mail address: the writer is asked once more.
    #[must_use]
    pub fn holds_contact(&self) -> bool {
        holds_phone(&self.comment) || holds_email(&self.comment)
    }
}

/// Ten or eleven figures that begin with a nought, in groups or not: a telephone in Japan.
fn holds_phone(text: &str) -> bool {
    let mut groups = vec![String::new()];
    for c in half_width(text).chars().chain(['\n']) {
        match c {
            '0'..='9' => {
                if let Some(group) = groups.last_mut() {
                    group.push(c);
                }
            }
            'ー' | '(' | ')' => groups.push(String::new()),
            c if parts_figures(c) => groups.push(String::new()),
            _ => {
                groups.retain(|group| !group.is_empty());
                if (0..groups.len()).any(|from| begins_with_phone(&groups[from..])) {
                    return true;
                }
                groups = vec![String::new()];
            }
        }
    }
    false
}

/// Whether the first of these groups of figures are a telephone's; a year or an hour may stand behind.
fn begins_with_phone(groups: &[String]) -> bool {
    let mut figures = 0;
    let mut lengths = groups.iter().map(|group| {
        figures += group.len();
        figures
    });
    groups.first().is_some_and(|first| first.starts_with('0')) && lengths.any(|length| (10..=11).contains(&length))
}

/// Something on both sides of an at sign, with a dot behind it.
fn holds_email(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '%');
    let letters: Vec<char> = half_width(text).chars().collect();
    letters.iter().enumerate().filter(|(_, c)| **c == '@').any(|(at, _)| {
        let before = at > 0 && is_part(letters[at - 1]);
        let behind: String = letters[at + 1..].iter().take_while(|c| is_part(**c)).collect();
        before && behind.trim_matches('.').contains('.')
    })
}

/// Whether a text says what was sent, with nothing but parts of it blacked out: the office takes away and adds nothing. What
/// is forgotten has nothing to show.
#[must_use]
pub fn is_blacked_out(sent: &str, shown: &str) -> bool {
    if shown == sent {
        return !sent.is_empty();
    }
    if shown.trim_matches(|c: char| c == BLACK || c.is_whitespace()).is_empty() {
        return false;
    }
    let pieces: Vec<&str> = shown.split(BLACK).filter(|piece| !piece.is_empty()).collect();
    if !shown.contains(BLACK) {
        return false;
    }
    let mut rest = sent;
    for (at, piece) in pieces.iter().enumerate() {
        let (first, last) = (at == 0, at + 1 == pieces.len());
        let begins = first && !shown.starts_with(BLACK);
        let ends = last && !shown.ends_with(BLACK);
        rest = match (begins, ends) {
            (true, _) => match rest.strip_prefix(piece) {
                Some(rest) => rest,
                None => return false,
            },
            (false, true) => return rest.ends_with(piece),
            (false, false) => match rest.find(piece) {
                Some(found) => &rest[found + piece.len()..],
                None => return false,
            },
        };
    }
    // What stood behind the last piece is covered, or there was nothing.
    shown.ends_with(BLACK) || rest.is_empty()
}

/// Where a comment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Nobody has decided.
    New,
    /// It will be published.
    Ready,
    /// It will not.
    Aside,
    /// Another comment speaks for it.
    Merged,
    /// It is public.
    Published,
}

impl Stage {
    /// Every stage, as filters list them.
    pub const ALL: [Self; 5] = [Self::New, Self::Ready, Self::Aside, Self::Merged, Self::Published];

    /// As databases, addresses and message keys write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Ready => "ready",
            Self::Aside => "aside",
            Self::Merged => "merged",
            Self::Published => "published",
        }
    }

    /// The stage of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }

    /// The message that names it.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::New => "voice-stage-new",
            Self::Ready => "voice-stage-ready",
            Self::Aside => "voice-stage-aside",
            Self::Merged => "voice-stage-merged",
            Self::Published => "voice-stage-published",
        }
    }

    /// Its shape.
    #[must_use]
    pub fn shape(self) -> Shape {
        match self {
            Self::New => Shape::None,
            Self::Ready => Shape::Ok,
            Self::Aside | Self::Merged => Shape::Not,
            Self::Published => Shape::Done,
        }
    }
}

/// A comment as the office has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    /// Its number.
    pub id: i64,
    /// The number of the node; none where it is about the whole year.
    pub node: Option<i64>,
    /// The year it is about.
    pub year: FiscalYear,
    /// What its writer was given.
    pub receipt: String,
    /// What was sent; empty once it is forgotten.
    pub words: Words,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// Where it stands.
    pub stage: Stage,
    /// What is shown, or would be.
    pub shown: String,
    /// Under which name; empty for none.
    pub shown_as: String,
    /// Why it is not shown.
    pub reason: String,
    /// The comment that speaks for it.
    pub merged_into: Option<i64>,
    /// The number of what everybody reads of it, once it is published.
    pub evaluation: Option<i64>,
    /// Rises with every change.
    pub version: i64,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// How many others it speaks for.
    pub others: i64,
}

impl Voice {
    /// As the trail names it.
    #[must_use]
    pub fn subject(&self) -> String {
        subject(self.id)
    }
}

/// As the trail names a comment.
#[must_use]
pub fn subject(id: i64) -> String {
    format!("voice:{id}")
}

/// A number to ask by, which nobody guesses and everybody can read out on the telephone: no letters that look alike.
#[must_use]
pub fn receipt(chance: Chance) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let bytes = chance.bytes();
    let letters: Vec<char> = (0..8).map(|at| char::from(LETTERS[usize::from(bytes[at] % 32)])).collect();
    let text: String = letters.into_iter().collect();
    format!("{}-{}", &text[..4], &text[4..])
}

/// Nobody reads, writes and confirms in less time than this; programs do.
const QUICK: TimeDelta = TimeDelta::seconds(3);

/// After this long a form is shown once more.
const OLD: TimeDelta = TimeDelta::hours(24);

/// When a form was shown, signed by the city so that nobody makes it up.
#[must_use]
pub fn stamp(city: &Secret, at: DateTime<Utc>) -> String {
    let at = at.timestamp().to_string();
    let signed = hex(&city.derive("plan-voice").sign(at.as_bytes())[..12]);
    format!("{at}.{signed}")
}

/// Whether a form that is sent was shown a while ago by this city.
#[must_use]
pub fn was_shown(city: &Secret, stamped: &str, now: DateTime<Utc>) -> bool {
    let at = stamped.split('.').next().and_then(|at| at.parse().ok()).and_then(|at| DateTime::from_timestamp(at, 0));
    at.is_some_and(|at| stamp(city, at) == stamped && now - at >= QUICK && now - at <= OLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephones_and_mail_addresses_are_seen() {
        let words = |comment: &str| Words { comment: comment.to_owned(), name: String::new() };
        for text in [
            "0191-21-2111に電話を",
            "090 は 09012345678です",
            "（０１９１）２１－２１１１",
            "hana@example.jpへ",
            "ｈａｎａ＠example.jp",
            "ＨＡＮＡ＠ＥＸＡＭＰＬＥ．ＪＰ",
            "hana＿sato＠example．jp",
            "0191−21−2111",
            "0191‑21‑2111",
            "０９０–１２３４—５６７８",
            "090 1234 5678 に",
            "０１９１　２１　２１１１",
            "2026 0191-21-2111 2027",
        ] {
            assert!(words(text).holds_contact(), "{text}");
        }
        for text in ["令和8年11月20日", "12-34-56", "2026年から2030年まで", "＠の印", "会費は1000円", "0から9まで"]
        {
            assert!(!words(text).holds_contact(), "{text}");
        }
    }

    #[test]
    fn parts_are_covered_and_nothing_is_added() {
        let sent = "課長の佐藤さんが来ません。夜の会もほしいです。";
        for shown in [
            sent,
            "課長の●●さんが来ません。夜の会もほしいです。",
            "●●●が来ません。夜の会もほしいです。",
            "課長の●●さんが来ません。●",
            "●来ません。●ほしいです。",
        ] {
            assert!(is_blacked_out(sent, shown), "{shown}");
        }
        assert!(!is_blacked_out("", ""), "forgotten");
        for shown in [
            "",
            "●●●●",
            "課長さんが来ません。夜の会もほしいです。",
            "課長の●●さんが来ます。夜の会もほしいです。",
            "●●夜の会もほしいです。よろしく",
            "夜の会もほしいです。●",
            "課長の●●さんが来ません。",
        ] {
            assert!(!is_blacked_out(sent, shown), "{shown}");
        }
    }

    #[test]
    fn a_form_is_sent_neither_at_once_nor_by_somebody_who_never_saw_it() {
        let (city, now) = (Secret::new([7; 32]), "2026-11-20T01:00:00Z".parse::<DateTime<Utc>>().unwrap());
        assert!(was_shown(&city, &stamp(&city, now - TimeDelta::seconds(3)), now));
        assert!(!was_shown(&city, &stamp(&city, now), now));
        assert!(!was_shown(&city, &stamp(&city, now - TimeDelta::days(2)), now));
        assert!(!was_shown(&city, &stamp(&Secret::new([8; 32]), now - TimeDelta::minutes(1)), now));
        assert!(!was_shown(&city, "", now) && !was_shown(&city, "1.2", now));
    }

    #[test]
    fn a_receipt_can_be_read_out() {
        let receipt = receipt(Chance::Real);
        assert_eq!(receipt.len(), 9, "{receipt}");
        assert!(!receipt.contains(['0', '1', 'I', 'O']), "{receipt}");
    }
}
