//! Properties over random texts: keys, hits, the bigram index asked as a database would ask it, furigana.

use kyodo_jptext::{
    Key, Piece, Readings, bigrams, fts5_query, highlight, phrase_query, search_key, snippet, sort_key, tsquery,
    tsvector,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// What people in a city write: kana of all widths with marks, kanji with selectors, Latin, figures, dashes, gaps, signs.
fn texts() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        6 => "[協働市民雪会議葛飾髙﨑々〇]{1,4}",
        4 => "[あいかがはばぱっょゞテーブルガァヽ]{1,5}",
        2 => "[ｱｶﾞﾊﾟﾃｰﾌﾞﾙ]{1,5}",
        2 => "[aAzＮＰＯé0９①]{1,4}",
        2 => "[-‐―−ー－]{1,2}",
        3 => "[ 　、。・（）\n'\"\\\\*&|!:+😀〜]{1,2}",
        1 => "[\u{3099}\u{E0100}\u{200B}𠮷㈱㍿ｶ゛]{1,2}",
    ];
    vec(parts, 0..12).prop_map(|parts| parts.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![texts(), any::<String>()]
}

/// How FTS5 and PostgreSQL match a phrase: its tokens at consecutive positions; one letter as a prefix.
fn matches(index: &[&str], phrase: &[String]) -> bool {
    match phrase {
        [token] if token.chars().count() == 1 => index.iter().any(|other| other.starts_with(token.as_str())),
        _ => index.windows(phrase.len()).any(|window| window == phrase),
    }
}

fn finds(text: &str, query: &str) -> bool {
    let index = bigrams(text);
    let index: Vec<&str> = index.split(' ').collect();
    phrase_query(query).iter().all(|phrase| matches(&index, phrase))
}

/// The tokens of a tsvector, put back in order.
fn in_order(tsvector: &str) -> Vec<String> {
    let mut tokens: Vec<(usize, String)> = tsvector
        .split(' ')
        .filter_map(|entry| entry.rsplit_once(':'))
        .flat_map(|(lexeme, positions)| {
            let token = lexeme.trim_matches('\'').to_owned();
            positions.split(',').map(move |position| (position.parse().unwrap(), token.clone()))
        })
        .collect();
    tokens.sort();
    tokens.into_iter().map(|(_, token)| token).collect()
}

