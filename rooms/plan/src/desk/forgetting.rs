//! What nobody needs any more is forgotten by itself: the addresses of partners a year after their last
//! day, and residents' words as they were sent a year after they came in.

use kyodo_kernel::audit::{self, Entry};
use kyodo_kernel::jobs::{Claim, Every, Kind, Later, Outcome, Schedule, Work};
use kyodo_kernel::mail::{self, Address};
use serde_json::Value;

use crate::{partner, store, voice};

/// The job that forgets.
pub(crate) const JOB: Kind =
    Kind { name: "plan-forgetting", label: "job-plan-forgetting", attempts: 5, repeatable: true, run: forget };

/// When it comes.
pub(crate) const SCHEDULE: Schedule = Schedule {
    name: "plan-forgetting",
    label: "schedule-plan-forgetting",
    every: Every::Daily { hour: 3, minute: 50 },
    job: "plan-forgetting",
};

fn forget<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        let (now, today) = (work.now(), work.clock.today());
        let mut tx = work.db().begin().await?;
        for (id, email) in store::partners_to_forget(&mut tx, today - partner::KEPT).await? {
            store::forget_partner(&mut tx, id).await?;
            // Nobody needs to know either that letters came back from it.
            if let Ok(address) = email.parse::<Address>() {
                mail::try_again(&mut tx, &address).await?;
            }
            audit::erase_personal(&mut tx, &partner::subject(id)).await?;
            work.trail(claim).note(&mut tx, Entry::new("partner.forgotten", partner::subject(id))).await?;
        }
        for id in store::voices_to_forget(&mut tx, now - voice::KEPT).await? {
            store::forget_voice(&mut tx, id, now).await?;
            audit::erase_personal(&mut tx, &voice::subject(id)).await?;
            work.trail(claim).note(&mut tx, Entry::new("voice.forgotten", voice::subject(id))).await?;
        }
        claim.done(&mut tx, now).await?;
        tx.commit().await?;
        Ok(())
    })
}
