//! `kyodo audit verify`: recounts a city's sealed audit trail.

use clap::{Arg, ArgAction, ArgMatches, Command};
use kyodo_db::Pools;
use kyodo_kernel::Secret;
use kyodo_kernel::audit::{self, Finding, Kind, Report};

use crate::commands::{positional, text, with_settings};
use crate::config::in_force;
use crate::data::DataFolder;
use crate::failure::{Failure, Result};
use crate::serve::clock;
use crate::{logs, terminal};

pub(super) fn command() -> Command {
    let seal = Arg::new("seal")
        .long("seal")
        .value_name("SEAL")
        .action(ArgAction::Append)
        .help("公開されたとき控えておいた封の値（64けた）。記録に含まれているかを確かめます。いくつでも指定できます")
        .help_heading("指定");
    let verify = Command::new("verify")
        .about("操作の記録が、変えられたり、消されたり、足されたりしていないかを確かめます")
        .arg(positional("CITY", "自治体（kyodo city list の左端の名前）"))
        .arg(seal);
    Command::new("audit")
        .about("操作の記録を確かめます")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(with_settings(verify, &[], &[]))
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    match flags.subcommand() {
        Some(("verify", flags)) => verify(flags).await,
        _ => unreachable!("clap lets nothing else through"),
    }
}

async fn verify(flags: &ArgMatches) -> Result<()> {
    let config = in_force(flags, &[])?.config;
    logs::begin(&config);
    let seals = flags.get_many::<String>("seal").into_iter().flatten();
    let seals = seals.map(|text| seal(text)).collect::<Result<Vec<_>>>()?;
    let data = DataFolder::new(&config.data);
    let city = data.registered(text(flags, "CITY"))?;
    let key = key(&data, &city.slug)?;
    let db = data.place(&city)?.open(Pools::default())?;
    let report = audit::verify(&db, &key, clock(&config).now(), &seals).await;
    db.close().await;
    let report = report?;
    terminal::print(&summary(&report, seals.len()))?;
    if report.is_fine() { Ok(()) } else { Err(Failure::work(findings(&report))) }
}

/// The key that signs the city's trail.
fn key(data: &DataFolder, slug: &str) -> Result<Secret> {
    Ok(data.secret()?.derive(slug).derive("audit"))
}

/// A seal as it was published.
fn seal(text: &str) -> Result<String> {
    let seal = text.trim().to_ascii_lowercase();
    if seal.len() == 64 && seal.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Ok(seal);
    }
    Err(Failure::usage(format!("--seal に「{text}」は使えません。公開された封の値は、0から9とaからfの64けたです。")))
}

