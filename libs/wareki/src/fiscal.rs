//! Fiscal years (年度), April to March, and the ways people write them.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::era::Wareki;
use crate::error::ParseError;
use crate::read::{self, Year};

/// A fiscal year, by the Western year in which it begins: `FiscalYear::new(2026)` runs from 2026-04-01 to
/// 2027-03-31 (地方自治法208条). `Display` writes that number; a city's own way of writing is [`crate::Style`].
///
/// Any number is a year. Those beyond chrono's calendar (some 262,000 years away) begin and end on its edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalYear(i32);

impl FiscalYear {
    /// The fiscal year that begins in April of a Western year.
    #[must_use]
    pub const fn new(year: i32) -> FiscalYear {
        FiscalYear(year)
    }

    /// The fiscal year to which a day belongs.
    #[must_use]
    pub fn of(date: NaiveDate) -> FiscalYear {
        match date.month() {
            1..=3 => FiscalYear(date.year() - 1),
            _ => FiscalYear(date.year()),
        }
    }

    /// The first of April.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        day_or_edge(self.0, 4, 1)
    }

    /// The last of March.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        day_or_edge(self.0.saturating_add(1), 3, 31)
    }

    /// The fiscal year after this one.
    #[must_use]
    pub const fn next(self) -> FiscalYear {
        FiscalYear(self.0.saturating_add(1))
    }

    /// The fiscal year before this one.
    #[must_use]
    pub const fn previous(self) -> FiscalYear {
        FiscalYear(self.0.saturating_sub(1))
    }

    /// Every fiscal year from this one to `last`, both included; nothing when `last` is earlier.
    pub fn through(self, last: FiscalYear) -> impl DoubleEndedIterator<Item = FiscalYear> {
        (self.0..=last.0).map(FiscalYear)
    }

    /// Whether a day belongs to this fiscal year.
    #[must_use]
    pub fn contains(self, date: NaiveDate) -> bool {
        FiscalYear::of(date) == self
    }

    /// The share of the year that is gone when `date` ends, in days: 1/365 on the first of April, 1.0 on the last of
    /// March, 0.0 before the year and 1.0 after it.
    #[must_use]
    pub fn elapsed(self, date: NaiveDate) -> f64 {
        let before = self.first_day().num_days_from_ce() - 1;
        let gone = date.num_days_from_ce() - before;
        let whole = self.last_day().num_days_from_ce() - before;
        (f64::from(gone) / f64::from(whole)).clamp(0.0, 1.0)
    }

    /// The era year after which the fiscal year is named: 令和元年 for 2019, though it began in Heisei (see the
    /// README). `None` before Meiji.
    #[must_use]
    pub fn wareki(self) -> Option<Wareki> {
        Wareki::of_fiscal_year(self.0)
    }
}

impl fmt::Display for FiscalYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<FiscalYear> for i32 {
    fn from(year: FiscalYear) -> i32 {
        year.0
    }
}

/// Reads a fiscal year: 令和6年度, 令和元年度, 平成31年度, R6, R6年度, H22, 2024, 2024年度; in half-width or full-width
/// characters, 年 standing for 年度 too.
///
/// # Errors
///
/// [`ParseError::NoEra`] for 22 or 6年度, which a city's [`crate::Style`] may write but nobody can read without
/// knowing the decade; [`ParseError::OutsideEra`] for 平成32年度, naming 令和2年; else as [`crate::parse_date`].
pub fn parse_fiscal_year(text: &str) -> Result<FiscalYear, ParseError> {
    let folded = read::fold(text);
    if folded.is_empty() {
        return Err(ParseError::Empty);
    }
    let bare = folded.strip_suffix("年度").or_else(|| folded.strip_suffix('年')).unwrap_or(&folded);
    match read::year(bare)? {
        Year::Western(year) => Ok(FiscalYear(year)),
        Year::Era(written) => {
            let year = FiscalYear(written.western_year());
            let era_lasted = written.era.last_day().is_none_or(|last| last >= year.first_day());
            match year.wareki() {
                Some(right) if !era_lasted => Err(ParseError::OutsideEra { written, right }),
                _ => Ok(year),
            }
        }
    }
}

