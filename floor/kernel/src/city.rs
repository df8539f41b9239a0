//! A city: its database, and what is known of it as of its latest revision.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwapOption;
use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Db, FromRow, Json, Migration, Result, Tx, migrate};
use kyodo_jptext::Readings;
use tokio::sync::Notify;

use crate::Secret;
use crate::kept::Kept;
use crate::language::Language;
use crate::pack::city::CityPack;
use crate::profile::{Department, Profile};
use crate::shared::Shared;
use crate::store::{self, CityRow, DepartmentRow, Number, ReadingRow};
use crate::words::{Messages, Words};

/// One municipality: everything below sees this city only.
#[derive(Debug)]
pub struct City {
    /// Its name in addresses.
    pub slug: String,
    /// Its database.
    pub db: Db,
    /// Its own key, from which keys for a purpose are derived.
    pub secret: Secret,
    /// Wakes those who work behind the requests: rung after a commit that may have put a job or an audit entry.
    pub bell: Arc<Notify>,
    messages: Arc<Messages>,
    state: ArcSwapOption<CityState>,
    revision: Shared<i64>,
    record: ArcSwapOption<Record>,
    look: Shared<Look>,
}

/// What is known of a city at one revision.
#[derive(Debug)]
pub struct CityState {
    /// Rises with every public change.
    pub revision: i64,
    /// Whether this is a demo, whose figures are made up.
    pub demo: bool,
    /// What the city is.
    pub profile: Profile,
    /// Its departments, in order.
    pub departments: Vec<Department>,
    /// Furigana.
    pub readings: Readings,
    words: [Arc<Words>; 3],
    kept: Kept,
}

/// How many [`Record`]s there were.
static RECORDS: AtomicU64 = AtomicU64::new(0);

/// Tells two states of a city's records apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
struct Mark {
    revision: i64,
    newest: i64,
    recent: i64,
}

/// Tells two states of everything in a city's database apart: which connection looked, and what it saw.
type Look = (u64, Seen);

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
struct Seen {
    #[sqlx(flatten)]
    mark: Mark,
    written: String,
}

/// What was read of a city and is still true.
#[derive(Debug)]
pub struct Record {
    /// Tells it from every other.
    pub number: u64,
    look: Look,
    day: NaiveDate,
    noted: Arc<Kept>,
    written: Arc<Kept>,
}

/// How long something that was read is good, at most until the next day.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    /// Until the next entry in the trail: records that change with one and not otherwise.
    Noted,
    /// Until anybody writes anything.
    Written,
}

impl Record {
    /// What the rooms made of it that is good for so long.
    #[must_use]
    pub fn kept(&self, until: Until) -> &Arc<Kept> {
        match until {
            Until::Noted => &self.noted,
            Until::Written => &self.written,
        }
    }
}

impl CityState {
    /// The city's words in a language.
    #[must_use]
    pub fn words(&self, language: Language) -> &Arc<Words> {
        &self.words[language.index()]
    }

    /// A department by its key.
    #[must_use]
    pub fn department(&self, key: &str) -> Option<&Department> {
        self.departments.iter().find(|department| department.key == key)
    }

    /// What a room reads or works out of the city's public records, one value of each type: made by whoever asks first and
    /// kept as long as the revision stands. Only what changes with the revision may be asked for like this.
    pub async fn once<T: Any + Send + Sync, E>(
        &self,
        make: impl Future<Output = std::result::Result<T, E>>,
    ) -> std::result::Result<Arc<T>, E> {
        if let Some(known) = self.kept.get("") {
            return Ok(known);
        }
        let value = Arc::new(make.await?);
        self.kept.put("", &value);
        Ok(value)
    }
}

impl City {
    /// A city whose tables stand already; nothing is read before the first request. Its key comes from the house's.
    #[must_use]
    pub fn new(slug: String, db: Db, messages: Arc<Messages>, house: &Secret) -> Self {
        let secret = house.derive(&slug);
        Self {
            slug,
            db,
            secret,
            bell: Arc::default(),
            messages,
            state: ArcSwapOption::empty(),
            revision: Shared::default(),
            record: ArcSwapOption::empty(),
            look: Shared::default(),
        }
    }

