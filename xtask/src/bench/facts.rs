//! Figures counted from many facts: read as a page reads them, and counted again from nothing, beside one bare scan of
//! the table.

use std::time::Duration;

use super::server::Mode;
use super::writes::word_of;
use super::{Bench, CITY};
use crate::process::output;

#[derive(Debug, PartialEq)]
pub(crate) struct FactFigures {
    pub(crate) facts: u64,
    /// One bare scan of the table.
    pub(crate) scan: Duration,
    /// Everything counted again from the facts.
    pub(crate) recount: Duration,
    /// The figures of one indicator.
    pub(crate) one: Duration,
    /// The figures of every indicator of the plan.
    pub(crate) all: Duration,
}

impl Bench<'_> {
    pub(super) fn facts(&self, facts: u64) -> Result<FactFigures, String> {
        // There must be a city to fill.
        drop(self.ready("demo", Mode::Production)?);
        let text = output(self.command("bench-facts").args(["--city", CITY, "--rows", &facts.to_string()]));
        let text = text.ok_or("kyodo bench-facts failed")?;
        figures_of(&text).ok_or_else(|| format!("kyodo bench-facts said something new: {text}"))
    }
}

fn figures_of(text: &str) -> Option<FactFigures> {
    let micros = |name| word_of(text, name)?.parse().ok().map(Duration::from_micros);
    Some(FactFigures {
        facts: word_of(text, "facts")?.parse().ok()?,
        scan: micros("scan")?,
        recount: micros("recount")?,
        one: micros("one")?,
        all: micros("all")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_command_says_is_read() {
        let figures = figures_of("facts=1000 scan=2000 recount=5000 one=300 all=900").expect("figures");
        assert_eq!((figures.facts, figures.scan), (1000, Duration::from_millis(2)));
        assert_eq!(figures_of("facts=1000 scan=2000"), None);
    }
}
