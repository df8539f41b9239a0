//! The whole house: what holds for all rooms and all five cities together.

mod arrows;
mod described;
mod desk;
mod example;
mod finds;
mod permissions;
mod queries;
mod schema;
mod sentences;
mod strangers;
mod visits;
mod words;

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use kyodo_kernel::pack::Faults;
use kyodo_testkit::{Page, TestCity, TestHouse, TestPack, Visitor};

/// The day of the demo.
const TODAY: &str = "2026-11-20";

/// The cities that ship with Kyodo.
const CITIES: [&str; 5] = ["honjo", "ichinoseki", "kikugawa", "shinjo", "yamaguchi"];

/// The house with all its rooms and cities, keeping pages as a server does, and one city filled as the demo fills it.
async fn lively(slug: &str) -> TestCity {
    let house = TestHouse::new(kyodo::rooms()).on(TODAY).as_demo().keeping_pages();
    let house = CITIES.iter().fold(house, |house, city| house.with_city(*city)).build().await;
    let (city, clock) = (house.city(slug), house.house().clock);
    let pack = TestPack::named(slug).read(&mut Faults::default());
    let filled = kyodo::demo::fill(city.db(), &pack, clock.today(), clock.now()).await;
    filled.unwrap_or_else(|failure| panic!("the demo of {slug}: {failure}"));
    city
}

/// Every page of a city that links lead to, from the front page on; each passes the inspector.
async fn every_page(visitor: &Visitor, city: &TestCity) -> BTreeMap<String, Page> {
    let mut pages = BTreeMap::new();
    let mut waiting = VecDeque::from(["/".to_owned()]);
    while let Some(address) = waiting.pop_front() {
        if pages.contains_key(&address) {
            continue;
        }
        let page = visitor.gets(&address).await;
        page.ok();
        for link in page.links() {
            let next = page.url().join(&link.href).expect("a link is an address");
            let here = next.host_str() == Some(city.host().as_str());
            // Downloads and the switches of language and furigana lead to no other page.
            let switch = next.query_pairs().any(|(name, _)| ["format", "lang", "furigana"].contains(&name.as_ref()));
            if here && !switch && next.scheme() == "http" && !next.path().starts_with("/api/v1/") {
                let query = next.query().map(|query| format!("?{query}")).unwrap_or_default();
                waiting.push_back(format!("{}{query}", next.path()));
            }
        }
        pages.insert(address, page);
    }
    pages
}

/// The folder that holds everything.
fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("app lies in the workspace").to_path_buf()
}

/// A file of the repository and what stands in it.
struct Source {
    path: PathBuf,
    text: String,
}

/// The sources of the house with these endings: what is compiled into the binary, without tests.
fn sources(endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    for root in ["floor", "rooms", "app", "libs"] {
        gather(&workspace().join(root), endings, &mut found);
    }
    assert!(found.len() > 50, "only {} files were found", found.len());
    found
}

fn gather(folder: &Path, endings: &[&str], found: &mut Vec<Source>) {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder can be listed").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            // Tests and their packs may name whatever they like.
            if !["tests", "packs", "target", "node_modules"].contains(&name.as_str()) {
                gather(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            let text = fs::read_to_string(&path).expect("a source is text");
            let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            found.push(Source { path, text });
        }
    }
}
