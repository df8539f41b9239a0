//! The list of employees with whom the year begins: which column is what, and what each row says of a person. Pure: a
//! sheet goes in, lines and faults come out, each fault at its cell.

use std::collections::{HashMap, HashSet};

use kyodo_jptext::{half_width, search_key};
use kyodo_kernel::personal::holds_my_number;
use kyodo_kernel::workbook::{self, Row, Sheet};

/// The heads stand in one of the first rows, below titles and dates.
const HEADS_WITHIN: usize = 20;
/// Names, departments and posts have no more letters.
const MOST_LETTERS: usize = 100;

/// What a column says of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// 職員番号
    Number,
    /// 氏名
    Name,
    /// ふりがな
    Kana,
    /// 所属
    Department,
    /// 役職
    Post,
    /// メールアドレス
    Email,
    /// 役割
    Role,
}

/// The heads under which columns are known, as cities write them; compared by search key, so that width, case, kana
/// and hyphens do not matter.
const HEADS: [(Column, &[&str]); 7] = [
    (Column::Number, &["職員番号", "職員コード", "職員No", "社員番号", "番号", "職員ID"]),
    (Column::Name, &["氏名", "名前", "職員氏名", "職員名", "漢字氏名"]),
    (Column::Kana, &["ふりがな", "氏名カナ", "カナ", "氏名ふりがな", "カナ氏名", "職員氏名カナ", "よみがな"]),
    (Column::Department, &["所属", "課名", "部署", "所属名", "所属課", "課", "部署名", "担当課", "所属所"]),
    (Column::Post, &["役職", "職名", "役職名", "補職", "補職名"]),
    (Column::Email, &["メール", "メールアドレス", "Eメール", "電子メール", "e-mail", "mail", "E-mailアドレス"]),
    (Column::Role, &["役割", "担当", "権限", "Kyodoの役割", "協働の役割"]),
];

/// What roles are called in lists, with the names they have in the database.
const ROLES: [(&str, &[&str]); 7] = [
    ("administrator", &["管理者", "システム管理者", "管理担当"]),
    ("coordinator", &["協働担当課", "協働推進担当課", "協働推進担当", "協働担当", "事務局"]),
    ("reporter", &["協働推進員", "推進員", "報告担当", "入力担当"]),
    ("head", &["所属長", "課長", "部署長", "承認者"]),
    ("committee_member", &["委員"]),
    ("centre_staff", &["センター職員", "センター担当", "支援センター職員"]),
    ("auditor", &["監査", "監査委員", "監査担当", "監査委員事務局"]),
];

/// What a role needs no department for: it is held in the city as a whole.
const CITY_WIDE: [&str; 5] = ["administrator", "coordinator", "committee_member", "centre_staff", "auditor"];

/// One person of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffLine {
    /// The row, as the spreadsheet counts.
    pub row: u32,
    /// The employee number, half-width, with its noughts.
    pub number: String,
    /// The name, its parts parted by one space.
    pub name: String,
    /// The reading in hiragana.
    pub kana: Option<String>,
    /// The address for mail.
    pub email: Option<String>,
    /// The key of the department.
    pub department: Option<String>,
    /// The post, as it stands there.
    pub post: Option<String>,
    /// The name of the role; none where the list does not say.
    pub role: Option<&'static str>,
}

/// What was found in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffList {
    /// The lines without fault, in order.
    pub lines: Vec<StaffLine>,
    /// Every fault, by row and column.
    pub faults: Vec<CellFault>,
}

/// A cell that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellFault {
    /// The address of the cell, `B7`.
    pub cell: String,
    /// What its column says.
    pub column: Column,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What can be wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It must not be empty.
    Missing,
    /// It has more letters than such a thing has.
    TooLong,
    /// It is no employee number: letters, figures and hyphens.
    NotANumber,
    /// It is no reading.
    NotKana,
    /// It is no address for mail.
    NotEmail,
    /// No department of the city is called so.
    UnknownDepartment(String),
    /// No role is called so.
    UnknownRole(String),
    /// The spreadsheet shows an error there (#N/A).
    Error,
    /// It says the same as another row, which it may not.
    Twice {
        /// The other row.
        row: u32,
    },
    /// The same employee number stands in another row with another name.
    Differs {
        /// The other row.
        row: u32,
    },
    /// It holds what looks like an individual number.
    MyNumber,
}

