//! Others decide on a proposal: a head agrees or sends it back; the office takes it over into the draft, sets it aside, or
//! opens again what it decided.

use axum::response::Response;
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::notices;
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Error, Faults, Form, KeyPath, Refusal, Result, TwoKeys};
use serde_json::json;

use super::{DECIDING, Item, Open, item, runs, subject};
use crate::desk::BASE;
use crate::desk::editing::{self, Outcome};
use crate::desk::rounds::{Hands, others};
use crate::revision::{Act, Content, Stage, Verdict};
use crate::store::revisions::{Doing, Proposal, proposals_now, turn};

/// How many characters a reason takes.
const MOST_NOTE: usize = 500;

/// Somebody was faster: the page shows how things are now.
fn elsewhere(ctx: &Ctx, item: &Item) -> Response {
    led_to(&item.address(""), "said-proposal-elsewhere", ctx.house.settings.https)
}

impl Item {
    /// Whether whoever decides has seen this version, of a revision that is not over.
    fn is_seen(&self, ctx: &Ctx, form: &Form) -> bool {
        form.text(BASE) == self.proposal.version.to_string() && self.open.revision.is_open(ctx.today)
    }

    /// Tells those who write for the item.
    async fn tell_writers(&self, ctx: &Ctx, tx: &mut Tx, message: &'static str, note: &str) -> Result<()> {
        let who = &ctx.person()?.name;
        let said = [("who", who.as_str()), ("title", self.node.title.as_str()), ("note", note)];
        let said = if note.is_empty() { &said[..2] } else { &said[..] };
        for one in others(ctx, self.hands.writers(&self.departments)) {
            notices::tell(tx, one, message, said, &self.address(""), ctx.now).await?;
        }
        Ok(())
    }

    /// Does something with the version that stands in the change, and tells the trail. False when somebody was faster.
    async fn turn(&self, ctx: &Ctx, tx: &mut Tx, doing: &Doing<'_>) -> Result<bool> {
        if !turn(tx, self.proposal.id, self.proposal.version, doing, ctx.now).await? {
            return Ok(false);
        }
        let detail = json!({ "verdict": doing.content.verdict, "draft_act": doing.draft_act });
        ctx.trail().note(tx, Entry::new(doing.act.action(), self.subject()).detail(detail)).await?;
        Ok(true)
    }
}

/// `POST …/agreement`: a head agrees; the next has it then, or the office.
pub(super) async fn agree(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let person = ctx.person()?;
    let mut change = ctx.change(&form).await?;
    let now = item.now(&mut change.tx).await?;
    let Stage::Waiting(at) = now.proposal.stage else {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    };
    if !now.agrees(&ctx) {
        return Err(Error::Forbidden(Refusal { roles: DECIDING }));
    }
    let step = item.open.plan.outline.route.next(at + 1, |step| item.can(step));
    let content = now.proposal.content.clone();
    let doing = Doing { step, ..Doing::only(Act::Agreed, person.id, &content) };
    if !now.is_seen(&ctx, &form) || !now.turn(&ctx, &mut change.tx, &doing).await? {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    item.tell_next(&ctx, &mut change.tx, step).await?;
    change.done(&item.address(""), "said-report-agreed").await
}

/// The reason of a form, or the page with what is wrong with it.
async fn reason<'f>(ctx: &Ctx, item: &Item, form: &'f Form) -> Result<std::result::Result<&'f str, Response>> {
    let note = form.text("note");
    let over = note.chars().count().saturating_sub(MOST_NOTE);
    let mut faults = Faults::default();
    if note.is_empty() {
        faults.add("note", ctx.words().say("proposal-note-missing"));
    } else if over > 0 {
        faults.add("note", ctx.words().with("report-note-long", [("n", over.to_string())]));
    } else {
        return Ok(Ok(note));
    }
    Ok(Err(item::faulty(ctx, item, form, &faults).await?))
}

