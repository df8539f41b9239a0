//! Cities, processes, writers, and the rounds: load, a kill at a moment that chance chooses, a start, and a look.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::chance::Chance;
use super::check::{self, Fault, Finding, People};
use super::deeds::{self, Deeds, Kind};
use super::kyodo;
use super::mail;
use super::options::Database;
use super::post_office::PostOffice;
use super::rows::Rows;
use super::table::Tally;
use super::writers::{Gate, Office, Writer};
use crate::http::Question;
use crate::postgres::{Durability, Postgres};
use crate::process::{output, poll, run_quietly, workspace};
use crate::server::Server;

/// A city, and how much is written in it.
struct Town {
    slug: &'static str,
    /// The folder of its pack, where that does not ship with Kyodo.
    pack: Option<&'static str>,
    /// Measures whose texts are written, by two each.
    measures: usize,
    /// Items of its yearly round, each of a department with people of its own.
    items: usize,
}

/// The second one's plan has no years, so that it has a round on whatever day it is.
const CITIES: [Town; 2] = [
    Town { slug: "yamaguchi", pack: None, measures: 2, items: 0 },
    Town { slug: "shiken", pack: Some("xtask/src/torture/city"), measures: 1, items: 2 },
];
const NAMES: [&str; 2] = ["one", "two"];
/// Who reports for a department, and is told of every text of it, and who agrees.
const REPORTERS: [&str; 2] = ["hana", "taro"];
const HEADS: [&str; 2] = ["makoto", "megumi"];
/// After so many rounds, changes of every kind were accepted: a test in which nobody gets anywhere would find nothing.
const ENOUGH: u32 = 10;

/// The desk's page of all rounds.
const ROUNDS: &str = "/desk/plan/rounds";

/// Whom letters are from.
const FROM: &str = "kyodo@torture.example";

/// From a kill to a page, on a machine that has other things to do.
const START: Duration = Duration::from_mins(1);
/// Answers to what was begun.
const QUIET: Duration = Duration::from_mins(2);
/// Jobs that nobody could take up at once come back when their leases of five minutes end.
const DRAINED: Duration = Duration::from_mins(7);
/// A worker that was not rung looks by itself every half minute.
const SEALED: Duration = Duration::from_mins(1);

/// What is said of a fault at most.
const TOLD: usize = 20;

pub(super) struct World<'a> {
    program: &'a Path,
    folder: TempDir,
    /// Ends after the processes.
    postgres: Option<Postgres>,
    processes: Vec<Process>,
    chance: Chance,
    mail: Mail,
    office: Office,
    writers: Vec<JoinHandle<()>>,
    /// Who has to do with what, by city.
    people: BTreeMap<&'static str, People>,
    /// The lives that were ended.
    killed: BTreeSet<String>,
    /// The ends of the chains that were seen, by city.
    seals: BTreeMap<&'static str, Vec<String>>,
    pub(super) tally: Tally,
}

/// A process of the house, which lives or not.
struct Process {
    name: &'static str,
    port: u16,
    running: Option<Server>,
    /// How often it was started.
    lives: usize,
    /// When it was started, until it answers.
    started: Option<Instant>,
}

impl Process {
    /// By which a mail server tells this life from the others.
    fn life(&self) -> String {
        format!("{}-{}", self.name, self.lives)
    }
}

/// A role, and the department in which it is held.
type Post<'a> = (&'a str, Option<&'a str>);

/// Where letters go.
struct Mail {
    post_office: PostOffice,
    /// Whether they go to the post office, and no longer into the folder.
    by_post: bool,
    /// What lies in the folder, once they do.
    in_folder: BTreeSet<String>,
}

/// What chance chose for a round.
#[derive(Debug)]
struct Plan {
    load: Duration,
    victims: Vec<usize>,
    down: Duration,
    /// After so many hundredths of the time of a start it is killed once more.
    again: Option<u32>,
    after: Duration,
}

impl Plan {
    fn of(chance: &mut Chance, processes: usize) -> Self {
        let victims = match chance.below(3) {
            0 => (0..processes).collect(),
            n => vec![usize::try_from(n).unwrap_or_default() % processes],
        };
        Self {
            load: chance.time(20, 900),
            victims,
            down: chance.time(0, 150),
            again: (chance.below(3) == 0).then(|| u32::try_from(chance.below(110)).unwrap_or_default()),
            after: chance.time(0, 300),
        }
    }
}

