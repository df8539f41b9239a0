#![doc = include_str!("../README.md")]
#![expect(clippy::missing_panics_doc, reason = "a testkit speaks by panicking")]

mod book;
mod corridor;
mod database;
mod house;
mod inspector;
mod links;
mod messages;
mod pack;
mod page;
mod sentences;
mod visitor;
mod walk;

pub use book::Book;
pub use database::{TestDatabase, is_postgres};
pub use house::{RunningHouse, TestCity, TestHouse};
pub use inspector::faults_of_html;
pub use messages::{every_message_is_in_every_language, faults_of_messages};
pub use pack::{TestPack, told};
pub use page::{FormOnPage, Link, Page};
pub use sentences::{every_sentence_is_understood, schema_of};
pub use visitor::Visitor;
pub use walk::{every_public_page, public_paths};
