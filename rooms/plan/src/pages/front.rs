//! What the plan adds to the city's front page: one honest line and a few figures.

use askama::Template;
use kyodo_web::{Ctx, Error, Frame, Result};

use super::overview::featured;
use crate::plan::Phase;
use crate::view::{IndicatorCard, Whole, in_one_line, indicators};

#[derive(Template)]
#[template(path = "front-block.html")]
struct FrontBlock<'a> {
    f: &'a Frame,
    title: String,
    line: String,
    cards: Vec<IndicatorCard<'a>>,
    all_indicators: String,
}

/// The block; empty when the city has no plan.
pub async fn front(ctx: &Ctx) -> Result<String> {
    let whole = match Whole::load(ctx).await {
        Err(Error::NotFound) => return Ok(String::new()),
        whole => whole?,
    };
    let seen = indicators(ctx, whole.id).await?;
    let f = ctx.frame("");
    let block = FrontBlock {
        f: &f,
        title: f.t(if matches!(whole.phase, Phase::Over(_)) { "front-plan-past" } else { "front-plan" }),
        line: in_one_line(&f, &whole),
        cards: featured(&seen).into_iter().map(|seen| seen.card(&f)).collect(),
        all_indicators: f.n("overview-all-indicators", seen.len()),
    };
    Ok(block.render()?)
}
