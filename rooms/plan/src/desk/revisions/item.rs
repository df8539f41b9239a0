//! `/desk/plan/revisions/{year}/{key}`: an item under review on one page: what the plan says, what was reported, counted
//! and said of it; and what becomes of it, written, agreed to, or decided on.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::drafts;
use kyodo_web::components::{Choice, Field, Status, Wrongs, choice};
use kyodo_web::form::seen_at;
use kyodo_web::{Ctx, Faults, Form, Frame, Html, Page, Result, TwoKeys, filters, format};

use super::writing::typed;
use super::{Item, runs, stage_status, verdict_word};
use crate::desk::Difference;
use crate::desk::editing::difference::{label, said};
use crate::desk::editing::fields::Fields;
use crate::desk::editing::{self, DRAFT, fields};
use crate::desk::evaluations::{Filled, KeptDraft, kept};
use crate::desk::rounds::item::{LastYear, figures, last_year};
use crate::desk::rounds::{names, step_name};
use crate::editing::get;
use crate::pages::opinion::OpinionBlock;
use crate::plan::Period;
use crate::revision::{Content, Fault, MOST_WHY, Stage, Verdict, is_heir, is_proposed};
use crate::store::revisions::{self, Done};
use crate::store::{self as plan_store};
use crate::view;

#[derive(Template)]
#[template(path = "desk/proposal.html")]
struct ProposalPage<'a> {
    f: &'a Frame,
    code: String,
    title: Html,
    status: Status,
    head: Vec<String>,
    note: &'a str,
    wrongs: Wrongs<'a>,
    beside: Beside<'a>,
    /// What it says, for those who read.
    says: Option<Says>,
    form: Option<WriteForm>,
    /// What a writer was writing when nobody could write any more.
    kept: Option<KeptDraft<'a>>,
    /// Where a head agrees.
    agreement: Option<String>,
    /// What the office can decide.
    decision: Option<Decision>,
    /// Where a head or the office sends it back, with the reason; and where the office sets it aside.
    answering: Option<Answering>,
    reopening: Option<String>,
    withdrawal: Option<String>,
    /// The version that whoever decides has seen.
    base: i64,
    closed: String,
    /// The next that waits for whoever decides.
    next: Option<(String, String)>,
    links: Vec<(String, String)>,
    history: Vec<(String, String, String)>,
}

/// What the plan says of the item, and what became of it so far.
struct Beside<'a> {
    now: Vec<(String, Vec<String>)>,
    /// The row of the grid: years and what stands there.
    cells: Vec<(String, String)>,
    past: Vec<LastYear>,
    opinions: Vec<OpinionBlock<'a>>,
    figures: Vec<(String, String, String)>,
}

/// What becomes of the item, as it was handed in.
struct Says {
    verdict: String,
    into: String,
    why: Vec<String>,
    changes: Vec<(String, Difference)>,
}

/// The form, for those who write.
struct WriteForm {
    submission: String,
    draft: String,
    base: String,
    restored: Option<String>,
    overtaken: bool,
    saved: String,
    verdict: Field,
    changes: Fields,
    into: Field,
    why: Field,
    button: String,
    /// Whether everything is shown, because something of it is wrong.
    all: bool,
}

struct Decision {
    taking: String,
    button: String,
    text: String,
}

struct Answering {
    returning: String,
    setting_aside: Option<String>,
    note: Field,
}

/// `GET /desk/plan/revisions/{year}/{key}`
pub(super) async fn item(ctx: Ctx, keys: TwoKeys) -> Result<Response> {
    let item = Item::load(&ctx, &keys).await?;
    if item.node.real_key() != keys.1 {
        return Ok(seen_at(&item.address("")));
    }
    let (f, faults) = (item.frame(&ctx, "proposal-title"), Faults::default());
    Ok(Page(page(&item, &f, None, &faults).await?).into_response())
}

