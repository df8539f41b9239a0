//! Numbers and dates as people read them.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use kyodo_kernel::{Language, clock};
use kyodo_wareki::long_date_with_weekday;

/// A whole number with separators: `1,234`.
#[must_use]
pub fn whole(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        text.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its separators and so many decimals: `2,335`, `3.77`.
#[must_use]
pub fn number(value: f64, decimals: u8) -> String {
    let text = format!("{:.*}", usize::from(decimals), value.abs());
    let (units, rest) = text.split_once('.').map_or((text.as_str(), None), |(units, rest)| (units, Some(rest)));
    let sign = if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) { "−" } else { "" };
    let units = units.parse::<i64>().map_or_else(|_| units.to_owned(), whole);
    match rest {
        Some(rest) => format!("{sign}{units}.{rest}"),
        None => format!("{sign}{units}"),
    }
}

const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

/// A day: 令和8年11月20日（金）, 2026年11月20日（金曜日）, 20 November 2026.
#[must_use]
pub fn day(day: NaiveDate, language: Language) -> String {
    let weekday = WEEKDAYS[day.weekday().num_days_from_monday() as usize];
    match language {
        Language::Japanese => long_date_with_weekday(day),
        Language::EasyJapanese => {
            format!("{}年{}月{}日（{weekday}曜日）", day.year(), day.month(), day.day())
        }
        Language::English => day.format("%-d %B %Y").to_string(),
    }
}

/// A day of the current year: 11月20日, 20 November.
#[must_use]
pub fn day_and_month(day: NaiveDate, language: Language) -> String {
    match language {
        Language::English => day.format("%-d %B").to_string(),
        _ => format!("{}月{}日", day.month(), day.day()),
    }
}

/// A moment in the city: 11月20日 10:32.
#[must_use]
pub fn moment(at: DateTime<Utc>, language: Language) -> String {
    let local = clock::local(at);
    format!("{} {}", day_and_month(local.date(), language), local.format("%-H:%M"))
}

/// A moment with its year: 令和8年11月20日（金）10:32.
#[must_use]
pub fn long_moment(at: DateTime<Utc>, language: Language) -> String {
    let local = clock::local(at);
    format!("{} {}", day(local.date(), language), local.format("%-H:%M"))
}

/// The time of day in the city: 10:32.
#[must_use]
pub fn time(at: DateTime<Utc>) -> String {
    clock::local(at).format("%-H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_separators_and_their_decimals() {
        assert_eq!(whole(0), "0");
        assert_eq!(whole(1234), "1,234");
        assert_eq!(whole(-1_234_567), "−1,234,567");
        assert_eq!(number(3.77, 2), "3.77");
        assert_eq!(number(2335.0, 0), "2,335");
        assert_eq!(number(-0.001, 1), "0.0");
        assert_eq!(number(-12.5, 1), "−12.5");
    }
}
