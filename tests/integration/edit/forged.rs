//! Writes that somebody else lets a browser send, or that are sent without the right to: none is carried out.

use dateline::domain::access::Role;
use reqwest::{Method, header::CONTENT_TYPE};
use serde_json::{Value, json};

use super::world::world;
use crate::{both_databases, support::editor::Editor};

const MUTATION: &str =
    "mutation { createPlace(input: { name: \"Forged\", kind: OTHER }) { place { id } userErrors { message } } }";

/// The mutation as it stands in an address.
fn in_address() -> String {
    MUTATION
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

both_databases! {
    async fn no_request_that_a_form_or_a_link_can_make_writes_even_with_a_token(database: TestDatabase) {
        let editor = Editor::with(&database, &world()).await;
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
        let editor = Editor::with(&database, &world()).await;
        let reader = editor.also("reader", Role::Reader).await;
        let before = (editor.changes().await, editor.all_said().await);
        let (libya, border, omar) = (editor.of("libya").await, editor.of("border").await, editor.of("omar").await);
        let revision = before.0[0]["id"].as_str().unwrap();
        let id = &libya.id;
        for field in [
            "createPlace(input: { name: \"Forged\", kind: OTHER }) { userErrors { message } }".to_owned(),
            "createPlace(input: { name: \"\", kind: OTHER }) { userErrors { message } }".to_owned(),
            format!("updatePlace(id: \"{id}\", version: 1, input: {{ name: \"Forged\" }}) {{ userErrors {{ message }} }}"),
            format!("deleteRecord(id: \"{id}\", version: 1) {{ id userErrors {{ message }} }}"),
            format!("deleteRelation(id: \"{}\", version: 1) {{ id userErrors {{ message }} }}", border.id),
            format!("restoreRecord(id: \"{id}\") {{ userErrors {{ message }} }}"),
            format!("mergeEntities(from: \"{id}\", fromVersion: 1, into: \"{}\", intoVersion: 1) {{ userErrors {{ message }} }}", omar.id),
            format!("revertRevision(id: \"{revision}\") {{ userErrors {{ message }} }}"),
            format!("applyChanges(changes: [{{ deleteRecord: {{ id: \"{id}\", version: 1 }} }}]) {{ userErrors {{ message }} }}"),
            "applyChanges(changes: [], dryRun: true) { userErrors { message } }".to_owned(),
            format!("linkMentions(articleId: \"{id}\", version: 1, mentions: []) {{ userErrors {{ message }} }}"),
            format!("unlinkMentions(articleId: \"{id}\", version: 1, mentionIds: []) {{ userErrors {{ message }} }}"),
        ] {
            let document = format!("mutation {{ it: {field} }}");
            let anonymous: Value = editor.request(Method::POST).json(&json!({ "query": document })).send().await.unwrap().json().await.unwrap();
            assert_eq!((&anonymous["errors"][0]["extensions"]["code"], &anonymous["data"]["it"]), (&json!("UNAUTHENTICATED"), &Value::Null), "{field}: {anonymous}");
            let answer = reader.answer(&document, json!({})).await;
            assert_eq!((&answer["errors"][0]["extensions"]["code"], &answer["data"]["it"]), (&json!("FORBIDDEN"), &Value::Null), "{field}: {answer}");
            let wrong: Value = editor.request(Method::POST).bearer_auth("dateline_nobody").json(&json!({ "query": document })).send().await.unwrap().json().await.unwrap();
            assert_eq!((&wrong["errors"][0]["extensions"]["code"], wrong.get("data")), (&json!("UNAUTHENTICATED"), None), "{field}: {wrong}");
        }
        assert_eq!((editor.changes().await, editor.all_said().await), before);
    }
}
