//! Limits that hold across processes: how often something was tried is counted in the city's database, in whole windows
//! of time. Counting is one sentence, so that two tries at once are two.

use chrono::{DateTime, Duration, TimeZone, Utc};
use kyodo_db::{Result, Tx};

const COUNT: &str = "
INSERT INTO throttle (key, until, tried)
VALUES ($1, $2, 1)
ON CONFLICT (key, until) DO UPDATE SET tried = throttle.tried + 1
RETURNING tried";

const FORGET: &str = "
DELETE FROM throttle
WHERE key = $1";

const SWEEP: &str = "
DELETE FROM throttle
WHERE until < $1";

/// So many tries in so much time.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// How many are let through.
    pub most: i64,
    /// In how many minutes.
    pub minutes: i64,
}

/// Counts a try. Some moment, from which on it may be tried again, when it was one too many.
pub async fn count(tx: &mut Tx, key: &str, limit: Limit, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    let until = end_of_window(limit, now);
    let row: (i64,) = tx.ask(COUNT).with(key.to_owned()).with(until).one().await?;
    Ok((row.0 > limit.most).then_some(until))
}

/// Forgets all tries, because one succeeded.
pub async fn forget(tx: &mut Tx, key: &str) -> Result<()> {
    tx.ask(FORGET).with(key.to_owned()).run().await?;
    Ok(())
}

/// Forgets windows that are over.
pub async fn sweep(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64> {
    tx.ask(SWEEP).with(now).run().await
}

fn end_of_window(limit: Limit, now: DateTime<Utc>) -> DateTime<Utc> {
    let length = (limit.minutes * 60).max(1);
    let begun = now.timestamp().div_euclid(length) * length;
    Utc.timestamp_opt(begun + length, 0).single().unwrap_or(now + Duration::seconds(length))
}

pub(crate) fn sentences() -> Vec<&'static str> {
    vec![COUNT, FORGET, SWEEP]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_ends_after_now_and_not_later_than_its_length() {
        let limit = Limit { most: 3, minutes: 15 };
        for seconds in [0, 1, 899, 900, 901] {
            let now = Utc.timestamp_opt(1_800_000_000 + seconds, 0).unwrap();
            let until = end_of_window(limit, now);
            assert!(until > now && until <= now + Duration::minutes(15), "{now} {until}");
        }
    }
}
