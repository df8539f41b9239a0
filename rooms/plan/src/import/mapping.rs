//! Which column says what: guessed from the heads, said by people, remembered by the heads.

use std::collections::BTreeMap;

use kyodo_kernel::workbook::Sheet;
use serde::{Deserialize, Serialize};

use super::Known;
use super::field::{self, DONE, Field, PLAIN, Part};
use super::table::{Column, Table, meaning_of, table};
use super::words::{Meaning, may_be_line};
use super::years::{is_bare, year_in, year_of};

/// Which column of which sheet says what, and how what is unknown is understood.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mapping {
    /// The sheets, as the file has them.
    pub sheets: Vec<SheetMapping>,
    /// What happens to what the file does not name; none while nobody has said.
    pub rest: Option<Rest>,
    /// What words mean that the plan does not know: `mark:○` is 実施. `+` takes a word as it is, `-` leaves it out.
    pub words: BTreeMap<String, String>,
}

/// What happens to lines and indicators that the file does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rest {
    /// They stay: the file is a part.
    Keep,
    /// They go: the file is the whole plan.
    Remove,
}

/// The columns of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SheetMapping {
    /// What its rows are.
    pub kind: Kind,
    /// The rows of its heads.
    pub head: (u32, u32),
    /// What each column says.
    pub columns: BTreeMap<u32, Field>,
    /// The fiscal year of reports where no column says it.
    pub report_year: Option<i32>,
    /// The fiscal year of targets where no column says it.
    pub aim_year: Option<i32>,
    /// The fiscal year of baselines where no column says it.
    pub base_year: Option<i32>,
}

/// What the rows of a sheet are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Nothing that is read.
    #[default]
    Ignored,
    /// Lines of the plan.
    Plan,
    /// Indicators.
    Indicators,
    /// Reports.
    Reports,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Plan, Self::Indicators, Self::Reports, Self::Ignored];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ignored => "ignored",
            Self::Plan => "plan",
            Self::Indicators => "indicators",
            Self::Reports => "reports",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// As a row of the documented shape says it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ignored => "",
            Self::Plan => "計画",
            Self::Indicators => "指標",
            Self::Reports => "進捗",
        }
    }

    /// The kind of a row that says so itself.
    #[must_use]
    pub fn worded(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word.trim() && *kind != Self::Ignored)
    }
}

impl Mapping {
    /// The tables of the file's sheets under this mapping.
    #[must_use]
    pub fn tables(&self, sheets: &[Sheet]) -> Vec<Table> {
        let heads = self.sheets.iter().map(|sheet| Some(sheet.head)).chain(std::iter::repeat(None));
        seen(sheets).zip(heads).map(|(sheet, head)| table(sheet, head)).collect()
    }
}

/// The sheets that people see.
pub(super) fn seen(sheets: &[Sheet]) -> impl Iterator<Item = &Sheet> {
    sheets.iter().filter(|sheet| !sheet.is_hidden)
}

/// The mapping that the heads suggest.
#[must_use]
pub fn guess(sheets: &[Sheet], known: &Known) -> Mapping {
    let tables: Vec<Table> = seen(sheets).map(|sheet| table(sheet, None)).collect();
    let whole = !tables.is_empty() && tables.iter().all(is_documented);
    let sheets = tables.iter().map(|table| of_table(table, known)).collect();
    Mapping { sheets, rest: whole.then_some(Rest::Remove), words: BTreeMap::new() }
}

/// The mapping of one sheet that its heads suggest.
pub(crate) fn of_table(table: &Table, known: &Known) -> SheetMapping {
    let mapping = if is_documented(table) {
        let of = |column: &Column| Some((column.at, documented(column.heads.last()?)?));
        SheetMapping { columns: table.columns.iter().filter_map(of).collect(), ..SheetMapping::default() }
    } else {
        guessed(table, known)
    };
    let kind = kind_of(&mapping.columns);
    SheetMapping { kind, head: table.head, ..mapping }
}

/// Whether every head of a table is one of the documented shape.
#[must_use]
pub fn is_documented(table: &Table) -> bool {
    let heads = |column: &Column| column.heads.len() == 1 && documented(&column.heads[0]).is_some();
    table.columns.len() > 1
        && table.columns.iter().all(heads)
        && table.columns.iter().any(|column| column.heads.first().is_some_and(|head| head == "キー"))
}

