//! The words of all rooms: three languages that agree, no key without a message, no message without a reader.

use std::collections::BTreeSet;

use kyodo_accounts::actions::ACTIONS;
use kyodo_accounts::store::LinkKind;
use kyodo_kernel::Language;
use kyodo_kernel::catalogue::CATALOGUE;
use kyodo_kernel::files::KINDS;
use kyodo_kernel::files::kind::kind_named;
use kyodo_kernel::people::Role;
use kyodo_plan::evaluation::{AnswerStage, Kind, ReviewStage};
use kyodo_plan::indicator::Health;
use kyodo_plan::progress::Standing;
use kyodo_plan::round::{Act, STAGES};
use kyodo_plan::text::PARTS;
use kyodo_testkit::every_message_is_in_every_language;

use super::{Source, sources};

#[test]
fn every_message_is_there_in_three_languages_with_the_same_variables() {
    every_message_is_in_every_language(&kyodo::rooms());
}

/// The keys of all messages in Japanese.
fn keys() -> BTreeSet<&'static str> {
    let rooms = kyodo::rooms();
    let files = rooms.iter().flat_map(|room| room.messages).chain(kyodo_web::MESSAGES);
    files
        .filter(|file| file.language == Language::Japanese)
        .flat_map(|file| file.text.lines())
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" ="))
        .map(|(key, _)| key)
        .collect()
}

/// Of what about their account somebody is told by mail.
const CHANGED: [&str; 9] = [
    "address",
    "address-asked",
    "closed",
    "codes-gone",
    "codes-made",
    "passkey-gone",
    "passkey-made",
    "password",
    "recovery",
];

/// The keys that the code puts together from a stem and something else.
fn built() -> Vec<String> {
    let mut built: Vec<String> =
        CATALOGUE.iter().map(|kind| format!("fact-{}", kind.name.replace(['.', '_'], "-"))).collect();
    built.extend(Standing::ALL.map(|standing| standing.message().to_owned()));
    built.extend(Health::ALL.map(|health| health.message().to_owned()));
    built.extend(["node", "indicator", "about"].map(|kind| format!("search-kind-{kind}")));
    built.extend(Role::ALL.map(|role| role.message().to_owned()));
    built.extend(PARTS.iter().map(|part| format!("text-{}", part.name)));
    let several = PARTS.iter().filter(|part| part.rows > 1).map(|part| part.name);
    built.extend(several.chain(["readings"]).map(|name| format!("text-{name}-hint")));
    for link in LinkKind::ALL {
        built.extend(["subject", "text"].map(|part| format!("letter-{}-{part}", link.name())));
    }
    // A link to a new password and one to a new address are pages of one kind.
    built.extend([LinkKind::Invitation, LinkKind::Reset].map(|link| format!("{}-title", link.name())));
    built.extend(KINDS.iter().map(|kind| format!("document-kind-{}", kind.name)));
    built.push(format!("document-kind-{}", kind_named("whatever").name));
    built.extend(CHANGED.map(|what| format!("changed-{what}")));
    for stem in ["duty-give", "duty-end", "deputy"] {
        built.extend(["lead", "button"].map(|part| format!("{stem}-{part}")));
    }
    built.extend(kyodo_plan::editing::messages());
    built.extend(kyodo_plan::revision::messages());
    built.extend(kyodo_plan::earlier::Source::ALL.map(|source| format!("earlier-from-{}", source.name())));
    built.extend(Act::ALL.map(|act| format!("act-{}", act.name())));
    built.extend(STAGES.map(|stage| format!("stage-{stage}")));
    built.extend(["mark", "grade", "text", "next"].map(|field| format!("round-{field}")));
    for day in ["opens", "due", "decide"] {
        built.extend([format!("round-{day}"), format!("round-{day}-hint")]);
    }
    // Two people wrote the same text, or the same report.
    for words in ["desk", "round", "editing", "evaluation", "proposal"] {
        built.extend(["conflict", "not-public"].map(|part| format!("{words}-{part}")));
        for take in ["both", "mine", "theirs"] {
            built.extend([format!("{words}-take-{take}"), format!("{words}-take-{take}-note")]);
        }
    }
    built.extend(
        ["opens", "due"].iter().flat_map(|day| [format!("evaluation-{day}"), format!("evaluation-{day}-hint")]),
    );
    built.extend(ReviewStage::ALL.map(|stage| format!("evaluation-stage-{}", stage.name())));
    built.extend(AnswerStage::ALL.map(|stage| format!("answer-stage-{}", stage.name())));
    built.extend(["mine", "unanswered", "late"].map(|name| format!("opinions-{name}")));
    built.extend(Kind::ALL.map(|kind| format!("opinion-kind-{}", kind.name().replace('_', "-"))));
    built.extend((1..=17).map(|goal| format!("sdg-{goal}")));
    built.extend(["pdf", "docx", "csv", "xlsx"].map(|format| format!("download-{format}")));
    built.extend(kyodo_plan::import::messages());
    built.extend(kyodo_plan::workbooks::messages());
    built.extend(["on", "off"].map(|to| format!("furigana-{to}")));
    for stem in [
        "not-found",
        "over",
        "forbidden",
        "foreign",
        "too-many",
        "too-large",
        "gone",
        "method",
        "invalid",
        "away",
        "internal",
    ] {
        built.extend(["title", "text"].map(|part| format!("error-{stem}-{part}")));
    }
    built
}

