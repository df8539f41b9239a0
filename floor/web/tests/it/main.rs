//! What is between a browser and a room: hosts, headers, languages, errors, kept pages.

mod errors;
mod files;
mod forms;
mod headers;
mod hosts;
mod isolation;
mod keeping;
mod languages;
mod operating;
mod remembering;
mod rooms;
mod viewing;
