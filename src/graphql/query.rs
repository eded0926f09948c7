//! The query root. Each field is compiled into one SQL statement.

use super::{
    ANY_RECORD, ARTICLE, CITATION, ENTITY, EVENT, MENTION, NODE, ORGANIZATION, PARTICIPATION, PERSON, PLACE, RECORD,
    REVISION,
    compiled::{self, List, RequestProblem, Selection, records, uuid},
    error::{Code, read_error},
    request::{add_cost, languages},
    revision::{BY_POSITION, CHANGES},
    search,
    viewer::{self, Role, VIEWER, demand},
};
use crate::{
    store::read::{
        ReadResult, Reader,
        declare::{Enumeration, Link, Scalar, Type, argument},
        filter::{Predicate, Set, Subject, Test},
        plan::{RecordLookup, RootPlan},
    },
    text::article::with_article,
};
use async_graphql::{
    Context, ContextSelectionSet, ObjectType, OutputType, PathSegment, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::Field as Selected,
    registry::{MetaField, MetaInputValue, MetaTypeId, ObjectBuilder, Registry},
    resolver_utils::{ContainerType, resolve_container},
};
use entity::vocabulary::{RecordType, Vocabulary as _};
use serde_json::Value as Json;
use std::borrow::Cow;

/// The maximum number of ids of `nodes`.
const MAX_IDS_PER_CALL: usize = 100;

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
    Search,
    Viewer,
}

const FIELDS: [(&str, RootField, &str); 17] = [
    (
        "node",
        RootField::Node,
        "The object with this id; null where the id is unknown. The id of a merged record gives the record that it was merged into.",
    ),
    (
        "nodes",
        RootField::Nodes,
        "The objects with these ids, in the order of the ids; null where an id is unknown. At most 100 ids.",
    ),
    (
        "record",
        RootField::Record,
        "The record with this key, this address in another database, or this article address; null where there is none. Give exactly one argument.",
    ),
    ("article", RootField::One(|| &ARTICLE), "The article with this id; null where there is none."),
    ("place", RootField::One(|| &PLACE), "The place with this id; null where there is none."),
    ("organization", RootField::One(|| &ORGANIZATION), "The organization with this id; null where there is none."),
    ("person", RootField::One(|| &PERSON), "The person with this id; null where there is none."),
    ("event", RootField::One(|| &EVENT), "The event with this id; null where there is none."),
    ("articles", RootField::List(|| &ARTICLE), "All articles. Default order: newest first."),
    ("places", RootField::List(|| &PLACE), "All places. Default order: by name."),
    ("organizations", RootField::List(|| &ORGANIZATION), "All organizations. Default order: by name."),
    ("people", RootField::List(|| &PERSON), "All people. Default order: by name."),
    ("events", RootField::List(|| &EVENT), "All events. Default order: by date."),
    ("viewer", RootField::Viewer, "The name and role of the token that was sent with the request."),
    ("search", RootField::Search, search::DESCRIPTION),
    (
        "changes",
        RootField::Changes,
        "All changes of all records in the order in which they were made, oldest first. New changes are always added at the end: a client \
         that continues after its last cursor misses nothing and sees nothing twice.",
    ),
    (
        "bin",
        RootField::Bin,
        "The deleted records, most recently deleted first. `restoreRecord` restores them. Needs the role EDITOR.",
    ),
];

fn root_field(name: &str) -> Option<&'static RootField> {
    FIELDS.iter().find(|(field, ..)| *field == name).map(|(_, field_kind, _)| field_kind)
}

// ---- schema

