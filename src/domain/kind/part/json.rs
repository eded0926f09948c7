//! How single values are written in JSON, where the default of serde would not give one text for one value.

/// Times in UTC with exactly three decimals.
pub mod time {
    use chrono::{DateTime, SecondsFormat, Utc};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
    pub fn serialize<S: Serializer>(time: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true)),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        Option::<String>::deserialize(deserializer)?
            .map(|text| crate::domain::rule::time(&text).map_err(D::Error::custom))
            .transpose()
    }
}

/// Numbers that are whole without a decimal point.
pub mod number {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(
        clippy::cast_possible_truncation,
        clippy::trivially_copy_pass_by_ref,
        reason = "the guard leaves only whole numbers that 64 bits hold; serde calls it with a reference"
    )]
    pub fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
            serializer.serialize_i64(*number as i64)
        } else {
            serializer.serialize_f64(*number)
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        f64::deserialize(deserializer)
    }

    /// The same for a number that may be missing.
    pub mod optional {
        use serde::{Deserialize, Deserializer, Serializer};

        #[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
        pub fn serialize<S: Serializer>(number: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
            match number {
                Some(number) => super::serialize(number, serializer),
                None => serializer.serialize_none(),
            }
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
            Option::<f64>::deserialize(deserializer)
        }
    }
}

/// Whether a flag has the value that needs no writing.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
pub fn is_false(value: &bool) -> bool {
    !value
}

/// Whether a flag has the value that needs no writing.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
pub fn is_true(value: &bool) -> bool {
    *value
}

/// The default of what is anchored in a text.
pub fn anchored() -> entity::vocabulary::AnchorState {
    entity::vocabulary::AnchorState::Anchored
}

/// The default of flags that hold unless it is said otherwise.
pub fn yes() -> bool {
    true
}
