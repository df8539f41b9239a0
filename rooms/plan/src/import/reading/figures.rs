//! Indicators with their figures, and reports of past years.

use std::collections::{BTreeMap, HashSet};

use kyodo_jptext::{half_width, search_key};

use super::Reading;
use super::lines::PARTS;
use super::node::reference;
use super::said::{Piece, Said, Sayings, as_read, plain, short, single};
use crate::import::field::{self, Field, Part};
use crate::import::mapping::{Rest, SheetMapping};
use crate::import::table::{Line, Table};
use crate::import::words::is_nothing;
use crate::import::years::year_of;
use crate::indicator::{Definition, Direction, Indicator, Value};

/// What a report is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// A line of the file.
    Line(usize),
    /// A line of the plan.
    Key(Piece),
}

// --- gathering ----------------------------------------------------------------------------------------------

pub(super) fn gather_indicator(
    reading: &mut Reading<'_>,
    table: &Table,
    sheet: &SheetMapping,
    line: &Line,
    sayings: &mut Sayings,
) {
    let mut said = Said::default();
    for (column, field) in &sheet.columns {
        said.add(field, Piece::of(table, line, *column));
    }
    if said.first(field::TITLE).is_none() && said.first(field::KEY).is_none() {
        if let Some((column, _)) = sheet.columns.iter().find(|(_, field)| matches!(field, Field::Plain(field::TITLE))) {
            reading.fault(&Piece::of(table, line, *column), "import-no-name", Vec::new());
        }
        return;
    }
    fill_years(sheet, &mut said);
    sayings.indicators.push((Vec::new(), said));
}

/// Targets and baselines whose year the sheet says.
pub(super) fn fill_years(sheet: &SheetMapping, said: &mut Said) {
    if let (Some(piece), Some(year)) = (said.first(field::AIM).cloned(), sheet.aim_year) {
        said.add(&Field::Aim(year), piece);
    }
    let base_year = said.first(field::BASE_YEAR).and_then(|piece| year_of(&piece.text)).or(sheet.base_year);
    if let (Some(piece), Some(year)) = (said.first(field::BASE).cloned(), base_year) {
        said.add(&Field::Base(year), piece);
    }
}

pub(super) fn gather_report(
    reading: &mut Reading<'_>,
    table: &Table,
    sheet: &SheetMapping,
    line: &Line,
    sayings: &mut Sayings,
) {
    let of = |name: &'static str| {
        sheet.columns.iter().find(|(_, field)| **field == Field::Plain(name)).map(|(at, _)| Piece::of(table, line, *at))
    };
    let named = [field::KEY, field::CODE, field::TITLE].into_iter().filter_map(of).find(|piece| !piece.text.is_empty());
    let Some(named) = named else {
        if let Some(column) = sheet.columns.keys().next() {
            reading.fault(&Piece::of(table, line, *column), "import-report-nobody", Vec::new());
        }
        return;
    };
    let mut reports: BTreeMap<i32, Said> = BTreeMap::new();
    for (column, field) in &sheet.columns {
        let Field::Done(part, year) = field else { continue };
        let piece = Piece::of(table, line, *column);
        if let Some(year) = year.or_else(|| report_year(reading, table, sheet, line, &piece)) {
            reports.entry(year).or_default().add(&Field::Done(*part, None), piece);
        }
    }
    sayings.reports.extend(reports.into_iter().map(|(year, said)| (Of::Key(named.clone()), year, said)));
}

/// The fiscal year that a row or its sheet says.
pub(super) fn report_year(
    reading: &mut Reading<'_>,
    table: &Table,
    sheet: &SheetMapping,
    line: &Line,
    piece: &Piece,
) -> Option<i32> {
    let column = sheet.columns.iter().find(|(_, field)| matches!(field, Field::Plain(field::YEAR)));
    let Some((at, _)) = column else {
        if sheet.report_year.is_none() && !piece.text.is_empty() {
            reading.fault(piece, "import-report-year", Vec::new());
        }
        return sheet.report_year;
    };
    let said = Piece::of(table, line, *at);
    let year = year_of(&said.text);
    if year.is_none() && !piece.text.is_empty() {
        reading.fault(&said, "import-not-a-year", vec![("said", short(&said.text))]);
    }
    year
}

// --- indicators ---------------------------------------------------------------------------------------------

