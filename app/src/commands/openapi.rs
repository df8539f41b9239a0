//! `kyodo openapi`: the description of the public API, the same as `/api/openapi.json`.

use clap::Command;
use kyodo_kernel::{Cities, Clock};
use kyodo_web::{House, Settings};

use crate::failure::{OrTell, Result};
use crate::{rooms, terminal};

pub(super) fn command() -> Command {
    Command::new("openapi").about("公開APIの説明（OpenAPI、JSON）を表示します")
}

pub(super) fn run() -> Result<()> {
    let house = House::new(rooms(), Cities::default(), Clock::Real, Settings::default());
    let text = house.api().to_pretty_json().or_tell(|| "APIの説明を書き出せません。".to_owned())?;
    terminal::print(&(text + "\n"))
}
