//! The figures as Markdown, each beside its aim.

use std::thread;
use std::time::Duration;

use super::load::Reading;
use super::options::Database;
use super::{Figures, GrowthFigures, PageFigures, Process};
use crate::table::markdown;

pub(crate) fn preamble(seconds: u64, rounds: usize) -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    format!(
        "# Kyodo, measured\n\n\
         Release build, {cores} cores, load generator `wrk` on the same cores with 64 connections, each reading\n\
         {seconds} s, median of {rounds} taken in turn. Rate limits are off, as they are in the demo. Figures on shared\n\
         machines are noisy: the ratios count.\n"
    )
}

pub(crate) fn section(database: Database, figures: &Figures) -> String {
    let name = match database {
        Database::Sqlite => "SQLite",
        Database::Postgres => "PostgreSQL",
    };
    let health = figures.health.as_ref();
    format!(
        "\n## {name}\n\n{}\n### Public pages\n\n{}\n### Growth\n\n{}",
        process(&figures.process),
        pages(health, &figures.pages),
        growth(&figures.growth)
    )
}

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

fn pages(health: Option<&Reading>, pages: &[PageFigures]) -> String {
    let mut rows = vec![cells(["**aim**", "", "≥ 0.3", "", "", "≤ 5", "fixed", "< 100 kB"])];
    if let Some(health) = health {
        rows.push(page_row("`/healthz`", health, "1", "", ""));
    }
    for page in pages {
        let ratio = health.map(|health| format!("{:.2}", page.reading.per_second / health.per_second));
        let weight = format!("{:.1} kB", kilo(page.weight));
        let queries = page.queries.as_deref().unwrap_or("not told");
        rows.push(page_row(&page.name, &page.reading, &ratio.unwrap_or_default(), queries, &weight));
    }
    markdown(
        &["page", "requests/s", "÷ healthz", "p50", "p99", "p99 ÷ p50", "queries, first / again", "first visit"],
        &rows,
    )
}

fn page_row(name: &str, reading: &Reading, ratio: &str, queries: &str, weight: &str) -> Vec<String> {
    cells([
        name,
        &rate(reading),
        ratio,
        &milliseconds(reading.p50),
        &milliseconds(reading.p99),
        &format!("{:.1}", spread(reading)),
        queries,
        weight,
    ])
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
    fn errors_are_never_hidden_in_a_rate() {
        assert_eq!(rate(&Reading { errors: 3, ..reading(10.0) }), "10 (3 errors)");
    }

    #[test]
    fn large_numbers_have_separators() {
        assert_eq!((grouped(999), grouped(1_000_000)), ("999".into(), "1,000,000".into()));
    }
}
