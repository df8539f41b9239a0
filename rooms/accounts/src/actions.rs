//! What the audit trail tells, in the reader's words: what was done, to what, and what else is known of it. Tables of
//! data; what stands in none of them is shown by its own name.

use kyodo_kernel::people::Role;
use kyodo_web::{Ctx, Frame};
use serde_json::Value;

/// An action, and the message that says it in the past.
pub const ACTIONS: &[(&str, &str)] = &[
    ("account.address-asked", "did-account-address-asked"),
    ("account.address-trusted", "did-account-address-trusted"),
    ("account.changed", "did-account-changed"),
    ("account.closed", "did-account-closed"),
    ("account.codes-removed", "did-account-codes-removed"),
    ("account.codes-set", "did-account-codes-set"),
    ("account.data-taken", "did-account-data-taken"),
    ("account.invited", "did-account-invited"),
    ("account.looked", "did-account-looked"),
    ("account.moved", "did-account-moved"),
    ("account.opened", "did-account-opened"),
    ("account.passkey-made", "did-account-passkey-made"),
    ("account.passkey-removed", "did-account-passkey-removed"),
    ("account.password-set", "did-account-password-set"),
    ("account.proof-refused", "did-account-proof-refused"),
    ("account.proved", "did-account-proved"),
    ("account.recognised", "did-account-recognised"),
    ("account.recovery-codes-made", "did-account-recovery-codes-made"),
    ("account.reset-asked", "did-account-reset-asked"),
    ("account.session-ended", "did-account-session-ended"),
    ("account.sessions-ended", "did-account-sessions-ended"),
    ("address.tried", "did-address-tried"),
    ("audit.exported", "did-audit-exported"),
    ("audit.searched", "did-audit-searched"),
    ("department.changed", "did-department-changed"),
    ("department.made", "did-department-made"),
    ("department.removed", "did-department-removed"),
    ("duty.ended", "did-duty-ended"),
    ("duty.given", "did-duty-given"),
    ("evaluation.changed", "did-evaluation-changed"),
    ("evaluation.opened", "did-evaluation-opened"),
    ("evaluation.published", "did-evaluation-published"),
    ("evaluation.reminded", "did-evaluation-reminded"),
    ("evaluation.said", "did-evaluation-said"),
    ("evaluation.unsaid", "did-evaluation-unsaid"),
    ("evaluation.written", "did-evaluation-written"),
    ("handover.applied", "did-handover-applied"),
    ("job.repeated", "did-job-repeated"),
    ("job.stopped", "did-job-stopped"),
    ("measure.assigned", "did-measure-assigned"),
    ("measure.document-added", "did-measure-document-added"),
    ("measure.document-removed", "did-measure-document-removed"),
    ("measure.published", "did-measure-published"),
    ("measure.restored", "did-measure-restored"),
    ("observation.entered", "did-observation-entered"),
    ("observation.taken-back", "did-observation-taken-back"),
    ("partner.answered", "did-partner-answered"),
    ("partner.asked", "did-partner-asked"),
    ("partner.changed", "did-partner-changed"),
    ("partner.forgotten", "did-partner-forgotten"),
    ("partner.looked", "did-partner-looked"),
    ("partner.published", "did-partner-published"),
    ("partner.reminded", "did-partner-reminded"),
    ("partner.revoked", "did-partner-revoked"),
    ("partner.sent", "did-partner-sent"),
    ("partner.set-aside", "did-partner-set-aside"),
    ("partner.taken-up", "did-partner-taken-up"),
    ("opinion.answer-published", "did-opinion-answer-published"),
    ("opinion.answered", "did-opinion-answered"),
    ("opinion.corrected", "did-opinion-corrected"),
    ("opinion.returned", "did-opinion-returned"),
    ("opinion.withdrawn", "did-opinion-withdrawn"),
    ("people.exported", "did-people-exported"),
    ("plan.adopted", "did-plan-adopted"),
    ("plan.draft-begun", "did-plan-draft-begun"),
    ("plan.draft-changed", "did-plan-draft-changed"),
    ("plan.draft-next", "did-plan-draft-next"),
    ("plan.draft-removed", "did-plan-draft-removed"),
    ("plan.draft-renewed", "did-plan-draft-renewed"),
    ("plan.draft-undone", "did-plan-draft-undone"),
    ("plan.earlier-removed", "did-plan-earlier-removed"),
    ("plan.earlier-written", "did-plan-earlier-written"),
    ("plan.ended", "did-plan-ended"),
    ("plan.imported", "did-plan-imported"),
    ("population.entered", "did-population-entered"),
    ("population.taken-back", "did-population-taken-back"),
    ("proposal.agreed", "did-proposal-agreed"),
    ("proposal.aside", "did-proposal-aside"),
    ("proposal.reopened", "did-proposal-reopened"),
    ("proposal.returned", "did-proposal-returned"),
    ("proposal.submitted", "did-proposal-submitted"),
    ("proposal.taken", "did-proposal-taken"),
    ("proposal.withdrawn", "did-proposal-withdrawn"),
    ("report.agreed", "did-report-agreed"),
    ("report.attachment-added", "did-report-attachment-added"),
    ("report.attachment-removed", "did-report-attachment-removed"),
    ("report.corrected", "did-report-corrected"),
    ("report.published", "did-report-published"),
    ("report.returned", "did-report-returned"),
    ("report.submitted", "did-report-submitted"),
    ("report.withdrawn", "did-report-withdrawn"),
    ("report.written", "did-report-written"),
    ("revision.changed", "did-revision-changed"),
    ("revision.closed", "did-revision-closed"),
    ("revision.opened", "did-revision-opened"),
    ("revision.reminded", "did-revision-reminded"),
    ("round.adopted", "did-round-adopted"),
    ("round.changed", "did-round-changed"),
    ("round.frozen", "did-round-frozen"),
    ("round.opened", "did-round-opened"),
    ("round.reminded", "did-round-reminded"),
    ("seal.sent", "did-seal-sent"),
    ("session.ended", "did-session-ended"),
    ("sign-in.done", "did-sign-in-done"),
    ("sign-in.ended", "did-sign-in-ended"),
    ("sign-in.refused", "did-sign-in-refused"),
    ("subscription.chosen", "did-subscription-chosen"),
    ("subscription.ended", "did-subscription-ended"),
    ("subscription.resumed", "did-subscription-resumed"),
    ("target.entered", "did-target-entered"),
    ("target.taken-back", "did-target-taken-back"),
    ("voice.erased", "did-voice-erased"),
    ("voice.forgotten", "did-voice-forgotten"),
    ("voice.looked", "did-voice-looked"),
    ("voice.made-ready", "did-voice-made-ready"),
    ("voice.merged", "did-voice-merged"),
    ("voice.published", "did-voice-published"),
    ("voice.received", "did-voice-received"),
    ("voice.returned", "did-voice-returned"),
    ("voice.set-aside", "did-voice-set-aside"),
    ("voices.opened", "did-voices-opened"),
];

