//! `/api/openapi.json`: the description of the public data, for programs; `/api/docs`: the same for people.
//!
//! The page is made from the description, so that it tells of every room without knowing any. A room explains an
//! address in the page's language by a message `docs-path-…` (`/api/v1/plan/nodes` → `docs-path-plan-nodes`);
//! without one, the page shows the description's own English words.

use askama::Template;
use axum::Json;
use kyodo_kernel::words::Words;
use kyodo_web::api::{Problem, ProblemField};
use kyodo_web::{Ctx, Frame, Page, Result, filters};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::openapi::OpenApi;

pub(super) async fn description(ctx: Ctx) -> Json<OpenApi> {
    Json(ctx.house.api())
}

/// The description for people.
#[derive(Template)]
#[template(path = "api-docs.html")]
pub(super) struct DocsPage {
    f: Frame,
    operations: Vec<Operation>,
    /// What is said of every list and every error.
    rules: [(&'static str, &'static str); 6],
    problem: String,
}

pub(super) async fn docs(ctx: Ctx) -> Result<Page<DocsPage>> {
    let api = serde_json::to_value(ctx.house.api()).map_err(kyodo_web::Error::internal)?;
    let operations = operations(&api, ctx.words());
    let problem = problem(ctx.words());
    let f = ctx.frame(ctx.words().say("docs-title")).crumb("/api/docs", "docs-title");
    Ok(Page(DocsPage { f, operations, rules: RULES, problem }))
}

const RULES: [(&str, &str); 6] = [
    ("docs-format", "docs-format-text"),
    ("docs-lists", "docs-lists-text"),
    ("docs-years", "docs-years-text"),
    ("docs-dates", "docs-dates-text"),
    ("docs-money", "docs-money-text"),
    ("docs-errors", "docs-errors-text"),
];

/// An address that answers with data.
#[derive(Debug)]
struct Operation {
    path: String,
    /// Its place on the page.
    id: String,
    about: Said,
    parameters: Vec<(String, Said)>,
    fields: Vec<(String, Said)>,
    example: Option<String>,
    /// The same address to open, where it needs nothing filled in.
    link: Option<String>,
}

/// A sentence of a message, or of the description, which speaks English.
#[derive(Debug, PartialEq)]
struct Said {
    text: String,
    is_english: bool,
}

impl Said {
    fn new(words: &Words, key: &str, otherwise: &Value) -> Self {
        if words.has(key) {
            return Self { text: words.say(key), is_english: false };
        }
        Self::english(otherwise.as_str().unwrap_or_default())
    }

    /// Markdown's marks around code mean nothing on this page.
    fn english(text: &str) -> Self {
        Self { text: text.replace('`', ""), is_english: true }
    }
}

/// Everything that can be read, by address.
fn operations(api: &Value, words: &Words) -> Vec<Operation> {
    let paths = api["paths"].as_object().into_iter().flatten();
    paths
        .filter_map(|(path, item)| item.get("get").map(|get| (path, get)))
        .map(|(path, get)| operation(api, words, path, get))
        .collect()
}

fn operation(api: &Value, words: &Words, path: &str, get: &Value) -> Operation {
    let id = name_of(path);
    let explained = ["description", "summary"].into_iter().map(|key| &get[key]).find(|text| text.is_string());
    let parameters: Vec<(String, Said)> = get["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|parameter| Some((parameter["name"].as_str()?, &parameter["description"])))
        .map(|(name, text)| (name.to_owned(), Said::new(words, &format!("docs-param-{name}"), text)))
        .collect();
    let link = (!path.contains('{')).then(|| {
        let is_list = parameters.iter().any(|(name, _)| name == "limit");
        if is_list { format!("{path}?limit=3") } else { path.to_owned() }
    });
    let answer = &get["responses"]["200"]["content"]["application/json"];
    Operation {
        about: Said::new(words, &format!("docs-path-{id}"), explained.unwrap_or(&Value::Null)),
        fields: fields(api, &answer["schema"]),
        example: example_of(api, answer).and_then(|example| pretty(&example)),
        path: path.to_owned(),
        id,
        parameters,
        link,
    }
}

/// `/api/v1/plan/nodes/{key}` → `plan-nodes-key`.
fn name_of(path: &str) -> String {
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

fn pretty(value: &impl Serialize) -> Option<String> {
    serde_json::to_string_pretty(value).ok()
}

/// What an answer holds; of a list, what an item holds.
fn fields(api: &Value, schema: &Value) -> Vec<(String, Said)> {
    let mut schema = resolved(api, schema);
    if let Some(items) = schema.pointer("/properties/items/items") {
        schema = resolved(api, items);
    }
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, property)| {
            // What may be null carries its words in the choice that is not.
            let choices = property["oneOf"].as_array().into_iter().flatten();
            let mut told = std::iter::once(property).chain(choices).map(|schema| &schema["description"]);
            let text = told.find_map(Value::as_str).unwrap_or_default();
            (name.clone(), Said::english(text))
        })
        .collect()
}

