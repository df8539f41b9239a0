//! `/desk/plan/revisions`: every revision, and opening the next; `/desk/plan/revisions/{year}/days`: changing its days.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{Days, NaiveDate};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::notices;
use kyodo_kernel::people::AccountId;
use kyodo_kernel::{FiscalYear, Language};
use kyodo_web::components::{Field, Wrongs, choice};
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, KeyPath, Page, Result, Wrong, filters, format};
use serde_json::json;

use super::{Open, runs};
use crate::desk::rounds::{Hands, day_of, others, year};
use crate::kept;
use crate::node::Node;
use crate::plan::Plan;
use crate::revision::{REVISIONS, Revision, Stage};
use crate::store;
use crate::store::revisions::{self, RevisionPlan};

/// How many characters the name and the note take.
const MOST_NAME: usize = 60;
const MOST_NOTE: usize = 500;

#[derive(Template)]
#[template(path = "desk/revisions.html")]
struct RevisionsPage<'a> {
    f: &'a Frame,
    rows: Vec<Row>,
    wrongs: Wrongs<'a>,
    /// For whoever runs the revisions.
    form: Option<DaysForm>,
}

struct Row {
    name: String,
    href: String,
    from: String,
    state: String,
    due: String,
    /// How many items stand where.
    told: String,
}

#[derive(Template)]
#[template(path = "desk/round-days.html")]
struct DaysPage<'a> {
    f: &'a Frame,
    wrongs: Wrongs<'a>,
    form: DaysForm,
}

/// The fields of a revision's days.
struct DaysForm {
    action: String,
    fields: Vec<Field>,
    button: String,
    /// What opening does, or what a change does.
    note: String,
    back: Option<String>,
}

/// `GET /desk/plan/revisions`
pub(super) async fn list(ctx: Ctx) -> Result<Response> {
    let (plan_id, plan) = kept::plan(&ctx).await?;
    let (f, faults) = (list_frame(&ctx), Faults::default());
    Ok(Page(page(&f, plan_id, &plan, &Form::default(), &faults).await?).into_response())
}

fn list_frame(ctx: &Ctx) -> Frame {
    let f = ctx.frame(ctx.words().say("revisions-title")).crumb("/desk", "nav-desk");
    f.crumb("/desk/plan", "nav-desk-plan").crumb("", "revisions-title").at_desk()
}

async fn page<'a>(
    f: &'a Frame,
    plan_id: i64,
    plan: &Plan,
    form: &Form,
    faults: &'a Faults,
) -> Result<RevisionsPage<'a>> {
    let ctx = &f.ctx;
    let all = revisions::revisions(&ctx.db, plan_id).await?;
    let stages = revisions::proposal_stages(&ctx.db, plan_id, &plan.outline.route).await?;
    let offered = years(ctx, &all);
    let row = |one: &Revision| {
        let of = stages.get(&one.id).map_or(&[][..], Vec::as_slice);
        let count = |is: fn(&Stage) -> bool| of.iter().filter(|stage| is(stage)).count();
        Row {
            name: one.name.clone(),
            href: one.address(""),
            from: f.with("revision-from-year", &[("year", &ctx.long_year(one.from))]),
            state: state(f, one),
            due: f.day(one.due_on),
            told: f.tell(
                "revisions-told",
                &[
                    ("n", of.len().into()),
                    ("in", count(|stage| !stage.is_with_department()).into()),
                    ("decided", count(|stage| !stage.is_undecided()).into()),
                ],
            ),
        }
    };
    Ok(RevisionsPage {
        rows: all.iter().map(row).collect(),
        wrongs: Wrongs { f, faults },
        form: (runs(ctx) && !offered.is_empty()).then(|| opening(f, &offered, form, faults)),
        f,
    })
}

/// Whether departments can write, not yet, or no more.
pub(super) fn state(f: &Frame, revision: &Revision) -> String {
    match revision.closed_at {
        Some(_) => f.t("revision-closed"),
        None if revision.is_open(f.ctx.today) => f.t("round-open"),
        None => f.with("round-opens-on", &[("day", &f.day(revision.opens_on))]),
    }
}

