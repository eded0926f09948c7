//! Every connection of the schema, found by introspection. So a new one is always tested: a type without a hub in the crowd
//! fails the tests.

use serde_json::{Value, json};

use crate::support::{crowd::id_of, service::Service};

/// One connection of one parent.
#[derive(Clone, Debug)]
pub struct List {
    /// `Place.contains`, or `Query.places`.
    pub name: String,
    /// The text around the field in a document.
    before: String,
    after: &'static str,
    /// The field.
    pub field: String,
    /// The path of the connection in the data.
    pointer: String,
    /// The values of `field` in its order; empty without `orderBy`.
    pub orders: Vec<String>,
    /// The type of its nodes.
    pub node: String,
    /// The interfaces of the parent that declare it.
    pub interfaces: Vec<String>,
}

impl List {
    /// A list of `Query` that has one order only.
    pub fn at_root(field: &str, node: &str) -> Self {
        Self {
            name: format!("Query.{field}"),
            before: "{".to_owned(),
            after: "}",
            field: field.to_owned(),
            pointer: format!("/{field}"),
            orders: vec![],
            node: node.to_owned(),
            interfaces: vec![],
        }
    }

    /// A document that selects a page.
    pub fn document(&self, arguments: &str, selection: &str) -> String {
        let arguments = if arguments.is_empty() { String::new() } else { format!("({arguments})") };
        format!("{} {}{arguments} {{ {selection} }} {}", self.before, self.field, self.after)
    }

    /// A page.
    pub async fn page(&self, service: &Service, arguments: &str, selection: &str) -> Value {
        let document = self.document(arguments, selection);
        let data = service.data(&document).await;
        data.pointer(&self.pointer).unwrap_or_else(|| panic!("nothing at {} of {data}", self.pointer)).clone()
    }

    /// The path of the connection as errors name it.
    pub fn path(&self) -> String {
        self.pointer.trim_start_matches('/').replace('/', ".")
    }

    /// The `orderBy` arguments for every order in both directions, and no argument.
    pub fn orderings(&self) -> Vec<String> {
        let both =
            |order: &String| ["ASC", "DESC"].map(|way| format!("orderBy: {{ field: {order}, direction: {way} }}"));
        let mut all = vec![String::new()];
        all.extend(self.orders.iter().flat_map(both));
        all
    }
}

/// Lists of `Query` that the crowd does not fill. The tests of editing and of search cover them.
const OTHERS: [&str; 4] = ["bin", "changes", "deletedRelations", "search"];

/// All lists that the crowd fills.
pub async fn lists(service: &Service) -> Vec<List> {
    let data = service
        .data(
            "{ __schema { types { name kind interfaces { name } fields { name
                type { ofType { name fields { name type { ofType { ofType { ofType { name } } } } } } }
                args { name type { ofType { ofType { name } } } } } inputFields { name type { name ofType { name } } }
                enumValues { name } } } }",
        )
        .await;
    let types = data["__schema"]["types"].as_array().expect("types").clone();
    let mut all = vec![];
    for ty in &types {
        for field in ty["fields"].as_array().into_iter().flatten() {
            let Some(connection) = field["type"]["ofType"]["name"].as_str().filter(|name| name.ends_with("Connection"))
            else {
                continue;
            };
            let name = field["name"].as_str().expect("a name");
            if ty["kind"] == "OBJECT" && !(ty["name"] == "Query" && OTHERS.contains(&name)) {
                let node = connection.trim_end_matches("Connection");
                all.push(list(service, &types, ty, field, name, node).await);
            }
        }
    }
    all
}

async fn list(service: &Service, types: &[Value], ty: &Value, field: &Value, name: &str, node: &str) -> List {
    let parent = ty;
    let ty = ty["name"].as_str().expect("a name");
    let (before, after, pointer) = hub_field(service, ty).await;
    let named = |name: &str| types.iter().find(|ty| ty["name"] == name);
    let orders = field["args"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|argument| argument["name"] == "orderBy")
        .and_then(|argument| named(argument["type"]["ofType"]["ofType"]["name"].as_str()?))
        .and_then(|input| {
            let inputs = input["inputFields"].as_array()?;
            let field = inputs.iter().find(|input| input["name"] == "field")?;
            named(field["type"]["ofType"]["name"].as_str()?)
        })
        .and_then(|order| order["enumValues"].as_array().cloned())
        .unwrap_or_default();
    let declares = |interface: &&Value| {
        let fields = named(interface["name"].as_str().unwrap_or_default()).and_then(|ty| ty["fields"].as_array());
        fields.is_some_and(|fields| fields.iter().any(|field| field["name"] == name))
    };
    let interfaces = parent["interfaces"].as_array().into_iter().flatten().filter(declares);
    List {
        interfaces: interfaces.filter_map(|interface| interface["name"].as_str().map(str::to_owned)).collect(),
        name: format!("{ty}.{name}"),
        before,
        after,
        field: name.to_owned(),
        pointer: format!("{pointer}/{name}"),
        orders: orders.iter().filter_map(|order| order["name"].as_str().map(str::to_owned)).collect(),
        node: node.to_owned(),
    }
}

/// The field that selects the hub of a type.
async fn hub_field(service: &Service, ty: &str) -> (String, &'static str, &'static str) {
    let (root, key) = match ty {
        "Query" => return ("{".to_owned(), "}", ""),
        "Article" => ("article", "article/hub"),
        "Place" => ("place", "place/hub"),
        "Organization" => ("organization", "organization/hub"),
        "Person" => ("person", "person/hub"),
        "Event" => ("event", "event/hub"),
        "Relation" | "Participation" => {
            let id = if ty == "Relation" {
                id_of("relation/hub")
            } else {
                let document = "query ($id: ID!) { event(id: $id) { participants(first: 1) { nodes { id } } } }";
                let data = service.data_with(document, json!({ "id": id_of("event/hub") })).await;
                let id = &data["event"]["participants"]["nodes"][0]["id"];
                id.as_str().expect("the hub has participants").to_owned()
            };
            return (format!("{{ node(id: \"{id}\") {{ ... on {ty} {{"), "} } }", "/node");
        }
        other => panic!("{other} has connections, but the crowd has no hub of it"),
    };
    let pointer = match root {
        "article" => "/article",
        "place" => "/place",
        "organization" => "/organization",
        "person" => "/person",
        _ => "/event",
    };
    (format!("{{ {root}(id: \"{}\") {{", id_of(key)), "} }", pointer)
}
