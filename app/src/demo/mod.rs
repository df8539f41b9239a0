//! The made-up years of activity that make a demo lively: read from the pack's `demo.toml`, spread over days
//! by seeded chance, and marked as examples. The same pack and day always give the same demo.

mod facts;
mod people;
mod review;
mod revision;
mod round;
mod voices;

pub use people::{PASSWORD, SEATS, Seat, populate};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use kyodo_db::{Db, Tx};
use kyodo_kernel::pack::{Faults, Pack};
use kyodo_kernel::profile::{Contact, Department};
use kyodo_kernel::{FiscalYear, city, clock};
use kyodo_plan::evaluation::{Answer, Evaluation, Kind};
use kyodo_plan::progress::Progress;
use kyodo_plan::store;
use kyodo_plan::store::figures;
use kyodo_plan::store::observations::{NewEntry, What, enter};
use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

use crate::failure::{Failure, Result};

const FILE: &str = "demo.toml";

/// Where a figure comes from of which the story says nothing.
const MADE_UP: &str = "見本として作った数字";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProgressEntry {
    node: String,
    year: i32,
    mark: Option<String>,
    grade: Option<String>,
    text: String,
    #[serde(default)]
    next: String,
    /// How far it has come; public when nothing is said.
    stage: Option<round::Stage>,
    /// Why it was sent back.
    #[serde(default)]
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EvaluationEntry {
    /// None where it is said of the whole plan.
    node: Option<String>,
    year: i32,
    by: String,
    kind: Kind,
    grade: Option<String>,
    comment: String,
    /// What the departments in charge said to it.
    answer: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ObservationEntry {
    indicator: String,
    year: i32,
    value: f64,
    /// Where it comes from, in words; and whose people entered it.
    #[serde(default)]
    source: String,
    department: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InChargeEntry {
    department: String,
    nodes: Vec<String>,
}

/// Everything that `demo.toml` tells.
struct Story {
    contact: Contact,
    departments: Vec<Department>,
    in_charge: Vec<InChargeEntry>,
    progress: Vec<ProgressEntry>,
    evaluations: Vec<EvaluationEntry>,
    observations: Vec<ObservationEntry>,
    facts: Vec<facts::FactsEntry>,
    others: voices::Others,
}

/// Fills a city that was just created from its pack, up to `today`.
pub async fn fill(db: &Db, pack: &Pack, today: NaiveDate, now: DateTime<Utc>) -> Result<()> {
    if pack.file(FILE).is_none() {
        return Ok(());
    }
    let story = read(pack)?;
    let Some(stored) = city::stored(db).await? else {
        return Ok(());
    };
    let mut chance = chance(&stored.profile.slug, "reports");
    let mut tx = db.begin().await?;
    let mut stored = stored;
    complete(&mut stored.profile.contact, story.contact);
    city::put(&mut tx, &stored, true).await?;
    put_in_charge(&mut tx, &story.departments, &story.in_charge).await?;
    tell_progress(&mut tx, &story.progress, today, &mut chance).await?;
    tell_evaluations(&mut tx, &story.evaluations, today).await?;
    for entry in &story.observations {
        let year = FiscalYear::new(entry.year);
        // Figures of a year are known when it is over.
        if year < FiscalYear::of(today) {
            let day = year.last_day() + Days::new(30);
            must(observe(&mut tx, entry, year, day.min(today)).await?, &entry.indicator)?;
        }
    }
    let hearers = kyodo_web::hearers(&crate::rooms());
    for (at, entry) in story.facts.iter().enumerate() {
        let mut chance = self::chance(&stored.profile.slug, &format!("{at} {} {}", entry.kind, entry.year));
        facts::tell(&mut tx, entry, &hearers, today, now, &mut chance).await?;
    }
    Ok(tx.commit().await?)
}

/// Enters a figure as its department would. False when the plan has no such indicator.
async fn observe(tx: &mut Tx, entry: &ObservationEntry, year: FiscalYear, on: NaiveDate) -> Result<bool> {
    let indicators = figures::indicators_now(tx).await?;
    let Some(indicator) = indicators.iter().find(|indicator| indicator.key == entry.indicator) else {
        return Ok(false);
    };
    let new = NewEntry {
        what: What::Figure,
        indicator: Some(indicator.id),
        year,
        value: Some(entry.value),
        source: if entry.source.is_empty() { MADE_UP } else { &entry.source },
        department: entry.department.as_deref(),
        by: None,
        at: clock::at(on, NaiveTime::from_hms_opt(10, 30, 0).unwrap_or_default()),
        example: true,
    };
    Ok(enter(tx, &new, 0).await?)
}

fn read(pack: &Pack) -> Result<Story> {
    let mut faults = Faults::default();
    let story = pack.toml(FILE, &mut faults).map(|mut file| {
        let story = Story {
            contact: file.maybe("contact", &mut faults).unwrap_or_default(),
            departments: entries(file.list("departments", &mut faults)),
            in_charge: entries(file.list("in_charge", &mut faults)),
            progress: entries(file.list("progress", &mut faults)),
            evaluations: entries(file.list("evaluations", &mut faults)),
            observations: entries(file.list("observations", &mut faults)),
            facts: entries(file.list("facts", &mut faults)),
            others: voices::Others {
                partners: entries(file.list("partners", &mut faults)),
                calls: entries(file.list("voice_calls", &mut faults)),
                voices: entries(file.list("voices", &mut faults)),
            },
        };
        file.finish(&mut faults);
        story
    });
    let faults = faults.sorted();
    match story {
        Some(story) if faults.is_empty() => Ok(story),
        _ => Err(Failure::work(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))),
    }
}

fn entries<T>(list: Vec<(usize, T)>) -> Vec<T> {
    list.into_iter().map(|(_, entry)| entry).collect()
}

/// The example's contact stands in only where the document prints none.
fn complete(contact: &mut Contact, example: Contact) {
    let Contact { address, phone, fax, email, hours, .. } = example;
    for (own, other) in [
        (&mut contact.address, address),
        (&mut contact.phone, phone),
        (&mut contact.fax, fax),
        (&mut contact.email, email),
        (&mut contact.hours, hours),
    ] {
        if own.is_none() {
            *own = other;
        }
    }
}

/// Where the document names no departments, made-up ones are in charge: as if they had been made at the desk.
async fn put_in_charge(tx: &mut Tx, departments: &[Department], entries: &[InChargeEntry]) -> Result<()> {
    for department in departments {
        city::put_department(tx, department).await?;
    }
    let known = city::departments(tx).await?;
    for entry in entries {
        if !known.iter().any(|one| one.key == entry.department) {
            return Err(Failure::work(format!("{FILE}: 課「{}」がありません。", entry.department)));
        }
        for key in &entry.nodes {
            let Some(node) = store::node_now(tx, 1, key).await? else {
                return must(false, key);
            };
            let mut in_charge = store::departments_now(tx, node.id).await?;
            in_charge.push(entry.department.clone());
            store::put_departments(tx, node.id, &in_charge).await?;
        }
    }
    Ok(())
}

async fn tell_progress(
    tx: &mut Tx,
    entries: &[ProgressEntry],
    today: NaiveDate,
    chance: &mut ChaCha8Rng,
) -> Result<()> {
    let now = FiscalYear::of(today);
    for entry in entries {
        if entry.stage.is_some() {
            continue;
        }
        let year = FiscalYear::new(entry.year);
        // A past year is reported in the spring after it, the running one in autumn.
        let (first, span) = if year < now { (year.last_day() + Days::new(26), 40) } else { (autumn(year), 46) };
        let published_on = first + Days::new(chance.random_range(0..span));
        if year > now || published_on > today {
            continue;
        }
        let report = Progress {
            node: 0,
            year,
            mark: entry.mark.clone(),
            grade: entry.grade.clone(),
            text: entry.text.clone(),
            next_step: entry.next.clone(),
            published_on,
        };
        must(store::put_progress(tx, &entry.node, &report, true).await?, &entry.node)?;
    }
    Ok(())
}

/// What others said of the years that are over: published in the summer after it, and answered a month later.
async fn tell_evaluations(tx: &mut Tx, entries: &[EvaluationEntry], today: NaiveDate) -> Result<()> {
    for entry in entries {
        let year = FiscalYear::new(entry.year);
        let published_on = spoken_on(year);
        if published_on > today {
            continue;
        }
        let node = match &entry.node {
            Some(key) => match store::node_now(tx, 1, key).await? {
                Some(node) => Some(node.id),
                None => return must(false, key),
            },
            None => None,
        };
        let answered_on = published_on + Days::new(30);
        let answer = entry.answer.clone().filter(|_| answered_on <= today);
        let said = Evaluation {
            id: 0,
            node,
            year,
            kind: entry.kind,
            evaluator: entry.by.clone(),
            grade: entry.grade.clone(),
            comment: entry.comment.clone(),
            published_on: Some(published_on),
            answer: answer.map(|text| Answer { text, on: answered_on }),
        };
        store::put_evaluation(tx, 1, &said, true).await?;
    }
    Ok(())
}

/// The reports that a pack tells of, and what others said.
fn reports(pack: &Pack) -> Result<(Vec<ProgressEntry>, Vec<EvaluationEntry>)> {
    if pack.file(FILE).is_none() {
        return Ok((Vec::new(), Vec::new()));
    }
    let story = read(pack)?;
    Ok((story.progress, story.evaluations))
}

/// When what the committee said of a year is published: in the summer after it.
fn spoken_on(year: FiscalYear) -> NaiveDate {
    year.last_day() + Days::new(120)
}

/// What others say, as a pack tells it.
fn others(pack: &Pack) -> Result<voices::Others> {
    if pack.file(FILE).is_none() { Ok(voices::Others::default()) } else { Ok(read(pack)?.others) }
}

/// The first of October of a fiscal year.
fn autumn(year: FiscalYear) -> NaiveDate {
    let first = year.first_day();
    first.with_month(10).unwrap_or(first)
}

fn must(stored: bool, key: &str) -> Result<()> {
    if stored { Ok(()) } else { Err(Failure::work(format!("{FILE}: 「{key}」が計画にありません。"))) }
}

/// Chance of its own for each part of the story, so that adding one changes no other.
fn chance(slug: &str, part: &str) -> ChaCha8Rng {
    let mut seed = [0_u8; 32];
    for (at, byte) in slug.bytes().chain([b'/']).chain(part.bytes()).enumerate() {
        seed[at % 32] = seed[at % 32].wrapping_mul(31).wrapping_add(byte);
    }
    ChaCha8Rng::from_seed(seed)
}
