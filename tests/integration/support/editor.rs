//! An editor: mutations and queries over real HTTP, with a token.

use std::{collections::BTreeMap, fmt, sync::Arc};

use dateline::{
    domain::{
        access::{Gate, Role, token},
        queue::WriteQueue,
    },
    graphql::{self, document::limit::Limits},
    http::{Access, BodyLimits, Times},
    store::Connection,
};
use reqwest::{Client, RequestBuilder};
use serde_json::{Map, Value, json};

use super::{
    database::TestDatabase,
    lines::export_lines,
    service::{Service, import, serve_with_times},
};

/// The default name of the editor.
pub const NAME: &str = "Amina";

/// A server for one database, and an editor with a token.
#[derive(Clone)]
pub struct Editor {
    /// A direct connection, to see what is stored.
    pub connection: Connection,
    /// The address of the server, without a path.
    pub address: String,
    client: Client,
    token: String,
}

/// A record after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedRecord {
    pub id: String,
    pub version: i64,
}

/// A problem of an input.
#[derive(Debug, Clone, PartialEq)]
pub struct UserError {
    pub code: String,
    /// The path of the field, with dots.
    pub field: String,
    pub message: String,
    pub current: Value,
    /// The same where it is a relation.
    pub current_relation: Value,
    pub differs: Value,
}

impl fmt::Display for UserError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}: {}", self.code, self.field, self.message)
    }
}

/// The problems, with one line for each.
pub fn messages(errors: &[UserError]) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}

impl Editor {
    /// Starts a server for an empty database.
    pub async fn start(database: &TestDatabase) -> Self {
        Self::with_records(database, &[]).await
    }

    /// Starts a server for a database with these records.
    pub async fn with_records(database: &TestDatabase, lines: &[Value]) -> Self {
        Self::with_times(database, lines, Times::default()).await
    }

    /// The same with these time limits.
    pub async fn with_times(database: &TestDatabase, lines: &[Value], times: Times) -> Self {
        if !lines.is_empty() {
            import(database, lines).await;
        }
        let address = serve(database, times).await;
        let connection = database.open().await;
        let token = create_token(&connection, NAME, Role::Editor).await;
        Self { connection, address, client: Client::new(), token }
    }

    /// The same server for another user.
    pub async fn as_user(&self, name: &str, role: Role) -> Self {
        Self { token: create_token(&self.connection, name, role).await, ..self.clone() }
    }

    /// The same editor on another server of the same database, with its own connections.
    pub async fn on_another_server(&self, database: &TestDatabase) -> Self {
        Self { address: serve(database, Times::default()).await, client: Client::new(), ..self.clone() }
    }

    /// A request without a token, which is not sent yet.
    pub fn request(&self, method: reqwest::Method) -> RequestBuilder {
        self.request_at(method, "")
    }

    /// The same with a query in the address.
    pub fn request_at(&self, method: reqwest::Method, query: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/graphql{query}", self.address))
    }

    /// The token as the value of a header.
    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// The whole answer.
    pub async fn answer(&self, document: &str, variables: Value) -> Value {
        let request = self.request(reqwest::Method::POST).bearer_auth(&self.token);
        let response = request.json(&json!({ "query": document, "variables": variables })).send().await;
        response.expect("the service answers").json().await.expect("an answer is JSON")
    }

    /// The data of an answer that must have no errors.
    pub async fn read_with(&self, document: &str, variables: Value) -> Value {
        let mut answer = self.answer(document, variables).await;
        assert_eq!(answer.get("errors"), None, "{document}");
        answer["data"].take()
    }

    /// The same without variables.
    pub async fn read(&self, document: &str) -> Value {
        self.read_with(document, json!({})).await
    }

