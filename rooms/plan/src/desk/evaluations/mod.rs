//! The committee's evaluation at the desk: the office opens a year, members work through their list, the meeting speaks,
//! the office publishes. Addresses, and what the pages share.

mod comments;
mod item;
mod list;
mod opening;
mod publication;
mod reminders;
mod review;
mod speech;
mod waiting;
mod writing;

use std::collections::{HashMap, HashSet};

use askama::Template;
use askama::filters::HtmlSafe;
use axum::Json;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use kyodo_db::Db;
use kyodo_kernel::drafts;
use kyodo_kernel::people::{self, AccountId, Role};
use kyodo_web::components::{Field, choice};
use kyodo_web::{Access, Ctx, DeskItem, Error, Faults, Form, Frame, Html, Result, Routes, TwoKeys, format};
use serde_json::{Value, json};

use super::rounds::{RUNNERS, year};
use crate::evaluation::{CANNOT_SAY, MOST_REMARK, REVIEWS, Remark, RemarkFault, Review};
use crate::node::Node;
use crate::pages::code;
use crate::pages::measure::graded;
use crate::plan::{Outline, Plan};
use crate::store;

pub(crate) use reminders::{JOB, SCHEDULE};
pub(super) use speech::whole_kept;
pub(super) use waiting::tasks;

/// Who works with the committee's list.
const EVALUATORS: Access = Access::Roles(&[Role::Coordinator, Role::CommitteeMember]);

/// Who writes down what they think of an item.
const MEMBERS: Access = Access::Roles(&[Role::CommitteeMember]);

/// Its line in the desk's navigation.
pub(super) const ITEM: DeskItem = DeskItem { path: REVIEWS, label: "nav-desk-evaluations", access: EVALUATORS };

/// What somebody wrote for the committee, for themselves: nobody else reads it by name.
pub(crate) async fn wrote(ctx: &Ctx, account: AccountId) -> Result<Value> {
    let remarks = store::remarks_by(&ctx.db, account).await?.into_iter().map(|remark| {
        json!({
            "year": remark.fiscal_year,
            "measure": remark.key,
            "grade": remark.grade,
            "comment": remark.comment,
            "written_at": remark.written_at,
        })
    });
    Ok(json!({ "evaluation_remarks": remarks.collect::<Vec<_>>() }))
}

/// Its addresses.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get(REVIEWS, EVALUATORS, list::list)
        .get("/desk/plan/evaluations/{year}", EVALUATORS, review::review)
        .post("/desk/plan/evaluations/{year}", RUNNERS, opening::open)
        .get("/desk/plan/evaluations/{year}/days", RUNNERS, opening::days)
        .post("/desk/plan/evaluations/{year}/days", RUNNERS, opening::change)
        .get("/desk/plan/evaluations/{year}/comments", RUNNERS, comments::comments)
        .post("/desk/plan/evaluations/{year}/reminders", RUNNERS, reminders::remind)
        .post("/desk/plan/evaluations/{year}/publication", RUNNERS, publication::publish)
        .get("/desk/plan/evaluations/{year}/whole/{id}", RUNNERS, speech::whole)
        .post("/desk/plan/evaluations/{year}/whole/{id}", RUNNERS, speech::say_of_whole)
        .post("/desk/plan/evaluations/{year}/whole/{id}/draft", RUNNERS, speech::keep_of_whole)
        .get("/desk/plan/evaluations/{year}/{key}", EVALUATORS, item::item)
        .post("/desk/plan/evaluations/{year}/{key}", MEMBERS, writing::write)
        .post("/desk/plan/evaluations/{year}/{key}/draft", MEMBERS, writing::save)
        .post("/desk/plan/evaluations/{year}/{key}/draft/removal", MEMBERS, writing::remove)
        .post("/desk/plan/evaluations/{year}/{key}/opinion", RUNNERS, speech::say)
        .post("/desk/plan/evaluations/{year}/{key}/opinion/draft", RUNNERS, speech::keep)
}

/// A year's evaluation with its plan.
#[derive(Clone)]
struct Open {
    plan_id: i64,
    plan: Plan,
    review: Review,
}

