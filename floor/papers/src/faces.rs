//! The faces that papers are set in. They lie in the binary, so that a paper looks the same on every machine.

use std::io::Read;
use std::sync::LazyLock;

use brotli_decompressor::Decompressor;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// The name of the face that everything is set in where it can be: it is made to be read by everybody, and cities know it.
pub(crate) const OWN: &str = "BIZ UDPGothic";

/// The name of the face for what the first lacks: rare letters of names, other writing of East Asia.
pub(crate) const RARE: &str = "Noto Sans CJK JP";

/// The files, packed: as they are they would be a fifth of the program. A `static`, because a `const` would lie in the
/// binary once for each part of the program that names it.
static PACKED: [&[u8]; 3] = [
    include_bytes!("../fonts/BIZUDPGothic-Regular.ttf.br"),
    include_bytes!("../fonts/BIZUDPGothic-Bold.ttf.br"),
    include_bytes!("../fonts/NotoSansCJKjp-Rare.otf.br"),
];

/// The files themselves, from the first paper on.
static FILES: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| PACKED.map(unpacked));

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    // The bytes are our own, and a test reads all three; what could not be read would be no font.
    let _ = Decompressor::new(packed, 64 * 1024).read_to_end(&mut file);
    file
}

/// One of the two faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Own,
    Rare,
}

/// The fonts, in the order of the book.
pub(crate) static FONTS: LazyLock<Vec<Font>> =
    LazyLock::new(|| FILES.iter().filter_map(|file| Font::new(Bytes::new(file.as_slice()), 0)).collect());

/// What the fonts are called and what they have.
pub(crate) static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

/// The files themselves.
pub(crate) fn files() -> [&'static [u8]; 3] {
    FILES.each_ref().map(Vec::as_slice)
}

/// What letters each face has.
static LETTERS: LazyLock<Vec<(Face, ttf_parser::Face<'static>)>> = LazyLock::new(|| {
    let faces = [(Face::Own, &FILES[0]), (Face::Rare, &FILES[2])];
    faces.into_iter().filter_map(|(face, file)| Some((face, ttf_parser::Face::parse(file, 0).ok()?))).collect()
});

/// The face that has a letter in the form that its selector asks for, with the selector if the face knows it.
pub(crate) fn face_of(letter: char, selector: Option<char>) -> Option<(Face, Option<char>)> {
    if let Some(form) = selector {
        let knows = |letters: &ttf_parser::Face<'_>| letters.glyph_variation_index(letter, form).is_some();
        if let Some((face, _)) = LETTERS.iter().find(|(_, letters)| knows(letters)) {
            return Some((*face, Some(form)));
        }
    }
    // Of a form that nobody has, the ordinary one is shown.
    let (face, _) = LETTERS.iter().find(|(_, letters)| letters.glyph_index(letter).is_some())?;
    Some((*face, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faces_are_those_that_are_named() {
        let names: Vec<_> = FONTS.iter().map(|font| font.info().family.as_str()).collect();
        assert_eq!(names, [OWN, OWN, RARE]);
    }
}
