//! What the meeting says, as the office writes it down: one opinion of an item, several of the year as a whole. Nothing of
//! it is public until the office publishes all.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::drafts;
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::filters;
use kyodo_web::form::{led_to, seen_at};
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Html, Page, Result, TwoKeys, Wrong};
use serde_json::json;

use super::{
    Filled, Item, KeptDraft, Open, Whose, fields, grade_words, item, keep as keep_draft, saved_by_itself, told_faults,
    typed,
};
use crate::desk::conflict::{ConflictPage, Row};
use crate::desk::rounds::list::runs;
use crate::desk::{BASE, Heading};
use crate::evaluation::{Evaluation, Kind, OPINIONS, REVIEWS, Remark, RemarkFault};
use crate::store;

/// The name of an opinion in an address that does not exist yet.
pub(super) const NEW: &str = "new";

/// What the meeting speaks of.
pub(super) struct Speech {
    open: Open,
    about: About,
    /// Its page, and where it is sent and kept.
    page: String,
    action: String,
    draft: String,
    code: String,
    title: String,
    /// As the trail names it.
    subject: String,
}

enum About {
    /// The number of a node.
    Node(i64),
    /// The number of an opinion of the whole year; none for a new one.
    Whole(Option<i64>),
}

impl Speech {
    pub(super) fn of_item(item: &Item) -> Self {
        Self {
            about: About::Node(item.node.id),
            page: item.address("#meeting"),
            action: item.address("/opinion"),
            draft: item.address("/opinion/draft"),
            code: item.code(),
            title: item.node.title.clone(),
            subject: item.subject(),
            open: item.open.clone(),
        }
    }

    fn of_whole(ctx: &Ctx, open: Open, id: &str) -> Result<Self> {
        let number = if id == NEW { None } else { Some(id.parse::<i64>().map_err(|_| Error::NotFound)?) };
        let page = open.review.address(&format!("/whole/{id}"));
        Ok(Self {
            about: About::Whole(number),
            action: page.clone(),
            draft: format!("{page}/draft"),
            page,
            code: String::new(),
            title: ctx.words().say("yearly-opinions"),
            subject: open.subject(),
            open,
        })
    }

    /// What the meeting says of it now.
    pub(super) fn stands<'m>(&self, meeting: &'m [Evaluation]) -> Option<&'m Evaluation> {
        match self.about {
            About::Node(node) => meeting.iter().find(|said| said.node == Some(node)),
            About::Whole(None) => None,
            About::Whole(Some(id)) => meeting.iter().find(|said| said.id == id && said.node.is_none()),
        }
    }

    /// As drafts name it.
    fn draft_subject(&self) -> String {
        draft_subject(&self.action)
    }

    /// What whoever asks was writing when it became public.
    pub(super) async fn kept<'a>(&self, f: &'a Frame) -> Result<Option<KeptDraft<'a>>> {
        let (subject, outline) = (self.draft_subject(), &self.open.plan.outline);
        KeptDraft::of_remark(f, outline, &subject, self.draft.clone(), "evaluation-opinion").await
    }
}

/// A form for what the meeting says.
pub(super) struct SpeechForm {
    pub(super) action: String,
    pub(super) draft: String,
    pub(super) base: String,
    pub(super) restored: Option<String>,
    pub(super) overtaken: bool,
    pub(super) fields: Vec<Field>,
    pub(super) saved: String,
    /// Whether there is something to take back.
    pub(super) written: bool,
    /// Whether another item follows.
    pub(super) goes_on: bool,
}

/// What whoever runs the plan was writing of the meeting's opinion of a year as a whole when it became public.
pub(in crate::desk) async fn whole_kept<'a>(f: &'a Frame, said: &Evaluation) -> Result<Option<KeptDraft<'a>>> {
    if said.kind != Kind::ThirdParty || said.node.is_some() || !runs(&f.ctx) {
        return Ok(None);
    }
    let page = format!("{REVIEWS}/{}/whole/{}", i32::from(said.year), said.id);
    KeptDraft::of(f, &draft_subject(&page), format!("{page}/draft"), ("comment", "evaluation-opinion")).await
}