/// What a head of the documented shape means.
pub(super) fn documented(head: &str) -> Option<Field> {
    if let Some((name, _)) = PLAIN.iter().find(|(_, own)| *own == head) {
        return Some(Field::Plain(name));
    }
    if let Some((part, _)) = DONE.iter().find(|(_, own)| *own == head) {
        return Some(Field::Done(*part, None));
    }
    if head.ends_with("年度") && head.chars().count() < 9 && !head.contains('：') {
        return year_of(head).map(Field::Mark);
    }
    let (name, about) = head.split_once('：')?;
    match name {
        "対象" if !about.is_empty() => Some(Field::Target(about.to_owned())),
        "役割" if !about.is_empty() => Some(Field::Role(about.to_owned())),
        "目標" => year_of(about).map(Field::Aim),
        "実績" => year_of(about).map(Field::Figure),
        _ => None,
    }
}

fn kind_of(columns: &BTreeMap<u32, Field>) -> Kind {
    let has = |name: &str| columns.values().any(|field| matches!(field, Field::Plain(own) if *own == name));
    let any = |is: fn(&Field) -> bool| columns.values().any(is);
    let lines = any(|field| matches!(field, Field::Level(_)));
    let marks = any(|field| matches!(field, Field::Mark(_)));
    let reports = any(|field| matches!(field, Field::Done(..)));
    let figures = any(|field| matches!(field, Field::Aim(_) | Field::Figure(_) | Field::Base(_)))
        || [field::UNIT, field::BASE, field::AIM, field::DIRECTION].into_iter().any(has);
    let items = lines || has(field::TITLE) || has(field::KEY);
    if has(field::KIND) {
        Kind::Plan
    } else if figures && !marks && !has(field::DEPARTMENTS) && (has(field::INDICATOR) || !lines) {
        Kind::Indicators
    } else if has(field::KEY) && reports && !lines && !marks && !has(field::TITLE) {
        Kind::Reports
    } else if items {
        Kind::Plan
    } else {
        Kind::Ignored
    }
}

// --- guessing -----------------------------------------------------------------------------------------------

/// What the heads of a city's own table suggest. Columns that nothing is known of are left out until somebody says.
fn guessed(table: &Table, known: &Known) -> SheetMapping {
    let outline = &known.document.plan.outline;
    let levels = lines(table, &outline.levels);
    let mut mapping = SheetMapping::default();
    let mut before = None;
    for column in &table.columns {
        let (year, rest) = column_year(column, before, outline.years());
        before = year.or(before);
        let field = match (levels.iter().position(|at| *at == column.at), year) {
            (Some(level), _) => Field::Level(u8::try_from(level + 1).unwrap_or(1)),
            (None, Some(year)) => of_year(column, &rest, year),
            (None, None) => plain(column, &outline.parties, &outline.targets),
        };
        let taken = matches!(&field, Field::Plain(name) if *name != field::DEPARTMENTS && *name != field::NOTE)
            && mapping.columns.values().any(|own| *own == field);
        if field != Field::Ignored && !taken {
            mapping.columns.insert(column.at, field);
        }
    }
    let is = |columns: &BTreeMap<u32, Field>, name: &str| {
        columns.values().any(|field| matches!(field, Field::Plain(own) if *own == name))
    };
    if let [only] = levels[..] {
        // One title beside a key, or below levels that the table does not show.
        if is(&mapping.columns, field::KEY) || outline.levels.len() > 1 {
            mapping.columns.insert(only, Field::Plain(field::TITLE));
        }
    }
    if kind_of(&mapping.columns) == Kind::Indicators {
        of_indicators(&mut mapping.columns, levels.last().copied());
    } else {
        mapping.columns.retain(|_, field| !matches!(field, Field::Plain(field::NOTE)));
    }
    mapping
}

/// In a table of indicators 実績 is a figure, the indicator is the title, and a line is where it hangs.
fn of_indicators(columns: &mut BTreeMap<u32, Field>, line: Option<u32>) {
    let has_title = columns.values().any(|field| *field == Field::Plain(field::INDICATOR));
    for (at, field) in columns.iter_mut() {
        match field {
            Field::Done(Part::Text | Part::Mark, Some(year)) | Field::Mark(year) => *field = Field::Figure(*year),
            Field::Plain(field::INDICATOR) => *field = Field::Plain(field::TITLE),
            Field::Plain(field::TITLE) if has_title => *field = Field::Plain(field::PARENT),
            Field::Level(_) if Some(*at) == line => *field = Field::Plain(field::PARENT),
            Field::Level(_) => *field = Field::Ignored,
            _ => {}
        }
    }
    columns.retain(|_, field| *field != Field::Ignored);
}

