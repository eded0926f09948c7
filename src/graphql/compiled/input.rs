//! Registers the input types of declarations: filters and orders.

use super::scalar::{enumeration, scalar};
use crate::store::read::declare::{Enumeration, FilterKind, Scalar, Type};
use async_graphql::registry::{InputObjectBuilder, MetaInputValue, Registry};

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
        ("and", format!("[{name}!]"), "All of these conditions hold.".to_owned(), None),
        (
            "or",
            format!("[{name}!]"),
            "At least one of these conditions holds. An empty list never matches.".to_owned(),
            None,
        ),
        ("not", name.clone(), "This condition does not hold.".to_owned(), None),
    ];
    for filter in &ty.filters {
        let input = match filter.kind {
            FilterKind::Id(_) => "IdFilter".to_owned(),
            FilterKind::Text(_) => "TextFilter".to_owned(),
            FilterKind::FuzzyDate { .. } => "DateFilter".to_owned(),
            FilterKind::Day { .. } => "DayFilter".to_owned(),
            FilterKind::Enumeration(column) => enumeration_filter(registry, column.scalar),
        };
        fields.push((filter.name, input, filter.doc.to_owned(), None));
    }
    filter_inputs(registry);
    input_object(registry, &name, format!("A filter of {}. All given fields must match.", ty.name), fields);
    name
}

fn enumeration_filter(registry: &mut Registry, kind: Scalar) -> String {
    let value = scalar(registry, kind);
    let name = format!("{value}Filter");
    if !registry.types.contains_key(&name) {
        input_object(
            registry,
            &name,
            format!("A filter by {value}."),
            vec![
                ("equals", value.clone(), "Equal to this value.".to_owned(), None),
                ("in", format!("[{value}!]"), "One of these values, at most 1,000.".to_owned(), None),
            ],
        );
    }
    name
}

/// Registers the filters that several types share.
fn filter_inputs(registry: &mut Registry) {
    if registry.types.contains_key("IdFilter") {
        return;
    }
    scalar(registry, Scalar::Date);
    let entry = |name, ty: &str, doc: &str| (name, ty.to_owned(), doc.to_owned(), None);
    input_object(
        registry,
        "IdFilter",
        "A filter by id. The id of a record that was merged away means its survivor.".to_owned(),
        vec![entry("equals", "ID", "Equal to this id."), entry("in", "[ID!]", "One of these ids, at most 1,000.")],
    );
    input_object(
        registry,
        "TextFilter",
        "A filter by text, to the letter. A text that is written in another form of Unicode is the same text."
            .to_owned(),
        vec![
            entry("equals", "String", "Equal to this text."),
            entry("in", "[String!]", "One of these texts, at most 1,000."),
            entry("isNull", "Boolean", "Whether the value is absent."),
        ],
    );
    input_object(
        registry,
        "DateRange",
        "A range of days, both ends included. An absent end is open.".to_owned(),
        vec![entry("from", "Date", "The first day."), entry("to", "Date", "The last day.")],
    );
    input_object(
        registry,
        "DateFilter",
        "A filter by a date that may be imprecise. A date has an earliest and a latest day, each of which may be open or unknown. \
         `2015-02` overlaps 10 to 12 February 2015 but is not within it. `2011/..` overlaps every range that ends in 2011 or \
         later and is within none. `../..` overlaps every range. The qualifiers `~`, `?` and `%` change neither filter: `2015-02-23~` is \
         within 23 February 2015. `isApproximate` and `isUncertain` leave such dates out. A record without a date matches `isNull: true` \
         only."
            .to_owned(),
        vec![
            entry(
                "overlaps",
                "DateRange",
                "The date may be in the range: some day from its earliest to its latest day is. `{}` matches every date.",
            ),
            entry(
                "within",
                "DateRange",
                "The earliest and the latest day of the date are known, and both are in the range. An approximate or uncertain date counts \
                 as if it were exact. `{}` matches every date with both days.",
            ),
            entry("isNull", "Boolean", "Whether the date is absent."),
            entry("isApproximate", "Boolean", "Whether the date is approximate (`~` or `%` in EDTF), as its field `isApproximate` says."),
            entry("isUncertain", "Boolean", "Whether the date is uncertain (`?` or `%` in EDTF), as its field `isUncertain` says."),
        ],
    );
    input_object(
        registry,
        "DayFilter",
        "A filter by a day. Both ends of the range are included, and an absent end is open. With `from` or `to`, a record without a day \
         does not match. `{}` filters nothing: it matches records without a day, too."
            .to_owned(),
        vec![
            entry("from", "Date", "The first day."),
            entry("to", "Date", "The last day."),
            entry("isNull", "Boolean", "Whether the day is absent."),
        ],
    );
}

pub(super) fn order_input(registry: &mut Registry, ty: &'static Type) -> String {
    let (name, field) = (format!("{}Order", ty.name), format!("{}OrderField", ty.name));
    if registry.types.contains_key(&name) {
        return name;
    }
    let mut values: Vec<(&str, &str)> = ty.orders.iter().map(|o| (o.name, o.doc)).collect();
    values.push(("ID", "By id. Ids of new records ascend with the time of creation."));
    let doc = format!("The fields by which a list of {} can be sorted.", ty.name);
    enumeration(registry, &field, &doc, &values);
    scalar(registry, Scalar::Enumeration(Enumeration::of::<entity::vocabulary::Direction>()));
    input_object(
        registry,
        &name,
        format!("A sort criterion of a list of {}.", ty.name),
        vec![
            ("field", format!("{field}!"), "The field to sort by.".to_owned(), None),
            ("direction", "Direction".to_owned(), "The direction.".to_owned(), Some("ASC")),
        ],
    );
    name
}
