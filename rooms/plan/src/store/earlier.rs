//! The sentences about the plans before the one that stands.

use std::collections::HashMap;

use kyodo_db::{Db, FromRow, Json, Result, Tx};

use crate::earlier::{EarlierLine, EarlierPlan, Said, Source};
use crate::plan::Period;

const PLANS: &str = "
SELECT key, title, from_year, to_year, summary, source
FROM plan_earlier
WHERE plan = $1
ORDER BY to_year, from_year";

const LINES: &str = "
SELECT earlier, key, code, title, details, node
FROM plan_earlier_line
WHERE plan = $1
ORDER BY earlier, position";

const PUT_PLAN: &str = "
INSERT INTO plan_earlier (plan, key, title, from_year, to_year, summary, source)
VALUES ($1, $2, $3, $4, $5, $6, $7)";

const PUT_LINE: &str = "
INSERT INTO plan_earlier_line (plan, earlier, position, key, code, title, details, node)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

const DROP_LINES: &str = "
DELETE FROM plan_earlier_line
WHERE plan = $1 AND earlier = $2";

const DROP_PLAN: &str = "
DELETE FROM plan_earlier
WHERE plan = $1 AND key = $2";

/// The sentences about earlier plans.
pub(super) const SENTENCES: &[&str] = &[PLANS, LINES, PUT_PLAN, PUT_LINE, DROP_LINES, DROP_PLAN];

#[derive(FromRow)]
struct PlanRow {
    key: String,
    title: String,
    from_year: i64,
    to_year: i64,
    summary: String,
    source: String,
}

#[derive(FromRow)]
struct LineRow {
    earlier: String,
    key: String,
    code: String,
    title: String,
    details: Json<Said>,
    node: Option<String>,
}

/// Every plan before the one that stands, with its lines. Two sentences; one where there is none.
pub async fn earlier_plans(db: &Db, plan: i64) -> Result<Vec<EarlierPlan>> {
    let plans = db.ask(PLANS).with(plan).all::<PlanRow>().await?;
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    let lines = db.ask(LINES).with(plan).all::<LineRow>().await?;
    Ok(together(plans, lines))
}

/// The same as they stand in this transaction.
pub async fn earlier_plans_now(tx: &mut Tx, plan: i64) -> Result<Vec<EarlierPlan>> {
    let plans = tx.ask(PLANS).with(plan).all::<PlanRow>().await?;
    let lines = tx.ask(LINES).with(plan).all::<LineRow>().await?;
    Ok(together(plans, lines))
}

fn together(plans: Vec<PlanRow>, lines: Vec<LineRow>) -> Vec<EarlierPlan> {
    let mut of: HashMap<String, Vec<EarlierLine>> = HashMap::new();
    for row in lines {
        let line = EarlierLine { key: row.key, code: row.code, title: row.title, said: row.details.0, node: row.node };
        of.entry(row.earlier).or_default().push(line);
    }
    let year = |year: i64| i32::try_from(year).unwrap_or_default();
    let plan = |row: PlanRow| {
        Some(EarlierPlan {
            lines: of.remove(&row.key).unwrap_or_default(),
            title: row.title,
            period: Period { from: year(row.from_year), to: year(row.to_year) },
            summary: row.summary,
            source: Source::named(&row.source)?,
        })
    };
    plans.into_iter().filter_map(plan).collect()
}

/// Stores an earlier plan; one of the same years must not be there.
pub async fn put_earlier(tx: &mut Tx, plan: i64, earlier: &EarlierPlan) -> Result<()> {
    let key = earlier.key();
    tx.ask(PUT_PLAN)
        .with(plan)
        .with(key.clone())
        .with(earlier.title.clone())
        .with(i64::from(earlier.period.from))
        .with(i64::from(earlier.period.to))
        .with(earlier.summary.clone())
        .with(earlier.source.name())
        .run()
        .await?;
    for (position, line) in (1_i64..).zip(&earlier.lines) {
        tx.ask(PUT_LINE)
            .with(plan)
            .with(key.clone())
            .with(position)
            .with(line.key.clone())
            .with(line.code.clone())
            .with(line.title.clone())
            .with(Json(line.said.clone()))
            .with(line.node.clone())
            .run()
            .await?;
    }
    Ok(())
}

/// Takes an earlier plan away with its lines. False when it is not there.
pub async fn drop_earlier(tx: &mut Tx, plan: i64, key: &str) -> Result<bool> {
    tx.ask(DROP_LINES).with(plan).with(key.to_owned()).run().await?;
    Ok(tx.ask(DROP_PLAN).with(plan).with(key.to_owned()).run().await? == 1)
}

/// Stores what a pack says of earlier plans. One that was written down at the desk, or that ran here, stays as it is.
pub async fn put_earlier_of_pack(tx: &mut Tx, plan: i64, earlier: &[EarlierPlan]) -> Result<()> {
    let known = earlier_plans_now(tx, plan).await?;
    for gone in known.iter().filter(|known| known.source == Source::Pack) {
        drop_earlier(tx, plan, &gone.key()).await?;
    }
    let own = |one: &&EarlierPlan| known.iter().any(|known| known.source != Source::Pack && known.key() == one.key());
    for one in earlier.iter().filter(|one| !own(one)) {
        put_earlier(tx, plan, one).await?;
    }
    Ok(())
}
