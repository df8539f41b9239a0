//! Who of the list is who of the city: by number, then by address, then by name, which is only ever a question.

use std::collections::{HashMap, HashSet};

use kyodo_jptext::search_key;
use kyodo_kernel::people::{Account, email_key};

use super::{Answers, Known, Line};

/// Whether two are one, which only people can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The number or the address is known under another name.
    Renamed {
        /// The line.
        line: Line,
        /// Who has the number or the address.
        account: Account,
    },
    /// Somebody of the same name is known without a number.
    Namesake {
        /// The line.
        line: Line,
        /// Who has the name.
        account: Account,
    },
}

impl Question {
    /// The line it is about.
    #[must_use]
    pub fn line(&self) -> &Line {
        let (Self::Renamed { line, .. } | Self::Namesake { line, .. }) = self;
        line
    }

    /// Who it may be.
    #[must_use]
    pub fn account(&self) -> &Account {
        let (Self::Renamed { account, .. } | Self::Namesake { account, .. }) = self;
        account
    }
}

/// What the list must say otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The number belongs to somebody else, as was said.
    NumberTaken {
        /// The line.
        line: Line,
        /// Whose it is.
        by: String,
    },
    /// The address belongs to somebody else.
    AddressTaken {
        /// The line.
        line: Line,
        /// Whose it is.
        by: String,
    },
}

/// One person of the list.
pub(super) struct Somebody<'l> {
    /// Their lines, the first one first; never none.
    pub(super) lines: Vec<&'l Line>,
    /// Their place among the known.
    pub(super) known: Option<usize>,
    account: Option<Account>,
}

/// What was found out.
#[derive(Default)]
pub(super) struct Found<'l> {
    pub(super) somebody: Vec<Somebody<'l>>,
    /// The places of those who stand in the list, or perhaps do.
    pub(super) touched: HashSet<usize>,
    pub(super) questions: Vec<Question>,
    pub(super) conflicts: Vec<Conflict>,
}

/// Who might be meant, and whether that is certain.
enum Match {
    Nobody,
    Sure(usize),
    Renamed(usize),
    Namesake(usize),
    /// The address is that of this one, who has another number.
    Taken(usize),
}

pub(super) fn find<'l>(known: &[Known], lines: &'l [Line], answers: &Answers) -> Found<'l> {
    let index = Index::of(known);
    let mut found = Found::default();
    for group in by_number(lines) {
        let first = group[0];
        let (question, at): (fn(Line, Account) -> Question, usize) = match index.matching(known, &group, &found.touched)
        {
            Match::Nobody => {
                found.add(group, None, known);
                continue;
            }
            Match::Sure(at) => {
                found.add(group, Some(at), known);
                continue;
            }
            Match::Taken(at) => {
                let by = known[at].account.name.clone();
                found.conflicts.push(Conflict::AddressTaken { line: first.clone(), by });
                continue;
            }
            Match::Renamed(at) => (|line, account| Question::Renamed { line, account }, at),
            Match::Namesake(at) => (|line, account| Question::Namesake { line, account }, at),
        };
        let question = question(first.clone(), known[at].account.clone());
        match (answers.get(&first.row), &question) {
            (Some(true), _) => found.add(group, Some(at), known),
            (Some(false), Question::Namesake { .. }) => found.add(group, None, known),
            (Some(false), Question::Renamed { .. }) => {
                found.touched.insert(at);
                found.conflicts.push(taken(first, &known[at].account));
            }
            (None, _) => {
                found.touched.insert(at);
                found.questions.push(question);
            }
        }
    }
    found
}

fn taken(line: &Line, account: &Account) -> Conflict {
    let (line, by) = (line.clone(), account.name.clone());
    if account.staff_number.as_ref() == Some(&line.number) {
        Conflict::NumberTaken { line, by }
    } else {
        Conflict::AddressTaken { line, by }
    }
}