pub(super) fn indicators(reading: &mut Reading<'_>, sayings: &Sayings) {
    let before = reading.known.document.indicators.clone();
    let mut found: Vec<Indicator> = Vec::new();
    let mut figures = reading.known.document.figures.clone();
    let mut taken: HashSet<String> = HashSet::new();
    let same = |one: &str, other: &str| !one.is_empty() && search_key(one) == search_key(other);
    for (lines, said) in &sayings.indicators {
        let name = said.text(field::TITLE).map(|name| single(&name)).unwrap_or_default();
        let keyed = said.first(field::KEY).map(|piece| (piece, half_width(&piece.text).trim().to_owned()));
        if let Some((piece, key)) = keyed.as_ref()
            && !key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        {
            reading.fault(piece, "import-indicator-key", vec![("said", short(key))]);
            continue;
        }
        let known = match &keyed {
            Some((_, key)) => before.iter().find(|one| one.key == *key),
            None => before.iter().find(|one| same(&one.name, &name) && !taken.contains(&one.key)),
        };
        let key = known.map(|one| one.key.clone()).or_else(|| keyed.as_ref().map(|(_, key)| key.clone()));
        let key = key.or_else(|| {
            let free = |key: &String| !taken.contains(key) && !before.iter().any(|one| one.key == *key);
            (1..=taken.len() + before.len() + 1).map(|n| format!("shihyo-{n}")).find(free)
        });
        let Some(key) = key else { continue };
        if !taken.insert(key.clone()) {
            let piece = said.first(field::KEY).or_else(|| said.first(field::TITLE)).cloned().unwrap_or_default();
            reading.fault(&piece, "import-key-twice", vec![("key", key)]);
            continue;
        }
        let beside = sayings.lines.above(lines);
        found.push(indicator(reading, said, (key, name), known, beside.as_deref(), &mut figures));
    }
    if reading.mapping.rest != Some(Rest::Remove) || sayings.indicators.is_empty() {
        let (mut all, mut new) = (before.clone(), Vec::new());
        for one in found {
            match all.iter_mut().find(|own| own.key == one.key) {
                Some(own) => *own = one,
                None => new.push(one),
            }
        }
        all.extend(new);
        found = all;
    }
    figures.retain(|(key, _), _| found.iter().any(|one| one.key == *key));
    reading.read.document.indicators = found;
    reading.read.document.figures = figures;
}

fn indicator(
    reading: &mut Reading<'_>,
    said: &Said,
    (key, name): (String, String),
    known: Option<&Indicator>,
    beside: Option<&str>,
    figures: &mut BTreeMap<(String, i32), f64>,
) -> Indicator {
    let mut one = known.cloned().unwrap_or_else(|| Indicator {
        id: 0,
        key: key.clone(),
        name: String::new(),
        node: beside.map(str::to_owned),
        definition: Definition {
            short: None,
            unit: String::new(),
            decimals: 0,
            group: None,
            direction: Direction::Up,
            baseline: None,
            targets: Vec::new(),
            note: String::new(),
            about: String::new(),
            counted: None,
        },
    });
    let keep = |old: &mut String, new: Option<String>| {
        if let Some(new) = new.filter(|new| *new != as_read(old)) {
            *old = new;
        }
    };
    let maybe = |old: &mut Option<String>, new: Option<String>| {
        if let Some(new) = new.filter(|new| *new != old.as_deref().map(as_read).unwrap_or_default()) {
            *old = Some(new).filter(|new| !new.is_empty());
        }
    };
    keep(&mut one.name, Some(name).filter(|name| !name.is_empty()));
    if one.name.is_empty() {
        let piece = said.first(field::KEY).cloned().unwrap_or_default();
        reading.fault(&piece, "import-no-name", Vec::new());
    }
    let definition = &mut one.definition;
    keep(&mut definition.unit, said.text(field::UNIT));
    keep(&mut definition.about, said.text(field::TEXT));
    keep(&mut definition.note, said.text(field::NOTE));
    maybe(&mut definition.short, said.text(field::SHORT));
    maybe(&mut definition.group, said.text(field::GROUP));
    if let Some(piece) = said.first(field::DIRECTION) {
        match direction(&piece.text) {
            Some(direction) => definition.direction = direction,
            None => reading.fault(piece, "import-direction-unknown", vec![("said", short(&piece.text))]),
        }
    }
    let mut decimals = 0;
    let mut values: Vec<(&Field, f64)> = Vec::new();
    for (field, pieces) in
        said.all().filter(|(field, _)| matches!(field, Field::Aim(_) | Field::Base(_) | Field::Figure(_)))
    {
        let Some(piece) = pieces.iter().find(|piece| !piece.text.is_empty()) else { continue };
        match number(&piece.text, &definition.unit) {
            Ok(Some((value, own))) => {
                decimals = decimals.max(own);
                values.push((field, value));
            }
            Ok(None) => {}
            Err(()) => reading.fault(piece, "import-not-a-number", vec![("said", short(&piece.text))]),
        }
    }
    match said.first(field::DECIMALS).map(|piece| (piece, half_width(&piece.text).trim().parse::<u8>())) {
        Some((_, Ok(said))) if said < 7 => definition.decimals = said,
        Some((piece, _)) => reading.fault(piece, "import-not-a-number", vec![("said", short(&piece.text))]),
        None => definition.decimals = definition.decimals.max(decimals.min(6)),
    }
    let said_base =
        said.all().any(|(field, _)| matches!(field, Field::Base(_))) || said.has(&Field::Plain(field::BASE));
    let base = values.iter().find_map(|(field, value)| Some(Value { year: base_year(field)?, value: *value }));
    if said_base {
        match (said.first(field::BASE), base) {
            (Some(piece), None) if !is_nothing(&piece.text) => reading.fault(piece, "import-base-year", Vec::new()),
            _ => definition.baseline = base,
        }
    }
    for year in said.all().filter_map(|(field, _)| if let Field::Aim(year) = field { Some(*year) } else { None }) {
        definition.targets.retain(|target| target.year != year);
    }
    if let Some(piece) = said.first(field::AIM).filter(|piece| !is_nothing(&piece.text))
        && !values.iter().any(|(field, _)| matches!(field, Field::Aim(_)))
        && !said.all().any(|(field, _)| matches!(field, Field::Aim(_)))
    {
        reading.fault(piece, "import-aim-year", Vec::new());
    }
    for (field, value) in values {
        match field {
            Field::Aim(year) => definition.targets.push(Value { year: *year, value }),
            Field::Figure(year) => drop(figures.insert((key.clone(), *year), value)),
            _ => {}
        }
    }
    definition.targets.sort_by_key(|target| target.year);
    if let Some(piece) = said.plain(field::PARENT).first() {
        one.node = Some(reference(reading, &piece.text)).filter(|node| !node.is_empty());
        if one.node.as_ref().is_some_and(|node| !reading.read.document.plan.nodes.iter().any(|own| own.key == *node)) {
            reading.fault(piece, "import-node-unknown", vec![("said", short(&piece.text))]);
        }
    }
    one
}

