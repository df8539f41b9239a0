#![doc = include_str!("../README.md")]

mod bigram;
mod fold;
mod highlight;
mod key;
mod readings;
mod sort;

pub use bigram::{bigrams, fts5_query, phrase_query, tsquery, tsvector};
pub use fold::{half_width, half_width_digits, phone_like};
pub use highlight::{Snippet, highlight, snippet};
pub use key::{Key, search_key};
pub use readings::{Piece, Readings};
pub use sort::sort_key;
