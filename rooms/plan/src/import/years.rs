//! Fiscal years in every way a city writes them, alone or within a head: 令和6年度, R6, H21, 平成32年度, 2024, and 7年度 beside
//! another year.

use kyodo_jptext::half_width;
use kyodo_wareki::{FiscalYear, ParseError, parse_fiscal_year};

/// The fiscal year of a text that is nothing else. 平成32年度, printed before anybody knew of 令和, means 2020.
pub(crate) fn year_of(text: &str) -> Option<i32> {
    let year = match parse_fiscal_year(text) {
        Ok(year) => Some(i32::from(year)),
        Err(ParseError::OutsideEra { right, .. }) => Some(right.western_year()),
        Err(_) => None,
    };
    year.filter(|year| (1868..=2200).contains(year))
}

/// A fiscal year within a text, and what the text says besides. `before` is the year of the column before: 7年度 after
/// 令和6年度 is 令和7年度.
pub(super) fn year_in(text: &str, before: Option<i32>) -> (Option<i32>, String) {
    const ERAS: [&str; 10] = ["令和", "平成", "昭和", "大正", "R", "H", "S", "r", "h", "s"];
    let folded: Vec<char> = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let figure = |at: usize| folded.get(at).is_some_and(|c| c.is_ascii_digit() || *c == '元');
    for at in 0..folded.len() {
        let after_letter = at > 0 && folded.get(at - 1).is_some_and(char::is_ascii_alphanumeric);
        let era = ERAS.iter().find(|era| era.chars().enumerate().all(|(n, c)| folded.get(at + n) == Some(&c)));
        let start = at + era.map_or(0, |era| era.chars().count());
        if after_letter || !figure(start) {
            continue;
        }
        let mut end = start;
        while end < start + 4 && figure(end) {
            end += 1;
        }
        let is_year = folded.get(end) == Some(&'年');
        let is_fiscal = is_year && folded.get(end + 1) == Some(&'度');
        // A date is no fiscal year.
        if is_year && !is_fiscal && folded.get(end + 1).is_some_and(char::is_ascii_digit) {
            continue;
        }
        let whole = end + usize::from(is_year) + usize::from(is_fiscal);
        let digits: String = folded[start..end].iter().collect();
        let written: String = folded[at..end].iter().collect();
        let year = if era.is_some() || digits.len() == 4 {
            year_of(&written)
        } else {
            let alone = at == 0 && whole == folded.len();
            before.filter(|_| is_fiscal || alone).and_then(|before| next_of(before, &digits))
        };
        if let Some(year) = year {
            let rest = folded[..at].iter().chain(&folded[whole..]).collect();
            return (Some(year), rest);
        }
    }
    (None, folded.into_iter().collect())
}

/// The year after a year, if it is written so without its era. 31年度 after 平成30年度 was printed before anybody knew of 令和.
fn next_of(before: i32, figures: &str) -> Option<i32> {
    let next = FiscalYear::new(before).next();
    let named = next.wareki()?;
    let year = i32::from(next);
    let is_named = figures == named.year.to_string() || (figures == "元" && named.year == 1);
    let goes_on = (2019..2030).contains(&year) && figures == (year - 1988).to_string();
    (is_named || goes_on).then_some(year)
}

/// Whether a text is a year whose era nobody wrote.
pub(super) fn is_bare(text: &str) -> bool {
    matches!(parse_fiscal_year(text), Err(ParseError::NoEra))
}

/// A year as the documented shape writes it.
pub(crate) fn written(year: i32) -> String {
    kyodo_wareki::Style::EraLong.write(FiscalYear::new(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_found_in_every_usual_head() {
        for (text, year, rest) in [
            ("令和6年度", 2024, ""),
            ("Ｒ６", 2024, ""),
            ("H21", 2009, ""),
            ("平成32年度", 2020, ""),
            ("2024", 2024, ""),
            ("令和５年度実績", 2023, "実績"),
            ("実績（R5）", 2023, "実績()"),
            ("目標値\n令和10年度", 2028, "目標値"),
            ("令和元年度末 現状値", 2019, "末現状値"),
        ] {
            assert_eq!(year_in(text, None), (Some(year), rest.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_year_without_its_era_is_known_only_beside_another() {
        assert_eq!(year_in("7年度", None).0, None);
        assert_eq!(year_in("７年度", Some(2024)).0, Some(2025));
        assert_eq!(year_in("8", Some(2025)).0, Some(2026));
        assert_eq!(year_in("9年度", Some(2024)).0, None);
        assert_eq!(year_in("元年度", Some(2018)).0, Some(2019));
        assert_eq!(year_in("31年度", Some(2018)).0, Some(2019));
    }

    #[test]
    fn what_is_no_fiscal_year_is_none() {
        for text in ["担当課", "ISO14001", "A4", "令和6年4月1日", "取組1", "SDGs", ""] {
            assert_eq!(year_in(text, None).0, None, "{text}");
        }
    }
}
