//! Words stay words: whatever somebody writes, no kind of file reads it as anything else.

use kyodo_papers::{docx, pdf};
use proptest::prelude::*;
use roxmltree::Document;

use crate::read::{Pdf, part, squeezed};
use crate::small::{PLACES, everywhere};

/// What means something to the typesetter, to XML or to Word.
const SIGNS: [&str; 40] = [
    "#",
    "\\",
    "\"",
    "$",
    "@",
    "*",
    "_",
    "<label>",
    "`",
    "```",
    "//",
    "/*",
    "*/",
    "= ",
    "- ",
    "+ ",
    "/ ",
    "~",
    "--",
    "...",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "#include \"paper.json\"",
    "#panic()",
    "$x^2$",
    "https://example.jp/?a=b&c",
    "&amp;",
    "</w:t>",
    "]]>",
    "<!--",
    "%1",
    "{1}",
    "'",
    "; ",
    "𠮷",
    "葛\u{e0100}",
];

fn signs() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(SIGNS.to_vec()), 1..6).prop_map(|signs| signs.concat())
}

fn check(words: &str) {
    let paper = everywhere(words);
    let text = Pdf::of(&pdf(&paper).unwrap()).text();
    let file = docx(&paper).unwrap();
    let document = part(&file, "word/document.xml");
    let document = Document::parse(&document).unwrap();
    let written: String = document.descendants().filter_map(|node| node.text()).collect();
    for place in PLACES {
        let words = squeezed(&format!("{place}{words}"));
        assert!(text.contains(&words), "PDF: {words:?} in {text}");
        assert!(squeezed(&written).contains(&words), "Word: {words:?}");
    }
}

#[test]
fn every_sign_stays_a_sign() {
    for signs in SIGNS.chunks(10) {
        check(&signs.concat());
    }
}

#[test]
fn a_mark_that_no_face_sets_with_its_letter_does_not_make_a_paper_fail() {
    for words in ["A\u{20dd}", "花\u{307}", "\u{20de}", "Ǔa", "か\u{309a}𠮷", "葛\u{e0100}𠮷", "市の한국e\u{301}"]
    {
        assert!(pdf(&everywhere(words)).is_ok(), "{words:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn signs_in_any_order_stay_signs(words in signs()) {
        check(&words);
    }

    #[test]
    fn no_text_makes_a_paper_fail(words in any::<String>()) {
        let paper = everywhere(&words);
        prop_assert!(pdf(&paper).is_ok(), "{:?}", pdf(&paper));
        let file = docx(&paper).unwrap();
        for name in ["word/document.xml", "word/styles.xml", "word/numbering.xml", "docProps/core.xml"] {
            let part = part(&file, name);
            prop_assert!(Document::parse(&part).is_ok(), "{name}: {part}");
        }
    }
}
