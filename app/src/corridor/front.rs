//! `/`: what is going on, where a wish leads, and whom to ask.

use askama::Template;
use kyodo_web::components::ContactBlock;
use kyodo_web::{Ctx, Frame, FrontBlock, Html, Page, Result, filters};

use super::way_of;

/// The city's front page.
#[derive(Template)]
#[template(path = "front.html")]
pub(super) struct FrontPage {
    f: Frame,
    blocks: Vec<Html>,
    wishes: Vec<Wish>,
}

/// A wish and where it leads.
struct Wish {
    href: String,
    name: String,
    text: String,
}

pub(super) async fn front(ctx: Ctx) -> Result<Page<FrontPage>> {
    let blocks = blocks(&ctx).await?;
    let wishes = wishes(&ctx);
    let title = ctx.words().say("site-title");
    Ok(Page(FrontPage { f: ctx.frame(title), blocks, wishes }))
}

/// What the rooms show here, in the order of the rooms; a room with nothing to show leaves its block empty.
async fn blocks(ctx: &Ctx) -> Result<Vec<Html>> {
    let fronts: Vec<FrontBlock> = ctx.house.rooms_of(&ctx.state.profile).filter_map(|room| room.front).collect();
    let mut blocks = Vec::with_capacity(fronts.len());
    for front in fronts {
        blocks.push(Html(front(ctx).await?));
    }
    blocks.retain(|block| !block.0.trim().is_empty());
    Ok(blocks)
}

fn wishes(ctx: &Ctx) -> Vec<Wish> {
    let wishes = ctx.state.profile.about.wishes.iter();
    wishes
        .map(|wish| Wish {
            href: way_of(ctx, wish).unwrap_or_else(|| "/about#wishes".to_owned()),
            name: wish.name.clone(),
            text: wish.text.clone(),
        })
        .collect()
}

impl FrontPage {
    /// Whom to ask. The foot of every page says what to do where nobody is named.
    fn contact(&self) -> Option<ContactBlock<'_>> {
        let contact = self.f.contact();
        contact.is_known().then(|| ContactBlock {
            f: &self.f,
            id: "reach",
            title: self.f.t("front-contact"),
            name: self.f.contact_name(),
            contact: contact.clone(),
        })
    }
}
