//! The five plans as their documents print them. The tables in here were typed from the documents, not from
//! the packs, so that the two check each other.

mod honjo;
mod ichinoseki;
mod kikugawa;
mod shinjo;
mod together;
mod yamaguchi;
