//! Registers the input types of declarations: filters and orders.

use super::{
    condition::{MAX_COMPARISONS, MAX_DEPTH},
    date_condition::FUZZY_DATE,
    operator::{self, Operator, Takes, filter_input, of_value},
    scalar::{enumeration, scalar},
};
use crate::store::read::declare::{Enumeration, Filter, FilterKind, ManyFilter, Scalar, Type};
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

/// A field of an input object: its name, type and description.
type InputField = (&'static str, String, String, Option<&'static str>);

fn entry(name: &'static str, ty: impl Into<String>, doc: impl Into<String>) -> InputField {
    (name, ty.into(), doc.into(), None)
}

pub(super) fn where_input(registry: &mut Registry, ty: &'static Type) -> String {
    let name = ty.where_name();
    if registry.types.contains_key(&name) {
        return name;
    }
    // a placeholder first, because filters refer to one another
    input_object(registry, &name, String::new(), vec![]);
    let mut fields = vec![];
    if ty.combines {
        fields.extend([
            entry("and", format!("[{name}!]"), "All of these conditions hold. An empty list always matches."),
            entry("or", format!("[{name}!]"), "At least one of these conditions holds. An empty list never matches."),
            entry("not", name.clone(), "This condition does not hold. `not: {}` never matches."),
        ]);
    }
    for filter in &ty.filters {
        fields.push(filter_field(registry, filter));
    }
    let doc = format!(
        "A filter of {}. All given fields must match; `{{}}` and null match everything. At most {MAX_DEPTH} levels deep, with at most \
         {MAX_COMPARISONS} comparisons.",
        ty.name
    );
    input_object(registry, &name, doc, fields);
    name
}

fn filter_field(registry: &mut Registry, filter: &'static Filter) -> InputField {
    let input = match &filter.kind {
        FilterKind::Text(_) => value_filter(registry, Scalar::Text),
        FilterKind::Value(_, scalar) => value_filter(registry, *scalar),
        FilterKind::Record(_) => value_filter(registry, Scalar::Id),
        FilterKind::FuzzyDate(_) => date_filter(registry),
        FilterKind::Day { .. } => day_filter(registry),
        FilterKind::Many(many) => many_filter(registry, many),
        FilterKind::One { target, nullable, .. } => one_filter(registry, target(), *nullable),
        FilterKind::Where { target, .. }
        | FilterKind::WhereOfType { target, .. }
        | FilterKind::Entity { filters: target, .. } => where_input(registry, target()),
        FilterKind::Records(_) => "[ID!]".to_owned(),
        FilterKind::Values(values, _) => format!("[{}!]", scalar(registry, Scalar::Enumeration(*values))),
        FilterKind::Search(_) => scalar(registry, Scalar::Text),
        FilterKind::OnDay(_) => scalar(registry, Scalar::Date),
        FilterKind::Near => near_filter(registry),
        FilterKind::Box => box_filter(registry),
    };
    entry(filter.name, input, filter.doc)
}

/// Registers an input type, unless it is known; returns its name.
fn known_input(
    registry: &mut Registry,
    name: &str,
    doc: impl Into<String>,
    fields: impl FnOnce(&mut Registry) -> Vec<InputField>,
) -> String {
    if !registry.types.contains_key(name) {
        input_object(registry, name, String::new(), vec![]);
        let fields = fields(registry);
        input_object(registry, name, doc.into(), fields);
    }
    name.to_owned()
}

/// The fields for operators, whose values have this type.
fn operator_fields<M>(operators: &'static [Operator<M>], value: &str) -> Vec<InputField> {
    let field = |operator: &'static Operator<M>| {
        let ty = match operator.takes {
            Takes::One => value.to_owned(),
            Takes::List => format!("[{value}!]"),
            Takes::Boolean => "Boolean".to_owned(),
            Takes::DateRange => "DateRange".to_owned(),
        };
        entry(operator.name, ty, operator.doc)
    };
    operators.iter().map(field).collect()
}

/// The filter of a scalar or an enumeration, with its operators.
fn value_filter(registry: &mut Registry, kind: Scalar) -> String {
    let value = scalar(registry, kind);
    if let Scalar::Enumeration(e) = kind {
        let name = format!("{}Filter", e.name);
        let doc = format!("A filter by {}. All given conditions must hold.", e.name);
        return known_input(registry, &name, doc, |_| operator_fields(&operator::SET, &value));
    }
    let input = filter_input(kind);
    known_input(registry, input.name, input.doc, |_| match kind {
        Scalar::Id => operator_fields(&operator::SET, &value),
        Scalar::Text => operator_fields(&operator::TEXT, &value),
        _ => operator_fields(of_value(kind), &value),
    })
}

