//! What search finds of a plan: its nodes and its indicators.

use kyodo_kernel::search::Document;

use crate::indicator::Indicator;
use crate::node::Node;
use crate::plan::Plan;

/// Everything of the plan that can be found, the lowest level first: people look for measures.
#[must_use]
pub fn documents(plan: &Plan, indicators: &[Indicator]) -> Vec<Document> {
    let mut nodes: Vec<_> = plan.nodes.iter().filter(|node| !node.is_alias()).collect();
    nodes.sort_by_key(|node| (std::cmp::Reverse(node.level), node.position));
    let nodes = nodes.into_iter().map(document);
    let indicators = indicators.iter().map(|indicator| Document {
        address: format!("/plan/indicators/{}", indicator.key),
        kind: "indicator",
        title: indicator.name.clone(),
        body: [indicator.definition.about.as_str(), indicator.definition.note.as_str()].join(" ").trim().to_owned(),
    });
    nodes.chain(indicators).collect()
}

/// What is found of a line.
#[must_use]
pub fn document(node: &Node) -> Document {
    let details = &node.details;
    let words = [&details.heading, &details.text, &details.purpose, &details.situation, &details.completion];
    let lists = [&details.implementers, &details.targets, &details.related];
    let body: Vec<&str> = words
        .into_iter()
        .chain(lists.into_iter().flatten())
        .chain(&details.other_target)
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    Document { address: node.address(), kind: "node", title: node.title.clone(), body: body.join(" ") }
}
