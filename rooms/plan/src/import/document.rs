//! The documented shape: a plan as tables that come in again as they went out, and as JSON.

use std::collections::{BTreeMap, BTreeSet};

use kyodo_kernel::profile::Department;
use kyodo_web::sheet::{Cell, Sheet};
use serde::Serializer;
use serde::ser::SerializeSeq;
use serde_json::{Value as Json, json};

use super::changes::{direction, sign};
use super::field::{DONE, PLAIN, Part};
use super::mapping::Kind;
use super::years::written;
use super::{Document, Report};
use crate::indicator::Indicator;
use crate::node::{Earlier, Node, Tag};
use crate::plan::Period;

/// The tables of a plan: one for each kind of row, or all in one for CSV.
#[derive(Clone, Debug, Default)]
pub struct Export {
    /// Lines, indicators, reports.
    pub sheets: Vec<Sheet>,
    /// All of them below each other; what each row is stands first.
    pub whole: Sheet,
}

/// A column that some kind of row has.
type Column = (String, Cell);

/// The tables of a plan.
#[must_use]
pub fn tables(document: &Document, departments: &[Department]) -> Export {
    let nodes: Vec<Vec<Column>> = document.plan.nodes.iter().map(|node| line(document, node, departments)).collect();
    let indicators: Vec<Vec<Column>> = document.indicators.iter().map(|one| indicator(document, one)).collect();
    let titles: BTreeMap<&str, &Node> = document.plan.nodes.iter().map(|node| (node.key.as_str(), node)).collect();
    let reports: Vec<Vec<Column>> =
        document.reports.iter().map(|((key, year), one)| report(&titles, key, *year, one)).collect();
    let kinds = [(Kind::Plan, nodes), (Kind::Indicators, indicators), (Kind::Reports, reports)];
    let mut whole = Vec::new();
    for (kind, rows) in &kinds {
        let first = (plain("kind"), Cell::from(kind.word()));
        whole.extend(
            rows.iter().map(|row| std::iter::once(first.clone()).chain(row.iter().cloned()).collect::<Vec<_>>()),
        );
    }
    let sheets = kinds.iter().filter(|(kind, rows)| *kind == Kind::Plan || !rows.is_empty());
    Export {
        sheets: sheets.map(|(kind, rows)| sheet(kind.word(), rows)).collect(),
        whole: sheet(&document.plan.title, &whole),
    }
}

/// The plan as one JSON document.
#[must_use]
pub fn json(document: &Document) -> Json {
    json!(document)
}

/// A table with every column that any of its rows has, in the order in which they come.
fn sheet(name: &str, rows: &[Vec<Column>]) -> Sheet {
    let mut heads: Vec<String> = Vec::new();
    for row in rows {
        let mut last = 0;
        for (head, _) in row {
            if let Some(at) = heads.iter().position(|own| own == head) {
                last = at + 1;
            } else {
                heads.insert(last.min(heads.len()), head.clone());
                last += 1;
            }
        }
    }
    let cells = |row: &Vec<Column>| {
        let mut own: BTreeMap<&str, &Cell> = row.iter().map(|(head, cell)| (head.as_str(), cell)).collect();
        heads.iter().map(|head| own.remove(head.as_str()).cloned().unwrap_or(Cell::Empty)).collect()
    };
    let rows = rows.iter().map(cells).collect();
    Sheet { name: name.to_owned(), heads, rows }
}

fn plain(name: &str) -> String {
    PLAIN.iter().find(|(own, _)| *own == name).map_or("", |(_, head)| head).to_owned()
}

fn text(name: &str, text: impl Into<Cell>) -> Column {
    (plain(name), text.into())
}

