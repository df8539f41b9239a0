//! One job: what it is, what became of it, and what can be done.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::jobs::{self, Job};
use kyodo_kernel::mail::{self, Mail};
use kyodo_kernel::people::AccountId;
use kyodo_web::components::Status;
use kyodo_web::{Change, Ctx, Error, Form, Frame, KeyPath, Page, Result, Wrong, filters, format};
use serde_json::json;

use super::{label, may_change, status, words};
use crate::actions::{self, Pair};

/// A job.
#[derive(Template)]
#[template(path = "jobs-one.html")]
struct JobPage {
    f: Frame,
    fault: Option<String>,
    id: i64,
    status: Status,
    facts: Vec<Pair>,
    trouble: Option<(String, String)>,
    repeatable: bool,
    stoppable: bool,
    may: bool,
}

/// `GET /desk/jobs/{id}`
pub(super) async fn show(ctx: Ctx, KeyPath(id): KeyPath) -> Result<Response> {
    let job = found(&ctx, &id).await?;
    Ok(Page(page(&ctx, &job, None).await?).into_response())
}

/// `POST /desk/jobs/{id}/repetition`
pub(super) async fn repeat(ctx: Ctx, KeyPath(id): KeyPath, form: Form) -> Result<Response> {
    let job = found(&ctx, &id).await?;
    let mut change = ctx.change(&form).await?;
    if !jobs::repeat(&mut change.tx, job.id, &ctx.house.job_kinds(), ctx.now).await? {
        return refused(&ctx, change, job.id, "jobs-not-repeatable").await;
    }
    done(&ctx, change, &job, "job.repeated", "said-job-repeated").await
}

/// `POST /desk/jobs/{id}/stop`
pub(super) async fn stop(ctx: Ctx, KeyPath(id): KeyPath, form: Form) -> Result<Response> {
    let job = found(&ctx, &id).await?;
    let mut change = ctx.change(&form).await?;
    if !jobs::stop(&mut change.tx, job.id, ctx.now).await? {
        return refused(&ctx, change, job.id, "jobs-not-stoppable").await;
    }
    done(&ctx, change, &job, "job.stopped", "said-job-stopped").await
}

async fn found(ctx: &Ctx, id: &str) -> Result<Job> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    jobs::job(&ctx.db, id).await?.ok_or(Error::NotFound)
}

async fn done(ctx: &Ctx, mut change: Change, job: &Job, action: &'static str, said: &'static str) -> Result<Response> {
    let entry = Entry::new(action, format!("job:{}", job.id)).detail(json!({ "kind": job.kind }));
    ctx.trail().note(&mut change.tx, entry).await?;
    change.done(&format!("/desk/jobs/{}", job.id), said).await
}

/// The job moved on meanwhile: it is shown as it stands now, with why nothing was done.
async fn refused(ctx: &Ctx, change: Change, id: i64, why: &str) -> Result<Response> {
    drop(change);
    let job = jobs::job(&ctx.db, id).await?.ok_or(Error::NotFound)?;
    Ok(Wrong(page(ctx, &job, Some(ctx.words().say(why))).await?).into_response())
}

async fn page(ctx: &Ctx, job: &Job, fault: Option<String>) -> Result<JobPage> {
    let f = ctx.frame(label(&ctx.frame(""), &job.kind)).at_desk().crumb("/desk", "nav-desk");
    let f = f.crumb("/desk/jobs", "nav-jobs").crumb("", "jobs-one");
    let mut facts = vec![(f.t("jobs-attempts"), f.n("jobs-times", job.attempts))];
    let moments = [
        ("jobs-put", Some(job.created_at)),
        ("jobs-due", Some(job.run_at)),
        ("jobs-done", job.done_at),
        ("jobs-failed", job.failed_at),
        ("jobs-stopped", job.stopped_at),
    ];
    for (message, moment) in moments {
        facts.extend(moment.map(|moment| (f.t(message), format::long_moment(moment, ctx.language))));
    }
    if job.kind == mail::JOB {
        facts.extend(letter(ctx, &f, job).await?);
    } else {
        facts.extend(actions::pairs(&f, &job.payload));
    }
    Ok(JobPage {
        id: job.id,
        status: status(&f, job.state()),
        trouble: job.last_error.clone().map(|error| (f.t(words::of_trouble(&error)), error)),
        repeatable: job.may_be_repeated(&ctx.house.job_kinds()),
        stoppable: job.may_be_stopped(),
        may: may_change(ctx),
        facts,
        fault,
        f,
    })
}

/// Where the letter of a job goes and what became of it. The person whose address is shown can see who saw it; of somebody
/// without an account, the trail tells it.
async fn letter(ctx: &Ctx, f: &Frame, job: &Job) -> Result<Vec<Pair>> {
    let id = job.payload.get("mail").and_then(serde_json::Value::as_i64);
    let Some(letter) = (match id {
        Some(id) => mail::mail(&ctx.db, id).await?,
        None => None,
    }) else {
        return Ok(Vec::new());
    };
    let whose = letter.account.map_or_else(|| format!("job:{}", job.id), |id| AccountId(id).subject());
    if whose != ctx.actor.subject() {
        let mut tx = ctx.db.begin().await?;
        ctx.trail().note(&mut tx, Entry::new("account.looked", whose).detail(json!({ "at": "jobs" }))).await?;
        tx.commit().await?;
    }
    Ok(vec![(f.t("jobs-to"), letter.address.clone()), (f.t("jobs-letter"), became(f, &letter))])
}

/// What became of a letter: the latest that is known.
pub(in crate::pages) fn became(f: &Frame, letter: &Mail) -> String {
    let known = [
        (letter.bounced_at, "mails-bounced"),
        (letter.refused_at, "mails-refused"),
        (letter.skipped_at, "mails-skipped"),
        (letter.sent_at, "mails-sent"),
    ];
    let known = known.into_iter().find_map(|(at, message)| Some((at?, message)));
    known.map_or_else(
        || f.t("mails-waiting"),
        |(at, message)| f.with(message, &[("when", &format::moment(at, f.ctx.language))]),
    )
}
