//! The JSON that programs depend on (`contract.md`): names, types, lists, problems.

use kyodo_testkit::{Page, TestCity, TestPack};
use serde_json::{Value, json};

use crate::world::{city, happened, items, observed, shown, times, without_plan, word};

/// What a field may hold: `text`, `number`, `null`, `[text]`, `{text}` …
type Fields = &'static [(&'static str, &'static [&'static str])];

const PLAN: Fields = &[
    ("title", &["text"]),
    ("period", &["null", "{number}"]),
    ("levels", &["[text]"]),
    ("principles", &["[]", "[text]"]),
    ("version", &["number"]),
];

const PERIOD: Fields = &[("from", &["number"]), ("to", &["number"])];

const NODE: Fields = &[
    ("key", &["text"]),
    ("code", &["text"]),
    ("level", &["number"]),
    ("title", &["text"]),
    ("parent", &["null", "text"]),
    ("departments", &["[]", "[text]"]),
    ("implementers", &["[]", "[text]"]),
    ("targets", &["[]", "[text]"]),
    ("roles", &["{}", "{text}"]),
    ("status", &["null", "text"]),
    ("alias_of", &["null", "text"]),
    ("schedule", &["{}", "{text}"]),
    ("printed_schedule", &["{}", "{text}"]),
    ("tools", &["[]", "[text]"]),
];

const INDICATOR: Fields = &[
    ("key", &["text"]),
    ("name", &["text"]),
    ("unit", &["text"]),
    ("node", &["null", "text"]),
    ("direction", &["text"]),
    ("baseline", &["null", "{number}"]),
    ("targets", &["[]", "[object]"]),
    ("observations", &["[]", "[object]"]),
    ("status", &["text"]),
];

const VALUE: Fields = &[("fiscal_year", &["number"]), ("value", &["number"])];

const OBSERVATION: Fields = &[("fiscal_year", &["number"]), ("value", &["number"]), ("source", &["text"])];

/// Exactly these fields, each of a kind it may have.
#[track_caller]
fn has(value: &Value, fields: Fields) {
    let object = value.as_object().unwrap_or_else(|| panic!("{value} is no object"));
    let mut names: Vec<&str> = object.keys().map(String::as_str).collect();
    let mut wanted: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(names, wanted);
    for (name, kinds) in fields {
        let kind = kind(&object[*name]);
        assert!(kinds.contains(&kind.as_str()), "{name} is {kind}: {value}");
    }
}

fn kind(value: &Value) -> String {
    let of_all = |values: &mut dyn Iterator<Item = &Value>| {
        let mut kinds: Vec<String> =
            values.map(|value| if value.is_object() { "object".to_owned() } else { kind(value) }).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.join("|")
    };
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "bool".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "text".to_owned(),
        Value::Array(items) => format!("[{}]", of_all(&mut items.iter())),
        Value::Object(fields) => format!("{{{}}}", of_all(&mut fields.values())),
    }
}

/// A city with figures of both sources.
async fn lively() -> TestCity {
    let city = city("mihon").await;
    observed(&city, "wrinkles", &[(2024, 700.0), (2025, 660.5)]).await;
    happened(&city, &times(9, "course.held", "2025-06-01")).await;
    city
}

#[tokio::test]
async fn the_plan_has_the_fields_of_the_contract() {
    for slug in ["mihon", "honjo"] {
        let page = shown(&city(slug).await, "/api/v1/plan").await;
        assert_eq!(page.header("content-type"), "application/json");
        let plan = page.json();
        has(&plan, PLAN);
        if slug == "mihon" {
            has(&plan["period"], PERIOD);
            assert_eq!(plan["version"], json!(1));
            assert_eq!(plan["principles"], json!(["同じ紙", "折り目の公開"]));
        }
    }
}

#[tokio::test]
async fn every_node_has_the_fields_of_the_contract() {
    for slug in ["mihon", "yamaguchi", "honjo"] {
        let city = city(slug).await;
        for node in items(&city, "/api/v1/plan/nodes").await {
            has(&node, NODE);
            let years = node["schedule"].as_object().expect("a schedule is an object");
            let printed = node["printed_schedule"].as_object().expect("a schedule is an object");
            assert!(years.keys().eq(printed.keys()), "the same years are printed and effective: {node}");
            assert!(years.keys().all(|year| year.len() == 4 && year.parse::<i32>().is_ok()), "{node}");
            assert!(!years.values().any(|mark| mark == "→"), "{node}");
            for role in node["roles"].as_object().expect("roles are an object").values() {
                assert!(role == "lead" || role == "support", "{node}");
            }
            if !node["status"].is_null() {
                assert!(["新規", "継続", "拡充"].contains(&word(&node, "status")), "{node}");
            }
        }
    }
}

#[tokio::test]
async fn every_indicator_has_the_fields_of_the_contract() {
    let indicators = items(&lively().await, "/api/v1/plan/indicators").await;
    for indicator in &indicators {
        has(indicator, INDICATOR);
        assert!(["up", "down"].contains(&word(indicator, "direction")));
        assert!(["achieved", "on_track", "behind", "no_data"].contains(&word(indicator, "status")));
        if !indicator["baseline"].is_null() {
            has(&indicator["baseline"], VALUE);
        }
        for target in indicator["targets"].as_array().expect("targets are a list") {
            has(target, VALUE);
        }
        for observation in indicator["observations"].as_array().expect("observations are a list") {
            has(observation, OBSERVATION);
            assert!(["entered", "counted"].contains(&word(observation, "source")));
        }
    }
    let entered = json!([
        {"fiscal_year": 2024, "value": 700.0, "source": "entered"},
        {"fiscal_year": 2025, "value": 660.5, "source": "entered"}
    ]);
    assert_eq!(indicators[0]["observations"], entered);
    assert_eq!(indicators[2]["observations"], json!([{"fiscal_year": 2025, "value": 9.0, "source": "counted"}]));
}

