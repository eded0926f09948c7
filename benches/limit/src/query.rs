//! The queries: one statement each on both databases, which gives one row with one column, the JSON of the answer.

pub struct Query {
    pub name: &'static str,
    /// The variables of the request that the statement takes, in its order.
    pub parameters: &'static [&'static str],
    pub postgres: &'static str,
    pub sqlite: &'static str,
    pub is_write: bool,
}

macro_rules! query {
    ($name:literal, $parameters:expr, is_write: $is_write:literal) => {
        Query {
            name: $name,
            parameters: &$parameters,
            postgres: include_str!(concat!("../sql/postgres/", $name, ".sql")),
            sqlite: include_str!(concat!("../sql/sqlite/", $name, ".sql")),
            is_write: $is_write,
        }
    };
}

pub const QUERIES: [Query; 6] = [
    query!("q1", ["id"], is_write: false),
    query!("q2", ["until"], is_write: false),
    query!("q3", ["from", "to"], is_write: false),
    query!("q4", ["id"], is_write: false),
    query!("q5", ["date", "id"], is_write: false),
    query!("q6", ["id", "title", "body", "language", "publishedOn", "url"], is_write: true),
];
