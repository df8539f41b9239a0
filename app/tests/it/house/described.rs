//! The description of the API says what the API answers.

use kyodo_testkit::TestHouse;
use serde_json::Value;

use super::TODAY;

/// The fields that the description gives an answer, or the items of a list; each `$ref` resolved.
fn fields(api: &Value, path: &str) -> Vec<String> {
    let resolved = |schema: &Value| -> Value {
        let name = schema["$ref"].as_str().and_then(|name| name.strip_prefix('#'));
        name.and_then(|name| api.pointer(name)).unwrap_or(schema).clone()
    };
    let answer = &api["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
    let mut schema = resolved(answer);
    if let Some(items) = schema.pointer("/properties/items/items") {
        schema = resolved(&items.clone());
    }
    let fields = schema["properties"].as_object().unwrap_or_else(|| panic!("{path} is not described: {schema}"));
    fields.keys().cloned().collect()
}

#[tokio::test]
async fn every_answer_has_the_fields_that_are_described() {
    let house = TestHouse::new(kyodo::rooms()).on(TODAY).with_city("yamaguchi").build().await;
    let program = house.city("yamaguchi").visitor("プログラム");
    let api = program.gets("/api/openapi.json").await.ok().json();
    let paths = api["paths"].as_object().expect("paths are described");
    assert_eq!(paths.len(), 3, "{:?}", paths.keys());
    for path in paths.keys() {
        let answer = program.gets(path).await.ok().json();
        let answer = answer.pointer("/items/0").unwrap_or(&answer);
        let (mut known, mut described) =
            (answer.as_object().expect("an object").keys().cloned().collect::<Vec<_>>(), fields(&api, path));
        known.sort();
        described.sort();
        assert_eq!(known, described, "{path}");
    }
    // Everything that is referred to is there.
    let text = api.to_string();
    for (_, rest) in text.match_indices("\"$ref\":\"#").map(|(at, found)| text.split_at(at + found.len())) {
        let name = rest.split('"').next().unwrap_or_default();
        assert!(api.pointer(name).is_some(), "{name} is not there");
    }
    program.gets("/api/docs").await.ok().says("/api/v1/plan/nodes").says("printed_schedule");
}
