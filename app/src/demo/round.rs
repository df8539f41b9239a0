//! The rounds of a demo: last year's, frozen with all it published, and this year's with items in every state.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::{AccountId, Role};
use kyodo_kernel::{FiscalYear, clock};
use kyodo_plan::node::Node;
use kyodo_plan::plan::Plan;
use kyodo_plan::round::{Act, Content, Round, StepRole};
use kyodo_plan::store::{self, Doing, RoundPlan};
use serde_json::json;

use super::people::{Somebody, Story};
use super::{ProgressEntry, autumn};
use crate::failure::Result;

/// How far a report of `demo.toml` has come; what says nothing is public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    /// Nobody has written anything.
    Unwritten,
    /// The head of the department is asked.
    Head,
    /// The head sent it back.
    Returned,
    /// The office is asked.
    Office,
    /// Everybody has agreed.
    Agreed,
}

/// Whose hands a report passes through.
pub(super) struct Hands<'a> {
    pub(super) office: &'a Somebody,
    pub(super) people: &'a [Somebody],
}

impl<'a> Hands<'a> {
    /// Somebody of one of the item's departments, or else the office.
    pub(super) fn of(&self, role: Role, node: &Node) -> Option<&'a Somebody> {
        let here = |one: &&Somebody| one.department.as_ref().is_some_and(|own| node.departments.contains(own));
        self.people.iter().filter(|one| one.seat.role == role && !one.seat.stands_in).find(here)
    }

    pub(super) fn writer(&self, node: &Node) -> &'a Somebody {
        self.of(Role::Reporter, node).unwrap_or(self.office)
    }
}

/// Opens the rounds of a plan that runs, and tells what became of every report.
pub(super) async fn tell(
    tx: &mut Tx,
    story: &Story,
    people: &[Somebody],
    (plan_id, plan): (i64, &Plan),
    nodes: &[Node],
    entries: &[ProgressEntry],
) -> Result<()> {
    let Some(office) = people.iter().find(|one| one.seat.role == Role::Coordinator) else { return Ok(()) };
    let hands = Hands { office, people };
    let now = story.year();
    for year in [now.previous(), now] {
        let within = plan.outline.years().is_none_or(|period| period.contains(year));
        let told = entries.iter().any(|entry| FiscalYear::new(entry.year) == year);
        let (opens, due, decide) = days(year, now);
        if !within || !told || opens > story.today {
            continue;
        }
        let days =
            RoundPlan { opens_on: opens, due_on: due, decide_on: decide, note: String::new(), members: Vec::new() };
        let round = Round {
            id: 0,
            year,
            opens_on: opens,
            due_on: due,
            decide_on: decide,
            note: String::new(),
            frozen_at: None,
            members: std::collections::HashMap::new(),
        };
        let items: Vec<&Node> = nodes.iter().filter(|node| round.takes(node, &plan.outline)).collect();
        let numbers: Vec<i64> = items.iter().map(|node| node.id).collect();
        let Some(id) = store::open_round(tx, plan_id, year, &days, &numbers).await? else { continue };
        let subject = format!("round:{}", i32::from(year));
        let opened = Entry::new("round.opened", subject.as_str()).detail(json!({ "items": items.len(), "due": due }));
        story.trail(&office.id.subject(), at(opens, 9)).note(tx, opened).await?;
        for (n, node) in items.into_iter().enumerate() {
            let entry = entries.iter().find(|entry| entry.node == node.key && FiscalYear::new(entry.year) == year);
            if let Some(entry) = entry {
                let first = due - Days::new(u64::try_from(n % 9).unwrap_or_default() + 2);
                report(tx, story, &hands, (id, plan), node, entry, first.min(story.today)).await?;
            }
        }
        if year < now {
            let frozen = at(decide + Days::new(14), 17);
            store::freeze(tx, id, frozen).await?;
            story.trail(&office.id.subject(), frozen).note(tx, Entry::new("round.frozen", subject)).await?;
        }
    }
    Ok(())
}

/// A past year was reported in the spring after it, the running one is reported in autumn.
fn days(year: FiscalYear, now: FiscalYear) -> (NaiveDate, NaiveDate, NaiveDate) {
    if year < now {
        let end = year.last_day();
        let spring = |month: u32, day: u32| {
            end.with_day(1).and_then(|d| d.with_month(month)).map_or(end, |first| first + Days::new(u64::from(day - 1)))
        };
        (spring(3, 1), spring(4, 24), spring(5, 29))
    } else {
        let first = autumn(year);
        (first, first + Days::new(43), first + Days::new(60))
    }
}

fn at(day: NaiveDate, hour: u32) -> DateTime<Utc> {
    clock::at(day, chrono::NaiveTime::from_hms_opt(hour, 10, 0).unwrap_or_default())
}

/// One report from hand to hand, as far as it has come.
async fn report(
    tx: &mut Tx,
    story: &Story,
    hands: &Hands<'_>,
    (round, plan): (i64, &Plan),
    node: &Node,
    entry: &ProgressEntry,
    first: NaiveDate,
) -> Result<()> {
    let route = &plan.outline.route;
    let Some(stored) = store::report_now(tx, round, node.id, route).await? else { return Ok(()) };
    let content = Content {
        mark: entry.mark.clone(),
        grade: entry.grade.clone(),
        text: entry.text.clone(),
        next: entry.next.clone(),
    };
    let over = route.0.len();
    let head = hands.of(Role::Head, node);
    let of_head = route.0.iter().position(|step| step.role == StepRole::Head).filter(|_| head.is_some());
    let of_office = route.0.iter().position(|step| step.role == StepRole::Coordinator).unwrap_or(over);
    let mut acts: Vec<(Act, usize, AccountId, &str)> = Vec::new();
    if entry.stage != Some(Stage::Unwritten) {
        acts.push((Act::Submitted, of_head.unwrap_or(of_office), hands.writer(node).id, ""));
    }
    let past_head = !matches!(entry.stage, Some(Stage::Unwritten | Stage::Head | Stage::Returned));
    if let (Some(head), true) = (head, past_head && of_head.is_some()) {
        acts.push((Act::Agreed, of_office, head.id, ""));
    }
    if entry.stage == Some(Stage::Returned) {
        acts.push((Act::Returned, 0, head.map_or(hands.office.id, |head| head.id), entry.note.as_str()));
    }
    if matches!(entry.stage, None | Some(Stage::Agreed)) {
        acts.push((Act::Agreed, over, hands.office.id, ""));
    }
    if entry.stage.is_none() {
        acts.push((Act::Published, over, hands.office.id, ""));
    }
    for (n, (act, step, by, note)) in (0_i64..).zip(acts) {
        let version = stored.version + n;
        let when = at(first, 10) + TimeDelta::hours(n * 2);
        let doing = Doing { act, step, by: Some(by), note, content: &content };
        store::turn(tx, stored.id, version, &doing, when).await?;
        let subject = format!("report:{}/{}", entry.year, node.key);
        let told = Entry::new(act.action(), subject).detail(json!({ "step": step }));
        story.trail(&by.subject(), when).note(tx, told).await?;
    }
    Ok(())
}
