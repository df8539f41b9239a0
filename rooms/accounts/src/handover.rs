//! The April handover, decided without touching anything: the list of staff and what is known go in; who comes, who moves,
//! who leaves and what passes on come out.

mod identity;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use kyodo_kernel::people::{Account, AccountId, Duty, Place, Role};
use serde::{Deserialize, Serialize};

pub use identity::{Conflict, Question};

/// What a list of staff decides about a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// The list is the whole truth: who does not stand there with it does not hold it any more.
    Decided,
    /// It never ends by a list, because the city could lock itself out; somebody is asked to look.
    Watched,
    /// The list may give it, and never takes it: its holders are not staff.
    Free,
}

const RULES: [(Role, Rule); 8] = [
    (Role::Administrator, Rule::Watched),
    (Role::Coordinator, Rule::Decided),
    (Role::Reporter, Rule::Decided),
    (Role::Head, Rule::Decided),
    (Role::CommitteeMember, Rule::Free),
    (Role::CentreStaff, Rule::Free),
    (Role::Auditor, Rule::Watched),
    (Role::Resident, Rule::Free),
];

fn rule(role: Role) -> Rule {
    RULES.iter().find(|(own, _)| *own == role).map_or(Rule::Free, |(_, rule)| *rule)
}

/// One line of the list. Somebody may stand in several, under one number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The row, as the spreadsheet counts.
    pub row: u32,
    /// The staff number.
    pub number: String,
    /// The name.
    pub name: String,
    /// The reading.
    pub kana: Option<String>,
    /// The address for mail.
    pub email: Option<String>,
    /// The key of the department.
    pub department: Option<String>,
    /// The role; none where the list only says where somebody works.
    #[serde(with = "role_name")]
    pub role: Option<Role>,
}

mod role_name {
    use kyodo_kernel::people::Role;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    pub(super) fn serialize<S: Serializer>(role: &Option<Role>, to: S) -> Result<S::Ok, S::Error> {
        role.map(Role::name).serialize(to)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Option<Role>, D::Error> {
        Ok(Option::<String>::deserialize(from)?.as_deref().and_then(Role::named))
    }
}

/// Somebody the city knows, with the duties they hold on the eve or later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The account.
    pub account: Account,
    /// The duties.
    pub duties: Vec<Duty>,
}

/// Whether the person of a row is the one who was asked about.
pub type Answers = HashMap<u32, bool>;

/// A duty that begins on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// What it is.
    pub role: Role,
    /// The key of the department.
    pub department: Option<String>,
    /// The last day, where the same duty begins again later.
    pub ends_on: Option<NaiveDate>,
}

/// Somebody whose account is to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// Their first line.
    pub line: Line,
    /// Their duties.
    pub begins: Vec<Beginning>,
}

/// Somebody whose duties change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The account.
    pub account: Account,
    /// The duties that end on the eve.
    pub ends: Vec<Duty>,
    /// The duties that begin on the day.
    pub begins: Vec<Beginning>,
    /// What the list knows better of them: name, reading, address, number.
    pub learnt: Option<Line>,
}

/// A duty of the city or a department whose holder goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passing {
    /// Who holds it on the eve.
    pub from: Account,
    /// The duty.
    pub duty: Duty,
    /// Who holds it on the day, those who begin first. Nobody: it is left open.
    pub to: Vec<Follower>,
    /// Whether the first of them takes over what the holder was writing: once for each holder, and not while they go
    /// on with another duty, for whose department the texts may be.
    pub takes_texts: bool,
}

/// Somebody who holds a duty on the day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Follower {
    /// Somebody known, with their name.
    Known(AccountId, String),
    /// Somebody new: their row and name.
    New(u32, String),
}

impl Follower {
    /// Their name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Known(_, name) | Self::New(_, name) => name,
        }
    }
}

/// What the handover will do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Who comes.
    pub newcomers: Vec<Newcomer>,
    /// Who stands in the list and whose duties change.
    pub moving: Vec<Changed>,
    /// Who does not stand there any more and whose duties end. Their accounts stay.
    pub leaving: Vec<Changed>,
    /// Whose duties stay, and of whom the list knows something better.
    pub corrected: Vec<Changed>,
    /// How many of the list stay what they are.
    pub unchanged: usize,
    /// How many of the list are unknown and need no account, because they have no role.
    pub without_role: usize,
    /// What passes on.
    pub passing: Vec<Passing>,
    /// Roles that go on although the list does not say so: somebody should look.
    pub staying: Vec<(Account, Role)>,
    /// Who it is must be said before anything is done.
    pub questions: Vec<Question>,
    /// What the list must say otherwise before anything is done.
    pub conflicts: Vec<Conflict>,
}

