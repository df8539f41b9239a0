//! Why a command ended without its work done, said so that somebody can act on it: what, where, what to do.

use std::fmt::{self, Display};

/// What a command could not do.
#[derive(Debug)]
pub struct Failure {
    text: String,
    cause: Option<String>,
    usage: bool,
}

/// The result of a step of a command.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// The work failed.
    #[must_use]
    pub fn work(text: impl Into<String>) -> Self {
        Self { text: text.into(), cause: None, usage: false }
    }

    /// The command was not called rightly.
    #[must_use]
    pub fn usage(text: impl Into<String>) -> Self {
        Self { usage: true, ..Self::work(text) }
    }

    /// Adds what a library or the system said, in its own words.
    #[must_use]
    pub fn because(self, cause: impl Display) -> Self {
        Self { cause: Some(cause.to_string()), ..self }
    }

    /// The exit code: 1 when the work failed, 2 on wrong usage.
    #[must_use]
    pub fn code(&self) -> u8 {
        if self.usage { 2 } else { 1 }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match &self.cause {
            Some(cause) => write!(f, "\n  原因（{cause}）"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}

impl From<kyodo_db::Error> for Failure {
    fn from(error: kyodo_db::Error) -> Self {
        let text = if error.is_unreachable() {
            "データベースにつながりません。データベースが動いているか、接続先と権限を確かめてください。"
        } else {
            "データベースの処理に失敗しました。空き容量と、ほかに使っているプログラムがないかを確かめてください。"
        };
        Self::work(text).because(error)
    }
}

/// Gives an error of a library the sentence that a person needs.
pub trait OrTell<T> {
    /// The value, or a failure of the work that says `text` with the error as its cause.
    fn or_tell(self, text: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: Display> OrTell<T> for std::result::Result<T, E> {
    fn or_tell(self, text: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Failure::work(text()).because(error))
    }
}
