//! Where the words of a query stand in a text, and an excerpt around the first of them.

use std::ops::Range;

use crate::key::{Key, Letter, clusters, source};

/// The byte ranges of the text that match a word of the query, in order, merged where they touch. They are those that
/// the bigram index finds: every word by itself, nowhere across a gap.
#[must_use]
pub fn highlight(text: &str, query: &str) -> Vec<Range<usize>> {
    let text = Key::of(text);
    let query = Key::of(query);
    let mut hits = Vec::new();
    for word in query.runs() {
        for run in text.runs() {
            hits.extend(hits_in(run, word));
        }
    }
    merged(hits)
}

/// An excerpt of a text, with the hits in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet<'a> {
    /// The excerpt, a part of the original text.
    pub text: &'a str,
    /// The byte ranges of the excerpt that match, as [`highlight`] gives them.
    pub hits: Vec<Range<usize>>,
    /// Whether text was left out before the excerpt.
    pub cut_before: bool,
    /// Whether text was left out after the excerpt.
    pub cut_after: bool,
}

/// An excerpt of at most `width` characters with the first hit in its middle, or the beginning of the text when nothing
/// matches. A character is counted, and never cut, together with its marks (が in two characters, 葛󠄀).
#[must_use]
pub fn snippet<'a>(text: &'a str, query: &str, width: usize) -> Snippet<'a> {
    let hits = highlight(text, query);
    let mut starts: Vec<usize> = clusters(text).map(|cluster| cluster.start).collect();
    let count = starts.len();
    starts.push(text.len());

    let first = hits.first().map_or(0..0, |hit| {
        starts.partition_point(|start| *start < hit.start)..starts.partition_point(|start| *start < hit.end)
    });
    let lead = width.saturating_sub(first.len()) / 2;
    let to = first.start.saturating_sub(lead).saturating_add(width).min(count);
    let from = to.saturating_sub(width);
    let cut = starts[from]..starts[to];

    Snippet {
        text: &text[cut.clone()],
        hits: hits
            .into_iter()
            .filter(|hit| hit.start < cut.end && cut.start < hit.end)
            .map(|hit| hit.start.max(cut.start) - cut.start..hit.end.min(cut.end) - cut.start)
            .collect(),
        cut_before: cut.start > 0,
        cut_after: cut.end < text.len(),
    }
}

/// Non-overlapping hits from left to right.
fn hits_in(run: &[Letter], word: &[Letter]) -> Vec<Range<usize>> {
    let mut hits = Vec::new();
    let mut at = 0;
    while let Some(letters) = run.get(at..at + word.len()) {
        if letters.iter().map(|l| l.c).eq(word.iter().map(|l| l.c)) {
            hits.extend(source(letters));
            at += word.len();
        } else {
            at += 1;
        }
    }
    hits
}

fn merged(mut hits: Vec<Range<usize>>) -> Vec<Range<usize>> {
    hits.sort_by_key(|hit| (hit.start, hit.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(hits.len());
    for hit in hits {
        match merged.last_mut() {
            Some(last) if hit.start <= last.end => last.end = last.end.max(hit.end),
            _ => merged.push(hit),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked<'a>(text: &'a str, query: &str) -> Vec<&'a str> {
        highlight(text, query).into_iter().map(|hit| &text[hit]).collect()
    }

    #[test]
    fn a_hit_is_marked_in_the_writing_of_the_text() {
        assert_eq!(marked("会議室の ﾃｰﾌﾞﾙ とてーぶる", "テーブル"), ["ﾃｰﾌﾞﾙ", "てーぶる"]);
        assert_eq!(marked("電話 03-1234-5678", "０３１２３４"), ["03-1234"]);
        assert_eq!(marked("㈱葛\u{E0100}飾", "葛 株"), ["㈱葛\u{E0100}"]);
    }

    #[test]
    fn every_word_of_the_query_is_marked_and_touching_hits_are_one() {
        assert_eq!(marked("協働のまちづくり協議会", "協議 まち 議会"), ["まち", "協議会"]);
        assert_eq!(marked("市民協働", "協働 市民"), ["市民協働"]);
    }

    #[test]
    fn a_hit_does_not_cross_a_gap() {
        assert_eq!(marked("市 民", "市民"), Vec::<&str>::new());
        assert_eq!(marked("市 民", "市・民"), ["市", "民"]);
    }

    #[test]
    fn one_letter_is_marked_wherever_it_stands() {
        assert_eq!(marked("除雪と雪かき", "雪"), ["雪", "雪"]);
    }

    #[test]
    fn hits_of_one_word_do_not_overlap() {
        assert_eq!(marked("ああああ い", "あああ"), ["あああ"]);
    }

    #[test]
    fn an_empty_query_marks_nothing() {
        assert_eq!(marked("協働", " 、"), Vec::<&str>::new());
        assert_eq!(marked("", "協働"), Vec::<&str>::new());
    }

    #[test]
    fn an_excerpt_has_the_first_hit_in_its_middle() {
        let text = "あいうえおかきくけこ協働さしすせそたちつてと";
        let excerpt = snippet(text, "協働", 6);
        assert_eq!(excerpt.text, "けこ協働さし");
        assert_eq!(excerpt.hits.first(), Some(&(6..12)));
        assert!(excerpt.cut_before && excerpt.cut_after);
    }

    #[test]
    fn an_excerpt_is_filled_up_at_both_ends_of_the_text() {
        let text = "協働さしすせそたちつてと";
        assert_eq!(snippet(text, "協働", 6).text, "協働さしすせ");
        let excerpt = snippet(text, "てと", 6);
        assert_eq!(excerpt.text, "そたちつてと");
        assert!(excerpt.cut_before && !excerpt.cut_after);
        let whole = snippet(text, "し", 100);
        assert_eq!(whole.text, text);
        assert!(!whole.cut_before && !whole.cut_after);
    }

    #[test]
    fn without_a_hit_the_excerpt_is_the_beginning() {
        let excerpt = snippet("あいうえお", "雪", 3);
        assert_eq!(excerpt.text, "あいう");
        assert_eq!(excerpt.hits, []);
    }

    #[test]
    fn a_hit_longer_than_the_excerpt_is_cut() {
        let excerpt = snippet("前ああああ後", "ああああ", 2);
        assert_eq!(excerpt.text, "ああ");
        assert_eq!(excerpt.hits.first(), Some(&(0..6)));
        assert_eq!(snippet("雪", "雪", 0).text, "");
    }

    #[test]
    fn a_character_is_not_cut_from_its_selector() {
        let excerpt = snippet("葛\u{E0100}飾区", "葛飾", 2);
        assert_eq!(excerpt.text, "葛\u{E0100}飾");
    }
}
