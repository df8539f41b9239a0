//! Word through docx-rs: named styles, so that a clerk goes on editing as in any paper of the house, and nothing that
//! only a program could change.

mod mend;
mod order;
mod styles;

use std::io::Cursor;

use docx_rs::{
    AbstractNumbering, BreakType, Docx, FieldCharType, Footer, Hyperlink, HyperlinkType, IndentLevel, InstrPAGEREF,
    InstrText, InstrToC, Level as NumberingLevel, LevelJc, LevelSuffixType, LevelText, NumPages, NumberFormat,
    Numbering as WordNumbering, NumberingId, PageMargin, PageNum, PageOrientationType, PageSize, Paragraph, Pic, Run,
    Section, Shading, ShdType, SpecialIndentType, Start, Tab, TabLeaderType, TabValueType, Table, TableAlignmentType,
    TableBorder, TableBorderPosition, TableBorders, TableCell, TableCellMargins, TableLayoutType, TableRow, VAlignType,
    VMergeType, WidthType,
};

use crate::letters::clean;
use crate::outline::{Counter, is_said};
use crate::paper::{Align, Block, Cell, Content, Field, Figure, Heading, Level, List, Paper, Quotation, Text};
use crate::table::{Placed, places};
use crate::{Error, chart};

/// The fonts that Word is asked for. They are not in the file: whoever opens it has them, or sees others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordFonts {
    /// For what is read on.
    pub text: String,
    /// For headings and tables.
    pub heading: String,
}

impl Default for WordFonts {
    /// What Word takes in Japan when nothing else is asked for.
    fn default() -> Self {
        Self { text: "游明朝".to_owned(), heading: "游ゴシック".to_owned() }
    }
}

/// A4 and its margins, in twentieths of a point.
const SHORT_SIDE: u32 = 11_906;
const LONG_SIDE: u32 = 16_838;
const MARGIN: u32 = 1_304;

/// The numbering of headings; docx-rs keeps the first for itself.
const HEADINGS: usize = 2;
/// The dots of lists.
const BULLETS: usize = 3;
/// The first of the lists that are counted; each has its own count.
const COUNTED: usize = 4;

/// A paper as a Word document in Word's usual fonts.
pub fn docx(paper: &Paper) -> Result<Vec<u8>, Error> {
    docx_in(paper, &WordFonts::default())
}

/// A paper as a Word document in these fonts.
pub fn docx_in(paper: &Paper, fonts: &WordFonts) -> Result<Vec<u8>, Error> {
    let mut desk = Desk::new(paper);
    let mut parts: Vec<(bool, Vec<Child>)> = Vec::new();
    let mut title = title_of(paper);
    if paper.cover {
        parts.push((false, std::mem::take(&mut title)));
    }
    for part in &paper.parts {
        let mut children = std::mem::take(&mut title);
        for block in &part.blocks {
            children.extend(desk.block(block, part.sideways)?);
        }
        parts.push((part.sideways, children));
    }
    if !title.is_empty() {
        parts.push((false, title));
    }

    let mut file = styles::all(Docx::new(), fonts, paper);
    file = numberings(file, paper, desk.lists);
    let last = parts.pop();
    let footed = usize::from(paper.cover);
    for (at, (sideways, children)) in parts.into_iter().enumerate() {
        let mut section = Section::new().page_size(size(sideways)).page_margin(margin());
        if at == footed {
            // The sections behind it take the footer over.
            section = section.footer(footer());
        }
        file = file.add_section(children.into_iter().fold(section, |section, child| match child {
            Child::Paragraph(paragraph) => section.add_paragraph(*paragraph),
            Child::Table(table) => section.add_table(*table),
        }));
    }
    if let Some((sideways, children)) = last {
        let (wide, high) = if sideways { (LONG_SIDE, SHORT_SIDE) } else { (SHORT_SIDE, LONG_SIDE) };
        file = file.page_size(wide, high).page_margin(margin());
        if sideways {
            file = file.page_orient(PageOrientationType::Landscape);
        }
        file = children.into_iter().fold(file, |file, child| match child {
            Child::Paragraph(paragraph) => file.add_paragraph(*paragraph),
            Child::Table(table) => file.add_table(*table),
        });
    }
    if paper.parts.len() <= 1 {
        file = file.footer(footer());
    }

    let mut built = file.build();
    mend::all(&mut built, paper, &desk.alts)?;
    let mut bytes = Cursor::new(Vec::new());
    built.pack(&mut bytes).map_err(|fault| Error::Pack(fault.to_string()))?;
    Ok(bytes.into_inner())
}

