//! Ids: UUIDs that identify rows.
//!
//! Postgres stores a `uuid`. SQLite stores the hyphenated text, so that a person can read it in a shell. The connection of `store`
//! writes it in this form.

use std::{fmt, str::FromStr};

use sea_orm::{
    ColIdx, DbErr, QueryResult, TryFromU64, TryGetError, TryGetable,
    sea_query::{ArrayType, ColumnType, Nullable, Value, ValueType, ValueTypeErr},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A UUID, unique over all records. New ids are `UUIDv7`, so that indexes grow at their end. Nothing
/// depends on their order, because the clock can be set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(pub Uuid);

impl Id {
    /// The id of no record. It replaces an id that could not be read, so that the rest of the document can be checked.
    pub const NIL: Self = Self(Uuid::nil());

    /// A new `UUIDv7`.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "every call returns another id, and a default would hide that")]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(formatter)
    }
}

impl FromStr for Id {
    type Err = uuid::Error;

    /// Parses the hyphenated form: 36 characters, in either case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<uuid::fmt::Hyphenated>().map(|id| Self(id.into_uuid()))
    }
}

impl From<Uuid> for Id {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<Id> for Value {
    fn from(id: Id) -> Self {
        Self::Uuid(Some(id.0))
    }
}

impl TryGetable for Id {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        if row.try_as_sqlite_row().is_some() {
            let text = String::try_get_by(row, index)?;
            text.parse::<Id>().map_err(|error| TryGetError::DbErr(DbErr::Type(format!("not an id: {error}"))))
        } else {
            Uuid::try_get_by(row, index).map(Self)
        }
    }
}

impl ValueType for Id {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        match value {
            Value::Uuid(Some(id)) => Ok(Self(id)),
            _ => Err(ValueTypeErr),
        }
    }

    fn type_name() -> String {
        "Id".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::Uuid
    }

    fn column_type() -> ColumnType {
        ColumnType::Uuid
    }
}

impl Nullable for Id {
    fn null() -> Value {
        Value::Uuid(None)
    }
}

impl TryFromU64 for Id {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("Id"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_own_text() {
        let id = Id::new();
        assert_eq!(id.to_string().parse::<Id>().ok(), Some(id));
        assert_eq!(id.to_string().to_uppercase().parse::<Id>().ok(), Some(id));
    }

    #[test]
    fn only_the_hyphenated_form_is_an_id() {
        let simple = Id::new().0.simple().to_string();
        assert!(simple.parse::<Id>().is_err());
        assert!("city/ly/tripoli".parse::<Id>().is_err());
    }
}