impl Open {
    async fn load(ctx: &Ctx, of: &str) -> Result<Self> {
        let (plan_id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
        let review = store::review(&ctx.db, plan_id, year(of)?).await?.ok_or(Error::NotFound)?;
        Ok(Self { plan_id, plan, review })
    }

    /// The frame of a page about it.
    fn frame(&self, ctx: &Ctx, title: String) -> Frame {
        let f = ctx.frame(title).crumb("/desk", "nav-desk").crumb(REVIEWS, "nav-desk-evaluations");
        f.crumb_named(self.review.address(""), review_name(ctx, &self.review)).at_desk()
    }

    /// As the trail names it.
    fn subject(&self) -> String {
        subject(&self.review)
    }

    /// What is on the list, in the plan's order, each with the number of its item. Four sentences.
    async fn items(&self, ctx: &Ctx) -> Result<Vec<(Node, i64)>> {
        let items = store::review_items(&ctx.db, self.review.id).await?;
        let nodes = store::all_nodes(&ctx.db, self.plan_id).await?;
        let nodes = nodes.into_iter().filter(|node| !node.is_alias());
        Ok(nodes.filter_map(|node| items.get(&node.id).map(|item| (node, *item))).collect())
    }
}

/// As the trail names a year's evaluation.
fn subject(review: &Review) -> String {
    format!("evaluation:{}", i32::from(review.year))
}

/// 令和7年度の評価
fn review_name(ctx: &Ctx, review: &Review) -> String {
    ctx.words().with("evaluation-name", [("year", ctx.long_year(review.year))])
}

/// An item on the committee's list.
#[derive(Clone)]
struct Item {
    open: Open,
    node: Node,
    /// Its number.
    id: i64,
}

impl Item {
    async fn load(ctx: &Ctx, TwoKeys(of, key): &TwoKeys) -> Result<Self> {
        let open = Open::load(ctx, of).await?;
        let node = store::node(&ctx.db, open.plan_id, key).await?.ok_or(Error::NotFound)?;
        let items = store::review_items(&ctx.db, open.review.id).await?;
        let id = *items.get(&node.id).ok_or(Error::NotFound)?;
        Ok(Self { open, node, id })
    }

    /// Its address, or of something below it.
    fn address(&self, below: &str) -> String {
        self.open.review.item(self.node.real_key(), below)
    }

    /// As drafts and the trail name what members say of it.
    fn subject(&self) -> String {
        format!("{}/{}", self.open.subject(), self.node.real_key())
    }

    fn code(&self) -> String {
        code(&self.open.plan.outline, &self.node)
    }

