//! `kyodo user`: accounts from the command line, above all the first administrator's.

mod add;
mod list;
mod role;

use std::sync::Arc;

use chrono::NaiveDate;
use clap::{Arg, ArgMatches, Command};
use kyodo_db::Pools;
use kyodo_kernel::audit::Trail;
use kyodo_kernel::people::{Place, Role};
use kyodo_kernel::{Chance, City, CityState, Clock, Language};
use kyodo_web::messages;

use super::text;
use crate::config::in_force;
use crate::data::{DataFolder, Registration};
use crate::failure::{Failure, OrTell, Result};
use crate::people::Keeper;
use crate::serve::clock;
use crate::settings::Config;
use crate::{announce, logs, rooms, terminal};

pub(super) fn command() -> Command {
    Command::new("user")
        .about("アカウントを作り、並べ、役割を変えます（はじめの管理者を作るときなどに）")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([add::command(), list::command(), role::command()])
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    let Some((name, flags)) = flags.subcommand() else { unreachable!("clap lets nothing else through") };
    let office = Office::open(flags).await?;
    let told = match name {
        "add" => add::run(&office, flags).await,
        "list" => list::run(&office, flags).await,
        _ => role::run(&office, flags).await,
    };
    office.city.db.close().await;
    terminal::print(&told?)
}

/// A city whose accounts are kept from the command line.
struct Office {
    city: City,
    state: Arc<CityState>,
    clock: Clock,
    config: Config,
    registration: Registration,
    /// Whether it is the only city here.
    is_alone: bool,
}

impl Office {
    async fn open(flags: &ArgMatches) -> Result<Self> {
        let config = in_force(flags, &[])?.config;
        logs::begin(&config);
        let data = DataFolder::new(&config.data);
        let registration = data.registered(text(flags, "city"))?;
        let db = data.place(&registration)?.open(Pools::default())?;
        let messages = messages(&rooms()).or_tell(|| "Kyodo の文言に誤りがあります。".to_owned())?;
        let city = City::new(registration.slug.clone(), db, Arc::new(messages), &data.secret()?);
        let state = city.state().await?;
        let is_alone = data.registrations()?.len() == 1;
        Ok(Self { city, state, clock: clock(&config), config, registration, is_alone })
    }

    /// Who opens accounts and gives duties: the command, now.
    fn keeper(&self) -> Keeper<'_> {
        let trail = Trail {
            key: self.city.secret.derive("audit"),
            actor: "command".to_owned(),
            request: Arc::from("command"),
            now: self.clock.now(),
            chance: Chance::Real,
        };
        Keeper { state: &self.state, trail }
    }

    /// The address to give to people, with a slash at the end.
    fn address(&self) -> String {
        let addresses = announce::addresses(&self.config, self.config.listen, &self.registration, self.is_alone);
        addresses.into_iter().next().unwrap_or_default()
    }

    /// A role in the city's own words, with the department it is held in.
    fn role_name(&self, role: Role, department: Option<&str>) -> String {
        let name = self.state.words(Language::Japanese).say(role.message());
        match department {
            Some(key) => {
                let department = self.state.department(key).map_or(key, |department| department.name.as_str());
                format!("{name}（{department}）")
            }
            None => name,
        }
    }

    /// The role that was asked for, and the department it is held in.
    fn place(&self, flags: &ArgMatches, role: &str) -> Result<(Role, Option<String>)> {
        let Some(role) = Role::named(&role.replace('-', "_")) else {
            let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
            return Err(Failure::usage(format!(
                "「{role}」という役割はありません。あるのは {} です。",
                names.join(" ")
            )));
        };
        let department = flags.get_one::<String>("department").cloned();
        // 関係課 is no department that somebody could work in.
        let departments = || self.state.departments.iter().filter(|department| !department.placeholder);
        let known: Vec<String> = departments().map(|one| format!("{}（{}）", one.key, one.name)).collect();
        match (role.place(), &department) {
            (Place::City, Some(_)) => {
                Err(Failure::usage(format!("{} は市全体の役割です。--department は要りません。", role.name())))
            }
            (Place::Department, Some(key)) if !departments().any(|one| one.key == *key) => {
                Err(Failure::usage(format!(
                    "「{key}」という課は、この自治体にありません。{}",
                    if known.is_empty() {
                        "この自治体のパックには課がありません。".to_owned()
                    } else {
                        format!("あるのは {} です。", known.join(" "))
                    }
                )))
            }
            // A plan that names no departments has nowhere to hold the role in but the city.
            (Place::Department, None) if !known.is_empty() => Err(Failure::usage(format!(
                "{} は課の役割です。--department に、次のどれかを指定してください。{}",
                role.name(),
                known.join(" ")
            ))),
            _ => Ok((role, department)),
        }
    }
}

fn option(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help).help_heading("指定")
}

fn city() -> Arg {
    option("city", "CITY", "自治体（kyodo city list の左端の名前）").required(true)
}

const ROLE: &str =
    "役割: administrator coordinator reporter head committee_member centre_staff auditor resident のどれか";
const DEPARTMENT: &str = "課の役割のときの、パックにある課の key";

/// A day that was asked for.
fn day(flags: &ArgMatches, name: &str) -> Result<Option<NaiveDate>> {
    let Some(text) = flags.get_one::<String>(name) else {
        return Ok(None);
    };
    let day = kyodo_wareki::parse_date(text)
        .map_err(|error| Failure::usage(format!("--{name} に「{text}」は使えません。{error}")))?;
    Ok(Some(day))
}
