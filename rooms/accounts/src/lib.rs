#![doc = include_str!("../README.md")]

pub mod codes;
pub mod oidc;
pub mod passkeys;
pub mod password;
pub mod sheet;
pub mod stafflist;
