//! `kyodo city list`: the cities of the data folder.

use std::sync::Arc;

use clap::{ArgMatches, Command};
use kyodo_db::Pools;
use kyodo_kernel::words::Messages;
use kyodo_kernel::{City, Language};

use super::House;
use crate::commands::with_settings;
use crate::config::in_force;
use crate::data::{DataFolder, Registration};
use crate::failure::Result;
use crate::settings::without_login;
use crate::{logs, terminal};

pub(super) fn command() -> Command {
    with_settings(Command::new("list").about("データフォルダの自治体を並べます"), &[], &[])
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    let config = in_force(flags, &[])?.config;
    logs::begin(&config);
    let data = DataFolder::new(&config.data);
    let cities = data.registrations()?;
    if cities.is_empty() {
        return terminal::print(&format!("{} には、まだ自治体がありません。\n", data.path().display()));
    }
    let messages = Arc::new(House::furnished()?.messages);
    let mut rows = vec![["名前", "自治体", "計画", "ホスト名", "データベース"].map(str::to_owned).to_vec()];
    for city in &cities {
        rows.push(row(&data, city, &messages).await?);
    }
    terminal::print(&terminal::table(&rows))
}

async fn row(data: &DataFolder, registration: &Registration, messages: &Arc<Messages>) -> Result<Vec<String>> {
    let db = data.place(registration)?.open(Pools::default())?;
    let city = City::new(registration.slug.clone(), db, Arc::clone(messages), &data.secret()?);
    let (name, plan) = match city.state().await {
        Ok(state) => (state.profile.name.clone(), state.words(Language::Japanese).say("plan-name")),
        // The list is most wanted when something is broken.
        Err(error) => {
            tracing::warn!(city = city.slug, %error, "a city's database cannot be read");
            ("（読めません）".to_owned(), String::new())
        }
    };
    city.db.close().await;
    let mut hosts = registration.hosts.clone();
    hosts.push(format!("{}.localhost", registration.slug));
    hosts.extend(registration.listen.map(|address| address.to_string()));
    Ok(vec![registration.slug.clone(), name, plan, hosts.join(" "), without_login(&registration.database)])
}
