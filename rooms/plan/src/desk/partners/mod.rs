//! Mutual evaluation at the desk: partners are named and written to, the office reads what they answer and publishes it.
//! Addresses, and what the pages share.

mod asking;
mod letters;
mod list;
mod one;
mod publication;
mod reminders;

use std::collections::HashMap;

use axum::http::Method;
use kyodo_kernel::FiscalYear;
use kyodo_kernel::people::Role;
use kyodo_web::components::Status;
use kyodo_web::{Access, Ctx, Error, Frame, Refusal, Result, Routes, Task};

use super::year::Open;
use super::{WRITERS, WRITING};
use crate::node::Node;
use crate::partner::{Asked, Partner, Stage};
use crate::store;

pub(crate) use reminders::{JOB, SCHEDULE};

/// Who publishes what partners say.
const RUNNERS: Access = Access::Roles(&[Role::Coordinator]);

/// Its addresses.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/desk/plan/partners/{year}", WRITERS, list::list)
        .post("/desk/plan/partners/{year}", WRITERS, asking::ask)
        .get("/desk/plan/partners/{year}/new", WRITERS, asking::form)
        .post("/desk/plan/partners/{year}/reminders", RUNNERS, reminders::remind_all)
        .post("/desk/plan/partners/{year}/publications", RUNNERS, publication::publish_all)
        .get("/desk/plan/partners/{year}/{id}", WRITERS, one::show)
        .post("/desk/plan/partners/{year}/{id}", WRITERS, one::change)
        .post("/desk/plan/partners/{year}/{id}/letter", WRITERS, one::send_again)
        .post("/desk/plan/partners/{year}/{id}/reminder", WRITERS, reminders::remind)
        .post("/desk/plan/partners/{year}/{id}/revocation", WRITERS, one::revoke)
        .post("/desk/plan/partners/{year}/{id}/publication", RUNNERS, publication::publish)
        .post("/desk/plan/partners/{year}/{id}/setting-aside", RUNNERS, publication::set_aside)
        .post("/desk/plan/partners/{year}/{id}/taking-up", RUNNERS, publication::take_up)
}

/// Where the partners of a year are.
pub(super) fn address(of: FiscalYear, below: &str) -> String {
    format!("/desk/plan/partners/{}{below}", i32::from(of))
}

async fn open(ctx: &Ctx, of: &str) -> Result<Open> {
    Open::load(ctx, of, address, "partners-title").await
}

impl Open {
    /// The lines that somebody may name partners for: those that have something to do in the year, and that are theirs.
    fn offered(&self, ctx: &Ctx) -> Vec<&Node> {
        let level = self.plan.outline.levels.len();
        let lines = self.plan.nodes.iter().filter(|node| node.is_in(self.year) && !node.is_alias());
        let measures = lines.filter(|node| node.level == level);
        let in_year = measures.filter(|node| node.schedule.is_empty() || node.planned(self.year).is_some());
        in_year.filter(|node| super::writes(ctx, node)).collect()
    }

    /// Whether whoever asks is shown a partner who is asked about these items: whoever publishes, and those whose own are
    /// among them.
    fn sees(&self, ctx: &Ctx, asked: &[Asked]) -> bool {
        let Some(person) = ctx.actor.person() else { return false };
        let reads = person.duties.iter().any(|duty| duty.role.reads_everything());
        reads || runs(ctx) || asked.iter().filter_map(|one| self.node(one.node)).any(|node| super::writes(ctx, node))
    }

    /// Whether whoever asks may write to them: whoever publishes, and those whose own all of the items are.
    fn manages(&self, ctx: &Ctx, asked: &[Asked]) -> bool {
        runs(ctx) || asked.iter().all(|one| self.node(one.node).is_some_and(|node| super::writes(ctx, node)))
    }
}

/// Whether whoever asks publishes.
fn runs(ctx: &Ctx) -> bool {
    RUNNERS.admits(&ctx.actor, &Method::POST).is_ok()
}

/// A partner with the items they are asked about.
struct One {
    open: Open,
    partner: Partner,
    asked: Vec<Asked>,
}

impl One {
    async fn load(ctx: &Ctx, of: &str, id: &str) -> Result<Self> {
        let open = open(ctx, of).await?;
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let partner = store::partner(&ctx.db, open.plan_id, open.year, id).await?.ok_or(Error::NotFound)?;
        let asked = store::asked_of(&ctx.db, partner.id).await?;
        let one = Self { open, partner, asked };
        if one.open.sees(ctx, &one.asked) { Ok(one) } else { Err(Error::Forbidden(Refusal { roles: WRITING })) }
    }

    /// The same for whoever may write to them.
    async fn managed(ctx: &Ctx, of: &str, id: &str) -> Result<Self> {
        let one = Self::load(ctx, of, id).await?;
        if one.open.manages(ctx, &one.asked) { Ok(one) } else { Err(Error::Forbidden(Refusal { roles: WRITING })) }
    }

    fn address(&self, below: &str) -> String {
        self.open.address(&format!("/{}{below}", self.partner.id))
    }
}

/// How a partner stands as a whole.
fn standing(f: &Frame, partner: &Partner, asked: &[Asked]) -> Status {
    use kyodo_web::components::Shape;
    let has = |stage: Stage| asked.iter().any(|one| one.stage == stage);
    let (shape, message) = match () {
        () if has(Stage::Answered) => (Shape::Part, "partner-stage-answered"),
        () if !has(Stage::Asked) && has(Stage::Published) => (Shape::Done, "partner-stage-published"),
        () if !has(Stage::Asked) => (Shape::Not, "partner-stage-aside"),
        () if partner.revoked_at.is_some() => (Shape::Not, "partner-ended"),
        () if f.ctx.today > partner.due_on => (Shape::Late, "partner-late"),
        () => (Shape::None, "partner-stage-asked"),
    };
    Status { shape, word: f.t(message) }
}

/// How many of the items were answered.
fn answered(f: &Frame, asked: &[Asked]) -> String {
    let n = asked.iter().filter(|one| one.stage != Stage::Asked).count();
    f.tell("partner-answered-of", &[("n", n.into()), ("of", asked.len().into())])
}

/// The items of each partner.
fn by_partner(asked: Vec<Asked>) -> HashMap<i64, Vec<Asked>> {
    let mut of: HashMap<i64, Vec<Asked>> = HashMap::new();
    for one in asked {
        of.entry(one.partner).or_default().push(one);
    }
    of
}

/// What waits for whoever publishes. One sentence.
pub(super) async fn tasks(ctx: &Ctx, plan_id: i64) -> Result<Vec<Task>> {
    if !ctx.person()?.holds(Role::Coordinator) {
        return Ok(Vec::new());
    }
    let waiting = store::opinions_waiting(&ctx.db, plan_id).await?;
    let tasks = waiting.into_iter().map(|(of, n)| Task {
        due: None,
        title: ctx.words().with("task-partners", [("n", n)]),
        note: ctx.words().with("partners-title", [("year", ctx.long_year(of))]),
        address: address(of, ""),
    });
    Ok(tasks.collect())
}
