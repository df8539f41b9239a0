//! What of the plan waits for somebody: texts they began, measures of their departments that say too little, figures that
//! nobody has entered.

use kyodo_kernel::drafts::Draft;
use kyodo_kernel::people::Role;
use kyodo_web::{Ctx, HandedIn, Result, Task, format};

use super::{address, evaluations, figures, has_contact, opinions, partners, revisions, rounds, voices, writes};
use crate::kept;
use crate::node::{Node, SUBJECT};
use crate::plan::Plan;
use crate::text::Text;

/// What waits for somebody whatever they have begun to write.
#[derive(Debug, PartialEq)]
struct Waiting {
    /// Work with its days.
    dated: Vec<Task>,
    figures: Option<Task>,
}

/// What somebody handed in.
#[derive(Debug, PartialEq)]
struct Sent(Vec<HandedIn>);

/// What waits for whoever asks, who is writing these drafts.
pub(crate) async fn tasks(ctx: &Ctx, drafts: &[Draft]) -> Result<Vec<Task>> {
    let person = ctx.person()?;
    let begun: Vec<_> =
        drafts.iter().filter_map(|draft| Some((draft.subject.strip_prefix(SUBJECT)?, draft.saved_at))).collect();
    let Some((plan_id, plan)) = kept::maybe_plan(ctx).await? else {
        return Ok(Vec::new());
    };
    let waiting = ctx.remembered(&ctx.reader()?, waiting(ctx, plan_id, &plan)).await?;
    let mut tasks = waiting.dated.clone();
    if begun.is_empty() && person.departments().next().is_none() && !person.holds(Role::Coordinator) {
        return Ok(tasks);
    }
    let nodes = || plan.nodes.iter().filter(|node| !node.is_retired(ctx.fiscal_year()));
    let task =
        |node: &Node, note: String| Task { due: None, title: node.title.clone(), note, address: address(node, "") };
    tasks.extend(begun.iter().filter_map(|(key, saved_at)| {
        let node = nodes().find(|node| node.key == *key)?;
        let when = format::moment(*saved_at, ctx.language);
        Some(task(node, ctx.words().with("task-draft", [("when", when.as_str())])))
    }));
    let own = |node: &&Node| {
        node.level == plan.outline.levels.len()
            && !node.is_alias()
            && node.departments.iter().any(|key| person.departments().any(|own| own == key))
            && writes(ctx, node)
            && !begun.iter().any(|(key, _)| node.key == *key)
    };
    tasks.extend(nodes().filter(own).filter_map(|node| {
        if !Text::of(node).is_described() {
            Some(task(node, ctx.words().say("task-undescribed")))
        } else if has_contact(ctx, node) {
            None
        } else {
            Some(task(node, ctx.words().say("task-no-contact")))
        }
    }));
    tasks.extend(waiting.figures.clone());
    Ok(tasks)
}

async fn waiting(ctx: &Ctx, plan_id: i64, plan: &Plan) -> Result<Waiting> {
    let mut dated = rounds::tasks(ctx, plan_id, plan).await?;
    dated.extend(revisions::tasks(ctx, plan_id, plan).await?);
    dated.extend(partners::tasks(ctx, plan_id).await?);
    dated.extend(voices::tasks(ctx, plan_id).await?);
    dated.extend(evaluations::tasks(ctx, plan_id).await?);
    dated.extend(opinions::tasks(ctx, plan_id).await?);
    Ok(Waiting { dated, figures: figures::missing_task(ctx, plan_id, plan).await? })
}

/// What whoever asks handed in, and where it stands, the latest first.
pub(crate) async fn sent(ctx: &Ctx) -> Result<Vec<HandedIn>> {
    let sent = async {
        let mut sent = rounds::sent(ctx).await?;
        sent.extend(revisions::sent(ctx).await?);
        sent.sort_by_key(|one| std::cmp::Reverse(one.at));
        Ok(Sent(sent))
    };
    Ok(ctx.remembered(&ctx.reader()?, sent).await?.0.clone())
}
