//! Declarations -> the input types of the schema: filters, orders and enumerations.

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
        ("and", format!("[{name}!]"), "All of these hold.".to_owned(), None),
        ("or", format!("[{name}!]"), "At least one of these holds; an empty list never does.".to_owned(), None),
        ("not", name.clone(), "This does not hold.".to_owned(), None),
    ];
    for filter in &ty.filters {
        let input = match filter.kind {
            FilterKind::Id(_) => "IdFilter".to_owned(),
            FilterKind::Text(_) => "TextFilter".to_owned(),
            FilterKind::FuzzyDate { .. } => "DateFilter".to_owned(),
            FilterKind::Day(_) => "DateRange".to_owned(),
            FilterKind::Enumeration(column) => enumeration_filter(registry, column.scalar),
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
