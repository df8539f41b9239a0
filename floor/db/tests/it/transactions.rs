//! Reading and writing: who may, and what stays.

use futures_util::FutureExt;
use kyodo_db::{Db, FromRow, Migration, Place, Pools};
use kyodo_testkit::TestDatabase;

const TABLE: Migration =
    Migration { room: "test", name: "0001_word", sql: "CREATE TABLE word (id {id}, text {text} NOT NULL){strict};" };

const PUT: &str = "
INSERT INTO word (text)
VALUES ($1)";

const ALL: &str = "
SELECT id, text
FROM word
ORDER BY id";

/// Takes a moment to answer.
const SLOW: &str = "
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
SELECT COUNT(*)
FROM n";

#[derive(FromRow)]
struct Word {
    id: i64,
    text: String,
}

async fn words(db: &Db) -> Vec<String> {
    db.ask(ALL).all::<Word>().await.unwrap().into_iter().map(|word| word.text).collect()
}

#[tokio::test]
async fn what_is_committed_stays() {
    let database = TestDatabase::with(&[TABLE]).await;
    let mut tx = database.db().begin().await.unwrap();
    tx.ask(PUT).with("協働").run().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(words(database.db()).await, ["協働"]);
}

#[tokio::test]
async fn a_dropped_transaction_leaves_no_trace() {
    let database = TestDatabase::with(&[TABLE]).await;
    let mut tx = database.db().begin().await.unwrap();
    tx.ask(PUT).with("協働").run().await.unwrap();
    let inside = tx.ask(ALL).all::<Word>().await.unwrap();
    assert_eq!(inside.len(), 1, "a transaction sees its own changes");
    assert_eq!(words(database.db()).await.len(), 0, "nobody else does");
    drop(tx);
    // The next transaction finds the writer free again.
    let mut tx = database.db().begin().await.unwrap();
    tx.ask(PUT).with("計画").run().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(words(database.db()).await, ["計画"]);
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let database = TestDatabase::with(&[TABLE]).await;
    let result = database.db().ask(PUT).with("協働").run().await;
    let error = result.unwrap_err().to_string();
    assert!(error.contains("readonly") || error.contains("read-only"), "{error}");
    assert_eq!(words(database.db()).await.len(), 0);
}

#[tokio::test]
async fn one_maybe_and_all_say_how_many_there_are() {
    let database = TestDatabase::with(&[TABLE]).await;
    let db = database.db();
    assert!(db.ask(ALL).one::<Word>().await.is_err());
    assert!(db.ask(ALL).maybe::<Word>().await.unwrap().is_none());
    let mut tx = db.begin().await.unwrap();
    for text in ["一", "二"] {
        tx.ask(PUT).with(text).run().await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(db.ask(ALL).one::<Word>().await.unwrap().id, 1);
    assert_eq!(words(db).await, ["一", "二"]);
}

#[tokio::test]
async fn a_handle_counts_its_own_sentences() {
    let database = TestDatabase::with(&[TABLE]).await;
    let (request, other) = (database.db().counted(), database.db().counted());
    words(&request).await;
    words(&request).await;
    words(&other).await;
    assert_eq!((request.asked(), other.asked()), (2, 1));
}

#[tokio::test]
async fn writers_wait_for_each_other() {
    let database = TestDatabase::with(&[TABLE]).await;
    let writers = (0..20).map(|n| {
        let db = database.db().clone();
        tokio::spawn(async move {
            let mut tx = db.begin().await.unwrap();
            tx.ask(PUT).with(n.to_string()).run().await.unwrap();
            tx.commit().await.unwrap();
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(words(database.db()).await.len(), 20);
}

#[tokio::test]
async fn what_was_written_is_there_after_opening_it_once_more() {
    let database = TestDatabase::with(&[TABLE]).await;
    let mut tx = database.db().begin().await.unwrap();
    tx.ask(PUT).with("協働").run().await.unwrap();
    tx.commit().await.unwrap();
    database.db().close().await;
    if let Place::Sqlite(file) = database.place() {
        let beside = file.with_file_name("city.db-wal");
        assert!(!beside.exists(), "a closed database stands complete in its one file");
    }
    let again = database.place().open(Pools::default()).unwrap();
    assert_eq!(words(&again).await, ["協働"]);
}

#[tokio::test]
async fn a_database_that_is_not_there_is_unreachable_and_not_at_fault() {
    let place = if kyodo_testkit::is_postgres() {
        "postgres://nobody@localhost/none?host=/nowhere".parse::<Place>().unwrap()
    } else {
        Place::Sqlite("/nowhere/at/all/city.db".into())
    };
    let db = place.open(Pools::default()).unwrap();
    let error = db.ask("SELECT 1 AS id, 'a' AS text").maybe::<Word>().await.err().unwrap();
    assert!(error.is_unreachable(), "{error}");
}

#[tokio::test]
async fn more_askers_than_readers_are_all_answered() {
    let database = TestDatabase::with(&[TABLE]).await;
    let mut tx = database.db().begin().await.unwrap();
    tx.ask(PUT).with("協働").run().await.unwrap();
    tx.commit().await.unwrap();
    let askers = (0..50).map(|_| words(database.db()));
    for answer in futures_util::future::join_all(askers).await {
        assert_eq!(answer, ["協働"]);
    }
}

#[tokio::test]
async fn who_goes_away_in_the_middle_of_a_sentence_takes_no_reader_along() {
    let database = TestDatabase::with(&[TABLE]).await;
    for _ in 0..10 {
        // There is a reader to ask at once.
        words(database.db()).await;
        // Begun, and not listened to any more.
        let begun = database.db().ask(SLOW).one::<(i64,)>().now_or_never();
        assert!(begun.is_none(), "it is not answered at once");
    }
    assert_eq!(words(database.db()).await.len(), 0);
}
