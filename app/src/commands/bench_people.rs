//! `kyodo bench-people`: signs people in without a password, for benchmarks only. Prints one cookie a line.

use std::fmt::Write as _;

use chrono::Duration;
use clap::{Arg, ArgMatches, Command, value_parser};
use kyodo_db::{Db, Pools, Tx};
use kyodo_kernel::people::{self, AccountId, Method, NewAccount, NewDuty, NewSession, Place, Role};
use kyodo_kernel::secret::hex;
use kyodo_kernel::{Chance, Clock, FiscalYear, mail};
use kyodo_web::session::held;

use super::{text, with_settings};
use crate::config::in_force;
use crate::data::DataFolder;
use crate::failure::{Failure, OrTell, Result};
use crate::{serve, terminal};

/// What everybody here may be written to about, and may choose not to be.
const TOPIC: &str = "bench";

/// Measurements last minutes; nobody is signed out in the middle of them.
const LASTS: Duration = Duration::days(2);

pub(super) fn command() -> Command {
    let city = Arg::new("city").long("city").value_name("SLUG").required(true).help("自治体").help_heading("指定");
    let n = Arg::new("n").long("n").value_name("N").required(true).value_parser(value_parser!(u32).range(1..));
    let role =
        Arg::new("role").long("role").value_name("ROLE").default_value(Role::Coordinator.name()).value_parser(role);
    let department = Arg::new("department").long("department").value_name("KEY").help("課の役割なら、その課のキー");
    let command = Command::new("bench-people").about("測定のために人をログインさせます").hide(true);
    let own = [n.help("人数"), role.help("役割"), department].map(|own| own.help_heading("指定"));
    with_settings(command.arg(city).args(own), &[], &[])
}

fn role(name: &str) -> std::result::Result<Role, String> {
    Role::named(name).ok_or_else(|| "役割の名前を書いてください。".to_owned())
}

/// Where people hold their role: in the city as a whole, or in a department.
#[derive(Clone, Copy)]
struct Post<'a> {
    role: Role,
    department: Option<&'a str>,
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    let config = in_force(flags, &[])?.config;
    let data = DataFolder::new(&config.data);
    let city = data.registered(text(flags, "city"))?;
    let wanted = usize::try_from(flags.get_one::<u32>("n").copied().unwrap_or(1))
        .map_err(|error| Failure::usage("--n が大きすぎます。").because(error))?;
    let role = flags.get_one::<Role>("role").copied().unwrap_or(Role::Coordinator);
    let department = flags.get_one::<String>("department").map(String::as_str);
    if (role.place() == Place::Department) != department.is_some() {
        return Err(Failure::usage("--department は、課の役割だけに要ります。"));
    }
    let db = data.place(&city)?.open(Pools::default()).or_tell(|| "データベースを開けません。".to_owned())?;
    let cookies = sign_in(&db, Post { role, department }, wanted, serve::clock(&config)).await;
    db.close().await;
    terminal::print(&cookies?)
}

/// So many people of a role, those of the city first and then new ones. Coordinators write for every department, so each
/// of them can write in any text without another in the way.
async fn sign_in(db: &Db, post: Post<'_>, wanted: usize, clock: Clock) -> Result<String> {
    let mut there = people::holders(db, post.role, post.department, clock.today()).await?;
    there.sort_by_key(|holder| holder.id);
    there.dedup_by_key(|holder| holder.id);
    let mut accounts: Vec<AccountId> = there.iter().map(|holder| AccountId(holder.id)).take(wanted).collect();
    let mut cookies = String::new();
    let mut tx = db.begin().await?;
    while accounts.len() < wanted {
        accounts.push(open(&mut tx, post, accounts.len(), clock).await?);
    }
    for account in accounts {
        mail::choose(&mut tx, account.0, TOPIC, true, clock.now(), Chance::Real).await?;
        let (name, value, kept) = held(&hex(&Chance::Real.bytes()), false);
        let new = NewSession {
            account,
            token: kept,
            method: Method::Password,
            agent: "wrk".to_owned(),
            idle: LASTS,
            lasts: LASTS,
            half: false,
        };
        people::begin(&mut tx, &new, clock.now()).await?;
        // Writing to a String cannot fail.
        let _ = writeln!(cookies, "{name}={value}");
    }
    tx.commit().await?;
    Ok(cookies)
}

async fn open(tx: &mut Tx, post: Post<'_>, number: usize, clock: Clock) -> Result<AccountId> {
    let new = NewAccount {
        name: format!("測定 {number}"),
        kana: format!("そくてい {number}"),
        example: true,
        ..NewAccount::default()
    };
    let id = people::open(tx, &new, clock.now()).await?;
    let department = post.department.map(str::to_owned);
    let duty = NewDuty { department, ..NewDuty::new(post.role, FiscalYear::of(clock.today()).first_day()) };
    people::give(tx, id, &duty, clock.now()).await?;
    Ok(id)
}
