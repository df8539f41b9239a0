//! `cargo xtask torture`: kills Kyodo in the middle of writing, again and again, and looks whether anything that was
//! answered is lost, half there or there twice, whether letters left once, and whether the audit trail still verifies.
//! Everything that chance decides follows from a seed, which is printed.

mod chance;
mod check;
mod deeds;
mod mail;
mod options;
mod post_office;
mod rows;
mod table;
mod world;
mod writers;

use std::path::Path;
use std::process::Command;

use crate::process::our_program;
use crate::setup::{self, Need};
pub(crate) use options::{Database, Options};
use table::Tally;
use world::World;

/// Runs the rounds, and prints a row for each database.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    if options.databases.contains(&Database::Postgres) {
        setup::ensure(&[Need::Postgres])?;
    }
    let program = our_program()?;
    let seed = options.seed.unwrap_or_else(|| u64::from(std::process::id()));
    let mut tallies = Vec::new();
    let mut failed = None;
    for database in &options.databases {
        eprintln!("{} with --seed {seed} …", database.name());
        let (tally, broken) = tortured(&program, *database, options.rounds, seed);
        tallies.push((*database, tally));
        if let Some(broken) = broken {
            failed = Some(format!("{broken}\nThe same again: cargo xtask torture {}", options.again(*database, seed)));
            break;
        }
    }
    println!("{}", table::markdown(&tallies));
    failed.map_or(Ok(()), Err)
}

/// The rounds on one database: what was counted, and what broke.
fn tortured(program: &Path, database: Database, rounds: u32, seed: u64) -> (Tally, Option<String>) {
    let mut world = match World::prepare(program, database, seed) {
        Ok(world) => world,
        Err(message) => return (Tally::default(), Some(message)),
    };
    let mut outcome = Ok(());
    for round in 1..=rounds {
        outcome = world.round(round, rounds).map_err(|message| format!("round {round}: {message}"));
        if outcome.is_err() {
            break;
        }
        if round % 10 == 0 {
            eprintln!("  {round} rounds");
        }
    }
    let outcome = outcome.and_then(|()| world.last_look());
    let tally = world.tally.clone();
    match outcome {
        Ok(()) => (tally, None),
        Err(message) => {
            let kept = world.keep();
            (tally, Some(format!("{message}\nWhat is left stands in {}", kept.display())))
        }
    }
}

/// A command of the program under torture, without the settings of the developer's shell.
fn kyodo(program: &Path, data: &Path, words: &[&str]) -> Command {
    let mut command = crate::process::ours(program);
    command.args(words).arg("--data").arg(data);
    command
}
