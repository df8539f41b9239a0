//! Posting twice happens once: a form carries a token, and the transaction of the first post takes it. Who comes with
//! the same token again, by a double click or a second try after the answer was lost, is led to where the first was.

use chrono::{DateTime, Duration, Utc};
use kyodo_db::{Result, Tx};

/// How long a token is remembered.
const KEPT: Duration = Duration::days(2);

const TAKE: &str = "
INSERT INTO submission (token, answer, sent_at)
VALUES ($1, '', $2)
ON CONFLICT (token) DO NOTHING";

const ANSWER: &str = "
SELECT answer
FROM submission
WHERE token = $1";

const SETTLE: &str = "
UPDATE submission
SET answer = $2
WHERE token = $1";

const SWEEP: &str = "
DELETE FROM submission
WHERE sent_at < $1";

/// Takes a token. Some address, where the first post led, when it was taken before: nothing may then be changed.
/// A second post that comes while the first is at work waits for it, because both want the same row.
pub async fn take(tx: &mut Tx, token: &str, now: DateTime<Utc>) -> Result<Option<String>> {
    if tx.ask(TAKE).with(token.to_owned()).with(now).run().await? == 1 {
        return Ok(None);
    }
    let row: (String,) = tx.ask(ANSWER).with(token.to_owned()).one().await?;
    Ok(Some(row.0))
}

/// Remembers where the post with this token led.
pub async fn settle(tx: &mut Tx, token: &str, answer: &str) -> Result<()> {
    tx.ask(SETTLE).with(token.to_owned()).with(answer.to_owned()).run().await?;
    Ok(())
}

/// Forgets tokens that no browser can still hold.
pub async fn sweep(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64> {
    tx.ask(SWEEP).with(now - KEPT).run().await
}

pub(crate) fn sentences() -> Vec<&'static str> {
    vec![TAKE, ANSWER, SETTLE, SWEEP]
}
