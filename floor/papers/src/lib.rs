#![doc = include_str!("../README.md")]

mod chart;
mod docx;
mod faces;
mod letters;
mod outline;
mod paper;
mod pdf;
mod sheet;
mod table;

pub use docx::{WordFonts, docx, docx_in};
pub use paper::{
    Accent, Align, Answer, Block, Cell, Chart, ChartKind, Content, Contents, Field, Figure, Heading, Level, List,
    Numbering, Paper, Part, Quotation, Run, Series, Table, Target, Text,
};
pub use pdf::pdf;
pub use table::TableFault;

/// Why a paper became no file. Each is a fault of whoever made the paper or of this crate; no text can cause one.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A table whose cells do not fit into it.
    #[error("the table {caption:?}: {fault}")]
    Table {
        /// What stands above the table.
        caption: String,
        /// What is wrong.
        fault: TableFault,
    },
    /// Type could not be set.
    #[error("the paper could not be set: {0}")]
    Type(String),
    /// The file could not be put together.
    #[error("the file could not be put together: {0}")]
    Pack(String),
}

impl Error {
    fn of_table(table: &Table, fault: TableFault) -> Self {
        Self::Table { caption: table.caption.as_ref().map(Text::plain).unwrap_or_default(), fault }
    }
}
