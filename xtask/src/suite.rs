//! `cargo xtask test`: format, lints, the tests on both databases, the browser, the dependencies. Each step
//! is a row of one table; the first that fails ends the run.

use std::fmt::Write as _;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::postgres::{Durability, Postgres};
use crate::process::{cargo, our_program, output, run as run_program, run_quietly};
use crate::setup::{self, Need};
use crate::{table, torture};

/// One step of the check.
struct Step {
    name: &'static str,
    heading: &'static str,
    needs: &'static [Need],
    run: fn() -> Result<Outcome, String>,
}

enum Outcome {
    Passed,
    PassedInPart(&'static str),
    LeftOut(&'static str),
}

const STEPS: [Step; 7] = [
    Step { name: "fmt", heading: "Is everything formatted?", needs: &[Need::Rustfmt], run: fmt },
    Step { name: "clippy", heading: "Is clippy content?", needs: &[Need::Clippy], run: clippy },
    // Node is for the identity provider that the tests of the accounts speak to.
    Step { name: "sqlite", heading: "Tests on SQLite", needs: &[Need::Node, Need::Npm], run: sqlite },
    Step {
        name: "postgres",
        heading: "Tests on PostgreSQL",
        needs: &[Need::Postgres, Need::Node, Need::Npm],
        run: postgres,
    },
    Step {
        name: "torture",
        heading: "Killed in the middle of writing, on both databases",
        needs: &[Need::Postgres],
        run: torture,
    },
    Step {
        name: "browser",
        heading: "Tests in a browser",
        needs: &[Need::Node, Need::Npm, Need::Chromium, Need::Fonts],
        run: browser,
    },
    Step { name: "deny", heading: "Dependencies: advisories, licences, sources", needs: &[], run: deny },
];

/// Reads `--only STEP` as often as it is given.
pub(crate) fn only(words: &[&str]) -> Result<Vec<&'static str>, String> {
    let mut chosen = Vec::new();
    let mut words = words.iter();
    while let Some(&word) = words.next() {
        if word != "--only" {
            return Err(format!("`test` does not know `{word}`."));
        }
        let name = words.next().ok_or("`--only` needs the name of a step.")?;
        let step = STEPS.iter().find(|step| step.name == *name);
        chosen.push(step.ok_or_else(|| format!("There is no step `{name}`."))?.name);
    }
    Ok(chosen)
}

/// Runs the chosen steps, or all, in their order.
pub(crate) fn run(only: &[&str]) -> ExitCode {
    let chosen: Vec<&Step> = STEPS.iter().filter(|step| only.is_empty() || only.contains(&step.name)).collect();
    let needs: Vec<Need> = chosen.iter().flat_map(|step| step.needs).copied().collect();
    let mut report = Report::default();

    // What is missing shows now and not after twenty minutes of compiling.
    report.step("set-up", "What the steps need", || setup::ensure(&needs).map(|()| Outcome::Passed));
    for step in chosen {
        report.step(step.name, step.heading, || match (step.run)()? {
            // Whoever asks for this very step wants it done.
            Outcome::LeftOut(why) if only.contains(&step.name) => Err(why.into()),
            outcome => Ok(outcome),
        });
    }
    report.end()
}

/// What has happened so far.
#[derive(Default)]
struct Report {
    rows: Vec<Vec<String>>,
    total: Duration,
    failed: Option<&'static str>,
}

impl Report {
    fn step(&mut self, name: &'static str, heading: &str, run: impl FnOnce() -> Result<Outcome, String>) {
        if self.failed.is_some() {
            self.rows.push(vec![name.into(), "not run".into(), String::new()]);
            return;
        }
        println!("\n== {name}: {heading}");
        let begun = Instant::now();
        let outcome = run();
        let time = begun.elapsed();
        self.total += time;
        let result = match outcome {
            Ok(Outcome::Passed) => "passed".to_owned(),
            Ok(Outcome::PassedInPart(why)) => {
                println!("PASSED IN PART: {why}");
                "PASSED IN PART".to_owned()
            }
            Ok(Outcome::LeftOut(why)) => {
                println!("LEFT OUT: {why}");
                "LEFT OUT".to_owned()
            }
            Err(message) => {
                println!("{message}");
                self.failed = Some(name);
                "FAILED".to_owned()
            }
        };
        println!("== {name}: {result} after {}", spoken(time));
        self.rows.push(vec![name.into(), result, spoken(time)]);
    }

