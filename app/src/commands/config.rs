//! `kyodo config`: what is in force, and where each value comes from; or a file to begin with.

use clap::{ArgMatches, Command};

use super::{switch, with_settings};
use crate::config::{FILE, in_force};
use crate::failure::Result;
use crate::settings::{SETTINGS, Setting, Use};
use crate::terminal;

pub(super) fn command() -> Command {
    let sample = switch("sample", "代わりに、説明の付いた設定ファイルの見本を表示します");
    let about = "有効な設定と、それぞれがどこから来たかを表示します";
    with_settings(Command::new("config").about(about).arg(sample), &[Use::Creating, Use::Serving], &[])
}

pub(super) fn run(flags: &ArgMatches) -> Result<()> {
    if flags.get_flag("sample") {
        return terminal::print(&sample());
    }
    let found = in_force(flags, &[])?;
    let file = match &found.file {
        Some(file) => format!("設定ファイル {}", file.display()),
        None => format!("設定ファイルはありません（{} があれば読みます）", found.config.data.join(FILE).display()),
    };
    let mut rows = vec![["設定", "値", "出どころ"].map(str::to_owned).to_vec()];
    rows.extend(found.said.iter().map(|(setting, word)| {
        let value = if word.text.is_empty() { "（なし）".to_owned() } else { setting.shown(&word.text) };
        vec![setting.name.to_owned(), value, word.source.to_string()]
    }));
    terminal::print(&format!("{file}\n\n{}", terminal::table(&rows)))
}

/// A file in which every setting stands as it is anyway, ready to be changed.
fn sample() -> String {
    let entry = |setting: &Setting| {
        let value = match setting.default {
            number if number.parse::<u32>().is_ok() => number.to_owned(),
            on_off if setting.is_switch() => on_off.to_owned(),
            text => format!("\"{text}\""),
        };
        format!("# {}\n# {} = {value}\n", setting.help, setting.name)
    };
    // The folder in which the file lies cannot be named in it.
    let entries: Vec<String> = SETTINGS.iter().filter(|setting| setting.name != "data").map(entry).collect();
    format!(
        "# Kyodo の設定。データフォルダに {FILE} の名前で置き、変える行の # を消してください。\n\n{}",
        entries.join("\n")
    )
}
