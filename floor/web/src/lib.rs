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
pub mod format;
mod frame;
mod house;
mod keep;
mod lobby;
mod operation;
mod params;
mod room;
pub mod sheet;
mod upload;

pub use answer::Page;
pub use ctx::Ctx;
pub use door::Entrance;
pub use error::{Error, Result};
pub use file::FileAnswer;
pub use frame::{Arg, Crumb, Frame, Html, Paper};
pub use house::{House, Settings, messages, migrations, pack_parts};
pub use operation::record_metrics;
pub use params::{KeyPath, Params};
pub use room::{Access, FrontBlock, NavItem, Room, Route, Routes};
pub use upload::{Sent, Upload};

use kyodo_kernel::Language;
use kyodo_kernel::words::MessageFile;

/// The words of the frame itself, beside those of the rooms.
pub const MESSAGES: &[MessageFile] = &[
    MessageFile { language: Language::Japanese, text: include_str!("../messages/ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../messages/ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../messages/en.ftl") },
];
