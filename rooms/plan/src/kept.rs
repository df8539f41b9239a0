//! The plan as it stands: read once at each revision of the city and shared by everybody who asks while that stands.

use std::sync::Arc;

use kyodo_web::{Ctx, Error, Result};

use crate::earlier::{Lineage, Source};
use crate::plan::{Period, Plan};
use crate::store;

/// None for a city without a plan.
struct Kept(Option<(i64, Arc<Plan>)>);

/// The city's plan and its number, with every line, also those it left behind.
pub(crate) async fn plan(ctx: &Ctx) -> Result<(i64, Arc<Plan>)> {
    maybe_plan(ctx).await?.ok_or(Error::NotFound)
}

/// The city's plan, where it has one.
pub(crate) async fn maybe_plan(ctx: &Ctx) -> Result<Option<(i64, Arc<Plan>)>> {
    let read = async {
        let Some((id, mut plan)) = store::plan(&ctx.db).await? else { return Ok(Kept(None)) };
        plan.nodes = store::all_nodes(&ctx.db, id).await?;
        Ok::<Kept, kyodo_db::Error>(Kept(Some((id, Arc::new(plan)))))
    };
    Ok(ctx.state.once(read).await?.0.clone())
}

struct KeptLineage(Arc<Lineage>);

/// The plans before the one that stands, and what became of their lines.
pub(crate) async fn lineage(ctx: &Ctx) -> Result<Arc<Lineage>> {
    let (id, plan) = plan(ctx).await?;
    let read = async {
        let plans = store::earlier_plans(&ctx.db, id).await?;
        // Only what ran here was ever revised.
        let links = if plans.iter().any(|plan| plan.source == Source::Adopted) {
            store::editing::links(&ctx.db, id).await?
        } else {
            Vec::new()
        };
        let first = plan.outline.period.map(|period| period.from);
        Ok::<KeptLineage, kyodo_db::Error>(KeptLineage(Arc::new(Lineage::of(plans, &plan.nodes, first, &links))))
    };
    Ok(ctx.state.once(read).await?.0.clone())
}

/// The years that can be reported here: those of the plan that stands, and of the plans before it that ran here. None for
/// a plan without years.
pub(crate) async fn years(ctx: &Ctx) -> Result<Option<Period>> {
    let (_, plan) = plan(ctx).await?;
    let Some(own) = plan.outline.years() else { return Ok(None) };
    let lineage = lineage(ctx).await?;
    let ran = lineage.plans.iter().filter(|plan| plan.source == Source::Adopted).map(|plan| plan.period.from);
    Ok(Some(Period { from: ran.chain([own.from]).min().unwrap_or(own.from), to: own.to }))
}
