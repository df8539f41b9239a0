//! The search key of a text, and which bytes of the text each of its letters comes from.

use std::fmt;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use crate::fold::is_dash;

/// The key under which a text is found; see the README for the fold. It has no gaps between words.
#[must_use]
pub fn search_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    read(text, |letter| key.push(letter.c));
    key
}

/// A search key that knows the bytes of the text behind each of its letters, and where its words part.
#[derive(Clone, Debug)]
pub struct Key {
    letters: Vec<Letter>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter {
    pub(crate) c: char,
    start: usize,
    end: usize,
    opens_word: bool,
}

impl Key {
    /// The key of a text.
    #[must_use]
    pub fn of(text: &str) -> Key {
        let mut letters = Vec::new();
        read(text, |letter| letters.push(letter));
        Key { letters }
    }

    /// Whether nothing can be found under this key: the text had no letter and no figure.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// The letters of the key, over all words.
    #[must_use]
    pub fn letters(&self) -> impl ExactSizeIterator<Item = char> {
        self.letters.iter().map(|letter| letter.c)
    }

    /// The words of the key, which white space, punctuation or signs part in the text.
    pub fn words(&self) -> impl Iterator<Item = String> {
        self.runs().map(|run| run.iter().map(|l| l.c).collect())
    }

    /// The bytes of the text behind a range of letters, marks that belong to them included; `None` when the
    /// range is empty or reaches beyond the key.
    #[must_use]
    pub fn source(&self, letters: Range<usize>) -> Option<Range<usize>> {
        source(self.letters.get(letters)?)
    }

    pub(crate) fn runs(&self) -> impl Iterator<Item = &[Letter]> {
        self.letters.chunk_by(|_, next| !next.opens_word)
    }
}

/// The same as [`search_key`] of the text.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.letters.iter().try_for_each(|l| write!(f, "{}", l.c))
    }
}

pub(crate) fn source(letters: &[Letter]) -> Option<Range<usize>> {
    Some(letters.first()?.start..letters.last()?.end)
}

/// The text in its smallest parts that may be normalised, and cut, each by itself: a character with the marks that
/// follow it, such as ﾌﾞ, が in two characters, or 葛󠄀 with its selector.
pub(crate) fn clusters(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = &text[start..];
        let length = rest.char_indices().skip(1).find(|(_, c)| !continues(*c)).map_or(rest.len(), |(at, _)| at);
        let cluster = start..start + length;
        start = cluster.end;
        (!cluster.is_empty()).then_some(cluster)
    })
}

fn read(text: &str, mut found: impl FnMut(Letter)) {
    // The letter before, unless a gap parts it from what follows.
    let mut before: Option<char> = None;
    for Range { start, end } in clusters(text) {
        let mut take = |c: char| match role(c, before) {
            Role::Letter(c) => {
                found(Letter { c, start, end, opens_word: before.is_none() });
                before = Some(c);
            }
            Role::Joint => {}
            Role::Gap => before = None,
        };
        let cluster = &text[start..end];
        let mut chars = cluster.chars();
        match (chars.next(), chars.next()) {
            // Most of Japanese text: not changed by normalisation.
            (Some(c), None) if is_plain(c) => take(c.to_ascii_lowercase()),
            _ => cluster.nfkc().flat_map(char::to_lowercase).for_each(&mut take),
        }
    }
}

enum Role {
    Letter(char),
    /// Left out; what stands on both sides is together.
    Joint,
    /// Left out; what stands on both sides is parted.
    Gap,
}

fn role(c: char, before: Option<char>) -> Role {
    if is_dash(c) {
        return match before {
            Some(kana) if is_katakana(kana) => Role::Letter('ー'),
            _ => Role::Joint,
        };
    }
    match c {
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => Role::Letter(char::from_u32(u32::from(c) + 0x60).unwrap_or(c)),
        // Soft hyphen, zero-width characters and the byte order mark are not seen by readers.
        '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => Role::Joint,
        _ if c.is_alphanumeric() => Role::Letter(c),
        _ if is_combining_mark(c) => Role::Joint,
        _ => Role::Gap,
    }
}

