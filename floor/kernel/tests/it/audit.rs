//! The audit trail: written with the change, sealed behind it, verified by recounting.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kyodo_db::{AssertSqlSafe, Db, FromRow};
use kyodo_kernel::audit::{self, Entry, Filter, Kind, Report, Row, Trail};
use kyodo_kernel::{Chance, Clock, MIGRATIONS, Secret, sentences};
use kyodo_testkit::TestDatabase;
use serde_json::json;

async fn database() -> TestDatabase {
    TestDatabase::with(MIGRATIONS).await
}

fn key() -> Secret {
    Secret::new([7; 32])
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2026-11-20T01:00:00.000001Z")
}

fn today() -> Clock {
    Clock::OnDay(day("2026-11-20"))
}

fn trail(actor: &str) -> Trail {
    Trail { key: key(), actor: actor.to_owned(), request: Arc::from("a1b2"), now: now(), chance: Chance::Real }
}

async fn note(db: &Db, trail: &Trail, entry: Entry) {
    let mut tx = db.begin().await.unwrap();
    trail.note(&mut tx, entry).await.unwrap();
    tx.commit().await.unwrap();
}

/// `count` entries, some with a name.
async fn noted(db: &Db, count: usize) {
    let mut tx = db.begin().await.unwrap();
    for n in 0..count {
        let entry = Entry::new("measure.published", format!("measure:{n}")).detail(json!({ "edition": n }));
        let entry = if n % 2 == 0 { entry.personal("name", "佐藤花") } else { entry };
        trail("account:12").note(&mut tx, entry).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn seal(db: &Db) -> u64 {
    audit::seal(db, &key(), today()).await.unwrap()
}

async fn verify(db: &Db) -> Report {
    audit::verify(db, &key(), now(), &[]).await.unwrap()
}

fn kinds(report: &Report) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = report.findings.iter().map(|finding| finding.kind).collect();
    kinds.sort();
    kinds
}

async fn run(db: &Db, sql: &str) {
    let mut tx = db.begin().await.unwrap();
    tx.ask(AssertSqlSafe(sql.to_owned())).run().await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    tx.commit().await.unwrap();
}

#[derive(FromRow)]
struct Number {
    n: i64,
}

async fn number(db: &Db, sql: &'static str) -> i64 {
    db.ask(sql).one::<Number>().await.unwrap().n
}

/// What an attacker who has the database does first.
async fn take_the_guards_away(db: &Db) {
    if db.is_postgres() {
        for table in ["audit_entry", "audit_seal", "audit_day"] {
            run(db, &format!("ALTER TABLE {table} DISABLE TRIGGER USER")).await;
        }
        for constraint in ["audit_seal_entry_fkey", "audit_seal_entry_key"] {
            run(db, &format!("ALTER TABLE audit_seal DROP CONSTRAINT {constraint}")).await;
        }
        return;
    }
    for trigger in [
        "audit_entry_is_never_changed",
        "audit_entry_is_never_deleted",
        "audit_seal_is_never_changed",
        "audit_seal_is_never_deleted",
        "audit_day_only_grows",
        "audit_day_is_never_deleted",
    ] {
        run(db, &format!("DROP TRIGGER {trigger}")).await;
    }
    // Without its reference, whose check no transaction can switch off.
    run(db, "CREATE TABLE loose (position INTEGER PRIMARY KEY, entry INTEGER NOT NULL, hash TEXT NOT NULL, day TEXT NOT NULL) STRICT").await;
    run(db, "INSERT INTO loose SELECT position, entry, hash, day FROM audit_seal").await;
    run(db, "DROP TABLE audit_seal").await;
    run(db, "ALTER TABLE loose RENAME TO audit_seal").await;
}

#[tokio::test]
async fn an_entry_stands_with_the_change_or_not_at_all() {
    let database = database().await;
    let db = database.db();
    let mut tx = db.begin().await.unwrap();
    trail("account:12").note(&mut tx, Entry::new("account.closed", "account:3")).await.unwrap();
    drop(tx);
    assert_eq!(number(db, "SELECT COUNT(*) AS n FROM audit_entry").await, 0);
    noted(db, 2).await;
    assert_eq!(number(db, "SELECT COUNT(*) AS n FROM audit_entry").await, 2);
    let report = verify(db).await;
    assert_eq!((report.sealed, report.waiting, report.found), (0, 2, 0));
}

#[tokio::test]
async fn what_is_sealed_is_whole_and_its_end_is_published() {
    let database = database().await;
    let db = database.db();
    assert_eq!((seal(db).await, audit::days(db, None, 10).await.unwrap()), (0, Vec::new()), "nothing to publish");
    noted(db, 1_203).await;
    assert_eq!((seal(db).await, seal(db).await), (1_203, 0));
    let report = verify(db).await;
    assert!(report.is_fine(), "{report:?}");
    let last = report.last.unwrap();
    assert_eq!((report.sealed, report.waiting, last.position, last.day), (1_203, 0, 1_203, day("2026-11-20")));

    let tomorrow = Clock::OnDay(day("2026-11-21"));
    assert_eq!(audit::seal(db, &key(), tomorrow).await.unwrap(), 0);
    let days = audit::days(db, None, 10).await.unwrap();
    assert_eq!(days.iter().map(|row| row.day).collect::<Vec<_>>(), [day("2026-11-21"), day("2026-11-20")]);
    assert!(days.iter().all(|row| row.position == 1_203 && row.hash == last.hash), "a quiet day has the same seal");
    assert_eq!(audit::days(db, Some(day("2026-11-21")), 1).await.unwrap(), days[1..]);
    let published = [last.hash.to_uppercase()];
    assert!(audit::verify(db, &key(), now(), &published).await.unwrap().is_fine());
    let other = audit::verify(db, &key(), now(), &["0".repeat(64)]).await.unwrap();
    assert_eq!(kinds(&other), [Kind::PublishedMissing]);
}

#[tokio::test]
async fn anybody_can_recount_an_exported_chain() {
    use sha2::{Digest, Sha256};
    let database = database().await;
    let db = database.db();
    noted(db, 7).await;
    seal(db).await;
    let (mut before, mut after, mut count) = ("0".repeat(64), 0, 0);
    loop {
        let page = audit::chain(db, after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.position;
        for link in page {
            let text = link.text.unwrap();
            assert!(!text.contains("佐藤花"), "nothing personal is chained: {text}");
            let hash = Sha256::digest(format!("{before}{text}"));
            before = kyodo_kernel::secret::hex(&hash);
            assert_eq!(link.seal, Some((before.clone(), day("2026-11-20"))));
            count += 1;
        }
    }
    assert_eq!(count, 7);
}

#[tokio::test]
async fn the_database_refuses_changes_but_the_erasure_of_personal_values() {
    let database = database().await;
    let db = database.db();
    noted(db, 3).await;
    seal(db).await;
    let mut attempts = vec![
        "DELETE FROM audit_entry WHERE id = 1",
        "UPDATE audit_entry SET action = 'x.y'",
        "UPDATE audit_entry SET id = id + 100",
        "UPDATE audit_entry SET personal = '{}'",
        "UPDATE audit_entry SET personal = NULL, mac = ''",
        "UPDATE audit_entry SET personal = personal WHERE id = 1",
        "DELETE FROM audit_seal",
        "UPDATE audit_seal SET hash = hash",
        "DELETE FROM audit_day",
        "UPDATE audit_day SET position = position - 1",
        "UPDATE audit_day SET day = '2026-01-01'",
    ];
    if db.is_postgres() {
        attempts.extend(["TRUNCATE audit_entry CASCADE", "TRUNCATE audit_seal", "TRUNCATE audit_day"]);
    } else {
        attempts.push(
            "INSERT OR REPLACE INTO audit_day (day, position, hash, mac) SELECT day, 0, hash, mac FROM audit_day",
        );
    }
    for sql in attempts {
        let mut tx = db.begin().await.unwrap();
        let error = tx.ask(sql).run().await.expect_err(sql).to_string();
        assert!(error.contains("never") || error.contains("only grows"), "{sql}: {error}");
    }
    assert!(verify(db).await.is_fine());
}

#[tokio::test]
async fn erasing_personal_values_leaves_the_chain_whole() {
    let database = database().await;
    let db = database.db();
    noted(db, 4).await;
    seal(db).await;
    let before = verify(db).await;
    let mut tx = db.begin().await.unwrap();
    assert_eq!(audit::erase_personal(&mut tx, "measure:2").await.unwrap(), 1);
    assert_eq!(audit::erase_personal(&mut tx, "measure:2").await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(verify(db).await, before);
    let rows = audit::search(db, &Filter::default(), None, 10).await.unwrap();
    let name = |subject: &str| rows.iter().find(|row| row.subject == subject).unwrap().personal.get("name").cloned();
    assert_eq!(name("measure:0"), Some(Some("佐藤花".to_owned())));
    assert_eq!(name("measure:2"), Some(None), "that there was a name stays known");
    assert_eq!(name("measure:1"), None);
}

#[tokio::test]
async fn whatever_an_attacker_does_to_the_tables_is_found() {
    let time =
        |db: &Db| if db.is_postgres() { "at + INTERVAL '1 microsecond'" } else { "'2026-11-20T01:00:00.000002+00:00'" };
    let entry = "INSERT INTO audit_entry (key, at, actor, action, subject, request, detail, hashes, personal, mac)
                 SELECT 'new', at, actor, action, subject, request, detail, hashes, personal, mac FROM audit_entry WHERE id = 3";
    let cases: Vec<(&str, &[Kind])> = vec![
        ("UPDATE audit_entry SET key = 'x' WHERE id = 3", &[Kind::EntryChanged]),
        ("UPDATE audit_entry SET actor = 'account:1' WHERE id = 3", &[Kind::EntryChanged]),
        ("UPDATE audit_entry SET action = 'a.b' WHERE id = 3", &[Kind::EntryChanged]),
        ("UPDATE audit_entry SET subject = 'a:1' WHERE id = 3", &[Kind::EntryChanged]),
        ("UPDATE audit_entry SET request = '' WHERE id = 3", &[Kind::EntryChanged]),
        ("UPDATE audit_entry SET detail = '{}' WHERE id = 3", &[Kind::EntryChanged]),
        ("UPDATE audit_entry SET hashes = '{}' WHERE id = 3", &[Kind::EntryChanged, Kind::PersonalChanged]),
        ("UPDATE audit_entry SET at = {time} WHERE id = 3", &[Kind::EntryChanged]),
        ("UPDATE audit_entry SET mac = 'x' WHERE id = 3", &[Kind::EntryUnsigned]),
        ("UPDATE audit_entry SET personal = '{}' WHERE id = 3", &[Kind::PersonalChanged]),
        ("UPDATE audit_entry SET personal = 'x' WHERE id = 3", &[Kind::PersonalChanged]),
        ("UPDATE audit_entry SET id = 99 WHERE id = 3", &[Kind::EntryMissing]),
        ("DELETE FROM audit_entry WHERE id = 3", &[Kind::EntryMissing]),
        (entry, &[Kind::EntryAdded]),
        ("UPDATE audit_seal SET hash = 'x' WHERE position = 3", &[Kind::SealChanged]),
        ("UPDATE audit_seal SET entry = 4 WHERE position = 3", &[Kind::SealChanged, Kind::SealRepeated]),
        ("DELETE FROM audit_seal WHERE position = 3", &[Kind::SealMissing]),
        ("DELETE FROM audit_seal WHERE position > 3", &[Kind::ChainCut]),
        ("UPDATE audit_day SET hash = 'x'", &[Kind::DayChanged]),
        ("UPDATE audit_day SET position = 4", &[Kind::DayChanged]),
        ("DELETE FROM audit_day", &[Kind::DayMissing]),
    ];
    let database = database().await;
    let db = database.db();
    noted(db, 5).await;
    seal(db).await;
    take_the_guards_away(db).await;
    assert!(verify(db).await.is_fine(), "as long as nobody uses it, the way stands open");
    for table in ["audit_entry", "audit_seal", "audit_day"] {
        run(db, &format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
    }
    for (sql, told) in cases {
        run(db, &sql.replace("{time}", time(db))).await;
        assert_eq!(kinds(&verify(db).await), told, "{sql}");
        for table in ["audit_entry", "audit_seal", "audit_day"] {
            run(db, &format!("DELETE FROM {table}")).await;
            run(db, &format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await;
        }
    }
    assert!(verify(db).await.is_fine());
}

#[tokio::test]
async fn values_that_cannot_even_be_read_are_told_and_hold_nobody_up() {
    let database = database().await;
    let db = database.db();
    if db.is_postgres() {
        // A time is a time there, and a text is UTF-8.
        return;
    }
    noted(db, 4).await;
    seal(db).await;
    take_the_guards_away(db).await;
    run(db, "UPDATE audit_entry SET at = 'yesterday' WHERE id = 2").await;
    run(db, "UPDATE audit_seal SET day = 'then' WHERE position = 3").await;
    run(db, "UPDATE audit_entry SET actor = CAST(X'ff' AS TEXT) WHERE id = 4").await;
    noted(db, 1).await;
    run(db, "UPDATE audit_entry SET at = '' WHERE id = 5").await;
    noted(db, 1).await;
    assert_eq!(seal(db).await, 1, "the readable one");
    assert_eq!(kinds(&verify(db).await), [Kind::Unreadable; 4]);
}

#[tokio::test]
async fn an_entry_that_kyodo_did_not_write_is_not_sealed_and_the_others_are() {
    let database = database().await;
    let db = database.db();
    noted(db, 1).await;
    let forger = Trail { key: Secret::new([8; 32]), ..trail("account:12") };
    note(db, &forger, Entry::new("account.closed", "account:3")).await;
    noted(db, 1).await;
    assert_eq!((seal(db).await, seal(db).await), (2, 0));
    let report = verify(db).await;
    assert_eq!((kinds(&report), report.findings[0].entry), (vec![Kind::EntryAdded], Some(2)));
}

#[tokio::test]
async fn an_entry_that_was_rightly_signed_cannot_be_used_twice() {
    let database = database().await;
    let db = database.db();
    noted(db, 2).await;
    let columns = "key, at, actor, action, subject, request, detail, hashes, personal, mac";
    let copy = format!("INSERT INTO audit_entry ({columns}) SELECT {columns} FROM audit_entry WHERE id = 1");
    let mut tx = db.begin().await.unwrap();
    assert!(tx.ask(AssertSqlSafe(copy.clone())).run().await.is_err(), "its key is unique");
    drop(tx);
    if db.is_postgres() {
        run(db, "ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_key_key").await;
        run(db, &copy).await;
        seal(db).await;
        assert_eq!(kinds(&verify(db).await), [Kind::EntryRepeated]);
    }
}

#[tokio::test]
async fn what_becomes_visible_late_is_sealed_late() {
    let database = database().await;
    let db = database.db();
    if !db.is_postgres() {
        // Its one writer commits in order.
        return;
    }
    let mut slow = db.begin().await.unwrap();
    trail("account:12").note(&mut slow, Entry::new("import.applied", "import:7")).await.unwrap();
    noted(db, 3).await;
    assert_eq!(seal(db).await, 3);
    slow.commit().await.unwrap();
    assert_eq!(seal(db).await, 1);
    let chain = audit::chain(db, 0, 10).await.unwrap();
    assert_eq!(chain.iter().map(|link| link.entry).collect::<Vec<_>>(), [2, 3, 4, 1]);
    assert!(verify(db).await.is_fine());
}

#[tokio::test]
async fn what_was_overtaken_by_very_many_is_sealed_the_next_day_at_the_latest() {
    let database = database().await;
    let db = database.db();
    noted(db, 1).await;
    if db.is_postgres() {
        run(db, "ALTER TABLE audit_entry DISABLE TRIGGER USER").await;
    } else {
        run(db, "DROP TRIGGER audit_entry_is_never_changed").await;
    }
    // As if the transaction of the other entry had taken its number long ago and only now come to its end.
    run(db, "UPDATE audit_entry SET id = 20000").await;
    assert_eq!(seal(db).await, 1);
    noted(db, 1).await;
    run(db, "UPDATE audit_entry SET id = 1 WHERE id <> 20000").await;
    assert_eq!(seal(db).await, 0, "too far behind to be looked for every few seconds");
    assert_eq!(audit::seal(db, &key(), Clock::OnDay(day("2026-11-21"))).await.unwrap(), 1);
    assert!(verify(db).await.is_fine());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_sealers_at_once_seal_everything_once() {
    let database = database().await;
    let processes: Vec<Db> = (0..3).map(|_| database.place().open(kyodo_db::Pools { most: 2 }).unwrap()).collect();
    let mut work = Vec::new();
    for db in &processes {
        let (writer, guard) = (db.clone(), db.clone());
        work.push(tokio::spawn(async move {
            for n in 0..40 {
                note(&writer, &trail("account:12"), Entry::new("reading.put", format!("reading:{n}"))).await;
            }
            0
        }));
        work.push(tokio::spawn(async move {
            let mut sealed = 0;
            for _ in 0..15 {
                sealed += audit::seal(&guard, &key(), today()).await.unwrap();
            }
            sealed
        }));
    }
    let mut sealed = 0;
    for task in work {
        sealed += task.await.unwrap();
    }
    let db = database.db();
    sealed += seal(db).await;
    assert_eq!(sealed, 120);
    let report = verify(db).await;
    assert!(report.is_fine(), "{report:?}");
    assert_eq!((report.sealed, report.last.unwrap().position), (120, 120));
    for process in processes {
        process.close().await;
    }
}

/// Twelve entries: three people, four days, looks and changes.
async fn a_week(db: &Db) {
    for n in 0..12_i64 {
        let actor = ["account:1", "account:2", "command"][usize::try_from(n % 3).unwrap()];
        // Midnight in the city is three in the afternoon the day before.
        let when = at("2026-11-17T14:59:59Z") + TimeDelta::hours(6 * n);
        let trail = Trail { now: when, request: Arc::from(format!("request-{n}")), ..trail(actor) };
        let entry = match n % 4 {
            0 => Entry::new("account.looked", "account:9").personal("name", "佐藤花"),
            1 => Entry::new("account.closed", format!("account:{n}")),
            2 => Entry::new("accounting.closed", "year:2026").detail(json!({ "Sum": "100%_確定" })),
            _ => Entry::new("measure.published", "measure:1-2-4"),
        };
        note(db, &trail, entry).await;
    }
}

fn numbers(rows: &[Row]) -> Vec<i64> {
    rows.iter().map(|row| row.id).collect()
}

#[tokio::test]
async fn auditors_find_by_everything_that_an_entry_says() {
    let database = database().await;
    let db = database.db();
    a_week(db).await;
    let text = |text: &str| Some(text.to_owned());
    let nothing = Filter::default;
    for (filter, found) in [
        (nothing(), vec![12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
        (Filter { actor: text("command"), ..nothing() }, vec![12, 9, 6, 3]),
        (Filter { action: text("account.looked"), ..nothing() }, vec![9, 5, 1]),
        (Filter { action: text("account."), ..nothing() }, vec![10, 9, 6, 5, 2, 1]),
        (Filter { action: text("account"), ..nothing() }, vec![]),
        (Filter { subject: text("account:9"), ..nothing() }, vec![10, 9, 5, 1]),
        (Filter { from: Some(day("2026-11-18")), to: Some(day("2026-11-18")), ..nothing() }, vec![5, 4, 3, 2]),
        (Filter { to: Some(day("2026-11-17")), ..nothing() }, vec![1]),
        (Filter { from: Some(day("2026-11-20")), ..nothing() }, vec![12, 11, 10]),
        (Filter { text: text("00%_確"), ..nothing() }, vec![11, 7, 3]),
        (Filter { text: text("100__確"), ..nothing() }, vec![]),
        (Filter { text: text("REQUEST-1"), ..nothing() }, vec![12, 11, 2]),
        (
            Filter {
                actor: text("account:1"),
                action: text("account."),
                subject: text("account:9"),
                from: Some(day("2026-11-17")),
                to: Some(day("2026-11-17")),
                text: text("request-0"),
            },
            vec![1],
        ),
    ] {
        let rows = audit::search(db, &filter, None, 20).await.unwrap();
        assert_eq!(numbers(&rows), found, "{filter:?}");
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let page = audit::search(db, &filter, after, 2).await.unwrap();
            assert!(page.len() <= 2);
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            pages.extend(numbers(&page));
        }
        assert_eq!(pages, found, "page by page, {filter:?}");
    }
    assert_eq!(audit::search(db, &nothing(), Some(99), 20).await.unwrap(), [], "after an entry that does not exist");
    let actions = audit::actions(db).await.unwrap();
    assert_eq!(actions, ["account.closed", "account.looked", "accounting.closed", "measure.published"]);
}

#[tokio::test]
async fn people_see_who_looked_at_them() {
    let database = database().await;
    let db = database.db();
    assert_eq!(audit::actions(db).await.unwrap(), Vec::<String>::new());
    a_week(db).await;
    note(db, &trail("account:1"), Entry::new("account.closed", "account:9")).await;
    audit::seal(db, &key(), today()).await.unwrap();
    let looks = audit::looks_at(db, "account:9", None, 2).await.unwrap();
    let told: Vec<_> = looks.iter().map(|row| (row.id, row.actor.as_str(), row.position)).collect();
    assert_eq!(told, [(9, "command", Some(9)), (5, "account:2", Some(5))]);
    assert_eq!(looks[0].at, at("2026-11-19T14:59:59Z"));
    assert_eq!(numbers(&audit::looks_at(db, "account:9", Some(5), 2).await.unwrap()), [1]);
    assert!(audit::looks_at(db, "account:8", None, 2).await.unwrap().is_empty());
}

#[tokio::test]
async fn both_databases_understand_every_sentence() {
    let database = database().await;
    let db = database.db();
    for sentence in sentences(db.is_postgres()) {
        db.prepare(sentence).await.unwrap_or_else(|error| panic!("{error}: {sentence}"));
    }
}
