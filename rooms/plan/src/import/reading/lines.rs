//! Lines of the plan: found by their key, by the titles above them, by code or title; what the file says of each.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use kyodo_jptext::{half_width, search_key};
use kyodo_kernel::FiscalYear;

use super::said::{Piece, Said, Sayings, as_read, parts, short, single};
use super::{PAINT, Reading};
use crate::import::field::{self, Field, Part};
use crate::import::mapping::{Rest, SheetMapping};
use crate::import::table::{Line, Table};
use crate::import::words::{is_arrow, is_nothing, is_sign};
use crate::node::{Details, Node, Role, Tag, level_of, parent_key};
use crate::schedule::{ARROW, RowFault, Schedule};

/// The lines of a file under way.
#[derive(Debug, Default)]
pub(super) struct Lines {
    drafts: Vec<Draft>,
    /// Drafts by what names them: the line above and the title.
    by_title: HashMap<(Option<usize>, String), usize>,
    by_key: HashMap<String, usize>,
    /// The drafts of the last row, from the top level.
    path: Vec<usize>,
    sheet: String,
}

/// A line that is being read.
#[derive(Debug, Default)]
struct Draft {
    parent: Option<usize>,
    level: usize,
    title: String,
    code: String,
    key: Option<String>,
    /// Its title says that it is a 再掲.
    is_again: bool,
    at: Piece,
    said: Said,
}

// --- gathering ----------------------------------------------------------------------------------------------

pub(super) fn gather(
    reading: &mut Reading<'_>,
    table: &Table,
    sheet: &SheetMapping,
    line: &Line,
    sayings: &mut Sayings,
) {
    if sayings.first_sheet.is_empty() {
        sayings.first_sheet.clone_from(&table.name);
    }
    if sayings.lines.sheet != table.name {
        sayings.lines.sheet.clone_from(&table.name);
        sayings.lines.path.clear();
    }
    let Some(at) = place(reading, table, sheet, line, &mut sayings.lines) else { return };
    let mut indicator = Said::default();
    let mut reports: BTreeMap<i32, Said> = BTreeMap::new();
    for (column, field) in &sheet.columns {
        let piece = Piece::of(table, line, *column);
        match field {
            Field::Ignored | Field::Level(_) | Field::Plain(field::KIND) => {}
            Field::Plain(field::INDICATOR) => indicator.add(&Field::Plain(field::TITLE), piece),
            Field::Plain(
                field::UNIT
                | field::BASE
                | field::BASE_YEAR
                | field::AIM
                | field::DIRECTION
                | field::DECIMALS
                | field::GROUP
                | field::SHORT
                | field::NOTE,
            )
            | Field::Aim(_)
            | Field::Figure(_)
            | Field::Base(_) => indicator.add(field, piece),
            Field::Done(part, year) => {
                if let Some(year) = year.or_else(|| super::figures::report_year(reading, table, sheet, line, &piece)) {
                    reports.entry(year).or_default().add(&Field::Done(*part, None), piece);
                }
            }
            _ => sayings.lines.drafts[at].said.add(field, piece),
        }
    }
    if let Some(title) = indicator.first(field::TITLE).cloned() {
        super::figures::fill_years(sheet, &mut indicator);
        let is_same = |said: &Said| {
            said.first(field::TITLE).is_some_and(|own| own.cell == title.cell && own.sheet == title.sheet)
        };
        match sayings.indicators.last_mut().filter(|(_, said)| is_same(said)) {
            // A cell merged over several lines is one indicator of what is above them all.
            Some((lines, _)) => lines.push(at),
            None => sayings.indicators.push((vec![at], indicator)),
        }
    }
    for (year, said) in reports {
        sayings.reports.push((super::figures::Of::Line(at), year, said));
    }
}

