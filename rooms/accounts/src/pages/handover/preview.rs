//! What the list would do: groups with counts, what must be answered, what nobody follows. Nothing is changed yet.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kyodo_web::components::{Field, choice};
use kyodo_web::form::seen_at;
use kyodo_web::{Ctx, Faults, Form, Frame, Page, Result, Wrong, filters};

use super::kept::{self, Kept, fingerprint};
use super::{BEGIN, PREVIEW, frame};
use crate::handover::{Beginning, Changed, Passing, Plan, Question};
use crate::pages::people::held;
use crate::store;

#[derive(Template)]
#[template(path = "handover-preview.html")]
pub(super) struct PreviewPage<'a> {
    f: &'a Frame,
    lead: String,
    /// What changed since it was last looked at.
    is_overtaken: bool,
    wrongs: kyodo_web::components::Wrongs<'a>,
    questions: Vec<Field>,
    newcomers: Vec<Row>,
    moving: Vec<Row>,
    leaving: Vec<Row>,
    corrected: Vec<Row>,
    passing: Vec<Pass>,
    staying: Vec<String>,
    counts: Vec<(String, Option<&'static str>, String)>,
    newcomers_note: String,
    passing_note: String,
    without_role: Option<String>,
    is_ready: bool,
    is_empty: bool,
    seen: Field,
    version: String,
}

/// Somebody, with what ends and what begins.
struct Row {
    name: String,
    kana: String,
    ends: Vec<String>,
    begins: Vec<String>,
    note: String,
}

/// A duty that passes on.
struct Pass {
    duty: String,
    from: String,
    to: Vec<String>,
    drafts: Option<String>,
}

/// `GET /desk/people/handover/preview`
pub(super) async fn show(ctx: Ctx) -> Result<Response> {
    let Some((kept, _)) = kept::of(&ctx).await? else {
        return Ok(seen_at(BEGIN));
    };
    let (f, faults) = (frame(&ctx), Faults::default());
    Ok(Page(page(&f, &kept, false, &Form::default(), &faults).await?).into_response())
}

/// `POST /desk/people/handover/answers`: who is who.
pub(super) async fn answer(ctx: Ctx, form: Form) -> Result<Response> {
    let Some((mut kept, _)) = kept::of(&ctx).await? else {
        return Ok(seen_at(BEGIN));
    };
    for (name, value) in &form.0 {
        if let Some(row) = name.strip_prefix("row-").and_then(|row| row.parse().ok()) {
            kept.answers.insert(row, value == "same");
        }
    }
    let (known, plan) = kept.plan(&ctx).await?;
    if let Some(conflict) = plan.conflicts.first() {
        let (f, mut faults) = (frame(&ctx), Faults::default());
        for conflict in &plan.conflicts {
            let fault = super::reading::told(&f, conflict);
            faults.add(format!("row-{}", super::reading::row_of(conflict)), format!("{} {}", fault.cell, fault.text));
        }
        kept.answers.remove(&super::reading::row_of(conflict));
        kept.answers.retain(|row, _| !plan.conflicts.iter().any(|one| super::reading::row_of(one) == *row));
        return Ok(Wrong(page(&f, &kept, false, &form, &faults).await?).into_response());
    }
    kept.keep(&ctx, &known).await?;
    Ok(seen_at(PREVIEW))
}

/// The preview again, because duties have changed since it was shown, or nobody said that they looked.
pub(super) async fn again(ctx: &Ctx, kept: &Kept, status: StatusCode, faults: &Faults) -> Result<Response> {
    let f = frame(ctx);
    let is_overtaken = status == StatusCode::CONFLICT;
    let mut response = Page(page(&f, kept, is_overtaken, &Form::default(), faults).await?).into_response();
    *response.status_mut() = status;
    Ok(response)
}