#[tokio::test]
async fn a_list_goes_on_page_by_page_until_every_item_has_come_once() {
    let city = lively().await;
    let program = city.visitor("プログラム");
    for (address, size) in [("/api/v1/plan/nodes", 7), ("/api/v1/plan/nodes", 1), ("/api/v1/plan/indicators", 2)] {
        let (mut keys, mut after) = (Vec::new(), String::new());
        loop {
            let page = program.gets(&format!("{address}?limit={size}{after}")).await.json();
            has(&page, &[("items", &["[object]"]), ("next", &["null", "text"])]);
            let items = page["items"].as_array().expect("a list has items");
            keys.extend(items.iter().map(|item| word(item, "key").to_owned()));
            let Some(next) = page["next"].as_str() else {
                break;
            };
            assert_eq!(items.len(), size, "only the last page is shorter");
            after = format!("&after={next}");
        }
        let whole = items(&city, address).await;
        assert!(keys.iter().eq(whole.iter().map(|item| word(item, "key"))), "{address} by {size}: {keys:?}");
    }
    // What lies behind the end is empty, not wrong.
    let behind = program.gets("/api/v1/plan/nodes?after=1000000").await.json();
    assert_eq!(behind, json!({"items": [], "next": null}));
}

#[tokio::test]
async fn fifty_items_are_a_page_unless_more_are_wanted() {
    let city = city("yamaguchi").await;
    let program = city.visitor("プログラム");
    let page = program.gets("/api/v1/plan/nodes").await.json();
    assert_eq!(page["items"].as_array().map(Vec::len), Some(50));
    assert!(page["next"].is_string());
    assert_eq!(items(&city, "/api/v1/plan/nodes").await.len(), 73);
}

const WRONG: [(&str, &str); 7] = [
    ("limit=0", "limit"),
    ("limit=501", "limit"),
    ("limit=-1", "limit"),
    ("limit=abc", "limit"),
    ("limit=7.5", "limit"),
    ("after=abc", "after"),
    ("after=-1", "after"),
];

#[tokio::test]
async fn a_parameter_that_cannot_be_used_is_named() {
    let city = city("mihon").await;
    let program = city.visitor("プログラム");
    for address in ["/api/v1/plan/nodes", "/api/v1/plan/indicators"] {
        for (query, field) in WRONG {
            let page = program.gets(&format!("{address}?{query}")).await;
            let problem = a_problem(&page, 422);
            assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1), "{page}");
            assert_eq!(problem["errors"][0]["field"], field, "{page}");
            assert!(!word(&problem["errors"][0], "detail").is_empty(), "{page}");
        }
    }
}

/// The page is a problem of this status, in the form of RFC 9457.
#[track_caller]
fn a_problem(page: &Page, status: u16) -> Value {
    page.is(status);
    assert_eq!(page.header("content-type"), "application/problem+json", "{page}");
    let problem = page.json();
    assert_eq!((&problem["status"], &problem["type"]), (&json!(status), &json!("about:blank")), "{page}");
    assert!(!word(&problem, "title").is_empty() && !word(&problem, "request_id").is_empty(), "{page}");
    problem
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let city = city("mihon").await;
    let program = city.visitor("プログラム");
    for address in ["/api/v1/plan", "/api/v1/plan/nodes", "/api/v1/plan/indicators"] {
        let plain = program.gets(address).await;
        let decorated = program.gets(&format!("{address}?colour=red&limit=&lang=en")).await;
        assert_eq!(plain.ok().json(), decorated.ok().json(), "{address}");
    }
}

#[tokio::test]
async fn a_city_without_a_plan_says_so() {
    let city = city("mihon").await;
    without_plan(&city).await;
    let program = city.visitor("プログラム");
    a_problem(&program.gets("/api/v1/plan").await, 404);
    for address in ["/api/v1/plan/nodes", "/api/v1/plan/indicators"] {
        assert_eq!(program.gets(address).await.ok().json(), json!({"items": [], "next": null}));
    }
    program.gets("/plan").await.is(404);
    program.gets("/").await.ok().does_not_say("計画は、いま");
}

#[tokio::test]
async fn a_city_that_has_not_switched_the_room_on_shows_nothing_of_it() {
    let city = city(TestPack::named("mihon").replacing("city.toml", "rooms = [\"plan\"]", "rooms = []")).await;
    let program = city.visitor("プログラム");
    for address in ["/api/v1/plan", "/api/v1/plan/nodes", "/api/v1/plan/indicators"] {
        a_problem(&program.gets(address).await, 404);
    }
    let page = program.gets("/plan").await;
    page.is(404);
    assert!(!page.links().iter().any(|link| link.href.starts_with("/plan")), "nothing leads to it");
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let city = city("mihon").await;
    let program = city.visitor("プログラム");
    a_problem(&program.gets("/api/v1/plan/nothing").await, 404);
    a_problem(&program.sends(http::Method::POST, "/api/v1/plan", &[]).await, 405);
    program.gets("/plan/nodes/9-9").await.is(404).says("見つかりません");
    program.gets("/plan/indicators/nothing").await.is(404);
}
