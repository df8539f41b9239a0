//! What stands in a city's database, as `kyodo torture-look` tells it.

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Rows {
    pub(super) lines: Vec<Line>,
    pub(super) texts: Vec<Text>,
    pub(super) reports: Vec<Report>,
    pub(super) acts: Vec<Act>,
    pub(super) entries: Vec<Entry>,
    pub(super) notices: Vec<Notice>,
    pub(super) submissions: Vec<Submission>,
    pub(super) accounts: Vec<Account>,
    pub(super) letters: Vec<Letter>,
    pub(super) jobs: Vec<Job>,
    pub(super) contents: Vec<Content>,
    pub(super) files: Vec<File>,
}

/// A measure with what stands in public now, and the first department in charge.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Line {
    pub(super) key: String,
    pub(super) purpose: Option<String>,
    pub(super) text: Option<String>,
    pub(super) department: Option<String>,
}

/// A text that was published.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Text {
    pub(super) key: String,
    pub(super) number: i64,
    pub(super) purpose: String,
    #[serde(rename = "text")]
    pub(super) body: String,
}

/// What a department says of an item in the yearly round.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Report {
    /// The key of the item.
    pub(super) key: String,
    pub(super) year: i64,
    pub(super) version: usize,
    pub(super) content: Value,
}

/// Something that was done with a report, in the order in which it was.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Act {
    pub(super) key: String,
    pub(super) year: i64,
    #[serde(rename = "act")]
    pub(super) name: String,
    pub(super) step: i64,
    /// The address of whoever did it.
    pub(super) by: Option<String>,
    pub(super) content: Value,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Entry {
    pub(super) action: String,
    pub(super) subject: String,
    pub(super) detail: Value,
    /// Its place in the chain, when it is sealed.
    pub(super) position: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Notice {
    pub(super) account: i64,
    pub(super) message: String,
    pub(super) address: String,
    pub(super) count: u64,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Submission {
    pub(super) token: String,
    pub(super) answer: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Account {
    pub(super) id: i64,
    pub(super) email: Option<String>,
    pub(super) duties: u64,
    pub(super) links: u64,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Letter {
    pub(super) key: String,
    pub(super) account: Option<i64>,
    pub(super) sent: bool,
    pub(super) detail: Option<String>,
    pub(super) jobs: u64,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Job {
    pub(super) kind: String,
    pub(super) once: Option<String>,
    pub(super) attempts: u64,
    pub(super) state: String,
    pub(super) error: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Content {
    pub(super) hash: String,
    pub(super) doomed: bool,
    pub(super) files: u64,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) hash: String,
    pub(super) subject: String,
}

impl Rows {
    /// Whether the workers have something left to do.
    pub(super) fn is_busy(&self) -> bool {
        self.jobs.iter().any(|job| job.state == "open")
    }

    pub(super) fn unsealed(&self) -> usize {
        self.entries.iter().filter(|entry| entry.position.is_none()).count()
    }
}
