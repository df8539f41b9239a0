//! What this room does by itself: the day's seal goes out to the auditors, and what is of no use any more is forgotten.

use std::collections::BTreeSet;

use kyodo_kernel::audit::{self, Day, Entry};
use kyodo_kernel::jobs::{Claim, Every, Kind, Later, Outcome, Schedule, Work};
use kyodo_kernel::mail::{self, Address, Letter};
use kyodo_kernel::notices::{self, Unmailed};
use kyodo_kernel::people::{self, Role};
use kyodo_kernel::words::Words;
use kyodo_kernel::{Language, once, throttle};
use kyodo_web::format;
use serde_json::{Value, json};

use crate::store;

/// The kinds of jobs of this room.
pub const JOBS: &[Kind] = &[
    Kind { name: "seal-mail", label: "job-seal-mail", attempts: 10, repeatable: false, run: mail_seal },
    Kind { name: "digest", label: "job-digest", attempts: 10, repeatable: false, run: mail_digest },
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
    Schedule { name: "digest", label: "schedule-digest", every: Every::Daily { hour: 7, minute: 10 }, job: "digest" },
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

fn letter(words: &Words, work: &Work, day: &Day, to: Address) -> Letter {
    let (on, link) = (format::day(day.day, Language::Japanese), format!("{}/seals", work.address));
    let position = format::whole(day.position);
    let values =
        [("day", on.as_str()), ("position", position.as_str()), ("hash", day.hash.as_str()), ("link", link.as_str())];
    Letter::new(to, words.with("letter-seal-subject", [("day", on.as_str())]), words.with("letter-seal-text", values))
}

/// So many notices go out at once; the rest waits for the next morning.
const MOST_NOTICES: i64 = 10_000;

/// Mails everybody what they were told and have not read, in one letter. The letters, the mark on the notices and the end
/// of the job are one transaction: nobody gets a letter without news, and no news comes twice.
fn mail_digest<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        let now = work.now();
        let unmailed = notices::unmailed(work.db(), MOST_NOTICES).await?;
        let state = work.city.state().await?;
        let words = state.words(Language::Japanese);
        let mut tx = work.db().begin().await?;
        for one in unmailed {
            notices::mailed(&mut tx, one.account, one.newest, now).await?;
            let address = one.email.as_deref().and_then(|email| email.parse::<Address>().ok());
            let news = news(words, work, &one);
            // Whoever has ended these letters is passed over when the letter is to be sent.
            if let Some(address) = address.filter(|_| !news.is_empty()) {
                let letter = digest(words, work, address, &news).for_account(one.account.0, one.name).about("notices");
                mail::post(&mut tx, &letter, now, work.chance).await?;
            }
        }
        claim.done(&mut tx, now).await?;
        tx.commit().await?;
        Ok(())
    })
}

/// What somebody was told, each with where it leads. One in words that are gone is passed over.
fn news(words: &Words, work: &Work, one: &Unmailed) -> Vec<String> {
    let told = one.notices.iter().filter(|(message, ..)| words.has(message));
    told.map(|(message, said, address)| {
        let text = words.with(message, said.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        if address.is_empty() { text } else { format!("{text}\n{}{address}", work.address) }
    })
    .collect()
}

fn digest(words: &Words, work: &Work, to: Address, news: &[String]) -> Letter {
    let n = i64::try_from(news.len()).unwrap_or(i64::MAX);
    let link = format!("{}/desk", work.address);
    let values = [("news", news.join("\n\n")), ("link", link)];
    Letter::new(to, words.with("letter-digest-subject", [("n", n)]), words.with("letter-digest-text", values))
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
