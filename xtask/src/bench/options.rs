//! What the words behind `cargo xtask bench` ask for.

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Options {
    pub(crate) rows: Vec<u64>,
    pub(crate) seconds: u64,
    pub(crate) databases: Vec<Database>,
}

impl Options {
    pub(crate) fn from_words(words: &[&str]) -> Result<Self, String> {
        let mut options = Self { rows: Vec::new(), seconds: 5, databases: vec![Database::Sqlite, Database::Postgres] };
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
        let options = Options::from_words(&["--rows", "1000", "10", "--seconds", "2", "--database", "sqlite"]);
        let wanted = Options { rows: vec![10, 1000], seconds: 2, databases: vec![Database::Sqlite] };
        assert_eq!(options, Ok(wanted));
    }

    #[test]
    fn wrong_words_are_refused() {
        for words in
            [&["--rows"] as &[&str], &["--rows", "many"], &["--seconds", "0"], &["--database", "mysql"], &["fast"]]
        {
            assert!(Options::from_words(words).is_err(), "{words:?}");
        }
    }
}
