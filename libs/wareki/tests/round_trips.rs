//! What is written is read back, for every day and every fiscal year.

use chrono::{Days, NaiveDate};
use kyodo_wareki::{
    Era, FiscalYear, Style, Wareki, long_date, long_date_with_weekday, parse_date, parse_fiscal_year, short_date,
};
use proptest::prelude::*;

fn days(from: (i32, u32, u32), to: (i32, u32, u32)) -> impl Strategy<Value = NaiveDate> {
    let day = |(year, month, day)| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let first = day(from);
    let count = u64::try_from((day(to) - first).num_days()).unwrap();
    (0..=count).prop_map(move |n| first.checked_add_days(Days::new(n)).unwrap())
}

/// Written in its Western year before 明治6年, in its era year since.
fn readable_days() -> impl Strategy<Value = NaiveDate> {
    days((1000, 1, 1), (9999, 12, 31))
}

/// Days near the present and all changes of era.
fn lived_days() -> impl Strategy<Value = NaiveDate> {
    days((1873, 1, 1), (2100, 12, 31))
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap(),
            _ => c,
        })
        .collect()
}

#[test]
fn every_style_but_the_bare_ones_is_read_back_for_every_year() {
    let unambiguous = [Style::EraLong, Style::LetterLong, Style::Letter, Style::WesternLong, Style::Western];
    for year in FiscalYear::new(1000).through(FiscalYear::new(9999)) {
        for style in unambiguous {
            let text = style.write(year);
            assert_eq!(parse_fiscal_year(&text), Ok(year), "{text}");
            assert_eq!(parse_fiscal_year(&full_width(&text)), Ok(year), "{text}");
        }
    }
}

#[test]
fn the_bare_styles_are_never_read_back_as_another_year() {
    for year in FiscalYear::new(1868).through(FiscalYear::new(2100)) {
        for style in [Style::BareLong, Style::Bare] {
            assert!(parse_fiscal_year(&style.write(year)).is_err());
        }
    }
}

proptest! {
    #[test]
    fn every_day_is_read_back_from_its_text(date in prop_oneof![readable_days(), lived_days()]) {
        for text in [long_date(date), long_date_with_weekday(date), short_date(date), date.to_string()] {
            prop_assert_eq!(parse_date(&text), Ok(date), "{}", &text);
            prop_assert_eq!(parse_date(&full_width(&text)), Ok(date), "{}", &text);
        }
    }

    #[test]
    fn a_day_lies_inside_its_era(date in lived_days()) {
        let year = Wareki::of(date).unwrap();
        prop_assert!(year.era.first_day() <= date);
        prop_assert!(year.era.last_day().is_none_or(|last| date <= last));
        prop_assert_eq!(year.western_year().to_string(), date.format("%Y").to_string());
    }

    #[test]
    fn a_day_is_read_under_one_era_only(date in lived_days()) {
        let western = Wareki::of(date).unwrap().western_year();
        let readings = Era::ALL
            .into_iter()
            .map(|era| Wareki { era, year: western - Wareki { era, year: 0 }.western_year() })
            .filter(|year| year.year > 0)
            .filter(|year| parse_date(&format!("{year}{}", date.format("%-m月%-d日"))).is_ok())
            .count();
        prop_assert_eq!(readings, 1);
    }

    #[test]
    fn first_day_last_day_and_contains_agree(date in readable_days()) {
        let year = FiscalYear::of(date);
        prop_assert!(year.contains(date));
        prop_assert!(year.first_day() <= date && date <= year.last_day());
        prop_assert!(!year.next().contains(date) && !year.previous().contains(date));
        prop_assert_eq!(year.last_day().succ_opt().unwrap(), year.next().first_day());
        prop_assert_eq!(year.next().previous(), year);
    }

    #[test]
    fn the_share_gone_never_shrinks(date in readable_days(), other in readable_days()) {
        let year = FiscalYear::of(date);
        let (early, late) = (date.min(other), date.max(other));
        prop_assert!(year.elapsed(early) <= year.elapsed(late));
        prop_assert!(year.elapsed(date) > 0.0 && year.elapsed(late) <= 1.0);
    }

    #[test]
    fn no_text_makes_the_readers_panic(text in any::<String>()) {
        let _ = parse_date(&text);
        let _ = parse_fiscal_year(&text);
        let _ = Style::from_example(&text);
    }

    #[test]
    fn nearly_right_text_is_read_or_refused(text in "[明治大正昭和平成令元RrHＲ0-9０-９年月日度./ー\\-（）(金)  　]{0,14}") {
        if let Ok(date) = parse_date(&text) {
            prop_assert_eq!(parse_date(&long_date(date)), Ok(date));
        }
        let _ = parse_fiscal_year(&text);
    }
}