    fn frame(&self, ctx: &Ctx) -> Frame {
        let values = [("year", ctx.long_year(self.open.review.year)), ("title", self.node.title.clone())];
        let name = match self.code() {
            code if code.is_empty() => self.node.title.clone(),
            code => code,
        };
        self.open.frame(ctx, ctx.words().with("evaluation-item-title", values)).crumb_named(self.address(""), name)
    }
}

/// Whether whoever asks is a member of the committee.
fn is_member(ctx: &Ctx) -> bool {
    MEMBERS.admits(&ctx.actor, &axum::http::Method::POST).is_ok()
}

/// Somebody who sits on the committee, or did.
struct Member {
    account: AccountId,
    name: String,
    /// Whether they sit on it today: only they can still write.
    sits: bool,
}

impl Member {
    /// How many of so many items are left to them.
    fn left(&self, remarks: &[store::MemberRemark], items: usize) -> usize {
        let done = remarks.iter().filter(|one| one.account == self.account).count();
        if self.sits { items.saturating_sub(done) } else { 0 }
    }
}

/// The members of the committee on a day, each once; by name.
async fn sitting(db: &Db, day: NaiveDate) -> kyodo_db::Result<Vec<Member>> {
    let holders = people::holders(db, Role::CommitteeMember, None, day).await?;
    let member = |holder: people::Holder| Member { account: AccountId(holder.id), name: holder.name, sits: true };
    Ok(by_name(holders.into_iter().map(member).collect()))
}

/// The members of the committee today, with all who wrote before their term ended; by name.
async fn members(ctx: &Ctx, wrote: &[store::MemberRemark]) -> Result<Vec<Member>> {
    let mut members = sitting(&ctx.db, ctx.today).await?;
    members.extend(wrote.iter().map(|one| Member { account: one.account, name: one.name.clone(), sits: false }));
    Ok(by_name(members))
}

/// Each once, as the first of them, by name.
fn by_name(mut members: Vec<Member>) -> Vec<Member> {
    let mut seen = HashSet::new();
    members.retain(|member| seen.insert(member.account));
    members.sort_by(|one, other| (&one.name, one.account).cmp(&(&other.name, other.account)));
    members
}

/// What members said, by node and account.
fn by_node(remarks: &[store::MemberRemark]) -> HashMap<i64, Vec<&store::MemberRemark>> {
    let mut by_node: HashMap<i64, Vec<&store::MemberRemark>> = HashMap::new();
    for one in remarks {
        by_node.entry(one.node).or_default().push(one);
    }
    by_node
}

/// A grade in words, or that somebody could not judge; nothing where the plan has no grades.
fn grade_words(f: &Frame, outline: &Outline, remark: &Remark) -> String {
    match remark.given() {
        Some(grade) => graded(f, outline, grade),
        None if outline.grades.is_empty() => String::new(),
        None => f.t("evaluation-cannot-say"),
    }
}

// --- a form with a grade and words -------------------------------------------------------------------------

/// Whose words a form takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// A member's, for the meeting.
    Member,
    /// The meeting's, of an item.
    Meeting,
    /// The meeting's, of the year as a whole: no grade is given.
    MeetingOfWhole,
}

/// The fields of a remark, filled in with what was typed. The meeting need not give a grade, but must say something.
fn fields(f: &Frame, outline: &Outline, whose: Whose, typed: &Form, faults: &Faults) -> Vec<Field> {
    let meeting = whose != Whose::Member;
    let mut fields = Vec::new();
    if !outline.grades.is_empty() && whose != Whose::MeetingOfWhole {
        let own = outline.grades.iter().map(|grade| choice(&grade.name, graded(f, outline, &grade.name), false));
        let none = f.t(if meeting { "evaluation-no-grade" } else { "evaluation-cannot-say" });
        let choices = own.chain([choice(CANNOT_SAY, none, false)]).collect();
        let field = Field::radios("grade", f.t("evaluation-grade"), choices);
        fields.push(if meeting { field } else { field.need(f) });
    }
    let (label, hint) = if meeting {
        ("evaluation-opinion", "evaluation-opinion-hint")
    } else {
        ("evaluation-comment", "evaluation-comment-hint")
    };
    let words = Field::lines("comment", f.t(label), 8).hint(f.n(hint, MOST_REMARK)).counted(MOST_REMARK);
    fields.push(if meeting || outline.grades.is_empty() { words.need(f) } else { words });
    fields.into_iter().map(|field| field.japanese(f).heard(typed, faults)).collect()
}

fn typed(form: &Form) -> Remark {
    Remark::typed(|name| form.raw(name))
}

/// What is wrong with a remark, in words.
fn told_faults(f: &Frame, found: &[RemarkFault]) -> Faults {
    let mut faults = Faults::default();
    for fault in found {
        let said = match fault {
            RemarkFault::NoGrade => f.t("evaluation-fault-no-grade"),
            RemarkFault::UnknownGrade => f.t("evaluation-fault-unknown-grade"),
            RemarkFault::NoComment => f.t("evaluation-fault-no-comment"),
            RemarkFault::LongComment(over) => f.n("evaluation-fault-long-comment", *over),
        };
        faults.add(fault.field(), said);
    }
    faults
}

/// Keeps what somebody is writing as their draft.
async fn keep(ctx: &Ctx, subject: &str, base: &str, words: &Remark) -> Result<()> {
    let fields = words.fields().map(|(name, value)| (name.to_owned(), value)).collect();
    let mut tx = ctx.db.begin().await?;
    drafts::save(&mut tx, ctx.person()?.id, subject, base, &fields, ctx.now).await?;
    Ok(tx.commit().await?)
}

