//! Jobs: done once, whatever happens to whoever does them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc, Weekday};
use kyodo_db::FromRow;
use kyodo_kernel::files::Store;
use kyodo_kernel::jobs::{
    self, Claim, Every, Kind, Later, New, Outcome, Outside, Schedule, State, Trouble, Work, put, work_off, work_one,
};
use kyodo_kernel::mail::Transport;
use kyodo_kernel::{Chance, Clock, clock};
use kyodo_testkit::{RunningHouse, TestHouse};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore};

async fn house() -> RunningHouse {
    TestHouse::new(Vec::new()).with_city("mihon").build().await
}

/// A process that works for the city.
pub(crate) fn process(house: &RunningHouse, name: &str, mail: Transport) -> Work {
    Work {
        city: Arc::clone(house.city("mihon").city()),
        clock: on("2026-11-20"),
        chance: Chance::Real,
        outside: Arc::new(Outside { mail, mail_from: "kyodo@mihon.example".parse().unwrap(), files: Store::memory() }),
        process: name.to_owned(),
        address: "https://kyodo.mihon.example".to_owned(),
    }
}

fn worker(house: &RunningHouse, name: &str) -> Work {
    process(house, name, Transport::memory().0)
}

fn on(day: &str) -> Clock {
    Clock::OnDay(day.parse().unwrap())
}

/// The same process on another day.
fn later(work: &Work, day: &str) -> Work {
    Work { clock: on(day), ..work.clone() }
}

async fn asked(work: &Work, new: New) -> bool {
    let mut tx = work.db().begin().await.unwrap();
    let put = put(&mut tx, new, work.now()).await.unwrap();
    tx.commit().await.unwrap();
    put
}

async fn only(work: &Work) -> jobs::Job {
    let mut all = jobs::list(work.db(), None, None, 10).await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

#[derive(FromRow)]
struct Number {
    n: i64,
}

/// How often the work of a [`tell`] was done: it counts readings, a table that is there anyway.
async fn told(work: &Work) -> i64 {
    work.db().ask("SELECT COUNT(*) AS n FROM reading WHERE reading = 'job'").one::<Number>().await.unwrap().n
}

async fn tell_and_end(work: &Work, claim: &Claim) -> Outcome {
    let mut tx = work.db().begin().await?;
    let surface = Chance::Real.number().to_string();
    tx.ask("INSERT INTO reading (surface, source, reading) VALUES ($1, $1, 'job')").with(surface).run().await?;
    claim.done(&mut tx, work.now()).await?;
    Ok(tx.commit().await?)
}

fn tell<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(tell_and_end(work, claim))
}

fn fall<'w>(_: &'w Work, _: &'w Claim, payload: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        match payload["how"].as_str() {
            Some("again") => Err(Trouble::Passing("the printer is out of paper".to_owned())),
            Some("for good") => Err(Trouble::Lasting("there is no printer".to_owned())),
            Some("database") => Err(Trouble::Database(kyodo_db::Error::Database(sqlx::Error::RowNotFound))),
            _ => panic!("the printer burns"),
        }
    })
}

const TELL: Kind = Kind { name: "tell", label: "job-tell", attempts: 3, repeatable: true, run: tell };
const FALL: Kind = Kind { name: "fall", label: "job-fall", attempts: 3, repeatable: false, run: fall };
const KINDS: &[Kind] = &[TELL, FALL];

#[tokio::test]
async fn a_job_is_done_when_its_change_is_committed_and_not_otherwise() {
    let house = house().await;
    let work = worker(&house, "a");
    let mut tx = work.db().begin().await.unwrap();
    put(&mut tx, New::new("tell", &json!({})), work.now()).await.unwrap();
    drop(tx);
    assert_eq!(work_off(&work, KINDS, &[]).await.unwrap(), 0);
    assert!(asked(&work, New::new("tell", &json!({"who": "花"}))).await);
    assert_eq!(only(&work).await.state(), State::Waiting);
    assert_eq!(work_off(&work, KINDS, &[]).await.unwrap(), 1);
    let job = only(&work).await;
    assert_eq!((job.state(), job.attempts, &job.payload["who"]), (State::Done, 1, &json!("花")));
    assert_eq!((told(&work).await, job.claimed_by, job.last_error), (1, None, None));
}

