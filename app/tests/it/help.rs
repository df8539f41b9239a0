//! What the command line says of itself, and to those who mistype.

use crate::world::World;

const COMMANDS: &[&[&str]] = &[
    &[],
    &["demo"],
    &["serve"],
    &["city"],
    &["city", "add"],
    &["city", "update"],
    &["city", "list"],
    &["city", "check"],
    &["config"],
    &["audit"],
    &["audit", "verify"],
    &["plan"],
    &["plan", "recount"],
    &["plan", "import"],
    &["plan", "export"],
    &["plan", "workbooks"],
    &["plan", "collect"],
    &["openapi"],
    &["bench-fill"],
    &["torture-look"],
];

#[test]
fn every_command_explains_itself_in_japanese() {
    let world = World::new();
    for command in COMMANDS {
        let told = world.kyodo(&[command, &["--help"][..]].concat());
        assert_eq!(told.code, 0, "{command:?}");
        assert!(told.out.contains("使い方: kyodo"), "{command:?}: {}", told.out);
        for english in ["Usage", "Options", "Commands:", "Arguments", "Print"] {
            assert!(!told.out.contains(english), "{command:?} says {english}: {}", told.out);
        }
    }
}

#[test]
fn the_list_of_commands_leaves_out_what_only_benchmarks_and_the_crash_test_need() {
    let told = World::new().kyodo(&["--help"]);
    for command in ["demo", "serve", "city", "config", "audit", "plan", "openapi"] {
        assert!(told.out.contains(&format!("  {command} ")), "{command}: {}", told.out);
    }
    assert!(!told.out.contains("bench-fill") && !told.out.contains("torture-look"));
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_is_wrong() {
    let world = World::new();
    for (arguments, sentence) in [
        (&["sevre"][..], "「sevre」というコマンドはありません。「serve」のことですか。"),
        (&["serve", "--lisen", "x"], "「--lisen」という指定はありません。「--listen」のことですか。"),
        (&["serve", "--listen"], "--listen <ADDR> に値がありません。"),
        (&["serve", "--listen", "8080"], "--listen: listen に「8080」は使えません。"),
        (&["serve", "--today", "平成32年4月1日"], "平成32年ではなく、令和2年です。"),
        (&["city", "add"], "<PACK> を指定してください。"),
        (&["audit", "verify"], "<CITY> を指定してください。"),
        (&["audit", "verify", "x", "--seal", "abc"], "--seal に「abc」は使えません。"),
        (&["city", "update", "x", "--yes", "--dry-run"], "いっしょに指定できません。"),
        (&["city", "add", "x", "--host", "https://x.example"], "--host に「https://x.example」は使えません。"),
        (&["bench-fill", "--city", "x", "--rows", "many"], "--rows <N> に「many」は使えません。"),
        (&[], "使い方: kyodo"),
        (&["city"], "使い方: kyodo city"),
    ] {
        let told = world.kyodo(arguments);
        assert_eq!(told.code, 2, "{arguments:?}: {}", told.err);
        assert!(told.err.contains(sentence), "{arguments:?}: {}", told.err);
        assert_eq!(told.out, "", "{arguments:?}");
    }
}

#[test]
fn the_description_of_the_api_is_printed_as_json() {
    let told = World::new().kyodo(&["openapi"]);
    assert_eq!(told.code, 0, "{}", told.err);
    let api: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    assert!(api["openapi"].as_str().is_some_and(|version| version.starts_with("3.")));
    assert!(api["paths"]["/api/v1/plan"].is_object());
}
