//! What this room does by itself: the day's seal goes out to the auditors, and what is of no use any more is forgotten.

use std::collections::BTreeSet;

use kyodo_kernel::audit::{self, Day, Entry};
use kyodo_kernel::jobs::{Claim, Every, Kind, Later, Outcome, Schedule, Work};
use kyodo_kernel::mail::{self, Address, Letter};
use kyodo_kernel::people::{self, Role};
use kyodo_kernel::{Language, once, throttle};
use kyodo_web::format;
use serde_json::{Value, json};

use crate::store;

/// The kinds of jobs of this room.
pub const JOBS: &[Kind] = &[
    Kind { name: "seal-mail", label: "job-seal-mail", attempts: 10, repeatable: false, run: mail_seal },
    Kind { name: "forget", label: "job-forget", attempts: 5, repeatable: true, run: forget },
    crate::pages::PASSING,
];

/// When they come.
pub const SCHEDULES: &[Schedule] = &[
    Schedule {
        name: "seal-mail",
        label: "schedule-seal-mail",
        every: Every::Daily { hour: 7, minute: 0 },
        job: "seal-mail",
    },
    Schedule { name: "forget", label: "schedule-forget", every: Every::Daily { hour: 3, minute: 40 }, job: "forget" },
];

/// Mails the last seal before today to every auditor. The letters, the entry that tells of them and the end of the job
/// are one transaction: all of it happens once, or none does and the job comes again.
fn mail_seal<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        let (now, today) = (work.now(), work.clock.today());
        let last = audit::days(work.db(), Some(today), 1).await?.pop();
        let auditors = people::holders(work.db(), Role::Auditor, None, today).await?;
        let state = work.city.state().await?;
        let words = state.words(Language::Japanese);
        let mut tx = work.db().begin().await?;
        if let Some(day) = last {
            let (mut reached, mut sent) = (BTreeSet::new(), 0_u32);
            for auditor in auditors {
                let address = auditor.email.as_deref().and_then(|email| email.parse::<Address>().ok());
                // Whoever audits in two places gets one letter.
                if let Some(address) = address.filter(|_| reached.insert(auditor.id)) {
                    let letter = letter(words, work, &day, address).for_account(auditor.id, auditor.name);
                    mail::post(&mut tx, &letter, now, work.chance).await?;
                    sent += 1;
                }
            }
            let entry = Entry::new("seal.sent", format!("seal:{}", day.day));
            work.trail(claim).note(&mut tx, entry.detail(json!({ "letters": sent, "position": day.position }))).await?;
        }
        claim.done(&mut tx, now).await?;
        tx.commit().await?;
        Ok(())
    })
}

fn letter(words: &kyodo_kernel::words::Words, work: &Work, day: &Day, to: Address) -> Letter {
    let (on, link) = (format::day(day.day, Language::Japanese), format!("{}/seals", work.address));
    let position = format::whole(day.position);
    let values =
        [("day", on.as_str()), ("position", position.as_str()), ("hash", day.hash.as_str()), ("link", link.as_str())];
    Letter::new(to, words.with("letter-seal-subject", [("day", on.as_str())]), words.with("letter-seal-text", values))
}

/// Forgets tokens of forms, windows of limits, steps of signing in and sessions that nobody can use any more.
fn forget<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        let now = work.now();
        let mut tx = work.db().begin().await?;
        once::sweep(&mut tx, now).await?;
        throttle::sweep(&mut tx, now).await?;
        store::sweep_steps(&mut tx, now).await?;
        people::sweep_sessions(&mut tx, now).await?;
        claim.done(&mut tx, now).await?;
        tx.commit().await?;
        Ok(())
    })
}
