//! Plans of the fields of the query root.

use super::{QueryPlan, RootField};
use crate::{
    domain::rule,
    graphql::{
        ANY_RECORD, CITATION, DELETED_RELATION, MENTION, NODE, PARTICIPATION, RECORD, REVISION,
        bin::BIN,
        compiled::{self, List, RequestProblem, Selection, records},
        path,
        revision::{BY_POSITION, CHANGE, CHANGES},
        search, suggest,
    },
    store::read::{
        declare::{ALL_RECORDS, Link, Scalar, Type, asc},
        filter::{Predicate, Set, Test},
        plan::{RecordLookup, RootPlan},
    },
};
use async_graphql::{Context, parser::types::Field as Selected};
use entity::{
    Reference,
    vocabulary::{RecordType, Vocabulary as _},
};
use serde_json::Value as Json;
use std::sync::Arc;

/// The maximum number of ids of `nodes`.
const MAX_IDS_PER_CALL: usize = 100;

/// The plan of a root field; `None` where it needs none.
pub(super) fn plan<'a>(
    ctx: &'a Context<'a>,
    field_kind: &RootField,
    selection: &mut Selection<'a>,
) -> Result<Option<QueryPlan>, RequestProblem> {
    let Some(below) = selection.occurrences("Query") else {
        return Ok(None);
    };
    let field = &ctx.item.node;
    if let RootField::Search = field_kind {
        return Ok(search::plan(selection)?.map(|plan| QueryPlan::Search(Box::new(plan))));
    }
    if let RootField::Paths | RootField::PathSearch = field_kind {
        let is_search = matches!(field_kind, RootField::PathSearch);
        return Ok(Some(QueryPlan::Paths(Arc::new(path::plan(selection, field, &below, is_search)?))));
    }
    let text = |selection: &Selection<'a>, name: &str| match selection.argument(field, name) {
        Some(Json::String(text)) => Some(text),
        Some(Json::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let nodes = selection.root_fields("Query");
    let branches = records(&NODE);
    let others: [&'static Type; 4] = [&PARTICIPATION, &MENTION, &CITATION, &REVISION];
    let plan = match field_kind {
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
        RootField::Suggest => suggest::plan(selection, nodes[0], &below)?,
        // answered without a read, or planned above
        RootField::Viewer | RootField::Paths | RootField::PathSearch | RootField::Search => return Ok(None),
        RootField::List(ty) => {
            let mut list = List::new(format!("Query.{}", field.name.node), Link::All, vec![]);
            if ty().orders.is_empty() {
                // the default order is for lists of one parent
                list.order = Some(vec![asc("id", Scalar::Id)]);
            }
            RootPlan::Connection(Box::new(selection.connection(ty(), list, &nodes)?))
        }
        RootField::Changes => {
            let of_kind = |types| vec![Predicate::Test("kind", Test::In(types))];
            let only = requested_types(selection, field)
                .map(|types| Predicate::some_row(&ALL_RECORDS, Link::Match("id", "record_id"), of_kind(types)));
            let mut list = List::new(CHANGES, Link::All, only.into_iter().collect());
            (list.order, list.filters) = (Some(vec![BY_POSITION]), Some(&*CHANGE));
            RootPlan::Connection(Box::new(selection.connection(&REVISION, list, &nodes)?))
        }
        RootField::Bin => {
            let all = || Set::Values(RecordType::VALUES.iter().map(|(value, _)| (*value).to_owned()).collect());
            let only = vec![
                Predicate::Test("deleted_at", Test::IsNull(false)),
                Predicate::Test("kind", Test::In(requested_types(selection, field).unwrap_or_else(all))),
            ];
            let mut list = List::new("Query.bin", Link::All, only);
            list.filters = Some(&*BIN);
            RootPlan::Connection(Box::new(selection.connection(&ANY_RECORD, list, &nodes)?))
        }
        RootField::DeletedRelations => {
            let is_deleted = Predicate::Test("deleted_at", Test::IsNull(false));
            let only = vec![Predicate::some_row(&ALL_RECORDS, Link::Match("id", "id"), vec![is_deleted])];
            let list = List::new("Query.deletedRelations", Link::All, only);
            RootPlan::Connection(Box::new(selection.connection(&DELETED_RELATION, list, &nodes)?))
        }
    };
    Ok(Some(QueryPlan::Read(Box::new(plan))))
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
