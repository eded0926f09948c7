//! The queries on Postgres, over a few connections that are used in turn. Each has all statements prepared.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::NaiveDate;
use tokio_postgres::{
    Client, NoTls, Statement,
    types::{ToSql, Type},
};
use uuid::Uuid;

use crate::{Error, query::QUERIES};

/// Few, because the load generator and Postgres run on the same machine.
const CONNECTIONS: usize = 4;

struct Connection {
    client: Client,
    statements: Vec<Statement>,
}

pub struct Postgres {
    connections: Vec<Connection>,
    next: AtomicUsize,
}

impl Postgres {
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(connection);
            let mut statements = Vec::new();
            for query in &QUERIES {
                statements.push(client.prepare(query.postgres).await?);
            }
            connections.push(Connection { client, statements });
        }
        Ok(Self { connections, next: AtomicUsize::new(0) })
    }

    /// Gives the JSON of a query; `values` are those of its parameters.
    pub async fn answer(&self, query: usize, values: &[String]) -> Result<String, Error> {
        let connection = &self.connections[self.next.fetch_add(1, Ordering::Relaxed) % self.connections.len()];
        let statement = &connection.statements[query];
        let mut parameters: Vec<Box<dyn ToSql + Send + Sync>> = Vec::new();
        for (value, parameter) in values.iter().zip(statement.params()) {
            parameters.push(match *parameter {
                Type::UUID => Box::new(value.parse::<Uuid>()?),
                Type::DATE => Box::new(value.parse::<NaiveDate>()?),
                _ => Box::new(value.as_str().to_owned()),
            });
        }
        let parameters: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|parameter| parameter.as_ref() as _).collect();
        Ok(connection.client.query_one(statement, &parameters).await?.get(0))
    }
}