/// The noun of an action, and the message that names all that happens to it.
pub const NOUNS: &[(&str, &str)] = &[
    ("account", "noun-account"),
    ("address", "noun-address"),
    ("audit", "noun-audit"),
    ("department", "noun-department"),
    ("duty", "noun-duty"),
    ("evaluation", "noun-evaluation"),
    ("handover", "noun-handover"),
    ("job", "noun-job"),
    ("measure", "noun-measure"),
    ("observation", "noun-observation"),
    ("partner", "noun-partner"),
    ("opinion", "noun-opinion"),
    ("people", "noun-people"),
    ("proposal", "noun-proposal"),
    ("report", "noun-report"),
    ("revision", "noun-revision"),
    ("round", "noun-round"),
    ("population", "noun-population"),
    ("plan", "noun-plan"),
    ("seal", "noun-seal"),
    ("session", "noun-session"),
    ("sign-in", "noun-sign-in"),
    ("subscription", "noun-subscription"),
    ("target", "noun-target"),
    ("voice", "noun-voice"),
    ("voices", "noun-voices"),
];

/// A kind of subject, the message that names one, and where it is seen.
pub const SUBJECTS: &[(&str, &str, Option<&str>)] = &[
    ("account", "subject-account", Some("/desk/people/")),
    ("audit", "subject-audit", Some("/desk/audit")),
    ("department", "subject-department", Some("/desk/departments/")),
    ("draft", "subject-draft", Some("/desk/plan/draft")),
    ("duty", "subject-duty", None),
    ("evaluation", "subject-evaluation", Some("/desk/plan/evaluations/")),
    ("indicator", "subject-indicator", Some("/desk/plan/indicators/")),
    ("job", "subject-job", Some("/desk/jobs/")),
    ("measure", "subject-measure", Some("/plan/nodes/")),
    ("partner", "subject-partner", None),
    ("opinion", "subject-opinion", Some("/desk/plan/opinions/")),
    ("people", "subject-people", Some("/desk/people")),
    ("proposal", "subject-proposal", Some("/desk/plan/revisions/")),
    ("report", "subject-report", Some("/desk/plan/rounds/")),
    ("revision", "subject-revision", Some("/desk/plan/revisions/")),
    ("round", "subject-round", Some("/desk/plan/rounds/")),
    ("population", "subject-population", Some("/desk/plan/population")),
    ("plan", "subject-plan", Some("/plan")),
    ("seal", "subject-seal", Some("/seals")),
    ("session", "subject-session", None),
    ("voice", "subject-voice", None),
    ("voices", "subject-voices", Some("/desk/plan/voices/")),
    ("undeliverable", "subject-undeliverable", Some("/desk/jobs/addresses")),
];