/// As drafts name what the office writes for the meeting, by where it is sent.
fn draft_subject(action: &str) -> String {
    format!("meeting:{action}")
}

/// What was seen of an opinion that may not be there, in a few letters.
fn base(stands: Option<&Evaluation>) -> String {
    stands.map_or_else(String::new, |said| remark(said).fingerprint())
}

fn remark(said: &Evaluation) -> Remark {
    Remark::stored(said.grade.clone(), said.comment.clone())
}

pub(super) async fn speech_form(
    f: &Frame,
    speech: &Speech,
    stands: Option<&Evaluation>,
    form: Option<&Form>,
    faults: &Faults,
) -> Result<SpeechForm> {
    let words = stands.map(|said| remark(said).fields().map(|(name, value)| (name.to_owned(), value)).collect());
    let filled = Filled::of(f, &speech.draft_subject(), (base(stands), words.unwrap_or_default()), form).await?;
    let is_item = matches!(speech.about, About::Node(_));
    let whose = if is_item { Whose::Meeting } else { Whose::MeetingOfWhole };
    let fields = fields(f, &speech.open.plan.outline, whose, &filled.form, faults);
    Ok(SpeechForm {
        action: speech.action.clone(),
        draft: speech.draft.clone(),
        fields,
        base: filled.base,
        restored: filled.restored,
        overtaken: filled.overtaken,
        saved: filled.saved,
        written: stands.is_some(),
        goes_on: is_item,
    })
}

// --- of an item --------------------------------------------------------------------------------------------

/// `POST …/{key}/opinion/draft`: by itself while the office writes; with what a member said added to it.
pub(super) async fn keep(ctx: Ctx, keys: TwoKeys, headers: HeaderMap, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let speech = Speech::of_item(&item);
    let mut words = typed(&form);
    if let Some(account) = form.some("add") {
        let review = &item.open.review;
        let remarks = store::remarks(&ctx.db, review.id).await?;
        let own = |one: &&store::MemberRemark| one.node == item.node.id && one.account.0.to_string() == account;
        let said = remarks.iter().find(own).filter(|_| review.is_told(ctx.today)).ok_or(Error::NotFound)?;
        let both = [words.comment.as_str(), said.remark.comment.as_str()].join("\n");
        both.trim().clone_into(&mut words.comment);
    }
    kept(&ctx, &speech, &headers, &form, &words).await
}

/// `POST …/{key}/opinion`
pub(super) async fn say(ctx: Ctx, keys: TwoKeys, form: Form) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    let speech = Speech::of_item(&item);
    let words = typed(&form);
    if let Some(answer) = decided(&ctx, &speech, &form, &words).await? {
        return Ok(answer);
    }
    let faults = words.opinion_faults(&item.open.plan.outline);
    if !faults.is_empty() && !form.has("removal") {
        return item::wrong_speech(&ctx, &item, &form, &faults).await;
    }
    let next = next(&ctx, &item).await?;
    let to = match next.filter(|_| form.text("then") == "next") {
        Some(next) => item.open.review.item(&next, ""),
        None if form.text("then") == "next" => item.open.review.address(""),
        None => item.address("#meeting"),
    };
    spoken(&ctx, &speech, &form, &words, &to).await
}

/// The key of the next item of which the meeting has said nothing.
async fn next(ctx: &Ctx, item: &Item) -> Result<Option<String>> {
    let items = item.open.items(ctx).await?;
    let meeting = store::meeting(&ctx.db, item.open.plan_id, item.open.review.year).await?;
    let here = items.iter().position(|(node, _)| node.id == item.node.id).unwrap_or_default();
    let (before, after) = items.split_at(here);
    let mut open = after
        .iter()
        .chain(before)
        .filter(|(node, _)| node.id != item.node.id && !meeting.iter().any(|said| said.node == Some(node.id)));
    Ok(open.next().map(|(node, _)| node.real_key().to_owned()))
}

// --- of the year as a whole --------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "desk/evaluation-whole.html")]
struct WholePage<'a> {
    f: &'a Frame,
    title: Html,
    wrongs: Wrongs<'a>,
    /// For whoever runs the plan.
    form: Option<SpeechForm>,
    back: String,
}

