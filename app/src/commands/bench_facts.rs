//! `kyodo bench-facts`: how long figures take that are counted from many facts, for benchmarks only.

use std::time::{Duration, Instant};

use chrono::{DateTime, Days, NaiveDate, Utc};
use clap::{Arg, ArgMatches, Command, value_parser};
use kyodo_db::{Db, Pools};
use kyodo_kernel::{Clock, FiscalYear};
use kyodo_plan::folding;
use kyodo_plan::store::{self, figures};

use super::{text, with_settings};
use crate::config::in_force;
use crate::data::DataFolder;
use crate::failure::{Failure, OrTell, Result};
use crate::{serve, terminal};

const FACTS: &str = "
WITH RECURSIVE row (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM row WHERE i < $1)
INSERT INTO fact (kind, day, fiscal_year, quantity, subject, tag, example, recorded_at)
SELECT $2, $3, $4, 1 + i % 7, $5 || i % 50, $6, $7, $8
FROM row";

/// The whole table, because no index has every column that is asked for.
const SCAN: &str = "
SELECT COUNT(*) AS n, CAST(SUM(quantity) AS BIGINT) AS quantity, MAX(recorded_at) AS latest
FROM fact";

const ANALYZE: &str = "
ANALYZE fact";

/// The kinds of facts of a busy city, with tags that its indicators count by.
const KINDS: [(&str, &[Option<&str>]); 4] = [
    ("case.opened", &[Some("centre"), Some("funding"), None]),
    ("area_activity.done", &[None]),
    ("support.given", &[Some("talk"), Some("other")]),
    ("page.viewed", &[None]),
];

/// The days over which they are spread: five years.
const DAYS: u64 = 5 * 365;

/// How often a short reading is taken; the median counts.
const READINGS: usize = 101;

pub(super) fn command() -> Command {
    let city = Arg::new("city").long("city").value_name("SLUG").required(true).help("自治体").help_heading("指定");
    let rows = Arg::new("rows").long("rows").value_name("N").required(true).value_parser(value_parser!(u32).range(1..));
    let command = Command::new("bench-facts").about("測定のために記録を増やし、数える時間を測ります").hide(true);
    with_settings(command.args([city, rows.help("増やす記録の数").help_heading("指定")]), &[], &[])
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    let config = in_force(flags, &[])?.config;
    let data = DataFolder::new(&config.data);
    let city = data.registered(text(flags, "city"))?;
    let rows = flags.get_one::<u32>("rows").copied().map_or(1, i64::from);
    let db = data.place(&city)?.open(Pools::default()).or_tell(|| "データベースを開けません。".to_owned())?;
    let measured = measure(&db, rows, serve::clock(&config)).await;
    db.close().await;
    terminal::print(&measured?)
}

async fn measure(db: &Db, rows: i64, clock: Clock) -> Result<String> {
    fill(db, rows, clock).await?;
    // Whatever has to be read from the disk once is read by now.
    let facts = scan(db).await?;
    let scanned = best(|| scan(db)).await?;
    let counted = best(|| async { Ok(folding::recount(db, clock.now()).await?.len()) }).await?;
    let today = clock.today();
    let Some((plan, _)) = store::plan(db).await? else {
        return Err(Failure::work("計画がありません。"));
    };
    let one = store::indicators(db, plan).await?.into_iter().find(|indicator| indicator.key == "consultations");
    let one = one.map_or(0, |indicator| indicator.id);
    let read_one = median(|| figures::tallies_of(db, one, today)).await?;
    let read_all = median(|| figures::tallies(db, today)).await?;
    let micros = |time: Duration| time.as_micros();
    Ok(format!(
        "facts={facts} scan={} recount={} one={} all={}\n",
        micros(scanned),
        micros(counted),
        micros(read_one),
        micros(read_all)
    ))
}

async fn scan(db: &Db) -> Result<i64> {
    Ok(db.ask(SCAN).one::<(i64, i64, DateTime<Utc>)>().await?.0)
}

/// The shortest of three: what else the machine does only ever makes it longer.
async fn best<T, A: Future<Output = Result<T>>>(work: impl Fn() -> A) -> Result<Duration> {
    let mut shortest = Duration::MAX;
    for _ in 0..3 {
        let begun = Instant::now();
        std::hint::black_box(work().await?);
        shortest = shortest.min(begun.elapsed());
    }
    Ok(shortest)
}

async fn median<T, A: Future<Output = kyodo_db::Result<T>>>(read: impl Fn() -> A) -> Result<Duration> {
    let mut taken = Vec::with_capacity(READINGS);
    for _ in 0..READINGS {
        let begun = Instant::now();
        std::hint::black_box(read().await?);
        taken.push(begun.elapsed());
    }
    taken.sort();
    Ok(taken[READINGS / 2])
}

/// So many facts over the kinds, their tags and five years, counted as if they had been told one by one.
async fn fill(db: &Db, rows: i64, clock: Clock) -> Result<()> {
    let kinds: Vec<(&str, Option<&str>)> =
        KINDS.iter().flat_map(|(kind, tags)| tags.iter().map(move |tag| (*kind, *tag))).collect();
    let days: Vec<NaiveDate> = (0..DAYS).map(|ago| clock.today() - Days::new(ago)).collect();
    let batches = i64::try_from(days.len() * kinds.len()).unwrap_or(i64::MAX);
    let each = (rows + batches - 1) / batches;
    let mut left = rows;
    let mut tx = db.begin().await?;
    'all: for day in days {
        for (kind, tag) in &kinds {
            let n = each.min(left);
            if n == 0 {
                break 'all;
            }
            left -= n;
            tx.ask(FACTS)
                .with(n)
                .with(*kind)
                .with(day)
                .with(i64::from(i32::from(FiscalYear::of(day))))
                .with("/page/")
                .with(*tag)
                .with(true)
                .with(clock.now())
                .run()
                .await?;
        }
    }
    tx.commit().await?;
    folding::recount(db, clock.now()).await?;
    folding::fold(db, clock.now()).await?;
    if db.is_postgres() {
        // What the server does by itself within a minute of so many new rows.
        let mut tx = db.begin().await?;
        tx.ask(ANALYZE).run().await?;
        tx.commit().await?;
    }
    Ok(())
}
