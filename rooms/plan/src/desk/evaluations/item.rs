//! `/desk/plan/evaluations/{year}/{key}`: an item with everything needed to judge it on one page, and the member's own grade
//! and words; for the office what all members said, and what the meeting says.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::files;
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::filters;
use kyodo_web::form::seen_at;
use kyodo_web::{Ctx, Faults, Form, Frame, Html, Page, Result, TwoKeys, Wrong, format};

use super::speech::{Speech, SpeechForm, speech_form};
use super::{Filled, Item, KeptDraft, Member, Whose, fields, grade_words, is_member, members, told_faults};
use crate::desk::rounds::REPORTS;
use crate::desk::rounds::item::{LastYear, last_year};
use crate::desk::rounds::list::runs;
use crate::evaluation::{Evaluation, Remark, RemarkFault, ReviewStage};
use crate::pages::document::Document;
use crate::pages::opinion::OpinionBlock;
use crate::progress::Progress;
use crate::store::{self, Corrections, MemberRemark};
use crate::view::{self, Seen};

#[derive(Template)]
#[template(path = "desk/evaluation-item.html")]
struct ItemPage<'a> {
    f: &'a Frame,
    code: String,
    title: Html,
    /// Which of how many it is, and until when.
    head: Vec<String>,
    note: &'a str,
    wrongs: Wrongs<'a>,
    planned: String,
    planned_text: Vec<String>,
    departments: String,
    /// What the department reported of the year.
    report: Option<LastYear>,
    files: Vec<Document>,
    figures: Vec<Figure>,
    /// Earlier years in short, the latest first.
    past: Vec<LastYear>,
    /// What others said, with the answers, by year.
    opinions: Vec<(String, Vec<OpinionBlock<'a>>)>,
    form: Option<WriteForm>,
    /// What the member said, when they can write no more.
    own: Option<(String, Html)>,
    /// What they were writing then.
    kept: Option<KeptDraft<'a>>,
    closed: String,
    office: Option<Office<'a>>,
    before: Option<String>,
    after: Option<String>,
    links: Vec<(String, String)>,
}

struct Figure {
    name: String,
    href: String,
    value: String,
    aim: String,
    status: kyodo_web::components::Status,
    /// The records behind it, where it is counted.
    records: Option<String>,
}

/// A member's form.
struct WriteForm {
    action: String,
    draft: String,
    removal: String,
    base: String,
    restored: Option<String>,
    overtaken: bool,
    fields: Vec<Field>,
    saved: String,
    written: String,
}

/// What the office sees of the members, and writes for the meeting.
struct Office<'a> {
    /// Why nothing is shown yet.
    hidden: String,
    spread: Vec<(String, String)>,
    remarks: Vec<MemberSaid>,
    /// Who has not written.
    silent: String,
    form: Option<SpeechForm>,
    /// Where what a member said is added to the meeting's words.
    adding: Option<String>,
    /// What is public already, and where it is corrected.
    public: Option<(OpinionBlock<'a>, String)>,
    /// What whoever asks was writing when it became public.
    kept: Option<KeptDraft<'a>>,
}

struct MemberSaid {
    account: i64,
    name: String,
    grade: String,
    comment: Html,
}

/// `GET /desk/plan/evaluations/{year}/{key}`
pub(super) async fn item(ctx: Ctx, keys: TwoKeys) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    if item.node.is_alias() {
        return Ok(seen_at(&item.address("")));
    }
    let (f, faults) = (item.frame(&ctx), Faults::default());
    Ok(Page(page(&item, &f, Typed::Nothing, &faults).await?).into_response())
}

/// What was just typed, and whose form it was.
#[derive(Clone, Copy)]
pub(super) enum Typed<'t> {
    Nothing,
    Member(&'t Form),
    Meeting(&'t Form),
}

impl<'t> Typed<'t> {
    fn member(self) -> Option<&'t Form> {
        if let Self::Member(form) = self { Some(form) } else { None }
    }

    fn meeting(self) -> Option<&'t Form> {
        if let Self::Meeting(form) = self { Some(form) } else { None }
    }
}

