//! `/desk/plan/draft/adoption`: the draft becomes the plan's next version, all of it in one transaction or nothing.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::{self, AccountId, Role};
use kyodo_kernel::{FiscalYear, city, notices};
use kyodo_web::components::{Field, Wrongs, choice};
use kyodo_web::{Ctx, Faults, Form, Frame, Page, Result, filters};
use serde_json::json;

use super::difference::{DifferenceList, list};
use super::{Open, next, seen, tree};
use crate::desk::revisions;
use crate::desk::rounds::day_of;
use crate::earlier::EarlierPlan;
use crate::editing::{Told, difference};
use crate::store;
use crate::store::editing::{self as drafts, Version};

#[derive(Template)]
#[template(path = "desk/editing-adoption.html")]
struct AdoptionPage<'a> {
    f: &'a Frame,
    lead: String,
    /// Why it cannot be adopted yet.
    behind: bool,
    is_empty: bool,
    /// What becomes of the review from which the draft came.
    ends: String,
    /// What becomes of the plan that stands, where the draft is the next.
    succeeds: String,
    wrongs: Wrongs<'a>,
    fields: Vec<Field>,
    edits: bool,
    version: i64,
    list: DifferenceList<'a>,
}

/// `GET /desk/plan/draft/adoption`
pub(super) async fn show(ctx: Ctx) -> Result<Response> {
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    page(&ctx, &open, &Form::default(), &Faults::default(), StatusCode::OK).await
}

async fn page(ctx: &Ctx, open: &Open, form: &Form, faults: &Faults, status: StatusCode) -> Result<Response> {
    let f = super::frame(ctx, ctx.words().say("editing-adoption")).crumb("", "editing-adoption");
    let told = difference(&open.draft.base, open.lines(), &ctx.state.departments);
    let current = drafts::lines(&ctx.db, open.id).await?;
    let year = ctx.long_year(FiscalYear::new(open.draft.from_year));
    let ends = match revisions::undecided(ctx, open.id, open.draft.from_year).await? {
        Some((revision, 0)) => f.with("editing-ends-revision", &[("name", &revision.name)]),
        Some((revision, n)) => f.tell("editing-undecided", &[("name", revision.name.as_str().into()), ("n", n.into())]),
        None => String::new(),
    };
    let page = AdoptionPage {
        ends,
        lead: f.with("editing-adoption-lead", &[("year", &year)]),
        behind: current.bare() != open.draft.base.bare(),
        is_empty: told.is_empty() && open.draft.next.is_none(),
        succeeds: next::ended(ctx, open, &current).map(|ended| succeeds(&f, open, &ended)).unwrap_or_default(),
        wrongs: Wrongs { f: &f, faults },
        fields: fields(&f, open, form, faults),
        edits: super::edits(ctx),
        version: open.draft.version,
        list: list(&f, &told, false),
        f: &f,
    };
    let mut response = Page(page).into_response();
    *response.status_mut() = status;
    Ok(response)
}

fn succeeds(f: &Frame, open: &Open, ended: &EarlierPlan) -> String {
    let last = f.ctx.long_year(ended.period.last());
    f.with("editing-succeeds", &[("plan", &ended.title), ("next", &open.after().title), ("year", &last)])
}

fn fields(f: &Frame, open: &Open, form: &Form, faults: &Faults) -> Vec<Field> {
    let year = f.ctx.long_year(FiscalYear::new(open.draft.from_year));
    let name = match &open.draft.next {
        Some(next) => next.title.chars().take(60).collect(),
        None => kyodo_jptext::half_width(&f.with("editing-name-of", &[("year", &year)])),
    };
    vec![
        Field::line("name", f.t("editing-name"))
            .need(f)
            .hint(f.t("editing-name-hint"))
            .most(60)
            .value(name)
            .japanese(f)
            .heard(form, faults),
        Field::line("on", f.t("editing-on"))
            .need(f)
            .hint(f.t("editing-on-hint"))
            .value(f.ctx.today.to_string())
            .heard(form, faults),
        Field::lines("reason", f.t("editing-reason"), 3)
            .need(f)
            .hint(f.t("editing-reason-hint"))
            .value(open.draft.note.clone())
            .japanese(f)
            .heard(form, faults),
        Field::ticks("sure", f.t("editing-sure-label"), vec![choice("yes", f.t("editing-sure"), false)])
            .heard(form, faults),
    ]
}

