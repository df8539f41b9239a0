//! Verifying: the whole chain is recounted, and everything told that does not fit.
//!
//! What comes from the database a page at a time goes through [`Recount`], which knows no database: it holds the end
//! of the chain, one position per day, and the findings.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kyodo_db::{Db, Result};

use super::store::{self, DayToVerify, Legible, Sealed};
use super::{BEGINNING, Stored, mac_of_day, next_seal};
use crate::Secret;
use crate::store::Number;

/// So many rows are held at a time.
const PAGE: i64 = 1_000;

/// An entry that waits longer than this for its seal is told of.
pub const PATIENCE: TimeDelta = TimeDelta::hours(1);

/// So many findings are listed; the others are only counted.
pub const LISTED: usize = 1_000;

/// What verifying found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many seals were recounted.
    pub sealed: u64,
    /// How many entries wait for their seal, as they may.
    pub waiting: u64,
    /// The chain's end.
    pub last: Option<Seal>,
    /// What does not fit, at most [`LISTED`].
    pub findings: Vec<Finding>,
    /// How many findings there are.
    pub found: u64,
}

impl Report {
    /// Whether everything is as it was written.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.found == 0
    }
}

/// One seal of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Its place, from 1.
    pub position: i64,
    /// Its hash.
    pub hash: String,
    /// The day of sealing in the city.
    pub day: NaiveDate,
}

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub kind: Kind,
    /// The place in the chain, where there is one.
    pub position: Option<i64>,
    /// The entry's number, where there is one.
    pub entry: Option<i64>,
    /// The day, where it is about the seal of a day.
    pub day: Option<NaiveDate>,
    /// The published seal that was looked for in vain.
    pub seal: Option<String>,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A sealed entry reads differently now.
    EntryChanged,
    /// A sealed entry has not this house's signature, though its seal fits: the key is another one, or whoever
    /// changed the signature or forged the chain did not have it.
    EntryUnsigned,
    /// A sealed entry is gone.
    EntryMissing,
    /// An entry without a seal that this house did not write.
    EntryAdded,
    /// An entry of this house that waits for its seal longer than [`PATIENCE`]: nobody seals, or the seal is gone.
    EntryUnsealed,
    /// The same entry stands twice.
    EntryRepeated,
    /// The values of an entry or a seal cannot even be read.
    Unreadable,
    /// A personal value is not the one that was written.
    PersonalChanged,
    /// A seal is not the one that belongs here; the entry is as it was.
    SealChanged,
    /// From this position on one or more seals are gone.
    SealMissing,
    /// Two seals for the same entry.
    SealRepeated,
    /// The seal of a day is not the chain's.
    DayChanged,
    /// A day on which entries were sealed has no seal.
    DayMissing,
    /// A day's seal stands beyond the chain's end: the newest seals are gone.
    ChainCut,
    /// A seal that was published does not occur in the chain: this is another chain.
    PublishedMissing,
}

/// Recounts the whole chain. `published` are seals that others wrote down (64 hexadecimal digits); each must occur.
///
/// Memory does not grow with the trail, only by a few bytes for each day.
pub async fn verify(db: &Db, key: &Secret, now: DateTime<Utc>, published: &[String]) -> Result<Report> {
    let mut recount = Recount::new(key, published);
    let mut after = i64::MIN;
    loop {
        let page = db.ask(store::SEALED).with(after).with(PAGE).all::<Sealed>().await?;
        let Some(last) = page.last() else { break };
        after = last.position;
        for sealed in page {
            recount.see(sealed);
        }
    }
    // After the chain, so that no day is older than what was seen of it.
    for day in db.ask(store::DAYS_TO_VERIFY).all::<Legible<DayToVerify>>().await? {
        recount.see_day(day);
    }
    let mut after = i64::MIN;
    loop {
        let page = db.ask(store::UNSEALED).with(after).with(PAGE).all::<Legible<Stored>>().await?;
        let Some(last) = page.last() else { break };
        after = match last {
            Legible::Yes(stored) => stored.id,
            Legible::No(id) => *id,
        };
        for row in page {
            recount.see_unsealed(row, now);
        }
    }
    // Whoever takes away a UNIQUE can repeat what was rightly signed.
    for row in db.ask(store::REPEATED_ENTRIES).all::<Number>().await? {
        recount.tell(Finding { entry: Some(row.n), ..Finding::of(Kind::EntryRepeated) });
    }
    for row in db.ask(store::REPEATED_SEALS).all::<Number>().await? {
        recount.tell(Finding { position: Some(row.n), ..Finding::of(Kind::SealRepeated) });
    }
    Ok(recount.report())
}

