//! A filter is named like the output field that it filters. `evaluate` compares the two, and here is that it compares all of them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::fields::{Kind, TYPES};
use crate::{both_databases, support::service::Service};

/// Filters of a place or a day that are no fields, and the one by both ends of a relation.
const WITHOUT_FIELD: [&str; 5] = ["within", "near", "inBox", "at", "either"];

async fn names(service: &Service, ty: &str, list: &str) -> BTreeSet<String> {
    let document = format!("query ($ty: String!) {{ __type(name: $ty) {{ {list} {{ name }} }} }}");
    let data = service.data_with(&document, json!({ "ty": ty })).await;
    let fields = data["__type"][list].as_array().unwrap_or_else(|| panic!("{ty} has no {list}")).iter();
    fields.map(|field| field["name"].as_str().expect("a name").to_owned()).collect()
}

both_databases! {
    async fn every_filter_of_a_type_is_compared_with_the_field_of_its_name(database: TestDatabase) {
        let service = Service::new(&database).await;
        for ty in TYPES {
            let mut offered = names(&service, &format!("{}Where", ty.name), "inputFields").await;
            for combination in ["and", "or", "not"] {
                assert!(offered.remove(combination), "{} has {combination}", ty.name);
            }
            // full-text search has tests of its own, for each of these types
            let is_searchable = ["Article", "Place", "Organization", "Person", "Event"].contains(&ty.name);
            assert_eq!(offered.remove("search"), is_searchable, "{} has `search`", ty.name);
            let compared: BTreeSet<String> = ty.filters.iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(offered, compared, "the filters of {} and those that random cases compare", ty.name);
            let fields = names(&service, ty.name, "fields").await;
            for (name, kind) in ty.filters.iter().filter(|(name, _)| !WITHOUT_FIELD.contains(name)) {
                assert!(fields.contains(*name), "{}.{name} is a field", ty.name);
                let selected = ty.selection.split_whitespace().any(|word| word.split('(').next() == Some(*name));
                let is_of_every_record = matches!(kind, Kind::Id | Kind::Time | Kind::Names) || *name == "key";
                assert!(selected || is_of_every_record, "the comparison reads {}.{name}", ty.name);
            }
        }
    }

    async fn the_types_with_a_filter_are_known(database: TestDatabase) {
        let service = Service::new(&database).await;
        let data = service.data("{ __schema { types { name } } }").await;
        let types = data["__schema"]["types"].as_array().expect("types").iter().filter_map(|ty| ty["name"].as_str());
        let filtered: BTreeSet<&str> = types.filter_map(|name| name.strip_suffix("Where")).collect();
        // the bin, the changes and the search have tests of their own
        let expected = TYPES.iter().map(|ty| ty.name).chain(["Bin", "Change", "Search"]).collect();
        assert_eq!(filtered, expected);
        let entity: Value = service.data("{ __type(name: \"EntityFilter\") { inputFields { name } } }").await;
        assert_eq!(entity["__type"]["inputFields"].as_array().map(Vec::len), Some(8));
    }
}