/// The same page with what is wrong with what a member wrote.
pub(super) async fn wrong(ctx: &Ctx, item: &Item, form: &Form, found: &[RemarkFault]) -> Result<Response> {
    let f = item.frame(ctx);
    let faults = told_faults(&f, found);
    Ok(Wrong(page(item, &f, Typed::Member(form), &faults).await?).into_response())
}

/// The same page with what is wrong with what the office wrote for the meeting.
pub(super) async fn wrong_speech(ctx: &Ctx, item: &Item, form: &Form, found: &[RemarkFault]) -> Result<Response> {
    let f = item.frame(ctx);
    let faults = told_faults(&f, found);
    Ok(Wrong(page(item, &f, Typed::Meeting(form), &faults).await?).into_response())
}

/// A fixed number of sentences, whatever the length of plan and list.
async fn page<'a>(item: &'a Item, f: &'a Frame, typed: Typed<'_>, faults: &'a Faults) -> Result<ItemPage<'a>> {
    let (ctx, node, review) = (&f.ctx, &item.node, &item.open.review);
    let outline = &item.open.plan.outline;
    let reports = store::progress_of(&ctx.db, node.id).await?;
    let evaluations = store::evaluations_of(&ctx.db, node.id).await?;
    let corrections = store::corrections_of(&ctx.db, node.id).await?;
    let seen = view::indicators(ctx, item.open.plan_id).await?;
    let attached =
        files::of_subject(&ctx.db, &format!("{REPORTS}{}/{}", i32::from(review.year), node.real_key())).await?;
    let items = item.open.items(ctx).await?;
    let here = items.iter().position(|(one, _)| one.id == node.id).unwrap_or_default();
    let beside = |at: Option<usize>| at.and_then(|at| items.get(at)).map(|(one, _)| review.item(one.real_key(), ""));
    let own_member = is_member(ctx);
    let own = if own_member { store::remark_of(&ctx.db, item.id, ctx.person()?.id).await? } else { None };
    let writes = own_member && review.is_open(ctx.today);
    let office = if runs(ctx) || ctx.person()?.holds(kyodo_kernel::people::Role::Auditor) {
        Some(office(item, f, !writes, typed.meeting(), faults, &corrections).await?)
    } else {
        None
    };
    let tell = |report: &Progress| last_year(f, node, outline, report);
    let name = |key: &String| ctx.state.department(key).map(|one| one.name.clone());
    Ok(ItemPage {
        code: item.code(),
        title: f.phrases(&node.title),
        head: head(f, item, here + 1, items.len()),
        note: &review.note,
        wrongs: Wrongs { f, faults },
        planned: node.planned(review.year).map(str::to_owned).unwrap_or_default(),
        planned_text: if node.details.text.is_empty() { &node.details.purpose } else { &node.details.text }
            .lines()
            .map(str::to_owned)
            .collect(),
        departments: node.departments.iter().filter_map(name).collect::<Vec<_>>().join(&f.t("list-comma")),
        report: reports.iter().find(|report| report.year == review.year).map(tell),
        files: attached
            .iter()
            .map(|file| {
                let mut document = Document::of(f, file);
                document.address = format!("/desk/plan/attachments/{}", file.key);
                document
            })
            .collect(),
        figures: figures(f, item, &seen),
        past: reports.iter().rev().filter(|report| report.year < review.year).take(3).map(tell).collect(),
        opinions: said_before(f, item, &evaluations, &corrections),
        form: if writes { Some(write_form(f, item, own.as_ref(), typed.member(), faults).await?) } else { None },
        own: own
            .as_ref()
            .filter(|_| !writes)
            .map(|own| (grade_words(f, outline, &own.remark), f.prose(&own.remark.comment))),
        kept: if own_member && !writes {
            let removal = item.address("/draft/removal");
            KeptDraft::of_remark(f, outline, &item.subject(), removal, "evaluation-comment").await?
        } else {
            None
        },
        closed: if own_member && !writes { closed(f, item) } else { String::new() },
        office,
        before: beside(here.checked_sub(1)),
        after: beside(Some(here + 1)),
        links: vec![(review.address(""), f.t("evaluation-to-list")), (node.address(), f.t("desk-to-public"))],
        f,
    })
}