/// Who acts without being signed in, and the message that names them.
pub const ACTORS: &[(&str, &str)] =
    &[("system", "actor-system"), ("visitor", "actor-visitor"), ("command", "actor-command")];

/// A field of a detail or a personal value, and the message that names it.
pub const FIELDS: &[(&str, &str)] = &[
    ("about", "detail-about"),
    ("act", "detail-act"),
    ("action", "detail-action"),
    ("actor", "detail-actor"),
    ("address", "departments-address"),
    ("adopted", "detail-adopted"),
    ("at", "detail-at"),
    ("before", "detail-before"),
    ("by", "detail-by"),
    ("changed", "detail-changed"),
    ("corrected", "detail-corrected"),
    ("covered", "detail-covered"),
    ("day", "detail-day"),
    ("department", "detail-department"),
    ("departments", "detail-departments"),
    ("departments_before", "detail-departments-before"),
    ("deputy_of", "detail-deputy-of"),
    ("draft_act", "detail-draft-act"),
    ("due", "detail-due"),
    ("duty", "detail-duty"),
    ("edition", "detail-edition"),
    ("email", "detail-email"),
    ("ended", "detail-ended"),
    ("ends_on", "detail-ends-on"),
    ("fax", "departments-fax"),
    ("figures", "detail-figures"),
    ("file", "detail-file"),
    ("format", "detail-format"),
    ("from", "detail-from"),
    ("gone", "detail-gone"),
    ("hash", "detail-hash"),
    ("hours", "departments-hours"),
    ("indicators", "detail-indicators"),
    ("issuer", "detail-issuer"),
    ("item", "detail-item"),
    ("items", "detail-items"),
    ("kana", "detail-kana"),
    ("key", "detail-key"),
    ("kind", "detail-kind"),
    ("last", "detail-last"),
    ("leaving", "detail-leaving"),
    ("letters", "detail-letters"),
    ("lines", "detail-lines"),
    ("locked", "detail-locked"),
    ("moving", "detail-moving"),
    ("name", "detail-name"),
    ("new", "detail-new"),
    ("newcomers", "detail-newcomers"),
    ("note", "detail-note"),
    ("number", "detail-number"),
    ("old", "detail-old"),
    ("organisation", "detail-organisation"),
    ("passing", "detail-passing"),
    ("people", "detail-people"),
    ("personal", "detail-personal"),
    ("phone", "departments-phone"),
    ("position", "detail-position"),
    ("reports", "detail-reports"),
    ("restored", "detail-restored"),
    ("role", "detail-role"),
    ("sent", "detail-sent"),
    ("session", "detail-session"),
    ("sessions", "detail-sessions"),
    ("size", "detail-size"),
    ("source", "detail-source"),
    ("staff_number", "detail-staff-number"),
    ("standing", "detail-standing"),
    ("starts_on", "detail-starts-on"),
    ("text", "detail-text"),
    ("to", "detail-to"),
    ("topic", "detail-topic"),
    ("unchanged", "detail-unchanged"),
    ("undecided", "detail-undecided"),
    ("value", "detail-value"),
    ("verdict", "detail-verdict"),
    ("voices", "detail-voices"),
    ("wanted", "detail-wanted"),
    ("workbook", "detail-workbook"),
    ("year", "detail-year"),
];

