//! What the cells say of one thing, gathered from all its rows before anything is understood.

use std::collections::BTreeMap;

use crate::import::field::Field;
use crate::import::table::{Line, Table};

/// What the file says, by what it is said of.
#[derive(Debug, Default)]
pub(super) struct Sayings {
    /// Lines of the plan, in the order of the file.
    pub(super) lines: super::lines::Lines,
    /// Indicators: the lines they stand beside, if any, and what is said of them.
    pub(super) indicators: Vec<(Vec<usize>, Said)>,
    /// Reports: of which line or key, for which year.
    pub(super) reports: Vec<(super::figures::Of, i32, Said)>,
    pub(super) first_sheet: String,
}

/// A text with its cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) sheet: String,
    pub(super) cell: String,
    pub(super) from_left: bool,
    pub(super) is_painted: bool,
}

/// What is said of one thing, by field; a field may be said in several rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said(BTreeMap<Field, Vec<Piece>>);

impl Piece {
    pub(super) fn of(table: &Table, line: &Line, column: u32) -> Self {
        let cell = line.cell(column);
        Self {
            text: cell.map(|cell| cell.text.clone()).unwrap_or_default(),
            sheet: table.name.clone(),
            cell: line.address(column),
            from_left: cell.is_some_and(|cell| cell.from_left),
            is_painted: cell.is_some_and(|cell| cell.is_painted),
        }
    }
}

impl Said {
    /// Adds a cell, but not the same once more: a merged cell is said in each of its rows.
    pub(super) fn add(&mut self, field: &Field, piece: Piece) {
        let known = self.0.entry(field.clone()).or_default();
        if !known.iter().any(|own| own.text == piece.text && own.is_painted == piece.is_painted) {
            // An empty cell says that there is nothing only as long as nothing else is said.
            known.retain(|own| !own.text.is_empty() || own.is_painted);
            if known.is_empty() || !piece.text.is_empty() {
                known.push(piece);
            }
        }
    }

    /// Whether the file has the field at all.
    pub(super) fn has(&self, field: &Field) -> bool {
        self.0.contains_key(field)
    }

    /// The cells of a field.
    pub(super) fn pieces(&self, field: &Field) -> &[Piece] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    /// The cells of a plain field.
    pub(super) fn plain(&self, name: &'static str) -> &[Piece] {
        self.pieces(&Field::Plain(name))
    }

    /// The first cell of a plain field in which something stands.
    pub(super) fn first(&self, name: &'static str) -> Option<&Piece> {
        self.plain(name).iter().find(|piece| !piece.text.is_empty())
    }

    /// Everything said of a plain field, line by line; none where the file has no such column.
    pub(super) fn text(&self, name: &'static str) -> Option<String> {
        if !self.has(&Field::Plain(name)) {
            return None;
        }
        let texts: Vec<&str> = self.plain(name).iter().map(|piece| piece.text.as_str()).collect();
        Some(plain(texts.join("\n").trim()))
    }

    /// Every field with its cells.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Field, &[Piece])> {
        self.0.iter().map(|(field, pieces)| (field, pieces.as_slice()))
    }
}

/// A text as it was before it went into a CSV file, where an apostrophe keeps Excel from running it.
pub(super) fn plain(text: &str) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

/// A text in one line, with one space where there was any.
pub(super) fn single(text: &str) -> String {
    plain(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The parts of a text.
pub(super) fn parts(text: &str, between: &[char]) -> Vec<String> {
    text.split(between).map(single).filter(|part| !part.is_empty()).collect()
}

/// The beginning of a text, for a fault.
pub(super) fn short(text: &str) -> String {
    let start: String = text.chars().take(20).map(|c| if c == '\n' { ' ' } else { c }).collect();
    if text.chars().nth(20).is_some() { format!("{start}…") } else { start }
}

/// What the reader of spreadsheets makes of a text: what cannot be told apart from a text that is there stays that text.
pub(super) fn as_read(text: &str) -> String {
    let text = text.trim().replace("\r\n", "\n").replace('\r', "\n");
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}
