//! The nouns that every room points at: packs, facts, words, search, time.

mod catalogue;
mod clock;
mod facts;
mod fuzz;
mod jobs;
mod mail;
mod packs;
mod previews;
mod search;
mod views;
mod words;
