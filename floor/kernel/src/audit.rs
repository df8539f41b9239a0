//! The audit trail: who changed what, and who looked at whose data, kept so that a changed, missing or added
//! entry is found.
//!
//! # Written with the change, sealed behind it
//!
//! [`Trail::note`] writes one row in the caller's transaction: the change and its entry stand together or not at
//! all. The row carries a signature (HMAC-SHA-256 with the city's audit key) over its text, so that a row which
//! somebody puts into the database by hand is known.
//!
//! A signature does not tell that a row is *gone*. For that the rows are chained: each seal takes in the seal before
//! it. A chain has one end, and everybody who writes would have to wait for it: with the chain inside the
//! transaction, writers queue up behind each other and nine tenths of the throughput are lost. So [`seal()`] follows
//! a few seconds behind, in batches, one process at a time. Until then the signature guards the row; [`verify()`]
//! tells of rows that wait for longer than they should.
//!
//! Who holds the database *and* the key could still forge a whole new chain. Therefore the chain's end is published
//! each day ([`days`]: a public page, a mail to the auditor): a chain that only we hold proves nothing, one whose
//! ends others have written down cannot be replaced. [`verify()`] takes such ends and looks for them.
//!
//! # What is chained
//!
//! The text of an entry is JSON with sorted keys and no spaces: `action`, `actor`, `at` (RFC 3339, UTC), `detail`,
//! `hashes`, `key`, `request`, `subject`, where `detail` and `hashes` are texts exactly as stored. A seal is the
//! SHA-256 of the seal before it (its 64 hexadecimal digits; 64 zeros before the first) followed by that text, so
//! that anybody can recount an export ([`chain`]) without our help:
//! `printf '%s%s' "$before" "$text" | sha256sum`.
//!
//! Personal values never enter the chain. `hashes` has for each of them the SHA-256 of a salt (32 hexadecimal
//! digits) followed by the value; salt and value stand beside it in `personal` and can be erased
//! ([`erase_personal`]): the chain stays whole, and without its salt a hash gives nothing away.

mod reading;
mod seal;
mod store;
mod verify;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use kyodo_db::{FromRow, Result, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub use reading::{Day, Filter, Link, Row, actions, chain, days, looks_at, search, waiting};
pub use seal::seal;
pub use store::sentences;
pub use verify::{Finding, Kind, LISTED, PATIENCE, Report, Seal, verify};

use crate::secret::hex;
use crate::{Chance, Secret};

/// What is about to be noted.
#[derive(Clone, Debug)]
pub struct Entry {
    action: &'static str,
    subject: String,
    detail: Value,
    personal: BTreeMap<&'static str, String>,
}

impl Entry {
    /// Something that was done, `noun.verb` in the past (`measure.published`, a look at personal data always
    /// `….looked`), and to what (`account:12`).
    #[must_use]
    pub fn new(action: &'static str, subject: impl Into<String>) -> Self {
        Self { action, subject: subject.into(), detail: json!({}), personal: BTreeMap::new() }
    }

    /// What else must be known for ever. Never anything personal: this can not be erased.
    #[must_use]
    pub fn detail(self, detail: Value) -> Self {
        Self { detail, ..self }
    }

    /// A personal value, which can be erased later.
    #[must_use]
    pub fn personal(mut self, field: &'static str, value: impl Into<String>) -> Self {
        self.personal.insert(field, value.into());
        self
    }
}

/// Who acts, in which request, when: what every entry of one request has in common.
#[derive(Clone, Debug)]
pub struct Trail {
    /// The city's audit key.
    pub key: Secret,
    /// Who acts: `account:12`, `visitor`, `command`, `system`.
    pub actor: String,
    /// The request's number, as the log has it.
    pub request: Arc<str>,
    /// When.
    pub now: DateTime<Utc>,
    /// Where keys and salts come from. They must differ: a fixed chance can note one entry only.
    pub chance: Chance,
}

impl Trail {
    /// Writes an entry in the transaction of what it tells of, with one sentence.
    pub async fn note(&self, tx: &mut Tx, entry: Entry) -> Result<()> {
        let row = self.signed(entry);
        tx.ask(store::NOTE)
            .with(row.key)
            .with(row.at)
            .with(row.actor)
            .with(row.action)
            .with(row.subject)
            .with(row.request)
            .with(row.detail)
            .with(row.hashes)
            .with(row.personal)
            .with(row.mac)
            .run()
            .await?;
        Ok(())
    }