fn base_year(field: &Field) -> Option<i32> {
    if let Field::Base(year) = field { Some(*year) } else { None }
}

fn direction(text: &str) -> Option<Direction> {
    match single(text).as_str() {
        "増やす" | "増" | "増加" | "上" | "↑" | "up" | "増える" | "向上" => Some(Direction::Up),
        "減らす" | "減" | "減少" | "下" | "↓" | "down" | "減る" | "低下" => Some(Direction::Down),
        _ => None,
    }
}

/// A number with its decimals; nothing where the cell says so.
fn number(text: &str, unit: &str) -> Result<Option<(f64, u8)>, ()> {
    let text = single(text);
    if text.is_empty() || is_nothing(&text) {
        return Ok(None);
    }
    let folded = half_width(&text);
    let unit = half_width(unit);
    let bare = folded.strip_suffix(unit.trim()).filter(|_| !unit.trim().is_empty()).unwrap_or(&folded);
    let bare = bare.trim().trim_end_matches(|c: char| "%人件回団体か所箇所校地区円名社店組本".contains(c));
    let figures: String = bare
        .chars()
        .filter(|c| *c != ',' && !c.is_whitespace())
        .map(|c| if c == '▲' || c == '△' || c == '−' { '-' } else { c })
        .collect();
    let is_number =
        figures.trim_start_matches('-').chars().all(|c| c.is_ascii_digit() || c == '.') && figures.len() < 20;
    let value = figures.parse::<f64>().ok().filter(|value| is_number && value.is_finite()).ok_or(())?;
    let decimals = figures.split_once('.').map_or(0, |(_, part)| u8::try_from(part.len()).unwrap_or(6));
    Ok(Some((value, decimals)))
}

// --- reports ------------------------------------------------------------------------------------------------

pub(super) fn reports(reading: &mut Reading<'_>, sayings: &Sayings) {
    let mut reports = reading.known.document.reports.clone();
    for (of, year, said) in &sayings.reports {
        let key = match of {
            Of::Line(at) => sayings.lines.key(*at).map(str::to_owned),
            Of::Key(piece) => {
                let key = reference(reading, &piece.text);
                let known = reading.read.document.plan.nodes.iter().find(|node| node.key == key);
                let known = known.map(|node| node.key.clone());
                if known.is_none() {
                    reading.fault(piece, "import-node-unknown", vec![("said", short(&piece.text))]);
                }
                known
            }
        };
        let Some(key) = key else { continue };
        let key = reading
            .read
            .document
            .plan
            .nodes
            .iter()
            .find(|node| node.key == key)
            .map_or(key.clone(), |node| node.real_key().to_owned());
        let before = reports.get(&(key.clone(), *year)).cloned();
        let mut report = before.clone().unwrap_or_default();
        for part in PARTS {
            let pieces = said.pieces(&Field::Done(part, None));
            if pieces.is_empty() {
                continue;
            }
            let text: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
            let (text, piece) = (plain(text.join("\n").trim()), &pieces[0]);
            match part {
                Part::Mark => report.mark = if is_empty(&text) { None } else { reading.mark(&single(&text), piece) },
                Part::Grade => report.grade = if is_empty(&text) { None } else { reading.grade(piece) },
                Part::Text if text != as_read(&report.text) => report.text = text,
                Part::Next if text != as_read(&report.next_step) => report.next_step = text,
                Part::Text | Part::Next => {}
            }
        }
        if !report.is_empty() || before.is_some() {
            reports.insert((key, *year), report);
        }
    }
    let nodes: HashSet<&str> = reading.read.document.plan.nodes.iter().map(|node| node.key.as_str()).collect();
    reports.retain(|(key, _), _| nodes.contains(key.as_str()));
    reading.read.document.reports = reports;
}

fn is_empty(text: &str) -> bool {
    text.is_empty() || is_nothing(text)
}
