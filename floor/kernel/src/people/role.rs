//! The roles, as one table: what each is called, where it is held, and what follows from it.

/// What somebody may do, by the work they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// 管理者: keeps accounts, duties and the system.
    Administrator,
    /// 計画の担当課: runs the plan.
    Coordinator,
    /// 協働推進員: reports and writes for a department.
    Reporter,
    /// 所属長: approves for a department.
    Head,
    /// 委員: evaluates.
    CommitteeMember,
    /// センター職員: takes consultations, registers organisations.
    CentreStaff,
    /// 監査: reads everything, changes nothing.
    Auditor,
    /// 市民
    Resident,
}

/// Where a role is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the city as a whole.
    City,
    /// In one department.
    Department,
}

/// Role, name in the database and on the command line, message, place.
const TABLE: [(Role, &str, &str, Place); 8] = [
    (Role::Administrator, "administrator", "role-administrator", Place::City),
    (Role::Coordinator, "coordinator", "role-coordinator", Place::City),
    (Role::Reporter, "reporter", "role-reporter", Place::Department),
    (Role::Head, "head", "role-head", Place::Department),
    (Role::CommitteeMember, "committee_member", "role-committee-member", Place::City),
    (Role::CentreStaff, "centre_staff", "role-centre-staff", Place::City),
    (Role::Auditor, "auditor", "role-auditor", Place::City),
    (Role::Resident, "resident", "role-resident", Place::City),
];

impl Role {
    /// Every role, in the order people know them.
    pub const ALL: [Self; 8] = [
        Self::Administrator,
        Self::Coordinator,
        Self::Reporter,
        Self::Head,
        Self::CommitteeMember,
        Self::CentreStaff,
        Self::Auditor,
        Self::Resident,
    ];

    fn row(self) -> &'static (Self, &'static str, &'static str, Place) {
        TABLE.iter().find(|(role, ..)| *role == self).unwrap_or(&TABLE[7])
    }

    /// Its name in the database and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The message that names it.
    #[must_use]
    pub fn message(self) -> &'static str {
        self.row().2
    }

    /// Where it is held.
    #[must_use]
    pub fn place(self) -> Place {
        self.row().3
    }

    /// The role of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TABLE.iter().find(|(_, own, ..)| *own == name).map(|(role, ..)| *role)
    }

    /// Whether it reads every page of the desk and changes nothing.
    #[must_use]
    pub fn reads_everything(self) -> bool {
        self == Self::Auditor
    }

    /// Whether its holder writes for the department it is held in.
    #[must_use]
    pub fn writes_for_department(self) -> bool {
        matches!(self, Self::Reporter | Self::Head)
    }

    /// Whether its holder works for the city, so that stricter rules for signing in apply.
    #[must_use]
    pub fn is_staff(self) -> bool {
        !matches!(self, Self::CommitteeMember | Self::Resident)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_stands_once_in_the_table() {
        for (at, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(TABLE[at].0, role);
            assert_eq!(Role::named(role.name()), Some(role));
        }
        assert_eq!(Role::named("mayor"), None);
    }
}