/// A field, a word that may stand in it, and the message that says the word.
pub const WORDS: &[(&str, &str, &str)] = &[
    ("act", "add", "detail-act-add"),
    ("act", "change", "detail-act-change"),
    ("act", "move", "detail-act-move"),
    ("act", "remove", "detail-act-remove"),
    ("act", "repeat", "detail-act-repeat"),
    ("act", "restore", "detail-act-restore"),
    ("act", "retire", "detail-act-retire"),
    ("act", "split", "detail-act-split"),
    ("at", "addresses", "detail-at-addresses"),
    ("at", "audit", "detail-at-audit"),
    ("at", "jobs", "detail-at-jobs"),
    ("by", "code", "detail-by-code"),
    ("by", "passkey", "detail-by-passkey"),
    ("by", "password", "detail-by-password"),
    ("by", "provider", "detail-by-provider"),
    ("by", "recovery", "detail-by-recovery"),
];

/// What an action is called; its own name where the table has none.
#[must_use]
pub fn action(f: &Frame, action: &str) -> String {
    said(f, ACTIONS, action)
}

/// What all actions of a noun are called.
#[must_use]
pub fn noun(f: &Frame, noun: &str) -> String {
    said(f, NOUNS, noun)
}

fn said(f: &Frame, table: &[(&str, &str)], name: &str) -> String {
    table.iter().find(|(own, _)| *own == name).map_or_else(|| name.to_owned(), |(_, message)| f.t(message))
}

/// The number of an account, as in `account:12`.
#[must_use]
pub fn account_in(subject: &str) -> Option<i64> {
    subject.strip_prefix("account:")?.parse().ok()
}

/// What kind of thing a subject is, in words, and its key.
#[must_use]
pub fn subject(f: &Frame, subject: &str) -> String {
    let (kind, key) = subject.split_once(':').unwrap_or((subject, ""));
    match SUBJECTS.iter().find(|(own, ..)| *own == kind) {
        Some((_, message, _)) if key.is_empty() => f.t(message),
        // Nobody knows a department by its key.
        Some((_, message, _)) if kind == "department" => match f.ctx.state.department(key) {
            Some(department) => format!("{} {}", f.t(message), department.name),
            None => f.t(message),
        },
        Some((_, message, _)) => format!("{} {key}", f.t(message)),
        None => subject.to_owned(),
    }
}

