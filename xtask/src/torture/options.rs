//! What the words behind `cargo xtask torture` ask for.

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

impl Database {
    const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

#[derive(Debug, PartialEq)]
pub(crate) struct Options {
    pub(super) rounds: u32,
    pub(super) databases: Vec<Database>,
    /// None is another one each time.
    pub(super) seed: Option<u64>,
}

impl Options {
    /// So many rounds on both databases, the same each time.
    pub(crate) fn fixed(rounds: u32, seed: u64) -> Self {
        Self { rounds, databases: Database::ALL.to_vec(), seed: Some(seed) }
    }

    pub(crate) fn from_words(words: &[&str]) -> Result<Self, String> {
        let mut options = Self { rounds: 100, databases: Database::ALL.to_vec(), seed: None };
        let mut words = words.iter().copied();
        while let Some(word) = words.next() {
            let value = words.next().unwrap_or_default();
            match word {
                "--rounds" => {
                    let rounds = value.parse().ok().filter(|rounds| *rounds > 0);
                    options.rounds = rounds.ok_or("`--rounds` needs a number above zero.")?;
                }
                "--seed" => options.seed = Some(value.parse().map_err(|_| "`--seed` needs a number.")?),
                "--database" => {
                    let known = Database::ALL.into_iter().find(|database| database.name() == value);
                    options.databases = vec![known.ok_or("`--database` is sqlite or postgres.")?];
                }
                _ => return Err(format!("`torture` does not know `{word}`.")),
            }
        }
        Ok(options)
    }

    /// The words that ask for the same on one database.
    pub(super) fn again(&self, database: Database, seed: u64) -> String {
        format!("--rounds {} --database {} --seed {seed}", self.rounds, database.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_seed_and_database_are_read_and_said_again() {
        let words = ["--rounds", "7", "--database", "postgres", "--seed", "42"];
        let options = Options::from_words(&words).expect("known words");
        assert_eq!(options, Options { rounds: 7, databases: vec![Database::Postgres], seed: Some(42) });
        assert_eq!(options.again(Database::Postgres, 42), words.join(" "));
        assert_eq!(Options::from_words(&[]).expect("no words").rounds, 100);
    }

    #[test]
    fn wrong_words_are_refused() {
        let wrong: [&[&str]; 5] = [&["--rounds", "0"], &["--rounds"], &["--seed", "x"], &["--database", "my"], &["x"]];
        for words in wrong {
            assert!(Options::from_words(words).is_err(), "{words:?}");
        }
    }
}
