//! The limit of the benchmark: a server that does nothing but pass on what the database answers.
//!
//! It knows six queries by name. Each is one prepared statement whose JSON the database builds. There is no GraphQL here:
//! only `operationName` and `variables` of a request are read. `DATABASE_URL` is a Postgres address or the path of a SQLite
//! file; `PORT` is the port on the loopback interface.

mod postgres;
mod query;
mod sqlite;

use std::{collections::HashMap, env, error, sync::Arc};

use axum::{Router, body::Bytes, extract::State, http::header, response::IntoResponse, routing::post};
use serde::Deserialize;
use serde_json::Value;

use crate::{postgres::Postgres, query::QUERIES, sqlite::Sqlite};

// Dateline uses the same allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Error = Box<dyn error::Error + Send + Sync>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    operation_name: String,
    variables: HashMap<String, Value>,
}

enum Database {
    Postgres(Postgres),
    Sqlite(Sqlite),
}

async fn answer(database: &Database, body: &[u8]) -> Result<String, Error> {
    let Request { operation_name, mut variables } = serde_json::from_slice(body)?;
    let index =
        QUERIES.iter().position(|query| query.name == operation_name).ok_or("there is no query of this name")?;
    let mut values = Vec::new();
    for name in QUERIES[index].parameters {
        match variables.remove(*name) {
            Some(Value::String(value)) => values.push(value),
            _ => return Err(format!("the variable {name} must be a string").into()),
        }
    }
    match database {
        Database::Postgres(postgres) => postgres.answer(index, &values).await,
        Database::Sqlite(sqlite) => sqlite.answer(index, values).await,
    }
}

async fn handle(State(database): State<Arc<Database>>, body: Bytes) -> impl IntoResponse {
    let json = answer(&database, &body)
        .await
        .unwrap_or_else(|error| serde_json::json!({ "errors": [{ "message": error.to_string() }] }).to_string());
    ([(header::CONTENT_TYPE, "application/json")], json)
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url =
        env::var("DATABASE_URL").map_err(|_| "set DATABASE_URL to a Postgres address or the path of a SQLite file")?;
    let port: u16 = env::var("PORT").ok().and_then(|port| port.parse().ok()).ok_or("set PORT to a port number")?;
    let database = if url.starts_with("postgres://") {
        Database::Postgres(Postgres::connect(&url).await?)
    } else {
        Database::Sqlite(Sqlite::open(&url)?)
    };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let router = Router::new().route("/graphql", post(handle)).with_state(Arc::new(database));
    Ok(axum::serve(listener, router).await?)
}
