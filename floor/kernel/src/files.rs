//! Files: what people send. The content lies in the store under its hash; rows of the city's database say under
//! which name, to what it belongs and who may see it.
//!
//! A file row never stands without its content, and content never stays without a reason, because every step that
//! could disagree waits for the same row of `blob`:
//!
//! 1. [`keep`] announces the content in a transaction of its own (a blob, doomed from the start), then writes it.
//! 2. [`attach`] lifts the doom and adds the file, in the transaction of the change.
//! 3. [`erase`] removes files and dooms the blob when no other file refers to it.
//! 4. [`sweep`] takes a blob that was doomed a day ago, and holds its row until the content is gone from the store.
//!
//! An upload that meets the sweep waits for that row at step 1, and writes the content only afterwards. On SQLite
//! there is one writer anyway; on PostgreSQL the row's lock does it, and a sentence that waited looks at the row anew.

pub mod kind;
mod name;
mod sentences;
pub mod store;
pub mod text;

use chrono::{DateTime, TimeDelta, Utc};
use kyodo_db::{Db, FromRow, Tx};
use sha2::{Digest, Sha256};

pub use bytes::Bytes;
pub use kind::{KINDS, Kind, Refusal};
pub use name::clean as clean_name;
pub(crate) use sentences::all as sentences;
pub use store::{Content, Shelf, Store, StoreError};

use crate::Chance;
use crate::secret::hex;
use crate::store::Number;
use sentences::{
    ADOPT, ANNOUNCE, ATTACH, BY_KEY, DOOM, DOOMED, DROP, ERASE, ERASE_SUBJECT, KNOWN, LIFT, OF_SUBJECT, SPARE,
};

/// How long content stays that nothing refers to: longer than any form is open between sending and saving.
pub const GRACE: TimeDelta = TimeDelta::days(1);
/// At most so many are swept at once; the rest waits for the next time.
const SWEPT_AT_ONCE: i64 = 10_000;

/// What can go wrong with files.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error(transparent)]
    Database(#[from] kyodo_db::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was kept was not attached within the grace, and is swept.
    #[error("the content was kept too long ago and is gone")]
    Gone,
}

/// SHA-256 of a content, in lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(String);

impl Hash {
    /// The hash of a content.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self(hex(&Sha256::digest(content)))
    }

    /// Its 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash of these digits; none when they are not a hash's.
    #[must_use]
    pub fn parse(digits: &str) -> Option<Self> {
        let fits = digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        fits.then(|| Self(digits.to_owned()))
    }
}

/// A file that somebody sends: named, typed by its content, and small enough.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Its name, free of paths and of what cannot be seen.
    pub name: String,
    /// What it is.
    pub kind: &'static Kind,
    content: Bytes,
}

impl Incoming {
    /// Looks at what was sent under a name; at most `most` bytes are taken.
    pub fn of(name: &str, content: impl Into<Bytes>, most: usize) -> Result<Self, Refusal> {
        let (name, content) = (name::clean(name), content.into());
        if content.is_empty() {
            return Err(Refusal::Empty);
        }
        if content.len() > most {
            return Err(Refusal::TooLarge { most });
        }
        let kind = kind::kind_of(&name, &content)?;
        Ok(Self { name, kind, content })
    }

    /// The bytes.
    #[must_use]
    pub fn content(&self) -> &Bytes {
        &self.content
    }
}

/// Content that is safe in the store, to be attached within [`GRACE`].
#[derive(Clone, Debug)]
#[must_use = "what is not attached is swept"]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: &'static Kind,
    /// The hash of its content.
    pub hash: Hash,
    /// How many bytes it has.
    pub size: i64,
}

/// To what a file belongs.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// The subject it is erased with, `measure:1-2-4`.
    pub subject: &'a str,
    /// Who may see it.
    pub audience: Audience,
    /// The account that sent it; none for what Kyodo made itself.
    pub uploaded_by: Option<i64>,
}

/// Who may see a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody.
    Public,
    /// Those who may see the desk page of its subject; the room decides.
    Desk,
}

impl Audience {
    /// Its name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Desk => "desk",
        }
    }
}

