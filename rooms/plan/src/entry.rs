//! A figure as people type it: full or half width, with separators, with its unit behind it. Pure.

use kyodo_jptext::half_width;

/// Why something is no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueFault {
    /// Nothing was typed.
    Missing,
    /// It is no number.
    NotANumber,
    /// It has more decimals than the indicator.
    TooExact,
    /// It is larger than any figure of a city.
    TooLarge,
}

/// How many characters the words about where a figure comes from take.
pub const MOST_SOURCE: usize = 200;

/// No figure of a city is larger.
const LARGEST: f64 = 1e12;

/// The figure that was typed.
pub fn read_value(typed: &str, decimals: u8, unit: &str) -> Result<f64, ValueFault> {
    let text = half_width(typed.trim());
    // 回/年 is 回 beside a number.
    let unit = half_width(unit.split('/').next().unwrap_or_default());
    let text = text.trim().strip_suffix(unit.as_str()).unwrap_or(text.trim()).trim();
    if text.is_empty() {
        return Err(ValueFault::Missing);
    }
    let (sign, digits) = match text.strip_prefix(['-', '−', '‐', '–', 'ー', '△', '▲']) {
        Some(rest) => (-1.0, rest.trim_start()),
        None => (1.0, text),
    };
    let digits: String = digits.chars().filter(|c| !matches!(c, ',' | '、' | '，' | ' ')).collect();
    let fits =
        digits.chars().all(|c| c.is_ascii_digit() || c == '.') && digits.starts_with(|c: char| c.is_ascii_digit());
    let value: f64 = digits.parse().ok().filter(|_| fits).ok_or(ValueFault::NotANumber)?;
    let behind = digits.split_once('.').map_or("", |(_, behind)| behind).trim_end_matches('0');
    if behind.len() > usize::from(decimals) {
        return Err(ValueFault::TooExact);
    }
    // −0 is 0.
    if value > LARGEST { Err(ValueFault::TooLarge) } else { Ok(if value == 0.0 { 0.0 } else { sign * value }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_read_however_it_is_typed() {
        for (typed, value) in [
            ("4.02", 4.02),
            (" ４．０２ ", 4.02),
            ("１，２３４", 1234.0),
            ("1,234回", 1234.0),
            ("７１ 回", 71.0),
            ("−3", -3.0),
            ("▲３", -3.0),
            ("-0", 0.0),
            ("5.100", 5.1),
        ] {
            assert_eq!(read_value(typed, 2, "回/年"), Ok(value), "{typed}");
        }
        assert_eq!(read_value("63％", 0, "%"), Ok(63.0));
    }

    #[test]
    fn what_is_no_figure_is_named() {
        for (typed, fault) in [
            ("", ValueFault::Missing),
            ("　", ValueFault::Missing),
            ("回", ValueFault::Missing),
            ("約71", ValueFault::NotANumber),
            ("1.2.3", ValueFault::NotANumber),
            ("inf", ValueFault::NotANumber),
            ("1e5", ValueFault::NotANumber),
            (".5", ValueFault::NotANumber),
            ("4.02", ValueFault::TooExact),
            ("9999999999999", ValueFault::TooLarge),
        ] {
            assert_eq!(read_value(typed, 1, "回"), Err(fault), "{typed}");
        }
    }
}
