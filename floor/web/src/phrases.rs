//! Where a line of Japanese may break. Finding the phrases takes longer than all else on a page, and the same titles
//! stand on page after page, so what was found is kept.

use std::sync::Arc;

use quick_cache::sync::Cache;

use crate::Html;
use crate::frame::escape;

/// So many texts are kept, those asked for last.
const MOST: usize = 4096;

/// Texts with their phrases, as HTML.
pub(crate) struct Phrases(Cache<Box<str>, Arc<str>>);

impl Default for Phrases {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

impl Phrases {
    /// A text as HTML, with `<wbr>` between its phrases.
    pub(crate) fn of(&self, text: &str) -> Html {
        if let Some(known) = self.0.get(text) {
            return Html(known.to_string());
        }
        let mut html = String::with_capacity(text.len() * 2);
        for (at, phrase) in budoux::parse(budoux::models::default_japanese_model(), text).iter().enumerate() {
            if at > 0 {
                html.push_str("<wbr>");
            }
            escape(phrase, &mut html);
        }
        self.0.insert(text.into(), html.as_str().into());
        Html(html)
    }
}

#[cfg(test)]
mod tests {
    use super::Phrases;

    #[test]
    fn phrases_are_parted_escaped_and_the_same_when_asked_again() {
        let phrases = Phrases::default();
        let first = phrases.of("市民活動の<場>をつくる");
        assert!(first.0.contains("<wbr>") && first.0.contains("&lt;"), "{first}");
        assert_eq!(first.0.replace("<wbr>", ""), "市民活動の&lt;場&gt;をつくる");
        assert_eq!(phrases.of("市民活動の<場>をつくる"), first);
    }
}
