//! Which letters can stand on paper: control characters are left out for every kind of file; for PDF, where a letter
//! without a shape is a fault, each is given to the face that has it.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use crate::faces::{Face, face_of};
use crate::paper::Text;

/// Stands for a letter that no face has, as printers have long done.
pub(crate) const GETA: char = '〓';

/// Words of one weight in one face.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Piece {
    pub(crate) words: String,
    pub(crate) bold: bool,
    /// Whether only the face for rare letters has them.
    pub(crate) rare: bool,
}

/// Words without what no file format bears: control characters, and code points that are no characters.
pub(crate) fn clean(words: &str) -> String {
    let mut clean = String::with_capacity(words.len());
    for letter in words.replace("\r\n", "\n").chars() {
        match letter {
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\t' => clean.push(' '),
            '\u{feff}' | '\u{fdd0}'..='\u{fdef}' => {}
            _ if u32::from(letter) & 0xfffe != 0xfffe && !letter.is_control() => clean.push(letter),
            _ => {}
        }
    }
    clean
}

/// A text in pieces of one weight and face.
pub(crate) fn pieces(text: &Text) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for run in &text.0 {
        set(&mut pieces, &run.words, run.bold);
    }
    pieces
}

/// Words without weight, in pieces of one face.
pub(crate) fn plain_pieces(words: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    set(&mut pieces, words, false);
    pieces
}

/// Words for a picture, in pieces of one face. Text in a picture is shaped whole in each of its faces, and must come to as
/// many shapes in the one as in the other: of words in both, marks and letters that the first face would put together
/// from a letter and its mark are seen to be missing, and the ordinary form of a letter is shown.
pub(crate) fn drawn_pieces(words: &str) -> Vec<Piece> {
    let pieces = plain_pieces(words);
    if pieces.len() < 2 {
        return pieces;
    }
    let letters = pieces.iter().flat_map(|piece| piece.words.chars()).filter(|letter| !is_selector(*letter));
    let whole: String =
        letters.map(|letter| if is_combining_mark(letter) || comes_apart(letter) { GETA } else { letter }).collect();
    plain_pieces(&whole)
}

/// Whether the first face lacks a letter, but has the letter and the mark of which it is made.
fn comes_apart(letter: char) -> bool {
    let is_own = |letter: char| face_of(letter, None).is_some_and(|(face, _)| face == Face::Own);
    let (mut parts, mut own) = (0, 0);
    decompose_canonical(letter, |part| {
        parts += 1;
        own += usize::from(is_own(part));
    });
    parts > 1 && own == parts && !is_own(letter)
}

/// Words for places that know no faces, such as what a picture shows.
pub(crate) fn printable(words: &str) -> String {
    plain_pieces(words).into_iter().map(|piece| piece.words).collect()
}

fn set(pieces: &mut Vec<Piece>, words: &str, bold: bool) {
    let clean = clean(words);
    let mut letters = clean.chars().peekable();
    let mut before = None;
    while let Some(letter) = letters.next() {
        let selector = letters.next_if(|next| is_selector(*next));
        // A mark is set as one with the letter it stands on: in the face of that letter, or not at all.
        let fits = |face: Face| before.is_none_or(|before| before == face) || !is_combining_mark(letter);
        let (letter, selector, face) = match face_of(letter, selector) {
            _ if letter == '\n' => (letter, None, Face::Own),
            Some((face, selector)) if fits(face) => (letter, selector, face),
            None if is_unseen(letter) => continue,
            Some(_) | None => (GETA, None, Face::Own),
        };
        put(pieces, letter, selector, bold, face == Face::Rare);
        before = Some(face);
    }
}

fn put(pieces: &mut Vec<Piece>, letter: char, selector: Option<char>, bold: bool, rare: bool) {
    let fits = pieces.last().is_some_and(|last: &Piece| last.bold == bold && last.rare == rare);
    if !fits {
        pieces.push(Piece { words: String::new(), bold, rare });
    }
    if let Some(last) = pieces.last_mut() {
        last.words.push(letter);
        last.words.extend(selector);
    }
}

/// Whether a character chooses the shape of the one before it.
fn is_selector(letter: char) -> bool {
    matches!(letter, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a character has no shape of its own, so that nothing is lost to the eye without it.
fn is_unseen(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
        || is_selector(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces_of(words: &str) -> Vec<(String, bool)> {
        plain_pieces(words).into_iter().map(|piece| (piece.words, piece.rare)).collect()
    }

    #[test]
    fn control_characters_are_left_out_and_line_breaks_are_one_kind() {
        assert_eq!(clean("a\u{0}b\u{1b}\r\nc\rd\te\u{2028}f\u{fffe}g"), "ab\nc\nd e\nfg");
    }

    #[test]
    fn each_letter_goes_to_the_face_that_has_it() {
        assert_eq!(pieces_of("一関市"), [("一関市".into(), false)]);
        assert_eq!(pieces_of("𠮷田さん"), [("𠮷".into(), true), ("田さん".into(), false)]);
        assert_eq!(pieces_of("葛\u{e0100}飾"), [("葛\u{e0100}飾".into(), false)]);
    }

    #[test]
    fn a_form_of_a_letter_that_only_the_other_face_has_is_taken_from_there() {
        // Of the 邊 of names the first face has the fewer.
        let rare = plain_pieces("邊\u{e0110}");
        assert!(rare.iter().all(|piece| piece.words.starts_with('邊')), "{rare:?}");
    }

    #[test]
    fn what_no_face_has_is_seen_to_be_missing() {
        assert_eq!(pieces_of("花😀火"), [("花〓火".into(), false)]);
        assert_eq!(pieces_of("👩\u{200d}👧"), [("〓〓".into(), false)]);
        assert_eq!(pieces_of("外字\u{e000}"), [("外字〓".into(), false)]);
        assert_eq!(pieces_of("左\u{202e}右"), [("左右".into(), false)]);
    }

    #[test]
    fn a_mark_stands_in_the_face_of_its_letter_or_is_seen_to_be_missing() {
        assert_eq!(pieces_of("か\u{3099}"), [("か\u{3099}".into(), false)]);
        assert_eq!(pieces_of("A\u{20dd}B"), [("A〓B".into(), false)]);
    }

    #[test]
    fn in_a_picture_no_letter_is_put_together_in_one_face_only() {
        let drawn = |words: &str| drawn_pieces(words).into_iter().map(|piece| piece.words).collect::<String>();
        assert_eq!(drawn("Ǔa"), "〓a");
        assert_eq!(drawn("か\u{309a}𠮷"), "か〓𠮷");
        assert_eq!(drawn("葛\u{e0100}𠮷"), "葛𠮷");
        // In one face, everything stays.
        assert_eq!(drawn("か\u{309a}葛\u{e0100}"), "か\u{309a}葛\u{e0100}");
        assert_eq!(drawn("市の한국"), "市の한국");
    }

    #[test]
    fn weight_parts_the_pieces() {
        let text = Text::from("計").and(Text::bold("画")).and("𠮷");
        let shown: Vec<_> = pieces(&text).into_iter().map(|piece| (piece.words, piece.bold, piece.rare)).collect();
        assert_eq!(shown, [("計".into(), false, false), ("画".into(), true, false), ("𠮷".into(), false, true)]);
    }
}
