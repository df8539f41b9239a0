//! The workers: for every city a task that does its jobs, wakes when the bell rings, and ends in order.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kyodo_kernel::jobs::{self, Kind, Outside, Schedule, Work};
use kyodo_kernel::mail::Transport;
use kyodo_kernel::{Chance, audit};
use kyodo_web::House;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::data::DataFolder;
use crate::presence::{self, Dead, Presence};
use crate::serve::clock;
use crate::settings::{Config, Mail};

/// How often a worker looks by itself: for the jobs of other processes, and for those whose time has come.
const LOOK: Duration = Duration::from_secs(30);
/// So long a worker rests after it looked, so that what many write at once is worked off together.
const REST: Duration = Duration::from_millis(50);
/// The first pause after the database was found away; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Every worker of this process.
#[derive(Debug)]
pub struct Workers {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    house: Arc<House>,
    process: String,
    _presence: Option<Presence>,
}

impl Workers {
    /// Begins to work for every city.
    #[must_use]
    pub fn begin(config: &Config, data: &DataFolder, house: &Arc<House>) -> Self {
        let mail = match &config.mail {
            Mail::Folder => Transport::Folder(data.mail()),
            Mail::Server(server) => server.clone(),
        };
        let outside = Arc::new(Outside { mail, mail_from: config.mail_from.clone(), files: house.files.clone() });
        let process = format!("{}-{:08x}", std::process::id(), Chance::Real.number() >> 32);
        let presence = Presence::show(&data.running(), &process).unwrap_or_else(|error| {
            tracing::warn!(%error, "if this process dies, its jobs wait for their leases");
            None
        });
        let (stop, stopping) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(look_for_the_dead(data.running(), Arc::clone(house), stopping.clone()));
        for city in house.cities.iter() {
            let work = Work {
                city: Arc::clone(city),
                clock: clock(config),
                chance: Chance::Real,
                outside: Arc::clone(&outside),
                process: process.clone(),
                address: house.address_of(&city.slug),
            };
            tasks.spawn(go_on(work, house.job_kinds(), house.schedules(), stopping.clone()));
        }
        Self { stop, tasks, house: Arc::clone(house), process, _presence: presence }
    }

    /// Lets the jobs that have begun come to their end within the grace, and gives back those that do not.
    pub async fn end(mut self, grace: Duration) {
        self.stop.send_replace(true);
        let ended = timeout(grace, async { while self.tasks.join_next().await.is_some() {} }).await;
        if ended.is_ok() {
            return;
        }
        self.tasks.shutdown().await;
        for city in self.house.cities.iter() {
            if let Err(error) = jobs::give_back(&city.db, &self.process).await {
                tracing::warn!(city = city.slug, %error, "jobs could not be given back; their leases run out");
            }
        }
    }
}

/// Looks now and again whether a process of this folder has died.
async fn look_for_the_dead(running: PathBuf, house: Arc<House>, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        match presence::dead(&running) {
            Ok(dead) => free_the_jobs_of(dead, &house).await,
            Err(error) => tracing::warn!(%error, "jobs of processes that died wait for their leases"),
        }
        tokio::select! {
            () = sleep(LOOK) => {}
            _ = stopping.wait_for(|stop| *stop) => {}
        }
    }
}

/// What they held is taken up again. Where a city's database is away, its jobs wait for their leases.
async fn free_the_jobs_of(dead: Vec<Dead>, house: &House) {
    for dead in dead {
        for city in house.cities.iter() {
            match jobs::free(&city.db, &dead.name).await {
                Ok(0) => {}
                Ok(count) => {
                    tracing::info!(city = city.slug, count, process = dead.name, "jobs of a dead process are taken up");
                    city.ring();
                }
                Err(error) => tracing::warn!(city = city.slug, %error, "jobs of a dead process wait for their leases"),
            }
        }
        if let Err(error) = dead.forget() {
            tracing::warn!(%error, "the file of a process that died stays");
        }
    }
}

async fn go_on(work: Work, kinds: Vec<Kind>, schedules: Vec<Schedule>, mut stopping: watch::Receiver<bool>) {
    let mut pause = FIRST_PAUSE;
    while !*stopping.borrow() {
        let wait = match work_until(&work, &kinds, &schedules, &stopping).await {
            Ok(()) => {
                pause = FIRST_PAUSE;
                LOOK
            }
            Err(error) => {
                tracing::warn!(city = work.city.slug, %error, ?pause, "jobs wait for the database");
                let now = pause;
                pause = (pause * 2).min(LONGEST_PAUSE);
                now
            }
        };
        let rung = async {
            sleep(REST).await;
            work.city.bell.notified().await;
        };
        tokio::select! {
            () = rung => {}
            () = sleep(wait) => {}
            _ = stopping.wait_for(|stop| *stop) => {}
        }
    }
}

/// Seals what was written, then does what is due, one job after the other, until nothing is or somebody says stop.
async fn work_until(
    work: &Work,
    kinds: &[Kind],
    schedules: &[Schedule],
    stopping: &watch::Receiver<bool>,
) -> kyodo_db::Result<()> {
    audit::seal(work.db(), &work.city.secret.derive("audit"), work.clock).await?;
    jobs::put_due_slots(work, schedules).await?;
    while !*stopping.borrow() && jobs::work_one(work, kinds).await? {}
    // What the jobs themselves wrote.
    audit::seal(work.db(), &work.city.secret.derive("audit"), work.clock).await?;
    Ok(())
}
