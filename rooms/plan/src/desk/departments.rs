//! `/desk/plan/nodes/{key}/departments` and `/desk/plan/departments`: who is in charge of what, decided by whoever keeps
//! all departments together. Many documents name no departments.

use std::collections::HashSet;

use askama::Template;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::{self, AccountId, Role};
use kyodo_kernel::profile::Department;
use kyodo_kernel::{city, notices};
use kyodo_web::components::{Choice, Field, Wrongs, choice};
use kyodo_web::form::seen_at;
use kyodo_web::{Access, Ctx, Error, Faults, Form, Frame, Html, KeyPath, Page, Result, Wrong, filters};
use serde_json::json;

use super::{BASE, Open, address, department_names};
use crate::node::Node;
use crate::pages::code;
use crate::store;

/// Who decides it.
pub(super) const ASSIGNERS: Access = Access::Roles(&[Role::Coordinator]);

/// The page for many measures at once.
pub(super) const MANY: &str = "/desk/plan/departments";

/// Whether whoever asks may decide it.
pub(super) fn assigns(ctx: &Ctx) -> bool {
    ASSIGNERS.admits(&ctx.actor, &Method::POST).is_ok()
}

/// Why a department cannot be removed: it is in charge of measures.
pub(crate) async fn needs(ctx: &Ctx, key: &str) -> Result<Option<String>> {
    let n = store::measures_of(&ctx.db, key).await?;
    Ok((n > 0).then(|| ctx.words().with("assign-needed", [("n", n)])))
}

#[derive(Template)]
#[template(path = "desk/departments.html")]
struct AssignPage<'a> {
    f: &'a Frame,
    /// Code and title, on the page of one measure.
    heading: Option<(String, Html)>,
    lead: String,
    wrongs: Wrongs<'a>,
    action: String,
    base: String,
    /// None where the city has no department yet.
    fields: Vec<Field>,
    assigns: bool,
    back: String,
}

// --- one measure -------------------------------------------------------------------------------------------

/// `GET /desk/plan/nodes/{key}/departments`
pub(super) async fn form(ctx: Ctx, KeyPath(key): KeyPath) -> Result<Response> {
    let open = Open::load(&ctx, &key).await?;
    if open.node.is_alias() {
        return Ok(seen_at(&open.address("/departments")));
    }
    let f = open.frame(&ctx, "assign-title", Some("assign"));
    Ok(Page(page(&open, &f, &Form::default(), &Faults::default())).into_response())
}

/// `POST /desk/plan/nodes/{key}/departments`
pub(super) async fn post(ctx: Ctx, KeyPath(key): KeyPath, form: Form) -> Result<Response> {
    let mut change = ctx.change(&form).await?;
    // First, so that those who decide at the same time wait.
    let known = city::departments(&mut change.tx).await?;
    let mut open = Open::load(&ctx, &key).await?;
    let before = store::departments_now(&mut change.tx, open.node.id).await?;
    let (f, mut faults) = (open.frame(&ctx, "assign-title", Some("assign")), Faults::default());
    let after = heard(&f, &form, (&known, &before), &mut faults);
    if form.text(BASE) != base(&before) {
        faults.add("lead", f.t("assign-overtaken"));
    }
    if !faults.is_empty() {
        open.node.departments = before;
        return Ok(Wrong(page(&open, &f, &form, &faults)).into_response());
    }
    if after == before {
        return change.done(&open.address(""), "said-departments-same").await;
    }
    assign(&ctx, &mut change.tx, &open.node, &before, &after).await?;
    let who = ctx.person()?.name.clone();
    for key in after.iter().filter(|key| !before.contains(key)) {
        let name = known.iter().find(|one| one.key == *key).map_or("", |department| department.name.as_str());
        let said = [("who", who.as_str()), ("title", open.node.title.as_str()), ("department", name)];
        for one in writers(&ctx, key).await? {
            let (message, to) = ("notice-measure-assigned", open.address(""));
            notices::tell(&mut change.tx, one, message, &said, &to, ctx.now).await?;
        }
    }
    change.done(&open.address(""), "said-departments-put").await
}

