//! `cargo xtask bench`: measures Kyodo on the machine at hand and sets the figures beside the aims, as
//! Markdown on standard output (progress goes to standard error). A figure never fails anything.

mod http;
mod load;
mod options;
mod pages;
mod report;
mod server;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::postgres::{Durability, Postgres};
use crate::process::{cargo, ours, run as run_program, run_quietly, target_folder};
use crate::setup::{self, Need};
use load::Reading;
use options::Database;
pub(crate) use options::Options;
use server::{Mode, Server};

/// The city whose pages are measured.
const CITY: &str = "ichinoseki";
/// Every reading is taken this often, in turn with the others, and the median counts: shared machines are noisy.
const ROUNDS: usize = 3;
/// Starts from existing data, of which the median counts.
const STARTS: usize = 5;

/// What one database showed.
#[derive(Default)]
pub(crate) struct Figures {
    pub(crate) process: Process,
    pub(crate) health: Option<Reading>,
    pub(crate) pages: Vec<PageFigures>,
    pub(crate) growth: Vec<GrowthFigures>,
}

#[derive(Default)]
pub(crate) struct Process {
    pub(crate) binary: u64,
    pub(crate) demo: Duration,
    pub(crate) start: Duration,
    pub(crate) memory: Option<u64>,
}

pub(crate) struct PageFigures {
    pub(crate) name: String,
    pub(crate) reading: Reading,
    pub(crate) queries: Option<String>,
    pub(crate) weight: u64,
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
        let figures = Bench::prepare(&program, *database, options.seconds)?.measure(&options.rows)?;
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

    fn measure(&self, rows: &[u64]) -> Result<Figures, String> {
        eprintln!("Start, memory …");
        let process = self.process()?;
        eprintln!("Pages …");
        let (health, pages) = self.pages()?;
        let growth = self.growth(rows)?;
        Ok(Figures { process, health: Some(health), pages, growth })
    }

    fn process(&self) -> Result<Process, String> {
        let binary = fs::metadata(self.program).map_err(|error| format!("{}: {error}", self.program.display()))?.len();
        let begun = Instant::now();
        let demo = self.start("demo", Mode::Production)?;
        demo.wait_for("/readyz")?;
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

    /// Load on the demo, because its rate limits are off.
    fn pages(&self) -> Result<(Reading, Vec<PageFigures>), String> {
        let queries = |pages: &[pages::Page]| self.queries(pages);
        let server = self.start("demo", Mode::Production)?;
        server.wait_for("/readyz")?;
        let pages = pages::public_pages(&server)?;
        let (health, readings) = self.readings(&server, &pages)?;
        let weights: Vec<u64> =
            pages.iter().map(|page| server.first_visit(CITY, &page.path)).collect::<Result<_, _>>()?;
        drop(server);
        let figures = queries(&pages)?
            .into_iter()
            .zip(pages)
            .zip(readings)
            .zip(weights)
            .map(|(((queries, page), reading), weight)| PageFigures { name: page.name, reading, queries, weight })
            .collect();
        Ok((health, figures))
    }

    fn growth(&self, rows: &[u64]) -> Result<Vec<GrowthFigures>, String> {
        let mut figures = Vec::new();
        let mut there = 0;
        for &rows in rows {
            eprintln!("Growth: {rows} rows …");
            self.fill(rows - there)?;
            there = rows;
            let server = self.start("demo", Mode::Production)?;
            server.wait_for("/readyz")?;
            let pages = pages::growing_pages(&server)?;
            let (health, readings) = self.readings(&server, &pages)?;
            drop(server);
            for ((queries, page), reading) in self.queries(&pages)?.into_iter().zip(pages).zip(readings) {
                figures.push(GrowthFigures { name: page.name, rows, reading, health: health.clone(), queries });
            }
        }
        // The sizes of one page stand below each other.
        figures.sort_by(|one, other| (&one.name, one.rows).cmp(&(&other.name, other.rows)));
        Ok(figures)
    }

    /// The bare server and its pages in turn, so that a busy minute of the machine falls on all of them.
    fn readings(&self, server: &Server, pages: &[pages::Page]) -> Result<(Reading, Vec<Reading>), String> {
        let paths: Vec<&str> = std::iter::once("/healthz").chain(pages.iter().map(|page| page.path.as_str())).collect();
        let mut taken: Vec<Vec<Reading>> = vec![Vec::new(); paths.len()];
        for path in &paths {
            load::measure(server.port(), &server.host(CITY), path, 1)?;
        }
        for _ in 0..ROUNDS {
            for (path, taken) in paths.iter().zip(&mut taken) {
                taken.push(load::measure(server.port(), &server.host(CITY), path, self.seconds)?);
            }
        }
        let mut medians = taken.iter().filter_map(|readings| Reading::median(readings));
        let health = medians.next().ok_or("nothing was measured")?;
        Ok((health, medians.collect()))
    }

    /// The number of queries of each page, first asked and asked again (pages may be kept in memory).
    fn queries(&self, pages: &[pages::Page]) -> Result<Vec<Option<String>>, String> {
        let server = self.start("demo", Mode::Development)?;
        server.wait_for("/readyz")?;
        let ask = |path: &str| -> Result<Option<String>, String> {
            Ok(server.get(CITY, path)?.header("x-kyodo-queries").map(str::to_owned))
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
        let mut fill = ours(self.program);
        fill.arg("bench-fill").arg("--data").arg(self.data_folder());
        fill.args(["--city", CITY, "--rows", &rows.to_string()]).envs(self.database());
        // What it prints would land in the middle of our Markdown.
        run_quietly(&mut fill)
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
