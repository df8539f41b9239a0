//! The named styles. Where Word has a style of its own for a thing, ours bears its name: Word shows it in the reader's
//! language (`heading 1` is 見出し 1) and builds its navigation and contents on it.

use docx_rs::{
    AlignmentType, BorderType, Docx, LineSpacing, LineSpacingType, ParagraphBorder, ParagraphBorderPosition,
    ParagraphBorders, RunFonts, Shading, ShdType, Style, StyleType, TableProperty,
};

use super::WordFonts;
use crate::paper::Paper;

pub(super) const TEXT: &str = "BodyText";
pub(super) const HEADINGS: [&str; 3] = ["Heading1", "Heading2", "Heading3"];
pub(super) const TITLE: &str = "Title";
pub(super) const SUBTITLE: &str = "Subtitle";
pub(super) const COVER_TITLE: &str = "CoverTitle";
pub(super) const COVER_DATE: &str = "CoverDate";
pub(super) const COVER_ISSUER: &str = "CoverIssuer";
pub(super) const ISSUED: &str = "Issued";
pub(super) const CONTENTS: &str = "TOCHeading";
pub(super) const CONTENTS_LEVELS: [&str; 3] = ["ToC1", "ToC2", "ToC3"];
pub(super) const LIST: &str = "ListBullet";
pub(super) const COUNTED_LIST: &str = "ListNumber";
pub(super) const NOTE: &str = "Note";
pub(super) const TABLE: &str = "PaperTable";
pub(super) const CELL: &str = "Cell";
pub(super) const CELL_HEADING: &str = "CellHeading";
pub(super) const GAP: &str = "AfterTable";
pub(super) const TABLE_CAPTION: &str = "TableCaption";
pub(super) const FIGURE: &str = "Figure";
pub(super) const FIGURE_CAPTION: &str = "FigureCaption";
pub(super) const QUOTATION: &str = "Quote";
pub(super) const SPEAKER: &str = "Speaker";
pub(super) const ANSWER: &str = "Answer";
pub(super) const ANSWERER: &str = "Answerer";
pub(super) const FOOTER: &str = "Footer";

/// The colour of small words.
const GREY: &str = "5F5F5F";

/// A style in the making.
struct Draft {
    style: Style,
    before: u32,
    after: u32,
    line: i32,
}

impl Draft {
    fn new(id: &str, name: &str) -> Self {
        let style = Style::new(id, StyleType::Paragraph).name(name).based_on("Normal");
        Self { style, before: 0, after: 0, line: 300 }
    }

    /// A change of the style itself.
    fn with(self, change: impl FnOnce(Style) -> Style) -> Self {
        Self { style: change(self.style), ..self }
    }

    /// White before and behind, in twentieths of a point.
    fn apart(self, before: u32, after: u32) -> Self {
        Self { before, after, ..self }
    }

    /// The height of its lines, in 240ths.
    fn line(self, line: i32) -> Self {
        Self { line, ..self }
    }

    fn size(self, half_points: usize) -> Self {
        self.with(|style| style.size(half_points))
    }

    fn font(self, name: &str) -> Self {
        self.with(|style| style.fonts(fonts(name)))
    }

    /// Stays on the page of what follows.
    fn held(self) -> Self {
        self.with(|mut style| {
            style.paragraph_property = style.paragraph_property.keep_next(true).keep_lines(true);
            style
        })
    }

    fn bordered(self, position: ParagraphBorderPosition, size: usize, colour: &str) -> Self {
        self.with(|mut style| {
            let border = ParagraphBorder::new(position).val(BorderType::Single).size(size).space(4).color(colour);
            style.paragraph_property = style.paragraph_property.set_borders(ParagraphBorders::with_empty().set(border));
            style
        })
    }

    fn shaded(self, fill: &str) -> Self {
        self.with(|mut style| {
            let shading = Shading::new().shd_type(ShdType::Clear).color("auto").fill(fill);
            style.paragraph_property = style.paragraph_property.shading(shading);
            style
        })
    }

    fn indented(self, left: i32) -> Self {
        self.with(|style| style.indent(Some(left), None, None, None))
    }

    fn next(self, id: &str) -> Self {
        self.with(|style| style.next(id))
    }

    fn done(self) -> Style {
        let spacing =
            LineSpacing::new().before(self.before).after(self.after).line(self.line).line_rule(LineSpacingType::Auto);
        self.style.line_spacing(spacing)
    }
}

/// A document with all styles.
pub(super) fn all(file: Docx, word: &WordFonts, paper: &Paper) -> Docx {
    let accent = paper.accent.as_str().trim_start_matches('#').to_uppercase();
    let styles = [
        text(word),
        headings(word, &accent),
        title(word, &accent),
        contents(word),
        tables(word),
        sayings(word, &accent, &tint(paper)),
    ];
    let file = file.default_fonts(fonts(&word.text)).default_size(21);
    let file = styles.into_iter().flatten().fold(file, |file, draft| file.add_style(draft.done()));
    let table = TableProperty::without_borders();
    file.add_style(Style::new(TABLE, StyleType::Table).name("表").table_property(table))
}

