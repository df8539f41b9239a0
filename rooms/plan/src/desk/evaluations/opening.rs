//! The office opens the evaluation of a year: the committee's name, its days, what is on its list; and changes them.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{Days, NaiveDate};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::notices;
use kyodo_web::components::{Choice, Field, Wrongs, choice};
use kyodo_web::filters;
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, KeyPath, Page, Result, Wrong, format};
use serde_json::json;

use super::{Open, review_name, sitting, subject};
use crate::desk::rounds::list::runs;
use crate::desk::rounds::{day_of, year};
use crate::evaluation::{REVIEWS, Review, committee};
use crate::node::Node;
use crate::pages::code;
use crate::store::{self, ReviewPlan};
use crate::view::{Whole, in_japanese};

/// How many characters the committee's name and the note take.
const MOST_BODY: usize = 60;
const MOST_NOTE: usize = 500;

#[derive(Template)]
#[template(path = "desk/evaluation-days.html")]
struct DaysPage<'a> {
    f: &'a Frame,
    lead: String,
    wrongs: Wrongs<'a>,
    action: String,
    fields: Vec<Field>,
    all: bool,
    groups: Vec<Group>,
    missing: String,
    /// None for those who only look.
    button: Option<String>,
    back: String,
}

/// The measures of a policy that can be on the list.
struct Group {
    title: String,
    items: Vec<Choice>,
}

/// What stands in the form before anything is typed.
struct Stands {
    body: String,
    opens: NaiveDate,
    due: NaiveDate,
    note: String,
    /// The numbers of the nodes on the list; none for all.
    nodes: Option<Vec<i64>>,
}

/// The measures of a year of which something is public, in the plan's order: the plan is that of the year.
fn candidates(whole: &Whole, year: FiscalYear) -> Vec<&Node> {
    whole.measures().filter(|node| !node.is_alias() && whole.report(node, year).is_some()).collect()
}

/// The page on which the office opens a year that has no evaluation yet.
pub(super) async fn form(ctx: &Ctx, of: FiscalYear) -> Result<Response> {
    let whole = Whole::load_of(ctx, of).await?;
    if candidates(&whole, of).is_empty() {
        return Err(Error::NotFound);
    }
    let (f, faults) = (opening_frame(ctx, of), Faults::default());
    Ok(Page(page(&f, &whole, of, None, &first(&f, &whole), &Form::default(), &faults)).into_response())
}

fn opening_frame(ctx: &Ctx, of: FiscalYear) -> Frame {
    let title = ctx.words().with("evaluation-open-year", [("year", ctx.long_year(of))]);
    let f = ctx.frame(title.clone()).crumb("/desk", "nav-desk").crumb(REVIEWS, "nav-desk-evaluations");
    f.crumb_named(String::new(), title).at_desk()
}

fn first(f: &Frame, whole: &Whole) -> Stands {
    let today = f.ctx.today;
    Stands {
        body: committee(&whole.plan.outline).map_or_else(|| f.t("evaluation-committee"), str::to_owned),
        opens: today,
        due: today + Days::new(28),
        note: String::new(),
        nodes: None,
    }
}

