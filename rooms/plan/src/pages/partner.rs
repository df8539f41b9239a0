//! `/plan/partners/{token}`: what somebody is asked who worked on the plan with the city, without an account. The link came
//! by mail; whoever has it answers.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_web::components::{Field, Status, Wrongs, choice};
use kyodo_web::filters;
use kyodo_web::form::led_to;
use kyodo_web::{Access, Ctx, Error, Faults, Form, Frame, Html, KeyPath, Page, Result, Routes, TwoKeys, Wrong};
use serde_json::json;

use super::measure::graded;
use super::{code, titled};
use crate::node::Node;
use crate::partner::{Asked, MOST_COMMENT, Opinion, OpinionFault, Partner, Stage, fingerprint};
use crate::plan::Plan;
use crate::store;

/// Its addresses.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/plan/partners/{token}", Access::Public, overview)
        .get("/plan/partners/{token}/{key}", Access::Public, item)
        .post("/plan/partners/{token}/{key}", Access::Public, answer)
}

/// Somebody with a good link, and what they are asked.
struct Guest {
    token: String,
    plan: Plan,
    partner: Partner,
    asked: Vec<(Asked, Node)>,
}

impl Guest {
    /// None for a link that was never given, was ended, or has had its time: nobody learns which.
    async fn load(ctx: &Ctx, token: &str) -> Result<Option<Self>> {
        let partner = store::partner_by_link(&ctx.db, &fingerprint(token)).await?;
        let Some(partner) = partner.filter(|partner| partner.is_open(ctx.today)) else { return Ok(None) };
        let Some((plan_id, plan)) = store::plan(&ctx.db).await? else { return Ok(None) };
        let nodes = store::all_nodes(&ctx.db, plan_id).await?;
        let asked = store::asked_of(&ctx.db, partner.id).await?;
        let of = |asked: Asked| {
            let node = nodes.iter().find(|node| node.id == asked.node && !node.is_alias())?.clone();
            Some((asked, node))
        };
        let mut asked: Vec<(Asked, Node)> = asked.into_iter().filter_map(of).collect();
        asked.sort_by_key(|(_, node)| node.position);
        Ok(Some(Self { token: token.to_owned(), plan, partner, asked }))
    }

    fn address(&self, below: &str) -> String {
        format!("/plan/partners/{}{below}", self.token)
    }

    fn done(&self) -> usize {
        self.asked.iter().filter(|(asked, _)| asked.stage != Stage::Asked).count()
    }
}

/// A page that nobody keeps and no search engine finds.
fn frame(ctx: &Ctx, title: String) -> Frame {
    ctx.is_personal();
    let mut f = ctx.frame(title);
    f.unlisted = true;
    f
}

// --- a link that opens nothing -----------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "partner-closed.html")]
struct ClosedPage {
    f: Frame,
}

/// The same page for every link that does not open.
fn closed(ctx: &Ctx) -> Response {
    let mut response = Page(ClosedPage { f: frame(ctx, ctx.words().say("partner-closed-title")) }).into_response();
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

// --- what they are asked -----------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "partner.html")]
struct OverviewPage<'a> {
    f: &'a Frame,
    whom: String,
    lead: String,
    note: Vec<String>,
    due: String,
    /// Nothing is left to answer.
    thanks: bool,
    count: String,
    rows: Vec<Row>,
    next: Option<(String, String)>,
}

struct Row {
    title: Html,
    href: String,
    status: Status,
    act: String,
}