#[tokio::test]
async fn a_job_with_a_once_key_is_put_once() {
    let house = house().await;
    let work = worker(&house, "a");
    let once = || New::new("tell", &json!({})).once("monthly:2026-11");
    assert!(asked(&work, once()).await);
    assert!(!asked(&work, once()).await);
    work_off(&work, KINDS, &[]).await.unwrap();
    assert!(!asked(&work, once()).await, "nor when it is done");
    assert_eq!((work_off(&work, KINDS, &[]).await.unwrap(), told(&work).await), (0, 1));
}

#[tokio::test]
async fn a_job_waits_for_its_time_and_the_longest_due_comes_first() {
    let house = house().await;
    let work = worker(&house, "a");
    let now = work.now();
    for (who, minutes) in [("third", 60 * 24), ("second", -1), ("first", -2)] {
        asked(&work, New::new("tell", &json!({"who": who})).at(now + TimeDelta::minutes(minutes))).await;
    }
    assert!(work_one(&work, KINDS).await.unwrap());
    let done = jobs::list(work.db(), Some(State::Done), None, 10).await.unwrap();
    assert_eq!(done[0].payload["who"], json!("first"));
    assert_eq!(work_off(&work, KINDS, &[]).await.unwrap(), 1);
    assert_eq!(work_off(&later(&work, "2026-11-22"), KINDS, &[]).await.unwrap(), 1);
}

#[tokio::test]
async fn processes_share_the_queue_and_nothing_is_done_twice() {
    let house = house().await;
    let work = worker(&house, "a");
    let mut tx = work.db().begin().await.unwrap();
    for n in 0..30 {
        put(&mut tx, New::new("tell", &json!({ "n": n })), work.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let processes = ["a", "b", "c", "d"].map(|name| {
        let work = worker(&house, name);
        tokio::spawn(async move { work_off(&work, KINDS, &[]).await.unwrap() })
    });
    let mut taken = 0;
    for process in processes {
        taken += process.await.unwrap();
    }
    assert_eq!((taken, told(&work).await), (30, 30));
    assert_eq!(jobs::counts(work.db()).await.unwrap().done, 30);
}

/// Work that stops half-way, to be killed there.
static HALF_WAY: Notify = Notify::const_new();
static NEVER: Semaphore = Semaphore::const_new(0);

fn halt<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        if claim.attempt == 1 {
            let mut tx = work.db().begin().await?;
            tx.ask("INSERT INTO reading (surface, source, reading) VALUES ('half', 'half', 'job')").run().await?;
            HALF_WAY.notify_one();
            let _never = NEVER.acquire().await;
            claim.done(&mut tx, work.now()).await?;
            return Ok(tx.commit().await?);
        }
        tell_and_end(work, claim).await
    })
}

const HALT: Kind = Kind { name: "halt", label: "job-halt", attempts: 3, repeatable: false, run: halt };

#[tokio::test]
async fn a_job_whose_process_dies_half_way_is_done_once_by_another() {
    let house = house().await;
    let dying = worker(&house, "dying");
    asked(&dying, New::new("halt", &json!({}))).await;
    let process = dying.clone();
    let task = tokio::spawn(async move { work_off(&process, &[HALT], &[]).await });
    HALF_WAY.notified().await;
    assert_eq!(only(&dying).await.claimed_by.as_deref(), Some("dying"));
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());

    let heir = worker(&house, "heir");
    assert_eq!(work_off(&heir, &[HALT], &[]).await.unwrap(), 0, "its lease still holds");
    let heir = later(&heir, "2026-11-21");
    assert_eq!(work_off(&heir, &[HALT], &[]).await.unwrap(), 1);
    let job = only(&heir).await;
    assert_eq!((job.state(), job.attempts, told(&heir).await), (State::Done, 2, 1));
}

