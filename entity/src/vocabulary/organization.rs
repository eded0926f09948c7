//! Kinds of organizations.

use super::vocabulary;

vocabulary! {
    /// What kind of organization it is.
    OrganizationKind {
        /// A government, a ministry, a parliament or a court.
        Government = "GOVERNMENT",
        /// The army of a state, or a branch of it.
        Military = "MILITARY",
        /// A police force.
        Police = "POLICE",
        /// An agency of a state, such as an intelligence service.
        Agency = "AGENCY",
        /// An armed group that is not under a generally recognized state.
        ArmedGroup = "ARMED_GROUP",
        /// A political party or movement.
        Party = "PARTY",
        /// A company.
        Company = "COMPANY",
        /// A newspaper, a broadcaster, a news agency or a news site.
        Media = "MEDIA",
        /// A non-governmental organization.
        Ngo = "NGO",
        /// An organization whose members are states.
        International = "INTERNATIONAL",
        /// A religious body.
        Religious = "RELIGIOUS",
        /// A club, a federation or a team.
        Sports = "SPORTS",
        /// A university, a school or a research institute.
        Academic = "ACADEMIC",
        /// An organization of another kind.
        Other = "OTHER",
    }
}

vocabulary! {
    /// How an organization belongs to a place.
    OrganizationLink {
        /// Its headquarters are there.
        Headquarters = "HEADQUARTERS",
        /// The place is its country.
        Country = "COUNTRY",
    }
}
