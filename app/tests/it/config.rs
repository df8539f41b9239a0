//! `kyodo config`: what is in force, where it comes from, and what is refused.

use crate::world::World;

fn line<'t>(text: &'t str, name: &str) -> &'t str {
    text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap_or_else(|| panic!("no {name} in\n{text}"))
}

#[test]
fn every_value_is_shown_with_where_it_comes_from() {
    let world = World::new().with("KYODO_LOG", "debug").with("KYODO_MAX_CONNECTIONS", "30");
    world.write("data/kyodo.toml", "# 設定\nmax_connections = 8\nkeep_pages = false\ntoday = 'R8.4.1'\n");
    let told = world.kyodo(&["config", "--today", "令和8年11月20日"]);
    assert_eq!(told.code, 0, "{}", told.err);
    let file = |at: u32| format!("{}:{at}", std::path::Path::new("./data").join("kyodo.toml").display());
    for (name, value, source) in [
        ("listen", "127.0.0.1:8080", "既定".to_owned()),
        ("public_url", "（なし）", "既定".to_owned()),
        ("keep_pages", "false", file(3)),
        ("log", "debug", "環境変数 KYODO_LOG".to_owned()),
        ("max_connections", "30", "環境変数 KYODO_MAX_CONNECTIONS".to_owned()),
        ("today", "令和8年11月20日", "--today".to_owned()),
    ] {
        let line = line(&told.out, name);
        assert!(line.contains(value) && line.trim_end().ends_with(&source), "{line}");
    }
}

#[test]
fn the_login_of_a_database_is_hidden_everywhere() {
    let secret = "postgres://root:geheim@db.example:5432/kyodo?password=geheim";
    let world = World::new();
    let told = world.kyodo(&["config", "--database", secret]);
    assert!(line(&told.out, "database").contains("postgres://db.example:5432/kyodo"), "{}", told.out);
    world.write("data/kyodo.toml", "database = 'mysql://root:geheim@db.example/kyodo'\n");
    let refused = World::new().kyodo(&["config", "--database", "mysql://root:geheim@db.example/kyodo"]);
    assert_eq!(refused.code, 2);
    let in_file = world.kyodo(&["config"]);
    assert_eq!(in_file.code, 1);
    for text in [told.out, told.err, refused.out, refused.err, in_file.out, in_file.err] {
        assert!(!text.contains("geheim"), "{text}");
    }
}

#[test]
fn the_login_of_a_mail_server_is_hidden_and_never_goes_out_in_clear() {
    let world = World::new();
    let from = ["--mail-from", "kyodo@city.example.jp"];
    let shown = |address: &str| world.kyodo(&["config", "--mail", address, from[0], from[1]]);
    let told = shown("smtps://kyodo:geheim@relay.example:465");
    assert!(line(&told.out, "mail").contains("smtps://relay.example:465"), "{}{}", told.out, told.err);
    let in_clear = shown("smtp://kyodo:geheim@relay.example");
    assert!(in_clear.code != 0 && in_clear.err.contains("tls=required"), "{}", in_clear.err);
    for text in [told.out, told.err, in_clear.out, in_clear.err] {
        assert!(!text.contains("geheim"), "{text}");
    }
    let without_sender = world.kyodo(&["config", "--mail", "smtp://relay.example"]);
    assert!(without_sender.code == 1 && without_sender.err.contains("mail_from"), "{}", without_sender.err);
}

#[test]
fn an_unknown_setting_is_refused_by_file_and_line() {
    let world = World::new();
    world.write("other.toml", "listen = '127.0.0.1:9000'\nlisten_address = '127.0.0.1:9000'\nlog = 'loud'\n");
    for command in ["config", "serve"] {
        let told = world.kyodo(&[command, "--config", "other.toml"]);
        assert_eq!(told.code, 1);
        assert!(told.err.contains("other.toml:2: 「listen_address」という設定はありません。"), "{}", told.err);
        assert!(told.err.contains("other.toml:3: log に「loud」は使えません。"), "{}", told.err);
    }
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let told = World::new().with("KYODO_CONFIG", "missing.toml").kyodo(&["config"]);
    assert_eq!(told.code, 1);
    assert!(told.err.contains("missing.toml を読めません"), "{}", told.err);
}

#[test]
fn the_sample_is_a_file_that_changes_nothing() {
    let world = World::new();
    let sample = world.kyodo(&["config", "--sample"]).out;
    let settings: Vec<&str> =
        sample.lines().filter_map(|line| line.strip_prefix("# ")).filter(|l| l.contains(" = ")).collect();
    assert!(settings.len() > 10, "{sample}");
    let before = world.kyodo(&["config"]).out;
    world.write("data/kyodo.toml", &settings.join("\n"));
    let after = world.kyodo(&["config"]);
    assert_eq!(after.code, 0, "{}", after.err);
    let values = |text: &str| -> Vec<String> {
        text.lines().skip(3).map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")).collect()
    };
    assert_eq!(values(&before), values(&after.out));
}
