//! `/search`: everything public, found by words. An empty question teaches; a fruitless one shows what to try.

use std::ops::Range;

use askama::Template;
use kyodo_jptext::{highlight, snippet};
use kyodo_kernel::profile::About;
use kyodo_kernel::search::{Cursor, Hit, Hits, find};
use kyodo_web::components::ContactBlock;
use kyodo_web::{Ctx, Frame, Page, Params, Result, filters};

use super::is_answered;

const HITS_A_PAGE: i64 = 20;
/// Nobody types a longer question; what is beyond is a paste by mistake.
const LONGEST_QUESTION: usize = 100;
/// Characters of text under a hit: two lines.
const EXCERPT: usize = 80;

/// The search, with or without a question.
#[derive(Template)]
#[template(path = "search.html")]
pub(super) struct SearchPage {
    f: Frame,
    question: String,
    total: i64,
    found: Vec<Found>,
    /// The address of the first page, when this is a later one.
    first: Option<String>,
    next: Option<String>,
}

/// A hit as the page shows it.
struct Found {
    address: String,
    kind: String,
    title: Vec<Piece>,
    text: Vec<Piece>,
    cut_before: bool,
    cut_after: bool,
}

pub(super) async fn search(ctx: Ctx, params: Params) -> Result<Page<SearchPage>> {
    let question: String = params.get("q").unwrap_or_default().chars().take(LONGEST_QUESTION).collect();
    let from = params.get("after").and_then(Cursor::parse).unwrap_or(Cursor::START);
    let hits = find(&ctx.db, &question, from, HITS_A_PAGE).await?;
    Ok(Page(SearchPage::new(&ctx, &params, question, from, hits)))
}

impl SearchPage {
    fn new(ctx: &Ctx, params: &Params, question: String, from: Cursor, hits: Hits) -> Self {
        let words = ctx.words();
        let title = if question.is_empty() {
            words.say("search-title")
        } else {
            words.with("search-title-for", [("q", question.as_str())])
        };
        let mut f = ctx.frame(title).crumb("/search", "search-title");
        f.unlisted = !question.is_empty();
        let address = |after: &str| format!("/search?{}", params.with("after", after));
        Self {
            total: hits.total,
            first: (from != Cursor::START).then(|| address("")),
            next: hits.next.map(|cursor| address(&cursor.to_string())),
            found: hits.items.into_iter().map(|hit| Found::new(&f, &question, hit)).collect(),
            question,
            f,
        }
    }

    fn is_fruitless(&self) -> bool {
        self.total == 0
    }

    fn count(&self) -> String {
        self.f.how_many(self.total)
    }

    /// Words that this city's pages certainly hold.
    fn examples(&self) -> Vec<&str> {
        examples(&self.f.ctx.state.profile.about)
    }

    /// The words of a question of several, to be tried one by one.
    fn words(&self) -> Vec<&str> {
        let words: Vec<&str> = self.question.split_whitespace().collect();
        if words.len() > 1 { words } else { Vec::new() }
    }

    fn has_plan(&self) -> bool {
        is_answered(&self.f.ctx, "/plan")
    }

    fn contact(&self) -> ContactBlock<'_> {
        ContactBlock {
            f: &self.f,
            id: "ask",
            title: self.f.t("search-none-contact"),
            name: self.f.contact_name(),
            contact: self.f.contact().clone(),
        }
    }
}

impl Found {
    fn new(f: &Frame, question: &str, hit: Hit) -> Self {
        let excerpt = snippet(&hit.body, question, EXCERPT);
        Self {
            address: hit.address,
            kind: f.t(&format!("search-kind-{}", hit.kind)),
            title: pieces(&hit.title, &highlight(&hit.title, question)),
            text: pieces(excerpt.text, &excerpt.hits),
            cut_before: excerpt.cut_before,
            cut_after: excerpt.cut_after,
        }
    }
}

/// A piece of a text; the template escapes it, and marks it when it is a hit.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    is_hit: bool,
}

/// A text in pieces, hits and what is between them.
fn pieces(text: &str, hits: &[Range<usize>]) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(hits.len() * 2 + 1);
    let mut push = |range: Range<usize>, is_hit| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            pieces.push(Piece { text: text.to_owned(), is_hit });
        }
    };
    let mut at = 0;
    for hit in hits {
        push(at..hit.start, false);
        push(hit.clone(), true);
        at = hit.end;
    }
    push(at..text.len(), false);
    pieces
}

/// Short names from the about page: three of those who take part, then programmes, six in all.
fn examples(about: &About) -> Vec<&str> {
    const LONGEST: usize = 10;
    const MOST: usize = 6;
    let names = about.actors.iter().take(3).chain(&about.programmes).map(|entry| entry.name.as_str());
    let mut examples: Vec<&str> = Vec::with_capacity(MOST);
    for name in names {
        if name.chars().count() <= LONGEST && !examples.contains(&name) && examples.len() < MOST {
            examples.push(name);
        }
    }
    examples
}

#[cfg(test)]
mod tests {
    use super::*;
    use kyodo_kernel::profile::Entry;

    fn marked(text: &str, question: &str) -> String {
        let pieces = pieces(text, &highlight(text, question));
        pieces.iter().map(|piece| if piece.is_hit { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
    }

    #[test]
    fn a_text_is_marked_where_it_matches_and_otherwise_unchanged() {
        assert_eq!(marked("年間相談件数と相談", "相談"), "年間[相談]件数と[相談]");
        assert_eq!(marked("相談", "相談"), "[相談]");
        assert_eq!(marked("<b>相談</b>", "ｿｳﾀﾞﾝ"), "<b>相談</b>");
        assert_eq!(pieces("", &[]), []);
    }

    #[test]
    fn examples_are_short_names_of_the_city_itself() {
        let named = |name: &str| Entry { name: name.to_owned(), ..Entry::default() };
        let about = About {
            actors: ["市民", "会社", "市民活動団体（NPOなど）", "市"].map(named).to_vec(),
            programmes: ["市民", "紙の広場", "出前講座", "一", "二", "三"].map(named).to_vec(),
            ..About::default()
        };
        assert_eq!(examples(&about), ["市民", "会社", "紙の広場", "出前講座", "一", "二"]);
        assert!(examples(&About::default()).is_empty());
    }
}