/// The line that a row is about.
fn place(
    reading: &mut Reading<'_>,
    table: &Table,
    sheet: &SheetMapping,
    line: &Line,
    lines: &mut Lines,
) -> Option<usize> {
    let column = |wanted: &Field| sheet.columns.iter().find(|(_, field)| *field == wanted).map(|(at, _)| *at);
    let plain = |name: &'static str| column(&Field::Plain(name)).map(|at| Piece::of(table, line, at));
    if let Some(key) = plain(field::KEY).filter(|key| !key.text.is_empty()) {
        return by_key(reading, &key, lines);
    }
    let levels: Vec<(u8, u32)> = sheet
        .columns
        .iter()
        .filter_map(|(at, field)| if let Field::Level(level) = field { Some((*level, *at)) } else { None })
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let code = plain(field::CODE).filter(|code| !code.from_left).map(|code| single(&code.text)).unwrap_or_default();
    if levels.is_empty() {
        let title = plain(field::TITLE)?;
        if title.text.is_empty() {
            // A further row of the line above.
            return lines.path.last().copied();
        }
        return by_title(reading, &title, &code, plain(field::PARENT).as_ref(), lines);
    }
    let cells: Vec<Piece> = levels.iter().map(|(_, at)| Piece::of(table, line, *at)).collect();
    // A banner over all levels names the first only.
    let said = |piece: &Piece| !piece.text.is_empty() && !piece.from_left;
    let Some(deepest) = cells.iter().rposition(said) else { return lines.path.last().copied() };
    let mut path: Vec<usize> = Vec::new();
    let mut is_new = false;
    for (level, piece) in cells.iter().enumerate().take(deepest + 1) {
        let parent = path.last().copied();
        if !said(piece) {
            // What stands once above a run of rows holds for all of them.
            let Some(above) = lines.path.get(level).filter(|_| !is_new) else {
                let variables = vec![("level", reading.outline.level_name(level + 1).to_owned())];
                let piece = Piece { cell: line.address(levels[level].1), ..piece.clone() };
                reading.fault(&piece, "import-level-empty", variables);
                return None;
            };
            path.push(*above);
            continue;
        }
        let own = if level == deepest { code.as_str() } else { "" };
        let at = titled(lines, parent, piece, own, level + 1);
        is_new = is_new || lines.path.get(level) != Some(&at);
        path.push(at);
    }
    lines.path = path;
    lines.path.last().copied()
}

/// The draft of a title below a line, made where it is named first.
fn titled(lines: &mut Lines, parent: Option<usize>, piece: &Piece, code: &str, level: usize) -> usize {
    let (printed, title, is_again) = split(&piece.text);
    let code = if code.is_empty() { printed } else { code.to_owned() };
    let name = (parent, format!("{}\u{1}{}", search_key(&title), search_key(&code)));
    if let Some(at) = lines.by_title.get(&name) {
        return *at;
    }
    let at = lines.drafts.len();
    lines.drafts.push(Draft { parent, level, title, code, is_again, at: piece.clone(), ..Draft::default() });
    lines.by_title.insert(name, at);
    at
}

fn by_key(reading: &mut Reading<'_>, piece: &Piece, lines: &mut Lines) -> Option<usize> {
    let key: String = half_width(&piece.text).split_whitespace().collect();
    let key = key.trim_start_matches('\'').replace(['－', '‐', '−', 'ー', '–'], "-");
    let is_day = key.len() == 10 && (key.starts_with("20") || key.starts_with("19")) && key.split('-').count() == 3;
    if is_day || !key.split('-').all(|part| part.parse::<u32>().is_ok_and(|n| n > 0 && part.len() < 7)) {
        // Excel makes days of what looks like one.
        let day = is_day || key.contains('月') || key.contains('/');
        let message = if day { "import-key-day" } else { "import-key-bad" };
        reading.fault(piece, message, vec![("said", short(&piece.text))]);
        return None;
    }
    if let Some(at) = lines.by_key.get(&key).copied() {
        lines.path = vec![at];
        return Some(at);
    }
    let at = lines.drafts.len();
    let level = level_of(&key);
    lines.by_key.insert(key.clone(), at);
    lines.drafts.push(Draft { level, key: Some(key), at: piece.clone(), ..Draft::default() });
    lines.path = vec![at];
    Some(at)
}