fn page<'a>(open: &Open, f: &'a Frame, form: &Form, faults: &'a Faults) -> AssignPage<'a> {
    let own = &open.node.departments;
    let first = own.first().map_or("", String::as_str);
    let known = &f.ctx.state.departments;
    let nobody = std::iter::once(choice("", f.t("assign-nobody"), own.is_empty()));
    let leads = known.iter().map(|one| choice(&one.key, &one.name, one.key == first));
    let others = known.iter().map(|one| choice(&one.key, &one.name, own.iter().skip(1).any(|key| *key == one.key)));
    let fields = [
        Field::select("lead", f.t("assign-lead"), nobody.chain(leads).collect()).hint(f.t("assign-lead-hint")),
        Field::ticks("others", f.t("assign-others"), others.collect()).hint(f.t("assign-others-hint")),
    ];
    AssignPage {
        heading: Some((open.code(), f.phrases(&open.node.title))),
        lead: f.t("assign-about"),
        wrongs: Wrongs { f, faults },
        action: open.address("/departments"),
        base: if form.has(BASE) { form.text(BASE).to_owned() } else { base(own) },
        fields: if known.is_empty() { Vec::new() } else { filled(f, form, faults, fields) },
        assigns: assigns(&f.ctx),
        back: open.address(""),
        f,
    }
}

fn filled(f: &Frame, form: &Form, faults: &Faults, fields: [Field; 2]) -> Vec<Field> {
    fields.into_iter().map(|field| field.japanese(f).heard(form, faults)).collect()
}

/// The departments in charge as a form carries them, to see whether somebody else decided meanwhile.
fn base(departments: &[String]) -> String {
    departments.join(" ")
}

/// What was decided, as [`in_order`] puts it.
fn heard(f: &Frame, form: &Form, (known, before): (&[Department], &[String]), faults: &mut Faults) -> Vec<String> {
    let lead = form.text("lead");
    let ticked: Vec<&str> = form.all("others").filter(|key| *key != lead).collect();
    let unknown = |key: &&str| !known.iter().any(|one| one.key == *key);
    if lead.is_empty() && !ticked.is_empty() {
        faults.add("lead", f.t("assign-lead-missing"));
    }
    if !lead.is_empty() && unknown(&lead) {
        faults.add("lead", f.t("assign-gone"));
    }
    if ticked.iter().any(unknown) {
        faults.add("others", f.t("assign-gone"));
    }
    in_order(lead, &ticked, before)
}

/// The leading department, then those that stay in their order, then the new ones; each once.
pub(super) fn in_order(lead: &str, ticked: &[&str], before: &[String]) -> Vec<String> {
    let staying = before.iter().map(String::as_str).filter(|key| ticked.contains(key));
    let mut after: Vec<String> = Vec::new();
    for key in Some(lead).filter(|lead| !lead.is_empty()).into_iter().chain(staying).chain(ticked.iter().copied()) {
        if !after.iter().any(|own| own == key) {
            after.push(key.to_owned());
        }
    }
    after
}

// --- many measures at once ---------------------------------------------------------------------------------

/// `GET /desk/plan/departments`
pub(super) async fn form_for_many(ctx: Ctx) -> Result<Response> {
    let many = Many::load(&ctx).await?;
    let f = frame_for_many(&ctx);
    Ok(Page(many.page(&f, &Form::default(), &Faults::default())).into_response())
}

/// `POST /desk/plan/departments`: one department takes on several measures. Where nobody is in charge it leads, elsewhere
/// it comes after those who are.
pub(super) async fn post_for_many(ctx: Ctx, form: Form) -> Result<Response> {
    let mut change = ctx.change(&form).await?;
    let known = city::departments(&mut change.tx).await?;
    let many = Many::load(&ctx).await?;
    let (f, mut faults) = (frame_for_many(&ctx), Faults::default());
    let department = known.iter().find(|one| one.key == form.text("department"));
    let ticked: Vec<&str> = form.all("measures").collect();
    let measures = many.measures.iter().map(|(_, node)| node);
    let chosen: Vec<&Node> = measures.filter(|node| ticked.contains(&node.key.as_str())).collect();
    if department.is_none() {
        faults.add("department", f.t("assign-department-missing"));
    }
    if chosen.is_empty() {
        faults.add("measures", f.t("assign-measures-missing"));
    }
    let Some(department) = department.filter(|_| faults.is_empty()) else {
        return Ok(Wrong(many.page(&f, &form, &faults)).into_response());
    };
    let mut taken_on = 0_usize;
    for node in chosen {
        let before = store::departments_now(&mut change.tx, node.id).await?;
        if !before.contains(&department.key) {
            let after: Vec<String> = before.iter().cloned().chain([department.key.clone()]).collect();
            assign(&ctx, &mut change.tx, node, &before, &after).await?;
            taken_on += 1;
        }
    }
    if taken_on == 0 {
        return change.done("/desk/plan", "said-departments-same").await;
    }
    let (who, n) = (ctx.person()?.name.clone(), taken_on.to_string());
    let said = [("who", who.as_str()), ("department", department.name.as_str()), ("n", n.as_str())];
    for one in writers(&ctx, &department.key).await? {
        notices::tell(&mut change.tx, one, "notice-measures-assigned", &said, "/desk/plan", ctx.now).await?;
    }
    change.done("/desk/plan", "said-departments-put").await
}

