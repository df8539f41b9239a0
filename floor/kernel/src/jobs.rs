//! Work behind the requests: a queue in the city's own database, which any number of processes share.
//!
//! A job is put in the transaction of the change that asks for it, so that it exists exactly when the change does.
//! A process that takes it up holds a *claim*: a lease that is renewed while the work goes on. When the process
//! dies, the lease runs out and another takes the job up; at once, where the death can be proved ([`free`]).
//!
//! **Never twice.** Work that only changes the database ends with [`Claim::done`] in the same transaction: both are
//! committed or neither is, and a claim that was lost meanwhile refuses, which takes the work back. Work with effects
//! outside (a letter, a file) can only be marked as done after them; it carries a name (the letter's Message-ID, the
//! file's name) by which a repetition after a crash is recognised.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use kyodo_db::{Db, FromRow, Json, Result, Tx};
use serde::Serialize;
use serde_json::Value;

use crate::audit::Trail;
use crate::store::Number;
use crate::{Chance, City, Clock, files, mail};

mod schedule;
mod store;

pub use crate::pack::part::Later;
pub use schedule::{Every, Schedule};
pub(crate) use store::sentences;

/// How long a claim holds when nobody renews it: so long a job of a dead process waits.
pub const LEASE: TimeDelta = TimeDelta::minutes(5);
/// How often a claim is renewed while the work goes on.
const RENEWAL: Duration = Duration::from_mins(1);
/// The first pause after a failure; each further one is four times as long.
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(1);
/// The longest pause.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(6);
/// How long finished jobs can be looked at, and how long a `once` key is remembered at least.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// A job to be put.
#[derive(Debug)]
pub struct New {
    kind: String,
    payload: serde_json::Result<Value>,
    run_at: Option<DateTime<Utc>>,
    once: Option<String>,
}

impl New {
    /// A job of a kind, with what it needs to know.
    #[must_use]
    #[expect(clippy::self_named_constructors, reason = "it reads `jobs::New::new`, as every constructor does")]
    pub fn new(kind: impl Into<String>, payload: &impl Serialize) -> Self {
        Self { kind: kind.into(), payload: serde_json::to_value(payload), run_at: None, once: None }
    }

    /// Not before this moment.
    #[must_use]
    pub fn at(self, moment: DateTime<Utc>) -> Self {
        Self { run_at: Some(moment), ..self }
    }

    /// Only if no job of this name was put before, by any process, in the last thirty days.
    #[must_use]
    pub fn once(self, key: impl Into<String>) -> Self {
        Self { once: Some(key.into()), ..self }
    }
}

/// Puts a job in the transaction of the change. False when its `once` key is known already. After the commit,
/// [`City::ring`] lets it begin at once.
pub async fn put(tx: &mut Tx, new: New, now: DateTime<Utc>) -> Result<bool> {
    let payload = new.payload.map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let put = tx
        .ask(store::PUT)
        .with(new.kind)
        .with(Json(payload))
        .with(new.once)
        .with(new.run_at.unwrap_or(now))
        .with(now)
        .run()
        .await?;
    Ok(put > 0)
}

/// A kind of job.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name in the database.
    pub name: &'static str,
    /// The message that says what it is.
    pub label: &'static str,
    /// How often it is tried before it counts as failed.
    pub attempts: u32,
    /// Whether one that is done may be done once more when somebody asks for it at the desk.
    pub repeatable: bool,
    /// Does the work.
    pub run: Run,
}

/// The work of a kind: the surroundings, the claim, and what the job was put with.
pub type Run = for<'w> fn(&'w Work, &'w Claim, Value) -> Later<'w, Outcome>;

/// How an attempt ended.
pub type Outcome = std::result::Result<(), Trouble>;

/// Why an attempt did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// It may go better later. What went wrong, for whoever looks at the job.
    #[error("{0}")]
    Passing(String),
    /// It will not go better by itself: the job fails at once.
    #[error("{0}")]
    Lasting(String),
    /// The claim ran out and the job is somebody else's now: nothing of this attempt may stay.
    #[error("the job was taken up by another process")]
    Lost,
    /// The database refused, or is away.
    #[error(transparent)]
    Database(#[from] kyodo_db::Error),
}

