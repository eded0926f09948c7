//! Declarations -> the input types of the schema: filters, orders, enumerations and scalars.

use crate::store::read::declare::{Enumeration, FilterMeaning, Scalar, Type};
use async_graphql::{
    Value,
    registry::{EnumBuilder, InputObjectBuilder, MetaEnumValue, MetaInputValue, MetaType, Registry},
};
use std::sync::Arc;

fn input_object(registry: &mut Registry, name: &str, doc: String, fields: Vec<(&str, String, String, Option<&str>)>) {
    let fields = fields
        .into_iter()
        .map(|(name, ty, doc, default)| {
            let mut meta = MetaInputValue::new(name, ty);
            meta.description = Some(doc);
            meta.default_value = default.map(str::to_owned);
            (name.to_owned(), meta)
        })
        .collect();
    let built = InputObjectBuilder::new(name, fields).description(Some(doc)).build();
    registry.types.insert(name.to_owned(), built);
}

pub(super) fn where_input(registry: &mut Registry, ty: &'static Type) -> String {
    let name = format!("{}Where", ty.name);
    if registry.types.contains_key(&name) {
        return name;
    }
    let mut fields = vec![
        ("and", format!("[{name}!]"), "All of these hold.".to_owned(), None),
        ("or", format!("[{name}!]"), "At least one of these holds; an empty list never does.".to_owned(), None),
        ("not", name.clone(), "This does not hold.".to_owned(), None),
    ];
    for filter in &ty.filters {
        let input = match filter.means {
            FilterMeaning::Id(_) => "IdFilter".to_owned(),
            FilterMeaning::Text(_) => "TextFilter".to_owned(),
            FilterMeaning::FuzzyDate { .. } => "DateFilter".to_owned(),
            FilterMeaning::Day { .. } => "DateRange".to_owned(),
            FilterMeaning::Enumeration(column) => enumeration_filter(registry, column.scalar),
        };
        fields.push((filter.name, input, filter.doc.to_owned(), None));
    }
    filter_inputs(registry);
    input_object(registry, &name, format!("Which {} are meant: all that is said must hold.", ty.name), fields);
    name
}

fn enumeration_filter(registry: &mut Registry, kind: Scalar) -> String {
    let value = scalar(registry, kind);
    let name = format!("{value}Filter");
    if !registry.types.contains_key(&name) {
        input_object(
            registry,
            &name,
            format!("Narrows by {value}."),
            vec![
                ("equals", value.clone(), "Exactly this.".to_owned(), None),
                ("in", format!("[{value}!]"), "One of these.".to_owned(), None),
            ],
        );
    }
    name
}

/// The inputs that several types' filters share.
fn filter_inputs(registry: &mut Registry) {
    if registry.types.contains_key("IdFilter") {
        return;
    }
    scalar(registry, Scalar::Date);
    let entry = |name, ty: &str, doc: &str| (name, ty.to_owned(), doc.to_owned(), None);
    input_object(
        registry,
        "IdFilter",
        "Narrows by id.".to_owned(),
        vec![entry("equals", "ID", "Exactly this one."), entry("in", "[ID!]", "One of these, at most 1,000.")],
    );
    input_object(
        registry,
        "TextFilter",
        "Narrows by text, to the letter.".to_owned(),
        vec![
            entry("equals", "String", "Exactly this text."),
            entry("in", "[String!]", "One of these texts, at most 1,000."),
            entry("isNull", "Boolean", "Whether there is none at all."),
        ],
    );
    input_object(
        registry,
        "DateRange",
        "Days from one to another, both included; open where absent.".to_owned(),
        vec![entry("from", "Date", "Not before this day."), entry("to", "Date", "Not after this day.")],
    );
    input_object(
        registry,
        "DateFilter",
        "Narrows by an imprecise date. A date has an earliest and a latest day, either of which may be open or unknown. \
         `2015-02` overlaps 10 to 12 February 2015 but is not within it; `2011/..` overlaps every range that ends in 2011 or \
         later and is within none; what has no date at all does neither, and `../..` overlaps everything."
            .to_owned(),
        vec![
            entry("overlaps", "DateRange", "It is possible that it was in the range: some day between earliest and latest is."),
            entry("within", "DateRange", "It is certain that it was in the range: earliest and latest are known, and both are in it."),
            entry("isNull", "Boolean", "Whether there is no date at all."),
        ],
    );
}