impl Finding {
    fn of(kind: Kind) -> Self {
        Self { kind, position: None, entry: None, day: None, seal: None }
    }
}

/// The recount of a chain, fed row by row.
struct Recount<'k> {
    key: &'k Secret,
    /// The last position seen.
    end: i64,
    /// The seals from which the next may follow; where none is known any may.
    before: Vec<String>,
    /// The last position that was sealed on each day.
    days: BTreeMap<NaiveDate, i64>,
    /// Published seals not yet seen.
    published: BTreeSet<String>,
    report: Report,
}

impl<'k> Recount<'k> {
    fn new(key: &'k Secret, published: &[String]) -> Self {
        Self {
            key,
            end: 0,
            before: vec![BEGINNING.to_owned()],
            days: BTreeMap::new(),
            published: published.iter().map(|seal| seal.trim().to_ascii_lowercase()).collect(),
            report: Report::default(),
        }
    }

    /// The next seal by position.
    fn see(&mut self, sealed: Sealed) {
        let at = |kind| Finding { position: Some(sealed.position), entry: Some(sealed.entry), ..Finding::of(kind) };
        if sealed.position <= self.end {
            return self.tell(at(Kind::SealChanged));
        }
        if sealed.position != self.end + 1 {
            self.tell(Finding { position: Some(self.end + 1), ..Finding::of(Kind::SealMissing) });
            self.before.clear();
        }
        self.end = sealed.position;
        self.report.sealed += 1;
        let Some((hash, day)) = sealed.seal else {
            self.before.clear();
            return self.tell(at(Kind::Unreadable));
        };
        self.published.remove(&hash);
        self.days.insert(day, sealed.position);
        self.report.last = Some(Seal { position: sealed.position, hash: hash.clone(), day });
        let stored = match sealed.stored {
            Some(Legible::Yes(stored)) => stored,
            nothing => {
                self.before = vec![hash];
                return self.tell(at(nothing.map_or(Kind::EntryMissing, |_| Kind::Unreadable)));
            }
        };
        let text = stored.text();
        let recounted: Vec<String> = self.before.iter().map(|before| next_seal(before, &text)).collect();
        let fits = recounted.is_empty() || recounted.contains(&hash);
        self.before = vec![hash];
        match (stored.is_ours(self.key), fits) {
            (true, true) => {}
            (true, false) => {
                // The next seal may follow from the right one, which is then not told of as well.
                self.before.extend(recounted.into_iter().take(1));
                self.tell(at(Kind::SealChanged));
            }
            (false, true) => self.tell(at(Kind::EntryUnsigned)),
            (false, false) => self.tell(at(Kind::EntryChanged)),
        }
        if !stored.has_its_own_personal_values() {
            self.tell(at(Kind::PersonalChanged));
        }
    }

    /// A day's seal, after the whole chain.
    fn see_day(&mut self, row: Legible<DayToVerify>) {
        let row = match row {
            Legible::Yes(row) => row,
            Legible::No(position) => {
                return self.tell(Finding { position: Some(position), ..Finding::of(Kind::Unreadable) });
            }
        };
        let at = |kind| Finding { day: Some(row.day), position: Some(row.position), ..Finding::of(kind) };
        let last = self.days.remove(&row.day);
        let is_signed = mac_of_day(self.key, row.day, row.position, &row.hash) == row.mac;
        if row.sealed.is_none() && row.position > self.end {
            self.tell(at(Kind::ChainCut));
        } else if !is_signed || row.sealed.as_ref() != Some(&row.hash) || last.is_some_and(|last| last > row.position) {
            self.tell(at(Kind::DayChanged));
        }
    }

    /// An entry without a seal.
    fn see_unsealed(&mut self, row: Legible<Stored>, now: DateTime<Utc>) {
        let at = |entry, kind| Finding { entry: Some(entry), ..Finding::of(kind) };
        match row {
            Legible::No(id) => self.tell(at(id, Kind::Unreadable)),
            Legible::Yes(stored) if !stored.is_ours(self.key) => self.tell(at(stored.id, Kind::EntryAdded)),
            Legible::Yes(stored) if !stored.has_its_own_personal_values() => {
                self.tell(at(stored.id, Kind::PersonalChanged));
            }
            Legible::Yes(stored) if stored.at + PATIENCE < now => self.tell(at(stored.id, Kind::EntryUnsealed)),
            Legible::Yes(_) => self.report.waiting += 1,
        }
    }