/// What jobs may reach outside the city's database.
#[derive(Debug)]
pub struct Outside {
    /// How letters leave.
    pub mail: mail::Transport,
    /// Whom they are from: the address beside the city's name, and the envelope's sender.
    pub mail_from: mail::Address,
    /// Where the files lie that people send.
    pub files: files::Store,
}

/// The surroundings of a job.
#[derive(Clone, Debug)]
pub struct Work {
    /// The city it is done for.
    pub city: Arc<City>,
    /// What time it is.
    pub clock: Clock,
    /// Chance, for the jitter of pauses.
    pub chance: Chance,
    /// What lies outside the database.
    pub outside: Arc<Outside>,
    /// The name of this process, unlike that of any other, past or present.
    pub process: String,
    /// Where people reach the city, without a slash at the end: for links in letters.
    pub address: String,
}

impl Work {
    /// The city's database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.city.db
    }

    /// This moment.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The trail of what a job does: nobody's own work.
    #[must_use]
    pub fn trail(&self, claim: &Claim) -> Trail {
        Trail {
            key: self.city.secret.derive("audit"),
            actor: "system".to_owned(),
            request: Arc::from(format!("job:{}", claim.job)),
            now: self.now(),
            chance: self.chance,
        }
    }
}

/// The right to do one job, for as long as the lease holds.
#[derive(Debug)]
pub struct Claim {
    /// The job.
    pub job: i64,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    number: i64,
    ended: AtomicBool,
}

impl Claim {
    /// Marks the job as done in the transaction of its work. [`Trouble::Lost`] when the claim is no longer held:
    /// drop the transaction then, as `?` does.
    pub async fn done(&self, tx: &mut Tx, now: DateTime<Utc>) -> Outcome {
        self.end(tx.ask(store::DONE).with(self.job).with(self.number).with(now).run().await?)
    }

    /// Marks the job as failed for good, in the transaction that records what that means.
    pub async fn fail(&self, tx: &mut Tx, why: &str, now: DateTime<Utc>) -> Outcome {
        self.end(tx.ask(store::FAIL).with(self.job).with(self.number).with(now).with(brief(why)).run().await?)
    }

