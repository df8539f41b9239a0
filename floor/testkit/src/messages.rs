//! What must hold for the words of every room: the three languages say the same things.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement, Resource};
use fluent_syntax::parser;
use kyodo_kernel::Language;
use kyodo_kernel::words::MessageFile;
use kyodo_web::Room;

/// The terms that every city defines (`cities/README.md`).
const TERMS: [&str; 9] =
    ["city", "site", "plan", "plan-short", "office", "committee", "area-council", "centre", "residents"];

/// Checks the words of these rooms and of the frame: every key in every language, with the same variables,
/// built on nothing but the nine terms of a city, and no key in two places. A file that leaves out a variable of
/// the Japanese on purpose says so: `### Without $level: the plan's own words stay Japanese.`
pub fn every_message_is_in_every_language(rooms: &[Room]) {
    let frame = ("web", kyodo_web::MESSAGES);
    let files: Vec<(&str, &[MessageFile])> =
        [frame].into_iter().chain(rooms.iter().map(|room| (room.name, room.messages))).collect();
    let faults = faults_of_messages(&files);
    assert!(faults.is_empty(), "the messages do not agree:\n- {}", faults.join("\n- "));
}

/// What is wrong with message files, each under the name of its owner.
#[must_use]
pub fn faults_of_messages(files: &[(&str, &[MessageFile])]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut owners: BTreeMap<(usize, String), &str> = BTreeMap::new();
    let mut said: [BTreeMap<String, Said>; 3] = Default::default();
    for (owner, file) in files.iter().flat_map(|(owner, files)| files.iter().map(move |file| (*owner, file))) {
        let code = file.language.code();
        for (key, message) in read(owner, file, &mut faults) {
            if let Some(other) = owners.insert((file.language.index(), key.clone()), owner) {
                faults.push(format!("{owner} {code}: 「{key}」 is said by {other} too"));
            }
            for term in message.terms.iter().filter(|term| !TERMS.contains(&term.as_str())) {
                faults.push(format!("{owner} {code}: 「{key}」 uses -{term}, which no city defines"));
            }
            said[file.language.index()].insert(key, message);
        }
    }
    let keys: BTreeSet<&String> = said.iter().flat_map(BTreeMap::keys).collect();
    for key in keys {
        for language in Language::ALL {
            let found = faults_of(key, said[0].get(key), &said[language.index()]);
            faults.extend(found.map(|fault| format!("「{key}」 in {}: {fault}", language.code())));
        }
    }
    faults
}

/// What is wrong with a message in one language, beside the same in Japanese.
fn faults_of(key: &str, ja: Option<&Said>, spoken: &BTreeMap<String, Said>) -> impl Iterator<Item = String> {
    let mut faults = Vec::new();
    match (ja, spoken.get(key)) {
        (_, None) => faults.push("it is missing".to_owned()),
        (ja, Some(message)) => {
            let none = BTreeSet::new();
            let wanted = ja.map_or(&none, |ja| &ja.variables);
            for variable in message.variables.difference(wanted) {
                faults.push(format!("${variable} does not stand in ja"));
            }
            for variable in wanted.difference(&message.variables).filter(|left| !message.without.contains(*left)) {
                faults.push(format!(
                    "${variable} of ja is left out (where that is meant, the file says 「### Without ${variable}: why」)"
                ));
            }
            for other in message.messages.iter().filter(|other| !spoken.contains_key(*other)) {
                faults.push(format!("it refers to {other}, which is missing"));
            }
        }
    }
    faults.into_iter()
}

/// What a message is made of.
#[derive(Debug, Default)]
struct Said {
    variables: BTreeSet<String>,
    /// Variables that its file leaves out on purpose.
    without: BTreeSet<String>,
    terms: BTreeSet<String>,
    messages: BTreeSet<String>,
}