    fn tell(&mut self, finding: Finding) {
        self.report.found += 1;
        if self.report.findings.len() < LISTED {
            self.report.findings.push(finding);
        }
    }

    fn report(mut self) -> Report {
        for (day, position) in std::mem::take(&mut self.days) {
            self.tell(Finding { day: Some(day), position: Some(position), ..Finding::of(Kind::DayMissing) });
        }
        for seal in std::mem::take(&mut self.published) {
            self.tell(Finding { seal: Some(seal), ..Finding::of(Kind::PublishedMissing) });
        }
        self.report
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::Index;
    use serde_json::json;

    use super::*;
    use crate::Chance;
    use crate::audit::seal::links;
    use crate::audit::store::Tip;
    use crate::audit::{Entry, Trail};

    /// What the three tables hold.
    #[derive(Clone, Debug, Default)]
    struct Ledger {
        entries: Vec<Stored>,
        seals: Vec<(i64, i64, String, NaiveDate)>,
        days: Vec<(NaiveDate, i64, String, String)>,
    }

    fn key() -> Secret {
        Secret::new([7; 32])
    }

    fn now() -> DateTime<Utc> {
        "2026-11-20T03:00:00Z".parse().unwrap()
    }

    fn day(number: usize) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 1 + u32::try_from(number).unwrap()).unwrap()
    }

    fn signed(number: usize, subject: &str, value: &str, key: Secret) -> Stored {
        let trail = Trail {
            key,
            actor: format!("account:{number}"),
            request: Arc::from("request"),
            now: now() - TimeDelta::minutes(1),
            chance: Chance::Fixed(number as u64),
        };
        let entry = Entry::new("account.looked", subject).detail(json!({ "n": number })).personal("name", value);
        Stored { id: 10 * i64::try_from(number).unwrap(), ..trail.signed(entry) }
    }

    impl Ledger {
        /// Each of the lists is what was sealed on one day.
        fn of(days: &[Vec<(String, String)>]) -> Self {
            let mut ledger = Self::default();
            for (number, texts) in days.iter().enumerate() {
                for (subject, value) in texts {
                    ledger.entries.push(signed(ledger.entries.len() + 1, subject, value, key()));
                }
                ledger.seal(day(number));
            }
            ledger
        }

        fn seal(&mut self, day: NaiveDate) {
            let waiting = self.unsealed().map(Legible::Yes).collect();
            let (position, hash) = self.seals.last().map_or((0, BEGINNING.to_owned()), |seal| (seal.0, seal.2.clone()));
            for link in links(&Tip { position, hash }, waiting, &key()) {
                self.seals.push((link.position, link.entry, link.hash, day));
            }
            if let Some((position, _, hash, _)) = self.seals.last() {
                let mac = mac_of_day(&key(), day, *position, hash);
                self.days.push((day, *position, hash.clone(), mac));
            }
        }

        fn unsealed(&self) -> impl Iterator<Item = Stored> {
            let is_sealed = |id| self.seals.iter().any(|seal| seal.1 == id);
            self.entries.iter().filter(move |entry| !is_sealed(entry.id)).cloned()
        }

        /// What somebody does who has the database, and not the key: every hash is recounted.
        fn forge_the_chain(&mut self) {
            let mut before = BEGINNING.to_owned();
            for (position, seal) in (1..).zip(&mut self.seals) {
                let text = self.entries.iter().find(|entry| entry.id == seal.1).map(Stored::text).unwrap_or_default();
                before = next_seal(&before, &text);
                (seal.0, seal.2) = (position, before.clone());
            }
            for row in &mut self.days {
                let last = self.seals.iter().rfind(|seal| seal.3 <= row.0);
                (row.1, row.2) = last.map_or((0, BEGINNING.to_owned()), |seal| (seal.0, seal.2.clone()));
            }
        }

        fn report(&self, published: &[String]) -> Report {
            let key = key();
            let mut recount = Recount::new(&key, published);
            let mut seals = self.seals.clone();
            seals.sort();
            for (position, entry, hash, day) in seals {
                let stored = self.entries.iter().find(|stored| stored.id == entry).cloned().map(Legible::Yes);
                recount.see(Sealed { position, entry, seal: Some((hash, day)), stored });
            }
            for (day, position, hash, mac) in self.days.clone() {
                let sealed = self.seals.iter().find(|seal| seal.0 == position).map(|seal| seal.2.clone());
                recount.see_day(Legible::Yes(DayToVerify { position, day, hash, mac, sealed }));
            }
            for entry in self.unsealed() {
                recount.see_unsealed(Legible::Yes(entry), now());
            }
            recount.report()
        }

        fn kinds(&self) -> Vec<Kind> {
            let mut kinds: Vec<Kind> = self.report(&[]).findings.iter().map(|finding| finding.kind).collect();
            kinds.sort();
            kinds
        }
    }

    /// Changes one column of an entry to another value.
    fn change(entry: &mut Stored, column: usize) {
        let texts = [
            &mut entry.key,
            &mut entry.actor,
            &mut entry.action,
            &mut entry.subject,
            &mut entry.request,
            &mut entry.detail,
            &mut entry.hashes,
            &mut entry.mac,
        ];
        match (column, texts.into_iter().nth(column)) {
            (_, Some(text)) => text.push('a'),
            (8, _) => entry.at += TimeDelta::nanoseconds(1),
            (9, _) => entry.id += 1,
            _ => entry.personal = entry.personal.take().map(|text| text.replace("\"value\":\"", "\"value\":\"x")),
        }
    }

    const COLUMNS: usize = 11;

    fn ledgers() -> impl Strategy<Value = Ledger> {
        let text = || (".{0,12}", ".{0,12}");
        (vec(text(), 1..4), vec(vec(text(), 0..4), 0..3)).prop_map(|(first, others)| {
            let days: Vec<_> = std::iter::once(first).chain(others).collect();
            Ledger::of(&days)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_nobody_touched_passes(ledger in ledgers()) {
            let published: Vec<String> = ledger.days.iter().map(|row| row.2.clone()).collect();
            let report = ledger.report(&published);
            prop_assert!(report.is_fine(), "{:?}", report);
            prop_assert_eq!(report.sealed, ledger.entries.len() as u64);
            prop_assert_eq!(report.last.map(|seal| seal.hash), ledger.seals.last().map(|seal| seal.2.clone()));
        }

        #[test]
        fn a_change_of_any_column_of_any_entry_is_found(ledger in ledgers(), which: Index, forging: bool) {
            for column in 0..COLUMNS {
                let mut changed = ledger.clone();
                let at = which.index(changed.entries.len());
                change(&mut changed.entries[at], column);
                if forging {
                    changed.forge_the_chain();
                }
                prop_assert!(!changed.report(&[]).is_fine(), "column {}", column);
            }
        }

        #[test]
        fn entries_and_seals_that_are_gone_are_found(ledger in ledgers(), which: Index, forging: bool) {
            let at = which.index(ledger.entries.len());
            let gone = ledger.entries[at].id;
            let mut without_entry = ledger.clone();
            without_entry.entries.remove(at);
            let mut without_seal = ledger.clone();
            without_seal.seals.remove(at);
            let mut without_both = without_entry.clone();
            without_both.seals.retain(|seal| seal.1 != gone);
            // A single chain without its last entry is whole again when it is recounted, but for the signed day.
            for mut ledger in [without_entry, without_seal, without_both] {
                if forging {
                    ledger.forge_the_chain();
                }
                prop_assert!(!ledger.report(&[]).is_fine());
            }
        }

        #[test]
        fn an_entry_that_was_put_in_is_found(ledger in ledgers(), which: Index, sealing: bool) {
            let mut more = ledger.clone();
            let forged = Stored { id: 5, ..signed(99, "account:1", "花", Secret::new([8; 32])) };
            if sealing {
                let at = which.index(more.seals.len());
                let day = more.seals[at].3;
                more.seals.insert(at, (0, forged.id, String::new(), day));
                more.entries.push(forged);
                more.forge_the_chain();
                prop_assert!(!more.report(&[]).is_fine());
            } else {
                more.entries.push(forged);
                prop_assert_eq!(more.kinds(), [Kind::EntryAdded]);
                more.seal(day(9));
                prop_assert_eq!(more.kinds(), [Kind::EntryAdded], "the sealer leaves it");
            }
        }

        #[test]
        fn seals_that_are_exchanged_or_changed_are_found(ledger in ledgers(), one: Index, other: Index) {
            let (one, other) = (one.index(ledger.seals.len()), other.index(ledger.seals.len()));
            let mut changed = ledger.clone();
            changed.seals[one].2 = next_seal(BEGINNING, "another");
            prop_assert!(!changed.report(&[]).is_fine());
            if one != other {
                let mut exchanged = ledger.clone();
                (exchanged.seals[one].1, exchanged.seals[other].1) = (ledger.seals[other].1, ledger.seals[one].1);
                prop_assert!(!exchanged.report(&[]).is_fine());
                exchanged.forge_the_chain();
                prop_assert!(!exchanged.report(&[]).is_fine(), "the days are signed");
            }
        }

        #[test]
        fn the_seal_of_a_day_that_is_gone_or_changed_is_found(ledger in ledgers(), which: Index) {
            let at = which.index(ledger.days.len());
            let (day, position) = (ledger.days[at].0, ledger.days[at].1);
            let mut without = ledger.clone();
            without.days.remove(at);
            if ledger.seals.iter().any(|seal| seal.3 == day) {
                prop_assert_eq!(without.kinds(), [Kind::DayMissing]);
            }
            for column in 0..4 {
                let mut changed = ledger.clone();
                let row = &mut changed.days[at];
                match column {
                    0 => row.0 = day.succ_opt().unwrap(),
                    1 => row.1 = position + 1,
                    2 => row.2.push('a'),
                    _ => row.3.push('a'),
                }
                prop_assert!(!changed.report(&[]).is_fine(), "column {}", column);
            }
        }

        #[test]
        fn erasing_personal_values_changes_nothing_else(ledger in ledgers(), which: Index) {
            let mut erased = ledger.clone();
            let at = which.index(erased.entries.len());
            erased.entries[at].personal = None;
            prop_assert_eq!(erased.report(&[]), ledger.report(&[]));
        }
    }

    fn three() -> Ledger {
        let text = || ("account:1".to_owned(), "花".to_owned());
        Ledger::of(&[vec![text(), text()], vec![text()]])
    }

    #[test]
    fn each_kind_of_damage_is_called_by_its_name() {
        let told = |damage: fn(&mut Ledger)| {
            let mut ledger = three();
            damage(&mut ledger);
            ledger.kinds()
        };
        assert_eq!(told(|_| {}), []);
        assert_eq!(told(|ledger| change(&mut ledger.entries[1], 3)), [Kind::EntryChanged]);
        assert_eq!(told(|ledger| change(&mut ledger.entries[1], 7)), [Kind::EntryUnsigned]);
        assert_eq!(told(|ledger| change(&mut ledger.entries[1], 10)), [Kind::PersonalChanged]);
        assert_eq!(told(|ledger| drop(ledger.entries.remove(1))), [Kind::EntryMissing]);
        assert_eq!(told(|ledger| ledger.seals[0].2.push('a')), [Kind::SealChanged]);
        let gap = told(|ledger| {
            let gone = ledger.seals.remove(0);
            ledger.entries.retain(|entry| entry.id != gone.1);
        });
        assert_eq!(gap, [Kind::SealMissing]);
        let cut = told(|ledger| {
            ledger.seals.pop();
            ledger.entries.pop();
        });
        assert_eq!(cut, [Kind::ChainCut]);
    }

    #[test]
    fn an_entry_may_wait_for_its_seal_but_not_for_ever() {
        let mut ledger = three();
        let waiting = |number, age| {
            let mut entry = Stored { at: now() - age, ..signed(number, "account:1", "花", key()) };
            entry.mac = entry.mac_by(&key());
            entry
        };
        ledger.entries.extend([waiting(71, PATIENCE), waiting(72, PATIENCE + TimeDelta::seconds(1))]);
        let report = ledger.report(&[]);
        assert_eq!((report.waiting, report.found), (1, 1));
        assert_eq!((report.findings[0].kind, report.findings[0].entry), (Kind::EntryUnsealed, Some(720)));
    }

    #[test]
    fn a_chain_forged_with_the_key_is_another_than_the_published_one() {
        let honest = three();
        let published = [honest.days[0].2.clone()];
        let mut forged = honest;
        forged.entries.remove(0);
        (forged.seals, forged.days) = (Vec::new(), Vec::new());
        forged.seal(day(0));
        assert!(forged.report(&[]).is_fine());
        let report = forged.report(&published);
        assert_eq!(
            (report.findings[0].kind, report.findings[0].seal.as_ref()),
            (Kind::PublishedMissing, published.first())
        );
    }

    #[test]
    fn with_another_key_nothing_is_signed_and_everything_fits() {
        let ledger = three();
        let other = Secret::new([1; 32]);
        let mut recount = Recount::new(&other, &[]);
        for (position, entry, hash, day) in ledger.seals {
            let stored = ledger.entries.iter().find(|stored| stored.id == entry).cloned().map(Legible::Yes);
            recount.see(Sealed { position, entry, seal: Some((hash, day)), stored });
        }
        assert!(recount.report.findings.iter().all(|finding| finding.kind == Kind::EntryUnsigned));
        assert_eq!(recount.report.found, 3);
    }
}
