//! The part of the schema for editing, from which clients are generated.

use async_graphql::Request;
use serde_json::{Value, json};

use crate::{both_databases, support::service::Service};

const TYPES: &str = "{ __schema { types { name kind isOneOf description
    fields { name description args { name description defaultValue type { ...T } } type { ...T } }
    inputFields { name description type { ...T } } enumValues { name description } } } }
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// A type in the notation of GraphQL, such as `[UserError!]!`.
fn written(ty: &Value) -> String {
    match ty["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&ty["ofType"])),
        Some("LIST") => format!("[{}]", written(&ty["ofType"])),
        _ => ty["name"].as_str().unwrap_or_default().to_owned(),
    }
}

async fn types(service: &Service) -> Vec<Value> {
    service.data(TYPES).await["__schema"]["types"].as_array().expect("types").clone()
}

fn named<'a>(types: &'a [Value], name: &str) -> &'a Value {
    types.iter().find(|ty| ty["name"] == name).unwrap_or_else(|| panic!("the schema has no {name}"))
}

/// `name: Type` of all fields (or arguments, or input fields), sorted.
fn all(of: &Value) -> Vec<String> {
    let entries = of.as_array().into_iter().flatten();
    let mut all: Vec<_> =
        entries.map(|e| format!("{}: {}", e["name"].as_str().unwrap_or_default(), written(&e["type"]))).collect();
    all.sort();
    all
}

fn field<'a>(ty: &'a Value, name: &str) -> &'a Value {
    let fields = if ty["fields"].is_array() { &ty["fields"] } else { &ty["inputFields"] };
    let found = fields.as_array().into_iter().flatten().find(|field| field["name"] == name);
    found.unwrap_or_else(|| panic!("{} has no {name}", ty["name"]))
}