    fn end(&self, rows: u64) -> Outcome {
        if rows == 0 {
            return Err(Trouble::Lost);
        }
        self.ended.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// The kernel's own kinds of jobs.
pub const KINDS: &[Kind] = &[
    Kind { name: mail::JOB, label: "job-mail", attempts: 10, repeatable: false, run: mail::deliver },
    Kind { name: "sweep", label: "job-sweep", attempts: 5, repeatable: true, run: sweep },
    Kind { name: "sweep-files", label: "job-sweep-files", attempts: 5, repeatable: true, run: sweep_files },
];

/// The kernel's own schedules.
pub const SCHEDULES: &[Schedule] = &[
    Schedule { name: "sweep", label: "schedule-sweep", every: Every::Daily { hour: 3, minute: 20 }, job: "sweep" },
    Schedule {
        name: "sweep-files",
        label: "schedule-sweep-files",
        every: Every::Daily { hour: 3, minute: 30 },
        job: "sweep-files",
    },
];

/// Does everything that is due until nothing is; the number of jobs taken up. An error means that the database is
/// away: what was taken up comes back when its lease has run out.
pub async fn work_off(work: &Work, kinds: &[Kind], schedules: &[Schedule]) -> Result<usize> {
    put_due_slots(work, schedules).await?;
    let mut taken = 0;
    while work_one(work, kinds).await? {
        taken += 1;
    }
    Ok(taken)
}

/// Puts a job for the latest slot of every schedule that has come since the last look of any process. What was
/// missed before that slot is not made up for, and a schedule that is new begins with its next slot.
pub async fn put_due_slots(work: &Work, schedules: &[Schedule]) -> Result<usize> {
    let now = work.now();
    let known = work.db().ask(store::SLOTS).all::<store::SlotRow>().await?;
    let known: HashMap<String, DateTime<Utc>> = known.into_iter().map(|row| (row.name, row.slot)).collect();
    let mut put_now = 0;
    for schedule in schedules {
        let (slot, last) = (schedule.latest(now), known.get(schedule.name));
        if last.is_some_and(|last| *last >= slot) {
            continue;
        }
        let mut tx = work.db().begin().await?;
        let taken = tx.ask(store::TAKE_SLOT).with(schedule.name).with(slot).run().await? > 0;
        if taken && last.is_some() {
            let key = key_of(schedule.name, slot);
            put_now += usize::from(put(&mut tx, New::new(schedule.job, &Value::Null).once(key), now).await?);
        }
        tx.commit().await?;
    }
    Ok(put_now)
}

/// By which the job of a slot is put once.
fn key_of(schedule: &str, slot: DateTime<Utc>) -> String {
    format!("schedule:{schedule}:{}", slot.format("%Y-%m-%dT%H:%MZ"))
}

/// The job that each schedule put for its latest slot, by the schedule's name; none for one that has not come yet.
pub async fn latest_of_schedules(db: &Db) -> Result<HashMap<String, Job>> {
    let slots = db.ask(store::SLOTS).all::<store::SlotRow>().await?;
    let names: HashMap<String, String> = slots.into_iter().map(|row| (key_of(&row.name, row.slot), row.name)).collect();
    let keys: Vec<&String> = names.keys().collect();
    let rows = db.ask(store::once_any(db.is_postgres())).with(Json(keys)).all::<store::JobRow>().await?;
    let jobs = rows.into_iter().map(Job::from);
    Ok(jobs.filter_map(|job| Some((names.get(job.once.as_deref()?)?.clone(), job))).collect())
}

/// Takes up the job that has been due longest and does it. False when nothing is due.
pub async fn work_one(work: &Work, kinds: &[Kind]) -> Result<bool> {
    let now = work.now();
    // Looking does not need the one writer that SQLite has.
    if work.db().ask(store::IS_ANY_DUE).with(now).maybe::<Number>().await?.is_none() {
        return Ok(false);
    }
    let mut tx = work.db().begin().await?;
    let sql = if tx.is_postgres() { store::CLAIM_POSTGRES } else { store::CLAIM_SQLITE };
    let claimed = tx.ask(sql).with(now).with(work.process.clone()).with(now + LEASE).maybe::<store::ClaimRow>().await?;
    tx.commit().await?;
    let Some(row) = claimed else {
        return Ok(false);
    };
    let attempt = u32::try_from(row.attempts).unwrap_or(u32::MAX);
    let claim = Claim { job: row.id, attempt, number: row.claim, ended: AtomicBool::new(false) };
    let kind = kinds.iter().find(|kind| kind.name == row.kind);
    let outcome = match kind {
        None => Err(Trouble::Lasting(format!("there is no kind of job 「{}」 here", row.kind))),
        // Nobody was left to count the last attempt: it ended the process. It must not end the next one as well.
        Some(kind) if attempt > kind.attempts => Err(Trouble::Lasting("every attempt ended with the process".into())),
        Some(kind) => attempt_it(work, kind, &claim, row.payload.0).await,
    };
    conclude(work, kind, &claim, outcome).await?;
    Ok(true)
}

/// Does the work, renewing the claim meanwhile. A panic is a failure like any other.
async fn attempt_it(work: &Work, kind: &Kind, claim: &Claim, payload: Value) -> Outcome {
    let run = AssertUnwindSafe(async { (kind.run)(work, claim, payload).await }).catch_unwind();
    tokio::select! {
        outcome = run => outcome.unwrap_or_else(|panic| Err(Trouble::Passing(told(panic.as_ref())))),
        () = hold(work, claim) => Err(Trouble::Lost),
    }
}

/// Renews the claim until it is lost.
async fn hold(work: &Work, claim: &Claim) {
    loop {
        tokio::time::sleep(RENEWAL).await;
        match renew(work, claim).await {
            Ok(true) => {}
            Ok(false) => return,
            // The lease is longer than one pause: the next renewal may still come in time.
            Err(error) => tracing::warn!(city = work.city.slug, job = claim.job, %error, "a claim was not renewed"),
        }
    }
}

async fn renew(work: &Work, claim: &Claim) -> Result<bool> {
    let mut tx = work.db().begin().await?;
    let until = work.now() + LEASE;
    let rows = tx.ask(store::RENEW).with(claim.job).with(claim.number).with(until).run().await?;
    tx.commit().await?;
    Ok(rows > 0)
}

/// Records how an attempt ended.
async fn conclude(work: &Work, kind: Option<&Kind>, claim: &Claim, outcome: Outcome) -> Result<()> {
    let (city, job, name) = (&work.city.slug, claim.job, kind.map_or("unknown", |kind| kind.name));
    let trouble = match outcome {
        Ok(()) if claim.ended.load(Ordering::Relaxed) => return Ok(()),
        Ok(()) => None,
        Err(Trouble::Lost) => {
            tracing::warn!(city, job, name, "a job was taken up by another process");
            return Ok(());
        }
        Err(Trouble::Database(error)) if error.is_unreachable() => return Err(error),
        Err(trouble) => Some(trouble),
    };
    let now = work.now();
    let mut tx = work.db().begin().await?;
    let recorded = match trouble {
        None => claim.done(&mut tx, now).await,
        Some(trouble) => {
            let why = trouble.to_string();
            let over = matches!(trouble, Trouble::Lasting(_)) || kind.is_none_or(|kind| claim.attempt >= kind.attempts);
            if over {
                tracing::error!(city, job, name, why, "a job failed");
                claim.fail(&mut tx, &why, now).await
            } else {
                tracing::warn!(city, job, name, why, "a job will be tried again");
                let later = now + pause(claim.attempt, work.chance);
                let again = tx.ask(store::TRY_AGAIN).with(claim.job).with(claim.number).with(later).with(brief(&why));
                claim.end(again.run().await?)
            }
        }
    };
    match recorded {
        Ok(()) => tx.commit().await,
        Err(Trouble::Database(error)) => Err(error),
        Err(lost) => {
            tracing::warn!(city, job, name, %lost, "the end of a job was not recorded");
            Ok(())
        }
    }
}

/// A minute, four minutes, sixteen … up to six hours; up to a fifth shorter, so that what failed together does not
/// come back together.
fn pause(attempt: u32, chance: Chance) -> TimeDelta {
    let factor = 4_i32.checked_pow(attempt.saturating_sub(1)).unwrap_or(i32::MAX);
    let pause = FIRST_PAUSE.checked_mul(factor).map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE));
    let shorter = i32::try_from(chance.number() % 200).unwrap_or_default();
    pause - pause / 1000 * shorter
}

