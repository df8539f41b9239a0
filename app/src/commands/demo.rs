//! `kyodo demo`: the five cities in a throw-away data folder, with a made-up year of activity.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use chrono::NaiveDate;
use clap::{ArgMatches, Command};
use kyodo_db::{Migration, drop_schema};
use kyodo_kernel::words::Messages;
use kyodo_web::{messages, migrations, pack_parts};
use tokio::task::JoinSet;

use super::{serve as serve_command, switch, with_settings};
use crate::announce::Place;
use crate::config::{Defaults, FILE, in_force};
use crate::create::{Example, Founding, create, schema_name};
use crate::data::DataFolder;
use crate::demo::{PASSWORD, SEATS};
use crate::failure::{Failure, OrTell, Result};
use crate::listen::bind;
use crate::settings::{Config, Database, Use};
use crate::{logs, packs, rooms, serve, terminal};

/// A folder of its own, and the day until which the made-up year runs.
const DEFAULTS: Defaults = &[("data", "./demo"), ("today", "2026-11-20")];

/// Only a folder with this file in it may be thrown away.
const MARK: &str = "kyodo-demo.txt";
const MARK_TEXT: &str = "このフォルダは kyodo demo が作った見本です。kyodo demo --fresh で、まるごと作り直されます。\n";

pub(super) fn command() -> Command {
    let about = "五つの自治体の見本を作り、公開します";
    let fresh = switch("fresh", "前の見本を捨てて、はじめから作ります");
    with_settings(Command::new("demo").about(about).arg(fresh), &[Use::Creating, Use::Serving], DEFAULTS)
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    let config = in_force(flags, DEFAULTS)?.config;
    logs::begin(&config);
    let data = DataFolder::new(&config.data);
    // The port comes first: while another demo answers on it, its data is not touched.
    let bound = bind(config.listen)?;
    if flags.get_flag("fresh") {
        throw_away(&data, &config.database).await?;
    }
    mark(&data)?;
    build(&config, &data).await?;
    let address = bound.address;
    serve::serve(&config, &data, bound, |places| greeting(&config, address, places)).await
}

/// Makes the folder a demo's. A folder that holds anything else is refused.
fn mark(data: &DataFolder) -> Result<()> {
    let mark = data.path().join(MARK);
    if mark.is_file() {
        return Ok(());
    }
    refuse_foreign(data)?;
    fs::create_dir_all(data.path())
        .and_then(|()| fs::write(&mark, MARK_TEXT))
        .or_tell(|| format!("{} を書けません。権限を確かめるか、--data で別の場所を指定してください。", mark.display()))
}

fn refuse_foreign(data: &DataFolder) -> Result<()> {
    let Ok(mut entries) = fs::read_dir(data.path()) else {
        return Ok(());
    };
    if entries.any(|entry| entry.is_ok_and(|entry| entry.file_name() != FILE)) {
        return Err(Failure::work(format!(
            "{} は見本のフォルダではありません（{MARK} がありません）。--data で、空か、まだないフォルダを指定してください。",
            data.path().display()
        )));
    }
    Ok(())
}

/// Removes the cities of an earlier demo. Settings beside them stay.
async fn throw_away(data: &DataFolder, database: &Database) -> Result<()> {
    if !data.path().join(MARK).is_file() {
        return refuse_foreign(data);
    }
    for city in data.registrations()?.iter().filter(|city| city.database.contains("://")) {
        let Database::Postgres(administrator) = database else {
            return Err(Failure::work(format!(
                "前の見本（{}）は PostgreSQL にあります。作ったときと同じ database を指定して、やり直してください。",
                city.slug
            )));
        };
        let name = schema_name(&city.slug, true)?;
        drop_schema(administrator, &name).await.or_tell(|| format!("PostgreSQL の {name} を消せません。"))?;
    }
    let cities = data.cities();
    if cities.exists() {
        fs::remove_dir_all(&cities)
            .or_tell(|| format!("{} を消せません。権限を確かめてください。", cities.display()))?;
    }
    Ok(())
}

/// What building a city needs, shared by those who build at the same time.
struct Site {
    data: DataFolder,
    database: Database,
    messages: Arc<Messages>,
    migrations: Vec<Migration>,
    today: NaiveDate,
    clock: kyodo_kernel::Clock,
}

/// Creates the cities that are not there yet, all at the same time.
async fn build(config: &Config, data: &DataFolder) -> Result<()> {
    let there: Vec<String> = data.registrations()?.into_iter().map(|city| city.slug).collect();
    let missing: Vec<String> = packs::shipped().into_iter().filter(|name| !there.contains(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("見本の自治体を作っています …");
    let rooms = rooms();
    let site = Arc::new(Site {
        data: data.clone(),
        database: config.database.clone(),
        messages: Arc::new(messages(&rooms).or_tell(|| "Kyodo の文言に誤りがあります。".to_owned())?),
        migrations: migrations(&rooms),
        today: serve::clock(config).today(),
        clock: serve::clock(config),
    });
    let mut work = JoinSet::new();
    for name in missing {
        work.spawn(build_one(Arc::clone(&site), name));
    }
    while let Some(built) = work.join_next().await {
        built.or_tell(|| "見本を作れませんでした。".to_owned())??;
    }
    Ok(())
}

async fn build_one(site: Arc<Site>, name: String) -> Result<()> {
    let parts = pack_parts(&rooms());
    let (pack, reader) = packs::read_whole(&name, &parts, &site.messages)?;
    let founding = Founding {
        data: &site.data,
        database: &site.database,
        reader: &reader,
        migrations: &site.migrations,
        hosts: Vec::new(),
        listen: None,
        demo: Some(Example { pack: &pack, today: site.today, messages: Arc::clone(&site.messages) }),
    };
    create(&founding, site.clock.now()).await.map(drop)
}

fn greeting(config: &Config, address: SocketAddr, places: &[Place]) -> String {
    let day = kyodo_wareki::long_date_with_weekday(serve::clock(config).today());
    format!(
        "Kyodo の見本が {address} で動いています。今日は{day}とします。計画は実在の文書から、活動と実績と人は架空です。\n\n{}\n\
         次のメールアドレスとパスワードでログインできます。\n\n{}\n\
         止めるには Ctrl+C を押してください。\n",
        serve_command::list(places),
        accounts(places)
    )
}

/// The accounts of every city, as they were made.
fn accounts(places: &[Place]) -> String {
    let mut rows = vec![["", "自治体", "役割", "メールアドレス", "パスワード"].map(str::to_owned).to_vec()];
    for place in places {
        for (at, seat) in SEATS.iter().enumerate() {
            let name = if at == 0 { place.name.clone() } else { String::new() };
            let role = place.role(seat.role);
            let role = if seat.stands_in { format!("{role}の代理") } else { role };
            rows.push(vec![String::new(), name, role, seat.email(&place.slug), PASSWORD.to_owned()]);
        }
    }
    terminal::table(&rows)
}