    /// The payload of a mutation, or its user errors. Panics if there is an error at the top.
    pub async fn try_mutation(&self, mutation: &str, arguments: Value) -> Result<Value, Vec<UserError>> {
        let (declared, passed): (Vec<_>, Vec<_>) = arguments
            .as_object()
            .expect("arguments have names")
            .keys()
            .map(|name| (format!("${name}: {}", type_of(mutation, name)), format!("{name}: ${name}")))
            .unzip();
        let document = format!(
            "mutation ({}) {{ it: {mutation}({}) {{ {} userErrors {{ code message field differs
                 current {{ __typename id key version deletedAt }} currentRelation {{ id }} }} }} }}",
            declared.join(", "),
            passed.join(", "),
            selection(mutation)
        );
        let mut payload = self.read_with(&document, arguments).await["it"].take();
        let errors = payload["userErrors"].take();
        let errors: Vec<UserError> = errors.as_array().expect("a list").iter().map(user_error).collect();
        if errors.is_empty() {
            return Ok(payload);
        }
        let Value::Object(fields) = &payload else { panic!("a payload is an object: {payload}") };
        for (name, value) in fields.iter().filter(|(name, _)| !matches!(name.as_str(), "userErrors" | "isDryRun")) {
            assert!(value.is_null() || *value == json!([]), "{name} is not empty in spite of userErrors: {value}");
        }
        Err(errors)
    }

    async fn carry_out(&self, mutation: &str, arguments: Value) -> Value {
        match self.try_mutation(mutation, arguments.clone()).await {
            Ok(payload) => payload,
            Err(errors) => panic!("{mutation} {arguments:#}\n{:#?}", messages(&errors)),
        }
    }

    async fn expect_errors(&self, mutation: &str, arguments: Value) -> Vec<UserError> {
        match self.try_mutation(mutation, arguments).await {
            Ok(payload) => panic!("{mutation} was carried out: {payload}"),
            Err(errors) => errors,
        }
    }

    pub async fn create(&self, kind: &str, input: Value) -> SavedRecord {
        saved_record(&self.carry_out(&format!("create{kind}"), json!({ "input": input })).await)
    }

    /// Creates a record, which must fail. Gives the problems.
    pub async fn failed_create(&self, kind: &str, input: Value) -> Vec<String> {
        messages(&self.expect_errors(&format!("create{kind}"), json!({ "input": input })).await)
    }

    pub async fn update(&self, kind: &str, of: &SavedRecord, input: Value) -> SavedRecord {
        let arguments = json!({ "id": of.id, "version": of.version, "input": input });
        saved_record(&self.carry_out(&format!("update{kind}"), arguments).await)
    }

    /// Updates a record, which must fail. Gives the problems.
    pub async fn failed_update(&self, kind: &str, of: &SavedRecord, input: Value) -> Vec<String> {
        messages(&self.update_errors(kind, of, input).await)
    }

    /// The same with all fields of the errors.
    pub async fn update_errors(&self, kind: &str, of: &SavedRecord, input: Value) -> Vec<UserError> {
        let arguments = json!({ "id": of.id, "version": of.version, "input": input });
        self.expect_errors(&format!("update{kind}"), arguments).await
    }

    pub async fn delete(&self, of: &SavedRecord) -> SavedRecord {
        saved_record(&self.carry_out("deleteRecord", json!({ "id": of.id, "version": of.version })).await)
    }

    pub async fn delete_relation(&self, of: &SavedRecord) -> SavedRecord {
        saved_record(&self.carry_out("deleteRelation", json!({ "id": of.id, "version": of.version })).await)
    }

    pub async fn restore(&self, id: &str) -> SavedRecord {
        saved_record(&self.carry_out("restoreRecord", json!({ "id": id })).await)
    }

    pub async fn merge(&self, from: &SavedRecord, into: &SavedRecord) -> SavedRecord {
        saved_record(&self.carry_out("mergeEntities", both(from, into)).await)
    }

    pub async fn failed_merge(&self, from: &SavedRecord, into: &SavedRecord) -> Vec<String> {
        messages(&self.expect_errors("mergeEntities", both(from, into)).await)
    }

    pub async fn revert(&self, revision: &str) -> Value {
        self.carry_out("revertRevision", json!({ "id": revision })).await
    }

    pub async fn failed_revert(&self, revision: &str) -> Vec<String> {
        messages(&self.expect_errors("revertRevision", json!({ "id": revision })).await)
    }

    /// Reverts the last change of a record.
    pub async fn revert_last(&self, id: &str) -> Value {
        let revisions = self.history(id).await;
        let last = revisions.last().expect("every record has a history");
        self.revert(last["id"].as_str().expect("a revision has an id")).await
    }

    /// Reverts the last change of a record that was not a consequence of another one.
    pub async fn revert_last_own_change(&self, id: &str) -> Value {
        let lines = export_lines(&self.connection, true).await;
        let own =
            |line: &&Value| line["type"] == "REVISION" && line["snapshot"]["id"] == id && line.get("cause").is_none();
        let last = lines.iter().rfind(own).expect("every record has a history");
        self.revert(last["id"].as_str().expect("a revision has an id")).await
    }

    /// The results of many changes.
    pub async fn apply(&self, changes: Value) -> Value {
        self.carry_out("applyChanges", json!({ "changes": changes })).await["results"].take()
    }

    pub async fn failed_apply(&self, changes: Value) -> Vec<String> {
        messages(&self.expect_errors("applyChanges", json!({ "changes": changes })).await)
    }

    /// The id and the version of the record with this key, or of the relation.
    pub async fn record(&self, key: &str) -> SavedRecord {
        let found =
            self.read_with("query ($key: String) { it: record(key: $key) { id version } }", json!({ "key": key }));
        let found = found.await;
        if !found["it"].is_null() {
            return saved_record(&found);
        }
        let changes = self.changes().await;
        let relation = changes.iter().rev().map(|revision| &revision["snapshot"]).find(|said| said["key"] == key);
        saved_record(&json!({ "it": relation.unwrap_or_else(|| panic!("{key} is there")) }))
    }

    /// The record with this id at its present version.
    pub async fn record_by_id(&self, id: &str) -> SavedRecord {
        saved_record(&self.snapshot(id).await)
    }

    pub async fn id(&self, key: &str) -> String {
        self.record(key).await.id
    }

    /// All changes in order, also those of deleted records.
    pub async fn changes(&self) -> Vec<Value> {
        const PAGE: &str = "query ($after: String) { changes(first: 100, after: $after) {
            nodes { id cursor operation actor at summary record { id } changes { field before after } snapshot }
            pageInfo { hasNextPage endCursor } } }";
        let (mut all, mut after) = (vec![], Value::Null);
        loop {
            let page = self.read_with(PAGE, json!({ "after": after })).await["changes"].take();
            all.extend(page["nodes"].as_array().expect("a list").iter().cloned());
            if page["pageInfo"]["hasNextPage"] == false {
                return all;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }

    /// The changes of one record, even if it is deleted.
    pub async fn history(&self, id: &str) -> Vec<Value> {
        self.changes().await.into_iter().filter(|revision| revision["snapshot"]["id"] == id).collect()
    }

    /// The record in its last revision.
    pub async fn snapshot(&self, id: &str) -> Value {
        let mut revisions = self.history(id).await;
        revisions.pop().unwrap_or_else(|| panic!("{id} has a history"))["snapshot"].take()
    }

    /// All records by id, also the deleted ones, without versions and times.
    pub async fn all_fields(&self) -> BTreeMap<String, Map<String, Value>> {
        let mut all = BTreeMap::new();
        for line in export_lines(&self.connection, true).await {
            if let (Value::Object(mut fields), false) = (line.clone(), line["type"] == "REVISION") {
                for name in ["version", "updatedAt"] {
                    fields.remove(name);
                }
                all.insert(fields["id"].as_str().expect("every line has an id").to_owned(), fields);
            }
        }
        all
    }
}

