//! The あいうえお order of readings, as a key that any database sorts by its bytes.

use unicode_normalization::UnicodeNormalization;

use crate::key::search_key;

const VOWELS: [(char, &str); 5] = [
    ('ア', "アカサタナハマヤラワ"),
    ('イ', "イキシチニヒミリヰ"),
    ('ウ', "ウクスツヌフムユル"),
    ('エ', "エケセテネヘメレヱ"),
    ('オ', "オコソトノホモヨロヲ"),
];

const SMALL: &str = "ァィゥェォッャュョヮヵヶ";
const LARGE: &str = "アイウエオツヤユヨワカケ";

/// The key by which readings stand in the order of a dictionary, following JIS X 4061 as far as kana go: first without
/// voicing, small kana as large ones and long marks as vowels; among equals か before が, は before ば before ぱ;
/// among equals the long mark, then small kana, then large ones. Compare keys byte by byte (`COLLATE "C"`,
/// `BINARY`). Latin letters stand before kana; white space and signs do not count.
#[must_use]
pub fn sort_key(kana: &str) -> String {
    let mut base = String::with_capacity(kana.len());
    let mut voicing = String::new();
    let mut size = String::new();
    let mut before: Option<char> = None;
    for c in search_key(kana).nfd() {
        let (plain, rank) = match c {
            // The voicing marks follow the kana that carries them.
            '\u{3099}' => {
                replace_last(&mut voicing, '1');
                continue;
            }
            '\u{309A}' => {
                replace_last(&mut voicing, '2');
                continue;
            }
            'ー' => (before.and_then(vowel).unwrap_or(c), '0'),
            'ヽ' => (before.unwrap_or(c), '2'),
            _ => large(c).map_or((c, '3'), |large| (large, '1')),
        };
        base.push(plain);
        voicing.push('0');
        size.push(rank);
        before = Some(plain);
    }
    // A space sorts before every letter, so カ stands before カキ.
    format!("{base} {voicing} {size}")
}

fn replace_last(digits: &mut String, digit: char) {
    if digits.pop().is_some() {
        digits.push(digit);
    }
}

fn vowel(kana: char) -> Option<char> {
    VOWELS.iter().find(|(_, row)| row.contains(kana)).map(|(vowel, _)| *vowel)
}

fn large(kana: char) -> Option<char> {
    SMALL.chars().zip(LARGE.chars()).find(|(small, _)| *small == kana).map(|(_, large)| large)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_stand_in_the_order_of_a_dictionary() {
        let sorted = [
            "あい",
            "あいう",
            "かき",
            "かぎ",
            "がき",
            "かぎや",
            "さーくる",
            "さあくる",
            "しょう",
            "しよう",
            "はは",
            "はば",
            "はぱ",
            "ばば",
            "ミスズ",
            "ゆうゆう",
            "わたし",
            "ヰド",
            "んだ",
        ];
        let mut shuffled = sorted;
        shuffled.reverse();
        shuffled.sort_by_key(|reading| sort_key(reading));
        assert_eq!(shuffled, sorted);
    }

    #[test]
    fn hiragana_katakana_and_half_width_kana_stand_together() {
        assert_eq!(sort_key("ｶﾞｯｺｳ"), sort_key("がっこう"));
        assert_eq!(sort_key("ガッコウ"), sort_key("がっ こう"));
    }

    #[test]
    fn iteration_marks_repeat_the_kana_before() {
        assert!(sort_key("みすす") < sort_key("みすゞ"));
        assert!(sort_key("みすゞ") < sort_key("みすず"));
        assert!(sort_key("みすゞ") < sort_key("みすせ"));
    }

    #[test]
    fn latin_stands_before_kana_and_an_empty_reading_first() {
        assert!(sort_key("") < sort_key("ABC"));
        assert!(sort_key("ABC") < sort_key("あ"));
    }
}