/// `GET /plan/partners/{token}`
async fn overview(ctx: Ctx, KeyPath(token): KeyPath) -> Result<Response> {
    let Some(guest) = Guest::load(&ctx, &token).await? else { return Ok(closed(&ctx)) };
    let thanks = guest.done() == guest.asked.len();
    let f = frame(&ctx, ctx.words().say(if thanks { "partner-thanks" } else { "partner-ask-title" }));
    let year = ctx.long_year(guest.partner.year);
    let next = guest.asked.iter().find(|(asked, _)| asked.stage == Stage::Asked);
    let partner = &guest.partner;
    let page = OverviewPage {
        whom: if partner.name.is_empty() {
            f.with("partner-whom", &[("organisation", &partner.organisation)])
        } else {
            f.with("partner-whom-named", &[("organisation", &partner.organisation), ("name", &partner.name)])
        },
        lead: f.with(if thanks { "partner-thanks-text" } else { "partner-ask-text" }, &[("year", &year)]),
        note: partner.note.lines().map(str::to_owned).collect(),
        due: f.with("partner-until", &[("day", &f.day(partner.due_on))]),
        thanks,
        count: f.tell("partner-answered-of", &[("n", guest.done().into()), ("of", guest.asked.len().into())]),
        rows: guest.asked.iter().map(|(asked, node)| row(&f, &guest, asked, node)).collect(),
        next: next.map(|(_, node)| {
            let label = if guest.done() == 0 { "partner-begin" } else { "partner-next" };
            (guest.address(&format!("/{}", node.key)), f.t(label))
        }),
        f: &f,
    };
    Ok(Page(page).into_response())
}

fn row(f: &Frame, guest: &Guest, asked: &Asked, node: &Node) -> Row {
    // What the office does with it is told when it is public, and not before.
    let (stage, act) = match asked.stage {
        Stage::Asked => (Stage::Asked, "partner-write"),
        Stage::Answered | Stage::Aside => (Stage::Published, "partner-rewrite"),
        Stage::Published => (Stage::Published, "partner-look"),
    };
    let word = match asked.stage {
        Stage::Asked => "partner-not-yet",
        Stage::Answered | Stage::Aside => "partner-done",
        Stage::Published => "partner-stage-published",
    };
    Row {
        title: f.phrases(&titled(&guest.plan.outline, node)),
        href: guest.address(&format!("/{}", node.key)),
        status: Status { shape: stage.shape(), word: f.t(word) },
        act: f.t(act),
    }
}

// --- one item ----------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "partner-item.html")]
struct ItemPage<'a> {
    f: &'a Frame,
    code: String,
    title: Html,
    text: Vec<Html>,
    public: String,
    year: String,
    planned: String,
    /// What the city reported; none while it is still being written.
    report: Option<Reported>,
    wrongs: Wrongs<'a>,
    /// What somebody else wrote by the same link meanwhile.
    theirs: Vec<(String, String)>,
    /// What was typed when it could not be taken any more.
    mine: Vec<(String, String)>,
    form: Option<ItemForm>,
    /// What is public and can be changed no more.
    said: Option<(String, Vec<String>, String)>,
    back: String,
}

struct Reported {
    marks: String,
    grade: String,
    text: Html,
    next: Html,
}

struct ItemForm {
    action: String,
    base: String,
    fields: Vec<Field>,
}

/// `GET /plan/partners/{token}/{key}`
async fn item(ctx: Ctx, TwoKeys(token, key): TwoKeys) -> Result<Response> {
    let Some(guest) = Guest::load(&ctx, &token).await? else { return Ok(closed(&ctx)) };
    let Some((asked, node)) = guest.asked.iter().find(|(_, node)| node.key == key) else { return Ok(closed(&ctx)) };
    let f = frame(&ctx, node.title.clone()).japanese();
    let faults = Faults::default();
    Ok(Page(page(&f, &guest, (asked, node), &Form::default(), &faults).await?).into_response())
}