/// What was typed; `last` is the day on which the plan was adopted before.
fn heard(f: &Frame, form: &Form, last: Option<NaiveDate>, faults: &mut Faults) -> (String, Option<NaiveDate>, String) {
    let (name, reason) = (super::acts::single(form.text("name")), form.text("reason").to_owned());
    if name.is_empty() {
        faults.add("name", f.t("editing-name-missing"));
    }
    if name.chars().count() > 60 {
        faults.add("name", f.n("editing-title-long", 60));
    }
    if reason.is_empty() {
        faults.add("reason", f.t("editing-reason-missing"));
    }
    if reason.chars().count() > 1000 {
        faults.add("reason", f.n("editing-title-long", 1000));
    }
    if form.text("sure") != "yes" {
        faults.add("sure", f.t("editing-sure-missing"));
    }
    let on = day_of(f, form, faults, "on");
    if on.is_some_and(|day| day > f.ctx.today) {
        faults.add("on", f.t("editing-on-ahead"));
    } else if last.zip(on).is_some_and(|(last, day)| day < last) {
        faults.add("on", f.t("editing-on-before-the-last"));
    }
    (name, on, reason)
}

/// `POST /desk/plan/draft/adoption`
pub(super) async fn adopt(ctx: Ctx, form: Form) -> Result<Response> {
    let f = super::frame(&ctx, String::new());
    let mut faults = Faults::default();
    let mut change = ctx.change(&form).await?;
    // First, so that whoever changes the plan meanwhile waits.
    city::bump_revision(&mut change.tx).await?;
    let open = match Open::load(&ctx).await? {
        Ok(open) => open,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let last = drafts::versions(&ctx.db, open.id).await?.into_iter().find_map(|version| version.adopted_on);
    let (name, on, reason) = heard(&f, &form, last, &mut faults);
    if !faults.is_empty() {
        drop(change);
        return page(&ctx, &open, &form, &faults, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let current = drafts::lines(&ctx.db, open.id).await?;
    if current.bare() != open.draft.base.bare() {
        drop(change);
        return page(&ctx, &open, &form, &faults, StatusCode::CONFLICT).await;
    }
    let ended = next::ended(&ctx, &open, &current);
    if let Some(ended) = &ended {
        let known = store::earlier_plans_now(&mut change.tx, open.id).await?;
        if known.iter().any(|known| known.key() == ended.key()) {
            drop(change);
            faults.add("name", f.t("earlier-years-taken"));
            return page(&ctx, &open, &form, &faults, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    }
    if !drafts::drop_draft(&mut change.tx, open.id, seen(&form)).await? {
        drop(change);
        return tree::conflict(&ctx).await;
    }
    let told = difference(&open.draft.base, open.lines(), &ctx.state.departments);
    if told.is_empty() && open.draft.next.is_none() {
        revisions::reopen(&ctx, &mut change.tx, open.id, None).await?;
        let entry = Entry::new("plan.draft-removed", "draft").detail(json!({ "number": open.draft.version }));
        ctx.trail().note(&mut change.tx, entry).await?;
        return change.done("/desk/plan", "said-editing-nothing-new").await;
    }
    let from_year = Some(open.draft.from_year);
    let version = Version { number: open.plan.version + 1, name, adopted_on: on, from_year, reason };
    if let Some(ended) = ended {
        store::put_earlier(&mut change.tx, open.id, &ended).await?;
        let detail = json!({ "name": ended.title, "from": ended.period.from, "to": ended.period.to });
        ctx.trail().note(&mut change.tx, Entry::new("plan.ended", "plan").detail(detail)).await?;
    }
    let after = open.after();
    let plan = (open.id, &after);
    drafts::adopt(&mut change.tx, &ctx.db, plan, (&current, open.lines()), &version, ctx.now).await?;
    revisions::adopted(&ctx, &mut change.tx, open.id, open.draft.from_year).await?;
    tell(&ctx, &mut change.tx, &told, &version).await?;
    let detail = json!({ "number": version.number, "day": version.adopted_on, "changed": told.len() });
    ctx.trail().note(&mut change.tx, Entry::new("plan.adopted", "plan").detail(detail)).await?;
    change.done(&format!("/plan/versions/{}", version.number), "said-editing-adopted").await
}

/// Tells those whose items are others now, each once, with how many of all their departments are.
async fn tell(ctx: &Ctx, tx: &mut Tx, told: &[Told], version: &Version) -> Result<()> {
    let mut people: BTreeMap<AccountId, BTreeSet<String>> = BTreeMap::new();
    for role in [Role::Reporter, Role::Head] {
        for holder in people::holders(&ctx.db, role, None, ctx.today).await? {
            people.entry(AccountId(holder.id)).or_default().extend(holder.department);
        }
    }
    people.remove(&ctx.person()?.id);
    let address = format!("/plan/versions/{}", version.number);
    for (one, own) in people {
        let n = told.iter().filter(|told| told.departments.iter().any(|key| own.contains(key))).count();
        if n > 0 {
            let n = n.to_string();
            let said = [("name", version.name.as_str()), ("n", n.as_str())];
            notices::tell(tx, one, "notice-plan-adopted", &said, &address, ctx.now).await?;
        }
    }
    Ok(())
}
