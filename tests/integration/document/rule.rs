//! Limits and rules for the document.

use async_graphql::{Request, Variables};
use dateline::graphql::{document::limit::Limits, error};
use serde_json::json;

use super::{data, refusal, run, schema};

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
    // At each level, fields of the interface are compared with those of each type. So each level needs three times the comparisons.
    let nested = |levels: usize| {
        let level = "peers { name ... on Place { peers { name } } ... on Person { peers { name } } ";
        format!("{{ things {{ {}{} }} }}", level.repeat(levels), "}".repeat(levels))
    };
    data(&nested(4), json!({})).await;
    assert!(refusal(&nested(13), json!({})).await.contains("repeats response keys on too many types"));
}

#[tokio::test]
async fn limits_have_a_code_and_cycles_are_plain_errors() {
    let schema = schema(&Limits::DEFAULT);
    let code = async |document: &str| {
        let response = schema.execute(document).await;
        assert!(error::was_not_executed(&response));
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
    assert!(error::was_not_executed(&refused) && refused.errors[0].message.contains("turned off"));
    assert_eq!(closed.execute("{ __typename }").await.data.into_json().unwrap(), json!({ "__typename": "Query" }));
}

#[tokio::test]
async fn a_field_that_only_some_types_have_is_found_in_them() {
    for (document, message) in [
        (
            "{ things { country } }",
            "Unknown field \"country\" on type \"Thing\". Use an inline fragment on Place: ... on Place { country }.",
        ),
        (
            "{ things { name population } }",
            "Unknown field \"population\" on type \"Thing\". Use an inline fragment on Place or Person: ... on Place { population }.",
        ),
        (
            "{ place(by: { id: 1 }) { peers { born } } }",
            "Unknown field \"born\" on type \"Thing\". Use an inline fragment on Person: ... on Person { born }.",
        ),
        ("{ things { nam } }", "Unknown field \"nam\" on type \"Thing\". Did you mean \"name\"?"),
        ("{ things { ... on Place { born } } }", "Unknown field \"born\" on type \"Place\"."),
    ] {
        assert_eq!(refusal(document, json!({})).await, message, "{document}");
    }
    let closed = Limits { introspection: false, ..Limits::DEFAULT };
    let response = schema(&closed).execute("{ things { country } }").await;
    assert_eq!(response.errors[0].message, "Unknown field \"country\" on type \"Thing\".", "suggestions are off");
}

#[tokio::test]
async fn each_problem_of_a_document_is_reported_once() {
    for (document, errors) in [
        ("subscription { changes }", 1),
        ("mutation { write }", 1),
        ("{ nope }", 1),
        ("{ nope } fragment F on Query { nope }", 2),
        ("{ nope other nope }", 2),
    ] {
        let response = run(document, json!({})).await;
        assert_eq!(response.errors.len(), errors, "{document}: {:?}", response.errors);
    }
}
