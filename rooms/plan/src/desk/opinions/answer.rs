//! `/desk/plan/opinions/{id}`: what was said beside what was reported; those in charge answer, the office publishes the
//! answer or sends it back.

use std::collections::BTreeSet;

use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::{AccountId, Role};
use kyodo_kernel::{city, drafts, notices};
use kyodo_web::components::{Field, Status, Wrongs};
use kyodo_web::filters;
use kyodo_web::form::{led_to, seen_at};
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Html, KeyPath, Page, Result, Wrong, format};
use serde_json::json;

use super::{Asked, in_charge, opinion_status, seen};
use crate::desk::conflict::{ConflictPage, Row};
use crate::desk::evaluations::{Filled, KeptDraft, saved_by_itself, whole_kept};
use crate::desk::rounds::item::{LastYear, last_year};
use crate::desk::rounds::list::runs;
use crate::desk::rounds::{Hands, others};
use crate::desk::{BASE, Heading};
use crate::evaluation::{AnswerStage, MOST_REMARK, OPINIONS};
use crate::pages::opinion::{OpinionBlock, answer_name};
use crate::round::tidied;
use crate::store::{self, Answering};
use crate::view::in_japanese;

/// How many characters a reason takes.
pub(super) const MOST_NOTE: usize = 500;

#[derive(Template)]
#[template(path = "desk/opinion.html")]
struct AskedPage<'a> {
    f: &'a Frame,
    code: String,
    title: Html,
    status: Status,
    head: Vec<String>,
    /// Why the office sent the answer back.
    returned: String,
    wrongs: Wrongs<'a>,
    opinion: OpinionBlock<'a>,
    report: Option<LastYear>,
    /// What is answered, for those who only read it.
    text: Option<Html>,
    /// What the answer is called, by who gives it.
    answer: String,
    /// What whoever asks was writing when it became public.
    kept: Vec<KeptDraft<'a>>,
    form: Option<AnswerForm>,
    returning: Option<(String, String, Field)>,
    /// Where the office corrects and withdraws.
    office: Option<(String, String)>,
    links: Vec<(String, String)>,
}

struct AnswerForm {
    action: String,
    draft: String,
    base: String,
    restored: Option<String>,
    overtaken: bool,
    field: Field,
    saved: String,
    /// Whether the answer is public at once.
    publishes: bool,
    sent: bool,
}

/// `GET /desk/plan/opinions/{id}`
pub(super) async fn page(ctx: Ctx, KeyPath(id): KeyPath) -> Result<Response> {
    let asked = Asked::load(&ctx, &id).await?;
    let (f, faults) = (asked.frame(&ctx), Faults::default());
    Ok(Page(shown(&asked, &f, None, &faults).await?).into_response())
}

async fn faulty(ctx: &Ctx, asked: &Asked, form: Option<&Form>, field: &str, message: String) -> Result<Response> {
    let f = asked.frame(ctx);
    let mut faults = Faults::default();
    faults.add(field, message);
    Ok(Wrong(shown(asked, &f, form, &faults).await?).into_response())
}

