//! A small paper with one thing of each kind.

use kyodo_papers::{
    Answer, Block, Cell, Chart, ChartKind, Contents, Figure, Level, List, Paper, Quotation, Series, Table, Text,
};

/// A paper with these words wherever words can stand.
pub(crate) fn everywhere(words: &str) -> Paper {
    let cell = |words: &str| Cell::new(words);
    let mut paper = Paper::new(format!("題{words}"), format!("市{words}"), format!("日{words}"));
    paper.subtitle = Some(format!("副題{words}"));
    paper.upright(vec![
        Block::Contents(Contents { title: format!("目次{words}"), depth: Level::Third }),
        Block::numbered(Level::First, format!("章{words}")),
        Block::heading(Level::Second, format!("節{words}")),
        Block::paragraph(Text::from(format!("文{words}")).and(Text::bold(format!("太{words}")))),
        Block::list([format!("項{words}")]),
        Block::List(List { numbered: true, items: vec![format!("番{words}").into()] }),
        Block::note(format!("注{words}")),
        Block::fields([(format!("名{words}"), format!("値{words}"))]),
        Block::Table(Table {
            caption: Some(format!("表{words}").into()),
            columns: vec![1.0, 1.0],
            head: vec![vec![cell(&format!("頭{words}")), cell("二")]],
            rows: vec![vec![Cell::heading(format!("行{words}")), Cell::arrow()]],
        }),
        Block::Quotation(Quotation {
            who: format!("人{words}"),
            said: vec![format!("言{words}").into()],
            answer: Some(Answer { who: format!("課{words}"), said: vec![format!("答{words}").into()] }),
        }),
        Block::Figure(Figure {
            caption: format!("図{words}").into(),
            alt: format!("絵{words}"),
            chart: Chart {
                kind: ChartKind::Bars,
                unit: words.to_owned(),
                labels: vec![words.to_owned()],
                series: vec![Series { name: words.to_owned(), values: vec![Some(3.0)] }],
                target: None,
            },
        }),
    ])
}

/// The signs that stand before the words, in the order of the paper; the pictures' own words are not text.
pub(crate) const PLACES: [&str; 17] =
    ["章", "節", "文", "太", "項", "番", "注", "名", "値", "表", "頭", "行", "人", "言", "課", "答", "図"];
