//! What a search for paths says when it reaches its limits. Its statements are answered from a list of links.

use super::{
    super::{
        call::{SnapshotRead as _, Step},
        dialect::Dialect,
    },
    AnswerPlan, PathField, PathLimits, PathPlan, PathSearch, PathSearchField,
};
use entity::{Id, Reference};
use sea_orm::sea_query::Value;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use uuid::Uuid;

fn id(n: usize) -> Uuid {
    Uuid::from_u128(n as u128 + 1)
}

/// The answer to the statement that reads links, from the list of entities that it binds.
fn links_of(entities: &Value, links: &[(usize, usize)]) -> String {
    let Value::String(Some(entities)) = entities else { panic!("a list of entities") };
    let entities: Vec<Uuid> = serde_json::from_str(entities).expect("a list of entities");
    let row = |entity: &Uuid| {
        let others = links.iter().filter_map(|(one, other)| {
            let ends = [id(*one), id(*other)];
            ends.contains(entity).then(|| if ends[0] == *entity { ends[1] } else { ends[0] })
        });
        let others: Vec<Uuid> = others.collect();
        let mut relations = vec![json!(others.len())];
        relations.extend(others.iter().flat_map(|other| [json!(other), json!(other)]));
        json!([entity, relations, [0], [0], [0], [0]])
    };
    Json::Array(entities.iter().map(row).collect()).to_string()
}

/// The lengths of the paths from 0 to 1 that are found, and whether the search is complete.
fn found(links: &[(usize, usize)], limits: PathLimits, max_length: usize, first: usize) -> (Vec<u64>, bool) {
    let fields = vec![
        ("paths".to_owned(), PathSearchField::Paths(vec![("length".to_owned(), PathField::Length)])),
        ("isComplete".to_owned(), PathSearchField::IsComplete),
    ];
    let ends = [0, 1].map(|n| Reference::Id(Id(id(n))));
    let plan = PathPlan { ends, max_length, first, limits, objects: vec![], answer: AnswerPlan::PathSearch(fields) };
    let mut search = PathSearch::new(Arc::new(plan), vec![], Dialect::Sqlite, usize::MAX);
    let Ok(Step::Ask(_)) = search.next(None) else { panic!("it asks for the ends") };
    let mut answer = json!([[id(0), "PERSON", true], [id(1), "PERSON", true]]).to_string();
    loop {
        answer = match search.next(Some(answer)).expect("it goes on") {
            Step::Ask(statement) => links_of(&statement.values[0], links),
            Step::Done(text) => {
                let found: Json = serde_json::from_str(&text).expect("JSON");
                let lengths = found["paths"]
                    .as_array()
                    .expect("paths")
                    .iter()
                    .map(|path| path["length"].as_u64().expect("a length"));
                return (lengths.collect(), found["isComplete"] == true);
            }
        };
    }
}

/// 0 - 2 - 3 - 1, with many others beside 2 and 3.
fn long_way(others: usize) -> Vec<(usize, usize)> {
    let mut links = vec![(0, 2), (2, 3), (3, 1)];
    links.extend((0..others).flat_map(|n| [(2, 10 + n), (3, 1_000 + n), (0, 2_000 + n), (1, 3_000 + n)]));
    links
}

#[test]
fn without_a_limit_in_its_way_a_search_is_complete() {
    assert_eq!(found(&long_way(5), PathLimits::DEFAULT, 6, 9), (vec![3], true));
    assert_eq!(found(&[(0, 2), (1, 3)], PathLimits::DEFAULT, 6, 9), (vec![], true), "nothing links them");
}

#[test]
fn a_search_that_has_followed_all_the_entities_that_it_may_is_incomplete() {
    let limits = PathLimits { entities: 2, ..PathLimits::DEFAULT };
    assert_eq!(found(&long_way(5), limits, 6, 9), (vec![], false));
    assert_eq!(found(&[(0, 1), (0, 2), (1, 3), (2, 3)], limits, 1, 9), (vec![1], true), "enough for a short path");
}

#[test]
fn a_search_that_has_read_all_the_links_that_it_may_is_incomplete() {
    assert_eq!(found(&long_way(5), PathLimits { links: 3, ..PathLimits::DEFAULT }, 6, 9), (vec![], false));
}

#[test]
fn the_links_of_an_end_have_a_limit_of_their_own() {
    let links = long_way(5);
    assert_eq!(found(&links, PathLimits { links_of_entity: 7, ..PathLimits::DEFAULT }, 4, 1), (vec![3], true));
    let limits = PathLimits { links_of_end: 5, ..PathLimits::DEFAULT };
    assert_eq!(found(&links, limits, 6, 9), (vec![], false), "both ends have six links");
}

#[test]
fn paths_that_are_not_tried_make_a_search_incomplete() {
    // Four ways with two steps each.
    let links: Vec<(usize, usize)> = (2..6).flat_map(|n| [(0, n), (n, 1)]).collect();
    assert_eq!(found(&links, PathLimits::DEFAULT, 2, 9), (vec![2; 4], true));
    assert_eq!(found(&links, PathLimits { tried_steps: 4, ..PathLimits::DEFAULT }, 2, 9), (vec![2; 2], false));
}
