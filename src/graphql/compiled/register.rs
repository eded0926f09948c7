//! Declarations -> the types of the GraphQL schema. Output types, their filters and their orders are registered by hand;
//! everything else in the schema is an ordinary derive.

use super::paging;
use crate::store::read::declare::{
    Argument, Enumeration, Field, FilterMeaning, Interface, Meaning, Scalar, Type, argument,
};
use async_graphql::{
    Value,
    indexmap::{IndexMap, IndexSet},
    registry::{
        EnumBuilder, InputObjectBuilder, MetaEnumValue, MetaField, MetaInputValue, MetaType, ObjectBuilder, Registry,
    },
};
use std::sync::Arc;

/// Registers an object type with all that it leads to; gives its name.
pub fn object(registry: &mut Registry, ty: &'static Type) -> String {
    if registry.types.contains_key(ty.name) {
        return ty.name.to_owned();
    }
    // first a placeholder: declarations form circles
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

/// Registers an interface and every type that implements it; gives its name.
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
    let built: IndexMap<_, _> = (declared.fields)()
        .iter()
        .map(|field| (field.name.to_owned(), meta_field(registry, field)))
        .collect();
    if let Some(MetaType::Interface { fields, .. }) = registry.types.get_mut(declared.name) {
        *fields = built;
    }
    for ty in (declared.types)() {
        object(registry, ty);
    }
    declared.name.to_owned()
}

fn meta_field(registry: &mut Registry, field: &Field) -> MetaField {
    let mut arguments: Vec<MetaInputValue> = field.args.iter().map(|a| meta_argument(registry, a)).collect();
    let or_null = |name: &str, nullable: bool| format!("{name}{}", if nullable { "" } else { "!" });
    let ty = match &field.means {
        Meaning::Column(column) | Meaning::Record(column) => or_null(&scalar(registry, column.scalar), column.nullable),
        Meaning::Made { scalar: kind, nullable, .. } => or_null(&scalar(registry, *kind), *nullable),
        Meaning::Computed { ty, scalar: kind, .. } => {
            scalar(registry, *kind);
            (*ty).to_owned()
        }
        Meaning::Embedded { target, .. } | Meaning::Row { target, .. } => object(registry, target()),
        Meaning::One { target, key } => or_null(&object(registry, target()), key.nullable),
        Meaning::Any { family, key, first, .. } => {
            if let Some((_, target)) = first {
                object(registry, target());
            }
            or_null(&interface(registry, family()), key.nullable)
        }
        Meaning::Values { scalar: kind, .. } => format!("[{}!]!", scalar(registry, *kind)),
        Meaning::List { target, limit, .. } => {
            if let Some(default) = limit {
                let first = argument("first", Scalar::Int, "At most so many: 1 to 100.").default(default);
                arguments.push(meta_argument(registry, &first));
            }
            format!("[{}!]!", object(registry, target()))
        }
        Meaning::Connection { target, open, .. } => {
            arguments.extend(connection_arguments(registry, target(), *open));
            format!("{}!", connection(registry, target()))
        }
    };
    let mut meta = MetaField::new(field.name, ty);
    meta.description = Some(field.doc.to_owned());
    meta.args = arguments.into_iter().map(|a| (a.name.clone(), a)).collect();
    meta
}

/// The arguments of a root connection, or of a nested one.
fn connection_arguments(registry: &mut Registry, ty: &'static Type, open: bool) -> Vec<MetaInputValue> {
    let mut arguments = vec![];
    if open {
        let mut only = MetaInputValue::new("where", where_input(registry, ty));
        only.description = Some("Only those for which all of this holds.".to_owned());
        let mut order = MetaInputValue::new("orderBy", format!("[{}!]", order_input(registry, ty)));
        order.description = Some(format!(
            "In this order; ties are broken by what comes next in the list, at last by id. By default {}.",
            default_order(ty)
        ));
        arguments.extend([only, order]);
    }
    arguments.extend(paging().iter().map(|a| meta_argument(registry, a)));
    arguments
}

fn default_order(ty: &Type) -> String {
    let is_default = |keys: &[crate::store::read::declare::Key]| keys == ty.default_order;
    let named = ty.orders.iter().find_map(|o| {
        is_default(&o.ascending).then(|| format!("{} ASC", o.name)).or_else(|| is_default(&o.descending).then(|| format!("{} DESC", o.name)))
    });
    named.unwrap_or_else(|| "ID ASC".to_owned())
}

/// The arguments of a root field that gives a connection.
pub fn root_arguments(registry: &mut Registry, ty: &'static Type) -> (String, Vec<MetaInputValue>) {
    object(registry, ty);
    let arguments = connection_arguments(registry, ty, true);
    (format!("{}!", connection(registry, ty)), arguments)
}

fn meta_argument(registry: &mut Registry, declared: &Argument) -> MetaInputValue {
    scalar(registry, declared.scalar);
    let mut meta = MetaInputValue::new(declared.name, declared.graphql_type());
    meta.description = Some(declared.doc.to_owned());
    meta.default_value = declared.default.map(str::to_owned);
    meta
}

