//! What a department may say of its measure in public: what it is for, whom to ask, how its words are read.

mod diff;

use kyodo_jptext::{half_width, phone_like};
use kyodo_kernel::profile;
use kyodo_kernel::secret::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use diff::{Piece, diff};

use crate::node::Node;

/// The text of a measure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Text {
    /// What it is for, in a sentence: the first thing residents read.
    pub purpose: String,
    /// What is done.
    pub text: String,
    /// How things are, and why something is done.
    pub situation: String,
    /// When it is finished.
    pub completion: String,
    /// Whom to ask, where it is not simply the department.
    pub contact: Contact,
    /// Words with how they are read.
    pub readings: Vec<(String, String)>,
}

/// Whom to ask about one measure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are those of every contact")]
pub struct Contact {
    pub name: String,
    pub phone: String,
    pub fax: String,
    pub email: String,
    pub hours: String,
    pub address: String,
}

impl Contact {
    /// Whether nothing is said of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether there is any way to reach somebody here.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !(self.phone.is_empty() && self.email.is_empty() && self.address.is_empty())
    }

    /// As pages show a contact.
    #[must_use]
    pub fn shown(&self) -> profile::Contact {
        let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        profile::Contact {
            department: None,
            address: some(&self.address),
            phone: some(&self.phone),
            fax: some(&self.fax),
            email: some(&self.email),
            hours: some(&self.hours),
        }
    }
}

/// A part of a text that is written in a field of its own.
#[derive(Debug)]
pub struct Part {
    /// The field's name; its words are `text-<name>` and `text-<name>-hint`.
    pub name: &'static str,
    /// How many characters it takes.
    pub most: usize,
    /// How many lines high its field is; one line only where it is 1.
    pub rows: u8,
    /// What the text says there.
    pub of: fn(&Text) -> &str,
    slot: fn(&mut Text) -> &mut String,
    /// The one way in which it is written, whatever was typed.
    tidied: fn(&str) -> String,
}

/// The field of the readings: one word a line.
pub const READINGS: &str = "readings";

/// How many words with a reading a text takes.
const MOST_READINGS: usize = 50;

/// How many characters a word or its reading takes.
const MOST_OF_READING: usize = 50;

/// Everything of a text but the readings, in the order of the form. The longest text of the five plans has 104 characters.
pub const PARTS: [Part; 10] = [
    part("purpose", 200, 3, |t| &t.purpose, |t| &mut t.purpose, several),
    part("text", 2000, 8, |t| &t.text, |t| &mut t.text, several),
    part("situation", 1000, 5, |t| &t.situation, |t| &mut t.situation, several),
    part("completion", 200, 2, |t| &t.completion, |t| &mut t.completion, several),
    part("office", 60, 1, |t| &t.contact.name, |t| &mut t.contact.name, single),
    part("phone", 40, 1, |t| &t.contact.phone, |t| &mut t.contact.phone, phone_like),
    part("fax", 40, 1, |t| &t.contact.fax, |t| &mut t.contact.fax, phone_like),
    part("email", 200, 1, |t| &t.contact.email, |t| &mut t.contact.email, address),
    part("hours", 100, 1, |t| &t.contact.hours, |t| &mut t.contact.hours, single),
    part("address", 120, 1, |t| &t.contact.address, |t| &mut t.contact.address, single),
];

const fn part(
    name: &'static str,
    most: usize,
    rows: u8,
    of: fn(&Text) -> &str,
    slot: fn(&mut Text) -> &mut String,
    tidied: fn(&str) -> String,
) -> Part {
    Part { name, most, rows, of, slot, tidied }
}