/// Attempts of [`slow`] that have begun.
static BEGUN: AtomicUsize = AtomicUsize::new(0);
static ON: Semaphore = Semaphore::const_new(0);
static FIRST_BEGUN: Notify = Notify::const_new();

fn slow<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        if BEGUN.fetch_add(1, Ordering::SeqCst) == 0 {
            FIRST_BEGUN.notify_one();
            ON.acquire().await.unwrap().forget();
        }
        tell_and_end(work, claim).await
    })
}

const SLOW: Kind = Kind { name: "slow", label: "job-slow", attempts: 3, repeatable: false, run: slow };

#[tokio::test]
async fn who_was_given_up_for_dead_cannot_finish_what_another_has_done() {
    let house = house().await;
    let sleeper = worker(&house, "sleeper");
    asked(&sleeper, New::new("slow", &json!({}))).await;
    let process = sleeper.clone();
    let task = tokio::spawn(async move { work_off(&process, &[SLOW], &[]).await });
    FIRST_BEGUN.notified().await;
    let heir = later(&worker(&house, "heir"), "2026-11-21");
    assert_eq!(work_off(&heir, &[SLOW], &[]).await.unwrap(), 1);
    ON.add_permits(1);
    assert_eq!(task.await.unwrap().unwrap(), 1, "the sleeper wakes and goes on");
    let job = only(&heir).await;
    assert_eq!((job.state(), job.attempts, told(&heir).await), (State::Done, 2, 1), "its work was taken back");
}

/// Works until the job says that it has begun, and then no more.
async fn cut_off(work: &Work, kinds: &[Kind], begun: &Notify) {
    tokio::select! {
        ended = work_one(work, kinds) => panic!("it ended: {ended:?}"),
        () = begun.notified() => {}
    }
}

#[tokio::test]
async fn a_process_that_ends_in_order_gives_back_what_it_holds() {
    static HANGING: Notify = Notify::const_new();
    fn hang<'w>(_: &'w Work, _: &'w Claim, _: Value) -> Later<'w, Outcome> {
        HANGING.notify_one();
        Box::pin(std::future::pending())
    }
    let house = house().await;
    let ending = worker(&house, "ending");
    asked(&ending, New::new("hang", &json!({}))).await;
    cut_off(&ending, &[Kind { name: "hang", run: hang, ..FALL }], &HANGING).await;
    assert_eq!(only(&ending).await.state(), State::Running);
    assert_eq!(jobs::give_back(ending.db(), "somebody else").await.unwrap(), 0);
    assert_eq!(jobs::give_back(ending.db(), "ending").await.unwrap(), 1);
    let job = only(&ending).await;
    assert_eq!((job.state(), job.attempts), (State::Waiting, 0), "as if it had not been taken up");
}

#[tokio::test]
async fn a_job_of_a_dead_process_is_taken_up_at_once_but_not_a_third_time() {
    static HANGING: Notify = Notify::const_new();
    fn hang<'w>(_: &'w Work, _: &'w Claim, _: Value) -> Later<'w, Outcome> {
        HANGING.notify_one();
        Box::pin(std::future::pending())
    }
    let house = house().await;
    let kinds = [Kind { name: "hang", run: hang, ..FALL }];
    asked(&worker(&house, "first"), New::new("hang", &json!({}))).await;
    for (name, freed) in [("first", 1), ("second", 1), ("third", 0)] {
        let dying = worker(&house, name);
        cut_off(&dying, &kinds, &HANGING).await;
        assert_eq!(jobs::free(dying.db(), "somebody else").await.unwrap(), 0);
        assert_eq!(jobs::free(dying.db(), name).await.unwrap(), freed, "{name}");
    }
    let job = only(&worker(&house, "heir")).await;
    assert_eq!((job.state(), job.attempts), (State::Running, 3), "it waits for its lease");
}