fn size(sideways: bool) -> PageSize {
    if sideways {
        PageSize::new().size(LONG_SIDE, SHORT_SIDE).orient(PageOrientationType::Landscape)
    } else {
        PageSize::new().size(SHORT_SIDE, LONG_SIDE)
    }
}

fn margin() -> PageMargin {
    let side = MARGIN.cast_signed();
    PageMargin::new().top(1_531).bottom(1_417).left(side).right(side).header(851).footer(680)
}

/// How wide what is printed may be.
fn width(sideways: bool) -> usize {
    let side = if sideways { LONG_SIDE } else { SHORT_SIDE };
    (side - 2 * MARGIN) as usize
}

fn footer() -> Footer {
    let numbers = Paragraph::new()
        .style(styles::FOOTER)
        .add_page_num(PageNum::new())
        .add_run(Run::new().add_text(" / "))
        .add_num_pages(NumPages::new());
    Footer::new().add_paragraph(numbers)
}

/// The numbers of headings, the dots of lists, and a count for each counted list.
fn numberings(file: Docx, paper: &Paper, lists: usize) -> Docx {
    let level = |at: usize, format: &str, text: &str| {
        NumberingLevel::new(at, Start::new(1), NumberFormat::new(format), LevelText::new(text), LevelJc::new("left"))
    };
    let headings =
        paper.numbering.0.iter().enumerate().fold(AbstractNumbering::new(HEADINGS), |numbering, (at, pattern)| {
            let text = ["{1}", "{2}", "{3}"]
                .iter()
                .zip(["%1", "%2", "%3"])
                .fold(clean(pattern).replace('%', ""), |text, (ours, words)| text.replace(ours, words));
            numbering.add_level(level(at, "decimal", &format!("{text}\u{3000}")).suffix(LevelSuffixType::Nothing))
        });
    let hanging = |level: NumberingLevel| level.indent(Some(420), Some(SpecialIndentType::Hanging(320)), None, None);
    let bullets = AbstractNumbering::new(BULLETS).add_level(hanging(level(0, "bullet", "・")));
    let mut file = file
        .add_abstract_numbering(headings)
        .add_numbering(WordNumbering::new(HEADINGS, HEADINGS))
        .add_abstract_numbering(bullets)
        .add_numbering(WordNumbering::new(BULLETS, BULLETS));
    for list in COUNTED..COUNTED + lists {
        let counted = AbstractNumbering::new(list).add_level(hanging(level(0, "decimal", "%1.")));
        file = file.add_abstract_numbering(counted).add_numbering(WordNumbering::new(list, list));
    }
    file
}

/// What stands in a section.
enum Child {
    Paragraph(Box<Paragraph>),
    Table(Box<Table>),
}

impl From<Paragraph> for Child {
    fn from(paragraph: Paragraph) -> Self {
        Self::Paragraph(Box::new(paragraph))
    }
}

impl From<Table> for Child {
    fn from(table: Table) -> Self {
        Self::Table(Box::new(table))
    }
}

/// What is known while a paper is written.
struct Desk<'a> {
    paper: &'a Paper,
    counter: Counter,
    /// How many headings have been written; the table of contents leads to them by it.
    headings: usize,
    /// How many counted lists have been written.
    lists: usize,
    /// What the pictures show, in their order.
    alts: Vec<String>,
    tint: String,
}

impl<'a> Desk<'a> {
    fn new(paper: &'a Paper) -> Self {
        Self { paper, counter: Counter::default(), headings: 0, lists: 0, alts: Vec::new(), tint: styles::tint(paper) }
    }

    fn block(&mut self, block: &Block, sideways: bool) -> Result<Vec<Child>, Error> {
        let one = |style: &str, text: &Text| vec![set(Paragraph::new().style(style), text, false).into()];
        Ok(match block {
            Block::Contents(contents) => self.contents(&contents.title, contents.depth, sideways),
            Block::Heading(heading) => self.heading(heading),
            Block::Paragraph(text) => one(styles::TEXT, text),
            Block::Note(text) => one(styles::NOTE, text),
            Block::List(list) => self.list(list),
            Block::Fields(fields) => self.fields(fields, sideways),
            Block::Table(table) => self.table(table, sideways)?,
            Block::Quotation(quotation) => said(quotation),
            Block::Figure(figure) => self.figure(figure)?,
            Block::PageBreak => vec![Paragraph::new().add_run(Run::new().add_break(BreakType::Page)).into()],
        })
    }

