//! `/desk/plan/partners/{year}`: everybody who is asked about a year, and how far they are.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_web::components::Status;
use kyodo_web::filters;
use kyodo_web::{Ctx, Frame, KeyPath, Page, Result, format};

use super::{answered, by_partner, open, runs, standing};
use crate::partner::{Asked, Stage};
use crate::store;

#[derive(Template)]
#[template(path = "desk/partners.html")]
struct PartnersPage<'a> {
    f: &'a Frame,
    rows: Vec<Row>,
    count: String,
    /// Where somebody else is asked, for those who may.
    ask: Option<String>,
    run: Option<Run>,
    round: String,
}

struct Row {
    href: String,
    organisation: String,
    items: Vec<String>,
    answered: String,
    status: Status,
    due: String,
    reminded: String,
}

/// What whoever publishes can do with all of them.
struct Run {
    publications: String,
    publish_all: Option<String>,
    /// Number and version of each opinion that would be published.
    seen: Vec<String>,
    reminders: String,
    remind_all: Option<String>,
}

/// `GET /desk/plan/partners/{year}`: a fixed number of sentences, whatever the number of partners.
pub(super) async fn list(ctx: Ctx, KeyPath(of): KeyPath) -> Result<Response> {
    let open = open(&ctx, &of).await?;
    let partners = store::partners(&ctx.db, open.plan_id, open.year).await?;
    let asked = by_partner(store::asked_in(&ctx.db, open.plan_id, open.year).await?);
    let f = open.frame(&ctx, open.name(&ctx));
    let none = Vec::new();
    let seen = partners.iter().map(|partner| (partner, asked.get(&partner.id).unwrap_or(&none)));
    let seen: Vec<_> = seen.filter(|(_, asked)| open.sees(&ctx, asked)).collect();
    let rows: Vec<Row> = seen
        .iter()
        .map(|(partner, asked)| Row {
            href: open.address(&format!("/{}", partner.id)),
            organisation: partner.organisation.clone(),
            items: asked.iter().map(|one| open.title(one.node)).collect(),
            answered: answered(&f, asked),
            status: standing(&f, partner, asked),
            due: f.day(partner.due_on),
            reminded: partner
                .reminded_at
                .map(|at| f.with("round-reminded", &[("when", &format::moment(at, ctx.language))]))
                .unwrap_or_default(),
        })
        .collect();
    let ready: Vec<&Asked> = asked.values().flatten().filter(|one| one.stage == Stage::Answered).collect();
    let missing = seen
        .iter()
        .filter(|(partner, asked)| partner.is_reachable(ctx.today) && asked.iter().any(|one| one.stage == Stage::Asked))
        .count();
    let page = PartnersPage {
        count: f.n("partners-count", rows.len()),
        rows,
        ask: (!open.offered(&ctx).is_empty()).then(|| open.address("/new")),
        run: runs(&ctx).then(|| Run {
            publications: open.address("/publications"),
            publish_all: (!ready.is_empty()).then(|| f.n("partners-publish-all", ready.len())),
            seen: ready.iter().map(|one| format!("{}.{}", one.id, one.version)).collect(),
            reminders: open.address("/reminders"),
            remind_all: (missing > 0).then(|| f.n("partners-remind-all", missing)),
        }),
        round: format!("/desk/plan/rounds/{}", i32::from(open.year)),
        f: &f,
    };
    // The round may not be open yet; the list of rounds always is.
    let round = store::round(&ctx.db, open.plan_id, open.year).await?;
    let page = if round.is_some() { page } else { PartnersPage { round: "/desk/plan/rounds".to_owned(), ..page } };
    Ok(Page(page).into_response())
}
