//! Text in whatever encoding Japanese offices write it: UTF-8 with or without its mark, UTF-16 with its mark as Excel
//! saves it, CP932 (Shift_JIS with Microsoft's additions).

use std::borrow::Cow;

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};

/// The text of these bytes without a byte order mark; none when they are no text.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => read(encoding, &bytes[length..]),
        None => read(UTF_8, bytes).or_else(|| read(SHIFT_JIS, bytes)),
    };
    text.filter(|text| !text.chars().any(is_unprintable))
}

fn read<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> Option<Cow<'b, str>> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// A control character that no text has; the end mark of old DOS files is let through.
fn is_unprintable(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{0C}' | '\u{1A}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_every_usual_encoding() {
        let text = "職員番号,氏名\r\n00123,髙橋 花①\r\n";
        let (cp932, _, lost) = SHIFT_JIS.encode(text);
        assert!(!lost);
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let marked = format!("\u{FEFF}{text}");
        for bytes in [text.as_bytes(), marked.as_bytes(), &cp932, &utf16] {
            assert_eq!(decode(bytes).unwrap(), text);
        }
    }

    #[test]
    fn what_is_no_text_is_not_read_as_one() {
        for bytes in [&b"\x89PNG\r\n\x1a\n\0\0\0"[..], b"PK\x03\x04\x14\0", b"\xff\xd8\xff\xe0", b"\x80\x81"] {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }
}
