//! Completes introspection: for an interface, async-graphql answers `interfaces` with null. For an object it answers with the right list,
//! and each type of an interface implements what the interface implements. So where a document selects `interfaces { ... }`, it
//! also gets the hidden fields `possibleTypes { interfaces { ... } }` and `name`, from which the list of an interface is put together.

use async_graphql::{
    Name, Positioned, Value,
    parser::types::{ExecutableDocument, Field, Selection, SelectionSet},
    registry::{MetaType, Registry},
};

use super::rules::selection_sets;

/// The response keys of hidden fields: the name, and the types for the list with the response key that follows.
const NAME: &str = "__name";
const TYPES: &str = "__types_";

/// Adds the hidden fields.
pub(super) fn select(document: &mut ExecutableDocument) {
    selection_sets(document).into_iter().for_each(select_in);
}

fn select_in(set: &mut SelectionSet) {
    let mut hidden = vec![];
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => {
                select_in(&mut field.node.selection_set.node);
                if field.node.name.node == "interfaces" {
                    hidden.extend(hidden_fields(field));
                }
            }
            Selection::InlineFragment(inline) => select_in(&mut inline.node.selection_set.node),
            Selection::FragmentSpread(_) => {}
        }
    }
    set.items.extend(hidden);
}

/// The hidden fields beside a field `interfaces`, under the same conditions.
fn hidden_fields(list: &Positioned<Field>) -> [Positioned<Selection>; 2] {
    let at = list.pos;
    let field = |alias: Option<&str>, name: &str, items: Vec<Positioned<Selection>>| {
        let named = |name: &str| Positioned::new(Name::new(name), at);
        let field = Field {
            alias: alias.map(named),
            name: named(name),
            arguments: vec![],
            directives: list.node.directives.clone(),
            selection_set: Positioned::new(SelectionSet { items }, at),
        };
        Positioned::new(Selection::Field(Positioned::new(field, at)), at)
    };
    let name = field(Some(NAME), "name", vec![]);
    let mut items = list.node.selection_set.node.items.clone();
    items.push(name.clone());
    let key = format!("{TYPES}{}", list.node.response_key().node);
    [name, field(Some(&key), "possibleTypes", vec![field(None, "interfaces", items)])]
}

/// Completes the lists of interfaces in an answer, and removes the hidden fields.
pub(super) fn complete(registry: &Registry, answer: &mut Value) {
    match answer {
        Value::List(items) => items.iter_mut().for_each(|item| complete(registry, item)),
        Value::Object(fields) => {
            let name = fields.shift_remove(NAME);
            let hidden: Vec<Name> = fields.keys().filter(|key| key.starts_with(TYPES)).cloned().collect();
            for key in hidden {
                let types = fields.shift_remove(&key);
                if let (Some(list @ Value::Null), Some(Value::String(name))) =
                    (fields.get_mut(&key[TYPES.len()..]), &name)
                    && let Some(MetaType::Interface { .. }) = registry.types.get(name)
                {
                    let implemented = registry.implements.get(name).into_iter().flatten();
                    *list = Value::List(implemented.filter_map(|name| found(types.as_ref()?, name)).collect());
                }
            }
            fields.values_mut().for_each(|value| complete(registry, value));
        }
        _ => {}
    }
}

/// The selected fields of an interface, from the types that implement it.
fn found(types: &Value, wanted: &str) -> Option<Value> {
    let Value::List(types) = types else { return None };
    let lists = types.iter().filter_map(|ty| match ty {
        Value::Object(fields) => fields.get("interfaces"),
        _ => None,
    });
    let mut interfaces =
        lists.filter_map(|list| if let Value::List(items) = list { Some(items) } else { None }).flatten();
    let is_wanted = |interface: &&Value| matches!(interface, Value::Object(fields) if fields.get(NAME) == Some(&Value::String(wanted.to_owned())));
    interfaces.find(is_wanted).cloned()
}
