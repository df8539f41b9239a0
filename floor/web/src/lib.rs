#![doc = include_str!("../README.md")]

pub mod answer;
pub mod api;
mod assets;
pub mod components;
mod ctx;
mod door;
mod error;
pub mod file;
pub mod filters;
pub mod form;
pub mod format;
mod frame;
mod house;
mod keep;
mod lobby;
mod operation;
mod params;
mod phrases;
mod room;
pub mod session;
pub mod sheet;
pub mod unsent;
mod upload;

pub use answer::Page;
pub use ctx::Ctx;
pub use door::{Client, Entrance};
pub use error::{Error, Refusal, Result};
pub use file::FileAnswer;
pub use form::{Change, Faults, Form, Wrong};
pub use frame::{Arg, Crumb, Frame, Html, Paper};
pub use house::{House, Settings, hearers, messages, migrations, pack_parts};
pub use operation::record_metrics;
pub use params::{KeyPath, Params, TwoKeys};
pub use room::{
    Access, DESK, DeskItem, FrontBlock, HandedIn, HandedInBy, NavItem, Needs, Room, Route, Routes, Task, Tasks, Wrote,
};
pub use upload::{Sent, Upload};

use kyodo_kernel::Language;
use kyodo_kernel::words::MessageFile;

/// The words of the frame itself, beside those of the rooms.
pub const MESSAGES: &[MessageFile] = &[
    MessageFile { language: Language::Japanese, text: include_str!("../messages/ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../messages/ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../messages/en.ftl") },
];