impl Problem {
    /// The message that says it; its variables are `$said` and `$row`.
    #[must_use]
    pub fn message(&self) -> &'static str {
        match self {
            Self::Missing => "staff-missing",
            Self::TooLong => "staff-too-long",
            Self::NotANumber => "staff-not-a-number",
            Self::NotKana => "staff-not-kana",
            Self::NotEmail => "staff-not-email",
            Self::UnknownDepartment(_) => "staff-unknown-department",
            Self::UnknownRole(_) => "staff-unknown-role",
            Self::Error => "staff-error",
            Self::Twice { .. } => "staff-twice",
            Self::Differs { .. } => "staff-differs",
            Self::MyNumber => "staff-my-number",
        }
    }

    /// The variables of the message.
    #[must_use]
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::UnknownDepartment(said) | Self::UnknownRole(said) => vec![("said", said.clone())],
            Self::Twice { row } | Self::Differs { row } => vec![("row", row.to_string())],
            _ => Vec::new(),
        }
    }
}

impl Column {
    /// The message that names it.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Number => "staff-number",
            Self::Name => "staff-name",
            Self::Kana => "staff-kana",
            Self::Department => "staff-department",
            Self::Post => "staff-post",
            Self::Email => "staff-email",
            Self::Role => "staff-role",
        }
    }
}

/// Why a sheet is no list of employees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListFault {
    /// No row has the heads 職員番号 and 氏名.
    NoHeads,
    /// Two columns have heads that mean the same.
    SameHeads {
        /// What they mean.
        column: Column,
        /// The second one's cell.
        cell: String,
    },
    /// Below the heads stands nothing.
    NoLines,
}

impl ListFault {
    /// The message that says it; the variable of `staff-same-heads` is `$cell`.
    #[must_use]
    pub fn message(&self) -> &'static str {
        match self {
            Self::NoHeads => "staff-no-heads",
            Self::SameHeads { .. } => "staff-same-heads",
            Self::NoLines => "staff-no-lines",
        }
    }
}

/// What the city knows, to compare a list with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'k> {
    /// Key and name of each department.
    pub departments: &'k [(String, String)],
    /// The city's own names of roles, beside those that everybody uses: name, role.
    pub roles: &'k [(String, &'static str)],
}

/// Reads a list of employees.
pub fn read(sheet: &Sheet, known: &Known<'_>) -> Result<StaffList, ListFault> {
    let (top, columns) = heads(sheet)?;
    let names = Names::of(known);
    let mut list = StaffList::default();
    let mut rows = 0;
    for row in &sheet.rows[top + 1..] {
        if columns.values().all(|column| row.text(*column).is_empty()) {
            continue;
        }
        rows += 1;
        let mut reading = Reading { row, columns: &columns, faults: &mut list.faults };
        if let Some(line) = reading.line(&names) {
            list.lines.push(line);
        }
    }
    if rows == 0 {
        return Err(ListFault::NoLines);
    }
    compare(&mut list, &columns);
    list.faults.sort_by_key(|fault| (row_of(&fault.cell), fault.column));
    Ok(list)
}

// --- heads --------------------------------------------------------------------------------------------------

type Columns = HashMap<Column, u32>;

fn heads(sheet: &Sheet) -> Result<(usize, Columns), ListFault> {
    for (at, row) in sheet.rows.iter().take(HEADS_WITHIN).enumerate() {
        let found: Vec<(Column, u32)> = row.cells().filter_map(|(at, text)| Some((head(text)?, at))).collect();
        let has = |wanted| found.iter().any(|(column, _)| *column == wanted);
        if !has(Column::Number) || !has(Column::Name) {
            continue;
        }
        let mut columns = Columns::new();
        for (column, place) in found {
            if columns.insert(column, place).is_some() {
                return Err(ListFault::SameHeads { column, cell: row.address(place) });
            }
        }
        return Ok((at, columns));
    }
    Err(ListFault::NoHeads)
}

