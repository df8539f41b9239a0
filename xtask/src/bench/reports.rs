//! The report of a year with all items of the longest plan, in every format: made once, and asked for again. One request at a
//! time, because a document is made once and then kept.

use std::time::{Duration, Instant};

use super::{Bench, Mode};
use crate::server::Server;

/// The city with the longest plan, and a year of which everything is reported.
const LONGEST: &str = "yamaguchi";
const REPORT: &str = "/plan/reports/2012";
/// So often it is asked for again, of which the median counts.
const AGAIN: usize = 5;

/// A format, as its row says it, and what stands behind the address.
const FORMATS: [(&str, &str); 5] = [
    ("the page", ""),
    ("CSV", "?format=csv"),
    ("Excel", "?format=xlsx"),
    ("PDF", "?format=pdf"),
    ("Word", "?format=docx"),
];

pub(crate) struct ReportFigures {
    pub(crate) format: &'static str,
    pub(crate) bytes: usize,
    /// Asked for the first time since the process began.
    pub(crate) first: Duration,
    pub(crate) again: Duration,
}

impl Bench<'_> {
    pub(super) fn reports(&self) -> Result<Vec<ReportFigures>, String> {
        let server = self.ready("demo", Mode::Production)?;
        // What the first request of a city reads is no part of its report.
        server.get(LONGEST, "/plan")?;
        FORMATS.iter().map(|(format, query)| figures(&server, format, &format!("{REPORT}{query}"))).collect()
    }
}

fn figures(server: &Server, format: &'static str, address: &str) -> Result<ReportFigures, String> {
    let ask = || -> Result<(Duration, usize), String> {
        let begun = Instant::now();
        let answer = server.get(LONGEST, address)?;
        if answer.status != 200 {
            return Err(format!("{address} was answered with {}", answer.status));
        }
        Ok((begun.elapsed(), answer.body.len()))
    };
    let (first, bytes) = ask()?;
    let mut again = (0..AGAIN).map(|_| ask().map(|(time, _)| time)).collect::<Result<Vec<_>, _>>()?;
    again.sort();
    Ok(ReportFigures { format, bytes, first, again: again[AGAIN / 2] })
}