async fn page<'a>(
    f: &'a Frame,
    guest: &Guest,
    (asked, node): (&Asked, &Node),
    form: &Form,
    faults: &'a Faults,
) -> Result<ItemPage<'a>> {
    let ctx = &f.ctx;
    let outline = &guest.plan.outline;
    let of = guest.partner.year;
    let reports = store::progress_of(&ctx.db, node.id).await?;
    let report = reports.into_iter().find(|report| report.year == of);
    let details = &node.details;
    let text = if details.purpose.is_empty() { &details.text } else { &details.purpose };
    let (is_public, base) = (asked.stage == Stage::Published, asked.opinion.fingerprint());
    Ok(ItemPage {
        code: code(outline, node),
        title: f.phrases(&node.title),
        text: text.lines().filter(|line| !line.is_empty()).map(|line| f.prose(line)).collect(),
        public: node.address(),
        year: ctx.long_year(of),
        planned: node.planned(of).map(str::to_owned).unwrap_or_default(),
        report: report.map(|report| Reported {
            marks: report.mark.clone().unwrap_or_default(),
            grade: report.grade.as_deref().map(|grade| graded(f, outline, grade)).unwrap_or_default(),
            text: f.prose(&report.text),
            next: if report.next_step.is_empty() {
                Html::default()
            } else {
                f.prose(&f.with("report-next", &[("next", &report.next_step)]))
            },
        }),
        wrongs: Wrongs { f, faults },
        theirs: Vec::new(),
        mine: Vec::new(),
        form: (!is_public).then(|| ItemForm {
            action: guest.address(&format!("/{}", node.key)),
            // What the writer began from, until they were shown something else.
            base: form.some("base").map_or(base, str::to_owned),
            fields: fields(f, guest, &asked.opinion, asked.stage, form, faults),
        }),
        said: is_public.then(|| {
            let opinion = &asked.opinion;
            let lines = opinion.comment.lines().map(str::to_owned).collect();
            let grade = opinion.grade.as_deref().map(|grade| graded(f, outline, grade)).unwrap_or_default();
            (opinion.shown_as.clone(), lines, grade)
        }),
        back: guest.address(""),
        f,
    })
}