#[tokio::test]
async fn a_failing_job_is_tried_again_later_and_given_up_in_the_end() {
    let house = house().await;
    let work = worker(&house, "a");
    asked(&work, New::new("fall", &json!({"how": "again"}))).await;
    assert_eq!(work_off(&work, KINDS, &[]).await.unwrap(), 1, "not twice at once");
    let job = only(&work).await;
    let pause = job.run_at - job.created_at;
    assert!(pause > TimeDelta::seconds(45) && pause < TimeDelta::seconds(90), "{pause}");
    assert_eq!((job.state(), job.last_error.as_deref()), (State::Waiting, Some("the printer is out of paper")));
    work_off(&later(&work, "2026-11-21"), KINDS, &[]).await.unwrap();
    assert_eq!(only(&work).await.state(), State::Waiting);
    work_off(&later(&work, "2026-11-22"), KINDS, &[]).await.unwrap();
    let job = only(&work).await;
    assert_eq!((job.state(), job.attempts), (State::Failed, 3));
    assert_eq!(work_off(&later(&work, "2026-12-22"), KINDS, &[]).await.unwrap(), 0);
}

#[tokio::test]
async fn what_cannot_go_better_fails_at_once_and_says_why() {
    let house = house().await;
    let work = worker(&house, "a");
    asked(&work, New::new("fall", &json!({"how": "for good"}))).await;
    asked(&work, New::new("unheard-of", &json!({}))).await;
    assert_eq!(work_off(&work, KINDS, &[]).await.unwrap(), 2);
    let failed = jobs::list(work.db(), Some(State::Failed), None, 10).await.unwrap();
    let why: Vec<&str> = failed.iter().filter_map(|job| job.last_error.as_deref()).collect();
    assert_eq!(why, ["there is no kind of job 「unheard-of」 here", "there is no printer"]);
}

#[tokio::test]
async fn a_panic_and_a_refusing_database_are_failures_like_others() {
    let house = house().await;
    let work = worker(&house, "a");
    asked(&work, New::new("fall", &json!({}))).await;
    asked(&work, New::new("fall", &json!({"how": "database"}))).await;
    asked(&work, New::new("tell", &json!({}))).await;
    assert_eq!(work_off(&work, KINDS, &[]).await.unwrap(), 3);
    let waiting = jobs::list(work.db(), Some(State::Waiting), None, 10).await.unwrap();
    let why: Vec<&str> = waiting.iter().filter_map(|job| job.last_error.as_deref()).collect();
    assert!(why[0].contains("database") && why[1] == "the work panicked: the printer burns", "{why:?}");
    assert_eq!(told(&work).await, 1, "the others go on");
}

#[tokio::test]
async fn a_job_that_ends_its_process_every_time_is_given_up() {
    static DYING: Notify = Notify::const_new();
    fn die<'w>(_: &'w Work, _: &'w Claim, _: Value) -> Later<'w, Outcome> {
        DYING.notify_one();
        Box::pin(std::future::pending())
    }
    let house = house().await;
    let work = worker(&house, "a");
    asked(&work, New::new("die", &json!({}))).await;
    let kinds = [Kind { name: "die", attempts: 2, run: die, ..FALL }];
    for day in ["2026-11-20", "2026-11-21"] {
        cut_off(&later(&work, day), &kinds, &DYING).await;
    }
    assert!(work_one(&later(&work, "2026-11-22"), &kinds).await.unwrap());
    let job = only(&work).await;
    assert_eq!(job.last_error.as_deref(), Some("every attempt ended with the process"));
    assert_eq!(job.state(), State::Failed);
}

async fn repeated(work: &Work, id: i64) -> bool {
    let mut tx = work.db().begin().await.unwrap();
    let repeated = jobs::repeat(&mut tx, id, KINDS, work.now()).await.unwrap();
    tx.commit().await.unwrap();
    repeated
}

async fn stopped(work: &Work, id: i64) -> bool {
    let mut tx = work.db().begin().await.unwrap();
    let stopped = jobs::stop(&mut tx, id, work.now()).await.unwrap();
    tx.commit().await.unwrap();
    stopped
}