/// A file of a city.
#[derive(Clone, Debug)]
pub struct File {
    /// Its number.
    pub id: i64,
    /// Its address, which cannot be guessed.
    pub key: String,
    /// The hash of its content.
    pub hash: Hash,
    /// The name people gave it.
    pub name: String,
    /// What it is.
    pub kind: &'static Kind,
    /// How many bytes it has.
    pub size: i64,
    /// To what it belongs.
    pub subject: String,
    /// Who may see it.
    pub audience: Audience,
    /// The account that sent it.
    pub uploaded_by: Option<i64>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Puts content into the store, before the change that needs it. What is there already is not written again.
pub async fn keep(db: &Db, shelf: &Shelf, incoming: Incoming, now: DateTime<Utc>) -> Result<Kept, Error> {
    let Incoming { name, kind, content } = incoming;
    let hash = Hash::of(&content);
    let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
    let mut tx = db.begin().await?;
    tx.ask(ANNOUNCE).with(hash.0.clone()).with(size).with(now).run().await?;
    // Committed before anything is written: a crash from here on leaves a doomed blob, which the sweep finds.
    tx.commit().await?;
    shelf.put(&hash, content).await?;
    Ok(Kept { name, kind, hash, size })
}

/// Adds a file in the transaction of the change it belongs to.
pub async fn attach(
    tx: &mut Tx,
    kept: &Kept,
    place: &Place<'_>,
    chance: Chance,
    now: DateTime<Utc>,
) -> Result<File, Error> {
    if tx.ask(LIFT).with(kept.hash.0.clone()).run().await? == 0 {
        return Err(Error::Gone);
    }
    let key = hex(&chance.bytes()[..16]);
    let row = tx
        .ask(ATTACH)
        .with(key.clone())
        .with(kept.hash.0.clone())
        .with(kept.name.clone())
        .with(kept.kind.name)
        .with(place.subject.to_owned())
        .with(place.audience.name())
        .with(place.uploaded_by)
        .with(now)
        .one::<Number>()
        .await?;
    Ok(File {
        id: row.n,
        key,
        hash: kept.hash.clone(),
        name: kept.name.clone(),
        kind: kept.kind,
        size: kept.size,
        subject: place.subject.to_owned(),
        audience: place.audience,
        uploaded_by: place.uploaded_by,
        created_at: now,
    })
}

/// The file at an address.
pub async fn by_key(db: &Db, key: &str) -> kyodo_db::Result<Option<File>> {
    Ok(db.ask(BY_KEY).with(key.to_owned()).maybe::<FileRow>().await?.map(File::from))
}

/// The files of a subject, in the order they came.
pub async fn of_subject(db: &Db, subject: &str) -> kyodo_db::Result<Vec<File>> {
    let rows = db.ask(OF_SUBJECT).with(subject.to_owned()).all::<FileRow>().await?;
    Ok(rows.into_iter().map(File::from).collect())
}

/// Erases one file. False when there is none.
pub async fn erase(tx: &mut Tx, id: i64, now: DateTime<Utc>) -> kyodo_db::Result<bool> {
    let gone = tx.ask(ERASE).with(id).all::<HashRow>().await?;
    Ok(doom(tx, gone, now).await? > 0)
}

/// Erases every file of a subject; how many there were.
pub async fn erase_subject(tx: &mut Tx, subject: &str, now: DateTime<Utc>) -> kyodo_db::Result<usize> {
    let gone = tx.ask(ERASE_SUBJECT).with(subject.to_owned()).all::<HashRow>().await?;
    doom(tx, gone, now).await
}

async fn doom(tx: &mut Tx, gone: Vec<HashRow>, now: DateTime<Utc>) -> kyodo_db::Result<usize> {
    let many = gone.len();
    let mut hashes: Vec<String> = gone.into_iter().map(|row| row.hash).collect();
    // In one order for all, so that two erasures do not wait for each other.
    hashes.sort();
    hashes.dedup();
    for hash in hashes {
        // First doomed, which locks the row, then spared: the second sentence sees what others committed meanwhile.
        tx.ask(DOOM).with(hash.clone()).with(now).run().await?;
        tx.ask(SPARE).with(hash).run().await?;
    }
    Ok(many)
}

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Contents removed from the store.
    pub removed: u64,
    /// Contents found in the store that no row knew, as after a restored backup; the next sweep but one removes them.
    pub adopted: u64,
}

/// Removes what was doomed longer than [`GRACE`] ago and what dying processes left in pieces, and dooms what the database
/// does not know. Daily.
pub async fn sweep(db: &Db, shelf: &Shelf, now: DateTime<Utc>) -> Result<Swept, Error> {
    let before = now - GRACE;
    let mut swept = Swept::default();
    for row in db.ask(DOOMED).with(before).with(SWEPT_AT_ONCE).all::<HashRow>().await? {
        let mut tx = db.begin().await?;
        // Nothing is dropped that was attached or announced again since it was looked for.
        let dropped = tx.ask(DROP).with(row.hash.clone()).with(before).run().await?;
        if dropped == 1 {
            shelf.remove(&Hash(row.hash)).await?;
            // Who sends the same content waits for this commit, and writes it anew.
            tx.commit().await?;
            swept.removed += 1;
        }
    }
    swept.adopted = adopt(db, shelf, now).await?;
    shelf.clear(GRACE.to_std().unwrap_or_default()).await?;
    Ok(swept)
}

async fn adopt(db: &Db, shelf: &Shelf, now: DateTime<Utc>) -> Result<u64, Error> {
    let mut adopted = 0;
    for drawer in shelf.drawers().await? {
        // The store first: an object's row is always older than the object.
        let objects = shelf.objects(&drawer).await?;
        let known = db.ask(KNOWN).with(drawer.clone()).with(format!("{drawer}g")).all::<HashRow>().await?;
        let known: std::collections::HashSet<String> = known.into_iter().map(|row| row.hash).collect();
        for (hash, size) in objects.into_iter().filter(|(hash, _)| !known.contains(hash.as_str())) {
            let mut tx = db.begin().await?;
            adopted += tx.ask(ADOPT).with(hash.0).with(size).with(now).run().await?;
            tx.commit().await?;
        }
    }
    Ok(adopted)
}

#[derive(FromRow)]
struct HashRow {
    hash: String,
}

#[derive(FromRow)]
struct FileRow {
    id: i64,
    key: String,
    hash: String,
    name: String,
    kind: String,
    size: i64,
    subject: String,
    audience: String,
    uploaded_by: Option<i64>,
    created_at: DateTime<Utc>,
}

impl From<FileRow> for File {
    fn from(row: FileRow) -> Self {
        Self {
            id: row.id,
            key: row.key,
            hash: Hash(row.hash),
            name: row.name,
            kind: kind::kind_named(&row.kind),
            size: row.size,
            subject: row.subject,
            // Whoever may see it is told in one word; what is not that word is not public.
            audience: if row.audience == Audience::Public.name() { Audience::Public } else { Audience::Desk },
            uploaded_by: row.uploaded_by,
            created_at: row.created_at,
        }
    }
}