impl Plan {
    /// Whether it can be done as it is.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.questions.is_empty() && self.conflicts.is_empty()
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.newcomers.is_empty() && self.moving.is_empty() && self.leaving.is_empty() && self.corrected.is_empty()
    }
}

/// Decides the handover on a day.
#[must_use]
pub fn plan(known: &[Known], lines: &[Line], day: NaiveDate, answers: &Answers) -> Plan {
    let found = identity::find(known, lines, answers);
    let mut plan = Plan { questions: found.questions, conflicts: found.conflicts, ..Plan::default() };
    for somebody in &found.somebody {
        let wanted = Wanted::of(&somebody.lines);
        match somebody.known {
            None if wanted.roles.is_empty() => plan.without_role += 1,
            None => plan.newcomers.push(Newcomer { line: somebody.lines[0].clone(), begins: wanted.begins(&[], day) }),
            Some(at) => {
                let changed = changed(&known[at], &wanted, day, somebody.learnt());
                plan.staying.extend(staying(&known[at], &wanted, day));
                plan.moving.push(changed);
            }
        }
    }
    // Of whom it is not known yet whether they stand in the list, nothing is said.
    let missing = known.iter().enumerate().filter(|(at, _)| !found.touched.contains(at));
    for (_, one) in missing {
        let nothing = Wanted::default();
        plan.staying.extend(staying(one, &nothing, day));
        let changed = changed(one, &nothing, day, None);
        if !changed.ends.is_empty() {
            plan.leaving.push(changed);
        }
    }
    end_with_their_mains(&mut plan);
    plan.passing = passing(known, &plan, day);
    plan
}

/// What the list says of one person.
#[derive(Default)]
struct Wanted<'l> {
    /// The roles it names, with their departments.
    roles: Vec<(Role, Option<&'l str>)>,
    /// Where it says somebody works without saying as what.
    places: Vec<Option<&'l str>>,
    /// Every department it names.
    departments: HashSet<Option<&'l str>>,
}

