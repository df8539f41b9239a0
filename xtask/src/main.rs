//! The developer's tools, run as `cargo xtask`: `test` is the whole check of the project, `bench` its
//! measurements, `torture` its crash test. Everything they need on the machine they set up themselves, or say how.

mod bench;
mod http;
mod postgres;
mod process;
mod server;
mod setup;
mod suite;
mod table;
mod torture;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask test [--only STEP]…
    the whole check; steps: fmt clippy sqlite postgres torture browser deny
cargo xtask bench [--only PART,…] [--rows N…] [--facts N] [--seconds S] [--database sqlite|postgres]
    the measurements, as Markdown; parts: process pages desk writes sign-in growth
    facts; by default all of them, 1000, 100000 and 1000000 rows, 1000000 facts,
    5 seconds for each reading, both databases
cargo xtask torture [--rounds N] [--database sqlite|postgres] [--seed N]
    kills Kyodo in the middle of writing and looks whether everything that was
    answered is there; by default 100 rounds on each database
";

/// What the words of the command line ask for.
#[derive(Debug, PartialEq)]
enum Wish {
    Help,
    Test(Vec<&'static str>),
    Bench(bench::Options),
    Torture(torture::Options),
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match wish(&words) {
        Ok(Wish::Help) => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        Ok(Wish::Test(only)) => suite::run(&only),
        Ok(Wish::Bench(options)) => ended(bench::run(&options)),
        Ok(Wish::Torture(options)) => ended(torture::run(&options)),
        Err(message) => {
            eprint!("{message}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn ended(outcome: Result<(), String>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn wish(words: &[&str]) -> Result<Wish, String> {
    match words {
        ["--help" | "-h" | "help", ..] | [_, "--help" | "-h"] => Ok(Wish::Help),
        ["test", rest @ ..] => Ok(Wish::Test(suite::only(rest)?)),
        ["bench", rest @ ..] => Ok(Wish::Bench(bench::Options::from_words(rest)?)),
        ["torture", rest @ ..] => Ok(Wish::Torture(torture::Options::from_words(rest)?)),
        [] => Err("What shall be done?".into()),
        [word, ..] => Err(format!("`{word}` is not a command.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_must_be_named_and_known() {
        assert!(wish(&[]).is_err());
        assert!(wish(&["tset"]).is_err());
        assert_eq!(wish(&["--help"]), Ok(Wish::Help));
        assert_eq!(wish(&["bench", "--help"]), Ok(Wish::Help));
    }

    #[test]
    fn test_runs_everything_or_the_steps_that_are_named() {
        assert_eq!(wish(&["test"]), Ok(Wish::Test(Vec::new())));
        assert_eq!(wish(&["test", "--only", "sqlite", "--only", "fmt"]), Ok(Wish::Test(vec!["sqlite", "fmt"])));
        assert!(wish(&["test", "--only"]).is_err());
        assert!(wish(&["test", "--only", "mysql"]).is_err());
        assert!(wish(&["test", "fmt"]).is_err());
    }
}
