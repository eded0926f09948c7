//! Registers the output types of declarations in the GraphQL schema.

use super::{
    facet::{DEFAULT_BUCKETS, LABEL},
    input::{order_input, where_input},
    paging,
    scalar::{enumeration, scalar},
};
use crate::{
    graphql::RECORD,
    store::read::declare::{
        ArgumentDeclaration, Enumeration, FieldDeclaration, FieldSource, Interface, Scalar, Type, argument,
    },
};
use async_graphql::{
    indexmap::{IndexMap, IndexSet},
    registry::{MetaField, MetaInputValue, MetaType, ObjectBuilder, Registry},
};
use entity::vocabulary::HistogramInterval;

/// Registers an object type and all types that it refers to; returns its name.
pub fn object(registry: &mut Registry, ty: &'static Type) -> String {
    if let Some(family) = ty.family {
        return interface(registry, family());
    }
    if registry.types.contains_key(ty.name) {
        return ty.name.to_owned();
    }
    // a placeholder first, because declarations refer to one another
    registry.types.insert(ty.name.to_owned(), ObjectBuilder::new(ty.name, IndexMap::new()).build());
    let mut fields = IndexMap::new();
    for field in &ty.fields {
        fields.insert(field.name.to_owned(), meta_field(registry, field));
    }
    for interface_of in &ty.interfaces {
        let found = interface_of();
        interface(registry, found);
        registry.add_implements(ty.name, found.name);
        if let Some(MetaType::Interface { possible_types, .. }) = registry.types.get_mut(found.name) {
            possible_types.insert(ty.name.to_owned());
        }
    }
    let built = ObjectBuilder::new(ty.name, fields).description(Some(ty.doc.to_owned())).build();
    registry.types.insert(ty.name.to_owned(), built);
    ty.name.to_owned()
}

/// Registers an interface and the types that implement it; returns its name.
pub fn interface(registry: &mut Registry, declared: &'static Interface) -> String {
    if registry.types.contains_key(declared.name) {
        return declared.name.to_owned();
    }
    let empty = MetaType::Interface {
        name: declared.name.to_owned(),
        description: Some(declared.doc.to_owned()),
        fields: IndexMap::new(),
        possible_types: IndexSet::new(),
        extends: false,
        keys: None,
        visible: None,
        inaccessible: false,
        tags: vec![],
        rust_typename: None,
        directive_invocations: vec![],
        requires_scopes: vec![],
    };
    registry.types.insert(declared.name.to_owned(), empty);
    for parent in declared.interfaces {
        registry.add_implements(declared.name, parent);
    }
    let built: IndexMap<_, _> =
        (declared.fields)().iter().map(|field| (field.name.to_owned(), meta_field(registry, field))).collect();
    if let Some(MetaType::Interface { fields, .. }) = registry.types.get_mut(declared.name) {
        *fields = built;
    }
    for ty in (declared.types)() {
        object(registry, ty);
    }
    declared.name.to_owned()
}

fn meta_field(registry: &mut Registry, field: &FieldDeclaration) -> MetaField {
    let mut arguments: Vec<MetaInputValue> = field.args.iter().map(|a| meta_argument(registry, a)).collect();
    let or_null = |name: &str, nullable: bool| format!("{name}{}", if nullable { "" } else { "!" });
    let ty = match &field.source {
        FieldSource::Column(column) | FieldSource::Record(column) => {
            or_null(&scalar(registry, column.scalar), column.nullable)
        }
        FieldSource::Expression { scalar: kind, nullable, .. } => or_null(&scalar(registry, *kind), *nullable),
        FieldSource::Computed { ty, scalar: kind, .. } => {
            scalar(registry, *kind);
            (*ty).to_owned()
        }
        FieldSource::Embedded { target, .. } | FieldSource::Row { target, .. } => object(registry, target()),
        FieldSource::One { target, key } => or_null(&object(registry, target()), key.nullable),
        FieldSource::Any { family, key, first, .. } => {
            if let Some((_, target)) = first {
                object(registry, target());
            }
            or_null(&interface(registry, family()), key.nullable)
        }
        FieldSource::Found { family, .. } => interface(registry, family()),
        FieldSource::Values { scalar: kind, .. } => format!("[{}!]!", scalar(registry, *kind)),
        FieldSource::List { target, limit, .. } => {
            if let Some(default) = limit {
                let first = argument("first", Scalar::Int, "The maximum number of items, 0 to 100.").default(default);
                arguments.push(meta_argument(registry, &first));
            }
            format!("[{}!]!", object(registry, target()))
        }
        FieldSource::Connection { target, .. } => {
            arguments.extend(connection_arguments(registry, target()));
            format!("{}!", connection(registry, target()))
        }
    };
    let mut meta = MetaField::new(field.name, ty);
    meta.description = Some(field.doc.to_owned());
    meta.args = arguments.into_iter().map(|a| (a.name.clone(), a)).collect();
    meta
}