/// The years from which a revision can hold that have none yet: this one and the next three. Only one is open at a time.
fn years(ctx: &Ctx, all: &[Revision]) -> Vec<FiscalYear> {
    if all.iter().any(|one| one.closed_at.is_none()) {
        return Vec::new();
    }
    let now = ctx.fiscal_year();
    let years = now.through(FiscalYear::new(i32::from(now) + 3));
    years.filter(|year| !all.iter().any(|one| one.from == *year)).collect()
}

fn opening(f: &Frame, offered: &[FiscalYear], form: &Form, faults: &Faults) -> DaysForm {
    let ctx = &f.ctx;
    let next = i32::from(ctx.fiscal_year()) + 1;
    let choices = offered.iter().map(|one| {
        let n = i32::from(*one);
        choice(n.to_string(), ctx.long_year(*one), n == next)
    });
    let day = |days: u64| ctx.today + Days::new(days);
    let from = Field::select("from", f.t("editing-from"), choices.collect());
    let mut fields = vec![from.need(f).hint(f.t("editing-from-hint")).heard(form, faults)];
    fields.extend(day_fields(f, &f.t("revision-name-first"), [ctx.today, day(42), day(63)], "", form, faults));
    DaysForm {
        action: REVISIONS.to_owned(),
        fields,
        button: f.t("revision-open-button"),
        note: f.t("revision-open-note"),
        back: None,
    }
}

fn day_fields(
    f: &Frame,
    name: &str,
    [opens, due, decide]: [NaiveDate; 3],
    note: &str,
    form: &Form,
    faults: &Faults,
) -> Vec<Field> {
    let day = |name: &'static str, label: &str, hint: &str, day: NaiveDate| {
        let field = Field::line(name, f.t(label)).hint(f.t(hint)).need(f);
        field.value(kyodo_wareki::short_date(day)).heard(form, faults)
    };
    vec![
        Field::line("name", f.t("revision-name"))
            .need(f)
            .hint(f.t("revision-name-hint"))
            .most(MOST_NAME)
            .value(name)
            .japanese(f)
            .heard(form, faults),
        day("opens", "round-opens", "revision-opens-hint", opens),
        day("due", "round-due", "revision-due-hint", due),
        day("decide", "revision-decide", "revision-decide-hint", decide),
        Field::lines("note", f.t("round-note"), 3)
            .hint(f.t("revision-note-hint"))
            .value(note)
            .japanese(f)
            .heard(form, faults),
    ]
}

/// What was typed, if nothing of it is wrong.
fn heard(f: &Frame, form: &Form, faults: &mut Faults) -> Option<RevisionPlan> {
    let name = form.text("name").split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        faults.add("name", f.t("revision-name-missing"));
    } else if name.chars().count() > MOST_NAME {
        faults.add("name", f.n("editing-title-long", MOST_NAME));
    }
    let opens = day_of(f, form, faults, "opens");
    let due = day_of(f, form, faults, "due");
    let decide = day_of(f, form, faults, "decide");
    let note = form.text("note");
    if note.chars().count() > MOST_NOTE {
        faults.add("note", f.n("round-note-long", note.chars().count() - MOST_NOTE));
    }
    let (opens, due, decide) = (opens?, due?, decide?);
    if due < opens {
        faults.add("due", f.t("round-due-early"));
    }
    if decide < due {
        faults.add("decide", f.t("round-decide-early"));
    }
    let plan = RevisionPlan { name, opens_on: opens, due_on: due, decide_on: decide, note: note.to_owned() };
    faults.is_empty().then_some(plan)
}

