//! The bigram index: its tokens, and questions to it for SQLite's FTS5 and for PostgreSQL. See the README for why the
//! last letter of a word is a token and a gap at once.

use std::collections::BTreeMap;

use crate::key::{Key, Letter};

/// The highest position that a tsvector keeps; higher ones are stored as this one.
const LAST_POSITION: usize = 16_383;
/// How many positions of one lexeme a tsvector keeps.
const POSITIONS_PER_LEXEME: usize = 256;
/// A tsvector must stay below one megabyte of lexemes and positions. A lexeme here has at most eight bytes, and ten more
/// with its position, count and alignment, so this many always fit.
const LEXEMES: usize = 50_000;

/// The tokens of a text in order, separated by spaces: the column to insert into an FTS5 table.
#[must_use]
pub fn bigrams(text: &str) -> String {
    let mut written = String::with_capacity(text.len() * 2);
    for token in tokens(&Key::of(text)) {
        if !written.is_empty() {
            written.push(' ');
        }
        written.extend(letters(token));
    }
    written
}

/// The phrases to ask for, one per word of the query, as consecutive tokens. A word of two or more letters gives its
/// bigrams; a word of one letter gives that letter, which must be asked as a prefix of a token. Empty when the query
/// has neither letters nor figures.
#[must_use]
pub fn phrase_query(query: &str) -> Vec<Vec<String>> {
    let key = Key::of(query);
    key.runs()
        .map(|word| match word {
            [_] => vec![letters(word).collect()],
            _ => word.windows(2).map(|pair| letters(pair).collect()).collect(),
        })
        .collect()
}

/// The query as an FTS5 expression: texts that have all its words. `None` when nothing can be asked, which is not
/// the same as finding nothing.
#[must_use]
pub fn fts5_query(query: &str) -> Option<String> {
    joined(query, " AND ", |tokens| {
        let quoted = tokens.join(" ").replace('"', "\"\"");
        let prefix = if is_prefix(tokens) { " *" } else { "" };
        format!("\"{quoted}\"{prefix}")
    })
}

/// The query as text to cast to PostgreSQL's `tsquery`: texts that have all its words. `None` when nothing can be
/// asked.
#[must_use]
pub fn tsquery(query: &str) -> Option<String> {
    joined(query, " & ", |tokens| {
        let lexemes: Vec<String> = tokens.iter().map(|token| lexeme(token)).collect();
        let prefix = if is_prefix(tokens) { ":*" } else { "" };
        lexemes.join(" <-> ") + prefix
    })
}

/// The tokens of a text as text to cast to PostgreSQL's `tsvector`, within its limits (see the README); never refused
/// for its length.
#[must_use]
pub fn tsvector(text: &str) -> String {
    let mut lexemes: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, token) in tokens(&Key::of(text)).enumerate() {
        let position = (index + 1).min(LAST_POSITION);
        let token: String = letters(token).collect();
        if lexemes.len() == LEXEMES && !lexemes.contains_key(&token) {
            continue;
        }
        let positions = lexemes.entry(token).or_default();
        if positions.len() < POSITIONS_PER_LEXEME && positions.last() != Some(&position) {
            positions.push(position);
        }
    }
    let entries: Vec<String> = lexemes
        .iter()
        .map(|(token, positions)| {
            let positions: Vec<String> = positions.iter().map(usize::to_string).collect();
            format!("{}:{}", lexeme(token), positions.join(","))
        })
        .collect();
    entries.join(" ")
}

/// Of each word its overlapping pairs of letters, then its last letter.
fn tokens(key: &Key) -> impl Iterator<Item = &[Letter]> {
    key.runs().flat_map(|word| word.windows(2).chain(word.chunks(1).next_back()))
}

fn letters(token: &[Letter]) -> impl Iterator<Item = char> {
    token.iter().map(|letter| letter.c)
}

fn is_prefix(phrase: &[String]) -> bool {
    matches!(phrase, [token] if token.chars().count() == 1)
}

fn joined(query: &str, and: &str, write: impl Fn(&[String]) -> String) -> Option<String> {
    let phrases = phrase_query(query);
    let written: Vec<String> = phrases.iter().map(|phrase| write(phrase)).collect();
    (!written.is_empty()).then(|| written.join(and))
}

/// A lexeme in quotes. Keys hold neither quotes nor backslashes, so this is the second lock on the door.
fn lexeme(token: &str) -> String {
    format!("'{}'", token.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_written_in_pairs_and_last_letters() {
        assert_eq!(bigrams("協働体"), "協働 働体 体");
        assert_eq!(bigrams("ﾃｰﾌﾞﾙ"), "テー ーブ ブル ル");
        assert_eq!(bigrams("雪"), "雪");
        assert_eq!(bigrams("NPO2号"), "np po o2 2号 号");
        assert_eq!(bigrams("、。"), "");
    }

    #[test]
    fn the_last_letter_stands_between_two_words() {
        assert_eq!(bigrams("市民、協働 会"), "市民 民 協働 働 会");
    }

    #[test]
    fn each_word_is_a_phrase_and_one_letter_a_prefix() {
        assert_eq!(phrase_query("協働体　雪 会議"), [vec!["協働", "働体"], vec!["雪"], vec!["会議"]]);
        assert_eq!(fts5_query("協働体　雪 会議").as_deref(), Some(r#""協働 働体" AND "雪" * AND "会議""#));
        assert_eq!(tsquery("協働体　雪 会議").as_deref(), Some("'協働' <-> '働体' & '雪':* & '会議'"));
    }

    #[test]
    fn nothing_searchable_is_no_query() {
        for query in ["", " 　", "！？", "'\"\\", "ー"] {
            assert_eq!(fts5_query(query), None, "{query}");
            assert_eq!(tsquery(query), None, "{query}");
        }
    }

    #[test]
    fn query_language_is_only_text() {
        assert_eq!(
            fts5_query(r#"a" OR "b* NEAR(c)"#).as_deref(),
            Some(r#""a" * AND "or" AND "b" * AND "ne ea ar" AND "c" *"#)
        );
        assert_eq!(tsquery("a' | !'b\\").as_deref(), Some("'a':* & 'b':*"));
    }

    #[test]
    fn a_tsvector_has_positions() {
        assert_eq!(tsvector("雪国、雪"), "'国':2 '雪':3 '雪国':1");
        assert_eq!(tsvector(""), "");
    }

    #[test]
    fn a_tsvector_stays_within_the_limits_of_postgresql() {
        let long: String = ('一'..='龥').cycle().take(200_000).collect();
        let written = tsvector(&(long + &"雪".repeat(1000)));
        assert!(written.split(' ').count() <= LEXEMES);
        for entry in written.split(' ') {
            let (_, positions) = entry.split_once(':').unwrap();
            let positions: Vec<usize> = positions.split(',').map(|p| p.parse().unwrap()).collect();
            assert!(positions.len() <= POSITIONS_PER_LEXEME);
            assert!(positions.iter().all(|p| (1..=LAST_POSITION).contains(p)));
        }
        let snow = tsvector(&"雪".repeat(1000));
        assert_eq!(snow.split(',').count(), POSITIONS_PER_LEXEME);
    }

    #[test]
    fn quotes_and_backslashes_of_a_lexeme_are_doubled() {
        assert_eq!(lexeme(r"a'\"), r"'a''\\'");
    }
}
