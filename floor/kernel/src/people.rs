//! People and what they may do: accounts, the duties they hold from day to day, and being signed in.
//!
//! Every room points at people, so the kernel keeps them; what proves who somebody is (password, passkey, provider)
//! is the accounts room's.

mod role;
mod session;
pub(crate) mod store;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

pub use role::{Place, Role};
pub use session::{
    Lasts, Method, NewSession, Session, Sight, begin, complete, end, end_all, prove, saw, session_of, sessions,
    sweep as sweep_sessions,
};
pub use store::{
    Account, AccountFilter, Holder, Listed, Standing, account, account_named, close, count, duties, end_duty,
    everybody, give, holders, list, move_to, names, open, put, roles, stand_ins,
};

/// The number of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(pub i64);

impl AccountId {
    /// As audit entries and drafts name it: `account:12`.
    #[must_use]
    pub fn subject(self) -> String {
        format!("account:{}", self.0)
    }
}

/// A role that somebody holds: where, from which day, to which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Its number.
    pub id: i64,
    /// What it is.
    pub role: Role,
    /// The key of the department it is held in, where the role belongs to one.
    pub department: Option<String>,
    /// The organisation it is held in, where the role belongs to one.
    pub organisation: Option<i64>,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day; none while nobody knows it.
    pub ends_on: Option<NaiveDate>,
    /// The duty whose holder this one stands in for.
    pub deputy_of: Option<i64>,
}

impl Duty {
    /// Whether it is held on a day.
    #[must_use]
    pub fn is_in_force(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|last| day <= last)
    }
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their account.
    pub id: AccountId,
    /// Their name.
    pub name: String,
    /// The duties they hold today.
    pub duties: Vec<Duty>,
    /// The session this request belongs to.
    pub session: i64,
    /// When who they are was last proved.
    pub proved_at: DateTime<Utc>,
    /// Whether the city asks for one more proof before the session opens a desk.
    pub is_half: bool,
}

impl Person {
    /// Whether they hold this role today, wherever.
    #[must_use]
    pub fn holds(&self, role: Role) -> bool {
        self.duties.iter().any(|duty| duty.role == role)
    }

    /// Whether they hold one of these roles today.
    #[must_use]
    pub fn holds_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.holds(*role))
    }

    /// Whether they work for the city, for its centre or in one of its bodies, as opposed to living there.
    #[must_use]
    pub fn has_desk(&self) -> bool {
        self.duties.iter().any(|duty| duty.role != Role::Resident)
    }

    /// The departments they write for.
    pub fn departments(&self) -> impl Iterator<Item = &str> {
        self.duties
            .iter()
            .filter(|duty| duty.role.writes_for_department())
            .filter_map(|duty| duty.department.as_deref())
    }

    /// Whether they may write for a department: as one of its own, or because they keep all departments together.
    #[must_use]
    pub fn writes_for(&self, department: &str) -> bool {
        self.holds(Role::Coordinator) || self.departments().any(|own| own == department)
    }
}

/// Who makes a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Actor {
    /// Somebody we do not know and need not know.
    #[default]
    Visitor,
    /// Somebody who is signed in.
    Person(Arc<Person>),
}

impl Actor {
    /// Who it is, if we know.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Visitor => None,
            Self::Person(person) => Some(person),
        }
    }

    /// As audit entries name them: `account:12`, `visitor`.
    #[must_use]
    pub fn subject(&self) -> String {
        self.person().map_or_else(|| "visitor".to_owned(), |person| person.id.subject())
    }
}

/// An account about to be opened.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    /// Surname and given name, as the person writes them.
    pub name: String,
    /// The name in kana.
    pub kana: String,
    /// The address for mail.
    pub email: Option<String>,
    /// The number in the list of staff.
    pub staff_number: Option<String>,
    /// Made up, for the demo.
    pub example: bool,
}

/// A duty about to be given.
#[derive(Clone, Debug)]
pub struct NewDuty {
    /// What it is.
    pub role: Role,
    /// The key of the department, where the role belongs to one.
    pub department: Option<String>,
    /// The organisation, where the role belongs to one.
    pub organisation: Option<i64>,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
    /// The duty whose holder is stood in for.
    pub deputy_of: Option<i64>,
    /// Why, or until what.
    pub note: String,
    /// Who gives it.
    pub given_by: Option<AccountId>,
}

impl NewDuty {
    /// A duty without an end, given by nobody in particular.
    #[must_use]
    pub fn new(role: Role, starts_on: NaiveDate) -> Self {
        Self {
            role,
            department: None,
            organisation: None,
            starts_on,
            ends_on: None,
            deputy_of: None,
            note: String::new(),
            given_by: None,
        }
    }

    /// Held in this department.
    #[must_use]
    pub fn of(mut self, department: impl Into<String>) -> Self {
        self.department = Some(department.into());
        self
    }
}

/// An address as accounts keep it: without spaces around it, in lower case, half-width.
#[must_use]
pub fn email_key(address: &str) -> String {
    kyodo_jptext::half_width(address.trim()).to_lowercase()
}
