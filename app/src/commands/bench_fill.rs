//! `kyodo bench-fill`: fills a city with many records, for benchmarks only. Each sentence makes its rows inside
//! the database, so that a million of them take seconds.

use chrono::Days;
use clap::{Arg, ArgMatches, Command, value_parser};
use kyodo_db::{Db, Json, Pools, Tx};
use kyodo_jptext::{bigrams, tsvector};
use kyodo_kernel::{Clock, FiscalYear};
use kyodo_plan::folding;
use kyodo_plan::node::Details;

use super::{text, with_settings};
use crate::config::in_force;
use crate::data::DataFolder;
use crate::failure::{Failure, OrTell, Result};

const LAST_NODE: &str = "
SELECT COALESCE(MAX(position), 0)
FROM plan_node";

const NODES: &str = "
WITH RECURSIVE row (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM row WHERE i < $2)
INSERT INTO plan_node (plan, key, parent, level, position, code, title, details, away)
SELECT 1, '1-1-' || i, '1-1', 3, i, CAST(i AS TEXT), $3 || i, $4, ''
FROM row";

const MARKS: &str = "
INSERT INTO plan_mark (node, fiscal_year, mark)
SELECT id, $1, $2
FROM plan_node
WHERE position BETWEEN $3 AND $4";

const FACTS: &str = "
WITH RECURSIVE row (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM row WHERE i < $1)
INSERT INTO fact (kind, day, fiscal_year, quantity, subject, tag, example, recorded_at)
SELECT $2, $3, $4, 1, $5, $6, $7, $8
FROM row";

const DOCUMENTS_SQLITE: &str = "
INSERT INTO search_document (room, address, kind, title, body)
SELECT 'bench', '/plan/nodes/' || key, 'node', title, $1
FROM plan_node
WHERE position BETWEEN $2 AND $3";

const INDEX_SQLITE: &str = "
INSERT INTO search_index (rowid, title, body)
SELECT id, $1, $2
FROM search_document
WHERE room = 'bench' AND id > $3";

const LAST_DOCUMENT: &str = "
SELECT COALESCE(MAX(id), 0)
FROM search_document";

const DOCUMENTS_POSTGRES: &str = "
INSERT INTO search_document (room, address, kind, title, body, title_words, body_words)
SELECT 'bench', '/plan/nodes/' || key, 'node', title, $1, CAST(CAST($4 AS text) AS tsvector), CAST(CAST($5 AS text) AS tsvector)
FROM plan_node
WHERE position BETWEEN $2 AND $3";

/// The kinds of facts that a busy city has most of, with the tag that an indicator may count by.
const KINDS: [(&str, Option<&str>); 4] =
    [("case.opened", Some("centre")), ("place.used", None), ("booking.made", None), ("opinion.received", None)];

const TITLE: &str = "測定のための協働の取組 ";
const TEXT: &str = "地域の話し合いと相談の記録です。";

pub(super) fn command() -> Command {
    let city = Arg::new("city").long("city").value_name("SLUG").required(true).help("自治体").help_heading("指定");
    let rows = Arg::new("rows").long("rows").value_name("N").required(true).value_parser(value_parser!(u32));
    let command = Command::new("bench-fill").about("測定のために記録を増やします").hide(true);
    with_settings(command.args([city, rows.help("増やす記録の数").help_heading("指定")]), &[], &[])
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    let config = in_force(flags, &[])?.config;
    let data = DataFolder::new(&config.data);
    let city = data.registered(text(flags, "city"))?;
    let rows = i64::from(flags.get_one::<u32>("rows").copied().unwrap_or(0));
    if rows == 0 {
        return Err(Failure::usage("--rows は1以上にしてください。"));
    }
    let db = data.place(&city)?.open(Pools::default()).or_tell(|| "データベースを開けません。".to_owned())?;
    let filled = fill(&db, rows, crate::serve::clock(&config)).await;
    db.close().await;
    filled
}

async fn fill(db: &Db, rows: i64, clock: Clock) -> Result<()> {
    let first = db.ask(LAST_NODE).one::<(i64,)>().await?.0 + 1;
    let last = first + rows - 1;
    let known = db.ask(LAST_DOCUMENT).one::<(i64,)>().await?.0;
    let mut tx = db.begin().await?;
    tx.ask(NODES).with(first).with(last).with(TITLE).with(Json(Details::default())).run().await?;
    let year = i64::from(i32::from(FiscalYear::of(clock.today())));
    tx.ask(MARKS).with(year).with("実施").with(first).with(last).run().await?;
    if tx.is_postgres() {
        let (title, body) = (tsvector(TITLE), tsvector(TEXT));
        tx.ask(DOCUMENTS_POSTGRES).with(TEXT).with(first).with(last).with(title).with(body).run().await?;
    } else {
        tx.ask(DOCUMENTS_SQLITE).with(TEXT).with(first).with(last).run().await?;
        tx.ask(INDEX_SQLITE).with(bigrams(TITLE)).with(bigrams(TEXT)).with(known).run().await?;
    }
    facts(&mut tx, rows, clock).await?;
    kyodo_kernel::city::bump_revision(&mut tx).await?;
    tx.commit().await?;
    // Nobody heard of these facts as they were written.
    folding::recount(db, clock.now()).await?;
    Ok(())
}

/// As many facts as there are rows, over the kinds and the hundred days before today.
async fn facts(tx: &mut Tx, rows: i64, clock: Clock) -> Result<()> {
    const DAYS: i64 = 100;
    let batches = DAYS * 4;
    let each = (rows + batches - 1) / batches;
    let mut left = rows;
    for day in (0_u64..100).map(|ago| clock.today() - Days::new(ago)) {
        for (kind, tag) in KINDS {
            let n = each.min(left);
            if n == 0 {
                return Ok(());
            }
            left -= n;
            tx.ask(FACTS)
                .with(n)
                .with(kind)
                .with(day)
                .with(i64::from(i32::from(FiscalYear::of(day))))
                .with(None::<String>)
                .with(tag)
                .with(true)
                .with(clock.now())
                .run()
                .await?;
        }
    }
    Ok(())
}
