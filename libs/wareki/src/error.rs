//! Why a date or a fiscal year could not be read.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::date::weekday;
use crate::era::Wareki;

/// Why a text is not a date or a fiscal year. `Display` tells it in Japanese, as a clerk may read it beside
/// the field; the variants carry what another language needs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseError {
    /// Nothing but white space.
    Empty,
    /// Not a form of writing that is known here.
    Malformed,
    /// A year of one or two figures without an era: 22 may be 平成22年, 昭和22年 or 2022.
    NoEra,
    /// A word stands where an era should: 安政.
    UnknownEra(String),
    /// The era did not have that year, or not that day of it.
    OutsideEra {
        /// As written: 平成32年.
        written: Wareki,
        /// What the same time is called: 令和2年.
        right: Wareki,
    },
    /// A day that no calendar has: 2月30日.
    NoSuchDay {
        /// The Western year.
        year: i32,
        /// As written.
        month: u32,
        /// As written.
        day: u32,
    },
    /// The weekday in brackets is not that of the date.
    WrongWeekday(NaiveDate),
    /// An era date before 明治6年, when months and days were counted by the lunisolar calendar.
    BeforeSolarCalendar,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseError::Empty => write!(f, "何も書かれていません。"),
            ParseError::Malformed => write!(f, "読み取れない書き方です。"),
            ParseError::NoEra => {
                write!(f, "元号がないため、どの年か分かりません。R8、令和8年、2026のように書いてください。")
            }
            ParseError::UnknownEra(name) => write!(f, "「{name}」という元号は使えません。"),
            ParseError::OutsideEra { written, right } => {
                write!(f, "{written}ではなく、{right}です。")
            }
            ParseError::NoSuchDay { year, month, day } => {
                write!(f, "{year}年{month}月{day}日という日はありません。")
            }
            ParseError::WrongWeekday(date) => {
                write!(f, "{}年{}月{}日は{}曜日です。", date.year(), date.month(), date.day(), weekday(*date))
            }
            ParseError::BeforeSolarCalendar => {
                write!(f, "明治5年までは旧暦です。西暦で書いてください。")
            }
        }
    }
}

impl std::error::Error for ParseError {}
