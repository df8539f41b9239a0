//! What others say of the years of a demo: partners who are asked, and residents who write while the city asks them.

use chrono::{Days, NaiveDate, NaiveTime};
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::Role;
use kyodo_kernel::{Chance, FiscalYear, clock, secret};
use kyodo_plan::node::Node;
use kyodo_plan::partner::{self, Opinion};
use kyodo_plan::store::{self, Decision, NewPartner, NewVoice};
use kyodo_plan::voice::{self, Call, Words};
use serde::Deserialize;
use serde_json::json;

use super::must;
use super::people::{Somebody, Story};
use crate::failure::Result;

/// A partner who is asked about a year.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartnerEntry {
    year: i32,
    organisation: String,
    #[serde(default)]
    name: String,
    email: String,
    nodes: Vec<String>,
    #[serde(default)]
    note: String,
    /// What they say of each item, in the order of the items; fewer where they have not come so far.
    #[serde(default)]
    answers: Vec<AnswerEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerEntry {
    grade: Option<String>,
    comment: String,
}

/// Residents are asked about a year; it is open around the day of the demo.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallEntry {
    year: i32,
    #[serde(default)]
    question: String,
}

/// What a resident wrote.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VoiceEntry {
    /// None where it is about the whole year.
    node: Option<String>,
    year: i32,
    comment: String,
    #[serde(default)]
    name: String,
    /// What the office will show of it; new when nothing is said.
    shown: Option<String>,
}

/// All of it.
#[derive(Default)]
pub(super) struct Others {
    pub(super) partners: Vec<PartnerEntry>,
    pub(super) calls: Vec<CallEntry>,
    pub(super) voices: Vec<VoiceEntry>,
}

/// Asks partners and residents, and tells what came in.
pub(super) async fn tell(
    tx: &mut Tx,
    story: &Story,
    people: &[Somebody],
    plan: i64,
    nodes: &[Node],
    others: &Others,
) -> Result<()> {
    let Some(office) = people.iter().find(|one| one.seat.role == Role::Coordinator) else { return Ok(()) };
    let number = |key: &String| nodes.iter().find(|node| node.key == *key).map(|node| node.id);
    for entry in &others.partners {
        let asked: Vec<i64> = entry.nodes.iter().filter_map(number).collect();
        must(asked.len() == entry.nodes.len(), &entry.nodes.join("、"))?;
        let seed = secret::hex(&Chance::Real.bytes()[..16]);
        let (first, now) = (ago(story.today, 12), at(story.today, 12, 9));
        let new = NewPartner {
            organisation: &entry.organisation,
            name: &entry.name,
            email: &entry.email,
            due_on: first + Days::new(28),
            note: &entry.note,
            seed: &seed,
            link: &story.link(&seed),
            by: Some(office.id),
            at: now,
            example: true,
            nodes: &asked,
        };
        let id = store::put_partner(tx, plan, FiscalYear::new(entry.year), &new).await?;
        let detail = json!({ "year": entry.year, "items": asked.len(), "due": new.due_on });
        let told = Entry::new("partner.asked", partner::subject(id)).detail(detail);
        let told = told.personal("organisation", &entry.organisation).personal("name", &entry.name);
        story.trail(&office.id.subject(), now).note(tx, told.personal("email", &entry.email)).await?;
        for (item, answer) in store::asked_now(tx, id).await?.iter().zip(&entry.answers) {
            let opinion = Opinion {
                shown_as: entry.organisation.clone(),
                grade: answer.grade.clone(),
                comment: answer.comment.clone(),
            };
            let now = at(story.today, 3, 20);
            store::answer(tx, item.id, item.version, &opinion, now).await?;
            let told = Entry::new("partner.answered", partner::subject(id));
            story.trail("visitor", now).note(tx, told).await?;
        }
    }
    for entry in &others.calls {
        let call = Call {
            year: FiscalYear::new(entry.year),
            opens_on: ago(story.today, 20),
            closes_on: story.today + Days::new(20),
            question: entry.question.clone(),
            version: 0,
        };
        store::put_call(tx, plan, &call).await?;
        let detail = json!({ "year": entry.year, "from": call.opens_on, "to": call.closes_on });
        let told = Entry::new("voices.opened", format!("voices:{}", entry.year)).detail(detail);
        story.trail(&office.id.subject(), at(story.today, 20, 9)).note(tx, told).await?;
    }
    // One a day, the last of them yesterday.
    let first = u64::try_from(others.voices.len()).unwrap_or_default();
    for (days, entry) in (1..=first).rev().zip(&others.voices) {
        let node = entry.node.as_ref().map(|key| number(key).ok_or(key)).transpose();
        let node = match node {
            Ok(node) => node,
            Err(key) => return must(false, key),
        };
        let words = Words { comment: entry.comment.clone(), name: entry.name.clone() };
        let now = at(story.today, days, 19);
        let receipt = voice::receipt(Chance::Real);
        let year = FiscalYear::new(entry.year);
        let new = NewVoice { node, year, receipt: &receipt, words: &words, at: now, example: true };
        let id = store::put_voice(tx, plan, &new).await?;
        let detail = json!({ "year": entry.year, "item": entry.node });
        story.trail("visitor", now).note(tx, Entry::new("voice.received", voice::subject(id)).detail(detail)).await?;
        if let Some(shown) = &entry.shown {
            let decision =
                Decision { stage: voice::Stage::Ready, shown, shown_as: "", reason: "", by: Some(office.id) };
            let now = at(story.today, days.saturating_sub(1), 10);
            store::decide(tx, id, 0, &decision, now).await?;
            let told = Entry::new("voice.made-ready", voice::subject(id));
            let told = told.detail(json!({ "covered": *shown != entry.comment }));
            story.trail(&office.id.subject(), now).note(tx, told).await?;
        }
    }
    Ok(())
}

fn ago(today: NaiveDate, days: u64) -> NaiveDate {
    today - Days::new(days)
}

fn at(today: NaiveDate, days: u64, hour: u32) -> chrono::DateTime<chrono::Utc> {
    clock::at(ago(today, days), NaiveTime::from_hms_opt(hour, 15, 0).unwrap_or_default())
}
