//! `/desk/plan/indicators` and below: figures and targets entered by hand, the people of the city, and the records behind
//! what is counted. What was entered is never overwritten: a correction is a record of its own.

mod entering;
mod list;
mod one;
mod population;
mod records;

use kyodo_kernel::FiscalYear;
use kyodo_kernel::people::{Person, Role};
use kyodo_web::{Access, Ctx, DESK, Error, Refusal, Result, Routes};

use super::{WRITERS, WRITING};
use crate::indicator::Indicator;
use crate::node::{Node, Tree};
use crate::plan::{Outline, Plan};
use crate::store;

pub(crate) use list::missing_task;

/// Where they are.
pub(super) const LIST: &str = "/desk/plan/indicators";
const POPULATION: &str = "/desk/plan/population";

/// Who enters how many people live in the city.
const COUNTERS: Access = Access::Roles(&[Role::Coordinator]);

/// Their addresses.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get(LIST, DESK, list::list)
        .get("/desk/plan/indicators/{key}", DESK, one::page)
        .post("/desk/plan/indicators/{key}/figures", WRITERS, one::enter_figure)
        .post("/desk/plan/indicators/{key}/figures/removal", WRITERS, one::take_figure_back)
        .post("/desk/plan/indicators/{key}/targets", WRITERS, one::enter_target)
        .post("/desk/plan/indicators/{key}/targets/removal", WRITERS, one::take_target_back)
        .get("/desk/plan/indicators/{key}/records", DESK, records::records)
        .get(POPULATION, DESK, population::page)
        .post(POPULATION, COUNTERS, population::enter)
        .post("/desk/plan/population/removal", COUNTERS, population::take_back)
}

/// Where an indicator lies on the desk, or something beside it.
fn address(indicator: &Indicator, beside: &str) -> String {
    format!("{LIST}/{}{beside}", indicator.key)
}

/// The departments that enter what is said of an indicator: those in charge of its measure, or of the measures below
/// it. For the whole plan there are none: whoever keeps it together does.
fn in_charge(indicator: &Indicator, outline: &Outline, nodes: &[Node]) -> Vec<String> {
    let Some(key) = &indicator.node else { return Vec::new() };
    let tree = Tree::of(nodes);
    let measures = nodes.iter().filter(|node| node.level == outline.levels.len());
    let mut departments: Vec<String> = Vec::new();
    for node in measures.filter(|node| node.key == *key || tree.is_below(&node.key, key)) {
        departments
            .extend(node.departments.iter().filter(|own| !departments.contains(own)).cloned().collect::<Vec<_>>());
    }
    departments
}

/// Whether whoever asks may enter for these departments.
fn may_enter(ctx: &Ctx, departments: &[String]) -> bool {
    let Some(person) = ctx.actor.person() else { return false };
    WRITERS.admits(&ctx.actor, &axum::http::Method::POST).is_ok()
        && (person.holds(Role::Coordinator) || departments.iter().any(|key| person.writes_for(key)))
}

/// The names of departments, in the reader's order; where there are none, the office that keeps the plan.
fn names(ctx: &Ctx, departments: &[String]) -> Vec<String> {
    let known = departments.iter().filter_map(|key| ctx.state.department(key));
    let names: Vec<String> = known.map(|department| department.name.clone()).collect();
    if names.is_empty() { vec![ctx.words().say("office-name")] } else { names }
}

/// The last year whose figure can be known: the last full one, as long as the plan runs.
fn last_full_year(ctx: &Ctx, plan: &Plan) -> FiscalYear {
    let last = ctx.fiscal_year().previous();
    plan.outline.period.map_or(last, |period| last.min(FiscalYear::new(period.to)))
}

/// An indicator on somebody's desk.
struct Opened {
    plan_id: i64,
    plan: Plan,
    indicator: Indicator,
    departments: Vec<String>,
}

impl Opened {
    async fn load(ctx: &Ctx, key: &str) -> Result<Self> {
        let (plan_id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
        let indicator = store::indicator(&ctx.db, plan_id, key).await?.ok_or(Error::NotFound)?;
        let nodes = store::all_nodes(&ctx.db, plan_id).await?;
        let departments = in_charge(&indicator, &plan.outline, &nodes);
        Ok(Self { plan_id, plan, indicator, departments })
    }

    /// Somebody who may enter something.
    fn writer<'c>(&self, ctx: &'c Ctx) -> Result<&'c Person> {
        let refused = Error::Forbidden(Refusal { roles: WRITING });
        if may_enter(ctx, &self.departments) { ctx.person() } else { Err(refused) }
    }
}
