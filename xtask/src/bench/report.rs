//! The figures as Markdown, each beside its aim.

use std::thread;
use std::time::Duration;

use super::facts::FactFigures;
use super::imports::{ImportFigures, LINES};
use super::load::{CONNECTIONS, Reading};
use super::options::Database;
use super::reports::ReportFigures;
use super::writes::{SIGNING_IN, SignInFigures, WriteFigures};
use super::{Figures, GrowthFigures, PagesFigures, Process};
use crate::table::markdown;

pub(crate) fn preamble(seconds: u64, rounds: usize) -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    format!(
        "# Kyodo, measured\n\n\
         Release build, {cores} cores, load generator `wrk` on the same cores with {CONNECTIONS} connections, each reading\n\
         {seconds} s, median of {rounds} taken in turn. Rate limits are off (`--rate-limits=false`). Figures on shared\n\
         machines are noisy: the ratios count.\n"
    )
}

pub(crate) fn section(database: Database, figures: &Figures) -> String {
    let name = match database {
        Database::Sqlite => "SQLite",
        Database::Postgres => "PostgreSQL",
    };
    let part = |heading: &str, text: Option<String>| text.map(|text| format!("\n### {heading}\n\n{text}"));
    let writes = (!figures.writes.is_empty()).then(|| format!("{WRITES}\n{}", writes(&figures.writes)));
    let reports = (!figures.reports.is_empty()).then(|| reports(&figures.reports));
    let growth = (!figures.growth.is_empty()).then(|| growth(&figures.growth));
    let parts = [
        figures.process.as_ref().map(|figures| format!("\n{}", process(figures))),
        part("Public pages", figures.public.as_ref().map(public_pages)),
        part("Signed-in pages", figures.desk.as_ref().map(desk_pages)),
        part("Accepted writes", writes),
        part("Sign-in", figures.sign_in.as_ref().map(sign_in)),
        part("A plan from a spreadsheet", figures.imports.as_ref().map(imports)),
        part("The report of a year, every measure of the longest plan", reports),
        part("Growth", growth),
        part("Figures counted from facts", figures.facts.as_ref().map(facts)),
    ];
    format!("\n## {name}\n{}", parts.into_iter().flatten().collect::<String>())
}

const WRITES: &str = "\
A bare transaction is as many sentences, in turn an insert with a new key and a change of that row, then the commit,
with as many writers at a time and as many connections to the database as the server has.
";

fn process(process: &Process) -> String {
    let row = |what: &str, figure: String, aim: &str| vec![what.to_owned(), figure, aim.to_owned()];
    let memory = process.memory.map_or_else(|| "not told here".into(), |bytes| format!("{:.1} MB", millions(bytes)));
    let rows = [
        row("first answer after start, existing data", milliseconds(process.start), "< 300 ms"),
        row("the demo from nothing", milliseconds(process.demo), "< 10 s"),
        row("resident memory at rest, five cities", memory, "< 80 MB"),
        row("binary", format!("{:.1} MB", millions(process.binary)), "< 80 MB"),
    ];
    markdown(&["what", "figure", "aim"], &rows)
}

fn public_pages(figures: &PagesFigures) -> String {
    let mut rows = vec![cells(["**aim**", "", "≥ 0.3", "", "", "≤ 5", "fixed", "< 100 kB"])];
    rows.extend(page_rows(figures).into_iter().map(|(mut row, weight)| {
        row.push(weight.map(|weight| format!("{:.1} kB", kilo(weight))).unwrap_or_default());
        row
    }));
    markdown(&[&PAGE_HEADS[..], &["first visit"]].concat(), &rows)
}

fn desk_pages(figures: &PagesFigures) -> String {
    let mut rows = vec![cells(["**aim**", "", "≥ 0.15", "", "", "≤ 5", "fixed"])];
    rows.extend(page_rows(figures).into_iter().map(|(row, _)| row));
    markdown(&PAGE_HEADS, &rows)
}

const PAGE_HEADS: [&str; 7] = ["page", "requests/s", "÷ healthz", "p50", "p99", "p99 ÷ p50", "queries, first / again"];

/// The bare server and each page, with the page's weight.
fn page_rows(figures: &PagesFigures) -> Vec<(Vec<String>, Option<u64>)> {
    let health = &figures.health;
    let mut rows = vec![(page_row("`/healthz`", health, "1", ""), None)];
    for page in &figures.pages {
        let ratio = format!("{:.2}", page.reading.per_second / health.per_second);
        let queries = page.queries.as_deref().unwrap_or("not told");
        rows.push((page_row(&page.name, &page.reading, &ratio, queries), page.weight));
    }
    rows
}

fn page_row(name: &str, reading: &Reading, ratio: &str, queries: &str) -> Vec<String> {
    cells([
        name,
        &rate(reading),
        ratio,
        &milliseconds(reading.p50),
        &milliseconds(reading.p99),
        &format!("{:.1}", spread(reading)),
        queries,
    ])
}

fn writes(figures: &[WriteFigures]) -> String {
    let mut rows = vec![cells(["**aim**", "", "", "", "≥ 0.5", "", ""])];
    for figure in figures {
        rows.push(cells([
            figure.name,
            &figure.sentences.to_string(),
            &rate(&figure.reading),
            &format!("{:.0}", figure.bare),
            &format!("{:.2}", figure.reading.per_second / figure.bare),
            &milliseconds(figure.reading.p50),
            &milliseconds(figure.reading.p99),
        ]));
    }
    markdown(&["form", "sentences", "accepted/s", "bare transactions/s", "÷ bare", "p50", "p99"], &rows)
}