#[tokio::test]
async fn the_desk_repeats_what_failed_and_stops_what_waits() {
    let house = house().await;
    let work = worker(&house, "a");
    asked(&work, New::new("fall", &json!({"how": "for good"}))).await;
    asked(&work, New::new("tell", &json!({}))).await;
    work_off(&work, KINDS, &[]).await.unwrap();
    asked(&work, New::new("tell", &json!({})).at(work.now() + TimeDelta::days(3))).await;
    let all = jobs::list(work.db(), None, None, 10).await.unwrap();
    let [waiting, done, failed] = [all[0].id, all[1].id, all[2].id];
    assert!(!repeated(&work, waiting).await && repeated(&work, done).await && repeated(&work, failed).await);
    assert!(!repeated(&work, 4711).await);
    assert_eq!(work_off(&work, KINDS, &[]).await.unwrap(), 2);
    assert_eq!(told(&work).await, 2, "a done job whose kind allows it is done once more");
    assert!(stopped(&work, waiting).await && stopped(&work, failed).await && !stopped(&work, done).await);
    let counts = jobs::counts(work.db()).await.unwrap();
    assert_eq!((counts.waiting, counts.running, counts.done, counts.failed, counts.stopped), (0, 0, 1, 0, 2));
    assert_eq!(work_off(&later(&work, "2026-12-20"), KINDS, &[]).await.unwrap(), 0);
    assert!(repeated(&work, waiting).await, "what was stopped may go on");
}

#[tokio::test]
async fn the_list_of_jobs_is_read_page_by_page() {
    let house = house().await;
    let work = worker(&house, "a");
    for n in 0..5 {
        asked(&work, New::new("tell", &json!({ "n": n }))).await;
    }
    let first = jobs::list(work.db(), Some(State::Waiting), None, 3).await.unwrap();
    let next = jobs::list(work.db(), Some(State::Waiting), first.last().map(|job| job.id), 3).await.unwrap();
    let read: Vec<i64> = first.iter().chain(&next).filter_map(|job| job.payload["n"].as_i64()).collect();
    assert_eq!(read, [4, 3, 2, 1, 0]);
    assert_eq!(jobs::job(work.db(), first[0].id).await.unwrap().as_ref(), Some(&first[0]));
    assert_eq!(jobs::job(work.db(), 4711).await.unwrap(), None);
    for state in State::ALL {
        assert_eq!(State::named(state.name()), Some(state));
    }
}

#[tokio::test]
async fn what_ended_a_month_ago_is_swept_away_but_failures_stay() {
    let house = house().await;
    let work = worker(&house, "a");
    asked(&work, New::new("tell", &json!({}))).await;
    asked(&work, New::new("fall", &json!({"how": "for good"}))).await;
    work_off(&work, KINDS, &[]).await.unwrap();
    let month_later = later(&work, "2026-12-21");
    asked(&month_later, New::new("sweep", &Value::Null)).await;
    work_off(&month_later, jobs::KINDS, &[]).await.unwrap();
    let left: Vec<String> = jobs::list(work.db(), None, None, 9).await.unwrap().into_iter().map(|j| j.kind).collect();
    assert_eq!(left, ["sweep", "fall"]);
}

const EVERY_DAY: Schedule =
    Schedule { name: "daily", label: "", every: Every::Daily { hour: 0, minute: 0 }, job: "tell" };

#[tokio::test]
async fn a_slot_becomes_one_job_whoever_looks_and_however_often() {
    let house = house().await;
    let work = worker(&house, "a");
    assert_eq!(work_off(&work, KINDS, &[EVERY_DAY]).await.unwrap(), 0, "a new schedule begins with its next slot");
    let looks = ["a", "b", "c"].map(|name| {
        let work = later(&worker(&house, name), "2026-11-21");
        tokio::spawn(async move { work_off(&work, KINDS, &[EVERY_DAY]).await.unwrap() })
    });
    let mut taken = 0;
    for look in looks {
        taken += look.await.unwrap();
    }
    assert_eq!((taken, told(&work).await), (1, 1));
    let job = only(&work).await;
    assert_eq!(job.once.as_deref(), Some("schedule:daily:2026-11-20T15:00Z"), "midnight in the city");
    assert_eq!(work_off(&later(&work, "2026-11-21"), KINDS, &[EVERY_DAY]).await.unwrap(), 0);
}

