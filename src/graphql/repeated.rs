//! Items that a request names more than once: each is read once, and stands in the answer as often as it is named.

use serde_json::value::RawValue;
use std::{collections::HashMap, hash::Hash};

/// Removes repeated items. Gives for each item its place among those that remain; nothing where none is repeated.
pub(super) fn remove_repeated<T: Clone + Eq + Hash>(items: &mut Vec<T>) -> Option<Vec<usize>> {
    let mut places: HashMap<T, usize> = HashMap::new();
    let mut distinct = vec![];
    let each = |item: &T| {
        *places.entry(item.clone()).or_insert_with(|| {
            distinct.push(item.clone());
            distinct.len() - 1
        })
    };
    let each: Vec<usize> = items.iter().map(each).collect();
    let are_repeated = distinct.len() < items.len();
    *items = distinct;
    are_repeated.then_some(each)
}

/// A list as JSON with the items at these places of another one.
pub(super) fn repeat(list: &str, places: &[usize]) -> Result<String, serde_json::Error> {
    let items: Vec<&RawValue> = serde_json::from_str(list)?;
    let items: Vec<&str> = places.iter().map(|place| items.get(*place).map_or("null", |item| item.get())).collect();
    Ok(format!("[{}]", items.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_item_is_read_once_and_stands_where_it_was_named() {
        let mut items = vec!["a", "b", "a", "c", "b"];
        let places = remove_repeated(&mut items).unwrap();
        assert_eq!(items, ["a", "b", "c"]);
        assert_eq!(repeat(r#"[{"x":"]"},null,3]"#, &places).unwrap(), r#"[{"x":"]"},null,{"x":"]"},3,null]"#);
        assert_eq!(remove_repeated(&mut items), None);
        assert_eq!(items, ["a", "b", "c"]);
    }
}
