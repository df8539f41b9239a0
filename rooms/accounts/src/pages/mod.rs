//! The pages, one file for each group of addresses.

mod audit;
mod departments;
mod handover;
mod here;
mod jobs;
mod links;
mod mail;
mod own;
mod people;
mod sign_in;

pub(crate) use handover::JOB as PASSING;
use kyodo_web::Routes;

/// Every address of the room with its permission.
pub(crate) fn routes() -> Routes {
    [
        sign_in::routes,
        links::routes,
        own::routes,
        people::routes,
        departments::routes,
        handover::routes,
        audit::routes,
        jobs::routes,
        mail::routes,
    ]
    .into_iter()
    .fold(Routes::new(), |all, part| all.and(part()))
}
