//! A plan of two thousand lines more comes in from a spreadsheet, as the command line does it: looked at, brought in, and brought
//! in again.

use std::fmt::Write;
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use super::{Bench, CITY, TODAY};
use crate::process::{ours, output, run_quietly};

/// So many lines come.
pub(crate) const LINES: u32 = 2_000;

pub(crate) struct ImportFigures {
    pub(crate) look: Duration,
    pub(crate) bring: Duration,
    pub(crate) again: Duration,
}

impl Bench<'_> {
    pub(super) fn imports(&self) -> Result<ImportFigures, String> {
        // There must be a city with a plan.
        drop(self.ready("demo", super::Mode::Production)?);
        let mut plan = output(self.plan().args(["export", "--city", CITY, "--format", "csv"]).args(self.place()))
            .ok_or("kyodo plan export did not write the plan")?;
        // The columns of the documented shape: 種別, キー, 番号, 段, 名称.
        plan.push_str("\r\n");
        for n in 1..=LINES {
            let _ = write!(plan, "計画,1-1-{},取組{n},,見本の取組 その{n}\r\n", 1_000 + n);
        }
        let file = self.data.path().join("plan.csv");
        fs::write(&file, plan).map_err(|error| format!("{}: {error}", file.display()))?;
        let import = |also: &[&str]| -> Result<Duration, String> {
            let begun = Instant::now();
            run_quietly(self.plan().arg("import").arg(&file).args(["--city", CITY]).args(self.place()).args(also))?;
            Ok(begun.elapsed())
        };
        Ok(ImportFigures { look: import(&["--dry-run"])?, bring: import(&[])?, again: import(&[])? })
    }

    fn plan(&self) -> Command {
        let mut command = ours(self.program);
        command.arg("plan").envs(self.database());
        command
    }

    fn place(&self) -> [String; 4] {
        let data = self.data_folder().to_string_lossy().into_owned();
        ["--data".to_owned(), data, "--today".to_owned(), TODAY.to_owned()]
    }
}