proptest! {
    #[test]
    fn the_key_of_a_key_is_itself(text in texts()) {
        let key = search_key(&text);
        prop_assert_eq!(search_key(&key), key);
    }

    #[test]
    fn a_key_has_letters_and_figures_only(text in any_text()) {
        prop_assert!(search_key(&text).chars().all(char::is_alphanumeric));
    }

    #[test]
    fn the_words_of_a_key_are_the_key(text in any_text()) {
        let key = Key::of(&text);
        prop_assert_eq!(key.to_string(), search_key(&text));
        prop_assert_eq!(key.words().collect::<String>(), search_key(&text));
    }

    #[test]
    fn letters_come_from_the_text_in_order(text in any_text()) {
        let key = Key::of(&text);
        let mut before = 0..0;
        for letter in 0..key.letters().len() {
            let source = key.source(letter..letter + 1).unwrap();
            prop_assert!(text.get(source.clone()).is_some_and(|part| !part.is_empty()));
            prop_assert!(source == before || source.start >= before.end);
            before = source;
        }
    }

    #[test]
    fn every_part_of_a_word_finds_the_text(
        text in texts().prop_map(|text| text + "協働のまち"),
        word in any::<Index>(),
        from in any::<Index>(),
        length in 2..8_usize,
    ) {
        let words: Vec<Vec<char>> = Key::of(&text)
            .words()
            .map(|word| word.chars().collect())
            .filter(|word: &Vec<char>| word.len() >= 2)
            .collect();
        let word = word.get(&words);
        let part: String = word.iter().skip(from.index(word.len() - 1)).take(length).collect();
        prop_assert!(finds(&text, &part), "{} in {}", part, bigrams(&text));
        prop_assert!(!highlight(&text, &part).is_empty());
    }

    #[test]
    fn a_text_finds_itself(text in texts()) {
        prop_assert!(finds(&text, &text));
    }

    #[test]
    fn a_text_is_found_only_if_a_word_of_it_has_every_word_of_the_query(text in texts(), query in texts()) {
        let words: Vec<String> = Key::of(&text).words().collect();
        let holds = Key::of(&query)
            .words()
            .all(|asked| words.iter().any(|word| word.contains(&asked)));
        prop_assert_eq!(finds(&text, &query), holds);
    }

    #[test]
    fn what_is_found_is_marked(text in texts(), query in "[協働市民雪あいか]{1,2}") {
        prop_assert_eq!(finds(&text, &query), !highlight(&text, &query).is_empty());
    }

    #[test]
    fn a_tsvector_holds_the_same_tokens_in_the_same_order(text in texts()) {
        prop_assert_eq!(in_order(&tsvector(&text)).join(" "), bigrams(&text));
    }

    #[test]
    fn quotes_are_balanced_and_nothing_stands_outside_but_operators(query in any_text()) {
        if let Some(expression) = fts5_query(&query) {
            let parts: Vec<&str> = expression.split('"').collect();
            prop_assert_eq!(parts.len() % 2, 1);
            for outside in parts.iter().step_by(2) {
                prop_assert!(["", " *", " AND ", " * AND "].contains(outside), "{:?}", outside);
            }
        }
        if let Some(expression) = tsquery(&query) {
            let parts: Vec<&str> = expression.split('\'').collect();
            prop_assert_eq!(parts.len() % 2, 1);
            for outside in parts.iter().step_by(2) {
                prop_assert!(["", ":*", " & ", " <-> ", ":* & "].contains(outside), "{:?}", outside);
            }
            prop_assert!(!expression.contains('\\'));
        }
    }

    #[test]
    fn hits_are_ordered_apart_and_on_character_boundaries(text in any_text(), query in any_text()) {
        let mut before = None;
        for hit in highlight(&text, &query) {
            prop_assert!(text.get(hit.clone()).is_some_and(|part| !part.is_empty()));
            prop_assert!(before.is_none_or(|end| end < hit.start));
            before = Some(hit.end);
        }
    }

    #[test]
    fn an_excerpt_is_part_of_the_text_and_shows_the_first_hit(
        text in any_text(),
        query in "[協働市民雪あいか]{1,2}",
        width in 4..40_usize,
    ) {
        let excerpt = snippet(&text, &query, width);
        prop_assert!(text.contains(excerpt.text));
        prop_assert_eq!(excerpt.hits.is_empty(), highlight(&text, &query).is_empty());
        prop_assert!(excerpt.hits.iter().all(|hit| excerpt.text.get(hit.clone()).is_some()));
        prop_assert_eq!(excerpt.cut_before || excerpt.cut_after, excerpt.text.len() < text.len());
    }

    #[test]
    fn any_width_makes_an_excerpt(text in any_text(), query in any_text(), width in any::<usize>()) {
        prop_assert!(text.contains(snippet(&text, &query, width).text));
    }

    #[test]
    fn pieces_together_are_the_text(
        text in texts(),
        table in vec(("[協働市民葛テーブルa0]{0,3}", "[あいう]{0,3}"), 0..8),
    ) {
        let readings = Readings::new(table);
        let together: String = readings
            .split(&text)
            .into_iter()
            .map(|piece| match piece {
                Piece::Plain(text) => text,
                Piece::Ruby { base, .. } => base,
            })
            .collect();
        prop_assert_eq!(together, text);
    }

    #[test]
    fn sort_keys_are_the_same_for_both_kana(text in "[ぁ-ゖ]{0,10}") {
        let katakana = text.chars().map(|c| char::from_u32(u32::from(c) + 0x60).unwrap());
        prop_assert_eq!(sort_key(&text), sort_key(&katakana.collect::<String>()));
    }
}
