//! Kinds of places.

use super::vocabulary;

vocabulary! {
    /// What kind of place it is.
    PlaceKind {
        /// A continent, or the whole Earth.
        Continent = "CONTINENT",
        /// A region that is not an administrative unit, such as Northern Africa or the Sahel.
        Region = "REGION",
        /// A country or a territory with an ISO 3166-1 code.
        Country = "COUNTRY",
        /// An administrative unit of a country, such as a province or a governorate.
        AdministrativeArea = "ADMINISTRATIVE_AREA",
        /// A city, a town or a village.
        City = "CITY",
        /// A border, a crossing or the land along it.
        Border = "BORDER",
        /// A sea, a lake, a river or a strait.
        Water = "WATER",
        /// A site within a place, such as a building, a field or a camp.
        Site = "SITE",
        /// A place of another kind.
        Other = "OTHER",
    }
}