/// The schema itself, where there is only its name.
fn resolved<'v>(api: &'v Value, schema: &'v Value) -> &'v Value {
    let name = schema["$ref"].as_str().and_then(|name| name.strip_prefix('#'));
    name.and_then(|name| api.pointer(name)).unwrap_or(schema)
}

/// The example of an answer: the one it gives, or one made from its schema.
fn example_of(api: &Value, answer: &Value) -> Option<Value> {
    let given = answer.get("example").or_else(|| answer["examples"].as_object()?.values().next()?.get("value"));
    given.cloned().or_else(|| answer.get("schema").map(|schema| example(api, schema, DEEPEST)))
}

/// A schema that holds itself must come to an end.
const DEEPEST: u8 = 8;

fn example(api: &Value, schema: &Value, depth: u8) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    let schema = resolved(api, schema);
    let given = schema.get("example").or_else(|| schema.get("const")).or_else(|| schema["examples"].get(0));
    if let Some(given) = given.or_else(|| schema["enum"].get(0)) {
        return given.clone();
    }
    let deeper = |schema: &Value| example(api, schema, depth - 1);
    let choices = ["oneOf", "anyOf", "allOf"].into_iter().find_map(|key| schema[key].as_array());
    if let Some(choice) = choices.and_then(|choices| choices.iter().find(|choice| choice["type"] != "null")) {
        return deeper(choice);
    }
    match kind(schema) {
        "object" => Value::Object(object(schema, deeper)),
        "array" => Value::Array(vec![deeper(&schema["items"])]),
        "string" => Value::from(match schema["format"].as_str() {
            Some("date") => "2026-11-20",
            Some("date-time") => "2026-11-20T09:00:00+09:00",
            _ => "…",
        }),
        "integer" => Value::from(1),
        "number" => Value::from(1.5),
        "boolean" => Value::from(true),
        _ => Value::Null,
    }
}

fn object(schema: &Value, deeper: impl Fn(&Value) -> Value) -> Map<String, Value> {
    let named = schema["properties"].as_object().into_iter().flatten();
    let free = schema.get("additionalProperties").filter(|free| free.is_object());
    named
        .map(|(name, property)| (name.clone(), deeper(property)))
        .chain(free.map(|free| ("…".to_owned(), deeper(free))))
        .collect()
}

/// The type of a schema; of several, the one that is not null.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default(),
        kind => kind.as_str().unwrap_or_default(),
    }
}

/// What a wrong parameter is answered with.
fn problem(words: &Words) -> String {
    let problem = Problem {
        r#type: "about:blank",
        title: words.say("error-invalid-title"),
        status: 422,
        detail: words.say("error-invalid-text"),
        request_id: "3f9c0a7be1d24856".to_owned(),
        errors: vec![ProblemField { field: "limit", detail: words.say("api-limit") }],
    };
    pretty(&problem).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn api() -> Value {
        json!({ "components": { "schemas": {
            "Crane": { "type": "object", "properties": {
                "name": { "type": "string", "example": "大折り鶴", "description": "Its name, `as folded`." },
                "day": { "type": ["string", "null"], "format": "date" },
                "wings": { "type": "array", "items": { "$ref": "#/components/schemas/Wing" } },
                "nest": { "$ref": "#/components/schemas/Crane" }
            } },
            "Wing": { "oneOf": [{ "type": "null" }, { "type": "integer" }] }
        } } })
    }

    #[test]
    fn an_example_is_made_from_a_schema_and_comes_to_an_end() {
        let crane = json!({ "$ref": "#/components/schemas/Crane" });
        assert_eq!(
            example(&api(), &crane, 5)["nest"],
            json!({ "name": "大折り鶴", "day": "2026-11-20", "wings": [1], "nest": example(&api(), &crane, 3) })
        );
        assert_eq!(example(&api(), &crane, 1)["nest"], Value::Null);
    }

    #[test]
    fn an_answer_s_own_example_is_preferred() {
        let given = json!({ "example": { "n": 7 }, "schema": { "type": "string" } });
        assert_eq!(example_of(&api(), &given), Some(json!({ "n": 7 })));
        let named = json!({ "examples": { "one": { "value": 8 } } });
        assert_eq!(example_of(&api(), &named), Some(json!(8)));
        assert_eq!(example_of(&api(), &Value::Null), None);
    }

    #[test]
    fn fields_of_a_list_are_those_of_its_items() {
        let list = json!({ "properties": { "items": { "type": "array", "items": { "$ref": "#/components/schemas/Crane" } }, "next": {} } });
        let fields = fields(&api(), &list);
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["day", "name", "nest", "wings"]);
        assert_eq!(fields[1].1.text, "Its name, as folded.");
    }

    #[test]
    fn an_address_has_a_name_for_messages_and_anchors() {
        assert_eq!(name_of("/api/v1/plan/nodes"), "plan-nodes");
        assert_eq!(name_of("/api/v1/plan/nodes/{key}"), "plan-nodes-key");
    }
}
