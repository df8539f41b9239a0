//! `/desk/plan/rounds`: every year's round, and opening the next; `/desk/plan/rounds/{year}/days`: changing its days.

use std::collections::HashMap;

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{Days, NaiveDate};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::notices;
use kyodo_kernel::people::{AccountId, Role};
use kyodo_kernel::profile::Department;
use kyodo_web::components::{Field, Wrongs, choice};
use kyodo_web::filters;
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, KeyPath, Page, Result, Wrong, format};
use serde_json::json;

use super::{Hands, Open, RUNNERS, day_of, others, round_name, year};
use crate::kept;
use crate::node::Node;
use crate::plan::{Period, Plan};
use crate::round::{DayFault, Round, Stage, day_faults};
use crate::store::{self, RoundPlan};
use crate::view::in_japanese;

#[derive(Template)]
#[template(path = "desk/rounds.html")]
struct RoundsPage<'a> {
    f: &'a Frame,
    rows: Vec<Row>,
    wrongs: Wrongs<'a>,
    /// For whoever runs the rounds.
    form: Option<DaysForm>,
}

struct Row {
    name: String,
    href: String,
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

/// The fields of a round's days.
struct DaysForm {
    action: String,
    fields: Vec<Field>,
    button: String,
    /// What opening does, or where to go back to.
    note: String,
    back: Option<String>,
}

/// `GET /desk/plan/rounds`
pub(super) async fn list(ctx: Ctx) -> Result<Response> {
    let (plan_id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let (f, faults) = (frame(&ctx), Faults::default());
    Ok(Page(page(&f, plan_id, &plan, &Form::default(), &faults).await?).into_response())
}

/// `POST /desk/plan/rounds`: opens a year, with a report for every item, and tells those who write.
pub(super) async fn open(ctx: Ctx, form: Form) -> Result<Response> {
    let (plan_id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let (f, mut faults) = (frame(&ctx), Faults::default());
    let known = store::rounds(&ctx.db, plan_id).await?;
    let offered = years(&ctx, kept::years(&ctx).await?, &known);
    let of = year(form.text("year")).ok().filter(|year| offered.contains(year));
    if of.is_none() {
        faults.add("year", f.t("round-year-missing"));
    }
    let days = heard(&f, &form, of, &mut faults);
    let (Some(of), Some(days)) = (of, days) else {
        return Ok(Wrong(page(&f, plan_id, &plan, &form, &faults).await?).into_response());
    };
    let round = round_of(of, &days);
    let nodes = store::all_nodes(&ctx.db, plan_id).await?;
    let items: Vec<&Node> = nodes.iter().filter(|node| round.takes(node, &plan.outline)).collect();
    if items.is_empty() {
        faults.add("year", f.t("round-without-items"));
        return Ok(Wrong(page(&f, plan_id, &plan, &form, &faults).await?).into_response());
    }
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let mut change = ctx.change(&form).await?;
    let numbers: Vec<i64> = items.iter().map(|node| node.id).collect();
    if store::open_round(&mut change.tx, plan_id, of, &days, &numbers).await?.is_none() {
        return change.done("/desk/plan/rounds", "said-round-there").await;
    }
    let detail = json!({ "items": items.len(), "due": days.due_on });
    let entry = Entry::new("round.opened", format!("round:{}", i32::from(of))).detail(detail);
    ctx.trail().note(&mut change.tx, entry).await?;
    let told = in_japanese(&ctx);
    for (writer, n) in writers(&ctx, &round, &items, &hands) {
        let (name, due, n) = (round_name(&told, &round), format::day(days.due_on, told.language), n.to_string());
        let said = [("round", name.as_str()), ("due", due.as_str()), ("n", n.as_str())];
        notices::tell(&mut change.tx, writer, "notice-round-opened", &said, &round.address(""), ctx.now).await?;
    }
    change.done(&round.address(""), "said-round-opened").await
}

/// Everybody who writes, with how many items.
fn writers(ctx: &Ctx, round: &Round, items: &[&Node], hands: &Hands) -> Vec<(AccountId, usize)> {
    let mut writers: Vec<(AccountId, usize)> = Vec::new();
    for node in items {
        let departments: Vec<String> =
            round.departments(node, &ctx.state.departments).into_iter().map(str::to_owned).collect();
        for writer in others(ctx, hands.writers(&departments)) {
            match writers.iter_mut().find(|(known, _)| *known == writer) {
                Some((_, n)) => *n += 1,
                None => writers.push((writer, 1)),
            }
        }
    }
    writers
}

/// `GET /desk/plan/rounds/{year}/days`
pub(super) async fn days(ctx: Ctx, KeyPath(of): KeyPath) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    let faults = Faults::default();
    let f = open.frame(&ctx, ctx.words().say("round-days")).crumb("", "round-days");
    Ok(Page(days_page(&f, &open, &Form::default(), &faults)).into_response())
}

/// `POST /desk/plan/rounds/{year}`
pub(super) async fn change(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    let f = open.frame(&ctx, ctx.words().say("round-days")).crumb("", "round-days");
    let mut faults = Faults::default();
    let Some(days) = heard(&f, &form, Some(open.round.year), &mut faults) else {
        return Ok(Wrong(days_page(&f, &open, &form, &faults)).into_response());
    };
    let mut change = ctx.change(&form).await?;
    if !store::change_round(&mut change.tx, open.round.id, &days).await? {
        drop(change);
        return Ok(led_to(&open.round.address(""), "said-round-frozen-already", ctx.house.settings.https));
    }
    // What the plan got since the round was opened comes in as well.
    let round = round_of(open.round.year, &days);
    for node in
        store::all_nodes(&ctx.db, open.plan_id).await?.iter().filter(|node| round.takes(node, &open.plan.outline))
    {
        store::add_report(&mut change.tx, open.round.id, node.id).await?;
    }
    let detail = json!({ "opens": days.opens_on, "due": days.due_on, "decide": days.decide_on });
    let entry = Entry::new("round.changed", format!("round:{}", i32::from(open.round.year))).detail(detail);
    ctx.trail().note(&mut change.tx, entry).await?;
    change.done(&open.round.address(""), "said-round-changed").await
}

fn frame(ctx: &Ctx) -> Frame {
    ctx.frame(ctx.words().say("nav-desk-rounds")).crumb("/desk", "nav-desk").crumb("", "nav-desk-rounds").at_desk()
}

async fn page<'a>(f: &'a Frame, plan_id: i64, plan: &Plan, form: &Form, faults: &'a Faults) -> Result<RoundsPage<'a>> {
    let ctx = &f.ctx;
    let rounds = store::rounds(&ctx.db, plan_id).await?;
    let stages = store::stages(&ctx.db, plan_id, &plan.outline.route).await?;
    let runs = RUNNERS.admits(&ctx.actor, &axum::http::Method::POST).is_ok();
    let offered = years(ctx, kept::years(ctx).await?, &rounds);
    Ok(RoundsPage {
        rows: rounds.iter().map(|round| row(f, round, stages.get(&round.id).map_or(&[], Vec::as_slice))).collect(),
        wrongs: Wrongs { f, faults },
        form: (runs && !offered.is_empty()).then(|| opening(f, plan, &offered, form, faults)),
        f,
    })
}

fn row(f: &Frame, round: &Round, stages: &[Stage]) -> Row {
    let handed_in = stages.iter().filter(|stage| !stage.is_with_department()).count();
    let public = stages.iter().filter(|stage| **stage == Stage::Published).count();
    Row {
        name: round_name(&f.ctx, round),
        href: round.address(""),
        state: state(f, round),
        due: f.day(round.due_on),
        told: f.tell("rounds-told", &[("n", stages.len().into()), ("in", handed_in.into()), ("public", public.into())]),
    }
}

/// Whether departments can write, not yet, or no more.
pub(super) fn state(f: &Frame, round: &Round) -> String {
    match round.frozen_at {
        Some(_) => f.t("round-frozen"),
        None if round.is_open(f.ctx.today) => f.t("round-open"),
        None => f.with("round-opens-on", &[("day", &f.day(round.opens_on))]),
    }
}

/// The years that have no round yet, of those that can be reported now: the running one and the one before.
fn years(ctx: &Ctx, known: Option<Period>, rounds: &[Round]) -> Vec<FiscalYear> {
    let now = ctx.fiscal_year();
    let within = |year: &FiscalYear| known.is_none_or(|period| period.contains(*year));
    let open = |year: &FiscalYear| !rounds.iter().any(|round| round.year == *year);
    [now, now.previous()].into_iter().filter(within).filter(open).collect()
}

fn opening(f: &Frame, plan: &Plan, offered: &[FiscalYear], form: &Form, faults: &Faults) -> DaysForm {
    let ctx = &f.ctx;
    let year = offered.first().copied().unwrap_or_else(|| ctx.fiscal_year());
    let choices =
        offered.iter().map(|one| choice(i32::from(*one).to_string(), ctx.long_year(*one), *one == year)).collect();
    let day = |days: u64| ctx.today + Days::new(days);
    let mut fields = vec![Field::select("year", f.t("round-year"), choices).need(f).heard(form, faults)];
    fields.extend(day_fields(f, [ctx.today, day(42), day(63)], "", &HashMap::new(), form, faults));
    DaysForm {
        action: "/desk/plan/rounds".to_owned(),
        fields,
        button: f.t("round-open-button"),
        note: f.with("round-open-note", &[("level", plan.outline.level_name(plan.outline.levels.len()))]),
        back: None,
    }
}

fn days_page<'a>(f: &'a Frame, open: &Open, form: &Form, faults: &'a Faults) -> DaysPage<'a> {
    let round = &open.round;
    let days = [round.opens_on, round.due_on, round.decide_on];
    DaysPage {
        wrongs: Wrongs { f, faults },
        form: DaysForm {
            action: round.address(""),
            fields: day_fields(f, days, &round.note, &round.members, form, faults),
            button: f.t("round-days-button"),
            note: f.t("round-days-note"),
            back: Some(round.address("")),
        },
        f,
    }
}

/// The fields of days, note and placeholders, as they stand or as they were typed.
fn day_fields(
    f: &Frame,
    [opens, due, decide]: [NaiveDate; 3],
    note: &str,
    members: &HashMap<String, Vec<String>>,
    form: &Form,
    faults: &Faults,
) -> Vec<Field> {
    let day = |name: &'static str, day: NaiveDate| {
        Field::line(name, f.t(&format!("round-{name}")))
            .hint(f.t(&format!("round-{name}-hint")))
            .need(f)
            .value(kyodo_wareki::short_date(day))
            .heard(form, faults)
    };
    let mut fields = vec![day("opens", opens), day("due", due), day("decide", decide)];
    fields.extend(placeholders(f).map(|placeholder| {
        let own = members.get(&placeholder.key);
        let real = f.ctx.state.departments.iter().filter(|one| !one.placeholder);
        let choices = real.map(|one| choice(&one.key, &one.name, own.is_some_and(|own| own.contains(&one.key))));
        Field::ticks(
            member_field(placeholder),
            f.with("round-members", &[("name", &placeholder.name)]),
            choices.collect(),
        )
        .hint(f.t("round-members-hint"))
        .japanese(f)
        .heard(form, faults)
    }));
    fields.push(
        Field::lines("note", f.t("round-note"), 3)
            .hint(f.t("round-note-hint"))
            .value(note)
            .japanese(f)
            .heard(form, faults),
    );
    fields
}

fn placeholders(f: &Frame) -> impl Iterator<Item = &Department> {
    f.ctx.state.departments.iter().filter(|department| department.placeholder)
}

fn member_field(placeholder: &Department) -> String {
    format!("members-{}", placeholder.key)
}

/// What was typed, if nothing of it is wrong.
fn heard(f: &Frame, form: &Form, of: Option<FiscalYear>, faults: &mut Faults) -> Option<RoundPlan> {
    let opens = day_of(f, form, faults, "opens");
    let due = day_of(f, form, faults, "due");
    let decide = day_of(f, form, faults, "decide");
    let note = form.text("note");
    if note.chars().count() > 500 {
        faults.add("note", f.n("round-note-long", note.chars().count() - 500));
    }
    let real = |key: &&str| f.ctx.state.departments.iter().any(|one| one.key == **key && !one.placeholder);
    let members: Vec<(String, String)> = placeholders(f)
        .flat_map(|placeholder| {
            let ticked: Vec<&str> = form
                .0
                .iter()
                .filter(|(name, _)| *name == member_field(placeholder))
                .map(|(_, key)| key.as_str())
                .collect();
            ticked.into_iter().filter(real).map(|key| (placeholder.key.clone(), key.to_owned())).collect::<Vec<_>>()
        })
        .collect();
    let (opens, due, decide) = (opens?, due?, decide?);
    for fault in of.map(|of| day_faults(of, opens, due, decide)).unwrap_or_default() {
        let (field, message) = match fault {
            DayFault::BeforeTheYear => ("opens", "round-opens-early"),
            DayFault::DueBeforeOpening => ("due", "round-due-early"),
            DayFault::DecidedBeforeDue => ("decide", "round-decide-early"),
        };
        faults.add(field, f.t(message));
    }
    let plan = RoundPlan { opens_on: opens, due_on: due, decide_on: decide, note: note.to_owned(), members };
    faults.is_empty().then_some(plan)
}

fn round_of(of: FiscalYear, days: &RoundPlan) -> Round {
    let mut members: HashMap<String, Vec<String>> = HashMap::new();
    for (placeholder, department) in &days.members {
        members.entry(placeholder.clone()).or_default().push(department.clone());
    }
    Round {
        id: 0,
        year: of,
        opens_on: days.opens_on,
        due_on: days.due_on,
        decide_on: days.decide_on,
        note: days.note.clone(),
        frozen_at: None,
        members,
    }
}

/// Whether whoever asks runs the rounds.
pub(in crate::desk) fn runs(ctx: &Ctx) -> bool {
    ctx.actor.person().is_some_and(|person| person.holds(Role::Coordinator))
        && RUNNERS.admits(&ctx.actor, &axum::http::Method::POST).is_ok()
}
