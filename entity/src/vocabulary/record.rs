//! Types of records, and kinds of names.

use super::vocabulary;

vocabulary! {
    /// The kind of a stored record: a record type or a relation. Relations have a version and a history as well.
    RecordKind {
        /// A press article or another text that was published.
        Article = "ARTICLE" => ["Article", "Article", "مقال"],
        /// A place on the Earth.
        Place = "PLACE" => ["Place", "Lieu", "مكان"],
        /// An organization of people.
        Organization = "ORGANIZATION" => ["Organization", "Organisation", "منظمة"],
        /// A person.
        Person = "PERSON" => ["Person", "Personne", "شخص"],
        /// Something that happened, is happening or is planned.
        Event = "EVENT" => ["Event", "Événement", "حدث"],
        /// A relation between two records.
        Relation = "RELATION" => ["Relation", "Relation", "علاقة"],
    }
}

vocabulary! {
    /// The types of records. Relations are not among them.
    RecordType {
        /// A press article or another text that was published.
        Article = "ARTICLE" => ["Article", "Article", "مقال"],
        /// A place on the Earth.
        Place = "PLACE" => ["Place", "Lieu", "مكان"],
        /// An organization of people.
        Organization = "ORGANIZATION" => ["Organization", "Organisation", "منظمة"],
        /// A person.
        Person = "PERSON" => ["Person", "Personne", "شخص"],
        /// Something that happened, is happening or is planned.
        Event = "EVENT" => ["Event", "Événement", "حدث"],
    }
}

vocabulary! {
    /// The kind of a name.
    NameKind {
        /// The usual name in its language. An entity has at most one for each language.
        Main = "MAIN" => ["Main name", "Nom principal", "الاسم الرئيسي"],
        /// The full official form, such as "People's Democratic Republic of Algeria".
        Official = "OFFICIAL" => ["Official name", "Nom officiel", "الاسم الرسمي"],
        /// Another name or spelling in use.
        Alias = "ALIAS" => ["Alias", "Autre nom", "اسم آخر"],
        /// A short form, such as "UN".
        Abbreviation = "ABBREVIATION" => ["Abbreviation", "Abréviation", "اختصار"],
        /// A former name.
        Former = "FORMER" => ["Former name", "Ancien nom", "الاسم السابق"],
        /// The adjective or noun for its people or origin, such as "Algerian".
        Demonym = "DEMONYM" => ["Demonym", "Gentilé", "نسبة"],
    }
}

impl From<RecordType> for RecordKind {
    fn from(value: RecordType) -> Self {
        match value {
            RecordType::Article => Self::Article,
            RecordType::Place => Self::Place,
            RecordType::Organization => Self::Organization,
            RecordType::Person => Self::Person,
            RecordType::Event => Self::Event,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Vocabulary, RecordKind, RecordType};

    #[test]
    fn the_record_types_are_the_kinds_without_relations() {
        let kinds = RecordKind::VALUES.iter().filter(|(kind, _)| *kind != RecordKind::Relation.as_str());
        assert!(kinds.eq(RecordType::VALUES));
        assert!(RecordType::ALL.iter().all(|of| RecordKind::from(*of).as_str() == of.as_str()));
    }
}
