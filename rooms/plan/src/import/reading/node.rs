//! What a file says of one line: its texts, departments, targets, roles and its row of the grid.

use std::collections::BTreeMap;

use kyodo_jptext::{half_width, search_key};
use kyodo_kernel::FiscalYear;

use super::lines::Draft;
use super::said::{Piece, Said, as_read, parts, short, single};
use super::{PAINT, Reading};
use crate::import::field::{self, Field};
use crate::import::words::{is_arrow, is_nothing, is_sign};
use crate::node::{Details, Earlier, Node, Role, Tag, level_of, parent_key};
use crate::schedule::{ARROW, RowFault, Schedule};

pub(super) fn alias(node: &Node, real: String) -> Node {
    Node {
        alias_of: Some(real),
        title: String::new(),
        details: Details::default(),
        departments: Vec::new(),
        schedule: Schedule::default(),
        ..node.clone()
    }
}

/// Whether it is written as keys are.
fn is_key(text: &str) -> bool {
    text.split('-').all(|part| part.parse::<u32>().is_ok_and(|n| n > 0))
}

pub(super) fn node(reading: &mut Reading<'_>, draft: &Draft, key: &str, known: Option<&Node>) -> Node {
    let mut node = known.cloned().unwrap_or_default();
    let said = &draft.said;
    key.clone_into(&mut node.key);
    if known.is_none() {
        (node.parent, node.level) = (parent_key(key).map(str::to_owned), level_of(key));
    }
    if let Some(parent) = said.first(field::PARENT).map(|piece| half_width(&piece.text)).filter(|text| is_key(text)) {
        node.parent = Some(parent);
    }
    if reading.known.retired.contains(key) {
        reading.fault(&draft.at, "import-key-retired", vec![("key", key.to_owned())]);
    }
    // A text that reads the same is the same.
    let keep = |old: &mut String, new: Option<String>| {
        if let Some(new) = new.filter(|new| *new != as_read(old)) {
            *old = new;
        }
    };
    let code =
        said.text(field::CODE).map(|code| single(&code)).filter(|code| !code.is_empty() || draft.code.is_empty());
    keep(&mut node.code, code.or_else(|| Some(draft.code.clone()).filter(|code| !code.is_empty())));
    if let Some(real) = said.first(field::ALIAS) {
        let real = reference(reading, &real.text);
        return alias(&node, real);
    }
    if said.has(&Field::Plain(field::ALIAS)) {
        node.alias_of = None;
    }
    let title = said.text(field::TITLE).map(|title| single(&title)).filter(|_| draft.title.is_empty());
    keep(&mut node.title, title.or_else(|| Some(draft.title.clone()).filter(|title| !title.is_empty())));
    if node.title.is_empty() && !node.is_alias() && !draft.is_again {
        reading.fault(&draft.at, "import-no-title", Vec::new());
    }
    let details = &mut node.details;
    keep(&mut details.heading, said.text(field::HEADING));
    keep(&mut details.purpose, said.text(field::PURPOSE));
    keep(&mut details.situation, said.text(field::SITUATION));
    keep(&mut details.text, said.text(field::TEXT));
    keep(&mut details.completion, said.text(field::COMPLETION));
    for (list, name) in [
        (&mut details.implementers, field::IMPLEMENTERS),
        (&mut details.related, field::RELATED),
        (&mut details.tools, field::TOOLS),
    ] {
        if let Some(text) = said.text(name).filter(|text| *text != as_read(&list.join("、"))) {
            *list = parts(&text, &['\n', '、', '，']);
        }
    }
    earlier(reading, said, &mut node);
    tag(reading, said, &mut node);
    targets(reading, said, &mut node);
    roles(reading, said, &mut node);
    if said.has(&Field::Plain(field::DEPARTMENTS)) {
        let mut keys: Vec<String> = Vec::new();
        for piece in said.plain(field::DEPARTMENTS) {
            let new = reading.departments(piece);
            keys.extend(new.into_iter().filter(|key| !keys.contains(key)).collect::<Vec<_>>());
        }
        // Who was put in charge at the desk stays where the file names nobody.
        if !(keys.is_empty() && node.assigned) {
            node.assigned = node.assigned && keys == node.departments;
            node.departments = keys;
        }
    }
    schedule(reading, said, &mut node);
    node
}