/// `POST /desk/plan/evaluations/{year}`: opens the year, and tells every member.
pub(super) async fn open(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let of = year(&of)?;
    let whole = Whole::load_of(&ctx, of).await?;
    let known = candidates(&whole, of);
    if known.is_empty() {
        return Err(Error::NotFound);
    }
    let f = opening_frame(&ctx, of);
    let mut faults = Faults::default();
    let new = heard(&f, &form, &known, of, &mut faults);
    // Who is asked has a day left; an evaluation that is open ends whenever the office says so.
    if new.as_ref().is_some_and(|new| new.due_on < ctx.today) {
        faults.add("due", f.t("evaluation-answer-past"));
    }
    let Some(new) = new.filter(|_| faults.is_empty()) else {
        return Ok(Wrong(page(&f, &whole, of, None, &first(&f, &whole), &form, &faults)).into_response());
    };
    let mut change = ctx.change(&form).await?;
    let address = format!("{REVIEWS}/{}", i32::from(of));
    if store::open_review(&mut change.tx, whole.id, of, &new).await?.is_none() {
        return change.done(&address, "said-evaluation-there").await;
    }
    let review = Review {
        id: 0,
        year: of,
        body: new.body.clone(),
        opens_on: new.opens_on,
        due_on: new.due_on,
        note: new.note.clone(),
        published_at: None,
    };
    let detail = json!({ "items": new.nodes.len(), "due": new.due_on });
    ctx.trail().note(&mut change.tx, Entry::new("evaluation.opened", subject(&review)).detail(detail)).await?;
    let told = in_japanese(&ctx);
    let day = |day| format::day(day, told.language);
    let (name, n) = (review_name(&told, &review), new.nodes.len().to_string());
    let (opens, due) = (day(new.opens_on), day(new.due_on));
    let said = [("evaluation", name.as_str()), ("opens", opens.as_str()), ("due", due.as_str()), ("n", n.as_str())];
    for member in sitting(&ctx.db, ctx.today).await? {
        notices::tell(&mut change.tx, member.account, "notice-evaluation-opened", &said, &address, ctx.now).await?;
    }
    change.done(&address, "said-evaluation-opened").await
}

/// `GET /desk/plan/evaluations/{year}/days`
pub(super) async fn days(ctx: Ctx, KeyPath(of): KeyPath) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    let (whole, stands) = standing(&ctx, &open).await?;
    let (f, faults) = (days_frame(&ctx, &open), Faults::default());
    let page = page(&f, &whole, open.review.year, Some(&open.review), &stands, &Form::default(), &faults);
    Ok(Page(page).into_response())
}

/// `POST /desk/plan/evaluations/{year}/days`
pub(super) async fn change(ctx: Ctx, KeyPath(of): KeyPath, form: Form) -> Result<Response> {
    let open = Open::load(&ctx, &of).await?;
    let (whole, stands) = standing(&ctx, &open).await?;
    let f = days_frame(&ctx, &open);
    let known = candidates(&whole, open.review.year);
    let mut faults = Faults::default();
    let Some(new) = heard(&f, &form, &known, open.review.year, &mut faults) else {
        let page = page(&f, &whole, open.review.year, Some(&open.review), &stands, &form, &faults);
        return Ok(Wrong(page).into_response());
    };
    let mut change = ctx.change(&form).await?;
    if !store::change_review(&mut change.tx, &open.review, &new).await? {
        drop(change);
        return Ok(led_to(&open.review.address(""), "said-evaluation-public", ctx.house.settings.https));
    }
    let detail = json!({ "items": new.nodes.len(), "opens": new.opens_on, "due": new.due_on });
    ctx.trail().note(&mut change.tx, Entry::new("evaluation.changed", open.subject()).detail(detail)).await?;
    change.done(&open.review.address(""), "said-evaluation-changed").await
}

fn days_frame(ctx: &Ctx, open: &Open) -> Frame {
    open.frame(ctx, ctx.words().say("evaluation-days")).crumb("", "evaluation-days")
}

async fn standing(ctx: &Ctx, open: &Open) -> Result<(Whole, Stands)> {
    let whole = Whole::load_of(ctx, open.review.year).await?;
    let items = store::review_items(&ctx.db, open.review.id).await?;
    let review = &open.review;
    let stands = Stands {
        body: review.body.clone(),
        opens: review.opens_on,
        due: review.due_on,
        note: review.note.clone(),
        nodes: Some(items.into_keys().collect()),
    };
    Ok((whole, stands))
}

