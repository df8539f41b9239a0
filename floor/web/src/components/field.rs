//! A field of a form: its label, a hint, what is wrong with it, and what was typed. One markup everywhere.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::{Faults, Form, Frame};

/// What a field is filled in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// One line; the `type` of the input.
    Line(&'static str),
    /// Several lines, so many high.
    Lines(u8),
    /// One of a list that opens.
    Select(Vec<Choice>),
    /// One of a few.
    Radios(Vec<Choice>),
    /// Any of a few.
    Ticks(Vec<Choice>),
    /// A file; what kinds are taken.
    File(&'static str),
}

/// One of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// Its words.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A field of a form.
#[derive(Clone, Debug, Template)]
#[template(path = "field.html")]
pub struct Field {
    name: String,
    label: String,
    need: Option<String>,
    hint: String,
    wrong: Option<String>,
    value: String,
    control: Control,
    autocomplete: Option<&'static str>,
    inputmode: Option<&'static str>,
    most: Option<usize>,
    counted: Option<usize>,
    japanese: bool,
    several: bool,
}
impl HtmlSafe for Field {}

impl Field {
    /// A field of one line.
    #[must_use]
    pub fn line(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            need: None,
            hint: String::new(),
            wrong: None,
            value: String::new(),
            control: Control::Line("text"),
            autocomplete: None,
            inputmode: None,
            most: None,
            counted: None,
            several: false,
            japanese: false,
        }
    }

    /// A field of several lines.
    #[must_use]
    pub fn lines(name: impl Into<String>, label: impl Into<String>, rows: u8) -> Self {
        Self { control: Control::Lines(rows), ..Self::line(name, label) }
    }

    /// One of a list that opens.
    #[must_use]
    pub fn select(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { control: Control::Select(choices), ..Self::line(name, label) }
    }

    /// One of a few.
    #[must_use]
    pub fn radios(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { control: Control::Radios(choices), ..Self::line(name, label) }
    }

    /// Any of a few.
    #[must_use]
    pub fn ticks(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { control: Control::Ticks(choices), ..Self::line(name, label) }
    }

    /// A file.
    #[must_use]
    pub fn file(name: impl Into<String>, label: impl Into<String>, accept: &'static str) -> Self {
        Self { control: Control::File(accept), ..Self::line(name, label) }
    }

    /// Takes several files at once.
    #[must_use]
    pub fn several(mut self) -> Self {
        self.several = true;
        self
    }

    /// Another `type` of a line: `email`, `password`, `tel`, `search`.
    #[must_use]
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.control = Control::Line(kind);
        self
    }

    /// Says that it must be filled in.
    #[must_use]
    pub fn need(mut self, f: &Frame) -> Self {
        self.need = Some(f.t("field-need"));
        self
    }

    /// Says how to fill it in.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// What browsers may fill it in with.
    #[must_use]
    pub fn autocomplete(mut self, autocomplete: &'static str) -> Self {
        self.autocomplete = Some(autocomplete);
        self
    }

    /// Which keys a phone shows.
    #[must_use]
    pub fn inputmode(mut self, inputmode: &'static str) -> Self {
        self.inputmode = Some(inputmode);
        self
    }

    /// How many characters it takes.
    #[must_use]
    pub fn most(mut self, most: usize) -> Self {
        self.most = Some(most);
        self
    }

    /// Counts the characters of several lines beside how many are wanted at most, and lets more be typed: what was pasted is
    /// never cut off unseen.
    #[must_use]
    pub fn counted(mut self, most: usize) -> Self {
        self.counted = Some(most);
        self
    }

    /// What stands in it.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// Says that what stands in it is Japanese, on pages in another language.
    #[must_use]
    pub fn japanese(mut self, f: &Frame) -> Self {
        self.japanese = f.ctx.language == kyodo_kernel::Language::English;
        self
    }

    /// What was typed, and what is wrong with it. A password is never given back.
    #[must_use]
    pub fn heard(mut self, form: &Form, faults: &Faults) -> Self {
        self.wrong = faults.of(&self.name).map(str::to_owned);
        let chosen = |choices: &mut Vec<Choice>| {
            for choice in choices {
                choice.chosen = form.all(&self.name).any(|value| value == choice.value);
            }
        };
        match &mut self.control {
            Control::Line("password") | Control::File(_) => {}
            Control::Select(choices) | Control::Radios(choices) | Control::Ticks(choices) => {
                if form.has(&self.name) || !form.0.is_empty() {
                    chosen(choices);
                }
            }
            Control::Line(_) | Control::Lines(_) => {
                if form.has(&self.name) {
                    form.raw(&self.name).clone_into(&mut self.value);
                }
            }
        }
        self
    }

    /// The ids of what describes it.
    fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.name));
        }
        if self.wrong.is_some() {
            ids.push(format!("{}-wrong", self.name));
        }
        ids.join(" ")
    }

    fn is_group(&self) -> bool {
        matches!(self.control, Control::Radios(_) | Control::Ticks(_))
    }
}

/// What is wrong with a form, on top of it, each with a link to its field.
#[derive(Clone, Debug, Template)]
#[template(path = "wrongs.html")]
pub struct Wrongs<'a> {
    /// The page's frame.
    pub f: &'a Frame,
    /// The faults.
    pub faults: &'a Faults,
}
impl HtmlSafe for Wrongs<'_> {}

/// A choice.
#[must_use]
pub fn choice(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> Choice {
    Choice { value: value.into(), label: label.into(), chosen }
}