/// The key of a line that a cell refers to.
pub(super) fn reference(reading: &Reading<'_>, text: &str) -> String {
    let folded: String = half_width(text).split_whitespace().collect();
    let same = |other: &str| !other.is_empty() && search_key(other) == search_key(text);
    let nodes = &reading.known.document.plan.nodes;
    let found = nodes
        .iter()
        .find(|node| node.key == folded)
        .or_else(|| nodes.iter().find(|node| same(&node.title) || same(&node.code)));
    found.map_or(folded, |node| node.key.clone())
}

/// What the line was in an earlier plan, one a line.
fn earlier(reading: &mut Reading<'_>, said: &Said, node: &mut Node) {
    if !said.has(&Field::Plain(field::EARLIER)) {
        return;
    }
    let mut all = Vec::new();
    if let Some(piece) = said.first(field::EARLIER) {
        for line in piece.text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match Earlier::read(line) {
                Some(one) => all.push(one),
                None => reading.fault(piece, "import-earlier-bad", vec![("said", short(line))]),
            }
        }
    }
    node.details.earlier = all;
}

fn tag(reading: &mut Reading<'_>, said: &Said, node: &mut Node) {
    if !said.has(&Field::Plain(field::TAG)) {
        return;
    }
    let Some(piece) = said.first(field::TAG) else {
        node.details.tag = None;
        return;
    };
    let word: String = single(&piece.text).chars().filter(|c| !"【】（）()［］[]〔〕".contains(*c)).collect();
    let tags = [(Tag::New, ["新規", "新"]), (Tag::Continued, ["継続", "継"]), (Tag::Expanded, ["拡充", "拡"])];
    match tags.iter().find(|(_, words)| words.contains(&word.as_str())) {
        Some((tag, _)) => node.details.tag = Some(*tag),
        None if is_nothing(&word) => node.details.tag = None,
        None => reading.fault(piece, "import-tag-unknown", vec![("said", short(&piece.text))]),
    }
}

fn targets(reading: &mut Reading<'_>, said: &Said, node: &mut Node) {
    const OTHER: &str = "その他";
    let before = (node.details.targets.clone(), node.details.other_target.clone());
    let (mut found, mut other, mut speaks) = (Vec::new(), None, false);
    for piece in said.plain(field::TARGETS) {
        speaks = true;
        for part in parts(&piece.text, &['\n', '、', '，', ',', '・']) {
            let name = part.split_once('（').filter(|(name, _)| *name == OTHER);
            if let Some((_, text)) = name {
                other = Some(text.trim_end_matches('）').to_owned());
            }
            found.extend(reading.target(name.map_or(part.as_str(), |(name, _)| name), piece));
        }
    }
    speaks = speaks || said.has(&Field::Plain(field::TARGETS));
    for (field, pieces) in said.all() {
        let Field::Target(name) = field else { continue };
        speaks = true;
        for piece in pieces.iter().filter(|piece| !piece.text.is_empty()) {
            let text = single(&piece.text);
            let (sign, about) =
                text.split_once(['（', '(']).map_or((text.as_str(), None), |(sign, about)| (sign.trim(), Some(about)));
            if is_sign(sign) || (sign.is_empty() && about.is_some()) {
                found.push(name.clone());
                other = about
                    .map(|about| about.trim_end_matches(['）', ')']).to_owned())
                    .filter(|_| name == OTHER)
                    .or(other);
            } else if !is_nothing(sign) {
                reading.fault(piece, "import-sign-unknown", vec![("said", short(&text)), ("head", name.clone())]);
            }
        }
    }
    if !speaks {
        return;
    }
    let mut targets: Vec<String> = Vec::new();
    for target in &reading.outline.targets {
        // Columns that the file has not stay as they are.
        let unsaid = !said.has(&Field::Target(target.clone())) && !said.has(&Field::Plain(field::TARGETS));
        if found.contains(target) || (unsaid && before.0.contains(target)) {
            targets.push(target.clone());
        }
    }
    let mut sorted = before.0.clone();
    sorted.sort_by_key(|target| reading.outline.targets.iter().position(|own| own == target));
    node.details.targets = if sorted == targets { before.0 } else { targets };
    if let Some(text) = said.text(field::OTHER_TARGET).map(|text| single(&text)) {
        other = Some(text).filter(|text| !text.is_empty()).or(other);
    } else if other.is_none() {
        other.clone_from(&before.1);
    }
    let is_other = node.details.targets.iter().any(|target| target == OTHER);
    if other.as_deref().map(as_read) != before.1.as_deref().map(as_read) {
        node.details.other_target = other.filter(|_| is_other);
    }
}

