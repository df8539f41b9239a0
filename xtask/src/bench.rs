//! `cargo xtask bench`: measures Kyodo on the machine at hand and sets the figures beside the aims, as
//! Markdown on standard output (progress goes to standard error). A figure never fails anything.

mod facts;
mod imports;
mod load;
mod options;
mod pages;
mod report;
mod reports;
mod writes;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::postgres::{Durability, Postgres};
use crate::process::{cargo, ours, output, run as run_program, run_quietly, target_folder};
use crate::server::{Mode, Server, TODAY};
use crate::setup::{self, Need};
use crate::{http, server};
use facts::FactFigures;
use imports::ImportFigures;
use load::{Load, Reading};
pub(crate) use options::Options;
use options::{Database, Part};
use reports::ReportFigures;
use writes::{SignInFigures, WriteFigures};

/// The city whose pages are measured.
const CITY: &str = "ichinoseki";
/// Every reading is taken this often, in turn with the others, and the median counts: shared machines are noisy.
const ROUNDS: usize = 3;
/// Starts from existing data, of which the median counts.
const STARTS: usize = 5;

/// What one database showed.
#[derive(Default)]
pub(crate) struct Figures {
    pub(crate) process: Option<Process>,
    pub(crate) public: Option<PagesFigures>,
    pub(crate) desk: Option<PagesFigures>,
    pub(crate) writes: Vec<WriteFigures>,
    pub(crate) sign_in: Option<SignInFigures>,
    pub(crate) imports: Option<ImportFigures>,
    pub(crate) reports: Vec<ReportFigures>,
    pub(crate) growth: Vec<GrowthFigures>,
    pub(crate) facts: Option<FactFigures>,
}

#[derive(Default)]
pub(crate) struct Process {
    pub(crate) binary: u64,
    pub(crate) demo: Duration,
    pub(crate) start: Duration,
    pub(crate) memory: Option<u64>,
}

/// Pages, and the bare server measured in turn with them.
pub(crate) struct PagesFigures {
    pub(crate) health: Reading,
    pub(crate) pages: Vec<PageFigures>,
}

pub(crate) struct PageFigures {
    pub(crate) name: String,
    pub(crate) reading: Reading,
    pub(crate) queries: Option<String>,
    /// The bytes of a first visit, where everybody may come.
    pub(crate) weight: Option<u64>,
}

pub(crate) struct GrowthFigures {
    pub(crate) name: String,
    pub(crate) rows: u64,
    pub(crate) reading: Reading,
    pub(crate) health: Reading,
    pub(crate) queries: Option<String>,
}

pub(crate) fn run(options: &Options) -> Result<(), String> {
    let mut needs = vec![Need::Wrk];
    if options.databases.contains(&Database::Postgres) {
        needs.push(Need::Postgres);
    }
    setup::ensure(&needs)?;
    eprintln!("Building the release …");
    run_program(cargo().args(["build", "--release", "--package", "kyodo"]))?;
    let program = format!("kyodo{}", std::env::consts::EXE_SUFFIX);
    let program = target_folder()?.join("release").join(program);

    print!("{}", report::preamble(options.seconds, ROUNDS));
    for database in &options.databases {
        let figures = Bench::prepare(&program, *database, options.seconds)?.measure(options)?;
        print!("{}", report::section(*database, &figures));
    }
    Ok(())
}

/// One database, with its data.
struct Bench<'a> {
    program: &'a Path,
    data: TempDir,
    postgres: Option<Postgres>,
    seconds: u64,
}

