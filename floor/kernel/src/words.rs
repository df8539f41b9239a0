//! What the pages say: the rooms' messages in three languages, filled with the city's own words.
//!
//! A message missing in a language is said in Japanese; a test keeps the three files complete.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::language::Language;
use crate::profile::Terms;

/// One message file: a room's sentences in one language.
#[derive(Clone, Copy, Debug)]
pub struct MessageFile {
    /// The language it is written in.
    pub language: Language,
    /// Fluent text.
    pub text: &'static str,
}

/// The messages of all rooms, parsed once for every city.
#[derive(Debug, Default)]
pub struct Messages {
    files: Vec<(Language, Arc<FluentResource>)>,
}

impl Messages {
    /// Parses the rooms' files. A fault in them is ours, so it names the place and stops the start.
    pub fn parse(files: impl IntoIterator<Item = MessageFile>) -> Result<Self, String> {
        let mut parsed = Vec::new();
        for file in files {
            parsed.push((file.language, Arc::new(resource(file.text)?)));
        }
        Ok(Self { files: parsed })
    }
}

fn resource(text: &str) -> Result<FluentResource, String> {
    FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| {
        errors
            .iter()
            .map(|e| format!("line {}: {e}", text[..e.pos.start.min(text.len())].lines().count()))
            .collect::<Vec<_>>()
            .join("; ")
    })
}

/// `{ NUMBER($n) }`: a whole number as people read it, 1,234. Fluent's own writes no separators.
fn with_separators(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len() - at;
        if at > 0 && left.is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What stands where a message is missing.
fn hole(key: &str) -> String {
    format!("⟨{key}⟩")
}

/// A city's words in one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<Arc<FluentResource>>,
    /// What was said before: a message without variables always says the same, and every page has a hundred of them.
    said: RwLock<HashMap<Box<str>, Box<str>>>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Words {
    /// The messages with the city's terms put in.
    pub fn new(messages: &Messages, terms: &Terms, language: Language) -> Result<Self, String> {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // Isolation marks would stand between Japanese words and break searching and copying.
        bundle.set_use_isolating(false);
        bundle
            .add_function("NUMBER", |values, _| match values {
                [FluentValue::Number(number)] => with_separators(number.value).into(),
                _ => FluentValue::Error,
            })
            .map_err(|error| error.to_string())?;
        let spoken = [Language::Japanese, language];
        for layer in spoken.into_iter().take(if language == Language::Japanese { 1 } else { 2 }) {
            for (_, file) in messages.files.iter().filter(|(of, _)| *of == layer) {
                bundle.add_resource_overriding(Arc::clone(file));
            }
            if let Some(text) = terms.of(layer) {
                bundle.add_resource_overriding(Arc::new(resource(text)?));
            }
        }
        Ok(Self { language, bundle, said: RwLock::default() })
    }

    /// The language these words are in.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// A message without variables.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        if let Some(said) = self.said.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return said.to_string();
        }
        let Some(text) = self.format(key, None) else { return hole(key) };
        self.said.write().unwrap_or_else(PoisonError::into_inner).insert(key.into(), text.as_str().into());
        text
    }

    /// A message with variables, all of one kind: `words.with("plan-count", [("n", 18)])`.
    #[must_use]
    pub fn with<'v, V: Into<FluentValue<'v>>>(
        &self,
        key: &str,
        values: impl IntoIterator<Item = (&'v str, V)>,
    ) -> String {
        let args: FluentArgs<'_> = values.into_iter().map(|(name, value)| (name, value.into())).collect();
        self.format(key, Some(&args)).unwrap_or_else(|| hole(key))
    }

    /// None for a message that is missing.
    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = match key.split_once('.') {
            Some((message, attribute)) => {
                self.bundle.get_message(message).and_then(|m| m.get_attribute(attribute)).map(|a| a.value())
            }
            None => self.bundle.get_message(key).and_then(|m| m.value()),
        };
        let Some(pattern) = pattern else {
            tracing::error!(key, language = self.language.code(), "a message is missing");
            return None;
        };
        let mut errors = Vec::new();
        let text: Cow<'_, str> = self.bundle.format_pattern(pattern, args, &mut errors);
        if !errors.is_empty() {
            tracing::error!(key, ?errors, language = self.language.code(), "a message has a hole");
        }
        Some(text.into_owned())
    }

    /// Whether a message exists, for words that a pack may or may not define.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }
}

#[cfg(test)]
mod tests {
    use super::with_separators;

    #[test]
    fn thousands_are_separated() {
        let written = [0.0, 999.0, 1234.0, 1_234_567.0, -123.0, -1234.0].map(with_separators);
        assert_eq!(written, ["0", "999", "1,234", "1,234,567", "-123", "-1,234"]);
    }
}