fn plain_object(registry: &mut Registry, name: &str, doc: String, fields: &[(&str, String, &str)]) {
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

fn connection(registry: &mut Registry, ty: &'static Type) -> String {
    let (edge, connection) = (format!("{}Edge", ty.name), format!("{}Connection", ty.name));
    if registry.types.contains_key(&connection) {
        return connection;
    }
    object(registry, ty);
    plain_object(registry, "PageInfo", "Where a page stands in its list.".to_owned(), &[
        ("hasNextPage", "Boolean!".to_owned(), "Whether more follow behind the page."),
        ("hasPreviousPage", "Boolean!".to_owned(), "Whether others stand before the page."),
        ("startCursor", "String".to_owned(), "The cursor of the first edge; null on an empty page."),
        ("endCursor", "String".to_owned(), "The cursor of the last edge; null on an empty page."),
    ]);
    let node = format!("{}!", ty.name);
    let mut fields = vec![
        ("cursor", "String!".to_owned(), "The edge's place in its list: opaque, for `after` and `before`."),
        ("node", node, "What stands there."),
    ];
    for told in &ty.edge {
        scalar(registry, told.scalar);
        fields.push((told.name, told.ty.clone(), told.doc));
    }
    plain_object(registry, &edge, format!("One {} of a list, with what the list knows of it.", ty.name), &fields);
    plain_object(registry, &connection, format!("A page of a list of {}.", ty.name), &[
        ("edges", format!("[{edge}!]!"), "The page's entries with their cursors."),
        ("nodes", format!("[{}!]!", ty.name), "The same entries, plain."),
        ("pageInfo", "PageInfo!".to_owned(), "Where the page stands in its list."),
        ("totalCount", "Int!".to_owned(), "How many there are on all pages; counted only when it is asked for."),
    ]);
    connection
}

// ---- inputs

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

fn where_input(registry: &mut Registry, ty: &'static Type) -> String {
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
        input_object(registry, &name, format!("Narrows by {value}."), vec![
            ("equals", value.clone(), "Exactly this.".to_owned(), None),
            ("in", format!("[{value}!]"), "One of these.".to_owned(), None),
        ]);
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
    input_object(registry, "IdFilter", "Narrows by id.".to_owned(), vec![
        entry("equals", "ID", "Exactly this one."),
        entry("in", "[ID!]", "One of these, at most 1,000."),
    ]);
    input_object(registry, "TextFilter", "Narrows by text, to the letter.".to_owned(), vec![
        entry("equals", "String", "Exactly this text."),
        entry("in", "[String!]", "One of these texts, at most 1,000."),
        entry("isNull", "Boolean", "Whether there is none at all."),
    ]);
    input_object(registry, "DateRange", "Days from one to another, both included; open where absent.".to_owned(), vec![
        entry("from", "Date", "Not before this day."),
        entry("to", "Date", "Not after this day."),
    ]);
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

fn order_input(registry: &mut Registry, ty: &'static Type) -> String {
    let (name, field) = (format!("{}Order", ty.name), format!("{}OrderField", ty.name));
    if registry.types.contains_key(&name) {
        return name;
    }
    let mut values: Vec<(&str, &str)> = ty.orders.iter().map(|o| (o.name, o.doc)).collect();
    values.push(("ID", "By id: for new records, the time of their making."));
    let doc = format!("What lists of {} can be ordered by.", ty.name);
    enumeration(registry, &field, &doc, &values);
    scalar(registry, Scalar::Enumeration(Enumeration::of::<entity::vocabulary::Direction>()));
    input_object(registry, &name, format!("One criterion of an order of {}.", ty.name), vec![
        ("field", format!("{field}!"), "By what.".to_owned(), None),
        ("direction", "Direction".to_owned(), "Which way.".to_owned(), Some("ASC")),
    ]);
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
fn scalar(registry: &mut Registry, kind: Scalar) -> String {
    let name = kind.name().to_owned();
    if let Scalar::Enumeration(e) = kind {
        enumeration(registry, e.name, e.doc, e.values);
    } else {
        scalars(registry);
    }
    name
}

/// Registers the service's own scalars.
pub fn scalars(registry: &mut Registry) {
    let text = |valid: fn(&str) -> bool| {
        Arc::new(move |value: &Value| matches!(value, Value::String(text) if valid(text))) as Arc<dyn Fn(&Value) -> bool + Send + Sync>
    };
    let all: [(&str, &str, &str, Arc<dyn Fn(&Value) -> bool + Send + Sync>); 6] = [
        (
            "Date",
            "A day of the Gregorian calendar, `2015-02-24` (RFC 3339, full-date). Years 0000 to 9999.",
            "https://www.rfc-editor.org/rfc/rfc3339",
            text(|t| t.len() == 10 && t.parse::<chrono::NaiveDate>().is_ok()),
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
