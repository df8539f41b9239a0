//! What a paper is: a title and parts, made of blocks. Plain data that can be kept as JSON, so that a report that
//! was adopted stays as it was. No words of its own: whatever people read is in the data.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A document, before it is a file of some kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Its title, which is also the name of the document in a reader's list.
    pub title: String,
    /// A second line under the title.
    #[serde(default)]
    pub subtitle: Option<String>,
    /// Who issues it: the city, with the office if it wants.
    pub issuer: String,
    /// The day it bears, as people read it: 令和8年11月20日.
    pub date: String,
    /// The same day for programs; with it the PDF is fit for archives (PDF/A needs a day).
    #[serde(default)]
    pub day: Option<NaiveDate>,
    /// The language of its text, as a tag: `ja`.
    pub language: String,
    /// The colour of rules and table heads, `#rrggbb`; everything is readable without it.
    pub accent: Accent,
    /// Whether the title has a page of its own.
    pub cover: bool,
    /// How numbered headings are numbered.
    pub numbering: Numbering,
    /// Its parts, one after the other; each begins on a new page.
    pub parts: Vec<Part>,
}

/// Pages of one kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Whether the pages lie on their long side, for wide tables.
    #[serde(default)]
    pub sideways: bool,
    /// What stands there.
    pub blocks: Vec<Block>,
}

/// What stands under the title, one thing after the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// The headings of the whole paper with their pages.
    Contents(Contents),
    /// A heading.
    Heading(Heading),
    /// A paragraph.
    Paragraph(Text),
    /// A list.
    List(List),
    /// A remark in small letters, such as 「※ …」.
    Note(Text),
    /// Names and values, one below the other.
    Fields(Vec<Field>),
    /// A table.
    Table(Table),
    /// What somebody said, and what was answered.
    Quotation(Quotation),
    /// A picture of figures.
    Figure(Figure),
    /// A new page.
    PageBreak,
}

/// Words with their weight. A line break in the words is one on paper.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub Vec<Run>);

/// Words of one weight.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The words.
    pub words: String,
    /// Whether they are bold.
    #[serde(default, skip_serializing_if = "is_false")]
    pub bold: bool,
}

/// The table of contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    /// What stands above it: 目次.
    pub title: String,
    /// The lowest level that is listed.
    pub depth: Level,
}

/// How deep a heading stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A chapter.
    #[default]
    First,
    /// A section.
    Second,
    /// A part of a section.
    Third,
}

impl Level {
    /// 1, 2 or 3.
    #[must_use]
    pub fn number(self) -> usize {
        self as usize + 1
    }
}

/// A heading. One that stands deeper than the one before it by more than a level is lifted to its place, because
/// whoever listens to a document moves from level to level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    /// How deep it stands.
    pub level: Level,
    /// Its words.
    pub words: String,
    /// Whether it counts; an unnumbered heading is passed over.
    #[serde(default, skip_serializing_if = "is_false")]
    pub numbered: bool,
}

/// How the numbers of headings are written: one pattern for each level, in which `{1}`, `{2}` and `{3}` stand for the
/// counts. 「第{1}章」, 「{2}」, 「（{3}）」 write as Japanese papers do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Numbering(pub [String; 3]);

impl Default for Numbering {
    fn default() -> Self {
        Self(["{1}", "{1}.{2}", "{1}.{2}.{3}"].map(str::to_owned))
    }
}

impl Numbering {
    /// Patterns for the three levels.
    #[must_use]
    pub fn new(first: &str, second: &str, third: &str) -> Self {
        Self([first, second, third].map(str::to_owned))
    }
}

/// A colour, `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Accent(String);

impl Default for Accent {
    fn default() -> Self {
        Self("#1f3a5f".to_owned())
    }
}

impl Accent {
    /// Reads `#rrggbb`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let fits = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        fits.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The colour, `#rrggbb`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Accent {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::read(&text).ok_or(text)
    }
}

impl From<Accent> for String {
    fn from(accent: Accent) -> Self {
        accent.0
    }
}

/// A list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Whether its items are counted.
    #[serde(default, skip_serializing_if = "is_false")]
    pub numbered: bool,
    /// Its items.
    pub items: Vec<Text>,
}

/// A name and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// What it is: 担当課.
    pub name: String,
    /// The value.
    pub value: Text,
}

/// A table. Rows of cells as in HTML: a cell that reaches over several rows or columns is named once, in its first row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// What stands above it.
    #[serde(default)]
    pub caption: Option<Text>,
    /// How wide its columns are, in relation to each other. As many as there are columns.
    pub columns: Vec<f32>,
    /// The rows at its head, repeated on every page it reaches.
    #[serde(default)]
    pub head: Vec<Vec<Cell>>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// What stands in it.
    pub content: Content,
    /// Where it stands in the cell.
    #[serde(default)]
    pub align: Align,
    /// How many columns it reaches over.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub columns: usize,
    /// How many rows it reaches over.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub rows: usize,
    /// Whether it names its row, as a cell at the table's head names its column.
    #[serde(default, skip_serializing_if = "is_false")]
    pub heading: bool,
    /// Whether its ground is tinted; a tint never says anything alone.
    #[serde(default, skip_serializing_if = "is_false")]
    pub tinted: bool,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Words.
    Text(Text),
    /// An arrow through the whole cell: what began before it goes on.
    Arrow,
}

