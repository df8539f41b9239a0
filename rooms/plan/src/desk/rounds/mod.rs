//! The yearly round at the desk: the office opens a year, departments report, others agree, the office publishes and
//! freezes. Addresses, and what the pages share.

mod adoption;
mod attachments;
mod decision;
pub(super) mod item;
pub(super) mod list;
mod progress;
pub(super) mod reminders;
mod waiting;
mod workbooks;
mod writing;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use kyodo_db::Db;
use kyodo_kernel::FiscalYear;
use kyodo_kernel::people::{self, AccountId, Holder, Person, Role};
use kyodo_web::components::Status;
use kyodo_web::{Access, Ctx, DESK, DeskItem, Error, Faults, Form, Frame, Refusal, Result, Routes, TwoKeys};

use crate::kept;
use crate::node::Node;
use crate::pages::code;
use crate::plan::Plan;
use crate::round::{Hand, Round, Stage, Step};
use crate::store::{self, Report};

use super::WRITERS;

pub(crate) use waiting::{sent, tasks};

/// Who runs the round.
pub(super) const RUNNING: &[Role] = &[Role::Coordinator];
pub(super) const RUNNERS: Access = Access::Roles(RUNNING);

/// Who may agree somewhere on a city's route.
const DECIDING: &[Role] = &[Role::Head, Role::Coordinator, Role::Administrator];
const DECIDERS: Access = Access::Roles(DECIDING);

/// Its line in the desk's navigation.
pub(super) const ITEM: DeskItem = DeskItem { path: "/desk/plan/rounds", label: "nav-desk-rounds", access: DESK };

/// Its addresses.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/desk/plan/rounds", DESK, list::list)
        .post("/desk/plan/rounds", RUNNERS, list::open)
        .get("/desk/plan/rounds/{year}", DESK, progress::progress)
        .post("/desk/plan/rounds/{year}", RUNNERS, list::change)
        .get("/desk/plan/rounds/{year}/days", RUNNERS, list::days)
        .post("/desk/plan/rounds/{year}/reminders", RUNNERS, reminders::remind)
        .post("/desk/plan/rounds/{year}/publications", RUNNERS, decision::publish_all)
        .post("/desk/plan/rounds/{year}/freeze", RUNNERS, progress::freeze)
        .get("/desk/plan/rounds/{year}/adoption", RUNNERS, adoption::adoption)
        .post("/desk/plan/rounds/{year}/adoption", RUNNERS, adoption::adopt)
        .get("/desk/plan/rounds/{year}/{key}", DESK, item::item)
        .post("/desk/plan/rounds/{year}/{key}/draft", WRITERS, writing::save)
        .post("/desk/plan/rounds/{year}/{key}/draft/removal", WRITERS, writing::remove)
        .get("/desk/plan/rounds/{year}/{key}/preview", DESK, writing::preview)
        .post("/desk/plan/rounds/{year}/{key}/submission", WRITERS, writing::submit)
        .post("/desk/plan/rounds/{year}/{key}/withdrawal", WRITERS, writing::withdraw)
        .post("/desk/plan/rounds/{year}/{key}/agreement", DECIDERS, decision::agree)
        .post("/desk/plan/rounds/{year}/{key}/return", DECIDERS, decision::send_back)
        .post("/desk/plan/rounds/{year}/{key}/publication", RUNNERS, decision::publish)
        .get("/desk/plan/rounds/{year}/{key}/correction", RUNNERS, decision::correction)
        .post("/desk/plan/rounds/{year}/{key}/correction", RUNNERS, decision::correct)
        .post("/desk/plan/rounds/{year}/{key}/attachments", WRITERS, attachments::add)
        .post("/desk/plan/rounds/{year}/{key}/attachments/removal", WRITERS, attachments::remove)
        .get("/desk/plan/attachments/{key}", DESK, attachments::download)
        .and(workbooks::routes())
}

/// The fiscal year of an address.
pub(super) fn year(text: &str) -> Result<FiscalYear> {
    text.parse::<i32>().ok().filter(|year| (1900..=2999).contains(year)).map(FiscalYear::new).ok_or(Error::NotFound)
}

/// A round with its plan.
#[derive(Clone)]
struct Open {
    plan_id: i64,
    plan: Arc<Plan>,
    round: Round,
}

impl Open {
    async fn load(ctx: &Ctx, of: &str) -> Result<Self> {
        let (plan_id, plan) = kept::plan(ctx).await?;
        let round = store::round(&ctx.db, plan_id, year(of)?).await?.ok_or(Error::NotFound)?;
        Ok(Self { plan_id, plan, round })
    }

