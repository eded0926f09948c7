//! Single values: the scalars of the schema, the columns that hold them, and the arguments of a field.

use sea_orm::{ColumnTrait, sea_query::ColumnType};
use serde_json::Value as Json;

/// The coerced arguments of a field by name. An argument without a value or default is absent.
pub type Arguments = serde_json::Map<String, Json>;

/// A function that computes a value from columns of the row.
pub type Compute = fn(&[Json], &Arguments) -> Json;
/// The same, where the client may have to change the request.
pub type CheckedCompute = fn(&[Json], &Arguments) -> Result<Json, String>;

/// A GraphQL enumeration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enumeration {
    /// The name of the GraphQL type.
    pub name: &'static str,
    /// Its description.
    pub doc: &'static str,
    /// Each value and its description.
    pub values: &'static [(&'static str, &'static str)],
}

impl Enumeration {
    /// The enumeration of a vocabulary.
    #[must_use]
    pub const fn of<V: entity::vocabulary::Vocabulary>() -> Self {
        Self { name: V::NAME, doc: V::DOC, values: V::VALUES }
    }
}

/// The scalar of a value: its GraphQL type and JSON format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the GraphQL scalars")]
pub enum Scalar {
    Id,
    Text,
    Int,
    Float,
    Boolean,
    Date,
    DateTime,
    Edtf,
    LanguageTag,
    Url,
    /// A column of text that holds JSON.
    Json,
    Enumeration(Enumeration),
}

impl Scalar {
    /// The name of the GraphQL type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "ID",
            Self::Text => "String",
            Self::Int => "Int",
            Self::Float => "Float",
            Self::Boolean => "Boolean",
            Self::Date => "Date",
            Self::DateTime => "DateTime",
            Self::Edtf => "Edtf",
            Self::LanguageTag => "LanguageTag",
            Self::Url => "Url",
            Self::Json => "JSON",
            Self::Enumeration(e) => e.name,
        }
    }
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the database.
    pub name: &'static str,
    /// Its scalar.
    pub scalar: Scalar,
    /// Whether it may be null.
    pub nullable: bool,
}

impl Column {
    /// From a sea-orm column.
    pub fn of(column: impl ColumnTrait) -> Self {
        let def = column.def();
        let scalar = match def.get_column_type() {
            ColumnType::Uuid => Scalar::Id,
            ColumnType::Boolean => Scalar::Boolean,
            ColumnType::Date => Scalar::Date,
            ColumnType::Double | ColumnType::Float => Scalar::Float,
            ColumnType::Integer | ColumnType::SmallInteger | ColumnType::BigInteger => Scalar::Int,
            ColumnType::TimestampWithTimeZone | ColumnType::Timestamp | ColumnType::DateTime => Scalar::DateTime,
            _ => Scalar::Text,
        };
        Self { name: column.as_str(), scalar, nullable: def.is_null() }
    }
}
