//! `/desk/jobs`: what runs by itself, what failed, and what comes next.

mod addresses;
mod job;
mod words;

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::Method;
use kyodo_kernel::jobs::{self, Job, State};
use kyodo_web::components::{Shape, Status};
use kyodo_web::{Access, Ctx, Frame, Page, Params, Result, Routes, filters, format};

pub(super) use job::became;

use crate::OPERATORS;

/// The addresses of these pages.
pub(super) fn routes() -> Routes {
    let operators = Access::Roles(OPERATORS);
    Routes::new()
        .get("/desk/jobs", operators, list)
        .get("/desk/jobs/addresses", operators, addresses::list)
        .post("/desk/jobs/addresses/trial", operators, addresses::try_again)
        .get("/desk/jobs/{id}", operators, job::show)
        .post("/desk/jobs/{id}/repetition", operators, job::repeat)
        .post("/desk/jobs/{id}/stop", operators, job::stop)
}

/// So many jobs stand on a page.
const PER_PAGE: i64 = 50;

/// Everything that runs by itself.
#[derive(Template)]
#[template(path = "jobs.html")]
struct JobsPage {
    f: Frame,
    counts: Vec<Count>,
    lead: String,
    chosen: Option<String>,
    may: bool,
    rows: Vec<JobRow>,
    first: Option<String>,
    next: Option<String>,
    plan: Vec<Planned>,
}

/// How many jobs are in a state.
struct Count {
    n: i64,
    status: Status,
    href: String,
}

/// A job of the list.
struct JobRow {
    id: i64,
    label: String,
    status: Status,
    when: String,
    trouble: String,
    repeatable: bool,
}

/// A schedule.
struct Planned {
    label: String,
    every: String,
    last: Option<(String, i64)>,
    next: String,
}

/// `GET /desk/jobs`
async fn list(ctx: Ctx, params: Params) -> Result<Response> {
    let f = ctx.frame(ctx.words().say("nav-jobs")).at_desk().crumb("/desk", "nav-desk").crumb("", "nav-jobs");
    let state = params.get("state").and_then(State::named);
    let after = params.get("after").and_then(|id| id.parse().ok());
    let counts = jobs::counts(&ctx.db).await?;
    let mut found = jobs::list(&ctx.db, state, after, PER_PAGE + 1).await?;
    let most = usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    let is_more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| is_more).map(|job| format!("?{}", params.with("after", &job.id.to_string())));
    Ok(Page(JobsPage {
        counts: State::ALL.into_iter().map(|state| count(&f, state, &counts)).collect(),
        lead: if counts.failed > 0 { f.n("jobs-lead-failed", counts.failed) } else { f.t("jobs-lead") },
        chosen: state.map(|state| f.t(words::of_state(state).1)),
        may: may_change(&ctx),
        rows: found.iter().map(|job| row(&f, job)).collect(),
        first: after.map(|_| format!("?{}", params.with("after", ""))),
        next,
        plan: plan(&f).await?,
        f,
    })
    .into_response())
}

/// Whether the reader may repeat and stop, or only look.
fn may_change(ctx: &Ctx) -> bool {
    Access::Roles(OPERATORS).admits(&ctx.actor, &Method::POST).is_ok()
}

fn status(f: &Frame, state: State) -> Status {
    let (shape, message) = words::of_state(state);
    Status { shape, word: f.t(message) }
}

fn count(f: &Frame, state: State, counts: &jobs::Counts) -> Count {
    let n = match state {
        State::Waiting => counts.waiting,
        State::Running => counts.running,
        State::Done => counts.done,
        State::Failed => counts.failed,
        State::Stopped => counts.stopped,
    };
    Count { n, status: status(f, state), href: format!("?state={state}") }
}

fn row(f: &Frame, job: &Job) -> JobRow {
    JobRow {
        id: job.id,
        label: label(f, &job.kind),
        status: status(f, job.state()),
        when: format::moment(ended_or_due(job), f.ctx.language),
        trouble: job.last_error.as_deref().map(|error| f.t(words::of_trouble(error))).unwrap_or_default(),
        repeatable: job.may_be_repeated(&f.ctx.house.job_kinds()),
    }
}

/// What a kind of job is called; its own name when the house does not know it any more.
fn label(f: &Frame, kind: &str) -> String {
    let kinds = f.ctx.house.job_kinds();
    kinds.iter().find(|known| known.name == kind).map_or_else(|| kind.to_owned(), |known| f.t(known.label))
}

/// The moment that tells most of a job: when it ended, or when it is due.
fn ended_or_due(job: &Job) -> chrono::DateTime<chrono::Utc> {
    job.stopped_at.or(job.failed_at).or(job.done_at).unwrap_or(job.run_at)
}

/// The schedules with the job that each put last, in two questions.
async fn plan(f: &Frame) -> Result<Vec<Planned>> {
    let latest = jobs::latest_of_schedules(&f.ctx.db).await?;
    let planned = f.ctx.house.schedules().into_iter().map(|schedule| Planned {
        label: f.t(schedule.label),
        every: words::of_schedule(f, schedule.every),
        last: latest.get(schedule.name).map(|job| {
            let (when, state) =
                (format::moment(ended_or_due(job), f.ctx.language), f.t(words::of_state(job.state()).1));
            (format!("{when}　{state}"), job.id)
        }),
        next: format::moment(schedule.next(f.ctx.now), f.ctx.language),
    });
    Ok(planned.collect())
}

/// The shape of a state, for [`words::of_state`].
type Shown = (Shape, &'static str);