/// `GET …/whole/{id}`
pub(super) async fn whole(ctx: Ctx, TwoKeys(of, id): TwoKeys) -> Result<Response> {
    let speech = Speech::of_whole(&ctx, Open::load(&ctx, &of).await?, &id)?;
    let meeting = store::meeting(&ctx.db, speech.open.plan_id, speech.open.review.year).await?;
    let stands = speech.stands(&meeting);
    if stands.is_none() && id != NEW {
        return Err(Error::NotFound);
    }
    if let Some(public) = stands.filter(|said| said.published_on.is_some()) {
        return Ok(seen_at(&format!("{OPINIONS}/{}", public.id)));
    }
    let (f, faults) = (whole_frame(&ctx, &speech), Faults::default());
    let form = speech_form(&f, &speech, stands, None, &faults).await?;
    Ok(Page(whole_page(&f, &speech, form, &faults)).into_response())
}

fn whole_frame(ctx: &Ctx, speech: &Speech) -> Frame {
    speech.open.frame(ctx, speech.title.clone()).crumb("", "yearly-opinions")
}

fn whole_page<'a>(f: &'a Frame, speech: &Speech, form: SpeechForm, faults: &'a Faults) -> WholePage<'a> {
    WholePage {
        title: f.phrases(&speech.title),
        wrongs: Wrongs { f, faults },
        form: Some(form).filter(|_| runs(&f.ctx)),
        back: speech.open.review.address("#whole"),
        f,
    }
}

/// `POST …/whole/{id}/draft`
pub(super) async fn keep_of_whole(
    ctx: Ctx,
    TwoKeys(of, id): TwoKeys,
    headers: HeaderMap,
    form: Form,
) -> Result<Response> {
    let speech = Speech::of_whole(&ctx, Open::load(&ctx, &of).await?, &id)?;
    kept(&ctx, &speech, &headers, &form, &typed(&form)).await
}

/// `POST …/whole/{id}`
pub(super) async fn say_of_whole(ctx: Ctx, TwoKeys(of, id): TwoKeys, form: Form) -> Result<Response> {
    let speech = Speech::of_whole(&ctx, Open::load(&ctx, &of).await?, &id)?;
    let words = Remark { grade: String::new(), ..typed(&form) };
    if let Some(answer) = decided(&ctx, &speech, &form, &words).await? {
        return Ok(answer);
    }
    let found: Vec<RemarkFault> = words.opinion_faults(&speech.open.plan.outline);
    if !found.is_empty() && !form.has("removal") {
        let f = whole_frame(&ctx, &speech);
        let faults = told_faults(&f, &found);
        let meeting = store::meeting(&ctx.db, speech.open.plan_id, speech.open.review.year).await?;
        let filled = speech_form(&f, &speech, speech.stands(&meeting), Some(&form), &faults).await?;
        return Ok(Wrong(whole_page(&f, &speech, filled, &faults)).into_response());
    }
    let to = speech.open.review.address("#whole");
    spoken(&ctx, &speech, &form, &words, &to).await
}

// --- of both -----------------------------------------------------------------------------------------------

/// Keeps what the office is writing, or throws it away.
async fn kept(ctx: &Ctx, speech: &Speech, headers: &HeaderMap, form: &Form, words: &Remark) -> Result<Response> {
    let https = ctx.house.settings.https;
    if form.has("drop") {
        let mut tx = ctx.db.begin().await?;
        drafts::drop(&mut tx, ctx.person()?.id, &speech.draft_subject()).await?;
        tx.commit().await?;
        return Ok(led_to(&speech.page, "said-draft-removed", https));
    }
    keep_draft(ctx, &speech.draft_subject(), form.text(BASE), words).await?;
    if let Some(answer) = saved_by_itself(ctx, headers) {
        return Ok(answer);
    }
    let said = if form.has("add") { "said-evaluation-added" } else { "said-draft-saved" };
    Ok(led_to(&speech.page, said, https))
}

