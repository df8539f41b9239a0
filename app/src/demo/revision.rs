//! The review midway of a demo: in the year in the middle of its plan, departments have proposed what becomes of about half
//! of their items, and the office has begun to decide.

use std::collections::BTreeMap;

use chrono::Days;
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::Role;
use kyodo_plan::node::Node;
use kyodo_plan::plan::Plan;
use kyodo_plan::revision::{Act, Content, Revision, Verdict};
use kyodo_plan::round::StepRole;
use kyodo_plan::store::revisions::{self as store, Doing, RevisionPlan};
use serde_json::json;

use super::people::{Somebody, Story};
use super::review::at;
use super::round::Hands;
use crate::failure::Result;

/// How far a proposal has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Far {
    Head,
    Office,
    Returned(&'static str),
    Taken,
    Aside(&'static str),
}

/// What departments propose, item by item; of the others nothing is said yet.
const SAID: [(Verdict, &str, Far); 9] = [
    (Verdict::Keep, "", Far::Taken),
    (
        Verdict::Change,
        "参加する人が増え、いまの回数と場所では受けきれなくなったため。来年度から開く場所を増やします。",
        Far::Office,
    ),
    (Verdict::Keep, "目標に向けて順調に進んでいるため、内容は変えません。", Far::Office),
    (Verdict::End, "仕組みが整い、これからは日々の業務の中で続けられるため。", Far::Head),
    (Verdict::Merge, "参加する人も進め方も重なっているため、一つにまとめて案内を分かりやすくします。", Far::Office),
    (Verdict::End, "事業の役割が変わったため。", Far::Returned("これまでの成果を数字で書き加えてください。")),
    (Verdict::Keep, "", Far::Office),
    (
        Verdict::End,
        "参加者が減っているため。",
        Far::Aside("地域から続けてほしいという声が多いため、来年度も続けます。"),
    ),
    (Verdict::Change, "若い世代にも届くように、知らせる方法を改めるため。", Far::Head),
];

/// What a changed item says in addition.
const MORE: &str = "参加した人の声をもとに、開く場所と知らせる方法を年に一度見直します。";

/// Opens the review of a plan that is halfway, and tells what departments proposed.
pub(super) async fn tell(
    tx: &mut Tx,
    story: &Story,
    people: &[Somebody],
    (plan_id, plan): (i64, &Plan),
    nodes: &[Node],
) -> Result<()> {
    let Some(office) = people.iter().find(|one| one.seat.role == Role::Coordinator) else { return Ok(()) };
    let Some(period) = plan.outline.period else { return Ok(()) };
    let now = i32::from(story.year());
    if now * 2 != period.from + period.to {
        return Ok(());
    }
    let new = RevisionPlan {
        name: "計画の中間見直し".to_owned(),
        opens_on: story.today - Days::new(25),
        due_on: story.today + Days::new(10),
        decide_on: story.today + Days::new(31),
        note: "計画期間の後半に向けて、項目ごとにこれからの扱いを出してください。".to_owned(),
    };
    let revision = Revision {
        id: 0,
        from: story.year().next(),
        name: new.name.clone(),
        opens_on: new.opens_on,
        due_on: new.due_on,
        decide_on: new.decide_on,
        note: new.note.clone(),
        closed_at: None,
        members: std::collections::HashMap::new(),
    };
    let items: Vec<&Node> = nodes.iter().filter(|node| revision.takes(node, &plan.outline)).collect();
    let numbers: Vec<i64> = items.iter().map(|node| node.id).collect();
    let Some(id) = store::open_revision(tx, plan_id, revision.from, &new, &numbers).await? else { return Ok(()) };
    let opened =
        Entry::new("revision.opened", revision.subject()).detail(json!({ "items": items.len(), "due": new.due_on }));
    story.trail(&office.id.subject(), at(new.opens_on, 9)).note(tx, opened).await?;
    let hands = Hands { office, people };
    let proposals = store::proposals_now(tx, id, &plan.outline.route).await?;
    let head = plan.outline.route.0.iter().position(|step| step.role == StepRole::Head);
    for (n, ((verdict, why, far), node)) in SAID.iter().zip(&items).enumerate() {
        let Some(proposal) = proposals.get(&node.id) else { continue };
        let content = Content {
            verdict: Some(*verdict),
            fields: match verdict {
                Verdict::Change => BTreeMap::from([("text".to_owned(), format!("{}\n{MORE}", node.details.text))]),
                _ => BTreeMap::new(),
            },
            into: items.get(n + 1).filter(|_| *verdict == Verdict::Merge).map(|next| next.key.clone()),
            why: (*why).to_owned(),
        };
        let day = new.opens_on + Days::new(4 + u64::try_from(n).unwrap_or_default());
        let (writer, leader) = (hands.writer(node), hands.of(Role::Head, node));
        let over = plan.outline.route.0.len();
        let wrote = match (head, leader) {
            (Some(step), Some(_)) => step,
            _ => over,
        };
        let mut acts = vec![(Act::Submitted, wrote, writer, "")];
        match far {
            Far::Head => {}
            Far::Returned(note) => acts.push((Act::Returned, 0, leader.unwrap_or(office), note)),
            Far::Office | Far::Taken | Far::Aside(_) => {
                acts.extend(leader.filter(|_| wrote != over).map(|leader| (Act::Agreed, over, leader, "")));
            }
        }
        match far {
            Far::Taken => acts.push((Act::Taken, 0, office, "")),
            Far::Aside(note) => acts.push((Act::Aside, 0, office, note)),
            _ => {}
        }
        for (later, (act, step, by, note)) in (0..).zip(acts) {
            let doing = Doing { step, note, ..Doing::only(act, by.id, &content) };
            let when = at(day + Days::new(later), 10 + u32::try_from(n).unwrap_or_default() % 6);
            store::turn(tx, proposal.id, proposal.version + i64::try_from(later).unwrap_or_default(), &doing, when)
                .await?;
            let subject = format!("proposal:{}/{}", i32::from(revision.from), node.key);
            story.trail(&by.id.subject(), when).note(tx, Entry::new(act.action(), subject)).await?;
        }
    }
    Ok(())
}
