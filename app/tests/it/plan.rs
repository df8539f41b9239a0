//! `kyodo plan`: a plan out to a file, in from one, with the verdicts of the page.

use std::fs;

use kyodo::data::DataFolder;
use kyodo_db::Pools;
use kyodo_kernel::FiscalYear;
use kyodo_plan::store::{self, RoundPlan};
use kyodo_testkit::Book;

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

/// The office has opened 令和8年度.
fn opens_a_round(world: &World, slug: &str) {
    let day = |text: &str| text.parse().unwrap();
    let days = RoundPlan {
        opens_on: day("2026-11-01"),
        due_on: day("2026-12-11"),
        decide_on: day("2026-12-25"),
        note: String::new(),
        members: Vec::new(),
    };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let data = DataFolder::new(world.path("data"));
        let db = data.place(&data.registered(slug).unwrap()).unwrap().open(Pools::default()).unwrap();
        let nodes: Vec<i64> = store::nodes(&db, 1)
            .await
            .unwrap()
            .into_iter()
            .filter(|node| !node.is_alias())
            .map(|node| node.id)
            .collect();
        let mut tx = db.begin().await.unwrap();
        store::open_round(&mut tx, 1, FiscalYear::new(2026), &days, &nodes).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        db.close().await;
    });
}

#[test]
fn workbooks_go_out_and_come_back_filled_in() {
    let (world, slug) = city();
    let folder = world.path("課").to_string_lossy().into_owned();
    let early = plan(&world, &slug, &["workbooks", "--year", "2026", "--out", &folder]);
    assert_eq!((early.code, early.err.contains("まだ開かれていません")), (1, true), "{}", early.err);
    opens_a_round(&world, &slug);
    let nobody = plan(&world, &slug, &["workbooks", "--year", "2026", "--department", "soumu", "--out", &folder]);
    assert!(nobody.code == 1 && nobody.err.contains("orizuru（折り鶴課）"), "{}", nobody.err);
    let wrong = plan(&world, &slug, &["workbooks", "--year", "来年", "--out", &folder]);
    assert_eq!(wrong.code, 2, "{}", wrong.err);
    let told = plan(&world, &slug, &["workbooks", "--year", "2026", "--out", &folder]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    let written = told.out.lines().find(|line| line.contains("折り鶴課")).unwrap();
    let file = written.rsplit_once(' ').unwrap().0.to_owned();

    let collect = |more: &[&str]| plan(&world, &slug, &[&["collect", &file, "--year", "2026"], more].concat());
    let same = collect(&[]);
    assert!(same.code == 0 && same.out.contains("変わるところはありません。"), "{}{}", same.out, same.err);
    let book =
        Book::of(&fs::read(&file).unwrap()).says(1, "F6", "踊る").says(1, "G6", "舟").says(1, "H6", "折りました。");
    fs::write(&file, book.bytes()).unwrap();
    let faulty = collect(&["--submit"]);
    assert_eq!(faulty.code, 1);
    assert!(faulty.err.contains("折り鶴課.xlsx 報告 F6: 「踊る」は、この計画の段階にありません。"), "{}", faulty.err);
    assert!(faulty.err.contains("直すところが1か所あります。何も取り込んでいません。"), "{}", faulty.err);
    fs::write(&file, book.says(1, "F6", "花").bytes()).unwrap();
    let looked = collect(&["--check", "--submit"]);
    assert!(looked.out.contains("› したこと、できたこと:  → 折りました。"), "{}", looked.out);
    assert!(!looked.out.contains("取り込みました"), "{}", looked.out);
    let done = collect(&["--submit"]);
    assert!(done.out.ends_with("取り込みました。提出 1、書き込み 0、数字 0\n"), "{}{}", done.out, done.err);
    assert!(collect(&["--submit"]).out.contains("変わるところはありません。"));
}
