//! `kyodo bench-write`: what a bare transaction costs, and what one hash of a password costs, for benchmarks only.
//! Accepted forms and sign-ins are measured against them.

use std::time::{Duration, Instant};

use clap::{Arg, ArgMatches, Command, value_parser};
use kyodo_accounts::password::{COST, keep};
use kyodo_db::{Db, Pools};
use kyodo_kernel::secret::hex;
use kyodo_kernel::{Chance, Clock};
use tokio::task::JoinSet;

use super::{text, with_settings};
use crate::config::in_force;
use crate::data::DataFolder;
use crate::failure::{Failure, OrTell, Result};
use crate::settings::Config;
use crate::{serve, terminal};

// A table that Kyodo writes to with every form, so that nothing is added to the city's schema.
const INSERT: &str = "
INSERT INTO submission (token, answer, sent_at)
VALUES ($1, '', $2)";

const UPDATE: &str = "
UPDATE submission
SET answer = $2
WHERE token = $1";

pub(super) fn command() -> Command {
    let number = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("N").value_parser(value_parser!(u32).range(1..)).help(help)
    };
    let city = Arg::new("city").long("city").value_name("SLUG").help("自治体").required_unless_present("hashes");
    let hashes = number("hashes", "書き込みの代わりに、パスワードの計算をこの回数だけ測ります").conflicts_with("city");
    let arguments = [
        city,
        number("statements", "1つのトランザクションの文の数").default_value("1"),
        number("seconds", "測る秒数").default_value("5"),
        number("concurrency", "同時に書く数").default_value("64"),
        hashes,
    ];
    let command = Command::new("bench-write").about("測定のために書き込みだけを繰り返します").hide(true);
    with_settings(command.args(arguments.map(|argument| argument.help_heading("指定"))), &[], &[])
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    let number = |name: &str| flags.get_one::<u32>(name).copied().unwrap_or(1);
    if flags.contains_id("hashes") {
        return hash(number("hashes"));
    }
    let config = in_force(flags, &[])?.config;
    let db = open(&config, text(flags, "city"))?;
    let seconds = Duration::from_secs(number("seconds").into());
    let written = write(&db, number("statements"), number("concurrency"), seconds, serve::clock(&config)).await;
    db.close().await;
    terminal::print(&format!("transactions_per_second={:.1}\n", written?))
}

/// The database with as many connections as the server would open for this city.
fn open(config: &Config, slug: &str) -> Result<Db> {
    let data = DataFolder::new(&config.data);
    let city = data.registered(slug)?;
    let cities = u32::try_from(data.registrations()?.len()).unwrap_or(u32::MAX).max(1);
    let pools = Pools { most: (config.max_connections / cities).max(1) };
    data.place(&city)?.open(pools).or_tell(|| "データベースを開けません。".to_owned())
}

/// Transactions per second. Each inserts rows with keys of their own and changes every second time the one before.
async fn write(db: &Db, statements: u32, concurrency: u32, lasts: Duration, clock: Clock) -> Result<f64> {
    // The first connection is not part of the figure.
    one(db, statements, clock).await?;
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..concurrency {
        let db = db.clone();
        tasks.spawn(async move {
            let mut done = 0_u32;
            while begun.elapsed() < lasts {
                one(&db, statements, clock).await?;
                done += 1;
            }
            Ok::<_, Failure>(done)
        });
    }
    let mut done = 0;
    while let Some(task) = tasks.join_next().await {
        done += task.or_tell(|| "測定が途中で止まりました。".to_owned())??;
    }
    Ok(f64::from(done) / begun.elapsed().as_secs_f64())
}

async fn one(db: &Db, statements: u32, clock: Clock) -> Result<()> {
    let mut tx = db.begin().await?;
    let mut token = String::new();
    for at in 0..statements {
        if at % 2 == 0 {
            token = hex(&Chance::Real.bytes()[..16]);
            tx.ask(INSERT).with(token.clone()).with(clock.now()).run().await?;
        } else {
            tx.ask(UPDATE).with(token.clone()).with("/desk").run().await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Prints the cost of a password as argon2id names it, and the median time of one hash, one after the other.
fn hash(times: u32) -> Result<()> {
    let mut taken: Vec<Duration> = (0..times)
        .map(|_| {
            let begun = Instant::now();
            std::hint::black_box(keep("沢の水が 光る朝", [7; 16]));
            begun.elapsed()
        })
        .collect();
    taken.sort();
    let median = taken.get(taken.len() / 2).copied().unwrap_or_default();
    terminal::print(&format!(
        "m={} t={} p={} microseconds={}\n",
        COST.m_cost(),
        COST.t_cost(),
        COST.p_cost(),
        median.as_micros()
    ))
}