#[tokio::test]
async fn after_a_pause_only_the_latest_missed_slot_comes() {
    let house = house().await;
    let work = worker(&house, "a");
    work_off(&work, KINDS, &[EVERY_DAY]).await.unwrap();
    assert_eq!(work_off(&later(&work, "2026-11-30"), KINDS, &[EVERY_DAY]).await.unwrap(), 1);
    // The job of the slot may have been swept away meanwhile; the slot does not come again.
    let mut tx = work.db().begin().await.unwrap();
    tx.ask("DELETE FROM job").run().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(work_off(&later(&work, "2026-11-30"), KINDS, &[EVERY_DAY]).await.unwrap(), 0);
}

#[tokio::test]
async fn the_bell_is_heard_even_if_it_rang_before_somebody_listened() {
    let house = house().await;
    let city = Arc::clone(house.city("mihon").city());
    city.ring();
    city.ring();
    tokio::time::timeout(Duration::from_secs(5), city.bell.notified()).await.unwrap();
}

fn every() -> impl Strategy<Value = Every> {
    let weekdays = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    prop_oneof![
        (1_u32..3000).prop_map(Every::Minutes),
        (0_u32..24, 0_u32..60).prop_map(|(hour, minute)| Every::Daily { hour, minute }),
        (prop::sample::select(weekdays.to_vec()), 0_u32..24, 0_u32..60)
            .prop_map(|(weekday, hour, minute)| Every::Weekly { weekday, hour, minute }),
        (1_u32..32, 0_u32..24, 0_u32..60).prop_map(|(day, hour, minute)| Every::Monthly { day, hour, minute }),
    ]
}

fn moment() -> impl Strategy<Value = DateTime<Utc>> {
    // 1970 to 2100, to the microsecond.
    (0_i64..4_102_444_800_000_000).prop_filter_map("a moment", DateTime::from_timestamp_micros)
}

proptest! {
    #[test]
    fn the_next_slot_follows_the_latest_one_and_there_is_none_between(every in every(), now in moment()) {
        let schedule = Schedule { every, ..EVERY_DAY };
        let (latest, next) = (schedule.latest(now), schedule.next(now));
        prop_assert!(latest <= now && now < next, "{latest} {now} {next}");
        prop_assert_eq!(schedule.next(latest), next);
        prop_assert_eq!(schedule.latest(next), next);
        prop_assert_eq!(schedule.latest(next - TimeDelta::microseconds(1)), latest);
    }

    #[test]
    fn a_slot_shows_on_the_citys_clock_what_its_schedule_says(every in every(), now in moment()) {
        let slot = Schedule { every, ..EVERY_DAY }.next(now);
        let (day, in_the_city) = (clock::day_of(slot), slot + TimeDelta::hours(9));
        match every {
            Every::Minutes(minutes) => {
                prop_assert_eq!(in_the_city.timestamp() % (i64::from(minutes) * 60), 0);
            }
            Every::Daily { hour, minute } => {
                prop_assert_eq!((in_the_city.hour(), in_the_city.minute()), (hour, minute));
            }
            Every::Weekly { weekday, hour, minute } => {
                prop_assert_eq!((day.weekday(), in_the_city.hour(), in_the_city.minute()), (weekday, hour, minute));
            }
            Every::Monthly { day: wanted, hour, minute } => {
                let last = u32::from(day.num_days_in_month());
                prop_assert_eq!((day.day(), in_the_city.hour(), in_the_city.minute()), (wanted.min(last), hour, minute));
            }
        }
    }
}

#[test]
fn the_31st_of_a_short_month_is_its_last_day() {
    let schedule = Schedule { every: Every::Monthly { day: 31, hour: 9, minute: 0 }, ..EVERY_DAY };
    let begin: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
    let slots = std::iter::successors(Some(begin), |slot| Some(schedule.next(*slot))).skip(1);
    let days: Vec<String> = slots.take(4).map(|slot| clock::day_of(slot).to_string()).collect();
    assert_eq!(days, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]);
}
