//! `/desk/plan/earlier`: the office writes down the plans before the one that stands, so that the lines of this one lead
//! to what they were. Plans that ran here come by themselves when the next takes their place.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::city;
use kyodo_kernel::people::Role;
use kyodo_kernel::secret::hex;
use kyodo_web::components::{Field, Wrongs, choice};
use kyodo_web::form::led_to;
use kyodo_web::{Access, Ctx, Error, Faults, Form, Frame, KeyPath, Page, Result, Routes, filters};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::editing::{MOST_TITLE, single};
use super::{BASE, Difference};
use crate::earlier::{EarlierLine, EarlierPlan, Lineage, Said, Source};
use crate::kept;
use crate::pages::earlier::ran;
use crate::pages::titled;
use crate::plan::{Period, Plan};
use crate::store;

/// The earlier plans.
pub(super) const EARLIER: &str = "/desk/plan/earlier";

/// Who writes them down.
const KEEPERS: Access = Access::Roles(&[Role::Coordinator]);

/// The first year that a plan is asked for.
const FIRST: i32 = 1980;
/// No summary is longer.
const MOST_SUMMARY: usize = 1000;
/// So many lines at most; a longer plan comes with the pack.
const MOST_LINES: usize = 500;

/// Its addresses.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get(EARLIER, KEEPERS, list)
        .get("/desk/plan/earlier/new", KEEPERS, new)
        .post("/desk/plan/earlier/new", KEEPERS, add)
        .get("/desk/plan/earlier/{period}", KEEPERS, show)
        .post("/desk/plan/earlier/{period}", KEEPERS, change)
        .post("/desk/plan/earlier/{period}/removal", KEEPERS, remove)
}

#[derive(Template)]
#[template(path = "desk/earlier.html")]
struct ListPage<'a> {
    f: &'a Frame,
    rows: Vec<Row>,
    /// What lines name and is not kept here: the line, its page, what it names.
    unknown: Vec<(String, String, String)>,
    keeps: bool,
}

struct Row {
    title: String,
    href: String,
    ran: String,
    told: String,
    source: String,
    edit: Option<String>,
}

#[derive(Template)]
#[template(path = "desk/earlier-plan.html")]
struct FormPage<'a> {
    f: &'a Frame,
    wrongs: Wrongs<'a>,
    /// What somebody else wrote meanwhile, beside what was typed.
    theirs: Option<Difference>,
    /// What the writer saw.
    base: String,
    action: String,
    fields: Vec<Field>,
    keeps: bool,
    /// What is there already: where it is taken away.
    removal: Option<String>,
}

/// Whether whoever asks writes them down.
pub(super) fn keeps(ctx: &Ctx) -> bool {
    KEEPERS.admits(&ctx.actor, &axum::http::Method::POST).is_ok()
}

fn address(key: &str) -> String {
    format!("{EARLIER}/{key}")
}

fn frame(ctx: &Ctx, title: String) -> Frame {
    ctx.frame(title)
        .crumb("/desk", "nav-desk")
        .crumb("/desk/plan", "nav-desk-plan")
        .crumb(EARLIER, "earlier-desk")
        .at_desk()
}

/// `GET /desk/plan/earlier`
async fn list(ctx: Ctx) -> Result<Response> {
    let (_, plan) = kept::plan(&ctx).await?;
    let lineage = kept::lineage(&ctx).await?;
    let f = frame(&ctx, ctx.words().say("earlier-desk"));
    let page = ListPage {
        rows: (0..lineage.plans.len()).rev().map(|at| row(&f, &lineage, at)).collect(),
        unknown: unknown(&plan, &lineage),
        keeps: keeps(&ctx),
        f: &f,
    };
    Ok(Page(page).into_response())
}

fn row(f: &Frame, lineage: &Lineage, at: usize) -> Row {
    let plan = &lineage.plans[at];
    let on = (0..plan.lines.len()).filter(|line| !lineage.heirs((at, *line)).is_empty()).count();
    Row {
        title: plan.title.clone(),
        href: plan.address(),
        ran: ran(f, plan),
        told: f.tell("earlier-told", &[("n", plan.lines.len().into()), ("on", on.into())]),
        source: f.t(&format!("earlier-from-{}", plan.source.name())),
        edit: (plan.source == Source::Desk).then(|| address(&plan.key())),
    }
}

/// What lines say to have been, and no plan here has.
fn unknown(plan: &Plan, lineage: &Lineage) -> Vec<(String, String, String)> {
    let standing = plan.nodes.iter().filter(|node| !node.is_alias() && node.retired_from.is_none());
    standing
        .flat_map(|node| {
            let line = move |written| (titled(&plan.outline, node), node.address(), written);
            lineage.unknown(&node.details.earlier).map(move |one| line(one.written()))
        })
        .collect()
}

