//! `kyodo plan workbooks`: the Excel files of a round, one for each department.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use clap::{Arg, ArgMatches, Command};
use kyodo_kernel::{FiscalYear, Language};
use kyodo_plan::store::workbooks as store;
use kyodo_plan::workbooks::{Ground, write};

use super::Office;
use crate::commands::{text, with_settings};
use crate::failure::{Failure, OrTell, Result};

pub(super) fn command() -> Command {
    let argument = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help).help_heading("指定")
    };
    let workbooks = Command::new("workbooks")
        .about("年度の報告を書いてもらうExcelを、課ごとに書き出します")
        .arg(super::city())
        .arg(argument("year", "YEAR", "報告する年度（2026 のように）").required(true))
        .arg(argument("department", "KEY", "書き出す課（なければ、報告する課すべて）"))
        .arg(argument("out", "DIR", "書き出すフォルダー").required(true));
    with_settings(workbooks, &[], &[])
}

pub(super) async fn run(office: &Office, flags: &ArgMatches) -> Result<Vec<u8>> {
    let ground = ground(office, text(flags, "year")).await?;
    let wanted = flags.get_one::<String>("department");
    let known: Vec<_> = ground.reporting().filter(|one| wanted.is_none_or(|key| *key == one.key)).collect();
    if known.is_empty() {
        let keys: Vec<String> = ground.reporting().map(|one| format!("{}（{}）", one.key, one.name)).collect();
        return Err(Failure::work(match wanted {
            Some(key) => format!("「{key}」に報告する項目はありません。あるのは、{} です。", keys.join("、")),
            None => "報告する項目のある課がありません。".to_owned(),
        }));
    }
    let folder = text(flags, "out");
    let unwritten = || format!("{folder} に書けません。場所と権限を確かめてください。");
    fs::create_dir_all(folder).or_tell(unwritten)?;
    let words = office.state.words(Language::Japanese);
    let (now, mut told) = (office.clock.now(), String::new());
    let mut tx = office.city.db.begin().await?;
    for department in known {
        let file = write(&ground, &department.key, words, now).or_tell(unwritten)?;
        let path = Path::new(folder).join(&file.name);
        fs::write(&path, &file.content).or_tell(unwritten)?;
        store::hand_out(&mut tx, ground.round.id, &department.key, now).await?;
        let _ = writeln!(told, "{} {}件", path.display(), ground.of(&department.key).count());
    }
    tx.commit().await?;
    Ok(told.into_bytes())
}

/// The round of a year as its workbooks need it.
pub(super) async fn ground(office: &Office, year: &str) -> Result<Ground> {
    let of = kyodo_wareki::parse_fiscal_year(year)
        .map_err(|fault| Failure::usage(format!("--year に「{year}」は使えません。{fault}")))?;
    of_year(office, of).await
}

async fn of_year(office: &Office, of: FiscalYear) -> Result<Ground> {
    let ground = Ground::gather(&office.city.db, &office.state, of).await?;
    ground.ok_or_else(|| Failure::work(format!("{of}年度の報告は、まだ開かれていません。")))
}
