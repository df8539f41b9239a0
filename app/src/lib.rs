//! The binary `kyodo`: the list of rooms, the commands, and what stands around the house on one machine.
//!
//! | file | what lives there |
//! | --- | --- |
//! | `commands/` | one file per command: its arguments, and what it does |
//! | `settings.rs`, `config.rs` | the table of settings; what is in force and where it comes from |
//! | `data.rs`, `packs.rs`, `create.rs` | the data folder, the packs, how a city comes into being |
//! | `serve.rs`, `listen.rs`, `proxy.rs` | cities opened, addresses bound, pages answered until somebody says stop |
//! | `gates.rs`, `files.rs` | identity providers opened at the start; where uploads lie |
//! | `people.rs` | accounts opened and duties given without a page |
//! | `workers.rs`, `presence.rs` | jobs done behind the pages; which processes live |
//! | `corridor/`, `demo/` | pages that belong to no room; the made-up year of the demo |

pub mod announce;
pub mod commands;
pub mod config;
pub mod corridor;
pub mod create;
pub mod data;
pub mod demo;
pub mod failure;
pub mod files;
pub mod gates;
pub mod listen;
pub mod logs;
pub mod packs;
mod people;
pub mod platform;
pub mod presence;
pub mod proxy;
pub mod serve;
pub mod settings;
pub mod terminal;
pub mod workers;

use kyodo_web::Room;

/// Every room of the house, in the order of the navigation.
#[must_use]
pub fn rooms() -> Vec<Room> {
    vec![kyodo_plan::room(), kyodo_accounts::room(), corridor::room()]
}