    fn heading(&mut self, heading: &Heading) -> Vec<Child> {
        if !is_said(heading) {
            return Vec::new();
        }
        let level = self.counter.level(heading);
        self.headings += 1;
        let words = clean(&heading.words).replace('\n', " ");
        let mut paragraph = Paragraph::new()
            .style(styles::HEADINGS[level.number() - 1])
            .add_bookmark_start(self.headings, mark(self.headings))
            .add_run(Run::new().add_text(words))
            .add_bookmark_end(self.headings);
        if heading.numbered {
            paragraph = paragraph.numbering(NumberingId::new(HEADINGS), IndentLevel::new(level.number() - 1));
        }
        vec![paragraph.into()]
    }

    /// The field that Word fills with headings and pages, filled as far as it can be without pages.
    fn contents(&self, title: &str, depth: Level, sideways: bool) -> Vec<Child> {
        let mut lines: Vec<Child> = vec![set(Paragraph::new().style(styles::CONTENTS), &title.into(), false).into()];
        let tab = || Tab::new().val(TabValueType::Right).leader(TabLeaderType::Dot).pos(width(sideways));
        let begin = Run::new()
            .add_field_char(FieldCharType::Begin, true)
            .add_instr_text(InstrText::TOC(InstrToC::new().heading_styles_range(1, depth.number()).hyperlink()))
            .add_field_char(FieldCharType::Separate, false);
        let mut begin = Some(begin);
        let mut counter = Counter::default();
        let headings = self.paper.parts.iter().flat_map(|part| &part.blocks).filter_map(|block| match block {
            Block::Heading(heading) if is_said(heading) => Some(heading),
            _ => None,
        });
        for (at, heading) in headings.enumerate() {
            let level = counter.level(heading);
            let number = counter.number(heading, level, &self.paper.numbering);
            if level > depth {
                continue;
            }
            let words = clean(&heading.words).replace('\n', " ");
            let words = number.map_or(words.clone(), |number| format!("{number}\u{3000}{words}"));
            let page = Run::new()
                .add_field_char(FieldCharType::Begin, true)
                .add_instr_text(InstrText::PAGEREF(InstrPAGEREF::new(mark(at + 1)).hyperlink()))
                .add_field_char(FieldCharType::Separate, false)
                .add_field_char(FieldCharType::End, false);
            let entry = Hyperlink::new(mark(at + 1), HyperlinkType::Anchor)
                .add_run(Run::new().add_text(words))
                .add_run(Run::new().add_tab())
                .add_run(page);
            let mut line = Paragraph::new().style(styles::CONTENTS_LEVELS[level.number() - 1]).add_tab(tab());
            if let Some(begin) = begin.take() {
                line = line.add_run(begin);
            }
            lines.push(line.add_hyperlink(entry).into());
        }
        let end = begin.take().unwrap_or_default().add_field_char(FieldCharType::End, false);
        lines.push(Paragraph::new().style(styles::TEXT).add_run(end).into());
        lines
    }

    fn list(&mut self, list: &List) -> Vec<Child> {
        let (style, count) = if list.numbered {
            self.lists += 1;
            (styles::COUNTED_LIST, COUNTED + self.lists - 1)
        } else {
            (styles::LIST, BULLETS)
        };
        let item = |text: &Text| {
            let paragraph = Paragraph::new().style(style).numbering(NumberingId::new(count), IndentLevel::new(0));
            set(paragraph, text, false).into()
        };
        list.items.iter().map(item).collect()
    }

    fn fields(&self, fields: &[Field], sideways: bool) -> Vec<Child> {
        if fields.is_empty() {
            return Vec::new();
        }
        let names = 2_150;
        let values = width(sideways) - names;
        let rows = fields.iter().map(|field| {
            let name = set(Paragraph::new().style(styles::CELL_HEADING), &field.name.as_str().into(), false);
            let value = set(Paragraph::new().style(styles::CELL), &field.value, false);
            TableRow::new(vec![
                TableCell::new().width(names, WidthType::Dxa).shading(self.shading()).add_paragraph(name),
                TableCell::new().width(values, WidthType::Dxa).add_paragraph(value),
            ])
        });
        vec![ruled(rows.collect(), vec![names, values], false).into(), gap()]
    }