async fn shown<'a>(asked: &'a Asked, f: &'a Frame, form: Option<&Form>, faults: &'a Faults) -> Result<AskedPage<'a>> {
    let (ctx, opinion) = (&f.ctx, &asked.opinion);
    let (outline, stage) = (&asked.plan.outline, opinion.stage());
    let corrections = store::corrections_in(&ctx.db, asked.plan_id).await?;
    let report = match &asked.node {
        Some(node) => {
            let reports = store::progress_of(&ctx.db, node.id).await?;
            let of_year = reports.iter().find(|report| report.year == opinion.said.year);
            of_year.map(|report| last_year(f, node, outline, report))
        }
        None => None,
    };
    let writable = asked.is_writable(ctx);
    let kept = kept(f, asked).await?;
    let sees = writable || ctx.actor.person().is_some_and(|person| person.holds(Role::Auditor));
    let office = runs(ctx);
    let changes = office && stage != AnswerStage::Withdrawn;
    let names: Vec<&str> = asked
        .departments
        .iter()
        .filter_map(|key| ctx.state.department(key))
        .map(|department| department.name.as_str())
        .collect();
    let who = if names.is_empty() { f.t("office-name") } else { names.join(&f.t("list-comma")) };
    let mut head = Vec::new();
    if stage != AnswerStage::Withdrawn {
        head.push(f.with("answer-by", &[("who", &who)]));
    }
    if let Some(due) = opinion.due_on.filter(|_| stage.is_with_department()) {
        let (day, late) = (f.day(due), opinion.days_late(ctx.today));
        head.push(if late > 0 {
            f.tell("report-late", &[("day", (&day).into()), ("n", late.into())])
        } else {
            f.with("answer-due", &[("day", &day)])
        });
    }
    if let (Some((at, who)), AnswerStage::Sent) = (&opinion.sent, stage) {
        head.push(f.with("answer-sent-by", &[("who", who), ("when", &format::moment(*at, ctx.language))]));
    }
    let mut links = vec![(OPINIONS.to_owned(), f.t("opinions-back"))];
    links.extend(asked.node.iter().map(|node| (node.address(), f.t("desk-to-public"))));
    Ok(AskedPage {
        code: asked.code(),
        title: f.phrases(&asked.title(ctx)),
        status: opinion_status(f, opinion),
        head,
        returned: if sees && stage == AnswerStage::Returned { opinion.note.clone() } else { String::new() },
        wrongs: Wrongs { f, faults },
        opinion: OpinionBlock::of(f, outline, &opinion.said, &corrections),
        report,
        text: (sees && !writable && stage == AnswerStage::Sent).then(|| f.prose(&opinion.text)),
        answer: f.t(answer_name(&opinion.said)),
        kept,
        form: if writable { Some(answer_form(f, asked, form, faults).await?) } else { None },
        returning: (office && stage == AnswerStage::Sent && !asked.departments.is_empty()).then(|| {
            let note = Field::lines("note", f.t("report-return-note"), 3)
                .hint(f.t("report-return-hint"))
                .japanese(f)
                .heard(form.unwrap_or(&Form::default()), faults);
            (asked.address("/return"), opinion.version.to_string(), note)
        }),
        office: changes.then(|| (asked.address("/correction"), asked.address("/withdrawal"))),
        links,
        f,
    })
}

/// The drafts of whoever asks that nobody will read any more: of the answer, and of the opinion where it is the meeting's.
async fn kept<'a>(f: &'a Frame, asked: &Asked) -> Result<Vec<KeptDraft<'a>>> {
    let said = &asked.opinion.said;
    let field = ("text", answer_name(said));
    let answer = match asked.opinion.stage() {
        stage if stage.is_over() => KeptDraft::of(f, &asked.subject(), asked.address("/draft"), field).await?,
        _ => None,
    };
    let meeting = whole_kept(f, said).await?;
    Ok(answer.into_iter().chain(meeting).collect())
}

async fn answer_form(f: &Frame, asked: &Asked, form: Option<&Form>, faults: &Faults) -> Result<AnswerForm> {
    let opinion = &asked.opinion;
    let stands = (opinion.version.to_string(), vec![("text".to_owned(), opinion.text.clone())]);
    let form = form.filter(|form| form.has("text"));
    let filled = Filled::of(f, &asked.subject(), stands, form).await?;
    Ok(AnswerForm {
        action: asked.address("/answer"),
        draft: asked.address("/draft"),
        field: Field::lines("text", f.t(answer_name(&opinion.said)), 8)
            .need(f)
            .hint(f.n("answer-hint", MOST_REMARK))
            .counted(MOST_REMARK)
            .japanese(f)
            .heard(&filled.form, faults),
        base: filled.base,
        restored: filled.restored,
        overtaken: filled.overtaken,
        saved: filled.saved,
        publishes: runs(&f.ctx),
        sent: opinion.stage() == AnswerStage::Sent,
    })
}

// --- writing -----------------------------------------------------------------------------------------------

async fn keep_text(ctx: &Ctx, asked: &Asked, form: &Form) -> Result<()> {
    let fields = vec![("text".to_owned(), form.raw("text").to_owned())];
    let mut tx = ctx.db.begin().await?;
    drafts::save(&mut tx, ctx.person()?.id, &asked.subject(), form.text(BASE), &fields, ctx.now).await?;
    Ok(tx.commit().await?)
}

/// `POST …/draft`: by itself while somebody writes, or with a button.
pub(super) async fn keep(ctx: Ctx, KeyPath(id): KeyPath, headers: HeaderMap, form: Form) -> Result<Response> {
    let asked = Asked::load(&ctx, &id).await?;
    let person = asked.writer(&ctx)?;
    let https = ctx.house.settings.https;
    if form.has("drop") {
        let mut tx = ctx.db.begin().await?;
        drafts::drop(&mut tx, person.id, &asked.subject()).await?;
        tx.commit().await?;
        return Ok(led_to(&asked.address(""), "said-draft-removed", https));
    }
    keep_text(&ctx, &asked, &form).await?;
    if let Some(answer) = saved_by_itself(&ctx, &headers) {
        return Ok(answer);
    }
    Ok(led_to(&asked.address(""), "said-draft-saved", https))
}