fn summary(report: &Report, published: usize) -> String {
    let mut lines = vec![format!("封をした記録を {} 件、確かめました。", report.sealed)];
    if let Some(last) = &report.last {
        lines.push(format!("最後の封は {} 番（{}）で、値は {} です。", last.position, last.day, last.hash));
    }
    if report.waiting > 0 {
        lines.push(format!("このほかに、封を待つ新しい記録が {} 件あります。", report.waiting));
    }
    if report.is_fine() && published > 0 {
        lines.push("問題ありません。控えておいた封も、記録に含まれています。".to_owned());
    } else if report.is_fine() {
        let compare = "公開されたとき控えておいた封があれば、--seal で照らし合わせてください。";
        lines.push(format!("問題ありません。{compare}"));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn findings(report: &Report) -> String {
    let mut lines = vec![format!("問題が {} 件あります。", report.found)];
    lines.extend(report.findings.iter().map(line));
    let unlisted = report.found.saturating_sub(report.findings.len() as u64);
    if unlisted > 0 {
        lines.push(format!("ほかに {unlisted} 件"));
    }
    lines.push(String::new());
    lines.push(advice(report).to_owned());
    lines.join("\n")
}

/// One finding in plain words, with its numbers.
fn line(finding: &Finding) -> String {
    let position = finding.position.map(|number| format!("{number}番の封"));
    let entry = finding.entry.map(|number| format!("記録{number}"));
    let day = finding.day.map(|day| format!("{day}の封"));
    let seal = finding.seal.clone();
    let place: Vec<String> = [day, position, entry, seal].into_iter().flatten().collect();
    format!("{}: {}", place.join("、"), sentence(finding.kind))
}

fn sentence(kind: Kind) -> &'static str {
    match kind {
        Kind::EntryChanged => "記録が、あとから変えられています。",
        Kind::EntryUnsigned => "記録の署名が、この鍵のものではありません。",
        Kind::EntryMissing => "封をした記録が、なくなっています。",
        Kind::EntryAdded => "Kyodo が書いたものではない記録が、足されています。",
        Kind::EntryUnsealed => "1時間たっても封がされていません。",
        Kind::EntryRepeated => "同じ記録が2回あります。",
        Kind::Unreadable => "値が壊れていて読めません。",
        Kind::PersonalChanged => "個人情報の値が、書いたときのものと違います。",
        Kind::SealChanged => "封が、ここにあるはずのものと違います。",
        Kind::SealMissing => "ここから先の封が、なくなっています。",
        Kind::SealRepeated => "1つの記録に封が2つあります。",
        Kind::DayChanged => "この日に公開した封が、記録と合いません。",
        Kind::DayMissing => "この日に公開した封が、なくなっています。",
        Kind::ChainCut => "この封より新しいはずの記録が、終わりから切り取られています。",
        Kind::PublishedMissing => "控えておいた封が、記録のどこにもありません。",
    }
}

/// What to do, by what was found.
fn advice(report: &Report) -> &'static str {
    let all = |kinds: &[Kind]| report.findings.iter().all(|finding| kinds.contains(&finding.kind));
    if all(&[Kind::EntryUnsigned, Kind::DayChanged, Kind::EntryAdded])
        && report.found >= report.sealed
        && report.sealed > 0
    {
        "すべての署名が合いません。別のデータフォルダの鍵で確かめていないか、鍵のファイルをバックアップから\n\
         戻し忘れていないかを、先に確かめてください。"
    } else if all(&[Kind::EntryUnsealed]) {
        "封をする仕事が止まっています。kyodo serve が動いているか、ログにエラーがないかを確かめてください。\n\
         動いているのに残るときは、封が消された疑いがあります。"
    } else {
        "データベースはこのまま触らずに複製を取り、この結果といっしょに監査の担当者に渡してください。\n\
         正しいバックアップと比べると、いつ、何が変わったかが分かります。"
    }
}

#[cfg(test)]
mod tests {
    use kyodo_kernel::audit::Seal;

    use super::*;

    fn report(findings: Vec<Finding>) -> Report {
        let last = Seal { position: 2, hash: "ab".repeat(32), day: "2026-11-20".parse().unwrap() };
        Report { sealed: 2, waiting: 1, last: Some(last), found: findings.len() as u64, findings }
    }

    fn finding(kind: Kind, position: i64) -> Finding {
        Finding { kind, position: Some(position), entry: Some(10 * position), day: None, seal: None }
    }

    #[test]
    fn what_is_fine_is_told_with_its_end() {
        let told = summary(&report(Vec::new()), 0);
        for word in ["2 件", "2 番（2026-11-20）", "abababab", "封を待つ新しい記録が 1 件", "問題ありません", "--seal"]
        {
            assert!(told.contains(word), "{word} is missing in\n{told}");
        }
        assert!(summary(&report(Vec::new()), 1).contains("控えておいた封も"));
    }

    #[test]
    fn each_finding_is_told_by_its_numbers_and_what_to_do() {
        let told = findings(&report(vec![finding(Kind::EntryChanged, 2)]));
        assert!(
            told.starts_with("問題が 1 件あります。\n2番の封、記録20: 記録が、あとから変えられています。\n"),
            "{told}"
        );
        assert!(told.contains("監査の担当者"), "{told}");
        let stopped = findings(&report(vec![finding(Kind::EntryUnsealed, 3)]));
        assert!(stopped.contains("kyodo serve"), "{stopped}");
        let other_key = report(vec![finding(Kind::EntryUnsigned, 1), finding(Kind::EntryUnsigned, 2)]);
        assert!(findings(&other_key).contains("別のデータフォルダの鍵"));
        let more = Report { found: 7, ..report(vec![finding(Kind::SealMissing, 1)]) };
        assert!(findings(&more).contains("ほかに 6 件"));
    }

    #[test]
    fn a_seal_is_sixty_four_digits() {
        assert_eq!(seal(&format!(" {} ", "AB".repeat(32))).unwrap(), "ab".repeat(32));
        for wrong in ["", "abc", &"x".repeat(64)] {
            assert_eq!(seal(wrong).unwrap_err().code(), 2, "{wrong}");
        }
    }
}