impl<'a> World<'a> {
    /// Two cities with people, on one process or, on PostgreSQL, two.
    pub(super) fn prepare(program: &'a Path, database: Database, seed: u64) -> Result<Self, String> {
        let folder = tempfile::Builder::new().prefix("kyodo-torture-").tempdir();
        let folder = folder.map_err(|error| format!("no temporary folder: {error}"))?;
        let postgres = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(Postgres::start(Durability::Tests)?),
        };
        // Which port is free is no part of what a seed repeats.
        let mut ports = Chance::of(u64::from(std::process::id()));
        let names = if postgres.is_some() { &NAMES[..] } else { &NAMES[..1] };
        let processes = names
            .iter()
            .map(|name| Ok(Process { name, port: quiet_port(&mut ports)?, running: None, lives: 0, started: None }))
            .collect::<Result<Vec<_>, String>>()?;
        let ports = processes.iter().map(|process| process.port).collect();
        let office =
            Office { ports, deeds: Deeds::default(), gate: Gate::default(), surprises: std::sync::Arc::default() };
        let mail = Mail { post_office: PostOffice::open()?, by_post: false, in_folder: BTreeSet::new() };
        let mut world = Self {
            program,
            folder,
            postgres,
            processes,
            chance: Chance::of(seed),
            mail,
            office,
            writers: Vec::new(),
            people: BTreeMap::new(),
            killed: BTreeSet::new(),
            seals: BTreeMap::new(),
            tally: Tally::default(),
        };
        for town in &CITIES {
            let pack = town.pack.map(|folder| workspace().join(folder).display().to_string());
            let mut add = world.command(&["city", "add", pack.as_deref().unwrap_or(town.slug)]);
            run_quietly(add.envs(world.postgres.as_ref().map(|server| ("KYODO_DATABASE", server.address()))))?;
        }
        for at in 0..world.processes.len() {
            world.start(at)?;
        }
        world.wait_until_ready()?;
        for town in &CITIES {
            world.populate(town)?;
        }
        Ok(world)
    }

    /// Those who write in a city and those who are told of it. Nobody begins before the first round.
    fn populate(&mut self, town: &Town) -> Result<(), String> {
        let (city, mut people) = (town.slug, People::default());
        let lines = self.lines(town)?;
        let (texts, items) = lines.split_at(town.measures);
        let names: Vec<String> = (0..=town.measures * 2).map(|n| format!("office-{n}")).collect();
        let office = self.hire(city, ("coordinator", None), &names)?;
        let cookies = self.cookies(city, ("coordinator", None), names.len())?;
        let (documents, writers) = cookies.split_last().ok_or("nobody writes")?;
        for ((line, department), cookies) in texts.iter().zip(writers.chunks(2)) {
            let post = ("reporter", Some(department.as_str()));
            people.colleagues.insert(line.clone(), self.hire(city, post, &REPORTERS.map(|name| named(name, line)))?);
            for cookie in cookies {
                self.begin(city, Kind::Text, cookie, (line, format!("/desk/plan/nodes/{line}")));
            }
        }
        if let Some((line, _)) = texts.first() {
            self.begin(city, Kind::Document, documents, (line, format!("/desk/plan/nodes/{line}")));
        }
        for cookie in self.cookies(city, ("administrator", None), 1)? {
            self.begin(city, Kind::Invitation, &cookie, ("", "/desk/people".to_owned()));
        }
        let year = if items.is_empty() { String::new() } else { self.open_round(city, documents)? };
        for (line, department) in items {
            for (role, kind, names) in [("reporter", Kind::Report, REPORTERS), ("head", Kind::Agreement, HEADS)] {
                let post = (role, Some(department.as_str()));
                let hired = self.hire(city, post, &names.map(|name| named(name, line)))?;
                let known = if kind == Kind::Report { &mut people.reporters } else { &mut people.heads };
                known.insert(line.clone(), hired);
                for cookie in self.cookies(city, post, names.len())? {
                    self.begin(city, kind, &cookie, (line, format!("/desk/plan/rounds/{year}/{line}")));
                }
            }
            people.office.insert(line.clone(), office.clone());
        }
        self.people.insert(city, people);
        Ok(())
    }

    /// As many measures as a city needs, each with its department: each of another, so that its people are told of
    /// nothing else.
    fn lines(&self, town: &Town) -> Result<Vec<(String, String)>, String> {
        let wanted = town.measures + town.items;
        let mut chosen: Vec<(String, String)> = Vec::new();
        for line in self.look(town.slug)?.lines {
            if let Some(department) = line.department
                && chosen.len() < wanted
                && !chosen.iter().any(|(_, known)| *known == department)
            {
                chosen.push((line.key, department));
            }
        }
        if chosen.len() == wanted { Ok(chosen) } else { Err(format!("{} has too few measures", town.slug)) }
    }

    /// New people of a role, in a department or in the city as a whole: their addresses.
    fn hire(&self, city: &str, (role, department): Post<'_>, names: &[String]) -> Result<BTreeSet<String>, String> {
        let mut addresses = BTreeSet::new();
        for name in names {
            let email = format!("{name}@{city}.example");
            let words = ["user", "add", "--city", city, "--name", name, "--email", &email, "--role", role];
            let place = department.map(|key| ["--department", key]);
            let words: Vec<&str> = words.into_iter().chain(place.into_iter().flatten()).collect();
            run_quietly(&mut self.command(&words))?;
            addresses.insert(email);
        }
        Ok(addresses)
    }

    /// Signs in so many people of a role, those who were hired first.
    fn cookies(&self, city: &str, (role, department): Post<'_>, n: usize) -> Result<Vec<String>, String> {
        let n = n.to_string();
        let words = ["bench-people", "--city", city, "--role", role, "--n", &n];
        let place = department.map(|key| ["--department", key]);
        let words: Vec<&str> = words.into_iter().chain(place.into_iter().flatten()).collect();
        let text = output(&mut self.command(&words)).ok_or("kyodo bench-people failed")?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// The office opens the round that its page offers; its year.
    fn open_round(&self, city: &'static str, cookie: &str) -> Result<String, String> {
        let process = self.processes.iter().find_map(|process| process.running.as_ref()).ok_or("nobody answers")?;
        let page = process.get_as(city, ROUNDS, &[("Cookie", cookie)])?.text();
        let year = offered_in(&page).ok_or("no year is offered for a round")?.to_owned();
        let (cookie, line, address) = (cookie.to_owned(), year.clone(), ROUNDS.to_owned());
        Writer { number: 0, city, kind: Kind::Round, cookie, line, address }.write(&self.office, 1)?;
        Ok(year)
    }

    fn begin(&mut self, city: &'static str, kind: Kind, cookie: &str, (line, address): (&str, String)) {
        let number = self.writers.len();
        let writer = Writer { number, city, kind, cookie: cookie.to_owned(), line: line.to_owned(), address };
        self.writers.push(writer.begin(self.office.clone()));
    }

    /// One round; an error is a fault that was found, or something that could not be done.
    pub(super) fn round(&mut self, round: u32, rounds: u32) -> Result<(), String> {
        if round == rounds / 2 + 1 {
            self.change_to_the_post_office()?;
        }
        let plan = Plan::of(&mut self.chance, self.processes.len());
        self.office.gate.open();
        thread::sleep(plan.load);
        for victim in &plan.victims {
            self.kill(*victim)?;
        }
        thread::sleep(plan.down);
        for victim in &plan.victims {
            self.start(*victim)?;
        }
        if let Some(again) = plan.again {
            thread::sleep(self.tally.slowest_restart * again / 100);
            for victim in &plan.victims {
                self.kill(*victim)?;
                self.start(*victim)?;
            }
        }
        self.wait_until_ready()?;
        thread::sleep(plan.after);
        if !self.office.gate.close(QUIET) {
            return Err(self.surprised().unwrap_or_else(|| "a form was not answered".to_owned()));
        }
        self.tally.rounds += 1;
        self.judge().map_err(|message| format!("{message}\n{plan:?}"))
    }

    /// Waits for the last seals, which are nobody's bell.
    pub(super) fn last_look(&mut self) -> Result<(), String> {
        for town in &CITIES {
            poll("the last seal", SEALED, Duration::from_millis(500), || {
                Ok((self.look(town.slug)?.unsealed() == 0).then_some(()))
            })?;
        }
        self.judge()?;
        let missing = Kind::ALL.iter().find(|(kind, _)| !self.tally.accepted.contains_key(kind));
        match missing {
            Some((_, name)) if self.tally.rounds >= ENOUGH => Err(format!("no {name} were accepted in all rounds")),
            _ => Ok(()),
        }
    }

    /// Keeps what there is, for whoever wants to know more.
    pub(super) fn keep(&mut self) -> PathBuf {
        self.folder.disable_cleanup(true);
        self.folder.path().to_path_buf()
    }

    // --- processes -----------------------------------------------------------------------------------------

    fn command(&self, words: &[&str]) -> std::process::Command {
        kyodo(self.program, &self.data(), words)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn start(&mut self, at: usize) -> Result<(), String> {
        self.processes[at].lives += 1;
        let Process { name, port, .. } = self.processes[at];
        let life = self.processes[at].life();
        let log = self.folder.path().join(format!("{name}.log"));
        let log = OpenOptions::new().create(true).append(true).open(&log);
        let log = log.map_err(|error| format!("the log of {name}: {error}"))?;
        let mail = if self.mail.by_post { self.mail.post_office.address(&life) } else { "folder".to_owned() };
        let mut command =
            self.command(&["serve", "--log", "info", "--rate-limits=false", "--mail", &mail, "--mail-from", FROM]);
        let out = |log: &File| log.try_clone().map_err(|error| format!("the log of {name}: {error}"));
        command.stdout(out(&log)?).stderr(out(&log)?);
        self.processes[at].started = Some(Instant::now());
        self.processes[at].running = Some(Server::run(command, port)?);
        Ok(())
    }

    fn kill(&mut self, at: usize) -> Result<(), String> {
        let process = &mut self.processes[at];
        let Some(mut running) = process.running.take() else {
            return Ok(());
        };
        if let Some(status) = running.ended() {
            return Err(format!("the process {} ended by itself: {status}", process.name));
        }
        drop(running);
        self.killed.insert(process.life());
        self.tally.kills += 1;
        Ok(())
    }

    /// Waits until every process answers, and takes the time of those that were started.
    fn wait_until_ready(&mut self) -> Result<(), String> {
        for process in &mut self.processes {
            let Some(server) = &mut process.running else { continue };
            poll(&format!("the start of {}", process.name), START, Duration::from_millis(2), || {
                if let Some(status) = server.ended() {
                    return Err(format!("the process {} did not start: {status}", process.name));
                }
                let ready = server.ask(CITIES[0].slug, Question { path: "/readyz", ..Question::default() });
                Ok(ready.ok().filter(|answer| answer.status == 200).map(drop))
            })?;
            if let Some(started) = process.started.take() {
                self.tally.slowest_restart = self.tally.slowest_restart.max(started.elapsed());
            }
        }
        Ok(())
    }

    /// From here on letters leave by SMTP: every process starts anew.
    fn change_to_the_post_office(&mut self) -> Result<(), String> {
        for town in &CITIES {
            let letters = self.look(town.slug)?.letters;
            self.mail.in_folder.extend(letters.into_iter().map(|letter| letter.key));
        }
        self.mail.by_post = true;
        for at in 0..self.processes.len() {
            self.kill(at)?;
            self.start(at)?;
        }
        self.wait_until_ready()
    }

    // --- judgement -----------------------------------------------------------------------------------------

    fn look(&self, city: &str) -> Result<Rows, String> {
        let done = self.command(&["torture-look", "--city", city]).output();
        let done = done.map_err(|error| format!("kyodo torture-look: {error}"))?;
        if !done.status.success() {
            return Err(format!("kyodo torture-look: {}", String::from_utf8_lossy(&done.stderr)));
        }
        serde_json::from_slice(&done.stdout).map_err(|error| format!("kyodo torture-look said something new: {error}"))
    }

    /// Waits until the workers have nothing left to do.
    fn drained(&self, city: &str) -> Result<Rows, String> {
        let (until, pause) = (Instant::now() + DRAINED, Duration::from_millis(100));
        loop {
            let rows = self.look(city)?;
            // Whoever waits in vain wants to see the job.
            if !rows.is_busy() || Instant::now() > until {
                return Ok(rows);
            }
            thread::sleep(pause);
        }
    }

    /// Holds everything that was ever answered against what stands there now.
    fn judge(&mut self) -> Result<(), String> {
        if let Some(surprise) = self.surprised() {
            return Err(surprise);
        }
        let deeds = self.office.deeds.all();
        self.tally.accepted.clear();
        for deed in deeds.iter().filter(|deed| deed.fate == Some(deeds::Fate::Accepted)) {
            *self.tally.accepted.entry(deed.kind).or_default() += 1;
        }
        self.tally.repeated = deeds.iter().filter(|deed| deed.posts > 1).count();
        let mut findings = Vec::new();
        let mut letters = Vec::new();
        let mut sealed = 0;
        for town in &CITIES {
            let city = town.slug;
            let rows = self.drained(city)?;
            let own: Vec<_> = deeds.iter().filter(|deed| deed.city == city).cloned().collect();
            findings.extend(check::city(&own, &rows, &self.people[city]));
            findings.extend(self.files(city, &own, &rows));
            findings.extend(self.pages(city, &rows));
            findings.extend(self.verified(city)?);
            sealed += rows.entries.len() - rows.unsealed();
            letters.extend(rows.letters.into_iter().map(|letter| letter.key));
        }
        findings.extend(self.letters(&letters)?);
        self.tally.sealed = sealed;
        self.counted(&findings)
    }

    fn surprised(&self) -> Option<String> {
        let surprises = self.office.surprises.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        (!surprises.is_empty()).then(|| surprises.join("\n"))
    }

    fn counted(&mut self, findings: &[Finding]) -> Result<(), String> {
        let count = |fault| findings.iter().filter(|finding| finding.fault == fault).count();
        self.tally.lost = count(Fault::Lost);
        self.tally.half = count(Fault::Half);
        self.tally.double = count(Fault::Double);
        self.tally.faulty_letters = count(Fault::Letter);
        self.tally.faulty_seals = count(Fault::Seal);
        if findings.is_empty() {
            return Ok(());
        }
        let told = findings.iter().take(TOLD).map(|finding| format!("{:?}: {}", finding.fault, finding.told));
        Err(format!("{} faults:\n{}", findings.len(), told.collect::<Vec<_>>().join("\n")))
    }

    /// The documents that were accepted lie in the store as they were sent, and nothing lies there in pieces.
    fn files(&self, city: &str, own: &[deeds::Deed], rows: &Rows) -> Vec<Finding> {
        let store = self.data().join("files").join(city);
        let broken = |told: String| Finding { fault: Fault::Half, told };
        let mut findings = Vec::new();
        for deed in own.iter().filter(|deed| deed.kind == Kind::Document) {
            let name = deeds::document(&deed.token);
            for file in rows.files.iter().filter(|file| file.name == name) {
                let path = store.join(&file.hash[..2]).join(&file.hash);
                if fs::read(path).ok() != Some(deeds::content(&deed.token)) {
                    findings.push(broken(format!("the content of {name} is not what was sent")));
                }
            }
        }
        let known: BTreeSet<&str> = rows.contents.iter().map(|content| content.hash.as_str()).collect();
        for drawer in fs::read_dir(&store).into_iter().flatten().flatten() {
            for file in fs::read_dir(drawer.path()).into_iter().flatten().flatten() {
                let name = file.file_name().to_string_lossy().into_owned();
                // What was being written when its process died is swept after a day.
                if !name.contains('#') && !known.contains(name.as_str()) {
                    findings.push(broken(format!("{name} lies in the store, and nothing knows it")));
                }
            }
        }
        findings
    }

    /// Every process shows the last text of every measure.
    fn pages(&self, city: &str, rows: &Rows) -> Vec<Finding> {
        let mut findings = Vec::new();
        for key in self.people[city].colleagues.keys() {
            let Some(last) = rows.texts.iter().rfind(|text| text.key == *key) else { continue };
            for (name, server) in self.processes.iter().filter_map(|one| Some((one.name, one.running.as_ref()?))) {
                let page = server.get(city, &format!("/plan/nodes/{key}")).map(|page| page.text());
                if !page.as_ref().is_ok_and(|page| page.contains(&last.purpose)) {
                    let told = format!("{name} does not show 「{}」 ({:?})", last.purpose, page.err());
                    findings.push(Finding { fault: Fault::Lost, told });
                }
            }
        }
        findings
    }

    /// The audit trail verifies, and holds every end that it ever had.
    fn verified(&mut self, city: &'static str) -> Result<Option<Finding>, String> {
        let known = self.seals.entry(city).or_default();
        let seals = known.iter().flat_map(|seal| ["--seal", seal.as_str()]);
        let words: Vec<&str> = ["audit", "verify", city].into_iter().chain(seals).collect();
        let done = kyodo(self.program, &self.folder.path().join("data"), &words).output();
        let done = done.map_err(|error| format!("kyodo audit verify: {error}"))?;
        let told = String::from_utf8_lossy(&done.stdout).into_owned();
        if !done.status.success() {
            let told = format!("{told}{}", String::from_utf8_lossy(&done.stderr));
            return Ok(Some(Finding { fault: Fault::Seal, told }));
        }
        known.extend(seal_in(&told).filter(|seal| !known.contains(seal)));
        Ok(None)
    }

    fn letters(&mut self, posted: &[String]) -> Result<Vec<Finding>, String> {
        let by_post = |key: &&str| self.mail.by_post && !self.mail.in_folder.contains(*key);
        let (posted_by_post, in_folder): (Vec<&str>, Vec<&str>) =
            posted.iter().map(String::as_str).partition(|key| by_post(key));
        let mut findings = mail::in_folder(&self.data().join("mail"), &in_folder)?;
        let received = self.mail.post_office.received();
        let (more, twice) = mail::received(&received, &posted_by_post, &self.killed);
        findings.extend(more);
        self.tally.letters = posted.len();
        self.tally.sent = posted.len() - findings.len().min(posted.len());
        self.tally.twice = twice;
        Ok(findings)
    }
}

impl Drop for World<'_> {
    fn drop(&mut self) {
        self.office.gate.end();
        // Whoever still waits for an answer gets none any more.
        for process in &mut self.processes {
            process.running = None;
        }
    }
}

