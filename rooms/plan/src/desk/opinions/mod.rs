//! What others said of the plan, and the answers: those in charge write, the office publishes. A department speaks for the
//! city here, so that nothing it answers is public before the office has read it; the office publishes with one button,
//! one answer or all. Addresses, and what the pages share.

mod answer;
mod correction;
mod list;
mod telling;
mod withdrawal;

use chrono::NaiveDate;
use kyodo_db::Db;
use kyodo_kernel::people::{AccountId, Person, Role};
use kyodo_kernel::profile::Department;
use kyodo_web::components::{Shape, Status};
use kyodo_web::{Ctx, DESK, DeskItem, Error, Frame, Refusal, Result, Routes, Task};

use super::rounds::{Hands, RUNNERS, others};
use super::{WRITERS, WRITING};
use crate::evaluation::{AnswerStage, OPINIONS};
use crate::node::Node;
use crate::pages::code;
use crate::plan::Plan;
use crate::round::Round;
use crate::store::{self, Opinion};

pub(super) use telling::Telling;

/// Its line in the desk's navigation.
pub(super) const ITEM: DeskItem = DeskItem { path: OPINIONS, label: "nav-desk-opinions", access: DESK };

/// Its addresses.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get(OPINIONS, DESK, list::list)
        .post("/desk/plan/opinions/publications", RUNNERS, answer::publish_all)
        .get("/desk/plan/opinions/{id}", DESK, answer::page)
        .post("/desk/plan/opinions/{id}/answer", WRITERS, answer::send)
        .post("/desk/plan/opinions/{id}/draft", WRITERS, answer::keep)
        .post("/desk/plan/opinions/{id}/return", RUNNERS, answer::send_back)
        .get("/desk/plan/opinions/{id}/correction", RUNNERS, correction::form)
        .post("/desk/plan/opinions/{id}/correction", RUNNERS, correction::correct)
        .get("/desk/plan/opinions/{id}/withdrawal", RUNNERS, withdrawal::form)
        .post("/desk/plan/opinions/{id}/withdrawal", RUNNERS, withdrawal::withdraw)
}

/// The departments that answer for an item: those that reported it in the year. For the whole plan there are none: the
/// office that runs it answers.
fn in_charge(round: Option<&Round>, node: Option<&Node>, known: &[Department]) -> Vec<String> {
    let Some(node) = node else { return Vec::new() };
    let real = |key: &&String| known.iter().any(|one| one.key == **key && !one.placeholder);
    match round {
        Some(round) => round.departments(node, known).into_iter().map(str::to_owned).collect(),
        None => node.departments.iter().filter(real).cloned().collect(),
    }
}

/// Whether somebody answers for these departments.
fn answers(person: &Person, departments: &[String]) -> bool {
    person.holds(Role::Coordinator) || departments.iter().any(|key| person.writes_for(key))
}

/// Whether an opinion waits for somebody: to be answered by their department, or to be published.
fn waits_for(person: &Person, opinion: &Opinion, departments: &[String], hands: &Hands) -> bool {
    match opinion.stage() {
        AnswerStage::Missing if opinion.due_on.is_none() => false,
        AnswerStage::Missing | AnswerStage::Returned => {
            let own = |key: &String| person.departments().any(|own| own == key) && person.writes_for(key);
            // The office may write for everybody; it is asked only where the departments have nobody who does.
            let alone = || person.holds(Role::Coordinator) && hands.own_writers(departments).is_empty();
            departments.iter().any(own) || alone()
        }
        AnswerStage::Sent => person.holds(Role::Coordinator),
        AnswerStage::Public | AnswerStage::Withdrawn => false,
    }
}

/// The answer to an opinion as it stands, for a form that lets everything through that was seen.
fn seen(opinion: &Opinion) -> String {
    format!("{}.{}", opinion.said.id, opinion.version)
}

/// Everybody who is asked to answer what was said of these nodes, with how many of them.
fn askeds(
    ctx: &Ctx,
    hands: &Hands,
    round: Option<&Round>,
    nodes: &[Node],
    about: &[Option<i64>],
) -> Vec<(AccountId, usize)> {
    let mut askeds: Vec<(AccountId, usize)> = Vec::new();
    for id in about {
        let node = id.and_then(|id| nodes.iter().find(|node| node.id == id && !node.is_alias()));
        let departments = in_charge(round, node, &ctx.state.departments);
        for one in others(ctx, hands.writers(&departments)) {
            match askeds.iter_mut().find(|(known, _)| *known == one) {
                Some((_, n)) => *n += 1,
                None => askeds.push((one, 1)),
            }
        }
    }
    askeds
}

/// Whoever has to answer something whose day is near, with how much and until when.
pub(super) async fn unanswered(
    db: &Db,
    plan: i64,
    known: &[Department],
    today: NaiveDate,
    near: impl Fn(NaiveDate) -> bool,
) -> kyodo_db::Result<Vec<(AccountId, usize, NaiveDate)>> {
    let mut opinions = store::opinions(db, plan).await?;
    opinions.retain(|opinion| opinion.stage().is_with_department() && opinion.due_on.is_some_and(&near));
    if opinions.is_empty() {
        return Ok(Vec::new());
    }
    let nodes = store::all_nodes(db, plan).await?;
    let rounds = store::rounds(db, plan).await?;
    let hands = Hands::load(db, today).await?;
    let mut found: Vec<(AccountId, usize, NaiveDate)> = Vec::new();
    for opinion in &opinions {
        let Some(day) = opinion.due_on else { continue };
        let node = opinion.key.as_ref().and_then(|key| nodes.iter().find(|node| node.key == *key));
        let round = rounds.iter().find(|round| round.year == opinion.said.year);
        let departments = in_charge(round, node, known);
        let mut writers: Vec<AccountId> =
            hands.writers(&departments).into_iter().map(|holder| AccountId(holder.id)).collect();
        writers.sort_unstable();
        writers.dedup();
        for writer in writers {
            match found.iter_mut().find(|(known, _, due)| *known == writer && *due == day) {
                Some((_, n, _)) => *n += 1,
                None => found.push((writer, 1, day)),
            }
        }
    }
    Ok(found)
}