/// The argument `where` with the filters of a type.
pub fn where_argument(registry: &mut Registry, ty: &'static Type) -> MetaInputValue {
    let mut only = MetaInputValue::new("where", where_input(registry, ty));
    only.description = Some("Only items that match this filter.".to_owned());
    only
}

/// The arguments of a connection.
fn connection_arguments(registry: &mut Registry, ty: &'static Type) -> Vec<MetaInputValue> {
    let mut arguments = vec![];
    if !ty.filters.is_empty() {
        arguments.push(where_argument(registry, ty));
    }
    if !ty.orders.is_empty() {
        let mut order = MetaInputValue::new("orderBy", format!("[{}!]", order_input(registry, ty)));
        order.description = Some(format!(
            "The sort criteria, the most important first. Ties are sorted by id. Default: {}.",
            default_order(ty)
        ));
        arguments.push(order);
    }
    arguments.extend(paging().iter().map(|a| meta_argument(registry, a)));
    arguments
}

fn default_order(ty: &Type) -> String {
    let is_default = |keys: &[crate::store::read::declare::Key]| keys == ty.default_order;
    let named = ty.orders.iter().find_map(|o| {
        is_default(&o.ascending)
            .then(|| format!("{} ASC", o.name))
            .or_else(|| is_default(&o.descending).then(|| format!("{} DESC", o.name)))
    });
    named.unwrap_or_else(|| "ID ASC".to_owned())
}

/// The arguments of a root field that gives a connection.
pub fn root_arguments(registry: &mut Registry, ty: &'static Type) -> (String, Vec<MetaInputValue>) {
    object(registry, ty);
    let arguments = connection_arguments(registry, ty);
    (format!("{}!", connection(registry, ty)), arguments)
}

/// An argument for the registry.
pub fn meta_argument(registry: &mut Registry, declared: &ArgumentDeclaration) -> MetaInputValue {
    scalar(registry, declared.scalar);
    let mut meta = MetaInputValue::new(declared.name, declared.graphql_type());
    meta.description = Some(declared.doc.to_owned());
    meta.default_value = declared.default.map(str::to_owned);
    meta
}

/// Registers an object type whose fields have no arguments; each with name, type and description.
pub fn plain_object(registry: &mut Registry, name: &str, doc: String, fields: &[(&str, String, &str)]) {
    if registry.types.contains_key(name) {
        return;
    }
    let fields = fields
        .iter()
        .map(|(name, ty, doc)| {
            let mut meta = MetaField::new(*name, ty.clone());
            meta.description = Some((*doc).to_owned());
            ((*name).to_owned(), meta)
        })
        .collect();
    registry.types.insert(name.to_owned(), ObjectBuilder::new(name, fields).description(Some(doc)).build());
}

/// Registers the edge of a type; returns its name.
pub fn edge(registry: &mut Registry, ty: &'static Type) -> String {
    let edge = format!("{}Edge", ty.name);
    let node = format!("{}!", ty.name);
    let mut fields = vec![
        (
            "cursor",
            "String!".to_owned(),
            "The position of the edge in its list, for `after` and `before`. Clients must not interpret it.",
        ),
        ("node", node, "The item."),
    ];
    for field in &ty.edge {
        scalar(registry, field.scalar);
        fields.push((field.name, field.ty.clone(), field.doc));
    }
    plain_object(
        registry,
        &edge,
        format!(
            "An item of a list of {0}, with its cursor and data about its link to the parent. All lists of {0} share this type.",
            ty.name
        ),
        &fields,
    );
    edge
}

/// Registers the connection of a type; returns its name.
pub fn connection(registry: &mut Registry, ty: &'static Type) -> String {
    let connection = format!("{}Connection", ty.name);
    if registry.types.contains_key(&connection) {
        return connection;
    }
    object(registry, ty);
    let edge = edge(registry, ty);
    plain_object(
        registry,
        "PageInfo",
        "Information about a page of a list.".to_owned(),
        &[
            ("hasNextPage", "Boolean!".to_owned(), "Whether the list has items after the page."),
            ("hasPreviousPage", "Boolean!".to_owned(), "Whether the list has items before the page."),
            ("startCursor", "String".to_owned(), "The cursor of the first edge; null on an empty page."),
            ("endCursor", "String".to_owned(), "The cursor of the last edge; null on an empty page."),
        ],
    );
    plain_object(
        registry,
        &connection,
        format!("A page of a list of {}.", ty.name),
        &[
            ("edges", format!("[{edge}!]!"), "The items of the page, with their cursors and link data."),
            ("nodes", format!("[{}!]!", ty.name), "The items of the page."),
            ("pageInfo", "PageInfo!".to_owned(), "Whether there are more items, and the cursors of the page."),
            (
                "totalCount",
                "Int!".to_owned(),
                "The number of items in the whole list. It is counted only where it is selected.",
            ),
        ],
    );
    if !ty.facets.is_empty() {
        let facets = facets(registry, ty);
        add_field(registry, &connection, facets);
    }
    if ty.histogram.is_some() {
        let histogram = histogram(registry);
        add_field(registry, &connection, histogram);
    }
    connection
}