    /// The frame of a page about the round.
    fn frame(&self, ctx: &Ctx, title: String) -> Frame {
        let name = round_name(ctx, &self.round);
        let f = ctx.frame(title).crumb("/desk", "nav-desk").crumb("/desk/plan/rounds", "nav-desk-rounds");
        f.crumb_named(self.round.address(""), name).at_desk()
    }
}

/// 令和8年度の報告
fn round_name(ctx: &Ctx, round: &Round) -> String {
    ctx.words().with("round-name", [("year", ctx.long_year(round.year))])
}

/// An item of a round.
#[derive(Clone)]
struct Item {
    open: Open,
    node: Node,
    report: Report,
    /// The departments that report it.
    departments: Vec<String>,
    hands: Hands,
}

impl Item {
    async fn load(ctx: &Ctx, TwoKeys(of, key): &TwoKeys) -> Result<Self> {
        let open = Open::load(ctx, of).await?;
        let node = open.plan.node(key).cloned().ok_or(Error::NotFound)?;
        let report = store::report_of(&ctx.db, open.round.id, node.id, &open.plan.outline.route).await?;
        let report = report.ok_or(Error::NotFound)?;
        let departments = open.round.departments(&node, &ctx.state.departments);
        let departments = departments.into_iter().map(str::to_owned).collect();
        let hands = Hands::load(&ctx.db, ctx.today).await?;
        Ok(Self { open, node, report, departments, hands })
    }

    /// The same with round and report as they stand in a transaction.
    fn with(&self, round: Round, report: Report) -> Self {
        let mut item = self.clone();
        (item.open.round, item.report) = (round, report);
        item
    }

    /// Its address, or of something below it.
    fn address(&self, below: &str) -> String {
        self.open.round.item(&self.node, below)
    }

    /// As drafts, files and the trail name it.
    fn subject(&self) -> String {
        subject(&self.open.round, self.node.real_key())
    }

    fn code(&self) -> String {
        code(&self.open.plan.outline, &self.node)
    }

    fn frame(&self, ctx: &Ctx, title: &str) -> Frame {
        let values = [("year", ctx.long_year(self.open.round.year)), ("title", self.node.title.clone())];
        let name = match self.code() {
            code if code.is_empty() => self.node.title.clone(),
            code => code,
        };
        self.open.frame(ctx, ctx.words().with(title, values)).crumb_named(self.address(""), name)
    }

    fn step(&self) -> Option<&Step> {
        match self.report.stage {
            Stage::Waiting(at) => self.open.plan.outline.route.step(at),
            _ => None,
        }
    }

    /// Whether anybody can take a step of the route for this item.
    fn can(&self, step: &Step) -> bool {
        !self.hands.of_step(step, &self.departments).is_empty()
    }

    /// What somebody may do here.
    fn hand<'a, T>(&'a self, person: &'a Person, then: impl FnOnce(Hand<'_>) -> T) -> T {
        let departments: Vec<&str> = self.departments.iter().map(String::as_str).collect();
        then(Hand { person, departments: &departments })
    }

    /// Whether whoever asks writes for the item.
    fn writes(&self, ctx: &Ctx) -> bool {
        let Some(person) = ctx.actor.person() else { return false };
        let departments: Vec<&str> = self.departments.iter().map(String::as_str).collect();
        let hand = Hand { person, departments: &departments };
        WRITERS.admits(&ctx.actor, &axum::http::Method::POST).is_ok() && hand.writes()
    }

    /// Whether whoever asks may agree now, or send back.
    fn decides(&self, ctx: &Ctx) -> bool {
        let (Some(person), Some(step)) = (ctx.actor.person(), self.step()) else { return false };
        DECIDERS.admits(&ctx.actor, &axum::http::Method::POST).is_ok() && self.hand(person, |hand| hand.takes(step))
    }

    /// Whether the department can write now.
    fn is_writable(&self, ctx: &Ctx) -> bool {
        self.open.round.is_open(ctx.today)
            && (self.report.stage.is_with_department() || matches!(self.report.stage, Stage::Waiting(_)))
    }

    /// Somebody who may write for the item.
    fn writer<'c>(&self, ctx: &'c Ctx) -> Result<&'c Person> {
        let person = ctx.person()?;
        if self.writes(ctx) { Ok(person) } else { Err(Error::Forbidden(Refusal { roles: super::WRITING })) }
    }

    /// Everybody who writes for the item, but for whoever asks.
    fn writers(&self, ctx: &Ctx) -> Vec<AccountId> {
        others(ctx, self.hands.writers(&self.departments))
    }

    /// What the step is called at which a report waits.
    fn step_name(&self, f: &Frame, at: usize) -> String {
        self.open.plan.outline.route.step(at).map(|step| step_name(f, step)).unwrap_or_default()
    }
}

