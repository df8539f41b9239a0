//! A temporary database, on whichever of the two the environment names.

use std::env;

use kyodo_db::{Db, Migration, Place, Pools, create_schema, drop_schema, migrate};
use kyodo_kernel::{Chance, Clock};
use tempfile::TempDir;

/// A database of its own for one test, gone with this value.
#[derive(Debug)]
pub struct TestDatabase {
    db: Db,
    place: Place,
    _keeper: Keeper,
}

impl TestDatabase {
    /// A database without tables.
    pub async fn empty() -> Self {
        let (place, keeper) = if is_postgres() { schema().await } else { file() };
        let db = place.open(Pools::default()).expect("a database that was just made can be opened");
        Self { db, place, _keeper: keeper }
    }

    /// A database with these tables.
    pub async fn with(migrations: &[Migration]) -> Self {
        let database = Self::empty().await;
        migrate(&database.db, migrations, Clock::Real.now()).await.expect("the migrations run");
        database
    }

    /// The way in.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Where it stands, to open it once more.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }
}

/// Which database the environment asks for.
///
/// # Panics
/// When it asks for one that does not exist: a misspelt database must not pass as the other one.
#[must_use]
pub fn is_postgres() -> bool {
    names_postgres(env::var("KYODO_TEST_DATABASE").ok().as_deref())
}

fn names_postgres(database: Option<&str>) -> bool {
    match database {
        None | Some("" | "sqlite") => false,
        Some("postgres") => true,
        Some(other) => panic!("KYODO_TEST_DATABASE is sqlite or postgres, not 「{other}」"),
    }
}

/// An asked-for PostgreSQL that is not there is a failure, never a skip.
fn administrator(address: Option<String>) -> String {
    address.expect(
        "KYODO_TEST_DATABASE is postgres, so KYODO_TEST_POSTGRES must be an administrator's address, \
         e.g. postgres://postgres@localhost/postgres?host=/tmp/socket",
    )
}

/// Removes the database when the test is over, as well as it can.
#[derive(Debug)]
enum Keeper {
    Folder { _folder: TempDir },
    Schema { administrator: String, name: String },
}

fn file() -> (Place, Keeper) {
    let folder = tempfile::Builder::new().prefix("kyodo-test-").tempdir().expect("a temporary folder can be made");
    let place = Place::Sqlite(folder.path().join("city.db"));
    (place, Keeper::Folder { _folder: folder })
}

async fn schema() -> (Place, Keeper) {
    let administrator = administrator(env::var("KYODO_TEST_POSTGRES").ok());
    // Tests of several processes share one server.
    let name = format!("kyodo_test_{:016x}", Chance::Real.number());
    let address = create_schema(&administrator, &name, "secret")
        .await
        .unwrap_or_else(|error| panic!("no test schema on {administrator}: {error}"));
    (Place::Postgres(address), Keeper::Schema { administrator, name })
}

impl Drop for Keeper {
    fn drop(&mut self) {
        let Self::Schema { administrator, name } = self else {
            return;
        };
        // A transaction that is still open must not hold up the others for long.
        let joint = if administrator.contains('?') { '&' } else { '?' };
        let administrator = format!("{administrator}{joint}options=-c%20lock_timeout%3D2s");
        let name = name.clone();
        // The test's own runtime cannot be waited for in here, so a thread brings another. What cannot be
        // dropped goes with the server.
        let removal = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(remove(administrator, &name)).map_err(std::io::Error::other)
        });
        let _ = removal.join();
    }
}

async fn remove(administrator: String, name: &str) -> kyodo_db::Result<()> {
    const SEND_AWAY: &str = "
SELECT pg_terminate_backend(pid)
FROM pg_stat_activity
WHERE usename = $1";
    let server = Place::Postgres(administrator.clone()).open(Pools { most: 1 })?;
    server.ask(SEND_AWAY).with(name).run().await?;
    server.close().await;
    drop_schema(&administrator, name).await
}

#[cfg(test)]
mod tests {
    use super::{administrator, names_postgres};

    #[test]
    fn sqlite_is_what_nobody_asked_for() {
        assert!(!names_postgres(None) && !names_postgres(Some("sqlite")) && names_postgres(Some("postgres")));
    }

    #[test]
    #[should_panic(expected = "not 「postgresql」")]
    fn a_misspelt_database_does_not_pass_as_the_other_one() {
        names_postgres(Some("postgresql"));
    }

    #[test]
    #[should_panic(expected = "KYODO_TEST_POSTGRES must be")]
    fn a_missing_server_is_a_failure() {
        administrator(None);
    }
}
