//! `kyodo bench-fill`: fills a city with many records, for benchmarks only.

use clap::{Arg, ArgMatches, Command, value_parser};

use super::with_settings;
use crate::failure::{Failure, Result};

pub(super) fn command() -> Command {
    let city = Arg::new("city")
        .long("city")
        .value_name("SLUG")
        .required(true)
        .help("自治体");
    let rows = Arg::new("rows")
        .long("rows")
        .value_name("N")
        .required(true)
        .value_parser(value_parser!(u64));
    let command = Command::new("bench-fill")
        .about("測定のために記録を増やします")
        .hide(true);
    with_settings(command.args([city, rows.help("増やす記録の数")]), false)
}

pub(super) fn run(_flags: &ArgMatches) -> Result<()> {
    Err(Failure::usage("not available yet"))
}
