//! Kinds of places.

use super::vocabulary;

vocabulary! {
    /// What kind of place it is.
    PlaceKind {
        /// A continent, or the whole Earth.
        Continent = "CONTINENT" => ["Continent", "Continent", "قارة"],
        /// A region that is not an administrative unit, such as Northern Africa or the Sahel.
        Region = "REGION" => ["Region", "Région", "منطقة"],
        /// A country or a territory with an ISO 3166-1 code.
        Country = "COUNTRY" => ["Country", "Pays", "بلد"],
        /// An administrative unit of a country, such as a province or a governorate.
        AdministrativeArea = "ADMINISTRATIVE_AREA" => ["Administrative area", "Division administrative", "تقسيم إداري"],
        /// A city, a town or a village.
        City = "CITY" => ["City", "Ville", "مدينة"],
        /// A border, a crossing or the land along it.
        Border = "BORDER" => ["Border", "Frontière", "حدود"],
        /// A sea, a lake, a river or a strait.
        Water = "WATER" => ["Water", "Étendue d’eau", "مسطح مائي"],
        /// A site within a place, such as a building, a field or a camp.
        Site = "SITE" => ["Site", "Site", "موقع"],
        /// A place of another kind.
        Other = "OTHER" => ["Other", "Autre", "أخرى"],
    }
}