/// A row that has only a title: a line that the plan has already, by its code or title, or one that its code places.
fn by_title(
    reading: &mut Reading<'_>,
    piece: &Piece,
    code: &str,
    parent: Option<&Piece>,
    lines: &mut Lines,
) -> Option<usize> {
    let (printed, title, _) = split(&piece.text);
    let code = if code.is_empty() { printed } else { code.to_owned() };
    let nodes = reading.known.document.plan.nodes.iter().filter(|node| !node.is_alias());
    let same = |one: &str, other: &str| !one.is_empty() && search_key(one) == search_key(other);
    let (mut by_code, mut by_name) = (Vec::new(), Vec::new());
    for node in nodes {
        if same(&node.code, &code) {
            by_code.push(node);
        }
        if same(&node.title, &title) {
            by_name.push(node);
        }
    }
    let both = by_code.iter().find(|node| by_name.iter().any(|other| other.key == node.key)).copied();
    let known =
        both.or_else(|| (by_name.len() == 1).then(|| by_name[0])).or_else(|| (by_code.len() == 1).then(|| by_code[0]));
    let key = known
        .map(|node| node.key.clone())
        .or_else(|| numbers(&code).filter(|key| level_of(key) == reading.outline.levels.len()));
    let key = key.or_else(|| {
        // Below a line that is named, or in a plan of one level only.
        let depth = reading.outline.levels.len();
        let above = parent.filter(|above| !above.text.is_empty()).map(|above| above.text.clone());
        let above = above.and_then(|text| {
            reading
                .known
                .document
                .plan
                .nodes
                .iter()
                .find(|node| same(&node.key, &text) || same(&node.title, &text) || same(&node.code, &text))
        });
        let prefix = match above {
            Some(node) => format!("{}-", node.key),
            None if depth <= 1 => String::new(),
            None => return None,
        };
        let taken: HashSet<&str> = reading
            .known
            .document
            .plan
            .nodes
            .iter()
            .map(|node| node.key.as_str())
            .chain(lines.by_key.keys().map(String::as_str))
            .collect();
        (1..=taken.len() + 1).map(|n| format!("{prefix}{n}")).find(|key| !taken.contains(key.as_str()))
    });
    let Some(key) = key else {
        reading.fault(piece, "import-no-place", vec![("title", short(&title))]);
        return None;
    };
    let at = by_key(reading, &Piece { text: key, ..piece.clone() }, lines)?;
    let draft = &mut lines.drafts[at];
    if draft.title.is_empty() {
        (draft.title, draft.code) = (title, code);
    }
    Some(at)
}

/// A title with the code that stands before it, and whether it says 再掲.
pub(super) fn split(text: &str) -> (String, String, bool) {
    let text = single(text);
    let again = ["【再掲】", "（再掲）", "(再掲)", "［再掲］", "[再掲]", "〔再掲〕", "《再掲》", "＜再掲＞"];
    let is_again = again.iter().any(|word| text.contains(word));
    let bare = again.iter().fold(text, |text, word| text.replace(word, "")).trim().to_owned();
    let letters: Vec<char> = bare.chars().collect();
    let circled = |c: char| matches!(c, '①'..='⑳' | '㉑'..='㉟' | '㊱'..='㊿' | '❶'..='❿');
    let figure = |c: char| matches!(c, '0'..='9' | '０'..='９' | 'Ⅰ'..='Ⅻ' | 'ⅰ'..='ⅻ' | '-' | '－' | '.' | '．' | '‐');
    let mut end = 0;
    loop {
        let rest = &letters[end..];
        let next = match rest.first() {
            Some(c) if circled(*c) => 1,
            Some('（' | '(') => {
                let close = rest.iter().take(8).position(|c| matches!(c, '）' | ')'));
                match close
                    .filter(|close| *close > 1 && rest[1..*close].iter().all(|c| figure(*c) || c.is_ascii_alphabetic()))
                {
                    Some(close) => close + 1,
                    None => break,
                }
            }
            Some(c) if figure(*c) && !matches!(c, '-' | '－' | '.' | '．' | '‐') => {
                let run = rest.iter().take_while(|c| figure(**c)).count();
                // 1%交付金 is a title; 1 交付金 has a code.
                match rest.get(run) {
                    Some(c) if c.is_whitespace() || matches!(c, '：' | ':' | '、' | '（' | '(') => run,
                    _ if rest[run - 1] == '.' || rest[run - 1] == '．' => run,
                    _ => break,
                }
            }
            _ => break,
        };
        end += next;
        while letters.get(end).is_some_and(|c| c.is_whitespace() || matches!(c, '：' | ':' | '、')) {
            end += 1;
        }
    }
    let rest: String = letters[end..].iter().collect();
    if end == 0 || rest.trim().is_empty() {
        return (String::new(), bare, is_again);
    }
    let code: String = letters[..end].iter().collect();
    let code = code.trim_end_matches([' ', '　', '：', ':', '、', '.', '．']).trim().to_owned();
    (code, rest.trim().to_owned(), is_again)
}

