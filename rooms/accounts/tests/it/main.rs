//! The accounts room, seen from outside.

mod audit_pages;
mod departments;
mod handover;
mod jobs_pages;
mod mail_pages;
mod oidc;
mod own;
mod people;
mod sign_in;
mod stafflists;
mod world;
