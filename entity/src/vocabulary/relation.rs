//! Kinds of relations. Containment, parent, headquarters, country and nationality are fields, never relations.

use super::vocabulary;

vocabulary! {
    /// The kind of a relation, read as "source KIND target".
    RelationKind {
        /// Shares a border with. Symmetric.
        Borders = "BORDERS",
        /// Is a part of. Use `containedIn` for places and `parent` for organizations.
        PartOf = "PART_OF",
        /// Is a member of.
        MemberOf = "MEMBER_OF",
        /// Is the government of.
        GovernmentOf = "GOVERNMENT_OF",
        /// Is the army of, or a branch of it.
        ArmyOf = "ARMY_OF",
        /// Is an agency of.
        AgencyOf = "AGENCY_OF",
        /// Leads.
        Leads = "LEADS",
        /// Works for.
        EmployedBy = "EMPLOYED_BY",
        /// Held an office in (an organization or a place).
        HeldOfficeIn = "HELD_OFFICE_IN",
        /// Is an ally of. Symmetric.
        AllyOf = "ALLY_OF",
        /// Cooperates with. Symmetric.
        CooperatesWith = "COOPERATES_WITH",
        /// Opposes. Symmetric.
        Opposes = "OPPOSES",
        /// Is active in (a place).
        ActiveIn = "ACTIVE_IN",
        /// Owns, wholly or in part.
        Owns = "OWNS",
        /// Is the successor of.
        Succeeds = "SUCCEEDS",
        /// Is a relative of. Symmetric.
        RelativeOf = "RELATIVE_OF",
        /// Another relation, which the description explains.
        Other = "OTHER",
    }
}

impl RelationKind {
    /// Whether relations of this kind are symmetric by default. A relation may say otherwise.
    #[must_use]
    pub fn is_symmetric(self) -> bool {
        matches!(self, Self::Borders | Self::AllyOf | Self::CooperatesWith | Self::Opposes | Self::RelativeOf)
    }
}

vocabulary! {
    /// The direction of a relation, seen from the record whose relations are listed.
    RelationDirection {
        /// The record is the source.
        Outgoing = "OUTGOING",
        /// The record is the target.
        Incoming = "INCOMING",
        /// The record is the source or the target.
        Any = "ANY",
    }
}