/// `POST …/answer`: to the office, or public at once where the office answers itself.
pub(super) async fn send(ctx: Ctx, KeyPath(id): KeyPath, form: Form) -> Result<Response> {
    let asked = Asked::load(&ctx, &id).await?;
    let person = asked.writer(&ctx)?;
    match form.text("take") {
        "both" => {
            keep_text(&ctx, &asked, &form).await?;
            return Ok(seen_at(&asked.address("")));
        }
        "theirs" => {
            keep_text(&ctx, &asked, &form).await?;
            return Ok(led_to(&asked.address(""), "said-evaluation-left", ctx.house.settings.https));
        }
        _ => {}
    }
    let text = tidied(form.raw("text"));
    if text.is_empty() {
        return faulty(&ctx, &asked, Some(&form), "text", ctx.words().say("answer-missing")).await;
    }
    if let Some(over) = text.chars().count().checked_sub(MOST_REMARK).filter(|over| *over > 0) {
        let said = ctx.words().with("evaluation-fault-long-comment", [("n", over.to_string())]);
        return faulty(&ctx, &asked, Some(&form), "text", said).await;
    }
    let publishes = runs(&ctx) && form.has("publish");
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let mut change = ctx.change(&form).await?;
    if publishes {
        city::bump_revision(&mut change.tx).await?;
    }
    let now = store::opinion_now(&mut change.tx, asked.plan_id, asked.opinion.said.id).await?.ok_or(Error::NotFound)?;
    if now.stage().is_over() {
        drop(change);
        keep_text(&ctx, &asked, &form).await?;
        return Ok(led_to(&asked.address(""), "said-answer-elsewhere", ctx.house.settings.https));
    }
    let answering = Answering { text: &text, sent_by: Some(person.id), note: "" };
    if form.text(BASE) != now.version.to_string()
        || !store::turn_answer(&mut change.tx, &now, &answering, ctx.now).await?
    {
        drop(change);
        return conflict(&ctx, &id, &form, &text).await;
    }
    drafts::drop(&mut change.tx, person.id, &asked.subject()).await?;
    ctx.trail().note(&mut change.tx, Entry::new("opinion.answered", asked.subject())).await?;
    let (title, to) = (asked.title(&in_japanese(&ctx)), asked.address(""));
    let said = [("who", person.name.as_str()), ("title", title.as_str())];
    if publishes {
        store::publish_answer(&mut change.tx, now.said.id, &text, ctx.today).await?;
        ctx.trail().note(&mut change.tx, Entry::new("opinion.answer-published", asked.subject())).await?;
        for one in writers(&ctx, &hands, &asked.departments) {
            notices::tell(&mut change.tx, one, "notice-answer-published", &said[1..], &to, ctx.now).await?;
        }
        return change.done(&to, "said-answer-published").await;
    }
    for one in others(&ctx, hands.of(Role::Coordinator).iter().collect()) {
        notices::tell(&mut change.tx, one, "notice-answer-sent", &said, &to, ctx.now).await?;
    }
    change.done(&to, "said-answer-sent").await
}

/// Those who write for these departments, but for whoever asks; nobody where the office answers itself.
pub(super) fn writers(ctx: &Ctx, hands: &Hands, departments: &[String]) -> Vec<AccountId> {
    if departments.is_empty() { Vec::new() } else { others(ctx, hands.writers(departments)) }
}

/// Shows both answers. The writer's own is kept as their draft first.
async fn conflict(ctx: &Ctx, id: &str, form: &Form, mine: &str) -> Result<Response> {
    let asked = Asked::load(ctx, id).await?;
    keep_text(ctx, &asked, form).await?;
    let f = asked.frame(ctx);
    let opinion = &asked.opinion;
    let page = ConflictPage {
        words: "evaluation",
        heading: Heading { code: asked.code(), title: f.phrases(&asked.title(ctx)) },
        lead: f.t("evaluation-conflict-office"),
        mine: f.t("evaluation-this-window"),
        theirs: f.t("evaluation-other-window"),
        since: opinion.sent.as_ref().map(|(at, _)| format::long_moment(*at, ctx.language)).unwrap_or_default(),
        rows: Row::of(f.t(answer_name(&opinion.said)), mine, &opinion.text).into_iter().collect(),
        action: asked.address("/answer"),
        later: "/desk",
        base: opinion.version.to_string(),
        // Whoever wanted to publish still does.
        fields: std::iter::once(("text".to_owned(), mine.to_owned()))
            .chain(form.has("publish").then(|| ("publish".to_owned(), "1".to_owned())))
            .collect(),
        f: &f,
    };
    Ok(page.answer())
}

