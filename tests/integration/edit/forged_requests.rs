//! Forged requests: those that another site makes a browser send, and those without the necessary role. None of them writes.

use std::collections::BTreeSet;

use dateline::domain::access::Role;
use reqwest::{Method, header::CONTENT_TYPE};
use serde_json::{Value, json};

use super::world::world;
use crate::{
    both_databases,
    support::editor::{Editor, SavedRecord},
};

const MUTATION: &str =
    "mutation { createPlace(input: { name: \"Forged\", kind: OTHER }) { place { id } userErrors { message } } }";

/// The mutation as a query of an address.
fn in_address() -> String {
    MUTATION
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Every mutation with valid arguments. `tunisia` must be in the bin.
async fn calls(editor: &Editor, tunisia: &SavedRecord) -> Vec<(&'static str, String)> {
    let (libya, egypt, army) =
        (editor.record("libya").await, editor.record("egypt").await, editor.record("army").await);
    let (omar, salma, strike) =
        (editor.record("omar").await, editor.record("salma").await, editor.record("strike").await);
    let (news, border) = (editor.record("news").await, editor.record("border").await);
    let mention = editor.snapshot(&news.id).await["mentions"][0]["id"].clone();
    let revision = editor.history(&tunisia.id).await.pop().expect("it was deleted")["id"].clone();
    let named = r#"input: { name: "Forged", kind: OTHER }"#;
    let of = |record: &SavedRecord| format!(r#"id: "{}", version: {}"#, record.id, record.version);
    let changed = |record: &SavedRecord, field: &str| format!(r#"{}, input: {{ {field}: "Forged" }}"#, of(record));
    let in_news = format!(r#"articleId: "{}", version: {}"#, news.id, news.version);
    vec![
        ("createArticle", r#"input: { headline: "Forged", language: "en" }"#.to_owned()),
        ("createEvent", named.to_owned()),
        ("createOrganization", named.to_owned()),
        ("createPerson", r#"input: { name: "Forged" }"#.to_owned()),
        ("createPlace", named.to_owned()),
        // problems of the input are not reported without the role
        ("createPlace", r#"input: { name: "", kind: OTHER }"#.to_owned()),
        ("createRelation", format!(r#"input: {{ source: "{}", kind: OTHER, target: "{}" }}"#, libya.id, egypt.id)),
        ("updateArticle", changed(&news, "headline")),
        ("updateEvent", changed(&strike, "name")),
        ("updateOrganization", changed(&army, "name")),
        ("updatePerson", changed(&omar, "occupation")),
        ("updatePlace", changed(&libya, "name")),
        ("updateRelation", changed(&border, "description")),
        ("deleteRecord", of(&libya)),
        ("deleteRelation", of(&border)),
        ("restoreRecord", format!(r#"id: "{}""#, tunisia.id)),
        (
            "mergeEntities",
            format!(
                r#"from: "{}", fromVersion: {}, into: "{}", intoVersion: {}"#,
                omar.id, omar.version, salma.id, salma.version
            ),
        ),
        ("revertRevision", format!("id: {revision}")),
        ("applyChanges", format!("changes: [{{ deleteRecord: {{ {} }} }}]", of(&libya))),
        ("applyChanges", "changes: [], dryRun: true".to_owned()),
        (
            "linkMentions",
            format!(r#"{in_news}, mentions: [{{ entity: "{}", field: BODY, start: 0, end: 5 }}]"#, egypt.id),
        ),
        ("unlinkMentions", format!("{in_news}, mentionIds: [{mention}]")),
    ]
}

both_databases! {
    async fn no_request_that_a_form_or_a_link_can_make_writes_even_with_a_token(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let before = editor.changes().await.len();
        let body = json!({ "query": MUTATION }).to_string();
        for token in [Some(editor.bearer()), None] {
            let request_at = |method: Method, query: &str| {
                let request = editor.request_at(method, query);
                match &token {
                    Some(token) => request.header("authorization", token),
                    None => request,
                }
            };
            let request = |method| request_at(method, "");
            let address = format!("?query={}", in_address());
            let get = request_at(Method::GET, &address).send().await.unwrap();
            assert_eq!(get.status().as_u16(), 405);
            let get = request_at(Method::GET, &address).header(CONTENT_TYPE, "application/json").send().await.unwrap();
            assert!(get.status().is_client_error(), "{}", get.status());
            for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql", "text/plain; application/json", ""] {
                let post = request(Method::POST).header(CONTENT_TYPE, media).body(body.clone()).send().await.unwrap();
                assert_eq!(post.status().as_u16(), 415, "{media}");
            }
            let post = request(Method::POST).body(body.clone()).send().await.unwrap();
            assert_eq!(post.status().as_u16(), 415, "without a media type");
            let form = request(Method::POST).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(format!("query={}", in_address())).send().await.unwrap();
            assert_eq!(form.status().as_u16(), 415);
            let url = request_at(Method::POST, &address).header(CONTENT_TYPE, "application/json").send().await.unwrap();
            assert!(url.status().is_client_error(), "{}", url.status());
            for method in [Method::PUT, Method::PATCH, Method::DELETE] {
                let other = request(method).header(CONTENT_TYPE, "application/json").body(body.clone()).send().await.unwrap();
                assert_eq!(other.status().as_u16(), 405);
            }
        }
        assert_eq!(editor.changes().await.len(), before);
    }

    async fn every_mutation_needs_an_editor(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let reader = editor.as_user("reader", Role::Reader).await;
        let tunisia = editor.delete(&editor.record("tunisia").await).await;
        let calls = calls(&editor, &tunisia).await;
        let schema = editor.read("{ __schema { mutationType { fields { name } } } }").await;
        let mutations = schema["__schema"]["mutationType"]["fields"].as_array().expect("a list").iter();
        let mutations: BTreeSet<&str> = mutations.map(|field| field["name"].as_str().expect("a name")).collect();
        assert_eq!(calls.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>(), mutations, "each has a case here");

        let before = (editor.changes().await, editor.all_fields().await);
        for (name, arguments) in calls {
            let document = format!("mutation {{ it: {name}({arguments}) {{ userErrors {{ message }} }} }}");
            let anonymous: Value = editor.request(Method::POST).json(&json!({ "query": document })).send().await.unwrap().json().await.unwrap();
            assert_eq!((&anonymous["errors"][0]["extensions"]["code"], &anonymous["data"]["it"]), (&json!("UNAUTHENTICATED"), &Value::Null), "{document}: {anonymous}");
            let answer = reader.answer(&document, json!({})).await;
            assert_eq!((&answer["errors"][0]["extensions"]["code"], &answer["data"]["it"]), (&json!("FORBIDDEN"), &Value::Null), "{document}: {answer}");
            let wrong: Value = editor.request(Method::POST).bearer_auth("dateline_nobody").json(&json!({ "query": document })).send().await.unwrap().json().await.unwrap();
            assert_eq!((&wrong["errors"][0]["extensions"]["code"], wrong.get("data")), (&json!("UNAUTHENTICATED"), None), "{document}: {wrong}");
        }
        assert_eq!((editor.changes().await, editor.all_fields().await), before);
    }
}
