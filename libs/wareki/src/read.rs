//! What reading a date and reading a fiscal year share: folding the typed text, numbers and years.

use crate::era::{Era, Wareki};
use crate::error::ParseError;

/// A year as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Year {
    Western(i32),
    Era(Wareki),
}

/// Full-width letters, figures and signs become half-width ones, dashes become `-`, and white space goes, as in
/// 令和 8年 4月 1日. Between two figures it stays, so that "R6 7" is not taken for the year 67.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.trim().chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        let c = half_width(c);
        if gap && c.is_ascii_digit() && folded.ends_with(|last: char| last.is_ascii_digit()) {
            folded.push(' ');
        }
        gap = false;
        folded.push(c);
    }
    folded
}

/// Reads a folded year: R8, 令和8, 令和元, 2026. Four figures are a Western year.
pub(crate) fn year(text: &str) -> Result<Year, ParseError> {
    let (name, count) = if let Some(name) = text.strip_suffix('元') {
        (name, 1)
    } else {
        let figures = text.find(|c: char| c.is_ascii_digit()).ok_or(ParseError::Malformed)?;
        let (name, figures) = text.split_at(figures);
        let count = number(figures).ok_or(ParseError::Malformed)?;
        match (name, figures.len()) {
            ("", 4) => return Ok(Year::Western(count.into())),
            ("", 3) => return Err(ParseError::Malformed),
            _ => (name, count),
        }
    };
    if name.is_empty() {
        return Err(ParseError::NoEra);
    }
    let era = Era::named(name).ok_or_else(|| ParseError::UnknownEra(name.to_owned()))?;
    if count == 0 {
        return Err(ParseError::Malformed);
    }
    Ok(Year::Era(Wareki { era, year: count.into() }))
}

/// Reads one to four figures, and nothing else.
pub(crate) fn number(text: &str) -> Option<u16> {
    let figures = text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    if figures { text.parse().ok() } else { None }
}

fn half_width(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        // Hyphens, dashes, minus signs and the long mark that a Japanese keyboard gives for "-".
        '\u{2010}'..='\u{2015}' | '\u{2212}' | 'ー' | 'ｰ' => '-',
        '。' => '.',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_signs_and_inner_spaces_are_folded() {
        assert_eq!(fold("　Ｒ ８．４．１ "), "R8.4.1");
        assert_eq!(fold("２０２６−０４ー０１"), "2026-04-01");
    }

    #[test]
    fn white_space_between_two_figures_is_kept() {
        assert_eq!(fold("R6　7"), "R6 7");
        assert_eq!(year("R6 7"), Err(ParseError::Malformed));
    }

    #[test]
    fn an_era_may_be_kanji_a_letter_or_one_square() {
        for text in ["令和8", "R8", "r8", "㋿8"] {
            assert_eq!(year(text), Ok(Year::Era(Wareki { era: Era::Reiwa, year: 8 })), "{text}");
        }
    }

    #[test]
    fn an_old_era_is_unknown_even_if_its_name_holds_gen() {
        assert_eq!(year("元禄5"), Err(ParseError::UnknownEra("元禄".into())));
        assert_eq!(year("安政元"), Err(ParseError::UnknownEra("安政".into())));
    }

    #[test]
    fn a_year_of_one_or_two_figures_has_no_era() {
        for text in ["8", "22", "元"] {
            assert_eq!(year(text), Err(ParseError::NoEra), "{text}");
        }
    }

    #[test]
    fn years_that_cannot_be_are_malformed() {
        for text in ["", "R", "令和", "R0", "202", "20266", "R99999999999", "R+8"] {
            let refused = year(text);
            assert!(matches!(refused, Err(ParseError::Malformed | ParseError::UnknownEra(_))), "{text}: {refused:?}");
        }
    }
}
