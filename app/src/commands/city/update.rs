//! `kyodo city update`: a changed pack, shown before it is applied.

use clap::{ArgMatches, Command};
use kyodo_db::{Db, Migration, Pools, migrate};
use kyodo_kernel::pack::Change;
use kyodo_kernel::pack::part::Reader;

use super::House;
use crate::commands::{positional, switch, text, with_settings};
use crate::config::in_force;
use crate::data::DataFolder;
use crate::failure::{Failure, Result};
use crate::serve::clock;
use crate::{logs, packs, terminal};

pub(super) fn command() -> Command {
    let update = Command::new("update")
        .about("変わったパックを、何が変わるかを見てから反映します")
        .arg(positional("PACK", super::PACK))
        .arg(switch("yes", "たずねずに反映します").conflicts_with("dry-run"))
        .arg(switch("dry-run", "何が変わるかを表示するだけにします"));
    with_settings(update, &[], &[])
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    let config = in_force(flags, &[])?.config;
    logs::begin(&config);
    let house = House::furnished()?;
    let (_, reader) = packs::read_whole(text(flags, "PACK"), &house.parts, &house.messages)?;
    let data = DataFolder::new(&config.data);
    let city = data.registered(&reader.city.profile.slug)?;
    let db = data.place(&city)?.open(Pools::default())?;
    let updated = update(flags, &house.migrations, &reader, &db, clock(&config)).await;
    db.close().await;
    updated
}

async fn update(
    flags: &ArgMatches,
    migrations: &[Migration],
    reader: &Reader,
    db: &Db,
    clock: kyodo_kernel::Clock,
) -> Result<()> {
    migrate(db, migrations, clock.now()).await?;
    let changes = reader.changes(db).await?;
    terminal::print(&preview(reader, &changes))?;
    if changes.is_empty() || flags.get_flag("dry-run") || !is_wanted(flags)? {
        return Ok(());
    }
    reader.install(db, false, clock.now()).await?;
    terminal::print("反映しました。\n")
}

fn is_wanted(flags: &ArgMatches) -> Result<bool> {
    if flags.get_flag("yes") {
        return Ok(true);
    }
    if !terminal::is_somebody_there() {
        return Err(Failure::usage(
            "まだ何も変えていません。反映するときは --yes を、見るだけのときは --dry-run を付けてください。",
        ));
    }
    let wanted = terminal::ask("この内容に変えますか。")?;
    if !wanted {
        terminal::print("何も変えていません。\n")?;
    }
    Ok(wanted)
}

fn preview(reader: &Reader, changes: &[Change]) -> String {
    let profile = &reader.city.profile;
    let name = format!("{}（{}）", profile.name, profile.slug);
    if changes.is_empty() {
        return format!("{name}: 変わるところはありません。\n");
    }
    let lines: Vec<String> = changes.iter().map(ToString::to_string).collect();
    let count = |is: fn(&Change) -> bool| changes.iter().filter(|change| is(change)).count();
    format!(
        "{}\n\n{name}: 追加 {}、変更 {}、削除 {}\n",
        lines.join("\n"),
        count(|change| change.before.is_none()),
        count(|change| change.before.is_some() && change.after.is_some()),
        count(|change| change.after.is_none()),
    )
}
