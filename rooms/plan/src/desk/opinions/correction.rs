//! What is public of an opinion or of its answer is corrected in public: with a reason, and what it said before stays to be
//! seen.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::{city, notices};
use kyodo_web::components::{Field, Wrongs, choice};
use kyodo_web::filters;
use kyodo_web::form::led_to;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Html, KeyPath, Page, Result, Wrong};
use serde_json::json;

use super::Asked;
use super::answer::{MOST_NOTE, writers};
use crate::desk::BASE;
use crate::desk::rounds::Hands;
use crate::desk::rounds::list::runs;
use crate::evaluation::{CANNOT_SAY, Evaluation, Kind, MOST_REMARK, Remark, RemarkFault, fingerprint};
use crate::pages::measure::graded;
use crate::pages::opinion::answer_name;
use crate::round::tidied;
use crate::store;
use crate::view::in_japanese;
use crate::voice::is_blacked_out;

#[derive(Template)]
#[template(path = "desk/correction.html")]
struct CorrectionPage<'a> {
    f: &'a Frame,
    code: String,
    title: Html,
    wrongs: Wrongs<'a>,
    action: String,
    base: String,
    fields: Vec<Field>,
    corrects: bool,
    back: String,
}

/// What was seen, in a few letters.
pub(super) fn seen(said: &Evaluation) -> String {
    let answer = said.answer.as_ref().map(|answer| answer.text.as_str()).unwrap_or_default();
    fingerprint(&[said.grade.as_deref().unwrap_or_default(), &said.comment, answer])
}

/// `GET …/correction`
pub(super) async fn form(ctx: Ctx, KeyPath(id): KeyPath) -> Result<Response> {
    let asked = Asked::load(&ctx, &id).await?;
    if asked.opinion.withdrawn_on.is_some() {
        return Err(Error::NotFound);
    }
    let (f, faults) = (asked.frame(&ctx).crumb("", "correction"), Faults::default());
    Ok(Page(page(&asked, &f, None, &faults)).into_response())
}

/// `POST …/correction`
pub(super) async fn correct(ctx: Ctx, KeyPath(id): KeyPath, form: Form) -> Result<Response> {
    let asked = Asked::load(&ctx, &id).await?;
    // First, so that a form sent twice is not held against what the first one did.
    let mut change = ctx.change(&form).await?;
    let (f, mut faults) = (asked.frame(&ctx).crumb("", "correction"), Faults::default());
    let mut words = Remark::typed(|name| form.raw(name));
    if asked.opinion.said.kind == Kind::Resident {
        // Nobody rewords what a resident said, and nobody grades for them: parts of it are covered.
        words.grade = Remark::stored(asked.opinion.said.grade.clone(), String::new()).grade;
        if !is_blacked_out(&tidied(&asked.opinion.said.comment), &words.comment) {
            faults.add("comment", f.t("correction-of-resident"));
        }
    }
    let (answer, reason) = (tidied(form.raw("answer")), form.text("reason"));
    for fault in words.opinion_faults(&asked.plan.outline) {
        let said = match fault {
            RemarkFault::LongComment(over) => f.n("evaluation-fault-long-comment", over),
            RemarkFault::NoComment => f.t("evaluation-fault-no-comment"),
            RemarkFault::NoGrade | RemarkFault::UnknownGrade => f.t("evaluation-fault-unknown-grade"),
        };
        faults.add(fault.field(), said);
    }
    let answered = asked.opinion.said.answer.is_some();
    if answered && answer.is_empty() {
        faults.add("answer", f.t("answer-missing"));
    } else if let Some(over) = answer.chars().count().checked_sub(MOST_REMARK).filter(|over| *over > 0) {
        faults.add("answer", f.n("evaluation-fault-long-comment", over));
    }
    let answer = if answered { answer } else { String::new() };
    let after = fingerprint(&[words.given().unwrap_or_default(), &words.comment, &answer]);
    if reason.is_empty() {
        faults.add("reason", f.t("correction-reason-missing"));
    } else if reason.chars().count() > MOST_NOTE {
        faults.add("reason", f.n("report-note-long", reason.chars().count() - MOST_NOTE));
    } else if after == seen(&asked.opinion.said) {
        faults.add("reason", f.t("opinion-same"));
    }
    if !faults.is_empty() {
        return Ok(Wrong(page(&asked, &f, Some(&form), &faults)).into_response());
    }
    city::bump_revision(&mut change.tx).await?;
    let now = store::opinion_now(&mut change.tx, asked.plan_id, asked.opinion.said.id).await?.ok_or(Error::NotFound)?;
    let before = seen(&now.said);
    if form.text(BASE) != before
        || !store::correct_opinion(&mut change.tx, &now.said, &words, &answer, reason, ctx.today).await?
    {
        drop(change);
        return Ok(led_to(&asked.address(""), "said-answer-elsewhere", ctx.house.settings.https));
    }
    let detail = json!({ "content": after, "before": before });
    ctx.trail().note(&mut change.tx, Entry::new("opinion.corrected", asked.subject()).detail(detail)).await?;
    let (title, who) = (asked.title(&in_japanese(&ctx)), ctx.person()?.name.as_str());
    let said = [("who", who), ("title", title.as_str()), ("note", reason)];
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    for one in writers(&ctx, &hands, &asked.departments) {
        notices::tell(&mut change.tx, one, "notice-opinion-corrected", &said, &asked.address(""), ctx.now).await?;
    }
    change.done(&asked.address(""), "said-opinion-corrected").await
}

fn page<'a>(asked: &Asked, f: &'a Frame, form: Option<&Form>, faults: &'a Faults) -> CorrectionPage<'a> {
    let (said, outline) = (&asked.opinion.said, &asked.plan.outline);
    let answer = said.answer.as_ref().map(|answer| answer.text.clone());
    let stands = || {
        let words = Remark::stored(said.grade.clone(), said.comment.clone());
        let fields = words.fields().map(|(name, value)| (name.to_owned(), value));
        Form(fields.chain([("answer".to_owned(), answer.clone().unwrap_or_default())]).collect())
    };
    let typed = form.cloned().unwrap_or_else(stands);
    let mut fields = Vec::new();
    // Of the year as a whole no grade is given, and residents give none.
    if !outline.grades.is_empty() && said.node.is_some() && said.kind != Kind::Resident {
        let own = outline.grades.iter().map(|grade| choice(&grade.name, graded(f, outline, &grade.name), false));
        let choices = own.chain([choice(CANNOT_SAY, f.t("evaluation-no-grade"), false)]).collect();
        fields.push(Field::radios("grade", f.t("evaluation-grade"), choices));
    }
    let comment = Field::lines("comment", f.t("opinions-said"), 6).need(f).counted(MOST_REMARK);
    fields.push(if said.kind == Kind::Resident { comment.hint(f.t("correction-of-resident-hint")) } else { comment });
    if answer.is_some() {
        fields.push(Field::lines("answer", f.t(answer_name(said)), 6).need(f).counted(MOST_REMARK));
    }
    fields.push(Field::lines("reason", f.t("correction-reason"), 2).need(f).hint(f.t("correction-reason-hint")));
    CorrectionPage {
        code: asked.code(),
        title: f.phrases(&asked.title(&f.ctx)),
        wrongs: Wrongs { f, faults },
        action: asked.address("/correction"),
        base: form.map_or_else(|| seen(said), |form| form.text(BASE).to_owned()),
        fields: fields.into_iter().map(|field| field.japanese(f).heard(&typed, faults)).collect(),
        corrects: runs(&f.ctx),
        back: asked.address(""),
        f,
    }
}
