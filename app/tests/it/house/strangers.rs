//! No city's own word stands in code, templates or messages, nor (`visits.rs`) on the pages of another city.

use std::collections::BTreeSet;

use kyodo_testkit::TestPack;

use super::{CITIES, sources};

/// Names that one document alone uses, beside its terms.
const NAMES: [(&str, &[&str]); 5] = [
    ("honjo", &["こだま芸術文化", "煉瓦倉庫", "ブックスタート"]),
    ("ichinoseki", &["輪っしょい", "わっしょい", "スタッフバンク", "ひと・まち応援金"]),
    ("kikugawa", &["1%地域づくり", "こども・わかもの参画宣言", "ユースワーカー"]),
    ("shinjo", &["ぷらっと", "流雪溝", "新庄市長期教育プラン"]),
    ("yamaguchi", &["さぽらんて", "お気軽講座", "地域交流センター", "亀山町"]),
];

/// A city's own words: its names, its terms in three languages, the names only its document uses.
fn own(slug: &str) -> BTreeSet<String> {
    let pack = TestPack::named(slug);
    let mut words: BTreeSet<String> = BTreeSet::new();
    for file in ["terms.ftl", "terms.en.ftl", "terms.ja-easy.ftl"] {
        let text = pack.text(file);
        let terms = text.lines().filter(|line| line.starts_with('-')).filter_map(|line| line.split_once(" = "));
        words.extend(terms.map(|(_, value)| value.trim().to_owned()));
    }
    let text = pack.text("city.toml");
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} = \"")));
        line.and_then(|rest| rest.split_once('"')).map(|(value, _)| value.to_owned()).unwrap_or_default()
    };
    let name = field("name");
    words.extend([name.trim_end_matches('市').to_owned(), name, field("kana"), field("romaji")]);
    let (_, names) = NAMES.iter().find(|(city, _)| *city == slug).expect("every city has names of its own");
    words.extend(names.iter().map(|name| (*name).to_owned()));
    words
}

/// Whether a pack uses a word, wherever: then it is a word of that city too.
fn uses(slug: &str, word: &str) -> bool {
    let pack = TestPack::named(slug);
    pack.files().any(|(_, bytes)| String::from_utf8_lossy(&bytes).contains(word))
}

/// A city's words that no other city uses; what several use is general Japanese.
fn peculiar(slug: &str) -> Vec<String> {
    let words = own(slug);
    let others: Vec<&str> = CITIES.into_iter().filter(|other| *other != slug).collect();
    words.into_iter().filter(|word| !others.iter().any(|other| uses(other, word))).collect()
}

#[test]
fn every_city_has_words_of_its_own() {
    for slug in CITIES {
        let words = peculiar(slug);
        assert!(words.len() >= 12, "{slug}: {words:?}");
        for (_, names) in NAMES.iter().filter(|(city, _)| *city == slug) {
            assert!(names.iter().all(|name| words.iter().any(|word| word == name)), "{slug}: {names:?} in {words:?}");
        }
    }
}

#[test]
fn no_citys_word_stands_in_code_templates_or_messages() {
    let sources = sources(&[".rs", ".html", ".ftl", ".css", ".sql"]);
    let mut found = Vec::new();
    for slug in CITIES {
        for word in peculiar(slug) {
            for source in sources.iter().filter(|source| source.text.contains(&word)) {
                found.push(format!("{}: 「{word}」 of {slug}", source.path.display()));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

/// The words of all other cities, which must not stand on the pages of this one.
pub(super) fn strangers(slug: &str) -> Vec<String> {
    let strangers: Vec<String> = CITIES.into_iter().filter(|other| *other != slug).flat_map(peculiar).collect();
    assert!(strangers.len() > 40, "{slug}: {strangers:?}");
    strangers
}
