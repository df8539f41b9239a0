//! A year of the plan of which others say something: partners are asked about it, residents comment on it.

use std::sync::Arc;

use kyodo_kernel::FiscalYear;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Result};

use crate::kept;
use crate::node::Node;
use crate::pages::titled;
use crate::plan::Plan;

/// How many characters the reason takes for which something is kept back.
const MOST_REASON: usize = 300;

/// A year with its pages.
pub(super) struct Open {
    pub(super) plan_id: i64,
    /// With every line, also those it left behind: what was said of them waits for somebody too.
    pub(super) plan: Arc<Plan>,
    pub(super) year: FiscalYear,
    /// Where its pages are.
    place: fn(FiscalYear, &str) -> String,
    /// The message that names them.
    title: &'static str,
}

impl Open {
    /// The year that an address names.
    pub(super) async fn load(
        ctx: &Ctx,
        of: &str,
        place: fn(FiscalYear, &str) -> String,
        title: &'static str,
    ) -> Result<Self> {
        let (plan_id, plan) = kept::plan(ctx).await?;
        let year = of.parse().map(FiscalYear::new).map_err(|_| Error::NotFound)?;
        let known =
            kept::years(ctx).await?.map_or((1900..=2999).contains(&i32::from(year)), |years| years.contains(year));
        if known { Ok(Self { plan_id, plan, year, place, title }) } else { Err(Error::NotFound) }
    }

    pub(super) fn address(&self, below: &str) -> String {
        (self.place)(self.year, below)
    }

    pub(super) fn name(&self, ctx: &Ctx) -> String {
        ctx.words().with(self.title, [("year", ctx.long_year(self.year))])
    }

    pub(super) fn frame(&self, ctx: &Ctx, title: String) -> Frame {
        let f = ctx.frame(title).crumb("/desk", "nav-desk").crumb("/desk/plan/rounds", "nav-desk-rounds");
        f.crumb_named(self.address(""), self.name(ctx)).at_desk()
    }

    /// The one real record of a number.
    pub(super) fn node(&self, id: i64) -> Option<&Node> {
        self.plan.nodes.iter().find(|node| node.id == id && !node.is_alias())
    }

    /// Its code and title in one line.
    pub(super) fn title(&self, id: i64) -> String {
        self.node(id).map_or_else(String::new, |node| titled(&self.plan.outline, node))
    }
}

/// Why something is kept back, as it was typed; none when it is missing or too long, which the faults say. `missing` is the
/// message for the former.
pub(super) fn reason_of<'f>(
    f: &Frame,
    form: &'f Form,
    faults: &mut Faults,
    field: &'f str,
    missing: &str,
) -> Option<&'f str> {
    let reason = form.text(field);
    match reason.chars().count() {
        0 => faults.add(field, f.t(missing)),
        n if n > MOST_REASON => faults.add(field, f.n("partner-long", n - MOST_REASON)),
        _ => return Some(reason),
    }
    None
}