pub(super) fn order_input(registry: &mut Registry, ty: &'static Type) -> String {
    let (name, field) = (format!("{}Order", ty.name), format!("{}OrderField", ty.name));
    if registry.types.contains_key(&name) {
        return name;
    }
    let mut values: Vec<(&str, &str)> = ty.orders.iter().map(|o| (o.name, o.doc)).collect();
    values.push(("ID", "By id: for new records, the time of their making."));
    let doc = format!("What lists of {} can be ordered by.", ty.name);
    enumeration(registry, &field, &doc, &values);
    scalar(registry, Scalar::Enumeration(Enumeration::of::<entity::vocabulary::Direction>()));
    input_object(
        registry,
        &name,
        format!("One criterion of an order of {}.", ty.name),
        vec![
            ("field", format!("{field}!"), "By what.".to_owned(), None),
            ("direction", "Direction".to_owned(), "Which way.".to_owned(), Some("ASC")),
        ],
    );
    name
}

fn enumeration(registry: &mut Registry, name: &str, doc: &str, values: &[(&str, &str)]) {
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

// ---- scalars

/// Registers a scalar or an enumeration; gives its name.
pub(super) fn scalar(registry: &mut Registry, kind: Scalar) -> String {
    let name = kind.name().to_owned();
    if let Scalar::Enumeration(e) = kind {
        enumeration(registry, e.name, e.doc, e.values);
    } else {
        scalars(registry);
    }
    name
}

/// Whether a value is one of a scalar's.
type IsValid = Arc<dyn Fn(&Value) -> bool + Send + Sync>;

/// Registers the service's own scalars.
pub fn scalars(registry: &mut Registry) {
    let text = |valid: fn(&str) -> bool| {
        Arc::new(move |value: &Value| matches!(value, Value::String(text) if valid(text))) as IsValid
    };
    let all: [(&str, &str, &str, IsValid); 6] = [
        (
            "Date",
            "A day of the Gregorian calendar, `2015-02-24` (RFC 3339, full-date). Years 0000 to 9999.",
            "https://www.rfc-editor.org/rfc/rfc3339",
            text(is_day),
        ),
        (
            "DateTime",
            "A moment in UTC to the millisecond, `2015-02-24T10:30:00.000Z` (RFC 3339, date-time).",
            "https://www.rfc-editor.org/rfc/rfc3339",
            text(|t| chrono::DateTime::parse_from_rfc3339(t).is_ok()),
        ),
        (
            "Edtf",
            "A date as imprecise as it is known, in the Extended Date/Time Format (ISO 8601-2:2019), levels 0 and 1, with sets, \
             quarters and half-years: `2015-02-17~` (about that day), `2011/..` (since 2011), `[..2015-02-17]` (some day up to \
             then), `201X` (in the 2010s), `2015-21` (spring). Years 0000 to 9999.",
            "https://www.loc.gov/standards/datetime/",
            text(|t| t.parse::<crate::date::Edtf>().is_ok()),
        ),
        (
            "LanguageTag",
            "A language, as a BCP 47 tag: `ar`, `en`, `fr`, `pt-BR`; `und` where it is not known.",
            "https://www.rfc-editor.org/info/bcp47",
            text(crate::text::language::is_tag),
        ),
        (
            "Url",
            "An absolute http or https address.",
            "https://www.rfc-editor.org/rfc/rfc3986",
            text(|t| t.starts_with("http://") || t.starts_with("https://")),
        ),
        ("JSON", "Any JSON value.", "https://www.rfc-editor.org/rfc/rfc8259", Arc::new(|_: &Value| true)),
    ];
    for (name, doc, source, valid) in all {
        registry.types.entry(name.to_owned()).or_insert_with(|| MetaType::Scalar {
            name: name.to_owned(),
            description: Some(doc.to_owned()),
            is_valid: Some(valid),
            visible: None,
            inaccessible: false,
            tags: vec![],
            specified_by_url: Some(source.to_owned()),
            directive_invocations: vec![],
            requires_scopes: vec![],
        });
    }
    <f64 as async_graphql::InputType>::create_type_info(registry);
}

/// Four digits, two and two: the parser of dates alone would take signs and blanks as well.
fn is_day(text: &str) -> bool {
    let shape = |(i, byte): (usize, u8)| if i == 4 || i == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(shape) && text.parse::<chrono::NaiveDate>().is_ok()
}