/// Where a subject is seen, if this house and this city have such a place.
#[must_use]
pub fn address(ctx: &Ctx, subject: &str) -> Option<String> {
    let (kind, key) = subject.split_once(':').unwrap_or((subject, ""));
    let place = SUBJECTS.iter().find(|(own, ..)| *own == kind)?.2?;
    // A place of its own ends with a slash, and the key follows.
    let is_there = |path: &str| match path.strip_prefix(place) {
        Some(rest) if place.ends_with('/') => rest.starts_with('{') && rest.ends_with('}') && !rest.contains('/'),
        Some(rest) => rest.is_empty(),
        None => false,
    };
    let rooms = ctx.house.rooms_of(&ctx.state.profile);
    let is_open = rooms.flat_map(|room| room.routes.iter()).any(|route| is_there(route.path));
    let key = if place.ends_with('/') { escaped(key) } else { String::new() };
    is_open.then(|| format!("{place}{key}"))
}

/// As a part of a path.
fn escaped(key: &str) -> String {
    url::form_urlencoded::byte_serialize(key.as_bytes()).collect::<String>().replace('+', "%20")
}

/// A name and a value, as the reader knows them.
pub type Pair = (String, String);

/// A detail as names and values, one for each field.
#[must_use]
pub fn pairs(f: &Frame, detail: &Value) -> Vec<Pair> {
    match detail {
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (field(f, name), value_of(f, name, value))).collect()
        }
        Value::Null => Vec::new(),
        other => vec![(field(f, "value"), value_of(f, "value", other))],
    }
}

/// What a field of a detail is called; its own name where the table has none.
#[must_use]
pub fn field(f: &Frame, name: &str) -> String {
    said(f, FIELDS, name)
}

/// A word as the table says it, or a day as people read it, or the text itself.
fn word(f: &Frame, name: &str, text: &str) -> String {
    let known = WORDS.iter().find(|(field, word, _)| *field == name && *word == text);
    if let Some((.., message)) = known {
        return f.t(message);
    }
    text.parse().map_or_else(|_| text.to_owned(), |day| f.day(day))
}

fn value_of(f: &Frame, name: &str, value: &Value) -> String {
    match value {
        Value::Null => "—".to_owned(),
        Value::Bool(yes) => f.t(if *yes { "detail-yes" } else { "detail-no" }),
        Value::Number(number) => number.to_string(),
        Value::String(text) => match name {
            "role" => Role::named(text).map_or_else(|| text.clone(), |role| f.t(role.message())),
            "department" | "departments" | "departments_before" => {
                f.ctx.state.department(text).map_or_else(|| text.clone(), |own| own.name.clone())
            }
            "action" if text.ends_with('.') => noun(f, text.trim_end_matches('.')),
            "action" => action(f, text),
            _ => word(f, name, text),
        },
        Value::Array(values) => values.iter().map(|value| value_of(f, name, value)).collect::<Vec<_>>().join("、"),
        Value::Object(_) => {
            let pairs = pairs(f, value).into_iter().map(|(name, value)| format!("{name}：{value}"));
            pairs.collect::<Vec<_>>().join("、")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{ACTIONS, NOUNS};

    /// The actions that the sources below a folder note.
    fn noted(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                noted(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&path).unwrap();
                let calls = source.split("Entry::new(").skip(1).map(str::trim_start);
                let names = calls.filter_map(|call| call.strip_prefix('"')?.split('"').next());
                let is_action = |name: &&str| name.bytes().all(|b| b.is_ascii_lowercase() || b"-_.".contains(&b));
                found.extend(names.filter(is_action).map(str::to_owned));
            }
        }
    }

    #[test]
    fn whatever_this_room_tells_the_trail_has_words() {
        let mut found = Vec::new();
        noted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        assert!(found.len() > 20, "{found:?}");
        for action in found {
            assert!(ACTIONS.iter().any(|(name, _)| *name == action), "「{action}」 stands in no table of actions.rs");
        }
        for (action, _) in ACTIONS {
            let noun = action.split('.').next().unwrap();
            assert!(NOUNS.iter().any(|(name, _)| *name == noun), "the noun of 「{action}」 stands in no table");
        }
    }
}
