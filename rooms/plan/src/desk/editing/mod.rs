//! `/desk/plan/draft`: the plan under revision. The office begins a draft from what stands, changes lines one act after
//! the other, looks at the difference, and adopts it as the next version. Addresses, and what the pages share.

mod acts;
mod adoption;
pub(crate) mod difference;
pub(super) mod fields;
mod line;
mod next;
mod preview;
mod tree;

use std::collections::BTreeMap;

use axum::response::Response;
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::city;
use kyodo_kernel::people::Role;
use kyodo_kernel::secret::hex;
use kyodo_web::form::seen_at;
use kyodo_web::{Access, Ctx, Error, Form, Frame, Result, Routes};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::editing::{Act, Ground, Lines, Refusal};
use crate::node::Node;
use crate::pages::code;
use crate::plan::{Outline, Plan};
use crate::store;
use crate::store::editing::{self as drafts, Draft};

pub(super) use acts::{MOST_TITLE, single};

/// Who revises the plan.
const EDITORS: Access = Access::Roles(&[Role::Coordinator]);

/// The draft.
pub(super) const DRAFT: &str = "/desk/plan/draft";

/// Its addresses.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get(DRAFT, EDITORS, tree::show)
        .post(DRAFT, EDITORS, tree::begin)
        .post("/desk/plan/draft/removal", EDITORS, tree::remove)
        .post("/desk/plan/draft/undo", EDITORS, tree::undo)
        .post("/desk/plan/draft/renewal", EDITORS, tree::renew)
        .get("/desk/plan/draft/new", EDITORS, acts::form)
        .post("/desk/plan/draft/new", EDITORS, acts::add)
        .get("/desk/plan/draft/difference", EDITORS, difference::show)
        .get("/desk/plan/draft/preview", EDITORS, preview::show)
        .get("/desk/plan/draft/next", EDITORS, next::show)
        .post("/desk/plan/draft/next", EDITORS, next::save)
        .post("/desk/plan/draft/next/removal", EDITORS, next::remove)
        .get("/desk/plan/draft/adoption", EDITORS, adoption::show)
        .post("/desk/plan/draft/adoption", EDITORS, adoption::adopt)
        .get("/desk/plan/draft/lines/{key}", EDITORS, line::show)
        .post("/desk/plan/draft/lines/{key}", EDITORS, line::change)
        .post("/desk/plan/draft/lines/{key}/place", EDITORS, acts::place)
        .post("/desk/plan/draft/lines/{key}/split", EDITORS, acts::split)
        .post("/desk/plan/draft/lines/{key}/retirement", EDITORS, acts::retire)
        .post("/desk/plan/draft/lines/{key}/restoration", EDITORS, acts::restore)
        .post("/desk/plan/draft/lines/{key}/repetition", EDITORS, acts::repeat)
        .post("/desk/plan/draft/lines/{key}/removal", EDITORS, acts::remove)
}

/// Whether whoever asks revises the plan.
pub(super) fn edits(ctx: &Ctx) -> bool {
    EDITORS.admits(&ctx.actor, &axum::http::Method::POST).is_ok()
}

/// The draft on somebody's desk.
pub(super) struct Open {
    id: i64,
    plan: Plan,
    /// What holds for the whole of what the draft makes: of this plan, or of the next.
    outline: Outline,
    pub(super) draft: Draft,
    ground: Ground,
}