/// The same page with what is wrong, beside what was typed.
pub(super) async fn faulty(ctx: &Ctx, item: &Item, form: &Form, faults: &Faults) -> Result<Response> {
    let f = item.frame(ctx, "proposal-title");
    let page = Page(page(item, &f, Some(form), faults).await?);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn page<'a>(item: &'a Item, f: &'a Frame, form: Option<&Form>, faults: &'a Faults) -> Result<ProposalPage<'a>> {
    let (ctx, proposal, revision) = (&f.ctx, &item.proposal, &item.open.revision);
    let stage = proposal.stage;
    let writes = item.writes(ctx);
    let writable = writes && item.is_writable(ctx);
    let typed = form.filter(|form| form.has("verdict") || form.has("why"));
    let shows_form = writable && (stage.is_with_department() || typed.is_some() || asks_to_write(ctx));
    let write = if shows_form { Some(filled(item, f, typed, faults).await?) } else { None };
    let others = drafts::about(&ctx.db, ctx.person()?.id, &item.subject()).await?.others;
    let acts = revisions::acts(&ctx.db, proposal.id).await?;
    let mut head = vec![head_day(f, item)];
    head.extend(who_is_next(f, item));
    head.extend(
        others.iter().map(|(name, at)| {
            f.with("desk-other-writes", &[("who", name), ("when", &format::moment(*at, ctx.language))])
        }),
    );
    let open = revision.is_open(ctx.today);
    let (agrees, decides) = (open && item.agrees(ctx), open && item.decides(ctx));
    let empty = Form::default();
    Ok(ProposalPage {
        code: item.code(),
        title: f.phrases(&item.node.title),
        status: stage_status(f, stage),
        head,
        note: &revision.note,
        wrongs: Wrongs { f, faults },
        beside: beside(f, item).await?,
        says: (write.is_none() && stage != Stage::Unwritten).then(|| says(f, item, &proposal.content)),
        kept: if writes && !writable { unsent(f, item).await? } else { None },
        agreement: agrees.then(|| item.address("/agreement")),
        decision: decides.then(|| decision(f, item)),
        answering: (agrees || decides).then(|| Answering {
            returning: item.address("/return"),
            setting_aside: decides.then(|| item.address("/setting-aside")),
            note: Field::lines("note", f.t("proposal-note"), 3)
                .hint(f.t(if decides { "proposal-note-hint-office" } else { "report-return-hint" }))
                .japanese(f)
                .heard(form.unwrap_or(&empty), faults),
        }),
        reopening: (open && runs(ctx) && !stage.is_undecided() && proposal.draft_act.is_none())
            .then(|| item.address("/reopening")),
        withdrawal: (writable && !shows_form && !decides && matches!(stage, Stage::Waiting(_) | Stage::HandedIn))
            .then(|| item.address("/withdrawal")),
        base: proposal.version,
        closed: match revision.closed_at {
            Some(_) => f.t("revision-is-over"),
            None if writes && !open => f.with("report-closed", &[("state", &super::list::state(f, revision))]),
            None => String::new(),
        },
        next: if runs(ctx) { next(f, item).await? } else { None },
        links: links(f, item, writable && !shows_form),
        history: acts.iter().map(|done| told(f, done)).collect(),
        form: write,
        f,
    })
}

/// Whether a writer wants to change what is handed in already.
fn asks_to_write(ctx: &Ctx) -> bool {
    ctx.uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "write=1"))
}

fn head_day(f: &Frame, item: &Item) -> String {
    let (revision, stage) = (&item.open.revision, item.proposal.stage);
    let day = f.day(revision.due_on);
    if !stage.is_with_department() {
        let day = f.day(revision.decide_on);
        return f.with("proposal-decided-by", &[("day", &day)]);
    }
    match (revision.due_on - f.ctx.today).num_days() {
        left @ ..0 => f.tell("report-late", &[("day", (&day).into()), ("n", (-left).into())]),
        0 => f.with("report-today", &[("day", &day)]),
        left => f.tell("report-left", &[("day", (&day).into()), ("n", left.into())]),
    }
}

