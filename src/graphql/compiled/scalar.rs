//! Custom scalars. GraphQL validation accepts any string for them, so that wrong values in edits are reported as
//! userErrors with all other problems. Arguments of reads are checked here.

use super::select::shortened;
use crate::{domain::rule, store::read::declare::Scalar, text::article::with_article};
use async_graphql::{
    Value,
    registry::{EnumBuilder, MetaEnumValue, MetaType, Registry},
};
use serde_json::Value as Json;
use std::sync::Arc;

/// A custom scalar.
struct Own {
    scalar: Scalar,
    doc: &'static str,
    /// The document that defines it.
    source: &'static str,
    /// Whether a text is valid.
    is: fn(&str) -> bool,
    /// A valid value, for messages.
    example: &'static str,
}

const OWN: [Own; 5] = [
    Own {
        scalar: Scalar::Date,
        doc: "A day of the Gregorian calendar, such as `2015-02-24` (RFC 3339, full-date). Years 0000 to 9999.",
        source: "https://scalars.graphql.org/andimarek/local-date.html",
        is: |text| rule::day(text).is_ok(),
        example: "2015-02-24",
    },
    Own {
        scalar: Scalar::DateTime,
        doc: "A time in UTC with milliseconds, such as `2015-02-24T10:30:00.000Z` (RFC 3339, date-time). Years 0000 to 9999 in UTC.",
        source: "https://www.rfc-editor.org/rfc/rfc3339",
        is: |text| rule::time(text).is_ok(),
        example: "2015-02-24T10:30:00.000Z",
    },
    Own {
        scalar: Scalar::Edtf,
        doc: "A date that may be imprecise, in the Extended Date/Time Format (EDTF, ISO 8601-2:2019): levels 0 and 1, sets, quarters \
             and half-years. Examples: `2015-02-17~` (about that day), `2011/..` (since 2011), `[..2015-02-17]` (that day or \
             earlier), `201X` (in the 2010s), `2015-21` (spring 2015). Years 0000 to 9999.",
        source: "https://www.loc.gov/standards/datetime/",
        is: |text| text.parse::<crate::date::Edtf>().is_ok(),
        example: "2015-02-17~",
    },
    Own {
        scalar: Scalar::LanguageTag,
        doc: "A language as a BCP 47 tag, such as `ar`, `en`, `fr` or `pt-BR`; `und` where it is not known.",
        source: "https://www.rfc-editor.org/info/bcp47",
        is: crate::text::language::is_tag,
        example: "pt-BR",
    },
    Own {
        scalar: Scalar::Url,
        doc: "An absolute http or https address.",
        source: "https://www.rfc-editor.org/rfc/rfc3986",
        is: |text| rule::url(text).is_ok(),
        example: "https://example.org/",
    },
];

/// Checks a value of an argument; null and lists of valid values are valid.
///
/// # Errors
/// What is wrong, with the name of the argument or field where it stands.
pub(in crate::graphql) fn check(scalar: Scalar, value: &Json, name: &str) -> Result<(), String> {
    let Some(own) = OWN.iter().find(|own| own.scalar == scalar) else {
        return Ok(());
    };
    match value {
        Json::String(text) if !(own.is)(text) => {
            let what = with_article(scalar.name());
            let advice = if scalar == Scalar::Date { rule::advice(text, |way| (own.is)(way)) } else { None };
            let (text, advice) = (shortened(text), advice.unwrap_or_default());
            Err(format!("{name}: \"{text}\" is not {what}, such as {}{advice}.", own.example))
        }
        Json::Array(items) => {
            items.iter().enumerate().try_for_each(|(at, item)| check(scalar, item, &format!("{name}.{at}")))
        }
        _ => Ok(()),
    }
}

/// Registers a scalar or an enumeration; returns its name.
pub(in crate::graphql) fn scalar(registry: &mut Registry, kind: Scalar) -> String {
    let name = kind.name().to_owned();
    if let Scalar::Enumeration(e) = kind {
        enumeration(registry, e.name, e.doc, e.values);
    } else {
        scalars(registry);
    }
    name
}

/// Registers an enumeration.
pub(super) fn enumeration(registry: &mut Registry, name: &str, doc: &str, values: &[(&str, &str)]) {
    if registry.types.contains_key(name) {
        return;
    }
    let values = values
        .iter()
        .map(|(value, doc)| {
            let mut meta = MetaEnumValue::new(*value);
            meta.description = Some((*doc).to_owned());
            ((*value).to_owned(), meta)
        })
        .collect();
    let built = EnumBuilder::new(name, values).description(Some(doc.to_owned())).build();
    registry.types.insert(name.to_owned(), built);
}

/// Registers the custom scalars.
pub fn scalars(registry: &mut Registry) {
    let mut own = |name: &str, doc: &str, source: &str, is_valid: fn(&Value) -> bool| {
        registry.types.entry(name.to_owned()).or_insert_with(|| MetaType::Scalar {
            name: name.to_owned(),
            description: Some(doc.to_owned()),
            is_valid: Some(Arc::new(is_valid)),
            visible: None,
            inaccessible: false,
            tags: vec![],
            specified_by_url: Some(source.to_owned()),
            directive_invocations: vec![],
            requires_scopes: vec![],
        });
    };
    for known in OWN {
        own(known.scalar.name(), known.doc, known.source, |value| matches!(value, Value::String(_)));
    }
    own(Scalar::Json.name(), "Any JSON value.", "https://www.rfc-editor.org/rfc/rfc8259", |_| true);
    <f64 as async_graphql::InputType>::create_type_info(registry);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_example_is_one_of_its_scalar() {
        for own in OWN {
            assert!((own.is)(own.example), "{}", own.example);
            assert_eq!(check(own.scalar, &json!(own.example), "x"), Ok(()));
        }
    }

    #[test]
    fn what_is_none_is_told_with_its_place() {
        let message = check(Scalar::Date, &json!("2015-02-30"), "where.publishedOn.from").unwrap_err();
        assert_eq!(message, "where.publishedOn.from: \"2015-02-30\" is not a Date, such as 2015-02-24.");
        let message = check(Scalar::LanguageTag, &json!(["en", "not a tag"]), "languages").unwrap_err();
        assert_eq!(message, "languages.1: \"not a tag\" is not a LanguageTag, such as pt-BR.");
        assert_eq!(check(Scalar::Url, &json!(null), "url"), Ok(()));
        assert_eq!(check(Scalar::Text, &json!("anything"), "key"), Ok(()));
    }
}
