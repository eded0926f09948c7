//! Fuzzy dates: the declarations of their types. All fields but the bounds are computed from the EDTF text.

use super::RECORD;
use crate::{
    date::{self, Edtf},
    store::read::{
        build::{any, column, computed, embedded, raw_column, row},
        declare::{Arguments, Column, Enumeration, FieldDeclaration, Scalar, Type, argument},
        expression,
        facet::language_of_labels,
    },
};
use entity::{
    relative_date,
    vocabulary::{BoundState, DatePrecision, TemporalRelation},
};
use serde_json::Value as Json;
use std::sync::LazyLock;

pub static FUZZY_DATE: LazyLock<Type> = LazyLock::new(|| {
    let text = Column { name: "edtf", scalar: Scalar::Edtf, nullable: false };
    let of = |name, scalar: Scalar, ty, by, doc| computed(name, scalar, ty, vec![text], by, doc);
    let bound = Scalar::Enumeration(Enumeration::of::<BoundState>());
    Type::new("FuzzyDate", "", "A date that may be imprecise, uncertain or an interval.")
        .with(raw_column("edtf", "edtf", Scalar::Edtf, false, "The date in the Extended Date/Time Format (EDTF)."))
        .with(raw_column("earliest", "earliest", Scalar::Date, true, "The first day that the date may mean; null where the start is open or unknown."))
        .with(raw_column("latest", "latest", Scalar::Date, true, "The last day that the date may mean; null where the end is open or unknown."))
        .with(of("startState", bound, "BoundState!", |v, _| state(v, Edtf::start_state), "Whether the start is known, open or unknown. `../2015` is open: a span without a beginning. `/2015`, `[..2015]` and `../..` are unknown: there is a first day."))
        .with(of("endState", bound, "BoundState!", |v, _| state(v, Edtf::end_state), "Whether the end is known, open or unknown. `2011/..` is open: a span without an end. `2011/`, `[2011..]` and `../..` are unknown: there is a last day."))
        .with(of("precision", Scalar::Enumeration(Enumeration::of::<DatePrecision>()), "DatePrecision!", |v, _| read(v, |d| enum_name(&d.precision())), "The precision of the date."))
        .with(of("isApproximate", Scalar::Boolean, "Boolean!", |v, _| read(v, |d| Json::Bool(d.is_approximate())), "Whether the date is approximate (`~` or `%` in EDTF)."))
        .with(of("isUncertain", Scalar::Boolean, "Boolean!", |v, _| read(v, |d| Json::Bool(d.is_uncertain())), "Whether the date is uncertain (`?` or `%` in EDTF)."))
        .with(of("label", Scalar::Text, "String!", label, "The date in words, such as \"about 17 February 2015\". In the requested language, else in the reader's language (`Accept-Language`), else in English.")
            .arg(argument("language", Scalar::LanguageTag, "The language of the words: Arabic, English or French. Any other language gives English."))
            .with_reader_languages())
        .with(raw_column("original", "original", Scalar::Text, true, "The date in the words of the source."))
        .with(row("relative", || &RELATIVE_DATE, expression::relative_date, "The date relative to another record, such as \"a week after the airstrikes\". A change of the other date updates this date, unless an editor gave `edtf` as well."))
});

pub static RELATIVE_DATE: LazyLock<Type> = LazyLock::new(|| {
    Type::new("RelativeDate", "relative_date", "A date relative to the date of another record.")
        .owned_by(&["anchor_id"])
        .with(any(
            "anchor",
            || &RECORD,
            relative_date::Column::AnchorId,
            None,
            "The record with the other date: an event (its date) or an article (its day of publication).",
        ))
        .with(
            column("relation", relative_date::Column::Relation, "The relation of this date to the date of the anchor.")
                .is(Scalar::Enumeration(Enumeration::of::<TemporalRelation>())),
        )
        .with(column(
            "duration",
            relative_date::Column::Duration,
            "The distance from the anchor as an ISO 8601 duration, such as `P7D`.",
        ))
        .with(column("isApproximate", relative_date::Column::IsApproximate, "Whether the duration is approximate."))
});

/// A field with a fuzzy date, whose columns have this prefix.
pub fn fuzzy_date_field(
    name: &'static str,
    prefix: &'static str,
    present: &'static str,
    doc: &'static str,
) -> FieldDeclaration {
    embedded(name, || &FUZZY_DATE, prefix, present, doc)
}

fn read(values: &[Json], value: impl Fn(&Edtf) -> Json) -> Json {
    let parsed = values.first().and_then(Json::as_str).and_then(|text| text.parse::<Edtf>().ok());
    parsed.as_ref().map_or(Json::Null, value)
}

/// The name of an enum value in GraphQL, from its name in Rust.
fn enum_name(value: &impl std::fmt::Debug) -> Json {
    let mut out = String::new();
    for (i, c) in format!("{value:?}").chars().enumerate() {
        if i > 0 && c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    Json::String(out)
}

fn state(values: &[Json], of: fn(&Edtf) -> date::BoundState) -> Json {
    read(values, |date| enum_name(&of(date)))
}

fn label(values: &[Json], arguments: &Arguments) -> Json {
    let language = language_of_labels(arguments);
    read(values, |date| Json::String(date::label(date, language)))
}
