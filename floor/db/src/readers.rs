//! The readers of a SQLite database. A pool made for servers asks a connection before and after every sentence whether
//! it is still alive, each time of another thread; a file does not go away, so these are asked the sentence alone.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::PATIENCE;

/// A connection that was not needed for so long is closed.
const IDLE: Duration = Duration::from_mins(1);

/// Connections to one file that only read; they open on demand. Cloning shares them.
#[derive(Clone, Debug)]
pub struct Readers(Arc<Shelf>);

#[derive(Debug)]
struct Shelf {
    options: SqliteConnectOptions,
    most: u32,
    places: Arc<Semaphore>,
    opened: AtomicU64,
    idle: Mutex<Idle>,
}

#[derive(Debug, Default)]
struct Idle {
    connections: Vec<SqliteConnection>,
    /// The fewest that lay here since somebody last looked: so many were not needed.
    spare: usize,
    /// Whether somebody looks every now and then.
    watched: bool,
}

/// A connection in somebody's hands. Dropped in the middle of a sentence it is closed, and its place is free after that:
/// SQLite goes on with what nobody waits for.
pub(crate) struct Reader {
    /// Both until it is put back or closed.
    held: Option<(SqliteConnection, OwnedSemaphorePermit)>,
    shelf: Arc<Shelf>,
}

impl Readers {
    pub(crate) fn new(options: SqliteConnectOptions, most: u32) -> Self {
        let most = most.max(1);
        let places = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(1)));
        Self(Arc::new(Shelf { options, most, places, opened: AtomicU64::default(), idle: Mutex::default() }))
    }

    /// A reader, as soon as one is free.
    pub(crate) async fn take(&self) -> sqlx::Result<Reader> {
        let place = tokio::time::timeout(PATIENCE, self.0.places.clone().acquire_owned());
        let place = place.await.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.0.idle().take();
        let connection = if let Some(connection) = idle {
            connection
        } else {
            self.0.opened.fetch_add(1, Ordering::Relaxed);
            self.0.options.connect().await?
        };
        Ok(Reader { held: Some((connection, place)), shelf: self.0.clone() })
    }

    /// Closes every connection, once those in use have come back. Nobody gets one after that.
    pub(crate) async fn close(&self) {
        let everybody = self.0.places.acquire_many(self.0.most).await;
        self.0.places.close();
        drop(everybody);
        close(self.0.oldest(usize::MAX)).await;
    }
}

impl Reader {
    /// Where a sentence is asked.
    pub(crate) fn connection(&mut self) -> sqlx::Result<&mut SqliteConnection> {
        self.held.as_mut().map(|(connection, _)| connection).ok_or(sqlx::Error::PoolClosed)
    }

    /// How many were opened until now: of a shelf with one place this names the connection.
    pub(crate) fn opened(&self) -> u64 {
        self.shelf.opened.load(Ordering::Relaxed)
    }

    /// Puts it back when its sentence is answered.
    pub(crate) fn give_back(mut self) {
        let Some((connection, place)) = self.held.take() else { return };
        let mut idle = self.shelf.idle();
        idle.connections.push(connection);
        if !std::mem::replace(&mut idle.watched, true) {
            tokio::spawn(watch(Arc::downgrade(&self.shelf)));
        }
        drop(idle);
        // Only now, so that nobody opens another in the meantime.
        drop(place);
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let (Some((connection, place)), Ok(runtime)) = (self.held.take(), Handle::try_current()) else { return };
        runtime.spawn(async move {
            close(vec![connection]).await;
            drop(place);
        });
    }
}

/// Whether a connection is as good as before after such an error: it was about the sentence or its answer.
pub(crate) fn leaves_alive(error: &sqlx::Error) -> bool {
    use sqlx::Error::{
        ColumnDecode, ColumnIndexOutOfBounds, ColumnNotFound, Database, Decode, Encode, RowNotFound, TypeNotFound,
    };
    matches!(
        error,
        Database(_)
            | RowNotFound
            | ColumnNotFound(_)
            | ColumnDecode { .. }
            | ColumnIndexOutOfBounds { .. }
            | TypeNotFound { .. }
            | Decode(_)
            | Encode(_)
    )
}

impl Idle {
    fn take(&mut self) -> Option<SqliteConnection> {
        let connection = self.connections.pop();
        self.spare = self.spare.min(self.connections.len());
        connection
    }
}

impl Shelf {
    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So many of those that lay here longest.
    fn oldest(&self, n: usize) -> Vec<SqliteConnection> {
        let mut idle = self.idle();
        let n = n.min(idle.connections.len());
        let oldest = idle.connections.drain(..n).collect();
        idle.spare = idle.connections.len();
        oldest
    }
}

async fn close(connections: Vec<SqliteConnection>) {
    for connection in connections {
        // The file is whole either way, and nobody waits for this.
        let _ = connection.close().await;
    }
}

/// Closes what was not needed, until nothing is left or nobody holds the shelf any more.
async fn watch(shelf: Weak<Shelf>) {
    loop {
        tokio::time::sleep(IDLE).await;
        let Some(shelf) = shelf.upgrade() else { return };
        let spare = shelf.idle().spare;
        close(shelf.oldest(spare)).await;
        let mut idle = shelf.idle();
        if idle.connections.is_empty() {
            idle.watched = false;
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use futures_util::FutureExt;

    use super::*;

    /// Counts for a while before it answers.
    const LONG: &str = "
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000)
SELECT COUNT(*)
FROM n";

    fn readers(most: u32) -> Readers {
        Readers::new(SqliteConnectOptions::new().in_memory(true), most)
    }

    async fn asks(readers: &Readers, sql: &'static str) -> sqlx::Result<i64> {
        let mut reader = readers.take().await?;
        let answer = sqlx::query_scalar(sql).fetch_one(reader.connection()?).await;
        if answer.as_ref().err().is_none_or(leaves_alive) {
            reader.give_back();
        }
        answer
    }

    #[tokio::test]
    async fn who_goes_away_in_the_middle_of_a_sentence_leaves_a_place_once_it_is_over() {
        let readers = readers(1);
        asks(&readers, "SELECT 1").await.unwrap();
        assert!(asks(&readers, LONG).now_or_never().is_none(), "it is under way");
        assert_eq!(readers.0.places.available_permits(), 0, "SQLite still counts");
        let begun = Instant::now();
        assert_eq!(asks(&readers, "SELECT 2").await.unwrap(), 2);
        assert!(begun.elapsed() < PATIENCE);
        assert_eq!(readers.0.places.available_permits(), 1);
        readers.close().await;
    }

    #[tokio::test]
    async fn a_refused_sentence_leaves_its_reader_and_a_dead_one_is_closed() {
        let readers = readers(1);
        assert!(asks(&readers, "SELECT nothing").await.is_err());
        assert_eq!(readers.0.idle().connections.len(), 1);
        let error = sqlx::Error::WorkerCrashed;
        assert!(!leaves_alive(&error) && !leaves_alive(&sqlx::Error::Io(std::io::Error::other("away"))));
        drop(readers.take().await.unwrap());
        assert_eq!(asks(&readers, "SELECT 3").await.unwrap(), 3);
    }
}
