//! `kyodo city check`: every fault of a pack, by file and line.

use clap::{ArgMatches, Command};

use super::House;
use crate::commands::{positional, text};
use crate::failure::Result;
use crate::{packs, terminal};

pub(super) fn command() -> Command {
    Command::new("check").about("パックを確かめます").arg(positional("PACK", super::PACK))
}

pub(super) fn run(flags: &ArgMatches) -> Result<()> {
    let house = House::furnished()?;
    packs::read_whole(text(flags, "PACK"), &house.parts, &house.messages)?;
    terminal::print("問題ありません\n")
}