/// The numbers of a code as a key: Ⅰ-(1)-① is 1-1-1.
fn numbers(code: &str) -> Option<String> {
    let mut numbers: Vec<u32> = Vec::new();
    let mut run = String::new();
    let folded = half_width(code);
    for c in folded.chars().chain(std::iter::once(' ')) {
        if c.is_ascii_digit() && run.len() < 5 {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            numbers.push(run.parse().ok()?);
            run.clear();
        }
        let from = |first: char| u32::from(c) - u32::from(first) + 1;
        match c {
            '①'..='⑳' => numbers.push(from('①')),
            'Ⅰ'..='Ⅻ' => numbers.push(from('Ⅰ')),
            'ⅰ'..='ⅻ' => numbers.push(from('ⅰ')),
            '-' | '(' | ')' | ' ' | '.' | '‐' | '－' => {}
            _ => return None,
        }
    }
    let fits = !numbers.is_empty() && numbers.iter().all(|n| *n > 0);
    fits.then(|| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join("-"))
}

// --- keys ---------------------------------------------------------------------------------------------------

/// The lines of the plan as it would be, in order.
pub(super) fn nodes(reading: &mut Reading<'_>, sayings: &mut Sayings) -> Vec<Node> {
    let lines = &mut sayings.lines;
    name(reading, lines);
    let before: HashMap<&str, &Node> =
        reading.known.document.plan.nodes.iter().map(|node| (node.key.as_str(), node)).collect();
    let targets: HashMap<String, String> = lines
        .drafts
        .iter()
        .filter(|draft| !draft.is_again)
        .filter_map(|draft| Some((search_key(&draft.title), draft.key.clone()?)))
        .collect();
    let mut found: Vec<(Node, Piece)> = Vec::new();
    for draft in &lines.drafts {
        let Some(key) = draft.key.clone() else { continue };
        let known = before.get(key.as_str()).copied();
        let mut node = node(reading, draft, &key, known);
        if draft.is_again && node.alias_of.is_none() {
            match targets.get(&search_key(&draft.title)) {
                Some(real) => node = alias(&node, real.clone()),
                None => reading.fault(&draft.at, "import-alias-unknown", vec![("said", short(&draft.title))]),
            }
        }
        found.push((node, draft.at.clone()));
    }
    let nodes = ordered(reading, &found);
    (1_i64..).zip(nodes).map(|(position, node)| Node { position, ..node }).collect()
}

/// Whether a line of the plan is the one that the file means.
type Likeness = fn(&Node, &Draft, &dyn Fn(&str, &str) -> bool) -> bool;

