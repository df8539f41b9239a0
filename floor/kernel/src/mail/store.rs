//! Every SQL sentence about letters, subscriptions and undeliverable addresses.

use chrono::{DateTime, Utc};
use kyodo_db::FromRow;

use super::Address;
use crate::jobs::Trouble;

pub(super) const POST: &str = "
INSERT INTO mail (key, account, address, name, reply_to, subject, text, language, topic, token, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id AS n";

pub(super) const MAIL: &str = "
SELECT id, key, account, address, name, reply_to, subject, text, language, topic, token, created_at, sent_at, refused_at, bounced_at, skipped_at, detail
FROM mail
WHERE id = $1";

pub(super) const MAILS_OF: &str = "
SELECT id, key, account, address, name, reply_to, subject, text, language, topic, token, created_at, sent_at, refused_at, bounced_at, skipped_at, detail
FROM mail
WHERE account = $1 AND id < $2
ORDER BY id DESC
LIMIT $3";

pub(super) const SENT: &str = "
UPDATE mail
SET sent_at = $2, detail = $3, refused_at = NULL, skipped_at = NULL
WHERE id = $1";

pub(super) const REFUSED: &str = "
UPDATE mail
SET refused_at = $2, detail = $3, skipped_at = NULL
WHERE id = $1";

pub(super) const SKIPPED: &str = "
UPDATE mail
SET skipped_at = $2, detail = $3, refused_at = NULL
WHERE id = $1";

pub(super) const BOUNCED: &str = "
UPDATE mail
SET bounced_at = $2, detail = $3
WHERE key = $1
RETURNING id, key, account, address, name, reply_to, subject, text, language, topic, token, created_at, sent_at, refused_at, bounced_at, skipped_at, detail";

pub(super) const FORGET_MAILS: &str = "
DELETE FROM mail
WHERE account = $1";

pub(super) const SWEEP_TEXTS: &str = "
UPDATE mail
SET text = ''
WHERE created_at < $1 AND text <> ''";

pub(super) const SWEEP_MAILS: &str = "
DELETE FROM mail
WHERE created_at < $1";

pub(super) const SUBSCRIBE: &str = "
INSERT INTO subscription (account, topic, token)
VALUES ($1, $2, $3)
ON CONFLICT (account, topic) DO NOTHING";

pub(super) const TOKEN: &str = "
SELECT token
FROM subscription
WHERE account = $1 AND topic = $2";

pub(super) const SUBSCRIPTION: &str = "
SELECT account, topic, ended_at
FROM subscription
WHERE token = $1";

pub(super) const SUBSCRIPTIONS: &str = "
SELECT account, topic, ended_at
FROM subscription
WHERE account = $1
ORDER BY topic";

pub(super) const ENDED: &str = "
SELECT id AS n
FROM subscription
WHERE account = $1 AND topic = $2 AND ended_at IS NOT NULL";

pub(super) const UNSUBSCRIBE: &str = "
UPDATE subscription
SET ended_at = $2
WHERE token = $1 AND ended_at IS NULL";

pub(super) const RESUME: &str = "
UPDATE subscription
SET ended_at = NULL
WHERE token = $1";

pub(super) const FORGET_SUBSCRIPTIONS: &str = "
DELETE FROM subscription
WHERE account = $1";

pub(super) const UNDELIVERABLE: &str = "
SELECT since, reason
FROM undeliverable
WHERE address = $1";

pub(super) const UNDELIVERABLES: &str = "
SELECT u.address, u.since, u.reason, a.id AS account, a.name
FROM undeliverable u
LEFT JOIN account a ON a.email = u.address
ORDER BY u.since DESC, u.address
LIMIT $1";

pub(super) const GIVE_UP: &str = "
INSERT INTO undeliverable (address, since, reason)
VALUES ($1, $2, $3)
ON CONFLICT (address) DO NOTHING";

pub(super) const TRY_AGAIN: &str = "
DELETE FROM undeliverable
WHERE address = $1";

/// Every sentence about mail.
pub(crate) fn sentences() -> Vec<&'static str> {
    vec![
        POST,
        MAIL,
        MAILS_OF,
        SENT,
        REFUSED,
        SKIPPED,
        BOUNCED,
        FORGET_MAILS,
        SWEEP_TEXTS,
        SWEEP_MAILS,
        SUBSCRIBE,
        TOKEN,
        SUBSCRIPTION,
        SUBSCRIPTIONS,
        ENDED,
        UNSUBSCRIBE,
        RESUME,
        FORGET_SUBSCRIPTIONS,
        UNDELIVERABLE,
        UNDELIVERABLES,
        GIVE_UP,
        TRY_AGAIN,
    ]
}

#[derive(FromRow)]
pub(super) struct TokenRow {
    pub(super) token: String,
}

/// A letter as it is kept, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Mail {
    /// Its number.
    pub id: i64,
    /// Its name in the Message-ID.
    pub key: String,
    /// The account it is for.
    pub account: Option<i64>,
    /// Where it goes.
    pub address: String,
    /// The reader's name.
    pub name: Option<String>,
    /// Who reads the answer.
    pub reply_to: Option<String>,
    /// What it is about.
    pub subject: String,
    /// What it says; empty after thirty days.
    pub text: String,
    /// The code of its language.
    pub language: String,
    /// What it is one of many about.
    pub topic: Option<String>,
    /// The token that ends its subscription.
    pub token: Option<String>,
    /// When it was posted.
    pub created_at: DateTime<Utc>,
    /// When the next mail system took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When the next mail system refused it for good.
    pub refused_at: Option<DateTime<Utc>>,
    /// When it came back.
    pub bounced_at: Option<DateTime<Utc>>,
    /// When it was decided not to send it.
    pub skipped_at: Option<DateTime<Utc>>,
    /// Why it was refused, came back or was not sent.
    pub detail: Option<String>,
}

impl Mail {
    pub(super) fn to(&self) -> Result<Address, Trouble> {
        self.address.parse().map_err(|_| Trouble::Lasting(format!("not a mail address: {}", self.address)))
    }
}
