//! The eras since Meiji as one table of data, and the era year of a day.

use std::fmt;

use chrono::{Datelike, NaiveDate};

/// An era (元号), in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Era {
    /// 明治
    Meiji,
    /// 大正
    Taisho,
    /// 昭和
    Showa,
    /// 平成
    Heisei,
    /// 令和
    Reiwa,
}

struct Row {
    kanji: &'static str,
    /// The one-character form that Excel and old word processors write.
    square: &'static str,
    letter: char,
    first_day: NaiveDate,
    /// The first fiscal year that is written with this era; see the README for 1926 and 2019.
    first_fiscal_year: i32,
}

/// In the order of [`Era`].
const TABLE: [Row; 5] = [
    row("明治", "㍾", 'M', day(1868, 1, 25), 1868),
    row("大正", "㍽", 'T', day(1912, 7, 30), 1912),
    row("昭和", "㍼", 'S', day(1926, 12, 25), 1927),
    row("平成", "㍻", 'H', day(1989, 1, 8), 1989),
    row("令和", "㋿", 'R', day(2019, 5, 1), 2019),
];

/// 明治6年1月1日, the first day of the Gregorian calendar in Japan.
const FIRST_SOLAR_DAY: NaiveDate = day(1873, 1, 1);

impl Era {
    /// All eras, the oldest first.
    pub const ALL: [Era; 5] = [Era::Meiji, Era::Taisho, Era::Showa, Era::Heisei, Era::Reiwa];

    /// The era in force on a day; `None` before Meiji.
    #[must_use]
    pub fn of(date: NaiveDate) -> Option<Era> {
        Era::latest(|era| era.first_day() <= date)
    }

    /// 令和
    #[must_use]
    pub fn kanji(self) -> &'static str {
        self.row().kanji
    }

    /// R, the letter on forms and in file names.
    #[must_use]
    pub fn letter(self) -> char {
        self.row().letter
    }

    /// The day from which the era counts. That of Meiji is its first day put back into the Gregorian calendar.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        self.row().first_day
    }

    /// The day before the next era; `None` for the era that has not ended.
    #[must_use]
    pub fn last_day(self) -> Option<NaiveDate> {
        Era::ALL.into_iter().find(|era| *era > self).and_then(|next| next.first_day().pred_opt())
    }

    /// The era that is called 令和, ㋿, R or r.
    pub(crate) fn named(name: &str) -> Option<Era> {
        Era::ALL.into_iter().find(|era| {
            let row = era.row();
            name == row.kanji || name == row.square || name.eq_ignore_ascii_case(row.letter.encode_utf8(&mut [0; 4]))
        })
    }

    fn latest(holds: impl Fn(Era) -> bool) -> Option<Era> {
        Era::ALL.into_iter().rev().find(|era| holds(*era))
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }
}

/// A year counted in an era: 令和8年.
///
/// The fields are free, so 平成32年 can be expressed; [`Wareki::of`] gives only years that people lived in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wareki {
    /// The era.
    pub era: Era,
    /// The year in it, 1 for 元年.
    pub year: i32,
}

impl Wareki {
    /// The era year of a day; `None` before 1873, when months and days were counted by another calendar.
    #[must_use]
    pub fn of(date: NaiveDate) -> Option<Wareki> {
        if date < FIRST_SOLAR_DAY {
            return None;
        }
        Era::of(date).map(|era| Wareki::in_era(era, date.year()))
    }

    /// The Western year: 2026 for 令和8年.
    #[must_use]
    pub fn western_year(self) -> i32 {
        self.year.saturating_add(self.era.first_day().year()).saturating_sub(1)
    }

    /// R8, the abbreviation.
    #[must_use]
    pub fn short(self) -> String {
        format!("{}{}", self.era.letter(), self.year)
    }

    /// 8, or 元 for the first year, as it stands between the era and 年.
    pub(crate) fn figure(self) -> String {
        match self.year {
            1 => "元".to_owned(),
            year => year.to_string(),
        }
    }

    /// The name of the fiscal year that begins in a Western year; `None` before Meiji.
    pub(crate) fn of_fiscal_year(year: i32) -> Option<Wareki> {
        Era::latest(|era| era.row().first_fiscal_year <= year).map(|era| Wareki::in_era(era, year))
    }

    fn in_era(era: Era, western_year: i32) -> Wareki {
        Wareki { era, year: western_year - era.first_day().year() + 1 }
    }
}

/// 令和8年, 令和元年.
impl fmt::Display for Wareki {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}年", self.era.kanji(), self.figure())
    }
}

const fn row(
    kanji: &'static str,
    square: &'static str,
    letter: char,
    first_day: NaiveDate,
    first_fiscal_year: i32,
) -> Row {
    Row { kanji, square, letter, first_day, first_fiscal_year }
}

/// Only for constants: a day that does not exist stops the compiler.
const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => panic!("no such day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_eras() {
        for era in Era::ALL {
            assert_eq!(Era::of(era.first_day()), Some(era));
            assert_eq!(Era::named(era.kanji()), Some(era));
        }
        assert!(Era::ALL.is_sorted_by_key(|era| era.first_day()));
        assert!(Era::ALL.is_sorted_by_key(|era| era.row().first_fiscal_year));
    }

    #[test]
    fn the_last_day_of_heisei_is_the_thirtieth_of_april_2019() {
        let last = day(2019, 4, 30);
        assert_eq!(Era::Heisei.last_day(), Some(last));
        assert_eq!(Wareki::of(last), Some(Wareki { era: Era::Heisei, year: 31 }));
    }

    #[test]
    fn reiwa_has_not_ended() {
        assert_eq!(Era::Reiwa.last_day(), None);
        assert_eq!(Era::of(day(2400, 1, 1)), Some(Era::Reiwa));
    }

    #[test]
    fn showa_lasted_from_christmas_1926_to_the_seventh_of_january_1989() {
        assert_eq!(Era::of(day(1926, 12, 24)), Some(Era::Taisho));
        assert_eq!(Era::of(day(1926, 12, 25)), Some(Era::Showa));
        assert_eq!(Era::of(day(1989, 1, 7)), Some(Era::Showa));
        assert_eq!(Era::of(day(1989, 1, 8)), Some(Era::Heisei));
    }

    #[test]
    fn the_first_year_is_written_gannen() {
        let first = Wareki::of(day(2019, 5, 1)).unwrap();
        assert_eq!(first.to_string(), "令和元年");
        assert_eq!(first.short(), "R1");
        assert_eq!(first.western_year(), 2019);
    }

    #[test]
    fn days_of_the_lunisolar_calendar_have_no_era_year() {
        assert_eq!(Wareki::of(day(1872, 12, 31)), None);
        assert_eq!(Wareki::of(day(1873, 1, 1)).unwrap().to_string(), "明治6年");
    }

    #[test]
    fn an_absurd_era_year_saturates() {
        let absurd = Wareki { era: Era::Reiwa, year: i32::MAX };
        assert_eq!(absurd.western_year(), i32::MAX - 1);
    }
}
