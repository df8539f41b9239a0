//! Sealing: the entries that were written are chained by hash, a few seconds behind them.

use chrono::NaiveDate;
use kyodo_db::{Db, Result, Tx};

use super::store::{self, Legible, TOGETHER, Tip};
use super::{BEGINNING, Stored, mac_of_day, next_seal};
use crate::store::Number;
use crate::{Clock, Secret};

/// So many entries are sealed in one transaction: short enough for SQLite's one writer to wait.
const BATCH: i64 = 500;

/// How far behind the newest sealed entry those are looked for that became visible late.
///
/// On PostgreSQL a transaction that began earlier may commit later, so its entries appear below numbers that are
/// sealed already; "newer than the last" would skip them for ever, and no number is certain to have nothing to come
/// below it. A column `sealed` would write every entry twice. So an ordinary sealing looks among the last ten
/// thousand numbers (some milliseconds, whatever stands below), and the first one of each day among all of them (one
/// walk through two indexes): a transaction that was overtaken by ten thousand entries is sealed the next day.
pub(super) const LATE: i64 = 10_000;

/// Seals what is not sealed yet and publishes the chain's end as that of today. Returns how many entries were sealed.
///
/// An entry that this house did not sign is left, told in the log and found by [`super::verify()`]. Where several
/// processes seal, one does; the others find nothing to do and return.
pub async fn seal(db: &Db, key: &Secret, clock: Clock) -> Result<u64> {
    let day = clock.today();
    let is_open = db.ask(store::IS_DAY_OPEN).with(day).maybe::<Number>().await?.is_some();
    let newest = db.ask(store::NEWEST_SEALED).one::<Number>().await?.n;
    let recent = newest.saturating_sub(LATE);
    let begin = if is_open { recent } else { i64::MIN };
    // Looked for by reading: idle sealers write nothing, and the walk of the day holds up no writer.
    let first = db.ask(store::UNSEALED).with(begin).with(1_i64).maybe::<Legible<Stored>>().await?;
    let mut after = match &first {
        Some(row) => number_of(row) - 1,
        None if is_open => return Ok(0),
        None => recent,
    };
    let mut sealed = 0;
    loop {
        let mut tx = db.begin().await?;
        if tx.is_postgres() && tx.ask(store::ALONE_POSTGRES).one::<Number>().await?.n == 0 {
            return Ok(sealed);
        }
        let tip = tx.ask(store::TIP).maybe::<Tip>().await?;
        let tip = tip.unwrap_or_else(|| Tip { position: 0, hash: BEGINNING.to_owned() });
        let waiting = tx.ask(store::UNSEALED).with(after).with(BATCH).all::<Legible<Stored>>().await?;
        let last = waiting.last().map(number_of);
        let is_full = i64::try_from(waiting.len()).is_ok_and(|count| count == BATCH);
        let links = links(&tip, waiting, key);
        put(&mut tx, &links, day).await?;
        // A quiet day has a seal too: it says that nothing was added, and nothing cut off.
        let end = links.last().map_or((tip.position, tip.hash.as_str()), |link| (link.position, link.hash.as_str()));
        if end.0 > 0 && (!links.is_empty() || !is_open) {
            publish(&mut tx, key, day, end).await?;
        }
        tx.commit().await?;
        sealed += links.len() as u64;
        match last {
            Some(last) if is_full => after = last,
            _ => return Ok(sealed),
        }
    }
}

/// A seal about to be written.
#[derive(Clone, Debug)]
pub(super) struct NewLink {
    pub(super) position: i64,
    pub(super) entry: i64,
    pub(super) hash: String,
}

/// The seals of these entries behind the chain's end. An entry that is not ours gets none.
pub(super) fn links(tip: &Tip, waiting: Vec<Legible<Stored>>, key: &Secret) -> Vec<NewLink> {
    let Tip { mut position, mut hash } = tip.clone();
    let mut links = Vec::with_capacity(waiting.len());
    for row in waiting {
        let entry = match row {
            Legible::Yes(stored) if stored.is_ours(key) => {
                hash = next_seal(&hash, &stored.text());
                stored.id
            }
            Legible::Yes(Stored { id, .. }) | Legible::No(id) => {
                tracing::error!(
                    entry = id,
                    "an audit entry that Kyodo did not write is not sealed; run `kyodo audit verify`"
                );
                continue;
            }
        };
        position += 1;
        links.push(NewLink { position, entry, hash: hash.clone() });
    }
    links
}

fn number_of(row: &Legible<Stored>) -> i64 {
    match row {
        Legible::Yes(stored) => stored.id,
        Legible::No(id) => *id,
    }
}

async fn put(tx: &mut Tx, links: &[NewLink], day: NaiveDate) -> Result<()> {
    let (chunks, rest) = links.as_chunks::<TOGETHER>();
    for chunk in chunks {
        let mut query = tx.ask(store::SEAL_TOGETHER.as_str());
        for link in chunk {
            query = query.with(link.position).with(link.entry).with(link.hash.clone()).with(day);
        }
        query.run().await?;
    }
    for link in rest {
        tx.ask(store::SEAL).with(link.position).with(link.entry).with(link.hash.clone()).with(day).run().await?;
    }
    Ok(())
}

async fn publish(tx: &mut Tx, key: &Secret, day: NaiveDate, (position, hash): (i64, &str)) -> Result<()> {
    let mac = mac_of_day(key, day, position, hash);
    tx.ask(store::SEAL_DAY).with(day).with(position).with(hash.to_owned()).with(mac).run().await?;
    Ok(())
}
