//! How records are related. Containment, parent, headquarters, country and nationality are fields, never relations.

use super::vocabulary;

vocabulary! {
    /// What the source of a relation is to its target: read "source KIND target".
    RelationKind {
        /// Has a common border with. Symmetric.
        Borders = "BORDERS",
        /// Is a part of, where neither containment nor parent says it.
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
        /// Held an office in.
        HeldOfficeIn = "HELD_OFFICE_IN",
        /// Is an ally of. Symmetric.
        AllyOf = "ALLY_OF",
        /// Works together with. Symmetric.
        CooperatesWith = "COOPERATES_WITH",
        /// Is an opponent of. Symmetric.
        Opposes = "OPPOSES",
        /// Acts in that place.
        ActiveIn = "ACTIVE_IN",
        /// Owns, wholly or in part.
        Owns = "OWNS",
        /// Comes after and takes the place of.
        Succeeds = "SUCCEEDS",
        /// Is of one family with. Symmetric.
        RelativeOf = "RELATIVE_OF",
        /// Is related in another way, told by the description.
        Other = "OTHER",
    }
}

impl RelationKind {
    /// Whether the kind holds both ways by its nature. A relation may say otherwise of itself.
    #[must_use]
    pub fn is_symmetric(self) -> bool {
        matches!(self, Self::Borders | Self::AllyOf | Self::CooperatesWith | Self::Opposes | Self::RelativeOf)
    }
}

vocabulary! {
    /// From which end a relation is looked at.
    RelationDirection {
        /// The record is the source.
        Outgoing = "OUTGOING",
        /// The record is the target.
        Incoming = "INCOMING",
        /// The record is either end.
        Any = "ANY",
    }
}