impl<'l> Wanted<'l> {
    fn of(lines: &[&'l Line]) -> Self {
        let mut wanted = Self::default();
        for line in lines {
            let department = line.department.as_deref();
            wanted.departments.insert(department);
            match line.role {
                None => wanted.places.push(department),
                Some(role) => {
                    let place = department.filter(|_| role.place() == Place::Department);
                    if !wanted.roles.contains(&(role, place)) {
                        wanted.roles.push((role, place));
                    }
                }
            }
        }
        wanted
    }

    fn covers(&self, duty: &Duty) -> bool {
        let own = duty.department.as_deref();
        let works_there = |place: Option<&str>| own.is_none() || place.is_none() || place == own;
        match duty.deputy_of {
            // Who stands in for somebody must still work there, as whatever.
            Some(_) => self.departments.iter().copied().any(works_there),
            None => self.roles.contains(&(duty.role, own)) || self.places.iter().copied().any(works_there),
        }
    }

    fn begins(&self, held: &[Duty], day: NaiveDate) -> Vec<Beginning> {
        let same = |duty: &&Duty, role: Role, department: Option<&str>| {
            duty.deputy_of.is_none() && duty.role == role && duty.department.as_deref() == department && is_real(duty)
        };
        let new = self.roles.iter().filter(|(role, department)| {
            !held.iter().any(|duty| same(&duty, *role, *department) && duty.is_in_force(day))
        });
        new.map(|(role, department)| {
            let later = held.iter().filter(|duty| same(duty, *role, *department) && duty.starts_on > day);
            let ends_on = later.filter_map(|duty| duty.starts_on.pred_opt()).min();
            Beginning { role: *role, department: department.map(str::to_owned), ends_on }
        })
        .collect()
    }
}

/// What was called off before it began has a last day before its first.
fn is_real(duty: &Duty) -> bool {
    duty.ends_on.is_none_or(|last| last >= duty.starts_on)
}

fn changed(one: &Known, wanted: &Wanted<'_>, day: NaiveDate, learnt: Option<Line>) -> Changed {
    let ends = one
        .duties
        .iter()
        .filter(|duty| duty.is_in_force(day) && rule(duty.role) == Rule::Decided && !wanted.covers(duty));
    Changed {
        account: one.account.clone(),
        ends: ends.cloned().collect(),
        begins: wanted.begins(&one.duties, day),
        learnt,
    }
}

fn staying(one: &Known, wanted: &Wanted<'_>, day: NaiveDate) -> Vec<(Account, Role)> {
    let watched = one.duties.iter().filter(|duty| {
        duty.is_in_force(day) && duty.deputy_of.is_none() && rule(duty.role) == Rule::Watched && !wanted.covers(duty)
    });
    watched.map(|duty| (one.account.clone(), duty.role)).collect()
}

/// Who stands in for somebody ends with them by itself and need not be told twice; whose duties do not change otherwise
/// is not among those who move.
fn end_with_their_mains(plan: &mut Plan) {
    let all = plan.moving.iter().chain(&plan.leaving);
    let ended: HashSet<i64> = all.flat_map(|one| one.ends.iter().map(|duty| duty.id)).collect();
    for one in plan.moving.iter_mut().chain(&mut plan.leaving) {
        one.ends.retain(|duty| duty.deputy_of.is_none_or(|main| !ended.contains(&main)));
    }
    let stays = |one: &mut Changed| one.ends.is_empty() && one.begins.is_empty();
    let staying: Vec<Changed> = plan.moving.extract_if(.., stays).collect();
    let listed = staying.len();
    plan.corrected = staying.into_iter().filter(|one| one.learnt.is_some()).collect();
    plan.unchanged += listed - plan.corrected.len();
    plan.leaving.retain(|one| !one.ends.is_empty());
}

/// The duties that somebody holds on the eve and not on the day, with who holds them then.
fn passing(known: &[Known], plan: &Plan, day: NaiveDate) -> Vec<Passing> {
    let Some(eve) = day.pred_opt() else {
        return Vec::new();
    };
    let ended: HashSet<i64> =
        plan.moving.iter().chain(&plan.leaving).flat_map(|one| one.ends.iter().map(|duty| duty.id)).collect();
    let goes = |duty: &Duty| ended.contains(&duty.id) || !duty.is_in_force(day);
    let key = |duty: &Duty| (duty.role, duty.department.clone());

    let mut on_the_day: HashMap<(Role, Option<String>), Vec<Follower>> = HashMap::new();
    let begin_moving = plan.moving.iter().flat_map(|one| {
        let follower = Follower::Known(one.account.id, one.account.name.clone());
        one.begins.iter().map(move |begin| (begin, follower.clone()))
    });
    let begin_new = plan.newcomers.iter().flat_map(|one| {
        let follower = Follower::New(one.line.row, one.line.name.clone());
        one.begins.iter().map(move |begin| (begin, follower.clone()))
    });
    for (begin, follower) in begin_moving.chain(begin_new) {
        on_the_day.entry((begin.role, begin.department.clone())).or_default().push(follower);
    }
    for one in known {
        for duty in one.duties.iter().filter(|duty| duty.deputy_of.is_none() && duty.is_in_force(day) && !goes(duty)) {
            let follower = Follower::Known(one.account.id, one.account.name.clone());
            on_the_day.entry(key(duty)).or_default().push(follower);
        }
    }
    let mut passing = Vec::new();
    for one in known {
        let decided =
            |duty: &&Duty| rule(duty.role) == Rule::Decided && duty.deputy_of.is_none() && duty.is_in_force(eve);
        let (going, staying): (Vec<_>, Vec<_>) = one.duties.iter().filter(decided).partition(|duty| goes(duty));
        let mut takes_texts = staying.is_empty();
        for duty in going {
            let to = on_the_day.get(&key(duty)).cloned().unwrap_or_default();
            // Who holds the same again has nothing to pass on.
            if to.iter().any(|follower| matches!(follower, Follower::Known(id, _) if *id == one.account.id)) {
                continue;
            }
            let takes = takes_texts && !to.is_empty();
            takes_texts &= !takes;
            passing.push(Passing { from: one.account.clone(), duty: duty.clone(), to, takes_texts: takes });
        }
    }
    passing
}