    fn table(&self, table: &crate::Table, sideways: bool) -> Result<Vec<Child>, Error> {
        let placed = places(table).map_err(|fault| Error::of_table(table, fault))?;
        let columns = shares(&table.columns, width(sideways));
        let mut rows = Vec::new();
        for row in 0..placed.len() {
            let is_head = row < table.head.len();
            // A cell that reaches down stands in every row it reaches; Word joins them.
            let mut across: Vec<&Placed<'_>> =
                placed.iter().flatten().filter(|cell| (cell.row..cell.row + cell.rows).contains(&row)).collect();
            across.sort_by_key(|cell| cell.column);
            // Rows that a cell joins stay on one page.
            let joined = across.iter().any(|cell| cell.row + cell.rows > row + 1);
            let cells = across.into_iter().map(|cell| self.cell(cell, row, (is_head, joined), &columns)).collect();
            let shown = TableRow::new(cells);
            // The mark by which the head's rows are found again when they are told to repeat.
            rows.push(if is_head { shown.cant_split() } else { shown });
        }
        let caption = table.caption.as_ref();
        let caption = caption.map(|caption| set(Paragraph::new().style(styles::TABLE_CAPTION), caption, false).into());
        Ok(caption.into_iter().chain([ruled(rows, columns, true).into(), gap()]).collect())
    }

    fn cell(&self, placed: &Placed<'_>, row: usize, (is_head, joined): (bool, bool), columns: &[usize]) -> TableCell {
        let wide = columns[placed.column..placed.column + placed.columns].iter().sum();
        let mut shown = TableCell::new().width(wide, WidthType::Dxa);
        if placed.columns > 1 {
            shown = shown.grid_span(placed.columns);
        }
        let is_first = row == placed.row;
        if placed.rows > 1 {
            shown = shown.vertical_merge(if is_first { VMergeType::Restart } else { VMergeType::Continue });
        }
        let is_arrow = placed.cell.is_some_and(|cell| cell.content == Content::Arrow);
        if is_head || placed.rows > 1 || is_arrow {
            shown = shown.vertical_align(VAlignType::Center);
        }
        let is = |what: fn(&Cell) -> bool| placed.cell.is_some_and(what);
        let names = is_head || is(|cell| cell.heading);
        if names || is(|cell| cell.tinted) {
            shown = shown.shading(self.shading());
        }
        let style = if names { styles::CELL_HEADING } else { styles::CELL };
        let align = placed.cell.map_or(Align::Left, |cell| cell.align);
        let paragraph = aligned(Paragraph::new().style(style), align).keep_next(joined);
        shown.add_paragraph(match placed.cell.map(|cell| &cell.content) {
            Some(Content::Text(text)) if is_first => set(paragraph, text, false),
            Some(Content::Arrow) if is_first => paragraph.add_run(Run::new().add_text("→")),
            _ => paragraph,
        })
    }

    fn shading(&self) -> Shading {
        Shading::new().shd_type(ShdType::Clear).color("auto").fill(&self.tint)
    }

    fn figure(&mut self, figure: &Figure) -> Result<Vec<Child>, Error> {
        let picture = chart::png(&figure.chart, &self.paper.accent)
            .ok_or_else(|| Error::Pack("a picture could not be drawn".to_owned()))?;
        self.alts.push(clean(&figure.alt).replace('\n', " "));
        // As wide as an upright page, in 914,400ths of an inch: a twentieth of a point has 635.
        let wide = u32::try_from(width(false)).unwrap_or(u32::MAX) * 635;
        let high = wide / 64 * 25;
        let picture =
            Pic::new_with_dimensions(picture, 1, 1).id(format!("rIdImage{}", self.alts.len())).size(wide, high);
        Ok(vec![
            Paragraph::new().style(styles::FIGURE).add_run(Run::new().add_image(picture)).into(),
            set(Paragraph::new().style(styles::FIGURE_CAPTION), &figure.caption, false).into(),
        ])
    }
}