impl<'a> Bench<'a> {
    fn prepare(program: &'a Path, database: Database, seconds: u64) -> Result<Self, String> {
        let data = tempfile::Builder::new()
            .prefix("kyodo-bench-")
            .tempdir()
            .map_err(|error| format!("no temporary folder: {error}"))?;
        let postgres = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(Postgres::start(Durability::Full)?),
        };
        Ok(Self { program, data, postgres, seconds })
    }

    fn measure(&self, options: &Options) -> Result<Figures, String> {
        let mut figures = Figures::default();
        if options.wants(Part::Process) {
            eprintln!("Start, memory …");
            figures.process = Some(self.process()?);
        }
        if options.wants(Part::Pages) {
            eprintln!("Public pages …");
            figures.public = Some(self.public_pages()?);
        }
        if options.wants(Part::Desk) {
            eprintln!("Signed-in pages …");
            figures.desk = Some(self.desk_pages()?);
        }
        if options.wants(Part::Writes) {
            eprintln!("Accepted writes …");
            figures.writes = self.writes()?;
        }
        if options.wants(Part::SignIn) {
            eprintln!("Sign-in …");
            figures.sign_in = Some(self.sign_in()?);
        }
        if options.wants(Part::Import) {
            eprintln!("A plan from a spreadsheet …");
            figures.imports = Some(self.imports()?);
        }
        if options.wants(Part::Reports) {
            eprintln!("The report of a year …");
            figures.reports = self.reports()?;
        }
        if options.wants(Part::Growth) {
            figures.growth = self.growth(&options.rows)?;
        }
        // Last, because so many facts stay.
        if options.wants(Part::Facts) {
            eprintln!("Figures over {} facts …", options.facts);
            figures.facts = Some(self.facts(options.facts)?);
        }
        Ok(figures)
    }

    fn process(&self) -> Result<Process, String> {
        let binary = fs::metadata(self.program).map_err(|error| format!("{}: {error}", self.program.display()))?.len();
        let begun = Instant::now();
        let demo = self.ready("demo", Mode::Production)?;
        let demo_time = begun.elapsed();
        drop(demo);

        let mut starts = Vec::new();
        let mut memory = None;
        for _ in 0..STARTS {
            let begun = Instant::now();
            let server = self.start("serve", Mode::Production)?;
            server.wait_for("/healthz")?;
            starts.push(begun.elapsed());
            // At rest means: every city has been asked for once, so its database is open.
            for city in ["shinjo", "yamaguchi", "ichinoseki", "honjo", "kikugawa"] {
                server.get(city, "/")?;
            }
            memory = server.resident_memory();
        }
        starts.sort();
        Ok(Process { binary, demo: demo_time, start: starts[STARTS / 2], memory })
    }

    fn public_pages(&self) -> Result<PagesFigures, String> {
        let server = self.ready("demo", Mode::Production)?;
        let pages = pages::public_pages(&server)?;
        let (health, readings) = self.readings(&server, &pages, None)?;
        let weights: Vec<u64> =
            pages.iter().map(|page| server.first_visit(CITY, &page.path)).collect::<Result<_, _>>()?;
        drop(server);
        let mut figures = self.figures(&pages, readings, None)?;
        for (figure, weight) in figures.iter_mut().zip(weights) {
            figure.weight = Some(weight);
        }
        Ok(PagesFigures { health, pages: figures })
    }

    fn desk_pages(&self) -> Result<PagesFigures, String> {
        let server = self.ready("demo", Mode::Production)?;
        let cookie = self.cookies(1)?.remove(0);
        let pages = pages::desk_pages(&server)?;
        let (health, readings) = self.readings(&server, &pages, Some(&cookie))?;
        drop(server);
        Ok(PagesFigures { health, pages: self.figures(&pages, readings, Some(&cookie))? })
    }

    fn figures(
        &self,
        pages: &[pages::Page],
        readings: Vec<Reading>,
        cookie: Option<&str>,
    ) -> Result<Vec<PageFigures>, String> {
        let queries = self.queries(pages, cookie)?;
        let figures = queries.into_iter().zip(pages).zip(readings).map(|((queries, page), reading)| {
            let name = page.name.clone();
            PageFigures { name, reading, queries, weight: None }
        });
        Ok(figures.collect())
    }

    fn growth(&self, rows: &[u64]) -> Result<Vec<GrowthFigures>, String> {
        let mut figures = Vec::new();
        let mut there = 0;
        // There must be a city to fill.
        drop(self.ready("demo", Mode::Production)?);
        for &rows in rows {
            eprintln!("Growth: {rows} rows …");
            self.fill(rows - there)?;
            there = rows;
            let server = self.ready("demo", Mode::Production)?;
            let pages = pages::growing_pages(&server)?;
            let (health, readings) = self.readings(&server, &pages, None)?;
            drop(server);
            for PageFigures { name, reading, queries, .. } in self.figures(&pages, readings, None)? {
                figures.push(GrowthFigures { name, rows, reading, health: health.clone(), queries });
            }
        }
        // The sizes of one page stand below each other.
        figures.sort_by(|one, other| (&one.name, one.rows).cmp(&(&other.name, other.rows)));
        Ok(figures)
    }

    /// The bare server and its pages in turn, so that a busy minute of the machine falls on all of them. Nobody is
    /// signed in for the bare server.
    fn readings(
        &self,
        server: &Server,
        pages: &[pages::Page],
        cookie: Option<&str>,
    ) -> Result<(Reading, Vec<Reading>), String> {
        let of_page = |page| match cookie {
            Some(cookie) => Load::of(server, page).header("Cookie", cookie),
            None => Load::of(server, page),
        };
        let pages = pages.iter().map(|page| of_page(&page.path));
        let loads: Vec<Load<'_>> = std::iter::once(Load::of(server, "/healthz")).chain(pages).collect();
        let mut taken: Vec<Vec<Reading>> = vec![Vec::new(); loads.len()];
        for load in &loads {
            load.measure(1)?;
        }
        for _ in 0..ROUNDS {
            for (load, taken) in loads.iter().zip(&mut taken) {
                taken.push(load.measure(self.seconds)?);
            }
        }
        let mut medians = taken.iter().filter_map(|readings| Reading::median(readings));
        let health = medians.next().ok_or("nothing was measured")?;
        Ok((health, medians.collect()))
    }

    /// The number of queries of each page, first asked and asked again (pages may be kept in memory).
    fn queries(&self, pages: &[pages::Page], cookie: Option<&str>) -> Result<Vec<Option<String>>, String> {
        let server = self.ready("demo", Mode::Development)?;
        let headers: Vec<(&str, &str)> = cookie.iter().map(|cookie| ("Cookie", *cookie)).collect();
        let ask = |path: &str| -> Result<Option<String>, String> {
            Ok(server.get_as(CITY, path, &headers)?.header("x-kyodo-queries").map(str::to_owned))
        };
        pages
            .iter()
            .map(|page| {
                let (first, again) = (ask(&page.path)?, ask(&page.path)?);
                Ok(first.zip(again).map(|(first, again)| format!("{first} / {again}")))
            })
            .collect()
    }

    fn fill(&self, rows: u64) -> Result<(), String> {
        // What it prints would land in the middle of our Markdown.
        run_quietly(self.command("bench-fill").args(["--city", CITY, "--rows", &rows.to_string()]))
    }

    /// The cookies of so many coordinators, who have just signed in; the first is the demo's own.
    fn cookies(&self, n: usize) -> Result<Vec<String>, String> {
        let text = output(self.command("bench-people").args(["--city", CITY, "--n", &n.to_string()]));
        let cookies: Vec<String> = text.unwrap_or_default().lines().map(str::to_owned).collect();
        if cookies.len() == n { Ok(cookies) } else { Err("kyodo bench-people did not sign everybody in".into()) }
    }

    /// A command that works on the data beside the server.
    fn command(&self, name: &str) -> Command {
        let mut command = ours(self.program);
        command.arg(name).arg("--data").arg(self.data_folder()).args(["--today", TODAY]).envs(self.database());
        command
    }

    /// A server that has given its first good answer.
    fn ready(&self, command: &str, mode: Mode) -> Result<Server, String> {
        let server = self.start(command, mode)?;
        server.wait_for("/readyz")?;
        Ok(server)
    }

    fn start(&self, command: &str, mode: Mode) -> Result<Server, String> {
        Server::start(self.program, command, &self.data_folder(), self.database(), mode)
    }

    fn data_folder(&self) -> PathBuf {
        self.data.path().join("data")
    }

    fn database(&self) -> Option<(&'static str, String)> {
        self.postgres.as_ref().map(|server| ("KYODO_DATABASE", server.address()))
    }
}
