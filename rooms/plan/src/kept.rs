//! The plan as it stands: read once at each revision of the city and shared by everybody who asks while that stands.

use std::sync::Arc;

use kyodo_web::{Ctx, Error, Result};

use crate::plan::Plan;
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
