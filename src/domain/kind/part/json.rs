//! Formats of single values in JSON, where the default of serde allows several texts for one value.

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

/// Numbers. Whole numbers are written without a decimal point.
pub mod number {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(
        clippy::cast_possible_truncation,
        clippy::trivially_copy_pass_by_ref,
        reason = "only whole numbers that fit into 64 bits are converted; serde calls it with a reference"
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

    /// Numbers that may be missing.
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

/// Whether a flag is false: its default is not written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
pub fn is_false(value: &bool) -> bool {
    !value
}

/// Whether a flag is true: its default is not written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
pub fn is_true(value: &bool) -> bool {
    *value
}

/// The default state of a mention or a citation.
pub fn anchored() -> entity::vocabulary::AnchorState {
    entity::vocabulary::AnchorState::Anchored
}

/// The default of flags that are true if they are missing.
pub fn yes() -> bool {
    true
}
