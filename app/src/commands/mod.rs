//! The commands: one file each, with its arguments and what it does.

mod audit;
mod bench_facts;
mod bench_fill;
mod bench_people;
mod bench_write;
mod city;
mod config;
mod demo;
mod key;
mod mail;
mod openapi;
mod plan;
mod serve;
mod torture_look;
mod usage;
mod user;

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::config::{Defaults, FILE, FILE_ENVIRONMENT};
use crate::failure::Result;
use crate::settings::{SETTINGS, Setting, Use};

/// Runs the command that these arguments name.
pub async fn run(arguments: impl IntoIterator<Item = OsString>) -> Result<()> {
    let matches = match command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return usage::tell(&error),
    };
    match matches.subcommand() {
        Some(("demo", flags)) => demo::run(flags).await,
        Some(("serve", flags)) => serve::run(flags).await,
        Some(("city", flags)) => city::run(flags).await,
        Some(("config", flags)) => config::run(flags),
        Some(("mail", flags)) => mail::run(flags).await,
        Some(("audit", flags)) => audit::run(flags).await,
        Some(("plan", flags)) => plan::run(flags).await,
        Some(("user", flags)) => user::run(flags).await,
        Some(("key", flags)) => key::run(flags),
        Some(("openapi", _)) => openapi::run(),
        Some(("bench-facts", flags)) => bench_facts::run(flags).await,
        Some(("bench-fill", flags)) => bench_fill::run(flags).await,
        Some(("bench-people", flags)) => bench_people::run(flags).await,
        Some(("bench-write", flags)) => bench_write::run(flags).await,
        Some(("torture-look", flags)) => torture_look::run(flags).await,
        _ => unreachable!("clap lets nothing else through"),
    }
}

/// The whole command line.
#[must_use]
pub fn command() -> Command {
    let version = Arg::new("version").long("version").short('V').action(ArgAction::Version).help("版を表示します");
    let kyodo = Command::new("kyodo")
        .about("Kyodo: 市民と市の協働を進める計画を、動かし、見えるようにします")
        .version(env!("CARGO_PKG_VERSION"))
        .disable_version_flag(true)
        .arg(version.help_heading("指定"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .after_help("くわしくは kyodo <コマンド> --help")
        .subcommands([
            demo::command(),
            serve::command(),
            city::command(),
            config::command(),
            mail::command(),
            audit::command(),
            user::command(),
            plan::command(),
            key::command(),
            openapi::command(),
            bench_facts::command(),
            bench_fill::command(),
            bench_people::command(),
            bench_write::command(),
            torture_look::command(),
        ]);
    in_japanese(kyodo)
}

/// Says in Japanese what clap would say in English, in this command and all below it.
fn in_japanese(command: Command) -> Command {
    const HELP: &str = "{about-with-newline}\n使い方: {usage}\n\n{all-args}{after-help}";
    let help = Arg::new("help").long("help").short('h').action(ArgAction::Help).help("この説明を表示します");
    command
        .help_template(HELP)
        .subcommand_help_heading("コマンド")
        .subcommand_value_name("コマンド")
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(help.help_heading("指定"))
        .mut_subcommands(in_japanese)
}

/// Adds the settings that a command listens to: those of every command, and of these uses.
fn with_settings(command: Command, uses: &[Use], defaults: Defaults) -> Command {
    let file = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .help(format!("設定ファイル（既定 データフォルダの {FILE}／{FILE_ENVIRONMENT}）"))
        .help_heading("設定");
    let heard = |setting: &&Setting| setting.used == Use::Always || uses.contains(&setting.used);
    let settings = SETTINGS.iter().filter(heard).map(|setting| {
        let own = defaults.iter().find(|(name, _)| *name == setting.name);
        let default = match own.map_or(setting.default, |(_, text)| text) {
            "" => String::new(),
            text => format!("既定 {text}／"),
        };
        let arg = Arg::new(setting.name)
            .long(setting.flag())
            .value_name(setting.value)
            .help(format!("{}（{default}{}）", setting.help, setting.environment()))
            .help_heading("設定");
        if setting.is_switch() { arg.num_args(0..=1).require_equals(true).default_missing_value("true") } else { arg }
    });
    command.args(settings).arg(file)
}

/// An argument in its place.
fn positional(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).value_name(name).required(true).help(help).help_heading("引数")
}

/// A word that is either there or not.
fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help).help_heading("指定")
}

/// The text of an argument that clap has seen to be there.
fn text<'m>(flags: &'m ArgMatches, name: &str) -> &'m str {
    flags.get_one::<String>(name).map_or("", String::as_str)
}
