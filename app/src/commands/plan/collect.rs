//! `kyodo plan collect`: filled-in workbooks of a round, with the verdicts of the page.

use std::fmt::Write;
use std::fs;
use std::sync::Arc;

use clap::{Arg, ArgMatches, Command};
use kyodo_kernel::audit::Trail;
use kyodo_kernel::words::Words;
use kyodo_kernel::{Chance, Language, city};
use kyodo_plan::store::workbooks::Brought;
use kyodo_plan::workbooks::{Collected, Ground, Hands, Overtaking, Sender, Verdict, apply, read, unpack};

use super::Office;
use super::workbooks::ground;
use crate::commands::{switch, text, with_settings};
use crate::failure::{Failure, OrTell, Result};

pub(super) fn command() -> Command {
    let files =
        Arg::new("FILE").value_name("FILE").required(true).num_args(1..).help("課から届いたExcel").help_heading("引数");
    let year = Arg::new("year")
        .long("year")
        .value_name("YEAR")
        .required(true)
        .help("報告する年度（2026 のように）")
        .help_heading("指定");
    let collect = Command::new("collect")
        .about("課に書いてもらったExcelから、年度の報告を取り込みます")
        .arg(files)
        .arg(super::city())
        .arg(year)
        .arg(switch("check", "直すところと変わるところを表示するだけにします"))
        .arg(switch("submit", "そろっている報告を、課に代わって提出します"));
    with_settings(collect, &[], &[])
}

pub(super) async fn run(office: &Office, flags: &ArgMatches) -> Result<Vec<u8>> {
    let mut files = Vec::new();
    for file in flags.get_many::<String>("FILE").into_iter().flatten() {
        let content = fs::read(file).or_tell(|| format!("{file} を読めません。場所と権限を確かめてください。"))?;
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned();
        files.push(Brought { name, content });
    }
    let files = unpack(&files);
    let words = office.state.words(Language::Japanese);
    let (now, today) = (office.clock.now(), office.clock.today());
    let mut tx = office.city.db.begin().await?;
    // First, so that whoever changes the plan meanwhile waits.
    city::bump_revision(&mut tx).await?;
    let ground = ground(office, text(flags, "year")).await?;
    let collected = read(&files, &ground, words, today, |_| true);
    refuse(words, &ground, &collected)?;
    let mut told = preview(words, &ground, &collected);
    if collected.is_same() || flags.get_flag("check") {
        return Ok(told.into_bytes());
    }
    let hands = Hands::load(&office.city.db, today).await?;
    let trail = Trail {
        key: office.city.secret.derive("audit"),
        actor: "command".to_owned(),
        request: Arc::from("command"),
        now,
        chance: Chance::Real,
    };
    let hands_in = flags.get_flag("submit");
    let sender = Sender { by: None, hands_in, taken: Vec::new(), hands: &hands, trail: &trail, words, now };
    let Some(applied) = apply(&mut tx, &ground, &collected, &sender).await? else {
        return Err(Failure::work("取り込むあいだに、ほかの人が書きました。何も取り込んでいません。もう一度どうぞ。"));
    };
    tx.commit().await?;
    let _ = writeln!(
        told,
        "取り込みました。提出 {}、書き込み {}、数字 {}",
        applied.submitted, applied.written, applied.figures
    );
    Ok(told.into_bytes())
}

/// Everything that keeps the files from being taken in, each with file, sheet and cell.
fn refuse(words: &Words, ground: &Ground, collected: &Collected<'_>) -> Result<()> {
    let mut told: Vec<String> = collected
        .faults
        .iter()
        .map(|fault| {
            let said = words.with(fault.message, fault.variables.iter().map(|(name, value)| (*name, value.clone())));
            format!("{}: {said}", [&fault.file, &fault.sheet, &fault.cell].map(String::as_str).join(" ").trim_end())
        })
        .collect();
    for one in collected.overtaken() {
        let (place, said, stands) = match one {
            Overtaking::Report(taken) => {
                (&taken.place, taken.content.in_one_line(), taken.item.report.content.in_one_line())
            }
            Overtaking::Figure(figure) => {
                let standing = figure.entered.standing(ground.round.year);
                let stands = standing.map(|(value, source)| format!("{value} ／ {source}")).unwrap_or_default();
                (&figure.place, format!("{} ／ {}", figure.value, figure.source), stands)
            }
        };
        let place = format!("{} {} {}", place.file, place.sheet, place.cell);
        told.push(format!("{place}: ファイルを渡したあとに変わっています。\n  ファイル: {said}\n  いま: {stands}"));
    }
    if told.is_empty() {
        return Ok(());
    }
    let n = told.len();
    Err(Failure::work(format!("{}\n\n直すところが{n}か所あります。何も取り込んでいません。", told.join("\n"))))
}

/// Every change as a line, as `kyodo plan import` shows them.
fn preview(words: &Words, ground: &Ground, collected: &Collected<'_>) -> String {
    let mut lines = Vec::new();
    for taken in &collected.reports {
        let place = format!("~ {} {}", taken.item.node.key, taken.item.title());
        let both = taken.item.report.content.fields().zip(taken.content.fields());
        for ((name, before), (_, after)) in both.filter(|((_, before), (_, after))| before != after) {
            let name = words.say(&format!("round-{name}"));
            lines.push(format!("{place} › {name}: {before} → {after}").replace('\n', " "));
        }
    }
    for figure in collected.figures.iter().filter(|figure| figure.verdict != Verdict::Same) {
        let before = figure.entered.standing(ground.round.year).map(|(value, _)| value.to_string());
        let (name, before) = (&figure.entered.indicator.name, before.unwrap_or_default());
        lines.push(format!("~ {name}: {before} → {}（{}）", figure.value, figure.source).replace('\n', " "));
    }
    for item in &collected.missing {
        lines.push(format!("= {} {} ファイルにありません。", item.node.key, item.title()));
    }
    if collected.is_same() {
        lines.push("変わるところはありません。".to_owned());
    }
    let ready = collected.reports.iter().filter(|one| one.can_go()).count();
    let changed = collected.reports.iter().filter(|one| one.verdict != Verdict::Same).count();
    let figures = collected.figures.iter().filter(|one| one.verdict != Verdict::Same).count();
    format!("{}\n\n変わる報告 {changed}（そろっている報告 {ready}）、変わる数字 {figures}\n", lines.join("\n"))
}
