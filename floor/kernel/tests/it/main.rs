//! The nouns that every room points at: packs, facts, words, search, time.

mod audit;
mod catalogue;
mod clock;
mod facts;
mod files;
mod fuzz;
mod jobs;
mod mail;
mod packs;
mod people;
mod previews;
mod search;
mod views;
mod words;
mod workbooks;
