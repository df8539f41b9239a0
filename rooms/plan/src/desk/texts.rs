//! `/desk/plan/nodes/{key}/texts`: every text that was public, each beside the one before it.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_web::filters;
use kyodo_web::{Ctx, Frame, KeyPath, Page, Result};

use super::publication::published;
use super::{Difference, Heading, Open, edit, elsewhere, writes};
use crate::store::{self, Edition};
use crate::text::Text;

#[derive(Template)]
#[template(path = "desk/texts.html")]
struct TextsPage<'a> {
    f: &'a Frame,
    heading: Heading,
    count: String,
    texts: Vec<Told>,
    restoration: Option<String>,
    base: String,
}

/// A text that is or was public.
struct Told {
    number: i64,
    name: String,
    stands: bool,
    since: String,
    /// What is different from the text before, where there is one.
    against: Option<String>,
    differences: Vec<(String, Difference)>,
}

/// `GET /desk/plan/nodes/{key}/texts`
pub(super) async fn texts(ctx: Ctx, KeyPath(key): KeyPath) -> Result<Response> {
    let open = Open::load(&ctx, &key).await?;
    if let Some(elsewhere) = elsewhere(&open.node) {
        return Ok(elsewhere);
    }
    let f = open.frame(&ctx, "desk-texts-title", Some("desk-texts"));
    let mut editions = store::texts_of(&ctx.db, open.node.id).await?;
    if editions.is_empty() {
        // Nobody wrote yet: the plan's own text is the first.
        editions.push(Edition { number: 1, text: Text::of(&open.node), published_at: None, by: None });
    }
    let page = TextsPage {
        heading: Heading::of(&f, &open),
        count: f.n("desk-texts-count", editions.len()),
        texts: editions.iter().enumerate().map(|(at, edition)| told(&f, edition, at, editions.get(at + 1))).collect(),
        restoration: writes(&ctx, &open.node).then(|| open.address("/restoration")),
        base: Text::of(&open.node).fingerprint(),
        f: &f,
    };
    Ok(Page(page).into_response())
}

fn told(f: &Frame, edition: &Edition, at: usize, before: Option<&Edition>) -> Told {
    let name = |edition: &Edition| f.tell("desk-edition", &[("n", edition.number.into())]);
    Told {
        number: edition.number,
        name: name(edition),
        stands: at == 0,
        since: published(f, edition),
        against: before.map(|before| f.with("desk-against", &[("edition", &name(before))])),
        differences: before.map(|before| differences(f, &before.text, &edition.text)).unwrap_or_default(),
    }
}

/// The fields that differ.
fn differences(f: &Frame, before: &Text, after: &Text) -> Vec<(String, Difference)> {
    let both = before.fields().zip(after.fields()).filter(|((_, before), (_, after))| before != after);
    both.map(|((name, before), (_, after))| (edit::label(f, name), Difference::between(f, &before, &after))).collect()
}
