//! What of the plan waits for somebody: texts they began, measures of their departments that say too little, figures that
//! nobody has entered.

use kyodo_kernel::drafts;
use kyodo_kernel::people::Role;
use kyodo_web::{Ctx, HandedIn, Result, Task, format};

use super::{address, evaluations, figures, has_contact, opinions, partners, revisions, rounds, voices, writes};
use crate::kept;
use crate::node::{Node, SUBJECT};
use crate::text::Text;

/// What waits for whoever asks: a fixed number of sentences, and one for each round that is open.
pub(crate) async fn tasks(ctx: &Ctx) -> Result<Vec<Task>> {
    let person = ctx.person()?;
    let mine = drafts::mine(&ctx.db, person.id).await?;
    let begun: Vec<_> =
        mine.iter().filter_map(|draft| Some((draft.subject.strip_prefix(SUBJECT)?, draft.saved_at))).collect();
    let Some((plan_id, plan)) = kept::maybe_plan(ctx).await? else {
        return Ok(Vec::new());
    };
    let mut tasks = rounds::tasks(ctx, plan_id, &plan).await?;
    tasks.extend(revisions::tasks(ctx, plan_id, &plan).await?);
    tasks.extend(partners::tasks(ctx, plan_id).await?);
    tasks.extend(voices::tasks(ctx, plan_id).await?);
    tasks.extend(evaluations::tasks(ctx, plan_id).await?);
    tasks.extend(opinions::tasks(ctx, plan_id).await?);
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
    tasks.extend(figures::missing_task(ctx, plan_id, &plan).await?);
    Ok(tasks)
}

/// What whoever asks handed in, and where it stands, the latest first.
pub(crate) async fn sent(ctx: &Ctx) -> Result<Vec<HandedIn>> {
    let mut sent = rounds::sent(ctx).await?;
    sent.extend(revisions::sent(ctx).await?);
    sent.sort_by_key(|one| std::cmp::Reverse(one.at));
    Ok(sent)
}