/// An opinion with what it is about.
struct Asked {
    plan_id: i64,
    plan: Plan,
    opinion: Opinion,
    node: Option<Node>,
    /// The departments that answer.
    departments: Vec<String>,
}

impl Asked {
    async fn load(ctx: &Ctx, id: &str) -> Result<Self> {
        let (plan_id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
        let id = id.parse::<i64>().map_err(|_| Error::NotFound)?;
        let opinion = store::opinion(&ctx.db, plan_id, id).await?.ok_or(Error::NotFound)?;
        let node = match &opinion.key {
            Some(key) => store::node(&ctx.db, plan_id, key).await?,
            None => None,
        };
        let round = store::round(&ctx.db, plan_id, opinion.said.year).await?;
        let departments = in_charge(round.as_ref(), node.as_ref(), &ctx.state.departments);
        Ok(Self { plan_id, plan, opinion, node, departments })
    }

    fn address(&self, below: &str) -> String {
        format!("{OPINIONS}/{}{below}", self.opinion.said.id)
    }

    /// As drafts and the trail name it.
    fn subject(&self) -> String {
        format!("opinion:{}", self.opinion.said.id)
    }

    fn code(&self) -> String {
        self.node.as_ref().map(|node| code(&self.plan.outline, node)).unwrap_or_default()
    }

    fn title(&self, ctx: &Ctx) -> String {
        self.node.as_ref().map_or_else(|| ctx.words().say("yearly-opinions"), |node| node.title.clone())
    }

    fn frame(&self, ctx: &Ctx) -> Frame {
        let year = ctx.long_year(self.opinion.said.year);
        let title = ctx.words().with("opinion-title", [("year", year), ("title", self.title(ctx))]);
        let f = ctx.frame(title).crumb("/desk", "nav-desk").crumb(OPINIONS, "nav-desk-opinions");
        f.crumb_named(self.address(""), self.title(ctx)).at_desk()
    }

    /// Whether whoever asks may answer.
    fn is_writable(&self, ctx: &Ctx) -> bool {
        WRITERS.admits(&ctx.actor, &axum::http::Method::POST).is_ok()
            && ctx.actor.person().is_some_and(|person| answers(person, &self.departments))
            && !self.opinion.stage().is_over()
    }

    /// Somebody who answers for its departments.
    fn writer<'c>(&self, ctx: &'c Ctx) -> Result<&'c Person> {
        let person = ctx.person()?;
        let refused = Error::Forbidden(Refusal { roles: WRITING });
        if answers(person, &self.departments) { Ok(person) } else { Err(refused) }
    }
}

/// Where the answer to an opinion stands, with its word.
fn opinion_status(f: &Frame, opinion: &Opinion) -> Status {
    match opinion.stage() {
        AnswerStage::Missing if opinion.due_on.is_none() => {
            Status { shape: Shape::None, word: f.t("answer-not-asked") }
        }
        stage => stage_status(f, stage),
    }
}

/// Where an answer stands, with its word.
fn stage_status(f: &Frame, stage: AnswerStage) -> Status {
    let shape = match stage {
        AnswerStage::Missing => Shape::None,
        AnswerStage::Returned | AnswerStage::Withdrawn => Shape::Not,
        AnswerStage::Sent => Shape::Part,
        AnswerStage::Public => Shape::Done,
    };
    Status { shape, word: f.t(&format!("answer-stage-{}", stage.name())) }
}

/// What waits to be answered by whoever asks, or to be published.
pub(super) async fn tasks(ctx: &Ctx, plan_id: i64) -> Result<Vec<Task>> {
    let person = ctx.person()?;
    if !person.holds_any(WRITING) {
        return Ok(Vec::new());
    }
    let mut opinions = store::opinions(&ctx.db, plan_id).await?;
    opinions.retain(|opinion| !opinion.stage().is_over());
    if opinions.is_empty() {
        return Ok(Vec::new());
    }
    let nodes = store::all_nodes(&ctx.db, plan_id).await?;
    let rounds = store::rounds(&ctx.db, plan_id).await?;
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let (mut tasks, mut sent) = (Vec::new(), 0_i64);
    for opinion in &opinions {
        let node = opinion.key.as_ref().and_then(|key| nodes.iter().find(|node| node.key == *key));
        let round = rounds.iter().find(|round| round.year == opinion.said.year);
        let departments = in_charge(round, node, &ctx.state.departments);
        if !waits_for(person, opinion, &departments, &hands) {
            continue;
        }
        let title = node.map_or_else(|| ctx.words().say("yearly-opinions"), |node| node.title.clone());
        let message = match opinion.stage() {
            AnswerStage::Sent => {
                sent += 1;
                continue;
            }
            AnswerStage::Returned => "task-answer-returned",
            _ => "task-answer",
        };
        tasks.push(Task {
            due: opinion.due_on,
            title: ctx.words().with(message, [("title", title.as_str())]),
            note: ctx.words().with("evaluation-name", [("year", ctx.long_year(opinion.said.year))]),
            address: format!("{OPINIONS}/{}", opinion.said.id),
        });
    }
    if sent > 0 {
        tasks.push(Task {
            due: None,
            title: ctx.words().with("task-answers-publish", [("n", sent)]),
            note: ctx.words().say("nav-desk-opinions"),
            address: format!("{OPINIONS}?state=sent"),
        });
    }
    Ok(tasks)
}
