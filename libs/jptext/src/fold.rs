//! Half-width forms of what people type into fields for numbers, codes and telephone numbers.

/// Full-width figures become half-width ones; everything else stays.
#[must_use]
pub fn half_width_digits(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '０'..='９' => ascii(c),
            _ => c,
        })
        .collect()
}

/// Full-width letters, figures, signs and spaces become their ASCII forms: ＡＢＣ１２３ is ABC123. Kana stay.
#[must_use]
pub fn half_width(text: &str) -> String {
    text.chars().map(ascii).collect()
}

/// A telephone number, postal code or account number in one form: half-width, every kind of hyphen as `-`, no
/// white space. Only for such fields: in a text, テーブル would lose its long mark.
#[must_use]
pub fn phone_like(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| if is_dash(c) { '-' } else { ascii(c) }).collect()
}

/// Hyphens, dashes, minus signs, ruled lines and the long mark: all are typed for one another.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{02D7}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{207B}'
                | '\u{208B}'
                | '\u{2212}'
                | '\u{2500}'
                | '\u{2501}'
                | '\u{2E3A}'
                | '\u{2E3B}'
                | '\u{30A0}'
                | 'ー'
                | '\u{FE58}'
                | '\u{FE63}'
                | '－'
                | 'ｰ'
    )
}

fn ascii(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_figures_change_when_only_figures_are_asked_for() {
        assert_eq!(half_width_digits("第１２回ＡＢＣ①"), "第12回ＡＢＣ①");
    }

    #[test]
    fn full_width_ascii_becomes_half_width_and_kana_stay() {
        assert_eq!(half_width("ＡＢＣ１２３＠テーブル　～"), "ABC123@テーブル ~");
    }

    #[test]
    fn hyphens_of_all_kinds_in_a_telephone_number_are_one() {
        for dash in "-‐‑‒–—―−─━－ーｰ﹣".chars() {
            let typed = format!("０１９１{dash}２１ {dash}2111");
            assert_eq!(phone_like(&typed), "0191-21-2111", "{dash:?}");
        }
        assert_eq!(phone_like("（０３）1234-5678"), "(03)1234-5678");
    }
}