/// The columns that name lines, from the top level.
fn lines(table: &Table, levels: &[String]) -> Vec<u32> {
    let year = |column: &Column| column.heads.iter().any(|head| year_in(head, None).0.is_some());
    let lowest = |column: &Column| column.heads.last().cloned().unwrap_or_default();
    let own: Vec<&Column> = table.columns.iter().filter(|column| !year(column)).collect();
    let mut found: Vec<u32> =
        own.iter().filter(|column| may_be_line(&lowest(column), levels)).map(|column| column.at).collect();
    if found.len() > 1 {
        // 目標 after measures is what they aim at; a level stands before what is below it.
        let after = |at: &u32| {
            own.iter().any(|column| {
                column.at < *at
                    && matches!(meaning_of(column, ""), Some(Meaning::Plain(field::DEPARTMENTS | field::TEXT)))
                    && !found.contains(&column.at)
            })
        };
        let early: Vec<u32> = found.iter().copied().filter(|at| !after(at)).collect();
        found = if early.is_empty() { found } else { early };
    }
    if let [only] = found[..] {
        // 方向性 with 取組内容 beside it: short, several to each, and nothing else that could be what is done.
        let is = |column: &Column, names: &[&str]| matches!(meaning_of(column, ""), Some(Meaning::Plain(name)) if names.contains(&name));
        let mut texts = own.iter().filter(|column| column.at > only && is(column, &[field::TEXT]));
        if let (Some(text), None) = (texts.next(), texts.next())
            && !own.iter().any(|column| is(column, &[field::TITLE, field::KEY]))
            && is_below(table, only, text.at)
        {
            found.push(text.at);
        }
    }
    found.truncate(6);
    found
}

/// Whether the cells of a column read like the titles of what stands below another column's.
fn is_below(table: &Table, above: u32, column: u32) -> bool {
    let told = |at: u32| -> std::collections::BTreeSet<&str> {
        table.lines.iter().map(|line| line.text(at)).filter(|text| !text.is_empty()).collect()
    };
    let (few, many) = (told(above), told(column));
    few.len() < many.len() && many.iter().all(|text| text.chars().count() <= 40)
}

/// The fiscal year of a column, and what its heads say besides.
fn column_year(column: &Column, before: Option<i32>, years: Option<crate::plan::Period>) -> (Option<i32>, String) {
    for (at, head) in column.heads.iter().enumerate().rev() {
        if let (Some(year), rest) = year_in(head, before) {
            let others =
                column.heads.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, head)| head.as_str());
            let besides: Vec<&str> = others.chain((!rest.is_empty()).then_some(rest.as_str())).collect();
            return (Some(year), besides.join("/"));
        }
        // A year without its era that is one of the plan's own; whoever looks at the mapping sees which.
        let figures: String = kyodo_jptext::half_width(head).chars().filter(char::is_ascii_digit).collect();
        if is_bare(head)
            && let Some(year) = years.and_then(|years| {
                years.years().find(|year| year.wareki().is_some_and(|named| named.year.to_string() == figures))
            })
        {
            return (Some(i32::from(year)), String::new());
        }
    }
    (None, String::new())
}

fn of_year(column: &Column, rest: &str, year: i32) -> Field {
    match meaning_of(column, rest) {
        Some(Meaning::Done(part)) => Field::Done(part, Some(year)),
        Some(Meaning::Aim) => Field::Aim(year),
        Some(Meaning::Base) => Field::Base(year),
        Some(Meaning::Figure) => Field::Figure(year),
        Some(Meaning::Plan | Meaning::Plain(field::YEAR)) => Field::Mark(year),
        None if rest.is_empty() => Field::Mark(year),
        _ => Field::Ignored,
    }
}

fn plain(column: &Column, parties: &[String], targets: &[String]) -> Field {
    let last = column.heads.last().cloned().unwrap_or_default();
    let above = column.heads.len().checked_sub(2).and_then(|at| column.heads.get(at));
    let above = above.and_then(|head| super::words::meaning(head));
    if parties.contains(&last) {
        return Field::Role(last);
    }
    if targets.contains(&last) {
        return Field::Target(last);
    }
    match (above, super::words::meaning(&last)) {
        (Some(Meaning::Plain(field::TARGETS)), _) => Field::Target(last),
        (Some(Meaning::Plain(field::IMPLEMENTERS)), None) => Field::Role(last),
        (_, Some(Meaning::Plain(name))) => Field::Plain(name),
        (_, Some(Meaning::Done(part))) => Field::Done(part, None),
        (_, Some(Meaning::Aim)) => Field::Plain(field::AIM),
        (_, Some(Meaning::Base)) => Field::Plain(field::BASE),
        _ => Field::Ignored,
    }
}