/// A katakana that a long mark can follow; the long mark itself is not one.
fn is_katakana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ヽ' | 'ヾ' | 'ㇰ'..='ㇿ')
}

/// Characters that NFKC leaves alone and that compose with nothing before them.
fn is_plain(c: char) -> bool {
    matches!(c, '\0'..='\u{7F}' | 'ぁ'..='ゖ' | 'ァ'..='ー' | '一'..='\u{9FFF}')
}

/// Whether a character may compose with the one before it, so that the two cannot be parted.
fn continues(c: char) -> bool {
    if c < '\u{300}' || is_plain(c) {
        return false;
    }
    let mut first = None;
    decompose_compatible(c, |part| {
        first.get_or_insert(part);
    });
    // Vowels and final consonants of Hangul compose although they are not marks.
    first.is_some_and(|part| is_combining_mark(part) || matches!(part, '\u{1160}'..='\u{11FF}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_width_kana_hiragana_and_katakana_have_one_key() {
        for text in ["テーブル", "ﾃｰﾌﾞﾙ", "てーぶる", "テ－ブル", "て―ふ\u{3099}る", "テーーブル"]
        {
            assert_eq!(search_key(text), "テーブル", "{text}");
        }
    }

    #[test]
    fn letters_and_figures_are_small_and_half_width() {
        assert_eq!(search_key("ＮＰＯ Café ①２"), "npocafé12");
        assert_eq!(search_key("㋿8年㈱"), "令和8年株");
    }

    #[test]
    fn a_dash_joins_unless_it_follows_kana() {
        assert_eq!(search_key("０３ー１２３４−5678"), "0312345678");
        assert_eq!(search_key("e-mail"), "email");
        assert_eq!(search_key("ー"), "");
        assert_eq!(search_key("あ - い"), "アイ");
    }

    #[test]
    fn punctuation_and_signs_part_words() {
        let key = Key::of("協働・まち、A+B 😀（雪）");
        let words: Vec<String> = key.words().collect();
        assert_eq!(words, ["協働", "マチ", "a", "b", "雪"]);
        assert_eq!(key.to_string(), "協働マチab雪");
        assert_eq!(key.letters().len(), 7);
    }

    #[test]
    fn variation_selectors_do_not_hide_a_name() {
        assert_eq!(search_key("葛\u{E0100}飾"), "葛飾");
        assert_eq!(search_key("𠮷田"), "𠮷田");
        assert_eq!(search_key("協\u{200B}働"), "協働");
    }

    #[test]
    fn letters_know_their_bytes() {
        let text = "（ﾌﾞ葛\u{E0100}㍿";
        let key = Key::of(text);
        assert_eq!(key.to_string(), "ブ葛株式会社");
        assert_eq!(&text[key.source(0..1).unwrap()], "ﾌﾞ");
        assert_eq!(&text[key.source(1..2).unwrap()], "葛\u{E0100}");
        assert_eq!(&text[key.source(2..3).unwrap()], "㍿");
        assert_eq!(key.source(0..6), Some(3..text.len()));
        assert_eq!(key.source(0..7), None);
        assert_eq!(key.source(2..2), None);
    }

    #[test]
    fn a_text_without_letters_has_an_empty_key() {
        assert!(Key::of(" 。、！").is_empty());
        assert!(Key::of("").is_empty());
    }

    #[test]
    fn iteration_marks_and_small_kana_are_katakana_too() {
        assert_eq!(search_key("みすゞ ゔぁゕ"), "ミスヾヴァヵ");
    }

    #[test]
    fn hangul_and_vowel_signs_survive() {
        assert_eq!(search_key("\u{1112}\u{1161}\u{11AB}"), "한");
        assert_eq!(search_key("नेपाली"), "नेपाली");
    }
}
