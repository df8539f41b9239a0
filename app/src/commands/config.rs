//! `kyodo config`: what is in force, and where each value comes from.

use clap::{ArgMatches, Command};

use super::with_settings;
use crate::config::{FILE, in_force};
use crate::failure::Result;
use crate::terminal;

pub(super) fn command() -> Command {
    with_settings(
        Command::new("config").about("有効な設定と、それぞれがどこから来たかを表示します"),
        true,
    )
}

pub(super) fn run(flags: &ArgMatches) -> Result<()> {
    let found = in_force(flags, &[])?;
    let file = match &found.file {
        Some(file) => format!("設定ファイル {}", file.display()),
        None => format!(
            "設定ファイルはありません（{} があれば読みます）",
            found.config.data.join(FILE).display()
        ),
    };
    let mut rows = vec![["設定", "値", "出どころ"].map(str::to_owned).to_vec()];
    rows.extend(found.said.iter().map(|(setting, word)| {
        let value = if word.text.is_empty() {
            "（なし）".to_owned()
        } else {
            setting.shown(&word.text)
        };
        vec![setting.name.to_owned(), value, word.source.to_string()]
    }));
    terminal::print(&format!("{file}\n\n{}", terminal::table(&rows)))
}
