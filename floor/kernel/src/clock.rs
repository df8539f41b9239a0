//! What time it is: a parameter, so that demos, rehearsals and tests can choose the day.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound, TimeZone, Utc};

/// Asia/Tokyo: nine hours ahead of UTC, without summer time since 1951.
const TOKYO: FixedOffset = FixedOffset::east_opt(9 * 3600).expect("nine hours is an offset");

/// The clock of the house.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    Real,
    /// The machine's time of day on a day that was chosen (`--today`).
    OnDay(NaiveDate),
}

impl Clock {
    /// This moment, in microseconds, which both databases keep.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one door through which time comes in")]
    pub fn now(self) -> DateTime<Utc> {
        let now = Utc::now().trunc_subsecs(6);
        match self {
            Self::Real => now,
            Self::OnDay(day) => {
                let time = now.with_timezone(&TOKYO).time();
                at(day, time)
            }
        }
    }

    /// Today in the city.
    #[must_use]
    pub fn today(self) -> NaiveDate {
        match self {
            Self::Real => self.now().with_timezone(&TOKYO).date_naive(),
            Self::OnDay(day) => day,
        }
    }
}

/// A local time of day in the city as a moment.
#[must_use]
pub fn at(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    TOKYO
        .from_local_datetime(&day.and_time(time))
        .single()
        .map_or_else(|| day.and_time(time).and_utc(), |moment| moment.with_timezone(&Utc))
}

/// A moment as the city's clocks show it.
#[must_use]
pub fn local(moment: DateTime<Utc>) -> NaiveDateTime {
    moment.with_timezone(&TOKYO).naive_local()
}

/// The day in the city at a moment.
#[must_use]
pub fn day_of(moment: DateTime<Utc>) -> NaiveDate {
    moment.with_timezone(&TOKYO).date_naive()
}

/// The same calendar day a year earlier; 29 February becomes the 28th.
#[must_use]
pub fn a_year_before(day: NaiveDate) -> NaiveDate {
    use chrono::Datelike;
    day.with_year(day.year() - 1)
        .or_else(|| day.checked_sub_days(Days::new(1)).and_then(|eve| eve.with_year(day.year() - 1)))
        .unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leap_day_has_a_day_a_year_before() {
        let leap = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        assert_eq!(a_year_before(leap), NaiveDate::from_ymd_opt(2023, 2, 28).unwrap());
    }

    #[test]
    fn a_chosen_day_is_today_whatever_the_machine_says() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        assert_eq!(Clock::OnDay(day).today(), day);
        assert_eq!(Clock::OnDay(day).now().with_timezone(&TOKYO).date_naive(), day);
    }
}
