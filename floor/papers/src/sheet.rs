//! A paper as `paper.typ` reads it: levels and numbers decided, cells in their places, letters in their faces.

use chrono::Datelike;
use serde::Serialize;

use crate::Error;
use crate::chart;
use crate::faces;
use crate::letters::{GETA, Piece, clean, pieces, plain_pieces, printable};
use crate::outline::{Counter, is_headed, is_said};
use crate::paper::{Align, Block, Content, Field, Paper, Quotation, Table, Text};
use crate::table::{Placed, places};

#[derive(Serialize)]
pub(crate) struct Sheet {
    title: Vec<Piece>,
    subtitle: Option<Vec<Piece>>,
    issuer: Vec<Piece>,
    issuer_plain: String,
    date: Vec<Piece>,
    day: Option<(i32, u32, u32)>,
    language: String,
    accent: String,
    cover: bool,
    headed: bool,
    faces: Faces,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Faces {
    own: &'static str,
    rare: &'static str,
}

#[derive(Serialize)]
struct Part {
    sideways: bool,
    blocks: Vec<Drawn>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Drawn {
    Contents { title: Vec<Piece>, depth: usize },
    Heading { level: usize, words: Vec<Piece> },
    Paragraph { text: Vec<Piece> },
    List { items: Vec<Vec<Piece>> },
    Enum { items: Vec<Vec<Piece>> },
    Note { text: Vec<Piece> },
    Fields { fields: Vec<DrawnField> },
    Table { table: DrawnTable },
    Quotation { who: Vec<Piece>, said: Vec<Vec<Piece>>, answer: Option<DrawnAnswer> },
    Figure { svg: String, alt: String, caption: Vec<Piece> },
    PageBreak,
}

#[derive(Serialize)]
struct DrawnField {
    name: Vec<Piece>,
    value: Vec<Piece>,
}

#[derive(Serialize)]
struct DrawnAnswer {
    who: Vec<Piece>,
    said: Vec<Vec<Piece>>,
}

#[derive(Serialize)]
struct DrawnTable {
    caption: Option<Vec<Piece>>,
    columns: Vec<f32>,
    head: Vec<DrawnCell>,
    rows: Vec<DrawnCell>,
}

#[derive(Serialize)]
struct DrawnCell {
    x: usize,
    y: usize,
    columns: usize,
    rows: usize,
    align: Align,
    names: Option<Names>,
    tinted: bool,
    arrow: bool,
    held: bool,
    text: Vec<Piece>,
}

/// What a cell gives its name to.
#[derive(Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Names {
    Column,
    Row,
    Both,
}

impl Sheet {
    /// The paper, ready to be drawn.
    pub(crate) fn of(paper: &Paper) -> Result<Self, Error> {
        let mut counter = Counter::default();
        let mut parts = Vec::new();
        for part in &paper.parts {
            let mut blocks = Vec::new();
            for block in &part.blocks {
                blocks.extend(drawn(block, paper, &mut counter)?);
            }
            parts.push(Part { sideways: part.sideways, blocks });
        }
        Ok(Self {
            title: title(&paper.title),
            subtitle: paper.subtitle.as_deref().map(line),
            issuer: line(&paper.issuer),
            issuer_plain: printable(&paper.issuer),
            date: line(&paper.date),
            day: paper.day.map(|day| (day.year(), day.month(), day.day())),
            language: language(&paper.language),
            accent: paper.accent.as_str().to_owned(),
            cover: paper.cover,
            headed: is_headed(paper),
            faces: Faces { own: faces::OWN, rare: faces::RARE },
            parts,
        })
    }
}

/// The language without its region or script, since only that is asked for.
fn language(tag: &str) -> String {
    let first = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let fits = (2..=3).contains(&first.len()) && first.bytes().all(|letter| letter.is_ascii_lowercase());
    if fits { first } else { "ja".to_owned() }
}

/// Words that stand on one line: a break in them is a space.
fn line(words: &str) -> Vec<Piece> {
    plain_pieces(&clean(words).replace('\n', " "))
}

/// The title; one that says nothing is seen to be missing, since a document must have one.
fn title(words: &str) -> Vec<Piece> {
    let said = line(words);
    let is_said = said.iter().any(|piece| !piece.words.trim().is_empty());
    if is_said { said } else { line(&GETA.to_string()) }
}

fn drawn(block: &Block, paper: &Paper, counter: &mut Counter) -> Result<Option<Drawn>, Error> {
    Ok(Some(match block {
        Block::Heading(heading) if !is_said(heading) => return Ok(None),
        Block::Heading(heading) => {
            let level = counter.level(heading);
            let words = match counter.number(heading, level, &paper.numbering) {
                Some(number) => format!("{number}\u{3000}{}", heading.words),
                None => heading.words.clone(),
            };
            Drawn::Heading { level: level.number(), words: line(&words) }
        }
        Block::Contents(contents) => Drawn::Contents { title: line(&contents.title), depth: contents.depth.number() },
        Block::Paragraph(text) => Drawn::Paragraph { text: pieces(text) },
        Block::Note(text) => Drawn::Note { text: pieces(text) },
        Block::List(list) => {
            let items = list.items.iter().map(pieces).collect();
            if list.numbered { Drawn::Enum { items } } else { Drawn::List { items } }
        }
        Block::Fields(fields) => Drawn::Fields { fields: fields.iter().map(drawn_field).collect() },
        Block::Table(table) => Drawn::Table { table: drawn_table(table)? },
        Block::Quotation(quotation) => drawn_quotation(quotation),
        Block::Figure(figure) => Drawn::Figure {
            svg: chart::svg(&figure.chart, &paper.accent),
            alt: printable(&figure.alt),
            caption: pieces(&figure.caption),
        },
        Block::PageBreak => Drawn::PageBreak,
    }))
}

fn drawn_field(field: &Field) -> DrawnField {
    DrawnField { name: plain_pieces(&field.name), value: pieces(&field.value) }
}

fn drawn_quotation(quotation: &Quotation) -> Drawn {
    let paragraphs = |said: &[Text]| said.iter().map(pieces).collect();
    Drawn::Quotation {
        who: plain_pieces(&quotation.who),
        said: paragraphs(&quotation.said),
        answer: quotation
            .answer
            .as_ref()
            .map(|answer| DrawnAnswer { who: plain_pieces(&answer.who), said: paragraphs(&answer.said) }),
    }
}

fn drawn_table(table: &Table) -> Result<DrawnTable, Error> {
    let height = table.head.len();
    let mut head = Vec::new();
    let mut rows = Vec::new();
    let placed = places(table).map_err(|fault| Error::of_table(table, fault))?;
    for cell in placed.iter().flatten() {
        let is_held = cell.rows > 1 && is_low(&placed[cell.row..cell.row + cell.rows]);
        let into = if cell.row < height { &mut head } else { &mut rows };
        into.push(DrawnCell { held: is_held, ..drawn_cell(*cell, height) });
    }
    Ok(DrawnTable { caption: table.caption.as_ref().map(pieces), columns: table.columns.clone(), head, rows })
}

/// Whether rows that a cell joins are surely lower than a page: then they stay on one. Higher ones would be cut off.
fn is_low(rows: &[Vec<Placed<'_>>]) -> bool {
    const ROWS: usize = 3;
    const LETTERS: usize = 40;
    let letters = |placed: &Placed<'_>| match placed.cell.map(|cell| &cell.content) {
        // A line break may cost as much as a line of letters.
        Some(Content::Text(text)) => text.plain().chars().map(|letter| if letter.is_control() { 10 } else { 1 }).sum(),
        _ => 0,
    };
    rows.len() <= ROWS && rows.iter().flatten().all(|placed| placed.rows <= ROWS && letters(placed) <= LETTERS)
}

fn drawn_cell(placed: Placed<'_>, head: usize) -> DrawnCell {
    let cell = placed.cell;
    let is = |what: fn(&crate::paper::Cell) -> bool| cell.is_some_and(what);
    DrawnCell {
        x: placed.column,
        y: placed.row,
        columns: placed.columns,
        rows: placed.rows,
        align: cell.map_or(Align::Left, |cell| cell.align),
        names: match (placed.row < head, is(|cell| cell.heading)) {
            (true, true) => Some(Names::Both),
            (true, false) => Some(Names::Column),
            (false, true) => Some(Names::Row),
            (false, false) => None,
        },
        tinted: is(|cell| cell.tinted),
        arrow: is(|cell| cell.content == Content::Arrow),
        held: false,
        text: match cell.map(|cell| &cell.content) {
            Some(Content::Text(text)) => pieces(text),
            _ => Vec::new(),
        },
    }
}
