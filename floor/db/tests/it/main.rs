//! One SQL text on two databases: what goes in comes out, what fails leaves nothing.

mod migrations;
mod transactions;
mod values;