/// Where words stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right, as numbers do.
    Right,
}

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quotation {
    /// Who said it.
    pub who: String,
    /// What was said, by paragraphs.
    pub said: Vec<Text>,
    /// What was answered.
    #[serde(default)]
    pub answer: Option<Answer>,
}

/// An answer to what somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Who answers.
    pub who: String,
    /// The answer, by paragraphs.
    pub said: Vec<Text>,
}

/// A picture of figures. The figures themselves belong into a table beside it, for whoever cannot see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// What stands below it.
    pub caption: Text,
    /// What it shows, for those who hear it.
    pub alt: String,
    /// The figures.
    pub chart: Chart,
}

/// Figures that become a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// Bars or lines.
    pub kind: ChartKind,
    /// The unit of the figures: 件.
    #[serde(default)]
    pub unit: String,
    /// What stands below each place: the years.
    pub labels: Vec<String>,
    /// The rows of figures.
    pub series: Vec<Series>,
    /// A line that is to be reached.
    #[serde(default)]
    pub target: Option<Target>,
}

/// How figures are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartKind {
    /// Bars, from nought.
    #[default]
    Bars,
    /// Lines.
    Lines,
}

/// Figures of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// What they are: 実績.
    pub name: String,
    /// One for each label; nothing where nothing is known.
    pub values: Vec<Option<f64>>,
}

/// A line that is to be reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// What it is: 目標.
    pub name: String,
    /// How high it stands.
    pub value: f64,
}

impl Paper {
    /// A paper with nothing in it yet.
    #[must_use]
    pub fn new(title: impl Into<String>, issuer: impl Into<String>, date: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            subtitle: None,
            issuer: issuer.into(),
            date: date.into(),
            day: None,
            language: "ja".to_owned(),
            accent: Accent::default(),
            cover: false,
            numbering: Numbering::default(),
            parts: Vec::new(),
        }
    }

    /// Adds an upright page or several.
    #[must_use]
    pub fn upright(mut self, blocks: Vec<Block>) -> Self {
        self.parts.push(Part { sideways: false, blocks });
        self
    }

    /// Adds pages that lie on their long side.
    #[must_use]
    pub fn sideways(mut self, blocks: Vec<Block>) -> Self {
        self.parts.push(Part { sideways: true, blocks });
        self
    }
}

impl Block {
    /// A heading that does not count.
    #[must_use]
    pub fn heading(level: Level, words: impl Into<String>) -> Self {
        Self::Heading(Heading { level, words: words.into(), numbered: false })
    }

    /// A heading that counts.
    #[must_use]
    pub fn numbered(level: Level, words: impl Into<String>) -> Self {
        Self::Heading(Heading { level, words: words.into(), numbered: true })
    }

    /// A paragraph.
    #[must_use]
    pub fn paragraph(text: impl Into<Text>) -> Self {
        Self::Paragraph(text.into())
    }

    /// A remark in small letters.
    #[must_use]
    pub fn note(text: impl Into<Text>) -> Self {
        Self::Note(text.into())
    }

    /// A list with dots.
    #[must_use]
    pub fn list<T: Into<Text>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(List { numbered: false, items: items.into_iter().map(Into::into).collect() })
    }

    /// Names and values.
    #[must_use]
    pub fn fields<N: Into<String>, V: Into<Text>>(fields: impl IntoIterator<Item = (N, V)>) -> Self {
        Self::Fields(fields.into_iter().map(|(name, value)| Field { name: name.into(), value: value.into() }).collect())
    }
}

impl Text {
    /// Bold words.
    #[must_use]
    pub fn bold(words: impl Into<String>) -> Self {
        Self(vec![Run { words: words.into(), bold: true }])
    }

    /// The same with more words behind it.
    #[must_use]
    pub fn and(mut self, more: impl Into<Self>) -> Self {
        self.0.extend(more.into().0);
        self
    }

    /// The words without their weight.
    #[must_use]
    pub fn plain(&self) -> String {
        self.0.iter().map(|run| run.words.as_str()).collect()
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Self(vec![Run { words: words.to_owned(), bold: false }])
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self(vec![Run { words, bold: false }])
    }
}

impl Cell {
    /// A cell with words.
    #[must_use]
    pub fn new(text: impl Into<Text>) -> Self {
        Self::of(Content::Text(text.into()))
    }

    /// A cell with an arrow through it.
    #[must_use]
    pub fn arrow() -> Self {
        Self::of(Content::Arrow).centre()
    }

    /// A cell that names its row.
    #[must_use]
    pub fn heading(text: impl Into<Text>) -> Self {
        Self { heading: true, ..Self::new(text) }
    }

    /// A number, which stands at the right.
    #[must_use]
    pub fn number(text: impl Into<Text>) -> Self {
        Self { align: Align::Right, ..Self::new(text) }
    }

    /// The same cell, with its words in the middle.
    #[must_use]
    pub fn centre(self) -> Self {
        Self { align: Align::Centre, ..self }
    }

    /// The same cell over several columns.
    #[must_use]
    pub fn over_columns(self, columns: usize) -> Self {
        Self { columns, ..self }
    }

    /// The same cell over several rows.
    #[must_use]
    pub fn over_rows(self, rows: usize) -> Self {
        Self { rows, ..self }
    }

    /// The same cell on tinted ground.
    #[must_use]
    pub fn tinted(self) -> Self {
        Self { tinted: true, ..self }
    }

    fn of(content: Content) -> Self {
        Self { content, align: Align::Left, columns: 1, rows: 1, heading: false, tinted: false }
    }
}

fn one() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(value: &usize) -> bool {
    *value == 1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}