fn line(document: &Document, node: &Node, departments: &[Department]) -> Vec<Column> {
    let outline = &document.plan.outline;
    let real = document.plan.nodes.iter().find(|other| other.key == node.real_key()).unwrap_or(node);
    let details = &node.details;
    let names: Vec<&str> = node
        .departments
        .iter()
        .map(|key| departments.iter().find(|one| one.key == *key).map_or(key.as_str(), |one| one.name.as_str()))
        .collect();
    let mut row = vec![
        text("key", node.key.as_str()),
        text("code", node.code.as_str()),
        text("level", outline.level_name(node.level)),
        text("title", real.title.as_str()),
        text("parent", node.parent.clone()),
        text("alias", node.alias_of.clone()),
        text("heading", details.heading.as_str()),
        text("purpose", details.purpose.as_str()),
        text("situation", details.situation.as_str()),
        text("text", details.text.as_str()),
        text("completion", details.completion.as_str()),
        text("tag", details.tag.map(Tag::printed)),
        text("departments", names.join("、")),
        text("implementers", details.implementers.join("、")),
        text("related", details.related.join("、")),
        text("tools", details.tools.join("、")),
        text("earlier", details.earlier.iter().map(Earlier::written).collect::<Vec<_>>().join("\n")),
    ];
    let all =
        |target: &String| (format!("対象：{target}"), Cell::from(details.targets.contains(target).then_some("■")));
    row.extend(outline.targets.iter().map(all));
    if !outline.targets.is_empty() {
        row.push(text("other-target", details.other_target.clone()));
    }
    let role =
        |party: &String| (format!("役割：{party}"), Cell::from(details.roles.get(party).map(|role| sign(*role))));
    row.extend(outline.parties.iter().map(role));
    let years = outline.grid.into_iter().flat_map(Period::years);
    row.extend(years.map(|year| (written(year.into()), Cell::from(node.schedule.cell(year)))));
    row
}

fn indicator(document: &Document, one: &Indicator) -> Vec<Column> {
    let definition = &one.definition;
    let mut row = vec![
        text("key", one.key.as_str()),
        text("title", one.name.as_str()),
        text("short", definition.short.clone()),
        text("parent", one.node.clone()),
        text("group", definition.group.clone()),
        text("unit", definition.unit.as_str()),
        text("decimals", f64::from(definition.decimals)),
        text("direction", direction(definition.direction)),
        text("base-year", definition.baseline.map(|base| written(base.year))),
        text("base", definition.baseline.map(|base| base.value)),
        text("text", definition.about.as_str()),
        text("note", definition.note.as_str()),
    ];
    let aims: BTreeSet<i32> =
        document.indicators.iter().flat_map(|one| &one.definition.targets).map(|aim| aim.year).collect();
    for year in aims {
        let aim = definition.targets.iter().find(|aim| aim.year == year).map(|aim| aim.value);
        row.push((format!("目標：{}", written(year)), aim.into()));
    }
    let years: BTreeSet<i32> = document.figures.keys().map(|(_, year)| *year).collect();
    for year in years {
        let figure = document.figures.get(&(one.key.clone(), year)).copied();
        row.push((format!("実績：{}", written(year)), figure.into()));
    }
    row
}

fn report(titles: &BTreeMap<&str, &Node>, key: &str, year: i32, one: &Report) -> Vec<Column> {
    let title = titles.get(key).map(|node| node.title.clone());
    let done = |part: Part| DONE.iter().find(|(own, _)| *own == part).map_or("", |(_, head)| head).to_owned();
    vec![
        text("key", key),
        text("title", title),
        text("year", written(year)),
        (done(Part::Mark), one.mark.clone().into()),
        (done(Part::Grade), one.grade.clone().into()),
        (done(Part::Text), one.text.as_str().into()),
        (done(Part::Next), one.next_step.as_str().into()),
    ]
}

pub(super) fn figures<S: Serializer>(figures: &BTreeMap<(String, i32), f64>, to: S) -> Result<S::Ok, S::Error> {
    let mut list = to.serialize_seq(Some(figures.len()))?;
    for ((indicator, year), value) in figures {
        list.serialize_element(&json!({ "indicator": indicator, "fiscal_year": year, "value": value }))?;
    }
    list.end()
}

pub(super) fn reports<S: Serializer>(reports: &BTreeMap<(String, i32), Report>, to: S) -> Result<S::Ok, S::Error> {
    let mut list = to.serialize_seq(Some(reports.len()))?;
    for ((node, year), report) in reports {
        list.serialize_element(&json!({
            "node": node, "fiscal_year": year, "mark": report.mark, "grade": report.grade,
            "text": report.text, "next_step": report.next_step,
        }))?;
    }
    list.end()
}
