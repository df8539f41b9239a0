//! `/desk/plan/evaluations/{year}`: the committee's list. A member sees what they have done and what is left, the office how
//! far the members and the meeting are.

use std::collections::HashSet;

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::Days;
use kyodo_kernel::drafts;
use kyodo_kernel::people::Role;
use kyodo_web::components::{Choice, Field, Shape, Status, Wrongs, choice};
use kyodo_web::filters;
use kyodo_web::sheet::{Cell, Sheet, SheetFormat};
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Html, KeyPath, Page, Params, Result, Wrong};

use super::list::stage_status;
use super::publication::seen;
use super::{Member, Open, by_node, grade_words, is_member, members, opening, review_name};
use crate::desk::rounds::list::runs;
use crate::desk::rounds::year;
use crate::evaluation::{DAYS_TO_ANSWER, Evaluation, Remark, ReviewStage};
use crate::node::Node;
use crate::pages::measure::graded;
use crate::progress::{Progress, of_year};
use crate::store::{self, MemberRemark};
use crate::view::status_in;

#[derive(Template)]
#[template(path = "desk/evaluation.html")]
struct ReviewPage<'a> {
    f: &'a Frame,
    name: String,
    status: Status,
    body: &'a str,
    due: String,
    note: &'a str,
    wrongs: Wrongs<'a>,
    /// How far a member is, or the meeting: so many of so many.
    done: usize,
    of: usize,
    told: String,
    /// What whoever asks begins or goes on with.
    first: Option<String>,
    filters: Vec<Choice>,
    filtered: bool,
    clear: String,
    measure: &'a str,
    rows: Vec<Row>,
    count: String,
    csv: String,
    xlsx: String,
    member: bool,
    office: Option<Office>,
}

struct Row {
    code: String,
    title: Html,
    href: String,
    reported: Option<Status>,
    grade: String,
    state: Status,
    /// How many members have written, for the office.
    members: String,
    act: String,
}

/// What the office sees and can do.
struct Office {
    runs: bool,
    days: Option<String>,
    comments: Option<String>,
    reminders: Option<String>,
    remind: String,
    /// Each member with how much they have done.
    members: Vec<(String, String)>,
    whole: Vec<Whole>,
    whole_new: Option<String>,
    publication: Option<Publication>,
}

/// An opinion of the year as a whole.
struct Whole {
    comment: Html,
    href: String,
    state: Status,
}

struct Publication {
    action: String,
    /// What becomes public, as it stood when the page was made.
    seen: Vec<String>,
    /// How many opinions become public, and of how many items the meeting says nothing.
    told: Vec<String>,
    answer_by: Field,
    sure: String,
}

/// A line of the list.
struct Line<'a> {
    node: &'a Node,
    own: Option<&'a MemberRemark>,
    drafted: bool,
    wrote: usize,
    said: Option<&'a Evaluation>,
}

impl Line<'_> {
    /// Whether whoever asks has done what is theirs.
    fn is_done(&self, member: bool) -> bool {
        if member { self.own.is_some() } else { self.said.is_some() }
    }
}

/// `GET /desk/plan/evaluations/{year}`
pub(super) async fn review(ctx: Ctx, KeyPath(of): KeyPath, params: Params) -> Result<Response> {
    let (plan_id, _) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let wanted = year(&of)?;
    if store::review(&ctx.db, plan_id, wanted).await?.is_none() {
        return if runs(&ctx) { opening::form(&ctx, wanted).await } else { Err(Error::NotFound) };
    }
    let open = Open::load(&ctx, &of).await?;
    let f = open.frame(&ctx, review_name(&ctx, &open.review));
    answer(&f, &open, &params, &Form::default(), &Faults::default(), false).await
}

/// The same page with what is wrong with a publication.
pub(super) async fn wrong(ctx: &Ctx, open: &Open, form: &Form, found: &[(&str, &str)]) -> Result<Response> {
    let f = open.frame(ctx, review_name(ctx, &open.review));
    let mut faults = Faults::default();
    for (field, message) in found {
        faults.add(*field, f.t(message));
    }
    answer(&f, open, &Params::default(), form, &faults, true).await
}

