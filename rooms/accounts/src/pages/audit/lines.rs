//! The entries of the trail as lines that people read, under their days.

use std::collections::HashMap;

use chrono::NaiveDate;
use kyodo_kernel::audit::Row;
use kyodo_kernel::clock;
use kyodo_kernel::people::{self, AccountId};
use kyodo_web::{Frame, Result};
use serde_json::Value;

use crate::actions::{self, ACTORS, Pair, account_in};

/// A day's entries, the newest first.
pub(super) struct Day {
    /// The day in words.
    pub(super) title: String,
    /// Its entries.
    pub(super) lines: Vec<Line>,
}

/// An entry.
pub(super) struct Line {
    /// The time of day, to the second.
    pub(super) time: String,
    /// When, in full.
    pub(super) moment: String,
    /// Who.
    pub(super) actor: String,
    /// What was done.
    pub(super) action: String,
    /// To what.
    pub(super) about: String,
    /// Where that is seen.
    pub(super) href: Option<String>,
    /// What else is known.
    pub(super) pairs: Vec<Pair>,
    /// The personal values, or why they are not to be seen.
    pub(super) personal: Vec<Pair>,
}

/// The entries under their days.
pub(super) async fn days(f: &Frame, rows: &[Row], personal: bool) -> Result<Vec<Day>> {
    let mut days: Vec<(NaiveDate, Day)> = Vec::new();
    for (row, line) in rows.iter().zip(lines(f, rows, personal).await?) {
        let day = clock::day_of(row.at);
        if days.last().is_none_or(|(last, _)| *last != day) {
            days.push((day, Day { title: f.day(day), lines: Vec::new() }));
        }
        if let Some((_, day)) = days.last_mut() {
            day.lines.push(line);
        }
    }
    Ok(days.into_iter().map(|(_, day)| day).collect())
}

/// Each entry as a line; the names of all people in one question.
pub(super) async fn lines(f: &Frame, rows: &[Row], personal: bool) -> Result<Vec<Line>> {
    let mut ids: Vec<AccountId> = rows
        .iter()
        .flat_map(|row| [&row.actor, &row.subject])
        .filter_map(|text| account_in(text))
        .map(AccountId)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let names = people::names(&f.ctx.db, &ids).await?;
    Ok(rows.iter().map(|row| line(f, row, &names, personal)).collect())
}

fn line(f: &Frame, row: &Row, names: &HashMap<AccountId, String>, personal: bool) -> Line {
    let name = |subject: &str| account_in(subject).and_then(|id| names.get(&AccountId(id)).cloned());
    let local = clock::local(row.at);
    // What cannot be read is shown as it stands; verifying tells of it.
    let detail = serde_json::from_str(&row.detail).unwrap_or_else(|_| Value::String(row.detail.clone()));
    Line {
        time: local.format("%-H:%M:%S").to_string(),
        moment: local.format("%Y-%m-%d %H:%M:%S").to_string(),
        actor: actor(f, &row.actor, name(&row.actor)),
        action: actions::action(f, &row.action),
        about: name(&row.subject).unwrap_or_else(|| actions::subject(f, &row.subject)),
        href: actions::address(&f.ctx, &row.subject),
        pairs: actions::pairs(f, &detail),
        personal: row.personal.iter().map(|(field, value)| secret(f, field, value.as_deref(), personal)).collect(),
    }
}

fn actor(f: &Frame, actor: &str, name: Option<String>) -> String {
    let known = ACTORS.iter().find(|(own, _)| *own == actor).map(|(_, message)| f.t(message));
    name.or(known).unwrap_or_else(|| actions::subject(f, actor))
}

fn secret(f: &Frame, field: &str, value: Option<&str>, shown: bool) -> Pair {
    let value = match value {
        None => f.t("audit-erased"),
        Some(value) if shown => value.to_owned(),
        Some(_) => f.t("audit-hidden"),
    };
    (actions::field(f, field), value)
}