/// Who has it now, or who gets it next.
fn who_is_next(f: &Frame, item: &Item) -> Option<String> {
    let route = &item.open.plan.outline.route;
    match item.proposal.stage {
        Stage::Unwritten | Stage::Returned => Some(f.with("proposal-goes-to", &[("who", &item.next_word(f))])),
        Stage::Waiting(at) => {
            let step = route.step(at)?;
            let who = names(&item.hands.of_step(step, &item.departments)).join(&f.t("list-comma"));
            let name = step_name(f, step);
            Some(f.with("report-now-checks", &[("step", &name), ("who", &who)]))
        }
        Stage::HandedIn => Some(f.t("proposal-office-decides")),
        Stage::Taken | Stage::Aside => None,
    }
}

/// Whoever decides goes from one to the next.
async fn next(f: &Frame, item: &Item) -> Result<Option<(String, String)>> {
    let items = item.open.items(&f.ctx).await?;
    let next = items.iter().find(|(node, one)| one.stage == Stage::HandedIn && node.id != item.node.id);
    Ok(next.map(|(node, _)| (item.open.revision.item(node, ""), f.with("proposal-next", &[("title", &node.title)]))))
}

fn links(f: &Frame, item: &Item, rewrites: bool) -> Vec<(String, String)> {
    let mut links = Vec::new();
    if rewrites {
        links.push((format!("{}?write=1", item.address("")), f.t("report-rewrite")));
    }
    if runs(&f.ctx) && item.proposal.draft_act.is_some() {
        links.push((editing::address(item.node.real_key(), ""), f.t("proposal-to-line")));
        links.push((DRAFT.to_owned(), f.t("editing-title")));
    }
    links.push((item.open.revision.address(""), f.t("proposal-to-revision")));
    links.push((item.node.address(), f.t("desk-to-public")));
    links
}

async fn beside<'a>(f: &'a Frame, item: &Item) -> Result<Beside<'a>> {
    let (ctx, node, outline) = (&f.ctx, &item.node, &item.open.plan.outline);
    let past = plan_store::progress_of(&ctx.db, node.id).await?;
    let evaluations = plan_store::evaluations_of(&ctx.db, node.id).await?;
    let corrections = plan_store::corrections_of(&ctx.db, node.id).await?;
    let seen = view::indicators(ctx, item.open.plan_id).await?;
    let fields = ["purpose", "situation", "text", "completion", "tag"];
    let text = |name: &str| {
        let text = get(node, name);
        (!text.is_empty()).then(|| (label(f, name), text.lines().map(str::to_owned).collect()))
    };
    let years = outline.grid.into_iter().flat_map(Period::years);
    let cell = |year| (ctx.short_year(year), node.schedule.cell(year).unwrap_or_default().to_owned());
    Ok(Beside {
        now: fields.into_iter().filter_map(text).collect(),
        cells: if node.schedule.is_empty() { Vec::new() } else { years.map(cell).collect() },
        past: past.iter().rev().map(|report| last_year(f, node, outline, report)).collect(),
        opinions: evaluations.iter().rev().map(|one| OpinionBlock::of(f, outline, one, &corrections)).collect(),
        figures: figures(f, node, &seen, ctx.fiscal_year()),
    })
}

fn says(f: &Frame, item: &Item, content: &Content) -> Says {
    let into = content.into.as_deref().and_then(|key| item.open.plan.node(key));
    let changed = |(name, value): (&String, &String)| {
        let (before, after) = (said(f, name, &get(&item.node, name)), said(f, name, value));
        (label(f, name), Difference::between(f, &before, &after))
    };
    Says {
        verdict: verdict_word(f, content.verdict),
        into: into.map(|node| node.title.clone()).unwrap_or_default(),
        why: content.why.lines().map(str::to_owned).collect(),
        changes: content.fields.iter().map(changed).collect(),
    }
}

/// The draft of a writer who cannot hand it in any more.
async fn unsent<'a>(f: &'a Frame, item: &Item) -> Result<Option<KeptDraft<'a>>> {
    let Some((when, form)) = kept(f, &item.subject()).await? else { return Ok(None) };
    let content = typed(item, &form);
    let mut lines = vec![(f.t("revision-verdict"), verdict_word(f, content.verdict))];
    lines.extend(content.fields.iter().map(|(name, value)| (label(f, name), said(f, name, value))));
    lines.push((f.t("proposal-why"), content.why));
    Ok(Some(KeptDraft::told(f, when, item.address("/draft"), lines)))
}

