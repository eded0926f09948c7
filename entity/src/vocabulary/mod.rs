//! The vocabularies: every enumeration that a column, a document or the public API holds, declared once.
//!
//! The database's CHECK constraints, the GraphQL enums and the JSON Schema of the interchange format are all generated
//! from [`Vocabulary::VALUES`], so a new value is one new line here and one migration.

mod access;
mod event;
mod history;
mod linking;
mod organization;
mod place;
mod record;
mod relation;
mod time;

pub use access::Role;
pub use event::{EventKind, EventStatus, ParticipantRole};
pub use history::{Direction, Operation, UserErrorCode};
pub use linking::{AnchorState, MentionClass, MentionOrigin, Modality, QuoteForm, TextField};
pub use organization::OrganizationKind;
pub use place::PlaceKind;
pub use record::{NameKind, RecordKind, RecordType};
pub use relation::{RelationDirection, RelationKind};
pub use time::{BoundState, DatePrecision, TemporalRelation};

/// What is known of an enumeration at compile time.
pub trait Vocabulary: Copy + Sized + 'static {
    /// The public name of the enumeration, such as `PlaceKind`.
    const NAME: &'static str;
    /// What the enumeration says, in a sentence or two.
    const DOC: &'static str;
    /// Every value in order, each with its meaning.
    const VALUES: &'static [(&'static str, &'static str)];
    /// Every value in order.
    const ALL: &'static [Self];

    /// The value as it is written in the database, in documents and in the API.
    fn as_str(self) -> &'static str;

    /// The value with that exact spelling, if there is one.
    fn parse(text: &str) -> Option<Self>;
}

/// Declares one enumeration: its doc comment, its values, and for each its doc comment and its spelling.
macro_rules! vocabulary {
    (
        $(#[doc = $doc:literal])+
        $name:ident {
            $( $(#[doc = $value_doc:literal])+ $variant:ident = $value:literal, )+
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            sea_orm::EnumIter, sea_orm::DeriveActiveEnum,
            serde::Serialize, serde::Deserialize,
        )]
        #[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum $name {
            $( $(#[doc = $value_doc])+ $variant, )+
        }

        impl $crate::vocabulary::Vocabulary for $name {
            const NAME: &'static str = stringify!($name);
            const DOC: &'static str = concat!($($doc),+).trim_ascii();
            const VALUES: &'static [(&'static str, &'static str)] =
                &[ $( ($value, concat!($($value_doc),+).trim_ascii()), )+ ];
            const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $value, )+ }
            }

            fn parse(text: &str) -> Option<Self> {
                match text { $( $value => Some(Self::$variant), )+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str($crate::vocabulary::Vocabulary::as_str(*self))
            }
        }
    };
}
pub(crate) use vocabulary;

#[cfg(test)]
mod tests {
    use sea_orm::{ActiveEnum, Iterable};

    use super::*;

    fn speaks_with_one_voice<V>()
    where
        V: Vocabulary + Iterable + ActiveEnum<Value = String> + serde::Serialize + std::fmt::Debug,
        V: serde::de::DeserializeOwned + PartialEq,
    {
        assert_eq!(V::iter().count(), V::VALUES.len(), "{}", V::NAME);
        assert!(V::DOC.ends_with('.'), "{} is described", V::NAME);
        for (value, (text, doc)) in V::iter().zip(V::VALUES) {
            assert_eq!(value.as_str(), *text);
            assert_eq!(value.to_value(), *text, "the database spells it so");
            assert_eq!(serde_json::to_value(value).unwrap(), *text, "JSON spells it so");
            assert_eq!(V::parse(text), Some(value));
            assert!(doc.ends_with('.'), "{}.{text} is described", V::NAME);
        }
        assert_eq!(V::parse("NO_SUCH_VALUE"), None);
    }

    #[test]
    fn every_vocabulary_is_spelled_alike_everywhere_and_described() {
        speaks_with_one_voice::<RecordKind>();
        speaks_with_one_voice::<RecordType>();
        speaks_with_one_voice::<NameKind>();
        speaks_with_one_voice::<PlaceKind>();
        speaks_with_one_voice::<OrganizationKind>();
        speaks_with_one_voice::<EventKind>();
        speaks_with_one_voice::<EventStatus>();
        speaks_with_one_voice::<ParticipantRole>();
        speaks_with_one_voice::<RelationKind>();
        speaks_with_one_voice::<RelationDirection>();
        speaks_with_one_voice::<MentionClass>();
        speaks_with_one_voice::<MentionOrigin>();
        speaks_with_one_voice::<TextField>();
        speaks_with_one_voice::<AnchorState>();
        speaks_with_one_voice::<QuoteForm>();
        speaks_with_one_voice::<Modality>();
        speaks_with_one_voice::<DatePrecision>();
        speaks_with_one_voice::<BoundState>();
        speaks_with_one_voice::<TemporalRelation>();
        speaks_with_one_voice::<Operation>();
        speaks_with_one_voice::<Direction>();
        speaks_with_one_voice::<Role>();
        speaks_with_one_voice::<UserErrorCode>();
    }
}
