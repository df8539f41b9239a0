//! The sentences about the workbooks of a round: which went out, which came in, and the files on their way.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use kyodo_db::{Db, FromRow, Json, Result, Tx};
use kyodo_kernel::people::AccountId;

use crate::round::Content;

/// So long files lie around that nobody goes on with.
const KEPT: TimeDelta = TimeDelta::days(30);

const MOVED: &str = "
SELECT department, handed_at, taken_at
FROM plan_workbook
WHERE round = $1";

const HAND_OUT: &str = "
INSERT INTO plan_workbook (round, department, handed_at)
VALUES ($1, $2, $3)
ON CONFLICT (round, department) DO UPDATE SET handed_at = excluded.handed_at";

const TAKE_IN: &str = "
INSERT INTO plan_workbook (round, department, taken_at)
VALUES ($1, $2, $3)
ON CONFLICT (round, department) DO UPDATE SET taken_at = excluded.taken_at";

const LINES: &str = "
SELECT subject, copy, content, submitted
FROM plan_workbook_line
WHERE round = $1";

const PUT_LINE: &str = "
INSERT INTO plan_workbook_line (round, subject, copy, content, submitted)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (round, subject) DO UPDATE SET
    copy = excluded.copy,
    content = excluded.content,
    submitted = excluded.submitted";

/// What is written without being handed in: the report stands where it stood.
const WRITE: &str = "
UPDATE plan_report
SET version = version + 1, content = $3
WHERE id = $1 AND version = $2";

const FILES: &str = "
SELECT name, content
FROM plan_workbook_file
WHERE account = $1 AND round = $2
ORDER BY number";

const BRING: &str = "
INSERT INTO plan_workbook_file (account, number, round, name, content, brought_at)
VALUES ($1, $2, $3, $4, $5, $6)";

const DROP: &str = "
DELETE FROM plan_workbook_file
WHERE account = $1";

const SWEEP: &str = "
DELETE FROM plan_workbook_file
WHERE brought_at < $1";

/// The sentences about workbooks.
pub(super) const SENTENCES: &[&str] = &[MOVED, HAND_OUT, TAKE_IN, LINES, PUT_LINE, WRITE, FILES, BRING, DROP, SWEEP];

/// When the workbook of a department went out and came in last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// When it was handed out.
    pub handed_at: Option<DateTime<Utc>>,
    /// When one was taken in.
    pub taken_at: Option<DateTime<Utc>>,
}

/// The workbooks of a round, by department.
pub async fn moved(db: &Db, round: i64) -> Result<HashMap<String, Moved>> {
    #[derive(FromRow)]
    struct MovedRow {
        department: String,
        handed_at: Option<DateTime<Utc>>,
        taken_at: Option<DateTime<Utc>>,
    }
    let rows = db.ask(MOVED).with(round).all::<MovedRow>().await?;
    let moved = |row: MovedRow| (row.department, Moved { handed_at: row.handed_at, taken_at: row.taken_at });
    Ok(rows.into_iter().map(moved).collect())
}

/// Notes that the workbook of a department is handed out.
pub async fn hand_out(tx: &mut Tx, round: i64, department: &str, now: DateTime<Utc>) -> Result<()> {
    tx.ask(HAND_OUT).with(round).with(department.to_owned()).with(now).run().await?;
    Ok(())
}

/// Notes that a workbook of a department was taken in.
pub async fn take_in(tx: &mut Tx, round: i64, department: &str, now: DateTime<Utc>) -> Result<()> {
    tx.ask(TAKE_IN).with(round).with(department.to_owned()).with(now).run().await?;
    Ok(())
}

/// What a workbook last said of a report or a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which copy of a workbook it was.
    pub copy: String,
    /// The fingerprint of what it said.
    pub content: String,
    /// Whether it was handed in then.
    pub submitted: bool,
}

/// What workbooks last said in a round, by the subject.
pub async fn lines(db: &Db, round: i64) -> Result<HashMap<String, Line>> {
    #[derive(FromRow)]
    struct LineRow {
        subject: String,
        copy: String,
        content: String,
        submitted: bool,
    }
    let rows = db.ask(LINES).with(round).all::<LineRow>().await?;
    let line = |row: LineRow| (row.subject, Line { copy: row.copy, content: row.content, submitted: row.submitted });
    Ok(rows.into_iter().map(line).collect())
}

/// Keeps what a workbook said of a report or a figure.
pub async fn put_line(tx: &mut Tx, round: i64, subject: &str, line: &Line) -> Result<()> {
    tx.ask(PUT_LINE)
        .with(round)
        .with(subject.to_owned())
        .with(line.copy.clone())
        .with(line.content.clone())
        .with(line.submitted)
        .run()
        .await?;
    Ok(())
}

/// Writes a report upon the version that somebody has seen, without handing it in. False when it changed meanwhile.
pub async fn write(tx: &mut Tx, report: i64, seen: i64, content: &Content) -> Result<bool> {
    Ok(tx.ask(WRITE).with(report).with(seen).with(Json(content.clone())).run().await? == 1)
}

// --- files on their way -------------------------------------------------------------------------------------

/// A filled-in workbook that somebody is about to take in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// The name of the file.
    pub name: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// The files that somebody is about to take in.
pub async fn brought(db: &Db, by: AccountId, round: i64) -> Result<Vec<Brought>> {
    let rows = db.ask(FILES).with(by.0).with(round).all::<(String, String)>().await?;
    let file = |(name, content): (String, String)| Some(Brought { name, content: STANDARD.decode(content).ok()? });
    Ok(rows.into_iter().filter_map(file).collect())
}

/// Keeps files instead of what their person brought before.
pub async fn bring(tx: &mut Tx, by: AccountId, round: i64, files: &[Brought], now: DateTime<Utc>) -> Result<()> {
    tx.ask(SWEEP).with(now - KEPT).run().await?;
    drop_brought(tx, by).await?;
    for (number, file) in (1_i64..).zip(files) {
        tx.ask(BRING)
            .with(by.0)
            .with(number)
            .with(round)
            .with(file.name.clone())
            .with(STANDARD.encode(&file.content))
            .with(now)
            .run()
            .await?;
    }
    Ok(())
}

/// The files were taken in, or are not wanted any more.
pub async fn drop_brought(tx: &mut Tx, by: AccountId) -> Result<()> {
    tx.ask(DROP).with(by.0).run().await?;
    Ok(())
}
