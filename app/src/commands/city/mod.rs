//! `kyodo city`: cities created, updated, listed, and packs checked.

mod add;
mod check;
mod list;
mod update;

use clap::{ArgMatches, Command};
use kyodo_db::Migration;
use kyodo_kernel::pack::part::Part;
use kyodo_kernel::words::Messages;
use kyodo_web::{messages, migrations, pack_parts};

use crate::failure::{OrTell, Result};
use crate::rooms;

pub(super) fn command() -> Command {
    Command::new("city")
        .about("自治体を追加し、パックを反映し、確かめます")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([add::command(), update::command(), list::command(), check::command()])
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    match flags.subcommand() {
        Some(("add", flags)) => add::run(flags).await,
        Some(("update", flags)) => update::run(flags).await,
        Some(("list", flags)) => list::run(flags).await,
        Some(("check", flags)) => check::run(flags),
        _ => unreachable!("clap lets nothing else through"),
    }
}

/// How a pack is named on the command line.
const PACK: &str = "パックのフォルダか、Kyodo に付いているパックの名前（ichinoseki など）";

/// What the rooms bring for reading packs and keeping what they say.
struct House {
    parts: Vec<&'static dyn Part>,
    messages: Messages,
    migrations: Vec<Migration>,
}

impl House {
    fn furnished() -> Result<Self> {
        let rooms = rooms();
        let messages = messages(&rooms).or_tell(|| "Kyodo の文言に誤りがあります。".to_owned())?;
        Ok(Self { parts: pack_parts(&rooms), messages, migrations: migrations(&rooms) })
    }
}