fn day_or_edge(year: i32, month: u32, day: u32) -> NaiveDate {
    let edge = if year < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(edge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::era::Era;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_fiscal_year_runs_from_april_to_march() {
        let year = FiscalYear::new(2026);
        assert_eq!(year.first_day(), day(2026, 4, 1));
        assert_eq!(year.last_day(), day(2027, 3, 31));
        assert_eq!(FiscalYear::of(day(2026, 3, 31)), year.previous());
        assert_eq!(FiscalYear::of(day(2027, 4, 1)), year.next());
        assert_eq!(year.to_string(), "2026");
        assert_eq!(i32::from(year), 2026);
    }

    #[test]
    fn years_can_be_walked_in_both_directions() {
        let walk = |from, to| FiscalYear::new(from).through(FiscalYear::new(to));
        let years: Vec<i32> = walk(2024, 2026).map(i32::from).collect();
        assert_eq!(years, [2024, 2025, 2026]);
        assert_eq!(walk(2024, 2026).next_back(), Some(FiscalYear::new(2026)));
        assert_eq!(walk(2026, 2024).next(), None);
    }

    #[test]
    fn the_share_gone_grows_from_nought_to_one() {
        let year = FiscalYear::new(2026);
        let near = |date, share: f64| (year.elapsed(date) - share).abs() < 1e-9;
        assert!(near(day(2026, 3, 31), 0.0));
        assert!(near(day(2026, 4, 1), 1.0 / 365.0));
        assert!(near(day(2026, 9, 30), 183.0 / 365.0));
        assert!(near(day(2027, 3, 31), 1.0));
        assert!(near(day(2030, 1, 1), 1.0));
    }

    #[test]
    fn every_usual_way_of_writing_a_fiscal_year_is_read() {
        for (text, year) in [
            ("令和6年度", 2024),
            ("令和６年度", 2024),
            ("令和 6 年度", 2024),
            ("令和6年", 2024),
            ("㋿6年度", 2024),
            ("R6", 2024),
            ("r6", 2024),
            ("Ｒ６年度", 2024),
            ("H22", 2010),
            ("平成31年度", 2019),
            ("令和元年度", 2019),
            ("令和1年度", 2019),
            ("R元", 2019),
            ("昭和63年度", 1988),
            ("平成元年度", 1989),
            ("大正15年度", 1926),
            ("昭和元年度", 1926),
            ("2024", 2024),
            ("２０２４年度", 2024),
        ] {
            assert_eq!(parse_fiscal_year(text), Ok(FiscalYear::new(year)), "{text}");
        }
    }

    #[test]
    fn a_fiscal_year_without_an_era_is_refused() {
        for text in ["22", "6年度", "元年度", "６"] {
            assert_eq!(parse_fiscal_year(text), Err(ParseError::NoEra), "{text}");
        }
    }

    #[test]
    fn a_fiscal_year_after_the_end_of_its_era_is_refused_with_the_right_name() {
        let refused = parse_fiscal_year("平成32年度").unwrap_err();
        assert_eq!(
            refused,
            ParseError::OutsideEra {
                written: Wareki { era: Era::Heisei, year: 32 },
                right: Wareki { era: Era::Reiwa, year: 2 },
            }
        );
        assert_eq!(parse_fiscal_year("昭和64年度").unwrap_err().to_string(), "昭和64年ではなく、平成元年です。");
    }

    #[test]
    fn what_is_not_a_fiscal_year_is_refused() {
        for text in ["年度", "令和", "2024度", "R6.4.1", "24000", "R6 7"] {
            assert_eq!(parse_fiscal_year(text), Err(ParseError::Malformed), "{text}");
        }
        assert_eq!(parse_fiscal_year("　"), Err(ParseError::Empty));
    }

    #[test]
    fn absurd_years_stay_on_the_edge_of_the_calendar() {
        for year in [i32::MIN, i32::MAX] {
            let year = FiscalYear::new(year);
            assert!(year.first_day() <= year.last_day());
            assert!((0.0..=1.0).contains(&year.elapsed(day(2026, 4, 1))));
            assert!(year.previous() <= year.next());
        }
    }
}
