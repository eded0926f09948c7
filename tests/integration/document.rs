//! What a document and its variables go through before and around execution, on a schema of the test's own.

use std::time::Duration;

use async_graphql::{
    ComplexObject, EmptyMutation, EmptySubscription, Enum, ID, InputObject, Interface, Object, OneofObject, Request,
    Response, Schema, SimpleObject, Variables,
};
use dateline::graphql::{documents::guarded, error, limit::Limits};
use serde_json::{Value, json};

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
enum Kind {
    City,
    Country,
}

#[derive(InputObject)]
struct Filter {
    kind: Option<Vec<Kind>>,
    #[graphql(default = 1)]
    least: i32,
    name: Option<String>,
    and: Option<Vec<Filter>>,
}

#[derive(OneofObject)]
enum Reference {
    Id(ID),
    Key(String),
}

#[derive(Interface)]
#[graphql(field(name = "name", ty = "&String"), field(name = "peers", ty = "Vec<Thing>"))]
enum Thing {
    Place(Place),
    Person(Person),
}

#[derive(SimpleObject)]
#[graphql(complex)]
struct Place {
    name: String,
    population: Option<i32>,
    country: Option<String>,
}

#[derive(SimpleObject)]
#[graphql(complex)]
struct Person {
    name: String,
    born: Option<String>,
    population: String,
}

#[ComplexObject]
impl Place {
    async fn peers(&self) -> Vec<Thing> {
        Vec::new()
    }
}

#[ComplexObject]
impl Person {
    async fn peers(&self) -> Vec<Thing> {
        Vec::new()
    }
}

struct Inner;

#[Object]
impl Inner {
    async fn slow(&self) -> &str {
        tokio::time::sleep(Duration::from_millis(20)).await;
        "slow"
    }
    async fn fails(&self) -> async_graphql::Result<Option<i32>> {
        Err(error::Code::BadUserInput.error("no such thing"))
    }
    async fn breaks(&self) -> async_graphql::Result<i32> {
        Err(std::io::Error::other("secret of the driver"))?
    }
    async fn fast(&self) -> &str {
        "fast"
    }
}

struct Query;

#[Object]
impl Query {
    async fn things(
        &self,
        kinds: Option<Vec<Kind>>,
        filter: Option<Filter>,
        first: Option<i32>,
        #[graphql(default = 7)] page: i32,
    ) -> Vec<Thing> {
        let _ = (kinds, first, page, filter.map(|filter| (filter.kind, filter.least, filter.name, filter.and)));
        vec![
            Thing::Place(Place { name: "Tunis".into(), population: Some(1), country: None }),
            Thing::Person(Person { name: "Ibn Khaldun".into(), born: None, population: "one".into() }),
        ]
    }
    async fn place(&self, by: Reference) -> Option<Place> {
        match by {
            Reference::Id(id) => Some(Place { name: id.0, population: None, country: None }),
            Reference::Key(_) => None,
        }
    }
    #[expect(clippy::too_many_arguments, reason = "one of each type")]
    async fn echo(
        &self,
        int: Option<i32>,
        float: Option<f64>,
        text: Option<String>,
        id: Option<ID>,
        yes: Option<bool>,
        list: Option<Vec<Vec<i32>>>,
    ) -> String {
        format!("{int:?} {float:?} {text:?} {id:?} {yes:?} {list:?}")
    }
    async fn inner(&self) -> Option<Inner> {
        Some(Inner)
    }
    async fn required(&self) -> Inner {
        Inner
    }
    async fn list(&self) -> Vec<Option<Inner>> {
        vec![Some(Inner), Some(Inner)]
    }
}

type Tested = Schema<Query, EmptyMutation, EmptySubscription>;

fn schema(limits: &Limits) -> Tested {
    guarded(Schema::build(Query, EmptyMutation, EmptySubscription), limits).finish()
}

/// Runs a document twice, so that the second time it comes from the cache where it was valid, and holds both answers equal.
async fn run(document: &str, variables: Value) -> Response {
    let schema = schema(&Limits::DEFAULT);
    let request = || Request::new(document).variables(Variables::from_json(variables.clone()));
    let first = schema.execute(request()).await;
    let second = schema.execute(request()).await;
    assert_eq!(
        serde_json::to_string(&first).unwrap(),
        serde_json::to_string(&second).unwrap(),
        "the cache changes nothing"
    );
    first
}