/// Which of how many it is, and until when members write.
fn head(f: &Frame, item: &Item, at: usize, of: usize) -> Vec<String> {
    let (review, today) = (&item.open.review, f.ctx.today);
    let day = f.day(review.due_on);
    let left = (review.due_on - today).num_days();
    let until = match review.stage(today) {
        ReviewStage::Open if left == 0 => f.with("report-today", &[("day", &day)]),
        ReviewStage::Open => f.tell("report-left", &[("day", (&day).into()), ("n", left.into())]),
        stage => f.t(&format!("evaluation-stage-{}", stage.name())),
    };
    vec![f.tell("evaluation-at", &[("n", at.into()), ("of", of.into())]), until]
}

fn closed(f: &Frame, item: &Item) -> String {
    let review = &item.open.review;
    match review.stage(f.ctx.today) {
        ReviewStage::Ahead => f.with("evaluation-opens-on", &[("day", &f.day(review.opens_on))]),
        // Published before their day, they write no more either.
        ReviewStage::Published => f.t("evaluation-was-published"),
        ReviewStage::Open | ReviewStage::Meeting => f.with("evaluation-was-due", &[("day", &f.day(review.due_on))]),
    }
}

fn figures(f: &Frame, item: &Item, seen: &[Seen]) -> Vec<Figure> {
    let year = item.open.review.year;
    let own = seen.iter().filter(|seen| seen.indicator.node.as_deref() == Some(item.node.real_key()));
    own.map(|seen| {
        let definition = &seen.indicator.definition;
        Figure {
            name: seen.indicator.name.clone(),
            href: seen.address(),
            value: match seen.of_year(year) {
                Some(value) => {
                    f.with("report-figure-of", &[("year", &f.ctx.long_year(year)), ("value", &seen.value(value))])
                }
                None => f.t("indicator-no-figures"),
            },
            aim: definition
                .aim()
                .map(|aim| {
                    let of = f.ctx.long_year(aim.fiscal_year());
                    f.with("evaluation-aim", &[("year", &of), ("value", &seen.value(aim.value))])
                })
                .unwrap_or_default(),
            status: seen.status(f),
            records: definition
                .counted
                .is_some()
                .then(|| format!("/desk/plan/indicators/{}/records?year={}", seen.indicator.key, i32::from(year))),
        }
    })
    .collect()
}

/// What others said: of earlier years, and of this one what the meeting does not say itself.
fn said_before<'a>(
    f: &'a Frame,
    item: &Item,
    evaluations: &[Evaluation],
    corrections: &Corrections,
) -> Vec<(String, Vec<OpinionBlock<'a>>)> {
    let year = item.open.review.year;
    let mut years: Vec<_> = evaluations.iter().map(|said| said.year).filter(|said| *said <= year).collect();
    years.sort_unstable();
    years.dedup();
    let of = |of| {
        let own =
            |said: &&Evaluation| said.year == of && (of < year || said.kind != crate::evaluation::Kind::ThirdParty);
        let said = evaluations.iter().filter(own);
        let outline = &item.open.plan.outline;
        let blocks: Vec<_> = said.map(|said| OpinionBlock::of(f, outline, said, corrections)).collect();
        (f.ctx.long_year(of), blocks)
    };
    years.into_iter().rev().map(of).filter(|(_, said)| !said.is_empty()).collect()
}