/// The accent, so light that words stand on it.
pub(super) fn tint(paper: &Paper) -> String {
    let colour = u32::from_str_radix(paper.accent.as_str().trim_start_matches('#'), 16).unwrap_or_default();
    let light = |shift: u32| {
        let part = (colour >> shift) & 0xff;
        255 - (255 - part) * 9 / 100
    };
    format!("{:02X}{:02X}{:02X}", light(16), light(8), light(0))
}

fn fonts(name: &str) -> RunFonts {
    RunFonts::new().ascii(name).hi_ansi(name).east_asia(name).cs(name)
}

fn text(word: &WordFonts) -> Vec<Draft> {
    vec![
        Draft::new(TEXT, "Body Text").apart(0, 140).with(|style| style.align(AlignmentType::Both)),
        Draft::new(LIST, "List Bullet").apart(0, 60),
        Draft::new(COUNTED_LIST, "List Number").apart(0, 60),
        Draft::new(NOTE, "注").apart(60, 160).line(260).size(18).with(|style| style.color(GREY)),
        Draft::new(FIGURE, "図").apart(160, 0).held().with(|style| style.align(AlignmentType::Center)),
        Draft::new(FIGURE_CAPTION, "図の題").apart(40, 260).size(19).font(&word.heading).with(Style::bold),
        Draft::new(FOOTER, "footer").size(18).with(|style| style.align(AlignmentType::Center).color(GREY)),
    ]
}

fn headings(word: &WordFonts, accent: &str) -> Vec<Draft> {
    let heading = |at: usize, size: usize| {
        Draft::new(HEADINGS[at], &format!("heading {}", at + 1))
            .size(size)
            .font(&word.heading)
            .held()
            .next(TEXT)
            .with(|style| style.bold().outline_lvl(at))
    };
    vec![
        heading(0, 31)
            .apart(480, 220)
            .bordered(ParagraphBorderPosition::Bottom, 10, accent)
            .with(|style| style.color(accent)),
        heading(1, 25).apart(360, 180).bordered(ParagraphBorderPosition::Left, 28, accent).indented(120),
        heading(2, 22).apart(280, 140).with(|style| style.color(accent)),
    ]
}

fn title(word: &WordFonts, accent: &str) -> Vec<Draft> {
    let centred = |id: &str, name: &str, size: usize| {
        Draft::new(id, name).size(size).font(&word.heading).with(|style| style.align(AlignmentType::Center))
    };
    let large =
        |id: &str, name: &str, size: usize| centred(id, name, size).with(|style| style.bold().color(accent)).next(TEXT);
    vec![
        large(TITLE, "Title", 36).apart(240, 120),
        large(COVER_TITLE, "表紙の題", 48).apart(4_200, 240).bordered(ParagraphBorderPosition::Bottom, 10, accent),
        centred(SUBTITLE, "Subtitle", 25).apart(60, 360).next(TEXT),
        centred(COVER_DATE, "表紙の日付", 24).apart(4_200, 120),
        centred(COVER_ISSUER, "表紙の発行者", 30).with(Style::bold),
        Draft::new(ISSUED, "日付と発行者").size(19).with(|style| style.align(AlignmentType::Right)),
    ]
}

fn contents(word: &WordFonts) -> Vec<Draft> {
    let level = |at: usize| {
        let draft =
            Draft::new(CONTENTS_LEVELS[at], &format!("toc {}", at + 1)).apart(if at == 0 { 140 } else { 20 }, 20);
        let draft = draft.indented([0, 240, 480][at]);
        if at == 0 { draft.font(&word.heading).with(Style::bold) } else { draft }
    };
    let heading = Draft::new(CONTENTS, "TOC Heading").size(31).font(&word.heading).apart(0, 240).held();
    vec![heading.with(Style::bold), level(0), level(1), level(2)]
}

fn tables(word: &WordFonts) -> Vec<Draft> {
    vec![
        Draft::new(CELL, "表の文字").size(18).font(&word.heading).line(260),
        Draft::new(CELL_HEADING, "表の見出し").size(18).font(&word.heading).line(260).with(Style::bold),
        Draft::new(GAP, "表の後").size(12).line(240),
        Draft::new(TABLE_CAPTION, "caption").apart(200, 80).size(19).font(&word.heading).held().with(Style::bold),
    ]
}

fn sayings(word: &WordFonts, accent: &str, tint: &str) -> Vec<Draft> {
    let left = |draft: Draft, size: usize, colour: &str| {
        draft.indented(240).bordered(ParagraphBorderPosition::Left, size, colour)
    };
    let by = |id: &str, name: &str| {
        Draft::new(id, name).size(18).font(&word.heading).held().with(|style| style.bold().color(GREY))
    };
    vec![
        left(by(SPEAKER, "発言者"), 16, "A0A0A0").apart(240, 40).next(QUOTATION),
        left(Draft::new(QUOTATION, "Quote"), 16, "A0A0A0").apart(0, 80),
        left(by(ANSWERER, "回答者"), 16, accent).apart(120, 40).shaded(tint).next(ANSWER),
        left(Draft::new(ANSWER, "回答"), 16, accent).apart(0, 80).shaded(tint),
    ]
}
