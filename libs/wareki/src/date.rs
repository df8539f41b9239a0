//! Days as people write them: 令和8年11月20日（金）, R8.11.20, 2026-11-20.

use chrono::{Datelike, NaiveDate};

use crate::era::Wareki;
use crate::error::ParseError;
use crate::read::{self, Year};

const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

/// 令和8年11月20日. A day before 明治6年 has its Western year: 1868年1月25日.
#[must_use]
pub fn long_date(date: NaiveDate) -> String {
    let (month, day) = (date.month(), date.day());
    match Wareki::of(date) {
        Some(year) => format!("{year}{month}月{day}日"),
        None => format!("{}年{month}月{day}日", date.year()),
    }
}

/// 令和8年11月20日（金）.
#[must_use]
pub fn long_date_with_weekday(date: NaiveDate) -> String {
    format!("{}（{}）", long_date(date), weekday(date))
}

/// R8.11.20. A day before 明治6年 has its Western year: 1868.1.25.
#[must_use]
pub fn short_date(date: NaiveDate) -> String {
    let (month, day) = (date.month(), date.day());
    match Wareki::of(date) {
        Some(year) => format!("{}.{month}.{day}", year.short()),
        None => format!("{}.{month}.{day}", date.year()),
    }
}

/// Reads a day: R8.4.1, 令和8年4月1日, S63/1/7, 2026-04-01, 2026/4/1, 2026年4月1日（水）; in half-width or
/// full-width characters, with 元 or 1 for the first year of an era. Western years have four figures.
///
/// # Errors
///
/// Any [`ParseError`]. An era that had ended by then, or had not begun, is refused with the right name of the
/// year, because a form that says 平成32年 may as well mean another year; so is a weekday that does not fit.
pub fn parse_date(text: &str) -> Result<NaiveDate, ParseError> {
    let folded = read::fold(text);
    if folded.is_empty() {
        return Err(ParseError::Empty);
    }
    let (written, weekday_written) = split_weekday(&folded).ok_or(ParseError::Malformed)?;
    let [year, month, day] = parts(written).ok_or(ParseError::Malformed)?;
    let month = read::number(month).ok_or(ParseError::Malformed)?.into();
    let day = read::number(day).ok_or(ParseError::Malformed)?.into();
    let date = match read::year(year)? {
        Year::Western(year) => existing(year, month, day)?,
        Year::Era(written) => {
            let date = existing(written.western_year(), month, day)?;
            let right = Wareki::of(date).ok_or(ParseError::BeforeSolarCalendar)?;
            if right != written {
                return Err(ParseError::OutsideEra { written, right });
            }
            date
        }
    };
    match weekday_written {
        Some(written) if !written.starts_with(weekday(date)) => Err(ParseError::WrongWeekday(date)),
        _ => Ok(date),
    }
}

pub(crate) fn weekday(date: NaiveDate) -> &'static str {
    WEEKDAYS[date.weekday().num_days_from_monday() as usize]
}

fn existing(year: i32, month: u32, day: u32) -> Result<NaiveDate, ParseError> {
    NaiveDate::from_ymd_opt(year, month, day).ok_or(ParseError::NoSuchDay { year, month, day })
}

/// Takes (金), (金曜日) or (火・祝) off the end; `None` when the brackets hold no weekday.
fn split_weekday(text: &str) -> Option<(&str, Option<&str>)> {
    let Some(inner) = text.strip_suffix(')') else {
        return Some((text, None));
    };
    let (date, weekday) = inner.split_once('(')?;
    let known = WEEKDAYS.iter().any(|known| weekday.starts_with(known));
    known.then_some((date, Some(weekday)))
}

