//! The query root. Each field is compiled into one SQL statement.

use super::{
    ANY_RECORD, ARTICLE, CITATION, DELETED_RELATION, ENTITY, EVENT, MENTION, NODE, ORGANIZATION, PARTICIPATION, PERSON,
    PLACE, RECORD, RELATION, REVISION,
    bin::BIN,
    compiled::{self, List, RequestProblem, Selection, records},
    error::Code,
    request::{RootFields, languages},
    revision::{BY_POSITION, CHANGE, CHANGES},
    root_field::{self, failed_read},
    viewer::{self, Role, VIEWER, demand},
};
use crate::{
    domain::rule,
    store::read::{
        ReadResult,
        declare::{ALL_RECORDS, Enumeration, Link, Scalar, Type, argument, asc},
        filter::{Predicate, Set, Test},
        plan::{RecordLookup, RootPlan},
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
use entity::{
    Reference,
    vocabulary::{RecordKind, RecordType, Vocabulary as _},
};
use serde_json::Value as Json;
use std::borrow::Cow;

/// The maximum number of ids of `nodes`.
const MAX_IDS_PER_CALL: usize = 100;

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
    Viewer,
}

const FIELDS: [(&str, RootField, &str); 21] = [
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
    ("viewer", RootField::Viewer, "The name and role of the token that was sent with the request."),
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
fn plan_field(ctx: &Context<'_>) -> ServerResult<Option<RootPlan>> {
    let Some(field_kind) = root_field(ctx.item.node.name.node.as_str()) else {
        return Ok(None);
    };
    if matches!(field_kind, RootField::Bin | RootField::DeletedRelations) {
        demand(ctx, Role::Editor).map_err(|error| ctx.set_error_path(error.into_server_error(ctx.item.pos)))?;
    }
    plan(ctx, field_kind, &mut Selection::new(ctx, languages(ctx))).map_err(RequestProblem::into_error)
}

fn plan<'a>(
    ctx: &'a Context<'a>,
    field_kind: &RootField,
    selection: &mut Selection<'a>,
) -> Result<Option<RootPlan>, RequestProblem> {
    let Some(below) = selection.occurrences("Query") else {
        return Ok(None);
    };
    let field = &ctx.item.node;
    let text = |selection: &Selection<'a>, name: &str| match selection.argument(field, name) {
        Some(Json::String(text)) => Some(text),
        Some(Json::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let nodes = selection.root_fields("Query");
    let branches = records(&NODE);
    let others: [&'static Type; 4] = [&PARTICIPATION, &MENTION, &CITATION, &REVISION];
    Ok(Some(match field_kind {
        RootField::One(ty) => {
            let reference = Reference::from(text(selection, "id").unwrap_or_default());
            RootPlan::One { reference, object: selection.object(ty(), &below)?, others: others.to_vec() }
        }
        RootField::Node => {
            let reference = Reference::from(text(selection, "id").unwrap_or_default());
            let (branches, others) = (selection.objects(&branches, &below)?, selection.objects(&others, &below)?);
            RootPlan::Any { lookup: RecordLookup::Reference(reference), branches, others }
        }
        RootField::Nodes => {
            let ids = match selection.argument(field, "ids") {
                Some(Json::Array(ids)) => ids,
                Some(one) => vec![one],
                None => vec![],
            };
            if ids.len() > MAX_IDS_PER_CALL {
                return Err(
                    selection.problem(format!("`ids` takes at most {MAX_IDS_PER_CALL} ids, not {}.", ids.len()))
                );
            }
            let text = |id: &Json| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            let references = ids.iter().map(|id| Reference::from(text(id))).collect();
            let (branches, others) = (selection.objects(&branches, &below)?, selection.objects(&others, &below)?);
            RootPlan::Many { references, branches, others, include_deleted: false }
        }
        RootField::Record => {
            for name in ["sameAs", "url"] {
                let given = selection.argument(field, name).unwrap_or_default();
                compiled::check(Scalar::Url, &given, name).map_err(|message| selection.problem(message))?;
            }
            let given = [
                text(selection, "key").map(|key| RecordLookup::Reference(Reference::Key(key))),
                text(selection, "sameAs").map(|url| RecordLookup::SameAs(stored_url(url))),
                text(selection, "url").map(|url| RecordLookup::Url(stored_url(url))),
            ];
            let mut given = given.into_iter().flatten();
            let (Some(lookup), None) = (given.next(), given.next()) else {
                return Err(selection.problem("Give exactly one of `key`, `sameAs` and `url`."));
            };
            if let RecordLookup::Reference(Reference::Key(text)) | RecordLookup::SameAs(text) | RecordLookup::Url(text) =
                &lookup
                && text.contains('\0')
            {
                return Err(selection.problem("A text must not contain the character NUL."));
            }
            RootPlan::Any { lookup, branches: selection.objects(&records(&RECORD), &below)?, others: vec![] }
        }
        // answered without a plan
        RootField::Viewer => return Ok(None),
        RootField::List(ty) => {
            let mut list = List::new(format!("Query.{}", field.name.node), Link::All, vec![]);
            if ty().orders.is_empty() {
                // the default order is for lists of one parent
                list.order = Some(vec![asc("id", Scalar::Id)]);
            }
            RootPlan::Connection(Box::new(selection.connection(ty(), list, &nodes)?))
        }
        RootField::Changes => {
            let of_kind = |types| vec![Predicate::own("kind", Test::In(types))];
            let only = requested_types(selection, field)
                .map(|types| Predicate::some(&ALL_RECORDS, Link::Match("id", "record_id"), of_kind(types)));
            let mut list = List::new(CHANGES, Link::All, only.into_iter().collect());
            (list.order, list.filters) = (Some(vec![BY_POSITION]), Some(&*CHANGE));
            RootPlan::Connection(Box::new(selection.connection(&REVISION, list, &nodes)?))
        }
        RootField::Bin => {
            let all = || Set::Values(RecordType::VALUES.iter().map(|(value, _)| (*value).to_owned()).collect());
            let only = vec![
                Predicate::own("deleted_at", Test::IsNull(false)),
                Predicate::own("kind", Test::In(requested_types(selection, field).unwrap_or_else(all))),
            ];
            let mut list = List::new("Query.bin", Link::All, only);
            list.filters = Some(&*BIN);
            RootPlan::Connection(Box::new(selection.connection(&ANY_RECORD, list, &nodes)?))
        }
        RootField::DeletedRelations => {
            let is_deleted = Predicate::own("deleted_at", Test::IsNull(false));
            let only = vec![Predicate::some(&ALL_RECORDS, Link::Match("id", "id"), vec![is_deleted])];
            let list = List::new("Query.deletedRelations", Link::All, only);
            RootPlan::Connection(Box::new(selection.connection(&DELETED_RELATION, list, &nodes)?))
        }
    }))
}

/// An address as it is stored.
fn stored_url(url: String) -> String {
    rule::url(&url).unwrap_or(url)
}

/// The record types of the argument `types`, if it is given.
fn requested_types(selection: &Selection<'_>, field: &Selected) -> Option<Set> {
    let types = match selection.argument(field, "types")? {
        Json::Array(types) => types,
        Json::Null => return None,
        one => vec![one],
    };
    Some(Set::Values(types.iter().filter_map(Json::as_str).map(str::to_owned).collect()))
}

async fn read(ctx: &Context<'_>, roots: &mut RootFields, mut root: RootPlan) -> ServerResult<Value> {
    match roots.read(ctx, &mut root).await {
        Ok(ReadResult::Json(text)) => Ok(Value::Binary(text.into_bytes().into())),
        Ok(ReadResult::Nothing) => Ok(Value::Null),
        Ok(ReadResult::WrongKind(kind)) => {
            let error = Code::BadUserInput.error(wrong_kind(&root, &kind));
            Err(ctx.set_error_path(error.into_server_error(ctx.item.pos)))
        }
        Err(error) => Err(failed_read(ctx, error)),
    }
}

fn wrong_kind(root: &RootPlan, kind: &str) -> String {
    let RootPlan::One { reference, object, .. } = root else {
        return String::new();
    };
    let found = (NODE.types)().into_iter().find(|ty| ty.kind == Some(kind) || ty.name == kind);
    let found = found.map_or("record", |ty| ty.name);
    format!("{reference} is {}, not {}.", with_article(found), with_article(object.ty.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::of_kind;

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
