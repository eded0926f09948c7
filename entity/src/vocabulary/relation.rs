//! Kinds of relations. Containment, parent, headquarters, country and nationality are fields, never relations.

use super::vocabulary;

vocabulary! {
    /// The kind of a relation, read as "source KIND target".
    RelationKind {
        /// Shares a border with. Symmetric.
        Borders = "BORDERS" => ["Borders", "Est limitrophe de", "يحدّ"],
        /// Is a part of. Use `containedIn` for places and `parent` for organizations.
        PartOf = "PART_OF" => ["Is part of", "Fait partie de", "جزء من"],
        /// Is a member of.
        MemberOf = "MEMBER_OF" => ["Is a member of", "Est membre de", "عضو في"],
        /// Is the government of.
        GovernmentOf = "GOVERNMENT_OF" => ["Is the government of", "Est le gouvernement de", "حكومة"],
        /// Is the army of, or a branch of it.
        ArmyOf = "ARMY_OF" => ["Is the army of", "Est l’armée de", "جيش"],
        /// Is an agency of.
        AgencyOf = "AGENCY_OF" => ["Is an agency of", "Est une agence de", "جهاز تابع لـ"],
        /// Leads.
        Leads = "LEADS" => ["Leads", "Dirige", "يقود"],
        /// Works for.
        EmployedBy = "EMPLOYED_BY" => ["Works for", "Travaille pour", "يعمل لدى"],
        /// Held an office in (an organization or a place).
        HeldOfficeIn = "HELD_OFFICE_IN" => ["Held an office in", "A exercé une fonction dans", "تولى منصبًا في"],
        /// Is an ally of. Symmetric.
        AllyOf = "ALLY_OF" => ["Is an ally of", "Est allié à", "حليف"],
        /// Cooperates with. Symmetric.
        CooperatesWith = "COOPERATES_WITH" => ["Cooperates with", "Coopère avec", "يتعاون مع"],
        /// Opposes. Symmetric.
        Opposes = "OPPOSES" => ["Opposes", "S’oppose à", "يعارض"],
        /// Is active in (a place).
        ActiveIn = "ACTIVE_IN" => ["Is active in", "Est actif dans", "ينشط في"],
        /// Owns, wholly or in part.
        Owns = "OWNS" => ["Owns", "Possède", "يملك"],
        /// Is the successor of.
        Succeeds = "SUCCEEDS" => ["Is the successor of", "Succède à", "خلف"],
        /// Is a relative of. Symmetric.
        RelativeOf = "RELATIVE_OF" => ["Is a relative of", "Est parent de", "قريب"],
        /// Another relation, which the description explains.
        Other = "OTHER" => ["Other relation", "Autre relation", "علاقة أخرى"],
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
        Outgoing = "OUTGOING" => ["Outgoing", "Sortante", "صادرة"],
        /// The record is the target.
        Incoming = "INCOMING" => ["Incoming", "Entrante", "واردة"],
        /// The record is the source or the target.
        Any = "ANY" => ["Any", "Toutes", "كلا الاتجاهين"],
    }
}