/// What a step of the route is called.
pub(super) fn step_name(f: &Frame, step: &Step) -> String {
    if step.name.is_empty() { f.t(step.role.role().message()) } else { step.name.clone() }
}

/// As drafts, files and the trail name the report of an item.
fn subject(round: &Round, key: &str) -> String {
    format!("{REPORTS}{}/{key}", i32::from(round.year))
}

/// Every subject that is a report begins so; year and key follow.
pub(super) const REPORTS: &str = "report:";

/// Who holds the roles of a round today. Four sentences.
#[derive(Clone)]
pub struct Hands(HashMap<Role, Vec<Holder>>);

impl Hands {
    /// Whoever holds them on a day.
    pub async fn load(db: &Db, day: NaiveDate) -> kyodo_db::Result<Self> {
        let mut hands = HashMap::new();
        for role in [Role::Reporter, Role::Head, Role::Coordinator, Role::Administrator] {
            hands.insert(role, people::holders(db, role, None, day).await?);
        }
        Ok(Self(hands))
    }

    pub(super) fn of(&self, role: Role) -> &[Holder] {
        self.0.get(&role).map_or(&[], Vec::as_slice)
    }

    /// Who can take a step for an item of these departments.
    pub(crate) fn of_step(&self, step: &Step, departments: &[String]) -> Vec<&Holder> {
        let role = step.role.role();
        let here = |holder: &&Holder| {
            role != Role::Head || holder.department.as_ref().is_some_and(|own| departments.contains(own))
        };
        self.of(role).iter().filter(here).collect()
    }

    /// Who writes for these departments: their own people, or else whoever runs the plan.
    pub(super) fn writers(&self, departments: &[String]) -> Vec<&Holder> {
        let own = self.own_writers(departments);
        if own.is_empty() { self.of(Role::Coordinator).iter().collect() } else { own }
    }

    /// Who writes in these departments: their reporters, or else their heads.
    pub(super) fn own_writers(&self, departments: &[String]) -> Vec<&Holder> {
        let here = |holder: &&Holder| holder.department.as_ref().is_some_and(|own| departments.contains(own));
        let of = |role| self.of(role).iter().filter(here).collect::<Vec<_>>();
        let reporters = of(Role::Reporter);
        if reporters.is_empty() { of(Role::Head) } else { reporters }
    }

    /// Who has to do something with a report that stands there.
    fn with(&self, stage: Stage, plan: &Plan, departments: &[String]) -> Vec<&Holder> {
        match stage {
            Stage::Unwritten | Stage::Returned => self.writers(departments),
            Stage::Waiting(at) => {
                plan.outline.route.step(at).map(|step| self.of_step(step, departments)).unwrap_or_default()
            }
            Stage::Agreed => self.of(Role::Coordinator).iter().collect(),
            Stage::Published => Vec::new(),
        }
    }
}

/// The accounts of holders, each once, without whoever asks.
pub(super) fn others(ctx: &Ctx, holders: Vec<&Holder>) -> Vec<AccountId> {
    let mut seen: HashSet<AccountId> = ctx.actor.person().map(|person| person.id).into_iter().collect();
    holders.into_iter().map(|holder| AccountId(holder.id)).filter(|one| seen.insert(*one)).collect()
}

/// Names of holders, each once, in their order.
pub(super) fn names(holders: &[&Holder]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for holder in holders {
        if !names.contains(&holder.name) {
            names.push(holder.name.clone());
        }
    }
    names
}

/// Where a report stands, with its word.
fn stage_status(f: &Frame, plan: &Plan, stage: Stage) -> Status {
    let word = match stage {
        Stage::Waiting(at) => {
            let step = plan.outline.route.step(at).map(|step| step_name(f, step)).unwrap_or_default();
            f.with("stage-waiting-at", &[("step", &step)])
        }
        _ => f.t(&format!("stage-{}", stage.name())),
    };
    Status { shape: stage.shape(), word }
}

/// A day that was written into a field, which must not be empty.
pub(super) fn day_of(f: &Frame, form: &Form, faults: &mut Faults, name: &str) -> Option<NaiveDate> {
    let Some(text) = form.some(name) else {
        faults.add(name, f.t("round-day-missing"));
        return None;
    };
    match kyodo_wareki::parse_date(text) {
        Ok(day) => Some(day),
        // The sentences of the calendar are Japanese.
        Err(fault) if f.ctx.language == kyodo_kernel::Language::Japanese => {
            faults.add(name, fault.to_string());
            None
        }
        Err(_) => {
            faults.add(name, f.t("round-day-wrong"));
            None
        }
    }
}
