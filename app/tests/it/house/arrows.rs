//! The arrows of the architecture: app → rooms → web → kernel → db, rooms → libs, and none between rooms.

use std::collections::BTreeMap;
use std::fs;

use super::workspace;

/// A crate of ours: its folder, and what it needs of ours in production and in tests.
#[derive(Debug)]
struct Crate {
    folder: String,
    needs: Vec<String>,
    needs_in_tests: Vec<String>,
    everything: Vec<String>,
}

fn crates() -> BTreeMap<String, Crate> {
    let mut crates = BTreeMap::new();
    let mut folders = vec!["app".to_owned(), "xtask".to_owned()];
    for floor in ["floor", "rooms", "libs"] {
        let entries = fs::read_dir(workspace().join(floor)).expect("the folder can be listed");
        folders
            .extend(entries.map(|entry| format!("{floor}/{}", entry.expect("an entry").file_name().to_string_lossy())));
    }
    for folder in folders {
        let Ok(text) = fs::read_to_string(workspace().join(&folder).join("Cargo.toml")) else { continue };
        let manifest: toml::Table = text.parse().unwrap_or_else(|error| panic!("{folder}: {error}"));
        let name = manifest["package"]["name"].as_str().expect("a crate has a name").to_owned();
        let listed = |table: &str| -> Vec<String> {
            manifest
                .get(table)
                .and_then(toml::Value::as_table)
                .map(|table| table.keys().cloned().collect())
                .unwrap_or_default()
        };
        let ours = |names: Vec<String>| names.into_iter().filter(|name| name.starts_with("kyodo")).collect();
        let known = Crate {
            folder,
            needs: ours(listed("dependencies")),
            needs_in_tests: ours(listed("dev-dependencies")),
            everything: listed("dependencies"),
        };
        crates.insert(name, known);
    }
    assert!(crates.len() >= 9, "{crates:?}");
    crates
}

/// How high a crate stands; it may need only what stands lower.
fn height(folder: &str) -> u8 {
    match folder {
        "floor/db" | "floor/papers" => 1,
        "floor/kernel" => 2,
        "floor/web" => 3,
        "floor/testkit" => 4,
        "app" => 6,
        _ if folder.starts_with("libs/") => 0,
        _ if folder.starts_with("rooms/") => 5,
        _ => 7,
    }
}

#[test]
fn a_crate_needs_only_what_stands_below_it() {
    let crates = crates();
    for (name, own) in &crates {
        for need in &own.needs {
            let other = crates.get(need).unwrap_or_else(|| panic!("{name} needs {need}, which is not here"));
            assert!(height(&other.folder) < height(&own.folder), "{name} needs {need}");
        }
    }
}

#[test]
fn no_room_opens_a_door_into_another() {
    let crates = crates();
    for (name, own) in crates.iter().filter(|(_, own)| own.folder.starts_with("rooms/")) {
        for need in own.needs.iter().chain(&own.needs_in_tests) {
            assert!(!crates[need].folder.starts_with("rooms/"), "{name} needs {need}");
        }
    }
}

#[test]
fn libraries_are_pure() {
    for (name, own) in crates().iter().filter(|(_, own)| own.folder.starts_with("libs/")) {
        assert!(own.needs.is_empty() && own.needs_in_tests.is_empty(), "{name} needs {:?}", own.needs);
        for impure in ["tokio", "sqlx", "axum", "rand"] {
            assert!(!own.everything.iter().any(|need| need == impure), "{name} needs {impure}");
        }
    }
}

#[test]
fn only_db_knows_the_databases_and_only_tests_know_the_testkit() {
    for (name, own) in crates() {
        assert!(!own.needs.contains(&"kyodo-testkit".to_owned()), "{name} needs the testkit");
        let libraries = ["libsqlite3-sys", "rusqlite", "tokio-postgres", "postgres"];
        assert!(!own.everything.iter().any(|need| libraries.contains(&need.as_str())), "{name} goes around db");
        if own.folder == "floor/db" {
            assert!(own.needs.is_empty(), "db stands on nothing of ours");
        }
    }
}

#[test]
fn only_papers_knows_the_typesetter_and_word() {
    for (name, own) in crates() {
        let libraries = ["typst", "typst-layout", "typst-pdf", "docx-rs", "resvg"];
        let knows = own.everything.iter().any(|need| libraries.contains(&need.as_str()));
        assert_eq!(knows, own.folder == "floor/papers", "{name}");
        if own.folder == "floor/papers" {
            assert!(own.needs.is_empty(), "papers stands on nothing of ours");
        }
    }
}