#[test]
fn every_key_that_is_put_together_has_its_message() {
    let keys = keys();
    let missing: Vec<String> = built().into_iter().filter(|key| !keys.contains(key.as_str())).collect();
    assert_eq!(missing, Vec::<String>::new());
}

/// The texts in quotation marks of a source.
fn quoted(source: &Source) -> impl Iterator<Item = &str> {
    source.text.split('"').filter(|word| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    })
}

#[test]
fn every_key_that_is_asked_for_has_its_message() {
    const ASKS: [&str; 8] =
        [".t(\"", ".say(\"", ".n(\"", ".with(\"", ".tell(\"", "label: \"", "reason: \"", "heading: \""];
    let keys = keys();
    let mut missing = Vec::new();
    let mut asked = 0;
    for source in sources(&[".rs", ".html"]) {
        let code = source.text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            let after = |ask| line.match_indices(ask).map(|(at, ask)| line[at + ask.len()..].split('"').next());
            for key in ASKS.into_iter().flat_map(after).flatten() {
                // A compiler's reason is a sentence, and parameters of an address are plain words.
                if key.contains('-') && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                    asked += 1;
                    if !keys.contains(key) {
                        missing.push(format!("{}: {key}", source.path.display()));
                    }
                }
            }
        }
    }
    assert!(asked > 100, "only {asked} keys were found");
    assert_eq!(missing, Vec::<String>::new());
}

/// What a later room will say: yearly reports in the search; the counter beside an address.
const WAITING: [&str; 2] = ["search-kind-report", "contact-address"];

#[test]
fn every_message_is_said_somewhere() {
    let sources = sources(&[".rs", ".html", ".ftl"]);
    let mut said: BTreeSet<String> = built().into_iter().collect();
    said.extend(sources.iter().flat_map(quoted).map(str::to_owned));
    // A message that another one refers to: { key }.
    let referred = |key: &str| sources.iter().any(|source| source.text.contains(&format!("{{ {key} }}")));
    // The description of the API asks for these, and does without where there are none.
    let optional = |key: &str| key.starts_with("docs-path-") || key.starts_with("docs-param-");
    let waits = |key: &str| WAITING.contains(&key);
    let is_silent = |key: &&str| !said.contains(*key) && !optional(key) && !referred(key) && !waits(key);
    let silent: Vec<&str> = keys().into_iter().filter(is_silent).collect();
    assert_eq!(silent, Vec::<&str>::new());
}

#[test]
fn every_action_that_is_noted_is_told_in_words() {
    let mut silent = BTreeSet::new();
    let mut noted = 0;
    for source in sources(&[".rs"]) {
        for (at, ask) in source.text.match_indices("Entry::new(\"") {
            let action = source.text[at + ask.len()..].split('"').next().unwrap_or_default();
            noted += 1;
            if !ACTIONS.iter().any(|(known, _)| *known == action) {
                silent.insert(format!("{}: {action}", source.path.display()));
            }
        }
    }
    assert!(noted > 20, "only {noted} actions were found");
    assert_eq!(silent, BTreeSet::new());
}
