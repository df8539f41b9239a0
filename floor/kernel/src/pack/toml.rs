//! A TOML file of a pack, read entry by entry, so that each fault is named with its line.

use std::collections::HashSet;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::Faults;

/// An open TOML file.
#[derive(Debug)]
pub struct Toml<'p> {
    file: &'static str,
    text: &'p str,
    table: DeTable<'p>,
    known: HashSet<&'static str>,
}

impl<'p> Toml<'p> {
    /// Parses the text; every syntax error becomes a fault. What could be read is still read.
    pub fn open(file: &'static str, text: &'p str, faults: &mut Faults) -> Option<Self> {
        let (table, errors) = DeTable::parse_recoverable(text);
        // What follows the first fault of grammar is mostly its echo: an open bracket would fill a screen.
        let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
        if let Some(first) = errors.iter().min_by_key(|error| start(error)) {
            let line = line_of(text, start(first));
            faults.add(file, line, format!("TOMLとして読めません（{}）。", first.message()));
        }
        errors.is_empty().then(|| Self { file, text, table: table.into_inner(), known: HashSet::new() })
    }

    /// The line of a byte offset, counted from 1.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        line_of(self.text, offset)
    }

    /// A value that may be absent.
    pub fn maybe<T: DeserializeOwned>(&mut self, key: &'static str, faults: &mut Faults) -> Option<T> {
        self.known.insert(key);
        let value = self.table.get(key)?.clone();
        self.value(value, faults)
    }

    /// A value that must be there.
    pub fn must<T: DeserializeOwned>(&mut self, key: &'static str, faults: &mut Faults) -> Option<T> {
        if self.table.get(key).is_none() {
            self.known.insert(key);
            faults.add(self.file, 0, format!("「{key}」がありません。"));
            return None;
        }
        self.maybe(key, faults)
    }

    /// The entries of a `[[list]]`, each with its line. A broken entry is a fault and is left out.
    pub fn list<T: DeserializeOwned>(&mut self, key: &'static str, faults: &mut Faults) -> Vec<(usize, T)> {
        self.known.insert(key);
        let Some(value) = self.table.get(key) else {
            return Vec::new();
        };
        let Some(entries) = value.get_ref().as_array() else {
            let line = self.line(value.span().start);
            faults.add(self.file, line, format!("「{key}」は [[{key}]] の並びで書いてください。"));
            return Vec::new();
        };
        let entries: Vec<Spanned<DeValue<'p>>> = entries.iter().cloned().collect();
        entries
            .into_iter()
            .filter_map(|entry| {
                let line = self.line(entry.span().start);
                self.value(entry, faults).map(|value| (line, value))
            })
            .collect()
    }

    /// Names every key that nobody asked for; call it last.
    pub fn finish(self, faults: &mut Faults) {
        for key in self.table.keys() {
            if !self.known.contains(key.get_ref().as_ref()) {
                let line = line_of(self.text, key.span().start);
                faults.add(self.file, line, format!("「{}」という項目はありません。", key.get_ref()));
            }
        }
    }

    fn value<T: DeserializeOwned>(&self, value: Spanned<DeValue<'p>>, faults: &mut Faults) -> Option<T> {
        let start = value.span().start;
        match T::deserialize(ValueDeserializer::from(value)) {
            Ok(value) => Some(value),
            Err(error) => {
                let line = self.line(error.span().map_or(start, |span| span.start));
                faults.add(self.file, line, sentence(error.message()));
                None
            }
        }
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    super::line_at(text.as_bytes(), offset)
}

/// The parser's English, with the commonest faults said in Japanese.
fn sentence(message: &str) -> String {
    let quoted = |after: &str| {
        message.split_once(after).and_then(|(_, rest)| rest.split_once('`')).map(|(word, _)| word.to_owned())
    };
    if let Some(word) = quoted("unknown field `") {
        format!("「{word}」という項目はありません。")
    } else if let Some(word) = quoted("missing field `") {
        format!("「{word}」がありません。")
    } else if let Some(word) = quoted("unknown variant `") {
        format!("「{word}」は使えません（{message}）。")
    } else {
        format!("値の形が違います（{message}）。")
    }
}
