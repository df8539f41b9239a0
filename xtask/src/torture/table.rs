//! What was counted, as a table.

use std::collections::BTreeMap;
use std::time::Duration;

use super::deeds::Kind;
use super::options::Database;
use crate::table;

#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) rounds: u32,
    pub(super) kills: usize,
    pub(super) accepted: BTreeMap<Kind, usize>,
    /// Changes that had to be posted more than once until somebody answered.
    pub(super) repeated: usize,
    pub(super) lost: usize,
    pub(super) half: usize,
    pub(super) double: usize,
    pub(super) letters: usize,
    /// Letters that left, each counted once.
    pub(super) sent: usize,
    /// Letters that a crash repeated with the same Message-ID.
    pub(super) twice: usize,
    pub(super) faulty_letters: usize,
    pub(super) sealed: usize,
    pub(super) faulty_seals: usize,
    pub(super) slowest_restart: Duration,
}

const HEADS: [&str; 14] = [
    "database",
    "rounds",
    "kills",
    "writes accepted",
    "posted again",
    "lost",
    "half there",
    "double",
    "letters posted",
    "sent",
    "repeated by a crash",
    "otherwise wrong",
    "audit trail",
    "slowest restart",
];

pub(super) fn markdown(tallies: &[(Database, Tally)]) -> String {
    let rows: Vec<Vec<String>> = tallies.iter().map(|(database, tally)| row(*database, tally)).collect();
    table::markdown(&HEADS, &rows)
}

fn row(database: Database, tally: &Tally) -> Vec<String> {
    let trail = match tally.faulty_seals {
        0 => format!("{} sealed, unbroken", tally.sealed),
        faults => format!("BROKEN {faults} times"),
    };
    let mut row = vec![database.name().to_owned(), tally.rounds.to_string(), tally.kills.to_string()];
    row.push(accepted(tally));
    let numbers = [tally.repeated, tally.lost, tally.half, tally.double];
    let letters = [tally.letters, tally.sent, tally.twice, tally.faulty_letters];
    row.extend(numbers.iter().chain(&letters).map(ToString::to_string));
    row.extend([trail, format!("{:.1} s", tally.slowest_restart.as_secs_f64())]);
    row
}

/// How many writes were accepted, and of what kinds.
fn accepted(tally: &Tally) -> String {
    let of = |(kind, name): &(Kind, &str)| tally.accepted.get(kind).map(|n| format!("{n} {name}"));
    let kinds: Vec<String> = Kind::ALL.iter().filter_map(of).collect();
    format!("{} ({})", tally.accepted.values().sum::<usize>(), kinds.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_are_told_by_their_kinds() {
        let accepted = BTreeMap::from([(Kind::Report, 3), (Kind::Text, 4)]);
        let row = row(Database::Sqlite, &Tally { accepted, ..Tally::default() });
        assert_eq!(row[3], "7 (4 texts, 3 reports)");
    }

    #[test]
    fn a_broken_trail_is_said_aloud() {
        let whole = Tally { sealed: 12, ..Tally::default() };
        assert_eq!(row(Database::Sqlite, &whole).len(), HEADS.len());
        assert!(markdown(&[(Database::Sqlite, whole)]).contains("12 sealed, unbroken"));
        let broken = Tally { faulty_seals: 2, ..Tally::default() };
        assert!(markdown(&[(Database::Postgres, broken)]).contains("BROKEN 2 times"));
    }
}
