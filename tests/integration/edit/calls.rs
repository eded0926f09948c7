//! Calls of mutations: who may call them, which inputs they take, what refuses a call before anything is written, and in which
//! order several run.

use async_graphql::{Request, Variables};
use dateline::{
    domain::access::{Role, Viewer},
    graphql::{document::limit::Limits, schema},
};
use serde_json::{Value, json};

use super::{carried_out, count, payload};
use crate::{
    both_databases,
    support::service::{Service, refusal, serve_service},
};

const CREATE: &str = "mutation ($input: CreatePlaceInput!) { createPlace(input: $input) {
    place { id version key name population sameAs countryCode } userErrors { code field message } } }";
const ONE: &str = "0190d8f0-0000-7000-8000-000000000001";

fn tripoli() -> Value {
    json!({ "input": { "name": "Tripoli", "kind": "CITY" } })
}

/// The code and message of the only error of a mutation that must not have run.
fn error(answer: &Value, path: &str) -> (String, String) {
    let errors = answer["errors"].as_array().map_or(&[] as &[_], Vec::as_slice);
    let [error] = errors else {
        panic!("one error was expected: {answer:#}");
    };
    assert_eq!(error["path"], json!(path.split('.').collect::<Vec<_>>()), "{error}");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&error["extensions"]["code"]), text(&error["message"]))
}

