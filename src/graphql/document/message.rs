//! Corrects messages of async-graphql: no error comes twice, and a field that only some types of an interface have is found.

use async_graphql::{
    ServerError,
    registry::{MetaType, Registry},
};

/// The maximum number of types in one message.
const MAX_TYPES: usize = 5;

/// The maximum number of validation errors in one answer.
const MAX_ERRORS: usize = 5;
/// The maximum number of locations of an error.
const MAX_LOCATIONS: usize = 10;

/// The first few errors. Equal ones are one error with several locations: async-graphql validates in several passes.
pub(super) fn few(errors: Vec<ServerError>) -> Vec<ServerError> {
    let mut few: Vec<ServerError> = vec![];
    for error in errors {
        if let Some(known) = few.iter_mut().find(|known| known.message == error.message && known.path == error.path) {
            for location in error.locations {
                if known.locations.len() < MAX_LOCATIONS && !known.locations.contains(&location) {
                    known.locations.push(location);
                }
            }
        } else if few.len() < MAX_ERRORS {
            few.push(error);
        }
    }
    few
}

/// Where an interface lacks a field that types of it have, says how to select it.
pub(super) fn name_types(registry: &Registry, error: &mut ServerError) {
    let Some((field, parent)) = error
        .message
        .strip_prefix("Unknown field \"")
        .and_then(|rest| rest.split_once("\" on type \""))
        .and_then(|(field, rest)| Some((field, rest.split_once('"')?.0)))
    else {
        return;
    };
    let types = types_with(registry, parent, field);
    let Some(first) = types.first() else {
        return;
    };
    let names = match &types[..types.len().min(MAX_TYPES)] {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => (*first).to_owned(),
    };
    error.message = format!(
        "Unknown field \"{field}\" on type \"{parent}\". Use an inline fragment on {names}: ... on {first} {{ {field} }}."
    );
}

/// The types of an interface or union that have a field; interfaces in place of their types.
fn types_with<'a>(registry: &'a Registry, parent: &str, field: &str) -> Vec<&'a str> {
    let Some(MetaType::Interface { possible_types, .. } | MetaType::Union { possible_types, .. }) =
        registry.types.get(parent)
    else {
        return vec![];
    };
    let has_field = |ty: &MetaType| ty.field_by_name(field).is_some();
    let mut interfaces: Vec<_> = registry
        .types
        .values()
        .filter_map(|ty| match ty {
            MetaType::Interface { name, possible_types: types, .. }
                if has_field(ty) && !types.is_disjoint(possible_types) =>
            {
                Some((name.as_str(), types))
            }
            _ => None,
        })
        .collect();
    interfaces.sort_by_key(|(_, types)| std::cmp::Reverse(types.len()));
    let mut found = vec![];
    let mut covered = vec![];
    for (name, types) in interfaces {
        let of_parent: Vec<&str> =
            types.intersection(possible_types).map(String::as_str).filter(|ty| !covered.contains(ty)).collect();
        if !of_parent.is_empty() {
            found.push(name);
            covered.extend(of_parent);
        }
    }
    let objects = possible_types.iter().filter_map(|name| registry.types.get_key_value(name));
    found.extend(
        objects.filter(|(name, ty)| has_field(ty) && !covered.contains(&name.as_str())).map(|(name, _)| name.as_str()),
    );
    found
}
