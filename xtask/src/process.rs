//! Other programs: finding them, running them, and waiting until they answer.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The folder of the workspace. Cargo says where it is at run time, so a moved folder still works.
pub(crate) fn workspace() -> PathBuf {
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or(manifest.clone(), Path::to_path_buf)
}

/// The folder that cargo builds into.
pub(crate) fn target_folder() -> Result<PathBuf, String> {
    let mut metadata = cargo();
    metadata.args(["metadata", "--no-deps", "--format-version", "1"]);
    let text = output(&mut metadata).ok_or("cargo metadata failed")?;
    let value: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| format!("cargo metadata could not be read: {error}"))?;
    value["target_directory"].as_str().map(PathBuf::from).ok_or_else(|| "cargo metadata names no target folder".into())
}

/// Cargo in the workspace, with the variables taken away that describe xtask itself: build scripts that
/// watch them would otherwise build everything again, here and in the developer's next plain `cargo test`.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(workspace());
    forget(&mut cargo, &["CARGO", "CARGO_PKG_*", "CARGO_MANIFEST_*", "KYODO_*"]);
    cargo
}

/// A program of ours, free of the settings that the developer's shell happens to carry.
pub(crate) fn ours(program: &Path) -> Command {
    let mut command = Command::new(program);
    forget(&mut command, &["KYODO_*"]);
    command
}

/// Takes variables away from a command, by name or by the beginning of it.
fn forget(command: &mut Command, names: &[&str]) {
    for (variable, _) in std::env::vars_os() {
        let text = variable.to_string_lossy();
        let is_meant = |name: &&str| match name.strip_suffix('*') {
            Some(beginning) => text.starts_with(beginning),
            None => text == *name,
        };
        if names.iter().any(is_meant) {
            command.env_remove(&variable);
        }
    }
}

/// A program on the PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(&file)).find(|path| path.is_file())
}

pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).as_deref() == Some("0")
}

/// Runs a program that speaks to the terminal itself.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{} could not be started: {error}", said(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", said(command))) }
}

/// Our program, built together with the tests: alone it would be built a second time, with other features of its libraries.
pub(crate) fn our_program() -> Result<PathBuf, String> {
    run(cargo().args(["test", "--workspace", "--no-run", "--quiet"]))?;
    Ok(target_folder()?.join("debug").join(format!("kyodo{}", std::env::consts::EXE_SUFFIX)))
}

/// Runs a program whose words matter only when it fails.
pub(crate) fn run_quietly(command: &mut Command) -> Result<(), String> {
    let done = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{} could not be started: {error}", said(command)))?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!(
        "{} ended with {}\n{}{}",
        said(command),
        done.status,
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    ))
}

/// What a program prints, or nothing when it is absent or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let done = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).trim().to_owned())
}

/// Asks until there is an answer, or until the time is over. The pause between two questions only spares
/// the processor; what counts is the answer.
pub(crate) fn poll<T>(
    what: &str,
    within: Duration,
    every: Duration,
    mut ask: impl FnMut() -> Result<Option<T>, String>,
) -> Result<T, String> {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        if begun.elapsed() > within {
            return Err(format!("{what} took longer than {} s", within.as_secs()));
        }
        thread::sleep(every);
    }
}

/// The command as people would type it.
fn said(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(name).chain(command.get_args()).map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polling_ends_with_the_answer_or_with_the_deadline() {
        let mut asked = 0;
        let answer = poll("counting", Duration::from_secs(5), Duration::ZERO, || {
            asked += 1;
            Ok((asked == 3).then_some(asked))
        });
        assert_eq!(answer, Ok(3));

        let late = poll::<()>("nothing", Duration::ZERO, Duration::from_millis(1), || Ok(None));
        assert_eq!(late, Err("nothing took longer than 0 s".into()));
    }

    #[test]
    fn cargo_is_not_told_about_xtask_itself() {
        assert!(cargo().get_envs().all(|(_, value)| value.is_none()));
    }
}
