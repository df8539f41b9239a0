//! The load generator: runs `wrk` and reads what it prints.

use std::cmp::Ordering;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::CITY;
use super::server::Server;
use crate::process::output;

/// At the same time, unless a load says otherwise.
pub(crate) const CONNECTIONS: u32 = 64;

/// What one run of the load generator showed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    pub(crate) per_second: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    /// Answers that were no success, and connections that broke.
    pub(crate) errors: u64,
}

impl Reading {
    /// The reading in the middle, by requests per second, with the errors of all.
    pub(crate) fn median(readings: &[Self]) -> Option<Self> {
        let mut sorted = readings.to_vec();
        sorted.sort_by(|one, other| one.per_second.partial_cmp(&other.per_second).unwrap_or(Ordering::Equal));
        let mut median = sorted.get(sorted.len() / 2)?.clone();
        median.errors = readings.iter().map(|reading| reading.errors).sum();
        Some(median)
    }
}

/// What is asked of a server, again and again.
pub(crate) struct Load<'a> {
    server: &'a Server,
    path: &'a str,
    connections: u32,
    headers: Vec<String>,
    script: Option<&'a Path>,
}

impl<'a> Load<'a> {
    pub(crate) fn of(server: &'a Server, path: &'a str) -> Self {
        let headers = vec![format!("Host: {}", server.host(CITY))];
        Self { server, path, connections: CONNECTIONS, headers, script: None }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push(format!("{name}: {value}"));
        self
    }

    pub(crate) fn connections(self, connections: u32) -> Self {
        Self { connections, ..self }
    }

    /// Makes each request by a script in Lua.
    pub(crate) fn script(self, script: &'a Path) -> Self {
        Self { script: Some(script), ..self }
    }

    /// One thread is enough to keep two cores busy and leaves the server most of them.
    pub(crate) fn measure(&self, seconds: u64) -> Result<Reading, String> {
        let path = self.path;
        let mut wrk = Command::new("wrk");
        wrk.args(["--threads", "1", "--timeout", "30s", "--latency"]).args([
            "--connections",
            &self.connections.to_string(),
            "--duration",
            &format!("{seconds}s"),
        ]);
        for header in &self.headers {
            wrk.args(["--header", header]);
        }
        if let Some(script) = self.script {
            wrk.arg("--script").arg(script);
        }
        wrk.arg(format!("http://127.0.0.1:{}{path}", self.server.port()));
        let text = output(&mut wrk).ok_or_else(|| format!("wrk failed on {path}"))?;
        parse(&text).ok_or_else(|| format!("wrk said something new about {path}:\n{text}"))
    }
}

fn parse(text: &str) -> Option<Reading> {
    let after = |label: &str| text.lines().find_map(|line| line.trim().strip_prefix(label)).map(str::trim);
    let broken: u64 = after("Socket errors:").map_or(0, |line| line.split(", ").filter_map(last_number).sum());
    let refused = after("Non-2xx or 3xx responses:").and_then(last_number).unwrap_or(0);
    Some(Reading {
        per_second: after("Requests/sec:")?.parse().ok()?,
        p50: duration(after("50%")?)?,
        p99: duration(after("99%")?)?,
        errors: broken + refused,
    })
}

fn last_number(text: &str) -> Option<u64> {
    text.split_whitespace().last()?.parse().ok()
}

/// `1.20ms` and its kin.
fn duration(text: &str) -> Option<Duration> {
    let unit = text.find(|letter: char| letter.is_ascii_alphabetic())?;
    let seconds = match &text[unit..] {
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    let number: f64 = text[..unit].parse().ok()?;
    Duration::try_from_secs_f64(number * seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: &str = "\
Running 2s test @ http://127.0.0.1:8080/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.23ms  456.00us  12.34ms   89.01%
    Req/Sec    50.12k     1.23k   53.00k    70.00%
  Latency Distribution
     50%  980.00us
     75%    1.40ms
     90%    1.80ms
     99%    3.00ms
  100246 requests in 2.00s, 12.34MB read
Requests/sec:  50012.34
Transfer/sec:      6.17MB
";

    #[test]
    fn a_quiet_run_is_read() {
        let wanted =
            Reading { per_second: 50012.34, p50: Duration::from_micros(980), p99: Duration::from_millis(3), errors: 0 };
        assert_eq!(parse(QUIET), Some(wanted));
    }

    #[test]
    fn errors_of_both_kinds_are_counted() {
        let errors =
            "  Socket errors: connect 1, read 2, write 0, timeout 3\n  Non-2xx or 3xx responses: 12\nRequests/sec:";
        let text = QUIET.replace("Requests/sec:", errors);
        assert_eq!(parse(&text).map(|reading| reading.errors), Some(18));
    }

    #[test]
    fn what_is_no_answer_is_no_reading() {
        assert_eq!(parse("unable to connect to 127.0.0.1:9 Connection refused"), None);
    }

    #[test]
    fn every_unit_is_known() {
        let seconds = |text| duration(text).map(|time| time.as_secs_f64());
        assert_eq!(seconds("250.00us"), Some(0.00025));
        assert_eq!(seconds("1.50s"), Some(1.5));
        assert_eq!(seconds("2.00m"), Some(120.0));
        assert_eq!(seconds("2.00"), None);
    }

    #[test]
    fn the_median_keeps_all_errors() {
        let reading = |per_second, errors| Reading { per_second, p50: Duration::ZERO, p99: Duration::ZERO, errors };
        let median = Reading::median(&[reading(3.0, 1), reading(1.0, 0), reading(2.0, 4)]);
        assert_eq!(median, Some(reading(2.0, 5)));
        assert_eq!(Reading::median(&[]), None);
    }
}