    /// Lets jobs that were just committed begin at once instead of at the worker's next look.
    pub fn ring(&self) {
        self.bell.notify_one();
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self, migrations: &[Migration], now: DateTime<Utc>) -> Result<usize> {
        migrate(&self.db, migrations, now).await
    }

    /// What is known of the city now: never older than the moment of asking. Requests that come at the same time
    /// share one look at the revision; only when it has risen is the city read again.
    pub async fn state(&self) -> Result<Arc<CityState>> {
        let look = async || self.db.ask(store::REVISION).one::<Number>().await.map(|row| row.n);
        let revision = self.revision.answer(look).await?;
        self.state_at(revision).await
    }

    /// The same together with what was read of the records as they stand now: one look for all.
    pub async fn standing(&self, day: NaiveDate) -> Result<(Arc<CityState>, Arc<Record>)> {
        let sentence = if self.db.is_postgres() { store::LOOK_POSTGRES } else { store::LOOK };
        let look = self.look.answer(|| self.db.look::<Seen>(sentence)).await?;
        let state = self.state_at(look.1.mark.revision).await?;
        let known = self.record.load_full().filter(|known| known.day == day);
        if let Some(known) = &known
            && known.look == look
        {
            return Ok((state, Arc::clone(known)));
        }
        let noted = known.filter(|known| known.look.1.mark == look.1.mark);
        let noted = noted.map(|known| Arc::clone(&known.noted)).unwrap_or_default();
        let number = RECORDS.fetch_add(1, Ordering::Relaxed);
        let record = Arc::new(Record { number, look, day, noted, written: Arc::default() });
        self.record.store(Some(Arc::clone(&record)));
        Ok((state, record))
    }

    async fn state_at(&self, revision: i64) -> Result<Arc<CityState>> {
        if let Some(state) = self.state.load_full()
            && state.revision == revision
        {
            return Ok(state);
        }
        let state = Arc::new(self.load(&self.db).await?);
        self.state.store(Some(Arc::clone(&state)));
        Ok(state)
    }

    async fn load(&self, db: &Db) -> Result<CityState> {
        let row = db.ask(store::CITY).one::<CityRow>().await?;
        let departments = db.ask(store::DEPARTMENTS).all::<DepartmentRow>().await?;
        let readings = db.ask(store::READINGS).all::<ReadingRow>().await?;
        let words = Language::ALL.map(|language| {
            let words = Words::new(&self.messages, &row.terms, language).or_else(|error| {
                tracing::error!(city = self.slug, error, "the city's terms cannot be used");
                Words::new(&self.messages, &crate::profile::Terms::default(), language)
            });
            Arc::new(words.unwrap_or_else(|error| unreachable!("messages were parsed at start: {error}")))
        });
        Ok(CityState {
            revision: row.revision,
            demo: row.demo,
            profile: row.profile.0,
            departments: departments.into_iter().map(Into::into).collect(),
            readings: Readings::new(readings.into_iter().map(|r| (r.surface, r.reading))),
            words,
            kept: Kept::default(),
        })
    }
}