fn page<'a>(
    f: &'a Frame,
    whole: &Whole,
    of: FiscalYear,
    review: Option<&Review>,
    stands: &Stands,
    form: &Form,
    faults: &'a Faults,
) -> DaysPage<'a> {
    let day = |name: &'static str, day: NaiveDate| {
        Field::line(name, f.t(&format!("evaluation-{name}")))
            .hint(f.t(&format!("evaluation-{name}-hint")))
            .need(f)
            .value(kyodo_wareki::short_date(day))
            .heard(form, faults)
    };
    let fields = vec![
        Field::line("body", f.t("evaluation-body"))
            .hint(f.t("evaluation-body-hint"))
            .need(f)
            .most(MOST_BODY)
            .value(&stands.body)
            .japanese(f)
            .heard(form, faults),
        day("opens", stands.opens),
        day("due", stands.due),
        Field::lines("note", f.t("evaluation-note"), 3)
            .hint(f.t("evaluation-note-hint"))
            .value(&stands.note)
            .japanese(f)
            .heard(form, faults),
    ];
    let known = candidates(whole, of);
    let typed = form.has("which");
    let chosen = |node: &Node| match (&stands.nodes, typed) {
        (_, true) => form.all("item").any(|key| key == node.key),
        (Some(nodes), false) => nodes.contains(&node.id),
        (None, false) => false,
    };
    let everything = || stands.nodes.as_ref().is_none_or(|nodes| known.iter().all(|node| nodes.contains(&node.id)));
    let level = whole.measure_name();
    DaysPage {
        lead: match review {
            Some(_) => f.t("evaluation-days-note"),
            None => f.with("evaluation-open-note", &[("level", level)]),
        },
        wrongs: Wrongs { f, faults },
        action: format!("{REVIEWS}/{}{}", i32::from(of), if review.is_some() { "/days" } else { "" }),
        fields,
        all: if typed { form.text("which") == "all" } else { everything() },
        groups: groups(whole, &known, chosen),
        missing: faults.of("which").unwrap_or_default().to_owned(),
        button: runs(&f.ctx)
            .then(|| f.t(if review.is_some() { "round-days-button" } else { "evaluation-open-button" })),
        back: review.map_or_else(|| REVIEWS.to_owned(), |review| review.address("")),
        f,
    }
}

fn groups(whole: &Whole, known: &[&Node], chosen: impl Fn(&Node) -> bool) -> Vec<Group> {
    let outline = &whole.plan.outline;
    let mut groups: Vec<(&str, Group)> = Vec::new();
    for node in known {
        let top = whole.tree.top(&node.key);
        if groups.last().is_none_or(|(key, _)| *key != top) {
            let policy = whole.policies().find(|policy| policy.key == top && whole.depth() > 1);
            let title = policy.map(|policy| [code(outline, policy), policy.title.clone()].join(" ").trim().to_owned());
            let title = title.unwrap_or_else(|| whole.measure_name().to_owned());
            groups.push((top, Group { title, items: Vec::new() }));
        }
        let label = [code(outline, node), node.title.clone()].join(" ").trim().to_owned();
        if let Some((_, group)) = groups.last_mut() {
            group.items.push(choice(&node.key, label, chosen(node)));
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// What was typed, if nothing of it is wrong.
fn heard(f: &Frame, form: &Form, known: &[&Node], of: FiscalYear, faults: &mut Faults) -> Option<ReviewPlan> {
    let body = form.text("body");
    if body.is_empty() {
        faults.add("body", f.t("evaluation-body-missing"));
    } else if body.chars().count() > MOST_BODY {
        faults.add("body", f.n("report-note-long", body.chars().count() - MOST_BODY));
    }
    let opens = day_of(f, form, faults, "opens");
    let due = day_of(f, form, faults, "due");
    if opens.is_some_and(|opens| opens < of.first_day()) {
        faults.add("opens", f.t("evaluation-opens-early"));
    }
    if opens.zip(due).is_some_and(|(opens, due)| due < opens) {
        faults.add("due", f.t("round-due-early"));
    }
    let note = form.text("note");
    if note.chars().count() > MOST_NOTE {
        faults.add("note", f.n("round-note-long", note.chars().count() - MOST_NOTE));
    }
    let all = form.text("which") == "all";
    let chosen = known.iter().filter(|node| all || form.all("item").any(|key| key == node.key));
    let nodes: Vec<i64> = chosen.map(|node| node.id).collect();
    if nodes.is_empty() {
        faults.add("which", f.t("evaluation-items-missing"));
    }
    let (opens_on, due_on) = (opens?, due?);
    let plan = ReviewPlan { body: body.to_owned(), opens_on, due_on, note: note.to_owned(), nodes };
    faults.is_empty().then_some(plan)
}
