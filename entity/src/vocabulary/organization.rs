//! Kinds of organizations.

use super::vocabulary;

vocabulary! {
    /// What kind of organization it is.
    OrganizationKind {
        /// A government, a ministry, a parliament or a court.
        Government = "GOVERNMENT" => ["Government", "Gouvernement", "حكومة"],
        /// The army of a state, or a branch of it.
        Military = "MILITARY" => ["Military", "Armée", "جيش"],
        /// A police force.
        Police = "POLICE" => ["Police", "Police", "شرطة"],
        /// An agency of a state, such as an intelligence service.
        Agency = "AGENCY" => ["Agency", "Agence", "جهاز حكومي"],
        /// An armed group that is not under a generally recognized state.
        ArmedGroup = "ARMED_GROUP" => ["Armed group", "Groupe armé", "جماعة مسلحة"],
        /// A political party or movement.
        Party = "PARTY" => ["Party", "Parti", "حزب"],
        /// A company.
        Company = "COMPANY" => ["Company", "Entreprise", "شركة"],
        /// A newspaper, a broadcaster, a news agency or a news site.
        Media = "MEDIA" => ["Media", "Média", "وسيلة إعلام"],
        /// A non-governmental organization.
        Ngo = "NGO" => ["Non-governmental organization", "Organisation non gouvernementale", "منظمة غير حكومية"],
        /// An organization whose members are states.
        International = "INTERNATIONAL" => ["International organization", "Organisation internationale", "منظمة دولية"],
        /// A religious body.
        Religious = "RELIGIOUS" => ["Religious body", "Institution religieuse", "هيئة دينية"],
        /// A club, a federation or a team.
        Sports = "SPORTS" => ["Sports", "Sport", "هيئة رياضية"],
        /// A university, a school or a research institute.
        Academic = "ACADEMIC" => ["Academic", "Établissement universitaire", "مؤسسة أكاديمية"],
        /// An organization of another kind.
        Other = "OTHER" => ["Other", "Autre", "أخرى"],
    }
}

vocabulary! {
    /// How an organization belongs to a place.
    OrganizationLink {
        /// Its headquarters are there.
        Headquarters = "HEADQUARTERS" => ["Headquarters", "Siège", "مقر"],
        /// The place is its country.
        Country = "COUNTRY" => ["Country", "Pays", "بلد"],
    }
}