    fn end(mut self) -> ExitCode {
        self.rows.push(vec!["total".into(), String::new(), spoken(self.total)]);
        println!("\n{}", table::markdown(&["step", "result", "time"], &self.rows));
        match self.failed {
            None => ExitCode::SUCCESS,
            Some(name) => {
                println!("FAILED: {name}");
                ExitCode::FAILURE
            }
        }
    }
}

fn fmt() -> Result<Outcome, String> {
    passed(cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<Outcome, String> {
    passed(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn sqlite() -> Result<Outcome, String> {
    setup::install_node_modules()?;
    let environment = [("KYODO_TEST_DATABASE", "sqlite")];
    if !has_nextest() {
        return passed(cargo().args(["test", "--workspace", "--no-fail-fast"]).envs(environment));
    }
    tests_with_nextest(&environment)?;
    // nextest leaves the examples in the documentation out.
    passed(cargo().args(["test", "--workspace", "--doc", "--no-fail-fast"]).envs(environment))
}

fn postgres() -> Result<Outcome, String> {
    setup::install_node_modules()?;
    let server = Postgres::start(Durability::Tests)?;
    let address = server.address();
    let environment = [("KYODO_TEST_DATABASE", "postgres"), ("KYODO_TEST_POSTGRES", address.as_str())];
    if has_nextest() {
        return tests_with_nextest(&environment);
    }
    passed(cargo().args(["test", "--workspace", "--no-fail-fast", "--tests"]).envs(environment))
}

/// Ten rounds on each database, the same each time: a hundred are for a morning when nobody waits.
fn torture() -> Result<Outcome, String> {
    torture::run(&torture::Options::fixed(10, 20_261_120)).map(|()| Outcome::Passed)
}

fn browser() -> Result<Outcome, String> {
    setup::install_node_modules()?;
    let program = our_program()?;
    let chromium = setup::chromium().ok_or("Chromium was not found")?;
    passed(setup::playwright().arg("test").env("KYODO_BIN", program).env("KYODO_CHROMIUM", chromium))
}

fn deny() -> Result<Outcome, String> {
    if output(cargo().args(["deny", "--version"])).is_none() {
        return Ok(Outcome::LeftOut("cargo-deny is not here; get it with: cargo install --locked cargo-deny"));
    }
    let check = |words: &[&str]| run_program(cargo().args(["deny", "--workspace", "check"]).args(words));
    check(&["bans", "licenses", "sources"])?;
    // The list of advisories lives on the network, which a closed machine does not have.
    if run_quietly(cargo().args(["deny", "fetch", "db"])).is_err() {
        return Ok(Outcome::PassedInPart("advisories were not checked: their list could not be fetched"));
    }
    check(&["--disable-fetch", "advisories"]).map(|()| Outcome::Passed)
}

fn tests_with_nextest(environment: &[(&str, &str)]) -> Result<Outcome, String> {
    let mut nextest = cargo();
    nextest.args(["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests=pass"]);
    passed(nextest.envs(environment.iter().copied()))
}

fn has_nextest() -> bool {
    output(cargo().args(["nextest", "--version"])).is_some()
}

fn passed(command: &mut Command) -> Result<Outcome, String> {
    run_program(command).map(|()| Outcome::Passed)
}

fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    let mut text = String::new();
    if seconds >= 60 {
        let _ = write!(text, "{} min {:02} s", seconds / 60, seconds % 60);
    } else {
        let _ = write!(text, "{:.1} s", time.as_secs_f64());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_ends_the_run_and_is_named() {
        let mut report = Report::default();
        report.step("one", "passes", || Ok(Outcome::Passed));
        report.step("two", "is left out", || Ok(Outcome::LeftOut("no tool")));
        report.step("three", "fails", || Err("broken".into()));
        report.step("four", "is not reached", || unreachable!());
        let results: Vec<&str> = report.rows.iter().map(|row| row[1].as_str()).collect();
        assert_eq!(results, ["passed", "LEFT OUT", "FAILED", "not run"]);
        assert_eq!(report.failed, Some("three"));
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        assert_eq!(spoken(Duration::from_millis(1540)), "1.5 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 05 s");
    }
}