fn meta(registry: &mut Registry, name: &str, field_kind: &RootField, doc: &str) -> MetaField {
    let argument = |name: &str, ty: &str, doc: &str| {
        let mut meta = MetaInputValue::new(name, ty);
        meta.description = Some(doc.to_owned());
        meta
    };
    let (ty, arguments) = match field_kind {
        RootField::One(ty) => (compiled::object(registry, ty()), vec![argument("id", "ID!", "A UUID.")]),
        RootField::List(ty) => compiled::root_arguments(registry, ty()),
        RootField::Changes => connection_of_types(
            registry,
            &REVISION,
            "Only changes of records of these types. Without this argument, changes of relations are included.",
        ),
        RootField::Search => search::declare(registry),
        RootField::Bin => connection_of_types(registry, &ANY_RECORD, "Only records of these types."),
        RootField::Node => (compiled::interface(registry, &NODE), vec![argument("id", "ID!", "A UUID.")]),
        RootField::Nodes => (
            format!("[{}]!", compiled::interface(registry, &NODE)),
            vec![argument("ids", "[ID!]!", "UUIDs, at most 100.")],
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
    ty: &'static Type,
    of_types: &'static str,
) -> (String, Vec<MetaInputValue>) {
    let types = argument("types", Scalar::Enumeration(Enumeration::of::<RecordType>()), of_types).list();
    let arguments = std::iter::once(types).chain(compiled::paging());
    let arguments = arguments.map(|argument| compiled::meta_argument(registry, &argument)).collect();
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
        if matches!(field_kind, RootField::Bin) {
            demand(ctx, Role::Editor).map_err(|error| ctx.set_error_path(error.into_server_error(ctx.item.pos)))?;
        }
        let mut selection = Selection::new(ctx, languages(ctx));
        if let RootField::Viewer = field_kind {
            return viewer::answer(ctx, &selection).map(Some);
        }
        if let RootField::Search = field_kind {
            return search::answer(ctx, &mut selection).await.map(Some);
        }
        let planned = match plan(ctx, field_kind, &mut selection) {
            Ok(None) => return Ok(Some(Value::Null)),
            Ok(Some(root)) => {
                add_cost(ctx, root.cost()).map(|()| root).map_err(|message| selection.over_limit(message))
            }
            Err(problem) => Err(problem.into_error()),
        };
        let answered = match planned {
            Ok(root) => read(ctx, &root).await,
            Err(error) => Err(error),
        };
        // `document` turns an error of a nullable field into null
        answered.map(Some)
    }
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
    let malformed = |selection: &Selection<'a>, text: &str| {
        selection.problem(format!("\"{}\" is not an id: ids are UUIDs.", compiled::shortened(text)))
    };
    let branches = records(&NODE);
    let others: [&'static Type; 4] = [&PARTICIPATION, &MENTION, &CITATION, &REVISION];
    Ok(Some(match field_kind {
        RootField::One(ty) => {
            let id = text(selection, "id").unwrap_or_default();
            let id = uuid(&id).ok_or_else(|| malformed(selection, &id))?;
            RootPlan::One { id, object: selection.object(ty(), &below)?, others: others.to_vec() }
        }
        RootField::Node => {
            let id = text(selection, "id").unwrap_or_default();
            let id = uuid(&id).ok_or_else(|| malformed(selection, &id))?;
            let (branches, others) = (selection.objects(&branches, &below)?, selection.objects(&others, &below)?);
            RootPlan::Any { lookup: RecordLookup::Id(id), branches, others }
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
            let mut parsed = vec![];
            for (i, id) in ids.iter().enumerate() {
                let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
                let found = uuid(&id);
                if found.is_none() {
                    let mut error = malformed(selection, &id).into_error();
                    error.path.push(PathSegment::Index(i));
                    ctx.add_error(error);
                }
                parsed.push(found);
            }
            let (branches, others) = (selection.objects(&branches, &below)?, selection.objects(&others, &below)?);
            RootPlan::Many { ids: parsed, branches, others, include_deleted: false }
        }
        RootField::Record => {
            for name in ["sameAs", "url"] {
                let given = selection.argument(field, name).unwrap_or_default();
                compiled::check(Scalar::Url, &given, name).map_err(|message| selection.problem(message))?;
            }
            let given = [
                text(selection, "key").map(RecordLookup::Key),
                text(selection, "sameAs").map(RecordLookup::SameAs),
                text(selection, "url").map(RecordLookup::Url),
            ];
            let mut given = given.into_iter().flatten();
            let (Some(lookup), None) = (given.next(), given.next()) else {
                return Err(selection.problem("Give exactly one of `key`, `sameAs` and `url`."));
            };
            if let RecordLookup::Key(text) | RecordLookup::SameAs(text) | RecordLookup::Url(text) = &lookup
                && text.contains('\0')
            {
                return Err(selection.problem("A text must not contain the character NUL."));
            }
            RootPlan::Any { lookup, branches: selection.objects(&records(&RECORD), &below)?, others: vec![] }
        }
        // answered without a plan
        RootField::Viewer | RootField::Search => return Ok(None),
        RootField::List(ty) => {
            let nodes = selection.root_fields("Query");
            let list = List::new(format!("Query.{}", field.name.node), Link::All, vec![]);
            RootPlan::Connection(Box::new(selection.connection(ty(), list, &nodes)?))
        }
        RootField::Changes => {
            let nodes = selection.root_fields("Query");
            let kind = Subject::Of { key: "record_id", table: "record", column: "kind" };
            let only = requested_types(selection, field).map(|types| Predicate::Test(kind, Test::In(types)));
            let list =
                List { order: Some(vec![BY_POSITION]), ..List::new(CHANGES, Link::All, only.into_iter().collect()) };
            RootPlan::Connection(Box::new(selection.connection(&REVISION, list, &nodes)?))
        }
        RootField::Bin => {
            let nodes = selection.root_fields("Query");
            let all = || Set::Texts(RecordType::VALUES.iter().map(|(value, _)| (*value).to_owned()).collect());
            let only = vec![
                Predicate::own("deleted_at", Test::IsNull(false)),
                Predicate::own("kind", Test::In(requested_types(selection, field).unwrap_or_else(all))),
            ];
            let list = List::new("Query.bin", Link::All, only);
            RootPlan::Connection(Box::new(selection.connection(&ANY_RECORD, list, &nodes)?))
        }
    }))
}

/// The record types of the argument `types`, if it is given.
fn requested_types(selection: &Selection<'_>, field: &Selected) -> Option<Set> {
    let types = match selection.argument(field, "types")? {
        Json::Array(types) => types,
        Json::Null => return None,
        one => vec![one],
    };
    Some(Set::Texts(types.iter().filter_map(Json::as_str).map(str::to_owned).collect()))
}

async fn read(ctx: &Context<'_>, root: &RootPlan) -> ServerResult<Value> {
    let fail = |error: async_graphql::Error| ctx.set_error_path(error.into_server_error(ctx.item.pos));
    let reader = ctx.data_unchecked::<Reader>();
    match reader.read(root).await {
        Ok(ReadResult::Json(text)) => Ok(Value::Binary(text.into_bytes().into())),
        Ok(ReadResult::Nothing) => Ok(Value::Null),
        Ok(ReadResult::WrongKind(kind)) => Err(fail(Code::BadUserInput.error(wrong_kind(root, &kind)))),
        Err(error) => Err(fail(read_error(error))),
    }
}

fn wrong_kind(root: &RootPlan, kind: &str) -> String {
    let RootPlan::One { id, object, .. } = root else {
        return String::new();
    };
    let found = (NODE.types)().into_iter().find(|ty| ty.kind == Some(kind) || ty.name == kind);
    let found = found.map_or("record", |ty| ty.name);
    format!("{id} is {}, not {}.", with_article(found), with_article(object.ty.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::of_kind;
    use entity::vocabulary::RecordKind;

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
                RecordKind::Article => &["type", "mergedInto", "sameAs"],
                RecordKind::Relation => &["type", "createdAt", "updatedAt", "deletedAt", "mergedIds", "mergedInto"],
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
