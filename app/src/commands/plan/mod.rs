//! `kyodo plan`: a whole plan in from a spreadsheet and out to one, the workbooks of a round out and in, and counted
//! figures recounted.

mod collect;
mod export;
mod import;
mod recount;
mod workbooks;

use std::sync::Arc;

use clap::{Arg, ArgMatches, Command};
use kyodo_db::{Pools, migrate};
use kyodo_kernel::{City, CityState, Clock};
use kyodo_plan::import::Known;
use kyodo_plan::store::import as store;
use kyodo_web::{messages, migrations};

use super::text;
use crate::config::in_force;
use crate::data::DataFolder;
use crate::failure::{Failure, OrTell, Result};
use crate::serve::clock;
use crate::{logs, rooms, terminal};

pub(super) fn command() -> Command {
    Command::new("plan")
        .about("計画と年度の報告を表から取り込み、表に書き出し、数字を数え直します")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            import::command(),
            export::command(),
            workbooks::command(),
            collect::command(),
            recount::command(),
        ])
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    let Some((name, flags)) = flags.subcommand() else { unreachable!("clap lets nothing else through") };
    if name == "recount" {
        return recount::run(flags).await;
    }
    let office = Office::open(flags).await?;
    let told = match name {
        "import" => import::run(&office, flags).await,
        "workbooks" => workbooks::run(&office, flags).await,
        "collect" => collect::run(&office, flags).await,
        _ => export::run(&office, flags).await,
    };
    office.city.db.close().await;
    terminal::print_bytes(&told?)
}

/// A city whose plan comes and goes on the command line.
struct Office {
    city: City,
    state: Arc<CityState>,
    clock: Clock,
}

impl Office {
    async fn open(flags: &ArgMatches) -> Result<Self> {
        let config = in_force(flags, &[])?.config;
        logs::begin(&config);
        let data = DataFolder::new(&config.data);
        let registration = data.registered(text(flags, "city"))?;
        let db = data.place(&registration)?.open(Pools::default())?;
        let (rooms, clock) = (rooms(), clock(&config));
        migrate(&db, &migrations(&rooms), clock.now()).await?;
        let messages = messages(&rooms).or_tell(|| "Kyodo の文言に誤りがあります。".to_owned())?;
        let city = City::new(registration.slug.clone(), db, Arc::new(messages), &data.secret()?);
        let state = city.state().await?;
        Ok(Self { city, state, clock })
    }

    async fn known(&self) -> Result<Known> {
        let known = store::known(&self.city.db, &self.state.departments).await?;
        known.ok_or_else(|| Failure::work("この自治体には、まだ計画がありません。"))
    }
}

fn city() -> Arg {
    Arg::new("city")
        .long("city")
        .value_name("CITY")
        .required(true)
        .help("自治体（kyodo city list の左端の名前）")
        .help_heading("指定")
}
