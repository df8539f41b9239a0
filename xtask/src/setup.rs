//! What a fresh Debian or Ubuntu machine lacks: as root it is installed with apt, otherwise the answer says
//! exactly what to type.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::postgres;
use crate::process::{cargo, find, is_root, output, run, workspace};

/// Debian 12 and Ubuntu 24.04 bring Node 18; the browser tests keep to versions that run on it.
const OLDEST_NODE: u32 = 18;

/// A thing that a step needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Need {
    Rustfmt,
    Clippy,
    Postgres,
    Node,
    Npm,
    Chromium,
    Fonts,
    Wrk,
}

impl Need {
    /// The name people know it by.
    fn name(self) -> &'static str {
        match self {
            Self::Rustfmt => "rustfmt",
            Self::Clippy => "clippy",
            Self::Postgres => "the PostgreSQL server",
            Self::Node => "Node 18 or newer",
            Self::Npm => "npm",
            Self::Chromium => "Chromium (or name one in KYODO_CHROMIUM)",
            Self::Fonts => "a Japanese font",
            Self::Wrk => "wrk",
        }
    }

    fn debian_package(self) -> Option<&'static str> {
        match self {
            Self::Rustfmt | Self::Clippy => None,
            Self::Postgres => Some("postgresql"),
            Self::Node => Some("nodejs"),
            Self::Npm => Some("npm"),
            // Ubuntu's package only fetches a snap, which does not run in a container.
            Self::Chromium => (!is_ubuntu()).then_some("chromium"),
            Self::Fonts => Some("fonts-noto-cjk"),
            Self::Wrk => Some("wrk"),
        }
    }

    fn is_met(self) -> bool {
        match self {
            Self::Rustfmt => output(cargo().args(["fmt", "--version"])).is_some(),
            Self::Clippy => output(cargo().args(["clippy", "--version"])).is_some(),
            Self::Postgres => postgres::server_binaries().is_some(),
            Self::Node => output(Command::new("node").arg("--version")).is_some_and(|text| node_is_new_enough(&text)),
            Self::Npm => find("npm").is_some(),
            Self::Chromium => chromium().is_some(),
            Self::Fonts => has_japanese_font(),
            Self::Wrk => find("wrk").is_some(),
        }
    }
}

/// Sees to it that everything is there.
pub(crate) fn ensure(needs: &[Need]) -> Result<(), String> {
    let missing = unmet(needs);
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|need| need.name()).collect();
    eprintln!("Missing here: {}.", names.join(", "));

    let components: Vec<&str> =
        missing.iter().filter(|need| matches!(need, Need::Rustfmt | Need::Clippy)).map(|need| need.name()).collect();
    if !components.is_empty() {
        if find("rustup").is_none() {
            return Err(format!("Install {} with the package manager that brought Rust.", components.join(" and ")));
        }
        run(Command::new("rustup").args(["component", "add"]).args(&components).current_dir(workspace()))?;
    }

    let packages: Vec<&str> = missing.iter().filter_map(|need| need.debian_package()).collect();
    if !packages.is_empty() {
        install(&packages)?;
    }
    if missing.contains(&Need::Chromium) && is_ubuntu() {
        fetch_chromium()?;
    }

    let missing: Vec<&str> = unmet(needs).iter().map(|need| need.name()).collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("Still missing: {}. Please install it by hand.", missing.join(", ")))
    }
}

/// The Chromium for the browser tests: the one that is named, the system's, or the one that Playwright keeps.
pub(crate) fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("KYODO_CHROMIUM") {
        return Some(PathBuf::from(named));
    }
    // On Ubuntu these names may be scripts that only ask for a snap, so each is asked for its version.
    let answers = |path: &PathBuf| output(Command::new(path).arg("--version")).is_some();
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .into_iter()
        .filter_map(find)
        .chain(playwright_chromium())
        .find(answers)
}

/// Our folder of browser tests.
pub(crate) fn e2e() -> PathBuf {
    workspace().join("e2e")
}

/// Installs the parts that `package-lock.json` names, unless they are there already.
pub(crate) fn install_node_modules() -> Result<(), String> {
    let lock = e2e().join("package-lock.json");
    let installed = e2e().join("node_modules").join(".package-lock.json");
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    if time(&installed).is_some_and(|done| Some(done) > time(&lock)) {
        return Ok(());
    }
    let npm = find("npm").ok_or("npm was not found")?;
    run(Command::new(npm)
        .args(["ci", "--no-audit", "--no-fund"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .current_dir(e2e()))
}

fn unmet(needs: &[Need]) -> Vec<Need> {
    needs.iter().copied().filter(|need| !need.is_met()).collect()
}

fn install(packages: &[&str]) -> Result<(), String> {
    let list = packages.join(" ");
    if find("apt-get").is_none() {
        return Err(format!("Please install what Debian calls: {list}"));
    }
    if !is_root() {
        return Err(format!(
            "Please type:\n    sudo apt-get update && sudo apt-get install --yes --no-install-recommends {list}"
        ));
    }
    let apt = || {
        let mut apt = Command::new("apt-get");
        // Another apt may be at work, on a machine that is just being set up.
        apt.args(["-o", "DPkg::Lock::Timeout=600"]).env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    run(apt().arg("update"))?;
    run(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

/// Where apt has no Chromium of its own, Playwright has.
fn fetch_chromium() -> Result<(), String> {
    if !is_root() {
        return Err(
            "Please type in the folder e2e:\n    npm ci && npx playwright install --with-deps --no-shell chromium"
                .into(),
        );
    }
    install_node_modules()?;
    run(playwright().args(["install", "--with-deps", "--no-shell", "chromium"]))
}

fn playwright_chromium() -> Option<PathBuf> {
    let script = "process.stdout.write(require('playwright-core').chromium.executablePath())";
    let path = output(Command::new("node").args(["-e", script]).current_dir(e2e()))?;
    Some(PathBuf::from(path)).filter(|path| path.is_file())
}

/// Playwright's command line, without npx in between.
pub(crate) fn playwright() -> Command {
    let script: PathBuf = ["node_modules", "@playwright", "test", "cli.js"].iter().collect();
    let mut command = Command::new("node");
    command.arg(script).current_dir(e2e());
    command
}

fn has_japanese_font() -> bool {
    output(Command::new("fc-list").arg(":lang=ja")).is_some_and(|fonts| !fonts.is_empty())
        || Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file()
}

fn is_ubuntu() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|text| text.lines().any(|line| line == "ID=ubuntu"))
}

fn node_is_new_enough(version: &str) -> bool {
    version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok())
        .is_some_and(|major| major >= OLDEST_NODE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_nodes_are_refused() {
        assert!(node_is_new_enough("v18.20.4"));
        assert!(node_is_new_enough("v24.0.0"));
        assert!(!node_is_new_enough("v12.22.9"));
        assert!(!node_is_new_enough("no version"));
    }

    #[test]
    fn what_needs_nothing_is_ready() {
        assert_eq!(ensure(&[]), Ok(()));
    }
}
