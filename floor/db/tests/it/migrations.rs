//! Migrations run once, forward, all or nothing.

use chrono::{DateTime, Utc};
use kyodo_db::{Error, FromRow, Migration, migrate, schema};
use kyodo_testkit::TestDatabase;

const fn step(name: &'static str, sql: &'static str) -> Migration {
    Migration { room: "test", name, sql }
}

const FIRST: Migration = step("0001_word", "CREATE TABLE word (id {id}, text {text} NOT NULL){strict};");
const SECOND: Migration = step("0002_day", "ALTER TABLE word ADD COLUMN day {date};");
const BROKEN: Migration =
    step("0003_broken", "CREATE TABLE half (id {id}){strict}; INSERT INTO nowhere (id) VALUES (1);");

fn now() -> DateTime<Utc> {
    "2026-11-20T00:00:00Z".parse().unwrap()
}

#[derive(FromRow)]
struct Ran {
    name: String,
}

async fn ran(database: &TestDatabase) -> Vec<String> {
    let rows = database.db().ask("SELECT name FROM migration ORDER BY name").all::<Ran>().await.unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

#[tokio::test]
async fn each_migration_runs_once_and_new_ones_follow() {
    let (database, now) = (TestDatabase::empty().await, now());
    assert_eq!(migrate(database.db(), &[FIRST], now).await.unwrap(), 1);
    assert_eq!(migrate(database.db(), &[FIRST], now).await.unwrap(), 0);
    assert_eq!(migrate(database.db(), &[FIRST, SECOND], now).await.unwrap(), 1);
    assert_eq!(ran(&database).await, ["0001_word", "0002_day"]);
}

#[tokio::test]
async fn a_changed_migration_is_refused_by_its_name() {
    let (database, now) = (TestDatabase::with(&[FIRST]).await, now());
    let changed = step("0001_word", "CREATE TABLE word (id {id}){strict};");
    let error = migrate(database.db(), &[changed, SECOND], now).await.unwrap_err();
    assert!(
        matches!(&error, Error::MigrationChanged { room, name } if room == "test" && name == "0001_word"),
        "{error}"
    );
    assert_eq!(ran(&database).await, ["0001_word"]);
}

#[tokio::test]
async fn a_failing_migration_leaves_nothing_of_itself_or_the_others() {
    let (database, now) = (TestDatabase::with(&[FIRST]).await, now());
    let before = schema(database.db()).await.unwrap();
    let error = migrate(database.db(), &[FIRST, SECOND, BROKEN], now).await.unwrap_err();
    assert!(matches!(&error, Error::Migration { name, .. } if name == "0003_broken"), "{error}");
    assert_eq!(schema(database.db()).await.unwrap(), before);
    assert_eq!(ran(&database).await, ["0001_word"]);
}

#[tokio::test]
async fn the_schema_is_told_the_same_way_each_time() {
    let (one, two) = (TestDatabase::with(&[FIRST, SECOND]).await, TestDatabase::with(&[FIRST, SECOND]).await);
    let told = schema(one.db()).await.unwrap();
    assert_eq!(told, schema(two.db()).await.unwrap());
    assert!(told.contains("word") && told.contains("day"), "{told}");
}

#[tokio::test]
async fn processes_that_start_together_migrate_once() {
    let now = now();
    // Several times, because whether they meet while the database is new is chance.
    for _ in 0..20 {
        let database = TestDatabase::empty().await;
        // Each process brings connections of its own.
        let starting = (0..8).map(|_| {
            let db = database.place().open(kyodo_db::Pools::default()).unwrap();
            tokio::spawn(async move { migrate(&db, &[FIRST, SECOND], now).await })
        });
        let mut counts = Vec::new();
        for process in starting.collect::<Vec<_>>() {
            counts.push(process.await.unwrap().unwrap());
        }
        counts.sort_unstable();
        assert_eq!(counts, [0, 0, 0, 0, 0, 0, 0, 2]);
    }
}
