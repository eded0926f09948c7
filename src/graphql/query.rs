//! The query root. Each field is compiled into one SQL statement.

mod plan;

use super::{
    ANY_RECORD, ARTICLE, CITATION, ENTITY, EVENT, MENTION, NODE, ORGANIZATION, PERSON, PLACE, RECORD, RELATION,
    REVISION,
    bin::BIN,
    compiled::{self, RequestProblem, Selection},
    error::Code,
    path,
    request::{RootFields, languages},
    revision::CHANGE,
    root_field::{self, failed_read},
    search::{self, SearchPlan},
    suggest,
    viewer::{self, Role, VIEWER, demand},
};
use crate::{
    store::read::{
        ReadResult,
        cost::Cost,
        declare::{Enumeration, Scalar, Type, argument},
        path::{PATH_SEARCH_COST, PathPlan},
        plan::RootPlan,
    },
    text::article::with_article,
};
use async_graphql::{
    Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::Field as Selected,
    registry::{MetaField, MetaInputValue, MetaTypeId, ObjectBuilder, Registry},
    resolver_utils::{ContainerType, resolve_container},
};
use entity::vocabulary::{RecordKind, RecordType};
use std::{borrow::Cow, sync::Arc};

const ID_OR_KEY: &str = "An id, or the key of a record.";

/// The query root.
pub struct Query;

enum RootField {
    One(fn() -> &'static Type),
    List(fn() -> &'static Type),
    Node,
    Nodes,
    Record,
    Changes,
    Bin,
    DeletedRelations,
    Paths,
    PathSearch,
    Search,
    Suggest,
    Viewer,
}

/// The plan of a root field.
pub(super) enum QueryPlan {
    Read(Box<RootPlan>),
    Paths(Arc<PathPlan>),
    Search(Box<SearchPlan>),
}

impl root_field::Plan for QueryPlan {
    fn reads(&self) -> Vec<&RootPlan> {
        match self {
            Self::Read(plan) => vec![&**plan],
            Self::Paths(plan) => plan.objects.iter().map(|(_, object)| object).collect(),
            Self::Search(search) => search.reads(),
        }
    }
    fn other_cost(&self) -> Cost {
        match self {
            Self::Read(_) => Cost::default(),
            Self::Paths(_) => Cost::of_work(PATH_SEARCH_COST),
            Self::Search(search) => search.other_cost(),
        }
    }
}

const FIELDS: [(&str, RootField, &str); 25] = [
    (
        "node",
        RootField::Node,
        "The object with this id or key; null where it is unknown. That of a merged record gives the record that it was merged into.",
    ),
    (
        "nodes",
        RootField::Nodes,
        "The objects with these ids or keys, in their order; null where one is unknown. At most 100.",
    ),
    (
        "record",
        RootField::Record,
        "The record with this key, this address in another database, or this article address; null where there is none. Give exactly one argument.",
    ),
    ("article", RootField::One(|| &ARTICLE), "The article with this id or key; null where there is none."),
    ("place", RootField::One(|| &PLACE), "The place with this id or key; null where there is none."),
    (
        "organization",
        RootField::One(|| &ORGANIZATION),
        "The organization with this id or key; null where there is none.",
    ),
    ("person", RootField::One(|| &PERSON), "The person with this id or key; null where there is none."),
    ("event", RootField::One(|| &EVENT), "The event with this id or key; null where there is none."),
    ("relation", RootField::One(|| &RELATION), "The relation with this id or key; null where there is none."),
    ("articles", RootField::List(|| &ARTICLE), "All articles. Default order: newest first."),
    ("places", RootField::List(|| &PLACE), "All places. Default order: by name."),
    ("organizations", RootField::List(|| &ORGANIZATION), "All organizations. Default order: by name."),
    ("people", RootField::List(|| &PERSON), "All people. Default order: by name."),
    ("events", RootField::List(|| &EVENT), "All events. Default order: by date."),
    ("relations", RootField::List(|| &RELATION), "All relations, by id."),
    (
        "citations",
        RootField::List(|| &CITATION),
        "All citations, by id: `where: { anchor: { equals: ORPHANED } }` gives those that wait for an editor.",
    ),
    ("mentions", RootField::List(|| &MENTION), "All mentions, by id."),
    (
        "paths",
        RootField::Paths,
        "The shortest paths from one entity to another, shortest first, those of one length by the ids of their entities. A path leads along \
         relations, participations, and from events to the places where they happened, in either direction. Empty where there is none, or one of the \
         entities is unknown. Entities with very many links are not searched from: `pathSearch` tells which.",
    ),
    ("pathSearch", RootField::PathSearch, "The same paths, with what was not looked at."),
    ("viewer", RootField::Viewer, "The name and role of the token that was sent with the request."),
    ("search", RootField::Search, search::DESCRIPTION),
    ("suggest", RootField::Suggest, suggest::DESCRIPTION),
    (
        "changes",
        RootField::Changes,
        "All changes of all records in the order in which they were made, oldest first. New changes are always added at the end: a client \
         that continues after its last cursor misses nothing and sees nothing twice.",
    ),
    (
        "bin",
        RootField::Bin,
        "The deleted records without relations, most recently deleted first. `restoreRecord` restores them. Needs the role EDITOR.",
    ),
    (
        "deletedRelations",
        RootField::DeletedRelations,
        "The deleted relations, most recently deleted first. `restoreRecord` restores them. A relation of an entity in the bin \
         appears when that entity is restored. Needs the role EDITOR.",
    ),
];

fn root_field(name: &str) -> Option<&'static RootField> {
    FIELDS.iter().find(|(field, ..)| *field == name).map(|(_, field_kind, _)| field_kind)
}

/// The field that lists all records of a type.
pub(super) fn list_of(ty: &Type) -> Option<&'static str> {
    let is_it = |field: &RootField| matches!(field, RootField::List(of) if of().name == ty.name);
    FIELDS.iter().find(|(_, field, _)| is_it(field)).map(|(name, ..)| *name)
}