fn told(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("the work panicked: {}", text.unwrap_or("without a word"))
}

/// As much of an error as a page can show.
fn brief(why: &str) -> String {
    why.chars().filter(|c| *c != '\0').take(500).collect()
}

/// Gives back at once what this process still holds, when it ends in an orderly way in the middle of something.
pub async fn give_back(db: &Db, process: &str) -> Result<u64> {
    let mut tx = db.begin().await?;
    let jobs = tx.ask(store::GIVE_BACK).with(process.to_owned()).run().await?;
    tx.commit().await?;
    Ok(jobs)
}

/// Lets others take up at once what a process still held that is proved to be dead. What was in the hands of two dead
/// processes already waits for its lease, lest it end one after the other as fast as they start.
pub async fn free(db: &Db, dead: &str) -> Result<u64> {
    let mut tx = db.begin().await?;
    let jobs = tx.ask(store::FREE).with(dead.to_owned()).run().await?;
    tx.commit().await?;
    Ok(jobs)
}

/// Forgets what ended thirty days ago. Failed jobs stay until somebody repeats or stops them.
fn sweep<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        let now = work.now();
        let mut tx = work.db().begin().await?;
        tx.ask(store::SWEEP).with(now - KEPT).run().await?;
        mail::sweep(&mut tx, now).await?;
        claim.done(&mut tx, now).await?;
        Ok(tx.commit().await?)
    })
}

/// Removes the files that nothing belongs to any more. Sweeping twice removes nothing twice.
fn sweep_files<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        let now = work.now();
        let shelf = work.outside.files.of(&work.city.slug);
        files::sweep(work.db(), &shelf, now).await.map_err(|error| Trouble::Passing(error.to_string()))?;
        let mut tx = work.db().begin().await?;
        claim.done(&mut tx, now).await?;
        Ok(tx.commit().await?)
    })
}

