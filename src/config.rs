//! Settings: what may be said on the command line or in the environment, with the defaults. Only `main` and `cli` read it.
//!
//! Every flag that makes sense in a service file has an environment variable; the flag wins.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{graphql, http};

/// The environment variable that holds an administrator's token. No flag is: command lines are seen by others.
pub const ADMIN_TOKEN: &str = "DATELINE_ADMIN_TOKEN";

const EXAMPLES: &str = "\
Examples:
  dateline serve --demo                             look around: imports a demo corpus, then serves it
  dateline serve                                    an empty knowledge base in ./dateline.db
  dateline import countries.jsonl articles/         fill it (JSON Lines, one record a line)
  DATABASE_URL=postgres://me@db/news dateline serve --listen 0.0.0.0:8000
  dateline token create --name Amina --role editor  let somebody in: prints the token
  dateline schema > schema.graphql                  the GraphQL schema, without a database

Then open http://127.0.0.1:8000/ in a browser. See `dateline <command> --help` for each command.";

/// A knowledge base of articles and of the places, organizations, people and dated events that they speak of, behind one GraphQL API.
#[derive(Debug, Parser)]
#[command(name = "dateline", version, about, after_help = EXAMPLES, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub log: Log,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the GraphQL API and the playground
    Serve(Box<Serve>),
    /// Create the tables, or bring them up to this version, and stop
    Migrate(Database),
    /// Import records from JSON Lines, all of them or nothing
    Import(Import),
    /// Export all records as JSON Lines
    Export(Export),
    /// Make, list and revoke the tokens by which people and programs are let in
    #[command(subcommand)]
    Token(Token),
    /// Print the GraphQL schema (SDL); needs no database
    Schema,
}

/// What is logged, and how. Logs go to standard error.
#[derive(Debug, Clone, Args)]
pub struct Log {
    /// What to log: error, warn, info, debug or trace, or per module (`info,sqlx=debug`)
    #[arg(
        long = "log",
        env = "DATELINE_LOG",
        value_name = "FILTER",
        default_value = "info,sqlx=warn,sea_orm_migration=warn",
        global = true
    )]
    pub filter: String,
    /// How to write it: lines for people, or one JSON object a line for machines
    #[arg(
        long = "log-format",
        env = "DATELINE_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text",
        global = true
    )]
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// Where the records are.
#[derive(Debug, Clone, Args)]
pub struct Database {
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME` [default: `sqlite://dateline.db`]
    ///
    /// `serve`, `migrate`, `import` and `token create` make a SQLite file that does not exist.
    #[arg(long = "database", env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub url: Option<String>,
}

impl Database {
    pub const DEFAULT: &'static str = "sqlite://dateline.db";
    pub const DEMO: &'static str = "sqlite://dateline-demo.db";

    /// The address that was given, else the default.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_deref().unwrap_or(Self::DEFAULT)
    }
}

#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  dateline serve --demo                        the demo corpus, in ./dateline-demo.db
  dateline serve --listen 127.0.0.1:9000 --database sqlite:///var/lib/dateline/news.db
  dateline serve --no-introspection --allow-origin https://news.example
  dateline serve --listen 0.0.0.0:8000 --read open

Tokens are made by `dateline token create`, also while it runs, and sent as `Authorization: Bearer TOKEN`. For unattended
set-ups, DATELINE_ADMIN_TOKEN in the environment (32 characters or more) is an administrator's token.

SIGTERM and Ctrl-C stop it: no new connections, running requests have 10 s to finish. A second one stops it at once.")]
pub struct Serve {
    /// Address and port to listen on (port 0: any free one)
    #[arg(long, env = "DATELINE_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8000")]
    pub listen: String,
    #[command(flatten)]
    pub database: Database,
    /// Who may read: anybody, or only who has a token [default: open on a loopback address, else token]
    ///
    /// /healthz, /readyz and the page itself are open always. Changing records needs a token with the role editor.
    #[arg(long, env = "DATELINE_READ", value_name = "WHO")]
    pub read: Option<Reading>,
    /// Import the demo corpus at the first start, and print an address that lets you edit it
    ///
    /// The address holds an editor's token that is good until the server stops. The demo uses `sqlite://dateline-demo.db` where no database is named, and refuses a database that holds other records.
    #[arg(long)]
    pub demo: bool,
    /// An origin whose pages may call the API from a browser (repeat it, or separate by commas) [default: same origin only]
    #[arg(long = "allow-origin", env = "DATELINE_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',', value_parser = http::origin)]
    pub allow_origin: Vec<axum::http::HeaderValue>,
    #[command(flatten)]
    pub limits: Limits,
}

impl Serve {
    /// The database to serve: the one that was named, else the demo's or the default one.
    #[must_use]
    pub fn database_url(&self) -> &str {
        match (&self.database.url, self.demo) {
            (Some(url), _) => url,
            (None, true) => Database::DEMO,
            (None, false) => Database::DEFAULT,
        }
    }
}

