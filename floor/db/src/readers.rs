//! The readers of a SQLite database. A pool made for servers asks a connection before and after every sentence whether
//! it is still alive, each time of another thread; a file does not go away, so these are asked the sentence alone.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long somebody waits for a free reader.
const PATIENCE: Duration = Duration::from_secs(10);

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

/// A connection in somebody's hands. Dropped in the middle of a sentence it is closed.
pub(crate) struct Reader {
    pub(crate) connection: SqliteConnection,
    shelf: Arc<Shelf>,
    place: OwnedSemaphorePermit,
}

impl Readers {
    pub(crate) fn new(options: SqliteConnectOptions, most: u32) -> Self {
        let most = most.max(1);
        let places = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(1)));
        Self(Arc::new(Shelf { options, most, places, idle: Mutex::default() }))
    }

    /// A reader, as soon as one is free.
    pub(crate) async fn take(&self) -> sqlx::Result<Reader> {
        let place = tokio::time::timeout(PATIENCE, self.0.places.clone().acquire_owned());
        let place = place.await.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.0.idle().take();
        let connection = match idle {
            Some(connection) => connection,
            None => self.0.options.connect().await?,
        };
        Ok(Reader { connection, shelf: self.0.clone(), place })
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
    /// Puts it back when its sentence is answered, whatever the answer was.
    pub(crate) fn give_back(self) {
        let Self { connection, shelf, place } = self;
        let mut idle = shelf.idle();
        idle.connections.push(connection);
        if !std::mem::replace(&mut idle.watched, true) {
            tokio::spawn(watch(Arc::downgrade(&shelf)));
        }
        drop(idle);
        // Only now, so that nobody opens another in the meantime.
        drop(place);
    }
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
