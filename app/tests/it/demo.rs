//! `kyodo demo`: five cities in a folder that may be thrown away, and in no other.

use std::fs;

use kyodo::demo::{PASSWORD, SEATS};

use crate::world::World;

const CITIES: [&str; 5] = ["honjo", "ichinoseki", "kikugawa", "shinjo", "yamaguchi"];

#[test]
fn the_five_cities_come_up_are_kept_and_are_made_anew_on_request() {
    let world = World::new();
    let first = world.start(&["demo"]);
    assert!(first.greeting.contains("令和8年11月20日（金）"), "{}", first.greeting);
    for city in CITIES {
        assert!(first.greeting.contains(&format!("http://{city}.localhost:")), "{city}: {}", first.greeting);
        assert!(first.ask(&format!("{city}.localhost"), "/").starts_with("HTTP/1.1 200"), "{city}");
        for seat in &SEATS {
            assert!(first.greeting.contains(&format!("{} ", seat.email(city))), "{city}: {}", first.greeting);
        }
    }
    // Last year's report was adopted where the year was reported.
    assert!(first.ask("ichinoseki.localhost", "/plan/reports/2025").contains("に採択しました"));
    assert!(first.greeting.contains(PASSWORD) && !first.greeting.contains("kyodo user add"), "{}", first.greeting);
    drop(first);
    let registration = || fs::read_to_string(world.path("demo/cities/honjo.toml")).unwrap();
    world.write("demo/kyodo.toml", "keep_pages = false\n");
    world.write("demo/cities/honjo.toml", &format!("{}# 手で書いた行\n", registration()));

    drop(world.start(&["demo", "--today", "R8.12.1"]));
    assert!(registration().contains("手で書いた行"));

    let anew = world.start(&["demo", "--fresh"]);
    assert!(!registration().contains("手で書いた行"));
    assert!(anew.ask("honjo.localhost", "/").starts_with("HTTP/1.1 200"));
    assert!(world.path("demo/kyodo.toml").exists());
}

#[test]
fn a_folder_with_anything_else_in_it_is_never_touched() {
    let world = World::new();
    world.write("data/cities/mine.db", "precious");
    for arguments in [&["demo", "--data", "data"][..], &["demo", "--data", "data", "--fresh"]] {
        let told = world.kyodo(&[arguments, &["--listen", "127.0.0.1:0"]].concat());
        assert_eq!(told.code, 1);
        assert!(told.err.contains("見本のフォルダではありません"), "{}", told.err);
    }
    assert_eq!(world.files("data"), ["cities"]);
    assert_eq!(fs::read_to_string(world.path("data/cities/mine.db")).unwrap(), "precious");
}
