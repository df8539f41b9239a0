//! How a city writes its fiscal years, chosen by showing how it would write 2024.

use crate::fiscal::FiscalYear;
use crate::read;

/// How a city writes fiscal years, named by its look for 2024.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// 令和6年度
    EraLong,
    /// R6年度
    LetterLong,
    /// R6
    Letter,
    /// 6年度, which does not tell its era: for places where the decade is plain.
    BareLong,
    /// 6, which does not tell its era: for the heads of narrow columns.
    Bare,
    /// 2024年度
    WesternLong,
    /// 2024
    Western,
}

impl Style {
    /// All styles, the longest first.
    pub const ALL: [Style; 7] = [
        Style::EraLong,
        Style::LetterLong,
        Style::Letter,
        Style::BareLong,
        Style::Bare,
        Style::WesternLong,
        Style::Western,
    ];

    /// The style in which 2024 looks like the example: 令和6年度, R6年度, R6, 6年度, 6, 2024年度 or 2024, in half-width or
    /// full-width characters; `None` for anything else.
    #[must_use]
    pub fn from_example(example: &str) -> Option<Style> {
        let example = read::fold(example);
        Style::ALL.into_iter().find(|style| style.example() == example)
    }

    /// What the style makes of 2024; [`Style::from_example`] reads it back.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            Style::EraLong => "令和6年度",
            Style::LetterLong => "R6年度",
            Style::Letter => "R6",
            Style::BareLong => "6年度",
            Style::Bare => "6",
            Style::WesternLong => "2024年度",
            Style::Western => "2024",
        }
    }

    /// Writes a fiscal year. 2019 is 令和元年度, 元年度, R1年度, R1 or 1 (see the README); a year before Meiji is written in
    /// its Western number.
    #[must_use]
    pub fn write(self, year: FiscalYear) -> String {
        let number = match (self, year.wareki()) {
            (Style::EraLong, Some(named)) => format!("{}{}", named.era.kanji(), named.figure()),
            (Style::BareLong, Some(named)) => named.figure(),
            (Style::LetterLong | Style::Letter, Some(named)) => named.short(),
            (Style::Bare, Some(named)) => named.year.to_string(),
            (Style::WesternLong | Style::Western, _) | (_, None) => year.to_string(),
        };
        if self.example().ends_with("年度") { number + "年度" } else { number }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(year: i32) -> [String; 7] {
        Style::ALL.map(|style| style.write(FiscalYear::new(year)))
    }

    #[test]
    fn every_style_writes_its_own_example_for_2024() {
        for style in Style::ALL {
            assert_eq!(style.write(FiscalYear::new(2024)), style.example());
            assert_eq!(Style::from_example(style.example()), Some(style));
        }
    }

    #[test]
    fn the_fiscal_year_2019_is_named_after_reiwa() {
        assert_eq!(written(2019), ["令和元年度", "R1年度", "R1", "元年度", "1", "2019年度", "2019"]);
        assert_eq!(Style::EraLong.write(FiscalYear::new(2018)), "平成30年度");
    }

    #[test]
    fn the_fiscal_years_around_the_older_changes_keep_their_names() {
        for (year, name) in [
            (1911, "明治44年度"),
            (1912, "大正元年度"),
            (1926, "大正15年度"),
            (1927, "昭和2年度"),
            (1988, "昭和63年度"),
            (1989, "平成元年度"),
        ] {
            assert_eq!(Style::EraLong.write(FiscalYear::new(year)), name);
        }
    }

    #[test]
    fn a_full_width_example_is_understood() {
        assert_eq!(Style::from_example("Ｒ６ 年度"), Some(Style::LetterLong));
    }

    #[test]
    fn an_example_of_another_year_is_not() {
        assert_eq!(Style::from_example("令和7年度"), None);
        assert_eq!(Style::from_example(""), None);
    }

    #[test]
    fn a_year_before_meiji_is_written_in_its_western_number() {
        assert_eq!(written(1867), ["1867年度", "1867年度", "1867", "1867年度", "1867", "1867年度", "1867"]);
    }
}
