//! The vocabularies: every enumeration of columns, documents and the public API, declared once.
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
pub use organization::{OrganizationKind, OrganizationLink};
pub use place::PlaceKind;
pub use record::{NameKind, RecordKind, RecordType};
pub use relation::{RelationDirection, RelationKind};
pub use time::{BoundState, DatePrecision, HistogramInterval, TemporalRelation};

/// An enumeration with the names and meanings of its values.
pub trait Vocabulary: Copy + Sized + 'static {
    /// The public name of the enumeration, such as `PlaceKind`.
    const NAME: &'static str;
    /// What the enumeration means, in one or two sentences.
    const DOC: &'static str;
    /// Every value in order, each with its meaning.
    const VALUES: &'static [(&'static str, &'static str)];
    /// Every value in order.
    const ALL: &'static [Self];

    /// The name of the value in the database, in documents and in the API.
    fn as_str(self) -> &'static str;

    /// The value with exactly this name, if there is one.
    fn parse(text: &str) -> Option<Self>;

    /// A word for the value, in Arabic (`ar`), French (`fr`), or else English.
    fn label(self, language: &str) -> &'static str;
}

/// Declares an enumeration and its values. Each has a doc comment, and each value has a name and labels in English, French and
/// Arabic.
macro_rules! vocabulary {
    (
        $(#[doc = $doc:literal])+
        $name:ident {
            $( $(#[doc = $value_doc:literal])+ $variant:ident = $value:literal => [$en:literal, $fr:literal, $ar:literal], )+
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

            fn label(self, language: &str) -> &'static str {
                let [english, french, arabic] = match self { $( Self::$variant => [$en, $fr, $ar], )+ };
                match language { "ar" => arabic, "fr" => french, _ => english }
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
    use std::collections::BTreeSet;

    use sea_orm::{ActiveEnum, Iterable};

    use super::*;

    fn check_vocabulary<V>()
    where
        V: Vocabulary + Iterable + ActiveEnum<Value = String> + serde::Serialize + std::fmt::Debug,
        V: serde::de::DeserializeOwned + PartialEq,
    {
        assert_eq!(V::iter().count(), V::VALUES.len(), "{}", V::NAME);
        assert!(V::DOC.ends_with('.'), "{} is described", V::NAME);
        for (value, (text, doc)) in V::iter().zip(V::VALUES) {
            assert_eq!(value.as_str(), *text);
            assert_eq!(value.to_value(), *text, "the name in the database");
            assert_eq!(serde_json::to_value(value).unwrap(), *text, "the name in JSON");
            assert_eq!(V::parse(text), Some(value));
            assert!(doc.ends_with('.'), "{}.{text} is described", V::NAME);
        }
        for language in ["en", "fr", "ar"] {
            let labels: BTreeSet<_> = V::iter().map(|value| value.label(language)).collect();
            assert_eq!(labels.len(), V::VALUES.len(), "the labels of {} in {language} are different words", V::NAME);
            let is_arabic = |label: &str| label.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
            assert!(
                labels.iter().all(|label| !label.is_empty() && is_arabic(label) == (language == "ar")),
                "{labels:?}"
            );
        }
        assert_eq!(V::parse("NO_SUCH_VALUE"), None);
    }

    #[test]
    fn every_vocabulary_has_the_same_names_everywhere_and_descriptions() {
        check_vocabulary::<RecordKind>();
        check_vocabulary::<RecordType>();
        check_vocabulary::<NameKind>();
        check_vocabulary::<PlaceKind>();
        check_vocabulary::<OrganizationKind>();
        check_vocabulary::<OrganizationLink>();
        check_vocabulary::<EventKind>();
        check_vocabulary::<EventStatus>();
        check_vocabulary::<ParticipantRole>();
        check_vocabulary::<RelationKind>();
        check_vocabulary::<RelationDirection>();
        check_vocabulary::<MentionClass>();
        check_vocabulary::<MentionOrigin>();
        check_vocabulary::<TextField>();
        check_vocabulary::<AnchorState>();
        check_vocabulary::<QuoteForm>();
        check_vocabulary::<Modality>();
        check_vocabulary::<DatePrecision>();
        check_vocabulary::<BoundState>();
        check_vocabulary::<HistogramInterval>();
        check_vocabulary::<TemporalRelation>();
        check_vocabulary::<Operation>();
        check_vocabulary::<Direction>();
        check_vocabulary::<Role>();
        check_vocabulary::<UserErrorCode>();
    }
}
