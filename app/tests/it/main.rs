//! The real binary, run as a person runs it: in a folder of its own, with arguments, looking at what it says.

mod city;
mod config;
mod demo;
mod help;
mod house;
mod mail;
mod plan;
mod recount;
mod serve;
mod user;
mod world;
