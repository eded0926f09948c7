//! Types of records, and kinds of names.

use super::vocabulary;

vocabulary! {
    /// The kind of a stored record: a record type or a relation. Relations have a version and a history as well.
    RecordKind {
        /// A press article or another text that was published.
        Article = "ARTICLE",
        /// A place on the Earth.
        Place = "PLACE",
        /// An organization of people.
        Organization = "ORGANIZATION",
        /// A person.
        Person = "PERSON",
        /// Something that happened, is happening or is planned.
        Event = "EVENT",
        /// A relation between two records.
        Relation = "RELATION",
    }
}

vocabulary! {
    /// The types of records. Relations are not among them.
    RecordType {
        /// A press article or another text that was published.
        Article = "ARTICLE",
        /// A place on the Earth.
        Place = "PLACE",
        /// An organization of people.
        Organization = "ORGANIZATION",
        /// A person.
        Person = "PERSON",
        /// Something that happened, is happening or is planned.
        Event = "EVENT",
    }
}

vocabulary! {
    /// The kind of a name.
    NameKind {
        /// The usual name in its language. An entity has at most one for each language.
        Main = "MAIN",
        /// The full official form, such as "People's Democratic Republic of Algeria".
        Official = "OFFICIAL",
        /// Another name or spelling in use.
        Alias = "ALIAS",
        /// A short form, such as "UN".
        Abbreviation = "ABBREVIATION",
        /// A former name.
        Former = "FORMER",
        /// The adjective or noun for its people or origin, such as "Algerian".
        Demonym = "DEMONYM",
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
