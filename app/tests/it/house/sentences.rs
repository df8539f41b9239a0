//! Every sentence of the kernel and all rooms, and the facts they say they write.

use std::collections::BTreeSet;

use kyodo_kernel::catalogue::{CATALOGUE, kind_named};
use kyodo_testkit::every_sentence_is_understood;

#[tokio::test]
async fn the_database_understands_every_sentence() {
    every_sentence_is_understood(&kyodo::rooms()).await;
}

#[test]
fn a_room_writes_only_facts_that_are_its_own() {
    for room in kyodo::rooms() {
        for name in room.writes {
            let kind = kind_named(name).unwrap_or_else(|| panic!("{} writes {name}, which is no kind", room.name));
            assert_eq!(kind.room, room.name, "{name}");
        }
    }
}

#[test]
fn every_kind_of_fact_stands_once_and_belongs_to_a_room_of_the_plan() {
    // The rooms of architecture.md, and the frame, which counts the pages that are read.
    const ROOMS: [&str; 15] = [
        "plan",
        "registry",
        "coordination",
        "collab",
        "grants",
        "participation",
        "councils",
        "deliberation",
        "areas",
        "places",
        "learning",
        "news",
        "opendata",
        "accounts",
        "web",
    ];
    let mut names = BTreeSet::new();
    for kind in CATALOGUE {
        assert!(names.insert(kind.name), "{} stands twice", kind.name);
        assert!(ROOMS.contains(&kind.room), "{} belongs to {}, which is no room", kind.name, kind.room);
        assert!(kind.name.split('.').count() == 2, "{} is no noun.happened", kind.name);
    }
}

#[test]
fn rooms_and_their_addresses_have_one_name_each() {
    let rooms = kyodo::rooms();
    let names: BTreeSet<&str> = rooms.iter().map(|room| room.name).collect();
    assert_eq!(names.len(), rooms.len());
    let routes = || rooms.iter().flat_map(|room| room.routes.iter());
    let addresses: Vec<(&str, &str)> = routes().map(|route| (route.method.as_str(), route.path)).collect();
    assert_eq!(addresses.iter().collect::<BTreeSet<_>>().len(), addresses.len(), "{addresses:?}");
    let paths: Vec<&str> = routes().map(|route| route.path).collect();
    for item in rooms.iter().flat_map(|room| room.navigation) {
        assert!(paths.contains(&item.path), "the navigation leads to {}, where nothing is", item.path);
    }
}