fn by_number(lines: &[Line]) -> Vec<Vec<&Line>> {
    let mut groups: Vec<Vec<&Line>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for line in lines {
        let at = *places.entry(&line.number).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(line),
            None => groups.push(vec![line]),
        }
    }
    groups
}

struct Index {
    numbers: HashMap<String, usize>,
    addresses: HashMap<String, usize>,
    names: HashMap<String, Vec<usize>>,
}

impl Index {
    fn of(known: &[Known]) -> Self {
        let mut index = Self { numbers: HashMap::new(), addresses: HashMap::new(), names: HashMap::new() };
        for (at, Known { account, duties }) in known.iter().enumerate() {
            if let Some(email) = &account.email {
                index.addresses.insert(email.clone(), at);
            }
            match &account.staff_number {
                Some(number) => {
                    index.numbers.insert(number.clone(), at);
                }
                // A resident of the same name is nobody's colleague.
                None if duties.iter().any(|duty| duty.role.is_staff()) => {
                    index.names.entry(search_key(&account.name)).or_default().push(at);
                }
                None => {}
            }
        }
        index
    }

    fn matching(&self, known: &[Known], group: &[&Line], touched: &HashSet<usize>) -> Match {
        let first = group[0];
        let same_name = |at: usize| search_key(&known[at].account.name) == search_key(&first.name);
        let sure = |at: usize| if same_name(at) { Match::Sure(at) } else { Match::Renamed(at) };
        let by_address = group.iter().find_map(|line| self.addresses.get(&email_key(line.email.as_ref()?)).copied());
        if let Some(at) = self.numbers.get(&first.number).copied() {
            // Only who has no address yet takes the one of the list.
            return match by_address {
                Some(other) if other != at && known[at].account.email.is_none() => Match::Taken(other),
                _ => sure(at),
            };
        }
        if let Some(at) = by_address {
            let is_free = known[at].account.staff_number.is_none() && !touched.contains(&at);
            return if is_free { sure(at) } else { Match::Taken(at) };
        }
        let same_kana = |at: &usize| match &first.kana {
            Some(kana) if !known[*at].account.kana.is_empty() => {
                search_key(kana) == search_key(&known[*at].account.kana)
            }
            _ => true,
        };
        let namesakes = self.names.get(&search_key(&first.name)).into_iter().flatten().copied();
        let mut free = namesakes.filter(|at| same_kana(at) && !touched.contains(at));
        free.next().map_or(Match::Nobody, Match::Namesake)
    }
}

impl<'l> Found<'l> {
    fn add(&mut self, lines: Vec<&'l Line>, known_at: Option<usize>, known: &[Known]) {
        self.touched.extend(known_at);
        self.somebody.push(Somebody { lines, account: known_at.map(|at| known[at].account.clone()), known: known_at });
    }
}

impl Somebody<'_> {
    /// What the list knows better than the city; the rest of the line is as the city has it. An address that somebody
    /// has stays theirs to change.
    pub(super) fn learnt(&self) -> Option<Line> {
        let (account, first) = (self.account.as_ref()?, *self.lines.first()?);
        let known = |of: fn(&Line) -> Option<&String>| self.lines.iter().find_map(|line| of(line)).cloned();
        let is_renamed = search_key(&account.name) != search_key(&first.name);
        let name = if is_renamed { first.name.clone() } else { account.name.clone() };
        let old_kana = Some(account.kana.clone()).filter(|kana| !kana.is_empty());
        let kana = match known(|line| line.kana.as_ref()) {
            Some(kana) if is_renamed || old_kana.is_none() => Some(kana),
            _ => old_kana.clone(),
        };
        let email = account.email.clone().or_else(|| known(|line| line.email.as_ref()).map(|email| email_key(&email)));
        let is_new = name != account.name
            || kana != old_kana
            || email != account.email
            || account.staff_number.as_ref() != Some(&first.number);
        is_new.then(|| Line { name, kana, email, ..first.clone() })
    }
}