/// `POST /desk/plan/revisions`: opens a revision with a proposal for every item, and tells those who write.
pub(super) async fn open(ctx: Ctx, form: Form) -> Result<Response> {
    let (plan_id, plan) = kept::plan(&ctx).await?;
    let (f, mut faults) = (list_frame(&ctx), Faults::default());
    let offered = years(&ctx, &revisions::revisions(&ctx.db, plan_id).await?);
    let from = year(form.text("from")).ok().filter(|year| offered.contains(year));
    if from.is_none() {
        faults.add("from", f.t("editing-from-missing"));
    }
    let (Some(from), Some(new)) = (from, heard(&f, &form, &mut faults)) else {
        return Ok(Wrong(page(&f, plan_id, &plan, &form, &faults).await?).into_response());
    };
    let members = store::rounds(&ctx.db, plan_id).await?.into_iter().next().map(|round| round.members);
    let revision = Revision {
        id: 0,
        from,
        name: new.name.clone(),
        opens_on: new.opens_on,
        due_on: new.due_on,
        decide_on: new.decide_on,
        note: new.note.clone(),
        closed_at: None,
        members: members.unwrap_or_default(),
    };
    let items: Vec<&Node> = plan.nodes.iter().filter(|node| revision.takes(node, &plan.outline)).collect();
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let mut change = ctx.change(&form).await?;
    let numbers: Vec<i64> = items.iter().map(|node| node.id).collect();
    if revisions::open_revision(&mut change.tx, plan_id, from, &new, &numbers).await?.is_none() {
        return change.done(REVISIONS, "said-revision-there").await;
    }
    let detail = json!({ "items": items.len(), "due": new.due_on });
    ctx.trail().note(&mut change.tx, Entry::new("revision.opened", revision.subject()).detail(detail)).await?;
    for (writer, n) in writers(&ctx, &revision, &items, &hands) {
        let (due, n) = (format::day(new.due_on, Language::Japanese), n.to_string());
        let said = [("name", new.name.as_str()), ("due", due.as_str()), ("n", n.as_str())];
        notices::tell(&mut change.tx, writer, "notice-revision-opened", &said, &revision.address(""), ctx.now).await?;
    }
    change.done(&revision.address(""), "said-revision-opened").await
}

/// Everybody who writes, with how many items.
fn writers(ctx: &Ctx, revision: &Revision, items: &[&Node], hands: &Hands) -> Vec<(AccountId, usize)> {
    let mut writers: Vec<(AccountId, usize)> = Vec::new();
    for node in items {
        let departments = revision.departments(node, &ctx.state.departments);
        let departments: Vec<String> = departments.into_iter().map(str::to_owned).collect();
        for writer in others(ctx, hands.writers(&departments)) {
            match writers.iter_mut().find(|(known, _)| *known == writer) {
                Some((_, n)) => *n += 1,
                None => writers.push((writer, 1)),
            }
        }
    }
    writers
}

/// `GET /desk/plan/revisions/{year}/days`
pub(super) async fn days(ctx: Ctx, KeyPath(of): KeyPath) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    if open.revision.closed_at.is_some() {
        return Err(Error::NotFound);
    }
    let faults = Faults::default();
    let f = open.frame(&ctx, ctx.words().say("round-days")).crumb("", "round-days");
    Ok(Page(days_page(&f, &open, &Form::default(), &faults)).into_response())
}

fn days_page<'a>(f: &'a Frame, open: &Open, form: &Form, faults: &'a Faults) -> DaysPage<'a> {
    let revision = &open.revision;
    let days = [revision.opens_on, revision.due_on, revision.decide_on];
    DaysPage {
        wrongs: Wrongs { f, faults },
        form: DaysForm {
            action: revision.address(""),
            fields: day_fields(f, &revision.name, days, &revision.note, form, faults),
            button: f.t("round-days-button"),
            note: f.t("revision-days-note"),
            back: Some(revision.address("")),
        },
        f,
    }
}

/// `POST /desk/plan/revisions/{year}`: other days; what the plan got since comes in as well.
pub(super) async fn change(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    let f = open.frame(&ctx, ctx.words().say("round-days")).crumb("", "round-days");
    let mut faults = Faults::default();
    let Some(new) = heard(&f, &form, &mut faults) else {
        return Ok(Wrong(days_page(&f, &open, &form, &faults)).into_response());
    };
    let mut change = ctx.change(&form).await?;
    if !revisions::change_revision(&mut change.tx, open.revision.id, &new).await? {
        drop(change);
        return Ok(led_to(&open.revision.address(""), "said-revision-over", ctx.house.settings.https));
    }
    for node in open.plan.nodes.iter().filter(|node| open.revision.takes(node, &open.plan.outline)) {
        revisions::add_proposal(&mut change.tx, open.revision.id, node.id).await?;
    }
    let detail = json!({ "opens": new.opens_on, "due": new.due_on, "decide": new.decide_on });
    ctx.trail().note(&mut change.tx, Entry::new("revision.changed", open.revision.subject()).detail(detail)).await?;
    change.done(&open.revision.address(""), "said-round-changed").await
}
