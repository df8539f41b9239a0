//! A status: a shape and a word, never colour alone.

use std::fmt::{self, Display};

use askama::filters::HtmlSafe;

use crate::frame::escape;

/// The shapes: ● as planned, ▲ late, ○ nothing known, ✓ done, ◐ in part, ― not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the shapes are named above")]
pub enum Shape {
    Ok,
    Late,
    None,
    Done,
    Part,
    Not,
}

impl Shape {
    /// Its name in the stylesheet.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Late => "late",
            Self::None => "none",
            Self::Done => "done",
            Self::Part => "part",
            Self::Not => "not",
        }
    }
}

/// A status as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its shape.
    pub shape: Shape,
    /// Its word.
    pub word: String,
}

impl Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut word = String::new();
        escape(&self.word, &mut word);
        write!(f, "<span class=\"status status--{}\">{word}</span>", self.shape.class())
    }
}
impl HtmlSafe for Status {}
