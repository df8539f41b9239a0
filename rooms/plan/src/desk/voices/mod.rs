//! Residents' comments at the desk: whether the city asks for them, the queue, and what becomes of each. Addresses, and what
//! the pages share.

mod call;
mod decision;
mod list;
mod one;

use kyodo_kernel::FiscalYear;
use kyodo_kernel::people::Role;
use kyodo_web::components::Status;
use kyodo_web::{Access, Ctx, Frame, Result, Routes, Task};

use super::year::Open;
use crate::node::Node;
use crate::store;
use crate::voice::{Stage, Voice};

/// Who hears residents.
pub(super) const RUNNERS: Access = Access::Roles(&[Role::Coordinator]);

/// Its addresses.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/desk/plan/voices/{year}", RUNNERS, list::list)
        .get("/desk/plan/voices/{year}/call", RUNNERS, call::form)
        .post("/desk/plan/voices/{year}/call", RUNNERS, call::post)
        .post("/desk/plan/voices/{year}/publications", RUNNERS, decision::publish_all)
        .get("/desk/plan/voices/{year}/{id}", RUNNERS, one::show)
        .post("/desk/plan/voices/{year}/{id}/readiness", RUNNERS, decision::make_ready)
        .post("/desk/plan/voices/{year}/{id}/setting-aside", RUNNERS, decision::set_aside)
        .post("/desk/plan/voices/{year}/{id}/merging", RUNNERS, decision::merge)
        .post("/desk/plan/voices/{year}/{id}/return", RUNNERS, decision::put_back)
        .post("/desk/plan/voices/{year}/{id}/erasure", RUNNERS, decision::erase)
}

/// Where the comments on a year are.
pub(super) fn address(of: FiscalYear, below: &str) -> String {
    format!("/desk/plan/voices/{}{below}", i32::from(of))
}

async fn open(ctx: &Ctx, of: &str) -> Result<Open> {
    Open::load(ctx, of, address, "voices-title").await
}

impl Open {
    fn node_of(&self, voice: &Voice) -> Option<&Node> {
        voice.node.and_then(|id| self.node(id))
    }

    /// What a comment is about, in one line.
    fn about(&self, f: &Frame, voice: &Voice) -> String {
        match voice.node {
            Some(id) => self.title(id),
            None => f.t("voice-whole"),
        }
    }
}

fn status(f: &Frame, stage: Stage) -> Status {
    Status { shape: stage.shape(), word: f.t(stage.message()) }
}

/// What waits for whoever hears residents. One sentence.
pub(super) async fn tasks(ctx: &Ctx, plan_id: i64) -> Result<Vec<Task>> {
    if !ctx.person()?.holds(Role::Coordinator) {
        return Ok(Vec::new());
    }
    let waiting = store::voices_waiting(&ctx.db, plan_id).await?;
    let tasks = waiting.into_iter().map(|(of, n)| Task {
        due: None,
        title: ctx.words().with("task-voices", [("n", n)]),
        note: ctx.words().with("voices-title", [("year", ctx.long_year(of))]),
        address: address(of, ""),
    });
    Ok(tasks.collect())
}
