//! The results of errors, and the selection of the operation.

use async_graphql::{Request, Variables};
use dateline::graphql::{document::limit::Limits, error};
use serde_json::{Value, json};

use super::{run, schema};

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
async fn a_failed_required_field_sets_only_the_nearest_nullable_field_to_null() {
    let response = run("{ a: echo inner { slow breaks } list { breaks } b: echo }", json!({})).await;
    let data = response.data.clone().into_json().unwrap();
    assert_eq!(data["inner"], Value::Null);
    assert_eq!(data["list"], json!([null, null]));
    assert!(data["a"].is_string() && data["b"].is_string());
    assert_eq!(data.as_object().unwrap().keys().collect::<Vec<_>>(), ["a", "inner", "list", "b"]);

    let response = run("{ a: echo required { breaks } }", json!({})).await;
    assert_eq!(response.data, async_graphql::Value::Null);
    assert!(!error::was_not_executed(&response), "it ran, so its answer has data: null");
}

#[tokio::test]
async fn a_rust_error_becomes_an_opaque_error_with_the_request_id() {
    let request = Request::new("{ inner { breaks fails } }").data(error::RequestId("the-request".into()));
    let response = schema(&Limits::DEFAULT).execute(request).await;
    let broken = response
        .errors
        .iter()
        .find(|error| error.path.len() == 2 && error.message.starts_with("An internal error occurred"))
        .unwrap();
    assert_eq!(
        serde_json::to_value(&broken.extensions).unwrap(),
        json!({ "code": "INTERNAL", "requestId": "the-request" })
    );
    assert!(!serde_json::to_string(&response).unwrap().contains("secret"));
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
        assert!(error::was_not_executed(&ask(Some("C")).await));
        assert!(error::was_not_executed(&ask(None).await));
    }
}
