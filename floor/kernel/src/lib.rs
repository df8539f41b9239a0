#![doc = include_str!("../README.md")]

pub mod audit;
pub mod catalogue;
pub mod chance;
pub mod cities;
pub mod city;
pub mod clock;
pub mod drafts;
pub mod facts;
pub mod files;
pub mod jobs;
pub mod kept;
pub mod language;
pub mod mail;
pub mod notices;
pub mod once;
pub mod pack;
pub mod people;
pub mod personal;
pub mod profile;
pub mod search;
pub mod secret;
mod shared;
mod store;
pub mod throttle;
pub mod views;
pub mod words;
pub mod workbook;

pub use chance::Chance;
pub use cities::{Cities, Seat};
pub use city::{City, CityState};
pub use clock::Clock;
pub use kyodo_wareki::FiscalYear;
pub use language::Language;
pub use people::Actor;
pub use secret::Secret;
pub use store::sentences;

use kyodo_db::Migration;

/// The tables every city has, whatever rooms it uses.
pub const MIGRATIONS: &[Migration] = &[
    Migration { room: "kernel", name: "0001_city", sql: include_str!("../migrations/0001_city.sql") },
    Migration { room: "kernel", name: "0002_people", sql: include_str!("../migrations/0002_people.sql") },
    Migration { room: "kernel", name: "0003_audit", sql: include_str!("../migrations/0003_audit.sql") },
    Migration { room: "kernel", name: "0004_jobs", sql: include_str!("../migrations/0004_jobs.sql") },
    Migration { room: "kernel", name: "0005_files", sql: include_str!("../migrations/0005_files.sql") },
];