/// An opinion, field by field.
fn told(f: &Frame, guest: &Guest, opinion: &Opinion) -> Vec<(String, String)> {
    let grade = opinion.grade.as_deref().map(|grade| graded(f, &guest.plan.outline, grade)).unwrap_or_default();
    let told = [
        (f.t("partner-grade"), grade),
        (f.t("partner-comment"), opinion.comment.clone()),
        (f.t("partner-shown"), opinion.shown_as.clone()),
    ];
    told.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn fields(f: &Frame, guest: &Guest, opinion: &Opinion, stage: Stage, form: &Form, faults: &Faults) -> Vec<Field> {
    let outline = &guest.plan.outline;
    let mut fields = Vec::new();
    if !outline.grades.is_empty() {
        let own = opinion.grade.as_deref();
        let mut choices: Vec<_> = outline
            .grades
            .iter()
            .map(|grade| choice(&grade.name, graded(f, outline, &grade.name), own == Some(grade.name.as_str())))
            .collect();
        choices.push(choice("", f.t("partner-grade-none"), own.is_none() && stage != Stage::Asked));
        fields.push(Field::radios("grade", f.t("partner-grade"), choices).japanese(f).heard(form, faults));
    }
    fields.push(
        Field::lines("comment", f.t("partner-comment"), 8)
            .hint(f.n("partner-comment-hint", MOST_COMMENT))
            .counted(MOST_COMMENT)
            .need(f)
            .value(opinion.comment.clone())
            .japanese(f)
            .heard(form, faults),
    );
    let name = if opinion.shown_as.is_empty() { &guest.partner.organisation } else { &opinion.shown_as };
    fields.push(
        Field::line("shown", f.t("partner-shown"))
            .hint(f.t("partner-shown-hint"))
            .need(f)
            .value(name.clone())
            .japanese(f)
            .heard(form, faults),
    );
    let agreed = choice("yes", f.t("partner-consent-text"), stage != Stage::Asked);
    fields.push(Field::ticks("consent", f.t("partner-consent"), vec![agreed]).need(f).heard(form, faults));
    fields
}

/// What is wrong, in the reader's language.
fn told_fault(f: &Frame, fault: OpinionFault) -> String {
    match fault {
        OpinionFault::NoName => f.t("partner-shown-missing"),
        OpinionFault::LongName(over) => f.n("partner-long", over),
        OpinionFault::UnknownGrade => f.t("partner-grade-unknown"),
        OpinionFault::NoComment => f.t("partner-comment-missing"),
        OpinionFault::LongComment(over) => {
            f.tell("partner-comment-long", &[("most", MOST_COMMENT.into()), ("over", over.into())])
        }
        OpinionFault::MyNumber(_) => f.t("partner-my-number"),
    }
}

/// `POST /plan/partners/{token}/{key}`: keeps what they say, as often as they like until it is public.
async fn answer(ctx: Ctx, TwoKeys(token, key): TwoKeys, form: Form) -> Result<Response> {
    let Some(guest) = Guest::load(&ctx, &token).await? else { return Ok(closed(&ctx)) };
    let Some((asked, node)) = guest.asked.iter().find(|(_, node)| node.key == key) else { return Ok(closed(&ctx)) };
    let f = frame(&ctx, node.title.clone()).japanese();
    let opinion = Opinion::typed(|name| form.raw(name));
    let mut faults = Faults::default();
    for fault in opinion.faults(&guest.plan.outline) {
        faults.add(fault.field(), told_fault(&f, fault));
    }
    if form.text("consent") != "yes" {
        faults.add("consent", f.t("partner-consent-missing"));
    }
    if !faults.is_empty() {
        return Ok(Wrong(page(&f, &guest, (asked, node), &form, &faults).await?).into_response());
    }
    let kept = || led_to(&guest.address(""), "said-partner-kept", ctx.house.settings.https);
    let mut change = match ctx.change(&form).await {
        // Where the first post led stands in the database, where no link may stand: the way is known here.
        Err(Error::Done(_)) => return Ok(kept()),
        other => other?,
    };
    let now = store::partner_by_link_now(&mut change.tx, &fingerprint(&token)).await?;
    if now.is_none_or(|now| !now.is_open(ctx.today)) {
        drop(change);
        return Ok(closed(&ctx));
    }
    // Whether the office has set aside what was answered before is no matter of theirs: only the answer is compared.
    let stands = store::asked_now(&mut change.tx, guest.partner.id).await?;
    let stands = stands.iter().find(|now| now.id == asked.id && now.opinion.fingerprint() == form.text("base"));
    let is_kept = match stands {
        Some(now) => store::answer(&mut change.tx, now.id, now.version, &opinion, ctx.now).await?,
        None => false,
    };
    if !is_kept {
        drop(change);
        return overtaken(&ctx, &token, &key, &form, &opinion).await;
    }
    let entry = Entry::new("partner.answered", guest.partner.subject()).detail(json!({ "item": node.key }));
    ctx.trail().note(&mut change.tx, entry).await?;
    change.done("/plan", "said-partner-kept").await?;
    Ok(kept())
}

/// Somebody else has the same link, or the office has just published what was answered before: nothing of what was typed
/// is lost.
async fn overtaken(ctx: &Ctx, token: &str, key: &str, form: &Form, mine: &Opinion) -> Result<Response> {
    let Some(guest) = Guest::load(ctx, token).await? else { return Ok(closed(ctx)) };
    let Some((asked, node)) = guest.asked.iter().find(|(_, node)| node.key == key) else { return Ok(closed(ctx)) };
    let (f, faults) = (frame(ctx, node.title.clone()).japanese(), Faults::default());
    let fresh = Form(form.0.iter().filter(|(name, _)| name != "base").cloned().collect());
    let page = page(&f, &guest, (asked, node), &fresh, &faults).await?;
    let page = match asked.stage {
        Stage::Published => ItemPage { mine: told(&f, &guest, mine), ..page },
        _ => ItemPage { theirs: told(&f, &guest, &asked.opinion), ..page },
    };
    Ok((StatusCode::CONFLICT, Page(page)).into_response())
}