both_databases! {
    async fn without_an_editors_token_nothing_is_planned_or_written(database: TestDatabase) {
        let service = Service::new(&database).await;
        for document in [
            CREATE,
            // errors of the selection are not even reported
            "mutation ($input: CreatePlaceInput!) { createPlace(input: $input) { place { events(first: -1) { totalCount } } } }",
        ] {
            let answer = service.answer_without_token(Request::new(document).variables(Variables::from_json(tripoli()))).await;
            let (code, message) = error(&answer, "createPlace");
            assert_eq!(code, "UNAUTHENTICATED");
            assert!(message.contains("EDITOR"), "{message}");
            assert_eq!(answer["data"], json!({ "createPlace": null }));
            let reader = Request::new(document).variables(Variables::from_json(tripoli())).data(Viewer::named("r", Role::Reader));
            assert_eq!(error(&service.answer_without_token(reader).await, "createPlace").0, "FORBIDDEN");
        }
        assert_eq!(count(&service).await, 0);
    }

    async fn no_request_over_http_writes_without_a_token(database: TestDatabase) {
        let service = Service::new(&database).await;
        let url = serve_service(&service).await;
        let client = reqwest::Client::new();
        let document = "mutation { createPlace(input: { name: \"Tripoli\", kind: CITY }) { place { id } userErrors { message } } }";
        let posted: Value = client.post(&url).json(&json!({ "query": document })).send().await.expect("an answer").json().await.expect("JSON");
        assert_eq!(error(&posted, "createPlace").0, "UNAUTHENTICATED");
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("query", document).finish();
        let got = client.get(format!("{url}?{query}")).send().await.expect("an answer");
        assert_eq!(got.status(), 405);
        for content in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let body = json!({ "query": document }).to_string();
            let answer = client.post(&url).header("content-type", content).body(body).send().await.expect("an answer");
            assert_eq!(answer.status(), 415, "{content}");
        }
        assert_eq!(count(&service).await, 0);
    }

    async fn an_error_in_the_selection_refuses_the_mutation_before_it_writes(database: TestDatabase) {
        let service = Service::new(&database).await;
        let ask = async |selection: &str| {
            let document = format!("mutation ($input: CreatePlaceInput!) {{ made: createPlace(input: $input) {{ {selection} }} }}");
            service.ask_with(&document, tripoli()).await
        };
        for (selection, path, message) in [
            ("place { events(first: 101) { totalCount } }", "made.place.events", "`first` must be from 0 to 100, not 101."),
            ("p: place { e: events(after: \"?\") { totalCount } }", "made.p.e", "`after` is not a cursor of this service."),
            ("place { relations(at: \"soon\") { totalCount } }", "made.place.relations", "at: \"soon\" is not a Date, such as 2015-02-24."),
            ("userErrors { current { history(last: -1) { totalCount } } }", "made.userErrors.current.history", "`last` must be from 0 to 100, not -1."),
        ] {
            let answer = ask(selection).await;
            assert_eq!(refusal(&answer), (path.to_owned(), message.to_owned()));
            assert_eq!(answer["data"], json!({ "made": null }));
        }
        for selection in ["place { nothing }", "place", "nothing { id }", "userErrors { code { id } }"] {
            let answer = ask(selection).await;
            assert_eq!(answer.get("data"), None, "{selection}: {answer}");
        }
        let parts = (0..9).map(|n| format!("p{n}: place {{ ...E }}")).collect::<Vec<_>>().join(" ");
        let document = format!("mutation ($input: CreatePlaceInput!) {{ createPlace(input: $input) {{ {parts} }} }}
            fragment E on Place {{ articles {{ nodes {{ ...R }} }} mentions {{ nodes {{ entity {{ ...R }} meant {{ ...R }} article {{ ...R }} }} }} }}
            fragment R on Record {{ id key name version createdAt updatedAt deletedAt mergedIds history {{ nodes {{ id actor at record {{ id key name }} }} }} }}");
        let answer = service.ask_with(&document, tripoli()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{answer}");
        assert_eq!(count(&service).await, 0, "nothing was written");
    }

    async fn the_cost_of_the_selection_is_checked_before_anything_is_written(database: TestDatabase) {
        let service = Service::new(&database).await;
        let limited = schema(service.reader.clone(), dateline::domain::queue::WriteQueue::start(database.open().await), &Limits::DEFAULT);
        let deep = "place { contains(first: 100) { nodes { contains(first: 100) { nodes { events(first: 10) { nodes { id } } } } } } }";
        let document = format!("mutation {{ createPlace(input: {{ name: \"Tripoli\", kind: CITY }}) {{ {deep} }} }}");
        let request = Request::new(document).data(Viewer::named("tester", Role::Editor));
        let answer = limited.execute(request).await;
        assert!(answer.errors[0].message.contains("has a cost of"), "{:?}", answer.errors);
        assert_eq!(count(&service).await, 0);
    }

    async fn several_mutations_are_carried_out_one_after_the_other(database: TestDatabase) {
        let service = Service::new(&database).await;
        let data = service.data(&format!("mutation {{
            second: createPlace(input: {{ id: \"{ONE}\", name: \"One\", kind: CITY }}) {{ place {{ version }} userErrors {{ message }} }}
            first: updatePlace(id: \"{ONE}\", version: 1, input: {{ name: \"Two\" }}) {{ place {{ version name }} userErrors {{ message }} }}
            updatePlace(id: \"{ONE}\", version: 2, input: {{ name: \"Three\" }}, summary: \"again\") {{ place {{ version name history {{ nodes {{ operation actor summary }} }} }} userErrors {{ message }} }} }}")).await;
        assert_eq!(data["second"]["place"], json!({ "version": 1 }));
        assert_eq!(data["first"]["place"], json!({ "version": 2, "name": "Two" }));
        assert_eq!(data["updatePlace"]["place"]["history"]["nodes"], json!([
            { "operation": "UPDATE", "actor": "tester", "summary": "again" },
            { "operation": "UPDATE", "actor": "tester", "summary": null },
            { "operation": "CREATE", "actor": "tester", "summary": null },
        ]));
        let keys: Vec<_> = data.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["second", "first", "updatePlace"]);
    }

    async fn a_mutation_that_fails_does_not_affect_the_others(database: TestDatabase) {
        let service = Service::new(&database).await;
        let answer = service.ask("mutation {
            a: createPlace(input: { name: \"A\", kind: CITY }) { place { name } }
            b: createPlace(input: { name: \"B\", kind: CITY }) { place { events(first: -1) { totalCount } } }
            c: createPlace(input: { name: \"C\", kind: CITY }) { place { name } } }").await;
        assert_eq!(answer["data"], json!({ "a": { "place": { "name": "A" } }, "b": null, "c": { "place": { "name": "C" } } }));
        assert_eq!(count(&service).await, 2);
    }

    async fn a_mutation_runs_once_even_if_its_fragment_is_spread_often(database: TestDatabase) {
        let service = Service::new(&database).await;
        let data = service.data("mutation { ...F ...F createPlace(input: { name: \"A\", kind: CITY }) { place { name } } ... on Mutation { ...F } }
            fragment F on Mutation { createPlace(input: { name: \"A\", kind: CITY }) { userErrors { message } place { version } } }").await;
        assert_eq!(data, json!({ "createPlace": { "userErrors": [], "place": { "version": 1, "name": "A" } } }));
        assert_eq!(count(&service).await, 1);
        let data = service.data("mutation { a: createPlace(input: { name: \"B\", kind: CITY }) @skip(if: true) { place { name } } __typename }").await;
        assert_eq!(data, json!({ "__typename": "Mutation" }));
        assert_eq!(count(&service).await, 1);
    }

    async fn all_problems_of_an_input_come_back_at_once(database: TestDatabase) {
        let service = Service::new(&database).await;
        let literal = "mutation { createPlace(input: { name: \"T\", kind: CITY, language: \"not a tag\", image: \"ftp://x\", countryCode: \"lib\", location: { latitude: 91, longitude: 0 },
            names: [{ text: \"ok\" }, { text: \"bad\", language: \"?\" }], sameAs: [\"nowhere\"], containedIn: \"no id\" }) { place { id } userErrors { code field message } } }";
        let by_variable = json!({ "input": { "name": "T", "kind": "CITY", "language": "not a tag", "image": "ftp://x", "countryCode": "lib", "location": { "latitude": 91, "longitude": 0 },
            "names": [{ "text": "ok" }, { "text": "bad", "language": "?" }], "sameAs": ["nowhere"], "containedIn": "no id" } });
        for made in [payload(&service, literal, json!({})).await, payload(&service, CREATE, by_variable).await] {
            assert_eq!(made["place"], Value::Null);
            let mut fields: Vec<String> = made["userErrors"].as_array().expect("errors").iter().map(|error| {
                assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{error}");
                error["field"].as_array().expect("a path").iter().filter_map(Value::as_str).collect::<Vec<_>>().join(".")
            }).collect();
            fields.sort();
            assert_eq!(fields, ["containedIn", "countryCode", "image", "language", "location.latitude", "names.1.language", "sameAs.0"], "{made:#}");
        }
        let event = "mutation { createEvent(input: { name: \"E\", kind: MEETING, date: { edtf: \"soon\" } }) { event { id } userErrors { code field } } }";
        assert_eq!(payload(&service, event, json!({})).await["userErrors"][0], json!({ "code": "INVALID", "field": ["date", "edtf"] }));
        let article = "mutation { createArticle(input: { headline: \"H\", language: \"en\", publishedOn: \"2015-02-30\" }) { article { id } userErrors { code field } } }";
        assert_eq!(payload(&service, article, json!({})).await["userErrors"], json!([{ "code": "INVALID", "field": ["publishedOn"] }]));
        assert_eq!(count(&service).await, 0);
    }

    async fn a_value_of_another_type_is_refused_before_anything_runs(database: TestDatabase) {
        let service = Service::new(&database).await;
        for input in ["{ kind: CITY }", "{ name: null, kind: CITY }", "{ name: 5, kind: CITY }", "{ name: \"a\", kind: TOWN }", "{ name: \"a\", kind: \"CITY\" }",
            "{ name: \"a\", kind: CITY, nothing: 1 }", "{ name: \"a\", kind: CITY, names: [null] }", "{ name: \"a\", kind: CITY, language: 5 }", "{ name: \"a\", kind: CITY, location: { latitude: 1 } }"] {
            let answer = service.ask(&format!("mutation {{ createPlace(input: {input}) {{ place {{ id }} }} }}")).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{input}: {answer}");
            assert_eq!(answer.get("data"), None, "{input}");
        }
        for change in ["{}", "{ deleteRecord: null }", "{ createPlace: { name: \"a\", kind: CITY }, createPerson: { name: \"b\" } }", "{ applyChanges: { changes: [] } }"] {
            let answer = service.ask(&format!("mutation {{ applyChanges(changes: [{change}]) {{ isDryRun }} }}")).await;
            assert_eq!(answer.get("data"), None, "{change}: {answer}");
        }
        assert_eq!(count(&service).await, 0);
    }

    async fn single_values_become_lists_and_defaults_of_variables_apply(database: TestDatabase) {
        let service = Service::new(&database).await;
        let document = "mutation ($name: String! = \"Tripoli\", $kind: PlaceKind! = CITY, $people: Float, $url: Url!) {
            createPlace(input: { name: $name, kind: $kind, population: $people, sameAs: [$url], names: { text: \"طرابلس\", language: \"ar\" } }) {
                place { name kind population sameAs names { text language kind } } userErrors { field message } } }";
        let made = carried_out(&service, document, json!({ "url": "http://www.wikidata.org/entity/Q3579" })).await;
        assert_eq!(made["place"], json!({ "name": "Tripoli", "kind": "CITY", "population": null, "sameAs": ["http://www.wikidata.org/entity/Q3579"], "names": [
            { "text": "Tripoli", "language": "und", "kind": "MAIN" }, { "text": "طرابلس", "language": "ar", "kind": "ALIAS" } ] }));
    }

    async fn absent_fields_are_kept_and_null_fields_are_cleared(database: TestDatabase) {
        let service = Service::new(&database).await;
        let input = json!({ "input": { "id": ONE, "name": "Tripoli", "kind": "CITY", "population": 5, "countryCode": "LY", "sameAs": ["http://a.example/"] } });
        carried_out(&service, CREATE, input).await;
        let document = "mutation ($id: ID!, $version: Int!, $input: UpdatePlaceInput!) { updatePlace(id: $id, version: $version, input: $input, summary: \"why\") {
            place { version name population countryCode sameAs history(first: 1) { nodes { summary changes { field before after } } } } userErrors { field message } } }";
        let update = async |version: i32, input: Value| carried_out(&service, document, json!({ "id": ONE, "version": version, "input": input })).await["place"].clone();
        let place = update(1, json!({ "population": null })).await;
        assert_eq!(place, json!({ "version": 2, "name": "Tripoli", "population": null, "countryCode": "LY", "sameAs": ["http://a.example/"],
            "history": { "nodes": [{ "summary": "why", "changes": [{ "field": "population", "before": 5, "after": null }] }] } }));
        let place = update(2, json!({ "sameAs": null, "population": 7 })).await;
        assert_eq!((&place["sameAs"], &place["population"], &place["countryCode"]), (&json!([]), &json!(7), &json!("LY")));
        let document = "mutation ($population: Float, $id: ID!) { updatePlace(id: $id, version: 3, input: { population: $population, countryCode: null }) { place { population countryCode } userErrors { field message } } }";
        let place = carried_out(&service, document, json!({ "id": ONE })).await["place"].clone();
        assert_eq!(place, json!({ "population": 7, "countryCode": null }), "a variable that is not given leaves the field absent");
    }
}
