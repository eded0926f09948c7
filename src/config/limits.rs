//! The limits of requests.

use clap::Args;

use crate::{graphql, http};

/// What one request may ask for. The defaults fit every honest client that we know.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// Bytes of a request body
    #[arg(long = "max-body", env = "DATELINE_MAX_BODY", value_name = "BYTES", default_value_t = 256 * 1024)]
    pub body: usize,
    /// Bytes of a request body with a token of an editor or administrator
    #[arg(long = "max-body-editor", env = "DATELINE_MAX_BODY_EDITOR", value_name = "BYTES", default_value_t = 4 * 1024 * 1024)]
    pub body_editor: usize,
    /// Bytes of a GraphQL document
    #[arg(long = "max-document", env = "DATELINE_MAX_DOCUMENT", value_name = "BYTES", default_value_t = graphql::document::limit::Limits::DEFAULT.document_bytes)]
    pub document: usize,
    /// Tokens of a document
    #[arg(long = "max-tokens", env = "DATELINE_MAX_TOKENS", value_name = "N", default_value_t = graphql::document::limit::Limits::DEFAULT.tokens)]
    pub tokens: usize,
    /// Levels of nested fields
    #[arg(long = "max-depth", env = "DATELINE_MAX_DEPTH", value_name = "N", default_value_t = graphql::document::limit::Limits::DEFAULT.depth)]
    pub depth: usize,
    /// Fragment spreads in a document
    #[arg(long = "max-spreads", env = "DATELINE_MAX_SPREADS", value_name = "N", default_value_t = graphql::document::limit::Limits::DEFAULT.spreads)]
    pub spreads: usize,
    /// Selections of a document once its fragments are expanded
    #[arg(long = "max-selections", env = "DATELINE_MAX_SELECTIONS", value_name = "N", default_value_t = graphql::document::limit::Limits::DEFAULT.selections)]
    pub selections: usize,
    /// Aliases of an operation once its fragments are expanded
    #[arg(long = "max-aliases", env = "DATELINE_MAX_ALIASES", value_name = "N", default_value_t = graphql::document::limit::Limits::DEFAULT.aliases)]
    pub aliases: usize,
    /// Root fields of an operation
    #[arg(long = "max-root-fields", env = "DATELINE_MAX_ROOT_FIELDS", value_name = "N", default_value_t = graphql::document::limit::Limits::DEFAULT.root_fields)]
    pub root_fields: usize,
    /// Directives in a document
    #[arg(long = "max-directives", env = "DATELINE_MAX_DIRECTIVES", value_name = "N", default_value_t = graphql::document::limit::Limits::DEFAULT.directives)]
    pub directives: usize,
    /// Cost of an operation: a list costs its page size times the cost of one row
    #[arg(long = "max-cost", env = "DATELINE_MAX_COST", value_name = "N", default_value_t = graphql::document::limit::Limits::DEFAULT.cost)]
    pub cost: u64,
    /// Bytes of an answer
    #[arg(long = "max-answer", env = "DATELINE_MAX_ANSWER", value_name = "BYTES", default_value_t = graphql::document::limit::Limits::DEFAULT.answer_bytes)]
    pub answer: usize,
    /// Bytes of all large answers that are being made or sent; one client may hold a quarter of it
    #[arg(long = "answer-budget", env = "DATELINE_ANSWER_BUDGET", value_name = "BYTES", default_value_t = 256 * 1024 * 1024)]
    pub answer_budget: usize,
    /// Connections of all clients together
    #[arg(long = "max-connections", env = "DATELINE_MAX_CONNECTIONS", value_name = "N", default_value_t = http::server::ConnectionLimits::DEFAULT.all)]
    pub connections: usize,
    /// Connections of one address; those of a proxy count only together
    #[arg(long = "max-connections-per-address", env = "DATELINE_MAX_CONNECTIONS_PER_ADDRESS", value_name = "N", default_value_t = http::server::ConnectionLimits::DEFAULT.of_one)]
    pub connections_per_address: usize,
    /// Requests per second of one token or address; 0 for any number [default: 60, any number on a loopback address]
    ///
    /// Twice as many may come at once.
    #[arg(long = "rate", env = "DATELINE_RATE", value_name = "N")]
    pub rate: Option<u32>,
    /// Turn off introspection, and the suggestions in error messages
    #[arg(long, env = "DATELINE_NO_INTROSPECTION")]
    pub no_introspection: bool,
}

impl Limits {
    /// Those that the GraphQL layer holds.
    #[must_use]
    pub fn graphql(&self) -> graphql::document::limit::Limits {
        graphql::document::limit::Limits {
            document_bytes: self.document,
            tokens: self.tokens,
            depth: self.depth,
            spreads: self.spreads,
            selections: self.selections,
            aliases: self.aliases,
            root_fields: self.root_fields,
            directives: self.directives,
            cost: self.cost,
            answer_bytes: self.answer,
            introspection: !self.no_introspection,
        }
    }
}