// ---- schema

fn meta(registry: &mut Registry, name: &str, field_kind: &RootField, doc: &str) -> MetaField {
    let argument = |name: &str, ty: &str, doc: &str| {
        let mut meta = MetaInputValue::new(name, ty);
        meta.description = Some(doc.to_owned());
        meta
    };
    let (ty, arguments) = match field_kind {
        RootField::One(ty) => (compiled::object(registry, ty()), vec![argument("id", "ID!", ID_OR_KEY)]),
        RootField::List(ty) => compiled::root_arguments(registry, ty()),
        RootField::Search => search::declare(registry),
        RootField::Changes => {
            let kinds = Enumeration::of::<RecordKind>();
            connection_of_types(registry, (&REVISION, &CHANGE), kinds, "Only changes of records of these types.")
        }
        RootField::Bin => {
            let types = Enumeration::of::<RecordType>();
            connection_of_types(registry, (&ANY_RECORD, &BIN), types, "Only records of these types.")
        }
        RootField::DeletedRelations => {
            let paging =
                compiled::paging().iter().map(|argument| compiled::meta_argument(registry, argument)).collect();
            (format!("{}!", compiled::connection(registry, &RELATION)), paging)
        }
        RootField::Paths => (path::paths_type(registry), path::arguments()),
        RootField::PathSearch => (path::path_search_type(registry), path::arguments()),
        RootField::Node => (compiled::interface(registry, &NODE), vec![argument("id", "ID!", ID_OR_KEY)]),
        RootField::Nodes => (
            format!("[{}]!", compiled::interface(registry, &NODE)),
            vec![argument("ids", "[ID!]!", "Ids or keys, at most 100.")],
        ),
        RootField::Record => (
            compiled::interface(registry, &RECORD),
            vec![
                argument("key", "String", "The key of the record."),
                argument("sameAs", "Url", "An address in another database, as in the field `sameAs`."),
                argument("url", "Url", "The address of an article."),
            ],
        ),
        RootField::Suggest => suggest::declare(registry),
        RootField::Viewer => (format!("{}!", compiled::object(registry, &VIEWER)), vec![]),
    };
    let mut meta = MetaField::new(name, ty);
    meta.description = Some(doc.to_owned());
    meta.args = arguments.into_iter().map(|a| (a.name.clone(), a)).collect();
    meta
}

/// A connection with a fixed order and a filter by record types.
fn connection_of_types(
    registry: &mut Registry,
    (ty, filters): (&'static Type, &'static Type),
    types: Enumeration,
    of_types: &'static str,
) -> (String, Vec<MetaInputValue>) {
    let types = argument("types", Scalar::Enumeration(types), of_types).list();
    let arguments = std::iter::once(types).chain(compiled::paging());
    let mut arguments: Vec<_> = arguments.map(|argument| compiled::meta_argument(registry, &argument)).collect();
    arguments.insert(0, compiled::where_argument(registry, filters));
    (format!("{}!", compiled::connection(registry, ty)), arguments)
}

impl OutputType for Query {
    fn type_name() -> Cow<'static, str> {
        "Query".into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Object, |registry| {
            compiled::scalars(registry);
            compiled::interface(registry, &ENTITY);
            let fields: IndexMap<_, _> = FIELDS
                .iter()
                .map(|(name, field_kind, doc)| ((*name).to_owned(), meta(registry, name, field_kind, doc)))
                .collect();
            ObjectBuilder::new("Query", fields)
                .description(Some("All queries.".to_owned()))
                .rust_typename(std::any::type_name::<Self>())
                .build()
        })
    }
    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Selected>) -> ServerResult<Value> {
        resolve_container(ctx, self).await
    }
}