async fn page<'a>(
    f: &'a Frame,
    kept: &Kept,
    is_overtaken: bool,
    form: &Form,
    faults: &'a Faults,
) -> Result<PreviewPage<'a>> {
    let (known, plan) = kept.plan(&f.ctx).await?;
    let passing = passes(f, &plan).await?;
    let open = plan.passing.iter().filter(|pass| pass.to.is_empty()).count();
    let affected = plan.newcomers.len() + plan.moving.len() + plan.leaving.len() + plan.corrected.len();
    let seen = f.tell("handover-seen", &[("people", affected.into()), ("duties", plan.passing.len().into())]);
    let staying = plan
        .staying
        .iter()
        .map(|(account, role)| f.with("handover-stays", &[("name", &account.name), ("role", &f.t(role.message()))]));
    Ok(PreviewPage {
        lead: f.with("handover-preview-lead", &[("source", &kept.source), ("day", &f.day(kept.day))]),
        is_overtaken,
        wrongs: kyodo_web::components::Wrongs { f, faults },
        questions: plan.questions.iter().map(|question| asked(f, question).heard(form, faults)).collect(),
        newcomers: plan
            .newcomers
            .iter()
            .map(|one| Row {
                name: one.line.name.clone(),
                kana: one.line.kana.clone().unwrap_or_default(),
                ends: Vec::new(),
                begins: begins(f, &one.begins),
                note: one.line.email.clone().unwrap_or_else(|| f.t("handover-no-address")),
            })
            .collect(),
        moving: plan.moving.iter().map(|one| row(f, one)).collect(),
        leaving: plan.leaving.iter().map(|one| row(f, one)).collect(),
        corrected: plan.corrected.iter().map(|one| row(f, one)).collect(),
        passing,
        staying: staying.collect(),
        counts: counts(f, &plan),
        newcomers_note: f
            .n("handover-newcomers-note", plan.newcomers.iter().filter(|one| one.line.email.is_some()).count()),
        passing_note: f.n("handover-open", open),
        without_role: (plan.without_role > 0).then(|| f.n("handover-without-role", plan.without_role)),
        is_ready: plan.is_ready(),
        is_empty: plan.is_empty(),
        seen: Field::ticks("seen", f.t("handover-confirm-label"), vec![choice("yes", seen, false)]).heard(form, faults),
        version: kept.version(&fingerprint(&known)),
        f,
    })
}

fn counts(f: &Frame, plan: &Plan) -> Vec<(String, Option<&'static str>, String)> {
    let all = [
        (plan.newcomers.len(), Some("newcomers"), "handover-newcomers"),
        (plan.moving.len(), Some("moving"), "handover-moving"),
        (plan.leaving.len(), Some("leaving"), "handover-leaving"),
        (plan.corrected.len(), Some("corrected"), "handover-corrected"),
        (plan.passing.len(), Some("passing"), "handover-passing"),
        (plan.unchanged, None, "handover-unchanged"),
    ];
    all.map(|(n, id, message)| (f.whole(n), id.filter(|_| n > 0), f.t(message))).to_vec()
}

fn row(f: &Frame, one: &Changed) -> Row {
    Row {
        name: one.account.name.clone(),
        kana: one.account.kana.clone(),
        ends: one
            .ends
            .iter()
            .map(|duty| {
                let duty_name = held(f, duty.role, duty.department.as_deref());
                if duty.deputy_of.is_some() { f.with("handover-deputy", &[("duty", &duty_name)]) } else { duty_name }
            })
            .collect(),
        begins: begins(f, &one.begins),
        note: one.learnt.as_ref().map(|line| learnt(f, one, line)).unwrap_or_default(),
    }
}

/// What the list knows better.
fn learnt(f: &Frame, one: &Changed, line: &crate::handover::Line) -> String {
    let mut said = Vec::new();
    if line.name != one.account.name {
        said.push(f.with("handover-new-name", &[("name", &line.name)]));
    }
    if one.account.staff_number.as_ref() != Some(&line.number) {
        said.push(f.with("handover-new-number", &[("number", &line.number)]));
    }
    if let Some(email) = line.email.as_deref().filter(|email| one.account.email.as_deref() != Some(*email)) {
        said.push(f.with("handover-new-address", &[("email", email)]));
    }
    if said.is_empty() {
        said.push(f.with("handover-new-kana", &[("kana", line.kana.as_deref().unwrap_or_default())]));
    }
    said.join(" ")
}

fn begins(f: &Frame, begins: &[Beginning]) -> Vec<String> {
    begins.iter().map(|begin| held(f, begin.role, begin.department.as_deref())).collect()
}

async fn passes(f: &Frame, plan: &Plan) -> Result<Vec<Pass>> {
    let mut passes = Vec::new();
    for Passing { from, duty, to, takes_texts } in &plan.passing {
        let drafts = if *takes_texts { store::people::drafts(&f.ctx.db, from.id).await? } else { 0 };
        passes.push(Pass {
            duty: held(f, duty.role, duty.department.as_deref()),
            from: from.name.clone(),
            to: to.iter().map(|follower| follower.name().to_owned()).collect(),
            drafts: (drafts > 0).then(|| f.n("handover-drafts", drafts)),
        });
    }
    Ok(passes)
}

fn asked(f: &Frame, question: &Question) -> Field {
    let (line, account) = (question.line(), question.account());
    let row = line.row.to_string();
    let said = [
        ("row", row.as_str()),
        ("name", line.name.as_str()),
        ("number", line.number.as_str()),
        ("known", account.name.as_str()),
    ];
    let (label, other) = match question {
        Question::Renamed { .. } => ("handover-asks-renamed", "handover-other-renamed"),
        Question::Namesake { .. } => ("handover-asks-namesake", "handover-other-namesake"),
    };
    let choices = vec![choice("same", f.t("handover-same"), false), choice("other", f.t(other), false)];
    Field::radios(format!("row-{row}"), f.with(label, &said), choices).need(f)
}
