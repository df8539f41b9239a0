//! What the words behind `cargo xtask bench` ask for.

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// A part of the measurements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Part {
    Process,
    Pages,
    Desk,
    Writes,
    SignIn,
    Import,
    Reports,
    Growth,
    Facts,
}

/// By the names that `--only` takes.
const PARTS: [(&str, Part); 9] = [
    ("process", Part::Process),
    ("pages", Part::Pages),
    ("desk", Part::Desk),
    ("writes", Part::Writes),
    ("sign-in", Part::SignIn),
    ("import", Part::Import),
    ("reports", Part::Reports),
    ("growth", Part::Growth),
    ("facts", Part::Facts),
];

#[derive(Debug, PartialEq)]
pub(crate) struct Options {
    pub(crate) rows: Vec<u64>,
    /// How many facts the figures are counted from.
    pub(crate) facts: u64,
    pub(crate) seconds: u64,
    pub(crate) databases: Vec<Database>,
    /// All of them when it is empty.
    only: Vec<Part>,
}

impl Options {
    pub(crate) fn from_words(words: &[&str]) -> Result<Self, String> {
        let databases = vec![Database::Sqlite, Database::Postgres];
        let mut options = Self { rows: Vec::new(), facts: 1_000_000, seconds: 5, databases, only: Vec::new() };
        let mut words = words.iter().copied().peekable();
        while let Some(word) = words.next() {
            match word {
                "--rows" => {
                    let before = options.rows.len();
                    while let Some(number) = words.next_if(|word| !word.starts_with("--")) {
                        options.rows.push(number_of("--rows", number)?);
                    }
                    if options.rows.len() == before {
                        return Err("`--rows` needs one or more numbers.".into());
                    }
                }
                "--facts" => {
                    options.facts = number_of("--facts", words.next().unwrap_or_default())?;
                }
                "--seconds" => {
                    options.seconds = number_of("--seconds", words.next().unwrap_or_default())?;
                }
                "--database" => {
                    options.databases = vec![match words.next() {
                        Some("sqlite") => Database::Sqlite,
                        Some("postgres") => Database::Postgres,
                        _ => return Err("`--database` is sqlite or postgres.".into()),
                    }];
                }
                "--only" => {
                    for name in words.next().ok_or("`--only` needs the names of parts.")?.split(',') {
                        options.only.push(part_of(name)?);
                    }
                }
                _ => return Err(format!("`bench` does not know `{word}`.")),
            }
        }
        if options.rows.is_empty() {
            options.rows = vec![1_000, 100_000, 1_000_000];
        }
        options.rows.sort_unstable();
        options.rows.dedup();
        Ok(options)
    }

    pub(crate) fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

fn part_of(name: &str) -> Result<Part, String> {
    let known = PARTS.iter().find(|(own, _)| *own == name).map(|(_, part)| *part);
    known.ok_or_else(|| {
        let names = PARTS.map(|(own, _)| own).join(" ");
        format!("There is no part `{name}`; there are: {names}")
    })
}

fn number_of(option: &str, word: &str) -> Result<u64, String> {
    word.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("`{option}` needs a number above zero, not `{word}`."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_take_several_numbers_and_are_sorted() {
        let options =
            Options::from_words(&["--rows", "1000", "10", "--facts", "7", "--seconds", "2", "--database", "sqlite"]);
        let databases = vec![Database::Sqlite];
        let wanted = Options { rows: vec![10, 1000], facts: 7, seconds: 2, databases, only: Vec::new() };
        assert_eq!(options, Ok(wanted));
    }

    #[test]
    fn parts_are_named_in_one_list_or_several() {
        let options = Options::from_words(&["--only", "writes,desk", "--only", "sign-in"]).expect("known parts");
        let chosen: Vec<&str> = PARTS.iter().filter(|(_, part)| options.wants(*part)).map(|(name, _)| *name).collect();
        assert_eq!(chosen, ["desk", "writes", "sign-in"]);
        let all = Options::from_words(&[]).expect("no words");
        assert!(PARTS.iter().all(|(_, part)| all.wants(*part)));
    }

    #[test]
    fn wrong_words_are_refused() {
        for words in [
            &["--rows"] as &[&str],
            &["--rows", "many"],
            &["--facts", "none"],
            &["--seconds", "0"],
            &["--database", "mysql"],
            &["fast"],
            &["--only"],
            &["--only", "desk,"],
        ] {
            assert!(Options::from_words(words).is_err(), "{words:?}");
        }
    }
}