    fn signed(&self, entry: Entry) -> Stored {
        let salted =
            entry.personal.into_iter().map(|(field, value)| (field.to_owned(), Salted::new(self.chance, value)));
        let personal: BTreeMap<String, Salted> = salted.collect();
        let hashes: BTreeMap<&String, String> = personal.iter().map(|(field, value)| (field, value.hash())).collect();
        let mut row = Stored {
            id: 0,
            key: some_digits(self.chance),
            // What the databases keep is what is signed.
            at: self.now.trunc_subsecs(6),
            actor: self.actor.clone(),
            action: entry.action.to_owned(),
            subject: entry.subject,
            request: self.request.to_string(),
            detail: entry.detail.to_string(),
            hashes: json!(hashes).to_string(),
            personal: (!personal.is_empty()).then(|| json!(personal).to_string()),
            mac: String::new(),
        };
        row.mac = row.mac_by(&self.key);
        row
    }
}

/// Erases the personal values of every entry about a subject. The number of entries that had some.
pub async fn erase_personal(tx: &mut Tx, subject: &str) -> Result<u64> {
    tx.ask(store::ERASE_PERSONAL).with(subject.to_owned()).run().await
}

/// An entry as its row has it.
#[derive(Clone, Debug, PartialEq, FromRow)]
struct Stored {
    id: i64,
    key: String,
    at: DateTime<Utc>,
    actor: String,
    action: String,
    subject: String,
    request: String,
    detail: String,
    hashes: String,
    personal: Option<String>,
    mac: String,
}

impl Stored {
    /// The canonical text: what is signed and chained.
    fn text(&self) -> String {
        // As many digits as the time has, lest a change below a microsecond go unseen.
        let at = self.at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        json!({
            "action": self.action,
            "actor": self.actor,
            "at": at,
            "detail": self.detail,
            "hashes": self.hashes,
            "key": self.key,
            "request": self.request,
            "subject": self.subject,
        })
        .to_string()
    }

    fn mac_by(&self, key: &Secret) -> String {
        hex(&key.sign(self.text().as_bytes()))
    }

    /// Whether this house wrote it, and nobody changed it.
    fn is_ours(&self, key: &Secret) -> bool {
        self.mac_by(key) == self.mac
    }

    /// Whether the personal values are those whose hashes are chained. Erased ones are.
    fn has_its_own_personal_values(&self) -> bool {
        let Some(personal) = &self.personal else {
            return true;
        };
        let Ok(personal) = serde_json::from_str::<BTreeMap<String, Salted>>(personal) else {
            return false;
        };
        let hashes: BTreeMap<String, String> =
            personal.into_iter().map(|(field, value)| (field, value.hash())).collect();
        let text = json!(hashes).to_string();
        text == self.hashes
    }
}

/// A personal value beside the chain.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Salted {
    salt: String,
    value: String,
}

impl Salted {
    fn new(chance: Chance, value: String) -> Self {
        Self { salt: some_digits(chance), value }
    }

    fn hash(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(&self.salt);
        hash.update(&self.value);
        hex(&hash.finalize())
    }
}

/// 128 bits that nobody guesses, as 32 hexadecimal digits.
fn some_digits(chance: Chance) -> String {
    hex(&chance.bytes()[..16])
}

/// Before the first seal.
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The seal of a text that follows this seal.
fn next_seal(before: &str, text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(text);
    hex(&hash.finalize())
}

/// The signature of a day's seal.
fn mac_of_day(key: &Secret, day: chrono::NaiveDate, position: i64, hash: &str) -> String {
    let text = json!({ "day": day, "hash": hash, "position": position }).to_string();
    hex(&key.sign(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail() -> Trail {
        Trail {
            key: Secret::new([7; 32]),
            actor: "account:12".to_owned(),
            request: Arc::from("r1"),
            now: "2026-11-20T01:02:03.000456Z".parse().unwrap(),
            chance: Chance::Fixed(0xab),
        }
    }

    #[test]
    fn json_is_canonical_with_its_keys_in_order_and_no_spaces() {
        let text = r#"{"b": 1, "a": {"d": [1, "さ く"], "c": null}}"#;
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(value.to_string(), r#"{"a":{"c":null,"d":[1,"さ く"]},"b":1}"#);
        assert_eq!(json!({ "b": 1, "a": 2 }).to_string(), r#"{"a":2,"b":1}"#);
    }

    #[test]
    fn the_text_of_an_entry_is_what_the_documentation_says() {
        let entry = Entry::new("measure.published", "measure:1-2-4").detail(json!({ "z": 1, "edition": 3 }));
        let row = trail().signed(entry.clone());
        assert_eq!(
            row.text(),
            r#"{"action":"measure.published","actor":"account:12","at":"2026-11-20T01:02:03.000456Z","detail":"{\"edition\":3,\"z\":1}","hashes":"{}","key":"00000000000000ab00000000000000ab","request":"r1","subject":"measure:1-2-4"}"#
        );
        assert_eq!(row.personal, None);
        assert!(row.is_ours(&trail().key) && !row.is_ours(&Secret::new([8; 32])));
        // Recounted with `sha256sum`.
        let seal = next_seal(BEGINNING, "text");
        assert_eq!(seal, "babbe65eaab7976e30c298cd1159066de8e61a983f0fb38131bb54424f7c17dd");

        let row = trail().signed(entry.personal("name", "佐藤花"));
        // `printf '%s%s' 00000000000000ab00000000000000ab 佐藤花 | sha256sum`
        assert_eq!(row.hashes, r#"{"name":"ff66819512af039326694110647ea6be221efb61d6bc5781f1b5943080961e32"}"#);
        assert!(!row.text().contains("佐藤"));
        assert!(row.has_its_own_personal_values());
        let erased = Stored { personal: None, ..row.clone() };
        assert!(erased.has_its_own_personal_values() && erased.is_ours(&trail().key));
        let other = row.personal.as_ref().map(|personal| personal.replace("佐藤", "鈴木"));
        assert!(!Stored { personal: other, ..row }.has_its_own_personal_values());
    }

    #[test]
    fn the_time_that_is_signed_is_the_time_that_databases_keep() {
        let precise = Trail { now: "2026-11-20T01:02:03.000456789Z".parse().unwrap(), ..trail() };
        assert_eq!(precise.signed(Entry::new("a.b", "c:1")).at, trail().now);
    }
}