/// The lines of the title, on a cover or above the text.
fn title_of(paper: &Paper) -> Vec<Child> {
    let line = |style: &str, words: &str| -> Child { set(Paragraph::new().style(style), &words.into(), false).into() };
    let mut lines = Vec::new();
    let issued = [line(styles::ISSUED, &paper.date), line(styles::ISSUED, &paper.issuer)];
    if paper.cover {
        lines.push(line(styles::COVER_TITLE, &paper.title));
        lines.extend(paper.subtitle.as_deref().map(|words| line(styles::SUBTITLE, words)));
        lines.push(line(styles::COVER_DATE, &paper.date));
        lines.push(line(styles::COVER_ISSUER, &paper.issuer));
    } else {
        lines.extend(issued);
        lines.push(line(styles::TITLE, &paper.title));
        lines.extend(paper.subtitle.as_deref().map(|words| line(styles::SUBTITLE, words)));
    }
    lines
}

fn said(quotation: &Quotation) -> Vec<Child> {
    let lines = |who: &str, said: &[Text], by: &str, style: &str| -> Vec<Child> {
        let mut lines = vec![set(Paragraph::new().style(by), &who.into(), false).into()];
        lines.extend(said.iter().map(|text| Child::from(set(Paragraph::new().style(style), text, false))));
        lines
    };
    let mut all = lines(&quotation.who, &quotation.said, styles::SPEAKER, styles::QUOTATION);
    if let Some(answer) = &quotation.answer {
        all.extend(lines(&answer.who, &answer.said, styles::ANSWERER, styles::ANSWER));
    }
    all
}

/// The name by which a heading is found.
fn mark(number: usize) -> String {
    format!("_Toc{number:08}")
}

/// Words into a paragraph; a line break in them is one on paper.
fn set(paragraph: Paragraph, text: &Text, bold: bool) -> Paragraph {
    text.0.iter().fold(paragraph, |paragraph, run| {
        let words = clean(&run.words);
        let mut shown = Run::new();
        for (at, line) in words.split('\n').enumerate() {
            if at > 0 {
                shown = shown.add_break(BreakType::TextWrapping);
            }
            shown = shown.add_text(line);
        }
        paragraph.add_run(if run.bold || bold { shown.bold() } else { shown })
    })
}

fn aligned(paragraph: Paragraph, align: Align) -> Paragraph {
    match align {
        Align::Left => paragraph,
        Align::Centre => paragraph.align(docx_rs::AlignmentType::Center),
        Align::Right => paragraph.align(docx_rs::AlignmentType::Right),
    }
}

/// A table with thin lines: around every cell, or below every row.
fn ruled(rows: Vec<TableRow>, columns: Vec<usize>, around: bool) -> Table {
    use TableBorderPosition::{Bottom, InsideH, InsideV, Left, Right, Top};
    let positions: &[TableBorderPosition] =
        if around { &[Top, Bottom, Left, Right, InsideH, InsideV] } else { &[Top, Bottom, InsideH] };
    let borders = positions.iter().fold(TableBorders::with_empty(), |borders, position| {
        borders.set(TableBorder::new(position.clone()).size(4).color("A0A0A0"))
    });
    let margins = TableCellMargins::new().margin(50, 90, 50, 90);
    Table::new(rows)
        .style(styles::TABLE)
        .align(TableAlignmentType::Left)
        .layout(TableLayoutType::Fixed)
        .width(columns.iter().sum(), WidthType::Dxa)
        .set_grid(columns)
        .margins(margins)
        .set_borders(borders)
}

/// Behind a table something must stand, or the next would grow into it.
fn gap() -> Child {
    Paragraph::new().style(styles::GAP).into()
}

/// The widths of columns by their weights; the last takes what is left by rounding.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a page is some thousands wide"
)]
fn shares(weights: &[f32], width: usize) -> Vec<usize> {
    let all: f32 = weights.iter().sum();
    let mut widths: Vec<usize> = weights.iter().map(|weight| (weight / all * width as f32) as usize).collect();
    let rest = width.saturating_sub(widths.iter().sum());
    if let Some(last) = widths.last_mut() {
        *last += rest;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_page() {
        for weights in [vec![1.0], vec![1.0, 2.0, 4.0], vec![0.3; 7]] {
            assert_eq!(shares(&weights, 9_298).iter().sum::<usize>(), 9_298, "{weights:?}");
        }
    }
}