async fn answer(
    f: &Frame,
    open: &Open,
    params: &Params,
    form: &Form,
    faults: &Faults,
    wrong: bool,
) -> Result<Response> {
    let ctx = &f.ctx;
    let person = ctx.person()?;
    let (review, outline) = (&open.review, &open.plan.outline);
    let items = open.items(ctx).await?;
    let remarks = store::remarks(&ctx.db, review.id).await?;
    let meeting = store::meeting(&ctx.db, open.plan_id, review.year).await?;
    let reports = store::progress(&ctx.db, open.plan_id).await?;
    let mine = drafts::mine(&ctx.db, person.id).await?;
    let begun: HashSet<&str> = mine.iter().map(|draft| draft.subject.as_str()).collect();
    let members = members(ctx, &remarks).await?;
    let here = by_node(&remarks);
    // Whoever is both works through the list as a member while it is open, and for the meeting after it.
    let member = is_member(ctx) && (review.is_open(ctx.today) || !runs(ctx));
    let line = |(node, _): &'_ (Node, i64)| -> (Option<&MemberRemark>, usize) {
        let said = here.get(&node.id).map_or(&[][..], Vec::as_slice);
        (said.iter().find(|one| one.account == person.id).copied(), said.len())
    };
    let all: Vec<Line<'_>> = items
        .iter()
        .map(|item| {
            let (own, wrote) = line(item);
            let node = &item.0;
            Line {
                node,
                own,
                wrote,
                drafted: begun.contains(format!("{}/{}", open.subject(), node.real_key()).as_str()),
                said: meeting.iter().find(|said| said.node == Some(node.id)),
            }
        })
        .collect();
    let asked = params.get("state").unwrap_or_default();
    let shown: Vec<&Line<'_>> = all
        .iter()
        .filter(|line| match asked {
            "todo" => !line.is_done(member),
            "done" => line.is_done(member),
            _ => true,
        })
        .collect();
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheet(f, open, &reports, &shown, member).download(format)?.into_response());
    }
    let done = all.iter().filter(|line| line.is_done(member)).count();
    let first = all
        .iter()
        .find(|line| !line.is_done(member))
        .filter(|_| if member { review.is_open(ctx.today) } else { review.is_told(ctx.today) && runs(ctx) });
    let office = (runs(ctx) || person.holds(Role::Auditor))
        .then(|| office(f, open, &all, &remarks, &members, &meeting, (form, faults)));
    let page = ReviewPage {
        name: review_name(ctx, review),
        status: stage_status(f, review.stage(ctx.today)),
        body: &review.body,
        due: f.day(review.due_on),
        note: &review.note,
        wrongs: Wrongs { f, faults },
        done,
        of: all.len(),
        told: f.tell(
            if member { "evaluation-done-of" } else { "evaluation-said-of" },
            &[("n", done.into()), ("of", all.len().into())],
        ),
        first: first.map(|line| review.item(line.node.real_key(), "")),
        filters: vec![
            choice("todo", f.t(if member { "evaluation-todo" } else { "evaluation-unspoken" }), asked == "todo"),
            choice("done", f.t(if member { "evaluation-done" } else { "evaluation-spoken" }), asked == "done"),
        ],
        filtered: !params.has_none_of(&["state"]),
        clear: review.address(""),
        measure: outline.level_name(outline.levels.len()),
        rows: shown.iter().map(|line| row(f, open, &reports, line, member, members.len())).collect(),
        count: f.tell(
            "measures-count",
            &[("n", shown.len().into()), ("level", outline.level_name(outline.levels.len()).into())],
        ),
        csv: format!("?{}", params.with("format", "csv")),
        xlsx: format!("?{}", params.with("format", "xlsx")),
        member,
        office,
        f,
    };
    Ok(if wrong { Wrong(page).into_response() } else { Page(page).into_response() })
}

fn of_year_of<'r>(open: &Open, reports: &'r [Progress], node: &Node) -> Option<&'r Progress> {
    reports.iter().find(|report| report.node == node.id && report.year == open.review.year)
}

fn row(f: &Frame, open: &Open, reports: &[Progress], line: &Line<'_>, member: bool, members: usize) -> Row {
    let (review, outline, node) = (&open.review, &open.plan.outline, line.node);
    let report = of_year_of(open, reports, node);
    let standing = report.and_then(|report| of_year(node.planned(report.year), report.mark.as_deref(), outline));
    let reported = standing.map(|standing| status_in(f, review.year, standing));
    let act = match (member, line.is_done(member)) {
        (true, false) if review.is_open(f.ctx.today) => "evaluation-act",
        (true, true) if review.is_open(f.ctx.today) => "evaluation-act-again",
        (false, false) if review.is_told(f.ctx.today) && runs(&f.ctx) => "evaluation-act-say",
        _ => "desk-look",
    };
    Row {
        code: node.code.clone(),
        title: f.phrases(&node.title),
        href: review.item(node.real_key(), ""),
        reported,
        grade: report
            .and_then(|report| report.grade.as_deref())
            .map(|grade| graded(f, outline, grade))
            .unwrap_or_default(),
        state: state(f, open, line, member),
        members: f.tell("evaluation-members-of", &[("n", line.wrote.into()), ("of", members.into())]),
        act: f.t(act),
    }
}

fn state(f: &Frame, open: &Open, line: &Line<'_>, member: bool) -> Status {
    let outline = &open.plan.outline;
    if member {
        return match line.own {
            Some(own) => {
                let grade = own.remark.given().unwrap_or_default();
                Status {
                    shape: Shape::Done,
                    word: [f.t("evaluation-done"), grade.to_owned()].join(" ").trim().to_owned(),
                }
            }
            None if line.drafted => Status { shape: Shape::Part, word: f.t("evaluation-begun") },
            None => Status { shape: Shape::None, word: f.t("evaluation-todo") },
        };
    }
    match line.said {
        Some(said) if said.published_on.is_some() => Status { shape: Shape::Done, word: f.t("stage-published") },
        Some(said) => {
            let grade = said.grade.as_deref().map(|grade| graded(f, outline, grade)).unwrap_or_default();
            Status { shape: Shape::Ok, word: [f.t("evaluation-spoken"), grade].join(" ").trim().to_owned() }
        }
        None => Status { shape: Shape::None, word: f.t("evaluation-unspoken") },
    }
}