/// The messages of a file; each attribute counts as a message of its own, `key.attribute`.
fn read(owner: &str, file: &MessageFile, faults: &mut Vec<String>) -> Vec<(String, Said)> {
    let code = file.language.code();
    let resource = parser::parse(file.text).unwrap_or_else(|(resource, errors)| {
        faults.extend(errors.iter().map(|error| format!("{owner} {code}: {error}")));
        resource
    });
    let without = left_out(&resource);
    let mut messages = Vec::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let value = message.value.iter().map(|value| (message.id.name.to_owned(), value));
                let attributes =
                    message.attributes.iter().map(|a| (format!("{}.{}", message.id.name, a.id.name), &a.value));
                messages.extend(value.chain(attributes).map(|(key, pattern)| {
                    let mut said = Said { without: without.clone(), ..Said::default() };
                    said.pattern(pattern);
                    (key, said)
                }));
            }
            Entry::Term(term) => faults.push(format!("{owner} {code}: -{} belongs into the packs", term.id.name)),
            _ => {}
        }
    }
    messages
}

/// `### Without $level: the plan's own words stay Japanese.`
fn left_out(resource: &Resource<&str>) -> BTreeSet<String> {
    let comments = resource.body.iter().filter_map(|entry| match entry {
        Entry::ResourceComment(comment) => Some(&comment.content),
        _ => None,
    });
    let names = comments.flatten().filter_map(|line| line.strip_prefix("Without $")?.split(':').next());
    names.map(str::to_owned).collect()
}

impl Said {
    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                for variant in variants {
                    self.pattern(&variant.value);
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.to_owned());
            }
            InlineExpression::MessageReference { id, attribute } => {
                let attribute = attribute.as_ref().map(|attribute| format!(".{}", attribute.name)).unwrap_or_default();
                self.messages.insert(format!("{}{attribute}", id.name));
            }
            InlineExpression::TermReference { id, arguments, .. } => {
                self.terms.insert(id.name.to_owned());
                if let Some(arguments) = arguments {
                    self.arguments(arguments);
                }
            }
            InlineExpression::FunctionReference { arguments, .. } => self.arguments(arguments),
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }

    fn arguments(&mut self, arguments: &CallArguments<&str>) {
        for value in arguments.positional.iter().chain(arguments.named.iter().map(|argument| &argument.value)) {
            self.inline(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(ja: &'static str, easy: &'static str, en: &'static str) -> Vec<String> {
        let file = |language, text| MessageFile { language, text };
        let files = [file(Language::Japanese, ja), file(Language::EasyJapanese, easy), file(Language::English, en)];
        faults_of_messages(&[("test", &files)])
    }

    #[test]
    fn files_that_agree_pass() {
        let en = "count = { $n ->\n    [one] one in { -city }\n   *[other] { NUMBER($n) }\n}\n    .label = { count }\n";
        let ja = "count = { NUMBER($n) }件\n    .label = { count }\n";
        assert_eq!(faults(ja, ja, en), Vec::<String>::new());
    }

    #[test]
    fn a_variable_may_be_left_out_where_the_file_says_so() {
        let (ja, en) = ("a = { $n }{ $level }\n", "### Without $level: Japanese.\n\na = { $n }\n");
        assert_eq!(faults(ja, ja, en), Vec::<String>::new());
        assert_eq!(faults(ja, ja, "### Without $n: no.\n\na = { $n }\n").len(), 1);
    }

    #[test]
    fn what_does_not_agree_is_named() {
        let told = faults("a = { $n }件\nb = あ\n", "a = { $m }件\n", "a = { $n }\nb = { -mayor }\nb = B\n").join("\n");
        for part in [
            "「a」 in ja-easy: $m does not stand in ja",
            "「a」 in ja-easy: $n of ja is left out",
            "「b」 in ja-easy: it is missing",
            "-mayor",
            "「b」 is said by test too",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert!(faults("-city = 市\n", "", "").join("").contains("belongs into the packs"));
        assert!(faults("a = { b }\n", "a = あ\n", "a = A\n").join("").contains("refers to b"));
    }
}