async fn data(document: &str, variables: Value) -> Value {
    let response = run(document, variables).await;
    assert!(response.errors.is_empty(), "{document}: {:?}", response.errors);
    response.data.into_json().unwrap()
}

async fn refusal(document: &str, variables: Value) -> String {
    let response = run(document, variables).await;
    assert!(error::never_ran(&response), "{document} ran: {response:?}");
    assert!(
        response.errors.iter().all(|error| error.extensions.as_ref().is_some_and(|all| all.get("code").is_some())),
        "{response:?}"
    );
    response.errors[0].message.clone()
}

#[tokio::test]
async fn a_failed_nullable_field_is_null_and_its_siblings_stay_in_their_order() {
    let response = run("{ inner { slow fails fast } list { fails slow } }", json!({})).await;
    assert_eq!(
        serde_json::to_string(&response.data).unwrap(),
        r#"{"inner":{"slow":"slow","fails":null,"fast":"fast"},"list":[{"fails":null,"slow":"slow"},{"fails":null,"slow":"slow"}]}"#
    );
    let mut paths: Vec<_> = response.errors.iter().map(|error| serde_json::to_string(&error.path).unwrap()).collect();
    paths.sort();
    assert_eq!(paths, [r#"["inner","fails"]"#, r#"["list",0,"fails"]"#, r#"["list",1,"fails"]"#]);
    assert!(response.errors.iter().all(|error| error.locations.len() == 1));
}

#[tokio::test]
async fn a_failed_required_field_nulls_the_nearest_nullable_one_and_no_more() {
    let response = run("{ a: echo inner { slow breaks } list { breaks } b: echo }", json!({})).await;
    let data = response.data.clone().into_json().unwrap();
    assert_eq!(data["inner"], Value::Null);
    assert_eq!(data["list"], json!([null, null]));
    assert!(data["a"].is_string() && data["b"].is_string());
    assert_eq!(data.as_object().unwrap().keys().collect::<Vec<_>>(), ["a", "inner", "list", "b"]);

    let response = run("{ a: echo required { breaks } }", json!({})).await;
    assert_eq!(response.data, async_graphql::Value::Null);
    assert!(!error::never_ran(&response), "it ran, so its answer has data: null");
}

#[tokio::test]
async fn a_rust_error_leaves_as_an_opaque_one_with_the_request_id() {
    let request = Request::new("{ inner { breaks fails } }").data(error::RequestId("the-request".into()));
    let response = schema(&Limits::DEFAULT).execute(request).await;
    let broken = response
        .errors
        .iter()
        .find(|error| error.path.len() == 2 && error.message.starts_with("Something went wrong"))
        .unwrap();
    assert_eq!(
        serde_json::to_value(&broken.extensions).unwrap(),
        json!({ "code": "INTERNAL", "requestId": "the-request" })
    );
    assert!(!serde_json::to_string(&response).unwrap().contains("secret"));
}

#[tokio::test]
async fn a_missing_or_null_required_variable_is_refused() {
    assert_eq!(
        refusal("query($v: Int!) { echo(int: $v) }", json!({})).await,
        "Variable \"$v\" of required type \"Int!\" was not provided."
    );
    assert_eq!(
        refusal("query($v: Int!) { echo(int: $v) }", json!({ "v": null })).await,
        "Variable \"$v\" of type \"Int!\" must not be null."
    );
    assert_eq!(
        data("query($v: Int! = 3) { echo(int: $v) }", json!({})).await["echo"],
        "Some(3) None None None None None"
    );
    assert_eq!(
        data("query($v: Int = 3) { echo(int: $v) }", json!({ "v": null })).await["echo"],
        "None None None None None None"
    );
}

#[tokio::test]
async fn variables_that_do_not_fit_their_type_are_refused_with_the_place() {
    let cases = [
        ("Int", json!(2_147_483_648_u64), r#""v": 2147483648 is not an Int (a whole number of 32 bits)"#),
        ("Int", json!(1.5), r#""v": 1.5 is not an Int (a whole number of 32 bits)"#),
        ("Int", json!("1"), r#""v": "1" is not an Int"#),
        ("Float", json!("1"), r#""v": "1" is not a Float"#),
        ("String", json!(1), r#""v": 1 is not a String"#),
        ("Boolean", json!("true"), r#""v": "true" is not a Boolean"#),
        ("ID", json!(1.5), r#""v": 1.5 is not an ID"#),
        ("ID", json!({}), r#""v": an object is not an ID"#),
        ("Kind", json!("TOWN"), r#""v": "TOWN" is not a value of Kind"#),
        ("[Kind!]", json!(["CITY", null]), r#""v[1]": Kind! must not be null"#),
        ("[[Int!]!]", json!([[1], [2, "x"]]), r#""v[1][1]": "x" is not an Int"#),
        ("Filter", json!(1), r#""v": 1 is not an object, as Filter is"#),
        ("Filter", json!({ "and": [{ "kind": ["CITY", "X"] }] }), r#""v.and[0].kind[1]": "X" is not a value of Kind"#),
        ("Filter", json!({ "nope": 1 }), r#""v": Filter has no field "nope""#),
        ("Filter", json!({ "least": null }), r#""v.least": Int! must not be null"#),
        ("Reference", json!({}), r#""v": Reference takes exactly one field, and no null"#),
        ("Reference", json!({ "id": "a", "key": "b" }), r#""v": Reference takes exactly one field, and no null"#),
        ("Reference", json!({ "id": null }), r#""v": Reference takes exactly one field, and no null"#),
    ];
    for (ty, value, misfit) in cases {
        let document = match ty {
            "Int" => "query($v: Int) { echo(int: $v) }",
            "Float" => "query($v: Float) { echo(float: $v) }",
            "String" => "query($v: String) { echo(text: $v) }",
            "Boolean" => "query($v: Boolean) { echo(yes: $v) }",
            "ID" => "query($v: ID) { echo(id: $v) }",
            "Kind" => "query($v: Kind!) { things(kinds: [$v]) { name } }",
            "[Kind!]" => "query($v: [Kind!]) { things(kinds: $v) { name } }",
            "[[Int!]!]" => "query($v: [[Int!]!]) { echo(list: $v) }",
            "Filter" => "query($v: Filter) { things(filter: $v) { name } }",
            _ => "query($v: Reference!) { place(by: $v) { name } }",
        };
        let message = refusal(document, json!({ "v": value })).await;
        assert_eq!(message, format!("Variable \"$v\" got an invalid value at {misfit}."));
    }
}

#[tokio::test]
async fn variables_that_fit_reach_the_resolver() {
    let document = "query($a: Int, $b: Float, $c: String, $d: ID, $e: Boolean, $f: [[Int!]!]) { echo(int: $a, float: $b, text: $c, id: $d, yes: $e, list: $f) }";
    let variables = json!({ "a": -2_147_483_648, "b": 2, "c": "x", "d": 7, "e": false, "f": 1, "unused": [1] });
    assert_eq!(
        data(document, variables).await["echo"],
        r#"Some(-2147483648) Some(2.0) Some("x") Some(ID("7")) Some(false) Some([[1]])"#
    );
    let document = "query($k: [Kind!]!, $f: Filter!, $r: Reference!) { things(kinds: $k, filter: $f) { name } place(by: $r) { name } }";
    let variables = json!({ "k": "CITY", "f": { "kind": "COUNTRY", "and": { "least": 2 } }, "r": { "id": "x" } });
    assert_eq!(data(document, variables).await["place"], json!({ "name": "x" }));
}

#[tokio::test]
async fn a_variable_in_a_place_of_another_type_is_refused_even_where_it_is_not_given() {
    let refused = [
        ("query($v: String) { echo(int: $v) }", r#""$v" of type "String" is used where "Int" is expected"#),
        (
            "query($v: Reference) { place(by: $v) { name } }",
            r#""$v" of type "Reference" is used where "Reference!" is expected"#,
        ),
        (
            "query($v: Kind) { things(kinds: [$v]) { name } }",
            r#""$v" of type "Kind" is used where "Kind!" is expected"#,
        ),
        (
            "query($v: String) { ...F } fragment F on Query { things(filter: {and: [{least: $v}]}) { name } }",
            r#""$v" of type "String" is used where "Int!" is expected"#,
        ),
        (
            "query($v: String) { place(by: {key: $v}) { name } }",
            r#""$v" of type "String" is used where "String!" is expected"#,
        ),
        ("query($v: Int) { echo @include(if: $v) }", r#""$v" of type "Int" is used where "Boolean!" is expected"#),
        (
            "query($v: Int) { __typename @include(if: $v) }",
            r#""$v" of type "Int" is used where "Boolean!" is expected"#,
        ),
        ("query($v: [Int]) { echo(list: $v) }", r#""$v" of type "[Int]" is used where "[[Int!]!]" is expected"#),
    ];
    for (document, message) in refused {
        assert_eq!(refusal(document, json!({})).await, format!("Variable {message}."));
    }
    data("query($v: [Kind!]!) { things(kinds: $v) { name } }", json!({ "v": [] })).await;
    data("query($v: Int) { things(page: $v) { name } }", json!({ "v": 3 })).await;
    data("query($v: Boolean = true) { echo @skip(if: $v) }", json!({})).await;
}

#[tokio::test]
async fn defaults_of_variables_count_in_skip_and_include() {
    let document = "query($v: Boolean = true) { a: echo @include(if: $v) b: echo @skip(if: $v) }";
    assert_eq!(data(document, json!({})).await.as_object().unwrap().keys().collect::<Vec<_>>(), ["a"]);
    assert_eq!(data(document, json!({ "v": false })).await.as_object().unwrap().keys().collect::<Vec<_>>(), ["b"]);
}

#[tokio::test]
async fn unknown_types_of_variables_are_refused_and_do_not_panic() {
    assert_eq!(refusal("query($v: [Nope!] = [1]) { echo }", json!({})).await, "Unknown type \"Nope\".");
    assert_eq!(
        refusal("query($v: Place) { echo }", json!({})).await,
        "Variable \"$v\" cannot be of type \"Place\": it is no input type."
    );
}

#[tokio::test]
async fn literals_that_do_not_fit_are_refused() {
    for document in [
        "{ echo(int: 2147483648) }",
        "{ things(filter: 1) { name } }",
        "{ things(kinds: [\"CITY\"]) { name } }",
        "{ things(filter: {least: 1, least: 2}) { name } }",
        "{ place(by: {id: \"a\", key: \"b\"}) { name } }",
        "query($v: Filter = 1) { things(filter: $v) { name } }",
        "query($v: Int = 2147483648) { echo(int: $v) }",
        "{ echo(nope: 1) }",
    ] {
        refusal(document, json!({})).await;
    }
}

#[tokio::test]
async fn typename_takes_directives_and_nothing_else() {
    assert_eq!(
        data("query($v: Boolean!) { __typename @include(if: $v) echo }", json!({ "v": false }))
            .await
            .as_object()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        data("query($v: Boolean!) { t: __typename @include(if: $v) }", json!({ "v": true })).await,
        json!({ "t": "Query" })
    );
    assert_eq!(refusal("{ __typename @nope }", json!({})).await, "Unknown directive \"nope\"");
    assert_eq!(
        refusal("{ __typename { a } }", json!({})).await,
        "Field \"__typename\" takes no arguments and has no fields."
    );
    assert_eq!(
        refusal("{ __typename(a: 1) }", json!({})).await,
        "Field \"__typename\" takes no arguments and has no fields."
    );
}

#[tokio::test]
async fn fields_of_one_response_key_must_be_the_same_field() {
    let conflicts = [
        ("{ inner { x: slow } inner { x: fast } }", "\"slow\" and \"fast\" are different fields"),
        (
            "{ inner { x: slow } ...F } fragment F on Query { inner { ... { x: fast } } }",
            "\"slow\" and \"fast\" are different fields",
        ),
        ("{ echo(int: 1) ... { echo(int: 2) } }", "they have differing arguments"),
        (
            "{ things { ... on Place { population } ... on Person { population } } }",
            "they return conflicting types \"Int\" and \"String!\"",
        ),
        (
            "{ things { x: name ... on Place { x: country } } }",
            "they return conflicting types \"String!\" and \"String\"",
        ),
        ("{ inner { __typename } inner { __typename: fast } }", "\"__typename\" and \"fast\" are different fields"),
    ];
    for (document, why) in conflicts {
        assert!(refusal(document, json!({})).await.contains(why), "{document}");
    }
    let merged = data("{ inner { slow } ...F inner { slow } } fragment F on Query { inner { fast } }", json!({})).await;
    assert_eq!(merged, json!({ "inner": { "slow": "slow", "fast": "fast" } }));
    data("{ things { ... on Place { x: country } ... on Person { x: born } name ... on Thing { name } } }", json!({}))
        .await;
}

#[tokio::test]
async fn comparing_fields_of_many_types_in_many_levels_is_cut_off() {
    // At each level what stands on the interface meets what stands on each type: three times as much to compare as one level up.
    let nested = |levels: usize| {
        let level = "peers { name ... on Place { peers { name } } ... on Person { peers { name } } ";
        format!("{{ things {{ {}{} }} }}", level.repeat(levels), "}".repeat(levels))
    };
    data(&nested(4), json!({})).await;
    assert!(refusal(&nested(13), json!({})).await.contains("repeats fields on too many types"));
}

#[tokio::test]
async fn limits_have_a_code_and_cycles_are_plain_errors() {
    let schema = schema(&Limits::DEFAULT);
    let code = async |document: &str| {
        let response = schema.execute(document).await;
        assert!(error::never_ran(&response));
        serde_json::to_value(&response.errors[0].extensions).unwrap()["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(code(&format!("{{ {} }}", "echo ".repeat(2_000))).await, "LIMIT_EXCEEDED");
    assert_eq!(code(&format!("{{ {} }}", "x: echo ".repeat(31))).await, "LIMIT_EXCEEDED");
    assert_eq!(
        code("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }").await,
        "LIMIT_EXCEEDED"
    );
    assert_eq!(code("{ ...A } fragment A on Query { ...A }").await, "BAD_USER_INPUT");
    assert_eq!(code("{ nope }").await, "BAD_USER_INPUT");
    assert_eq!(code("{ ").await, "BAD_USER_INPUT");
    let deep = (0..40).fold(json!({}), |inner, _| json!({ "and": [inner] }));
    let request = Request::new("query($v: Filter) { things(filter: $v) { name } }")
        .variables(Variables::from_json(json!({ "v": deep })));
    let response = schema.execute(request).await;
    assert_eq!(serde_json::to_value(&response.errors[0].extensions).unwrap()["code"], "LIMIT_EXCEEDED");
}

#[tokio::test]
async fn a_syntax_error_is_one_line_with_its_place() {
    let response = run("{ echo(int: ) }", json!({})).await;
    assert_eq!(response.errors.len(), 1);
    assert!(response.errors[0].message.starts_with("Syntax error: expected"), "{}", response.errors[0].message);
    assert!(!response.errors[0].message.contains('\n'));
    assert_eq!((response.errors[0].locations[0].line, response.errors[0].locations[0].column), (1, 13));
}

#[tokio::test]
async fn without_introspection_there_are_no_suggestions_either() {
    let open = schema(&Limits::DEFAULT).execute("{ ech }").await;
    assert!(open.errors[0].message.contains("Did you mean \"echo\""), "{}", open.errors[0].message);
    let closed = schema(&Limits { introspection: false, ..Limits::DEFAULT });
    assert!(!closed.execute("{ ech }").await.errors[0].message.contains("mean"));
    let refused = closed.execute("{ __schema { queryType { name } } }").await;
    assert!(error::never_ran(&refused) && refused.errors[0].message.contains("turned off"));
    assert_eq!(closed.execute("{ __typename }").await.data.into_json().unwrap(), json!({ "__typename": "Query" }));
}

#[tokio::test]
async fn an_operation_is_chosen_by_its_name_from_the_cache_too() {
    let schema = schema(&Limits::DEFAULT);
    let ask = async |name: Option<&str>| {
        let mut request = Request::new("query A { a: echo } query B($v: Int!) { b: echo(int: $v) }");
        request.operation_name = name.map(Into::into);
        request.variables = Variables::from_json(json!({ "v": 1 }));
        schema.execute(request).await
    };
    for _ in 0..2 {
        assert!(ask(Some("A")).await.data.into_json().unwrap().get("a").is_some());
        assert!(ask(Some("B")).await.data.into_json().unwrap().get("b").is_some());
        assert!(error::never_ran(&ask(Some("C")).await));
        assert!(error::never_ran(&ask(None).await));
    }
}
