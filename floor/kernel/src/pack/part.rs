//! A room's part of a pack: read, compared with what is stored, and put into the database.

use std::future::Future;
use std::pin::Pin;

use chrono::{DateTime, Utc};
use kyodo_db::{Db, Result, Tx};
use serde_json::Value;

use super::city::{CityPack, check_words};
use super::{Change, Faults, Pack, differences};
use crate::city;
use crate::words::Messages;

/// What a step of an installation answers later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a room reads from packs.
pub trait Part: Send + Sync {
    /// Reads and checks the room's files; every fault is named.
    fn read(&self, pack: &Pack, city: &CityPack, faults: &mut Faults) -> Box<dyn Reading>;

    /// What is stored now, in the shape of [`Reading::value`].
    fn stored<'a>(&'a self, db: &'a Db) -> Later<'a, Result<Value>>;
}

/// A part that was read and can be installed.
pub trait Reading: Send + Sync {
    /// Its content, to compare with what is stored.
    fn value(&self) -> Value;

    /// Puts it into the database, in the transaction of the whole pack.
    fn install<'a>(&'a self, tx: &'a mut Tx, now: DateTime<Utc>) -> Later<'a, Result<()>>;
}

/// A pack read by everyone who reads packs.
pub struct Reader {
    /// The city's own part.
    pub city: CityPack,
    parts: Vec<(&'static dyn Part, Box<dyn Reading>)>,
}

impl Reader {
    /// Reads every part. Nothing may be installed unless `faults` stays empty.
    pub fn read(pack: &Pack, parts: &[&'static dyn Part], messages: &Messages, faults: &mut Faults) -> Self {
        let city = CityPack::read(pack, faults);
        // What is wrong with the terms themselves has been named with its line.
        if faults.is_empty() {
            check_words(messages, &city.terms, faults);
        }
        let parts = parts.iter().map(|part| (*part, part.read(pack, &city, faults))).collect();
        Self { city, parts }
    }

    /// What installing the pack would change in a city that exists.
    pub async fn changes(&self, db: &Db) -> Result<Vec<Change>> {
        let mut stored = city::stored(db).await?;
        for kept in stored.iter_mut().flat_map(|stored| &mut stored.departments) {
            if let Some(next) = self.city.departments.iter().find(|department| department.key == kept.key) {
                kept.forget_what_stays(next);
            }
        }
        let mut changes = differences(
            &stored.map_or(Value::Null, |stored| serde_json::to_value(stored).unwrap_or_default()),
            &serde_json::to_value(&self.city).unwrap_or_default(),
        );
        for (part, reading) in &self.parts {
            changes.extend(differences(&part.stored(db).await?, &reading.value()));
        }
        Ok(changes)
    }

    /// Installs the pack: all of it or nothing.
    pub async fn install(&self, db: &Db, demo: bool, now: DateTime<Utc>) -> Result<()> {
        let mut tx = db.begin().await?;
        city::put(&mut tx, &self.city, demo).await?;
        for (_, reading) in &self.parts {
            reading.install(&mut tx, now).await?;
        }
        tx.commit().await
    }
}
