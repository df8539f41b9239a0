//! The committee of a demo: last year it spoke, was answered and is public; this year it is halfway through its list.

use chrono::{DateTime, Days, NaiveDate, Utc};
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::{AccountId, NewAccount, NewDuty, Role};
use kyodo_kernel::{FiscalYear, clock};
use kyodo_plan::evaluation::{Remark, committee};
use kyodo_plan::node::Node;
use kyodo_plan::plan::Plan;
use kyodo_plan::store::{self, Answering, ReviewPlan};
use serde_json::json;

use super::people::{Somebody, Story};
use super::{EvaluationEntry, ProgressEntry, spoken_on};
use crate::failure::Result;

/// Those who sit on the committee beside the one who signs in, with their kana.
const OTHERS: [(&str, &str); 2] = [("石川 さくら", "いしかわ さくら"), ("長谷川 豊", "はせがわ ゆたか")];

/// What members say of measures, and by how much their grade differs from the department's own.
const SAID: [(usize, &str); 8] = [
    (0, "数字といっしょに報告されていて、進み具合がよく分かります。"),
    (1, "続けていることは評価します。参加した人がそのあとどう動いたかも知りたいです。"),
    (0, "昨年の意見に応えて進め方を変えた点がよいと思います。"),
    (1, "知っている人にしか届いていないように見えます。市民センターや学校にも声をかけてください。"),
    (0, ""),
    (0, "市民の側から見ても変化を感じます。担当の人が代わっても続く形にしてください。"),
    (1, "来年度に何をするかが、もう少し具体的だと評価しやすいです。"),
    (0, "地域ごとの差が気になります。進んでいる地域のやり方を広めてください。"),
];

pub(super) fn at(day: NaiveDate, hour: u32) -> DateTime<Utc> {
    clock::at(day, chrono::NaiveTime::from_hms_opt(hour, 20, 0).unwrap_or_default())
}

/// Seats the committee, and tells what became of its lists.
pub(super) async fn tell(
    tx: &mut Tx,
    story: &Story,
    people: &[Somebody],
    (plan_id, plan): (i64, &Plan),
    nodes: &[Node],
    (progress, evaluations): (&[ProgressEntry], &[EvaluationEntry]),
) -> Result<()> {
    let holder = |role: Role| people.iter().find(|one| one.seat.role == role);
    let (Some(office), Some(member)) = (holder(Role::Coordinator), holder(Role::CommitteeMember)) else {
        return Ok(());
    };
    let Some(body) = committee(&plan.outline) else { return Ok(()) };
    let now = story.year();
    let reported = |node: &Node, year: FiscalYear| {
        progress
            .iter()
            .find(|entry| entry.node == node.key && FiscalYear::new(entry.year) == year && entry.stage.is_none())
    };
    let lists: Vec<(FiscalYear, Vec<&Node>)> = [now.previous(), now]
        .into_iter()
        .filter(|year| plan.outline.years().is_none_or(|period| period.contains(*year)))
        .map(|year| (year, nodes.iter().filter(|node| reported(node, year).is_some()).collect::<Vec<_>>()))
        .filter(|(_, items)| !items.is_empty())
        .collect();
    if lists.is_empty() {
        return Ok(());
    }
    let mut members = vec![member.id];
    for (name, kana) in OTHERS {
        let new =
            NewAccount { name: name.to_owned(), kana: kana.to_owned(), email: None, staff_number: None, example: true };
        let keeper = story.keeper(&office.id.subject(), story.in_april());
        let id = keeper.open(tx, &new).await?;
        let duty = NewDuty { given_by: Some(office.id), ..NewDuty::new(Role::CommitteeMember, now.first_day()) };
        keeper.give(tx, (id, &new.name), &duty).await?;
        members.push(id);
    }
    for (year, items) in lists {
        let over = year < now;
        let published = spoken_on(year);
        let (opens_on, due_on) = if over {
            (published - Days::new(50), published - Days::new(20))
        } else {
            (story.today - Days::new(9), story.today + Days::new(12))
        };
        if over && published > story.today {
            continue;
        }
        let new = ReviewPlan {
            body: body.to_owned(),
            opens_on,
            due_on,
            note: String::new(),
            nodes: items.iter().map(|node| node.id).collect(),
        };
        let Some(id) = store::open_review(tx, plan_id, year, &new).await? else { continue };
        let subject = format!("evaluation:{}", i32::from(year));
        let opened =
            Entry::new("evaluation.opened", subject.as_str()).detail(json!({ "items": items.len(), "due": due_on }));
        story.trail(&office.id.subject(), at(opens_on, 9)).note(tx, opened).await?;
        let stored = store::review_items_now(tx, id).await?;
        for (who, account) in members.iter().enumerate() {
            for (n, node) in items.iter().enumerate() {
                // The one who signs in has done the first half, the others here and there.
                let done = over || if who == 0 { n < items.len() / 2 } else { (n + who) % 3 != 0 };
                let Some(item) = stored.get(&node.id).filter(|_| done) else { continue };
                let grade = reported(node, year).and_then(|entry| entry.grade.as_deref());
                let days = u64::try_from((n + who) % 8).unwrap_or_default();
                let when = at(opens_on + Days::new(days + 1), 19);
                remark(tx, story, plan, (*item, *account), (n + who * 3, grade), (&subject, node), when).await?;
            }
        }
        if over {
            store::publish_review(tx, id, at(published, 10)).await?;
            let entry = Entry::new("evaluation.published", subject.as_str());
            story.trail(&office.id.subject(), at(published, 10)).note(tx, entry).await?;
            let told = evaluations.iter().any(|entry| FiscalYear::new(entry.year) == year);
            if told {
                answers(tx, story, people, plan_id, year).await?;
            }
        }
    }
    Ok(())
}

