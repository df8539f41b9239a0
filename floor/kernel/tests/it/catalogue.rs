//! The catalogue of facts.

use std::collections::BTreeSet;

use kyodo_kernel::catalogue::{CATALOGUE, kind_named};

#[test]
fn every_kind_stands_once_and_says_what_happened_to_what() {
    let mut names = BTreeSet::new();
    for kind in CATALOGUE {
        assert!(names.insert(kind.name), "{} stands twice", kind.name);
        let (noun, happened) = kind.name.split_once('.').unwrap_or_else(|| panic!("{} is noun.happened", kind.name));
        for word in [noun, happened] {
            let plain = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            assert!(plain && !word.is_empty(), "{} is noun.happened", kind.name);
        }
        assert!(!kind.room.is_empty() && !kind.unit.is_empty(), "{}", kind.name);
        assert_eq!(kind_named(kind.name), Some(kind));
    }
    assert_eq!(kind_named("mayor.elected"), None);
}

/// Whoever writes a pack reads `cities/README.md`, not the code.
#[test]
fn the_catalogue_and_the_handbook_of_packs_name_the_same_kinds() {
    let handbook = include_str!("../../../../cities/README.md");
    let (_, list) = handbook.split_once("Kinds of facts: ").expect("the handbook lists the kinds");
    let (list, _) = list.split_once("\n\n").expect("the list ends");
    let told: BTreeSet<&str> = list.split_whitespace().map(|name| name.trim_end_matches('.')).collect();
    let known: BTreeSet<&str> = CATALOGUE.iter().map(|kind| kind.name).collect();
    assert_eq!(told, known);
}