/// Lines without space at their ends; no more than one empty line in a row.
fn several(typed: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in typed.trim().lines().map(str::trim_end) {
        if !(line.is_empty() && lines.last().is_some_and(|last| last.is_empty())) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

fn single(typed: &str) -> String {
    typed.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn address(typed: &str) -> String {
    half_width(typed).split_whitespace().collect()
}

/// Why a text cannot be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Neither purpose nor text is there.
    Nothing,
    /// A part has more characters than it takes.
    TooLong {
        /// The part's name.
        part: &'static str,
        /// How many it takes.
        most: usize,
        /// How many there are.
        now: usize,
    },
    /// There is a name or hours, and no way to reach anybody.
    NoWay,
    /// No number can be dialled; the part's name.
    NotANumber(&'static str),
    /// No mail can be sent there.
    NotAnAddress,
    /// There are more readings than it takes.
    TooManyReadings,
    /// A word has no reading.
    NoReading(String),
    /// A word has nothing that needs a reading.
    NoKanji(String),
    /// A reading is not written in hiragana; the word.
    NotHiragana(String),
    /// A word occurs nowhere in the texts.
    Nowhere(String),
    /// A word has two readings.
    Twice(String),
    /// A word or its reading is too long.
    LongReading(String),
}

impl Fault {
    /// The field it belongs to.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Nothing => "text",
            Self::TooLong { part, .. } | Self::NotANumber(part) => part,
            Self::NoWay => "phone",
            Self::NotAnAddress => "email",
            _ => READINGS,
        }
    }
}

impl Text {
    /// What is public of a node.
    #[must_use]
    pub fn of(node: &Node) -> Self {
        let details = &node.details;
        Self {
            purpose: details.purpose.clone(),
            text: details.text.clone(),
            situation: details.situation.clone(),
            completion: details.completion.clone(),
            contact: details.contact.clone(),
            readings: details.readings.clone(),
        }
    }

    /// What was typed into the fields of a form.
    pub fn typed<'f>(field: impl Fn(&str) -> &'f str) -> Self {
        let mut text = Self::default();
        for part in &PARTS {
            *(part.slot)(&mut text) = (part.tidied)(field(part.name));
        }
        text.readings = field(READINGS).lines().filter_map(reading).collect();
        text
    }

    /// Puts it in the place of what a node says.
    pub fn put_into(&self, node: &mut Node) {
        let Self { purpose, text, situation, completion, contact, readings } = self.clone();
        node.details.purpose = purpose;
        node.details.text = text;
        node.details.situation = situation;
        node.details.completion = completion;
        node.details.contact = contact;
        node.details.readings = readings;
    }

    /// What a writer saw when they began, in a few letters: another text has another.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for value in self.fields().map(|(_, value)| value) {
            hash.update(value.len().to_le_bytes());
            hash.update(value);
        }
        hex(&hash.finalize()[..12])
    }

    /// Every field with what stands in it, the readings last.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, String)> {
        let parts = PARTS.iter().map(|part| (part.name, (part.of)(self).to_owned()));
        parts.chain([(READINGS, self.written_readings())])
    }

    /// One word a line, 「漢字 かな」.
    fn written_readings(&self) -> String {
        let lines: Vec<String> =
            self.readings.iter().map(|(word, reading)| format!("{word} {reading}").trim_end().to_owned()).collect();
        lines.join("\n")
    }

    /// Whether residents are told what the measure is.
    #[must_use]
    pub fn is_described(&self) -> bool {
        !(self.purpose.is_empty() && self.text.is_empty())
    }

    /// Why it cannot be published as the text of a measure with this title.
    #[must_use]
    pub fn faults(&self, title: &str) -> Vec<Fault> {
        let mut faults: Vec<Fault> = PARTS
            .iter()
            .filter_map(|part| {
                let now = (part.of)(self).chars().count();
                (now > part.most).then_some(Fault::TooLong { part: part.name, most: part.most, now })
            })
            .collect();
        if !self.is_described() {
            faults.push(Fault::Nothing);
        }
        faults.extend(self.contact.faults());
        if self.readings.len() > MOST_READINGS {
            faults.push(Fault::TooManyReadings);
        }
        let texts = [title, &self.purpose, &self.text, &self.situation, &self.completion];
        for (at, (word, reading)) in self.readings.iter().enumerate() {
            let twice = self.readings[..at].iter().any(|(other, _)| other == word);
            faults.extend(fault_of_reading(word, reading, &texts, twice));
        }
        faults
    }
}

impl Contact {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !self.is_empty() && !self.is_known() {
            faults.push(Fault::NoWay);
        }
        let dials = |number: &str| number.chars().filter(char::is_ascii_digit).count() >= 3;
        for (part, number) in [("phone", &self.phone), ("fax", &self.fax)] {
            if !number.is_empty() && !dials(number) {
                faults.push(Fault::NotANumber(part));
            }
        }
        if !self.email.is_empty() && !is_mail_address(&self.email) {
            faults.push(Fault::NotAnAddress);
        }
        faults
    }
}

fn is_mail_address(address: &str) -> bool {
    let plain = address.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | ',' | ';'));
    let (name, host) = address.split_once('@').unwrap_or_default();
    plain
        && !name.is_empty()
        && host.contains('.')
        && !host.contains('@')
        && !host.starts_with('.')
        && !host.ends_with('.')
}

/// A line of the readings: a word, a gap of any kind, how it is read.
fn reading(line: &str) -> Option<(String, String)> {
    let gap = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | '=' | '＝' | ':' | '：');
    let line = line.trim_matches(gap);
    let (word, reading) = line.split_once(gap).unwrap_or((line, ""));
    (!word.is_empty()).then(|| (word.to_owned(), reading.trim_matches(gap).to_owned()))
}