fn roles(reading: &mut Reading<'_>, said: &Said, node: &mut Node) {
    for (field, pieces) in said.all() {
        let Field::Role(party) = field else { continue };
        let mut role = None;
        for piece in pieces.iter().filter(|piece| !piece.text.is_empty()) {
            match single(&piece.text).as_str() {
                "◎" | "主" | "主体" => role = Some(Role::Lead),
                "○" | "〇" | "◯" | "O" | "支援" | "協力" => role = role.or(Some(Role::Support)),
                other if is_nothing(other) => {}
                other => {
                    reading.fault(piece, "import-role-unknown", vec![("said", short(other)), ("head", party.clone())]);
                }
            }
        }
        match role {
            Some(role) => drop(node.details.roles.insert(party.clone(), role)),
            None => drop(node.details.roles.remove(party)),
        }
    }
}

fn schedule(reading: &mut Reading<'_>, said: &Said, node: &mut Node) {
    let cells: Vec<(i32, Vec<Piece>)> = said
        .all()
        .filter_map(|(field, pieces)| if let Field::Mark(year) = field { Some((*year, pieces.to_vec())) } else { None })
        .collect();
    if cells.is_empty() {
        return;
    }
    let before: BTreeMap<i32, String> =
        node.schedule.printed().map(|(year, mark)| (i32::from(year), mark.to_owned())).collect();
    let mut printed = before.clone();
    for (year, pieces) in &cells {
        printed.remove(year);
        let told: Vec<&Piece> = pieces.iter().filter(|piece| !piece.text.is_empty() || piece.is_painted).collect();
        let Some(piece) = told.iter().find(|piece| !piece.text.is_empty()).or_else(|| told.first()).copied() else {
            continue;
        };
        if let Some(other) = told.iter().find(|other| !other.text.is_empty() && other.text != piece.text) {
            reading.fault(other, "import-two-marks", vec![("year", year.to_string())]);
        }
        if let Some(mark) = cell(reading, piece, printed.get(&(year - 1)).map(String::as_str)) {
            printed.insert(*year, mark);
        }
    }
    if printed == before {
        return;
    }
    // Years that the plan's grid does not have are of a file that is the whole plan's no more.
    let years: Vec<FiscalYear> = reading.outline.grid.map(|grid| grid.years().collect()).unwrap_or_default();
    let row: Vec<String> =
        years.iter().map(|year| printed.get(&i32::from(*year)).cloned().unwrap_or_default()).collect();
    match Schedule::read(&years, &row, &reading.outline.marks) {
        Ok(schedule) => node.schedule = schedule,
        Err(faults) => {
            for fault in faults {
                let (RowFault::ArrowWithoutMark(year) | RowFault::UnknownMark(year, _)) = fault else { continue };
                let piece = cells
                    .iter()
                    .find(|(own, _)| *own == i32::from(year))
                    .and_then(|(_, pieces)| pieces.first().cloned());
                // While a word is asked about, what follows it hangs in the air.
                if reading.asked.is_empty() {
                    reading.fault(&piece.unwrap_or_default(), "import-arrow-alone", vec![("year", year.to_string())]);
                }
            }
        }
    }
}

/// What a cell of the grid means after the one before it.
fn cell(reading: &mut Reading<'_>, piece: &Piece, before: Option<&str>) -> Option<String> {
    let text = single(&piece.text);
    if piece.from_left && before.is_some() {
        return Some(ARROW.to_owned());
    }
    if text.is_empty() || (is_arrow(&text) && !reading.outline.marks.iter().any(|mark| mark.name == text)) {
        if before.is_some() {
            return if text.is_empty()
                && reading.mapping.words.get(&format!("mark:{PAINT}")).is_some_and(|word| word == super::LEAVE)
            {
                None
            } else {
                Some(ARROW.to_owned())
            };
        }
        return reading.mark(if text.is_empty() { PAINT } else { ARROW }, piece);
    }
    if is_nothing(&text) {
        return None;
    }
    // 実施→ begins what goes on.
    let bare = text.trim_end_matches(['→', '⇒', '➡', '>', '＞', ' ', '　']).to_owned();
    reading.mark(if bare.is_empty() { &text } else { &bare }, piece)
}
