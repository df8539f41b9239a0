//! What an update would change: two values compared field by field, lists by what names their entries.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

/// One difference between what is and what an update would make of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Where, e.g. `nodes › 1-2-4 › title`.
    pub place: String,
    /// What is there now; none when it is new.
    pub before: Option<String>,
    /// What would be there; none when it goes.
    pub after: Option<String>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.before, &self.after) {
            (None, Some(after)) => write!(f, "+ {}: {after}", self.place),
            (Some(before), None) => write!(f, "- {}: {before}", self.place),
            (before, after) => {
                write!(f, "~ {}: {} → {}", self.place, before.as_deref().unwrap_or(""), after.as_deref().unwrap_or(""))
            }
        }
    }
}

/// Every difference between two values, in a stable order.
#[must_use]
pub fn differences(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    compare("", Some(before), Some(after), &mut changes);
    changes
}

fn compare(place: &str, before: Option<&Value>, after: Option<&Value>, changes: &mut Vec<Change>) {
    if before == after {
        return;
    }
    let (old, new) = (before.and_then(entries), after.and_then(entries));
    if let (Some(old), Some(new)) = (old, new) {
        for (name, value) in &old {
            compare(&join(place, name), Some(value), new.get(name).copied(), changes);
        }
        for (name, value) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            compare(&join(place, name), None, Some(value), changes);
        }
    } else {
        let (before, after) = (before.and_then(shown), after.and_then(shown));
        if before != after {
            changes.push(Change { place: place.to_owned(), before, after });
        }
    }
}

fn join(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place} › {name}") }
}

/// The named parts of an object or of a list whose entries carry a `key` or a `name`.
fn entries(value: &Value) -> Option<BTreeMap<String, &Value>> {
    match value {
        Value::Object(fields) => Some(fields.iter().map(|(name, value)| (name.clone(), value)).collect()),
        Value::Array(items) if !items.is_empty() => {
            let named: BTreeMap<String, &Value> =
                items.iter().filter_map(|item| Some((name_of(item)?, item))).collect();
            (named.len() == items.len()).then_some(named)
        }
        _ => None,
    }
}

fn name_of(item: &Value) -> Option<String> {
    ["key", "name", "title"].iter().find_map(|field| item.get(field)?.as_str()).map(str::to_owned)
}

/// A value as a clerk reads it; absent, null and empty are the same nothing.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::Array(items) if items.is_empty() => None,
        Value::Object(fields) if fields.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(items.iter().filter_map(shown).collect::<Vec<_>>().join("、")),
        Value::Object(fields) => {
            let words: Vec<String> =
                fields.iter().filter_map(|(name, value)| Some(format!("{name} {}", shown(value)?))).collect();
            Some(words.join("、"))
        }
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn entries_are_told_apart_by_their_key_not_by_their_place() {
        let before = json!({"nodes": [{"key": "1", "title": "あ"}, {"key": "2", "title": "い"}]});
        let after = json!({"nodes": [{"key": "2", "title": "う"}, {"key": "3", "title": "え"}]});
        let told: Vec<String> = differences(&before, &after).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            ["- nodes › 1: key 1、title あ", "~ nodes › 2 › title: い → う", "+ nodes › 3: key 3、title え",]
        );
    }

    #[test]
    fn nothing_empty_and_absent_are_the_same() {
        assert!(differences(&json!({"a": null, "b": ""}), &json!({"b": null, "c": []})).is_empty());
    }
}
