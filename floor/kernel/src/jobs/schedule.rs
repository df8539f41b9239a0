//! Schedules: what comes again and again, as one readable list. Pure: a moment in, a moment out.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use crate::clock::{at, day_of};

/// A job that comes by the clock of the city.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Its name in the database; never given to another schedule.
    pub name: &'static str,
    /// The message that says what it is for.
    pub label: &'static str,
    /// When it comes.
    pub every: Every,
    /// The kind of job that it puts.
    pub job: &'static str,
}

/// When a schedule comes, in the city's time. What no clock shows (25:00) counts as midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// Every so many minutes, counted from the city's midnight of 1 January 1970.
    Minutes(u32),
    /// Once a day.
    #[expect(missing_docs, reason = "a time of day names itself")]
    Daily { hour: u32, minute: u32 },
    /// Once a week.
    #[expect(missing_docs, reason = "a day of the week and a time of day name themselves")]
    Weekly { weekday: Weekday, hour: u32, minute: u32 },
    /// Once a month; a day that the month lacks is its last.
    #[expect(missing_docs, reason = "a day of the month and a time of day name themselves")]
    Monthly { day: u32, hour: u32, minute: u32 },
}

/// More days than lie between two slots of any schedule.
const REACH: u64 = 63;

impl Schedule {
    /// The first slot after a moment.
    #[must_use]
    pub fn next(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self.every {
            Every::Minutes(minutes) => floor(now, minutes) + length(minutes),
            _ => self.slots_from(now).find(|slot| *slot > now).unwrap_or(DateTime::<Utc>::MAX_UTC),
        }
    }

    /// The last slot that is not after a moment.
    #[must_use]
    pub fn latest(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self.every {
            Every::Minutes(minutes) => floor(now, minutes),
            _ => self.slots_before(now).find(|slot| *slot <= now).unwrap_or(DateTime::<Utc>::MIN_UTC),
        }
    }

    fn slots_from(&self, now: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        let today = day_of(now);
        (0..=REACH).filter_map(move |ahead| self.every.on(today.checked_add_days(Days::new(ahead))?))
    }

    fn slots_before(&self, now: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        let today = day_of(now);
        (0..=REACH).filter_map(move |ago| self.every.on(today.checked_sub_days(Days::new(ago))?))
    }
}

impl Every {
    /// The slot of a day, if it has one.
    fn on(self, date: NaiveDate) -> Option<DateTime<Utc>> {
        let (hour, minute) = match self {
            Self::Daily { hour, minute } => (hour, minute),
            Self::Weekly { weekday, hour, minute } if weekday == date.weekday() => (hour, minute),
            Self::Monthly { day, hour, minute } if day.clamp(1, date.num_days_in_month().into()) == date.day() => {
                (hour, minute)
            }
            Self::Minutes(_) | Self::Weekly { .. } | Self::Monthly { .. } => return None,
        };
        Some(at(date, NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default()))
    }
}

fn floor(now: DateTime<Utc>, minutes: u32) -> DateTime<Utc> {
    let midnight = at(NaiveDate::default(), NaiveTime::MIN);
    let (since, length) = ((now - midnight).num_seconds(), length(minutes).num_seconds());
    midnight + TimeDelta::seconds(since.div_euclid(length) * length)
}

fn length(minutes: u32) -> TimeDelta {
    TimeDelta::minutes(minutes.max(1).into())
}
