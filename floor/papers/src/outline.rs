//! The headings of a paper: their numbers, and the levels they come to stand on.

use crate::letters::clean;
use crate::paper::{Block, Heading, Level, Numbering, Paper};

/// Counts headings as they come.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    counts: [usize; 3],
    before: usize,
}

impl Counter {
    /// The level that a heading comes to stand on: never more than one below the heading before it.
    pub(crate) fn level(&mut self, heading: &Heading) -> Level {
        let level = [Level::First, Level::Second, Level::Third][heading.level.number().min(self.before + 1) - 1];
        self.before = level.number();
        level
    }

    /// The number of a heading on its level, if it counts.
    pub(crate) fn number(&mut self, heading: &Heading, level: Level, numbering: &Numbering) -> Option<String> {
        if !heading.numbered {
            return None;
        }
        let at = level.number() - 1;
        self.counts[at] += 1;
        self.counts[at + 1..].fill(0);
        let mut number = numbering.0[at].clone();
        for (at, count) in self.counts.iter().enumerate() {
            number = number.replace(&format!("{{{}}}", at + 1), &count.to_string());
        }
        Some(number)
    }
}

/// Whether a heading says anything; one that does not is left out, since nobody could go to it.
pub(crate) fn is_said(heading: &Heading) -> bool {
    !clean(&heading.words).trim().is_empty()
}

/// Whether there is any heading to go to.
pub(crate) fn is_headed(paper: &Paper) -> bool {
    paper.parts.iter().flat_map(|part| &part.blocks).any(|block| match block {
        Block::Heading(heading) => is_said(heading),
        Block::Contents(contents) => !clean(&contents.title).trim().is_empty(),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(numbering: &Numbering, headings: &[(Level, bool)]) -> Vec<(usize, Option<String>)> {
        let mut counter = Counter::default();
        headings
            .iter()
            .map(|(level, numbered)| {
                let heading = Heading { level: *level, words: "語".to_owned(), numbered: *numbered };
                let level = counter.level(&heading);
                (level.number(), counter.number(&heading, level, numbering))
            })
            .collect()
    }

    #[test]
    fn headings_are_counted_below_each_other() {
        use Level::{First, Second, Third};
        let japanese = Numbering::new("第{1}章", "{1}-{2}", "({3})");
        let shown = numbers(
            &japanese,
            &[
                (First, true),
                (Second, true),
                (Third, true),
                (Third, true),
                (Second, false),
                (Second, true),
                (First, true),
                (Second, true),
            ],
        );
        let shown: Vec<_> = shown.into_iter().map(|(_, number)| number.unwrap_or_default()).collect();
        assert_eq!(shown, ["第1章", "1-1", "(1)", "(2)", "", "1-2", "第2章", "2-1"]);
    }

    #[test]
    fn no_heading_stands_more_than_a_level_below_the_one_before() {
        use Level::{First, Second, Third};
        let shown = numbers(
            &Numbering::default(),
            &[(Third, false), (Third, false), (Third, false), (First, false), (Third, false)],
        );
        assert_eq!(shown.into_iter().map(|(level, _)| level).collect::<Vec<_>>(), [1, 2, 3, 1, 2]);
        let _ = Second;
    }
}