fn frame_for_many(ctx: &Ctx) -> Frame {
    let f = ctx.frame(ctx.words().say("assign-many")).crumb("/desk", "nav-desk").crumb("/desk/plan", "nav-desk-plan");
    f.crumb("", "assign-many").at_desk()
}

/// Every measure that departments write, with its code.
struct Many {
    measures: Vec<(String, Node)>,
}

impl Many {
    async fn load(ctx: &Ctx) -> Result<Self> {
        let (plan_id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
        let nodes = store::all_nodes(&ctx.db, plan_id).await?;
        // What leaves the plan next year is somebody's work until then, and what comes then is somebody's already.
        let written = nodes.into_iter().filter(|node| {
            node.level == plan.outline.levels.len() && !node.is_alias() && !node.is_retired(ctx.fiscal_year())
        });
        Ok(Self { measures: written.map(|node| (code(&plan.outline, &node), node)).collect() })
    }

    fn page<'a>(&self, f: &'a Frame, form: &Form, faults: &'a Faults) -> AssignPage<'a> {
        let known = &f.ctx.state.departments;
        let none = std::iter::once(choice("", f.t("assign-choose"), true));
        let departments = none.chain(known.iter().map(|one| choice(&one.key, &one.name, false)));
        let measure = |(code, node): &(String, Node)| -> Choice {
            let own = department_names(&f.ctx, node).join(&f.t("list-comma"));
            let title = [code.as_str(), node.title.as_str()].join(" ");
            let now = if own.is_empty() { String::new() } else { f.with("assign-now", &[("departments", &own)]) };
            choice(&node.key, format!("{}{now}", title.trim()), false)
        };
        let measures = self.measures.iter().map(measure).collect();
        let fields = [
            Field::select("department", f.t("filter-department"), departments.collect()).need(f),
            Field::ticks("measures", f.t("assign-measures"), measures).need(f).hint(f.t("assign-measures-hint")),
        ];
        AssignPage {
            heading: None,
            lead: f.t("assign-many-about"),
            wrongs: Wrongs { f, faults },
            action: MANY.to_owned(),
            base: String::new(),
            fields: if known.is_empty() { Vec::new() } else { filled(f, form, faults, fields) },
            assigns: assigns(&f.ctx),
            back: "/desk/plan".to_owned(),
            f,
        }
    }
}

// --- both --------------------------------------------------------------------------------------------------

/// Puts departments in charge and tells the trail.
async fn assign(ctx: &Ctx, tx: &mut Tx, node: &Node, before: &[String], after: &[String]) -> Result<()> {
    store::put_departments(tx, node.id, after).await?;
    let detail = json!({ "departments": after, "departments_before": before });
    Ok(ctx.trail().note(tx, Entry::new("measure.assigned", node.subject()).detail(detail)).await?)
}

/// Who writes for a department, besides whoever asks.
async fn writers(ctx: &Ctx, department: &str) -> Result<Vec<AccountId>> {
    let mut seen = HashSet::from([ctx.person()?.id]);
    let mut writers = Vec::new();
    for role in [Role::Reporter, Role::Head] {
        let holders = people::holders(&ctx.db, role, Some(department), ctx.today).await?;
        writers.extend(holders.into_iter().map(|holder| AccountId(holder.id)).filter(|one| seen.insert(*one)));
    }
    Ok(writers)
}

/// Where the departments of a line are decided, for those who may.
pub(super) fn way(ctx: &Ctx, node: &Node) -> Option<String> {
    assigns(ctx).then(|| address(node, "/departments"))
}
