//! Names of files as people may keep them: without paths, without what cannot be seen, Japanese and all.

use unicode_normalization::char::compose;

/// File systems count bytes; 255 is the common limit, and a browser may add ` (1)`.
const LONGEST: usize = 200;

/// A name without path, control and direction characters and without what Windows refuses; が typed as か with a mark,
/// as macOS sends it, becomes one character; too long a name loses the end of its stem, never its ending.
#[must_use]
pub fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut clean = String::with_capacity(last.len());
    for c in last.chars().filter(|c| !is_hidden(*c)) {
        let voiced = if matches!(c, '\u{3099}' | '\u{309A}') { clean.chars().last() } else { None };
        match voiced.and_then(|kana| compose(kana, c)) {
            Some(one) => {
                clean.pop();
                clean.push(one);
            }
            None if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') => clean.push('_'),
            None => clean.push(c),
        }
    }
    let clean = clean.trim_matches(|c: char| c.is_whitespace() || c == '.');
    if clean.is_empty() { "file".to_owned() } else { shortened(clean) }
}

/// The ending of a name in small letters, without the dot; empty where there is none.
pub(super) fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase())
}

/// What a reader cannot see, and what turns the order of what they see: `txt.exe` must not read as `exe.txt`.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 10 => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let stem = &stem[..stem.floor_char_boundary(LONGEST - ending.len())];
    format!("{}{ending}", stem.trim_end_matches(|c: char| c.is_whitespace() || c == '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_its_path_and_what_cannot_be_seen() {
        for (sent, kept) in [
            ("C:\\Users\\hana\\報告書.docx", "報告書.docx"),
            ("../../etc/passwd", "passwd"),
            ("名簿\u{202e}xslx.exe", "名簿xslx.exe"),
            ("か\u{3099}くふ\u{309a}.pdf", "がくぷ.pdf"),
            ("a\r\nb\0.csv", "ab.csv"),
            ("葛\u{E0100}飾﨑神.txt", "葛\u{E0100}飾﨑神.txt"),
            ("何?月:日.csv", "何_月_日.csv"),
            ("..", "file"),
            ("", "file"),
            (" .hidden. ", "hidden"),
        ] {
            assert_eq!(clean(sent), kept, "{sent:?}");
        }
    }

    #[test]
    fn too_long_a_name_keeps_its_ending() {
        let name = clean(&format!("{}.xlsx", "協働".repeat(200)));
        assert!(name.len() <= LONGEST && name.ends_with("協.xlsx"), "{name}");
        assert!(clean(&"長".repeat(200)).len() <= LONGEST);
    }
}
