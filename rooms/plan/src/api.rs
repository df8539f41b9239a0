//! The plan as JSON, by the contract: `/api/v1/plan`, `/nodes`, `/indicators`.

use std::collections::BTreeMap;

use axum::Json;
use kyodo_kernel::FiscalYear;
use kyodo_web::api::{List, Problem, ProblemField, limit};
use kyodo_web::{Ctx, Error, Params, Result};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::ground::Ground;
use crate::indicator::{Direction, Figures, Indicator, Observation, Source};
use crate::node::{Node, Role, Tag};
use crate::plan::Period;
use crate::store;

/// The plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Plan)]
pub struct PlanJson {
    /// As printed on its cover.
    #[schema(example = "第1次見本市計画")]
    title: String,
    /// Its fiscal years by the Western year they begin in; null where there are none.
    period: Option<PeriodJson>,
    /// The names of its levels, from the top.
    levels: Vec<String>,
    /// The names of its principles.
    principles: Vec<String>,
    /// Rises when the plan is revised.
    #[schema(example = 1)]
    version: i64,
}

/// Fiscal years, both included.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Period)]
pub struct PeriodJson {
    /// The first.
    #[schema(example = 2024)]
    from: i32,
    /// The last.
    #[schema(example = 2028)]
    to: i32,
}

impl From<Period> for PeriodJson {
    fn from(period: Period) -> Self {
        Self { from: period.from, to: period.to }
    }
}

/// A line of the plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Node)]
pub struct NodeJson {
    /// The ordinals of its levels joined by `-`.
    #[schema(example = "1-2-4")]
    key: String,
    /// As printed.
    #[schema(example = "事業4")]
    code: String,
    /// 1 is the top.
    #[schema(example = 3)]
    level: usize,
    /// Its title; a 再掲 repeats its node's.
    title: String,
    /// The key of the line above.
    #[schema(example = "1-2")]
    parent: Option<String>,
    /// The departments in charge.
    departments: Vec<String>,
    /// 実施主体
    implementers: Vec<String>,
    /// 対象; その他 carries its text in brackets.
    targets: Vec<String>,
    /// `lead` or `support` by party.
    roles: BTreeMap<String, &'static str>,
    /// 新規, 継続, 拡充
    #[schema(example = "新規")]
    status: Option<&'static str>,
    /// The real node's key, for a 再掲.
    alias_of: Option<String>,
    /// The mark effective in each fiscal year, → resolved.
    #[schema(example = json!({"2024": "検討", "2025": "検討", "2026": "実施"}))]
    schedule: BTreeMap<String, String>,
    /// The mark printed in each fiscal year.
    #[schema(example = json!({"2024": "検討", "2025": "→", "2026": "実施"}))]
    printed_schedule: BTreeMap<String, String>,
    /// Addresses of what carries it out.
    tools: Vec<String>,
}

/// An indicator with its figures.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Indicator)]
pub struct IndicatorJson {
    /// Its name in addresses.
    #[schema(example = "consultations")]
    key: String,
    /// Its name.
    name: String,
    /// Its unit.
    #[schema(example = "件")]
    unit: String,
    /// The node it hangs on.
    node: Option<String>,
    /// `up` when more is better.
    #[schema(example = "up")]
    direction: &'static str,
    /// Where it began.
    baseline: Option<ValueJson>,
    /// Where it should go.
    targets: Vec<ValueJson>,
    /// Full years.
    observations: Vec<ObservationJson>,
    /// `achieved`, `on_track`, `behind` or `no_data`.
    #[schema(example = "on_track")]
    status: &'static str,
}

/// A value of a fiscal year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Value)]
pub struct ValueJson {
    /// The Western year it begins in.
    #[schema(example = 2022)]
    fiscal_year: i32,
    /// The value.
    #[schema(example = 2335.0)]
    value: f64,
}

/// An observed value.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Observation)]
pub struct ObservationJson {
    /// The Western year it begins in.
    #[schema(example = 2025)]
    fiscal_year: i32,
    /// The value.
    #[schema(example = 2466.0)]
    value: f64,
    /// `entered` or `counted`.
    #[schema(example = "counted")]
    source: &'static str,
}

#[derive(OpenApi)]
#[openapi(
    paths(plan, nodes, indicators),
    components(schemas(PlanJson, NodeJson, IndicatorJson, ObservationJson, Problem, ProblemField))
)]
struct Description;

/// The room's part of the API's description.
#[must_use]
pub fn description() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