// --- the office --------------------------------------------------------------------------------------------

/// `POST …/return`: back to the department, with the reason.
pub(super) async fn send_back(ctx: Ctx, KeyPath(id): KeyPath, form: Form) -> Result<Response> {
    let asked = Asked::load(&ctx, &id).await?;
    let person = ctx.person()?;
    let note = form.text("note");
    if note.is_empty() {
        return faulty(&ctx, &asked, Some(&form), "note", ctx.words().say("report-return-missing")).await;
    }
    if let Some(over) = note.chars().count().checked_sub(MOST_NOTE).filter(|over| *over > 0) {
        let said = ctx.words().with("report-note-long", [("n", over.to_string())]);
        return faulty(&ctx, &asked, Some(&form), "note", said).await;
    }
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let mut change = ctx.change(&form).await?;
    let now = store::opinion_now(&mut change.tx, asked.plan_id, asked.opinion.said.id).await?.ok_or(Error::NotFound)?;
    let answering = Answering { text: &now.text, sent_by: None, note };
    if now.stage() != AnswerStage::Sent
        || form.text(BASE) != now.version.to_string()
        || !store::turn_answer(&mut change.tx, &now, &answering, ctx.now).await?
    {
        drop(change);
        return Ok(led_to(&asked.address(""), "said-answer-elsewhere", ctx.house.settings.https));
    }
    ctx.trail().note(&mut change.tx, Entry::new("opinion.returned", asked.subject())).await?;
    let (title, to) = (asked.title(&in_japanese(&ctx)), asked.address(""));
    let said = [("who", person.name.as_str()), ("title", title.as_str()), ("note", note)];
    // Whoever sent it may be a head, who writes beside the reporters.
    let sender = now.sent_by.filter(|one| *one != person.id);
    let told: BTreeSet<AccountId> = writers(&ctx, &hands, &asked.departments).into_iter().chain(sender).collect();
    for one in told {
        notices::tell(&mut change.tx, one, "notice-answer-returned", &said, &to, ctx.now).await?;
    }
    change.done(&to, "said-answer-returned").await
}

/// `POST /desk/plan/opinions/publications`: every answer that waited for the office when the page was made.
pub(super) async fn publish_all(ctx: Ctx, form: Form) -> Result<Response> {
    let read: Vec<&str> = form.all("seen").collect();
    let (plan_id, _) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let nodes = store::all_nodes(&ctx.db, plan_id).await?;
    let rounds = store::rounds(&ctx.db, plan_id).await?;
    let hands = Hands::load(&ctx.db, ctx.today).await?;
    let mut change = ctx.change(&form).await?;
    // First, so that those who publish at the same time wait.
    city::bump_revision(&mut change.tx).await?;
    let mut published = 0_usize;
    for opinion in store::opinions_now(&mut change.tx, plan_id).await? {
        if opinion.stage() != AnswerStage::Sent
            || !read.contains(&seen(&opinion).as_str())
            || !store::hold_answer(&mut change.tx, &opinion).await?
            || !store::publish_answer(&mut change.tx, opinion.said.id, &opinion.text, ctx.today).await?
        {
            continue;
        }
        let subject = format!("opinion:{}", opinion.said.id);
        let detail = json!({ "answer": crate::evaluation::fingerprint(&[&opinion.text]) });
        ctx.trail().note(&mut change.tx, Entry::new("opinion.answer-published", subject).detail(detail)).await?;
        let node = opinion.key.as_ref().and_then(|key| nodes.iter().find(|node| node.key == *key));
        let round = rounds.iter().find(|round| round.year == opinion.said.year);
        let departments = in_charge(round, node, &ctx.state.departments);
        let title = node.map_or_else(|| in_japanese(&ctx).words().say("yearly-opinions"), |node| node.title.clone());
        let to = format!("{OPINIONS}/{}", opinion.said.id);
        for one in writers(&ctx, &hands, &departments) {
            let said = [("title", title.as_str())];
            notices::tell(&mut change.tx, one, "notice-answer-published", &said, &to, ctx.now).await?;
        }
        published += 1;
    }
    let said = if published == 0 { "said-answers-none" } else { "said-answers-published" };
    change.done(OPINIONS, said).await
}
