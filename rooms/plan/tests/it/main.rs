//! The plan in public, as people and programs see it.

mod contract;
mod counted;
mod desk;
mod desk_departments;
mod desk_documents;
mod desk_doors;
mod desk_list;
mod desk_together;
mod desk_writing;
mod downloads;
mod faults;
mod filters;
mod heard;
mod imports;
mod imports_at_desk;
mod languages;
mod mihon;
mod properties;
mod queries;
mod seeds;
mod snapshots;
mod standing;
mod update;
mod world;