/// What a head means: 氏名（カナ） is a reading; without its remarks, 氏名（漢字）※必須 is 氏名.
fn head(text: &str) -> Option<Column> {
    let named = |text: &str| {
        let key = search_key(text);
        HEADS.iter().find(|(_, heads)| heads.iter().any(|head| search_key(head) == key)).map(|(column, _)| *column)
    };
    let bare = text.split(['（', '(', '※', '*', '＊', '［', '[']).next().unwrap_or_default();
    named(text.split(['※', '*', '＊']).next().unwrap_or_default()).or_else(|| named(bare))
}

// --- rows ---------------------------------------------------------------------------------------------------

/// The names of departments and roles by search key.
struct Names {
    departments: Vec<(String, String)>,
    roles: HashMap<String, &'static str>,
}

impl Names {
    fn of(known: &Known<'_>) -> Self {
        let usual = ROLES.iter().flat_map(|(role, names)| names.iter().map(|name| (search_key(name), *role)));
        let own = known.roles.iter().map(|(name, role)| (search_key(name), *role));
        let departments = known.departments.iter().map(|(key, name)| (search_key(name), key.clone()));
        Self {
            departments: departments.filter(|(name, _)| !name.is_empty()).collect(),
            roles: usual.chain(own).collect(),
        }
    }

    /// The key of a department by its name, also behind the names of what it belongs to: 総務部総務課 is 総務課, unless
    /// two departments would fit.
    fn department(&self, said: &str) -> Option<&str> {
        let said = search_key(said);
        if let Some((_, key)) = self.departments.iter().find(|(name, _)| *name == said) {
            return Some(key);
        }
        let longest = self
            .departments
            .iter()
            .filter(|(name, _)| said.ends_with(name.as_str()))
            .map(|(name, _)| name.len())
            .max()?;
        let mut fitting =
            self.departments.iter().filter(|(name, _)| name.len() == longest && said.ends_with(name.as_str()));
        match (fitting.next(), fitting.next()) {
            (Some((_, key)), None) => Some(key),
            _ => None,
        }
    }

    fn role(&self, said: &str) -> Option<&'static str> {
        // 協働担当課（担当）
        let bare = said.split(['（', '(']).next().unwrap_or_default();
        [said, bare].iter().find_map(|name| self.roles.get(&search_key(name)).copied())
    }
}

/// One row on its way to become a line.
struct Reading<'r> {
    row: &'r Row,
    columns: &'r Columns,
    faults: &'r mut Vec<CellFault>,
}