/// A job as the desk shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// The name of its kind.
    pub kind: String,
    /// What it was put with.
    pub payload: Value,
    /// The key that keeps it from being put twice.
    pub once: Option<String>,
    /// When it is due, or was.
    pub run_at: DateTime<Utc>,
    /// How often it was taken up.
    pub attempts: i64,
    /// The process that does it now.
    pub claimed_by: Option<String>,
    /// How long that process may be silent.
    pub claimed_until: Option<DateTime<Utc>>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// When it was given up.
    pub failed_at: Option<DateTime<Utc>>,
    /// When somebody stopped it.
    pub stopped_at: Option<DateTime<Utc>>,
    /// What went wrong the last time.
    pub last_error: Option<String>,
    /// When it was put.
    pub created_at: DateTime<Utc>,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for its time, or for somebody who is free.
    Waiting,
    /// A process does it.
    Running,
    /// It is done.
    Done,
    /// It failed for good.
    Failed,
    /// Somebody stopped it.
    Stopped,
}

impl State {
    /// Every state, as a desk lists them.
    pub const ALL: [Self; 5] = [Self::Failed, Self::Running, Self::Waiting, Self::Done, Self::Stopped];

    /// Its name in addresses and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }

    /// The state of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Job {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            Self { stopped_at: Some(_), .. } => State::Stopped,
            Self { failed_at: Some(_), .. } => State::Failed,
            Self { done_at: Some(_), .. } => State::Done,
            Self { claimed_by: Some(_), .. } => State::Running,
            _ => State::Waiting,
        }
    }

    /// Whether [`repeat`] would take it.
    #[must_use]
    pub fn may_be_repeated(&self, kinds: &[Kind]) -> bool {
        match self.state() {
            State::Failed | State::Stopped => true,
            State::Done => kinds.iter().any(|kind| kind.name == self.kind && kind.repeatable),
            State::Waiting | State::Running => false,
        }
    }

    /// Whether [`stop`] would take it.
    #[must_use]
    pub fn may_be_stopped(&self) -> bool {
        matches!(self.state(), State::Waiting | State::Running | State::Failed)
    }
}

/// How many jobs stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
#[expect(missing_docs, reason = "the states name themselves")]
pub struct Counts {
    pub waiting: i64,
    pub running: i64,
    pub done: i64,
    pub failed: i64,
    pub stopped: i64,
}

/// How many jobs stand where.
pub async fn counts(db: &Db) -> Result<Counts> {
    db.ask(store::COUNTS).one().await
}

/// The jobs in a state, newest first: at most `limit`, all older than the job `after`.
pub async fn list(db: &Db, state: Option<State>, after: Option<i64>, limit: i64) -> Result<Vec<Job>> {
    let rows = db.ask(store::list_of(state)).with(after.unwrap_or(i64::MAX)).with(limit).all::<store::JobRow>().await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// A job by its number.
pub async fn job(db: &Db, id: i64) -> Result<Option<Job>> {
    Ok(db.ask(store::JOB).with(id).maybe::<store::JobRow>().await?.map(Into::into))
}

/// Lets a job that failed or was stopped begin anew, or one that is done where its kind allows it. False when it may
/// not be repeated.
pub async fn repeat(tx: &mut Tx, id: i64, kinds: &[Kind], now: DateTime<Utc>) -> Result<bool> {
    let job = tx.ask(store::JOB).with(id).maybe::<store::JobRow>().await?.map(Job::from);
    if !job.is_some_and(|job| job.may_be_repeated(kinds)) {
        return Ok(false);
    }
    Ok(tx.ask(store::REPEAT).with(id).with(now).run().await? > 0)
}

/// Stops a job that waits, runs or failed. One that runs loses its claim: what it does in the database is taken back,
/// what it did outside has happened. False when it had ended.
pub async fn stop(tx: &mut Tx, id: i64, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.ask(store::STOP).with(id).with(now).run().await? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_fourfold_up_to_six_hours() {
        let minutes: Vec<i64> = (1..9).map(|n| pause(n, Chance::Fixed(0)).num_minutes()).collect();
        assert_eq!(minutes, [1, 4, 16, 64, 256, 360, 360, 360]);
        assert_eq!(pause(40, Chance::Fixed(0)), LONGEST_PAUSE);
        assert_eq!(pause(1, Chance::Fixed(199)), TimeDelta::milliseconds(60_000 - 60 * 199));
    }
}
