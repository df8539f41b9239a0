//! `kyodo serve`: serves the data folder.

use std::net::SocketAddr;

use clap::{ArgMatches, Command};

use super::with_settings;
use crate::announce::Place;
use crate::config::in_force;
use crate::data::DataFolder;
use crate::failure::{Failure, Result};
use crate::listen::bind;
use crate::settings::{Config, Use};
use crate::{logs, packs, serve, terminal};

pub(super) fn command() -> Command {
    with_settings(Command::new("serve").about("データフォルダの自治体を公開します"), &[Use::Serving], &[])
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    let found = in_force(flags, &[])?;
    logs::begin(&found.config);
    let data = DataFolder::new(&found.config.data);
    if data.registrations()?.is_empty() {
        return Err(nothing_here(&data));
    }
    let bound = bind(found.config.listen)?;
    let address = bound.address;
    serve::serve(&found.config, &data, bound, |places| greeting(&found.config, address, places)).await
}

fn nothing_here(data: &DataFolder) -> Failure {
    let folder = data.path().display();
    Failure::work(format!(
        "データフォルダ {folder} には、まだ自治体がありません。\n\
         次のように追加してから、もう一度 kyodo serve を実行してください。\n\
         \n  kyodo city add ichinoseki --data {folder}\n\n\
         Kyodo に付いているパックは {} です。自分のパックのフォルダも指定できます。\n\
         試すだけなら kyodo demo を実行してください。",
        packs::shipped().join(" ")
    ))
}

fn greeting(config: &Config, address: SocketAddr, places: &[Place]) -> String {
    let day = config.today.map(|day| format!("今日は{}とします。", kyodo_wareki::long_date_with_weekday(day)));
    format!(
        "Kyodo が {address} で動いています。{}\n\n{}\n{}止めるには Ctrl+C を押してください。\n",
        day.unwrap_or_default(),
        list(places),
        without_administrator(config, places)
    )
}

/// How the first administrator of a city is made, where there is none.
fn without_administrator(config: &Config, places: &[Place]) -> String {
    let without: Vec<&Place> = places.iter().filter(|place| place.is_without_administrator).collect();
    let Some(first) = without.first() else {
        return String::new();
    };
    let names: Vec<&str> = without.iter().map(|place| place.name.as_str()).collect();
    format!(
        "{}には、まだ管理者がいません。次のように最初の管理者を作ると、ほかの人を招けます。\n\
         \n  kyodo user add --data {} --city {} --name '名字 名前' --email アドレス --role administrator\n\n",
        names.join("、"),
        config.data.display(),
        first.slug
    )
}

/// The cities with all their addresses.
pub(super) fn list(places: &[Place]) -> String {
    let rows: Vec<Vec<String>> = places
        .iter()
        .flat_map(|place| {
            let first = [place.name.clone(), place.plan.clone()];
            place.addresses.iter().enumerate().map(move |(at, address)| {
                let [name, plan] = if at == 0 { first.clone() } else { Default::default() };
                vec![String::new(), name, address.clone(), plan]
            })
        })
        .collect();
    terminal::table(&rows)
}
