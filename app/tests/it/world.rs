//! A folder with a `kyodo` in it, on whichever database the environment names.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use kyodo_testkit::is_postgres;
use tempfile::TempDir;

/// A folder of its own, gone at the end with everything that was made in it and for it.
pub(crate) struct World {
    folder: TempDir,
    environment: HashMap<String, String>,
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("kyodo-it-").tempdir().unwrap();
        let mut environment = HashMap::new();
        if is_postgres() {
            environment.insert("KYODO_DATABASE".to_owned(), administrator());
        }
        Self { folder, environment }
    }

    /// The same with an environment variable.
    pub(crate) fn with(mut self, variable: &str, value: &str) -> Self {
        self.environment.insert(variable.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let file = self.path(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// The files under a folder, by name.
    pub(crate) fn files(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path(folder)) else {
            return Vec::new();
        };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Runs a command to its end.
    pub(crate) fn kyodo(&self, arguments: &[&str]) -> Told {
        let done = self.command(arguments).stdin(Stdio::null()).output().unwrap();
        Told {
            code: done.status.code().unwrap(),
            out: String::from_utf8(done.stdout).unwrap(),
            err: String::from_utf8(done.stderr).unwrap(),
        }
    }

    /// Runs a command that reads a text, to its end.
    pub(crate) fn kyodo_reads(&self, arguments: &[&str], text: &str) -> Told {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let done = child.wait_with_output().unwrap();
        Told {
            code: done.status.code().unwrap(),
            out: String::from_utf8(done.stdout).unwrap(),
            err: String::from_utf8(done.stderr).unwrap(),
        }
    }

    /// Starts a server on a free port and waits until it has printed where it answers.
    pub(crate) fn start(&self, arguments: &[&str]) -> Server {
        let mut command = self.command(arguments);
        command.args(["--listen", "127.0.0.1:0", "--log", "warn"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut server = Server { address: ([127, 0, 0, 1], 0).into(), greeting: String::new(), child };
        while !server.greeting.contains("Ctrl+C") {
            assert!(out.read_line(&mut server.greeting).unwrap() > 0, "it ended: {}", server.greeting);
        }
        let address = server.greeting.split_whitespace().find_map(|word| word.parse().ok());
        server.address = address.unwrap_or_else(|| panic!("no address in {}", server.greeting));
        server
    }

    /// The made-up city's pack under a name that no other test uses, because tests share one PostgreSQL server.
    pub(crate) fn pack(&self) -> Mihon {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let slug = format!("mihon-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../floor/testkit/packs/mihon");
        let folder = self.path(&slug);
        fs::create_dir(&folder).unwrap();
        for entry in fs::read_dir(source).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
        }
        let pack = Mihon { folder, slug };
        pack.change("city.toml", "slug = \"mihon\"", &format!("slug = \"{}\"", pack.slug));
        pack
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kyodo"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KYODO_")) {
            command.env_remove(name);
        }
        command.args(arguments).envs(&self.environment).current_dir(self.folder.path());
        command
    }
}

/// A folder with the made-up city's pack.
pub(crate) struct Mihon {
    folder: PathBuf,
    pub(crate) slug: String,
}

impl Mihon {
    pub(crate) fn path(&self) -> &str {
        self.folder.to_str().unwrap()
    }

    pub(crate) fn change(&self, file: &str, before: &str, after: &str) {
        let file = self.folder.join(file);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(before), "{before} is not in {}", file.display());
        fs::write(file, text.replacen(before, after, 1)).unwrap();
    }
}

/// A running server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) greeting: String,
    child: Child,
}

impl Server {
    /// Asks for a page; the answer is the whole text with status line and headers.
    pub(crate) fn ask(&self, host: &str, path: &str) -> String {
        ask(self.address, &format!("Host: {host}\r\n"), path)
    }

    /// Asks it to stop, as a service manager does.
    #[cfg(unix)]
    pub(crate) fn stop(mut self) -> ExitStatus {
        // Every shell brings its own `kill`; the tool itself may be missing.
        let kill = format!("kill -TERM {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already needs nothing more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn ask(address: SocketAddr, headers: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let agent = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n";
    write!(stream, "GET {path} HTTP/1.1\r\n{headers}{agent}Connection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

pub(crate) fn administrator() -> String {
    std::env::var("KYODO_TEST_POSTGRES").expect("KYODO_TEST_POSTGRES is an administrator's address")
}

impl Drop for World {
    fn drop(&mut self) {
        if !is_postgres() {
            return;
        }
        let folders = ["data/cities", "demo/cities"].map(|folder| self.path(folder));
        let files = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
        let texts = files.filter_map(|file| fs::read_to_string(file.path()).ok());
        let roles: Vec<String> =
            texts.filter_map(|text| Some(text.split_once("postgres://")?.1.split_once(':')?.0.to_owned())).collect();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        for role in roles {
            // What cannot be dropped goes with the server.
            let _ = runtime.block_on(kyodo_db::drop_schema(&administrator(), &role));
        }
    }
}
