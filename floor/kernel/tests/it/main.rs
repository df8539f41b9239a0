//! The nouns that every room points at: packs, facts, words, search, time.

mod catalogue;
mod clock;
mod facts;
mod files;
mod fuzz;
mod packs;
mod previews;
mod search;
mod views;
mod words;
