//! What is different between two texts, in words: runs of one script, because Japanese has no spaces.

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// A run of a text beside another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the one before.
    Gone(String),
    /// Only in the one after.
    New(String),
}

/// What is same between two changes and shorter than this tells nobody anything: 折り方 and 折れる share one letter.
const TELLING: usize = 3;

/// Two texts in pieces: what is same and gone is the one before, what is same and new the one after.
#[must_use]
pub fn diff(before: &str, after: &str) -> Vec<Piece> {
    let (old, new) = (words(before), words(after));
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    let mut pieces = Vec::new();
    let (mut gone, mut come) = (String::new(), String::new());
    for (at, op) in ops.iter().enumerate() {
        let (was, is) = (old[op.old_range()].concat(), new[op.new_range()].concat());
        let same = op.tag() == DiffTag::Equal;
        let between = at > 0 && at + 1 < ops.len();
        if same && !(between && was.chars().count() < TELLING) {
            put(&mut pieces, &mut gone, &mut come);
            pieces.push(Piece::Same(was));
        } else {
            gone.push_str(&was);
            come.push_str(&is);
        }
    }
    put(&mut pieces, &mut gone, &mut come);
    pieces
}

fn put(pieces: &mut Vec<Piece>, gone: &mut String, come: &mut String) {
    for (text, make) in [(gone, Piece::Gone as fn(String) -> Piece), (come, Piece::New)] {
        if !text.is_empty() {
            pieces.push(make(std::mem::take(text)));
        }
    }
}

/// Runs of one script; every sign by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut last: Option<Script> = None;
    for (at, c) in text.char_indices() {
        let script = script(c);
        if last.is_some_and(|last| last != script || script == Script::Sign) {
            words.push(&text[start..at]);
            start = at;
        }
        last = Some(script);
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[derive(Clone, Copy, PartialEq)]
enum Script {
    Kanji,
    Hiragana,
    Katakana,
    Latin,
    Sign,
}

fn script(c: char) -> Script {
    match c {
        'ぁ'..='ゟ' => Script::Hiragana,
        'ァ'..='ヿ' | 'ｦ'..='ﾟ' => Script::Katakana,
        c if c.is_ascii_alphanumeric() || matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ') => Script::Latin,
        c if c.is_alphanumeric() || c == '々' => Script::Kanji,
        _ => Script::Sign,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As a person may check it: [gone], {new}.
    fn written(before: &str, after: &str) -> String {
        let marked = |piece: Piece| match piece {
            Piece::Same(text) => text,
            Piece::Gone(text) => format!("[{text}]"),
            Piece::New(text) => format!("{{{text}}}"),
        };
        diff(before, after).into_iter().map(marked).collect()
    }

    #[test]
    fn words_are_told_apart_by_their_script() {
        assert_eq!(
            written("「スタッフバンク」の登録をします。", "「まちづくりスタッフバンク」の登録をふやします。"),
            "「{まちづくり}スタッフバンク」の登録[をします]{をふやします}。"
        );
        assert_eq!(written("000-000-1111", "000-000-2222"), "000-000-[1111]{2222}");
        assert_eq!(written("折り方の会を開く。", "舟を折る会を開く。"), "[折り方の]{舟を折る}会を開く。");
        assert_eq!(written("", "鶴"), "{鶴}");
        assert_eq!(written("鶴", "鶴"), "鶴");
    }

    proptest! {
        #[test]
        fn both_texts_are_in_their_difference(before in "[鶴舟紙おるア。1-]{0,30}", after in "[鶴舟紙おるア。1-]{0,30}") {
            let (mut old, mut new) = (String::new(), String::new());
            for piece in diff(&before, &after) {
                match piece {
                    Piece::Same(text) => { old += &text; new += &text; }
                    Piece::Gone(text) => old += &text,
                    Piece::New(text) => new += &text,
                }
            }
            prop_assert_eq!((old, new), (before, after));
        }
    }
}