/// Gives every line its key: the one it has in the plan, by title and then by code, else its place among its siblings, or
/// the printed number where the lowest level is numbered through.
fn name(reading: &mut Reading<'_>, lines: &mut Lines) {
    let depth = lines.drafts.iter().map(|draft| draft.level).max().unwrap_or_default();
    let through = numbered_through(lines, depth);
    let before: Vec<&Node> = reading.known.document.plan.nodes.iter().collect();
    let keeps = reading.mapping.rest != Some(Rest::Remove);
    let mut taken: HashSet<String> = lines.drafts.iter().filter_map(|draft| draft.key.clone()).collect();
    for level in 1..=depth {
        let mut families: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        for (at, draft) in
            lines.drafts.iter().enumerate().filter(|(_, draft)| draft.level == level && draft.key.is_none())
        {
            families.entry(draft.parent).or_default().push(at);
        }
        for (parent, children) in families {
            let above = parent.and_then(|at| lines.drafts[at].key.clone());
            if parent.is_some() && above.is_none() {
                continue;
            }
            let siblings: Vec<&Node> =
                before.iter().copied().filter(|node| parent_key(&node.key).map(str::to_owned) == above).collect();
            let same = |one: &str, other: &str| !one.is_empty() && search_key(one) == search_key(other);
            let likenesses: [Likeness; 2] = [
                |node, draft, same| {
                    same(&node.title, &draft.title)
                        && (draft.code.is_empty() || node.code.is_empty() || same(&node.code, &draft.code))
                },
                |node, draft, same| same(&node.code, &draft.code) || same(&node.title, &draft.title),
            ];
            for is_like in likenesses {
                for at in &children {
                    let draft = &lines.drafts[*at];
                    if draft.key.is_some() {
                        continue;
                    }
                    let found = siblings.iter().find(|node| !taken.contains(&node.key) && is_like(node, draft, &same));
                    if let Some(node) = found {
                        taken.insert(node.key.clone());
                        lines.drafts[*at].key = Some(node.key.clone());
                    }
                }
            }
            let prefix = above.map(|key| format!("{key}-")).unwrap_or_default();
            for (ordinal, at) in (1_u32..).zip(&children) {
                if lines.drafts[*at].key.is_some() {
                    continue;
                }
                let printed = through.get(at).copied().unwrap_or(ordinal);
                // In a part of a plan a new line must not take the place of one that the part leaves out.
                let free =
                    |key: &String| !(taken.contains(key) || keeps && siblings.iter().any(|node| node.key == *key));
                let candidates = std::iter::once(printed).chain(1..);
                let key = candidates.map(|n| format!("{prefix}{n}")).find(free).unwrap_or_default();
                taken.insert(key.clone());
                lines.drafts[*at].key = Some(key);
            }
        }
    }
}

/// The printed numbers of the lowest level, where they run through the whole plan (事業1–18, 取組事項1–33).
fn numbered_through(lines: &Lines, depth: usize) -> HashMap<usize, u32> {
    let lowest = lines.drafts.iter().enumerate().filter(|(_, draft)| draft.level == depth);
    let number = |code: &str| {
        let figures: String = half_width(code).chars().filter(char::is_ascii_digit).collect();
        figures.parse::<u32>().ok().filter(|n| {
            *n > 0 && figures.len() < 5 && code.chars().filter(|c| matches!(c, '-' | '－' | '(' | '（')).count() == 0
        })
    };
    // A 再掲 may have the number of its line, or none.
    let numbers = lowest.map(|(at, draft)| (at, number(&draft.code), draft.is_again));
    let numbers: Vec<(usize, Option<u32>)> = numbers
        .filter(|(_, number, is_again)| !is_again || number.is_some())
        .map(|(at, number, _)| (at, number))
        .collect();
    let run: Vec<u32> = numbers.iter().filter_map(|(_, number)| *number).collect();
    let families: HashSet<Option<usize>> = numbers.iter().map(|(at, _)| lines.drafts[*at].parent).collect();
    if run.len() < numbers.len() || families.len() < 2 || !run.is_sorted_by(|one, next| one < next) {
        return HashMap::new();
    }
    numbers.into_iter().filter_map(|(at, number)| Some((at, number?))).collect()
}