/// What whoever came second decided, where that ends it.
async fn decided(ctx: &Ctx, speech: &Speech, form: &Form, words: &Remark) -> Result<Option<Response>> {
    let to = match form.text("take") {
        "both" => seen_at(&speech.page),
        "theirs" => led_to(&speech.open.review.address(""), "said-evaluation-left", ctx.house.settings.https),
        _ => return Ok(None),
    };
    keep_draft(ctx, &speech.draft_subject(), form.text(BASE), words).await?;
    Ok(Some(to))
}

/// Writes down what the meeting says, or takes it back; never over what the office's people have not seen.
async fn spoken(ctx: &Ctx, speech: &Speech, form: &Form, words: &Remark, to: &str) -> Result<Response> {
    let (review, removal) = (&speech.open.review, form.has("removal"));
    let mut change = ctx.change(form).await?;
    // First, so that those who write at the same time wait.
    store::hold_review(&mut change.tx, review.id).await?;
    let meeting = store::meeting_now(&mut change.tx, speech.open.plan_id, review.year).await?;
    let stands = speech.stands(&meeting);
    if stands.is_some_and(|said| said.published_on.is_some()) {
        drop(change);
        keep_draft(ctx, &speech.draft_subject(), form.text(BASE), words).await?;
        // What was kept stands beside what is public.
        let to = match speech.about {
            About::Whole(Some(id)) => format!("{OPINIONS}/{id}"),
            _ => speech.page.clone(),
        };
        return Ok(led_to(&to, "said-evaluation-public-kept", ctx.house.settings.https));
    }
    if form.text(BASE) != base(stands) {
        drop(change);
        return conflict(ctx, speech, stands, words).await;
    }
    match (stands, removal) {
        (Some(said), true) => {
            store::drop_opinion(&mut change.tx, said.id).await?;
        }
        (Some(said), false) => {
            store::change_opinion(&mut change.tx, said.id, words).await?;
        }
        (None, true) => {}
        (None, false) => {
            let said = Evaluation {
                id: 0,
                node: if let About::Node(node) = speech.about { Some(node) } else { None },
                year: review.year,
                kind: Kind::ThirdParty,
                evaluator: review.body.clone(),
                grade: words.given().map(str::to_owned),
                comment: words.comment.clone(),
                published_on: None,
                answer: None,
            };
            store::put_evaluation(&mut change.tx, speech.open.plan_id, &said, false).await?;
        }
    }
    drafts::drop(&mut change.tx, ctx.person()?.id, &speech.draft_subject()).await?;
    let action = if removal { "evaluation.unsaid" } else { "evaluation.said" };
    let detail = json!({ "content": words.fingerprint() });
    ctx.trail().note(&mut change.tx, Entry::new(action, speech.subject.as_str()).detail(detail)).await?;
    change.done(to, if removal { "said-evaluation-unsaid" } else { "said-evaluation-said" }).await
}

/// Shows both. What was typed is kept as a draft first.
async fn conflict(ctx: &Ctx, speech: &Speech, stands: Option<&Evaluation>, mine: &Remark) -> Result<Response> {
    let base = base(stands);
    keep_draft(ctx, &speech.draft_subject(), &base, mine).await?;
    let theirs = stands.map(remark).unwrap_or_default();
    let title = ctx.words().say("evaluation-conflict");
    let f = speech.open.frame(ctx, title).crumb("", "evaluation-conflict");
    let outline = &speech.open.plan.outline;
    let grade =
        |remark: &Remark| if remark.grade.is_empty() { String::new() } else { grade_words(&f, outline, remark) };
    let rows = [
        Row::of(f.t("evaluation-grade"), &grade(mine), &grade(&theirs)),
        Row::of(f.t("evaluation-opinion"), &mine.comment, &theirs.comment),
    ];
    let page = ConflictPage {
        words: "evaluation",
        heading: Heading { code: speech.code.clone(), title: f.phrases(&speech.title) },
        lead: f.t("evaluation-conflict-office"),
        mine: f.t("evaluation-this-window"),
        theirs: f.t("evaluation-other-window"),
        since: String::new(),
        rows: rows.into_iter().flatten().collect(),
        action: speech.action.clone(),
        later: "/desk",
        base,
        fields: mine.fields().map(|(name, value)| (name.to_owned(), value)).collect(),
        f: &f,
    };
    Ok(page.answer())
}
