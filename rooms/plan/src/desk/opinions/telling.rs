//! What others said became public: everybody who is asked to answer it is told.

use chrono::NaiveDate;
use kyodo_db::Tx;
use kyodo_kernel::{FiscalYear, Language, notices};
use kyodo_web::{Ctx, Result, format};

use super::askeds;
use crate::desk::rounds::Hands;
use crate::evaluation::OPINIONS;
use crate::node::Node;
use crate::round::Round;
use crate::store;

/// Who answers for what in a year.
pub(in crate::desk) struct Telling {
    hands: Hands,
    round: Option<Round>,
    nodes: Vec<Node>,
}

impl Telling {
    pub(in crate::desk) async fn load(ctx: &Ctx, plan: i64, of: FiscalYear) -> Result<Self> {
        Ok(Self {
            nodes: store::all_nodes(&ctx.db, plan).await?,
            round: store::round(&ctx.db, plan, of).await?,
            hands: Hands::load(&ctx.db, ctx.today).await?,
        })
    }

    /// Tells each of them once how much there is to answer about these nodes, and until when.
    pub(in crate::desk) async fn tell(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        about: &[Option<i64>],
        due: NaiveDate,
    ) -> Result<()> {
        let due = format::day(due, Language::Japanese);
        for (one, n) in askeds(ctx, &self.hands, self.round.as_ref(), &self.nodes, about) {
            let n = n.to_string();
            let said = [("n", n.as_str()), ("due", due.as_str())];
            let to = format!("{OPINIONS}?state=mine");
            notices::tell(tx, one, "notice-opinions-published", &said, &to, ctx.now).await?;
        }
        Ok(())
    }
}