/// `POST …/return`: back to the department, with the reason.
pub(super) async fn send_back(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let note = match reason(&ctx, &item, &form).await? {
        Ok(note) => note,
        Err(page) => return Ok(page),
    };
    let mut change = ctx.change(&form).await?;
    let now = item.now(&mut change.tx).await?;
    if !matches!(now.proposal.stage, Stage::Waiting(_) | Stage::HandedIn) {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    if !(now.agrees(&ctx) || now.decides(&ctx)) {
        return Err(Error::Forbidden(Refusal { roles: DECIDING }));
    }
    let content = now.proposal.content.clone();
    let doing = Doing { note, ..Doing::only(Act::Returned, ctx.person()?.id, &content) };
    if !now.is_seen(&ctx, &form) || !now.turn(&ctx, &mut change.tx, &doing).await? {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    item.tell_writers(&ctx, &mut change.tx, "notice-proposal-returned", note).await?;
    change.done(&item.address(""), "said-report-returned").await
}

/// `POST …/setting-aside`: the plan does not take it over; the department is told why.
pub(super) async fn set_aside(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let note = match reason(&ctx, &item, &form).await? {
        Ok(note) => note,
        Err(page) => return Ok(page),
    };
    let mut change = ctx.change(&form).await?;
    let now = item.now(&mut change.tx).await?;
    let content = now.proposal.content.clone();
    let doing = Doing { note, ..Doing::only(Act::Aside, ctx.person()?.id, &content) };
    if !now.decides(&ctx) || !now.is_seen(&ctx, &form) || !now.turn(&ctx, &mut change.tx, &doing).await? {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    item.tell_writers(&ctx, &mut change.tx, "notice-proposal-aside", note).await?;
    change.done(&item.address(""), "said-proposal-aside").await
}

/// `POST …/reopening`: the office decides again.
pub(super) async fn reopen(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let mut change = ctx.change(&form).await?;
    let now = item.now(&mut change.tx).await?;
    let content = now.proposal.content.clone();
    let doing = Doing::only(Act::Reopened, ctx.person()?.id, &content);
    if now.proposal.stage.is_undecided()
        || now.proposal.draft_act.is_some()
        || !now.is_seen(&ctx, &form)
        || !now.turn(&ctx, &mut change.tx, &doing).await?
    {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    change.done(&item.address(""), "said-proposal-reopened").await
}

// --- taking over -------------------------------------------------------------------------------------------

/// What came of taking a proposal over into the draft.
enum Carried {
    /// The act of the draft; none where nothing has to be done.
    By(Option<i64>),
    /// The page or place that says why not.
    Not(&'static str),
    /// Somebody was faster.
    Overtaken,
}

/// Does in the draft what a proposal says; begins the draft where there is none.
async fn carry_out(ctx: &Ctx, tx: &mut Tx, open: &Open, key: &str, content: &Content) -> Result<Carried> {
    if content.verdict == Some(Verdict::Keep) {
        return Ok(Carried::By(None));
    }
    let from = i32::from(open.revision.from);
    let draft = match editing::Open::maybe(ctx).await? {
        Some(draft) if draft.draft.from_year == from => draft,
        Some(_) => return Ok(Carried::Not("proposal-other-draft")),
        None => match editing::Open::begin(ctx, tx, from, &open.revision.name).await? {
            Some(draft) => draft,
            None => return Ok(Carried::Overtaken),
        },
    };
    let Some(line) = draft.lines().get(key) else { return Ok(Carried::Not("editing-refused-gone")) };
    let Some(act) = content.act(line) else { return Ok(Carried::By(None)) };
    Ok(match editing::put(ctx, tx, &draft, &act, draft.draft.version).await? {
        Outcome::Done(number) => Carried::By(Some(number)),
        Outcome::Refused(why) => Carried::Not(why.message()),
        Outcome::Overtaken => Carried::Overtaken,
    })
}

/// `POST …/taking`: the proposal is carried out in the draft of the plan, with one click.
pub(super) async fn take(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let mut change = ctx.change(&form).await?;
    let now = item.now(&mut change.tx).await?;
    if !now.decides(&ctx) || !now.is_seen(&ctx, &form) {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    let content = now.proposal.content.clone();
    let draft_act = match carry_out(&ctx, &mut change.tx, &item.open, item.node.real_key(), &content).await? {
        Carried::By(number) => number,
        Carried::Not(why) => {
            drop(change);
            let mut faults = Faults::default();
            faults.add("taking", ctx.words().say(why));
            return item::faulty(&ctx, &item, &Form::default(), &faults).await;
        }
        Carried::Overtaken => {
            drop(change);
            return Ok(elsewhere(&ctx, &item));
        }
    };
    let doing = Doing { draft_act, ..Doing::only(Act::Taken, ctx.person()?.id, &content) };
    if !now.turn(&ctx, &mut change.tx, &doing).await? {
        drop(change);
        return Ok(elsewhere(&ctx, &item));
    }
    item.tell_writers(&ctx, &mut change.tx, "notice-proposal-taken", "").await?;
    let said = if draft_act.is_some() { "said-proposal-taken" } else { "said-proposal-kept" };
    change.done(&item.address(""), said).await
}

/// `POST /desk/plan/revisions/{year}/keeping`: every item that goes on as it is, at once.
pub(super) async fn keep_all(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    let person = ctx.person()?;
    let back = open.revision.address("");
    if !(runs(&ctx) && open.revision.is_open(ctx.today)) {
        return Ok(led_to(&back, "said-round-not-open", ctx.house.settings.https));
    }
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let mut change = ctx.change(&form).await?;
    let proposals = proposals_now(&mut change.tx, open.revision.id, &open.plan.outline.route).await?;
    let keeps = |one: &&Proposal| one.stage == Stage::HandedIn && one.content.verdict == Some(Verdict::Keep);
    let mut kept = 0_usize;
    for node in open.plan.nodes.iter().filter(|node| !node.is_alias()) {
        let Some(proposal) = proposals.get(&node.id).filter(keeps) else { continue };
        let doing = Doing::only(Act::Taken, person.id, &proposal.content);
        if !turn(&mut change.tx, proposal.id, proposal.version, &doing, ctx.now).await? {
            continue;
        }
        let subject = subject(i32::from(open.revision.from), node.real_key());
        ctx.trail().note(&mut change.tx, Entry::new(Act::Taken.action(), subject)).await?;
        let said = [("who", person.name.as_str()), ("title", node.title.as_str())];
        for one in others(&ctx, hands.writers(&open.departments(&ctx, node))) {
            let to = open.revision.item(node, "");
            notices::tell(&mut change.tx, one, "notice-proposal-taken", &said, &to, ctx.now).await?;
        }
        kept += 1;
    }
    change.done(&back, if kept == 0 { "said-proposals-none" } else { "said-proposals-kept" }).await
}
