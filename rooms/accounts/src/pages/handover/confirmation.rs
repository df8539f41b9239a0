//! The handover is done: all of it in one transaction, exactly as it was shown; and what it did.

use std::collections::HashMap;

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kyodo_db::Tx;
use kyodo_kernel::people::{self, Account, AccountId, NewAccount, NewDuty};
use kyodo_kernel::{audit, drafts};
use kyodo_web::form::seen_at;
use kyodo_web::{Ctx, Faults, Form, Frame, Page, Result, filters};
use serde_json::json;

use super::kept::{self, Kept, SUBJECT, fingerprint};
use super::{BEGIN, frame, job, preview};
use crate::handover::{Beginning, Changed, Follower, Line, Plan};
use crate::pages::people::{account, duty, held};

/// What it did is kept until the next one, for the page that tells it.
const RESULT: &str = "handover:result";

/// What was done: of each kind, the names.
type Done = Vec<(String, String)>;

/// `POST /desk/people/handover/confirmation`
pub(super) async fn post(ctx: Ctx, form: Form) -> Result<Response> {
    let mut change = ctx.change(&form).await?;
    let Some((kept, _)) = kept::of(&ctx).await? else {
        return Ok(seen_at(BEGIN));
    };
    let (known, plan) = kept.plan(&ctx).await?;
    if form.text("version") != kept.version(&fingerprint(&known)) {
        drop(change);
        kept.keep(&ctx, &known).await?;
        return preview::again(&ctx, &kept, StatusCode::CONFLICT, &Faults::default()).await;
    }
    let mut faults = Faults::default();
    if !plan.is_ready() || !form.has("seen") {
        faults.add("seen", ctx.words().say(if plan.is_ready() { "handover-not-seen" } else { "handover-not-ready" }));
        return preview::again(&ctx, &kept, StatusCode::UNPROCESSABLE_ENTITY, &faults).await;
    }
    let done = Handover { ctx: &ctx, kept: &kept, plan: &plan }.apply(&mut change.tx).await?;
    let own = ctx.person()?.id;
    drafts::drop(&mut change.tx, own, SUBJECT).await?;
    drafts::save(&mut change.tx, own, RESULT, "", &done, ctx.now).await?;
    change.done("/desk/people/handover/result", "said-handover").await
}

struct Handover<'a> {
    ctx: &'a Ctx,
    kept: &'a Kept,
    plan: &'a Plan,
}

impl Handover<'_> {
    async fn apply(&self, tx: &mut Tx) -> Result<Done> {
        let (ctx, plan, day) = (self.ctx, self.plan, self.kept.day);
        let mut done: Done = vec![("day".to_owned(), day.to_string())];
        let mut tell = |what: &str, name: &str| done.push((what.to_owned(), name.to_owned()));
        let mut opened: HashMap<u32, AccountId> = HashMap::new();
        for newcomer in &plan.newcomers {
            let account = account::opened(ctx, tx, &new_account(&newcomer.line)).await?;
            self.begin(tx, &account, &newcomer.begins).await?;
            let invited = account::send(ctx, tx, &account).await?;
            tell(if invited { "invited" } else { "uninvited" }, &account.name);
            opened.insert(newcomer.line.row, account.id);
        }
        for (what, group) in [("moved", &plan.moving), ("left", &plan.leaving), ("corrected", &plan.corrected)] {
            for one in group {
                self.change(tx, one).await?;
                tell(what, &one.account.name);
            }
        }
        let mut texts = Vec::new();
        for pass in &plan.passing {
            let role = held(&ctx.frame(""), pass.duty.role, pass.duty.department.as_deref());
            let Some(first) = pass.to.first() else {
                tell("open", &role);
                continue;
            };
            let to = match first {
                Follower::Known(id, _) => Some(*id),
                Follower::New(row, _) => opened.get(row).copied(),
            };
            texts.extend(to.filter(|_| pass.takes_texts).map(|to| (pass.from.id, to)));
            tell("passed", &format!("{role} {} → {}", pass.from.name, first.name()));
        }
        job::pass(ctx, tx, &texts, day).await?;
        let detail = json!({
            "day": day,
            "source": self.kept.source,
            "lines": self.kept.lines.len(),
            "newcomers": plan.newcomers.len(),
            "moving": plan.moving.len(),
            "leaving": plan.leaving.len(),
            "corrected": plan.corrected.len(),
            "unchanged": plan.unchanged,
            "passing": plan.passing.len(),
        });
        ctx.trail().note(tx, audit::Entry::new("handover.applied", "people").detail(detail)).await?;
        Ok(done)
    }

    async fn change(&self, tx: &mut Tx, one: &Changed) -> Result<()> {
        let (ctx, day) = (self.ctx, self.kept.day);
        if let Some(line) = &one.learnt {
            let new = new_account(line);
            people::put(tx, one.account.id, &new).await?;
            if one.account.email.is_none() {
                people::move_to(tx, one.account.id, new.email.as_deref()).await?;
            }
            let entry = audit::Entry::new("account.changed", one.account.id.subject());
            let entry = entry.personal("name", &new.name).personal("staff_number", &line.number);
            ctx.trail().note(tx, entry).await?;
        }
        let eve = day.pred_opt().unwrap_or(day);
        for duty in &one.ends {
            duty::end(ctx, tx, &one.account, duty, eve).await?;
        }
        self.begin(tx, &one.account, &one.begins).await
    }

    async fn begin(&self, tx: &mut Tx, account: &Account, begins: &[Beginning]) -> Result<()> {
        for begin in begins {
            let new = NewDuty {
                department: begin.department.clone(),
                ends_on: begin.ends_on,
                given_by: Some(self.ctx.person()?.id),
                ..NewDuty::new(begin.role, self.kept.day)
            };
            duty::give(self.ctx, tx, account, &new).await?;
        }
        Ok(())
    }
}

fn new_account(line: &Line) -> NewAccount {
    NewAccount {
        name: line.name.clone(),
        kana: line.kana.clone().unwrap_or_default(),
        email: line.email.clone(),
        staff_number: Some(line.number.clone()),
        ..NewAccount::default()
    }
}

#[derive(Template)]
#[template(path = "handover-result.html")]
struct ResultPage<'a> {
    f: &'a Frame,
    lead: String,
    groups: Vec<(String, Vec<String>)>,
}

/// What was done, and the message that names it.
const GROUPS: [(&str, &str); 7] = [
    ("invited", "handover-invited"),
    ("uninvited", "handover-uninvited"),
    ("moved", "handover-moving"),
    ("left", "handover-leaving"),
    ("corrected", "handover-corrected"),
    ("passed", "handover-passing"),
    ("open", "handover-left-open"),
];

/// `GET /desk/people/handover/result`
pub(super) async fn result(ctx: Ctx) -> Result<Response> {
    let Some(draft) = drafts::of(&ctx.db, ctx.person()?.id, RESULT).await? else {
        return Ok(seen_at(BEGIN));
    };
    let f = frame(&ctx);
    let all = |what: &str| -> Vec<String> {
        draft.fields.iter().filter(|(own, _)| own == what).map(|(_, name)| name.clone()).collect()
    };
    let day = all("day").first().and_then(|day| day.parse().ok()).unwrap_or(ctx.today);
    let page = ResultPage {
        lead: f.with("handover-result-lead", &[("day", &f.day(day))]),
        groups: GROUPS
            .iter()
            .map(|(what, message)| (f.t(message), all(what)))
            .filter(|(_, names)| !names.is_empty())
            .collect(),
        f: &f,
    };
    Ok(Page(page).into_response())
}
