//! `kyodo city`: packs checked, cities created and updated.

use kyodo_testkit::is_postgres;

use crate::world::World;

#[test]
fn every_pack_that_ships_is_without_fault() {
    let world = World::new();
    for pack in ["shinjo", "yamaguchi", "ichinoseki", "honjo", "kikugawa"] {
        let told = world.kyodo(&["city", "check", pack]);
        assert_eq!((told.code, told.out.as_str()), (0, "問題ありません\n"), "{pack}: {}", told.err);
    }
}

#[test]
fn a_pack_that_is_nowhere_is_told_with_the_names_there_are() {
    let told = World::new().kyodo(&["city", "check", "nowhere"]);
    assert_eq!(told.code, 1);
    assert!(told.err.contains("「nowhere」") && told.err.contains("ichinoseki"), "{}", told.err);
}

#[test]
fn every_fault_of_a_pack_is_named_by_file_and_line_and_nothing_is_created() {
    let world = World::new();
    let pack = world.pack();
    pack.change("city.toml", "code = \"998001\"", "code = \"123\"");
    pack.change("readings.csv", "\n", "\nことば\n");
    for command in ["check", "add"] {
        let told = world.kyodo(&["city", command, pack.path()]);
        assert_eq!(told.code, 1);
        for place in ["city.toml:4: ", "readings.csv:2: ", "直すところが2件あります。"] {
            assert!(told.err.contains(place), "{command}: {place} is missing in\n{}", told.err);
        }
    }
    assert!(world.files("data").is_empty());
}

#[test]
fn a_city_is_created_once_and_listed() {
    let world = World::new();
    let pack = world.pack();
    let empty = world.kyodo(&["city", "list"]);
    assert!(empty.out.contains("まだ自治体がありません"), "{}", empty.out);

    let told =
        world.kyodo(&["city", "add", pack.path(), "--host", "Kyodo.Mihon.example", "--own-listen", "127.0.0.1:8081"]);
    assert_eq!(told.code, 0, "{}", told.err);
    let mut files = vec![format!("{}.toml", pack.slug)];
    if !is_postgres() {
        files.insert(0, format!("{}.db", pack.slug));
    }
    assert_eq!(world.files("data/cities"), files);

    let list = world.kyodo(&["city", "list"]).out;
    let city = list.lines().find(|line| line.starts_with(&pack.slug)).unwrap();
    let database = if is_postgres() { "postgres://" } else { ".db" };
    for word in ["見本市", "第1次見本市折り紙計画", "kyodo.mihon.example", "127.0.0.1:8081", database] {
        assert!(city.contains(word), "{word} is missing in {city}");
    }

    let again = world.kyodo(&["city", "add", pack.path()]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("もうあります") && again.err.contains("city update"), "{}", again.err);
    assert_eq!(world.files("data/cities"), files);
}

#[test]
fn a_host_of_another_city_is_refused_and_nothing_is_left() {
    let world = World::new();
    let (first, second) = (world.pack(), world.pack());
    assert_eq!(world.kyodo(&["city", "add", first.path(), "--host", "kyodo.example"]).code, 0);
    let before = world.files("data/cities");
    let told = world.kyodo(&["city", "add", second.path(), "--host", "KYODO.example"]);
    assert_eq!(told.code, 1);
    assert!(told.err.contains("kyodo.example") && told.err.contains(&first.slug), "{}", told.err);
    assert_eq!(world.files("data/cities"), before);
}

#[test]
fn a_database_that_nobody_registered_is_not_overwritten() {
    if is_postgres() {
        return;
    }
    let world = World::new();
    let pack = world.pack();
    let file = format!("data/cities/{}.db", pack.slug);
    world.write(&file, "precious");
    let told = world.kyodo(&["city", "add", pack.path()]);
    assert_eq!(told.code, 1);
    assert!(told.err.contains("登録のないデータベース"), "{}", told.err);
    assert_eq!(std::fs::read_to_string(world.path(&file)).unwrap(), "precious");
}

#[test]
fn a_server_that_is_away_leaves_nothing_behind() {
    let world = World::new().with("KYODO_DATABASE", "postgres://root:geheim@127.0.0.1:9/kyodo");
    let told = world.kyodo(&["city", "add", world.pack().path()]);
    assert_eq!(told.code, 1);
    assert!(told.err.contains("PostgreSQL") && !told.err.contains("geheim"), "{}", told.err);
    assert!(world.files("data/cities").is_empty());
}

#[test]
fn an_update_is_shown_before_it_is_applied() {
    let world = World::new();
    let pack = world.pack();
    assert_eq!(world.kyodo(&["city", "add", pack.path()]).code, 0);
    let unchanged = world.kyodo(&["city", "update", pack.path()]);
    assert_eq!(unchanged.code, 0, "{}", unchanged.err);
    assert!(unchanged.out.contains("変わるところはありません"), "{}", unchanged.out);

    pack.change("city.toml", "name = \"折り鶴課\"", "name = \"折り紙課\"");
    pack.change("plan.toml", "title = \"折る人をふやす\"", "title = \"折る人をそだてる\"");
    let seen = ["折り鶴課 → 折り紙課", "折る人をふやす → 折る人をそだてる", "見本市", "追加 0、変更 2、削除 0"];
    let preview = world.kyodo(&["city", "update", pack.path(), "--dry-run"]);
    let unasked = world.kyodo(&["city", "update", pack.path()]);
    let applied = world.kyodo(&["city", "update", pack.path(), "--yes"]);
    for told in [&preview, &unasked, &applied] {
        for part in seen {
            assert!(told.out.contains(part), "{part} is missing in\n{}\n{}", told.out, told.err);
        }
    }
    assert_eq!(preview.code, 0);
    assert_eq!(unasked.code, 2);
    assert!(unasked.err.contains("--yes") && unasked.err.contains("--dry-run"), "{}", unasked.err);
    assert_eq!(applied.code, 0);
    assert!(applied.out.contains("反映しました"), "{}", applied.out);
    assert!(world.kyodo(&["city", "update", pack.path()]).out.contains("変わるところはありません"));
}

#[test]
fn only_a_city_that_exists_can_be_updated() {
    let world = World::new();
    let told = world.kyodo(&["city", "update", world.pack().path()]);
    assert_eq!(told.code, 1);
    assert!(told.err.contains("まだ自治体がありません"), "{}", told.err);
}
