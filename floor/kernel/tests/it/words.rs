//! What the pages say.

use kyodo_kernel::Language;
use kyodo_kernel::profile::Terms;
use kyodo_kernel::words::{MessageFile, Messages, Words};

const FILES: [MessageFile; 3] = [
    MessageFile {
        language: Language::Japanese,
        text: "welcome = { -city }へようこそ\nonly = 日本語だけ\ncount = { NUMBER($n) }件\n    .label = 件数\nby = { $who }さん\n",
    },
    MessageFile { language: Language::EasyJapanese, text: "welcome = { -city }に ようこそ\n" },
    MessageFile {
        language: Language::English,
        text: "welcome = Welcome to { -city }\ncount = { $n ->\n    [one] 1 item\n   *[other] { NUMBER($n) } items\n}\n",
    },
];

fn words(language: Language) -> Words {
    let terms = Terms { ja: "-city = 見本市\n".to_owned(), ja_easy: None, en: Some("-city = Mihon\n".to_owned()) };
    Words::new(&Messages::parse(FILES).unwrap(), &terms, language).unwrap()
}

#[test]
fn messages_are_filled_with_the_citys_own_words() {
    assert_eq!(words(Language::Japanese).say("welcome"), "見本市へようこそ");
    assert_eq!(words(Language::English).say("welcome"), "Welcome to Mihon");
}

#[test]
fn what_a_language_lacks_is_said_in_japanese() {
    assert_eq!(words(Language::EasyJapanese).say("welcome"), "見本市に ようこそ");
    assert_eq!(words(Language::English).say("only"), "日本語だけ");
}

#[test]
fn numbers_carry_separators_and_english_inflects() {
    let count = |language, n: i64| words(language).with("count", [("n", n)]);
    assert_eq!(count(Language::Japanese, 1234), "1,234件");
    assert_eq!(count(Language::EasyJapanese, 12), "12件");
    assert_eq!(count(Language::English, 1), "1 item");
    assert_eq!(count(Language::English, 10_000), "10,000 items");
}

#[test]
fn no_invisible_marks_stand_around_values() {
    assert_eq!(words(Language::Japanese).with("by", [("who", "花")]), "花さん");
}

#[test]
fn attributes_are_messages_too_and_a_missing_one_is_marked() {
    assert_eq!(words(Language::Japanese).say("count.label"), "件数");
    assert_eq!(words(Language::Japanese).say("nothing"), "⟨nothing⟩");
    assert_eq!(words(Language::Japanese).say("count.nothing"), "⟨count.nothing⟩");
    assert!(words(Language::English).has("only") && !words(Language::English).has("nothing"));
}

#[test]
fn a_broken_message_file_stops_the_start_and_names_the_line() {
    let file = MessageFile { language: Language::Japanese, text: "good = 良い\nbad = { $n\n" };
    let error = Messages::parse([file]).unwrap_err();
    assert!(error.contains("line 2") || error.contains("line 3"), "{error}");
}

#[test]
fn the_frame_says_the_same_in_every_language() {
    kyodo_testkit::every_message_is_in_every_language(&[]);
}