async fn remark(
    tx: &mut Tx,
    story: &Story,
    plan: &Plan,
    (item, account): (i64, AccountId),
    (n, grade): (usize, Option<&str>),
    (subject, node): (&str, &Node),
    when: DateTime<Utc>,
) -> Result<()> {
    let (lower, comment) = SAID[n % SAID.len()];
    let grades = &plan.outline.grades;
    let own = grades.iter().position(|one| Some(one.name.as_str()) == grade).unwrap_or_default();
    let given = grades.get((own + lower).min(grades.len().saturating_sub(1)));
    let remark = Remark::stored(given.map(|grade| grade.name.clone()), comment.to_owned());
    store::put_remark(tx, item, account, 0, &remark, when).await?;
    let entry = Entry::new("evaluation.written", format!("{subject}/{}", node.key)).detail(json!({ "version": 1 }));
    story.trail(&account.subject(), when).note(tx, entry).await?;
    Ok(())
}

/// Of what was said last year, one answer waits for the office and another is late.
async fn answers(tx: &mut Tx, story: &Story, people: &[Somebody], plan_id: i64, year: FiscalYear) -> Result<()> {
    let writer = people.iter().find(|one| one.seat.role == Role::Reporter).map(|one| one.id);
    let mut open = store::opinions_now(tx, plan_id).await?;
    open.retain(|opinion| opinion.said.year == year && opinion.said.answer.is_none());
    for (n, opinion) in open.iter().enumerate() {
        let due = if n == 0 { story.today + Days::new(4) } else { story.today - Days::new(6) };
        store::ask_answer(tx, opinion.said.id, due).await?;
        if n == 0
            && let Some(writer) = writer
        {
            let text =
                "ご意見をもとに、来年度の始めに進め方を見直します。見直した内容は、このページと広報でお知らせします。";
            let answering = Answering { text, sent_by: Some(writer), note: "" };
            let when = at(story.today - Days::new(1), 15);
            store::turn_answer(tx, opinion, &answering, when).await?;
            let entry = Entry::new("opinion.answered", format!("opinion:{}", opinion.said.id));
            story.trail(&writer.subject(), when).note(tx, entry).await?;
        }
    }
    Ok(())
}