/// Words that were kept as a draft when they could be sent no more: only whoever wrote them reads them.
#[derive(Template)]
#[template(path = "desk/draft-unsent.html")]
pub(super) struct KeptDraft<'a> {
    f: &'a Frame,
    when: String,
    lines: Vec<(String, Html)>,
    /// Where they are thrown away.
    removal: String,
}
impl HtmlSafe for KeptDraft<'_> {}

/// What whoever asks was writing about a subject, and when.
pub(super) async fn kept(f: &Frame, subject: &str) -> Result<Option<(String, Form)>> {
    let draft = drafts::of(&f.ctx.db, f.ctx.person()?.id, subject).await?;
    Ok(draft.map(|draft| (format::moment(draft.saved_at, f.ctx.language), Form(draft.fields))))
}

impl<'a> KeptDraft<'a> {
    /// A field of the draft that whoever asks has about a subject; none where they have none.
    pub(super) async fn of(
        f: &'a Frame,
        subject: &str,
        removal: String,
        (name, label): (&str, &str),
    ) -> Result<Option<Self>> {
        let Some((when, form)) = kept(f, subject).await? else { return Ok(None) };
        Ok(Some(Self::told(f, when, removal, [(f.t(label), form.raw(name).to_owned())])))
    }

    /// The same of a remark, whose words are called so.
    async fn of_remark(
        f: &'a Frame,
        outline: &Outline,
        subject: &str,
        removal: String,
        label: &str,
    ) -> Result<Option<Self>> {
        let Some((when, form)) = kept(f, subject).await? else { return Ok(None) };
        let remark = typed(&form);
        let grade = if remark.grade.is_empty() { String::new() } else { grade_words(f, outline, &remark) };
        let lines = [(f.t("evaluation-grade"), grade), (f.t(label), remark.comment)];
        Ok(Some(Self::told(f, when, removal, lines)))
    }

    /// Lines of a draft that was kept then, each with its label.
    pub(super) fn told(
        f: &'a Frame,
        when: String,
        removal: String,
        lines: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let lines = lines.into_iter().filter(|(_, text)| !text.is_empty());
        Self { when, lines: lines.map(|(name, text)| (name, f.prose(&text))).collect(), removal, f }
    }
}

/// The answer to a browser that saves by itself; none to whoever pressed a button.
pub(super) fn saved_by_itself(ctx: &Ctx, headers: &HeaderMap) -> Option<Response> {
    let accepted = headers.get(ACCEPT).and_then(|kinds| kinds.to_str().ok()).unwrap_or_default();
    accepted.starts_with("application/json").then(|| {
        let when = format::moment(ctx.now, ctx.language);
        Json(json!({ "said": ctx.words().with("desk-saved", [("when", when.as_str())]) })).into_response()
    })
}

/// A form filled in with what was just typed, or a draft, or what stands.
pub(super) struct Filled {
    pub(super) base: String,
    pub(super) form: Form,
    /// When the draft was saved that fills it in.
    pub(super) restored: Option<String>,
    /// Whether what stands changed since the draft was begun.
    pub(super) overtaken: bool,
    /// What the form says of it below its buttons.
    pub(super) saved: String,
}

impl Filled {
    pub(super) async fn of(
        f: &Frame,
        subject: &str,
        stands: (String, Vec<(String, String)>),
        form: Option<&Form>,
    ) -> Result<Self> {
        let ctx = &f.ctx;
        let (version, fields) = stands;
        let draft = match form {
            None => drafts::of(&ctx.db, ctx.person()?.id, subject).await?,
            Some(_) => None,
        };
        let restored = draft.as_ref().map(|draft| format::moment(draft.saved_at, ctx.language));
        let (base, form) = match (form, draft) {
            (Some(form), _) => (form.text(super::BASE).to_owned(), form.clone()),
            (None, Some(draft)) => (draft.based_on, Form(draft.fields)),
            (None, None) => (version.clone(), Form(fields)),
        };
        let saved = restored.as_ref().map(|when| f.with("desk-saved", &[("when", when)])).unwrap_or_default();
        Ok(Self { overtaken: base != version, base, form, restored, saved })
    }
}