/// Year, month and day, parted by 年 月 日 or by one kind of sign.
fn parts(text: &str) -> Option<[&str; 3]> {
    if let Some((year, rest)) = text.split_once('年') {
        let (month, day) = rest.split_once('月')?;
        return Some([year, month, day.strip_suffix('日')?]);
    }
    let sign = text.chars().find(|c| matches!(c, '.' | '/' | '-'))?;
    let (year, rest) = text.split_once(sign)?;
    let (month, day) = rest.split_once(sign)?;
    Some([year, month, day])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::era::Era;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_day_is_written_long_with_its_weekday_and_short() {
        let date = day(2026, 11, 20);
        assert_eq!(long_date(date), "令和8年11月20日");
        assert_eq!(long_date_with_weekday(date), "令和8年11月20日（金）");
        assert_eq!(short_date(date), "R8.11.20");
    }

    #[test]
    fn the_first_day_of_reiwa_is_in_its_first_year() {
        assert_eq!(long_date_with_weekday(day(2019, 5, 1)), "令和元年5月1日（水）");
        assert_eq!(short_date(day(2019, 5, 1)), "R1.5.1");
    }

    #[test]
    fn a_day_of_the_lunisolar_calendar_is_written_with_its_western_year() {
        assert_eq!(long_date(day(1868, 1, 25)), "1868年1月25日");
        assert_eq!(short_date(day(1868, 1, 25)), "1868.1.25");
    }

    #[test]
    fn every_usual_way_of_writing_a_day_is_read() {
        for text in [
            "R8.4.1",
            "r8-4-1",
            "Ｒ８．４．１",
            "令和8年4月1日",
            "令和　８年　４月　１日",
            "㋿8年4月1日",
            "令和8年4月1日（水）",
            "令和８年４月１日（水曜日）",
            "2026-04-01",
            "2026/4/1",
            "２０２６／４／１",
            "2026.4.1",
            "2026年4月1日",
            " 2026年04月01日(水・祝) ",
        ] {
            assert_eq!(parse_date(text), Ok(day(2026, 4, 1)), "{text}");
        }
        assert_eq!(parse_date("S63/1/7"), Ok(day(1988, 1, 7)));
        assert_eq!(parse_date("令和元年5月1日"), Ok(day(2019, 5, 1)));
        assert_eq!(parse_date("令和1年5月1日"), Ok(day(2019, 5, 1)));
    }

    #[test]
    fn a_day_outside_its_era_is_refused_with_the_right_year() {
        let year = |era, year| Wareki { era, year };
        for (text, written, right) in [
            ("平成32年4月1日", year(Era::Heisei, 32), year(Era::Reiwa, 2)),
            ("R1.4.30", year(Era::Reiwa, 1), year(Era::Heisei, 31)),
            ("S64.1.8", year(Era::Showa, 64), year(Era::Heisei, 1)),
            ("H1/1/7", year(Era::Heisei, 1), year(Era::Showa, 64)),
        ] {
            assert_eq!(parse_date(text), Err(ParseError::OutsideEra { written, right }), "{text}");
        }
    }

    #[test]
    fn an_unknown_era_is_named() {
        assert_eq!(parse_date("安政5年3月1日"), Err(ParseError::UnknownEra("安政".into())));
        assert_eq!(parse_date("X5.3.1"), Err(ParseError::UnknownEra("X".into())));
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused() {
        assert_eq!(parse_date("R8.2.29"), Err(ParseError::NoSuchDay { year: 2026, month: 2, day: 29 }));
        assert_eq!(parse_date("R6.2.29"), Ok(day(2024, 2, 29)));
    }

    #[test]
    fn a_year_without_an_era_is_refused() {
        assert_eq!(parse_date("8.4.1"), Err(ParseError::NoEra));
        assert_eq!(parse_date("26/4/1"), Err(ParseError::NoEra));
        assert_eq!(parse_date("元年5月1日"), Err(ParseError::NoEra));
    }

    #[test]
    fn a_weekday_that_does_not_fit_is_refused_with_the_right_one() {
        let refused = parse_date("令和8年11月20日（木）").unwrap_err();
        assert_eq!(refused, ParseError::WrongWeekday(day(2026, 11, 20)));
        assert_eq!(refused.to_string(), "2026年11月20日は金曜日です。");
    }

    #[test]
    fn an_era_day_before_meiji_six_is_refused() {
        assert_eq!(parse_date("明治5年12月3日"), Err(ParseError::BeforeSolarCalendar));
        assert_eq!(parse_date("明治6年1月1日"), Ok(day(1873, 1, 1)));
    }

    #[test]
    fn what_is_not_a_day_is_malformed_or_empty() {
        for text in [
            "R8",
            "R8.4",
            "R8.4/1",
            "あした",
            "R8.4.1.",
            "R8.4.1（祝）",
            "R8.4.1)",
            "4月1日",
            "2026-+4-1",
            "2026--4-1",
            "年月日",
            "R8.4.1000000000000",
        ] {
            assert_eq!(parse_date(text), Err(ParseError::Malformed), "{text}");
        }
        assert_eq!(parse_date(" 　"), Err(ParseError::Empty));
    }
}
