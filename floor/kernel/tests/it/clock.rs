//! Time comes in through the door.

use chrono::{NaiveDate, NaiveTime, Timelike};
use kyodo_kernel::clock::{a_year_before, at};
use kyodo_kernel::{Clock, FiscalYear};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_day_begins_at_midnight_in_japan() {
    assert_eq!(at(day("2026-11-20"), NaiveTime::MIN).to_rfc3339(), "2026-11-19T15:00:00+00:00");
    let evening = NaiveTime::from_hms_opt(23, 59, 59).unwrap();
    assert_eq!(at(day("2026-03-31"), evening).to_rfc3339(), "2026-03-31T14:59:59+00:00");
}

#[test]
fn a_chosen_day_stays_the_whole_day_and_decides_the_fiscal_year() {
    let clock = Clock::OnDay(day("2026-03-31"));
    assert_eq!(i32::from(FiscalYear::of(clock.today())), 2025);
    let beginning = at(clock.today(), NaiveTime::MIN);
    assert!((0..86_400).contains(&(clock.now() - beginning).num_seconds()));
}

#[test]
fn the_machines_clock_and_its_day_agree() {
    let (before, today, after) = (Clock::Real.today(), Clock::Real.today(), Clock::Real.today());
    assert!(before <= today && today <= after);
    assert!((0..=86_400).contains(&(Clock::Real.now() - at(before, NaiveTime::MIN)).num_seconds()));
}

#[test]
fn moments_are_no_finer_than_both_databases_keep() {
    for clock in [Clock::Real, Clock::OnDay(day("2026-11-20"))] {
        for _ in 0..50 {
            assert_eq!(clock.now().nanosecond() % 1000, 0);
        }
    }
}

#[test]
fn a_year_before_is_the_same_day_of_the_calendar() {
    assert_eq!(a_year_before(day("2026-11-20")), day("2025-11-20"));
    assert_eq!(a_year_before(day("2025-02-28")), day("2024-02-28"));
    assert_eq!(a_year_before(day("2024-02-29")), day("2023-02-28"));
}