impl Reading<'_> {
    fn line(&mut self, names: &Names) -> Option<StaffLine> {
        let before = self.faults.len();
        let number = self.number();
        let name = self.words(Column::Name);
        if name.is_none() {
            self.must_be(Column::Name);
        }
        let kana = self.kana();
        let email = self.email();
        let role = self.role(names);
        let department = self.department(names);
        let needs_one = role.is_none_or(|role| !CITY_WIDE.contains(&role));
        if department.is_none() && needs_one && self.columns.contains_key(&Column::Department) {
            self.must_be(Column::Department);
        }
        let post = self.words(Column::Post);
        if self.faults.len() > before {
            return None;
        }
        Some(StaffLine { row: self.row.number, number: number?, name: name?, kana, email, department, post, role })
    }

    fn number(&mut self) -> Option<String> {
        let Some(said) = self.text(Column::Number) else {
            self.must_be(Column::Number);
            return None;
        };
        let number: String = half_width(said).chars().filter(|c| !c.is_whitespace()).collect();
        let plain = number.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if number.len() > 20 || !plain {
            self.wrong(Column::Number, Problem::NotANumber);
            return None;
        }
        Some(number)
    }

    fn kana(&mut self) -> Option<String> {
        let said = self.words(Column::Kana)?;
        // The key folds half-width kana; a space parts family and given name.
        let kana: Vec<String> = said.split(' ').map(|word| search_key(word).chars().map(hiragana).collect()).collect();
        let kana = kana.join(" ");
        if !kana.chars().all(|c| matches!(c, 'ぁ'..='ゖ' | 'ー' | 'ゝ' | 'ゞ' | ' ')) || kana.trim().is_empty() {
            self.wrong(Column::Kana, Problem::NotKana);
            return None;
        }
        Some(kana)
    }

    fn email(&mut self) -> Option<String> {
        let email = half_width(self.text(Column::Email)?).trim().to_ascii_lowercase();
        let (local, domain) = email.split_once('@').unwrap_or_default();
        let plain = email.bytes().all(|b| b.is_ascii_graphic() && !b"<>()[],;:\\\"".contains(&b));
        let dotted = domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
        if local.is_empty() || !dotted || domain.contains('@') || !plain || email.len() > 254 {
            self.wrong(Column::Email, Problem::NotEmail);
            return None;
        }
        Some(email)
    }

    fn department(&mut self, names: &Names) -> Option<String> {
        let said = self.words(Column::Department)?;
        let key = names.department(&said).map(str::to_owned);
        if key.is_none() {
            self.wrong(Column::Department, Problem::UnknownDepartment(said));
        }
        key
    }

    fn role(&mut self, names: &Names) -> Option<&'static str> {
        let said = self.words(Column::Role)?;
        let role = names.role(&said);
        if role.is_none() {
            self.wrong(Column::Role, Problem::UnknownRole(said));
        }
        role
    }

    /// The text of a column with single half-width spaces; none where it is empty or cannot be used.
    fn words(&mut self, column: Column) -> Option<String> {
        let text = self.text(column)?.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() > MOST_LETTERS {
            self.wrong(column, Problem::TooLong);
            return None;
        }
        if column != Column::Number && holds_my_number(&text) {
            self.wrong(column, Problem::MyNumber);
            return None;
        }
        Some(text).filter(|text| !text.is_empty())
    }

    fn text(&mut self, column: Column) -> Option<&str> {
        let row = self.row;
        let text = row.text(*self.columns.get(&column)?);
        if text.starts_with('#') {
            self.wrong(column, Problem::Error);
            return None;
        }
        Some(text).filter(|text| !text.trim().is_empty())
    }

    /// Says that a cell is empty, unless something else was said of it.
    fn must_be(&mut self, column: Column) {
        if !self.faults.iter().rev().any(|fault| fault.column == column && fault.cell == self.cell(column)) {
            self.wrong(column, Problem::Missing);
        }
    }

    fn wrong(&mut self, column: Column, problem: Problem) {
        let cell = self.cell(column);
        self.faults.push(CellFault { cell, column, problem });
    }

    fn cell(&self, column: Column) -> String {
        self.row.address(self.columns.get(&column).copied().unwrap_or_default())
    }
}

// --- rows among each other ----------------------------------------------------------------------------------

/// Somebody may stand in two rows, with two departments or two roles, but always under one name; nobody shares an
/// address for mail.
fn compare(list: &mut StaffList, columns: &Columns) {
    let mut by_number: HashMap<String, usize> = HashMap::new();
    let mut by_email: HashMap<String, usize> = HashMap::new();
    let mut seen: HashMap<(String, Option<String>, Option<&str>), u32> = HashMap::new();
    let mut wrong: HashSet<usize> = HashSet::new();
    for (at, line) in list.lines.iter().enumerate() {
        let mut fault = |column: Column, problem: Problem| {
            let place = columns.get(&column).copied().unwrap_or_default();
            list.faults.push(CellFault { cell: workbook::address(place, line.row), column, problem });
            wrong.insert(at);
        };
        let first = &list.lines[*by_number.entry(line.number.clone()).or_insert(at)];
        if search_key(&first.name) != search_key(&line.name) {
            fault(Column::Number, Problem::Differs { row: first.row });
            continue;
        }
        let what = (line.number.clone(), line.department.clone(), line.role);
        if let Some(row) = seen.insert(what, line.row) {
            fault(Column::Number, Problem::Twice { row });
            continue;
        }
        if let Some(email) = &line.email {
            let other = &list.lines[*by_email.entry(email.clone()).or_insert(at)];
            if other.number != line.number {
                fault(Column::Email, Problem::Twice { row: other.row });
            }
        }
    }
    let mut at = 0;
    list.lines.retain(|_| {
        at += 1;
        !wrong.contains(&(at - 1))
    });
}

fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' | 'ヽ' | 'ヾ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }
}

fn row_of(cell: &str) -> u32 {
    cell.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse().unwrap_or_default()
}
