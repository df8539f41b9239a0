//! `kyodo city add`: a city from a pack.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::House;
use crate::commands::{positional, text, with_settings};
use crate::config::in_force;
use crate::create::{Founding, create};
use crate::data::DataFolder;
use crate::failure::{Failure, Result};
use crate::serve::clock;
use crate::settings::Use;
use crate::{logs, packs, settings, terminal};

pub(super) fn command() -> Command {
    let host = Arg::new("host")
        .long("host")
        .value_name("NAME")
        .action(ArgAction::Append)
        .help("この自治体につながるホスト名。いくつでも指定できます")
        .help_heading("指定");
    let listen = Arg::new("own-listen")
        .long("own-listen")
        .value_name("ADDR")
        .help("この自治体だけのアドレスとポート番号（名前の引けない網で）")
        .help_heading("指定");
    let add = Command::new("add").about("パックから自治体を作ります");
    with_settings(add.arg(positional("PACK", super::PACK)).args([host, listen]), &[Use::Creating], &[])
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    let config = in_force(flags, &[])?.config;
    logs::begin(&config);
    let hosts = flags.get_many::<String>("host").into_iter().flatten();
    let hosts = hosts.map(|host| host_name(host)).collect::<Result<Vec<_>>>()?;
    let listen = flags.get_one::<String>("own-listen").map(|address| settings::address(address));
    let listen = listen.transpose().map_err(|reason| Failure::usage(format!("--own-listen: {reason}")))?;

    let house = House::furnished()?;
    let (_, reader) = packs::read_whole(text(flags, "PACK"), &house.parts, &house.messages)?;
    let data = DataFolder::new(&config.data);
    let founding = Founding {
        data: &data,
        database: &config.database,
        reader: &reader,
        migrations: &house.migrations,
        hosts,
        listen,
        demo: None,
    };
    let city = create(&founding, clock(&config).now()).await?;
    let (name, slug) = (&reader.city.profile.name, &city.slug);
    terminal::print(&format!(
        "{name}（{slug}）を作りました。登録は {} です。\n\
         kyodo serve を実行すると（動いていれば起動し直すと）公開されます。\n",
        data.file(slug, "toml").display()
    ))
}

/// A host name as browsers send it.
fn host_name(text: &str) -> Result<String> {
    let plain = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if text.split('.').all(plain) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(Failure::usage(format!(
        "--host に「{text}」は使えません。http:// やポート番号を付けず、kyodo.city.example.jp のように書いてください。"
    )))
}

#[cfg(test)]
mod tests {
    use super::host_name;

    #[test]
    fn a_host_is_a_name_without_scheme_and_port() {
        assert_eq!(host_name("Kyodo.Example.jp").unwrap(), "kyodo.example.jp");
        for wrong in ["https://kyodo.example.jp", "kyodo.example.jp:8080", "", "例え.jp", "a..b"] {
            assert_eq!(host_name(wrong).unwrap_err().code(), 2, "{wrong}");
        }
    }
}
