//! What a record is, and what a name of it is.

use super::vocabulary;

vocabulary! {
    /// The kind of a stored record: the five types of things, and relations, which have a version and a history too.
    RecordKind {
        /// A press article or another text that was published.
        Article = "ARTICLE",
        /// A place on earth.
        Place = "PLACE",
        /// An organization of people.
        Organization = "ORGANIZATION",
        /// A person.
        Person = "PERSON",
        /// Something that happened, goes on or is planned.
        Event = "EVENT",
        /// A relation between two records.
        Relation = "RELATION",
    }
}

vocabulary! {
    /// The types of record that can be searched, listed and linked.
    RecordType {
        /// A press article or another text that was published.
        Article = "ARTICLE",
        /// A place on earth.
        Place = "PLACE",
        /// An organization of people.
        Organization = "ORGANIZATION",
        /// A person.
        Person = "PERSON",
        /// Something that happened, goes on or is planned.
        Event = "EVENT",
    }
}

vocabulary! {
    /// What a name is to the thing that bears it.
    NameKind {
        /// The name that a reader of that language expects. There is at most one for each language.
        Main = "MAIN",
        /// The full official form, such as "People's Democratic Republic of Algeria".
        Official = "OFFICIAL",
        /// Another name or spelling in use.
        Alias = "ALIAS",
        /// A short form, such as "UN".
        Abbreviation = "ABBREVIATION",
        /// A name that was given up.
        Former = "FORMER",
        /// The word for its people or for what comes from it, such as "Algerian".
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
