//! The plan in public, as people and programs see it.

mod contract;
mod counted;
mod downloads;
mod faults;
mod filters;
mod heard;
mod languages;
mod mihon;
mod properties;
mod queries;
mod seeds;
mod snapshots;
mod standing;
mod update;
mod world;