/// Serves a database while the test runs. Gives the address, without a path.
async fn serve(database: &TestDatabase, times: Times) -> String {
    let service = Service::new(database).await;
    let access = Access { tokens: Arc::new(Gate::new(service.reader.clone(), vec![])), reading_is_open: true };
    let queue = WriteQueue::start(database.open().await);
    let schema = graphql::schema(service.reader.clone(), queue, &Limits::DEFAULT);
    let limits = BodyLimits { anyone: 256 * 1024, editor: 4 * 1024 * 1024 };
    serve_with_times(schema, service.reader, access, limits, times).await
}

async fn create_token(connection: &Connection, name: &str, role: Role) -> String {
    token::create(connection, name, role, None).await.expect("the name is free").0.as_str().to_owned()
}

fn both(from: &SavedRecord, into: &SavedRecord) -> Value {
    json!({ "from": from.id, "fromVersion": from.version, "into": into.id, "intoVersion": into.version })
}

/// The record of a payload, under any name.
pub fn saved_record(payload: &Value) -> SavedRecord {
    let of = |value: &Value| {
        Some(SavedRecord { id: value.get("id")?.as_str()?.to_owned(), version: value.get("version")?.as_i64()? })
    };
    let found = of(payload).or_else(|| payload.as_object()?.values().find_map(of));
    found.unwrap_or_else(|| panic!("there is a record in {payload}"))
}

fn user_error(error: &Value) -> UserError {
    let text = |name: &str| error[name].as_str().expect("a text").to_owned();
    let steps = error["field"].as_array().cloned().unwrap_or_default();
    let steps: Vec<&str> = steps.iter().map(|step| step.as_str().expect("a text")).collect();
    UserError {
        code: text("code"),
        field: steps.join("."),
        message: text("message"),
        current: error["current"].clone(),
        current_relation: error["currentRelation"].clone(),
        differs: error["differs"].clone(),
    }
}

fn type_of(mutation: &str, argument: &str) -> String {
    let first = mutation[..1].to_ascii_uppercase() + &mutation[1..];
    match argument {
        "input" => format!("{first}Input!"),
        "version" | "fromVersion" | "intoVersion" => "Int!".to_owned(),
        "changes" => "[ChangeInput!]!".to_owned(),
        "mentions" => "[MentionInput!]!".to_owned(),
        "mentionIds" => "[ID!]!".to_owned(),
        "dryRun" => "Boolean".to_owned(),
        "summary" => "String".to_owned(),
        _ => "ID!".to_owned(),
    }
}

fn selection(mutation: &str) -> String {
    match mutation {
        "deleteRecord" => "id: deletedId version deletedAt".to_owned(),
        "deleteRelation" => "id: deletedId version".to_owned(),
        "restoreRecord" | "revertRevision" => "record { __typename id version } relation { id version }".to_owned(),
        "mergeEntities" => "entity { __typename id version mergedIds }".to_owned(),
        "linkMentions" | "unlinkMentions" => "article { id version }".to_owned(),
        "applyChanges" => {
            "isDryRun results { index temporaryId id: recordId operation version changes { field before after }
             record { id } relation { id } }"
                .to_owned()
        }
        _ => format!(
            "{} {{ id version }}",
            mutation.trim_start_matches("create").trim_start_matches("update").to_lowercase()
        ),
    }
}