/// What somebody is called who works for a measure's department.
fn named(name: &str, line: &str) -> String {
    format!("{name}-{line}")
}

/// The year that the page of all rounds offers first.
fn offered_in(page: &str) -> Option<&str> {
    let (_, years) = page.split_once("name=\"year\"")?;
    years.split_once("<option value=\"")?.1.split('"').next()
}

/// A port that nobody listens on, and that the system gives to nobody who asks for any: while its process is down, a
/// writer who knocks must not be given it for their own end of the line.
fn quiet_port(chance: &mut Chance) -> Result<u16, String> {
    let ports = (0..100).map(|_| u16::try_from(20_000 + chance.below(10_000)).unwrap_or(20_000));
    let mut free = ports.filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.next().ok_or_else(|| "no free port".to_owned())
}

/// The chain's end, as `kyodo audit verify` tells it.
fn seal_in(told: &str) -> Option<String> {
    let is_digit = |letter: char| letter.is_ascii_hexdigit();
    let words = told.split(|letter: char| !is_digit(letter));
    words.into_iter().find(|word| word.len() == 64).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_chain_is_read() {
        let seal = "0f".repeat(32);
        let told =
            format!("封をした記録を 12 件、確かめました。\n最後の封は 12 番（2026-11-20）で、値は {seal} です。\n");
        assert_eq!(seal_in(&told), Some(seal));
        assert_eq!(seal_in("封をした記録を 0 件、確かめました。"), None);
    }

    #[test]
    fn the_first_year_that_is_offered_is_read() {
        let page = "<option value=\"x\"><select id=\"year\" name=\"year\">\n<option value=\"2026\" selected>令和8年度";
        assert_eq!(offered_in(page), Some("2026"));
        assert_eq!(offered_in("<p>今年度の報告は、もう開かれています。"), None);
    }

    #[test]
    fn chance_kills_one_process_the_other_or_both_and_sometimes_again() {
        let mut chance = Chance::of(5);
        let plans: Vec<Plan> = (0..200).map(|_| Plan::of(&mut chance, 2)).collect();
        for victims in [vec![0], vec![1], vec![0, 1]] {
            assert!(plans.iter().any(|plan| plan.victims == victims), "{victims:?}");
        }
        assert!(plans.iter().any(|plan| plan.again.is_some()) && plans.iter().any(|plan| plan.again.is_none()));
        assert!((0..50).all(|_| Plan::of(&mut chance, 1).victims == [0]));
    }
}