both_databases! {
    async fn every_mutation_takes_and_gives_what_the_contract_says(database: TestDatabase) {
        let service = Service::new(&database).await;
        let types = types(&service).await;
        let mutation = named(&types, "Mutation");
        assert_eq!(mutation["fields"].as_array().map(Vec::len), Some(20));
        for (title, name) in [("Article", "article"), ("Place", "place"), ("Organization", "organization"), ("Person", "person"), ("Event", "event"), ("Relation", "relation")] {
            let create = field(mutation, &format!("create{title}"));
            assert_eq!(all(&create["args"]), [format!("input: Create{title}Input!"), "summary: String".to_owned()]);
            let update = field(mutation, &format!("update{title}"));
            assert_eq!(all(&update["args"]), ["id: ID!".to_owned(), format!("input: Update{title}Input!"), "summary: String".to_owned(), "version: Int!".to_owned()]);
            for verb in ["Create", "Update"] {
                let payload = named(&types, &format!("{verb}{title}Payload"));
                let shared = ["consequences: Consequences!", "userErrors: [UserError!]!"].map(str::to_owned);
                let mut expected = vec![format!("{name}: {title}")];
                expected.extend(shared);
                if verb == "Create" {
                    expected.push(format!("{name}Edge: {title}Edge"));
                }
                expected.sort();
                assert_eq!(all(&payload["fields"]), expected);
            }
        }
        for (name, arguments, gives) in [
            ("deleteRecord", vec!["id: ID!", "summary: String", "version: Int!"], vec!["deletedAt: DateTime", "deletedId: ID", "userErrors: [UserError!]!", "version: Int"]),
            ("deleteRelation", vec!["id: ID!", "summary: String", "version: Int!"], vec!["deletedId: ID", "userErrors: [UserError!]!", "version: Int"]),
            ("restoreRecord", vec!["id: ID!", "summary: String"], vec!["record: Record", "relation: Relation", "userErrors: [UserError!]!"]),
            ("mergeEntities", vec!["from: ID!", "fromVersion: Int!", "into: ID!", "intoVersion: Int!", "summary: String"], vec!["entity: Entity", "userErrors: [UserError!]!"]),
            ("revertRevision", vec!["id: ID!", "summary: String"], vec!["record: Record", "relation: Relation", "userErrors: [UserError!]!"]),
            ("linkMentions", vec!["articleId: ID!", "mentions: [MentionInput!]!", "summary: String", "version: Int!"], vec!["article: Article", "userErrors: [UserError!]!"]),
            ("unlinkMentions", vec!["articleId: ID!", "mentionIds: [ID!]!", "summary: String", "version: Int!"], vec!["article: Article", "userErrors: [UserError!]!"]),
            ("applyChanges", vec!["changes: [ChangeInput!]!", "dryRun: Boolean", "summary: String"], vec!["isDryRun: Boolean!", "results: [ChangeResult!]!", "userErrors: [UserError!]!"]),
        ] {
            let mutation = field(mutation, name);
            assert_eq!(all(&mutation["args"]), arguments, "{name}");
            assert_eq!(mutation["type"]["kind"], "OBJECT", "a payload may be null, so that one failure does not take the others away");
            let mut gives = gives;
            gives.push("consequences: Consequences!");
            gives.sort_unstable();
            assert_eq!(all(&named(&types, mutation["type"]["name"].as_str().expect("a name"))["fields"]), gives, "{name}");
        }
        assert_eq!(all(&named(&types, "UserError")["fields"]), ["code: UserErrorCode!", "current: Record", "currentRelation: Relation", "differs: [String!]", "field: [String!]", "message: String!"]);
        assert_eq!(all(&named(&types, "ChangeResult")["fields"]), [
            "changes: [FieldChange!]!", "index: Int!", "operation: Operation", "record: Record", "recordId: ID", "relation: Relation", "temporaryId: String", "version: Int",
        ]);
    }

    async fn inputs_say_what_is_needed_and_what_values_are(database: TestDatabase) {
        let service = Service::new(&database).await;
        let types = types(&service).await;
        let ty = |input: &str, name: &str| written(&field(named(&types, input), name)["type"]);
        for (input, name, expected) in [
            ("CreatePlaceInput", "name", "String!"),
            ("CreatePlaceInput", "kind", "PlaceKind!"),
            ("CreatePlaceInput", "language", "LanguageTag"),
            ("CreatePlaceInput", "location", "GeoPointInput"),
            ("CreatePlaceInput", "population", "Float"),
            ("CreatePlaceInput", "containedIn", "ID"),
            ("CreatePlaceInput", "sameAs", "[Url!]"),
            ("CreateArticleInput", "headline", "String!"),
            ("CreateArticleInput", "publishedOn", "Date"),
            ("CreateArticleInput", "authors", "[ID!]"),
            ("CreateEventInput", "participants", "[ParticipationInput!]"),
            ("ParticipationInput", "role", "ParticipantRole!"),
            ("ParticipationInput", "count", "Int"),
            ("CitationInput", "quote", "String!"),
            ("FuzzyDateInput", "edtf", "Edtf"),
            ("UpdatePlaceInput", "name", "String"),
            ("UpdatePlaceInput", "addNames", "[NameInput!]"),
            ("UpdateEventInput", "removeParticipants", "[ID!]"),
            ("UpdateParticipationInput", "id", "ID!"),
            ("PlaceChangeInput", "input", "UpdatePlaceInput!"),
            ("MergeInput", "intoVersion", "Int!"),
        ] {
            assert_eq!(ty(input, name), expected, "{input}.{name}");
        }
        let change = named(&types, "ChangeInput");
        assert_eq!(change["isOneOf"], true);
        assert_eq!(all(&change["inputFields"]), [
            "createArticle: CreateArticleInput", "createEvent: CreateEventInput", "createOrganization: CreateOrganizationInput", "createPerson: CreatePersonInput",
            "createPlace: CreatePlaceInput", "createRelation: CreateRelationInput", "deleteRecord: DeletionInput", "deleteRelation: DeletionInput",
            "linkMentions: LinkMentionsInput", "mergeEntities: MergeInput", "restoreRecord: RestorationInput", "revertRevision: ReversionInput",
            "unlinkMentions: UnlinkMentionsInput", "updateArticle: ArticleChangeInput", "updateEvent: EventChangeInput",
            "updateOrganization: OrganizationChangeInput", "updatePerson: PersonChangeInput", "updatePlace: PlaceChangeInput", "updateRelation: RelationChangeInput",
        ]);
    }

    async fn every_type_field_argument_and_value_is_described(database: TestDatabase) {
        let service = Service::new(&database).await;
        let mut bare = vec![];
        for ty in types(&service).await.iter().filter(|ty| !ty["name"].as_str().is_some_and(|name| name.starts_with("__") || name == "ID")) {
            let name = ty["name"].as_str().unwrap_or_default();
            let mut look = |of: &Value, path: &str| {
                if of["description"].as_str().is_none_or(str::is_empty) {
                    bare.push(format!("{path}.{}", of["name"].as_str().unwrap_or_default()));
                }
            };
            look(ty, "");
            for list in ["fields", "inputFields", "enumValues"] {
                for entry in ty[list].as_array().into_iter().flatten() {
                    look(entry, name);
                    for argument in entry["args"].as_array().into_iter().flatten() {
                        look(argument, &format!("{name}.{}", entry["name"].as_str().unwrap_or_default()));
                    }
                }
            }
        }
        assert_eq!(bare, [""; 0]);
    }

    async fn mutations_are_described_even_to_those_who_may_not_edit(database: TestDatabase) {
        let service = Service::new(&database).await;
        let answer = service.answer_without_token(Request::new("{ __type(name: \"Mutation\") { name } }")).await;
        assert_eq!(answer, json!({ "data": { "__type": { "name": "Mutation" } } }));
    }
}