/// Stores what a pack says of the city: once at its creation, later with every update. Departments that were made at the
/// desk stay; one whose key the pack names is the pack's from then on. Where the pack tells no way to reach a department,
/// the one from the desk stays.
pub async fn put(tx: &mut Tx, pack: &CityPack, demo: bool) -> Result<()> {
    tx.ask(store::PUT_CITY)
        .with(pack.profile.slug.clone())
        .with(Json(pack.profile.clone()))
        .with(Json(pack.terms.clone()))
        .with(demo)
        .run()
        .await?;
    let known = tx.ask(store::DEPARTMENTS).all::<DepartmentRow>().await?;
    for gone in known.into_iter().map(Department::from).filter(|department| !department.own) {
        if !pack.departments.iter().any(|department| department.key == gone.key) {
            tx.ask(store::DROP_DEPARTMENT).with(gone.key).run().await?;
        }
    }
    for (position, department) in (0_i64..).zip(&pack.departments) {
        tx.ask(store::PUT_DEPARTMENT)
            .with(department.key.clone())
            .with(position)
            .with(department.name.clone())
            .with(department.placeholder)
            .with(department.address.clone())
            .with(department.phone.clone())
            .with(department.fax.clone())
            .with(department.email.clone())
            .with(department.hours.clone())
            .with(false)
            .run()
            .await?;
    }
    write_readings(tx, PACK, pack.readings.iter(), None).await
}

/// The source of the readings that a pack brings.
const PACK: &str = "pack";

/// Keeps how the words of a subject are read, e.g. `measure:1-2-4`, instead of what it said before. Where it and the pack
/// differ, the subject is right: its department wrote later.
pub async fn put_readings(tx: &mut Tx, subject: &str, readings: &[(String, String)], now: DateTime<Utc>) -> Result<()> {
    write_readings(tx, subject, readings.iter().map(|(surface, reading)| (surface, reading)), Some(now)).await
}

async fn write_readings<'r>(
    tx: &mut Tx,
    source: &str,
    readings: impl Iterator<Item = (&'r String, &'r String)>,
    written_at: Option<DateTime<Utc>>,
) -> Result<()> {
    tx.ask(store::CLEAR_READINGS).with(source.to_owned()).run().await?;
    for (surface, reading) in readings {
        tx.ask(store::PUT_READING)
            .with(surface.clone())
            .with(source.to_owned())
            .with(reading.clone())
            .with(written_at)
            .run()
            .await?;
    }
    Ok(())
}

/// The departments as they stand in this transaction. Whoever changes them at the same time waits until it ends.
pub async fn departments(tx: &mut Tx) -> Result<Vec<Department>> {
    bump_revision(tx).await?;
    let rows = tx.ask(store::DEPARTMENTS).all::<DepartmentRow>().await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Stores a department from the desk: a new one is the desk's own and stands last; of one that is there, name and contact
/// change.
pub async fn put_department(tx: &mut Tx, department: &Department) -> Result<()> {
    tx.ask(store::PUT_DEPARTMENT_AT_DESK)
        .with(department.key.clone())
        .with(department.name.clone())
        .with(department.placeholder)
        .with(department.address.clone())
        .with(department.phone.clone())
        .with(department.fax.clone())
        .with(department.email.clone())
        .with(department.hours.clone())
        .with(true)
        .run()
        .await?;
    bump_revision(tx).await
}

/// Removes a department that was made at the desk. False when a pack names it, or when anybody holds or held a duty there.
/// Whether a room still needs it, the caller asks first.
pub async fn drop_department(tx: &mut Tx, key: &str) -> Result<bool> {
    let dropped = tx.ask(store::DROP_OWN_DEPARTMENT).with(key.to_owned()).run().await?;
    bump_revision(tx).await?;
    Ok(dropped == 1)
}

/// What the database holds of what a pack says, to compare an update with: without what was made at the desk. None before
/// the city is created.
pub async fn stored(db: &Db) -> Result<Option<CityPack>> {
    let Some(row) = db.ask(store::CITY).maybe::<CityRow>().await? else {
        return Ok(None);
    };
    let departments = db.ask(store::DEPARTMENTS).all::<DepartmentRow>().await?;
    let readings = db.ask(store::READINGS_OF).with(PACK).all::<ReadingRow>().await?;
    Ok(Some(CityPack {
        profile: row.profile.0,
        departments: departments.into_iter().map(Department::from).filter(|department| !department.own).collect(),
        terms: row.terms.0,
        readings: readings.into_iter().map(|r| (r.surface, r.reading)).collect(),
    }))
}

pub use store::bump_revision;