// --- writing one down ---------------------------------------------------------------------------------------

/// `GET /desk/plan/earlier/new`
async fn new(ctx: Ctx) -> Result<Response> {
    Ok(page(&ctx, None, None, &Form::default(), &Faults::default()))
}

/// `POST /desk/plan/earlier/new`
async fn add(ctx: Ctx, form: Form) -> Result<Response> {
    put(&ctx, None, &form).await
}

/// `GET /desk/plan/earlier/{period}`
async fn show(ctx: Ctx, KeyPath(key): KeyPath) -> Result<Response> {
    let lineage = kept::lineage(&ctx).await?;
    let known = written_among(&lineage.plans, &key)?;
    Ok(page(&ctx, Some(known), None, &Form::default(), &Faults::default()))
}

/// `POST /desk/plan/earlier/{period}`
async fn change(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    put(&ctx, Some(&key), &form).await
}

/// A plan that was written down at the desk; the others are what the pack says, or what ran here.
fn written_among<'p>(plans: &'p [EarlierPlan], key: &str) -> Result<&'p EarlierPlan> {
    plans.iter().find(|plan| plan.key() == key && plan.source == Source::Desk).ok_or(Error::NotFound)
}

/// The form; `mine` is what was typed, where somebody else wrote something else meanwhile.
fn page(ctx: &Ctx, known: Option<&EarlierPlan>, mine: Option<&EarlierPlan>, form: &Form, faults: &Faults) -> Response {
    let f = match known {
        Some(known) => frame(ctx, known.title.clone()).crumb_named(address(&known.key()), known.title.clone()),
        None => frame(ctx, ctx.words().say("earlier-new")).crumb("", "earlier-new"),
    };
    let page = FormPage {
        wrongs: Wrongs { f: &f, faults },
        theirs: known.zip(mine).map(|(known, mine)| Difference::between(&f, &text(known), &text(mine))),
        // What the writer saw stays what they saw, until the page shows them something else.
        base: match known {
            Some(_) if mine.is_none() && form.has(BASE) => form.text(BASE).to_owned(),
            known => known.map(fingerprint).unwrap_or_default(),
        },
        action: address(&known.map_or_else(|| "new".to_owned(), EarlierPlan::key)),
        fields: fields(&f, known, form, faults),
        keeps: keeps(ctx),
        removal: known.map(|known| format!("{}/removal", address(&known.key()))),
        f: &f,
    };
    let mut response = Page(page).into_response();
    *response.status_mut() = match mine {
        Some(_) => StatusCode::CONFLICT,
        None if !faults.is_empty() => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    response
}

/// A plan as its form says it.
fn text(plan: &EarlierPlan) -> String {
    let head = [plan.title.clone(), plan.key(), plan.summary.clone()];
    head.into_iter().chain(plan.lines.iter().map(written)).collect::<Vec<_>>().join("\n")
}

/// What a plan says, in a few letters: another has others.
fn fingerprint(plan: &EarlierPlan) -> String {
    hex(&Sha256::digest(text(plan))[..12])
}

fn fields(f: &Frame, known: Option<&EarlierPlan>, form: &Form, faults: &Faults) -> Vec<Field> {
    let now = i32::from(f.ctx.fiscal_year());
    let years = |chosen: i32| {
        let years = FiscalYear::new(FIRST).through(FiscalYear::new(now));
        years
            .map(|year| choice(i32::from(year).to_string(), f.ctx.long_year(year), i32::from(year) == chosen))
            .collect()
    };
    let period = known.map_or(Period { from: now - 5, to: now - 1 }, |known| known.period);
    let lines = known.map(|known| known.lines.iter().map(written).collect::<Vec<_>>().join("\n"));
    vec![
        Field::line("title", f.t("earlier-title"))
            .need(f)
            .hint(f.t("earlier-title-hint"))
            .most(MOST_TITLE)
            .value(known.map(|known| known.title.clone()).unwrap_or_default())
            .japanese(f)
            .heard(form, faults),
        Field::select("from", f.t("earlier-from"), years(period.from)).need(f).heard(form, faults),
        Field::select("to", f.t("earlier-to"), years(period.to)).need(f).heard(form, faults),
        Field::lines("summary", f.t("earlier-summary"), 3)
            .counted(MOST_SUMMARY)
            .value(known.map(|known| known.summary.clone()).unwrap_or_default())
            .japanese(f)
            .heard(form, faults),
        Field::lines("lines", f.t("earlier-lines"), 12)
            .hint(f.t("earlier-lines-hint"))
            .value(lines.unwrap_or_default())
            .japanese(f)
            .heard(form, faults),
    ]
}

async fn put(ctx: &Ctx, key: Option<&str>, form: &Form) -> Result<Response> {
    let (f, mut faults) = (frame(ctx, String::new()), Faults::default());
    let (plan_id, plan) = kept::plan(ctx).await?;
    let read = heard(&f, &plan, form, &mut faults);
    // First, so that a form sent twice leads to where the first one led, whatever that made of the plan.
    let mut change = ctx.change(form).await?;
    city::bump_revision(&mut change.tx).await?;
    let now = store::earlier_plans_now(&mut change.tx, plan_id).await?;
    let known = key.map(|key| written_among(&now, key)).transpose()?;
    let is_other = |one: &&EarlierPlan| known.is_none_or(|known| known.key() != one.key());
    if now.iter().filter(is_other).any(|one| one.key() == read.key()) {
        faults.add("to", f.t("earlier-years-taken"));
    }
    if now.iter().filter(is_other).any(|one| one.title == read.title) {
        faults.add("title", f.t("earlier-title-taken"));
    }
    if !faults.is_empty() {
        drop(change);
        return Ok(page(ctx, known, None, form, &faults));
    }
    if let Some(known) = known {
        if fingerprint(known) != form.text(BASE) {
            drop(change);
            faults.add("lines", f.t("earlier-overtaken"));
            return Ok(page(ctx, Some(known), Some(&read), form, &faults));
        }
        store::drop_earlier(&mut change.tx, plan_id, &known.key()).await?;
    }
    store::put_earlier(&mut change.tx, plan_id, &read).await?;
    let detail =
        json!({ "name": read.title, "from": read.period.from, "to": read.period.to, "lines": read.lines.len() });
    ctx.trail().note(&mut change.tx, Entry::new("plan.earlier-written", "plan").detail(detail)).await?;
    change.done(EARLIER, "said-earlier-written").await
}

/// `POST /desk/plan/earlier/{period}/removal`
async fn remove(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    if form.text("sure") != "yes" {
        return Ok(led_to(&format!("{}#removal", address(&key)), "said-editing-unsure", ctx.house.settings.https));
    }
    let (plan_id, _) = kept::plan(&ctx).await?;
    let mut change = ctx.change(&form).await?;
    city::bump_revision(&mut change.tx).await?;
    let now = store::earlier_plans_now(&mut change.tx, plan_id).await?;
    let known = written_among(&now, &key)?;
    if fingerprint(known) != form.text(BASE) {
        drop(change);
        return Ok(led_to(&address(&key), "said-earlier-elsewhere", ctx.house.settings.https));
    }
    store::drop_earlier(&mut change.tx, plan_id, &key).await?;
    let detail = json!({ "name": known.title, "from": known.period.from, "to": known.period.to });
    ctx.trail().note(&mut change.tx, Entry::new("plan.earlier-removed", "plan").detail(detail)).await?;
    change.done(EARLIER, "said-earlier-removed").await
}

// --- what was typed -----------------------------------------------------------------------------------------

fn heard(f: &Frame, plan: &Plan, form: &Form, faults: &mut Faults) -> EarlierPlan {
    let title = single(form.text("title"));
    if title.is_empty() {
        faults.add("title", f.t("earlier-title-missing"));
    } else if title.chars().count() > MOST_TITLE {
        faults.add("title", f.n("editing-title-long", MOST_TITLE));
    } else if title == plan.title {
        faults.add("title", f.t("earlier-title-stands"));
    }
    let now = i32::from(f.ctx.fiscal_year());
    let mut year = |name: &str| {
        let year = form.text(name).parse::<i32>().ok().filter(|year| (FIRST..=now).contains(year));
        if year.is_none() {
            faults.add(name, f.t("earlier-year-missing"));
        }
        year.unwrap_or_default()
    };
    let period = Period { from: year("from"), to: year("to") };
    if period.from > period.to {
        faults.add("to", f.t("earlier-years-turned"));
    }
    let summary = form.text("summary").to_owned();
    if summary.chars().count() > MOST_SUMMARY {
        faults.add("summary", f.n("editing-title-long", MOST_SUMMARY));
    }
    let lines = match read(form.raw("lines")) {
        Ok(lines) => lines,
        Err((line, fault)) => {
            faults.add("lines", f.with(fault, &[("line", &line.to_string())]));
            Vec::new()
        }
    };
    EarlierPlan { title, period, summary, lines, source: Source::Desk }
}

/// The lines that were typed, or pasted from a spreadsheet: code, title, departments and what came of it, between ／ or
/// tabs; a title alone; one space of a full width before a line for each level it stands below the top. The first fault is
/// told by its line.
fn read(text: &str) -> std::result::Result<Vec<EarlierLine>, (usize, &'static str)> {
    let mut lines: Vec<EarlierLine> = Vec::new();
    let mut ordinals: Vec<u32> = Vec::new();
    let typed = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    for (number, line) in typed {
        if lines.len() == MOST_LINES {
            return Err((number, "earlier-lines-many"));
        }
        let level = 1 + line.chars().take_while(|c| *c == '　').count();
        if level > ordinals.len() + 1 {
            return Err((number, "earlier-lines-deep"));
        }
        let line = line.trim_matches(|c: char| c == '　' || c == ' ');
        let between = if line.contains('\t') { '\t' } else { '／' };
        let parts: Vec<String> = line.split(between).map(single).collect();
        let part = |at: usize| parts.get(at).cloned().unwrap_or_default();
        let (code, title) = if parts.len() == 1 { (String::new(), part(0)) } else { (part(0), part(1)) };
        if title.is_empty() || parts.len() > 4 {
            return Err((number, "earlier-lines-shape"));
        }
        if title.chars().count() > MOST_TITLE {
            return Err((number, "earlier-lines-long"));
        }
        ordinals.truncate(level);
        match ordinals.get_mut(level - 1) {
            Some(ordinal) => *ordinal += 1,
            None => ordinals.push(1),
        }
        let departments = part(2).split(['、', '・', ',', '，']).map(single).filter(|one| !one.is_empty()).collect();
        lines.push(EarlierLine {
            key: ordinals.iter().map(u32::to_string).collect::<Vec<_>>().join("-"),
            code,
            title,
            said: Said { level, outcome: part(3), departments, ..Said::default() },
            node: None,
        });
    }
    Ok(lines)
}

/// A line as it is typed.
fn written(line: &EarlierLine) -> String {
    let departments = line.said.departments.join("、");
    let all = [line.code.as_str(), line.title.as_str(), &departments, line.said.outcome.as_str()];
    let between = if all.iter().any(|part| part.contains('／')) { "\t" } else { "／" };
    let last = all.iter().rposition(|part| !part.is_empty()).unwrap_or_default();
    let parts = if last <= 1 && line.code.is_empty() { &all[1..=1] } else { &all[..=last.max(1)] };
    format!("{}{}", "　".repeat(line.said.level.saturating_sub(1)), parts.join(between))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_pasted_from_a_spreadsheet_is_read() {
        let lines = read("(1)\t人づくり\n　①\t鶴を折る\t折り鶴課、広場課\t千羽になった\n\nだれでも折れる紙").unwrap();
        let told: Vec<_> =
            lines.iter().map(|line| (line.key.as_str(), line.code.as_str(), line.title.as_str())).collect();
        assert_eq!(told, [("1", "(1)", "人づくり"), ("1-1", "①", "鶴を折る"), ("2", "", "だれでも折れる紙")]);
        assert_eq!(lines[1].said.departments, ["折り鶴課", "広場課"]);
        assert_eq!(lines[1].said.outcome, "千羽になった");
    }

    #[test]
    fn a_fault_is_told_by_its_line() {
        assert_eq!(read("一つ目\n　　深すぎる"), Err((2, "earlier-lines-deep")));
        assert_eq!(read("一つ目\n\n(2)／"), Err((3, "earlier-lines-shape")));
        assert_eq!(read("a／b／c／d／e"), Err((1, "earlier-lines-shape")));
    }

    proptest! {
        #[test]
        fn what_is_shown_in_the_form_is_read_again(
            lines in prop::collection::vec(("[0-9]{0,2}", "[あ-ん]{1,5}", prop::collection::vec("[ア-ン]{1,3}", 0..3), "[あ-ん]{0,5}"), 0..8),
        ) {
            let lines: Vec<EarlierLine> = (1..).zip(lines).map(|(at, (code, title, departments, outcome)): (u32, _)| EarlierLine {
                key: at.to_string(),
                code,
                title,
                said: Said { level: 1, outcome, departments, ..Said::default() },
                node: None,
            }).collect();
            let text: Vec<String> = lines.iter().map(written).collect();
            prop_assert_eq!(read(&text.join("\n")), Ok(lines));
        }
    }
}
