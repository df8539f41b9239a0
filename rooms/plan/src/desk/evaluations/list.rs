//! `/desk/plan/evaluations`: the committee's evaluation of every year, and for the office the years that have none yet.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_web::components::{Shape, Status};
use kyodo_web::filters;
use kyodo_web::{Ctx, Frame, Page, Result};

use super::{is_member, review_name};
use crate::desk::rounds::list::runs;
use crate::evaluation::{REVIEWS, Review, ReviewStage};
use crate::store;
use crate::view::Whole;

#[derive(Template)]
#[template(path = "desk/evaluations.html")]
struct ReviewsPage<'a> {
    f: &'a Frame,
    rows: Vec<Row>,
    /// For the office: years of which something is public and nobody was asked yet.
    offered: Vec<(String, String)>,
    office: bool,
}

struct Row {
    name: String,
    href: String,
    body: String,
    status: Status,
    due: String,
    /// How much is on the list, and how much of it whoever asks has done.
    told: String,
}

/// `GET /desk/plan/evaluations`
pub(super) async fn list(ctx: Ctx) -> Result<Response> {
    let whole = Whole::load(&ctx).await?;
    let reviews = store::reviews(&ctx.db, whole.id).await?;
    let counts = store::review_counts(&ctx.db, whole.id, ctx.person()?.id).await?;
    let title = ctx.words().say("nav-desk-evaluations");
    let f = ctx.frame(title).crumb("/desk", "nav-desk").crumb("", "nav-desk-evaluations").at_desk();
    let member = is_member(&ctx);
    let row = |review: &Review| {
        let (items, own) = counts.get(&review.id).copied().unwrap_or_default();
        Row {
            name: review_name(&ctx, review),
            href: review.address(""),
            body: review.body.clone(),
            status: stage_status(&f, review.stage(ctx.today)),
            due: f.day(review.due_on),
            told: if member {
                f.tell("evaluation-done-of", &[("n", own.into()), ("of", items.into())])
            } else {
                f.n("evaluation-items-count", items)
            },
        }
    };
    let office = runs(&ctx);
    let open = |year: &kyodo_kernel::FiscalYear| office && !reviews.iter().any(|review| review.year == *year);
    let offered = whole.reported_years().into_iter().filter(open);
    let page = ReviewsPage {
        rows: reviews.iter().map(row).collect(),
        offered: offered.map(|year| (format!("{REVIEWS}/{}", i32::from(year)), ctx.long_year(year))).collect(),
        office,
        f: &f,
    };
    Ok(Page(page).into_response())
}

/// Where an evaluation stands, with its word.
pub(super) fn stage_status(f: &Frame, stage: ReviewStage) -> Status {
    let shape = match stage {
        ReviewStage::Ahead => Shape::None,
        ReviewStage::Open => Shape::Part,
        ReviewStage::Meeting => Shape::Ok,
        ReviewStage::Published => Shape::Done,
    };
    Status { shape, word: f.t(&format!("evaluation-stage-{}", stage.name())) }
}