fn many_filter(registry: &mut Registry, many: &'static ManyFilter) -> String {
    let target = (many.target)();
    let doc =
        format!("A filter by a list of {}. All conditions beside `none` must hold for the same item.", target.name);
    known_input(registry, many.input, doc, |registry| {
        let input = where_input(registry, target);
        let mut fields = vec![
            entry("some", input.clone(), "At least one item matches. `{}`: there is one."),
            entry("none", input, "No item matches. `{}`: there is none."),
        ];
        let lifted = target.filters.iter().filter(|filter| many.lifted.contains(&filter.name));
        for filter in lifted.chain(&many.of_link).chain(&many.of_row) {
            fields.push(filter_field(registry, filter));
        }
        fields
    })
}

fn one_filter(registry: &mut Registry, target: &'static Type, nullable: bool) -> String {
    let name = format!("{}ReferenceFilter", target.name);
    known_input(registry, &name, format!("A filter by one record of the type {}.", target.name), |registry| {
        let mut fields =
            vec![entry("is", where_input(registry, target), "There is a record, and it matches. `{}`: there is one.")];
        if nullable {
            fields.push(entry("isNull", "Boolean", "Whether the record is absent. A record in the bin is absent."));
        }
        fields
    })
}

fn date_range(registry: &mut Registry) {
    scalar(registry, Scalar::Date);
    known_input(
        registry,
        "DateRange",
        "A range of days, both ends included. An absent end is open. A range that ends before it begins contains no day.",
        |_| vec![entry("from", "Date", "The first day."), entry("to", "Date", "The last day.")],
    );
}

fn date_filter(registry: &mut Registry) -> String {
    date_range(registry);
    known_input(
        registry,
        "DateFilter",
        "A filter by a date that may be imprecise. A date has an earliest and a latest day, each of which may be open or unknown. \
         `2015-02` overlaps 10 to 12 February 2015 but is not within it. `2011/..` overlaps every range that ends in 2011 or \
         later and is within none. `../..` overlaps every range. The qualifiers `~`, `?` and `%` change neither filter: `2015-02-23~` is \
         within 23 February 2015. `isApproximate` and `isUncertain` leave such dates out. A record without a date matches `isNull: true` \
         only.",
        |_| operator_fields(&FUZZY_DATE, "Date"),
    )
}

fn day_filter(registry: &mut Registry) -> String {
    scalar(registry, Scalar::Date);
    known_input(
        registry,
        "DayFilter",
        "A filter by a day. Both ends of the range are included, and an absent end is open. With `from` or `to`, a record without a day \
         does not match. `{}` filters nothing: it matches records without a day, too.",
        |_| {
            vec![
                entry("from", "Date", "The first day."),
                entry("to", "Date", "The last day."),
                entry("isNull", "Boolean", "Whether the day is absent."),
            ]
        },
    )
}

fn near_filter(registry: &mut Registry) -> String {
    scalar(registry, Scalar::Float);
    known_input(
        registry,
        "NearFilter",
        "The points within a distance of a point, along the surface of the Earth. A place without coordinates does not match.",
        |_| {
            vec![
                entry("latitude", "Float!", "Latitude of the point in degrees, -90 to 90."),
                entry("longitude", "Float!", "Longitude of the point in degrees, -180 to 180."),
                entry(
                    "radiusKm",
                    "Float!",
                    "The greatest distance in kilometres, 0 or more. 0 matches the point only. No point of the Earth is farther away than \
                     20,016 km.",
                ),
            ]
        },
    )
}

fn box_filter(registry: &mut Registry) -> String {
    scalar(registry, Scalar::Float);
    known_input(
        registry,
        "BoxFilter",
        "The points in a box of degrees, its edges included. The longitudes -180 and 180 are the same line. A place without coordinates does \
         not match. A box without area matches the points on its line or corner.",
        |_| {
            vec![
                entry("south", "Float!", "The least latitude, -90 to 90."),
                entry(
                    "west",
                    "Float!",
                    "The least longitude, -180 to 180. Greater than `east` in a box that crosses the date line.",
                ),
                entry("north", "Float!", "The greatest latitude, -90 to 90; not less than `south`."),
                entry("east", "Float!", "The greatest longitude, -180 to 180."),
            ]
        },
    )
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
