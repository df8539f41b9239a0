#![doc = include_str!("../README.md")]

mod date;
mod era;
mod error;
mod fiscal;
mod read;
mod style;

pub use date::{long_date, long_date_with_weekday, parse_date, short_date};
pub use era::{Era, Wareki};
pub use error::ParseError;
pub use fiscal::{FiscalYear, parse_fiscal_year};
pub use style::Style;
