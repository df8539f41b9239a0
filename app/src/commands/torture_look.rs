//! `kyodo torture-look`: what stands in a city's database, as JSON, for the crash test only. It tells; the test judges.

use clap::{Arg, ArgMatches, Command};
use kyodo_db::{Db, Json, Pools};
use serde_json::{Value, json};

use super::{text, with_settings};
use crate::config::in_force;
use crate::data::DataFolder;
use crate::failure::{OrTell, Result};
use crate::terminal;

/// The lines that somebody may write about, with the departments in charge.
const LINES: &str = "
SELECT n.key, n.details, d.department
FROM plan_node n
LEFT JOIN plan_node_department d ON d.node = n.id AND d.position = (SELECT MIN(o.position) FROM plan_node_department o WHERE o.node = n.id)
WHERE n.alias_of IS NULL AND n.level = (SELECT MAX(level) FROM plan_node)
ORDER BY n.position";

/// The texts that departments published.
const TEXTS: &str = "
SELECT n.key, t.number, t.content
FROM plan_text t
JOIN plan_node n ON n.id = t.node
WHERE t.published_by IS NOT NULL
ORDER BY t.id";

/// What departments say in yearly rounds.
const REPORTS: &str = "
SELECT n.key, o.fiscal_year, r.version, r.content
FROM plan_report r
JOIN plan_round o ON o.id = r.round
JOIN plan_node n ON n.id = r.node
ORDER BY r.id";

/// What was done with it.
const ACTS: &str = "
SELECT n.key, o.fiscal_year, a.act, a.step, p.email, a.content
FROM plan_report_act a
JOIN plan_report r ON r.id = a.report
JOIN plan_round o ON o.id = r.round
JOIN plan_node n ON n.id = r.node
LEFT JOIN account p ON p.id = a.done_by
ORDER BY a.id";

const ENTRIES: &str = "
SELECT e.action, e.subject, e.detail, s.position
FROM audit_entry e
LEFT JOIN audit_seal s ON s.entry = e.id
ORDER BY e.id";

const NOTICES: &str = "
SELECT account, message, address, COUNT(*)
FROM notice
GROUP BY account, message, address
ORDER BY account, message, address";

const SUBMISSIONS: &str = "
SELECT token, answer
FROM submission
ORDER BY token";

const ACCOUNTS: &str = "
SELECT a.id, a.email, COUNT(d.id), (SELECT COUNT(*) FROM mail_link l WHERE l.account = a.id)
FROM account a
LEFT JOIN duty d ON d.account = a.id
GROUP BY a.id, a.email
ORDER BY a.id";

const LETTERS: &str = "
SELECT m.key, m.account, m.sent_at IS NOT NULL, m.detail, (SELECT COUNT(*) FROM job j WHERE j.once = 'mail:' || m.key)
FROM mail m
ORDER BY m.id";

const JOBS: &str = "
SELECT kind, once, attempts, CASE
    WHEN stopped_at IS NOT NULL THEN 'stopped'
    WHEN failed_at IS NOT NULL THEN 'failed'
    WHEN done_at IS NOT NULL THEN 'done'
    ELSE 'open'
END, last_error
FROM job
ORDER BY id";

/// The contents of the store, with how many files refer to each.
const CONTENTS: &str = "
SELECT b.hash, b.size, b.doomed_at IS NOT NULL, COUNT(f.id)
FROM blob b
LEFT JOIN file f ON f.hash = b.hash
GROUP BY b.hash, b.size, b.doomed_at
ORDER BY b.hash";

const FILES: &str = "
SELECT name, hash, subject
FROM file
ORDER BY id";

pub(super) fn command() -> Command {
    let city = Arg::new("city").long("city").value_name("SLUG").required(true).help("自治体").help_heading("指定");
    let command = Command::new("torture-look").about("強制終了の試験のために、記録の中身をJSONで表示します").hide(true);
    with_settings(command.arg(city), &[], &[])
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    let config = in_force(flags, &[])?.config;
    let data = DataFolder::new(&config.data);
    let city = data.registered(text(flags, "city"))?;
    let db = data.place(&city)?.open(Pools::default()).or_tell(|| "データベースを開けません。".to_owned())?;
    let seen = look(&db).await;
    db.close().await;
    terminal::print(&format!("{}\n", seen?))
}

async fn look(db: &Db) -> Result<Value> {
    // First: when no job was left, what jobs do stands in everything that is read after them.
    let jobs = db.ask(JOBS).all::<(String, Option<String>, i64, String, Option<String>)>().await?;
    let lines = db.ask(LINES).all::<(String, Json<Value>, Option<String>)>().await?;
    let texts = db.ask(TEXTS).all::<(String, i64, Json<Value>)>().await?;
    let reports = db.ask(REPORTS).all::<(String, i64, i64, Json<Value>)>().await?;
    let acts = db.ask(ACTS).all::<(String, i64, String, i64, Option<String>, Json<Value>)>().await?;
    let entries = db.ask(ENTRIES).all::<(String, String, String, Option<i64>)>().await?;
    let notices = db.ask(NOTICES).all::<(i64, String, String, i64)>().await?;
    let submissions = db.ask(SUBMISSIONS).all::<(String, String)>().await?;
    let accounts = db.ask(ACCOUNTS).all::<(i64, Option<String>, i64, i64)>().await?;
    let letters = db.ask(LETTERS).all::<(String, Option<i64>, bool, Option<String>, i64)>().await?;
    let contents = db.ask(CONTENTS).all::<(String, i64, bool, i64)>().await?;
    let files = db.ask(FILES).all::<(String, String, String)>().await?;
    Ok(json!({
        "lines": list(lines, |(key, details, department)| {
            json!({ "key": key, "purpose": details.0["purpose"], "text": details.0["text"], "department": department })
        }),
        "texts": list(texts, |(key, number, content)| {
            json!({ "key": key, "number": number, "purpose": content.0["purpose"], "text": content.0["text"] })
        }),
        "reports": list(reports, |(key, year, version, content)| {
            json!({ "key": key, "year": year, "version": version, "content": content.0 })
        }),
        "acts": list(acts, |(key, year, act, step, by, content)| {
            json!({ "key": key, "year": year, "act": act, "step": step, "by": by, "content": content.0 })
        }),
        "entries": list(entries, |(action, subject, detail, position)| {
            let detail: Value = serde_json::from_str(&detail).unwrap_or_default();
            json!({ "action": action, "subject": subject, "detail": detail, "position": position })
        }),
        "notices": list(notices, |(account, message, address, count)| {
            json!({ "account": account, "message": message, "address": address, "count": count })
        }),
        "submissions": list(submissions, |(token, answer)| json!({ "token": token, "answer": answer })),
        "accounts": list(accounts, |(id, email, duties, links)| {
            json!({ "id": id, "email": email, "duties": duties, "links": links })
        }),
        "letters": list(letters, |(key, account, sent, detail, jobs)| {
            json!({ "key": key, "account": account, "sent": sent, "detail": detail, "jobs": jobs })
        }),
        "jobs": list(jobs, |(kind, once, attempts, state, error)| {
            json!({ "kind": kind, "once": once, "attempts": attempts, "state": state, "error": error })
        }),
        "contents": list(contents, |(hash, size, doomed, files)| {
            json!({ "hash": hash, "size": size, "doomed": doomed, "files": files })
        }),
        "files": list(files, |(name, hash, subject)| json!({ "name": name, "hash": hash, "subject": subject })),
    }))
}

fn list<R>(rows: Vec<R>, told: impl Fn(R) -> Value) -> Vec<Value> {
    rows.into_iter().map(told).collect()
}
