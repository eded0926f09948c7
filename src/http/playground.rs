//! The playground: GraphiQL from `playground/dist`, embedded in the program. Its content security policy allows
//! requests to this service only.

use std::sync::LazyLock;

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, header},
    middleware,
    response::{IntoResponse as _, Response},
    routing::get,
};
use memory_serve::CacheControl;
use tower::ServiceExt as _;
use tracing::subscriber::NoSubscriber;

/// Sent with every file, because a worker has the policy of its own script. Monaco needs inline styles and a font in a
/// `data:` address.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; \
     font-src 'self' data:; img-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The files, unpacked at the first request, so that servers without visitors neither start more slowly nor use more
/// memory.
static FILES: LazyLock<Router> = LazyLock::new(|| {
    // It logs a line for each file.
    tracing::subscriber::with_default(NoSubscriber::new(), || {
        memory_serve::load!("playground")
            .index_file(Some("/index.html"))
            // Only the name of the page does not contain a hash of its contents.
            .html_cache_control(CacheControl::NoCache)
            .cache_control(CacheControl::Long)
            // Browsers accept Brotli, which is compressed at build time; gzip would be compressed at run time.
            .enable_gzip(false)
            .into_router()
            .layer(middleware::map_response(with_policy))
    })
});

/// The page at `/` and its files under `/assets/`. `GET` and `HEAD` only; `304` where the client's copy is current.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/", get(file)).route("/assets/{*file}", get(file))
}

async fn file(request: Request) -> Response {
    match FILES.clone().oneshot(request).await {
        Ok(response) => response.into_response(),
        Err(never) => match never {},
    }
}

async fn with_policy(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::StatusCode};
    use http_body_util::BodyExt as _;

    use super::*;

    async fn ask(method: &str, path: &str, headers: &[(header::HeaderName, &str)]) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let request = request.body(Body::empty()).expect("the request is sound");
        router().oneshot(request).await.expect("it always answers")
    }

    async fn text(response: Response) -> String {
        let body = response.into_body().collect().await.expect("a body");
        String::from_utf8(body.to_bytes().to_vec()).expect("UTF-8")
    }

    fn said<'a>(response: &'a Response, name: &header::HeaderName) -> &'a str {
        response.headers()[name].to_str().expect("plain text")
    }

    /// The addresses that the page itself asks for.
    async fn addresses() -> Vec<String> {
        text(ask("GET", "/", &[]).await)
            .await
            .split('"')
            .filter(|part| part.starts_with("/assets/"))
            .map(str::to_owned)
            .collect()
    }

    #[tokio::test]
    async fn the_page_is_served_at_the_root_and_is_always_asked_for_anew() {
        let page = ask("GET", "/", &[]).await;
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(said(&page, &header::CONTENT_TYPE), "text/html");
        assert_eq!(said(&page, &header::CACHE_CONTROL), "no-cache");
        let page = text(page).await;
        assert!(page.contains("<title>Dateline</title>"));
        assert!(page.contains("<noscript>"));
    }

    #[tokio::test]
    async fn every_file_the_page_asks_for_is_there_and_kept_for_good_by_browsers() {
        let addresses = addresses().await;
        assert!(addresses.len() >= 3, "a script, a style sheet and an icon: {addresses:?}");
        for address in addresses {
            let file = ask("GET", &address, &[]).await;
            assert_eq!(file.status(), StatusCode::OK, "{address}");
            assert_eq!(said(&file, &header::CACHE_CONTROL), "max-age=31536000, immutable");
        }
    }

    #[tokio::test]
    async fn page_and_files_carry_a_policy_that_names_no_other_host_and_no_inline_script() {
        for address in ["/".to_owned()].into_iter().chain(addresses().await) {
            let file = ask("GET", &address, &[]).await;
            let policy = said(&file, &header::CONTENT_SECURITY_POLICY);
            assert!(policy.starts_with("default-src 'none'; script-src 'self';"));
            assert!(!policy.contains("http") && !policy.contains('*') && !policy.contains("eval"));
            assert_eq!(said(&file, &header::X_CONTENT_TYPE_OPTIONS), "nosniff");
            assert_eq!(said(&file, &header::REFERRER_POLICY), "no-referrer");
        }
    }

    #[tokio::test]
    async fn the_page_refers_to_no_other_host() {
        let page = text(ask("GET", "/", &[]).await).await;
        assert!(!page.contains("//"), "an address with a host, or a comment: {page}");
    }

    #[tokio::test]
    async fn a_client_that_has_the_current_copy_is_told_so() {
        let first = ask("GET", "/", &[]).await;
        let tag = said(&first, &header::ETAG).to_owned();
        let again = ask("GET", "/", &[(header::IF_NONE_MATCH, &tag)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(said(&again, &header::CONTENT_SECURITY_POLICY), said(&first, &header::CONTENT_SECURITY_POLICY));
        assert!(text(again).await.is_empty());
    }

    #[tokio::test]
    async fn only_reading_is_allowed_and_an_unknown_file_is_not_found() {
        assert_eq!(ask("HEAD", "/", &[]).await.status(), StatusCode::OK);
        assert_eq!(ask("POST", "/", &[]).await.status(), StatusCode::METHOD_NOT_ALLOWED);
        for address in ["/assets/none.js", "/assets/../Cargo.toml", "/assets/%2e%2e/Cargo.toml"] {
            assert_eq!(ask("GET", address, &[]).await.status(), StatusCode::NOT_FOUND, "{address}");
        }
    }
}
