//! What must hold for the SQL of every room, on the database of the environment.

use kyodo_web::{Room, migrations};

use crate::TestDatabase;

/// Prepares every sentence of the kernel and the rooms; the database must understand each.
pub async fn every_sentence_is_understood(rooms: &[Room]) {
    let database = TestDatabase::with(&migrations(rooms)).await;
    let db = database.db();
    let kernel = kyodo_kernel::sentences(db.is_postgres()).into_iter().map(|sentence| ("kernel", sentence));
    let own = rooms.iter().flat_map(|room| room.sentences.iter().map(|sentence| (room.name, sentence.as_str())));
    let mut faults = Vec::new();
    for (owner, sentence) in kernel.chain(own) {
        if let Err(error) = db.prepare(sentence).await {
            faults.push(format!("{owner}: {error}\n{}", sentence.trim()));
        }
    }
    assert!(faults.is_empty(), "sentences that are not understood:\n{}", faults.join("\n\n"));
}

/// The tables of the kernel and the rooms, as text for a snapshot.
pub async fn schema_of(rooms: &[Room]) -> String {
    let database = TestDatabase::with(&migrations(rooms)).await;
    kyodo_db::schema(database.db()).await.expect("the schema can be read")
}
