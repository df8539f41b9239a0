//! Lines of the plan: found by their key, by the titles above them, by code or title; what the file says of each.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use kyodo_jptext::{half_width, search_key};

use super::Reading;
use super::node::{alias, node};
use super::said::{Piece, Said, Sayings, short, single};
use crate::import::field::{self, Field, Part};
use crate::import::mapping::{Rest, SheetMapping};
use crate::import::table::{Line, Table};
use crate::node::{Node, Tree, level_of, parent_key};

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
pub(super) struct Draft {
    pub(super) parent: Option<usize>,
    pub(super) level: usize,
    pub(super) title: String,
    pub(super) code: String,
    pub(super) key: Option<String>,
    /// Its title says that it is a 再掲.
    pub(super) is_again: bool,
    pub(super) at: Piece,
    pub(super) said: Said,
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
            .chain(reading.known.retired.iter().map(String::as_str))
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
    // A line that moved, or that the plan left behind, keeps its key, which reads as if it stood here.
    let moved = before.iter().filter(|node| node.parent.as_deref() != parent_key(&node.key)).map(|node| &node.key);
    let reserved: HashSet<String> = reading.known.retired.iter().chain(moved).cloned().collect();
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
            let siblings: Vec<&Node> = before.iter().copied().filter(|node| node.parent == above).collect();
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
                let free = |key: &String| {
                    let is_left_out = keeps && siblings.iter().any(|node| node.key == *key);
                    !(taken.contains(key) || reserved.contains(key) || is_left_out)
                };
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
                let tree = Tree::of(&nodes);
                let below = |other: &Node| {
                    let parent = node.parent.as_ref();
                    parent.is_some_and(|parent| other.key == *parent || tree.is_below(&other.key, parent))
                };
                let at = nodes.iter().rposition(below).map_or(nodes.len(), |at| at + 1);
                nodes.insert(at, node.clone());
            }
        }
    }
    let at: HashMap<&str, &Piece> = found.iter().map(|(node, piece)| (node.key.as_str(), piece)).collect();
    let real: HashSet<String> = nodes.iter().filter(|node| !node.is_alias()).map(|node| node.key.clone()).collect();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut faults = Vec::new();
    for node in &mut nodes {
        let piece = at.get(node.key.as_str()).copied().cloned().unwrap_or_default();
        if let Some(parent) = node.parent.as_ref().filter(|parent| !seen.contains_key(*parent)) {
            faults.push((
                piece.clone(),
                "import-parent-missing",
                vec![("key", node.key.clone()), ("parent", parent.to_owned())],
            ));
        }
        node.level = node.parent.as_ref().map_or(1, |parent| seen.get(parent).copied().unwrap_or_default() + 1);
        if node.level > reading.outline.levels.len() {
            let levels = reading.outline.levels.len().to_string();
            faults.push((piece.clone(), "import-too-deep", vec![("key", node.key.clone()), ("levels", levels)]));
        }
        if let Some(other) = node.alias_of.as_ref().filter(|other| !real.contains(*other)) {
            faults.push((piece, "import-alias-unknown", vec![("said", other.clone())]));
        }
        seen.insert(node.key.clone(), node.level);
    }
    for (piece, message, variables) in faults {
        reading.fault(&piece, message, variables);
    }
    nodes
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
