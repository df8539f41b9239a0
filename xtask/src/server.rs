//! A `kyodo` process under measurement or under torture: started on a free port, asked, weighed, and ended.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::http::{self, Answer, Question};
use crate::process::{ours, poll};

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    Production,
    /// Answers tell how many queries they took.
    Development,
}

pub(crate) struct Server {
    child: Child,
    port: u16,
}

/// The day on which a measurement happens: the demo's. Sessions that begin on it are good on it.
pub(crate) const TODAY: &str = "2026-11-20";

impl Server {
    pub(crate) fn start(
        program: &Path,
        command: &str,
        data: &Path,
        database: Option<(&str, String)>,
        mode: Mode,
    ) -> Result<Self, String> {
        let mut kyodo = ours(program);
        kyodo.arg(command).arg("--data").arg(data);
        kyodo.args(["--log", "error", "--today", TODAY, "--rate-limits=false"]).envs(database).stdout(Stdio::null());
        if mode == Mode::Development {
            kyodo.env("KYODO_DEVELOPMENT", "1");
        }
        Self::run(kyodo, free_port()?)
    }

    /// Runs a command that serves, on this port.
    pub(crate) fn run(mut command: Command, port: u16) -> Result<Self, String> {
        command.arg("--listen").arg(format!("127.0.0.1:{port}")).stdin(Stdio::null());
        let name = command.get_program().to_owned();
        let child = command.spawn().map_err(|error| format!("{}: {error}", Path::new(&name).display()))?;
        Ok(Self { child, port })
    }

    /// How it ended, when it did so by itself.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn host(&self, city: &str) -> String {
        format!("{city}.localhost:{}", self.port)
    }

    /// Waits for the first good answer.
    pub(crate) fn wait_for(&self, path: &str) -> Result<(), String> {
        let host = format!("localhost:{}", self.port);
        let within = Duration::from_mins(2);
        poll("the start of kyodo", within, Duration::from_millis(1), || {
            // Until the port is open there is only the refusal to connect.
            Ok(http::ask(self.port, &host, Question { path, ..Question::default() })
                .ok()
                .filter(|answer| answer.status == 200)
                .map(drop))
        })
    }

    pub(crate) fn get(&self, city: &str, path: &str) -> Result<Answer, String> {
        self.get_as(city, path, &[])
    }

    /// Gets a page with these headers, as somebody who is signed in does.
    pub(crate) fn get_as(&self, city: &str, path: &str, headers: &[(&str, &str)]) -> Result<Answer, String> {
        good(path, self.ask(city, Question { path, headers, ..Question::default() })?)
    }

    /// Asks whatever it is, and takes any answer.
    pub(crate) fn ask(&self, city: &str, question: Question<'_>) -> Result<Answer, String> {
        http::ask(self.port, &self.host(city), question)
    }

    /// The bytes that a first visit takes: the page, and the styles, scripts and pictures it names.
    pub(crate) fn first_visit(&self, city: &str, path: &str) -> Result<u64, String> {
        let page = self.get(city, path)?.text();
        let mut paths = vec![path.to_owned()];
        paths.extend(parts_of(&page));
        let mut bytes = 0;
        for path in paths {
            bytes += self.get_as(city, &path, &[("Accept-Encoding", "br, gzip")])?.body.len() as u64;
        }
        Ok(bytes)
    }

    /// Resident memory in bytes, where the system tells.
    pub(crate) fn resident_memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Kyodo survives a kill at any moment, and nothing is left to do about one that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody listens on.
fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    Ok(listener.map_err(|error| format!("no free port: {error}"))?.port())
}

fn good(path: &str, answer: Answer) -> Result<Answer, String> {
    if answer.status == 200 { Ok(answer) } else { Err(format!("{path} answered {}", answer.status)) }
}

/// The addresses on our own host that a browser fetches with the page, each once.
fn parts_of(page: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for tag in page.split('<').filter_map(|rest| rest.split('>').next()) {
        let address = match tag.split_whitespace().next() {
            Some("link") if tag.contains("stylesheet") || tag.contains("preload") => attribute(tag, "href"),
            Some("script" | "img") => attribute(tag, "src"),
            _ => None,
        };
        let Some(address) = address.filter(|address| address.starts_with('/')) else {
            continue;
        };
        if !parts.contains(&address) {
            parts.push(address);
        }
    }
    parts
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?;
    Some(value.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_fetches_styles_scripts_and_pictures_once() {
        let page = r#"<link rel="stylesheet" href="/a.css?x=1&amp;y=2"><link rel="icon" href="/i.svg">
            <script type="module" src="/a.js"></script><script src="/a.js"></script><script>var x = "</p>"</script>
            <img alt="" src="/p.png"><a href="/next">next</a>"#;
        assert_eq!(parts_of(page), ["/a.css?x=1&y=2", "/a.js", "/p.png"]);
    }
}
