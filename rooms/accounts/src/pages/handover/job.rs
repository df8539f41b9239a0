//! What somebody was writing passes on when they go, which may be days after the handover was confirmed: a job.

use chrono::{NaiveDate, NaiveTime};
use kyodo_db::Tx;
use kyodo_kernel::clock;
use kyodo_kernel::jobs::{self, Claim, Kind, Later, Outcome, Trouble, Work};
use kyodo_kernel::people::AccountId;
use kyodo_web::{Ctx, Result};
use serde_json::Value;

use crate::store::people::hand_over_drafts;

/// Gives what somebody was writing to who follows them.
pub(crate) const JOB: Kind =
    Kind { name: "handover-drafts", label: "job-handover-drafts", attempts: 8, repeatable: false, run };

/// Lets texts pass on, from whom to whom: now, if the day has come.
pub(super) async fn pass(ctx: &Ctx, tx: &mut Tx, passing: &[(AccountId, AccountId)], day: NaiveDate) -> Result<()> {
    if day <= ctx.today {
        hand_over_drafts(tx, passing).await?;
    } else if !passing.is_empty() {
        let pairs: Vec<(i64, i64)> = passing.iter().map(|(from, to)| (from.0, to.0)).collect();
        jobs::put(tx, jobs::New::new(JOB.name, &pairs).at(clock::at(day, NaiveTime::MIN)), ctx.now).await?;
    }
    Ok(())
}

fn run<'w>(work: &'w Work, claim: &'w Claim, payload: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        let pairs: Vec<(i64, i64)> =
            serde_json::from_value(payload).map_err(|error| Trouble::Lasting(error.to_string()))?;
        let passing: Vec<_> = pairs.into_iter().map(|(from, to)| (AccountId(from), AccountId(to))).collect();
        let mut tx = work.db().begin().await?;
        hand_over_drafts(&mut tx, &passing).await?;
        claim.done(&mut tx, work.now()).await?;
        tx.commit().await?;
        Ok(())
    })
}
