//! `kyodo plan import`: a plan from a spreadsheet, with the verdicts of the page.

use std::fs;
use std::sync::Arc;

use clap::{ArgMatches, Command};
use kyodo_kernel::audit::{Entry, Trail};
use kyodo_kernel::words::Words;
use kyodo_kernel::workbook::{Limits, sheets};
use kyodo_kernel::{Chance, Language, city};
use kyodo_plan::import::{Changed, Changes, What, changes, detail, fingerprint, guess, is_documented, read};
use kyodo_plan::store::import as store;

use super::Office;
use crate::commands::{positional, switch, text, with_settings};
use crate::failure::{Failure, OrTell, Result};

pub(super) fn command() -> Command {
    let import = Command::new("import")
        .about("計画を表（xlsx、xls、ods、csv）から取り込みます")
        .arg(positional("FILE", "取り込む表"))
        .arg(super::city())
        .arg(switch("dry-run", "何が変わるかを表示するだけにします"));
    with_settings(import, &[], &[])
}

pub(super) async fn run(office: &Office, flags: &ArgMatches) -> Result<Vec<u8>> {
    let file = text(flags, "FILE");
    let content = fs::read(file).or_tell(|| format!("{file} を読めません。場所と権限を確かめてください。"))?;
    let words = office.state.words(Language::Japanese);
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    if content.first() == Some(&b'{') {
        return Err(Failure::work("JSON は取り込めません。kyodo plan export の xlsx か csv を使ってください。"));
    }
    let sheets = sheets(&content, name, Limits::TEXTS)
        .map_err(|fault| Failure::work(format!("{name}: {}", words.with(fault.message(), fault.variables()))))?;

    let mut tx = office.city.db.begin().await?;
    // First, so that whoever changes the plan meanwhile waits.
    city::bump_revision(&mut tx).await?;
    let known = office.known().await?;
    let guessed = guess(&sheets, &known);
    let tables = guessed.tables(&sheets);
    let remembered = store::remembered(&office.city.db, &fingerprint(&tables)).await?;
    let mapping = match remembered.filter(|mapping| mapping.sheets.len() == tables.len()) {
        Some(mapping) => mapping,
        None if tables.iter().all(is_documented) => guessed,
        None => return Err(Failure::work(UNKNOWN_HEADS)),
    };
    let read = read(&sheets, &mapping, &known);
    if !read.questions.is_empty() {
        let asked = read.questions.iter().map(|one| format!("{} {}: 「{}」", one.at.0, one.at.1, one.said));
        return Err(Failure::work(format!("{UNKNOWN_WORDS}\n{}", asked.collect::<Vec<_>>().join("\n"))));
    }
    if !read.faults.is_empty() {
        let told = read.faults.iter().map(|fault| {
            let said = words.with(fault.message, fault.variables.iter().map(|(name, value)| (*name, value.clone())));
            format!("{} {}: {said}", fault.sheet, fault.cell)
        });
        let told = told.collect::<Vec<_>>().join("\n");
        return Err(Failure::work(format!(
            "{told}\n\n直すところが{}か所あります。何も取り込んでいません。",
            read.faults.len()
        )));
    }
    let departments: Vec<_> = known.departments.iter().chain(&read.departments).cloned().collect();
    let all = changes(&known.document, &read.document, &departments);
    let mut told = preview(words, &all);
    if all.is_empty() || flags.get_flag("dry-run") {
        return Ok(told.into_bytes());
    }
    store::put_document(&mut tx, &known.document, &read, office.clock.now(), office.clock.today()).await?;
    let trail = Trail {
        key: office.city.secret.derive("audit"),
        actor: "command".to_owned(),
        request: Arc::from("command"),
        now: office.clock.now(),
        chance: Chance::Real,
    };
    let entry = Entry::new("plan.imported", "plan").detail(detail(&all, &read, &content));
    trail.note(&mut tx, entry.personal("name", name)).await?;
    tx.commit().await?;
    told.push_str("取り込みました。\n");
    Ok(told.into_bytes())
}

const UNKNOWN_HEADS: &str = "この見出しの表は、まだ読み方が決まっていません。\n\
     画面の /desk/plan/import で一度取り込むと、次からは同じ見出しの表をここでも読めます。";
const UNKNOWN_WORDS: &str =
    "意味の決まっていない言葉があります。画面の /desk/plan/import で取り込んで、教えてください。";

/// Every change as a line, as `kyodo city update` shows them.
fn preview(words: &Words, all: &Changes) -> String {
    let mut lines = Vec::new();
    for field in &all.outline {
        let name = words.say(&format!("import-field-{}", field.field));
        lines.push(format!("~ {name}: {} → {}", field.before, field.after));
    }
    for one in [&all.lines, &all.indicators, &all.figures, &all.reports].into_iter().flatten() {
        lines.extend(told(words, one));
    }
    if all.is_empty() {
        lines.push("変わるところはありません。".to_owned());
    }
    let count = |what: What| {
        [&all.lines, &all.indicators, &all.figures, &all.reports]
            .map(|list| Changes::count(list, what))
            .iter()
            .sum::<usize>()
    };
    let [new, changed, gone, stays] = [What::New, What::Changed, What::Gone, What::Stays].map(count);
    format!("{}\n\n追加 {new}、変更 {changed}、削除 {gone}、変えないもの {stays}\n", lines.join("\n"))
}

fn told(words: &Words, one: &Changed) -> Vec<String> {
    let sign = match one.what {
        What::New => '+',
        What::Changed => '~',
        What::Gone => '-',
        What::Stays => '=',
    };
    let year = one.year.map(|year| format!(" {year}年度")).unwrap_or_default();
    let place = format!("{sign} {} {}{year}", one.key, one.title.replace('\n', " "));
    if matches!(one.what, What::New | What::Gone) && one.year.is_none() {
        return vec![place];
    }
    let field = |field: &kyodo_plan::import::Difference| {
        let name = words.say(&format!("import-field-{}", field.field));
        let about = if field.about.is_empty() { String::new() } else { format!("（{}）", field.about) };
        let text = format!("{place} › {name}{about}: {} → {}", field.before, field.after);
        text.replace('\n', " ")
    };
    one.fields.iter().map(field).collect()
}
