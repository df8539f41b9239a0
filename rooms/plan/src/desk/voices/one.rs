//! `/desk/plan/voices/{year}/{id}`: one comment, what is shown of it, and what speaks with it.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_web::components::{Field, Status, Wrongs, choice};
use kyodo_web::filters;
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Page, Result, TwoKeys, format};

use super::{open, status};
use crate::desk::year::Open;
use crate::evaluation::OPINIONS;
use crate::store;
use crate::voice::{BLACK, Stage, Voice};

#[derive(Template)]
#[template(path = "desk/voice.html")]
pub(super) struct VoicePage<'a> {
    f: &'a Frame,
    status: Status,
    wrongs: Wrongs<'a>,
    facts: Vec<(String, String)>,
    href: String,
    sent: Vec<String>,
    shown: Option<(Vec<String>, String)>,
    base: String,
    ready: Option<(String, Vec<Field>)>,
    aside: Option<(String, Field)>,
    merging: Option<(String, Field)>,
    merged: Vec<(String, String)>,
    into: Option<String>,
    back_to_queue: Option<String>,
    /// Where it is answered, corrected and withdrawn, once it is public.
    opinion: Option<String>,
    erasure: Option<String>,
    list: String,
}

/// A comment with its year.
pub(super) struct One {
    pub(super) open: Open,
    pub(super) voice: Voice,
    /// Those it speaks for, and those it could.
    pub(super) alike: Vec<Voice>,
}

impl One {
    pub(super) async fn load(ctx: &Ctx, TwoKeys(of, id): &TwoKeys) -> Result<Self> {
        let open = open(ctx, of).await?;
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let voice = store::voice(&ctx.db, open.plan_id, open.year, id).await?.ok_or(Error::NotFound)?;
        let alike = store::alike(&ctx.db, open.plan_id, &voice).await?;
        Ok(Self { open, voice, alike })
    }

    pub(super) fn address(&self, below: &str) -> String {
        self.open.address(&format!("/{}{below}", self.voice.id))
    }

    pub(super) fn frame(&self, ctx: &Ctx) -> Frame {
        let title = ctx.words().with("voice-number", [("n", self.voice.id.to_string())]);
        self.open.frame(ctx, title.clone()).crumb_named(String::new(), title)
    }
}

/// `GET /desk/plan/voices/{year}/{id}`: somebody's name or number may stand in it, so that the trail tells who looked.
pub(super) async fn show(ctx: Ctx, keys: TwoKeys) -> Result<Response> {
    let one = One::load(&ctx, &keys).await?;
    if !one.voice.words.name.is_empty() || one.voice.words.holds_contact() {
        let mut tx = ctx.db.begin().await?;
        ctx.trail().note(&mut tx, Entry::new("voice.looked", one.voice.subject())).await?;
        tx.commit().await?;
    }
    let (f, faults) = (one.frame(&ctx), Faults::default());
    Ok(Page(page(&f, &one, &Form::default(), &faults)).into_response())
}

pub(super) fn page<'a>(f: &'a Frame, one: &One, form: &Form, faults: &'a Faults) -> VoicePage<'a> {
    let (ctx, voice) = (&f.ctx, &one.voice);
    let runs = super::RUNNERS.admits(&ctx.actor, &axum::http::Method::POST).is_ok();
    let open = runs && matches!(voice.stage, Stage::New | Stage::Ready);
    let kept = !voice.words.comment.is_empty();
    let facts = [
        ("voice-about", one.open.about(f, voice)),
        ("voice-when", format::moment(voice.received_at, ctx.language)),
        ("voice-receipt", voice.receipt.clone()),
        ("voice-name", if voice.words.name.is_empty() { f.t("voice-anonymous") } else { voice.words.name.clone() }),
        ("voice-reason", voice.reason.clone()),
        ("voice-decided-by", voice.decided_by.clone().unwrap_or_default()),
        ("voice-decided-at", voice.decided_at.map(|at| format::moment(at, ctx.language)).unwrap_or_default()),
    ];
    let (own, free): (Vec<_>, Vec<_>) = one.alike.iter().partition(|other| other.merged_into == Some(voice.id));
    let black: String = [BLACK, BLACK].iter().collect();
    VoicePage {
        status: status(f, voice.stage),
        wrongs: Wrongs { f, faults },
        facts: facts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (f.t(name), text)).collect(),
        href: one
            .open
            .node_of(voice)
            .map_or_else(|| crate::pages::report::address(voice.year), crate::node::Node::address),
        sent: lines(&voice.words.comment),
        shown: (matches!(voice.stage, Stage::Ready | Stage::Published) && !voice.shown.is_empty()).then(|| {
            let name = if voice.shown_as.is_empty() { f.t("voice-anonymous") } else { voice.shown_as.clone() };
            (lines(&voice.shown), name)
        }),
        base: voice.version.to_string(),
        ready: (open && kept).then(|| {
            let mut fields = vec![
                Field::lines("shown", f.t("voice-shown"), 7)
                    .hint(f.with("voice-shown-hint", &[("black", &black)]))
                    .value(voice.shown.clone())
                    .japanese(f)
                    .heard(form, faults),
            ];
            if !voice.words.name.is_empty() {
                let named = !voice.shown_as.is_empty();
                let choices = vec![
                    choice("name", voice.words.name.clone(), named),
                    choice("none", f.t("voice-anonymous"), !named),
                ];
                fields.push(Field::radios("as", f.t("voice-as"), choices).heard(form, faults));
            }
            (one.address("/readiness"), fields)
        }),
        aside: open.then(|| {
            let reason = Field::line("reason", f.t("voice-reason")).hint(f.t("voice-reason-hint")).japanese(f);
            (one.address("/setting-aside"), reason.heard(form, faults))
        }),
        merging: (open && !free.is_empty()).then(|| {
            let choices = free.iter().map(|other| {
                choice(format!("{}.{}", other.id, other.version), other.words.comment.replace('\n', " "), false)
            });
            let field = Field::ticks("other", f.t("voice-alike"), choices.collect()).hint(f.t("voice-alike-hint"));
            (one.address("/merging"), field.japanese(f).heard(form, faults))
        }),
        merged: own
            .iter()
            .map(|other| (one.open.address(&format!("/{}", other.id)), other.words.comment.replace('\n', " ")))
            .collect(),
        into: voice.merged_into.map(|into| one.open.address(&format!("/{into}"))),
        back_to_queue: (runs && (matches!(voice.stage, Stage::Ready | Stage::Aside) || !own.is_empty()))
            .then(|| one.address("/return"))
            .filter(|_| voice.stage != Stage::Published && kept),
        opinion: voice.evaluation.map(|id| format!("{OPINIONS}/{id}")),
        erasure: (runs && kept).then(|| one.address("/erasure")),
        list: one.open.address(""),
        f,
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}
