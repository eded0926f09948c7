//! Lists that change while a client pages through them, and lists under several parents at once.

use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        crowd::{crowd, hubs_changed, id_of},
        service::{Service, import},
    },
};

/// Reads a whole list in pages of two. `between` runs after the first page.
async fn read_in_pages(service: &Service, root: &str, forward: bool, between: impl Future<Output = ()>) -> Vec<String> {
    let mut between = Some(between);
    let (mut keys, mut at) = (vec![], None::<String>);
    loop {
        let (size, edge) = if forward { ("first: 2", "after") } else { ("last: 2", "before") };
        let position = at.map(|at| format!(", {edge}: \"{at}\"")).unwrap_or_default();
        let document = root.replace('@', &format!(
            "orderBy: {{ field: NAME }}, {size}{position}) {{ nodes {{ key }} pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }} }}"
        ));
        let data = service.data(&document).await;
        let page = data.pointer("/list").or_else(|| data.pointer("/parent/list")).expect("a page");
        let nodes = page["nodes"].as_array().expect("nodes");
        let found = nodes.iter().map(|node| node["key"].as_str().expect("a key").to_owned());
        if forward {
            keys.extend(found);
        } else {
            keys.splice(0..0, found);
        }
        let info = &page["pageInfo"];
        let (more, cursor) = if forward { ("hasNextPage", "endCursor") } else { ("hasPreviousPage", "startCursor") };
        if info[more] == false {
            return keys;
        }
        at = info[cursor].as_str().map(str::to_owned);
        if let Some(between) = between.take() {
            between.await;
        }
    }
}

/// A record of this kind with a name.
fn named(kind: &str, key: &str, name: &str) -> Value {
    let mut line = json!({ "type": kind, "key": key, "name": name });
    match kind {
        "ARTICLE" => {
            line = json!({ "type": kind, "key": key, "headline": name, "language": "en", "publishedOn": "2015-02-17" });
        }
        "PLACE" => line["containedIn"] = json!("place/hub"),
        "EVENT" => line["places"] = json!([{ "place": "place/0" }]),
        _ => {}
    }
    if kind != "PERSON" && kind != "ARTICLE" {
        line["kind"] = json!("OTHER");
    }
    line
}

both_databases! {
    async fn records_added_between_two_pages_neither_shift_nor_repeat_rows(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let hub = id_of("place/hub");
        let lists = [
            ("PLACE", "{ list: places(@ }".to_owned()),
            ("ORGANIZATION", "{ list: organizations(@ }".to_owned()),
            ("PERSON", "{ list: people(@ }".to_owned()),
            ("EVENT", "{ list: events(@ }".to_owned()),
            ("ARTICLE", "{ list: articles(@ }".to_owned()),
            ("PLACE", format!("{{ parent: place(id: \"{hub}\") {{ list: contains(@ }} }}")),
            ("EVENT", format!("{{ parent: place(id: \"{hub}\") {{ list: events(@ }} }}")),
        ];
        for (n, (kind, document)) in lists.iter().enumerate() {
            for forward in [true, false] {
                let old = read_in_pages(&service, document, forward, async {}).await;
                // one sorts before all others, one after all others, and one has the same name as many in the middle
                let round = 2 * n + usize::from(!forward);
                let (first, last) = (format!("!{:02}", 99 - round), format!("龍{round:02}"));
                let names = [("first", first.as_str()), ("last", &last), ("middle", "Beta")];
                let added = names.map(|(place, name)| (format!("{place}/{n}/{forward}"), name));
                let lines: Vec<_> = added.iter().map(|(key, name)| named(kind, key, name)).collect();
                let seen = Box::pin(read_in_pages(&service, document, forward, import(&database, &lines))).await;
                let unseen = &added[usize::from(!forward)].0;
                assert!(!seen.contains(unseen), "{unseen} was added where the reader had been: {document}");
                let added_after = &added[usize::from(forward)].0;
                assert_eq!(if forward { seen.last() } else { seen.first() }, Some(added_after), "{document}");
                assert_eq!(seen.iter().filter(|key| *key == &added[2].0).count(), 1, "{document}");
                let of_old: Vec<_> = seen.iter().filter(|key| added.iter().all(|(added, _)| added != *key)).cloned().collect();
                assert_eq!(of_old, old, "{document}");
            }
        }
    }

    async fn every_parent_has_a_page_of_its_own(database: TestDatabase) {
        import(&database, &crowd()).await;
        import(&database, &hubs_changed(1)).await;
        let service = Service::new(&database).await;
        let page = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } }";
        let lists = [
            ("articles", "article", "mentions places organizations people events citations history"),
            ("places", "place", "contains neighbours events organizations articles mentions relations history"),
            ("organizations", "organization", "subsidiaries events published articles mentions relations"),
            ("people", "person", "events authored articles mentions relations"),
            ("events", "event", "places participants parts citations articles mentions relations"),
        ];
        for (root, one, fields) in lists {
            for field in fields.split(' ') {
                for arguments in ["first: 2", "last: 3"] {
                    let all = service.data(&format!("{{ all: {root}(first: 100) {{ nodes {{ id page: {field}({arguments}) {{ {page} }} }} }} }}")).await;
                    let all = all["all"]["nodes"].as_array().expect("nodes").clone();
                    assert!(all.len() >= 9, "{root}");
                    let mut filled = 0;
                    for node in &all {
                        let id = node["id"].as_str().expect("an id");
                        let alone = service.data(&format!("{{ one: {one}(id: \"{id}\") {{ id page: {field}({arguments}) {{ {page} }} }} }}")).await;
                        assert_eq!(&alone["one"], node, "{root}.{field}({arguments})");
                        filled += usize::from(node["page"]["totalCount"].as_u64() > Some(1));
                    }
                    assert!(filled >= 1, "{root}.{field} is filled somewhere");
                }
            }
        }
    }

    async fn a_list_that_an_interface_declares_is_paged_through_the_interface(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        for (kind, fields) in [("Entity", "articles mentions relations history"), ("Record", "history")] {
            for key in ["place/hub", "organization/hub", "person/hub", "event/hub"] {
                for field in fields.split(' ') {
                    let document = |arguments: &str| {
                        format!("{{ node(id: \"{}\") {{ ... on {kind} {{ page: {field}({arguments}) {{ edges {{ cursor node {{ id }} }} }} }} }} }}", id_of(key))
                    };
                    let whole = service.data(&document("first: 100")).await["node"]["page"]["edges"].clone();
                    let whole = whole.as_array().expect("edges");
                    for (at, edge) in whole.iter().enumerate() {
                        let cursor = edge["cursor"].as_str().expect("a cursor");
                        let rest = service.data(&document(&format!("first: 100, after: \"{cursor}\""))).await;
                        assert_eq!(rest["node"]["page"]["edges"], json!(whole[at + 1..]), "{kind}.{field} of {key}");
                    }
                }
            }
        }
    }
}