/// The plan: title, years, levels, principles.
#[utoipa::path(get, path = "/api/v1/plan", tag = "plan", responses(
    (status = 200, body = PlanJson),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "the city has no plan")
))]
pub async fn plan(ctx: Ctx) -> Result<Json<PlanJson>> {
    let (_, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    Ok(Json(PlanJson {
        title: plan.title,
        period: plan.outline.period.map(Into::into),
        levels: plan.outline.levels,
        principles: ctx.state.profile.about.principles.iter().map(|principle| principle.name.clone()).collect(),
        version: plan.version,
    }))
}

/// Every line of the plan, all levels in the document's order.
#[utoipa::path(get, path = "/api/v1/plan/nodes", tag = "plan", params(
    ("limit" = Option<u32>, Query, description = "items on a page: 50 by default, 500 at most"),
    ("after" = Option<String>, Query, description = "the `next` of the page before")
), responses(
    (status = 200, body = List<NodeJson>),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "a parameter cannot be used")
))]
pub async fn nodes(ctx: Ctx, params: Params) -> Result<Json<List<NodeJson>>> {
    let (limit, after) = (limit(&params)?, after(&params)?);
    let Some((id, plan)) = store::plan(&ctx.db).await? else {
        return Ok(Json(List { items: Vec::new(), next: None }));
    };
    let year = plan.outline.shown_year(ctx.fiscal_year());
    let mut nodes = store::nodes_after(&ctx.db, id, year, after, limit + 1).await?;
    let more = i64::try_from(nodes.len()).unwrap_or(0) > limit;
    nodes.truncate(usize::try_from(limit).unwrap_or(0));
    let next = more.then(|| nodes.last().map(|node| node.position.to_string())).flatten();
    Ok(Json(List { items: nodes.into_iter().map(|node| node_json(&ctx, node)).collect(), next }))
}

/// Every indicator with its baseline, targets and full years.
#[utoipa::path(get, path = "/api/v1/plan/indicators", tag = "plan", params(
    ("limit" = Option<u32>, Query, description = "items on a page: 50 by default, 500 at most"),
    ("after" = Option<String>, Query, description = "the `next` of the page before")
), responses(
    (status = 200, body = List<IndicatorJson>),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "a parameter cannot be used")
))]
pub async fn indicators(ctx: Ctx, params: Params) -> Result<Json<List<IndicatorJson>>> {
    let (limit, after) = (limit(&params)?, after(&params)?);
    let Some((plan, _)) = store::plan(&ctx.db).await? else {
        return Ok(Json(List { items: Vec::new(), next: None }));
    };
    let mut indicators = store::indicators_after(&ctx.db, plan, after, limit + 1).await?;
    let ground = Ground::load(&ctx.db, plan, ctx.today).await?;
    let more = i64::try_from(indicators.len()).unwrap_or(0) > limit;
    indicators.truncate(usize::try_from(limit).unwrap_or(0));
    // Indicators are numbered through, so that the place of the last is the cursor.
    let next = more.then(|| (after + limit).to_string());
    let items = indicators
        .into_iter()
        .map(|indicator| {
            let indicator = ground.aimed(indicator);
            let figures = ground.figures(&indicator, ctx.today);
            indicator_json(indicator, &figures)
        })
        .collect();
    Ok(Json(List { items, next }))
}

fn after(params: &Params) -> Result<i64> {
    match params.get("after") {
        None => Ok(0),
        Some(text) => text
            .parse()
            .ok()
            .filter(|after| (0..i64::MAX / 2).contains(after))
            .ok_or(Error::Invalid { field: "after", reason: "api-after" }),
    }
}

fn node_json(ctx: &Ctx, node: Node) -> NodeJson {
    let by_year = |(year, mark): (FiscalYear, &str)| (year.to_string(), mark.to_owned());
    NodeJson {
        targets: node.target_words(),
        schedule: node.schedule.resolved().map(by_year).collect(),
        printed_schedule: node.schedule.printed().map(by_year).collect(),
        departments: node
            .departments
            .iter()
            .map(|key| ctx.state.department(key).map_or_else(|| key.clone(), |known| known.name.clone()))
            .collect(),
        roles: node
            .details
            .roles
            .into_iter()
            .map(|(party, role)| (party, if role == Role::Lead { "lead" } else { "support" }))
            .collect(),
        status: node.details.tag.map(Tag::printed),
        key: node.key,
        code: node.code,
        level: node.level,
        title: node.title,
        parent: node.parent,
        implementers: node.details.implementers,
        alias_of: node.alias_of,
        // The rooms that will carry measures out add their addresses when they come.
        tools: Vec::new(),
    }
}

fn indicator_json(indicator: Indicator, figures: &Figures) -> IndicatorJson {
    let status = indicator.definition.judge(&figures.years).health.name();
    let value = |value: &crate::indicator::Value| ValueJson { fiscal_year: value.year, value: value.value };
    let observed = |observation: &Observation| ObservationJson {
        fiscal_year: observation.year.into(),
        value: observation.value,
        source: match observation.source {
            Source::Entered => "entered",
            Source::Counted => "counted",
        },
    };
    IndicatorJson {
        key: indicator.key,
        name: indicator.name,
        unit: indicator.definition.unit,
        node: indicator.node,
        direction: match indicator.definition.direction {
            Direction::Up => "up",
            Direction::Down => "down",
        },
        baseline: indicator.definition.baseline.as_ref().map(value),
        targets: indicator.definition.targets.iter().map(value).collect(),
        observations: figures.years.iter().map(observed).collect(),
        status,
    }
}