/// The field `facets` of the lists of a type.
fn facets(registry: &mut Registry, ty: &Type) -> MetaField {
    let by = format!("{}Facet", ty.name);
    let values: Vec<_> = ty.facets.iter().map(|facet| (facet.name, facet.doc)).collect();
    enumeration(registry, &by, &format!("What the facets of a list of {} count by.", ty.name), &values);
    let mut names = MetaInputValue::new("by", format!("[{by}!]!"));
    names.description = Some("What to count by, each at most once.".to_owned());
    let first = argument("first", Scalar::Int, "The maximum number of buckets of each facet, 0 to 100.")
        .default(DEFAULT_BUCKETS);
    let mut facets = MetaField::new("facets", format!("[{}!]!", facet_type(registry)));
    facets.description = Some(
        "How often the values of some fields occur in the whole list, in the order of `by`. Each facet leaves out its own filter at the top of \
         `where`, so that several values can be chosen; all other conditions hold. They are counted only where they are selected."
            .to_owned(),
    );
    facets.args = [names, meta_argument(registry, &first)].map(|a| (a.name.clone(), a)).into_iter().collect();
    facets
}

/// Registers the type of facets, of records as of hits of a search; returns its name.
pub fn facet_type(registry: &mut Registry) -> String {
    let record = interface(registry, &RECORD);
    plain_object(
        registry,
        "FacetBucket",
        "A value of a facet.".to_owned(),
        &[
            (
                "value",
                "String!".to_owned(),
                "The id of the record; else the value of the enumeration, the language, the country code or the text.",
            ),
            ("record", record, "The record that the value is; null for other values."),
            ("count", "Int!".to_owned(), "The number of items with the value."),
            (
                "isSelected",
                "Boolean!".to_owned(),
                "Whether the filter that the facet leaves out has the value in `equals` or `in`, or in its list.",
            ),
        ],
    );
    let label = meta_field(registry, &LABEL);
    add_field(registry, "FacetBucket", label);
    plain_object(
        registry,
        "Facet",
        "How often each value of a field occurs in a list.".to_owned(),
        &[
            ("by", "String!".to_owned(), "What the facet counts by: the value of the argument `by`."),
            ("total", "Int!".to_owned(), "The number of different values."),
            ("missing", "Int!".to_owned(), "The number of items without a value."),
            (
                "buckets",
                "[FacetBucket!]!".to_owned(),
                "The most frequent values first; those with equal counts by label, records by their main names as in the order `NAME`.",
            ),
        ],
    );
    "Facet".to_owned()
}

/// The field `histogram`.
fn histogram(registry: &mut Registry) -> MetaField {
    plain_object(
        registry,
        "HistogramBucket",
        "A bar of a histogram.".to_owned(),
        &[
            ("from", "Date!".to_owned(), "The first day."),
            ("to", "Date!".to_owned(), "The last day."),
            (
                "count",
                "Int!".to_owned(),
                "The number of records whose date is in the bar with its earliest and its latest day.",
            ),
            (
                "possibleCount",
                "Int!".to_owned(),
                "The number of records whose date may be in the bar, those of `count` included.",
            ),
        ],
    );
    let interval = Scalar::Enumeration(Enumeration::of::<HistogramInterval>());
    let name = scalar(registry, interval);
    plain_object(
        registry,
        "Histogram",
        "How many records of a list each day, month or other interval has.".to_owned(),
        &[
            (
                "interval",
                format!("{name}!"),
                "The interval of the bars: the one that was chosen for AUTO. AUTO where there are no bars.",
            ),
            (
                "undated",
                "Int!".to_owned(),
                "The number of records without a date, or with one of which nothing is known (`../..`).",
            ),
            (
                "buckets",
                "[HistogramBucket!]!".to_owned(),
                "All bars from the earliest to the latest known day of the list, or over the range of a filter by date at the top of `where`. \
                 Those without records are there as well.",
            ),
        ],
    );
    let interval = argument("interval", interval, "The interval of the bars, of which there are at most 400.")
        .required()
        .default("AUTO");
    let mut histogram = MetaField::new("histogram", "Histogram!");
    histogram.description = Some(
        "How the whole list is spread over time. A date that is open at one end may be in all bars from its known end to the last bar or the \
         first one. It is counted only where it is selected."
            .to_owned(),
    );
    let interval = meta_argument(registry, &interval);
    histogram.args = [(interval.name.clone(), interval)].into_iter().collect();
    histogram
}

fn add_field(registry: &mut Registry, ty: &str, field: MetaField) {
    if let Some(MetaType::Object { fields, .. }) = registry.types.get_mut(ty) {
        fields.insert(field.name.clone(), field);
    }
}
