//! `kyodo plan`: a city's plan from the command line.

mod recount;

use clap::{ArgMatches, Command};

use crate::failure::Result;

pub(super) fn command() -> Command {
    Command::new("plan")
        .about("計画を、コマンドで扱います")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(recount::command())
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    match flags.subcommand() {
        Some(("recount", flags)) => recount::run(flags).await,
        _ => unreachable!("clap lets nothing else through"),
    }
}
