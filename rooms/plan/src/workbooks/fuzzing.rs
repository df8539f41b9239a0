//! Workbooks come back from other people: whatever stands in a cell, reading ends with changes or faults.

use std::collections::HashMap;

use kyodo_kernel::profile::{Department, FiscalYearLook, Terms};
use kyodo_kernel::words::{MessageFile, Messages, Words};
use kyodo_kernel::workbook::{Row, Sheet};
use kyodo_kernel::{FiscalYear, Language};

use super::{
    Column, Entered, FORMAT, Ground, HEADS, HIDDEN, Item, Kind, figure_columns, head, print, print_figure, seal,
};
use super::{read, reading::read_sheets, report_columns, unpack};
use crate::indicator::{Definition, Direction, Indicator};
use crate::node::Node;
use crate::plan::{Grade, Outline, Plan};
use crate::round::{Content, Round, Stage};
use crate::schedule::{Mark, Schedule};
use crate::store::Report;
use crate::store::workbooks::Brought;

const DEPARTMENT: &str = "orizuru";

/// Reads arbitrary bytes as a file, and as what somebody wrote into the cells of a workbook that is ours. Run by `fuzz/`
/// and, on stable, by the test suite.
///
/// # Panics
///
/// When a row is neither read nor told, or a foreign file is taken for ours.
pub fn fuzz(bytes: &[u8]) {
    let Some(words) = words() else { return };
    let ground = ground();
    let today = ground.round.opens_on;
    let file = Brought { name: "fuzz".to_owned(), content: bytes.to_vec() };
    let read = read(&unpack(&[file]), &ground, &words, today, |_| true);
    assert!(read.reports.is_empty() && read.figures.is_empty(), "nobody guesses the seal");
    let text = String::from_utf8_lossy(bytes);
    for line in text.split('\u{c}').take(20) {
        let cells: Vec<&str> = line.split('\t').collect();
        let read = read_sheets(&book(&ground, &words, &cells), &ground, &words, today);
        assert!(read.faults.len() + read.reports.len() > 0, "a row is read or told");
        let _ = read.version();
    }
}

fn words() -> Option<Words> {
    let text = include_str!("../../messages/workbooks.ja.ftl");
    let messages = Messages::parse([MessageFile { language: Language::Japanese, text }]).ok()?;
    Words::new(&messages, &Terms::default(), Language::Japanese).ok()
}

/// A round with one item and one figure.
fn ground() -> Ground {
    let year = FiscalYear::new(2026);
    let outline = Outline {
        marks: ["検討", "実施"].map(|name| Mark { name: name.to_owned(), rank: 1, ends: false }).to_vec(),
        grades: vec![Grade { name: "A".to_owned(), text: String::new() }],
        ..Outline::default()
    };
    let node = Node {
        key: "1-1".to_owned(),
        code: "①".to_owned(),
        title: "折り方の会".to_owned(),
        departments: vec![DEPARTMENT.to_owned()],
        schedule: Schedule::of_printed([(year, "検討・実施".to_owned())]),
        ..Node::default()
    };
    let definition = Definition {
        short: None,
        unit: "回".to_owned(),
        decimals: 1,
        group: None,
        direction: Direction::Up,
        baseline: None,
        targets: Vec::new(),
        note: String::new(),
        about: String::new(),
        counted: None,
    };
    let indicator =
        Indicator { id: 1, key: "kai".to_owned(), name: "会".to_owned(), node: Some(node.key.clone()), definition };
    let content = Content { text: "折りました。".to_owned(), ..Content::default() };
    let item = Item {
        departments: node.departments.clone(),
        report: Report { id: 1, node: 1, version: 1, content, stage: Stage::Unwritten, last: None },
        before: None,
        figures: vec![Entered { indicator, entries: Vec::new() }],
        node,
    };
    Ground {
        city: "mihon".to_owned(),
        city_name: "見本市".to_owned(),
        year: year.to_string(),
        years: FiscalYearLook::default(),
        plan_id: 1,
        plan: Plan { outline, ..Plan::default() },
        round: Round {
            id: 1,
            year,
            opens_on: year.first_day(),
            due_on: year.last_day(),
            decide_on: year.last_day(),
            note: String::new(),
            frozen_at: None,
            members: HashMap::new(),
        },
        departments: vec![Department {
            key: DEPARTMENT.to_owned(),
            name: "折り鶴課".to_owned(),
            ..Department::default()
        }],
        items: vec![item],
        lines: HashMap::new(),
    }
}

/// A workbook as it went out, with these cells where it is to be filled in. A first cell of `!` writes over all cells.
fn book(ground: &Ground, words: &Words, cells: &[&str]) -> Vec<Sheet> {
    let own = [FORMAT, "mihon", "2026", DEPARTMENT, "fuzz"];
    let rows = (1_u32..).zip(own).map(|(row, text)| Row::of(row, [(0, text.to_owned())]));
    let hidden = Sheet { name: HIDDEN.to_owned(), is_hidden: true, rows: rows.collect(), merges: Vec::new() };
    let item = &ground.items[0];
    let seen = print(&item.report.content);
    let report = |id: &str| match id {
        "code" => item.node.code.clone(),
        "title" => item.node.title.clone(),
        "key" => item.node.key.clone(),
        "seen" => seen.clone(),
        "seal" => seal(&[&ground.city, DEPARTMENT, &item.node.key, &seen, &item.node.code, &item.node.title]),
        _ => String::new(),
    };
    let indicator = &item.figures[0].indicator;
    let figure = |id: &str| match id {
        "code" => item.node.code.clone(),
        "indicator" => indicator.name.clone(),
        "key" => indicator.key.clone(),
        "seal" => {
            seal(&[&ground.city, DEPARTMENT, &indicator.key, &print_figure(None), &item.node.code, &indicator.name])
        }
        _ => String::new(),
    };
    let sheet = |name: &str, columns: &[Column], printed: &dyn Fn(&str) -> String| {
        let mut typed = cells.iter().copied();
        let over = cells.first() == Some(&"!");
        let texts = columns.iter().map(|column| match column.kind {
            Kind::Entry => typed.next().unwrap_or_default().to_owned(),
            _ if over => typed.next().unwrap_or_default().to_owned(),
            _ => printed(column.id),
        });
        let row = Row::of(HEADS + 1, (0_u32..).zip(texts.collect::<Vec<_>>()));
        let heads = (0_u32..).zip(columns.iter().map(|column| words.say(&head(column.id))));
        Sheet { name: words.say(name), is_hidden: false, rows: vec![Row::of(HEADS, heads), row], merges: Vec::new() }
    };
    vec![
        sheet("workbook-sheet-reports", &report_columns(&ground.plan.outline), &report),
        sheet("workbook-sheet-figures", &figure_columns(), &figure),
        hidden,
    ]
}
