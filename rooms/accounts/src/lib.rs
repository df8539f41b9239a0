#![doc = include_str!("../README.md")]

pub mod codes;
pub mod locked;
pub mod oidc;
pub mod passkeys;
pub mod password;