impl Open {
    /// The draft; none where the plan is not under revision.
    pub(super) async fn maybe(ctx: &Ctx) -> Result<Option<Self>> {
        let (id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
        let Some(draft) = drafts::draft(&ctx.db, id).await? else { return Ok(None) };
        Ok(Some(Self::of(id, plan, draft)))
    }

    fn of(id: i64, plan: Plan, draft: Draft) -> Self {
        let ground = draft.ground(&plan);
        let next = draft.next.as_ref().map(|next| next.outline(&plan.outline, draft.from_year));
        Self { id, outline: next.unwrap_or_else(|| plan.outline.clone()), plan, draft, ground }
    }

    /// The draft, or the page where one is begun.
    async fn load(ctx: &Ctx) -> Result<std::result::Result<Self, Response>> {
        Ok(Self::maybe(ctx).await?.ok_or_else(|| seen_at(DRAFT)))
    }

    /// Begins a draft from what stands, in a change. None where there is one.
    pub(super) async fn begin(ctx: &Ctx, tx: &mut Tx, from_year: i32, note: &str) -> Result<Option<Self>> {
        // First, so that whoever changes the plan meanwhile waits.
        city::bump_revision(tx).await?;
        let (id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
        let base = drafts::lines(&ctx.db, id).await?;
        let by = ctx.person()?;
        if !drafts::begin_draft(tx, id, (from_year, note), &base, by.id, ctx.now).await? {
            return Ok(None);
        }
        let detail = json!({ "from": from_year, "lines": base.nodes.len() });
        ctx.trail().note(tx, Entry::new("plan.draft-begun", "draft").detail(detail)).await?;
        let draft = Draft {
            version: 1,
            from_year,
            note: note.to_owned(),
            next: None,
            lines: base.clone(),
            base,
            by: by.name.clone(),
            begun_at: ctx.now,
        };
        Ok(Some(Self::of(id, plan, draft)))
    }

    pub(super) fn lines(&self) -> &Lines {
        &self.draft.lines
    }

    fn outline(&self) -> &Outline {
        &self.outline
    }

    /// The plan that adopting the draft makes of the one that stands, without its lines.
    fn after(&self) -> Plan {
        let title = self.draft.next.as_ref().map_or(&self.plan.title, |next| &next.title);
        Plan { title: title.clone(), outline: self.outline.clone(), ..self.plan.clone() }
    }

    /// A line by its code and title; a 再掲 by those of its node.
    fn named(&self, node: &Node) -> String {
        let real = self.lines().get(node.real_key()).unwrap_or(node);
        format!("{} {}", code(self.outline(), node), real.title).trim().to_owned()
    }

    fn named_key(&self, key: &str) -> String {
        self.lines().get(key).map_or_else(|| key.to_owned(), |node| self.named(node))
    }

    /// What holds for its acts upon the plan as it stands now.
    fn ground_of(&self, current: &Lines) -> Ground {
        Ground { known: current.nodes.iter().map(|node| node.key.clone()).collect(), ..self.ground.clone() }
    }

    /// Whether a line came with this draft.
    fn is_new(&self, key: &str) -> bool {
        !self.ground.known.contains(key)
    }
}

fn frame(ctx: &Ctx, title: String) -> Frame {
    ctx.frame(title)
        .crumb("/desk", "nav-desk")
        .crumb("/desk/plan", "nav-desk-plan")
        .crumb(DRAFT, "editing-title")
        .at_desk()
}

/// Where a line of the draft is written, or something beside it.
pub(super) fn address(key: &str, beside: &str) -> String {
    format!("{DRAFT}/lines/{key}{beside}")
}

/// What fields say, in a few letters: others have others.
fn fingerprint(fields: &BTreeMap<String, String>) -> String {
    let mut hash = Sha256::new();
    for (name, value) in fields {
        hash.update(format!("{name}\u{1}{value}\u{2}"));
    }
    hex(&hash.finalize()[..12])
}

/// What came of an act.
pub(super) enum Outcome<T> {
    /// It is done; what came of it.
    Done(T),
    /// It cannot be done.
    Refused(Refusal),
    /// Somebody else did something since.
    Overtaken,
}

/// Does something in the draft, in a change: what it makes of the lines, the act itself and the trail. `seen` is the
/// version that whoever does it has seen; the act's number.
pub(super) async fn put(ctx: &Ctx, tx: &mut Tx, open: &Open, act: &Act, seen: i64) -> Result<Outcome<i64>> {
    let lines = match open.lines().apply(act, &open.ground) {
        _ if seen != open.draft.version => return Ok(Outcome::Overtaken),
        Ok(lines) => lines,
        Err(why) => return Ok(Outcome::Refused(why)),
    };
    if !drafts::turn_draft(tx, open.id, seen, &lines).await? {
        return Ok(Outcome::Overtaken);
    }
    let title = match lines.get(act.key()).or(open.lines().get(act.key())) {
        Some(node) => {
            let real = lines.get(node.real_key()).unwrap_or(node);
            format!("{} {}", code(open.outline(), node), real.title).trim().to_owned()
        }
        None => String::new(),
    };
    let number = drafts::put_draft_act(tx, open.id, act, &title, ctx.person()?.id, ctx.now).await?;
    let detail = json!({ "act": act.name(), "key": act.key() });
    ctx.trail().note(tx, Entry::new("plan.draft-changed", "draft").detail(detail)).await?;
    Ok(Outcome::Done(number))
}

/// Does something in the draft that was asked for by a form, once.
async fn act(ctx: &Ctx, form: &Form, open: &Open, act: Act, seen: i64, to: &str) -> Result<Outcome<Response>> {
    let mut change = ctx.change(form).await?;
    match put(ctx, &mut change.tx, open, &act, seen).await? {
        Outcome::Done(_) => {}
        Outcome::Refused(why) => return Ok(Outcome::Refused(why)),
        Outcome::Overtaken => return Ok(Outcome::Overtaken),
    }
    let said = match act {
        Act::Add { .. } => "said-editing-add",
        Act::Move { .. } => "said-editing-move",
        Act::Change { .. } => "said-editing-change",
        Act::Split { .. } => "said-editing-split",
        Act::Retire { .. } => "said-editing-retire",
        Act::Restore { .. } => "said-editing-restore",
        Act::Repeat { .. } => "said-editing-repeat",
        Act::Remove { .. } => "said-editing-remove",
    };
    Ok(Outcome::Done(change.done(to, said).await?))
}

/// The version of the draft that a form was filled in upon.
fn seen(form: &Form) -> i64 {
    form.text("version").parse().unwrap_or_default()
}

/// What somebody else did last, to be told to whoever comes second.
async fn overtaken(ctx: &Ctx, f: &Frame, open: &Open) -> Result<String> {
    let last = drafts::draft_acts(&ctx.db, open.id).await?.pop();
    Ok(last.map_or_else(
        || f.t("editing-overtaken"),
        |last| {
            let did = f.with(&format!("editing-did-{}", last.act.name()), &[("title", &last.title)]);
            f.with("editing-overtaken-by", &[("who", &last.by), ("did", &did)])
        },
    ))
}
