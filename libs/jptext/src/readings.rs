//! Furigana from a table of readings: the longest entry wins, from left to right.

use std::collections::HashMap;

use unicode_normalization::char::is_combining_mark;

/// A table of readings, such as a city keeps for its place names and its words.
///
/// # The rule
///
/// From left to right, the longest entry that begins here is taken, and the search goes on behind it; what has no
/// entry has no reading. An entry does not match inside a longer word of katakana or of Latin letters and
/// figures: バス is not found in バスケット, NPO not in NPOS, 1日 not in 11日. Nor does it match when its last character
/// carries a mark or a variation selector that the entry lacks. Kanji have no such bounds: with only
/// 市 in the table, 市民 becomes 市 with its reading and 民 without, so tables list whole words.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    /// By the first character, the longest entry first.
    entries: HashMap<char, Vec<(String, String)>>,
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text without a reading.
    Plain(&'a str),
    /// Text with its reading.
    Ruby {
        /// The text.
        base: &'a str,
        /// How to read it.
        reading: &'a str,
    },
}

impl Readings {
    /// A table of surfaces and their readings. When a surface comes twice the later reading holds, so a city's own table
    /// may follow a common one. An entry with an empty side is left out.
    pub fn new<S, R>(entries: impl IntoIterator<Item = (S, R)>) -> Readings
    where
        S: Into<String>,
        R: Into<String>,
    {
        let unique: HashMap<String, String> =
            entries.into_iter().map(|(surface, reading)| (surface.into(), reading.into())).collect();
        let mut entries: HashMap<char, Vec<(String, String)>> = HashMap::new();
        for (surface, reading) in unique {
            if let (Some(first), false) = (surface.chars().next(), reading.is_empty()) {
                entries.entry(first).or_default().push((surface, reading));
            }
        }
        for list in entries.values_mut() {
            list.sort_by_key(|(surface, _)| std::cmp::Reverse(surface.len()));
        }
        Readings { entries }
    }

    /// The text in pieces; their texts together are the text.
    #[must_use]
    pub fn split<'a>(&'a self, text: &'a str) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let (mut plain, mut at) = (0, 0);
        while let Some(c) = text[at..].chars().next() {
            let Some((surface, reading)) = self.entry_at(text, at, c) else {
                at += c.len_utf8();
                continue;
            };
            if plain < at {
                pieces.push(Piece::Plain(&text[plain..at]));
            }
            let end = at + surface.len();
            pieces.push(Piece::Ruby { base: &text[at..end], reading });
            (plain, at) = (end, end);
        }
        if plain < text.len() {
            pieces.push(Piece::Plain(&text[plain..]));
        }
        pieces
    }

    fn entry_at(&self, text: &str, at: usize, first: char) -> Option<(&str, &str)> {
        self.entries
            .get(&first)?
            .iter()
            .find(|(surface, _)| text[at..].starts_with(surface.as_str()) && stands_alone(text, at, surface))
            .map(|(surface, reading)| (surface.as_str(), reading.as_str()))
    }
}

/// Whether neither end of the surface lies inside a word or parts a character from its mark.
fn stands_alone(text: &str, at: usize, surface: &str) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + surface.len()..].chars().next();
    let marked = after.is_some_and(is_combining_mark);
    !marked && !one_word(before, surface.chars().next()) && !one_word(surface.chars().next_back(), after)
}

fn one_word(left: Option<char>, right: Option<char>) -> bool {
    let (left, right) = (left.and_then(script), right.and_then(script));
    left.is_some() && left == right
}

#[derive(PartialEq)]
enum Script {
    Katakana,
    Latin,
}

/// The scripts in which a run of characters is one word.
fn script(c: char) -> Option<Script> {
    match c {
        'ァ'..='ヺ' | 'ー'..='ヿ' | 'ㇰ'..='ㇿ' | 'ｦ'..='ﾟ' => Some(Script::Katakana),
        '0'..='9' | 'A'..='Z' | 'a'..='z' | '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | 'À'..='ɏ' => {
            Some(Script::Latin)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 市[し]へ, as a person may check it.
    fn written(readings: &Readings, text: &str) -> String {
        readings
            .split(text)
            .into_iter()
            .map(|piece| match piece {
                Piece::Plain(text) => text.to_owned(),
                Piece::Ruby { base, reading } => format!("{base}[{reading}]"),
            })
            .collect()
    }

    fn table() -> Readings {
        Readings::new([
            ("一関市", "いちのせきし"),
            ("一関", "いちのせき"),
            ("市", "し"),
            ("地域", "ちいき"),
            ("地域協働体", "ちいききょうどうたい"),
            ("バス", "ばす"),
            ("NPO", "エヌピーオー"),
            ("1日", "ついたち"),
            ("葛", "くず"),
        ])
    }

    #[test]
    fn the_longest_entry_wins_and_the_search_goes_on_behind_it() {
        let table = table();
        assert_eq!(
            written(&table, "一関市の地域協働体と市の地域"),
            "一関市[いちのせきし]の地域協働体[ちいききょうどうたい]と市[し]の地域[ちいき]"
        );
    }

    #[test]
    fn what_has_no_entry_has_no_reading() {
        assert_eq!(written(&table(), "山口の話"), "山口の話");
        assert_eq!(table().split(""), []);
        assert_eq!(Readings::default().split("市"), [Piece::Plain("市")]);
    }

    #[test]
    fn kanji_beside_an_entry_do_not_hide_it() {
        assert_eq!(written(&table(), "市民"), "市[し]民");
    }

    #[test]
    fn nothing_is_found_inside_a_word_of_katakana_or_latin() {
        let table = table();
        assert_eq!(written(&table, "バスケット マイクロバス"), "バスケット マイクロバス");
        assert_eq!(written(&table, "市バスで"), "市[し]バス[ばす]で");
        assert_eq!(written(&table, "NPOS NPO法人 ANPO"), "NPOS NPO[エヌピーオー]法人 ANPO");
        assert_eq!(written(&table, "11日と1日"), "11日と1日[ついたち]");
    }

    #[test]
    fn a_character_with_a_selector_is_another_character() {
        assert_eq!(written(&table(), "葛と葛\u{E0100}"), "葛[くず]と葛\u{E0100}");
    }

    #[test]
    fn the_later_reading_of_a_surface_holds_and_empty_ones_are_left_out() {
        let table = Readings::new([("市", "いち"), ("市", "し"), ("", "x"), ("町", "")]);
        assert_eq!(written(&table, "市と町"), "市[し]と町");
    }

    #[test]
    fn a_shorter_entry_is_taken_where_the_longer_does_not_stand_alone() {
        let table = Readings::new([("市バス", "しばす"), ("市", "し")]);
        assert_eq!(written(&table, "市バスケット"), "市[し]バスケット");
    }
}