fn office(
    f: &Frame,
    open: &Open,
    all: &[Line<'_>],
    remarks: &[MemberRemark],
    members: &[Member],
    meeting: &[Evaluation],
    (form, faults): (&Form, &Faults),
) -> Office {
    let (review, ctx) = (&open.review, &f.ctx);
    let runs = runs(ctx);
    let stage = review.stage(ctx.today);
    let done = |member: &Member| remarks.iter().filter(|one| one.account == member.account).count();
    let behind = members.iter().filter(|member| member.left(remarks, all.len()) > 0).count();
    let whole = meeting.iter().filter(|said| said.node.is_none());
    let unpublished: Vec<&Evaluation> = meeting.iter().filter(|said| said.published_on.is_none()).collect();
    let unsaid = all.iter().filter(|line| line.said.is_none()).count();
    Office {
        runs,
        days: (runs && stage != ReviewStage::Published).then(|| review.address("/days")),
        comments: review.is_told(ctx.today).then(|| review.address("/comments")),
        reminders: (runs && stage == ReviewStage::Open && behind > 0).then(|| review.address("/reminders")),
        remind: f.n("evaluation-remind", behind),
        members: members
            .iter()
            .map(|member| {
                let told = f.tell("evaluation-done-of", &[("n", done(member).into()), ("of", all.len().into())]);
                (member.name.clone(), told)
            })
            .collect(),
        whole: whole
            .map(|said| Whole {
                comment: f.prose(&said.comment),
                href: review.address(&format!("/whole/{}", said.id)),
                state: match said.published_on {
                    Some(_) => Status { shape: Shape::Done, word: f.t("stage-published") },
                    None => Status { shape: Shape::Ok, word: f.t("evaluation-spoken") },
                },
            })
            .collect(),
        whole_new: runs.then(|| review.address(&format!("/whole/{}", super::speech::NEW))),
        publication: (runs && !unpublished.is_empty()).then(|| Publication {
            action: review.address("/publication"),
            seen: unpublished.iter().map(|said| seen(said)).collect(),
            told: [
                Some(f.n("evaluation-publish-count", unpublished.len())),
                (unsaid > 0).then(|| f.n("evaluation-publish-without", unsaid)),
                (stage == ReviewStage::Open).then(|| f.t("evaluation-publish-early")),
            ]
            .into_iter()
            .flatten()
            .collect(),
            answer_by: Field::line("answer", f.t("evaluation-answer-by"))
                .hint(f.t("evaluation-answer-by-hint"))
                .need(f)
                .value(kyodo_wareki::short_date(ctx.today + Days::new(DAYS_TO_ANSWER)))
                .heard(form, faults),
            sure: faults.of("sure").unwrap_or_default().to_owned(),
        }),
    }
}

/// Exactly what the list shows: a member's own words beside what the department reported, or what the meeting says.
fn sheet(f: &Frame, open: &Open, reports: &[Progress], shown: &[&Line<'_>], member: bool) -> Sheet {
    let ctx = &f.ctx;
    let heads = [
        "sheet-key",
        "round-sheet-title",
        "fact-departments",
        "round-mark",
        "evaluation-sheet-reported",
        "round-text",
        "evaluation-grade",
        if member { "evaluation-comment" } else { "evaluation-opinion" },
    ];
    let row = |line: &&Line<'_>| -> Vec<Cell> {
        let report = of_year_of(open, reports, line.node);
        let said = if member {
            line.own.map(|own| own.remark.clone())
        } else {
            line.said.map(|said| Remark::stored(said.grade.clone(), said.comment.clone()))
        };
        let known = line.node.departments.iter().filter_map(|key| ctx.state.department(key));
        let names: Vec<&str> = known.map(|department| department.name.as_str()).collect();
        vec![
            line.node.key.clone().into(),
            [line.node.code.as_str(), line.node.title.as_str()].join(" ").trim().to_owned().into(),
            names.join(&f.t("list-comma")).into(),
            report.and_then(|report| report.mark.clone()).into(),
            report.and_then(|report| report.grade.clone()).into(),
            report.map(|report| report.text.clone()).into(),
            said.as_ref().map(|said| grade_words(f, &open.plan.outline, said)).into(),
            said.map(|said| said.comment).into(),
        ]
    };
    Sheet {
        name: format!("{}_{}", ctx.state.profile.name, review_name(ctx, &open.review)),
        heads: heads.iter().map(|head| f.t(head)).collect(),
        rows: shown.iter().map(row).collect(),
    }
}
