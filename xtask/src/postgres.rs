//! A PostgreSQL server of our own: made in a temporary folder, reached by a unix socket only (so there is
//! no port to fight over), and gone at the end, whatever happens.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::process::{find, is_root, output, poll, run_quietly};

/// The server ends when its standard input closes. A pipe closes also when this process is killed, so no
/// server is ever left behind. A shell gives background programs an empty input, hence the third channel.
const KEEPER: &str = r#"
exec 3<&0
"$@" 3<&- &
server=$!
{ read -r line <&3; kill -QUIT "$server"; } &
wait "$server"
"#;

/// Linux keeps a socket's path in 108 bytes.
const LONGEST_SOCKET: usize = 107;

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Durability {
    /// Nothing needs to outlive the run: as fast as it can.
    Tests,
    /// As in production, for honest measurements.
    Full,
}

pub(crate) struct Postgres {
    keeper: Child,
    folder: TempDir,
}

impl Postgres {
    pub(crate) fn start(durability: Durability) -> Result<Self, String> {
        let bin = server_binaries().ok_or("PostgreSQL's initdb and postgres were not found")?;
        let folder = tempfile::Builder::new()
            .prefix("kyodo-postgres-")
            .tempdir()
            .map_err(|error| format!("no temporary folder: {error}"))?;
        let socket = folder.path().join("socket");
        let address = socket.join(".s.PGSQL.5432");
        if address.as_os_str().len() > LONGEST_SOCKET {
            return Err(format!("{} is too long for a socket: set TMPDIR to a shorter folder", address.display()));
        }
        let log = fs::create_dir(&socket)
            .and_then(|()| File::create(folder.path().join("log")))
            .map_err(|error| format!("{}: {error}", folder.path().display()))?;
        if is_root() {
            // initdb refuses to run as root.
            run_quietly(Command::new("chown").args(["-R", "postgres"]).arg(folder.path()))?;
        }

        let data = folder.path().join("data");
        let mut initdb = unprivileged(&bin.join("initdb"));
        initdb
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"])
            .arg(&data)
            .current_dir(folder.path());
        run_quietly(&mut initdb)?;

        let mut keeper = unprivileged(Path::new("sh"));
        keeper.args(["-c", KEEPER, "sh"]).arg(bin.join("postgres")).arg("-D").arg(&data).arg("-k").arg(&socket);
        for setting in settings(durability) {
            keeper.args(["-c", setting]);
        }
        let log_too = log.try_clone().map_err(|error| format!("the log of PostgreSQL: {error}"))?;
        let keeper = keeper
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(log)
            .stderr(log_too)
            .spawn()
            .map_err(|error| format!("PostgreSQL could not be started: {error}"))?;

        let mut server = Self { keeper, folder };
        server.wait_until_ready(&bin)?;
        Ok(server)
    }

    /// The address as sqlx takes it: the folder of the socket stands in `host`.
    pub(crate) fn address(&self) -> String {
        let socket = percent_encoded(&self.folder.path().join("socket").to_string_lossy());
        format!("postgres://postgres@localhost/postgres?host={socket}")
    }

    fn wait_until_ready(&mut self, bin: &Path) -> Result<(), String> {
        let socket = self.folder.path().join("socket");
        let log = self.folder.path().join("log");
        let keeper = &mut self.keeper;
        let with_log = |message: String| {
            let words = fs::read_to_string(&log).unwrap_or_default();
            format!("{message}\n{words}")
        };
        poll("PostgreSQL", Duration::from_mins(1), Duration::from_millis(20), || {
            if let Ok(Some(status)) = keeper.try_wait() {
                return Err(format!("PostgreSQL ended at once with {status}"));
            }
            let mut ask = Command::new(bin.join("pg_isready"));
            Ok(output(ask.arg("--quiet").arg("--host").arg(&socket)).map(drop))
        })
        .map_err(with_log)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Nothing is left to do about a server that cannot be waited for.
        let _ = self.keeper.wait();
    }
}

/// The folder with `initdb` and `postgres`: the newest of Debian's, or wherever they are on the PATH.
pub(crate) fn server_binaries() -> Option<PathBuf> {
    let complete =
        |folder: &PathBuf| ["initdb", "postgres", "pg_isready"].iter().all(|name| folder.join(name).is_file());
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| complete(folder))
        .collect();
    versions.sort();
    versions
        .pop()
        .map(|(_, folder)| folder)
        .or_else(|| find("initdb")?.parent().map(Path::to_path_buf).filter(complete))
}

/// A program, run as the user postgres when we are root.
fn unprivileged(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

fn settings(durability: Durability) -> Vec<&'static str> {
    let mut settings = vec!["listen_addresses=", "max_connections=200", "shared_buffers=256MB"];
    if durability == Durability::Tests {
        settings.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"]);
    }
    settings
}

/// A text as it may stand in an address or in a form.
pub(crate) fn percent_encoded(path: &str) -> String {
    let mut text = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_odd_letters_still_makes_an_address() {
        assert_eq!(percent_encoded("/tmp/a-b_c.d/socket"), "/tmp/a-b_c.d/socket");
        assert_eq!(percent_encoded("/tmp/夏 & b"), "/tmp/%E5%A4%8F%20%26%20b");
    }

    #[test]
    fn only_throw_away_servers_skip_the_disk() {
        assert!(settings(Durability::Tests).contains(&"fsync=off"));
        assert!(!settings(Durability::Full).contains(&"fsync=off"));
    }
}