fn decision(f: &Frame, item: &Item) -> Decision {
    let (button, text) = match item.proposal.content.verdict {
        Some(Verdict::Keep) => ("proposal-keep", "proposal-keep-text"),
        _ => ("proposal-take", "proposal-take-text"),
    };
    Decision { taking: item.address("/taking"), button: f.t(button), text: f.t(text) }
}

/// The form with what was just typed, or the draft, or what the proposal says.
async fn filled(item: &Item, f: &Frame, form: Option<&Form>, faults: &Faults) -> Result<WriteForm> {
    let (outline, proposal) = (&item.open.plan.outline, &item.proposal);
    let content = &proposal.content;
    let asks = |name: &str| is_proposed(name, item.open.revision.from);
    let mut stands: Vec<(String, String)> =
        fields::says(outline, &content.upon(&item.node)).into_iter().filter(|(name, _)| asks(name)).collect();
    let verdict = content.verdict.map(Verdict::name).unwrap_or_default();
    let own = [("verdict", verdict), ("into", content.into.as_deref().unwrap_or_default()), ("why", &content.why)];
    stands.extend(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let filled = Filled::of(f, &item.subject(), (proposal.version.to_string(), stands), form).await?;
    let typed = &filled.form;
    let choices = |verdict: Verdict| choice(verdict.name(), f.t(&format!("verdict-{}", verdict.name())), false);
    Ok(WriteForm {
        submission: item.address("/submission"),
        draft: item.address("/draft"),
        verdict: Field::radios("verdict", f.t("revision-verdict"), Verdict::ALL.map(choices).to_vec())
            .need(f)
            .heard(typed, faults),
        changes: fields::form_of(f, outline, &item.node, asks, typed, faults),
        into: Field::select("into", f.t("proposal-into"), heirs(f, item)).japanese(f).heard(typed, faults),
        why: Field::lines("why", f.t("proposal-why"), 4)
            .hint(f.n("proposal-why-hint", MOST_WHY))
            .counted(MOST_WHY)
            .japanese(f)
            .heard(typed, faults),
        button: f.with("report-submit", &[("step", &item.next_word(f))]),
        base: filled.base,
        restored: filled.restored,
        overtaken: filled.overtaken,
        saved: filled.saved,
        all: !faults.is_empty(),
    })
}

/// The items of which this one can become part.
fn heirs(f: &Frame, item: &Item) -> Vec<Choice> {
    let none = std::iter::once(choice("", f.t("proposal-into-none"), true));
    let heirs = item.open.plan.nodes.iter().filter(|line| is_heir(line, &item.node));
    none.chain(heirs.map(|line| choice(&line.key, format!("{} {}", line.code, line.title).trim(), false))).collect()
}

/// What is wrong with a proposal, in words.
pub(super) fn told_fault(f: &Frame, fault: Fault) -> String {
    match fault {
        Fault::NoVerdict => f.t("proposal-fault-no-verdict"),
        Fault::NothingChanged => f.t("proposal-fault-nothing-changed"),
        Fault::Rewritten => f.t("proposal-fault-rewritten"),
        Fault::NoInto => f.t("proposal-fault-no-into"),
        Fault::NoWhy => f.t("proposal-fault-no-why"),
        Fault::LongWhy(over) => f.n("report-note-long", over),
    }
}

fn told(f: &Frame, done: &Done) -> (String, String, String) {
    let who = done.by.clone().unwrap_or_else(|| f.t("report-by-import"));
    let text = f.with(&format!("proposal-did-{}", done.act.name()), &[("who", &who)]);
    let note = if done.note.is_empty() { String::new() } else { f.with("act-note", &[("note", &done.note)]) };
    (format::moment(done.at, f.ctx.language), text, note)
}
