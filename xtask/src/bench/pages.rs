//! Which pages are measured, by the names that people know them by.

use super::CITY;
use super::server::Server;

pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) path: String,
}

/// 協働, as it stands in an address.
const SEARCH: &str = "/search?q=%E5%8D%94%E5%83%8D";

pub(crate) fn public_pages(server: &Server) -> Result<Vec<Page>, String> {
    Ok(vec![
        page("front page", "/"),
        page("overview", "/plan"),
        page("a measure", &format!("/plan/nodes/{}", measure(server)?)),
        page("schedule", "/plan/schedule"),
        page("indicators", "/plan/indicators"),
        page("search 協働", SEARCH),
    ])
}

pub(crate) fn growing_pages(server: &Server) -> Result<Vec<Page>, String> {
    Ok(vec![
        page("a measure", &format!("/plan/nodes/{}", measure(server)?)),
        page("list of nodes (JSON)", "/api/v1/plan/nodes?limit=50"),
        page("search 協働", SEARCH),
    ])
}

/// What only somebody who is signed in sees, each with something of their own on it.
pub(crate) fn desk_pages(server: &Server) -> Result<Vec<Page>, String> {
    Ok(vec![
        page("my desk", "/desk"),
        page("measures at the desk", "/desk/plan"),
        page("editor of a measure", &editor(server)?),
        page("people", "/desk/people"),
        page("my account", "/account"),
    ])
}

/// Where the text of a measure is written.
pub(crate) fn editor(server: &Server) -> Result<String, String> {
    Ok(format!("/desk/plan/nodes/{}", measure(server)?))
}

fn page(name: &str, path: &str) -> Page {
    Page { name: name.into(), path: path.into() }
}

/// The key of the first node of the lowest level that is not a repetition of another.
fn measure(server: &Server) -> Result<String, String> {
    let answer = server.get(CITY, "/api/v1/plan/nodes?limit=500")?;
    let list: serde_json::Value =
        serde_json::from_slice(&answer.body).map_err(|error| format!("the list of nodes: {error}"))?;
    first_measure(&list).map(str::to_owned).ok_or_else(|| "the list of nodes holds no measure".into())
}

fn first_measure(list: &serde_json::Value) -> Option<&str> {
    let nodes = list["items"].as_array()?;
    let lowest = nodes.iter().filter_map(|node| node["level"].as_u64()).max()?;
    nodes.iter().find(|node| node["level"] == lowest && node["alias_of"].is_null())?["key"].as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_real_measure_is_found() {
        let list = serde_json::json!({"items": [
            {"key": "1", "level": 1, "alias_of": null},
            {"key": "1-1", "level": 2, "alias_of": "2-1"},
            {"key": "1-2", "level": 2, "alias_of": null},
        ]});
        assert_eq!(first_measure(&list), Some("1-2"));
        assert_eq!(first_measure(&serde_json::json!({"items": []})), None);
    }
}
