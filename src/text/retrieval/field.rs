//! The searchable fields of records.

/// A searchable field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The names of an entity.
    Name,
    /// The headline of an article.
    Headline,
    /// What a person does.
    Occupation,
    /// The abstract of an article.
    Abstract,
    /// The descriptions of an entity.
    Description,
    /// The body of an article.
    Body,
}

impl Field {
    /// All fields, the most important first.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::Headline, Self::Occupation, Self::Abstract, Self::Description, Self::Body];

    /// The number that stands for the field in the index.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::Name => 0,
            Self::Headline => 1,
            Self::Occupation => 2,
            Self::Abstract => 3,
            Self::Description => 4,
            Self::Body => 5,
        }
    }

    /// The name of the field in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Headline => "headline",
            Self::Occupation => "occupation",
            Self::Abstract => "abstract",
            Self::Description => "description",
            Self::Body => "body",
        }
    }

    /// The field with this number.
    #[must_use]
    pub fn of(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.number() == number)
    }

    /// How much an occurrence counts, compared with the body.
    pub(super) const fn weight(self) -> f64 {
        match self {
            Self::Name => 4.0,
            Self::Headline => 3.0,
            Self::Occupation | Self::Abstract | Self::Description => 2.0,
            Self::Body => 1.0,
        }
    }
}
