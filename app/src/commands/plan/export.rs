//! `kyodo plan export`: the plan in the shape that comes in again by itself.

use std::fs;

use clap::{Arg, ArgMatches, Command};
use kyodo_plan::import::{json, tables};
use kyodo_web::sheet::{SheetFormat, workbook};

use super::Office;
use crate::commands::{text, with_settings};
use crate::failure::{Failure, OrTell, Result};

pub(super) fn command() -> Command {
    let format = Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .required(true)
        .help("json、csv、xlsx のどれか")
        .help_heading("指定");
    let output = Arg::new("output")
        .long("output")
        .value_name("FILE")
        .help("書き出すファイル（なければ標準出力）")
        .help_heading("指定");
    let export = Command::new("export").about("計画を書き出します。直して kyodo plan import で取り込めます");
    with_settings(export.arg(super::city()).args([format, output]), &[], &[])
}

pub(super) async fn run(office: &Office, flags: &ArgMatches) -> Result<Vec<u8>> {
    let format = text(flags, "format");
    if format == "docx" {
        return Err(Failure::usage("--format docx は、まだありません。json、csv、xlsx のどれかにしてください。"));
    }
    if !["json", "csv", "xlsx"].contains(&format) {
        return Err(Failure::usage(format!(
            "--format に「{format}」は使えません。json、csv、xlsx のどれかにしてください。"
        )));
    }
    let known = office.known().await?;
    let unwritten = || "計画を書き出せません。".to_owned();
    let tables = tables(&known.document, &known.departments);
    let content = match SheetFormat::of(Some(format)) {
        Some(SheetFormat::Csv) => tables.whole.download(SheetFormat::Csv).or_tell(unwritten)?.content,
        Some(SheetFormat::Xlsx) => workbook("plan", &tables.sheets).or_tell(unwritten)?.content,
        None => {
            let mut text = serde_json::to_vec_pretty(&json(&known.document)).or_tell(unwritten)?;
            text.push(b'\n');
            text
        }
    };
    match flags.get_one::<String>("output") {
        None => Ok(content),
        Some(file) => {
            fs::write(file, content).or_tell(|| format!("{file} に書けません。場所と権限を確かめてください。"))?;
            Ok(format!("{file} に書き出しました。\n").into_bytes())
        }
    }
}