async fn write_form(
    f: &Frame,
    item: &Item,
    own: Option<&MemberRemark>,
    form: Option<&Form>,
    faults: &Faults,
) -> Result<WriteForm> {
    let stands = own.map(|own| own.remark.fields().map(|(name, value)| (name.to_owned(), value)).collect());
    let version = own.map_or(0, |own| own.version).to_string();
    let filled = Filled::of(f, &item.subject(), (version, stands.unwrap_or_default()), form).await?;
    let written = own.map(|own| f.with("evaluation-written-at", &[("when", &format::moment(own.at, f.ctx.language))]));
    Ok(WriteForm {
        action: item.address(""),
        draft: item.address("/draft"),
        removal: item.address("/draft/removal"),
        fields: fields(f, &item.open.plan.outline, Whose::Member, &filled.form, faults),
        base: filled.base,
        restored: filled.restored,
        overtaken: filled.overtaken,
        saved: filled.saved,
        written: written.unwrap_or_default(),
    })
}

async fn office<'a>(
    item: &Item,
    f: &'a Frame,
    alone: bool,
    form: Option<&Form>,
    faults: &Faults,
    corrections: &Corrections,
) -> Result<Office<'a>> {
    let (ctx, review, outline) = (&f.ctx, &item.open.review, &item.open.plan.outline);
    let remarks = store::remarks(&ctx.db, review.id).await?;
    let members = members(ctx, &remarks).await?;
    let here: Vec<&MemberRemark> = remarks.iter().filter(|one| one.node == item.node.id).collect();
    let told = review.is_told(ctx.today);
    let wrote = |member: &Member| here.iter().any(|one| one.account == member.account);
    // Who sits on the committee no more is asked nothing.
    let silent: Vec<&str> = members.iter().filter(|one| one.sits && !wrote(one)).map(|one| one.name.as_str()).collect();
    let speech = Speech::of_item(item);
    let meeting = store::meeting(&ctx.db, item.open.plan_id, review.year).await?;
    let stands = speech.stands(&meeting);
    let public = stands.filter(|said| said.published_on.is_some()).map(|said| {
        (OpinionBlock::of(f, outline, said, corrections), format!("{}/{}", crate::evaluation::OPINIONS, said.id))
    });
    Ok(Office {
        hidden: if told {
            String::new()
        } else {
            let (of, day) = (here.len() + silent.len(), f.day(review.due_on));
            f.tell("evaluation-hidden", &[("n", here.len().into()), ("of", of.into()), ("day", (&day).into())])
        },
        spread: if told { spread(f, item, &here) } else { Vec::new() },
        remarks: here
            .iter()
            .filter(|_| told)
            .map(|one| MemberSaid {
                account: one.account.0,
                name: one.name.clone(),
                grade: grade_words(f, outline, &one.remark),
                comment: f.prose(&one.remark.comment),
            })
            .collect(),
        silent: if told && !silent.is_empty() {
            f.with("evaluation-silent", &[("who", &silent.join(&f.t("list-comma")))])
        } else {
            String::new()
        },
        adding: (public.is_none() && alone && runs(ctx)).then(|| item.address("/opinion/draft")),
        // Whoever sits on the committee as well has one form at a time.
        form: match (&public, alone && runs(ctx)) {
            (None, true) => Some(speech_form(f, &speech, stands, form, faults).await?),
            _ => None,
        },
        kept: if public.is_some() && runs(ctx) { speech.kept(f).await? } else { None },
        public,
    })
}

/// How many members gave which grade.
pub(super) fn spread(f: &Frame, item: &Item, remarks: &[&MemberRemark]) -> Vec<(String, String)> {
    let outline = &item.open.plan.outline;
    if outline.grades.is_empty() {
        return Vec::new();
    }
    let of = |remark: &Remark| remarks.iter().filter(|one| one.remark.given() == remark.given()).count();
    let grades = outline.grades.iter().map(|grade| Remark { grade: grade.name.clone(), comment: String::new() });
    let all = grades.chain([Remark::default()]);
    all.map(|remark| (grade_words(f, outline, &remark), of(&remark)))
        .filter(|(_, n)| *n > 0)
        .map(|(grade, n)| (grade, f.n("evaluation-people", n)))
        .collect()
}
