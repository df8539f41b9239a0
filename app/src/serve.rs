//! The server: cities opened, pages answered, jobs done, page views written once a minute, and an orderly end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use axum_server::Handle;
use chrono::{DateTime, Utc};
use futures_util::future::{join_all, try_join_all};
use kyodo_db::{Migration, Pools};
use kyodo_kernel::{Cities, City, Clock, views};
use kyodo_web::{Entrance, House, Settings, messages, migrations, record_metrics};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};

use crate::data::{DataFolder, Registration};
use crate::failure::{Failure, OrTell, Result};
use crate::listen::{self, Bound, bind};
use crate::settings::Config;
use crate::workers::Workers;
use crate::{announce, files, gates, platform, proxy, rooms, terminal};

/// How often what was counted in memory is written down.
const MINUTE: Duration = Duration::from_mins(1);
/// How long answers that have begun may take after the server was told to stop.
const GRACE: Duration = Duration::from_secs(8);
/// How often a database that was away at the start is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// The clock of these settings.
#[must_use]
pub fn clock(config: &Config) -> Clock {
    config.today.map_or(Clock::Real, Clock::OnDay)
}

/// Serves every registered city until somebody asks the process to stop. `greet` makes the text that is printed
/// once the addresses answer.
pub async fn serve(
    config: &Config,
    data: &DataFolder,
    main: Bound,
    greet: impl FnOnce(&[announce::Place]) -> String,
) -> Result<()> {
    let mut registrations = data.registrations()?;
    let tls = listen::tls(config)?;
    let mut doors = Vec::new();
    for city in &mut registrations {
        if let Some(address) = city.listen {
            let bound = bind(address)?;
            city.listen = Some(bound.address);
            doors.push((city.slug.clone(), bound));
        }
    }
    let opened = open(config, data, main.address, &registrations).await?;
    let house = Arc::new(opened.house);
    let router = proxy::believing(Arc::clone(&house).router(), &config.trusted_proxies);
    let (address, handle) = (main.address, Handle::new());
    let mut servers = JoinSet::new();
    for (slug, bound) in doors {
        if let Some(city) = house.cities.named(&slug) {
            let own: Router = router.clone().layer(Extension(Entrance(Arc::clone(city))));
            servers.spawn(listen::answer(bound, own, tls.clone(), handle.clone()));
        }
    }
    servers.spawn(listen::answer(main, router, tls, handle.clone()));
    let places = announce::places(config, address, &registrations, &house, &opened.unprepared).await;
    let workers = Workers::begin(config, data, &house);
    let minute = tokio::spawn(every_minute(Arc::clone(&house)));
    let waiting = tokio::spawn(prepare_later(Arc::clone(&house), opened.unprepared, opened.migrations));
    terminal::print(&greet(&places))?;
    tracing::info!(cities = registrations.len(), "serving");

    let ended = run(&mut servers, &handle).await;
    minute.abort();
    waiting.abort();
    workers.end(GRACE).await;
    write_views(&house).await;
    join_all(house.cities.iter().map(|city| city.db.close())).await;
    tracing::info!("stopped");
    ended
}

/// Waits for the wish to stop, lets what has begun come to its end, and tells when a server ended by itself.
async fn run(servers: &mut JoinSet<std::io::Result<()>>, handle: &Handle<SocketAddr>) -> Result<()> {
    let early = tokio::select! {
        () = platform::asked_to_stop() => None,
        ended = servers.join_next() => ended,
    };
    handle.graceful_shutdown(Some(GRACE));
    while servers.join_next().await.is_some() {}
    match early {
        None | Some(Ok(Ok(()))) => Ok(()),
        Some(Ok(Err(error))) => Err(Failure::work("サーバーが止まりました。起動し直してください。").because(error)),
        Some(Err(error)) => Err(Failure::work("サーバーが止まりました。起動し直してください。").because(error)),
    }
}

struct Opened {
    house: House,
    /// Cities whose database could not be reached.
    unprepared: Vec<String>,
    migrations: Vec<Migration>,
}