/// The lines in order, parents before children; what the file does not name goes or stays as was said.
fn ordered(reading: &mut Reading<'_>, found: &[(Node, Piece)]) -> Vec<Node> {
    let before = &reading.known.document.plan.nodes;
    let mut nodes: Vec<Node> = Vec::new();
    if reading.mapping.rest == Some(Rest::Remove) {
        nodes = found.iter().map(|(node, _)| node.clone()).collect();
    } else {
        let mut changed: HashMap<String, Node> =
            found.iter().map(|(node, _)| (node.key.clone(), node.clone())).collect();
        nodes.extend(before.iter().map(|node| changed.remove(&node.key).unwrap_or_else(|| node.clone())));
        for (node, _) in found {
            if changed.remove(&node.key).is_some() {
                let below = |other: &Node| {
                    node.parent
                        .as_ref()
                        .is_some_and(|parent| other.key == *parent || other.key.starts_with(&format!("{parent}-")))
                };
                let at = nodes.iter().rposition(below).map_or(nodes.len(), |at| at + 1);
                nodes.insert(at, node.clone());
            }
        }
    }
    let at: HashMap<&str, &Piece> = found.iter().map(|(node, piece)| (node.key.as_str(), piece)).collect();
    let real: HashSet<String> = nodes.iter().filter(|node| !node.is_alias()).map(|node| node.key.clone()).collect();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut faults = Vec::new();
    for node in &nodes {
        let piece = at.get(node.key.as_str()).copied().cloned().unwrap_or_default();
        if let Some(parent) = parent_key(&node.key).filter(|parent| !seen.contains(parent)) {
            faults.push((
                piece.clone(),
                "import-parent-missing",
                vec![("key", node.key.clone()), ("parent", parent.to_owned())],
            ));
        }
        if node.level > reading.outline.levels.len() {
            let levels = reading.outline.levels.len().to_string();
            faults.push((piece.clone(), "import-too-deep", vec![("key", node.key.clone()), ("levels", levels)]));
        }
        if let Some(other) = node.alias_of.as_ref().filter(|other| !real.contains(*other)) {
            faults.push((piece, "import-alias-unknown", vec![("said", other.clone())]));
        }
        seen.insert(&node.key);
    }
    for (piece, message, variables) in faults {
        reading.fault(&piece, message, variables);
    }
    nodes
}

// --- what is said of a line ---------------------------------------------------------------------------------

fn alias(node: &Node, real: String) -> Node {
    Node {
        alias_of: Some(real),
        title: String::new(),
        details: Details::default(),
        departments: Vec::new(),
        schedule: Schedule::default(),
        ..node.clone()
    }
}

fn node(reading: &mut Reading<'_>, draft: &Draft, key: &str, known: Option<&Node>) -> Node {
    let mut node = known.cloned().unwrap_or_default();
    (node.key, node.parent, node.level) = (key.to_owned(), parent_key(key).map(str::to_owned), level_of(key));
    let said = &draft.said;
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

impl Lines {
    /// The key of the line above all these lines, or of the one line.
    pub(super) fn above(&self, lines: &[usize]) -> Option<String> {
        let keys: Vec<&str> = lines.iter().filter_map(|at| self.key(*at)).collect();
        let mut key = *keys.first()?;
        while !keys.iter().all(|own| *own == key || own.starts_with(&format!("{key}-"))) {
            key = parent_key(key)?;
        }
        Some(key.to_owned())
    }

    /// The key that a line was given.
    pub(super) fn key(&self, at: usize) -> Option<&str> {
        self.drafts.get(at)?.key.as_deref()
    }
}

/// The parts of a report that a sheet may have.
pub(super) const PARTS: [Part; 4] = Part::ALL;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_before_a_title_is_told_apart() {
        for (text, code, title) in [
            ("１　地域づくり", "１", "地域づくり"),
            ("(1) 話し合い", "(1)", "話し合い"),
            ("①折り方の会", "①", "折り方の会"),
            ("Ⅰ-(1) 支える", "Ⅰ-(1)", "支える"),
            ("1%地域づくり活動交付金", "", "1%地域づくり活動交付金"),
            ("3世代交流", "", "3世代交流"),
            ("（仮称）市民センター", "", "（仮称）市民センター"),
            ("1-2 広報", "1-2", "広報"),
            ("2024", "", "2024"),
        ] {
            assert_eq!(split(text), (code.to_owned(), title.to_owned(), false), "{text}");
        }
        assert_eq!(split("③市民の声【再掲】"), ("③".to_owned(), "市民の声".to_owned(), true));
    }

    #[test]
    fn a_code_of_numbers_is_a_key() {
        assert_eq!(numbers("Ⅰ-(1)-①").as_deref(), Some("1-1-1"));
        assert_eq!(numbers("１－２").as_deref(), Some("1-2"));
        assert_eq!(numbers("事業4"), None);
    }
}