/// Who may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Reading {
    /// Anybody
    Open,
    /// Only who has a token
    Token,
}

/// What `dateline token` does.
#[derive(Debug, Clone, Subcommand)]
pub enum Token {
    /// Make a token and print it: this once, alone on standard output
    Create(TokenCreate),
    /// List all tokens by name, role and times; the tokens themselves are stored nowhere
    List(Database),
    /// Revoke a token: a running server stops accepting it within seconds
    Revoke(TokenRevoke),
}

/// What `dateline token create` takes.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
It works while a server runs on the same database, and makes the database if there is none. Only a hash of the token is
stored: one that is lost is revoked and made anew.

Examples:
  dateline token create --name Amina --role editor
  dateline token create --name 'nightly export' --role reader --expires 90d
  TOKEN=$(dateline token create --name ci --role editor --expires 2027-01-31)
  curl -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\
    -d '{\"query\":\"{ viewer { name role } }\"}' http://127.0.0.1:8000/graphql")]
pub struct TokenCreate {
    /// Whose it is: this name stands in the history beside every change
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// What it allows
    #[arg(long, value_name = "ROLE")]
    pub role: Role,
    /// When it runs out: after a time (30m, 12h, 90d, 8w), at the end of a day in UTC (2027-01-31), or at a moment
    /// (2027-01-31T18:00:00Z) [default: never]
    #[arg(long, value_name = "WHEN")]
    pub expires: Option<String>,
    #[command(flatten)]
    pub database: Database,
}

/// What a token allows. Each role may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// May read
    Reader,
    /// May read and change records
    Editor,
    /// May do everything that the API offers
    Admin,
}

/// What `dateline token revoke` takes.
#[derive(Debug, Clone, Args)]
pub struct TokenRevoke {
    /// Whose it is
    #[arg(long, value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub database: Database,
}

/// What `dateline import` takes.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Each line is one record in JSON; docs/interchange.md describes it. Lines may refer to one another in any order.
What says the same as the stored record changes nothing, so that an import can be run again. Nothing is written unless
every line is right.

Examples:
  dateline import countries.jsonl articles/
  generate | dateline import -")]
pub struct Import {
    /// Files, folders (their *.jsonl files, in order of name), or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub database: Database,
    /// Who is named in the history
    #[arg(long, env = "DATELINE_ACTOR", value_name = "NAME", default_value = "import")]
    pub actor: String,
    /// Why, for the history
    #[arg(long, value_name = "TEXT")]
    pub summary: Option<String>,
}

/// What `dateline export` takes.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
The order of the lines and of their fields is fixed: equal contents give equal files, on SQLite and on Postgres.

Examples:
  dateline export > everything.jsonl
  dateline export --history -o backup.jsonl")]
pub struct Export {
    #[command(flatten)]
    pub database: Database,
    /// Also write the history: every change of every record
    #[arg(long, conflicts_with = "published")]
    pub history: bool,
    /// Leave out the records in the bin and all links to them; without this, the export contains them, marked by deletedAt
    #[arg(long)]
    pub published: bool,
    /// Where to write; the file appears when it is complete [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What one request may ask for. The defaults fit every honest client that we know.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// Bytes of a request body
    #[arg(long = "max-body", env = "DATELINE_MAX_BODY", value_name = "BYTES", default_value_t = 256 * 1024)]
    pub body: usize,
    /// Bytes of a request body with the token of an editor or administrator
    #[arg(long = "max-body-editor", env = "DATELINE_MAX_BODY_EDITOR", value_name = "BYTES", default_value_t = 4 * 1024 * 1024)]
    pub body_editor: usize,
    /// Bytes of a GraphQL document
    #[arg(long = "max-document", env = "DATELINE_MAX_DOCUMENT", value_name = "BYTES", default_value_t = graphql::document::limit::Limits::DEFAULT.document_bytes)]
    pub document: usize,
    /// Tokens of a document
    #[arg(long = "max-tokens", env = "DATELINE_MAX_TOKENS", value_name = "N", default_value_t = graphql::document::limit::Limits::DEFAULT.tokens)]
    pub tokens: usize,
    /// How deep fields may nest
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
    /// Fields at the root of an operation
    #[arg(long = "max-root-fields", env = "DATELINE_MAX_ROOT_FIELDS", value_name = "N", default_value_t = graphql::document::limit::Limits::DEFAULT.root_fields)]
    pub root_fields: usize,
    /// Directives in a document
    #[arg(long = "max-directives", env = "DATELINE_MAX_DIRECTIVES", value_name = "N", default_value_t = graphql::document::limit::Limits::DEFAULT.directives)]
    pub directives: usize,
    /// Cost of an operation: every list costs its page size times what one of its rows costs
    #[arg(long = "max-cost", env = "DATELINE_MAX_COST", value_name = "N", default_value_t = graphql::document::limit::Limits::DEFAULT.cost)]
    pub cost: u64,
    /// Turn introspection off, and with it the suggestions in error messages
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
            introspection: !self.no_introspection,
        }
    }
}
