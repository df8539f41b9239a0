//! Search over everything public, by bigrams of a normalised key: a two-letter word is found, half-width
//! kana finds full-width. Titles come before texts; within each, the order in which rooms wrote them.

use kyodo_db::{Db, FromRow, Result, Tx};
use kyodo_jptext::{bigrams, fts5_query, tsquery, tsvector};

use crate::store::{self, Number};

/// Something that can be found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Where it is, from the city's root.
    pub address: String,
    /// What it is: a key of the messages `search-kind-…`.
    pub kind: &'static str,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
}

/// Something that was found.
#[derive(Clone, Debug, FromRow)]
pub struct Hit {
    /// Its number, for the next page.
    pub id: i64,
    /// Where it is.
    pub address: String,
    /// What it is.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
}

/// Where a page of hits ends: titles first, then texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    in_bodies: bool,
    after: i64,
}

impl Cursor {
    /// Before the first hit.
    pub const START: Self = Self { in_bodies: false, after: 0 };

    /// Reads a cursor from an address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (part, after) = text.split_once('-')?;
        let in_bodies = match part {
            "t" => false,
            "b" => true,
            _ => return None,
        };
        Some(Self { in_bodies, after: after.parse().ok().filter(|n| *n >= 0)? })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", if self.in_bodies { "b" } else { "t" }, self.after)
    }
}

/// One page of what was found.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// The hits.
    pub items: Vec<Hit>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
    /// How many there are, exact up to [`COUNTED_TO`], one more beyond it.
    pub total: i64,
}

/// Up to here a number of hits is exact.
pub const COUNTED_TO: i64 = 10_000;

/// Replaces everything a room lets people find.
pub async fn replace(tx: &mut Tx, room: &str, documents: &[Document]) -> Result<()> {
    if !tx.is_postgres() {
        tx.ask(store::FORGET_ROOM_INDEX).with(room.to_owned()).run().await?;
    }
    tx.ask(store::FORGET_ROOM).with(room.to_owned()).run().await?;
    for document in documents {
        remember(tx, room, document).await?;
    }
    Ok(())
}

/// Adds one document.
pub async fn remember(tx: &mut Tx, room: &str, document: &Document) -> Result<()> {
    let (sql, postgres) =
        if tx.is_postgres() { (store::REMEMBER_POSTGRES, true) } else { (store::REMEMBER_SQLITE, false) };
    let query = tx
        .ask(sql)
        .with(room.to_owned())
        .with(document.address.clone())
        .with(document.kind)
        .with(document.title.clone())
        .with(document.body.clone());
    if postgres {
        query.with(tsvector(&document.title)).with(tsvector(&document.body)).run().await?;
    } else {
        let id = query.one::<Number>().await?.n;
        tx.ask(store::REMEMBER_INDEX_SQLITE)
            .with(id)
            .with(bigrams(&document.title))
            .with(bigrams(&document.body))
            .run()
            .await?;
    }
    Ok(())
}

/// Changes what is found of one address; it keeps its place among the room's documents. Nothing happens where nothing was
/// to be found.
pub async fn update(tx: &mut Tx, room: &str, document: &Document) -> Result<()> {
    let postgres = tx.is_postgres();
    let query = tx
        .ask(if postgres { store::UPDATE_POSTGRES } else { store::UPDATE_SQLITE })
        .with(room.to_owned())
        .with(document.address.clone())
        .with(document.title.clone())
        .with(document.body.clone());
    if postgres {
        query.with(tsvector(&document.title)).with(tsvector(&document.body)).run().await?;
    } else if let Some(row) = query.maybe::<Number>().await? {
        tx.ask(store::UPDATE_INDEX_SQLITE)
            .with(row.n)
            .with(bigrams(&document.title))
            .with(bigrams(&document.body))
            .run()
            .await?;
    }
    Ok(())
}

/// Finds `words`, all of which must occur; `most` hits after the cursor. Asks three sentences at the most.
pub async fn find(db: &Db, words: &str, from: Cursor, most: i64) -> Result<Hits> {
    let (query, titles, bodies, count) = if db.is_postgres() {
        (tsquery(words), store::FIND_TITLES_POSTGRES, store::FIND_BODIES_POSTGRES, store::COUNT_POSTGRES)
    } else {
        (fts5_query(words), store::FIND_TITLES_SQLITE, store::FIND_BODIES_SQLITE, store::COUNT_SQLITE)
    };
    let Some(query) = query else {
        return Ok(Hits::default());
    };
    // One more than asked for tells whether there is another page.
    let wanted = most + 1;
    let mut found: Vec<(bool, Hit)> = Vec::new();
    if !from.in_bodies {
        let hits = db.ask(titles).with(query.clone()).with(from.after).with(wanted).all::<Hit>().await?;
        found.extend(hits.into_iter().map(|hit| (false, hit)));
    }
    let missing = wanted - i64::try_from(found.len()).unwrap_or(wanted);
    if missing > 0 {
        let after = if from.in_bodies { from.after } else { 0 };
        let hits = db.ask(bodies).with(query.clone()).with(after).with(missing).all::<Hit>().await?;
        found.extend(hits.into_iter().map(|hit| (true, hit)));
    }
    let more = i64::try_from(found.len()).unwrap_or(0) > most;
    found.truncate(usize::try_from(most).unwrap_or(0));
    let next = more.then(|| found.last().map(|(in_bodies, hit)| Cursor { in_bodies: *in_bodies, after: hit.id }));
    let total = db.ask(count).with(query).with(COUNTED_TO + 1).one::<Number>().await?.n;
    Ok(Hits { items: found.into_iter().map(|(_, hit)| hit).collect(), next: next.flatten(), total })
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    #[test]
    fn a_cursor_survives_its_address() {
        for cursor in [Cursor::START, Cursor { in_bodies: true, after: 42 }] {
            assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        }
        assert_eq!(Cursor::parse("x-1"), None);
        assert_eq!(Cursor::parse("t--1"), None);
    }
}