fn sign_in(figures: &SignInFigures) -> String {
    let SignInFigures { reading, hash } = figures;
    let busy = reading.per_second * hash.time.as_secs_f64();
    let rows = [
        cells([&format!("sign-ins/s with a password, {SIGNING_IN} connections"), &rate(reading)]),
        cells(["p50", &milliseconds(reading.p50)]),
        cells(["p99", &milliseconds(reading.p99)]),
        cells([&format!("one hash, argon2id {}", hash.cost), &milliseconds(hash.time)]),
        cells(["cores at work on hashes (two at most)", &format!("{busy:.2}")]),
    ];
    markdown(&["what", "figure"], &rows)
}

fn imports(figures: &ImportFigures) -> String {
    let row = |what: &str, time| cells([what, &milliseconds(time)]);
    let rows = [
        row(&format!("{LINES} new lines looked at"), figures.look),
        row("brought in", figures.bring),
        row("brought in again, nothing new", figures.again),
    ];
    markdown(&["`kyodo plan import`, start of the process included", "time"], &rows)
}

fn reports(figures: &[ReportFigures]) -> String {
    let row = |figure: &ReportFigures| {
        let size = format!("{:.0} kB", kilo(figure.bytes as u64));
        cells([figure.format, &milliseconds(figure.first), &milliseconds(figure.again), &size])
    };
    markdown(&["format", "first", "again", "size"], &figures.iter().map(row).collect::<Vec<_>>())
}

/// Slower means: how many times more requests the same page answered with the fewest rows.
fn growth(figures: &[GrowthFigures]) -> String {
    let mut rows = vec![cells(["**aim**", "", "", "≤ 1.5", "≥ 0.3", "", "≤ 5", "the same"])];
    let mut fewest: Option<&GrowthFigures> = None;
    for figure in figures {
        let base = *fewest.filter(|base| base.name == figure.name).get_or_insert(figure);
        fewest = Some(base);
        rows.push(cells([
            &figure.name,
            &grouped(figure.rows),
            &rate(&figure.reading),
            &format!("{:.2}", base.reading.per_second / figure.reading.per_second),
            &format!("{:.2}", figure.reading.per_second / figure.health.per_second),
            &milliseconds(figure.reading.p50),
            &format!("{:.1}", spread(&figure.reading)),
            figure.queries.as_deref().unwrap_or("not told"),
        ]));
    }
    markdown(
        &["page", "rows", "requests/s", "slower", "÷ healthz", "p50", "p99 ÷ p50", "queries, first / again"],
        &rows,
    )
}

/// What is read stands beside its aim in time, what is recounted beside one scan.
fn facts(figures: &FactFigures) -> String {
    let FactFigures { facts, scan, recount, one, all } = figures;
    let scans = recount.as_secs_f64() / scan.as_secs_f64();
    let rows = [
        cells(["facts in the table", &grouped(*facts), ""]),
        cells(["one bare scan of the table", &milliseconds(*scan), ""]),
        cells(["the figures of one indicator, read", &milliseconds(*one), "< 5 ms"]),
        cells(["the figures of every indicator, read", &milliseconds(*all), ""]),
        cells(["full recount", &milliseconds(*recount), ""]),
        cells(["full recount ÷ scan", &format!("{scans:.1}"), "≤ 3"]),
    ];
    markdown(&["what", "figure", "aim"], &rows)
}

fn cells<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

/// Requests per second; a rate of refusals is no rate, so errors stand beside it.
fn rate(reading: &Reading) -> String {
    let rate = format!("{:.0}", reading.per_second);
    match reading.errors {
        0 => rate,
        errors => format!("{rate} ({errors} errors)"),
    }
}

fn spread(reading: &Reading) -> f64 {
    reading.p99.as_secs_f64() / reading.p50.as_secs_f64()
}

fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    if milliseconds < 100.0 { format!("{milliseconds:.1} ms") } else { format!("{milliseconds:.0} ms") }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[expect(clippy::cast_precision_loss, reason = "a size for people to read, with one digit behind the point")]
fn kilo(bytes: u64) -> f64 {
    bytes as f64 / 1e3
}

fn millions(bytes: u64) -> f64 {
    kilo(bytes) / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(per_second: f64) -> Reading {
        Reading { per_second, p50: Duration::from_millis(2), p99: Duration::from_millis(6), errors: 0 }
    }

    fn grown(name: &str, rows: u64, per_second: f64) -> GrowthFigures {
        GrowthFigures { name: name.into(), rows, reading: reading(per_second), health: reading(1000.0), queries: None }
    }

    #[test]
    fn growth_is_told_against_the_fewest_rows_of_the_same_page() {
        let text = growth(&[grown("a", 10, 500.0), grown("a", 1000, 250.0), grown("b", 10, 100.0)]);
        let slower: Vec<&str> = text.lines().skip(3).filter_map(|line| line.split('|').nth(4)).map(str::trim).collect();
        assert_eq!(slower, ["1.00", "2.00", "1.00"]);
    }

    #[test]
    fn only_what_was_measured_is_told() {
        let write = WriteFigures { name: "a form", sentences: 2, reading: reading(600.0), bare: 1000.0 };
        let figures = Figures { writes: vec![write], ..Figures::default() };
        let text = section(Database::Sqlite, &figures);
        let heads: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
        assert_eq!(heads, ["## SQLite", "### Accepted writes"]);
        let row = text.lines().last().expect("a row");
        assert_eq!(row.split('|').nth(5).map(str::trim), Some("0.60"));
    }

    #[test]
    fn errors_are_never_hidden_in_a_rate() {
        assert_eq!(rate(&Reading { errors: 3, ..reading(10.0) }), "10 (3 errors)");
    }

    #[test]
    fn large_numbers_have_separators() {
        assert_eq!((grouped(999), grouped(1_000_000)), ("999".into(), "1,000,000".into()));
    }
}
