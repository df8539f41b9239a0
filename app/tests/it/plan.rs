//! `kyodo plan`: a plan out to a file, in from one, with the verdicts of the page.

use std::fs;

use crate::world::{Told, World};

/// A world with the made-up city.
fn city() -> (World, String) {
    let world = World::new();
    let pack = world.pack();
    let added = world.kyodo(&["city", "add", pack.path()]);
    assert_eq!(added.code, 0, "{}", added.err);
    (world, pack.slug)
}

fn plan(world: &World, slug: &str, arguments: &[&str]) -> Told {
    world.kyodo(&[&["plan", arguments[0], "--city", slug, "--today", "2026-11-20"], &arguments[1..]].concat())
}

#[test]
fn a_plan_goes_out_and_comes_in_changed() {
    let (world, slug) = city();
    let file = |name: &str| world.path(name).to_string_lossy().into_owned();
    let json = plan(&world, &slug, &["export", "--format", "json"]);
    assert!(json.out.starts_with('{') && json.out.contains("\"nodes\""), "{}", json.out);
    for name in ["計画.xlsx", "計画.csv"] {
        let format = name.rsplit('.').next().unwrap();
        let told = plan(&world, &slug, &["export", "--format", format, "--output", &file(name)]);
        assert_eq!(told.code, 0, "{}", told.err);
        let told = plan(&world, &slug, &["import", &file(name)]);
        assert_eq!((told.code, told.err.as_str()), (0, ""));
        assert!(told.out.contains("変わるところはありません。"), "{}", told.out);
    }
    let csv = fs::read_to_string(world.path("計画.csv")).unwrap();
    assert!(csv.starts_with('\u{feff}') && csv.contains("\r\n"));
    fs::write(world.path("計画.csv"), csv.replace("折り方の会", "鶴の会")).unwrap();
    let looked = plan(&world, &slug, &["import", &file("計画.csv"), "--dry-run"]);
    assert!(looked.out.contains("~ 1-1-1-1 ① 鶴の会 › 名称: 折り方の会 → 鶴の会"), "{}", looked.out);
    assert!(!looked.out.contains("取り込みました"), "{}", looked.out);
    let told = plan(&world, &slug, &["import", &file("計画.csv")]);
    assert!(told.out.ends_with("取り込みました。\n"), "{}", told.out);
    let again = plan(&world, &slug, &["import", &file("計画.csv")]);
    assert!(again.out.contains("変わるところはありません。"), "{}", again.out);
}

#[test]
fn what_cannot_come_in_is_told_with_its_place() {
    let (world, slug) = city();
    world.write("悪い.csv", "種別,キー,名称,区分\n計画,1,まちを折る,旧\n");
    world.write("独自.csv", "柱,項,目,節,区分\nまちを折る,,,,\n");
    world.write("計画.json", "{}");
    let file = |name: &str| world.path(name).to_string_lossy().into_owned();
    for (name, said) in [
        ("悪い.csv", "悪い.csv D2: 区分「旧」は、新規・継続・拡充のどれかにしてください。"),
        ("独自.csv", "/desk/plan/import"),
        ("計画.json", "JSON は取り込めません"),
        ("ない.csv", "を読めません"),
    ] {
        let told = plan(&world, &slug, &["import", &file(name)]);
        assert_eq!(told.code, 1, "{name}: {}", told.out);
        assert!(told.err.contains(said), "{name}: {}", told.err);
    }
    for (format, said) in [("docx", "--format docx は、まだありません"), ("pdf", "--format に「pdf」は使えません")]
    {
        let told = plan(&world, &slug, &["export", "--format", format]);
        assert_eq!(told.code, 2);
        assert!(told.err.contains(said), "{}", told.err);
    }
}