async fn open(
    config: &Config,
    data: &DataFolder,
    listen: SocketAddr,
    registrations: &[Registration],
) -> Result<Opened> {
    let rooms = rooms();
    let messages = Arc::new(messages(&rooms).or_tell(|| "Kyodo の文言に誤りがあります。".to_owned())?);
    let migrations = migrations(&rooms);
    let clock = clock(config);
    let secret = data.secret()?;
    let share = config.max_connections / u32::try_from(registrations.len()).unwrap_or(u32::MAX).max(1);
    let pools = Pools { most: share.max(1) };
    let opened = try_join_all(registrations.iter().map(async |registration| {
        let db = data.place(registration)?.open(pools)?;
        let city = City::new(registration.slug.clone(), db, Arc::clone(&messages), &secret);
        let prepared = prepare(&city, &migrations, clock.now()).await?;
        Ok::<_, Failure>((city, prepared))
    }))
    .await?;
    let mut cities = Cities::default();
    let mut unprepared = Vec::new();
    for (registration, (city, prepared)) in registrations.iter().zip(opened) {
        if !prepared {
            unprepared.push(city.slug.clone());
        }
        let public = announce::public_host(config, &city.slug);
        cities.add(city, registration.hosts.iter().cloned().chain(public));
    }
    let settings = Settings {
        development: config.development,
        https: announce::is_https(config),
        keep_pages: config.keep_pages,
        unlimited: !config.rate_limits,
        doubting: false,
    };
    let mut house = House::new(rooms, cities, clock, settings);
    house.metrics = Some(record_metrics());
    house.files = files::store(config, data)?;
    house.extensions.insert(gates::open(data, registrations)?);
    house.addresses = registrations
        .iter()
        .filter_map(|city| {
            Some((city.slug.clone(), announce::addresses(config, listen, city, false).into_iter().next()?))
        })
        .collect();
    Ok(Opened { house, unprepared, migrations })
}

/// Brings a city's tables up to date. False when its database cannot be reached now: the other cities need not wait.
async fn prepare(city: &City, migrations: &[Migration], now: DateTime<Utc>) -> Result<bool> {
    match city.migrate(migrations, now).await {
        Ok(ran) => {
            if ran > 0 {
                tracing::info!(city = city.slug, ran, "migrations ran");
            }
            Ok(true)
        }
        Err(error) if error.is_unreachable() => {
            tracing::error!(city = city.slug, %error, "a city's database cannot be reached");
            Ok(false)
        }
        Err(error) => Err(Failure::work(format!(
            "{} のデータベースを、この版の Kyodo で使えるようにできません。より新しい版で使っていたものではないか確かめてください。見本なら kyodo demo --fresh で作り直せます。",
            city.slug
        ))
        .because(error)),
    }
}

async fn prepare_later(house: Arc<House>, mut unprepared: Vec<String>, migrations: Vec<Migration>) {
    while !unprepared.is_empty() {
        sleep(AGAIN).await;
        let mut still = Vec::new();
        for slug in unprepared {
            let Some(city) = house.cities.named(&slug) else {
                continue;
            };
            match prepare(city, &migrations, house.clock.now()).await {
                Ok(true) => tracing::info!(city = slug, "a city's database is back"),
                Ok(false) => still.push(slug),
                Err(failure) => tracing::error!(city = slug, %failure, "a city stays closed"),
            }
        }
        unprepared = still;
    }
}

async fn every_minute(house: Arc<House>) {
    let mut minute = interval(MINUTE);
    minute.tick().await;
    loop {
        minute.tick().await;
        write_views(&house).await;
        if let Some(metrics) = &house.metrics {
            // Folds the measurements, which would pile up if nobody asked for /metrics.
            metrics.run_upkeep();
        }
    }
}

async fn write_views(house: &House) {
    let hearers = house.hearers();
    for (slug, views) in house.views.take() {
        let Some(city) = house.cities.named(&slug) else {
            continue;
        };
        if let Err(error) = views::write(&city.db, &views, &hearers, house.clock.now()).await {
            tracing::warn!(city = slug, %error, "page views could not be written; they are kept for the next minute");
            house.views.give_back(views);
        }
    }
}