fn fault_of_reading(word: &str, reading: &str, texts: &[&str], twice: bool) -> Option<Fault> {
    let word_of = || word.chars().take(MOST_OF_READING).collect::<String>();
    let long = |text: &str| text.chars().count() > MOST_OF_READING;
    if reading.is_empty() {
        Some(Fault::NoReading(word_of()))
    } else if long(word) || long(reading) {
        Some(Fault::LongReading(word_of()))
    } else if !word.chars().any(is_kanji) {
        Some(Fault::NoKanji(word_of()))
    } else if !reading.chars().all(is_hiragana) {
        Some(Fault::NotHiragana(word_of()))
    } else if twice {
        Some(Fault::Twice(word_of()))
    } else if !texts.iter().any(|text| text.contains(word)) {
        Some(Fault::Nowhere(word_of()))
    } else {
        None
    }
}

fn is_hiragana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ゝ' | 'ゞ' | 'ー')
}

fn is_kanji(c: char) -> bool {
    matches!(c, '々' | '〆' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> Text {
        Text { text: "鶴を折る会を開きます。".to_owned(), ..Text::default() }
    }

    fn read(word: &str, reading: &str) -> Vec<Fault> {
        Text { readings: vec![(word.to_owned(), reading.to_owned())], ..text() }.faults("折り方の会")
    }

    #[test]
    fn a_fingerprint_changes_with_every_field_and_with_nothing_else() {
        let mut seen = vec![text().fingerprint()];
        for part in &PARTS {
            let mut other = text();
            (part.slot)(&mut other).push('鶴');
            seen.push(other.fingerprint());
        }
        seen.push(Text { readings: vec![("鶴".to_owned(), "つる".to_owned())], ..text() }.fingerprint());
        let different: std::collections::HashSet<_> = seen.iter().collect();
        assert_eq!(different.len(), PARTS.len() + 2);
        assert_eq!(text().fingerprint(), seen[0]);
    }

    #[test]
    fn what_is_typed_comes_back_the_same() {
        let full = Text { readings: vec![("鶴".to_owned(), "つる".to_owned())], ..text() };
        let fields: Vec<(&str, String)> = full.fields().collect();
        let field = |name: &str| fields.iter().find(|(own, _)| *own == name).map_or("", |(_, value)| value.as_str());
        assert_eq!(Text::typed(field), full);
    }

    #[test]
    fn numbers_and_addresses_are_taken_as_people_type_them() {
        let typed = Text::typed(|name| match name {
            "phone" => "０００ー０００ー０００１",
            "email" => " ｏｒｉ＠mihon.example ",
            "office" => " 折り鶴課 \n 窓口",
            "text" => "  一つ目。  \n\n\n\n二つ目。\n",
            "readings" => "折り鶴　おりづる\n\n 鶴,つる \n角",
            _ => "",
        });
        assert_eq!(typed.contact.phone, "000-000-0001");
        assert_eq!(typed.contact.email, "ori@mihon.example");
        assert_eq!(typed.contact.name, "折り鶴課 窓口");
        assert_eq!(typed.text, "一つ目。\n\n二つ目。");
        let readings: Vec<(&str, &str)> = typed.readings.iter().map(|(w, r)| (w.as_str(), r.as_str())).collect();
        assert_eq!(readings, [("折り鶴", "おりづる"), ("鶴", "つる"), ("角", "")]);
    }

    #[test]
    fn a_reading_is_hiragana_for_a_word_with_kanji_that_occurs() {
        assert_eq!(read("鶴", "つる"), []);
        assert_eq!(read("折り方", "おりかた"), [], "the title counts");
        assert_eq!(read("鶴", ""), [Fault::NoReading("鶴".to_owned())]);
        assert_eq!(read("鶴", "ツル"), [Fault::NotHiragana("鶴".to_owned())]);
        assert_eq!(read("ます", "ます"), [Fault::NoKanji("ます".to_owned())]);
        assert_eq!(read("舟", "ふね"), [Fault::Nowhere("舟".to_owned())]);
    }

    #[test]
    fn a_contact_leads_to_somebody() {
        let with = |contact: Contact| Text { contact, ..text() }.faults("");
        let name = || "窓口".to_owned();
        assert_eq!(with(Contact { name: name(), ..Contact::default() }), [Fault::NoWay]);
        let phone = "内線".to_owned();
        assert_eq!(with(Contact { phone, ..Contact::default() }), [Fault::NotANumber("phone")]);
        for wrong in ["mihon", "@mihon.example", "a@mihon", "a@b@c.example", "a b@c.example", "a@.example"] {
            let contact = Contact { email: wrong.to_owned(), ..Contact::default() };
            assert_eq!(with(contact), [Fault::NotAnAddress], "{wrong}");
        }
        assert_eq!(with(Contact { email: "a@mihon.example".to_owned(), ..Contact::default() }), []);
    }

    #[test]
    fn nothing_and_too_much_are_named() {
        assert_eq!(Text::default().faults("題"), [Fault::Nothing]);
        let long = Text { purpose: "折".repeat(201), ..Text::default() };
        assert_eq!(long.faults("題"), [Fault::TooLong { part: "purpose", most: 200, now: 201 }]);
    }
}