impl ObjectType for Query {}

// ---- execution

impl ContainerType for Query {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let Some(field_kind) = root_field(ctx.item.node.name.node.as_str()) else {
            return Ok(None);
        };
        if let RootField::Viewer = field_kind {
            return viewer::answer(ctx, &Selection::new(ctx, languages(ctx))).map(Some);
        }
        // `document` turns an error of a nullable field into null
        root_field::resolve(ctx, "Query", plan_field, async |roots, plan| read(ctx, roots, plan).await).await
    }
}

/// The plan of a root field; `None` where it needs none.
fn plan_field(ctx: &Context<'_>) -> ServerResult<Option<QueryPlan>> {
    let Some(field_kind) = root_field(ctx.item.node.name.node.as_str()) else {
        return Ok(None);
    };
    if matches!(field_kind, RootField::Bin | RootField::DeletedRelations) {
        demand(ctx, Role::Editor).map_err(|error| ctx.set_error_path(error.into_server_error(ctx.item.pos)))?;
    }
    plan::plan(ctx, field_kind, &mut Selection::new(ctx, languages(ctx))).map_err(RequestProblem::into_error)
}

async fn read(ctx: &Context<'_>, roots: &mut RootFields, plan: QueryPlan) -> ServerResult<Value> {
    let result = match plan {
        QueryPlan::Read(mut root) => match roots.read(ctx, &mut root).await {
            Ok(ReadResult::WrongKind(kind)) => {
                let error = Code::BadUserInput.error(wrong_kind(&root, &kind));
                return Err(ctx.set_error_path(error.into_server_error(ctx.item.pos)));
            }
            result => result,
        },
        QueryPlan::Paths(paths) => roots.find_paths(ctx, paths).await,
        QueryPlan::Search(search) => search::answer(ctx, roots, *search).await,
    };
    match result {
        Ok(ReadResult::Json(text)) => Ok(Value::Binary(text.into_bytes().into())),
        Ok(ReadResult::Nothing | ReadResult::WrongKind(_)) => Ok(Value::Null),
        Err(error) => Err(failed_read(ctx, error)),
    }
}

fn wrong_kind(plan: &RootPlan, kind: &str) -> String {
    let RootPlan::One { reference, object, .. } = plan else { return String::new() };
    let found = (NODE.types)().into_iter().find(|ty| ty.kind == Some(kind) || ty.name == kind);
    let found = found.map_or("record", |ty| ty.name);
    format!("{reference} is {}, not {}.", with_article(found), with_article(object.ty.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::of_kind;
    use entity::vocabulary::Vocabulary as _;

    #[test]
    fn every_record_type_has_a_field_for_one_and_a_field_for_all() {
        for kind in RecordType::ALL {
            let of_this_kind = |ty: &fn() -> &'static Type| ty().kind == Some(kind.as_str());
            let has = |is_meant: &dyn Fn(&RootField) -> bool| FIELDS.iter().any(|(_, field, _)| is_meant(field));
            assert!(has(&|field| matches!(field, RootField::One(ty) if of_this_kind(ty))), "one {kind}");
            assert!(has(&|field| matches!(field, RootField::List(ty) if of_this_kind(ty))), "all {kind}");
        }
    }

    #[test]
    fn every_field_of_a_kind_of_record_can_be_read() {
        for kind in RecordKind::ALL {
            let ty = of_kind(*kind).1();
            let fields = crate::domain::kind::of_kind(*kind).all_fields().map(|field| field.name);
            let unread: Vec<_> = fields.filter(|name| ty.field(name).is_none()).collect();
            // The survivor stands for a merged record. Languages and descriptions have fields with arguments.
            let expected: &[&str] = match kind {
                RecordKind::Article => &["type", "mergedInto"],
                RecordKind::Relation => &["type", "mergedIds", "mergedInto"],
                _ => &["type", "mergedInto", "language", "descriptions"],
            };
            assert_eq!(unread, expected, "{}", ty.name);
        }
    }

    #[test]
    fn every_kind_of_record_has_a_type_with_the_interfaces_that_list_it() {
        for kind in RecordKind::ALL {
            let ty = of_kind(*kind).1();
            assert_eq!(ty.kind, Some(kind.as_str()));
            for family in [&*NODE, &*RECORD, &*ENTITY] {
                let is_listed = (family.types)().iter().any(|other| other.name == ty.name);
                let is_declared = ty.interfaces.iter().any(|other| other().name == family.name);
                assert_eq!(is_listed, is_declared, "{} and {}", ty.name, family.name);
            }
        }
    }
}
